/* html.h -- text from anywhere, written into an HTML page.
 *
 * What is markup is escaped, so that the text stays text between tags as well as in a quoted
 * attribute.  Bytes that are not UTF-8 become U+FFFD.  Characters that utf8_is_unsafe, which
 * would be dropped, be invisible or turn the text around, are spelled: \x1b, \u202e, \u{e0001}.
 */
#ifndef LIB_HTML_H
#define LIB_HTML_H

#include <stdio.h>

#include "lib/span.h"

struct html {
	FILE *out;
	bool ascii; /* write all other characters as references: &#xe9; */
};

/* Between tags: what is spelled is in an element <i>, so that it is told from a text that
 * has a backslash itself. */
void html_put_text(const struct html *, struct span text);

/* Between the quotes of an attribute, or in an element that can't hold others. */
void html_put_value(const struct html *, struct span text);

#endif
