/* reports.c -- fuzz reports files: wf understands them or names a mistake, and compiles the query.
 *
 * Input: the file.
 */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "test/fuzz/arguments.h"

/* A file in memory with these bytes. */
static int file_of(struct span bytes)
{
	static int fd = -1;

	if (fd < 0)
		fd = memfd_create("reports", 0);
	assert(fd >= 0 && ftruncate(fd, 0) == 0);
	assert(pwrite(fd, bytes.at, bytes.len, 0) == (ssize_t)bytes.len);
	return fd;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char wf[] = "wf", reports[] = "--reports", path[64];
	int fd = file_of(span_of((const char *)data, size));

	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	fuzz_arguments(3, (char *[]){wf, reports, path, NULL});
	return 0;
}
