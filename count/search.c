#include "count/search.h"

#include <stdlib.h>

#include "input/random_access.h"
#include "input/stream.h"
#include "lib/lines.h"
#include "query/line_time.h"

enum {
	PROBE = 4096,            /* how many bytes a probe reads at first */
	SAMPLE_LEAST = 16 << 10, /* see search.h */
	SAMPLE_MOST = 1 << 20,
	SAMPLE_SHARE = 1024,
	TAIL = 64 << 10,     /* how many bytes at the end are searched first for the newest time */
	TAIL_MOST = 4 << 20, /* how many more are searched at a time */
	RATIO = 8,           /* a log is about this many times as large as its compressed form */
	WORTH = 4,           /* an input with fewer samples is not searched */
	SPREAD = 8,          /* number of probes to find out whether lines are in order */
	MORE = 16,           /* how many samples are read at most to find a time */
	PROBES = 256,        /* the most probes that are remembered */
};

/* The time of the first line that has one at an offset or after it. */
struct point {
	uint64_t at;
	int64_t seconds;
};

/* The search in one input. */
struct prober {
	const struct search *search;
	const struct input *in;
	size_t index; /* of the input */
	uint64_t size, sample;
	struct block_result *result;
	struct logformat *format;

	/* What lines are read from: the file, or parts of it that are decompressed. */
	struct random_access reader;
	struct stream stream;
	bool in_stream;

	struct point points[PROBES];
	size_t n;
	bool untimed;    /* a line that is no comment has no time */
	bool disordered; /* a line is older than one before it by more than the slack */
	bool failed;     /* the input can't be read, or there is not enough memory */
};

/* --- Reading lines ----------------------------------------------------------------- */

/* Begin to read the lines that begin in [from, to) or, of a compressed input, in the parts that
 * begin there.  False if there are none. */
static bool begin(struct prober *p, uint64_t from, uint64_t to)
{
	const struct input *in = p->in;

	p->in_stream = in->parts.n > 0;
	p->format = detect_at(p->search->formats, p->index, from);
	p->failed |= !p->format;
	if (!p->in_stream) {
		p->failed = p->failed || !random_access_begin(&p->reader, in, from, to);
		return !p->failed;
	}
	size_t first = parts_from(&in->parts, from), end = parts_from(&in->parts, to);
	if (p->failed || first >= end)
		return false;
	stream_open_parts(&p->stream, in, first, end);
	return true;
}

/* Get the next lines.  False if there are no more. */
static bool next(struct prober *p, struct span *lines)
{
	uint64_t at;

	if (p->in_stream) {
		bool more = stream_next(&p->stream, lines);
		p->failed |= !more && p->stream.end != STREAM_END;
		return more;
	}
	p->failed |= !random_access_next(&p->reader, lines, &at);
	return !p->failed && lines->len > 0;
}

static void end(struct prober *p)
{
	if (p->in_stream)
		stream_close(&p->stream);
}

/* Remove the first line with a time from *lines.  False if there is none; then *lines is empty. */
static bool next_time(struct prober *p, struct span *lines, int64_t *seconds)
{
	struct span line;

	while (lines_next(lines, &line))
		switch (line_time(p->format, line, p->result, seconds)) {
		case LINE_TIME_FOUND:
			return true;
		case LINE_TIME_NONE:
			p->untimed = true;
			break;
		case LINE_TIME_COMMENT:
			break;
		}
	return false;
}

/* --- Probes and samples ------------------------------------------------------------ */

/* Find the first line with a time that begins in [from, to), or in the parts that begin there. */
static bool probe_range(struct prober *p, uint64_t from, uint64_t to, int64_t *seconds)
{
	struct span lines;
	bool found = false;

	if (!begin(p, from, to))
		return false;
	while (!found && next(p, &lines))
		found = next_time(p, &lines, seconds);
	end(p);
	return found;
}

/* Do the same, but in larger and larger steps, so that little is read in vain; and remember the
 * result. */
static bool probe(struct prober *p, uint64_t from, uint64_t to, int64_t *seconds)
{
	uint64_t step = p->in->parts.n ? to - from : PROBE;
	bool found = false;

	for (uint64_t at = from; !found && !p->failed && at < to; at += step, step *= 2)
		found = probe_range(p, at, to - at > step ? at + step : to, seconds);
	if (found && p->n < PROBES)
		p->points[p->n++] = (struct point){from, *seconds};
	return found;
}

