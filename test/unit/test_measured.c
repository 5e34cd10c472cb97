/* test_measured.c -- what -s asks for: its functions and operands, what is counted for them, and how
 * numbers are read. */
#include "compiling.h"
#include "unit.h"

#include <stdio.h>

#include "query/grouping.h"
#include "query/measured.h"

struct compiled {
	struct measured measured;
	struct fields fields;
	struct complaint why;
	bool ok;
};

/* Compile options, which are separated by spaces; ';' stands for a space. */
static void compile(struct compiled *c, const char *options)
{
	static char text[3000];
	struct args args = {0};

	*c = (struct compiled){.ok = false};
	snprintf(text, sizeof text, "%s", options);
	for (char *word = strtok(text, " "); word; word = strtok(NULL, " ")) {
		for (char *at = word; (at = strchr(at, ';'));)
			*at = ' ';
		assert_true(args_add(&args, (struct arg){word, "-s"}));
	}
	c->ok = measured_compile(&c->measured, &args, false, &c->fields, &c->why);
	args_free(&args);
}

static void release(struct compiled *c)
{
	measured_free(&c->measured);
	fields_free(&c->fields);
}

TEST(functions)
{
	static const struct {
		const char *options, *names;
		size_t numbers, pairs, bytes;
	} cases[] = {
		{"", "", 0, 0, 0},
		{"count", "count", 0, 0, 0},
		{"count,share", "count share", 0, 0, 0},
		{"share count", "share count", 0, 0, 0},
		{"bytes", "sum_bytes", 1, 0, 16},
		{"sum:bytes", "sum_bytes", 1, 0, 16},
		{"avg:bytes", "avg_bytes", 1, 0, 24},
		{"min:bytes", "min_bytes", 1, 0, 24},
		{"max:bytes", "max_bytes", 1, 0, 24},
		{"sd:bytes", "sd_bytes", 1, 0, 56},
		{"p50:bytes", "p50_bytes", 1, 1, 40},
		{"p99.9:bytes", "p99.9_bytes", 1, 1, 40},
		{"p100:bytes", "p100_bytes", 1, 1, 40},
		{"p0.000000001:bytes", "p0.000000001_bytes", 1, 1, 40},
		{"uniq:client", "uniq_client", 0, 1, 0},
		{"~uniq:client", "~uniq_client", 0, 1, 0},
		{"uniq,~uniq:client", "uniq_client ~uniq_client", 0, 2, 0},
		{"uniq:client uniq:url", "uniq_client uniq_url", 0, 2, 0},
		{"n:status>=500", "n_status>=500", 1, 0, 8},
		{"n,pct:status>=500", "n_status>=500 pct_status>=500", 1, 0, 8},
		{"pct:status>=500;and;status<600", "pct_status>=500 and status<600", 1, 0, 8},
		/* Measures, numbers and pairs that several functions need are kept once. */
		{"sum,avg,min,max,sd:bytes", "sum_bytes avg_bytes min_bytes max_bytes sd_bytes", 1,
			0, 88},
		{"p50,p90,p99:1", "p50_1 p90_1 p99_1", 1, 1, 40},
		{"avg:1 avg:2", "avg_1 avg_2", 2, 0, 48},
		{"avg:1 sum:1 uniq:1", "avg_1 sum_1 uniq_1", 1, 1, 24},
		/* Several operands in an option. */
		{"avg,p99:1,uniq:client", "avg_1 p99_1 uniq_client", 1, 2, 40 + 16},
		{"avg:1,count,uniq:2", "avg_1 count uniq_2", 1, 1, 24},
		{"avg:1,2:3", NULL, 0, 0, 0},
		/* Blanks. */
		{"avg;,;max:;1", "avg_1 max_1", 1, 0, 40},
		{"count,;share", "count share", 0, 0, 0},
		{"std:bytes",
			"count 2xx 3xx 4xx 5xx min_bytes avg_bytes p50_bytes p90_bytes p99_bytes "
			"max_bytes",
			5, 1, 4 * 8 + 56},
		{"std,sum:bytes",
			"count 2xx 3xx 4xx 5xx min_bytes avg_bytes p50_bytes p90_bytes p99_bytes "
			"max_bytes "
			"sum_bytes",
			5, 1, 4 * 8 + 56},
		/* What is there already is not added by std. */
		{"max,count:1 std:1",
			"max_1 count 2xx 3xx 4xx 5xx min_1 avg_1 p50_1 p90_1 p99_1", 5, 1,
			4 * 8 + 56},
		{"std:1 std:2",
			"count 2xx 3xx 4xx 5xx min_1 avg_1 p50_1 p90_1 p99_1 max_1 min_2 avg_2 "
			"p50_2 p90_2 p99_2 max_2",
			6, 2, 4 * 8 + 2 * 56},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct compiled c;
		char names[1000] = "";
		compile(&c, cases[i].options);
		if (!cases[i].names) {
			assert_false(c.ok);
			release(&c);
			continue;
		}
		if (!c.ok)
			fail_msg("%s: %s", cases[i].options, c.why.text);
		for (size_t k = 0; k < c.measured.statistics.n; k++)
			snprintf(names + strlen(names), sizeof names - strlen(names), "%s%s",
				k ? " " : "", c.measured.statistics.at[k].name);
		assert_string_equal(names, cases[i].names);
		if (c.measured.n_numbers != cases[i].numbers ||
			c.measured.n_pairs != cases[i].pairs ||
			c.measured.measures.bytes != cases[i].bytes)
			fail_msg("%s: %zu numbers, %zu pairs, %zu bytes", cases[i].options,
				c.measured.n_numbers, c.measured.n_pairs,
				c.measured.measures.bytes);
		assert_int_equal(c.measured.measures.numbers, cases[i].numbers);
		bool only = strcmp(cases[i].options, "bytes") == 0;
		assert_int_equal(c.measured.statistics.only_sum, only);
		release(&c);
	}
}

