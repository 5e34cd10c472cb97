/* agents.h -- what a User-Agent header says of its sender: the browser, the system, the kind of
 * device, or the name of a bot.
 *
 * agents.c has a table of words with their meanings.  The words of a header are looked up one after
 * the other, in one pass.
 *
 * A bot is any program that is not a person's browser: a crawler, a monitor, a library, a tool such
 * as curl.  A bot has no browser and no system, because it often copies those of a browser.
 */
#ifndef QUERY_AGENTS_H
#define QUERY_AGENTS_H

#include "lib/span.h"

/* A description of a sender.  What is not known is "-". */
struct agent {
	struct span browser, os; /* "Chrome", "Windows" */
	struct span bot;         /* "Googlebot"; of an unknown bot, the name in the header */
	struct span device;      /* "desktop", "mobile", "tablet", "tv", "console", "watch",
				  * "headset", "car", or "bot" */
};

struct agents;

/* Prepare the table.  NULL if out of memory. */
struct agents *agents_new(void);
void agents_free(struct agents *);

/* Describe the sender of a header.  The spans are constants, or parts of the header. */
struct agent agents_find(const struct agents *, struct span header);

#endif
