#include "condition.h"

#include <stdlib.h>

#include "filter.h"
#include "lib/decimal.h"
#include "lib/die.h"

enum operator_kind {
	OP_EQUAL,
	OP_NOT_EQUAL,
	OP_LESS,
	OP_LESS_EQUAL,
	OP_GREATER,
	OP_GREATER_EQUAL,
	OP_MATCHES,
	OP_MATCHES_NOT,
};

/* Longer ones first: "<=" begins as "<". */
static const struct {
	const char *text;
	enum operator_kind op;
} operators[] = {
	{"!=", OP_NOT_EQUAL},
	{"!~", OP_MATCHES_NOT},
	{"<=", OP_LESS_EQUAL},
	{">=", OP_GREATER_EQUAL},
	{"==", OP_EQUAL},
	{"=~", OP_MATCHES},
	{"=", OP_EQUAL},
	{"<", OP_LESS},
	{">", OP_GREATER},
	{"~", OP_MATCHES},
};

enum { OPERATORS = sizeof operators / sizeof *operators };

struct condition {
	const char *text;
	char *name; /* of the field */
	size_t field;
	enum operator_kind op;
	struct span value;
	bool number; /* the value is one */
	bool plain;  /* and decimal_is_plain */
	struct pattern *pattern;
};

/* The first place of an operator, and which. */
static const char *find_operator(const char *text, size_t *which)
{
	for (const char *p = text; *p; p++) {
		for (size_t i = 0; i < OPERATORS; i++) {
			*which = i;
			if (strncmp(p, operators[i].text, strlen(operators[i].text)) == 0)
				return p;
		}
	}
	return NULL;
}

static void set_value(struct condition *c, struct said value, bool spaced, bool ignore_case)
{
	if (spaced)
		value.text += strspn(value.text, " \t");
	c->value = span_text(value.text);
	c->number = decimal_is(c->value);
	c->plain = decimal_is_plain(c->value);
	if (c->op == OP_MATCHES || c->op == OP_MATCHES_NOT)
		c->pattern = filter_pattern(value, ignore_case);
}

struct condition *condition_compile(struct said said, bool ignore_case, struct fields *fields)
{
	const char *text = said.text;
	size_t which;
	const char *op = find_operator(text, &which), *from = text + strspn(text, " \t");

	if (!op)
		die("%s: '%s' is no condition: FIELD OP VALUE is, with = != < <= > >= ~ or !~",
			said.where, text);
	struct condition *c = calloc(1, sizeof *c);
	const char *end = op;
	while (end > from && strchr(" \t", end[-1]))
		end--;
	if (c)
		c->name = strndup(from, (size_t)(end - from));
	if (!c || !c->name)
		die("query: out of memory");
	if (!*c->name)
		die("%s: '%s' names no field before the '%s'", said.where, text,
			operators[which].text);
	c->text = text;
	c->field = fields_add(fields, said.where, c->name);
	c->op = operators[which].op;
	struct said value = {op + strlen(operators[which].text), said.where};
	set_value(c, value, end < op, ignore_case);
	return c;
}

void condition_free(struct condition *c)
{
	if (c->pattern)
		pattern_free(c->pattern);
	free(c->name);
	free(c);
}

size_t condition_field(const struct condition *c)
{
	return c->field;
}

const char *condition_text(const struct condition *c)
{
	return c->text;
}

static bool compares(enum operator_kind op, int order)
{
	switch (op) {
	case OP_EQUAL:
		return order == 0;
	case OP_NOT_EQUAL:
		return order != 0;
	case OP_LESS:
		return order < 0;
	case OP_LESS_EQUAL:
		return order <= 0;
	case OP_GREATER:
		return order > 0;
	default:
		return order >= 0;
	}
}

static enum pattern_result matches(struct condition *c, struct span value)
{
	enum pattern_result got = pattern_match(c->pattern, value);

	if (got == PATTERN_GAVE_UP || c->op == OP_MATCHES)
		return got;
	return got == PATTERN_YES ? PATTERN_NO : PATTERN_YES;
}

static int compare_plain(struct span a, struct span b)
{
	return a.len == b.len ? memcmp(a.at, b.at, a.len) : a.len < b.len ? -1 : 1;
}

enum pattern_result condition_holds(struct condition *c, struct span value)
{
	bool holds;

	if (c->pattern)
		return matches(c, value);
	if (c->plain && decimal_is_plain(value))
		holds = compares(c->op, compare_plain(value, c->value));
	else if (!c->number)
		holds = compares(c->op, span_compare(value, c->value));
	else if (decimal_is(value))
		holds = compares(c->op, decimal_compare(value, c->value));
	else
		holds = c->op == OP_NOT_EQUAL; /* a word is no number */
	return holds ? PATTERN_YES : PATTERN_NO;
}
