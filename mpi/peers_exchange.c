#include "mpi/peers_private.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "lib/fullio.h"

enum {
	BUFFER = 16 << 20, /* bytes in each direction, for the pieces of all peers together */
	LEAST_PIECE = 16 << 10,
};

/* One direction of an exchange: the files that this peer sends, or the files that it receives. */
struct direction {
	uint64_t *sizes;      /* the size of each peer's file, in bytes */
	int *counts, *places; /* the length and the offset of each peer's piece in .buffer */
	char *buffer;
};

/* An exchange takes several rounds.  In each round, every peer sends to each peer the next piece of
 * the file for that peer. */
struct exchange {
	const struct peers *peers;
	size_t piece; /* the most bytes of a piece */
	uint64_t rounds;
	struct direction out, in;
	int error; /* the errno of the first error on this peer; 0 if there was none */
};

static bool open_direction(struct direction *d, unsigned n)
{
	d->sizes = calloc(n, sizeof *d->sizes);
	d->counts = calloc(n, sizeof *d->counts);
	d->places = calloc(n, sizeof *d->places);
	return d->sizes && d->counts && d->places;
}

static void close_direction(struct direction *d)
{
	free(d->sizes);
	free(d->counts);
	free(d->places);
	free(d->buffer);
}

static void note_error(struct exchange *x)
{
	if (!x->error)
		x->error = errno;
}

static uint64_t size_of(struct exchange *x, int fd)
{
	struct stat st;

	if (fstat(fd, &st) == 0)
		return (uint64_t)st.st_size;
	note_error(x);
	return 0;
}

/* Tell all peers how many bytes they will get, and find out how many rounds the exchange takes. */
static void exchange_sizes(struct exchange *x, const int *to)
{
	unsigned n = x->peers->n;
	uint64_t most = 0;
	MPI_Request request;

	for (unsigned i = 0; i < n; i++) {
		x->out.sizes[i] = size_of(x, to[i]);
		most = x->out.sizes[i] > most ? x->out.sizes[i] : most;
	}
	MPI_Ialltoall(x->out.sizes, 1, MPI_UINT64_T, x->in.sizes, 1, MPI_UINT64_T, MPI_COMM_WORLD,
		&request);
	peers_wait(x->peers, &request);
	x->piece = BUFFER / n > LEAST_PIECE ? BUFFER / n : LEAST_PIECE;
	most = peers_max(x->peers, most);
	if (most < x->piece)
		x->piece = (size_t)most + 1;
	x->rounds = (most + x->piece - 1) / x->piece;
}

/* Find the length and the offset of each piece of a round. */
static void lay_out(const struct exchange *x, struct direction *d, uint64_t round)
{
	int place = 0;

	for (unsigned i = 0; i < x->peers->n; i++) {
		uint64_t start = round * x->piece;
		uint64_t left = d->sizes[i] > start ? d->sizes[i] - start : 0;
		d->counts[i] = left < x->piece ? (int)left : (int)x->piece;
		d->places[i] = place;
		place += d->counts[i];
	}
}

/* Exchange the pieces of one round.  A peer that has an error still takes part: the others do not
 * know about the error, and would wait for this peer. */
static void exchange_pieces(struct exchange *x, const int *to, const int *from, uint64_t round)
{
	uint64_t offset = round * x->piece;
	MPI_Request request;

	lay_out(x, &x->out, round);
	lay_out(x, &x->in, round);
	for (unsigned i = 0; i < x->peers->n; i++)
		if (!fullio_read_all_at(to[i], x->out.buffer + x->out.places[i],
			    (size_t)x->out.counts[i], offset))
			note_error(x);
	MPI_Ialltoallv(x->out.buffer, x->out.counts, x->out.places, MPI_BYTE, x->in.buffer,
		x->in.counts, x->in.places, MPI_BYTE, MPI_COMM_WORLD, &request);
	peers_wait(x->peers, &request);
	for (unsigned i = 0; i < x->peers->n; i++)
		if (!fullio_write_at(from[i], x->in.buffer + x->in.places[i],
			    (size_t)x->in.counts[i], offset))
			note_error(x);
}

static void exchange_files(struct exchange *x, const int *to, const int *from)
{
	x->out.buffer = malloc(x->piece * x->peers->n);
	x->in.buffer = malloc(x->piece * x->peers->n);
	bool ok = x->out.buffer && x->in.buffer;

	/* If any peer has no buffers, it can't take part, so nothing is exchanged at all. */
	if (peers_any(x->peers, !ok)) {
		x->error = ok ? EPIPE : ENOMEM;
		return;
	}
	for (uint64_t round = 0; round < x->rounds; round++)
		exchange_pieces(x, to, from, round);
}

bool peers_alltoall(const struct peers *p, const int *to, const int *from)
{
	struct exchange x = {.peers = p};
	bool out = open_direction(&x.out, p->n), in = open_direction(&x.in, p->n);

	if (!out || !in)
		peers_out_of_memory();
	exchange_sizes(&x, to);
	exchange_files(&x, to, from);
	close_direction(&x.out);
	close_direction(&x.in);
	errno = x.error;
	return !x.error;
}
