/* engine_faults.h -- says which of PCRE2's two engines may find wrong matches for a pattern, so
 * that it must not match this pattern.
 *
 * The faults are known from PCRE2's ChangeLog and issues.  A pattern is suspected if it contains a
 * construct that may trigger a fault.  PCRE2 would match most of the suspected patterns correctly.
 */
#ifndef REGEX_ENGINE_FAULTS_H
#define REGEX_ENGINE_FAULTS_H

#include <stdbool.h>

#include "lib/span.h"

/* The faults that may affect a pattern.  Each text completes the sentence "The engine may ...". */
struct engine_faults {
	const char *jit;         /* what the JIT may do wrong; NULL if nothing is known */
	const char *interpreter; /* the same for the interpreter */
	bool start;              /* true if the pattern must be compiled with
				  * PCRE2_NO_START_OPTIMIZE: both engines may fail if they first
				  * search for a byte that each match must contain */
};

/* Return the version of PCRE2 that is linked at run time: 1042 for 10.42. */
unsigned engine_version(void);

/* Return the faults of that version for a pattern.  PCRE2 must have compiled the pattern without
 * options that change the syntax. */
struct engine_faults engine_faults(struct span re, unsigned version);

#endif
