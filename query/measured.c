#include "query/measured.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/timestamp.h"
#include "lib/array.h"
#include "lib/quantity.h"
#include "lib/suggest.h"
#include "query/function.h"

/* --- Functions -------------------------------------------------------------------- */

/* "std" stands for these.  The conditions are about the status, whatever the operand is. */
static const struct {
	const char *function, *title, *condition;
} standard[] = {
	{"count", NULL, NULL},
	{"n", "2xx", "status>=200 and status<300"},
	{"n", "3xx", "status>=300 and status<400"},
	{"n", "4xx", "status>=400 and status<500"},
	{"n", "5xx", "status>=500 and status<600"},
	{"min", NULL, NULL},
	{"avg", NULL, NULL},
	{"p50", NULL, NULL},
	{"p90", NULL, NULL},
	{"p99", NULL, NULL},
	{"max", NULL, NULL},
};

/* Remove the first item, and the comma after it, from a list. */
static struct span next_item(struct span *list)
{
	const char *comma = span_first(*list, ',');
	struct span item = comma ? span_between(list->at, comma) : *list;

	*list = comma ? span_between(comma + 1, span_end(*list)) : span_of(NULL, 0);
	return span_trim_end(span_trim_start(item, " "), " ");
}

/* True if the text is a list of functions that need no operand. */
static bool is_without_operand(struct span list)
{
	struct sum percent;

	while (list.at) {
		const struct function *f = function_find(next_item(&list), &percent);
		if (!f || f->operand > OF_TIME)
			return false;
	}
	return true;
}

/* --- Compiling -------------------------------------------------------------------- */

/* One option, while it is compiled. */
struct option {
	struct measured *to;
	struct arg arg;
	const char *operand; /* NULL if there is none */
	const char *title;   /* instead of the function's name; NULL if there is none */
	bool is_standard; /* leave out a function whose name is there already */
	bool is_after_operand; /* after "FUNCTION:FIELD," */
	bool ignore_case;
	struct fields *fields;
	struct complaint *why;
};

static bool no_memory(const struct option *o)
{
	return complain_memory(o->why, "query");
}

/* Find or add the number that a field gives. */
static bool want_number(const struct option *o, unsigned *number)
{
	struct measured *m = o->to;
	size_t field;

	if (!fields_add(o->fields, (struct arg){o->operand, o->arg.origin}, &field, o->why))
		return false;
	for (size_t i = 0; i < m->n_numbers; i++) {
		*number = (unsigned)i;
		if (!m->numbers[i].is_condition && m->numbers[i].field == field)
			return true;
	}
	if (!ARRAY_GROW(m->numbers, m->n_numbers, &m->numbers_room))
		return no_memory(o);
	*number = (unsigned)m->n_numbers;
	m->numbers[m->n_numbers++] = (struct number_source){.field = field};
	return true;
}

/* Add the number that is 1 in lines that meet the condition. */
static bool want_condition(const struct option *o, unsigned *number)
{
	struct measured *m = o->to;
	struct arg text = {o->operand, o->arg.origin};
	struct args texts = {.at = &text, .n = 1};

	for (size_t i = 0; i < m->n_numbers; i++) {
		*number = (unsigned)i;
		if (m->numbers[i].is_condition && strcmp(m->numbers[i].text, o->operand) == 0)
			return true;
	}
	if (!ARRAY_GROW(m->numbers, m->n_numbers, &m->numbers_room))
		return no_memory(o);
	struct number_source *n = &m->numbers[m->n_numbers];
	*n = (struct number_source){.is_condition = true, .text = strdup(o->operand)};
	*number = (unsigned)m->n_numbers++;
	if (!n->text)
		return no_memory(o);
	text.value = n->text;
	return expressions_compile(&n->condition, &texts, o->ignore_case, o->fields, o->why);
}

/* Find or add a group of pairs.  *pairs becomes 1 + its index. */
static bool want_pairs(
	const struct option *o, enum pair_kind kind, size_t of, unsigned *pairs)
{
	struct measured *m = o->to;

	for (size_t i = 0; i < m->n_pairs; i++) {
		*pairs = (unsigned)i + 1;
		if (m->pairs[i].kind == kind && m->pairs[i].of == of)
			return true;
	}
	if (!ARRAY_GROW(m->pairs, m->n_pairs, &m->pairs_room))
		return no_memory(o);
	m->pairs[m->n_pairs] = (struct pair_source){.kind = kind, .of = of};
	*pairs = (unsigned)++m->n_pairs;
	return true;
}

