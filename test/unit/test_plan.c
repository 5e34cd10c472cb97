/* test_plan.c -- a plan is adopted for the inputs that it was made for, and for no others. */
#include "unit.h"

#include "mpi/plan.h"

enum { SIZE = 1000000, CHUNK = 1000, CHUNKS = SIZE / CHUNK };

static struct grouping_spec grouping = {.fields = {"url", "-f"}};
static const struct query_spec query = {.groupings = &grouping, .n_groupings = 1};

static struct input log_of(uint64_t size)
{
	return (struct input){.name = "a.log", .size = size, .fd = -1, .mark = 77};
}

/* Pack this plan for one input, and adopt it for another one. */
static bool adopt_from(struct plan *plan, struct input planned, struct input *in,
	const struct query_spec *asked, struct complaint *complaint)
{
	struct pack p = {0};

	plan_pack(&p, plan, &(struct inputs){.at = &planned, .n = 1}, &query);
	assert_false(p.failed);
	*plan = (struct plan){0};
	struct unpack u = {.rest = span_of(p.at, p.n)};
	bool ok = plan_adopt(
		plan, &u, &(struct inputs){.at = in, .n = 1}, asked, "rank 0", complaint);
	pack_free(&p);
	return ok;
}

/* Like adopt_from(), for a plan of an input of SIZE bytes. */
static bool adopt(struct plan *plan, struct input *in, const struct query_spec *asked,
	struct complaint *complaint)
{
	return adopt_from(plan, log_of(SIZE), in, asked, complaint);
}

TEST(each_rank_gets_about_as_many_leases)
{
	struct input in = log_of(SIZE);
	struct inputs inputs = {.at = &in, .n = 1};

	for (unsigned ranks = 1; ranks <= 8; ranks++) {
		struct plan plan = plan_make(&inputs, CHUNK, ranks);
		size_t leases = plan_leases(&plan, CHUNKS);
		assert_int_equal(plan.chunk_size, CHUNK);
		assert_true(leases >= ranks * PLAN_LEASES && leases <= 2 * ranks * PLAN_LEASES);
	}
	in.size = 1;
	assert_int_equal(plan_make(&inputs, CHUNK, 8).lease_size, 1);
	in.size = 0;
	assert_int_equal(plan_make(&inputs, CHUNK, 8).lease_size, 1);
}

TEST(leases_cover_all_chunks)
{
	struct plan plan = {CHUNK, 3};

	assert_int_equal(plan_leases(&plan, 0), 0);
	assert_int_equal(plan_leases(&plan, 1), 1);
	assert_int_equal(plan_leases(&plan, 3), 1);
	assert_int_equal(plan_leases(&plan, 4), 2);
	assert_int_equal(plan_leases(&plan, SIZE_MAX), SIZE_MAX / 3);
}

TEST(a_file_is_read_up_to_its_planned_size)
{
	struct input in = log_of(SIZE + 5000);
	struct plan plan = {CHUNK, 7};
	struct complaint complaint = {0};

	assert_true(adopt(&plan, &in, &query, &complaint));
	assert_int_equal(plan.chunk_size, CHUNK);
	assert_int_equal(plan.lease_size, 7);
	assert_int_equal(in.size, SIZE);
}

/* A plain file that has grown is read up to its planned size.  For a compressed file, this is not
 * possible. */
TEST(a_compressed_file_that_has_grown_is_rejected)
{
	struct input planned = log_of(SIZE), in = log_of(SIZE + 5000);
	struct plan plan = {CHUNK, 7};
	struct complaint complaint = {0};

	planned.codec = in.codec = (const void *)&grouping; /* any */
	assert_false(adopt_from(&plan, planned, &in, &query, &complaint));
	assert_non_null(strstr(complaint.text, "is not the same file as in the plan of rank 0"));
}

TEST(another_file_is_rejected)
{
	const struct codec *codec = (const void *)&grouping; /* any */
	struct input others[] = {
		log_of(SIZE - 1), log_of(SIZE), log_of(SIZE), log_of(SIZE), log_of(SIZE)};
	struct complaint complaint = {0};

	others[1].name = "b.log";
	others[2].mark = 78;
	others[3].codec = codec;
	others[4].fd = 0;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		struct plan plan = {CHUNK, 7};
		assert_false(adopt(&plan, &others[i], &query, &complaint));
		assert_non_null(
			strstr(complaint.text, "is not the same file as in the plan of rank 0"));
	}
}

/* Make n parts, each of `apart` bits. */
static struct parts parts_of(size_t n, uint64_t apart)
{
	struct parts p = {.at = calloc(n + 1, sizeof *p.at), .n = n};

