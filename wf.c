/* wf -- count and rank what is in huge logs, on every core.
 *
 *	bytes --> chunk --> line --> match --> key --> table --> merge --> rank --> print
 *	input    chunker    '-- tally + query --'      table     merge     top     report
 *	                    '----- run N times, by workers -----'
 *
 * A main process maps the log, cuts it at newlines into chunks and forks N workers.
 * Each takes the next chunk from a shared counter and counts what the query finds in
 * its lines into a hash table of its own, in shared memory.  When no chunk is left the
 * tables are put together, a range of hashes at a time, and the ten largest counts are
 * printed.
 *
 * The rooms, in the order of the record's way:
 *
 *	options		one table of options; the specs of all other rooms
 *	completion	what shells complete arguments by
 *	files		finds the files that are in folders
 *	input		opens files and pipes; large files are mapped
 *	  reader	reads pieces of others
 *	  stream	reads what comes from a start to an end, and decodes it
 *	chunker		hands out each chunk exactly once
 *	synonyms	what others call a field or option, to ask whether that was meant
 *	detect		which log format each input is in
 *	query		what was asked, put to a block of lines at a time
 *	  question	one ranking of several: filters, a key, a number to sum up
 *	    condition	FIELD OP VALUE
 *	    filter	a pattern, to keep lines or drop them
 *	    field	what can be asked of a line by name or number
 *	    template	a key put together from captures
 *	  logformat	cuts a line into fields; formats/ has a file for each kind
 *	  pattern	a PCRE2 regular expression, its captures
 *	    literal	the literal that every match of it must hold
 *	    simple	matches simple ones without PCRE2
 *	    regex	reads an expression token by token, for these two
 *	tally		the inner loop: blocks of lines -> keys -> table
 *	rejects		the lines that were not counted
 *	  unmatched	the file that they go to
 *	meter		how far it is, for whoever waits
 *	  standing	that as a line
 *	  watch		that as a file, which another wf follows
 *	relay		blocks of a stream, from who reads it to who has nothing to do
 *	workers		processes: forks them, watches them
 *	  worker	one of them
 *	  missing	says what could not be counted
 *	merge		from their tables to rankings
 *	top		the K largest of each ranking
 *	answer		prints the rankings, or saves what was counted
 *	report		chooses an output format; each has a file of its own
 *	  paper		where it is printed; page/ is what a page needs besides
 *	snapshot	what runs have saved: written, read, put together
 *	  exchange	keys in one order for all, to be merged as streams
 *	  asked		what was asked, to be kept and compared
 *	  origins	from which inputs it was counted
 *	ranks		the same among the processes of an MPI program
 *	  kept		what they have counted, for a second start
 *	explain		how lines are cut, told for the first of them
 *	lib/		table, join, spill, scan (one file per kind of CPU), decompress, ...
 *
 * Who maps, writes and reads which memory:
 *
 *	the log		mapped by main before the fork, read by all
 *	the chunker	shared; each chunk's owner is changed by one atomic step, so a
 *			chunk is counted by one worker whatever happens
 *	a table		shared, written by its worker, read by main after that is done;
 *			no locks.  It grows without the others, and keys are copied into
 *			it: nothing points into the log
 *	a desk		shared, one a worker: the chunk it is at, and in the end its
 *			account of lines
 *	the relay	shared: blocks of streams, each written by one worker, then read by
 *			another; their numbers go through a pipe
 *	a tick		shared, one a worker: how far it is, written at each chunk, read by
 *			main ten times a second while it waits; there if somebody looks
 *	rejects		a file without a name for each worker, read by main in the end
 *	spills		the same, for tables that do not fit --memory
 *
 * The hot path works on blocks of some 16 KB of whole lines, so that what one step
 * reads the next still finds in the cache: the query finds the keys of a block, the
 * table hashes and adds them as a batch.  Where a pattern requires a literal, lines
 * without it are never looked at.  A line is cut once, and asked by all questions.  One
 * table counts for all of them: a key belongs to a question.
 *
 * If a worker dies (a bug, kill -9, the OOM killer), main empties its table, takes the
 * chunks that it owned away from it, and forks another: what the dead one had counted is
 * counted again.  A chunk that kills three workers ends the run.  On Ctrl-C main kills
 * the workers and dies of the same signal; if main is killed, the kernel kills them.
 *
 * With --save all keys are sorted by a hash that is the same everywhere, and written to a
 * file; with --merge several such files are read side by side, a block of each at a time.
 *
 * The result is exact or wf says on stderr what is missing and exits 2.  It does not
 * depend on the number of workers, the size of chunks, the order of anything or the kind
 * of CPU: ties go by key.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/outcome.h"
#include "chunker.h"
#include "count/detect.h"
#include "cli/explain.h"
#include "input/walk.h"
#include "input/input.h"
#include "lib/clock.h"
#include "lib/die.h"
#include "lib/atomicfile.h"
#include "scan/scan.h"
#include "progress/meter.h"
#include "cli/options.h"
#include "query/query.h"
#include "mpi/ranks.h"
#include "save/snapshot.h"
#include "cli/unmatched.h"
#include "progress/watch.h"
#include "workers.h"

/* Started with a standard descriptor closed, we would open a log or a table in its place
 * and might write the ranking there.  Put something in it that fails as it would. */
