/* url.h -- the parts of a URL as logs contain it: usually a path and a query, sometimes a whole URL,
 * because a proxy logs "http://host/path" (RFC 3986).
 *
 * The parts are bytes of the URL.  A part that is not there is "-".
 */
#ifndef QUERY_URL_H
#define QUERY_URL_H

#include "lib/span.h"

/* The path, without the query. */
struct span url_path(struct span url);

/* What follows the "?". */
struct span url_query(struct span url);

/* The value of a parameter in the query: of "tag" in "/a?tag=x&n=1" it is "x". */
struct span url_parameter(struct span url, struct span name);

/* The scheme of a whole URL, and its host without port and user. */
struct span url_scheme(struct span url);
struct span url_host(struct span url);

/* The file name extension in a path: "html" in "/a/b.html".  A dot at the start of the file name, as
 * in "/.htaccess", does not begin an extension. */
struct span url_extension(struct span path);

/* The first n segments of a path, n > 0: of "/a/b/c" and 2 it is "/a/b".  A path that has fewer
 * segments, as it is, but without a slash at its end. */
struct span url_segments(struct span path, size_t n);

#endif
