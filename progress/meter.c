#include "progress/meter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/die.h"
#include "lib/terminal.h"
#include "progress/watch.h"

enum { EACH = 100, LINE_EACH = 1000 }; /* ms: on a terminal, elsewhere */

enum { SOON = 60, LATER = 3600 }; /* s: others hear again until then, at work and in silence */

/* Seconds that nobody minds to wait without a word; that a speed is about. */
static const double patience = 1, lately = 3;

/* A line of cache for each, since it is written all the time. */
struct shared_sample {
	_Alignas(64) atomic_uint_least64_t done;
	atomic_uint_least64_t bytes, lines, spilled;
};

struct meter {
	struct shared_sample *samples;
	unsigned n;
	unsigned each; /* ms */
	bool shows, on_terminal;
	double show_from;  /* not before */
	char *file;        /* where it is written for others, NULL: nowhere */
	double write_from; /* not before */
	bool written;      /* once */
	int refused;       /* why it is not: something else has its name */
	int error;         /* errno of that, to be told when no line stands on the terminal */
	double started_at;
	struct progress now;
	double looked_at, begun_at; /* now's time; of counting, or ranking */
};

static size_t samples_size(unsigned n)
{
	return n * sizeof(struct shared_sample);
}

/* Tell those who watch the file, but nothing of a run that is over before anybody could: it leaves
 * no file. */
static void tell_others(struct meter *m, struct progress_report *news)
{
	double now = clock_seconds();

	if (!m->file || (!m->written && now < m->write_from))
		return;
	news->progress = m->now;
	news->seconds = (uint64_t)(now - m->started_at);
	m->write_from = now + 1;
	m->written = true;
	if (m->refused)
		m->error = m->refused;
	else if (!watch_write(m->file, news))
		m->error = errno;
}

static bool open_samples(struct meter *m, unsigned workers)
{
	m->samples = mmap(NULL, samples_size(workers), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	m->n = workers;
	return m->samples != MAP_FAILED;
}

struct meter *meter_open(const struct meter_spec *spec, unsigned workers, uint64_t total)
{
	bool on_terminal = terminal_can_erase(STDERR_FILENO);
	bool shows = spec->when == CHOICE_ALWAYS || (spec->when == CHOICE_AUTO && on_terminal);

	if (!shows && !spec->beside)
		return NULL;
	struct meter *m = malloc(sizeof *m);
	if (!m)
		return NULL;
	*m = (struct meter){.each = shows && on_terminal ? EACH : LINE_EACH,
		.shows = shows,
		.on_terminal = on_terminal,
		.now = {.total = total},
		.started_at = clock_seconds()};
	m->begun_at = m->started_at;
	m->show_from = m->begun_at + (spec->when == CHOICE_AUTO ? patience : 0);
	if (!open_samples(m, workers)) {
		free(m);
		return NULL;
	}
	m->file = spec->beside ? watch_name(spec->beside) : NULL;
	if (m->file && !watch_forget(m->file)) /* another run's */
		m->refused = errno;
	m->write_from = m->begun_at + patience;
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
	m->begun_at = clock_seconds();
	m->looked_at = 0;
}

/* The speed since the start at first, and then more and more that of the last seconds.  What a
 * dead worker had done is taken back: that is no speed. */
static void note_rate(double *rate, uint64_t before, uint64_t now, double time, bool first)
{
	double here = now > before && time > 0 ? (double)(now - before) / time : 0;

	*rate = first ? here : *rate + (here - *rate) * time / (time + lately);
}

/* Add up what the workers tell. */
static void look(struct meter *m, double at)
{
	struct progress *s = &m->now, before = *s;
	bool first = m->looked_at < m->begun_at;
	double time = at - (first ? m->begun_at : m->looked_at);

	s->done = s->bytes = s->lines = 0;
	s->spilled = s->ranking ? before.spilled : 0;
	for (unsigned i = 0; i < m->n; i++) {
		s->done += load(&m->samples[i].done);
		s->bytes += load(&m->samples[i].bytes);
		s->lines += load(&m->samples[i].lines);
		s->spilled += load(&m->samples[i].spilled);
	}
	note_rate(&s->done_rate, first ? 0 : before.done, s->done, time, first);
	note_rate(&s->bytes_rate, first ? 0 : before.bytes, s->bytes, time, first);
	note_rate(&s->lines_rate, first ? 0 : before.lines, s->lines, time, first);
	m->looked_at = at;
}

static void print(const struct meter *m)
{
	char text[PROGRESS_TEXT];

	status_describe(&m->now, 0, text);
	warn("%s", text);
}

/* Show it, if it is time.  True if a line stands on the terminal now. */
static bool show(struct meter *m)
{
	double now = clock_seconds();
	bool shows = m->shows && now >= m->show_from, tells = m->file && now >= m->write_from;

	if (shows || tells)
		look(m, now);
	if (tells)
		tell_others(m, &(struct progress_report){.again = SOON});
	if (shows && !m->on_terminal)
		print(m);
	return shows && m->on_terminal && status_paint(&m->now, STDERR_FILENO);
}

int meter_wait(struct meter *m, const struct childwait *waiting)
{
	bool stands = false;
	int signal_number;

	if (!m)
		return childwait_next(waiting);
	while (!(signal_number = childwait_next_within(waiting, m->each)))
		stands |= show(m);
	if (stands)
		terminal_put_line(STDERR_FILENO, "");
	return signal_number;
}

void meter_fall_silent(struct meter *m)
{
	if (!m)
		return;
	look(m, clock_seconds());
	tell_others(m, &(struct progress_report){.again = LATER});
}

void meter_end(struct meter *m, int status)
{
	if (!m)
		return;
	tell_others(m, &(struct progress_report){.ended = true, .status = (uint64_t)status});
	if (m->error)
		warn("%s: %s", m->file, strerror(m->error));
}
