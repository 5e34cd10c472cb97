/* fuzz.h -- what the fuzz targets share.
 */
#ifndef TEST_FUZZ_FUZZ_H
#define TEST_FUZZ_FUZZ_H

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "lib/span.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A copy on the heap, so that a sanitizer sees each read past its end.  Free the span's at. */
static inline struct span fuzz_copy(struct span s)
{
	char *copy = malloc(s.len + !s.len);

	assert(copy);
	if (s.len)
		memcpy(copy, s.at, s.len);
	return span_of(copy, s.len);
}

/* The same with a NUL after its last byte. */
static inline char *fuzz_string(struct span s)
{
	char *copy = calloc(s.len + 1, 1);

	assert(copy);
	if (s.len)
		memcpy(copy, s.at, s.len);
	return copy;
}

/* Read each byte, so that a sanitizer sees those that must not be read. */
static inline void fuzz_read(struct span s)
{
	volatile unsigned char all = 0;

	for (size_t i = 0; i < s.len; i++)
		all = all ^ (unsigned char)s.at[i];
}

#endif
