#include "options.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/cpus.h"
#include "lib/die.h"
#include "lib/scan.h"

#ifndef WF_VERSION
#define WF_VERSION "unknown"
#endif

/* 1 MB to 4 MB make no difference; less costs, more leaves a worker idle at the end. */
enum { CHUNK_SIZE = 2 * 1024 * 1024, TOP = 10 };

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

/* "64", "64K", "2M", "1G" */
static size_t size(const char *name, const char *text)
{
	static const char units[] = "KMG";
	char digits[32];
	size_t len = strlen(text);
	unsigned shift = 0;

	const char *unit = len ? strchr(units, toupper((unsigned char)text[len - 1])) : NULL;
	if (unit && *unit) {
		shift = 10 * (unsigned)(unit - units + 1);
		len--;
	}
	snprintf(digits, sizeof digits, "%.*s", (int)(len < 31 ? len : 31), text);
	long long n = number(digits, (long long)(SIZE_MAX >> 1 >> shift));
	if (n < 1)
		die("%s: '%s' is not a size; 64K, 2M or 1G are", name, text);
	return (size_t)n << shift;
}

/* --- Setters: name is the option as it was written, for messages ----------------- */

static void set_regexp(struct options *o, const char *name, const char *arg)
{
	if (o->query.regexp)
		die("%s: given twice; (?|A|B) is a pattern for both", name);
	o->query.regexp = arg;
}

static void set_key(struct options *o, const char *name, const char *arg)
{
	(void)name;
	o->query.key = arg;
}

static void set_ignore_case(struct options *o, const char *name, const char *arg)
{
	(void)name, (void)arg;
	o->query.ignore_case = true;
}

static void set_grep(struct options *o, const char *name, const char *arg)
{
	(void)name;
	words_add(&o->query.grep, arg);
}

static void set_vgrep(struct options *o, const char *name, const char *arg)
{
	(void)name;
	words_add(&o->query.vgrep, arg);
}

static void set_top(struct options *o, const char *name, const char *arg)
{
	long long n = number(arg, LLONG_MAX);

	if (n < 0 || (unsigned long long)n > SIZE_MAX)
		die("%s: '%s' is not a number of rows; 0 is all", name, arg);
	o->report.top = (size_t)n;
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
	if (!report_has(arg))
		die("%s: no format '%s'; there are table, plain, tsv, csv and json", name, arg);
	o->report.format = arg;
}

static void set_tsv(struct options *o, const char *name, const char *arg)
{
	(void)name, (void)arg;
	o->report.format = "tsv";
}

static void set_csv(struct options *o, const char *name, const char *arg)
{
	(void)name, (void)arg;
	o->report.format = "csv";
}

static void set_json(struct options *o, const char *name, const char *arg)
{
	(void)name, (void)arg;
	o->report.format = "json";
}

static void set_stats(struct options *o, const char *name, const char *arg)
{
	(void)name, (void)arg;
	o->report.stats = true;
}

static void set_color(struct options *o, const char *name, const char *arg)
{
	static const char *const words[] = {"auto", "always", "never"};

	for (int i = 0; i < 3; i++) {
		if (strcmp(arg, words[i]) == 0) {
			o->report.color = (enum when)i;
			return;
		}
	}
	die("%s: '%s' is not auto, always or never", name, arg);
}

static void set_quiet(struct options *o, const char *name, const char *arg)
{
	(void)name, (void)arg;
	o->report.quiet = true;
}

static void set_chunk_size(struct options *o, const char *name, const char *arg)
{
	o->chunker.chunk_size = size(name, arg);
}

static void print_version(struct options *o, const char *name, const char *arg);
static void print_help(struct options *o, const char *name, const char *arg);

/* --- The table ------------------------------------------------------------------- */

struct option_row {
	int letter;       /* 0: there is only the long form */
	const char *name; /* the long form */
	const char *arg;  /* its argument's name, NULL if it takes none */
	const char *help; /* NULL: hidden */
	void (*set)(struct options *, const char *name, const char *arg);
};

