/* snapshot_format.h -- the format of a snapshot, for snapshot_write.c and snapshot_read.c.
 *
 *	file	 [ magic, version | HEAD | ACCOUNT | INPUTS | KEYS | KEYS | ... | END ]
 *
 * The magic is 89 77 66 73 0d 0a 1a 0a: "wfs" among bytes that a transfer as text would change.
 * After it come the version, a u32 (SNAPSHOT_VERSION; this wf also reads version 1), and a u32 of 0.  save/checksummed_file.h
 * defines sections and what their checksums cover; store/pack.h defines u64 and string.
 *
 *	HEAD	 what was counted: the fingerprint of the query, which is the XXH3-128 of the list
 *		 that follows, as two u64, low and high | the list: a u64, the number of pairs, and
 *		 for each pair two strings, a name and a value; see query/signature.h
 *		 how it is printed: a u64, 1 for a set of rankings, else 0 | a string, the name of
 *		 the set | for each ranking: its order, a string ("" for the usual one), and two
 *		 u64, the least count of its rows, and their number (0 for all).  In version 1
 *		 two u64: the order (0 the usual one, 1 first keys, 2 last keys) and the number
 *	ACCOUNT	 a u64 each: bytes, lines, matched, filtered, unparsed, given up, not numbers, and
 *		 the requests of an overview | two u64, low and high: the bytes of the overview, in
 *		 billionths, as a number of 128 bits | the first and the last time, 20 bytes each,
 *		 padded with NULs
 *	INPUTS	 a u64, the number of inputs | for each input two strings, its host and its path,
 *		 and four u64, its device, inode, size, and a hash of its first bytes; see
 *		 save/provenance.h
 *	KEYS	 a block of a run; see store/sorted_run.h.  The section's number is the range of the
 *		 block, and its note is the first hash.  A group is the number of a ranking, in the
 *		 order of HEAD, or that of a group of pairs; see query/measured.h.  Keys of several
 *		 fields are tuples; see store/tuple.h.  All sections KEYS together have each key
 *		 once.  In version 1, if any ranking has a sum, the keys of all rankings have one
 *	END	 a u64, the number of keys | for each range, a u64 that says where its first section
 *		 begins; if the range has no keys, where that section would begin.  END is the last
 *		 section
 *
 * Nothing in a file depends on the number of workers, on the time or on chance, except the random
 * numbers that identify streams.
 *
 * A file without END is truncated and cannot be used.  A file that contradicts itself is damaged:
 * the numbers of lines with each verdict add up to more than all lines; the count of a key is 0 or
 * greater than the number of matched lines; the sum of all counts is greater than the number of
 * matched lines times the number of groups; or the number of keys or a place in END is wrong.  A
 * group of every match (-o) may have as many counts as bytes were read, instead.
 * Readers check all of this, even if several processes each read a part of the ranges.
 */
#ifndef SAVE_SNAPSHOT_FORMAT_H
#define SAVE_SNAPSHOT_FORMAT_H

#include "store/sorted_run.h"

enum { SNAPSHOT_VERSION = 2 };

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

/* Set the place of each range before `end` that has no place yet to `place`. */
static inline void snapshot_index_to(struct snapshot_index *index, unsigned end, uint64_t place)
{
	while (index->n < end)
		index->place[index->n++] = place;
}

#endif
