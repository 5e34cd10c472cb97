#include "query/value_set.h"

#include <stdio.h>
#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "lib/address.h"
#include "lib/array.h"
#include "lib/arena.h"
#include "lib/decimal.h"

/* Addresses from .first to .last.  An IPv4 address is the last four of 16 bytes. */
struct range {
	unsigned char first[16], last[16];
};

struct ranges {
	struct range *at; /* sorted, and none overlaps another, after value_set_finish() */
	size_t n, room;
};

enum { PREFIXES = 1 << 16 };

/* A hash table with open addressing; .at of an empty place is NULL. */
struct texts {
	struct span *at;
	size_t n, places;
};

struct value_set {
	struct texts texts; /* values that are neither addresses nor networks */
	/* Networks as they are written.  Only a value with a slash can be equal to one, and most
	 * fields have no such values, so the table is filled when the first one is looked for. */
	struct span *written;
	size_t n_written, written_room, n_added; /* n_added of them are in the table */
	struct texts networks;
	struct span *numbers; /* texts that are numbers, which other texts may be equal to;
			       * sorted after value_set_finish() */
	size_t n_numbers, numbers_room;
	struct ranges v4, v6;
	/* For the first two bytes of an IPv4 address, the first range that does not end before them.
	 * NULL if there are only a few ranges. */
	uint32_t *prefixes;
	struct arena arena;
};

struct value_set *value_set_new(void)
{
	return calloc(1, sizeof(struct value_set));
}

void value_set_free(struct value_set *s)
{
	if (!s)
		return;
	free(s->texts.at);
	free(s->written);
	free(s->networks.at);
	free(s->numbers);
	free(s->v4.at);
	free(s->v6.at);
	free(s->prefixes);
	arena_free(&s->arena);
	free(s);
}

/* --- Networks that are written in another way ------------------------------------------ */

/* Read a number of at most three digits that is at most `most`.  Returns its end; NULL if there is
 * none. */
static const char *read_small(const char *p, const char *end, unsigned most, unsigned *number)
{
	const char *start = p;

	*number = 0;
	while (p < end && p - start < 3 && decimal_is_digit(*p))
		*number = 10 * *number + (unsigned)(*p++ - '0');
	return p > start && *number <= most ? p : NULL;
}

bool value_set_means_network(struct span text, char network[VALUE_SET_NETWORK])
{
	const char *p = text.at, *end = span_end(text), *next;
	unsigned octets[4] = {0}, n = 0, bits;

	while (n < 4 && (next = read_small(p, end, 255, &octets[n]))) {
		n++;
		p = next;
		if (p == end || *p != '.')
			break;
		p++;
	}
	if (!n || n == 4 || (p == end && n == 1 && p[-1] != '.'))
		return false;
	bits = 8 * n;
	if (p < end && *p == '/') {
		p = read_small(p + 1, end, 32, &bits);
	} else {
		while (p < end && (*p == '*' || *p == '.'))
			p++;
	}
	if (p != end)
		return false;
	snprintf(network, VALUE_SET_NETWORK, "in %u.%u.%u.%u/%u", octets[0], octets[1], octets[2],
		octets[3], bits);
	return true;
}

/* --- Texts ------------------------------------------------------------------------- */

/* Find a text, or the empty place where it would be. */
static struct span *find_text(const struct texts *t, struct span text)
{
	size_t i = (size_t)XXH3_64bits(text.len ? text.at : "", text.len) & (t->places - 1);

	while (t->at[i].at && !span_equal(t->at[i], text))
		i = (i + 1) & (t->places - 1);
	return &t->at[i];
}

static bool has_text(const struct texts *t, struct span text)
{
	return t->n && find_text(t, text)->at;
}

static bool grow_texts(struct texts *t)
{
	struct texts larger = {.n = t->n, .places = t->places ? 4 * t->places : 64};

	if (2 * t->n < t->places)
		return true;
	larger.at = calloc(larger.places, sizeof *larger.at);
	if (!larger.at)
		return false;
	for (size_t i = 0; i < t->places; i++)
		if (t->at[i].at)
			*find_text(&larger, t->at[i]) = t->at[i];
	free(t->at);
	*t = larger;
	return true;
}

static bool add_text(struct texts *t, struct span text)
{
	if (!grow_texts(t))
		return false;
	struct span *place = find_text(t, text);
	t->n += !place->at;
	*place = text;
	return true;
}

/* Copy a text.  Its .at becomes NULL if out of memory. */
static struct span copy_text(struct arena *arena, struct span text)
{
	char *copy = arena_take(arena, text.len + 1);

	if (copy && text.len)
		memcpy(copy, text.at, text.len);
	return span_of(copy, text.len);
}

