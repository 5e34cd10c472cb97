/* Who holds what:
 *
 *	crew		the parent's, copied to each child by the fork
 *	crew.desk[i]	shared memory, written by worker i only: what it is at, and in
 *			the end its account
 *	crew.progress[]	shared memory, one an input, written by whoever reads it
 *	crew.table[i]	shared memory, written by worker i only
 *	crew.spill[i]	a file without a name, likewise
 *	chunker		shared memory, written by all, atomically
 *	relay		shared memory: blocks of streams, on their way from one to another
 *
 * The parent reads a desk and a table when their worker is done.  If a worker dies
 * instead, the parent makes its table empty, gives its chunks back and forks another
 * at the same desk.  Chunks know whose they are, so nothing is lost or counted twice,
 * whenever the worker died.  Once blocks of a stream have gone from one worker to another,
 * nobody's table stands alone, and all begin again.
 *
 * The parent takes its signals one by one, see lib/waiting.h.  With a meter it wakes up to
 * paint meanwhile, and so has even a single worker forked.
 */
#include "workers.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "lib/die.h"
#include "lib/tempfile.h"
#include "reader.h"
#include "relay.h"
#include "stream.h"

enum {
	PIECE = 1 << 20,  /* bytes read at once, to count lines */
	CHUNK_DEATHS = 3, /* workers that one chunk may kill */
	ALL_DEATHS = 128, /* workers that may die in one run */

	BLOCK = 256 << 10,    /* bytes of a stream that are passed on at once */
	ONE_BLOCK = 64 << 10, /* what is compressed to less is not worth it */
};

/* Where the first line is over which a pattern gave up. */
struct place {
	size_t input;
	uint64_t from;         /* of a part: where its chunk begins, which offset and line are in */
	uint64_t offset, line; /* line is 0 if it is not known yet */
};

struct desk {
	atomic_size_t chunk; /* index + 1 of the chunk it is at, 0 at none */
	atomic_bool done;    /* set after all else has been written */
	const char *purpose; /* of a file in $TMPDIR that the error is about, else NULL */
	atomic_int error;    /* errno that made it stop */
	struct account account;
	struct place gave_up; /* if account.verdicts.gave_up */
};

/* How far an input was read. */
struct progress {
	atomic_bool shrunk; /* it has become smaller: is not looked at as mapped any more */
	/* Of a stream: */
	atomic_bool begun, ended;   /* set before the first byte is taken, after the last */
	atomic_uint_least64_t read; /* bytes */
	enum stream_end end;
	int error;
	const struct compression *compression;
	struct problem problem; /* its format can't be told: it is not counted */
};

struct crew {
	struct query *query;
	const struct scan *scan;
	const struct inputs *inputs;
	struct chunker *chunker;
	struct formats *formats;
	struct rejects *rejects;
	struct relay *relay; /* NULL: there is nothing to pass on */
	unsigned n;          /* desks */
	struct desk *desk;
	struct progress *progress; /* one an input */
	struct table **table;
	struct spill **spill;
	uint64_t seed, memory; /* of all tables */
	pid_t *pid;            /* of the worker at each desk, 0 if there is none */
	pid_t parent;
	struct waiting waiting;  /* the parent, for them and for signals */
	struct meter *meter;     /* NULL: nobody looks */
	const struct feed *feed; /* NULL: the chunks are all there */
	bool forks;              /* or the parent is the only worker */
	size_t deaths;
	size_t death_at[ALL_DEATHS]; /* desk.chunk of each */
};

/* --- A worker ------------------------------------------------------------------ */

/* What it has at hand. */
struct work {
	const struct crew *crew;
	unsigned number;
	struct desk *desk;
	struct tally tally;
	struct reader reader;
	bool passes;   /* blocks on to others */
	uint64_t done; /* bytes of the inputs, as packed as they are, in chunks that it is done with
			*/
};

/* Tell how far it is, and has got in its chunk. */
static void tick(const struct work *w, uint64_t here)
{
	const struct crew *c = w->crew;
	const struct account *a = &w->tally.account;
	uint64_t lines = query_counts_lines(c->query) ? a->verdicts.lines : 0;

	if (c->meter)
		meter_tick(c->meter, w->number,
			&(struct tick){
				w->done + here, a->bytes, lines, spill_bytes(c->spill[w->number])});
}

static bool is_before(const struct place *a, const struct place *b)
{
	if (a->input != b->input)
		return a->input < b->input;
	return a->from != b->from ? a->from < b->from : a->offset < b->offset;
}

