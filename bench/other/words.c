/* words.c -- count words, and do nothing else: one process, no errors handled.
 *
 *	words FILE	prints COUNT WORD of the twenty most frequent words
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

enum { SLOTS = 1 << 20, SHOWN = 20 };

struct word {
	const char *at;
	size_t len;
	uint64_t n;
};

static struct word words[SLOTS];

static const char *take_word(const char *p, const char *end)
{
	const char *word = p;
	uint64_t hash = 0;

	for (; p < end && (unsigned char)*p > ' '; p++)
		hash = hash * 31 + (unsigned char)*p;
	size_t len = (size_t)(p - word), i = (hash * UINT64_C(0x9e3779b97f4a7c15)) >> 44;
	while (words[i].at && (words[i].len != len || memcmp(words[i].at, word, len) != 0))
		i = (i + 1) % SLOTS;
	words[i].at = word;
	words[i].len = len;
	words[i].n++;
	return p;
}

static int compare(const void *a, const void *b)
{
	const struct word *x = a, *y = b;

	if (x->n != y->n)
		return x->n < y->n ? 1 : -1;
	int order = memcmp(x->at, y->at, x->len < y->len ? x->len : y->len);
	return order ? order : (x->len > y->len) - (x->len < y->len);
}

int main(int argc, char **argv)
{
	struct stat st;
	size_t n = 0;
	int fd = open(argc > 1 ? argv[1] : "", O_RDONLY);

	if (fd < 0 || fstat(fd, &st) != 0)
		return 2;
	const char *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	for (const char *end = p + st.st_size; p < end;)
		p = (unsigned char)*p > ' ' ? take_word(p, end) : p + 1;
	for (size_t i = 0; i < SLOTS; i++)
		if (words[i].n)
			words[n++] = words[i];
	qsort(words, n, sizeof *words, compare);
	for (size_t i = 0; i < SHOWN && i < n; i++)
		printf("%7llu %.*s\n", (unsigned long long)words[i].n, (int)words[i].len, words[i].at);
	return 0;
}
