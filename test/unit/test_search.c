/* test_search.c -- the windows of inputs that are searched for a period. */
#include "compiling.h"
#include "unit.h"
#include "warnings.h"

#include <stdio.h>
#include <time.h>

#include "count/search.h"

enum {
	START = 1796000000, /* of the first line of a log */
	LINES = 5000,
	STEP = 60, /* seconds between two lines */
	SLACK = 3600,
	LINE = 61, /* the bytes of a line */
};

static char file_name[] = "/tmp/test_search.XXXXXX";

/* Write LINES lines of the same length; line i has the time that time_of() returns, or none if that is
 * 0. */
static void write_log(int64_t (*time_of)(int))
{
	FILE *file = fopen(file_name, "w");

	assert_non_null(file);
	for (int i = 0; i < LINES; i++) {
		time_t t = (time_t)time_of(i);
		struct tm tm;
		char time[40];
		gmtime_r(&t, &tm);
		strftime(time, sizeof time, "%d/%b/%Y:%H:%M:%S +0000", &tm);
		if (t)
			fprintf(file, "h - - [%s] \"GET /%05d HTTP\" 200 1", time, i);
		else
			fprintf(file, "%*s", LINE - 1, "");
		fputs(t ? "  \n" : "\n", file);
		assert_int_equal(ftell(file) % LINE, 0);
	}
	assert_int_equal(fclose(file), 0);
}

struct found {
	struct window window;
	struct covered covered;
	int64_t newest; /* -1 if there is none */
};

static struct found search_log(const char *since, const char *until, int64_t slack)
{
	struct grouping_spec grouping = {.fields = {"url", "-f"}};
	struct query_spec spec = {.delimiter = -1,
		.groupings = &grouping,
		.n_groupings = 1,
		.now = START,
		.log_format = {"%h %l %u %t \"%r\" %s %b  ", "--log-format"},
		.since = {since, "--since"},
		.until = {until, "--until"}};
	struct search s = {.query = compile_query(&spec, *scan_all()), .slack = slack};
	struct strlist names = {0};
	struct inputs inputs;
	struct warnings w;
	struct complaint why;
	struct found f = {.newest = -1};
	size_t dropped;

	warnings_open(&w);
	assert_true(strlist_add(&names, file_name));
	assert_true(inputs_open(
		&inputs, &names, &(struct inputs_spec){.mapping = MAPPING_AUTO}, &w.warner, &why));
	s.formats = detect_new(&spec, s.query, *scan_all(), &why);
	assert_non_null(s.formats);
	assert_true(detect_look(s.formats, &inputs, &w.warner, &dropped, &why));
	assert_int_equal(inputs.n, 1);
	assert_true(search_inputs(&s, &inputs, &f.covered));
	if (!search_newest(&s, &inputs, &f.newest, &why))
		assert_string_equal(why.text, "end: no line has a time that wf can read");
	f.window = inputs.at[0].window;
	if (f.window.is_set)
		assert_int_equal(
			inputs_skipped(&inputs), LINES * LINE - (f.window.to - f.window.from));
	detect_free(s.formats);
	inputs_close(&inputs);
	query_free((struct query *)(uintptr_t)s.query);
	strlist_free(&names);
	return f;
}

/* The period from line `since` of a log in order to before line `until`. */
static struct found search_lines(int since, int until, int64_t slack)
{
	char from[40], to[40];

	snprintf(from, sizeof from, "%d", START + since * STEP);
	snprintf(to, sizeof to, "%d", START + until * STEP);
	return search_log(from, to, slack);
}

static int64_t in_order(int i)
{
	return START + (int64_t)i * STEP;
}

/* The window has the lines, and those within the slack, and not many others. */
TEST(a_log_in_order)
{
	const int slack = SLACK / STEP, more = 2 * (16 << 10) / LINE;

	write_log(in_order);
	for (int since = -100; since < LINES + 100; since += 97)
		for (int width = 1; width < 2 * LINES; width *= 7) {
			struct found f = search_lines(since, since + width, SLACK);
			assert_true(f.window.is_set);
			int64_t from = (int64_t)(f.window.from / LINE),
				to = (int64_t)(f.window.to / LINE);
			int64_t first = since - slack, last = since + width + slack;
			assert_true(from <= (first > 0 ? first : 0) || from == LINES);
			assert_true(from >= first - more || from == 0);
			assert_true(to >= (last < LINES ? last : LINES) || to <= from);
			assert_true(to <= last + more || to == LINES || to <= from);
			assert_int_equal(f.covered.earliest, START);
			assert_int_equal(f.covered.latest, in_order(LINES - 1));
			assert_int_equal(f.newest, in_order(LINES - 1));
		}
	struct found none = search_lines(LINES + slack + 1, LINES + slack + 2, SLACK);
	assert_int_equal(none.window.from, none.window.to);
	none = search_lines(-slack - 10, -slack - 1, SLACK);
	assert_int_equal(none.window.from, none.window.to);
	assert_false(search_lines(100, 200, INT64_MAX).window.is_set);
}

