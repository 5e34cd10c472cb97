/* main.c -- wf-mpi: one command, carried out by the ranks of an MPI program.
 *
 *	rank 0      files -> plan -> leases, taken by any rank that runs out of chunks
 *	each rank   chunks -> workers -> tables		as in wf on one machine
 *	            tables -> one snapshot for each rank, with that rank's range of hashes
 *	            the snapshots that all ranks have sent to this rank -> rankings of its range
 *	rank 0      the best rows of all ranges -> report
 *
 * All ranks see the same files and share their chunks; or, with --local, each host counts its own
 * files.  All ranks call the same functions in the same order, because in most of these functions
 * the ranks wait for each other:
 *
 *	startup_begin		reads the options; ranks other than 0 wait in it for startup_end
 *	command_compile, command_settle_workers
 *	command_open_inputs, command_detect
 *	startup_end		with --local, called before the inputs are opened
 *	agree_on_period
 *	plan_adopt		unless --local
 *	command_count		calls leases_feed to get more chunks
 *	resume_save
 *	results_deliver
 *
 * The result is exact, or nothing is printed: a rank that can't count something prints a message
 * with the name of its host, and all ranks end with STATUS_ERROR.  A single rank without --resume
 * does what wf does.
 */
#include <stdlib.h>
#include <sys/stat.h>

#include "cli/command.h"
#include "cli/diff.h"
#include "cli/message.h"
#include "lib/clock.h"
#include "mpi/broadcast_pack.h"
#include "mpi/checkpoint.h"
#include "mpi/leases.h"
#include "mpi/plan.h"
#include "mpi/startup.h"
#include "mpi/results.h"
#include "mpi/resume.h"
#include "progress/progress_file.h"

struct session {
	const struct options *options;
	const struct ranks *ranks;
	struct command command;
	struct resume resume;
	struct plan plan;     /* unused with --local */
	struct leases leases; /* with --local, only .peers is used */
};

/* --- The inputs -------------------------------------------------------------------- */

/* Remove the progress file that an earlier run may have left beside the file of --save.  Ranks
 * write no progress file, and wf --watch should not mistake the old file for that of this run. */
static void forget_progress(const struct options *o)
{
	char *name = o->meter.output ? progress_file_name(o->meter.output) : NULL;

	if (name)
		progress_file_remove(name);
	free(name);
}

/* True if this rank opens inputs.  With --local, only the first rank of each host does, and only if
 * no earlier run has counted the files of that host. */
static bool has_inputs(struct session *s)
{
	return !s->ranks->local || (s->ranks->peers.first_here && !resume_has_host(&s->resume));
}

/* True if all ranks can read these files.  Warns about each pipe, device or the like: such a file
 * can be read only once, and opening it might block forever. */
static bool can_share(const struct strlist *files)
{
	bool can = true;

	for (size_t i = 0; i < files->n; i++) {
		struct stat st;
		/* If a file is missing or is a directory, opening it prints a better message. */
		if (stat(files->at[i], &st) != 0 || S_ISREG(st.st_mode) || S_ISDIR(st.st_mode))
			continue;
		warn("%s: is not a regular file: ranks can't share it or read it again",
			files->at[i]);
		can = false;
	}
	return can;
}

static void open_inputs(struct session *s)
{
	struct command *c = &s->command;

	if (!has_inputs(s))
		return;
	command_find_files(c);
	if (s->ranks->local || can_share(&c->files.names))
		command_open_inputs(c);
	else
		c->inputs.unreadable++;
}

/* Send the plan of rank 0, or with --resume the plan of the first run, to all ranks.  False if this
 * rank can't adopt the plan; a message has been printed. */
static bool agree_on_plan(struct session *s)
{
	const struct options *o = s->options;
	struct inputs *inputs = &s->command.inputs;
	struct pack packed = {0};
	struct complaint complaint;

	s->plan = plan_make(inputs, o->chunker.chunk_size, s->ranks->peers.n);
	plan_pack(&packed, &s->plan, inputs, &o->query);
	if (o->resume && !s->ranks->peers.me)
		checkpoint_plan(o->resume, &packed);
	broadcast_pack(&s->ranks->peers, &packed);
	struct unpack u = {.rest = span_of(packed.at, packed.n)};
	bool ok = plan_adopt(
		&s->plan, &u, inputs, &o->query, o->resume ? o->resume : "rank 0", &complaint);
	if (!ok)
		warn_of(&complaint);
	pack_free(&packed);
	return ok;
}

/* Set the period of the query by the newest time that rank 0 has found.  Only rank 0 searches shared inputs
 * for the period: the others get their windows with the plan. */
static void agree_on_period(struct session *s, int64_t newest)
{
	const struct peers *peers = &s->ranks->peers;

	peers_broadcast(peers, &newest, sizeof newest);
	command_settle_period(&s->command, newest);
	if (s->ranks->local || !peers->me)
		command_search(&s->command);
}

