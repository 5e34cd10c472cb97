/* layout.h -- cuts lines that are a sequence of literals and fields, as described by a layout.
 * Apache's LogFormat strings and nginx's log_format strings are compiled to layouts.
 *
 *	literal  field  literal  field  ...  literal
 *	""       %h     " "      %l     ...  "\""
 *
 * Where a field ends:
 *	a field in quotes		at the next quote that is not escaped by a backslash
 *	a time, a status or a number	after its last byte, whatever follows
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
	SHAPE_WORD,    /* one byte or more, usually without blanks */
	SHAPE_USER,    /* one or more words; if there are several, none may be "-", because then
			* they would be several columns */
	SHAPE_MAYBE,   /* a word, or empty */
	SHAPE_TEXT,    /* any bytes, including blanks; not empty unless in quotes */
	SHAPE_TOKEN,   /* one byte or more, without blanks even if in quotes */
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
bool layout_cut_usual(
	void *, const struct marked *, enum base, struct span *values, uint32_t *first);
uint32_t layout_bases(const void *);
bool layout_has(const void *, const char *name);
struct span layout_own_name(const void *, size_t i);
void layout_free(void *);

#endif
