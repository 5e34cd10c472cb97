#include "report/safe_output.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <unistd.h>
#include <wchar.h>

#include "lib/terminal.h"
#include "lib/utf8.h"

/* True if colours are wanted.  For CHOICE_AUTO, the environment variable NO_COLOR turns colours off
 * if it is set and not empty, as no-color.org says. */
static bool want_color(enum choice when, bool terminal)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	if (when != CHOICE_AUTO)
		return when == CHOICE_ALWAYS;
	return terminal && !(no && *no) && !(term && strcmp(term, "dumb") == 0);
}

bool output_use_locale(struct output *p)
{
	errno = 0;
	if (!setlocale(LC_CTYPE, "") && errno == ENOMEM)
		return false;
	p->utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	return true;
}

bool output_open(struct output *p, enum choice color, bool piped)
{
	bool terminal = !piped && isatty(STDOUT_FILENO);

	*p = (struct output){.out = stdout,
		.fd = terminal ? STDOUT_FILENO : -1,
		.terminal = terminal,
		.color = want_color(color, terminal),
		.columns = terminal ? terminal_columns(STDOUT_FILENO) : 0};
	if (!terminal)
		return true;
	p->out = output_use_locale(p) ? terminal_stream(stdout) : NULL;
	return p->out != NULL;
}

bool output_close(struct output *p)
{
	return terminal_close(p->out);
}

static void put(const struct output *p, struct span s)
{
	if (s.len)
		fwrite(s.at, 1, s.len, p->out);
}

void output_put_key(const struct output *p, struct span key)
{
	if (p->terminal)
		utf8_put_safely(p->out, key, p->utf8);
	else
		put(p, key);
}

void output_color(const struct output *p, const char *code)
{
	if (p->color)
		terminal_put_color(p->out, p->fd, code);
}

/* A character or an invalid byte: its length in bytes, and the number of columns that it takes on
 * the terminal, where it may be escaped. */
struct cell {
	size_t len, width;
};

static size_t width_of(uint32_t code)
{
	int width = code < 0x80 ? 1 : wcwidth((wchar_t)code);

	return width < 0 ? 2 : (size_t)width;
}

/* Measure the first cell of a key, which must not be empty. */
static struct cell read_cell(const struct output *p, struct span key)
{
	struct utf8 c = utf8_read(key);
	bool shown = c.code < 0x80 || (p->utf8 && c.code != UTF8_INVALID);

	if (shown && !utf8_is_unsafe(c.code))
		return (struct cell){c.len, width_of(c.code)};
	return (struct cell){c.len, c.code == '\t' ? 2 : 4 * c.len};
}

size_t output_width(const struct output *p, struct span key)
{
	size_t width = 0;

	while (key.len) {
		struct cell c = read_cell(p, key);
		width += c.width;
		key = span_of(key.at + c.len, key.len - c.len);
	}
	return width;
}

/* Return the longest beginning of a key that fits into `room` columns, including combining marks at
 * its end.  *width becomes the width of the result. */
static struct span head_of(const struct output *p, struct span key, size_t room, size_t *width)
{
	size_t len = 0;

	*width = 0;
	while (len < key.len) {
		struct cell c = read_cell(p, span_of(key.at + len, key.len - len));
		if (*width + c.width > room)
			break;
		*width += c.width;
		len += c.len;
	}
	return span_of(key.at, len);
}

/* Return the longest end of a key that fits into `room` columns.  *width is the width of the key,
 * and becomes the width of the result.  The result does not begin with a combining mark, because
 * the letter before the mark would be missing. */
static struct span tail_of(const struct output *p, struct span key, size_t *width, size_t room)
{
	while (key.len) {
		struct cell c = read_cell(p, key);
		if (*width <= room && c.width)
			break;
		*width -= c.width;
		key = span_of(key.at + c.len, key.len - c.len);
	}
	return key;
}

size_t output_put_cut(const struct output *p, struct span key, size_t room)
{
	size_t width = output_width(p, key), left, right = width;
	const char *dots = p->utf8 ? "…" : "...";
	size_t dotted = p->utf8 ? 1 : 3;

	if (width <= room) {
		output_put_key(p, key);
		return width;
	}
	if (dotted > room)
		dotted = room;
	struct span head = head_of(p, key, (room - dotted + 1) / 2, &left);
	struct span tail = tail_of(p, key, &right, (room - dotted) - left);
	output_put_key(p, head);
	fprintf(p->out, "%.*s", p->utf8 && dotted ? (int)strlen(dots) : (int)dotted, dots);
	output_put_key(p, tail);
	return left + dotted + right;
}
