#include "lib/ini.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/die.h"
#include "lib/span.h"

/* Without the blanks around it. */
static char *trim(char *s)
{
	return span_trim_string(s, " \t\r");
}

static void read_section(struct ini_line *line)
{
	char *end = strrchr(line->name, ']');

	if (!end || end[1])
		die("%s:%zu: a section is [NAME]", line->file, line->number);
	*end = '\0';
	line->name = trim(line->name + 1);
	if (!*line->name)
		die("%s:%zu: a section needs a name", line->file, line->number);
}

static void read_key(struct ini_line *line)
{
	char *equals = strchr(line->name, '=');

	if (!equals || equals == line->name)
		die("%s:%zu: neither [NAME] nor KEY = VALUE", line->file, line->number);
	*equals = '\0';
	line->name = trim(line->name);
	line->value = trim(equals + 1);
}

void ini_read(const char *file, char *text, void (*take)(void *, const struct ini_line *), void *to)
{
	static const char byte_order_mark[] = "\xef\xbb\xbf"; /* Windows' Notepad writes it */
	struct ini_line line = {.file = file};

	if (strncmp(text, byte_order_mark, 3) == 0)
		text += 3;
	for (char *next = text; next;) {
		line.number++;
		line.name = next;
		line.value = NULL;
		next = strchr(next, '\n');
		if (next)
			*next++ = '\0';
		line.name = trim(line.name);
		if (!*line.name || *line.name == '#' || *line.name == ';')
			continue;
		if (*line.name == '[')
			read_section(&line);
		else
			read_key(&line);
		take(to, &line);
	}
}

char *ini_load(const char *file)
{
	FILE *in = fopen(file, "r");
	size_t len = 0, room = 0;
	char *text = NULL, *more;

	if (!in)
		die("%s: %s", file, strerror(errno));
	do {
		if (len + 1 >= room) {
			more = realloc(text, room = 2 * room + 4096);
			if (!more)
				die("%s: %s", file, strerror(errno));
			text = more;
		}
		len += fread(text + len, 1, room - len - 1, in);
	} while (!feof(in) && !ferror(in));
	if (ferror(in))
		die("%s: %s", file, strerror(errno));
	fclose(in);
	text[len] = '\0';
	if (strlen(text) != len)
		die("%s: holds a NUL byte: no text", file);
	return text;
}
