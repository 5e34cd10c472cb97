/* plan.c -- fuzz the plan in the directory of --resume: whatever the bytes, either they are
 * refused, or the plan divides the chunks into leases so that each chunk is in one lease.
 *
 * Input: one byte, of which
 *	bit 0	the bytes are changes of a good plan: where (2 bytes), what (1 byte) ...
 *	bit 1	the bytes follow the signature of the right query
 *	bit 2	the second input is compressed
 *	else	they are the plan
 */
#include "fuzz.h"

#include "chunker.h"
#include "codec/codec.h"
#include "mpi/plan.h"

enum { CHANGES = 1, SIGNED = 2, COMPRESSED = 4, INPUTS = 3, LEASES_MOST = 1000 };

static struct arg sum = {"bytes", "-s"};
static struct grouping_spec grouping = {
	.fields = {"status,url", "-f"}, .sum = {.at = &sum, .n = 1}};
static const struct query_spec query = {.delimiter = -1, .groupings = &grouping, .n_groupings = 1};

/* The bytes are only counted, never read. */
static struct inputs make_inputs(struct input at[INPUTS], bool compressed)
{
	static char names[INPUTS][2] = {"a", "b", "c"}, bytes[1];

	for (size_t i = 0; i < INPUTS; i++)
		at[i] = (struct input){.name = names[i],
			.fd = -1,
			.size = 1000000 * i,
			.mark = i + 1,
			.bytes = {bytes, 1000000 * i}};
	if (compressed)
		at[1].codec = codec_detect(span_of("\x1f\x8b\x08\0\0\0\0\0\0\0", 10));
	return (struct inputs){.at = at, .n = INPUTS};
}

static struct pack good_plan(const struct inputs *inputs)
{
	struct plan plan = plan_make(inputs, 4096, 3);
	struct pack p = {0};

	plan_pack(&p, &plan, inputs, &query);
	assert(!p.failed);
	return p;
}

/* What the good plan has before the size of its chunks. */
static size_t signature_size(const struct pack *good)
{
	const size_t after = 2 * 8 + 8 + INPUTS * (8 + 2 + 3 * 8);

	return good->n - after;
}

static struct pack make_plan(const struct inputs *inputs, unsigned how, struct span bytes)
{
	struct pack p = good_plan(inputs);

	if (how & CHANGES) {
		for (; bytes.len >= 3; bytes = span_from(bytes, 3)) {
			size_t at = (size_t)(unsigned char)bytes.at[0] << 8 |
				    (unsigned char)bytes.at[1];
			p.at[at % p.n] = bytes.at[2];
		}
		return p;
	}
	p.n = how & SIGNED ? signature_size(&p) : 0;
	pack_bytes(&p, bytes);
	return p;
}

/* What a rank does with a lease; see grant() in mpi/leases.c. */
static void check_leases(const struct plan *plan, const struct inputs *inputs)
{
	size_t chunks = chunker_count(inputs, plan->chunk_size), n = plan_leases(plan, chunks);
	size_t next = 0;

	assert((n == 0) == (chunks == 0) && n <= chunks);
	for (size_t i = 0; i < n; i++) {
		size_t from = i * plan->lease_size, rest = chunks - from;
		assert(from == next && from < chunks);
		next = from + (plan->lease_size < rest ? plan->lease_size : rest);
		if (i == LEASES_MOST)
			return;
	}
	assert(next == chunks);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input at[INPUTS];
	struct plan plan = {0};
	struct complaint why = {0};

	if (!size)
		return 0;
	struct inputs inputs = make_inputs(at, data[0] & COMPRESSED);
	struct pack p = make_plan(&inputs, data[0], span_of((const char *)data + 1, size - 1));
	struct span copy = fuzz_copy(span_of(p.at, p.n));
	struct unpack u = {.rest = copy};
	bool ok = plan_adopt(&plan, &u, &inputs, &query, "fuzz", &why);
	assert(ok || *why.text);
	for (size_t i = 0; i < INPUTS; i++)
		assert(at[i].size <= 1000000 * i);
	if (ok)
		check_leases(&plan, &inputs);
	free((void *)(uintptr_t)copy.at);
	pack_free(&p);
	return 0;
}
