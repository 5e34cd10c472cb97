/* names.h -- which names mean which fields, in formats whose lines name their fields: JSON, LTSV
 * and logfmt.
 *
 * Each program has its own names for the same things, so names.c has a table of the names of each
 * base field.  These names are compared folded: without regard to case, '_' and '-', so that
 * userAgent, user-agent and User_Agent are one name.  "a.b" is the member b of the member a, or the
 * member "a.b".  A field that is not a base field is found only by its exact name.
 *
 * If a line has several names of a base field, the first one in the table that has a value counts.
 * An empty text is not a value of a base field.  A value that names_suits() rejects, such as the status "ok",
 * counts only if no other name has a better one.
 *
 *	names_compile()		once, for the fields of a query
 *	names_path_add()	for each name in a line
 *	names_look_up()		the entry of this name
 *	names_next_use()	which fields it means
 */
#ifndef FORMATS_NAMES_H
#define FORMATS_NAMES_H

#include "formats/cut.h"

enum names_dialect {
	NAMES_COMMON,
	NAMES_LOGFMT, /* "t" is a time, as in Grafana */
	NAMES_LTSV,   /* "host" is the client, as http://ltsv.org recommends */
};

/* One of the meanings of a name. */
struct name_use {
	int slot;          /* the slot of the field in a cut */
	unsigned rank;     /* the place of the name among the names of this field: the lowest rank
			    * that has a value counts */
	const char *exact; /* the name as it must be spelled; NULL if folded names suffice */
	int next;          /* the next use of the same folded name; -1 if there is none */
};

struct name_entry {
	uint32_t hash;
	struct span folded; /* .at is NULL if this place of the table is free */
	int first_use;      /* -1 if the name is only the start of longer names */
	bool is_prefix;     /* "NAME.MORE" is a name, too */
};

struct names {
	struct name_entry *table;
	size_t mask; /* the table has .mask + 1 places, at least half of which are free */
	struct name_use *uses;
	size_t n_uses;
	size_t longest; /* the length of the longest name */
	char *text;     /* owns the folded names */
	char *exact;    /* owns the names of name_use.exact that are not in struct wanted */
};

/* The path to a member, such as "request.headers", built name by name. */
struct name_path {
	char *folded, *exact; /* room for names.longest bytes each */
	size_t n_folded;      /* more than names.longest if the path is too long to be a name */
	size_t n_exact;       /* likewise */
	size_t depth;         /* the number of names in the path */
	uint32_t hash;        /* of the folded path */
};

/* Compile the table for the fields of a query.  `wanted` must outlive it.  NULL if out of
 * memory. */
struct names *names_compile(const struct wanted *wanted, enum names_dialect);
void names_free(struct names *);

/* Allocate an empty path.  The caller frees .folded, which also owns .exact.  False if out of
 * memory. */
bool names_path_new(const struct names *, struct name_path *);

/* Append a name to the path.  If the path is not empty, a '.' comes before the name. */
void names_path_add(const struct names *, struct name_path *, struct span name);

/* Return the entry of a path; NULL if no name is equal to it or begins with it. */
const struct name_entry *names_look_up(const struct names *, const struct name_path *);

/* Return the use of the entry after `use`, or the first one if `use` is NULL, that accepts the
 * spelling of the path; NULL if there is no further one, or if the entry is NULL. */
static inline const struct name_use *names_next_use(const struct names *names,
	const struct name_entry *e, const struct name_path *path, const struct name_use *use)
{
	int i = use ? use->next : e ? e->first_use : -1;

	for (; i >= 0; i = names->uses[i].next) {
		use = &names->uses[i];
		if (!use->exact || (strlen(use->exact) == path->n_exact &&
					   memcmp(use->exact, path->exact, path->n_exact) == 0))
			return use;
	}
	return NULL;
}

/* Return the value of a base field without what surrounds it: the brackets of a time; the port, the
 * brackets and the further addresses of a client. */
struct span names_plain_value(size_t slot, struct span value);

/* Return what a slot gets from the value of one of its names: for a base field the plain value, .at
 * of which is NULL if nothing is left; for any other field the value as it is. */
static inline struct span names_slot_value(size_t slot, struct span value)
{
	if (slot >= BASES)
		return value;
	value = names_plain_value(slot, value);
	return value.len ? value : span_of(NULL, 0);
}

/* True if the value can be one of this base field: a status is a number of at most three digits, the
 * bytes and the port are numbers, and a time can be read.  Other fields can have any value. */
bool names_suits(size_t slot, struct span value);

/* The rank of a value of a name, and of a value that names_suits() rejects: a value of a lower rank
 * is better. */
enum { NAMES_UNSUITABLE = 1 << 16 };

static inline unsigned names_rank(const struct name_use *use, struct span value)
{
	bool suits = names_suits((size_t)use->slot, value);

	return use->rank + (suits ? 0 : NAMES_UNSUITABLE);
}

/* Tells whether a name is one of the names of a base field. */
struct name_test {
	struct names *names;
	struct name_path empty;
};

/* The caller frees the test.  False if out of memory. */
bool name_test_new(struct name_test *, enum names_dialect);
bool name_test_is_base(const struct name_test *, struct span name);
void name_test_free(struct name_test *);

#endif
