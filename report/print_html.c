/* print_html.c -- prints rankings as a page for a browser: figures, charts, tables, the account of
 * lines.
 *
 * The page is self-contained.  Its tables are complete without the script, which only sorts and
 * searches them.  The page's content security policy allows no other script, and forbids loading
 * anything.  So even if lib/html failed to escape a key, nothing in the key could run.  The policy
 * also forbids style attributes.  So a bar gets its length from classes, one class for each digit.
 */
#include "formats/timestamp.h"
#include "lib/html.h"
#include "lib/human.h"
#include "report/page/page.h"
#include "report/heat_map.h"
#include "report/over_rows.h"

/* A key of more than KEY_WRAPS bytes may be wrapped.  A key of more than KEY_IS_LONG bytes is
 * shortened until the reader opens it. */
enum { KEY_WRAPS = 20, KEY_IS_LONG = 200, NAMES_SHOWN = 3, SECTIONS_WITHOUT_NAV = 2 };

static struct html html_of(const struct output *p)
{
	return (struct html){p->out, p->terminal && !p->utf8};
}

static void put(const struct output *p, struct span text)
{
	struct html h = html_of(p);

	html_put_text(&h, text);
}

static void put_arg(const struct output *p, const char *text)
{
	put(p, span_text(text));
}

static void put_count(const struct output *p, uint64_t n)
{
	char number[HUMAN_TEXT];

	fputs(human_count(n, number), p->out);
}

static void put_sum(const struct output *p, struct sum sum)
{
	char text[SUM_TEXT], number[HUMAN_TEXT];

	fputs(human_group(sum_print(sum, text), number), p->out);
}

/* --- The head: the logs and the query ------------------------------------- */

/* Print the names of the inputs, each with put_name(): "access.log, error.log and 3 more". */
static void put_names(const struct output *p, const struct report *r,
	void (*put_name)(const struct html *, struct span))
{
	struct html h = html_of(p);
	size_t all = r->files->n + r->folders->n;

	if (!all)
		fputs("standard input", p->out);
	for (size_t i = 0; i < all && i < NAMES_SHOWN; i++) {
		const char *name =
			i < r->files->n ? r->files->at[i] : r->folders->at[i - r->files->n];
		fputs(i ? ", " : "", p->out);
		if (strcmp(name, "-") == 0)
			fputs("standard input", p->out);
		else
			put_name(&h, span_text(name));
	}
	if (all > NAMES_SHOWN)
		fprintf(p->out, " and %zu more", all - NAMES_SHOWN);
}

static const char *subject(const struct report *r)
{
	return r->query->set ? r->query->set : report_name(&r->groupings[0]);
}

static void put_head(const struct output *p, const struct report *r)
{
	struct html h = html_of(p);

	fprintf(p->out,
		"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		"script-src '%s'; style-src '%s'; base-uri 'none'; form-action 'none'; "
		"require-trusted-types-for 'script'\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		"<meta name=\"color-scheme\" content=\"light dark\">\n"
		"<meta name=\"referrer\" content=\"no-referrer\">\n<title>",
		page_js_hash, page_css_hash);
	html_put_value(&h, span_text(subject(r)));
	fputs(" of ", p->out);
	put_names(p, r, html_put_value);
	fprintf(p->out, "</title>\n<style>%s</style>\n<script>%s</script>\n</head>\n<body>\n",
		page_css, page_js);
}

/* Print the properties of `spec` that have this scope and kind, as items of an HTML list. */
static void put_items(const struct output *p, enum property_scope scope, enum property_kind kind,
	const void *spec)
{
	char byte[2];

	for (size_t i = 0; i < n_properties; i++) {
		const struct property *property = &properties[i];
		if (property->scope != scope || property->kind != kind || !property->label)
			continue;
		for (size_t k = 0, n = property_count(property, spec); k < n; k++) {
			fprintf(p->out, "<li>%s <code>", property->label);
			put_arg(p, property_value(property, spec, k, byte));
			fputs("</code></li>\n", p->out);
		}
	}
}

static bool has_items(enum property_scope scope, const void *spec)
{
	for (size_t i = 0; i < n_properties; i++)
		if (properties[i].scope == scope && properties[i].label &&
			property_count(&properties[i], spec))
			return true;
	return false;
}