/* Find or add the measures that a statistic of a number needs. */
static bool want_measures(const struct option *o, struct statistic *s)
{
	struct group_measures *g = &o->to->measures;
	unsigned number = 0;

	if (!want_number(o, &number))
		return false;
	if (field_values(&o->fields->at[o->to->numbers[number].field]) == FIELD_TIME) {
		complain(o->why, "'%.64s' is a time, not a number; there are first and last", o->operand);
		return complaint_about(o->why, o->arg);
	}
	bool sums = s->kind == STATISTIC_SUM || s->kind == STATISTIC_AVG ||
		    s->kind == STATISTIC_SD;
	bool clamps = s->kind == STATISTIC_PERCENTILE;
	bool ok = s->kind == STATISTIC_SUM ||
		  group_measures_want(g, MEASURE_COUNT, number, &s->count);
	if (ok && sums)
		ok = group_measures_want(g, MEASURE_SUM, number, &s->sum);
	if (ok && s->kind == STATISTIC_SD)
		ok = group_measures_want(g, MEASURE_SQUARES, number, &s->squares);
	if (ok && (clamps || s->kind == STATISTIC_MIN))
		ok = group_measures_want(g, MEASURE_LEAST, number, &s->least);
	if (ok && (clamps || s->kind == STATISTIC_MAX))
		ok = group_measures_want(g, MEASURE_MOST, number, &s->most);
	if (!ok)
		return no_memory(o);
	size_t coded;
	return !clamps || (want_pairs(o, PAIR_CODE, number, &s->pairs) &&
				  (group_measures_want_codes(g, number, &coded) || no_memory(o)));
}

static bool want_values(const struct option *o, struct statistic *s)
{
	size_t field;

	return fields_add(o->fields, (struct arg){o->operand, o->arg.origin}, &field, o->why) &&
	       want_pairs(o, s->kind == STATISTIC_UNIQ ? PAIR_VALUE : PAIR_MARK, field, &s->pairs);
}

static bool want_counts(const struct option *o, struct statistic *s)
{
	unsigned number = 0;

	return want_condition(o, &number) &&
	       (group_measures_want(&o->to->measures, MEASURE_COUNT, number, &s->count) ||
		       no_memory(o));
}

/* Find or add the measures of a statistic of times. */
static bool want_times(const struct option *o, struct statistic *s)
{
	struct group_measures *g = &o->to->measures;
	struct option of_time = *o;
	unsigned number = 0;

	of_time.operand = "time";
	/* This is the time of the line, even if a group of a pattern has this name. */
	struct key_patterns *patterns = o->fields->patterns;
	o->fields->patterns = NULL;
	bool ok = want_number(&of_time, &number);
	o->fields->patterns = patterns;
	return ok &&
	       ((group_measures_want(g, MEASURE_LEAST, number, &s->least) &&
			group_measures_want(g, MEASURE_MOST, number, &s->most)) ||
		       no_memory(o));
}

static bool want(const struct option *o, enum operand operand, struct statistic *s)
{
	switch (operand) {
	case OF_NUMBER:
		return want_measures(o, s);
	case OF_VALUE:
		return want_values(o, s);
	case OF_CONDITION:
		return want_counts(o, s);
	case OF_TIME:
		return want_times(o, s);
	case NO_OPERAND:
		break;
	}
	return true;
}

/* Return the name of a statistic: "p99_request_time".  NULL if out of memory. */
static char *name_of(struct span title, const char *operand)
{
	char *name = NULL;
	int n = *operand ? asprintf(&name, "%.*s_%s", (int)title.len, title.at, operand)
			 : asprintf(&name, "%.*s", (int)title.len, title.at);

	return n < 0 ? NULL : name;
}

static bool refuse(const struct option *o)
{
	return complaint_about(o->why, o->arg);
}

/* Complain about a text that is no function. */
static bool unknown_function(const struct option *o, struct span text)
{
	char guess[SUGGEST_PHRASE];
	int n = (int)(text.len < 100 ? text.len : 100);

	if (o->is_after_operand && text.len)
		complain(o->why,
			"unknown function '%.*s'; after the comma, write a function again: uniq:%.*s",
			n, text.at, n, text.at);
	else
		complain(o->why, "unknown function '%.*s'%s; there are %s", n, text.at,
			function_guess(text, o->operand, guess), FUNCTIONS_KNOWN);
	return refuse(o);
}

