#include "mpi/plan.h"

#include <errno.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "chunker.h"
#include "query/signature.h"

struct plan plan_make(const struct inputs *inputs, size_t chunk_size, unsigned ranks)
{
	size_t share = chunker_count(inputs, chunk_size) / ((size_t)ranks * PLAN_LEASES);

	return (struct plan){chunk_size, share ? share : 1};
}

/* Compute a hash of the places where the parts of an input begin; 0 if the input is decoded as a
 * whole. */
static uint64_t hash_of_parts(const struct input *in)
{
	uint64_t hash = 0;

	for (size_t i = 0; i < in->parts.n; i++)
		hash = XXH3_64bits_withSeed(
			&in->parts.at[i].from, sizeof in->parts.at[i].from, hash);
	return hash;
}

void plan_pack(struct pack *p, const struct plan *plan, const struct inputs *inputs,
	const struct query_spec *query)
{
	struct signature signature;

	if (!signature_of(query, &signature)) {
		p->failed = true;
		return;
	}
	signature_pack(p, &signature);
	signature_free(&signature);
	pack_u64(p, plan->chunk_size);
	pack_u64(p, plan->lease_size);
	pack_u64(p, inputs->n);
	for (size_t i = 0; i < inputs->n; i++) {
		const struct input *in = &inputs->at[i];
		pack_string(p, in->name);
		pack_u64(p, input_size(in));
		pack_u64(p, in->mark);
		pack_u64(p, in->codec != NULL);
		pack_u64(p, in->parts.n);
		pack_u64(p, hash_of_parts(in));
		pack_u64(p, in->window.is_set);
		pack_u64(p, in->window.from);
		pack_u64(p, in->window.to);
	}
}

static bool complain_damaged(struct complaint *complaint, const char *owner)
{
	return complain(complaint, "the plan of %s is damaged", owner);
}

static bool check_query(struct unpack *u, const struct query_spec *query, const char *owner,
	struct complaint *complaint)
{
	struct signature ours, planned = {0};
	char why[512];
	bool same = true;

	if (!signature_of(query, &ours))
		return complain_memory(complaint, "plan");
	if (!signature_unpack(u, &planned))
		same = errno == ENOMEM ? complain_memory(complaint, "plan")
				       : complain_damaged(complaint, owner);
	else if (signature_differ(&ours, "this run", &planned, owner, why, sizeof why))
		same = complain(complaint, "%s", why);
	signature_free(&ours);
	signature_free(&planned);
	return same;
}

/* If the plan has no parts for this input, forget the input's parts.  Otherwise check that they are
 * the same as in the plan: a lease is a range of numbers of chunks, so all hosts must split a
 * compressed file into the same parts.  Hosts with different memory may have found different
 * parts. */
static bool adopt_parts(struct input *in, uint64_t parts, uint64_t hash, const char *owner,
	struct complaint *complaint)
{
	if (!parts)
		parts_free(&in->parts);
	if (parts == in->parts.n && hash == hash_of_parts(in))
		return true;
	return complain(complaint,
		"%s: cannot be split as in the plan of %s (give all hosts the same --memory and "
		"-j)",
		in->name, owner);
}

/* Check that an input is the one in the plan, and reduce it to its size in the plan.  The input may
 * have grown since the plan was made, but must begin with the same bytes.  A compressed input must
 * still have the same size, because it can't be decompressed only up to a certain size. */
static bool adopt_input(
	struct input *in, struct unpack *u, const char *owner, struct complaint *complaint)
{
	const char *name = unpack_string(u);
	uint64_t size = unpack_u64(u), mark = unpack_u64(u), compressed = unpack_u64(u);
	uint64_t parts = unpack_u64(u), hash = unpack_u64(u);
	struct window window = {.is_set = unpack_u64(u)};

	window.from = unpack_u64(u);
	window.to = unpack_u64(u);

	if (strcmp(name, in->name) != 0 || mark != in->mark || in->fd >= 0 ||
		compressed != (in->codec != NULL) || size > input_size(in) ||
		(compressed && size != input_size(in)))
		return complain(complaint, "%s: is not the same file as in the plan of %s",
			in->name, owner);
	in->size = size;
	if (in->bytes.at)
		in->bytes.len = (size_t)size;
	in->window = window;
	return adopt_parts(in, parts, hash, owner, complaint);
}

static bool adopt_inputs(
	struct inputs *inputs, struct unpack *u, const char *owner, struct complaint *complaint)
{
	uint64_t n = unpack_u64(u);

	if (n != inputs->n)
		return complain(complaint, "the plan of %s is for %llu files, but here are %zu",
			owner, (unsigned long long)n, inputs->n);
	for (size_t i = 0; i < inputs->n; i++)
		if (!adopt_input(&inputs->at[i], u, owner, complaint))
			return false;
	return true;
}

/* True if plan_make() could have made these sizes.  A lease never has more chunks than the inputs
 * have.  With a larger lease size, computing the chunks of a lease might overflow. */
static bool sizes_fit(const struct plan *plan, const struct inputs *inputs)
{
	if (!plan->chunk_size || !plan->lease_size)
		return false;
	return plan->lease_size == 1 || plan->lease_size <= chunker_count(inputs, plan->chunk_size);
}

bool plan_adopt(struct plan *plan, struct unpack *u, struct inputs *inputs,
	const struct query_spec *query, const char *owner, struct complaint *complaint)
{
	if (!check_query(u, query, owner, complaint))
		return false;
	uint64_t chunk_size = unpack_u64(u), lease_size = unpack_u64(u);
	if (!adopt_inputs(inputs, u, owner, complaint))
		return false;
	*plan = (struct plan){(size_t)chunk_size, (size_t)lease_size};
	if (!unpack_is_over(u) || plan->chunk_size != chunk_size ||
		plan->lease_size != lease_size || !sizes_fit(plan, inputs))
		return complain_damaged(complaint, owner);
	return true;
}

size_t plan_leases(const struct plan *plan, size_t chunks)
{
	return chunks / plan->lease_size + (chunks % plan->lease_size != 0);
}
