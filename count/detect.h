/* detect.h -- finds the log format of each input, and checks that the format has the fields of the
 * query.
 *
 * --log-format names one format for all inputs.  Without it, the format of each input is guessed
 * from its first lines: see formats/guess.h.
 *
 * In W3C logs, "#Fields:" lines are headings: they say how the lines after them are cut into
 * fields.  detect_look() notes where the headings are, so that a worker can begin anywhere in an
 * input.
 */
#ifndef COUNT_DETECT_H
#define COUNT_DETECT_H

#include "input/input.h"
#include "query/query.h"

struct formats;

/* The result of detect_head(). */
enum detected {
	DETECTED,         /* the format is known, and has all fields of the query */
	DETECTED_NONE,    /* the format is not known: the input can't be counted, but others can */
	DETECTED_UNUSABLE /* the format lacks a field, or out of memory: the run must end */
};

/* Compile the format that --log-format names, or all known formats if the option is absent or
 * "auto".  The spec, the query and the scan must outlive the result.  NULL, with a complaint, if
 * the format is wrong or lacks a field of the query, or if out of memory. */
struct formats *detect_new(
	const struct query_spec *, const struct query *, const struct scan *, struct complaint *);

/* Find the format of each input that is not a stream, and of each compressed file that has parts.
 * An input that can't be read, or whose format is not known, is dropped with a warning.  *dropped
 * becomes the number of such inputs.  False, with a complaint, if an input lacks a field of the
 * query, or if out of memory. */
bool detect_look(struct formats *, struct inputs *, const struct warner *, size_t *dropped,
	struct complaint *);

/* If the first lines of an input lack a field of the query, and its lines name their fields: return
 * the names of the fields in such a line, separated by blanks.  Otherwise "".  Call this after
 * detect_look().  `formats` may be NULL. */
const char *detect_present(const struct formats *);

/* Use these names as detect_present(), unless there are some: another process has found them in a
 * stream. */
void detect_note_present(struct formats *, const char *names);

/* The format of an input that detect_look() has examined, ready to cut the lines from `offset` on.
 * The caller must not free it.  The next call of detect_at() or detect_head() in this process may
 * change it.  NULL (errno) if out of memory. */
struct logformat *detect_at(struct formats *, size_t input, uint64_t offset);

/* Find the format of an input from `head`: its first INPUT_HEAD bytes, or all bytes if there are
 * fewer.  If the query needs a field that comes after those of a known format, that is the format of
 * detect_longer().  An input without lines fits any format.  If the result is not DETECTED, *format is NULL,
 * and there is a complaint, which does not name the input. */
enum detected detect_head(
	struct formats *, struct span head, struct logformat **format, struct complaint *);

/* If the lines go on after the last field of the known format that detect_head() has found in them,
 * such as with a request time after the Combined Log Format: return a format string that also names
 * what follows.  NULL if nothing follows, or if its meaning is not clear. */
const char *detect_longer(struct formats *, const struct logformat *found, struct span head);

/* Warn about each field of the query that none of the first lines has, if the format is one whose
 * lines may have any field.  With such a format, an absent field is not an error.  But the field's
 * name may be misspelled, or the log may have another name for it, and then the counts would be
 * wrong.  detect_look() calls this for all inputs but streams.  False if out of memory. */
bool detect_warn_of_absent(struct formats *, struct logformat *, struct span head,
	const char *input, const struct warner *);

/* Set *number to the number of a format, from which detect_numbered() finds the format in another
 * process.  False if the number does not suffice: if the format was made from lines of a stream,
 * which no other process has seen, or if it has headings, all of which a process must have seen
 * before the lines that it cuts. */
bool detect_number(const struct formats *, const struct logformat *, unsigned *number);
struct logformat *detect_numbered(const struct formats *, unsigned number);

/* Suggest how to count inputs whose format is not known.  Call this after the warnings about them.
 * `unknown` is their number; if it is 0, nothing is printed. */
void detect_hint(const struct warner *, size_t unknown);

void detect_free(struct formats *);

#endif
