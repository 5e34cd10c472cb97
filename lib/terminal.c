#include "lib/terminal.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/fullio.h"
#include "lib/utf8.h"

enum { COLUMNS_MAX = 100000, LINE = 1024, ESCAPE = 4 };

size_t terminal_columns(int fd)
{
	const char *wanted = getenv("COLUMNS");
	struct winsize size;
	char *end = NULL;
	long n = wanted ? strtol(wanted, &end, 10) : 0;

	if (n > 0 && n <= COLUMNS_MAX && !*end)
		return (size_t)n;
	return ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

bool terminal_can_erase(int fd)
{
	const char *term = getenv("TERM");

	return isatty(fd) && term && *term && strcmp(term, "dumb") != 0;
}

bool terminal_is_ours(int fd)
{
	pid_t foreground = tcgetpgrp(fd);

	return foreground < 0 || foreground == getpgrp();
}

/* --- Writing ---------------------------------------------------------------------- */

/* The locale is examined on each call, not only once: wf writes to a terminal too seldom for that
 * to matter. */
bool terminal_is_utf8(void)
{
	locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);

	if (!locale)
		return false; /* if the locale does not exist, programs use the locale C */
	bool utf8 = strcmp(nl_langinfo_l(CODESET, locale), "UTF-8") == 0;
	freelocale(locale);
	return utf8;
}

/* True if the first character of `rest`, which is *c, may be written to a terminal unchanged. */
static bool is_shown(struct span rest, const struct utf8 *c, bool utf8)
{
	if (c->code == '\n' || c->code == '\t')
		return true;
	if (c->code == '\r')
		return rest.len > 1 && rest.at[1] == '\n';
	return (c->code < 0x80 || (utf8 && c->code != UTF8_INVALID)) && !utf8_is_unsafe(c->code);
}

/* Escape at most TERMINAL_AT_ONCE bytes of text.  Returns the length of the result. */
static size_t escape(struct span text, bool utf8, char out[ESCAPE * TERMINAL_AT_ONCE + 1])
{
	char *to = out;

	while (text.len) {
		struct utf8 c = utf8_read(text);
		bool shown = is_shown(text, &c, utf8);
		for (unsigned i = 0; i < c.len; i++, text.at++, text.len--) {
			if (shown)
				*to++ = *text.at;
			else
				to += snprintf(to, ESCAPE + 1, "\\x%02x", (unsigned char)*text.at);
		}
	}
	return (size_t)(to - out);
}

/* Return how many bytes at the end of the text can be judged only together with the byte after
 * them: the bytes of an unfinished character, or a carriage return. */
static size_t undecided(struct span text)
{
	const char *end = span_end(text);

	if (text.len && end[-1] == '\r')
		return 1;
	for (size_t n = 1; n <= 3 && n <= text.len; n++) {
		struct utf8 c = utf8_read(span_of(end - n, n));
		if (c.code == UTF8_INVALID && c.len == n && (unsigned char)end[-n] >= 0xc2)
			return (unsigned char)end[-n] <= 0xf4 ? n : 0;
	}
	return 0;
}

/* Escape text, and write it to a terminal. */
static bool show(int fd, struct span text, bool utf8)
{
	char escaped[ESCAPE * TERMINAL_AT_ONCE + 1];

	return fullio_write(fd, escaped, escape(text, utf8, escaped));
}

bool terminal_write(int fd, struct span text)
{
	bool ok = true;

	if (!isatty(fd))
		return fullio_write(fd, text.at, text.len);
	bool utf8 = terminal_is_utf8();
	while (ok && text.len) {
		struct span part =
			span_of(text.at, text.len < TERMINAL_AT_ONCE ? text.len : TERMINAL_AT_ONCE);
		if (part.len < text.len)
			part.len -= undecided(part);
		ok = show(fd, part, utf8);
		text = span_of(text.at + part.len, text.len - part.len);
	}
	return ok;
}

/* --- Streams ---------------------------------------------------------------------- */

/* The state of a stream to a terminal. */
struct gate {
	int fd;
	bool utf8;
	size_t held; /* number of bytes in .text that are undecided() */
	char text[TERMINAL_AT_ONCE];
};

static ssize_t gate_write(void *cookie, const char *bytes, size_t n)
{
	struct gate *g = cookie;

	for (size_t done = 0; done < n;) {
		size_t room = sizeof g->text - g->held, more = n - done < room ? n - done : room;
		memcpy(g->text + g->held, bytes + done, more);
		struct span text = span_of(g->text, g->held + more);
		g->held = undecided(text);
		text.len -= g->held;
		if (!show(g->fd, text, g->utf8))
			return 0;
		memmove(g->text, span_end(text), g->held);
		done += more;
	}
	return (ssize_t)n;
}

static int gate_close(void *cookie)
{
	struct gate *g = cookie;
	bool ok = show(g->fd, span_of(g->text, g->held), g->utf8);

	free(g);
	return ok ? 0 : EOF;
}

FILE *terminal_stream(FILE *standard)
{
	static const cookie_io_functions_t functions = {.write = gate_write, .close = gate_close};

	if (!isatty(fileno(standard)))
		return standard;
	struct gate *g = malloc(sizeof *g);
	if (!g)
		return NULL;
	*g = (struct gate){.fd = fileno(standard), .utf8 = terminal_is_utf8()};
	FILE *out = fopencookie(g, "w", functions);
	if (!out) {
		free(g);
		return NULL;
	}
	setvbuf(out, NULL, _IOLBF, BUFSIZ);
	return out;
}

bool terminal_close(FILE *out)
{
	bool flushed = fflush(out) == 0;
	int error = flushed ? EIO : errno; /* EIO: a write failed before, but its errno is lost */
	bool ok = flushed && !ferror(out);

	if (out != stdout && out != stderr && fclose(out) != 0 && ok) {
		error = errno;
		ok = false;
	}
	errno = error;
	return ok;
}

/* --- Control sequences: no others reach a terminal -------------------------------- */

void terminal_put_color(FILE *out, int fd, const char *code)
{
	char sequence[32];

	snprintf(sequence, sizeof sequence, "\033[%sm", code);
	if (fd < 0)
		fputs(sequence, out);
	else if (fflush(out) == 0)
		(void)fullio_write(fd, sequence, strlen(sequence));
}

void terminal_put_line(int fd, const char *line)
{
	char text[1 + ESCAPE * TERMINAL_AT_ONCE + sizeof "\033[K"] = "\r";
	struct span shown = span_text(line);

	if (shown.len > LINE)
		shown.len = LINE;
	size_t n = 1 + escape(shown, false, text + 1);
	n += (size_t)sprintf(text + n, "\033[K");
	/* If the terminal does not accept the text, ignore the error. */
	(void)fullio_write(fd, text, n);
}
