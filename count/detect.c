#include "count/detect.h"

#include <errno.h>
#include <stdlib.h>

#include "count/headings.h"
#include "formats/foreign_names.h"
#include "formats/guess.h"
#include "lib/lines.h"
#include "input/random_access.h"
#include "input/stream.h"
#include "lib/suggest.h"
#include "query/block_result.h"

/* What detect_look() has found in an input. */
struct source {
	struct logformat *format;
	struct headings headings; /* the headings in the input, if its format has headings */
};

struct formats {
	const struct query *query;
	const struct scan *scan;
	struct logformat *known[GUESS_FORMATS]; /* all known formats, or only the format that
						 * --log-format names */
	size_t n;
	struct block_result *result; /* used only by try_fields() */
	struct source *sources;
	size_t n_sources;
};

/* --- Missing fields -------------------------------------------------------------- */

static struct span next_word(const char **list)
{
	struct span word = span_of(*list, strcspn(*list, " "));

	*list += word.len + strspn(*list + word.len, " ");
	return word;
}

/* Guess which of the fields in `list` the user has meant by `name`. */
static struct suggestion meant(const char *name, const char *list)
{
	const char *ours = foreign_field(span_text(name));
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

static const char *missing_field(const struct formats *f, const struct logformat *format)
{
	const struct fields *fields = query_fields(f->query);

	for (size_t i = 0; i < fields->n; i++)
		if (fields->at[i].needed && !field_is_in(&fields->at[i], format))
			return fields->at[i].name;
	return NULL;
}

static bool complain_of_missing(
	struct complaint *c, const struct logformat *format, const char *field)
{
	char there[480], guess[SUGGEST_PHRASE];

	fields_list(format, there, sizeof there);
	if (!*there && logformat_heading(format).len)
		return complain(c, "no line '%.*s' names its fields",
			(int)logformat_heading(format).len, logformat_heading(format).at);
	if (!*there)
		return complain(c, "its lines have no fields");
	struct suggestion nearest = meant(field, there);
	if (!*fields_slip(field, guess))
		suggest_phrase(&nearest, "", guess);
	return complain(c, "its lines have no field '%.160s'%s; they have %s", field, guess, there);
}

/* --- Compiling ------------------------------------------------------------------- */

static bool add_format(struct formats *f, struct arg arg, struct complaint *c)
{
	struct logformat *format = logformat_compile(arg.value, &query_fields(f->query)->wanted, c);

	if (!format)
		return complaint_about(c, arg);
	f->known[f->n++] = format;
	return true;
}

static bool add_all_known(struct formats *f, struct complaint *c)
{
	for (const char *const *name = logformat_known; *name; name++)
		if (!add_format(f, (struct arg){*name, "auto"}, c))
			return false;
	return true;
}

/* Add the format of --log-format.  False, with a complaint, if it lacks a field of the query.  A
 * format that has headings is not checked here: only the headings of an input say which fields it
 * has. */
static bool add_only(struct formats *f, struct arg arg, struct complaint *c)
{
	if (!add_format(f, arg, c))
		return false;
	if (logformat_heading(f->known[0]).len)
		return true;
	const char *field = missing_field(f, f->known[0]);
	if (!field)
		return true;
	complain_of_missing(c, f->known[0], field);
	return complaint_about(c, arg);
}

static bool is_auto(const struct query_spec *spec)
{
	return !spec->log_format.value || strcmp(spec->log_format.value, "auto") == 0;
}

struct formats *detect_new(const struct query_spec *spec, const struct query *query,
	const struct scan *scan, struct complaint *c)
{
	struct formats *f = calloc(1, sizeof *f);

	if (f)
		*f = (struct formats){
			.query = query, .scan = scan, .result = block_result_new(query)};
	if (!f || !f->result)
		complain_memory(c, "formats");
	else if (is_auto(spec) ? add_all_known(f, c) : add_only(f, spec->log_format, c))
		return f;
	detect_free(f);
	return NULL;
}

void detect_free(struct formats *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->n; i++)
		logformat_free(f->known[i]);
	for (size_t i = 0; i < f->n_sources; i++)
		headings_free(&f->sources[i].headings);
	free(f->sources);
	block_result_free(f->result);
	free(f);
}

/* --- Heads ------------------------------------------------------------------------ */

/* The whole lines of a head.  If the input has more bytes than the head, the last line of the head
 * may be incomplete, and is left out. */
static struct span whole_lines(struct span head)
{
	if (head.len < INPUT_HEAD)
		return head;
	const char *last = span_last(head, '\n');
	return last ? span_between(head.at, last + 1) : head;
}

/* True if any line is not blank. */
static bool has_lines(struct span rest)
{
	for (struct span line; lines_next(&rest, &line);)
		if (!lines_is_blank(line))
			return true;
	return false;
}

