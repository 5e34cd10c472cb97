/* quota.h -- lets several processes share a number of bytes of memory: each user reserves the bytes
 * that it needs, and waits until they are free.
 *
 *	q = quota_new(bytes, users); fork
 *	in the process of user i: quota_reserve(q, i, bytes), allocate; free, quota_release(q, i)
 *	quota_free(q)
 *
 * A user that waits has reserved nothing, so users cannot wait for each other in a circle.  If a
 * process dies, another one calls quota_release() for its user.  There is no lock that a process
 * could hold when it dies: the processes share only the number of bytes that each user has
 * reserved.
 */
#ifndef LIB_QUOTA_H
#define LIB_QUOTA_H

#include <stdint.h>

struct quota;

/* Make a quota for the users 0 to users - 1.  The processes that use it are forked after this call.
 * NULL on error (errno). */
struct quota *quota_new(uint64_t bytes, unsigned users);

/* Release what the user has reserved; then wait until `bytes` bytes are free, and reserve them.  If
 * the quota has fewer bytes, reserve all of them.  Before this call, the user must free the memory
 * that it had reserved. */
void quota_reserve(struct quota *, unsigned user, uint64_t bytes);

void quota_release(struct quota *, unsigned user);

/* Return how many bytes all users together have reserved. */
uint64_t quota_used(const struct quota *);

void quota_free(struct quota *);

#endif
