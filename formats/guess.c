#include "formats/guess.h"

#include <stdlib.h>

#include "lib/lines.h"

struct tries {
	size_t fits[GUESS_FORMATS];      /* number of lines that fit each format */
	bool has_heading[GUESS_FORMATS]; /* true if a heading of the format was found */
	size_t fits_any;                 /* number of lines that fit at least one format */
	uint64_t number;                 /* number of the current line, counting from 1 */
	uint64_t first_unknown; /* number of the first line that fits no format; 0 if all fit */
	struct span first_unknown_line;
};

bool guess_is_heading(const struct logformat *format, struct span line)
{
	struct span start = logformat_heading(format);

	return start.len && line.len >= start.len && memcmp(line.at, start.at, start.len) == 0;
}

/* True for an LTSV line with fewer than two fields.  Such a line does not count, because a single
 * "label:value" occurs in many other texts. */
static bool is_too_little(const struct logformat *format, struct span line)
{
	if (strcmp(logformat_name(format), "ltsv") != 0)
		return false;
	while (line.len && strchr(" \t", line.at[0]))
		line = span_from(line, 1);
	while (line.len && line.at[line.len - 1] == '\t')
		line.len--;
	return !line.len || !memchr(line.at, '\t', line.len);
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
		if (result != CUT_FITS || is_too_little(formats[i], line))
			continue;
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

bool guess_format(struct logformat *const *formats, size_t n, struct span lines,
	struct logformat **found, struct complaint *c)
{
	struct arena arena = {0};
	struct tries t = {0};
	size_t slots = 0;

	for (size_t i = 0; i < n; i++) {
		logformat_restart(formats[i], span_of("", 0));
		if (logformat_slots(formats[i]) > slots)
			slots = logformat_slots(formats[i]);
	}
	struct cut cut = {.arena = &arena, .slots = calloc(slots + 1, sizeof *cut.slots)};
	bool ok = cut.slots && try_lines(formats, n, lines, &cut, &t);
	free(cut.slots);
	arena_free(&arena);
	if (!ok)
		return complain(c, "out of memory");
	*found = best(formats, n, &t);
	if (!*found && t.first_unknown)
		complain_of_line(c, t.first_unknown, t.first_unknown_line);
	else if (!*found)
		*found = formats[0];
	return true;
}
