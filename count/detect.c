#include "count/detect.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/die.h"
#include "lib/suggest.h"
#include "input/seekable.h"
#include "input/stream.h"
#include "formats/aliases.h"

enum { LINES = 100, FORMATS = 16 };

struct heading {
	uint64_t at; /* in the input */
	struct span line;
};

/* Of an input that is no stream. */
struct source {
	struct logformat *format;
	struct heading *headings;
	size_t n, room;
};

struct formats {
	const struct query_spec *spec;
	const struct query *query;
	const struct scan *scan;
	struct logformat *known[FORMATS]; /* the candidates; or one */
	size_t n;
	struct batch *batch; /* for cuts that are only tried */
	struct source *sources;
	size_t n_sources;
	size_t unknown;     /* inputs that have been dropped for their format */
	struct arena lines; /* of headings */
};

/* --- Compiling ------------------------------------------------------------------- */

static struct logformat *compile(struct arg said, const struct query *query)
{
	struct complaint c;
	struct logformat *f = logformat_compile(said.value, &query_fields(query)->wanted, &c);

	if (f)
		return f;
	if (c.offset == SIZE_MAX)
		die("%s: %s", said.origin, c.text);
	warn("%s: %s", said.origin, c.text);
	warn("  %s", said.value);
	die("  %*s^", (int)c.offset, "");
}

static const char *missing_field(const struct formats *f, const struct logformat *format)
{
	const struct fields *fields = query_fields(f->query);

	for (size_t i = 0; i < fields->n; i++)
		if (fields->at[i].needed && !field_is_in(&fields->at[i], format))
			return fields->at[i].name;
	return NULL;
}

static void note_missing(struct problem *p, const struct logformat *format, const char *field)
{
	p->kind = PROBLEM_NO_FIELD;
	snprintf(p->text, sizeof p->text, "%s", field);
	fields_list(format, p->fields, sizeof p->fields);
}

static bool is_auto(const struct query_spec *spec)
{
	return !spec->log_format.value || strcmp(spec->log_format.value, "auto") == 0;
}

struct formats *detect_new(
	const struct query_spec *spec, const struct query *query, const struct scan *scan)
{
	struct formats *f = calloc(1, sizeof *f);
	struct problem problem;

	if (f)
		f->batch = batch_new(query);
	if (!f || !f->batch)
		die("formats: out of memory");
	f->spec = spec;
	f->query = query;
	f->scan = scan;
	if (is_auto(spec)) {
		for (const char *const *name = logformat_known; *name; name++)
			f->known[f->n++] = compile((struct arg){*name, "auto"}, query);
		return f;
	}
	f->known[f->n++] = compile(spec->log_format, query);
	if (logformat_heading(f->known[0]).len)
		return f; /* each file has fields of its own */
	const char *field = missing_field(f, f->known[0]);
	if (field) {
		note_missing(&problem, f->known[0], field);
		problem_tell(spec->log_format.origin, &problem);
		exit(STATUS_ERROR);
	}
	return f;
}

void detect_free(struct formats *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->n; i++)
		logformat_free(f->known[i]);
	for (size_t i = 0; i < f->n_sources; i++)
		free(f->sources[i].headings);
	free(f->sources);
	arena_free(&f->lines);
	batch_free(f->batch);
	free(f);
}

/* --- Guessing -------------------------------------------------------------------- */

/* Take a line off, without its end. */
static bool next_line(struct span *rest, struct span *line)
{
	if (!rest->len)
		return false;
	const char *newline = memchr(rest->at, '\n', rest->len);
	*line = newline ? span_between(rest->at, newline) : *rest;
	size_t taken = line->len + (newline != NULL);
	*rest = span_of(rest->at + taken, rest->len - taken);
	if (line->len && line->at[line->len - 1] == '\r')
		line->len--;
	return true;
}

/* Only whole lines tell; the last is one if nothing comes behind it. */
static struct span whole_lines(struct span head)
{
	if (head.len < INPUT_HEAD)
		return head;
	const char *last = span_last(head, '\n');
	return last ? span_between(head.at, last + 1) : head;
}

static bool is_blank(struct span line)
{
	for (size_t i = 0; i < line.len; i++)
		if (line.at[i] != ' ' && line.at[i] != '\t')
			return false;
	return true;
}

/* Any that is not blank? */
static bool has_lines(struct span rest)
{
	for (struct span line; next_line(&rest, &line);)
		if (!is_blank(line))
			return true;
	return false;
}

