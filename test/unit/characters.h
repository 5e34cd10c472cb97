/* characters.h -- all of Unicode's, and how UTF-8 writes them. */
#ifndef TEST_CHARACTERS_H
#define TEST_CHARACTERS_H

#include "unit.h"

enum { LAST = 0x10ffff };

static inline bool is_character(uint32_t code)
{
	return code <= LAST && (code < 0xd800 || code > 0xdfff);
}

/* As UTF-8; how many bytes. */
static inline size_t encode(uint32_t code, unsigned char to[4])
{
	if (code < 0x80) {
		to[0] = (unsigned char)code;
		return 1;
	}
	size_t n = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	static const unsigned char mark[] = {0, 0, 0xc0, 0xe0, 0xf0};
	for (size_t i = n; i-- > 1; code >>= 6)
		to[i] = (unsigned char)(0x80 | (code & 0x3f));
	to[0] = (unsigned char)(mark[n] | code);
	return n;
}

#endif
