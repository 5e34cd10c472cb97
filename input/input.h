/* input.h -- opens the inputs that the user named.
 *
 *	a large regular file	is mapped: its bytes can be looked at anywhere
 *	another regular file	is read in pieces, anywhere (seekable.h): a small one, where mapping
 *				is not faster; one that may not or can't be mapped; and one that
 *				has been truncated since it was mapped
 *	anything else		is a stream (stream.h), which one process reads once, from start to
 *				end: pipes, FIFOs, terminals, files in /proc that do not tell their
 *				size
 *
 * A compressed file, recognised by its first bytes, is decoded as a stream, too.  A regular one can
 * be decoded again, and if it has parts that can be decoded independently, several processes can
 * share them.
 */
#ifndef INPUT_INPUT_H
#define INPUT_INPUT_H

#include <setjmp.h>
#include <stdint.h>
#include <sys/types.h>

#include "codec/codec.h"
#include "lib/complaint.h"
#include "lib/span.h"
#include "lib/strlist.h"

/* A hash of a file's first INPUT_MARK bytes is kept, to recognise it. */
enum { INPUT_MARK = 512 };

struct input {
	const char *name;     /* for messages; not owned */
	struct span bytes;    /* the mapping; .at NULL: not mapped */
	uint64_t start, size; /* of a regular file: where reading begins, how many bytes are read */
	int fd;               /* of a stream that is not a regular file; else -1 */
	int held; /* 1 + a descriptor of a regular file; 0: it is opened again by name */
	const struct codec *codec; /* of a regular file; NULL: not compressed */
	bool snapshot;             /* a regular file that is a snapshot of wf */
	struct parts parts;        /* of a compressed file; .n 0: it has none */
	dev_t device;              /* these four recognise the file */
	ino_t inode;
	off_t file_size; /* when it was opened */
	uint64_t mark;
};

struct inputs {
	struct input *at;
	size_t n;
	size_t unreadable; /* files that could not be opened, each with a warning */
};

/* Open all files; "-" is standard input, and so is an empty list.  may_map: map large files.
 * A file that can't be opened is left out, with a warning.  A pipe that is named twice is read
 * once, as nothing would be left in it for the second time.  False, with a complaint, where memory
 * is out. */
bool inputs_open(struct inputs *, const struct strlist *files, bool may_map, const struct warner *,
	struct complaint *);

/* True if the descriptor's file is a regular file among the inputs. */
bool inputs_have(const struct inputs *, int fd);

/* The size of all inputs in bytes, compressed ones as they are; 0 if a stream's size is not known.
 */
uint64_t inputs_size(const struct inputs *);

void inputs_close(struct inputs *);

/* How a regular file was changed since it was opened; INPUT_SAME also if nobody can tell. */
enum input_fate { INPUT_SAME, INPUT_SHRUNK, INPUT_OVERWRITTEN };
enum input_fate input_fate(const struct input *);

/* A load from a mapped input that has been truncated raises SIGBUS.  From now on that signal jumps
 * to a place, if inputs_guard has set one, and else calls `leave` with the name of the input that
 * was announced last by inputs_reading; leave must not return.  It may print, as the load is never
 * in the middle of stdio or malloc. */
void inputs_on_truncation(void (*leave)(const char *input));
void inputs_guard(sigjmp_buf *where);
void inputs_reading(const struct input *);

/* So many bytes of an input are examined to find out its format. */
enum { INPUT_HEAD = 256 * 1024 };

/* Remove an input, which must not be read.  The inputs after it move down by one. */
void inputs_drop(struct inputs *, size_t i);

/* True if the input is read from its start, or from the start of a part: it is a pipe, or is
 * compressed. */
static inline bool input_is_stream(const struct input *in)
{
	return in->fd >= 0 || in->codec;
}

/* The number of bytes of a regular file. */
static inline uint64_t input_size(const struct input *in)
{
	return in->bytes.at ? in->bytes.len : in->size;
}

/* Open a regular file again, at any offset; the caller closes it.  -1 on error (errno): ESTALE if
 * its name leads to another file by now. */
int input_open(const struct input *);

#endif
