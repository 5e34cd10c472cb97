#include "query/signature.h"

#include <stdio.h>
#include <stdlib.h>

#include "lib/die.h"

/* --- Names ----------------------------------------------------------------------- */

enum name {
	REPORT,
	LOG_FORMAT,
	DELIMITER,
	IGNORE_CASE,
	WHERE,
	GREP,
	VGREP,
	TOTALS,
	MISSING_FIELDS_OK,
	GROUPING,
	REGEXP,
	FIELDS,
	KEY,
	SUM,
	Q_IGNORE_CASE,
	Q_WHERE,
	Q_GREP,
	Q_VGREP,
	NAMES
};

/* Each with its option, and what can be said of a file whose query has it. */
static const struct {
	const char *name, *option, *says;
} names[NAMES] = {
	[REPORT] = {"report", "-r", "is the report"},
	[LOG_FORMAT] = {"log-format", "--log-format", "takes lines for"},
	[DELIMITER] = {"delimiter", "-d", "has columns cut at"},
	[IGNORE_CASE] = {"ignore-case", "-i", "ignores case:"},
	[WHERE] = {"where", "-w", "has only lines with"},
	[GREP] = {"grep", "-g", "has only lines that match"},
	[VGREP] = {"vgrep", "-v", "has no lines that match"},
	[TOTALS] = {"totals", "totals", "has totals:"},
	[MISSING_FIELDS_OK] = {"lenient", "lenient", "does without fields:"},
	[GROUPING] = {"question", "question", "has the ranking"},
	[REGEXP] = {"regexp", "-e", "counts what matches"},
	[KEY] = {"key", "-k", "has keys made as"},
	[FIELDS] = {"fields", "-f", "counts"},
	[SUM] = {"sum", "-s", "sums up"},
	[Q_IGNORE_CASE] = {"question.ignore-case", "-i", "ignores case:"},
	[Q_WHERE] = {"question.where", "-w", "counts only where"},
	[Q_GREP] = {"question.grep", "-g", "counts only what matches"},
	[Q_VGREP] = {"question.vgrep", "-v", "does not count what matches"},
};

static int find_name(const char *text)
{
	int i = 0;

	while (i < NAMES && strcmp(names[i].name, text) != 0)
		i++;
	return i;
}

/* --- Listing --------------------------------------------------------------------- */

static void add(struct signature *a, enum name name, const char *value)
{
	struct arg *at = realloc(a->at, (a->n + 1) * sizeof *at);

	if (!at)
		die("query: out of memory");
	a->at = at;
	at[a->n++] = (struct arg){value, names[name].name};
}

static void add_if(struct signature *a, enum name name, const char *value)
{
	if (value)
		add(a, name, value);
}

static void add_all(struct signature *a, enum name name, const struct args *values)
{
	for (size_t i = 0; i < values->n; i++)
		add(a, name, values->at[i].value);
}

static const char *yes(bool b)
{
	return b ? "yes" : NULL;
}

static void add_grouping(struct signature *a, const struct grouping_spec *q)
{
	add(a, GROUPING, q->name ? q->name : "");
	add_if(a, REGEXP, q->regexp.value);
	add_if(a, FIELDS, grouping_spec_fields(q));
	add_if(a, KEY, q->key.value);
	add_if(a, SUM, q->sum.value);
	add_if(a, Q_IGNORE_CASE, yes(q->ignore_case));
	add_all(a, Q_WHERE, &q->where);
	add_all(a, Q_GREP, &q->grep);
	add_all(a, Q_VGREP, &q->vgrep);
}

/* A string that lives as long as the list. */
static const char *own(struct signature *a, char *text)
{
	if (!text)
		die("query: out of memory");
	if (!strlist_add(&a->owned, text))
		die("out of memory");
	return text;
}

static void add_delimiter(struct signature *a, int delimiter)
{
	if (delimiter < 0)
		return;
	a->delimiter = calloc(2, 1);
	if (!a->delimiter)
		die("query: out of memory");
	a->delimiter[0] = (char)delimiter;
	add(a, DELIMITER, a->delimiter);
}

struct signature signature_of(const struct query_spec *q)
{
	struct signature a = {0};
	bool known = q->log_format.value && strcmp(q->log_format.value, "auto") != 0;

	add_if(&a, REPORT, q->set.builtin ? q->set.name : NULL);
	add_if(&a, LOG_FORMAT, known ? q->log_format.value : NULL);
	add_delimiter(&a, q->delimiter);
	add_if(&a, IGNORE_CASE, yes(q->ignore_case));
	add_all(&a, WHERE, &q->where);
	add_all(&a, GREP, &q->grep);
	add_all(&a, VGREP, &q->vgrep);
	add_if(&a, TOTALS, yes(q->totals));
	add_if(&a, MISSING_FIELDS_OK, yes(q->missing_fields_ok));
	for (size_t i = 0; i < q->n_groupings; i++)
		add_grouping(&a, &q->groupings[i]);
	return a;
}

void signature_free(struct signature *a)
{
	free(a->at);
	free(a->delimiter);
	for (size_t i = 0; i < a->owned.n; i++)
		free((void *)(uintptr_t)a->owned.at[i]);
	strlist_free(&a->owned);
	*a = (struct signature){0};
}

/* --- As bytes -------------------------------------------------------------------- */

void signature_pack(struct pack *p, const struct signature *a)
{
	pack_u64(p, a->n);
	for (size_t i = 0; i < a->n; i++) {
		pack_string(p, a->at[i].origin);
		pack_string(p, a->at[i].value);
	}
}

bool signature_unpack(struct unpack *u, struct signature *a)
{
	uint64_t n = unpack_u64(u);

	*a = (struct signature){0};
	while (!u->bad && a->n < n) {
		int name = find_name(unpack_string(u));
		const char *value = unpack_string(u);
		u->bad |= name == NAMES;
		if (!u->bad)
			add(a, (enum name)name, value);
	}
	return !u->bad;
}

