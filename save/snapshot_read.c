#include "save/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "codec/codec.h"
#include "lib/own_magic.h"
#include "query/signature.h"
#include "save/snapshot_format.h"
#include "save/checksummed_file.h"

enum { WARNINGS = 5 /* the most warnings that name an input that is in two snapshots */ };

struct snapshot {
	const char *name;
	int fd;
	struct sections file;
	char *head, *inputs; /* copies of HEAD and INPUTS, into which strings point */
	struct fingerprint fingerprint;
	struct signature signature;
	struct account account;
	struct snapshot_index index; /* read from END of a regular file; built while a stream is
				      * read */
	uint64_t end;                /* only for a regular file: the place of END */
	unsigned next;               /* only for a regular file: the first range whose place in
				      * .index is not yet known to be right */
	unsigned last;               /* only for a regular file: the range before which the current
				      * walk ends */
	uint64_t stop;               /* only for a regular file: the place of range .last */
	struct section section;      /* the section that was read last */
	uint32_t version;
	const struct measures *measures; /* of the keys; set when a walk begins */
};

/* --- Sections without keys: all functions return false with errno on an error ------- */

/* Read the next section, and return a copy of its bytes.  The caller frees the copy, and *u is set
 * to unpack it.  NULL (errno) on an error, or if the section is not of this kind. */
static char *read_section(struct snapshot *s, enum snapshot_section kind, struct unpack *u)
{
	struct section section;

	if (!sections_read(&s->file, &section))
		return NULL;
	errno = EBADMSG;
	if (section.kind != kind || section.number || section.note)
		return NULL;
	char *copy = malloc(section.bytes.len + 1);
	if (!copy)
		return NULL;
	memcpy(copy, section.bytes.at, section.bytes.len);
	*u = (struct unpack){.rest = span_of(copy, section.bytes.len)};
	return copy;
}

static bool is_same_fingerprint(struct fingerprint a, struct fingerprint b)
{
	return a.low == b.low && a.high == b.high;
}

static bool read_head(struct snapshot *s, struct query_spec *q)
{
	struct unpack u;

	s->head = read_section(s, SNAPSHOT_HEAD, &u);
	if (!s->head)
		return false;
	s->fingerprint.low = unpack_u64(&u);
	s->fingerprint.high = unpack_u64(&u);
	const char *list = u.rest.at;
	if (!signature_unpack(&u, &s->signature))
		return false;
	struct fingerprint found = fingerprint_of(span_between(list, u.rest.at));
	if (is_same_fingerprint(s->fingerprint, found) &&
		!signature_query(&s->signature, s->name, q))
		return false;
	errno = EBADMSG;
	return is_same_fingerprint(s->fingerprint, found) && signature_unpack_shown(&u, q, s->version == 1) &&
	       unpack_is_over(&u);
}

static bool read_account(struct snapshot *s)
{
	struct unpack u;
	char *bytes = read_section(s, SNAPSHOT_ACCOUNT, &u);

	if (!bytes)
		return false;
	bool ok = account_unpack(&u, &s->account) && unpack_is_over(&u);
	free(bytes);
	errno = EBADMSG;
	return ok;
}

static bool read_inputs(struct snapshot *s, struct provenance *origins, size_t number)
{
	struct unpack u;

	s->inputs = read_section(s, SNAPSHOT_INPUTS, &u);
	if (!s->inputs)
		return false;
	errno = EBADMSG;
	return provenance_unpack(&u, origins, number) && unpack_is_over(&u);
}

static bool unpack_index(struct span bytes, struct snapshot_index *index)
{
	struct unpack u = {.rest = bytes};

	index->keys = unpack_u64(&u);
	for (index->n = 0; index->n < RUN_RANGES; index->n++)
		index->place[index->n] = unpack_u64(&u);
	errno = EBADMSG;
	return unpack_is_over(&u);
}

/* True if the index is possible: the place of the first range is `from`, the places of the ranges
 * are in order, and none of them is after `to`. */
static bool is_index_of(const struct snapshot_index *index, uint64_t from, uint64_t to)
{
	uint64_t before = from;

	for (unsigned i = 0; i < RUN_RANGES; before = index->place[i++])
		if (index->place[i] < before)
			return false;
	return index->place[0] == from && before <= to;
}

/* True if the sections have enough bytes for as many keys as the index says. */
static bool can_have_keys(const struct snapshot *s)
{
	return s->index.keys <= (s->end - s->index.place[0]) / counted_size(&(struct counted){0}, NULL);
}

/* Read END of a regular file before the keys, so that a truncated file is rejected before any key
 * is used. */
