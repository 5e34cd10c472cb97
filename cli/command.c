#include "cli/command.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/arguments.h"
#include "cli/explain.h"
#include "cli/help.h"
#include "cli/unmatched_file.h"
#include "lib/atomicfile.h"
#include "lib/tempfile.h"
#include "lib/machine.h"
#include "lib/terminal.h"
#include "cli/message.h"
#include "progress/progress_file.h"

/* --- Before anything is read ------------------------------------------------------- */

/* If stdin, stdout or stderr is closed, the next file that is opened gets that descriptor's number,
 * so the ranking might overwrite a log.  Therefore open /dev/null for each closed descriptor.  It
 * is opened in a mode in which reading stdin or writing to stdout still fails. */
static void fill_standard_descriptors(void)
{
	static const int flags[] = {O_WRONLY, O_RDONLY, O_RDWR};
	static const char *const names[] = {"input", "output", "error"};

	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", flags[fd]) != fd)
			die("/dev/null: %s; needed because standard %s is closed", strerror(errno),
				names[fd]);
}

void command_prepare_process(void)
{
	fill_standard_descriptors();
	/* If a file grows beyond ulimit -f, write() should fail instead of killing this process. */
	signal(SIGXFSZ, SIG_IGN);
}

struct options command_options(int argc, char **argv, int64_t now)
{
	struct options o;
	struct complaint c;

	if (!arguments_parse(argc, argv, now, &o, &c))
		die_of(&c);
	if (!help_is_wanted(&o))
		return o;
	FILE *out = terminal_stream(stdout);
	if (out)
		help_print(out, &o);
	if (!out || !terminal_close(out))
		die("standard output: %s", strerror(errno));
	exit(0);
}

const struct scan *command_scan(void)
{
	const struct scan *scan = scan_choose();

	if (!scan)
		die("WF_CPU: '%s' is not supported by this machine or build", getenv("WF_CPU"));
	return scan;
}

void command_try_save(const struct options *o)
{
	if (o->save && strcmp(o->save, "-") != 0 && !atomicfile_try(o->save))
		die("%s: %s", o->save, strerror(errno));
}

static struct query *compile_query(const struct query_spec *spec, const struct scan *scan)
{
	struct complaint c;
	struct query *query = query_compile(spec, scan, &c);

	if (!query)
		die_of(&c);
	return query;
}

/* Compile the log formats.  NULL if the query needs none. */
static struct formats *compile_formats(
	const struct options *o, const struct query *query, const struct scan *scan)
{
	if (!query_needs_format(query) && !o->query.log_format.value)
		return NULL;
	struct complaint why;
	struct formats *formats = detect_new(&o->query, query, scan, &why);
	if (!formats)
		die_of(&why);
	if (query_needs_format(query))
		return formats;
	detect_free(formats); /* the formats were compiled only to check --log-format */
	return NULL;
}

/* Report that a mapped file was truncated, and exit.  The handler of SIGBUS calls this. */
static void leave_truncated(const char *input)
{
	warn("%s: was truncated while being read", input);
	_exit(STATUS_ERROR);
}

void command_compile(struct command *c, const struct options *o, double start)
{
	*c = (struct command){.options = o, .start = start, .memory = {o->workers.memory}};
	c->job.scan = command_scan();
	c->job.query = compile_query(&o->query, c->job.scan);
	c->job.formats = compile_formats(o, c->job.query, c->job.scan);
	c->job.inputs = &c->inputs;
	c->job.warner = &warn_on_stderr;
	inputs_on_truncation(leave_truncated);
}

/* --- The inputs -------------------------------------------------------------------- */

void command_find_files(struct command *c)
{
	struct complaint why;

	if (!find_files(&c->files, &c->options->files, &c->options->folders, &warn_on_stderr, &why))
		die_of(&why);
}

/* Without any names, inputs_open() would read standard input.  So this function does not call it if
 * -R was given but no file was found. */
void command_open_inputs(struct command *c)
{
	struct complaint why;
	struct inputs_spec spec = {.mapping = c->options->mmap, .memory = &c->memory};

	if ((c->files.names.n || !c->options->folders.n) &&
		!inputs_open(&c->inputs, &c->files.names, &spec, &warn_on_stderr, &why))
		die_of(&why);
	c->inputs.unreadable += c->files.unreadable;
}

size_t command_detect(struct command *c)
{
	struct complaint why;
	size_t dropped = 0;

	if (c->job.formats &&
		!detect_look(c->job.formats, &c->inputs, &warn_on_stderr, &dropped, &why))
		die_of(&why);
	return dropped;
}