/* Add a value that is neither an address nor a network. */
static bool add_value(struct value_set *s, struct span text)
{
	text = copy_text(&s->arena, text);
	if (!text.at || !add_text(&s->texts, text))
		return false;
	if (!decimal_is(text))
		return true;
	if (!ARRAY_GROW(s->numbers, s->n_numbers, &s->numbers_room))
		return false;
	s->numbers[s->n_numbers++] = text;
	return true;
}

/* Remember a network as it is written. */
static bool add_written(struct value_set *s, struct span text)
{
	if (!span_first(text, '/'))
		return true; /* the address is enough */
	if (!ARRAY_GROW(s->written, s->n_written, &s->written_room))
		return false;
	text = copy_text(&s->arena, text);
	s->written[s->n_written++] = text;
	return text.at != NULL;
}

/* True if the text is a network of the set, written in the same way.  If there is no memory for the
 * table, the search only takes longer. */
static bool is_written(struct value_set *s, struct span text)
{
	while (s->n_added < s->n_written && add_text(&s->networks, s->written[s->n_added]))
		s->n_added++;
	if (has_text(&s->networks, text))
		return true;
	for (size_t i = s->n_added; i < s->n_written; i++)
		if (span_equal(s->written[i], text))
			return true;
	return false;
}

static int compare_numbers(const void *a, const void *b)
{
	return decimal_compare(*(const struct span *)a, *(const struct span *)b);
}

/* True if the text is a number that is equal to a number of the set. */
static bool has_number(const struct value_set *s, struct span text)
{
	return s->n_numbers && decimal_is(text) &&
	       bsearch(&text, s->numbers, s->n_numbers, sizeof text, compare_numbers);
}

/* --- Networks ---------------------------------------------------------------------- */

/* Read "ADDRESS/BITS" or "ADDRESS".  *bits becomes the number of bits.  False if the text is
 * neither. */
static bool read_network(struct span text, struct address *a, unsigned *bits)
{
	const char *slash = span_last(text, '/');

	if (!address_read(slash ? span_between(text.at, slash) : text, a))
		return false;
	*bits = a->bits;
	if (!slash)
		return true;
	struct span number = span_between(slash + 1, span_end(text));
	if (!decimal_is_plain(number) || number.len > 3)
		return false;
	*bits = 0;
	for (size_t i = 0; i < number.len; i++)
		*bits = 10 * *bits + (unsigned)(number.at[i] - '0');
	return true;
}

bool value_set_is_network(struct span text)
{
	struct address a;
	unsigned bits;

	return span_first(text, '/') && read_network(text, &a, &bits);
}

/* Write an address as 16 bytes, all bits after the first `bits` set to `rest`. */
static void fill(const struct address *a, unsigned bits, unsigned char rest, unsigned char out[16])
{
	unsigned len = a->bits / 8;

	memset(out, 0, 16);
	for (unsigned i = 0; i < len; i++) {
		unsigned kept = bits > 8 * i ? bits - 8 * i : 0;
		unsigned char mask = (unsigned char)(kept >= 8 ? 0xff : 0xff00 >> kept);
		out[16 - len + i] = (unsigned char)((a->bytes[i] & mask) | (rest & ~mask));
	}
}

static bool add_network(struct ranges *to, const struct address *a, unsigned bits)
{
	if (!ARRAY_GROW(to->at, to->n, &to->room))
		return false;
	struct range *r = &to->at[to->n++];
	fill(a, bits, 0, r->first);
	fill(a, bits, 0xff, r->last);
	return true;
}

static int compare_ranges(const void *a, const void *b)
{
	return memcmp(((const struct range *)a)->first, ((const struct range *)b)->first, 16);
}

/* Return the last four of 16 bytes as a number. */
static uint64_t v4_number(const unsigned char bytes[16])
{
	return (uint64_t)bytes[12] << 24 | (uint64_t)bytes[13] << 16 | (uint64_t)bytes[14] << 8 |
	       bytes[15];
}

/* Sort keys by the byte at `shift`, from one array to another, and keep the order of equal ones. */
static void sort_by_byte(const uint64_t *from, uint64_t *to, size_t n, unsigned shift)
{
	size_t places[256] = {0}, place = 0;

	for (size_t i = 0; i < n; i++)
		places[from[i] >> shift & 0xff]++;
	for (unsigned b = 0; b < 256; b++) {
		size_t here = places[b];
		places[b] = place;
		place += here;
	}
	for (size_t i = 0; i < n; i++)
		to[places[from[i] >> shift & 0xff]++] = from[i];
}

