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
#include "cli/command.h"
#include "lib/clock.h"
#include "lib/die.h"

/* These options mean something only to several processes, the ranks of wf-mpi. */
static void refuse_options_of_ranks(const struct options *o)
{
	if (o->local || o->resume)
		die("--%s: only wf-mpi can do that, which \"make mpi\" builds",
			o->local ? "local" : "resume");
}

int main(int argc, char **argv)
{
	double start = clock_seconds();

	command_prepare_process();
	struct options o = options_parse(argc, argv);
	refuse_options_of_ranks(&o);
	int status = command_run(&o, start);
	options_free(&o);
	return status;
}
