#include "cli/option_table.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/completion.h"
#include "cli/presets.h"
#include "lib/human.h"
#include "lib/ini.h"
#include "lib/suggest.h"
#include "lib/textlines.h"
#include "query/databases.h"

/* Chunks of 1 MB to 4 MB are equally fast.  With smaller chunks, the overhead of each chunk
 * matters; with larger ones, workers are idle at the end. */
enum { CHUNK_SIZE = 2 * 1024 * 1024, TOP = 10 };

/* The default of --slack: few requests take longer than an hour. */
enum { SLACK = 3600 };

/* The smallest value of --memory.  A smaller one almost certainly lacks its unit (--memory 1). */
enum { MEMORY_LEAST = 64 * 1024 };

/* --- The table ------------------------------------------------------------------- */

static const char *const no_yes[] = {"no", "yes", NULL};
static const char *const missing_words[] = {"error", "ok", NULL};
static const char *const help_words[] = {"all", NULL};
static const char *const when_words[] = {"auto", "always", "never", NULL};
static const char *const mmap_words[] = {"auto", "always", "never", NULL};

#define MEMBER(m) .member = {offsetof(struct options, m), sizeof((struct options *)0)->m}
#define OF_GROUPING(m)                                                                             \
	.section = {offsetof(struct grouping_spec, m), sizeof((struct grouping_spec *)0)->m}

static const char *const order_words[] = {
	"count", "key", "last", "change", "new", "gone", NULL};

