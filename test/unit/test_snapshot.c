/* test_snapshot.c -- reading a snapshot gives the saved counts, however they were counted.
 * Snapshots that are damaged, cut off or made up are rejected. */
#include "compiling.h"
#include "tables.h"
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "save/checksummed_file.h"
#include "lib/tempfile.h"
#include "lib/own_magic.h"
#include "query/signature.h"
#include "save/snapshot.h"
#include "save/snapshot_format.h"
#include "rank/ranker.h"

enum { SEED = 5, GROUPS = 2, MOST_TABLES = 3 };

/* Two rankings.  The first one sums up a field. */
static struct arg sum_of_bytes = {"bytes", "-s"};
static struct grouping_spec groupings[GROUPS] = {
	{.name = "One", .fields = {"client", "-f"}, .sum = {.at = &sum_of_bytes, .n = 1}, .top = 5},
	{.name = "Two", .fields = {"status,url", "-f"}},
};
static const struct query_spec query = {
	.delimiter = -1, .groupings = groupings, .n_groupings = GROUPS};
static struct query *compiled;

static const struct account account = {
	.bytes = 1000,
	.verdicts = {.lines = 1000000,
		.matched = 400000,
		.filtered = 10,
		.unparsed = 5,
		.not_numbers = 3},
	.totals = {7, {9, 1}, "2006-10-01T06:33:45", "2007-01-01T00:00:00"},
};

/* --- Counting ---------------------------------------------------------------------- */

static struct table *new_whole(void)
{
	return table_new(&(struct table_spec){.measures = query_measures(compiled), .seed = SEED});
}

static void open_counts(struct counts *c, size_t tables, uint64_t budget)
{
	*c = (struct counts){
		.n = tables, .measures = query_measures(compiled), .seed = SEED, .memory = 1 << 20};
	c->tables = calloc(tables, sizeof *c->tables);
	c->spills = calloc(tables, sizeof *c->spills);
	for (size_t i = 0; i < tables; i++) {
		c->tables[i] = table_new(&(struct table_spec){
			.measures = query_measures(compiled), .seed = SEED, .budget = budget});
		c->spills[i] = spill_new(false);
		assert_true(c->tables[i] && c->spills[i]);
	}
}

static void count(struct counts *c, struct table *whole, uint64_t *seed, size_t n, uint64_t keys)
{
	for (size_t i = 0; i < n; i++) {
		char bytes[40];
		uint64_t number = (random_next(seed) >> 11) % keys;
		snprintf(bytes, sizeof bytes, "/key/%llu", (unsigned long long)number);
		struct span key = span_of(bytes, number ? strlen(bytes) : 0);
		struct sum sum = {number * 1000, 0}, again = sum;
		unsigned group = (unsigned)random_below(seed, GROUPS);
		size_t t = random_below(seed, c->n);
		struct key_batch a = {&key, &sum, 1, group, NULL},
				 b = {&key, &again, 1, group, NULL};
		while (!table_add(c->tables[t], &a)) {
			assert_int_equal(errno, ENOBUFS);
			assert_true(spill_write(c->spills[t], c->tables[t]) &&
				    table_reset(c->tables[t]));
		}
		assert_true(table_add(whole, &b));
	}
	for (size_t i = 0; i < c->n; i++)
		assert_true(spill_follow(c->spills[i]));
}

/* --- Saving and reading ------------------------------------------------------------ */

static void save(int fd, const struct counts *c)
{
	char name[] = "/tmp/log";
	struct input in = {.name = name, .fd = -1, .size = 100, .inode = 3, .mark = 77};
	struct inputs inputs = {.at = &in, .n = 1};
	struct pack origins = {0};
	struct saved saved = {.query = &query, .account = &account, .origins = &origins};

	provenance_pack_inputs(&origins, &inputs);
	struct complaint why;
	assert_true(snapshot_write(fd, "f", &saved, c, &why));
	pack_free(&origins);
}

/* The bytes of a file. */
struct bytes {
	char *at;
	size_t n;
};

static struct bytes saved_bytes(const struct counts *c)
{
	int fd = tempfile_open();
	assert_true(fd >= 0);
	save(fd, c);
	struct bytes b = {NULL, (size_t)lseek(fd, 0, SEEK_END)};
	b.at = malloc(b.n);
	assert_true(pread(fd, b.at, b.n, 0) == (ssize_t)b.n);
	close(fd);
	return b;
}

