/* openfile.h -- opens a file for reading, if it is a regular file.
 *
 * Somebody else may have made a file of that name.  If it were a FIFO, open() would wait for a
 * writer, and this process may have blocked the signals that would end the waiting.
 */
#ifndef LIB_OPENFILE_H
#define LIB_OPENFILE_H

#include <stdio.h>

/* Open the file without waiting.  -1 on error (errno): EINVAL if it is neither a regular file nor a
 * directory, EISDIR if it is a directory. */
int openfile_regular(const char *name);

/* Do the same, but return a stream; NULL on error (errno). */
FILE *openfile_stream(const char *name);

#endif
