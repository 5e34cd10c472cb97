#include "input/stream.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "codec/foreign.h"
#include "lib/lines.h"
#include "lib/own_magic.h"
#include "lib/utf8.h"

enum { BUFFER = INPUT_HEAD };

static void finish(struct stream *s, enum stream_end why, int error)
{
	s->end = why;
	s->error = error;
}

void stream_open(struct stream *s, const struct input *in)
{
	*s = (struct stream){
		.fd = in->fd, .longest = UINT64_MAX, .decoding = {.memory = in->decoder_memory}};
	if (in->fd >= 0)
		return;
	s->fd = input_open(in);
	s->opened = s->fd >= 0 ? in : NULL;
	if (s->fd < 0 || lseek(s->fd, (off_t)in->start, SEEK_SET) < 0)
		finish(s, STREAM_ERROR, errno);
}

void stream_close(struct stream *s)
{
	if (s->opened)
		input_release(s->opened, s->fd);
	free(s->own_buffer);
	free(s->raw_buffer);
	decoder_free(s->decoder);
}

void stream_open_parts(struct stream *s, const struct input *in, size_t first, size_t end)
{
	stream_open(s, in);
	s->parts_of = in;
	s->part = first;
	s->part_end = end;
	s->skips = first > 0;
	s->examined = true;
	s->begun = first > 0;
	s->codec = in->codec;
	s->raw_buffer = malloc(BUFFER);
	if (!s->raw_buffer && s->end == STREAM_END)
		finish(s, STREAM_ERROR, ENOMEM);
}

/* Copy the bytes that were not returned yet to the front of another buffer, which has room for
 * them, and continue there. */
static void continue_in(struct stream *s, char *buffer, size_t room)
{
	size_t left = s->to - s->from;

	if (left)
		memmove(buffer, s->buffer + s->from, left);
	s->ours_end -= s->past_end ? s->from : 0;
	s->buffer = buffer;
	s->room = room;
	s->from = 0;
	s->to = left;
}

static bool widen_own(struct stream *s, size_t room)
{
	if (room <= s->own_room)
		return true;
	char *more = realloc(s->own_buffer, room);
	if (!more) {
		finish(s, STREAM_ERROR, ENOMEM);
		return false;
	}
	if (s->buffer == s->own_buffer)
		s->buffer = more;
	s->own_buffer = more;
	s->own_room = room;
	return true;
}

/* Make room after the bytes in the buffer: move them to the front or, if one line fills the whole
 * buffer, make the buffer larger.  False, with the reason in .end, if that is not possible. */
static bool make_room(struct stream *s)
{
	if (s->from)
		continue_in(s, s->buffer, s->room);
	if (s->to < s->room)
		return true;
	if (s->to >= BUFFER && s->to >= s->longest) {
		s->to = 0; /* do not return the beginning of a line as a line */
		finish(s, STREAM_LONG_LINE, 0);
		return false;
	}
	if (!widen_own(s, s->room ? 2 * s->room : BUFFER))
		return false;
	continue_in(s, s->own_buffer, s->own_room);
	return true;
}

bool stream_move(struct stream *s, char *buffer, size_t room)
{
	size_t left = s->to - s->from;

	if (!buffer && s->buffer == s->own_buffer)
		return true;
	if (buffer && left > room / 2)
		return false;
	if (!buffer && !widen_own(s, 2 * left > BUFFER ? 2 * left : BUFFER))
		return false;
	continue_in(s, buffer ? buffer : s->own_buffer, buffer ? room : s->own_room);
	return true;
}

/* Call read() once.  Returns the number of bytes, 0 at the end and on error. */
static size_t read_some(struct stream *s, char *to, size_t room)
{
	while (!s->at_end) {
		ssize_t n = read(s->fd, to, room);
		if (n >= 0) {
			s->taken += (uint64_t)n;
			s->at_end = n == 0 && room;
			return (size_t)n;
		}
		/* Another program may have made our standard input non-blocking. */
		if (errno == EAGAIN || errno == EWOULDBLOCK)
			poll(&(struct pollfd){.fd = s->fd, .events = POLLIN}, 1, -1);
		else if (errno != EINTR)
			finish(s, STREAM_ERROR, errno);
		if (s->end != STREAM_END)
			break;
	}
	return 0;
}

