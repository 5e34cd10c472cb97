#include "query/condition.h"

#include <stdio.h>
#include <stdlib.h>

#include "query/line_filter.h"
#include "formats/timestamp.h"
#include "lib/decimal.h"

struct operator_name {
	const char *text;
	enum operator_kind op;
};

/* Each operator precedes its own prefixes: "<=" comes before "<". */
static const struct operator_name operators[] = {
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

/* Find the first operator in the text.  Returns its start, and sets *found to its entry in the
 * table.  NULL if there is none. */
static const char *find_operator(const char *text, const struct operator_name **found)
{
	for (const char *p = text; *p; p++) {
		if (p[0] == '%' && (p[1] == '>' || p[1] == '<')) {
			p++; /* part of a name such as Apache's "%>s", not an operator */
			continue;
		}
		for (const struct operator_name *o = operators; o < operators + OPERATORS; o++) {
			*found = o;
			if (strncmp(p, o->text, strlen(o->text)) == 0)
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

/* Write a suggestion for a value that should be a number but is not, such as "; write the number in
 * full".  It is "" if there is nothing to suggest.  Returns `out`. */
static const char *number_hint(const char *text, const struct field *f, char out[64])
{
	size_t digits = strspn(text, "0123456789");

	*out = '\0';
	if (strchr(text, ',') || strchr(text, '|'))
		return "; for several values, use ~ with ^(A|B)$";
	if (digits && text[digits] && strchr("kKmMgG", text[digits]) && !text[digits + 1])
		return "; write the number in full";
	if (strcmp(f->name, "status") == 0)
		snprintf(out, 64, "; for a whole class, use class=%cxx",
			*text >= '1' && *text <= '5' ? *text : '5');
	return out;
}

/* True if the text after an operator contains further conditions, as in "404 or status=403". */
static bool holds_several(const char *text)
{
	static const char *const words[] = {" && ", " || ", " and ", " or ", " AND ", " OR "};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		const char *at = strstr(text, words[i]);
		const struct operator_name *found;
		if (at && (strpbrk(words[i], "&|") || find_operator(at, &found)))
			return true;
	}
	return false;
}

/* Check that the value makes sense for the field.  A value that no line can have, or that < and >
 * can't compare with the field's values, would silently keep all lines or none.  False, with a
 * complaint, for such a value. */
static bool check_value(
	const struct condition *c, const char *text, const struct field *f, struct complaint *why)
{
	bool none = !*text || strcmp(text, "-") == 0;
	char hint[64];

	if (holds_several(text))
		return complain(why,
			"'%s': write one -w for each condition (all must hold); for \"or\", use ~ "
			"with A|B",
			c->text);
	switch (field_values(f)) {
	case FIELD_NUMBER:
		if (!c->number && (is_order(c->op) || !none))
			return complain(why, "'%s': '%s' is not a number%s", c->text, text,
				number_hint(text, f, hint));
		break;
	case FIELD_TIME:
		if (!timestamp_is_part(span_text(text)) && (is_order(c->op) || !none))
			return complain(why,
				"'%s': '%s' is not a time: write 2006-10-01T07:00 or a prefix of it"
				" (for 07h of every day: -w 'hour~T07')",
				c->text, text);
		break;
	case FIELD_ANY:
		if (is_order(c->op) && !c->number && decimal_is_digit(*text) &&
			!timestamp_is_part(span_text(text)))
			return complain(why,
				"'%s': '%s' starts with a digit, but is neither number nor time",
				c->text, text);
		break;
	}
	return true;
}

/* Put the "T" into a time: "2006-10-01 07:00" becomes "2006-10-01T07:00".  False, with a complaint,
 * if out of memory. */
static bool normalize_time(struct condition *c, struct complaint *why)
{
	const char *blank = memchr(c->value.at, ' ', c->value.len);

	if (!blank)
		return true;
	c->rewritten = strdup(c->value.at);
	if (!c->rewritten)
		return complain(why, "out of memory");
	c->rewritten[blank - c->value.at] = 'T';
	c->value.at = c->rewritten;
	return true;
}

/* Set the condition's value to the text after the operator.  `spaced` means that there is a blank
 * before the operator; then blanks after the operator do not belong to the value.  False, with a
 * complaint, on error. */
static bool set_value(struct condition *c, struct arg value, bool spaced, bool ignore_case,
	const struct field *f, struct complaint *why)
{
	if (spaced)
		value.value += strspn(value.value, " \t");
	c->value = span_text(value.value);
	c->time = field_values(f) == FIELD_TIME && c->value.len > 1;
	c->number = decimal_is(c->value) && !c->time;
	c->plain = c->number && decimal_is_plain(c->value);
	if (is_match(c->op)) {
		c->pattern = filter_pattern(value, ignore_case, why);
		return c->pattern != NULL;
	}
	if (!check_value(c, value.value, f, why) ||
		(field_values(f) == FIELD_TIME && !normalize_time(c, why)))
		return complaint_about(why, value);
	return true;
}

/* Return a copy of the field's name: "status" in " status = 404".  `at` is the operator in the
 * text, NULL if there is none.  The caller frees the name.  NULL, with a complaint, on error. */
static char *read_name(
	const char *text, const char *at, const struct operator_name *o, struct complaint *why)
{
	if (!at) {
		complain(why,
			"'%s' is not a condition: write FIELD OP VALUE, with one of"
			" = != < <= > >= ~ !~, and quote it, as < and > are special to the shell",
			text);
		return NULL;
	}
	const char *from = text + strspn(text, " \t"), *end = at;
	while (end > from && strchr(" \t", end[-1]))
		end--;
	if (end == from) {
		complain(why, "'%s' has no field name before '%s'", text, o->text);
		return NULL;
	}
	char *name = strndup(from, (size_t)(end - from));
	if (!name)
		complain(why, "out of memory");
	return name;
}

struct condition *condition_compile(
	struct arg arg, bool ignore_case, struct fields *fields, struct complaint *why)
{
	const struct operator_name *o = NULL;
	const char *at = find_operator(arg.value, &o);
	struct condition *c = calloc(1, sizeof *c);

	if (!c) {
		complain_memory(why, arg.origin);
		return NULL;
	}
	c->text = arg.value;
	c->name = read_name(arg.value, at, o, why);
	if (!o || !c->name) {
		complaint_about(why, arg);
		goto free;
	}
	if (!fields_add(fields, (struct arg){c->name, arg.origin}, &c->field, why))
		goto free;
	c->op = o->op;
	struct arg value = {at + strlen(o->text), arg.origin};
	bool spaced = strchr(" \t", at[-1]) != NULL;
	if (set_value(c, value, spaced, ignore_case, &fields->at[c->field], why))
		return c;
free:
	condition_free(c);
	return NULL;
}

void condition_free(struct condition *c)
{
	if (!c)
		return;
	pattern_free(c->pattern);
	free(c->name);
	free(c->rewritten);
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
	enum pattern_result match = pattern_match(c->pattern, value);

	if (match == PATTERN_GAVE_UP || c->op == OP_MATCHES)
		return match;
	return match == PATTERN_YES ? PATTERN_NO : PATTERN_YES;
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
		holds = c->op == OP_NOT_EQUAL; /* a word differs from any number */
	return holds ? PATTERN_YES : PATTERN_NO;
}

/* --- Several ----------------------------------------------------------------------- */

bool conditions_compile(struct conditions *all, const struct args *texts, bool ignore_case,
	struct fields *fields, struct complaint *c)
{
	*all = (struct conditions){.at = calloc(texts->n + 1, sizeof *all->at)};
	if (!all->at)
		return complain_memory(c, "query");
	for (; all->n < texts->n; all->n++) {
		all->at[all->n] = condition_compile(texts->at[all->n], ignore_case, fields, c);
		if (!all->at[all->n])
			return false;
	}
	return true;
}

bool conditions_hold(const struct conditions *all, struct record *r, enum pattern_result *result)
{
	*result = PATTERN_YES;
	for (size_t i = 0; i < all->n && *result == PATTERN_YES; i++) {
		struct span value;
		enum field_result found = record_value(r, all->at[i]->field, &value);
		if (found == FIELD_FAILED)
			return false;
		if (found == FIELD_NONE)
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