static bool read_end(struct snapshot *s)
{
	struct sections *f = &s->file;
	uint64_t begin = f->at, size = f->end - f->start,
		 length = SECTION_HEAD + SNAPSHOT_END_BYTES;
	struct section section;

	errno = ENODATA;
	if (size < begin + length)
		return false;
	s->end = size - length;
	sections_seek(f, s->end);
	bool ok = sections_next(f, &section) && section.kind == SNAPSHOT_END &&
		  f->len == SNAPSHOT_END_BYTES;
	errno = ENODATA;
	if (!ok || !sections_load(f, &section) || !unpack_index(section.bytes, &s->index))
		return false;
	sections_seek(f, begin);
	errno = EBADMSG;
	return is_index_of(&s->index, begin, s->end) && can_have_keys(s);
}

/* --- Complaints: all functions return false ----------------------------------------- */

static bool complain_of_error(struct complaint *why, const char *name, int error)
{
	switch (error) {
	case EBADMSG:
		return complain_of(why, name, "the snapshot is damaged");
	case ENODATA:
		return complain_of(why, name, "the snapshot is truncated: its end is missing");
	case EOVERFLOW:
		return complain_of(why, name,
			"the totals of the snapshots are too large: this one or another is "
			"damaged");
	case EFBIG:
		return complain_of(
			why, name, "more bytes follow the snapshot; a pipe can carry only one");
	default:
		return complain_of(why, name, "%s", strerror(error));
	}
}

/* Complain about a file that does not begin with the magic bytes.  It may be a compressed
 * snapshot. */
static bool complain_of_other_file(struct complaint *why, const struct snapshot *s)
{
	char head[CODEC_HEAD];
	ssize_t n = s->file.seeks ? pread(s->fd, head, sizeof head, (off_t)s->file.start) : 0;
	const struct codec *c = codec_detect(span_of(head, n > 0 ? (size_t)n : 0));

	if (c)
		return complain_of(why, s->name,
			"is compressed with %s: decompress it and pipe it to wf --merge -",
			c->name);
	return complain_of(why, s->name, "is not a snapshot written by wf --save");
}

/* --- Opening ------------------------------------------------------------------------ */

static bool begin(struct snapshot *s, struct complaint *why)
{
	uint32_t version = 0;

	if (!sections_open(&s->file, s->fd, SNAPSHOT_MAGIC, &version)) {
		if (errno == ENODATA && !s->file.at)
			return complain_of(why, s->name, "is empty, and therefore not a snapshot");
		if (errno == EINVAL)
			return complain_of_other_file(why, s);
		return complain_of_error(why, s->name, errno);
	}
	s->version = version;
	return version == 1 || version == SNAPSHOT_VERSION ||
	       complain_of(why, s->name, "is a snapshot of version %u; this wf reads version %d",
		       (unsigned)version, SNAPSHOT_VERSION);
}

/* True if the snapshot has the same query as the first snapshot; else false and a complaint. */
static bool has_same_query(
	const struct snapshots *all, const struct snapshot *s, struct complaint *why)
{
	const struct snapshot *first = &all->at[0];
	char text[sizeof why->text];

	if (is_same_fingerprint(first->fingerprint, s->fingerprint))
		return true;
	if (signature_differ(
		    &first->signature, first->name, &s->signature, s->name, text, sizeof text))
		return complain(why, "%s", text);
	return complain_of_error(why, s->name, EBADMSG);
}

bool snapshots_agree(const struct snapshots *a, const struct snapshots *b, struct complaint *why)
{
	return has_same_query(a, &b->at[0], why);
}

/* Read HEAD, and check that all snapshots have the same query.  The query of the first snapshot
 * becomes .query of the list. */
static bool read_query(struct snapshots *all, struct snapshot *s, struct complaint *why)
{
	struct query_spec query = {0};
	bool ok = read_head(s, &query);
	int saved = errno;

	if (s != all->at)
		query_spec_free(&query);
	else
		all->query = query;
	return ok ? has_same_query(all, s, why) : complain_of_error(why, s->name, saved);
}

static bool read_rest(struct snapshots *all, struct snapshot *s)
{
	return read_account(s) && read_inputs(s, &all->origins, (size_t)(s - all->at)) &&
	       (!s->file.seeks || read_end(s)) && account_add_checked(&all->account, &s->account);
}

/* --- Reading keys ----------------------------------------------------------------- */

