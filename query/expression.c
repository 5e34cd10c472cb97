#include "query/expression.h"

#include <stdio.h>
#include <stdlib.h>

#include "lib/array.h"

static void expression_free(struct expression *e)
{
	if (!e)
		return;
	expression_free(e->first);
	expression_free(e->second);
	condition_free(e->condition);
	free(e->copy);
	free(e);
}

void expressions_free(struct expressions *all)
{
	for (size_t i = 0; i < all->n; i++)
		expression_free(all->at[i]);
	free(all->at);
}

/* --- Parsing ------------------------------------------------------------------------ */

/* The most parentheses and "not"s in one another, and the most conditions in a text.  Functions call
 * themselves for each of them. */
enum { DEPTH_MAX = 100, CONDITIONS_MAX = 1000 };

struct parser {
	struct arg arg; /* the text */
	const char *p;  /* what has not been read */
	unsigned open;  /* how many parentheses are open */
	unsigned depth;
	unsigned conditions; /* how many have been read */
	bool ignore_case;
	struct fields *fields;
	struct complaint *why;
};

static struct expression *parse_or(struct parser *p);

static const char *skip_blanks(const char *p)
{
	return p + strspn(p, " \t");
}

/* Return the end of the word at `p`, which blanks or a parenthesis must follow; NULL if it is not
 * there. */
static const char *after_word(const char *p, const char *word)
{
	size_t len = strlen(word);

	return strncmp(p, word, len) == 0 && (strchr(" \t(", p[len]) != NULL) && p[len] ? p + len
											: NULL;
}

/* Return the end of the operator "and" or "or" at `p`; NULL if there is none. */
static const char *after_operator(const char *p, const char *word, const char *sign)
{
	static const char *const upper[] = {"AND", "OR"};
	const char *to = after_word(p, word);

	if (!to)
		to = after_word(p, upper[*word == 'o']);
	if (!to && strncmp(p, sign, 2) == 0)
		to = p + 2;
	return to;
}

static const char *after_and_or(const char *p)
{
	const char *to = after_operator(p, "and", "&&");

	return to ? to : after_operator(p, "or", "||");
}

static const char *after_not(const char *p)
{
	const char *to = after_word(p, "not");

	if (!to)
		to = after_word(p, "NOT");
	return to ? to : p[0] == '!' && p[1] == '(' ? p + 1 : NULL;
}

/* Return the first "and" or "or", or sign for it, in a text; the end of the text if there is none. */
static const char *first_and_or(const char *p)
{
	static const char *const words[] = {" and ", " or ", " AND ", " OR ", "&&", "||"};

	for (; *p; p++)
		for (size_t i = 0; i < sizeof words / sizeof *words; i++)
			if (strncmp(p, words[i], strlen(words[i])) == 0)
				return p;
	return p;
}

/* True if a condition can begin at `p`: after parentheses and "not"s, there is an operator. */
static bool may_begin_here(const char *p)
{
	for (;;) {
		p = skip_blanks(p);
		const char *to = *p == '(' ? p + 1 : after_not(p);
		if (!to)
			break;
		p = to;
	}
	/* The search ends early, so that all searches together read the text about once. */
	const char *at = condition_operator(p, first_and_or(p));
	return at && at > p;
}

/* Return the end of a quoted text at `p`, after its quote; NULL if there is none. */
static const char *after_quotes(const char *p)
{
	const char *to = *p == '"' || *p == '\'' ? strchr(p + 1, *p) : NULL;

	return to && strchr(" \t)", to[1]) ? to + 1 : NULL;
}

/* Find the end of the condition at p->p. */
static const char *condition_end(const struct parser *p)
{
	const char *at = p->p, *value = condition_value(at),
		   *to = value ? after_quotes(value) : NULL;
	unsigned open = 0;

	if (to)
		return to;
	for (at = value ? value : at; *at; at++) {
		if (*at == '\\' && at[1]) {
			at++;
		} else if (*at == '(') {
			open++;
		} else if (*at == ')') {
			if (!open && p->open)
				return at;
			open -= open > 0;
		} else if (*at == ' ' || *at == '\t') {
			const char *next = after_and_or(skip_blanks(at));
			if (next && may_begin_here(next))
				return at;
		}
	}
	return at;
}

static struct expression *new_expression(struct parser *p)
{
	struct expression *e = calloc(1, sizeof *e);

	if (e)
		e->text = p->arg.value;
	else
		complain_memory(p->why, p->arg.origin);
	return e;
}

/* Complain about what is at `at`. */
static struct expression *refuse(struct parser *p, const char *at, const char *what)
{
	complain_at(p->why, (size_t)(at - p->arg.value), "%s", what);
	complaint_about(p->why, p->arg);
	return NULL;
}

static struct expression *parse_condition(struct parser *p)
{
	const char *end = condition_end(p), *start = p->p;

	if (p->conditions++ == CONDITIONS_MAX)
		return refuse(p, start, "more than 1000 conditions; lists are written as in (A,B)");
	struct expression *e = new_expression(p);
	if (!e)
		return NULL;
	if (start == skip_blanks(p->arg.value))
		start = p->arg.value;
	while (end > start && strchr(" \t", end[-1]) && p->open)
		end--;
	e->copy = strndup(start, (size_t)(end - start));
	struct arg arg = {e->copy, p->arg.origin};
	if (!e->copy)
		complain_memory(p->why, p->arg.origin);
	else
		e->condition = condition_compile(arg, p->ignore_case, p->fields, p->why);
	if (e->condition) {
		p->p = end;
		return e;
	} else if (p->why->offset != SIZE_MAX) { /* the place in the whole text */
		p->why->offset += (size_t)(start - p->arg.value);
		snprintf(p->why->source, sizeof p->why->source, "%s", p->arg.value);
	}
	expression_free(e);
	return NULL;
}