/* Find the first heading in the lines, and give it to the format, so that the format knows its
 * fields.  False if out of memory. */
static bool find_first_heading(struct logformat *format, struct span lines)
{
	struct span line;

	logformat_restart(format, span_of("", 0));
	while (lines_next(&lines, &line)) {
		if (!guess_is_heading(format, line))
			continue;
		return logformat_restart(format, line);
	}
	return true;
}

enum detected detect_head(
	struct formats *f, struct span head, struct logformat **format, struct complaint *c)
{
	struct span lines = whole_lines(head);
	struct logformat *found = f->known[0];

	*format = NULL;
	if (f->n > 1 && !guess_format(f->known, f->n, lines, &found, c))
		return DETECTED_UNUSABLE;
	if (!found)
		return DETECTED_NONE;
	if (logformat_heading(found).len && !find_first_heading(found, lines)) {
		complain(c, "out of memory");
		return DETECTED_UNUSABLE;
	}
	const char *field = has_lines(lines) ? missing_field(f, found) : NULL;
	if (field) {
		complain_of_missing(c, found, field);
		return DETECTED_UNUSABLE;
	}
	logformat_restart(found, span_of("", 0));
	*format = found;
	return DETECTED;
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

void detect_hint(const struct warner *w, size_t unknown)
{
	if (!unknown)
		return;
	warner_warn(w, "  -f 0 counts whole lines, -f N column N, -e RE what RE captures;");
	warner_warn(w, "  --log-format describes the format of the lines");
}

struct logformat *detect_at(struct formats *f, size_t input, uint64_t offset)
{
	const struct source *s = &f->sources[input];

	return logformat_restart(s->format, headings_before(&s->headings, offset)) ? s->format
										   : NULL;
}

/* --- Looking at inputs ------------------------------------------------------------ */

struct look {
	struct formats *formats;
	const struct warner *warner;
	struct complaint *complaint;
	struct random_access reader;
	size_t unknown; /* how many inputs were dropped because their format is not known */
};

enum looked {
	LOOK_KEEP, /* the input can be counted */
	LOOK_DROP, /* the input can't be counted, and a warning says why */
	LOOK_STOP  /* the run must end, and the complaint says why */
};

static enum looked drop_unreadable(const struct look *l, const struct input *in)
{
	warner_warn_of(l->warner, in->name, "%s", strerror(errno));
	return LOOK_DROP;
}

static enum looked stop_for_memory(const struct look *l)
{
	complain_memory(l->complaint, "formats");
	return LOOK_STOP;
}

static enum looked look_for_headings(struct look *l, struct source *s, const struct input *in)
{
	const struct scan *scan = l->formats->scan;
	struct span start = logformat_heading(s->format), lines;
	uint64_t at;

	if (!start.len)
		return LOOK_KEEP;
	if (in->bytes.at)
		return headings_find(&s->headings, scan, start, in->bytes, 0) ? LOOK_KEEP
									      : stop_for_memory(l);
	bool ok = random_access_begin(&l->reader, in, 0, in->size);
	do {
		if (!ok || !random_access_next(&l->reader, &lines, &at))
			return drop_unreadable(l, in);
		if (!headings_find(&s->headings, scan, start, lines, at))
			return stop_for_memory(l);
	} while (lines.len);
	return LOOK_KEEP;
}

/* True if the query counts the values of this field and nothing else.  Then the result shows how
 * often the field was found, so a warning is not needed. */
static bool is_all(const struct query *query, size_t field)
{
	size_t n;
	const struct grouping *q = query_groupings(query, &n);

	return n == 1 && q[0].n_fields == 1 && q[0].fields[0] == field;
}

/* Set found[I] to true for each field I of the query that has a value in the line.  False if the
 * line does not fit the format. */
static bool try_fields(struct formats *f, struct logformat *format, struct span line, bool *found)
{
	const struct fields *fields = query_fields(f->query);
	struct record *r = &f->result->record;
	struct cut cut = {.arena = &f->result->arena, .slots = r->slots};
	struct span value;

	memset(r->slots, 0, logformat_slots(format) * sizeof *r->slots);
	if (logformat_cut(format, line, &cut) != CUT_FITS)
		return false;
	record_begin(r, line);
	for (size_t i = 0; i < fields->n; i++)
		found[i] |= record_value(r, i, &value) == FIELD_VALUE;
	record_reset(r);
	return true;
}

/* Warn about each field of the query that none of the first lines has.  This is for formats whose
 * lines may have any field.  There, such a field is not an error, but its name may be misspelled,
 * and then the counts would be wrong.  False if out of memory. */
static bool warn_of_absent(
	struct look *l, struct logformat *format, struct span head, const char *input)
{
	const struct fields *fields = query_fields(l->formats->query);
	bool *found = calloc(fields->n + 1, sizeof *found);
	struct span rest = whole_lines(head), line;
	size_t lines = 0;

