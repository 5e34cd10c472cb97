/* guess.h -- guesses the format of a log from its first lines.
 *
 * Only the first GUESS_LINES lines that fit any of the candidate formats count.  The first
 * candidate that fits more than half of these lines wins.  If there is no such candidate, the
 * candidate that fits the most of these lines wins.  If no line fits any candidate, the first
 * candidate that has found a heading of its own wins.  Lines of a detailed format fit less detailed
 * formats, too, so the candidates must be ordered by detail, the most detailed first.
 */
#ifndef FORMATS_GUESS_H
#define FORMATS_GUESS_H

#include "formats/logformat.h"

enum { GUESS_LINES = 100, GUESS_FORMATS = 16 };

/* Guess the format of some whole lines.  There are `n` candidates, at most GUESS_FORMATS.  Before
 * guessing, all candidates forget their last heading.  *found becomes the format.  If all lines are
 * blank, *found becomes the first candidate.  If no line fits any candidate, *found is NULL, and
 * the complaint is about the first line that is not blank.  False, with a complaint, if out of
 * memory. */
bool guess_format(struct logformat *const *formats, size_t n, struct span lines,
	struct logformat **found, struct complaint *);

/* True if the line is a heading of the format.  A heading says which fields the lines after it
 * have. */
bool guess_is_heading(const struct logformat *, struct span line);

#endif
