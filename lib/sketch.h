/* sketch.h -- estimates how many different values there are, with a standard error of 1.6 %.
 *
 * A value is hashed.  12 bits of the hash choose one of 4,096 registers; the rank of the value is 1 +
 * the number of zeros at the start of the other bits.  Each register keeps the greatest rank of its
 * values, so the order of values does not matter (HyperLogLog; Flajolet, Fusy, Gandouet, Meunier, AofA
 * 2007).  The estimate needs no corrections for small and large numbers (Ertl: New cardinality
 * estimation algorithms for HyperLogLog sketches, arXiv 1702.01284, algorithm 6).
 */
#ifndef LIB_SKETCH_H
#define LIB_SKETCH_H

#include <stdint.h>

#include "lib/span.h"

enum {
	SKETCH_BITS = 12,
	SKETCH_REGISTERS = 1 << SKETCH_BITS,
	SKETCH_RANKS = 64 - SKETCH_BITS + 1, /* the greatest rank */
};

/* The register of a value, and its rank. */
struct sketch_mark {
	uint16_t index;
	uint8_t rank;
};

struct sketch_mark sketch_mark(struct span value);

/* Estimate the number of different values.  ranks[i] is the number of registers whose greatest rank is
 * i; for ranks[0], these are the registers without values. */
uint64_t sketch_estimate(const uint32_t ranks[SKETCH_RANKS + 1]);

#endif
