#include "regex/literal.h"

#include <string.h>

#include "scan/scan.h"
#include "regex/tokens.h"

/* A run of literal bytes, at a place in the reader's bytes. */
struct run {
	size_t start, len;
	unsigned weight;
	bool prefix;
};

/* Each literal byte of the expression is appended to bytes as it is read.  Those since
 * start are the current run; best is the best of the runs that have ended. */
struct seekable {
	struct span rest;
	char *bytes;
	size_t n, start;
	struct run best;
	bool at_start;   /* nothing but this run has been read */
	bool after_byte; /* the token just read is the run's last byte */
};

static void end_run(struct seekable *r)
{
	size_t len = r->n - r->start;
	unsigned weight = needle_weight(span_of(r->bytes + r->start, len));

	if (weight > r->best.weight)
		r->best = (struct run){r->start, len, weight, r->at_start};
	r->start = r->n;
	r->at_start = false;
	r->after_byte = false;
}

/* What stands before may come again, and may be absent if min is 0. */
static void quantifier(struct seekable *r, const struct token *t)
{
	if (t->min == 0 && r->after_byte)
		r->n--;
	end_run(r);
}

static enum token_kind alternatives(struct seekable *r);

/* What a group requires is required of the whole, unless the group may be absent. */
static bool group(struct seekable *r)
{
	end_run(r);
	struct run before = r->best;

	if (alternatives(r) != TOKEN_CLOSE)
		return false;
	struct span rest = r->rest;
	struct token next = tokens_next(&rest);
	if (next.kind == TOKEN_QUANTIFIER && next.min == 0)
		r->best = before;
	return true;
}

/* False where nothing is known of what comes. */
static bool take(struct seekable *r, const struct token *t)
{
	switch (t->kind) {
	case TOKEN_BYTE:
		r->bytes[r->n++] = t->byte;
		r->after_byte = true;
		return true;
	case TOKEN_QUANTIFIER:
		quantifier(r, t);
		return true;
	case TOKEN_CAPTURE:
	case TOKEN_GROUP:
		return group(r);
	default:
		end_run(r);
		return t->kind != TOKEN_UNKNOWN;
	}
}

/* Up to the end of a group or of the expression, which is returned; or TOKEN_UNKNOWN.
 * Of several alternatives none is required. */
static enum token_kind alternatives(struct seekable *r)
{
	struct run before = r->best;
	bool several = false;
	struct token t;

	for (;;) {
		t = tokens_next(&r->rest);
		if (t.kind == TOKEN_CLOSE || t.kind == TOKEN_END)
			break;
		several |= t.kind == TOKEN_BAR;
		if (!take(r, &t))
			return TOKEN_UNKNOWN;
	}
	end_run(r);
	if (several)
		r->best = before;
	return t.kind;
}

struct literal literal_required(struct span re, char *out)
{
	struct seekable r = {.rest = re, .bytes = out, .at_start = true};

	if (alternatives(&r) != TOKEN_END)
		return (struct literal){0};
	memmove(out, out + r.best.start, r.best.len);
	return (struct literal){r.best.len, r.best.prefix};
}
