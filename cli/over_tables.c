#include "cli/over_tables.h"

#include <errno.h>
#include <stdlib.h>

#include "cli/message.h"
#include "lib/human.h"

struct report_over *over_tables_new(size_t n)
{
	return calloc(n + 1, sizeof(struct report_over));
}

void over_tables_free(struct report_over *all, size_t n)
{
	int saved = errno;

	for (size_t i = 0; i < n; i++)
		over_time_free(&all[i].table);
	free(all);
	errno = saved;
}

static bool start_of(const void *width, struct span time, int64_t *start)
{
	return width_start(width, time, start);
}

static struct over_time_keys keys_of(const struct report_over *o, const struct grouping *g)
{
	return (struct over_time_keys){.group = o->group,
		.n_values = grouping_values(g) - 1,
		.start = start_of,
		.ctx = &o->width};
}

bool over_table_begin(struct report_over *o, const struct counts *counts, const struct grouping *g,
	unsigned group, struct ranking *columns)
{
	*o = (struct report_over){.width = g->width, .group = group, .table.columns = columns};
	if (!g->spec->patterns.n && (!columns->limit || columns->limit > OVER_COLUMNS_MAX))
		columns->limit = OVER_COLUMNS_MAX;
	struct over_time_keys keys = keys_of(o, g);
	return over_time_begin(&o->table, counts, &keys);
}

static void warn_of_rest(const struct ranking *columns, const struct grouping_spec *spec)
{
	char rest[HUMAN_TEXT];

	if (columns->n == OVER_COLUMNS_MAX && columns->keys > columns->n &&
		(!spec->top || spec->top > columns->n))
		warn("-t: a table has at most %d columns; %s more keys are in its rest",
			OVER_COLUMNS_MAX, human_count(columns->keys - columns->n, rest));
}

/* Check that the table does not have too many rows, as it would if a line had a wrong year.  False,
 * with a complaint. */
static bool check_rows(const struct report_over *o, const struct grouping *g, struct complaint *c)
{
	const struct over_time *t = &o->table;
	uint64_t n = t->columns->keys ? width_rows(&o->width, t->first, t->last, OVER_ROWS_MAX) : 0;
	char first[WIDTH_TIME], last[WIDTH_TIME], most[HUMAN_TEXT];

	if (n <= OVER_ROWS_MAX)
		return true;
	width_print(&o->width, t->first, first);
	width_print(&o->width, t->last, last);
	return complain(c,
		"%s %s: from %s to %s, the table would have more than %s rows; choose a longer "
		"width, or leave out lines with wrong times by --since and --until",
		g->spec->over.origin, g->spec->over.value, first, last,
		human_count(OVER_ROWS_MAX, most));
}

bool over_table_fill(struct report_over *o, const struct counts *counts, const struct grouping *g,
	struct complaint *c)
{
	struct over_time *t = &o->table;

	top_finish(t->columns);
	ranking_limit(t->columns, OVER_COLUMNS_MAX);
	warn_of_rest(t->columns, g->spec);
	if (o->width.is_auto)
		o->width = width_for(t->first, t->last);
	if (!check_rows(o, g, c))
		return false;
	struct over_time_keys keys = keys_of(o, g);
	if (!over_time_fill(t, counts, &keys))
		return false;
	if (grouping_values(g) == 1)
		t->columns->keys = t->cells.keys;
	return true;
}
