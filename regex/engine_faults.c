#include "regex/engine_faults.h"

#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "regex/tokens.h"

unsigned engine_version(void)
{
	char text[64] = "", *rest;

	if (pcre2_config(PCRE2_CONFIG_VERSION, NULL) <= (int)sizeof text)
		pcre2_config(PCRE2_CONFIG_VERSION, text);
	unsigned major = (unsigned)strtoul(text, &rest, 10);
	unsigned minor = *rest == '.' ? (unsigned)strtoul(rest + 1, NULL, 10) : 0;
	return 100 * major + minor;
}

/* --- Constructs -------------------------------------------------------------------- */

static bool begins_with_one_of(struct span s, const char *set)
{
	return s.len && s.at[0] && strchr(set, s.at[0]);
}

static void skip(struct span *s, size_t n)
{
	*s = span_from(*s, n < s->len ? n : s->len);
}

static void skip_while(struct span *s, const char *set)
{
	while (begins_with_one_of(*s, set))
		skip(s, 1);
}

/* Move *s past the next byte or escape sequence of the expression.  False at the end of the
 * expression.  This function does not skip comments, classes and quoted text, so at worst a caller
 * takes text for a construct. */
static bool next_place(struct span *s)
{
	if (span_begins_with(*s, "\\c"))
		skip(s, 3);
	else
		skip(s, span_begins_with(*s, "\\") ? 2 : 1);
	return s->len > 0;
}

/* True if is() is true at any place of the expression. */
static bool any_place(struct span re, bool (*is)(struct span))
{
	if (!re.len)
		return false;
	do
		if (is(re))
			return true;
	while (next_place(&re));
	return false;
}

/* If the text begins with a call of a group or of the whole expression, such as "(?1)" or "(?R)",
 * return the length of the call; otherwise 0. */
static size_t call_length(struct span s)
{
	static const char *const starts[] = {"(?R", "(?&", "(?P>", "\\g<", "\\g'", "(?+", "(?-",
		"(?0", "(?1", "(?2", "(?3", "(?4", "(?5", "(?6", "(?7", "(?8", "(?9"};
	size_t i = 0, n = sizeof starts / sizeof *starts;

	while (i < n && !span_begins_with(s, starts[i]))
		i++;
	if (i == n)
		return 0;
	bool sign = s.at[2] == '+' || s.at[2] == '-';
	if (sign && (s.len < 4 || s.at[3] < '0' || s.at[3] > '9'))
		return 0; /* an option, such as "(?-i)" */
	struct span rest = span_from(s, strlen(starts[i]));
	char ends[2] = {starts[i][0] == '(' ? ')' : starts[i][2] == '<' ? '>' : '\'', '\0'};
	const char *end = rest.len ? memchr(rest.at, *ends, rest.len) : NULL;
	return end ? (size_t)(end + 1 - s.at) : s.len;
}

static bool is_call(struct span s)
{
	return call_length(s) > 0;
}

/* True if the text begins by setting the option J, which allows several groups to have the same
 * name. */
static bool allows_duplicate_names(struct span s)
{
	if (!span_begins_with(s, "(?"))
		return false;
	skip(&s, 2);
	while (begins_with_one_of(s, "^-aDSWPTimnrsUx"))
		skip(&s, 1);
	return span_begins_with(s, "J");
}

/* If the text begins with a reference to a group by its name, such as "\k<x>", or with "\g{...}",
 * return the length of the reference; otherwise 0. */
static size_t named_reference_length(struct span s)
{
	static const struct {
		const char *start;
		char end;
	} kinds[] = {{"\\k<", '>'}, {"\\k'", '\''}, {"\\k{", '}'}, {"\\g{", '}'}, {"(?P=", ')'}};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		const char *end =
			span_begins_with(s, kinds[i].start) ? span_first(s, kinds[i].end) : NULL;
		if (end)
			return (size_t)(end + 1 - s.at);
	}
	return 0;
}

static bool is_named_reference(struct span s)
{
	return named_reference_length(s) > 0;
}

/* If the text begins with a reference to a group by its name or number, return the length of the
 * reference; otherwise 0. */
static size_t reference_length(struct span s)
{
	struct span rest = s;

	skip(&rest, span_begins_with(s, "\\g-") || span_begins_with(s, "\\g+") ? 3
		    : span_begins_with(s, "\\g")                               ? 2
									       : 1);
	if (!span_begins_with(s, "\\") || !begins_with_one_of(rest, "123456789"))
		return named_reference_length(s);
	skip_while(&rest, "0123456789");
	return s.len - rest.len;
}

