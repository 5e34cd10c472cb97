/* print_json.c -- prints one JSON object (RFC 8259): the query, the account of lines, the
 * rankings. */
#include "lib/utf8.h"
#include "report/over_rows.h"

/* Print a character as an escape with four hexadecimal digits.  If it is beyond 16 bits, print two
 * such escapes, a pair of surrogates. */
static void put_code(const struct output *p, uint32_t code)
{
	if (code > 0xffff) {
		fprintf(p->out, "\\u%04" PRIx32, 0xd800 + ((code - 0x10000) >> 10));
		code = 0xdc00 + (code & 0x3ff);
	}
	fprintf(p->out, "\\u%04" PRIx32, code);
}

static void put_string(const struct output *p, struct span s)
{
	bool ascii_only = p->terminal && !p->utf8;

	putc('"', p->out);
	while (s.len) {
		struct utf8 c = utf8_read(s);
		if (c.code == UTF8_INVALID)
			fputs(ascii_only ? "\\ufffd" : "\xef\xbf\xbd", p->out);
		else if (c.code == '"' || c.code == '\\')
			fprintf(p->out, "\\%c", (int)c.code);
		else if (utf8_is_unsafe(c.code) || (ascii_only && c.code > 0x7f))
			put_code(p, c.code);
		else
			fwrite(s.at, 1, c.len, p->out);
		s.at += c.len;
		s.len -= c.len;
	}
	putc('"', p->out);
}

static void put_text(const struct output *p, const char *text)
{
	if (text)
		put_string(p, span_text(text));
	else
		fputs("null", p->out);
}

/* --- The query ------------------------------------------------------------------- */

static void put_list(const struct output *p, const struct args *list)
{
	putc('[', p->out);
	for (size_t i = 0; i < list->n; i++) {
		if (i)
			putc(',', p->out);
		put_text(p, list->at[i].value);
	}
	putc(']', p->out);
}

static void put_fields(const struct output *p, const struct grouping *q)
{
	putc('[', p->out);
	for (size_t i = q->is_over_time; i < q->n_fields; i++) {
		if (i > q->is_over_time)
			putc(',', p->out);
		put_text(p, q->names.at[i]);
	}
	putc(']', p->out);
}

/* Print the name of a property as a JSON key, with "_" for "-": "ignore-case" becomes
 * "ignore_case". */
static void put_name(const struct output *p, const char *name)
{
	putc('"', p->out);
	for (; *name; name++)
		putc(*name == '-' ? '_' : *name, p->out);
	fputs("\":", p->out);
}

/* Print a property of a query or of a grouping.  For a query, `spec` is its query_spec, and `q` is
 * NULL.  For the grouping `q`, `spec` is its grouping_spec. */
static void put_property(const struct output *p, const struct property *property, const void *spec,
	const struct grouping *q)
{
	size_t n = property_count(property, spec);
	char byte[2];

	put_name(p, property->name);
	if (property->kind == PROPERTY_LIST && !(property->single && n <= 1))
		put_list(p, property_at(property, spec));
	else if (property->kind == PROPERTY_FLAG)
		fputs(n ? "true" : "false", p->out);
	else if (property->kind == PROPERTY_FIELDS && n && q)
		put_fields(p, q);
	else
		put_text(p, n ? property_value(property, spec, 0, byte) : property->usual);
}

static const struct property *property_in_place(enum property_scope scope, unsigned place)
{
	for (size_t i = 0; i < n_properties; i++)
		if (properties[i].scope == scope && properties[i].json == place)
			return &properties[i];
	return NULL;
}

static void put_query_properties(const struct output *p, const struct query_spec *q)
{
	const struct property *property;

	for (unsigned i = 1; (property = property_in_place(SCOPE_QUERY, i)); i++) {
		if (i > 1)
			putc(',', p->out);
		put_property(p, property, q, NULL);
	}
}

/* Print the properties of a grouping.  `alone` means that the query has no other grouping.  Then
 * properties that the query has, too, are omitted, because they have been printed already. */
static void put_grouping_properties(const struct output *p, const struct grouping *q, bool alone)
{
	const struct property *property;

	for (unsigned i = 1; (property = property_in_place(SCOPE_GROUPING, i)); i++) {
		if (alone && property_find(SCOPE_QUERY, property->name))
			continue;
		putc(',', p->out);
		put_property(p, property, q->spec, q);
	}
}

