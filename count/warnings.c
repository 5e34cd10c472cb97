#include "count/warnings.h"

#include <stdio.h>
#include <string.h>

#include "input/random_access.h"

enum { PIECE = 1 << 20 }; /* how many bytes are read at a time to count their lines */

/* Warn if a regular file was truncated or overwritten while it was read.  True if there was a
 * warning. */
static bool warn_of_fate(const struct pool *p, size_t input)
{
	const char *name = pool_input_name(p, input);
	enum input_fate fate = input_fate(&p->inputs->at[input]);

	if (atomic_load(&p->reads[input].truncated) || fate == INPUT_SHRUNK)
		warner_warn_of(p->warner, name,
			"was truncated while being read: the bytes it lost may not be counted");
	else if (fate == INPUT_OVERWRITTEN)
		warner_warn_of(p->warner, name, "was overwritten while being read");
	else
		return false;
	return true;
}

/* Warn if the input was not read to its end.  True if there was a warning. */
static bool warn_of_end(const struct pool *p, size_t input)
{
	const char *name = pool_input_name(p, input);
	const struct read_state *r = &p->reads[input];
	const struct stream_ending *e = &r->ending;
	unsigned long long read = atomic_load(&r->read);
	char consequence[64];

	if (p->inputs->at[input].parts.n &&
		(e->why == STREAM_CORRUPT || e->why == STREAM_CUT_OFF)) {
		warner_warn_of(p->warner, name,
			"corrupt %s data in one of its parts, which is not completely counted",
			e->codec->name);
		return true;
	}
	if (e->error && e->why == STREAM_END) {
		warner_warn_of(p->warner, name, "%s", strerror(e->error));
		return true;
	}
	if (read)
		snprintf(consequence, sizeof consequence, "; only the first %llu byte%s counted",
			read, read == 1 ? " was" : "s were");
	else
		strcpy(consequence, "; nothing was counted");
	return stream_warn(p->warner, name, e, consequence);
}

/* Warn about an input whose format is not known, and about fields that a stream lacks.  True if the
 * input was not counted. */
static bool warn_of_format(const struct pool *p, size_t input)
{
	const struct complaint *absent = &p->complaints[input];

	if (p->reads[input].detected == DETECTED) {
		if (*absent->text)
			warner_warn(p->warner, "%s", absent->text);
		if (*absent->source)
			detect_note_present(p->formats, absent->source);
		return false;
	}
	warner_warn_of(p->warner, pool_input_name(p, input), "%s", p->complaints[input].text);
	return true;
}

static bool warn_of_inputs(const struct pool *p)
{
	bool any = false;
	size_t unknown = 0;

	for (size_t i = 0; i < p->inputs->n; i++) {
		any |= warn_of_format(p, i);
		unknown += p->reads[i].detected == DETECTED_NONE;
		any |= warn_of_end(p, i);
		any |= warn_of_fate(p, i);
	}
	detect_hint(p->warner, unknown);
	return any;
}

static uint64_t lines_before(const struct pool *p, const struct input *in, uint64_t offset)
{
	struct random_access seekable = {0};
	struct span bytes;
	uint64_t lines = 0;

	inputs_reading(in);
	for (uint64_t at = 0; at < offset; at += bytes.len) {
		uint64_t end = offset - at > PIECE ? at + PIECE : offset;
		if (in->bytes.at)
			bytes = span_of(in->bytes.at + at, (size_t)(end - at));
		else if (!random_access_bytes(&seekable, in, at, end, &bytes) || !bytes.len)
			break;
		lines += p->scan->count(bytes, '\n');
	}
	random_access_close(&seekable);
	return lines;
}

/* A place in a compressed file is relative to its chunk.  Make it relative to the whole file: add
 * the bytes and the lines of all parts before the chunk. */
static void add_parts_before(const struct pool *p, struct place *place)
{
	const struct input *in = &p->inputs->at[place->input];
	size_t end = parts_from(&in->parts, place->from);
	struct stream stream;
	struct span lines;

	if (!end)
		return;
	stream_open_parts(&stream, in, 0, end);
	while (stream_next(&stream, &lines)) {
		place->offset += lines.len;
		place->line += p->scan->count(lines, '\n');
	}
	stream_close(&stream);
}

/* Find the line's number, and its offset in the whole input.  The line has no number if the
 * first part of the input was skipped. */
static void complete_place(const struct pool *p, struct place *place)
{
	if (p->inputs->at[place->input].window.from)
		place->line = 0;
	else if (!place->line)
		place->line = lines_before(p, &p->inputs->at[place->input], place->offset) + 1;
	if (place->from)
		add_parts_before(p, place);
}

/* Warn about `lines` lines that were left out for the same reason.  The warning says where the
 * first line is, why the lines were left out, and how many they are. */
