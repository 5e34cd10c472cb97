/* stream.h -- reads an input from its start to its end, in pieces of whole lines, and decodes it if
 * it is compressed.
 *
 *	stream_open(&s, input), or stream_open_parts(&s, input, first, end)
 *	stream_head(&s), if the format must be known first
 *	while (stream_next(&s, &lines)) ...	stream_move() may be called in between
 *	s.end says why there are no more lines
 *	stream_close(&s)
 */
#ifndef INPUT_STREAM_H
#define INPUT_STREAM_H

#include "input/input.h"

/* Why a stream ended. */
enum stream_end {
	STREAM_END,       /* the stream was read to its end, or has not ended yet */
	STREAM_ERROR,     /* stream.error has the errno */
	STREAM_CORRUPT,   /* the next compressed bytes can't be decoded */
	STREAM_CUT_OFF,   /* compressed bytes are missing at the end */
	STREAM_LONG_LINE, /* a line is longer than stream.longest */
	STREAM_SNAPSHOT,  /* the stream is a snapshot of wf, not a log */
	STREAM_FOREIGN,   /* the stream is no log; stream.foreign says what it is */
	STREAM_TOO_LARGE, /* decoding the stream needs more memory than allowed */
	STREAM_NO_LIBRARY /* this build lacks the library that decodes the stream */
};

/* The facts for a message about the end of a stream. */
struct stream_ending {
	enum stream_end why;
	int error;
	const struct codec *codec; /* NULL if the stream is not compressed */
	const char *foreign;       /* see codec/foreign.h */
	uint64_t need, enough;     /* for STREAM_TOO_LARGE: how many bytes the decoder needs, and
				    * the value of --memory with which it could use them */
};

/* The state of reading an input.  The bytes in [.from, .to) of the buffer were read, but not yet
 * returned by stream_next(). */
struct stream {
	int fd;
	const struct input *opened; /* the input that must release .fd; NULL if there is none */
	char *buffer; /* either .own_buffer or the caller's buffer; see stream_move() */
	size_t room, from, to;
	char *own_buffer;
	size_t own_room;
	uint64_t longest;  /* the most bytes that a line may have; the caller may change it */
	uint64_t mark_len; /* the length of the byte-order mark, which is skipped */
	uint64_t hole;     /* how many NULs at the start were skipped; see input.hole */
	uint64_t read;     /* bytes read so far, counted after decoding */
	uint64_t taken;    /* bytes read so far, counted before decoding */
	enum stream_end end;
	int error;
	const char *foreign; /* see codec/foreign.h */
	bool at_end;         /* read() has returned 0, and is not called again, because it could
			      * return more bytes from a terminal */

	const struct codec *codec; /* NULL if the stream is not compressed */
	struct decoder *decoder;
	char *raw_buffer;             /* compressed bytes */
	struct span raw;              /* the compressed bytes that are not decoded yet */
	bool raw_ended;               /* no more compressed bytes follow (in the current part) */
	bool examined;                /* the first bytes were examined, so .codec is known */
	bool begun;                   /* the first decoded bytes were examined, too */
	struct decoder_spec decoding; /* the caller may set .quota and .user */

	/* If only some parts of a compressed file are read: */
	const struct input *parts_of; /* the file; NULL if the whole input is read */
	size_t part, part_end;        /* the current part, and the first part of the next reader */
	uint64_t part_at;             /* how many bytes of the current part were read */
	bool skips;      /* the next bytes belong to a line that began before our first part */
	bool past_end;   /* our last part is decoded, and .ours_end is set */
	size_t ours_end; /* where our bytes end in the buffer, and those of the next reader begin */
	bool done;       /* our last line is complete */
};

/* Begin to read an input.  Its file is opened if the input has no descriptor.  If opening fails,
 * stream_next() returns false. */
void stream_open(struct stream *, const struct input *);

/* Begin to read only the parts in [first, end) of an input.  A part may begin in the middle of a
 * line.  Therefore the bytes up to its first '\n' belong to the reader of the part before it,
 * except in the input's first part. */
void stream_open_parts(struct stream *, const struct input *, size_t first, size_t end);

/* Get the next whole lines.  The last line of the stream may lack its '\n'.  The lines are valid
 * until the next call.  False at the end and on error (see .end); lines that were read before an
 * error are returned first. */
bool stream_next(struct stream *, struct span *lines);

/* From now on, read into the caller's buffer, or into the stream's own buffer if `buffer` is NULL.
 * The bytes that were not returned yet are copied to that buffer.  The lines that were returned
 * last stay valid in the old buffer, unless the old buffer is also the new one.  False, with
 * nothing changed, if the copied bytes would fill more than half of the caller's buffer.  False,
 * with an error in .end, if out of memory. */
bool stream_move(struct stream *, char *buffer, size_t room);

/* Return the first bytes that stream_next() will return: INPUT_HEAD bytes, or all if there are
 * fewer.  Call this before stream_next(). */
struct span stream_head(struct stream *);

struct stream_ending stream_ending(const struct stream *);

/* Warn why a stream ended.  `consequence` is appended to the warning if bytes could not be read or
 * decoded.  False, without a warning, if the stream was read to its end. */
bool stream_warn(const struct warner *, const char *name, const struct stream_ending *,
	const char *consequence);

/* Free the buffers, and close the file if stream_open() has opened it. */
void stream_close(struct stream *);

#endif
