#include "regex/onepass.h"

#include <stdint.h>
#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "lib/swar.h"
#include "regex/tokens.h"

/* If more than this many bytes were read without finding a match, onepass_match() leaves the line
 * to PCRE2.  Otherwise it might read the rest of a long line again from each of many places; PCRE2
 * has shortcuts that avoid this. */
enum { IN_VAIN = 256 };

enum { STEPS = 128, SETS = 32, DEPTH = 16 };

/* Says whether a byte is in a set.  MAYBE: the byte is in the set, but perhaps it does not belong
 * to the line. */
enum { OUT, IN, MAYBE };

/* A byte or a set, with its quantifier; or the start or end of a group. */
struct step {
	const unsigned char *set; /* OUT, IN or MAYBE for each of the 256 bytes.  NULL if the step
				   * is the start or end of a group; then matching stores the
				   * current offset in ends[note] */
	uint32_t min, max;
	uint32_t note;
};

/* A move matches one or more steps in the fastest way that is possible for them:
 *
 *	MOVE_NOTE	store the offset of the start or end of a group
 *	MOVE_WORD	compare up to 8 steps, of one byte or one digit each, as one word
 *	MOVE_TO_STOP	match a step that repeats without limit, if at most 4 different bytes can
 *			end the step: search for the next of these bytes
 *	MOVE_STEP	match any other step, byte by byte
 */
enum { WORD = 8, STOPS = 4 };

struct move {
	enum { MOVE_NOTE, MOVE_WORD, MOVE_TO_STOP, MOVE_STEP } how;
	const struct step *step;     /* the first step that the move matches */
	size_t steps;                /* number of steps that the move matches */
	struct swar_pattern pattern; /* for MOVE_WORD: the bytes to compare */
	unsigned char stops[STOPS];  /* for MOVE_TO_STOP: the bytes that end the step */
};

struct onepass {
	size_t n_steps, n_sets, n_moves;
	size_t skip;              /* number of steps that onepass_match() skips; each of them takes
				   * one byte */
	const struct step *first; /* the first step that has a set; NULL if there is none */
	struct step steps[STEPS];
	unsigned char sets[SETS][256];
	struct span written[SETS]; /* the text of each set in the pattern; valid only while
				    * compiling */
	struct move moves[STEPS];
};

/* --- Compiling ------------------------------------------------------------------- */

/* Return OUT for '\n', which no line contains; MAYBE for '\r', because a '\r' at the end of a line
 * does not belong to the line; IN for any other byte. */
static unsigned char in_line(int c)
{
	return c == '\n' ? OUT : c == '\r' ? MAYBE : IN;
}

/* Fill the set with the bytes that the token matches: let PCRE2 match the token against each byte.
 * False if PCRE2 fails. */
static bool ask_pcre2(struct span token, unsigned char *set)
{
	PCRE2_SIZE offset;
	int error;
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);
	if (!context)
		return false;
	pcre2_set_newline(context, PCRE2_NEWLINE_LF);
	pcre2_code *code = pcre2_compile(
		(PCRE2_SPTR)token.at, token.len, PCRE2_ANCHORED, &error, &offset, context);
	pcre2_compile_context_free(context);
	pcre2_match_data *match = code ? pcre2_match_data_create_from_pattern(code, NULL) : NULL;

	for (int c = 0; match && c < 256; c++) {
		PCRE2_UCHAR byte = (PCRE2_UCHAR)c;
		bool in = pcre2_match(code, &byte, 1, 0, 0, match, NULL) > 0;
		set[c] = in ? in_line(c) : OUT;
	}
	bool ok = match != NULL;
	pcre2_match_data_free(match);
	pcre2_code_free(code);
	return ok;
}

/* Return the set of bytes that the token matches; equal sets are stored only once.  NULL if there
 * are too many sets, or if PCRE2 fails.  Asking PCRE2 takes longer than counting a small file, so
 * this function asks only if necessary. */
