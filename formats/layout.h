/* layout.h -- a line as a sequence of literals and fields.  Apache's LogFormat strings and nginx's
 * log_format strings are compiled to layouts.
 *
 *	literal  field  literal  field  ...  literal
 *	""       %h     " "      %l     ...  "\""
 *
 * Where a field ends:
 *	a field in quotes		at the next quote that is not escaped by a backslash
 *	a time, a status or a number	where its shape ends
 *	any other field			at the first place where the next literal is found
 *
 * After the last literal, the line must end or continue with a blank.  So if a server is configured
 * to log one more field at the end, its lines still fit.
 */
#ifndef FORMATS_LAYOUT_H
#define FORMATS_LAYOUT_H

#include "formats/cutter.h"

/* What a value must look like. */
enum shape {
	SHAPE_WORD,    /* one byte or more, usually without blanks */
	SHAPE_USER,    /* one or more words; but if there are several and one is "-", they are
			* columns, not one user */
	SHAPE_MAYBE,   /* a word, or nothing */
	SHAPE_TEXT,    /* may contain blanks, and be empty if it is in quotes */
	SHAPE_TOKEN,   /* one byte or more, without blanks even in quotes */
	SHAPE_STATUS,  /* three digits or "-" */
	SHAPE_NUMBER,  /* digits or "-" */
	SHAPE_CLF,     /* a time as in the Common Log Format */
	SHAPE_ISO,     /* a time as in ISO 8601, followed by anything */
	SHAPE_LIST,    /* "192.0.2.1, 192.0.2.2", or "0.1 : -" as in nginx's $upstream_... */
	SHAPE_PATH,    /* a word that begins with "/" */
	SHAPE_DECODED, /* a path that the server has decoded: it may contain blanks */
};

/* A field in a format string. */
struct placeholder {
	const char *name; /* as in the string: "%{X}i", "$status" */
	size_t name_len;
	int base; /* -1: the field is not a base */
	enum shape shape;
	size_t offset; /* where the name is in the string, for complaints */
};

struct layout;

/* Create a layout that has room for that many fields, and for that many bytes of literals.  NULL if
 * out of memory. */
struct layout *layout_new(size_t fields, size_t literals, const struct wanted *);

/* Append a byte of a literal, or append a field. */
void layout_literal(struct layout *, char c);
void layout_field(struct layout *, const struct placeholder *);

/* Call this after the last literal or field was appended: decide how each field ends.  False, with
 * a complaint, if the end of a field would be ambiguous. */
bool layout_finish(struct layout *, struct complaint *);

/* These are functions of struct cutter. */
enum cut_result layout_cut(void *, struct span line, const struct cut *);
bool layout_cut_usual(
	void *, const struct marked *, enum base, struct span *values, uint32_t *first);
uint32_t layout_bases(const void *);
bool layout_has(const void *, const char *name);
struct span layout_own_name(const void *, size_t i);
void layout_free(void *);

#endif
