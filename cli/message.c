#include "cli/message.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/terminal.h"
#include "lib/utf8.h"

enum { MESSAGE = 4096, NAME = 80 };

static char prefix[NAME + 3]; /* "NAME: ", set by message_prefix(); or empty */

void message_prefix(const char *name)
{
	prefix[0] = '\0';
	if (name)
		snprintf(prefix, sizeof prefix, "%.*s: ", NAME, name);
}

/* Copy a text, and write each byte that is not safe to print on a terminal as \xNN.  Returns the
 * length of the copy. */
static size_t escape(char *out, size_t room, const char *text)
{
	struct span rest = span_text(text);
	size_t n = 0;

	while (rest.len && n + 20 < room) {
		struct utf8 c = utf8_read(rest);
		bool safe = c.code != UTF8_INVALID && !utf8_is_unsafe(c.code);
		for (unsigned i = 0; i < c.len; i++, rest.at++, rest.len--) {
			if (safe)
				out[n++] = *rest.at;
			else
				n += (size_t)snprintf(
					out + n, room - n, "\\x%02x", (unsigned char)*rest.at);
		}
	}
	return n;
}

static void message(const char *format, va_list args)
{
	char text[MESSAGE], line[MESSAGE + 8] = "wf: ";
	size_t len = strlen(prefix);

	memcpy(text, prefix, len);
	vsnprintf(text + len, sizeof text - len, format, args);
	size_t n = 4 + escape(line + 4, sizeof line - 5, text);
	line[n++] = '\n';
	/* Nothing can be done if stderr fails. */
	(void)terminal_write(STDERR_FILENO, span_of(line, n));
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

/* Return the number of columns that the first `n` bytes of `text` take on a terminal after
 * escape(). */
static int columns(const char *text, size_t n)
{
	bool utf8 = !isatty(STDERR_FILENO) || terminal_is_utf8();
	struct span rest = span_of(text, n);
	size_t width = 0;

	while (rest.len) {
		struct utf8 c = utf8_read(rest);
		bool shown = c.code < 0x80 || (utf8 && c.code != UTF8_INVALID);
		width += shown && !utf8_is_unsafe(c.code) ? 1 : 4 * c.len;
		rest = span_of(rest.at + c.len, rest.len - c.len);
	}
	return (int)width;
}

void warn_of(const struct complaint *c)
{
	warn("%s", c->text);
	if (c->offset != SIZE_MAX)
		warn_of_place(c);
}

void warn_of_place(const struct complaint *c)
{
	warn("  %s", c->source);
	if (c->offset <= strlen(c->source)) /* if not, .source was too long and was cut off */
		warn("  %*s^", columns(c->source, c->offset), "");
}

void die_of(const struct complaint *c)
{
	warn_of(c);
	exit(STATUS_ERROR);
}

static void print_warning(void *ctx, const struct complaint *c)
{
	(void)ctx;
	warn_of(c);
}

const struct warner warn_on_stderr = {.warn = print_warning};
