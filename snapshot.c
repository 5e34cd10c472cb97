#include "snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "lib/decompress.h"
#include "lib/die.h"
#include "lib/newfile.h"
#include "lib/sections.h"

enum kind { HEAD = 1, ACCOUNT, INPUTS, KEYS, END };

enum { END_BYTES = 8 + 8 * KEYRUN_RANGES, TOLD = 5 };

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
	uint64_t place[KEYRUN_RANGES];
	uint64_t keys;
};

static void index_range(struct index *index, unsigned end, uint64_t place)
{
	while (index->n < end)
		index->place[index->n++] = place;
}

static bool put(struct sections_writer *w, enum kind kind, const struct pack *p)
{
	struct section s = {.kind = kind, .bytes = span_of(p->at, p->n)};

	errno = ENOMEM;
	return !p->failed && sections_put(w, &s);
}

/* Write what was packed, and forget it. */
static bool put_and_free(struct sections_writer *w, enum kind kind, struct pack *p)
{
	bool ok = put(w, kind, p);
	int why = errno;

	pack_free(p);
	errno = why;
	return ok;
}

static bool put_head(struct sections_writer *w, const struct saved *s)
{
	struct asked asked = asked_list(s->query, s->set);
	struct pack list = {0}, head = {0};

	asked_pack(&list, &asked);
	struct fingerprint f = fingerprint_of(span_of(list.at, list.n));
	pack_u64(&head, f.low);
	pack_u64(&head, f.high);
	pack_bytes(&head, span_of(list.at, list.n));
	asked_pack_shown(&head, s->query, s->set);
	head.failed |= list.failed;
	pack_free(&list);
	asked_free(&asked);
	return put_and_free(w, HEAD, &head);
}

static bool put_account(struct sections_writer *w, const struct account *a)
{
	struct pack p = {0};

	exchange_pack_account(&p, a);
	return put_and_free(w, ACCOUNT, &p);
}

struct writer {
	struct sections_writer file;
	struct index index;
};

static bool put_block(void *writer, const struct keyblock *b)
{
	struct writer *w = writer;
	struct section s = {KEYS, b->range, b->first, b->entries};

	index_range(&w->index, b->range + 1, w->file.at);
	w->index.keys += b->keys;
	return sections_put(&w->file, &s);
}

static bool put_end(struct writer *w)
{
	struct pack p = {0};

	index_range(&w->index, KEYRUN_RANGES, w->file.at);
	pack_u64(&p, w->index.keys);
	for (unsigned i = 0; i < KEYRUN_RANGES; i++)
		pack_u64(&p, w->index.place[i]);
	return put_and_free(&w->file, END, &p);
}

bool snapshot_write(int fd, struct saved *s, const struct counts *c)
{
	struct writer w = {0};

	bool ok = sections_create(&w.file, fd, SNAPSHOT_MAGIC, SNAPSHOT_VERSION) &&
		  put_head(&w.file, s) && put_account(&w.file, s->account) &&
		  put(&w.file, INPUTS, s->origins) && exchange_run(c, put_block, &w) && put_end(&w);
	s->keys = w.index.keys;
	return ok;
}

bool snapshot_save(const char *name, struct saved *s, const struct counts *c)
{
	struct newfile file;

	if (strcmp(name, "-") == 0)
		return snapshot_write(STDOUT_FILENO, s, c);
	if (!newfile_open(&file, name))
		return false;
	if (snapshot_write(file.fd, s, c))
		return newfile_commit(&file);
	newfile_abandon(&file);
	return false;
}

/* --- Opening --------------------------------------------------------------------- */

struct snapshot {
	const char *name;
	int fd;
	struct sections file;
	char *head, *inputs; /* what strings point into */
	struct fingerprint fingerprint;
	struct asked asked;
	struct account account;
	struct index index; /* of a regular file, from its end; of a stream, as it is read */
	uint64_t end;       /* of a regular file: the place of its last section */
	uint64_t stop;      /* and of the one at which a walk ends */
	struct section section;
};

/* Bytes of a section that stay.  NULL (errno) if it is not of that kind. */
static char *read_section(struct snapshot *s, enum kind kind, struct unpack *u)
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