/* --help=all lists the options in this order. */
const struct option_row option_rows[] = {
	{'f', "fields", "LIST",
		"count fields: url (the default), client, path/1 ...;\n"
		"columns: 1, 2 ...; or 0, the whole line",
		.kind = OPTION_PROPERTY, .flags = OPTION_IN_SECTION | OPTION_IN_SUMMARY,
		.once = "; A,B counts both together"},
	{'e', "regexp", "RE",
		"count each line's first match of RE, or its group 1",
		.kind = OPTION_PROPERTY, .flags = OPTION_IN_SECTION | OPTION_IN_SUMMARY},
	{'o', "only-matching", NULL, "count every match of RE in a line, not only the first",
		.kind = OPTION_PROPERTY, .flags = OPTION_IN_SECTION,
		.words = no_yes},
	{'E', "patterns", "FILE", "count how often each RE in FILE, one a line, is found",
		.kind = OPTION_LINES, .flags = OPTION_IN_SECTION},
	{'k', "key", "TEMPLATE", "build the key from groups of RE: '$1 $2', '${name}'",
		.kind = OPTION_PROPERTY, .flags = OPTION_IN_SECTION},
	{0, "sub", "SUB", "edit the key by s/RE/REPL/ or s/RE/REPL/gi",
		.kind = OPTION_PROPERTY, .flags = OPTION_IN_SECTION},
	{'i', "ignore-case", NULL, "ignore case in -e, -g, -v and in the ~ of -w",
		.kind = OPTION_PROPERTY, .flags = OPTION_IN_HEAD | OPTION_IN_SECTION,
		.words = no_yes},
	{'w', "where", "COND",
		"keep lines for which FIELD OP VALUE is true; OP is one\nof = != < <= > >= ~ !~ in; joined by and, or, not",
		.kind = OPTION_PROPERTY,
		.flags = OPTION_IN_HEAD | OPTION_IN_SECTION | OPTION_IN_SUMMARY},
	{'g', "grep", "RE", "keep only lines that match RE (repeated: match all)",
		.kind = OPTION_PROPERTY,
		.flags = OPTION_IN_HEAD | OPTION_IN_SECTION | OPTION_IN_SUMMARY},
	{'v', "vgrep", "RE", "drop lines that match RE (repeated: match any)",
		.kind = OPTION_PROPERTY,
		.flags = OPTION_IN_HEAD | OPTION_IN_SECTION | OPTION_IN_SUMMARY},
	{0, "since", "TIME",
		"keep lines from TIME on: 2h, 14:05, today, 2026-11-20",
		.kind = OPTION_PROPERTY, .flags = OPTION_IN_HEAD | OPTION_IN_SUMMARY},
	{0, "until", "TIME", "keep lines before TIME (forms: see man wf)",
		.kind = OPTION_PROPERTY, .flags = OPTION_IN_HEAD},
	{0, "slack", "TIME",
		"skip parts of files by --since and --until as if lines\n"
		"were out of order by TIME at most (default: 1h); or all",
		.kind = OPTION_ARG, MEMBER(slack)},
	{'s', "sum", "FUNCS:FIELD",
		"rank by sum (default), avg, p99, uniq ... of FIELD",
		.kind = OPTION_PROPERTY, .flags = OPTION_IN_SECTION | OPTION_IN_SUMMARY},
	{'t', "over", "WIDTH",
		"print a table over time: a row for each 5m, or auto",
		.kind = OPTION_PROPERTY, .flags = OPTION_NOT_DIFF | OPTION_IN_SECTION | OPTION_IN_SUMMARY,
		.once = "; a table has rows of one width"},
	{'n', "top", "N", "print N rows (default: 10; 0: all)", .kind = OPTION_NUMBER,
		.flags = OPTION_IN_HEAD | OPTION_IN_SECTION | OPTION_WITH_MERGE | OPTION_IN_SUMMARY,
		MEMBER(top), OF_GROUPING(top), .most = INT64_MAX,
		.means = "a number of rows (0: all)"},
	{0, "order", "NAME",
		"rank by count, key (first N keys), last (last N), or\nanother of -s; -NAME: the least first",
		.kind = OPTION_ARG, .flags = OPTION_IN_SECTION | OPTION_WITH_MERGE,
		MEMBER(order), OF_GROUPING(order), .words = order_words},
	{0, "min", "N", "leave out keys that are counted less than N times",
		.kind = OPTION_NUMBER, .flags = OPTION_IN_SECTION | OPTION_WITH_MERGE, MEMBER(least),
		OF_GROUPING(least), .most = INT64_MAX},
	{'r', "report", "NAME", "print a set of rankings in one pass: overview, wf2",
		.kind = OPTION_WORD, .flags = OPTION_IN_SUMMARY, MEMBER(preset),
		.words = preset_names, .once = ""},
	{0, "reports", "FILE", "print the set of rankings that FILE defines", .kind = OPTION_TEXT,
		MEMBER(reports_file), .once = ""},
	{'d', "delimiter", "C",
		"separate columns at each C (default: at blanks, except\nin \"...\" and [...])",
		.kind = OPTION_PROPERTY, .flags = OPTION_IN_HEAD},
	{0, "log-format", "F",
		"auto (default), a name (see man wf), or Apache's\n'%h ...' or nginx's "
		"'$remote_addr ...'",
		.kind = OPTION_PROPERTY, .flags = OPTION_IN_HEAD},
	{0, "tz", "ZONE",
		"convert times to ZONE, such as Europe/Berlin, +05:30,\n"
		"utc or local (default: as in each line)",
		.kind = OPTION_PROPERTY, .flags = OPTION_IN_HEAD, .once = ""},
	{0, "mmdb", "FILE",
		"look up addresses in FILE, a MaxMind database, for\n"
		"client/country, client/city, client/asn, client/org",
		.kind = OPTION_LIST, .flags = OPTION_IN_HEAD, MEMBER(mmdb)},
	{'R', "recursive", "DIR", "read all files in DIR recursively, except binary ones",
		.kind = OPTION_LIST, .flags = OPTION_IN_SUMMARY, MEMBER(folders)},
	{'j', "jobs", "N", "use N workers (default: the CPUs that wf may use)",
		.kind = OPTION_NUMBER, .flags = OPTION_WITH_MERGE | OPTION_IN_SUMMARY,
		MEMBER(workers.jobs), .least = 1, .most = WORKERS_MAX},
	{0, "tsv", NULL, "print tab-separated values with a header line", .kind = OPTION_NAME,
		.flags = OPTION_WITH_MERGE | OPTION_FORMAT, MEMBER(report.format)},
	{0, "csv", NULL, "print comma-separated values with a header (RFC 4180)",
		.kind = OPTION_NAME, .flags = OPTION_WITH_MERGE | OPTION_FORMAT | OPTION_IN_SUMMARY,
		MEMBER(report.format)},
	{0, "json", NULL, "print one JSON object: query, account, rankings", .kind = OPTION_NAME,
		.flags = OPTION_WITH_MERGE | OPTION_FORMAT | OPTION_IN_SUMMARY,
		MEMBER(report.format)},
	{0, "html", NULL, "print one self-contained page for a browser", .kind = OPTION_NAME,
		.flags = OPTION_WITH_MERGE | OPTION_FORMAT, MEMBER(report.format)},
	{0, "format", "NAME",
		"table, plain, tsv, csv, json or html (default: table\non a terminal, else plain, "
		"as uniq -c prints)",
		.kind = OPTION_WORD, .flags = OPTION_WITH_MERGE | OPTION_FORMAT,
		MEMBER(report.format), .words = report_formats},
	{0, "unmatched", "FILE", "write lines that were not counted to FILE (-: stderr)",
		.kind = OPTION_TEXT, .flags = OPTION_NOT_DIFF, MEMBER(unmatched)},
	{0, "save", "FILE", "save the counts to FILE, print no ranking (-: stdout)",
		.kind = OPTION_TEXT, .flags = OPTION_NOT_DIFF | OPTION_WITH_MERGE, MEMBER(save)},
	{0, "merge", NULL, "read snapshots made by --save, and print (or --save)\ntheir total",
		.kind = OPTION_FLAG, .flags = OPTION_NOT_DIFF | OPTION_WITH_MERGE, MEMBER(merge)},
	{0, "diff", NULL, "compare two FILEs, or OLD... -- NEW...: what rose,\nfell, is new or gone",
		.kind = OPTION_FLAG, .flags = OPTION_WITH_MERGE, MEMBER(diff)},
	{0, "explain", NULL, "count nothing, show how the first lines are split",
		.kind = OPTION_FLAG, .flags = OPTION_NOT_DIFF, MEMBER(explain)},
	{0, "stats", NULL, "print an account of lines, and the speed, on stderr",
		.kind = OPTION_FLAG, .flags = OPTION_WITH_MERGE, MEMBER(report.stats)},
	{0, "color", "WHEN", "color the table: auto, always or never", .kind = OPTION_CHOICE,
		.flags = OPTION_WITH_MERGE, MEMBER(report.color), .words = when_words},
	{0, "progress", "WHEN", "show progress: auto (on a terminal), always or never",
		.kind = OPTION_CHOICE, MEMBER(meter.when), .words = when_words},
	{'q', "quiet", NULL, "print no ranking; use the exit status", .kind = OPTION_FLAG,
		.flags = OPTION_WITH_MERGE, MEMBER(report.quiet)},
	{'h', "help", "[=all]", "print the most used options; =all: every option",
		.kind = OPTION_WORD, .flags = OPTION_ENDS, MEMBER(help), .words = help_words},
	{'V', "version", NULL, "print the version", .kind = OPTION_FLAG, .flags = OPTION_ENDS,
		MEMBER(version)},
	{0, "watch", "FILE", "show the progress of another run, which saves FILE",
		.kind = OPTION_TEXT, .flags = OPTION_NOT_DIFF, MEMBER(watch)},
	{0, "chunk-size", "SIZE", NULL, .kind = OPTION_SIZE, MEMBER(chunker.chunk_size)},
	{0, "local", NULL, "wf-mpi: each host reads its own FILEs of these names",
		.kind = OPTION_FLAG, .flags = OPTION_NOT_DIFF, MEMBER(local)},
	{0, "resume", "DIR", "wf-mpi: keep counts in DIR, to continue a failed run",
		.kind = OPTION_TEXT, .flags = OPTION_NOT_DIFF, MEMBER(resume)},
	{0, "mmap", "WHEN", "map large files into memory: auto, always or never", .kind = OPTION_CHOICE,
		MEMBER(mmap), .words = mmap_words},
	{0, "memory", "SIZE",
		"memory limit for counting, such as 500M or 2G\n(default: half of the free memory)",
		.kind = OPTION_SIZE, .flags = OPTION_WITH_MERGE, MEMBER(workers.memory),
		.least = MEMORY_LEAST},
	{0, "completion", "SHELL", "print the completion script for bash, zsh or fish",
		.kind = OPTION_WORD, .flags = OPTION_ENDS, MEMBER(completion),
		.words = completion_shells},
	{0, "totals", NULL, NULL, .kind = OPTION_PROPERTY,
		.flags = OPTION_IN_HEAD | OPTION_ONLY_FILE, .words = no_yes},
	{0, "missing", NULL, NULL, .kind = OPTION_PROPERTY,
		.flags = OPTION_IN_HEAD | OPTION_ONLY_FILE, .words = missing_words},
	{0, "layout", NULL, NULL, .kind = OPTION_WORD, .flags = OPTION_IN_HEAD | OPTION_ONLY_FILE,
		MEMBER(query.layout), .words = report_layouts},
	{.name = NULL},
};

