#include "regex/literal.h"

#include <string.h>

#include "scan/scan.h"
#include "regex/tokens.h"

/* A run of literal bytes: bytes[start, start + len) of struct reader. */
struct run {
	size_t start, len;
	unsigned weight;
	bool prefix;
};

/* Reads an expression, and appends each literal byte that it finds to .bytes.  The bytes from
 * .start on are the current run. */
struct reader {
	struct span rest; /* the part of the expression that has not been read */
	char *bytes;
	size_t n, start;
	struct run best; /* the run with the greatest weight, of those that have ended */
	bool at_start;   /* true if nothing was read before the current run */
	bool after_byte; /* true if the last token is the last byte of the current run */
};

static void end_run(struct reader *r)
{
	size_t len = r->n - r->start;
	unsigned weight = needle_weight(span_of(r->bytes + r->start, len));

	if (weight > r->best.weight)
		r->best = (struct run){r->start, len, weight, r->at_start};
	r->start = r->n;
	r->at_start = false;
	r->after_byte = false;
}

/* End the run at a quantifier, because the byte before it may be repeated.  If .min is 0, this byte
 * may also be absent, so it is removed from the run. */
static void read_quantifier(struct reader *r, const struct token *t)
{
	if (t->min == 0 && r->after_byte)
		r->n--;
	end_run(r);
}

static enum token_kind read_alternatives(struct reader *r);

/* Read a group.  A literal that the group requires is required by the whole expression, unless the
 * group may be absent.  False if the rest of the expression can't be understood. */
static bool read_group(struct reader *r)
{
	end_run(r);
	struct run before = r->best;

	if (read_alternatives(r) != TOKEN_CLOSE)
		return false;
	struct span rest = r->rest;
	struct token next = tokens_next(&rest);
	if (next.kind == TOKEN_QUANTIFIER && next.min == 0)
		r->best = before;
	return true;
}

/* Read a token.  False if the rest of the expression can't be understood. */
static bool read_token(struct reader *r, const struct token *t)
{
	switch (t->kind) {
	case TOKEN_BYTE:
		r->bytes[r->n++] = t->byte;
		r->after_byte = true;
		return true;
	case TOKEN_QUANTIFIER:
		read_quantifier(r, t);
		return true;
	case TOKEN_CAPTURE:
	case TOKEN_GROUP:
		return read_group(r);
	default:
		end_run(r);
		return t->kind != TOKEN_UNKNOWN;
	}
}

/* Read to the end of a group or of the expression.  If there are several alternatives, none of
 * their literals is required.  Returns TOKEN_CLOSE, TOKEN_END or TOKEN_UNKNOWN. */
static enum token_kind read_alternatives(struct reader *r)
{
	struct run before = r->best;
	bool several = false;
	struct token t;

	for (;;) {
		t = tokens_next(&r->rest);
		if (t.kind == TOKEN_CLOSE || t.kind == TOKEN_END)
			break;
		several |= t.kind == TOKEN_BAR;
		if (!read_token(r, &t))
			return TOKEN_UNKNOWN;
	}
	end_run(r);
	if (several)
		r->best = before;
	return t.kind;
}

struct literal literal_required(struct span re, char *out)
{
	struct reader r = {.rest = re, .bytes = out, .at_start = true};

	if (read_alternatives(&r) != TOKEN_END)
		return (struct literal){0};
	memmove(out, out + r.best.start, r.best.len);
	return (struct literal){r.best.len, r.best.prefix};
}
