#include "lib/hostname.h"

#include <stdio.h>
#include <unistd.h>

bool hostname_get(char name[HOSTNAME_SIZE])
{
	bool known = gethostname(name, HOSTNAME_SIZE) == 0;

	if (known && *name)
		return true;
	snprintf(name, HOSTNAME_SIZE, "unknown");
	return false;
}
