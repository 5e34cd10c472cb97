/* condition.c -- fuzz conditions: what -w compares must be consistent.
 *
 * Input: a field's name, a newline, the value of the condition, a newline, the line's value.  The
 * six comparisons are all refused, or at most one of <, = and > holds, and the others follow from
 * these; a pattern either matches or does not.
 */
#include <stdio.h>

#include "test/fuzz/fuzz.h"

#include "lib/decimal.h"
#include "query/condition.h"

enum {
	LESS,
	EQUAL,
	GREATER,
	LESS_EQUAL,
	NOT_EQUAL,
	GREATER_EQUAL,
	MATCHES,
	MATCHES_NOT,
	OPERATORS
};

static const char *const operators[OPERATORS] = {"<", "=", ">", "<=", "!=", ">=", "~", "!~"};

/* Patterns are compiled by PCRE2, which takes long for long ones. */
enum { LONGEST_PATTERN = 200 };

static char *condition_text(struct span field, const char *op, struct span value)
{
	size_t room = field.len + strlen(op) + value.len + 1;
	char *text = malloc(room);

	assert(text);
	memcpy(text, field.at, field.len);
	memcpy(text + field.len, op, strlen(op));
	if (value.len)
		memcpy(text + field.len + strlen(op), value.at, value.len);
	text[room - 1] = '\0';
	return text;
}

/* Whether the condition holds; -1: it is refused, -2: its pattern gave up. */
static int ask(
	struct span field, const char *op, struct span value, struct span of_line, bool *number)
{
	char *text = condition_text(field, op, value);
	struct fields fields = {0};
	struct complaint why;
	struct condition *c =
		condition_compile((struct arg){text, "-w"}, false, &fields, &why);
	int answer = -1;

	if (c) {
		enum pattern_result holds = condition_holds(c, of_line);
		answer = holds == PATTERN_GAVE_UP ? -2 : holds == PATTERN_YES;
		*number = c->number;
	} else {
		assert(*why.text && !memchr(why.text, '\n', strlen(why.text)));
	}
	condition_free(c);
	fields_free(&fields);
	free(text);
	return answer;
}

static void check_comparisons(const int *a, bool comparable)
{
	if (a[LESS] < 0) {
		assert(a[GREATER] < 0 && a[LESS_EQUAL] < 0 && a[GREATER_EQUAL] < 0);
	} else {
		assert(a[LESS] + a[EQUAL] + a[GREATER] == comparable);
		assert(a[LESS_EQUAL] == (a[LESS] || a[EQUAL]));
		assert(a[GREATER_EQUAL] == (a[GREATER] || a[EQUAL]));
	}
	assert(a[EQUAL] < 0 ? a[NOT_EQUAL] < 0 : a[EQUAL] != a[NOT_EQUAL]);
	if (a[MATCHES] < 0)
		assert(a[MATCHES_NOT] == a[MATCHES]);
	else
		assert(a[MATCHES] != a[MATCHES_NOT]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = {(const char *)data, size}, parts[2];
	int answers[OPERATORS];
	bool number = false, unused;

	for (size_t i = 0; i < 2; i++) {
		const char *newline = span_first(rest, '\n');
		if (!newline)
			return 0;
		parts[i] = span_between(rest.at, newline);
		rest = span_from(rest, parts[i].len + 1);
		/* A NUL ends the text, and an operator in the name the name. */
		if (span_first(parts[i], '\0'))
			return 0;
	}
	for (const char *p = parts[0].at; p < span_end(parts[0]); p++)
		if (strchr("<>=!~%", *p))
			return 0;
	if (parts[1].len && strchr("=~>", parts[1].at[0]))
		return 0; /* it would belong to the operator */
	struct span line = fuzz_copy(rest);
	bool pattern = parts[1].len <= LONGEST_PATTERN && rest.len < 10 * LONGEST_PATTERN;
	for (int i = 0; i < OPERATORS; i++)
		answers[i] = i < MATCHES || pattern ? ask(parts[0], operators[i], parts[1], line,
							      i < MATCHES ? &number : &unused)
						    : -1;
	check_comparisons(answers, !number || decimal_is(line));
	free((void *)(uintptr_t)line.at);
	return 0;
}
