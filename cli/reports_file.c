#include "cli/reports_file.h"

#include <stdio.h>
#include <string.h>

#include "cli/presets.h"
#include "lib/array.h"
#include "lib/ini.h"
#include "lib/suggest.h"

enum { IN_FILE = OPTION_IN_HEAD | OPTION_IN_SECTION };

/* A reports file that is being read. */
struct reading {
	struct options *options;
	size_t room; /* how many groupings the query's array has room for */
};

static bool begin_section(struct reading *r, const struct ini_line *line, struct complaint *c)
{
	struct options *o = r->options;
	struct query_spec *q = &o->query;

	for (size_t i = 0; i < q->n_groupings; i++)
		if (strcmp(q->groupings[i].name, line->name) == 0)
			return complain(c, "%s:%zu: a second section [%s]", line->file,
				line->number, line->name);
	if (q->n_groupings == GROUPINGS_MAX)
		return complain(c, "%s:%zu: more than %d sections", line->file, line->number,
			GROUPINGS_MAX);
	struct grouping_spec *at = q->groupings;
	if (!ARRAY_GROW(at, q->n_groupings, &r->room))
		return complain_memory(c, line->file);
	q->groupings = at;
	o->section = &at[q->n_groupings++];
	*o->section = (struct grouping_spec){.name = line->name,
		.ignore_case = q->ignore_case,
		.order = o->order,
		.least = o->least,
		.top = o->top};
	return true;
}

static bool unknown_key(const struct ini_line *line, struct complaint *c)
{
	struct suggestion nearest = suggest_for(span_text(line->name));
	char guess[SUGGEST_PHRASE], keys[512] = "";
	size_t len = 0;

	for (const struct option_row *row = option_rows; row->name; row++) {
		if (!(row->flags & IN_FILE))
			continue;
		suggest_offer(&nearest, span_text(row->name));
		if (len < sizeof keys)
			len += (size_t)snprintf(
				keys + len, sizeof keys - len, "%s%s", len ? ", " : "", row->name);
	}
	return complain(c, "%s:%zu: unknown key '%s'%s; the keys are %s", line->file, line->number,
		line->name, suggest_phrase(&nearest, "", guess), keys);
}

static bool set_key(struct options *o, const struct ini_line *line, struct complaint *c)
{
	const struct option_row *row = option_by_name(line->name);
	char origin[4096];
	struct arg a = {.value = line->value};

	if (!row || !(row->flags & IN_FILE))
		return unknown_key(line, c);
	if (!(row->flags & (o->section ? OPTION_IN_SECTION : OPTION_IN_HEAD)))
		return complain(c, "%s:%zu: '%s' belongs %s", line->file, line->number, line->name,
			o->section ? "before the first [section]" : "in a [section]");
	if (strlen(line->value) > PROPERTY_BYTES_MAX)
		return complain(c, "%s:%zu: the value of '%s' has more than %d bytes", line->file,
			line->number, line->name, PROPERTY_BYTES_MAX);
	if (!o->section && option_was_given(o, row) && !option_adds_up(row))
		return true;
	snprintf(origin, sizeof origin, "%s:%zu: %s", line->file, line->number, line->name);
	a.origin = options_keep(o, origin);
	return a.origin ? option_set(o, row, a, c) : complain_memory(c, line->file);
}

static bool take_line(void *ctx, const struct ini_line *line, struct complaint *c)
{
	struct reading *r = ctx;

	return line->value ? set_key(r->options, line, c) : begin_section(r, line, c);
}

/* Reject options such as -f, because the sections of a set of rankings say what to count. */
static bool check_options(const struct options *o, struct complaint *c)
{
	for (const struct option_row *row = option_rows; row->name; row++)
		if (option_was_given(o, row) && (row->flags & IN_FILE) == OPTION_IN_SECTION)
			return complain(c,
				"--%s: cannot be used with %s, whose rankings say what to count",
				row->name, o->preset ? "-r" : "--reports");
	return true;
}

/* Load the text of the set.  options_free() frees the text.  NULL and a complaint on an error. */
static char *load(struct options *o, const char *name, struct complaint *c)
{
	char *text = o->preset ? strdup(presets_find(name)) : ini_load(name, c);

	if (!text && o->preset)
		complain_memory(c, name);
	if (text && !strlist_take(&o->owned, text)) {
		text = NULL;
		complain_memory(c, name);
	}
	return text;
}

static bool check_set(const struct options *o, const char *name, struct complaint *c)
{
	const struct query_spec *q = &o->query;

	if (!q->n_groupings)
		return complain(c, "%s: has no [section], so there is no ranking", name);
	if (!q->layout)
		return true;
	if (option_was_given(o, option_by_name("log-format")))
		return complain(c, "%s: cannot be used with layout = %s, which %s has",
			q->log_format.origin, q->layout, name);
	return q->n_groupings == WIDEFINDER_RANKINGS ||
	       complain(c, "%s: layout = %s needs %d rankings, in the order of -r wf2", name,
		       q->layout, WIDEFINDER_RANKINGS);
}

bool reports_file_read(struct options *o, struct complaint *c)
{
	const char *name = o->preset ? o->preset : o->reports_file;
	struct query_spec *q = &o->query;
	struct reading r = {.options = o, .room = q->n_groupings};

	if (!check_options(o, c))
		return false;
	char *text = load(o, name, c);
	if (!text)
		return false;
	q->set = name;
	q->n_groupings = 0;
	if (o->preset)
		q->preset = (struct arg){name, "-r"};
	bool ok = ini_read(name, text, take_line, &r, c);
	o->section = NULL;
	return ok && check_set(o, name, c);
}

bool reports_file_layout(const char *preset, const char **layout, struct complaint *c)
{
	struct options o;

	*layout = NULL;
	if (!presets_find(preset)) /* the snapshot was made by another version of wf */
		return true;
	if (!options_init(&o))
		return complain_memory(c, preset);
	o.preset = preset;
	bool ok = reports_file_read(&o, c);
	*layout = o.query.layout;
	options_free(&o);
	return ok;
}