static bool check(const struct option *o, const struct function *f, struct span text)
{
	struct complaint *c = o->why;
	int n = (int)(text.len < 100 ? text.len : 100);

	if (!f)
		return unknown_function(o, text);
	if (f->operand > OF_TIME && (!o->operand || !*o->operand))
		complain(c, "'%.*s' needs a %s: %.*s:%s", n, text.at,
			f->operand == OF_CONDITION ? "condition" : "field", n, text.at,
			function_operand(text));
	else if (o->to->statistics.n == STATISTICS_MAX)
		complain(c, "there can be at most %d functions", STATISTICS_MAX);
	else
		return true;
	return refuse(o);
}

static bool check_twice(const struct option *o, const struct statistic *s)
{
	const struct statistics *all = &o->to->statistics;

	for (size_t i = 0; i + 1 < all->n; i++)
		if (strcmp(all->at[i].name, s->name) == 0) {
			complain(o->why, "'%s' is given twice", s->name);
			return refuse(o);
		}
	return true;
}

static bool has_name(const struct statistics *all, const char *name)
{
	for (size_t i = 0; i < all->n; i++)
		if (strcmp(all->at[i].name, name) == 0)
			return true;
	return false;
}

/* Add the statistic of one function. */
static bool add_function(const struct option *o, struct span text)
{
	struct statistics *all = &o->to->statistics;
	struct sum percent = {0};
	const struct function *f = function_find(text, &percent);

	if (!check(o, f, text) || !f)
		return false;
	if (!ARRAY_GROW(all->at, all->n, &all->room))
		return no_memory(o);
	struct statistic *s = &all->at[all->n];
	bool is_shown = f->operand > OF_TIME && !o->title && o->operand;
	const char *operand = is_shown ? o->operand : "";
	struct span title = o->title ? span_text(o->title) : text;
	*s = (struct statistic){.kind = f->kind,
		.name = name_of(title, operand),
		.title = title.at,
		.title_len = title.len,
		.operand = operand,
		.percent = percent};
	if (!s->name)
		return no_memory(o);
	if (o->is_standard && has_name(all, s->name)) {
		free(s->name);
		return true;
	}
	all->n++;
	return want(o, f->operand, s) && check_twice(o, s);
}

/* Add the statistics that "std" stands for. */
static bool add_standard(const struct option *o)
{
	if (!o->operand || !*o->operand) {
		complain(o->why, "'std' needs a field: std:request_time");
		return refuse(o);
	}
	for (size_t i = 0; i < sizeof standard / sizeof *standard; i++) {
		struct option one = *o;
		one.is_standard = true;
		if (standard[i].condition)
			one.operand = standard[i].condition;
		one.title = standard[i].title;
		if (!add_function(&one, span_text(standard[i].function)))
			return false;
	}
	return true;
}

/* Keep a copy of a text as long as the measured.  NULL if out of memory. */
static char *keep(const struct option *o, struct span text)
{
	char *copy = strndup(text.at, text.len);

	if (copy && args_add(&o->to->copies, (struct arg){copy, NULL}))
		return copy;
	free(copy);
	return NULL;
}

static bool add_functions(const struct option *o, struct span list)
{
	while (list.at) {
		struct span text = next_item(&list);
		bool ok = span_equal(text, span_text("std")) ? add_standard(o)
							     : add_function(o, text);
		if (!ok)
			return false;
	}
	return true;
}

/* True if a function in the list is of a condition. */
static bool has_condition(struct span list)
{
	struct sum percent;

	while (list.at) {
		const struct function *f = function_find(next_item(&list), &percent);
		if (f && f->operand == OF_CONDITION)
			return true;
	}
	return false;
}

/* Complain if functions that are computed of nothing have a field: "rate:bytes" is not the number of
 * bytes per second. */
static bool check_operand(const struct option *o, struct span list, struct span operand)
{
	int n = operand.len < 100 ? (int)operand.len : 100;

	if (!operand.len || !is_without_operand(list))
		return true;
	complain(o->why,
		"'%.*s' has no field; write only %.*s, or a function of %.*s: uniq:%.*s, sum:%.*s",
		(int)list.len, list.at, (int)list.len, list.at, n, operand.at, n, operand.at, n,
		operand.at);
	return refuse(o);
}

