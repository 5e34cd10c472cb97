#include "formats/core.h"

#include <stdio.h>
#include <stdlib.h>

#include "formats/envelope.h"
#include "formats/form.h"
#include "formats/guess.h"
#include "formats/quotes.h"
#include "formats/timestamp.h"
#include "lib/ascii.h"
#include "lib/decimal.h"
#include "lib/lines.h"
#include "lib/swar.h"

enum { TOKENS = 48 };

/* A value in a line, and the literal before it. */
struct token {
	struct span before; /* from the end of the previous value, without an opening quote */
	char open;          /* '"' or '['; 0 if the value is a word */
	struct span key;    /* "rt" in "rt=0.1", empty otherwise */
	struct span value;
	unsigned is; /* the forms of the value; in a group of lines, the forms in any line */

	/* In a group of lines: */
	unsigned short lines[FORMS]; /* how many lines have each form */
	bool varies;                 /* the lines have different values */
	struct sum sum;              /* of the values that are decimals */
};

struct tokens {
	struct token at[TOKENS];
	size_t n;
	struct span rest; /* the literal after the last value */
};

/* Lines of the same structure: the same literals between the values.  Each token stands for the
 * values at one place in all of these lines; its spans are those of the first line. */
struct group {
	struct tokens tokens;
	size_t lines;
	char envelope[ENVELOPE_FORMAT]; /* the format of the envelope */
};

/* --- Values in a line ----------------------------------------------------------------- */

static bool is_delimiter(char c)
{
	return c == ' ' || c == '\t' || c == '|';
}

/* Return the end of "[::1]:80" at `p`; NULL if there is none. */
static const char *address_port_end(const char *p, const char *end)
{
	const char *to = swar_blank(p, end);

	return form_of(span_between(p, to)) == FORM_ADDRESS_PORT ? to : NULL;
}

/* Return the end of the word that begins at `p`.  A list of values, which are separated by ", " or
 * " : ", is one word: layout.c finds the same end (SHAPE_ITEM). */
static const char *word_end(const char *p, const char *end)
{
	for (const char *start = p; p < end; p++) {
		if (!is_delimiter(*p))
			continue;
		if (*p != ' ' || p == start)
			return p;
		if (p - start > 1 && p[-1] == ',' && end - p > 1 && p[1] != '"' &&
			(p[1] != '[' || address_port_end(p + 1, end)))
			continue;
		if (end - p <= 3 || memcmp(p, " : ", 3) != 0)
			return p;
		p += 2;
	}
	return p;
}

/* Return the end of a time of several words or in any notation but a number; NULL if there is
 * none. */
static const char *time_end(const char *p, const char *end, unsigned *is)
{
	char time[TIMESTAMP_SECOND];
	const char *clf = timestamp_clf_end(p, end), *to = clf;

	if (!to && p < end && swar_digits_end(p, end) < p + 9)
		to = timestamp_any_end(p, end, time);
	*is = clf ? FORM_CLF_TIME : FORM_TIME;
	return to;
}

/* Read "rt=" before a value. */
static const char *key_end(const char *p, const char *end)
{
	const char *start = p;

	while (p < end && (ascii_is_letter(*p) || *p == '_' || (p > start && decimal_is_digit(*p))))
		p++;
	return p > start && p < end && *p == '=' ? p : NULL;
}

/* Read the value that begins at `p`.  Returns the end of the value, including a closing quote or
 * bracket; NULL if there is none. */
static const char *read_value(struct token *t, const char *p, const char *end)
{
	const char *to;

	t->open = *p == '"' || (*p == '[' && !address_port_end(p, end)) ? *p : 0;
	if (t->open == '[') {
		to = time_end(p + 1, end, &t->is);
		if (!to || to == end || *to != ']')
			to = swar_find(p, end, ']');
		if (!to)
			return NULL;
		t->value = span_between(p + 1, to);
		if (!time_end(p + 1, to, &t->is))
			t->is = form_of(t->value);
		return to + 1;
	}
	if (t->open) {
		to = quotes_find(p + 1, end);
		if (!to)
			return NULL;
		t->value = span_between(p + 1, to);
		t->is = form_of(t->value);
		return to + 1;
	}
	to = time_end(p, end, &t->is);
	if (to && (to == end || is_delimiter(*to))) {
		t->value = span_between(p, to);
		return to;
	}
	t->value = span_between(p, word_end(p, end));
	t->is = form_of(t->value);
	return span_end(t->value);
}

