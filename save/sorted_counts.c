#include "save/sorted_counts.h"

#include <errno.h>
#include <stdlib.h>

#include "rank/ranker.h"
#include "store/extsort.h"

static bool write_key(void *writer, const struct counted *c)
{
	return run_add(writer, c);
}

/* Write the keys of a source.  They need not be sorted, because a source hands them over in the
 * order of a run. */
static bool write_source(const struct counts *c, struct run_writer *w)
{
	return ranker_walk(c, 0, (struct sink){write_key, w});
}

static bool sort_key(void *sort, const struct counted *c)
{
	return extsort_add(sort, c);
}

/* Sort the keys of the tables, and write them.  Half of the free memory is for the sort, and half
 * for combining what was spilled.  *in_temp becomes true if a temporary file of the sort has
 * failed. */
static bool write_sorted(const struct counts *c, struct run_writer *w, bool *in_temp)
{
	uint64_t half = counts_memory_left(c) / 2;
	struct extsort *sort = extsort_new(c->measures, half);
	bool ok = sort && ranker_walk(c, half, (struct sink){sort_key, sort}) &&
		  extsort_end(sort, (struct sink){write_key, w});
	int saved = errno;
	*in_temp = sort && extsort_has_failed(sort);

	extsort_free(sort);
	errno = saved;
	return ok;
}

bool sorted_counts_write(const struct counts *c, struct block_sink to, bool *in_temp)
{
	struct run_writer *w = malloc(sizeof *w);

	*in_temp = false;
	if (!w)
		return false;
	run_begin(w, c->measures, to);
	bool ok = (c->source ? write_source(c, w) : write_sorted(c, w, in_temp)) && run_end(w);
	free(w);
	return ok;
}
