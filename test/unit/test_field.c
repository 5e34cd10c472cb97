/* test_field.c -- names of fields: which are known, which need a format, and which a format has. */
#include "lookup.h"

#include <stdio.h>

static size_t add(struct fields *all, const char *origin, const char *name)
{
	struct complaint why;
	size_t index;

	if (!fields_add(all, (struct arg){name, origin}, &index, &why))
		fail_msg("%s", why.text);
	return index;
}

TEST(fields_are_added_once)
{
	struct fields all = {0};

	assert_int_equal(add(&all, "-f", "url"), 0);
	assert_int_equal(add(&all, "-f", "7"), 1);
	assert_false(all.at[1].kind != FIELD_COLUMN || all.at[1].n != 7);
	assert_int_equal(add(&all, "-f", "referer"), 2);
	assert_int_equal(add(&all, "-f", "referrer"), 2);
	assert_int_equal(add(&all, "-f", "07"), 1);
	assert_int_equal(add(&all, "-f", "0"), 3);
	assert_int_equal(add(&all, "-f", "00"), 3);
	assert_int_equal(add(&all, "-f", "x"), 4);
	assert_int_equal(add(&all, "-f", ".x"), 4);
	assert_int_equal(add(&all, "-f", "X"), 5);
	assert_int_equal(add(&all, "-f", ".url"), 6);
	assert_int_equal(add(&all, "-f", "url"), 0);
	assert_int_equal(add(&all, "-f", "$x"), 4);
	assert_int_equal(add(&all, "-f", "%{X}i"), 7);
	assert_int_equal(all.n, 8);
	assert_int_equal(all.wanted.names.n, 4);
	assert_string_equal(all.wanted.names.at[2], "url");
	assert_true(all.need_format && all.have_columns);
	fields_free(&all);
}

TEST(what_needs_a_format)
{
	static const struct {
		const char *name;
		bool format, columns;
	} cases[] = {{"0", false, false}, {"1", false, true}, {"url", true, false},
		{"x", true, false}, {"class", true, false}};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct fields all = {0};
		add(&all, "-f", cases[i].name);
		assert_int_equal(all.need_format, cases[i].format);
		assert_int_equal(all.have_columns, cases[i].columns);
		fields_free(&all);
	}
}

TEST(names_that_are_none)
{
	static const struct {
		const char *name, *says;
	} cases[] = {
		{"", "-f: a field name is empty"},
		{".", "-f: a field name is empty"},
		{"$", "-f: a field name is empty"},
		{"1234567890", "-f: '1234567890' is too large for a column"},
		{"123456789", NULL},
		{"1x", NULL},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct fields all = {0};
		struct complaint why = {0};
		size_t index;
		bool ok = fields_add(&all, (struct arg){cases[i].name, "-f"}, &index, &why);
		assert_int_equal(ok, !cases[i].says);
		if (!ok && !strstr(why.text, cases[i].says))
			fail_msg("'%s': %s", cases[i].name, why.text);
		fields_free(&all);
	}
}

TEST(all_names_are_known)
{
	static const char *const names[] = {"client", "ident", "user", "time", "day", "hour",
		"minute", "request", "method", "url", "path", "query", "ext", "proto", "status",
		"class", "bytes", "referrer", "referer", "site", "agent", "host", "port"};

	for (size_t i = 0; i < COUNT(names); i++) {
		struct fields all = {0};
		add(&all, "-f", names[i]);
		if (all.at[0].kind != FIELD_NAMED)
			fail_msg("%s", names[i]);
		fields_free(&all);
	}
}

/* A field that formats may lack is needed as soon as it is added again as a needed one. */
TEST(fields_that_are_needed)
{
	struct fields all = {0};

	add(&all, "-f", "url");
	all.missing_fields_ok = true;
	add(&all, "-f", "agent");
	add(&all, "-f", "url");
	add(&all, "-f", "status");
	assert_true(all.at[0].needed && !all.at[1].needed && !all.at[2].needed);
	all.missing_fields_ok = false;
	add(&all, "-w", "agent");
	assert_true(all.at[0].needed && all.at[1].needed && !all.at[2].needed);
	fields_free(&all);
}