TEST(a_bare_field_among_others)
{
	struct compiled c;

	compile(&c, "bytes avg:bytes");
	assert_true(c.ok && c.measured.statistics.n == 2 && !c.measured.statistics.only_sum);
	release(&c);
	compile(&c, "count bytes");
	assert_true(c.ok && c.measured.statistics.n == 2 && !c.measured.statistics.only_sum);
	release(&c);
}

TEST(mistakes)
{
	static const struct {
		const char *options, *says;
	} cases[] = {
		{"x:bytes", "-s: unknown function 'x'; there are count, share, rate, first, last, sum"},
		{"mean:bytes", "-s: unknown function 'mean' (did you mean 'avg'?); there are count, "},
		{"AVG:bytes", "-s: unknown function 'AVG' (did you mean 'avg'?); there are "},
		{"shar,avg:bytes", "-s: unknown function 'shar' (did you mean 'share'?); there are "},
		{"95:bytes", "-s: unknown function '95' (did you mean 'p95'?); there are "},
		{"bytes:avg", "-s: unknown function 'bytes' (did you mean 'avg:bytes'?); there are "},
		{"p101:bytes", "-s: unknown function 'p101' (a percentile is more than p0 and at most p100)"},
		{":bytes", "-s: unknown function '' (write FUNCTION:FIELD, or only FIELD for its sum)"},
		{"uniq:bytes,status", "-s: unknown function 'status'; after the comma, write a function "
				      "again: uniq:status"},
		{"rate:bytes", "-s: 'rate' has no field; write only rate, or a function of bytes: "
			       "uniq:bytes, sum:bytes"},
		{"first,count:client", "-s: 'first,count' has no field; write only first,count, or "},
		{"avg,:bytes", "-s: unknown function ''"},
		{",avg:bytes", "-s: unknown function ''"},
		{":bytes", "-s: unknown function ''"},
		{"AVG:bytes", "-s: unknown function 'AVG'"},
		{"p:bytes", "-s: unknown function 'p'"},
		{"p0:bytes", "-s: unknown function 'p0'"},
		{"p100.1:bytes", "-s: unknown function 'p100.1'"},
		{"p100.000000001:bytes", "-s: unknown function 'p100.000000001'"},
		{"p-5:bytes", "-s: unknown function 'p-5'"},
		{"p5e1:bytes", "-s: unknown function 'p5e1'"},
		{"p5x:bytes", "-s: unknown function 'p5x'"},
		{"p.5:bytes", "-s: unknown function 'p.5'"},
		{"p99999999999999999999:bytes", "-s: unknown function"},
		{"avg:", "-s: 'avg' needs a field: avg:bytes"},
		{"p99:", "-s: 'p99' needs a field: p99:bytes"},
		{"uniq:;", "-s: 'uniq' needs a field: uniq:bytes"},
		{"n:", "-s: 'n' needs a condition: n:status>=500"},
		{"pct:", "-s: 'pct' needs a condition: pct:status>=500"},
		{"std:", "-s: 'std' needs a field"},
		{"count,std:", "-s: 'std' needs a field"},
		{"n:status", "-s: 'status' is not a condition"},
		{"pct:status~(", "-s: missing closing parenthesis"},
		{"avg,avg:bytes", "-s: 'avg_bytes' is given twice"},
		{"avg:bytes max,avg:bytes", "-s: 'avg_bytes' is given twice"},
		{"bytes sum:bytes", "-s: 'sum_bytes' is given twice"},
		{"count count", "-s: 'count' is given twice"},
		{"std:bytes count", "-s: 'count' is given twice"},
		{"std:1 min:1", "-s: 'min_1' is given twice"},
		{"n:1=2 n:1=2", "-s: 'n_1=2' is given twice"},
		{"avg:bytes,", "-s: unknown function ''"},
		{"avg:1,p99", "-s: 'p99' needs a field"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct compiled c;
		compile(&c, cases[i].options);
		if (c.ok || strncmp(c.why.text, cases[i].says, strlen(cases[i].says)) != 0)
			fail_msg("%s: '%s', not '%s'", cases[i].options,
				c.ok ? "it is accepted" : c.why.text, cases[i].says);
		release(&c);
	}
}

TEST(names_of_numbers)
{
	static const struct {
		const char *options, *expected;
	} cases[] = {
		{"bytes", "'bytes'"},
		{"uniq:client n:1=2 count", ""},
		{"uniq:client avg,p50:1 max:2 sd:1", "'1' or '2'"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct compiled c;
		char out[MEASURED_NAMES];
		compile(&c, cases[i].options);
		assert_true(c.ok);
		assert_string_equal(measured_names(&c.measured, out), cases[i].expected);
		release(&c);
	}
}

TEST(as_many_functions_as_there_can_be)
{
	struct compiled c;
	char options[STATISTICS_MAX * 20] = "";

	for (int i = 1; i <= STATISTICS_MAX; i++)
		sprintf(options + strlen(options), "p%d:1 ", i);
	compile(&c, options);
	assert_true(c.ok && c.measured.statistics.n == STATISTICS_MAX && c.measured.n_pairs == 1);
	release(&c);
	strcat(options, "avg:1");
	compile(&c, options);
	assert_false(c.ok);
	assert_string_equal(c.why.text, "-s: there can be at most 50 functions");
	release(&c);
}

TEST(groups_of_pairs)
{
	struct compiled c;
	unsigned next = 7;

	compile(&c, "uniq:1 avg:2 p50,p99:2 ~uniq:1");
	assert_true(c.ok);
	measured_number_pairs(&c.measured, &next);
	assert_int_equal(next, 10);
	static const unsigned pairs[] = {7, 0, 8, 8, 9};
	for (size_t i = 0; i < COUNT(pairs); i++)
		assert_int_equal(c.measured.statistics.at[i].pairs, pairs[i]);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(c.measured.pairs[i].group, 7 + i);
	release(&c);
}

/* --- The order ----------------------------------------------------------------------- */

TEST(names_in_order)
{
	static const struct {
		const char *options, *name;
		size_t expected; /* SIZE_MAX: a complaint */
		const char *says;
	} cases[] = {
		{"avg,p99:1", "p99_1", 1, NULL},
		{"avg,p99:1", "p99", 1, NULL},
		{"avg:1 avg:2", "avg_2", 1, NULL},
		{"avg:1 avg:2", "avg", SIZE_MAX,
			"'avg' is ambiguous; there are count, key, last, avg_1, avg_2"},
		{"avg:1", "max", SIZE_MAX,
			"'max' is no column of this ranking (add a statistic: -s 'max:bytes'); there are "
			"count, key, last, avg_1"},
		{"avg:1", "1", SIZE_MAX,
			"'1' is no column of this ranking (did you mean 'avg_1'?); there are count, "},
		{"avg:1", "pct", SIZE_MAX,
			"'pct' is no column of this ranking (add a statistic: -s 'pct:status>=500'); "},
		{"avg:1", "desc", SIZE_MAX,
			"'desc' is no column of this ranking (the largest come first; the smallest with "
			"-NAME, as in --order -count); there are "},
		{"count", "bytes", SIZE_MAX,
			"'bytes' is no column of this ranking (add a statistic: -s bytes); there are "},
		{"avg:1", "x", SIZE_MAX, "'x' is no column of this ranking; there are count, "},
		{"avg:1", "", SIZE_MAX, "'' is no column"},
		{"avg:1", "av", SIZE_MAX, "'av' is no column"},
		{"std:1", "5xx", 4, NULL},
		{"avg:1", "key", SIZE_MAX, "'-key': key (the first keys) and last"},
		{"avg:1", "last", SIZE_MAX, "'-last': key (the first keys) and last"},
		{"avg:1 last", "last", 1, NULL},
		{"n:1=2", "n", 0, NULL},
		{"n:1=2", "n_1=2", 0, NULL},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct compiled c;
		compile(&c, cases[i].options);
		assert_true(c.ok);
		assert_true(measured_find(&c.measured, cases[i].name, &c.why) == cases[i].expected);
		if (cases[i].says)
			assert_memory_equal(c.why.text, cases[i].says, strlen(cases[i].says));
		release(&c);
	}
}

TEST(order)
{
	static const struct {
		const char *sum, *name;
		enum order order;
		size_t by;
		bool ascending;
	} cases[] = {
		{NULL, NULL, ORDER_WEIGHT, BY_COUNT, false},
		{NULL, "count", ORDER_WEIGHT, BY_COUNT, false},
		{NULL, "-count", ORDER_WEIGHT, BY_COUNT, true},
		{NULL, "key", ORDER_KEY, BY_COUNT, false},
		{NULL, "last", ORDER_LAST, BY_COUNT, false},
		{"bytes", NULL, ORDER_WEIGHT, 0, false},
		{"bytes", "count", ORDER_WEIGHT, BY_COUNT, false},
		{"count,avg:1", NULL, ORDER_WEIGHT, BY_COUNT, false},
		{"count,avg:1", "avg", ORDER_WEIGHT, 1, false},
		{"count,avg:1", "-avg_1", ORDER_WEIGHT, 1, true},
		{"share,avg:1", "-share", ORDER_WEIGHT, BY_COUNT, true},
		{"avg,p99:1", NULL, ORDER_WEIGHT, 0, false},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arg sum = {cases[i].sum, "-s"};
		struct grouping_spec spec = {.fields = {"1", "-f"},
			.sum = {.at = &sum, .n = cases[i].sum != NULL},
			.order = {cases[i].name, "--order"}};
		struct grouping g;
		struct fields fields = {0};
		struct complaint why;
		if (!grouping_open(&g, &spec, *scan_all(), &why) ||
			!grouping_compile(&g, &fields, *scan_all(), &why))
			fail_msg("case %zu: %s", i, why.text);
		assert_int_equal(g.order, cases[i].order);
		if (g.order == ORDER_WEIGHT)
			assert_true(g.by == cases[i].by && g.ascending == cases[i].ascending);
		grouping_free(&g);
		fields_free(&fields);
	}
}

/* --- Numbers ------------------------------------------------------------------------- */

TEST(numbers)
{
	static const struct {
		struct span value;
		const char *number; /* NULL: none */
		enum number_result result;
	} cases[] = {
		{BYTES("12"), "12", NUMBER_OK},
		{BYTES("-1.5"), "-1.5", NUMBER_OK},
		{BYTES("1e3"), "1000", NUMBER_OK},
		{BYTES(""), NULL, NUMBER_OK},
		{BYTES("-"), NULL, NUMBER_OK},
		{BYTES("--"), NULL, NUMBER_NO_NUMBER},
		{BYTES("x"), NULL, NUMBER_NO_NUMBER},
		{BYTES("12x"), NULL, NUMBER_NO_NUMBER},
		{BYTES("12\0"), NULL, NUMBER_NO_NUMBER},
		{BYTES(" 12"), NULL, NUMBER_NO_NUMBER},
		{BYTES("\xff"), NULL, NUMBER_NO_NUMBER},
		{BYTES("1,024"), "1024", NUMBER_OK},
		{BYTES("1,02"), NULL, NUMBER_NO_NUMBER},
		{BYTES("300ms"), "0.3", NUMBER_OK},
		{BYTES("1.5s"), "1.5", NUMBER_OK},
		{BYTES("2K"), "2048", NUMBER_OK},
		{BYTES("2kB"), "2000", NUMBER_OK},
		{BYTES("18446744073709551615"), "18446744073709551615", NUMBER_OK},
		{BYTES("-18446744073709551615.999999999"), "-18446744073709551615.999999999",
			NUMBER_OK},
		{BYTES("18446744073709551616"), NULL, NUMBER_TOO_LARGE},
		{BYTES("-18446744073709551616"), NULL, NUMBER_TOO_LARGE},
		{BYTES("1e400"), NULL, NUMBER_TOO_LARGE},
		{BYTES("18014398509481983K"), "18446744073709550592", NUMBER_OK},
		{BYTES("18014398509481984K"), NULL, NUMBER_TOO_LARGE},
		{BYTES("-18014398509481984K"), NULL, NUMBER_TOO_LARGE},
		{BYTES("-18014398509481983K"), "-18446744073709550592", NUMBER_OK},
		{BYTES("18446744073709551,615K"), NULL, NUMBER_NO_NUMBER},
		{BYTES("18,446,744,073,709,551,615"), "18446744073709551615", NUMBER_OK},
	};
	struct fields fields = {0};
	struct complaint why;
	size_t column, bytes, part;
	char text[SUM_TEXT];

	assert_true(fields_add(&fields, (struct arg){"1", "-s"}, &column, &why) &&
		    fields_add(&fields, (struct arg){"bytes", "-s"}, &bytes, &why) &&
		    fields_add(&fields, (struct arg){"bytes/1K", "-s"}, &part, &why));
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sum n = {5, 5};
		enum number_result got = measured_read(&fields.at[column], cases[i].value, &n);
		if (got != cases[i].result)
			fail_msg("%.*s: %d", (int)cases[i].value.len, cases[i].value.at, got);
		if (got == NUMBER_TOO_LARGE)
			continue;
		assert_int_equal(number_is_none(n), !cases[i].number);
		if (cases[i].number)
			assert_string_equal(sum_print(n, text), cases[i].number);
	}
	/* Servers write "-" as the size of an empty answer. */
	struct sum n = NUMBER_NONE;
	assert_int_equal(measured_read(&fields.at[bytes], span_text("-"), &n), NUMBER_OK);
	assert_true(!n.low && !n.high);
	assert_int_equal(measured_read(&fields.at[bytes], span_text(""), &n), NUMBER_OK);
	assert_true(number_is_none(n));
	assert_int_equal(measured_read(&fields.at[part], span_text("-"), &n), NUMBER_OK);
	assert_true(number_is_none(n));
	fields_free(&fields);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(functions),
		cmocka_unit_test(a_bare_field_among_others),
		cmocka_unit_test(mistakes),
		cmocka_unit_test(names_of_numbers),
		cmocka_unit_test(as_many_functions_as_there_can_be),
		cmocka_unit_test(groups_of_pairs),
		cmocka_unit_test(names_in_order),
		cmocka_unit_test(order),
		cmocka_unit_test(numbers),
	};

	return cmocka_run_group_tests_name("measured", tests, NULL, NULL);
}