/* One piece "label:value" may be anything. */
static bool is_too_little(const struct logformat *format, struct span line)
{
	if (strcmp(logformat_name(format), "ltsv") != 0)
		return false;
	while (line.len && strchr(" \t", line.at[0]))
		line = span_of(line.at + 1, line.len - 1);
	while (line.len && line.at[line.len - 1] == '\t')
		line.len--;
	return !line.len || !memchr(line.at, '\t', line.len);
}

static bool is_heading(const struct logformat *format, struct span line)
{
	struct span start = logformat_heading(format);

	return start.len && line.len >= start.len && memcmp(line.at, start.at, start.len) == 0;
}

struct tries {
	size_t fit[FORMATS]; /* lines */
	size_t all;          /* lines that fit any */
	bool heading[FORMATS];
	uint64_t number;   /* of the line */
	uint64_t stumbled; /* the first line that fits none, 0 if there is none */
	struct span line;
};

static void try_line(struct formats *f, struct span line, struct tries *t)
{
	struct cut cut = {.arena = &f->batch->arena, .slots = f->batch->record.slots};
	bool any = false;

	for (size_t i = 0; i < f->n; i++) {
		enum cut_result got = logformat_cut(f->known[i], line, &cut);
		if (got == CUT_COMMENT && is_heading(f->known[i], line))
			t->heading[i] = any = true;
		if (got != CUT_FITS || is_too_little(f->known[i], line))
			continue;
		t->fit[i]++;
		t->all += !any;
		any = true;
	}
	arena_reset(&f->batch->arena);
	if (!any && !t->stumbled && !is_blank(line)) {
		t->stumbled = t->number;
		t->line = line;
	}
}

static struct logformat *best(const struct formats *f, const struct tries *t)
{
	size_t most = 0;

	for (size_t i = 0; i < f->n; i++) {
		if (2 * t->fit[i] > t->all)
			return f->known[i];
		if (t->fit[i] > t->fit[most])
			most = i;
	}
	if (t->fit[most])
		return f->known[most];
	for (size_t i = 0; i < f->n; i++)
		if (t->heading[i] && logformat_heading(f->known[i]).len)
			return f->known[i];
	return NULL;
}

static struct logformat *guess(struct formats *f, struct span head, struct problem *p)
{
	struct span rest = whole_lines(head), line;
	struct tries t = {0};

	for (size_t i = 0; i < f->n; i++)
		logformat_restart(f->known[i], span_of("", 0));
	while (t.all < LINES && next_line(&rest, &line)) {
		t.number++;
		try_line(f, line, &t);
	}
	struct logformat *found = best(f, &t);
	if (found || !t.stumbled)
		return found ? found : f->known[0];
	p->kind = PROBLEM_UNKNOWN;
	p->line = t.stumbled;
	size_t shown = t.line.len < 100 ? t.line.len : 100;
	for (size_t i = 0; i < shown; i++)
		p->text[i] = t.line.at[i] ? t.line.at[i] : '?'; /* a message ends at a NUL */
	snprintf(p->text + shown, sizeof p->text - shown, "%s", t.line.len > shown ? "..." : "");
	return NULL;
}

/* The first heading is what the first lines are cut by. */
static void find_first_heading(struct logformat *format, struct span head)
{
	struct span line;

	logformat_restart(format, span_of("", 0));
	while (next_line(&head, &line)) {
		if (!is_heading(format, line))
			continue;
		logformat_restart(format, line);
		return;
	}
}

struct logformat *detect_of(struct formats *f, struct span head, struct problem *p)
{
	*p = (struct problem){.kind = PROBLEM_NONE};
	struct logformat *format = f->n == 1 ? f->known[0] : guess(f, head, p);
	if (!format)
		return NULL;
	if (logformat_heading(format).len)
		find_first_heading(format, whole_lines(head));
	const char *field = has_lines(whole_lines(head)) ? missing_field(f, format) : NULL;
	if (field) {
		note_missing(p, format, field);
		return NULL;
	}
	logformat_restart(format, span_of("", 0));
	return format;
}

bool detect_number(const struct formats *f, const struct logformat *format, unsigned *number)
{
	*number = 0;
	while (f->known[*number] != format)
		++*number;
	return !logformat_heading(format).len;
}

struct logformat *detect_numbered(const struct formats *f, unsigned number)
{
	return f->known[number];
}

static struct span next_word(const char **list)
{
	struct span word = span_of(*list, strcspn(*list, " "));

	*list += word.len + strspn(*list + word.len, " ");
	return word;
}

