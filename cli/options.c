#include "cli/options.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/completion.h"
#include "lib/die.h"
#include "lib/human.h"
#include "lib/ini.h"
#include "lib/machine.h"
#include "lib/suggest.h"
#include "scan/scan.h"
#include "cli/presets.h"
#include "formats/aliases.h"

#ifndef WF_VERSION
#define WF_VERSION "unknown"
#endif

/* 1 MB to 4 MB make no difference; less costs, more leaves a worker idle at the end. */
enum { CHUNK_SIZE = 2 * 1024 * 1024, TOP = 10 };

/* Who says --memory 1 means another unit. */
enum { MEMORY = 64 * 1024 };

struct option_row;
static const struct option_row *find_key(const char *name);
static bool was_given(const struct options *, const struct option_row *);

/* --- Values ---------------------------------------------------------------------- */

/* A number and nothing else; -1 if it isn't one or is out of bounds. */
static long long number(const char *text, long long max)
{
	char *end;

	if (!isdigit((unsigned char)*text))
		return -1;
	errno = 0;
	long long n = strtoll(text, &end, 10);
	return errno || *end || n > max ? -1 : n;
}

/* "64", "64K", "2M", "1G", "1T" */
static uint64_t size(const char *name, const char *text)
{
	uint64_t n = human_parse_size(text);

	if (!n)
		die("%s: '%s' is not a size; 64K, 2M or 1G are", name, text);
	return n;
}

/* --- Setters: name is the option as it was written, for messages ----------------- */

/* What -e, -k, -f, -s and --order are about: a section of a reports file, or the only
 * question that there is. */
static struct grouping_spec *grouping(struct options *o)
{
	return o->section ? o->section : &o->query.groupings[0];
}

static void set_once(struct arg *to, const char *name, const char *arg, const char *instead)
{
	if (to->value)
		die("%s: given twice%s", name, instead);
	*to = (struct arg){arg, name};
}

static void set_regexp(struct options *o, const char *name, const char *arg)
{
	set_once(&grouping(o)->regexp, name, arg, "; (?|A|B) is a pattern for both");
}

static void set_key(struct options *o, const char *name, const char *arg)
{
	grouping(o)->key = (struct arg){arg, name};
}

static void set_ignore_case(struct options *o, const char *name, const char *arg)
{
	bool yes = !arg || strcmp(arg, "yes") == 0;

	if (!yes && strcmp(arg, "no") != 0)
		die("%s: '%s' is not yes or no", name, arg);
	if (!o->section)
		o->query.ignore_case = yes;
	grouping(o)->ignore_case = yes;
}

static void set_fields(struct options *o, const char *name, const char *arg)
{
	set_once(&grouping(o)->fields, name, arg, "; A,B counts both together");
}

static void set_delimiter(struct options *o, const char *name, const char *arg)
{
	if (strcmp(arg, "\\t") == 0)
		arg = "\t";
	if (!arg[0] || arg[1])
		die("%s: '%s' is not one byte, or \\t", name, arg);
	o->query.delimiter = (unsigned char)arg[0];
}

static void set_where(struct options *o, const char *name, const char *arg)
{
	if (!args_add(o->section ? &o->section->where : &o->query.where, (struct arg){arg, name}))
		die("out of memory");
}

static void set_grep(struct options *o, const char *name, const char *arg)
{
	if (!args_add(o->section ? &o->section->grep : &o->query.grep, (struct arg){arg, name}))
		die("out of memory");
}

static void set_vgrep(struct options *o, const char *name, const char *arg)
{
	if (!args_add(o->section ? &o->section->vgrep : &o->query.vgrep, (struct arg){arg, name}))
		die("out of memory");
}

static void set_sum(struct options *o, const char *name, const char *arg)
{
	set_once(&grouping(o)->sum, name, arg, "");
}

static void set_order(struct options *o, const char *name, const char *arg)
{
	static const char *const orders[] = {"count", "key", "last"};

	for (int i = 0; i < 3; i++) {
		if (strcmp(arg, orders[i]) == 0) {
			grouping(o)->order = (enum order)i;
			return;
		}
	}
	die("%s: '%s' is not count, key or last", name, arg);
}

