#include "regex/pattern.h"

#include <stdio.h>
#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "regex/engine_faults.h"
#include "regex/literal.h"
#include "regex/onepass.h"

struct pattern {
	pcre2_code *code;
	pcre2_match_data *match; /* the result of the last match by PCRE2 */
	pcre2_match_context *context;
	pcre2_jit_stack *stack; /* NULL if there is none, or if another pattern owns it */
	bool jit;               /* true if the JIT matches the pattern, else the interpreter does */
	bool interpreter; /* true if the interpreter may match lines for which the JIT's stack is
			   * too small */
	struct onepass *onepass; /* NULL if the pattern is not one-pass, or does not begin with its
				  * literal */
	size_t *onepass_ends;    /* the result of the last onepass_match(), in the same form as
				  * PCRE2's ovector */
	uint32_t groups;
	struct span line;   /* the bytes in which the last match was searched */
	const size_t *ends; /* group n of the last match is [ends[2n], ends[2n + 1]) of .line */
	struct literal literal;
	char literal_bytes[];
};

enum {
/* The size of the stack on which the JIT may backtrack before it gives up, in bytes.  The
	 * system provides memory for the stack only when it is used, but a sanitizer marks all of it.
	 */
#if defined(FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION)
	JIT_STACK = 256 * 1024,
#else
	JIT_STACK = 16 * 1024 * 1024,
#endif

	/* The size of the memory in which PCRE2's interpreter may backtrack, in KiB.  PCRE2's
	 * default is 20 GB. */
	HEAP_LIMIT = 64 * 1024,

	/* Numbers of steps for pattern_limit().  The JIT makes a million steps in a few
	 * milliseconds.  A million is enough for lines of 1000 bytes even if the number of steps
	 * grows with the square of a line's length.  LIMIT_MOST is PCRE2's default. */
	LIMIT_LEAST = 1000 * 1000,
	LIMIT_PER_BYTE = 1000,
	LIMIT_MOST = 10 * 1000 * 1000,
};

static pcre2_code *compile(
	struct span re, bool ignore_case, const struct engine_faults *faults, struct complaint *c)
{
	/* In UTF mode PCRE2 would first have to check each line, and it would reject lines that are
	 * not valid UTF-8, which occur in every log. */
	uint32_t options = PCRE2_NEVER_UTF | (ignore_case ? PCRE2_CASELESS : 0) |
			   (faults->start ? PCRE2_NO_START_OPTIMIZE : 0);
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

/* Compile the pattern with the JIT.  False if the JIT is missing, is forbidden (if the system
 * allows no memory to be both writable and executable) or is switched off by the pattern. */
static bool jit_compile(struct pattern *p)
{
	size_t size = 0;

	if (pcre2_jit_compile(p->code, PCRE2_JIT_COMPLETE) != 0 ||
		pcre2_pattern_info(p->code, PCRE2_INFO_JITSIZE, &size) != 0 || size == 0)
		return false;
	/* Make the stack as large as it may become, because PCRE2 before 10.45 may find wrong
	 * matches after a stack has grown (number 43 of the ChangeLog of 10.45).  Only the pages
	 * that are used take memory. */
	p->stack = pcre2_jit_stack_create(JIT_STACK, JIT_STACK, NULL);
	if (p->stack)
		pcre2_jit_stack_assign(p->context, NULL, p->stack);
	return true;
}

/* Choose an engine that is not known to find wrong matches.  False, with a complaint, if there is
 * no such engine for this pattern. */
static bool choose_engine(
	struct pattern *p, const struct engine_faults *faults, struct complaint *c)
{
	unsigned version = engine_version();

	p->interpreter = !faults->interpreter;
	p->jit = !faults->jit && jit_compile(p);
	if (p->jit || p->interpreter)
		return true;
	return complain(c,
		"PCRE2 %u.%u cannot be trusted with this pattern: its interpreter may %s, and its "
		"just-in-time compiler %s%s; write it without this, or use PCRE2 10.45",
		version / 100, version % 100, faults->interpreter,
		faults->jit ? "may " : "is not available", faults->jit ? faults->jit : "");
}

struct span pattern_literal(const struct pattern *p)
{
	return span_of(p->literal_bytes, p->literal.len);
}

/* Set .onepass if the pattern is one-pass; otherwise PCRE2 does all the matching.  PCRE2 also does
 * so if the pattern's literal contains a '\n' or '\r', because a search might find such a literal
 * across the end of a line. */
static void compile_onepass(struct pattern *p, struct span re)
{
	struct span literal = pattern_literal(p);

	if (memchr(literal.at, '\n', literal.len) || memchr(literal.at, '\r', literal.len))
		return;
	p->onepass_ends = malloc(sizeof *p->onepass_ends * 2 * (p->groups + 1));
	if (p->onepass_ends)
		p->onepass = onepass_compile(re);
	if (!p->onepass)
		return;
	/* onepass_match() need not check the literal again, except the last byte if it has a
	 * quantifier, as in "ab+". */
	size_t single = onepass_single_steps(p->onepass);
	onepass_skip(p->onepass, literal.len < single ? literal.len : single);
}

struct pattern *pattern_compile(struct span re, bool ignore_case, struct complaint *c)
{
	struct pattern *p = calloc(1, sizeof *p + re.len + 1);

