/* test_asked.c -- a query comes back as it was, and what differs in two is named. */
#include "unit.h"

#include <stdio.h>

#include "query/signature.h"

/* A query of everything. */
static struct query_spec large_query(void)
{
	struct question_spec *questions = calloc(2, sizeof *questions);
	struct query_spec q = {.ignore_case = true,
		.delimiter = '\t',
		.log_format = {"%h %t", "--log-format"},
		.questions = questions,
		.n_questions = 2,
		.totals = true,
		.lenient = true};

	assert_non_null(questions);
	questions[0] = (struct question_spec){.name = "One",
		.regexp = {"a(b)\nc", "-e"},
		.key = {"$1", "-k"},
		.sum = {"bytes", "-s"},
		.ignore_case = true,
		.order = ORDER_LAST,
		.top = 24};
	questions[1] =
		(struct question_spec){.name = "Two", .fields = {"status,url", "-f"}, .top = 3};
	saids_add(&q.grep, (struct said){"x", "-g"});
	saids_add(&q.grep, (struct said){"y", "-g"});
	saids_add(&q.vgrep, (struct said){"z", "-v"});
	saids_add(&q.where, (struct said){"status=404", "-w"});
	saids_add(&questions[1].where, (struct said){"url~^/", "-w"});
	saids_add(&questions[1].grep, (struct said){"g", "-w"});
	saids_add(&questions[1].vgrep, (struct said){"v", "-w"});
	return q;
}

static void assert_same_list(const struct asked *a, const struct asked *b)
{
	char text[200];

	assert_int_equal(a->n, b->n);
	assert_false(asked_differ(a, "a", b, "b", text, sizeof text));
}

TEST(there_and_back)
{
	struct query_spec q = large_query(), back;
	struct asked list, list_back;
	struct pack p = {0};

	q.set.name = "my.ini";
	list = asked_list(&q);
	asked_pack(&p, &list);
	asked_pack_shown(&p, &q);
	struct unpack u = {.rest = span_of(p.at, p.n)};
	assert_true(asked_unpack(&u, &list_back));
	assert_same_list(&list, &list_back);
	assert_true(asked_query(&list_back, "f.wfs", &back));
	assert_true(asked_unpack_shown(&u, &back));
	assert_true(unpack_is_over(&u));
	assert_string_equal(back.set.name, "my.ini");
	assert_false(back.set.builtin);

	struct asked again = asked_list(&back);
	assert_same_list(&list, &again);
	assert_true(back.ignore_case && back.totals && back.lenient && back.delimiter == '\t');
	assert_string_equal(back.log_format.text, "%h %t");
	assert_string_equal(back.grep.at[1].text, "y");
	assert_string_equal(back.where.at[0].where, "f.wfs: -w");
	const struct question_spec *one = &back.questions[0], *two = &back.questions[1];
	assert_string_equal(one->name, "One");
	assert_string_equal(one->regexp.text, "a(b)\nc");
	assert_true(one->order == ORDER_LAST && one->top == 24 && one->ignore_case);
	assert_string_equal(one->sum.where, "f.wfs: -s");
	assert_string_equal(two->fields.text, "status,url");
	assert_true(two->order == ORDER_COUNT && two->top == 3 && !two->ignore_case);
	assert_string_equal(two->vgrep.at[0].text, "v");

	asked_free(&again);
	asked_free(&list);
	asked_free(&list_back);
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

	q.set = (struct query_set){"wf2", true};
	struct asked list = asked_list(&q);
	asked_pack(&p, &list);
	asked_pack_shown(&p, &q);
	for (size_t i = 0; i < p.n; i++) {
		for (unsigned flip = 1; flip < 256; flip *= 4) {
			p.at[i] = (char)(p.at[i] ^ (char)flip);
			struct unpack u = {.rest = span_of(p.at, p.n)};
			struct asked back;
			struct query_spec other = {0};
			bool ok = asked_unpack(&u, &back) && asked_query(&back, "f", &other) &&
				  asked_unpack_shown(&u, &other) && unpack_is_over(&u);
			refused += !ok;
			asked_free(&back);
			query_spec_free(&other);
			p.at[i] = (char)(p.at[i] ^ (char)flip);
		}
	}
	assert_true(refused > p.n);
	pack_free(&p);
	asked_free(&list);
	query_spec_free(&q);
}

static void assert_differ(struct query_spec *a, struct query_spec *b, const char *expected)
{
	struct asked x = asked_list(a), y = asked_list(b);
	char text[200];

	assert_true(asked_differ(&x, "a", &y, "b", text, sizeof text));
	assert_string_equal(text, expected);
	asked_free(&x);
	asked_free(&y);
}

TEST(what_differs)
{
	struct question_spec url = {0}, status = {.fields = {"status", "-f"}};
	struct question_spec pattern = {.regexp = {"GET", "-e"}}, sum = {.sum = {"bytes", "-s"}};
	struct question_spec sets[2] = {{.name = "One"}, {.name = "Two"}};
	struct query_spec a = {.delimiter = -1, .questions = &url, .n_questions = 1};
	struct query_spec b = {.delimiter = -1, .questions = &status, .n_questions = 1};

	assert_differ(&a, &b, "b: counts status, but a counts url");
	b.questions = &pattern;
	assert_differ(&a, &b, "b: counts what matches GET, but a counts url");
	b.questions = &sum;
	assert_differ(&a, &b, "b: sums up bytes, but a does not");
	assert_differ(&b, &a, "a: sums up bytes, but b does not");
	b.questions = sets;
	b.n_questions = 2;
	assert_differ(&a, &b, "b: has the ranking One, but a has the ranking ''");
	a.questions = sets;
	a.n_questions = 1;
	assert_differ(&a, &b, "b: has the ranking Two, but a does not");
	b.n_questions = 1;
	b.delimiter = ',';
	assert_differ(&a, &b, "b: has columns cut at ,, but a does not");
	a.delimiter = ';';
	assert_differ(&a, &b, "b: has columns cut at ,, but a has columns cut at ;");
}

/* "auto" is what is taken without --log-format, and the URL what is counted without -f. */
TEST(what_is_the_same)
{
	struct question_spec none = {0},
			     url = {.fields = {"url", "-f"}, .order = ORDER_KEY, .top = 7};
	struct query_spec a = {.delimiter = -1, .questions = &none, .n_questions = 1};
	struct query_spec b = {.delimiter = -1,
		.questions = &url,
		.n_questions = 1,
		.log_format = {"auto", "--log-format"},
		.hits = true,
		.rejects = true};
	struct asked x = asked_list(&a), y = asked_list(&b);

	assert_same_list(&x, &y);
	asked_free(&x);
	asked_free(&y);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(damaged_lists),
		cmocka_unit_test(what_differs),
		cmocka_unit_test(what_is_the_same),
	};

	return cmocka_run_group_tests_name("asked", tests, NULL, NULL);
}
