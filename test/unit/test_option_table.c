/* test_option_table.c -- command lines and reports files, read into options. */
#include "unit.h"

#include <stdio.h>

#include "cli/arguments.h"
#include "cli/help.h"

enum { WORDS = 20 };

/* Cut a line at its blanks, and read it as a command line. */
struct parsed {
	struct options o;
	struct complaint why;
	char line[400];
	bool ok;
};

static void parse(struct parsed *p, const char *line)
{
	char *argv[WORDS + 2] = {(char *)"wf"}, *rest;
	int argc = 1;

	snprintf(p->line, sizeof p->line, "%s", line);
	for (char *word = strtok_r(p->line, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
		assert_true(argc <= WORDS);
		argv[argc++] = word;
	}
	p->why.text[0] = '\0';
	p->ok = arguments_parse(argc, argv, 0, &p->o, &p->why);
}

static void parse_well(struct parsed *p, const char *line)
{
	parse(p, line);
	if (!p->ok)
		fail_msg("%s: %s", line, p->why.text);
}

static void assert_refused(const char *line, const char *says)
{
	struct parsed p;

	parse(&p, line);
	if (p.ok || strcmp(p.why.text, says) != 0)
		fail_msg("wf %s: '%s', not '%s'", line, p.ok ? "it is accepted" : p.why.text, says);
	options_free(&p.o);
}

/* --- The table ------------------------------------------------------------------- */

TEST(rows_are_whole)
{
	for (const struct option_row *row = option_rows; row->name; row++) {
		bool in_section = row->flags & OPTION_IN_SECTION;
		assert_ptr_equal(option_by_name(row->name), row);
		if (row->letter)
			assert_ptr_equal(option_by_letter(row->letter), row);
		if (row->kind == OPTION_WORD || row->kind == OPTION_CHOICE)
			assert_non_null(row->words);
		if (row->kind != OPTION_PROPERTY && row->kind != OPTION_LINES) {
			assert_true(row->member.size);
			assert_int_equal(!row->section.size, !in_section);
			continue;
		}
		assert_int_equal(property_find(SCOPE_GROUPING, row->name) != NULL, in_section);
		assert_true(in_section || property_find(SCOPE_QUERY, row->name));
	}
	assert_null(option_by_name("nonsense"));
	assert_null(option_by_letter('Z'));
}

/* Properties that no option sets: "report" is -r's, "name" a section's, "list" follows from -w. */
TEST(properties_have_rows)
{
	for (size_t i = 0; i < n_properties; i++) {
		const struct property *p = &properties[i];
		if (p->kind != PROPERTY_NAME && strcmp(p->name, "list") != 0)
			assert_non_null(option_by_name(p->name));
	}
}

/* --- Values ---------------------------------------------------------------------- */

TEST(defaults)
{
	struct parsed p;

	parse_well(&p, "");
	assert_int_equal(p.o.files.n, 0);
	assert_int_equal(p.o.query.n_groupings, 1);
	assert_int_equal(p.o.query.groupings[0].top, 10);
	assert_int_equal(p.o.query.delimiter, -1);
	assert_null(p.o.report.format);
	assert_int_equal(p.o.workers.jobs, 0); /* command.c looks at the machine only if it must */
	assert_int_equal(p.o.workers.memory, 0);
	assert_true(p.o.chunker.chunk_size > 0);
	assert_true(p.o.query.may_skip_lines);
	assert_false(help_is_wanted(&p.o));
	options_free(&p.o);
}

TEST(values_of_every_kind)
{
	struct parsed p;

	parse_well(&p, "--stats --save x.wfs --color never -j 3 -n 0 --memory 64K --chunk-size 1M "
		       "-R a --recursive=b --mmap never one two");
	assert_true(p.o.report.stats);
	assert_string_equal(p.o.save, "x.wfs");
	assert_string_equal(p.o.meter.output, "x.wfs");
	assert_int_equal(p.o.report.color, CHOICE_NEVER);
	assert_int_equal(p.o.workers.jobs, 3);
	assert_int_equal(p.o.query.groupings[0].top, 0);
	assert_int_equal(p.o.workers.memory, 65536);
	assert_int_equal(p.o.chunker.chunk_size, 1 << 20);
	assert_int_equal(p.o.folders.n, 2);
	assert_string_equal(p.o.folders.at[1], "b");
	assert_int_equal(p.o.mmap, MAPPING_NEVER);
	assert_int_equal(p.o.files.n, 2);
	assert_string_equal(p.o.files.at[0], "one");
	assert_false(p.o.query.may_skip_lines);
	options_free(&p.o);
}

TEST(properties_of_every_kind)
{
	struct parsed p;

	parse_well(&p, "-e (a) -k $1 -i -d \\t -s bytes -g x -g y -v z -w 1=2 --order key");
	const struct grouping_spec *only = p.o.query.groupings;
	assert_string_equal(only->regexps.at[0].value, "(a)");
	assert_string_equal(only->regexps.at[0].origin, "-e");
	assert_string_equal(only->key.value, "$1");
	assert_string_equal(only->sum.at[0].value, "bytes");
	assert_string_equal(only->order.value, "key");
	assert_true(only->ignore_case && p.o.query.ignore_case);
	assert_int_equal(p.o.query.delimiter, '\t');
	assert_int_equal(p.o.query.grep.n, 2);
	assert_string_equal(p.o.query.grep.at[1].value, "y");
	assert_int_equal(p.o.query.vgrep.n, 1);
	assert_string_equal(p.o.query.where.at[0].origin, "-w");
	options_free(&p.o);
}

/* Where an option chooses one thing, the last one counts. */
TEST(last_one_counts)
{
	struct parsed p;

	parse_well(
		&p, "--csv --json -n 3 -n 4 --format=tsv --log-format json --log-format combined");
	assert_string_equal(p.o.report.format, "tsv");
	assert_int_equal(p.o.query.groupings[0].top, 4);
	assert_string_equal(p.o.query.log_format.value, "combined");
	options_free(&p.o);
}

TEST(abbreviations_and_ends)
{
	struct parsed p;

	parse_well(&p, "--mem 1M a -n 1 -- -n");
	assert_int_equal(p.o.workers.memory, 1 << 20);
	assert_int_equal(p.o.files.n, 2);
	assert_string_equal(p.o.files.at[1], "-n");
	options_free(&p.o);
	parse_well(&p, "-h --nonsense");
	assert_string_equal(p.o.help, "");
	options_free(&p.o);
	parse_well(&p, "--help all");
	assert_string_equal(p.o.help, "all");
	options_free(&p.o);
	parse_well(&p, "--help=all -n x");
	assert_string_equal(p.o.help, "all");
	options_free(&p.o);
	parse_well(&p, "-V -Z");
	assert_true(p.o.version);
	options_free(&p.o);
	parse_well(&p, "--completion fish --merge -f x");
	assert_string_equal(p.o.completion, "fish");
	options_free(&p.o);
}

TEST(mistakes)
{
	static const struct {
		const char *line, *says;
	} cases[] = {
		{"--jsn", "--jsn: unknown option (did you mean '--json'?); see wf --help"},
		{"--me 1G", "--me: ambiguous: --merge, --memory"},
		{"--totals", "--totals: unknown option; see wf --help"},
		{"-Z", "-Z: unknown option; see wf --help"},
		{"-5", "-5: unknown option; -n N prints N rows"},
		{"--csv=x", "--csv: takes no argument; see wf --help"},
		{"--help=x", "--help: takes no argument but 'all'; see wf --help"},
		{"-f", "-f: needs an argument, LIST; see wf --help"},
		{"--save", "--save: needs an argument, FILE; see wf --help"},
		{"-f a -f b", "-f: given twice; A,B counts both together"},
		{"-r wf2 -r wf2", "-r: given twice"},
		{"-d ab", "-d: 'ab' is not one byte, or \\t"},
		{"-n x", "-n: 'x' is not a number of rows (0: all)"},
		{"-n -1", "-n: '-1' is not a number of rows (0: all)"},
		{"-n 1x", "-n: '1x' is not a number of rows (0: all)"},
		{"-n 99999999999999999999",
			"-n: '99999999999999999999' is not a number of rows (0: all)"},
		{"-j 0", "-j: '0' is not a number from 1 to 4096"},
		{"-j 4097", "-j: '4097' is not a number from 1 to 4096"},
		{"--memory 1", "--memory: '1' is too small: write a size such as 500M or 2G"},
		{"--memory 0", "--memory: '0' is not a size: write 64K, 2M or 1G"},
		{"--chunk-size 2X", "--chunk-size: '2X' is not a size: write 64K, 2M or 1G"},
		{"--mmap on", "--mmap: must be auto, always or never, not 'on'"},
		{"-r overveiw",
			"-r: must be overview or wf2, not 'overveiw' (did you mean 'overview'?)"},
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		assert_refused(cases[i].line, cases[i].says);
}

TEST(what_does_not_go_together)
{
	static const struct {
		const char *line, *says;
	} cases[] = {
		{"--merge -w a=b", "--where: cannot be used with --merge: snapshots already say "
				   "what was counted"},
		{"--merge -R x",
			"--recursive: cannot be used with --merge: snapshots already say what was "
			"counted"},
		{"--save x --csv", "--csv: cannot be used with --save, which prints nothing; use "
				   "wf --merge x --csv "
				   "afterwards"},
		{"--save - --format plain", "--format: cannot be used with --save, which prints "
					    "nothing; use wf --merge FILE "
					    "--format afterwards"},
		{"--save x --explain",
			"--save: cannot be used with --explain, which counts nothing"},
		{"--unmatched x --explain",
			"--unmatched: cannot be used with --explain, which counts nothing"},
		{"--watch x y", "--watch: follows another run, and takes no other arguments"},
		{"--watch x -q", "--watch: follows another run, and takes no other arguments"},
		{"-r wf2 --reports x",
			"--reports: cannot be used with -r: there is one set of rankings"},
		{"-r overview -f url",
			"--fields: cannot be used with -r, whose rankings say what to count"},
		{"--reports x --order key",
			"--order: cannot be used with --reports, whose rankings say what to count"},
		{"-r wf2 --log-format json",
			"--log-format: cannot be used with layout = widefinder, which wf2 has"},
	};
	struct parsed p;

	for (size_t i = 0; i < COUNT(cases); i++)
		assert_refused(cases[i].line, cases[i].says);
	parse_well(&p, "--merge -n 3 --order key --json --stats -q -j 2 --memory 1G a b");
	options_free(&p.o);
	parse_well(&p, "--watch x");
	options_free(&p.o);
}

/* --- Sets of rankings ---------------------------------------------------------------- */

TEST(presets)
{
	struct parsed p;

	parse_well(&p, "-r overview -n 3");
	assert_int_equal(p.o.query.n_groupings, 7);
	assert_true(p.o.query.totals && p.o.query.missing_fields_ok);
	assert_null(p.o.query.layout);
	assert_string_equal(p.o.query.preset.value, "overview");
	assert_int_equal(p.o.query.groupings[6].top, 3);
	assert_string_equal(p.o.query.groupings[6].order.value, "last");
	options_free(&p.o);
	parse_well(&p, "--report wf2");
	assert_int_equal(p.o.query.n_groupings, 5);
	assert_false(p.o.query.totals || p.o.query.missing_fields_ok);
	assert_string_equal(p.o.query.layout, "widefinder");
	assert_true(report_is_widefinder(&p.o.query));
	options_free(&p.o);
}

/* Write the text to a file, and read it by --reports with these other arguments. */
static void parse_set(struct parsed *p, const char *text, const char *arguments)
{
	char name[] = "/tmp/test_options-XXXXXX", line[400];
	int fd = mkstemp(name);
	size_t len = strlen(text);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), len);
	close(fd);
	snprintf(line, sizeof line, "--reports %s %s", name, arguments);
	parse(p, line);
	unlink(name);
}

