/* layout.h -- a line as a row of literals and fields: what Apache's LogFormat and nginx's
 * log_format strings are compiled to.
 *
 *	literal  field  literal  field  ...  literal
 *	""       %h     " "      %l     ...  "\""
 *
 * A field ends
 *	between quotes	at the next quote that no backslash escapes
 *	by its shape	where a time, a status, a number does
 *	else		where the literal behind it is first found
 *
 * After the last literal the line must end, or go on behind a blank: servers are told to
 * log one thing more, and old readers should not mind.
 */
#ifndef FORMATS_LAYOUT_H
#define FORMATS_LAYOUT_H

#include "formats/cutter.h"

/* What a value must look like. */
enum shape {
	SHAPE_WORD,    /* one byte or more, and no blanks as a rule */
	SHAPE_USER,    /* the same, or with blanks, but no "-" among several: columns */
	SHAPE_MAYBE,   /* the same, or nothing */
	SHAPE_TEXT,    /* may hold blanks, and in quotes be empty */
	SHAPE_TOKEN,   /* one byte or more, never a blank, also in quotes */
	SHAPE_STATUS,  /* three digits or "-" */
	SHAPE_NUMBER,  /* digits or "-" */
	SHAPE_CLF,     /* a time */
	SHAPE_ISO,     /* a time, and anything */
	SHAPE_LIST,    /* "192.0.2.1, 192.0.2.2", or as nginx's $upstream_...: "0.1 : -" */
	SHAPE_PATH,    /* a word that begins with "/" */
	SHAPE_DECODED, /* a path as the server has decoded it: it may hold blanks */
};

struct piece_of_text {
	const char *name; /* as in the string: "%{X}i", "$status" */
	size_t name_len;
	int base; /* -1: none */
	enum shape shape;
	size_t offset; /* in the string, for complaints */
};

struct layout;

struct layout *layout_new(size_t pieces_at_most, size_t literals_at_most, const struct wanted *);

/* Append a byte of literal text, or a field. */
void layout_literal(struct layout *, char c);
void layout_field(struct layout *, const struct piece_of_text *);

/* After the last: settle how each field ends.  False if one can't be told from what is
 * behind it. */
bool layout_finish(struct layout *, struct complaint *);

/* For struct cutter. */
enum cut_result layout_cut(void *, struct span line, const struct cut *);
bool layout_cut_usual(
	void *, const struct marked *, enum base, struct span *values, uint32_t *first);
uint32_t layout_bases(const void *);
bool layout_has(const void *, const char *name);
struct span layout_own_name(const void *, size_t i);
void layout_free(void *);

#endif
