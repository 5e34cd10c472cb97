#include "cli/arguments.h"

#include <ctype.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/reports_file.h"
#include "formats/foreign_names.h"
#include "lib/suggest.h"
#include "query/databases.h"
#include "query/moment.h"
#include "query/period.h"

/* getopt returns LONG_ONLY + I for a long option, where I is the number of the option's row. */
enum { ROWS_MAX = 64, LONG_ONLY = 256, NAME_MAX_LEN = 64 };

/* --- getopt ---------------------------------------------------------------------- */

/* Return getopt's constant that says whether an option takes an argument. */
static int takes_argument(const struct option_row *row)
{
	if (!row->arg)
		return no_argument;
	return *row->arg == '[' ? optional_argument : required_argument;
}

/* Write the table of options as getopt_long() expects it: the long forms as an array, the letters
 * as a string. */
static void describe(struct option *longs, char *shorts)
{
	/* Let getopt return names of files, too, so that their order among "--" is known. */
	*shorts++ = getenv("POSIXLY_CORRECT") ? '+' : '-';
	*shorts++ = ':'; /* makes getopt return ':', not '?', if an argument is missing */
	for (const struct option_row *row = option_rows; row->name; row++) {
		if (row->flags & OPTION_ONLY_FILE)
			continue;
		*longs++ = (struct option){.name = row->name,
			.has_arg = takes_argument(row),
			.val = LONG_ONLY + (int)(row - option_rows)};
		if (!row->letter)
			continue;
		*shorts++ = (char)row->letter;
		if (takes_argument(row) == required_argument)
			*shorts++ = ':';
	}
	*shorts = '\0';
	*longs = (struct option){0};
}

/* Find the row of the option that getopt has returned: `letter` is the option's letter, or
 * LONG_ONLY + I. */
static const struct option_row *find_row(int letter)
{
	return letter >= LONG_ONLY ? &option_rows[letter - LONG_ONLY] : option_by_letter(letter);
}

/* Write the option as on a command line: -n or --name. */
static void spell(char out[NAME_MAX_LEN], int letter)
{
	if (letter >= LONG_ONLY)
		snprintf(out, NAME_MAX_LEN, "--%s", find_row(letter)->name);
	else
		snprintf(out, NAME_MAX_LEN, "-%c", letter);
}

/* --- Mistakes -------------------------------------------------------------------- */

static bool is_long(const char *argument)
{
	return strncmp(argument, "--", 2) == 0;
}

/* Return NAME if the argument is --NAME or --NAME=VALUE.  For a short option, return an empty name,
 * because nothing can be guessed from one letter. */
static struct span name_of(const char *argument)
{
	const char *name = is_long(argument) ? argument + 2 : "";

	return span_of(name, strcspn(name, "="));
}

/* Guess which option the user has meant by an unknown name. */
static struct suggestion nearest_option(struct span name)
{
	struct suggestion nearest = suggest_for(name);
	const char *ours = foreign_option(name);

	if (ours) {
		nearest.best = span_text(ours);
		return nearest;
	}
	for (const struct option_row *row = option_rows; row->name; row++)
		if (row->help)
			suggest_offer(&nearest, span_text(row->name));
	return nearest;
}

/* Write the options whose names begin with `name`: "--memory, --merge".  Returns their number. */
static size_t list_options(struct span name, char *out, size_t room)
{
	size_t n = 0, len = 0;

	out[0] = '\0';
	for (const struct option_row *row = option_rows; row->name; row++) {
		if (row->flags & OPTION_ONLY_FILE || strncmp(row->name, name.at, name.len) != 0)
			continue;
		if (len < room)
			len += (size_t)snprintf(
				out + len, room - len, "%s--%s", n ? ", " : "", row->name);
		n++;
	}
	return n;
}

static bool unknown_option(const char *argument, struct complaint *c)
{
	struct span name = name_of(argument);
	char guess[SUGGEST_PHRASE], all[512];

	if (!is_long(argument) && isdigit((unsigned char)argument[1]))
		return complain(c, "%s: unknown option; -n N prints N rows", argument);
	if (name.len && list_options(name, all, sizeof all) > 1)
		return complain(c, "%.60s: ambiguous: %s", argument, all);
	struct suggestion nearest = nearest_option(name);
	return complain(c, "%.60s: unknown option%s; see wf --help", argument,
		suggest_phrase(&nearest, "--", guess));
}

