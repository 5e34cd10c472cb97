#include "simple.h"

#include <stdint.h>
#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "regex.h"

/* More than this many bytes taken for nothing, and PCRE2 is to look at the line: from each
 * of many places the rest of a long line would be read again, and it knows better. */
enum { IN_VAIN = 256 };

enum { STEPS = 128, SETS = 32, DEPTH = 16 };

/* What set[byte] says. */
enum { OUT, IN, MAYBE };

struct step {
	const unsigned char *set; /* 256 of them; NULL: note the place in ends[note] */
	uint32_t min, max;
	uint32_t note;
};

struct simple {
	size_t n_steps, n_sets;
	struct step steps[STEPS];
	unsigned char sets[SETS][256];
};

/* --- Compiling ------------------------------------------------------------------- */

/* Fill set with the bytes that the token matches.  A line holds no '\n'; a '\r' may be
 * a line's last byte, which is not part of it. */
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
		set[c] = !in || c == '\n' ? OUT : c == '\r' ? MAYBE : IN;
	}
	bool ok = match != NULL;
	pcre2_match_data_free(match);
	pcre2_code_free(code);
	return ok;
}

/* The set of the bytes that the token matches, the same one for the same bytes. */
static const unsigned char *find_set(struct simple *s, struct span token)
{
	if (s->n_sets == SETS || !ask_pcre2(token, s->sets[s->n_sets]))
		return NULL;
	for (size_t i = 0; i < s->n_sets; i++)
		if (memcmp(s->sets[i], s->sets[s->n_sets], 256) == 0)
			return s->sets[i];
	return s->sets[s->n_sets++];
}

static bool add_step(struct simple *s, struct step step)
{
	if (s->n_steps == STEPS)
		return false;
	s->steps[s->n_steps++] = step;
	return true;
}

/* The groups that are open, innermost last; 0 for one that does not capture. */
struct groups {
	uint32_t open[DEPTH];
	size_t depth;
	uint32_t captures;
	bool after_one; /* the token before is a single byte or set, without a quantifier */
};

static bool open_group(struct simple *s, struct groups *g, bool captures)
{
	if (g->depth == DEPTH)
		return false;
	uint32_t number = captures ? ++g->captures : 0;
	g->open[g->depth++] = number;
	return !captures || add_step(s, (struct step){.note = 2 * number});
}

static bool close_group(struct simple *s, struct groups *g)
{
	if (!g->depth)
		return false;
	uint32_t number = g->open[--g->depth];
	return !number || add_step(s, (struct step){.note = 2 * number + 1});
}

/* Of a single byte or set; groups that repeat are not simple. */
static bool quantify(struct simple *s, const struct groups *g, const struct regex_token *t)
{
	if (!g->after_one)
		return false;
	struct step *last = &s->steps[s->n_steps - 1];
	last->min = t->min;
	last->max = t->max;
	return t->greedy && t->max > 0;
}

/* False if the pattern is not simple. */
static bool take(struct simple *s, struct groups *g, const struct regex_token *t)
{
	struct step one = {.min = 1, .max = 1};

	switch (t->kind) {
	case REGEX_BYTE:
	case REGEX_SET:
		one.set = find_set(s, t->text);
		return one.set && add_step(s, one);
	case REGEX_QUANTIFIER:
		return quantify(s, g, t);
	case REGEX_CAPTURE:
	case REGEX_GROUP:
		return open_group(s, g, t->kind == REGEX_CAPTURE);
	case REGEX_CLOSE:
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

/* Nothing that may follow the step can begin with a byte that the step would take. */
static bool no_way_back(const struct simple *s, size_t i)
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

static bool compile(struct simple *s, struct span re)
{
	struct groups groups = {0};
	struct regex_token t;

	while ((t = regex_next(&re)).kind != REGEX_END) {
		if (!take(s, &groups, &t))
			return false;
		groups.after_one = t.kind == REGEX_BYTE || t.kind == REGEX_SET;
	}
	for (size_t i = 0; i < s->n_steps; i++)
		if (!no_way_back(s, i))
			return false;
	return groups.depth == 0;
}

struct simple *simple_compile(struct span re)
{
	struct simple *s = calloc(1, sizeof *s);

	if (s && compile(s, re))
		return s;
	free(s);
	return NULL;
}

void simple_free(struct simple *s)
{
	free(s);
}

size_t simple_single_steps(const struct simple *s)
{
	size_t n = 0;

	while (n < s->n_steps && s->steps[n].set && s->steps[n].min == 1 && s->steps[n].max == 1)
		n++;
	return n;
}

/* --- Matching -------------------------------------------------------------------- */

enum simple_result simple_match(
	const struct simple *s, struct span bytes, size_t skip, size_t *ends)
{
	const unsigned char *p = (const unsigned char *)bytes.at + skip;
	const unsigned char *end = (const unsigned char *)bytes.at + bytes.len;
	const struct step *last = s->steps + s->n_steps;

	for (const struct step *step = s->steps + skip; step < last; step++) {
		if (!step->set) {
			ends[step->note] = (size_t)(p - (const unsigned char *)bytes.at);
			continue;
		}
		size_t n = 0, max = step->max == REGEX_NO_MAX ? SIZE_MAX : step->max;
		while (n < max && p < end && step->set[*p] == IN)
			n++, p++;
		if (n < max && p < end && step->set[*p] == MAYBE)
			return SIMPLE_UNSURE;
		if (n < step->min)
			return p - (const unsigned char *)bytes.at > IN_VAIN ? SIMPLE_UNSURE
									     : SIMPLE_NO;
	}
	ends[0] = 0;
	ends[1] = (size_t)(p - (const unsigned char *)bytes.at);
	return SIMPLE_YES;
}
