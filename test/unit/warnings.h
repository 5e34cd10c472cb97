/* warnings.h -- a warner that keeps what it is told: each warning's text, and "\n". */
#ifndef TEST_UNIT_WARNINGS_H
#define TEST_UNIT_WARNINGS_H

#include "unit.h"

#include <stdio.h>

#include "lib/complaint.h"

struct warnings {
	char text[4000];
	struct warner warner;
};

static inline void warnings_keep(void *ctx, const struct complaint *c)
{
	struct warnings *w = ctx;
	size_t len = strlen(w->text);

	snprintf(w->text + len, sizeof w->text - len, "%s\n", c->text);
}

/* Begin with none. */
static inline void warnings_open(struct warnings *w)
{
	w->text[0] = '\0';
	w->warner = (struct warner){warnings_keep, w};
}

#endif
