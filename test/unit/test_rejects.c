/* test_rejects.c -- lines that were not counted are printed once each, in the order of the inputs,
 * with their numbers, whichever worker has found them. */
#include "unit.h"

#include <stdio.h>

#include "count/rejects.h"

enum { INPUTS = 3, WORKERS = 4 };

/* A line is rejected if it contains an x.  The expected output for all inputs. */
static char *expected_of(const struct inputs *inputs)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	for (size_t i = 0; i < inputs->n; i++) {
		size_t number = 1;
		struct span rest = inputs->at[i].bytes;
		while (rest.len) {
			const char *newline = memchr(rest.at, '\n', rest.len);
			struct span line = newline ? span_between(rest.at, newline) : rest;
			rest = span_between(
				line.at + line.len + (newline != NULL), rest.at + rest.len);
			if (line.len && memchr(line.at, 'x', line.len)) {
				fprintf(out, "%s:%zu:", inputs->at[i].name, number);
				size_t n = line.len - (line.at[line.len - 1] == '\r');
				fwrite(line.at, 1, n, out);
				fputc('\n', out);
			}
			number++;
		}
	}
	fclose(out);
	return text;
}

/* Do a worker's part for a chunk, block by block. */
static void do_chunk(struct rejects *r, unsigned worker, const struct chunker *chunker,
	const struct chunk *chunk, uint64_t *seed)
{
	struct span rest = chunker_lines(chunker, chunk);
	uint64_t before = 0;

	while (rest.len) {
		struct reject found[8];
		size_t n = 0, block = 1 + random_below(seed, COUNT(found)), lines = 0;
		for (; lines < block && rest.len; lines++) {
			const char *newline = memchr(rest.at, '\n', rest.len);
			struct span line = newline ? span_between(rest.at, newline) : rest;
			rest = span_between(
				line.at + line.len + (newline != NULL), rest.at + rest.len);
			if (line.len && memchr(line.at, 'x', line.len))
				found[n++] = (struct reject){line, (uint32_t)lines};
		}
		assert_true(rejects_add(r, worker, chunk->index, before, found, n));
		before += lines;
	}
	assert_true(rejects_end_chunk(r, worker, chunk->index, before));
}

static char *printed(
	const struct rejects *r, const struct chunker *c, const struct inputs *inputs, bool safely)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_true(rejects_print(r, c, inputs, out, safely));
	fclose(out);
	return text;
}

static void random_inputs(struct inputs *all, uint64_t *seed)
{
	static char bytes[INPUTS][400];
	static const char *const names[] = {"a", "b c", "d:7:"};

	for (size_t i = 0; i < INPUTS; i++) {
		size_t len = random_below(seed, random_below(seed, 3) ? sizeof bytes[i] : 5);
		random_bytes(seed, bytes[i], len, span_text("abx\n\n\r"));
		all->at[i] =
			(struct input){.name = names[i], .fd = -1, .bytes = span_of(bytes[i], len)};
	}
}

/* Chunks of any size are taken in any order by several workers, some of which die in the middle of
 * a chunk, so that others must redo it. */
TEST(random_inputs_and_workers)
{
	uint64_t seed = 1;

	for (int round = 0; round < 1500; round++) {
		struct input room[INPUTS];
		struct inputs inputs = {.at = room, .n = INPUTS};
		random_inputs(&inputs, &seed);
		struct chunker_spec spec = {.chunk_size = 1 + random_below(&seed, 90)};
		struct chunker *chunker = chunker_new(&inputs, &spec);
		struct rejects *r = rejects_new(WORKERS);
		struct chunk chunk;
		bool begun[WORKERS] = {false};
		int deaths = (int)random_below(&seed, 4);
		assert_true(chunker && r);
		for (;;) {
			unsigned w = (unsigned)random_below(&seed, WORKERS);
			if (!begun[w])
				assert_true(rejects_begin(r, w));
			begun[w] = true;
			if (!chunker_next(chunker, w + 1, &chunk))
				break;
			if (deaths && random_below(&seed, 8) == 0) {
				deaths--;
				/* It dies: everything it has written must be forgotten. */
				struct reject one = {span_text("x lost"), 0};
				assert_true(rejects_add(r, w, chunk.index, 0, &one, 1));
				assert_true(rejects_end(r, w));
				chunker_give_back(chunker, w + 1);
				begun[w] = false;
				continue;
			}
			do_chunk(r, w, chunker, &chunk, &seed);
		}
		for (unsigned w = 0; w < WORKERS; w++) {
			if (!begun[w])
				assert_true(rejects_begin(r, w));
			assert_true(rejects_end(r, w));
		}
		char *got = printed(r, chunker, &inputs, false), *expected = expected_of(&inputs);
		assert_string_equal(got, expected);
		free(got);
		free(expected);
		rejects_free(r);
		chunker_free(chunker);
	}
}

