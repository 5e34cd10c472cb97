#include "cli/unmatched_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/message.h"
#include "lib/terminal.h"
#include "progress/progress_file.h"

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* True if `fd` is open on the file `name`. */
static bool is_file(const char *name, int fd)
{
	struct stat named, opened;

	return stat(name, &named) == 0 && fstat(fd, &opened) == 0 && is_same(&named, &opened);
}

/* True if `fd` and stdout are the same file or pipe, in which the lines would get mixed up with the
 * ranking.  False for a device such as a terminal, where the user may want to see both. */
static bool is_stdout(int fd)
{
	struct stat out, opened;

	return fstat(STDOUT_FILENO, &out) == 0 && fstat(fd, &opened) == 0 &&
	       is_same(&out, &opened) && !S_ISCHR(out.st_mode);
}

/* Return the reason why --unmatched must not write to the file that is open as `fd`; NULL if it
 * may. */
static const char *why_not_unmatched(const struct options *o, const struct inputs *inputs, int fd)
{
	char *news = o->meter.output ? progress_file_name(o->meter.output) : NULL;
	bool is_saved = (o->save && is_file(o->save, fd)) || (news && is_file(news, fd));
	bool prints = o->save ? strcmp(o->save, "-") == 0 : !o->report.quiet;

	free(news);
	if (inputs_have(inputs, fd))
		return "is an input, which --unmatched would overwrite";
	if (is_saved)
		return "is also the file of --save";
	return prints && is_stdout(fd) ? "is also standard output" : NULL;
}

FILE *unmatched_file_open(const struct options *o, const struct inputs *inputs)
{
	if (!o->unmatched)
		return NULL;
	if (strcmp(o->unmatched, "-") == 0)
		return stderr;
	bool made = access(o->unmatched, F_OK) != 0;
	int fd = open(o->unmatched, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	FILE *out = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (!out)
		die("%s: %s", o->unmatched, strerror(errno));
	const char *why = why_not_unmatched(o, inputs, fd);
	if (!why)
		return out;
	fclose(out);
	if (made)
		unlink(o->unmatched);
	die("%s: %s", o->unmatched, why);
}

/* Truncate a file to 0 bytes, if it is a regular file; others need not be truncated.  False on an
 * error (errno). */
static bool empty(FILE *out)
{
	struct stat st;

	return fstat(fileno(out), &st) != 0 || !S_ISREG(st.st_mode) ||
	       ftruncate(fileno(out), 0) == 0;
}

bool unmatched_file_write(const struct options *o, FILE *out, const struct rejects *rejects,
	const struct chunker *chunker, const struct inputs *inputs)
{
	bool to_stderr = out == stderr, safely = isatty(fileno(out));

	if (to_stderr)
		out = terminal_stream(stderr);
	bool ok = out && (to_stderr || empty(out)) &&
		  rejects_print(rejects, chunker, inputs, out, safely) &&
		  (to_stderr ? terminal_close(out) : fclose(out) == 0);

	if (!ok)
		warn("%s: %s", o->unmatched, strerror(errno));
	return ok;
}