static const char some_set[] = "top = 5\nignore-case = yes\ngrep = a\ndelimiter = ;\n"
			       "[One]\nfields = 1,2\nsum = 3\ntop = 7\n"
			       "[Two]\nregexp = (x)\nkey = $1\nignore-case = no\norder = last\n"
			       "where = 1=a\nwhere = 2=b\n";

TEST(a_reports_file)
{
	struct parsed p;

	parse_set(&p, some_set, "");
	assert_true(p.ok);
	const struct query_spec *q = &p.o.query;
	const struct grouping_spec *one = &q->groupings[0], *two = &q->groupings[1];
	assert_int_equal(q->n_groupings, 2);
	assert_int_equal(q->delimiter, ';');
	assert_int_equal(q->grep.n, 1);
	assert_null(q->preset.value);
	assert_string_equal(one->name, "One");
	assert_string_equal(one->fields.value, "1,2");
	assert_non_null(strstr(one->fields.origin, ":6: fields"));
	assert_int_equal(one->top, 7);
	assert_true(one->ignore_case && q->ignore_case && !two->ignore_case);
	assert_int_equal(two->top, 5);
	assert_string_equal(two->order.value, "last");
	assert_int_equal(two->where.n, 2);
	options_free(&p.o);
}

/* The command line takes precedence over the head, but conditions and patterns add up; -n takes
 * precedence over sections, too. */