/* file_of() returns a descriptor of a file that contains these bytes, pipe_of() one of a pipe. */
static int file_of(struct bytes b)
{
	int fd = tempfile_open();

	assert_true(fd >= 0 && write(fd, b.at, b.n) == (ssize_t)b.n);
	assert_true(lseek(fd, 0, SEEK_SET) == 0);
	return fd;
}

static int pipe_of(struct bytes b)
{
	int fd[2];

	assert_int_equal(pipe(fd), 0);
	assert_true(fcntl(fd[1], F_SETPIPE_SZ, 1 << 20) >= (int)b.n);
	assert_true(write(fd[1], b.at, b.n) == (ssize_t)b.n);
	close(fd[1]);
	return fd[0];
}

static bool take_nothing(void *n, const struct counted *c)
{
	*(uint64_t *)n += c->count;
	return true;
}

static struct snapshots *new_snapshots(size_t room)
{
	struct snapshots *all = snapshots_new(room);

	assert_non_null(all);
	all->measures = query_measures(compiled);
	return all;
}

/* Open a single snapshot, and read all of its keys in n parts.  False if the snapshot is rejected;
 * `why` becomes the text of the complaint. */
static bool is_read_in(unsigned n, int fd, char why[1024])
{
	struct snapshots *all = new_snapshots(1);
	const struct source *source = &all->source;
	struct complaint c = {0};
	uint64_t counts = 0;
	bool ok = snapshots_add(all, fd, "f", &c), opened = ok;

	for (unsigned i = 0; ok && i < n; i++)
		ok = source->walk(source->ctx, i, n, (struct sink){take_nothing, &counts});
	ok = ok && source->is_whole(source->ctx, n);
	if (opened && !ok)
		assert_true(source->explain(source->ctx, errno, &c));
	snprintf(why, 1024, "%s", c.text);
	snapshots_free(all);
	return ok;
}

static bool is_read(int fd, char why[1024])
{
	return is_read_in(1, fd, why);
}

/* Check that ranking the snapshots gives the same as ranking the table. */
static void assert_ranks(struct snapshots *all, const struct table *whole, unsigned jobs)
{
	struct counts c = {
		.source = &all->source, .measures = query_measures(compiled), .memory = 1 << 20};
	struct ranking got[GROUPS], expected[GROUPS];

	for (size_t limit = 0; limit <= 100; limit += 50) {
		for (size_t g = 0; g < GROUPS; g++) {
			got[g] = ranking_for(g == 0);
			got[g].limit = limit;
			got[g].order = limit == 50 ? ORDER_LAST : ORDER_WEIGHT;
		}
		memcpy(expected, got, sizeof got);
		assert_true(rank_table(whole, expected, GROUPS));
		assert_true(ranker_rank(&c, got, GROUPS, jobs));
		for (size_t g = 0; g < GROUPS; g++) {
			assert_same_ranking(&got[g], &expected[g]);
			ranking_free(&got[g]);
			ranking_free(&expected[g]);
		}
		if (all->source.single_pass)
			break;
	}
	counts_free(&c);
}

static void check(size_t parts, size_t n, uint64_t keys, uint64_t budget, unsigned piped)
{
	struct table *whole = new_whole();
	struct snapshots *all = new_snapshots(parts);
	uint64_t seed = parts + n + keys;

	for (size_t i = 0; i < parts; i++) {
		struct counts c;
		open_counts(&c, 1 + i % MOST_TABLES, budget);
		count(&c, whole, &seed, n, keys);
		assert_true(!budget || !n || counts_spilled(&c));
		struct bytes b = saved_bytes(&c);
		struct complaint why;
		assert_true(
			snapshots_add(all, piped >> i & 1 ? pipe_of(b) : file_of(b), "f", &why));
		free(b.at);
		counts_free(&c);
	}
	assert_true(all->account.bytes == parts * account.bytes);
	assert_true(all->account.verdicts.not_numbers == parts * account.verdicts.not_numbers);
	assert_true(all->account.totals.bytes.high == (int64_t)parts);
	assert_string_equal(all->account.totals.last, account.totals.last);
	assert_int_equal(all->origins.n, parts);
	assert_int_equal(all->query.groupings[0].top, 5);
	assert_ranks(all, whole, 4);
	snapshots_free(all);
	table_free(whole);
}

