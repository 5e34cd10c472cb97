/* foreign.h -- recognises files that are no logs, or that wf cannot read, by their first bytes.
 *
 * A log may hold any bytes, but no log begins as an archive or a program does.  Nor does a log
 * begin with bytes that are nearly the magic of a codec: such a file is compressed and damaged, and
 * counting its bytes as lines would give a wrong result.
 */
#ifndef CODEC_FOREIGN_H
#define CODEC_FOREIGN_H

#include "lib/span.h"

/* How many of a file's first bytes foreign_detect() needs. */
enum { FOREIGN_HEAD = 512 };

/* Return what the file is, for a message: "is a zip archive, not a log (...)".  `head` is the first
 * FOREIGN_HEAD bytes of the file or more, or all bytes if there are fewer.  NULL if the file may be
 * a log, or if codec_detect() knows it. */
const char *foreign_detect(struct span head);

#endif