TEST(command_line_over_reports_file)
{
	struct parsed p;

	parse_set(&p, some_set, "-n 2 -d , -g b");
	assert_true(p.ok);
	assert_int_equal(p.o.query.delimiter, ',');
	assert_int_equal(p.o.query.grep.n, 2);
	assert_int_equal(p.o.query.groupings[0].top, 2);
	assert_int_equal(p.o.query.groupings[1].top, 2);
	options_free(&p.o);
}

TEST(mistakes_in_reports_files)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{"", ": has no [section], so there is no ranking"},
		{"nonsense", ":1: the line is neither [NAME] nor KEY = VALUE"},
		{"[A]\nfield = url",
			":2: unknown key 'field' (did you mean 'fields'?); the keys are "
			"fields, regexp, only-matching, patterns, key, sub, ignore-case, where, grep, vgrep, since, until, "
			"sum, over, top, order, min, delimiter, log-format, tz, mmdb, totals, missing, layout"},
		{"[A]\ncsv = yes", ":2: unknown key 'csv'"},
		{"fields = url\n[A]", ":1: 'fields' belongs in a [section]"},
		{"[A]\ntotals = yes", ":2: 'totals' belongs before the first [section]"},
		{"[A]\n[B]\n[A]", ":3: a second section [A]"},
		{"[A]\nfields = a\nfields = b",
			":3: fields: given twice; A,B counts both together"},
		{"[A]\ntop = many", ":2: top: 'many' is not a number of rows (0: all)"},
		{"[A]\nmin = few", ":2: min: 'few' is not a number from 0 to 9223372036854775807"},
		{"[A]\nignore-case = maybe", ":2: ignore-case: must be no or yes, not 'maybe'"},
		{"missing = yes\n[A]", ":1: missing: must be error or ok, not 'yes'"},
		{"layout = wide\n[A]", ":1: layout: must be widefinder, not 'wide'"},
		{"layout = widefinder\n[A]",
			": layout = widefinder needs 5 rankings, in the order of -r wf2"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct parsed p;
		parse_set(&p, cases[i].text, "");
		if (p.ok || !strstr(p.why.text, cases[i].says))
			fail_msg("%s: '%s'", cases[i].text, p.why.text);
		options_free(&p.o);
	}
	assert_refused("--reports /nonexistent/set", "/nonexistent/set: No such file or directory");
}

