/* seekable.h -- reads pieces of regular files, anywhere in them.
 *
 *	struct seekable s = {0};
 *	seekable_lines(&s, input, start, end, &lines, &at), as often as needed, of any input
 *	seekable_close(&s);
 */
#ifndef INPUT_SEEKABLE_H
#define INPUT_SEEKABLE_H

#include "input/input.h"

struct seekable {
	const struct input *input; /* the one that is open; NULL: none */
	int fd;
	char *buffer;
	size_t room;
	bool cut_short; /* the last piece had fewer bytes than expected: the file was truncated */
};

/* Read the bytes in [start, end) of an input, or as many as there are; valid until the next call.
 * False on error (errno). */
bool seekable_bytes(
	struct seekable *, const struct input *, uint64_t start, uint64_t end, struct span *bytes);

/* Read the whole lines that begin in [start, end); *at is the offset of the first one.  False on
 * error (errno). */
bool seekable_lines(struct seekable *, const struct input *, uint64_t start, uint64_t end,
	struct span *lines, uint64_t *at);

/* All is {0} again. */
void seekable_close(struct seekable *);

#endif