/* Print an HTML list of the properties of a query or a grouping: those of the kind `first`, then
 * those of the kind `second`.  Prints nothing if there are none. */
static void put_properties(const struct output *p, enum property_scope scope,
	enum property_kind first, enum property_kind second, const void *spec)
{
	if (!has_items(scope, spec))
		return;
	fputs("<ul class=\"asked\">\n", p->out);
	put_items(p, scope, first, spec);
	put_items(p, scope, second, spec);
	fputs("</ul>\n", p->out);
}

static void put_header(const struct output *p, const struct report *r)
{
	fputs("<header>\n", p->out);
	if (r->query->set) {
		fputs("<p class=\"subject\">", p->out);
		put_arg(p, r->query->set);
		fputs("</p>\n", p->out);
	}
	fputs("<h1>", p->out);
	put_names(p, r, html_put_text);
	fputs("</h1>\n", p->out);
	put_properties(p, SCOPE_QUERY, PROPERTY_LIST, PROPERTY_TEXT, r->query);
	fputs("</header>\n", p->out);
}

/* --- Figures --------------------------------------------------------------------- */

static void begin_figure(const struct output *p, const char *name)
{
	fprintf(p->out, "<div><dt>%s</dt>\n<dd>", name);
}

static void begin_note(const struct output *p)
{
	fputs("</dd>\n<dd class=\"note\">", p->out);
}

static void end_figure(const struct output *p)
{
	fputs("</dd></div>\n", p->out);
}

static void put_share(const struct output *p, double part, double whole)
{
	fprintf(p->out, "%.2f%%", 100 * report_share(part, whole));
}

/* Print a number of lines, with their percentage in a note, and end the figure. */
static void put_lines(const struct output *p, uint64_t n, const struct verdicts *v)
{
	put_count(p, n);
	begin_note(p);
	put_share(p, (double)n, (double)v->lines);
	fputs(" of ", p->out);
	put_count(p, v->lines);
	fputs(" lines", p->out);
	end_figure(p);
}

static void put_lines_figure(
	const struct output *p, const char *name, uint64_t n, const struct verdicts *v)
{
	begin_figure(p, name);
	put_lines(p, n, v);
}

/* Print a size rounded as "32.8 MB", with the exact number of bytes in a note. */
static void put_bytes_figure(
	const struct output *p, const char *name, double size, const char *bytes)
{
	struct human_scaled s = human_scale(size);
	bool scaled = *s.prefix;
	char number[HUMAN_TEXT];

	begin_figure(p, name);
	fprintf(p->out, "%.*f <small>%s%s</small>", scaled && s.number < 99.95 ? 1 : 0, s.number,
		s.prefix, scaled ? "B" : "bytes");
	begin_note(p);
	if (scaled)
		fprintf(p->out, "%s bytes", human_group(bytes, number));
	end_figure(p);
}

/* Print a number of seconds in its two largest units: "2 d 4 h" for 2 d 4 h 12 min 5 s. */
static void put_duration(const struct output *p, int64_t seconds)
{
	int i = HUMAN_DAY;

	while (i > HUMAN_SECOND && seconds < human_units[i].seconds)
		i--;
	for (size_t n = 0; n < 2 && i >= HUMAN_SECOND; n++, i--) {
		fprintf(p->out, "%s%" PRId64 " <small>%s</small>", n ? " " : "",
			seconds / human_units[i].seconds, human_units[i].abbreviation);
		seconds %= human_units[i].seconds;
	}
}

static void put_rate(const struct output *p, uint64_t requests, int64_t seconds)
{
	double rate = (double)requests / (double)seconds;
	int i = HUMAN_SECOND;
	char digits[32], number[HUMAN_TEXT];

	while (i < HUMAN_DAY && rate * (double)human_units[i].seconds < 1)
		i++;
	rate *= (double)human_units[i].seconds;
	snprintf(digits, sizeof digits, "%.*f", rate < 10 ? 2 : rate < 1000 ? 1 : 0, rate);
	begin_figure(p, "Rate");
	fprintf(p->out, "%s <small>a %s</small>", human_group(digits, number), human_units[i].name);
	begin_note(p);
	fputs("average number of requests", p->out);
	end_figure(p);
}

static void put_time(const struct output *p, const char *time)
{
	fprintf(p->out, "<time datetime=\"%s\">%.10s %s</time>", time, time,
		time + TIMESTAMP_DAY + 1);
}

