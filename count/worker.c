#include "count/worker.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

#include "lib/clock.h"

/* Tell the meter how much the worker has done.  `here` is the number of bytes, before decoding,
 * that the worker has counted in the current chunk. */
static void sample(const struct worker *w, uint64_t here)
{
	const struct pool *p = w->pool;
	const struct account *a = &w->tally.account;
	uint64_t lines = query_counts_lines(p->query) ? verdicts_read(&a->verdicts) : 0;

	if (p->meter)
		meter_sample(p->meter, w->number,
			&(struct progress_sample){
				w->done + here, a->bytes, lines, spill_bytes(p->spill[w->number])});
}

/* For each reason to leave out lines, *left_out has at most one line.  Note the place of each of
 * these lines in the worker's state, unless the state already has a place for the same reason.
 * `start` is the place where `lines` begins. */
static void note_left_out(struct worker *w, const struct left_out *left_out, struct place start,
	struct span lines, struct logformat *format)
{
	const struct {
		const char *line;
		struct place *first;
	} places[] = {{left_out->gave_up, &w->state->gave_up},
		{left_out->too_large, &w->state->too_large},
		{left_out->unparsed, &w->state->unparsed},
		{left_out->bad_time, &w->state->bad_time}};

	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		if (!places[i].line)
			continue;
		struct span before = span_between(lines.at, places[i].line);
		struct place place = start;
		place.offset += before.len;
		if (start.line)
			place.line += w->pool->scan->count(before, '\n');
		if (!place_note(places[i].first, place))
			continue;
		if (places[i].first == &w->state->unparsed)
			unfit_note(&w->state->unfit, format, places[i].line, span_end(lines));
		if (places[i].first == &w->state->bad_time)
			memcpy(w->state->time, left_out->time, sizeof w->state->time);
	}
}

/* Account for the bytes before the first line of an input that were skipped. */
static void note_skipped(struct worker *w, struct read_state *r, uint64_t mark, uint64_t hole)
{
	if (!query_has_period(w->pool->query))
		w->tally.account.bytes += mark + hole;
	r->skipped = mark + hole;
}

/* The next lines to be counted are those of this input. */
static void begin_lines(struct worker *w, size_t input)
{
	block_result_set_written(w->tally.result, w->pool->inputs->at[input].written);
}

/* --- Regular files ---------------------------------------------------------------- */

/* Count lines that begin at an offset in a chunk's input. */
static bool count_at(struct worker *w, const struct chunk *chunk, uint64_t at, struct span lines)
{
	struct formats *formats = w->pool->formats;
	struct logformat *format = formats ? detect_at(formats, chunk->input, at) : NULL;
	struct left_out left_out = {0};

	if (formats && !format)
		return false;
	begin_lines(w, chunk->input);
	bool ok = tally_lines(&w->tally, format, lines, &left_out);
	note_left_out(w, &left_out, (struct place){chunk->input, 0, at, 0}, lines, format);
	return ok;
}

/* Return true if the chunk is mapped, and the mapping can be used. */
static bool chunk_is_mapped(const struct worker *w, const struct chunk *chunk)
{
	const struct pool *p = w->pool;

	return p->inputs->at[chunk->input].bytes.at &&
	       !atomic_load(&p->reads[chunk->input].truncated);
}

/* How many chunks a worker counts to find out whether reading a log or using the log's mapping is
 * faster.  The answer depends on the machine, and on whether the page cache holds the log in large
 * or in single pages.  A log that a server has just written is in single pages, and reading it is
 * usually several times as fast. */
enum { TRIALS = 6 };

/* The measured time of a chunk: the time to bring the chunk's bytes into the cache.
 * The time to count the keys is not included, because it varies more: a table that grows takes more
 * time than one that has grown.  CPU time is measured, because it does not depend on what else the
 * machine is doing. */
struct trial {
	bool is_measured;
	double seconds;
};

static double trial_begin(const struct trial *t)
{
	return t->is_measured ? clock_cpu_seconds() : 0;
}

/* Load one byte of each cache line, and with it the whole line, into the cache. */
static void load_bytes(struct span bytes)
{
	enum { CACHE_LINE = 64 };
	volatile char loaded;

	for (size_t i = 0; i < bytes.len; i += CACHE_LINE)
		loaded = bytes.at[i];
	(void)loaded;
}

/* Add to the trial the time since trial_begin(), and the time to load these bytes. */
static void trial_end(struct trial *t, double begun, struct span bytes)
{
	if (!t->is_measured)
		return;
	load_bytes(bytes);
	t->seconds += clock_cpu_seconds() - begun;
}

static bool count_mapped(struct worker *w, const struct chunk *chunk, struct trial *t)
{
	const struct pool *p = w->pool;
	const char *start = p->inputs->at[chunk->input].bytes.at;
	double begun = trial_begin(t);
	struct span lines = chunker_lines(p->chunker, chunk);

	trial_end(t, begun, lines);
	return count_at(w, chunk, (uint64_t)(lines.at - start), lines);
}

