/* test_sharedmem.c -- the contents of blocks of all kinds while they grow and shrink, in several
 * processes, and after failures. */
#include "unit.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "lib/sharedmem.h"

/* Let malloc() fail under the address sanitizer, too. */
/* NOLINTNEXTLINE(bugprone-reserved-identifier): the sanitizer's name */
const char *__asan_default_options(void);

const char *__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

static bool open_private(struct sharedmem *s)
{
	return sharedmem_open(s, false);
}

static bool open_memory(struct sharedmem *s)
{
	return sharedmem_open(s, true);
}

static const struct kind {
	const char *name;
	bool (*open)(struct sharedmem *);
	bool shared;
} kinds[] = {
	{"private", open_private, false},
	{"memory", open_memory, true},
	{"file", sharedmem_open_file, true},
};

/* The expected value of byte i of a block. */
static char pattern(size_t i)
{
	return (char)(i * 31 + i / 4096 * 7 + 1);
}

static void fill(struct sharedmem *s, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		s->at[i] = pattern(i);
}

static bool is_filled(const struct sharedmem *s, size_t to)
{
	for (size_t i = 0; i < to; i++)
		if (s->at[i] != pattern(i))
			return false;
	return true;
}

static bool is_zero(const struct sharedmem *s, size_t from)
{
	for (size_t i = from; i < s->size; i++)
		if (s->at[i])
			return false;
	return true;
}

TEST(a_new_block_is_empty)
{
	for (size_t k = 0; k < COUNT(kinds); k++) {
		struct sharedmem s;
		assert_true(kinds[k].open(&s));
		assert_null(s.at);
		assert_int_equal(s.size, 0);
		assert_int_equal(s.fd >= 0, kinds[k].shared);
		if (kinds[k].shared)
			assert_true(fcntl(s.fd, F_GETFD) & FD_CLOEXEC);
		assert_true(sharedmem_follow(&s));
		assert_null(s.at);
		sharedmem_close(&s);
		assert_null(s.at);
		assert_int_equal(s.size, 0);
		assert_int_equal(s.fd, -1);
	}
}

TEST(resizing_keeps_what_fits)
{
	static const size_t sizes[] = {1, 2, 4095, 4096, 4097, 100, 65536, 65535, 65535, 1, 3 << 20,
		5000, 5 << 20, 4096, 8191};

	for (size_t k = 0; k < COUNT(kinds); k++) {
		struct sharedmem s;
		size_t before = 0;
		assert_true(kinds[k].open(&s));
		for (size_t i = 0; i < COUNT(sizes); i++) {
			size_t kept = sizes[i] < before ? sizes[i] : before;
			assert_true(sharedmem_resize(&s, sizes[i]));
			assert_int_equal(s.size, sizes[i]);
			assert_true(is_filled(&s, kept));
			/* Bytes that were cut off do not return. */
			if (kinds[k].shared)
				assert_true(is_zero(&s, kept));
			fill(&s, kept, s.size);
			before = sizes[i];
		}
		sharedmem_close(&s);
	}
}

TEST(resizing_at_random)
{
	uint64_t seed = 1;

	for (size_t k = 0; k < COUNT(kinds); k++) {
		struct sharedmem s;
		assert_true(kinds[k].open(&s));
		for (int round = 0; round < 300; round++) {
			size_t before = s.size, size = 1 + random_below(&seed, 200000);
			assert_true(sharedmem_resize(&s, size));
			assert_true(is_filled(&s, size < before ? size : before));
			fill(&s, 0, size);
		}
		sharedmem_close(&s);
	}
}

/* Fill only one byte in 4 KB, so that the test is quick. */
static void fill_pages(struct sharedmem *s, size_t from)
{
	for (size_t i = (from + 4095) / 4096 * 4096; i < s->size; i += 4096)
		s->at[i] = pattern(i);
}

static bool pages_are_filled(const struct sharedmem *s, size_t to)
{
	for (size_t i = 0; i < to; i += 4096)
		if (s->at[i] != pattern(i))
			return false;
	return true;
}

/* Large blocks have reserved addresses and huge pages.  Here their sizes are not whole pages, they
 * become small again, and they outgrow the addresses that they have reserved. */
