#include "lib/hostname.h"

#include <stdio.h>
#include <unistd.h>

bool host_name(char name[HOST_NAME])
{
	bool known = gethostname(name, HOST_NAME) == 0;

	if (known && *name)
		return true;
	snprintf(name, HOST_NAME, "unknown");
	return false;
}