static const struct option_row rows[] = {
	{'e', "regexp", "RE", "count what RE captures: group 1, or the whole match", set_regexp},
	{'k', "key", "TEMPLATE", "the key made of RE's groups: '$1 $2', '${name}'", set_key},
	{'i', "ignore-case", NULL, "for -e, -g and -v", set_ignore_case},
	{'g', "grep", "RE", "keep only lines that match; several: that match all", set_grep},
	{'v', "vgrep", "RE", "drop lines that match; several: that match any", set_vgrep},
	{'n', "top", "N", "rows to print, 10; 0 is all", set_top},
	{'j', "jobs", "N", "workers; default: the CPUs this process may use", set_jobs},
	{0, "tsv", NULL, "tab-separated, with a header", set_tsv},
	{0, "csv", NULL, "comma-separated, with a header; RFC 4180, so CR LF", set_csv},
	{0, "json", NULL, "one object: the query, the account, the ranking", set_json},
	{0, "format", "NAME",
		"table, plain, tsv, csv or json; default: a table on a\n"
		"terminal, plain (as uniq -c) into a pipe or file",
		set_format},
	{0, "stats", NULL, "what became of every line, and the speed, to stderr", set_stats},
	{0, "color", "WHEN", "auto, always or never", set_color},
	{'q', "quiet", NULL, "print no ranking; the exit status tells", set_quiet},
	{'h', "help", NULL, "print this", print_help},
	{'V', "version", NULL, "print the version", print_version},
	{0, "chunk-size", "SIZE", NULL, set_chunk_size},
};

enum { ROWS = sizeof rows / sizeof *rows, LONG_ONLY = 256 };

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
	printf("wf %s (%s)\n", WF_VERSION, scan ? scan->name : "no such CPU variant");
	leave();
}

/* "-e, --regexp RE" and its help, the second line of which is indented as the first. */
static void print_row_help(const struct option_row *row)
{
	enum { COLUMN = 24 };
	char left[64], letter[8] = "   ";

	if (row->letter)
		snprintf(letter, sizeof letter, "-%c,", row->letter);
	snprintf(left, sizeof left, "  %s --%s %s", letter, row->name, row->arg ? row->arg : "");
	printf("%-*s ", COLUMN, left);
	for (const char *p = row->help; *p; p++) {
		putchar(*p);
		if (*p == '\n')
			printf("%*s", COLUMN + 1, "");
	}
	putchar('\n');
}

static void print_help(struct options *o, const char *name, const char *arg)
{
	(void)o, (void)name, (void)arg;
	fputs("usage: wf [OPTION]... [FILE]...\n\n"
	      "Count and rank what is in logs: the most requested URLs of an access log, or\n"
	      "what a regular expression (PCRE2) captures. '-' or no FILE is standard input.\n\n",
		stdout);
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].help)
			print_row_help(&rows[i]);
	fputs("\n"
	      "  wf access.log                         the ten most requested URLs\n"
	      "  wf -e '^(\\S+)' -n 20 access.log       the twenty busiest clients\n"
	      "  zcat old.gz | wf -g '\" 404 '          the URLs of all 404s\n\n"
	      "Exit status: 0 something was counted, 1 nothing matched, 2 an error, 130 Ctrl-C.\n"
	      "More: man wf; before it is installed, man ./wf.1\n",
		stdout);
	leave();
}

/* --- getopt ---------------------------------------------------------------------- */

/* getopt's two ways to be told of the table. */
static void describe(struct option *longs, char *shorts)
{
	*shorts++ = ':'; /* tell a missing argument from an unknown option */
	for (size_t i = 0; i < ROWS; i++) {
		longs[i] = (struct option){.name = rows[i].name,
			.has_arg = rows[i].arg ? required_argument : no_argument,
			.val = LONG_ONLY + (int)i};
		if (!rows[i].letter)
			continue;
		*shorts++ = (char)rows[i].letter;
		if (rows[i].arg)
			*shorts++ = ':';
	}
	*shorts = '\0';
	longs[ROWS] = (struct option){0};
}

static const struct option_row *find_row(int letter)
{
	if (letter >= LONG_ONLY)
		return &rows[letter - LONG_ONLY];
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].letter == letter)
			return &rows[i];
	return NULL;
}

static void spell(char *out, size_t room, int letter)
{
	if (letter >= LONG_ONLY)
		snprintf(out, room, "--%s", rows[letter - LONG_ONLY].name);
	else
		snprintf(out, room, "-%c", letter);
}

static _Noreturn void bad_option(int problem, char **argv)
{
	char name[64];

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
	die("%s: no such option%s; see wf --help", name,
		strncmp(name, "--", 2) == 0 ? ", or short for several" : "");
}

static struct options defaults(void)
{
	return (struct options){
		.chunker.chunk_size = CHUNK_SIZE,
		.report.top = TOP,
	};
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
		find_row(letter)->set(&o, name, optarg);
	}
	while (optind < argc)
		words_add(&o.files, argv[optind++]);
	if (!o.workers.jobs)
		o.workers.jobs = cpus_available();
	if (o.workers.jobs > WORKERS_MAX)
		o.workers.jobs = WORKERS_MAX;
	return o;
}

void options_free(struct options *o)
{
	words_free(&o->files);
	words_free(&o->query.grep);
	words_free(&o->query.vgrep);
}
