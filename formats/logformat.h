/* logformat.h -- log formats: which fields a line has, and where.
 *
 * A format is compiled once, from a name, an Apache LogFormat string or an nginx log_format string,
 * together with the fields that a query needs.  Then lines are cut by it.  The values go to slots:
 * one for each base field, and one for each needed field that only the format knows.
 *
 * Whether a line fits a format does not depend on the fields that a query needs: nothing is
 * guessed.
 *
 * Sources: https://httpd.apache.org/docs/2.4/mod/mod_log_config.html,
 * https://nginx.org/en/docs/http/ngx_http_log_module.html, http://ltsv.org,
 * https://www.w3.org/TR/WD-logfile.html, RFC 8259 (JSON).
 */
#ifndef FORMATS_LOGFORMAT_H
#define FORMATS_LOGFORMAT_H

#include "formats/slots.h"
#include "lib/complaint.h"

struct logformat;

/* Compile a format.  NULL, with a complaint, on error.  text and wanted must outlive the format. */
struct logformat *logformat_compile(
	const char *text, const struct wanted *wanted, struct complaint *);

/* The formats that can be guessed, the most detailed first; NULL ends them. */
extern const char *const logformat_known[];

/* Its name, or if it has none, its text. */
const char *logformat_name(const struct logformat *);

/* The set of bases that its lines can have; all of them if the format has no fixed fields. */
uint32_t logformat_bases(const struct logformat *);

/* True if its lines can have a field of the format's own with that name. */
bool logformat_has(const struct logformat *, const char *name);

/* The i-th name of a field of the format's own; empty if there are fewer. */
struct span logformat_own_name(const struct logformat *, size_t i);

/* If each line names its fields, as in JSON: list the fields of a line that fits which are not
 * bases, as far as there is memory. */
void logformat_tell_own(const struct logformat *, struct span line, const struct listener *);

/* If some lines, the headings, say how the lines after them are cut ("#Fields:"): what a heading
 * begins with.  Empty for other formats. */
struct span logformat_heading(const struct logformat *);

/* Forget all headings; cut the next lines by this one, if it is not empty. */
void logformat_restart(struct logformat *, struct span heading);

/* The number of slots that a cut fills. */
size_t logformat_slots(const struct logformat *);

/* True if cuts are faster with the quotes that marks() has found. */
bool logformat_uses_marks(const struct logformat *);

/* Find a base in all lines of a block that are of the usual kind: see cut_usual in cutter.h.  False
 * if each line must be cut. */
bool logformat_cut_usual(
	struct logformat *, const struct marked *, enum base, struct span *values, uint32_t *first);

/* Cut a line, given without its newline. */
enum cut_result logformat_cut(struct logformat *, struct span line, const struct cut *);

void logformat_free(struct logformat *);

#endif
