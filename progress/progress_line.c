#include "progress/progress_line.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lib/human.h"
#include "lib/terminal.h"

enum { PIECES = 8, PIECE = 40, LONGEST_WAIT = 100 * 3600 };

/* The parts of the line, from left to right. */
struct pieces {
	size_t n;
	struct piece {
		char text[PIECE];
		int worth; /* pieces with the least worth are left out first; 0 if this piece is
			    * left out */
	} at[PIECES];
};

__attribute__((format(printf, 3, 4))) static void add(
	struct pieces *p, int worth, const char *format, ...)
{
	struct piece *piece = &p->at[p->n++];
	va_list args;

	piece->worth = worth;
	va_start(args, format);
	vsnprintf(piece->text, sizeof piece->text, format, args);
	va_end(args);
}

/* Write a number with three digits and a prefix, and with `blank` between them, such as "1.23 G".
 */
static const char *large(double n, const char *blank, char out[PIECE])
{
	struct human_scaled s = human_scale(n);
	int places = !*s.prefix || s.number >= 99.95 ? 0 : s.number >= 9.995 ? 1 : 2;

	snprintf(out, PIECE, "%.*f%s%s", places, s.number, blank, s.prefix);
	return out;
}

static void add_wait(struct pieces *p, const struct progress *s)
{
	uint64_t left = s->total > s->done ? s->total - s->done : 0;
	char wait[HUMAN_TEXT];

	if (!s->total || s->done_rate <= 0 || (double)left / s->done_rate >= LONGEST_WAIT)
		return;
	add(p, 7, "ETA %s", human_clock((uint64_t)((double)left / s->done_rate + 0.999), wait));
}

/* Add the percentage that is done.  The percentage is rounded down, so 100 % means that everything
 * is done.  It is at most 100, even if .done exceeds .total because the ends of lines were read
 * twice. */
static void add_share(struct pieces *p, const struct progress *s)
{
	double percent = s->total ? 100 * (double)s->done / (double)s->total : 0;

	if (s->total && percent < 10)
		add(p, 8, "%d.%d%%", (int)percent, (int)(10 * percent) % 10);
	else if (s->total)
		add(p, 8, "%d%%", percent < 100 ? (int)percent : 100);
}

static void add_all(struct pieces *p, const struct progress *s)
{
	char text[PIECE];

	if (s->ranking)
		add(p, 9, "ranking");
	else
		add(p, 6, "%sB", large((double)s->bytes, " ", text));
	add_share(p, s);
	if (!s->ranking)
		add(p, 5, "%sB/s", large(s->bytes_rate, " ", text));
	if (!s->ranking && s->lines)
		add(p, 4, "%s lines/s", large(s->lines_rate, "", text));
	add_wait(p, s);
	if (s->spilled)
		add(p, 3, "%sB spilled", large((double)s->spilled, " ", text));
	if (s->workers)
		add(p, 2, "%" PRIu64 " worker%s", s->workers, human_plural(s->workers));
}

static size_t length(const struct pieces *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		if (p->at[i].worth)
			n += strlen(p->at[i].text) + (n ? 2 : 0);
	return n;
}

/* Leave out the piece with the least worth.  False if no piece is left. */
static bool drop_least(struct pieces *p)
{
	struct piece *least = NULL;

	for (size_t i = 0; i < p->n; i++)
		if (p->at[i].worth && (!least || p->at[i].worth < least->worth))
			least = &p->at[i];
	if (least)
		least->worth = 0;
	return least != NULL;
}

const char *progress_line_text(
	const struct progress *s, size_t columns, char out[PROGRESS_LINE_SIZE])
{
	struct pieces p = {0};
	size_t room = columns && columns < PROGRESS_LINE_SIZE ? columns : PROGRESS_LINE_SIZE - 1,
	       n = 0;

	add_all(&p, s);
	while (length(&p) > room && drop_least(&p))
		;
	*out = '\0';
	for (size_t i = 0; i < p.n; i++)
		if (p.at[i].worth)
			n += (size_t)snprintf(out + n, PROGRESS_LINE_SIZE - n, "%s%s",
				n ? "  " : "", p.at[i].text);
	return out;
}

/* Leave the last column free, since some terminals move to the next line when it is written. */
bool progress_line_paint(const struct progress *s, int fd)
{
	char text[PROGRESS_LINE_SIZE];
	size_t columns = terminal_columns(fd);

	if (!terminal_is_ours(fd))
		return false;
	terminal_put_line(fd, progress_line_text(s, columns > 1 ? columns - 1 : columns, text));
	return true;
}
