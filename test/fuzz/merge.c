/* merge.c -- fuzz what --merge prints: forged snapshots with right checksums, from the file through
 * the ranking to each output format.
 *
 * It ends without a fault, and it does not matter whether one walk or two read the keys: both
 * refuse the snapshots, or both have the same rankings.
 *
 * Input: five bytes, then one snapshot, or two.
 *	0	bit 0: two snapshots, else one that is read twice; bit 1: the first is read from a pipe
 *	1	the output format
 *	2	bits 0 to 2: a terminal, UTF-8, colours; the others: how wide the terminal is
 *	3, 4	where to put 0xff into the first file: 0 for nowhere, else 1 + the place from its end
 *
 * A snapshot:
 *	HEAD	a length (2 bytes), the bytes without the fingerprint, which is computed
 *	ACCOUNT	a length (1), the bytes; missing ones are 0.  If the length has bit 7, the lines are
 *		made as many as the verdicts have
 *	INPUTS	a length (1), the bytes
 *	KEYS	a number (1), and for each key its group (1), count (1), the two numbers of its sum
 *		(1 each), a length (1) and its bytes; blocks and their order are right, a key that
 *		is there already is left out
 *	END	what to add to the number of keys (1); which place (1) to change by how much (1)
 */
#include "fuzz.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/arena.h"
#include "lib/own_magic.h"
#include "lib/tempfile.h"
#include "query/query.h"
#include "query/signature.h"
#include "rank/ranker.h"
#include "rank/resolver.h"
#include "rank/transfer.h"
#include "report/report_common.h"
#include "save/snapshot.h"
#include "save/snapshot_format.h"
#include "save/checksummed_file.h"

enum {
	TWO = 1,
	PIPED = 2,
	RAISE_LINES = 0x80,
	ACCOUNT_BYTES = 8 * 8 + 16 + 2 * 20,
	PIPE = 1 << 16,
	KEYS_MOST = 255
};

/* --- Reading the input: 0 or nothing where it has ended ---------------------------- */

static unsigned next_byte(struct span *in)
{
	unsigned byte = in->len ? (unsigned char)in->at[0] : 0;

	*in = span_from(*in, in->len ? 1 : 0);
	return byte;
}

/* A byte as a number from -128 to 127. */
static int64_t next_signed(struct span *in)
{
	unsigned byte = next_byte(in);

	return byte < 128 ? (int64_t)byte : (int64_t)byte - 256;
}

static struct span next_bytes(struct span *in, size_t len)
{
	struct span s = span_of(in->at, len < in->len ? len : in->len);

	*in = span_from(*in, s.len);
	return s;
}

/* --- Forging ----------------------------------------------------------------------- */

/* A snapshot that is being forged. */
struct forgery {
	struct sections_writer file;
	struct snapshot_index index;
	const struct measures *measures; /* NULL if the query is not valid */
};

static void put(struct forgery *f, enum snapshot_section kind, struct span bytes)
{
	assert(sections_put(&f->file, &(struct section){.kind = kind, .bytes = bytes}));
}

/* Put HEAD with the fingerprint of its list. */
static void put_head(struct forgery *f, struct span head)
{
	struct unpack u = {.rest = head};
	struct signature list;
	struct pack p = {0};

	bool ok = signature_unpack(&u, &list);
	struct fingerprint found =
		fingerprint_of(ok ? span_of(head.at, head.len - u.rest.len) : head);
	pack_u64(&p, found.low);
	pack_u64(&p, found.high);
	pack_bytes(&p, head);
	put(f, SNAPSHOT_HEAD, span_of(p.at, p.n));
	pack_free(&p);
	signature_free(&list);
}

static void put_account(struct forgery *f, struct span *in)
{
	unsigned len = next_byte(in);
	struct span given = next_bytes(in, len & ~(unsigned)RAISE_LINES);
	char bytes[ACCOUNT_BYTES] = {0};
	uint64_t lines = 0;

	memcpy(bytes, given.at, given.len < sizeof bytes ? given.len : sizeof bytes);
	for (int i = 2; i <= 5; i++)
		lines += word_load(bytes + 8 * i);
	if (len & RAISE_LINES)
		word_store(bytes + 8, lines);
	put(f, SNAPSHOT_ACCOUNT, span_of(bytes, sizeof bytes));
}

/* `room` becomes the measures of the key: the two numbers of its sum again and again. */
static struct counted next_key(
	const struct measures *m, char *room, size_t room_bytes, struct span *in)
{
	struct counted c = {.group = next_byte(in), .count = next_byte(in), .measures = room};
	uint64_t low = (uint64_t)next_byte(in) << 32, high = (uint64_t)next_signed(in);

	for (size_t i = 0; i < room_bytes; i += 8)
		word_store(room + i, i % 16 ? high : low);
	c.key = next_bytes(in, next_byte(in));
	c.hash = run_hash(m, c.group, c.key);
	return c;
}

