/* keeper.h -- keeps copies of the keys of ranked rows, for keys that do not stay valid.
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
	bool replaces;        /* some ranking has a limit, so its rows may be replaced */
	uint64_t bytes, live; /* .bytes is the number of bytes taken from the arena; .live is the
			       * value that .bytes had after replaced keys were last freed */
};

/* Let the keeper copy, to the arena, the key of each row that is added to these rankings. */
void keeper_begin(struct keeper *, struct arena *, struct ranking *, size_t n);

/* No more rows will be added.  The keys stay valid until the arena is freed. */
void keeper_end(struct keeper *);

#endif