static void set_top(struct options *o, const char *name, const char *arg)
{
	long long n = number(arg, LLONG_MAX);

	if (n < 0 || (unsigned long long)n > SIZE_MAX)
		die("%s: '%s' is not a number of rows; 0 is all", name, arg);
	if (!o->section)
		o->top = (size_t)n;
	else if (!was_given(o, find_key("top")))
		o->section->top = (size_t)n;
}

static _Noreturn void bad_report(const char *name, const char *arg)
{
	struct suggestion nearest = suggest_for(span_text(arg));
	char guess[SUGGEST_PHRASE];

	suggest_offer(&nearest, span_text("overview"));
	suggest_offer(&nearest, span_text("wf2"));
	die("%s: no report '%s'%s; there are overview and wf2", name, arg,
		suggest_phrase(&nearest, "", guess));
}

static void set_report(struct options *o, const char *name, const char *arg)
{
	if (o->query.set)
		die("%s: one set of rankings at a time", name);
	if (!presets_find(arg))
		bad_report(name, arg);
	o->query.set = arg;
	o->query.preset = (struct arg){arg, name};
}

static void set_reports(struct options *o, const char *name, const char *arg)
{
	if (o->query.set)
		die("%s: one set of rankings at a time", name);
	o->query.set = o->reports_file = arg;
}

static void set_log_format(struct options *o, const char *name, const char *arg)
{
	o->query.log_format = (struct arg){arg, name};
}

static void set_recursive(struct options *o, const char *name, const char *arg)
{
	(void)name;
	if (!strlist_add(&o->folders, arg))
		die("out of memory");
}

static void set_unmatched(struct options *o, const char *name, const char *arg)
{
	(void)name;
	o->unmatched = arg;
	o->query.rejects = true;
}

static void set_save(struct options *o, const char *name, const char *arg)
{
	(void)name;
	o->save = arg;
	o->meter.beside = strcmp(arg, "-") == 0 ? NULL : arg;
}

static void set_merge(struct options *o, const char *name, const char *arg)
{
	(void)name, (void)arg;
	o->merge = true;
}

static void set_explain(struct options *o, const char *name, const char *arg)
{
	(void)name, (void)arg;
	o->explain = true;
	o->query.all = o->query.rejects = true; /* every line is to be looked at */
}

static void set_jobs(struct options *o, const char *name, const char *arg)
{
	long long n = number(arg, WORKERS_MAX);

	if (n < 1)
		die("%s: '%s' is not a number from 1 to %d", name, arg, WORKERS_MAX);
	o->workers.jobs = (unsigned)n;
}

static void set_format(struct options *o, const char *name, const char *arg)
{
	struct suggestion nearest = suggest_for(span_text(arg));
	char guess[SUGGEST_PHRASE];

	for (size_t i = 0; report_format(i); i++)
		suggest_offer(&nearest, span_text(report_format(i)));
	if (!report_has(arg))
		die("%s: no format '%s'%s; there are table, plain, tsv, csv, json and html", name,
			arg, suggest_phrase(&nearest, "", guess));
	o->report.format = arg;
}

/* --csv is --format csv. */
static void set_format_so_called(struct options *o, const char *name, const char *arg)
{
	(void)arg;
	set_format(o, name, name + 2);
}

static void set_stats(struct options *o, const char *name, const char *arg)
{
	(void)name, (void)arg;
	o->report.stats = true;
}

static enum choice when(const char *name, const char *arg)
{
	static const char *const words[] = {"auto", "always", "never"};

	for (int i = 0; i < 3; i++)
		if (strcmp(arg, words[i]) == 0)
			return (enum choice)i;
	die("%s: '%s' is not auto, always or never", name, arg);
}

static void set_color(struct options *o, const char *name, const char *arg)
{
	o->report.color = when(name, arg);
}

static void set_progress(struct options *o, const char *name, const char *arg)
{
	o->meter.when = when(name, arg);
}

static void set_watch(struct options *o, const char *name, const char *arg)
{
	(void)name;
	o->watch = arg;
}

