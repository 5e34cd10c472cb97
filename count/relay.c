#include "count/relay.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* A reader puts the numbers of BATCH blocks into the pipe at a time, because waking a worker takes
 * as long as decoding a tenth of a block.  There are two slots for each worker, so that one can be
 * filled while the other is counted.  There are at least enough slots for three batches, and at
 * most SLOTS slots. */
enum { SLOTS = 256, BATCH = 4, PAGE = 4096 };

/* In the pipe, this number means that all workers have left.  It is not the number of a slot. */
#define ALL_HAVE_LEFT UINT32_MAX

struct slot {
	atomic_bool taken;
	struct block block;
};

/* The first part of the memory that the workers share.  The bytes of the slots follow. */
struct shared_part {
	atomic_bool used;
	atomic_uint waiting; /* how many workers have left, and so wait for blocks */
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
	uint32_t batch[BATCH]; /* published slots that this process has not put into the pipe yet */
	unsigned n_batch;
	bool mapped[SLOTS]; /* the slots whose pages this process has mapped */
};

static size_t to_page(size_t size)
{
	return (size + PAGE - 1) / PAGE * PAGE;
}

static unsigned slots_for(unsigned workers)
{
	unsigned slots = workers < SLOTS / 2 ? 2 * workers : SLOTS;

	return slots > 3 * BATCH ? slots : 3 * BATCH;
}

struct relay *relay_new(unsigned workers, size_t room)
{
	struct relay *r = malloc(sizeof *r);

	if (!r)
		return NULL;
	*r = (struct relay){.workers = workers, .slots = slots_for(workers), .room = room};
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

static bool is_temporary(int error)
{
	return error == EINTR || error == EAGAIN;
}

/* Write numbers to the pipe.  write() does not split so few bytes.  The pipe has room for the
 * numbers of all slots, so write() does not wait. */
static bool put(struct relay *r, const uint32_t *numbers, size_t n)
{
	ssize_t got;

	while ((got = write(r->queue[1], numbers, n * sizeof *numbers)) < 0 && is_temporary(errno))
		;
	return got == (ssize_t)(n * sizeof *numbers);
}

static bool put_batch(struct relay *r)
{
	if (r->n_batch && !put(r, r->batch, r->n_batch))
		return false;
	r->n_batch = 0;
	return true;
}

/* Map all pages of a slot in one call.  If each page were mapped when it is first written, mapping
 * would take several times as long.  A kernel that is too old for this call maps the pages in that
 * slower way. */
static void map_pages(struct relay *r, size_t slot)
{
#ifdef MADV_POPULATE_WRITE
	if (!r->mapped[slot])
		madvise(relay_slot(r, (int)slot), r->room, MADV_POPULATE_WRITE);
	r->mapped[slot] = true;
#else
	(void)r;
	(void)slot;
#endif
}

int relay_acquire(struct relay *r)
{
	if (!atomic_load_explicit(&r->shared->waiting, memory_order_relaxed))
		return RELAY_NONE;
	/* The first free slot was probably used most recently, so its bytes may still be in a
	 * cache. */
	for (size_t i = 0; i < r->slots; i++) {
		atomic_bool *taken = &r->shared->slots[i].taken;
		if (atomic_load_explicit(taken, memory_order_relaxed) ||
			atomic_exchange(taken, true))
			continue;
		map_pages(r, i);
		return (int)i;
	}
	put_batch(r);
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
	r->batch[r->n_batch++] = (uint32_t)slot;
	return r->n_batch < BATCH || put_batch(r);
}

/* The last worker to leave wakes up the others, which wait for blocks.  If two workers leave at the
 * same time, both may write ALL_HAVE_LEFT, which does no harm. */
bool relay_leave(struct relay *r, unsigned worker)
{
	static const uint32_t all_have_left = ALL_HAVE_LEFT;

	if (!put_batch(r))
		return false;
	atomic_fetch_add(&r->shared->waiting, !atomic_exchange(&r->shared->left[worker], true));
	for (unsigned i = 0; i < r->workers; i++)
		if (!atomic_load(&r->shared->left[i]))
			return true;
	return put(r, &all_have_left, 1);
}

/* After ALL_HAVE_LEFT no block can be in the pipe, because the pipe keeps the order.  This worker
 * puts ALL_HAVE_LEFT back into the pipe for the next worker. */
bool relay_receive(struct relay *r, int *slot, struct block *block, int *error)
{
	uint32_t number;

	*error = 0;
	if (!get(r, &number) || (number == ALL_HAVE_LEFT && !put(r, &number, 1))) {
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
	r->n_batch = 0;
	r->workers = workers;
	for (unsigned i = 0; i < workers; i++)
		atomic_store(&r->shared->left[i], false);
	atomic_store(&r->shared->waiting, 0);
	atomic_store(&r->shared->used, false);
	return true;
}
