/* scan_variants.h -- the variants of scan.h that this build has.  Which variants these are depends
 * on the kind of CPU for which wf is built.
 */
#ifndef SCAN_SCAN_VARIANTS_H
#define SCAN_SCAN_VARIANTS_H

#include "scan/scan.h"

extern const struct scan scan_scalar;
#if defined(__x86_64__)
extern const struct scan scan_avx512, scan_avx2, scan_sse2;
#elif defined(__aarch64__)
extern const struct scan scan_neon;
#endif

#endif
