/* status.h -- where a run stands, and a line that tells it.
 */
#ifndef PROGRESS_STATUS_H
#define PROGRESS_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
	bool ranking;         /* the counting is over */
	uint64_t done, total; /* bytes of the files, as packed as they are; or steps of ranking;
			       * total 0: not known */
	uint64_t bytes;       /* counted, decoded */
	uint64_t lines;       /* likewise, 0 if they are not counted */
	uint64_t spilled;     /* bytes in $TMPDIR */
	uint64_t workers;
	/* By the second, of late: */
	double done_rate, bytes_rate, lines_rate;
};

enum { PROGRESS_TEXT = 160 };

/* The line, of at most so many columns (0: as many as there are): what is less important is left
 * out, so that no number is cut. */
void status_describe(const struct progress *, size_t columns, char out[PROGRESS_TEXT]);

/* Put it into the line that the cursor of a terminal is in.  False if it is not ours to write
 * to now. */
bool status_paint(const struct progress *, int fd);

#endif
