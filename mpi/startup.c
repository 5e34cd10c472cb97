#include "mpi/startup.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/command.h"
#include "cli/message.h"
#include "lib/hostname.h"

static bool is_from_end(struct arg a)
{
	return a.value && strncmp(a.value, "end", 3) == 0;
}

/* Die if an option, or standard input, can't be used with several ranks or with --resume. */
static void check_options(const struct options *o)
{
	for (size_t i = 0; i < o->files.n; i++)
		if (strcmp(o->files.at[i], "-") == 0)
			die("standard input: ranks can't share it or read it again: name files");
	if (!o->files.n && !o->folders.n)
		die("no FILE is given, and ranks can't share standard input or read it again");
	if (o->local && (is_from_end(o->query.since) || is_from_end(o->query.until)))
		die("--local: each host has its own inputs, so there is no common end; give a time "
		    "instead of end");
	if (o->diff)
		die("--diff: compares only with a single rank; save each side with --save, and "
		    "compare the snapshots");
	if (o->unmatched && !o->local)
		die("--unmatched: needs --local, because here no rank reads all lines");
	if (o->meter.when == CHOICE_ALWAYS)
		die("--progress: not available here, because no rank knows how far the others are");
}

static void settle(struct ranks *r, struct options *o)
{
	r->local = o->local;
	r->together = (r->peers.n > 1 || o->resume) && !o->watch && !o->merge && !o->explain;
	/* Under mpirun, stdout may look like a terminal, but is not one: mpirun reads the output
	 * and passes it on. */
	o->report.piped = true;
	if (r->together)
		check_options(o);
}

/* Begin each message with the name of this host.  Ranks other than the first one wait for
 * startup_end(), and print nothing on stdout. */
static void begin_among_others(struct ranks *r)
{
	char host[HOSTNAME_SIZE];

	hostname_get(host);
	message_prefix(host);
	if (!r->peers.me)
		return;
	peers_start(&r->peers);
	if (!freopen("/dev/null", "w", stdout))
		die("/dev/null: %s", strerror(errno));
	peers_broadcast(&r->peers, &r->now, sizeof r->now);
}

/* Die if one of the options in names[] differs from that of rank 0, because mpirun can start ranks
 * with different options.  Ranks with different options would wait for each other forever. */
static void compare_options(const struct ranks *r, const struct options *o)
{
	static const char *const names[] = {"local", "resume", "save", "watch", "merge", "explain"};
	const bool own[] = {o->local, o->resume, o->save, o->watch, o->merge, o->explain};
	bool first[sizeof own];

	memcpy(first, own, sizeof own);
	peers_broadcast(&r->peers, first, sizeof first);
	for (size_t i = 0; i < sizeof own; i++)
		if (first[i] != own[i])
			die("--%s: differs from rank 0's command line", names[i]);
}

struct ranks startup_begin(int *argc, char ***argv, struct options *o)
{
	struct ranks r = {.peers = peers_begin(argc, argv), .now = time(NULL)};

	if (r.peers.n > 1)
		begin_among_others(&r);
	*o = command_options(*argc, *argv, r.now);
	if (r.peers.me)
		compare_options(&r, o);
	settle(&r, o);
	return r;
}

void startup_end(const struct ranks *r, const struct options *o)
{
	int64_t now = r->now;

	if (r->peers.me)
		return;
	peers_start(&r->peers);
	peers_broadcast(&r->peers, &now, sizeof now);
	compare_options(r, o);
}
