/* piped.h -- pipe bytes through another program, for tests. */
#ifndef PIPED_H
#define PIPED_H

#include <stdio.h>

#include "lib/fullio.h"
#include "lib/tempfile.h"
#include "unit.h"

/* Run a shell command that reads the bytes, and return its output. */
static inline struct span piped(const char *command, struct span in, char *out, size_t room)
{
	char line[512];
	int fd = tempfile_open();

	assert_true(fd >= 0 && fullio_write(fd, in.at, in.len));
	snprintf(line, sizeof line, "%s </proc/%d/fd/%d", command, (int)getpid(), fd);
	FILE *pipe = popen(line, "r");
	assert_non_null(pipe);
	size_t n = fread(out, 1, room, pipe);
	assert_true(n < room); /* or bytes may be missing */
	assert_int_equal(pclose(pipe), 0);
	close(fd);
	return span_of(out, n);
}

#endif