static void fill_standard_descriptors(void)
{
	static const int how[] = {O_WRONLY, O_RDONLY, O_RDWR};

	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", how[fd]) != fd)
			_exit(STATUS_ERROR);
}

static const struct scan *choose_cpu(void)
{
	const struct scan *scan = scan_choose();

	if (!scan)
		die("WF_CPU: this machine or build can't do '%s'", getenv("WF_CPU"));
	return scan;
}

/* The format of every input, NULL if the query does not need one. */
static struct formats *find_formats(
	const struct options *o, const struct query *query, const struct scan *scan)
{
	if (!query_needs_format(query) && !o->query.log_format.value)
		return NULL;
	struct formats *formats = detect_new(&o->query, query, scan);
	if (query_needs_format(query))
		return formats;
	detect_free(formats); /* it was only to be right */
	return NULL;
}

/* Open what was named, and what was found in folders; where that is nothing, standard input
 * is not meant. */
static struct inputs open_inputs(const struct options *o, const struct walk *files)
{
	struct inputs inputs = {0};

	if (files->names.n || !o->folders.n)
		inputs = inputs_open(&files->names, !o->never_map);
	inputs.unreadable += files->unreadable;
	return inputs;
}

/* A line that is painted would get into what somebody types. */
static bool is_typed(const struct inputs *inputs)
{
	for (size_t i = 0; i < inputs->n; i++)
		if (inputs->at[i].fd >= 0 && isatty(inputs->at[i].fd))
			return true;
	return false;
}

static struct meter *open_meter(const struct options *o, const struct inputs *inputs)
{
	struct meter_spec spec = o->meter;

	if (spec.when == CHOICE_AUTO && is_typed(inputs))
		spec.when = CHOICE_NEVER;
	return meter_open(&spec, o->workers.jobs, inputs_size(inputs));
}

static struct result count(
	const struct options *o, struct job *job, const struct chunker_spec *spec)
{
	FILE *unmatched = unmatched_open(o, job->inputs);

	job->want_rejects = unmatched != NULL;
	job->chunker = chunker_new(job->inputs, spec);
	if (!job->chunker)
		die("chunks: %s", strerror(errno));
	struct result r = workers_count(&o->workers, job);
	if (unmatched && r.counts.n && job->inputs->n)
		r.lossy |= !unmatched_write(o, unmatched, r.rejects, job->chunker, job->inputs);
	rejects_free(r.rejects);
	chunker_free(job->chunker);
	if (r.signal) {
		meter_end(job->meter, 128 + r.signal);
		signal(r.signal, SIG_DFL);
		raise(r.signal);
	}
	return r;
}

/* Before anything is read: can it be saved there? */
static void try_save(const struct options *o)
{
	if (o->save && strcmp(o->save, "-") != 0 && !atomicfile_try(o->save))
		die("%s: %s", o->save, strerror(errno));
}

