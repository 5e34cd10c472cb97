/* ltsv.c -- cuts lines of Labeled Tab-separated Values: "host:192.0.2.1\ttime:...\tstatus:200".
 *
 * The table below has the labels that http://ltsv.org recommends.
 */
#include "formats/cutter.h"
#include "lib/decimal.h"

static const struct known labels[] = {
	{"host", BASE_CLIENT},
	{"ident", BASE_IDENT},
	{"user", BASE_USER},
	{"time", BASE_TIME},
	{"req", BASE_REQUEST},
	{"method", BASE_METHOD},
	{"uri", BASE_URL},
	{"path", BASE_PATH},
	{"query", BASE_QUERY},
	{"protocol", BASE_PROTO},
	{"status", BASE_STATUS},
	{"size", BASE_BYTES},
	{"referer", BASE_REFERRER},
	{"ua", BASE_AGENT},
	{"vhost", BASE_HOST},
	{"port", BASE_PORT},
};

static void *ltsv_compile(const char *text, const struct wanted *wanted, struct complaint *c)
{
	(void)text, (void)c;
	return (void *)(uintptr_t)wanted;
}

static bool is_label_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || decimal_is_digit(c) ||
	       c == '_' || c == '.' || c == '-';
}

/* Remove the brackets in which LTSV logs write a time. */
static struct span without_brackets(struct span s)
{
	if (s.len >= 2 && s.at[0] == '[' && s.at[s.len - 1] == ']')
		return span_of(s.at + 1, s.len - 2);
	return s;
}

/* Store a value in the slots that the query has for its label, unless they are filled already.
 * There may be two slots: one for the label, and one for the base field that the label names. */
static void put(
	const struct wanted *wanted, struct span label, struct span value, struct span *slots)
{
	int own = own_slot(wanted, label);
	int base = base_named(labels, sizeof labels / sizeof *labels, label);

	if (own >= 0 && !slots[own].at)
		slots[own] = value;
	if (base >= 0 && !slots[base].at)
		slots[base] = base == BASE_TIME ? without_brackets(value) : value;
}

static enum cut_result ltsv_cut(void *compiled, struct span line, const struct cut *cut)
{
	const struct wanted *wanted = compiled;
	size_t pieces = 0;
	bool gap = false; /* true after an empty piece; then only empty pieces may follow */

	memset(cut->slots, 0, (BASES + wanted->names.n) * sizeof *cut->slots);
	line = span_trim_start(line, " \t");
	for (const char *p = line.at, *end = span_end(line); p < end;) {
		const char *to = memchr(p, '\t', (size_t)(end - p)), *colon = p;
		to = to ? to : end;
		while (colon < to && is_label_byte(*colon))
			colon++;
		if (to == p) {
			gap = true;
		} else {
			if (gap || colon == p || colon == to || *colon != ':')
				return CUT_NOT;
			put(wanted, span_between(p, colon), span_between(colon + 1, to),
				cut->slots);
			pieces++;
		}
		p = to + 1;
	}
	return pieces ? CUT_FITS : CUT_NOT;
}

static bool ltsv_tell_own(void *compiled, struct span line, const struct listener *listener)
{
	(void)compiled;
	line = span_trim_start(line, " \t");
	while (line.len) {
		const char *tab = span_first(line, '\t');
		struct span piece = tab ? span_between(line.at, tab) : line;
		const char *colon = span_first(piece, ':');
		struct span label = span_of(piece.at, colon ? (size_t)(colon - piece.at) : 0);
		if (colon && base_named(labels, sizeof labels / sizeof *labels, label) < 0)
			listener->tell(listener->ctx, label, span_from(piece, label.len + 1));
		line = span_from(line, piece.len + (tab != NULL));
	}
	return true;
}

const struct cutter ltsv_cutter = {
	.compile = ltsv_compile,
	.cut = ltsv_cut,
	.tell_own = ltsv_tell_own,
};
