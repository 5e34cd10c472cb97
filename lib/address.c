#include "lib/address.h"

#include <arpa/inet.h>
#include <stdio.h>

#include "lib/ascii.h"
#include "lib/swar.h"

enum { V4_BYTES = 4, V6_BYTES = 16, V4_BITS = 32, V6_BITS = 128 };

/* The shortest and the longest IPv4 address: 1.2.3.4 and 255.255.255.255. */
enum { V4_SHORTEST = 7, V4_LONGEST = 15 };

/* --- Reading ----------------------------------------------------------------------- */

/* Read a number up to 255, without leading zeros.  Returns its end; NULL if there is none. */
static const char *read_octet(const char *p, const char *end, unsigned char *octet)
{
	const char *first = p;
	unsigned n = 0;

	while (p < end && p - first < 3 && *p >= '0' && *p <= '9')
		n = 10 * n + (unsigned)(*p++ - '0');
	*octet = (unsigned char)n;
	return p == first || n > 255 || (*first == '0' && p - first > 1) ? NULL : p;
}

static bool read_v4(struct span s, struct address *a)
{
	const char *p = s.at, *end = span_end(s);

	for (unsigned i = 0; i < V4_BYTES; i++) {
		if (i && (p == end || *p++ != '.'))
			return false;
		p = read_octet(p, end, &a->bytes[i]);
		if (!p)
			return false;
	}
	a->bits = V4_BITS;
	return p == end;
}

/* Load the eight bytes at p, or those that are left before `end`: then zeros follow.  At least one byte
 * must be left, and the eight bytes before `end` must be readable. */
static inline uint64_t load_until(const char *p, const char *end)
{
	if (end - p >= 8)
		return word_load(p);
	return word_load(end - 8) >> 8 * (8 - (end - p));
}

/* Read four bytes, each XOR '0', as hexadecimal digits; byte 0 is the highest digit.  False if they are
 * none.
 *
 * A digit has become its value.  'a' to 'f' have become 0x51 to 0x56, and 'A' to 'F' 0x71 to 0x76, to
 * which 9 must be added to get the value in the lower half. */
static inline bool read_hex(uint32_t x, unsigned char bytes[2])
{
	const uint32_t ones = 0x01010101;
	uint32_t letters = x >> 6 & ones, values = (x & 15 * ones) + 9 * letters;
	uint32_t are_above_9 = (values + 6 * ones) >> 4 & ones;
	uint32_t upper = (x & 0xf0 * ones & ~(letters << 5)) ^ 0x50 * letters;

	uint32_t pairs = values << 4 | values >> 8;
	bytes[0] = (unsigned char)pairs;
	bytes[1] = (unsigned char)(pairs >> 16);
	return !(upper | (are_above_9 ^ letters) | (values & 0x10 * ones));
}

/* Read one to four hexadecimal digits, which must be all that is left, or before a colon.  Returns their
 * end; NULL if there are none. */
static inline const char *read_group(const char *p, const char *end, unsigned char bytes[2])
{
	uint64_t word = load_until(p, end), colons = swar_equal(word, ':');
	size_t left = (size_t)(end - p);
	size_t len = colons ? (size_t)__builtin_ctzll(colons) / 8 : left;

	if (len - 1 > 3)
		return NULL;
	uint64_t digits = (word ^ swar_digits.bytes) << 8 * (8 - len) >> 32;
	return read_hex((uint32_t)digits, bytes) ? p + len : NULL;
}

/* Move the bytes after the first `gap` of n bytes to the end of the address, and fill the gap with
 * zeros.  False if there is no gap. */
static bool open_gap(unsigned char bytes[V6_BYTES], size_t gap, size_t n)
{
	if (n == V6_BYTES)
		return false;
	memmove(bytes + V6_BYTES - (n - gap), bytes + gap, n - gap);
	memset(bytes + gap, 0, V6_BYTES - n);
	return true;
}

/* Read an address of at least eight bytes without dots. */
static bool read_usual_v6(struct span s, struct address *a)
{
	const char *p = s.at, *end = span_end(s);
	size_t n = 0, gap = SIZE_MAX; /* .bytes up to here; up to "::" */

	if (*p == ':' && *++p != ':')
		return false;
	while (p < end) {
		if (*p == ':') { /* the second one of "::" */
			if (gap != SIZE_MAX)
				return false;
			gap = n;
			p++;
			continue;
		}
		p = n < V6_BYTES ? read_group(p, end, a->bytes + n) : NULL;
		if (!p)
			return false;
		n += 2;
		if (p < end && (*p++ != ':' || p == end))
			return false;
	}
	a->bits = V6_BITS;
	return gap == SIZE_MAX ? n == V6_BYTES : open_gap(a->bytes, gap, n);
}

