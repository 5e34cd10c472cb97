#include "report.h"

#include <errno.h>
#include <inttypes.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/utf8.h"

/* Where it goes, and what may be written there. */
struct paper {
	FILE *out;
	bool terminal;
	bool utf8;
	bool color;
};

static void put(const struct paper *p, struct span s)
{
	if (s.len)
		fwrite(s.at, 1, s.len, p->out);
}

/* --- Keys ---------------------------------------------------------------------- */

/* As it may be shown on a terminal: \x1b for what must not get there. */
static void put_safely(const struct paper *p, struct span key)
{
	while (key.len) {
		struct utf8 c = utf8_read(key);
		bool shown = c.code < 0x80 || (p->utf8 && c.code != UTF8_INVALID);
		if (shown && !utf8_is_unsafe(c.code))
			fwrite(key.at, 1, c.len, p->out);
		else if (c.code == '\t')
			fputs("\\t", p->out);
		else
			for (unsigned i = 0; i < c.len; i++)
				fprintf(p->out, "\\x%02x", (unsigned char)key.at[i]);
		key.at += c.len;
		key.len -= c.len;
	}
}

static void put_key(const struct paper *p, struct span key)
{
	if (p->terminal)
		put_safely(p, key);
	else
		put(p, key);
}

/* --- plain: what uniq -c prints -------------------------------------------------- */

static void print_plain(const struct paper *p, const struct report *r)
{
	for (size_t i = 0; i < r->ranking.n; i++) {
		fprintf(p->out, "%7" PRIu64 " ", r->ranking.rows[i]->count);
		put_key(p, entry_key(r->ranking.rows[i]));
		putc('\n', p->out);
	}
}

/* --- tsv, csv -------------------------------------------------------------------- */

/* A tab or a line's end in a key would be read as the format's own. */
static void put_tsv(const struct paper *p, struct span key)
{
	static const char special[] = "\\\t\n\r", letter[] = "\\tnr";
	size_t done = 0;

	for (size_t i = 0; i < key.len; i++) {
		const char *at = memchr(special, key.at[i], sizeof special - 1);
		if (!at)
			continue;
		put_key(p, span_of(key.at + done, i - done));
		fprintf(p->out, "\\%c", letter[at - special]);
		done = i + 1;
	}
	put_key(p, span_of(key.at + done, key.len - done));
}

static void print_tsv(const struct paper *p, const struct report *r)
{
	fputs("count\tkey\n", p->out);
	for (size_t i = 0; i < r->ranking.n; i++) {
		fprintf(p->out, "%" PRIu64 "\t", r->ranking.rows[i]->count);
		put_tsv(p, entry_key(r->ranking.rows[i]));
		putc('\n', p->out);
	}
}

static bool csv_needs_quotes(struct span key)
{
	for (size_t i = 0; i < key.len; i++)
		if (memchr(",\"\r\n", key.at[i], 4))
			return true;
	return false;
}

/* RFC 4180: quotes around a field are needed for some bytes, a quote in it is
 * doubled, lines end in CRLF. */
static void put_csv(const struct paper *p, struct span key)
{
	if (!csv_needs_quotes(key)) {
		put_key(p, key);
		return;
	}
	putc('"', p->out);
	for (const char *quote; (quote = key.len ? memchr(key.at, '"', key.len) : NULL);) {
		struct span part = span_between(key.at, quote + 1);
		put_key(p, part);
		putc('"', p->out);
		key.at += part.len;
		key.len -= part.len;
	}
	put_key(p, key);
	putc('"', p->out);
}

static void print_csv(const struct paper *p, const struct report *r)
{
	fputs("count,key\r\n", p->out);
	for (size_t i = 0; i < r->ranking.n; i++) {
		fprintf(p->out, "%" PRIu64 ",", r->ranking.rows[i]->count);
		put_csv(p, entry_key(r->ranking.rows[i]));
		fputs("\r\n", p->out);
	}
}

/* --- json (RFC 8259) ------------------------------------------------------------- */

