/* signature.h -- lists everything that determines what a query counts.  The list is saved with the
 * counts, so that wf can tell later whether two files have counts of the same query.
 *
 *	[where status=404] [question ""] [fields url] [sum bytes]
 *
 * The list consists of properties and their values.  It has each property that was given, in the
 * order of the table properties[] of spec.h, so equal queries have equal lists.  "question" begins
 * a grouping; its value is the grouping's name.
 *
 * After the list, a file stores settings that only change how rankings are printed: the number of
 * rows, their order, the name of the set of rankings, and its layout.  The layout of a preset is
 * not stored, because it follows from the preset's name.
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
	struct strlist owned; /* strings that signature_free() frees */
};

/* Make the list of a query's properties.  Most of its strings belong to the query, which must
 * outlive the list.  False if out of memory. */
bool signature_of(const struct query_spec *, struct signature *)
	__attribute__((warn_unused_result));

void signature_pack(struct pack *, const struct signature *);
void signature_pack_shown(struct pack *, const struct query_spec *);

/* Read a list.  Its strings remain in the packed bytes, which must outlive it.  False if out of
 * memory, or if the bytes are not valid: they are not a list, or a value has more than
 * PROPERTY_BYTES_MAX bytes (then errno is EBADMSG). */
bool signature_unpack(struct unpack *, struct signature *);

/* Make a query from the list.  The query shares the list's strings; messages about the query name
 * `file`.  False if the list does not describe a query (then errno is EBADMSG), or if out of
 * memory.  In any case, the caller frees the query. */
bool signature_query(struct signature *, const char *file, struct query_spec *);

/* Read the settings for printing, which follow the list, into the query.  `numbered` is true for
 * snapshots of version 1.  The order of a ranking points into the bytes.  False if the bytes are not
 * valid. */
bool signature_unpack_shown(struct unpack *, struct query_spec *, bool numbered);

/* True if two lists differ.  Then `out` becomes a description of the first difference, such as
 * "b.wfs: counts status, but a.wfs counts url". */
bool signature_differ(const struct signature *a, const char *a_name, const struct signature *b,
	const char *b_name, char *out, size_t room);

void signature_free(struct signature *);

#endif
