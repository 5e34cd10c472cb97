/* memory_limit.h -- how much memory a run may use: what the user says, or half of the free memory.
 *
 * The free memory is looked up when the limit is first needed, because this takes about 40 system
 * calls, and a run on a small log never needs the limit.
 */
#ifndef LIB_MEMORY_LIMIT_H
#define LIB_MEMORY_LIMIT_H

#include <stdint.h>

struct memory_limit {
	uint64_t bytes; /* 0 if the user has set no limit and memory_limit() has not computed one
			 * yet */
};

/* Return the limit in bytes, which is the same in all calls.  It is at most a quarter of the
 * address space, because a 32-bit process needs the rest for mapping logs and for ranking. */
uint64_t memory_limit(struct memory_limit *);

#endif
