#include "formats/layout.h"

#include <stdlib.h>
#include <strings.h>

#include "formats/clf.h"
#include "formats/form.h"
#include "formats/port.h"
#include "formats/quotes.h"
#include "formats/timestamp.h"
#include "lib/decimal.h"
#include "lib/swar.h"

/* Where a field ends.  With one of the first six endings, the value needs no further check. */
enum ending {
	END_QUOTE,    /* at the next quote that is not escaped */
	END_BYTE,     /* at the first byte of the next literal, which is a blank; the field is not
		      * empty */
	END_MAYBE,    /* like END_BYTE, but the field may be empty */
	END_STATUS,   /* at the end of a status, which has a fixed form */
	END_NUMBER,   /* at the end of a number */
	END_CLF,      /* at the end of a time in the Common Log Format */
	END_TIME,     /* at the end of a time in any notation */
	END_STRFTIME, /* at the end of a time that strftime() wrote */
	END_BLANKS,   /* at the first byte that is not a blank */
	END_OWN,      /* where a field ends whose shape defines its end */
	END_PORT,     /* at the last ":" before a blank, if the field is a client */
	END_QUOTED,   /* like END_QUOTE, but the shape of the value is checked, as it is for all
		      * endings below */
	END_LITERAL,  /* at the next literal, if the literal has several bytes or the shape must be
		      * checked */
	END_SLASH,    /* at a "/", if no literal follows and the next field begins with "/" */
	END_BLANK,    /* at a blank or at the end of the line; only for the last field */
	END_LINE,     /* at the end of the line; only for the last field */
	END_REST,     /* at the end of the line, if only blanks are before it */
	END_LIST,     /* at a blank that follows a list such as "0.1, 0.2", not at one within it */
};

struct step {
	enum ending ending;
	char first;                      /* the first byte of .after; 0 if .after is empty */
	int slot;                        /* the slot for the value; -1 if the query does not need
					  * it */
	uint64_t after_word, after_mask; /* .after as a word, if it has at most 8 bytes */
	struct span after;               /* the literal after the field */
	int also; /* a second slot; -1 unless the query needs the field both as a base field and by
		   * its name */
	enum shape shape;
	struct placeholder placeholder;

	/* Of SHAPE_STRFTIME: the format of strftime(), and whether it writes a date and a time of
	 * day. */
	struct span strftime;
	bool has_date, has_clock;
};

struct layout {
	const struct wanted *wanted;
	uint32_t bases; /* the base fields that the lines have */
	size_t n;       /* number of steps */
	char *literals, *literal_end;
	struct span before; /* the literal before the first field */
	bool in_words;      /* true if all literals can be compared as words of 8 bytes */
	bool is_plain;      /* true if no field has a second slot, and the values of all fields are
			     * the bytes between literals */

	/* If the layout contains the Common or Combined Log Format, the fields of that format are
	 * the .clf_fields steps from step .clf_at on; otherwise .clf_fields is 0.  .clf_wanted of
	 * these steps have a slot.  .clf_with_slot has the numbers of the steps with a slot,
	 * counted from .clf_at. */
	size_t clf_at, clf_fields;
	size_t clf_wanted;
	unsigned char clf_with_slot[CLF_COMBINED];
	struct clf_memo memo; /* for clf_time_end(); each process has its own */
	struct step steps[];
};

struct layout *layout_new(size_t pieces, size_t literals, const struct wanted *wanted)
{
	struct layout *l = calloc(1, sizeof *l + pieces * sizeof *l->steps);

	if (!l)
		return NULL;
	l->wanted = wanted;
	l->literals = l->literal_end = malloc(literals + 1);
	if (l->literals) {
		l->before = span_of(l->literals, 0);
		return l;
	}
	free(l);
	return NULL;
}

void layout_free(void *layout)
{
	struct layout *l = layout;

	free(l->literals);
	free(l);
}

void layout_literal(struct layout *l, char c)
{
	struct span *literal = l->n ? &l->steps[l->n - 1].after : &l->before;

	*l->literal_end++ = c;
	literal->len++;
}

static struct span name_of(const struct step *s)
{
	return span_of(s->placeholder.name, s->placeholder.name_len);
}

/* True if the step is no field, but only describes the line. */
static bool is_helper(const struct step *s)
{
	return s->shape == SHAPE_BLANKS || s->shape == SHAPE_END;
}

/* True if `name` is what a user calls the step's field.  The '$' of "$request_time" is left out,
 * and the name in "%{Host}i" may be in upper or lower case. */
static bool is_called(const struct step *s, struct span name)
{
	struct span own = name_of(s);

	if (is_helper(s))
		return false;
	if (own.len && own.at[0] == '$')
		own = span_from(own, 1);
	if (own.len != name.len)
		return false;
	if (own.len < 2 || own.at[1] != '{')
		return span_equal(own, name);
	return strncasecmp(own.at, name.at, own.len - 1) == 0 &&
	       own.at[own.len - 1] == name.at[own.len - 1];
}

