/* test_table.c -- tables, compared with a sorted list of everything that was added. */
#include "int128.h"
#include "tables.h"
#include "unit.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <time.h>

/* The hash function of the table, to make keys that collide. */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "store/table.h"

enum { ADDS = 200000 };

#define SEED UINT64_C(0x0123456789abcdef)

/* A key that is added n times, each time with the same sum.  In the result of distinct(), n is the
 * count of the key, and sum is its total. */
struct add {
	struct span key;
	uint64_t n;
	size_t when;
	unsigned group;
	struct sum sum;
};

/* Describe how to add a key of group 0, without a sum. */
static struct add add_of(struct span key, uint64_t n, size_t when)
{
	return (struct add){.key = key, .n = n, .when = when};
}

struct adds {
	struct add *at;
	size_t n;
};

static int by_key(const void *a, const void *b)
{
	const struct add *x = a, *y = b;
	int order = span_compare(x->key, y->key);

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	return order ? order : (x->when > y->when) - (x->when < y->when);
}

static int by_when(const void *a, const void *b)
{
	const struct add *x = a, *y = b;

	return (x->when > y->when) - (x->when < y->when);
}

/* Return what a table must have after these additions: each key of each group once, in the order of
 * first addition. */
static struct adds distinct(const struct add *adds, size_t n)
{
	struct adds all = {.at = malloc((n + 1) * sizeof *adds)};

	assert_non_null(all.at);
	memcpy(all.at, adds, n * sizeof *adds);
	qsort(all.at, n, sizeof *adds, by_key);
	for (size_t i = 0; i < n; i++) {
		struct add *last = all.n ? &all.at[all.n - 1] : NULL;
		int128 more = number(all.at[i].sum) * (int128)all.at[i].n;
		if (last && last->group == all.at[i].group &&
			span_equal(last->key, all.at[i].key)) {
			last->n += all.at[i].n;
			last->sum = sum_of(number(last->sum) + more);
		} else {
			all.at[all.n] = all.at[i];
			all.at[all.n++].sum = sum_of(more);
		}
	}
	qsort(all.at, all.n, sizeof *adds, by_when);
	return all;
}

static void check_sums(const struct table *t, bool sums, const struct add *adds, size_t n)
{
	struct adds expected = distinct(adds, n);
	const struct entry *e = NULL;
	size_t i = 0;

	assert_int_equal(table_keys(t), expected.n);
	while ((e = table_next(t, e))) {
		assert_true(i < expected.n);
		assert_span_equal(entry_key(e), expected.at[i].key);
		assert_int_equal(e->group, expected.at[i].group);
		assert_int_equal(e->count, expected.at[i].n);
		if (sums)
			assert_true(number(entry_sum(t, e)) == number(expected.at[i].sum));
		i++;
	}
	assert_int_equal(i, expected.n);
	free(expected.at);
}

static void check(const struct table *t, const struct add *adds, size_t n)
{
	check_sums(t, false, adds, n);
}

/* Make n additions.  The keys are overlapping pieces of 1200 bytes with many NULs, 0xff and
 * repetitions.  There are some 50,000 distinct keys of 0 to 100 bytes, and many keys are the
 * beginning of another key.  The sums are positive or negative. */
static struct adds random_adds(size_t n, uint64_t seed)
{
	static char bytes[1200];
	struct adds all = {malloc(n * sizeof *all.at), n};
	uint64_t fixed = 1; /* so that `bytes` does not depend on `seed` */

	assert_non_null(all.at);
	random_bytes(&fixed, bytes, sizeof bytes,
		span_of("\0\0\xff\xff\x80"
			"ab\n",
			8));
	for (size_t i = 0; i < n; i++) {
		size_t len = random_below(&seed, 101);
		size_t from = random_below(&seed, sizeof bytes - 100);
		all.at[i] = (struct add){span_of(bytes + from, len), 1 + random_below(&seed, 3), i,
			.sum = {random_next(&seed), (int64_t)random_next(&seed) >> 24}};
	}
	return all;
}

static struct table *new_table(bool shared, uint64_t seed)
{
	struct table *t = new_table_of(shared, false, seed);

	assert_non_null(t);
	return t;
}

/* Count keys of group 0 in a table without sums. */
static bool add_keys(struct table *t, const struct span *keys, size_t n)
{
	return table_add(t, &(struct key_batch){.keys = keys, .n = n});
}