/* Read an address that is short, or that ends in dotted form, such as ::ffff:192.0.2.1. */
static bool read_rare_v6(struct span s, struct address *a)
{
	char text[INET6_ADDRSTRLEN];

	if (!span_first(s, ':') || span_first(s, '\0'))
		return false;
	memcpy(text, s.at, s.len);
	text[s.len] = '\0';
	a->bits = V6_BITS;
	return inet_pton(AF_INET6, text, a->bytes) == 1;
}

bool address_read(struct span s, struct address *a)
{
	if (!address_may_be(s))
		return false;
	if (read_v4(s, a))
		return true;
	bool is_rare = s.len < 8 || span_first(s, '.');
	return is_rare ? read_rare_v6(s, a) : read_usual_v6(s, a);
}

/* --- Writing ----------------------------------------------------------------------- */

/* Write a number below 1000, and meaningless bytes after it, together eight bytes.  Returns the end of
 * the number.  There is no branch on the number of its digits. */
static inline char *put_number(char *out, unsigned n)
{
	unsigned len = 1U + (n >= 10) + (n >= 100);
	uint64_t digits = n / 100 | n / 10 % 10 << 8 | n % 10 << 16;

	word_store(out, (digits | swar_digits.bytes) >> 8 * (3 - len));
	return out + len;
}

static char *put_v4(char *out, const unsigned char bytes[V4_BYTES])
{
	for (unsigned i = 0; i < V4_BYTES; i++) {
		out = put_number(out, bytes[i]);
		*out++ = '.';
	}
	return out - 1;
}

/* Write a number below 65536 in hexadecimal digits, in the same way. */
static inline char *put_group(char *out, unsigned n)
{
	const uint32_t ones = 0x01010101;
	unsigned len = 1U + (n > 0xf) + (n > 0xff) + (n > 0xfff);
	uint32_t values = n >> 12 | (n & 0xf00) | (n & 0xf0) << 12 | (n & 0xf) << 24;
	uint32_t letters = (values + 6 * ones) >> 4 & ones;
	uint32_t digits = values + '0' * ones + ('a' - 10 - '0') * letters;

	word_store(out, digits >> 8 * (4 - len));
	return out + len;
}

/* Some groups of an address. */
struct run {
	unsigned first, len;
};

/* Return the first one of the longest runs of groups that are 0.  A single group is not a run. */
static struct run longest_zeros(const unsigned char bytes[V6_BYTES])
{
	struct run run = {.len = 0};
	unsigned starts = 0; /* the mask of the groups with which runs of .len + 1 begin */

	for (size_t i = 0; i < V6_BYTES / 2; i++)
		starts |= (unsigned)!(bytes[2 * i] | bytes[2 * i + 1]) << i;
	for (unsigned longer; (longer = starts & starts >> 1); starts = longer)
		run = (struct run){(unsigned)__builtin_ctz(longer), run.len + 1};
	run.len += run.len > 0;
	return run;
}

static char *put_v6(char *out, const unsigned char bytes[V6_BYTES])
{
	enum { MAY_BE_DOTTED = 5 };
	struct run zeros = longest_zeros(bytes);

	if (zeros.len >= MAY_BE_DOTTED && !zeros.first) {
		inet_ntop(AF_INET6, bytes, out, NETWORK_TEXT);
		return out + strlen(out);
	}
	for (size_t i = 0; i < V6_BYTES / 2; i++) {
		if (zeros.len && i == zeros.first) {
			*out++ = ':';
			i += zeros.len - 1;
			if (i == V6_BYTES / 2 - 1)
				*out++ = ':';
			continue;
		}
		if (i)
			*out++ = ':';
		out = put_group(out, (unsigned)bytes[2 * i] << 8 | bytes[2 * i + 1]);
	}
	return out;
}

static char *put_length(char *out, unsigned bits)
{
	*out++ = '/';
	return put_number(out, bits);
}

size_t address_network(const struct address *a, unsigned bits, char out[NETWORK_TEXT])
{
	unsigned char network[V6_BYTES] = {0};

	for (unsigned i = 0; i < a->bits / 8; i++) {
		unsigned kept = bits > 8 * i ? bits - 8 * i : 0;
		network[i] = a->bytes[i] & (unsigned char)(kept < 8 ? 0xff00 >> kept : 0xff);
	}
	char *to = a->bits == V4_BITS ? put_v4(out, network) : put_v6(out, network);
	return (size_t)((bits < a->bits ? put_length(to, bits) : to) - out);
}

