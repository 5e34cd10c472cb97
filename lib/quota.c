#include "lib/quota.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

struct quota {
	uint64_t bytes;
	unsigned users;
	_Atomic uint64_t *has; /* how many bytes each user has reserved; in shared memory */
};

static size_t shared_size(const struct quota *q)
{
	return q->users * sizeof *q->has;
}

struct quota *quota_new(uint64_t bytes, unsigned users)
{
	struct quota *q = malloc(sizeof *q);

	if (!q)
		return NULL;
	*q = (struct quota){.bytes = bytes, .users = users};
	/* Anonymous memory is 0 at first. */
	void *at = mmap(
		NULL, shared_size(q), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (at == MAP_FAILED) {
		free(q);
		return NULL;
	}
	q->has = at;
	return q;
}

void quota_free(struct quota *q)
{
	if (q)
		munmap((void *)q->has, shared_size(q));
	free(q);
}

uint64_t quota_used(const struct quota *q)
{
	uint64_t used = 0;

	for (unsigned i = 0; i < q->users; i++)
		used += atomic_load(&q->has[i]);
	return used;
}

void quota_release(struct quota *q, unsigned user)
{
	atomic_store(&q->has[user], 0);
}

/* Reserve the bytes first, then check whether all users together have reserved too much.  If two
 * users do so at the same time, at least one of them sees the reservation of the other.  Both may
 * give up. */
static bool try_to_reserve(struct quota *q, unsigned user, uint64_t bytes)
{
	atomic_store(&q->has[user], bytes);
	if (quota_used(q) <= q->bytes)
		return true;
	quota_release(q, user);
	return false;
}

/* Users wait for different times, between 1 and 5 ms, so that they do not give up together again
 * and again. */
void quota_reserve(struct quota *q, unsigned user, uint64_t bytes)
{
	uint32_t random = user;

	bytes = bytes < q->bytes ? bytes : q->bytes;
	while (!try_to_reserve(q, user, bytes)) {
		random = random * 1664525 + 1013904223;
		nanosleep(&(struct timespec){.tv_nsec = 1000000 + (random >> 10)}, NULL);
	}
}
