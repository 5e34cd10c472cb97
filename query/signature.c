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
	LENIENT,
	QUESTION,
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
	[LENIENT] = {"lenient", "lenient", "does without fields:"},
	[QUESTION] = {"question", "question", "has the ranking"},
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

static void add(struct asked *a, enum name name, const char *value)
{
	struct said *at = realloc(a->at, (a->n + 1) * sizeof *at);

	if (!at)
		die("query: out of memory");
	a->at = at;
	at[a->n++] = (struct said){value, names[name].name};
}

static void add_if(struct asked *a, enum name name, const char *value)
{
	if (value)
		add(a, name, value);
}

static void add_all(struct asked *a, enum name name, const struct saids *values)
{
	for (size_t i = 0; i < values->n; i++)
		add(a, name, values->at[i].text);
}

static const char *yes(bool b)
{
	return b ? "yes" : NULL;
}

static void add_question(struct asked *a, const struct question_spec *q)
{
	add(a, QUESTION, q->name ? q->name : "");
	add_if(a, REGEXP, q->regexp.text);
	add_if(a, FIELDS, question_spec_fields(q));
	add_if(a, KEY, q->key.text);
	add_if(a, SUM, q->sum.text);
	add_if(a, Q_IGNORE_CASE, yes(q->ignore_case));
	add_all(a, Q_WHERE, &q->where);
	add_all(a, Q_GREP, &q->grep);
	add_all(a, Q_VGREP, &q->vgrep);
}

/* A string that lives as long as the list. */
static const char *own(struct asked *a, char *text)
{
	if (!text)
		die("query: out of memory");
	words_add(&a->owned, text);
	return text;
}

static void add_delimiter(struct asked *a, int delimiter)
{
	if (delimiter < 0)
		return;
	a->delimiter = calloc(2, 1);
	if (!a->delimiter)
		die("query: out of memory");
	a->delimiter[0] = (char)delimiter;
	add(a, DELIMITER, a->delimiter);
}

struct asked asked_list(const struct query_spec *q)
{
	struct asked a = {0};
	bool known = q->log_format.text && strcmp(q->log_format.text, "auto") != 0;

	add_if(&a, REPORT, q->set.builtin ? q->set.name : NULL);
	add_if(&a, LOG_FORMAT, known ? q->log_format.text : NULL);
	add_delimiter(&a, q->delimiter);
	add_if(&a, IGNORE_CASE, yes(q->ignore_case));
	add_all(&a, WHERE, &q->where);
	add_all(&a, GREP, &q->grep);
	add_all(&a, VGREP, &q->vgrep);
	add_if(&a, TOTALS, yes(q->totals));
	add_if(&a, LENIENT, yes(q->lenient));
	for (size_t i = 0; i < q->n_questions; i++)
		add_question(&a, &q->questions[i]);
	return a;
}

void asked_free(struct asked *a)
{
	free(a->at);
	free(a->delimiter);
	for (size_t i = 0; i < a->owned.n; i++)
		free((void *)(uintptr_t)a->owned.at[i]);
	words_free(&a->owned);
	*a = (struct asked){0};
}

/* --- As bytes -------------------------------------------------------------------- */

void asked_pack(struct pack *p, const struct asked *a)
{
	pack_u64(p, a->n);
	for (size_t i = 0; i < a->n; i++) {
		pack_string(p, a->at[i].where);
		pack_string(p, a->at[i].text);
	}
}

bool asked_unpack(struct unpack *u, struct asked *a)
{
	uint64_t n = unpack_u64(u);

	*a = (struct asked){0};
	while (!u->bad && a->n < n) {
		int name = find_name(unpack_string(u));
		const char *value = unpack_string(u);
		u->bad |= name == NAMES;
		if (!u->bad)
			add(a, (enum name)name, value);
	}
	return !u->bad;
}

void asked_pack_shown(struct pack *p, const struct query_spec *q)
{
	pack_u64(p, q->set.name != NULL);
	pack_string(p, q->set.name ? q->set.name : "");
	for (size_t i = 0; i < q->n_questions; i++) {
		pack_u64(p, q->questions[i].order);
		pack_u64(p, q->questions[i].top);
	}
}

