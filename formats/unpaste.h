/* unpaste.h -- finds the format string in a piece of a server's configuration.
 *
 *	log_format main '$remote_addr [$time_local] '
 *	                '"$request" $status';			nginx.conf
 *	LogFormat "%h %t \"%r\" %>s" short			httpd.conf
 *
 * nginx joins the arguments of log_format without blanks.  The keyword and the name may be missing,
 * and so may the quotes.  In a string without quotes, a line break and the blanks around it are one
 * blank.  Escapes such as \" stay as they are.
 */
#ifndef FORMATS_UNPASTE_H
#define FORMATS_UNPASTE_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/complaint.h"

enum server { SERVER_ANY, SERVER_NGINX, SERVER_APACHE };

struct unpasted {
	char *text;         /* the format string */
	size_t *offsets;    /* the offset of each byte of .text, and of its end, in the piece */
	enum server server; /* whose configuration it is; SERVER_ANY if there is no keyword */
	bool is_json;       /* true if nginx escapes values so that each line is a JSON object */
};

/* Find the format string.  The caller frees the result with unpasted_free(), even on error.  False,
 * with a complaint, if a quote is not closed, if something follows the string, or if out of
 * memory. */
bool unpaste(const char *piece, struct unpasted *, struct complaint *);
void unpasted_free(struct unpasted *);

#endif
