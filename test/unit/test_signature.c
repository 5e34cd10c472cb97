/* test_asked.c -- a query comes back as it was, and what differs in two is named. */
#include "unit.h"

#include <stdio.h>

#include "query/signature.h"

/* A query of everything. */
static struct query_spec large_query(void)
{
	struct grouping_spec *groupings = calloc(2, sizeof *groupings);
	struct query_spec q = {.ignore_case = true,
		.delimiter = '\t',
		.log_format = {"%h %t", "--log-format"},
		.groupings = groupings,
		.n_groupings = 2,
		.totals = true,
		.missing_fields_ok = true};

	assert_non_null(groupings);
	groupings[0] = (struct grouping_spec){.name = "One",
		.every_match = true,
		.key = {"$1", "-k"},
		.ignore_case = true,
		.order = {"last", "--order"},
		.top = 24};
	groupings[1] =
		(struct grouping_spec){.name = "Two", .fields = {"status,url", "-f"}, .top = 3};
	assert_true(args_add(&groupings[0].regexps, (struct arg){"a(b)\nc", "-e"}));
	assert_true(args_add(&groupings[0].regexps, (struct arg){"d", "-e"}));
	assert_true(args_add(&groupings[0].sum, (struct arg){"bytes", "-s"}));
	assert_true(args_add(&q.grep, (struct arg){"x", "-g"}));
	assert_true(args_add(&q.grep, (struct arg){"y", "-g"}));
	assert_true(args_add(&q.vgrep, (struct arg){"z", "-v"}));
	assert_true(args_add(&q.where, (struct arg){"status=404", "-w"}));
	assert_true(args_add(&groupings[1].patterns, (struct arg){"p", "-E"}));
	assert_true(args_add(&groupings[1].subs, (struct arg){"s/a/b/", "--sub"}));
	assert_true(args_add(&groupings[1].where, (struct arg){"url~^/", "-w"}));
	assert_true(args_add(&groupings[1].grep, (struct arg){"g", "-w"}));
	assert_true(args_add(&groupings[1].vgrep, (struct arg){"v", "-w"}));
	return q;
}

static void assert_same_list(const struct signature *a, const struct signature *b)
{
	char text[200];

	assert_int_equal(a->n, b->n);
	assert_false(signature_differ(a, "a", b, "b", text, sizeof text));
}

TEST(there_and_back)
{
	struct query_spec q = large_query(), back;
	struct signature list, list_back;
	struct pack p = {0};

	q.set = "my.ini";
	assert_true(signature_of(&q, &list));
	signature_pack(&p, &list);
	signature_pack_shown(&p, &q);
	struct unpack u = {.rest = span_of(p.at, p.n)};
	assert_true(signature_unpack(&u, &list_back));
	assert_same_list(&list, &list_back);
	assert_true(signature_query(&list_back, "f.wfs", &back));
	assert_true(signature_unpack_shown(&u, &back, false));
	assert_true(unpack_is_over(&u));
	assert_string_equal(back.set, "my.ini");
	assert_null(back.preset.value);

	struct signature again;
	assert_true(signature_of(&back, &again));
	assert_same_list(&list, &again);
	assert_true(back.ignore_case && back.totals && back.missing_fields_ok &&
		    back.delimiter == '\t');
	assert_string_equal(back.log_format.value, "%h %t");
	assert_string_equal(back.grep.at[1].value, "y");
	assert_string_equal(back.where.at[0].origin, "f.wfs: -w");
	const struct grouping_spec *one = &back.groupings[0], *two = &back.groupings[1];
	assert_string_equal(one->name, "One");
	assert_string_equal(one->regexps.at[0].value, "a(b)\nc");
	assert_string_equal(one->order.value, "last");
	assert_true(one->top == 24 && one->ignore_case);
	assert_string_equal(one->sum.at[0].origin, "f.wfs: -s");
	assert_string_equal(two->fields.value, "status,url");
	assert_true(!two->order.value && two->top == 3 && !two->ignore_case);
	assert_string_equal(two->vgrep.at[0].value, "v");

	signature_free(&again);
	signature_free(&list);
	signature_free(&list_back);
	query_spec_free(&q);
	query_spec_free(&back);
	pack_free(&p);
}

