/* logformat.h -- the fields of an access log's line.
 *
 * For now one field of one family of formats: the URL in Apache's and nginx's
 * "common" and "combined" logs, with anything before the time in brackets (a vhost
 * prefix, a leading blank) and anything after the status:
 *
 *	... [time] "METHOD URL PROTOCOL" STATUS ...
 *
 * (https://httpd.apache.org/docs/2.4/logs.html#accesslog)
 */
#ifndef LOGFORMAT_H
#define LOGFORMAT_H

#include "lib/span.h"

/* Find the requested URL in a line.  False if the line is not of that form, or its
 * request is not one ("-" after a time-out, a TLS handshake sent to a plain port):
 * nothing is guessed.  An HTTP/0.9 request has no protocol. */
bool logformat_url(struct span line, struct span *url);

#endif
