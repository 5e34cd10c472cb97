/* spec.h -- a query as the user gave it: options, or the sections of a reports file.
 */
#ifndef QUERY_SPEC_H
#define QUERY_SPEC_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/arg.h"
#include "rank/order.h"

/* Questions of one query. */
enum { GROUPINGS_MAX = 1000 };

/* As the options, or a section of a reports file, say it. */
struct grouping_spec {
	const char *name;  /* NULL: none */
	struct arg regexp; /* -e */
	struct arg key;    /* -k */
	struct arg fields; /* -f; see grouping_spec_fields */
	struct arg sum;    /* -s; nothing: count */
	struct args grep, vgrep, where;
	bool ignore_case; /* -i */
	enum order order;
	bool order_is_set;
	size_t top; /* -n, 0 for all */
	bool top_is_set;
};

/* The list of its fields, with neither -e nor -f the URL; NULL if a pattern's captures are counted.
 */
const char *grouping_spec_fields(const struct grouping_spec *);

/* Whose rankings they are. */
struct query_set {
	const char *name; /* of -r or --reports; NULL: there is one question, without a set */
	bool builtin;     /* -r */
};

/* As the options say it. */
struct query_spec {
	struct query_set set;
	struct args grep;  /* -g: all must match */
	struct args vgrep; /* -v: none may match */
	struct args where; /* -w: all must hold */
	bool ignore_case;  /* -i, for these */
	int delimiter;     /* -d, -1: blanks */
	struct arg log_format;
	struct grouping_spec *groupings;
	size_t n_groupings;
	bool totals;            /* add up bytes and note the first and the last time, too */
	bool missing_fields_ok; /* what a format lacks of the questions has no value, and is no
				   mistake */
	bool all;               /* have the format find whatever it knows */
	bool rejects;           /* tell which lines were unmatched, unparsed or given up */
	bool may_skip_lines;    /* nobody asks for lines that lack the pattern's literal, nor their
				   number */
};

/* Frees the lists in it; what they name is not owned. */
void query_spec_free(struct query_spec *);

#endif