/* Return the slot that the query has for the name of the step's field.  -1 if there is no such
 * slot, or if an earlier step with the same name already has the slot. */
static int named_slot(const struct layout *l, const struct step *s)
{
	for (size_t i = 0; i < l->wanted->names.n; i++) {
		bool taken = false;
		for (const struct step *other = l->steps; other < s; other++)
			taken |= other->slot == BASES + (int)i || other->also == BASES + (int)i;
		if (!taken && is_called(s, span_text(l->wanted->names.at[i])))
			return BASES + (int)i;
	}
	return -1;
}

void layout_field(struct layout *l, const struct placeholder *placeholder)
{
	struct step *s = &l->steps[l->n++];

	*s = (struct step){.shape = placeholder->shape,
		.placeholder = *placeholder,
		.after = span_of(l->literal_end, 0)};
	uint32_t bit = placeholder->base >= 0 ? base_bit((enum base)placeholder->base) : 0;
	bool wanted = bit & l->wanted->bases & ~l->bases;
	int own = named_slot(l, s);
	s->slot = wanted ? placeholder->base : own;
	s->also = wanted ? own : -1;
	l->bases |= bit;
}

uint32_t layout_bases(const void *layout)
{
	return ((const struct layout *)layout)->bases;
}

bool layout_has(const void *layout, const char *name)
{
	const struct layout *l = layout;

	for (size_t i = 0; i < l->n; i++)
		if (is_called(&l->steps[i], span_text(name)))
			return true;
	return false;
}

struct span layout_own_name(const void *layout, size_t i)
{
	const struct layout *l = layout;

	/* Count only the fields that are not base fields. */
	for (size_t k = 0; k < l->n; k++)
		if (l->steps[k].placeholder.base < 0 && !is_helper(&l->steps[k]) && i-- == 0)
			return name_of(&l->steps[k]);
	return span_of(NULL, 0);
}

/* --- How fields end -------------------------------------------------------------- */

static struct span before(const struct layout *l, size_t i)
{
	return i ? l->steps[i - 1].after : l->before;
}

static bool is_quoted(const struct layout *l, size_t i)
{
	struct span left = before(l, i), right = l->steps[i].after;

	return left.len && left.at[left.len - 1] == '"' && right.len && right.at[0] == '"';
}

static enum ending last_ending(const struct step *s)
{
	bool blanks =
		s->shape == SHAPE_TEXT || s->shape == SHAPE_DECODED || s->shape == SHAPE_FIRST;

	return blanks ? END_LINE : END_BLANK;
}

/* True if step `i` is followed by a ":", and then by a number after which there is no further ":". */
static bool is_before_port(const struct layout *l, size_t i)
{
	const struct step *s = &l->steps[i];

	return s->after.len == 1 && i + 1 < l->n && s[1].shape == SHAPE_NUMBER &&
	       (!s[1].after.len || s[1].after.at[0] != ':');
}

static enum ending choose_ending(const struct layout *l, size_t i)
{
	const struct step *s = &l->steps[i];
	bool checked = s->shape >= SHAPE_TOKEN && s->shape <= SHAPE_STRFTIME;

	if (is_quoted(l, i))
		return checked ? END_QUOTED : END_QUOTE;
	switch (s->shape) {
	case SHAPE_STATUS:
		return END_STATUS;
	case SHAPE_NUMBER:
		return END_NUMBER;
	case SHAPE_CLF:
		return END_CLF;
	case SHAPE_TIME:
		return END_TIME;
	case SHAPE_STRFTIME:
		return END_STRFTIME;
	case SHAPE_BLANKS:
		return END_BLANKS;
	case SHAPE_END:
		return END_REST;
	case SHAPE_QUOTED:
	case SHAPE_CLIENT:
	case SHAPE_CLIENT_PORT:
	case SHAPE_TAG:
	case SHAPE_PID:
	case SHAPE_BRACES:
	case SHAPE_DATA:
		return END_OWN;
	default:
		break;
	}
	bool last = i + 1 == l->n || (!s->after.len && s[1].shape == SHAPE_END);
	bool is_list = s->shape == SHAPE_LIST || s->shape == SHAPE_ITEM;
	if (is_list && (s->after.len ? s->after.at[0] == ' ' : last))
		return END_LIST;
	if (!s->after.len)
		return last ? last_ending(s) : END_SLASH;
	if (s->after.at[0] == ':' && s->placeholder.base == BASE_CLIENT && is_before_port(l, i))
		return END_PORT;
	if (s->after.at[0] == ' ' && s->shape == SHAPE_MAYBE)
		return END_MAYBE;
	return s->after.at[0] == ' ' && s->shape == SHAPE_WORD ? END_BYTE : END_LITERAL;
}

