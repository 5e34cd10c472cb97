/* utf8.h -- reads text that should be UTF-8 but may be anything.
 *
 * Well-formed characters are those in table 3-7 of The Unicode Standard: no overlong forms, no
 * surrogates, nothing above U+10FFFF.
 */
#ifndef LIB_UTF8_H
#define LIB_UTF8_H

#include <stdint.h>
#include <stdio.h>

#include "lib/span.h"

struct utf8 {
	unsigned len;  /* bytes read: 1 to 4 */
	uint32_t code; /* the character, or UTF8_INVALID */
};

#define UTF8_INVALID UINT32_MAX

/* Read the first character of s, which must not be empty.  If s does not begin with a well-formed
 * character, .len is the length of the longest start of s that is also the start of a well-formed
 * character, or 1 if there is no such start.  If the caller replaces these bytes by one U+FFFD, the
 * text looks as Unicode recommends, and as it looks in browsers and Python. */
struct utf8 utf8_read(struct span s);

/* Return the length of the byte-order mark with which some programs begin a text; 0 if the text does
 * not begin with one. */
static inline size_t utf8_mark(struct span text)
{
	static const char mark[] = "\xef\xbb\xbf";

	return span_begins_with(text, mark) ? sizeof mark - 1 : 0;
}

/* Write a character, at most U+10FFFF, to `out`, which has room for 4 bytes.  Returns the end of what
 * was written. */
char *utf8_put(char *out, uint32_t code);

/* True for a character that must not reach a terminal from untrusted text: a control character, or
 * one that reorders text or is invisible. */
bool utf8_is_unsafe(uint32_t code);

/* Write untrusted text to a terminal.  Unsafe characters and ill-formed bytes are spelled out as
 * \x1b, and a tab as \t.  If `utf8` is false, all characters beyond ASCII are spelled out, too. */
void utf8_put_safely(FILE *, struct span text, bool utf8);

#endif
