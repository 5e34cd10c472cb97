/* input.h -- opens what the user named, and yields its bytes.
 *
 *	a large regular file	is mapped: all of it can be looked at, anywhere
 *	another one		is read in pieces, anywhere: where mapping is slower, is not
 *				wanted or not possible, or was no good idea, as the file
 *				has become smaller since
 *	anything else		is a stream, which one process reads from its start to its
 *				end, once: pipes, FIFOs, terminals, files in /proc that do
 *				not tell their size
 *
 * What is compressed, as its first bytes tell, is decoded as a stream, too; if it is a
 * regular file, that can be done again.  Some such files have parts that can be decoded each by
 * itself; then several can do so.
 */
#ifndef INPUT_H
#define INPUT_H

#include <setjmp.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/parts.h"
#include "lib/span.h"
#include "lib/words.h"

/* What a snapshot (snapshot.h) begins with: it is no log. */
#define SNAPSHOT_MAGIC "\x89wfs\r\n\x1a\n"

/* Bytes from which a file is known again. */
enum { INPUT_MARK = 512 };

struct input {
	const char *name;     /* for messages; not owned */
	struct span bytes;    /* mapped; .at NULL: not */
	uint64_t start, size; /* of a regular file, what is read: from where, how much */
	int fd;               /* of what is no regular file, else -1 */
	int held;             /* 1 + a descriptor of a regular file, 0: it is opened again */
	const struct compression *compression; /* of a regular file, NULL: none */
	bool snapshot;                         /* a regular file that is one */
	struct parts parts;                    /* of what is compressed; .n 0: it is whole */
	dev_t device;                          /* which file it is, to know it again */
	ino_t inode;
	off_t file_size; /* at opening */
	uint64_t mark;   /* a hash of its first INPUT_MARK bytes */
};

struct inputs {
	struct input *at;
	size_t n;
	size_t unreadable; /* files named on stderr and left out */
};

/* Open all files, "-" being standard input; no file at all is standard input too.  may_map:
 * large ones are mapped.
 * One that can't be opened is warned of and left out; a pipe that is named twice is read
 * once, as there is nothing left in it for the second.  Dies where memory is out. */
struct inputs inputs_open(const struct words *files, bool may_map);

/* True if the descriptor's file is one of them, and no device or pipe. */
bool inputs_have(const struct inputs *, int fd);

void inputs_close(struct inputs *);

/* What became of a regular file since it was opened; errors of looking count as nothing. */
enum input_fate { INPUT_SAME, INPUT_SHRUNK, INPUT_OVERWRITTEN };
enum input_fate input_fate(const struct input *);

/* From now on a load from a mapped input that has become shorter, which is a SIGBUS, jumps
 * to where; NULL: this process says so and leaves with STATUS_ERROR. */
void inputs_guard(sigjmp_buf *where);

/* Which input is read now, for that message. */
void inputs_reading(const struct input *);

/* How much of an input is looked at to find out what it is. */
enum { INPUT_HEAD = 256 * 1024 };

/* Forget an input, which is not to be read.  Those behind it move up. */
void inputs_drop(struct inputs *, size_t i);

/* True if its bytes come one after the other, from the start or from a part on. */
static inline bool input_is_stream(const struct input *in)
{
	return in->fd >= 0 || in->compression;
}

/* Bytes, of what is no stream. */
static inline uint64_t input_size(const struct input *in)
{
	return in->bytes.at ? in->bytes.len : in->size;
}

/* A descriptor of a regular file, at whatever offset; yours to close.  -1 on error (errno); ESTALE
 * if its name leads to another file now. */
int input_open(const struct input *);

/* Reads pieces of regular files. */
struct reader {
	const struct input *of; /* that is open: NULL at first */
	int fd;
	char *buffer;
	size_t room;
	bool cut_short; /* the last piece was: the file has become smaller */
};

/* The bytes in [from, to), or as many as there are; valid until the next call.  False on
 * error (errno). */
bool reader_bytes(
	struct reader *, const struct input *, uint64_t from, uint64_t to, struct span *bytes);

/* The whole lines that start in [from, to), *at being where the first one does. */
bool reader_lines(struct reader *, const struct input *, uint64_t from, uint64_t to,
	struct span *lines, uint64_t *at);

void reader_close(struct reader *);

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

/* Reads a stream in pieces of whole lines. */
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

	const struct compression *compression; /* NULL: none */
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

/* Frees the buffer; an input's own descriptor stays open. */
void stream_close(struct stream *);

#endif
