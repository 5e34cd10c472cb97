/* detect.h -- which log format each input is in, and whether its lines have the fields of the
 * query.
 *
 * --log-format names one format for all inputs; otherwise the format is
 * guessed from each input's first lines, see formats/guess.h.
 *
 * In W3C logs, lines "#Fields:" say how the lines after them are cut.  detect_look notes where such
 * headings are, so that a worker can begin anywhere in an input.
 */
#ifndef COUNT_DETECT_H
#define COUNT_DETECT_H

#include "input/input.h"
#include "query/query.h"

struct formats;

/* The result of detect_head. */
enum detected {
	DETECTED,         /* a format, with all fields of the query */
	DETECTED_NONE,    /* no format: the input can't be counted, but others can */
	DETECTED_UNUSABLE /* a format that lacks a field, or out of memory: the run must end */
};

/* Compile the format that --log-format names, or all known ones.  All three arguments must outlive
 * the result.  NULL, with a complaint, if the format is wrong or lacks a field of the query, or
 * if out of memory. */
struct formats *detect_new(
	const struct query_spec *, const struct query *, const struct scan *, struct complaint *);

/* Find the format of each input that is not a stream.  An input that can't be read or is in no
 * known format is dropped, with a warning; *dropped becomes the number of these.  False, with a
 * complaint, if an input lacks a field of the query, or if out of memory. */
bool detect_look(struct formats *, struct inputs *, const struct warner *, size_t *dropped,
	struct complaint *);

/* The format for the lines from offset on of an input that detect_look has seen.  It belongs to the
 * formats, and is good for this process until the next call. */
struct logformat *detect_at(struct formats *, size_t input, uint64_t offset);

/* Find the format of a stream by its first INPUT_HEAD bytes, or all of them if there are fewer; of
 * an input without lines, any.  *format is NULL unless DETECTED; the complaint does not name the
 * input. */
enum detected detect_head(
	struct formats *, struct span head, struct logformat **format, struct complaint *);

/* A number by which detect_numbered finds the format in another process.  False if its lines say
 * how the lines after them are cut: then whoever counts some lines must have seen all before them.
 */
bool detect_number(const struct formats *, const struct logformat *, unsigned *number);
struct logformat *detect_numbered(const struct formats *, unsigned number);

/* After the warnings about inputs of unknown formats: what can be done about them.  Nothing if
 * there are none. */
void detect_hint(const struct warner *, size_t unknown);

void detect_free(struct formats *);

#endif