/* Return the format of strftime() in the name of a field: "%{...}t". */
static struct span strftime_format(const struct step *s)
{
	const struct placeholder *t = &s->placeholder;
	const char *from = memchr(t->name, '{', t->name_len);
	struct span format = span_between(from + 1, t->name + t->name_len - 2);

	if (format.len > 6 && memcmp(format.at, "begin:", 6) == 0)
		return span_from(format, 6);
	if (format.len > 4 && memcmp(format.at, "end:", 4) == 0)
		return span_from(format, 4);
	return format;
}

/* Compute those members of a step that depend on its shape and on the literal after it.  If .in_words or
 * .is_plain of the layout does not hold for this step, set it to false. */
static void prepare(struct layout *l, struct step *s)
{
	char word[8] = {0}, mask[8] = {0};

	if (s->shape == SHAPE_STRFTIME) {
		s->strftime = strftime_format(s);
		timestamp_strftime_parts(s->strftime, &s->has_date, &s->has_clock);
	}
	l->is_plain &= (s->also < 0 || s->slot < 0) && s->ending != END_PORT &&
		       s->ending != END_OWN && s->shape != SHAPE_STRFTIME &&
		       s->shape != SHAPE_FIRST;
	s->first = s->after.len ? s->after.at[0] : '\0';
	/* Do not compare a literal that contains a line end as a word: it could match across the
	 * end of the line. */
	if (s->after.len > sizeof word || memchr(s->after.at, '\n', s->after.len) ||
		memchr(s->after.at, '\r', s->after.len)) {
		l->in_words = false;
		return;
	}
	memcpy(word, s->after.at, s->after.len);
	memset(mask, 0xff, s->after.len);
	s->after_word = word_load(word);
	s->after_mask = word_load(mask);
}

static bool begins_with_slash(const struct step *s)
{
	return s->shape == SHAPE_PATH || s->shape == SHAPE_DECODED;
}

/* True if step `i` is a field that may contain blanks, but that would end at the first blank. */
static bool is_torn(const struct layout *l, size_t i, bool in_quotes)
{
	const struct step *s = &l->steps[i];
	bool blanks = s->shape == SHAPE_TEXT || s->shape == SHAPE_FIRST ||
		      (s->shape == SHAPE_DECODED && !in_quotes);

	return blanks && s->ending == END_LITERAL && s->after.len == 1 && s->after.at[0] == ' ' &&
	       i + 1 < l->n;
}

/* The steps of the Combined Log Format, which clf.h can cut. */
static const struct {
	enum ending ending;
	const char *after;
} clf_steps[CLF_COMBINED] = {
	[CLF_CLIENT] = {END_BYTE, " "},
	[CLF_IDENT] = {END_BYTE, " "},
	[CLF_USER] = {END_LITERAL, " ["},
	[CLF_TIME] = {END_CLF, "] \""},
	[CLF_REQUEST] = {END_QUOTE, "\" "},
	[CLF_STATUS] = {END_STATUS, " "},
	[CLF_BYTES] = {END_NUMBER, ""},
	[CLF_REFERRER] = {END_QUOTE, "\" \""},
	[CLF_AGENT] = {END_QUOTE, "\""},
};

/* Return how many steps, from step `i` on, agree with the Combined Log Format.  The literal after
 * "agent" does not matter, because the format ends there.  The steps also agree if they end with
 * "bytes", as the Common Log Format does. */
static size_t clf_steps_at(const struct layout *l, size_t i)
{
	size_t n = 0;

	for (; n < CLF_COMBINED && i + n < l->n; n++) {
		const struct step *s = &l->steps[i + n];
		struct span after = span_text(clf_steps[n].after);
		bool quoted = n == CLF_BYTES && i + n + 1 < l->n;
		if (s->ending != clf_steps[n].ending)
			break;
		if (quoted && !span_equal(s->after, span_text(" \"")))
			return n + 1;
		if (!quoted && n != CLF_AGENT && !span_equal(s->after, after))
			break;
	}
	return n;
}

static void find_clf(struct layout *l)
{
	for (size_t i = 0; i < l->n && !l->clf_fields; i++) {
		size_t n = clf_steps_at(l, i);
		bool last = i + n == l->n;
		if (n != CLF_COMBINED && !(n == CLF_COMMON && last))
			continue;
		/* clf.h counts quotes from the first one in the line, so no field before the Common
		 * or Combined Log Format may be in quotes. */
		for (size_t k = 0; k < i; k++)
			if (l->steps[k].ending == END_QUOTE || l->steps[k].ending == END_QUOTED)
				return;
		l->clf_at = i;
		l->clf_fields = n;
	}
	for (size_t k = 0; k < l->clf_fields; k++)
		if (l->steps[l->clf_at + k].slot >= 0)
			l->clf_with_slot[l->clf_wanted++] = (unsigned char)k;
}

