#include "save/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "codec/codec.h"
#include "lib/die.h"
#include "lib/magic.h"
#include "lib/atomicfile.h"
#include "store/sections.h"

enum { END_BYTES = 8 + 8 * RUN_RANGES, TOLD = 5 };

struct fingerprint {
	uint64_t low, high;
};

static struct fingerprint fingerprint_of(struct span list)
{
	XXH128_hash_t hash = XXH3_128bits(list.at, list.len);

	return (struct fingerprint){hash.low64, hash.high64};
}

/* --- Writing --------------------------------------------------------------------- */

/* Where each range begins, as its blocks come. */
struct index {
	unsigned n; /* ranges that have begun */
	uint64_t place[RUN_RANGES];
	uint64_t keys;
};

static void index_range(struct index *index, unsigned end, uint64_t place)
{
	while (index->n < end)
		index->place[index->n++] = place;
}

static bool put(struct sections_writer *w, enum snapshot_section kind, const struct pack *p)
{
	struct section s = {.kind = kind, .bytes = span_of(p->at, p->n)};

	errno = ENOMEM;
	return !p->failed && sections_put(w, &s);
}

/* Write what was packed, and forget it. */
static bool put_and_free(struct sections_writer *w, enum snapshot_section kind, struct pack *p)
{
	bool ok = put(w, kind, p);
	int why = errno;

	pack_free(p);
	errno = why;
	return ok;
}

static bool put_head(struct sections_writer *w, const struct saved *s)
{
	struct signature asked;
	struct pack list = {0}, head = {0};

	if (!signature_of(s->query, &asked))
		return false;
	signature_pack(&list, &asked);
	struct fingerprint f = fingerprint_of(span_of(list.at, list.n));
	pack_u64(&head, f.low);
	pack_u64(&head, f.high);
	pack_bytes(&head, span_of(list.at, list.n));
	signature_pack_shown(&head, s->query);
	head.failed |= list.failed;
	pack_free(&list);
	signature_free(&asked);
	return put_and_free(w, SNAPSHOT_HEAD, &head);
}

static bool put_account(struct sections_writer *w, const struct account *a)
{
	struct pack p = {0};

	serialize_account(&p, a);
	return put_and_free(w, SNAPSHOT_ACCOUNT, &p);
}

struct writer {
	struct sections_writer file;
	struct index index;
};

static bool put_block(void *writer, const struct run_block *b)
{
	struct writer *w = writer;
	struct section s = {SNAPSHOT_KEYS, b->range, b->first, b->entries};

	index_range(&w->index, b->range + 1, w->file.at);
	w->index.keys += b->keys;
	return sections_put(&w->file, &s);
}

static bool put_end(struct writer *w)
{
	struct pack p = {0};

	index_range(&w->index, RUN_RANGES, w->file.at);
	pack_u64(&p, w->index.keys);
	for (unsigned i = 0; i < RUN_RANGES; i++)
		pack_u64(&p, w->index.place[i]);
	return put_and_free(&w->file, SNAPSHOT_END, &p);
}

static bool begin_writing(struct writer *w, int fd, const struct saved *s)
{
	*w = (struct writer){0};
	return sections_create(&w->file, fd, SNAPSHOT_MAGIC, SNAPSHOT_VERSION) &&
	       put_head(&w->file, s) && put_account(&w->file, s->account) &&
	       put(&w->file, SNAPSHOT_INPUTS, s->origins);
}

bool snapshot_write(int fd, struct saved *s, const struct counts *c)
{
	struct writer w;
	bool ok = begin_writing(&w, fd, s) &&
		  serialize_run(c, (struct block_sink){put_block, &w}, &s->in_temp) && put_end(&w);

	s->keys = w.index.keys;
	return ok;
}

struct writers {
	struct writer *at;
	unsigned n;
};

/* The first of the ranges that are the i-th of n parts; of the part behind the last, all. */
static unsigned first_range(unsigned i, unsigned n)
{
	return (unsigned)((uint64_t)RUN_RANGES * i / n);
}

static bool put_in_part(void *writers, const struct run_block *b)
{
	const struct writers *w = writers;
	unsigned i = 0;

	while (b->range >= first_range(i + 1, w->n))
		i++;
	return put_block(&w->at[i], b);
}