/* Read END of a stream.  False (errno) if its index does not fit the sections that were read. */
static bool read_stream_end(struct snapshot *s)
{
	struct snapshot_index found = s->index, end;

	snapshot_index_to(&found, RUN_RANGES, s->file.place);
	if (!sections_load(&s->file, &s->section) || !unpack_index(s->section.bytes, &end) ||
		!sections_is_over(&s->file))
		return false;
	s->index.keys = end.keys;
	errno = EBADMSG;
	return memcmp(found.place, end.place, sizeof end.place) == 0;
}

/* The place where a range begins; for RUN_RANGES, the place where the last range ends. */
static uint64_t place_of(const struct snapshot *s, unsigned range)
{
	return range < RUN_RANGES ? s->index.place[range] : s->end;
}

/* Check the index of a regular file: true if all ranges in [.next, end) begin at `place`.  Because
 * of these checks, the walk over a part of the ranges ends exactly where the walk over the next
 * part begins.  So together the processes read the same sections, however the ranges are divided
 * among them. */
static bool begin_at(struct snapshot *s, unsigned end, uint64_t place)
{
	errno = EBADMSG;
	for (; s->next < end; s->next++)
		if (place_of(s, s->next) != place)
			return false;
	return true;
}

/* True if the current section, whose keys are in this range, is where the index says. */
static bool is_in_place(struct snapshot *s, unsigned range)
{
	return range + 1 >= s->next && range < s->last && begin_at(s, range + 1, s->file.place);
}

static bool next_block(void *snapshot, struct run_block *b, bool *more)
{
	struct snapshot *s = snapshot;

	*more = false;
	if (s->file.seeks && s->file.at == s->stop)
		return begin_at(s, s->last, s->stop);
	errno = EBADMSG;
	if (s->file.seeks && s->file.at > s->stop)
		return false;
	if (!sections_next(&s->file, &s->section))
		return false;
	if (!s->file.seeks && s->section.kind == SNAPSHOT_END)
		return read_stream_end(s);
	errno = EBADMSG;
	if (s->section.kind != SNAPSHOT_KEYS || s->section.number >= RUN_RANGES)
		return false;
	unsigned range = s->section.number;
	if (s->file.seeks && !is_in_place(s, range))
		return false;
	if (!s->file.seeks)
		snapshot_index_to(&s->index, range + 1, s->file.place);
	*b = (struct run_block){.range = range, .first = s->section.note};
	*more = true;
	return true;
}

enum { SUM_BYTES = 16 };

/* In version 1, either all keys have a sum or none.  Remove the sums of keys that have no measures now.
 * The entries are changed in place. */
static bool remove_other_sums(struct snapshot *s, struct span *entries)
{
	const struct measures *m = s->measures;
	char *to = (char *)(uintptr_t)entries->at;
	struct span rest = *entries;

	if (!measures_most_bytes(m))
		return true;
	while (rest.len) {
		size_t head = 16 + SUM_BYTES;
		uint64_t group_and_len = rest.len >= head ? word_load(rest.at + 8) : UINT64_MAX;
		uint64_t len = group_and_len >> 16;
		errno = EBADMSG;
		if (rest.len < head || len > rest.len - head)
			return false;
		bool kept = measures_bytes(m, (unsigned)(group_and_len & (COUNTED_GROUPS - 1))) > 0;
		memmove(to, rest.at, kept ? head : 16);
		to += kept ? head : 16;
		memmove(to, rest.at + head, (size_t)len);
		to += len;
		rest = span_from(rest, head + (size_t)len);
	}
	*entries = span_between(entries->at, to);
	return true;
}

static bool load_block(void *snapshot, struct run_block *b)
{
	struct snapshot *s = snapshot;

	if (!sections_load(&s->file, &s->section))
		return false;
	b->entries = s->section.bytes;
	return s->version > 1 || remove_other_sums(s, &b->entries);
}

/* How many keys a walk over a part of the ranges has read from a snapshot, and the sum of their
 * counts. */
struct tally {
	uint64_t keys, counts;
};

/* Return the tallies of one walk, which is the walk that begins at range `first`.  The tallies are
 * an array with one tally for each snapshot. */
static struct tally *tallies_of(const struct snapshots *all, unsigned first)
{
	return all->tallies + (size_t)first * all->room;
}

static void add_tally(struct tally *t, const struct tally *more)
{
	t->keys += more->keys;
	if (__builtin_add_overflow(t->counts, more->counts, &t->counts))
		t->counts = UINT64_MAX;
}

/* Add up what the walks over all n parts have read from snapshot `k`. */
static struct tally tally_of(const struct snapshots *all, size_t k, unsigned n)
{
	struct tally sum = {0};

	for (unsigned i = 0; i < n; i++) {
		unsigned first = run_first_range(i, n);
		if (first < run_first_range(i + 1, n))
			add_tally(&sum, &tallies_of(all, first)[k]);
	}
	return sum;
}

