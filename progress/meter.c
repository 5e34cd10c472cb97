#include "progress/meter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "lib/clock.h"
#include "progress/progress_file.h"

/* Milliseconds between two updates of the progress: on a terminal, and elsewhere. */
enum { TERMINAL_MS = 100, OTHER_MS = 1000 };

/* Each report promises the next one within SOON seconds, or within LATER seconds if it is written
 * by meter_fall_silent(). */
enum { SOON = 60, LATER = 3600 };

/* A run that takes less time than this reports no progress, and shows none unless --progress=always
 * was given. */
static const double patience = 1; /* seconds */

/* Rates are averages over about this many seconds. */
static const double rate_time = 3;

/* A sample in shared memory.  Each worker has a cache line of its own, since all of them write
 * often. */
struct shared_sample {
	_Alignas(64) atomic_uint_least64_t done;
	atomic_uint_least64_t bytes, lines, spilled;
};

struct meter {
	struct shared_sample *samples;
	unsigned n;
	unsigned interval; /* milliseconds between two updates */
	bool shows, on_terminal;
	double show_from;  /* the earliest time to show progress */
	char *file;        /* the name of the progress file; NULL if there is none */
	double write_from; /* the earliest time of the next write of the progress file */
	bool written;
	int occupied; /* 0; an errno if the name .file belongs to something other than a progress
		       * file */
	int error;    /* the errno of a failed write, or 0; only meter_end() warns of it, because no
		       * progress line is on the terminal then */
	const struct warner *warner;
	double started_at;
	struct progress now;
	double updated_at; /* when .now was updated */
	double phase_at;   /* when counting or, if .now.ranking, ranking began */
};

static size_t samples_size(unsigned n)
{
	return n * sizeof(struct shared_sample);
}

/* Write the progress file, unless the run has been so short that nobody could have looked at the
 * file: a short run leaves no file. */
static void write_report(struct meter *m, struct progress_report *report)
{
	double now = clock_seconds();

	if (!m->file || (!m->written && now < m->write_from))
		return;
	report->progress = m->now;
	report->seconds = (uint64_t)(now - m->started_at);
	m->write_from = now + 1;
	m->written = true;
	if (m->occupied)
		m->error = m->occupied;
	else if (!progress_file_write(m->file, report))
		m->error = errno;
}