bool snapshot_write_parts(const int *fds, unsigned n, struct saved *s, const struct counts *c)
{
	struct writers w = {calloc(n, sizeof *w.at), n};
	bool ok = w.at != NULL;

	for (unsigned i = 0; ok && i < n; i++)
		ok = begin_writing(&w.at[i], fds[i], s);
	ok = ok && serialize_run(c, (struct block_sink){put_in_part, &w}, &s->in_temp);
	for (unsigned i = 0; ok && i < n; i++)
		ok = put_end(&w.at[i]);
	int why = errno;
	free(w.at);
	errno = why;
	return ok;
}

bool snapshot_save(const char *name, struct saved *s, const struct counts *c)
{
	struct atomicfile file;

	if (strcmp(name, "-") == 0)
		return snapshot_write(STDOUT_FILENO, s, c);
	if (!atomicfile_open(&file, name))
		return false;
	if (snapshot_write(file.fd, s, c))
		return atomicfile_commit(&file);
	atomicfile_abandon(&file);
	return false;
}

/* --- Opening --------------------------------------------------------------------- */

struct snapshot {
	const char *name;
	int fd;
	struct sections file;
	char *head, *inputs; /* what strings point into */
	struct fingerprint fingerprint;
	struct signature asked;
	struct account account;
	struct index index; /* of a regular file, from its end; of a stream, as it is read */
	uint64_t end;       /* of a regular file: the place of its last section */
	uint64_t stop;      /* and of the one at which a walk ends */
	struct section section;
};

static bool walk(void *snapshots, unsigned i, unsigned n, struct sink sink);

/* Bytes of a section that stay.  NULL (errno) if it is not of that kind. */
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

static bool is_fingerprint(struct fingerprint a, struct fingerprint b)
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
	if (!signature_unpack(&u, &s->asked))
		return false;
	struct fingerprint found = fingerprint_of(span_between(list, u.rest.at));
	if (is_fingerprint(s->fingerprint, found) && !signature_query(&s->asked, s->name, q))
		return false;
	errno = EBADMSG;
	return is_fingerprint(s->fingerprint, found) && signature_unpack_shown(&u, q) &&
	       unpack_is_over(&u);
}

static bool read_account(struct snapshot *s)
{
	struct unpack u;
	char *bytes = read_section(s, SNAPSHOT_ACCOUNT, &u);

	if (!bytes)
		return false;
	bool ok = serialize_read_account(&u, &s->account) && unpack_is_over(&u);
	free(bytes);
	errno = EBADMSG;
	return ok;
}

static bool read_inputs(struct snapshot *s, struct provenance *origins, size_t number)
{
	struct unpack u;

	s->inputs = read_section(s, SNAPSHOT_INPUTS, &u);
	errno = EBADMSG;
	return s->inputs && provenance_unpack(&u, origins, number) && unpack_is_over(&u);
}

static bool unpack_index(struct span bytes, struct index *index)
{
	struct unpack u = {.rest = bytes};

	index->keys = unpack_u64(&u);
	for (index->n = 0; index->n < RUN_RANGES; index->n++)
		index->place[index->n] = unpack_u64(&u);
	errno = EBADMSG;
	return unpack_is_over(&u);
}

/* Ranges stand one behind the other, from here to the end. */
static bool is_index_of(const struct index *index, uint64_t from, uint64_t to)
{
	uint64_t before = from;

	for (unsigned i = 0; i < RUN_RANGES; before = index->place[i++])
		if (index->place[i] < before)
			return false;
	return index->place[0] == from && before <= to;
}

/* Have a look at the end of what can be read anywhere: so that it is known before all else is
 * read that it is there. */
static bool read_end(struct snapshot *s)
{
	struct sections *f = &s->file;
	uint64_t begin = f->at, size = f->end - f->start, length = SECTION_HEAD + END_BYTES;
	struct section section;

	errno = ENODATA;
	if (size < begin + length)
		return false;
	s->end = size - length;
	sections_seek(f, s->end);
	bool ok = sections_next(f, &section) && section.kind == SNAPSHOT_END && f->len == END_BYTES;
	errno = ENODATA;
	if (!ok || !sections_load(f, &section) || !unpack_index(section.bytes, &s->index))
		return false;
	sections_seek(f, begin);
	errno = EBADMSG;
	return is_index_of(&s->index, begin, s->end);
}

/* What is wrong with a snapshot, in words. */
static void explain(char *out, size_t room, const char *name, int why)
{
	if (why == EBADMSG)
		snprintf(out, room, "%s: the snapshot is damaged", name);
	else if (why == ENODATA)
		snprintf(out, room, "%s: the snapshot is cut off: its end is missing", name);
	else if (why == EFBIG)
		snprintf(out, room,
			"%s: there is more behind the snapshot: of a pipe, only one is read", name);
	else
		snprintf(out, room, "%s: %s", name, strerror(why));
}