/* Check the inputs and agree on the plan.  False on all ranks if any rank can't go on.  A rank that
 * has an error does not exit immediately, because the other ranks would wait for this rank. */
static bool prepare(struct session *s)
{
	const struct peers *peers = &s->ranks->peers;
	bool local = s->ranks->local,
	     bad = command_detect(&s->command) || s->command.inputs.unreadable;

	if (!peers->me) {
		command_check_save(&s->command);
		forget_progress(s->options);
	}
	int64_t newest = peers->me ? 0 : command_find_newest(&s->command);
	/* If all ranks see the same files, the messages of rank 0 are enough.  Rank 0 exits without
	 * calling startup_end(); then the others exit silently. */
	if (!local && !peers->me && bad)
		return false;
	if (!local)
		startup_end(s->ranks, s->options);
	if (peers_any(peers, bad))
		return false;
	agree_on_period(s, newest);
	return local || !peers_any(peers, !agree_on_plan(s));
}

/* --- Counting ---------------------------------------------------------------------- */

/* Begin to share the leases.  Returns the chunker_spec for command_count(). */
static struct chunker_spec begin_leases(struct session *s)
{
	const struct options *o = s->options;
	const struct peers *peers = &s->ranks->peers;

	if (s->ranks->local) {
		s->leases = (struct leases){.peers = peers};
		return o->chunker;
	}
	size_t chunks = chunker_count(&s->command.inputs, s->plan.chunk_size);
	size_t n = plan_leases(&s->plan, chunks);
	bool *done = resume_find_done(&s->resume, s->ranks, n);
	leases_begin(&s->leases, peers, &s->plan, n, done, s->command.workers.jobs);
	free(done);
	return (struct chunker_spec){.chunk_size = s->plan.chunk_size, .grants = n + 1};
}

/* Count the inputs.  If this rank can't count everything, end all ranks; a message has been
 * printed. */
static struct result count(struct session *s)
{
	struct chunker_spec spec = begin_leases(s);
	struct feed feed = {leases_feed, &s->leases};

	peers_heartbeat_begin(&s->ranks->peers);
	s->command.job.feed = &feed;
	struct result result = command_count(&s->command, &spec);
	if (result.lossy || !result.counts.n)
		peers_abort(STATUS_ERROR);
	return result;
}

/* Pack the origins of the inputs.  If all ranks share the files, only rank 0 packs them; the other
 * ranks pack an empty list. */
static void pack_origins(struct pack *p, const struct session *s)
{
	if (s->ranks->local || !s->ranks->peers.me)
		provenance_pack_inputs(p, &s->command.inputs);
	else
		provenance_pack(p, &(struct provenance){0});
}

/* Count, and let rank 0 print or save the result.  Returns the exit status. */
static int count_and_deliver(struct session *s)
{
	struct result result = count(s);
	struct outcome outcome = command_outcome(&s->command, &result);
	struct pack origins = {0};
	struct saved saved = {.query = &s->options->query,
		.account = outcome.account,
		.origins = &origins,
		.sum = query_sum(s->command.job.query)};

	pack_origins(&origins, s);
	resume_save(&s->resume, s->ranks, &outcome, &saved, &s->leases);
	leases_end(&s->leases);
	peers_heartbeat_end(&s->ranks->peers);
	int status = results_deliver(s->ranks, &s->resume, &outcome, &saved);
	if (status != STATUS_ERROR)
		resume_end(&s->resume, s->ranks);
	pack_free(&origins);
	leases_free(&s->leases);
	return status;
}

/* Do what command_run() does, with all ranks.  A partial result is never printed: no reader could
 * tell which rank's data is missing. */
static int run_together(const struct options *o, double start, const struct ranks *ranks)
{
	struct session s = {.options = o, .ranks = ranks};

	if (!ranks->peers.me)
		command_try_save(o);
	command_compile(&s.command, o, start);
	command_settle_workers(&s.command);
	resume_begin(&s.resume, ranks, o);
	if (ranks->local)
		startup_end(ranks, o); /* so that all hosts open their files at the same time */
	open_inputs(&s);
	int status = prepare(&s) ? count_and_deliver(&s) : STATUS_ERROR;
	resume_free(&s.resume);
	command_close(&s.command);
	return status;
}

int main(int argc, char **argv)
{
	double start = clock_seconds();

	command_prepare_process();
	struct options o;
	struct ranks ranks = startup_begin(&argc, &argv, &o);
	int status = ranks.together ? run_together(&o, start, &ranks)
		     : o.diff	    ? diff_run(&o, start)
				    : command_run(&o, start);
	options_free(&o);
	peers_end(&ranks.peers);
	return status;
}