/* Split a line into values.  False if it has too many, or if a quote or bracket is not closed. */
static bool tokenize(struct span line, struct tokens *all)
{
	const char *p = line.at, *end = span_end(line);

	all->n = 0;
	for (const char *from = p;; from = p) {
		while (p < end && is_delimiter(*p))
			p++;
		all->rest = span_between(from, p);
		if (p == end)
			return true;
		if (all->n == TOKENS)
			return false;
		struct token *t = &all->at[all->n++];
		*t = (struct token){.key = span_of(p, 0)};
		const char *key = key_end(p, end);
		if (key) {
			t->key = span_between(p, key);
			p = key + 1;
		}
		t->before = span_between(from, p);
		if (p == end || is_delimiter(*p)) {
			t->value = span_of(p, 0);
			t->is = FORM_EMPTY;
			continue;
		}
		p = read_value(t, p, end);
		if (!p || (p < end && !is_delimiter(*p)))
			return false;
	}
}

static bool have_same_structure(const struct tokens *a, const struct tokens *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (a->at[i].open != b->at[i].open || !span_equal(a->at[i].before, b->at[i].before))
			return false;
	return true;
}

/* --- Groups of lines ------------------------------------------------------------------ */

/* Count the forms of a line's values in a group. */
static void count_forms(struct group *g, const struct tokens *line)
{
	for (size_t i = 0; i < line->n; i++) {
		const struct token *from = &line->at[i];
		struct token *t = &g->tokens.at[i];
		t->is |= from->is;
		t->varies |= !span_equal(t->value, from->value);
		for (unsigned form = 0; form < FORMS; form++)
			t->lines[form] = (unsigned short)(t->lines[form] + (from->is >> form & 1));
		struct sum one;
		if (from->is & FORM_DECIMAL && sum_read(from->value, &one) == SUM_OK)
			sum_add(&t->sum, one);
	}
	g->lines++;
}

/* How many of the lines have one of the forms there. */
static size_t lines_with(const struct token *t, unsigned forms)
{
	size_t n = 0;

	for (unsigned form = 0; form < FORMS; form++)
		n += forms >> form & 1 ? t->lines[form] : 0;
	return n;
}

/* --- The meaning of values ------------------------------------------------------------ */

/* What each value of the lines means. */
struct meaning {
	struct tokens *t;
	size_t lines;
	size_t request, status;    /* the indices of these values */
	const char *names[TOKENS]; /* the text that describes each value; NULL: it has a name of
				    * its own */
	const char *why;           /* what is ambiguous; NULL if nothing is, or if there is no
				    * core */
};

static bool is_ambiguous(struct meaning *m, const char *why)
{
	m->why = why;
	return false;
}

static bool is_only(const struct token *t, unsigned forms)
{
	return !(t->is & ~(forms | FORM_SECONDS | FORM_EPOCH));
}

/* True if all values that are not missing have one of the forms, and there is such a value. */
static bool is_mostly(const struct token *t, unsigned forms)
{
	return t->is & forms && is_only(t, forms | FORM_NOTHING);
}

/* True if the value is not in quotes or brackets, and has neither a key nor a name. */
static bool is_bare(const struct meaning *m, size_t i)
{
	return !m->t->at[i].open && !m->t->at[i].key.len && !m->names[i];
}

static bool has_name(const struct meaning *m, const char *name)
{
	for (size_t i = 0; i < m->t->n; i++)
		if (m->names[i] && strcmp(m->names[i], name) == 0)
			return true;
	return false;
}

/* Find the request: the text in quotes that is a request in most lines.  An agent may look like a
 * request, because clients choose it. */
static bool find_request(struct meaning *m)
{
	size_t most = 0, second = 0;

	for (size_t i = 0; i < m->t->n; i++) {
		const struct token *t = &m->t->at[i];
		size_t n = t->open == '"' ? lines_with(t, FORM_REQUEST) : 0;
		if (n > most) {
			second = most;
			most = n;
			m->request = i;
		} else if (n > second) {
			second = n;
		}
	}
	if (!most)
		return false;
	m->names[m->request] = "$request";
	return 2 * second < most ||
	       is_ambiguous(m, "it is not clear which of the texts in quotes is the request");
}

