#include "query/function.h"

#include <stdio.h>

#include "lib/decimal.h"

static const struct function functions[] = {
	{"count", STATISTIC_COUNT, NO_OPERAND},
	{"share", STATISTIC_SHARE, NO_OPERAND},
	{"rate", STATISTIC_RATE, NO_OPERAND},
	{"first", STATISTIC_FIRST, OF_TIME},
	{"last", STATISTIC_LAST, OF_TIME},
	{"sum", STATISTIC_SUM, OF_NUMBER},
	{"avg", STATISTIC_AVG, OF_NUMBER},
	{"min", STATISTIC_MIN, OF_NUMBER},
	{"max", STATISTIC_MAX, OF_NUMBER},
	{"sd", STATISTIC_SD, OF_NUMBER},
	{"uniq", STATISTIC_UNIQ, OF_VALUE},
	{"~uniq", STATISTIC_SKETCH, OF_VALUE},
	{"n", STATISTIC_MEETING, OF_CONDITION},
	{"pct", STATISTIC_PERCENTAGE, OF_CONDITION},
}, percentile = {"p50", STATISTIC_PERCENTILE, OF_NUMBER};

/* Names that other programs give to functions, and wf's names. */
static const char *const foreign_functions[][2] = {
	{"mean", "avg"},
	{"average", "avg"},
	{"total", "sum"},
	{"median", "p50"},
	{"stddev", "sd"},
	{"stdev", "sd"},
	{"std_dev", "sd"},
	{"minimum", "min"},
	{"maximum", "max"},
	{"distinct", "uniq"},
	{"unique", "uniq"},
	{"nunique", "uniq"},
	{"cardinality", "uniq"},
	{"hll", "~uniq"},
	{"percent", "pct"},
	{"percentage", "pct"},
	{"ratio", "pct"},
	{"countif", "n"},
};

/* Read "p99.9".  False if the text is anything else. */
static bool read_percentile(struct span text, struct sum *percent)
{
	static const struct sum hundred = {UINT64_C(100000000000), 0};

	if (text.len < 2 || text.at[0] != 'p' || !decimal_is_digit(text.at[1]) ||
		sum_read(span_from(text, 1), percent) != SUM_OK)
		return false;
	return !span_first(text, 'e') && !span_first(text, 'E') &&
	       sum_compare(*percent, (struct sum){0}) > 0 &&
	       sum_compare(*percent, hundred) <= 0;
}

const struct function *function_find(struct span text, struct sum *percent)
{
	for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
		if (span_equal(text, span_text(functions[i].name)))
			return &functions[i];
	return read_percentile(text, percent) ? &percentile : NULL;
}

const char *function_operand(struct span function)
{
	struct sum percent;
	const struct function *f = function_find(function, &percent);

	if (span_equal(function, span_text("std")))
		return "bytes";
	if (!f || f->operand <= OF_TIME)
		return NULL;
	return f->operand == OF_CONDITION ? "status>=500" : "bytes";
}

const char *function_guess(
	struct span text, const char *operand, char guess[SUGGEST_PHRASE])
{
	const char *known = NULL;
	struct suggestion nearest = suggest_for(text);
	int n = text.len < 20 ? (int)text.len : 20;

	*guess = '\0';
	if (text.len > 1 && text.at[0] == 'p' && decimal_is_digit(text.at[1]))
		return " (a percentile is more than p0 and at most p100)";
	if (!text.len)
		return " (write FUNCTION:FIELD, or only FIELD for its sum)";
	if (decimal_is(text))
		snprintf(guess, SUGGEST_PHRASE, " (did you mean 'p%.*s'?)", n, text.at);
	else if (operand && function_operand(span_text(operand)))
		snprintf(guess, SUGGEST_PHRASE, " (did you mean '%.20s:%.*s'?)", operand, n, text.at);
	for (size_t i = 0; i < sizeof foreign_functions / sizeof *foreign_functions; i++)
		if (span_equal(text, span_text(foreign_functions[i][0])))
			known = foreign_functions[i][1];
	for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
		suggest_offer(&nearest, span_text(functions[i].name));
	if (known)
		nearest.best = span_text(known);
	return *guess ? guess : suggest_phrase(&nearest, "", guess);
}
