/* csv.c -- cuts lines of CSV and TSV, whose first line names the columns.
 *
 * The text of the format is that first line, the header.  Its delimiter is the one of , ; | and tab
 * that it has most often.  Values may be in quotes, in which two quotes stand for one (RFC 4180).
 * names.h says which names are base fields.  A line that is equal to the header is a comment,
 * because files are often concatenated.
 *
 * A value in quotes may not go on in the next line: such lines do not fit.
 */
#include "formats/csv.h"

#include <stdlib.h>
#include <strings.h>

#include "formats/columns.h"
#include "formats/cutter.h"
#include "formats/foreign_names.h"
#include "formats/names.h"
#include "formats/split.h"
#include "lib/array.h"
#include "lib/ascii.h"
#include "lib/decimal.h"
#include "lib/swar.h"

struct column {
	struct span name; /* in .header */
	size_t first_use; /* the index of its first use; its last use is before that of the next
			   * column */
	bool is_needed;   /* true if the query needs a field that the column may be */
	bool is_number; /* true if it is the status or the number of bytes, and no other column can
			   * be it */
};

/* A slot that gets the value of a column. */
struct use {
	int slot;
	unsigned rank;
	bool is_shared; /* true if another column has the same slot; then the lowest rank that has a
			 * value counts */
};

struct csv {
	const struct wanted *wanted;
	char *header, *names; /* .names has the names of columns in quotes */
	size_t header_len;
	char delimiter;
	struct column *columns;
	size_t n, room;
	size_t *read; /* the columns whose values must be read */
	size_t n_read;
	uint64_t first_lengths; /* bit i is set if the name of a column has i bytes, modulo 64 */
	struct use *uses;
	size_t n_uses, uses_room;
	unsigned *ranks; /* one for each slot, for the current line */
	bool has_date;   /* true if a column has the date, and another one perhaps only the time of
			  * day */
};

/* --- Columns ----------------------------------------------------------------------- */

/* Read the column that begins at `p`.  *next becomes the place of the delimiter after it, or the end
 * of the line.  False if a quote is not closed, or if something follows the closing quote. */
static inline bool read_column(const char *p, const char *end, char delimiter, struct span *value,
	bool *quoted, const char **next)
{
	*quoted = p < end && *p == '"';
	if (!*quoted) {
		const char *to = swar_find(p, end, delimiter);
		*next = to ? to : end;
		*value = span_between(p, *next);
		return true;
	}
	for (const char *q = p + 1; q < end && (q = swar_find(q, end, '"')) != NULL; q++) {
		if (q + 1 < end && q[1] == '"') {
			q++;
			continue;
		}
		*value = span_between(p + 1, q);
		*next = q + 1;
		return q + 1 == end || q[1] == delimiter;
	}
	*next = end;
	return false;
}

static char delimiter_of(struct span header)
{
	static const char all[] = {',', '\t', ';', '|'};
	size_t most = 0;
	char best = ',';

	for (size_t i = 0; i < sizeof all; i++) {
		size_t n = 0;
		for (size_t k = 0; k < header.len; k++)
			n += header.at[k] == all[i];
		if (n > most) {
			best = all[i];
			most = n;
		}
	}
	return best;
}

/* True if the text can be the name of a column: it begins with a letter, '_', '@' or '#', and has no
 * control characters.  Neither a number nor a time nor an address is a name. */
static bool is_name(struct span s)
{
	if (!s.len)
		return false;
	char c = s.at[0];
	if (!(ascii_is_letter(c) || c == '_' || c == '@' || c == '#' || (unsigned char)c >= 0x80))
		return false;
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.at[i] < ' ' || s.at[i] == '"' || s.at[i] == '=' ||
			s.at[i] == 0x7f)
			return false;
	return true;
}

static bool is_open_after(struct span line, char delimiter)
{
	const char *p = line.at, *end = span_end(line), *next;
	struct span value;
	bool quoted;

	for (; p <= end; p = next + 1) {
		if (!read_column(p, end, delimiter, &value, &quoted, &next))
			return next == end;
		if (next == end)
			break;
	}
	return false;
}

bool csv_is_open(struct span header, struct span line)
{
	return line.len && is_open_after(line, delimiter_of(header));
}

