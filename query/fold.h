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

/* Room for the folded form of a text of usual length, in which each second byte may be a number, and for
 * more bytes, which become meaningless. */
enum { FOLD_ROOM = 2 * 64 + 16 };

/* Do the same quickly, but only if the text is of usual length, and has neither '@' nor ':'.  The folded
 * form is in `out`, unless it is the same.  False for any other text, which has not been changed. */
bool fold_usual(struct span *text, char out[FOLD_ROOM]);

#endif