static bool open_samples(struct meter *m, unsigned workers)
{
	m->samples = mmap(NULL, samples_size(workers), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	m->n = workers;
	return m->samples != MAP_FAILED;
}

struct meter *meter_open(const struct meter_spec *spec, unsigned workers, uint64_t total,
	const struct warner *warner)
{
	bool on_terminal = terminal_can_erase(STDERR_FILENO);
	bool shows = spec->when == CHOICE_ALWAYS || (spec->when == CHOICE_AUTO && on_terminal);

	if (!shows && !spec->output)
		return NULL;
	struct meter *m = malloc(sizeof *m);
	if (!m)
		return NULL;
	*m = (struct meter){.interval = shows && on_terminal ? TERMINAL_MS : OTHER_MS,
		.shows = shows,
		.on_terminal = on_terminal,
		.warner = warner,
		.now = {.total = total},
		.started_at = clock_seconds()};
	m->phase_at = m->started_at;
	m->show_from = m->phase_at + (spec->when == CHOICE_AUTO ? patience : 0);
	if (!open_samples(m, workers)) {
		free(m);
		return NULL;
	}
	m->file = spec->output ? progress_file_name(spec->output) : NULL;
	/* An earlier run may have left its progress file. */
	if (m->file && !progress_file_remove(m->file))
		m->occupied = errno;
	m->write_from = m->phase_at + patience;
	return m;
}

void meter_close(struct meter *m)
{
	if (!m)
		return;
	munmap(m->samples, samples_size(m->n));
	free(m->file);
	free(m);
}

static void store(atomic_uint_least64_t *to, uint64_t n)
{
	atomic_store_explicit(to, n, memory_order_relaxed);
}

static uint64_t load(atomic_uint_least64_t *from)
{
	return atomic_load_explicit(from, memory_order_relaxed);
}

void meter_sample(struct meter *m, unsigned worker, const struct progress_sample *sample)
{
	if (!m)
		return;
	struct shared_sample *to = &m->samples[worker];
	store(&to->done, sample->done);
	store(&to->bytes, sample->bytes);
	store(&to->lines, sample->lines);
	store(&to->spilled, sample->spilled);
}

void meter_note_workers(struct meter *m, unsigned workers)
{
	if (m)
		m->now.workers = workers;
}

void meter_begin_ranking(struct meter *m, unsigned workers, uint64_t steps)
{
	if (!m)
		return;
	for (unsigned i = 0; i < m->n; i++)
		meter_sample(m, i, &(struct progress_sample){0});
	m->now = (struct progress){
		.ranking = true, .total = steps, .spilled = m->now.spilled, .workers = workers};
	m->phase_at = clock_seconds();
	m->updated_at = 0;
}

/* Update an exponential moving average.  At first it is the plain average.  If a worker dies, its
 * work no longer counts, so `now` may be less than `before`.  Then the current rate is 0. */
static void update_rate(double *rate, uint64_t before, uint64_t now, double time, bool first)
{
	double current = now > before && time > 0 ? (double)(now - before) / time : 0;

	*rate = first ? current : *rate + (current - *rate) * time / (time + rate_time);
}

/* Update the progress: add up the workers' samples, and compute the rates. */
static void update(struct meter *m, double at)
{
	struct progress *s = &m->now, before = *s;
	bool first = m->updated_at < m->phase_at;
	double time = at - (first ? m->phase_at : m->updated_at);

	s->done = s->bytes = s->lines = 0;
	s->spilled = s->ranking ? before.spilled : 0;
	for (unsigned i = 0; i < m->n; i++) {
		s->done += load(&m->samples[i].done);
		s->bytes += load(&m->samples[i].bytes);
		s->lines += load(&m->samples[i].lines);
		s->spilled += load(&m->samples[i].spilled);
	}
	update_rate(&s->done_rate, first ? 0 : before.done, s->done, time, first);
	update_rate(&s->bytes_rate, first ? 0 : before.bytes, s->bytes, time, first);
	update_rate(&s->lines_rate, first ? 0 : before.lines, s->lines, time, first);
	m->updated_at = at;
}

static void print(const struct meter *m)
{
	char text[PROGRESS_LINE_SIZE];

	warner_warn(m->warner, "%s", progress_line_text(&m->now, 0, text));
}

/* Show and report progress if it is time to do so.  True if a progress line is on the terminal now.
 */
static bool show(struct meter *m)
{
	double now = clock_seconds();
	bool shows = m->shows && now >= m->show_from, reports = m->file && now >= m->write_from;

	if (shows || reports)
		update(m, now);
	if (reports)
		write_report(m, &(struct progress_report){.again = SOON});
	if (shows && !m->on_terminal)
		print(m);
	return shows && m->on_terminal && progress_line_paint(&m->now, STDERR_FILENO);
}

int meter_wait(struct meter *m, const struct childwait *waiting)
{
	bool painted = false;
	int signal_number;

	if (!m)
		return childwait_next(waiting);
	while (!(signal_number = childwait_next_within(waiting, m->interval)))
		painted |= show(m);
	if (painted)
		terminal_put_line(STDERR_FILENO, "");
	return signal_number;
}

void meter_fall_silent(struct meter *m)
{
	if (!m)
		return;
	update(m, clock_seconds());
	write_report(m, &(struct progress_report){.again = LATER});
}

void meter_end(struct meter *m, int status)
{
	if (!m)
		return;
	write_report(m, &(struct progress_report){.ended = true, .status = (uint64_t)status});
	if (m->error)
		warner_warn(m->warner, "%s: %s", m->file, strerror(m->error));
}