static bool read_head(struct snapshot *s, struct query_spec *q, struct asked_set *set)
{
	struct unpack u;

	s->head = read_section(s, HEAD, &u);
	if (!s->head)
		return false;
	s->fingerprint.low = unpack_u64(&u);
	s->fingerprint.high = unpack_u64(&u);
	const char *list = u.rest.at;
	bool ok = asked_unpack(&u, &s->asked) &&
		  is_fingerprint(s->fingerprint, fingerprint_of(span_between(list, u.rest.at))) &&
		  asked_query(&s->asked, s->name, q, set) && asked_unpack_shown(&u, q, set);
	errno = EBADMSG;
	return ok && unpack_is_over(&u);
}

static bool read_account(struct snapshot *s)
{
	struct unpack u;
	char *bytes = read_section(s, ACCOUNT, &u);

	if (!bytes)
		return false;
	bool ok = exchange_unpack_account(&u, &s->account) && unpack_is_over(&u);
	free(bytes);
	errno = EBADMSG;
	return ok;
}

static bool read_inputs(struct snapshot *s, struct origins *origins, size_t number)
{
	struct unpack u;

	s->inputs = read_section(s, INPUTS, &u);
	errno = EBADMSG;
	return s->inputs && origins_unpack(&u, origins, number) && unpack_is_over(&u);
}

static bool unpack_index(struct span bytes, struct index *index)
{
	struct unpack u = {.rest = bytes};

	index->keys = unpack_u64(&u);
	for (index->n = 0; index->n < KEYRUN_RANGES; index->n++)
		index->place[index->n] = unpack_u64(&u);
	errno = EBADMSG;
	return unpack_is_over(&u);
}

/* Ranges stand one behind the other, from here to the end. */
static bool is_index_of(const struct index *index, uint64_t from, uint64_t to)
{
	uint64_t before = from;

	for (unsigned i = 0; i < KEYRUN_RANGES; before = index->place[i++])
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
	bool ok = sections_next(f, &section) && section.kind == END && f->len == END_BYTES;
	errno = ENODATA;
	if (!ok || !sections_load(f, &section) || !unpack_index(section.bytes, &s->index))
		return false;
	sections_seek(f, begin);
	errno = EBADMSG;
	return is_index_of(&s->index, begin, s->end);
}

/* What is wrong with a snapshot. */
static void say(const char *name, int why)
{
	if (why == EBADMSG)
		warn("%s: the snapshot is damaged", name);
	else if (why == ENODATA)
		warn("%s: the snapshot is cut off: its end is missing", name);
	else if (why == EFBIG)
		warn("%s: there is more behind the snapshot: of a pipe, only one is read", name);
	else
		warn("%s: %s", name, strerror(why));
}

static _Noreturn void refuse(const char *name, int why)
{
	say(name, why);
	exit(STATUS_ERROR);
}

/* Perhaps somebody has packed it, or it is the log itself. */
static _Noreturn void refuse_other(const struct snapshot *s)
{
	char head[COMPRESSION_HEAD];
	ssize_t n = s->file.seeks ? pread(s->fd, head, sizeof head, (off_t)s->file.start) : 0;
	const struct compression *c = compression_of(span_of(head, n > 0 ? (size_t)n : 0));

	if (c)
		die("%s: is compressed by %s: wf --merge reads what wf --save wrote, decoded",
			s->name, c->name);
	die("%s: is no snapshot, as wf --save writes them", s->name);
}

static void open_file(struct snapshot *s, const char *file)
{
	bool standard = strcmp(file, "-") == 0;
	uint32_t version = 0;

	s->name = standard ? "standard input" : file;
	s->fd = standard ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (s->fd < 0)
		die("%s: %s", s->name, strerror(errno));
	if (isatty(s->fd))
		die("%s: is a terminal; wf --merge reads snapshots, which wf --save writes",
			s->name);
	bool ok = sections_open(&s->file, s->fd, SNAPSHOT_MAGIC, &version);
	int why = errno;
	if (!ok && why == ENODATA && !s->file.at)
		die("%s: is empty, so it is no snapshot", s->name);
	if (!ok && why == EINVAL)
		refuse_other(s);
	if (!ok)
		refuse(s->name, why);
	if (version != SNAPSHOT_VERSION)
		die("%s: is a snapshot of version %u; this wf reads version %d", s->name,
			(unsigned)version, SNAPSHOT_VERSION);
}

static void free_lists(struct query_spec *q)
{
	saids_free(&q->grep);
	saids_free(&q->vgrep);
	saids_free(&q->where);
	for (size_t i = 0; i < q->n_questions; i++) {
		saids_free(&q->questions[i].grep);
		saids_free(&q->questions[i].vgrep);
		saids_free(&q->questions[i].where);
	}
	free(q->questions);
}