bool csv_is_header(struct span line)
{
	char delimiter = delimiter_of(line);
	const char *p = line.at, *end = span_end(line), *next;
	struct span value;
	bool quoted;
	size_t n = 0;

	for (; line.len && p <= end; p = next + 1) {
		if (!read_column(p, end, delimiter, &value, &quoted, &next) || !is_name(value))
			return false;
		n++;
		if (next == end)
			break;
	}
	return n > 1;
}

/* --- Compiling ---------------------------------------------------------------------- */

static bool add_use(struct csv *csv, const struct name_use *use)
{
	if (!ARRAY_GROW(csv->uses, csv->n_uses, &csv->uses_room))
		return false;
	bool is_shared = false;
	for (size_t i = 0; i < csv->n_uses; i++)
		if (csv->uses[i].slot == use->slot)
			csv->uses[i].is_shared = is_shared = true;
	csv->uses[csv->n_uses++] = (struct use){use->slot, use->rank, is_shared};
	struct column *column = &csv->columns[csv->n - 1];
	column->is_needed |= use->slot >= BASES || use->slot == BASE_TIME ||
			     (csv->wanted->bases & base_bit((enum base)use->slot));
	return true;
}

/* Add the uses of the last column that it has if it is called `name`: in base fields, or in others.
 * False if out of memory. */
static bool add_uses(struct csv *csv, struct span name, bool base, const struct names *names,
	const struct name_path *empty)
{
	struct name_path path = *empty;

	names_path_add(names, &path, name);
	const struct name_entry *e = names_look_up(names, &path);
	for (const struct name_use *use = NULL; (use = names_next_use(names, e, &path, use));)
		if ((use->slot < BASES) == base && !add_use(csv, use))
			return false;
	return true;
}

/* Add a column.  A blank in its name is like '_', which names_look_up() ignores; the names of W3C
 * are known, too. */
static bool add_column(
	struct csv *csv, struct span name, const struct names *names, const struct name_path *empty)
{
	size_t before = csv->n_uses, len = 0;
	char plain[64];

	if (!ARRAY_GROW(csv->columns, csv->n, &csv->room))
		return false;
	csv->columns[csv->n++] = (struct column){.name = name, .first_use = before};
	if (!add_uses(csv, name, false, names, empty))
		return false;
	size_t own = csv->n_uses;
	for (size_t i = 0; i < name.len && len < sizeof plain; i++)
		if (name.at[i] != ' ')
			plain[len++] = name.at[i];
	if (!add_uses(csv, span_of(plain, len), true, names, empty))
		return false;
	const char *ours = csv->n_uses == own ? foreign_field(name) : NULL;
	return !ours || add_uses(csv, span_text(ours), true, names, empty);
}

static bool add_columns(struct csv *csv, const struct names *names, const struct name_path *empty)
{
	const char *p = csv->header, *end = csv->header + csv->header_len, *next;
	struct arena arena = {0};
	struct span value;
	bool quoted, ok = true;

	for (char *to = csv->names; ok && csv->header_len && p <= end; p = next + 1) {
		ok = read_column(p, end, csv->delimiter, &value, &quoted, &next) &&
		     (!quoted || columns_undouble(&value, &arena));
		if (ok && value.len)
			memcpy(to, value.at, value.len);
		ok = ok && add_column(csv, span_of(to, value.len), names, empty);
		to += value.len;
		if (next == end)
			break;
	}
	arena_free(&arena);
	return ok;
}

static bool is_called(struct span name, const char *text)
{
	return name.len == strlen(text) && strncasecmp(name.at, text, name.len) == 0;
}

/* Let the column "date" be the date of the column "time", if there are both. */
static void use_date(struct csv *csv)
{
	size_t date = SIZE_MAX;
	bool has_time = false;

	for (size_t i = 0; i < csv->n; i++) {
		if (is_called(csv->columns[i].name, "date"))
			date = i;
		has_time |= is_called(csv->columns[i].name, "time");
	}
	csv->has_date = has_time && date != SIZE_MAX;
	for (size_t u = csv->has_date ? csv->columns[date].first_use : csv->n_uses; u < csv->n_uses;
		u++)
		if ((date + 1 == csv->n || u < csv->columns[date + 1].first_use) &&
			csv->uses[u].slot == BASE_TIME)
			csv->uses[u].slot = BASE_DATE;
}

