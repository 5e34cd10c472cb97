/* clf.h -- cuts the usual lines of the Common and the Combined Log Format.
 *
 *	192.0.2.1 - - [17/Jun/2007:12:00:01 -0700] "GET / HTTP/1.1" 200 123 "-" "Mozilla"
 *	                                           0              1         2 3 4       5
 *
 * The scan has already found the positions of the quotes, which are numbered above.  In a usual
 * line everything else is at a fixed distance from a quote, so a few comparisons of eight bytes
 * check the line, without a loop or a branch on a length.  A line that is not usual may still fit
 * the format: layout.c cuts it field by field.
 *
 * All functions are inline, because a typical query spends half of its time here.
 */
#ifndef FORMATS_CLF_H
#define FORMATS_CLF_H

#include "formats/timestamp.h"
#include "lib/swar.h"
#include "scan/scan.h"

enum {
	CLF_CLIENT,
	CLF_IDENT,
	CLF_USER,
	CLF_TIME,
	CLF_REQUEST,
	CLF_STATUS,
	CLF_BYTES,
	CLF_COMMON, /* number of fields of the Common Log Format */
	CLF_REFERRER = CLF_COMMON,
	CLF_AGENT,
	CLF_COMBINED, /* number of fields of the Combined Log Format */
	CLF_TIME_LEN = TIMESTAMP_CLF,
	CLF_AHEAD = 34, /* number of bytes from the start of " - - [" to the quote after the time */
	CLF_AFTER_REQUEST = 8, /* from the quote after the request on, clf_is_usual() reads this
				* many bytes */
};

/* The places in a line from which clf_fields[] measures distances.  The first CLF_QUOTES places are
 * the quotes. */
enum {
	CLF_QUOTES = 6,        /* number of quotes in a combined line */
	CLF_COMMON_QUOTES = 2, /* number of quotes in a common line */
	CLF_START = CLF_QUOTES,
	CLF_BYTES_END,
	CLF_END,
	CLF_PLACES,
};

struct clf {
	const char *at[CLF_PLACES]; /* the quotes, the first nonblank byte of the line, the end of
				     * the field "bytes", and the end of the line */
};

/* Each field begins `from_more` bytes after the place `from`, and ends `to_more` bytes after the
 * place `to`. */
static const struct {
	unsigned char from, to;
	signed char from_more, to_more;
} clf_fields[CLF_COMBINED] = {
	[CLF_CLIENT] = {CLF_START, 0, 0, -CLF_AHEAD},
	[CLF_IDENT] = {0, 0, -CLF_AHEAD + 1, -CLF_AHEAD + 2},
	[CLF_USER] = {0, 0, -CLF_AHEAD + 3, -CLF_AHEAD + 4},
	[CLF_TIME] = {0, 0, -CLF_TIME_LEN - 2, -2},
	[CLF_REQUEST] = {0, 1, 1, 0},
	[CLF_STATUS] = {1, 1, 2, 5},
	[CLF_BYTES] = {1, CLF_BYTES_END, 6, 0},
	[CLF_REFERRER] = {2, 3, 1, 0},
	[CLF_AGENT] = {4, 5, 1, 0},
};

/* Remembers the date, the hour and the zone of the last valid time.  If another time has the same
 * ones, only the minutes and seconds between them need to be checked.  Initially {0}. */
struct clf_memo {
	uint64_t date, hour, zone; /* "17/Jun/2", "2007:12:" and " -0700" */
};

static inline bool clf_is_time(const char *p, struct clf_memo *memo)
{
	uint64_t date = word_load(p), hour = word_load(p + 7);
	uint64_t zone = word_load(p + CLF_TIME_LEN - 8) >> 16;
	uint64_t minutes = SWAR_MISMATCH(p + 15, '5', '0', ':', '5', '0', ' ', '?', '?');

	if (!((date ^ memo->date) | (hour ^ memo->hour) | (zone ^ memo->zone) | minutes))
		return true;
	if (!timestamp_clf_end(p, p + CLF_TIME_LEN))
		return false;
	*memo = (struct clf_memo){date, hour, zone};
	return true;
}

