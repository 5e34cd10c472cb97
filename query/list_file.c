#include "query/list_file.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "lib/decimal.h"
#include "lib/ini.h"
#include "lib/textlines.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Return the value in a line; it is empty if there is none. */
static struct span value_in(const char *line)
{
	const char *end = line;

	while (*end && !(*end == '#' && (end == line || is_blank(end[-1]))))
		end++;
	return span_trim_end(span_trim_start(span_between(line, end), " \t"), " \t");
}

static bool add(struct value_set *set, struct span value, bool numbers, struct complaint *c)
{
	if (numbers && !decimal_is(value))
		return complain(c, "'%.*s' is not a number", (int)(value.len < 64 ? value.len : 64),
			value.at);
	return value_set_add(set, value, c);
}

bool list_file_read(const char *name, bool numbers, struct value_set *set, char sum[LIST_FILE_SUM],
	struct complaint *c)
{
	char *text = ini_load(name, c), *rest, *line, place[32];
	size_t number = 0;
	bool ok = text != NULL;

	if (!text)
		return false;
	XXH128_hash_t hash = XXH3_128bits(text, strlen(text));
	snprintf(sum, LIST_FILE_SUM, "%016" PRIx64 "%016" PRIx64, (uint64_t)hash.high64,
		(uint64_t)hash.low64);
	rest = textlines_begin(text);
	while (ok && (line = textlines_next(&rest))) {
		struct span value = value_in(line);
		number++;
		ok = !value.len || add(set, value, numbers, c);
	}
	free(text);
	if (ok)
		return true;
	char why[sizeof c->text];
	memcpy(why, c->text, sizeof why);
	snprintf(place, sizeof place, "line %zu", number);
	return complain_of(c, name, "%s: %s", place, why);
}