/* Find the columns that must have numbers. */
static void mark_numbers(struct csv *csv)
{
	for (size_t i = 0; i < csv->n; i++) {
		struct column *column = &csv->columns[i];
		size_t end = i + 1 < csv->n ? column[1].first_use : csv->n_uses;
		for (size_t u = column->first_use; u < end; u++) {
			const struct use *use = &csv->uses[u];
			bool is_number = use->slot == BASE_STATUS || use->slot == BASE_BYTES;
			column->is_number |= is_number && !use->is_shared;
		}
	}
}

/* List the columns whose values must be read in each line.  False if out of memory. */
static bool list_read(struct csv *csv)
{
	mark_numbers(csv);
	csv->read = calloc(csv->n + 1, sizeof *csv->read);
	for (size_t i = 0; csv->read && i < csv->n; i++) {
		csv->first_lengths |= UINT64_C(1) << csv->columns[i].name.len % 64;
		if (csv->columns[i].is_needed || csv->columns[i].is_number)
			csv->read[csv->n_read++] = i;
	}
	return csv->read;
}

static void csv_free(void *compiled)
{
	struct csv *csv = compiled;

	free(csv->header);
	free(csv->names);
	free(csv->columns);
	free(csv->uses);
	free(csv->ranks);
	free(csv->read);
	free(csv);
}

/* Compile a header.  An empty header has no columns, and no line fits. */
static void *csv_compile(const char *text, const struct wanted *wanted, struct complaint *c)
{
	const struct wanted all = {.bases = UINT32_MAX, .names = wanted->names};
	struct csv *csv = calloc(1, sizeof *csv);
	struct names *names = NULL; /* compiling the names takes longer than reading a small log */
	struct name_path empty = {0};
	size_t len = strlen(text);

	if (len && !csv_is_header(span_of(text, len))) {
		complain(c, "must have the names of at least two columns after 'csv:', such as "
			    "csv:time,client,url");
		goto fail;
	}
	if (!csv)
		goto fail;
	csv->wanted = wanted;
	if (!len)
		return csv;
	names = names_compile(&all, NAMES_COMMON);
	if (!names || !names_path_new(names, &empty))
		goto fail;
	csv->header = strdup(text);
	csv->names = malloc(len + 1);
	csv->header_len = len;
	csv->delimiter = delimiter_of(span_of(text, len));
	csv->ranks = calloc(BASES + wanted->names.n + 1, sizeof *csv->ranks);
	if (!csv->header || !csv->names || !csv->ranks || !add_columns(csv, names, &empty) ||
		!list_read(csv))
		goto fail;
	use_date(csv);
	free(empty.folded);
	names_free(names);
	return csv;
fail:
	free(empty.folded);
	names_free(names);
	if (csv)
		csv_free(csv);
	return NULL;
}

/* --- Cutting ------------------------------------------------------------------------ */

/* Store a value in a slot, unless the slot has a better one. */
static inline void put(
	struct csv *csv, const struct use *use, struct span value, struct span *slots)
{
	value = names_slot_value((size_t)use->slot, value);
	if (use->slot < BASES && !value.len)
		return;
	unsigned rank = use->rank;
	if (use->is_shared && !names_suits((size_t)use->slot, value))
		rank += NAMES_UNSUITABLE;
	if (use->is_shared && slots[use->slot].at && csv->ranks[use->slot] <= rank)
		return;
	slots[use->slot] = value;
	csv->ranks[use->slot] = rank;
}

static inline bool begins_with_letter(struct span s)
{
	return s.len && ascii_is_letter(s.at[0]);
}

/* Store the value of column i, if the query needs it.  CUT_NOT if it cannot be the value of this
 * column: a status or a number of bytes that begins with a letter, as in a header. */
static inline enum cut_result put_all(
	struct csv *csv, size_t i, struct span value, bool quoted, const struct cut *cut)
{
	const struct column *column = &csv->columns[i];

