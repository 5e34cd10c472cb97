/* json.c -- cuts lines of JSON, which nginx, Caddy, Traefik and Kubernetes write.
 *
 * Bytes that are not UTF-8 are accepted.  If two members have the same name, the last one counts.
 * names.h says which members are base fields.  An object can't be the value of a base field, and
 * only a string can be a request.
 *
 *	shapes_find(), shape_pick()	do all of this if the line has the shape of an earlier line (shape.h)
 *	is_object()	checks the whole line
 *	walk()		looks up the name of each member, and keeps the best value of each field
 *	compile_shape()	compiles the shape of this line, for the lines after it
 */
#include <stdio.h>
#include <stdlib.h>

#include "formats/cutter.h"
#include "formats/json_reader.h"
#include "formats/names.h"
#include "formats/shape.h"
#include "lib/array.h"
#include "lib/decimal.h"
#include "lib/swar.h"

enum { NAME_MAX_LEN = 256 };

/* The members of an object, in their order. */
struct members {
	struct json_member *at;
	size_t n, room;
};

/* The object of the current line in which a name was seen last. */
struct seen {
	uint64_t line;
	const char *object;
};

/* The best value for a slot so far. */
struct best {
	struct span value; /* .at is NULL if there is none */
	unsigned rank;     /* names_rank(); the lowest is the best */
	size_t depth;      /* the number of names in its path; of the same rank, the lowest is the
			    * best, and then the last */
};

struct json {
	const struct wanted *wanted;
	struct names *names;
	struct name_path path; /* of the member that walk() has reached */
	uint64_t line;         /* number of the current line */
	struct seen *seen;     /* for each place in the table of names */
	struct best *best;     /* for each slot */
	bool repeats;          /* true if an object may have two members of the same name */
	bool is_distinct;      /* true if it is known that this is not so */
	struct shapes shapes;
};

static void json_free(void *compiled)
{
	struct json *j = compiled;

	shapes_free(&j->shapes);
	names_free(j->names);
	free(j->path.folded);
	free(j->seen);
	free(j->best);
	free(j);
}

static void *json_compile(const char *text, const struct wanted *wanted, struct complaint *c)
{
	struct json *j = calloc(1, sizeof *j);

	(void)text, (void)c;
	if (j)
		j->wanted = wanted;
	return j;
}

/* Compile the names before the first line is cut.  Most logs are not JSON, so json_compile() does not
 * do this.  False if out of memory. */
static bool prepare(struct json *j)
{
	if (!j->names)
		j->names = names_compile(j->wanted, NAMES_COMMON);
	if (j->names && !j->seen)
		j->seen = calloc(j->names->mask + 1, sizeof *j->seen);
	if (!j->best)
		j->best = calloc(BASES + j->wanted->names.n, sizeof *j->best);
	return j->seen && j->best && (j->path.folded || names_path_new(j->names, &j->path));
}

/* --- Finding values ----------------------------------------------------------------- */

/* A value is the span of its text.  If there is no value, .at is NULL. */
static const struct span no_value;

static bool is(struct span value, char first)
{
	return value.at && *value.at == first;
}

/* If the value is an array whose only element is neither an object nor an array, return this
 * element; otherwise return the value.  Caddy writes each header as an array, which usually has one
 * element. */
static struct span without_array(struct span value)
{
	struct json_member only, more;

	if (!is(value, '['))
		return value;
	struct json_walk w = json_reader_begin(value);
	if (!json_reader_next(&w, &only) || json_reader_next(&w, &more))
		return value;
	return is(only.value, '{') || is(only.value, '[') ? value : only.value;
}

/* --- Values ----------------------------------------------------------------------- */

static struct span unquoted(struct span string)
{
	return span_of(string.at + 1, string.len - 2);
}

static int compare_names(const void *a, const void *b)
{
	const struct json_member *x = a, *y = b;
	int order = span_compare(x->name, y->name);

	return order ? order : (x->value.at > y->value.at) - (x->value.at < y->value.at);
}

static int compare_places(const void *a, const void *b)
{
	const struct json_member *x = a, *y = b;

	return (x->name.at > y->name.at) - (x->name.at < y->name.at);
}

static bool list(struct members *all, struct span object)
{
	struct json_walk w = json_reader_begin(object);
	struct json_member m;

	all->n = 0;
	while (json_reader_next(&w, &m)) {
		if (!ARRAY_GROW(all->at, all->n, &all->room))
			return false;
		all->at[all->n++] = m;
	}
	return true;
}