/* Complain about the option for which getopt has returned `error`: ':' if its argument is missing,
 * '?' for any other mistake. */
static bool bad_option(int error, char **argv, struct complaint *c)
{
	char name[NAME_MAX_LEN];

	/* optopt is 0 for a long option that does not exist. */
	if (!optopt)
		return unknown_option(argv[optind - 1], c);
	spell(name, optopt);
	if (error == ':')
		return complain(
			c, "%s: needs an argument, %s; see wf --help", name, find_row(optopt)->arg);
	if (optopt >= LONG_ONLY)
		return complain(c, "%s: takes no argument; see wf --help", name);
	return unknown_option(name, c);
}

/* --- Options that do not go together ----------------------------------------------- */

/* Of the options on the command line, return the one that comes first in the table and has any of
 * these flags.  If `has` is false, return the first one that has none of these flags.  NULL if
 * there is no such option. */
static const struct option_row *find_given(const struct options *o, unsigned flags, bool has)
{
	for (const struct option_row *row = option_rows; row->name; row++)
		if (option_was_given(o, row) && !(row->flags & flags) == !has)
			return row;
	return NULL;
}

static bool check_merge(const struct options *o, struct complaint *c)
{
	const struct option_row *row = o->merge ? find_given(o, OPTION_WITH_MERGE, false) : NULL;

	return !row || complain(c,
			       "--%s: cannot be used with --merge: snapshots already say what was "
			       "counted",
			       row->name);
}

static bool check_save(const struct options *o, struct complaint *c)
{
	const struct option_row *format = find_given(o, OPTION_FORMAT, true);

	if (!o->save)
		return true;
	bool to_stdout = strcmp(o->save, "-") == 0;
	if (o->explain)
		return complain(c, "--save: cannot be used with --explain, which counts nothing");
	if (format)
		return complain(c,
			"--%s: cannot be used with --save, which prints nothing; use wf --merge %s "
			"--%s afterwards",
			format->name, to_stdout ? "FILE" : o->save, format->name);
	if (to_stdout && isatty(STDOUT_FILENO))
		return complain(c, "--save -: a snapshot is not text, and standard output is a "
				   "terminal");
	return true;
}

static bool check_explain(const struct options *o, struct complaint *c)
{
	return !o->explain || !o->unmatched ||
	       complain(c, "--unmatched: cannot be used with --explain, which counts nothing");
}

static bool check_watch(const struct options *o, struct complaint *c)
{
	uint64_t others = o->given & ~(UINT64_C(1) << (option_by_name("watch") - option_rows));

	return !o->watch || (!others && !o->files.n) ||
	       complain(c, "--watch: follows another run, and takes no other arguments");
}

static bool check_sets(const struct options *o, struct complaint *c)
{
	return !o->preset || !o->reports_file ||
	       complain(c, "--reports: cannot be used with -r: there is one set of rankings");
}

/* Divide two FILEs, or two DIRs, that no "--" divides. */
static bool settle_sides(struct options *o, struct complaint *c)
{
	const struct option_row *row = find_given(o, OPTION_NOT_DIFF, true);
	size_t files = o->files.n, folders = o->folders.n;

	if (!o->diff)
		return true;
	if (row)
		return complain(c, "--%s: cannot be used with --diff", row->name);
	if (!o->has_sides && files + folders == 2 && files != folders) {
		o->old_files = files / 2;
		o->old_folders = folders / 2;
		o->has_sides = true;
	}
	if (!o->has_sides)
		return complain(c, "--diff: compares two FILEs, or what is before -- with what is "
				   "after it: wf --diff OLD... -- NEW...");
	if (!o->old_files && !o->old_folders)
		return complain(c, "--diff: no FILE before --");
	if (o->old_files == files && o->old_folders == folders)
		return complain(c, "--diff: no FILE after --");
	return true;
}

bool arguments_check_snapshots(const struct options *o, struct complaint *c)
{
	const struct option_row *row = find_given(o, OPTION_WITH_MERGE, false);

	return !row || complain(c,
			       "--%s: cannot be used with snapshots: they already say what was "
			       "counted",
			       row->name);
}

static bool check(const struct options *o, struct complaint *c)
{
	return check_merge(o, c) && check_save(o, c) && check_explain(o, c) && check_watch(o, c) &&
	       check_sets(o, c);
}

/* --- Defaults that depend on other options ------------------------------------------ */