TEST(saved_and_merged)
{
	check(1, 0, 1, 0, 0);
	check(1, 1000, 1, 0, 0);
	check(1, 3000, 500, 0, 1);
	check(2, 3000, 500, 0, 2);
	check(5, 3000, 100000, 0, 0);
	check(3, 300000, 300000, 0, 0); /* in several processes */
	check(3, 100000, 90000, 1 << 20, 0);
	check(2, 0, 1, 0, 3);
}

/* Snapshots of the same counts have the same bytes, whatever the tables and their seeds. */
TEST(bytes_depend_on_nothing_else)
{
	struct bytes one = {0};

	for (size_t tables = 1; tables <= MOST_TABLES; tables++) {
		struct counts c;
		struct table *whole = new_whole();
		uint64_t seed = 1;
		open_counts(&c, 1, tables == 2 ? 1 << 20 : 0);
		count(&c, whole, &seed, 50000, 40000);
		struct bytes b = saved_bytes(&c);
		if (tables > 1) {
			assert_int_equal(b.n, one.n);
			assert_memory_equal(b.at, one.at, b.n);
			free(b.at);
		} else {
			one = b;
		}
		counts_free(&c);
		table_free(whole);
	}
	free(one.at);
}

/* --- Damage ------------------------------------------------------------------------ */

static struct bytes small_snapshot(void)
{
	struct counts c;
	struct table *whole = new_whole();
	uint64_t seed = 1;

	open_counts(&c, 1, 0);
	count(&c, whole, &seed, 5, 3);
	struct bytes b = saved_bytes(&c);
	counts_free(&c);
	table_free(whole);
	return b;
}

TEST(every_damaged_byte_is_refused)
{
	struct bytes b = small_snapshot();
	char why[1024];

	for (size_t i = 0; i < b.n; i++) {
		char before = b.at[i];
		b.at[i] = (char)(before ^ (1 << i % 8));
		if (is_read(file_of(b), why) || !*why || is_read(pipe_of(b), why) || !*why)
			fail_msg("byte %zu of %zu damaged, and read: %s", i, b.n, why);
		b.at[i] = before;
	}
	assert_true(is_read(file_of(b), why) && is_read(pipe_of(b), why));
	free(b.at);
}

TEST(every_cut_is_refused)
{
	struct bytes b = small_snapshot();
	char why[1024];

	for (struct bytes cut = b; cut.n-- > 0;)
		if (is_read(file_of(cut), why) || !*why || is_read(pipe_of(cut), why) || !*why)
			fail_msg("cut at %zu of %zu, and read: %s", cut.n, b.n, why);
	free(b.at);
}

TEST(nothing_may_follow)
{
	struct bytes b = small_snapshot(), twice = {malloc(2 * b.n), 2 * b.n};
	char why[1024];

	memcpy(twice.at, b.at, b.n);
	memcpy(twice.at + b.n, b.at, b.n);
	for (size_t more = b.n; more; more /= 2) {
		twice.n = b.n + more;
		assert_false(is_read(file_of(twice), why));
		assert_false(is_read(pipe_of(twice), why));
		assert_non_null(strstr(why, "more bytes follow the snapshot"));
	}
	free(b.at);
	free(twice.at);
}

/* --- Made up ----------------------------------------------------------------------- */

/* The sections of a snapshot, which are changed and then written again with correct checksums. */
struct made {
	struct section at[300];
	size_t n;
};

static struct made made_of(struct bytes b)
{
	struct made p = {0};
	struct sections f;
	uint32_t version;
	int fd = file_of(b);

	assert_true(sections_open(&f, fd, SNAPSHOT_MAGIC, &version));
	while (p.n < COUNT(p.at) && sections_read(&f, &p.at[p.n])) {
		char *copy = malloc(p.at[p.n].bytes.len + 1);
		memcpy(copy, p.at[p.n].bytes.at, p.at[p.n].bytes.len);
		p.at[p.n++].bytes.at = copy;
	}
	sections_close(&f);
	close(fd);
	return p;
}

