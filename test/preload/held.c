/* held.c -- stops workers in the middle of their work, for as long as a test needs.
 *
 * A forked child that has asked PCRE2 about HELD_AFTER lines (default: 0) adds a line with its PID
 * to the file $HELD.stopped and sleeps while the file $HELD is empty.  Then it asks about as many
 * lines again, and sleeps until $HELD has two bytes, and so on.  When $HELD does not exist any
 * more, it never sleeps again.
 *
 * $HELD.stopped is opened at the start, since workers cannot open files. */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

typedef int matcher(const void *, const char *, size_t, size_t, uint32_t, void *, void *);

static pid_t parent;
static const char *held;
static long each, lines, steps;
static int stopped;

__attribute__((constructor)) static void begin(void)
{
	const char *after = getenv("HELD_AFTER");

	parent = getpid();
	held = getenv("HELD");
	each = after ? atol(after) : 0;
	if (held) {
		char name[4096];
		snprintf(name, sizeof name, "%s.stopped", held);
		stopped = open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	}
}

static void note_stop(void)
{
	dprintf(stopped, "%d\n", (int)getpid());
}

static void hold(void)
{
	struct stat file;

	if (!held || getpid() == parent || lines++ < each)
		return;
	lines = 0;
	steps++;
	note_stop();
	do {
		if (stat(held, &file) != 0)
			held = NULL;
	} while (held && file.st_size < steps && usleep(5000) == 0);
}

int pcre2_match_8(const void *code, const char *line, size_t len, size_t from, uint32_t options,
	void *data, void *context)
{
	static matcher *real;

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "pcre2_match_8");
	hold();
	return real(code, line, len, from, options, data, context);
}

int pcre2_jit_match_8(const void *code, const char *line, size_t len, size_t from, uint32_t options,
	void *data, void *context)
{
	static matcher *real;

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "pcre2_jit_match_8");
	hold();
	return real(code, line, len, from, options, data, context);
}