static void set_quiet(struct options *o, const char *name, const char *arg)
{
	(void)name, (void)arg;
	o->report.quiet = true;
}

static void set_memory(struct options *o, const char *name, const char *arg)
{
	o->workers.memory = size(name, arg);
	if (o->workers.memory < MEMORY)
		die("%s: '%s' is too little for a table; 500M or 2G are usual", name, arg);
}

static void set_local(struct options *o, const char *name, const char *arg)
{
	(void)name;
	(void)arg;
	o->local = true;
}

static void set_resume(struct options *o, const char *name, const char *arg)
{
	(void)name;
	o->resume = arg;
}

static void set_mmap(struct options *o, const char *name, const char *arg)
{
	o->never_map = strcmp(arg, "never") == 0;
	if (!o->never_map && strcmp(arg, "auto") != 0)
		die("%s: '%s' is not auto or never", name, arg);
}

static void set_chunk_size(struct options *o, const char *name, const char *arg)
{
	uint64_t bytes = size(name, arg);

	o->chunker.chunk_size = bytes < SIZE_MAX ? (size_t)bytes : SIZE_MAX;
}

static void print_version(struct options *o, const char *name, const char *arg);
static void print_help(struct options *o, const char *name, const char *arg);
static void print_completion(struct options *o, const char *name, const char *arg);

/* --- The table ------------------------------------------------------------------- */

/* Where in a reports file it may be given: before the first section, in one. */
enum in_file { NOT_IN_FILE = 0, BEFORE_SECTIONS = 1, IN_SECTION = 2, BOTH = 3 };

struct option_row {
	int letter;       /* 0: there is only the long form */
	const char *name; /* the long form */
	const char *arg;  /* its argument's name, NULL if it takes none; "[=NAME]": or none */
	const char *help; /* NULL: hidden */
	void (*set)(struct options *, const char *name, const char *arg);
	enum in_file in_file;
};