static struct bytes bytes_of_version(const struct made *p, uint32_t version)
{
	struct sections_writer w;
	int fd = tempfile_open();

	assert_true(sections_create(&w, fd, SNAPSHOT_MAGIC, version));
	for (size_t i = 0; i < p->n; i++)
		assert_true(sections_put(&w, &p->at[i]));
	struct bytes b = {malloc((size_t)w.at), (size_t)w.at};
	assert_true(pread(fd, b.at, b.n, 0) == (ssize_t)b.n);
	close(fd);
	return b;
}

static struct bytes bytes_of(const struct made *p)
{
	return bytes_of_version(p, SNAPSHOT_VERSION);
}

static struct section *part(struct made *p, enum snapshot_section kind)
{
	size_t i = 0;

	while (p->at[i].kind != kind)
		i++;
	return &p->at[i];
}

static char *writable(const struct section *s)
{
	return (char *)(uintptr_t)s->bytes.at;
}

enum made_up {
	AS_IT_WAS,
	NO_HEAD,
	HEAD_TOO_LONG,
	HEAD_OTHER_QUERY,
	LIST_TOO_LONG,
	ACCOUNT_SHORT,
	ACCOUNT_TIME,
	INPUTS_TOO_MANY,
	KEYS_GROUP,
	KEYS_LENGTH,
	KEYS_RANGE,
	KEYS_NO_RANGE,
	KEYS_FIRST,
	KEYS_EMPTY,
	KEYS_MISSING,
	KEYS_TWICE,
	KEYS_SWAPPED,
	KEYS_NO_COUNT,
	KEYS_COUNT,
	KEYS_COUNTS,
	KEYS_COUNTS_WRAP,
	ACCOUNT_LINES,
	ACCOUNT_VERDICTS_WRAP,
	ACCOUNT_NO_NUMBERS,
	ACCOUNT_REQUESTS,
	END_KEYS,
	END_MOST_KEYS,
	END_PLACE,
	END_PLACE_INSIDE,
	END_PLACE_LATE,
	END_SHORT,
	OTHER_KIND,
	MADE_UP
};

