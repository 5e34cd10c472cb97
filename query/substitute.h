/* substitute.h -- edits keys: --sub 's/RE/REPL/flags'.
 *
 * The byte after the "s" is the delimiter; any byte will do but a backslash.  A backslash before a
 * delimiter makes it a part of RE or REPL.  REPL is written like a template of -k (template.h), but
 * need not name a group.  Flags: g replaces every match instead of the first, i ignores case.
 *
 * Every match means what it means in Perl: after an empty match, the next match is the first one
 * that is not empty or begins later.
 */
#ifndef QUERY_SUBSTITUTE_H
#define QUERY_SUBSTITUTE_H

#include "lib/arena.h"
#include "lib/arg.h"
#include "lib/complaint.h"
#include "query/template.h"

/* A key that becomes longer than this is given up, unless it was that long before. */
enum { SUBSTITUTED_MAX = 1 << 20 };

struct substitution;

struct substitutions {
	struct substitution *at;
	size_t n;
};

/* Compile a list of texts.  False, with a complaint, on error.  Call substitutions_free() in any
 * case. */
bool substitutions_compile(struct substitutions *, const struct args *, struct complaint *);
void substitutions_free(struct substitutions *);

enum substitute_result {
	SUBSTITUTE_DONE,
	SUBSTITUTE_GAVE_UP, /* a pattern exceeded PCRE2's limits, or the key became too long */
	SUBSTITUTE_FAILED,  /* out of memory */
};

/* Edit a key by each substitution, in the order of the list.  If the key changes, its new bytes are
 * in the arena. */
enum substitute_result substitutions_apply(
	struct substitutions *, struct span *key, struct arena *);

#endif