static const struct option_row rows[] = {
	{'f', "fields", "LIST",
		"count these fields: url, client, status...; or columns\n1, 2...; 0 is the line. "
		"Default: url",
		set_fields, IN_SECTION},
	{'e', "regexp", "RE", "count what RE captures: group 1, or the whole match", set_regexp,
		IN_SECTION},
	{'k', "key", "TEMPLATE", "the key made of RE's groups: '$1 $2', '${name}'", set_key,
		IN_SECTION},
	{'i', "ignore-case", NULL, "for -e, -g, -v, and for ~ in -w", set_ignore_case, BOTH},
	{'w', "where", "COND",
		"keep lines where FIELD OP VALUE holds; OP is one of\n= != < <= > >= ~ !~",
		set_where, BOTH},
	{'g', "grep", "RE", "keep only lines that match; several: that match all", set_grep, BOTH},
	{'v', "vgrep", "RE", "drop lines that match; several: that match any", set_vgrep, BOTH},
	{'s', "sum", "FIELD", "add up a number, and rank by that", set_sum, IN_SECTION},
	{'n', "top", "N", "rows to print, 10; 0 is all", set_top, BOTH},
	{0, "order", "NAME", "count; or key: the first N keys; or last: the last N", set_order,
		IN_SECTION},
	{'r', "report", "NAME", "several rankings at once: overview, wf2", set_report, NOT_IN_FILE},
	{0, "reports", "FILE", "a set of rankings of your own", set_reports, NOT_IN_FILE},
	{'d', "delimiter", "C",
		"columns are cut at C; default: blanks, with \"...\" and\n[...] kept whole",
		set_delimiter, BEFORE_SECTIONS},
	{0, "log-format", "F",
		"auto, a name (see man wf), Apache's '%h ...' or nginx's\n'$remote_addr ...'",
		set_log_format, BEFORE_SECTIONS},
	{'R', "recursive", "DIR", "count the files in DIR, of all depths, but binary ones",
		set_recursive, NOT_IN_FILE},
	{'j', "jobs", "N", "workers; default: the CPUs this process may use", set_jobs,
		NOT_IN_FILE},
	{0, "tsv", NULL, "tab-separated, with a header", set_format_so_called, NOT_IN_FILE},
	{0, "csv", NULL, "comma-separated, with a header; RFC 4180, so CR LF", set_format_so_called,
		NOT_IN_FILE},
	{0, "json", NULL, "one object: the query, the account, the rankings", set_format_so_called,
		NOT_IN_FILE},
	{0, "html", NULL, "one page to look at in a browser, by itself", set_format_so_called,
		NOT_IN_FILE},
	{0, "format", "NAME",
		"table, plain, tsv, csv, json or html; default: a table\n"
		"on a terminal, plain (as uniq -c) into a pipe or file",
		set_format, NOT_IN_FILE},
	{0, "unmatched", "FILE", "write the lines that did not count there; - is stderr",
		set_unmatched, NOT_IN_FILE},
	{0, "save", "FILE", "print nothing, but save all counts there; - is stdout", set_save,
		NOT_IN_FILE},
	{0, "merge", NULL, "FILEs are what --save wrote: print, or save, their sum", set_merge,
		NOT_IN_FILE},
	{0, "explain", NULL, "show how the first lines are cut, and count nothing", set_explain,
		NOT_IN_FILE},
	{0, "stats", NULL, "what became of every line, and the speed, to stderr", set_stats,
		NOT_IN_FILE},
	{0, "color", "WHEN", "auto, always or never", set_color, NOT_IN_FILE},
	{0, "progress", "WHEN", "auto: on a terminal, after a second; always; never", set_progress,
		NOT_IN_FILE},
	{'q', "quiet", NULL, "print no ranking; the exit status tells", set_quiet, NOT_IN_FILE},
	{'h', "help", "[=all]", "print a summary, or this", print_help, NOT_IN_FILE},
	{'V', "version", NULL, "print the version", print_version, NOT_IN_FILE},
	{0, "watch", "FILE", "follow the run that saves FILE, wherever it is", set_watch,
		NOT_IN_FILE},
	{0, "chunk-size", "SIZE", NULL, set_chunk_size, NOT_IN_FILE},
	{0, "local", NULL, "wf-mpi: each rank counts these FILEs of its own host", set_local,
		NOT_IN_FILE},
	{0, "resume", "DIR", "wf-mpi: keep what is counted in DIR, to go on later", set_resume,
		NOT_IN_FILE},
	{0, "mmap", "WHEN", "auto: large files are mapped; or never", set_mmap, NOT_IN_FILE},
	{0, "memory", "SIZE", "for counting, else half of what is free: 500M, 2G", set_memory,
		NOT_IN_FILE},
	{0, "completion", "SHELL", "print what bash, zsh or fish completes by", print_completion,
		NOT_IN_FILE},
};

/* What the short help shows: what is needed most, on one screen. */
static const char *const usual[] = {"fields", "regexp", "where", "grep", "vgrep", "sum", "top",
	"report", "recursive", "jobs", "csv", "json", "stats"};

enum { ROWS = sizeof rows / sizeof *rows, LONG_ONLY = 256 };

_Static_assert(ROWS <= 64, "options.given has a bit for each");

static _Noreturn void leave(void)
{
	if (fflush(stdout) != 0)
		die("standard output: %s", strerror(errno));
	exit(0);
}

static void print_version(struct options *o, const char *name, const char *arg)
{
	const struct scan *scan = scan_choose();

	(void)o, (void)name, (void)arg;
	printf("wf %s (%s", WF_VERSION, scan ? scan->name : "no such CPU variant");
	for (const struct codec *const *c = codecs; *c; c++)
		if ((*c)->available)
			printf(", %s by %s", (*c)->name, (*c)->library);
	fputs(")\n", stdout);
	leave();
}

/* "-e, --regexp RE" and its help, the second line of which is indented as the first. */
static void print_row_help(const struct option_row *row)
{
	enum { COLUMN = 24 };
	char left[64], letter[8] = "   ";

	if (row->letter)
		snprintf(letter, sizeof letter, "-%c,", row->letter);
	snprintf(left, sizeof left, "  %s --%s%s%s", letter, row->name,
		row->arg && *row->arg != '[' ? " " : "", row->arg ? row->arg : "");
	printf("%-*s ", COLUMN, left);
	for (const char *p = row->help; *p; p++) {
		putchar(*p);
		if (*p == '\n')
			printf("%*s", COLUMN + 1, "");
	}
	putchar('\n');
}