static bool is_key(const struct token *t, const char *key)
{
	return span_equal(t->key, span_text(key));
}

/* True if a value is the status according to its key. */
static bool is_status_by_key(const struct token *t)
{
	return is_mostly(t, FORM_STATUS) && !t->open &&
	       (is_key(t, "status") || is_key(t, "code") || is_key(t, "st"));
}

/* True if the value is a number that is not a status in all lines. */
static bool is_size(const struct token *t)
{
	return t->is & FORM_NUMBER && is_mostly(t, FORM_INTEGER);
}

/* Find the status: the first number after the request.  If other values may be a status, too, the
 * status must be between the request and a number, as in the Common Log Format. */
static bool find_status(struct meaning *m)
{
	const struct token *t = m->t->at;
	size_t others = 0;

	m->status = SIZE_MAX;
	for (size_t i = 0; i < m->t->n; i++) {
		if (is_status_by_key(&t[i]) && i > m->request) {
			m->status = i;
			others = 0;
			break;
		}
		if (t[i].key.len || !is_mostly(&t[i], FORM_INTEGER))
			continue;
		if (i > m->request && !t[i].open && m->status == SIZE_MAX)
			m->status = i;
		else
			others += is_mostly(&t[i], FORM_STATUS);
	}
	if (m->status == SIZE_MAX)
		return false;
	size_t next = m->status + 1;
	bool is_usual = m->status == m->request + 1 && next < m->t->n && is_bare(m, next) &&
			is_size(&t[next]);
	bool is_status = is_mostly(&t[m->status], FORM_STATUS);
	if (!is_status && !others)
		return false;
	m->names[m->status] = "$status";
	return (is_status && (!others || is_usual)) ||
	       is_ambiguous(m, "it is not clear which of the numbers in its lines is the status");
}

static void name_times(struct meaning *m)
{
	size_t found = SIZE_MAX;

	for (size_t i = 0; i < m->t->n; i++) {
		const struct token *t = &m->t->at[i];
		bool is_time = is_only(t, FORM_TIME | FORM_CLF_TIME);
		if (is_time &&
			(found == SIZE_MAX || (t->open == '[' && m->t->at[found].open != '[')))
			found = i;
	}
	for (size_t i = 0; i < m->request && found == SIZE_MAX; i++)
		if (lines_with(&m->t->at[i], FORM_EPOCH) == m->lines)
			found = i;
	for (size_t i = 0; i < m->t->n; i++) {
		const struct token *t = &m->t->at[i];
		if (i == found)
			m->names[i] = t->is == FORM_CLF_TIME ? "$time_local" : "$any_time";
		else if (is_only(t, FORM_TIME | FORM_CLF_TIME))
			m->names[i] = "$other_time";
	}
}

/* True if the value is an address or a list of addresses in most lines, and no other value after the
 * request is.  A few values prove nothing: clients choose the referrer, too. */
static bool are_forwarded(const struct meaning *m, size_t i)
{
	const unsigned forms = FORM_ADDRESSES | FORM_ANY_ADDRESS;
	size_t n = lines_with(&m->t->at[i], forms), columns = 0;

	for (size_t k = m->request + 1; k < m->t->n; k++)
		columns += 2 * lines_with(&m->t->at[k], forms) > m->lines;
	return n > 1 && 2 * n > m->lines && columns == 1;
}

/* Return the name of a value that is an address in all lines, or a list of addresses in some.  NULL
 * if it is neither, or if its meaning is not clear; for the latter, set m->why. */
static const char *name_of_address(struct meaning *m, size_t i)
{
	const struct token *t = &m->t->at[i];

	if (t->is & FORM_ADDRESSES && is_mostly(t, FORM_ADDRESSES | FORM_ANY_ADDRESS) &&
		(i < m->request || are_forwarded(m, i)))
		return "$http_x_forwarded_for";
	if (!is_only(t, FORM_ANY_ADDRESS | FORM_ADDRESS_PORT))
		return NULL;
	if (is_only(t, FORM_ANY_ADDRESS) && t->is & FORM_ADDRESS)
		return "$remote_addr";
	if (t->is & FORM_ADDRESS || is_only(t, FORM_EITHER))
		is_ambiguous(m, "it is not clear whether a port follows the address of the client");
	else if (!t->open && i < m->request)
		return "$remote_addr:$remote_port";
	return NULL;
}

