#include "query/grouping.h"

#include <stdlib.h>

#include "store/pair.h"
#include "store/tuple.h"

/* --- Compiling ------------------------------------------------------------------- */

static bool complain_twice(struct arg name, const char *before, struct complaint *c)
{
	if (strcmp(name.value, before) == 0)
		complain(c, "'%s' is given twice", name.value);
	else
		complain(c, "'%s' and '%s' are the same field", before, name.value);
	return complaint_about(c, name);
}

static bool add_field(
	struct grouping *g, struct fields *fields, struct arg name, struct complaint *c)
{
	size_t index;

	if (!fields_add(fields, name, &index, c))
		return false;
	for (size_t i = 0; i < g->n_fields; i++)
		if (g->fields[i] == index)
			return complain_twice(name, g->names.at[i], c);
	g->fields[g->n_fields++] = index;
	return strlist_add(&g->names, name.value) || complain_memory(c, name.origin);
}

/* Allocate room for the fields of a list of names, and for the time. */
static bool reserve_fields(struct grouping *g, const char *list, struct complaint *c)
{
	size_t most = strlen(list) + 2;

	g->names_text = strdup(list);
	g->fields = calloc(most, sizeof *g->fields);
	g->values = calloc(most, sizeof *g->values);
	return (g->names_text && g->fields && g->values) || complain_memory(c, "query");
}

/* Compile the list of field names in .names_text, such as "status,url".  False, with a complaint, on
 * error. */
static bool compile_list(struct grouping *g, struct fields *fields, struct complaint *c)
{
	const char *origin = g->spec->fields.origin;

	for (char *name = g->names_text, *comma; name; name = comma) {
		comma = strchr(name, ',');
		if (comma)
			*comma++ = '\0';
		if (!add_field(g, fields, (struct arg){span_trim_string(name, " "), origin}, c))
			return false;
	}
	return true;
}

/* Compile the field that -t asks for. */
static bool compile_time(struct grouping *g, struct fields *fields, struct complaint *c)
{
	struct arg over = g->spec->over;
	struct key_patterns *patterns = fields->patterns;

	if (!over.value)
		return true;
	g->is_over_time = true;
	/* This is the time of the line, even if a group of a pattern has its name. */
	fields->patterns = NULL;
	bool ok = width_read(over, &g->width, c) &&
		  fields_add(fields, (struct arg){g->width.field, over.origin}, &g->time, c);
	fields->patterns = patterns;
	return ok;
}

/* Compile the fields of the key. */
static bool compile_fields(struct grouping *g, struct fields *fields, struct complaint *c)
{
	const char *list = grouping_spec_fields(g->spec);

	if (!compile_time(g, fields, c))
		return false;
	if (!list && (!g->is_over_time || g->patterns.n))
		return true;
	if (!reserve_fields(g, list ? list : "", c))
		return false;
	if (g->is_over_time) {
		g->fields[g->n_fields++] = g->time;
		if (!strlist_add(&g->names, g->width.field))
			return complain_memory(c, g->spec->over.origin);
	}
	return !list || compile_list(g, fields, c);
}

/* With -t and keys, a table shows one statistic. */
static bool check_over_time(const struct grouping *g, struct complaint *c)
{
	bool has_key = g->patterns.n || g->n_fields > 1;

	if (!g->is_over_time)
		return true;
	if (has_key && g->measured.statistics.n > 1)
		return complain(c,
			"%s: a table with a column for each key can show one statistic, and -s "
			"asks for %zu",
			g->spec->over.origin, g->measured.statistics.n);
	if (!has_key && g->spec->subs.n)
		return complain(c, "--sub: with %s, it needs -f or -e, whose keys it can edit",
			g->spec->over.origin);
	return true;
}