/* Add a key a->n times. */
static bool add_one(struct table *t, bool sums, const struct add *a)
{
	struct span keys[64];
	struct sum all[64];

	for (size_t i = 0; i < COUNT(keys); i++) {
		keys[i] = a->key;
		all[i] = a->sum;
	}
	for (uint64_t done = 0; done < a->n;) {
		size_t some = a->n - done < COUNT(keys) ? (size_t)(a->n - done) : COUNT(keys);
		done += some;
		struct key_batch key_batch = {keys, sums ? all : NULL, some, a->group, NULL};
		if (!table_add(t, &key_batch))
			return false;
	}
	return true;
}

static bool add_all(struct table *t, const struct add *adds, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!add_one(t, false, &adds[i]))
			return false;
	return true;
}

TEST(random_keys_private_and_shared)
{
	struct adds all = random_adds(ADDS, 2);

	for (int shared = 0; shared <= 1; shared++) {
		struct table *t = new_table(shared, SEED);
		assert_int_equal(table_keys(t), 0);
		assert_null(table_next(t, NULL));
		assert_true(add_all(t, all.at, all.n));
		check(t, all.at, all.n);
		table_free(t);
	}
	free(all.at);
}

/* Check the table after each addition, so also before and after everything that may grow. */
TEST(right_after_every_single_add)
{
	struct adds all = random_adds(1500, 3);
	struct table *t = new_table(false, SEED);

	for (size_t i = 0; i < all.n; i++) {
		check(t, all.at, i);
		assert_true(add_one(t, false, &all.at[i]));
	}
	check(t, all.at, all.n);
	table_free(t);
	free(all.at);
}

TEST(another_seed_gives_the_same_content)
{
	static const uint64_t seeds[] = {0, 1, UINT64_MAX};
	struct adds all = random_adds(20000, 4);

	for (size_t i = 0; i < COUNT(seeds); i++) {
		struct table *t = new_table(false, seeds[i]);
		assert_true(add_all(t, all.at, all.n));
		check(t, all.at, all.n);
		table_free(t);
	}
	free(all.at);
}

TEST(a_batch_is_as_many_single_adds)
{
	struct adds all = random_adds(ADDS, 5);
	struct span *keys = malloc(all.n * sizeof *keys);
	struct table *t = new_table(false, SEED);
	uint64_t seed = 6;

	assert_non_null(keys);
	for (size_t i = 0; i < all.n; i++) {
		all.at[i].n = 1;
		keys[i] = all.at[i].key;
	}
	for (size_t i = 0, some; i < all.n; i += some) {
		some = random_below(&seed, 150); /* 0 too */
		if (some > all.n - i)
			some = all.n - i;
		assert_true(add_keys(t, keys + i, some));
	}
	check(t, all.at, all.n);
	table_free(t);
	free(keys);
	free(all.at);
}

/* All keys of a batch are the same new one; each batch makes the index grow. */
TEST(a_batch_of_one_key_and_batches_that_grow)
{
	struct table *t = new_table(false, SEED);
	struct span keys[1000];
	struct add adds[2000];
	char bytes[1000][4];

	for (size_t i = 0; i < 1000; i++) {
		keys[i] = span_text("the same");
		adds[i] = add_of(keys[i], 1, i);
	}
	assert_true(add_keys(t, keys, 1000));
	for (size_t i = 0; i < 1000; i++) {
		memcpy(bytes[i], &(uint32_t){(uint32_t)i}, 4);
		keys[i] = span_of(bytes[i], 4);
		adds[1000 + i] = add_of(keys[i], 1, 1000 + i);
	}
	assert_true(add_keys(t, keys, 1000));
	check(t, adds, 2000);
	table_free(t);
}

/* Make two keys of 16 bytes with the same 64-bit hash.  XXH3 multiplies two words of a key of 9 to
 * 16 bytes.  In each of these keys one of the words is cancelled out, so that nothing is
 * multiplied. */
static void make_colliding(uint64_t seed, uint64_t x, char a[16], char b[16])
{
	uint64_t flip1 = (XXH_readLE64(XXH3_kSecret + 24) ^ XXH_readLE64(XXH3_kSecret + 32)) + seed;
	uint64_t flip2 = (XXH_readLE64(XXH3_kSecret + 40) ^ XXH_readLE64(XXH3_kSecret + 48)) - seed;
	uint64_t words[] = {flip1, x ^ flip2, __builtin_bswap64(x) ^ flip1, flip2};

	memcpy(a, words, 16);
	memcpy(b, words + 2, 16);
}

