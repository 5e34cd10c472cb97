/* mkrows.c -- write rows for benchmarks.
 *
 *	mkrows stations ROWS NAMES [SEED]	NAME;NUMBER, as in the one billion row challenge
 *	mkrows visits ROWS PAGES [SEED]		URL,TIME, as in the 100-million-row challenge
 *
 * A name has 3 to 40 bytes, some of them not ASCII, and about half of the names have a blank.  A number
 * is from -99.9 to 99.9, with one decimal place.  A time is in one of 28 days of each month of the years
 * 2021 to 2025.  The same arguments always write the same rows.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME = 64, BUFFER = 1 << 20, ROW = NAME + 64 };

static uint64_t state;

/* Marsaglia's xorshift generator (Journal of Statistical Software 8, 2003). */
static uint64_t next(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

struct place {
	char name[NAME];
	size_t len;
	int mean; /* in tenths */
};

/* Name number i is made of syllables for the digits of i, so all names are different. */
static void make_place(struct place *p, unsigned i)
{
	static const char *const syllables[] = {"ba", "ko", "ri", "sa", "tu", "mé", "lan", "dor",
		"vi", "ng", "pe", "ör", "hu", "ze", "ya", "st"};
	size_t used = 0;
	unsigned rest = i, more = (unsigned)(next() % 4);

	do {
		used += (size_t)snprintf(p->name + used, NAME - used, "%s", syllables[rest % 16]);
		rest /= 16;
	} while (rest);
	used += (size_t)snprintf(p->name + used, NAME - used, "%s", next() % 2 ? " " : "a");
	while (more--)
		used += (size_t)snprintf(
			p->name + used, NAME - used, "%s", syllables[next() % 16]);
	p->len = used;
	p->mean = (int)(next() % 900) - 450;
}

static size_t put_row(char *to, const struct place *p)
{
	/* The sum of three is nearly normal. */
	int spread = (int)(next() % 200 + next() % 200 + next() % 200) - 300;
	int tenths = p->mean + spread;

	memcpy(to, p->name, p->len);
	return p->len + (size_t)snprintf(to + p->len, ROW - p->len, ";%s%d.%d\n",
				 tenths < 0 ? "-" : "", abs(tenths) / 10, abs(tenths) % 10);
}

static size_t put_visit(char *to, const struct place *p)
{
	unsigned month = (unsigned)(next() % 60), day = (unsigned)(next() % 28);
	unsigned second = (unsigned)(next() % 86400);

	return (size_t)snprintf(to, ROW,
		"https://example.org/blog/%.*s,%04u-%02u-%02uT%02u:%02u:%02u+00:00\n", (int)p->len,
		p->name, 2021 + month / 12, month % 12 + 1, day + 1, second / 3600,
		second / 60 % 60, second % 60);
}

int main(int argc, char **argv)
{
	static char buffer[BUFFER + ROW];
	size_t used = 0;
	bool visits = argc > 1 && strcmp(argv[1], "visits") == 0;

	if (argc < 4 || (!visits && strcmp(argv[1], "stations") != 0)) {
		fputs("usage: mkrows stations|visits ROWS NAMES [SEED]\n", stderr);
		return 2;
	}
	uint64_t rows = strtoull(argv[2], NULL, 10), names = strtoull(argv[3], NULL, 10);
	state = UINT64_C(88172645463325252) + (argc > 4 ? strtoull(argv[4], NULL, 10) : 0);
	if (!names || names > 1000000)
		return 2;
	struct place *places = calloc((size_t)names, sizeof *places);
	if (!places)
		return 2;
	for (uint64_t i = 0; i < names; i++)
		make_place(&places[i], (unsigned)i);
	for (uint64_t i = 0; i < rows; i++) {
		const struct place *p = &places[next() % names];
		used += visits ? put_visit(buffer + used, p) : put_row(buffer + used, p);
		if (used >= BUFFER || i + 1 == rows) {
			fwrite(buffer, 1, used, stdout);
			used = 0;
		}
	}
	free(places);
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 2;
}
