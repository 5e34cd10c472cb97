/* test_openfile.c -- only regular files are opened, without waiting. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/openfile.h"

static void expect_error(const char *name, int error)
{
	errno = 0;
	assert_int_equal(openfile_regular(name), -1);
	assert_int_equal(errno, error);
	assert_null(openfile_stream(name));
	assert_int_equal(errno, error);
}

TEST(only_regular_files)
{
	char directory[] = "/tmp/test_openfile-XXXXXX", text[8] = "";

	assert_non_null(mkdtemp(directory));
	assert_int_equal(chdir(directory), 0);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	FILE *out = fopen("file", "w");
	assert_true(out && fputs("text", out) >= 0 && fclose(out) == 0);

	expect_error("fifo", EINVAL); /* and returns at once, although it has no writer */
	expect_error("/dev/null", EINVAL);
	expect_error(".", EISDIR);
	expect_error("missing", ENOENT);
	FILE *in = openfile_stream("file");
	assert_true(in && fgets(text, sizeof text, in));
	assert_string_equal(text, "text");
	fclose(in);

	unlink("fifo");
	unlink("file");
	assert_int_equal(chdir("/") || rmdir(directory), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(only_regular_files)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
