/* databases.h -- looks up IP addresses in files in the MaxMind DB format, for FIELD/country, /city,
 * /asn and /org (https://maxmind.github.io/MaxMind-DB/).
 *
 *	databases_open -> databases_identity, databases_find ... -> databases_free
 *
 * The format has no checksum.  Headers and the tree of networks are checked when a file is opened;
 * damage in a value is noticed when the value is looked up.
 */
#ifndef QUERY_DATABASES_H
#define QUERY_DATABASES_H

#include <errno.h>

#include "lib/address.h"
#include "lib/arena.h"
#include "lib/complaint.h"
#include "lib/strlist.h"

struct databases;

/* What is looked up. */
enum database_value {
	DATABASE_COUNTRY, /* the code of ISO 3166, "DE" */
	DATABASE_CITY,    /* the name in English */
	DATABASE_ASN,     /* the number of the autonomous system, "AS64496" */
	DATABASE_ORG,     /* the owner of the autonomous system */
};

/* errno, if a value in a database is damaged. */
enum { DATABASE_DAMAGED = EUCLEAN };

/* Open databases.  They are copied into memory, so it does not matter if the files change later.
 * NULL, with a complaint, if this wf cannot read databases, or if one of the files cannot be read or
 * is not a database. */
struct databases *databases_open(const struct strlist *files, struct complaint *);
void databases_free(struct databases *);

/* Describe database number i, counting from 0, by its type, its date and a hash of its bytes.  NULL if
 * there are fewer. */
const char *databases_identity(const struct databases *, size_t i);

/* Look up an address in one database after the other, until one has the value.  *found becomes the
 * value, in memory of the databases or in the arena; .at is NULL if no database has it.  False
 * (errno) if out of memory, or if a value is damaged. */
bool databases_find(const struct databases *, enum database_value, const struct address *,
	struct span *found, struct arena *);

#endif
