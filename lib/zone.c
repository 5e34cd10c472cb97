#include "lib/zone.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/decimal.h"
#include "lib/suggest.h"

enum { HOUR = 3600, DAY = 24 * HOUR, HOURS = 64, NAME = 256, PATH = 4096 };

static const char localtime_file[] = "/etc/localtime";

/* The offset of an hour.  It is remembered, because asking the C library takes longer. */
struct hour {
	int64_t number; /* hours since 1970 */
	int offset;
	bool is_known;
};

struct zone {
	char name[NAME];
	bool is_fixed;
	int offset; /* if .is_fixed */
	struct hour hours[HOURS];
};

/* --- Files of the database ------------------------------------------------------------ */

static const char *const directories[] = {
	"/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/share/zoneinfo", "/etc/zoneinfo"};

enum { DIRECTORIES = sizeof directories / sizeof *directories };

/* Return directory number i, from 0, of those that may have the database; NULL if there is no such
 * number. */
static const char *directory(size_t i)
{
	const char *given = getenv("TZDIR");

	if (given && *given)
		return i ? NULL : given;
	return i < DIRECTORIES ? directories[i] : NULL;
}

static bool is_zone_file(const char *path)
{
	static const char magic[] = "TZif";
	char start[sizeof magic - 1];
	FILE *file = fopen(path, "re");
	bool is = file && fread(start, sizeof start, 1, file) == 1 &&
		  memcmp(start, magic, sizeof start) == 0;

	if (file)
		fclose(file);
	return is;
}

/* True if the database may have a zone of this name.  The zones in right/ are refused: they count
 * leap seconds, and logs do not. */