static struct expression *parse_group(struct parser *p)
{
	const char *open = p->p++;

	p->open++;
	struct expression *e = parse_or(p);
	p->open--;
	if (!e)
		return NULL;
	p->p = skip_blanks(p->p);
	if (*p->p == ')') {
		p->p++;
		return e;
	}
	expression_free(e);
	return refuse(p, open, "this parenthesis is not closed");
}

static struct expression *parse_not(struct parser *p)
{
	p->p = skip_blanks(p->p);
	const char *to = after_not(p->p);

	if (p->depth == DEPTH_MAX)
		return refuse(p, p->p, "too many parentheses");
	if (!to && *p->p != '(')
		return parse_condition(p);
	p->depth++;
	struct expression *e = to ? new_expression(p) : parse_group(p);
	if (to && e) {
		p->p = to;
		e->kind = EXPRESSION_NOT;
		e->first = parse_not(p);
		if (!e->first) {
			expression_free(e);
			e = NULL;
		}
	}
	p->depth--;
	return e;
}

/* Parse operands with an operator between them. */
static struct expression *parse_list(struct parser *p, bool is_or)
{
	struct expression *e = is_or ? parse_list(p, false) : parse_not(p);
	const char *to;

	while (e && (to = after_operator(
			     skip_blanks(p->p), is_or ? "or" : "and", is_or ? "||" : "&&"))) {
		struct expression *both = new_expression(p);
		p->p = to;
		if (both) {
			both->kind = is_or ? EXPRESSION_OR : EXPRESSION_AND;
			both->first = e;
			both->second = is_or ? parse_list(p, false) : parse_not(p);
		}
		if (!both || !both->second) {
			expression_free(both ? both : e);
			return NULL;
		}
		e = both;
	}
	return e;
}

static struct expression *parse_or(struct parser *p)
{
	return parse_list(p, true);
}

static struct expression *parse(struct parser *p)
{
	struct expression *e = parse_or(p);

	if (!e)
		return NULL;
	p->p = skip_blanks(p->p);
	if (!*p->p)
		return e;
	expression_free(e);
	return refuse(p, p->p,
		*p->p == ')' ? "no parenthesis is open here"
			     : "expected 'and' or 'or' between two conditions");
}

/* Add an expression to the list; the parts of an "and" are added one by one. */
static bool add(struct expressions *all, struct expression *e)
{
	if (e->kind == EXPRESSION_AND) {
		struct expression *second = e->second;
		e->second = NULL;
		struct expression *first = e->first;
		e->first = NULL;
		expression_free(e);
		if (add(all, first))
			return add(all, second);
		expression_free(second);
		return false;
	}
	if (!ARRAY_GROW(all->at, all->n, &all->room)) {
		expression_free(e);
		return false;
	}
	all->at[all->n++] = e;
	return true;
}

bool expressions_compile(struct expressions *all, const struct args *texts, bool ignore_case,
	struct fields *fields, struct complaint *c)
{
	*all = (struct expressions){0};
	for (size_t i = 0; i < texts->n; i++) {
		struct parser p = {.arg = texts->at[i],
			.p = texts->at[i].value,
			.ignore_case = ignore_case,
			.fields = fields,
			.why = c};
		struct expression *e = parse(&p);
		if (!e)
			return false;
		if (!add(all, e))
			return complain_memory(c, "query");
	}
	return true;
}

/* --- Testing ------------------------------------------------------------------------ */

/* False if out of memory. */
static bool hold(const struct expression *e, struct record *r, enum pattern_result *result)
{
	if (e->kind == EXPRESSION_CONDITION) {
		struct span value;
		enum field_result found = record_value(r, e->condition->field, &value);
		if (found == FIELD_FAILED)
			return false;
		*result = PATTERN_GAVE_UP;
		if (found != FIELD_GAVE_UP)
			*result = condition_holds(
				e->condition, found == FIELD_NONE ? span_of("", 0) : value);
		return true;
	}
	if (!hold(e->first, r, result))
		return false;
	if (e->kind == EXPRESSION_NOT) {
		if (*result != PATTERN_GAVE_UP)
			*result = *result == PATTERN_YES ? PATTERN_NO : PATTERN_YES;
		return true;
	}
	bool is_known = *result == (e->kind == EXPRESSION_OR ? PATTERN_YES : PATTERN_NO);
	return is_known || *result == PATTERN_GAVE_UP || hold(e->second, r, result);
}

bool expressions_hold(const struct expressions *all, struct record *r, enum pattern_result *result)
{
	*result = PATTERN_YES;
	for (size_t i = 0; i < all->n && *result == PATTERN_YES; i++) {
		if (!hold(all->at[i], r, result))
			return false;
		if (*result == PATTERN_NO) {
			const struct expression *e = all->at[i];
			r->dropped_by = e->condition ? e->condition->text : e->text;
			r->dropped_how = "does not hold";
		}
	}
	return true;
}
