/* progress_line.h -- the progress of a run, and the progress line, a text that shows it.
 */
#ifndef PROGRESS_PROGRESS_LINE_H
#define PROGRESS_PROGRESS_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
	bool ranking;         /* counting is over, and ranking has begun */
	uint64_t done, total; /* while counting: bytes of the input files, before decompression;
			       * while ranking: steps.  .total is 0 if the total is not known */
	uint64_t bytes;       /* bytes counted, after decompression */
	uint64_t lines;       /* lines counted; 0 if lines are not counted */
	uint64_t spilled;     /* bytes of spilled tables in $TMPDIR */
	uint64_t workers;
	/* Recent averages, per second: */
	double done_rate, bytes_rate, lines_rate;
};

enum { PROGRESS_LINE_SIZE = 160 };

/* Write the progress line, with at most `columns` characters, or any number if `columns` is 0.  If
 * not all of its parts fit, the least important ones are left out; numbers are not cut off.
 * Returns out. */
const char *progress_line_text(
	const struct progress *, size_t columns, char out[PROGRESS_LINE_SIZE]);

/* Replace the terminal's current line by the progress line.  If another program is using the
 * terminal, do nothing and return false. */
bool progress_line_paint(const struct progress *, int fd);

#endif