/* Like read_some(), but read from the current part, to .raw_buffer. */
static size_t read_part(struct stream *s)
{
	const struct input *in = s->parts_of;
	ssize_t n = parts_read(
		&in->parts, s->part, s->part_at, s->fd, in->start, s->raw_buffer, BUFFER);

	if (n < 0)
		finish(s, STREAM_ERROR, errno);
	s->part_at += n > 0 ? (uint64_t)n : 0;
	s->taken += n > 0 ? (uint64_t)n : 0;
	return n > 0 ? (size_t)n : 0;
}

/* If all compressed bytes in the buffer were decoded, read more.  False on error. */
static bool fill_raw(struct stream *s)
{
	if (s->raw.len || s->raw_ended)
		return true;
	size_t n = s->parts_of ? read_part(s) : read_some(s, s->raw_buffer, BUFFER);
	s->raw = span_of(s->raw_buffer, n);
	s->raw_ended = n == 0;
	return s->end == STREAM_END;
}

/* Return the bytes that stream_next() has not returned yet, except the first `skip` of them. */
static struct span unread(const struct stream *s, size_t skip)
{
	return s->buffer ? span_between(s->buffer + s->from + skip, s->buffer + s->to)
			 : span_of("", 0);
}

/* Continue with the next part.  If that part belongs to the next reader, read it only to complete
 * our last line. */
static void begin_part(struct stream *s)
{
	s->part++;
	s->part_at = 0;
	s->raw_ended = false;
	if (s->part != s->part_end)
		return;
	s->past_end = true;
	/* If no line begins in our parts, there is no line to complete.  Stop now, because many
	 * empty parts may follow. */
	if (s->skips && !span_first(unread(s, 0), '\n')) {
		s->from = s->to;
		s->done = true;
	}
	s->ours_end = s->to;
}

/* Note that all compressed bytes of the stream, or of the current part, have been decoded.  If
 * another part follows, begin it and return true.  Otherwise set .end and return false. */
static bool end_decoding(struct stream *s)
{
	const struct parts *parts = s->parts_of ? &s->parts_of->parts : NULL;
	bool whole =
		parts ? s->part_at == parts_length(parts, s->part) && decoder_is_between(s->decoder)
		      : decoder_may_end(s->decoder);

	if (whole && parts && s->part + 1 < parts->n) {
		begin_part(s);
		return true;
	}
	finish(s, whole ? STREAM_END : STREAM_CUT_OFF, 0);
	return false;
}

/* Decode until there is at least one byte.  Returns the number of bytes, 0 at the end and on
 * error. */
static size_t decode_some(struct stream *s, char *to, size_t room)
{
	size_t made = 0;

	while (!made && !s->done && fill_raw(s)) {
		bool last = s->raw_ended && !s->raw.len;
		size_t before = s->raw.len;
		enum decoded decoded = decoder_run(s->decoder, &s->raw, to, room, &made);
		s->codec = decoder_codec(s->decoder);
		switch (decoded) {
		case DECODED:
			break;
		case DECODE_CORRUPT:
			finish(s, STREAM_CORRUPT, 0);
			return made;
		case DECODE_MEMORY:
			finish(s, STREAM_ERROR, ENOMEM);
			return made;
		case DECODE_TOO_LARGE:
			finish(s, STREAM_TOO_LARGE, 0);
			return made;
		}
		if (made || s->raw.len < before || (last && end_decoding(s)))
			continue;
		if (!last)
			finish(s, STREAM_CORRUPT,
				0); /* the decoder neither takes nor makes any bytes */
		break;
	}
	return made;
}

static bool begin_decoding(struct stream *s)
{
	if (!codec_load(s->codec)) {
		finish(s, STREAM_NO_LIBRARY, 0);
		return false;
	}
	s->decoding.parts = s->parts_of;
	s->decoder = decoder_new(s->codec, &s->decoding);
	if (!s->decoder)
		finish(s, STREAM_ERROR, ENOMEM);
	return s->decoder != NULL;
}