/* Name the addresses before the request, or, if there are none, after it.  False if it is not clear
 * which address is the client. */
static bool name_addresses(struct meaning *m, size_t from, size_t to)
{
	static const char two[] =
		"it is not clear which of the addresses in its lines is the client";
	bool is_named_here = false;

	for (size_t i = from; i < to; i++) {
		if (m->names[i] || m->t->at[i].key.len)
			continue;
		const char *name = name_of_address(m, i);
		if (m->why && i < m->request)
			return false;
		m->why = NULL;
		if (!name)
			continue;
		bool is_client = strncmp(name, "$remote_addr", 12) == 0;
		if (i > m->request && is_client && has_name(m, "$remote_addr")) {
			if (is_named_here)
				return is_ambiguous(m, two);
			continue;
		}
		if (is_client && has_name(m, name))
			return is_ambiguous(m, two);
		m->names[i] = has_name(m, name) ? NULL : name;
		is_named_here |= m->names[i] && strcmp(name, "$remote_addr") == 0;
	}
	return !has_name(m, "$remote_addr") || !has_name(m, "$remote_addr:$remote_port") ||
	       is_ambiguous(m, two);
}

/* If a server looks up the names of clients, the client is an address in some lines, and a name in
 * others.  Name this value if another one is always a name with a dot: the host. */
static void name_resolved_client(struct meaning *m)
{
	size_t client = 0, clients = 0, hosts = 0;

	for (size_t i = 0; i < m->request; i++) {
		const struct token *t = &m->t->at[i];
		if (m->names[i] && strncmp(m->names[i], "$remote_addr", 12) == 0)
			return;
		if (!is_bare(m, i))
			continue;
		hosts += t->is == FORM_HOST;
		if (!(t->is & FORM_HOST) || !(t->is & FORM_ANY_ADDRESS) ||
			!is_only(t, FORM_HOST | FORM_ANY_ADDRESS))
			continue;
		client = i;
		clients++;
	}
	if (clients == 1 && hosts == 1)
		m->names[client] = "$remote_addr";
}

/* Name a host before the client.  False if it is not clear which of them is which. */
static bool name_host(struct meaning *m, size_t i, size_t client)
{
	const struct token *t = &m->t->at[i];

	if (t->is == FORM_HOST_PORT && !has_name(m, "$host")) {
		m->names[i] = "$host:$server_port";
		return true;
	}
	if (!is_only(t, FORM_HOST | FORM_ANY_ADDRESS))
		return true;
	/* If a server looks up names, this may be the client, and the only address the server's. */
	bool may_be_client =
		client == SIZE_MAX || (t->is & FORM_ANY_ADDRESS && !m->t->at[client].varies &&
					      strcmp(m->names[client], "$remote_addr") == 0);
	if (may_be_client || has_name(m, "$host"))
		return is_ambiguous(
			m, "it is not clear which of the names in its lines is the client");
	m->names[i] = "$host";
	return true;
}

/* True if the word may be the name of a user.  Most users have no dot in their names. */
static bool is_user(const struct meaning *m, size_t i)
{
	const struct token *t = &m->t->at[i];
	size_t named = m->lines - lines_with(t, FORM_NOTHING);

	return is_only(t, FORM_TEXT | FORM_HOST | FORM_NOTHING) &&
	       (!named || 2 * lines_with(t, FORM_HOST) < named);
}

/* Name `n` words between the client and the time: perhaps a host, then ident and user. */
static void name_words_after(struct meaning *m, const size_t *words, size_t n)
{
	const struct token *t = m->t->at;

	if (n > 1 && (t[words[0]].is == FORM_HOST || t[words[0]].is == FORM_HOST_PORT) &&
		!has_name(m, "$host")) {
		m->names[words[0]] = t[words[0]].is == FORM_HOST ? "$host" : "$host:$server_port";
		words++;
		n--;
	}
	if (n != 2 || !is_only(&t[words[0]], FORM_DASH) || words[1] != words[0] + 1)
		return;
	m->names[words[0]] = "$ident";
	if (is_user(m, words[1]))
		m->names[words[1]] = "$remote_user";
}