/* Remove the first part from the text of an option, and compile it. */
static bool add_part(struct option *o, struct span *rest)
{
	const char *colon = span_first(*rest, ':'), *comma;
	struct span list = colon ? span_between(rest->at, colon) : *rest;

	if (!colon) {
		*rest = span_of(NULL, 0);
		o->is_after_operand = o->operand != NULL;
		o->operand = NULL;
		return add_functions(o, list);
	}
	struct span operand = span_between(colon + 1, span_end(*rest));
	comma = has_condition(list) ? NULL : span_first(operand, ',');
	*rest = span_of(NULL, 0);
	if (comma) {
		*rest = span_between(comma + 1, span_end(operand));
		operand = span_between(operand.at, comma);
	}
	operand = span_trim_end(span_trim_start(operand, " "), " ");
	o->operand = keep(o, operand);
	if (!o->operand)
		return no_memory(o);
	return check_operand(o, list, operand) && add_functions(o, list);
}

/* Compile one option. */
static bool add_option(struct option *o)
{
	struct span rest = span_text(o->arg.value);

	if (!span_first(rest, ':') && !is_without_operand(rest)) {
		o->to->statistics.only_sum = !o->to->statistics.n;
		o->operand = o->arg.value;
		return add_function(o, span_text("sum"));
	}
	while (rest.at)
		if (!add_part(o, &rest))
			return false;
	return true;
}

static bool has_rate(const struct statistics *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->at[i].kind == STATISTIC_RATE)
			return true;
	return false;
}

/* If there is a rate, add the first and the last time after the columns. */
static bool add_period(struct measured *m, struct fields *fields, struct complaint *c)
{
	static const enum statistic_kind kinds[] = {STATISTIC_FIRST, STATISTIC_LAST};
	struct option o = {.to = m, .arg = {"rate", "-s"}, .fields = fields, .why = c};
	struct statistics *all = &m->statistics;

	all->n_all = all->n;
	for (size_t i = 0; has_rate(all) && i < 2; i++) {
		if (!ARRAY_GROW(all->at, all->n_all, &all->room))
			return no_memory(&o);
		struct statistic *s = &all->at[all->n_all++];
		*s = (struct statistic){.kind = kinds[i], .title = "", .operand = ""};
		if (!want_times(&o, s))
			return false;
	}
	return true;
}

bool measured_compile(struct measured *m, const struct args *options, bool ignore_case,
	struct fields *fields, struct complaint *c)
{
	for (size_t i = 0; i < options->n; i++) {
		struct option o = {.to = m,
			.arg = options->at[i],
			.ignore_case = ignore_case,
			.fields = fields,
			.why = c};
		if (!add_option(&o))
			return false;
	}
	m->statistics.only_sum &= m->statistics.n == 1;
	if (!add_period(m, fields, c))
		return false;
	m->measures.numbers = m->n_numbers;
	return true;
}

void measured_free(struct measured *m)
{
	statistics_free(&m->statistics);
	group_measures_free(&m->measures);
	for (size_t i = 0; i < m->n_numbers; i++) {
		expressions_free(&m->numbers[i].condition);
		free(m->numbers[i].text);
	}
	free(m->numbers);
	free(m->pairs);
	for (size_t i = 0; i < m->copies.n; i++)
		free((char *)(uintptr_t)m->copies.at[i].value);
	args_free(&m->copies);
}

void measured_number_conditions(struct measured *m, size_t *next)
{
	for (size_t i = 0; i < m->n_numbers; i++)
		if (m->numbers[i].is_condition)
			m->numbers[i].index = (*next)++;
}

void measured_number_pairs(struct measured *m, unsigned *next)
{
	for (size_t i = 0, coded = 0; i < m->n_pairs; i++) {
		m->pairs[i].group = *next + (unsigned)i;
		if (m->pairs[i].kind == PAIR_CODE) /* .coded has the same order */
			m->measures.coded[coded++].group = m->pairs[i].group;
	}
	for (size_t i = 0; i < m->statistics.n; i++)
		if (m->statistics.at[i].pairs)
			m->statistics.at[i].pairs += *next - 1;
	*next += (unsigned)m->n_pairs;
}

/* Write a hint about a name that no column has; "" if there is nothing to say. */
static const char *hint_order(const struct measured *m, const char *name, char hint[SUGGEST_PHRASE])
{
	const char *operand = function_operand(span_text(name));
	struct suggestion nearest = suggest_for(span_text(name));

	for (size_t i = 0; i < m->statistics.n; i++) {
		suggest_offer(&nearest, span_text(m->statistics.at[i].name));
		if (strcmp(m->statistics.at[i].operand, name) == 0)
			nearest.best = span_text(m->statistics.at[i].name);
	}
	if (strcmp(name, "desc") == 0 || strcmp(name, "asc") == 0)
		return " (the largest come first; the smallest with -NAME, as in --order -count)";
	if (operand)
		snprintf(hint, SUGGEST_PHRASE, " (add a statistic: -s '%.20s:%s')", name, operand);
	else if (!nearest.best.len && field_is_shared(name))
		snprintf(hint, SUGGEST_PHRASE, " (add a statistic: -s %.20s)", name);
	return *hint ? hint : suggest_phrase(&nearest, "", hint);
}

