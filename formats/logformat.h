/* logformat.h -- log formats: which fields a line has, and where.
 *
 * A format is compiled once, from a name, an Apache LogFormat string or an nginx log_format string,
 * and from the list of the fields that a query needs.  Then lines are cut by it.  The values go to
 * slots: there is one slot for each base field, and one for each needed field that only the format
 * knows.
 *
 * Whether a line fits a format does not depend on which fields a query needs.
 *
 * Sources: https://httpd.apache.org/docs/2.4/mod/mod_log_config.html,
 * https://nginx.org/en/docs/http/ngx_http_log_module.html, http://ltsv.org,
 * https://www.w3.org/TR/WD-logfile.html, RFC 8259 (JSON).
 */
#ifndef FORMATS_LOGFORMAT_H
#define FORMATS_LOGFORMAT_H

#include "formats/fields.h"
#include "lib/complaint.h"

struct logformat;

/* Compile a format.  NULL, with a complaint, on error.  `text` and `wanted` must outlive the
 * format. */
struct logformat *logformat_compile(
	const char *text, const struct wanted *wanted, struct complaint *);

/* The names of the formats that can be guessed, the most detailed first.  NULL is the end. */
extern const char *const logformat_known[];

/* The format's name; if it has none, its text. */
const char *logformat_name(const struct logformat *);

/* The set of bases that the format's lines can have.  All bases if it has no fixed fields. */
uint32_t logformat_bases(const struct logformat *);

/* True if the format's lines can have a field of the format's own with that name. */
bool logformat_has(const struct logformat *, const char *name);

/* The name of the i-th field of the format's own; empty if there are fewer. */
struct span logformat_own_name(const struct logformat *, size_t i);

/* For formats whose lines name their fields, such as JSON: list those fields of a line that are not
 * bases.  The line must fit the format.  Fields are left out if out of memory. */
void logformat_tell_own(const struct logformat *, struct span line, const struct listener *);

/* In some formats there are headings, lines that say how the lines after them are cut ("#Fields:").
 * Returns what a heading begins with.  Empty for other formats. */
struct span logformat_heading(const struct logformat *);

/* Forget all headings.  If `heading` is not empty, cut the next lines by this one. */
void logformat_restart(struct logformat *, struct span heading);

/* The number of slots that a cut fills. */
size_t logformat_slots(const struct logformat *);

/* True if lines are cut faster with the quotes that the scan's marks() finds. */
bool logformat_uses_marks(const struct logformat *);

/* Find a base in all lines of a block that are of the usual kind: see cut_usual() in cutter.h.
 * False if each line must be cut one by one. */
bool logformat_cut_usual(
	struct logformat *, const struct marked *, enum base, struct span *values, uint32_t *first);

/* Cut a line, given without its newline. */
enum cut_result logformat_cut(struct logformat *, struct span line, const struct cut *);

void logformat_free(struct logformat *);

#endif
