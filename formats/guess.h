/* guess.h -- guesses from the first lines of a log in which of several log formats it is.
 *
 * Only the first GUESS_LINES lines that fit any of the formats count.  The first format that fits
 * more than half of them wins; if there is none, the format that fits the most of them.  The
 * formats must be given in the order of their detail, because lines of a detailed format fit less
 * detailed formats, too.
 */
#ifndef FORMATS_GUESS_H
#define FORMATS_GUESS_H

#include "formats/logformat.h"

enum { GUESS_LINES = 100, GUESS_FORMATS = 16 };

/* Guess the format of some whole lines, among `n` formats, at most GUESS_FORMATS.  Each of these
 * formats forgets its last heading.  *found becomes the format; the first format if all lines are
 * blank; or NULL, with a complaint about the first line that fits none, if no line fits any format.
 * False, with a complaint, if out of memory. */
bool guess_format(struct logformat *const *formats, size_t n, struct span lines,
	struct logformat **found, struct complaint *);

/* True if the line is a heading of the format: one that says how the lines after it are cut. */
bool guess_is_heading(const struct logformat *, struct span line);

#endif