static bool check_spec(const struct grouping_spec *spec, struct complaint *c)
{
	if (spec->key.value && spec->fields.value && spec->regexps.n) {
		complain(c,
			"cannot be used together with %s; write groups in it, as in -f 'client,$1'",
			spec->fields.origin);
		return complaint_about(c, spec->key);
	}
	if (spec->key.value && !spec->regexps.n) {
		complain(c, "a template needs a pattern: -e RE");
		return complaint_about(c, spec->key);
	}
	if (spec->patterns.n && (spec->regexps.n || spec->fields.value)) {
		complain(c, "-E: cannot be used together with %s",
			spec->regexps.n ? spec->regexps.at[0].origin : spec->fields.origin);
		return false;
	}
	if (spec->patterns.n && spec->subs.n)
		return complain(c, "-E: cannot be used together with --sub");
	if (spec->patterns.n > PATTERNS_MAX)
		return complain(c, "-E: more than %d patterns", PATTERNS_MAX);
	return !spec->every_match || spec->regexps.n || spec->patterns.n ||
	       complain(c, "-o: counts matches, so it needs a pattern: -e RE");
}

/* True if the statistic's order is that of counts. */
static bool is_by_count(const struct statistic *s)
{
	return s->kind == STATISTIC_COUNT || s->kind == STATISTIC_SHARE ||
	       s->kind == STATISTIC_RATE;
}

/* Find out by which statistic rows are ranked: by the one that --order names, or else by the first. */
static bool compile_order(struct grouping *g, struct complaint *c)
{
	const char *name = g->spec->order.value;

	if (g->measured.statistics.n)
		g->by = 0;
	g->order = !name                       ? ORDER_WEIGHT
		   : strcmp(name, "key") == 0  ? ORDER_KEY
		   : strcmp(name, "last") == 0 ? ORDER_LAST
					       : ORDER_WEIGHT;
	if (name && *name == '-')
		g->ascending = true;
	if (name && strcmp(name + g->ascending, "count") == 0) {
		g->by = BY_COUNT;
	} else if (name && g->order == ORDER_WEIGHT) {
		g->by = measured_find(&g->measured, name + g->ascending, c);
		if (g->by == SIZE_MAX)
			return complaint_about(c, g->spec->order);
	}
	if (g->by != BY_COUNT && is_by_count(&g->measured.statistics.at[g->by]))
		g->by = BY_COUNT;
	return true;
}

bool grouping_open(struct grouping *g, const struct grouping_spec *spec, const struct scan *scan,
	struct complaint *c)
{
	const struct args *regexps = spec->patterns.n ? &spec->patterns : &spec->regexps;

	*g = (struct grouping){.spec = spec, .by = BY_COUNT};
	if (!check_spec(spec, c))
		return false;
	return !regexps->n ||
	       key_patterns_compile(&g->patterns, regexps, spec->key, spec->ignore_case, scan, c);
}

bool grouping_check_conditions(
	const struct grouping *g, const struct fields *fields, struct complaint *c)
{
	for (size_t i = 0; g->spec->every_match && i < fields->n; i++)
		if (fields->at[i].kind == FIELD_GROUP && fields->at[i].patterns == &g->patterns)
			return complain(c,
				"-w: '%.64s' is a group, and with -o every match has its own value",
				fields->at[i].name);
	return true;
}

bool grouping_compile(
	struct grouping *g, struct fields *fields, const struct scan *scan, struct complaint *c)
{
	const struct grouping_spec *spec = g->spec;

	fields->patterns = spec->regexps.n ? &g->patterns : NULL;
	if (!filters_compile(&g->filters, &spec->grep, &spec->vgrep, spec->ignore_case, scan, c) ||
		!expressions_compile(&g->conditions, &spec->where, spec->ignore_case, fields, c) ||
		!grouping_check_conditions(g, fields, c) ||
		!compile_fields(g, fields, c) ||
		!substitutions_compile(&g->subs, &spec->subs, c) ||
		!measured_compile(&g->measured, &spec->sum, spec->ignore_case, fields, c) ||
		!check_over_time(g, c) || !compile_order(g, c))
		return false;
	fields->patterns = NULL;
	g->takes_all = !g->filters.n && !g->conditions.n;
	g->is_one_field = g->n_fields == 1 && !g->measured.n_numbers && !g->measured.n_pairs &&
			  !g->subs.n && !g->patterns.n;
	return true;
}

size_t grouping_values(const struct grouping *g)
{
	return g->n_fields ? g->n_fields : 1 + (size_t)g->is_over_time;
}

