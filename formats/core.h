/* core.h -- describes lines that have the core of an access log: a request in quotes, a status, and
 * often a time, a number of bytes, a referrer and an agent.
 *
 *	www.example.org 192.0.2.1 - - [17/Jun/2007:12:00:01 -0700] "GET / HTTP/1.1" 200 5
 *	$host $remote_addr $ident $remote_user [$time_local] "$request" $status $body_bytes_sent
 *
 * What comes before and after the core is classified by its form: an address is the client, a list
 * of addresses is X-Forwarded-For, and so on.  An envelope, which a container runtime or syslog puts
 * before each line, is described, too.  If the meaning of a value is not clear, the value gets a
 * name of its own, such as $field_1; if it is not clear which value is the client or the status, the
 * lines are not described.
 */
#ifndef FORMATS_CORE_H
#define FORMATS_CORE_H

#include "lib/complaint.h"
#include "lib/span.h"

/* Describe the first lines of a log, at most 100 of them, by a format string like nginx's.  The
 * caller frees the result.  NULL, with a complaint, if it is not clear what a value means, or if out
 * of memory; the text of the complaint is empty if no line has a core.  The caller must check how
 * many lines fit the format. */
char *core_describe(struct span lines, struct complaint *);

/* Like core_describe(), for lines whose first word is known to be the client, even if it is a name. */
char *core_describe_after_client(struct span lines, struct complaint *);

#endif
