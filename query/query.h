/* query.h -- the user's query, compiled.
 *
 *	struct query *q = query_compile(&spec, scan, &complaint);
 *	struct block_result *b = block_result_new(q);
 *	for each block of lines:
 *		block_keys_find(q, format, block, b);
 *		use b->found, b->verdicts, ...
 *
 * A query holds the state of its patterns' last matches, so it belongs to one process; after a fork
 * each process has its own copy.
 */
#ifndef QUERY_QUERY_H
#define QUERY_QUERY_H

#include "lib/arg.h"
#include "lib/complaint.h"
#include "query/field.h"
#include "query/grouping.h"
#include "query/moment.h"
#include "query/period.h"
#include "query/moment.h"
#include "query/period.h"
#include "query/spec.h"
#include "scan/scan.h"

struct query;

/* Compile a query, which the caller frees with query_free().  The spec must outlive the query.
 * Its .lists is set, with strings that belong to the query, unless the spec comes from a snapshot.
 * NULL, with a complaint, on error. */
struct query *query_compile(const struct query_spec *, const struct scan *, struct complaint *);
void query_free(struct query *);

/* Return all fields that the query names. */
const struct fields *query_fields(const struct query *);

const struct grouping *query_groupings(const struct query *, size_t *n);

/* True if any of the rankings is a table over time. */
bool query_is_over_time(const struct query *);

/* True if lines must be cut by their log format. */
bool query_needs_format(const struct query *);

/* True if the query counts only lines in a period (--since, --until). */
bool query_has_period(const struct query *);

/* Return the period; only meaningful if query_has_period(). */
const struct period *query_period(const struct query *);

/* True if a moment of the period is counted back from the newest time in the inputs, which is still
 * unknown. */
bool query_needs_newest(const struct query *);

/* Set the newest time in the inputs, in seconds since 1970, on which the period depends: see
 * period_settle(). */
bool query_settle_period(
	struct query *, int64_t newest, struct period_room *room, struct complaint *);

/* Return the name of the zone of --tz; NULL if it was not given. */
const char *query_zone(const struct query *);

/* Return the name of this machine's zone, if a period is read in it; NULL if not. */
const char *query_machine_zone(const struct query *);

/* True if the moments of the period were given without a zone. */
bool query_period_is_local(const struct query *);

/* True if verdicts.lines counts all lines.  False if it counts only the lines that were judged,
 * because query_spec.may_skip_lines is set. */
bool query_counts_lines(const struct query *);

/* Return the measures of all groups in which the query counts.  Each grouping has the group with its
 * number; after these come the groups of pairs. */
const struct measures *query_measures(const struct query *);

/* Return the first option that asks for statistics, for a message.  Its .value is NULL if there is
 * none. */
struct arg query_sum(const struct query *);

#endif
