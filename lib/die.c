#include "lib/die.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { MESSAGE = 4096 };

static size_t escape(char *out, size_t room, const char *text)
{
	size_t n = 0;

	for (; *text && n + 5 < room; text++) {
		unsigned char c = (unsigned char)*text;
		if (c < 0x20 || c == 0x7f)
			n += (size_t)snprintf(out + n, room - n, "\\x%02x", c);
		else
			out[n++] = *text;
	}
	return n;
}

static void message(const char *format, va_list args)
{
	char text[MESSAGE], line[MESSAGE + 8] = "wf: ";

	vsnprintf(text, sizeof text, format, args);
	size_t n = 4 + escape(line + 4, sizeof line - 5, text);
	line[n++] = '\n';
	/* Nothing can be done about an stderr that does not take it. */
	if (write(STDERR_FILENO, line, n) < 0)
		return;
}

void warn(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	message(format, args);
	va_end(args);
}

void die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	message(format, args);
	va_end(args);
	exit(STATUS_ERROR);
}
