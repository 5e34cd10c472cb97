#include "query/grouping.h"

#include <stdlib.h>

#include "lib/die.h"
#include "store/tuple.h"

/* --- Compiling ------------------------------------------------------------------- */

const char *question_spec_fields(const struct question_spec *spec)
{
	return spec->fields.text ? spec->fields.text : spec->regexp.text ? NULL : "url";
}

static void compile_regexp(struct question *q)
{
	const struct question_spec *spec = q->spec;
	char why[256];

	q->key = filter_compile(spec->regexp, spec->ignore_case);
	q->group = pattern_groups(q->key.pattern) ? 1 : 0;
	if (!spec->key.text)
		return;
	q->template = template_compile(spec->key.text, q->key.pattern, why, sizeof why);
	if (!q->template)
		die("%s: %s", spec->key.where, why);
}

static void add_field(
	struct question *q, struct fields *fields, const char *where, const char *name)
{
	size_t index = fields_add(fields, where, name);

	for (size_t i = 0; i < q->n_fields; i++)
		if (q->fields[i] == index)
			die("%s: '%s' is named twice", where, name);
	q->fields[q->n_fields++] = index;
	words_add(&q->names, name);
}

/* Without the blanks around it. */
static char *trimmed(char *name)
{
	name += strspn(name, " ");
	for (size_t len = strlen(name); len && name[len - 1] == ' ';)
		name[--len] = '\0';
	return name;
}

/* "status,url" */
static void compile_fields(struct question *q, const char *list, struct fields *fields)
{
	q->names_text = strdup(list);
	q->fields = calloc(strlen(list) + 1, sizeof *q->fields);
	if (!q->names_text || !q->fields)
		die("query: out of memory");
	for (char *name = q->names_text, *comma; name; name = comma) {
		comma = strchr(name, ',');
		if (comma)
			*comma++ = '\0';
		add_field(q, fields, q->spec->fields.where, trimmed(name));
	}
}

void question_compile(struct question *q, const struct question_spec *spec, struct fields *fields)
{
	*q = (struct question){.spec = spec};
	if (spec->regexp.text && spec->fields.text)
		die("%s: either fields are counted, or what a pattern captures",
			spec->fields.where);
	if (spec->key.text && !spec->regexp.text)
		die("%s: a template needs a pattern: -e RE", spec->key.where);
	q->filters = filters_compile(&spec->grep, &spec->vgrep, spec->ignore_case);
	q->conditions = conditions_compile(&spec->where, spec->ignore_case, fields);
	const char *list = question_spec_fields(spec);
	if (list)
		compile_fields(q, list, fields);
	else
		compile_regexp(q);
	if (spec->sum.text) {
		q->sums = true;
		q->sum = fields_add(fields, spec->sum.where, spec->sum.text);
	}
	q->is_open = !q->filters.n && !q->conditions.n;
	q->is_one_field = q->n_fields == 1 && !q->sums;
}

void question_free(struct question *q)
{
	filters_free(&q->filters);
	conditions_free(&q->conditions);
	template_free(q->template);
	pattern_free(q->key.pattern);
	free(q->fields);
	free(q->names_text);
	words_free(&q->names);
}

/* --- Asking ---------------------------------------------------------------------- */

static enum question_result result_of(enum pattern_result got)
{
	switch (got) {
	case PATTERN_YES:
		return QUESTION_YES;
	case PATTERN_GAVE_UP:
		return QUESTION_GAVE_UP;
	default:
		return QUESTION_NO;
	}
}

/* Does a line come past the question's own filters and conditions? */
static enum question_result lets_pass(
	const struct question *q, const struct scan *scan, struct record *r)
{
	const struct filter *by;
	enum pattern_result got = filters_ask(&q->filters, scan, r->line, NULL, &by);

	if (got == PATTERN_YES && !conditions_hold(&q->conditions, r, &got))
		return QUESTION_FAILED;
	return result_of(got);
}

