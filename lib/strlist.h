/* strlist.h -- a growing list of strings: FILEs, patterns that may be repeated.
 *
 * The list owns its array, never the strings.
 */
#ifndef LIB_STRLIST_H
#define LIB_STRLIST_H

#include <stddef.h>

struct strlist {
	const char **at;
	size_t n;
};

/* Append word.  Dies where memory is out: for set-up only. */
void strlist_add(struct strlist *, const char *word);

void strlist_free(struct strlist *);

/* What the user said, and where, for messages: "-e", or "my.ini:4: regexp". */
struct arg {
	const char *value; /* NULL: nothing */
	const char *origin;
};

struct args {
	struct arg *at;
	size_t n;
};

/* As strlist_add and strlist_free. */
void args_add(struct args *, struct arg);
void args_free(struct args *);

#endif
