/* stations.c -- a program for the one billion row challenge and nothing else: one process, no errors handled.
 *
 *	stations FILE	prints NAME;MIN;AVG;MAX in the order of the names
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

enum { SLOTS = 1 << 17 };

struct place {
	const char *name;
	size_t len;
	int64_t sum, n;
	int least, most; /* tenths */
};

static struct place places[SLOTS];

static struct place *find(const char *name, size_t len, uint64_t hash)
{
	size_t i = (hash * UINT64_C(0x9e3779b97f4a7c15)) >> 47;

	while (places[i].name &&
		(places[i].len != len || memcmp(places[i].name, name, len) != 0))
		i = (i + 1) % SLOTS;
	if (!places[i].name)
		places[i] = (struct place){name, len, 0, 0, 9999, -9999};
	return &places[i];
}

static const char *take_row(const char *p)
{
	const char *name = p;
	uint64_t hash = 0;
	int tenths = 0, sign = 1;

	for (; *p != ';'; p++)
		hash = hash * 31 + (unsigned char)*p;
	struct place *place = find(name, (size_t)(p - name), hash);
	if (*++p == '-') {
		sign = -1;
		p++;
	}
	for (; *p != '\n'; p++)
		if (*p != '.')
			tenths = 10 * tenths + (*p - '0');
	tenths *= sign;
	place->sum += tenths;
	place->n++;
	place->least = tenths < place->least ? tenths : place->least;
	place->most = tenths > place->most ? tenths : place->most;
	return p + 1;
}

static int compare(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	size_t len = x->len < y->len ? x->len : y->len;
	int order = memcmp(x->name, y->name, len);

	return order ? order : (x->len > y->len) - (x->len < y->len);
}

int main(int argc, char **argv)
{
	struct stat st;
	int fd = open(argc > 1 ? argv[1] : "", O_RDONLY);

	if (fd < 0 || fstat(fd, &st) != 0)
		return 2;
	const char *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	for (const char *end = p + st.st_size; p < end;)
		p = take_row(p);
	size_t n = 0;
	for (size_t i = 0; i < SLOTS; i++)
		if (places[i].name)
			places[n++] = places[i];
	qsort(places, n, sizeof *places, compare);
	for (size_t i = 0; i < n; i++)
		printf("%.*s;%.1f;%.9f;%.1f\n", (int)places[i].len, places[i].name,
			places[i].least / 10.0, (double)places[i].sum / (10.0 * (double)places[i].n),
			places[i].most / 10.0);
	return 0;
}
