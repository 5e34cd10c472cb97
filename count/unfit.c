#include "count/unfit.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* How many bytes before the first byte that does not fit are shown of a long line. */
enum { BEFORE = 100 };

void unfit_note(struct unfit *u, struct logformat *format, const char *start, const char *end)
{
	const char *newline = memchr(start, '\n', (size_t)(end - start));
	struct span line = span_between(start, newline ? newline : end);
	const char *name = logformat_name(format);
	bool is_long = strlen(name) >= UNFIT_FORMAT;
	size_t stop = logformat_stop(format, line), skipped = 0;

	snprintf(u->format, sizeof u->format, "%.*s%s", UNFIT_FORMAT - 4, name,
		is_long ? "..." : "");
	if (stop != SIZE_MAX && stop > UNFIT_LINE / 2 && line.len >= UNFIT_LINE)
		skipped = stop - BEFORE;
	line = span_from(line, skipped);
	if (line.len >= UNFIT_LINE)
		line.len = UNFIT_LINE - 1;
	for (size_t i = 0; i < line.len; i++)
		u->line[i] = line.at[i] ? line.at[i] : '?';
	u->line[line.len] = '\0';
	u->stop = stop == SIZE_MAX ? SIZE_MAX : stop - skipped;
}
