#include "query/part.h"

#include "lib/address.h"
#include "lib/ascii.h"
#include "lib/casefold.h"
#include "lib/decimal.h"
#include "query/fold.h"
#include "query/part_cache.h"
#include "query/url.h"

enum { IPV6_BITS = 64 };

/* What a WHAT makes from a value: a part of its bytes by .part, or anything else by .make, which
 * returns false if out of memory. */
struct part {
	const char *name;
	struct span (*part)(struct span value);
	bool (*make)(const struct part_step *, struct span *value, struct arena *);
	bool is_slow; /* true if a cache is faster */
};

/* --- URLs -------------------------------------------------------------------------- */

static struct span extension_of(struct span url)
{
	return url_extension(url_path(url));
}

static bool parameter_of(const struct part_step *step, struct span *value, struct arena *arena)
{
	(void)arena;
	*value = url_parameter(*value, step->name);
	return true;
}

static bool decode(const struct part_step *step, struct span *value, struct arena *arena)
{
	const char *end = span_end(*value);

	(void)step;
	if (!span_first(*value, '%'))
		return true;
	char *start = arena_take(arena, value->len), *to = start;
	for (const char *p = value->at; start && p < end; p++) {
		int high = *p == '%' && end - p > 2 ? ascii_hex(p[1]) : -1;
		int low = high >= 0 ? ascii_hex(p[2]) : -1;
		*to++ = low >= 0 ? (char)(16 * high + low) : *p;
		p += low >= 0 ? 2 : 0;
	}
	if (start)
		*value = span_between(start, to);
	return start != NULL;
}

/* --- Networks, segments, lists ------------------------------------------------------ */

/* The network of an address, or the first segments of a path.  Any other value stays as it is. */
static bool first_of(const struct part_step *step, struct span *value, struct arena *arena)
{
	char text[NETWORK_TEXT];
	struct address a;

	if (!address_read(*value, &a)) {
		if (value->len && (value->at[0] == '/' || span_first(*value, '/')))
			*value = url_segments(url_path(*value), step->number);
		return true;
	}
	size_t len = address_network(&a, a.bits == 32 ? step->number : step->other, text);
	char *at = arena_take(arena, len);
	if (!at)
		return false;
	*value = span_of(memcpy(at, text, len), len);
	return true;
}

static struct span first_element(struct span list)
{
	const char *comma = span_first(list, ',');

	if (comma)
		list.len = (size_t)(comma - list.at);
	return span_trim_end(span_trim_start(list, " \t"), " \t");
}

static struct span last_element(struct span list)
{
	const char *comma = span_last(list, ',');

	if (comma)
		list = span_between(comma + 1, span_end(list));
	return span_trim_end(span_trim_start(list, " \t"), " \t");
}

static bool lower_case(const struct part_step *step, struct span *value, struct arena *arena)
{
	(void)step;
	return casefold(value, arena);
}

static bool folded(const struct part_step *step, struct span *value, struct arena *arena)
{
	(void)step;
	return fold(value, arena);
}

/* --- Names -------------------------------------------------------------------------- */

static const struct part parts[] = {
	{.name = "path", .part = url_path},
	{.name = "query", .part = url_query},
	{.name = "ext", .part = extension_of},
	{.name = "host", .part = url_host},
	{.name = "scheme", .part = url_scheme},
	{.name = "decode", .make = decode},
	{.name = "fold", .make = folded, .is_slow = true},
	{.name = "lower", .make = lower_case},
	{.name = "first", .part = first_element},
	{.name = "last", .part = last_element},
	{.name = "?NAME", .make = parameter_of},
	{.name = "N", .make = first_of},
};

enum { PARTS = sizeof parts / sizeof *parts, PARAMETER = PARTS - 2, NUMBER = PARTS - 1 };

/* Read a number of at most three digits. */
static bool read_number(struct span text, unsigned *number)
{
	if (!decimal_is_plain(text) || text.len > 3)
		return false;
	*number = 0;
	for (size_t i = 0; i < text.len; i++)
		*number = 10 * *number + (unsigned)(text.at[i] - '0');
	return true;
}

/* Read "24" or "24/56". */
static bool read_numbers(struct span text, struct part_step *step)
{
	const char *slash = span_first(text, '/');
	struct span first = slash ? span_between(text.at, slash) : text;

	step->other = IPV6_BITS;
	if (!read_number(first, &step->number) || !step->number)
		return false;
	return !slash || read_number(span_between(slash + 1, span_end(text)), &step->other);
}

bool part_read(struct span text, struct part_step *step)
{
	*step = (struct part_step){0};
	if (text.len > 1 && text.at[0] == '?' && !span_first(text, '/')) {
		step->part = &parts[PARAMETER];
		step->name = span_from(text, 1);
		return true;
	}
	if (read_numbers(text, step)) {
		step->part = &parts[NUMBER];
		return true;
	}
	for (size_t i = 0; i < PARAMETER; i++) {
		if (!span_equal(text, span_text(parts[i].name)))
			continue;
		step->part = &parts[i];
		return true;
	}
	return false;
}

bool part_of(struct part_step *step, struct span *value, struct arena *arena)
{
	struct span from = *value;

	if (step->part->part) {
		*value = step->part->part(from);
		return true;
	}
	if (step->part->is_slow && !step->cache)
		step->cache = part_cache_new();
	if (!step->cache)
		return step->part->make(step, value, arena);
	struct span made = part_cache_find(step->cache, from, arena);
	if (made.at) {
		*value = made;
		return true;
	}
	if (!step->part->make(step, value, arena))
		return false;
	part_cache_put(step->cache, from, *value);
	return true;
}

void part_step_free(struct part_step *step)
{
	part_cache_free(step->cache);
}

const char *part_name(size_t i)
{
	return i < PARTS ? parts[i].name : NULL;
}
