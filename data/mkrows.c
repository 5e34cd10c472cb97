/* mkrows.c -- write rows "NAME;NUMBER", as the one billion row challenge has them, for benchmarks.
 *
 *	mkrows ROWS NAMES [SEED]
 *
 * A name has 3 to 40 bytes, some of them not ASCII, and about half of the names have a blank.  A number
 * is from -99.9 to 99.9, with one decimal place.  The same arguments always write the same rows.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME = 64, BUFFER = 1 << 20, ROW = NAME + 16 };

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

int main(int argc, char **argv)
{
	static char buffer[BUFFER + ROW];
	size_t used = 0;

	if (argc < 3) {
		fputs("usage: mkrows ROWS NAMES [SEED]\n", stderr);
		return 2;
	}
	uint64_t rows = strtoull(argv[1], NULL, 10), names = strtoull(argv[2], NULL, 10);
	state = UINT64_C(88172645463325252) + (argc > 3 ? strtoull(argv[3], NULL, 10) : 0);
	if (!names || names > 1000000)
		return 2;
	struct place *places = calloc((size_t)names, sizeof *places);
	if (!places)
		return 2;
	for (uint64_t i = 0; i < names; i++)
		make_place(&places[i], (unsigned)i);
	for (uint64_t i = 0; i < rows; i++) {
		used += put_row(buffer + used, &places[next() % names]);
		if (used >= BUFFER || i + 1 == rows) {
			fwrite(buffer, 1, used, stdout);
			used = 0;
		}
	}
	free(places);
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 2;
}
