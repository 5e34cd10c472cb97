#include "count/relay.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* There are two slots for each worker, so that one can be filled while the other is counted, but at
 * most SLOTS slots in all. */
enum { SLOTS = 256, PAGE = 4096 };

/* In the pipe, this number means that all workers have left.  It is not the number of a slot. */
#define ALL_HAVE_LEFT UINT32_MAX

struct slot {
	atomic_bool taken;
	struct block block;
};

/* The first part of the memory that the workers share.  The bytes of the slots follow. */
struct shared_part {
	atomic_bool used;
	atomic_size_t next; /* the slot to try first; only a hint */
	struct slot slots[SLOTS];
	atomic_bool left[]; /* for each worker, true if it will publish no more blocks */
};

struct relay {
	unsigned workers, slots;
	size_t room;
	int queue[2];
	struct shared_part *shared;
	size_t shared_size;
	char *bytes;
};

static size_t to_page(size_t size)
{
	return (size + PAGE - 1) / PAGE * PAGE;
}

struct relay *relay_new(unsigned workers, size_t room)
{
	struct relay *r = malloc(sizeof *r);

	if (!r)
		return NULL;
	*r = (struct relay){.workers = workers,
		.slots = workers < SLOTS / 2 ? 2 * workers : SLOTS,
		.room = room};
	size_t head = to_page(sizeof *r->shared + workers * sizeof r->shared->left[0]);
	r->shared_size = head + r->slots * room;
	if (pipe2(r->queue, O_CLOEXEC) != 0)
		goto free;
	/* Anonymous memory is 0 at first, and costs nothing until it is used. */
	r->shared = mmap(NULL, r->shared_size, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (r->shared == MAP_FAILED)
		goto close;
	r->bytes = (char *)r->shared + head;
	return r;

close:
	close(r->queue[0]);
	close(r->queue[1]);
free:
	free(r);
	return NULL;
}

void relay_free(struct relay *r)
{
	if (!r)
		return;
	munmap(r->shared, r->shared_size);
	close(r->queue[0]);
	close(r->queue[1]);
	free(r);
}

int relay_acquire(struct relay *r)
{
	size_t first = atomic_load_explicit(&r->shared->next, memory_order_relaxed);

	for (size_t k = 0; k < r->slots; k++) {
		size_t i = (first + k) % r->slots;
		if (atomic_exchange(&r->shared->slots[i].taken, true))
			continue;
		atomic_store_explicit(&r->shared->next, i + 1, memory_order_relaxed);
		return (int)i;
	}
	return RELAY_NONE;
}

char *relay_slot(const struct relay *r, int slot)
{
	return r->bytes + (size_t)slot * r->room;
}

size_t relay_room(const struct relay *r)
{
	return r->room;
}

void relay_release(struct relay *r, int slot)
{
	atomic_store(&r->shared->slots[slot].taken, false);
}

static bool is_temporary(int error)
{
	return error == EINTR || error == EAGAIN;
}

/* Write a number to the pipe.  write() and read() do not split so few bytes.  The pipe has room for
 * the numbers of all slots, so write() does not wait. */
static bool put(struct relay *r, uint32_t number)
{
	ssize_t n;

	while ((n = write(r->queue[1], &number, sizeof number)) < 0 && is_temporary(errno))
		;
	return n == sizeof number;
}

static bool get(struct relay *r, uint32_t *number)
{
	ssize_t n;

	while ((n = read(r->queue[0], number, sizeof *number)) < 0 && is_temporary(errno))
		;
	return n == sizeof *number;
}

bool relay_publish(struct relay *r, int slot, const struct block *block)
{
	r->shared->slots[slot].block = *block;
	atomic_store_explicit(&r->shared->used, true, memory_order_relaxed);
	return put(r, (uint32_t)slot);
}

/* The last worker to leave wakes up the others, which wait for blocks.  If two workers leave at the
 * same time, both may write ALL_HAVE_LEFT, which does no harm. */
bool relay_leave(struct relay *r, unsigned worker)
{
	atomic_store(&r->shared->left[worker], true);
	for (unsigned i = 0; i < r->workers; i++)
		if (!atomic_load(&r->shared->left[i]))
			return true;
	return put(r, ALL_HAVE_LEFT);
}

/* After ALL_HAVE_LEFT no block can be in the pipe, because the pipe keeps the order.  This worker
 * puts ALL_HAVE_LEFT back into the pipe for the next one. */
bool relay_receive(struct relay *r, int *slot, struct block *block, int *error)
{
	uint32_t number;

	*error = 0;
	if (!get(r, &number) || (number == ALL_HAVE_LEFT && !put(r, number))) {
		*error = errno;
		return false;
	}
	if (number == ALL_HAVE_LEFT)
		return false;
	*slot = (int)number;
	*block = r->shared->slots[number].block;
	return true;
}

bool relay_was_used(const struct relay *r)
{
	return atomic_load(&r->shared->used);
}

bool relay_reset(struct relay *r, unsigned workers)
{
	struct pollfd queue = {.fd = r->queue[0], .events = POLLIN};
	uint32_t number;

	while (poll(&queue, 1, 0) > 0)
		if (!get(r, &number))
			return false;
	for (size_t i = 0; i < r->slots; i++)
		atomic_store(&r->shared->slots[i].taken, false);
	r->workers = workers;
	for (unsigned i = 0; i < workers; i++)
		atomic_store(&r->shared->left[i], false);
	atomic_store(&r->shared->used, false);
	return true;
}
