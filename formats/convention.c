#include "formats/convention.h"

#include "formats/form.h"
#include "formats/guess.h"
#include "formats/port.h"
#include "formats/quotes.h"
#include "formats/timestamp.h"
#include "lib/decimal.h"
#include "lib/lines.h"
#include "lib/swar.h"

enum { QUOTED = 3, PORTS = 3 };

/* In how many lines a text in quotes has each kind of form. */
struct kinds {
	size_t addresses, hosts, urls, agents, texts, nothing;
};

/* What the lines have in common. */
struct evidence {
	size_t lines;
	size_t host_is_address;   /* in vhost_combined */
	struct span ports[PORTS]; /* different ports in vhost_combined */
	size_t n_ports;
	size_t client_is_address, client_has_port;
	size_t second_is_address, second_is_host;
	size_t user_has_blank, user_is_host, user_is_other, user_is_user;
	size_t status_is_other, bytes_are_status;
	size_t bytes, number_follows; /* a number of bytes, and another number after it */
	struct kinds quoted[QUOTED];
	size_t later_agents; /* texts like agents after the third one in quotes */
};

/* A line, of which `p` is the next byte. */
struct place {
	const char *p, *end;
};

/* Take the word at the place, and the blank after it. */
static bool take_word(struct place *at, struct span *word)
{
	const char *blank = swar_find(at->p, at->end, ' ');

	if (!blank)
		return false;
	*word = span_between(at->p, blank);
	at->p = blank + 1;
	return true;
}

static bool is_dash(struct span s)
{
	return s.len == 1 && s.at[0] == '-';
}

/* Take the words before the time, the time, and the request. */
static bool take_head(struct place *at, struct span *client, struct span *second, struct span *user)
{
	if (!take_word(at, client) || !take_word(at, second))
		return false;
	const char *bracket = swar_find(at->p, at->end, '[');
	if (!bracket || bracket - at->p < 2 || bracket[-1] != ' ')
		return false;
	*user = span_between(at->p, bracket - 1);
	/* The lines fit a format, so this is a time. */
	const char *time = bracket + 1 + TIMESTAMP_CLF;
	if (at->end - bracket < TIMESTAMP_CLF + 4 || memcmp(time, "] \"", 3) != 0)
		return false;
	const char *quote = quotes_find(time + 3, at->end);
	at->p = quote ? quote + 1 : NULL;
	return quote;
}

static void see_host(struct evidence *e, struct span word)
{
	struct span host = port_host(word);
	struct span port = span_from(word, host.len ? host.len + 1 : word.len);
	size_t i = 0;

	e->host_is_address += (form_of(host) & FORM_ANY_ADDRESS) != 0;
	while (i < e->n_ports && !span_equal(e->ports[i], port))
		i++;
	if (i == e->n_ports && i < PORTS)
		e->ports[e->n_ports++] = port;
}

static void see_client(struct evidence *e, struct span client, bool has_host)
{
	/* Nearly all clients have no colon. */
	if (!has_host && !swar_find(client.at, span_end(client), ':'))
		return;
	unsigned form = form_of(client);

	e->client_is_address += (form & FORM_ANY_ADDRESS) != 0;
	e->client_has_port += (form & (FORM_ADDRESS_PORT | FORM_HOST_PORT)) != 0;
}

static void see_second(struct evidence *e, struct span second)
{
	unsigned form = is_dash(second) ? FORM_DASH : form_of(second);

	e->second_is_address +=
		(form & (FORM_ANY_ADDRESS | FORM_ADDRESS_PORT | FORM_ADDRESSES | FORM_HOST_PORT)) !=
		0;
	e->second_is_host += form == FORM_HOST;
}

/* True for a name like "w.smith": two parts, of which the second is not a usual end of a host name. */
static bool is_like_person(struct span s)
{
	static const char *const ends[] = {"com", "org", "net", "edu", "gov", "int", "info", "biz",
		"io", "dev", "app", "local", "lan", "internal", "test", "example"};
	const char *dot = span_first(s, '.');
	struct span end = dot ? span_between(dot + 1, span_end(s)) : s;

	if (!dot || span_first(end, '.') || end.len < 3)
		return false;
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (span_equal(end, span_text(ends[i])))
			return false;
	return true;
}

static void see_user(struct evidence *e, struct span user)
{
	if (is_dash(user))
		return;
	if (swar_find(user.at, span_end(user), ' ')) {
		e->user_has_blank++;
		return;
	}
	unsigned form = form_of(user);
	e->user_is_host += form == FORM_HOST && !is_like_person(user);
	e->user_is_other += (form & (FORM_ANY_ADDRESS | FORM_ADDRESS_PORT | FORM_ADDRESSES |
					    FORM_HOST_PORT | FORM_KEYWORD)) != 0;
	e->user_is_user += (form & (FORM_TEXT | FORM_INTEGER)) != 0;
}

