/* test_parts.c -- the parts of a compressed file, decoded one by one, make the whole text. */
#include "piped.h"
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "codec/codec.h"

enum { PLAIN = 700000, ROOM = 3000000 };

static void fill(char *plain)
{
	uint64_t seed = 1;

	for (size_t i = 0; i < PLAIN; i++)
		plain[i] = (char)("abcdefgh\n\0\1\2\3\4\5\6"[random_below(&seed, 16)]);
}

static int file_of(struct span bytes, size_t start)
{
	FILE *file = tmpfile();

	assert_non_null(file);
	fwrite("garbage before it", 1, start, file);
	fwrite(bytes.at, 1, bytes.len, file);
	assert_int_equal(fflush(file), 0);
	return dup(fileno(file));
}

/* Decode a part, reading so many bytes at a time. */
static size_t decode(const struct parts *p, size_t part, int fd, uint64_t start, size_t room,
	char *out, size_t out_room, bool intact)
{
	struct decoder *d = decoder_new(p->codec, &(struct decoder_spec){.parts = true});
	uint64_t at = 0;
	size_t all = 0, made;
	char feed[4096];

	assert_true(room <= sizeof feed);
	for (;;) {
		ssize_t n = parts_read(p, part, at, fd, start, feed, room);
		assert_true(n >= 0);
		at += (uint64_t)n;
		struct span in = span_of(feed, (size_t)n);
		do {
			if (decoder_run(d, &in, out + all, out_room - all, &made) != DECODED)
				goto damaged;
			all += made;
		} while (in.len || made);
		if (!n)
			break;
	}
	assert_true(!intact || at == parts_length(p, part));
	assert_true(!intact || decoder_is_between(d));
damaged:
	decoder_free(d);
	return all;
}

static void check_file(struct span file, const char *plain, size_t parts_at_least, size_t start)
{
	static char out[PLAIN + 1];
	const struct codec *c = codec_detect(file);
	assert_non_null(c);
	struct parts p = parts_find(c, file, 0);
	assert_true(p.n >= parts_at_least);
	int fd = file_of(file, start);
	size_t rooms[] = {2, 13, 4096};
	for (size_t r = 0; r < 3; r++) {
		size_t all = 0;
		for (size_t i = 0; i < p.n; i++)
			all += decode(
				&p, i, fd, start, rooms[r], out + all, sizeof out - all, true);
		assert_int_equal(all, PLAIN);
		assert_memory_equal(out, plain, PLAIN);
	}
	close(fd);
	for (size_t i = 0; i < p.n; i++) {
		assert_int_equal(
			parts_from(&p, (p.at[i].from + 7) / 8), i + (p.at[i].from % 8 != 0));
		assert_int_equal(parts_from(&p, p.at[i].from / 8), i);
	}
	assert_int_equal(parts_from(&p, file.len), p.n);
	parts_free(&p);
}

static void check(const char *command, size_t parts_at_least, size_t start)
{
	static char plain[PLAIN], packed[ROOM];

	fill(plain);
	check_file(
		piped(command, span_of(plain, PLAIN), packed, ROOM), plain, parts_at_least, start);
}

/* Write a gzip member whose header states its length (SAM/BAM format specification, 4.1).  Returns
 * the length. */
static size_t bgzf_member(struct span bytes, char *to)
{
	enum { GZIP_HEADER = 10, FIELD = 8 };
	static char packed[ROOM];
	struct span member = piped("gzip -n -c", bytes, packed, ROOM);
	size_t len = member.len + FIELD;

	assert_true(len <= 65536);
	memcpy(to, member.at, GZIP_HEADER);
	to[3] = 4; /* FEXTRA */
	memcpy(to + GZIP_HEADER, "\6\0BC\2\0", 6);
	to[GZIP_HEADER + 6] = (char)((len - 1) & 0xff);
	to[GZIP_HEADER + 7] = (char)((len - 1) >> 8);
	memcpy(to + GZIP_HEADER + FIELD, member.at + GZIP_HEADER, member.len - GZIP_HEADER);
	return len;
}

