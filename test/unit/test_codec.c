/* test_codec.c -- decoding in pieces of any size, also of damaged input. */
#include "piped.h"
#include "unit.h"

#include <stdio.h>

#include "codec/codec.h"

enum { PLAIN = 50000, PACKED = 200000 };

/* Compress the text with the codec's own program.  Returns the length of the result in `out`. */
static size_t pack(const char *name, const char *plain, size_t len, char *out)
{
	char command[100];

	snprintf(command, sizeof command, "%s -q -c", name);
	return piped(command, span_of(plain, len), out, PACKED).len;
}

static void fill(char *plain, uint64_t *seed)
{
	for (size_t i = 0; i < PLAIN; i++)
		plain[i] = (char)("abcdefgh\n"[random_below(seed, 9)]);
}

/* Decode with at most most_in and most_out bytes at a time.  Returns the number of bytes made. */
static size_t decode(const struct codec *c, struct span packed, size_t most_in, size_t most_out,
	char *out, size_t room, bool *corrupt, bool *may_end, uint64_t *seed)
{
	struct decoder *d = decoder_new(c, &(struct decoder_spec){0});
	size_t all = 0, idle = 0;

	assert_non_null(d);
	*corrupt = false;
	while (idle < 3 && !*corrupt) {
		size_t give = 1 + random_below(seed, most_in),
		       take = 1 + random_below(seed, most_out);
		struct span in = span_of(packed.at, give < packed.len ? give : packed.len);
		size_t before = in.len, made;
		take = take < room - all ? take : room - all;
		*corrupt = decoder_run(d, &in, out + all, take, &made) == DECODE_CORRUPT;
		assert_true(made <= take && in.len <= before);
		packed = span_of(in.at, packed.len - (before - in.len));
		all += made;
		idle = made || in.len < before ? 0 : idle + 1;
	}
	*may_end = decoder_may_end(d) && !packed.len;
	decoder_free(d);
	return all;
}

TEST(in_pieces_of_any_size)
{
	static char plain[PLAIN], packed[3 * PACKED], out[3 * PLAIN];
	uint64_t seed = 1;
	bool corrupt, may_end;

	for (const struct codec *const *at = codecs; *at; at++) {
		const struct codec *c = *at;
		if (!c->available)
			continue;
		fill(plain, &seed);
		size_t one = pack(c->name, plain, PLAIN, packed);
		assert_ptr_equal(codec_detect(span_of(packed, one)), c);
		memcpy(packed + one, packed, one);
		size_t zeros = c->padding ? 512 : 0;
		memset(packed + 2 * one, 0, zeros);
		for (int round = 0; round < 60; round++) {
			size_t most = round < 3 ? 1 : 1 + random_below(&seed, 100000);
			size_t n = decode(c, span_of(packed, 2 * one + zeros), most,
				round % 3 ? 1 + random_below(&seed, 100000)
					  : 1 + random_below(&seed, 3),
				out, sizeof out, &corrupt, &may_end, &seed);
			assert_false(corrupt);
			assert_true(may_end);
			assert_int_equal(n, 2 * PLAIN);
			assert_memory_equal(out, plain, PLAIN);
			assert_memory_equal(out + PLAIN, plain, PLAIN);
		}
	}
}

/* Zeros follow a member.  In half of the cases, another member follows the zeros. */
TEST(zeros_between_members)
{
	static char plain[PLAIN], packed[3 * PACKED], out[3 * PLAIN];
	uint64_t seed = 6;
	bool corrupt, may_end;

	for (const struct codec *const *c = codecs; *c; c++)
		for (size_t zeros = 0; zeros < 9 && (*c)->available; zeros++) {
			fill(plain, &seed);
			size_t one = pack((*c)->name, plain, PLAIN, packed);
			memset(packed + one, 0, zeros);
			memcpy(packed + one + zeros, packed, one);
			bool padded = !zeros || ((*c)->padding && zeros % (*c)->padding == 0);
			decode(*c, span_of(packed, one + zeros), 1000, 100000, out, sizeof out,
				&corrupt, &may_end, &seed);
			assert_int_equal(!corrupt && may_end, padded);
			size_t n = decode(*c, span_of(packed, 2 * one + zeros), 1000, 100000, out,
				sizeof out, &corrupt, &may_end, &seed);
			assert_int_equal(
				!corrupt && may_end, !zeros || ((*c)->pads_members && padded));
			assert_true(n == PLAIN || (n == 2 * PLAIN && !corrupt));
		}
}