/* Change the sections in one of the ways of enum made_up. */
static void change(struct made *p, enum made_up how)
{
	struct section *keys = part(p, SNAPSHOT_KEYS), *end = part(p, SNAPSHOT_END);
	char *at;

	switch (how) {
	case NO_HEAD:
		memmove(p->at, p->at + 1, --p->n * sizeof *p->at);
		break;
	case HEAD_TOO_LONG:
		p->at[0].bytes.len++;
		break;
	case HEAD_OTHER_QUERY:
		*strstr(writable(&p->at[0]) + 24 + 8 + 9 + 8 + 4 + 8 + 7 + 8, "client") = 'k';
		break;
	case LIST_TOO_LONG:
		word_store(writable(&p->at[0]) + 16, UINT64_MAX);
		break;
	case ACCOUNT_SHORT:
		part(p, SNAPSHOT_ACCOUNT)->bytes.len--;
		break;
	case ACCOUNT_TIME:
		memset(writable(part(p, SNAPSHOT_ACCOUNT)) + 80, 'x', 20);
		break;
	case INPUTS_TOO_MANY:
		word_store(writable(part(p, SNAPSHOT_INPUTS)), UINT64_MAX);
		break;
	case KEYS_GROUP:
		writable(keys)[8] = GROUPS;
		break;
	case KEYS_LENGTH:
		memset(writable(keys) + 10, 0x7f, 6);
		break;
	case KEYS_RANGE:
		keys->number ^= 1;
		break;
	case KEYS_NO_RANGE:
		keys->number += 256;
		break;
	case KEYS_FIRST:
		keys->note ^= 1;
		break;
	case KEYS_EMPTY:
		keys->bytes.len = 0;
		break;
	case KEYS_MISSING:
		memmove(keys, keys + 1, (size_t)(p->at + --p->n - keys) * sizeof *keys);
		break;
	case KEYS_TWICE:
		memmove(keys + 1, keys, (size_t)(p->at + p->n++ - keys) * sizeof *keys);
		break;
	case KEYS_SWAPPED: {
		struct section other = keys[0];
		keys[0] = keys[1];
		keys[1] = other;
		break;
	}
	case KEYS_NO_COUNT:
		word_store(writable(keys), 0);
		break;
	case KEYS_COUNT:
		word_store(writable(keys), account.verdicts.matched + 1);
		break;
	case KEYS_COUNTS:
		for (struct section *s = keys; s != end; s++)
			word_store(writable(s), account.verdicts.matched);
		break;
	case KEYS_COUNTS_WRAP: /* the account has so many lines that these counts are possible */
		for (int i = 1; i <= 2; i++)
			word_store(writable(part(p, SNAPSHOT_ACCOUNT)) + 8 * i, UINT64_MAX - 99);
		for (struct section *s = keys; s != end; s++)
			word_store(writable(s), UINT64_MAX - 99);
		break;
	case ACCOUNT_LINES:
		word_store(writable(part(p, SNAPSHOT_ACCOUNT)) + 8, 400014);
		break;
	case ACCOUNT_VERDICTS_WRAP:
		word_store(writable(part(p, SNAPSHOT_ACCOUNT)) + 8 * 3, UINT64_MAX - 399999);
		break;
	case ACCOUNT_NO_NUMBERS:
		word_store(writable(part(p, SNAPSHOT_ACCOUNT)) + 8 * 6, 400001);
		break;
	case ACCOUNT_REQUESTS:
		word_store(writable(part(p, SNAPSHOT_ACCOUNT)) + 8 * 7, 1000001);
		break;
	case END_KEYS:
		word_store(writable(end), 1 + word_load(end->bytes.at));
		break;
	case END_MOST_KEYS:
		word_store(writable(end), 1 << 30);
		break;
	case END_PLACE:
		word_store(writable(end) + 8 + 8 * 200, 17);
		break;
	case END_PLACE_INSIDE: /* the place of a range without keys is inside the section before
			        * it */
		at = writable(end) + 8 + 8 * (keys->number + 1);
		assert_true(keys[1].number > keys->number + 1);
		word_store(at, word_load(at) - 1);
		break;
	case END_PLACE_LATE: /* the place of the last range, which has no keys, is before END */
		at = writable(end) + 8 + 8 * 255;
		assert_true(end[-1].number < 255);
		word_store(at, word_load(at) - 1);
		break;
	case END_SHORT:
		end->bytes.len -= 8;
		break;
	case OTHER_KIND:
		keys->kind = 6;
		break;
	case AS_IT_WAS:
	case MADE_UP:
		break;
	}
}

/* Made-up snapshots are rejected if they are read from a pipe, from a file, or from a file in any
 * number of parts. */
TEST(made_up_snapshots_are_refused)
{
	static const unsigned parts[] = {1, 2, 3, 255, 256, 1000};
	struct bytes b = small_snapshot();

	for (int how = 0; how < MADE_UP; how++) {
		struct made p = made_of(b), before = p;
		char why[1024];
		change(&p, (enum made_up)how);
		struct bytes made = bytes_of(&p);
		if (is_read(pipe_of(made), why) != (how == AS_IT_WAS))
			fail_msg("made up in way %d: %s", how, *why ? why : "it was read");
		for (size_t i = 0; i < COUNT(parts); i++)
			if (is_read_in(parts[i], file_of(made), why) != (how == AS_IT_WAS))
				fail_msg("made up in way %d, in %u parts: %s", how, parts[i],
					*why ? why : "it was read");
		for (size_t i = 0; i < before.n; i++)
			free(writable(&before.at[i]));
		free(made.at);
	}
	free(b.at);
}

TEST(totals_of_more_than_64_bits)
{
	struct bytes b = small_snapshot();
	struct made p = made_of(b);
	struct snapshots *all = snapshots_new(2);
	struct complaint why = {0};

	word_store(writable(part(&p, SNAPSHOT_ACCOUNT)) + 8, UINT64_MAX);
	struct bytes made = bytes_of(&p);
	assert_true(snapshots_add(all, file_of(made), "f", &why));
	assert_false(snapshots_add(all, file_of(made), "g", &why));
	assert_string_equal(why.text,
		"g: the totals of the snapshots are too large: this one or another is damaged");
	snapshots_free(all);
	for (size_t i = 0; i < p.n; i++)
		free(writable(&p.at[i]));
	free(made.at);
	free(b.at);
}

