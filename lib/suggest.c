#include "lib/suggest.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { LONGEST = 64 };

struct suggestion suggest_for(struct span word)
{
	return (struct suggestion){.word = word, .distance = (word.len + 2) / 4 + 1};
}

static bool same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Fill row i + 1 of Wagner and Fischer's matrix: element k is the number of slips that separate the
 * first i + 1 letters of a from the first k letters of b.  `one` is row i, `two` row i - 1. */
static void next_row(
	struct span a, size_t i, struct span b, const size_t *one, const size_t *two, size_t *row)
{
	row[0] = i + 1;
	for (size_t k = 0; k < b.len; k++) {
		bool equal = same(a.at[i], b.at[k]);
		row[k + 1] = least(least(one[k + 1], row[k]) + 1, one[k] + !equal);
		bool swapped = i && k && same(a.at[i], b.at[k - 1]) && same(a.at[i - 1], b.at[k]);
		if (swapped)
			row[k + 1] = least(row[k + 1], two[k - 1] + 1);
	}
}

/* Return the number of slips between a and b, where no letter takes part in more than one slip.
 * This number is the "optimal string alignment" distance. */
static size_t distance(struct span a, struct span b)
{
	size_t rows[3][LONGEST + 1];

	for (size_t k = 0; k <= b.len; k++)
		rows[0][k] = k;
	for (size_t i = 0; i < a.len; i++)
		next_row(a, i, b, rows[i % 3], rows[(i + 2) % 3], rows[(i + 1) % 3]);
	return rows[a.len % 3][b.len];
}

static bool equal_letters(const char *a, const char *b, size_t n)
{
	size_t i = 0;

	while (i < n && same(a[i], b[i]))
		i++;
	return i == n;
}

/* True if the word begins with `part`, or ends with it after a dot, '_' or '-'. */
static bool contains(struct span word, struct span part)
{
	if (part.len < 3 || part.len >= word.len)
		return false;
	const char *end = span_end(word) - part.len;
	return equal_letters(word.at, part.at, part.len) ||
	       (strchr("._-", end[-1]) && end[-1] && equal_letters(end, part.at, part.len));
}

void suggest_offer(struct suggestion *n, struct span word)
{
	if (!n->word.len || n->word.len > LONGEST || word.len > LONGEST)
		return;
	size_t d = contains(word, n->word) ? 1 : distance(n->word, word);
	if (d >= n->distance)
		return;
	n->distance = d;
	n->best = word;
}

const char *suggest_phrase(const struct suggestion *n, const char *before, char out[SUGGEST_PHRASE])
{
	*out = '\0';
	if (n->best.len)
		snprintf(out, SUGGEST_PHRASE, " (did you mean '%s%.*s'?)", before, (int)n->best.len,
			n->best.at);
	return out;
}
