/* test_suggest.c -- misspelled words are recognised, and other words are not. */
#include "unit.h"

#include "lib/suggest.h"

static const char *const words[] = {
	"status", "bytes", "referrer", "agent", "client", "json", "csv", "overview", "log-format"};

static void expect(const char *word, const char *best)
{
	struct suggestion n = suggest_for(span_text(word));

	for (size_t i = 0; i < COUNT(words); i++)
		suggest_offer(&n, span_text(words[i]));
	assert_int_equal(n.best.len, strlen(best));
	assert_memory_equal(n.best.len ? n.best.at : "", best, strlen(best));
}

TEST(one_slip)
{
	expect("jsn", "json");
	expect("jsonn", "json");
	expect("jaon", "json");
	expect("josn", "json");
	expect("cvs", "csv");
	expect("byte", "bytes");
	expect("referer", "referrer");
	expect("sttaus", "status");
	expect("log_format", "log-format");
	expect("STATUS", "status");
}

TEST(several_in_long_words)
{
	expect("overvw", "overview");
	expect("refere", "referrer");
	expect("logfromat", "log-format");
}

TEST(beginnings)
{
	expect("stat", "status");
	expect("ref", "referrer");
	expect("over", "overview");
}

TEST(ends)
{
	expect("format", "log-format");
	expect("rmat", "");
	struct suggestion n = suggest_for(span_text("path"));
	suggest_offer(&n, span_text("footpath"));
	assert_int_equal(n.best.len, 0);
	suggest_offer(&n, span_text("http.PATH"));
	assert_int_equal(n.best.len, 9);
	suggest_offer(&n, span_text("path"));
	assert_int_equal(n.best.len, 4);
}

TEST(other_words)
{
	expect("", "");
	expect("x", "");
	expect("ip", "");
	expect("foo", "");
	expect("time", "");
	expect("nothing-like-it", "");
	expect("a", "");
}

TEST(long_words)
{
	char word[300];

	memset(word, 's', sizeof word - 1);
	word[sizeof word - 1] = '\0';
	expect(word, "");
	struct suggestion n = suggest_for(span_text("status"));
	suggest_offer(&n, span_text(word));
	assert_int_equal(n.best.len, 0);
}

/* The distance by its recursive definition. */
static size_t slow(const char *a, size_t n, const char *b, size_t m)
{
	if (!n || !m)
		return n + m;
	size_t best = slow(a, n - 1, b, m - 1) + (a[n - 1] != b[m - 1]);
	size_t d = slow(a, n - 1, b, m) + 1;
	best = d < best ? d : best;
	d = slow(a, n, b, m - 1) + 1;
	best = d < best ? d : best;
	if (n > 1 && m > 1 && a[n - 1] == b[m - 2] && a[n - 2] == b[m - 1]) {
		d = slow(a, n - 2, b, m - 2) + 1;
		best = d < best ? d : best;
	}
	return best;
}

TEST(random_words)
{
	uint64_t seed = 1;

	for (int round = 0; round < 3000; round++) {
		char a[8] = "", b[8] = "";
		size_t n = 1 + random_below(&seed, 6), m = 1 + random_below(&seed, 6);
		random_bytes(&seed, a, n, span_text("abc"));
		random_bytes(&seed, b, m, span_text("abc"));
		struct suggestion near = suggest_for(span_text(a));
		size_t limit = near.distance, expected = slow(a, n, b, m);
		suggest_offer(&near, span_text(b));
		if (n >= 3 && n < m && memcmp(a, b, n) == 0)
			expected = 1;
		assert_int_equal(near.best.len != 0, expected < limit);
		if (near.best.len)
			assert_int_equal(near.distance, expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_slip),
		cmocka_unit_test(several_in_long_words),
		cmocka_unit_test(beginnings),
		cmocka_unit_test(ends),
		cmocka_unit_test(other_words),
		cmocka_unit_test(long_words),
		cmocka_unit_test(random_words),
	};

	return cmocka_run_group_tests_name("suggest", tests, NULL, NULL);
}