/* Make a file of a snapshot whose END says that there is one more key than there is. */
static int file_with_one_key_more(struct bytes b)
{
	char *end = b.at + b.n - SNAPSHOT_END_BYTES;
	struct sections_writer w = {
		.fd = file_of(b), .at = b.n - SNAPSHOT_END_BYTES - SECTION_HEAD};

	word_store(end, 1 + word_load(end));
	assert_true(lseek(w.fd, (off_t)w.at, SEEK_SET) >= 0);
	assert_true(sections_put(
		&w, &(struct section){SNAPSHOT_END, 0, 0, span_of(end, SNAPSHOT_END_BYTES)}));
	assert_true(lseek(w.fd, 0, SEEK_SET) == 0);
	return w.fd;
}

/* A snapshot with so many keys that several processes rank them. */
TEST(processes_that_rank_find_that_a_key_is_missing)
{
	struct table *whole = new_whole();
	struct snapshots *all = new_snapshots(1);
	struct ranking rankings[GROUPS] = {ranking_for(true), ranking_for(false)};
	struct counts c;
	struct complaint why = {0};
	uint64_t seed = 1;

	open_counts(&c, 1, 0);
	count(&c, whole, &seed, 250000, 1 << 30);
	struct bytes b = saved_bytes(&c);
	counts_free(&c);
	assert_true(snapshots_add(all, file_with_one_key_more(b), "f", &why));
	free(b.at);
	c = (struct counts){
		.source = &all->source, .measures = query_measures(compiled), .memory = 1 << 20};
	assert_false(ranker_rank(&c, rankings, GROUPS, 2));
	assert_int_equal(c.n_parts, 2);
	counts_explain(&c, "ranking", (struct arg){0}, errno, &why);
	assert_string_equal(why.text, "f: the snapshot is damaged");
	for (size_t g = 0; g < GROUPS; g++)
		ranking_free(&rankings[g]);
	counts_free(&c);
	snapshots_free(all);
	table_free(whole);
}

/* --- Version 1 ----------------------------------------------------------------------- */

/* The same rankings without a sum. */
static struct grouping_spec without_sums[GROUPS] = {
	{.name = "One", .fields = {"client", "-f"}, .top = 5},
	{.name = "Two", .fields = {"status,url", "-f"}},
};
static const struct query_spec query_without_sums = {
	.delimiter = -1, .groupings = without_sums, .n_groupings = GROUPS};

/* A snapshot of version 1 that is being written. */
struct old {
	struct sections_writer file;
	struct snapshot_index index;
};

static bool put_old_block(void *old, const struct run_block *b)
{
	struct old *o = old;
	struct section s = {SNAPSHOT_KEYS, b->range, b->first, b->entries};

	snapshot_index_to(&o->index, b->range + 1, o->file.at);
	o->index.keys += b->keys;
	return sections_put(&o->file, &s);
}

/* HEAD has the order of each ranking as a number. */
static void put_old_head(struct old *o, const struct query_spec *q, const uint64_t orders[GROUPS])
{
	struct signature list;
	struct pack p = {0}, head = {0};

	assert_true(signature_of(q, &list));
	signature_pack(&p, &list);
	struct fingerprint found = fingerprint_of(span_of(p.at, p.n));
	pack_u64(&head, found.low);
	pack_u64(&head, found.high);
	pack_bytes(&head, span_of(p.at, p.n));
	pack_u64(&head, 1);
	pack_string(&head, "set");
	for (size_t g = 0; g < GROUPS; g++) {
		pack_u64(&head, orders[g]);
		pack_u64(&head, q->groupings[g].top);
	}
	assert_true(sections_put(
		&o->file, &(struct section){.kind = SNAPSHOT_HEAD, .bytes = {head.at, head.n}}));
	pack_free(&p);
	pack_free(&head);
	signature_free(&list);
}

static int by_order(const void *a, const void *b)
{
	return counted_compare(a, b);
}

