#include "query/databases.h"

#include <stdlib.h>

#if !defined(HAVE_maxminddb)

struct databases *databases_open(const struct strlist *files, struct complaint *c)
{
	complain(c, "--mmdb: %s: this wf was built without libmaxminddb", files->at[0]);
	return NULL;
}

void databases_free(struct databases *d)
{
	(void)d;
}

const char *databases_identity(const struct databases *d, size_t i)
{
	(void)d;
	(void)i;
	return NULL;
}

bool databases_find(const struct databases *d, enum database_value what, const struct address *a,
	struct span *found, struct arena *arena)
{
	(void)d;
	(void)what;
	(void)a;
	(void)arena;
	*found = span_of(NULL, 0);
	return true;
}

#else

#include <inttypes.h>
#include <maxminddb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "lib/fullio.h"
#include "lib/library.h"
#include "lib/openfile.h"

#define FUNCTIONS(F)                                                                               \
	F(MMDB_open)                                                                               \
	F(MMDB_close)                                                                              \
	F(MMDB_strerror)                                                                           \
	F(MMDB_read_node)                                                                          \
	F(MMDB_lookup_sockaddr)                                                                    \
	F(MMDB_aget_value)
LIBRARY(maxminddb, FUNCTIONS)

enum { TYPE_TEXT = 64, IDENTITY_TEXT = TYPE_TEXT + 64 };

struct databases {
	size_t n;
	struct database {
		MMDB_s mmdb;
		bool is_open;
		char identity[IDENTITY_TEXT];
	} at[];
};

/* --- Opening -------------------------------------------------------------------------- */

/* Copy a file to another one, and compute the hash of its bytes.  False (errno) on error. */
static bool copy_file(int from, int to, uint64_t *hash)
{
	enum { PIECE = 1 << 16 };
	char piece[PIECE];
	ssize_t got = 0;
	XXH3_state_t state;
	bool ok = true;

	XXH3_64bits_reset(&state);
	while (ok && (got = fullio_read(from, piece, sizeof piece)) > 0) {
		XXH3_64bits_update(&state, piece, (size_t)got);
		ok = fullio_write(to, piece, (size_t)got);
	}
	*hash = XXH3_64bits_digest(&state);
	return ok && got == 0;
}

static void close_keeping_errno(int fd)
{
	int saved = errno;

	close(fd);
	errno = saved;
}

/* Return a file in memory with the bytes of another file.  -1 (errno) on error. */
static int copy_to_memory(int from, uint64_t *hash)
{
	int to = memfd_create("mmdb", MFD_CLOEXEC);

	if (to < 0)
		return -1;
	if (copy_file(from, to, hash))
		return to;
	close_keeping_errno(to);
	return -1;
}

/* Return a copy of the file `name` in memory.  -1 (errno) on error. */
static int open_copy(const char *name, uint64_t *hash)
{
	int from = openfile_regular(name);

	if (from < 0)
		return -1;
	int to = copy_to_memory(from, hash);
	close_keeping_errno(from);
	return to;
}

/* True if all records of the tree of networks point to nodes or to data. */
static bool check_tree(const MMDB_s *mmdb)
{
	MMDB_search_node_s node;

	for (uint32_t i = 0; i < mmdb->metadata.node_count; i++)
		if (maxminddb.MMDB_read_node(mmdb, i, &node) != MMDB_SUCCESS ||
			node.left_record_type == MMDB_RECORD_TYPE_INVALID ||
			node.right_record_type == MMDB_RECORD_TYPE_INVALID)
			return false;
	return true;
}

/* Describe the database: "GeoLite2-City of 2026-11-03 (0123456789abcdef)". */
static void identify(struct database *d, uint64_t hash)
{
	const MMDB_metadata_s *meta = &d->mmdb.metadata;
	const char *type = meta->database_type ? meta->database_type : "";
	time_t built = (time_t)meta->build_epoch;
	char name[TYPE_TEXT] = "", date[32] = "no date";
	struct tm utc;

	for (size_t i = 0; i < sizeof name - 1 && type[i]; i++)
		name[i] = type[i] > ' ' && type[i] <= '~' ? type[i] : '?';
	if (gmtime_r(&built, &utc) && utc.tm_year < 8100)
		strftime(date, sizeof date, "%Y-%m-%d", &utc);
	snprintf(d->identity, sizeof d->identity, "%s of %s (%016" PRIx64 ")", name, date, hash);
}

static bool open_one(struct database *d, const char *name, struct complaint *c)
{
	char path[32];
	uint64_t hash;
	int fd = open_copy(name, &hash);

	if (fd < 0)
		return complain(c, "--mmdb: %s: %s", name,
			errno == EINVAL ? "is not a regular file" : strerror(errno));
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	int status = maxminddb.MMDB_open(path, MMDB_MODE_MMAP, &d->mmdb);
	if (status == MMDB_FILE_OPEN_ERROR) /* there is no /proc */
		status = maxminddb.MMDB_open(name, MMDB_MODE_MMAP, &d->mmdb);
	close(fd);
	d->is_open = status == MMDB_SUCCESS;
	if (!d->is_open)
		return complain(c, "--mmdb: %s: is not a MaxMind database, or is damaged: %s", name,
			maxminddb.MMDB_strerror(status));
	if (!check_tree(&d->mmdb))
		return complain(c, "--mmdb: %s: the database is damaged", name);
	identify(d, hash);
	return true;
}