void grouping_free(struct grouping *g)
{
	filters_free(&g->filters);
	expressions_free(&g->conditions);
	key_patterns_free(&g->patterns);
	substitutions_free(&g->subs);
	free(g->fields);
	free(g->values);
	free(g->names_text);
	strlist_free(&g->names);
	measured_free(&g->measured);
}

/* --- Finding keys ---------------------------------------------------------------- */

static enum grouping_result result_of(enum pattern_result match)
{
	switch (match) {
	case PATTERN_YES:
		return GROUPING_YES;
	case PATTERN_GAVE_UP:
		return GROUPING_GAVE_UP;
	default:
		return GROUPING_NO;
	}
}

/* Test whether the line passes the grouping's own filters and conditions.  Returns GROUPING_YES if
 * the line passes. */
static enum grouping_result takes(const struct grouping *g, struct record *r)
{
	const struct filter *by;
	enum pattern_result passes = filters_pass(&g->filters, r->line, NULL, &by);

	if (passes == PATTERN_YES && !expressions_hold(&g->conditions, r, &passes))
		return GROUPING_FAILED;
	return result_of(passes);
}

/* Read the number that a source gives for the line. */
static enum grouping_result read_number(
	const struct number_source *source, struct record *r, struct sum *number, bool *no_number)
{
	struct span value;

	*number = NUMBER_NONE;
	if (source->is_condition) {
		enum pattern_result hold;
		if (!expressions_hold(&source->condition, r, &hold))
			return GROUPING_FAILED;
		if (hold == PATTERN_YES)
			*number = (struct sum){1, 0};
		return hold == PATTERN_GAVE_UP ? GROUPING_GAVE_UP : GROUPING_YES;
	}
	enum field_result found = record_value(r, source->field, &value);
	if (found != FIELD_VALUE)
		return found == FIELD_FAILED ? GROUPING_FAILED : GROUPING_YES;
	enum number_result result = measured_read(&r->fields->at[source->field], value, number);
	*no_number |= result == NUMBER_NO_NUMBER;
	return result == NUMBER_TOO_LARGE ? GROUPING_TOO_LARGE : GROUPING_YES;
}

/* Read the numbers of the key that is added next. */
static enum grouping_result read_numbers(
	const struct grouping *g, struct record *r, struct found_keys *k)
{
	const struct measured *m = &g->measured;

	k->no_number = false;
	for (size_t i = 0; i < m->n_numbers; i++) {
		enum grouping_result result = read_number(
			&m->numbers[i], r, &k->numbers[k->n * m->n_numbers + i], &k->no_number);
		if (result != GROUPING_YES)
			return result;
	}
	return GROUPING_YES;
}

bool grouping_add_pair(const struct grouping *g, size_t i, size_t key, struct span value,
	struct arena *arena, struct found_keys *k)
{
	const struct measured *m = &g->measured;
	const struct pair_source *source = &m->pairs[i];
	char bytes[3];

	if (source->kind == PAIR_MARK) {
		struct sketch_mark mark = sketch_mark(value);
		bytes[0] = (char)(mark.index >> 8);
		bytes[1] = (char)mark.index;
		bytes[2] = (char)mark.rank;
		value = span_of(bytes, 3);
	}
	struct span pair = pair_make(arena, k->keys[key], value);
	if (!pair.at || !found_keys_reserve(&k->pairs[i]))
		return false;
	k->pairs[i].keys[k->pairs[i].n++] = pair;
	return true;
}

/* Add the pairs of the key that was added last. */
static enum grouping_result add_pairs(
	const struct grouping *g, struct record *r, struct found_keys *k)
{
	const struct measured *m = &g->measured;

	for (size_t i = 0; i < m->n_pairs; i++) {
		struct span value;
		if (m->pairs[i].kind == PAIR_CODE)
			continue;
		enum field_result found = record_value(r, m->pairs[i].of, &value);
		if (found == FIELD_NONE)
			continue;
		if (found == FIELD_FAILED)
			return GROUPING_FAILED;
		if (!grouping_add_pair(g, i, k->n - 1, value, r->arena, k))
			return GROUPING_FAILED;
	}
	return GROUPING_YES;
}