/* Name the words before the request: hosts before the client, ident and user after it. */
static bool name_words_before(struct meaning *m)
{
	size_t client = SIZE_MAX, words[TOKENS] = {0}, n = 0, end = m->request;

	for (size_t i = 0; i < m->request; i++)
		if (m->names[i] && (strncmp(m->names[i], "$remote_addr", 12) == 0 ||
					   strcmp(m->names[i], "$http_x_forwarded_for") == 0))
			client = i;
	/* The user precedes the time. */
	for (size_t i = m->request; i-- > 0 && client != SIZE_MAX && i > client;)
		if (m->names[i])
			end = i;
	for (size_t i = 0; i < end; i++) {
		if (!is_bare(m, i))
			continue;
		if (client == SIZE_MAX || i < client) {
			if (!name_host(m, i, client))
				return false;
		} else if (!(m->t->at[i].is & (FORM_INTEGER | FORM_DECIMAL)) &&
			   !is_mostly(&m->t->at[i], FORM_KEYWORD)) {
			words[n++] = i;
		}
	}
	name_words_after(m, words, n);
	return true;
}

/* Name the number of bytes, which follows the status.  If further numbers follow, it is not clear
 * which of them it is; then, none gets this name. */
static void name_bytes(struct meaning *m)
{
	size_t i = m->status + 1;

	if (i >= m->t->n || !is_bare(m, i))
		return;
	if (!is_size(&m->t->at[i]) && !is_only(&m->t->at[i], FORM_DASH))
		return;
	for (size_t k = i + 1; k < m->t->n && is_bare(m, k); k++)
		if (m->t->at[k].is & FORM_INTEGER)
			return;
	m->names[i] = "$body_bytes_sent";
}

/* Find the agent among the values in quotes after the status: the only one that looks like an agent
 * in many lines.  SIZE_MAX if there is none. */
static size_t find_agent(const struct meaning *m)
{
	size_t agent = SIZE_MAX, most = 0, second = 0;

	for (size_t i = m->status + 1; i < m->t->n; i++) {
		const struct token *t = &m->t->at[i];
		size_t n = lines_with(t, FORM_AGENT);
		if (t->open != '"' || t->key.len || m->names[i])
			continue;
		if (n > most && n > lines_with(t, FORM_URL | FORM_ANY_ADDRESS | FORM_ADDRESSES)) {
			second = most;
			most = n;
			agent = i;
		} else if (n > second) {
			second = n;
		}
	}
	return 4 * second <= most ? agent : SIZE_MAX;
}

/* Find the referrer: it is between the number of bytes and the agent, or the only value in quotes
 * that is a URL or missing.  SIZE_MAX if there is none. */
static size_t find_referrer(const struct meaning *m, size_t agent)
{
	const unsigned foreign = FORM_ANY_ADDRESS | FORM_ADDRESSES | FORM_HOST | FORM_HOST_PORT |
				 FORM_AGENT | FORM_INTEGER | FORM_DECIMAL | FORM_ADDRESS_PORT |
				 FORM_TEXT | FORM_KEYWORD | FORM_REQUEST;
	size_t referrer = SIZE_MAX, n = 0, others = 0;

	for (size_t i = m->status + 1; i < m->t->n; i++) {
		const struct token *t = &m->t->at[i];
		size_t urls = lines_with(t, FORM_URL), missing = lines_with(t, FORM_NOTHING);
		if (t->open != '"' || t->key.len || m->names[i] || i == agent)
			continue;
		bool is_usual = i + 1 == agent && i <= m->status + 2 &&
				(i == m->status + 1 || is_size(&m->t->at[i - 1]) ||
					is_only(&m->t->at[i - 1], FORM_DASH));
		if (is_usual &&
			(urls ? 2 * lines_with(t, foreign) <= urls + missing : missing == m->lines))
			return i;
		if (urls > lines_with(t, foreign) && (missing || i + 1 == agent)) {
			referrer = i;
			n++;
		} else {
			others += missing == m->lines;
		}
	}
	return n == 1 && !others ? referrer : SIZE_MAX;
}

