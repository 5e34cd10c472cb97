/* peers.c -- peers.h with MPI 3 (mpi-forum.org): the only file that knows MPI.
 *
 * Only the process that called peers_begin calls MPI: its children must not.
 */
#include "mpi/peers.h"

#include <errno.h>
#include <mpi.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/die.h"
#include "lib/fullio.h"

enum {
	TAG_ASK = 1,
	TAG_NUMBER,
	TAG_SIZE,
	TAG_BYTES,
	TAG_HERE,
	SPINS = 200,        /* that a wait takes before it sleeps */
	NAP = 100,          /* microseconds */
	SWAPPED = 16 << 20, /* bytes of all peers' pieces together, in each direction */
	LEAST_PIECE = 16 << 10,
	COLLECTED = 64 << 20, /* bytes of one message */
	HOST = 64,
	FAREWELL = 50000, /* microseconds */
};

/* Seconds: a peer that was not heard of for so long is named; is given up.  Sooner, and Open MPI's
 * mpirun would wait for that host for ever: its own check of it takes eight (with
 * oob_tcp_keepalive_time 2, _intvl 1 and _probes 3). */
static const double TELL_EACH = 1, NAMED = 4, GIVEN_UP = 8.5;

static pid_t process; /* that has begun, and not ended */

struct other {
	char host[HOST];
	uint64_t sent, got; /* messages */
	double heard;       /* when, last */
	bool named;
};

struct tended {
	bool on;
	double looked, told; /* when, last */
	struct other other[];
};

static bool awaited; /* this is the first one, and the others are in peers_follow */

/* What passes that on may itself wait for what is gone: this process ends in any case.  MPICH's
 * mpirun may drop what was said just before. */
static _Noreturn void end_all(int status)
{
	alarm(1);
	usleep(FAREWELL);
	MPI_Abort(MPI_COMM_WORLD, status);
	_exit(status);
}

static _Noreturn void out_of_memory(void)
{
	warn("peers: out of memory");
	end_all(STATUS_ERROR);
}

/* Tell all to go on, or to end; or be told. */
static bool lead(bool on)
{
	int go = on, done = 0;
	MPI_Request request;

	MPI_Ibcast(&go, 1, MPI_INT, 0, MPI_COMM_WORLD, &request);
	while (!done) {
		MPI_Test(&request, &done, MPI_STATUS_IGNORE);
		usleep(done ? 0 : NAP);
	}
	awaited = false;
	return go;
}

/* The others would wait for ever, or are told to exit as well: as of --help, or of a mistake that
 * they would make, too. */
static void leave(int status, void *unused)
{
	(void)unused;
	if (process != getpid())
		return;
	if (awaited)
		lead(false);
	else if (status)
		end_all(status);
	MPI_Finalize();
}

/* Threads of MPI's own inherit that signals are blocked: these then come to who waits for them,
 * as for the end of a child (POSIX, 2.4.1), and to nobody else. */
static void init(int *argc, char ***argv)
{
	sigset_t all, before;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	MPI_Init(argc, argv);
	sigprocmask(SIG_SETMASK, &before, NULL);
}

static bool is_first_here(int me)
{
	MPI_Comm here;
	int number;

	MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, me, MPI_INFO_NULL, &here);
	MPI_Comm_rank(here, &number);
	MPI_Comm_free(&here);
	return number == 0;
}

struct peers peers_begin(int *argc, char ***argv)
{
	int n, me;

	init(argc, argv);
	MPI_Comm_size(MPI_COMM_WORLD, &n);
	MPI_Comm_rank(MPI_COMM_WORLD, &me);
	process = getpid();
	awaited = !me;
	on_exit(leave, NULL);
	size_t size = sizeof(struct tended) + (size_t)n * sizeof(struct other);
	struct peers p = {(unsigned)n, (unsigned)me, is_first_here(me), calloc(1, size)};
	if (!p.tended)
		out_of_memory();
	return p;
}

/* --- Whether all are there --------------------------------------------------------- */

static void nap(void)
{
	nanosleep(&(struct timespec){.tv_nsec = NAP * 1000L}, NULL);
}

