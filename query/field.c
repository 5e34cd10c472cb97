#include "query/field.h"

#include <stdio.h>
#include <stdlib.h>

#include "lib/array.h"
#include "lib/decimal.h"
#include "lib/hostname.h"
#include "formats/foreign_names.h"
#include "query/function.h"

static const struct {
	const char *name;
	size_t n;
} other_names[] = {
	{"class", DERIVED_CLASS},
	{"day", DERIVED_DAY},
	{"hour", DERIVED_HOUR},
	{"minute", DERIVED_MINUTE},
	{"ext", DERIVED_EXT},
	{"site", DERIVED_SITE},
	{"@host", DERIVED_HOST},
	{"referer", BASE_REFERRER},
};

/* Return the set of base fields, made of base_bit()s, from which the base or derived field `n` can
 * be made. */
static uint32_t sources_of(size_t n)
{
	const uint32_t request = base_bit(BASE_REQUEST), path = base_bit(BASE_PATH);
	const uint32_t url = base_bit(BASE_URL) | request;

	switch (n) {
	case BASE_METHOD:
		return base_bit(BASE_METHOD) | request;
	case BASE_PROTO:
		return base_bit(BASE_PROTO) | request;
	case BASE_URL:
	case BASE_PATH: /* some logs have the query in the path, or in both */
	case DERIVED_EXT:
	case BASE_QUERY:
		return url | path | base_bit(BASE_QUERY);
	case DERIVED_CLASS:
		return base_bit(BASE_STATUS);
	case BASE_TIME:
	case DERIVED_DAY:
	case DERIVED_HOUR:
	case DERIVED_MINUTE:
		return base_bit(BASE_TIME) | base_bit(BASE_DATE);
	case DERIVED_SITE:
		return base_bit(BASE_REFERRER);
	case DERIVED_HOST:
		return 0;
	default:
		return base_bit((enum base)n);
	}
}

bool field_repeats(const struct field *f)
{
	if (f->kind != FIELD_NAMED || (f->n_parts && !part_determined_by(&f->parts[0])))
		return false;
	switch (f->n) {
	case BASE_STATUS:
	case BASE_TIME:
	case DERIVED_DAY:
	case DERIVED_HOUR:
	case DERIVED_MINUTE:
		return true;
	default:
		return false;
	}
}

uint32_t field_sources(const struct field *f)
{
	return f->kind == FIELD_NAMED ? sources_of(f->n) : 0;
}

/* --- Names ----------------------------------------------------------------------- */

const char *fields_known(size_t i)
{
	enum { OTHERS = sizeof other_names / sizeof *other_names };

	if (i >= BASE_DATE)
		i++; /* skip the date, which is part of the time */
	if (i < BASES)
		return base_names[i];
	if (i - BASES >= OTHERS || other_names[i - BASES].n < BASES)
		return NULL; /* this is only another name of a base field */
	return other_names[i - BASES].name;
}

static bool is_number(const char *name)
{
	return decimal_is_digits(span_text(name));
}

/* Return the number of a field that all formats share; -1 if the name means none. */
static int find_name_of(struct span name)
{
	for (int i = 0; i < BASES; i++)
		if (i != BASE_DATE && span_equal(span_text(base_names[i]), name))
			return i;
	for (size_t i = 0; i < sizeof other_names / sizeof *other_names; i++)
		if (span_equal(span_text(other_names[i].name), name))
			return (int)other_names[i].n;
	return -1;
}

static int find_name(const char *name)
{
	return find_name_of(span_text(name));
}

/* Write a hint about the form of a name; "" if its form is right. */
static const char *hint_form(const char *name, char guess[SUGGEST_PHRASE])
{
	size_t len = strcspn(name, " (");
	const char *operand = function_operand(span_of(name, len));

	*guess = '\0';
	if (*name == '$' && is_number(name + 1))
		snprintf(guess, SUGGEST_PHRASE,
			" (did you mean '%.20s'? A group such as $1 needs -e RE)", name + 1);
	else if (operand)
		snprintf(guess, SUGGEST_PHRASE, " (the function is written as in -s '%.*s:%s')",
			len < 20 ? (int)len : 20, name, operand);
	else if (strchr(name, ' '))
		snprintf(guess, SUGGEST_PHRASE, " (separate fields with commas)");
	else if (strchr(name, ','))
		snprintf(guess, SUGGEST_PHRASE, " (only -f takes several fields)");
	return guess;
}

