/* tempfile.h -- temporary files without a name, which vanish when their last descriptor is closed.
 */
#ifndef LIB_TEMPFILE_H
#define LIB_TEMPFILE_H

/* Make an empty file in $TMPDIR, or /tmp.  Returns a descriptor for reading and writing, or -1 on
 * error (errno). */
int tempfile_open(void);

/* Return the directory of temporary files: $TMPDIR, or /tmp. */
const char *tempfile_directory(void);

#endif
