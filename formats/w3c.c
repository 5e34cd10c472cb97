/* w3c.c -- cuts lines of the W3C's Extended Log File Format, which IIS and CloudFront write.
 *
 * A heading, "#Fields: date time c-ip ...", names the columns of the lines after it, up to the next
 * heading.  https://www.w3.org/TR/WD-logfile.html
 */
#include <stdlib.h>

#include "formats/columns.h"
#include "formats/cutter.h"
#include "lib/array.h"
#include "lib/decimal.h"

static const char heading[] = "#Fields:";

static const struct known names[] = {
	{"c-ip", BASE_CLIENT},
	{"cs-username", BASE_USER},
	{"date", BASE_DATE},
	{"time", BASE_TIME},
	{"cs-method", BASE_METHOD},
	{"cs-uri", BASE_URL},
	{"cs-uri-stem", BASE_PATH},
	{"cs-uri-query", BASE_QUERY},
	{"cs-version", BASE_PROTO},
	{"cs-protocol-version", BASE_PROTO},
	{"sc-status", BASE_STATUS},
	{"sc-bytes", BASE_BYTES},
	{"cs(Referer)", BASE_REFERRER},
	{"cs(Referrer)", BASE_REFERRER},
	{"cs(User-Agent)", BASE_AGENT},
	{"cs-host", BASE_HOST},
	{"cs(Host)", BASE_HOST},
	{"s-port", BASE_PORT},
};

struct column {
	int base, own; /* the slots for the value: .base if the column is a base field, .own if the
			* query needs the column by its name; -1 if there is no such slot */
};

struct w3c {
	const struct wanted *wanted;
	struct span fields; /* the names in the last heading; they are stored in .copy */
	struct column *columns;
	size_t n, room;
	char *copy;
};

static void *w3c_compile(const char *text, const struct wanted *wanted, struct complaint *c)
{
	struct w3c *w = calloc(1, sizeof *w);

	(void)text, (void)c;
	if (w)
		w->wanted = wanted;
	return w;
}

static void w3c_free(void *compiled)
{
	struct w3c *w = compiled;

	free(w->columns);
	free(w->copy);
	free(w);
}

static bool is_heading(struct span line)
{
	return line.len >= sizeof heading - 1 && memcmp(line.at, heading, sizeof heading - 1) == 0;
}

/* Return `slot`, or -1 if an earlier column already has it.  If several columns mean the same, only
 * the first one counts. */
static int unless_taken(const struct w3c *w, int slot)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->columns[i].base == slot || w->columns[i].own == slot)
			return -1;
	return slot;
}

static bool add_column(struct w3c *w, struct span name)
{
	if (!ARRAY_GROW(w->columns, w->n, &w->room))
		return false;
	int base = base_named(names, sizeof names / sizeof *names, name);
	int own = own_slot(w->wanted, name);
	w->columns[w->n] = (struct column){unless_taken(w, base), unless_taken(w, own)};
	w->n++;
	return true;
}

/* From now on, use the columns that this heading names.  False if out of memory; then there are no
 * columns. */
static bool use_heading(struct w3c *w, struct span line)
{
	struct span rest = span_from(line, sizeof heading - 1);
	struct span name;

	w->n = 0;
	char *copy = realloc(w->copy, rest.len + 1);
	if (!copy)
		return false;
	memcpy(copy, rest.at, rest.len);
	w->copy = copy;
	w->fields = span_of(copy, rest.len);
	struct columns columns = {.rest = w->fields};
	while (columns_next_quoted(&columns, &name)) {
		if (!add_column(w, name)) {
			w->n = 0;
			return false;
		}
	}
	return true;
}

static bool w3c_restart(void *compiled, struct span line)
{
	struct w3c *w = compiled;

	w->n = 0;
	return !is_heading(line) || use_heading(w, line);
}

/* False if a status is neither three digits nor "-", or if a number of bytes is neither digits nor
 * "-".  Values of other columns are not checked. */
static bool is_sane(const struct column *column, struct span value)
{
	if (column->base != BASE_STATUS && column->base != BASE_BYTES)
		return true;
	if (value.len == 1 && value.at[0] == '-')
		return true;
	return decimal_is_digits(value) && (column->base == BASE_BYTES || value.len == 3);
}

static enum cut_result w3c_cut(void *compiled, struct span line, const struct cut *cut)
{
	struct w3c *w = compiled;
	struct columns columns = {.rest = line};
	struct span value;
	size_t i = 0;

	if (line.len && line.at[0] == '#')
		return is_heading(line) && !use_heading(w, line) ? CUT_FAILED : CUT_COMMENT;
	memset(cut->slots, 0, (BASES + w->wanted->names.n) * sizeof *cut->slots);
	for (; columns_next_quoted(&columns, &value); i++) {
		if (i == w->n || !is_sane(&w->columns[i], value))
			return CUT_NOT;
		if (w->columns[i].base >= 0)
			cut->slots[w->columns[i].base] = value;
		if (w->columns[i].own >= 0)
			cut->slots[w->columns[i].own] = value;
	}
	return i && i == w->n ? CUT_FITS : CUT_NOT;
}

static uint32_t w3c_bases(const void *compiled)
{
	const struct w3c *w = compiled;
	uint32_t bases = 0;

	for (size_t i = 0; i < w->n; i++)
		if (w->columns[i].base >= 0)
			bases |= base_bit((enum base)w->columns[i].base);
	if (!(bases & base_bit(BASE_DATE))) /* a time of day without a date is not a BASE_TIME */
		bases &= ~base_bit(BASE_TIME);
	return bases;
}

static bool w3c_has(const void *compiled, const char *name)
{
	const struct w3c *w = compiled;
	struct columns columns = {.rest = w->fields};
	struct span other;

	while (w->n && columns_next_quoted(&columns, &other))
		if (span_equal(other, span_text(name)))
			return true;
	return false;
}

static struct span w3c_own_name(const void *compiled, size_t i)
{
	const struct w3c *w = compiled;
	struct columns columns = {.rest = w->fields};
	struct span name = span_of(NULL, 0);

	for (size_t k = 0; k <= i; k++)
		if (!w->n || !columns_next_quoted(&columns, &name))
			return span_of(NULL, 0);
	return name;
}

const struct cutter w3c_cutter = {
	.compile = w3c_compile,
	.cut = w3c_cut,
	.free = w3c_free,
	.bases = w3c_bases,
	.has = w3c_has,
	.own_name = w3c_own_name,
	.heading = {heading, sizeof heading - 1},
	.restart = w3c_restart,
};
