/* print_widefinder.c -- prints, byte for byte, the output that the Wide Finder 2 contest required.
 *
 * http://wikis.sun.com/display/WideFinder (2008)
 */
#include "report/report_common.h"

enum { LONGEST = 60 };

static void put_key(const struct output *p, struct span key)
{
	bool cut = key.len > LONGEST;

	if (cut)
		key.len = LONGEST;
	output_put_key(p, key);
	fputs(cut ? "...\n" : "\n", p->out);
}

static void print(const struct output *p, const char *title, const struct ranking *r)
{
	fprintf(p->out, "%s\n", title);
	for (size_t i = 0; i < r->n; i++) {
		const struct row *row = &r->rows[i];
		if (ranking_has_only_sum(r))
			fprintf(p->out, " %9.1fM: ", sum_double(row->values[0]) / (1 << 20));
		else
			fprintf(p->out, " %10" PRIu64 ": ", row->count);
		put_key(p, row->key);
	}
	putc('\n', p->out);
}

/* The rankings of -r wf2, in this order. */
enum { HITS, BYTES, MISSES, CLIENTS, REFERRERS };

_Static_assert(REFERRERS + 1 == (int)WIDEFINDER_RANKINGS, "as many as the report must have");

void print_widefinder(const struct output *p, const struct report *report)
{
	const struct ranking *r = report->rankings;

	fprintf(p->out, "%" PRIu64 " resources, %" PRIu64 " 404s, %" PRIu64 " clients\n\n",
		r[HITS].keys, r[MISSES].keys, r[CLIENTS].keys);
	print(p, "Top URIs by hit:", &r[HITS]);
	print(p, "Top URIs by bytes:", &r[BYTES]);
	print(p, "Top 404s:", &r[MISSES]);
	print(p, "Top client addresses:", &r[CLIENTS]);
	print(p, "Top referrers:", &r[REFERRERS]);
}
