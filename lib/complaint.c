#include "lib/complaint.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void fill(struct complaint *c, size_t offset, const char *format, va_list args)
{
	*c = (struct complaint){.offset = offset};
	vsnprintf(c->text, sizeof c->text, format, args);
}

bool complain(struct complaint *c, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fill(c, SIZE_MAX, format, args);
	va_end(args);
	return false;
}

bool complain_at(struct complaint *c, size_t offset, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fill(c, offset, format, args);
	va_end(args);
	return false;
}

bool complain_memory(struct complaint *c, const char *who)
{
	return complain(c, "%s: out of memory", who);
}

/* Put "NAME: " before the text.  Leave out the middle of a long name, so that the text is not cut
 * off. */
static void put_name(struct complaint *c, const char *name)
{
	enum { LEAST = 200, MOST = 800, ROOM = sizeof c->text - sizeof ": " };
	char why[ROOM - LEAST + 1];
	size_t len = strlen(name);

	snprintf(why, sizeof why, "%.*s", ROOM - LEAST, c->text);
	size_t room = ROOM - strlen(why) < MOST ? ROOM - strlen(why) : MOST;
	int end = (int)(room - sizeof "...") / 2;
	if (len <= room)
		snprintf(c->text, sizeof c->text, "%s: %s", name, why);
	else
		snprintf(
			c->text, sizeof c->text, "%.*s...%s: %s", end, name, name + len - end, why);
}

bool complain_of(struct complaint *c, const char *name, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fill(c, SIZE_MAX, format, args);
	va_end(args);
	put_name(c, name);
	return false;
}

bool complaint_about(struct complaint *c, struct arg arg)
{
	char why[sizeof c->text];

	memcpy(why, c->text, sizeof why);
	snprintf(c->text, sizeof c->text, "%.200s: %.800s", arg.origin, why);
	if (c->offset != SIZE_MAX && arg.value)
		snprintf(c->source, sizeof c->source, "%s", arg.value);
	return false;
}

void warner_warn(const struct warner *w, const char *format, ...)
{
	struct complaint c;
	va_list args;

	va_start(args, format);
	fill(&c, SIZE_MAX, format, args);
	va_end(args);
	w->warn(w->ctx, &c);
}

void warner_warn_of(const struct warner *w, const char *name, const char *format, ...)
{
	struct complaint c;
	va_list args;

	va_start(args, format);
	fill(&c, SIZE_MAX, format, args);
	va_end(args);
	put_name(&c, name);
	w->warn(w->ctx, &c);
}