	assert_non_null(p.at);
	for (size_t i = 0; i < n; i++)
		p.at[i] = (struct part){.from = i * apart, .to = (i + 1) * apart};
	return p;
}

/* The parts of a file have numbers.  A host that splits a file in another way would count other
 * parts under the same numbers. */
TEST(a_file_is_split_as_planned)
{
	const struct codec *codec = (const void *)&grouping; /* any */
	struct complaint complaint = {0};

	for (size_t i = 0; i < 8; i++) {
		struct input in[] = {log_of(SIZE), log_of(SIZE)};
		size_t planned = i % 4;
		in[0].codec = in[1].codec = codec;
		in[0].parts = parts_of(planned, i < 4 ? 800 : 808);
		in[1].parts = parts_of(3, 800);
		struct plan plan = {CHUNK, 1}, adopted = {0};
		struct pack p = {0};
		plan_pack(&p, &plan, &(struct inputs){.at = &in[0], .n = 1}, &query);
		struct unpack u = {.rest = span_of(p.at, p.n)};
		bool ok = plan_adopt(&adopted, &u, &(struct inputs){.at = &in[1], .n = 1}, &query,
			"rank 0", &complaint);
		assert_int_equal(ok, planned == 0 || (planned == 3 && i < 4));
		assert_true(!ok || in[1].parts.n == planned);
		assert_true(
			ok || strstr(complaint.text, "cannot be split as in the plan of rank 0"));
		parts_free(&in[0].parts);
		parts_free(&in[1].parts);
		pack_free(&p);
	}
}

TEST(another_query_is_rejected)
{
	struct grouping_spec status = {.fields = {"status", "-f"}};
	struct query_spec asked = {.groupings = &status, .n_groupings = 1};
	struct input in = log_of(SIZE);
	struct plan plan = {CHUNK, 7};
	struct complaint complaint = {0};

	assert_false(adopt(&plan, &in, &asked, &complaint));
	assert_non_null(strstr(complaint.text, "rank 0"));
	assert_non_null(strstr(complaint.text, "status"));
}

/* Anyone who can write to the directory of --resume can forge sizes. */
TEST(impossible_sizes_are_rejected)
{
	const struct plan plans[] = {{0, 1}, {CHUNK, 0}, {CHUNK, CHUNKS + 1}, {CHUNK, SIZE_MAX},
		{CHUNK, SIZE_MAX - CHUNKS + 1}, {SIZE_MAX, 2}, {SIZE_MAX, SIZE_MAX}};
	const struct plan possible[] = {{CHUNK, 1}, {CHUNK, CHUNKS}, {1, SIZE}, {SIZE_MAX, 1}};
	struct complaint complaint = {0};

	for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
		struct input in = log_of(SIZE);
		struct plan plan = plans[i];
		assert_false(adopt(&plan, &in, &query, &complaint));
		assert_string_equal(complaint.text, "the plan of rank 0 is damaged");
	}
	for (size_t i = 0; i < sizeof possible / sizeof *possible; i++) {
		struct input in = log_of(SIZE);
		struct plan plan = possible[i];
		assert_true(adopt(&plan, &in, &query, &complaint));
	}
}

/* A plan is rejected if bytes are missing at its end, or if more bytes follow. */
TEST(a_plan_of_another_length_is_rejected)
{
	struct input planned = log_of(SIZE);
	struct inputs inputs = {.at = &planned, .n = 1};
	struct plan plan = {CHUNK, 7};
	struct complaint complaint = {0};
	struct pack p = {0};

	plan_pack(&p, &plan, &inputs, &query);
	size_t whole = p.n;
	pack_u64(&p, 0);
	for (size_t n = 0; n <= p.n; n++) {
		char *copy = malloc(n + 1); /* so that a sanitizer sees any access beyond n */
		assert_non_null(copy);
		memcpy(copy, p.at, n);
		struct unpack u = {.rest = span_of(copy, n)};
		planned = log_of(SIZE);
		assert_int_equal(
			plan_adopt(&plan, &u, &inputs, &query, "rank 0", &complaint), n == whole);
		free(copy);
	}
	pack_free(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_rank_gets_about_as_many_leases),
		cmocka_unit_test(leases_cover_all_chunks),
		cmocka_unit_test(a_file_is_read_up_to_its_planned_size),
		cmocka_unit_test(a_compressed_file_that_has_grown_is_rejected),
		cmocka_unit_test(another_file_is_rejected),
		cmocka_unit_test(a_file_is_split_as_planned),
		cmocka_unit_test(another_query_is_rejected),
		cmocka_unit_test(impossible_sizes_are_rejected),
		cmocka_unit_test(a_plan_of_another_length_is_rejected),
	};
	return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