bool layout_finish(struct layout *l, struct complaint *c)
{
	bool in_quotes = false;

	l->in_words = l->is_plain = true;
	for (size_t i = 0; i < l->n; i++) {
		struct step *s = &l->steps[i];
		struct span name = name_of(s), literal = before(l, i);
		for (size_t k = 0; k < literal.len; k++)
			in_quotes ^= literal.at[k] == '"';
		s->ending = choose_ending(l, i);
		prepare(l, s);
		if (s->ending == END_SLASH && !begins_with_slash(&l->steps[i + 1])) {
			return complain_at(c, l->steps[i + 1].placeholder.offset,
				"it is ambiguous where '%.*s' ends and the next field begins",
				(int)name.len, name.at);
		}
		if (is_torn(l, i, in_quotes)) {
			return complain_at(c, s->placeholder.offset,
				"'%.*s' may contain blanks: without quotes around it, its end is "
				"ambiguous",
				(int)name.len, name.at);
		}
	}
	find_clf(l);
	return true;
}

/* --- Cutting --------------------------------------------------------------------- */

/* Find the next quote at or after `p` among those that the scan has found.  *quote points to the
 * offset of the first quote to look at, and is moved to the offset of the first quote at or after
 * `p`.  NULL if there is no such quote before `end`. */
static inline const char *next_quote(
	const struct cut *cut, const uint32_t **quote, const char *p, const char *end)
{
	uint32_t from = (uint32_t)(p - cut->block), to = (uint32_t)(end - cut->block);

	while (**quote < from)
		++*quote;
	return **quote < to ? cut->block + **quote : NULL;
}

static inline __attribute__((always_inline)) const char *status_end(const char *p, const char *end)
{
	if (end - p >= 3 && decimal_is_digit(p[0]) && decimal_is_digit(p[1]) &&
		decimal_is_digit(p[2]))
		return p + 3;
	return p < end && *p == '-' ? p + 1 : NULL;
}

static inline __attribute__((always_inline)) const char *number_end(const char *p, const char *end)
{
	const char *to = swar_digits_end(p, end);

	if (to > p)
		return to;
	return p < end && *p == '-' ? p + 1 : NULL;
}

/* True if there are several words and one of them is "-": then the words are columns, not the name
 * of one user. */
static bool has_dash(const char *p, const char *end)
{
	size_t words = 0;
	bool dash = false;

	while (p < end) {
		const char *to = swar_find(p, end, ' ');
		to = to ? to : end;
		words += to > p;
		dash |= to - p == 1 && *p == '-';
		p = to + 1;
	}
	return dash && words > 1;
}

/* Find the end of a time that strftime() wrote, and write the time to `out` in wf's notation. */
static const char *strftime_end(const struct step *s, const char *p, const char *end, char *out)
{
	return timestamp_strftime_end(s->strftime, span_between(p, end), out);
}

/* True for the level of a message.  Many programs write it where syslog has the host. */
static bool is_severity(struct span s)
{
	static const char *const levels[] = {"trace", "debug", "info", "notice", "warn", "warning",
		"err", "error", "crit", "critical", "alert", "emerg", "fatal", "severe", "panic"};

	for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
		if (strlen(levels[i]) == s.len && strncasecmp(levels[i], s.at, s.len) == 0)
			return true;
	return false;
}

static bool are_counters(struct span s)
{
	bool slash = false;

	for (size_t i = 0; i < s.len; i++) {
		if (!decimal_is_digit(s.at[i]) && !span_is_one_of(s.at[i], "/+-"))
			return false;
		slash |= s.at[i] == '/';
	}
	return slash;
}

