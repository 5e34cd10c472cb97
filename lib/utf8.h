/* utf8.h -- read UTF-8 that may be anything else.
 *
 * Well-formed is what The Unicode Standard, table 3-7, lists: no overlong forms, no
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

/* Read what s, which is not empty, begins with.  Of ill-formed bytes it takes the
 * longest part that some well-formed character begins with, or one byte: so that one
 * U+FFFD each gives what Unicode recommends and browsers and Python do. */
struct utf8 utf8_read(struct span s);

/* True for characters that should not get onto a terminal from elsewhere: controls, and
 * those that turn text around or are not seen at all. */
bool utf8_is_unsafe(uint32_t code);

/* Write text as it may be shown on a terminal, with \x1b for what must not get there;
 * without utf8 only ASCII is shown. */
void utf8_put_safely(FILE *, struct span text, bool utf8);

#endif