static enum question_result add(struct question *q, struct record *r, struct span key,
	struct answers *a, uint64_t *not_numbers)
{
	if (a->sums)
		a->sums[a->n] = (struct sum){0};
	if (q->sums) {
		struct span value;
		enum field_result got = record_value(r, q->sum, &value);
		if (got == FIELD_FAILED)
			return QUESTION_FAILED;
		if (got == FIELD_NONE)
			value = span_of("", 0);
		switch (sum_read(value, &a->sums[a->n])) {
		case SUM_NO_NUMBER:
			++*not_numbers;
			break;
		case SUM_TOO_LARGE:
			return QUESTION_TOO_LARGE;
		case SUM_OK:
			break;
		}
	}
	a->keys[a->n++] = key;
	return QUESTION_YES;
}

static enum question_result add_composed(
	struct question *q, struct record *r, struct answers *a, uint64_t *not_numbers)
{
	size_t len = template_len(q->template, q->key.pattern);
	char *at = arena_take(r->arena, len);

	if (!at)
		return QUESTION_FAILED;
	template_write(q->template, q->key.pattern, at);
	return add(q, r, span_of(at, len), a, not_numbers);
}

enum question_result question_add_match(
	struct question *q, struct record *r, struct answers *a, uint64_t *not_numbers)
{
	if (q->template)
		return add_composed(q, r, a, not_numbers);
	return add(q, r, pattern_group(q->key.pattern, q->group), a, not_numbers);
}

/* Several fields as one key.  Their values stay where they are: the record knows them. */
static enum question_result add_tuple(
	struct question *q, struct record *r, struct answers *a, uint64_t *not_numbers)
{
	size_t len = TUPLE_SEPARATOR * (q->n_fields - 1);
	struct span value;

	for (size_t i = 0; i < q->n_fields; i++) {
		enum field_result got = record_value(r, q->fields[i], &value);
		if (got != FIELD_VALUE)
			return got == FIELD_FAILED ? QUESTION_FAILED : QUESTION_NO;
		len += tuple_size(value);
	}
	char *at = arena_take(r->arena, len), *p = at;
	if (!at)
		return QUESTION_FAILED;
	for (size_t i = 0; i < q->n_fields; i++) {
		record_value(r, q->fields[i], &value);
		p = tuple_put(p, at + len, value, i == 0);
	}
	return add(q, r, span_between(at, p), a, not_numbers);
}

static inline enum question_result ask_one_field(
	const struct question *q, struct record *r, struct answers *a)
{
	enum field_result got = record_value(r, q->fields[0], &a->keys[a->n]);

	if (got != FIELD_VALUE)
		return got == FIELD_FAILED ? QUESTION_FAILED : QUESTION_NO;
	a->n++;
	return QUESTION_YES;
}

static enum question_result ask_fields(
	struct question *q, struct record *r, struct answers *a, uint64_t *not_numbers)
{
	struct span value;

	if (q->n_fields > 1)
		return add_tuple(q, r, a, not_numbers);
	switch (record_value(r, q->fields[0], &value)) {
	case FIELD_NONE:
		return QUESTION_NO;
	case FIELD_FAILED:
		return QUESTION_FAILED;
	case FIELD_VALUE:
		break;
	}
	return add(q, r, value, a, not_numbers);
}

enum question_result question_ask(struct question *q, const struct scan *scan, struct record *r,
	struct answers *a, uint64_t *not_numbers)
{
	if (!q->is_open) {
		enum question_result got = lets_pass(q, scan, r);
		if (got != QUESTION_YES)
			return got;
	}
	if (q->is_one_field && !a->sums)
		return ask_one_field(q, r, a);
	if (!q->key.pattern)
		return ask_fields(q, r, a, not_numbers);
	enum question_result got = result_of(filter_ask(&q->key, scan, r->line, q->key_is_known));
	return got == QUESTION_YES ? question_add_match(q, r, a, not_numbers) : got;
}
