#include "cli/explain.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/message.h"
#include "store/tuple.h"
#include "query/block_keys.h"
#include "report/safe_output.h"
#include "input/stream.h"

enum { LINES = 10 };

static void put_line(const struct output *p, const char *name, unsigned number, struct span line)
{
	output_put_key(p, span_text(name));
	fprintf(p->out, ":%u: ", number);
	output_put_key(p, line);
	putc('\n', p->out);
}

static void put_named(const struct output *p, struct span name, struct span value)
{
	enum { COLUMN = 10 };
	size_t width = output_width(p, name);

	fputs("  ", p->out);
	output_put_key(p, name);
	fprintf(p->out, "%*s ", width < COLUMN ? (int)(COLUMN - width) : 0, "");
	output_put_key(p, value);
	putc('\n', p->out);
}

/* Print a name and a value, with all values in one column: "  client     192.0.2.1". */
static void put_value(const struct output *p, const char *name, struct span value)
{
	put_named(p, span_text(name), value);
}

static void put_note(const struct output *p, const char *name, const char *note)
{
	put_value(p, name, span_text(note));
}

/* Print the values of the query's fields, except those that put_slots() has already printed.  False
 * if out of memory. */
static bool put_fields(const struct output *p, const struct fields *fields, struct record *r)
{
	for (size_t i = 0; i < fields->n; i++) {
		const struct field *f = &fields->at[i];
		struct span value;
		enum field_result found = record_value(r, i, &value);
		if (found == FIELD_FAILED)
			return false;
		if (found == FIELD_NONE)
			put_note(p, f->name, "(no value)");
		else if (f->kind != FIELD_NAMED || f->n >= BASES || !r->slots[f->n].at)
			put_value(p, f->name, value);
	}
	return true;
}

/* Print the value of each base field that the format found in the line.  False if out of memory. */
static bool put_slots(const struct output *p, struct record *r)
{
	static const struct field time = {.name = "time", .kind = FIELD_NAMED, .n = BASE_TIME};

	for (int i = 0; i < BASES; i++) {
		struct span value = r->slots[i], when;
		if (!value.at || i == BASE_DATE)
			continue;
		enum field_result found =
			i == BASE_TIME ? record_find_once(&time, r, &when) : FIELD_NONE;
		if (found == FIELD_FAILED)
			return false;
		put_value(p, base_names[i], found == FIELD_VALUE ? when : value);
	}
	return true;
}

/* The context of put_own(). */
struct own {
	const struct output *out;
	const struct fields *fields;
};

/* Print a field that only this format has, under the name that -f accepts: .NAME if NAME alone
 * means a field that all formats share, else NAME.  Fields of the query are left out, because
 * put_fields() prints them. */
static void put_own(void *of, struct span name, struct span value)
{
	enum { LONGEST = 255 };
	const struct own *own = of;
	char asked[LONGEST + 2];

	if (name.len > LONGEST)
		return;
	snprintf(asked, sizeof asked, ".%.*s", (int)name.len, name.at);
	for (size_t i = 0; i < own->fields->n; i++)
		if (strcmp(own->fields->at[i].name, asked) == 0 ||
			strcmp(own->fields->at[i].name, asked + 1) == 0)
			return;
	put_value(own->out, field_is_shared(asked + 1) ? asked : asked + 1, value);
}

/* Print the key that a grouping has found in the line, and the number that the grouping adds to its
 * sum.  False if out of memory. */
static bool put_answer(const struct output *p, const struct grouping *q, const struct found_keys *a)
{
	const char *name = q->spec->name ? q->spec->name : "key";
	char sum[SUM_TEXT];

	if (!a->n) {
		put_note(p, name, "(none)");
		return true;
	}
	size_t n = grouping_values(q);
	if (n > 1) {
		char *bytes = malloc(a->keys[0].len + 1);
		struct span *values = calloc(n, sizeof *values);
		bool ok = bytes && values;
		if (ok)
			tuple_split(a->keys[0], n, bytes, values);
		for (size_t i = 0; ok && i < n; i++)
			put_value(p, i ? "" : name, values[i]);
		free(bytes);
		free(values);
		if (!ok)
			return false;
	} else {
		put_value(p, name, a->keys[0]);
	}
	if (q->measured.statistics.only_sum && !number_is_none(a->numbers[0]))
		put_note(p, "sum", sum_print(a->numbers[0], sum));
	return true;
}

static void put_dropped(const struct output *p, const struct record *r)
{
	fprintf(p->out, "  %-10s ", "dropped");
	output_put_key(p, span_text(r->dropped_by));
	fprintf(p->out, " %s\n", r->dropped_how);
}