/* True if the value from `p` to `end` has the shape of the step's field. */
static bool has_shape(const struct step *s, const char *p, const char *end)
{
	char time[TIMESTAMP_SECOND];

	switch (s->shape) {
	case SHAPE_TOKEN:
		return p < end && swar_blank(p, end) == end;
	case SHAPE_STATUS:
		return status_end(p, end) == end;
	case SHAPE_NUMBER:
		return number_end(p, end) == end;
	case SHAPE_CLF:
		return timestamp_clf_end(p, end) == end;
	case SHAPE_ISO:
		return timestamp_iso_end(p, end) != NULL;
	case SHAPE_TIME:
		return timestamp_any_end(p, end, time) == end;
	case SHAPE_STRFTIME:
		return strftime_end(s, p, end, time) == end;
	case SHAPE_TLS:
		return span_begins_with(span_between(p, end), "TLSv") ||
		       span_begins_with(span_between(p, end), "SSLv");
	case SHAPE_LEVEL:
		/* Apache has trace1 to trace8, too. */
		return is_severity(span_between(p, end)) ||
		       (end - p == 6 && memcmp(p, "trace", 5) == 0);
	case SHAPE_COUNTERS:
		return are_counters(span_between(p, end));
	case SHAPE_WORD:
	case SHAPE_PATH:
		return p < end && !swar_find(p, end, ' ');
	case SHAPE_DECODED:
	case SHAPE_TEXT:
	case SHAPE_LIST:
	case SHAPE_FIRST:
		return p < end;
	case SHAPE_USER:
		return p < end && !has_dash(p, end);
	case SHAPE_NODE:
		return p < end && *p != '[' && !is_severity(span_between(p, end));
	default:
		return true;
	}
}

static inline bool is_at(const char *p, const char *end, struct span literal)
{
	if ((size_t)(end - p) < literal.len)
		return false;
	/* Literals are short, so this loop is cheaper than memcmp(). */
	for (size_t i = 0; i < literal.len; i++)
		if (p[i] != literal.at[i])
			return false;
	return true;
}

static const char *find_literal(const char *p, const char *end, struct span literal)
{
	for (; (p = swar_find(p, end, literal.at[0])); p++)
		if (is_at(p, end, literal))
			return p;
	return NULL;
}

/* Find the blank that ends a list.  nginx's manual says: "Times of several responses are separated
 * by commas and colons".  A blank after a comma, and the blanks around a colon, belong to the list
 * if something precedes and follows them.  NULL if no blank ends the list. */
static const char *find_list_end(const char *p, const char *end)
{
	for (const char *start = p; (p = swar_find(p, end, ' ')); p++) {
		if (p - start > 1 && p[-1] == ',' && end - p > 1)
			continue;
		if (p == start || end - p <= 3 || memcmp(p, " : ", 3) != 0)
			return p;
		p += 2;
	}
	return NULL;
}

static const char client_tag[] = "[client ";

/* Find the end of the elements of structured data.  "]" in a value is written as "\\]".  NULL if
 * there is no element.
 * https://www.rfc-editor.org/rfc/rfc5424#section-6.3 */
static const char *data_end(const char *p, const char *end)
{
	const char *start = p;

	while (p < end && *p == '[') {
		const char *close = p + 1;
		while (close < end && *close != ']')
			close += 1 + (*close == '\\' && close + 1 < end);
		if (close >= end)
			return NULL;
		p = close + 1;
	}
	return p > start ? p : NULL;
}

/* Find the end of a value whose shape defines its end.  NULL if the value does not have the
 * shape. */
static const char *own_end(enum shape shape, const char *p, const char *end)
{
	const char *to = NULL;

	switch (shape) {
	case SHAPE_QUOTED:
		if (p < end && *p == '"')
			to = quotes_find(p + 1, end);
		return to ? to + 1 : p < end && *p == '-' ? p + 1 : NULL;
	case SHAPE_CLIENT:
	case SHAPE_CLIENT_PORT:
		if (!is_at(p, end, span_text(client_tag)))
			return p;
		to = find_literal(p, end, span_text("] "));
		return to ? to + 2 : NULL;
	case SHAPE_TAG:
		for (to = p; to < end && *to != '[' && *to != ':' && *to != ' ';)
			to++;
		return to > p ? to : NULL;
	case SHAPE_PID:
		to = p < end && *p == '[' ? swar_find(p, end, ']') : NULL;
		return to ? to + 1 : p;
	case SHAPE_DATA:
		return p < end && *p == '-' ? p + 1 : data_end(p, end);
	default: /* SHAPE_BRACES */
		while (p < end && *p == '{' && (to = find_literal(p, end, span_text("} "))))
			p = to + 2;
		return p;
	}
}

/* Find the end of a value of a kind that is not frequent. */
static const char *rare_end(const struct step *s, const char *p, const char *end)
{
	char time[TIMESTAMP_SECOND];
	const char *last;

	switch (s->ending) {
	case END_TIME:
		return p < end ? timestamp_any_end(p, end, time) : NULL;
	case END_STRFTIME:
		return strftime_end(s, p, end, time);
	case END_BLANKS:
		while (p < end && *p == ' ')
			p++;
		return p;
	case END_REST:
		return span_trim_start(span_between(p, end), " \t").len ? NULL : end;
	case END_OWN:
		return own_end(s->shape, p, end);
	default: /* END_PORT */
		last = span_last(span_between(p, swar_blank(p, end)), ':');
		return last && last > p ? last : NULL;
	}
}