bool asked_unpack_shown(struct unpack *u, struct query_spec *q)
{
	bool is_set = unpack_u64(u);
	const char *name = unpack_string(u);

	if (!q->set.builtin)
		q->set.name = is_set ? name : NULL;
	for (size_t i = 0; i < q->n_questions; i++) {
		uint64_t order = unpack_u64(u), top = unpack_u64(u);
		u->bad |= order > ORDER_LAST || top > SIZE_MAX;
		q->questions[i].order = u->bad ? ORDER_COUNT : (enum order)order;
		q->questions[i].top = (size_t)top;
	}
	return !u->bad;
}

/* --- As a query ------------------------------------------------------------------ */

static void add_spec(struct query_spec *q, const char *name)
{
	struct question_spec *more =
		realloc(q->questions, (q->n_questions + 1) * sizeof *q->questions);

	if (!more)
		die("query: out of memory");
	q->questions = more;
	more[q->n_questions++] = (struct question_spec){.name = *name ? name : NULL};
}

static void set_for_all(struct query_spec *q, enum name name, struct said s)
{
	switch (name) {
	case REPORT:
		q->set = (struct query_set){s.text, true};
		break;
	case LOG_FORMAT:
		q->log_format = s;
		break;
	case DELIMITER:
		q->delimiter = (unsigned char)s.text[0];
		break;
	case IGNORE_CASE:
		q->ignore_case = true;
		break;
	case WHERE:
		saids_add(&q->where, s);
		break;
	case GREP:
		saids_add(&q->grep, s);
		break;
	case VGREP:
		saids_add(&q->vgrep, s);
		break;
	case TOTALS:
		q->totals = true;
		break;
	case LENIENT:
		q->lenient = true;
		break;
	default:
		break;
	}
}

static void set_for_one(struct question_spec *q, enum name name, struct said s)
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
		saids_add(&q->where, s);
		break;
	case Q_GREP:
		saids_add(&q->grep, s);
		break;
	case Q_VGREP:
		saids_add(&q->vgrep, s);
		break;
	default:
		break;
	}
}

bool asked_query(struct asked *a, const char *file, struct query_spec *q)
{
	*q = (struct query_spec){.delimiter = -1};
	for (size_t i = 0; i < a->n; i++) {
		enum name name = (enum name)find_name(a->at[i].where);
		struct said said = {a->at[i].text, NULL};
		char *where;
		if (asprintf(&where, "%s: %s", file, names[name].option) < 0)
			where = NULL;
		said.where = own(a, where);
		if (name == QUESTION && q->n_questions == QUESTIONS_MAX)
			return false;
		if (name == QUESTION)
			add_spec(q, said.text);
		else if (name < QUESTION)
			set_for_all(q, name, said);
		else if (!q->n_questions)
			return false;
		else
			set_for_one(&q->questions[q->n_questions - 1], name, said);
	}
	return q->n_questions > 0;
}

/* --- Differences ----------------------------------------------------------------- */

/* The place of a name in the list's order, in which a pattern is as good as fields. */
static int rank_of(const struct asked *a, size_t i)
{
	int name = i < a->n ? find_name(a->at[i].where) : NAMES;

	return name == REGEXP ? FIELDS : name;
}

static bool is_same(const struct asked *a, const struct asked *b, size_t i)
{
	if (i >= a->n || i >= b->n)
		return i >= a->n && i >= b->n;
	return strcmp(a->at[i].where, b->at[i].where) == 0 &&
	       strcmp(a->at[i].text, b->at[i].text) == 0;
}

static const char *says(const struct asked *a, size_t i)
{
	return names[find_name(a->at[i].where)].says;
}

/* Nothing, for a ranking that has no name. */
static const char *value(const struct asked *a, size_t i)
{
	return *a->at[i].text ? a->at[i].text : "''";
}

bool asked_differ(const struct asked *a, const char *a_name, const struct asked *b,
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
