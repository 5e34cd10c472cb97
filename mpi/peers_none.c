/* peers_none.c -- peers.h where nobody else is there. */
#include "mpi/peers.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct peers peers_begin(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return (struct peers){.n = 1, .first_here = true};
}

void peers_follow(const struct peers *p)
{
	(void)p;
}

void peers_end(const struct peers *p)
{
	(void)p;
}

void peers_abort(const struct peers *p, int status)
{
	(void)p;
	_exit(status);
}

bool peers_any(const struct peers *p, bool it)
{
	(void)p;
	return it;
}

void peers_copy(const struct peers *p, void *bytes, size_t n)
{
	(void)p;
	(void)bytes;
	(void)n;
}

bool peers_swap(const struct peers *p, const int *to, const int *from)
{
	(void)p;
	(void)to;
	(void)from;
	return true;
}

bool peers_collect(const struct peers *p, const char *bytes, size_t n,
	bool (*take)(void *, char *bytes, size_t n), void *to)
{
	char *copy = malloc(n + 1);

	(void)p;
	if (!copy)
		return false;
	if (n)
		memcpy(copy, bytes, n);
	return take(to, copy, n);
}

void peers_tend_begin(const struct peers *p)
{
	(void)p;
}

void peers_tend(const struct peers *p)
{
	(void)p;
}

void peers_tend_end(const struct peers *p)
{
	(void)p;
}

void draw_begin(struct draw *d, const struct peers *p, uint64_t limit)
{
	*d = (struct draw){.peers = p, .limit = limit};
}

bool draw_next(struct draw *d, uint64_t *number)
{
	*number = d->next < d->limit ? d->next++ : d->limit;
	return true;
}

void draw_serve(struct draw *d)
{
	(void)d;
}

void draw_end(struct draw *d)
{
	(void)d;
}
