/* fullio.h -- reads and writes all bytes of a buffer, even if each system call transfers only some
 * of them.
 */
#ifndef LIB_FULLIO_H
#define LIB_FULLIO_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Read len bytes at an offset, or fewer if the file ends earlier.  Returns how many were read, or
 * -1 on error (errno). */
ssize_t fullio_read_at(int fd, void *to, size_t len, uint64_t offset);

/* Like fullio_read_at(), but read from the current position.  This works for a pipe, too. */
ssize_t fullio_read(int fd, void *to, size_t len);

/* Read exactly len bytes at an offset.  False on error (errno); EIO if the file ends too early. */
bool fullio_read_all_at(int fd, void *to, size_t len, uint64_t offset);

/* Write len bytes at an offset.  False on error (errno): then some of the bytes may have been
 * written. */
bool fullio_write_at(int fd, const void *from, size_t len, uint64_t offset);

/* Like fullio_write_at(), but write at the current position. */
bool fullio_write(int fd, const void *from, size_t len);

#endif
