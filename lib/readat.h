/* readat.h -- pread until all is there. */
#ifndef LIB_READAT_H
#define LIB_READAT_H

#include <stdint.h>
#include <sys/types.h>

/* Read len bytes at an offset, or as many as the file has there.  The number of bytes, -1 on
 * error (errno). */
ssize_t read_at(int fd, void *to, size_t len, uint64_t offset);

#endif