/* --- From text to text -------------------------------------------------------------- */

#if defined(__SSE2__)
/* Return the mask without its lowest bit. */
static inline uint32_t without_lowest(uint32_t mask)
{
	return mask & (mask - 1);
}

static inline uint32_t bits_of(__m128i bytes)
{
	return (uint32_t)_mm_movemask_epi8(bytes);
}

/* Return the mask of the octets, each given by the place of its first digit, that have more than
 * three digits, or a number above 255.  `digits` is the mask of all digits, and `values` has their
 * values. */
static inline uint32_t large_octets(uint32_t octets, uint32_t digits, __m128i values)
{
	const __m128i two = _mm_set1_epi8(2), five = _mm_set1_epi8(5);
	uint32_t above_2 = bits_of(_mm_cmpgt_epi8(values, two));
	uint32_t is_2 = bits_of(_mm_cmpeq_epi8(values, two));
	uint32_t above_5 = bits_of(_mm_cmpgt_epi8(values, five));
	uint32_t is_5 = bits_of(_mm_cmpeq_epi8(values, five));
	uint32_t have_three = octets & digits >> 1 & digits >> 2;
	uint32_t above_255 = above_2 | (is_2 & (above_5 >> 1 | (is_5 >> 1 & above_5 >> 2)));

	return have_three & (above_255 | digits >> 3);
}

/* Return the mask of the three dots in an IPv4 address of 8 to 15 bytes; 0 if the text is anything
 * else.  All octets are checked at once, without a branch on the number of their digits, which would
 * often be mispredicted. */
static inline uint32_t v4_dots(struct span s)
{
	const __m128i text = swar_load_short(s.at, s.len), nine = _mm_set1_epi8(9);
	__m128i values = _mm_sub_epi8(text, _mm_set1_epi8('0'));
	uint32_t digits = bits_of(_mm_cmpeq_epi8(_mm_min_epu8(values, nine), values));
	uint32_t dots = bits_of(_mm_cmpeq_epi8(text, _mm_set1_epi8('.')));

	if ((digits | dots) != (UINT32_C(1) << s.len) - 1)
		return 0;
	uint32_t octets = dots << 1 | 1, third = without_lowest(without_lowest(dots));
	uint32_t zeros = bits_of(_mm_cmpeq_epi8(values, _mm_setzero_si128()));
	uint32_t wrong = (octets & ~digits) | (octets & zeros & digits >> 1) |
			 large_octets(octets, digits, values);
	return !wrong && third && !without_lowest(third) ? dots : 0;
}

/* Write the network of an IPv4 address of 8 to 15 bytes, given as text with its dots.  The octets that
 * remain are not read but copied. */
static size_t network_of_v4(struct span s, uint32_t dots, unsigned bits, char out[NETWORK_TEXT])
{
	unsigned octet = 0;
	char *to = out;
	unsigned char cut = 0; /* the octet that the network cuts, or that it begins to lack */

	if (bits >= V4_BITS) {
		memcpy(out, s.at, s.len);
		return s.len;
	}
	_mm_storeu_si128((__m128i *)(void *)out, swar_load_short(s.at, s.len));
	for (; octet < bits / 8; octet++, dots = without_lowest(dots))
		to = out + __builtin_ctz(dots) + 1;
	if (bits % 8) {
		read_octet(s.at + (to - out), span_end(s), &cut);
		cut &= (unsigned char)(0xff00 >> bits % 8);
	}
	to = put_number(to, cut);
	for (; octet < V4_BYTES - 1; octet++) {
		*to++ = '.';
		*to++ = '0';
	}
	return (size_t)(put_length(to, bits) - out);
}
#endif

size_t address_network_of(
	struct span s, unsigned v4_bits, unsigned v6_bits, char out[NETWORK_TEXT])
{
	struct address a;

#if defined(__SSE2__)
	uint32_t dots = s.len > V4_SHORTEST && s.len <= V4_LONGEST ? v4_dots(s) : 0;
	if (dots)
		return network_of_v4(s, dots, v4_bits, out);
#endif
	if (!address_read(s, &a))
		return 0;
	return address_network(&a, a.bits == V4_BITS ? v4_bits : v6_bits, out);
}
