/* engine_faults.h -- which of PCRE2's two engines must not be given a pattern, because it is known
 * to find wrong matches for it.
 *
 * The faults are those that PCRE2's ChangeLog and its issues name.  A pattern is only suspected: it
 * has the construct of a fault, and most such patterns are matched correctly all the same.
 */
#ifndef REGEX_ENGINE_FAULTS_H
#define REGEX_ENGINE_FAULTS_H

#include <stdbool.h>

#include "lib/span.h"

/* What is known of a pattern.  The texts complete "it may ...". */
struct engine_faults {
	const char *jit;         /* what the JIT may get wrong; NULL: nothing is known */
	const char *interpreter; /* the same for the interpreter */
	bool start;              /* neither engine may choose where to start by a byte that the
				  * match must begin with, or contain */
};

/* The version of PCRE2 that is linked at run time: 1042 for 10.42. */
unsigned engine_version(void);

/* The faults of that version for a pattern.  PCRE2 must have compiled the pattern without options
 * that change the syntax. */
struct engine_faults engine_faults(struct span re, unsigned version);

#endif
