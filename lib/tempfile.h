/* tempfile.h -- files without a name, which are gone when the last descriptor is.
 */
#ifndef LIB_TEMPFILE_H
#define LIB_TEMPFILE_H

/* A descriptor of an empty file in $TMPDIR, or /tmp, open for reading and writing.  -1 on
 * error (errno). */
int tempfile_open(void);

/* $TMPDIR, or /tmp. */
const char *tempfile_folder(void);

#endif