/* Find the word in a list, whose words are separated by blanks, that the user has probably meant. */
static void offer_words(struct suggestion *nearest, const char *list)
{
	const char *ours = foreign_field(nearest->word);

	for (size_t len; *list; list += len + (list[len] == ' ')) {
		len = strcspn(list, " ");
		if (!ours || !span_equal(span_of(list, len), span_text(ours))) {
			suggest_offer(nearest, span_of(list, len));
			continue;
		}
		nearest->best = span_of(list, len);
		break;
	}
}

/* Find the name that the user has probably meant: one of those in the list, or else one of those that
 * all formats share. */
static struct suggestion nearest_name(struct span name, const char *there)
{
	const char *known = foreign_field(name);
	struct suggestion nearest = suggest_for(name);

	offer_words(&nearest, there);
	bool done = nearest.best.len || known || find_name_of(name) >= 0;
	for (size_t i = 0; !done && fields_known(i); i++)
		suggest_offer(&nearest, span_text(fields_known(i)));
	if (!nearest.best.len && known && !*there)
		nearest.best = span_text(known);
	return nearest;
}

const char *fields_guess(const char *name, const char *there, char guess[SUGGEST_PHRASE])
{
	struct suggestion nearest = nearest_name(span_text(name), there);

	if (*hint_form(name, guess))
		return guess;
	if (!nearest.best.len)
		nearest = nearest_name(span_of(name, strcspn(name, "/")), there);
	return suggest_phrase(&nearest, "", guess);
}

bool field_is_shared(const char *name)
{
	return find_name(name) >= 0 || is_number(name);
}

static bool add_own_name(struct wanted *w, const char *name, size_t *index)
{
	for (*index = 0; *index < w->names.n; ++*index)
		if (strcmp(w->names.at[*index], name) == 0)
			return true;
	return strlist_add(&w->names, name);
}

/* Strip the '.' or '$' before the name of a field that only the format has.  A user writes '.' to
 * say that the name is not one that all formats share.  The names of nginx's variables begin with
 * '$'. */
static const char *own_name(const char *name)
{
	return name + (name[0] == '.' || name[0] == '$');
}

enum { COLUMN_DIGITS = 9 };

/* Read the name of a group.  True if it is one, or if it is a mistake (*failed). */
static bool parse_group(
	struct fields *all, const char *name, struct field *f, bool *failed, struct complaint *c)
{
	*failed = false;
	if (!all->patterns)
		return false;
	f->group = key_patterns_group(all->patterns, name, failed, c);
	if (!f->group)
		return *failed;
	f->kind = FIELD_GROUP;
	f->patterns = all->patterns;
	return true;
}

/* Read the name of a field without parts.  A group of the user's pattern comes first. */
static bool parse_whole(struct fields *all, const char *name, struct field *f, struct complaint *c)
{
	struct wanted *wanted = &all->wanted;
	bool failed;

	if (!*name || !*own_name(name))
		return complain(c, "a field name is empty; write -f url, or -f status,url");
	if (parse_group(all, name, f, &failed, c))
		return !failed;
	if (is_number(name)) {
		if (strlen(name) > COLUMN_DIGITS)
			return complain(c, "'%s' is too large for a column", name);
		f->n = strtoul(name, NULL, 10);
		f->kind = f->n ? FIELD_COLUMN : FIELD_LINE;
		return true;
	}
	int known = find_name(name);
	if (known >= 0) {
		f->n = (size_t)known;
		wanted->bases |= sources_of(f->n);
		return true;
	}
	f->kind = FIELD_OWN;
	return add_own_name(wanted, own_name(name), &f->n) || complain(c, "out of memory");
}

/* Find the slash before the last WHAT in a name; NULL if the name has none.  "24/56" is one WHAT. */
static char *last_part(char *name, struct part_step *step)
{
	char *last = strrchr(name, '/'), *before;

	if (!last || last == name || field_is_shared(name))
		return NULL;
	before = memrchr(name, '/', (size_t)(last - name));
	if (before && before > name && part_read(span_text(before + 1), step))
		return before;
	return part_read(span_text(last + 1), step) ? last : NULL;
}

