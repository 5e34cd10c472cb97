#include "regex/pattern.h"

#include <stdio.h>
#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "regex/literal.h"
#include "regex/tokens.h"
#include "regex/onepass.h"

struct pattern {
	pcre2_code *code;
	pcre2_match_data *match; /* of the last match */
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
	bool jit;
	struct onepass *simple; /* if it is simple and begins with its literal */
	size_t *simple_ends;    /* as PCRE2's, of the last match by simple */
	uint32_t groups;
	struct span line;   /* of the last match */
	const size_t *ends; /* of the last match: where each group begins and ends */
	struct literal literal;
	char literal_bytes[];
};

enum {
	/* What the JIT may use for backtracking before it gives up; taken from the
	 * system as it is needed. */
	JIT_STACK_MIN = 32 * 1024,
	JIT_STACK_MAX = 16 * 1024 * 1024,

	/* The same for the interpreter, in KiB; PCRE2's own limit is 20 GB. */
	HEAP_LIMIT = 64 * 1024,
};

static pcre2_code *compile(struct span re, bool ignore_case, struct complaint *c)
{
	/* UTF mode would need each line checked first, and no log is always valid. */
	uint32_t options = PCRE2_NEVER_UTF | (ignore_case ? PCRE2_CASELESS : 0);
	PCRE2_SIZE offset;
	int number;

	pcre2_compile_context *context = pcre2_compile_context_create(NULL);
	if (!context) {
		complain(c, "out of memory");
		return NULL;
	}
	pcre2_set_newline(context, PCRE2_NEWLINE_LF);
	pcre2_code *code =
		pcre2_compile((PCRE2_SPTR)re.at, re.len, options, &number, &offset, context);
	pcre2_compile_context_free(context);
	if (!code) {
		char why[256];
		pcre2_get_error_message(number, (PCRE2_UCHAR *)why, sizeof why);
		complain_at(c, offset, "%s", why);
	}
	return code;
}

/* The JIT may be missing, forbidden (no memory is both writable and executable), or
 * switched off by the pattern; PCRE2's interpreter gives the same answers then, and right
 * ones where the JIT's may be wrong. */
static bool jit_compile(struct pattern *p, struct span re)
{
	size_t size = 0;

	if (tokens_may_mislead_jit(re) || pcre2_jit_compile(p->code, PCRE2_JIT_COMPLETE) != 0 ||
		pcre2_pattern_info(p->code, PCRE2_INFO_JITSIZE, &size) != 0 || size == 0)
		return false;
	p->stack = pcre2_jit_stack_create(JIT_STACK_MIN, JIT_STACK_MAX, NULL);
	if (p->stack)
		pcre2_jit_stack_assign(p->context, NULL, p->stack);
	return true;
}

struct span pattern_literal(const struct pattern *p)
{
	return span_of(p->literal_bytes, p->literal.len);
}

/* Without it PCRE2 does everything.  A literal may be found where the line has ended
 * already, if it holds a line's end. */
static void compile_simple(struct pattern *p, struct span re)
{
	struct span literal = pattern_literal(p);

	if (memchr(literal.at, '\n', literal.len) || memchr(literal.at, '\r', literal.len))
		return;
	p->simple_ends = malloc(sizeof *p->simple_ends * 2 * (p->groups + 1));
	if (p->simple_ends)
		p->simple = onepass_compile(re);
	if (!p->simple)
		return;
	/* The literal's last byte may have a quantifier: "ab+". */
	size_t single = onepass_single_steps(p->simple);
	onepass_skip(p->simple, literal.len < single ? literal.len : single);
}

struct pattern *pattern_compile(struct span re, bool ignore_case, struct complaint *c)
{
	struct pattern *p = calloc(1, sizeof *p + re.len + 1);

