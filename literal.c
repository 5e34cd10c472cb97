#include "literal.h"

#include <ctype.h>
#include <string.h>

#include "lib/scan.h"

/* A run of literal bytes, at a place in the reader's bytes. */
struct run {
	size_t start, len;
	unsigned weight;
	bool prefix;
};

/* Each literal byte of the expression is appended to bytes as it is read.  Those
 * since start are the current run; best is the best of the runs that have ended. */
struct reader {
	const char *at, *end;
	char *bytes;
	size_t n, start;
	struct run best;
	bool at_start;	 /* nothing but this run has been read */
	bool after_byte; /* the item just read is the run's last byte */
	bool unknown;	 /* met what this reader does not know: no literal at all */
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

static void literal_byte(struct reader *r, char c)
{
	r->bytes[r->n++] = c;
	r->after_byte = true;
}

static bool next_is_one_of(const struct reader *r, const char *set)
{
	return r->at < r->end && *r->at && strchr(set, *r->at);
}

static void skip_while(struct reader *r, const char *set)
{
	while (next_is_one_of(r, set))
		r->at++;
}

/* At '*', '?', '+' or '{': what stands before may come again, and may be absent but
 * for '+'.  Of braces it is enough to know that they may allow none; braces that are
 * no quantifier but literals end the run just as well. */
static void quantifier(struct reader *r)
{
	char c = *r->at++;

	if (c == '{') {
		skip_while(r, "0123456789, ");
		if (next_is_one_of(r, "}"))
			r->at++;
	}
	if (c != '+' && r->after_byte)
		r->n--;
	end_run(r);
	skip_while(r, "?+"); /* lazy, possessive */
}

/* At a '[' in a class: past "[:alpha:]", or past the bracket where it is a plain
 * one.  What may be either is unknown. */
static void bracket_in_class(struct reader *r)
{
	r->at++;
	if (!next_is_one_of(r, ":.="))
		return;
	r->at++;
	skip_while(r, "^abcdefghijklmnopqrstuvwxyz");
	if (r->at + 1 < r->end && r->at[0] == ':' && r->at[1] == ']')
		r->at += 2;
	else
		r->unknown = true;
}

/* After '[': to behind the class's end. */
static void class(struct reader *r)
{
	end_run(r);
	if (next_is_one_of(r, "^"))
		r->at++;
	if (next_is_one_of(r, "]"))
		r->at++; /* comes first, so it is a member */
	while (r->at < r->end && *r->at != ']') {
		if (*r->at == '[') {
			bracket_in_class(r);
			continue;
		}
		if (*r->at++ != '\\')
			continue;
		if (next_is_one_of(r, "QEcoxN"))
			r->unknown = true;
		r->at++;
	}
	r->at++;
}

/* After '\'. */
static void escape(struct reader *r)
{
	if (r->at == r->end) {
		r->unknown = true;
		return;
	}
	char c = *r->at++;
	if (!isalnum((unsigned char)c)) {
		literal_byte(r, c);
		return;
	}
	/* These are one byte of a set, or an assertion; the others take arguments. */
	if (!strchr("dDwWsSvVhHRbBAzZGKtnrfae", c))
		r->unknown = true;
	end_run(r);
}

/* After '(': true if a group follows that only groups or captures, its content next. */
static bool plain_group(struct reader *r)
{
	if (next_is_one_of(r, "*"))
		return false;
	if (!next_is_one_of(r, "?"))
		return true;
	r->at++;
	if (next_is_one_of(r, ":")) {
		r->at++;
		return true;
	}
	if (next_is_one_of(r, "P"))
		r->at++;
	if (!next_is_one_of(r, "<"))
		return false;
	r->at++;
	if (next_is_one_of(r, "=!*"))
		return false; /* looks behind */
	while (r->at < r->end && *r->at != '>')
		r->at++;
	r->at++;
	return true;
}

static void alternatives(struct reader *r);

/* After '('.  What a group requires is required of the whole, unless the group may
 * be absent. */
static void group(struct reader *r)
{
	end_run(r);
	struct run before = r->best;

	if (!plain_group(r)) {
		r->unknown = true;
		return;
	}
	alternatives(r);
	r->at++; /* ')' */
	if (next_is_one_of(r, "*?{"))
		r->best = before;
}

static void item(struct reader *r)
{
	switch (*r->at) {
	case '*':
	case '?':
	case '+':
	case '{':
		quantifier(r);
		return;
	}
	char c = *r->at++;
	switch (c) {
	case '\\':
		escape(r);
		break;
	case '[':
		class(r);
		break;
	case '(':
		group(r);
		break;
	case '.':
	case '^':
	case '$':
		end_run(r);
		break;
	default:
		literal_byte(r, c);
	}
}

/* Up to the ')' that ends the group, or to the end.  Of several alternatives none is
 * required. */
static void alternatives(struct reader *r)
{
	struct run before = r->best;
	bool several = false;

	while (r->at < r->end && *r->at != ')' && !r->unknown) {
		if (*r->at == '|') {
			several = true;
			end_run(r);
			r->at++;
		} else {
			item(r);
		}
	}
	end_run(r);
	if (several)
		r->best = before;
}

struct literal literal_required(struct span re, char *out)
{
	struct reader r = {.at = re.at, .end = re.at + re.len, .bytes = out, .at_start = true};

	alternatives(&r);
	/* Left over is what should not be: a ')' too many, or a step past the end. */
	if (r.unknown || r.at != r.end)
		return (struct literal){0};
	memmove(out, out + r.best.start, r.best.len);
	return (struct literal){r.best.len, r.best.prefix};
}
