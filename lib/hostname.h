/* hostname.h -- this host's name, for people, and to tell several hosts from each other. */
#ifndef LIB_HOSTNAME_H
#define LIB_HOSTNAME_H

#include <limits.h>
#include <stdbool.h>

enum { HOSTNAME_SIZE = HOST_NAME_MAX + 1 };

/* The name.  Where there is none, or it can't be had: "unknown", and false. */
bool hostname_get(char name[HOSTNAME_SIZE]);

#endif