static void put_query(const struct output *p, const struct report *r)
{
	const char *set = r->query->set;

	fputs("{\"query\":{", p->out);
	put_query_properties(p, r->query);
	fputs(",\"report\":", p->out);
	put_text(p, set);
	if (!set)
		put_grouping_properties(p, &r->groupings[0], true);
	fputs("},\n", p->out);
}

/* --- The answer ------------------------------------------------------------------ */

/* Print the members of an account. */
static void put_account_members(
	const struct output *p, const struct account *a, uint64_t keys)
{
	const struct verdicts *v = &a->verdicts;

	fprintf(p->out,
		"\"bytes\":%" PRIu64 ",\"lines\":%" PRIu64 ",\"matched\":%" PRIu64
		",\"unmatched\":%" PRIu64 ",\"unparsed\":%" PRIu64 ",\"filtered\":%" PRIu64
		",\"given_up\":%" PRIu64 ",\"not_numbers\":%" PRIu64 ",\"keys\":%" PRIu64 "},\n",
		a->bytes, v->lines, v->matched, verdicts_unmatched(v), v->unparsed, v->filtered,
		v->gave_up, v->not_numbers, keys);
}

/* Print the account of both sides of a comparison. */
static void put_sides(const struct output *p, const struct report *r)
{
	for (int i = 0; i < 2; i++) {
		const struct report_side *side = &r->sides[i];
		uint64_t keys = 0;
		for (size_t k = 0; k < r->n; k++)
			keys += side->totals[k].keys;
		fprintf(p->out, "\"%s\":{\"name\":", i ? "new" : "old");
		put_text(p, side->name);
		putc(',', p->out);
		put_account_members(p, side->account, keys);
	}
}

static void put_account(const struct output *p, const struct report *r)
{
	fputs("\"account\":{", p->out);
	put_account_members(p, r->account, r->keys);
}

static void put_totals(const struct output *p, const struct report *r)
{
	struct total totals[TOTALS];

	report_totals(r, totals);
	fputs("\"totals\":{", p->out);
	for (int i = 0; i < TOTALS; i++) {
		fprintf(p->out, "%s\"%s\":", i ? "," : "", totals[i].name);
		if (totals[i].number)
			fputs(totals[i].value, p->out);
		else
			put_text(p, *totals[i].value ? totals[i].value : NULL);
	}
	fputs("},\n", p->out);
}

static void put_key(const struct output *p, const struct report *r, const struct grouping *q,
	const struct row *row)
{
	size_t columns = report_columns(q);
	const struct span *values = report_values(r, q, row);

	if (columns == 1) {
		put_string(p, values[0]);
		return;
	}
	for (size_t i = 0; i < columns; i++) {
		putc(i ? ',' : '{', p->out);
		put_text(p, report_column_name(q, i));
		putc(':', p->out);
		put_string(p, values[i]);
	}
	putc('}', p->out);
}

/* Print the values of a row's statistics, except the count. */
static void put_statistics(
	const struct output *p, const struct ranking *ranking, const struct row *row)
{
	char text[SUM_TEXT];

	for (size_t i = 0; i < report_statistics(ranking->statistics); i++) {
		const struct statistic *s = &ranking->statistics->at[i];
		if (s->kind == STATISTIC_COUNT && !s->side)
			continue;
		put_text(p, s->name);
		const char *value = report_value_text(ranking, row, i, text);
		bool quoted = *value && statistic_is_time(s);
		fprintf(p->out, quoted ? ":\"%s\"," : ":%s,", *value ? value : "null");
	}
}

/* Print the value of a cell. */
static void put_cell(const struct output *p, const struct over_rows *rows, size_t column)
{
	const struct statistics *s = rows->ranking.statistics;
	size_t statistic = grouping_values(rows->grouping) > 1 ? 0 : column;
	char text[SUM_TEXT];
	const char *value = over_rows_text(rows, column, text);
	bool quoted = *value && s && statistic_is_time(&s->at[statistic]);

	fprintf(p->out, quoted ? "\"%s\"" : "%s", *value ? value : "null");
}

/* Print a cell of a key that has a column, as a ranking prints a row: the key, the count, and the
 * value of the statistic if that is not the count. */