static void append_name(struct span name, char *out, size_t room)
{
	size_t len = strlen(out);

	if (name.len < room && len < room - name.len - 1)
		snprintf(out + len, room - len, "%s%.*s", len ? " " : "", (int)name.len, name.at);
}

/* The kind of a field's values, as far as it is known. */
static enum value_kind kind_of(const struct field *f)
{
	if (f->kind != FIELD_NAMED)
		return VALUE_ANY;
	switch (f->n) {
	case BASE_STATUS:
	case BASE_PORT:
		return VALUE_NUMBER;
	case BASE_BYTES:
		return VALUE_SIZE;
	case BASE_TIME:
	case DERIVED_DAY:
	case DERIVED_HOUR:
	case DERIVED_MINUTE:
		return VALUE_TIME;
	case BASE_CLIENT:
	case BASE_HOST:
	case DERIVED_SITE:
	case DERIVED_HOST:
		return VALUE_ADDRESS;
	case BASE_URL:
	case BASE_PATH:
	case BASE_REFERRER:
		return VALUE_URL;
	case BASE_AGENT:
		return VALUE_AGENT;
	case BASE_USER:
		return VALUE_ANY;
	default:
		return VALUE_TEXT;
	}
}

const char *field_known_part(const char *name, size_t i)
{
	const struct field f = {.kind = FIELD_NAMED, .n = (size_t)find_name(name)};
	const char *part;

	for (size_t k = 0; (part = part_name(kind_of(&f), k)); k++)
		if (*part >= 'a' && *part <= 'z' && i-- == 0)
			return part;
	return NULL;
}

/* Return a hint about the end of the list of WHATs; "" if there is nothing to say. */
static const char *what_hint(struct span what, enum value_kind kind)
{
	if (kind == VALUE_ADDRESS && what.len && decimal_is_digit(what.at[0]))
		return " (N is at most 32 bits of IPv4, M at most 128 bits of IPv6)";
	if (what.len && what.at[0] == '?')
		return kind == VALUE_URL ? " (NAME is a parameter, as in url/?tag)"
					 : " (parameters are those of url/?NAME)";
	return "";
}

/* Complain that values of a kind have no such part.  `before` is the name up to that part. */
static bool no_such_part(const char *name, struct span before, struct span what,
	enum value_kind kind, struct complaint *c)
{
	char list[256] = "", guess[SUGGEST_PHRASE];
	struct suggestion suggestion = suggest_for(what);

	for (size_t i = 0; part_name(kind, i); i++) {
		suggest_offer(&suggestion, span_text(part_name(kind, i)));
		append_name(span_text(part_name(kind, i)), list, sizeof list);
	}
	return complain(c,
		"'%.200s': there is no '%.*s' of %.*s%s; after the slash, write one of %s%s", name,
		what.len < 100 ? (int)what.len : 100, what.at,
		before.len < 100 ? (int)before.len : 100, before.at,
		suggest_phrase(&suggestion, "", guess), list, what_hint(what, kind));
}

/* Complain about an unknown WHAT of a field that all formats share. */
static bool check_name(const char *whole, const char *name, struct complaint *c)
{
	const char *slash = strchr(name, '/');
	struct span root = slash ? span_between(name, slash) : span_of("", 0);
	struct field f = {.kind = FIELD_NAMED};
	struct fields unused = {0};
	char text[64];

	if (!root.len || root.len >= sizeof text)
		return true;
	snprintf(text, sizeof text, "%.*s", (int)root.len, root.at);
	if (!field_is_shared(text))
		return true;
	return parse_whole(&unused, text, &f, c) &&
	       no_such_part(whole, root, span_text(slash + 1), kind_of(&f), c);
}

/* Split FIELD/WHAT: add the WHATs to the field, and cut them off the name.  `whole` is the whole
 * name.  False, with a complaint, on error. */
static bool split_parts(const char *whole, char *name, struct field *f, struct complaint *c)
{
	struct part_step step;
	char *slash;

	while ((slash = last_part(name, &step))) {
		struct part_step *more = reallocarray(f->parts, f->n_parts + 1, sizeof *f->parts);
		if (!more)
			return complain(c, "out of memory");
		f->parts = more;
		memmove(more + 1, more, f->n_parts * sizeof *more);
		more[0] = step;
		f->n_parts++;
		*slash = '\0';
	}
	return check_name(whole, name, c);
}

