/* keeper.h -- copies the keys of ranked rows, if the keys that are added do not stay valid.
 *
 *	keeper_begin --> top_add ... --> keeper_end
 *
 * From time to time, the copies for rows that have been replaced are freed.
 */
#ifndef RANK_KEEPER_H
#define RANK_KEEPER_H

#include "rank/top.h"

struct keeper {
	struct arena *arena; /* owns the copies */
	struct ranking *rankings;
	size_t n;
	bool replaces;        /* a ranking has a limit, so that its rows may be replaced */
	uint64_t bytes, live; /* the bytes of all copies in the arena; and how many they were after
			       * copies had last been freed */
};

/* Let the keeper copy, to the arena, the key of each row that is added to these rankings. */
void keeper_begin(struct keeper *, struct arena *, struct ranking *, size_t n);

/* No more rows will be added.  The keys stay valid until the arena is freed. */
void keeper_end(struct keeper *);

#endif