/* The times of the lines that begin in [from, to), in seconds since 1970. */
struct times {
	uint64_t from, to;
	size_t n;
	int64_t earliest, latest;
};

/* True if `earlier` is more than the slack before `later`. */
static bool is_disorder(const struct prober *p, int64_t earlier, int64_t later)
{
	int64_t most;

	return !__builtin_add_overflow(earlier, p->search->slack, &most) && most < later;
}

static void add_time(struct prober *p, struct times *t, int64_t seconds)
{
	if (t->n && is_disorder(p, seconds, t->latest))
		p->disordered = true;
	if (!t->n || seconds < t->earliest)
		t->earliest = seconds;
	if (!t->n || seconds > t->latest)
		t->latest = seconds;
	t->n++;
}

/* Read the times of all lines that begin in [from, to), or in the parts that begin there. */
static struct times sample(struct prober *p, uint64_t from, uint64_t to)
{
	struct times t = {.from = from, .to = to};
	struct span lines;
	int64_t seconds;

	if (p->failed || !begin(p, from, to))
		return t;
	while (next(p, &lines))
		while (next_time(p, &lines, &seconds))
			add_time(p, &t, seconds);
	end(p);
	return t;
}

/* Read the sample before an offset, or more if it has no time. */
static struct times sample_before(struct prober *p, uint64_t at)
{
	struct times t = {0};
	uint64_t from = at;

	for (uint64_t n = 1; n <= MORE && !t.n && from && !p->failed; n *= 2) {
		from = at > n * p->sample ? at - n * p->sample : 0;
		t = sample(p, from, at);
	}
	return t;
}

/* Read the sample from an offset on.  If it has no time, read larger ranges: up to MORE samples. */
static struct times sample_after(struct prober *p, uint64_t at)
{
	struct times t = {0};
	uint64_t to = at;

	for (uint64_t n = 1; n <= MORE && !t.n && to < p->size && !p->failed; n *= 2) {
		to = p->size - at > n * p->sample ? at + n * p->sample : p->size;
		t = sample(p, at, to);
	}
	return t;
}

static uint64_t sample_size(const struct input *in)
{
	uint64_t ratio = in->parts.n ? RATIO : 1, size = input_size(in) / SAMPLE_SHARE;

	if (size > SAMPLE_MOST / ratio)
		return SAMPLE_MOST / ratio;
	return size > SAMPLE_LEAST / ratio ? size : SAMPLE_LEAST / ratio;
}

/* --- One input --------------------------------------------------------------------- */

/* Narrow down where times reach `limit`, to the size of a sample: a probe at *low finds a time
 * before the limit, and one at *high does not, unless *low or *high is an end of the input. */
static void bisect(struct prober *p, int64_t limit, uint64_t *low, uint64_t *high)
{
	int64_t seconds;

	*low = 0;
	*high = p->size;
	while (*high - *low > p->sample && !p->failed) {
		uint64_t middle = *low + (*high - *low) / 2;
		bool found = probe(p, middle, *high, &seconds);
		if (found && seconds < limit)
			*low = middle;
		else
			*high = middle;
	}
}

/* Find where the window begins.  `last` has the times at the end of the input. */
static uint64_t find_start(struct prober *p, const struct times *last)
{
	const struct period *period = query_period(p->search->query);
	uint64_t place, high;
	int64_t limit;

	if (__builtin_sub_overflow(period->since, p->search->slack, &limit))
		return 0;
	if (last->n && last->latest < limit)
		return p->size;
	bisect(p, limit, &place, &high);
	for (uint64_t step = p->sample; place > p->sample && !p->failed; step *= 2) {
		struct times t = sample_before(p, place);
		if (t.n && t.latest < limit)
			return place;
		place = place > step ? place - step : 0;
	}
	return 0;
}

/* Find where the window ends.  `first` has the times at the start of the input. */
static uint64_t find_end(struct prober *p, const struct times *first)
{
	const struct period *period = query_period(p->search->query);
	uint64_t low, place;
	int64_t limit;

	if (__builtin_add_overflow(period->until, p->search->slack, &limit))
		return p->size;
	if (first->n && first->earliest >= limit)
		return 0;
	bisect(p, limit, &low, &place);
	for (uint64_t step = p->sample; place < p->size && !p->failed; step *= 2) {
		struct times t = sample_after(p, place);
		if (t.n && t.earliest >= limit)
			return place;
		place = p->size - place > step ? place + step : p->size;
	}
	return p->size;
}

