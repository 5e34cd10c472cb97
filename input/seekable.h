/* seekable.h -- reads pieces of regular files, anywhere in them.
 */
#ifndef INPUT_SEEKABLE_H
#define INPUT_SEEKABLE_H

#include "input/input.h"

struct seekable {
	const struct input *of; /* that is open: NULL at first */
	int fd;
	char *buffer;
	size_t room;
	bool cut_short; /* the last piece was: the file has become smaller */
};

/* The bytes in [from, to), or as many as there are; valid until the next call.  False on
 * error (errno). */
bool seekable_bytes(
	struct seekable *, const struct input *, uint64_t from, uint64_t to, struct span *bytes);

/* The whole lines that start in [from, to), *at being where the first one does. */
bool seekable_lines(struct seekable *, const struct input *, uint64_t from, uint64_t to,
	struct span *lines, uint64_t *at);

void seekable_close(struct seekable *);

#endif
