/* test_chunker.c -- every line is in exactly one chunk, and every chunk goes to exactly one owner.
 */
#include "unit.h"

#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>

#include "chunker.h"

enum { INPUTS = 4 };

/* Inputs that end where accessible memory ends, so that a search beyond their end is a fault. */
struct fixture {
	struct guarded memory[INPUTS];
	struct input at[INPUTS];
	struct inputs inputs;
};

static void set_up(struct fixture *f, size_t size)
{
	for (size_t i = 0; i < INPUTS; i++)
		f->memory[i] = guarded_new(size);
	f->inputs = (struct inputs){.at = f->at};
}

static void tear_down(struct fixture *f)
{
	for (size_t i = 0; i < INPUTS; i++)
		guarded_free(&f->memory[i]);
}

static void add_mapped(struct fixture *f, struct span bytes)
{
	size_t i = f->inputs.n++;

	assert_true(i < INPUTS);
	f->at[i] = (struct input){.name = "mapped", .fd = -1};
	f->at[i].bytes = guarded_copy(&f->memory[i], bytes);
}

static void add_stream(struct fixture *f)
{
	assert_true(f->inputs.n < INPUTS);
	f->at[f->inputs.n++] = (struct input){.name = "stream", .fd = 0};
}

static struct chunker *new_chunker(const struct inputs *inputs, size_t chunk_size)
{
	struct chunker *c = chunker_new(inputs, &(struct chunker_spec){.chunk_size = chunk_size});

	assert_non_null(c);
	return c;
}

/* The lines whose first byte is in [from, to), found byte by byte. */
static struct span lines_that_begin_in(struct span all, size_t from, size_t to)
{
	size_t start = all.len, end = all.len;

	for (size_t i = all.len; i-- > 0;) {
		if (i > 0 && all.at[i - 1] != '\n')
			continue;
		if (i >= to)
			end = i;
		else if (i >= from)
			start = i;
	}
	return start < end ? span_of(all.at + start, end - start) : span_of(NULL, 0);
}

static void check_mapped(struct span got, const struct input *in, size_t from, size_t to)
{
	struct span expected = lines_that_begin_in(in->bytes, from, to);

	assert_non_null(got.at); /* otherwise it would be a stream */
	assert_int_equal(got.len, expected.len);
	if (expected.len)
		assert_ptr_equal(got.at, expected.at);
}

/* Each chunk is as expected, and all of them in order are the inputs. */
static void check_all_chunks(const struct inputs *inputs, size_t chunk_size)
{
	struct chunker *c = new_chunker(inputs, chunk_size);
	struct chunk chunk;
	size_t index = 0;

	for (size_t i = 0; i < inputs->n; i++) {
		struct span all = inputs->at[i].bytes;
		size_t together = 0;
		for (size_t from = 0; all.at ? from < all.len : from == 0; index++) {
			size_t to = all.len - from > chunk_size ? from + chunk_size : all.len;
			assert_int_equal(chunker_owner(c, index), 0);
			assert_true(chunker_next(c, 7, &chunk));
			assert_int_equal(chunker_owner(c, index), 7);
			assert_int_equal(chunk.index, index);
			assert_int_equal(chunk.input, i);
			struct span lines = chunker_lines(c, &chunk);
			if (all.at)
				check_mapped(lines, &inputs->at[i], from, to);
			else
				assert_null(lines.at);
			/* It begins where the one before it ended. */
			if (lines.len)
				assert_ptr_equal(lines.at, all.at + together);
			together += lines.len;
			struct chunk same = chunker_chunk(c, index);
			assert_true(same.index == index && same.input == i);
			assert_true(all.at ? same.from == from && same.to == to : same.to == 0);
			from = all.at ? to : 1;
		}
		assert_int_equal(together, all.len);
	}
	assert_int_equal(chunker_chunks(c), index);
	assert_false(chunker_next(c, 7, &chunk));
	assert_false(chunker_next(c, 8, &chunk));
	chunker_free(c);
}