TEST(keys_of_one_hash_are_two_keys)
{
	enum { PAIRS = 2000 };
	static char bytes[2 * PAIRS][16];
	static struct add adds[4 * PAIRS];
	struct table *t = new_table(false, SEED);
	uint64_t seed = 7;

	for (size_t i = 0; i < PAIRS; i++) {
		make_colliding(SEED, random_next(&seed), bytes[2 * i], bytes[2 * i + 1]);
		assert_int_equal(XXH3_64bits_withSeed(bytes[2 * i], 16, SEED),
			XXH3_64bits_withSeed(bytes[2 * i + 1], 16, SEED));
	}
	for (size_t i = 0; i < 4 * PAIRS; i++)
		adds[i] = add_of(span_of(bytes[i % (2 * PAIRS)], 16), 1 + i % 100, i);
	assert_true(add_all(t, adds, 4 * PAIRS));
	assert_int_equal(table_keys(t), 2 * PAIRS);
	check(t, adds, 4 * PAIRS);
	table_free(t);
}

/* The home of most keys is the last slot, so they are put into the first slots, among keys whose
 * home is there. */
TEST(the_index_goes_round)
{
	enum { KEYS = 200 };
	static char bytes[KEYS][8];
	static struct add adds[2 * KEYS];
	struct table *t = new_table(false, SEED);
	uint64_t number = 0;

	for (size_t i = 0; i < KEYS; i++) {
		uint64_t home, wanted = i % 4 == 0 ? 0 : 511; /* the table has 512 slots at first */
		do {
			number++;
			home = XXH3_64bits_withSeed(&number, 8, SEED) >> 55;
		} while (home != wanted);
		memcpy(bytes[i], &number, 8);
	}
	for (size_t i = 0; i < 2 * KEYS; i++)
		adds[i] = add_of(span_of(bytes[i % KEYS], 8), 1, i);
	assert_true(add_all(t, adds, 2 * KEYS));
	check(t, adds, 2 * KEYS);
	table_free(t);
}

TEST(a_key_of_five_megabytes)
{
	enum { LEN = 5 << 20 };
	char *key = malloc(LEN), *other = malloc(LEN);
	uint64_t seed = 8;

	assert_true(key && other);
	random_bytes(&seed, key, LEN,
		span_of("\0\xff"
			"ab",
			4));
	memcpy(other, key, LEN);
	other[LEN - 1] ^= 1;
	struct add adds[] = {
		add_of(span_text("small"), 1, 0),
		add_of(span_of(key, LEN), 2, 1),
		add_of(span_of(key, LEN - 1), 3, 2),
		add_of(span_of(other, LEN), 4, 3),
		add_of(span_of(key, LEN), 5, 4),
		add_of(span_text("small"), 6, 5),
		add_of(span_text("next"), 7, 6),
	};
	for (int shared = 0; shared <= 1; shared++) {
		struct table *t = new_table(shared, SEED);
		assert_true(add_all(t, adds, COUNT(adds)));
		check(t, adds, COUNT(adds));
		table_free(t);
	}
	free(key);
	free(other);
}

TEST(counts_of_64_bits)
{
	struct table *t = new_table(false, SEED);
	struct add once = add_of(span_text("a"), 1, 0);

	/* The count is 1, 3, 7, ...: in each step, it is doubled and one is added. */
	for (uint64_t n = 1;; n = 2 * n + 1) {
		assert_true(add_one(t, false, &once));
		assert_true(table_next(t, NULL)->count == n);
		if (n == UINT64_MAX)
			break;
		struct table *copy = new_table(false, SEED);
		assert_true(add_table(copy, t));
		assert_true(add_table(t, copy));
		table_free(copy);
	}
	table_free(t);
}

TEST(an_empty_key_may_be_nowhere)
{
	struct table *t = new_table(false, SEED);
	struct span keys[] = {{NULL, 0}, {"", 0}};

	assert_true(add_keys(t, keys, 1));
	assert_true(add_keys(t, keys, COUNT(keys)));
	assert_int_equal(table_keys(t), 1);
	assert_int_equal(table_next(t, NULL)->count, 3);
	assert_int_equal(table_next(t, NULL)->len, 0);
	table_free(t);
}

