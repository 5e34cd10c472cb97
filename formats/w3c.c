/* w3c.c -- cuts lines of the W3C's Extended Log File Format, which IIS and CloudFront write.
 *
 * A heading, "#Fields: date time c-ip ...", names the columns of the lines after it, up to the next
 * heading.  Columns are separated by blanks, but CloudFront separates them by single tabs, and
 * values may contain blanks then.  https://www.w3.org/TR/WD-logfile.html
 *
 * The format "iis" is the same, but lines before the first heading have the columns that IIS writes
 * by default: the heading may have been lost when the log was rotated.
 * https://learn.microsoft.com/en-us/iis/configuration/system.applicationhost/sites/sitedefaults/logfile/
 */
#include <stdlib.h>

#include "formats/columns.h"
#include "formats/cutter.h"
#include "formats/split.h"
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
	{"client", BASE_CLIENT},
	{"user", BASE_USER},
	{"method", BASE_METHOD},
	{"url", BASE_URL},
	{"path", BASE_PATH},
	{"query", BASE_QUERY},
	{"proto", BASE_PROTO},
	{"status", BASE_STATUS},
	{"bytes", BASE_BYTES},
	{"referrer", BASE_REFERRER},
	{"agent", BASE_AGENT},
	{"host", BASE_HOST},
	{"port", BASE_PORT},
};

/* What IIS writes by default. */
static const char iis_heading[] =
	"#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip "
	"cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken";

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
	bool is_iis;
	bool is_default; /* true if there is no heading, and the columns are those of iis_heading */
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
	w->is_default = false;
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
	if (is_heading(line))
		return use_heading(w, line);
	if (!w->is_iis)
		return true;
	bool ok = use_heading(w, span_of(iis_heading, sizeof iis_heading - 1));
	w->is_default = ok;
	return ok;
}

static void *iis_compile(const char *text, const struct wanted *wanted, struct complaint *c)
{
	struct w3c *w = w3c_compile(text, wanted, c);

	if (!w)
		return NULL;
	w->is_iis = true;
	if (w3c_restart(w, span_of("", 0)))
		return w;
	w3c_free(w);
	return NULL;
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

/* True if the value has this form, in which a '0' stands for any digit. */
static bool has_form(struct span value, const char *form)
{
	if (value.len != strlen(form))
		return false;
	for (size_t i = 0; i < value.len; i++)
		if (form[i] == '0' ? !decimal_is_digit(value.at[i]) : value.at[i] != form[i])
			return false;
	return true;
}

static bool is_address(struct span value)
{
	static const char bytes[] = "0123456789abcdefABCDEF.:%";

	for (size_t i = 0; i < value.len; i++)
		if (!memchr(bytes, value.at[i], sizeof bytes - 1))
			return false;
	return span_first(value, '.') || span_first(value, ':');
}

/* True if the value can be in column number i of iis_heading. */
static bool is_of_iis(size_t i, struct span value)
{
	static const char kinds[] = "dta./.n.a..nnnn";

	switch (kinds[i]) {
	case 'd':
		return has_form(value, "0000-00-00");
	case 't':
		return has_form(value, "00:00:00");
	case 'a':
		return is_address(value);
	case '/':
		return value.len && value.at[0] == '/';
	case 'n':
		return decimal_is_digits(value);
	default:
		return true;
	}
}

/* True if the columns of the line are separated by single tabs: then there is one tab fewer than
 * columns, and none of them is in quotes. */
static bool is_tabbed(const struct w3c *w, struct span line)
{
	struct columns columns = {.rest = line};
	struct span value;
	size_t tabs = 0;

	for (const char *p = span_first(line, '\t'), *end = span_end(line); p;
		p = span_first(span_between(p + 1, end), '\t'))
		tabs++;
	if (!tabs || tabs + 1 != w->n)
		return false;
	while (span_first(columns.rest, '"') && columns_next_quoted(&columns, &value))
		if (span_first(value, '\t'))
			return false;
	return true;
}

static struct span without_blanks(struct span s)
{
	while (s.len && s.at[0] == ' ')
		s = span_from(s, 1);
	while (s.len && s.at[s.len - 1] == ' ')
		s.len--;
	return s;
}

/* Read the next column of a line whose columns are separated by single tabs.  .rest.at is NULL
 * after the last column. */
static bool next_tabbed(struct columns *c, struct span *value)
{
	if (!c->rest.at)
		return false;
	const char *tab = span_first(c->rest, '\t');
	*value = without_blanks(tab ? span_between(c->rest.at, tab) : c->rest);
	c->rest = tab ? span_between(tab + 1, span_end(c->rest)) : span_of(NULL, 0);
	struct columns inner = {.rest = *value};
	struct span unquoted;
	c->quoted = value->len && value->at[0] == '"' && columns_next_quoted(&inner, &unquoted) &&
		    inner.quoted && !inner.rest.len;
	if (c->quoted)
		*value = unquoted;
	return true;
}

/* Store a value in the slots of its column.  False if out of memory. */
static bool put(const struct column *column, bool quoted, struct span value, const struct cut *cut)
{
	if (column->base < 0 && column->own < 0)
		return true;
	if (quoted && !columns_undouble(&value, cut->arena))
		return false;
	if (column->base >= 0)
		cut->slots[column->base] = value;
	if (column->own >= 0)
		cut->slots[column->own] = value;
	return true;
}

/* Cut a line whose columns are separated by single blanks.  False if it must be cut in another
 * way. */
static bool cut_split(
	const struct w3c *w, struct span line, const struct cut *cut, enum cut_result *result)
{
	const struct split_rule rule = {
		.separator = ' ', .quotes = true, .before = ' ', .stop1 = '\t', .stop2 = '\t'};
	struct split s;

	if (!split_line(line, cut_readable_end(cut, line), rule, &s) || s.n != w->n)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!split_value(&s, line, i).len)
			return false;
	*result = CUT_NOT;
	for (size_t i = 0; i < s.n; i++) {
		const struct column *column = &w->columns[i];
		if (column->base < 0 && column->own < 0 && !w->is_default)
			continue;
		struct span value = split_unquoted(&s, line, i);
		if (!is_sane(column, value) || (w->is_default && !is_of_iis(i, value)))
			return true;
		put(column, false, value, cut);
	}
	*result = CUT_FITS;
	return true;
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
	enum cut_result result;
	if (cut_split(w, line, cut, &result))
		return result;
	bool tabbed = is_tabbed(w, line);
	for (; tabbed ? next_tabbed(&columns, &value) : columns_next_quoted(&columns, &value);
		i++) {
		if (i == w->n || !is_sane(&w->columns[i], value) ||
			(w->is_default && !is_of_iis(i, value)))
			return CUT_NOT;
		if (!put(&w->columns[i], columns.quoted, value, cut))
			return CUT_FAILED;
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

/* What both formats do in the same way. */
#define COMMON                                                                                     \
	.cut = w3c_cut, .free = w3c_free, .bases = w3c_bases, .has = w3c_has,                      \
	.own_name = w3c_own_name, .heading = {heading, sizeof heading - 1},                        \
	.restart = w3c_restart, .times_are_utc = true

const struct cutter w3c_cutter = {.compile = w3c_compile, COMMON};
const struct cutter iis_cutter = {.compile = iis_compile, COMMON};
