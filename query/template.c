#include "query/template.h"

#include <stdio.h>
#include <stdlib.h>

#include "lib/decimal.h"
#include "lib/human.h"

/* A part of a template.  If .text.at is NULL, the part is a group. */
struct part {
	struct span text;
	unsigned group;
};

struct key_template {
	size_t n;
	struct part parts[];
};

static struct span part_bytes(const struct part *part, const struct pattern *p)
{
	return part->text.at ? part->text : pattern_group(p, part->group);
}

size_t template_len(const struct key_template *t, const struct pattern *p)
{
	size_t len = 0;

	for (size_t i = 0; i < t->n; i++)
		len += part_bytes(&t->parts[i], p).len;
	return len;
}

void template_write(const struct key_template *t, const struct pattern *p, char *out)
{
	for (size_t i = 0; i < t->n; i++) {
		struct span s = part_bytes(&t->parts[i], p);
		if (s.len)
			memcpy(out, s.at, s.len);
		out += s.len;
	}
}

/* Return the number of the group with that name or number.  If there is no such group, the result
 * is negative, as in pattern_group_named(). */
static int find_group(struct span name, const struct pattern *p)
{
	char text[128];

	if (name.len >= sizeof text)
		return -1;
	memcpy(text, name.at, name.len);
	text[name.len] = '\0';
	if (!decimal_is_digits(name))
		return pattern_group_named(p, text);
	unsigned long n = strtoul(text, NULL, 10);
	return n <= pattern_groups(p) ? (int)n : -1;
}

/* Read the name or number of a group after a "$".  Returns an empty span if there is none.  *next
 * becomes the rest of the text. */
static struct span group_name(const char *text, const char **next)
{
	size_t len;

	if (*text == '{') {
		len = strcspn(text, "}");
		*next = text[len] ? text + len + 1 : text + len;
		return text[len] ? span_of(text + 1, len - 1) : span_of("", 0);
	}
	len = strspn(text, "0123456789");
	*next = text + len;
	return span_of(text, len);
}

/* Read one part.  Returns the text after the part; NULL, with a complaint, on error. */
static const char *read_part(
	const char *text, const struct pattern *p, struct part *part, struct complaint *c)
{
	if (text[0] == '$' && text[1] == '$') {
		part->text = span_text("$");
		return text + 2;
	}
	if (text[0] == '\\' && (text[1] == 't' || text[1] == '\\')) {
		part->text = span_text(text[1] == 't' ? "\t" : "\\");
		return text + 2;
	}
	if (text[0] == '\\') {
		bool is_group = decimal_is_digit(text[1]);
		complain(c, "'\\%.1s' is not an escape: write %s%.*s%s\\t for a tab, \\\\ for a backslash",
			text + 1, is_group ? "$" : "", is_group, text + 1,
			is_group ? " for the group, " : "");
		return NULL;
	}
	if (text[0] != '$') {
		size_t len = 1 + strcspn(text + 1, "$\\");
		part->text = span_of(text, len);
		return text + len;
	}
	const char *next;
	struct span name = group_name(text + 1, &next);
	if (!name.len) {
		complain(c, "$ without a group: write $1 or ${name}, or $$ for a dollar");
		return NULL;
	}
	int group = find_group(name, p);
	if (group == -2) {
		complain(c, "several groups are named '%.*s': use their numbers",
			(int)(name.len < 64 ? name.len : 64), name.at);
		return NULL;
	}
	if (group < 0) {
		unsigned have = pattern_groups(p);
		complain(c, "no group '%.*s': the pattern has %u group%s",
			(int)(name.len < 64 ? name.len : 64), name.at, have, human_plural(have));
		return NULL;
	}
	part->group = (unsigned)group;
	return next;
}

static struct key_template *compile(
	const char *text, const struct pattern *p, bool needs_group, struct complaint *c)
{
	/* There are at most as many parts as the text has bytes. */
	struct key_template *t = calloc(1, sizeof *t + (strlen(text) + 1) * sizeof *t->parts);

	if (!t) {
		complain(c, "out of memory");
		return NULL;
	}
	bool any_group = false;
	while (*text) {
		struct part *part = &t->parts[t->n++];
		text = read_part(text, p, part, c);
		if (!text)
			goto free;
		any_group |= !part->text.at;
	}
	if (any_group || !needs_group)
		return t;
	/* In double quotes, the shell replaces "$1" by nothing. */
	complain(c, "the template names no group: quote it in the shell, as in '$1 $2'");
free:
	free(t);
	return NULL;
}

struct key_template *template_compile(
	const char *text, const struct pattern *p, struct complaint *c)
{
	return compile(text, p, true, c);
}

struct key_template *template_compile_replacement(
	const char *text, const struct pattern *p, struct complaint *c)
{
	return compile(text, p, false, c);
}

void template_free(struct key_template *t)
{
	free(t);
}
