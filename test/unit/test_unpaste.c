/* test_unpaste.c -- the format string in a piece of a server's configuration, or the place of the
 * error in the piece. */
#include "unit.h"

#include "formats/unpaste.h"

enum { ANY = SERVER_ANY, NGINX = SERVER_NGINX, APACHE = SERVER_APACHE };

TEST(pieces_of_configurations)
{
	static const struct {
		const char *piece, *text;
		int server;
		bool json;
	} cases[] = {
		{"", "", ANY, false},
		{"$status", "$status", ANY, false},
		{" $status ", " $status ", ANY, false},
		{"$status\n", "$status", ANY, false},
		{"$host  \n  $status", "$host $status", ANY, false},
		{"\"$request\" $status", "\"$request\" $status", ANY, false},
		{"\"$request\"", "\"$request\"", ANY, false},
		{"\"%h \\\"%r\\\"\"", "%h \\\"%r\\\"", ANY, false},
		{"\"%h\" \\\"%r\\\"", "\"%h\" \\\"%r\\\"", ANY, false},
		{"'$host $status';", "$host $status", ANY, false},
		{"'$host '\n\t'$status';\n", "$host $status", ANY, false},
		{"log_format main '$host '\n  '\"$request\"';", "$host \"$request\"", NGINX, false},
		{"  log_format main\n '$host';\n", "$host", NGINX, false},
		{"log_format main $host;", "$host", NGINX, false},
		{"log_format main '$host' # the host\n ' $status';", "$host $status", NGINX, false},
		{"log_format main \"$host \\\"$request\\\"\";", "$host \\\"$request\\\"", NGINX,
			false},
		{"log_format main '$host' ' it\\'s'", "$host it\\'s", NGINX, false},
		{"log_format j escape=json '{\"a\":\"$host\"}';", "{\"a\":\"$host\"}", NGINX, true},
		{"log_format j escape=json '$host';", "$host", NGINX, false},
		{"log_format j escape=none '{$host}';", "{$host}", NGINX, false},
		{"LogFormat \"%h \\\"%r\\\"\" short", "%h \\\"%r\\\"", APACHE, false},
		{"LogFormat %h short", "%h", APACHE, false},
		{"CustomLog logs/access.log \"%h %s\" env=x", "%h %s", APACHE, false},
		{"log_formats", "log_formats", ANY, false},
	};
	struct complaint why;

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct unpasted u;
		if (!unpaste(cases[i].piece, &u, &why))
			fail_msg("%s: %s", cases[i].piece, why.text);
		assert_string_equal(u.text, cases[i].text);
		assert_int_equal(u.server, cases[i].server);
		assert_int_equal(u.is_json, cases[i].json);
		for (size_t k = 0; u.text[k]; k++) {
			char from = cases[i].piece[u.offsets[k]];
			assert_true(from == u.text[k] || u.text[k] == ' ');
		}
		unpasted_free(&u);
	}
}

TEST(errors)
{
	static const struct {
		const char *piece;
		size_t at;
	} cases[] = {
		{"log_format main '$host", 16},
		{"log_format main '$host'; log_format b '$status';", 25},
		{"LogFormat \"%h \\\"", 10},
	};
	struct complaint why;

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct unpasted u;
		assert_false(unpaste(cases[i].piece, &u, &why));
		assert_int_equal(why.offset, cases[i].at);
		unpasted_free(&u);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_of_configurations),
		cmocka_unit_test(errors),
	};

	return cmocka_run_group_tests_name("unpaste", tests, NULL, NULL);
}
