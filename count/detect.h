/* detect.h -- which format each input is in, and that it has the fields that are asked.
 *
 * --log-format says it for all, or each input's first lines tell: of the first LINES lines
 * that fit any format that is known, the most detailed format is taken that fits more than
 * half of them.
 *
 * Where lines say how those behind them are cut (W3C's "#Fields:"), the places of such
 * lines are noted, so that a worker can begin anywhere.
 */
#ifndef COUNT_DETECT_H
#define COUNT_DETECT_H

#include "input/input.h"
#include "query/query.h"

struct formats;

/* Why an input can't be counted. */
struct problem {
	enum { PROBLEM_NONE, PROBLEM_UNKNOWN, PROBLEM_NO_FIELD, PROBLEM_MEMORY } kind;
	uint64_t line;    /* that fits no format */
	char text[160];   /* how it begins; or the field's name */
	char fields[512]; /* that there are instead; "" if no line says so */
};

/* Compile what --log-format says.  Dies with a message on what is wrong, a field that
 * the format does not have included. */
struct formats *detect_new(const struct query_spec *, const struct query *, const struct scan *);

/* Look at all inputs but streams.  One that is in no known format, or can't be read, is
 * warned of and dropped; a field that one does not have is a mistake: it dies.  How many
 * were dropped. */
size_t detect_look(struct formats *, struct inputs *);

/* The format for the lines of such an input from offset on, in this process. */
struct logformat *detect_at(struct formats *, size_t input, uint64_t offset);

/* The format for a stream's lines, by its first INPUT_HEAD bytes, or all of them; for an
 * input without lines any.  NULL and *problem if there is none.  Never prints. */
struct logformat *detect_of(struct formats *, struct span head, struct problem *);

/* A number by which formats_numbered finds the format in another process; false if its lines
 * say how those behind them are cut, so that who counts some must have seen all before. */
bool detect_number(const struct formats *, const struct logformat *, unsigned *number);
struct logformat *detect_numbered(const struct formats *, unsigned number);

/* Say it on stderr. */
void problem_tell(const char *input, const struct problem *);

/* After that: what can be done about inputs of unknown formats, of which there are so many. */
void problems_hint(size_t unknown);

void detect_free(struct formats *);

#endif
