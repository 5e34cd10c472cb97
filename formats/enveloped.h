/* enveloped.h -- opens the envelopes of a log's first lines (envelope.h), so that the format of the
 * lines inside can be recognised.
 *
 * enveloped.c implements a cutter for such lines.  Its format string has the kind of envelope and
 * the format of the lines inside, which may be any format without headings:
 *
 *	docker:combined
 *	${envelope.time} ${envelope.stream} F ${json}
 *
 * A field of the query that the lines inside do not have is looked for in the envelope.  The names
 * of an envelope's own fields begin with "envelope.".
 */
#ifndef FORMATS_ENVELOPED_H
#define FORMATS_ENVELOPED_H

#include "formats/envelope.h"

/* Return the lines inside the first `most` lines that are envelopes of this kind, each with '\n'
 * after it.  The caller frees .at, which is NULL if out of memory. */
struct span enveloped_lines(const struct envelope_json *, struct span lines, size_t most);

#endif