static void hear(struct tended *t, double now)
{
	int came;
	MPI_Status status;

	for (;;) {
		MPI_Iprobe(MPI_ANY_SOURCE, TAG_HERE, MPI_COMM_WORLD, &came, &status);
		if (!came)
			return;
		int from = status.MPI_SOURCE;
		MPI_Recv(NULL, 0, MPI_BYTE, from, TAG_HERE, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
		t->other[from].got++;
		t->other[from].heard = now;
		t->other[from].named = false;
	}
}

static void tell(struct tended *t, unsigned to)
{
	MPI_Request request;

	MPI_Isend(NULL, 0, MPI_BYTE, (int)to, TAG_HERE, MPI_COMM_WORLD, &request);
	MPI_Request_free(&request);
	t->other[to].sent++;
}

static void look_after(struct other *o, double now)
{
	double silent = now - o->heard;

	if (silent > NAMED && !o->named) {
		warn("%s: not heard of for %.0f seconds", o->host, silent);
		o->named = true;
	}
	if (silent > GIVEN_UP) {
		warn("%s: given up", o->host);
		end_all(STATUS_ERROR);
	}
}

void peers_heartbeat(const struct peers *p)
{
	struct tended *t = p->tended;
	double now = clock_seconds();
	/* The first looks after all, all after the first. */
	unsigned first = !p->me, end = p->me ? 1 : p->n;

	if (!t || !t->on)
		return;
	/* Who did not look himself can't tell who was silent. */
	for (unsigned i = first; i < end && now - t->looked > TELL_EACH; i++)
		t->other[i].heard = now;
	t->looked = now;
	hear(t, now);
	for (unsigned i = first; i < end; i++)
		look_after(&t->other[i], now);
	if (now - t->told < TELL_EACH)
		return;
	t->told = now;
	for (unsigned i = first; i < end; i++)
		tell(t, i);
}

static void wait_for(const struct peers *p, MPI_Request *request)
{
	int done = 0;

	for (int i = 0; !done; i++) {
		MPI_Test(request, &done, MPI_STATUS_IGNORE);
		if (done || i < SPINS)
			continue;
		peers_heartbeat(p);
		nap();
	}
}

void peers_heartbeat_begin(const struct peers *p)
{
	struct tended *t = p->tended;
	char *hosts = malloc((size_t)p->n * HOST), own[MPI_MAX_PROCESSOR_NAME + 1] = "";
	int len;
	MPI_Request request;

	if (!hosts)
		out_of_memory();
	MPI_Get_processor_name(own, &len);
	own[HOST - 1] = '\0';
	MPI_Iallgather(own, HOST, MPI_CHAR, hosts, HOST, MPI_CHAR, MPI_COMM_WORLD, &request);
	wait_for(p, &request);
	for (unsigned i = 0; i < p->n; i++)
		memcpy(t->other[i].host, hosts + (size_t)i * HOST, HOST);
	free(hosts);
	t->on = true;
}

/* Every message must be received before the end. */
void peers_heartbeat_end(const struct peers *p)
{
	struct tended *t = p->tended;
	uint64_t *sent = calloc(2 * (size_t)p->n, sizeof *sent);
	MPI_Request request;

	if (!sent)
		out_of_memory();
	uint64_t *expected = sent + p->n;
	MPI_Ibarrier(MPI_COMM_WORLD, &request);
	wait_for(p, &request);
	t->on = false;
	for (unsigned i = 0; i < p->n; i++)
		sent[i] = t->other[i].sent;
	MPI_Ialltoall(sent, 1, MPI_UINT64_T, expected, 1, MPI_UINT64_T, MPI_COMM_WORLD, &request);
	wait_for(p, &request);
	for (unsigned i = 0; i < p->n; i++)
		for (; t->other[i].got < expected[i]; t->other[i].got++)
			MPI_Recv(NULL, 0, MPI_BYTE, (int)i, TAG_HERE, MPI_COMM_WORLD,
				MPI_STATUS_IGNORE);
	free(sent);
}

/* MPICH 4.0 over UCX hangs in MPI_Finalize where one process is there much sooner than others. */
void peers_end(const struct peers *p)
{
	MPI_Request request;

	if (awaited) {
		lead(false);
	} else {
		MPI_Ibarrier(MPI_COMM_WORLD, &request);
		wait_for(p, &request);
	}
	usleep(FAREWELL);
	free(p->tended);
	process = 0;
	MPI_Finalize();
}

void peers_abort(const struct peers *p, int status)
{
	(void)p;
	end_all(status);
}

void peers_follow(const struct peers *p)
{
	if (!lead(true) && p->me)
		exit(0);
}

/* The largest of all. */
static uint64_t largest(const struct peers *p, uint64_t mine)
{
	MPI_Request request;
	uint64_t all;

	MPI_Iallreduce(&mine, &all, 1, MPI_UINT64_T, MPI_MAX, MPI_COMM_WORLD, &request);
	wait_for(p, &request);
	return all;
}

bool peers_any(const struct peers *p, bool it)
{
	return largest(p, it) != 0;
}

void peers_broadcast(const struct peers *p, void *bytes, size_t n)
{
	char *at = bytes;

	while (n) {
		int piece = n < COLLECTED ? (int)n : COLLECTED;
		MPI_Request request;
		MPI_Ibcast(at, piece, MPI_BYTE, 0, MPI_COMM_WORLD, &request);
		wait_for(p, &request);
		at += piece;
		n -= (size_t)piece;
	}
}

/* --- Files ------------------------------------------------------------------------ */

/* What goes one way: of each peer the file's size, and its place in the buffer. */
struct way {
	uint64_t *sizes;
	int *counts, *places;
	char *buffer;
};

struct swap {
	const struct peers *peers;
	size_t piece;
	uint64_t rounds;
	struct way out, in;
	int why; /* errno of the first error */
};

static bool open_way(struct way *w, unsigned n)
{
	w->sizes = calloc(n, sizeof *w->sizes);
	w->counts = calloc(n, sizeof *w->counts);
	w->places = calloc(n, sizeof *w->places);
	return w->sizes && w->counts && w->places;
}

static void close_way(struct way *w)
{
	free(w->sizes);
	free(w->counts);
	free(w->places);
	free(w->buffer);
}

static void note_error(struct swap *s)
{
	if (!s->why)
		s->why = errno;
}

static uint64_t size_of(struct swap *s, int fd)
{
	struct stat st;

	if (fstat(fd, &st) == 0)
		return (uint64_t)st.st_size;
	note_error(s);
	return 0;
}

/* How much each gives to each, and so how many rounds there are. */
static void tell_sizes(struct swap *s, const int *to)
{
	unsigned n = s->peers->n;
	uint64_t most = 0;
	MPI_Request request;

	for (unsigned i = 0; i < n; i++) {
		s->out.sizes[i] = size_of(s, to[i]);
		most = s->out.sizes[i] > most ? s->out.sizes[i] : most;
	}
	MPI_Ialltoall(s->out.sizes, 1, MPI_UINT64_T, s->in.sizes, 1, MPI_UINT64_T, MPI_COMM_WORLD,
		&request);
	wait_for(s->peers, &request);
	s->piece = SWAPPED / n > LEAST_PIECE ? SWAPPED / n : LEAST_PIECE;
	most = largest(s->peers, most);
	if (most < s->piece)
		s->piece = (size_t)most + 1;
	s->rounds = (most + s->piece - 1) / s->piece;
}

/* Where the pieces of a round stand in the buffer. */
static void lay_out(const struct swap *s, struct way *w, uint64_t round)
{
	int place = 0;

	for (unsigned i = 0; i < s->peers->n; i++) {
		uint64_t from = round * s->piece;
		uint64_t left = w->sizes[i] > from ? w->sizes[i] - from : 0;
		w->counts[i] = left < s->piece ? (int)left : (int)s->piece;
		w->places[i] = place;
		place += w->counts[i];
	}
}

/* The pieces of a round: an error is noted, and all go on, since the others can't know. */
static void swap_round(struct swap *s, const int *to, const int *from, uint64_t round)
{
	uint64_t at = round * s->piece;
	MPI_Request request;

	lay_out(s, &s->out, round);
	lay_out(s, &s->in, round);
	for (unsigned i = 0; i < s->peers->n; i++) {
		size_t count = (size_t)s->out.counts[i];
		errno = EIO;
		if (fullio_read_at(to[i], s->out.buffer + s->out.places[i], count, at) !=
			(ssize_t)count)
			note_error(s);
	}
	MPI_Ialltoallv(s->out.buffer, s->out.counts, s->out.places, MPI_BYTE, s->in.buffer,
		s->in.counts, s->in.places, MPI_BYTE, MPI_COMM_WORLD, &request);
	wait_for(s->peers, &request);
	for (unsigned i = 0; i < s->peers->n; i++)
		if (!fullio_write_at(
			    from[i], s->in.buffer + s->in.places[i], (size_t)s->in.counts[i], at))
			note_error(s);
}

bool peers_alltoall(const struct peers *p, const int *to, const int *from)
{
	struct swap s = {.peers = p};
	/* Both, so that each is freed. */
	bool ok = open_way(&s.out, p->n);

	ok = open_way(&s.in, p->n) && ok;
	if (!ok)
		out_of_memory();
	tell_sizes(&s, to);
	s.out.buffer = malloc(s.piece * p->n);
	s.in.buffer = malloc(s.piece * p->n);
	/* Without them this one can't even go on with the others. */
	ok = s.out.buffer && s.in.buffer;
	if (!peers_any(p, !ok))
		for (uint64_t round = 0; round < s.rounds; round++)
			swap_round(&s, to, from, round);
	else if (!ok)
		s.why = ENOMEM;
	else
		s.why = EPIPE;
	close_way(&s.out);
	close_way(&s.in);
	errno = s.why;
	return !s.why;
}

/* --- Bytes for the first ---------------------------------------------------------- */

static void send_bytes(const struct peers *p, const char *bytes, size_t n)
{
	uint64_t size = n;
	MPI_Request request;

	MPI_Isend(&size, 1, MPI_UINT64_T, 0, TAG_SIZE, MPI_COMM_WORLD, &request);
	wait_for(p, &request);
	while (n) {
		int piece = n < COLLECTED ? (int)n : COLLECTED;
		MPI_Isend(bytes, piece, MPI_BYTE, 0, TAG_BYTES, MPI_COMM_WORLD, &request);
		wait_for(p, &request);
		bytes += piece;
		n -= (size_t)piece;
	}
}

/* NULL where memory is out: nobody can be told, since they are sending. */
static char *receive_bytes(const struct peers *p, int peer, size_t *n)
{
	uint64_t size;
	MPI_Request request;

	MPI_Irecv(&size, 1, MPI_UINT64_T, peer, TAG_SIZE, MPI_COMM_WORLD, &request);
	wait_for(p, &request);
	char *bytes = malloc((size_t)size + 1), *at = bytes;
	for (*n = (size_t)size; bytes && size;) {
		int piece = size < COLLECTED ? (int)size : COLLECTED;
		MPI_Irecv(at, piece, MPI_BYTE, peer, TAG_BYTES, MPI_COMM_WORLD, &request);
		wait_for(p, &request);
		at += piece;
		size -= (uint64_t)piece;
	}
	return bytes;
}

bool peers_gather(const struct peers *p, const char *bytes, size_t n,
	bool (*take)(void *, char *bytes, size_t n), void *to)
{
	if (p->me) {
		send_bytes(p, bytes, n);
		return true;
	}
	char *copy = malloc(n + 1);
	if (copy && n)
		memcpy(copy, bytes, n);
	bool ok = copy && take(to, copy, n);
	for (unsigned i = 1; ok && i < p->n; i++) {
		size_t size;
		char *got = receive_bytes(p, (int)i, &size);
		ok = got && take(to, got, size);
	}
	return ok;
}

/* --- Numbers ---------------------------------------------------------------------- */

void task_counter_begin(struct task_counter *d, const struct peers *p, uint64_t limit)
{
	*d = (struct task_counter){.peers = p, .limit = limit};
}

static uint64_t take_number(struct task_counter *d)
{
	return d->next < d->limit ? d->next++ : d->limit;
}

/* The answer is so short that it leaves at once, whatever the other does. */
void task_counter_serve(struct task_counter *d)
{
	int asks = !d->peers->me;

	while (asks) {
		MPI_Status status;
		MPI_Iprobe(MPI_ANY_SOURCE, TAG_ASK, MPI_COMM_WORLD, &asks, &status);
		if (!asks)
			return;
		MPI_Recv(NULL, 0, MPI_BYTE, status.MPI_SOURCE, TAG_ASK, MPI_COMM_WORLD,
			MPI_STATUS_IGNORE);
		uint64_t number = take_number(d);
		MPI_Send(&number, 1, MPI_UINT64_T, status.MPI_SOURCE, TAG_NUMBER, MPI_COMM_WORLD);
		d->told += number == d->limit;
	}
}

/* Ask, and see later whether there is an answer. */
static void ask(struct task_counter *d)
{
	MPI_Request *coming = malloc(sizeof *coming);

	if (!coming)
		out_of_memory();
	MPI_Irecv(&d->number, 1, MPI_UINT64_T, 0, TAG_NUMBER, MPI_COMM_WORLD, coming);
	MPI_Send(NULL, 0, MPI_BYTE, 0, TAG_ASK, MPI_COMM_WORLD);
	d->coming = coming;
}

bool task_counter_next(struct task_counter *d, uint64_t *number)
{
	int came = 0;

	task_counter_serve(d);
	if (!d->peers->me) {
		*number = take_number(d);
		return true;
	}
	if (!d->coming)
		ask(d);
	MPI_Test(d->coming, &came, MPI_STATUS_IGNORE);
	if (!came)
		return false;
	free(d->coming);
	d->coming = NULL;
	*number = d->number;
	return true;
}

/* Nobody asks for numbers of the next draw before all are done with this one. */
void task_counter_end(struct task_counter *d)
{
	MPI_Request request;

	while (!d->peers->me && d->told + 1 < d->peers->n) {
		task_counter_serve(d);
		peers_heartbeat(d->peers);
		nap();
	}
	MPI_Ibarrier(MPI_COMM_WORLD, &request);
	wait_for(d->peers, &request);
}
