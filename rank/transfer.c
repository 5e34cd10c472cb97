#include "rank/transfer.h"

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

/* The rows of an array that take_last() has not taken yet. */
struct array {
	const struct row *rows;
	size_t n;
};

static bool take_last(void *array, struct row *row)
{
	struct array *a = array;

	*row = a->rows[--a->n];
	return true;
}

bool transfer_merge(struct ranking *to, const struct ranking *from, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct array left = {from[i].rows, from[i].n};
		if (!top_merge(&to[i], &from[i], (struct rows){take_last, &left, left.n}))
			return false;
	}
	return true;
}

/* --- Packing ---------------------------------------------------------------------- */

/* Return the bytes to pack as the row's key: the bytes of the key itself, or the bytes of row->key,
 * the struct span that has the key's address and length. */
static struct span packed_key(const struct row *row, enum transfer_keys keys)
{
	return keys == TRANSFER_BYTES ? row->key
				      : span_of((const char *)&row->key, sizeof row->key);
}

size_t transfer_size(const struct ranking *rankings, size_t n, enum transfer_keys keys)
{
	size_t size = n * 5 * sizeof(uint64_t);

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < rankings[i].n; k++)
			size += (size_t)counted_size(packed_key(&rankings[i].rows[k], keys), true);
	return size;
}

static void pack_row(struct pack *p, const struct row *row, enum transfer_keys keys)
{
	struct counted c = {.key = packed_key(row, keys), .count = row->count, .sum = row->sum};
	char *at = pack_room(p, (size_t)counted_size(c.key, true));
	if (at)
		counted_put(at, &c, true);
}

void transfer_pack(
	struct pack *p, const struct ranking *rankings, size_t n, enum transfer_keys keys)
{
	for (size_t i = 0; i < n; i++) {
		const struct ranking *r = &rankings[i];
		pack_u64(p, r->keys);
		pack_u64(p, r->matched);
		pack_u64(p, r->sum.low);
		pack_u64(p, (uint64_t)r->sum.high);
		pack_u64(p, r->n);
		for (size_t k = r->n; k-- > 0;)
			pack_row(p, &r->rows[k], keys);
	}
}

/* --- Unpacking -------------------------------------------------------------------- */

struct packed_rows {
	struct unpack *from;
	enum transfer_keys keys;
};

static bool unpack_row(void *packed_rows, struct row *row)
{
	const struct packed_rows *p = packed_rows;
	struct counted c;

	if (!counted_take(&p->from->rest, true, &c)) {
		errno = EBADMSG;
		return false;
	}
	*row = (struct row){c.key, c.count, c.sum};
	if (p->keys == TRANSFER_ADDRESSES)
		memcpy(&row->key, c.key.at, sizeof row->key);
	return true;
}

static bool merge_packed(struct unpack *u, struct ranking *to, enum transfer_keys keys)
{
	struct packed_rows rows = {u, keys};
	struct ranking from = {.keys = unpack_u64(u)};

	from.matched = unpack_u64(u);
	from.sum.low = unpack_u64(u);
	from.sum.high = (int64_t)unpack_u64(u);
	size_t n = (size_t)unpack_u64(u);
	errno = EBADMSG;
	/* top_merge() allocates memory for n rows, so check that the bytes that are left have room
	 * for n rows.  The shortest row is an entry with an empty key. */
	if (u->bad || n > u->rest.len / counted_size(span_of(NULL, 0), true))
		return false;
	return top_merge(to, &from, (struct rows){unpack_row, &rows, n});
}

bool transfer_merge_packed(
	struct unpack *u, struct ranking *rankings, size_t n, enum transfer_keys keys)
{
	for (size_t i = 0; i < n; i++)
		if (!merge_packed(u, &rankings[i], keys))
			return false;
	return true;
}