static bool count_read(struct worker *w, const struct chunk *chunk, struct trial *t)
{
	const struct input *in = &w->pool->inputs->at[chunk->input];
	struct read_state *r = &w->pool->reads[chunk->input];
	bool ok = random_access_begin(&w->reader, in, chunk->from, chunk->to);
	struct span lines;
	uint64_t at;

	if (!ok && chunk_is_mapped(w, chunk))
		return count_mapped(w, chunk, t);
	for (;;) {
		double begun = trial_begin(t);
		if (!ok || !random_access_next(&w->reader, &lines, &at)) {
			r->ending.error = errno;
			return true; /* no reason to stop: the other inputs can be counted */
		}
		trial_end(t, begun, lines);
		if (w->reader.cut_short)
			atomic_store(&r->truncated, true);
		if (!lines.len)
			return true;
		if (!count_at(w, chunk, at, lines))
			return false;
	}
}

/* Return true if the worker is to use the mapping for its next chunk; false if it is to read the
 * chunk. */
static bool mapping_is_due(const struct worker *w)
{
	if (w->trials < TRIALS)
		return w->trials % 2;
	return w->best_mapped < w->best_read;
}

static bool count_regular(struct worker *w, const struct chunk *chunk)
{
	const struct inputs *all = w->pool->inputs;
	bool can_map = chunk_is_mapped(w, chunk);
	bool can_choose = can_map && inputs_may_read(all, &all->at[chunk->input]);
	bool maps = can_choose ? mapping_is_due(w) : can_map;
	struct trial trial = {.is_measured = can_choose && w->trials < TRIALS};

	bool ok = maps ? count_mapped(w, chunk, &trial) : count_read(w, chunk, &trial);
	if (trial.is_measured) {
		double *best = maps ? &w->best_mapped : &w->best_read;
		double took = trial.seconds / (double)(chunk->to - chunk->from);
		if (w->trials++ < 2 || took < *best)
			*best = took;
	}
	return ok;
}

/* --- Streams ---------------------------------------------------------------------- */

/* Count a block of a stream.  The block has the numbers of its lines, because a stream is read from
 * its first line. */
static bool count_block(struct worker *w, const struct block *block)
{
	const struct pool *p = w->pool;
	struct left_out left_out = {0};
	struct logformat *format = p->formats ? detect_numbered(p->formats, block->format) : NULL;
	struct chunk chunk = chunker_chunk(p->chunker, block->chunk);

	begin_lines(w, chunk.input);
	bool ok = tally_lines(&w->tally, format, block->lines, &left_out);
	if (left_out.gave_up || left_out.too_large || left_out.unparsed || left_out.bad_time) {
		note_left_out(w, &left_out,
			(struct place){chunk.input, chunk.from, block->offset, block->line + 1},
			block->lines, format);
	}
	return ok;
}

/* Return `slot` if the lines are in this slot.  If the lines were too long for the slot, release
 * the slot and return RELAY_NONE. */
static int slot_of(struct relay *relay, int slot, struct span lines)
{
	if (slot == RELAY_NONE || lines.at == relay_slot(relay, slot))
		return slot;
	relay_release(relay, slot);
	return RELAY_NONE;
}

/* Make the stream read on into a free slot, and return that slot.  If no slot is free, or if the
 * slot is too small, make the stream read on into its own buffer, and return RELAY_NONE. */
static int next_slot(struct relay *relay, struct stream *s, int current)
{
	int slot = relay ? relay_acquire(relay) : RELAY_NONE;

	if (slot != RELAY_NONE && stream_move(s, relay_slot(relay, slot), relay_room(relay)))
		return slot;
	if (slot != RELAY_NONE)
		relay_release(relay, slot);
	if (current != RELAY_NONE)
		stream_move(s, NULL, 0);
	return RELAY_NONE;
}

/* Read a stream to its end.  Blocks that are in a slot are passed on; other blocks are counted
 * here.  `block` is the first block, without its lines.  Before a slot is passed on, the stream
 * moves to another buffer, because it has already read bytes after the block into the slot. */
static bool count_lines(struct worker *w, struct stream *s, struct relay *relay, struct block block)
{
	const struct pool *p = w->pool;
	struct read_state *r = &p->reads[chunker_chunk(p->chunker, block.chunk).input];
	int slot = RELAY_NONE;
	bool ok = true;

	while (ok && stream_next(s, &block.lines)) {
		struct block current = block;
		atomic_store_explicit(&r->read, s->read, memory_order_relaxed);
		block.offset += current.lines.len;
		block.line += p->scan->count(current.lines, '\n');
		slot = slot_of(relay, slot, current.lines);
		int next = next_slot(relay, s, slot);
		ok = slot != RELAY_NONE ? relay_publish(relay, slot, &current)
					: count_block(w, &current);
		slot = next;
		sample(w, s->taken - s->raw.len);
	}
	w->done += s->taken;
	if (slot != RELAY_NONE)
		relay_release(relay, slot);
	return ok;
}

