/* test_print.c -- each output format, from a ranking made by hand. */
#include "compiling.h"

#include <stdio.h>
#include <sys/resource.h>

#include "report/print_report.h"
#include "store/tuple.h"

/* A ranking of status and url by bytes, of two rows with text that formats must quote. */
struct made {
	struct grouping_spec grouping;
	struct query_spec spec;
	struct report_spec report_spec;
	struct query *query;
	struct row rows[2];
	struct sum values[2];
	struct arg sum;
	char keys[2][32];
	struct ranking ranking;
	struct account account;
	struct strlist none; /* neither files nor directories: standard input */
	struct report report;
	struct output output;
	char *text;
	size_t len;
};

static struct span key_of(char *to, const char *status, const char *url)
{
	char *end = tuple_put(to, to + 32, span_text(status), true);

	end = tuple_put(end, to + 32, span_text(url), false);
	return span_between(to, end);
}

static void make_of(struct made *m, const char *fields, bool sums)
{
	size_t n;

	*m = (struct made){.grouping = {.fields = {fields, "-f"}}};
	m->sum = (struct arg){"bytes", "-s"};
	m->grouping.sum = (struct args){.at = &m->sum, .n = sums};
	m->spec = (struct query_spec){.delimiter = -1, .groupings = &m->grouping, .n_groupings = 1};
	m->query = compile_query(&m->spec, scan_choose());
	m->rows[0] = (struct row){key_of(m->keys[0], "200", "/a,\"b\"<c>"), 3, &m->values[0]};
	m->rows[1] = (struct row){key_of(m->keys[1], "404", "/x\ty\nz"), 1, &m->values[1]};
	if (sums) {
		assert_int_equal(sum_read(span_text("70.5"), &m->values[0]), SUM_OK);
		assert_int_equal(sum_read(span_text("12"), &m->values[1]), SUM_OK);
	}
	const struct grouping *g = query_groupings(m->query, &n);
	bool has = g->measured.statistics.n > 0;
	m->ranking = (struct ranking){.statistics = has ? &g->measured.statistics : NULL,
		.by = g->by,
		.rows = m->rows,
		.n = 2,
		.keys = 2,
		.matched = 4};
	for (size_t i = 0; sums && i < 2; i++)
		assert_true(sum_add(&m->ranking.sum, m->values[i]));
	m->account.verdicts = (struct verdicts){.lines = 5, .matched = 4};
	m->report = (struct report){.spec = &m->report_spec,
		.query = &m->spec,
		.groupings = query_groupings(m->query, &n),
		.rankings = &m->ranking,
		.n = 1,
		.account = &m->account,
		.keys = 2,
		.files = &m->none,
		.folders = &m->none};
	assert_true(report_reserve(&m->report));
	m->output.out = open_memstream(&m->text, &m->len);
	assert_non_null(m->output.out);
}

static void make(struct made *m, bool sums)
{
	make_of(m, "status,url", sums);
}

static void unmake(struct made *m)
{
	fclose(m->output.out);
	free(m->text);
	report_release(&m->report);
	query_free(m->query);
}

static void expect(void (*print)(const struct output *, const struct report *), bool sums,
	const char *expected)
{
	struct made m;

	make(&m, sums);
	print(&m.output, &m.report);
	assert_int_equal(fflush(m.output.out), 0);
	assert_string_equal(m.text, expected);
	unmake(&m);
}

TEST(plain)
{
	expect(print_plain, false,
		"      3 200\t/a,\"b\"<c>\n"
		"      1 404\t/x\ty\\nz\n");
	expect(print_plain, true,
		"   70.5       3 200\t/a,\"b\"<c>\n"
		"     12       1 404\t/x\ty\\nz\n");
}

TEST(csv)
{
	expect(print_csv, true,
		"sum,count,status,url\r\n"
		"70.5,3,200,\"/a,\"\"b\"\"<c>\"\r\n"
		"12,1,404,\"/x\ty\nz\"\r\n");
}