/* Like bgzip: blocks, and an empty one at the end. */
static struct span bgzf_of(struct span plain, char *to)
{
	enum { BLOCK = 65280 };
	size_t len = 0, n;

	do {
		n = plain.len < BLOCK ? plain.len : BLOCK;
		len += bgzf_member(span_of(plain.at, n), to + len);
		plain = span_from(plain, n);
	} while (n);
	return span_of(to, len);
}

TEST(bgzf)
{
	static char plain[PLAIN], packed[ROOM];

	fill(plain);
	struct span file = bgzf_of(span_of(plain, PLAIN), packed);
	check_file(file, plain, 12, 0);
	check_file(file, plain, 12, 17);
	/* If one more member does not state its length, there are no parts. */
	packed[file.len] = '\x1f';
	struct parts p = parts_find(codec_detect(file), span_of(packed, file.len + 1), 0);
	assert_int_equal(p.n, 0);
}

/* A member says that it is longer than it is, and zeros fill the gap. */
TEST(zeros_in_a_part)
{
	enum { ZEROS = 4, LENGTH = 16 };
	static char plain[PLAIN], packed[ROOM], out[PLAIN];

	fill(plain);
	size_t first = bgzf_member(span_of(plain, 60000), packed);
	memset(packed + first, 0, ZEROS);
	first += ZEROS;
	packed[LENGTH] = (char)((first - 1) & 0xff);
	packed[LENGTH + 1] = (char)((first - 1) >> 8);
	size_t len = first + bgzf_of(span_of(plain, 60000), packed + first).len;
	struct span file = span_of(packed, len);
	struct parts p = parts_find(codec_detect(file), file, 0);
	assert_true(p.n >= 2 && p.at[0].to == 8 * first);
	struct decoder *d = decoder_new(p.codec, &(struct decoder_spec){.parts = true});
	struct span in = span_of(packed, first);
	for (size_t made = 1; in.len || made;)
		assert_int_equal(decoder_run(d, &in, out, sizeof out, &made), DECODED);
	assert_false(decoder_is_between(d));
	decoder_free(d);
	parts_free(&p);
}

TEST(bzip2)
{
	check("bzip2 -1 -c", 7, 0);
	check("bzip2 -1 -c", 7, 17);
	check("(head -c 300001 | bzip2 -2; echo -n | bzip2; tail -c 399999 | bzip2 -1)", 2, 1);
}

TEST(xz)
{
	check("xz -0 --block-size=100000 -c", 7, 5);
	check("(head -c 300001 | xz -0; xz -1 -C crc32 --block-size=50000)", 2, 0);
}

TEST(zstd)
{
	check("pzstd -q -p 4 -c 2>/dev/null", 2, 3);
	check("(head -c 300001 | zstd -q; zstd -q -3)", 2, 0);
}

/* Parts that may be joined have at least half of a size that grows with their number; of others
 * there are none if there would be too many. */
TEST(number_of_parts)
{
	enum { MEMBERS = 3000, PART = sizeof(struct part) };
	static char plain[PLAIN], packed[ROOM];

	fill(plain);
	struct span file = bgzf_of(span_of(plain, 2000), packed);
	const size_t marker = 28, first = file.len - marker;
	for (size_t i = 0; i < MEMBERS; i++)
		memcpy(packed + first + i * marker, packed + first, marker);
	file.len = first + MEMBERS * marker;
	static const size_t most[] = {3, 4, 10, 5000};
	for (size_t i = 0; i < COUNT(most); i++) {
		struct parts p = parts_find(codec_detect(file), file, most[i] * PART);
		assert_true(p.n >= 2 && p.n <= most[i]);
		assert_true(p.at[0].from == 0 && p.at[p.n - 1].to == 8 * file.len);
		for (size_t k = 1; k < p.n; k++)
			assert_true(p.at[k].from == p.at[k - 1].to);
		parts_free(&p);
	}
	file = piped("xz -0 --block-size=100000 -c", span_of(plain, PLAIN), packed, ROOM);
	assert_int_equal(parts_find(codec_detect(file), file, 1000).n, 0);
	file = piped("bzip2 -1 -c", span_of(plain, PLAIN), packed, ROOM);
	assert_int_equal(parts_find(codec_detect(file), file, 6 * PART).n, 0);
}

