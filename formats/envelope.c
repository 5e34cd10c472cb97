#include "formats/envelope.h"

#include <stdio.h>

#include "formats/json_reader.h"
#include "formats/timestamp.h"
#include "lib/decimal.h"
#include "lib/swar.h"

/* Return the end of `text` if it is at `p`; NULL otherwise, and if `p` is NULL. */
static const char *skip(const char *p, const char *end, const char *text)
{
	size_t len = strlen(text);

	return p && (size_t)(end - p) >= len && memcmp(p, text, len) == 0 ? p + len : NULL;
}

/* Return the end of the word at `p` and of the blank after it. */
static const char *skip_word(const char *p, const char *end)
{
	const char *blank = p ? swar_find(p, end, ' ') : NULL;

	return blank && blank > p ? blank + 1 : NULL;
}

/* Return the end of the time at `p` and of the blank after it.  A number is no time. */
static const char *skip_time(const char *p, const char *end)
{
	char time[TIMESTAMP_SECOND];

	if (!p || swar_digits_end(p, end) > p + 8)
		return NULL;
	return skip(timestamp_any_end(p, end, time), end, " ");
}

static const char *skip_priority(const char *p, const char *end)
{
	const char *digits = p && p < end && *p == '<' ? swar_digits_end(p + 1, end) : p;

	if (digits == p || digits == p + 1)
		return p;
	return digits < end && *digits == '>' ? digits + 1 : p;
}

static const char *describe_cri(const char *p, const char *end, char *format)
{
	const char *time = skip_time(p, end), *to = skip(time, end, "stdout ");

	if (!to)
		to = skip(time, end, "stderr ");
	to = skip(to, end, "F ");
	if (to && *p >= '0' && *p <= '9')
		snprintf(format, ENVELOPE_FORMAT, "${envelope.time} ${envelope.stream} F ");
	return to;
}

static const char *describe_rfc5424(const char *p, const char *end, char *format)
{
	const char *start = skip_priority(p, end), *to = skip(start, end, "1 ");

	to = skip_time(to, end);
	for (int i = 0; i < 4; i++)
		to = skip_word(to, end);
	if (!to)
		return NULL;
	const char *data = skip(to, end, "- ");
	if (!data) {
		const char *close = *to == '[' ? swar_find(to, end, ']') : NULL;
		data = close ? skip(close, end, "] ") : NULL;
		if (!data)
			return NULL;
	}
	snprintf(format, ENVELOPE_FORMAT,
		"%s1 ${envelope.time} ${envelope.host} ${envelope.tag} ${envelope.pid} "
		"${envelope.msgid} %s ",
		start > p ? "<${envelope.priority}>" : "", *to == '[' ? "[${envelope.data}]" : "-");
	return data;
}

static const char *describe_rfc3164(const char *p, const char *end, char *format)
{
	const char *start = skip_priority(p, end), *host = skip_time(start, end);
	const char *tag = skip_word(host, end), *to = skip_word(tag, end);

	if (!to || to[-2] != ':')
		return NULL;
	const char *bracket = swar_find(tag, to, '[');
	bool has_pid = bracket && to - tag > 4 && to[-3] == ']';
	snprintf(format, ENVELOPE_FORMAT, "%s${envelope.time} ${envelope.host} ${envelope.tag}%s: ",
		start > p ? "<${envelope.priority}>" : "", has_pid ? "[${envelope.pid}]" : "");
	return to;
}

static const char *describe_compose(const char *p, const char *end, char *format)
{
	const char *to = skip_word(p, end);

	while (to && to < end && *to == ' ')
		to++;
	to = skip(to, end, "| ");
	/* In a line with further " | ", these may separate fields, of which the first may be anything. */
	if (!to || memmem(to, (size_t)(end - to), " | ", 3))
		return NULL;
	snprintf(format, ENVELOPE_FORMAT, "${envelope.tag} $blanks| ");
	return to;
}

static const char *describe_kubectl(const char *p, const char *end, char *format)
{
	const char *to = skip(p, end, "[pod/");

	to = to ? swar_find(to, end, ']') : NULL;
	to = skip(to, end, "] ");
	if (to)
		snprintf(format, ENVELOPE_FORMAT, "[${envelope.tag}] ");
	return to;
}

