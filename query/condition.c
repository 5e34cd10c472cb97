#include "query/condition.h"

#include <stdio.h>
#include <stdlib.h>

#include "query/filter.h"
#include "formats/timestamp.h"
#include "lib/decimal.h"
#include "lib/die.h"

/* Longer ones first: "<=" begins as "<". */
static const struct {
	const char *text;
	enum operator_kind op;
} operators[] = {
	{"<>", OP_NOT_EQUAL},
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

/* The first place of an operator, and which. */
static const char *find_operator(const char *text, size_t *which)
{
	for (const char *p = text; *p; p++) {
		if (p[0] == '%' && (p[1] == '>' || p[1] == '<')) {
			p++; /* Apache's "%>s" is a name */
			continue;
		}
		for (size_t i = 0; i < OPERATORS; i++) {
			*which = i;
			if (strncmp(p, operators[i].text, strlen(operators[i].text)) == 0)
				return p;
		}
	}
	return NULL;
}

static bool is_match(enum operator_kind op)
{
	return op == OP_MATCHES || op == OP_MATCHES_NOT;
}

static bool is_order(enum operator_kind op)
{
	return !is_match(op) && op != OP_EQUAL && op != OP_NOT_EQUAL;
}

/* How what may be meant is said. */
static const char *instead_of(const char *text, const struct field *f, char out[64])
{
	size_t digits = strspn(text, "0123456789");

	*out = '\0';
	if (strchr(text, ',') || strchr(text, '|'))
		return "; for several use ~ and ^(A|B)$";
	if (digits && text[digits] && strchr("kKmMgG", text[digits]) && !text[digits + 1])
		return "; write it in full";
	if (strcmp(f->name, "status") == 0)
		snprintf(out, 64, "; class=%cxx asks for a class",
			*text >= '1' && *text <= '5' ? *text : '5');
	return out;
}

static bool holds_several(const char *text)
{
	static const char *const words[] = {" && ", " || ", " and ", " or ", " AND ", " OR "};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		const char *at = strstr(text, words[i]);
		size_t which;
		if (at && (strpbrk(words[i], "&|") || find_operator(at, &which)))
			return true;
	}
	return false;
}

/* What can't be meant as it is said would keep or drop all lines, and nobody would know. */
static void check_value(const struct condition *c, struct arg value, const struct field *f)
{
	const char *text = value.value;
	bool none = !*text || strcmp(text, "-") == 0;
	char class[64];

	if (holds_several(text))
		die("%s: '%s': several conditions are several -w; for 'or' use ~ and A|B",
			value.origin, c->text);
	switch (field_values(f)) {
	case FIELD_NUMBER:
		if (!c->number && (is_order(c->op) || !none))
			die("%s: '%s': '%s' is no number%s", value.origin, c->text, text,
				instead_of(text, f, class));
		break;
	case FIELD_TIME:
		if (!timestamp_is_part(span_text(text)) && (is_order(c->op) || !none))
			die("%s: '%s': '%s' is no time; 2006-10-01T07:00 is, or a part of it; "
			    "hour~T07 asks for that hour of each day",
				value.origin, c->text, text);
		break;
	case FIELD_ANY:
		if (is_order(c->op) && !c->number && *text >= '0' && *text <= '9' &&
			!timestamp_is_part(span_text(text)))
			die("%s: '%s': '%s' is neither a number nor a word to compare with",
				value.origin, c->text, text);
		break;
	}
}

static void set_value(
	struct condition *c, struct arg value, bool spaced, bool ignore_case, const struct field *f)
{
	if (spaced)
		value.value += strspn(value.value, " \t");
	c->value = span_text(value.value);
	c->time = field_values(f) == FIELD_TIME && c->value.len > 1;
	c->number = decimal_is(c->value) && !c->time;
	c->plain = c->number && decimal_is_plain(c->value);
	if (is_match(c->op)) {
		c->pattern = filter_pattern(value, ignore_case);
		return;
	}
	check_value(c, value, f);
	const char *blank = strchr(value.value, ' ');
	if (field_values(f) != FIELD_TIME || !blank)
		return;
	c->changed = strdup(value.value);
	if (!c->changed)
		die("query: out of memory");
	c->changed[blank - value.value] = 'T';
	c->value = span_text(c->changed);
}

struct condition *condition_compile(struct arg said, bool ignore_case, struct fields *fields)
{
	const char *text = said.value;
	size_t which;
	const char *op = find_operator(text, &which), *from = text + strspn(text, " \t");

	if (!op)
		die("%s: '%s' is no condition: FIELD OP VALUE is, with = != < <= > >= ~ or !~, and "
		    "in quotes, as < and > are the shell's",
			said.origin, text);
	const char *end = op;
	while (end > from && strchr(" \t", end[-1]))
		end--;
	if (end == from)
		die("%s: '%s' names no field before the '%s'", said.origin, text,
			operators[which].text);
	struct condition *c = calloc(1, sizeof *c);
	if (c)
		c->name = strndup(from, (size_t)(end - from));
	if (!c || !c->name)
		die("query: out of memory");
	c->text = text;
	c->field = fields_add(fields, said.origin, c->name);
	c->op = operators[which].op;
	struct arg value = {op + strlen(operators[which].text), said.origin};
	set_value(c, value, end < op, ignore_case, &fields->at[c->field]);
	return c;
}

void condition_free(struct condition *c)
{
	if (c->pattern)
		pattern_free(c->pattern);
	free(c->name);
	free(c->changed);
	free(c);
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
	if (c->time && value.len > c->value.len)
		value.len = c->value.len;
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

/* --- Several ----------------------------------------------------------------------- */

struct conditions conditions_compile(
	const struct args *texts, bool ignore_case, struct fields *fields)
{
	struct conditions all = {.at = calloc(texts->n + 1, sizeof *all.at)};

	if (!all.at)
		die("query: out of memory");
	for (size_t i = 0; i < texts->n; i++)
		all.at[all.n++] = condition_compile(texts->at[i], ignore_case, fields);
	return all;
}

bool conditions_hold(const struct conditions *all, struct record *r, enum pattern_result *result)
{
	*result = PATTERN_YES;
	for (size_t i = 0; i < all->n && *result == PATTERN_YES; i++) {
		struct span value;
		enum field_result got = record_value(r, all->at[i]->field, &value);
		if (got == FIELD_FAILED)
			return false;
		if (got == FIELD_NONE)
			value = span_of("", 0);
		*result = condition_holds(all->at[i], value);
		if (*result == PATTERN_NO) {
			r->dropped_by = all->at[i]->text;
			r->dropped_how = "does not hold";
		}
	}
	return true;
}

void conditions_free(struct conditions *all)
{
	for (size_t i = 0; i < all->n; i++)
		condition_free(all->at[i]);
	free(all->at);
}
