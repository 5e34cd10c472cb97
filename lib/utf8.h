/* utf8.h -- read text that should be UTF-8 but may be anything.
 *
 * Well-formed means what The Unicode Standard, table 3-7, lists: no overlong forms, no surrogates,
 * nothing above U+10FFFF.
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

/* Read the first character of s, which must not be empty.  If it is ill-formed, .len is the length
 * of the longest prefix that a well-formed character may have, or 1.  If each such prefix is
 * replaced by a U+FFFD, the text looks as Unicode recommends, and as in browsers and Python. */
struct utf8 utf8_read(struct span s);

/* True for characters of untrusted text that must not reach a terminal: control characters, and
 * those that reorder text or are invisible. */
bool utf8_is_unsafe(uint32_t code);

/* Write untrusted text to a terminal.  Unsafe characters and ill-formed bytes are spelled out, such
 * as \x1b, and a tab as \t.  If `utf8` is false, all characters beyond ASCII are spelled out, too.
 */
void utf8_put_safely(FILE *, struct span text, bool utf8);

#endif