static inline void add_key(struct found_keys *k, struct span key)
{
	if (k->counts)
		k->counts[k->n] = 1;
	k->keys[k->n++] = key;
}

/* Edit a key as --sub says.  Returns GROUPING_YES if the key was edited. */
static enum grouping_result edit(struct grouping *g, struct record *r, struct span *key)
{
	switch (substitutions_apply(&g->subs, key, r->arena)) {
	case SUBSTITUTE_DONE:
		return GROUPING_YES;
	case SUBSTITUTE_GAVE_UP:
		return GROUPING_GAVE_UP;
	default:
		return GROUPING_FAILED;
	}
}

/* Put the line's time before a key that patterns have found. */
static enum grouping_result add_time(struct grouping *g, struct record *r, struct span *key)
{
	struct span time;
	enum field_result found = record_value(r, g->time, &time);

	if (found != FIELD_VALUE)
		return found == FIELD_FAILED ? GROUPING_FAILED : GROUPING_NO;
	size_t len = tuple_size(time) + TUPLE_SEPARATOR + tuple_size(*key);
	char *at = arena_take(r->arena, len);
	if (!at)
		return GROUPING_FAILED;
	char *p = tuple_put(at, at + len, time, true);
	*key = span_between(at, tuple_put(p, at + len, *key, false));
	return GROUPING_YES;
}

static inline enum grouping_result add(
	struct grouping *g, struct record *r, struct span key, struct found_keys *k)
{
	enum grouping_result result = g->subs.n ? edit(g, r, &key) : GROUPING_YES;

	if (result == GROUPING_YES && g->is_over_time && !g->n_fields)
		result = add_time(g, r, &key);
	if (result == GROUPING_YES)
		result = read_numbers(g, r, k);

	if (result != GROUPING_YES)
		return result;
	add_key(k, key);
	return add_pairs(g, r, k);
}

static enum grouping_result add_composed(struct grouping *g, struct record *r, struct found_keys *k)
{
	const struct key_pattern *p = g->patterns.matched;
	size_t len = template_len(p->template, p->filter.pattern);
	char *at = arena_take(r->arena, len);

	if (!at)
		return GROUPING_FAILED;
	template_write(p->template, p->filter.pattern, at);
	return add(g, r, span_of(at, len), k);
}

enum grouping_result grouping_add_match(struct grouping *g, struct record *r, struct found_keys *k)
{
	const struct key_pattern *p = g->patterns.matched;

	if (p->template)
		return add_composed(g, r, k);
	return add(g, r, pattern_group(p->filter.pattern, p->capture), k);
}

/* Add the text of each pattern that matches the line; with -o, once for each match. */
static enum grouping_result find_patterns(
	struct grouping *g, struct record *r, struct found_keys *k)
{
	size_t before = k->n;

	for (size_t i = 0; i < g->patterns.n; i++) {
		struct key_patterns one = key_patterns_nth(&g->patterns, i);
		struct span text = span_text(one.at->filter.text);
		enum pattern_result match;
		key_patterns_begin(&one, r->line);
		do {
			match = g->spec->every_match ? key_patterns_next(&one)
						     : key_patterns_match(&one, r->line, false);
			if (match == PATTERN_NO)
				break;
			enum grouping_result added = match == PATTERN_GAVE_UP ? GROUPING_GAVE_UP
						     : !found_keys_reserve(k) ? GROUPING_FAILED
									      : add(g, r, text, k);
			if (added != GROUPING_YES) {
				k->n = before;
				return added;
			}
		} while (g->spec->every_match);
	}
	return k->n > before ? GROUPING_YES : GROUPING_NO;
}

bool grouping_add_tuple(
	const struct span *values, size_t n, struct arena *arena, struct found_keys *k)
{
	size_t len = TUPLE_SEPARATOR * (n - 1);

	for (size_t i = 0; i < n; i++)
		len += tuple_size(values[i]);
	char *at = arena_take(arena, len), *p = at;
	if (!at)
		return false;
	for (size_t i = 0; i < n; i++)
		p = tuple_put(p, at + len, values[i], i == 0);
	add_key(k, span_between(at, p));
	return true;
}