size_t measured_find(const struct measured *m, const char *name, struct complaint *c)
{
	size_t found = SIZE_MAX, n = 0;

	for (size_t i = 0; i < m->statistics.n; i++) {
		const struct statistic *s = &m->statistics.at[i];
		if (strcmp(s->name, name) == 0)
			return i;
		if (!span_equal(span_of(s->title, s->title_len), span_text(name)))
			continue;
		found = i;
		n++;
	}
	if (n == 1)
		return found;
	char list[512] = "", hint[SUGGEST_PHRASE] = "";
	for (size_t i = 0, at = 0; i < m->statistics.n && at < sizeof list; i++)
		at += (size_t)snprintf(list + at, sizeof list - at, ", %s", m->statistics.at[i].name);
	if (strcmp(name, "key") == 0 || strcmp(name, "last") == 0)
		complain(c,
			"'-%s': key (the first keys) and last (the last keys) cannot be reversed",
			name);
	else
		complain(c, "'%.100s' is %s%s; there are count, key, last%.400s", name,
			n ? "ambiguous" : "no column of this ranking",
			n ? "" : hint_order(m, name, hint), list);
	return SIZE_MAX;
}

/* True if statistic i is of numbers, and no statistic before it is of the same field. */
static bool has_new_field(const struct statistics *all, size_t i)
{
	enum statistic_kind kind = all->at[i].kind;

	if (kind < STATISTIC_SUM || kind > STATISTIC_PERCENTILE)
		return false;
	for (size_t k = 0; k < i; k++)
		if (all->at[k].kind >= STATISTIC_SUM && all->at[k].kind <= STATISTIC_PERCENTILE &&
			strcmp(all->at[k].operand, all->at[i].operand) == 0)
			return false;
	return true;
}

const char *measured_names(const struct measured *m, char out[MEASURED_NAMES])
{
	size_t at = 0;

	*out = '\0';
	for (size_t i = 0; i < m->statistics.n; i++) {
		const char *name = m->statistics.at[i].operand;
		if (!has_new_field(&m->statistics, i) ||
			at + strlen(name) + sizeof " or ''" > MEASURED_NAMES)
			continue;
		at += (size_t)snprintf(
			out + at, MEASURED_NAMES - at, "%s'%s'", at ? " or " : "", name);
	}
	return out;
}

/* --- Numbers ----------------------------------------------------------------------- */

/* True if the absolute value is 2^64 or more. */
static bool is_too_large(struct sum number)
{
	static const struct sum limit = {0, 1000000000}, negative_limit = {0, -1000000000};

	return sum_compare(number, limit) >= 0 || sum_compare(number, negative_limit) <= 0;
}

static enum number_result read_time(struct span value, struct sum *number)
{
	int64_t seconds;

	*number = NUMBER_NONE;
	if (timestamp_seconds(value, &seconds))
		*number = seconds < 0 ? sum_negate(sum_of_parts(-(uint64_t)seconds, 0))
				      : sum_of_parts((uint64_t)seconds, 0);
	return NUMBER_OK;
}

enum number_result measured_read(const struct field *f, struct span value, struct sum *number)
{
	static const struct sum no_bytes = {0};
	enum quantity_kind kind;

	if (field_values(f) == FIELD_TIME)
		return read_time(value, number);
	if (!value.len || (value.len == 1 && value.at[0] == '-')) {
		bool zero = value.len && f->kind == FIELD_NAMED && f->n == BASE_BYTES &&
			    !f->n_parts;
		*number = zero ? no_bytes : NUMBER_NONE;
		return NUMBER_OK;
	}
	switch (sum_read(value, number)) {
	case SUM_OK:
		return NUMBER_OK;
	case SUM_TOO_LARGE:
		return NUMBER_TOO_LARGE;
	case SUM_NO_NUMBER:
		break;
	}
	if (quantity_read(value, number, &kind))
		return is_too_large(*number) ? NUMBER_TOO_LARGE : NUMBER_OK;
	*number = NUMBER_NONE;
	return NUMBER_NO_NUMBER;
}
