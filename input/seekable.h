/* seekable.h -- reads pieces of regular files, in any order.
 *
 *	struct seekable s = {0};
 *	seekable_lines(&s, input, start, end, &lines, &at), as often as needed, for any input
 *	seekable_close(&s);
 */
#ifndef INPUT_SEEKABLE_H
#define INPUT_SEEKABLE_H

#include "input/input.h"

struct seekable {
	const struct input *input; /* the input that is open; NULL if none is */
	int fd;
	char *buffer;
	size_t room;
	bool cut_short; /* the last piece was shorter than expected: the file was truncated */
};

/* Read the bytes in [start, end) of an input, or as many of them as the file has.  Offsets count
 * from the input's .start.  The bytes are valid until the next call.  False on error (errno). */
bool seekable_bytes(
	struct seekable *, const struct input *, uint64_t start, uint64_t end, struct span *bytes);

/* Read all lines that begin in [start, end), the last one to its end.  *at becomes the offset of
 * the first line.  The lines are valid until the next call.  False on error (errno). */
bool seekable_lines(struct seekable *, const struct input *, uint64_t start, uint64_t end,
	struct span *lines, uint64_t *at);

/* Close the file, free the buffer, and set the struct to {0}. */
void seekable_close(struct seekable *);

#endif
