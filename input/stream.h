/* stream.h -- reads an input from its start to its end, in pieces of whole lines, and decodes it if
 * it is compressed.
 *
 *	stream_open(&s, input), or stream_open_parts
 *	stream_head(&s), if the format must be known first
 *	while (stream_next(&s, &lines)) ...	perhaps with stream_move between
 *	s.end tells why there are no more
 *	stream_close(&s)
 */
#ifndef INPUT_STREAM_H
#define INPUT_STREAM_H

#include "input/input.h"

/* Why a stream ended. */
enum stream_end {
	STREAM_END,       /* it did not, or was read to its end */
	STREAM_ERROR,     /* stream.error, an errno */
	STREAM_CORRUPT,   /* the next compressed bytes can't be decoded */
	STREAM_CUT_OFF,   /* compressed bytes are missing at the end */
	STREAM_LONG_LINE, /* a line has more bytes than it may have */
	STREAM_SNAPSHOT,  /* it is a snapshot of wf, not a log */
	STREAM_NO_LIBRARY /* this build lacks the library that decodes it */
};

/* [from, to) of the buffer is read and not yet given out. */
struct stream {
	int fd;
	bool owns_fd;
	char *buffer; /* own_buffer, or the caller's */
	size_t room, from, to;
	char *own_buffer;
	size_t own_room;
	uint64_t longest; /* bytes that a line may have; the caller may set it */
	uint64_t read;    /* bytes read so far, decoded */
	uint64_t taken;   /* bytes taken from the descriptor, not decoded */
	enum stream_end end;
	int error;
	bool at_end; /* read() has returned 0: a terminal would go on after it */

	const struct codec *codec; /* NULL: none */
	struct decoder *decoder;
	char *raw_buffer; /* compressed bytes */
	struct span raw;  /* those that are not decoded yet */
	bool raw_ended;   /* no more of them will come */
	bool examined;    /* the first bytes have been: codec is known */

	/* If only some parts of a compressed file are read: */
	const struct input *parts_of; /* the file; NULL: it is read as a whole */
	size_t part, part_end;        /* the current part, and the first one of the next reader */
	uint64_t part_at, part_made;  /* bytes of the part that were read, and decoded */
	bool skips;      /* the next bytes are the rest of a line of the part before ours */
	bool past_end;   /* our last part is decoded: `ours_end` is set */
	size_t ours_end; /* where our bytes end in the buffer; those of the next reader follow */
	bool done;       /* our last line is complete */
};

/* Opens the input's file if it has no descriptor.  An error is kept for stream_next. */
void stream_open(struct stream *, const struct input *);

/* Read only the parts in [first, end) of an input.  A part may begin in the middle of a line, so
 * everything up to its first '\n' belongs to the part before; the input's first part is the
 * exception. */
void stream_open_parts(struct stream *, const struct input *, size_t first, size_t end);

/* The next whole lines; the last one of the stream may lack its '\n'.  They are valid until the
 * next call.  False at the end and on error (see end); what was read before an error is given out
 * first. */
bool stream_next(struct stream *, struct span *lines);

/* Continue in a buffer of the caller's, or, if it is NULL, in the stream's own: the bytes that are
 * not yet given out are copied there.  The lines that were given out last stay valid in the buffer
 * they are in, unless the stream continues in the same one.  False if the new buffer would be more
 * than half full, or out of memory (see .end): nothing has changed. */
bool stream_move(struct stream *, char *buffer, size_t room);

/* The first bytes that stream_next will give out: INPUT_HEAD of them, or all if there are fewer.
 * Call it before stream_next. */
struct span stream_head(struct stream *);

/* Warn why a stream ended.  `consequence` is appended if its bytes could not be read or decoded.
 * False, without a warning, if it was read to its end. */
bool stream_warn(const struct warner *, const char *name, enum stream_end, int error,
	const struct codec *, const char *consequence);

/* Frees the buffers.  A descriptor that the input had stays open. */
void stream_close(struct stream *);

#endif