	complain(c, "out of memory");
	if (!p)
		return NULL;
	struct engine_faults faults = engine_faults(re, engine_version());
	p->code = compile(re, ignore_case, &faults, c);
	if (!p->code)
		goto free;
	p->match = pcre2_match_data_create_from_pattern(p->code, NULL);
	p->context = pcre2_match_context_create(NULL);
	if (!p->match || !p->context)
		goto free;
	pcre2_set_heap_limit(p->context, HEAP_LIMIT);
	if (!choose_engine(p, &faults, c))
		goto free;
	pcre2_pattern_info(p->code, PCRE2_INFO_CAPTURECOUNT, &p->groups);
	if (!ignore_case)
		p->literal = literal_required(re, p->literal_bytes);
	if (p->literal.prefix || (!ignore_case && !pattern_literal(p).len))
		compile_onepass(p, re);
	return p;

free:
	pattern_free(p);
	return NULL;
}

void pattern_free(struct pattern *p)
{
	if (!p)
		return;
	onepass_free(p->onepass);
	free(p->onepass_ends);
	pcre2_jit_stack_free(p->stack);
	pcre2_match_context_free(p->context);
	pcre2_match_data_free(p->match);
	pcre2_code_free(p->code);
	free(p);
}

void pattern_share_stack(struct pattern *p, const struct pattern *other)
{
	if (!p->stack || !other->stack)
		return;
	pcre2_jit_stack_assign(p->context, NULL, other->stack);
	pcre2_jit_stack_free(p->stack);
	p->stack = NULL;
}

bool pattern_starts_with_literal(const struct pattern *p)
{
	return p->literal.prefix;
}

uint32_t pattern_limit(size_t len)
{
	enum { LONG = (LIMIT_MOST - LIMIT_LEAST) / LIMIT_PER_BYTE };

	return len < LONG ? LIMIT_LEAST + LIMIT_PER_BYTE * (uint32_t)len : LIMIT_MOST;
}

static int search(struct pattern *p, PCRE2_SPTR subject, size_t len, size_t from, uint32_t options)
{
	pcre2_set_match_limit(p->context, pattern_limit(len));
	if (!p->jit)
		return pcre2_match(p->code, subject, len, from, options, p->match, p->context);
	int matched = pcre2_jit_match(p->code, subject, len, from, options, p->match, p->context);
	if (matched != PCRE2_ERROR_JIT_STACKLIMIT || !p->interpreter)
		return matched;
	/* The interpreter has other limits than the JIT, so it may succeed. */
	return pcre2_match(
		p->code, subject, len, from, options | PCRE2_NO_JIT, p->match, p->context);
}

static enum pattern_result match(struct pattern *p, struct span line, size_t from, uint32_t options)
{
	if (!line.len)
		line.at = "";
	int matched = search(p, (PCRE2_SPTR)line.at, line.len, from, options);
	p->line = line;
	p->ends = pcre2_get_ovector_pointer(p->match);
	if (matched > 0)
		return PATTERN_YES;
	return matched == PCRE2_ERROR_NOMATCH ? PATTERN_NO : PATTERN_GAVE_UP;
}

enum pattern_result pattern_match(struct pattern *p, struct span line)
{
	return match(p, line, 0, 0);
}

enum pattern_result pattern_match_from(struct pattern *p, struct span line, size_t from)
{
	return match(p, line, from, 0);
}

enum pattern_result pattern_match_more(struct pattern *p, struct span line, size_t from)
{
	return match(p, line, from, PCRE2_NOTEMPTY_ATSTART);
}

bool pattern_is_onepass(const struct pattern *p)
{
	return p->onepass != NULL;
}

/* The smallest onepass_window() with which onepass_find() is faster than PCRE2, which searches for
 * the first byte of a match. */
enum { FINDER_WINDOW = 4 };

bool pattern_has_finder(const struct pattern *p, bool every_match)
{
	size_t least = every_match ? 1 : FINDER_WINDOW;

	return p->onepass && !pattern_literal(p).len && onepass_window(p->onepass) >= least;
}

const char *pattern_find(const struct pattern *p, struct span bytes)
{
	return onepass_find(p->onepass, bytes);
}

const char *pattern_next(const struct pattern *p, struct span bytes)
{
	return onepass_next(p->onepass, bytes);
}

enum pattern_result pattern_match_here(struct pattern *p, struct span bytes)
{
	p->line = bytes;
	p->ends = p->onepass_ends;
	switch (onepass_match(p->onepass, bytes, p->onepass_ends)) {
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

bool pattern_group_is_set(const struct pattern *p, unsigned n)
{
	return p->ends[(size_t)2 * n] != PCRE2_UNSET;
}

size_t pattern_start(const struct pattern *p)
{
	return p->ends[0];
}

size_t pattern_end(const struct pattern *p)
{
	return p->ends[1];
}

bool pattern_uses_jit(const struct pattern *p)
{
	return p->jit;
}