static const unsigned char *find_set(struct onepass *s, const struct token *t)
{
	unsigned char *set = s->sets[s->n_sets];

	for (size_t i = 0; i < s->n_sets; i++)
		if (span_equal(s->written[i], t->text))
			return s->sets[i];
	if (s->n_sets == SETS)
		return NULL;
	if (t->kind == TOKEN_BYTE) {
		memset(set, OUT, 256);
		set[(unsigned char)t->byte] = in_line((unsigned char)t->byte);
	} else if (!ask_pcre2(t->text, set)) {
		return NULL;
	}
	for (size_t i = 0; i < s->n_sets; i++)
		if (memcmp(s->sets[i], set, 256) == 0)
			return s->sets[i];
	s->written[s->n_sets++] = t->text;
	return set;
}

static bool add_step(struct onepass *s, struct step step)
{
	if (s->n_steps == STEPS)
		return false;
	s->steps[s->n_steps++] = step;
	return true;
}

/* The groups that are open, the innermost last.  open[] has the number of each group; 0 if the
 * group does not capture. */
struct groups {
	uint32_t open[DEPTH];
	size_t depth;
	uint32_t captures;
	bool after_one; /* true if the last token is a byte or a set, so that a quantifier may
			 * follow */
};

static bool open_group(struct onepass *s, struct groups *g, bool captures)
{
	if (g->depth == DEPTH)
		return false;
	uint32_t number = captures ? ++g->captures : 0;
	g->open[g->depth++] = number;
	return !captures || add_step(s, (struct step){.note = 2 * number});
}

static bool close_group(struct onepass *s, struct groups *g)
{
	if (!g->depth)
		return false;
	uint32_t number = g->open[--g->depth];
	return !number || add_step(s, (struct step){.note = 2 * number + 1});
}

/* Apply a quantifier to the byte or set before it.  False if the pattern is not one-pass, for
 * example because the quantifier follows a group. */
static bool quantify(struct onepass *s, const struct groups *g, const struct token *t)
{
	if (!g->after_one)
		return false;
	struct step *last = &s->steps[s->n_steps - 1];
	last->min = t->min;
	last->max = t->max;
	return t->greedy && t->max > 0;
}

/* Append the step that a token stands for, or apply a quantifier to the last step.  False if the
 * pattern is not one-pass. */
static bool add_token(struct onepass *s, struct groups *g, const struct token *t)
{
	struct step one = {.min = 1, .max = 1};

	switch (t->kind) {
	case TOKEN_BYTE:
	case TOKEN_SET:
		one.set = find_set(s, t);
		return one.set && add_step(s, one);
	case TOKEN_QUANTIFIER:
		return quantify(s, g, t);
	case TOKEN_CAPTURE:
	case TOKEN_GROUP:
		return open_group(s, g, t->kind == TOKEN_CAPTURE);
	case TOKEN_CLOSE:
		return close_group(s, g);
	default:
		return false;
	}
}

static bool share_a_byte(const unsigned char *a, const unsigned char *b)
{
	for (int c = 0; c < 256; c++)
		if (a[c] != OUT && b[c] != OUT)
			return true;
	return false;
}

/* True if step `i` never has to give back a byte: no byte that it takes can also begin the rest of
 * the pattern. */
static bool needs_no_backtracking(const struct onepass *s, size_t i)
{
	const struct step *step = &s->steps[i];

	if (!step->set || step->min == step->max)
		return true;
	for (size_t k = i + 1; k < s->n_steps; k++) {
		if (!s->steps[k].set)
			continue;
		if (share_a_byte(step->set, s->steps[k].set))
			return false;
		if (s->steps[k].min)
			break;
	}
	return true;
}

static bool compile(struct onepass *s, struct span re)
{
	struct groups groups = {0};
	struct token t;

	while ((t = tokens_next(&re)).kind != TOKEN_END) {
		if (!add_token(s, &groups, &t))
			return false;
		groups.after_one = t.kind == TOKEN_BYTE || t.kind == TOKEN_SET;
	}
	for (size_t i = 0; i < s->n_steps; i++) {
		if (!needs_no_backtracking(s, i))
			return false;
		if (!s->first && s->steps[i].set)
			s->first = &s->steps[i];
	}
	return groups.depth == 0;
}

/* --- Planning the moves ----------------------------------------------------------- */

static bool is_single(const struct step *s)
{
	return s->set && s->min == 1 && s->max == 1;
}

/* Return the number of different bytes that end a step with this set: those that are OUT or MAYBE
 * in the set.  Write the first STOPS of them to `stops`. */
