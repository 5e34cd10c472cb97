/* span.h -- bytes are a place and a length.  Never assume a NUL at the end.
 *
 * A span owns nothing: it points into a mapped log, a buffer or a table, and is
 * valid as long as that is.
 */
#ifndef LIB_SPAN_H
#define LIB_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct span {
	const char *at;
	size_t len;
};

static inline struct span span_of(const char *at, size_t len)
{
	return (struct span){at, len};
}

/* The bytes in [from, to). */
static inline struct span span_between(const char *from, const char *to)
{
	return (struct span){from, (size_t)(to - from)};
}

/* Behind the last byte; NULL if they are nowhere. */
static inline const char *span_end(struct span s)
{
	/* NULL + 0 is not defined; it costs nothing to leave it out. */
	return s.len ? s.at + s.len : s.at;
}

/* All but the first n bytes. */
static inline struct span span_from(struct span s, size_t n)
{
	return (struct span){n ? s.at + n : s.at, s.len - n};
}

static inline struct span span_text(const char *text)
{
	return (struct span){text, strlen(text)};
}

static inline bool span_equal(struct span a, struct span b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

/* The 8 bytes at a place, as numbers compare like bytes. */
static inline uint64_t span_word(const char *at)
{
	uint64_t word;

	memcpy(&word, at, sizeof word);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	return word;
}

/* Bytewise as unsigned, a prefix before what extends it: < 0, 0 or > 0.  Mostly the first
 * bytes decide, without a call. */
static inline int span_compare(struct span a, struct span b)
{
	if (a.len >= 8 && b.len >= 8 && span_word(a.at) != span_word(b.at))
		return span_word(a.at) < span_word(b.at) ? -1 : 1;

	size_t n = a.len < b.len ? a.len : b.len;
	int order = n ? memcmp(a.at, b.at, n) : 0;

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

/* Where c comes first, NULL if it does not. */
static inline const char *span_first(struct span s, char c)
{
	return s.len ? memchr(s.at, c, s.len) : NULL;
}

/* The last place of c in s, or NULL. */
static inline const char *span_last(struct span s, char c)
{
	return s.len ? memrchr(s.at, c, s.len) : NULL;
}

#endif
