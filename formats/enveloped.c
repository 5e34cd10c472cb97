#include "formats/enveloped.h"

#include <stdio.h>
#include <stdlib.h>

#include "formats/cutter.h"
#include "formats/logformat.h"
#include "lib/lines.h"

static const char our_prefix[] = "envelope.";

enum { INSIDE = BASES }; /* the slot of the outer format that has the line inside */

/* A field of the query that the outer format may find. */
struct loan {
	size_t from, to;    /* the slots of the outer format, and of the cut */
	bool is_envelope_s; /* true if the name begins with "envelope." */
};

struct enveloped {
	const struct envelope_json *json; /* NULL if the envelope is a text */
	struct logformat *outer, *inner;
	const char *text;     /* the format string */
	struct wanted wanted; /* of the outer format: the line inside, then the loans */
	struct span *slots;   /* of the outer format */
	struct loan *loans;
	size_t n_loans;
};

static void enveloped_free(void *compiled)
{
	struct enveloped *e = compiled;

	logformat_free(e->outer);
	logformat_free(e->inner);
	strlist_free(&e->wanted.names);
	free(e->slots);
	free(e->loans);
	free(e);
}

/* --- Compiling ---------------------------------------------------------------------- */

static bool is_ours(const char *name)
{
	return strncmp(name, our_prefix, sizeof our_prefix - 1) == 0;
}

/* Return the name by which the outer format knows a field of the query. */
static const char *name_outside(const struct enveloped *e, const char *name)
{
	if (!e->json || !is_ours(name))
		return name;
	for (const struct envelope_name *n = e->json->names; n->ours; n++)
		if (strcmp(n->ours, name) == 0)
			return n->theirs;
	return name + sizeof our_prefix - 1;
}

static bool add_loans(struct enveloped *e, const struct wanted *wanted)
{
	if (!strlist_add(&e->wanted.names, e->json ? e->json->inside : "message"))
		return false;
	e->loans = calloc(wanted->names.n + 1, sizeof *e->loans);
	for (size_t i = 0; e->loans && i < wanted->names.n; i++) {
		const char *name = wanted->names.at[i], *outside = name_outside(e, name);
		bool is_inside = strcmp(outside, e->wanted.names.at[0]) == 0;
		e->loans[e->n_loans++] =
			(struct loan){is_inside ? (size_t)INSIDE : BASES + e->wanted.names.n,
				BASES + i, is_ours(name)};
		if (!is_inside && !strlist_add(&e->wanted.names, outside))
			return false;
	}
	e->slots = calloc(BASES + e->wanted.names.n, sizeof *e->slots);
	return e->loans && e->slots;
}

/* Compile the format of a text before the line: "BEFORE${message}". */
static struct logformat *compile_text(
	struct span before, const struct wanted *wanted, struct complaint *c)
{
	static const char rest[] = "${message}";
	char *text = malloc(before.len + sizeof rest);

	if (!text)
		return NULL;
	snprintf(text, before.len + sizeof rest, "%.*s%s", (int)before.len, before.at, rest);
	struct logformat *f = logformat_compile(text, wanted, c);
	free(text);
	return f;
}

static struct logformat *compile_inner(const struct enveloped *e, const char *text,
	const struct wanted *wanted, struct complaint *c)
{
	size_t skipped = e->json ? strlen(e->json->prefix) : 0;

	if (e->json && envelope_json_named(text + skipped)) {
		complain(c, "an envelope of JSON cannot be in another one");
		return NULL;
	}
	struct logformat *f = logformat_compile(text + skipped, wanted, c);
	if (!f && c->offset != SIZE_MAX)
		c->offset += skipped;
	if (!f || !logformat_heading(f).len)
		return f;
	complain(c, "'%.80s' has headings, which cannot be in an envelope", text + skipped);
	logformat_free(f);
	return NULL;
}

static void *enveloped_compile(const char *text, const struct wanted *wanted, struct complaint *c)
{
	struct enveloped *e = calloc(1, sizeof *e);
	struct span before = span_of("", 0);

	if (!e)
		return NULL;
	e->json = envelope_json_named(text);
	e->text = text;
	const char *inner = e->json ? text : envelope_text_named(text, &before);
	bool ok = add_loans(e, wanted);
	if (ok)
		e->outer = e->json ? logformat_compile("json", &e->wanted, c)
				   : compile_text(before, &e->wanted, c);
	if (e->outer)
		e->inner = compile_inner(e, inner, wanted, c);
	if (e->inner)
		return e;
	enveloped_free(e);
	return NULL;
}

/* --- Cutting ------------------------------------------------------------------------ */

/* Find the line inside an envelope, and the values of the loans. */
static enum cut_result open_envelope(
	struct enveloped *e, struct span line, const struct cut *cut, struct span *inside)
{
	struct cut outer = *cut;

	outer.slots = e->slots;
	enum cut_result result = logformat_cut(e->outer, line, &outer);
	if (result != CUT_FITS)
		return result;
	*inside = e->slots[INSIDE];
	if (e->json && !envelope_json_open(e->json, e->slots[INSIDE], cut->arena, inside))
		return CUT_NOT;
	return inside->at ? CUT_FITS : CUT_NOT;
}

static enum cut_result enveloped_cut(void *compiled, struct span line, const struct cut *cut)
{
	struct enveloped *e = compiled;
	struct span inside;
	enum cut_result result = open_envelope(e, line, cut, &inside);

