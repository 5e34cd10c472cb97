#include "paper.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/utf8.h"

/* no-color.org: set and not empty means no. */
static bool want_color(enum when when, bool terminal)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	if (when != WHEN_AUTO)
		return when == WHEN_ALWAYS;
	return terminal && !(no && *no) && !(term && strcmp(term, "dumb") == 0);
}

struct paper paper_open(enum when color)
{
	struct paper p = {.out = stdout, .terminal = isatty(STDOUT_FILENO)};

	setlocale(LC_CTYPE, "");
	p.utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	p.color = want_color(color, p.terminal);
	return p;
}

void paper_put(const struct paper *p, struct span s)
{
	if (s.len)
		fwrite(s.at, 1, s.len, p->out);
}

void paper_put_key(const struct paper *p, struct span key)
{
	if (p->terminal)
		utf8_put_safely(p->out, key, p->utf8);
	else
		paper_put(p, key);
}

void paper_color(const struct paper *p, const char *code)
{
	if (p->color)
		fprintf(p->out, "\033[%sm", code);
}

size_t paper_width(const struct paper *p, struct span key)
{
	size_t width = 0;

	while (key.len) {
		struct utf8 c = utf8_read(key);
		bool shown = c.code < 0x80 || (p->utf8 && c.code != UTF8_INVALID);
		if (shown && !utf8_is_unsafe(c.code))
			width++;
		else
			width += c.code == '\t' ? 2 : 4 * c.len;
		key = span_of(key.at + c.len, key.len - c.len);
	}
	return width;
}

const char *grouped(const char *digits, char out[GROUPED])
{
	size_t sign = *digits == '-', whole = strcspn(digits + sign, "."), n = 0;
	const char *from = digits + sign;

	if (sign)
		out[n++] = '-';
	for (size_t i = 0; i < whole; i++) {
		if (i && (whole - i) % 3 == 0)
			out[n++] = ',';
		out[n++] = from[i];
	}
	snprintf(out + n, GROUPED - n, "%s", from + whole);
	return out;
}

const char *grouped_number(uint64_t n, char out[GROUPED])
{
	char digits[24];

	snprintf(digits, sizeof digits, "%" PRIu64, n);
	return grouped(digits, out);
}