static bool is_usual(const struct option_row *row)
{
	for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
		if (strcmp(usual[i], row->name) == 0)
			return true;
	return false;
}

static void print_rows(bool all)
{
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].help && (all || is_usual(&rows[i])))
			print_row_help(&rows[i]);
}

static void print_help(struct options *o, const char *name, const char *arg)
{
	bool all = arg && strcmp(arg, "all") == 0;

	(void)o;
	if (arg && !all)
		die("%s: takes no argument but 'all'; see wf --help", name);
	printf("usage: wf [OPTION]... [FILE]...%s\n", all ? "\n" : "");
	fputs("Count and rank what is in logs: the most requested URLs of an access log, or\n"
	      "what a regular expression (PCRE2) captures. '-' or no FILE is standard input.\n",
		stdout);
	fputs(all ? "\n" : "", stdout);
	print_rows(all);
	fputs("\n"
	      "  wf access.log                             the ten most requested URLs\n"
	      "  wf -f client -s bytes access.log          who took most bytes\n"
	      "  wf -f status,url -w 'status>=500' -n 20 access.log access.log.*.gz\n",
		stdout);
	fputs(all ? "  wf -r overview access.log                 seven rankings at once\n\n"
		    "Exit status: 0 something was counted, 1 nothing matched, 2 an error, 130 "
		    "Ctrl-C.\nMore: man wf; before it is installed, man ./wf.1\n"
		  : "More: wf --help=all lists all options, man wf (or man ./wf.1) explains "
		    "them.\n",
		stdout);
	leave();
}

/* In getopt's words.  A letter's optional argument is not for the command line. */
static int takes(const struct option_row *row)
{
	if (!row->arg)
		return no_argument;
	return *row->arg == '[' ? optional_argument : required_argument;
}

/* --- Completion ------------------------------------------------------------------ */

/* Add a word to those in text, as far as there is room. */
static void add_word(char *text, size_t room, const char *word)
{
	size_t len = strlen(text);

	snprintf(text + len, room - len, "%s%s", len ? " " : "", word);
}

/* By the option's name, else by its argument's. */
static struct completion completion_of(
	const struct option_row *row, const char *fields, const char *formats)
{
	const char *arg = takes(row) == required_argument ? row->arg : NULL;
	struct completion c = {row->letter, row->name, arg, row->help, COMPLETE_NOTHING, NULL};
	const struct {
		const char *name;
		enum completion_kind kind;
		const char *words;
	} kinds[] = {{"order", COMPLETE_WORDS, "count key last"},
		{"report", COMPLETE_WORDS, "overview wf2"},
		{"format", COMPLETE_WORDS, "table plain tsv csv json html"},
		{"color", COMPLETE_WORDS, "auto always never"},
		{"progress", COMPLETE_WORDS, "auto always never"},
		{"mmap", COMPLETE_WORDS, "auto never"},
		{"completion", COMPLETE_WORDS, "bash zsh fish"}, {"LIST", COMPLETE_LIST, fields},
		{"FIELD", COMPLETE_WORDS, fields}, {"COND", COMPLETE_PREFIX, fields},
		{"F", COMPLETE_WORDS, formats}, {"FILE", COMPLETE_FILES, NULL},
		{"DIR", COMPLETE_FOLDERS, NULL}};

	for (size_t i = 0; arg && i < sizeof kinds / sizeof *kinds; i++) {
		if (strcmp(row->name, kinds[i].name) != 0 && strcmp(row->arg, kinds[i].name) != 0)
			continue;
		c.kind = kinds[i].kind;
		c.words = kinds[i].words;
		break;
	}
	return c;
}

