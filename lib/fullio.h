/* fullio.h -- reading and writing until all is there, at an offset or where a descriptor is. */
#ifndef LIB_FULLIO_H
#define LIB_FULLIO_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Read len bytes at an offset, or as many as the file has there.  The number of bytes, -1 on
 * error (errno). */
ssize_t fullio_read_at(int fd, void *to, size_t len, uint64_t offset);

/* The same without an offset, of pipes too. */
ssize_t fullio_read(int fd, void *to, size_t len);

/* Read all of len bytes at an offset.  False on error (errno): EIO if the file ends before. */
bool fullio_read_all_at(int fd, void *to, size_t len, uint64_t offset);

/* Write len bytes at an offset, or behind what was written before.  False on error (errno), when
 * some of them may have been. */
bool fullio_write_at(int fd, const void *from, size_t len, uint64_t offset);
bool fullio_write(int fd, const void *from, size_t len);

#endif