/* The parent finds what its children have written. */
TEST(workers_that_are_children)
{
	static const char text[] = "x1\na\nx2\nb\nx3\nx4\nc";
	struct input input = {.name = "f", .fd = -1, .bytes = span_text(text)};
	struct inputs inputs = {.at = &input, .n = 1};
	struct chunker *chunker = chunker_new(&inputs, &(struct chunker_spec){.chunk_size = 5});
	struct rejects *r = rejects_new(2);

	for (unsigned w = 0; w < 2; w++) {
		pid_t child = fork_child();
		int status;
		if (child == 0) {
			struct chunk chunk;
			uint64_t seed = w;
			bool ok = rejects_begin(r, w);
			/* The first worker leaves some chunks to the second. */
			for (int n = 0; (w || n < 2) && chunker_next(chunker, w + 1, &chunk); n++)
				do_chunk(r, w, chunker, &chunk, &seed);
			_exit(ok && rejects_end(r, w) ? 0 : 1);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_int_equal(status, 0);
	}
	char *got = printed(r, chunker, &inputs, false);
	assert_string_equal(got, "f:1:x1\nf:3:x2\nf:5:x3\nf:6:x4\n");
	free(got);
	rejects_free(r);
	chunker_free(chunker);
}

TEST(texts_as_they_are_and_safely)
{
	static const char text[] = "x\x1b[0m\t\xc3\xa4\xff\x7f\r\nx\r\r\n";
	struct input input = {.name = "f", .fd = -1, .bytes = span_text(text)};
	struct inputs inputs = {.at = &input, .n = 1};
	struct chunker *chunker = chunker_new(&inputs, &(struct chunker_spec){.chunk_size = 100});
	struct rejects *r = rejects_new(1);
	struct chunk chunk;
	uint64_t seed = 1;

	assert_true(rejects_begin(r, 0) && chunker_next(chunker, 1, &chunk));
	do_chunk(r, 0, chunker, &chunk, &seed);
	assert_true(rejects_end(r, 0));
	char *got = printed(r, chunker, &inputs, false);
	assert_string_equal(got, "f:1:x\x1b[0m\t\xc3\xa4\xff\x7f\nf:2:x\r\n");
	free(got);
	setenv("LC_ALL", "C.UTF-8", 1);
	got = printed(r, chunker, &inputs, true);
	assert_string_equal(got, "f:1:x\\x1b[0m\\t\xc3\xa4\\xff\\x7f\nf:2:x\\x0d\n");
	free(got);
	setenv("LC_ALL", "C", 1);
	got = printed(r, chunker, &inputs, true);
	assert_string_equal(got, "f:1:x\\x1b[0m\\t\\xc3\\xa4\\xff\\x7f\nf:2:x\\x0d\n");
	free(got);
	rejects_free(r);
	chunker_free(chunker);
}

TEST(no_rejects)
{
	struct inputs inputs = {0};
	struct chunker *chunker = chunker_new(&inputs, &(struct chunker_spec){.chunk_size = 5});
	struct rejects *r = rejects_new(3);

	char *got = printed(r, chunker, &inputs, false);
	assert_string_equal(got, "");
	free(got);
	rejects_free(r);
	rejects_free(NULL);
	chunker_free(chunker);
}

TEST(what_can_not_be_written)
{
	static const char text[] = "x\n";
	struct input input = {.name = "f", .fd = -1, .bytes = span_text(text)};
	struct inputs inputs = {.at = &input, .n = 1};
	struct chunker *chunker = chunker_new(&inputs, &(struct chunker_spec){.chunk_size = 5});
	struct rejects *r = rejects_new(1);
	struct chunk chunk;
	uint64_t seed = 1;

	assert_true(rejects_begin(r, 0) && chunker_next(chunker, 1, &chunk));
	do_chunk(r, 0, chunker, &chunk, &seed);
	assert_true(rejects_end(r, 0));
	FILE *full = fopen("/dev/full", "w");
	assert_non_null(full);
	assert_false(rejects_print(r, chunker, &inputs, full, false));
	fclose(full);
	rejects_free(r);
	chunker_free(chunker);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_inputs_and_workers),
		cmocka_unit_test(workers_that_are_children),
		cmocka_unit_test(texts_as_they_are_and_safely),
		cmocka_unit_test(no_rejects),
		cmocka_unit_test(what_can_not_be_written),
	};

	return cmocka_run_group_tests_name("rejects", tests, NULL, NULL);
}
