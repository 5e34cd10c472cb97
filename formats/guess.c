#include "formats/guess.h"

#include <stdlib.h>

#include "formats/quotes.h"
#include "lib/lines.h"

struct tries {
	size_t fits[GUESS_FORMATS];      /* number of lines that fit each format */
	bool has_heading[GUESS_FORMATS]; /* true if a heading of the format was found */
	size_t fits_any;                 /* number of lines that fit at least one format */
	struct logformat *broken; /* the Common Log Format, if a line with broken quotes fits it */
	uint64_t number;          /* number of the current line, counting from 1 */
	uint64_t first_unknown;   /* number of the first line that fits no format; 0 if all fit */
	struct span first_unknown_line;
};

bool guess_is_heading(const struct logformat *format, struct span line)
{
	struct span start = logformat_heading(format);

	return start.len && line.len >= start.len && memcmp(line.at, start.at, start.len) == 0;
}

/* True if a text in quotes is not followed by a blank.  Such a line fits the Common Log Format, which
 * allows anything after its last field, but it is a broken line of a longer format. */
static bool has_broken_quotes(struct span line)
{
	const char *p = line.at, *end = span_end(line);

	while (p < end && (p = memchr(p, '"', (size_t)(end - p)))) {
		p = quotes_find(p + 1, end);
		if (!p || (++p < end && !span_is_one_of(*p, " \t\r")))
			return true;
	}
	return false;
}

/* True for a line of LTSV or logfmt with fewer than two fields that have a value.  Such a line does
 * not count, because a single "label:value" or "a=b" occurs in many other texts.  Nor does a line of
 * the Common Log Format with broken quotes count. */
static bool is_too_little(const struct logformat *format, struct span line)
{
	bool logfmt = strcmp(logformat_name(format), "logfmt") == 0;

	if (strcmp(logformat_name(format), "common") == 0)
		return has_broken_quotes(line);
	if (!logfmt && strcmp(logformat_name(format), "ltsv") != 0)
		return false;
	line = span_trim_end(span_trim_start(line, " \t"), "\t");
	const char *first = span_first(line, logfmt ? '=' : '\t');
	return !first || (logfmt && !span_first(span_between(first + 1, span_end(line)), '='));
}

/* True if the line fits the format, and counts for it. */
static bool counts(struct logformat *format, struct span line, const struct cut *cut)
{
	bool fits = logformat_cut(format, line, cut) == CUT_FITS && !is_too_little(format, line);

	arena_reset(cut->arena);
	return fits;
}

/* Guess the format if all lines fit the format that the first line fits, as in nearly all logs.
 * Formats after that format need not be tried, because they cannot win.  A format before it wins if
 * it fits more than half of the lines.  Once a format does not fit half of GUESS_LINES lines, it
 * cannot win, and is not tried again.  NULL if a line does not fit; then all lines must be tried
 * with all formats. */
static struct logformat *guess_uniform(
	struct logformat *const *formats, size_t n, struct span rest, const struct cut *cut)
{
	size_t fits[GUESS_FORMATS] = {0}, lines = 0, last = 0;

	for (struct span line; lines < GUESS_LINES && lines_next(&rest, &line); lines++) {
		while (!lines && last < n && !counts(formats[last], line, cut))
			last++;
		if (last == n || (lines && !counts(formats[last], line, cut)))
			return NULL;
		for (size_t i = 0; lines && i < last; i++)
			if (lines - fits[i] < GUESS_LINES / 2)
				fits[i] += counts(formats[i], line, cut);
	}
	for (size_t i = 0; i < last; i++)
		if (2 * fits[i] > lines)
			return formats[i];
	return lines ? formats[last] : NULL;
}

/* Cut a line by each format, and count the line for each format that it fits.  False if out of
 * memory. */
static bool try_line(struct logformat *const *formats, size_t n, struct span line,
	const struct cut *cut, struct tries *t)
{
	bool any = false;

	t->number++;
	for (size_t i = 0; i < n; i++) {
		enum cut_result result = logformat_cut(formats[i], line, cut);
		if (result == CUT_FAILED)
			return false;
		if (result == CUT_COMMENT && guess_is_heading(formats[i], line))
			t->has_heading[i] = any = true;
		if (result != CUT_FITS)
			continue;
		if (is_too_little(formats[i], line)) {
			if (strcmp(logformat_name(formats[i]), "common") == 0)
				t->broken = formats[i];
			continue;
		}
		t->fits[i]++;
		t->fits_any += !any;
		any = true;
	}
	arena_reset(cut->arena);
	if (!any && !t->first_unknown && !lines_is_blank(line)) {
		t->first_unknown = t->number;
		t->first_unknown_line = line;
	}
	return true;
}

static struct logformat *best(struct logformat *const *formats, size_t n, const struct tries *t)
{
	size_t most = 0;

	for (size_t i = 0; i < n; i++) {
		if (2 * t->fits[i] > t->fits_any)
			return formats[i];
		if (t->fits[i] > t->fits[most])
			most = i;
	}
	if (t->fits[most])
		return formats[most];
	if (t->broken)
		return t->broken;
	for (size_t i = 0; i < n; i++)
		if (t->has_heading[i])
			return formats[i];
	return NULL;
}

static void complain_of_line(struct complaint *c, uint64_t number, struct span line)
{
	enum { SHOWN = 100 };
	char text[SHOWN + 1];
	size_t len = line.len < SHOWN ? line.len : SHOWN;

	for (size_t i = 0; i < len; i++)
		text[i] = line.at[i] ? line.at[i] : '?'; /* a NUL would end the message */
	text[len] = '\0';
	complain(c, "line %llu fits no known log format: \"%s%s\"", (unsigned long long)number,
		text, line.len > SHOWN ? "..." : "");
}

static bool try_lines(struct logformat *const *formats, size_t n, struct span rest,
	const struct cut *cut, struct tries *t)
{
	for (struct span line; t->fits_any < GUESS_LINES && lines_next(&rest, &line);)
		if (!try_line(formats, n, line, cut, t))
			return false;
	return true;
}

/* Let all formats forget their headings.  Returns the largest number of slots that a format
 * needs. */
static size_t restart(struct logformat *const *formats, size_t n)
{
	size_t slots = 0;

	for (size_t i = 0; i < n; i++) {
		logformat_restart(formats[i], span_of("", 0));
		if (logformat_slots(formats[i]) > slots)
			slots = logformat_slots(formats[i]);
	}
	return slots;
}

bool guess_format(struct logformat *const *formats, size_t n, struct span lines,
	struct logformat **found, struct complaint *c)
{
	struct arena arena = {0};
	struct tries t = {0};
	struct cut cut = {
		.arena = &arena, .slots = calloc(restart(formats, n) + 1, sizeof *cut.slots)};
	bool ok = cut.slots != NULL;

	*found = ok ? guess_uniform(formats, n, lines, &cut) : NULL;
	if (ok && !*found) {
		restart(formats, n);
		ok = try_lines(formats, n, lines, &cut, &t);
		*found = best(formats, n, &t);
	}
	free(cut.slots);
	arena_free(&arena);
	if (!ok)
		return complain(c, "out of memory");
	if (!*found && t.first_unknown)
		complain_of_line(c, t.first_unknown, t.first_unknown_line);
	else if (!*found)
		*found = formats[0];
	return true;
}
