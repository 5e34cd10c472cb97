#include "lib/fullio.h"

#include <errno.h>
#include <stddef.h>
#include <unistd.h>

/* Read at *offset, or at the current position if offset is NULL. */
static ssize_t read_until(int fd, char *to, size_t len, const uint64_t *offset)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = offset ? pread(fd, to + done, len - done, (off_t)(*offset + done))
				   : read(fd, to + done, len - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		done += (size_t)n;
	}
	return (ssize_t)done;
}

ssize_t fullio_read_at(int fd, void *to, size_t len, uint64_t offset)
{
	return read_until(fd, to, len, &offset);
}

ssize_t fullio_read(int fd, void *to, size_t len)
{
	return read_until(fd, to, len, NULL);
}

bool fullio_read_all_at(int fd, void *to, size_t len, uint64_t offset)
{
	ssize_t n = fullio_read_at(fd, to, len, offset);

	if (n >= 0 && (size_t)n < len)
		errno = EIO;
	return n >= 0 && (size_t)n == len;
}

/* Write at *offset, or at the current position if offset is NULL. */
static bool write_until(int fd, const char *from, size_t len, const uint64_t *offset)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = offset ? pwrite(fd, from + done, len - done, (off_t)(*offset + done))
				   : write(fd, from + done, len - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		done += (size_t)n;
	}
	return true;
}

bool fullio_write_at(int fd, const void *from, size_t len, uint64_t offset)
{
	return write_until(fd, from, len, &offset);
}

bool fullio_write(int fd, const void *from, size_t len)
{
	return write_until(fd, from, len, NULL);
}
