/* signature.h -- what a query counts, as a list of properties and values: to be saved with the
 * counts, read again, and compared.
 *
 *	[where status=404] [question ""] [fields url] [sum bytes]
 *
 * The list has every property that was given, in the order of the table in spec.h, so that equal
 * queries have equal lists.  "question" begins a grouping; its value is the grouping's name.
 * Whatever changes only how the rankings are printed is not in the list but stored after it: the
 * number of rows, their order, the name of the set, its layout.  A preset's layout is not stored,
 * as its name tells it.
 *
 *	save	signature_of -> signature_pack, signature_pack_shown
 *	read	signature_unpack -> signature_query, signature_unpack_shown
 */
#ifndef QUERY_SIGNATURE_H
#define QUERY_SIGNATURE_H

#include "lib/strlist.h"
#include "query/spec.h"
#include "store/pack.h"

struct signature {
	struct signature_item {
		const struct property *property;
		const char *value;
	} * at;
	size_t n, room;
	struct strlist owned; /* strings to be freed with the list */
};

/* List a query's properties.  Most strings stay the query's.  False where memory is out. */
bool signature_of(const struct query_spec *, struct signature *)
	__attribute__((warn_unused_result));

void signature_pack(struct pack *, const struct signature *);
void signature_pack_shown(struct pack *, const struct query_spec *);

/* Read the list.  Its strings stay where they are packed.  False (errno) if the bytes are not a
 * list, EBADMSG, or where memory is out. */
bool signature_unpack(struct unpack *, struct signature *);

/* Make a query of the list, whose strings it shares; file is named in messages about it.  False
 * (errno) if the list does not describe a query, EBADMSG, or where memory is out.  In any case the
 * query is yours to free. */
bool signature_query(struct signature *, const char *file, struct query_spec *);

/* Read how that query is printed: the rest of the bytes.  False if they do not tell. */
bool signature_unpack_shown(struct unpack *, struct query_spec *);

/* True if two lists differ: then out says where they differ first, as "b.wfs: counts status, but
 * a.wfs counts url". */
bool signature_differ(const struct signature *a, const char *a_name, const struct signature *b,
	const char *b_name, char *out, size_t room);

void signature_free(struct signature *);

#endif