static void warn_of_lines(
	const struct pool *p, uint64_t lines, struct place first, const char *why, const char *how)
{
	char number[40] = "";

	complete_place(p, &first);
	if (first.line)
		snprintf(number, sizeof number, "line %llu, ", (unsigned long long)first.line);
	warner_warn_of(p->warner, pool_input_name(p, first.input),
		"%sbyte %llu: %s; %llu line%s %s", number,
		(unsigned long long)first.offset + p->reads[first.input].skipped, why,
		(unsigned long long)lines, lines == 1 ? "" : "s", how);
}

/* Return why lines were given up. */
static const char *reason(const struct pool *p)
{
	size_t n;
	const struct grouping *groupings = query_groupings(p->query, &n);

	for (size_t i = 0; i < n; i++)
		if (groupings[i].subs.n)
			return "matching here exceeds PCRE2's match limit, or --sub makes a key of "
			       "more than 1 MB";
	return "matching here exceeds PCRE2's match limit";
}

static bool warn_of_left_out(const struct pool *p, const struct verdicts *v)
{
	struct place gave_up = {.input = SIZE_MAX}, too_large = gave_up;

	for (unsigned i = 0; i < p->n; i++) {
		place_note(&gave_up, p->workers[i].gave_up);
		place_note(&too_large, p->workers[i].too_large);
	}
	if (v->gave_up > v->too_large)
		warn_of_lines(p, v->gave_up - v->too_large, gave_up, reason(p),
			"given up (see CAVEATS in wf(1))");
	if (v->too_large)
		warn_of_lines(p, v->too_large, too_large,
			"a number to add up does not fit in 64 bits", "left out");
	return v->gave_up > 0;
}

/* Warn about the lines whose times cannot be read.  They count, but not where the
 * time is needed; with a period, they are left out. */
static void warn_of_times(const struct pool *p, const struct verdicts *v)
{
	struct place first = {.input = SIZE_MAX};
	const char *time = "";
	char why[BAD_TIME_TEXT + 32], how[64];

	for (unsigned i = 0; i < p->n; i++)
		if (place_note(&first, p->workers[i].bad_time))
			time = p->workers[i].time;
	if (!v->bad_times || first.input == SIZE_MAX)
		return;
	snprintf(why, sizeof why, "'%s' is not a time", time);
	snprintf(how, sizeof how, "%s no time that wf can read%s",
		v->bad_times == 1 ? "has" : "have",
		!query_has_period(p->query) ? ""
		: v->bad_times == 1         ? ", and is left out"
					    : ", and are left out");
	warn_of_lines(p, v->bad_times, first, why, how);
}

/* Say in which zone times are read that have none, if that is not the same for the log and for
 * --since and --until. */
static void warn_of_zones(const struct pool *p)
{
	const char *zone = query_zone(p->query), *machine = query_machine_zone(p->query);
	bool no_zone = false, other_zone = false, is_local = query_period_is_local(p->query);

	for (unsigned i = 0; i < p->n; i++) {
		no_zone |= p->workers[i].met_no_zone;
		other_zone |= p->workers[i].met_other_zone;
	}
	if (no_zone && zone)
		warner_warn(p->warner, "--tz: times without a zone are taken for times in %s",
			zone);
	else if (no_zone && machine && !is_local)
		warner_warn(p->warner,
			"times without a zone are taken for times in this machine's zone, %s "
			"(see --tz)",
			machine);
	if (other_zone && machine && is_local)
		warner_warn(p->warner,
			"--since and --until are taken for times in this machine's zone, %s, but "
			"the log has other zones (see --tz, or write a zone: 14:05+02:00)",
			machine);
}

bool warnings_print(const struct pool *p, const struct account *account)
{
	/* Warn about both, even if the first function returns true. */
	bool inputs = warn_of_inputs(p), lines = warn_of_left_out(p, &account->verdicts);

	warn_of_times(p, &account->verdicts);
	warn_of_zones(p);
	return inputs || lines;
}

void warnings_first_unparsed(
	const struct pool *p, const struct account *account, struct complaint *c)
{
	const struct worker_state *first = NULL;

	c->text[0] = '\0';
	for (unsigned i = 0; i < p->n; i++) {
		struct place place = first ? first->unparsed : (struct place){.input = SIZE_MAX};
		if (place_note(&place, p->workers[i].unparsed))
			first = &p->workers[i];
	}
	if (!first || !verdicts_many_unparsed(&account->verdicts))
		return;
	struct place place = first->unparsed;
	complete_place(p, &place);
	if (place.line)
		complain(c, "'%s'; the first is line %llu of %.600s", first->unfit.format,
			(unsigned long long)place.line, pool_input_name(p, place.input));
	else
		complain(c, "'%s'; the first is in %.600s", first->unfit.format,
			pool_input_name(p, place.input));
	snprintf(c->source, sizeof c->source, "%s", first->unfit.line);
	c->offset = first->unfit.stop;
}

bool warnings_check(const struct pool *p, struct complaint *c)
{
	for (size_t i = 0; i < p->inputs->n; i++)
		if (p->reads[i].detected == DETECTED_UNUSABLE)
			return complain_of(c, pool_input_name(p, i), "%s", p->complaints[i].text);
	return true;
}