TEST(large_blocks_keep_what_fits)
{
	static const size_t sizes[] = {1000, (2 << 20) - 1, 2 << 20, (5 << 20) + 123, 14 << 20,
		(3 << 20) - 1, 100, (6 << 20) + 4097, (30 << 20) + 1, 31 << 20, 1 << 20};

	for (size_t k = 0; k < COUNT(kinds); k++) {
		struct sharedmem s;
		size_t kept = 0;
		assert_true(kinds[k].open(&s));
		for (size_t i = 0; i < COUNT(sizes); i++) {
			kept = sizes[i] < kept ? sizes[i] : kept;
			assert_true(sharedmem_resize(&s, sizes[i]));
			assert_true(pages_are_filled(&s, kept));
			if (kinds[k].shared)
				for (size_t at = kept; at < s.size; at += 4096)
					assert_int_equal(s.at[s.size - 1 - (at - kept)], 0);
			fill_pages(&s, kept);
			kept = s.size;
		}
		sharedmem_close(&s);
	}
}

TEST(a_large_block_grows_without_moving)
{
	if (sizeof(size_t) < 8 || !addresses_have_bounds())
		skip();
	for (size_t k = 0; k < COUNT(kinds); k++) {
		struct sharedmem s;
		assert_true(kinds[k].open(&s));
		assert_true(sharedmem_resize(&s, 4 << 20));
		char *at = s.at;
		for (size_t size = 5 << 20; size <= 16 << 20; size += 1 << 20)
			assert_true(sharedmem_resize(&s, size));
		assert_ptr_equal(s.at, at);
		s.at[s.size - 1] = 1;
		sharedmem_close(&s);
	}
}

TEST(the_parent_follows_a_child)
{
	static const size_t sizes[] = {4096, 4097, 3 << 20, 100, 65536, 25 << 20};

	for (size_t k = 0; k < COUNT(kinds); k++) {
		struct sharedmem s;
		if (!kinds[k].shared)
			continue;
		assert_true(kinds[k].open(&s));
		for (size_t i = 0; i < COUNT(sizes); i++) {
			pid_t child = fork_child();
			if (child == 0) {
				if (!sharedmem_resize(&s, sizes[i]))
					_exit(1);
				fill(&s, 0, s.size);
				sharedmem_close(&s); /* the parent keeps it */
				_exit(0);
			}
			assert_int_equal(status_of(child), 0);
			assert_true(sharedmem_follow(&s));
			assert_int_equal(s.size, sizes[i]);
			assert_true(is_filled(&s, s.size));
			memset(s.at, 0, s.size);
		}
		sharedmem_close(&s);
	}
}

TEST(a_child_sees_what_the_parent_writes)
{
	for (size_t k = 1; k < COUNT(kinds); k++) {
		struct sharedmem s;
		int go[2];
		char byte;
		assert_int_equal(pipe(go), 0);
		assert_true(kinds[k].open(&s));
		assert_true(sharedmem_resize(&s, 10000));
		pid_t child = fork_child();
		if (child == 0) {
			if (read(go[0], &byte, 1) != 1 || !sharedmem_follow(&s))
				_exit(1);
			_exit(s.size == 2 << 20 && is_filled(&s, s.size) ? 0 : 2);
		}
		assert_true(sharedmem_resize(&s, 2 << 20));
		fill(&s, 0, s.size);
		assert_int_equal(write(go[1], "", 1), 1);
		assert_int_equal(status_of(child), 0);
		close(go[0]);
		close(go[1]);
		sharedmem_close(&s);
	}
}

/* After a fork, the parent does not see what a child does to a private block. */
TEST(a_private_block_is_private)
{
	struct sharedmem s;

	assert_true(open_private(&s));
	assert_true(sharedmem_resize(&s, 10000));
	fill(&s, 0, s.size);
	pid_t child = fork_child();
	if (child == 0) {
		memset(s.at, 0, s.size);
		_exit(sharedmem_resize(&s, 100000) ? 0 : 1);
	}
	assert_int_equal(status_of(child), 0);
	assert_true(sharedmem_follow(&s));
	assert_int_equal(s.size, 10000);
	assert_true(is_filled(&s, s.size));
	sharedmem_close(&s);
}

static void assert_unchanged(struct sharedmem *s, const char *at, size_t size)
{
	assert_ptr_equal(s->at, at);
	assert_int_equal(s->size, size);
	assert_true(is_filled(s, size));
	fill(s, 0, size);
	/* The size of the file has not changed. */
	if (s->fd >= 0)
		assert_int_equal(lseek(s->fd, 0, SEEK_END), size);
}

/* A private block is allocated by malloc().  If sizes have 64 bits, malloc() also refuses the last
 * three sizes.  For a shared block of such a size, the kernel would provide page after page, and
 * then kill the test.  So shared blocks are only tried with sizes that are negative as an off_t. */
