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

/* Skip a '[' inside a class.  If it begins a named set such as "[:alpha:]", skip the whole named
 * set.  If the '[' is itself a member of the class, skip only the '['.  False if it is unclear
 * which of the two it is. */
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