/* List the members of an object, with decoded names.  If several members have the same name, list
 * only one of them, at the place of the first and with the value of the last.  The caller frees
 * .at.  False if out of memory. */
static bool list_once(struct members *all, struct span object, struct arena *arena)
{
	char *to = arena_take(arena, object.len);
	size_t n = 0;

	*all = (struct members){0};
	if (!to || !list(all, object))
		return false;
	for (size_t i = 0; i < all->n; i++) {
		char *end = json_reader_decode(all->at[i].name, to);
		all->at[i].name = span_between(to, end);
		to = end + 1; /* so that no two names have the same address */
	}
	if (all->n)
		qsort(all->at, all->n, sizeof *all->at, compare_names);
	for (size_t i = 0; i < all->n; i++) {
		if (n && span_equal(all->at[n - 1].name, all->at[i].name))
			all->at[n - 1].value = all->at[i].value;
		else
			all->at[n++] = all->at[i];
	}
	all->n = n;
	if (n)
		qsort(all->at, n, sizeof *all->at, compare_places);
	return true;
}

static char *put_bytes(char *out, struct span bytes)
{
	memcpy(out, bytes.at, bytes.len);
	return out + bytes.len;
}

/* Write a string in quotes.  The result is at most as long as the text from which the string was
 * decoded. */
