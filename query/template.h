/* template.h -- a key put together from a pattern's groups: "$1 ${name}".
 *
 *	$0 $1 ... ${0} ${12}	the whole match, a group by number
 *	${name}			a group by name
 *	$$ \t \\		a dollar, a tab, a backslash
 *
 * Anything else stands for itself.
 */
#ifndef QUERY_TEMPLATE_H
#define QUERY_TEMPLATE_H

#include "lib/complaint.h"
#include "lib/span.h"
#include "regex/pattern.h"

struct key_template;

/* Compile.  NULL and a complaint on error. */
struct key_template *template_compile(const char *text, const struct pattern *, struct complaint *);

/* How long the key of the pattern's last match is. */
size_t template_len(const struct key_template *, const struct pattern *);

/* Write it to out, which has room for template_len bytes. */
void template_write(const struct key_template *, const struct pattern *, char *out);

void template_free(struct key_template *);

#endif
