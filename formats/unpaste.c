#include "formats/unpaste.h"

#include <stdlib.h>
#include <string.h>

static const char blanks[] = " \t\r\n";

/* Where in the piece the text is read from, and to what length it was written. */
struct paste {
	const char *piece, *p;
	struct unpasted *to;
	size_t len;
};

static void put(struct paste *s, const char *from)
{
	s->to->offsets[s->len] = (size_t)(from - s->piece);
	s->to->text[s->len++] = *from;
}

/* Skip a word if the rest of the piece begins with it, and blanks after it. */
static bool skip_word(struct paste *s, const char *word)
{
	size_t len = strlen(word);

	if (strncmp(s->p, word, len) != 0 || !s->p[len] || !strchr(blanks, s->p[len]))
		return false;
	s->p += len;
	s->p += strspn(s->p, blanks);
	return true;
}

static void skip_argument(struct paste *s)
{
	s->p += strcspn(s->p, " \t\r\n;");
	s->p += strspn(s->p, blanks);
}

/* Return the quote that closes the one at `p`; NULL if none does. */
static const char *closing(const char *p)
{
	char quote = *p++;

	for (; *p && *p != quote; p++)
		if (*p == '\\' && p[1])
			p++;
	return *p ? p : NULL;
}

/* Copy the argument at s->p, which may be in quotes. */
static bool copy_argument(struct paste *s, struct complaint *c)
{
	const char *end;

	if (*s->p == '"' || *s->p == '\'') {
		end = closing(s->p);
		if (!end)
			return complain_at(
				c, (size_t)(s->p - s->piece), "this quote is not closed");
		while (++s->p < end)
			put(s, s->p);
		s->p++;
		return true;
	}
	end = s->p + strcspn(s->p, " \t\r\n;");
	for (; s->p < end; s->p++)
		put(s, s->p);
	return true;
}

/* Copy the arguments of log_format, up to a ';'. */
static bool copy_arguments(struct paste *s, struct complaint *c)
{
	for (;;) {
		s->p += strspn(s->p, blanks);
		if (*s->p == '#') {
			s->p += strcspn(s->p, "\n");
			continue;
		}
		if (!*s->p || *s->p == ';')
			break;
		if (!copy_argument(s, c))
			return false;
	}
	const char *rest = s->p + strspn(s->p, "; \t\r\n");
	return !*rest ||
	       complain_at(c, (size_t)(rest - s->piece), "give only one format: this follows it");
}

/* Copy a string that is not in quotes. */
static void copy_plain(struct paste *s)
{
	size_t len = strlen(s->p);

	while (len && strchr(blanks + 2, s->p[len - 1]))
		len--;
	for (const char *end = s->p + len; s->p < end;) {
		size_t blank = strspn(s->p, blanks);
		if (!memchr(s->p, '\n', blank)) {
			put(s, s->p++);
			continue;
		}
		put(s, s->p);
		s->to->text[s->len - 1] = ' ';
		s->p += blank;
	}
}

/* True if the whole piece is a string in quotes, as in a configuration, and not a format that begins
 * with a quote: `"%h \"%r\""`, but not `"%r" %>s`. */
static bool is_in_quotes(const char *p)
{
	const char *end = *p == '"' || *p == '\'' ? closing(p) : NULL;

	if (!end)
		return false;
	return *p == '\'' || (!end[1 + strspn(end + 1, "; \t\r\n")] && strstr(p, "\\\""));
}

static bool copy(struct paste *s, struct complaint *c)
{
	s->p += strspn(s->p, blanks);
	if (skip_word(s, "log_format")) {
		s->to->server = SERVER_NGINX;
		skip_argument(s);
		bool json = skip_word(s, "escape=json");
		if (!json && strncmp(s->p, "escape=", 7) == 0)
			skip_argument(s);
		if (!copy_arguments(s, c))
			return false;
		s->to->is_json = json && s->to->text[strspn(s->to->text, blanks)] == '{';
		return true;
	}
	bool is_custom = skip_word(s, "CustomLog");
	if (is_custom)
		skip_argument(s);
	if (is_custom || skip_word(s, "LogFormat")) {
		s->to->server = SERVER_APACHE;
		return copy_argument(s, c); /* the rest is a name, or a condition */
	}
	if (is_in_quotes(s->p))
		return copy_arguments(s, c);
	s->p = s->piece;
	copy_plain(s);
	return true;
}

bool unpaste(const char *piece, struct unpasted *to, struct complaint *c)
{
	size_t room = strlen(piece) + 1;
	struct paste s = {piece, piece, to, 0};

	*to = (struct unpasted){.text = calloc(room, 1), .offsets = calloc(room, sizeof(size_t))};
	if (!to->text || !to->offsets)
		return complain(c, "out of memory");
	if (!copy(&s, c))
		return false;
	to->offsets[s.len] = (size_t)(s.p - piece);
	return true;
}

void unpasted_free(struct unpasted *u)
{
	free(u->text);
	free(u->offsets);
}