static bool is_reference(struct span s)
{
	return reference_length(s) > 0;
}

/* True if the text begins with an assertion that is written as a word, such as
 * "(*positive_lookahead:".  Verbs, such as "(*PRUNE)", are written in capital letters. */
static bool is_named_assertion(struct span s)
{
	return span_begins_with(s, "(*") && s.len > 2 && s.at[2] >= 'a' && s.at[2] <= 'z';
}

static bool is_lookbehind(struct span s)
{
	return span_begins_with(s, "(?<=") || span_begins_with(s, "(?<!") ||
	       span_begins_with(s, "(?<*") || is_named_assertion(s);
}

static bool is_lookahead(struct span s)
{
	return span_begins_with(s, "(?=") || span_begins_with(s, "(?*") || is_named_assertion(s);
}

static bool is_lookbehind_condition(struct span s)
{
	return span_begins_with(s, "(?(?<") || span_begins_with(s, "(?(*");
}

/* --- Empty alternatives ------------------------------------------------------------ */

/* What to assume about calls of groups and references to groups, which tokens.h does not
 * understand. */
enum calls {
	CALLS_UNKNOWN,   /* nothing is known: each call or reference becomes a TOKEN_UNKNOWN */
	CALLS_MAY_EMPTY, /* a call or a reference may match no byte */
	CALLS_TAKE_BYTE, /* a call matches at least one byte; a reference may match none */
};

static struct token next_token(struct span *rest, enum calls calls)
{
	size_t call = calls == CALLS_UNKNOWN ? 0 : call_length(*rest);
	size_t reference = calls == CALLS_UNKNOWN || call ? 0 : reference_length(*rest);

	if (!call && !reference)
		return tokens_next(rest);
	skip(rest, call + reference);
	bool takes_byte = call && calls == CALLS_TAKE_BYTE;
	return (struct token){.kind = takes_byte ? TOKEN_SET : TOKEN_ASSERTION};
}

enum { DEPTH = 32 };

/* What is known of the alternatives in a group, or in the whole expression. */
struct alternatives {
	bool several, any_empty;
	bool takes_byte; /* the current alternative matches at least one byte even without its last
			  * item */
	bool item_takes_byte; /* the last item of the current alternative matches at least one byte;
			       * a quantifier after the item may change that */
};

static void end_item(struct alternatives *a)
{
	a->takes_byte |= a->item_takes_byte;
	a->item_takes_byte = false;
}

static void end_alternative(struct alternatives *a)
{
	end_item(a);
	a->any_empty |= !a->takes_byte;
	a->takes_byte = false;
}

/* True if an alternative may be empty, that is, match no byte.  False only if each alternative
 * certainly matches at least one byte, or if there are no alternatives.  *empty_group becomes true
 * if the whole expression or one of its groups may match no byte. */
static bool find_empty_alternative(struct span re, enum calls calls, bool *empty_group)
{
	struct alternatives stack[DEPTH] = {0}, *a = stack;
	static const char caseless[] = "(?i)"; /* a common prefix, which is skipped because it does
						* not matter here */
	struct span rest = re;

	if (span_begins_with(re, caseless))
		skip(&rest, 4);
	for (;;) {
		struct token t = next_token(&rest, calls);
		if (t.kind != TOKEN_QUANTIFIER)
			end_item(a);
		switch (t.kind) {
		case TOKEN_BYTE:
		case TOKEN_SET:
			a->item_takes_byte = true;
			break;
		case TOKEN_QUANTIFIER:
			a->item_takes_byte &= t.min > 0;
			break;
		case TOKEN_ASSERTION:
			break;
		case TOKEN_CAPTURE:
		case TOKEN_GROUP:
			if (++a == stack + DEPTH)
				return true;
			*a = (struct alternatives){0};
			break;
		case TOKEN_BAR:
			a->several = true;
			end_alternative(a);
			break;
		case TOKEN_CLOSE:
			end_alternative(a);
			*empty_group |= a->any_empty;
			if (a == stack || (a->several && a->any_empty))
				return true;
			a--;
			a->item_takes_byte = !a[1].any_empty;
			break;
		case TOKEN_END:
			end_alternative(a);
			*empty_group |= a->any_empty;
			return a->several && a->any_empty;
		case TOKEN_UNKNOWN:
			return memchr(re.at, '|', re.len) != NULL;
		}
	}
}