static void put_span(const struct output *p, const struct totals *t)
{
	int64_t from, to;

	if (!timestamp_seconds(span_text(t->first), &from) ||
		!timestamp_seconds(span_text(t->last), &to))
		return;
	begin_figure(p, "Time");
	put_duration(p, to - from);
	begin_note(p);
	put_time(p, t->first);
	fputs(" to<br>", p->out);
	put_time(p, t->last);
	end_figure(p);
	if (to > from)
		put_rate(p, t->requests, to - from);
}

static void put_overview_figures(const struct output *p, const struct report *r)
{
	const struct totals *t = &r->account->totals;
	const struct verdicts *v = &r->account->verdicts;
	char bytes[SUM_TEXT];

	put_lines_figure(p, "Requests", t->requests, v);
	put_bytes_figure(p, "Sent", sum_double(t->bytes), sum_print(t->bytes, bytes));
	put_lines_figure(p, "Unparsed", v->unparsed, v);
	put_span(p, t);
}

static void put_keys_figure(const struct output *p, const char *name, uint64_t n)
{
	begin_figure(p, name);
	put_count(p, n);
	begin_note(p);
	end_figure(p);
}

static void put_plain_figures(const struct output *p, const struct report *r)
{
	const struct verdicts *v = &r->account->verdicts;
	char bytes[24];

	put_lines_figure(p, "Counted", v->matched, v);
	put_lines_figure(p, "Unparsed", v->unparsed, v);
	put_keys_figure(p, "Distinct keys", r->keys);
	snprintf(bytes, sizeof bytes, "%" PRIu64, r->account->bytes);
	put_bytes_figure(p, "Log", (double)r->account->bytes, bytes);
}

static uint64_t keys_of_side(const struct report *r, int side)
{
	uint64_t keys = 0;

	for (size_t i = 0; i < r->n; i++)
		keys += r->sides[side].totals[i].keys;
	return keys;
}

static void put_side_figures(const struct output *p, const struct report *r)
{
	for (int i = 0; i < 2; i++) {
		const struct verdicts *v = &r->sides[i].account->verdicts;
		fputs("<div><dt>Counted in ", p->out);
		put_arg(p, r->sides[i].name);
		fputs("</dt>\n<dd>", p->out);
		put_lines(p, v->matched, v);
	}
	put_keys_figure(p, "Distinct keys", r->keys);
	put_keys_figure(p, "New keys", r->keys - keys_of_side(r, 0));
	put_keys_figure(p, "Gone keys", r->keys - keys_of_side(r, 1));
}

static void put_figures(const struct output *p, const struct report *r)
{
	fputs("<dl class=\"figures\">\n", p->out);
	if (r->sides)
		put_side_figures(p, r);
	else if (r->query->totals)
		put_overview_figures(p, r);
	else
		put_plain_figures(p, r);
	fputs("</dl>\n", p->out);
}

/* --- A ranking ------------------------------------------------------------------- */

struct sheet {
	const struct output *out;
	const struct report *report;
	const struct grouping *grouping;
	const struct ranking *ranking;
	size_t number; /* number of the section, counting from 1 */
	double whole, largest;
};

static void put_column(const struct output *p, const char *class, const char *order)
{
	fprintf(p->out, "<th scope=\"col\" class=\"%s\"", class);
	if (order)
		fprintf(p->out, " aria-sort=\"%s\"", order);
	putc('>', p->out);
}

static bool is_by_count(const struct sheet *s)
{
	return s->ranking->by == BY_COUNT;
}

/* True if the rows have percentages of a whole: of the sum or of the count. */
static bool has_share(const struct ranking *r)
{
	return r->by == BY_COUNT || ranking_by_sum(r);
}

/* The count and the share of a ranking have columns of their own. */
static bool shows_column(const struct statistic *s)
{
	return s->side || (s->kind != STATISTIC_COUNT && s->kind != STATISTIC_SHARE);
}

/* Print the headings of the statistics, but not that of the count. */
static void put_statistic_columns(const struct sheet *s, const char *weight)
{
	const struct output *p = s->out;
	const struct statistics *all = s->ranking->statistics;
	char heading[REPORT_HEADING];

	for (size_t i = 0; all && i < all->n; i++) {
		if (!shows_column(&all->at[i]))
			continue;
		bool by = s->ranking->by == i;
		put_column(p, by ? "number weight"
				: all->at[i].side == SIDE_CHANGE ? "number change"
								 : "number",
			by ? weight : NULL);
		if (all->only_sum)
			fputs("sum of ", p->out);
		put_arg(p, all->only_sum ? all->at[i].operand : report_heading(all, i, heading));
		fputs("</th>", p->out);
	}
}

