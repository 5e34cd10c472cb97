#include "lib/ini.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/span.h"
#include "lib/textlines.h"

static char *trim(char *s)
{
	return span_trim_string(s, " \t\r");
}

static bool read_section(struct ini_line *line, struct complaint *c)
{
	char *end = strrchr(line->name, ']');

	if (!end || end[1])
		return complain(c, "%s:%zu: write a section as [NAME]", line->file, line->number);
	*end = '\0';
	line->name = trim(line->name + 1);
	return *line->name ||
	       complain(c, "%s:%zu: a section needs a name", line->file, line->number);
}

static bool read_key(struct ini_line *line, struct complaint *c)
{
	char *equals = strchr(line->name, '=');

	if (!equals || equals == line->name)
		return complain(c, "%s:%zu: the line is neither [NAME] nor KEY = VALUE", line->file,
			line->number);
	*equals = '\0';
	line->name = trim(line->name);
	line->value = trim(equals + 1);
	return true;
}

bool ini_read(const char *file, char *text,
	bool (*take)(void *ctx, const struct ini_line *, struct complaint *), void *ctx,
	struct complaint *c)
{
	struct ini_line line = {.file = file};

	text = textlines_begin(text);
	while ((line.name = textlines_next(&text))) {
		line.number++;
		line.value = NULL;
		line.name = trim(line.name);
		if (!*line.name || *line.name == '#' || *line.name == ';')
			continue;
		if (!(*line.name == '[' ? read_section : read_key)(&line, c) ||
			!take(ctx, &line, c))
			return false;
	}
	return true;
}

/* Read all of a file, and append a NUL, which *len does not count.  The caller frees the text.
 * NULL on error (errno). */
static char *read_all(FILE *in, size_t *len)
{
	size_t room = 0;
	char *text = NULL;

	*len = 0;
	while (!feof(in) && !ferror(in) && ARRAY_GROW(text, *len + 1, &room))
		*len += fread(text + *len, 1, room - *len - 1, in);
	if (text && feof(in)) {
		text[*len] = '\0';
		return text;
	}
	free(text);
	return NULL;
}

char *ini_load(const char *file, struct complaint *c)
{
	FILE *in = fopen(file, "r");
	size_t len;
	char *text = in ? read_all(in, &len) : NULL;

	if (!text)
		complain(c, "%s: %s", file, strerror(errno));
	if (in)
		fclose(in);
	if (text && strlen(text) != len) {
		complain(c, "%s: not a text file: it contains a NUL byte", file);
		free(text);
		text = NULL;
	}
	return text;
}
