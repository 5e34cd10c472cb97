/* query.h -- what the user asked, compiled into something that lines can be asked.
 *
 *	line -> filters -> key
 *
 * A line that fails a filter is filtered out; one in which no key is found is
 * unmatched; one over which a pattern gave up is counted as that.  Each line has one
 * of these verdicts, so they add up to the number of lines.
 *
 * Lines are asked in blocks: the query may skip over lines whose verdict is known
 * without looking at them, because they lack a literal.
 */
#ifndef QUERY_H
#define QUERY_H

#include <stdint.h>

#include "lib/scan.h"
#include "lib/span.h"
#include "lib/words.h"

/* As the options say it. */
struct query_spec {
	const char *regexp; /* -e, NULL: the URL of an access log */
	const char *key;    /* -k, NULL: group 1, or the whole match */
	struct words grep;  /* -g: all must match */
	struct words vgrep; /* -v: none may match */
	bool ignore_case;   /* -i */
};

struct query;

/* Blocks of up to this many bytes keep the working set within the first-level cache
 * and its neighbour; a longer one must be a single line. */
enum { QUERY_BLOCK = 16 * 1024 };

/* Where every line went: lines = matched + filtered + gave_up + the unmatched. */
struct verdicts {
	uint64_t lines, matched, filtered, gave_up;
};

static inline uint64_t verdicts_unmatched(const struct verdicts *v)
{
	return v->lines - v->matched - v->filtered - v->gave_up;
}

/* The answers to one block. */
struct batch {
	struct span keys[QUERY_BLOCK + 1]; /* of the lines that matched, in their order */
	size_t n;
	struct verdicts verdicts;
	const char *gave_up_at; /* the first line given up, or NULL */

	/* The query's own: bytes of keys put together by -k, and line ends. */
	char *scratch;
	size_t scratch_len, scratch_room;
	uint32_t ends[QUERY_BLOCK + 1];
};

/* Compile.  Dies with a message on a bad pattern or template. */
struct query *query_compile(const struct query_spec *, const struct scan *);

struct batch *batch_new(void); /* NULL where memory is out */
void batch_free(struct batch *);

/* Ask a block of whole lines (the last may lack its '\n') and fill the batch anew.
 * Keys point into the block or into the batch: use them before either changes.
 * False where memory is out.  Never prints, never exits. */
bool query_ask(struct query *, struct span block, struct batch *);

void query_free(struct query *);

#endif