/* Name the referrer and the agent, which are in quotes. */
static void name_quoted(struct meaning *m)
{
	size_t agent = find_agent(m), referrer = find_referrer(m, agent);

	if (agent != SIZE_MAX)
		m->names[agent] = "$http_user_agent";
	if (referrer != SIZE_MAX)
		m->names[referrer] = "$http_referer";
}

/* True if a value after the status is the address or the status of an upstream server. */
static bool has_upstream(const struct meaning *m)
{
	for (size_t i = m->status + 1; i < m->t->n; i++) {
		const struct token *t = &m->t->at[i];
		if (!m->names[i] && !t->key.len &&
			(t->is & FORM_ADDRESS_PORT || is_mostly(t, FORM_STATUS)))
			return true;
	}
	return false;
}

/* Name the time that the request took, in seconds with at least three decimals.  It is never
 * missing, and not less than the other times, which are those of parts of the request.  The only
 * time is that of the request, unless there are other values of an upstream server. */
static void name_duration(struct meaning *m)
{
	size_t found = SIZE_MAX, n = 0;
	bool is_clear = false;

	for (size_t i = 0; i < m->t->n; i++) {
		const struct token *t = &m->t->at[i];
		if (!is_bare(m, i) || lines_with(t, FORM_SECONDS) < m->lines || t->is & FORM_EPOCH)
			continue;
		int order = found == SIZE_MAX ? 1 : sum_compare(t->sum, m->t->at[found].sum);
		n++;
		is_clear = order > 0 || (is_clear && order < 0);
		found = order > 0 ? i : found;
	}
	if (is_clear && (n > 1 || !has_upstream(m)))
		m->names[found] = "$request_time";
}

static bool name_all(struct meaning *m, bool client_is_first)
{
	if (!find_request(m) || !find_status(m))
		return false;
	name_times(m);
	if (client_is_first && m->request && is_bare(m, 0))
		m->names[0] = "$remote_addr";
	if (!name_addresses(m, 0, m->request))
		return false;
	name_resolved_client(m);
	if (!name_words_before(m))
		return false;
	name_bytes(m);
	name_quoted(m);
	name_duration(m);
	return name_addresses(m, m->status + 1, m->t->n);
}

/* --- The format string ---------------------------------------------------------------- */

/* Text that is written to a buffer of limited size. */
struct text {
	char *at;
	size_t len, room;
};

static void put_text(struct text *to, const char *text)
{
	size_t len = strlen(text);

	if (to->len + len < to->room)
		memcpy(to->at + to->len, text, len + 1);
	to->len += len;
}

/* Write a literal.  Bytes that have a meaning in format strings are escaped. */
static void put_literal(struct text *to, struct span s)
{
	for (size_t i = 0; i < s.len; i++) {
		char byte[8];
		unsigned char c = (unsigned char)s.at[i];
		bool escape = c < ' ' || c == '$' || c == '%' || c == '\\' || c >= 0x7f;
		snprintf(byte, sizeof byte, escape ? "\\x%02x" : "%c", c);
		put_text(to, byte);
	}
}

/* True if the key before a value can be its name: the first value with this key, unless the name
 * means another kind of value to wf. */
static bool is_named_by_key(const struct meaning *m, size_t i)
{
	static const char *const others[] = {
		"blanks", "message", "any_time", "other_time", "first_forwarded_for", "line_end"};
	struct span key = m->t->at[i].key;

	if (!key.len || key.len >= 30 || span_begins_with(key, "wf_") ||
		span_begins_with(key, "field_") || span_begins_with(key, "quoted_") ||
		span_begins_with(key, "text_") || span_begins_with(key, "word_"))
		return false;
	for (size_t k = 0; k < sizeof others / sizeof *others; k++)
		if (span_equal(key, span_text(others[k])))
			return false;
	for (size_t k = 0; k < i; k++)
		if (span_equal(key, m->t->at[k].key))
			return false;
	return true;
}

