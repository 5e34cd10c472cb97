/* envelope.h -- recognises an envelope: what a container runtime, syslog or another carrier puts
 * around each line of a log.
 *
 *	2025-06-17T08:00:00.123456789Z stdout F LINE		CRI (containerd, CRI-O)
 *	<190>Jun 17 10:00:00 web1 nginx[1302]: LINE		syslog, RFC 3164; the <190> is optional
 *	2025-06-17T08:00:00+02:00 web1 nginx[1302]: LINE	syslog with ISO 8601 times
 *	<190>1 2025-06-17T08:00:00Z web1 nginx 1302 - - LINE	syslog, RFC 5424
 *	web-1  | LINE						docker compose
 *	[pod/web-1/nginx] LINE					kubectl logs --prefix
 *	{"log":"LINE\n","stream":"stdout","time":"..."}		docker's json-file
 *	{"MESSAGE":"LINE","__REALTIME_TIMESTAMP":"...",...}	journalctl -o json
 *
 * A text before the line is described by a format string for that text.  The strings of JSON have
 * escape sequences, so the line must be taken out of the envelope before it is cut; enveloped.h does
 * that.
 *
 * Sources: https://docs.docker.com/engine/logging/drivers/json-file/,
 * https://systemd.io/JOURNAL_EXPORT_FORMATS/
 */
#ifndef FORMATS_ENVELOPE_H
#define FORMATS_ENVELOPE_H

#include "lib/arena.h"
#include "lib/span.h"

enum { ENVELOPE_FORMAT = 200 };

/* Write a format string for the envelope of a line, or "" if it has none.  Returns the length of the
 * envelope in the line. */
size_t envelope_describe(struct span line, char format[ENVELOPE_FORMAT]);

/* A program that writes each line into a JSON object. */
struct envelope_json {
	const char *prefix; /* "docker:": the format string of such a line is this prefix, and the
			     * format of the line inside */
	const char *inside; /* the member that has the line */
	const char *proof;  /* a member that tells the envelope from other JSON */
	size_t longest;     /* longer lines are divided among several objects */
	struct envelope_name {
		const char *ours, *theirs; /* "envelope.time", "time" */
	} names[6];                        /* after the last one, .ours is NULL */
};

/* Return the kind of envelope that a line is; NULL if it is none. */
const struct envelope_json *envelope_json_of(struct span line);

/* Return the kind of envelope whose prefix the format string has; NULL if there is none. */
const struct envelope_json *envelope_json_named(const char *format);

/* Find the line in the value of the member .inside, which is decoded, but may be a list of bytes.
 * False if there is only a part of the line, or several lines, or if out of memory. */
bool envelope_json_open(
	const struct envelope_json *, struct span value, struct arena *, struct span *line);

/* Return the format of the line after an envelope, if the format string is that of a text, followed
 * by "${json}", "${logfmt}" or "${ltsv}": one of these three without "${}".  Otherwise NULL.
 * *before becomes the format string of the text. */
const char *envelope_text_named(const char *format, struct span *before);

#endif