static char *put_string(char *out, struct span s)
{
	static const char special[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";

	*out++ = '"';
	for (size_t i = 0; i < s.len; i++) {
		const char *at = memchr(special, s.at[i], sizeof special - 1);
		if (at) {
			*out++ = '\\';
			*out++ = letters[at - special];
		} else if ((unsigned char)s.at[i] < 0x20) {
			out = put_bytes(out, span_text(s.at[i] < 0x10 ? "\\u000" : "\\u001"));
			*out++ = "0123456789abcdef"[s.at[i] & 15];
		} else {
			*out++ = s.at[i];
		}
	}
	*out++ = '"';
	return out;
}

static bool decode(struct span text, struct arena *arena, struct span *value)
{
	char *to = arena_take(arena, text.len);

	if (to)
		*value = span_between(to, json_reader_decode(text, to));
	return to != NULL;
}

static bool put_value(char **out, struct span value, struct arena *arena);

static bool put_object(char **out, struct span object, struct arena *arena)
{
	struct members all;
	bool ok = list_once(&all, object, arena);

	*(*out)++ = '{';
	for (size_t i = 0; ok && i < all.n; i++) {
		if (i)
			*(*out)++ = ',';
		*out = put_string(*out, all.at[i].name);
		*(*out)++ = ':';
		ok = put_value(out, all.at[i].value, arena);
	}
	*(*out)++ = '}';
	free(all.at);
	return ok;
}

static bool put_array(char **out, struct span array, struct arena *arena)
{
	struct json_walk w = json_reader_begin(array);
	struct json_member m;
	bool ok = true;

	*(*out)++ = '[';
	for (bool first = true; ok && json_reader_next(&w, &m); first = false) {
		if (!first)
			*(*out)++ = ',';
		ok = put_value(out, m.value, arena);
	}
	*(*out)++ = ']';
	return ok;
}

/* Return the text of a number or word, but "0" for -0, because both are the same integer. */
static struct span scalar(struct span text)
{
	return span_equal(text, span_text("-0")) ? span_text("0") : text;
}

/* Write a value without blanks between its parts.  False if out of memory. */
static bool put_value(char **out, struct span value, struct arena *arena)
{
	struct span s;

	if (is(value, '{'))
		return put_object(out, value, arena);
	if (is(value, '['))
		return put_array(out, value, arena);
	if (!is(value, '"')) {
		*out = put_bytes(*out, scalar(value));
		return true;
	}
	if (!decode(unquoted(value), arena, &s))
		return false;
	*out = put_string(*out, s);
	return true;
}

/* Store the text of a JSON value in *value.  If there is no JSON value, or it is null, leave *value
 * unchanged.  The text is in the line or in the arena.  False if out of memory. */
static bool read_value(struct span text, struct arena *arena, struct span *value)
{
	text = without_array(text);
	if (!text.at || is(text, 'n'))
		return true;
	if (is(text, '"') && memchr(text.at, '\\', text.len))
		return decode(unquoted(text), arena, value);
	if (!is(text, '{') && !is(text, '[')) {
		*value = is(text, '"') ? unquoted(text) : scalar(text);
		return true;
	}
	char *start = arena_take(arena, text.len), *to = start;
	bool ok = start && put_value(&to, text, arena);
	if (ok)
		*value = span_between(start, to);
	return ok;
}

/* --- Walking ----------------------------------------------------------------------- */

/* True if the text can be the value of a slot. */
static bool may_be(int slot, struct span text)
{
	struct span value = without_array(text);

	if (is(value, 'n'))
		return false;
	if (slot >= BASES)
		return true;
	if (is(text, '{') || span_equal(value, span_text("\"\"")))
		return false;
	return slot != BASE_REQUEST || is(text, '"');
}

/* Read the value of a slot from the text of a JSON value.  If it cannot be the value of this slot,
 * value->at becomes NULL.  False if out of memory. */
static bool read_slot(size_t slot, struct span text, struct arena *arena, struct span *value)
{
	*value = no_value;
	if (!text.at || !may_be((int)slot, text))
		return true;
	if (!read_value(text, arena, value))
		return false;
	*value = names_slot_value(slot, *value);
	return true;
}

/* True if a value is better than the best one so far. */
static bool is_better(const struct best *best, unsigned rank, size_t depth)
{
	return !best->value.at || rank < best->rank || (rank == best->rank && depth <= best->depth);
}

/* Offer a value to a slot.  False if out of memory. */
static bool offer(struct json *j, const struct name_use *use, struct span text, struct arena *arena)
{
	struct best *best = &j->best[use->slot];
	size_t depth = j->path.depth;
	struct span value;

	if (!is_better(best, use->rank, depth))
		return true;
	if (!read_slot((size_t)use->slot, text, arena, &value))
		return false;
	unsigned rank = names_rank(use, value);
	if (value.at && is_better(best, rank, depth))
		*best = (struct best){value, rank, depth};
	return true;
}

static void mark_seen(struct json *j, const struct name_entry *e, struct span object)
{
	struct seen *seen = &j->seen[e - j->names->table];

	j->repeats |= seen->line == j->line && seen->object == object.at;
	*seen = (struct seen){j->line, object.at};
}

static bool walk(struct json *j, struct span container, struct arena *arena);

/* Offer the value of a member, whose path is j->path, to all slots that need it.  False if out of
 * memory. */
static bool visit(struct json *j, struct span container, struct span value, struct arena *arena)
{
	const struct name_entry *e = names_look_up(j->names, &j->path);

	if (!e)
		return true;
	mark_seen(j, e, container);
	for (const struct name_use *use = NULL; (use = names_next_use(j->names, e, &j->path, use));)
		if (!offer(j, use, value, arena))
			return false;
	return !e->is_prefix || !(is(value, '{') || is(value, '[')) || walk(j, value, arena);
}

/* Visit all members of an object, or all elements of an array, whose path is j->path. */
static bool walk(struct json *j, struct span container, struct arena *arena)
{
	struct json_walk w = json_reader_begin(container);
	struct name_path start = j->path;
	struct json_member m;
	char index[24];
	bool ok = true;

	for (size_t i = 0; ok && json_reader_next(&w, &m); i++) {
		if (!w.named)
			m.name = span_of(index, (size_t)sprintf(index, "%zu", i));
		else if (m.name.len && memchr(m.name.at, '\\', m.name.len))
			ok = decode(m.name, arena, &m.name);
		names_path_add(j->names, &j->path, m.name);
		ok = ok && visit(j, container, m.value, arena);
		j->path = start;
	}
	return ok;
}

/* Find the best value for each slot.  If an object has two members of the same name, only the last
 * one counts: write the line again without the others, and begin anew.  False if out of memory. */
static bool find_best(struct json *j, struct span object, struct arena *arena)
{
	for (;;) {
		j->line++;
		j->repeats = false;
		memset(j->best, 0, (BASES + j->wanted->names.n) * sizeof *j->best);
		if (!walk(j, object, arena))
			return false;
		if (!j->repeats || j->is_distinct)
			return true;
		char *start = arena_take(arena, object.len), *to = start;
		if (!start || !put_value(&to, object, arena))
			return false;
		object = span_between(start, to);
		j->is_distinct = true;
	}
}

/* --- Cutting ------------------------------------------------------------------------ */

static bool is_object(struct span text)
{
	return text.len && *text.at == '{' && json_reader_end(text) == span_end(text);
}

static void store_values(const struct json *j, const struct cut *cut)
{
	for (size_t i = 0; i < BASES + j->wanted->names.n; i++)
		cut->slots[i] = j->best[i].value;
}

/* --- Shapes ------------------------------------------------------------------------- */

/* Add the steps for all members of an object, whose path is j->path.  *from is the end of the last
 * value, and is moved.  False if out of memory. */
static bool compile_members(struct json *j, struct shape *s, struct span object, const char **from,
	struct arena *arena);

/* Add the steps for the value of a member, whose path is j->path. */
static bool compile_value(struct json *j, struct shape *s, const struct name_entry *e,
	struct span value, const char **from, struct arena *arena)
{
	bool has_parts = is(value, '{') || is(value, '[');

	if (is(value, '{')) {
		for (const struct name_use *use = NULL;
			(use = names_next_use(j->names, e, &j->path, use));)
			s->failed |= use->slot >= BASES;
		return compile_members(j, s, value, from, arena);
	}
	s->failed |= has_parts && e && e->is_prefix;
	shape_add_value(s, span_between(*from, value.at), j->path.depth, !e || !e->is_prefix);
	if (!s->failed)
		s->steps[s->n - 1].is_text = is(value, '"');
	for (const struct name_use *use = NULL; (use = names_next_use(j->names, e, &j->path, use));)
		shape_add_pick(s, use->slot, use->rank);
	*from = span_end(value);
	return true;
}

static bool compile_members(
	struct json *j, struct shape *s, struct span object, const char **from, struct arena *arena)
{
	struct json_walk w = json_reader_begin(object);
	struct name_path start = j->path;
	struct json_member m;

	while (!s->failed && json_reader_next(&w, &m)) {
		if (m.name.len && memchr(m.name.at, '\\', m.name.len) &&
			!decode(m.name, arena, &m.name))
			return false;
		names_path_add(j->names, &j->path, m.name);
		const struct name_entry *e = names_look_up(j->names, &j->path);
		if (e)
			mark_seen(j, e, object);
		bool ok = compile_value(j, s, e, m.value, from, arena);
		j->path = start;
		if (!ok)
			return false;
	}
	return true;
}

/* Compile the shape of a line, if that is worth it.  False if out of memory. */
static bool compile_shape(struct json *j, struct span object, struct arena *arena)
{
	struct shape *s = shapes_begin(&j->shapes);
	const char *from = object.at;

	if (!s)
		return true;
	j->line++;
	j->repeats = false;
	bool ok = compile_members(j, s, object, &from, arena);
	s->failed |= j->repeats || !ok;
	shape_finish(s, span_between(from, span_end(object)));
	shapes_end(&j->shapes);
	return ok;
}

/* Return the end of a number of the most frequent forms; NULL if it has another form or is not
 * valid. */
static inline const char *usual_number_end(const char *p, const char *end)
{
	enum { FITS_64_BITS = 18 };
	const char *first = p + (*p == '-'), *to = swar_digits_end(first, end);

	if (to == first || to - first > FITS_64_BITS || (*first == '0' && to - first > 1) ||
		to == end)
		return NULL;
	if (*to == '.') {
		first = to + 1;
		to = swar_digits_end(first, end);
		if (to == first || to == end)
			return NULL;
	}
	return (*to | 0x20) == 'e' || *to == '.' ? NULL : to;
}

/* Return the end of the value that begins at `p`; NULL if it is not valid, or if it can't be the
 * value of this step. */
static inline const char *step_value_end(
	const struct shape_step *step, const char *p, const char *end)
{
	const char *to = NULL;

	if (p == end)
		return NULL;
	if (*p == '"') {
		to = swar_string_stop(p + 1, end);
		if (to < end && *to == '"')
			return to + 1;
	} else if (decimal_is_digit(*p) || *p == '-') {
		to = usual_number_end(p, end);
		if (to)
			return to;
	} else if (span_is_one_of(*p, " \t\r{") || (*p == '[' && !step->may_be_list)) {
		return NULL;
	}
	return json_reader_end_inside(span_between(p, end), step->depth);
}

/* True if the line has a backslash or a control character; the line has at least 16 bytes. */
static inline bool is_special(struct span line)
{
	const char *p = line.at, *end = span_end(line);
#if defined(__SSE2__)
	__m128i any = swar_is_special(end - 16);

	for (; end - p >= 16; p += 16)
		any = _mm_or_si128(any, swar_is_special(p));
	return _mm_movemask_epi8(any) != 0;
#else
	while (p < end && *p != '\\' && (unsigned char)*p >= 0x20)
		p++;
	return p < end;
#endif
}

/* Like shape_has(), for a line whose quotes are known.  The place of each value is known from the
 * quotes, before the values before it are read, so that the CPU can read several of them at the
 * same time.  A false result means nothing. */
static bool has_marked_shape(
	const struct shape *s, struct span line, const struct cut *cut, struct span *values)
{
	enum { LEAST = 16 };
	const char *p = line.at, *end = span_end(line);
	const struct shape_step *step = s->steps;

	if (cut->n_quotes != s->quotes || line.len < LEAST || is_special(line))
		return false;
	for (size_t i = s->n; i; i--, step++) {
		const uint32_t *quote = cut->quotes + step->quote;
		const char *value = cut->block + quote[0] + step->after;
		if (value - p != (ptrdiff_t)step->len || !shape_skip(s, step, p, cut->block_end))
			return false;
		p = step->is_text ? cut->block + quote[1] + 1 : step_value_end(step, value, end);
		if (!p)
			return false;
		values[step->keep] = span_between(value, p);
	}
	return shape_skip(s, step, p, end) == end;
}

/* --- All together ------------------------------------------------------------------- */

static enum cut_result json_cut(void *compiled, struct span line, const struct cut *cut)
{
	struct json *j = compiled;
	struct span object = span_trim_end(span_trim_start(line, " \t"), " \t\r");
	struct span texts[SHAPE_PICKS + 1];

	memset(cut->slots, 0, (BASES + j->wanted->names.n) * sizeof *cut->slots);
	const struct shape *shape = shapes_recent(&j->shapes);
	if (!shape || !cut->quotes || !has_marked_shape(shape, object, cut, texts))
		shape = shapes_find(&j->shapes, object, step_value_end, texts);
	if (shape)
		return shape_pick(shape, texts, read_slot, cut) ? CUT_FITS : CUT_FAILED;
	if (!is_object(object))
		return CUT_NOT;
	j->is_distinct = false;
	if (!prepare(j) || !find_best(j, object, cut->arena))
		return CUT_FAILED;
	store_values(j, cut);
	return compile_shape(j, object, cut->arena) ? CUT_FITS : CUT_FAILED;
}

/* --- Fields that are not bases ---------------------------------------------------- */

/* What tell_members() needs besides the members. */
struct telling {
	struct name_test test;
	const struct listener *listener;
};

static bool tell_members(struct span object, struct span path, const struct telling *);

/* Do for one member what tell_members() does for all members. */
static bool tell(const struct json_member *m, struct span path, const struct telling *t)
{
	char name[NAME_MAX_LEN];
	struct arena arena = {0};
	struct span value = no_value;
	int n = snprintf(name, sizeof name, "%.*s%s%.*s", (int)path.len, path.at,
		path.len ? "." : "", (int)m->name.len, m->name.at);

	if (n < 0 || (size_t)n >= sizeof name)
		return true;
	struct span whole = span_of(name, (size_t)n);
	if (is(m->value, '{'))
		return tell_members(m->value, whole, t);
	if (name_test_is_base(&t->test, whole))
		return true;
	bool ok = read_value(m->value, &arena, &value);
	if (ok && value.at)
		t->listener->tell(t->listener->ctx, whole, value);
	arena_free(&arena);
	return ok;
}

/* Pass all members of an object that are not base fields to the listener.  `path` is the path of
 * the object.  A member that is an object is replaced by its own members, with names such as "a.b";
 * an array is passed as one value.  False if out of memory. */
static bool tell_members(struct span object, struct span path, const struct telling *t)
{
	struct arena arena = {0};
	struct members all;
	bool ok = list_once(&all, object, &arena);

	for (size_t i = 0; ok && i < all.n; i++)
		ok = tell(&all.at[i], path, t);
	free(all.at);
	arena_free(&arena);
	return ok;
}

static bool json_tell_own(void *compiled, struct span line, const struct listener *listener)
{
	struct telling t = {.listener = listener};
	struct span object = span_trim_end(span_trim_start(line, " \t"), " \t\r");

	(void)compiled;
	if (!name_test_new(&t.test, NAMES_COMMON))
		return false;
	bool ok = !is_object(object) || tell_members(object, span_of("", 0), &t);
	name_test_free(&t.test);
	return ok;
}

const struct cutter json_cutter = {
	.compile = json_compile,
	.cut = json_cut,
	.tell_own = json_tell_own,
	.free = json_free,
	.uses_marks = true,
};
