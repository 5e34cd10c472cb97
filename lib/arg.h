/* arg.h -- the value of an option, and where the user gave it, for error messages. */
#ifndef LIB_ARG_H
#define LIB_ARG_H

#include <stdbool.h>
#include <stddef.h>

struct arg {
	const char *value;  /* NULL if no value was given */
	const char *origin; /* where it was given, such as "-e" or "my.ini:4: regexp" */
};

/* The values of an option that may be repeated.  The list owns its array, never the strings. */
struct args {
	struct arg *at;
	size_t n, room;
};

/* Append a value.  False if out of memory. */
bool args_add(struct args *, struct arg) __attribute__((warn_unused_result));

/* Remove each value that is equal to an earlier one.  False if out of memory. */
bool args_drop_repeated(struct args *) __attribute__((warn_unused_result));

void args_free(struct args *);

#endif