/* Every byte may be anything: it must be read without a fault, or refused. */
TEST(damaged_lists)
{
	struct query_spec q = large_query();
	struct pack p = {0};
	size_t refused = 0;

	q.set = "wf2";
	q.preset = (struct arg){"wf2", "-r"};
	struct signature list;

	assert_true(signature_of(&q, &list));
	signature_pack(&p, &list);
	signature_pack_shown(&p, &q);
	for (size_t i = 0; i < p.n; i++) {
		for (unsigned flip = 1; flip < 256; flip *= 4) {
			p.at[i] = (char)(p.at[i] ^ (char)flip);
			struct unpack u = {.rest = span_of(p.at, p.n)};
			struct signature back;
			struct query_spec other = {0};
			bool ok = signature_unpack(&u, &back) &&
				  signature_query(&back, "f", &other) &&
				  signature_unpack_shown(&u, &other, false) && unpack_is_over(&u);
			refused += !ok;
			signature_free(&back);
			query_spec_free(&other);
			p.at[i] = (char)(p.at[i] ^ (char)flip);
		}
	}
	assert_true(refused > p.n);
	pack_free(&p);
	signature_free(&list);
	query_spec_free(&q);
}

/* A value as long as the longest one is read, a longer one is not. */
TEST(values_that_are_too_long)
{
	char *name = malloc(PROPERTY_BYTES_MAX + 2);
	struct grouping_spec grouping = {.fields = {name, "-f"}};
	struct query_spec q = {.delimiter = -1, .groupings = &grouping, .n_groupings = 1};

	assert_non_null(name);
	memset(name, 'A', PROPERTY_BYTES_MAX + 1);
	for (size_t more = 0; more < 2; more++) {
		struct signature list, back;
		struct pack p = {0};
		name[PROPERTY_BYTES_MAX + more] = '\0';
		assert_true(signature_of(&q, &list));
		signature_pack(&p, &list);
		struct unpack u = {.rest = span_of(p.at, p.n)};
		assert_int_equal(signature_unpack(&u, &back), !more);
		name[PROPERTY_BYTES_MAX] = 'A';
		signature_free(&list);
		signature_free(&back);
		pack_free(&p);
	}
	free(name);
}

static void assert_differ(struct query_spec *a, struct query_spec *b, const char *expected)
{
	struct signature x, y;
	char text[200];

	assert_true(signature_of(a, &x) && signature_of(b, &y));
	assert_true(signature_differ(&x, "a", &y, "b", text, sizeof text));
	assert_string_equal(text, expected);
	signature_free(&x);
	signature_free(&y);
}

TEST(what_differs)
{
	struct grouping_spec url = {0}, status = {.fields = {"status", "-f"}};
	struct grouping_spec pattern = {.regexps = ARGS({"GET", "-e"})}, sum = {.sum = ARGS({"bytes", "-s"})};
	struct grouping_spec sets[2] = {{.name = "One"}, {.name = "Two"}};
	struct query_spec a = {.delimiter = -1, .groupings = &url, .n_groupings = 1};
	struct query_spec b = {.delimiter = -1, .groupings = &status, .n_groupings = 1};

	assert_differ(&a, &b, "b: counts status, but a counts url");
	b.groupings = &pattern;
	assert_differ(&a, &b, "b: counts matches of GET, but a counts url");
	b.groupings = &sum;
	assert_differ(&a, &b, "b: computes -s bytes, but a does not");
	assert_differ(&b, &a, "a: computes -s bytes, but b does not");
	b.groupings = sets;
	b.n_groupings = 2;
	assert_differ(&a, &b, "b: has the ranking One, but a has the ranking ''");
	a.groupings = sets;
	a.n_groupings = 1;
	assert_differ(&a, &b, "b: has the ranking Two, but a does not");
	b.n_groupings = 1;
	b.delimiter = ',';
	assert_differ(&a, &b, "b: splits columns at ,, but a does not");
	a.delimiter = ';';
	assert_differ(&a, &b, "b: splits columns at ,, but a splits columns at ;");
}

/* "auto" is what is taken without --log-format, and the URL what is counted without -f. */
TEST(what_is_the_same)
{
	struct grouping_spec none = {0},
			     url = {.fields = {"url", "-f"}, .order = {"key", "--order"}, .top = 7};
	struct query_spec a = {.delimiter = -1, .groupings = &none, .n_groupings = 1};
	struct query_spec b = {.delimiter = -1,
		.groupings = &url,
		.n_groupings = 1,
		.log_format = {"auto", "--log-format"},
		.may_skip_lines = true,
		.rejects = true};
	struct signature x, y;

	assert_true(signature_of(&a, &x) && signature_of(&b, &y));
	assert_same_list(&x, &y);
	signature_free(&x);
	signature_free(&y);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(damaged_lists),
		cmocka_unit_test(values_that_are_too_long),
		cmocka_unit_test(what_differs),
		cmocka_unit_test(what_is_the_same),
	};

	return cmocka_run_group_tests_name("asked", tests, NULL, NULL);
}
