#include "regex/tokens.h"

#include <ctype.h>

static bool begins_with_one_of(struct span s, const char *set)
{
	return s.len && s.at[0] && strchr(set, s.at[0]);
}

static void skip(struct span *s, size_t n)
{
	n = n < s->len ? n : s->len;
	s->at += n;
	s->len -= n;
}

static void skip_while(struct span *s, const char *set)
{
	while (begins_with_one_of(*s, set))
		skip(s, 1);
}

/* Read a decimal number.  False if *s does not begin with a digit, or if the number has more digits
 * than PCRE2 allows. */
static bool read_number(struct span *s, uint32_t *n)
{
	size_t digits = 0;

	for (*n = 0; begins_with_one_of(*s, "0123456789"); skip(s, 1)) {
		*n = 10 * *n + (uint32_t)(s->at[0] - '0');
		if (++digits > 5)
			return false;
	}
	return digits > 0;
}

/* Read the rest of a quantifier after its '{': "3}", "3,}" or "3,5}".  False for anything else,
 * because versions of PCRE2 differ about "{,5}" and about blanks. */
static bool read_braces(struct span *s, struct token *t)
{
	if (!read_number(s, &t->min))
		return false;
	t->max = t->min;
	if (begins_with_one_of(*s, ",")) {
		skip(s, 1);
		t->max = TOKEN_NO_MAX;
		if (!begins_with_one_of(*s, "}") && !read_number(s, &t->max))
			return false;
	}
	if (!begins_with_one_of(*s, "}"))
		return false;
	skip(s, 1);
	return true;
}

static void read_quantifier(struct span *s, char c, struct token *t)
{
	t->kind = TOKEN_QUANTIFIER;
	t->min = c == '+';
	t->max = c == '?' ? 1 : TOKEN_NO_MAX;
	if (c == '{' && !read_braces(s, t)) {
		skip_while(s, "0123456789, ");
		if (begins_with_one_of(*s, "}"))
			skip(s, 1);
		t->min = t->max = 0;
	}
	t->greedy = !begins_with_one_of(*s, "?+");
	if (!t->greedy)
		skip(s, 1);
}

/* Skip a '[' that is inside a class.  Skip all of "[:alpha:]", but only the '[' if it is a member
 * of the class.  False if it is unclear which of the two it is. */
static bool skip_bracket_in_class(struct span *s)
{
	skip(s, 1);
	if (!begins_with_one_of(*s, ":.="))
		return true;
	skip(s, 1);
	skip_while(s, "^abcdefghijklmnopqrstuvwxyz");
	if (s->len < 2 || s->at[0] != ':' || s->at[1] != ']')
		return false;
	skip(s, 2);
	return true;
}

/* Read the rest of a class after its '['.  Returns TOKEN_UNKNOWN if it is unclear where the class
 * ends. */
static enum token_kind read_class(struct span *s)
{
	if (begins_with_one_of(*s, "^"))
		skip(s, 1);
	if (begins_with_one_of(*s, "]"))
		skip(s, 1); /* as the first byte, a ']' is a member of the class */
	while (s->len && s->at[0] != ']') {
		if (s->at[0] == '[') {
			if (!skip_bracket_in_class(s))
				return TOKEN_UNKNOWN;
			continue;
		}
		bool escaped = s->at[0] == '\\';
		skip(s, 1);
		if (!escaped)
			continue;
		if (begins_with_one_of(*s, "QEcoxN"))
			return TOKEN_UNKNOWN;
		skip(s, 1);
	}
	if (!s->len)
		return TOKEN_UNKNOWN;
	skip(s, 1);
	return TOKEN_SET;
}

/* Read the rest of an escape after its '\'.  For a TOKEN_BYTE, *byte becomes the byte that it
 * matches. */
static enum token_kind read_escape(struct span *s, char *byte)
{
	if (!s->len)
		return TOKEN_UNKNOWN;
	char c = s->at[0];
	skip(s, 1);
	*byte = c;
	if (!isalnum((unsigned char)c))
		return TOKEN_BYTE;
	if (strchr("dDwWsSvVhHtnrfae", c))
		return TOKEN_SET;
	/* Other escapes take arguments or are rare, so they are not understood. */
	return strchr("RbBAzZGK", c) ? TOKEN_ASSERTION : TOKEN_UNKNOWN;
}