static size_t find_stops(const unsigned char *set, unsigned char *stops)
{
	size_t n = 0;

	for (int c = 0; c < 256; c++)
		if (set[c] != IN && n++ < STOPS)
			stops[n - 1] = (unsigned char)c;
	for (size_t i = n; i < STOPS; i++)
		stops[i] = stops[0];
	return n;
}

/* If the set contains only one byte, return this byte.  If it contains exactly the ten digits,
 * return 0.  Otherwise return -1. */
static int only_byte(const unsigned char *set)
{
	int only = -1, n = 0, digits = 0;

	for (int c = 0; c < 256; c++) {
		if (set[c] == OUT)
			continue;
		if (set[c] == MAYBE)
			return -1;
		only = c;
		n++;
		digits += c >= '0' && c <= '9';
	}
	return n == 10 && digits == 10 ? 0 : n == 1 && only ? only : -1;
}

/* Add a step to a MOVE_WORD.  False if the word is full, or if a MOVE_WORD can't match this
 * step. */
static bool add_to_word(struct move *m, const struct step *step)
{
	int byte = is_single(step) ? only_byte(step->set) : -1;
	size_t shift = 8 * m->steps;

	if (byte < 0 || m->steps == WORD)
		return false;
	m->pattern.bytes |= (uint64_t)(byte ? byte : '0') << shift;
	m->pattern.mask |= (uint64_t)(byte ? 0xff : 0xf0) << shift;
	m->pattern.add |= (uint64_t)(byte ? 0 : 6) << shift;
	m->steps++;
	return true;
}

/* Choose the move that begins with `step`.  `last` points past the last step of the pattern. */
static struct move plan(const struct step *step, const struct step *last)
{
	struct move m = {.how = MOVE_WORD, .step = step};

	while (step < last && add_to_word(&m, step))
		step++;
	if (m.steps > 1)
		return m;
	m = (struct move){.how = MOVE_STEP, .step = m.step, .steps = 1};
	if (!m.step->set)
		m.how = MOVE_NOTE;
	else if (m.step->max == TOKEN_NO_MAX && find_stops(m.step->set, m.stops) <= STOPS)
		m.how = MOVE_TO_STOP;
	return m;
}

static void plan_all(struct onepass *s, size_t from)
{
	s->n_moves = 0;
	for (size_t i = from; i < s->n_steps; i += s->moves[s->n_moves++].steps)
		s->moves[s->n_moves] = plan(&s->steps[i], s->steps + s->n_steps);
}

struct onepass *onepass_compile(struct span re)
{
	struct onepass *s = calloc(1, sizeof *s);

	if (s && compile(s, re)) {
		plan_all(s, 0);
		return s;
	}
	free(s);
	return NULL;
}

void onepass_free(struct onepass *s)
{
	free(s);
}

size_t onepass_single_steps(const struct onepass *s)
{
	size_t n = 0;

	while (n < s->n_steps && s->steps[n].set && s->steps[n].min == 1 && s->steps[n].max == 1)
		n++;
	return n;
}

void onepass_skip(struct onepass *s, size_t skip)
{
	s->skip = skip;
	plan_all(s, skip);
}

/* --- Matching -------------------------------------------------------------------- */

size_t onepass_window(const struct onepass *s)
{
	return s->first ? s->first->min : 0;
}

/* This is a search as in Boyer, Moore 1977.  If a byte in the window is not in the set, no window
 * that contains this byte can match, so the search continues after the byte. */
const char *onepass_find(const struct onepass *s, struct span bytes)
{
	const unsigned char *set = s->first->set, *p = (const unsigned char *)bytes.at;
	size_t window = onepass_window(s), left = bytes.len, wrong;

	for (; left >= window; p += wrong, left -= wrong) {
		wrong = window;
		while (wrong && set[p[wrong - 1]] != OUT)
			wrong--;
		if (!wrong)
			return (const char *)p;
	}
	return NULL;
}

/* True if the first step repeats without limit.  Then the step takes all bytes up to the end of a
 * run of its bytes, wherever in the run it begins.  So if the rest of the pattern does not match
 * after the run, no match begins in the run. */
static bool first_is_unlimited(const struct onepass *s)
{
	return !s->skip && s->first && s->first->max == TOKEN_NO_MAX;
}

