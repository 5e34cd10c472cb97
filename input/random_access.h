/* random_access.h -- reads pieces of regular files, in any order.
 *
 *	struct random_access r = {0};
 *	random_access_begin(&r, input, start, end), then
 *	random_access_next(&r, &lines, &at) until there are no more lines; as often as needed, for
 *	any input
 *	random_access_close(&r);
 */
#ifndef INPUT_RANDOM_ACCESS_H
#define INPUT_RANDOM_ACCESS_H

#include "input/input.h"

struct random_access {
	const struct input *input; /* the input that is open; NULL if none is */
	int fd;
	char *buffer;
	size_t room;
	bool cut_short; /* the file has ended earlier than expected: it was truncated */

	/* For random_access_next().  The buffer holds .held bytes of the file; the byte after them
	 * is at offset .next.  The last call has returned the bytes in [.from, .given) of the
	 * buffer.  The bytes before .from do not belong to wanted lines.  Lines that begin at .end
	 * or later are not wanted. */
	size_t held, from, given;
	uint64_t next, end;
	bool in_line; /* the first bytes belong to a line that began before the wanted lines */
};

/* How many bytes are read at a time.  These stay in the second-level cache while they are counted.
 */
enum { RANDOM_ACCESS_PIECE = 256 * 1024 };

/* Read the bytes in [start, end) of an input, or as many of them as the file has.  Offsets count
 * from the input's .start.  The bytes are valid until the next call.  False on error (errno). */
bool random_access_bytes(struct random_access *, const struct input *, uint64_t start, uint64_t end,
	struct span *bytes);

/* Open the input, and let random_access_next() read all lines that begin in [start, end), the last
 * one to its end.  False on error (errno). */
bool random_access_begin(
	struct random_access *, const struct input *, uint64_t start, uint64_t end);

/* Read the next lines: about RANDOM_ACCESS_PIECE bytes, or one line if that is longer.  `lines` is
 * empty if there are no more; *at becomes the offset of the first line.  The lines are valid until
 * the next call.  False on error (errno). */
bool random_access_next(struct random_access *, struct span *lines, uint64_t *at);

/* Close the file, free the buffer, and set the struct to {0}. */
void random_access_close(struct random_access *);

#endif
