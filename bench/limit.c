/* limit.c -- the limit of the machine: count the newlines of a file with JOBS processes, and do
 * nothing else.
 *
 *	limit JOBS FILE map		maps the file
 *	limit JOBS FILE read		reads it, 256 KB at a time
 *
 * No program that reads every byte of a log can be faster than the faster of the two.  The processes
 * take pieces of 2 MB from a shared counter, as wf's workers do.  For measuring only: it needs Linux, and is compiled
 * for the CPU that it runs on.
 */
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PIECE = 2 << 20, BUFFER = 256 << 10 };

struct shared {
	atomic_size_t next, lines;
};

/* A loop that is simple enough for the compiler to use its widest vectors: byte counters, which
 * are added to `lines` before they can overflow, after at most 255 rounds. */
static size_t count(const unsigned char *p, size_t n)
{
	size_t lines = 0;

	while (n) {
		unsigned char sums[64] = {0};
		size_t rounds = n / 64 < 255 ? n / 64 : 255;
		if (!rounds) {
			for (size_t i = 0; i < n; i++)
				lines += p[i] == '\n';
			break;
		}
		for (size_t r = 0; r < rounds; r++)
			for (size_t i = 0; i < 64; i++)
				sums[i] = (unsigned char)(sums[i] + (p[64 * r + i] == '\n'));
		for (size_t i = 0; i < 64; i++)
			lines += sums[i];
		p += 64 * rounds;
		n -= 64 * rounds;
	}
	return lines;
}

struct log {
	size_t size;
	const unsigned char *mapped; /* NULL: the file is read */
	int fd;
};

static size_t count_read(const struct log *log, size_t at, size_t end)
{
	static unsigned char buffer[BUFFER];
	size_t lines = 0;

	while (at < end) {
		ssize_t n =
			pread(log->fd, buffer, end - at < BUFFER ? end - at : BUFFER, (off_t)at);
		if (n <= 0)
			_exit(2);
		lines += count(buffer, (size_t)n);
		at += (size_t)n;
	}
	return lines;
}

static void work(struct shared *s, const struct log *log)
{
	size_t lines = 0, at;

	while ((at = PIECE * atomic_fetch_add(&s->next, 1)) < log->size) {
		size_t end = log->size - at < PIECE ? log->size : at + PIECE;
		lines += log->mapped ? count(log->mapped + at, end - at) : count_read(log, at, end);
	}
	atomic_fetch_add(&s->lines, lines);
}

int main(int argc, char **argv)
{
	struct stat st;
	int jobs = argc == 4 ? atoi(argv[1]) : 0;
	struct log log = {.fd = jobs > 0 ? open(argv[2], O_RDONLY) : -1};

	if (log.fd < 0 || fstat(log.fd, &st) || st.st_size == 0) {
		fprintf(stderr, "usage: limit JOBS FILE map|read\n");
		return 2;
	}
	log.size = (size_t)st.st_size;
	if (strcmp(argv[3], "map") == 0)
		log.mapped = mmap(NULL, log.size, PROT_READ, MAP_SHARED, log.fd, 0);
	struct shared *s =
		mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (log.mapped == MAP_FAILED || s == MAP_FAILED)
		return 2;
	for (int i = 1; i < jobs; i++) {
		if (fork() == 0) {
			work(s, &log);
			_exit(0);
		}
	}
	work(s, &log);
	while (wait(NULL) > 0)
		;
	printf("%zu\n", atomic_load(&s->lines));
	return 0;
}
