#include "rank/transfer.h"

#include <errno.h>
#include <stdlib.h>

struct ranking *rankings_like(const struct ranking *rankings, size_t n)
{
	struct ranking *copy = calloc(n, sizeof *copy);

	for (size_t i = 0; copy && i < n; i++)
		copy[i] = (struct ranking){.order = rankings[i].order,
			.statistics = rankings[i].statistics,
			.by = rankings[i].by,
			.ascending = rankings[i].ascending,
			.least = rankings[i].least,
			.first = NUMBER_NONE,
			.last = NUMBER_NONE,
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

static size_t n_values(const struct ranking *r)
{
	return r->statistics ? r->statistics->n_all : 0;
}

/* The bytes of a row, without its key. */
static size_t head_size(const struct ranking *r)
{
	return (2 + 2 * n_values(r)) * sizeof(uint64_t);
}

size_t transfer_size(const struct ranking *rankings, size_t n, enum transfer_keys keys)
{
	size_t size = n * 9 * sizeof(uint64_t);

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < rankings[i].n; k++)
			size += head_size(&rankings[i]) +
				packed_key(&rankings[i].rows[k], keys).len;
	return size;
}

static void pack_row(
	struct pack *p, const struct ranking *r, const struct row *row, enum transfer_keys keys)
{
	struct span key = packed_key(row, keys);

	pack_u64(p, row->count);
	pack_u64(p, key.len);
	for (size_t i = 0; i < n_values(r); i++)
		pack_sum(p, row->values[i]);
	pack_bytes(p, key);
}

void transfer_pack(
	struct pack *p, const struct ranking *rankings, size_t n, enum transfer_keys keys)
{
	for (size_t i = 0; i < n; i++) {
		const struct ranking *r = &rankings[i];
		pack_u64(p, r->keys);
		pack_u64(p, r->matched);
		pack_sum(p, r->sum);
		pack_sum(p, r->first);
		pack_sum(p, r->last);
		pack_u64(p, r->n);
		for (size_t k = r->n; k-- > 0;)
			pack_row(p, r, &r->rows[k], keys);
	}
}

/* --- Unpacking -------------------------------------------------------------------- */

struct packed_rows {
	struct unpack *from;
	enum transfer_keys keys;
	struct sum *values; /* room for the values of a row */
	size_t n_values;
};

static bool unpack_row(void *packed_rows, struct row *row)
{
	const struct packed_rows *p = packed_rows;
	struct unpack *u = p->from;

	*row = (struct row){.count = unpack_u64(u), .values = p->values};
	uint64_t len = unpack_u64(u);
	for (size_t i = 0; i < p->n_values; i++)
		p->values[i] = unpack_sum(u);
	row->key = unpack_bytes(u, len);
	if (p->keys == TRANSFER_ADDRESSES && !u->bad)
		memcpy(&row->key, row->key.at, sizeof row->key);
	errno = EBADMSG;
	return !u->bad;
}

static bool merge_packed(struct unpack *u, struct ranking *to, enum transfer_keys keys)
{
	struct sum values[STATISTICS_ALL];
	struct packed_rows rows = {u, keys, values, n_values(to)};
	struct ranking from = {.keys = unpack_u64(u)};

	from.matched = unpack_u64(u);
	from.sum = unpack_sum(u);
	from.first = unpack_sum(u);
	from.last = unpack_sum(u);
	size_t n = (size_t)unpack_u64(u);
	errno = EBADMSG;
	/* top_merge() allocates memory for n rows, so check that the bytes that are left have room
	 * for n rows.  The shortest row has an empty key. */
	if (u->bad || n > u->rest.len / head_size(to))
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
