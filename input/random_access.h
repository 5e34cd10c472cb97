/* random_access.h -- reads pieces of regular files, in any order.
 *
 *	struct random_access s = {0};
 *	random_access_lines(&s, input, start, end, &lines, &at), as often as needed, for any input
 *	random_access_close(&s);
 */
#ifndef INPUT_RANDOM_ACCESS_H
#define INPUT_RANDOM_ACCESS_H

#include "input/input.h"

struct random_access {
	const struct input *input; /* the input that is open; NULL if none is */
	int fd;
	char *buffer;
	size_t room;
	bool cut_short; /* the last piece was shorter than expected: the file was truncated */
};

/* Read the bytes in [start, end) of an input, or as many of them as the file has.  Offsets count
 * from the input's .start.  The bytes are valid until the next call.  False on error (errno). */
bool random_access_bytes(struct random_access *, const struct input *, uint64_t start, uint64_t end,
	struct span *bytes);

/* Read all lines that begin in [start, end), the last one to its end.  *at becomes the offset of
 * the first line.  The lines are valid until the next call.  False on error (errno). */
bool random_access_lines(struct random_access *, const struct input *, uint64_t start, uint64_t end,
	struct span *lines, uint64_t *at);

/* Close the file, free the buffer, and set the struct to {0}. */
void random_access_close(struct random_access *);

#endif