/* True if these bytes show what they are, as far as any number of bytes would: they are enough, or
 * they are a line, which must not be held back until the next line comes. */
static bool is_enough(struct span head)
{
	enum { MAGIC = 8 };

	return head.len >= FOREIGN_HEAD || (head.len >= MAGIC && span_first(head, '\n'));
}

/* Read enough bytes to recognise what the stream is. */
static struct span read_magic(struct stream *s)
{
	while (!is_enough(span_of(s->buffer, s->to))) {
		size_t n = read_some(s, s->buffer + s->to, s->room - s->to);
		if (!n)
			break;
		s->to += n;
	}
	return span_of(s->buffer, s->to);
}

/* Move the first bytes, which are compressed, to .raw_buffer. */
static bool move_to_raw(struct stream *s)
{
	s->raw_buffer = malloc(BUFFER);
	if (!s->raw_buffer) {
		finish(s, STREAM_ERROR, ENOMEM);
		return false;
	}
	memcpy(s->raw_buffer, s->buffer, s->to);
	s->raw = span_of(s->raw_buffer, s->to);
	s->to = 0;
	return true;
}

/* Find out from the first bytes whether the stream is compressed.  False if there are no bytes, if
 * they are no log, or on error. */
static bool examine(struct stream *s)
{
	struct span head = read_magic(s);

	s->examined = true;
	s->codec = codec_detect(head);
	s->foreign = foreign_detect(head);
	if (s->foreign || span_begins_with(head, SNAPSHOT_MAGIC)) {
		s->to = 0;
		finish(s, s->foreign ? STREAM_FOREIGN : STREAM_SNAPSHOT, 0);
		return false;
	}
	if (s->codec)
		return move_to_raw(s);
	s->read = s->to;
	return s->to > 0;
}

/* Add bytes to the buffer, by calling read() once or by decoding.  Returns their number, 0 at the
 * end and on error. */
static size_t fill(struct stream *s)
{
	if (s->end != STREAM_END || s->done || !make_room(s))
		return 0;
	if (!s->examined && (!examine(s) || s->to))
		return s->to;
	if (s->codec && !s->decoder && !begin_decoding(s))
		return 0;
	char *to = s->buffer + s->to;
	size_t room = s->room - s->to;
	size_t n = s->decoder ? decode_some(s, to, room) : read_some(s, to, room);
	s->to += n;
	s->read += n;
	return n;
}

/* Skip the byte-order mark, which belongs to no line. */
static void skip_mark(struct stream *s)
{
	s->mark_len = utf8_mark(unread(s, 0));
	s->from += s->mark_len;
	if (s->past_end && s->ours_end < s->from)
		s->ours_end = s->from;
}

/* If the stream begins with NULs, skip all but the last of them. */
static void skip_hole(struct stream *s)
{
	for (;;) {
		struct span head = unread(s, 0), text = lines_after_hole(head);
		size_t nuls = head.len - text.len;
		if (nuls < 2 && text.len)
			return;
		s->hole += nuls ? nuls - 1 : 0;
		s->from += nuls ? nuls - 1 : 0;
		if (text.len || !head.len || !fill(s))
			return;
	}
}

/* Before anything is returned, examine the first bytes after decoding.  If they are no log, end the
 * stream. */
static void begin(struct stream *s)
{
	if (s->begun)
		return;
	while (!is_enough(unread(s, 0)) && fill(s))
		;
	s->begun = true;
	skip_mark(s);
	const char *foreign = foreign_detect(unread(s, 0));
	if (!foreign)
		skip_hole(s);
	if (s->end == STREAM_FOREIGN || !foreign)
		return;
	s->from = s->to = 0;
	s->foreign = foreign;
	finish(s, STREAM_FOREIGN, 0);
}

struct span stream_head(struct stream *s)
{
	begin(s);
	while (s->to - s->from < INPUT_HEAD && fill(s))
		;
	return unread(s, 0);
}