TEST(small_inputs_at_every_chunk_size)
{
	static const struct span alphabets[] = {BYTES("\n"), BYTES("a"), BYTES("a\n"),
		BYTES("abc\n"), BYTES("\n\n\na"), BYTES("abcdefgh\0\r\n")};
	struct fixture f;
	char bytes[40];
	uint64_t seed = 1;

	set_up(&f, sizeof bytes);
	for (int round = 0; round < 2000; round++) {
		size_t size = random_below(&seed, sizeof bytes + 1);
		f.inputs.n = 0;
		random_bytes(&seed, bytes, size, alphabets[random_below(&seed, COUNT(alphabets))]);
		add_mapped(&f, span_of(bytes, size));
		for (size_t chunk_size = 1; chunk_size <= size + 2; chunk_size++)
			check_all_chunks(&f.inputs, chunk_size);
	}
	tear_down(&f);
}

/* Empty inputs and streams are among them, also as the first and the last. */
TEST(several_inputs_at_every_chunk_size)
{
	struct fixture f;
	char bytes[12];
	uint64_t seed = 2;

	set_up(&f, sizeof bytes);
	for (int round = 0; round < 3000; round++) {
		f.inputs.n = 0;
		for (size_t n = random_below(&seed, INPUTS + 1); f.inputs.n < n;) {
			size_t size = random_below(&seed, sizeof bytes + 1);
			random_bytes(&seed, bytes, size, span_text("ab\n"));
			if (random_below(&seed, 4) == 0)
				add_stream(&f);
			else
				add_mapped(&f, span_of(bytes, size));
		}
		for (size_t chunk_size = 1; chunk_size <= sizeof bytes + 2; chunk_size++)
			check_all_chunks(&f.inputs, chunk_size);
	}
	tear_down(&f);
}

/* The input drawn in chunker.h, cut every ten bytes. */
TEST(the_drawing_in_the_header)
{
	static const char *const expected[] = {"aaaa.bbbbbbb.", "cc.ddddddddddddddd.", "", "e."};
	struct fixture f;
	char text[] = "aaaa.bbbbbbb.cc.ddddddddddddddd.e.";
	struct chunk chunk;

	for (char *p = text; *p; p++)
		if (*p == '.')
			*p = '\n';
	set_up(&f, sizeof text);
	add_mapped(&f, span_text(text));
	struct chunker *c = new_chunker(&f.inputs, 10);
	assert_int_equal(chunker_chunks(c), COUNT(expected));
	for (size_t i = 0; i < COUNT(expected); i++) {
		assert_true(chunker_next(c, 1, &chunk));
		assert_int_equal(chunker_lines(c, &chunk).len, strlen(expected[i]));
	}
	chunker_free(c);
	tear_down(&f);
}

TEST(chunks_larger_than_anything)
{
	static const size_t sizes[] = {SIZE_MAX, SIZE_MAX - 1, SIZE_MAX / 2 + 1, SIZE_MAX >> 16};
	struct fixture f;

	set_up(&f, 100);
	add_mapped(&f, span_text("one\ntwo\nthree"));
	add_stream(&f);
	add_mapped(&f, span_text("\n"));
	for (size_t i = 0; i < COUNT(sizes); i++)
		check_all_chunks(&f.inputs, sizes[i]);
	tear_down(&f);
}

TEST(no_inputs_no_chunks)
{
	struct inputs none = {0};

	check_all_chunks(&none, 1);
}

/* Let the owner take n chunks; note their indices in order. */
static void take(struct chunker *c, unsigned owner, size_t n, size_t *at)
{
	struct chunk chunk;

	for (size_t i = 0; i < n; i++) {
		assert_true(chunker_next(c, owner, &chunk));
		at[i] = chunk.index;
	}
}

static void assert_indices(const size_t *got, size_t n, size_t first)
{
	for (size_t i = 0; i < n; i++)
		assert_int_equal(got[i], first + i);
}

TEST(give_back_gives_exactly_those_back)
{
	static const unsigned owners[] = {1, 2, 65535, 2, 2, 1, 65534, 65535, 2, 1};
	size_t n = COUNT(owners), at[COUNT(owners)];
	struct fixture f;
	struct chunk chunk;

	for (size_t dead = 0; dead < n; dead++) {
		set_up(&f, n);
		add_mapped(&f, span_of("\n\n\n\n\n\n\n\n\n\n", n));
		struct chunker *c = new_chunker(&f.inputs, 1);
		for (size_t i = 0; i < n; i++)
			take(c, owners[i], 1, at + i);
		assert_indices(at, n, 0);
		chunker_give_back(c, 3); /* it had no chunk */
		assert_false(chunker_next(c, 9, &chunk));
		chunker_give_back(c, owners[dead]);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(
				chunker_owner(c, i), owners[i] == owners[dead] ? 0 : owners[i]);
		for (size_t i = 0; i < n; i++)
			if (owners[i] == owners[dead]) {
				assert_true(chunker_next(c, 9, &chunk));
				assert_int_equal(chunk.index, i);
			}
		assert_false(chunker_next(c, 9, &chunk));
		chunker_free(c);
		tear_down(&f);
	}
}

