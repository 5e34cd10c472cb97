#include "count/diagnostics.h"

#include <stdio.h>
#include <string.h>

#include "lib/die.h"
#include "lib/human.h"
#include "input/seekable.h"

enum { PIECE = 1 << 20 }; /* bytes read at once, to count lines */

/* What is missing of a regular file that was written to otherwise than at its end. */
static bool say_fate(const char *name, const struct input *in, const struct read_state *p)
{
	enum input_fate fate = input_fate(in);

	if (atomic_load(&p->shrunk) || fate == INPUT_SHRUNK)
		warn("%s: became smaller while it was counted: what it lost may be missing", name);
	else if (fate == INPUT_OVERWRITTEN)
		warn("%s: was overwritten while it was counted", name);
	else
		return false;
	return true;
}

/* What was not read. */
static bool say_end(const char *name, const struct input *in, const struct read_state *p)
{
	char so[64];

	if (in->parts.n && (p->end == STREAM_CORRUPT || p->end == STREAM_CUT_OFF)) {
		warn("%s: corrupt %s data in a part of it, which is not all counted", name,
			p->compression->name);
		return true;
	}
	if (p->error && p->end == STREAM_END) {
		warn("%s: %s", name, strerror(p->error));
		return true;
	}
	snprintf(so, sizeof so, "; counted are the %llu bytes before",
		(unsigned long long)atomic_load(&p->read));
	return stream_tell(name, p->end, p->error, p->compression, so);
}

static bool say_input_errors(const struct pool *c)
{
	bool any = false;
	size_t unknown = 0;

	for (size_t i = 0; i < c->inputs->n; i++) {
		if (c->progress[i].detected != DETECTED) {
			warner_warn_of(&warn_on_stderr, pool_input_name(c, i), "%s",
				c->progress[i].complaint.text);
			any = true;
		}
		unknown += c->progress[i].detected == DETECTED_NONE;
		any |= say_end(pool_input_name(c, i), &c->inputs->at[i], &c->progress[i]);
		any |= say_fate(pool_input_name(c, i), &c->inputs->at[i], &c->progress[i]);
	}
	detect_hint(&warn_on_stderr, unknown);
	return any;
}

static uint64_t lines_before(const struct pool *c, const struct input *in, uint64_t offset)
{
	struct seekable reader = {0};
	struct span bytes;
	uint64_t lines = 0;

	inputs_reading(in);
	for (uint64_t at = 0; at < offset; at += bytes.len) {
		uint64_t to = offset - at > PIECE ? at + PIECE : offset;
		if (in->bytes.at)
			bytes = span_of(in->bytes.at + at, (size_t)(to - at));
		else if (!seekable_bytes(&reader, in, at, to, &bytes) || !bytes.len)
			break;
		lines += c->scan->count(bytes, '\n');
	}
	seekable_close(&reader);
	return lines;
}

/* Its line and offset are in a chunk: from now on, in the whole. */
static void add_parts_before(const struct pool *c, struct place *at)
{
	const struct input *in = &c->inputs->at[at->input];
	size_t to = parts_from(&in->parts, at->from);
	struct stream stream;
	struct span lines;

	if (!to)
		return;
	stream_open_parts(&stream, in, 0, to);
	while (stream_next(&stream, &lines)) {
		at->offset += lines.len;
		at->line += c->scan->count(lines, '\n');
	}
	stream_close(&stream);
}

static bool say_gave_up(const struct pool *c, const struct account *account)
{
	struct place first = {.input = SIZE_MAX}, *at = &first;

	if (!account->verdicts.gave_up)
		return false;
	for (unsigned i = 0; i < c->n; i++)
		if (c->state[i].account.verdicts.gave_up)
			place_note(at, c->state[i].gave_up);
	if (!at->line)
		at->line = lines_before(c, &c->inputs->at[at->input], at->offset) + 1;
	if (at->from)
		add_parts_before(c, at);
	warn("%s: line %llu, byte %llu: the pattern takes too many steps to match here; "
	     "%llu line%s given up (see CAVEATS in wf(1))",
		pool_input_name(c, at->input), (unsigned long long)at->line,
		(unsigned long long)at->offset, (unsigned long long)account->verdicts.gave_up,
		human_plural(account->verdicts.gave_up));
	return true;
}

bool diagnostics_print(const struct pool *c, const struct account *account)
{
	/* Both, not the first only. */
	bool inputs = say_input_errors(c), lines = say_gave_up(c, account);

	return inputs || lines;
}

bool diagnostics_is_mistake(const struct pool *c)
{
	for (size_t i = 0; i < c->inputs->n; i++) {
		if (c->progress[i].detected != DETECTED_UNUSABLE)
			continue;
		warner_warn_of(&warn_on_stderr, pool_input_name(c, i), "%s",
			c->progress[i].complaint.text);
		return true;
	}
	return false;
}
