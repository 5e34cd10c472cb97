/* wf -- count, rank and measure the contents of huge logs, on every core.
 *
 * This comment is the map of the program.  Someone who reads nothing else should know afterwards
 * what happens to a log, which process does it, and where in the source to look.
 *
 * From a log to a ranking
 *
 *	bytes --> chunk --> block --> line --> key --> table --> ranking --> report
 *	input/   chunker    query/   formats/  query/  store/    rank/       report/
 *	                    '--- by N workers, count/ --------'
 *
 * The main process opens the log and maps it into memory.  It recognises the log's format from the
 * first lines (count/detect.c); if these have no known format, it makes one from the request, the
 * status and the other values in them (formats/core.h).  It divides the log into chunks of about
 * 2 MB, each of whole lines, and forks N workers.  A worker takes the next chunk from a shared
 * counter, finds the keys in the chunk's lines, and counts them in its own hash table.  When no
 * chunk is left, the tables are merged.  If they have many keys, several processes merge them, each
 * process one range of hash values.  Then the main process prints the ten largest counts.
 *
 * If only the lines of a period are wanted (--since, --until), the main process finds the part of a log
 * that may have them by a bisection (count/search.h), and only this part is divided into chunks.  The
 * workers compare the time of each line in it with the period (query/period.h).
 *
 * A worker can read a chunk in pieces of 256 KB, which stay in the second-level cache, or it can
 * use the mapping.  It counts its first chunks in both ways in turn, and all others in the way that
 * was faster (count/worker.c).
 *
 * Workers do not look at one line at a time but at a block: about 32 KB of whole lines, which stays
 * in the nearest caches.  query/ finds the keys in a block, and the table hashes and counts
 * them.  If every match of the pattern must contain a certain literal, wf searches the block for
 * that literal, and never looks at lines without it.  A line is split into fields only once, even
 * for many rankings.  The values of a field are found in all lines of the block before those of
 * the next field, and so are the lines that meet a condition (query/block_columns.h).  All rankings
 * share one table, in which each key is stored with the number of its ranking.  For statistics (-s),
 * sums and the like are stored with the key (store/measures.h).  For percentiles, each key has a set of
 * the rounded numbers that occurred, with their counts (store/code_set.h).  For numbers of different
 * values, each pair of a key and a value is one more key (store/pair.h).  A table over time (-t) is
 * made at the end from keys that begin with a time (rank/over_time.h).
 *
 * If one worker is enough, as for a log of one chunk, the main process does the work of this worker
 * instead of forking it.
 *
 * Only a regular file can be divided into chunks.  A pipe, a terminal or a compressed file can only
 * be read from its start to its end.  One worker reads such a stream, and passes blocks of lines
 * through the relay to workers that have nothing else to do.  If a compressed file consists of
 * parts (xz blocks, zstd frames, bzip2 blocks, BGZF members), several workers decode different
 * parts.
 *
 * Which process maps, writes and reads which memory
 *
 *	the log		mapped by the main process before the fork; all processes can use the
 *			mapping, or read the file
 *	the chunker	shared; one atomic operation changes the owner of a chunk, so exactly
 *			one worker counts each chunk
 *	a table		shared; only its worker writes it, and the main process reads it after
 *			that worker has finished, so it needs no locks.  Keys are copied into
 *			it: no table points into the log.  A table of 2 MB or more has huge pages
 *			if the kernel provides them
 *	a worker_state	shared, one per worker: the chunk that it is working on and, at the
 *			end, its account: how many lines matched, did not match, and so on
 *	the decoders'	shared: how much memory each worker's decoder has reserved; a worker
 *	quota		waits until there is enough for its decoder
 *	the relay	shared: blocks of a stream, each written by one worker and read by
 *			another; their numbers travel through a pipe
 *	a progress_sample	shared, one per worker: updated after each chunk, read by the
 *			main process ten times a second if it shows progress
 *	rejects		an unlinked temporary file per worker: the lines for --unmatched
 *	spills		another unlinked file per worker: tables that have exceeded --memory
 *
 * When something goes wrong
 *
 * The result is exact, or wf says on stderr what is missing and exits with status 2.  If a worker
 * dies (a bug, kill -9, the OOM killer), the main process empties its table, gives its chunks back
 * to the chunker, and forks a replacement, which counts them again.  A chunk that kills three
 * workers ends the run.  On Ctrl-C the main process kills the workers and dies of the same signal;
 * if the main process is killed, the kernel kills the workers.
 *
 * A log may contain bytes that an attacker has chosen.  So workers run in a sandbox, in which they
 * can use open files but open no others (lib/sandbox.h), and all that is printed on a terminal is
 * escaped (lib/terminal.h).  SECURITY.md says what wf trusts.
 *
 * Functions return their errors: they fill a struct complaint (lib/complaint.h), which their
 * callers pass on.  Only cli/, mpi/ and this file print messages and exit.
 *
 * The result does not depend on the number of workers, the size of chunks, the kind of input or the
 * kind of CPU: equal counts are ordered by key.
 *
 * The rooms
 *
 * Each directory is a room with one responsibility.  A room may include only the rooms listed for
 * it in test/layers, and "make layers" checks that.  The rooms are listed here in the order in
 * which a log passes through them:
 *
 *	cli/		options, help, messages; command.c runs a command from start to end
 *	input/		finds files in directories, opens, maps and reads them
 *	codec/		decompresses, and finds the parts of a compressed file
 *	chunker		hands out each chunk exactly once
 *	workers		forks and supervises the workers
 *	count/		what one worker does: take chunks, count their lines
 *	query/		the user's query: filters, conditions, fields, keys
 *	formats/	recognises log formats, and splits a line into fields
 *	regex/		patterns: PCRE2, and a one-pass matcher for simple ones
 *	scan/		searches bytes with SIMD: one file per kind of CPU
 *	store/		hash tables, and files for counts that exceed the memory
 *	rank/		merges tables, and selects the largest counts
 *	report/		prints rankings as text, CSV, JSON or HTML
 *	save/		snapshots: --save and --merge
 *	progress/	shows the progress of a run
 *	mpi/		wf-mpi: the same job on many hosts, with a main() of its own
 *	lib/		general code that knows nothing about logs
 *
 * To follow a log line through the code, read cli/command.c, workers.c, count/worker.c,
 * count/tally.c, query/query.h, store/table.h, rank/ranker.h and report/print_report.c in this
 * order.
 */
#include <time.h>

#include "cli/command.h"
#include "cli/diff.h"
#include "lib/clock.h"
#include "cli/message.h"

/* Refuse options that need several processes (ranks), which only wf-mpi starts. */
static void refuse_options_of_ranks(const struct options *o)
{
	if (o->local || o->resume)
		die("--%s: needs wf-mpi, which \"make mpi\" builds", o->local ? "local" : "resume");
}

int main(int argc, char **argv)
{
	double start = clock_seconds();

	command_prepare_process();
	struct options o = command_options(argc, argv, time(NULL));
	refuse_options_of_ranks(&o);
	int status = o.diff ? diff_run(&o, start) : command_run(&o, start);
	options_free(&o);
	return status;
}
