/* grouping.h -- one ranking that is asked for: filters, a key, a weight.
 *
 *	line -> filters -> conditions -> key [-> number to sum up]
 */
#ifndef QUERY_GROUPING_H
#define QUERY_GROUPING_H

#include "query/condition.h"
#include "query/field.h"
#include "query/filter.h"
#include "lib/decimal.h"
#include "query/spec.h"
#include "query/template.h"

struct grouping {
	const struct grouping_spec *spec;
	struct filters filters;
	struct conditions conditions;
	struct filter key; /* .pattern NULL: fields are the key */
	bool key_is_known; /* lines that are asked have been seen to hold its literal */
	unsigned group;    /* which group is the key, without a template */
	struct key_template *template;
	size_t *fields;       /* indexes */
	struct strlist names; /* of the fields, as they were written */
	char *names_text;
	size_t n_fields;
	bool sums;
	size_t sum; /* the field's index */

	/* What most are, so that it need not be found out for each line. */
	bool is_open;      /* there are no filters and conditions */
	bool is_one_field; /* which is counted, and nothing summed up */
};

/* The keys found in a block, in the order of their lines. */
struct found_keys {
	struct span *keys;
	struct sum *sums; /* NULL if the query sums up nothing; 0 if this question does not */
	size_t n;
};

/* Compile.  Dies with a message on what is wrong.  Its fields are added to fields. */
void grouping_compile(struct grouping *, const struct grouping_spec *, struct fields *fields);

enum grouping_result {
	GROUPING_NO,
	GROUPING_YES, /* one more answer */
	GROUPING_GAVE_UP,
	GROUPING_FAILED,    /* memory is out */
	GROUPING_TOO_LARGE, /* a number of more than 64 bits is to be summed up */
};

/* Ask a line.  A number that is none is counted in *not_numbers. */
enum grouping_result grouping_find_keys(struct grouping *, const struct scan *, struct record *,
	struct found_keys *, uint64_t *not_numbers);

/* Add the key of the match that the key's pattern has just found. */
enum grouping_result grouping_add_match(
	struct grouping *, struct record *, struct found_keys *, uint64_t *not_numbers);

void grouping_free(struct grouping *);

#endif