/* If the line is not counted, print why. */
static void put_verdict(const struct output *p, const struct block_result *b)
{
	const struct verdicts *v = &b->verdicts;

	if (v->unparsed)
		put_note(p, "unparsed", "it does not fit the format");
	if (v->filtered && b->record.dropped_by)
		put_dropped(p, &b->record);
	else if (v->filtered)
		put_note(p, "dropped", "a comment of the format");
	if (v->bad_times)
		put_note(p, "time", "cannot be read");
	if (v->too_large)
		put_note(p, "given up", "a number does not fit in 64 bits");
	else if (v->gave_up)
		put_note(p, "given up", "a pattern did not come to an end");
}

/* Print how one line is split and counted.  False on an error, which has been printed. */
static bool explain_line(const struct output *p, struct query *q, struct logformat *format,
	struct span line, struct block_result *b)
{
	size_t n;
	const struct grouping *groupings = query_groupings(q, &n);

	if (!block_keys_find(q, format, line, b)) {
		warn("query: %s", strerror(errno));
		return false;
	}
	bool ok = !b->was_cut || !format || put_slots(p, &b->record);
	if (ok && b->was_cut && format)
		ok = logformat_tell_own(format, b->record.line,
			&(struct listener){put_own, &(struct own){p, query_fields(q)}});
	ok = ok && (!b->was_cut || put_fields(p, query_fields(q), &b->record));
	put_verdict(p, b);
	for (size_t i = 0; ok && i < n && b->was_cut && !b->verdicts.filtered; i++)
		ok = put_answer(p, &groupings[i], &b->found[i]);
	if (!ok)
		warn("query: %s", strerror(ENOMEM));
	return ok;
}

/* Explain the first lines in `head`, the beginning of an input.  False, after printing a message,
 * if a line causes an error. */
static bool explain_lines(const struct output *p, const char *name, struct query *q,
	struct formats *formats, struct logformat *format, struct span head, struct block_result *b)
{
	bool ok = true;
	const char *longer = format && head.len ? detect_longer(formats, format, head) : NULL;

	if (format && head.len)
		put_note(p, "format", logformat_name(format));
	if (longer)
		put_note(p, "or", longer);
	for (unsigned i = 1; i <= LINES && head.len; i++) {
		const char *newline = memchr(head.at, '\n', head.len);
		struct span line = newline ? span_between(head.at, newline) : head;
		size_t taken = line.len + (newline != NULL);
		put_line(p, name, i, line);
		ok &= explain_line(p, q, format, span_of(line.at, taken), b);
		head = span_of(head.at + taken, head.len - taken);
	}
	return ok;
}

/* Explain the first lines of an input.  False, after printing a message, if the input's format is
 * unknown or lacks a field of the query, if the first bytes could not all be read, or if a line
 * causes an error. */
static bool explain_input(const struct output *p, const struct input *in, struct query *q,
	struct formats *formats, struct block_result *b)
{
	enum detected detected = DETECTED;
	struct complaint why;
	struct logformat *format = NULL;
	struct span head = in->bytes;
	struct stream stream = {0};

	inputs_reading(in);
	block_result_set_written(b, in->written);
	if (!head.at) {
		stream_open(&stream, in);
		head = stream_head(&stream);
	}
	if (head.len > INPUT_HEAD)
		head.len = INPUT_HEAD;
	if (formats)
		detected = detect_head(formats, head, &format, &why);
	if (detected != DETECTED)
		warner_warn_of(&warn_on_stderr, in->name, "%s", why.text);
	detect_hint(&warn_on_stderr, detected == DETECTED_NONE);
	bool ok = detected == DETECTED && explain_lines(p, in->name, q, formats, format, head, b);
	struct stream_ending ending = stream_ending(&stream);
	bool whole = !stream_warn(&warn_on_stderr, in->name, &ending, "");
	stream_close(&stream);
	return ok && whole;
}

int explain(const struct inputs *inputs, struct query *query, struct formats *formats)
{
	struct output out;
	struct block_result *b = block_result_new(query);
	bool ok = !inputs->unreadable;

	if (!b || !output_open(&out, CHOICE_NEVER, false) ||
		(!out.terminal && !output_use_locale(&out)))
		die("query: out of memory");
	for (size_t i = 0; i < inputs->n; i++)
		ok &= explain_input(&out, &inputs->at[i], query, formats, b);
	block_result_free(b);
	if (!output_close(&out) && errno != EPIPE)
		die("standard output: %s", strerror(errno));
	return ok ? 0 : STATUS_ERROR;
}