static void print_completion(struct options *o, const char *name, const char *arg)
{
	struct completion all[ROWS];
	char fields[512] = "", formats[512] = "auto";
	size_t n = 0;

	(void)o;
	for (size_t i = 0; fields_known(i); i++)
		add_word(fields, sizeof fields, fields_known(i));
	for (size_t i = 0; logformat_known[i]; i++)
		add_word(formats, sizeof formats, logformat_known[i]);
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].help)
			all[n++] = completion_of(&rows[i], fields, formats);
	if (!completion_print(arg, all, n))
		die("%s: '%s' is not bash, zsh or fish", name, arg);
	leave();
}

/* --- getopt ---------------------------------------------------------------------- */

/* getopt's two ways to be told of the table. */
static void describe(struct option *longs, char *shorts)
{
	*shorts++ = ':'; /* tell a missing argument from an unknown option */
	for (size_t i = 0; i < ROWS; i++) {
		longs[i] = (struct option){.name = rows[i].name,
			.has_arg = takes(&rows[i]),
			.val = LONG_ONLY + (int)i};
		if (!rows[i].letter)
			continue;
		*shorts++ = (char)rows[i].letter;
		if (takes(&rows[i]) == required_argument)
			*shorts++ = ':';
	}
	*shorts = '\0';
	longs[ROWS] = (struct option){0};
}

/* letter: one of theirs, or the row's number above LONG_ONLY. */
static const struct option_row *find_row(int letter)
{
	size_t i = 0;

	if (letter >= LONG_ONLY)
		return &rows[letter - LONG_ONLY];
	while (i < ROWS - 1 && rows[i].letter != letter)
		i++;
	return &rows[i];
}

static void spell(char *out, size_t room, int letter)
{
	if (letter >= LONG_ONLY)
		snprintf(out, room, "--%s", rows[letter - LONG_ONLY].name);
	else
		snprintf(out, room, "-%c", letter);
}

/* What --NAME or --NAME=VALUE may be meant for; of no letter anything can be told. */
static struct suggestion nearest_option(const char *name)
{
	bool is_long = strncmp(name, "--", 2) == 0;
	const char *word = is_long ? name + 2 : "";
	struct suggestion nearest = suggest_for(span_of(word, strcspn(word, "=")));
	const char *ours = aliases_of_option(nearest.word);

	if (ours) {
		nearest.best = span_text(ours);
		return nearest;
	}
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].help)
			suggest_offer(&nearest, span_text(rows[i].name));
	return nearest;
}

static _Noreturn void bad_option(int problem, char **argv)
{
	char name[64], guess[SUGGEST_PHRASE];

	/* optopt is 0 after an unknown long option, its value after another mistake. */
	if (optopt)
		spell(name, sizeof name, optopt);
	else
		snprintf(name, sizeof name, "%.60s", argv[optind - 1]);
	if (problem == ':')
		die("%s: needs an argument, %s; see wf --help", name, find_row(optopt)->arg);
	if (optopt >= LONG_ONLY)
		die("%s: takes no argument; see wf --help", name);
	if (strlen(name) == 2 && isdigit((unsigned char)name[1]))
		die("%s: no such option; -n N prints N rows", name);
	struct suggestion nearest = nearest_option(name);
	die("%s: no such option%s%s; see wf --help", name,
		strncmp(name, "--", 2) == 0 && !nearest.best.len ? ", or short for several" : "",
		suggest_phrase(&nearest, "--", guess));
}

/* --- Reports files --------------------------------------------------------------- */

static void begin_section(struct options *o, const struct ini_line *line)
{
	struct query_spec *q = &o->query;

	for (size_t i = 0; i < q->n_groupings; i++)
		if (strcmp(q->groupings[i].name, line->name) == 0)
			die("%s:%zu: a second [%s]", line->file, line->number, line->name);
	if (q->n_groupings == GROUPINGS_MAX)
		die("%s:%zu: more than %d sections", line->file, line->number, GROUPINGS_MAX);
	q->groupings = realloc(q->groupings, (q->n_groupings + 1) * sizeof *q->groupings);
	if (!q->groupings)
		die("%s: out of memory", line->file);
	o->section = &q->groupings[q->n_groupings++];
	*o->section = (struct grouping_spec){
		.name = line->name, .ignore_case = q->ignore_case, .top = o->top};
}