/* Note how a stream has ended.  If the stream is only some parts of a file, other workers read the
 * other parts.  In this case, note only the first error that any of the workers meets. */
static void note_end(struct read_state *r, const struct stream *s)
{
	if (s->parts_of && (s->end == STREAM_END || atomic_exchange(&r->failed, true)))
		return;
	r->ending = stream_ending(s);
}

/* Set how much memory a stream may use. */
static void limit_memory(const struct worker *w, struct stream *s)
{
	s->longest = w->pool->memory;
	s->decoding.quota = w->pool->decoders;
	s->decoding.user = w->number;
}

static void keep_first(void *ctx, const struct complaint *warning)
{
	char *first = ctx;

	if (!*first)
		memcpy(first, warning->text, sizeof warning->text);
}

/* Find the format of a stream from its first lines.  NULL if it is not known, or if the input lacks a
 * field of the query.  *ok becomes false if out of memory. */
static struct logformat *detect_stream(struct worker *w, size_t input, struct span head, bool *ok)
{
	const struct pool *p = w->pool;
	struct complaint *why = &p->complaints[input];
	struct logformat *format;

	p->reads[input].detected = detect_head(p->formats, head, &format, why);
	if (!format)
		return NULL;
	/* For the parent: a warning about an absent field, and the fields that are there. */
	why->text[0] = '\0';
	*ok = detect_warn_of_absent(p->formats, format, head, pool_input_name(p, input),
		&(struct warner){keep_first, why->text});
	snprintf(why->source, sizeof why->source, "%s", detect_present(p->formats));
	return format;
}

static bool count_stream(struct worker *w, const struct chunk *chunk)
{
	const struct pool *p = w->pool;
	struct read_state *r = &p->reads[chunk->input];
	struct block first = {.chunk = chunk->index};
	struct relay *relay = w->passes ? p->relay : NULL;
	struct logformat *format = NULL;
	struct stream stream;
	bool ok = true;

	atomic_store(&r->begun, true);
	stream_open(&stream, &p->inputs->at[chunk->input]);
	limit_memory(w, &stream);
	if (p->formats)
		format = detect_stream(w, chunk->input, stream_head(&stream), &ok);
	if (format && !detect_number(p->formats, format, &first.format))
		relay = NULL;
	if (ok && (format || !p->formats)) {
		ok = count_lines(w, &stream, relay, first);
		note_skipped(w, r, stream.mark_len, stream.hole);
	}
	note_end(r, &stream);
	atomic_store(&r->read, stream.read);
	atomic_store(&r->ended, true);
	stream_close(&stream);
	return ok;
}

/* Count the parts of a compressed file that begin in a chunk. */
static bool count_parts(struct worker *w, const struct chunk *chunk)
{
	const struct pool *p = w->pool;
	const struct input *in = &p->inputs->at[chunk->input];
	struct block block = {.chunk = chunk->index};
	size_t first = parts_from(&in->parts, chunk->from);
	size_t end = parts_from(&in->parts, chunk->to);
	struct stream stream;

	if (first == end)
		return true;
	if (p->formats)
		detect_number(p->formats, detect_at(p->formats, chunk->input, 0), &block.format);
	stream_open_parts(&stream, in, first, end);
	limit_memory(w, &stream);
	bool ok = count_lines(w, &stream, w->passes ? p->relay : NULL, block);
	if (!first)
		note_skipped(w, &p->reads[chunk->input], stream.mark_len, stream.hole);
	note_end(&p->reads[chunk->input], &stream);
	stream_close(&stream);
	return ok;
}

/* --- Chunks ----------------------------------------------------------------------- */

static bool count_chunk(struct worker *w, const struct chunk *chunk)
{
	const struct input *in = &w->pool->inputs->at[chunk->input];

	if (in->parts.n)
		return count_parts(w, chunk);
	if (input_is_stream(in))
		return count_stream(w, chunk);
	return count_regular(w, chunk);
}

/* Note on how many lines patterns have given up.  If there are now many such lines, warn once, or
 * wake the parent so that it warns.  False (errno) if giving up has taken more than STEPS_MOST
 * steps. */
static bool note_gave_up(void *worker, const struct verdicts *v)
{
	const struct worker *w = worker;
	bool many, ok = pool_note_gave_up(w->pool, w->state, v, &many);

	if (many && w->is_child)
		kill(w->pool->parent, SIGCHLD); /* wake the parent, so that it warns */
	else if (many)
		pool_warn_of_many(w->pool);
	errno = STEPS_EXCEEDED;
	return ok;
}