/* Sort the ranges of IPv4 addresses: a range is the 64-bit number of its first address and its last
 * one.  (Radix sort; Knuth, TAOCP vol. 3, 5.2.5.)  False if out of memory. */
static bool sort_v4(struct ranges *r)
{
	uint64_t *keys = calloc(2 * r->n + 1, sizeof *keys);

	if (!keys)
		return false;
	for (size_t i = 0; i < r->n; i++)
		keys[i] = v4_number(r->at[i].first) << 32 | v4_number(r->at[i].last);
	for (unsigned shift = 0; shift < 64; shift += 16) {
		sort_by_byte(keys, keys + r->n, r->n, shift);
		sort_by_byte(keys + r->n, keys, r->n, shift + 8);
	}
	for (size_t i = 0; i < r->n; i++)
		for (unsigned k = 0; k < 4; k++) {
			r->at[i].first[12 + k] = (unsigned char)(keys[i] >> (56 - 8 * k));
			r->at[i].last[12 + k] = (unsigned char)(keys[i] >> (24 - 8 * k));
		}
	free(keys);
	return true;
}

/* Sort the ranges, and join those that overlap. */
static void join(struct ranges *r, bool is_v4)
{
	size_t n = 0;

	if (r->n && !(is_v4 && sort_v4(r)))
		qsort(r->at, r->n, sizeof *r->at, compare_ranges);
	for (size_t i = 0; i < r->n; i++) {
		if (!n || memcmp(r->at[n - 1].last, r->at[i].first, 16) < 0)
			r->at[n++] = r->at[i];
		else if (memcmp(r->at[n - 1].last, r->at[i].last, 16) < 0)
			memcpy(r->at[n - 1].last, r->at[i].last, 16);
	}
	r->n = n;
}

static unsigned prefix_of(const unsigned char bytes[16])
{
	return (unsigned)bytes[12] << 8 | bytes[13];
}

/* Without memory for the index, a search only takes longer. */
static void index_prefixes(struct value_set *s)
{
	enum { FEW = 16 };
	size_t i = 0;

	if (s->v4.n <= FEW || s->v4.n > UINT32_MAX)
		return;
	s->prefixes = calloc(PREFIXES + 1, sizeof *s->prefixes);
	for (unsigned p = 0; s->prefixes && p <= PREFIXES; p++) {
		while (i < s->v4.n && prefix_of(s->v4.at[i].last) < p)
			i++;
		s->prefixes[p] = (uint32_t)i;
	}
}

/* True if one of the ranges [from, to) contains the address. */
static bool contains(const struct ranges *r, size_t from, size_t to, const unsigned char bytes[16])
{
	while (from < to) { /* find the first range that does not end before the address */
		size_t middle = from + (to - from) / 2;
		if (memcmp(r->at[middle].last, bytes, 16) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from < r->n && memcmp(r->at[from].first, bytes, 16) <= 0 &&
	       memcmp(bytes, r->at[from].last, 16) <= 0;
}

static bool has_address(const struct value_set *s, struct span text)
{
	unsigned char bytes[16];
	struct address a;

	if ((!s->v4.n && !s->v6.n) || !address_read(text, &a))
		return false;
	fill(&a, a.bits, 0, bytes);
	if (a.bits != 32)
		return contains(&s->v6, 0, s->v6.n, bytes);
	if (!s->prefixes)
		return contains(&s->v4, 0, s->v4.n, bytes);
	unsigned p = prefix_of(bytes);
	return contains(&s->v4, s->prefixes[p], s->prefixes[p + 1], bytes);
}

/* --- All ---------------------------------------------------------------------------- */

bool value_set_add(struct value_set *s, struct span text, struct complaint *c)
{
	struct address a;
	unsigned bits;
	bool is_network = read_network(text, &a, &bits);

	if (is_network && bits > a.bits)
		return complain(c, "'%.*s': an IPv%d address has %u bits", (int)text.len, text.at,
			a.bits == 32 ? 4 : 6, a.bits);
	if (!is_network)
		return add_value(s, text) || complain(c, "out of memory");
	return (add_network(a.bits == 32 ? &s->v4 : &s->v6, &a, bits) && add_written(s, text)) ||
	       complain(c, "out of memory");
}

void value_set_finish(struct value_set *s)
{
	if (s->n_numbers)
		qsort(s->numbers, s->n_numbers, sizeof *s->numbers, compare_numbers);
	join(&s->v4, true);
	join(&s->v6, false);
	index_prefixes(s);
}

bool value_set_has(struct value_set *s, struct span text)
{
	if (has_text(&s->texts, text) || has_address(s, text) || has_number(s, text))
		return true;
	return s->n_written && span_first(text, '/') && is_written(s, text);
}
