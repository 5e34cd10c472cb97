/* logformat.h -- log formats: what the fields of a line are, and where.
 *
 * A format is compiled once from a name, from an Apache LogFormat string or from an nginx
 * log_format string, together with what of it will be asked; then lines are cut by it.
 * What a cut finds goes to slots: one for each base field, and one for each name that the
 * user asked for and that only the format knows.
 *
 * A line fits a format or does not, whichever of its fields are asked: nothing is guessed.
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

/* Compile.  NULL and a complaint on error.  text and wanted must outlive the format. */
struct logformat *logformat_compile(
	const char *text, const struct wanted *wanted, struct complaint *);

/* The formats that are recognised by themselves, the most detailed first; NULL ends them. */
extern const char *const logformat_known[];

/* How it is called, or its text. */
const char *logformat_name(const struct logformat *);

/* The bases that its lines can have.  A format without fixed fields can have all. */
uint32_t logformat_bases(const struct logformat *);

/* True if its lines can have the format's own field of that name. */
bool logformat_has(const struct logformat *, const char *name);

/* The i-th of the names that only it knows; empty behind the last. */
struct span logformat_own_name(const struct logformat *, size_t i);

/* Where each line has names of its own, as JSON's: tell what one that fits holds besides the bases,
 * as far as there is memory. */
void logformat_tell_own(const struct logformat *, struct span line, const struct listener *);

/* Where lines say how the lines behind them are cut ("#Fields:"), what such a line begins
 * with; empty for other formats. */
struct span logformat_heading(const struct logformat *);

/* Forget the headings seen; cut the lines to come by this one, if it is not empty. */
void logformat_restart(struct logformat *, struct span heading);

size_t logformat_slots(const struct logformat *);

/* True if cuts are faster with marks. */
bool logformat_uses_marks(const struct logformat *);

/* Find a base in all lines of a block that are of the usual kind, as cutter.h has it.  False:
 * each has to be cut. */
bool logformat_cut_usual(
	struct logformat *, const struct marked *, enum base, struct span *values, uint32_t *first);

/* Cut a line, which is without its end.  Never prints, never exits. */
enum cut_result logformat_cut(struct logformat *, struct span line, const struct cut *);

void logformat_free(struct logformat *);

#endif
