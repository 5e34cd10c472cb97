#include "query.h"

#include <stdlib.h>

#include "lib/die.h"
#include "logformat.h"
#include "pattern.h"
#include "template.h"

/* A pattern, and the literal to try before it. */
struct asker {
	struct pattern *pattern;
	struct needle needle; /* literal.len 0: none */
	bool drop;            /* as a filter: drop lines that match, not keep them */
};

struct query {
	const struct scan *scan;
	struct asker *filters;
	size_t n_filters;
	struct asker key; /* pattern NULL: the URL of an access log */
	unsigned group;   /* which group is the key, without a template */
	struct template *template;

	/* Of a line without this needle's literal the verdict is known: filtered out
	 * if a filter asks for it, else unmatched.  NULL: ask every line. */
	const struct needle *driver;
	bool driver_filters;
	bool driver_begins; /* what is before the literal in its line does not matter */
	bool simple;        /* and the rest can be matched without PCRE2 */
};

/* Columns that the first n bytes of text take in a message. */
static int columns(const char *text, size_t n)
{
	int width = 0;

	for (size_t i = 0; i < n && text[i]; i++) {
		unsigned char c = (unsigned char)text[i];
		if (c < 0x20 || c == 0x7f)
			width += 4; /* printed as \xNN */
		else if ((c & 0xc0) != 0x80)
			width++; /* not a continuation of UTF-8 */
	}
	return width;
}

static struct asker compile(const char *option, const char *re, const struct query_spec *spec)
{
	struct pattern_error error;
	struct asker a = {.pattern = pattern_compile(span_text(re), spec->ignore_case, &error)};

	if (!a.pattern) {
		warn("%s: %s", option, error.why);
		warn("  %s", re);
		die("  %*s^", columns(re, error.offset), "");
	}
	struct span literal = pattern_literal(a.pattern);
	if (literal.len)
		a.needle = needle_of(literal);
	return a;
}

static void compile_filters(struct query *q, const struct query_spec *spec)
{
	q->filters = calloc(spec->grep.n + spec->vgrep.n + 1, sizeof *q->filters);
	if (!q->filters)
		die("query: out of memory");
	for (size_t i = 0; i < spec->grep.n; i++)
		q->filters[q->n_filters++] = compile("-g", spec->grep.at[i], spec);
	for (size_t i = 0; i < spec->vgrep.n; i++) {
		q->filters[q->n_filters] = compile("-v", spec->vgrep.at[i], spec);
		q->filters[q->n_filters++].drop = true;
	}
}

static void compile_key(struct query *q, const struct query_spec *spec)
{
	char why[256];

	if (spec->key && !spec->regexp)
		die("-k: a template needs a pattern: -e RE");
	if (!spec->regexp)
		return;
	q->key = compile("-e", spec->regexp, spec);
	q->group = pattern_groups(q->key.pattern) ? 1 : 0;
	if (!spec->key)
		return;
	q->template = template_compile(spec->key, q->key.pattern, why, sizeof why);
	if (!q->template)
		die("-k: %s", why);
}

static void choose_driver(struct query *q)
{
	for (size_t i = 0; i < q->n_filters; i++) {
		if (q->filters[i].drop || !q->filters[i].needle.literal.len)
			continue;
		q->driver = &q->filters[i].needle;
		q->driver_filters = true;
		return;
	}
	/* With a filter first, a line without the key's literal may be either. */
	if (q->n_filters == 0 && q->key.pattern && q->key.needle.literal.len) {
		q->driver = &q->key.needle;
		q->driver_begins = pattern_starts_with_literal(q->key.pattern);
		q->simple = pattern_is_simple(q->key.pattern);
	}
}

struct query *query_compile(const struct query_spec *spec, const struct scan *scan)
{
	struct query *q = calloc(1, sizeof *q);

	if (!q)
		die("query: out of memory");
	q->scan = scan;
	compile_filters(q, spec);
	compile_key(q, spec);
	choose_driver(q);
	return q;
}

void query_free(struct query *q)
{
	for (size_t i = 0; i < q->n_filters; i++)
		pattern_free(q->filters[i].pattern);
	free(q->filters);
	template_free(q->template);
	pattern_free(q->key.pattern);
	free(q);
}

struct batch *batch_new(void)
{
	/* Not cleared: most of it is never touched, and so takes no memory. */
	struct batch *b = malloc(sizeof *b);

	if (b) {
		b->n = 0;
		b->scratch = NULL;
		b->scratch_len = b->scratch_room = 0;
	}
	return b;
}

void batch_free(struct batch *b)
{
	if (b)
		free(b->scratch);
	free(b);
}

static bool scratch_reserve(struct batch *b, size_t len)
{
	size_t need = b->scratch_len + len;

	if (need <= b->scratch_room)
		return true;
	size_t room = need < QUERY_BLOCK ? QUERY_BLOCK : need + need / 2;
	char *more = realloc(b->scratch, room);
	if (!more)
		return false;
	b->scratch = more;
	b->scratch_room = room;
	return true;
}

/* The template's key goes to the scratch, which may still move: until the block is
 * done, the span holds the key's offset there. */
static bool add_composed(struct query *q, struct batch *b)
{
	size_t len = template_len(q->template, q->key.pattern);

	if (!scratch_reserve(b, len))
		return false;
	template_write(q->template, q->key.pattern, b->scratch + b->scratch_len);
	b->keys[b->n++] = span_of((const char *)(uintptr_t)b->scratch_len, len);
	b->scratch_len += len;
	return true;
}

