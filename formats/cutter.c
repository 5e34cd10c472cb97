#include "formats/cutter.h"

int base_named(const struct known *known, size_t n, struct span name)
{
	for (size_t i = 0; i < n; i++)
		if (span_equal(name, span_text(known[i].name)))
			return (int)known[i].base;
	return -1;
}

int own_slot(const struct wanted *wanted, struct span name)
{
	for (size_t i = 0; i < wanted->names.n; i++)
		if (span_equal(name, span_text(wanted->names.at[i])))
			return BASES + (int)i;
	return -1;
}
