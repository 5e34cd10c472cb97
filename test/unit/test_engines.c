/* test_engines.c -- the JIT, the interpreter and the one-pass matcher find the same, and what is
 * right, or the pattern is refused. */
#include "unit.h"

#include <stdio.h>

#include "engine_cases.h"
#include "regex/engine_faults.h"
#include "regex/pattern.h"

/* Write the groups of the last match, with '|' between them. */
static const char *join_groups(const struct pattern *p, char *out, size_t room)
{
	size_t n = 0;

	*out = '\0';
	for (unsigned g = 0; g <= pattern_groups(p); g++) {
		struct span s = pattern_group(p, g);
		n += (size_t)snprintf(out + n, room - n, "%s%.*s", g ? "|" : "", (int)s.len, s.at);
		assert_true(n < room);
	}
	return out;
}

static void expect(const struct engine_case *c, struct pattern *p, const char *engine, bool matched)
{
	char groups[512];

	if (matched != (c->answer == YES))
		fail_msg("%s: %s in '%s': %smatch", engine, c->re, c->line, matched ? "" : "no ");
	if (matched && strcmp(join_groups(p, groups, sizeof groups), c->groups) != 0)
		fail_msg("%s: %s in '%s': %s, not %s", engine, c->re, c->line, groups, c->groups);
}

/* May the pattern be refused because of PCRE2's faults? */
static bool may_be_refused(const struct engine_case *c, bool jit)
{
	struct engine_faults f = engine_faults(span_text(c->re), engine_version());

	return f.interpreter && (f.jit || !jit);
}

/* How many cases each engine has matched. */
struct done {
	size_t jit, interpreter, onepass, refused;
};

/* Match by the engine that wf chooses, or by the interpreter. */
static struct pattern *check(const struct engine_case *c, bool interpret, struct done *done)
{
	struct complaint why;
	char re[1024];

	snprintf(re, sizeof re, "%s%s", interpret ? "(*NO_JIT)" : "", c->re);
	struct pattern *p = pattern_compile(span_text(re), false, &why);
	if (!p && c->answer != ERROR) {
		if (!may_be_refused(c, !interpret))
			fail_msg("%s: %s", re, why.text);
		done->refused++;
	}
	if (!p)
		return NULL;
	if (c->answer == ERROR)
		fail_msg("%s: compiled", re);
	bool jit = pattern_uses_jit(p);
	assert_false(jit && interpret);
	enum pattern_result match = pattern_match(p, span_text(c->line));
	assert_true(match != PATTERN_GAVE_UP);
	expect(c, p, jit ? "JIT" : "interpreter", match == PATTERN_YES);
	*(jit ? &done->jit : &done->interpreter) += 1;
	return p;
}

/* The next place where pattern_match_here() may be called, at or after `from`; NULL: none. */
static const char *next_place(const struct pattern *p, struct span line, const char *from)
{
	struct span literal = pattern_literal(p), rest = span_between(from, span_end(line));

	return literal.len ? memmem(rest.at, rest.len, literal.at, literal.len)
			   : pattern_find(p, rest);
}

static void check_onepass(const struct engine_case *c, struct pattern *p, struct done *done)
{
	struct span line = span_text(c->line);
	enum pattern_result match = PATTERN_NO;

	if (!pattern_is_onepass(p) || !(pattern_literal(p).len || pattern_has_finder(p, false)))
		return;
	for (const char *at = line.at; match == PATTERN_NO && (at = next_place(p, line, at)); at++)
		match = pattern_match_here(p, span_between(at, span_end(line)));
	assert_true(match != PATTERN_GAVE_UP);
	expect(c, p, "one-pass", match == PATTERN_YES);
	done->onepass++;
}