size_t envelope_describe(struct span line, char format[ENVELOPE_FORMAT])
{
	static const char *(*const describe[])(const char *, const char *, char *) = {describe_cri,
		describe_rfc5424, describe_rfc3164, describe_compose, describe_kubectl};
	const char *end = span_end(line);

	format[0] = '\0';
	for (size_t i = 0; i < sizeof describe / sizeof *describe; i++) {
		const char *to = describe[i](line.at, end, format);
		if (to)
			return (size_t)(to - line.at);
	}
	return 0;
}

/* --- JSON ------------------------------------------------------------------------- */

static const struct envelope_json jsons[] = {
	{"docker:", "log", "stream", 16 << 10,
		{{"envelope.time", "time"}, {"envelope.stream", "stream"}}},
	{"journald:", "MESSAGE", "__REALTIME_TIMESTAMP", 48 << 10,
		{{"envelope.time", "__REALTIME_TIMESTAMP"}, {"envelope.host", "_HOSTNAME"},
			{"envelope.tag", "SYSLOG_IDENTIFIER"}, {"envelope.pid", "_PID"},
			{"envelope.priority", "PRIORITY"}}},
};

static bool has_member(struct span object, const char *name)
{
	struct json_walk w = json_reader_begin(object);
	struct json_member m;

	while (json_reader_next(&w, &m))
		if (json_reader_is(m.name, span_text(name)))
			return true;
	return false;
}

const struct envelope_json *envelope_json_of(struct span line)
{
	struct span object = span_trim_end(span_trim_start(line, " \t"), " \t\r");

	if (!object.len || *object.at != '{' || json_reader_end(object) != span_end(object))
		return NULL;
	for (size_t i = 0; i < sizeof jsons / sizeof *jsons; i++)
		if (has_member(object, jsons[i].inside) && has_member(object, jsons[i].proof))
			return &jsons[i];
	return NULL;
}

const struct envelope_json *envelope_json_named(const char *format)
{
	for (size_t i = 0; i < sizeof jsons / sizeof *jsons; i++)
		if (strncmp(format, jsons[i].prefix, strlen(jsons[i].prefix)) == 0)
			return &jsons[i];
	return NULL;
}

/* Decode a list of bytes, as journalctl writes a line that is not UTF-8: "[71,69,84]".  False if it
 * is something else; then *bytes is unchanged.  *failed becomes true if out of memory. */
static bool read_bytes(struct span list, struct arena *arena, struct span *bytes, bool *failed)
{
	const char *p = list.at, *end = span_end(list);

	if (list.len < 3 || *p != '[' || end[-1] != ']' || !decimal_is_digit(p[1]))
		return false;
	char *start = arena_take(arena, list.len), *to = start;
	*failed = !start;
	while (to && *p != ']') {
		const char *digits = p + 1;
		unsigned byte = 0;
		for (p = digits; decimal_is_digit(*p) && p - digits < 3; p++)
			byte = 10 * byte + (unsigned)(*p - '0');
		if (p == digits || byte > 255 || (*p != ',' && *p != ']'))
			return false;
		*to++ = (char)byte;
	}
	if (to)
		*bytes = span_between(start, to);
	return to && p + 1 == end;
}

bool envelope_json_open(
	const struct envelope_json *json, struct span value, struct arena *arena, struct span *line)
{
	bool failed = false;

	*line = value;
	read_bytes(value, arena, line, &failed);
	bool has_end = line->len && line->at[line->len - 1] == '\n';
	line->len -= has_end;
	if (line->len && line->at[line->len - 1] == '\r')
		line->len--;
	bool is_whole = has_end || line->len < json->longest;
	return !failed && value.at && is_whole && !span_first(*line, '\n');
}

/* --- Formats in formats ------------------------------------------------------------- */

const char *envelope_text_named(const char *format, struct span *before)
{
	static const struct {
		const char *field, *name;
	} all[] = {{"${json}", "json"}, {"${logfmt}", "logfmt"}, {"${ltsv}", "ltsv"}};
	size_t len = strlen(format);

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		size_t n = strlen(all[i].field);
		if (len <= n || strcmp(format + len - n, all[i].field) != 0)
			continue;
		*before = span_of(format, len - n);
		return all[i].name;
	}
	return NULL;
}