	if (result != CUT_FITS)
		return result;
	/* The inner format may leave a slot unchanged if its lines never have the field. */
	for (size_t i = 0; i < e->n_loans; i++)
		cut->slots[e->loans[i].to] = span_of(NULL, 0);
	result = logformat_cut(e->inner, inside,
		&(struct cut){.block = inside.at,
			.block_end = span_end(inside),
			.arena = cut->arena,
			.slots = cut->slots});
	for (size_t i = 0; result == CUT_FITS && i < e->n_loans; i++) {
		struct span *to = &cut->slots[e->loans[i].to];
		if (e->loans[i].is_envelope_s || !to->at)
			*to = e->slots[e->loans[i].from];
	}
	return result;
}

struct span enveloped_lines(const struct envelope_json *json, struct span lines, size_t most)
{
	const char *name = json->inside;
	const struct wanted wanted = {.names = {.at = &name, .n = 1}};
	struct span slots[BASES + 1] = {{NULL, 0}}, line, inside;
	struct arena arena = {0};
	struct cut cut = {.arena = &arena, .slots = slots};
	struct complaint why;
	struct logformat *outer = logformat_compile("json", &wanted, &why);
	char *all = outer ? malloc(lines.len + 1) : NULL, *to = all;

	/* A line is shorter than its envelope, so that there is room for the '\n' after it. */
	for (; all && most && lines_next(&lines, &line); most--) {
		if (logformat_cut(outer, line, &cut) == CUT_FITS && slots[INSIDE].at &&
			envelope_json_open(json, slots[INSIDE], &arena, &inside)) {
			if (inside.len)
				memcpy(to, inside.at, inside.len);
			to += inside.len;
			*to++ = '\n';
		}
		arena_reset(&arena);
	}
	logformat_free(outer);
	arena_free(&arena);
	return all ? span_between(all, to) : span_of(NULL, 0);
}

/* --- Fields ------------------------------------------------------------------------- */

static uint32_t enveloped_bases(const void *compiled)
{
	return logformat_bases(((const struct enveloped *)compiled)->inner);
}

static bool enveloped_has(const void *compiled, const char *name)
{
	const struct enveloped *e = compiled;

	return logformat_has(e->inner, name) || logformat_has(e->outer, name_outside(e, name));
}

/* Return the name of field number `i` of the envelope; empty if there is no such field. */
static struct span own_name_outside(const struct enveloped *e, size_t i)
{
	if (!e->json)
		return logformat_own_name(e->outer, i);
	for (size_t k = 0; k < i; k++)
		if (!e->json->names[k].ours)
			return span_of(NULL, 0);
	const char *name = e->json->names[i].ours;
	return name ? span_text(name) : span_of(NULL, 0);
}

static struct span enveloped_own_name(const void *compiled, size_t i)
{
	const struct enveloped *e = compiled;

	for (size_t n = 0;; n++) {
		struct span name = logformat_own_name(e->inner, n);
		if (!name.len)
			return own_name_outside(e, i - n);
		if (n == i)
			return name;
	}
}

/* Append the names of the envelope's own fields to the list.  The caller frees the names, which are
 * all but the first `n`.  False if out of memory. */
static bool list_names(const struct enveloped *e, struct strlist *names)
{
	struct span name;

	for (size_t i = 0; (name = own_name_outside(e, i)).len; i++)
		if (span_begins_with(name, our_prefix) &&
			!strlist_take(names, strndup(name.at, name.len)))
			return false;
	return true;
}

/* Tell the fields of the line inside, then those of the envelope, which a second format finds. */
static bool tell_all(struct enveloped *e, const struct wanted *wanted, struct span line,
	const struct listener *listener)
{
	struct arena arena = {0};
	struct span inside, *slots = calloc(BASES + wanted->names.n, sizeof *slots);
	struct cut cut = {.arena = &arena, .slots = slots};
	struct complaint why;
	struct enveloped *all = slots ? enveloped_compile(e->text, wanted, &why) : NULL;
	bool ok = all != NULL;

	if (ok && open_envelope(all, line, &cut, &inside) == CUT_FITS)
		ok = logformat_tell_own(all->inner, inside, listener);
	for (size_t i = 0; ok && i < wanted->names.n; i++)
		if (all->slots[all->loans[i].from].at)
			listener->tell(listener->ctx, span_text(wanted->names.at[i]),
				all->slots[all->loans[i].from]);
	if (all)
		enveloped_free(all);
	arena_free(&arena);
	free(slots);
	return ok;
}

static bool enveloped_tell_own(void *compiled, struct span line, const struct listener *listener)
{
	struct enveloped *e = compiled;
	struct wanted wanted = {0};
	bool ok = list_names(e, &wanted.names) && tell_all(e, &wanted, line, listener);

	for (size_t i = 0; i < wanted.names.n; i++)
		free((void *)(uintptr_t)wanted.names.at[i]);
	strlist_free(&wanted.names);
	return ok;
}

const struct cutter enveloped_cutter = {
	.compile = enveloped_compile,
	.cut = enveloped_cut,
	.free = enveloped_free,
	.bases = enveloped_bases,
	.has = enveloped_has,
	.tell_own = enveloped_tell_own,
	.own_name = enveloped_own_name,
};