TEST(lists_of_fields)
{
	static const struct {
		const char *format, *heading, *list;
	} cases[] = {
		{"%h %t %D", "", "client time day hour minute %D"},
		{"\"%r\" %>s \"%{Referer}i\"", "",
			"request method url path query proto status referrer class ext site"},
		{"%{X}i", "", "%{X}i"},
		{"$remote_addr $request_time $a", "", "client request_time a"},
		{"w3c", "", ""},
		{"w3c", "#Fields: date time x c-ip",
			"client time day hour minute date x c-ip"},
		{"w3c", "#Fields: time", "time"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct lookup a;
		char list[300];
		lookup_open(&a, cases[i].format, "client");
		logformat_restart(a.format, span_text(cases[i].heading));
		fields_list(a.format, list, sizeof list);
		assert_string_equal(list, cases[i].list);
		/* Without room for all names, some are left out. */
		size_t whole = strlen(list);
		for (size_t room = 1; room <= whole; room++) {
			memset(list, 'x', sizeof list);
			fields_list(a.format, list, room);
			assert_non_null(memchr(list, '\0', room));
			assert_true(strlen(list) < whole);
		}
		lookup_close(&a);
	}
}

/* Which fields lines of a format can have. */
TEST(fields_of_formats)
{
	static const struct {
		const char *format, *heading, *has, *has_not;
	} cases[] = {
		{"common", "",
			"client ident user time day hour minute request method url path query "
			"ext proto status class bytes 0 1 99 %h %>s .%h",
			"referrer site agent host port x %s h .status"},
		{"%h %t", "", "client time day", "status class url path ext query method request"},
		{"%m \"%U\" %q", "", "method url path query ext", "request proto"},
		{"%m %q", "", "method query", "url path ext"},
		{"%U%q", "", "url path query ext", "request method"},
		{"$status $request_time", "", "status class request_time .status $request_time",
			"bytes request_tim"},
		{"json", "", "client site x url port", NULL},
		{"ltsv", "", "client site x url port", NULL},
		{"w3c", "#Fields: date c-ip cs-uri-query",
			"client query .date c-ip cs-uri-query .c-ip",
			"time day url path status class x"},
		{"w3c", "#Fields: time cs-uri-stem", "url path ext .time", "client time day"},
		{"w3c", "#Fields: time date", "time day hour .time", "url"},
		{"w3c", "", "0 1", "client c-ip"},
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		for (int has = 0; has <= 1; has++) {
			struct lookup a;
			const char *names = has ? cases[i].has : cases[i].has_not;
			if (!names)
				continue;
			lookup_open(&a, cases[i].format, names);
			logformat_restart(a.format, span_text(cases[i].heading));
			for (size_t n = 0; n < a.n; n++)
				if (field_is_in(&a.fields.at[a.index[n]], a.format) != has)
					fail_msg("%s: %s: %d", cases[i].format,
						a.fields.at[a.index[n]].name, !has);
			lookup_close(&a);
		}
}

TEST(there_may_not_be_too_many)
{
	static char names[FIELDS_MAX + 1][12];
	struct fields fields = {0};
	struct complaint why;
	size_t index;

	for (size_t i = 0; i <= FIELDS_MAX; i++) {
		snprintf(names[i], sizeof names[i], "%zu", i + 1);
		assert_int_equal(fields_add(&fields, (struct arg){names[i], "-f"}, &index, &why),
			i < FIELDS_MAX);
	}
	assert_string_equal(why.text, "-f: more than 1000 fields");
	assert_true(fields_add(&fields, (struct arg){"7", "-f"}, &index, &why));
	fields_free(&fields);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_may_not_be_too_many),
		cmocka_unit_test(fields_are_added_once),
		cmocka_unit_test(what_needs_a_format),
		cmocka_unit_test(names_that_are_none),
		cmocka_unit_test(all_names_are_known),
		cmocka_unit_test(fields_that_are_needed),
		cmocka_unit_test(lists_of_fields),
		cmocka_unit_test(fields_of_formats),
	};

	return cmocka_run_group_tests_name("field", tests, NULL, NULL);
}
