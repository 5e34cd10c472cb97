#include "query/grouping.h"

#include <stdlib.h>

#include "lib/die.h"
#include "store/tuple.h"

/* --- Compiling ------------------------------------------------------------------- */

static void compile_regexp(struct grouping *q)
{
	const struct grouping_spec *spec = q->spec;
	struct complaint c;

	q->key = filter_compile(spec->regexp, spec->ignore_case);
	q->group = pattern_groups(q->key.pattern) ? 1 : 0;
	if (!spec->key.value)
		return;
	q->template = template_compile(spec->key.value, q->key.pattern, &c);
	if (!q->template)
		die("%s: %s", spec->key.origin, c.text);
}

static void add_field(
	struct grouping *q, struct fields *fields, const char *where, const char *name)
{
	size_t index = fields_add(fields, where, name);

	for (size_t i = 0; i < q->n_fields; i++)
		if (q->fields[i] == index)
			die("%s: '%s' is named twice", where, name);
	q->fields[q->n_fields++] = index;
	if (!strlist_add(&q->names, name))
		die("out of memory");
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
static void compile_fields(struct grouping *q, const char *list, struct fields *fields)
{
	q->names_text = strdup(list);
	q->fields = calloc(strlen(list) + 1, sizeof *q->fields);
	if (!q->names_text || !q->fields)
		die("query: out of memory");
	for (char *name = q->names_text, *comma; name; name = comma) {
		comma = strchr(name, ',');
		if (comma)
			*comma++ = '\0';
		add_field(q, fields, q->spec->fields.origin, trimmed(name));
	}
}

void grouping_compile(struct grouping *q, const struct grouping_spec *spec, struct fields *fields)
{
	*q = (struct grouping){.spec = spec};
	if (spec->regexp.value && spec->fields.value)
		die("%s: either fields are counted, or what a pattern captures",
			spec->fields.origin);
	if (spec->key.value && !spec->regexp.value)
		die("%s: a template needs a pattern: -e RE", spec->key.origin);
	q->filters = filters_compile(&spec->grep, &spec->vgrep, spec->ignore_case);
	q->conditions = conditions_compile(&spec->where, spec->ignore_case, fields);
	const char *list = grouping_spec_fields(spec);
	if (list)
		compile_fields(q, list, fields);
	else
		compile_regexp(q);
	if (spec->sum.value) {
		q->sums = true;
		q->sum = fields_add(fields, spec->sum.origin, spec->sum.value);
	}
	q->is_open = !q->filters.n && !q->conditions.n;
	q->is_one_field = q->n_fields == 1 && !q->sums;
}

void grouping_free(struct grouping *q)
{
	filters_free(&q->filters);
	conditions_free(&q->conditions);
	template_free(q->template);
	pattern_free(q->key.pattern);
	free(q->fields);
	free(q->names_text);
	strlist_free(&q->names);
}

/* --- Asking ---------------------------------------------------------------------- */

static enum grouping_result result_of(enum pattern_result got)
{
	switch (got) {
	case PATTERN_YES:
		return GROUPING_YES;
	case PATTERN_GAVE_UP:
		return GROUPING_GAVE_UP;
	default:
		return GROUPING_NO;
	}
}

/* Does a line come past the question's own filters and conditions? */
static enum grouping_result lets_pass(
	const struct grouping *q, const struct scan *scan, struct record *r)
{
	const struct filter *by;
	enum pattern_result got = filters_ask(&q->filters, scan, r->line, NULL, &by);

	if (got == PATTERN_YES && !conditions_hold(&q->conditions, r, &got))
		return GROUPING_FAILED;
	return result_of(got);
}

static enum grouping_result add(struct grouping *q, struct record *r, struct span key,
	struct found_keys *a, uint64_t *not_numbers)
{
	if (a->sums)
		a->sums[a->n] = (struct sum){0};
	if (q->sums) {
		struct span value;
		enum field_result got = record_value(r, q->sum, &value);
		if (got == FIELD_FAILED)
			return GROUPING_FAILED;
		if (got == FIELD_NONE)
			value = span_of("", 0);
		switch (sum_read(value, &a->sums[a->n])) {
		case SUM_NO_NUMBER:
			++*not_numbers;
			break;
		case SUM_TOO_LARGE:
			return GROUPING_TOO_LARGE;
		case SUM_OK:
			break;
		}
	}
	a->keys[a->n++] = key;
	return GROUPING_YES;
}

static enum grouping_result add_composed(
	struct grouping *q, struct record *r, struct found_keys *a, uint64_t *not_numbers)
{
	size_t len = template_len(q->template, q->key.pattern);
	char *at = arena_take(r->arena, len);

	if (!at)
		return GROUPING_FAILED;
	template_write(q->template, q->key.pattern, at);
	return add(q, r, span_of(at, len), a, not_numbers);
}

enum grouping_result grouping_add_match(
	struct grouping *q, struct record *r, struct found_keys *a, uint64_t *not_numbers)
{
	if (q->template)
		return add_composed(q, r, a, not_numbers);
	return add(q, r, pattern_group(q->key.pattern, q->group), a, not_numbers);
}

/* Several fields as one key.  Their values stay where they are: the record knows them. */
static enum grouping_result add_tuple(
	struct grouping *q, struct record *r, struct found_keys *a, uint64_t *not_numbers)
{
	size_t len = TUPLE_SEPARATOR * (q->n_fields - 1);
	struct span value;

	for (size_t i = 0; i < q->n_fields; i++) {
		enum field_result got = record_value(r, q->fields[i], &value);
		if (got != FIELD_VALUE)
			return got == FIELD_FAILED ? GROUPING_FAILED : GROUPING_NO;
		len += tuple_size(value);
	}
	char *at = arena_take(r->arena, len), *p = at;
	if (!at)
		return GROUPING_FAILED;
	for (size_t i = 0; i < q->n_fields; i++) {
		record_value(r, q->fields[i], &value);
		p = tuple_put(p, at + len, value, i == 0);
	}
	return add(q, r, span_between(at, p), a, not_numbers);
}

static inline enum grouping_result ask_one_field(
	const struct grouping *q, struct record *r, struct found_keys *a)
{
	enum field_result got = record_value(r, q->fields[0], &a->keys[a->n]);

	if (got != FIELD_VALUE)
		return got == FIELD_FAILED ? GROUPING_FAILED : GROUPING_NO;
	a->n++;
	return GROUPING_YES;
}

static enum grouping_result ask_fields(
	struct grouping *q, struct record *r, struct found_keys *a, uint64_t *not_numbers)
{
	struct span value;

	if (q->n_fields > 1)
		return add_tuple(q, r, a, not_numbers);
	switch (record_value(r, q->fields[0], &value)) {
	case FIELD_NONE:
		return GROUPING_NO;
	case FIELD_FAILED:
		return GROUPING_FAILED;
	case FIELD_VALUE:
		break;
	}
	return add(q, r, value, a, not_numbers);
}

enum grouping_result grouping_find_keys(struct grouping *q, const struct scan *scan,
	struct record *r, struct found_keys *a, uint64_t *not_numbers)
{
	if (!q->is_open) {
		enum grouping_result got = lets_pass(q, scan, r);
		if (got != GROUPING_YES)
			return got;
	}
	if (q->is_one_field && !a->sums)
		return ask_one_field(q, r, a);
	if (!q->key.pattern)
		return ask_fields(q, r, a, not_numbers);
	enum grouping_result got = result_of(filter_ask(&q->key, scan, r->line, q->key_is_known));
	return got == GROUPING_YES ? grouping_add_match(q, r, a, not_numbers) : got;
}