/* Print the headings of the columns.  The class "weight" marks the column of the number by which
 * rows are ranked.  aria-sort marks the column by which
 * the rows are ordered. */
static void put_columns(const struct sheet *s)
{
	const struct output *p = s->out;
	bool by_key = s->ranking->order != ORDER_WEIGHT;
	const char *weight = by_key ? NULL : s->ranking->ascending ? "ascending" : "descending";

	fputs("<thead><tr>", p->out);
	for (size_t i = 0; i < report_columns(s->grouping); i++) {
		put_column(p, "key", by_key && !i ? "ascending" : NULL);
		put_arg(p, report_column_name(s->grouping, i));
		fputs("</th>", p->out);
	}
	put_statistic_columns(s, weight);
	if (!s->report->sides) {
		put_column(p, is_by_count(s) ? "number weight" : "number",
			is_by_count(s) ? weight : NULL);
		fputs("count</th>", p->out);
	}
	if (has_share(s->ranking)) {
		put_column(p, "number share", NULL);
		fputs("share</th>", p->out);
	}
	fputs("</tr></thead>\n", p->out);
}

/* Print a value of a key.  A long value becomes a <details> element with only a <summary>; the
 * style sheet shortens it until the reader opens it. */
static void put_value(const struct output *p, struct span value)
{
	if (value.len > KEY_IS_LONG) {
		fputs("<details class=\"w\"><summary>", p->out);
		put(p, value);
		fputs("</summary></details>", p->out);
	} else {
		fputs(value.len > KEY_WRAPS ? "<div class=\"w\">" : "<div>", p->out);
		put(p, value);
		fputs("</div>", p->out);
	}
}

/* Print the class attribute that gives a bar its length, from 0 to 1, and another class.  The classes
 * "b3 c7 d5" mean 37.5 percent. */
static void put_bar(const struct output *p, const char *class, double length)
{
	int mille = (int)(1000 * length + 0.5);

	fprintf(p->out, " class=\"%sb%d c%d d%d\"", class, mille / 100, mille / 10 % 10,
		mille % 10);
}

/* Return the first of the two columns of a comparison that bars show: those by whose change, or by
 * whose likelihood, rows are ranked. */
static size_t bars_of(const struct sheet *s)
{
	const struct statistics *all = s->ranking->statistics;
	size_t i = 0;

	if (s->grouping->by != BY_COUNT)
		return 3 * s->grouping->by;
	while (i + 2 < all->n_all &&
		(all->at[i].kind != STATISTIC_COUNT || all->at[i].side != SIDE_OLD))
		i++;
	return i;
}

/* Return the length of a value's bar before it is divided by the largest one. */
static double bar_of(struct sum value)
{
	double length = number_is_none(value) ? 0 : sum_double(value);

	return length > 0 ? length : 0;
}

/* Return the largest value of both sides of a comparison. */
static double largest_side(const struct sheet *s)
{
	size_t first = bars_of(s);
	double largest = 0;

	for (size_t i = 0; i < s->ranking->n; i++)
		for (size_t k = first; k < first + 2; k++) {
			double length = bar_of(s->ranking->rows[i].values[k]);
			largest = length > largest ? length : largest;
		}
	return largest;
}

/* Print the two bars of a row of a comparison. */
static void put_side_bars(const struct sheet *s, const struct row *row)
{
	size_t first = bars_of(s);

	for (size_t k = 0; k < 2; k++) {
		double length = bar_of(row->values[first + k]);
		fputs("<span", s->out->out);
		put_bar(s->out, k ? "new " : "old ", report_share(length, s->largest));
		fputs("></span>", s->out->out);
	}
}

/* Print the columns of a key.  The first column is the header of its row.  The last column has the
 * bar as its background. */
