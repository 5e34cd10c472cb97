#include "query/condition.h"

#include <stdio.h>
#include <stdlib.h>

#include "query/line_filter.h"
#include "query/list_file.h"
#include "query/value_set.h"
#include "formats/timestamp.h"
#include "lib/decimal.h"
#include "lib/quantity.h"

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
	{"not in", OP_NOT_IN},
	{"in", OP_IN},
};

enum { OPERATORS = sizeof operators / sizeof *operators };

/* True if the operator is at `p`.  One that is a word stands between blanks, or before a list. */
static bool is_at(const char *text, const char *p, const struct operator_name *o)
{
	size_t len = strlen(o->text);

	if (strncmp(p, o->text, len) != 0)
		return false;
	return o->op < OP_IN ||
	       (p > text && strchr(" \t", p[-1]) && p[len] && strchr(" \t(", p[len]));
}

/* Find the first operator in the text.  Returns its start, and sets *found to its entry in the
 * table.  NULL if there is none before `end`, which may be NULL. */
static const char *find_operator(
	const char *text, const char *end, const struct operator_name **found)
{
	for (const char *p = text; *p && p != end; p++) {
		if (p[0] == '%' && (p[1] == '>' || p[1] == '<')) {
			p++; /* part of a name such as Apache's "%>s", not an operator */
			continue;
		}
		for (const struct operator_name *o = operators; o < operators + OPERATORS; o++) {
			*found = o;
			if (is_at(text, p, o))
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

/* True if one of the words "and", "or", or a sign for it, is in the text. */
static bool has_and_or(const char *text)
{
	static const char *const words[] = {" and", " or", " AND", " OR", "&&", "||"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strstr(text, words[i]))
			return true;
	return false;
}

/* Return a suggestion for a value that should be a number but is not, such as "; write the number in
 * full".  It is "" if there is nothing to suggest.  It may be in `out`. */
static const char *number_hint(const char *text, const struct field *f, char out[64])
{
	if (!*text)
		return "; write it after the operator, and quote the condition";
	if (has_and_or(text))
		return "; on both sides of 'and' and 'or', write FIELD OP VALUE";
	if (strchr(text, ')') && !strchr(text, '('))
		return "; no parenthesis is open here";
	if (strchr(text, ',') || strchr(text, '|'))
		return "; for several values, use in (A,B)";
	*out = '\0';
	if (strcmp(f->name, "status") == 0)
		snprintf(out, 64, "; for a whole class, use class=%cxx",
			*text >= '1' && *text <= '5' ? *text : '5');
	return out;
}

const char *condition_value(const char *text)
{
	const struct operator_name *o;
	const char *at = find_operator(text, NULL, &o);

	if (!at || is_match(o->op))
		return NULL;
	at += strlen(o->text);
	return at + strspn(at, " \t");
}

const char *condition_operator(const char *text, const char *end)
{
	const struct operator_name *o;

	return find_operator(text, end, &o);
}

/* Check that the value makes sense for the field.  A value that no line can have, or that < and >
 * can't compare with the field's values, would silently keep all lines or none.  False, with a
 * complaint, for such a value. */
static bool check_value(
	const struct condition *c, const char *text, const struct field *f, struct complaint *why)
{
	bool none = !*text || strcmp(text, "-") == 0;
	char hint[64];

	switch (field_values(f)) {
	case FIELD_NUMBER:
		if (c->quantity && (c->kind != QUANTITY_SIZE || f->n != BASE_BYTES))
			return complain(why, "'%s': '%s' is not a number%s", c->text, text,
				f->n == BASE_BYTES ? " of bytes; units are K M G T"
						   : number_hint(text, f, hint));
		if (!c->number && !c->quantity && (is_order(c->op) || !none))
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
		if (is_order(c->op) && !c->number && !c->quantity && decimal_is_digit(*text) &&
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

/* Check the brackets around a list.  False, with a complaint, if they are not a pair of parentheses. */
static bool check_brackets(const struct condition *c, struct span list, struct complaint *why)
{
	char first = list.len ? list.at[0] : '\0', last = list.len > 1 ? list.at[list.len - 1] : '\0';

	if (first == '(' && last != ')')
		return complain(why, "'%s': the list is not closed; write FIELD in (A,B)", c->text);
	if (((first == '[' && last == ']') || (first == '{' && last == '}')) && span_first(list, ','))
		return complain(why, "'%s': write the list in parentheses: in (A,B)", c->text);
	return true;
}

static const char *list_hint(struct span one)
{
	return span_first(one, ' ') || span_first(one, ';') || span_first(one, '|')
		       ? "; separate values by commas: in (A,B)"
		       : "";
}

/* Check that a value which looks like the beginning of an IPv4 address, such as "10.0.0" or "10.*", is
 * not compared with a whole address: no line would be kept.  False, with a complaint, if it is. */
static bool check_address(
	const struct condition *c, struct span value, const struct field *f, struct complaint *why)
{
	char network[VALUE_SET_NETWORK];

	if (f->kind != FIELD_NAMED || f->n != BASE_CLIENT || f->n_parts ||
		!value_set_means_network(value, network))
		return true;
	return complain(why,
		"'%s': '%.*s' is not an address; for a network, write %s %s; for any text, use ~ and a "
		"regular expression",
		c->text, (int)value.len, value.at, f->name, network);
}

/* Add the elements of a list to the condition's set: "(A, B)" or "A,B".  False, with a complaint, on
 * error. */
static bool read_list(
	struct condition *c, struct span list, const struct field *f, struct complaint *why)
{
	list = span_trim_end(span_trim_start(list, " \t"), " \t");
	if (!check_brackets(c, list, why))
		return false;
	if (list.len && list.at[0] == '(')
		list = span_of(list.at + 1, list.len - 2);
	do {
		const char *comma = span_first(list, ',');
		struct span one = comma ? span_between(list.at, comma) : list;
		list = span_from(list, one.len + (comma != NULL));
		one = span_trim_end(span_trim_start(one, " \t"), " \t");
		if (!one.len)
			return complain(
				why, "'%s': a value is empty; write FIELD in (A,B)", c->text);
		if (field_values(f) == FIELD_NUMBER && !decimal_is(one))
			return complain(why, "'%s': '%.*s' is not a number%s", c->text,
				(int)one.len, one.at, list_hint(one));
		if (!check_address(c, one, f, why))
			return false;
		if (!value_set_add(c->set, one, why))
			return false;
	} while (list.len);
	value_set_finish(c->set);
	return true;
}

/* Return a value without the quotes around it. */
static struct span unquoted(struct span s)
{
	bool quoted = s.len > 1 && (s.at[0] == '"' || s.at[0] == '\'') &&
		      s.at[s.len - 1] == s.at[0] && !memchr(s.at + 1, s.at[0], s.len - 2);

	return quoted ? span_of(s.at + 1, s.len - 2) : s;
}

/* Read the list in a file, and remember the file's name and checksum in the fields.  Nothing is read
 * for a query of snapshots, which is not applied to lines. */
static bool read_file(struct condition *c, const char *name, struct fields *fields, bool numbers,
	struct complaint *why)
{
	char sum[LIST_FILE_SUM], *text;

	if (fields->reads_no_files)
		return true;
	if (!list_file_read(name, numbers, c->set, sum, why))
		return false;
	value_set_finish(c->set);
	if (asprintf(&text, "%s %s", name, sum) < 0)
		text = NULL;
	return (strlist_take(&fields->copies, text) &&
		       args_add(&fields->lists, (struct arg){text, "-w"})) ||
	       complain(why, "out of memory");
}

/* Compile the list after "in", or a network after "=" or "!=". */
static bool set_list(struct condition *c, struct fields *fields, struct complaint *why)
{
	const struct field *f = &fields->at[c->field];

	if (field_values(f) == FIELD_TIME)
		return complain(why, "'%s': 'in' does not compare times; use >= and <=", c->text);
	c->op = c->op == OP_EQUAL || c->op == OP_IN ? OP_IN : OP_NOT_IN;
	c->set = value_set_new();
	if (!c->set)
		return complain(why, "out of memory");
	if (!c->value.len || c->value.at[0] != '@')
		return read_list(c, c->value, f, why);
	struct span name = unquoted(span_from(c->value, 1));
	char *copy = strndup(name.len ? name.at : "", name.len);
	if (!strlist_take(&fields->copies, copy))
		return complain(why, "out of memory");
	if (!*copy)
		return complain(why, "'%s': write FIELD in @FILE", c->text);
	return read_file(c, copy, fields, field_values(f) == FIELD_NUMBER, why);
}

/* Set the condition's value to the text after the operator.  `spaced` means that there is a blank
 * before the operator; then blanks after the operator do not belong to the value.  False, with a
 * complaint, on error. */
static bool set_value(struct condition *c, struct arg value, bool spaced, bool ignore_case,
	struct fields *fields, struct complaint *why)
{
	const struct field *f = &fields->at[c->field];

	if (spaced)
		value.value += strspn(value.value, " \t");
	c->value = span_text(value.value);
	if (!is_match(c->op))
		c->value = unquoted(c->value);
	bool is_equality = c->op == OP_EQUAL || c->op == OP_NOT_EQUAL;
	bool is_network = is_equality && value_set_is_network(c->value);
	if (c->op >= OP_IN || is_network)
		return set_list(c, fields, why) || complaint_about(why, value);
	c->time = field_values(f) == FIELD_TIME && c->value.len > 1;
	c->number = decimal_is(c->value) && !c->time;
	c->plain = c->number && decimal_is_plain(c->value);
	c->quantity = !c->number && !c->time && !is_match(c->op) &&
		      quantity_read(c->value, &c->sum, &c->kind);
	if (is_match(c->op)) {
		c->pattern = filter_pattern(value, ignore_case, why);
		return c->pattern != NULL;
	}
	if ((is_equality && !check_address(c, c->value, f, why)) ||
		!check_value(c, value.value, f, why) ||
		(field_values(f) == FIELD_TIME && !normalize_time(c, why)))
		return complaint_about(why, value);
	return true;
}

/* Return a suggestion for a text without an operator: the operator for a word that is one elsewhere.
 * It is "" if there is none. */
static const char *operator_hint(const char *text)
{
	static const char *const foreign[][2] = {
		{"is", " (instead of 'is', write =)"},
		{"eq", " (instead of 'eq', write =)"},
		{"equals", " (instead of 'equals', write =)"},
		{"ne", " (instead of 'ne', write !=)"},
		{"gt", " (instead of 'gt', write >)"},
		{"ge", " (instead of 'ge', write >=)"},
		{"lt", " (instead of 'lt', write <)"},
		{"le", " (instead of 'le', write <=)"},
		{"like", " (instead of 'like', write ~ and a regular expression)"},
		{"contains", " (instead of 'contains', write ~ and a regular expression)"},
		{"matches", " (instead of 'matches', write ~ and a regular expression)"},
		{"between", " (instead of 'between A and B', write FIELD>=A and FIELD<=B)"},
	};
	const char *word = text + strspn(text, " \t");

	word += strcspn(word, " \t");
	word += strspn(word, " \t");
	size_t len = strcspn(word, " \t");
	for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
		if (strlen(foreign[i][0]) == len && strncasecmp(foreign[i][0], word, len) == 0)
			return foreign[i][1];
	return "";
}

/* Check that the text before the operator does not begin with another operator.  False, with a
 * complaint, if it does. */
static bool check_name(const char *text, const char *name, struct complaint *why)
{
	if (*name == '!' && name[1])
		return complain(why, "'%s' begins with '!': write not %s", text,
			text + strspn(text, " \t!"));
	if (strncasecmp(name, "and ", 4) == 0 || strncasecmp(name, "or ", 3) == 0)
		return complain(why, "a condition is missing before '%s'", text);
	return true;
}

/* Return a copy of the field's name: "status" in " status = 404".  `at` is the operator in the
 * text, NULL if there is none.  The caller frees the name.  NULL, with a complaint, on error. */
static char *read_name(
	const char *text, const char *at, const struct operator_name *o, struct complaint *why)
{
	if (!at) {
		complain(why,
			"'%s' is not a condition%s: write FIELD OP VALUE, with one of"
			" = != < <= > >= ~ !~ in, and quote it, as < and > are special to the shell",
			text, operator_hint(text));
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
	if (name && check_name(text, name, why))
		return name;
	if (!name)
		complain(why, "out of memory");
	free(name);
	return NULL;
}

/* Let the complaint point to `at` in the text, or if it has a place in a pattern, to the same place
 * of the pattern at `at`. */
static void point(struct complaint *why, const char *text, const char *at)
{
	size_t offset = (size_t)(at - text);

	why->offset = why->offset == SIZE_MAX ? offset : why->offset + offset;
	snprintf(why->source, sizeof why->source, "%s", text);
}

const char *condition_doubt(const char *text)
{
	const struct operator_name *o;
	const char *at = find_operator(text, NULL, &o);
	const char *value = at ? at + strlen(o->text) : "", *last = value + strlen(value);

	value += strspn(value, " \t");
	if (!at || last - value < 2)
		return "";
	if (is_match(o->op) && (*value == '"' || *value == '\'') && last[-1] == *value)
		return "the quotes belong to the regular expression";
	if (!is_match(o->op) && strchr(value, '*'))
		return "a '*' means itself: write ~ and a regular expression";
	return "";
}

struct condition *condition_compile(
	struct arg arg, bool ignore_case, struct fields *fields, struct complaint *why)
{
	const struct operator_name *o = NULL;
	const char *at = find_operator(arg.value, NULL, &o);
	struct condition *c = calloc(1, sizeof *c);

	if (!c) {
		complain_memory(why, arg.origin);
		return NULL;
	}
	c->text = arg.value;
	c->name = read_name(arg.value, at, o, why);
	if (!o || !c->name) {
		complaint_about(why, arg);
		point(why, arg.value, arg.value + strspn(arg.value, " \t"));
		goto free;
	}
	if (!fields_add(fields, (struct arg){c->name, arg.origin}, &c->field, why)) {
		point(why, arg.value, arg.value + strspn(arg.value, " \t"));
		goto free;
	}
	c->op = o->op;
	struct arg value = {at + strlen(o->text), arg.origin};
	bool spaced = strchr(" \t", at[-1]) != NULL;
	if (set_value(c, value, spaced, ignore_case, fields, why))
		return c;
	point(why, arg.value, value.value + strspn(value.value, " \t"));
free:
	condition_free(c);
	return NULL;
}

void condition_free(struct condition *c)
{
	if (!c)
		return;
	pattern_free(c->pattern);
	value_set_free(c->set);
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

bool condition_compares_number(const struct condition *c, struct number_test *test)
{
	enum { LONGEST = 9 };
	struct sum number;

	if (!c->plain || c->value.len > LONGEST || c->op > OP_GREATER_EQUAL)
		return false;
	sum_read(c->value, &number);
	*test = (struct number_test){number, compares(c->op, -1), compares(c->op, 0),
		compares(c->op, 1)};
	return true;
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

/* A value that is no number is less and greater than none. */
static bool compares_quantity(const struct condition *c, struct span value)
{
	enum quantity_kind kind;
	struct sum sum;

	if (!quantity_read(value, &sum, &kind) || (kind != QUANTITY_PLAIN && kind != c->kind))
		return c->op == OP_NOT_EQUAL;
	return compares(c->op, sum_compare(sum, c->sum));
}

enum pattern_result condition_holds(struct condition *c, struct span value)
{
	bool holds;

	if (c->pattern)
		return matches(c, value);
	if (c->set)
		return value_set_has(c->set, value) == (c->op == OP_IN) ? PATTERN_YES : PATTERN_NO;
	if (c->quantity)
		return compares_quantity(c, value) ? PATTERN_YES : PATTERN_NO;
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
