/* snapshot_format.h -- the format of a snapshot, for snapshot_write.c and snapshot_read.c.
 *
 *	file	 [ magic, version | HEAD | ACCOUNT | INPUTS | KEYS | KEYS | ... | END ]
 *
 * The magic is 89 77 66 73 0d 0a 1a 0a: "wfs" among bytes that a transfer as text would change.
 * After it come the version, a u32 (SNAPSHOT_VERSION), and a u32 of 0.  save/checksummed_file.h
 * defines sections and what their checksums cover; store/pack.h defines u64 and string.
 *
 *	HEAD	 the query: its fingerprint, which is the XXH3-128 of the list that follows, two
 *		 u64, low and high | the list: the number of pairs, a u64 | for each pair a name
 *		 and a value, both strings; see query/signature.h
 *		 how to print it: 1 for a set of rankings, else 0, a u64 | the set's name, a string
 *		 | for each ranking its order (0 by count, 1 first keys, 2 last keys) and the number
 *		 of its rows (0 for all), both u64
 *	ACCOUNT	 bytes, lines, matched, filtered, unparsed, given up, not numbers; the requests of
 *		 an overview: u64 each | the overview's bytes, in billionths: low and high u64 of a
 *		 number of 128 bits | the first and the last time, 20 bytes each, padded with NULs
 *	INPUTS	 the number of inputs, a u64 | for each its host and its path, strings; device,
 *		 inode, size, and a hash of its first bytes, u64; see save/provenance.h
 *	KEYS	 a block of a run; see store/sorted_run.h.  The section's number is the range of the
 *		 block, and its note is the first hash.  A group is the number of a ranking in the
 *		 list.  Keys of several fields are tuples; see store/tuple.h.  The sections KEYS
 *		 together have every key once
 *	END	 the number of keys, a u64 | for each range, a u64 that says where its first section
 *		 begins; if the range has no keys, where that section would begin.  END is the last
 *		 section
 *
 * Nothing in a file depends on the number of workers, on the time or on chance, except the random
 * numbers that identify streams.
 *
 * A file without END is truncated and cannot be used.  A file that contradicts itself is damaged:
 * its verdicts have more lines than there are, a key's count is 0 or greater than the number of
 * matched lines, the counts of all keys together are more than that number for each ranking, or END
 * has another number of keys or other places than the sections.  Readers check all of this, also if
 * several processes each read a part of the ranges.
 */
#ifndef SAVE_SNAPSHOT_FORMAT_H
#define SAVE_SNAPSHOT_FORMAT_H

#include "store/sorted_run.h"

enum { SNAPSHOT_VERSION = 1 };

/* Kinds of sections. */
enum snapshot_section {
	SNAPSHOT_HEAD = 1,
	SNAPSHOT_ACCOUNT,
	SNAPSHOT_INPUTS,
	SNAPSHOT_KEYS,
	SNAPSHOT_END,
};

/* The fingerprint of a query: equal queries have equal fingerprints. */
struct fingerprint {
	uint64_t low, high;
};

/* The fingerprint of a query whose packed signature is `list`. */
struct fingerprint fingerprint_of(struct span list);

/* The contents of END. */
struct snapshot_index {
	uint64_t keys;
	uint64_t place[RUN_RANGES];
	unsigned n; /* how many elements of .place are set */
};

enum { SNAPSHOT_END_BYTES = 8 + 8 * RUN_RANGES };

/* For all ranges before `end` whose place is not set yet, set it to `place`. */
static inline void snapshot_index_to(struct snapshot_index *index, unsigned end, uint64_t place)
{
	while (index->n < end)
		index->place[index->n++] = place;
}

#endif