static void put_key(struct sheet *s, const struct row *row, double length)
{
	const struct output *p = s->out;
	size_t columns = report_columns(s->grouping);
	const struct span *values = report_values(s->report, s->grouping, row);

	for (size_t i = 0; i < columns; i++) {
		fputs(i ? "<td" : "<th scope=\"row\"", p->out);
		bool last = i + 1 == columns;
		if (last && s->report->sides)
			fputs(" class=\"sides\"", p->out);
		else if (last)
			put_bar(p, "", length);
		putc('>', p->out);
		if (last && s->report->sides)
			put_side_bars(s, row);
		put_value(p, values[i]);
		fputs(i ? "</td>" : "</th>", p->out);
	}
}

static void put_statistics(const struct sheet *s, const struct row *row)
{
	const struct statistics *all = s->ranking->statistics;
	char text[HUMAN_TEXT];

	for (size_t i = 0; all && i < all->n; i++) {
		if (!shows_column(&all->at[i]))
			continue;
		fprintf(s->out->out, "<td>%s</td>",
			report_value_for_people(s->ranking, row, i, text));
	}
}

static void put_row(struct sheet *s, const struct row *row)
{
	const struct output *p = s->out;
	double weight = report_weight(s->ranking, row);

	fputs("<tr>", p->out);
	put_key(s, row, report_share(weight > 0 ? weight : 0, s->largest));
	put_statistics(s, row);
	if (!s->report->sides) {
		fputs("<td>", p->out);
		put_count(p, row->count);
		fputs("</td>", p->out);
	}
	if (has_share(s->ranking)) {
		fputs("<td>", p->out);
		put_share(p, weight, s->whole);
		fputs("</td>", p->out);
	}
	fputs("</tr>\n", p->out);
}

/* Say which bars are those of the old side. */
static void put_legend(const struct sheet *s)
{
	fputs("; upper bars: ", s->out->out);
	put_arg(s->out, s->report->sides[0].name);
	fputs(", lower bars: ", s->out->out);
	put_arg(s->out, s->report->sides[1].name);
}

/* Print the caption of a table: "The last 24 of 56; percentages of 1,999". */
static void put_caption(const struct sheet *s)
{
	const struct output *p = s->out;
	const struct ranking *r = s->ranking;

	fputs("<caption><span class=\"unseen\">", p->out);
	put_arg(p, report_name(s->grouping));
	fputs(": </span>", p->out);
	if (r->n < r->keys)
		fputs(r->order == ORDER_LAST ? "The last " : "The first ", p->out);
	else
		fputs(r->n == 1 ? "" : "All ", p->out);
	put_count(p, r->n);
	if (r->n < r->keys) {
		fputs(" of ", p->out);
		put_count(p, r->keys);
	} else {
		fputs(r->n == 1 ? " row" : " rows", p->out);
	}
	if (s->report->sides)
		put_legend(s);
	if (!has_share(r)) {
		fputs("</caption>\n", p->out);
		return;
	}
	fputs("; percentages of ", p->out);
	if (ranking_by_sum(r)) {
		fputs("the total, ", p->out);
		put_sum(p, r->sum);
	} else {
		put_count(p, r->matched);
	}
	fputs("</caption>\n", p->out);
}

static void put_table(struct sheet *s)
{
	const struct output *p = s->out;

	fputs("<div class=\"scroll\"><table class=\"ranking\">\n", p->out);
	put_caption(s);
	put_columns(s);
	fputs("<tbody>\n", p->out);
	for (size_t i = 0; i < s->ranking->n; i++)
		put_row(s, &s->ranking->rows[i]);
	fputs("</tbody></table></div>\n", p->out);
}

/* --- A table over time ----------------------------------------------------------- */

/* Print the headings of a table over time.  A long heading is shortened by the style sheet. */
static void put_over_columns(const struct output *p, const struct over_rows *rows)
{
	struct html h = html_of(p);

	fputs("<thead><tr>", p->out);
	put_column(p, "key", "ascending");
	fputs("time</th>", p->out);
	for (size_t i = 0; i < over_rows_columns(rows); i++) {
		struct span heading = over_rows_heading(rows, i, ' ');
		put_column(p, "number", NULL);
		if (heading.len > KEY_WRAPS) {
			fputs("<span class=\"cut\" title=\"", p->out);
			html_put_value(&h, heading);
			fputs("\">", p->out);
		}
		put(p, heading);
		fputs(heading.len > KEY_WRAPS ? "</span></th>" : "</th>", p->out);
	}
	fputs("</tr></thead>\n", p->out);
}