/* Does the same as timestamp_clf_end(), but is faster if the last time was in the same hour. */
static inline const char *clf_time_end(const char *p, const char *end, struct clf_memo *memo)
{
	return end - p >= CLF_TIME_LEN && clf_is_time(p, memo) ? p + CLF_TIME_LEN : NULL;
}

/* True if the bytes from `p` to `end` are one to eight digits, or "-". */
static inline bool clf_is_number(const char *p, const char *end)
{
	size_t len = (size_t)(end - p);

	if (len - 1 >= 8) /* also true if len is 0, because size_t wraps around */
		return false;
	/* Load the eight bytes before `end`.  The number is in the upper bytes of this word; the
	 * shift removes the lower bytes, which precede the number. */
	uint64_t difference = (word_load(end - 8) ^ swar_digits.bytes) >> 8 * (8 - len);
	return !swar_mismatch_by(difference, swar_digits) || (len == 1 && *p == '-');
}

/* True if the client, from `p` to `end`, is not empty, contains no blank, and is followed by a
 * blank. */
static inline bool clf_is_client(const char *p, const char *end)
{
	return p < end && swar_find_ahead(p, end + 1, ' ') == end;
}

static inline bool clf_is_common(const struct clf *c, struct clf_memo *memo)
{
	const char *p = c->at[CLF_START], *q = c->at[0], *user = q - CLF_AHEAD;

	if (q - p <= CLF_AHEAD)
		return false;
	uint64_t ident = SWAR_MISMATCH(user, ' ', '-', ' ', '-', ' ', '[', '?', '?');
	uint64_t status = SWAR_MISMATCH(c->at[1], '"', ' ', '0', '0', '0', ' ', '?', '?');
	return !(ident | status) && memcmp(q - 2, "] ", 2) == 0 && clf_is_client(p, user) &&
	       clf_is_time(q - 2 - CLF_TIME_LEN, memo) &&
	       clf_is_number(c->at[1] + 6, c->at[CLF_BYTES_END]);
}

/* True if the next marks are as many quotes as a line has, and then a newline. */
static inline __attribute__((always_inline)) bool clf_has_quotes(
	const uint32_t *marks, bool combined)
{
	const size_t quotes = combined ? CLF_QUOTES : CLF_COMMON_QUOTES;
	uint32_t any = 0;

	for (size_t i = 0; i < quotes; i++)
		any |= marks[i];
	return marks[quotes] & ~any & SCAN_NEWLINE;
}

/* Return the places of the line from `p` to `end`.  `quotes` are the offsets of the line's quotes in
 * `block`: CLF_QUOTES of them if the line is `combined`, else CLF_COMMON_QUOTES. */
static inline __attribute__((always_inline)) struct clf clf_places(
	const char *p, const char *end, const char *block, const uint32_t *quotes, bool combined)
{
	struct clf c = {{block + quotes[0], block + quotes[1]}};

	for (size_t i = 2; combined && i < CLF_QUOTES; i++)
		c.at[i] = block + quotes[i];
	c.at[CLF_START] = p;
	c.at[CLF_BYTES_END] = combined ? c.at[2] - 1 : end;
	c.at[CLF_END] = end;
	return c;
}

/* True if a line with these places is of the usual kind.  CLF_AFTER_REQUEST bytes from the second
 * quote on must be readable.  The bytes after the last quote of a combined line are not checked. */
static inline __attribute__((always_inline)) bool clf_is_usual(
	const struct clf *c, bool combined, struct clf_memo *memo)
{
	if (combined &&
		(*c->at[CLF_BYTES_END] != ' ' || c->at[4] - c->at[3] != 2 || c->at[3][1] != ' '))
		return false;
	return clf_is_common(c, memo);
}

static inline struct span clf_field(const struct clf *c, unsigned field)
{
	return span_between(c->at[clf_fields[field].from] + clf_fields[field].from_more,
		c->at[clf_fields[field].to] + clf_fields[field].to_more);
}

#endif