TEST(absurd_sizes_change_nothing)
{
	static const size_t absurd[] = {SIZE_MAX, SIZE_MAX - 4095, SIZE_MAX / 2 + 1, SIZE_MAX / 2,
		SIZE_MAX >> 2, SIZE_MAX >> 8};

	for (size_t k = 0; k < COUNT(kinds); k++) {
		struct sharedmem s;
		assert_true(kinds[k].open(&s));
		assert_true(sharedmem_resize(&s, 5000));
		fill(&s, 0, s.size);
		size_t n = kinds[k].shared || SIZE_MAX == UINT32_MAX ? 3 : COUNT(absurd);
		for (size_t i = 0; i < n; i++) {
			char *at = s.at;
			errno = 0;
			assert_false(sharedmem_resize(&s, absurd[i]));
			assert_int_not_equal(errno, 0);
			assert_unchanged(&s, at, 5000);
		}
		assert_true(sharedmem_resize(&s, 10000));
		assert_true(is_filled(&s, 5000));
		sharedmem_close(&s);
	}
}

TEST(a_limit_of_file_sizes_changes_nothing)
{
	struct rlimit old;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	for (size_t k = 1; k < COUNT(kinds); k++) {
		struct sharedmem s;
		assert_true(kinds[k].open(&s));
		assert_true(sharedmem_resize(&s, 5000));
		fill(&s, 0, s.size);
		char *at = s.at;
		struct rlimit low = {8192, old.rlim_max};
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &low), 0);
		errno = 0;
		bool resized = sharedmem_resize(&s, 8193);
		int why = errno;
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
		assert_false(resized);
		assert_int_equal(why, EFBIG);
		assert_unchanged(&s, at, 5000);
		assert_true(sharedmem_resize(&s, 8193));
		assert_true(is_filled(&s, 5000));
		sharedmem_close(&s);
	}
}

static bool
	moves_nothing; /* let mremap() fail, as it does for several mappings before Linux 6.17 */

void *mremap(void *old, size_t old_len, size_t len, int flags, ...)
{
	void *(*real)(void *, size_t, size_t, int, void *);
	va_list rest;

	va_start(rest, flags);
	void *to = va_arg(rest, void *);
	va_end(rest);
	if (moves_nothing && flags & MREMAP_FIXED) {
		munmap(to, len);
		errno = EFAULT;
		return MAP_FAILED;
	}
	*(void **)&real = dlsym(RTLD_NEXT, "mremap");
	return real(old, old_len, len, flags, to);
}

TEST(a_block_that_can_not_be_moved_is_copied)
{
	struct sharedmem s;

	assert_true(open_private(&s));
	moves_nothing = true;
	for (size_t size = 4 << 20; size <= 160 << 20; size *= 5) {
		size_t before = s.size;
		assert_true(sharedmem_resize(&s, size));
		assert_true(is_filled(&s, before));
		fill(&s, before, s.size);
	}
	moves_nothing = false;
	assert_true(is_filled(&s, s.size));
	sharedmem_close(&s);
}

/* The file can grow, but there is no address space to map it. */
TEST(a_limit_of_addresses_changes_nothing)
{
	struct rlimit old;

	if (!addresses_have_bounds())
		skip();
	assert_int_equal(getrlimit(RLIMIT_AS, &old), 0);
	for (size_t k = 0; k < COUNT(kinds); k++) {
		struct sharedmem s;
		assert_true(kinds[k].open(&s));
		assert_true(sharedmem_resize(&s, 200000));
		fill(&s, 0, s.size);
		char *at = s.at;
		struct rlimit low = {1 << 20, old.rlim_max};
		assert_int_equal(setrlimit(RLIMIT_AS, &low), 0);
		errno = 0;
		bool resized = sharedmem_resize(&s, 32 << 20);
		int why = errno;
		assert_int_equal(setrlimit(RLIMIT_AS, &old), 0);
		assert_false(resized);
		assert_int_equal(why, ENOMEM);
		assert_unchanged(&s, at, 200000);
		sharedmem_close(&s);
	}
}

static bool no_memory; /* let fallocate() fail */

int fallocate(int fd, int mode, off_t from, off_t len)
{
	int (*real)(int, int, off_t, off_t);

	if (no_memory) {
		errno = ENOSPC;
		return -1;
	}
	*(void **)&real = dlsym(RTLD_NEXT, "fallocate64");
	return real(fd, mode, from, len);
}

TEST(without_memory_for_its_pages_a_block_does_not_grow)
{
	static const size_t sizes[] = {10000, 3 << 20, 20 << 20};

	for (size_t k = 1; k < COUNT(kinds); k++) {
		struct sharedmem s;
		assert_true(kinds[k].open(&s));
		assert_true(sharedmem_resize(&s, 5000));
		fill(&s, 0, s.size);
		for (size_t i = 0; i < COUNT(sizes); i++) {
			no_memory = true;
			errno = 0;
			bool resized = sharedmem_resize(&s, sizes[i]);
			no_memory = false;
			assert_false(resized);
			assert_int_equal(errno, ENOSPC);
			assert_unchanged(&s, s.at, 5000);
		}
		sharedmem_close(&s);
	}
}

