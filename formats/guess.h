/* guess.h -- which of several log formats a log is in, guessed from its first lines.
 *
 * Of the first GUESS_LINES lines that fit any of the formats, the first format wins that fits more
 * than half; if no format does, the one that fits the most lines.  So the formats must be given in
 * the order of their detail: lines of a detailed format fit less detailed ones too.
 */
#ifndef FORMATS_GUESS_H
#define FORMATS_GUESS_H

#include "formats/logformat.h"

enum { GUESS_LINES = 100, GUESS_FORMATS = 16 };

/* Guess the format of some whole lines, among n formats, at most GUESS_FORMATS; each of them
 * forgets the heading it was cut by.  *found is the format; the first one if there are only blank
 * lines; NULL, with a complaint about the first line that fits none, if no line fits any.  False,
 * with a complaint, where memory is out. */
bool guess_format(struct logformat *const *formats, size_t n, struct span lines,
	struct logformat **found, struct complaint *);

/* True if that line is a heading of the format: it says how the lines after it are cut. */
bool guess_is_heading(const struct logformat *, struct span line);

#endif