static bool is_zone_name(const char *name)
{
	static const char allowed[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/_+-";

	return *name && *name != '/' && strspn(name, allowed) == strlen(name) &&
	       strncmp(name, "right/", 6) != 0 && strlen(name) < NAME;
}

/* Find the file of a zone, and write its path.  False if there is none. */
static bool find_file(const char *name, char path[PATH])
{
	for (size_t i = 0; is_zone_name(name) && directory(i); i++) {
		int len = snprintf(path, PATH, "%s/%s", directory(i), name);
		if (len < PATH && is_zone_file(path))
			return true;
	}
	return false;
}

/* --- Suggestions ------------------------------------------------------------------------ */

enum { NAMES_ROOM = 64 << 10 };

/* The names of the zones, one after the other, each with a NUL at its end. */
struct names {
	char text[NAMES_ROOM];
	size_t used;
};

/* Add the names in a directory, whose own name within the database is `prefix`. */
static void list_names(const char *root, const char *prefix, struct names *all)
{
	char path[PATH], name[NAME];
	DIR *dir = snprintf(path, sizeof path, "%s/%s", root, prefix) < PATH ? opendir(path) : NULL;
	const struct dirent *entry;
	bool is_deep = strchr(prefix, '/') && strchr(strchr(prefix, '/') + 1, '/');

	while (dir && (entry = readdir(dir))) {
		int len = snprintf(name, sizeof name, "%s%s", prefix, entry->d_name);
		bool is_dir = entry->d_type == DT_DIR && *entry->d_name != '.';
		if (len >= NAME - 1 || !is_zone_name(name) || !strncmp(name, "posix/", 6))
			continue;
		if (is_dir && !is_deep && strcmp(name, "posix") != 0 &&
			strcmp(name, "right") != 0) {
			memcpy(name + len, "/", 2);
			list_names(root, name, all);
		} else if (!is_dir && all->used + (size_t)len < NAMES_ROOM) {
			memcpy(all->text + all->used, name, (size_t)len + 1);
			all->used += (size_t)len + 1;
		}
	}
	if (dir)
		closedir(dir);
}

/* Return the last part of a name: "Berlin" in "Europe/Berlin". */
static const char *city(const char *name)
{
	const char *slash = strrchr(name, '/');

	return slash ? slash + 1 : name;
}

static bool complain_unknown(const char *name, struct complaint *c)
{
	struct names *all = calloc(1, sizeof *all);
	struct suggestion by_name = suggest_for(span_text(name)), by_city = by_name;
	const char *best = NULL;
	char guess[SUGGEST_PHRASE];

	for (size_t i = 0; all && directory(i) && !all->used; i++)
		list_names(directory(i), "", all);
	for (size_t at = 0; all && at < all->used; at += strlen(all->text + at) + 1) {
		struct span before = by_city.best;
		suggest_offer(&by_name, span_text(all->text + at));
		suggest_offer(&by_city, span_text(city(all->text + at)));
		best = by_city.best.at == before.at ? best : all->text + at;
	}
	if (!by_name.best.len && best)
		by_name.best = span_text(best);
	suggest_phrase(&by_name, "", guess);
	if (!all || !all->used)
		complain(c, "'%.100s': this system has no database of time zones (tzdata)", name);
	else
		complain(c,
			"there is no time zone '%.100s'%s; write a name such as Europe/Berlin,"
			" an offset such as +05:30, utc or local",
			name, guess);
	free(all);
	return false;
}

/* --- Opening ---------------------------------------------------------------------------- */

/* Read +HH, +HHMM or +HH:MM.  False if the text is anything else, or a day or more. */
static bool read_offset(const char *text, int *offset)
{
	int digits[4] = {0}, n = 0, minutes;
	const char *p = text + 1;

	if (*text != '+' && *text != '-')
		return false;
	for (; *p && n < 4; p++) {
		if (*p == ':' && n == 2 && p[1])
			continue;
		if (!decimal_is_digit(*p))
			return false;
		digits[n++] = *p - '0';
	}
	minutes = 10 * digits[2] + digits[3];
	*offset = (10 * digits[0] + digits[1]) * HOUR + minutes * 60;
	if (*text == '-')
		*offset = -*offset;
	return !*p && (n == 2 || n == 4) && minutes < 60 && abs(*offset) < DAY;
}

/* Make the zone a fixed offset.  In TZ the sign is reversed: offsets east of Greenwich are
 * negative. */
static bool set_fixed(struct zone *z, int offset, struct complaint *c)
{
	int hours = abs(offset) / HOUR, minutes = abs(offset) / 60 % 60;
	char sign = offset < 0 ? '-' : '+', tz[32];

	z->is_fixed = true;
	z->offset = offset;
	snprintf(z->name, sizeof z->name, "UTC");
	if (offset)
		snprintf(z->name, sizeof z->name, "%c%02d:%02d", sign, hours, minutes);
	snprintf(tz, sizeof tz, "<%c%02d%02d>%c%02d:%02d", sign, hours, minutes,
		offset < 0 ? '+' : '-', hours, minutes);
	if (setenv("TZ", tz, true) != 0)
		return complain(c, "out of memory");
	tzset();
	return true;
}

static bool is_utc(const char *name)
{
	return strcasecmp(name, "utc") == 0 || strcmp(name, "Z") == 0;
}

/* Name the zone, and let the C library load it from TZ, whose new value is `tz`; NULL keeps the
 * value. */
static bool load(struct zone *z, const char *name, const char *tz, struct complaint *c)
{
	snprintf(z->name, sizeof z->name, "%s", name);
	if (tz && setenv("TZ", tz, true) != 0)
		return complain(c, "out of memory");
	tzset();
	return true;
}

/* Open a zone of the database. */
static bool open_named(struct zone *z, const char *name, struct complaint *c)
{
	char path[PATH + 1] = ":";

	if (!find_file(name, path + 1))
		return complain_unknown(name, c);
	return load(z, name, path, c);
}

/* Read the last line of a zone file: its rule for the future, in the notation of TZ.  False if
 * there is none. */
static bool read_rule(const char *path, char rule[NAME])
{
	FILE *file = fopen(path, "re");
	char line[NAME];
	bool found = false;

	while (file && fgets(line, sizeof line, file)) {
		size_t len = strcspn(line, "\n");
		bool is_text = len && line[len] == '\n';
		for (size_t i = 0; i < len; i++)
			is_text &= line[i] > ' ' && line[i] <= '~';
		line[len] = '\0';
		found = is_text;
		if (found)
			snprintf(rule, NAME, "%s", line);
	}
	if (file)
		fclose(file);
	return found;
}

/* Open the zone of this value of TZ: a name, the path of a file, or a rule. */
static bool open_given(struct zone *z, const char *tz, struct complaint *c)
{
	char path[PATH], rule[NAME];

	tz += *tz == ':';
	if (!*tz || is_utc(tz))
		return set_fixed(z, 0, c);
	if (find_file(tz, path))
		return open_named(z, tz, c);
	if (*tz != '/' && strpbrk(tz, "0123456789") && strlen(tz) < NAME)
		return load(z, tz, tz, c);
	if (*tz != '/' || !is_zone_file(tz) || !read_rule(tz, rule))
		return complain(c, "TZ is '%.100s', which is not a time zone", tz);
	return load(z, rule, NULL, c);
}

/* Open the zone of the machine. */
static bool open_local(struct zone *z, struct complaint *c)
{
	const char *tz = getenv("TZ");
	char link[PATH], rule[NAME], path[PATH];

	if (tz)
		return open_given(z, tz, c);
	ssize_t len = readlink(localtime_file, link, sizeof link - 1);
	link[len > 0 ? len : 0] = '\0';
	const char *name = strstr(link, "zoneinfo/");
	name = name ? name + strlen("zoneinfo/") : "";
	name += strncmp(name, "posix/", 6) == 0 ? 6 : 0;
	bool is_named = find_file(name, path) && strcmp(name, "Etc/UTC") != 0;
	if (is_named)
		return open_named(z, name, c);
	if (!*name && is_zone_file(localtime_file) && read_rule(localtime_file, rule))
		return load(z, rule, NULL, c);
	return set_fixed(z, 0, c);
}

struct zone *zone_open(const char *name, struct complaint *c)
{
	struct zone *z = calloc(1, sizeof *z);
	int offset;
	bool ok = true;

	if (!z) {
		complain(c, "out of memory");
		return NULL;
	}
	if (is_utc(name))
		ok = set_fixed(z, 0, c);
	else if (read_offset(name, &offset))
		ok = set_fixed(z, offset, c);
	else if (strcmp(name, "local") == 0)
		ok = open_local(z, c);
	else
		ok = open_named(z, name, c);
	if (ok)
		return z;
	free(z);
	return NULL;
}

void zone_free(struct zone *z)
{
	free(z);
}

const char *zone_name(const struct zone *z)
{
	return z->name;
}

/* --- Offsets ----------------------------------------------------------------------------- */

static int look_up(int64_t instant)
{
	time_t t = (time_t)instant;
	struct tm tm;

	return localtime_r(&t, &tm) ? (int)tm.tm_gmtoff : 0;
}

int zone_offset(struct zone *z, int64_t instant)
{
	if (z->is_fixed)
		return z->offset;
	int64_t number = instant / HOUR - (instant % HOUR < 0);
	struct hour *h = &z->hours[(uint64_t)number % HOURS];
	if (h->is_known && h->number == number)
		return h->offset;
	/* An hour in which the offset changes is not remembered. */
	int first = look_up(number * HOUR), last = look_up(number * HOUR + HOUR - 1);
	if (first != last)
		return look_up(instant);
	*h = (struct hour){number, first, true};
	return first;
}

int64_t zone_instant(struct zone *z, int64_t shown)
{
	/* The offsets before and after a change, if there is one on that day. */
	int before = zone_offset(z, shown - DAY), after = zone_offset(z, shown + DAY);

	if (before != after && zone_offset(z, shown - before) != before &&
		zone_offset(z, shown - after) == after)
		return shown - after;
	return shown - before;
}
