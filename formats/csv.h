/* csv.h -- recognises the header of CSV and TSV.  The format itself is compiled from "csv:" and the
 * header: see logformat.h.
 */
#ifndef FORMATS_CSV_H
#define FORMATS_CSV_H

#include "lib/span.h"

/* True if the line can be a header: at least two names between commas, semicolons, bars or tabs. */
bool csv_is_header(struct span line);

/* True if a value in quotes is not closed at the end of the line. */
bool csv_is_open(struct span header, struct span line);

#endif
