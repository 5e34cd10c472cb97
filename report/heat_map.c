#include "report/heat_map.h"

#include <stdlib.h>

#include "lib/decimal.h"

static const char *const day_names[HEAT_DAYS] = {
	"1-Mon", "2-Tue", "3-Wed", "4-Thu", "5-Fri", "6-Sat", "7-Sun"};

static bool ends_with(const char *name, const char *end)
{
	size_t len = strlen(name), n = strlen(end);

	return len > n && strcmp(name + len - n, end) == 0;
}

/* Find out which value of a key is the weekday; the other one is the hour.  False if the fields of
 * the ranking are not a weekday and an hour. */
static bool find_fields(const struct grouping *q, size_t *day)
{
	*day = 0;
	if (q->is_over_time || q->n_fields != 2)
		return false;
	*day = ends_with(q->names.at[1], "/dow");
	return ends_with(q->names.at[*day], "/dow") && ends_with(q->names.at[1 - *day], "/hod");
}

/* Find the day and the hour of a key.  False if a value is something else, such as "-". */
static bool find_place(const struct span *values, size_t day_at, int *day, int *hour)
{
	struct span d = values[day_at], h = values[1 - day_at];

	*day = d.len ? d.at[0] - '1' : -1;
	if (*day < 0 || *day >= HEAT_DAYS || !span_equal(d, span_text(day_names[*day])))
		return false;
	if (h.len != 2 || !decimal_is_digits(h))
		return false;
	*hour = 10 * (h.at[0] - '0') + (h.at[1] - '0');
	return *hour < HEAT_HOURS;
}

bool heat_map_make(struct heat_map *m, const struct report *r, size_t which)
{
	const struct ranking *ranking = &r->rankings[which];
	const struct grouping *q = &r->groupings[which];
	size_t day_at;
	int day, hour;

	*m = (struct heat_map){.largest = report_largest(ranking)};
	if (!find_fields(q, &day_at) || ranking->n < ranking->keys || m->largest <= 0)
		return false;
	for (int i = 0; i < HEAT_DAYS; i++)
		snprintf(m->days[i], HEAT_DAY_NAME, "%s", day_names[i]);
	for (size_t i = 0; i < ranking->n; i++) {
		const struct row *row = &ranking->rows[i];
		if (report_weight(ranking, row) < 0)
			return false;
		if (find_place(report_values(r, q, row), day_at, &day, &hour))
			m->at[day][hour] = row;
	}
	return true;
}

int heat_map_shade(const struct heat_map *m, const struct ranking *r, int day, int hour, int most)
{
	const struct row *row = m->at[day][hour];
	double share = row ? report_share(report_weight(r, row), m->largest) : 0;
	int shade = (int)(share * most + 0.999);

	return share <= 0 ? 0 : shade < 1 ? 1 : shade > most ? most : shade;
}

/* --- On a terminal ----------------------------------------------------------------- */

void print_heat_map(const struct output *p, const struct report *r, size_t which)
{
	static const char *const shades[] = {" ", "░", "▒", "▓", "█"};
	static const char *const ascii[] = {" ", ".", "-", "+", "#"};
	struct heat_map m;

	if (!heat_map_make(&m, r, which))
		return;
	output_color(p, "1");
	fputs("\n       ", p->out);
	for (int hour = 0; hour < HEAT_HOURS; hour += 3)
		fprintf(p->out, "%02d    ", hour);
	output_color(p, "0");
	putc('\n', p->out);
	for (int day = 0; day < HEAT_DAYS; day++) {
		fprintf(p->out, "%s  ", m.days[day]);
		output_color(p, "36");
		for (int hour = 0; hour < HEAT_HOURS; hour++) {
			int shade = heat_map_shade(&m, &r->rankings[which], day, hour, 4);
			const char *text = p->utf8 ? shades[shade] : ascii[shade];
			fprintf(p->out, "%s%s", text, text);
		}
		output_color(p, "0");
		putc('\n', p->out);
	}
}

/* --- On an HTML page ---------------------------------------------------------------- */

enum { SHADES = 9 };

static void put_value(const struct output *p, const struct ranking *r, const struct row *row)
{
	char text[HUMAN_TEXT];

	if (!row)
		fputs("0", p->out);
	else if (r->by == BY_COUNT)
		fputs(human_count(row->count, text), p->out);
	else
		fputs(report_value_for_people(r, row, r->by, text), p->out);
}

static void put_cell(const struct output *p, const struct heat_map *m, const struct ranking *r,
	int day, int hour)
{
	const double width = 100.0 / HEAT_HOURS, height = 100.0 / HEAT_DAYS;

	fprintf(p->out,
		"<rect class=\"h%d\" x=\"%.4f%%\" y=\"%.4f%%\" width=\"%.4f%%\" height=\"%.4f%%\">",
		heat_map_shade(m, r, day, hour, SHADES), width * (hour + 0.03),
		height * (day + 0.05), width * 0.94, height * 0.9);
	fprintf(p->out, "<title>%s %02d: ", m->days[day], hour);
	put_value(p, r, m->at[day][hour]);
	fputs("</title></rect>\n", p->out);
}

void html_heat_map(const struct output *p, const struct report *r, size_t which)
{
	const struct ranking *ranking = &r->rankings[which];
	struct heat_map m;

	if (!heat_map_make(&m, r, which))
		return;
	fputs("<figure class=\"chart\">\n<div class=\"days\" aria-hidden=\"true\">", p->out);
	for (int day = 0; day < HEAT_DAYS; day++)
		fprintf(p->out, "<span>%s</span>", m.days[day]);
	fputs("</div>\n<svg class=\"bars\" role=\"img\" aria-label=\"A map of weekdays and "
	      "hours\">\n",
		p->out);
	for (int day = 0; day < HEAT_DAYS; day++)
		for (int hour = 0; hour < HEAT_HOURS; hour++)
			put_cell(p, &m, ranking, day, hour);
	fputs("</svg>\n<svg class=\"axis\" aria-hidden=\"true\">", p->out);
	for (int hour = 0; hour < HEAT_HOURS; hour += 3)
		fprintf(p->out, "<text x=\"%.4f%%\" y=\"14\">%02d</text>",
			100.0 * (hour + 0.5) / HEAT_HOURS, hour);
	fputs("</svg>\n<figcaption>The darkest hour has ", p->out);
	for (size_t i = 0; i < ranking->n; i++)
		if (report_weight(ranking, &ranking->rows[i]) >= m.largest) {
			put_value(p, ranking, &ranking->rows[i]);
			break;
		}
	fputs("</figcaption>\n</figure>\n", p->out);
}
