#include "lib/terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { COLUMNS_MAX = 100000, LINE = 1024 };

size_t terminal_columns(int fd)
{
	const char *wanted = getenv("COLUMNS");
	struct winsize size;
	char *end = NULL;
	long n = wanted ? strtol(wanted, &end, 10) : 0;

	if (n > 0 && n <= COLUMNS_MAX && !*end)
		return (size_t)n;
	return ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

bool terminal_can_erase(int fd)
{
	const char *term = getenv("TERM");

	return isatty(fd) && term && *term && strcmp(term, "dumb") != 0;
}

bool terminal_is_ours(int fd)
{
	pid_t foreground = tcgetpgrp(fd);

	return foreground < 0 || foreground == getpgrp();
}

void terminal_put_line(int fd, const char *line)
{
	char text[LINE + 8];
	int len = snprintf(text, sizeof text, "\r%.*s\033[K", LINE, line);

	/* If the terminal does not accept the text, ignore the error. */
	if (len > 0 && write(fd, text, (size_t)len) < 0)
		return;
}