_Static_assert(sizeof option_rows / sizeof *option_rows <= 64, "options.given has a bit for each");

const struct option_row *option_by_letter(int letter)
{
	for (const struct option_row *row = option_rows; row->name; row++)
		if (row->letter == letter)
			return row;
	return NULL;
}

const struct option_row *option_by_name(const char *name)
{
	for (const struct option_row *row = option_rows; row->name; row++)
		if (strcmp(row->name, name) == 0)
			return row;
	return NULL;
}

bool option_was_given(const struct options *o, const struct option_row *row)
{
	return o->given >> (row - option_rows) & 1;
}

/* --- Values ---------------------------------------------------------------------- */

/* Write a list of the words: "count, key or last". */
static void join_words(const char *const *words, char *out, size_t room)
{
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; words[i] && len < room; i++)
		len += (size_t)snprintf(out + len, room - len, "%s%s",
			!i             ? ""
			: words[i + 1] ? ", "
				       : " or ",
			words[i]);
}

static bool bad_word(const struct option_row *row, struct arg a, struct complaint *c)
{
	const char *const *words = row->words;
	struct suggestion nearest = suggest_for(span_text(a.value));
	char all[128], guess[SUGGEST_PHRASE];

	if (row->arg && *row->arg == '[')
		return complain(
			c, "%s: takes no argument but '%s'; see wf --help", a.origin, words[0]);
	for (size_t i = 0; words[i]; i++)
		suggest_offer(&nearest, span_text(words[i]));
	join_words(words, all, sizeof all);
	return complain(c, "%s: must be %s, not '%s'%s", a.origin, all, a.value,
		suggest_phrase(&nearest, "", guess));
}

