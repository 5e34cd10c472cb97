/* test_fullio.c -- read all bytes of a file or a pipe, or as many as there are. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "lib/fullio.h"

TEST(of_a_file)
{
	FILE *file = tmpfile();
	char got[10] = "";

	assert_non_null(file);
	int fd = fileno(file);
	assert_true(fullio_write(fd, "012", 3) && fullio_write_at(fd, "3456", 4, 3));
	assert_int_equal(fullio_read_at(fd, got, 4, 2), 4);
	assert_memory_equal(got, "2345", 4);
	assert_int_equal(fullio_read_at(fd, got, 10, 5), 2);
	assert_int_equal(fullio_read_at(fd, got, 10, 7), 0);
	assert_true(fullio_read_all_at(fd, got, 7, 0));
	assert_memory_equal(got, "0123456", 7);
	assert_true(fullio_read_all_at(fd, got, 0, 7));
	for (uint64_t at = 0; at <= 8; at += 4) {
		errno = 0;
		assert_false(fullio_read_all_at(fd, got, 8 - (at == 4 ? 4 : 0), at));
		assert_int_equal(errno, EIO);
	}
	/* fullio_write() goes on where it stopped. */
	assert_int_equal(fullio_read(fd, got, 10), 4);
	assert_memory_equal(got, "3456", 4);
	assert_int_equal(fullio_read(fd, got, 10), 0);
	fclose(file);
}

/* A single read() would return the first piece that was written. */
TEST(of_a_pipe)
{
	int fd[2];
	char got[10] = "";

	assert_int_equal(pipe(fd), 0);
	pid_t child = fork_child();
	if (child == 0) {
		for (int i = 0; i < 7; i++) {
			usleep(1000);
			if (!fullio_write(fd[1], &"0123456"[i], 1))
				_exit(1);
		}
		_exit(0);
	}
	close(fd[1]);
	assert_int_equal(fullio_read(fd[0], got, 5), 5);
	assert_memory_equal(got, "01234", 5);
	assert_int_equal(fullio_read(fd[0], got, 5), 2);
	assert_memory_equal(got, "56", 2);
	assert_int_equal(fullio_read(fd[0], got, 5), 0);
	close(fd[0]);
	assert_int_equal(status_of(child), 0);
}

TEST(what_can_not_be_done)
{
	int shut = open("/dev/null", O_WRONLY);
	char byte = 'x';

	assert_int_equal(fullio_read_at(shut, &byte, 1, 0), -1);
	assert_int_equal(fullio_read(shut, &byte, 1), -1);
	errno = 0;
	assert_false(fullio_read_all_at(shut, &byte, 1, 0));
	assert_int_equal(errno, EBADF);
	close(shut);
	assert_false(fullio_write(shut, &byte, 1));
	assert_false(fullio_write_at(shut, &byte, 1, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_a_file),
		cmocka_unit_test(of_a_pipe),
		cmocka_unit_test(what_can_not_be_done),
	};

	return cmocka_run_group_tests_name("fullio", tests, NULL, NULL);
}
