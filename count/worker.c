#include "count/worker.h"

#include <errno.h>
#include <stdlib.h>

/* Tell how far it is, and has got in its chunk. */
static void sample(const struct worker *w, uint64_t here)
{
	const struct pool *c = w->pool;
	const struct account *a = &w->tally.account;
	uint64_t lines = query_counts_lines(c->query) ? a->verdicts.lines : 0;

	if (c->meter)
		meter_sample(c->meter, w->number,
			&(struct progress_sample){
				w->done + here, a->bytes, lines, spill_bytes(c->spill[w->number])});
}

static struct logformat *format_at(const struct pool *c, const struct chunk *chunk, uint64_t offset)
{
	return c->formats ? detect_at(c->formats, chunk->input, offset) : NULL;
}

static bool count_mapped(struct worker *w, const struct chunk *chunk)
{
	const struct pool *c = w->pool;
	const char *gave_up = NULL, *start = c->inputs->at[chunk->input].bytes.at;
	struct span lines = chunker_lines(c->chunker, chunk);
	struct logformat *format = format_at(c, chunk, (uint64_t)(lines.at - start));

	bool ok = tally_lines(&w->tally, format, lines, &gave_up);
	if (gave_up)
		place_note(&w->state->gave_up,
			(struct place){chunk->input, 0, (uint64_t)(gave_up - start), 0});
	return ok;
}

static bool count_piece(struct worker *w, const struct chunk *chunk)
{
	const struct input *in = &w->pool->inputs->at[chunk->input];
	struct read_state *progress = &w->pool->progress[chunk->input];
	const char *gave_up = NULL;
	struct span lines;
	uint64_t at;

	if (!seekable_lines(&w->reader, in, chunk->from, chunk->to, &lines, &at)) {
		progress->error = errno;
		return true; /* the other inputs are counted all the same */
	}
	if (w->reader.cut_short)
		atomic_store(&progress->shrunk, true);
	bool ok = tally_lines(&w->tally, format_at(w->pool, chunk, at), lines, &gave_up);
	if (gave_up)
		place_note(&w->state->gave_up,
			(struct place){chunk->input, 0, at + (uint64_t)(gave_up - lines.at), 0});
	return ok;
}

/* Lines of a stream.  A line's number is known here, since it is read from its first one. */
static bool count_block(struct worker *w, const struct block *block)
{
	const struct pool *c = w->pool;
	const char *gave_up = NULL;
	struct logformat *format = c->formats ? detect_numbered(c->formats, block->format) : NULL;

	bool ok = tally_lines(&w->tally, format, block->lines, &gave_up);
	if (gave_up) {
		struct span before = span_between(block->lines.at, gave_up);
		struct chunk chunk = chunker_chunk(c->chunker, block->chunk);
		place_note(&w->state->gave_up,
			(struct place){chunk.input, chunk.from, block->offset + before.len,
				block->line + c->scan->count(before, '\n') + 1});
	}
	return ok;
}

/* A slot that was too small for a line is not used. */
static int slot_of(struct relay *relay, int slot, struct span lines)
{
	if (slot == RELAY_NONE || lines.at == relay_slot(relay, slot))
		return slot;
	relay_release(relay, slot);
	return RELAY_NONE;
}

/* Where a stream goes on: in a slot, if one is free that has room enough. */
static int next_slot(struct relay *relay, struct stream *s, int now)
{
	int slot = relay ? relay_acquire(relay) : RELAY_NONE;

	if (slot != RELAY_NONE && stream_move(s, relay_slot(relay, slot), relay_room(relay)))
		return slot;
	if (slot != RELAY_NONE)
		relay_release(relay, slot);
	if (now != RELAY_NONE)
		stream_move(s, NULL, 0);
	return RELAY_NONE;
}

/* Read a stream to its end, and count its lines, or have them counted: before a slot's block is
 * passed on, what the stream has behind it is taken elsewhere. */
static bool count_lines(struct worker *w, struct stream *s, struct relay *relay, struct block block)
{
	struct read_state *progress =
		&w->pool->progress[chunker_chunk(w->pool->chunker, block.chunk).input];
	int slot = RELAY_NONE;
	bool ok = true;

	while (ok && stream_next(s, &block.lines)) {
		struct block now = block;
		atomic_store_explicit(&progress->read, s->read, memory_order_relaxed);
		block.offset += now.lines.len;
		block.line += w->pool->scan->count(now.lines, '\n');
		slot = slot_of(relay, slot, now.lines);
		int next = next_slot(relay, s, slot);
		ok = slot != RELAY_NONE ? relay_publish(relay, slot, &now) : count_block(w, &now);
		slot = next;
		sample(w, s->taken - s->raw.len);
	}
	w->done += s->taken;
	if (slot != RELAY_NONE)
		relay_release(relay, slot);
	return ok;
}

/* Take note of how reading ended.  Of what has parts, the first trouble is told. */
static void note_end(struct read_state *p, const struct stream *s)
{
	if (s->parts_of && s->end == STREAM_END)
		return;
	p->end = s->end;
	p->error = s->error;
	p->compression = s->compression;
}

static bool count_stream(struct worker *w, const struct chunk *chunk)
{
	const struct pool *c = w->pool;
	struct read_state *progress = &c->progress[chunk->input];
	struct block first = {.chunk = chunk->index};
	struct relay *relay = w->passes ? c->relay : NULL;
	struct logformat *format = NULL;
	struct stream stream;
	bool ok = true;

	atomic_store(&progress->begun, true);
	stream_open(&stream, &c->inputs->at[chunk->input]);
	stream.longest = c->memory;
	if (c->formats)
		progress->detected = detect_head(
			c->formats, stream_head(&stream), &format, &progress->complaint);
	if (format && !detect_number(c->formats, format, &first.format))
		relay = NULL;
	if (format || !c->formats)
		ok = count_lines(w, &stream, relay, first);
	note_end(progress, &stream);
	atomic_store(&progress->read, stream.read);
	atomic_store(&progress->ended, true);
	stream_close(&stream);
	return ok;
}