/* Find the value among the row's words.  *number becomes the index of the word.  False and a
 * complaint if the value is not among them. */
static bool find_word(
	const struct option_row *row, struct arg a, unsigned *number, struct complaint *c)
{
	for (*number = 0; row->words[*number]; ++*number)
		if (strcmp(a.value, row->words[*number]) == 0)
			return true;
	return bad_word(row, a, c);
}

/* Store `n` in an unsigned integer of `size` bytes.  If `n` is too large for it, store the largest
 * possible number. */
static void store(void *at, size_t size, uint64_t n)
{
	if (size == sizeof(uint64_t))
		*(uint64_t *)at = n;
	else
		*(uint32_t *)at = n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
}

static bool read_number(
	const struct option_row *row, struct arg a, uint64_t *n, struct complaint *c)
{
	char *end;

	errno = 0;
	*n = strtoull(a.value, &end, 10);
	if (isdigit((unsigned char)*a.value) && !errno && !*end && *n >= row->least &&
		*n <= row->most)
		return true;
	if (row->means)
		return complain(c, "%s: '%s' is not %s", a.origin, a.value, row->means);
	return complain(c, "%s: '%s' is not a number from %llu to %llu", a.origin, a.value,
		(unsigned long long)row->least, (unsigned long long)row->most);
}

static bool read_size(const struct option_row *row, struct arg a, uint64_t *n, struct complaint *c)
{
	*n = human_parse_size(a.value);
	if (!*n)
		return complain(
			c, "%s: '%s' is not a size: write 64K, 2M or 1G", a.origin, a.value);
	if (*n < row->least)
		return complain(c, "%s: '%s' is too small: write a size such as 500M or 2G",
			a.origin, a.value);
	return true;
}

/* --- Properties of the query ------------------------------------------------------ */

static bool read_flag(const struct option_row *row, struct arg *a, struct complaint *c)
{
	unsigned number = 1;

	if (a->value && !find_word(row, *a, &number, c))
		return false;
	a->value = no_yes[number != 0];
	return true;
}

static bool read_byte(struct arg *a, struct complaint *c)
{
	if (strcmp(a->value, "\\t") == 0)
		a->value = "\t";
	if (!a->value[0] || a->value[1])
		return complain(c, "%s: '%s' is not one byte, or \\t", a->origin, a->value);
	return true;
}

/* Find the property that an option sets.  *spec becomes the struct that has the property.  Within a
 * section of a reports file, this is the section's grouping.  Elsewhere it is the query, or if a
 * query has no such property, the first grouping of the query. */
static const struct property *find_property(
	struct options *o, const struct option_row *row, void **spec)
{
	const struct property *p = o->section ? NULL : property_find(SCOPE_QUERY, row->name);

	*spec = &o->query;
	if (p)
		return p;
	*spec = o->section ? o->section : &o->query.groupings[0];
	return property_find(SCOPE_GROUPING, row->name);
}

static bool set_property(
	struct options *o, const struct option_row *row, struct arg a, struct complaint *c)
{
	void *spec;
	const struct property *p = find_property(o, row, &spec);
	bool is_text = p->kind == PROPERTY_TEXT || p->kind == PROPERTY_FIELDS;