/* Adapt the WHATs to the kinds of values.  `name` is the copy of the whole name from which the WHATs
 * were cut.  False, with a complaint, if a WHAT cannot be made from values of that kind. */
static bool settle_parts(const char *whole, const char *name, struct field *f, struct complaint *c)
{
	enum value_kind kind = kind_of(f);
	bool is_path = f->kind == FIELD_NAMED && f->n == BASE_PATH && f->n_parts;

	if (is_path && f->parts[0].text.at[0] == '?')
		return complain(c, "'%.200s': the path has no query; write url/%.*s", whole,
			f->parts[0].text.len < 100 ? (int)f->parts[0].text.len : 100,
			f->parts[0].text.at);
	for (size_t i = 0; i < f->n_parts; i++) {
		struct span what = f->parts[i].text;
		size_t at = (size_t)(what.at - name);
		if (!part_settle(&f->parts[i], &kind))
			return no_such_part(whole, span_of(whole, at - 1), what, kind, c);
	}
	f->made = kind;
	return true;
}

/* Give the databases to the WHATs that need them.  False, with a complaint, if there are none. */
static bool add_databases(
	struct fields *all, const char *whole, struct field *f, struct complaint *c)
{
	for (size_t i = 0; i < f->n_parts; i++) {
		struct part_step *step = &f->parts[i];
		if (!part_needs_databases(step))
			continue;
		if (!all->may_look_up)
			return complain(c, "'%.200s' needs a database: --mmdb FILE", whole);
		step->databases = all->databases;
		all->have_looked_up = true;
	}
	return true;
}

/* status/100 is the class of the status. */
static void read_class(struct field *f)
{
	bool is_class = f->kind == FIELD_NAMED && f->n == BASE_STATUS && f->n_parts &&
			span_equal(f->parts[0].text, span_text("100"));

	if (!is_class)
		return;
	f->n = DERIVED_CLASS;
	f->n_parts--;
	memmove(f->parts, f->parts + 1, f->n_parts * sizeof *f->parts);
}

/* Read the name of a field.  False, with a complaint, on error. */
static bool parse(struct fields *all, const char *name, struct field *f, struct complaint *c)
{
	*f = (struct field){.name = name, .root = name, .kind = FIELD_NAMED, .whole = -1};
	if (!strchr(name, '/') || field_is_shared(name))
		return parse_whole(all, name, f, c);
	/* The parts keep the names of parameters, which are in the copy. */
	char *copy = strdup(name);
	size_t whole;
	if (!strlist_take(&all->copies, copy))
		return complain(c, "out of memory");
	if (!split_parts(name, copy, f, c) || !parse_whole(all, copy, f, c))
		return false;
	f->root = copy;
	read_class(f);
	if (!settle_parts(name, copy, f, c) || !add_databases(all, name, f, c))
		return false;
	if (!f->n_parts || f->kind != FIELD_OWN)
		return true;
	if (!add_own_name(&all->wanted, own_name(name), &whole))
		return complain(c, "out of memory");
	f->whole = BASES + (int)whole;
	return true;
}

static int find_slot(const struct field *f)
{
	if (f->n_parts)
		return -1;
	if (f->kind == FIELD_OWN)
		return BASES + (int)f->n;
	if (f->kind != FIELD_NAMED || f->n >= BASES)
		return -1;
	return sources_of(f->n) == base_bit((enum base)f->n) ? (int)f->n : -1;
}

static bool is_host(const struct field *f)
{
	return f->kind == FIELD_NAMED && f->n == DERIVED_HOST;
}

static bool append(struct fields *all, struct field *f, struct complaint *c)
{
	if (all->n == FIELDS_MAX)
		return complain(c, "more than %d fields", FIELDS_MAX);
	if (!ARRAY_GROW(all->at, all->n, &all->room))
		return complain(c, "out of memory");
	if (is_host(f) && !hostname_get(all->host))
		return complain(c, "%s: this machine has no name", f->name);
	f->slot = find_slot(f);
	all->need_format |= (f->kind == FIELD_NAMED && !is_host(f)) || f->kind == FIELD_OWN;
	all->have_columns |= f->kind == FIELD_COLUMN;
	all->have_line |= f->kind == FIELD_LINE;
	all->have_host |= is_host(f);
	all->have_groups |= f->kind == FIELD_GROUP;
	all->at[all->n++] = *f;
	return true;
}