TEST(keys_of_reports_files)
{
	struct parsed p;

	parse_set(&p, "totals = yes\nmissing = ok\n[A]\nfields = 1\n", "");
	assert_true(p.ok && p.o.query.totals && p.o.query.missing_fields_ok);
	options_free(&p.o);
	parse_set(&p, "totals = no\nmissing = error\n[A]\nfields = 1\n", "");
	assert_true(p.ok && !p.o.query.totals && !p.o.query.missing_fields_ok);
	options_free(&p.o);
}

/* --- Snapshots ------------------------------------------------------------------- */

TEST(queries_of_snapshots)
{
	struct grouping_spec groupings[2] = {{.top = 5, .order = {"last", "--order"}}, {.top = 6}};
	struct query_spec q = {.groupings = groupings, .n_groupings = 1};
	struct parsed p;

	parse_well(&p, "--merge x");
	assert_true(arguments_settle_merge(&p.o, &q, &p.why));
	assert_true(groupings[0].top == 5);
	assert_string_equal(groupings[0].order.value, "last");
	options_free(&p.o);
	parse_well(&p, "--merge -n 0 --order count x");
	assert_true(arguments_settle_merge(&p.o, &q, &p.why));
	assert_true(groupings[0].top == 0);
	assert_string_equal(groupings[0].order.value, "count");
	q.n_groupings = 2;
	assert_false(arguments_settle_merge(&p.o, &q, &p.why));
	assert_string_equal(p.why.text,
		"--order: cannot be used with several rankings: each has its own order");
	options_free(&p.o);
}

/* A snapshot has the name of a preset, which knows the layout. */
TEST(layouts_of_snapshots)
{
	struct query_spec q = {.preset = {"wf2", "x.wfs: -r"}};
	struct parsed p;

	parse_well(&p, "--merge x");
	assert_true(arguments_settle_merge(&p.o, &q, &p.why));
	assert_string_equal(q.layout, "widefinder");
	q.preset.value = "overview";
	assert_true(arguments_settle_merge(&p.o, &q, &p.why));
	assert_null(q.layout);
	q.preset.value = "a preset of the future";
	assert_true(arguments_settle_merge(&p.o, &q, &p.why));
	options_free(&p.o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_whole),
		cmocka_unit_test(properties_have_rows),
		cmocka_unit_test(defaults),
		cmocka_unit_test(values_of_every_kind),
		cmocka_unit_test(properties_of_every_kind),
		cmocka_unit_test(last_one_counts),
		cmocka_unit_test(abbreviations_and_ends),
		cmocka_unit_test(mistakes),
		cmocka_unit_test(what_does_not_go_together),
		cmocka_unit_test(presets),
		cmocka_unit_test(a_reports_file),
		cmocka_unit_test(command_line_over_reports_file),
		cmocka_unit_test(mistakes_in_reports_files),
		cmocka_unit_test(keys_of_reports_files),
		cmocka_unit_test(queries_of_snapshots),
		cmocka_unit_test(layouts_of_snapshots),
	};

	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