	if (p->kind == PROPERTY_FLAG && !read_flag(row, &a, c))
		return false;
	if (p->kind == PROPERTY_BYTE && !read_byte(&a, c))
		return false;
	if (row->once && is_text && ((const struct arg *)property_at(p, spec))->value)
		return complain(c, "%s: given twice%s", a.origin, row->once);
	return property_set(p, spec, a) || complain_memory(c, a.origin);
}

static bool add_line(struct options *o, const struct property *p, void *spec,
	const struct arg *file, size_t number, const char *line, struct complaint *c)
{
	char origin[4096];

	snprintf(origin, sizeof origin, "%s:%zu", file->value, number);
	struct arg a = {line, options_keep(o, origin)};
	if (strlen(line) > PROPERTY_BYTES_MAX)
		return complain(c, "%s: the line has more than %d bytes", origin,
			PROPERTY_BYTES_MAX);
	return (a.origin && property_set(p, spec, a)) || complain_memory(c, origin);
}

static bool add_lines(
	struct options *o, const struct option_row *row, struct arg file, struct complaint *c)
{
	char *text = ini_load(file.value, c), *line;
	void *spec;
	const struct property *p = find_property(o, row, &spec);
	size_t number = 0;

	if (!text)
		return complaint_about(c, file);
	if (!strlist_take(&o->owned, text))
		return complain_memory(c, file.origin);
	text = textlines_begin(text);
	while ((line = textlines_next(&text))) {
		number++;
		if (*line && !add_line(o, p, spec, &file, number, line, c))
			return false;
	}
	struct args *all = (struct args *)(uintptr_t)property_at(p, spec);
	if (!all->n)
		return complain(c, "%s: %s: the file has no patterns", file.origin, file.value);
	return args_drop_repeated(all) || complain_memory(c, file.origin);
}

bool option_adds_up(const struct option_row *row)
{
	const struct property *p = property_find(SCOPE_QUERY, row->name);

	return row->kind == OPTION_LIST ||
	       (row->kind == OPTION_PROPERTY && p && p->kind == PROPERTY_LIST);
}

/* --- All ------------------------------------------------------------------------- */

static bool set_text(
	const struct option_row *row, const char **at, struct arg a, struct complaint *c)
{
	unsigned number = 0;
	if (row->once && *at)
		return complain(c, "%s: given twice%s", a.origin, row->once);
	if (a.value && row->words && !find_word(row, a, &number, c))
		return false;
	if (row->kind == OPTION_NAME)
		*at = row->name;
	else
		*at = a.value && row->words ? row->words[number] : a.value ? a.value : "";
	return true;
}

bool option_set(struct options *o, const struct option_row *row, struct arg a, struct complaint *c)
{
	const struct option_member *member = o->section ? &row->section : &row->member;
	void *at = (char *)(o->section ? (void *)o->section : o) + member->offset;
	unsigned number;
	uint64_t n;

	switch (row->kind) {
	case OPTION_FLAG:
		*(bool *)at = true;
		return true;
	case OPTION_CHOICE:
		if (!find_word(row, a, &number, c))
			return false;
		store(at, member->size, number);
		return true;
	case OPTION_NUMBER:
	case OPTION_SIZE:
		if (!(row->kind == OPTION_SIZE ? read_size : read_number)(row, a, &n, c))
			return false;
		store(at, member->size, n);
		return true;
	case OPTION_ARG:
		*(struct arg *)at = a;
		return true;
	case OPTION_LIST:
		return strlist_add(at, a.value) || complain_memory(c, a.origin);
	case OPTION_LINES:
		return add_lines(o, row, a, c);
	case OPTION_PROPERTY:
		return set_property(o, row, a, c);
	default:
		return set_text(row, at, a, c);
	}
}

bool options_init(struct options *o)
{
	*o = (struct options){
		.chunker.chunk_size = CHUNK_SIZE,
		.query = {.delimiter = -1, .n_groupings = 1},
		.top = TOP,
		.slack_seconds = SLACK,
	};
	o->query.groupings = calloc(1, sizeof *o->query.groupings);
	if (!o->query.groupings)
		o->query.n_groupings = 0;
	return o->query.groupings;
}

const char *options_keep(struct options *o, const char *text)
{
	char *copy = strdup(text);

	return strlist_take(&o->owned, copy) ? copy : NULL;
}

void options_free(struct options *o)
{
	strlist_free(&o->files);
	strlist_free(&o->folders);
	query_spec_free(&o->query);
	strlist_free(&o->mmdb);
	databases_free(o->databases);
	zone_free(o->query.assumed);
	for (size_t i = 0; i < o->owned.n; i++)
		free((void *)(uintptr_t)o->owned.at[i]);
	strlist_free(&o->owned);
}
