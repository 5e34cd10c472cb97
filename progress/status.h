/* status.h -- the progress of a run, and a line of text that shows it.
 */
#ifndef PROGRESS_STATUS_H
#define PROGRESS_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
	bool ranking;         /* counting is over */
	uint64_t done, total; /* bytes of the input files, still compressed if they are; or steps of
			       * ranking.  total is 0 if it is not known */
	uint64_t bytes;       /* counted, after decompression */
	uint64_t lines;       /* counted; 0 if lines are not counted */
	uint64_t spilled;     /* bytes in $TMPDIR */
	uint64_t workers;
	/* Recent averages, per second: */
	double done_rate, bytes_rate, lines_rate;
};

enum { STATUS_TEXT = 160 };

/* Write the line, in at most so many columns (0: any number).  The least important parts are left
 * out, and no number is cut off.  Returns out. */
const char *status_describe(const struct progress *, size_t columns, char out[STATUS_TEXT]);

/* Replace the terminal's current line by the progress line.  False, without any effect, while the
 * terminal is another program's. */
bool status_paint(const struct progress *, int fd);

#endif
