/* form.h -- tells the form of a value in a log line: an address, a host, a status, a request ...
 *
 * A value has exactly one of the forms up to FORM_TEXT.  The forms after FORM_TEXT say more about
 * some of them.
 */
#ifndef FORMATS_FORM_H
#define FORMATS_FORM_H

#include "lib/span.h"

enum {
	FORM_EMPTY = 1 << 0,
	FORM_DASH = 1 << 1,
	FORM_ADDRESS = 1 << 2,      /* an address, which has no port */
	FORM_EITHER = 1 << 3,       /* an address, or one with a port: "2001:db8::1:8080" */
	FORM_ADDRESS_PORT = 1 << 4, /* "192.0.2.1:80", "[::1]:80" or "2001:db8::1:51234" */
	FORM_ADDRESSES = 1 << 5,    /* several, separated by commas */
	FORM_HOST = 1 << 6,         /* a name that contains a dot, or localhost */
	FORM_HOST_PORT = 1 << 7,
	FORM_STATUS = 1 << 8, /* a status that servers send */
	FORM_NUMBER = 1 << 9,
	FORM_DECIMAL = 1 << 10,
	FORM_REQUEST = 1 << 11, /* "GET /a HTTP/1.1" */
	FORM_URL = 1 << 12,     /* "http://..." */
	FORM_AGENT = 1 << 13,   /* "curl/8", "Mozilla/5.0 (X11)" */
	FORM_KEYWORD = 1 << 14, /* a word that is not the name of a user: "HIT", "https",
				 * "TLSv1.3", "US", "localhost:80", or at least 16 hexadecimal digits */
	FORM_TIME = 1 << 15,    /* form_of() never finds this form, nor the next one */
	FORM_CLF_TIME = 1 << 16,
	FORM_TEXT = 1 << 17,
	FORM_SECONDS = 1 << 18, /* of a decimal: at least three digits follow the dot */
	FORM_EPOCH = 1 << 19,   /* of a number or a decimal: it may be a time */
	FORMS = 20,             /* how many forms there are */

	FORM_NOTHING = FORM_EMPTY | FORM_DASH,
	FORM_ANY_ADDRESS = FORM_ADDRESS | FORM_EITHER,
	FORM_INTEGER = FORM_NUMBER | FORM_STATUS,
};

unsigned form_of(struct span);

#endif