static int by_order(const void *a, const void *b)
{
	return counted_compare(a, b);
}

static bool put_block(void *forgery, const struct run_block *b)
{
	struct forgery *f = forgery;
	struct section s = {SNAPSHOT_KEYS, b->range, b->first, b->entries};

	snapshot_index_to(&f->index, b->range + 1, f->file.at);
	f->index.keys += b->keys;
	return sections_put(&f->file, &s);
}

static void put_keys(struct forgery *f, struct span *in)
{
	static struct counted keys[KEYS_MOST];
	static struct run_writer w;
	size_t n = next_byte(in), bytes = measures_most_bytes(f->measures);
	char *measured = calloc(n + 1, bytes + 1);

	assert(measured);
	for (size_t i = 0; i < n; i++)
		keys[i] = next_key(f->measures, measured + i * bytes, bytes, in);
	qsort(keys, n, sizeof *keys, by_order);
	run_begin(&w, f->measures, (struct block_sink){put_block, f});
	for (size_t i = 0; i < n; i++)
		if (!i || !counted_is_same_key(&keys[i - 1], &keys[i]))
			assert(run_add(&w, &keys[i]));
	assert(run_end(&w));
	free(measured);
}

static void put_end(struct forgery *f, struct span *in)
{
	struct pack p = {0};

	snapshot_index_to(&f->index, RUN_RANGES, f->file.at);
	pack_u64(&p, f->index.keys + (uint64_t)next_signed(in));
	unsigned which = next_byte(in);
	f->index.place[which] += (uint64_t)next_signed(in);
	for (size_t i = 0; i < RUN_RANGES; i++)
		pack_u64(&p, f->index.place[i]);
	put(f, SNAPSHOT_END, span_of(p.at, p.n));
	pack_free(&p);
}

/* Compile the query in HEAD.  NULL if it is none; *spec must be freed in any case. */
static struct query *forged_query(struct span head, struct query_spec *spec)
{
	struct unpack u = {.rest = head};
	struct signature list;
	struct complaint why;

	*spec = (struct query_spec){0};
	bool ok = signature_unpack(&u, &list) && signature_query(&list, "forged", spec);
	struct query *q = ok ? query_compile(spec, scan_choose(), &why) : NULL;
	signature_free(&list);
	return q;
}

/* A file in memory with the next snapshot of the input. */
static int forge(struct span *in)
{
	struct forgery f = {0};
	int fd = memfd_create("snapshot", MFD_CLOEXEC);

	assert(fd >= 0 && sections_create(&f.file, fd, SNAPSHOT_MAGIC, SNAPSHOT_VERSION));
	size_t len = next_byte(in);
	struct span head = next_bytes(in, len | (size_t)next_byte(in) << 8);
	struct query_spec spec;
	struct query *q = forged_query(head, &spec);
	f.measures = q ? query_measures(q) : NULL;
	put_head(&f, head);
	put_account(&f, in);
	put(&f, SNAPSHOT_INPUTS, next_bytes(in, next_byte(in)));
	put_keys(&f, in);
	put_end(&f, in);
	query_free(q);
	query_spec_free(&spec);
	return fd;
}

static void damage(int fd, size_t place)
{
	off_t end = lseek(fd, 0, SEEK_END);

	if (place && place <= (size_t)end)
		assert(pwrite(fd, "\xff", 1, end - (off_t)place) == 1);
}

/* Another descriptor for the same bytes: a pipe, or a file with a position of its own. */
static int open_again(int file, bool pipe_wanted)
{
	char bytes[PIPE], name[64];
	int fd[2];

	snprintf(name, sizeof name, "/proc/self/fd/%d", file);
	ssize_t n = pread(file, bytes, sizeof bytes, 0);
	if (!pipe_wanted || n == sizeof bytes) {
		fd[0] = open(name, O_RDONLY | O_CLOEXEC);
		assert(fd[0] >= 0);
		return fd[0];
	}
	assert(n >= 0 && pipe(fd) == 0 && fcntl(fd[1], F_SETPIPE_SZ, PIPE) > 0);
	assert(write(fd[1], bytes, (size_t)n) == n);
	close(fd[1]);
	return fd[0];
}

/* --- Ranking ----------------------------------------------------------------------- */

static struct ranking *new_rankings(const struct query *q, size_t *n)
{
	const struct grouping *groupings = query_groupings(q, n);
	struct ranking *rankings = calloc(*n, sizeof *rankings);

	assert(rankings);
	for (size_t i = 0; i < *n; i++)
		rankings[i] = (struct ranking){.order = groupings[i].order,
			.statistics = groupings[i].measured.statistics.n
					      ? &groupings[i].measured.statistics
					      : NULL,
			.by = groupings[i].by,
			.ascending = groupings[i].ascending,
			.least = groupings[i].spec->least,
			.limit = groupings[i].spec->top};
	return rankings;
}

