/* input.h -- opens the inputs that the user named.
 *
 *	a large regular file	is mapped into memory
 *	any other regular file	is read in pieces, in any order (random_access.h).  Such a file is
 *				small, so that mapping is not faster; or the caller forbids
 *				mapping; or mapping has failed; or the file was truncated after it
 *				had been mapped
 *	anything else		is a stream (stream.h), which one process reads once, from start to
 *				end.  These are pipes, FIFOs, terminals, and files in /proc that
 *				claim to be empty
 *
 * A compressed input, recognised by its first bytes, is decoded as a stream, too.  But a compressed
 * regular file can be decoded again, and if it has parts that can be decoded independently, several
 * processes can share the parts.
 */
#ifndef INPUT_INPUT_H
#define INPUT_INPUT_H

#include <setjmp.h>
#include <stdint.h>
#include <sys/types.h>

#include "codec/codec.h"
#include "lib/complaint.h"
#include "lib/memory_limit.h"
#include "lib/span.h"
#include "lib/strlist.h"

/* The hash of a file's first INPUT_MARK bytes is kept in .mark, to recognise the file later. */
enum { INPUT_MARK = 512 };

struct input {
	const char *name;  /* the file's name, or "standard input"; not owned */
	struct span bytes; /* the mapped bytes; .at is NULL if the file is not mapped */
	uint64_t
		mark_len; /* the length of the byte-order mark of a regular file, which is skipped */
	uint64_t hole;    /* how many NULs at the start of a regular file are skipped.  If the file
			* begins with NULs, reading begins at the last of them */
	uint64_t start, size; /* for a regular file, the offset where reading begins, and how many
			       * bytes to read from there */
	int fd;               /* the descriptor of a pipe or the like; -1 for a regular file */
	int held; /* 1 + the descriptor that keeps a regular file open; 0 if there is none */
	const struct codec *codec; /* how a regular file is compressed; NULL if it is not */
	bool snapshot;             /* true for a regular file that is a snapshot of wf */
	const char *foreign;       /* if a regular file is no log, says what it is; else NULL */
	struct parts parts;        /* a compressed file's independent parts; .n is 0 if it has
				    * none */
	uint64_t decoder_memory; /* how many bytes a decoder of the input may use; 0 if there is no
				  * limit */
	/* The lines of a regular file that are read are those that begin in [from, to); of a
	 * compressed file with parts, those of the parts that begin there. */
	struct window {
		bool is_set; /* if it is not, all lines are read */
		uint64_t from, to;
	} window;
	dev_t device;            /* these four members identify the file */
	ino_t inode;
	off_t file_size; /* the size of the whole file when it was opened */
	int64_t written; /* when a regular file was last written, or when any other input was
			  * opened, in seconds since 1970 */
	uint64_t mark;
};

/* Whether large files are mapped into memory.  With MAPPING_AUTO they are mapped, but workers may
 * read them instead. */
enum mapping { MAPPING_AUTO, MAPPING_ALWAYS, MAPPING_NEVER };

struct inputs {
	struct input *at;
	size_t n;
	size_t unreadable; /* how many files could not be opened; warnings have named them */
	enum mapping mapping;
};

struct inputs_spec {
	enum mapping mapping;
	struct memory_limit *memory; /* decoders and lists of parts may use shares of this limit;
				      * NULL if there is no limit */
};

/* Return how many bytes all decoders together may use if --memory is `memory`; 0 if there is no
 * limit.  A single decoder may use all of these bytes. */
uint64_t inputs_decoder_memory(uint64_t memory);

/* Return the value of --memory with which a decoder could use `need` bytes. */
uint64_t inputs_memory_for(uint64_t need);

/* Open all files.  Both "-" and an empty list mean standard input.  A file that can't be opened, or
 * that is no log, is left out with a warning.  A pipe that is named twice is opened only once,
 * because its bytes can be read only once.  Regular files stay open, as many as possible: for this
 * the process raises its limit of descriptors (RLIMIT_NOFILE).  The names must outlive the inputs.
 * False, with a complaint, if out of memory. */
bool inputs_open(struct inputs *, const struct strlist *files, const struct inputs_spec *,
	const struct warner *, struct complaint *);

/* True if all inputs are open or mapped, so that no file needs to be opened again to be read. */
bool inputs_are_open(const struct inputs *);

/* True if the descriptor `fd` belongs to a regular file that is one of the inputs. */
bool inputs_have(const struct inputs *, int fd);

/* Return the total size of the inputs' windows in bytes, without decompressing any.  0 if an
 * input is a pipe or the like, whose size is not known. */
uint64_t inputs_size(const struct inputs *);

/* Return how many bytes of regular files are outside the inputs' windows. */
uint64_t inputs_skipped(const struct inputs *);

void inputs_close(struct inputs *);

/* Find out how a regular file has changed since it was opened.  The result is INPUT_SAME also if
 * the file has grown, or if it can't be opened again. */
enum input_fate { INPUT_SAME, INPUT_SHRUNK, INPUT_OVERWRITTEN };
enum input_fate input_fate(const struct input *);

/* If the file of a mapped input is truncated, a read beyond its new end raises SIGBUS.  Call
 * inputs_on_truncation() to handle this signal.  If inputs_guard() has set a place to jump to, the
 * signal handler jumps there; otherwise it calls leave(), with the name of the input that was last
 * passed to inputs_reading().  leave() must not return.  It may print, because mapped inputs are
 * never read within stdio or malloc().  inputs_guard(NULL) removes the place. */
void inputs_on_truncation(void (*leave)(const char *input));
void inputs_guard(sigjmp_buf *where);
void inputs_reading(const struct input *);

/* The format of an input is detected from at most this many bytes at its beginning. */
enum { INPUT_HEAD = 256 * 1024 };

/* Close an input, and remove it from the list.  The inputs after it move down by one. */
void inputs_drop(struct inputs *, size_t i);

/* True if the input can only be read from its start, or from the start of a part: it is compressed,
 * or it is a pipe or the like. */
static inline bool input_is_stream(const struct input *in)
{
	return in->fd >= 0 || in->codec;
}

/* Return true if an input is mapped, but a worker may read it instead if that is faster. */
bool inputs_may_read(const struct inputs *, const struct input *);

/* Return how many bytes of a regular file are to be read, counted before decompression. */
static inline uint64_t input_size(const struct input *in)
{
	return in->bytes.at ? in->bytes.len : in->size;
}

/* Return where the window ends: at the end of the file, at the latest. */
static inline uint64_t input_window_end(const struct input *in)
{
	uint64_t size = input_size(in);

	return in->window.is_set && in->window.to < size ? in->window.to : size;
}

/* Return how many bytes of a regular file are in its window. */
static inline uint64_t input_window_size(const struct input *in)
{
	uint64_t end = input_window_end(in);

	return end > in->window.from ? end - in->window.from : 0;
}

/* Get a descriptor of a regular file: the one that is kept open, or a new one.  Its offset is
 * arbitrary.  The caller passes the descriptor to input_release().  -1 on error (errno): ESTALE if
 * the name now belongs to another file. */
int input_open(const struct input *);
void input_release(const struct input *, int fd);

#endif
