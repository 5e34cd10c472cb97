#include "lib/terminal.h"

#include <stdlib.h>
#include <sys/ioctl.h>

enum { COLUMNS_MAX = 100000 };

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
