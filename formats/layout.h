/* layout.h -- cuts lines that are a sequence of literals and fields, as described by a layout.
 * Apache's LogFormat strings and nginx's log_format strings are compiled to layouts.
 *
 *	literal  field  literal  field  ...  literal
 *	""       %h     " "      %l     ...  "\""
 *
 * Where a field ends:
 *	a field in quotes		at the next quote that is not escaped by a backslash
 *	a time, a status or a number	after its last byte, whatever follows
 *	a word before a blank		at that blank, even if the literal has more bytes
 *	a client before ":"		at the last colon before a blank; a port follows
 *	any other field			at the first place where the next literal is found
 *
 * After the last literal, the line must end or continue with a blank.  So lines still fit after a
 * server has been configured to log one more field at the end.
 */
#ifndef FORMATS_LAYOUT_H
#define FORMATS_LAYOUT_H

#include "formats/cutter.h"

/* What a value must look like. */
enum shape {
	SHAPE_WORD,     /* one byte or more, without blanks unless in quotes */
	SHAPE_USER,     /* one or more words; if there are several, none may be "-", because then
			* they would be several columns */
	SHAPE_MAYBE,    /* a word, or empty */
	SHAPE_TEXT,     /* any bytes, including blanks; not empty unless in quotes */
	SHAPE_TOKEN,    /* one byte or more, without blanks even if in quotes */
	SHAPE_STATUS,   /* three digits or "-" */
	SHAPE_NUMBER,   /* digits or "-" */
	SHAPE_CLF,      /* a time as in the Common Log Format */
	SHAPE_ISO,      /* a time as in ISO 8601, followed by anything */
	SHAPE_TIME,     /* a time in any notation of timestamp.h */
	SHAPE_STRFTIME, /* a time as strftime() writes it by the string in Apache's "%{...}t" */
	SHAPE_BLANKS,   /* any number of blanks, or none */
	/* The next shapes end after their last byte, whatever follows. */
	SHAPE_QUOTED, /* a text in quotes, or "-"; the value does not include the quotes */
	SHAPE_CLIENT, /* "[client 192.0.2.1] ", or nothing; the value is the address, without the
			* port if there clearly is one */
	SHAPE_CLIENT_PORT, /* "[client 192.0.2.1:80] ", or nothing; the value is the address without
			    * the port */
	SHAPE_TAG,         /* a word up to "[" or ":" */
	SHAPE_PID,         /* "[123]", or nothing; the value is the number */
	SHAPE_BRACES,      /* any number of "{...} ", or nothing */
	SHAPE_DATA,        /* "-", or elements such as "[id a=\"1\"][id2]", as in RFC 5424 */
	SHAPE_FIRST,       /* like SHAPE_TEXT, but the value is the first element of a list that is
			* separated by commas */
	SHAPE_LIST,        /* "192.0.2.1, 192.0.2.2", or "0.1 : -" as in nginx's $upstream_... */
	SHAPE_PATH,        /* a word that begins with "/" */
	SHAPE_DECODED,     /* a path that the server has decoded: it may contain blanks */
	SHAPE_NODE,     /* the word for a host in syslog; not "[...", nor the level of a message */
	SHAPE_ITEM,     /* a word, a list as in SHAPE_LIST, or nothing */
	SHAPE_TLS,      /* a version of TLS or SSL */
	SHAPE_LEVEL,    /* a level of Apache's error log */
	SHAPE_COUNTERS, /* "0/0/-1/+5": numbers of HAProxy, with slashes between them */
	SHAPE_END,      /* the end of the line, after any number of blanks */
};

/* A field in a format string. */
struct placeholder {
	const char *name; /* the name in the format string: "%{X}i", "$status" */
	size_t name_len;
	int base; /* an enum base; -1 if the field is not a base field */
	enum shape shape;
	size_t offset; /* offset of the name in the format string, for complaints */
};

struct layout;

/* Create a layout with room for `fields` fields, and for `literals` bytes in all literals together.
 * The caller frees it with layout_free().  NULL if out of memory. */
struct layout *layout_new(size_t fields, size_t literals, const struct wanted *);

/* layout_literal() appends a byte of a literal; layout_field() appends a field. */
void layout_literal(struct layout *, char c);
void layout_field(struct layout *, const struct placeholder *);

/* Decide how each field ends.  Call this after all literals and fields have been appended.  False,
 * with a complaint, if the end of a field would be ambiguous. */
bool layout_finish(struct layout *, struct complaint *);

/* These functions implement struct cutter, which describes them. */
enum cut_result layout_cut(void *, struct span line, const struct cut *);
size_t layout_stop(void *, struct span line);
bool layout_cut_usual(void *, const struct marked *, struct usual_columns *);
uint32_t layout_bases(const void *);
bool layout_has(const void *, const char *name);
struct span layout_own_name(const void *, size_t i);
void layout_free(void *);

#endif
