/* watch.c -- fuzz the file that --watch reads, which another user may have written: whatever the
 * bytes, following ends, with a message of one line.
 *
 * Input: one byte, then what follows the file's first line.  Further lines are added to it, so that
 * following ends at once; a line later in the file replaces an earlier one.
 *	bit 0	nothing is put before the bytes
 *	bit 1	the run has ended; else no report follows within 0 seconds
 *	bit 2	and who wrote the file is not changed
 */
#include "fuzz.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/own_magic.h"
#include "progress/progress_file.h"

enum { NO_MAGIC = 1, ENDED = 2, ANY_WRITER = 4 };

static char directory[] = "/dev/shm/wf-fuzz-XXXXXX", output[64], path[80];

static void remove_all(void)
{
	unlink(path);
	rmdir(directory);
}

/* The file is replaced by each run. */
static void make_directory(void)
{
	assert(mkdtemp(directory));
	snprintf(output, sizeof output, "%s/run", directory);
	snprintf(path, sizeof path, "%s.progress", output);
	atexit(remove_all);
}

static void write_file(unsigned how, const uint8_t *data, size_t size)
{
	FILE *out = fopen(path, "w");

	assert(out);
	if (!(how & NO_MAGIC))
		fprintf(out, "%s\n", PROGRESS_MAGIC);
	fwrite(data, 1, size, out);
	fputs(how & ANY_WRITER ? "\n" : "\nhost h\nplace p\npid 1\nborn 1\n", out);
	fputs(how & ENDED ? "state ended\n" : "state counting\nagain 0\n", out);
	fclose(out);
}

static void check(void *n, const struct complaint *c)
{
	size_t len = strnlen(c->text, sizeof c->text);

	assert(len && len < sizeof c->text && !memchr(c->text, '\n', len));
	++*(size_t *)n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t warnings = 0;
	struct warner warner = {check, &warnings};

	if (!size)
		return 0;
	if (!*output)
		make_directory();
	write_file(data[0], data + 1, size - 1);
	int status = progress_file_follow(output, &warner);
	assert(warnings == 1 && status >= 0 && status < 256);
	return 0;
}
