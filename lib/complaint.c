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
