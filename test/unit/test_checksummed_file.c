/* test_checksummed_file.c -- sections come back as they were written, or are refused. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>

#include "store/pack.h"
#include "save/checksummed_file.h"
#include "lib/tempfile.h"

#define MAGIC "\x89test\r\n\x1a"

/* Sections of these lengths, and how the file looks. */
static const size_t lengths[] = {0, 1, 300000, 7};

static char *write_sections(size_t *size)
{
	struct sections_writer w;
	int fd = tempfile_open();
	char *large = malloc(300000);

	memset(large, 'x', 300000);
	assert_true(fd >= 0 && sections_create(&w, fd, MAGIC, 3));
	for (uint32_t i = 0; i < COUNT(lengths); i++)
		assert_true(sections_put(&w, &(struct section){i + 1, 10 * i, UINT64_MAX - i,
						     span_of(large, lengths[i])}));
	*size = (size_t)w.at;
	char *bytes = malloc(*size);
	assert_true(pread(fd, bytes, *size, 0) == (ssize_t)*size);
	close(fd);
	free(large);
	return bytes;
}

/* A descriptor with these bytes to be read: of a file, or of a pipe that has room for them. */
static int bytes_of(const char *bytes, size_t size, bool pipes)
{
	int fd[2];

	if (!pipes) {
		fd[0] = tempfile_open();
		assert_true(write(fd[0], bytes, size) == (ssize_t)size &&
			    lseek(fd[0], 0, SEEK_SET) == 0);
		return fd[0];
	}
	assert_int_equal(pipe(fd), 0);
	assert_true(fcntl(fd[1], F_SETPIPE_SZ, 1 << 20) > 0);
	assert_true(write(fd[1], bytes, size) == (ssize_t)size);
	close(fd[1]);
	return fd[0];
}

static bool read_all(int fd, struct sections *f)
{
	struct section s;
	uint32_t version;

	if (!sections_open(f, fd, MAGIC, &version))
		return false;
	errno = EINVAL;
	if (version != 3)
		return false;
	for (uint32_t i = 0; i < COUNT(lengths); i++) {
		if (!sections_read(f, &s))
			return false;
		assert_true(s.kind == i + 1 && s.number == 10 * i && s.note == UINT64_MAX - i);
		assert_int_equal(s.bytes.len, lengths[i]);
	}
	return sections_is_over(f);
}

/* 0, or why not. */
static int fate_of(const char *bytes, size_t size, bool pipes, size_t *room)
{
	struct sections f = {0};
	int fd = bytes_of(bytes, size, pipes);
	int why = read_all(fd, &f) ? 0 : errno;

	if (room)
		*room = f.room;
	sections_close(&f);
	close(fd);
	return why;
}

TEST(there_and_back)
{
	size_t size;
	char *bytes = write_sections(&size);

	for (int pipes = 0; pipes <= 1; pipes++)
		assert_int_equal(fate_of(bytes, size, pipes, NULL), 0);
	free(bytes);
}

TEST(damage_and_cuts)
{
	size_t size, all, skip = SECTIONS_START + 3 * SECTION_HEAD + 1;
	char *bytes = write_sections(&all);

	size = all;
	for (int pipes = 0; pipes <= 1; pipes++) {
		/* Within the many same bytes, some are as good as all. */
		for (size_t i = 0; i < size; i += i >= skip && i < size - 100 ? 30011 : 1) {
			bytes[i] ^= 0x10;
			int why = fate_of(bytes, size, pipes, NULL);
			assert_true(why == EBADMSG || why == ENODATA ||
				    (i < SECTIONS_START && why == EINVAL));
			bytes[i] ^= 0x10;
			why = fate_of(bytes, i, pipes, NULL);
			assert_true(why == ENODATA || (i < SECTIONS_MAGIC && why == EINVAL));
		}
	}
	free(bytes);
}

TEST(more_behind_it)
{
	size_t size;
	char *bytes = write_sections(&size), *more = realloc(bytes, size + 1);

	more[size] = 0;
	for (int pipes = 0; pipes <= 1; pipes++)
		assert_int_equal(fate_of(more, size + 1, pipes, NULL), EFBIG);
	free(more);
}

/* A section that stands where another one should. */
TEST(sections_that_moved)
{
	size_t size;
	char *bytes = write_sections(&size);
	char *first = bytes + SECTIONS_START;

	/* The first one has no bytes, as the second has not if its only one is taken for the
	 * third's. */
	memmove(first + SECTION_HEAD, first, SECTION_HEAD);
	assert_int_equal(fate_of(bytes, size, false, NULL), EBADMSG);
	free(bytes);
}

TEST(a_length_that_lies)
{
	size_t size, room;
	char *bytes = write_sections(&size);

	word_store(bytes + SECTIONS_START + 2 * SECTION_HEAD + 1 + 8, UINT64_C(1) << 62);
	for (int pipes = 0; pipes <= 1; pipes++) {
		assert_int_equal(fate_of(bytes, size, pipes, &room), ENODATA);
		assert_true(room <= 2 * size);
	}
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(damage_and_cuts),
		cmocka_unit_test(more_behind_it),
		cmocka_unit_test(sections_that_moved),
		cmocka_unit_test(a_length_that_lies),
	};

	return cmocka_run_group_tests_name("sections", tests, NULL, NULL);
}