static bool hold(void *arena, struct span *key)
{
	char *copy = arena_take(arena, key->len);

	assert(copy);
	memcpy(copy, key->at, key->len);
	key->at = copy;
	return true;
}

static bool take(void *resolver, const struct counted *c)
{
	return resolver_take(resolver, c);
}

/* Rank what two walks hand over, each a half of the keys, as two rankers do. */
static bool rank_in_two(const struct snapshots *all, struct ranking *to, size_t n, struct arena *arena)
{
	const struct source *s = &all->source;
	bool ok = true;

	for (unsigned i = 0; ok && i < 2; i++) {
		struct ranking *half = rankings_like(to, n);
		struct resolver *resolver = resolver_new(half, n, all->measures);
		assert(resolver);
		for (size_t k = 0; k < n; k++) {
			half[k].hold = hold;
			half[k].holder = arena;
		}
		ok = s->walk(s->ctx, i, 2, (struct sink){take, resolver}) && resolver_end(resolver);
		resolver_free(resolver);
		for (size_t k = 0; ok && k < n; k++)
			top_finish(&half[k]);
		ok = ok && transfer_merge(to, half, n);
		rankings_free(half, n);
	}
	return ok && s->is_whole(s->ctx, 2);
}

static void assert_same(const struct ranking *a, const struct ranking *b, size_t n)
{
	struct pack x = {0}, y = {0};

	transfer_pack(&x, a, n, TRANSFER_BYTES);
	transfer_pack(&y, b, n, TRANSFER_BYTES);
	assert(span_equal(span_of(x.at, x.n), span_of(y.at, y.n)));
	pack_free(&x);
	pack_free(&y);
}

/* --- Printing ---------------------------------------------------------------------- */

static void print(const struct snapshots *all, const struct query *q, struct ranking *rankings,
	unsigned format, unsigned how)
{
	static void (*const formats[])(const struct output *, const struct report *) = {
		print_plain, print_table, print_tsv, print_csv, print_json, print_html};
	const struct report_spec spec = {0};
	const struct strlist none = {0};
	struct report r = {.spec = &spec,
		.query = &all->query,
		.rankings = rankings,
		.account = &all->account,
		.files = &none,
		.folders = &none};
	char *text = NULL;
	size_t len;
	struct output out = {.out = open_memstream(&text, &len),
		.fd = -1,
		.terminal = how & 1,
		.utf8 = how & 2,
		.color = how & 4,
		.columns = how & 1 ? how >> 3 : 0};

	assert(out.out);
	r.groupings = query_groupings(q, &r.n);
	assert(report_reserve(&r));
	formats[format % (sizeof formats / sizeof *formats)](&out, &r);
	assert(fclose(out.out) == 0);
	report_release(&r);
	free(text);
}

/* Rank and print what can be ranked and printed. */
static void rank(struct snapshots *all, unsigned format, unsigned how)
{
	struct complaint why = {0};
	struct query *q = query_compile(&all->query, scan_choose(), &why);
	size_t n;

	assert(q || *why.text);
	if (!q)
		return;
	struct counts c = {.source = &all->source, .measures = query_measures(q), .memory = 1 << 20};
	all->measures = query_measures(q);
	struct ranking *whole = new_rankings(q, &n), *halves = new_rankings(q, &n);
	struct arena arena = {0};
	bool ok = ranker_rank(&c, whole, n, 1);
	if (ok)
		print(all, q, whole, format, how);
	else
		counts_explain(&c, "ranking", query_sum(q), errno, &why);
	assert(ok || *why.text);
	if (!all->source.single_pass) {
		assert(rank_in_two(all, halves, n, &arena) == ok);
		if (ok)
			assert_same(whole, halves, n);
	}
	arena_free(&arena);
	rankings_free(whole, n);
	rankings_free(halves, n);
	counts_free(&c);
	query_free(q);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span in = span_of((const char *)data, size);
	unsigned flags = next_byte(&in), format = next_byte(&in), how = next_byte(&in);
	size_t place = next_byte(&in);
	struct snapshots *all = snapshots_new(2);
	struct complaint why = {0};

	place |= (size_t)next_byte(&in) << 8;
	int one = forge(&in), two = flags & TWO ? forge(&in) : dup(one);
	assert(all && two >= 0);
	damage(one, place);
	bool ok = snapshots_add(all, open_again(one, flags & PIPED), "one", &why) &&
		  snapshots_add(all, open_again(two, false), "two", &why);
	assert(ok || *why.text);
	if (ok)
		rank(all, format, how);
	snapshots_free(all);
	close(one);
	close(two);
	return 0;
}
