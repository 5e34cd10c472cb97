/* quota.h -- a number of bytes of memory that several processes share: each user reserves what it
 * needs, and waits until that is free.
 *
 *	q = quota_new(bytes, users); fork
 *	in the process of user i: quota_reserve(q, i, bytes), allocate; free, quota_release(q, i)
 *	quota_free(q)
 *
 * A user that waits has nothing, so users cannot wait for each other in a circle.  If a process
 * dies, another one calls quota_release() for its user.  There is no lock that a process could hold
 * when it dies: all that is shared is how much each user has.
 */
#ifndef LIB_QUOTA_H
#define LIB_QUOTA_H

#include <stdint.h>

struct quota;

/* Make a quota for the users 0 to users - 1.  The processes that use it are forked after this call.
 * NULL on error (errno). */
struct quota *quota_new(uint64_t bytes, unsigned users);

/* Give back what the user has, and wait until the user has so many bytes instead, or all bytes of
 * the quota if that is less.  Therefore the user must have freed its memory. */
void quota_reserve(struct quota *, unsigned user, uint64_t bytes);

void quota_release(struct quota *, unsigned user);

/* How many bytes all users have together. */
uint64_t quota_used(const struct quota *);

void quota_free(struct quota *);

#endif