TEST(tsv)
{
	expect(print_tsv, false,
		"count\tstatus\turl\n"
		"3\t200\t/a,\"b\"<c>\n"
		"1\t404\t/x\\ty\\nz\n");
}

static void assert_has(const struct made *m, const char *text)
{
	if (!strstr(m->text, text))
		fail_msg("no %s in:\n%s", text, m->text);
}

TEST(json)
{
	struct made m;

	make(&m, true);
	print_json(&m.output, &m.report);
	assert_int_equal(fflush(m.output.out), 0);
	assert_has(&m, "\"sum\":70.5");
	assert_has(&m, "/a,\\\"b\\\"<c>");
	assert_has(&m, "/x\\u0009y\\u000az");
	assert_has(&m, "\"lines\":5");
	unmake(&m);
}

TEST(html_escapes_keys)
{
	struct made m;

	make(&m, true);
	print_html(&m.output, &m.report);
	assert_int_equal(fflush(m.output.out), 0);
	assert_has(&m, "<!DOCTYPE html>");
	assert_has(&m, "&lt;c&gt;");
	assert_null(strstr(m.text, "<c>"));
	assert_has(&m, "</html>");
	unmake(&m);
}

TEST(table_has_shares)
{
	struct made m;

	make(&m, false);
	print_table(&m.output, &m.report);
	assert_int_equal(fflush(m.output.out), 0);
	assert_has(&m, "75.00%");
	assert_has(&m, "25.00%");
	unmake(&m);
}

/* Without memory for the longest key, nothing is printed, instead of an empty key. */
TEST(out_of_memory)
{
#if !defined(UNIT_SANITIZED)
	struct made m;

	make(&m, false);
	report_release(&m.report);
	m.rows[1].key.len = PTRDIFF_MAX; /* malloc() refuses as much */
	m.report_spec.format = "plain";
	errno = 0;
	assert_false(report_print(&m.report));
	assert_int_equal(errno, ENOMEM);
	unmake(&m);
#endif
}

/* The name of a column may be longer than the stack. */
TEST(long_names)
{
	size_t len = (size_t)1 << 20;
	struct rlimit limit;
	assert_int_equal(getrlimit(RLIMIT_STACK, &limit), 0);
	limit.rlim_cur = len / 2;
	assert_int_equal(setrlimit(RLIMIT_STACK, &limit), 0);
	char *name = malloc(len + sizeof ".,url");

	assert_non_null(name);
	memset(name, 'A', len);
	*name = 'x';
	memcpy(name + len, ",url", sizeof ",url");
	struct made m;
	make_of(&m, name, false);
	print_table(&m.output, &m.report);
	assert_int_equal(fflush(m.output.out), 0);
	assert_has(&m, "404");
	unmake(&m);
	free(name);
}

/* A forged snapshot may have any text there. */
TEST(names_and_times_are_escaped_on_a_terminal)
{
	static void (*const print[])(const struct output *, const struct report *) = {
		print_plain, print_table};

	for (size_t i = 0; i < COUNT(print); i++) {
		struct made m;
		make(&m, false);
		m.output.terminal = true;
		m.spec.totals = true;
		m.spec.set = "set";
		m.grouping.name = "\x1b[2Jn\nn";
		strcpy(m.account.totals.first, "\x1b[2Jf\nf");
		strcpy(m.account.totals.last, "\x1b[2Jl\nl");
		print[i](&m.output, &m.report);
		assert_int_equal(fflush(m.output.out), 0);
		assert_null(strchr(m.text, '\x1b'));
		assert_has(&m, "\\x1b[2Jn\\x0an");
		assert_has(&m, "\\x1b[2Jf\\x0af");
		assert_has(&m, "\\x1b[2Jl\\x0al");
		unmake(&m);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain),
		cmocka_unit_test(csv),
		cmocka_unit_test(tsv),
		cmocka_unit_test(json),
		cmocka_unit_test(html_escapes_keys),
		cmocka_unit_test(table_has_shares),
		cmocka_unit_test(out_of_memory),
		cmocka_unit_test(long_names),
		cmocka_unit_test(names_and_times_are_escaped_on_a_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
