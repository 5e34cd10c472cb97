/* memory.h -- how much memory can be had: of the machine's, and of the control group's that this
 * process is in.
 */
#ifndef LIB_MEMORY_H
#define LIB_MEMORY_H

#include <stdint.h>

/* Bytes that can be had now without swapping; UINT64_MAX if nothing tells.  root is "" but in
 * tests: proc and sys are looked for under it. */
uint64_t memory_available(const char *root);

#endif