/* If a worker draws a number and dies before it takes the chunk, the counter is past a chunk that
 * nobody owns; likewise after chunks are given back. */
TEST(numbers_drawn_but_not_taken_are_found)
{
	struct fixture f;
	struct chunk chunk;
	size_t at[10];

	set_up(&f, 10);
	add_mapped(&f, span_text("\n\n\n\n\n\n\n\n\n\n"));
	struct chunker *c = new_chunker(&f.inputs, 1);
	take(c, 1, 3, at);
	take(c, 2, 2, at);
	chunker_give_back(c, 1);
	take(c, 3, 8, at);
	assert_indices(at, 5, 5);
	assert_indices(at + 5, 3, 0);
	assert_false(chunker_next(c, 3, &chunk));
	/* Once more, when the counter is past the last chunk. */
	chunker_give_back(c, 3);
	take(c, 4, 8, at);
	assert_indices(at, 3, 0);
	assert_indices(at + 3, 5, 5);
	assert_false(chunker_next(c, 4, &chunk));
	chunker_free(c);
	tear_down(&f);
}

/* Shared by all processes: how often each chunk was taken, and who took it last. */
struct board {
	struct {
		atomic_uint times, owner;
	} at[1];
};

static struct board *new_board(size_t n)
{
	struct board *b = mmap(NULL, n * sizeof b->at[0], PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(b, MAP_FAILED);
	return b;
}

static pid_t fork_taker(struct chunker *c, unsigned owner, struct board *board)
{
	struct chunk chunk;
	pid_t child = fork_child();

	if (child)
		return child;
	while (chunker_next(c, owner, &chunk)) {
		atomic_fetch_add(&board->at[chunk.index].times, 1);
		atomic_store(&board->at[chunk.index].owner, owner);
	}
	_exit(0);
}

TEST(processes_get_each_chunk_exactly_once)
{
	enum { CHUNKS = 50000, TAKERS = 5 };
	static char newlines[CHUNKS];
	struct fixture f;
	pid_t child[TAKERS];

	memset(newlines, '\n', sizeof newlines);
	set_up(&f, CHUNKS);
	add_mapped(&f, span_of(newlines, CHUNKS));
	struct chunker *c = new_chunker(&f.inputs, 1);
	struct board *board = new_board(CHUNKS);
	for (unsigned i = 0; i < TAKERS; i++)
		child[i] = fork_taker(c, i + 1, board);
	for (unsigned i = 0; i < TAKERS; i++)
		assert_int_equal(status_of(child[i]), 0);
	for (size_t i = 0; i < CHUNKS; i++) {
		assert_int_equal(board->at[i].times, 1);
		assert_int_equal(board->at[i].owner, chunker_owner(c, i));
	}
	munmap(board, CHUNKS * sizeof board->at[0]);
	chunker_free(c);
	tear_down(&f);
}

/* When the counter is past the end, all processes look for the chunks that were given back, at the
 * same places at the same time. */
TEST(processes_get_what_was_given_back_exactly_once)
{
	enum { CHUNKS = 3000, TAKERS = 4, ROUNDS = 20 };
	static char newlines[CHUNKS];
	struct fixture f;
	pid_t child[TAKERS];

	memset(newlines, '\n', sizeof newlines);
	set_up(&f, CHUNKS);
	add_mapped(&f, span_of(newlines, CHUNKS));
	struct chunker *c = new_chunker(&f.inputs, 1);
	struct board *board = new_board(CHUNKS);
	for (unsigned round = 1; round <= ROUNDS; round++) {
		for (unsigned i = 0; i < TAKERS; i++)
			child[i] = fork_taker(c, i + 1, board);
		for (unsigned i = 0; i < TAKERS; i++)
			assert_int_equal(status_of(child[i]), 0);
		for (size_t i = 0; i < CHUNKS; i++)
			assert_int_equal(board->at[i].times, round);
		for (unsigned i = 0; i < TAKERS; i++)
			chunker_give_back(c, i + 1);
	}
	munmap(board, CHUNKS * sizeof board->at[0]);
	chunker_free(c);
	tear_down(&f);
}

/* Processes that take chunks are killed at any moment, and their chunks given back, until all
 * chunks have been taken. */
TEST(killed_takers_lose_nothing)
{
	enum { CHUNKS = 3000 };
	static char newlines[CHUNKS];
	struct fixture f;
	struct chunk chunk;
	uint64_t seed = 3;

	memset(newlines, '\n', sizeof newlines);
	set_up(&f, CHUNKS);
	add_mapped(&f, span_of(newlines, CHUNKS));
	for (int round = 0; round < 60; round++) {
		struct chunker *c = new_chunker(&f.inputs, 1);
		struct board *board = new_board(CHUNKS);
		pid_t lives = fork_taker(c, 1, board), dies = fork_taker(c, 2, board);
		usleep((useconds_t)random_below(&seed, 600));
		kill(dies, SIGKILL);
		waitpid(dies, NULL, 0);
		chunker_give_back(c, 2);
		assert_int_equal(status_of(lives), 0);
		/* Chunks that were given back after the child's last look are left for this
		 * process. */
		while (chunker_next(c, 3, &chunk))
			;
		for (size_t i = 0; i < CHUNKS; i++) {
			unsigned owner = chunker_owner(c, i);
			assert_true(owner == 1 || owner == 3);
			if (owner == 1)
				assert_int_equal(board->at[i].owner, 1);
		}
		munmap(board, CHUNKS * sizeof board->at[0]);
		chunker_free(c);
	}
	tear_down(&f);
}

/* Two owners in turn: chunks that are granted are taken once, also while more are granted; chunks
 * that are given back can be taken again; and only after chunker_close there are no more. */
TEST(chunks_that_are_granted)
{
	static char bytes[1000];
	struct input input = {.bytes = span_of(bytes, sizeof bytes), .fd = -1};
	struct inputs inputs = {.at = &input, .n = 1};
	struct chunker *c =
		chunker_new(&inputs, &(struct chunker_spec){.chunk_size = 10, .grants = 3});
	struct chunk chunk;
	bool taken[100] = {false};

	assert_non_null(c);
	assert_int_equal(chunker_count(&inputs, 10), 100);
	assert_int_equal(chunker_waiting(c), 0);
	chunker_grant(c, 40, 50);
	assert_int_equal(chunker_waiting(c), 10);
	for (unsigned i = 0; i < 10; i++) {
		assert_true(chunker_next(c, 1 + i % 2, &chunk));
		assert_in_range(chunk.index, 40, 49);
		assert_false(taken[chunk.index]);
		taken[chunk.index] = true;
	}
	assert_int_equal(chunker_waiting(c), 0);
	chunker_grant(c, 0, 5);
	chunker_give_back(c, 2);
	chunker_grant(c, 99, 100);
	chunker_close(c);
	unsigned again = 0, first = 0, last = 0;
	while (chunker_next(c, 3, &chunk)) {
		again += chunk.index >= 40 && chunk.index < 50;
		first += chunk.index < 5;
		last += chunk.index == 99;
	}
	assert_int_equal(again, 5);
	assert_int_equal(first, 5);
	assert_int_equal(last, 1);
	assert_false(chunker_next(c, 1, &chunk));
	chunker_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chunks_that_are_granted),
		cmocka_unit_test(small_inputs_at_every_chunk_size),
		cmocka_unit_test(several_inputs_at_every_chunk_size),
		cmocka_unit_test(the_drawing_in_the_header),
		cmocka_unit_test(chunks_larger_than_anything),
		cmocka_unit_test(no_inputs_no_chunks),
		cmocka_unit_test(give_back_gives_exactly_those_back),
		cmocka_unit_test(numbers_drawn_but_not_taken_are_found),
		cmocka_unit_test(processes_get_each_chunk_exactly_once),
		cmocka_unit_test(processes_get_what_was_given_back_exactly_once),
		cmocka_unit_test(killed_takers_lose_nothing),
	};

	return cmocka_run_group_tests_name("chunker", tests, NULL, NULL);
}