	if (column->is_number && begins_with_letter(value))
		return CUT_NOT;
	if (!column->is_needed)
		return CUT_FITS;
	size_t end = i + 1 < csv->n ? column[1].first_use : csv->n_uses;
	if (quoted && !columns_undouble(&value, cut->arena))
		return CUT_FAILED;
	for (size_t u = column->first_use; u < end; u++)
		put(csv, &csv->uses[u], value, cut->slots);
	return CUT_FITS;
}

/* A date counts only for a time that has none itself, such as "12:00:01". */
static void drop_date(struct span *slots)
{
	struct span time = slots[BASE_TIME];
	const char *colon = time.at ? span_first(time, ':') : NULL;

	if (!colon || colon - time.at > 2)
		slots[BASE_DATE] = span_of(NULL, 0);
}

/* True if the line can be another header: its first value is the name of a column, and all its
 * values can be names.  Such a line is no record. */
static bool is_other_header(const struct csv *csv, struct span line, struct span first)
{
	if (!(csv->first_lengths >> first.len % 64 & 1))
		return false;
	for (size_t i = 0; i < csv->n; i++)
		if (span_equal(csv->columns[i].name, first))
			return csv_is_header(line);
	return false;
}

/* Cut a line that split_line() has split. */
static enum cut_result cut_split(
	struct csv *csv, struct span line, const struct split *s, const struct cut *cut)
{
	if (s->n != csv->n || is_other_header(csv, line, split_unquoted(s, line, 0)))
		return CUT_NOT;
	for (size_t i = 0; i < csv->n_read; i++) {
		size_t at = csv->read[i];
		enum cut_result result = put_all(csv, at, split_unquoted(s, line, at), false, cut);
		if (result != CUT_FITS)
			return result;
	}
	if (csv->has_date)
		drop_date(cut->slots);
	return CUT_FITS;
}

static enum cut_result csv_cut(void *compiled, struct span line, const struct cut *cut)
{
	struct csv *csv = compiled;
	const char *p = line.at, *end = span_end(line), *next = end;

	memset(cut->slots, 0, (BASES + csv->wanted->names.n) * sizeof *cut->slots);
	if (!csv->n || !line.len)
		return CUT_NOT;
	if (line.len == csv->header_len && memcmp(line.at, csv->header, line.len) == 0)
		return CUT_COMMENT;
	const struct split_rule rule = {
		csv->delimiter, true, csv->delimiter, csv->delimiter, csv->delimiter};
	struct split split;
	if (split_line(line, cut_readable_end(cut, line), rule, &split))
		return cut_split(csv, line, &split, cut);
	for (size_t i = 0;; i++, p = next + 1) {
		struct span value;
		bool quoted;
		if (i == csv->n || !read_column(p, end, csv->delimiter, &value, &quoted, &next))
			return CUT_NOT;
		if (i == 0 && is_other_header(csv, line, value))
			return CUT_NOT;
		enum cut_result result = put_all(csv, i, value, quoted, cut);
		if (result != CUT_FITS)
			return result;
		if (next != end)
			continue;
		if (csv->has_date)
			drop_date(cut->slots);
		return i + 1 == csv->n ? CUT_FITS : CUT_NOT;
	}
}

/* --- Fields ------------------------------------------------------------------------- */

static uint32_t csv_bases(const void *compiled)
{
	const struct csv *csv = compiled;
	uint32_t bases = csv->n ? 0 : UINT32_MAX;

	for (size_t i = 0; i < csv->n_uses; i++)
		if (csv->uses[i].slot < BASES)
			bases |= base_bit((enum base)csv->uses[i].slot);
	return bases;
}

static bool csv_has(const void *compiled, const char *name)
{
	const struct csv *csv = compiled;

	for (size_t i = 0; i < csv->n; i++)
		if (span_equal(csv->columns[i].name, span_text(name)))
			return true;
	return !csv->n;
}

static struct span csv_own_name(const void *compiled, size_t i)
{
	const struct csv *csv = compiled;

	return i < csv->n ? csv->columns[i].name : span_of(NULL, 0);
}

const struct cutter csv_cutter = {
	.compile = csv_compile,
	.cut = csv_cut,
	.free = csv_free,
	.bases = csv_bases,
	.has = csv_has,
	.own_name = csv_own_name,
};