void signature_pack_shown(struct pack *p, const struct query_spec *q)
{
	pack_u64(p, q->set.name != NULL);
	pack_string(p, q->set.name ? q->set.name : "");
	for (size_t i = 0; i < q->n_groupings; i++) {
		pack_u64(p, q->groupings[i].order);
		pack_u64(p, q->groupings[i].top);
	}
}

bool signature_unpack_shown(struct unpack *u, struct query_spec *q)
{
	bool is_set = unpack_u64(u);
	const char *name = unpack_string(u);

	if (!q->set.builtin)
		q->set.name = is_set ? name : NULL;
	for (size_t i = 0; i < q->n_groupings; i++) {
		uint64_t order = unpack_u64(u), top = unpack_u64(u);
		u->bad |= order > ORDER_LAST || top > SIZE_MAX;
		q->groupings[i].order = u->bad ? ORDER_COUNT : (enum order)order;
		q->groupings[i].top = (size_t)top;
	}
	return !u->bad;
}

/* --- As a query ------------------------------------------------------------------ */

static void add_spec(struct query_spec *q, const char *name)
{
	struct grouping_spec *more =
		realloc(q->groupings, (q->n_groupings + 1) * sizeof *q->groupings);

	if (!more)
		die("query: out of memory");
	q->groupings = more;
	more[q->n_groupings++] = (struct grouping_spec){.name = *name ? name : NULL};
}

static void set_for_all(struct query_spec *q, enum name name, struct arg s)
{
	switch (name) {
	case REPORT:
		q->set = (struct query_set){s.value, true};
		break;
	case LOG_FORMAT:
		q->log_format = s;
		break;
	case DELIMITER:
		q->delimiter = (unsigned char)s.value[0];
		break;
	case IGNORE_CASE:
		q->ignore_case = true;
		break;
	case WHERE:
		if (!args_add(&q->where, s))
			die("out of memory");
		break;
	case GREP:
		if (!args_add(&q->grep, s))
			die("out of memory");
		break;
	case VGREP:
		if (!args_add(&q->vgrep, s))
			die("out of memory");
		break;
	case TOTALS:
		q->totals = true;
		break;
	case MISSING_FIELDS_OK:
		q->missing_fields_ok = true;
		break;
	default:
		break;
	}
}

static void set_for_one(struct grouping_spec *q, enum name name, struct arg s)
{
	switch (name) {
	case REGEXP:
		q->regexp = s;
		break;
	case KEY:
		q->key = s;
		break;
	case FIELDS:
		q->fields = s;
		break;
	case SUM:
		q->sum = s;
		break;
	case Q_IGNORE_CASE:
		q->ignore_case = true;
		break;
	case Q_WHERE:
		if (!args_add(&q->where, s))
			die("out of memory");
		break;
	case Q_GREP:
		if (!args_add(&q->grep, s))
			die("out of memory");
		break;
	case Q_VGREP:
		if (!args_add(&q->vgrep, s))
			die("out of memory");
		break;
	default:
		break;
	}
}

bool signature_query(struct signature *a, const char *file, struct query_spec *q)
{
	*q = (struct query_spec){.delimiter = -1};
	for (size_t i = 0; i < a->n; i++) {
		enum name name = (enum name)find_name(a->at[i].origin);
		struct arg said = {a->at[i].value, NULL};
		char *where;
		if (asprintf(&where, "%s: %s", file, names[name].option) < 0)
			where = NULL;
		said.origin = own(a, where);
		if (name == GROUPING && q->n_groupings == GROUPINGS_MAX)
			return false;
		if (name == GROUPING)
			add_spec(q, said.value);
		else if (name < GROUPING)
			set_for_all(q, name, said);
		else if (!q->n_groupings)
			return false;
		else
			set_for_one(&q->groupings[q->n_groupings - 1], name, said);
	}
	return q->n_groupings > 0;
}

/* --- Differences ----------------------------------------------------------------- */

/* The place of a name in the list's order, in which a pattern is as good as fields. */
static int rank_of(const struct signature *a, size_t i)
{
	int name = i < a->n ? find_name(a->at[i].origin) : NAMES;

	return name == REGEXP ? FIELDS : name;
}

static bool is_same(const struct signature *a, const struct signature *b, size_t i)
{
	if (i >= a->n || i >= b->n)
		return i >= a->n && i >= b->n;
	return strcmp(a->at[i].origin, b->at[i].origin) == 0 &&
	       strcmp(a->at[i].value, b->at[i].value) == 0;
}

static const char *says(const struct signature *a, size_t i)
{
	return names[find_name(a->at[i].origin)].says;
}

/* Nothing, for a ranking that has no name. */
static const char *value(const struct signature *a, size_t i)
{
	return *a->at[i].value ? a->at[i].value : "''";
}

bool signature_differ(const struct signature *a, const char *a_name, const struct signature *b,
	const char *b_name, char *out, size_t room)
{
	size_t i = 0, most = a->n > b->n ? a->n : b->n;

	while (i < most && is_same(a, b, i))
		i++;
	if (i == most)
		return false;
	int order = rank_of(a, i) - rank_of(b, i);
	if (order == 0)
		snprintf(out, room, "%s: %s %s, but %s %s %s", b_name, says(b, i), value(b, i),
			a_name, says(a, i), value(a, i));
	else if (order > 0)
		snprintf(out, room, "%s: %s %s, but %s does not", b_name, says(b, i), value(b, i),
			a_name);
	else
		snprintf(out, room, "%s: %s %s, but %s does not", a_name, says(a, i), value(a, i),
			b_name);
	return true;
}