/* A log that is read is not to be replaced. */
static void check_save(const struct options *o, const struct inputs *inputs)
{
	int fd = -1;

	if (o->save && strcmp(o->save, "-") != 0)
		fd = open(o->save, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (inputs_have(inputs, fd))
		die("%s: is an input, which --save would replace", o->save);
	close(fd);
}

static struct outcome outcome_of(
	const struct options *o, const struct job *job, struct result *result, double start)
{
	return (struct outcome){.options = o,
		.query = job->query,
		.counts = &result->counts,
		.account = &result->account,
		.inputs = job->inputs,
		.workers = result->workers,
		.start = start};
}

/* Count, and print or save: the exit status.  What is not all is printed, and not saved. */
static int run(const struct options *o, struct job *job, struct inputs *inputs, double start)
{
	size_t unknown = job->formats ? detect_look(job->formats, inputs) : 0;
	check_save(o, inputs);
	job->meter = open_meter(o, inputs);
	struct result result = count(o, job, &o->chunker);
	meter_fall_silent(job->meter);
	bool lossy = result.lossy || inputs->unreadable || unknown;
	struct outcome answer = outcome_of(o, job, &result, start);
	int status = STATUS_ERROR;

	if (o->save && (lossy || !result.counts.n))
		warn("%s: not saved, as not all was counted", o->save);
	else if (result.counts.n)
		status = outcome_deliver(&answer);
	counts_free(&result.counts);
	if (lossy)
		status = STATUS_ERROR;
	meter_end(job->meter, status);
	meter_close(job->meter);
	return status;
}

/* Nobody is to take for this run's what another has told beside the same file: ranks tell nothing
 * there. */
static void forget_reports(const struct options *o)
{
	char *name = o->meter.beside ? watch_name(o->meter.beside) : NULL;

	if (name)
		watch_forget(name);
	free(name);
}

/* The same with others.  What is not all is not even printed: nobody would see what is missing
 * where.  Where one finds that it can't go on, it goes on until all ask each other whether any
 * can't: else they would wait for it. */
static int run_together(const struct options *o, struct job *job, struct inputs *inputs,
	double start, struct ranks *ranks)
{
	size_t unknown = job->formats ? detect_look(job->formats, inputs) : 0;
	bool bad = unknown || inputs->unreadable;

	if (!ranks->peers.me) {
		check_save(o, inputs);
		forget_reports(o);
	}
	/* What is wrong with files that all see, or with a field that they lack, one says. */
	if (!o->local && !ranks->peers.me && bad)
		return STATUS_ERROR;
	if (!o->local)
		ranks_start(ranks, o);
	if (peers_any(&ranks->peers, bad))
		return STATUS_ERROR;
	if (!o->local && peers_any(&ranks->peers, !ranks_agree_on_plan(ranks, inputs, o)))
		return STATUS_ERROR;
	struct chunker_spec spec = o->chunker;
	if (!o->local)
		spec = ranks_share_chunks(ranks, inputs, o);
	job->feed = ranks_count(ranks);
	struct result result = count(o, job, &spec);
	if (result.lossy || !result.counts.n)
		peers_abort(&ranks->peers, STATUS_ERROR);
	struct outcome answer = outcome_of(o, job, &result, start);
	ranks_checkpoint(ranks, &answer);
	ranks_counted(ranks);
	int status = ranks_deliver(ranks, &answer);
	counts_free(&result.counts);
	return status;
}

/* The same of what others have counted. */
static int merge(const struct options *o, double start)
{
	const struct scan *scan = choose_cpu();
	struct snapshots *all = snapshots_open(&o->files);
	struct counts counts = {.source = &all->source, .memory = o->workers.memory};
	struct options as_asked = *o;

	options_settle(o, &all->query);
	as_asked.query = all->query;
	struct query *query = query_compile(&as_asked.query, scan);
	struct outcome answer = {.options = &as_asked,
		.query = query,
		.counts = &counts,
		.account = &all->account,
		.snapshots = all,
		.start = start};
	counts.sums = query_sums(query);
	int status = outcome_deliver(&answer);

	counts_free(&counts);
	query_free(query);
	snapshots_free(all);
	return status;
}

static int read_logs(const struct options *o, double start, struct ranks *ranks)
{
	const struct scan *scan = choose_cpu();
	struct query *query = query_compile(&o->query, scan);
	struct formats *formats = find_formats(o, query, scan);
	struct walk files = {0};
	struct inputs inputs = {0};
	struct job job = {query, scan, &inputs, .formats = formats};
	int status;

	inputs_guard(NULL);
	if (o->local && !o->explain)
		ranks_start(ranks, o); /* all look for theirs at the same time */
	if (ranks_begin_reading(ranks)) {
		files = walk_find(&o->files, &o->folders);
		if (o->explain || ranks_can_share(ranks, &files.names))
			inputs = open_inputs(o, &files);
		else
			inputs.unreadable++;
	}
	if (o->explain)
		status = explain(&inputs, query, formats);
	else if (ranks_together(ranks))
		status = run_together(o, &job, &inputs, start, ranks);
	else
		status = run(o, &job, &inputs, start);
	detect_free(formats);
	inputs_close(&inputs);
	walk_free(&files);
	query_free(query);
	return status;
}

/* What the options ask for: the exit status. */
static int do_it(const struct options *o, double start, struct ranks *ranks)
{
	if (!ranks->peers.me)
		try_save(o);
	if (o->watch)
		return watch_follow(o->watch);
	return o->merge ? merge(o, start) : read_logs(o, start, ranks);
}

int main(int argc, char **argv)
{
	double start = clock_seconds();

	fill_standard_descriptors();
	signal(SIGXFSZ, SIG_IGN); /* growing past ulimit -f is then an error, not our end */
	struct options o;
	struct ranks ranks = ranks_begin(&argc, &argv, &o);
	int status = do_it(&o, start, &ranks);
	options_free(&o);
	peers_end(&ranks.peers);
	return status;
}