static void settle(struct options *o)
{
	bool is_file = o->save && strcmp(o->save, "-") != 0;

	o->query.all = o->explain;
	o->query.rejects = o->explain || o->unmatched;
	o->query.may_skip_lines =
		!o->query.set && !o->unmatched && !o->save && !report_accounts(&o->report);
	o->meter.output = is_file ? o->save : NULL;
}

static bool open_databases(struct options *o, struct complaint *c)
{
	struct query_spec *q = &o->query;
	const char *identity;

	if (!o->mmdb.n)
		return true;
	q->databases = o->databases = databases_open(&o->mmdb, c);
	if (!o->databases)
		return false;
	for (size_t i = 0; (identity = databases_identity(o->databases, i)); i++)
		if (!args_add(&q->mmdb, (struct arg){identity, "--mmdb"}))
			return complain_memory(c, "options");
	return true;
}

/* Replace the moment that the user has given by one that does not depend on the current time. */
static bool settle_moment(struct options *o, struct arg *a, struct complaint *c)
{
	struct moment m;
	char text[MOMENT_TEXT];

	if (!a->value)
		return true;
	if (!moment_read(*a, o->query.now, o->query.assumed, &m, c))
		return false;
	o->query.is_local |= m.is_local;
	a->value = options_keep(o, moment_write(m, text));
	return a->value || complain_memory(c, "options");
}

static bool settle_slack(struct options *o, struct complaint *c)
{
	const char *slack = o->slack.value;

	if (!slack || moment_duration(span_text(slack), &o->slack_seconds))
		return true;
	o->slack_seconds = INT64_MAX;
	return strcmp(slack, "all") == 0 ||
	       complain(c, "%s: must be a time, such as 10m or 1h, or all, not '%s'",
		       o->slack.origin, slack);
}

static bool settle_period(struct options *o, struct complaint *c)
{
	struct query_spec *q = &o->query;
	struct period period;

	return settle_moment(o, &q->since, c) && settle_moment(o, &q->until, c) &&
	       period_read(q, &period, c) && settle_slack(o, c);
}

static bool open_zone_of_machine(struct query_spec *q, struct complaint *c)
{
	q->assumed = zone_open("local", c);
	return q->assumed != NULL;
}

/* Open the zone of --tz.  Its name in the query becomes one that other machines know, too. */
static bool open_zone(struct options *o, struct complaint *c)
{
	struct query_spec *q = &o->query;
	bool has_period = q->since.value || q->until.value;

	if (!q->tz.value)
		return !has_period || open_zone_of_machine(q, c);
	q->zone = q->assumed = zone_open(q->tz.value, c);
	if (!q->zone)
		return complaint_about(c, q->tz);
	q->tz.value = options_keep(o, zone_name(q->zone));
	return q->tz.value || complain_memory(c, q->tz.origin);
}

/* If --order names an order that only a comparison can have, it is not one of the query.  False,
 * with a complaint, if it is reversed. */
static bool settle_order(struct options *o, struct complaint *c)
{
	static const char *const words[] = {
		[CHANGES_USUAL] = "g2",
		[CHANGES_SIZE] = "change",
		[CHANGES_NEW] = "new",
		[CHANGES_GONE] = "gone",
	};

	for (size_t i = 0; o->diff && o->order.value && i < sizeof words / sizeof *words; i++) {
		const char *name = o->order.value;
		if (*name == '-' && strcmp(name + 1, words[i]) == 0)
			return complain(c, "%s: '%s' cannot be reversed; write %s", o->order.origin,
				words[i], words[i]);
		if (strcmp(name, words[i]) == 0) {
			o->changes_order = (enum changes_order)i;
			o->order = (struct arg){0};
		}
	}
	return true;
}

/* Copy the values of -i, --order, --min and -n to the only grouping.  This is not called for a set of
 * rankings, because its groupings come from a reports file. */
static void settle_grouping(struct options *o)
{
	struct grouping_spec *only = &o->query.groupings[0];

	only->ignore_case = o->query.ignore_case;
	only->order = o->order;
	only->least = o->least;
	only->top = o->top;
}

