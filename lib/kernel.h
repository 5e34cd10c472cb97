/* kernel.h -- numbers that the kernel tells, in small files in /proc and /sys.
 */
#ifndef LIB_KERNEL_H
#define LIB_KERNEL_H

#include <stddef.h>
#include <stdint.h>

/* The n whole numbers that a file in a folder begins with; UINT64_MAX for one that is none: no
 * such file, "max", "-1". */
void kernel_numbers(const char *folder, const char *file, uint64_t *numbers, size_t n);

/* The first of them. */
uint64_t kernel_number(const char *folder, const char *file);

/* The number behind a name, in a file with lines of NAME NUMBER; 0 if there is none. */
uint64_t kernel_statistic(const char *folder, const char *file, const char *name);

#endif
