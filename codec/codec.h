/* codec.h -- decodes gzip, zstd, xz, bzip2 and lz4, and finds the parts of a compressed file that
 * can be decoded independently.
 *
 * A compressed file consists of one or more members (gzip), frames (zstd, lz4) or streams (xz,
 * bzip2); here all three are called members.  `cat a.gz b.gz` makes a file of two members.  Zeros
 * may follow the last member of a gzip file, as on tapes, and each stream of an xz file.  Zeros in
 * any other place between members are the hole that a lost member has left.
 *
 * To decode a file as a whole:
 *
 *	codec = codec_detect(its first bytes)
 *	codec_load(codec), before the process enters a sandbox
 *	decoder_new(codec, spec); decoder_run() until the input ends; decoder_may_end();
 *	decoder_free()
 *
 * To decode it in several processes:
 *
 *	parts = parts_find(codec, file, memory)
 *	for each part, in any order: decoder_new(codec, spec), decoder_run() with the bytes that
 *		parts_read() yields, decoder_is_between(), decoder_free()
 *	parts_free(parts)
 *
 * Each codec has a file of its own, which defines a struct codec.  If a build lacks the codec's
 * library (HAVE_...), the codec is still detected, but cannot decode.
 *
 * Formats: RFC 1952 (gzip), RFC 8878 (zstd), https://tukaani.org/xz/xz-file-format.txt,
 * https://sourceware.org/bzip2/, https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md
 */
#ifndef CODEC_CODEC_H
#define CODEC_CODEC_H

#include <stdint.h>
#include <sys/types.h>

#include "lib/quota.h"
#include "lib/span.h"

struct parts;
struct part;

struct decoder_spec {
	uint64_t memory;     /* how many bytes the decoder may use for the window or the dictionary
			      * that a member's header demands; 0 if there is no limit */
	struct quota *quota; /* where the decoder reserves its memory; decoder_new() and
			      * decoder_run() wait while other users have reserved too much.  NULL
			      * if the decoder reserves no memory */
	unsigned user;       /* the decoder's number among the users of the quota */
	bool parts; /* true if only some parts of a file are decoded.  Then the decoder can't verify
		     * the file as a whole */
};

/* How a call of a codec's decode() ended. */
enum codec_result {
	CODEC_OK, /* more input or more room is needed */
	CODEC_MEMBER_END,
	CODEC_CORRUPT,
	CODEC_OUT_OF_MEMORY,
	CODEC_TOO_LARGE, /* a member demands more memory than decoder_spec.memory: see need() */
};

struct codec {
	const char *name;    /* "gzip" */
	const char *library; /* the library that decodes it: "zlib" */
	bool available;      /* true if this wf was built with the library */
	struct span magic;   /* the first bytes of every member */
	size_t padding;      /* zeros may follow the last member, and their number must be a
			      * multiple of this; 0 if no zeros may follow */
	bool pads_members;   /* true if zeros may follow every member, not only the last one */

	/* --- Decoding, with a state of the library.  NULL if .available is false. */

	/* Load the library (lib/library.h).  False if it can't be loaded. */
	bool (*load)(void);

	/* Make a state.  The spec must outlive the state.  NULL if out of memory. */
	void *(*open)(const struct decoder_spec *);

	/* Decode bytes of *in to `out`, and remove them from *in.  *made becomes the number of
	 * bytes written to `out`. */
	enum codec_result (*decode)(
		void *state, struct span *in, char *out, size_t room, size_t *made);

	/* Prepare the state for the next member.  False if out of memory.  The function pointer is
	 * NULL if decode() needs no such preparation. */
	bool (*restart)(void *state);

	/* True if the input may end after the member that has just ended; false if the format says
	 * that another member must follow.  The function pointer is NULL if the input may end after
	 * any member. */
	bool (*may_end)(const void *state);

	/* After CODEC_TOO_LARGE: return how many bytes the member demands.  The function pointer is
	 * NULL if members demand nothing. */
	uint64_t (*need)(const void *state);

	void (*close)(void *state);

	/* --- Splitting */

	/* Append all parts of a file, in the order of the file, and set parts.need.  False if the
	 * file cannot be split.  The function pointer is NULL if no file of this kind can be
	 * split. */
	bool (*split)(struct parts *, struct span file);

	bool joins; /* true if several parts in a row can be decoded as one part */

	/* These functions implement parts_length() and parts_read().  They are NULL if a decoder
	 * gets the bytes of a part as they are in the file. */
	uint64_t (*part_length)(const struct part *);
	ssize_t (*read_part)(const struct part *, uint64_t offset, int fd, uint64_t start, char *to,
		size_t room);
};

/* All codecs, NULL at the end. */
extern const struct codec *const codecs[];

/* How many of a file's first bytes codec_detect() needs. */
enum { CODEC_HEAD = 6 };

/* Return the codec of compressed data.  `head` is the first CODEC_HEAD bytes of the data, or all of
 * them if there are fewer.  NULL if the data is not compressed. */
const struct codec *codec_detect(struct span head);

/* Load the library of a codec, or the libraries of all codecs, unless they are loaded.  Call this
 * before the process enters a sandbox, or forks processes that do.  codec_load() returns false if
 * this wf was built without the library, or if the library can't be loaded. */
bool codec_load(const struct codec *);
void codec_load_all(void);

/* --- Decoding ----------------------------------------------------------------------- */

struct decoder;

/* Begin to decode with a codec.  NULL if out of memory, or if codec_load() returns false. */
struct decoder *decoder_new(const struct codec *, const struct decoder_spec *);

