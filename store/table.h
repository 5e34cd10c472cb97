/* table.h -- a hash table in which keys are counted.  Several processes can share its memory.
 *
 *   slots    [ tag 16 | offset 48 ] x 2^bits              the index; an empty slot is 0
 *   entries  [ header | page | page | ... -->              appended, never moved
 *   page     [ where it ends | entry | entry | ... ]
 *   entry    [ hash 64 | count 64 | group 16, length 48 | key bytes, padded to 8 | measures | sets ]
 *
 * One table counts for several rankings at once: a key belongs to a group, and the same bytes in
 * two groups are two keys.  Each group has its own measures (measures.h), perhaps none.
 *
 * If codes of numbers are counted (measures.h), an entry ends with a word for each coded number, which
 * says where its set of codes (code_set.h) is.  Sets are in pages of their own.
 *
 * The index uses open addressing with linear probing (Knuth, TAOCP vol. 3, 6.4, algorithm L).  The
 * highest bits of a key's hash are the number of its home, the slot where probing begins.  So slots
 * are in the order of hashes, and a range of hashes is a range of slots.  The tag is the lowest 16
 * bits of the hash.  Different keys usually have different tags, so the entry of another key is
 * usually not read.  If the tags are equal, the hashes, the groups and all bytes of the keys are
 * compared.  When the index becomes too small, a larger one is made from the entries, which contain
 * the hashes.
 *
 * A large table appends its entries to several streams of pages, each for one part of the hashes.
 * So entries whose hashes are in the same range are near each other.
 *
 * Keys are hashed by XXH3 (xxhash.com) with the caller's seed.  The seed is random, so that nobody
 * can write a log whose keys collide.
 *
 * Only one process, a worker, writes a table, and others read the table only when that worker is
 * done.  So no locks are needed.  There are offsets instead of pointers, because the table may move
 * when it grows.
 *
 * Order of calls: table_new(); then, possibly in a forked child, table_add(), repeatedly; in the
 * parent table_follow(); then table_next() and table_range(), in any number of processes;
 * table_free().
 */
#ifndef STORE_TABLE_H
#define STORE_TABLE_H

#include <stdint.h>

#include "store/code_set.h"

struct table;

struct entry {
	uint64_t hash;
	uint64_t count;
	uint64_t group : 16, len : 48;
	char key[];
};

/* Keys of one group, to be counted. */
struct key_batch {
	const struct span *keys;
	const struct sum
		*numbers; /* for each key, the numbers that the group's measures take; not used
			    * if the group has no measures */
	size_t n;
	unsigned group;         /* below 65536 */
	const uint64_t *counts; /* how often to count each key; NULL to count each key once.  Must
				 * be NULL if the group has measures */
};

struct table_spec {
	bool between_processes;
	const struct measures *measures; /* NULL if no group has any; it must outlive the table */
	uint64_t seed;                   /* tables that are combined must have the same seed */
	uint64_t budget; /* the most bytes of memory that the table may have; 0 for no limit */
	bool one_range;  /* all hashes are in one small range.  Since the homes of such hashes would
			  * be close together, the table rotates the hashes.  Only table_add_entry()
			  * may add to such a table, and table_range() must not be called */
};

/* Make an empty table, which has about 70 KB.  NULL if out of memory or of file descriptors
 * (errno). */
struct table *table_new(const struct table_spec *);

/* Discard all keys and most of the memory.  This works even if the process that wrote the table was
 * killed at any moment.  False on error (errno). */
bool table_reset(struct table *);

/* Discard all keys, but keep the memory for new ones. */
void table_clear(struct table *);

/* Make visible in this process what a child has written.  Call this when the child is done.  False
 * on error (errno). */
bool table_follow(struct table *);

/* Count the keys of a batch, and copy their bytes into the table.  Counted keys are removed from
 * the batch, so after an error the batch has only the keys that were not counted.  False (errno) if
 * the table is full (ENOBUFS; an empty table is never full), if out of memory, or if a measure
 * overflows (EOVERFLOW). */
bool table_add(struct table *, struct key_batch *);

/* Add the count and the measures of an entry, which may be in another table, and the codes of each of
 * its coded numbers.  `codes` may be NULL if there are none.  False for the same reasons as
 * table_add(); then the codes may have been added without the count. */
bool table_add_entry(struct table *, const struct entry *, const struct code_list *codes);

/* Get the codes of each of the coded numbers of an entry of this table.  They are valid as long as the
 * entry.  Returns the number of lists. */
size_t table_codes(const struct table *, const struct entry *, struct code_list codes[CODED_MOST]);

/* Return the entry of a key of another table with the same seed; NULL if this table does not have the
 * key.  .hash of the key must be its hash in the other table. */
const struct entry *table_find(const struct table *, const struct counted *key);

/* How many codes are counted in all sets together. */
uint64_t table_all_codes(const struct table *);

/* Hand over the codes of an entry as pairs.  False (errno) as in code_list_give(). */
bool table_give_codes(const struct table *, const struct entry *, struct arena *, struct sink);

/* The number of distinct keys in all groups together. */
uint64_t table_keys(const struct table *);

/* How many bytes of memory the table has. */
uint64_t table_bytes(const struct table *);

/* The entry after the given one; the first entry if NULL is given.  NULL at the end.  Entries are
 * in the order in which they were added, except in large tables.  They are valid until the next
 * call that adds to the table. */
const struct entry *table_next(const struct table *, const struct entry *);

/* The hashes from .first to .last; both are in the range. */
struct range {
	uint64_t first, last;
};

/* Divide all hashes into n ranges of about the same size, and return range i, 0 <= i < n. */
struct range range_part(unsigned i, unsigned n);

/* The position of a walk over all entries whose hashes are in a range.  Before the walk, set .range
 * to this range, and .steps to 0. */
struct table_cursor {
	struct range range;
	uint64_t steps;
};

/* Get the next entries whose hashes are in the cursor's range: at most `room` of them, nearly in
 * the order of their hashes.  Returns their number, 0 at the end. */
size_t table_range(const struct table *, struct table_cursor *, const struct entry **, size_t room);

/* The number of bytes of an entry without the words for its sets: its header, its key with padding,
 * and its measures. */
static inline size_t entry_bytes(const struct entry *e, const struct measures *m)
{
	return ((sizeof *e + e->len + 7) & ~(size_t)7) + measures_bytes(m, e->group);
}

/* The measures that the table's entries have. */
const struct measures *table_measures(const struct table *);

static inline struct span entry_key(const struct entry *e)
{
	return span_of(e->key, (size_t)e->len);
}

/* The measures of an entry. */
static inline const char *entry_measures(const struct entry *e)
{
	return e->key + ((e->len + 7) & ~UINT64_C(7));
}

/* Convert an entry to a struct counted, in which .hash is the hash in the table. */
static inline struct counted entry_counted(const struct entry *e)
{
	return (struct counted){e->group, entry_key(e), e->count, entry_measures(e), e->hash};
}

void table_free(struct table *);

#endif