/* Which field of a list may have been meant. */
static struct suggestion meant(const char *name, const char *list)
{
	const char *ours = aliases_of_field(span_text(name));
	struct suggestion nearest = suggest_for(span_text(name));

	while (*list) {
		struct span word = next_word(&list);
		if (ours && span_equal(word, span_text(ours))) {
			nearest.best = word;
			break;
		}
		suggest_offer(&nearest, word);
	}
	return nearest;
}

static void tell_missing(const char *input, const struct problem *p)
{
	struct suggestion nearest = meant(p->text, p->fields);
	char guess[SUGGEST_PHRASE];

	if (!*fields_slip(p->text, guess))
		suggest_phrase(&nearest, "", guess);
	if (*p->fields)
		warn("%s: its lines have no field '%s'%s; they have %s", input, p->text, guess,
			p->fields);
	else
		warn("%s: no line says what fields the others have", input);
}

void problems_hint(size_t unknown)
{
	if (!unknown)
		return;
	warn("  -f 0 counts whole lines, -f N the N-th column, -e RE what RE captures;");
	warn("  --log-format says how lines look");
}

void problem_tell(const char *input, const struct problem *p)
{
	switch (p->kind) {
	case PROBLEM_NONE:
		break;
	case PROBLEM_UNKNOWN:
		warn("%s: line %llu is of no known format: \"%s\"", input,
			(unsigned long long)p->line, p->text);
		break;
	case PROBLEM_NO_FIELD:
		tell_missing(input, p);
		break;
	case PROBLEM_MEMORY:
		warn("%s: out of memory", input);
		break;
	}
}

/* --- Inputs that can be looked at before ------------------------------------------ */

static bool add_heading(struct formats *f, struct source *s, uint64_t at, struct span line)
{
	if (s->n == s->room) {
		s->room = 2 * s->room + 8;
		struct heading *more = realloc(s->headings, s->room * sizeof *more);
		if (!more)
			return false;
		s->headings = more;
	}
	char *copy = arena_take(&f->lines, line.len);
	if (!copy)
		return false;
	memcpy(copy, line.at, line.len);
	s->headings[s->n++] = (struct heading){at, span_of(copy, line.len)};
	return true;
}

/* Note where headings are in some whole lines, the first of which stands at from. */
static void find_headings(struct formats *f, struct source *s, struct span lines, uint64_t from)
{
	struct needle needle = needle_of(logformat_heading(s->format));

	for (struct span rest = lines, line = {NULL, 0};;) {
		size_t at = f->scan->find(rest, &needle);
		if (at == rest.len)
			return;
		const char *p = rest.at + at;
		rest = span_between(p, lines.at + lines.len);
		if (p > lines.at && p[-1] != '\n') {
			rest = span_of(rest.at + 1, rest.len - 1);
			continue;
		}
		if (next_line(&rest, &line) &&
			!add_heading(f, s, from + (uint64_t)(p - lines.at), line))
			die("formats: out of memory");
	}
}

enum { PIECE = 1 << 20 };

/* Those of a whole input.  False on error (errno). */
static bool find_all_headings(
	struct formats *f, struct source *s, const struct input *in, struct seekable *reader)
{
	struct span lines;
	uint64_t at;

	if (!logformat_heading(s->format).len)
		return true;
	if (in->bytes.at) {
		find_headings(f, s, in->bytes, 0);
		return true;
	}
	for (uint64_t from = 0; from < in->size; from += PIECE) {
		uint64_t to = in->size - from > PIECE ? from + PIECE : in->size;
		if (!seekable_lines(reader, in, from, to, &lines, &at))
			return false;
		find_headings(f, s, lines, at);
	}
	return true;
}

/* The first bytes.  Read, also of what is mapped: that may be gone when it is looked at.
 * False on error (errno). */
static bool find_head(const struct input *in, struct seekable *reader, struct span *head)
{
	uint64_t len = input_size(in) < INPUT_HEAD ? input_size(in) : INPUT_HEAD;

	if (seekable_bytes(reader, in, 0, len, head))
		return true;
	/* Its name may be another file's now: then it is whole. */
	*head = span_of(in->bytes.at, (size_t)len);
	return in->bytes.at != NULL;
}

/* What is compressed and has parts: each is cut as the first is.  It is read as a whole if lines
 * say how those behind them are cut, or if the first can't be had. */
static void look_at_parts(struct formats *f, struct source *s, struct input *in, struct problem *p)
{
	struct stream stream;

	stream_open(&stream, in);
	s->format = detect_of(f, stream_head(&stream), p);
	if (stream.end != STREAM_END || (s->format && logformat_heading(s->format).len))
		parts_free(&in->parts);
	stream_close(&stream);
}