/* The parts that begin in a chunk, if there are any. */
static bool count_parts(struct worker *w, const struct chunk *chunk)
{
	const struct pool *c = w->pool;
	const struct input *in = &c->inputs->at[chunk->input];
	struct block first = {.chunk = chunk->index};
	size_t from = parts_from(&in->parts, chunk->from);
	size_t to = parts_from(&in->parts, chunk->to);
	struct stream stream;

	if (from == to)
		return true;
	if (c->formats)
		detect_number(c->formats, detect_at(c->formats, chunk->input, 0), &first.format);
	stream_open_parts(&stream, in, from, to);
	stream.longest = c->memory;
	bool ok = count_lines(w, &stream, w->passes ? c->relay : NULL, first);
	note_end(&c->progress[chunk->input], &stream);
	stream_close(&stream);
	return ok;
}

static bool count_chunk(struct worker *w, const struct chunk *chunk)
{
	const struct input *in = &w->pool->inputs->at[chunk->input];

	if (in->parts.n)
		return count_parts(w, chunk);
	if (input_is_stream(in))
		return count_stream(w, chunk);
	if (in->bytes.at && !atomic_load(&w->pool->progress[chunk->input].shrunk))
		return count_mapped(w, chunk);
	return count_piece(w, chunk);
}

/* Where a worker's tally takes the lines that are not counted. */
struct outbox {
	struct rejects *rejects;
	unsigned worker;
	size_t chunk;
	uint64_t before; /* lines of other chunks */
};

static bool send_rejects(void *to, uint64_t lines, const struct reject *rejects, size_t n)
{
	struct outbox *o = to;

	return rejects_add(o->rejects, o->worker, o->chunk, lines - o->before, rejects, n);
}

/* What was spilled needs the rest's memory to be put together in. */
static bool spill_rest(const struct pool *c, unsigned i)
{
	return !spill_bytes(c->spill[i]) ||
	       (spill_write(c->spill[i], c->table[i]) && table_reset(c->table[i]));
}

/* All chunks that can be had. */
static bool count_chunks(struct worker *w)
{
	const struct pool *c = w->pool;
	struct outbox outbox = {.rejects = c->rejects, .worker = w->number};
	struct chunk chunk;
	bool ok = true;

	w->state->gave_up.input = SIZE_MAX;
	w->tally.spill = c->spill[w->number];
	if (c->rejects) {
		w->tally.reject = send_rejects;
		w->tally.reject_ctx = &outbox;
		ok = rejects_begin(c->rejects, w->number);
	}
	while (ok && chunker_next(c->chunker, w->number + 1, &chunk)) {
		uint64_t before = w->tally.account.verdicts.lines;
		atomic_store_explicit(&w->state->chunk, chunk.index + 1, memory_order_relaxed);
		inputs_reading(&c->inputs->at[chunk.input]);
		outbox.chunk = chunk.index;
		outbox.before = before;
		ok = count_chunk(w, &chunk);
		if (!input_is_stream(&c->inputs->at[chunk.input]))
			w->done += chunk.to - chunk.from;
		sample(w, 0);
		if (ok && c->rejects)
			ok = rejects_end_chunk(c->rejects, w->number, chunk.index,
				w->tally.account.verdicts.lines - before);
	}
	if (ok && c->rejects)
		ok = rejects_end(c->rejects, w->number);
	w->tally.reject_ctx = NULL; /* the outbox ends here */
	return ok;
}

/* What others have read, until nobody reads any more. */
static bool count_blocks(struct worker *w)
{
	struct relay *relay = w->pool->relay;
	struct block block;
	int slot, error;
	bool ok = relay_leave(relay, w->number);

	while (ok && relay_receive(relay, &slot, &block, &error)) {
		atomic_store_explicit(&w->state->chunk, block.chunk + 1, memory_order_relaxed);
		ok = count_block(w, &block);
		relay_release(relay, slot);
		sample(w, 0);
	}
	if (ok)
		errno = error;
	return ok && !error;
}

static bool count_all(struct worker *w)
{
	const struct pool *c = w->pool;

	return count_chunks(w) && (!c->relay || count_blocks(w)) && spill_rest(c, w->number);
}

static const char *purpose_of_failed(const struct worker *w)
{
	const struct pool *c = w->pool;

	if (spill_has_failed(c->spill[w->number]))
		return "what does not fit in memory (see --memory in wf(1))";
	return c->rejects && rejects_has_failed(c->rejects, w->number) ? FOR_REJECTS : NULL;
}

struct worker worker_at(const struct pool *c, unsigned i)
{
	return (struct worker){.pool = c, .number = i, .state = &c->state[i]};
}

void worker_stop(struct worker *w)
{
	tally_close(&w->tally);
	seekable_close(&w->reader);
}

void worker_work(struct worker *w)
{
	const struct pool *c = w->pool;
	bool ok = tally_open(&w->tally, c->query, c->table[w->number]) && count_all(w);
	int why = errno;

	worker_stop(w);
	if (!ok) {
		w->state->purpose = purpose_of_failed(w);
		atomic_store(&w->state->error, why ? why : ENOMEM);
		return;
	}
	atomic_store_explicit(&w->state->chunk, 0, memory_order_relaxed);
	w->state->account = w->tally.account;
	/* Not before: whoever is killed between the two has not been counted. */
	atomic_store(&w->state->done, true);
}