static int compare_points(const void *a, const void *b)
{
	const struct point *x = a, *y = b;

	return (x->at > y->at) - (x->at < y->at);
}

/* True unless a probe or a sample shows that the lines are not in order. */
static bool is_in_order(struct prober *p)
{
	int64_t latest = INT64_MIN, seconds;

	for (uint64_t i = 0; i < SPREAD && !p->failed; i++) {
		uint64_t from = p->size / SPREAD * i;
		probe(p, from, p->size - from > p->sample ? from + p->sample : p->size, &seconds);
	}
	qsort(p->points, p->n, sizeof *p->points, compare_points);
	for (size_t i = 0; i < p->n; i++) {
		if (is_disorder(p, p->points[i].seconds, latest))
			return false;
		if (p->points[i].seconds > latest)
			latest = p->points[i].seconds;
	}
	return !p->disordered;
}

static void note_point(struct prober *p, uint64_t at, int64_t seconds)
{
	p->points[p->n++] = (struct point){at, seconds};
}

/* Find the times at the start of the input: those of a sample if the window may end there, else
 * only the first one. */
static struct times find_first(struct prober *p, uint64_t window_from)
{
	struct times t = {.to = 1};

	if (query_period(p->search->query)->until < INT64_MAX && window_from < p->size)
		return sample_after(p, 0);
	t.n = probe(p, 0, MORE * p->sample < p->size ? MORE * p->sample : p->size, &t.earliest);
	t.latest = t.earliest;
	return t;
}

/* Find the times at the end of the input: those of a whole sample if the period has a start, else
 * those of the smallest sample. */
static struct times find_last(struct prober *p)
{
	bool needs_sample = query_period(p->search->query)->since > INT64_MIN;

	if (!needs_sample && p->sample > SAMPLE_LEAST)
		p->sample = SAMPLE_LEAST;
	struct times t = sample_before(p, p->size);
	p->sample = sample_size(p->in);
	return t;
}

/* Search an input, and set its window unless the input is not in order. */
static void search_input(struct prober *p, struct input *in, struct covered *covered)
{
	struct window window = {.is_set = true, .to = p->size};
	struct times last = find_last(p);

	if (p->failed || !last.n)
		return;
	window.from = find_start(p, &last);
	struct times first = find_first(p, window.from);
	if (p->failed || !first.n)
		return;
	note_point(p, first.to, first.latest);
	note_point(p, last.from, last.earliest);
	if (window.from < p->size)
		window.to = find_end(p, &first);
	if (!is_in_order(p) || p->failed)
		return;
	if (window.to < window.from)
		window.to = window.from;
	in->window = window;
	covered_add(covered, &(struct covered){true, first.earliest, last.latest});
}

/* --- All inputs -------------------------------------------------------------------- */

static bool can_be_searched(const struct input *in)
{
	return (!input_is_stream(in) || in->parts.n) && input_size(in) >= WORTH * sample_size(in);
}

static struct prober *prober_new(const struct search *s)
{
	struct prober *p = calloc(1, sizeof *p);

	if (!p)
		return NULL;
	p->search = s;
	p->result = block_result_new(s->query);
	if (p->result)
		return p;
	free(p);
	return NULL;
}

static void prober_free(struct prober *p)
{
	random_access_close(&p->reader);
	block_result_free(p->result);
	free(p);
}

static void prober_begin(struct prober *p, const struct inputs *inputs, size_t i)
{
	p->in = &inputs->at[i];
	p->index = i;
	p->size = input_size(p->in);
	p->sample = sample_size(p->in);
	p->n = 0;
	p->untimed = p->disordered = p->failed = false;
	block_result_set_written(p->result, p->in->written);
}

bool search_inputs(const struct search *s, struct inputs *inputs, struct covered *covered)
{
	if (s->slack == INT64_MAX)
		return true;
	struct prober *p = prober_new(s);
	if (!p)
		return false;
	for (size_t i = 0; i < inputs->n; i++) {
		if (!can_be_searched(&inputs->at[i]))
			continue;
		inputs_reading(&inputs->at[i]);
		prober_begin(p, inputs, i);
		search_input(p, &inputs->at[i], covered);
	}
	prober_free(p);
	return true;
}

/* --- The newest time --------------------------------------------------------------- */

struct newest {
	bool is_known;
	int64_t seconds;
	bool has_unknown; /* there is an input whose format is not known: see .why */
	struct complaint why;
};