/* If a ranking has a sum, the keys of all rankings have one. */
static void put_old_keys(struct old *o, const struct table *t, bool sums)
{
	static const char other[SUM_BYTES] = "other ranking's";
	struct counted *keys = malloc((size_t)(table_keys(t) + 1) * sizeof *keys);
	struct run_writer *w = malloc(sizeof *w);
	size_t n = 0;

	assert_true(keys && w);
	for (const struct entry *e = NULL; (e = table_next(t, e));) {
		struct counted c = entry_counted(e);
		c.measures = c.group ? other : c.measures;
		c.hash = run_hash(NULL, c.group, c.key);
		keys[n++] = c;
	}
	qsort(keys, n, sizeof *keys, by_order);
	run_begin(w, measures_for(sums), (struct block_sink){put_old_block, o});
	for (size_t i = 0; i < n; i++)
		assert_true(run_add(w, &keys[i]));
	assert_true(run_end(w));
	free(keys);
	free(w);
}

/* Write the keys of the table as a snapshot of version 1.  The other sections are as they are now. */
static struct bytes old_snapshot(
	const struct table *t, const struct query_spec *q, bool sums, const uint64_t orders[GROUPS])
{
	struct bytes now = small_snapshot();
	struct made p = made_of(now);
	struct old o = {.index = {0}};
	struct pack end = {0};
	int fd = tempfile_open();

	assert_true(sections_create(&o.file, fd, SNAPSHOT_MAGIC, 1));
	put_old_head(&o, q, orders);
	assert_true(sections_put(&o.file, part(&p, SNAPSHOT_ACCOUNT)) &&
		    sections_put(&o.file, part(&p, SNAPSHOT_INPUTS)));
	put_old_keys(&o, t, sums);
	snapshot_index_to(&o.index, RUN_RANGES, o.file.at);
	pack_u64(&end, o.index.keys);
	for (size_t i = 0; i < RUN_RANGES; i++)
		pack_u64(&end, o.index.place[i]);
	assert_true(sections_put(
		&o.file, &(struct section){.kind = SNAPSHOT_END, .bytes = {end.at, end.n}}));
	struct bytes b = {malloc((size_t)o.file.at), (size_t)o.file.at};
	assert_true(pread(fd, b.at, b.n, 0) == (ssize_t)b.n);
	for (size_t i = 0; i < p.n; i++)
		free(writable(&p.at[i]));
	free(now.at);
	pack_free(&end);
	close(fd);
	return b;
}

/* Two old snapshots, and a new one if there are sums, of which one may be a pipe. */
static void check_old(bool sums, bool piped)
{
	const struct query_spec *q = sums ? &query : &query_without_sums;
	struct query *c = compile_query(q, *scan_all());
	struct table_spec spec = {.measures = query_measures(c), .seed = SEED};
	struct table *whole = table_new(&spec), *parts[2];
	struct snapshots *all = snapshots_new(3);
	struct complaint why;
	uint64_t seed = 9;

	all->measures = query_measures(c);
	for (size_t i = 0; i < 2; i++)
		parts[i] = table_new(&spec);
	for (size_t i = 0; i < 3000; i++) {
		char bytes[40];
		snprintf(bytes, sizeof bytes, "key %zu", random_below(&seed, 900));
		struct span key = span_text(bytes);
		struct sum number = {random_next(&seed), -(int64_t)random_below(&seed, 2)};
		unsigned group = (unsigned)random_below(&seed, GROUPS);
		struct key_batch a = {&key, &number, 1, group, NULL}, b = a;
		assert_true(table_add(whole, &a) && table_add(parts[i % 2], &b));
	}
	for (size_t i = 0; i < 2; i++) {
		struct bytes b = old_snapshot(parts[i], q, sums, (uint64_t[]){i ? 0 : 2, 1});
		assert_true(snapshots_add(all, piped && i ? pipe_of(b) : file_of(b), "f", &why));
		free(b.at);
		table_free(parts[i]);
	}
	assert_string_equal(all->query.groupings[0].order.value, "last");
	assert_string_equal(all->query.groupings[1].order.value, "key");
	assert_int_equal(all->query.groupings[0].top, 5);
	assert_int_equal(all->query.groupings[0].least, 0);
	assert_string_equal(all->query.set, "set");
	struct counts read = {.source = &all->source, .measures = all->measures, .memory = 1 << 20};
	struct ranking got[GROUPS] = {ranking_for(sums), ranking_for(false)},
		       expected[GROUPS] = {ranking_for(sums), ranking_for(false)};
	assert_true(rank_table(whole, expected, GROUPS));
	assert_true(ranker_rank(&read, got, GROUPS, 2));
	for (size_t g = 0; g < GROUPS; g++) {
		assert_same_ranking(&got[g], &expected[g]);
		ranking_free(&got[g]);
		ranking_free(&expected[g]);
	}
	counts_free(&read);
	snapshots_free(all);
	table_free(whole);
	query_free(c);
}