/* Do the same as find_empty_alternative(), but understand calls of groups.  First assume that each
 * call matches at least one byte.  If it follows that each group does, too, the assumption is true,
 * because calls can't nest forever.  Otherwise assume that a call may match no byte. */
static bool may_have_empty_alternative(struct span re)
{
	bool empty = false;

	if (!any_place(re, is_call))
		return find_empty_alternative(re, CALLS_UNKNOWN, &empty);
	if (!find_empty_alternative(re, CALLS_TAKE_BYTE, &empty) && !empty)
		return false;
	return find_empty_alternative(re, CALLS_MAY_EMPTY, &empty);
}

static bool holds(struct span re, const char *text)
{
	return memmem(re.at, re.len, text, strlen(text)) != NULL;
}

/* True if the expression may contain a group with a possessive quantifier, such as "(x)*+". */
static bool may_have_possessive_group(struct span re)
{
	for (; re.len; skip(&re, 1)) {
		struct span after = re;
		if (re.at[0] != ')')
			continue;
		skip(&after, 1);
		if (begins_with_one_of(after, "{"))
			skip_while(&after, "{0123456789, ");
		if (begins_with_one_of(after, "*+?}"))
			skip(&after, 1);
		if (begins_with_one_of(after, "+"))
			return true;
	}
	return false;
}

/* --- Faults ------------------------------------------------------------------------ */

/* Return what the JIT may do wrong with the expression; NULL if nothing is known.  The faults of
 * the JIT up to PCRE2 10.42 are
 *	it misses matches after an empty alternative (github.com/PCRE2Project/pcre2/issues/336);
 *	it finds too few or too many matches of atomic groups, as in (?>x+?)y and b(?>[a-z]*b+){2};
 *	it keeps what a possessive group captured in its last iteration even if the iteration
 *		failed: (x.)*+x;
 *	it treats verbs differently, as in x+?(*PRUNE)y.
 * These faults are suspected in later versions, too. */
static const char *jit_fault(struct span re, unsigned version)
{
	/* Two faults of repeated sets were fixed in 10.38 and 10.41 (issues 12 and 133).  So many
	 * patterns repeat a set that all patterns are suspected. */
	if (version < 1041)
		return "miss matches of repeated sets";
	/* Fixed in 10.45: see number 44 of its ChangeLog. */
	if (version < 1045 && any_place(re, allows_duplicate_names) &&
		any_place(re, is_named_reference))
		return "ignore the case of a reference to one of several groups of one name";
	if (holds(re, "(*"))
		return "treat verbs such as (*PRUNE) differently";
	if (holds(re, "(?>"))
		return "find wrong matches of atomic groups";
	if (may_have_possessive_group(re))
		return "find wrong captures of possessive groups";
	if (may_have_empty_alternative(re))
		return "miss matches after an empty alternative";
	return NULL;
}

static const char *interpreter_fault(struct span re, unsigned version)
{
	/* Fixed in 10.43: see number 31 of its ChangeLog. */
	if (version < 1043 && any_place(re, is_call))
		return "keep captures that were made inside a call such as (?1)";
	/* The fault came with 10.43, which introduced lookbehinds of variable length.  Fixed in
	 * 10.45: see number 13 of its ChangeLog. */
	if (version >= 1043 && version < 1045 && any_place(re, is_lookbehind_condition))
		return "take a lookbehind for true that is the condition of a group";
	return NULL;
}

struct engine_faults engine_faults(struct span re, unsigned version)
{
	struct engine_faults f = {jit_fault(re, version), interpreter_fault(re, version), false};

	/* 10.43 compiles references in lookbehinds wrongly for both engines.  Fixed in 10.44: see
	 * number 1 of its ChangeLog. */
	if (version == 1043 && any_place(re, is_lookbehind) && any_place(re, is_reference))
		f.jit = f.interpreter = "take a reference in a lookbehind for another group";
	/* For (?=a)b?a, PCRE2 searched for two "a", although one is enough.  Fixed in 10.45: see
	 * number 16 of its ChangeLog. */
	f.start = version < 1045 && any_place(re, is_lookahead);
	return f;
}
