#include "rank/rankings.h"

#include <errno.h>
#include <stdlib.h>

struct ranking *rankings_like(const struct ranking *rankings, size_t n)
{
	struct ranking *copy = calloc(n, sizeof *copy);

	for (size_t i = 0; copy && i < n; i++)
		copy[i] = (struct ranking){.order = rankings[i].order,
			.sums = rankings[i].sums,
			.limit = rankings[i].limit};
	return copy;
}

void rankings_free(struct ranking *rankings, size_t n)
{
	for (size_t i = 0; rankings && i < n; i++)
		ranking_free(&rankings[i]);
	free(rankings);
}

bool rankings_merge(struct ranking *to, const struct ranking *from, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!top_merge(&to[i], &from[i]))
			return false;
	return true;
}

/* --- Packing ---------------------------------------------------------------------- */

/* What stands for the row's key: an address is packed as if it was the key. */
static struct span packed_key(const struct counted *row, enum rankings_keys keys)
{
	return keys == RANKINGS_BYTES ? row->key
				      : span_of((const char *)&row->key, sizeof row->key);
}

size_t rankings_size(const struct ranking *rankings, size_t n, enum rankings_keys keys)
{
	size_t size = n * 5 * sizeof(uint64_t);

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < rankings[i].n; k++)
			size += (size_t)counted_size(packed_key(&rankings[i].rows[k], keys), true);
	return size;
}

static void pack_row(struct pack *p, const struct counted *row, enum rankings_keys keys)
{
	struct counted c = *row;

	c.key = packed_key(row, keys);
	char *at = pack_room(p, (size_t)counted_size(c.key, true));
	if (at)
		counted_put(at, &c, true);
}

void rankings_pack(
	struct pack *p, const struct ranking *rankings, size_t n, enum rankings_keys keys)
{
	for (size_t i = 0; i < n; i++) {
		const struct ranking *r = &rankings[i];
		pack_u64(p, r->keys);
		pack_u64(p, r->matched);
		pack_u64(p, r->sum.low);
		pack_u64(p, (uint64_t)r->sum.high);
		pack_u64(p, r->n);
		for (size_t k = 0; k < r->n; k++)
			pack_row(p, &r->rows[k], keys);
	}
}

/* --- Unpacking -------------------------------------------------------------------- */

static bool unpack_row(struct unpack *u, struct counted *row, enum rankings_keys keys)
{
	if (!counted_take(&u->rest, true, row))
		return false;
	if (keys == RANKINGS_ADDRESSES)
		memcpy(&row->key, row->key.at, sizeof row->key);
	return true;
}

static bool unpack_rows(struct unpack *u, struct ranking *r, enum rankings_keys keys)
{
	/* No row takes fewer bytes than an empty key. */
	uint64_t most = u->rest.len / counted_size(span_of(NULL, 0), true);

	errno = EBADMSG;
	if (u->bad || r->n > most)
		return false;
	r->rows = malloc((r->n + 1) * sizeof *r->rows);
	if (!r->rows)
		return false;
	for (size_t i = 0; i < r->n; i++)
		if (!unpack_row(u, &r->rows[i], keys))
			return false;
	return true;
}

static bool merge_packed(struct unpack *u, struct ranking *to, enum rankings_keys keys)
{
	struct ranking one = {.order = to->order, .sums = to->sums, .limit = to->limit};

	one.keys = unpack_u64(u);
	one.matched = unpack_u64(u);
	one.sum.low = unpack_u64(u);
	one.sum.high = (int64_t)unpack_u64(u);
	one.n = (size_t)unpack_u64(u);
	bool ok = unpack_rows(u, &one, keys) && top_merge(to, &one);
	ranking_free(&one);
	return ok;
}

bool rankings_merge_packed(
	struct unpack *u, struct ranking *rankings, size_t n, enum rankings_keys keys)
{
	for (size_t i = 0; i < n; i++)
		if (!merge_packed(u, &rankings[i], keys))
			return false;
	return true;
}