static const struct option_row *find_key(const char *name)
{
	for (size_t i = 0; i < ROWS; i++)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	return NULL;
}

/* A copy that lives as long as the options. */
static const char *keep(struct options *o, const char *text)
{
	const char *copy = strdup(text);

	if (!copy)
		die("options: out of memory");
	if (!strlist_add(&o->owned, copy))
		die("out of memory");
	return copy;
}

static bool was_given(const struct options *o, const struct option_row *row)
{
	return o->given >> (row - rows) & 1;
}

/* What is said several times holds all of it. */
static bool is_added(const struct option_row *row)
{
	return row->set == set_where || row->set == set_grep || row->set == set_vgrep;
}

static _Noreturn void bad_key(const struct ini_line *line)
{
	struct suggestion nearest = suggest_for(span_text(line->name));
	char guess[SUGGEST_PHRASE];

	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].in_file)
			suggest_offer(&nearest, span_text(rows[i].name));
	die("%s:%zu: no key '%s'%s; there are fields, regexp, key, sum, where, grep, vgrep, "
	    "ignore-case, top, order, delimiter, log-format",
		line->file, line->number, line->name, suggest_phrase(&nearest, "", guess));
}

static void take_line(void *options, const struct ini_line *line)
{
	struct options *o = options;
	char where[4096];

	if (!line->value) {
		begin_section(o, line);
		return;
	}
	const struct option_row *row = find_key(line->name);
	if (!row || !row->in_file)
		bad_key(line);
	if (!(row->in_file & (o->section ? IN_SECTION : BEFORE_SECTIONS)))
		die("%s:%zu: '%s' belongs %s", line->file, line->number, line->name,
			o->section ? "before the first [section]" : "into a [section]");
	if (!o->section && was_given(o, row) && !is_added(row))
		return; /* the command line goes before */
	snprintf(where, sizeof where, "%s:%zu: %s", line->file, line->number, line->name);
	row->set(o, keep(o, where), line->value);
}

/* Replace the only question by those of a set. */
static void read_reports(struct options *o)
{
	bool builtin = o->query.preset.value;
	const char *name = o->query.set;
	struct grouping_spec *alone = &o->query.groupings[0];

	if (alone->regexp.value || alone->key.value || alone->fields.value || alone->sum.value ||
		was_given(o, find_key("order")))
		die("%s: the rankings say what to count: without -e, -k, -f, -s and --order",
			builtin ? "-r" : "--reports");
	if (builtin && strcmp(name, "wf2") == 0 && o->query.log_format.value)
		die("%s: the contest cuts lines in its own way", o->query.log_format.origin);
	char *text = builtin ? strdup(presets_find(name)) : ini_load(name);
	if (!text)
		die("%s: out of memory", name);
	if (!strlist_add(&o->owned, text))
		die("out of memory");
	o->query.n_groupings = 0;
	ini_read(name, text, take_line, o);
	o->section = NULL;
	if (!o->query.n_groupings)
		die("%s: there is no [section] in it, so no ranking", name);
	o->query.totals = o->query.missing_fields_ok = builtin && strcmp(name, "overview") == 0;
}

/* --- Snapshots ------------------------------------------------------------------- */

/* About how a ranking is printed or made, whatever was asked. */
static bool is_of_output(const struct option_row *row)
{
	static void (*const setters[])(struct options *, const char *, const char *) = {set_top,
		set_order, set_jobs, set_format_so_called, set_format, set_stats, set_color,
		set_quiet, set_memory, set_save, set_merge};

	for (size_t i = 0; i < sizeof setters / sizeof *setters; i++)
		if (row->set == setters[i])
			return true;
	return false;
}

static bool is_format(const struct option_row *row)
{
	return row->set == set_format || row->set == set_format_so_called;
}

static void check_merge(const struct options *o)
{
	for (const struct option_row *row = rows; row < rows + ROWS; row++)
		if (was_given(o, row) && !is_of_output(row))
			die("--%s: not with --merge: a snapshot knows what was counted, and how",
				row->name);
}