/* Return the low 16 bits of a header's CRC-32 (RFC 1952, 2.3.1). */
static unsigned header_crc(const char *header, size_t n)
{
	uint32_t crc = UINT32_MAX;

	for (size_t i = 0; i < n; i++) {
		crc ^= (unsigned char)header[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? UINT32_C(0xedb88320) : 0);
	}
	return ~crc & 0xffff;
}

/* Write a gzip member.  Its header has the fields whose bits are set in `fields` (1: FHCRC, 2:
 * FEXTRA, 3: FNAME, 4: FCOMMENT).  Returns the length of the member. */
static size_t add_fields(struct span member, unsigned fields, char *to)
{
	enum { HEADER = 10 };
	static const struct {
		unsigned field;
		struct span bytes;
	} all[] = {{2, BYTES("\5\0x=\1\0y")}, {3, BYTES("a name\0")}, {4, BYTES("a comment\0")}};
	size_t n = HEADER;

	memcpy(to, member.at, HEADER);
	to[3] = (char)fields;
	for (size_t i = 0; i < COUNT(all); i++) {
		if (!(fields >> all[i].field & 1))
			continue;
		memcpy(to + n, all[i].bytes.at, all[i].bytes.len);
		n += all[i].bytes.len;
	}
	if (fields & 2) {
		unsigned crc = header_crc(to, n);
		to[n++] = (char)(crc & 0xff);
		to[n++] = (char)(crc >> 8);
	}
	memcpy(to + n, member.at + HEADER, member.len - HEADER);
	return n + member.len - HEADER;
}

/* A piece of the input may end anywhere in a header. */
TEST(headers_of_gzip_in_pieces)
{
	static char plain[PLAIN], member[PACKED], packed[2 * PACKED], out[3 * PLAIN];
	uint64_t seed = 4;
	bool corrupt, may_end;

	fill(plain, &seed);
	struct span one = span_of(member, pack("gzip -n", plain, PLAIN, member));
	const struct codec *c = codec_detect(one);
	for (unsigned fields = 0; c->available && fields < 32; fields += 2) {
		size_t len = add_fields(one, fields, packed);
		len += add_fields(one, 30 - fields, packed + len);
		for (size_t most = 1; most < 100; most += 9) {
			size_t n = decode(c, span_of(packed, len), most, 100000, out, sizeof out,
				&corrupt, &may_end, &seed);
			assert_false(corrupt);
			assert_true(may_end);
			assert_int_equal(n, 2 * PLAIN);
			assert_memory_equal(out, plain, PLAIN);
			assert_memory_equal(out + PLAIN, plain, PLAIN);
		}
	}
}

/* A truncated input gives a prefix of the plain text, and decoder_may_end() is false. */
TEST(cut_off_anywhere)
{
	static char plain[PLAIN], packed[PACKED], out[2 * PLAIN];
	uint64_t seed = 2;
	bool corrupt, may_end;

	for (const struct codec *const *at = codecs; *at; at++) {
		const struct codec *c = *at;
		if (!c->available)
			continue;
		fill(plain, &seed);
		size_t len = pack(c->name, plain, PLAIN, packed);
		for (int round = 0; round < 100; round++) {
			size_t cut = random_below(&seed, len);
			size_t n = decode(c, span_of(packed, cut), 5000, 5000, out, sizeof out,
				&corrupt, &may_end, &seed);
			assert_true(n <= PLAIN);
			assert_memory_equal(out, plain, n);
			assert_false(may_end);
		}
	}
}

/* A file may end after a skippable frame, but not within one, nor within the magic of the next
 * frame. */
TEST(skippable_frames_cut_off_anywhere)
{
	static const char skippable[] = "\x53\x2a\x4d\x18\3\0\0\0abc\x50\x2a\x4d\x18\0\0\0";
	enum { FIRST = 11, BEFORE = sizeof skippable };
	static char packed[PACKED], file[PACKED + 2 * BEFORE], out[PLAIN];
	static const char *const names[] = {"zstd", "lz4"};
	uint64_t seed = 4;
	bool corrupt, may_end;

	for (size_t i = 0; i < COUNT(names); i++) {
		size_t len = BEFORE + pack(names[i], "a line\n", 7, packed);
		memcpy(file, skippable, BEFORE);
		memcpy(file + BEFORE, packed, len - BEFORE);
		memcpy(file + len, skippable, BEFORE);
		for (size_t cut = 4; cut <= len + BEFORE; cut++) {
			size_t n = decode(&codec_zstd, span_of(file, cut), 1 + cut % 3, 5, out,
				sizeof out, &corrupt, &may_end, &seed);
			assert_false(corrupt);
			assert_int_equal(may_end, cut == FIRST || cut == BEFORE || cut == len ||
							  cut == len + FIRST ||
							  cut == len + BEFORE);
			assert_true(n <= 7 && memcmp(out, "a line\n", n) == 0);
			assert_true(cut < len || n == 7);
		}
	}
}