/* Merging parts in their order gives the same table as adding all keys, in the same order. */
TEST(merged_parts_are_the_whole)
{
	static const size_t ends[] = {0, 1, 700, 700, 60000, 199000, ADDS};
	struct adds all = random_adds(ADDS, 9);
	struct table *whole = new_table(false, SEED);

	for (size_t i = 0, from = 0; i < COUNT(ends); from = ends[i++]) {
		struct table *part = new_table(i % 2, SEED);
		assert_true(add_all(part, all.at + from, ends[i] - from));
		assert_true(add_table(whole, part));
		check(part, all.at + from, ends[i] - from);
		table_free(part);
		check(whole, all.at, ends[i]);
	}
	/* Keys can be added to a merged table as to any other. */
	uint64_t keys = table_keys(whole);
	assert_true(add_all(whole, all.at, 1000));
	assert_int_equal(table_keys(whole), keys);
	table_free(whole);
	free(all.at);
}

TEST(reset_forgets_everything)
{
	struct adds all = random_adds(50000, 10);

	for (int shared = 0; shared <= 1; shared++) {
		struct table *t = new_table(shared, SEED);
		for (size_t n = all.n; n > 0; n /= 7) {
			assert_true(add_all(t, all.at, n));
			check(t, all.at, n);
			assert_true(table_reset(t));
			assert_int_equal(table_keys(t), 0);
			assert_null(table_next(t, NULL));
		}
		assert_true(add_all(t, all.at, all.n));
		check(t, all.at, all.n);
		table_free(t);
	}
	free(all.at);
}

/* Add n numbered keys, each of them twice.  All hashes are in the first thousandth of the
 * hashes. */
static void add_numbered(struct table *t, uint64_t n)
{
	union {
		struct entry entry;
		char bytes[sizeof(struct entry) + sizeof n];
	} e = {.entry = {.count = 1, .len = sizeof n}};
	uint64_t seed = 5, wanted = n;

	for (int round = 0; round < 2; round++, seed = 5)
		for (n = 0; n < wanted; n++) {
			e.entry.hash = random_next(&seed) >> 10;
			memcpy(e.bytes + sizeof e.entry, &n, sizeof n);
			assert_true(table_add_entry(t, &e.entry, NULL));
		}
}

static void check_numbered(const struct table *t, uint64_t n)
{
	char *seen = calloc((size_t)n + 1, 1);
	uint64_t entries = 0, key;

	assert_non_null(seen);
	assert_true(table_keys(t) == n);
	for (const struct entry *e = NULL; (e = table_next(t, e)); entries++) {
		assert_true(e->len == sizeof key && e->count == 2);
		memcpy(&key, e->key, sizeof key);
		assert_true(key < n && !seen[key]++);
	}
	assert_true(entries == n);
	free(seen);
}

/* If the homes of these keys were next to each other, this test would take minutes. */
TEST(keys_of_one_range)
{
	struct table *t = table_new(&(struct table_spec){.one_range = true});
	clock_t start = clock();

	assert_non_null(t);
	for (uint64_t n = 1; n <= 600000; n *= 9) {
		add_numbered(t, n);
		check_numbered(t, n);
		table_clear(t);
		check_numbered(t, 0);
	}
	assert_true(clock() - start < 10 * CLOCKS_PER_SEC);
	table_free(t);
}

/* Add n numbered keys, each of them twice.  Keys have several lengths, and a few are longer than a
 * page. */
static void add_lengths(struct table *t, uint64_t n)
{
	static char bytes[100000];

	for (uint64_t i = 0; i < 2 * n; i++) {
		uint64_t number = i % n;
		memcpy(bytes, &number, sizeof number);
		size_t len = number % 50021 == 9 ? sizeof bytes - number % 8 : 8 + number % 60;
		struct span key = span_of(bytes, len);
		assert_true(add_keys(t, &key, 1));
	}
}

static void check_lengths(const struct table *t, uint64_t n)
{
	char *seen = calloc((size_t)n, 1);
	uint64_t number, entries = 0;

	assert_non_null(seen);
	for (const struct entry *e = NULL; (e = table_next(t, e)); entries++) {
		memcpy(&number, e->key, sizeof number);
		assert_true(number < n && !seen[number]++ && e->count == 2);
	}
	assert_true(entries == n && table_keys(t) == n);
	free(seen);
}

