/* row_file.h -- keeps rows of rankings in a temporary file.
 *
 *	row_file_new --> row_file_add ... --> row_file_rewind --> row_file_next ...
 *
 * Rows are read in the order in which they were added.  If that is the order of a run
 * (store/sorted_run.h), several files can be joined by their keys, with one row of each in memory.
 */
#ifndef RANK_ROW_FILE_H
#define RANK_ROW_FILE_H

#include "rank/top.h"

struct row_file;

/* Make an empty file in $TMPDIR.  NULL on error (errno). */
struct row_file *row_file_new(void);
void row_file_free(struct row_file *);

/* Append a row with n_values values; `key` has its hash and its group.  False on error (errno). */
bool row_file_add(
	struct row_file *, const struct counted *key, const struct row *, size_t n_values);

/* Go to the first row.  False on error (errno), also if a row could not be written. */
bool row_file_rewind(struct row_file *);

/* Read the next row.  The bytes of its key, to which *key also points, and its values are valid
 * until the next call.  *more is false if there is no next row.  False on error (errno). */
bool row_file_next(struct row_file *, struct counted *key, struct row *, bool *more);

#endif
