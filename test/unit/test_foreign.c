/* test_foreign.c -- archives, programs and damaged compressed data are told from logs. */
#include "piped.h"
#include "unit.h"

#include <stdio.h>

#include "codec/codec.h"
#include "codec/foreign.h"

enum { PACKED = 100000 };

static struct span packed_by(const char *name, char *to)
{
	char command[100];

	snprintf(command, sizeof command, "%s -q -c", name);
	return piped(command, span_text("a line of a log\nanother one\n"), to, PACKED);
}

static bool names(const char *what, const char *name)
{
	return what && strstr(what, "damaged or truncated ") && strstr(what, name);
}

/* One bit is wrong, or one byte; the codec is still recognised, or the file is not taken for a log. */
TEST(damaged_magics)
{
	static char packed[PACKED];

	for (const struct codec *const *c = codecs; *c; c++) {
		struct span file = packed_by((*c)->name, packed);
		assert_null(foreign_detect(file));
		for (size_t i = 0; i < 8 * (*c)->magic.len; i++) {
			packed[i / 8] ^= (char)(1 << i % 8);
			assert_true(names(foreign_detect(file), (*c)->name));
			packed[i / 8] ^= (char)(1 << i % 8);
		}
	}
	/* The magics of skippable frames differ in four bits. */
	memcpy(packed, "\x5e\x2a\x4d\x18\x05\0\0\0", 8);
	for (size_t i = 0; i < 32; i++) {
		struct span head = span_of(packed, 8);
		packed[i / 8] ^= (char)(1 << i % 8);
		assert_true(
			i < 4 ? codec_detect(head) != NULL : names(foreign_detect(head), "zstd"));
		packed[i / 8] ^= (char)(1 << i % 8);
	}
	struct span file = packed_by("lz4", packed);
	for (unsigned byte = 0; byte < 256; byte++) {
		packed[2] = (char)byte;
		assert_int_equal(foreign_detect(file) == NULL, byte == 0x4d);
	}
}

TEST(truncated_magics)
{
	static const char *const kinds[] = {"zstd", "xz", "lz4"};
	static char packed[PACKED];

	for (size_t i = 0; i < COUNT(kinds); i++) {
		struct span file = packed_by(kinds[i], packed);
		for (file.len = 2; !codec_detect(file); file.len++)
			assert_true(names(foreign_detect(file), kinds[i]));
	}
}

TEST(other_files)
{
	static const struct span files[] = {BYTES("PK\3\4\24\0\10\0"),
		BYTES("\x7f"
		      "ELF\2\1\1\0"),
		BYTES("LPKSHHRH\0\0\0\0"), BYTES("SQLite format 3\0"),
		BYTES("\x02\x21\x4c\x18\x20\0\0\0")};

	for (size_t i = 0; i < COUNT(files); i++)
		assert_non_null(foreign_detect(files[i]));
}

/* A text in UTF-16 is named, with or without a byte-order mark, in both byte orders; so is one in
 * UTF-32. */
TEST(wide_texts)
{
	static const struct span wide[] = {BYTES("\xff\xfe"
						 "1\0"
						 "2\0"),
		BYTES("\xfe\xff\0001\0002"), BYTES("\xff\xfe\x31\x04G\0\n\0"),
		BYTES("G\0E\0T\0 \0/\0 \0001\0\n\0"), BYTES("\0G\0E\0T\0 \0/\0 \0001\0\n")};

	for (size_t i = 0; i < COUNT(wide); i++)
		assert_non_null(strstr(foreign_detect(wide[i]), "UTF-16"));
	static const struct span wider = BYTES("\xff\xfe\0\0001\0\0\0");
	assert_non_null(strstr(foreign_detect(wider), "UTF-32"));
}

/* A tar archive is named by the sum in its header; a header with another sum is bytes like any
 * other. */
TEST(tar)
{
	static char packed[PACKED];
	struct span file = piped("tar cf - -C / etc/passwd", span_text("a line\n"), packed, PACKED);

	assert_non_null(strstr(foreign_detect(file), "tar xOf"));
	assert_non_null(strstr(foreign_detect(span_of(packed, FOREIGN_HEAD)), "tar xOf"));
	assert_null(foreign_detect(span_of(packed, FOREIGN_HEAD - 1)));
	packed[0]++;
	assert_null(foreign_detect(file));
}

/* Also bytes that no log should have, but some logs do. */
TEST(logs)
{
	static const struct span logs[] = {BYTES(""), BYTES("("), BYTES("B"), BYTES("BZ"),
		BYTES("BZh9 "), BYTES("127.0.0.1 - - ["), BYTES("PK is a name"),
		BYTES("\0\0\0\0\0\0\0\0\0\0\0"), BYTES("(\xb5/h) of each host"), BYTES("\xff\xfe"),
		BYTES("\xff\xfe"
		      "12 of each host"),
		BYTES("\0\0\0\0001\0\0\0\0\0\0\0\0\0\0\0\0"), BYTES("1\0002\0003\0004\0"),
		BYTES("\x1b[31mred"), BYTES("\x16\x03\x01\x02\0\x01"),
		BYTES("\x80\xff\n\r\x80\xff\n\r\x80\xff"), BYTES("\x04"), BYTES("\x1f\x8b"),
		BYTES("SQLite failed to open /var/db"), BYTES("}7zXZ is text"),
		BYTES("$\"M8 is text"), BYTES("D\"M8 is text")};
	uint64_t seed = 1;

	for (size_t i = 0; i < COUNT(logs); i++)
		assert_null(foreign_detect(logs[i]));
	for (int i = 0; i < 20000; i++) {
		char bytes[8];
		for (size_t k = 0; k < sizeof bytes; k++)
			bytes[k] = (char)(2 + random_below(&seed, 254));
		assert_null(foreign_detect(span_of(bytes, sizeof bytes)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(damaged_magics),
		cmocka_unit_test(truncated_magics),
		cmocka_unit_test(other_files),
		cmocka_unit_test(wide_texts),
		cmocka_unit_test(tar),
		cmocka_unit_test(logs),
	};

	return cmocka_run_group_tests_name("foreign", tests, NULL, NULL);
}
