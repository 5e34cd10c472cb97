/* base.h -- the base fields, or bases: the fields that many formats have, such as the status.
 *
 * A format may have other fields, too, whose names only this format knows: its own fields.
 */
#ifndef FORMATS_BASE_H
#define FORMATS_BASE_H

#include <stdint.h>

/* The fields of a request that a web server may log.  query/field.h derives other fields from
 * these. */
enum base {
	BASE_CLIENT,
	BASE_IDENT,
	BASE_USER,
	BASE_TIME,
	BASE_DATE, /* only in formats that log the date and the time separately */
	BASE_REQUEST,
	BASE_METHOD,
	BASE_URL,
	BASE_PATH,
	BASE_QUERY,
	BASE_PROTO,
	BASE_STATUS,
	BASE_BYTES,
	BASE_REFERRER,
	BASE_AGENT,
	BASE_HOST,
	BASE_PORT,
	BASES
};

/* The names of the bases, in the order of the enum: "client", ... */
extern const char *const base_names[BASES];

static inline uint32_t base_bit(enum base b)
{
	return UINT32_C(1) << b;
}

#endif
