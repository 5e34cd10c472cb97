#include "lib/utf8.h"

static unsigned char byte_at(struct span s, unsigned i)
{
	return i < s.len ? (unsigned char)s.at[i] : 0;
}

struct utf8 utf8_read(struct span s)
{
	unsigned char first = byte_at(s, 0), low = 0x80, high = 0xbf;
	unsigned len;
	uint32_t code;

	if (first < 0x80)
		return (struct utf8){1, first};
	if (first < 0xc2 || first > 0xf4)
		return (struct utf8){1, UTF8_INVALID};
	len = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	code = first & (0x7fu >> len);

	/* The second byte of some characters has a smaller range. */
	if (first == 0xe0)
		low = 0xa0;
	else if (first == 0xed)
		high = 0x9f;
	else if (first == 0xf0)
		low = 0x90;
	else if (first == 0xf4)
		high = 0x8f;
	for (unsigned i = 1; i < len; i++) {
		unsigned char c = byte_at(s, i);
		if (c < low || c > high)
			return (struct utf8){i, UTF8_INVALID};
		code = code << 6 | (c & 0x3f);
		low = 0x80;
		high = 0xbf;
	}
	return (struct utf8){len, code};
}

char *utf8_put(char *out, uint32_t code)
{
	if (code < 0x80) {
		*out++ = (char)code;
		return out;
	}
	unsigned more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
	*out++ = (char)(0xffu << (7 - more) | code >> 6 * more);
	while (more--)
		*out++ = (char)(0x80 | (code >> 6 * more & 0x3f));
	return out;
}

bool utf8_is_unsafe(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0xad || code == 0x61c ||
	       (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
	       (code >= 0x2060 && code <= 0x206f) || code == 0xfeff ||
	       (code >= 0xfff9 && code <= 0xfffb) || (code >= 0xe0000 && code <= 0xe0fff);
}

void utf8_put_safely(FILE *out, struct span text, bool utf8)
{
	while (text.len) {
		struct utf8 c = utf8_read(text);
		bool shown = c.code < 0x80 || (utf8 && c.code != UTF8_INVALID);
		if (shown && !utf8_is_unsafe(c.code))
			fwrite(text.at, 1, c.len, out);
		else if (c.code == '\t')
			fputs("\\t", out);
		else
			for (unsigned i = 0; i < c.len; i++)
				fprintf(out, "\\x%02x", (unsigned char)text.at[i]);
		text.at += c.len;
		text.len -= c.len;
	}
}