struct databases *databases_open(const struct strlist *files, struct complaint *c)
{
	struct databases *d = calloc(1, sizeof *d + files->n * sizeof *d->at);

	if (!d) {
		complain_memory(c, "--mmdb");
		return NULL;
	}
	if (!maxminddb_load()) {
		complain(c, "--mmdb: %s: libmaxminddb cannot be loaded; please install it",
			files->at[0]);
		free(d);
		return NULL;
	}
	for (size_t i = 0; i < files->n; i++) {
		d->n = i + 1;
		if (open_one(&d->at[i], files->at[i], c))
			continue;
		databases_free(d);
		return NULL;
	}
	return d;
}

void databases_free(struct databases *d)
{
	for (size_t i = 0; d && i < d->n; i++)
		if (d->at[i].is_open)
			maxminddb.MMDB_close(&d->at[i].mmdb);
	free(d);
}

const char *databases_identity(const struct databases *d, size_t i)
{
	return i < d->n ? d->at[i].identity : NULL;
}

/* --- Looking up ------------------------------------------------------------------------- */

/* Where databases have a value: first MaxMind's and those with the same names, then IPinfo's. */
static const char *const paths[][3][4] = {
	[DATABASE_COUNTRY] = {{"country", "iso_code"}, {"country_code"}, {"country"}},
	[DATABASE_CITY] = {{"city", "names", "en"}, {"city"}},
	[DATABASE_ASN] = {{"autonomous_system_number"}, {"asn"}},
	[DATABASE_ORG] = {{"autonomous_system_organization"}, {"as_name"}},
};

enum { PATHS = sizeof paths[0] / sizeof paths[0][0] };

static bool damaged(void)
{
	errno = DATABASE_DAMAGED;
	return false;
}

/* Write the number of an autonomous system. */
static bool write_number(uint64_t n, struct span *found, struct arena *arena)
{
	char text[32];
	size_t len = (size_t)snprintf(text, sizeof text, "AS%" PRIu64, n);
	char *at = arena_take(arena, len);

	if (at)
		*found = span_of(memcpy(at, text, len), len);
	return at != NULL;
}

static bool read_value(const MMDB_entry_data_s *data, struct span *found, struct arena *arena)
{
	switch (data->type) {
	case MMDB_DATA_TYPE_UTF8_STRING:
		if (data->data_size)
			*found = span_of(data->utf8_string, data->data_size);
		return true;
	case MMDB_DATA_TYPE_UINT16:
		return write_number(data->uint16, found, arena);
	case MMDB_DATA_TYPE_UINT32:
		return write_number(data->uint32, found, arena);
	case MMDB_DATA_TYPE_UINT64:
		return write_number(data->uint64, found, arena);
	default:
		return true; /* a map, such as "city" if it has no name in English */
	}
}

static bool find_in_entry(
	MMDB_entry_s *entry, enum database_value what, struct span *found, struct arena *arena)
{
	MMDB_entry_data_s data;

	for (size_t i = 0; i < PATHS && paths[what][i][0] && !found->at; i++) {
		int status = maxminddb.MMDB_aget_value(entry, &data, paths[what][i]);
		if (status == MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR)
			continue;
		if (status != MMDB_SUCCESS)
			return damaged();
		if (data.has_data && !read_value(&data, found, arena))
			return false;
	}
	return true;
}

/* An address in the form that the library reads. */
union socket_address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static union socket_address socket_address_of(const struct address *a)
{
	union socket_address s = {0};

	if (a->bits == 32) {
		s.v4.sin_family = AF_INET;
		memcpy(&s.v4.sin_addr, a->bytes, sizeof s.v4.sin_addr);
	} else {
		s.v6.sin6_family = AF_INET6;
		memcpy(&s.v6.sin6_addr, a->bytes, sizeof s.v6.sin6_addr);
	}
	return s;
}

bool databases_find(const struct databases *d, enum database_value what, const struct address *a,
	struct span *found, struct arena *arena)
{
	union socket_address address = socket_address_of(a);

	*found = span_of(NULL, 0);
	for (size_t i = 0; i < d->n && !found->at; i++) {
		int status;
		MMDB_lookup_result_s result =
			maxminddb.MMDB_lookup_sockaddr(&d->at[i].mmdb, &address.any, &status);
		if (status == MMDB_IPV6_LOOKUP_IN_IPV4_DATABASE_ERROR)
			continue;
		if (status != MMDB_SUCCESS)
			return damaged();
		if (result.found_entry && !find_in_entry(&result.entry, what, found, arena))
			return false;
	}
	return true;
}

#endif
