#include "codec/foreign.h"

#include <stdint.h>

#include "codec/codec.h"

/* --- Files that no codec can decode ------------------------------------------------- */

#define TEXT(bytes)                                                                                \
	{                                                                                          \
		bytes, sizeof(bytes) - 1                                                           \
	}

struct kind {
	struct span magic;
	const char *what;
};

#define TRY(command) ", not a log (try: " command " FILE | wf)"

static const struct kind kinds[] = {
	{TEXT("PK\3\4"), "is a zip archive" TRY("unzip -p")},
	{TEXT("7z\xbc\xaf\x27\x1c"), "is a 7z archive" TRY("7z x -so")},
	{TEXT("Rar!\x1a\7"), "is a rar archive" TRY("unrar p -inul")},
	{TEXT("\x1f\x9d"), "is a file of compress" TRY("zcat")},
	{TEXT("LZIP\1"), "is an lzip file" TRY("lzip -dc")},
	{TEXT("\x89LZO\0\r\n"), "is an lzop file" TRY("lzop -dc")},
	{TEXT("\x02\x21\x4c\x18"), "is lz4 data in the legacy format" TRY("lz4 -dc")},
	{TEXT("\xff\6\0\0sNaP"), "is snappy data" TRY("snzip -dc")},
	{TEXT("LPKSHHRH"), "is a journal of systemd" TRY("journalctl -o json --file")},
	{TEXT("\x7f"
	      "ELF"),
		"is a program or a library, not a log"},
	{TEXT("\x89PNG\r\n\x1a"), "is an image, not a log"},
	{TEXT("\xff\xd8\xff"), "is an image, not a log"},
	{TEXT("SQLite format 3\0"), "is a database of SQLite, not a log"},
};

/* --- Damaged compressed data -------------------------------------------------------- */

struct nearly {
	struct span magic, mask; /* only the bits of the mask are compared */
	const char *what;
};

#define DAMAGED(codec) "is not a log: it looks like damaged or truncated " codec " data"

/* The magic of gzip includes the method and the flags here.  The magic of bzip2 includes the bytes
 * after the block size: the beginning of a block magic or of an end magic. */
static const struct nearly nearly[] = {
	{TEXT("\x1f\x8b\x08\0"), TEXT("\xff\xff\xff\xe0"), DAMAGED("gzip")},
	{TEXT("\x28\xb5\x2f\xfd"), TEXT("\xff\xff\xff\xff"), DAMAGED("zstd")},
	{TEXT("\xfd\x37\x7a\x58\x5a\0"), TEXT("\xff\xff\xff\xff\xff\xff"), DAMAGED("xz")},
	{TEXT("BZh0\x31\x41\x59\x26"), TEXT("\xff\xff\xff\xf0\xff\xff\xff\xff"), DAMAGED("bzip2")},
	{TEXT("BZh0\x17\x72\x45\x38"), TEXT("\xff\xff\xff\xf0\xff\xff\xff\xff"), DAMAGED("bzip2")},
	{TEXT("\x50\x2a\x4d\x18"), TEXT("\xf0\xff\xff\xff"), DAMAGED("zstd or lz4")},
	{TEXT("\x04\x22\x4d\x18"), TEXT("\xff\xff\xff\xff"), DAMAGED("lz4")},
};

enum { FEW_BITS = 2, NEARLY_HEAD = 8 };

/* True if a byte of `s` is below `low` or above `high`. */
static bool has_byte_outside(struct span s, unsigned char low, unsigned char high)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.at[i] < low || (unsigned char)s.at[i] > high)
			return true;
	return false;
}

/* Text hardly ever has control bytes below the tab. */
static bool has_control(struct span s)
{
	return has_byte_outside(s, '\t', 0xff);
}

static bool is_binary(struct span s)
{
	return has_byte_outside(s, '\t', 0x7f);
}

/* Count the bits and the bytes in which the head differs from the magic, as far as the head
 * goes. */
static void differences(struct span head, const struct nearly *n, unsigned *bits, unsigned *bytes)
{
	*bits = *bytes = 0;
	for (size_t i = 0; i < n->magic.len && i < head.len; i++) {
		unsigned diff = (unsigned char)((head.at[i] ^ n->magic.at[i]) & n->mask.at[i]);
		*bytes += diff != 0;
		for (; diff; diff &= diff - 1)
			++*bits;
	}
}

