/* ltsv.c -- cuts lines of Labeled Tab-separated Values: "host:192.0.2.1\ttime:...\tstatus:200".
 *
 * names.h says which labels are base fields.  If two pieces have the same label, the first one
 * counts.
 */
#include <stdlib.h>

#include "formats/cutter.h"
#include "formats/named_values.h"
#include "lib/ascii.h"
#include "lib/decimal.h"
#include "lib/swar.h"

static void *ltsv_compile(const char *text, const struct wanted *wanted, struct complaint *c)
{
	(void)text, (void)c;
	return named_values_new(wanted, NAMES_LTSV);
}

static void ltsv_free(void *compiled)
{
	named_values_free(compiled);
}

static bool is_label_byte(char c)
{
	return ascii_is_letter(c) || decimal_is_digit(c) || c == '_' || c == '.' || c == '-';
}

/* The part of a line that has not been read. */
struct pieces {
	const char *p, *end;
	bool gap; /* true after an empty piece; then only empty pieces may follow */
};

enum next_piece { PIECE, PIECE_NONE, PIECE_BAD };

static enum next_piece next_piece(struct pieces *rest, struct span *label, struct span *value)
{
	for (; rest->p < rest->end && *rest->p == '\t'; rest->p++)
		rest->gap = true;
	const char *p = rest->p, *end = rest->end, *colon = p;
	if (p == end)
		return PIECE_NONE;
	while (colon < end && is_label_byte(*colon))
		colon++;
	if (rest->gap || colon == p || colon == end || *colon != ':')
		return PIECE_BAD;
	const char *to = memchr(colon, '\t', (size_t)(end - colon));
	to = to ? to : end;
	*label = span_between(p, colon);
	*value = span_between(colon + 1, to);
	rest->p = to < end ? to + 1 : end;
	return PIECE;
}

static struct pieces pieces_of(struct span line)
{
	return (struct pieces){.p = line.at, .end = span_end(line)};
}

/* Compile the shape of a line, if that is worth it. */
static void compile_shape(struct named_values *values, struct span line)
{
	struct shapes *all = named_values_shapes(values);
	struct shape *s = shapes_begin(all);
	struct pieces rest = pieces_of(line);
	struct span label, value;
	const char *from = line.at;

	if (!s)
		return;
	while (next_piece(&rest, &label, &value) == PIECE) {
		bool found = named_values_find(values, label);
		named_values_add_step(values, s, span_between(from, value.at), found);
		from = span_end(value);
	}
	shape_finish(s, span_between(from, span_end(line)));
	shapes_end(all);
}

static inline const char *step_value_end(
	const struct shape_step *step, const char *p, const char *end)
{
	const char *to = swar_find_far(p, end, '\t');

	(void)step;
	return to ? to : end;
}

static bool read_slot(size_t slot, struct span text, struct arena *arena, struct span *value)
{
	(void)arena;
	*value = names_slot_value(slot, text);
	return true;
}

static const struct split_rule rule = {
	.separator = '\t', .before = '\t', .stop1 = '\t', .stop2 = '\t'};

static enum cut_result ltsv_cut(void *compiled, struct span line, const struct cut *cut)
{
	struct named_values *values = compiled;
	struct span label, value, texts[SHAPE_PICKS + 1];
	enum next_piece next;
	size_t n = 0;

	line = span_trim_start(line, " \t");
	const struct shape *shape = shapes_find_split(
		named_values_shapes(values), line, cut_readable_end(cut, line), rule, texts);
	if (!shape)
		shape = shapes_find(named_values_shapes(values), line, step_value_end, texts);
	if (shape) {
		named_values_clear(values, cut->slots);
		return shape_pick(shape, texts, read_slot, cut) ? CUT_FITS : CUT_FAILED;
	}
	if (!named_values_begin(values))
		return CUT_FAILED;
	struct pieces rest = pieces_of(line);
	for (; (next = next_piece(&rest, &label, &value)) == PIECE; n++)
		if (named_values_find(values, label))
			named_values_put(values, value);
	if (next == PIECE_BAD || !n)
		return CUT_NOT;
	named_values_store(values, cut->slots);
	compile_shape(values, line);
	return CUT_FITS;
}

static bool ltsv_tell_own(void *compiled, struct span line, const struct listener *listener)
{
	struct name_test test;

	(void)compiled;
	if (!name_test_new(&test, NAMES_LTSV))
		return false;
	line = span_trim_start(line, " \t");
	while (line.len) {
		const char *tab = span_first(line, '\t');
		struct span piece = tab ? span_between(line.at, tab) : line;
		const char *colon = span_first(piece, ':');
		struct span label = span_of(piece.at, colon ? (size_t)(colon - piece.at) : 0);
		if (colon && !name_test_is_base(&test, label))
			listener->tell(listener->ctx, label, span_from(piece, label.len + 1));
		line = span_from(line, piece.len + (tab != NULL));
	}
	name_test_free(&test);
	return true;
}

const struct cutter ltsv_cutter = {
	.compile = ltsv_compile,
	.cut = ltsv_cut,
	.tell_own = ltsv_tell_own,
	.free = ltsv_free,
};
