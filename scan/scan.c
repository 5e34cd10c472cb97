#include "scan/scan.h"

#include <stdlib.h>

#include "scan/scan_variants.h"

/* Bytes from the most to the least frequent in web server logs, as counted in two such logs.  All
 * other bytes are rarer than these. */
static const char by_frequency[] =
	" 0/.on12e-it\"g7a:rTs5lc4w3;8h6pmduGMbWPE9xHS[]N()JfykUzvILFCOX=R&j%ADBKV_?,Y+q!@ZQ'$<>"
	"{}|#~\\*";

/* Return the information in a byte, in units of about an eighth of a bit. */
static unsigned rarity(char c)
{
	const char *at = memchr(by_frequency, c, sizeof by_frequency - 1);

	return at ? 30 + (unsigned)(at - by_frequency) : 150;
}

unsigned needle_weight(struct span literal)
{
	unsigned sum = 0;

	for (size_t i = 0; i < literal.len; i++)
		sum += rarity(literal.at[i]);
	return sum;
}

/* Return the place of the literal's rarest byte.  The byte at place `except` is ignored, unless the
 * literal has no other byte. */
static size_t rarest(struct span literal, size_t except)
{
	size_t best = except == 0 && literal.len > 1 ? 1 : 0;

	for (size_t i = best + 1; i < literal.len; i++)
		if (i != except && rarity(literal.at[i]) > rarity(literal.at[best]))
			best = i;
	return best;
}

struct needle needle_of(struct span literal)
{
	struct needle n = {.literal = literal};

	n.rare[0] = rarest(literal, SIZE_MAX);
	n.rare[1] = rarest(literal, n.rare[0]);
	return n;
}

#if defined(__x86_64__)

static bool has_avx512(void)
{
	return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vbmi") &&
	       __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("bmi2");
}

static bool has_avx2(void)
{
	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
}

const struct scan *const *scan_all(void)
{
	static const struct scan *const all[] = {
		&scan_avx512, &scan_avx2, &scan_sse2, &scan_scalar, NULL};

	__builtin_cpu_init();
	return has_avx512() ? all : has_avx2() ? all + 1 : all + 2;
}

#elif defined(__aarch64__)

const struct scan *const *scan_all(void)
{
	static const struct scan *const all[] = {&scan_neon, &scan_scalar, NULL};

	return all;
}

#else

const struct scan *const *scan_all(void)
{
	static const struct scan *const all[] = {&scan_scalar, NULL};

	return all;
}

#endif

const struct scan *scan_choose(void)
{
	const char *name = getenv("WF_CPU");
	const struct scan *const *all = scan_all();

	if (!name || !*name)
		return *all;
	while (*all && strcmp((*all)->name, name) != 0)
		all++;
	return *all;
}