/* Let -n, --min and --order on the command line take precedence over a reports file or a snapshot. */
static bool override(const struct options *o, struct query_spec *q, struct complaint *c)
{
	bool order = o->order.value;
	bool top = option_was_given(o, option_by_name("top"));
	bool least = option_was_given(o, option_by_name("min"));

	if (order && q->n_groupings > 1)
		return complain(c, "--order: cannot be used with several rankings: each has its "
				   "own order");
	for (size_t i = 0; i < q->n_groupings; i++) {
		if (top)
			q->groupings[i].top = o->top;
		if (order)
			q->groupings[i].order = o->order;
		if (least)
			q->groupings[i].least = o->least;
	}
	return true;
}

bool arguments_settle_merge(const struct options *o, struct query_spec *q, struct complaint *c)
{
	const char *preset = q->preset.value;

	return override(o, q, c) && (!preset || reports_file_layout(preset, &q->layout, c));
}

/* --- All ------------------------------------------------------------------------- */

/* Return `next`, the next word on the command line, if it is the optional argument of the option:
 * "--help all" means "--help=all".  Otherwise return NULL. */
static const char *optional_argument_of(const struct option_row *row, const char *next)
{
	bool is_word = takes_argument(row) == optional_argument && next &&
		       strcmp(next, row->words[0]) == 0;

	return is_word ? next : NULL;
}

/* The files and directories that follow belong to the new side of --diff. */
static void begin_new_side(struct options *o)
{
	o->has_sides = true;
	o->old_files = o->files.n;
	o->old_folders = o->folders.n;
}

/* Set the option that getopt has returned. */
static bool take_option(struct options *o, int letter, char **argv, struct complaint *c)
{
	const struct option_row *row = find_row(letter);
	char name[NAME_MAX_LEN];
	struct arg a = {.value = optarg};

	spell(name, letter);
	a.origin = options_keep(o, name);
	if (!a.origin)
		return complain_memory(c, name);
	if (!a.value)
		a.value = optional_argument_of(row, argv[optind]);
	o->given |= UINT64_C(1) << (row - option_rows);
	return option_set(o, row, a, c);
}

/* Take the rest of the arguments as names of files.  With --diff, the first "--" of all divides them. */
static bool take_files(char *const *rest, struct options *o, struct complaint *c)
{
	for (; *rest; rest++) {
		if (o->diff && !o->has_sides && strcmp(*rest, "--") == 0)
			begin_new_side(o);
		else if (!strlist_add(&o->files, *rest))
			return complain_memory(c, "options");
	}
	return true;
}

/* Take what getopt has returned: an option, or 1 for the name of a file. */
static bool take_argument(struct options *o, int letter, char **argv, struct complaint *c)
{
	if (letter == 1)
		return strlist_add(&o->files, optarg) || complain_memory(c, "options");
	if (letter == '?' || letter == ':')
		return bad_option(letter, argv, c);
	return take_option(o, letter, argv, c);
}

/* Take all options and names of files.  *ended becomes true if there is an option such as --help:
 * the arguments after that option are not read.  "--" ends the options, but the first one after --diff
 * only divides the files. */
static bool take_arguments(
	int argc, char **argv, struct options *o, bool *ended, struct complaint *c)
{
	struct option longs[ROWS_MAX + 1];
	char shorts[2 * ROWS_MAX + 3];

	describe(longs, shorts);
	optind = 0; /* makes glibc's getopt begin again */
	opterr = 0;
	while (!*ended) {
		int before = optind ? optind : 1;
		int letter = getopt_long(argc, argv, shorts, longs, NULL);
		if (letter != -1) {
			if (!take_argument(o, letter, argv, c))
				return false;
			*ended = letter != 1 && find_row(letter)->flags & OPTION_ENDS;
			continue;
		}
		bool divides = before < argc && strcmp(argv[before], "--") == 0;
		if (!divides || !o->diff || o->has_sides)
			break;
		begin_new_side(o);
	}
	return *ended || take_files(argv + optind, o, c);
}

bool arguments_parse(
	int argc, char **argv, int64_t now, struct options *o, struct complaint *c)
{
	bool ended = false;

	if (!options_init(o))
		return complain_memory(c, "options");
	o->query.now = now;
	if (!take_arguments(argc, argv, o, &ended, c))
		return false;
	if (ended)
		return true;
	if (!check(o, c) || !settle_sides(o, c) || !settle_order(o, c))
		return false;
	if (!o->preset && !o->reports_file)
		settle_grouping(o);
	else if (!reports_file_read(o, c) || !override(o, &o->query, c))
		return false;
	settle(o);
	return open_zone(o, c) && settle_period(o, c) && open_databases(o, c);
}
