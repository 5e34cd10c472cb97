/* test_provenance.c -- what is the same input is known, and nothing else is. */
#include "unit.h"

#include "save/provenance.h"

/* How many pairs were told of. */
static void count_pair(void *n, const struct origin *a, const struct origin *b)
{
	assert_true(a->owner != b->owner);
	++*(size_t *)n;
}

static size_t pairs_of(struct origin *at, size_t n)
{
	struct provenance all = {.at = at, .n = n};
	size_t told = 0;

	assert_true(provenance_find_repeats(&all, (struct provenance_visitor){count_pair, &told}));
	return told;
}

TEST(the_same_twice)
{
	const struct origin log = {.host = "a", .device = 1, .inode = 2, .size = 100, .mark = 9};
	struct origin two[2] = {log, log};

	assert_int_equal(pairs_of(two, 2), 0); /* in one snapshot: as it was asked */
	two[1].owner = 1;
	assert_int_equal(pairs_of(two, 2), 1);
	two[1].size = 200; /* it has grown */
	assert_int_equal(pairs_of(two, 2), 1);
	two[1].inode = 3; /* another log that begins as this one does */
	assert_int_equal(pairs_of(two, 2), 0);
	two[1].size = 100; /* a copy */
	two[1].host = "b";
	assert_int_equal(pairs_of(two, 2), 1);
	two[1].mark = 8;
	assert_int_equal(pairs_of(two, 2), 0);
	two[0].mark = two[1].mark = 0; /* both are empty */
	assert_int_equal(pairs_of(two, 2), 0);
	assert_int_equal(pairs_of(NULL, 0), 0);
}

TEST(there_and_back)
{
	struct input in[] = {
		{.name = "/no such log", .fd = -1, .device = 3, .inode = 4, .size = 5, .mark = 6},
		{.name = "standard input", .fd = 0, .inode = 7, .size = 8}};
	struct inputs inputs = {.at = in, .n = 2};
	struct provenance all = {0};
	struct pack p = {0}, again = {0};

	provenance_pack_inputs(&p, &inputs);
	struct unpack u = {.rest = span_of(p.at, p.n)};
	assert_true(provenance_unpack(&u, &all, 12) && unpack_is_over(&u));
	assert_int_equal(all.n, 2);
	assert_string_equal(all.at[0].path, "/no such log");
	assert_true(all.at[0].device == 3 && all.at[0].inode == 4 && all.at[0].size == 5);
	assert_true(all.at[0].mark == 6 && all.at[0].owner == 12);
	/* A stream has nothing but a number of its own. */
	assert_true(!all.at[1].device && !all.at[1].inode && !all.at[1].size && all.at[1].mark);
	provenance_pack(&again, &all);
	assert_int_equal(again.n, p.n);
	assert_memory_equal(again.at, p.at, p.n);
	for (size_t cut = 0; cut < p.n; cut++) {
		struct provenance none = {0};
		u = (struct unpack){.rest = span_of(p.at, cut)};
		assert_false(provenance_unpack(&u, &none, 0));
		provenance_free(&none);
	}
	provenance_free(&all);
	pack_free(&p);
	pack_free(&again);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_twice),
		cmocka_unit_test(there_and_back),
	};

	return cmocka_run_group_tests_name("provenance", tests, NULL, NULL);
}