/* A large table has more than one stream of entries. */
TEST(a_large_table)
{
	enum { KEYS = 600000 };
	struct table *t = new_table(true, SEED);

	pid_t child = fork_child();
	if (child == 0) {
		add_lengths(t, KEYS);
		_exit(0);
	}
	assert_int_equal(status_of(child), 0);
	assert_true(table_follow(t));
	assert_true(table_bytes(t) > 32 << 20);
	check_lengths(t, KEYS);
	for (uint64_t n = 0, part = 0; part < 5; part++) {
		struct table_cursor walk = {.range = range_part((unsigned)part, 5)};
		const struct entry *found[64];
		for (size_t more; (more = table_range(t, &walk, found, COUNT(found)));)
			n += more;
		assert_true(part < 4 ? n < KEYS : n == KEYS);
	}
	table_clear(t);
	add_lengths(t, 1000);
	check_lengths(t, 1000);
	table_free(t);
}

/* A table that was cleared can be used like a new one, and still has its memory. */
TEST(cleared_and_used_again)
{
	struct table *t = new_table_of(false, false, SEED);
	struct span key = span_text("another");

	assert_non_null(t);
	uint64_t empty = table_bytes(t);
	add_lengths(t, 30000);
	uint64_t bytes = table_bytes(t);
	assert_true(bytes > empty);
	for (int round = 0; round < 3; round++) {
		table_clear(t);
		assert_true(table_keys(t) == 0 && table_bytes(t) == bytes);
		assert_null(table_next(t, NULL));
		assert_true(table_add(t, &(struct key_batch){.keys = &key, .n = 1}));
		assert_span_equal(entry_key(table_next(t, NULL)), key);
		table_clear(t);
		add_lengths(t, 30000);
		check_lengths(t, 30000);
		assert_true(table_bytes(t) == bytes);
	}
	assert_true(table_reset(t) && table_bytes(t) == empty);
	table_free(t);
}

TEST(the_parent_sees_what_a_child_added)
{
	struct adds all = random_adds(100000, 11);
	struct table *t = new_table(true, SEED);

	/* Both children add to a table that already has keys. */
	assert_true(add_all(t, all.at, 1000));
	for (size_t from = 1000; from < all.n; from += all.n / 2 - 500) {
		size_t n = all.n / 2 - 500;
		pid_t child = fork_child();
		if (child == 0)
			_exit(add_all(t, all.at + from, n) ? 0 : 1);
		assert_int_equal(status_of(child), 0);
		assert_true(table_follow(t));
		check(t, all.at, from + n);
	}
	assert_true(add_all(t, all.at, 1000));
	table_free(t);
	free(all.at);
}

/* Add new keys of all sizes until this process is killed.  Write a byte to `ready` after the first
 * thousand keys. */
static void add_for_ever(struct table *t, int ready)
{
	static char key[5000];

	for (uint64_t i = 0;; i++) {
		memcpy(key, &i, sizeof i);
		struct span one = span_of(key, 8 + i % 7 * (i % 700));
		if (!add_keys(t, &one, 1) || (i == 1000 && write(ready, "", 1) != 1))
			_exit(1);
		/* Not without end. */
		if (i % 20000 == 19999 && !table_reset(t))
			_exit(1);
	}
}

TEST(a_child_killed_while_adding)
{
	struct adds all = random_adds(5000, 12);
	struct table *t = new_table(true, SEED);
	uint64_t seed = 13;

	for (int round = 0; round < 60; round++) {
		int ready[2];
		char byte;
		assert_int_equal(pipe(ready), 0);
		pid_t child = fork_child();
		if (child == 0)
			add_for_ever(t, ready[1]);
		close(ready[1]);
		assert_int_equal(read(ready[0], &byte, 1), 1);
		close(ready[0]);
		usleep((useconds_t)random_below(&seed, 8000));
		assert_int_equal(kill(child, SIGKILL), 0);
		assert_int_equal(status_of(child), -1);

		assert_true(table_reset(t));
		assert_int_equal(table_keys(t), 0);
		assert_null(table_next(t, NULL));
		/* The table can be used again, by the parent or by another child. */
		if (round % 2) {
			assert_true(add_all(t, all.at, all.n));
		} else {
			child = fork_child();
			if (child == 0)
				_exit(add_all(t, all.at, all.n) ? 0 : 1);
			assert_int_equal(status_of(child), 0);
			assert_true(table_follow(t));
		}
		check(t, all.at, all.n);
	}
	table_free(t);
	free(all.at);
}

