/* grouping.h -- one ranking of a query: which lines it takes, their key, and a number to sum up.
 *
 *	line -> filters -> conditions -> key, number
 *
 * The key is made of fields (-f), of what a pattern captures (-e), or of a template that combines
 * captures (-k).
 */
#ifndef QUERY_GROUPING_H
#define QUERY_GROUPING_H

#include "query/condition.h"
#include "query/field.h"
#include "query/filter.h"
#include "lib/decimal.h"
#include "lib/strlist.h"
#include "query/spec.h"
#include "query/template.h"

struct grouping {
	const struct grouping_spec *spec;
	struct filters filters;
	struct conditions conditions;

	struct filter key;             /* the pattern; .pattern NULL: the key is made of fields */
	unsigned capture;              /* if there is no template: the group that is the key; 0: the
					* whole match */
	struct key_template *template; /* or NULL */
	bool has_literal; /* every line that is passed in is known to contain the key's literal */

	size_t *fields;       /* indexes among the query's fields */
	struct strlist names; /* the names of the fields, as the user wrote them */
	char *names_text;     /* the memory that .names points into */
	size_t n_fields;

	bool sums;  /* a number is summed up */
	size_t sum; /* if .sums: the index of the field with the number */

	/* The common cases, found out once instead of for each line. */
	bool takes_all;    /* there are neither filters nor conditions */
	bool is_one_field; /* the key is one field, and nothing is summed up */
};

/* Compile a grouping, and add its fields to `fields`.  False and a complaint on error.  Call
 * grouping_free() in any case. */
bool grouping_compile(struct grouping *, const struct grouping_spec *, struct fields *fields,
	const struct scan *, struct complaint *);
void grouping_free(struct grouping *);

/* The keys that a grouping has found in a block, in the order of their lines. */
struct found_keys {
	struct span *keys;
	struct sum *sums; /* a number for each key, 0 if this grouping sums up nothing; NULL if no
			   * grouping of the query sums up anything */
	size_t n;
	bool no_number; /* in the line of the last key, the field to sum up is not a number, and
			 * counts as 0 */
};

enum grouping_result {
	GROUPING_NO,
	GROUPING_YES,       /* one key was added */
	GROUPING_GAVE_UP,   /* a pattern exceeded PCRE2's limits */
	GROUPING_FAILED,    /* out of memory */
	GROUPING_TOO_LARGE, /* the number to sum up needs more than 64 bits */
};

/* Find the grouping's key in a line, and add it to the found keys. */
enum grouping_result grouping_find_key(struct grouping *, struct record *, struct found_keys *);

/* The same for a line in which pattern_match() or pattern_match_here() has just matched
 * key.pattern. */
enum grouping_result grouping_add_match(struct grouping *, struct record *, struct found_keys *);

#endif
