/* fold.h -- replaces what differs from one line to the next, so that texts of one kind become
 * equal:
 *
 *	/user/1234/orders	/user/{n}/orders
 *	{n}	digits
 *	{hex}	at least 8 hexadecimal digits, one of them below 'a'; or any after 0x
 *	{uuid}	8-4-4-4-12 hexadecimal digits
 *	{date}	2025-06-17 or 2025/06/17, with a time if one follows
 *	{ip}	an IPv4 or IPv6 address
 *	{mail}	an e-mail address
 *
 * Only whole words are replaced: "v2" and "201x" stay.  A word consists of letters, digits and bytes
 * beyond ASCII.  A byte that is written as %41 belongs to its word.
 */
#ifndef QUERY_FOLD_H
#define QUERY_FOLD_H

#include "lib/arena.h"
#include "lib/span.h"

/* Replace a text by its folded form, which is in the arena unless it is the same.  False if out of
 * memory. */
bool fold(struct span *text, struct arena *);

#endif