static bool is_same(const struct field *a, const struct field *b)
{
	if (a->kind != b->kind || a->patterns != b->patterns)
		return false;
	if (a->n_parts || b->n_parts || a->kind == FIELD_GROUP)
		return strcmp(a->name, b->name) == 0;
	return a->n == b->n;
}

bool fields_add(struct fields *all, struct arg name, size_t *index, struct complaint *c)
{
	struct field f;
	bool ok = parse(all, name.value, &f, c);

	for (*index = 0; ok && *index < all->n && !is_same(&all->at[*index], &f); ++*index)
		;
	bool is_new = ok && *index == all->n;
	ok = ok && (!is_new || append(all, &f, c));
	if (!ok || !is_new) {
		free(f.parts);
		free(f.group);
	}
	if (!ok)
		return complaint_about(c, name);
	all->at[*index].needed |= !all->missing_fields_ok;
	return true;
}

void fields_free(struct fields *all)
{
	for (size_t i = 0; i < all->n; i++) {
		for (size_t k = 0; k < all->at[i].n_parts; k++)
			part_step_free(&all->at[i].parts[k]);
		free(all->at[i].parts);
		free(all->at[i].group);
	}
	for (size_t i = 0; i < all->copies.n; i++)
		free((char *)(uintptr_t)all->copies.at[i]);
	strlist_free(&all->copies);
	args_free(&all->lists);
	free(all->at);
	strlist_free(&all->wanted.names);
}

/* True if lines with these base fields can have the base or derived field `n`.  A date alone is not
 * enough for a time, nor a query alone for a URL or a path. */
static bool can_have(uint32_t bases, size_t n)
{
	uint32_t sources = sources_of(n);

	if (sources & base_bit(BASE_DATE))
		sources &= ~base_bit(BASE_DATE);
	if (n == BASE_URL || n == BASE_PATH || n == DERIVED_EXT)
		sources &= ~base_bit(BASE_QUERY);
	return n == DERIVED_HOST || (bases & sources);
}

bool field_is_in(const struct field *f, const struct logformat *format)
{
	if (f->kind == FIELD_NAMED)
		return can_have(logformat_bases(format), f->n);
	return f->kind != FIELD_OWN || logformat_has(format, own_name(f->root)) ||
	       (f->whole >= 0 && logformat_has(format, own_name(f->name)));
}

/* True if the word is in a list whose words are separated by blanks. */
static bool is_listed(struct span word, const char *list)
{
	for (size_t len; *list; list += len + (list[len] == ' ')) {
		len = strcspn(list, " ");
		if (span_equal(span_of(list, len), word))
			return true;
	}
	return false;
}

/* Append the name of a field that only this format has, without the '$' of nginx's variables, which
 * the shell would replace. */
static void append_own(struct span name, char *out, size_t room)
{
	if (name.len > 1 && name.at[0] == '$')
		name = span_from(name, 1);
	if (!is_listed(name, out))
		append_name(name, out, room);
}

void fields_list(const struct logformat *format, char *out, size_t room)
{
	struct span own;

	*out = '\0';
	for (int b = 0; b < BASES; b++)
		if (b != BASE_DATE && can_have(logformat_bases(format), (size_t)b))
			append_name(span_text(base_names[b]), out, room);
	for (size_t i = 0; i < sizeof other_names / sizeof *other_names; i++)
		if (other_names[i].n >= BASES && other_names[i].n != DERIVED_HOST &&
			can_have(logformat_bases(format), other_names[i].n))
			append_name(span_text(other_names[i].name), out, room);
	for (size_t i = 0; (own = logformat_own_name(format, i)).len; i++)
		append_own(own, out, room);
}

enum field_values field_values(const struct field *f)
{
	if (f->n_parts)
		return f->made == VALUE_TIME ? FIELD_TIME : FIELD_ANY;
	if (f->kind != FIELD_NAMED)
		return FIELD_ANY;
	switch (f->n) {
	case BASE_STATUS:
	case BASE_BYTES:
	case BASE_PORT:
		return FIELD_NUMBER;
	case BASE_TIME:
	case DERIVED_DAY:
	case DERIVED_HOUR:
	case DERIVED_MINUTE:
		return FIELD_TIME;
	default:
		return FIELD_ANY;
	}
}
