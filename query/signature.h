/* signature.h -- what a query counts, as a list of properties and values.  The list is saved with
 * the counts, read again, and compared.
 *
 *	[where status=404] [question ""] [fields url] [sum bytes]
 *
 * The list has every property that was given, in the order of the table in spec.h, so that equal
 * queries have equal lists.  "question" begins a grouping; its value is the grouping's name.
 * What only changes how the rankings are printed is stored after the list: the number of rows,
 * their order, the name of the set, its layout.  The layout of a preset is not stored, because the
 * preset's name implies it.
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

/* Make the list of a query's properties.  Most of its strings still belong to the query.  False if
 * out of memory. */
bool signature_of(const struct query_spec *, struct signature *)
	__attribute__((warn_unused_result));

void signature_pack(struct pack *, const struct signature *);
void signature_pack_shown(struct pack *, const struct query_spec *);

/* Read a list.  Its strings stay in the packed bytes.  False if the bytes are not a list (errno is
 * EBADMSG), or if out of memory. */
bool signature_unpack(struct unpack *, struct signature *);

/* Make a query from the list.  The query shares the list's strings; messages about it name `file`.
 * False if the list does not describe a query (errno is EBADMSG), or if out of memory.  In any
 * case, the caller frees the query. */
bool signature_query(struct signature *, const char *file, struct query_spec *);

/* Read how the query's rankings are printed, from the rest of the bytes.  False if the bytes are
 * not valid. */
bool signature_unpack_shown(struct unpack *, struct query_spec *);

/* True if two lists differ.  Then `out` tells the first difference, as in "b.wfs: counts status,
 * but a.wfs counts url". */
bool signature_differ(const struct signature *a, const char *a_name, const struct signature *b,
	const char *b_name, char *out, size_t room);

void signature_free(struct signature *);

#endif
