/* main.c -- wf-mpi: one command, carried out by the ranks of an MPI program.
 *
 * A single rank does what wf does.  Several ranks count together: every rank goes through the same
 * steps, and communicates with the others in the functions of ranks.h.
 */
#include <stdlib.h>

#include "cli/command.h"
#include "lib/clock.h"
#include "lib/die.h"
#include "mpi/ranks.h"
#include "progress/watch.h"

/* An earlier run may have left its progress beside the file of --save.  Ranks write none, and
 * nobody should take the old one for this run's. */
static void forget_progress(const struct options *o)
{
	char *name = o->meter.beside ? watch_name(o->meter.beside) : NULL;

	if (name)
		watch_forget(name);
	free(name);
}

static void find_inputs(struct command *c, struct ranks *ranks)
{
	if (!ranks_begin_reading(ranks))
		return;
	command_find_files(c);
	if (ranks_can_share(ranks, &c->files.names))
		command_open_inputs(c);
	else
		c->inputs.unreadable++;
}

/* Check the inputs and agree on the plan.  False if any rank can't go on: a rank with a problem
 * must not leave before all have compared notes, because the others would wait for it. */
static bool prepare(struct command *c, struct ranks *ranks)
{
	const struct options *o = c->options;
	bool first = !ranks->peers.me, bad = command_detect(c) != 0;

	bad = bad || c->inputs.unreadable;
	if (first) {
		command_check_save(c);
		forget_progress(o);
	}
	/* All ranks see the same files, so the first one's messages are enough: if it leaves before
	 * ranks_start, the others exit silently. */
	if (!o->local && first && bad)
		return false;
	if (!o->local)
		ranks_start(ranks, o);
	if (peers_any(&ranks->peers, bad))
		return false;
	return o->local || !peers_any(&ranks->peers, !ranks_agree_on_plan(ranks, &c->inputs, o));
}

/* Count, and have the first rank print or save.  Like command_run(), across ranks.  A partial
 * result is never printed: no reader could tell which rank's data is missing. */
static int count(struct command *c, struct ranks *ranks)
{
	const struct options *o = c->options;
	struct chunker_spec spec = o->chunker;

	if (!o->local)
		spec = ranks_share_chunks(ranks, &c->inputs, o);
	c->job.feed = ranks_count(ranks);
	struct result result = command_count(c, &spec);
	if (result.lossy || !result.counts.n)
		peers_abort(&ranks->peers, STATUS_ERROR);
	struct outcome outcome = command_outcome(c, &result);
	ranks_checkpoint(ranks, &outcome);
	ranks_counted(ranks);
	int status = ranks_deliver(ranks, &outcome);
	counts_free(&result.counts);
	return status;
}

static int run_together(const struct options *o, double start, struct ranks *ranks)
{
	struct command c;

	if (!ranks->peers.me)
		command_try_save(o);
	command_compile(&c, o, start);
	if (o->local)
		ranks_start(ranks, o); /* so that all find and open their files at the same time */
	find_inputs(&c, ranks);
	int status = prepare(&c, ranks) ? count(&c, ranks) : STATUS_ERROR;
	command_close(&c);
	return status;
}

int main(int argc, char **argv)
{
	double start = clock_seconds();

	command_prepare_process();
	struct options o;
	struct ranks ranks = ranks_begin(&argc, &argv, &o);
	int status = ranks.together ? run_together(&o, start, &ranks) : command_run(&o, start);
	options_free(&o);
	peers_end(&ranks.peers);
	return status;
}
