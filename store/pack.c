#include "store/pack.h"

#include <stdlib.h>

/* --- Writing --------------------------------------------------------------------- */

static bool make_room(struct pack *p, size_t len)
{
	size_t room = p->room ? p->room : 256;

	if (len <= p->room - p->n)
		return true;
	while (room - p->n < len)
		room *= 2;
	char *more = realloc(p->at, room);
	if (!more) {
		p->failed = true;
		return false;
	}
	p->at = more;
	p->room = room;
	return true;
}

char *pack_room(struct pack *p, size_t len)
{
	if (p->failed || !make_room(p, len))
		return NULL;
	p->n += len;
	return p->at + p->n - len;
}

void pack_sum(struct pack *p, struct sum sum)
{
	pack_u64(p, sum.low);
	pack_u64(p, (uint64_t)sum.high);
}

void pack_bytes(struct pack *p, struct span s)
{
	char *at = s.len ? pack_room(p, s.len) : NULL;

	if (at)
		memcpy(at, s.at, s.len);
}

void pack_u64(struct pack *p, uint64_t n)
{
	char *at = pack_room(p, sizeof n);

	if (at)
		word_store(at, n);
}

void pack_string(struct pack *p, const char *text)
{
	size_t len = strlen(text);

	pack_u64(p, len);
	pack_bytes(p, span_of(text, len + 1));
}

void pack_free(struct pack *p)
{
	free(p->at);
	*p = (struct pack){0};
}

/* --- Reading --------------------------------------------------------------------- */

struct sum unpack_sum(struct unpack *u)
{
	uint64_t low = unpack_u64(u);

	return (struct sum){low, (int64_t)unpack_u64(u)};
}

struct span unpack_bytes(struct unpack *u, uint64_t len)
{
	if (len > u->rest.len) {
		u->bad = true;
		u->rest.len = 0;
		return span_of("", 0);
	}
	struct span s = span_of(u->rest.at, (size_t)len);
	u->rest = span_from(u->rest, s.len);
	return s;
}

uint64_t unpack_u64(struct unpack *u)
{
	struct span s = unpack_bytes(u, 8);

	return s.len ? word_load(s.at) : 0;
}

const char *unpack_string(struct unpack *u)
{
	uint64_t len = unpack_u64(u);
	struct span s = unpack_bytes(u, len < UINT64_MAX ? len + 1 : len);

	if (!u->bad && memchr(s.at, '\0', s.len) == s.at + len)
		return s.at;
	u->bad = true;
	u->rest.len = 0;
	return "";
}
