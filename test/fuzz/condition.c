/* condition.c -- fuzz conditions (-w): the results of all operators must be consistent.
 *
 * Input: a field's name, a newline, the value of the condition, a newline, the line's value.
 *
 * Either all of <, >, <= and >= are refused, or at most one of <, = and > holds, and the results of
 * the other comparisons follow from these three.  A pattern either matches or does not match.
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

/* PCRE2 takes long to compile a long pattern. */
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

/* True if the condition can compare its number with the line's value. */
static bool can_compare(const struct condition *c, struct span of_line)
{
	enum quantity_kind kind;
	struct sum sum;

	if (c->quantity)
		return quantity_read(of_line, &sum, &kind) &&
		       (kind == QUANTITY_PLAIN || kind == c->kind);
	return !c->number || decimal_is(of_line);
}

/* Return 1 if the condition holds, 0 if it does not hold, -1 if it is refused, and -2 if its
 * pattern gave up.  *comparable says what can_compare() does. */
static int ask(
	struct span field, const char *op, struct span value, struct span of_line, bool *comparable)
{
	char *text = condition_text(field, op, value);
	struct fields fields = {0};
	struct complaint why;
	struct condition *c = condition_compile((struct arg){text, "-w"}, false, &fields, &why);
	int answer = -1;

	if (c) {
		enum pattern_result holds = condition_holds(c, of_line);
		answer = holds == PATTERN_GAVE_UP ? -2 : holds == PATTERN_YES;
		*comparable = can_compare(c, of_line);
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
	bool comparable = true, unused;

	for (size_t i = 0; i < 2; i++) {
		const char *newline = span_first(rest, '\n');
		if (!newline)
			return 0;
		parts[i] = span_between(rest.at, newline);
		rest = span_from(rest, parts[i].len + 1);
		/* A NUL would end the text of the condition, and an operator would end the name. */
		if (span_first(parts[i], '\0'))
			return 0;
	}
	for (const char *p = parts[0].at; p < span_end(parts[0]); p++)
		if (strchr("<>=!~%", *p))
			return 0;
	if (parts[1].len && strchr("=~>", parts[1].at[0]))
		return 0; /* this byte would belong to the operator */
	if (parts[0].len && memmem(parts[0].at, parts[0].len, "in", 2))
		return 0; /* this may be an operator */
	struct span line = fuzz_copy(rest);
	bool pattern = parts[1].len <= LONGEST_PATTERN && rest.len < 10 * LONGEST_PATTERN;
	for (int i = 0; i < OPERATORS; i++)
		answers[i] = i < MATCHES || pattern ? ask(parts[0], operators[i], parts[1], line,
							      i < MATCHES ? &comparable : &unused)
						    : -1;
	check_comparisons(answers, comparable);
	free((void *)(uintptr_t)line.at);
	return 0;
}
