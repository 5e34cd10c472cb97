/* completion.h -- print the scripts with which bash, zsh and fish complete wf's arguments.
 *
 * The scripts are made from the table of options, and so is --help.
 */
#ifndef CLI_COMPLETION_H
#define CLI_COMPLETION_H

#include <stdbool.h>
#include <stddef.h>

/* What completes an argument. */
enum completion_kind {
	COMPLETE_NOTHING, /* anything */
	COMPLETE_WORDS,   /* one of the words */
	COMPLETE_LIST,    /* several of them, separated by commas */
	COMPLETE_PREFIX,  /* one of them, followed by more */
	COMPLETE_FILES,
	COMPLETE_FOLDERS,
};

struct completion {
	int letter;       /* 0: there is only the long form */
	const char *name; /* the long form */
	const char *arg;  /* its argument's name, NULL if it takes none */
	const char *help;
	enum completion_kind kind;
	const char *words; /* with blanks between them */
};

/* The shells, up to NULL. */
extern const char *const completion_shells[];

/* Print the script of one of these shells to stdout. */
void completion_print(const char *shell, const struct completion *, size_t n);

#endif