	complain(c, "out of memory");
	if (!p)
		return NULL;
	p->code = compile(re, ignore_case, c);
	if (!p->code)
		goto free;
	p->match = pcre2_match_data_create_from_pattern(p->code, NULL);
	p->context = pcre2_match_context_create(NULL);
	if (!p->match || !p->context)
		goto free;
	pcre2_set_heap_limit(p->context, HEAP_LIMIT);
	p->jit = jit_compile(p, re);
	pcre2_pattern_info(p->code, PCRE2_INFO_CAPTURECOUNT, &p->groups);
	if (!ignore_case)
		p->literal = literal_required(re, p->literal_bytes);
	if (p->literal.prefix || (!ignore_case && !pattern_literal(p).len))
		compile_simple(p, re);
	return p;

free:
	pattern_free(p);
	return NULL;
}

void pattern_free(struct pattern *p)
{
	if (!p)
		return;
	onepass_free(p->simple);
	free(p->simple_ends);
	pcre2_jit_stack_free(p->stack);
	pcre2_match_context_free(p->context);
	pcre2_match_data_free(p->match);
	pcre2_code_free(p->code);
	free(p);
}

bool pattern_starts_with_literal(const struct pattern *p)
{
	return p->literal.prefix;
}

static int search(struct pattern *p, PCRE2_SPTR subject, size_t len)
{
	if (!p->jit)
		return pcre2_match(p->code, subject, len, 0, 0, p->match, p->context);
	int got = pcre2_jit_match(p->code, subject, len, 0, 0, p->match, p->context);
	if (got != PCRE2_ERROR_JIT_STACKLIMIT)
		return got;
	/* The interpreter's limits are others: it may do what the JIT could not. */
	return pcre2_match(p->code, subject, len, 0, PCRE2_NO_JIT, p->match, p->context);
}

enum pattern_result pattern_match(struct pattern *p, struct span line)
{
	if (!line.len)
		line.at = "";
	int got = search(p, (PCRE2_SPTR)line.at, line.len);
	p->line = line;
	p->ends = pcre2_get_ovector_pointer(p->match);
	if (got > 0)
		return PATTERN_YES;
	return got == PCRE2_ERROR_NOMATCH ? PATTERN_NO : PATTERN_GAVE_UP;
}

bool pattern_is_onepass(const struct pattern *p)
{
	return p->simple != NULL;
}

/* With fewer bytes PCRE2's own search for the first one is as fast. */
enum { FOUND_WINDOW = 4 };

bool pattern_is_found(const struct pattern *p)
{
	return p->simple && !pattern_literal(p).len && onepass_window(p->simple) >= FOUND_WINDOW;
}

const char *pattern_find(const struct pattern *p, struct span bytes)
{
	return onepass_find(p->simple, bytes);
}

const char *pattern_next(const struct pattern *p, struct span bytes)
{
	return onepass_next(p->simple, bytes);
}

enum pattern_result pattern_match_here(struct pattern *p, struct span bytes)
{
	p->line = bytes;
	p->ends = p->simple_ends;
	switch (onepass_match(p->simple, bytes, p->simple_ends)) {
	case ONEPASS_YES:
		return PATTERN_YES;
	case ONEPASS_NO:
		return PATTERN_NO;
	default:
		return PATTERN_GAVE_UP;
	}
}

unsigned pattern_groups(const struct pattern *p)
{
	return p->groups;
}

int pattern_group_named(const struct pattern *p, const char *name)
{
	int n = pcre2_substring_number_from_name(p->code, (PCRE2_SPTR)name);

	if (n == PCRE2_ERROR_NOUNIQUESUBSTRING)
		return -2;
	return n > 0 ? n : -1;
}

struct span pattern_group(const struct pattern *p, unsigned n)
{
	size_t at = (size_t)2 * n, from = p->ends[at], to = p->ends[at + 1];

	if (from == PCRE2_UNSET || to < from)
		return span_of("", 0);
	return span_of(p->line.at + from, to - from);
}