/* Read the bytes after a '(' that determine the kind of the group. */
static enum token_kind read_group(struct span *s)
{
	if (begins_with_one_of(*s, "*"))
		return TOKEN_UNKNOWN; /* a verb such as (*PRUNE) */
	if (!begins_with_one_of(*s, "?"))
		return TOKEN_CAPTURE;
	skip(s, 1);
	if (begins_with_one_of(*s, ":")) {
		skip(s, 1);
		return TOKEN_GROUP;
	}
	if (begins_with_one_of(*s, "P"))
		skip(s, 1);
	if (!begins_with_one_of(*s, "<"))
		return TOKEN_UNKNOWN;
	skip(s, 1);
	if (begins_with_one_of(*s, "=!*"))
		return TOKEN_UNKNOWN; /* a lookbehind */
	while (s->len && s->at[0] != '>')
		skip(s, 1);
	skip(s, 1);
	return TOKEN_CAPTURE;
}

static void read_token(struct span *s, struct token *t)
{
	char c = t->byte = s->at[0];

	skip(s, 1);
	switch (c) {
	case '\\':
		t->kind = read_escape(s, &t->byte);
		break;
	case '[':
		t->kind = read_class(s);
		break;
	case '(':
		t->kind = read_group(s);
		break;
	case ')':
		t->kind = TOKEN_CLOSE;
		break;
	case '|':
		t->kind = TOKEN_BAR;
		break;
	case '.':
		t->kind = TOKEN_SET;
		break;
	case '^':
	case '$':
		t->kind = TOKEN_ASSERTION;
		break;
	case '*':
	case '+':
	case '?':
	case '{':
		read_quantifier(s, c, t);
		break;
	default:
		t->kind = TOKEN_BYTE;
	}
}

struct token tokens_next(struct span *rest)
{
	struct token t = {.kind = TOKEN_END};
	const char *start = rest->at;

	if (rest->len)
		read_token(rest, &t);
	t.text = span_between(start, rest->at);
	return t;
}

enum { DEPTH = 32 };

/* The alternatives of a group, or of the whole expression, as far as they have been read. */
struct alternatives {
	bool several, any_empty;
	bool takes_byte; /* true if the current alternative matches at least one byte even without
			  * its last item */
	bool item_takes_byte; /* true if the last item matches a byte, too; a quantifier after it
			       * may change that */
};

static void end_item(struct alternatives *a)
{
	a->takes_byte |= a->item_takes_byte;
	a->item_takes_byte = false;
}

static void end_alternative(struct alternatives *a)
{
	end_item(a);
	a->any_empty |= !a->takes_byte;
	a->takes_byte = false;
}

/* True if an alternative may match without taking a byte.  False only if each alternative certainly
 * matches at least one byte, or if there is only one. */
static bool may_have_empty_alternative(struct span re)
{
	struct alternatives stack[DEPTH] = {0}, *a = stack;
	static const char caseless[] = "(?i)"; /* "(?i)" is common and makes no difference here, but
					        * is not understood: skip it */
	struct span rest = re;

	if (re.len >= 4 && memcmp(re.at, caseless, 4) == 0)
		skip(&rest, 4);
	for (;;) {
		struct token t = tokens_next(&rest);
		if (t.kind != TOKEN_QUANTIFIER)
			end_item(a);
		switch (t.kind) {
		case TOKEN_BYTE:
		case TOKEN_SET:
			a->item_takes_byte = true;
			break;
		case TOKEN_QUANTIFIER:
			a->item_takes_byte &= t.min > 0;
			break;
		case TOKEN_ASSERTION:
			break;
		case TOKEN_CAPTURE:
		case TOKEN_GROUP:
			if (++a == stack + DEPTH)
				return true;
			*a = (struct alternatives){0};
			break;
		case TOKEN_BAR:
			a->several = true;
			end_alternative(a);
			break;
		case TOKEN_CLOSE:
			end_alternative(a);
			if (a == stack || (a->several && a->any_empty))
				return true;
			a--;
			a->item_takes_byte = !a[1].any_empty;
			break;
		case TOKEN_END:
			end_alternative(a);
			return a->several && a->any_empty;
		case TOKEN_UNKNOWN:
			return memchr(re.at, '|', re.len) != NULL;
		}
	}
}

static bool holds(struct span re, const char *text)
{
	return memmem(re.at, re.len, text, strlen(text)) != NULL;
}

/* True if a group may be followed by a possessive quantifier, which ends with a '+'. */
static bool may_have_possessive_group(struct span re)
{
	for (; re.len; skip(&re, 1)) {
		struct span after = re;
		if (re.at[0] != ')')
			continue;
		skip(&after, 1);
		if (begins_with_one_of(after, "{"))
			skip_while(&after, "{0123456789, ");
		if (begins_with_one_of(after, "*+?}"))
			skip(&after, 1);
		if (begins_with_one_of(after, "+"))
			return true;
	}
	return false;
}

bool tokens_may_mislead_jit(struct span re)
{
	return holds(re, "(*") || holds(re, "(?>") || may_have_possessive_group(re) ||
	       may_have_empty_alternative(re);
}
