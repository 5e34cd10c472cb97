/* test_value_set.c -- sets of values and networks, compared with a list that is searched. */
#include "unit.h"

#include <arpa/inet.h>
#include <stdio.h>

#include "query/value_set.h"

static struct value_set *set_of(const char *const *values, size_t n)
{
	struct value_set *s = value_set_new();
	struct complaint why;

	assert_non_null(s);
	for (size_t i = 0; i < n; i++)
		assert_true(value_set_add(s, span_text(values[i]), &why));
	value_set_finish(s);
	return s;
}

TEST(values)
{
	static const char *const values[] = {
		"404", "GET", "", "10.0.0.0/8", "192.0.2.7", "2001:db8::/32", "1.50", "a/b"};
	static const char *const in[] = {"404", "404.0", "4.04e2", "GET", "", "10.0.0.0",
		"10.255.255.255", "192.0.2.7", "2001:db8::1", "2001:DB8:ffff::", "10.0.0.0/8",
		"1.5", "a/b"};
	static const char *const out[] = {"40", "4040", "GE", "get", "9.255.255.255", "11.0.0.0",
		"192.0.2.8", "2001:db9::", "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", "10.0.0.0/9",
		"::", "a", "1.51", "10.0.0"};
	struct value_set *s = set_of(values, COUNT(values));

	for (size_t i = 0; i < COUNT(in); i++)
		if (!value_set_has(s, span_text(in[i])))
			fail_msg("'%s' is missing", in[i]);
	for (size_t i = 0; i < COUNT(out); i++)
		if (value_set_has(s, span_text(out[i])))
			fail_msg("'%s' is there", out[i]);
	value_set_free(s);
}

TEST(an_empty_set)
{
	struct value_set *s = set_of(NULL, 0);

	assert_false(value_set_has(s, span_text("")));
	assert_false(value_set_has(s, span_text("1")));
	assert_false(value_set_has(s, span_text("::1")));
	value_set_free(s);
}

TEST(networks_that_are_none)
{
	static const char *const bad[] = {"10.0.0.0/33", "::/129"};
	struct value_set *s = value_set_new();
	struct complaint why;

	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(value_set_add(s, span_text(bad[i]), &why));
	value_set_free(s);
	assert_true(value_set_is_network(span_text("10.0.0.0/8")));
	assert_true(value_set_is_network(span_text("::/0")));
	assert_false(value_set_is_network(span_text("10.0.0.0")));
	assert_false(value_set_is_network(span_text("10.0.0/8")));
	assert_false(value_set_is_network(span_text("/a/8")));
}

/* Many networks, some of which overlap. */
TEST(many_networks)
{
	enum { NETWORKS = 3000, PROBES = 20000 };
	static uint32_t first[NETWORKS], last[NETWORKS];
	struct value_set *s = value_set_new();
	struct complaint why;
	uint64_t seed = 5;
	char text[64];
	size_t found = 0;

	for (size_t i = 0; i < NETWORKS; i++) {
		unsigned bits = 10 + (unsigned)random_below(&seed, 23);
		uint32_t mask = ~(uint32_t)0 << (32 - bits), base = (uint32_t)random_next(&seed);
		if (random_below(&seed, 2))
			base &= 0x0fffffff; /* some are near each other */
		struct in_addr a = {htonl(base)};
		first[i] = base & mask;
		last[i] = base | ~mask;
		snprintf(text, sizeof text, "%s/%u", inet_ntoa(a), bits);
		assert_true(value_set_add(s, span_text(text), &why));
	}
	value_set_finish(s);
	for (size_t i = 0; i < PROBES; i++) {
		size_t near = random_below(&seed, NETWORKS);
		uint32_t edge[] = {first[near], last[near], first[near] - 1, last[near] + 1,
			(uint32_t)random_next(&seed)};
		uint32_t probe = edge[random_below(&seed, COUNT(edge))];
		bool expected = false;
		for (size_t k = 0; k < NETWORKS && !expected; k++)
			expected = first[k] <= probe && probe <= last[k];
		struct in_addr a = {htonl(probe)};
		assert_int_equal(value_set_has(s, span_text(inet_ntoa(a))), expected);
		found += expected;
	}
	assert_true(found > PROBES / 10 && found < PROBES);
	value_set_free(s);
}

TEST(beginnings_of_addresses)
{
	static const struct {
		const char *text, *network; /* NULL: none */
	} cases[] = {
		{"10.", "in 10.0.0.0/8"},
		{"10.*", "in 10.0.0.0/8"},
		{"10.0.0", "in 10.0.0.0/24"},
		{"10.0.0.", "in 10.0.0.0/24"},
		{"10.0.0.*", "in 10.0.0.0/24"},
		{"10.0.*.*", "in 10.0.0.0/16"},
		{"255.255.255", "in 255.255.255.0/24"},
		{"10/8", "in 10.0.0.0/8"},
		{"192.168/16", "in 192.168.0.0/16"},
		{"10", NULL},
		{"", NULL},
		{".", NULL},
		{"*", NULL},
		{"10.0.0.1", NULL},
		{"10.0.0.0/8", NULL},
		{"10.0.0.1.2", NULL},
		{"10.256", NULL},
		{"10.0.x", NULL},
		{"10.0/33", NULL},
		{"10.0/", NULL},
		{"1000.1", NULL},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		char network[VALUE_SET_NETWORK];
		bool is_one = value_set_means_network(span_text(cases[i].text), network);
		if (is_one != (cases[i].network != NULL))
			fail_msg("%s", cases[i].text);
		if (is_one)
			assert_string_equal(network, cases[i].network);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(beginnings_of_addresses),
		cmocka_unit_test(values),
		cmocka_unit_test(an_empty_set),
		cmocka_unit_test(networks_that_are_none),
		cmocka_unit_test(many_networks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