/* Lines are up to the slack older than one before them: none of them may be lost. */
static int64_t a_little_late(int i)
{
	uint64_t seed = (uint64_t)i;

	return in_order(i) - (random_below(&seed, 3) ? 0 : (int64_t)random_below(&seed, SLACK + 1));
}

TEST(a_log_that_is_a_little_out_of_order)
{
	write_log(a_little_late);
	for (int since = -50; since < LINES; since += 61) {
		struct found f = search_lines(since, since + 40, SLACK);
		assert_true(f.window.is_set);
		for (int i = 0; i < LINES; i++) {
			int64_t t = a_little_late(i);
			uint64_t at = (uint64_t)i * LINE;
			if (t >= in_order(since) && t < in_order(since + 40) &&
				(at < f.window.from || at >= f.window.to))
				fail_msg("line %d is lost", i);
		}
	}
}

static int64_t newest_first(int i)
{
	return in_order(LINES - i);
}

static int64_t halves_exchanged(int i)
{
	return in_order(i < LINES / 2 ? i + LINES / 2 : i - LINES / 2);
}

static int64_t one_old_line(int i)
{
	return i == LINES - 20 ? START - 86400 : in_order(i);
}

TEST(a_log_that_is_badly_out_of_order_is_read_as_a_whole)
{
	int64_t (*const logs[])(int) = {newest_first, halves_exchanged, one_old_line};

	for (size_t k = 0; k < COUNT(logs); k++) {
		write_log(logs[k]);
		for (int since = 200; since < LINES; since += 311)
			assert_false(search_lines(since, since + 50, SLACK).window.is_set);
	}
}

static int64_t never(int i)
{
	(void)i;
	return 0;
}

static int64_t seldom(int i)
{
	return i % 100 == 7 ? in_order(i) : 0;
}

TEST(lines_without_times)
{
	write_log(never);
	struct found f = search_lines(100, 200, SLACK);
	assert_false(f.window.is_set || f.covered.any);
	assert_int_equal(f.newest, -1);
	write_log(seldom);
	f = search_lines(2000, 2100, SLACK);
	assert_true(f.window.is_set);
	assert_true(f.window.from > 0 && f.window.from <= (2000 - SLACK / STEP) * LINE);
	assert_true(f.window.to < LINES * LINE && f.window.to >= (2100 + SLACK / STEP) * LINE);
	assert_int_equal(f.newest, in_order(LINES - 100 + 7));
}

/* The last 180 KB are late, but within the slack. */
static int64_t late_at_the_end(int i)
{
	return i < 2000 ? in_order(i) : in_order(1999) - SLACK + 1;
}

TEST(the_newest_time_may_be_far_before_the_end)
{
	write_log(late_at_the_end);
	assert_int_equal(search_lines(100, 200, SLACK).newest, in_order(1999));
	assert_int_equal(search_lines(100, 200, INT64_MAX).newest, in_order(1999));
	assert_int_equal(search_lines(100, 200, 0).newest, in_order(1999) - SLACK + 1);
	write_log(newest_first);
	assert_int_equal(search_lines(100, 200, INT64_MAX).newest, in_order(LINES));
}

/* A period without an end, or without a start. */
TEST(half_open_periods)
{
	char moment[40];

	write_log(in_order);
	snprintf(moment, sizeof moment, "%lld", (long long)in_order(2500));
	struct found f = search_log(moment, NULL, SLACK);
	assert_true(f.window.is_set && f.window.from > 2000 * LINE && f.window.to == LINES * LINE);
	f = search_log(NULL, moment, SLACK);
	assert_true(f.window.is_set && f.window.from == 0 && f.window.to < 3000 * LINE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_log_in_order),
		cmocka_unit_test(a_log_that_is_a_little_out_of_order),
		cmocka_unit_test(a_log_that_is_badly_out_of_order_is_read_as_a_whole),
		cmocka_unit_test(lines_without_times),
		cmocka_unit_test(the_newest_time_may_be_far_before_the_end),
		cmocka_unit_test(half_open_periods),
	};
	int fd = mkstemp(file_name);

	if (fd < 0)
		return 1;
	close(fd);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(file_name);
	return failed;
}
