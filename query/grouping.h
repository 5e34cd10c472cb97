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
#include "rank/order.h"
#include "query/template.h"

/* Questions of one query. */
enum { QUESTIONS_MAX = 1000 };

/* As the options, or a section of a reports file, say it. */
struct question_spec {
	const char *name;   /* NULL: none */
	struct said regexp; /* -e */
	struct said key;    /* -k */
	struct said fields; /* -f; see question_spec_fields */
	struct said sum;    /* -s; nothing: count */
	struct saids grep, vgrep, where;
	bool ignore_case; /* -i */
	enum order order;
	bool order_is_set;
	size_t top; /* -n, 0 for all */
	bool top_is_set;
};

/* The list of its fields, with neither -e nor -f the URL; NULL if a pattern's captures are counted.
 */
const char *question_spec_fields(const struct question_spec *);

struct question {
	const struct question_spec *spec;
	struct filters filters;
	struct conditions conditions;
	struct filter key; /* .pattern NULL: fields are the key */
	bool key_is_known; /* lines that are asked have been seen to hold its literal */
	unsigned group;    /* which group is the key, without a template */
	struct key_template *template;
	size_t *fields;     /* indexes */
	struct words names; /* of the fields, as they were written */
	char *names_text;
	size_t n_fields;
	bool sums;
	size_t sum; /* the field's index */

	/* What most are, so that it need not be found out for each line. */
	bool is_open;      /* there are no filters and conditions */
	bool is_one_field; /* which is counted, and nothing summed up */
};

/* The keys found in a block, in the order of their lines. */
struct answers {
	struct span *keys;
	struct sum *sums; /* NULL if the query sums up nothing; 0 if this question does not */
	size_t n;
};

/* Compile.  Dies with a message on what is wrong.  Its fields are added to fields. */
void question_compile(struct question *, const struct question_spec *, struct fields *fields);

enum question_result {
	QUESTION_NO,
	QUESTION_YES, /* one more answer */
	QUESTION_GAVE_UP,
	QUESTION_FAILED,    /* memory is out */
	QUESTION_TOO_LARGE, /* a number of more than 64 bits is to be summed up */
};

/* Ask a line.  A number that is none is counted in *not_numbers. */
enum question_result question_ask(struct question *, const struct scan *, struct record *,
	struct answers *, uint64_t *not_numbers);

/* Add the key of the match that the key's pattern has just found. */
enum question_result question_add_match(
	struct question *, struct record *, struct answers *, uint64_t *not_numbers);

void question_free(struct question *);

#endif