static void put_key_cell(const struct output *p, const struct over_rows *rows, size_t column)
{
	const char *name = over_rows_statistic(rows, column);

	fputs("{\"key\":", p->out);
	put_key(p, rows->report, rows->grouping, &rows->over->table.columns->rows[column]);
	fprintf(p->out, ",\"count\":%" PRIu64, rows->cells[column].count);
	if (strcmp(name, "count") != 0) {
		putc(',', p->out);
		put_text(p, name);
		putc(':', p->out);
		put_cell(p, rows, column);
	}
	putc('}', p->out);
}

/* Print the cells of keys as an array: as members of an object, two keys could have the same name,
 * because bytes that are not UTF-8 are replaced. */
static void put_key_cells(const struct output *p, const struct over_rows *rows)
{
	const struct over_time *t = &rows->over->table;

	fputs(",\"keys\":[", p->out);
	for (size_t i = 0; i < t->columns->n; i++) {
		fputs(i ? "," : "", p->out);
		put_key_cell(p, rows, i);
	}
	putc(']', p->out);
	if (t->has_rest) {
		fputs(",\"rest\":", p->out);
		put_cell(p, rows, t->columns->n);
	}
}

/* Print a row of a table over time: its time, its count, and its cells. */
static void put_over_row(const struct output *p, const struct over_rows *rows)
{
	fprintf(p->out, "{\"time\":\"%s\",\"count\":%" PRIu64, rows->time, rows->count);
	if (grouping_values(rows->grouping) > 1)
		put_key_cells(p, rows);
	else
		for (size_t i = 0; i < over_rows_columns(rows); i++) {
			const char *name = over_rows_statistic(rows, i);
			if (strcmp(name, "count") == 0)
				continue;
			putc(',', p->out);
			put_text(p, name);
			putc(':', p->out);
			put_cell(p, rows, i);
		}
	putc('}', p->out);
}

static void put_over(const struct output *p, const struct report *r, size_t which)
{
	struct over_rows rows = over_rows_begin(r, which);

	fprintf(p->out, ",\"matched\":%" PRIu64 ",\"keys\":%" PRIu64 ",\"rows\":[",
		r->rankings[which].matched, r->rankings[which].keys);
	for (bool first = true; over_rows_next(&rows); first = false) {
		fputs(first ? "\n" : ",\n", p->out);
		put_over_row(p, &rows);
	}
	fputs("]}", p->out);
}

static void put_rows(const struct output *p, const struct report *r, size_t which)
{
	const struct ranking *ranking = &r->rankings[which];
	const struct grouping *q = &r->groupings[which];
	char sum[SUM_TEXT];

	if (r->sides)
		fprintf(p->out, ",\"old_matched\":%" PRIu64 ",\"new_matched\":%" PRIu64,
			r->sides[0].totals[which].matched, r->sides[1].totals[which].matched);
	else
		fprintf(p->out, ",\"matched\":%" PRIu64, ranking->matched);
	fprintf(p->out, ",\"keys\":%" PRIu64 ",\"rows\":[", ranking->keys);
	for (size_t i = 0; i < ranking->n; i++) {
		const struct row *row = &ranking->rows[i];
		fprintf(p->out, "%s\n{", i ? "," : "");
		if (ranking_has_only_sum(ranking))
			fprintf(p->out, "\"sum\":%s,", sum_print(row->values[0], sum));
		if (!r->sides)
			fprintf(p->out, "\"count\":%" PRIu64 ",", row->count);
		if (ranking_has_statistics(ranking))
			put_statistics(p, ranking, row);
		fputs("\"key\":", p->out);
		put_key(p, r, q, row);
		putc('}', p->out);
	}
	fputs("]}", p->out);
}

static void put_ranking(const struct output *p, const struct report *r, size_t which)
{
	const struct grouping *q = &r->groupings[which];

	fputs("{\"name\":", p->out);
	put_text(p, report_name(q));
	if (r->query->set)
		put_grouping_properties(p, q, false);
	if (q->is_over_time)
		put_over(p, r, which);
	else
		put_rows(p, r, which);
}

void print_json(const struct output *p, const struct report *r)
{
	put_query(p, r);
	put_account(p, r);
	if (r->sides)
		put_sides(p, r);
	if (r->query->totals && !r->sides)
		put_totals(p, r);
	fputs("\"reports\":[", p->out);
	for (size_t i = 0; i < r->n; i++) {
		if (i)
			fputs(",\n", p->out);
		put_ranking(p, r, i);
	}
	fputs("]}\n", p->out);
}
