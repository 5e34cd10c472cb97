/* logformat.h -- log formats: which fields the lines of a log have, and where.
 *
 * A format is compiled once: from its name, an Apache LogFormat string or an nginx log_format
 * string, and from the list of the fields that a query needs.  Then it cuts lines: it finds the
 * values of these fields and stores them in slots.  There is one slot for each base field (a field
 * that many formats have: see base.h), and one for each other field that the query needs.
 *
 * Whether a line fits a format does not depend on which fields a query needs.
 *
 * Sources: https://httpd.apache.org/docs/2.4/mod/mod_log_config.html,
 * https://nginx.org/en/docs/http/ngx_http_log_module.html, http://ltsv.org,
 * https://www.w3.org/TR/WD-logfile.html, RFC 8259 (JSON).
 */
#ifndef FORMATS_LOGFORMAT_H
#define FORMATS_LOGFORMAT_H

#include "formats/cut.h"
#include "lib/complaint.h"

struct logformat;

/* Compile a format, given as a name, a format string, or a piece of a server's configuration that
 * contains the string (see unpaste.h).  `wanted` must outlive the format, which logformat_free()
 * frees.  NULL, with a complaint, on error. */
struct logformat *logformat_compile(
	const char *text, const struct wanted *wanted, struct complaint *);

/* The names of the formats that wf can guess, the most detailed first.  NULL ends the list. */
extern const char *const logformat_known[];

/* Return the format's name.  If it has none, return the string from which it was compiled. */
const char *logformat_name(const struct logformat *);

/* Return the set of base fields that lines of the format can have.  It contains all base fields if
 * each line names its own fields, as JSON does. */
uint32_t logformat_bases(const struct logformat *);

/* True if lines of the format can have a field of this name that is not a base field. */
bool logformat_has(const struct logformat *, const char *name);

/* Return the name of field number `i` among the fields that are not base fields, counting from 0.
 * Empty if there is no such field. */
struct span logformat_own_name(const struct logformat *, size_t i);

/* Call the listener for each field of a line that is not a base field.  This is only for formats
 * whose lines name their fields, such as JSON; for others, call logformat_own_name().  The line
 * must fit the format.  False if out of memory. */
bool logformat_tell_own(const struct logformat *, struct span line, const struct listener *);

/* True if the times of lines are in UTC unless they have a zone.  W3C's format requires that. */
bool logformat_times_are_utc(const struct logformat *);

/* Return the text with which the headings of the format begin; empty if the format has no headings.
 * A heading is a line that says which fields the lines after it have, such as "#Fields: date time
 * c-ip". */
struct span logformat_heading(const struct logformat *);

/* Forget the last heading.  If `heading` is not empty, use it to cut the next lines.  False (errno)
 * if out of memory; then no line fits. */
bool logformat_restart(struct logformat *, struct span heading);

/* Return the number of slots that a cut needs, which is the length of cut.slots. */
size_t logformat_slots(const struct logformat *);

/* True if lines are cut faster when cut.quotes has the quotes that scan->marks() finds. */
bool logformat_uses_marks(const struct logformat *);

/* Find the values of base fields in the usual lines of a block, whose quotes must be known, and set
 * marked.first.  False if the format can't do this; then cut the lines one by one. */
bool logformat_cut_usual(struct logformat *, const struct marked *, struct usual_columns *);

/* Cut a line, given without its newline, and store the values in cut.slots. */
enum cut_result logformat_cut(struct logformat *, struct span line, const struct cut *);

/* Return the offset of the first byte that does not fit in a line that does not fit the format.
 * SIZE_MAX if formats of this kind can't tell. */
size_t logformat_stop(struct logformat *, struct span line);

void logformat_free(struct logformat *);

#endif
