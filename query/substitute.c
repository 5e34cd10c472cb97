#include "query/substitute.h"

#include <ctype.h>
#include <stdlib.h>

#include "lib/array.h"
#include "regex/pattern.h"
#include "store/pack.h"

struct substitution {
	struct pattern *pattern;
	struct key_template *to;
	bool every_match;
	bool ignore_case;
	char *replacement; /* owns the text of .to */

	struct pack out; /* the edited key, while it is being made */
};

/* --- Compiling ---------------------------------------------------------------------- */

/* The parts of a text, which point into it. */
struct parts {
	char delimiter;
	struct span from, to, flags;
};

/* Return the first delimiter in `text` without a backslash before it; NULL if there is none. */
static const char *find_delimiter(const char *text, char delimiter)
{
	for (; *text; text++) {
		if (*text == delimiter)
			return text;
		if (*text == '\\' && text[1])
			text++;
	}
	return NULL;
}

static bool split(const char *text, struct parts *p, struct complaint *c)
{
	if (text[0] != 's' || !text[1] || text[1] == '\\' || text[1] == '\n')
		return complain_at(c, text[0] == 's', "write s/RE/REPL/, or s/RE/REPL/gi");
	p->delimiter = text[1];
	const char *second = find_delimiter(text + 2, p->delimiter);
	const char *third = second ? find_delimiter(second + 1, p->delimiter) : NULL;
	if (!third)
		return complain_at(c, strlen(text), "expected '%c' after the %s", p->delimiter,
			second ? "replacement" : "pattern");
	p->from = span_between(text + 2, second);
	p->to = span_between(second + 1, third);
	p->flags = span_text(third + 1);
	return true;
}

static bool read_flags(
	struct substitution *s, const char *text, struct span flags, struct complaint *c)
{
	for (size_t i = 0; i < flags.len; i++) {
		if (flags.at[i] == 'g')
			s->every_match = true;
		else if (flags.at[i] == 'i')
			s->ignore_case = true;
		else
			return complain_at(c, (size_t)(flags.at + i - text),
				"the flags are g (every match) and i (ignore case)");
	}
	return true;
}

/* Write a part of the text to `out`, a NUL after it, without the backslashes before delimiters.  In
 * a pattern, a backslash before punctuation is kept: it says that the delimiter stands for itself.
 * The number of bytes that were left out before `upto` bytes of the result is returned. */
static size_t unescape(struct span part, char delimiter, bool is_pattern, char *out, size_t upto)
{
	bool keep = is_pattern && !isalnum((unsigned char)delimiter);
	size_t n = 0, dropped = 0;

	for (size_t i = 0; i < part.len; i++) {
		if (part.at[i] == '\\' && i + 1 < part.len) {
			i++;
			if (part.at[i] != delimiter || keep)
				out[n++] = '\\';
			else if (delimiter == '$' && !is_pattern)
				out[n++] = '$'; /* "$$" is a dollar */
			else
				dropped += n < upto;
		}
		out[n++] = part.at[i];
	}
	out[n] = '\0';
	return dropped;
}

static bool compile_parts(struct substitution *s, const char *text, char *room, struct complaint *c)
{
	struct parts p = {0};

	if (!split(text, &p, c) || !read_flags(s, text, p.flags, c))
		return false;
	unescape(p.from, p.delimiter, true, room, 0);
	s->pattern = pattern_compile(span_text(room), s->ignore_case, c);
	if (!s->pattern) {
		if (c->offset != SIZE_MAX)
			c->offset += (size_t)(p.from.at - text) +
				     unescape(p.from, p.delimiter, true, room, c->offset);
		return false;
	}
	unescape(p.to, p.delimiter, false, room, 0);
	s->to = template_compile_replacement(room, s->pattern, c);
	if (s->to)
		return true;
	c->offset = (size_t)(p.to.at - text);
	return false;
}