/* Return the greatest count that a key of a ranking can have.  A matched line counts at most once;
 * with -o, matches count, each of which has at least one byte. */
static uint64_t most_of_ranking(const struct snapshot *s, const struct grouping_spec *g)
{
	return g->every_match ? s->account.bytes : s->account.verdicts.matched;
}

/* Return the greatest sum of counts that a snapshot can have. */
static uint64_t most_counts(const struct snapshots *all, const struct snapshot *s)
{
	uint64_t most = 0;

	for (size_t i = 0; i < all->measures->n; i++) {
		unsigned of = all->measures->groups[i].pairs_of;
		const struct grouping_spec *g = &all->query.groupings[of];
		uint64_t here = most_of_ranking(s, g), times = g->patterns.n ? g->patterns.n : 1;
		/* With -E, each pattern counts the line. */
		if (__builtin_mul_overflow(here, times, &here) ||
			__builtin_add_overflow(most, here, &most))
			return UINT64_MAX;
	}
	return all->without_accounts ? UINT64_MAX : most;
}

/* Return the greatest count that a key of a snapshot can have; 0 if there is no limit. */
static uint64_t most_of_key(const struct snapshots *all, const struct snapshot *s)
{
	uint64_t most = 0;

	for (size_t i = 0; !all->without_accounts && i < all->query.n_groupings; i++) {
		uint64_t here = most_of_ranking(s, &all->query.groupings[i]);
		most = here > most ? here : most;
	}
	return most;
}

/* True if each snapshot has as many keys as its END says, and no more counts than its ACCOUNT
 * allows. */
static bool is_whole(void *snapshots, unsigned n)
{
	struct snapshots *all = snapshots;

	for (size_t k = 0; k < all->n; k++) {
		struct snapshot *s = &all->at[k];
		struct tally t = tally_of(all, k, n);
		if (t.keys == s->index.keys && t.counts <= most_counts(all, s))
			continue;
		all->failed = s;
		errno = EBADMSG;
		return false;
	}
	return true;
}

/* Begin a walk over the ranges in [first, last).  Go to the place where `first` begins, and let
 * next_block() stop where `last` begins. */
static struct run run_of(
	const struct snapshots *all, struct snapshot *s, unsigned first, unsigned last)
{
	if (s->file.seeks)
		sections_seek(&s->file, place_of(s, first));
	s->next = first;
	s->last = last;
	s->measures = all->measures;
	s->stop = place_of(s, last);
	return (struct run){
		.next = next_block, .load = load_block, .ctx = s, .most = most_of_key(all, s)};
}

static bool walk(void *snapshots, unsigned i, unsigned n, struct sink sink)
{
	struct snapshots *all = snapshots;
	unsigned first = run_first_range(i, n), last = run_first_range(i + 1, n);
	unsigned groups = (unsigned)all->measures->n;
	struct run *runs = calloc(all->n, sizeof *runs);

	if (!runs)
		return false;
	for (size_t k = 0; k < all->n; k++)
		runs[k] = run_of(all, &all->at[k], first, last);
	bool ok = run_merge(runs, all->n, all->measures, groups, sink);
	for (size_t k = 0; k < all->n; k++) {
		if (runs[k].failed)
			all->failed = &all->at[k];
		if (first < last)
			tallies_of(all, first)[k] = (struct tally){runs[k].keys, runs[k].counts};
	}
	free(runs);
	return ok && (n > 1 || is_whole(all, 1));
}

static bool explain(void *snapshots, int error, struct complaint *why)
{
	const struct snapshots *all = snapshots;

	if (all->failed)
		complain_of_error(why, all->failed->name, error);
	return all->failed != NULL;
}

/* --- Snapshots ---------------------------------------------------------------------- */

