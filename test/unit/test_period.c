/* test_period.c -- which times are in a period, one after the other. */
#include "unit.h"

#include <stdio.h>
#include <time.h>

#include "query/period.h"

/* 2026-11-30T17:10:29Z */
enum { NOW = 1796058629 };

/* Make a time of these seconds in a notation. */
static struct span write_time(int notation, int64_t seconds, unsigned more, char out[64])
{
	static const char *const formats[] = {"%d/%b/%Y:%H:%M:%S +0000", "%Y-%m-%dT%H:%M:%SZ",
		"%Y-%m-%d %H:%M:%S.123 +0200", "%Y-%m-%dT%H:%M:%S,5", "%a %b %d %H:%M:%S.000001 %Y",
		"%Y%m%dT%H%M%SZ", "%s", "%s.250", "%b %d %H:%M:%S"};
	time_t t = (time_t)seconds;
	struct tm tm;

	gmtime_r(&t, &tm);
	size_t n = strftime(out, 64, formats[(size_t)notation % COUNT(formats)], &tm);
	if (more % 50 == 0 && n)
		out[more / 50 % n] = 'x';
	if (more % 50 == 1 && n)
		out[more / 50 % n] = '6';
	return span_of(out, n);
}

TEST(a_remembered_minute_changes_nothing)
{
	struct local_time times = {.end = NOW};
	uint64_t seed = 5;
	char text[64];

	for (int round = 0; round < 300; round++) {
		struct period_memo memo = {.len = 0};
		int64_t since = NOW - (int64_t)random_below(&seed, 400);
		struct period p = {.is_set = true, .since = since, .until = INT64_MAX};
		if (round % 3)
			p.until = since + (int64_t)random_below(&seed, 300);
		if (round % 3 == 2)
			p.since = INT64_MIN;
		int notation = (int)random_below(&seed, 9);
		for (int i = 0; i < 300; i++) {
			struct span s =
				write_time(notation, NOW - (int64_t)random_below(&seed, 500),
					(unsigned)random_next(&seed) % 10000, text);
			int64_t seconds;
			enum period_place expected = PERIOD_NONE;
			if (local_time_instant(&times, s, &seconds))
				expected = period_has(&p, seconds) ? PERIOD_INSIDE : PERIOD_OUTSIDE;
			if (period_place(&p, &memo, s, &times) != expected)
				fail_msg("%d, %d: %.*s", round, i, (int)s.len, s.at);
			if (random_below(&seed, 10) == 0)
				notation = (int)random_below(&seed, 9);
		}
	}
}

static bool read_limits(const char *since, const char *until, struct period *p)
{
	struct query_spec q = {.since = {since, "--since"}, .until = {until, "--until"}};
	struct complaint why;

	return period_read(&q, p, &why);
}

TEST(an_empty_period_is_refused)
{
	struct period p;

	assert_true(read_limits(NULL, NULL, &p) && !p.is_set);
	assert_true(
		read_limits("2026-11-30T00:00:00Z", NULL, &p) && p.is_set && p.until == INT64_MAX);
	assert_true(
		read_limits(NULL, "2026-11-30T00:00:00Z", &p) && p.is_set && p.since == INT64_MIN);
	assert_true(read_limits("2026-11-30T00:00:00Z", "2026-11-30T00:00:01Z", &p));
	assert_true(p.until == p.since + 1);
	assert_false(read_limits("2026-11-30T00:00:00Z", "2026-11-30T00:00:00Z", &p));
	assert_false(read_limits("2026-11-30T00:00:01Z", "2026-11-30T00:00:00Z", &p));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_remembered_minute_changes_nothing),
		cmocka_unit_test(an_empty_period_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