static void note_newest(struct newest *n, const struct times *t)
{
	if (t->n && (!n->is_known || t->latest > n->seconds))
		n->seconds = t->latest;
	n->is_known |= t->n > 0;
}

static void add_times(struct times *t, const struct times *more)
{
	if (more->n && (!t->n || more->earliest < t->earliest))
		t->earliest = more->earliest;
	if (more->n && (!t->n || more->latest > t->latest))
		t->latest = more->latest;
	t->n += more->n;
}

/* True if no line before these lines can be newer than the newest one so far, because then one of
 * these lines would be older than that line by more than the slack. */
static bool are_newest(const struct prober *p, const struct times *t, const struct newest *n)
{
	int64_t most;

	return t->n && !__builtin_add_overflow(t->earliest, p->search->slack, &most) &&
	       most <= n->seconds;
}

/* Read the lines of an input backwards, until no line before them can be newer. */
static struct times newest_at_end(struct prober *p, struct newest *newest)
{
	struct times t = {.from = p->size, .to = p->size};
	uint64_t step = TAIL;

	while (t.from && !p->failed && !are_newest(p, &t, newest)) {
		uint64_t from = t.from > step ? t.from - step : 0;
		struct times more = sample(p, from, t.from);
		add_times(&t, &more);
		note_newest(newest, &t);
		t.from = from;
		step = step < TAIL_MOST ? 2 * step : TAIL_MOST;
	}
	return t;
}

/* Read all lines of a compressed input that has no parts: only its first lines may say how all
 * others are to be cut. */
static struct times newest_decoded(struct prober *p, struct newest *newest)
{
	struct times t = {0};
	struct span lines;
	int64_t seconds;

	while (stream_next(&p->stream, &lines))
		while (next_time(p, &lines, &seconds))
			add_time(p, &t, seconds);
	p->failed = p->stream.end != STREAM_END;
	note_newest(newest, &t);
	return t;
}

/* Find the format of a compressed input that has no parts, and read the input.  If its format is
 * not known, note that.  False, with a complaint, if the format lacks a field, or if out of
 * memory. */
static bool find_decoded(
	struct prober *p, struct newest *newest, struct times *t, struct complaint *c)
{
	struct complaint why;

	stream_open(&p->stream, p->in);
	enum detected detected =
		detect_head(p->search->formats, stream_head(&p->stream), &p->format, &why);
	if (detected == DETECTED)
		*t = newest_decoded(p, newest);
	else if (detected == DETECTED_NONE && !newest->has_unknown)
		newest->has_unknown = !complain_of(&newest->why, p->in->name, "%s", why.text);
	stream_close(&p->stream);
	return detected != DETECTED_UNUSABLE || complain_of(c, p->in->name, "%s", why.text);
}

static bool complain_of_pipe(const struct input *in, struct complaint *c)
{
	return complain_of(c, in->name,
		"its newest time, which --since end-1h needs, is not known before it is read: "
		"write it "
		"to a file first, or give a time such as 1h, 14:05 or 2026-11-20T14:05");
}

/* Find the newest time in one input.  An input without lines, or that can't be read, has none. */
static bool find_newest(struct prober *p, struct newest *newest, struct complaint *c)
{
	const struct input *in = p->in;
	struct times t = {0};

	if (in->fd >= 0)
		return complain_of_pipe(in, c);
	inputs_reading(in);
	if (!in->codec || in->parts.n)
		t = newest_at_end(p, newest);
	else if (!find_decoded(p, newest, &t, c))
		return false;
	if (t.n || p->failed || !p->untimed)
		return true;
	return complain_of(c, in->name,
		"no line has a time that wf can read, so its newest time, which --since end-1h "
		"needs, is not known");
}

bool search_newest(
	const struct search *s, const struct inputs *inputs, int64_t *newest, struct complaint *c)
{
	struct prober *p = prober_new(s);
	struct newest n = {0};
	bool ok = true;

	if (!p)
		return complain_memory(c, "search");
	for (size_t i = 0; ok && i < inputs->n; i++) {
		prober_begin(p, inputs, i);
		ok = find_newest(p, &n, c);
	}
	prober_free(p);
	if (n.is_known)
		*newest = n.seconds;
	if (!ok || n.is_known)
		return ok;
	if (!n.has_unknown)
		return complain(c, "end: no line has a time that wf can read");
	*c = n.why;
	return false;
}