static void place_composed(struct batch *b)
{
	for (size_t i = 0; i < b->n; i++)
		b->keys[i].at = b->scratch + (uintptr_t)b->keys[i].at;
}

static enum pattern_result ask(const struct query *q, struct asker *a, struct span line)
{
	if (a->needle.literal.len && &a->needle != q->driver &&
		q->scan->find(line, &a->needle) == line.len)
		return PATTERN_NO;
	return pattern_match(a->pattern, line);
}

static void give_up(struct batch *b, struct span line)
{
	if (b->verdicts.gave_up++ == 0)
		b->gave_up_at = line.at;
}

/* True if the line is still of interest; else its verdict has been counted. */
static bool passes_filters(struct query *q, struct span line, struct batch *b)
{
	for (size_t i = 0; i < q->n_filters; i++) {
		enum pattern_result got = ask(q, &q->filters[i], line);
		if (got == PATTERN_GAVE_UP) {
			give_up(b, line);
			return false;
		}
		if ((got == PATTERN_YES) == q->filters[i].drop) {
			b->verdicts.filtered++;
			return false;
		}
	}
	return true;
}

/* The key of the line that the pattern has just matched. */
static bool add_key(struct query *q, struct batch *b)
{
	b->verdicts.matched++;
	if (q->template)
		return add_composed(q, b);
	b->keys[b->n++] = pattern_group(q->key.pattern, q->group);
	return true;
}

/* One line without its '\n'. */
static bool ask_line(struct query *q, struct span line, struct batch *b)
{
	if (line.len && line.at[line.len - 1] == '\r')
		line.len--;
	if (!passes_filters(q, line, b))
		return true;
	if (!q->key.pattern) {
		if (logformat_url(line, &b->keys[b->n])) {
			b->n++;
			b->verdicts.matched++;
		}
		return true;
	}
	switch (ask(q, &q->key, line)) {
	case PATTERN_NO:
		return true;
	case PATTERN_GAVE_UP:
		give_up(b, line);
		return true;
	case PATTERN_YES:
		break;
	}
	return add_key(q, b);
}

static uint64_t count_lines(const struct query *q, struct span block)
{
	bool unfinished = block.len && block.at[block.len - 1] != '\n';

	return q->scan->count(block, '\n') + unfinished;
}

/* The start of the line that p is in. */
static const char *line_start(const char *block, const char *p)
{
	const char *before = span_last(span_between(block, p), '\n');

	return before ? before + 1 : block;
}

/* Ask the line in which the literal was found at hit.  *next becomes where to go on:
 * the next line, or the same where only this place of it has been ruled out. */
static bool ask_at(
	struct query *q, struct span rest, const char *hit, const char **next, struct batch *b)
{
	const char *end = rest.at + rest.len, *from = hit;
	enum pattern_result got = PATTERN_GAVE_UP;

	if (q->simple)
		got = pattern_match_here(q->key.pattern, span_between(hit, end));
	if (got == PATTERN_NO) {
		*next = hit + 1;
		return true;
	}
	const char *to = memchr(hit, '\n', (size_t)(end - hit));
	*next = to ? to + 1 : end;
	if (got == PATTERN_YES)
		return add_key(q, b);
	if (!q->driver_begins)
		from = line_start(rest.at, hit);
	return ask_line(q, span_between(from, to ? to : end), b);
}

static bool ask_by_literal(struct query *q, struct span block, struct batch *b)
{
	const char *next = block.at, *end = block.at + block.len;
	uint64_t asked = 0;

	while (next < end) {
		struct span rest = span_between(next, end);
		size_t at = q->scan->find(rest, q->driver);
		if (at == rest.len)
			break;
		if (!ask_at(q, rest, rest.at + at, &next, b))
			return false;
		asked++;
	}
	if (b->gave_up_at)
		b->gave_up_at = line_start(block.at, b->gave_up_at);
	b->verdicts.lines = count_lines(q, block);
	if (q->driver_filters)
		b->verdicts.filtered += b->verdicts.lines - asked;
	return true;
}

static bool ask_each_line(struct query *q, struct span block, struct batch *b)
{
	const char *p = block.at, *end = block.at + block.len;
	size_t n = 0;

	/* A longer block is one line, which ends at its end. */
	if (block.len <= QUERY_BLOCK) {
		n = q->scan->places(block, '\n', b->ends);
	} else if (end[-1] == '\n') {
		end--;
	}
	b->verdicts.lines = n;
	for (size_t i = 0; i < n; i++) {
		const char *to = block.at + b->ends[i];
		if (!ask_line(q, span_between(p, to), b))
			return false;
		p = to + 1;
	}
	if (p == end)
		return true;
	b->verdicts.lines++;
	return ask_line(q, span_between(p, end), b);
}

bool query_ask(struct query *q, struct span block, struct batch *b)
{
	b->n = 0;
	b->verdicts = (struct verdicts){0};
	b->gave_up_at = NULL;
	b->scratch_len = 0;
	bool ok = q->driver ? ask_by_literal(q, block, b) : ask_each_line(q, block, b);
	if (b->scratch_len)
		place_composed(b);
	return ok;
}