/* Find the end of the value that begins at `p`.  NULL if the value does not have the shape of its
 * field.  This function runs in the innermost loop, so the frequent cases are written out.  *quote
 * points into cut->quotes, to the first quote that may be at or after `p`. */
static inline __attribute__((always_inline)) const char *value_end(struct layout *l,
	const struct step *s, const char *p, const char *end, const struct cut *cut,
	const uint32_t **quote)
{
	const char *to = end;

	switch (s->ending) {
	case END_QUOTE:
		return cut->quotes ? next_quote(cut, quote, p, end) : quotes_find(p, end);
	case END_BYTE:
		/* Most often the value is "-". */
		if (end - p >= 2 && p[1] == s->first && p[0] != s->first)
			return p + 1;
		to = swar_find(p, end, s->first);
		return to != p ? to : NULL;
	case END_MAYBE:
		return swar_find(p, end, ' ');
	case END_LITERAL:
		if (end - p >= 2 && p[1] == s->first && p[0] != s->first &&
			is_at(p + 1, end, s->after))
			to = p + 1;
		else
			to = find_literal(p, end, s->after);
		break;
	case END_STATUS:
		return status_end(p, end);
	case END_NUMBER:
		return number_end(p, end);
	case END_CLF:
		return clf_time_end(p, end, &l->memo);
	case END_TIME:
	case END_STRFTIME:
	case END_BLANKS:
	case END_REST:
	case END_OWN:
	case END_PORT:
		return rare_end(s, p, end);
	case END_QUOTED:
		to = cut->quotes ? next_quote(cut, quote, p, end) : quotes_find(p, end);
		break;
	case END_SLASH:
		to = swar_find(p, end, '/');
		break;
	case END_LIST:
		to = find_list_end(p, end);
		if (!s->after.len) { /* the last field ends at a tab, too */
			to = to ? to : end;
			const char *tab = swar_find(p, to, '\t');
			to = tab ? tab : to;
		}
		break;
	case END_BLANK:
		to = swar_blank(p, end);
		break;
	case END_LINE:
		break;
	}
	return to && has_shape(s, p, to) ? to : NULL;
}

/* True if the literal that follows the step's field is at `to`.  `in_words` means that eight bytes
 * may be read at `to`, even beyond `end`. */
static inline __attribute__((always_inline)) bool is_followed(
	const struct step *s, const char *to, const char *end, bool in_words)
{
	return in_words ? ((word_load(to) ^ s->after_word) & s->after_mask) == 0
			: is_at(to, end, s->after);
}

/* Cut a line from `p` on by the steps in [from, to).  Returns the place where the next step begins;
 * NULL if the line does not fit.  `in_words` means that eight bytes may be read at any place of the
 * line, even beyond `end`. */
static inline __attribute__((always_inline)) const char *cut_steps(struct layout *l, size_t from,
	size_t to, const char *p, const char *end, const struct cut *cut, bool in_words)
{
	const uint32_t *quote = cut->quotes;

	for (const struct step *s = l->steps + from, *last = l->steps + to; s < last; s++) {
		const char *value = value_end(l, s, p, end, cut, &quote);
		if (!value || !is_followed(s, value, end, in_words))
			return NULL;
		if (s->slot >= 0)
			cut->slots[s->slot] = span_between(p, value);
		p = value + s->after.len;
	}
	return p;
}

static bool is_cut_by_steps(struct layout *l, size_t from, const char *p, const char *end,
	const struct cut *cut, bool in_words)
{
	if (in_words)
		p = cut_steps(l, from, l->n, p, end, cut, true);
	else
		p = cut_steps(l, from, l->n, p, end, cut, false);
	return p && (p == end || *p == ' ' || *p == '\t');
}

/* Cut by all steps of the Common or Combined Log Format.  Returns the end of the last field; NULL
 * if the line is not of the usual kind. */
static inline __attribute__((always_inline)) const char *cut_clf(
	struct layout *l, const char *p, const char *end, const struct cut *cut, bool combined)
{
	if (combined ? cut->n_quotes < CLF_QUOTES : cut->n_quotes != CLF_COMMON_QUOTES)
		return NULL;
	struct clf c = clf_places(p, end, cut->block, cut->quotes, combined);
	if (!clf_is_usual(&c, combined, &l->memo))
		return NULL;
	for (size_t i = 0; i < l->clf_wanted; i++) {
		unsigned field = l->clf_with_slot[i];
		cut->slots[l->steps[l->clf_at + field].slot] = clf_field(&c, field);
	}
	return combined ? c.at[5] : end;
}

/* Cut a line by a layout that contains the Common or Combined Log Format.  False if the line is not
 * of the usual kind, so that it must be cut step by step. */