	if (!found)
		return false;
	while (lines < GUESS_LINES && lines_next(&rest, &line))
		lines += try_fields(l->formats, format, line, found);
	for (size_t i = 0; lines && i < fields->n; i++) {
		const struct field *field = &fields->at[i];
		char guess[SUGGEST_PHRASE];
		if (found[i] || field->kind != FIELD_OWN || !field->needed ||
			is_all(l->formats->query, i))
			continue;
		warner_warn_of(l->warner, input, "none of its first lines has a field '%s'%s",
			field->name, fields_guess(field->name, guess));
	}
	free(found);
	return true;
}

/* Find the format of an input.  If the input can't be used, warn or complain, and return LOOK_DROP
 * or LOOK_STOP. */
static enum looked look_at_head(
	struct look *l, struct source *s, const struct input *in, struct span head)
{
	struct complaint why;

	switch (detect_head(l->formats, head, &s->format, &why)) {
	case DETECTED:
		break;
	case DETECTED_NONE:
		warner_warn_of(l->warner, in->name, "%s", why.text);
		l->unknown++;
		return LOOK_DROP;
	case DETECTED_UNUSABLE:
		complain_of(l->complaint, in->name, "%s", why.text);
		return LOOK_STOP;
	}
	return LOOK_KEEP;
}

/* Get the first bytes of an input.  Even if the input is mapped, the bytes are read, because the
 * file may have been truncated since it was mapped.  False on error (errno). */
static bool read_head(struct look *l, const struct input *in, struct span *head)
{
	uint64_t len = input_size(in) < INPUT_HEAD ? input_size(in) : INPUT_HEAD;

	if (random_access_bytes(&l->reader, in, 0, len, head))
		return true;
	/* Perhaps the name of the mapped file now belongs to another file.  Then the mapped file
	 * was not truncated, and its bytes can be used. */
	*head = span_of(in->bytes.at, (size_t)len);
	return in->bytes.at != NULL;
}

static enum looked look_at_file(struct look *l, struct source *s, const struct input *in)
{
	struct span head;

	if (!read_head(l, in, &head))
		return drop_unreadable(l, in);
	enum looked looked = look_at_head(l, s, in, head);
	if (looked != LOOK_KEEP)
		return looked;
	if (logformat_bases(s->format) == UINT32_MAX &&
		!warn_of_absent(l, s->format, head, in->name))
		return stop_for_memory(l);
	return look_for_headings(l, s, in);
}

/* Find the format of a compressed file that has parts, from its first part.  All parts have this
 * format.  But if the format has headings, or if the first part can't be decoded, forget the parts.
 * Then one worker reads the file as a stream, and finds the format itself. */
static enum looked look_at_parts(struct look *l, struct source *s, struct input *in)
{
	struct stream stream;
	enum looked looked = LOOK_KEEP;

	stream_open(&stream, in);
	struct span head = stream_head(&stream);
	if (stream.end == STREAM_END)
		looked = look_at_head(l, s, in, head);
	if (stream.end != STREAM_END || (s->format && logformat_heading(s->format).len))
		parts_free(&in->parts);
	stream_close(&stream);
	return looked;
}

static enum looked look_at(struct look *l, struct source *s, struct input *in)
{
	inputs_reading(in);
	if (in->parts.n)
		return look_at_parts(l, s, in);
	return input_is_stream(in) ? LOOK_KEEP : look_at_file(l, s, in);
}

static bool look_at_all(struct look *l, struct inputs *inputs, size_t *dropped)
{
	struct formats *f = l->formats;

	while (f->n_sources < inputs->n) {
		struct source *s = &f->sources[f->n_sources];
		enum looked looked = look_at(l, s, &inputs->at[f->n_sources]);
		if (looked == LOOK_KEEP) {
			f->n_sources++;
			continue;
		}
		headings_free(&s->headings);
		*s = (struct source){0};
		if (looked == LOOK_STOP)
			return false;
		random_access_close(
			&l->reader); /* the reader points to an input, and inputs_drop() moves the
				      * inputs */
		inputs_drop(inputs, f->n_sources);
		++*dropped;
	}
	return true;
}

bool detect_look(struct formats *f, struct inputs *inputs, const struct warner *warner,
	size_t *dropped, struct complaint *c)
{
	struct look l = {.formats = f, .warner = warner, .complaint = c};

	*dropped = 0;
	f->sources = calloc(inputs->n + 1, sizeof *f->sources);
	if (!f->sources)
		return complain_memory(c, "formats");
	bool ok = look_at_all(&l, inputs, dropped);
	random_access_close(&l.reader);
	if (ok)
		detect_hint(warner, l.unknown);
	return ok;
}
