#include "query/signature.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"

/* --- Listing --------------------------------------------------------------------- */

static bool add(struct signature *a, const struct property *property, const char *value)
{
	if (!ARRAY_GROW(a->at, a->n, &a->room))
		return false;
	a->at[a->n++] = (struct signature_item){property, value};
	return true;
}

/* Add the i-th value of a property to the list, unless it is the usual value.  If property_value()
 * has written the value to the local buffer, a copy is added. */
static bool list_value(
	struct signature *a, const struct property *property, const void *spec, size_t i)
{
	char byte[2];
	const char *value = property_value(property, spec, i, byte);

	if (property->usual && strcmp(value, property->usual) == 0)
		return true;
	if (value != byte)
		return add(a, property, value);
	char *copy = strdup(value);
	return strlist_take(&a->owned, copy) && add(a, property, copy);
}

static bool list(struct signature *a, enum property_scope scope, const void *spec)
{
	for (size_t i = 0; i < n_properties; i++) {
		const struct property *property = &properties[i];
		size_t n = property->scope == scope ? property_count(property, spec) : 0;
		for (size_t k = 0; k < n; k++)
			if (!list_value(a, property, spec, k))
				return false;
	}
	return true;
}

bool signature_of(const struct query_spec *q, struct signature *a)
{
	*a = (struct signature){0};
	bool ok = list(a, SCOPE_QUERY, q);

	for (size_t i = 0; ok && i < q->n_groupings; i++)
		ok = list(a, SCOPE_GROUPING, &q->groupings[i]);
	if (!ok)
		signature_free(a);
	return ok;
}

void signature_free(struct signature *a)
{
	free(a->at);
	for (size_t i = 0; i < a->owned.n; i++)
		free((void *)(uintptr_t)a->owned.at[i]);
	strlist_free(&a->owned);
	*a = (struct signature){0};
}

/* --- As bytes -------------------------------------------------------------------- */

void signature_pack(struct pack *p, const struct signature *a)
{
	pack_u64(p, a->n);
	for (size_t i = 0; i < a->n; i++) {
		pack_string(p, a->at[i].property->stored);
		pack_string(p, a->at[i].value);
	}
}

static const struct property *find_stored(const char *name)
{
	for (size_t i = 0; i < n_properties; i++)
		if (strcmp(properties[i].stored, name) == 0)
			return &properties[i];
	return NULL;
}

bool signature_unpack(struct unpack *u, struct signature *a)
{
	uint64_t n = unpack_u64(u);

	*a = (struct signature){0};
	while (!u->bad && a->n < n) {
		const struct property *property = find_stored(unpack_string(u));
		const char *value = unpack_string(u);
		u->bad |= !property || strlen(value) > PROPERTY_BYTES_MAX;
		if (!u->bad && !add(a, property, value))
			return false;
	}
	errno = EBADMSG;
	return !u->bad;
}

void signature_pack_shown(struct pack *p, const struct query_spec *q)
{
	pack_u64(p, q->set != NULL);
	pack_string(p, q->set ? q->set : "");
	for (size_t i = 0; i < q->n_groupings; i++) {
		const struct grouping_spec *g = &q->groupings[i];
		pack_string(p, g->order.value ? g->order.value : "");
		pack_u64(p, g->least);
		pack_u64(p, g->top);
	}
	if (q->layout && !q->preset.value)
		pack_string(p, q->layout);
}

/* Read the order of a ranking, which version 1 of snapshots has as a number. */
static const char *unpack_order(struct unpack *u, bool numbered)
{
	static const char *const orders[] = {NULL, "key", "last"};
	uint64_t number = numbered ? unpack_u64(u) : 0;
	const char *order = numbered ? "" : unpack_string(u);

	u->bad |= number >= sizeof orders / sizeof *orders;
	return u->bad ? NULL : *order ? order : orders[number];
}

bool signature_unpack_shown(struct unpack *u, struct query_spec *q, bool numbered)
{
	bool is_set = unpack_u64(u);
	const char *name = unpack_string(u);

	q->set = q->preset.value ? q->preset.value : is_set ? name : NULL;
	for (size_t i = 0; i < q->n_groupings; i++) {
		struct grouping_spec *g = &q->groupings[i];
		g->order = (struct arg){unpack_order(u, numbered), "order"};
		g->least = numbered ? 0 : unpack_u64(u);
		uint64_t top = unpack_u64(u);
		u->bad |= top > SIZE_MAX;
		g->top = (size_t)top;
	}
	if (!u->bad && u->rest.len)
		q->layout = unpack_string(u);
	return !u->bad;
}