/* An index needs at least 16 bytes for each block, while its parts are found. */
TEST(memory_of_an_index)
{
	enum { BLOCKS = 400, PART = sizeof(struct part) };
	static char plain[PLAIN], packed[ROOM];

	fill(plain);
	struct span file =
		piped("xz -0 --block-size=1000 -c", span_of(plain, BLOCKS * 1000), packed, ROOM);
	assert_int_equal(parts_find(codec_detect(file), file, BLOCKS * (PART + 15)).n, 0);
	struct parts p = parts_find(codec_detect(file), file, BLOCKS * (PART + 100));
	assert_int_equal(p.n, BLOCKS);
	parts_free(&p);
}

/* As far as the headers tell. */
TEST(memory_of_decoders)
{
	static char plain[PLAIN], packed[ROOM];
	static const struct {
		const char *command;
		uint64_t least, most;
	} all[] = {{"(head -c 3000 | zstd -q; zstd -q --long=27 -c)", 1 << 27, 1 << 27},
		{"(head -c 3000 | zstd -q; zstd -q -3 -c)", 1 << 19, 1 << 22},
		{"xz -6 --block-size=100000 -c", 1 << 23, 9 << 20}};

	fill(plain);
	for (size_t i = 0; i < COUNT(all); i++) {
		struct span file = piped(all[i].command, span_of(plain, PLAIN), packed, ROOM);
		struct parts p = parts_find(codec_detect(file), file, 0);
		assert_true(p.n && p.need >= all[i].least && p.need <= all[i].most);
		struct decoder *d =
			decoder_new(p.codec, &(struct decoder_spec){.memory = all[i].least - 1});
		enum decoded got = DECODED;
		for (size_t made; got == DECODED && file.len;)
			got = decoder_run(d, &file, plain, PLAIN, &made);
		assert_int_equal(got, DECODE_TOO_LARGE);
		assert_true(decoder_need(d) >= all[i].least && decoder_need(d) <= all[i].most);
		decoder_free(d);
		parts_free(&p);
		fill(plain);
	}
}

/* What a decoder has reserved when it has decoded something, of which it has got three bytes at a
 * time. */
TEST(memory_is_reserved)
{
	static char plain[PLAIN], packed[ROOM], out[PLAIN];
	static const struct {
		const char *command;
		uint64_t least, most;
	} all[] = {{"gzip -c", 0, 0}, {"zstd -q -c --long=24", 1 << 24, 17 << 20},
		{"(head -c 3000 | zstd -q; zstd -q --long=25)", 1 << 25, 33 << 20},
		{"xz -6 -c", 8 << 20, 9 << 20}, {"bzip2 -c", 3600000, 4000000},
		{"(head -c 3001 | xz -0; xz -7)", 16 << 20, 17 << 20},
		{"lz4 -q -c", 8 << 20, 9 << 20}};

	for (size_t i = 0; i < COUNT(all); i++) {
		fill(plain);
		struct span file = piped(all[i].command, span_of(plain, 20000), packed, ROOM);
		struct quota *q = quota_new(1 << 30, 2);
		struct decoder *d = decoder_new(
			codec_detect(file), &(struct decoder_spec){.quota = q, .user = 1});
		for (size_t made = 1; file.len || made;) {
			struct span in = span_of(file.at, file.len < 3 ? file.len : 3);
			size_t before = in.len;
			assert_int_equal(decoder_run(d, &in, out, 1000, &made), DECODED);
			file = span_from(file, before - in.len);
		}
		assert_true(decoder_may_end(d));
		assert_true(quota_used(q) >= all[i].least && quota_used(q) <= all[i].most);
		decoder_free(d);
		assert_int_equal(quota_used(q), 0);
		quota_free(q);
	}
}

