/* input.h -- opens what the user named, and yields its bytes: mapped whole, or
 * streamed.
 *
 * A regular file with a size is mapped.  Anything else is a stream, which one
 * process reads from its start to its end, once: pipes, FIFOs, terminals, files in
 * /proc that do not tell their size, files that can't be mapped.  What is compressed, as
 * its first bytes tell, is decoded as a stream, too; from a file that is mapped it can
 * be read again.
 */
#ifndef INPUT_H
#define INPUT_H

#include <stdint.h>
#include <sys/types.h>

#include "lib/decompress.h"
#include "lib/span.h"
#include "lib/words.h"

struct input {
	const char *name;  /* for messages; not owned */
	struct span bytes; /* mapped: as much as there was at opening; .at NULL: a stream */
	int fd;            /* of a stream, else -1 */
	const struct compression *compression; /* of what is mapped, NULL: none */
	dev_t device;                          /* which file it is, to know it again */
	ino_t inode;
	off_t size; /* of the file, at opening */
};

struct inputs {
	struct input *at;
	size_t n;
	size_t unreadable; /* files named on stderr and left out */
};

/* Open all files, "-" being standard input; no file at all is standard input too.
 * One that can't be opened is warned of and left out; a pipe that is named twice is read
 * once, as there is nothing left in it for the second.  Dies where memory is out. */
struct inputs inputs_open(const struct words *files);

/* True, after a warning for each, if mapped files have become smaller: what was counted
 * may be less than what they held, or bytes that were cut off. */
bool inputs_shrunk(const struct inputs *);

/* True if the descriptor's file is one of them, and no device or pipe. */
bool inputs_have(const struct inputs *, int fd);

void inputs_close(struct inputs *);

/* From now on this process says so and leaves with STATUS_ERROR when an input turns out to
 * be shorter than it was, which is a SIGBUS: for a process that nobody would replace. */
void inputs_guard(void);

/* Which input is read now, for that message. */
void inputs_reading(const struct input *);

/* How much of an input is looked at to find out what it is. */
enum { INPUT_HEAD = 256 * 1024 };

/* Forget an input, which is not to be read.  Those behind it move up. */
void inputs_drop(struct inputs *, size_t i);

/* True if it is read in pieces, from its start to its end, by one process. */
static inline bool input_is_stream(const struct input *in)
{
	return !in->bytes.at || in->compression;
}

/* Why a stream ended. */
enum stream_end {
	STREAM_END,       /* it is read to its end, or not yet */
	STREAM_ERROR,     /* errno in error */
	STREAM_CORRUPT,   /* what is compressed can't be decoded from here on */
	STREAM_CUT_OFF,   /* nor can what is missing at its end */
	STREAM_NO_LIBRARY /* that this build would need */
};

/* Reads a stream in pieces of whole lines. */
struct stream {
	int fd;
	char *buffer;
	size_t room, from, to; /* [from, to) is read and not yet given out */
	uint64_t read;         /* bytes read so far, decoded */
	enum stream_end end;
	int error;

	const struct compression *compression; /* NULL: none */
	struct decoder *decoder;
	char *raw_buffer;       /* of what is compressed and not mapped */
	struct span raw;        /* compressed bytes to be decoded */
	bool raw_ended, looked; /* no more of them will come; at what they begin with */
};

void stream_open(struct stream *, const struct input *);

/* The next whole lines; the stream's last may lack its '\n'.  They are valid until
 * the next call.  False at the end and on error: see error.  What was read before an
 * error is given out first. */
bool stream_next(struct stream *, struct span *lines);

/* The first of what stream_next will give, before it was called: the first INPUT_HEAD
 * bytes, or all if there are fewer. */
struct span stream_head(struct stream *);

/* Frees the buffer; the descriptor stays open. */
void stream_close(struct stream *);

#endif