static bool compile(struct substitution *s, struct arg arg, struct complaint *c)
{
	/* The template's parts point into the copy; "$$" may double its length. */
	char *room = malloc(2 * strlen(arg.value) + 1);

	if (!room)
		return complain_memory(c, arg.origin);
	s->replacement = room;
	return compile_parts(s, arg.value, room, c) || complaint_about(c, arg);
}

bool substitutions_compile(struct substitutions *all, const struct args *texts, struct complaint *c)
{
	*all = (struct substitutions){.at = calloc(texts->n + 1, sizeof *all->at)};
	if (!all->at)
		return complain_memory(c, "query");
	for (size_t i = 0; i < texts->n; i++)
		if (!compile(&all->at[all->n++], texts->at[i], c))
			return false;
	return true;
}

void substitutions_free(struct substitutions *all)
{
	for (size_t i = 0; i < all->n; i++) {
		pattern_free(all->at[i].pattern);
		template_free(all->at[i].to);
		free(all->at[i].replacement);
		pack_free(&all->at[i].out);
	}
	free(all->at);
}

/* --- Editing ------------------------------------------------------------------------ */

/* Append the bytes of the key before the match, and what replaces the match.  False if out of memory. */
static bool append(struct substitution *s, struct span before)
{
	size_t len = template_len(s->to, s->pattern);
	char *to;

	if (!before.len && !len)
		return true;
	to = pack_room(&s->out, before.len + len);
	if (!to)
		return false;
	if (before.len)
		memcpy(to, before.at, before.len);
	template_write(s->to, s->pattern, to + before.len);
	return true;
}

/* Replace the matches in a key: *n becomes their number, and .out the new key, but for the bytes of
 * the key that follow *rest. */
static enum substitute_result replace(
	struct substitution *s, struct span key, size_t *n, size_t *rest)
{
	size_t most = key.len > SUBSTITUTED_MAX ? key.len : SUBSTITUTED_MAX;
	bool was_empty = false;
	enum pattern_result match;

	s->out.n = *n = *rest = 0;
	do {
		match = was_empty ? pattern_match_more(s->pattern, key, *rest)
				  : pattern_match_from(s->pattern, key, *rest);
		if (match != PATTERN_YES)
			break;
		size_t start = pattern_start(s->pattern), end = pattern_end(s->pattern);
		start = start < *rest ? *rest : start; /* possible with \K */
		end = end < start ? start : end;
		if (!append(s, span_of(key.at + *rest, start - *rest)))
			return SUBSTITUTE_FAILED;
		if (s->out.n + (key.len - end) > most)
			return SUBSTITUTE_GAVE_UP;
		was_empty = start == end;
		*rest = end;
		++*n;
	} while (s->every_match);
	return match == PATTERN_GAVE_UP ? SUBSTITUTE_GAVE_UP : SUBSTITUTE_DONE;
}

static enum substitute_result apply(struct substitution *s, struct span *key, struct arena *arena)
{
	size_t n, rest;
	enum substitute_result result = replace(s, *key, &n, &rest);

	if (result != SUBSTITUTE_DONE || !n)
		return result;
	char *at = arena_take(arena, s->out.n + (key->len - rest));
	if (!at)
		return SUBSTITUTE_FAILED;
	if (s->out.n)
		memcpy(at, s->out.at, s->out.n);
	if (key->len > rest)
		memcpy(at + s->out.n, key->at + rest, key->len - rest);
	*key = span_of(at, s->out.n + (key->len - rest));
	return SUBSTITUTE_DONE;
}

enum substitute_result substitutions_apply(
	struct substitutions *all, struct span *key, struct arena *arena)
{
	enum substitute_result result = SUBSTITUTE_DONE;

	if (!key->at)
		*key = span_of("", 0);
	for (size_t i = 0; i < all->n && result == SUBSTITUTE_DONE; i++)
		result = apply(&all->at[i], key, arena);
	return result;
}