/* Limit the size of files.  Beyond the limit, the kernel refuses to write, and sends a signal,
 * which is ignored here. */
static void limit_files(rlim_t size)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = size < limit.rlim_max ? size : limit.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	signal(SIGXFSZ, SIG_IGN);
}

/* If an addition fails, nothing has changed, whether the entries or the index cannot grow.  Once
 * there is room again, additions succeed. */
TEST(a_failed_add_changes_nothing)
{
	struct adds all = random_adds(ADDS, 14);
	struct add *done = malloc((all.n + 1) * sizeof *done);

	assert_non_null(done);
	for (rlim_t size = 66000; size < 4000000; size = size * 5 / 4) {
		struct table *t = new_table(true, SEED);
		size_t n = 0, i = 0;
		limit_files(size);
		for (; i < all.n && add_one(t, false, &all.at[i]); i++)
			done[n++] = all.at[i];
		assert_true(n > 0 && n < all.n);
		check(t, done, n);
		assert_false(add_keys(t, &all.at[i].key, 1));
		/* A key that is already there needs no room. */
		done[n] = add_of(all.at[0].key, 7, n);
		assert_true(add_one(t, false, &done[n]));
		check(t, done, ++n);
		limit_files(RLIM_INFINITY);
		for (size_t more = i + 3000; i < more && i < all.n; i++, n++) {
			done[n] = add_of(all.at[i].key, 1, n);
			assert_true(add_one(t, false, &done[n]));
		}
		check(t, done, n);
		table_free(t);
	}
	free(done);
	free(all.at);
}

/* --- Groups and sums ------------------------------------------------------------- */

/* The same keys in several groups, with sums and without. */
TEST(groups_and_sums)
{
	static const unsigned groups[] = {0, 1, 2, 999, 65535};
	struct adds all = random_adds(60000, 15);
	uint64_t seed = 16;

	for (size_t i = 0; i < all.n; i++)
		all.at[i].group = groups[random_below(&seed, COUNT(groups))];
	for (int kind = 0; kind < 4; kind++) {
		bool sums = kind & 1;
		struct table *t = new_table_of(kind & 2, sums, SEED);
		assert_non_null(t);
		for (size_t i = 0; i < all.n; i++)
			assert_true(add_one(t, sums, &all.at[i]));
		check_sums(t, sums, all.at, all.n);
		table_free(t);
	}
	free(all.at);
}

/* Keys have all lengths.  The sum is after the padding, whatever the key ends with. */
TEST(sums_behind_keys_of_every_length)
{
	static char key[40];
	static struct add adds[2 * COUNT(key)];
	struct table *t = new_table_of(false, true, SEED);

	memset(key, '\xff', sizeof key);
	for (size_t i = 0; i < COUNT(adds); i++) {
		adds[i] = (struct add){span_of(key, i % sizeof key), 1, i,
			.sum = {UINT64_MAX - i, i % 3 ? -1 - (int64_t)i : (int64_t)i}};
		assert_true(add_one(t, true, &adds[i]));
		check_sums(t, true, adds, i + 1);
	}
	table_free(t);
}

/* Adding a batch with sums is the same as adding its keys one by one. */
TEST(a_batch_with_sums)
{
	struct adds all = random_adds(20000, 17);
	struct span *keys = malloc(all.n * sizeof *keys);
	struct sum *sums = malloc(all.n * sizeof *sums);
	struct table *t = new_table_of(false, true, SEED);
	uint64_t seed = 18;

	assert_true(keys && sums && t);
	for (size_t i = 0; i < all.n; i++) {
		all.at[i].n = 1;
		all.at[i].group = 3;
		keys[i] = all.at[i].key;
		sums[i] = all.at[i].sum;
	}
	for (size_t i = 0, some; i < all.n; i += some) {
		some = random_below(&seed, 150);
		if (some > all.n - i)
			some = all.n - i;
		assert_true(table_add(t, &(struct key_batch){keys + i, sums + i, some, 3, NULL}));
	}
	check_sums(t, true, all.at, all.n);
	table_free(t);
	free(keys);
	free(sums);
	free(all.at);
}

