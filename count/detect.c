#include "count/detect.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "count/headings.h"
#include "formats/convention.h"
#include "formats/core.h"
#include "formats/enveloped.h"
#include "formats/csv.h"
#include "formats/guess.h"
#include "formats/known_layouts.h"
#include "lib/array.h"
#include "lib/lines.h"
#include "input/random_access.h"
#include "input/stream.h"
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

	/* The formats that were made from the first lines of inputs (formats/core.h).  The first
	 * .n_shared of them exist in all processes. */
	struct logformat **made;
	size_t n_made, made_room, n_shared;
	struct block_result *result; /* for try_fields(); NULL as long as it is not needed */
	struct source *sources;
	size_t n_sources;
	char present[480]; /* the names of the fields in a line of an input whose first lines lack
			    * a field of the query; empty if there is no such input */
};

/* --- Missing fields -------------------------------------------------------------- */

static const char *missing_field(const struct formats *f, const struct logformat *format)
{
	const struct fields *fields = query_fields(f->query);

	for (size_t i = 0; i < fields->n; i++)
		if (fields->at[i].needed && !field_is_in(&fields->at[i], format))
			return fields->at[i].name;
	return NULL;
}

/* True if the format was made from lines some of whose values are not clear. */
static bool has_unclear_fields(const struct logformat *format)
{
	return strstr(logformat_name(format), "$field_") ||
	       strstr(logformat_name(format), "$quoted_");
}

/* True if the field is made of the time, and `there`, a list of names, has a field that is called
 * time: one without a date, as W3C logs have it beside a field for the date. */