/* It must ask what the first one does. */
static void compare(const struct snapshot *first, const struct snapshot *s)
{
	char text[1024];

	if (is_fingerprint(first->fingerprint, s->fingerprint))
		return;
	if (asked_differ(&first->asked, first->name, &s->asked, s->name, text, sizeof text))
		die("%s", text);
	refuse(s->name, EBADMSG);
}

static void open_snapshot(struct snapshots *all, const char *file)
{
	struct snapshot *s = &all->at[all->n];
	struct query_spec query = {0};
	struct asked_set set;

	open_file(s, file);
	bool ok = read_head(s, &query, &set);
	int why = errno;
	if (all->n) {
		free_lists(&query);
	} else {
		all->query = query;
		all->set = set;
	}
	if (!ok)
		refuse(s->name, why);
	compare(&all->at[0], s);
	if (!read_account(s) || !read_inputs(s, &all->origins, all->n) ||
		(s->file.seeks && !read_end(s)) ||
		!exchange_add_account(&all->account, &s->account))
		refuse(s->name, errno);
	all->source.keys += s->index.keys;
	all->source.whole |= !s->file.seeks;
	all->n++;
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

	if (!origins_twice(&all->origins, (struct origins_teller){tell_twice, &teller}))
		die("snapshots: out of memory");
	if (teller.n > TOLD)
		warn("... and %zu more inputs that count twice", teller.n - TOLD);
}

/* --- Reading keys ----------------------------------------------------------------- */

/* The section that ends a stream: what was read must be all. */
static bool read_stream_end(struct snapshot *s)
{
	struct index found = s->index, told;

	index_range(&found, KEYRUN_RANGES, s->file.place);
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
	uint64_t end = range + 1 < KEYRUN_RANGES ? s->index.place[range + 1] : s->end;

	return s->file.place >= s->index.place[range] && s->file.place < end;
}

static bool next_block(void *snapshot, struct keyblock *b, bool *more)
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
	if (!s->file.seeks && s->section.kind == END)
		return read_stream_end(s);
	errno = EBADMSG;
	if (s->section.kind != KEYS || s->section.number >= KEYRUN_RANGES)
		return false;
	unsigned range = s->section.number;
	if (s->file.seeks && !is_in_place(s, range))
		return false;
	if (!s->file.seeks)
		index_range(&s->index, range + 1, s->file.place);
	*b = (struct keyblock){.range = range, .first = s->section.note};
	*more = true;
	return true;
}

static bool load_block(void *snapshot, struct keyblock *b)
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
	return range < KEYRUN_RANGES ? s->index.place[range] : s->end;
}

/* As many keys as their ends tell. */
static bool have_all_keys(const struct snapshots *all, struct keyrun *runs)
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

static bool walk(void *snapshots, unsigned i, unsigned n, struct taker taker)
{
	struct snapshots *all = snapshots;
	unsigned first = KEYRUN_RANGES * i / n, last = KEYRUN_RANGES * (i + 1) / n;
	struct keyrun *runs = calloc(all->n, sizeof *runs);
	bool sums = false;

	if (!runs)
		return false;
	for (size_t k = 0; k < all->query.n_questions; k++)
		sums |= all->query.questions[k].sum.text != NULL;
	for (size_t k = 0; k < all->n; k++) {
		struct snapshot *s = &all->at[k];
		runs[k] = (struct keyrun){next_block, load_block, s, false, 0};
		if (s->file.seeks)
			sections_seek(&s->file, place_of(s, first));
		s->stop = place_of(s, last);
	}
	bool ok = exchange_merge(runs, all->n, sums, (unsigned)all->query.n_questions, taker);
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

struct snapshots *snapshots_open(const struct words *files)
{
	size_t n = files->n ? files->n : 1;
	struct snapshots *all = calloc(1, sizeof *all);

	if (all)
		all->at = calloc(n, sizeof *all->at);
	if (!all || !all->at)
		die("snapshots: out of memory");
	allow_files(n);
	all->source = (struct source){.walk = walk, .of = all};
	for (size_t i = 0; i < n; i++)
		open_snapshot(all, files->n ? files->at[i] : "-");
	warn_of_twice(all);
	return all;
}

bool snapshots_tell(const struct snapshots *all, int why)
{
	if (!all->failed)
		return false;
	say(all->failed->name, why);
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
		asked_free(&s->asked);
		free(s->head);
		free(s->inputs);
	}
	origins_free(&all->origins);
	free_lists(&all->query);
	free(all->at);
	free(all);
}
