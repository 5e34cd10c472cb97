#include "cli/diff.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/message.h"
#include "lib/clock.h"
#include "lib/tempfile.h"
#include "rank/changes.h"
#include "rank/transfer.h"
#include "save/provenance.h"
#include "save/snapshot.h"

enum { OLD, NEW, SIDES };

enum { NAME_MOST = 24 /* the longest name of a side; else the sides are "old" and "new" */ };

/* A side of the comparison. */
struct compared {
	struct options options;  /* those of the run, but with the inputs of this side */
	struct command command;  /* unused if the side has snapshots */
	struct snapshots *snapshots;
	struct query *query;
	struct account account;
	struct complaint first_unparsed;
	struct side side;
	unsigned workers;
	bool partial; /* not everything was counted */
};

struct diff {
	const struct options *options;
	double start;
	struct compared sides[SIDES];
	struct ranking *usual; /* a ranking without rows for each grouping */
	size_t n;
	const char *names[SIDES];
	char buffers[SIDES][NAME_MOST + 1];
};

/* --- The sides ---------------------------------------------------------------------- */

/* Make the list of the names of a side.  `all` has the names of both sides: the first n_old are
 * those of the old side. */
static void add_names(struct strlist *own, const struct strlist *all, size_t n_old, int side)
{
	size_t end = side == OLD ? n_old : all->n;

	*own = (struct strlist){0};
	for (size_t i = side == OLD ? 0 : n_old; i < end; i++)
		if (!strlist_add(own, all->at[i]))
			die("options: %s", strerror(ENOMEM));
}

/* Return the first file of a side, or if there is none, the first directory. */
static const char *first_name(const struct compared *s)
{
	const struct strlist *files = &s->options.files, *folders = &s->options.folders;

	return files->n ? files->at[0] : folders->n ? folders->at[0] : "";
}

/* Name a side after its only file or directory, without the path and the endings: "monday" for
 * logs/monday.log.gz.  False if there are several, or if the name is too long. */
static bool name_side(const struct compared *s, char out[NAME_MOST + 1])
{
	static const char *const endings[] = {".gz", ".bz2", ".xz", ".zst", ".lz4", NULL};
	const char *name = first_name(s), *slash = strrchr(name, '/');

	if (s->options.files.n + s->options.folders.n != 1 || strcmp(name, "-") == 0)
		return false;
	name = slash ? slash + 1 : name;
	size_t len = strlen(name);
	for (size_t i = 0; endings[i]; i++) {
		size_t n = strlen(endings[i]);
		if (len > n && strcmp(name + len - n, endings[i]) == 0) {
			len -= n;
			break;
		}
	}
	/* The numbers of rotated logs stay. */
	const char *dot = memrchr(name, '.', len);
	if (dot && dot > name && dot + 1 < name + len && !isdigit((unsigned char)dot[1]))
		len = (size_t)(dot - name);
	if (!len || len > NAME_MOST)
		return false;
	memcpy(out, name, len);
	out[len] = '\0';
	return true;
}

static void name_sides(struct diff *d)
{
	bool named = name_side(&d->sides[OLD], d->buffers[OLD]) &&
		     name_side(&d->sides[NEW], d->buffers[NEW]) &&
		     strcmp(d->buffers[OLD], d->buffers[NEW]) != 0;

	d->names[OLD] = named ? d->buffers[OLD] : "old";
	d->names[NEW] = named ? d->buffers[NEW] : "new";
}

static void divide(struct diff *d)
{
	const struct options *o = d->options;

	for (int i = OLD; i < SIDES; i++) {
		struct options *own = &d->sides[i].options;
		*own = *o;
		add_names(&own->files, &o->files, o->old_files, i);
		add_names(&own->folders, &o->folders, o->old_folders, i);
	}
	name_sides(d);
}

static bool names_standard_input(const struct compared *s)
{
	for (size_t i = 0; i < s->options.files.n; i++)
		if (strcmp(s->options.files.at[i], "-") == 0)
			return true;
	return false;
}

/* Return the name of a snapshot among the files of a side; NULL if there is none. */
static const char *find_snapshot(const struct compared *s)
{
	for (size_t i = 0; i < s->options.files.n; i++)
		if (snapshot_is_at(s->options.files.at[i]))
			return s->options.files.at[i];
	return NULL;
}

