#include "formats/logformat.h"

#include <stdio.h>
#include <stdlib.h>

#include "formats/cutter.h"
#include "formats/envelope.h"
#include "formats/known_layouts.h"
#include "formats/unpaste.h"
#include "lib/suggest.h"

struct logformat {
	const char *name;
	const struct cutter *cutter;
	void *compiled;
	const struct wanted *wanted;
	char *text; /* the format string; NULL if the format has a name */
};

static const struct named {
	const char *name;
	const struct cutter *cutter;
	const char *text;
} named[] = {
	{"nginx_main", &nginx_cutter,
		"$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent "
		"\"$http_referer\" \"$http_user_agent\" \"$http_x_forwarded_for\""},
	{"vhost_combined", &apache_cutter,
		"%v:%p %h %l %u %t \"%r\" %>s %O \"%{Referer}i\" \"%{User-Agent}i\""},
	{"combined", &apache_cutter,
		"%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\""},
	{"common", &apache_cutter, "%h %l %u %t \"%r\" %>s %b"},
	{"json", &json_cutter, ""},
	{"ltsv", &ltsv_cutter, ""},
	{"logfmt", &logfmt_cutter, ""},
	{"w3c", &w3c_cutter, ""},
	{"iis", &iis_cutter, ""},
	{"csv", &csv_cutter, ""},
	{"widefinder", &widefinder_cutter, ""},
};

const char *const logformat_known[] = {"nginx_main", "vhost_combined", "combined", "common", "json",
	"ltsv", "logfmt", "w3c", "iis", "csv", NULL};

/* Find the cutter for a format.  `text` is the name of a format, or a string for Apache if it
 * contains a '%', or for nginx if it contains a '$'.  If it is none of these, .name is NULL. */
static struct named find(const char *text)
{
	for (size_t i = 0; i < sizeof named / sizeof *named; i++)
		if (strcmp(named[i].name, text) == 0)
			return named[i];
	for (const struct known_layout *l = known_layouts; l->name; l++)
		if (strcmp(l->name, text) == 0)
			return (struct named){l->name,
				strchr(l->text, '%') ? &apache_cutter : &nginx_cutter, l->text};
	if (strchr(text, '%'))
		return (struct named){text, &apache_cutter, text};
	if (strchr(text, '$'))
		return (struct named){text, &nginx_cutter, text};
	return (struct named){0};
}

static struct suggestion nearest_name(const char *text)
{
	struct suggestion nearest = suggest_for(span_text(text));

	for (size_t i = 0; logformat_known[i]; i++)
		suggest_offer(&nearest, span_text(logformat_known[i]));
	for (const struct known_layout *l = known_layouts; l->name; l++)
		suggest_offer(&nearest, span_text(l->name));
	return nearest;
}

/* True if the text is the name of a format with something after it, as in "combined %D". */
static bool starts_with_name(const char *text)
{
	size_t len = strcspn(text, " \t");

	for (size_t i = 0; text[len] && logformat_known[i]; i++)
		if (strlen(logformat_known[i]) == len && memcmp(logformat_known[i], text, len) == 0)
			return true;
	return false;
}

/* Complain that a text is not a format.  Always NULL. */
static void *complain_of_text(const char *text, struct complaint *c)
{
	struct suggestion nearest = nearest_name(text);
	char guess[SUGGEST_PHRASE];

	if (starts_with_name(text))
		complain(c, "nothing can follow the name of a format; to add fields, write the "
			    "whole format, such as '%%h %%l ... %%D'");
	else
		complain(c,
			"must be auto, common, combined, vhost_combined, nginx_main, json, ltsv, "
			"logfmt, w3c, iis or csv, or a string such as Apache's '%%h %%l ...' or "
			"nginx's "
			"'$remote_addr "
			"...', not '%s'%s",
			text, suggest_phrase(&nearest, "", guess));
	return NULL;
}

/* Compile a format.  It keeps a pointer to is.text.  NULL, with a complaint, on error. */
static struct logformat *compile(struct named is, const struct wanted *wanted, struct complaint *c)
{
	struct logformat *f = malloc(sizeof *f);

	complain(c, "out of memory"); /* compile() replaces this if it has another complaint */
	if (!f)
		return NULL;
	*f = (struct logformat){.name = is.name, .cutter = is.cutter, .wanted = wanted};
	f->compiled = is.cutter->compile(is.text, wanted, c);
	if (f->compiled)
		return f;
	free(f);
	return NULL;
}