/* Make .tallies in shared memory, because several processes may walk.  False if out of memory. */
static bool make_tallies(struct snapshots *all)
{
	void *at = MAP_FAILED;

	if (!__builtin_mul_overflow(
		    all->room, RUN_RANGES * sizeof *all->tallies, &all->tallies_size))
		at = mmap(NULL, all->tallies_size, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	all->tallies = at == MAP_FAILED ? NULL : at;
	return all->tallies != NULL;
}

struct snapshots *snapshots_new(size_t most)
{
	struct snapshots *all = calloc(1, sizeof *all);

	if (!all)
		return NULL;
	all->room = most;
	all->at = calloc(most, sizeof *all->at);
	all->source =
		(struct source){.walk = walk, .is_whole = is_whole, .explain = explain, .ctx = all};
	if (all->at && make_tallies(all))
		return all;
	free(all->at);
	free(all);
	return NULL;
}

void snapshots_free(struct snapshots *all)
{
	if (!all)
		return;
	for (size_t i = 0; i < all->n; i++) {
		struct snapshot *s = &all->at[i];
		if (s->fd > STDIN_FILENO)
			close(s->fd);
		sections_close(&s->file);
		signature_free(&s->signature);
		free(s->head);
		free(s->inputs);
	}
	munmap(all->tallies, all->tallies_size);
	provenance_free(&all->origins);
	query_spec_free(&all->query);
	free(all->at);
	free(all);
}

bool snapshots_add(struct snapshots *all, int fd, const char *name, struct complaint *why)
{
	struct snapshot *s = &all->at[all->n++];

	*s = (struct snapshot){.name = name, .fd = fd};
	if (!begin(s, why) || !read_query(all, s, why))
		return false;
	if (!read_rest(all, s))
		return complain_of_error(why, name, errno);
	all->source.keys += s->index.keys;
	all->source.single_pass |= !s->file.seeks;
	return true;
}

/* --- Names ------------------------------------------------------------------------------ */

/* Find out if a name is that of a regular file.  *is becomes true if it begins with the magic bytes. */
static bool look_at(const char *name, bool *is)
{
	char head[sizeof SNAPSHOT_MAGIC - 1];
	struct stat st;

	*is = false;
	if (strcmp(name, "-") == 0 || stat(name, &st) != 0 || !S_ISREG(st.st_mode))
		return false;
	int fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return false;
	*is = read(fd, head, sizeof head) == (ssize_t)sizeof head &&
	      memcmp(head, SNAPSHOT_MAGIC, sizeof head) == 0;
	close(fd);
	return true;
}

bool snapshot_is_at(const char *name)
{
	bool is;

	return look_at(name, &is) && is;
}

bool snapshot_is_not_at(const char *name)
{
	bool is;

	return look_at(name, &is) && !is;
}

/* --- Files -------------------------------------------------------------------------- */

/* If the limit of open files may be too low for `n` files, raise it as far as the user is allowed
 * to. */
static void allow_files(size_t n)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur > n + 64)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static bool add_descriptor(struct snapshots *all, int fd, const char *name, struct complaint *why)
{
	if (!isatty(fd))
		return snapshots_add(all, fd, name, why);
	return complain_of(
		why, name, "is a terminal; wf --merge reads snapshots, which wf --save writes");
}

static bool add_standard_input(struct snapshots *all, struct complaint *why)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->at[i].fd == STDIN_FILENO)
			return complain(
				why, "standard input: is named twice, but holds one snapshot");
	return add_descriptor(all, STDIN_FILENO, "standard input", why);
}

static bool add_file(struct snapshots *all, const char *name, struct complaint *why)
{
	if (strcmp(name, "-") == 0)
		return add_standard_input(all, why);
	int fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return complain_of(why, name, "%s", strerror(errno));
	return add_descriptor(all, fd, name, why);
}

/* The context of warn_of_repeat().  .n is the number of repeats that were found so far. */
struct repeats {
	const struct snapshots *all;
	const struct warner *warner;
	size_t n;
};

static void warn_of_repeat(void *repeats, const struct origin *a, const struct origin *b)
{
	struct repeats *r = repeats;

	if (r->n++ < WARNINGS)
		warner_warn_of(r->warner, b->path, "is counted twice, in %s and in %s",
			r->all->at[a->owner].name, r->all->at[b->owner].name);
}

static bool warn_of_repeats(
	struct snapshots *all, const struct warner *warner, struct complaint *why)
{
	struct repeats r = {.all = all, .warner = warner};

	if (!provenance_find_repeats(
		    &all->origins, (struct provenance_visitor){warn_of_repeat, &r}))
		return complain_memory(why, "snapshots");
	if (r.n > WARNINGS)
		warner_warn(warner, "... and %zu more inputs are counted twice", r.n - WARNINGS);
	return true;
}

struct snapshots *snapshots_open(
	const struct strlist *files, const struct warner *warner, struct complaint *why)
{
	size_t n = files->n ? files->n : 1;
	struct snapshots *all = snapshots_new(n);

	if (!all) {
		complain_memory(why, "snapshots");
		return NULL;
	}
	allow_files(n);
	bool ok = true;
	for (size_t i = 0; ok && i < n; i++)
		ok = add_file(all, files->n ? files->at[i] : "-", why);
	if (ok && warn_of_repeats(all, warner, why))
		return all;
	snapshots_free(all);
	return NULL;
}