static void put_over_table(const struct output *p, const struct report *r, size_t which)
{
	struct over_rows rows = over_rows_begin(r, which);
	char text[HUMAN_TEXT];

	fputs("<div class=\"scroll\"><table class=\"ranking\">\n<caption><span class=\"unseen\">",
		p->out);
	put_arg(p, report_name(rows.grouping));
	fputs(": </span>", p->out);
	if (grouping_values(rows.grouping) > 1 && rows.over->table.has_rest) {
		put_count(p, rows.over->table.columns->n);
		fputs(" of ", p->out);
		put_count(p, rows.over->table.columns->keys);
		fputs(" keys, and the rest; ", p->out);
	}
	put_count(p, rows.over->table.cells.matched);
	fputs(" counted</caption>\n", p->out);
	put_over_columns(p, &rows);
	fputs("<tbody>\n", p->out);
	while (over_rows_next(&rows)) {
		fprintf(p->out, "<tr><th scope=\"row\"><div>%s</div></th>", rows.time);
		for (size_t i = 0; i < over_rows_columns(&rows); i++)
			fprintf(p->out, "<td>%s</td>", over_rows_for_people(&rows, i, text));
		fputs("</tr>\n", p->out);
	}
	fputs("</tbody></table></div>\n", p->out);
}

/* ------------------------------------------------------------------------------------ */

static void put_charts(const struct output *p, const struct report *r, size_t which)
{
	html_heat_map(p, r, which);
	if (r->groupings[which].is_over_time)
		html_over_charts(p, r, which);
	else
		html_chart(p, &r->groupings[which], &r->rankings[which]);
}

static void put_rows(struct sheet *s, size_t which)
{
	const struct report *r = s->report;
	bool is_over_time = s->grouping->is_over_time;

	if (!(is_over_time ? r->over[which].table.cells.n : s->ranking->n))
		fputs("<p class=\"none\">Nothing was counted.</p>\n", s->out->out);
	else if (is_over_time)
		put_over_table(s->out, r, which);
	else
		put_table(s);
}

static void put_ranking(const struct output *p, const struct report *r, size_t which, bool chart)
{
	struct sheet s = {.out = p,
		.report = r,
		.grouping = &r->groupings[which],
		.ranking = &r->rankings[which],
		.number = which + 1,
		.whole = report_whole(&r->rankings[which]),
		.largest = report_largest(&r->rankings[which])};

	if (r->sides)
		s.largest = largest_side(&s);
	fprintf(p->out, "<section%s aria-labelledby=\"r%zu\">\n<h2 id=\"r%zu\">",
		chart || r->n == 1 || report_columns(s.grouping) > 1 || s.grouping->is_over_time
			? " class=\"wide\""
			: "",
		s.number, s.number);
	put_arg(p, report_name(s.grouping));
	fputs("</h2>\n", p->out);
	put_properties(p, SCOPE_GROUPING, PROPERTY_TEXT, PROPERTY_LIST, s.grouping->spec);
	if (chart) {
		put_charts(p, r, which);
		fputs("<details class=\"numbers\"><summary>The numbers as a table</summary>\n",
			p->out);
	}
	put_rows(&s, which);
	fputs(chart ? "</details>\n</section>\n" : "</section>\n", p->out);
}

/* --- All ------------------------------------------------------------------------- */

/* Print the search field, which is hidden until the script shows it. */
static void put_search(const struct output *p)
{
	fputs("<div class=\"search\" role=\"search\" hidden>\n"
	      "<label for=\"search\">Search the rows of this page</label>\n"
	      "<input id=\"search\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\" "
	      "aria-keyshortcuts=\"/\">\n"
	      "<p id=\"found\" role=\"status\" aria-live=\"polite\"></p>\n</div>\n",
		p->out);
}

static bool has_chart(const struct report *r, size_t which)
{
	struct heat_map map;

	if (r->groupings[which].is_over_time)
		return html_over_has_chart(r, which);
	return heat_map_make(&map, r, which) ||
	       html_has_chart(&r->groupings[which], &r->rankings[which]);
}

/* Write the indexes of the rankings to order[], those with a chart first.  Returns the number of
 * rankings with a chart. */
