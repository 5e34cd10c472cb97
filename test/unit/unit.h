/* unit.h -- what all unit tests share: cmocka, random numbers with a fixed seed, and
 * memory between two pages that can't be touched. */
#ifndef TEST_UNIT_H
#define TEST_UNIT_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* gcc says so by the first, clang by the second. */
#if defined(__SANITIZE_ADDRESS__)
#define UNIT_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UNIT_SANITIZED
#endif
#endif

#if defined(UNIT_SANITIZED)
#include <sanitizer/lsan_interface.h>
#endif

#include "lib/span.h"

#define TEST(name)   static void name(void **state __attribute__((unused)))
/* A struct args of constant values: ARGS({"a", "-e"}, {"b", "-e"}). */
#define ARGS(...)                                                                                  \
	{.at = (struct arg[]){__VA_ARGS__},                                                        \
		.n = sizeof((struct arg[]){__VA_ARGS__}) / sizeof(struct arg)}

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* The bytes of a string literal, which may hold NULs. */
#define BYTES(text)                                                                                \
	{                                                                                          \
		text "", sizeof(text) - 1                                                          \
	}

/* Steele, Lea, Flood: SplitMix64.  Same seed, same numbers, on every machine. */
static inline uint64_t random_next(uint64_t *seed)
{
	uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* 0 to n - 1. */
static inline size_t random_below(uint64_t *seed, size_t n)
{
	return (size_t)((random_next(seed) >> 11) % n);
}

/* Any of the bytes of set. */
static inline void random_bytes(uint64_t *seed, char *to, size_t n, struct span set)
{
	for (size_t i = 0; i < n; i++)
		to[i] = set.at[random_below(seed, set.len)];
}

/* What a comparison says, as -1, 0 or 1. */
static inline int sign(int n)
{
	return (n > 0) - (n < 0);
}

/* Never -1, which kill() would take for everybody.  A child's assertions go unseen: it
 * tells by its exit status. */
static inline pid_t fork_child(void)
{
	pid_t child = fork();

	assert_true(child >= 0);
	return child;
}

/* A child's exit status once it has ended; -1: a signal killed it. */
static inline int status_of(pid_t child)
{
	int status;

	while (waitpid(child, &status, 0) < 0)
		assert_int_equal(errno, EINTR);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* How a child ended that did something by itself. */
struct death {
	int status;      /* of its exit, 0 if it was just done; -1: a signal killed it */
	char text[2000]; /* what it said on stderr */
};

static inline struct death death_of(void (*what)(const void *), const void *of_what)
{
	struct death d = {0};
	size_t len = 0;
	int fd[2];

	assert_int_equal(pipe(fd), 0);
	pid_t child = fork_child();
	if (child == 0) {
#if defined(UNIT_SANITIZED)
		__lsan_disable(); /* who dies frees nothing */
#endif
		dup2(fd[1], STDERR_FILENO);
		what(of_what);
		_exit(0);
	}
	close(fd[1]);
	for (ssize_t n; (n = read(fd[0], d.text + len, sizeof d.text - 1 - len)) > 0;)
		len += (size_t)n;
	close(fd[0]);
	d.status = status_of(child);
	return d;
}

/* It must exit as errors do, having said so. */
static inline void assert_dies(
	void (*what)(const void *), const void *of_what, const char *name, const char *says)
{
	struct death d = death_of(what, of_what);

	if (d.status != 2 || !strstr(d.text, says))
		fail_msg("%s: status %d: %s", name, d.status, d.text);
}

/* False where a process's addresses can't be bounded: the address sanitizer reserves terabytes,
 * and qemu, which runs tests for other CPUs, lets nobody bound them. */
static inline bool addresses_have_bounds(void)
{
#if defined(UNIT_SANITIZED)
	return false;
#else
	return !getenv("WF_EMULATED");
#endif
}

/* From here on malloc fails in this process, which should be a child, if addresses have bounds. */
static inline void use_up_memory(void)
{
	struct rlimit none = {0, RLIM_INFINITY};
	void *volatile taken;

	if (getrlimit(RLIMIT_AS, &none) == 0) {
		none.rlim_cur = 0;
		setrlimit(RLIMIT_AS, &none);
	}
	for (size_t size = 1 << 20; size >= 16; size /= 2)
		while ((taken = malloc(size)))
			continue;
}

/* [at, at + size) can be used; one byte before or behind it is a fault, which cmocka
 * reports as a failed test. */
struct guarded {
	char *at;
	size_t size;
};

static inline struct guarded guarded_new(size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	size = (size + page - 1) / page * page;
	char *all = mmap(NULL, size + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(all, MAP_FAILED);
	assert_int_equal(mprotect(all + page, size, PROT_READ | PROT_WRITE), 0);
	return (struct guarded){all + page, size};
}

static inline void guarded_free(struct guarded *g)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	munmap(g->at - page, g->size + 2 * page);
}

/* A copy of the bytes that ends where the memory does. */
static inline struct span guarded_copy(struct guarded *g, struct span s)
{
	char *to = g->at + g->size - s.len;

	if (s.len)
		memcpy(to, s.at, s.len);
	return span_of(to, s.len);
}

static inline void assert_span_equal(struct span got, struct span expected)
{
	assert_int_equal(got.len, expected.len);
	if (got.len)
		assert_memory_equal(got.at, expected.at, got.len);
}

#endif