const char *onepass_next(const struct onepass *s, struct span bytes)
{
	const unsigned char *set = s->first->set, *p = (const unsigned char *)bytes.at + 1;

	if (first_is_unlimited(s))
		while (p < (const unsigned char *)bytes.at + bytes.len && set[*p] == IN)
			p++;
	return (const char *)p;
}

static bool is_word(const struct move *m, const unsigned char *p)
{
	return swar_mismatch(word_load((const char *)p), m->pattern) == 0;
}

/* Find the first byte in [p, end) that is one of the `stops`, which are the bytes that are not IN
 * `set`.  Returns `end` if there is none. */
static const unsigned char *find_stop(const unsigned char *stops, const unsigned char *set,
	const unsigned char *p, const unsigned char *end)
{
#if defined(__SSE2__)
	const __m128i a = _mm_set1_epi8((char)stops[0]), b = _mm_set1_epi8((char)stops[1]);
	const __m128i c = _mm_set1_epi8((char)stops[2]), d = _mm_set1_epi8((char)stops[3]);
	for (; end - p >= 16; p += 16) {
		__m128i x = _mm_loadu_si128((const __m128i *)(const void *)p);
		__m128i ab = _mm_or_si128(_mm_cmpeq_epi8(x, a), _mm_cmpeq_epi8(x, b));
		__m128i cd = _mm_or_si128(_mm_cmpeq_epi8(x, c), _mm_cmpeq_epi8(x, d));
		unsigned mask = (unsigned)_mm_movemask_epi8(_mm_or_si128(ab, cd));
		if (mask)
			return p + __builtin_ctz(mask);
	}
#else
	(void)stops;
#endif
	while (p < end && set[*p] == IN)
		p++;
	return p;
}

/* Let the step take as many bytes as possible, and move *at past them.  False if the next byte is
 * MAYBE in the set, so that it is unclear whether the step ends there. */
static bool match_step(const struct step *step, const unsigned char **at, const unsigned char *end)
{
	const unsigned char *p = *at;
	size_t n = 0, max = step->max == TOKEN_NO_MAX ? SIZE_MAX : step->max;

	while (n < max && p < end && step->set[*p] == IN)
		n++, p++;
	*at = p;
	return n == max || p == end || step->set[*p] != MAYBE;
}

/* Match the steps of a move, and move *at past the bytes that they have taken. */
static enum onepass_result match_move(
	const struct move *m, const unsigned char **at, const unsigned char *end)
{
	const unsigned char *p = *at;

	if (m->how == MOVE_TO_STOP) {
		*at = find_stop(m->stops, m->step->set, p, end);
		if (*at < end && m->step->set[**at] == MAYBE)
			return ONEPASS_UNSURE;
		return (size_t)(*at - p) < m->step->min ? ONEPASS_NO : ONEPASS_YES;
	}
	if (m->how == MOVE_WORD && end - p >= WORD) {
		*at += m->steps;
		return is_word(m, p) ? ONEPASS_YES : ONEPASS_NO;
	}
	for (const struct step *s = m->step, *last = s + m->steps; s < last; s++, p = *at) {
		if (!match_step(s, at, end))
			return ONEPASS_UNSURE;
		if ((size_t)(*at - p) < s->min)
			return ONEPASS_NO;
	}
	return ONEPASS_YES;
}

enum onepass_result onepass_match(const struct onepass *s, struct span bytes, size_t *ends)
{
	const unsigned char *start = (const unsigned char *)bytes.at;
	const unsigned char *p = start + s->skip, *end = start + bytes.len;
	/* If there is no match, the bytes from `vain` to p were read for nothing. */
	const unsigned char *vain = start;
	bool is_first = first_is_unlimited(s);

	for (const struct move *m = s->moves, *last = m + s->n_moves; m < last; m++) {
		if (m->how == MOVE_NOTE) {
			ends[m->step->note] = (size_t)(p - start);
			continue;
		}
		enum onepass_result result = match_move(m, &p, end);
		if (is_first)
			vain = p; /* onepass_next() skips these bytes, so they are not read again */
		is_first = false;
		if (result == ONEPASS_NO && p - vain > IN_VAIN)
			return ONEPASS_UNSURE;
		if (result != ONEPASS_YES)
			return result;
	}
	ends[0] = 0;
	ends[1] = (size_t)(p - start);
	return ONEPASS_YES;
}
