/* snapshot.c -- fuzz the reading of snapshots (--merge): whatever the bytes are, reading them ends
 * without a fault and needs little memory.  A snapshot in which a byte has changed is rejected.
 *
 * Input: one byte of flags, then other bytes.  The flags say how a file is made of the other bytes:
 *	bit 0	read the file from a pipe
 *	bit 1	change bytes of a good snapshot: each change has an offset (2 bytes) and a value
 *		(1 byte)
 *	bit 2	write sections with correct checksums: first the number of keys (1 byte), then
 *		for each section its kind and number (1 byte each), note (8), length (2) and bytes;
 *		an END with the right places follows
 *	neither bit 1 nor bit 2: the bytes are the file
 */
#include <assert.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "save/checksummed_file.h"
#include "lib/own_magic.h"
#include "save/snapshot.h"
#include "save/snapshot_format.h"
#include "store/measures.h"

enum { PIPED = 1, CHANGES = 2, SECTIONS = 4, PIPE = 1 << 16 };

/* The measures of a ranking with a sum, and of no other ranking. */
static const struct measures *keys_measures(void)
{
	static struct group_measures group;
	static const struct measures all = {&group, 1};
	unsigned at;

	bool ok = group_measures_want(&group, MEASURE_SUM, 0, &at);
	assert(ok);
	return &all;
}

static struct table *some_keys(const struct measures *measures)
{
	static const char *const keys[] = {"200", "404", ""};
	struct table *t = table_new(&(struct table_spec){.measures = measures, .seed = 1});

	assert(t);
	for (size_t i = 0; i < 3; i++) {
		struct span key = span_text(keys[i]);
		struct sum sum = {i * 1000, 0};
		struct key_batch a = {&key, &sum, 1, 0, NULL};
		assert(table_add(t, &a));
	}
	return t;
}

/* Make a file in memory that is a good snapshot of some_keys(). */
static int good_snapshot(void)
{
	struct arg sum = {"bytes", "-s"};
	struct grouping_spec grouping = {.fields = {"status", "-f"}, .sum = {.at = &sum, .n = 1}};
	struct query_spec query = {.delimiter = -1, .groupings = &grouping, .n_groupings = 1};
	struct account account = {.bytes = 100, .verdicts = {.lines = 3, .matched = 3}};
	const struct measures *measures = keys_measures();
	struct table *table = some_keys(measures);
	struct counts counts = {
		.tables = &table, .n = 1, .measures = measures, .seed = 1, .memory = 1 << 20};
	struct spill *spill = NULL;
	struct inputs inputs = {0};
	struct pack origins = {0};
	struct saved saved = {.query = &query, .account = &account, .origins = &origins};
	struct complaint why;
	int fd = memfd_create("snapshot", MFD_CLOEXEC);

	counts.spills = &spill;
	provenance_pack_inputs(&origins, &inputs);
	assert(fd >= 0 && snapshot_write(fd, "f", &saved, &counts, &why));
	pack_free(&origins);
	table_free(table);
	return fd;
}

/* Make a good snapshot, and change bytes of it.  *changed becomes true if any byte has another
 * value than before. */
static int changed_snapshot(const uint8_t *data, size_t size, bool *changed)
{
	int fd = good_snapshot();
	off_t end = lseek(fd, 0, SEEK_END);

	for (; size >= 3; data += 3, size -= 3) {
		off_t at = (data[0] << 8 | data[1]) % end;
		assert(pwrite(fd, data + 2, 1, at) == 1);
	}
	int good = good_snapshot();
	char a[8192], b[8192];
	assert(end < (off_t)sizeof a && pread(fd, a, sizeof a, 0) == end);
	assert(pread(good, b, sizeof b, 0) == end);
	*changed = memcmp(a, b, (size_t)end) != 0;
	close(good);
	return fd;
}

/* Write END: the number of keys, and the places of the ranges.  A range whose place is 0 has no
 * keys. */
static void put_end(struct sections_writer *w, uint64_t keys, const uint64_t *places)
{
	uint64_t next = w->at, found[RUN_RANGES];
	struct pack p = {0};

	for (int i = RUN_RANGES; i-- > 0;)
		next = found[i] = places[i] ? places[i] : next;
	pack_u64(&p, keys);
	for (int i = 0; i < RUN_RANGES; i++)
		pack_u64(&p, found[i]);
	assert(sections_put(w, &(struct section){SNAPSHOT_END, 0, 0, {p.at, p.n}}));
	pack_free(&p);
}

static int written_sections(const uint8_t *data, size_t size)
{
	enum { HEAD = 1 + 1 + 8 + 2 };
	uint64_t keys = size ? *data++ : 0, places[RUN_RANGES] = {0};
	struct sections_writer w;
	int fd = memfd_create("snapshot", MFD_CLOEXEC);

	assert(fd >= 0 && sections_create(&w, fd, SNAPSHOT_MAGIC, SNAPSHOT_VERSION));
	for (size -= size > 0; size >= HEAD;) {
		size_t len = (size_t)data[10] | (size_t)data[11] << 8;
		struct section s = {.kind = data[0], .number = data[1]};
		memcpy(&s.note, data + 2, sizeof s.note);
		len = len < size - HEAD ? len : size - HEAD;
		s.bytes = span_of((const char *)data + HEAD, len);
		if (s.kind == SNAPSHOT_KEYS && !places[s.number])
			places[s.number] = w.at;
		assert(sections_put(&w, &s));
		data += HEAD + len;
		size -= HEAD + len;
	}
	put_end(&w, keys, places);
	return fd;
}

static int plain_file(const uint8_t *data, size_t size)
{
	int fd = memfd_create("snapshot", MFD_CLOEXEC);

	assert(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	return fd;
}

/* Return a pipe that contains the bytes of the file. */
static int piped(int file)
{
	char bytes[PIPE];
	ssize_t n = pread(file, bytes, sizeof bytes, 0);
	int fd[2];

	assert(n >= 0 && pipe(fd) == 0);
	assert(fcntl(fd[1], F_SETPIPE_SZ, PIPE) > 0);
	assert(write(fd[1], bytes, (size_t)n) == n);
	close(fd[1]);
	close(file);
	return fd[0];
}

static bool take(void *of, const struct counted *c)
{
	const struct snapshots *all = of;

	assert(c->group < all->measures->n);
	for (size_t i = 0; i < measures_bytes(all->measures, c->group); i++)
		assert(c->measures[i] || true);
	for (size_t i = 0; i < c->key.len; i++)
		assert(c->key.at[i] || true); /* a sanitizer reports a byte that can't be read */
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	bool changed = false;
	int fd;

	if (!size)
		return 0;
	uint8_t how = data[0];
	if (how & CHANGES)
		fd = changed_snapshot(data + 1, size - 1, &changed);
	else if (how & SECTIONS)
		fd = written_sections(data + 1, size - 1);
	else
		fd = plain_file(data + 1, size - 1);
	assert(lseek(fd, 0, SEEK_SET) == 0);
	if (how & PIPED)
		fd = piped(fd);

	struct snapshots *all = snapshots_new(1);
	assert(all);
	struct complaint why = {0};
	bool ok = snapshots_add(all, fd, "fuzz", &why);
	assert(ok || *why.text);
	struct query *q = ok ? query_compile(&all->query, scan_choose(), &why) : NULL;
	ok = q != NULL;
	all->measures = q ? query_measures(q) : NULL;
	if (ok)
		ok = all->source.walk(all->source.ctx, 0, 1, (struct sink){take, all});
	if (how & CHANGES)
		assert(ok == !changed);
	query_free(q);
	snapshots_free(all);
	return 0;
}