TEST(merged_sums_of_groups)
{
	struct adds all = random_adds(30000, 19);
	struct table *whole = new_table_of(false, true, SEED);
	uint64_t seed = 20;

	for (size_t i = 0; i < all.n; i++)
		all.at[i].group = (unsigned)random_below(&seed, 4);
	for (size_t from = 0, to; from < all.n; from = to) {
		struct table *part = new_table_of(true, true, SEED);
		to = from + 1 + random_below(&seed, 9000);
		to = to < all.n ? to : all.n;
		for (size_t i = from; i < to; i++)
			assert_true(add_one(part, true, &all.at[i]));
		assert_true(add_table(whole, part));
		table_free(part);
		check_sums(whole, true, all.at, to);
	}
	table_free(whole);
	free(all.at);
}

TEST(the_parent_sees_a_childs_sums)
{
	struct adds all = random_adds(30000, 21);
	struct table *t = new_table_of(true, true, SEED);
	pid_t child = fork_child();

	if (child == 0) {
		for (size_t i = 0; i < all.n; i++)
			if (!add_one(t, true, &all.at[i]))
				_exit(1);
		_exit(0);
	}
	assert_int_equal(status_of(child), 0);
	assert_true(table_follow(t));
	check_sums(t, true, all.at, all.n);
	table_free(t);
	free(all.at);
}

/* A sum that needs more than 128 bits is an error, both when a key is added and when tables are
 * merged. */
TEST(a_sum_out_of_all_bounds)
{
	struct add most = {span_text("a"), 1, 0, .sum = {UINT64_MAX, INT64_MAX}};
	struct add least = {span_text("a"), 1, 0, .sum = {0, INT64_MIN + 1}};
	struct add one = {span_text("a"), 1, 0, .sum = {1, 0}};
	struct add minus_more = {span_text("a"), 1, 0, .sum = {UINT64_MAX, -2}};
	const struct add *pairs[][2] = {{&most, &one}, {&least, &minus_more}};

	for (size_t i = 0; i < COUNT(pairs); i++) {
		struct table *t = new_table_of(false, true, SEED),
			     *other = new_table_of(false, true, SEED);
		assert_true(add_one(t, true, pairs[i][0]) && add_one(other, true, pairs[i][1]));
		errno = 0;
		assert_false(add_one(t, true, pairs[i][1]));
		assert_int_equal(errno, EOVERFLOW);
		assert_true(number(entry_sum(t, table_next(t, NULL))) == number(pairs[i][0]->sum));
		errno = 0;
		assert_false(add_table(t, other));
		assert_int_equal(errno, EOVERFLOW);
		/* And back inside. */
		assert_true(add_one(t, true, pairs[1 - i][1]));
		table_free(t);
		table_free(other);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_keys_private_and_shared),
		cmocka_unit_test(right_after_every_single_add),
		cmocka_unit_test(another_seed_gives_the_same_content),
		cmocka_unit_test(a_batch_is_as_many_single_adds),
		cmocka_unit_test(a_batch_of_one_key_and_batches_that_grow),
		cmocka_unit_test(keys_of_one_hash_are_two_keys),
		cmocka_unit_test(the_index_goes_round),
		cmocka_unit_test(a_key_of_five_megabytes),
		cmocka_unit_test(counts_of_64_bits),
		cmocka_unit_test(an_empty_key_may_be_nowhere),
		cmocka_unit_test(merged_parts_are_the_whole),
		cmocka_unit_test(reset_forgets_everything),
		cmocka_unit_test(keys_of_one_range),
		cmocka_unit_test(a_large_table),
		cmocka_unit_test(cleared_and_used_again),
		cmocka_unit_test(the_parent_sees_what_a_child_added),
		cmocka_unit_test(a_child_killed_while_adding),
		cmocka_unit_test(a_failed_add_changes_nothing),
		cmocka_unit_test(groups_and_sums),
		cmocka_unit_test(sums_behind_keys_of_every_length),
		cmocka_unit_test(a_batch_with_sums),
		cmocka_unit_test(merged_sums_of_groups),
		cmocka_unit_test(the_parent_sees_a_childs_sums),
		cmocka_unit_test(a_sum_out_of_all_bounds),
	};

	return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