/* --- As a query ------------------------------------------------------------------ */

static bool not_a_query(void)
{
	errno = EBADMSG;
	return false;
}

/* Append an empty grouping.  *room is the allocated size of the array of groupings. */
static bool add_grouping(struct query_spec *q, size_t *room)
{
	if (q->n_groupings == GROUPINGS_MAX)
		return not_a_query();
	if (!ARRAY_GROW(q->groupings, q->n_groupings, room))
		return false;
	q->groupings[q->n_groupings++] = (struct grouping_spec){0};
	return true;
}

/* Set a property of the query, or of its last grouping. */
static bool set(struct query_spec *q, const struct property *property, struct arg value)
{
	if (property->scope == SCOPE_QUERY)
		return property_set(property, q, value);
	if (!q->n_groupings)
		return not_a_query();
	return property_set(property, &q->groupings[q->n_groupings - 1], value);
}

bool signature_query(struct signature *a, const char *file, struct query_spec *q)
{
	size_t room = 0;

	*q = (struct query_spec){.delimiter = -1, .is_stored = true};
	for (size_t i = 0; i < a->n; i++) {
		const struct property *property = a->at[i].property;
		char *origin;
		if (asprintf(&origin, "%s: %s", file, property->option) < 0)
			origin = NULL;
		if (!strlist_take(&a->owned, origin) ||
			(property->kind == PROPERTY_NAME && !add_grouping(q, &room)) ||
			!set(q, property, (struct arg){a->at[i].value, origin}))
			return false;
	}
	return q->n_groupings > 0 || not_a_query();
}

/* --- Differences ----------------------------------------------------------------- */

/* Return the position of the i-th item's property in properties[], by which lists are ordered; if
 * there is no i-th item, the position after the last property.  The properties "regexp" and
 * "patterns" get the position of "fields", because a grouping has either patterns or fields. */
static size_t place_of(const struct signature *a, size_t i)
{
	const struct property *p = i < a->n ? a->at[i].property : properties + n_properties;

	if (i < a->n && (p == property_find(SCOPE_GROUPING, "regexp") ||
				p == property_find(SCOPE_GROUPING, "patterns")))
		p = property_find(SCOPE_GROUPING, "fields");
	return (size_t)(p - properties);
}

static bool is_same(const struct signature *a, const struct signature *b, size_t i)
{
	if (i >= a->n || i >= b->n)
		return i >= a->n && i >= b->n;
	return a->at[i].property == b->at[i].property &&
	       strcmp(a->at[i].value, b->at[i].value) == 0;
}

/* Describe an item for a message: "counts status". */
static const char *describe(const struct signature_item *item, char *out, size_t room)
{
	const char *value = *item->value ? item->value : "''";
	bool is_flag = item->property->kind == PROPERTY_FLAG;

	snprintf(out, room, "%s%s%s", item->property->phrase, is_flag ? "" : " ",
		is_flag ? "" : value);
	return out;
}

bool signature_differ(const struct signature *a, const char *a_name, const struct signature *b,
	const char *b_name, char *out, size_t room)
{
	size_t i = 0, most = a->n > b->n ? a->n : b->n;
	char here[512], there[512];

	while (i < most && is_same(a, b, i))
		i++;
	if (i == most)
		return false;
	size_t a_place = place_of(a, i), b_place = place_of(b, i);
	if (a_place == b_place)
		snprintf(out, room, "%s: %s, but %s %s", b_name,
			describe(&b->at[i], here, sizeof here), a_name,
			describe(&a->at[i], there, sizeof there));
	else if (b_place < a_place)
		snprintf(out, room, "%s: %s, but %s does not", b_name,
			describe(&b->at[i], here, sizeof here), a_name);
	else
		snprintf(out, room, "%s: %s, but %s does not", a_name,
			describe(&a->at[i], here, sizeof here), b_name);
	return true;
}