enum decoded {
	DECODED,          /* call again with more input, or more room */
	DECODE_CORRUPT,   /* all bytes that were written are right, but no more can be decoded */
	DECODE_MEMORY,    /* out of memory */
	DECODE_TOO_LARGE, /* a member demands more memory than decoder_spec.memory */
};

/* Decode bytes of *in to `out`, and remove them from *in.  *made becomes the number of bytes
 * written to `out`. */
enum decoded decoder_run(struct decoder *, struct span *in, char *out, size_t room, size_t *made);

/* True if a member has just ended, so that the input of a part may end here. */
bool decoder_is_between(const struct decoder *);

/* True if the whole input may end here, because a member has just ended and the format does not
 * demand another one. */
bool decoder_may_end(const struct decoder *);

/* After DECODE_TOO_LARGE: return how many bytes the member demands. */
uint64_t decoder_need(const struct decoder *);

/* Return the codec that decodes the input.  Both zstd and lz4 have skippable frames.  So if the
 * input begins with a skippable frame and then has an lz4 frame, this codec is lz4, although
 * decoder_new() was given zstd. */
const struct codec *decoder_codec(const struct decoder *);

void decoder_free(struct decoder *);

/* --- Splitting ---------------------------------------------------------------------- */

/* A piece of a compressed file that can be decoded by itself, with its own decoder. */
struct part {
	uint64_t from, to; /* where it begins and ends in the file, in bits */
	uint64_t header;   /* for xz: where the part's stream begins, in bytes; for bzip2: the digit
			    * for the block size in the header of the part's stream */
	uint64_t decoded;  /* only for xz: the length of the decoded part in bytes */
};

struct parts {
	const struct codec *codec;
	struct part *at; /* in the file's order; together they contain everything that can be
			  * decoded */
	size_t n;        /* 0 if the file must be decoded as a whole */
	size_t room;
	size_t most;   /* how many parts there may be */
	uint64_t size; /* if codec.joins: the size in bits up to which parts are joined */
	uint64_t need; /* bytes of memory that the decoder of each part needs, as far as known */
};

/* A joined part has at most this many bytes, unless there would be too many parts. */
enum { PART_SIZE = 16 * 1024 };

/* Find the parts of a file, and check all that the format records about the file as a whole.  The
 * search and its result may use `memory` bytes, or any number if `memory` is 0.  There are no parts
 * (.n is 0) if the file can't be split, if it would be a single part, if the memory does not
 * suffice, or if a check fails.  If a check fails, decoding the file as a whole fails as well. */
struct parts parts_find(const struct codec *, struct span file, uint64_t memory);

void parts_free(struct parts *);

/* Return the index of the first part that begins at byte `byte` of the file or after it; .n if
 * there is none. */
size_t parts_from(const struct parts *, uint64_t byte);

/* Return how many bytes must be fed to the part's decoder. */
uint64_t parts_length(const struct parts *, size_t part);

/* Read bytes that must be fed to the part's decoder.  `offset` says how many of its parts_length()
 * bytes have been read before.  `fd` is a file in which the compressed file begins at offset
 * `start`.  `room` is 2 or more.  Returns how many bytes were read: 0 only after the last byte, or
 * if the file has become shorter; -1 on error (errno). */
ssize_t parts_read(const struct parts *, size_t part, uint64_t offset, int fd, uint64_t start,
	char *to, size_t room);

/* --- For the codecs ----------------------------------------------------------------- */

extern const struct codec codec_gzip, codec_zstd, codec_xz, codec_bzip2, codec_lz4;

/* Reserve `bytes` of memory for a decoder, in place of what the decoder had reserved before.  The
 * decoder must have freed its memory before this call.  Less than 1 MB need not be reserved. */
void codec_reserve(const struct decoder_spec *, uint64_t bytes);

/* codec_list_memory() returns how many bytes split() may still use for parts and other lists.
 * codec_use_list_memory() notes that split() uses `bytes` of them for another list. */
uint64_t codec_list_memory(const struct parts *);
void codec_use_list_memory(struct parts *, uint64_t bytes);

/* Append a part, or join it to the part before.  False if out of memory, or if there are too many
 * parts. */
bool codec_add_part(struct parts *, struct part);

/* Limit a length to 32 bits, since some libraries take no more bytes at a time. */
static inline uint32_t codec_length32(size_t n)
{
	return n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
}

/* Return the offset, in bits, of a byte of the file. */
static inline uint64_t codec_bit(size_t byte)
{
	return 8 * (uint64_t)byte;
}

/* Limit a length to `room`. */
static inline size_t codec_at_most(uint64_t len, size_t room)
{
	return len < room ? (size_t)len : room;
}

/* Return the little-endian number in n bytes. */
static inline uint64_t codec_number(const char *at, size_t n)
{
	uint64_t value = 0;

	while (n--)
		value = value << 8 | (unsigned char)at[n];
	return value;
}

/* Copy at most `room` bytes of a buffer, beginning at `offset`, which must not be greater than the
 * buffer's length.  Returns how many bytes were copied. */
static inline ssize_t codec_copy(struct span from, uint64_t offset, char *to, size_t room)
{
	size_t n = codec_at_most(from.len - offset, room);

	memcpy(to, from.at + offset, n);
	return (ssize_t)n;
}

/* True if these bytes begin a skippable frame.  zstd and lz4 files may begin with such a frame, and
 * files that pzstd writes always do. */
bool codec_is_skippable(struct span head);

#endif
