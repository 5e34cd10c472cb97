/* hostname.h -- the name of this host, for messages and to distinguish hosts. */
#ifndef LIB_HOSTNAME_H
#define LIB_HOSTNAME_H

#include <limits.h>
#include <stdbool.h>

enum { HOSTNAME_SIZE = HOST_NAME_MAX + 1 };

/* Get the name of this host.  False if the name is not known: then `name` becomes "unknown". */
bool hostname_get(char name[HOSTNAME_SIZE]);

#endif
