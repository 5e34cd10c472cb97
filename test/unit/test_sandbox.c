/* test_sandbox.c -- what a process can still do in the sandbox.  Each case runs in a process of its
 * own. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/sandbox.h"
#include "lib/sharedmem.h"
#include "lib/tempfile.h"

enum { NONE = 77 }; /* the exit status if the system has no sandbox */

/* How a process ends that runs `inside` in the sandbox: 0 if all is as expected. */
static int ending_of(int (*inside)(void), bool opens)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(sandbox_enter(opens) ? inside() : NONE);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void expect(int (*inside)(void), bool opens)
{
	int status = ending_of(inside, opens);

	if (WIFEXITED(status) && WEXITSTATUS(status) == NONE)
		skip();
	if (status != 0)
		fail_msg("line %d; status %x", WIFEXITED(status) ? WEXITSTATUS(status) : 0,
			(unsigned)status);
}

/* In a child: return the line of the check that failed. */
#define CHECK(ok)                                                                                  \
	do                                                                                         \
		if (!(ok))                                                                         \
			return __LINE__;                                                           \
	while (0)
#define CHECK_DENIED(call) CHECK((errno = 0, (call) < 0) && errno == EPERM)

static int cannot_write_files(void)
{
	CHECK_DENIED(open("/dev/null", O_WRONLY));
	CHECK_DENIED(open("/dev/null", O_RDWR));
	CHECK_DENIED(open("/tmp", O_TMPFILE | O_RDWR, 0600));
	CHECK_DENIED(open("/tmp/wf-test-sandbox", O_RDONLY | O_CREAT, 0600));
	CHECK_DENIED(open("/tmp/wf-test-sandbox", O_RDONLY | O_TRUNC));
	CHECK_DENIED(creat("/tmp/wf-test-sandbox", 0600));
	CHECK_DENIED(mkdir("/tmp/wf-test-sandbox", 0700));
	CHECK_DENIED(unlink("/tmp/wf-test-sandbox"));
	CHECK_DENIED(rename("/tmp/wf-test-sandbox", "/tmp/wf-test-sandbox2"));
	CHECK_DENIED(chmod("/tmp/wf-test-sandbox", 0700));
	return 0;
}

static int cannot_open_files(void)
{
	CHECK_DENIED(open("/dev/null", O_RDONLY));
	CHECK_DENIED(open("/", O_RDONLY | O_DIRECTORY));
	CHECK_DENIED(open("/", O_PATH));
	CHECK(!fopen("/dev/null", "r"));
	return cannot_write_files();
}

static int can_only_read_files(void)
{
	int fd = open("/dev/null", O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);

	CHECK(fd >= 0 && close(fd) == 0);
	return cannot_write_files();
}

static int cannot_leave_the_process(void)
{
	int pair[2];

	CHECK_DENIED(socket(AF_INET, SOCK_STREAM, 0));
	CHECK_DENIED(socket(AF_UNIX, SOCK_DGRAM, 0));
	CHECK_DENIED(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
	CHECK_DENIED(execl("/bin/true", "true", NULL));
	CHECK_DENIED(fork());
	struct rlimit limit = {1, 1};
	CHECK_DENIED(prlimit(getppid(), RLIMIT_CPU, &limit, NULL));
	CHECK_DENIED(fcntl(0, F_SETOWN, getppid()));
	CHECK_DENIED(fcntl(0, F_SETSIG, SIGTERM));
	CHECK(getrlimit(RLIMIT_CPU, &limit) == 0 && fcntl(0, F_GETFL) >= 0);
	CHECK_DENIED(kill(getppid(), 0));
	CHECK_DENIED(kill(getppid(), SIGTERM));
	CHECK_DENIED(kill(getpid(), SIGCHLD));
	CHECK(kill(getppid(), SIGCHLD) == 0); /* wakes it, and does nothing else */
	return 0;
}

static int can_compute(void)
{
	static char text[] = "text";
	int fd = dup(STDERR_FILENO), pipe_end = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	char *block = malloc(1 << 24), *shared;
	struct stat st;

	CHECK(fd >= 0 && pipe_end >= 0 && block);
	memset(block, 1, 1 << 24);
	block = realloc(block, 1 << 25);
	CHECK(block && fstat(fd, &st) == 0);
	free(block);
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CHECK(shared != MAP_FAILED && write(fd, text, 0) == 0);
	return 0;
}

static int can_abort(void)
{
	signal(SIGABRT, SIG_DFL);
	abort();
}

TEST(files_cannot_be_opened)
{
	expect(cannot_open_files, false);
}

TEST(files_can_be_opened_for_reading_where_that_is_needed)
{
	expect(can_only_read_files, true);
}

TEST(sockets_programs_and_signals)
{
	expect(cannot_leave_the_process, false);
	expect(cannot_leave_the_process, true);
}

TEST(what_workers_need)
{
	expect(can_compute, false);
	int status = ending_of(can_abort, false);
	assert_true((WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT) ||
		    (WIFEXITED(status) && WEXITSTATUS(status) == NONE));
}

static struct sharedmem shared;
static int file;

static int can_grow_files(void)
{
	CHECK(sharedmem_resize(&shared, 1 << 20));
	shared.at[(1 << 20) - 1] = 1;
	CHECK(pwrite(file, "x", 1, 1 << 20) == 1 && ftruncate(file, 7) == 0);
	CHECK(lseek(file, 0, SEEK_END) == 7);
	return 0;
}

/* A table grows, and a spill is written and emptied. */
TEST(open_files_can_grow)
{
	file = tempfile_open();
	assert_true(file >= 0 && sharedmem_open(&shared, true) && sharedmem_resize(&shared, 4096));
	expect(can_grow_files, false);
	sharedmem_close(&shared);
	close(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_cannot_be_opened),
		cmocka_unit_test(files_can_be_opened_for_reading_where_that_is_needed),
		cmocka_unit_test(sockets_programs_and_signals),
		cmocka_unit_test(what_workers_need),
		cmocka_unit_test(open_files_can_grow),
	};

	return cmocka_run_group_tests_name("sandbox", tests, NULL, NULL);
}