static bool lacks_date(const char *field, const char *there)
{
	static const char time[] = "time";
	struct span names = span_text(there);

	if (strcspn(field, "/") != sizeof time - 1 || memcmp(field, time, sizeof time - 1) != 0)
		return false;
	while (names.len) {
		const char *blank = span_first(names, ' ');
		struct span name = span_between(names.at, blank ? blank : span_end(names));
		if (span_equal(name, span_text(time)))
			return true;
		names = span_from(names, name.len + (blank != NULL));
	}
	return false;
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
	if (lacks_date(field, there))
		return complain(c, "its field 'time' has no date; its lines have %s", there);
	return complain(c, "its lines have no field '%.160s'%s; they have %s%s", field,
		fields_guess(field, there, guess), there, has_unclear_fields(format) ? " (see --explain and --log-format)" : "");
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
		*f = (struct formats){.query = query, .scan = scan};
	if (!f)
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
	for (size_t i = 0; i < f->n_made; i++)
		logformat_free(f->made[i]);
	free(f->made);
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

/* Get the first line that is not blank.  False if there is none; then *line is empty. */
static bool first_line(struct span lines, struct span *line)
{
	while (lines_next(&lines, line))
		if (!lines_is_blank(*line))
			return true;
	*line = span_of("", 0);
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

/* --- Formats that are made from lines --------------------------------------------- */

/* How many of the first lines that are not blank fit a format, or are comments in it. */
struct fitting {
	size_t lines, records, comments;
	struct span first; /* the first line that fits; empty if there is none */
};

/* Cut the first lines by the format, and count the results.  False if out of memory. */
static bool count_fitting(struct logformat *format, struct span rest, struct fitting *n)
{
	struct arena arena = {0};
	struct cut cut = {
		.arena = &arena, .slots = calloc(logformat_slots(format) + 1, sizeof *cut.slots)};
	struct span line;

	*n = (struct fitting){0};
	logformat_restart(format, span_of("", 0));
	while (cut.slots && n->lines < GUESS_LINES && lines_next(&rest, &line)) {
		if (lines_is_blank(line))
			continue;
		if (line.len && line.at[line.len - 1] == '\r')
			line.len--;
		enum cut_result result = logformat_cut(format, line, &cut);
		n->lines++;
		if (result == CUT_FITS && !n->records++)
			n->first = line;
		n->comments += result == CUT_COMMENT;
		arena_reset(&arena);
	}
	bool ok = cut.slots != NULL;
	free(cut.slots);
	arena_free(&arena);
	return ok;
}

/* True if fewer than one in `n` of the lines neither fit nor are comments. */
static bool are_enough(const struct fitting *all, size_t n)
{
	return n * (all->lines - all->records - all->comments) < all->lines;
}

/* The lines must nearly all fit a format that is made from them; of a known format, more than half
 * of the lines must fit. */
enum { MADE = 10, KNOWN = 2 };

/* Return the made format with this name, or keep the given format under it.  NULL if out of
 * memory. */
static struct logformat *keep_made(struct formats *f, struct logformat *format)
{
	for (size_t i = 0; i < f->n_made; i++)
		if (strcmp(logformat_name(f->made[i]), logformat_name(format)) == 0) {
			logformat_free(format);
			return f->made[i];
		}
	if (!ARRAY_GROW(f->made, f->n_made, &f->made_room)) {
		logformat_free(format);
		return NULL;
	}
	f->made[f->n_made++] = format;
	return format;
}

/* Compile a format, and keep it if fewer than one in `n` of the lines do not fit.  NULL otherwise. */
static struct logformat *try_format(
	struct formats *f, const char *text, struct span lines, size_t n)
{
	struct complaint why;
	struct logformat *format = logformat_compile(text, &query_fields(f->query)->wanted, &why);
	struct fitting all;

	if (format && count_fitting(format, lines, &all) && are_enough(&all, n))
		return keep_made(f, format);
	logformat_free(format);
	return NULL;
}

/* Try all known layouts behind an envelope, which is given as a format string. */
static struct logformat *try_layouts(struct formats *f, const char *envelope, struct span lines)
{
	char text[1024];

	for (const struct known_layout *l = known_layouts; l->name; l++) {
		snprintf(text, sizeof text, "%s%s", envelope, l->text);
		struct logformat *format = try_format(f, *envelope ? text : l->name, lines, KNOWN);
		if (format)
			return format;
	}
	return NULL;
}

/* Make a format for the lines: a known layout, perhaps behind an envelope, or the layout of a core
 * (formats/core.h).  NULL if there is none, or if out of memory.  If the meaning of the lines is not
 * clear, the complaint says why; otherwise its text is empty. */
static struct logformat *make_format(struct formats *f, struct span lines, struct complaint *c)
{
	char envelope[ENVELOPE_FORMAT];
	struct span line;

	complain(c, "%s", "");
	first_line(lines, &line);
	envelope_describe(line, envelope);
	struct logformat *format = try_layouts(f, envelope, lines);
	char *text = format ? NULL : core_describe(lines, c);
	if (text)
		format = try_format(f, text, lines, MADE);
	free(text);
	return format || !*envelope ? format : try_layouts(f, "", lines);
}

/* --- CSV -------------------------------------------------------------------------- */

static bool is_csv(const struct logformat *format)
{
	return strncmp(logformat_name(format), "csv", 3) == 0;
}

/* True if no value in quotes goes on in the next line; false with a complaint. */
static bool is_closed(struct span header, struct span rest, struct complaint *c)
{
	unsigned long long number = 0;

	for (struct span line; lines_next(&rest, &line);) {
		number++;
		if (csv_is_open(header, line))
			return complain(c,
				"line %llu of this CSV: a quoted value goes on in the next line, "
				"which wf cannot read (try: mlr --icsv --ojsonl cat FILE | wf)",
				number);
	}
	return true;
}

/* Make the format of CSV from its header, which is the first line that is not blank.  NULL, with a
 * complaint, if there is no header, if most lines do not fit it, or if out of memory. */
static struct logformat *make_csv(struct formats *f, struct span lines, struct complaint *c)
{
	struct span line;

	first_line(lines, &line);
	if (!csv_is_header(line)) {
		complain(c, "its first line does not name the columns, as time,client,url does");
		return NULL;
	}
	if (!is_closed(line, lines, c))
		return NULL;
	complain(c, "out of memory");
	char *text = malloc(line.len + 5);
	if (!text)
		return NULL;
	snprintf(text, line.len + 5, "csv:%.*s", (int)line.len, line.at);
	struct logformat *format = logformat_compile(text, &query_fields(f->query)->wanted, c);
	free(text);
	struct fitting all;
	if (format && count_fitting(format, lines, &all) && are_enough(&all, f->n > 1 ? KNOWN : 1))
		return keep_made(f, format);
	logformat_free(format);
	complain(c, "its lines do not have as many columns as its first line");
	return NULL;
}

static struct logformat *known_format(const struct formats *f, const char *name)
{
	size_t i = 0;

	while (i + 1 < f->n && strcmp(logformat_name(f->known[i]), name) != 0)
		i++;
	return f->known[i];
}

/* --- Lines in envelopes ------------------------------------------------------------ */

static struct logformat *choose_format(
	struct formats *f, struct logformat *found, struct span lines, struct complaint *c);

/* Find the format of lines that are in envelopes of JSON.  NULL if it is not known, or if out of
 * memory. */
static struct logformat *make_json_envelope(
	struct formats *f, const struct envelope_json *json, struct span lines)
{
	struct span inside = enveloped_lines(json, lines, GUESS_LINES);
	struct logformat *inner = NULL, *format = NULL;
	struct complaint why;

	if (inside.at && guess_format(f->known, f->n, inside, &inner, &why))
		inner = choose_format(f, inner, inside, &why);
	bool fits = inner && inside.len && !logformat_heading(inner).len && !is_csv(inner);
	size_t room = fits ? strlen(json->prefix) + strlen(logformat_name(inner)) + 1 : 0;
	char *text = fits ? malloc(room) : NULL;
	if (text) {
		snprintf(text, room, "%s%s", json->prefix, logformat_name(inner));
		format = try_format(f, text, lines, KNOWN);
	}
	free(text);
	free((void *)(uintptr_t)inside.at);
	return format;
}

/* True if lines like this one are requests: they have a status. */
static bool has_status(const char *name, struct span line)
{
	const struct wanted status = {.bases = base_bit(BASE_STATUS)};
	struct span slots[BASES] = {{NULL, 0}};
	struct arena arena = {0};
	struct cut cut = {.arena = &arena, .slots = slots};
	struct complaint why;
	struct logformat *format = logformat_compile(name, &status, &why);
	bool has = format && logformat_cut(format, line, &cut) == CUT_FITS && slots[BASE_STATUS].at;

	logformat_free(format);
	arena_free(&arena);
	return has;
}

/* Return the format of the line after an envelope, if its lines name their fields.  NULL if it has
 * another one. */
static const char *format_with_names(struct span line)
{
	const char *equal = span_first(line, '=');

	if (span_first(line, '{') == line.at)
		return "json";
	if (equal && span_first(span_between(equal + 1, span_end(line)), '='))
		return "logfmt";
	return span_first(line, '\t') ? "ltsv" : NULL;
}

/* Make the format of JSON, logfmt or LTSV after a text.  NULL if the lines are something else, or if
 * out of memory.  Lines of syslog must be requests: others are messages (formats/known_layouts.h). */
static struct logformat *make_text_envelope(struct formats *f, struct span line, struct span lines)
{
	char envelope[ENVELOPE_FORMAT], text[ENVELOPE_FORMAT + 16];
	struct span rest = span_from(line, envelope_describe(line, envelope));
	const char *name = *envelope && rest.len ? format_with_names(rest) : NULL;

	if (!name || (strstr(envelope, "${envelope.host}") && !has_status(name, rest)))
		return NULL;
	snprintf(text, sizeof text, "%s${%s}", envelope, name);
	return try_format(f, text, lines, MADE);
}

/* Make a format for lines in envelopes, `found` being the known format that they fit.  NULL if they
 * are in none, if the format inside is not known, or if out of memory. */
static struct logformat *make_enveloped(
	struct formats *f, const struct logformat *found, struct span line, struct span lines)
{
	const struct envelope_json *json = envelope_json_of(line);

	if (json)
		return make_json_envelope(f, json, lines);
	bool is_other = found && strcmp(logformat_name(found), "logfmt") != 0 &&
			strcmp(logformat_name(found), "ltsv") != 0;
	return is_other ? NULL : make_text_envelope(f, line, lines);
}

/* Return the format to use for the lines: the one that was found among the known formats, or one
 * that is made from the lines if the found one does not suit them.  NULL, with a complaint, if there
 * is none. */
static struct logformat *choose_format(
	struct formats *f, struct logformat *found, struct span lines, struct complaint *c)
{
	enum convention convention = CONVENTION_KEPT;
	struct complaint why;
	struct fitting all;
	struct span line;

	if (!first_line(lines, &line))
		return found;
	struct logformat *enveloped = make_enveloped(f, found, line, lines);
	if (enveloped)
		return enveloped;
	bool is_counted = found && count_fitting(found, lines, &all);
	if (is_counted)
		convention = convention_check(logformat_name(found), lines);
	if (is_counted && convention != CONVENTION_BROKEN && are_enough(&all, KNOWN))
		return convention == CONVENTION_SHORT ? known_format(f, "combined") : found;
	struct logformat *made = make_format(f, lines, &why);
	if (made)
		return made;
	if (convention == CONVENTION_BROKEN) {
		if (!*why.text)
			complain(&why,
				"its lines look like '%s', but have other values (see "
				"--log-format)",
				logformat_name(found));
		*c = why;
		return NULL;
	}
	struct complaint why_not_csv;
	struct logformat *csv = make_csv(f, lines, &why_not_csv);
	if (!csv && !found && *why.text)
		*c = why;
	else if (!csv && !found && csv_is_header(line))
		is_closed(line, lines, c);
	return csv ? csv : found;
}

/* Make a format that has all fields of a known one, and names what the lines have after the last of
 * them, such as the request time after the Combined Log Format.  NULL if there is nothing, if it is
 * not clear what values mean, or if out of memory. */
static struct logformat *make_longer(
	struct formats *f, const struct logformat *found, struct span lines)
{
	static const char *const open[] = {"vhost_combined", "nginx_main", "combined", "common"};
	struct logformat *longer = NULL;
	struct complaint why = {0};
	size_t i = 0;

	while (i < sizeof open / sizeof *open && strcmp(logformat_name(found), open[i]) != 0)
		i++;
	bool may_go_on = f->n > 1 && i < sizeof open / sizeof *open;
	char *text = may_go_on ? (i ? core_describe_after_client : core_describe)(lines, &why)
			       : NULL;
	if (text)
		longer = try_format(f, text, lines, MADE);
	free(text);
	uint32_t before = logformat_bases(found), after = longer ? logformat_bases(longer) : 0;
	bool has_more = longer && !(before & ~after) &&
			(after & ~before || logformat_own_name(longer, 0).len);
	return has_more ? longer : NULL;
}

const char *detect_longer(struct formats *f, const struct logformat *found, struct span head)
{
	struct logformat *longer = make_longer(f, found, whole_lines(head));

	return longer ? logformat_name(longer) : NULL;
}

enum detected detect_head(
	struct formats *f, struct span head, struct logformat **format, struct complaint *c)
{
	struct span lines = whole_lines(head), line;
	struct logformat *found = f->known[0];
	bool has_lines = first_line(lines, &line);

	*format = NULL;
	if (f->n > 1 && !guess_format(f->known, f->n, lines, &found, c))
		return DETECTED_UNUSABLE;
	if (f->n > 1)
		found = choose_format(f, found, lines, c);
	else if (strcmp(logformat_name(found), "csv") == 0 && has_lines) {
		found = make_csv(f, lines, c);
		if (!found)
			return DETECTED_UNUSABLE;
	}
	if (!found)
		return DETECTED_NONE;
	if (logformat_heading(found).len && !find_first_heading(found, lines)) {
		complain(c, "out of memory");
		return DETECTED_UNUSABLE;
	}
	const char *field = has_lines ? missing_field(f, found) : NULL;
	struct logformat *longer = field ? make_longer(f, found, lines) : NULL;
	if (longer) {
		found = longer;
		field = missing_field(f, found);
	}
	if (field) {
		complain_of_missing(c, found, field);
		return f->n > 1 && is_csv(found) ? DETECTED_NONE : DETECTED_UNUSABLE;
	}
	logformat_restart(found, span_of("", 0));
	*format = found;
	return DETECTED;
}

bool detect_number(const struct formats *f, const struct logformat *format, unsigned *number)
{
	*number = 0;
	while (*number < f->n && f->known[*number] != format)
		++*number;
	if (*number < f->n)
		return !logformat_heading(format).len;
	while (f->made[*number - f->n] != format)
		++*number;
	return *number - f->n < f->n_shared;
}

struct logformat *detect_numbered(const struct formats *f, unsigned number)
{
	return number < f->n ? f->known[number] : f->made[number - f->n];
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
	const struct inputs *inputs;
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
	/* Reading is faster than touching the pages of the mapping. */
	if (in->bytes.at && !inputs_may_read(l->inputs, in))
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

static void append_name(void *to, struct span name, struct span value)
{
	char *out = to;
	size_t len = strlen(out), room = sizeof((struct formats *)NULL)->present - len;

	(void)value;
	if (name.len && name.len + 1 < room)
		snprintf(out + len, room, "%s%.*s", len ? " " : "", (int)name.len, name.at);
}

/* Write the names of the fields in the line to f->present, as far as there is room and memory. */
static void list_present(struct formats *f, const struct logformat *format, struct span line)
{
	const struct wanted bases = {.bases = UINT32_MAX};
	struct span slots[BASES] = {{NULL, 0}};
	struct arena arena = {0};
	struct cut cut = {.arena = &arena, .slots = slots};
	struct complaint why;
	struct logformat *all = logformat_compile(logformat_name(format), &bases, &why);

	if (all && logformat_cut(all, line, &cut) == CUT_FITS) {
		for (int b = 0; b < BASES; b++)
			if (slots[b].at)
				append_name(f->present, span_text(base_names[b]), slots[b]);
		logformat_tell_own(all, line, &(struct listener){append_name, f->present});
	}
	logformat_free(all);
	arena_free(&arena);
}

/* Warn that none of an input's first lines has a value for this field.  f->present has the fields of
 * one of these lines. */
static void warn_of_field(struct formats *f, const struct logformat *format,
	const struct field *field, const char *input, const struct warner *warner)
{
	char guess[SUGGEST_PHRASE];
	const char *what = is_csv(format) ? "a value for" : "a field";

	fields_guess(field->name, f->present, guess);
	if (*guess || !*f->present)
		warner_warn_of(warner, input, "none of its first lines has %s '%s'%s", what,
			field->name, guess);
	else
		warner_warn_of(warner, input,
			"none of its first lines has %s '%s'; they have %s (see --explain)", what,
			field->name, f->present);
}

/* True if lines of the format may lack any field, or have fields of any name. */
static bool may_lack_fields(const struct logformat *format)
{
	return logformat_bases(format) == UINT32_MAX || is_csv(format) ||
	       envelope_json_named(logformat_name(format));
}

bool detect_warn_of_absent(struct formats *f, struct logformat *format, struct span head,
	const char *input, const struct warner *warner)
{
	if (!may_lack_fields(format))
		return true;
	const struct fields *fields = query_fields(f->query);
	bool *found = calloc(fields->n + 1, sizeof *found);
	struct span rest = whole_lines(head), line, first = span_of(NULL, 0);
	size_t lines = 0;
	if (!f->result)
		f->result = block_result_new(f->query);
	if (!found || !f->result) {
		free(found);
		return false;
	}
	while (lines < GUESS_LINES && lines_next(&rest, &line)) {
		bool fits = try_fields(f, format, line, found);
		first = fits && !lines ? line : first;
		lines += fits;
	}
	for (size_t i = 0; lines && i < fields->n; i++) {
		const struct field *field = &fields->at[i];
		bool has_name = field->kind == FIELD_OWN || field->kind == FIELD_NAMED;
		if (found[i] || !has_name || !field->needed)
			continue;
		if (!*f->present)
			list_present(f, format, first);
		if (!is_all(f->query, i))
			warn_of_field(f, format, field, input, warner);
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
	/* If the name of the mapped file now belongs to another file, the mapped file was not
	 * truncated.  So its bytes can be used. */
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
	if (!detect_warn_of_absent(l->formats, s->format, head, in->name, l->warner))
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
	if (s->format && !detect_warn_of_absent(l->formats, s->format, head, in->name, l->warner))
		looked = stop_for_memory(l);
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

const char *detect_present(const struct formats *f)
{
	return f ? f->present : "";
}

void detect_note_present(struct formats *f, const char *names)
{
	if (!*f->present)
		snprintf(f->present, sizeof f->present, "%s", names);
}

bool detect_look(struct formats *f, struct inputs *inputs, const struct warner *warner,
	size_t *dropped, struct complaint *c)
{
	struct look l = {.formats = f, .inputs = inputs, .warner = warner, .complaint = c};

	*dropped = 0;
	f->sources = calloc(inputs->n + 1, sizeof *f->sources);
	if (!f->sources)
		return complain_memory(c, "formats");
	bool ok = look_at_all(&l, inputs, dropped);
	f->n_shared = f->n_made;
	random_access_close(&l.reader);
	if (ok)
		detect_hint(warner, l.unknown);
	return ok;
}