static void note_gave_up(struct desk *d, struct place place)
{
	if (is_before(&place, &d->gave_up))
		d->gave_up = place;
}

static struct logformat *format_at(const struct crew *c, const struct chunk *chunk, uint64_t offset)
{
	return c->formats ? formats_at(c->formats, chunk->input, offset) : NULL;
}

static bool count_mapped(struct work *w, const struct chunk *chunk)
{
	const struct crew *c = w->crew;
	const char *gave_up = NULL, *start = c->inputs->at[chunk->input].bytes.at;
	struct span lines = chunker_lines(c->chunker, chunk);
	struct logformat *format = format_at(c, chunk, (uint64_t)(lines.at - start));

	bool ok = tally_lines(&w->tally, format, lines, &gave_up);
	if (gave_up)
		note_gave_up(
			w->desk, (struct place){chunk->input, 0, (uint64_t)(gave_up - start), 0});
	return ok;
}

static bool count_piece(struct work *w, const struct chunk *chunk)
{
	const struct input *in = &w->crew->inputs->at[chunk->input];
	struct progress *progress = &w->crew->progress[chunk->input];
	const char *gave_up = NULL;
	struct span lines;
	uint64_t at;

	if (!reader_lines(&w->reader, in, chunk->from, chunk->to, &lines, &at)) {
		progress->error = errno;
		return true; /* the other inputs are counted all the same */
	}
	if (w->reader.cut_short)
		atomic_store(&progress->shrunk, true);
	bool ok = tally_lines(&w->tally, format_at(w->crew, chunk, at), lines, &gave_up);
	if (gave_up)
		note_gave_up(w->desk,
			(struct place){chunk->input, 0, at + (uint64_t)(gave_up - lines.at), 0});
	return ok;
}

/* Lines of a stream.  A line's number is known here, since it is read from its first one. */
static bool count_block(struct work *w, const struct block *block)
{
	const struct crew *c = w->crew;
	const char *gave_up = NULL;
	struct logformat *format = c->formats ? formats_numbered(c->formats, block->format) : NULL;

	bool ok = tally_lines(&w->tally, format, block->lines, &gave_up);
	if (gave_up) {
		struct span before = span_between(block->lines.at, gave_up);
		struct chunk chunk = chunker_chunk(c->chunker, block->chunk);
		note_gave_up(
			w->desk, (struct place){chunk.input, chunk.from, block->offset + before.len,
					 block->line + c->scan->count(before, '\n') + 1});
	}
	return ok;
}

/* A slot that was too small for a line is not used. */
static int slot_of(struct relay *relay, int slot, struct span lines)
{
	if (slot == RELAY_NONE || lines.at == relay_slot(relay, slot))
		return slot;
	relay_give_back(relay, slot);
	return RELAY_NONE;
}

/* Where a stream goes on: in a slot, if one is free that has room enough. */
static int next_slot(struct relay *relay, struct stream *s, int now)
{
	int slot = relay ? relay_take(relay) : RELAY_NONE;

	if (slot != RELAY_NONE && stream_move(s, relay_slot(relay, slot), relay_room(relay)))
		return slot;
	if (slot != RELAY_NONE)
		relay_give_back(relay, slot);
	if (now != RELAY_NONE)
		stream_move(s, NULL, 0);
	return RELAY_NONE;
}

/* Read a stream to its end, and count its lines, or have them counted: before a slot's block is
 * passed on, what the stream has behind it is taken elsewhere. */
static bool count_lines(struct work *w, struct stream *s, struct relay *relay, struct block block)
{
	struct progress *progress =
		&w->crew->progress[chunker_chunk(w->crew->chunker, block.chunk).input];
	int slot = RELAY_NONE;
	bool ok = true;

	while (ok && stream_next(s, &block.lines)) {
		struct block now = block;
		atomic_store_explicit(&progress->read, s->read, memory_order_relaxed);
		block.offset += now.lines.len;
		block.line += w->crew->scan->count(now.lines, '\n');
		slot = slot_of(relay, slot, now.lines);
		int next = next_slot(relay, s, slot);
		ok = slot != RELAY_NONE ? relay_pass(relay, slot, &now) : count_block(w, &now);
		slot = next;
		tick(w, s->taken - s->raw.len);
	}
	w->done += s->taken;
	if (slot != RELAY_NONE)
		relay_give_back(relay, slot);
	return ok;
}