static size_t arrange(const struct report *r, size_t *order)
{
	size_t charts = 0, n = 0;

	for (size_t i = 0; i < r->n; i++)
		if (!r->sides && has_chart(r, i))
			order[charts++] = i;
	for (size_t i = 0, chart = 0; i < r->n; i++) {
		if (chart < charts && order[chart] == i)
			chart++;
		else
			order[charts + n++] = i;
	}
	return charts;
}

static void put_nav(const struct output *p, const struct report *r, const size_t *order)
{
	fputs("<nav aria-label=\"Rankings\"><ul>\n", p->out);
	for (size_t i = 0; i < r->n; i++) {
		fprintf(p->out, "<li><a href=\"#r%zu\">", order[i] + 1);
		put_arg(p, report_name(&r->groupings[order[i]]));
		fputs("</a></li>\n", p->out);
	}
	fputs("</ul></nav>\n", p->out);
}

static void put_verdict(
	const struct output *p, const char *name, uint64_t n, uint64_t lines, const char *meaning)
{
	fprintf(p->out, "<tr><th scope=\"row\">%s</th><td>", name);
	put_count(p, n);
	fputs("</td><td>", p->out);
	put_share(p, (double)n, (double)lines);
	fprintf(p->out, "</td><td class=\"note\">%s</td></tr>\n", meaning);
}

/* Print an account.  `side` is the name of the side of a comparison that it is of, or NULL. */
static void put_account(const struct output *p, const struct report *r, const struct account *a,
	const char *side, const char *id)
{
	const struct verdicts *v = &a->verdicts;

	fprintf(p->out,
		"<section class=\"wide\" aria-labelledby=\"%s\">\n"
		"<h2 id=\"%s\">What became of every line%s",
		id, id, side ? " of " : "");
	put_arg(p, side ? side : "");
	fputs("</h2>\n<div class=\"scroll\"><table>\n<caption>", p->out);
	put_count(p, v->lines);
	fputs(" lines, ", p->out);
	put_count(p, a->bytes);
	fputs(" bytes of log</caption>\n<thead><tr><th scope=\"col\">lines</th>"
	      "<th scope=\"col\" class=\"number\">count</th><th scope=\"col\" class=\"number\">"
	      "share</th><th scope=\"col\">meaning</th></tr></thead>\n<tbody>\n",
		p->out);
	put_verdict(p, "matched", v->matched, v->lines, "counted in at least one ranking");
	put_verdict(p, "unmatched", verdicts_unmatched(v), v->lines,
		"the pattern does not match, or a field has no value");
	put_verdict(p, "unparsed", v->unparsed, v->lines, "does not match its log format");
	put_verdict(p, "filtered", v->filtered, v->lines,
		"dropped by -w, -g or -v, or a comment of the format");
	put_verdict(p, "given up", v->gave_up, v->lines,
		"a pattern exceeded its match limit, or a number is too large");
	if (report_has_statistics(r))
		put_verdict(p, "not numbers", v->not_numbers, v->lines,
			"matched, but without a number where -s needs one");
	fputs("</tbody></table></div>\n</section>\n", p->out);
}

/* Print the account of all lines; of a comparison, those of the sides. */
static void put_accounts(const struct output *p, const struct report *r)
{
	if (!r->sides)
		put_account(p, r, r->account, NULL, "account");
	for (int i = 0; r->sides && i < 2; i++)
		put_account(p, r, r->sides[i].account, r->sides[i].name,
			i ? "account-new" : "account-old");
}

static void put_footer(const struct output *p, const struct report *r)
{
	const char *zone = r->query->tz.value;

	fputs("<footer>Generated by wf " WF_VERSION ". Equal counts are ordered by key. "
	      "Times are in ",
		p->out);
	if (zone)
		put_arg(p, zone);
	else
		fputs("the log's time zone", p->out);
	fputs(".</footer>\n</body>\n</html>\n", p->out);
}

void print_html(const struct output *p, const struct report *r)
{
	size_t order[GROUPINGS_MAX], charts = arrange(r, order);

	put_head(p, r);
	put_header(p, r);
	put_figures(p, r);
	if (r->n > SECTIONS_WITHOUT_NAV)
		put_nav(p, r, order);
	put_search(p);
	fputs("<main>\n", p->out);
	for (size_t i = 0; i < r->n; i++)
		put_ranking(p, r, order[i], i < charts);
	put_accounts(p, r);
	fputs("</main>\n", p->out);
	put_footer(p, r);
}
