/* key_pattern.h -- the patterns of -e, and their matches in a line.
 *
 *	the first match	key_patterns_match, key_patterns_match_line
 *	every match	key_patterns_begin, then key_patterns_next until there is none
 *
 * If several patterns match a line, the first match is that of the pattern that was given first.
 * Every match (-o) is found from left to right, like the matches of the one pattern A|B: of all
 * patterns, the match that begins first counts; if several begin at the same place, that of the
 * pattern that was given first.  The search goes on after its end.  Empty matches do not count; the
 * search goes on one byte after their start.  (GNU grep -o -P does the same.)
 */
#ifndef QUERY_KEY_PATTERN_H
#define QUERY_KEY_PATTERN_H

#include "query/line_filter.h"
#include "query/template.h"

struct key_pattern {
	struct filter filter;
	unsigned capture;              /* the group that is the key if there is no template; 0 means
				        * the whole match */
	struct key_template *template; /* NULL if there is no template */

	/* For key_patterns_next() only: the next match, [start, end) in the line. */
	enum { KEY_UNKNOWN, KEY_FOUND, KEY_NONE } next;
	size_t start, end;
};

struct key_patterns {
	struct key_pattern *at;
	size_t n;
	const struct key_pattern *matched; /* the pattern of the last match that was found */

	/* The last line that was matched, for key_patterns_match_line(): the number of the line, and
	 * the record that counts these numbers. */
	const void *record;
	uint64_t number;
	enum pattern_result result;

	/* For key_patterns_next() only. */
	struct span line;
	size_t from; /* where the search goes on */
};

/* Compile the patterns of -e, with the template of -k for each of them if its .value is not NULL.
 * False, with a complaint, on error.  Call key_patterns_free() in any case. */
bool key_patterns_compile(struct key_patterns *, const struct args *regexps, struct arg template,
	bool ignore_case, const struct scan *, struct complaint *);
void key_patterns_free(struct key_patterns *);

/* Find the first match in a line.  `has_literal` means that the line is known to contain the
 * literal of the only pattern. */
enum pattern_result key_patterns_match(struct key_patterns *, struct span line, bool has_literal);

/* Find the first match in a line, unless the line with that number is the one that was matched last:
 * then return the same result again. */
enum pattern_result key_patterns_match_line(
	struct key_patterns *, struct span line, const void *record, uint64_t number);

/* Let key_patterns_match_line() return PATTERN_YES for this line, because a match has been found. */
void key_patterns_found(struct key_patterns *, const void *record, uint64_t number);

/* A group, by the name or number that the user gave: its number in each pattern, -1 if a pattern lacks
 * it.  The caller frees the array.  NULL if no pattern has the group, with a complaint if the name is
 * a number, or is not unique, or if out of memory (*failed). */
int *key_patterns_group(
	const struct key_patterns *, const char *name, bool *failed, struct complaint *);

/* Find the value of such a group in the last match.  False if it took no part in the match. */
bool key_patterns_value(const struct key_patterns *, const int *group, struct span *value);

/* Return one of the patterns as a list of its own, which is not to be freed. */
static inline struct key_patterns key_patterns_nth(const struct key_patterns *all, size_t i)
{
	return (struct key_patterns){.at = &all->at[i], .n = 1, .matched = &all->at[i]};
}

/* Begin to find every match in a line. */
void key_patterns_begin(struct key_patterns *, struct span line);

/* Find the next match that is not empty. */
enum pattern_result key_patterns_next(struct key_patterns *);

#endif