static bool is_clf(struct layout *l, const char *p, const char *end, const struct cut *cut)
{
	size_t next = l->clf_at + l->clf_fields;

	if (l->clf_at)
		p = cut_steps(l, 0, l->clf_at, p, end, cut, true);
	if (!p)
		return false;
	if (l->clf_fields == CLF_COMMON)
		return cut_clf(l, p, end, cut, false) != NULL;
	p = cut_clf(l, p, end, cut, true);
	if (p && next == l->n)
		return p + 1 == end;
	return p && is_followed(&l->steps[next - 1], p, end, true) &&
	       is_cut_by_steps(l, next, p + l->steps[next - 1].after.len, end, cut, true);
}

/* Remove the brackets from "[2001:db8::1]". */
static struct span without_brackets(struct span s)
{
	return s.len > 2 && s.at[0] == '[' ? span_of(s.at + 1, s.len - 2) : s;
}

/* Remove the port from an address: "192.0.2.1:80", "[::1]:80" or "2001:db8::1:80". */
static struct span without_port(struct span s)
{
	struct span host = port_host(s);

	return without_brackets(host.len ? host : s);
}

/* Return the value of a field whose shape defines its end, without what surrounds the value. */
static struct span own_value(enum shape shape, struct span s)
{
	struct span inner = s.len > sizeof client_tag
				    ? span_between(s.at + sizeof client_tag - 1, span_end(s) - 2)
				    : s;

	if (!s.len && (shape == SHAPE_CLIENT || shape == SHAPE_CLIENT_PORT || shape == SHAPE_PID))
		return span_of(NULL, 0);
	switch (shape) {
	case SHAPE_QUOTED:
		return s.at[0] == '"' ? span_of(s.at + 1, s.len - 2) : s;
	case SHAPE_PID:
		return span_of(s.at + 1, s.len - 2);
	case SHAPE_BRACES:
		return span_of(s.at, s.len - (s.len > 0));
	case SHAPE_CLIENT:
		/* Without a port, the last group of an IPv6 address may look like one. */
		return form_of(inner) == FORM_ADDRESS_PORT ? without_port(inner) : inner;
	case SHAPE_CLIENT_PORT:
		return without_port(inner);
	default:
		return s;
	}
}

/* Return the part of a whole time in wf's notation that the step's field has. */
static struct span strftime_part(const struct step *s, struct span time)
{
	if (!s->has_clock)
		time.len = TIMESTAMP_DAY;
	return s->has_date ? time : span_from(time, TIMESTAMP_DAY + 1);
}

/* Change a value that is not simply the bytes between two literals.  False if out of memory. */
static bool complete_value(const struct step *s, struct span *value, struct arena *arena)
{
	if (s->ending == END_PORT)
		*value = without_brackets(*value);
	if (s->ending == END_OWN)
		*value = own_value(s->shape, *value);
	if (s->shape == SHAPE_FIRST) {
		const char *comma = swar_find(value->at, span_end(*value), ',');
		*value = span_between(value->at, comma ? comma : span_end(*value));
	}
	if (s->shape != SHAPE_STRFTIME || (s->slot != BASE_TIME && s->slot != BASE_DATE))
		return true;
	char *at = arena_take(arena, TIMESTAMP_SECOND + TIMESTAMP_ZONE);
	if (!at || !strftime_end(s, value->at, span_end(*value), at))
		return false;
	size_t zone = 0;
	if (s->has_clock)
		zone = timestamp_strftime_zone(s->strftime, *value, at + TIMESTAMP_SECOND);
	*value = strftime_part(s, span_of(at, TIMESTAMP_SECOND + zone));
	return true;
}

/* Copy the values of fields that have a second slot, and complete values.  False if out of
 * memory. */
static bool complete(const struct layout *l, const struct cut *cut)
{
	struct span *slots = cut->slots;

	for (const struct step *s = l->steps, *last = s + l->n; s < last; s++) {
		if (s->slot < 0)
			continue;
		if (s->also >= 0)
			slots[s->also] = slots[s->slot];
		if (!complete_value(s, &slots[s->slot], cut->arena))
			return false;
	}
	return true;
}

enum cut_result layout_cut(void *layout, struct span line, const struct cut *cut)
{
	struct layout *l = layout;
	const char *end = span_end(line), *p = span_trim_start(line, " \t").at;

	if (!is_at(p, end, l->before))
		return CUT_NOT;
	p += l->before.len;
	bool in_words = cut->quotes && cut->block_end - end >= 8 && l->in_words;
	bool fits = (in_words && l->clf_fields && is_clf(l, p, end, cut)) ||
		    is_cut_by_steps(l, 0, p, end, cut, in_words);
	if (fits && !l->is_plain && !complete(l, cut))
		return CUT_FAILED;
	return fits ? CUT_FITS : CUT_NOT;
}