/* True if the head is nearly the magic: at most FEW_BITS bits are wrong, or one byte is wrong and
 * the head has a control byte.  A text is never nearly a magic that is not text.  If the file is
 * shorter than the magic, it must be the beginning of the magic of zstd, xz or lz4. */
static bool is_nearly(struct span head, const struct nearly *n)
{
	unsigned bits, bytes;

	differences(head, n, &bits, &bytes);
	if (head.len < n->magic.len)
		return head.len > 1 && !bits && memchr("\x28\xfd\x04", n->magic.at[0], 3);
	if (is_binary(n->magic) && !is_binary(head))
		return false;
	return bits <= FEW_BITS || (bytes == 1 && has_control(head));
}

/* --- Texts and archives without a magic --------------------------------------------- */

/* Count the 16-bit characters of the head that are ASCII; `high` is 1 if the second byte of each
 * character is its high byte, as in UTF-16LE, or 0. */
static size_t ascii_units(struct span head, size_t high)
{
	size_t n = 0;

	for (size_t i = 0; i + 1 < head.len; i += 2) {
		char low = head.at[i + !high];
		n += head.at[i + high] == 0 &&
		     ((low >= ' ' && low < 0x7f) || (low >= '\t' && low <= '\r'));
	}
	return n;
}

/* True if the head is UTF-16.  With a byte-order mark, half of its characters must be ASCII;
 * without a mark, all of them, and at least LEAST. */
static bool is_utf_16(struct span head)
{
	enum { LEAST = 8 };
	bool little = span_begins_with(head, "\xff\xfe"), big = span_begins_with(head, "\xfe\xff");
	size_t units = head.len / 2;

	if (little || big)
		return units > 1 && 2 * ascii_units(head, little) >= units - 1;
	return units >= LEAST && (ascii_units(head, 0) == units || ascii_units(head, 1) == units);
}

static bool is_utf_32(struct span head)
{
	static const struct span marks[] = {TEXT("\xff\xfe\0\0"), TEXT("\0\0\xfe\xff")};

	for (size_t i = 0; i < 2; i++)
		if (head.len > 4 && memcmp(head.at, marks[i].at, 4) == 0)
			return true;
	return false;
}

/* Read an octal number that ends with a blank or a NUL; 0 if there is none. */
static unsigned long octal(struct span s)
{
	unsigned long n = 0;
	size_t i = 0;

	while (i < s.len && s.at[i] == ' ')
		i++;
	for (; i < s.len && s.at[i] >= '0' && s.at[i] <= '7'; i++)
		n = 8 * n + (unsigned long)(s.at[i] - '0');
	return i < s.len && (s.at[i] == ' ' || s.at[i] == '\0') ? n : 0;
}

/* True if the head is the header of a tar member.  The header contains the sum of its own bytes, in
 * which the sum itself counts as blanks.  https://pubs.opengroup.org/onlinepubs/9699919799/ (pax) */
static bool is_tar(struct span head)
{
	enum { SUM = 148, SUM_LEN = 8, HEADER = 512 };
	unsigned long sum = (unsigned long)SUM_LEN * ' ';

	if (head.len < HEADER)
		return false;
	for (size_t i = 0; i < HEADER; i++)
		if (i < SUM || i >= SUM + SUM_LEN)
			sum += (unsigned char)head.at[i];
	return octal(span_of(head.at + SUM, SUM_LEN)) == sum;
}

const char *foreign_detect(struct span head)
{
	if (codec_detect(head))
		return NULL;
	if (is_utf_32(head))
		return "is a text in UTF-32" TRY("iconv -f UTF-32 -t UTF-8");
	if (is_utf_16(head))
		return "is a text in UTF-16" TRY("iconv -f UTF-16 -t UTF-8");
	if (is_tar(head))
		return "is a tar archive" TRY("tar xOf");
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (head.len >= kinds[i].magic.len &&
			memcmp(head.at, kinds[i].magic.at, kinds[i].magic.len) == 0)
			return kinds[i].what;
	head.len = codec_at_most(head.len, NEARLY_HEAD);
	for (size_t i = 0; i < sizeof nearly / sizeof *nearly; i++)
		if (is_nearly(head, &nearly[i]))
			return nearly[i].what;
	return NULL;
}
