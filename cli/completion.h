/* completion.h -- prints the scripts with which bash, zsh and fish complete wf's arguments.
 *
 * Like the text of --help, the scripts are made from the table of options.
 */
#ifndef CLI_COMPLETION_H
#define CLI_COMPLETION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* How the argument of an option can be completed. */
enum completion_kind {
	COMPLETE_NOTHING, /* without suggestions, because any text is possible */
	COMPLETE_WORDS,   /* with one of .words */
	COMPLETE_LIST,    /* with some of .words, separated by commas */
	COMPLETE_PREFIX,  /* with one of .words, after which the user types more text */
	COMPLETE_FILES,
	COMPLETE_FOLDERS,
};

struct completion {
	int letter;       /* the short form; 0 if there is only the long form */
	const char *name; /* the long form */
	const char *arg;  /* the name of the option's argument; NULL if the option takes none */
	const char *help;
	enum completion_kind kind;
	const char *words; /* for COMPLETE_WORDS, _LIST and _PREFIX: separated by blanks */
	bool is_field;     /* true if the words are fields, so that FIELD/WHAT is possible, too */
};

/* The names of the shells; NULL ends the list. */
extern const char *const completion_shells[];

/* Print the script of one of these shells.  `parts` are all FIELD/WHAT, separated by blanks: they are
 * offered instead of fields after a slash. */
void completion_print(FILE *, const char *shell, const struct completion *, size_t n,
	const char *parts);

#endif
