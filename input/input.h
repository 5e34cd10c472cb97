/* input.h -- opens what the user named.
 *
 *	a large regular file	is mapped: all of it can be looked at, anywhere
 *	another one		is read in pieces, anywhere (reader.h): where mapping is
 *				slower, is not wanted or not possible, or was no good idea,
 *				as the file has become smaller since
 *	anything else		is a stream (stream.h), which one process reads from its
 *				start to its end, once: pipes, FIFOs, terminals, files in
 *				/proc that do not tell their size
 *
 * What is compressed, as its first bytes tell, is decoded as a stream, too; if it is a
 * regular file, that can be done again.  Some such files have parts that can be decoded each by
 * itself; then several can do so.
 */
#ifndef INPUT_INPUT_H
#define INPUT_INPUT_H

#include <setjmp.h>
#include <stdint.h>
#include <sys/types.h>

#include "codec/codec.h"
#include "lib/span.h"
#include "lib/strlist.h"

/* Bytes from which a file is known again. */
enum { INPUT_MARK = 512 };

struct input {
	const char *name;     /* for messages; not owned */
	struct span bytes;    /* mapped; .at NULL: not */
	uint64_t start, size; /* of a regular file, what is read: from where, how much */
	int fd;               /* of what is no regular file, else -1 */
	int held;             /* 1 + a descriptor of a regular file, 0: it is opened again */
	const struct codec *compression; /* of a regular file, NULL: none */
	bool snapshot;                   /* a regular file that is one */
	struct parts parts;              /* of what is compressed; .n 0: it is whole */
	dev_t device;                    /* which file it is, to know it again */
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
struct inputs inputs_open(const struct strlist *files, bool may_map);

/* True if the descriptor's file is one of them, and no device or pipe. */
bool inputs_have(const struct inputs *, int fd);

/* Bytes of all, as packed as they are; 0 if that is not known, as of a pipe. */
uint64_t inputs_size(const struct inputs *);

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

#endif