static void check_explain(const struct options *o)
{
	if (o->unmatched)
		die("--unmatched: --explain counts nothing, so no line is left");
}

static void check_save(const struct options *o)
{
	if (o->explain)
		die("--save: --explain counts nothing");
	for (const struct option_row *row = rows; row < rows + ROWS; row++)
		if (was_given(o, row) && is_format(row))
			die("--%s: with --save nothing is printed: wf --merge %s --%s does it",
				row->name, strcmp(o->save, "-") == 0 ? "FILE" : o->save, row->name);
	if (strcmp(o->save, "-") == 0 && isatty(STDOUT_FILENO))
		die("--save -: standard output is a terminal, and what is saved is not text");
}

void options_settle(const struct options *o, struct query_spec *q)
{
	const struct grouping_spec *asked = &o->query.groupings[0];
	bool orders = was_given(o, find_key("order")), limits = was_given(o, find_key("top"));

	if (orders && q->n_groupings > 1)
		die("--order: the snapshots hold several rankings, each with its own");
	for (size_t i = 0; i < q->n_groupings; i++) {
		if (limits)
			q->groupings[i].top = o->top;
		if (orders)
			q->groupings[i].order = asked->order;
	}
}

/* --- All ------------------------------------------------------------------------- */

static struct options defaults(void)
{
	struct options o = {
		.chunker.chunk_size = CHUNK_SIZE,
		.top = TOP,
		.query = {.delimiter = -1, .n_groupings = 1},
	};

	o.query.groupings = calloc(1, sizeof *o.query.groupings);
	if (!o.query.groupings)
		die("options: out of memory");
	return o;
}

/* It counts nothing, so nothing else can be asked. */
static void check_watch(const struct options *o)
{
	uint64_t others = o->given & ~(UINT64_C(1) << (find_key("watch") - rows));

	if (o->watch && (others || o->files.n))
		die("--watch: follows another run, and takes nothing besides");
}

/* What was said, else half of what is free.  Of a 32-bit machine's addresses the log and what is
 * made of the tables want most. */
static uint64_t tables_memory(uint64_t said)
{
	uint64_t bytes = said ? said : machine_memory() / 2;

	return bytes < SIZE_MAX / 4 ? bytes : SIZE_MAX / 4;
}

static bool is_word(const char *argument, const char *word)
{
	return argument && strcmp(argument, word) == 0;
}

struct options options_parse(int argc, char **argv)
{
	struct options o = defaults();
	struct option longs[ROWS + 1];
	char shorts[2 * ROWS + 2], name[64];
	int letter;

	describe(longs, shorts);
	opterr = 0;
	while ((letter = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		if (letter == '?' || letter == ':')
			bad_option(letter, argv);
		spell(name, sizeof name, letter);
		o.given |= UINT64_C(1) << (find_row(letter) - rows);
		if (find_row(letter)->set == print_help && is_word(argv[optind], "all"))
			optarg = argv[optind]; /* "--help all" is "--help=all" */
		find_row(letter)->set(&o, keep(&o, name), optarg);
	}
	while (optind < argc)
		if (!strlist_add(&o.files, argv[optind++]))
			die("out of memory");
	if (o.merge)
		check_merge(&o);
	if (o.save)
		check_save(&o);
	if (o.explain)
		check_explain(&o);
	check_watch(&o);
	if (o.query.set)
		read_reports(&o);
	else
		o.query.groupings[0].top = o.top;
	o.query.may_skip_lines =
		!o.query.set && !o.unmatched && !o.save && !report_accounts(&o.report);
	if (!o.workers.jobs)
		o.workers.jobs = machine_cpus();
	o.workers.memory = tables_memory(o.workers.memory);
	if (o.workers.jobs > WORKERS_MAX)
		o.workers.jobs = WORKERS_MAX;
	return o;
}

void options_free(struct options *o)
{
	strlist_free(&o->files);
	strlist_free(&o->folders);
	query_spec_free(&o->query);
	for (size_t i = 0; i < o->owned.n; i++)
		free((void *)(uintptr_t)o->owned.at[i]);
	strlist_free(&o->owned);
}
