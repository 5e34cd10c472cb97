#include "formats/logformat.h"

#include <stdio.h>
#include <stdlib.h>

#include "formats/cutter.h"
#include "lib/suggest.h"

struct logformat {
	const char *name;
	const struct cutter *cutter;
	void *compiled;
	const struct wanted *wanted;
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
	{"w3c", &w3c_cutter, ""},
	{"widefinder", &widefinder_cutter, ""},
};

const char *const logformat_known[] = {
	"nginx_main", "vhost_combined", "combined", "common", "json", "ltsv", "w3c", NULL};

/* Find the cutter for a format.  `text` is the name of a format, or a string for Apache if it
 * contains a '%', or for nginx if it contains a '$'.  If it is none of these, .name is NULL. */
static struct named find(const char *text)
{
	for (size_t i = 0; i < sizeof named / sizeof *named; i++)
		if (strcmp(named[i].name, text) == 0)
			return named[i];
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
	return nearest;
}

static bool is_line_of_configuration(const char *text)
{
	return strncmp(text, "log_format ", 11) == 0 || strncmp(text, "LogFormat ", 10) == 0;
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

struct logformat *logformat_compile(
	const char *text, const struct wanted *wanted, struct complaint *c)
{
	struct named is = find(text);
	struct logformat *f = malloc(sizeof *f);

	if (is_line_of_configuration(text)) {
		complain(c, "give only the string between the quotes, such as '%%h %%l ...' or "
			    "'$remote_addr ...', not the whole line of the configuration");
		goto free;
	}
	if (starts_with_name(text)) {
		complain(c, "nothing can follow the name of a format; to add fields, write the "
			    "whole format, such as '%%h %%l ... %%D'");
		goto free;
	}
	if (!is.name) {
		struct suggestion nearest = nearest_name(text);
		char guess[SUGGEST_PHRASE];
		complain(c,
			"must be auto, common, combined, vhost_combined, nginx_main, json, ltsv or "
			"w3c, or a string such as Apache's '%%h %%l ...' or nginx's '$remote_addr "
			"...', not '%s'%s",
			text, suggest_phrase(&nearest, "", guess));
		goto free;
	}
	complain(c, "out of memory"); /* compile() replaces this if it has another complaint */
	if (!f)
		goto free;
	*f = (struct logformat){.name = is.name, .cutter = is.cutter, .wanted = wanted};
	f->compiled = is.cutter->compile(is.text, wanted, c);
	if (f->compiled)
		return f;
free:
	free(f);
	return NULL;
}

void logformat_free(struct logformat *f)
{
	if (f && f->cutter->free)
		f->cutter->free(f->compiled);
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
	return f->cutter->cut_usual != NULL;
}

bool logformat_cut_usual(struct logformat *f, const struct marked *lines, enum base base,
	struct span *values, uint32_t *first)
{
	return f->cutter->cut_usual &&
	       f->cutter->cut_usual(f->compiled, lines, base, values, first);
}

enum cut_result logformat_cut(struct logformat *f, struct span line, const struct cut *cut)
{
	return f->cutter->cut(f->compiled, line, cut);
}
