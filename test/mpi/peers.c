/* peers.c -- test mpi/peers.h among any number of processes: mpirun -n 3 build/openmpi/peers, or
 * build/mpich/peers.  Prints nothing and exits with status 0 if all tests pass. */
#include "mpi/peers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/tempfile.h"

#define CHECK(it) check(it, #it, __LINE__)

static void check(bool it, const char *what, int line)
{
	if (it)
		return;
	fprintf(stderr, "peers: line %d: %s\n", line, what);
	exit(1);
}

/* Of the file that one peer sends to another: nothing, a little, or more than fits into one piece.
 * Most pairs of peers have a size of their own. */
static size_t size_between(unsigned from, unsigned to)
{
	unsigned kind = (from + 3 * to) % 4;

	return kind == 0 ? 0 : kind == 1 ? 1 + from : kind == 2 ? 100000 + to : (9u << 20) + from;
}

static char byte_between(unsigned from, unsigned to, size_t at)
{
	return (char)(at * 7 + at / 4096 + from * 31 + to * 17);
}

static void exchange_files(const struct peers *p)
{
	int *to = calloc(p->n, sizeof *to), *from = calloc(p->n, sizeof *from);
	char *bytes = malloc(10u << 20);

	CHECK(to && from && bytes);
	for (unsigned i = 0; i < p->n; i++) {
		size_t size = size_between(p->me, i);
		to[i] = tempfile_open();
		from[i] = tempfile_open();
		CHECK(to[i] >= 0 && from[i] >= 0);
		for (size_t k = 0; k < size; k++)
			bytes[k] = byte_between(p->me, i, k);
		for (size_t k = 0; k < size;)
			k += (size_t)write(to[i], bytes + k, size - k);
	}
	CHECK(peers_alltoall(p, to, from));
	for (unsigned i = 0; i < p->n; i++) {
		size_t size = size_between(i, p->me);
		CHECK((size_t)lseek(from[i], 0, SEEK_END) == size);
		for (size_t k = 0; k < size;)
			k += (size_t)pread(from[i], bytes + k, size - k, (off_t)k);
		for (size_t k = 0; k < size; k++)
			CHECK(bytes[k] == byte_between(i, p->me, k));
		close(to[i]);
		close(from[i]);
	}
	free(bytes);
	free(to);
	free(from);
}

/* If one peer can't write its files, only that peer gets an error, and all go on. */
static void exchange_with_errors(const struct peers *p)
{
	int *to = calloc(p->n, sizeof *to), *from = calloc(p->n, sizeof *from);
	bool bad = p->me == p->n - 1;

	CHECK(to && from);
	for (unsigned i = 0; i < p->n; i++) {
		to[i] = tempfile_open();
		CHECK(write(to[i], "x", 1) == 1);
		from[i] = bad ? -1 : tempfile_open();
	}
	CHECK(peers_alltoall(p, to, from) == !bad);
	for (unsigned i = 0; i < p->n; i++) {
		close(to[i]);
		close(from[i]);
	}
	free(to);
	free(from);
}

static bool check_bytes(void *next, char *bytes, size_t n)
{
	unsigned *peer = next;
	bool ok = n == size_between(*peer, 1);

	for (size_t i = 0; ok && i < n; i++)
		ok = bytes[i] == byte_between(*peer, 1, i);
	free(bytes);
	++*peer;
	return ok;
}

static void gather(const struct peers *p)
{
	size_t n = size_between(p->me, 1);
	char *bytes = malloc(n + 1);
	unsigned next = 0;

	CHECK(bytes);
	for (size_t i = 0; i < n; i++)
		bytes[i] = byte_between(p->me, 1, i);
	CHECK(peers_gather(p, n ? bytes : NULL, n, check_bytes, &next));
	CHECK(next == (p->me ? 0 : p->n));
	free(bytes);
}

static bool add_up(void *total, char *bytes, size_t n)
{
	uint64_t numbers[2];

	CHECK(n == sizeof numbers);
	memcpy(numbers, bytes, n);
	((uint64_t *)total)[0] += numbers[0];
	((uint64_t *)total)[1] += numbers[1];
	free(bytes);
	return true;
}

/* Each number is given to exactly one peer. */
static void count(const struct peers *p, uint64_t limit)
{
	uint64_t number, mine[2] = {0, 0}, all[2] = {0, 0};
	struct task_counter c;

	task_counter_begin(&c, p, limit);
	for (;;) {
		if (!task_counter_next(&c, &number)) {
			usleep(100);
			continue;
		}
		if (number == limit)
			break;
		mine[0]++;
		mine[1] += number;
	}
	task_counter_end(&c);
	CHECK(peers_gather(p, (char *)mine, sizeof mine, add_up, all));
	CHECK(p->me || (all[0] == limit && all[1] == limit * (limit ? limit - 1 : 0) / 2));
}

int main(int argc, char **argv)
{
	struct peers p = peers_begin(&argc, &argv);
	char text[8] = "nothing";

	peers_start(&p);
	if (!p.me)
		memcpy(text, "all.the", 8);
	peers_broadcast(&p, text, sizeof text);
	CHECK(p.n == 1 || memcmp(text, "all.the", 8) == 0);
	CHECK(!peers_any(&p, false));
	CHECK(peers_any(&p, p.me == p.n - 1));
	if (p.n > 1) {
		exchange_files(&p);
		exchange_with_errors(&p);
	}
	gather(&p);
	count(&p, 0);
	count(&p, 1);
	count(&p, 1000);
	peers_end(&p);
	return 0;
}