/* The context of send_rejects(): where a worker's tally sends the lines that are not counted. */
struct outbox {
	struct rejects *rejects;
	unsigned worker;
	size_t chunk;
	uint64_t before; /* number of lines that this worker has read in earlier chunks */
};

static bool send_rejects(void *ctx, uint64_t lines, const struct reject *rejects, size_t n)
{
	struct outbox *o = ctx;

	return rejects_add(o->rejects, o->worker, o->chunk, lines - o->before, rejects, n);
}

/* Count a chunk, and report it: in the worker's state, to the meter, and to the rejects. */
static bool do_chunk(struct worker *w, const struct chunk *chunk, struct outbox *outbox)
{
	const struct pool *p = w->pool;
	const struct input *in = &p->inputs->at[chunk->input];
	uint64_t before = verdicts_read(&w->tally.account.verdicts);

	atomic_store_explicit(&w->state->chunk, chunk->index + 1, memory_order_relaxed);
	inputs_reading(in);
	outbox->chunk = chunk->index;
	outbox->before = before;
	bool ok = count_chunk(w, chunk);
	if (!input_is_stream(in)) {
		w->done += chunk->to - chunk->from;
		if (chunk->from == in->window.from)
			note_skipped(w, &p->reads[chunk->input], in->mark_len, in->hole);
	}
	sample(w, 0);
	if (ok && p->rejects)
		ok = rejects_end_chunk(p->rejects, w->number, chunk->index,
			verdicts_read(&w->tally.account.verdicts) - before);
	return ok;
}

/* Count all chunks that this worker can get. */
static bool count_chunks(struct worker *w)
{
	const struct pool *p = w->pool;
	struct outbox outbox = {.rejects = p->rejects, .worker = w->number};
	struct chunk chunk;
	bool ok = true;

	w->state->gave_up.input = SIZE_MAX;
	w->state->too_large.input = SIZE_MAX;
	w->state->unparsed.input = SIZE_MAX;
	w->state->bad_time.input = SIZE_MAX;
	w->tally.gave_up = note_gave_up;
	w->tally.gave_up_ctx = w;
	w->tally.spill = p->spill[w->number];
	if (p->rejects) {
		w->tally.reject = send_rejects;
		w->tally.reject_ctx = &outbox;
		ok = rejects_begin(p->rejects, w->number);
	}
	while (ok && chunker_next(p->chunker, w->number + 1, &chunk))
		ok = do_chunk(w, &chunk, &outbox);
	if (ok && p->rejects)
		ok = rejects_end(p->rejects, w->number);
	w->tally.reject_ctx = NULL; /* `outbox` goes out of scope */
	return ok;
}

/* Count blocks that other workers have read, until no worker reads streams any more. */
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

/* If worker i has spilled keys before, spill the rest of its table, too, because the table's memory
 * is needed to merge the spilled keys. */
static bool spill_rest(const struct pool *p, unsigned i)
{
	return !spill_bytes(p->spill[i]) ||
	       (spill_write(p->spill[i], p->table[i]) && table_reset(p->table[i]));
}

static bool count_all(struct worker *w)
{
	const struct pool *p = w->pool;

	return count_chunks(w) && (!p->relay || count_blocks(w)) && spill_rest(p, w->number);
}

/* Return the purpose of the file that could not be written; NULL if something else failed. */
static const char *purpose_of_failed(const struct worker *w)
{
	const struct pool *p = w->pool;

	if (spill_has_failed(p->spill[w->number]))
		return "counts that do not fit in memory (see --memory in wf(1))";
	return p->rejects && rejects_has_failed(p->rejects, w->number) ? FOR_REJECTS : NULL;
}

struct worker worker_new(const struct pool *p, unsigned number)
{
	return (struct worker){.pool = p, .number = number, .state = &p->workers[number]};
}

void worker_stop(struct worker *w)
{
	tally_close(&w->tally);
	random_access_close(&w->reader);
}

void worker_work(struct worker *w)
{
	const struct pool *p = w->pool;
	bool ok = tally_open(&w->tally, p->query, p->table[w->number]) && count_all(w);
	int saved = errno;

	if (ok) {
		w->state->met_no_zone = w->tally.result->record.times.met_no_zone;
		w->state->met_other_zone = w->tally.result->record.times.met_other_zone;
	}
	worker_stop(w);
	if (!ok) {
		w->state->purpose = purpose_of_failed(w);
		atomic_store(&w->state->error, saved ? saved : ENOMEM);
		return;
	}
	atomic_store_explicit(&w->state->chunk, 0, memory_order_relaxed);
	w->state->account = w->tally.account;
	/* This must be the last store.  If the worker is killed before this store, nothing that the
	 * worker has counted is used. */
	atomic_store(&w->state->done, true);
}