TEST(whole_ones_have_none)
{
	static char plain[PLAIN], packed[ROOM];
	static const char *const commands[] = {"gzip -c", "zstd -q -c", "xz -0 -c",
		"(head -c 50000 | bzip2 -c)", "lz4 -q -c", "(gzip -c; gzip -c </dev/null)"};

	fill(plain);
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		struct span file = piped(commands[i], span_of(plain, PLAIN), packed, ROOM);
		struct parts p = parts_find(codec_detect(file), file, 0);
		assert_int_equal(p.n, 0);
	}
}

/* Unreadable bytes are an error; missing ones are not. */
TEST(what_can_not_be_read)
{
	static char plain[PLAIN], packed[ROOM];
	static const char *const commands[] = {"bzip2 -1 -c", "xz -0 --block-size=100000 -c",
		"(head -c 300001 | zstd -q; zstd -q)"};
	int shut = open("/dev/null", O_WRONLY), none = open("/dev/null", O_RDONLY);
	char to[100];

	fill(plain);
	for (size_t i = 0; i < COUNT(commands); i++) {
		struct span file = piped(commands[i], span_of(plain, PLAIN), packed, ROOM);
		struct parts p = parts_find(codec_detect(file), file, 0);
		assert_true(p.n);
		uint64_t len = parts_length(&p, 0), places[] = {30, len / 2, len - 12, len - 1};
		for (size_t k = 0; k < COUNT(places); k++) {
			errno = 0;
			assert_int_equal(parts_read(&p, 0, places[k], shut, 0, to, sizeof to), -1);
			assert_int_equal(errno, EBADF);
			assert_int_equal(parts_read(&p, 0, places[k], none, 0, to, sizeof to), 0);
		}
		assert_int_equal(parts_read(&p, 0, len, shut, 0, to, sizeof to), 0);
		parts_free(&p);
	}
	close(shut);
	close(none);
}

/* A truncated or damaged file has no parts, or parts that can be read without harm. */
TEST(damaged)
{
	static char plain[PLAIN], packed[ROOM], out[2 * PLAIN];
	static const char *const commands[] = {"bzip2 -1 -c", "xz -0 --block-size=100000 -c",
		"(head -c 300001 | zstd -q; zstd -q -3)"};
	uint64_t seed = 5;

	fill(plain);
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		struct span file = piped(commands[i], span_of(plain, PLAIN), packed, ROOM);
		const struct codec *c = codec_detect(file);
		for (int k = 0; k < 40; k++) {
			struct span part = span_of(file.at, random_below(&seed, file.len));
			if (k % 2) {
				part = file;
				packed[6 + random_below(&seed, file.len - 6)] ^= 0x10;
			}
			/* In memory that ends where the file does. */
			char *copy = malloc(part.len + 1);
			memcpy(copy, part.at, part.len);
			struct parts p = parts_find(c, span_of(copy, part.len), 0);
			int fd = p.n ? file_of(part, 0) : -1;
			for (size_t n = 0; n < p.n; n++)
				decode(&p, n, fd, 0, 4096, out, sizeof out, false);
			if (p.n)
				close(fd);
			parts_free(&p);
			free(copy);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bzip2),
		cmocka_unit_test(xz),
		cmocka_unit_test(zstd),
		cmocka_unit_test(bgzf),
		cmocka_unit_test(zeros_in_a_part),
		cmocka_unit_test(number_of_parts),
		cmocka_unit_test(memory_of_an_index),
		cmocka_unit_test(memory_of_decoders),
		cmocka_unit_test(memory_is_reserved),
		cmocka_unit_test(whole_ones_have_none),
		cmocka_unit_test(what_can_not_be_read),
		cmocka_unit_test(whole_ones_have_none),
		cmocka_unit_test(damaged),
	};

	return cmocka_run_group_tests_name("parts", tests, NULL, NULL);
}