static struct search search_of(const struct command *c)
{
	return (struct search){.query = c->job.query,
		.formats = c->job.formats,
		.slack = c->options->slack_seconds};
}

int64_t command_find_newest(struct command *c)
{
	struct search search = search_of(c);
	struct complaint why;
	int64_t newest = 0;

	if (query_needs_newest(c->job.query) &&
		!search_newest(&search, &c->inputs, &newest, &why))
		die_of(&why);
	return newest;
}

void command_settle_period(struct command *c, int64_t newest)
{
	struct complaint why;

	if (query_needs_newest(c->job.query) &&
		!query_settle_period(c->job.query, newest, &c->period, &why))
		die_of(&why);
}

/* With --unmatched, lines are numbered, so they must be read from the start. */
void command_search(struct command *c)
{
	struct search search = search_of(c);

	if (query_has_period(c->job.query) && !c->options->unmatched &&
		!search_inputs(&search, &c->inputs, &c->covered))
		die("search: %s", strerror(errno));
}

void command_check_save(const struct command *c)
{
	const char *save = c->options->save;
	int fd = -1;

	if (save && strcmp(save, "-") != 0)
		fd = open(save, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (inputs_have(&c->inputs, fd))
		die("%s: is an input, which --save would replace", save);
	close(fd);
}

/* --- Counting ---------------------------------------------------------------------- */

static unsigned jobs_wanted(const struct options *o)
{
	unsigned jobs = o->workers.jobs ? o->workers.jobs : machine_cpus();

	return jobs < WORKERS_MAX ? jobs : WORKERS_MAX;
}

void command_settle_workers(struct command *c)
{
	c->workers.jobs = jobs_wanted(c->options);
	c->workers.memory = memory_limit(&c->memory);
}

/* If all inputs together have at most SMALL bytes, the default is one worker and SMALL_MEMORY bytes
 * of memory.  One worker counts so few bytes in less time than it takes to examine the machine or
 * to fork. */
enum { SMALL = 256 << 10, SMALL_MEMORY = 64 << 20 };

/* True if the inputs are small.  An input that must be decoded, or read to its end, may yield any
 * number of bytes, so it is not small. */
static bool are_small(const struct inputs *inputs)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < inputs->n && bytes <= SMALL; i++) {
		if (input_is_stream(&inputs->at[i]))
			return false;
		bytes += input_window_size(&inputs->at[i]);
	}
	return bytes <= SMALL;
}

void command_settle_few_workers(struct command *c)
{
	const struct workers_spec *given = &c->options->workers;

	if (!are_small(&c->inputs)) {
		command_settle_workers(c);
		return;
	}
	c->workers.jobs = given->jobs ? given->jobs : 1;
	c->workers.memory = given->memory ? memory_limit(&c->memory) : SMALL_MEMORY;
}

struct result command_count(struct command *c, const struct chunker_spec *spec)
{
	FILE *unmatched = unmatched_file_open(c->options, &c->inputs);
	struct job *job = &c->job;

	job->want_rejects = unmatched != NULL;
	job->chunker = chunker_new(&c->inputs, spec);
	if (!job->chunker)
		die("chunks: %s", strerror(errno));
	struct complaint why;
	struct result r;
	if (!workers_count(&c->workers, job, &r, &why))
		warn_of(&why);
	if (unmatched && r.counts.n && c->inputs.n)
		r.lossy |= !unmatched_file_write(
			c->options, unmatched, r.rejects, job->chunker, &c->inputs);
	rejects_free(r.rejects);
	chunker_free(job->chunker);
	if (r.signal) {
		meter_end(job->meter, 128 + r.signal);
		signal(r.signal, SIG_DFL);
		raise(r.signal);
	}
	return r;
}

static struct output_spec output_spec_of(const struct options *o, unsigned jobs)
{
	return (struct output_spec){.query = &o->query,
		.report = &o->report,
		.files = &o->files,
		.folders = &o->folders,
		.save = o->save,
		.merge = o->merge,
		.jobs = jobs};
}

struct outcome command_outcome(const struct command *c, struct result *result)
{
	return (struct outcome){.spec = output_spec_of(c->options, c->workers.jobs),
		.query = c->job.query,
		.counts = &result->counts,
		.account = &result->account,
		.inputs = &c->inputs,
		.present = detect_present(c->job.formats),
		.covered = c->covered,
		.workers = result->workers,
		.start = c->start};
}

void command_close(struct command *c)
{
	detect_free(c->job.formats);
	inputs_close(&c->inputs);
	found_files_free(&c->files);
	query_free(c->job.query);
}

/* --- All steps, on one machine ----------------------------------------------------- */

