/* signature.h -- what was asked, as a list of names and values: to be kept beside the answer, read
 * again, and compared.
 *
 *	[where status=404] [question ""] [fields url] [sum bytes]
 *
 * The names are those of the options, in one order; question begins a ranking, whose name is its
 * value.  All that changes what is counted is in the list.  What only changes how it is printed
 * is kept behind it: rows, their order, the name of the set.
 */
#ifndef QUERY_SIGNATURE_H
#define QUERY_SIGNATURE_H

#include "store/pack.h"
#include "query/query.h"

struct signature {
	struct arg *at; /* .origin is the name, .value the value */
	size_t n;
	struct strlist owned;
	char *delimiter;
};

/* List what a query asks; the strings stay the query's.  Dies where memory is out. */
struct signature signature_of(const struct query_spec *);

/* Write the list, and what is behind it. */
void signature_pack(struct pack *, const struct signature *);
void signature_pack_shown(struct pack *, const struct query_spec *);

/* Read the list again; its strings stay where they are packed.  False if it is none. */
bool signature_unpack(struct unpack *, struct signature *);

/* Make a query of the list, whose strings it shares; file is named in messages about it.  Its
 * questions and lists become yours.  False if there is no query in the list: what there is of it
 * is yours all the same.  Dies where memory is out. */
bool signature_query(struct signature *, const char *file, struct query_spec *);

/* And have it printed as it was. */
bool signature_unpack_shown(struct unpack *, struct query_spec *);

/* If they differ, tell the first thing in which, as "b.wfs: counts status, but a.wfs counts
 * url". */
bool signature_differ(const struct signature *a, const char *a_name, const struct signature *b,
	const char *b_name, char *out, size_t room);

void signature_free(struct signature *);

#endif
