#include "save/snapshot.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "lib/atomicfile.h"
#include "lib/own_magic.h"
#include "lib/tempfile.h"
#include "query/signature.h"
#include "save/snapshot_format.h"
#include "save/checksummed_file.h"

struct fingerprint fingerprint_of(struct span list)
{
	XXH128_hash_t hash = XXH3_128bits(list.at, list.len);

	return (struct fingerprint){hash.low64, hash.high64};
}

/* --- Sections: all functions return false with errno on an error ------------------- */

static bool put(struct sections_writer *w, enum snapshot_section kind, const struct pack *p)
{
	struct section s = {.kind = kind, .bytes = span_of(p->at, p->n)};

	errno = ENOMEM;
	return !p->failed && sections_put(w, &s);
}

static bool put_and_free(struct sections_writer *w, enum snapshot_section kind, struct pack *p)
{
	bool ok = put(w, kind, p);

	pack_free(p);
	return ok;
}

static bool put_head(struct sections_writer *w, const struct saved *s)
{
	struct signature signature;
	struct pack list = {0}, head = {0};

	if (!signature_of(s->query, &signature))
		return false;
	signature_pack(&list, &signature);
	struct fingerprint f = fingerprint_of(span_of(list.at, list.n));
	pack_u64(&head, f.low);
	pack_u64(&head, f.high);
	pack_bytes(&head, span_of(list.at, list.n));
	signature_pack_shown(&head, s->query);
	head.failed |= list.failed;
	pack_free(&list);
	signature_free(&signature);
	return put_and_free(w, SNAPSHOT_HEAD, &head);
}

static bool put_account(struct sections_writer *w, const struct account *a)
{
	struct pack p = {0};

	account_pack(&p, a);
	return put_and_free(w, SNAPSHOT_ACCOUNT, &p);
}

/* A snapshot that is being written. */
struct writer {
	struct sections_writer file;
	struct snapshot_index index;
};

static bool put_block(void *writer, const struct run_block *b)
{
	struct writer *w = writer;
	struct section s = {SNAPSHOT_KEYS, b->range, b->first, b->entries};

	snapshot_index_to(&w->index, b->range + 1, w->file.at);
	w->index.keys += b->keys;
	return sections_put(&w->file, &s);
}

static bool put_end(struct writer *w)
{
	struct pack p = {0};

	snapshot_index_to(&w->index, RUN_RANGES, w->file.at);
	pack_u64(&p, w->index.keys);
	for (unsigned i = 0; i < RUN_RANGES; i++)
		pack_u64(&p, w->index.place[i]);
	return put_and_free(&w->file, SNAPSHOT_END, &p);
}

static bool begin(struct writer *w, int fd, const struct saved *s)
{
	*w = (struct writer){0};
	return sections_create(&w->file, fd, SNAPSHOT_MAGIC, SNAPSHOT_VERSION) &&
	       put_head(&w->file, s) && put_account(&w->file, s->account) &&
	       put(&w->file, SNAPSHOT_INPUTS, s->origins);
}

/* --- Snapshots --------------------------------------------------------------------- */

/* The snapshots that snapshot_write_parts() writes. */
struct writers {
	struct writer *at;
	unsigned n;
};

static bool put_in_part(void *writers, const struct run_block *b)
{
	const struct writers *w = writers;
	unsigned i = 0;

	while (b->range >= run_first_range(i + 1, w->n))
		i++;
	return put_block(&w->at[i], b);
}

static bool write_parts(struct writers *w, const int *fds, const struct saved *s,
	const struct counts *c, bool *in_temp)
{
	bool ok = true;

	for (unsigned i = 0; ok && i < w->n; i++)
		ok = begin(&w->at[i], fds[i], s);
	ok = ok && sorted_counts_write(c, (struct block_sink){put_in_part, w}, in_temp);
	for (unsigned i = 0; ok && i < w->n; i++)
		ok = put_end(&w->at[i]);
	return ok;
}

bool snapshot_write_parts(const int *fds, unsigned n, const char *name, struct saved *s,
	const struct counts *c, struct complaint *why)
{
	struct writers w = {calloc(n, sizeof *w.at), n};
	bool in_temp = false, ok = w.at && write_parts(&w, fds, s, c, &in_temp);

	s->keys = 0;
	for (unsigned i = 0; w.at && i < n; i++)
		s->keys += w.at[i].index.keys;
	free(w.at);
	return ok || counts_explain(c, in_temp ? tempfile_directory() : name, s->sum, errno, why);
}

bool snapshot_write(
	int fd, const char *name, struct saved *s, const struct counts *c, struct complaint *why)
{
	return snapshot_write_parts(&fd, 1, name, s, c, why);
}

bool snapshot_save(const char *name, struct saved *s, const struct counts *c, struct complaint *why)
{
	struct atomicfile file;

	if (strcmp(name, "-") == 0)
		return snapshot_write(STDOUT_FILENO, "standard output", s, c, why);
	if (!atomicfile_open(&file, name))
		return complain_of(why, name, "%s", strerror(errno));
	if (!snapshot_write(file.fd, name, s, c, why)) {
		atomicfile_abandon(&file);
		return false;
	}
	return atomicfile_commit(&file) || complain_of(why, name, "%s", strerror(errno));
}