/* True if more bytes can be read or decoded without waiting. */
static bool would_not_wait(const struct stream *s)
{
	return s->raw.len || poll(&(struct pollfd){.fd = s->fd, .events = POLLIN}, 1, 0) > 0;
}

/* Remove from both ends of the buffer what belongs to other readers: the rest of a line that began
 * before our first part, and everything after the first newline that follows our last part. */
static void trim(struct stream *s)
{
	size_t ours = s->past_end ? s->ours_end : s->to;

	if (s->skips) {
		const char *newline =
			span_first(span_of(s->buffer + s->from, ours - s->from), '\n');
		s->from = newline ? (size_t)(newline + 1 - s->buffer) : ours;
		s->skips = !newline;
		if (!newline && s->past_end) {
			s->from = s->to;
			s->done = true;
		}
	}
	if (!s->past_end || s->done)
		return;
	const char *newline = span_first(unread(s, s->ours_end - s->from), '\n');
	s->ours_end = s->to;
	if (newline) {
		s->to = (size_t)(newline + 1 - s->buffer);
		s->done = true;
	}
}

bool stream_next(struct stream *s, struct span *lines)
{
	size_t searched = 0; /* this many bytes, from s->from on, contain no '\n' */

	begin(s);
	for (;;) {
		/* Try to fill half of the buffer, since small pieces cost more per line. */
		while (s->to - s->from < s->room / 2 && would_not_wait(s) && fill(s))
			;
		if (s->parts_of && s->room)
			trim(s);
		const char *last = span_last(unread(s, searched), '\n');
		if (last) {
			*lines = span_between(s->buffer + s->from, last + 1);
			s->from += lines->len;
			return true;
		}
		searched = s->to - s->from;
		if (!fill(s))
			break;
	}
	*lines = unread(s, 0);
	s->from = s->to;
	return lines->len > 0;
}

struct stream_ending stream_ending(const struct stream *s)
{
	uint64_t need = s->end == STREAM_TOO_LARGE ? decoder_need(s->decoder) : 0;

	return (struct stream_ending){.why = s->end,
		.error = s->error,
		.codec = s->codec,
		.foreign = s->foreign,
		.need = need,
		.enough = inputs_memory_for(need)};
}

static unsigned long long megabytes(uint64_t bytes)
{
	return (bytes >> 20) + ((bytes & ((1 << 20) - 1)) != 0);
}

static void warn_of_need(const struct warner *w, const char *name,
	const struct stream_ending *ending, const char *consequence)
{
	warner_warn_of(w, name,
		"decoding this %s data needs %llu MB of memory, more than --memory allows (try "
		"--memory %lluM)%s",
		ending->codec->name, megabytes(ending->need), megabytes(ending->enough),
		consequence);
}

bool stream_warn(const struct warner *w, const char *name, const struct stream_ending *ending,
	const char *consequence)
{
	const struct codec *codec = ending->codec;

	switch (ending->why) {
	case STREAM_END:
		return false;
	case STREAM_ERROR:
		warner_warn_of(w, name, "%s%s", strerror(ending->error), consequence);
		break;
	case STREAM_CORRUPT:
		warner_warn_of(w, name, "corrupt %s data%s", codec->name, consequence);
		break;
	case STREAM_CUT_OFF:
		warner_warn_of(w, name, "truncated %s data%s", codec->name, consequence);
		break;
	case STREAM_LONG_LINE:
		warner_warn_of(w, name,
			"a line does not fit in memory (see --memory in wf(1)): this line and all "
			"after it are not counted");
		break;
	case STREAM_SNAPSHOT:
		warner_warn_of(w, name, "is a wf snapshot, not a log (use wf --merge)");
		break;
	case STREAM_FOREIGN:
		warner_warn_of(w, name, "%s", ending->foreign);
		break;
	case STREAM_TOO_LARGE:
		warn_of_need(w, name, ending, consequence);
		break;
	case STREAM_NO_LIBRARY:
		warner_warn_of(w, name, "reading %s data needs %s, which %s", codec->name,
			codec->library,
			codec->available ? "cannot be loaded (is it installed?)"
					 : "this wf was built without");
		break;
	}
	return true;
}