TEST(all_engines_agree)
{
	struct done done = {0};
	bool have_jit = false;

	for (size_t i = 0; i < COUNT(engine_cases); i++) {
		const struct engine_case *c = &engine_cases[i];
		struct pattern *chosen = check(c, false, &done);
		if (chosen) {
			have_jit |= pattern_uses_jit(chosen);
			check_onepass(c, chosen, &done);
		}
		pattern_free(chosen);
		pattern_free(check(c, true, &done));
	}
	assert_true(!have_jit || done.jit > 500);
	assert_true(done.interpreter > 700);
	assert_true(done.onepass > 40);
	assert_true(done.refused < 80);
}

TEST(faults_of_versions)
{
	static const struct {
		const char *re;
		unsigned version;
		bool jit, interpreter, start;
	} cases[] = {
		/* References to duplicate names. */
		{"(?J)(?<n>a)(?<n>b)\\k<n>", 1044, true, false, false},
		{"(?J)(?<n>a)(?<n>b)\\k<n>", 1045, false, false, false},
		{"(?iJ)(?<n>a)(?<n>b)(?P=n)", 1042, true, false, false},
		{"(?J:(?<n>a)(?<n>b)\\g{n})", 1042, true, false, false},
		{"(?J)(?<n>a)(?<n>b)", 1042, false, false, false},
		{"(?i)(?<n>a)\\k<n>", 1042, false, false, false},
		/* Calls. */
		{"(?1)(a(b)|(c))", 1042, false, true, false},
		{"(?1)(a(b)|(c))", 1043, false, false, false},
		{"(a)\\g<1>", 1042, false, true, false},
		{"(?<n>a)(?&n)", 1042, false, true, false},
		{"(?P<n>a)(?P>n)", 1042, false, true, false},
		{"\\((?:[^()]|(?R))*\\)", 1042, false, true, false},
		{"(a)(?+1)(b)(?-1)", 1042, false, true, false},
		{"\\c\\(?1)(a)", 1042, false, true, false},
		{"\\(?1\\)?(a)", 1042, false, false, false},
		{"(?-i)a", 1042, false, false, false},
		/* Neither engine is right. */
		{"(|a)(?1)", 1042, true, true, false},
		{"(?>(?1)x)(a(b)|(c))", 1042, true, true, false},
		/* A call may be empty if its group may be. */
		{"(?:(?1)|b)c(a?)", 1042, true, true, false},
		{"(?:(?1)|b)c(a)", 1042, false, true, false},
		/* Lookaheads. */
		{"(?=a)b?a", 1044, false, false, true},
		{"(?=a)b?a", 1045, false, false, false},
		{"(*pla:a)b?a", 1044, true, false, true},
		{"(?!a)b", 1044, false, false, false},
		/* Lookbehinds. */
		{"(a)?(?(?<=ab|c)d|e)", 1044, true, true, false},
		{"(a)?(?(?<=ab)d)", 1044, false, true, false},
		{"(?<=(a))\\1", 1043, true, true, false},
		{"(?<=(a))\\1", 1044, false, false, false},
		/* An old JIT. */
		{"abc", 1040, true, false, false},
		{"abc", 1042, false, false, false},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct engine_faults f = engine_faults(span_text(cases[i].re), cases[i].version);
		if ((f.jit != NULL) != cases[i].jit ||
			(f.interpreter != NULL) != cases[i].interpreter ||
			f.start != cases[i].start)
			fail_msg("%s, %u: %s; %s; %d", cases[i].re, cases[i].version,
				f.jit ? f.jit : "-", f.interpreter ? f.interpreter : "-", f.start);
	}
	assert_true(engine_version() >= 1030 && engine_version() < 2000);
}

TEST(a_refusal_has_its_reason)
{
	struct complaint why;
	struct pattern *p = pattern_compile(span_text("(?>(?1)x)(a(b)|(c))"), false, &why);

	if (engine_version() >= 1043)
		assert_non_null(p);
	else
		assert_true(!p && strstr(why.text, "call") && strstr(why.text, "atomic"));
	pattern_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_engines_agree),
		cmocka_unit_test(faults_of_versions),
		cmocka_unit_test(a_refusal_has_its_reason),
	};

	return cmocka_run_group_tests_name("engines", tests, NULL, NULL);
}