/* Return the name of a directory of a side, or of a regular file that is not a snapshot; NULL if
 * there is none. */
static const char *find_log(const struct compared *s)
{
	if (s->options.folders.n)
		return s->options.folders.at[0];
	for (size_t i = 0; i < s->options.files.n; i++)
		if (snapshot_is_not_at(s->options.files.at[i]))
			return s->options.files.at[i];
	return NULL;
}

/* True if the sides are snapshots.  Exits if some files are snapshots and others are logs. */
static bool has_snapshots(const struct diff *d)
{
	const char *old = find_snapshot(&d->sides[OLD]), *new = find_snapshot(&d->sides[NEW]);
	const char *old_log = find_log(&d->sides[OLD]), *new_log = find_log(&d->sides[NEW]);

	if (!old && !new)
		return false;
	if (old_log || new_log)
		die("--diff: %s is a snapshot, but %s is not: save it with --save first, with the "
		    "same query",
			old ? old : new, old_log ? old_log : new_log);
	return true;
}

/* --- An input on both sides ----------------------------------------------------------- */

static void warn_of_repeat(void *n, const struct origin *a, const struct origin *b)
{
	enum { WARNINGS = 5 };
	size_t *warnings = n;

	(void)a;
	if ((*warnings)++ < WARNINGS)
		warn("%s: is on both sides", b->path);
}

/* Append the origins of a side to the list, which then points to bytes in `packed`.  False if out
 * of memory. */
static bool add_origins(struct provenance *all, const struct compared *s, size_t owner,
	struct pack *packed)
{
	if (s->snapshots)
		provenance_pack(packed, &s->snapshots->origins);
	else
		provenance_pack_inputs(packed, &s->command.inputs);
	struct unpack u = {.rest = span_of(packed->at, packed->n)};
	return !packed->failed && provenance_unpack(&u, all, owner);
}

/* Warn if an input is on both sides. */
static void warn_of_repeats(const struct diff *d)
{
	struct provenance all = {0};
	struct pack packed[SIDES] = {{0}, {0}};
	size_t n = 0;

	bool ok = add_origins(&all, &d->sides[OLD], OLD, &packed[OLD]) &&
		  add_origins(&all, &d->sides[NEW], NEW, &packed[NEW]) &&
		  provenance_find_repeats(
			  &all, (struct provenance_visitor){warn_of_repeat, &n});
	if (!ok)
		die("inputs: %s", strerror(ENOMEM));
	provenance_free(&all);
	pack_free(&packed[OLD]);
	pack_free(&packed[NEW]);
}

/* --- Counting ------------------------------------------------------------------------ */

static void die_of_counts(const struct diff *d, const struct counts *counts, const char *what)
{
	struct complaint c;

	counts_explain(counts, what, query_sum(d->sides[OLD].query), errno, &c);
	die_of(&c);
}

static void check_query(const struct diff *d)
{
	if (query_is_over_time(d->sides[OLD].query))
		die("--diff: cannot compare tables over time, which -t asks for");
	for (size_t i = 0; i < d->n; i++) {
		const struct statistics *s = d->usual[i].statistics;
		if (s && s->n > CHANGES_STATISTICS)
			die("--diff: compares at most %d statistics, and -s asks for %zu",
				CHANGES_STATISTICS, s->n);
	}
}

/* Prepare both sides for the keys that their queries count. */
static void begin_sides(struct diff *d)
{
	const struct grouping *groupings = query_groupings(d->sides[OLD].query, &d->n);

	d->usual = output_rankings(d->sides[OLD].query);
	if (!d->usual)
		die("ranking: %s", strerror(ENOMEM));
	check_query(d);
	for (size_t i = 0; i < d->n; i++)
		d->usual[i].limit = groupings[i].spec->top;
	for (int i = OLD; i < SIDES; i++)
		if (!side_begin(&d->sides[i].side, d->usual, d->n))
			die("%s: %s", tempfile_directory(), strerror(errno));
}

static void take(const struct diff *d, struct compared *s, struct counts *counts)
{
	if (!side_take(&s->side, counts))
		die_of_counts(d, counts, "comparing");
	counts_free(counts);
}

