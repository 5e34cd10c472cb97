/* snapshot.h -- all that a run has counted, as a file; and several of them put together.
 *
 *	file	 [ magic, version | HEAD | ACCOUNT | INPUTS | KEYS | KEYS | ... | END ]
 *
 * The magic is 89 77 66 73 0d 0a 1a 0a: "wfs" among bytes that a transfer as text would change.
 * Then come the version, a u32, which is SNAPSHOT_VERSION, and a u32 of 0.  How sections look,
 * and what their checksums cover, is told in lib/sections.h; u64 and string in lib/pack.h.
 *
 *	HEAD	 what was asked: the fingerprint, XXH3-128 of the list that follows, as two u64,
 *		 low and high | the list: how many pairs, a u64 | a name and a value each, both
 *		 strings; see asked.h
 *		 and how it was to be printed: 1 if it is a set of rankings, else 0, a u64 |
 *		 the set's name, a string | for each ranking its order, 0 by count, 1 first keys,
 *		 2 last keys, and its rows, 0 for all, u64 both
 *	ACCOUNT	 bytes, lines, matched, filtered, unparsed, given up, not numbers; requests of an
 *		 overview: u64 each | its bytes, in billionths: low and high u64 of a number of
 *		 128 bits | the first and the last time, 20 bytes each with NULs behind
 *	INPUTS	 how many, a u64 | each with its host, its path: strings; device, inode, size, and
 *		 a hash of its first bytes: u64; see origins.h
 *	KEYS	 a block of a run, as lib/keyrun.h tells; the section's number is the block's range,
 *		 its note the first hash.  A group is a ranking, by its number in the list.  Keys
 *		 of several fields are tuples, as in lib/tuple.h.  All keys are there, each once
 *	END	 how many keys there are, a u64 | for each range the place of its first section, or
 *		 where that would be, a u64 each.  Nothing is behind it
 *
 * Nothing in it depends on the number of workers, on time or chance, but the random numbers by
 * which streams are known again.
 *
 * A file without END is cut off, and is of no use.  Files are put together as streams, by a block
 * of each; regular files by several processes, each its ranges.
 */
#ifndef SAVE_SNAPSHOT_H
#define SAVE_SNAPSHOT_H

#include "query/signature.h"
#include "save/serialize.h"
#include "save/provenance.h"

enum { SNAPSHOT_VERSION = 1 };

/* Kinds of sections. */
enum snapshot_section {
	SNAPSHOT_HEAD = 1,
	SNAPSHOT_ACCOUNT,
	SNAPSHOT_INPUTS,
	SNAPSHOT_KEYS,
	SNAPSHOT_END,
};

/* --- Writing --- */

/* What is saved beside the keys. */
struct saved {
	const struct query_spec *query;
	const struct account *account;
	const struct pack *origins; /* packed */
	uint64_t keys;              /* that were written */
	bool in_temp;               /* what failed was a file in $TMPDIR */
};

/* Write it all to a descriptor.  False (errno) as reduce_rank, or where that does not take it. */
bool snapshot_write(int fd, struct saved *, const struct counts *);

/* The same to several: the i-th of n gets the i-th part of the ranges, and all else. */
bool snapshot_write_parts(const int *fds, unsigned n, struct saved *, const struct counts *);

/* The same under a name, "-" being standard output: all of it or nothing. */
bool snapshot_save(const char *name, struct saved *, const struct counts *);

/* --- Reading --- */

struct snapshot;

/* Snapshots of one query, which are read as what they count together. */
struct snapshots {
	struct snapshot *at;
	size_t n;
	struct query_spec
		query; /* the first one's, to be printed as it was; not settled for memory */
	struct account account;    /* all together */
	struct provenance origins; /* all together; .of is a snapshot's number */
	struct source source;      /* of their keys */

	struct snapshot *failed; /* the one that a walk has failed on */
	char why[1024];          /* one can't be read, as a message */
};

/* None yet, of at most so many.  NULL where memory is out. */
struct snapshots *snapshots_new(size_t most);

/* Add a snapshot, read from a descriptor that becomes theirs but for standard input; name must
 * outlive them.  False if it is none, or of another query: see .why.  Only free them then. */
bool snapshots_add(struct snapshots *, int fd, const char *name);

/* Open these files, "-" and none being standard input.  Warns of inputs that are in two of them.
 * Dies where one is no snapshot, or of another query. */
struct snapshots *snapshots_open(const struct strlist *files);

/* If what failed with this errno was reading a snapshot, warn of that. */
bool snapshots_tell(const struct snapshots *, int why);

void snapshots_free(struct snapshots *);

#endif