static void see_quoted(struct evidence *e, size_t i, struct span value)
{
	unsigned form = form_of(value);

	if (i >= QUOTED) {
		e->later_agents += form == FORM_AGENT;
		return;
	}
	struct kinds *k = &e->quoted[i];
	if (form & (FORM_ANY_ADDRESS | FORM_ADDRESSES | FORM_ADDRESS_PORT))
		k->addresses++;
	else if (form & (FORM_HOST | FORM_HOST_PORT))
		k->hosts++;
	else if (form & FORM_NOTHING)
		k->nothing++;
	else if (form == FORM_URL)
		k->urls++;
	else if (form == FORM_AGENT)
		k->agents++;
	else
		k->texts++;
}

/* Look at what follows the request. */
static void see_rest(struct evidence *e, struct place at)
{
	struct span word, bytes;
	size_t i = 0;

	if (at.p == at.end || *at.p++ != ' ' || !take_word(&at, &word))
		return;
	e->status_is_other += !(form_of(word) & (FORM_STATUS | FORM_DASH));
	bytes = span_between(at.p, swar_blank(at.p, at.end));
	at.p = span_end(bytes);
	bool is_number = is_dash(bytes) || decimal_is_digits(bytes);
	e->bytes += is_number;
	e->bytes_are_status += bytes.len == 3 && form_of(bytes) == FORM_STATUS;
	if (is_number && at.end - at.p > 1 && decimal_is_digit(at.p[1]))
		e->number_follows +=
			decimal_is_digits(span_between(at.p + 1, swar_blank(at.p + 1, at.end)));
	while (at.p < at.end && (at.p = memchr(at.p, '"', (size_t)(at.end - at.p)))) {
		const char *close = quotes_find(at.p + 1, at.end);
		if (!close)
			return;
		see_quoted(e, i++, span_between(at.p + 1, close));
		at.p = close + 1;
	}
}

static void see_line(struct evidence *e, struct span line, bool has_host)
{
	struct span host = {NULL, 0}, client, second, user;

	line = span_trim_start(line, " \t");
	struct place at = {line.at, span_end(line)};
	if (has_host && !take_word(&at, &host))
		return;
	if (!take_head(&at, &client, &second, &user))
		return;
	e->lines++;
	if (has_host)
		see_host(e, host);
	see_client(e, client, has_host);
	see_second(e, second);
	see_user(e, user);
	see_rest(e, at);
}

/* --- Judgement ------------------------------------------------------------------------ */

/* True if the first word is not a host with its port, but a client with its port. */
static bool is_client_first(const struct evidence *e)
{
	return e->host_is_address == e->lines && (!e->client_is_address || e->n_ports == PORTS);
}

/* True if the status is not one in most lines, or in some, and the next number is in all of them. */
static bool is_status_odd(const struct evidence *e)
{
	return 2 * e->status_is_other > e->lines ||
	       (e->status_is_other && e->bytes_are_status == e->lines);
}

/* True if so many lines have a text that clients send that a few requests of one client do not explain
 * it.  Otherwise, a client could make wf refuse a log. */
static bool are_several(const struct evidence *e, size_t lines)
{
	enum { FEW = 20 };

	return lines > (e->lines < FEW ? 0 : 1 + e->lines / 10);
}

/* True if the words between client and time are not ident and user.  Servers log users as clients
 * send them. */
static bool are_words_odd(const struct evidence *e)
{
	return e->second_is_address || e->second_is_host == e->lines ||
	       e->user_has_blank == e->lines ||
	       (are_several(e, e->user_is_other) && e->user_is_other >= e->user_is_user) ||
	       2 * e->user_is_host > e->lines;
}

/* True if the first two texts in quotes are not referrer and agent.  Clients send these, so it
 * counts what most of them are. */
static bool are_texts_odd(const struct evidence *e)
{
	const struct kinds *referrer = &e->quoted[0], *agent = &e->quoted[1];

	return referrer->addresses > referrer->urls ||
	       referrer->hosts > referrer->urls + referrer->nothing + referrer->texts ||
	       referrer->agents > referrer->urls + referrer->nothing + referrer->texts ||
	       agent->urls + agent->addresses > agent->agents + agent->texts ||
	       e->quoted[2].agents > agent->agents || e->later_agents > agent->agents;
}

enum convention convention_check(const char *format, struct span lines)
{
	static const char *const formats[] = {"common", "combined", "vhost_combined", "nginx_main"};
	enum { COMMON, COMBINED, VHOST_COMBINED, NGINX_MAIN, OTHER };
	struct evidence e = {0};
	struct span line;
	int i = COMMON;

	while (i < OTHER && strcmp(format, formats[i]) != 0)
		i++;
	for (int n = 0; i < OTHER && n < GUESS_LINES && lines_next(&lines, &line); n++)
		see_line(&e, line, i == VHOST_COMBINED);
	if (!e.lines)
		return CONVENTION_KEPT;
	if (e.client_has_port || is_status_odd(&e) || are_words_odd(&e) ||
		(i == VHOST_COMBINED && is_client_first(&e)) ||
		(i == COMMON ? 2 * e.number_follows > e.bytes : are_texts_odd(&e)))
		return CONVENTION_BROKEN;
	const struct kinds *third = &e.quoted[2];
	size_t others = third->hosts + third->texts + third->urls;
	return i == NGINX_MAIN && are_several(&e, others) && others > third->addresses
		       ? CONVENTION_SHORT
		       : CONVENTION_KEPT;
}
