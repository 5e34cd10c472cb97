#include "report/over_rows.h"

#include <math.h>

struct over_rows over_rows_begin(const struct report *r, size_t which)
{
	const struct report_over *over = &r->over[which];

	return (struct over_rows){.report = r,
		.grouping = &r->groupings[which],
		.over = over,
		.ranking = over->table.cells,
		.columns = over_time_columns(&over->table),
		.cells = over->table.row};
}

/* Take the cells of the current row from the table. */
static void take_cells(struct over_rows *rows)
{
	const struct over_time *t = &rows->over->table;
	struct row *to = t->row;

	rows->count = 0;
	for (size_t i = 0; i < rows->columns; i++)
		to[i] = (struct row){
			.key = span_text(rows->time), .values = (struct sum *)(uintptr_t)t->empty};
	for (; rows->next < t->cells.n; rows->next++) {
		const struct row *cell = &t->cells.rows[rows->next];
		struct over_time_place place = over_time_place(cell);
		if (place.start != rows->start)
			break;
		if (place.column < rows->columns)
			to[place.column] = *cell;
		rows->count += cell->count;
	}
}

static struct sum sum_of_time(int64_t seconds)
{
	return seconds < 0 ? sum_negate(sum_of_parts(-(uint64_t)seconds, 0))
			   : sum_of_parts((uint64_t)seconds, 0);
}

bool over_rows_next(struct over_rows *rows)
{
	const struct over_time *t = &rows->over->table;
	const struct width *w = &rows->over->width;

	if (!t->cells.n || (rows->begun && rows->start >= t->last))
		return false;
	if (!rows->begun)
		rows->end = t->first;
	rows->start = rows->end;
	rows->begun = true;
	bool has_end = width_next(w, rows->start, &rows->end);
	width_print(w, rows->start, rows->time);
	rows->ranking.first = sum_of_time(rows->start);
	rows->ranking.last = has_end ? sum_of_time(rows->end) : NUMBER_NONE;
	if (!has_end)
		rows->end = rows->start + 1;
	take_cells(rows);
	return true;
}

/* True if the columns are keys; false if counted keys are only times. */
static bool has_keys(const struct over_rows *rows)
{
	return grouping_values(rows->grouping) > 1;
}

size_t over_rows_columns(const struct over_rows *rows)
{
	const struct statistics *s = rows->ranking.statistics;

	if (!has_keys(rows))
		return s ? s->n : 1;
	return rows->over->table.columns->n + rows->over->table.has_rest;
}

const char *over_rows_statistic(const struct over_rows *rows, size_t column)
{
	const struct statistics *s = rows->ranking.statistics;

	return !s ? "count" : s->only_sum ? "sum" : s->at[has_keys(rows) ? 0 : column].name;
}

struct span over_rows_heading(const struct over_rows *rows, size_t column, char between)
{
	const struct ranking *columns = rows->over->table.columns;

	if (!has_keys(rows))
		return span_text(over_rows_statistic(rows, column));
	if (column >= columns->n)
		return span_text("rest");
	return report_joined(rows->report, rows->grouping, &columns->rows[column], between);
}

/* Find the cell and the statistic of a printed column. */
static const struct row *cell_of(const struct over_rows *rows, size_t column, size_t *statistic)
{
	*statistic = has_keys(rows) ? 0 : column;
	return &rows->cells[has_keys(rows) ? column : 0];
}

const char *over_rows_text(const struct over_rows *rows, size_t column, char out[SUM_TEXT])
{
	size_t statistic;
	const struct row *cell = cell_of(rows, column, &statistic);

	if (rows->ranking.statistics)
		return report_value_text(&rows->ranking, cell, statistic, out);
	snprintf(out, SUM_TEXT, "%" PRIu64, cell->count);
	return out;
}

const char *over_rows_for_people(const struct over_rows *rows, size_t column, char out[HUMAN_TEXT])
{
	size_t statistic;
	const struct row *cell = cell_of(rows, column, &statistic);

	if (rows->ranking.statistics)
		return report_value_for_people(&rows->ranking, cell, statistic, out);
	return human_count(cell->count, out);
}

double over_rows_number(const struct over_rows *rows, size_t column)
{
	size_t statistic;
	const struct row *cell = cell_of(rows, column, &statistic);

	if (!rows->ranking.statistics)
		return (double)cell->count;
	struct sum value = report_value(&rows->ranking, cell, statistic);
	return number_is_none(value) ? NAN : sum_double(value);
}
