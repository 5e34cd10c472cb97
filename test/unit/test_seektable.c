/* test_seektable.c -- tables that list frames before or after them, compared with a search in the
 * list of all frames. */
#include "unit.h"

#include "codec/seektable.h"

enum { FRAMES = 300 };

static void put(char *to, uint64_t value)
{
	for (int i = 0; i < 4; i++)
		to[i] = (char)(value >> (8 * i));
}

/* Add a frame of `size` bytes, which begins with the magic of zstd. */
static bool full(struct seektable *t, size_t size)
{
	static const char zeros[100];

	seektable_bytes(t, span_of("\x28\xb5\x2f\xfd", 4));
	for (size_t left = size - 4, n; left; left -= n) {
		n = left < sizeof zeros ? left : sizeof zeros;
		seektable_bytes(t, span_of(zeros, n));
	}
	return seektable_reserve(t) && seektable_end_frame(t, false);
}

/* Add a table that lists frames of these sizes, with or without checksums, in pieces of `piece`
 * bytes. */
static bool table(struct seektable *t, const size_t *sizes, size_t n, bool sums, size_t piece)
{
	static char bytes[8 + 12 * FRAMES + 9];
	size_t width = sums ? 12 : 8, len = n * width + 9;

	put(bytes, 0x184d2a5e);
	put(bytes + 4, len);
	for (size_t i = 0; i < n; i++) {
		put(bytes + 8 + width * i, sizes[i]);
		put(bytes + 8 + width * i + 4, 1);
	}
	put(bytes + 8 + len - 9, n);
	bytes[8 + len - 5] = sums ? (char)0x80 : 0;
	put(bytes + 8 + len - 4, 0x8f92eab1);
	for (size_t at = 0; at < 8 + len; at += piece)
		seektable_bytes(
			t, span_of(bytes + at, at + piece < 8 + len ? piece : 8 + len - at));
	return seektable_reserve(t) && seektable_end_frame(t, true);
}

/* Frames of few different sizes come before and after the table.  The table lists k sizes: those of
 * frames next to the table, or others. */
TEST(random_ones)
{
	uint64_t seed = 1;
	int fitting = 0;

	for (int try = 0; try < 20000; try++) {
		size_t sizes[12], listed[6], before = random_below(&seed, 6),
					     k = random_below(&seed, 6);
		size_t after = random_below(&seed, 6), n = before + after;
		for (size_t i = 0; i < n; i++)
			sizes[i] = 10 + random_below(&seed, 2);
		for (size_t i = 0; i < k; i++)
			listed[i] = 10 + random_below(&seed, 2);
		bool is_before =
			k <= before && memcmp(sizes + before - k, listed, k * sizeof *listed) == 0;
		bool is_after =
			k <= after && memcmp(sizes + before, listed, k * sizeof *listed) == 0;
		struct seektable *t = seektable_new();
		bool fits = true;
		for (size_t i = 0; i < before; i++)
			assert_true(full(t, sizes[i]));
		fits &= table(t, listed, k, try % 2, 1 + random_below(&seed, 30));
		for (size_t i = before; i < n && fits; i++)
			fits &= full(t, sizes[i]);
		fits = fits && seektable_may_end(t);
		assert_int_equal(fits, is_before || is_after);
		fitting += fits;
		seektable_free(t);
	}
	assert_true(fitting > 2000 && fitting < 18000);
}

/* The hashes of old frames are forgotten, except the hash at the start of the file and the hash at
 * the last table. */
TEST(many_frames)
{
	size_t sizes[FRAMES];
	struct seektable *t = seektable_new();

	for (size_t i = 0; i < FRAMES; i++)
		sizes[i] = 10 + i;
	for (size_t round = 0; round < 3; round++) {
		for (size_t i = 0; i < SEEKTABLE_FRAMES; i++)
			assert_true(full(t, 9));
		for (size_t i = 0; i < FRAMES; i++)
			assert_true(full(t, sizes[i]));
		assert_true(table(t, sizes, FRAMES, round == 1, 1000));
		assert_true(table(t, sizes + 7, FRAMES - 7, round == 1, 1000));
		assert_true(seektable_may_end(t));
	}
	sizes[0]++;
	assert_true(table(t, sizes, FRAMES, false, 1000));
	assert_false(seektable_may_end(t));
	/* Only one table at a time may wait for its frames. */
	assert_false(table(t, sizes, FRAMES, false, 1000));
	seektable_free(t);
}

/* Frames that are not seek tables, and frames that are decoded to nothing. */
TEST(other_frames)
{
	static const size_t sizes[] = {20, 30};
	struct seektable *t = seektable_new();

	assert_true(full(t, 20));
	seektable_bytes(t, span_of("\x5e\x2a\x4d\x18\x0a\0\0\0somebody's", 18));
	assert_true(seektable_end_frame(t, true));
	seektable_bytes(t, span_of("\x28\xb5\x2f\xfd\0\0\1\0\0", 9));
	assert_true(seektable_end_frame(t, true));
	assert_true(full(t, 30));
	assert_true(table(t, sizes, 2, false, 5));
	assert_true(seektable_may_end(t));
	assert_true(table(t, sizes, 1, false, 5));
	assert_false(seektable_may_end(t));
	assert_true(full(t, 20));
	assert_true(seektable_may_end(t));
	seektable_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_ones),
		cmocka_unit_test(many_frames),
		cmocka_unit_test(other_frames),
	};

	return cmocka_run_group_tests_name("seektable", tests, NULL, NULL);
}