/* Beyond 16 bits, as a pair of surrogates. */
static void put_json_code(const struct paper *p, uint32_t code)
{
	if (code > 0xffff) {
		fprintf(p->out, "\\u%04" PRIx32, 0xd800 + ((code - 0x10000) >> 10));
		code = 0xdc00 + (code & 0x3ff);
	}
	fprintf(p->out, "\\u%04" PRIx32, code);
}

static void put_json(const struct paper *p, struct span s)
{
	putc('"', p->out);
	while (s.len) {
		struct utf8 c = utf8_read(s);
		bool ascii_only = p->terminal && !p->utf8;
		if (c.code == UTF8_INVALID)
			fputs(ascii_only ? "\\ufffd" : "\xef\xbf\xbd", p->out);
		else if (c.code == '"' || c.code == '\\')
			fprintf(p->out, "\\%c", (int)c.code);
		else if (utf8_is_unsafe(c.code) || (ascii_only && c.code > 0x7f))
			put_json_code(p, c.code);
		else
			fwrite(s.at, 1, c.len, p->out);
		s.at += c.len;
		s.len -= c.len;
	}
	putc('"', p->out);
}

static void put_json_text(const struct paper *p, const char *name, const char *text)
{
	fprintf(p->out, "\"%s\":", name);
	if (text)
		put_json(p, span_text(text));
	else
		fputs("null", p->out);
}

static void put_json_words(const struct paper *p, const char *name, const struct words *w)
{
	fprintf(p->out, "\"%s\":[", name);
	for (size_t i = 0; i < w->n; i++) {
		if (i)
			putc(',', p->out);
		put_json(p, span_text(w->at[i]));
	}
	putc(']', p->out);
}

static void put_json_query(const struct paper *p, const struct query_spec *q)
{
	fputs("{\"query\":{", p->out);
	put_json_text(p, "regexp", q->regexp);
	putc(',', p->out);
	put_json_text(p, "key", q->key);
	fprintf(p->out, ",\"ignore_case\":%s,", q->ignore_case ? "true" : "false");
	put_json_words(p, "grep", &q->grep);
	putc(',', p->out);
	put_json_words(p, "vgrep", &q->vgrep);
	fputs("},\n", p->out);
}

static void put_json_account(const struct paper *p, const struct report *r)
{
	const struct account *a = r->account;
	const struct verdicts *v = &a->verdicts;

	fprintf(p->out,
		"\"account\":{\"bytes\":%" PRIu64 ",\"lines\":%" PRIu64 ",\"matched\":%" PRIu64
		",\"unmatched\":%" PRIu64 ",\"filtered\":%" PRIu64 ",\"given_up\":%" PRIu64
		",\"keys\":%" PRIu64 "},\n",
		a->bytes, v->lines, v->matched, verdicts_unmatched(v), v->filtered, v->gave_up,
		r->keys);
}

static void print_json(const struct paper *p, const struct report *r)
{
	put_json_query(p, r->query);
	put_json_account(p, r);
	fprintf(p->out, "\"reports\":[{\"name\":\"%s\",\"rows\":[",
		r->query->regexp ? "match" : "url");
	for (size_t i = 0; i < r->ranking.n; i++) {
		fprintf(p->out, "%s\n{\"count\":%" PRIu64 ",\"key\":", i ? "," : "",
			r->ranking.rows[i]->count);
		put_json(p, entry_key(r->ranking.rows[i]));
		putc('}', p->out);
	}
	fputs("]}]}\n", p->out);
}

/* --- table: for people ----------------------------------------------------------- */

enum { BAR = 16, NUMBER = 32 };

/* 1234567 -> "1,234,567" */
static const char *grouped(uint64_t n, char out[NUMBER])
{
	char *p = out + NUMBER - 1;
	unsigned digits = 0;

	*p = '\0';
	do {
		if (digits && digits % 3 == 0)
			*--p = ',';
		*--p = (char)('0' + n % 10);
		digits++;
	} while (n /= 10);
	return p;
}

static double share(uint64_t part, uint64_t whole)
{
	return whole ? (double)part / (double)whole : 0;
}