static bool refuse(struct snapshots *all, const struct snapshot *s, int why)
{
	explain(all->why, sizeof all->why, s->name, why);
	return false;
}

/* Perhaps somebody has packed it, or it is the log itself. */
static void explain_other(struct snapshots *all, const struct snapshot *s)
{
	char head[CODEC_HEAD];
	ssize_t n = s->file.seeks ? pread(s->fd, head, sizeof head, (off_t)s->file.start) : 0;
	const struct codec *c = codec_detect(span_of(head, n > 0 ? (size_t)n : 0));

	if (c)
		snprintf(all->why, sizeof all->why,
			"%s: is compressed by %s: decode it, and pipe it to wf --merge -", s->name,
			c->name);
	else
		snprintf(all->why, sizeof all->why, "%s: is no snapshot, as wf --save writes them",
			s->name);
}

static bool begin(struct snapshots *all, struct snapshot *s)
{
	uint32_t version = 0;

	if (!sections_open(&s->file, s->fd, SNAPSHOT_MAGIC, &version)) {
		if (errno == ENODATA && !s->file.at)
			snprintf(all->why, sizeof all->why, "%s: is empty, so it is no snapshot",
				s->name);
		else if (errno == EINVAL)
			explain_other(all, s);
		else
			refuse(all, s, errno);
		return false;
	}
	if (version == SNAPSHOT_VERSION)
		return true;
	snprintf(all->why, sizeof all->why,
		"%s: is a snapshot of version %u; this wf reads version %d", s->name,
		(unsigned)version, SNAPSHOT_VERSION);
	return false;
}

/* It must ask what the first one does. */
static bool asks_the_same(struct snapshots *all, const struct snapshot *s)
{
	const struct snapshot *first = &all->at[0];

	if (is_fingerprint(first->fingerprint, s->fingerprint))
		return true;
	if (!signature_differ(
		    &first->asked, first->name, &s->asked, s->name, all->why, sizeof all->why))
		refuse(all, s, EBADMSG);
	return false;
}

/* What comes before the keys: of the first one, the query is that of all. */
static bool read_query(struct snapshots *all, struct snapshot *s)
{
	struct query_spec query = {0};
	bool ok = read_head(s, &query);
	int why = errno;

	if (s != all->at)
		query_spec_free(&query);
	else
		all->query = query;
	return ok ? asks_the_same(all, s) : refuse(all, s, why);
}

static bool read_rest(struct snapshots *all, struct snapshot *s)
{
	return read_account(s) && read_inputs(s, &all->origins, (size_t)(s - all->at)) &&
	       (!s->file.seeks || read_end(s)) && serialize_add_account(&all->account, &s->account);
}

struct snapshots *snapshots_new(size_t most)
{
	struct snapshots *all = calloc(1, sizeof *all);

	if (!all)
		return NULL;
	all->at = calloc(most, sizeof *all->at);
	all->source = (struct source){.walk = walk, .ctx = all};
	if (all->at)
		return all;
	free(all);
	return NULL;
}

bool snapshots_add(struct snapshots *all, int fd, const char *name)
{
	struct snapshot *s = &all->at[all->n++];

	*s = (struct snapshot){.name = name, .fd = fd};
	if (!begin(all, s) || !read_query(all, s))
		return false;
	if (!read_rest(all, s))
		return refuse(all, s, errno);
	all->source.keys += s->index.keys;
	all->source.single_pass |= !s->file.seeks;
	return true;
}

/* --- The same input twice --------------------------------------------------------- */

struct teller {
	const struct snapshots *all;
	size_t n;
};

static void tell_twice(void *teller, const struct origin *a, const struct origin *b)
{
	struct teller *t = teller;

	if (t->n++ >= TOLD)
		return;
	warn("%s: is counted in %s and in %s, so it counts twice", b->path, t->all->at[a->of].name,
		t->all->at[b->of].name);
}

static void warn_of_twice(struct snapshots *all)
{
	struct teller teller = {.all = all};

	if (!provenance_twice(&all->origins, (struct provenance_printer){tell_twice, &teller}))
		die("snapshots: out of memory");
	if (teller.n > TOLD)
		warn("... and %zu more inputs that count twice", teller.n - TOLD);
}

/* --- Reading keys ----------------------------------------------------------------- */

