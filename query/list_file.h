/* list_file.h -- reads the file of "FIELD in @FILE": one value, address or network a line.
 *
 * Blanks around a value are dropped.  A '#' at the start of a line or after a blank begins a comment.
 */
#ifndef QUERY_LIST_FILE_H
#define QUERY_LIST_FILE_H

#include "lib/complaint.h"
#include "query/value_set.h"

/* Room for the checksum of a file as text. */
enum { LIST_FILE_SUM = 33 };

/* Add the values of a file to a set.  `numbers` means that all must be numbers.  `sum` becomes a
 * checksum of the file's bytes: XXH3 with 128 bits, in hexadecimal.  False, with a complaint, on
 * error. */
bool list_file_read(const char *name, bool numbers, struct value_set *, char sum[LIST_FILE_SUM],
	struct complaint *);

#endif