static void open_logs(struct diff *d, struct compared *s)
{
	struct command *c = &s->command;

	command_compile(c, &s->options, d->start);
	command_find_files(c);
	command_open_inputs(c);
	s->query = c->job.query;
	s->partial = c->inputs.unreadable;
}

static void count_logs(const struct diff *d, struct compared *s)
{
	struct command *c = &s->command;

	s->partial |= command_detect(c) > 0;
	command_settle_period(c, command_find_newest(c));
	command_search(c);
	command_settle_few_workers(c);
	c->job.meter = command_open_meter(c);
	struct result result = command_count(c, &s->options.chunker);
	meter_fall_silent(c->job.meter);
	s->account = result.account;
	s->first_unparsed = result.first_unparsed;
	s->workers = result.workers;
	s->partial |= result.lossy;
	if (!result.counts.n)
		exit(STATUS_ERROR); /* a message has been printed */
	take(d, s, &result.counts);
	meter_end(c->job.meter, 0);
	meter_close(c->job.meter);
}

static void count_all_logs(struct diff *d)
{
	if (names_standard_input(&d->sides[OLD]) && names_standard_input(&d->sides[NEW]))
		die("standard input: is on both sides, but can be read only once");
	for (int i = OLD; i < SIDES; i++)
		open_logs(d, &d->sides[i]);
	warn_of_repeats(d);
	begin_sides(d);
	for (int i = OLD; i < SIDES; i++)
		count_logs(d, &d->sides[i]);
}

static void open_snapshots(struct diff *d, struct compared *s)
{
	struct complaint why;

	s->snapshots = snapshots_open(&s->options.files, &warn_on_stderr, &why);
	if (!s->snapshots || !arguments_settle_merge(d->options, &s->snapshots->query, &why))
		die_of(&why);
	s->query = query_compile(&s->snapshots->query, command_scan(), &why);
	if (!s->query)
		die_of(&why);
	s->snapshots->measures = query_measures(s->query);
	s->account = s->snapshots->account;
}

static void take_snapshots(const struct diff *d, struct compared *s)
{
	struct memory_limit limit = {d->options->workers.memory};
	struct counts counts = {.source = &s->snapshots->source,
		.memory = memory_limit(&limit),
		.measures = s->snapshots->measures};

	take(d, s, &counts);
}

static void take_all_snapshots(struct diff *d)
{
	struct complaint why;

	if (!arguments_check_snapshots(d->options, &why))
		die_of(&why);
	if (names_standard_input(&d->sides[OLD]) && names_standard_input(&d->sides[NEW]))
		die("standard input: is on both sides, but holds one snapshot");
	for (int i = OLD; i < SIDES; i++)
		open_snapshots(d, &d->sides[i]);
	if (!snapshots_agree(d->sides[OLD].snapshots, d->sides[NEW].snapshots, &why))
		die_of(&why);
	warn_of_repeats(d);
	begin_sides(d);
	for (int i = OLD; i < SIDES; i++)
		take_snapshots(d, &d->sides[i]);
}

/* --- Printing ------------------------------------------------------------------------ */

static uint64_t keys_of(const struct ranking *rankings, size_t n)
{
	uint64_t keys = 0;

	for (size_t i = 0; i < n; i++)
		keys += rankings[i].keys;
	return keys;
}

static void print_stats(const struct diff *d, const struct report *r)
{
	const struct compared *sides = d->sides;
	double seconds = clock_seconds() - d->start;
	unsigned workers = sides[OLD].workers > sides[NEW].workers ? sides[OLD].workers
								   : sides[NEW].workers;
	bool ok = sides[OLD].snapshots
			  ? report_merged(r, sides[OLD].snapshots->n + sides[NEW].snapshots->n,
				    seconds)
			  : report_stats(r, workers, seconds);

	if (!ok)
		warn("--stats: %s", strerror(errno));
}

/* Return what messages call a side: its only file or directory, else "old side" or "new side". */
static const char *describe_side(const struct compared *s, int side)
{
	if (s->options.files.n + s->options.folders.n != 1)
		return side == OLD ? "old side" : "new side";
	return strcmp(first_name(s), "-") == 0 ? "standard input" : first_name(s);
}