size_t layout_stop(void *layout, struct span line)
{
	struct layout *l = layout;
	const char *end = span_end(line), *p = span_trim_start(line, " \t").at;
	const struct cut cut = {.block = line.at};
	const uint32_t *quote = NULL;

	if (!is_at(p, end, l->before))
		return (size_t)(p - line.at);
	p += l->before.len;
	for (const struct step *s = l->steps, *last = s + l->n; s < last; s++) {
		const char *value = value_end(l, s, p, end, &cut, &quote);
		if (!value || !is_at(value, end, s->after))
			return (size_t)((value ? value : p) - line.at);
		p = value + s->after.len;
	}
	return (size_t)(p - line.at);
}

/* Find the columns for the fields of the layout: to[f] becomes the column of field f, or NULL if
 * the query does not need the field.  Columns of fields that the layout lacks get values without
 * .at, for `lines` lines. */
static void find_columns(const struct layout *l, const struct usual_columns *columns, size_t lines,
	struct span *to[CLF_COMBINED])
{
	uint32_t missing = columns->bases;

	for (unsigned field = 0; field < l->clf_fields; field++) {
		int slot = l->steps[field].slot;
		bool needed = slot >= 0 && columns->bases & base_bit((enum base)slot);
		to[field] = needed ? columns->values[slot] : NULL;
		missing &= needed ? ~base_bit((enum base)slot) : UINT32_MAX;
	}
	for (; missing; missing &= missing - 1)
		memset(columns->values[__builtin_ctz(missing)], 0, lines * sizeof(struct span));
}

/* Return the places of a line.  `marks` points to the first of its marks: those of its quotes, then
 * that of its end. */
static inline __attribute__((always_inline)) struct clf marked_places(
	const struct marked *m, const uint32_t *marks, bool combined)
{
	const char *block = m->block.at, *p = block + cut_start(marks);
	const char *end = block + scan_place(marks[combined ? CLF_QUOTES : CLF_COMMON_QUOTES]);

	return clf_places(p, end - (end[-1] == '\r'), block, marks, combined);
}

/* True if the line to which the marks belong has the right number of quotes, and is usual. */
static inline __attribute__((always_inline)) bool is_usual(
	struct layout *l, const struct marked *m, const uint32_t *marks, bool combined)
{
	struct clf c = marked_places(m, marks, combined);

	/* clf_is_usual() would take a tab or NULs before the client for a part of the client. */
	return (unsigned char)*c.at[CLF_START] > ' ' &&
	       marks[1] + CLF_AFTER_REQUEST <= m->block.len &&
	       (!combined || c.at[5] + 1 == c.at[CLF_END]) && clf_is_usual(&c, combined, &l->memo);
}

/* Set m->first, and find out which lines are usual. */
static inline __attribute__((always_inline)) void find_usual(
	struct layout *l, const struct marked *m, struct usual_columns *columns, bool combined)
{
	const uint32_t marks_of_line = (combined ? CLF_QUOTES : CLF_COMMON_QUOTES) + 1;
	size_t n_usual = 0;
	uint32_t next = 0;

	for (size_t i = 0; i < m->lines; i++) {
		const uint32_t *marks = m->marks + next;
		bool has_quotes = clf_has_quotes(marks, combined);
		m->first[i] = next;
		next = has_quotes ? next + marks_of_line : cut_next(m, next);
		columns->usual[n_usual] = columns->others[i - n_usual] = (uint32_t)i;
		n_usual += has_quotes && is_usual(l, m, marks, combined);
	}
	m->first[m->lines] = next;
	columns->n_usual = n_usual;
	columns->n_others = m->lines - n_usual;
}

static inline __attribute__((always_inline)) void cut_all_clf(
	struct layout *l, const struct marked *m, struct usual_columns *columns, bool combined)
{
	const unsigned fields = combined ? CLF_COMBINED : CLF_COMMON;
	struct span *to[CLF_COMBINED] = {NULL};

	find_usual(l, m, columns, combined);
	find_columns(l, columns, m->lines, to);
#pragma GCC unroll 9
	for (unsigned field = 0; field < fields; field++)
		for (size_t k = 0; to[field] && k < columns->n_usual; k++) {
			size_t i = columns->usual[k];
			struct clf c = marked_places(m, m->marks + m->first[i], combined);
			to[field][i] = clf_field(&c, field);
		}
}

bool layout_cut_usual(void *layout, const struct marked *m, struct usual_columns *columns)
{
	struct layout *l = layout;

	/* The whole layout must be the Common or the Combined Log Format. */
	if (l->clf_at || l->clf_fields != l->n || l->before.len || l->wanted->names.n)
		return false;
	if (l->clf_fields == CLF_COMBINED)
		cut_all_clf(l, m, columns, true);
	else
		cut_all_clf(l, m, columns, false);
	return true;
}