/* The section that ends a stream: what was read must be all. */
static bool read_stream_end(struct snapshot *s)
{
	struct index found = s->index, told;

	index_range(&found, RUN_RANGES, s->file.place);
	if (!sections_load(&s->file, &s->section) || !unpack_index(s->section.bytes, &told) ||
		!sections_is_over(&s->file))
		return false;
	s->index.keys = told.keys;
	errno = EBADMSG;
	return memcmp(found.place, told.place, sizeof told.place) == 0;
}

/* Is the section where its range is to be found? */
static bool is_in_place(const struct snapshot *s, unsigned range)
{
	uint64_t end = range + 1 < RUN_RANGES ? s->index.place[range + 1] : s->end;

	return s->file.place >= s->index.place[range] && s->file.place < end;
}

static bool next_block(void *snapshot, struct run_block *b, bool *more)
{
	struct snapshot *s = snapshot;

	*more = false;
	if (s->file.seeks && s->file.at == s->stop)
		return true;
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
		index_range(&s->index, range + 1, s->file.place);
	*b = (struct run_block){.range = range, .first = s->section.note};
	*more = true;
	return true;
}

static bool load_block(void *snapshot, struct run_block *b)
{
	struct snapshot *s = snapshot;

	if (!sections_load(&s->file, &s->section))
		return false;
	b->entries = s->section.bytes;
	return true;
}

/* Where a range begins, or the last one ends. */
static uint64_t place_of(const struct snapshot *s, unsigned range)
{
	return range < RUN_RANGES ? s->index.place[range] : s->end;
}

/* As many keys as their ends tell. */
static bool have_all_keys(const struct snapshots *all, struct run *runs)
{
	for (size_t k = 0; k < all->n; k++) {
		runs[k].failed = runs[k].keys != all->at[k].index.keys;
		if (runs[k].failed) {
			errno = EBADMSG;
			return false;
		}
	}
	return true;
}

static bool walk(void *snapshots, unsigned i, unsigned n, struct sink sink)
{
	struct snapshots *all = snapshots;
	unsigned first = first_range(i, n), last = first_range(i + 1, n);
	struct run *runs = calloc(all->n, sizeof *runs);
	bool sums = false;

	if (!runs)
		return false;
	for (size_t k = 0; k < all->query.n_groupings; k++)
		sums |= all->query.groupings[k].sum.value != NULL;
	for (size_t k = 0; k < all->n; k++) {
		struct snapshot *s = &all->at[k];
		runs[k] = (struct run){next_block, load_block, s, false, 0};
		if (s->file.seeks)
			sections_seek(&s->file, place_of(s, first));
		s->stop = place_of(s, last);
	}
	bool ok = run_merge(runs, all->n, sums, (unsigned)all->query.n_groupings, sink);
	if (ok && n == 1)
		ok = have_all_keys(all, runs);
	int why = errno;
	for (size_t k = 0; k < all->n; k++)
		if (runs[k].failed)
			all->failed = &all->at[k];
	free(runs);
	errno = why;
	return ok;
}

/* --- All -------------------------------------------------------------------------- */

/* As many files may be open as there are. */
static void allow_files(size_t n)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur > n + 64)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static void open_file(struct snapshots *all, const char *file)
{
	bool standard = strcmp(file, "-") == 0;

	for (size_t i = 0; standard && i < all->n; i++)
		if (all->at[i].fd == STDIN_FILENO)
			die("standard input: is named twice, and is one snapshot");
	const char *name = standard ? "standard input" : file;
	int fd = standard ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		die("%s: %s", name, strerror(errno));
	if (isatty(fd))
		die("%s: is a terminal; wf --merge reads snapshots, which wf --save writes", name);
	if (!snapshots_add(all, fd, name))
		die("%s", all->why);
}

struct snapshots *snapshots_open(const struct strlist *files)
{
	size_t n = files->n ? files->n : 1;
	struct snapshots *all = snapshots_new(n);

	if (!all)
		die("snapshots: out of memory");
	allow_files(n);
	for (size_t i = 0; i < n; i++)
		open_file(all, files->n ? files->at[i] : "-");
	warn_of_twice(all);
	return all;
}

bool snapshots_tell(const struct snapshots *all, int why)
{
	char text[sizeof all->why];

	if (!all->failed)
		return false;
	explain(text, sizeof text, all->failed->name, why);
	warn("%s", text);
	return true;
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
		signature_free(&s->asked);
		free(s->head);
		free(s->inputs);
	}
	provenance_free(&all->origins);
	query_spec_free(&all->query);
	free(all->at);
	free(all);
}
