#include "query/part.h"

#include "lib/address.h"
#include "lib/ascii.h"
#include "lib/casefold.h"
#include "lib/decimal.h"
#include "lib/swar.h"
#include "query/agents.h"
#include "query/databases.h"
#include "query/fold_cache.h"
#include "query/part_cache.h"
#include "query/url.h"

enum { IPV6_BITS = 64, IPV4_BITS_MAX = 32, IPV6_BITS_MAX = 128 };

/* How a WHAT is written. */
enum form {
	FORM_NAME,
	FORM_PARAMETER, /* ?NAME */
	FORM_NUMBER,    /* 24 */
	FORM_TWO,       /* 24/56 */
	FORM_SIZE,      /* 1K */
	FORM_DURATION,  /* 50ms */
};

/* What a WHAT makes from a value: a part of its bytes by .part, a part of a time by .of_time, or
 * anything else by .make.  These return false if out of memory. */
struct part {
	const char *name;
	enum form form;
	unsigned of;          /* bit K is set if values of kind K have this part */
	enum value_kind made; /* the kind of the values that it makes */
	struct span (*part)(struct span value);
	bool (*make)(struct part_step *, struct span *value, struct arena *);
	/* Does the same as .make for a column of values; NULL if that would not be faster. */
	bool (*make_column)(struct part_step *, const struct part_values *, struct arena *);
	/* For parts of a time, which .make does not have: like .make, but of a time in wf's
	 * notation. */
	bool (*of_time)(
		const struct part_step *, const char *time, struct span *made, struct arena *);
	size_t determined_by; /* how many bytes of a time determine the part; 0: see interval.h */
	bool is_slow;         /* true if a cache is faster */
	bool needs_databases;
};

/* --- URLs -------------------------------------------------------------------------- */

static struct span extension_of(struct span url)
{
	return url_extension(url_path(url));
}

static bool parameter_of(struct part_step *step, struct span *value, struct arena *arena)
{
	(void)arena;
	*value = url_parameter(*value, span_from(step->text, 1));
	return true;
}

static bool decode(struct part_step *step, struct span *value, struct arena *arena)
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

/* Return the first segments of a path.  Any other value, such as the name of a host, stays as it
 * is. */
static struct span segments_of(const struct part_step *step, struct span value)
{
	if (step->number && value.len &&
		(value.at[0] == '/' || swar_contains(value.at, value.len, '/')))
		return url_segments(url_path(value), step->number);
	return value;
}

/* The network of an address, or the first segments of a path. */
static bool first_of(struct part_step *step, struct span *value, struct arena *arena)
{
	char text[NETWORK_TEXT];
	size_t len = step->number ? address_network_of(*value, step->number, step->other, text) : 0;
	char *at = len ? arena_take(arena, len) : NULL;

	if (len && at)
		*value = span_of(memcpy(at, text, len), len);
	else if (!len)
		*value = segments_of(step, *value);
	return at || !len;
}

/* The networks are written to the arena without a copy. */
static bool first_of_column(
	struct part_step *step, const struct part_values *values, struct arena *arena)
{
	char *room = NULL;

	for (size_t k = 0; k < values->n; k++) {
		struct span *value = &values->values[values->lines[k]];
		if (!value->at)
			continue;
		if (!room)
			room = arena_take(arena, NETWORK_TEXT);
		if (!room)
			return false;
		size_t len = 0;
		if (address_may_be(*value))
			len = address_network_of(*value, step->number, step->other, room);
		*value = len ? span_of(room, len) : segments_of(step, *value);
		room = len ? NULL : room;
	}
	return true;
}

static bool range_of(struct part_step *step, struct span *value, struct arena *arena)
{
	return bucket_of(&step->bucket, value, arena);
}

