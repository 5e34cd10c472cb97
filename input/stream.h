/* stream.h -- reads an input from its start to its end, in pieces of whole lines, and decodes what
 * is compressed.
 */
#ifndef INPUT_STREAM_H
#define INPUT_STREAM_H

#include "input/input.h"

/* Why a stream ended. */
enum stream_end {
	STREAM_END,       /* it is read to its end, or not yet */
	STREAM_ERROR,     /* errno in error */
	STREAM_CORRUPT,   /* what is compressed can't be decoded from here on */
	STREAM_CUT_OFF,   /* nor can what is missing at its end */
	STREAM_LONG_LINE, /* of more bytes than it may have */
	STREAM_SNAPSHOT,  /* it is no log */
	STREAM_NO_LIBRARY /* that this build would need */
};

struct stream {
	int fd;
	bool own;              /* the descriptor */
	char *buffer;          /* own_buffer, or the caller's */
	size_t room, from, to; /* [from, to) is read and not yet given out */
	char *own_buffer;
	size_t own_room;
	uint64_t longest; /* bytes that a line may have, and little more is kept; yours to set */
	uint64_t read;    /* bytes read so far, decoded */
	uint64_t taken;   /* the same, as packed as they are */
	enum stream_end end;
	int error;
	bool at_end; /* of what is read: a terminal would go on behind it */

	const struct codec *compression; /* NULL: none */
	struct decoder *decoder;
	char *raw_buffer;       /* of what is compressed */
	struct span raw;        /* compressed bytes to be decoded */
	bool raw_ended, looked; /* no more of them will come; at what they begin with */

	const struct input *parts_of; /* NULL: it is read as a whole */
	size_t part, part_end;        /* the one that is read; the first that is another's */
	uint64_t part_at, part_made;  /* bytes of it that have been read, and decoded */
	bool skips;                   /* the rest of a line that began in another's part */
	size_t behind;                /* what is behind that in the buffer is of another's part */
	bool over, done;              /* behind is known; so is the end of the last line */
};

void stream_open(struct stream *, const struct input *);

/* The lines of the parts in [from, to) of such an input.  Who has these parts can't know whether
 * a line begins with the first, so all up to the first '\n' in them belongs to those before; but
 * the input's first line does not. */
void stream_open_parts(struct stream *, const struct input *, size_t from, size_t to);

/* The next whole lines; the stream's last may lack its '\n'.  They are valid until
 * the next call.  False at the end and on error: see error.  What was read before an
 * error is given out first. */
bool stream_next(struct stream *, struct span *lines);

/* Go on in a buffer of the caller's, or with NULL in the stream's own again: what is read and not
 * yet given out is copied there.  The lines that were given out before stay where they are, and
 * valid, if it was another.  False if it would be half full already, or memory is out (see
 * error): nothing has changed. */
bool stream_move(struct stream *, char *buffer, size_t room);

/* The first of what stream_next will give, before it was called: the first INPUT_HEAD
 * bytes, or all if there are fewer. */
struct span stream_head(struct stream *);

/* Say on stderr why a stream ended, and what follows: for an error in its bytes, so.  False, and
 * nothing is said, if it was read to its end. */
bool stream_tell(
	const char *name, enum stream_end, int error, const struct codec *, const char *so);

/* Frees the buffer; an input's own descriptor stays open. */
void stream_close(struct stream *);

#endif