/* Compile a format string.  On success, the format owns pasted->text. */
static struct logformat *compile_string(
	struct unpasted *pasted, const struct wanted *wanted, struct complaint *c)
{
	struct named is = pasted->is_json ? find("json") : find(pasted->text);

	if (pasted->server && !pasted->is_json)
		is = (struct named){pasted->text,
			pasted->server == SERVER_NGINX ? &nginx_cutter : &apache_cutter,
			pasted->text};
	if (!is.name || starts_with_name(pasted->text))
		return complain_of_text(pasted->text, c);
	struct logformat *f = compile(is, wanted, c);
	if (f) {
		f->text = pasted->text;
		pasted->text = NULL;
	} else if (c->offset != SIZE_MAX) {
		c->offset = pasted->offsets[c->offset];
	}
	return f;
}

static const char csv_prefix[] = "csv:";

/* Compile a copy of the text by a cutter, which gets the copy without its first `skipped` bytes. */
static struct logformat *compile_copy(const char *text, size_t skipped, const struct cutter *cutter,
	const struct wanted *wanted, struct complaint *c)
{
	char *copy = strdup(text);
	struct named is = {copy, cutter, copy ? copy + skipped : ""};
	struct logformat *f = copy ? compile(is, wanted, c) : NULL;

	if (f)
		f->text = copy;
	else
		free(copy);
	return f;
}

struct logformat *logformat_compile(
	const char *text, const struct wanted *wanted, struct complaint *c)
{
	struct named is = find(text);
	struct unpasted pasted;
	struct span before;

	if (strncmp(text, csv_prefix, sizeof csv_prefix - 1) == 0)
		return compile_copy(text, sizeof csv_prefix - 1, &csv_cutter, wanted, c);
	if (envelope_json_named(text) || envelope_text_named(text, &before))
		return compile_copy(text, 0, &enveloped_cutter, wanted, c);
	if (is.name && is.text != text)
		return compile(is, wanted, c);
	struct logformat *f = unpaste(text, &pasted, c) ? compile_string(&pasted, wanted, c) : NULL;
	unpasted_free(&pasted);
	return f;
}

void logformat_free(struct logformat *f)
{
	if (f && f->cutter->free)
		f->cutter->free(f->compiled);
	if (f)
		free(f->text);
	free(f);
}

const char *logformat_name(const struct logformat *f)
{
	return f->name;
}

uint32_t logformat_bases(const struct logformat *f)
{
	return f->cutter->bases ? f->cutter->bases(f->compiled) : UINT32_MAX;
}

bool logformat_has(const struct logformat *f, const char *name)
{
	return !f->cutter->has || f->cutter->has(f->compiled, name);
}

struct span logformat_own_name(const struct logformat *f, size_t i)
{
	return f->cutter->own_name ? f->cutter->own_name(f->compiled, i) : span_of(NULL, 0);
}

bool logformat_tell_own(
	const struct logformat *f, struct span line, const struct listener *listener)
{
	return !f->cutter->tell_own || f->cutter->tell_own(f->compiled, line, listener);
}

bool logformat_times_are_utc(const struct logformat *f)
{
	return f->cutter->times_are_utc;
}

struct span logformat_heading(const struct logformat *f)
{
	return f->cutter->heading;
}

bool logformat_restart(struct logformat *f, struct span heading)
{
	return !f->cutter->restart || f->cutter->restart(f->compiled, heading);
}

size_t logformat_slots(const struct logformat *f)
{
	return BASES + f->wanted->names.n;
}

bool logformat_uses_marks(const struct logformat *f)
{
	return f->cutter->cut_usual != NULL || f->cutter->uses_marks;
}

bool logformat_cut_usual(
	struct logformat *f, const struct marked *lines, struct usual_columns *columns)
{
	return f->cutter->cut_usual && f->cutter->cut_usual(f->compiled, lines, columns);
}

enum cut_result logformat_cut(struct logformat *f, struct span line, const struct cut *cut)
{
	return f->cutter->cut(f->compiled, line, cut);
}

size_t logformat_stop(struct logformat *f, struct span line)
{
	return f->cutter->stop ? f->cutter->stop(f->compiled, line) : SIZE_MAX;
}