TEST(all_pages_of_a_shared_block_are_allocated)
{
	for (size_t k = 1; k < COUNT(kinds); k++) {
		struct sharedmem s;
		struct stat st;
		assert_true(kinds[k].open(&s));
		for (size_t size = 10000; size < 10 << 20; size *= 7) {
			assert_true(sharedmem_resize(&s, size));
			assert_int_equal(fstat(s.fd, &st), 0);
			assert_true((size_t)st.st_blocks * 512 >= size);
		}
		sharedmem_close(&s);
	}
}

TEST(no_block_is_of_0_bytes)
{
	for (size_t k = 0; k < COUNT(kinds); k++) {
		struct sharedmem s;
		assert_true(kinds[k].open(&s));
		for (size_t size = 0; size <= 5000; size += 5000) {
			if (size)
				assert_true(sharedmem_resize(&s, size));
			fill(&s, 0, s.size);
			char *at = s.at;
			errno = 0;
			assert_false(sharedmem_resize(&s, 0));
			assert_int_equal(errno, EINVAL);
			assert_unchanged(&s, at, size);
		}
		sharedmem_close(&s);
	}
}

static size_t files_in(const char *dir)
{
	size_t n = 0;
	DIR *d = opendir(dir);

	assert_non_null(d);
	for (struct dirent *e; (e = readdir(d));)
		n += e->d_name[0] != '.';
	closedir(d);
	return n;
}

TEST(a_file_is_in_tmpdir_without_a_name)
{
	char dir[] = "/tmp/test_shared-XXXXXX";
	struct sharedmem s;

	assert_non_null(mkdtemp(dir));
	setenv("TMPDIR", dir, 1);
	assert_true(sharedmem_open_file(&s));
	assert_true(sharedmem_resize(&s, 5000));
	assert_int_equal(files_in(dir), 0);
	sharedmem_close(&s);
	unsetenv("TMPDIR");
	assert_int_equal(rmdir(dir), 0);
}

TEST(a_file_that_can_not_be)
{
	static char too_long[5000];
	struct sharedmem s;

	memset(too_long, 'x', sizeof too_long - 1);
	too_long[0] = '/';
	const struct {
		const char *dir;
		int why;
	} cases[] = {
		{"/nonexistent/folder", ENOENT},
		{"/dev/null", ENOTDIR},
		{too_long, ENAMETOOLONG},
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		setenv("TMPDIR", cases[i].dir, 1);
		errno = 0;
		assert_false(sharedmem_open_file(&s));
		assert_int_equal(errno, cases[i].why);
	}
	/* An empty TMPDIR counts as not set. */
	setenv("TMPDIR", "", 1);
	assert_true(sharedmem_open_file(&s));
	sharedmem_close(&s);
	unsetenv("TMPDIR");
}

/* Whatever fails in these tests, no file may use up the machine's memory. */
static int limit_all_files(void **state __attribute__((unused)))
{
	struct rlimit limit = {64 << 20, 64 << 20};

	return signal(SIGXFSZ, SIG_IGN) == SIG_ERR ? -1 : setrlimit(RLIMIT_FSIZE, &limit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_block_is_empty),
		cmocka_unit_test(resizing_keeps_what_fits),
		cmocka_unit_test(resizing_at_random),
		cmocka_unit_test(large_blocks_keep_what_fits),
		cmocka_unit_test(a_large_block_grows_without_moving),
		cmocka_unit_test(the_parent_follows_a_child),
		cmocka_unit_test(a_child_sees_what_the_parent_writes),
		cmocka_unit_test(a_private_block_is_private),
		cmocka_unit_test(absurd_sizes_change_nothing),
		cmocka_unit_test(a_limit_of_file_sizes_changes_nothing),
		cmocka_unit_test(a_block_that_can_not_be_moved_is_copied),
		cmocka_unit_test(a_limit_of_addresses_changes_nothing),
		cmocka_unit_test(without_memory_for_its_pages_a_block_does_not_grow),
		cmocka_unit_test(all_pages_of_a_shared_block_are_allocated),
		cmocka_unit_test(no_block_is_of_0_bytes),
		cmocka_unit_test(a_file_is_in_tmpdir_without_a_name),
		cmocka_unit_test(a_file_that_can_not_be),
	};

	return cmocka_run_group_tests_name("sharedmem", tests, limit_all_files, NULL);
}
