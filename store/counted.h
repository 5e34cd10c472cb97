/* counted.h -- a key with its count and its measures, as one module hands it to the next.
 *
 *	tables --> combine --> sink: a ranking, a sort, a run --> bytes --> sink ...
 *
 * To be stored or sent, a struct counted is written as an entry, whose bytes are the same on every
 * machine:
 *
 *	entry	[ count 64 | group 16, length 48 | measures | key ]
 *		little-endian, not aligned; the group is in the lowest 16 bits of its word;
 *		measures.h says how many bytes of measures the keys of a group have
 */
#ifndef STORE_COUNTED_H
#define STORE_COUNTED_H

#include "lib/span.h"
#include "store/measures.h"

enum { COUNTED_GROUPS = 1 << 16 };

struct counted {
	unsigned group; /* the number of the key's ranking, below COUNTED_GROUPS */
	struct span key;
	uint64_t count;
	const char *measures; /* valid as long as the key; not used if the group has no measures */
	uint64_t hash;  /* a hash of group and key; the function that hands over the key says which
			 * one: the hash in a table, or run_hash() */
};

/* Receives keys, one at a time, and each key of a group only once.  take() is called for each key.
 * The bytes of the key are valid during the call, or for longer if the calling function says so.
 * To stop the calling function, take() returns false (errno); then that function returns false as
 * well. */
struct sink {
	bool (*take)(void *ctx, const struct counted *);
	void *ctx;
};

/* Add another count and other measures of the same key.  `total` has the bytes of c->measures, which
 * are changed there.  False (EOVERFLOW) if a total does not fit: then no total is meaningful. */
bool counted_add(
	struct counted *c, char *total, const struct counted *more, const struct measures *);

static inline bool counted_is_same_key(const struct counted *a, const struct counted *b)
{
	return a->group == b->group && span_equal(a->key, b->key);
}

/* Compare two keys in the order of a run (sorted_run.h): by hash, then by group, then by the bytes
 * of the key.  Returns < 0, 0 or > 0. */
static inline int counted_compare(const struct counted *a, const struct counted *b)
{
	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	if (a->group != b->group)
		return a->group < b->group ? -1 : 1;
	return span_compare(a->key, b->key);
}

/* The number of bytes of a key's entry. */
static inline uint64_t counted_size(const struct counted *c, const struct measures *m)
{
	return UINT64_C(16) + measures_bytes(m, c->group) + (uint64_t)c->key.len;
}

/* Write the key as an entry of counted_size() bytes. */
void counted_put(char *to, const struct counted *, const struct measures *);

/* Read the entry at the start of *rest; *rest becomes the bytes after it.  The key and its measures are
 * not copied, and .hash becomes 0.  False if the bytes are damaged. */
bool counted_take(struct span *rest, const struct measures *, struct counted *);

#endif
