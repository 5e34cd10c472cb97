#include "lib/html.h"

#include <inttypes.h>

#include "lib/utf8.h"

static const char *entity(uint32_t code)
{
	switch (code) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

static void spell(FILE *out, uint32_t code)
{
	if (code == '\t')
		fputs("\\t", out);
	else if (code < 0x80)
		fprintf(out, "\\x%02" PRIx32, code);
	else
		fprintf(out, code > 0xffff ? "\\u{%" PRIx32 "}" : "\\u%04" PRIx32, code);
}

static void put_special(const struct html *h, uint32_t code, bool tags)
{
	const char *reference = entity(code);

	if (reference) {
		fputs(reference, h->out);
	} else if (utf8_is_unsafe(code)) {
		fputs(tags ? "<i>" : "", h->out);
		spell(h->out, code);
		fputs(tags ? "</i>" : "", h->out);
	} else {
		fprintf(h->out, "&#x%" PRIx32 ";", code);
	}
}

/* Write text.  Characters that need no change are written many at a time. */
static void put(const struct html *h, struct span text, bool tags)
{
	const char *done = text.at;

	while (text.len) {
		struct utf8 c = utf8_read(text);
		bool invalid = c.code == UTF8_INVALID;
		if (invalid || entity(c.code) || utf8_is_unsafe(c.code) ||
			(h->ascii && c.code > 0x7f)) {
			fwrite(done, 1, (size_t)(text.at - done), h->out);
			done = text.at + c.len;
			if (invalid)
				fputs("&#xfffd;", h->out);
			else
				put_special(h, c.code, tags);
		}
		text.at += c.len;
		text.len -= c.len;
	}
	if (text.at > done)
		fwrite(done, 1, (size_t)(text.at - done), h->out);
}

void html_put_text(const struct html *h, struct span text)
{
	put(h, text, true);
}

void html_put_value(const struct html *h, struct span text)
{
	put(h, text, false);
}
