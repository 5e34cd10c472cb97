#include "lib/memory_limit.h"

#include "lib/machine.h"

uint64_t memory_limit(struct memory_limit *m)
{
	if (!m->bytes)
		m->bytes = machine_memory() / 2;
	if (m->bytes > SIZE_MAX / 4)
		m->bytes = SIZE_MAX / 4;
	return m->bytes;
}