/* A bar in eighths of a column, as long as the row's count is to the first row's. */
static void put_bar(const struct paper *p, double length)
{
	static const char *const eighths[] = {" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"};
	int filled = (int)(length * BAR * 8 + 0.5);

	for (int i = 0; i < BAR; i++, filled -= 8) {
		int here = filled < 0 ? 0 : filled > 8 ? 8 : filled;
		if (p->utf8)
			fputs(eighths[here], p->out);
		else
			putc(here > 3 ? '#' : ' ', p->out);
	}
}

static void put_color(const struct paper *p, const char *code)
{
	if (p->color)
		fprintf(p->out, "\033[%sm", code);
}

static void print_row(
	const struct paper *p, const struct report *r, const struct entry *e, int width)
{
	char number[NUMBER];
	double percent = 100 * share(e->count, r->account->verdicts.matched);

	fprintf(p->out, "%*s ", width, grouped(e->count, number));
	fprintf(p->out, "%6.2f%%  ", percent);
	put_color(p, "36");
	put_bar(p, share(e->count, r->ranking.rows[0]->count));
	put_color(p, "0");
	fputs("  ", p->out);
	put_safely(p, entry_key(e));
	putc('\n', p->out);
}

static void print_table(const struct paper *p, const struct report *r)
{
	char number[NUMBER];

	if (!r->ranking.n)
		return;
	int width = (int)strlen(grouped(r->ranking.rows[0]->count, number));
	if (width < 7)
		width = 7;
	put_color(p, "1");
	fprintf(p->out, "%*s   SHARE  %*s  %s", width, "COUNT", BAR, "",
		r->query->regexp ? "KEY" : "URL");
	put_color(p, "0");
	putc('\n', p->out);
	for (size_t i = 0; i < r->ranking.n; i++)
		print_row(p, r, r->ranking.rows[i], width);
}

/* --- All ------------------------------------------------------------------------- */

struct format {
	const char *name;
	void (*print)(const struct paper *, const struct report *);
};

static const struct format formats[] = {
	{"table", print_table},
	{"plain", print_plain},
	{"tsv", print_tsv},
	{"csv", print_csv},
	{"json", print_json},
};

static const struct format *find_format(const char *name)
{
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	return NULL;
}

bool report_has(const char *format)
{
	return find_format(format) != NULL;
}

/* no-color.org: set and not empty means no. */
static bool want_color(enum when when, bool terminal)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	if (when != WHEN_AUTO)
		return when == WHEN_ALWAYS;
	return terminal && !(no && *no) && !(term && strcmp(term, "dumb") == 0);
}

bool report_print(const struct report_spec *spec, const struct report *r)
{
	struct paper p = {.out = stdout, .terminal = isatty(STDOUT_FILENO)};
	const char *name = spec->format;

	setlocale(LC_CTYPE, "");
	p.utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	p.color = want_color(spec->color, p.terminal);
	if (!name)
		name = p.terminal ? "table" : "plain";
	find_format(name)->print(&p, r);
	errno = 0;
	return fflush(p.out) == 0 && !ferror(p.out);
}

static void print_number(const char *name, uint64_t n, uint64_t whole)
{
	char number[NUMBER];

	fprintf(stderr, "wf: %-10s %20s", name, grouped(n, number));
	if (whole)
		fprintf(stderr, "  %6.2f%%", 100 * share(n, whole));
	putc('\n', stderr);
}

void report_stats(const struct report *r, unsigned workers, double seconds)
{
	const struct account *a = r->account;
	const struct verdicts *v = &a->verdicts;

	print_number("bytes", a->bytes, 0);
	print_number("lines", v->lines, 0);
	print_number("matched", v->matched, v->lines);
	print_number("unmatched", verdicts_unmatched(v), v->lines);
	print_number("filtered", v->filtered, v->lines);
	print_number("given up", v->gave_up, v->lines);
	print_number("keys", r->keys, 0);
	fprintf(stderr, "wf: %.3f s, %.2f GB/s, %.1f million lines/s, %u worker%s\n", seconds,
		(double)a->bytes / seconds / 1e9, (double)v->lines / seconds / 1e6, workers,
		workers == 1 ? "" : "s");
}
