#include "formats/layout.h"

#include <stdlib.h>
#include <strings.h>

#include "formats/clf.h"
#include "formats/timestamp.h"
#include "lib/decimal.h"
#include "lib/swar.h"

/* Where a field ends.  With one of the first five endings, the value needs no further check. */
enum ending {
	END_QUOTE,   /* at the next quote that is not escaped */
	END_BYTE,    /* at the next literal, which is one byte; the field is not empty */
	END_STATUS,  /* at the end of a status, which has a fixed form */
	END_NUMBER,  /* at the end of a number */
	END_CLF,     /* at the end of a time in the Common Log Format */
	END_QUOTED,  /* like END_QUOTE, but the shape of the value is checked, as it is for all
		      * endings below */
	END_LITERAL, /* at the next literal, if the literal has several bytes or the shape must be
		      * checked */
	END_SLASH,   /* at a "/", if no literal follows and the next field begins with "/" */
	END_BLANK,   /* at a blank or at the end of the line; only for the last field */
	END_LINE,    /* at the end of the line; only for the last field */
	END_LIST,    /* at a blank that follows a list such as "0.1, 0.2", not at one within it */
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
};

struct layout {
	const struct wanted *wanted;
	uint32_t bases; /* the base fields that the lines have */
	size_t n;       /* number of steps */
	char *literals, *literal_end;
	struct span before; /* the literal before the first field */
	bool in_words;      /* true if all literals can be compared as words of 8 bytes */
	bool no_doubles;    /* true if no field has a second slot */

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

/* True if `name` is what a user calls the step's field.  The '$' of "$request_time" is left out,
 * and the name in "%{Host}i" may be in upper or lower case. */
static bool is_called(const struct step *s, struct span name)
{
	struct span own = name_of(s);

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
		if (l->steps[k].placeholder.base < 0 && i-- == 0)
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
	bool blanks = s->shape == SHAPE_TEXT || s->shape == SHAPE_DECODED;

	return blanks ? END_LINE : END_BLANK;
}

static enum ending choose_ending(const struct layout *l, size_t i)
{
	const struct step *s = &l->steps[i];
	bool checked = s->shape >= SHAPE_TOKEN && s->shape <= SHAPE_ISO;

	if (is_quoted(l, i))
		return checked ? END_QUOTED : END_QUOTE;
	switch (s->shape) {
	case SHAPE_STATUS:
		return END_STATUS;
	case SHAPE_NUMBER:
		return END_NUMBER;
	case SHAPE_CLF:
		return END_CLF;
	default:
		break;
	}
	bool last = i + 1 == l->n;
	if (s->shape == SHAPE_LIST && (s->after.len ? s->after.at[0] == ' ' : last))
		return END_LIST;
	if (!s->after.len)
		return last ? last_ending(s) : END_SLASH;
	return s->after.len == 1 && s->shape == SHAPE_WORD ? END_BYTE : END_LITERAL;
}

/* Compute those members of a step that depend on the literal after it.  If .in_words or .no_doubles
 * of the layout is not true for this step, clear it. */
static void prepare(struct layout *l, struct step *s)
{
	char word[8] = {0}, mask[8] = {0};

	l->no_doubles &= s->also < 0 || s->slot < 0;
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
	bool blanks = s->shape == SHAPE_TEXT || (s->shape == SHAPE_DECODED && !in_quotes);

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

	l->in_words = l->no_doubles = true;
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

/* Find the next quote at or after `p` that is not escaped by a backslash. */
static const char *find_quote(const char *p, const char *end)
{
	for (const char *from = p; p < end; p++) {
		p = memchr(p, '"', (size_t)(end - p));
		if (!p)
			return NULL;
		const char *back = p;
		while (back > from && back[-1] == '\\')
			back--;
		if ((p - back) % 2 == 0)
			return p;
	}
	return NULL;
}

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

/* True if the value from `p` to `end` has that shape. */
static bool has_shape(enum shape shape, const char *p, const char *end)
{
	switch (shape) {
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
	case SHAPE_WORD:
	case SHAPE_PATH:
	case SHAPE_DECODED:
	case SHAPE_TEXT:
	case SHAPE_LIST:
		return p < end;
	case SHAPE_USER:
		return p < end && !has_dash(p, end);
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
		return cut->quotes ? next_quote(cut, quote, p, end) : find_quote(p, end);
	case END_BYTE:
		/* Most often the value is "-". */
		if (end - p >= 2 && p[1] == s->first && p[0] != s->first)
			return p + 1;
		to = swar_find(p, end, s->first);
		return to != p ? to : NULL;
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
	case END_QUOTED:
		to = cut->quotes ? next_quote(cut, quote, p, end) : find_quote(p, end);
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
	return to && has_shape(s->shape, p, to) ? to : NULL;
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
	struct clf c;

	if ((combined ? cut->n_quotes < CLF_QUOTES : cut->n_quotes != 2) ||
		!clf_is_usual(&c, p, end, cut->block, cut->quotes, combined, &l->memo))
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

/* If a field has a second slot, copy its value there. */
static void copy_doubles(const struct layout *l, struct span *slots)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->steps[i].also >= 0 && l->steps[i].slot >= 0)
			slots[l->steps[i].also] = slots[l->steps[i].slot];
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
	if (!l->no_doubles)
		copy_doubles(l, cut->slots);
	return fits ? CUT_FITS : CUT_NOT;
}

/* Return which field of the Combined Log Format has the value of the base field `base`.
 * CLF_COMBINED if no field has this value, or if the layout is not exactly the Common or the
 * Combined Log Format. */
static unsigned clf_field_of(const struct layout *l, enum base base)
{
	unsigned field = 0;

	if (l->clf_at || l->clf_fields != l->n || l->before.len)
		return CLF_COMBINED;
	while (field < l->n && l->steps[field].slot != (int)base)
		field++;
	return field < l->n ? field : CLF_COMBINED;
}

static inline __attribute__((always_inline)) void cut_all_clf(struct layout *l,
	const struct marked *m, unsigned field, bool combined, struct span *values, uint32_t *first)
{
	const char *block = m->block.at, *p = block;
	const uint32_t *quote = m->quotes;
	const size_t quotes = combined ? CLF_QUOTES : 2;
	struct clf c;

	for (size_t i = 0; i < m->lines; i++) {
		uint32_t newline = m->newlines[i];
		first[i] = (uint32_t)(quote - m->quotes);
		values[i] = span_of(NULL, 0);
		if (quote[quotes - 1] < newline && quote[quotes] >= newline &&
			newline + 8 <= m->block.len) {
			const char *end = block + newline;
			end -= end[-1] == '\r';
			/* clf_is_usual() would take a tab before the client for a part of the
			 * client. */
			if (*p != '\t' && (!combined || block + quote[5] + 1 == end) &&
				clf_is_usual(&c, p, end, block, quote, combined, &l->memo))
				values[i] = clf_field(&c, field);
			quote += quotes;
		}
		while (*quote < newline)
			quote++;
		p = block + newline + 1;
	}
}

bool layout_cut_usual(
	void *layout, const struct marked *m, enum base base, struct span *values, uint32_t *first)
{
	struct layout *l = layout;
	unsigned field = clf_field_of(l, base);

	if (field == CLF_COMBINED)
		return false;
	if (l->clf_fields == CLF_COMBINED)
		cut_all_clf(l, m, field, true, values, first);
	else
		cut_all_clf(l, m, field, false, values, first);
	return true;
}