static void put_value(struct text *to, const struct meaning *m, size_t i)
{
	const struct token *t = &m->t->at[i];
	char own[40];

	put_literal(to, t->before);
	if (t->open)
		put_text(to, (char[]){t->open, '\0'});
	if (m->names[i]) {
		put_text(to, m->names[i]);
	} else if (is_named_by_key(m, i)) {
		snprintf(own, sizeof own, "$%.*s", (int)t->key.len, t->key.at);
		put_text(to, own);
	} else {
		snprintf(own, sizeof own, t->open ? "$quoted_%zu" : "$field_%zu", i + 1);
		put_text(to, own);
	}
	if (t->open)
		put_text(to, t->open == '[' ? "]" : "\"");
}

/* True if the last value is a word that may be a list.  Then nothing may follow it, because a list
 * that is not cut as one value would shift the values after it. */
static bool must_end(const struct meaning *m)
{
	size_t last = m->t->n - 1;

	return is_bare(m, last) ||
	       (!m->t->at[last].open && last > m->status && m->names[last] != NULL &&
		       strcmp(m->names[last], "$body_bytes_sent") != 0) ||
	       (m->t->at[last].key.len && !m->t->at[last].open);
}

static char *write_format(const struct meaning *m, struct span envelope)
{
	enum { ROOM = 8192 };
	struct text to = {malloc(ROOM), 0, ROOM};

	if (!to.at)
		return NULL;
	to.at[0] = '\0';
	for (size_t i = 0; i < envelope.len; i++)
		put_text(&to, (char[]){envelope.at[i], '\0'});
	for (size_t i = 0; i < m->t->n; i++)
		put_value(&to, m, i);
	if (must_end(m))
		put_text(&to, "$line_end");
	if (to.len < ROOM)
		return to.at;
	free(to.at);
	return NULL;
}

/* --- All ------------------------------------------------------------------------------ */

/* Split the line into values, without its envelope.  The format of the envelope is written to
 * `envelope`.  False if that is not possible. */
static bool read_line(struct span line, struct tokens *t, char envelope[ENVELOPE_FORMAT])
{
	if (line.len && line.at[line.len - 1] == '\r')
		line.len--;
	line = span_from(line, envelope_describe(line, envelope));
	return tokenize(line, t);
}

/* How many different structures of lines are compared. */
enum { GROUPS = 4 };

/* Count a line in the group of its structure; if there is none, in the first empty group. */
static void group_line(struct group *groups, const struct tokens *line, const char *envelope)
{
	struct group *g = groups;

	while (g < groups + GROUPS && g->lines &&
		(strcmp(g->envelope, envelope) != 0 || !have_same_structure(&g->tokens, line)))
		g++;
	if (g == groups + GROUPS)
		return;
	if (!g->lines) {
		g->tokens = *line;
		snprintf(g->envelope, sizeof g->envelope, "%s", envelope);
	}
	count_forms(g, line);
}

static bool has_request(const struct tokens *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->at[i].open == '"' && t->at[i].is & FORM_REQUEST)
			return true;
	return false;
}

/* Return the group with the most lines among those with a request; NULL if there is none. */
static struct group *largest_group(struct group *groups)
{
	struct group *best = NULL;

	for (struct group *g = groups; g < groups + GROUPS; g++)
		if (has_request(&g->tokens) && (!best || g->lines > best->lines))
			best = g;
	return best;
}

static char *describe(struct span lines, bool client_is_first, struct complaint *c)
{
	struct group *groups = calloc(GROUPS, sizeof *groups);
	struct tokens *next = calloc(1, sizeof *next);
	char envelope[ENVELOPE_FORMAT], *text = NULL;
	struct span line;

	complain(c, "%s", groups && next ? "" : "out of memory");
	for (int i = 0; groups && next && i < GUESS_LINES && lines_next(&lines, &line); i++)
		if (read_line(line, next, envelope))
			group_line(groups, next, envelope);
	struct group *g = groups && next ? largest_group(groups) : NULL;
	struct meaning m = {.t = g ? &g->tokens : NULL, .lines = g ? g->lines : 0};
	if (g && name_all(&m, client_is_first))
		text = write_format(&m, span_text(g->envelope));
	if (m.why)
		complain(c, "%s (see --log-format)", m.why);
	free(next);
	free(groups);
	return text;
}

char *core_describe(struct span lines, struct complaint *c)
{
	return describe(lines, false, c);
}

char *core_describe_after_client(struct span lines, struct complaint *c)
{
	return describe(lines, true, c);
}
