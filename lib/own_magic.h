/* own_magic.h -- the first bytes of the files that wf itself writes.  They tell wf that such a file
 * is not a log.
 */
#ifndef LIB_OWN_MAGIC_H
#define LIB_OWN_MAGIC_H

#include <string.h>

#include "lib/span.h"

#define SNAPSHOT_MAGIC "\x89wfs\r\n\x1a\n" /* see save/snapshot.h */
#define PROGRESS_MAGIC "wf-progress 1"     /* see progress/progress_file.h */

/* True if a file begins with the magic.  `head` is the file's first bytes. */
static inline bool magic_is(struct span head, const char *magic)
{
	size_t len = strlen(magic);

	return head.at && head.len >= len && memcmp(head.at, magic, len) == 0;
}

#endif
