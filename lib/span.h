/* span.h -- a sequence of bytes, given by its address and its length.  No NUL follows it.
 *
 * A span owns no memory.  It points into a mapped log, a buffer or a table, and is valid only as
 * long as the memory to which it points.
 */
#ifndef LIB_SPAN_H
#define LIB_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "lib/word.h"

struct span {
	const char *at;
	size_t len;
};

static inline struct span span_of(const char *at, size_t len)
{
	return (struct span){at, len};
}

/* Return the bytes in [from, to). */
static inline struct span span_between(const char *from, const char *to)
{
	return (struct span){from, (size_t)(to - from)};
}

/* Return the address after the last byte of a span; NULL if .at is NULL. */
static inline const char *span_end(struct span s)
{
	/* NULL + 0 is undefined behaviour; avoiding it costs nothing. */
	return s.len ? s.at + s.len : s.at;
}

/* Return the span without its first n bytes. */
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

static inline bool span_begins_with(struct span s, const char *text)
{
	size_t len = strlen(text);

	return s.at && s.len >= len && memcmp(s.at, text, len) == 0;
}

/* Compare as unsigned bytes: < 0, 0 or > 0.  A prefix of a span comes before that span.  Usually
 * the first eight bytes decide, without a call of memcmp(). */
static inline int span_compare(struct span a, struct span b)
{
	if (a.len >= 8 && b.len >= 8 && word_load_be(a.at) != word_load_be(b.at))
		return word_load_be(a.at) < word_load_be(b.at) ? -1 : 1;

	size_t n = a.len < b.len ? a.len : b.len;
	int order = n ? memcmp(a.at, b.at, n) : 0;

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

/* Return the address of the first byte that is c; NULL if there is none. */
static inline const char *span_first(struct span s, char c)
{
	return s.len ? memchr(s.at, c, s.len) : NULL;
}

/* Return the address of the last byte that is c; NULL if there is none. */
static inline const char *span_last(struct span s, char c)
{
	return s.len ? memrchr(s.at, c, s.len) : NULL;
}

/* True if c is one of the bytes of the string `set`. */
static inline bool span_is_one_of(char c, const char *set)
{
	/* This is faster than strchr(), because the compiler unrolls the loop for a constant set.
	 */
	for (; *set; set++)
		if (c == *set)
			return true;
	return false;
}

/* Remove bytes that are in `set` from the start of a span. */
static inline struct span span_trim_start(struct span s, const char *set)
{
	while (s.len && span_is_one_of(s.at[0], set))
		s = span_from(s, 1);
	return s;
}

/* Remove bytes that are in `set` from the end of a span. */
static inline struct span span_trim_end(struct span s, const char *set)
{
	while (s.len && span_is_one_of(s.at[s.len - 1], set))
		s.len--;
	return s;
}

/* Remove bytes that are in `set` from both ends of a string.  Returns the new start of the string.
 */
static inline char *span_trim_string(char *text, const char *set)
{
	struct span s = span_trim_end(span_trim_start(span_text(text), set), set);
	char *start = text + (s.at - text);

	start[s.len] = '\0';
	return start;
}

#endif
