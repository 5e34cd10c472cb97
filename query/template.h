/* template.h -- makes a key from the groups of a pattern, by a template such as "$1 ${name}" (-k).
 *
 *	$0 ${0}			the whole match
 *	$1 ${12}		a group by its number
 *	${name}			a group by its name
 *	$$ \t \\		a dollar, a tab, a backslash
 *
 * Any other text stands for itself.
 */
#ifndef QUERY_TEMPLATE_H
#define QUERY_TEMPLATE_H

#include "lib/complaint.h"
#include "lib/span.h"
#include "regex/pattern.h"

struct key_template;

/* Compile a template for a pattern.  The caller frees it with template_free().  NULL, with a
 * complaint, on error, such as when the pattern lacks a group, or when the template names no
 * group. */
struct key_template *template_compile(const char *text, const struct pattern *, struct complaint *);
/* Compile a template that need not name a group. */
struct key_template *template_compile_replacement(
	const char *text, const struct pattern *, struct complaint *);
void template_free(struct key_template *);

/* Return the length of the key that the template makes from the pattern's last match. */
size_t template_len(const struct key_template *, const struct pattern *);

/* Write the key that the template makes from the pattern's last match to `out`, which has room for
 * template_len() bytes. */
void template_write(const struct key_template *, const struct pattern *, char *out);

#endif