/* Decoding damaged input comes to an end, and does not write beyond the buffer. */
TEST(damaged_anywhere)
{
	static char plain[PLAIN], packed[PACKED], bad[PACKED], out[4 * PLAIN];
	uint64_t seed = 3;
	size_t noticed = 0, all = 0;
	bool corrupt, may_end;

	for (const struct codec *const *at = codecs; *at; at++) {
		const struct codec *c = *at;
		if (!c->available)
			continue;
		fill(plain, &seed);
		size_t len = pack(c->name, plain, PLAIN, packed);
		for (int round = 0; round < 100; round++, all++) {
			memcpy(bad, packed, len);
			bad[random_below(&seed, len)] ^= (char)(1 + random_below(&seed, 255));
			size_t n = decode(c, span_of(bad, len), 5000, 5000, out, sizeof out,
				&corrupt, &may_end, &seed);
			noticed += corrupt || !may_end;
			if (!corrupt && may_end) /* the byte was in a name or a time stamp */
				assert_true(n == PLAIN && memcmp(out, plain, n) == 0);
		}
	}
	assert_true(noticed * 10 > all * 9);
}

/* The input is "hello", and a match that refers to bytes before "hello".  As there are no such
 * bytes, the decoder must not make any of them. */
TEST(a_match_that_begins_before_the_first_byte)
{
	static const char packed[64] = "\x1f\x8b\x08\0\0\0\0\0\0\3"
				       "\xcb\x48\xcd\xc9\xc9\xc7\x26\x0d";
	const struct codec *gzip = codec_detect(span_of(packed, sizeof packed));
	uint64_t seed = 4;
	bool corrupt, may_end;
	char out[2000];

	for (size_t most = 1; most < 2000 && gzip->available; most += 3) {
		size_t n = decode(gzip, span_of(packed, sizeof packed), most, most, out, sizeof out,
			&corrupt, &may_end, &seed);
		assert_true(corrupt && n <= 5);
		assert_memory_equal(out, "hello", n);
	}
}

/* The footer of an xz file has the size of the file's index.  Here the footer is that of another
 * file, whose index has another size.  The checksum of the footer is correct. */
TEST(footer_of_another_file)
{
	enum { FOOTER = 12 };
	static char plain[PLAIN], packed[PACKED], other[PACKED], out[2 * PLAIN];
	const struct codec *xz = &codec_xz;
	uint64_t seed = 5;
	bool corrupt, may_end;

	if (!xz->available)
		skip();
	fill(plain, &seed);
	size_t len = pack("xz", plain, PLAIN, packed);
	size_t other_len = pack("xz --block-size=1000", plain, PLAIN, other);
	decode(xz, span_of(packed, len), 5000, 5000, out, sizeof out, &corrupt, &may_end, &seed);
	assert_true(!corrupt && may_end);
	memcpy(packed + len - FOOTER, other + other_len - FOOTER, FOOTER);
	decode(xz, span_of(packed, len), 5000, 5000, out, sizeof out, &corrupt, &may_end, &seed);
	assert_true(corrupt);
}

TEST(nothing_is_compressed_by_chance)
{
	static const char *const plain[] = {
		"", "\x1f", "BZ", "BZx9", "\x28\xb5\x2f", "GET /", "{}"};

	for (size_t i = 0; i < COUNT(plain); i++)
		assert_null(codec_detect(span_text(plain[i])));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_pieces_of_any_size),
		cmocka_unit_test(zeros_between_members),
		cmocka_unit_test(headers_of_gzip_in_pieces),
		cmocka_unit_test(cut_off_anywhere),
		cmocka_unit_test(skippable_frames_cut_off_anywhere),
		cmocka_unit_test(damaged_anywhere),
		cmocka_unit_test(a_match_that_begins_before_the_first_byte),
		cmocka_unit_test(footer_of_another_file),
		cmocka_unit_test(nothing_is_compressed_by_chance),
	};

	return cmocka_run_group_tests_name("codec", tests, NULL, NULL);
}