/* Take note of how reading ended.  Of what has parts, the first trouble is told. */
static void note_end(struct progress *p, const struct stream *s)
{
	if (s->parts_of && s->end == STREAM_END)
		return;
	p->end = s->end;
	p->error = s->error;
	p->compression = s->compression;
}

static bool count_stream(struct work *w, const struct chunk *chunk)
{
	const struct crew *c = w->crew;
	struct progress *progress = &c->progress[chunk->input];
	struct block first = {.chunk = chunk->index};
	struct relay *relay = w->passes ? c->relay : NULL;
	struct logformat *format = NULL;
	struct stream stream;
	bool ok = true;

	atomic_store(&progress->begun, true);
	stream_open(&stream, &c->inputs->at[chunk->input]);
	stream.longest = c->memory;
	if (c->formats)
		format = formats_of(c->formats, stream_head(&stream), &progress->problem);
	if (format && !formats_number(c->formats, format, &first.format))
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
static bool count_parts(struct work *w, const struct chunk *chunk)
{
	const struct crew *c = w->crew;
	const struct input *in = &c->inputs->at[chunk->input];
	struct block first = {.chunk = chunk->index};
	size_t from = parts_behind(&in->parts, chunk->from);
	size_t to = parts_behind(&in->parts, chunk->to);
	struct stream stream;

	if (from == to)
		return true;
	if (c->formats)
		formats_number(c->formats, formats_at(c->formats, chunk->input, 0), &first.format);
	stream_open_parts(&stream, in, from, to);
	stream.longest = c->memory;
	bool ok = count_lines(w, &stream, w->passes ? c->relay : NULL, first);
	note_end(&c->progress[chunk->input], &stream);
	stream_close(&stream);
	return ok;
}

static bool count_chunk(struct work *w, const struct chunk *chunk)
{
	const struct input *in = &w->crew->inputs->at[chunk->input];

	if (in->parts.n)
		return count_parts(w, chunk);
	if (input_is_stream(in))
		return count_stream(w, chunk);
	if (in->bytes.at && !atomic_load(&w->crew->progress[chunk->input].shrunk))
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
static bool spill_rest(const struct crew *c, unsigned i)
{
	return !spill_bytes(c->spill[i]) ||
	       (spill_write(c->spill[i], c->table[i]) && table_reset(c->table[i]));
}

/* All chunks that can be had. */
static bool count_chunks(struct work *w)
{
	const struct crew *c = w->crew;
	struct outbox outbox = {.rejects = c->rejects, .worker = w->number};
	struct chunk chunk;
	bool ok = true;

	w->desk->gave_up.input = SIZE_MAX;
	w->tally.spill = c->spill[w->number];
	if (c->rejects) {
		w->tally.reject = send_rejects;
		w->tally.reject_to = &outbox;
		ok = rejects_begin(c->rejects, w->number);
	}
	while (ok && chunker_next(c->chunker, w->number + 1, &chunk)) {
		uint64_t before = w->tally.account.verdicts.lines;
		atomic_store_explicit(&w->desk->chunk, chunk.index + 1, memory_order_relaxed);
		inputs_reading(&c->inputs->at[chunk.input]);
		outbox.chunk = chunk.index;
		outbox.before = before;
		ok = count_chunk(w, &chunk);
		if (!input_is_stream(&c->inputs->at[chunk.input]))
			w->done += chunk.to - chunk.from;
		tick(w, 0);
		if (ok && c->rejects)
			ok = rejects_end_chunk(c->rejects, w->number, chunk.index,
				w->tally.account.verdicts.lines - before);
	}
	if (ok && c->rejects)
		ok = rejects_end(c->rejects, w->number);
	w->tally.reject_to = NULL; /* the outbox ends here */
	return ok;
}

/* What others have read, until nobody reads any more. */
static bool count_blocks(struct work *w)
{
	struct relay *relay = w->crew->relay;
	struct block block;
	int slot, error;
	bool ok = relay_leave(relay, w->number);

	while (ok && relay_next(relay, &slot, &block, &error)) {
		atomic_store_explicit(&w->desk->chunk, block.chunk + 1, memory_order_relaxed);
		ok = count_block(w, &block);
		relay_give_back(relay, slot);
		tick(w, 0);
	}
	if (ok)
		errno = error;
	return ok && !error;
}

static bool count_all(struct work *w)
{
	const struct crew *c = w->crew;

	return count_chunks(w) && (!c->relay || count_blocks(w)) && spill_rest(c, w->number);
}

static const char for_rejects[] = "the lines of --unmatched";

static const char *purpose_of_failed(const struct work *w)
{
	const struct crew *c = w->crew;

	if (spill_has_failed(c->spill[w->number]))
		return "what does not fit in memory (see --memory in wf(1))";
	return c->rejects && rejects_has_failed(c->rejects, w->number) ? for_rejects : NULL;
}

/* All that a worker does.  In the end its desk is done, or tells why not. */
static void work(struct work *w)
{
	const struct crew *c = w->crew;
	bool ok = tally_open(&w->tally, c->query, c->table[w->number]) && count_all(w);
	int why = errno;

	tally_close(&w->tally);
	reader_close(&w->reader);
	if (!ok) {
		w->desk->purpose = purpose_of_failed(w);
		atomic_store(&w->desk->error, why ? why : ENOMEM);
		return;
	}
	atomic_store_explicit(&w->desk->chunk, 0, memory_order_relaxed);
	w->desk->account = w->tally.account;
	/* Not before: whoever is killed between the two has not been counted. */
	atomic_store(&w->desk->done, true);
}

static struct work work_at(const struct crew *c, unsigned i)
{
	return (struct work){.crew = c, .number = i, .desk = &c->desk[i]};
}

/* --- The parent ---------------------------------------------------------------- */

/* Memory for desks and progress that children share; 0 at first. */
static bool share(struct crew *c)
{
	size_t desks = c->n * sizeof *c->desk;
	size_t size = desks + c->inputs->n * sizeof *c->progress;
	char *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		return false;
	c->desk = (struct desk *)(void *)at;
	c->progress = (struct progress *)(void *)(at + desks);
	return true;
}

/* Secret enough that nobody can aim a log at the table. */
static uint64_t random_seed(void)
{
	uint64_t seed;

	if (getentropy(&seed, sizeof seed) == 0)
		return seed;
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_nsec * UINT64_C(0x9e3779b97f4a7c15) ^ (uint64_t)getpid() << 32 ^
	       (uintptr_t)&now;
}

/* A worker's part of the memory, but for what it needs besides. */
static uint64_t budget(const struct crew *c)
{
	uint64_t part = c->memory / 8 * 7 / c->n, besides = 1 << 20;

	return part > 2 * besides ? part - besides : part / 2 + 1;
}

static bool open_table(struct crew *c, unsigned i)
{
	struct table_spec spec = {.between_processes = c->forks,
		.sums = query_sums(c->query),
		.seed = c->seed,
		.budget = budget(c)};

	c->spill[i] = spill_new(c->forks);
	c->table[i] = c->spill[i] ? table_new(&spec) : NULL;
	if (c->table[i])
		return true;
	spill_free(c->spill[i]);
	c->spill[i] = NULL;
	return false;
}

static void close_tables(struct crew *c)
{
	for (unsigned i = 0; i < c->n; i++) {
		table_free(c->table[i]);
		spill_free(c->spill[i]);
		c->table[i] = NULL;
		c->spill[i] = NULL;
	}
}

/* A table for each; as many workers as tables can be had for. */
static bool open_tables(struct crew *c)
{
	for (unsigned i = 0; i < c->n && c->forks; i++)
		if (!open_table(c, i))
			c->n = i;
	if (c->n > 1 || (c->n && c->forks))
		return true;
	/* Alone, with memory that need not be shared. */
	close_tables(c);
	c->n = 1;
	c->forks = false;
	return open_table(c, 0);
}

/* Ctrl-C goes to the whole process group: it is the parent who answers. */
static void become_worker(const struct crew *c)
{
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
	signal(SIGBUS, SIG_DFL); /* the parent will see it, and forks another */
	waiting_end(&c->waiting);
#ifdef __linux__
	prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
	if (getppid() != c->parent)
		_exit(STATUS_ERROR);
}

/* One that replaces another passes nothing on: those who would take it may have left. */
static bool fork_worker(struct crew *c, unsigned i, bool replaces)
{
	pid_t pid = fork();

	if (pid < 0)
		return false;
	if (pid == 0) {
		become_worker(c);
		struct work w = work_at(c, i);
		w.passes = !replaces;
		work(&w);
		_exit(0);
	}
	c->pid[i] = pid;
	return true;
}

static void kill_all(struct crew *c)
{
	for (unsigned i = 0; i < c->n; i++)
		if (c->pid[i])
			kill(c->pid[i], SIGKILL);
	for (unsigned i = 0; i < c->n; i++) {
		while (c->pid[i] && waitpid(c->pid[i], NULL, 0) < 0 && errno == EINTR)
			;
		c->pid[i] = 0;
	}
}

static const char *name_of(const struct crew *c, size_t input)
{
	return c->inputs->at[input].name;
}

/* How a worker came to its end, in words. */
static const char *cause(int status)
{
	return WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : "it left";
}

static bool is_lost(const struct progress *p)
{
	bool empty = atomic_load(&p->ended) && !atomic_load(&p->read);

	return atomic_load(&p->begun) && !empty;
}

static void say_lost(const struct crew *c, size_t input, int status)
{
	warn("%s: the worker that read it died (%s) after %llu bytes, which can't be read again",
		name_of(c, input), cause(status),
		(unsigned long long)atomic_load(&c->progress[input].read));
}

/* A stream's bytes are gone with the worker that had read them, and with any if it passed
 * them on. */
static bool lost_a_stream(const struct crew *c, unsigned i, int status)
{
	bool passed = c->relay && relay_was_used(c->relay);

	for (size_t k = 0; k < chunker_chunks(c->chunker); k++) {
		if (!passed && chunker_owner(c->chunker, k) != i + 1)
			continue;
		size_t input = chunker_chunk(c->chunker, k).input;
		/* A regular file can be read, and decoded, again. */
		if (c->inputs->at[input].fd < 0 || !is_lost(&c->progress[input]))
			continue;
		say_lost(c, input, status);
		return true;
	}
	return false;
}

static bool chunk_is_deadly(struct crew *c, size_t chunk, int status)
{
	size_t deaths = 0;

	for (size_t k = 0; k < c->deaths; k++)
		deaths += c->death_at[k] == chunk;
	if (!chunk || deaths < CHUNK_DEATHS)
		return false;
	struct chunk at = chunker_chunk(c->chunker, chunk - 1);
	if (input_is_stream(&c->inputs->at[at.input]))
		warn("%s: %d workers died over it (%s)", name_of(c, at.input), CHUNK_DEATHS,
			cause(status));
	else
		warn("%s: bytes %llu to %llu: %d workers died over them (%s)", name_of(c, at.input),
			(unsigned long long)at.from, (unsigned long long)at.to, CHUNK_DEATHS,
			cause(status));
	return true;
}

/* The input of that chunk was mapped, and its bytes are gone: what is left of them can be
 * read, but not looked at.  False if it is not so. */
static bool note_shrunk(const struct crew *c, size_t chunk)
{
	size_t input = chunk ? chunker_chunk(c->chunker, chunk - 1).input : 0;
	const struct input *in = &c->inputs->at[input];

	if (!chunk || !in->bytes.at || input_fate(in) == INPUT_SAME)
		return false;
	atomic_store(&c->progress[input].shrunk, true);
	return true;
}

static bool is_bus_error(int status)
{
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS;
}

/* Forget what a worker has counted, and give its chunks back. */
static bool forget(struct crew *c, unsigned i)
{
	memset(&c->desk[i], 0, sizeof c->desk[i]);
	meter_tick(c->meter, i, &(struct tick){0});
	if (!table_reset(c->table[i]) || !spill_reset(c->spill[i])) {
		warn("workers: %s", strerror(errno));
		return false;
	}
	chunker_give_back(c->chunker, i + 1);
	return true;
}

/* Put another at a desk.  If there is none to be had, the parent does its work in the end. */
static bool send_in(struct crew *c, unsigned i, bool replaces)
{
	if (fork_worker(c, i, replaces) || !c->relay)
		return true;
	return relay_leave(c->relay, i);
}

/* Blocks of streams have gone from one worker to another: all of them begin again. */
static bool begin_again(struct crew *c)
{
	kill_all(c);
	if (!relay_reset(c->relay, c->n)) {
		warn("workers: %s", strerror(errno));
		return false;
	}
	for (size_t i = 0; i < c->inputs->n; i++) {
		atomic_store(&c->progress[i].begun, false);
		atomic_store(&c->progress[i].ended, false);
		c->progress[i].end = STREAM_END;
	}
	for (unsigned i = 0; i < c->n; i++)
		if (!forget(c, i))
			return false;
	for (unsigned i = 0; i < c->n; i++)
		if (!send_in(c, i, false))
			return false;
	return true;
}

/* A worker died: forget what it counted and let another count it.  False, with a
 * message, if that can't end well. */
static bool replace(struct crew *c, unsigned i, int status)
{
	size_t chunk = atomic_load(&c->desk[i].chunk);

	if (lost_a_stream(c, i, status))
		return false;
	if (is_bus_error(status))
		note_shrunk(c, chunk);
	c->death_at[c->deaths++] = chunk;
	if (chunk_is_deadly(c, chunk, status))
		return false;
	if (c->deaths == ALL_DEATHS) {
		warn("workers: %d of them died (the last: %s)", ALL_DEATHS, cause(status));
		return false;
	}
	if (c->relay && relay_was_used(c->relay))
		return begin_again(c);
	return forget(c, i) && send_in(c, i, true);
}

static bool failed(const struct crew *c, unsigned i)
{
	int error = atomic_load(&c->desk[i].error);

	if (error == EOVERFLOW)
		warn("%s %s: a number of more than 64 bits", query_sum(c->query).where,
			query_sum(c->query).text);
	else if (error && c->desk[i].purpose)
		warn("%s: %s, for %s", tempfile_folder(), strerror(error), c->desk[i].purpose);
	else if (error)
		warn("counting: %s", strerror(error));
	return error != 0;
}

/* Take note of a child's end.  False if the run can't go on. */
static bool bury(struct crew *c, pid_t pid, int status)
{
	unsigned i = 0;

	while (i < c->n && c->pid[i] != pid)
		i++;
	if (i == c->n)
		return true; /* a child that we have from before an exec */
	c->pid[i] = 0;
	if (failed(c, i))
		return false;
	return atomic_load(&c->desk[i].done) || replace(c, i, status);
}

static unsigned alive(const struct crew *c)
{
	unsigned n = 0;

	for (unsigned i = 0; i < c->n; i++)
		n += c->pid[i] != 0;
	return n;
}

enum { FEED_EACH = 2 }; /* milliseconds */

/* See that there is something to do; a signal, or 0. */
static int feed_and_wait(const struct crew *c)
{
	c->feed->call(c->feed->of, c->chunker);
	return waiting_next_within(&c->waiting, FEED_EACH);
}

/* Until no worker is left.  0, the signal that ended it, or -1 after a message. */
static int watch(struct crew *c)
{
	int status;
	pid_t pid;

	for (unsigned n; (n = alive(c));) {
		meter_note_workers(c->meter, n);
		int signal_number = c->feed ? feed_and_wait(c) : meter_wait(c->meter, &c->waiting);
		if (signal_number && signal_number != SIGCHLD) {
			kill_all(c);
			return signal_number;
		}
		while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
			if (!bury(c, pid, status)) {
				kill_all(c);
				return -1;
			}
		}
	}
	return 0;
}

/* Fork the crew, as many as can be had. */
static int work_in_children(struct crew *c)
{
	c->parent = getpid();
	waiting_begin(&c->waiting);
	unsigned forked = 0;
	while (forked < c->n && fork_worker(c, forked, false))
		forked++;
	for (unsigned i = forked; c->relay && i < c->n; i++)
		relay_leave(c->relay, i);
	if (!forked && c->feed) {
		warn("workers: %s", strerror(errno));
		waiting_end(&c->waiting);
		return -1;
	}
	/* The tables of those that could not be forked stay empty; one desk is kept
	 * for the parent if there is nobody else. */
	c->n = forked ? forked : 1;
	int ended = watch(c);
	waiting_end(&c->waiting);
	return ended;
}

/* Begin again at the same desk, after a load from a mapped file has failed. */
static bool start_again(struct crew *c, struct work *w)
{
	tally_close(&w->tally);
	reader_close(&w->reader);
	bool ok = note_shrunk(c, atomic_load(&w->desk->chunk)) && forget(c, w->number);
	if (!ok)
		warn("counting: %s", strsignal(SIGBUS));
	return ok;
}

/* Do a desk's work here, again from the start when an input turns out to have become
 * smaller: the load that failed jumps back to where nothing was counted. */
static bool work_here(struct crew *c, unsigned i)
{
	struct work *w = malloc(sizeof *w); /* of a known value after a jump, unlike a local */
	sigjmp_buf again;
	volatile bool ok = true;

	if (!w) {
		warn("workers: %s", strerror(errno));
		return false;
	}
	if (sigsetjmp(again, 1))
		ok = start_again(c, w);
	inputs_guard(ok ? &again : NULL);
	if (ok) {
		*w = work_at(c, i);
		work(w);
	}
	inputs_guard(NULL);
	free(w);
	return ok && !failed(c, i);
}

/* Desks that nobody could be forked for are the parent's own. */
static bool work_in_parent(struct crew *c)
{
	relay_free(c->relay); /* nobody else is there */
	c->relay = NULL;
	inputs_guard(NULL);
	for (unsigned i = 0; i < c->n; i++)
		if (!atomic_load(&c->desk[i].done) && !work_here(c, i))
			return false;
	return true;
}

/* See what the workers have left.  It is the result's from now on. */
static bool collect(struct crew *c, struct counts *counts)
{
	*counts = (struct counts){.tables = c->table,
		.spills = c->spill,
		.n = c->n,
		.sums = query_sums(c->query),
		.seed = c->seed,
		.memory = c->memory,
		.meter = c->meter};
	c->table = NULL;
	c->spill = NULL;
	for (unsigned i = 0; i < c->n; i++)
		if (!table_follow(counts->tables[i]) || !spill_follow(counts->spills[i]))
			return false;
	return true;
}

/* What is missing of a regular file that was written to otherwise than at its end. */
static bool say_fate(const char *name, const struct input *in, const struct progress *p)
{
	enum input_fate fate = input_fate(in);

	if (atomic_load(&p->shrunk) || fate == INPUT_SHRUNK)
		warn("%s: became smaller while it was counted: what it lost may be missing", name);
	else if (fate == INPUT_OVERWRITTEN)
		warn("%s: was overwritten while it was counted", name);
	else
		return false;
	return true;
}

/* What was not read. */
static bool say_end(const char *name, const struct input *in, const struct progress *p)
{
	char so[64];

	if (in->parts.n && (p->end == STREAM_CORRUPT || p->end == STREAM_CUT_OFF)) {
		warn("%s: corrupt %s data in a part of it, which is not all counted", name,
			p->compression->name);
		return true;
	}
	if (p->error && p->end == STREAM_END) {
		warn("%s: %s", name, strerror(p->error));
		return true;
	}
	snprintf(so, sizeof so, "; counted are the %llu bytes before",
		(unsigned long long)atomic_load(&p->read));
	return stream_tell(name, p->end, p->error, p->compression, so);
}

static bool say_input_errors(const struct crew *c)
{
	bool any = false;

	for (size_t i = 0; i < c->inputs->n; i++) {
		problem_tell(name_of(c, i), &c->progress[i].problem);
		any |= c->progress[i].problem.kind != PROBLEM_NONE;
		any |= say_end(name_of(c, i), &c->inputs->at[i], &c->progress[i]);
		any |= say_fate(name_of(c, i), &c->inputs->at[i], &c->progress[i]);
	}
	return any;
}

static uint64_t lines_before(const struct crew *c, const struct input *in, uint64_t offset)
{
	struct reader reader = {0};
	struct span bytes;
	uint64_t lines = 0;

	inputs_reading(in);
	for (uint64_t at = 0; at < offset; at += bytes.len) {
		uint64_t to = offset - at > PIECE ? at + PIECE : offset;
		if (in->bytes.at)
			bytes = span_of(in->bytes.at + at, (size_t)(to - at));
		else if (!reader_bytes(&reader, in, at, to, &bytes) || !bytes.len)
			break;
		lines += c->scan->count(bytes, '\n');
	}
	reader_close(&reader);
	return lines;
}

/* Its line and offset are in a chunk: from now on, in the whole. */
static void add_parts_before(const struct crew *c, struct place *at)
{
	const struct input *in = &c->inputs->at[at->input];
	size_t to = parts_behind(&in->parts, at->from);
	struct stream stream;
	struct span lines;

	if (!to)
		return;
	stream_open_parts(&stream, in, 0, to);
	while (stream_next(&stream, &lines)) {
		at->offset += lines.len;
		at->line += c->scan->count(lines, '\n');
	}
	stream_close(&stream);
}

static bool say_gave_up(const struct crew *c, const struct account *account)
{
	struct desk first = {.gave_up.input = SIZE_MAX};
	struct place *at = &first.gave_up;

	if (!account->verdicts.gave_up)
		return false;
	for (unsigned i = 0; i < c->n; i++)
		if (c->desk[i].account.verdicts.gave_up)
			note_gave_up(&first, c->desk[i].gave_up);
	if (!at->line)
		at->line = lines_before(c, &c->inputs->at[at->input], at->offset) + 1;
	if (at->from)
		add_parts_before(c, at);
	warn("%s: line %llu, byte %llu: the pattern takes too many steps to match here; "
	     "%llu line%s given up (see CAVEATS in wf(1))",
		name_of(c, at->input), (unsigned long long)at->line, (unsigned long long)at->offset,
		(unsigned long long)account->verdicts.gave_up,
		account->verdicts.gave_up == 1 ? "" : "s");
	return true;
}

/* A stream lacks a field that is asked for: known only now, but a mistake all the same. */
static bool is_misread(const struct crew *c)
{
	for (size_t i = 0; i < c->inputs->n; i++) {
		const struct problem *p = &c->progress[i].problem;
		if (p->kind != PROBLEM_NO_FIELD && p->kind != PROBLEM_MEMORY)
			continue;
		problem_tell(name_of(c, i), p);
		return true;
	}
	return false;
}

static void add_up(struct crew *c, struct result *r)
{
	bool ok = collect(c, &r->counts);

	if (!ok)
		warn("counts: %s", strerror(errno));
	if (!ok || is_misread(c)) {
		counts_free(&r->counts);
		return;
	}
	r->workers = c->n;
	for (unsigned i = 0; i < c->n; i++)
		account_add(&r->account, &c->desk[i].account);
	/* Both, not the first only. */
	r->lossy = say_input_errors(c);
	r->lossy |= say_gave_up(c, &r->account);
}

static void crew_free(struct crew *c, unsigned desks)
{
	if (c->desk)
		munmap(c->desk, desks * sizeof *c->desk + c->inputs->n * sizeof *c->progress);
	for (unsigned i = 0; c->table && c->spill && i < desks; i++) {
		table_free(c->table[i]);
		spill_free(c->spill[i]);
	}
	relay_free(c->relay);
	free(c->table);
	free(c->spill);
	free(c->pid);
}

/* True if there is a stream that several can count.  Lines that are not counted are told in
 * their order, which only one reader of a stream knows. */
static bool has_blocks(const struct job *job)
{
	for (size_t i = 0; i < job->inputs->n && !job->want_rejects; i++) {
		const struct input *in = &job->inputs->at[i];
		if (in->fd >= 0 || (in->compression && in->size > ONE_BLOCK))
			return true;
	}
	return false;
}

static unsigned desks_for(const struct workers_spec *spec, const struct job *job)
{
	size_t chunks = chunker_chunks(job->chunker);

	if (has_blocks(job))
		return spec->jobs;
	return chunks == 0 ? 1 : chunks < spec->jobs ? (unsigned)chunks : spec->jobs;
}

/* Without it, each stream is counted by who reads it. */
static struct relay *open_relay(const struct crew *c, const struct job *job)
{
	size_t size = chunker_size(job->chunker);

	return c->n > 1 && has_blocks(job) ? relay_new(c->n, size < BLOCK ? size : BLOCK) : NULL;
}

struct result workers_count(const struct workers_spec *spec, const struct job *job)
{
	struct result r = {0};
	struct crew c = {.query = job->query,
		.scan = job->scan,
		.inputs = job->inputs,
		.chunker = job->chunker,
		.formats = job->formats,
		.seed = random_seed(),
		.memory = spec->memory,
		.meter = job->meter,
		.feed = job->feed};
	unsigned desks = c.n = desks_for(spec, job);
	int ended = 0;

	c.forks = desks > 1 || c.meter || c.feed;
	c.table = calloc(desks, sizeof *c.table);
	c.spill = calloc(desks, sizeof *c.spill);
	c.pid = calloc(desks, sizeof *c.pid);
	if (job->want_rejects)
		c.rejects = r.rejects = rejects_new(desks);
	if (job->want_rejects && !c.rejects) {
		warn("%s: %s, for %s", tempfile_folder(), strerror(errno), for_rejects);
		goto free;
	}
	if (!c.table || !c.spill || !c.pid || !share(&c) || !open_tables(&c) ||
		(c.feed && !c.forks)) {
		warn("workers: %s", strerror(errno));
		goto free;
	}
	c.relay = open_relay(&c, job);
	if (c.forks)
		ended = work_in_children(&c);
	if (ended > 0)
		r.signal = ended;
	else if (ended == 0 && work_in_parent(&c))
		add_up(&c, &r);
free:
	crew_free(&c, desks);
	return r;
}