/* The part of a value of unknown kind that a bare number means. */
static bool number_of(struct part_step *step, struct span *value, struct arena *arena)
{
	return (bucket_is_number(*value) ? range_of : first_of)(step, value, arena);
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

static bool lower_case(struct part_step *step, struct span *value, struct arena *arena)
{
	(void)step;
	return casefold(value, arena);
}

static bool folded(struct part_step *step, struct span *value, struct arena *arena)
{
	(void)step;
	return fold(value, arena);
}

/* The texts are written to the arena without a copy. */
static bool folded_column(
	struct part_step *step, const struct part_values *values, struct arena *arena)
{
	enum { AT_ONCE = 16 * FOLD_ROOM };
	char *room = NULL, *end = NULL;

	if (!step->folded && !(step->folded = fold_cache_new()))
		return false;
	for (size_t k = 0; k < values->n; k++) {
		struct span *value = &values->values[values->lines[k]];
		if (!value->at)
			continue;
		if (end - room < FOLD_ROOM) {
			room = arena_take(arena, AT_ONCE);
			if (!room)
				return false;
			end = room + AT_ONCE;
		}
		if (!fold_cache_fold(step->folded, value, room) &&
			!part_of(step, value, NULL, arena))
			return false;
		if (value->at == room)
			room += value->len;
	}
	return true;
}

/* --- Times --------------------------------------------------------------------------- */

static bool interval_named(
	const struct part_step *step, const char *time, struct span *made, struct arena *arena)
{
	char *at = arena_take(arena, TIMESTAMP_SECOND);

	if (at)
		*made = span_of(at, interval_of(&step->interval, time, at));
	return at != NULL;
}

/* A part of the bytes of a time: `len` bytes from `from`. */
static bool copy_time(
	const char *time, size_t from, size_t len, struct span *made, struct arena *arena)
{
	char *at = arena_take(arena, len);

	if (at)
		*made = span_of(memcpy(at, time + from, len), len);
	return at != NULL;
}

static bool hour_of_day(
	const struct part_step *step, const char *time, struct span *made, struct arena *arena)
{
	(void)step;
	return copy_time(time, TIMESTAMP_DAY + 1, 2, made, arena);
}

static bool day_of_month(
	const struct part_step *step, const char *time, struct span *made, struct arena *arena)
{
	(void)step;
	return copy_time(time, TIMESTAMP_DAY - 2, 2, made, arena);
}

static bool year_of(
	const struct part_step *step, const char *time, struct span *made, struct arena *arena)
{
	enum { YEAR = 4 };

	(void)step;
	return copy_time(time, 0, YEAR, made, arena);
}

static bool day_of_week(
	const struct part_step *step, const char *time, struct span *made, struct arena *arena)
{
	static const char days[][6] = {
		"1-Mon", "2-Tue", "3-Wed", "4-Thu", "5-Fri", "6-Sat", "7-Sun"};
	enum { DAY_SECONDS = 86400, WEEK = 7, YEARS = 400 * 365 + 97 };
	int64_t seconds = 0;

	(void)step;
	(void)arena;
	timestamp_seconds(span_of(time, TIMESTAMP_DAY), &seconds);
	/* 1970 began with a Thursday.  Several times 400 years, which are whole weeks, are added so
	 * that no number is negative. */
	int64_t day = seconds / DAY_SECONDS + 5 * (int64_t)YEARS + 3;
	*made = span_of(days[day % WEEK], 5);
	return true;
}

static bool month_of_year(
	const struct part_step *step, const char *time, struct span *made, struct arena *arena)
{
	static const char months[][7] = {"01-Jan", "02-Feb", "03-Mar", "04-Apr", "05-May", "06-Jun",
		"07-Jul", "08-Aug", "09-Sep", "10-Oct", "11-Nov", "12-Dec"};
	enum { AT_MONTH = 5 };
	int month = 10 * (time[AT_MONTH] - '0') + (time[AT_MONTH + 1] - '0');

	(void)step;
	(void)arena;
	*made = span_of(months[month - 1], 6);
	return true;
}

/* Read a time as it is in the log, in any notation; or a time that has been read before, and the name
 * of an interval. */
static bool read_time(const struct part_step *step, struct span value, struct local_time *times,
	char time[TIMESTAMP_SECOND])
{
	static const char least[] = "0000-01-01T00:00:00";
	enum { YEAR = 4 };

	if (step->is_raw && local_time_read(times, value, time))
		return true;
	if (value.len <= YEAR || !timestamp_is_part(value))
		return false;
	memcpy(time, least, TIMESTAMP_SECOND);
	memcpy(time, value.at, value.len);
	time[TIMESTAMP_DAY] = 'T';
	return true;
}

/* A value that is not a time has no part of a time. */
static bool part_of_time(const struct part_step *step, struct span *value, struct local_time *times,
	struct arena *arena)
{
	char time[TIMESTAMP_SECOND];

	if (read_time(step, *value, times, time))
		return step->part->of_time(step, time, value, arena);
	*value = span_of("-", 1);
	return true;
}

/* --- Agents -------------------------------------------------------------------------- */

static bool agent_of(struct part_step *step, struct span header, struct agent *agent)
{
	if (!step->agents)
		step->agents = agents_new();
	if (step->agents)
		*agent = agents_find(step->agents, header);
	return step->agents != NULL;
}

#define AGENT_PART(member)                                                                         \
	static bool member##_of(struct part_step *step, struct span *value, struct arena *arena)   \
	{                                                                                          \
		struct agent agent;                                                                \
                                                                                                   \
		(void)arena;                                                                       \
		if (!agent_of(step, *value, &agent))                                               \
			return false;                                                              \
		*value = agent.member;                                                             \
		return true;                                                                       \
	}

AGENT_PART(browser)
AGENT_PART(os)
AGENT_PART(bot)
AGENT_PART(device)

/* --- Databases ------------------------------------------------------------------------ */

static bool look_up(const struct part_step *step, enum database_value what, struct span *value,
	struct arena *arena)
{
	struct address a;
	struct span found = span_of(NULL, 0);

	if (address_read(*value, &a) && !databases_find(step->databases, what, &a, &found, arena))
		return false;
	*value = found.at ? found : span_of("-", 1);
	return true;
}

static bool country_of(struct part_step *step, struct span *value, struct arena *arena)
{
	return look_up(step, DATABASE_COUNTRY, value, arena);
}

static bool city_of(struct part_step *step, struct span *value, struct arena *arena)
{
	return look_up(step, DATABASE_CITY, value, arena);
}

static bool asn_of(struct part_step *step, struct span *value, struct arena *arena)
{
	return look_up(step, DATABASE_ASN, value, arena);
}

static bool org_of(struct part_step *step, struct span *value, struct arena *arena)
{
	return look_up(step, DATABASE_ORG, value, arena);
}

/* --- Names -------------------------------------------------------------------------- */

/* Sets of kinds. */
enum {
	ANY = 1 << VALUE_ANY,
	NUMBERS = 1 << VALUE_NUMBER | 1 << VALUE_SIZE,
	SIZES = 1 << VALUE_SIZE,
	ADDRESSES = 1 << VALUE_ADDRESS,
	AGENTS = 1 << VALUE_AGENT,
	URLS = 1 << VALUE_URL,
	TEXTS = 1 << VALUE_TEXT | AGENTS | ADDRESSES | URLS,
	TIMES = 1 << VALUE_TIME,
	ALL = ANY | NUMBERS | TEXTS | TIMES,
};

/* If several rows have the same name, the first one whose .of has the kind counts. */
static const struct part parts[] = {
	{"path", FORM_NAME, ANY | URLS, VALUE_URL, .part = url_path},
	{"query", FORM_NAME, ANY | URLS, VALUE_TEXT, .part = url_query},
	{"ext", FORM_NAME, ANY | URLS, VALUE_TEXT, .part = extension_of},
	{"host", FORM_NAME, ANY | URLS, VALUE_ADDRESS, .part = url_host},
	{"scheme", FORM_NAME, ANY | URLS, VALUE_TEXT, .part = url_scheme},
	{"?NAME", FORM_PARAMETER, ANY | URLS, VALUE_ANY, .make = parameter_of},
	{"decode", FORM_NAME, ANY | TEXTS, VALUE_SAME, .make = decode},
	{"N", FORM_NUMBER, ANY, VALUE_ANY, .make = number_of},
	{"N", FORM_NUMBER, NUMBERS, VALUE_TEXT, .make = range_of},
	{"N", FORM_NUMBER, ADDRESSES | URLS, VALUE_SAME, .make = first_of,
		.make_column = first_of_column},
	{"N/M", FORM_TWO, ANY | ADDRESSES, VALUE_SAME, .make = first_of,
		.make_column = first_of_column},
	{"1K", FORM_SIZE, SIZES, VALUE_TEXT, .make = range_of},
	{"1K", FORM_SIZE, ANY, VALUE_TEXT, .make = range_of, .of_time = interval_named},
	{"50ms", FORM_DURATION, ANY, VALUE_TEXT, .make = range_of, .of_time = interval_named},
	{"15s 5m 1h 1d 1w", FORM_DURATION, TIMES, VALUE_TIME, .of_time = interval_named},
	{"1M", FORM_SIZE, TIMES, VALUE_TIME, .of_time = interval_named},
	{"day", FORM_NAME, ANY | TIMES, VALUE_TIME, .of_time = interval_named},
	{"hour", FORM_NAME, ANY | TIMES, VALUE_TIME, .of_time = interval_named},
	{"minute", FORM_NAME, ANY | TIMES, VALUE_TIME, .of_time = interval_named},
	{"hod", FORM_NAME, ANY | TIMES, VALUE_TEXT, .of_time = hour_of_day,
		.determined_by = TIMESTAMP_HOUR},
	{"dow", FORM_NAME, ANY | TIMES, VALUE_TEXT, .of_time = day_of_week,
		.determined_by = TIMESTAMP_DAY},
	{"dom", FORM_NAME, ANY | TIMES, VALUE_TEXT, .of_time = day_of_month,
		.determined_by = TIMESTAMP_DAY},
	{"month", FORM_NAME, ANY | TIMES, VALUE_TEXT, .of_time = month_of_year,
		.determined_by = TIMESTAMP_DAY},
	{"year", FORM_NAME, ANY | TIMES, VALUE_TEXT, .of_time = year_of,
		.determined_by = TIMESTAMP_DAY},
	{"log", FORM_NAME, ANY | NUMBERS, VALUE_TEXT, .make = range_of},
	{"country", FORM_NAME, ANY | ADDRESSES, VALUE_TEXT, .make = country_of, .is_slow = true,
		.needs_databases = true},
	{"city", FORM_NAME, ANY | ADDRESSES, VALUE_TEXT, .make = city_of, .is_slow = true,
		.needs_databases = true},
	{"asn", FORM_NAME, ANY | ADDRESSES, VALUE_TEXT, .make = asn_of, .is_slow = true,
		.needs_databases = true},
	{"org", FORM_NAME, ANY | ADDRESSES, VALUE_TEXT, .make = org_of, .is_slow = true,
		.needs_databases = true},
	{"browser", FORM_NAME, ANY | AGENTS, VALUE_TEXT, .make = browser_of, .is_slow = true},
	{"os", FORM_NAME, ANY | AGENTS, VALUE_TEXT, .make = os_of, .is_slow = true},
	{"bot", FORM_NAME, ANY | AGENTS, VALUE_TEXT, .make = bot_of, .is_slow = true},
	{"device", FORM_NAME, ANY | AGENTS, VALUE_TEXT, .make = device_of, .is_slow = true},
	{"first", FORM_NAME, ALL, VALUE_SAME, .part = first_element},
	{"last", FORM_NAME, ALL, VALUE_SAME, .part = last_element},
	{"fold", FORM_NAME, ALL, VALUE_SAME, .make = folded, .make_column = folded_column,
		.is_slow = true},
	{"lower", FORM_NAME, ALL, VALUE_SAME, .make = lower_case},
};

enum { PARTS = sizeof parts / sizeof *parts };

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

/* Read "24/56". */
static bool read_two_numbers(struct span text, struct part_step *step)
{
	const char *slash = span_first(text, '/');

	return slash && read_number(span_between(text.at, slash), &step->number) && step->number &&
	       read_number(span_between(slash + 1, span_end(text)), &step->other);
}

/* Read the names of widths that have one. */
static void read_named_width(struct span text, struct part_step *step)
{
	static const struct {
		const char *name, *width;
	} widths[] = {{"day", "1d"}, {"hour", "1h"}, {"minute", "1m"}};

	for (size_t i = 0; i < sizeof widths / sizeof *widths; i++)
		if (span_equal(text, span_text(widths[i].name)))
			interval_read(span_text(widths[i].width), &step->interval);
}

/* Read "24", "1K", "50ms", "5m" or "1M". */
static bool read_width(struct span text, struct part_step *step)
{
	interval_read(text, &step->interval);
	if (!bucket_read(text, &step->bucket))
		return false;
	step->form = FORM_NUMBER;
	step->other = IPV6_BITS;
	if (step->bucket.unit)
		step->form = step->bucket.unit->kind == QUANTITY_SIZE ? FORM_SIZE : FORM_DURATION;
	else if (!read_number(text, &step->number))
		step->number = 0;
	return true;
}

bool part_read(struct span text, struct part_step *step)
{
	*step = (struct part_step){.form = FORM_NAME, .text = text};
	for (size_t i = 0; i < PARTS; i++)
		if (parts[i].form == FORM_NAME && span_equal(text, span_text(parts[i].name))) {
			read_named_width(text, step);
			return true;
		}
	if (text.len > 1 && text.at[0] == '?' && !span_first(text, '/')) {
		step->form = FORM_PARAMETER;
		return true;
	}
	if (read_two_numbers(text, step)) {
		step->form = FORM_TWO;
		return true;
	}
	return read_width(text, step);
}

static bool fits(const struct part *part, const struct part_step *step, enum value_kind kind)
{
	if ((int)part->form != step->form || !(part->of >> kind & 1))
		return false;
	if (part->form == FORM_NAME)
		return span_equal(step->text, span_text(part->name));
	if (kind == VALUE_ADDRESS && (step->number > IPV4_BITS_MAX || step->other > IPV6_BITS_MAX))
		return false;
	if (part->make == first_of)
		return step->number;
	return part->make || step->interval.n;
}

bool part_settle(struct part_step *step, enum value_kind *kind)
{
	for (size_t i = 0; i < PARTS; i++) {
		if (!fits(&parts[i], step, *kind))
			continue;
		step->part = &parts[i];
		step->is_raw = *kind == VALUE_ANY;
		if (parts[i].made != VALUE_SAME)
			*kind = parts[i].made;
		return true;
	}
	return false;
}

/* True if the value becomes a part of a time.  If there is a choice, a number becomes a range. */
static bool is_part_of_time(const struct part_step *step, struct span value)
{
	return step->part->of_time &&
	       (!step->part->make || (step->interval.n && !bucket_is_number(value)));
}

size_t part_determined_by(const struct part_step *step)
{
	if (!step->part->of_time || step->part->make)
		return 0;
	return step->part->determined_by ? step->part->determined_by
					 : interval_determined_by(&step->interval);
}

bool part_of(
	struct part_step *step, struct span *value, struct local_time *times, struct arena *arena)
{
	struct span from = *value;

	if (is_part_of_time(step, from))
		return part_of_time(step, value, times, arena);
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

bool part_of_column(struct part_step *step, const struct part_values *values,
	struct local_time *times, struct arena *arena)
{
	if (step->part->make_column)
		return step->part->make_column(step, values, arena);
	for (size_t k = 0; k < values->n; k++) {
		struct span *value = &values->values[values->lines[k]];
		if (value->at && !part_of(step, value, times, arena))
			return false;
	}
	return true;
}

void part_step_free(struct part_step *step)
{
	part_cache_free(step->cache);
	fold_cache_free(step->folded);
	agents_free(step->agents);
}

bool part_needs_databases(const struct part_step *step)
{
	return step->part->needs_databases;
}

const char *part_name(enum value_kind kind, size_t i)
{
	for (size_t row = 0; row < PARTS; row++)
		if ((parts[row].of >> kind & 1) && i-- == 0)
			return parts[row].name;
	return NULL;
}