static bool reads_terminal(const struct inputs *inputs)
{
	for (size_t i = 0; i < inputs->n; i++)
		if (inputs->at[i].fd >= 0 && isatty(inputs->at[i].fd))
			return true;
	return false;
}

/* Open the meter.  By default no progress is shown if an input is a terminal, because progress
 * lines would get mixed up with what the user types. */
struct meter *command_open_meter(const struct command *c)
{
	struct meter_spec spec = c->options->meter;

	if (spec.when == CHOICE_AUTO && reads_terminal(&c->inputs))
		spec.when = CHOICE_NEVER;
	return meter_open(&spec, c->workers.jobs, inputs_size(&c->inputs), &warn_on_stderr);
}

/* Print or save the result.  A partial result is printed, but never saved.  Returns the exit
 * status. */
static int deliver(const struct command *c, struct result *result, bool partial)
{
	struct outcome outcome = command_outcome(c, result);

	/* Under MPI, each rank knows only the first line of its own share. */
	outcome.first_unparsed = &result->first_unparsed;
	if (c->options->save && (partial || !result->counts.n)) {
		warn("%s: not saved, because not everything was counted", c->options->save);
		return STATUS_ERROR;
	}
	int status = result->counts.n ? print_or_save(&outcome) : STATUS_ERROR;
	return partial ? STATUS_ERROR : status;
}

static int count_inputs(struct command *c)
{
	size_t unknown = command_detect(c);

	command_settle_period(c, command_find_newest(c));
	command_search(c);
	command_check_save(c);
	command_settle_few_workers(c);
	c->job.meter = command_open_meter(c);
	struct result result = command_count(c, &c->options->chunker);
	meter_fall_silent(c->job.meter);
	int status = deliver(c, &result, result.lossy || c->inputs.unreadable || unknown);
	counts_free(&result.counts);
	meter_end(c->job.meter, status);
	meter_close(c->job.meter);
	return status;
}

static int read_logs(const struct options *o, double start)
{
	struct command c;

	command_compile(&c, o, start);
	command_find_files(&c);
	command_open_inputs(&c);
	int status = o->explain ? explain(&c.inputs, c.job.query, c.job.formats) : count_inputs(&c);
	command_close(&c);
	return status;
}

/* Copy the total of snapshots that can be read only once to a temporary file, because a table over
 * time reads it twice.  Returns the copy, whose source replaces that of the counts; NULL if no copy is
 * needed. */
static struct snapshots *copy_total(
	const struct snapshots *all, const struct query *query, struct counts *counts)
{
	struct pack origins = {0};
	struct saved saved = {.query = &all->query,
		.account = &all->account,
		.origins = &origins,
		.sum = query_sum(query)};
	struct complaint why;

	if (!all->source.single_pass || !query_is_over_time(query))
		return NULL;
	struct snapshots *copy = snapshots_new(1);
	int fd = tempfile_open();
	if (!copy || fd < 0)
		die("%s: %s", tempfile_directory(), strerror(errno));
	provenance_pack(&origins, &all->origins);
	copy->measures = query_measures(query);
	if (!snapshot_write(fd, tempfile_directory(), &saved, counts, &why) ||
		lseek(fd, 0, SEEK_SET) != 0 ||
		!snapshots_add(copy, fd, "the copy of standard input", &why))
		die_of(&why);
	pack_free(&origins);
	counts->source = &copy->source;
	return copy;
}

/* Print or save the total of several snapshots.  Returns the exit status. */
static int merge(const struct options *o, double start)
{
	const struct scan *scan = command_scan();
	struct complaint why;
	struct snapshots *all = snapshots_open(&o->files, &warn_on_stderr, &why);
	if (!all)
		die_of(&why);
	struct memory_limit limit = {o->workers.memory};
	struct counts counts = {.source = &all->source, .memory = memory_limit(&limit)};

	if (!arguments_settle_merge(o, &all->query, &why))
		die_of(&why);
	struct query *query = compile_query(&all->query, scan);
	struct outcome outcome = {.spec = output_spec_of(o, jobs_wanted(o)),
		.query = query,
		.counts = &counts,
		.account = &all->account,
		.snapshots = all,
		.start = start};
	outcome.spec.query = &all->query;
	counts.measures = all->measures = query_measures(query);
	struct snapshots *copy = o->save ? NULL : copy_total(all, query, &counts);
	int status = print_or_save(&outcome);

	counts_free(&counts);
	snapshots_free(copy);
	query_free(query);
	snapshots_free(all);
	return status;
}

int command_run(const struct options *o, double start)
{
	command_try_save(o);
	if (o->watch)
		return progress_file_follow(o->watch, &warn_on_stderr);
	return o->merge ? merge(o, start) : read_logs(o, start);
}