/* Add a key that consists of several fields. */
static enum grouping_result add_tuple(struct grouping *g, struct record *r, struct found_keys *k)
{
	for (size_t i = 0; i < g->n_fields; i++) {
		enum field_result found = record_value(r, g->fields[i], &g->values[i]);
		if (found != FIELD_VALUE)
			return found == FIELD_FAILED ? GROUPING_FAILED : GROUPING_NO;
	}
	for (size_t i = g->is_over_time; g->subs.n && i < g->n_fields; i++) {
		enum grouping_result edited = edit(g, r, &g->values[i]);
		if (edited != GROUPING_YES)
			return edited;
	}
	enum grouping_result result = read_numbers(g, r, k);
	if (result != GROUPING_YES)
		return result;
	if (!grouping_add_tuple(g->values, g->n_fields, r->arena, k))
		return GROUPING_FAILED;
	return add_pairs(g, r, k);
}

static inline enum grouping_result find_one_field(
	const struct grouping *g, struct record *r, struct found_keys *k)
{
	struct span value;
	enum field_result found = record_value(r, g->fields[0], &value);

	if (found != FIELD_VALUE)
		return found == FIELD_FAILED ? GROUPING_FAILED : GROUPING_NO;
	add_key(k, value);
	return GROUPING_YES;
}

static enum grouping_result find_fields(struct grouping *g, struct record *r, struct found_keys *k)
{
	struct span value;

	if (g->n_fields > 1)
		return add_tuple(g, r, k);
	switch (record_value(r, g->fields[0], &value)) {
	case FIELD_NONE:
		return GROUPING_NO;
	case FIELD_FAILED:
		return GROUPING_FAILED;
	case FIELD_GAVE_UP:
		return GROUPING_GAVE_UP;
	case FIELD_VALUE:
		break;
	}
	return add(g, r, value, k);
}

/* Add the key of a match that the patterns have just found in the line. */
static enum grouping_result add_found(struct grouping *g, struct record *r, struct found_keys *k)
{
	return g->n_fields ? find_fields(g, r, k) : grouping_add_match(g, r, k);
}

/* Forget the values of groups in the line's previous match: another match has been found. */
static void forget_groups(struct grouping *g, struct record *r)
{
	key_patterns_found(&g->patterns, r, r->number);
	for (size_t i = 0; i < r->fields->n; i++)
		if (r->fields->at[i].patterns == &g->patterns)
			r->memos[i].line = 0;
}

/* Add the key of every match in a line. */
static enum grouping_result find_matches(struct grouping *g, struct record *r, struct found_keys *k)
{
	size_t before = k->n;
	bool no_number = false;
	enum pattern_result match;

	key_patterns_begin(&g->patterns, r->line);
	while ((match = key_patterns_next(&g->patterns)) == PATTERN_YES) {
		if (r->fields->have_groups)
			forget_groups(g, r);
		enum grouping_result added =
			found_keys_reserve(k) ? add_found(g, r, k) : GROUPING_FAILED;
		if (added != GROUPING_YES && added != GROUPING_NO) {
			k->n = before;
			return added;
		}
		/* A match without a key reads no number, so .no_number is about another match. */
		no_number |= added == GROUPING_YES && k->no_number;
	}
	if (match == PATTERN_GAVE_UP) {
		k->n = before;
		return GROUPING_GAVE_UP;
	}
	k->no_number = no_number;
	return k->n > before ? GROUPING_YES : GROUPING_NO;
}

enum grouping_result grouping_find_key(struct grouping *g, struct record *r, struct found_keys *k)
{
	if (!g->takes_all) {
		enum grouping_result passes = takes(g, r);
		if (passes != GROUPING_YES)
			return passes;
	}
	if (g->is_one_field)
		return find_one_field(g, r, k);
	if (!g->patterns.n)
		return find_fields(g, r, k);
	if (g->spec->patterns.n)
		return find_patterns(g, r, k);
	if (g->spec->every_match)
		return find_matches(g, r, k);
	enum pattern_result match =
		r->fields->have_groups
			? key_patterns_match_line(&g->patterns, r->line, r, r->number)
			: key_patterns_match(&g->patterns, r->line, g->has_literal);
	return match == PATTERN_YES ? add_found(g, r, k) : result_of(match);
}