TEST(snapshots_of_version_1)
{
	for (int i = 0; i < 4; i++)
		check_old(i & 1, i & 2);
}

/* An order that is none; a block whose last key is cut off, in each length; a key that says it is
 * longer. */
TEST(damaged_snapshots_of_version_1)
{
	struct table *t = new_whole();
	struct span key = span_text("key");
	struct sum number = {1, 0};
	char why[1024];

	for (unsigned group = 0; group < GROUPS; group++)
		assert_true(table_add(t, &(struct key_batch){&key, &number, 1, group, NULL}));
	struct bytes good = old_snapshot(t, &query, true, (uint64_t[]){0, 0});
	struct bytes bad = old_snapshot(t, &query, true, (uint64_t[]){0, 3});
	assert_true(is_read(file_of(good), why));
	assert_false(is_read(file_of(bad), why));
	assert_string_equal(why, "f: the snapshot is damaged");
	for (size_t cut = 0; cut <= 36; cut++) {
		struct made p = made_of(good);
		struct section *keys = part(&p, SNAPSHOT_KEYS);
		if (cut <= keys->bytes.len && cut)
			keys->bytes.len -= cut;
		else
			memset(writable(keys) + 10, 0x7f, 6);
		struct bytes made = bytes_of_version(&p, 1);
		assert_false(is_read(file_of(made), why));
		assert_false(is_read(pipe_of(made), why));
		for (size_t i = 0; i < p.n; i++)
			free(writable(&p.at[i]));
		free(made.at);
	}
	free(good.at);
	free(bad.at);
	table_free(t);
}

/* --- Others ------------------------------------------------------------------------ */

TEST(other_files)
{
	static const struct {
		struct bytes bytes;
		const char *why;
	} cases[] = {
		{{"", 0}, "f: is empty, and therefore not a snapshot"},
		{{"192.0.2.1 - - \"GET / HTTP/1.1\"\n", 31},
			"f: is not a snapshot written by wf --save"},
		{{"\x1f\x8b\x08\0\0\0\0\0", 8},
			"f: is compressed with gzip: decompress it and pipe it to wf --merge -"},
		{{SNAPSHOT_MAGIC "\3\0\0\0\0\0\0\0", 16},
			"f: is a snapshot of version 3; this wf reads version 2"},
		{{SNAPSHOT_MAGIC "\1\0\0\0\1\0\0\0", 16}, "f: the snapshot is damaged"},
		{{SNAPSHOT_MAGIC "\1\0\0\0\0\0\0\0", 16},
			"f: the snapshot is truncated: its end is missing"},
		{{SNAPSHOT_MAGIC, 8}, "f: the snapshot is truncated: its end is missing"},
	};
	char why[1024];

	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_false(is_read(file_of(cases[i].bytes), why));
		assert_string_equal(why, cases[i].why);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(saved_and_merged),
		cmocka_unit_test(bytes_depend_on_nothing_else),
		cmocka_unit_test(every_damaged_byte_is_refused),
		cmocka_unit_test(every_cut_is_refused),
		cmocka_unit_test(nothing_may_follow),
		cmocka_unit_test(made_up_snapshots_are_refused),
		cmocka_unit_test(totals_of_more_than_64_bits),
		cmocka_unit_test(processes_that_rank_find_that_a_key_is_missing),
		cmocka_unit_test(snapshots_of_version_1),
		cmocka_unit_test(damaged_snapshots_of_version_1),
		cmocka_unit_test(other_files),
	};

	compiled = compile_query(&query, *scan_all());
	int failed = cmocka_run_group_tests_name("snapshot", tests, NULL, NULL);
	query_free(compiled);
	return failed;
}
