/* wf -- count and rank what is in huge logs, on every core.
 *
 *	bytes --> chunk --> line --> match --> key --> table --> merge --> rank --> print
 *	input    chunker    '-- tally + query --'      table    workers    top     report
 *	                    '----- run N times, by workers -----'
 *
 * A main process maps the log, cuts it at newlines into chunks and forks N workers.
 * Each takes the next chunk from a shared counter and counts what the query finds in
 * its lines into a hash table of its own, in shared memory.  When no chunk is left the
 * tables are merged, and the ten largest counts are printed.
 *
 * The rooms, in the order of the record's way:
 *
 *	options		one table of options; the specs of all other rooms
 *	input		opens files and pipes: mapped whole, or streamed
 *	chunker		hands out each chunk exactly once
 *	query		filters and key, asked a block of lines at a time
 *	  pattern	a PCRE2 regular expression, its captures
 *	    literal	the literal that every match of it must hold
 *	    simple	matches simple ones without PCRE2
 *	    regex	reads an expression token by token, for these two
 *	  template	a key put together from captures
 *	  logformat	the URL of an access log's line
 *	tally		the inner loop: blocks of lines -> keys -> table
 *	workers		processes: forks them, watches them, merges their tables
 *	top		the K largest
 *	report		one function for each output format
 *	lib/		table, scan (one file per kind of CPU), shared memory, ...
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
 *
 * The hot path works on blocks of some 16 KB of whole lines, so that what one step
 * reads the next still finds in the cache: the query finds the keys of a block, the
 * table hashes and adds them as a batch.  Where a pattern requires a literal, lines
 * without it are never looked at.
 *
 * If a worker dies (a bug, kill -9, the OOM killer), main empties its table, takes the
 * chunks that it owned away from it, and forks another: what the dead one had counted is
 * counted again.  A chunk that kills three workers ends the run.  On Ctrl-C main kills
 * the workers and dies of the same signal; if main is killed, the kernel kills them.
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
#include <time.h>
#include <unistd.h>

#include "chunker.h"
#include "input.h"
#include "lib/die.h"
#include "lib/scan.h"
#include "options.h"
#include "query.h"
#include "report.h"
#include "top.h"
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

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static const struct scan *choose_cpu(void)
{
	const struct scan *scan = scan_choose();

	if (!scan)
		die("WF_CPU: this machine or build can't do '%s'", getenv("WF_CPU"));
	return scan;
}

static struct result count(const struct options *o, struct query *query, const struct scan *scan,
	const struct inputs *inputs)
{
	struct chunker *chunker = chunker_new(inputs, &o->chunker);

	if (!chunker)
		die("chunks: %s", strerror(errno));
	struct result r = workers_count(&o->workers, query, scan, inputs, chunker);
	chunker_free(chunker);
	if (r.signal) {
		signal(r.signal, SIG_DFL);
		raise(r.signal);
	}
	return r;
}

/* A reader that has gone, as head does, is no error. */
static void print(const struct options *o, const struct report *report)
{
	if (!o->report.quiet && !report_print(&o->report, report) && errno != EPIPE)
		die("standard output: %s", strerror(errno));
}

/* Perhaps it is another kind of log, and nothing would be said otherwise. */
static void hint(const struct options *o, const struct verdicts *v)
{
	if (!o->query.regexp && !o->report.quiet && !v->matched && v->lines > v->filtered)
		warn("no access log line among %llu; -e RE counts other things",
			(unsigned long long)(v->lines - v->filtered));
}

/* Rank, print and tell.  The exit status. */
static int report(const struct options *o, const struct result *r, double start)
{
	struct report report = {&o->query, &r->account, table_keys(r->table), {0}};

	if (!top_rank(r->table, o->report.top, &report.ranking))
		die("ranking: %s", strerror(errno));
	print(o, &report);
	if (o->report.stats)
		report_stats(&report, r->workers, now() - start);
	ranking_free(&report.ranking);
	hint(o, &r->account.verdicts);
	return r->account.verdicts.matched ? 0 : 1;
}

int main(int argc, char **argv)
{
	double start = now();

	fill_standard_descriptors();
	signal(SIGXFSZ, SIG_IGN); /* growing past ulimit -f is then an error, not our end */
	struct options o = options_parse(argc, argv);
	const struct scan *scan = choose_cpu();
	struct query *query = query_compile(&o.query, scan);
	struct inputs inputs = inputs_open(&o.files);
	struct result result = count(&o, query, scan, &inputs);
	bool lossy = inputs_shrunk(&inputs) || result.lossy || inputs.unreadable;
	int status = result.table ? report(&o, &result, start) : STATUS_ERROR;

	table_free(result.table);
	inputs_close(&inputs);
	query_free(query);
	options_free(&o);
	return lossy ? STATUS_ERROR : status;
}