/* Print the hints that a run prints at its end, for each side by itself. */
static void print_hints(const struct diff *d, const struct report *both)
{
	for (int i = OLD; i < SIDES; i++) {
		const struct compared *s = &d->sides[i];
		struct report r = *both;
		struct outcome o = {.spec = {.query = both->query,
					    .report = both->spec,
					    .merge = s->snapshots != NULL},
			.query = s->query,
			.account = &s->account,
			.covered = s->command.covered,
			.first_unparsed = s->snapshots ? NULL : &s->first_unparsed,
			.present = s->snapshots ? NULL : detect_present(s->command.job.formats)};
		r.rankings = NULL;
		message_prefix(describe_side(s, i));
		print_hints_of(&o, &r);
	}
	message_prefix(NULL);
}

/* True if nothing of a side could be read, which a message has said.  A comparison with nothing
 * would be misleading. */
static bool is_unread(const struct compared *s)
{
	return s->partial && !s->account.bytes;
}

/* Say that a side is empty, because every key is new or gone then. */
static void warn_of_empty_side(const struct diff *d)
{
	for (int i = OLD; i < SIDES; i++)
		if (!d->sides[i].account.verdicts.matched &&
			d->sides[!i].account.verdicts.matched)
			warn("%s: no line was counted, so every key is %s",
				describe_side(&d->sides[i], i), i == OLD ? "new" : "gone");
}

static bool print(const struct diff *d, struct report *r)
{
	struct changes changes;
	struct side sides[SIDES] = {d->sides[OLD].side, d->sides[NEW].side};
	struct complaint why;

	bool ok = changes_rank(
		&changes, sides, d->usual, d->n, d->options->changes_order, d->names);
	if (!ok)
		counts_explain(&(struct counts){0}, "comparing", query_sum(d->sides[OLD].query),
			errno, &why);
	if (!ok)
		warn_of(&why);
	r->rankings = changes.rankings;
	r->keys = ok ? keys_of(changes.rankings, d->n) : 0;
	if (ok && !r->spec->quiet && !report_print(r) && errno != EPIPE) {
		warn("standard output: %s", strerror(errno));
		ok = false;
	}
	if (ok && r->spec->stats)
		print_stats(d, r);
	changes_free(&changes);
	return ok;
}

/* Print the report.  Returns the exit status. */
static int deliver(const struct diff *d)
{
	const struct compared *old = &d->sides[OLD], *new = &d->sides[NEW];
	struct account both = old->account;
	struct report_side sides[SIDES] = {
		{d->names[OLD], &old->account, old->side.totals},
		{d->names[NEW], &new->account, new->side.totals}};
	struct report r = {.spec = &d->options->report,
		.query = old->snapshots ? &old->snapshots->query : &d->options->query,
		.account = &both,
		.sides = sides,
		.files = &d->options->files,
		.folders = &d->options->folders};

	if (!account_add_checked(&both, &new->account))
		die("the totals of both sides are too large");
	if (is_unread(old) || is_unread(new))
		return STATUS_ERROR;
	r.groupings = query_groupings(old->query, &r.n);
	if (!print(d, &r))
		return STATUS_ERROR;
	if (!r.spec->quiet) {
		print_hints(d, &r);
		warn_of_empty_side(d);
	}
	if (old->partial || new->partial)
		return STATUS_ERROR;
	return both.verdicts.matched ? 0 : 1;
}

static void close_side(struct compared *s)
{
	side_free(&s->side);
	if (s->snapshots) {
		query_free(s->query);
		snapshots_free(s->snapshots);
	} else {
		command_close(&s->command);
	}
	strlist_free(&s->options.files);
	strlist_free(&s->options.folders);
}

int diff_run(const struct options *o, double start)
{
	struct diff *d = calloc(1, sizeof *d);

	if (!d)
		die("%s", strerror(ENOMEM));
	d->options = o;
	d->start = start;
	divide(d);
	if (has_snapshots(d))
		take_all_snapshots(d);
	else
		count_all_logs(d);
	int status = deliver(d);
	for (int i = OLD; i < SIDES; i++)
		close_side(&d->sides[i]);
	rankings_free(d->usual, d->n);
	free(d);
	return status;
}