/* Is that field all that is asked?  Then it is told in the end how often it was found. */
static bool is_all(const struct query *query, size_t field)
{
	size_t n;
	const struct grouping *q = query_groupings(query, &n);

	return n == 1 && q[0].n_fields == 1 && q[0].fields[0] == field;
}

/* Find the fields of one line: which of them has it? */
static bool try_fields(struct formats *f, struct logformat *format, struct span line, bool *found)
{
	const struct fields *fields = query_fields(f->query);
	struct record *r = &f->batch->record;
	struct cut cut = {.arena = &f->batch->arena, .slots = r->slots};
	struct span value;

	memset(r->slots, 0, logformat_slots(format) * sizeof *r->slots);
	if (logformat_cut(format, line, &cut) != CUT_FITS)
		return false;
	r->line = line;
	r->number++;
	r->last_when = NULL;
	for (size_t i = 0; i < fields->n; i++)
		found[i] |= record_value(r, i, &value) == FIELD_VALUE;
	arena_reset(&f->batch->arena);
	return true;
}

/* Where lines can have any field, a name that is none of ours and that none of the first lines has
 * is no error: but a mistake, perhaps, which changes the numbers. */
static void warn_of_absent(
	struct formats *f, struct logformat *format, struct span head, const char *name)
{
	const struct fields *fields = query_fields(f->query);
	bool *found = calloc(fields->n + 1, sizeof *found);
	struct span rest = whole_lines(head), line;
	size_t lines = 0;

	if (!found)
		die("formats: out of memory");
	while (lines < LINES && next_line(&rest, &line))
		lines += try_fields(f, format, line, found);
	for (size_t i = 0; lines && i < fields->n; i++) {
		const char *field = fields->at[i].name;
		char guess[SUGGEST_PHRASE];
		if (found[i] || fields->at[i].kind != FIELD_OWN || !fields->at[i].needed ||
			is_all(f->query, i))
			continue;
		warn("%s: none of its first lines has a field '%s'%s", name, field,
			fields_guess(field, guess));
	}
	free(found);
}

static bool look_at_file(struct formats *f, struct source *s, const struct input *in,
	struct seekable *reader, struct problem *p)
{
	struct span head;

	if (!find_head(in, reader, &head))
		return false;
	s->format = detect_of(f, head, p);
	if (s->format && logformat_bases(s->format) == UINT32_MAX)
		warn_of_absent(f, s->format, head, in->name);
	return !s->format || find_all_headings(f, s, in, reader);
}

/* False if it is not to be counted. */
static bool look(struct formats *f, size_t i, struct input *in, struct seekable *reader)
{
	struct source *s = &f->sources[i];
	struct problem problem;

	inputs_reading(in);
	if (in->parts.n)
		look_at_parts(f, s, in, &problem);
	if (input_is_stream(in) && !in->parts.n)
		return true; /* a worker will see its head first */
	if (!in->parts.n && !look_at_file(f, s, in, reader, &problem)) {
		warn("%s: %s", in->name, strerror(errno));
		return false;
	}
	if (s->format)
		return true;
	problem_tell(in->name, &problem);
	if (problem.kind != PROBLEM_UNKNOWN)
		exit(STATUS_ERROR);
	f->unknown++;
	return false;
}

size_t detect_look(struct formats *f, struct inputs *inputs)
{
	struct seekable reader = {0};
	size_t dropped = 0;

	f->sources = calloc(inputs->n + 1, sizeof *f->sources);
	if (!f->sources)
		die("formats: out of memory");
	for (size_t i = 0; i < inputs->n;) {
		if (look(f, i, &inputs->at[i], &reader)) {
			i++;
			continue;
		}
		free(f->sources[i].headings);
		f->sources[i] = (struct source){0};
		seekable_close(&reader); /* it knows inputs by their place */
		inputs_drop(inputs, i);
		dropped++;
	}
	seekable_close(&reader);
	problems_hint(f->unknown);
	f->n_sources = inputs->n;
	return dropped;
}

struct logformat *detect_at(struct formats *f, size_t input, uint64_t offset)
{
	const struct source *s = &f->sources[input];
	struct span heading = span_of("", 0);
	size_t low = 0, high = s->n;

	/* The last that begins before the offset. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (s->headings[middle].at < offset)
			low = middle + 1;
		else
			high = middle;
	}
	if (low)
		heading = s->headings[low - 1].line;
	logformat_restart(s->format, heading);
	return s->format;
}
