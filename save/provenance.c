#include "save/provenance.h"

#include <limits.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/hostname.h"

static void pack_origin(struct pack *p, const struct origin *o)
{
	pack_string(p, o->host);
	pack_string(p, o->path);
	pack_u64(p, o->device);
	pack_u64(p, o->inode);
	pack_u64(p, o->size);
	pack_u64(p, o->mark);
}

static uint64_t random_mark(void)
{
	uint64_t mark;

	return getentropy(&mark, sizeof mark) == 0 ? mark : 0;
}

static void pack_input(struct pack *p, const char *host, const struct input *in)
{
	bool stream = in->fd >= 0;
	char path[PATH_MAX];
	const char *real = stream ? NULL : realpath(in->name, path);
	struct origin o = {.host = host,
		.path = real ? real : in->name,
		.device = stream ? 0 : (uint64_t)in->device,
		.inode = stream ? 0 : (uint64_t)in->inode,
		.size = stream ? 0 : in->size,
		.mark = stream ? random_mark() : in->mark};

	pack_origin(p, &o);
}

void provenance_pack_inputs(struct pack *p, const struct inputs *inputs)
{
	char host[HOSTNAME_SIZE];

	hostname_get(host);
	pack_u64(p, inputs->n);
	for (size_t i = 0; i < inputs->n; i++)
		pack_input(p, host, &inputs->at[i]);
}

void provenance_pack(struct pack *p, const struct provenance *all)
{
	pack_u64(p, all->n);
	for (size_t i = 0; i < all->n; i++)
		pack_origin(p, &all->at[i]);
}

static bool add(struct provenance *all, const struct origin *o)
{
	if (!ARRAY_GROW(all->at, all->n, &all->room))
		return false;
	all->at[all->n++] = *o;
	return true;
}

bool provenance_unpack(struct unpack *u, struct provenance *all, size_t owner)
{
	for (uint64_t n = unpack_u64(u); n && !u->bad; n--) {
		struct origin o = {.owner = owner};
		o.host = unpack_string(u);
		o.path = unpack_string(u);
		o.device = unpack_u64(u);
		o.inode = unpack_u64(u);
		o.size = unpack_u64(u);
		o.mark = unpack_u64(u);
		if (!u->bad && !add(all, &o))
			return false;
	}
	return !u->bad;
}

/* --- Repeats ---------------------------------------------------------------------- */

static int compare(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* Compare two origins for qsort(), so that files with equal first bytes and equal sizes become
 * neighbours. */
static int by_size(const void *a, const void *b)
{
	const struct origin *x = a, *y = b;
	int order = compare(x->mark, y->mark);

	order = order ? order : compare(x->size, y->size);
	return order ? order : compare(x->owner, y->owner);
}

/* Compare two origins for qsort(), so that files with equal first bytes and the same host, device
 * and inode become neighbours. */
static int by_place(const void *a, const void *b)
{
	const struct origin *x = a, *y = b;
	int order = compare(x->mark, y->mark);

	order = order ? order : compare(x->device, y->device);
	order = order ? order : compare(x->inode, y->inode);
	order = order ? order : strcmp(x->host, y->host);
	return order ? order : compare(x->owner, y->owner);
}

static bool is_same_size(const struct origin *a, const struct origin *b)
{
	return a->mark && a->mark == b->mark && a->size == b->size;
}

static bool is_same_place(const struct origin *a, const struct origin *b)
{
	return a->mark && a->mark == b->mark && a->inode && a->inode == b->inode &&
	       a->device == b->device && strcmp(a->host, b->host) == 0;
}

/* Visit each pair of neighbours for which is_same() is true and whose owners differ.  If
 * `with_sizes` is false, leave out pairs for which is_same_size() is true, because they have been
 * visited already. */
static void visit_neighbours(const struct origin *sorted, size_t n,
	bool (*is_same)(const struct origin *, const struct origin *), bool with_sizes,
	struct provenance_visitor visitor)
{
	for (size_t i = 1; i < n; i++) {
		const struct origin *a = &sorted[i - 1], *b = &sorted[i];
		if (a->owner != b->owner && is_same(a, b) && (with_sizes || !is_same_size(a, b)))
			visitor.visit(visitor.ctx, a, b);
	}
}

bool provenance_find_repeats(const struct provenance *all, struct provenance_visitor visitor)
{
	size_t bytes = all->n * sizeof *all->at;
	struct origin *sorted = bytes ? malloc(bytes) : NULL;

	if (!sorted)
		return !bytes;
	memcpy(sorted, all->at, bytes);
	qsort(sorted, all->n, sizeof *sorted, by_size);
	visit_neighbours(sorted, all->n, is_same_size, true, visitor);
	qsort(sorted, all->n, sizeof *sorted, by_place);
	visit_neighbours(sorted, all->n, is_same_place, false, visitor);
	free(sorted);
	return true;
}

void provenance_free(struct provenance *all)
{
	free(all->at);
	*all = (struct provenance){0};
}
