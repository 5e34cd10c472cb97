/* test_atomicfile.c -- the name leads to the old file or to all of the new one; no other file is
 * left behind. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "lib/atomicfile.h"

static char folder[] = "/tmp/wf-newfile-XXXXXX";

static int enter(void **state)
{
	(void)state;
	return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int leave(void **state)
{
	(void)state;
	return chdir("/") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

static void assert_holds(const char *name, const char *text)
{
	char got[100] = "";
	FILE *f = fopen(name, "r");

	assert_non_null(f);
	assert_true(fgets(got, sizeof got, f) || !*text);
	fclose(f);
	assert_string_equal(got, text);
}

static void write_file(const char *name, const char *text)
{
	struct atomicfile f;

	assert_true(atomicfile_open(&f, name));
	assert_true(write(f.fd, text, strlen(text)) == (ssize_t)strlen(text));
	assert_true(atomicfile_commit(&f));
	assert_holds(name, text);
}

static mode_t mode_of(const char *name)
{
	struct stat st;

	assert_int_equal(lstat(name, &st), 0);
	return st.st_mode & 07777;
}

TEST(new_and_again)
{
	mode_t mask = umask(027);

	write_file("a", "one");
	assert_int_equal(mode_of("a"), 0640);
	assert_int_equal(chmod("a", 0604), 0);
	write_file("a", "two");
	assert_int_equal(mode_of("a"), 0604);
	umask(mask);
	unlink("a");
}

/* Such a bit would let everybody run the snapshot as the user who saved it. */
TEST(no_mode_but_permissions_is_kept)
{
	static const mode_t modes[][2] = {
		{04755, 0755}, {02755, 0755}, {01644, 0644}, {07777, 0777}, {0200, 0200}};

	for (size_t i = 0; i < COUNT(modes); i++) {
		write_file("a", "old");
		assert_int_equal(chmod("a", modes[i][0]), 0);
		struct atomicfile f;
		assert_true(atomicfile_open(&f, "a"));
		assert_true(atomicfile_commit(&f));
		assert_int_equal(mode_of("a"), modes[i][1]);
		unlink("a");
	}
}

enum { OTHER = 65534, MINE = 12345 };

/* Only root can give a file to another user. */
static void needs_root(void)
{
	if (geteuid() != 0)
		skip();
}

TEST(another_user_does_not_set_the_mode)
{
	static const mode_t modes[][2] = {{0666, 0640}, {0600, 0600}, {0044, 0640}, {04777, 0640}};
	mode_t mask = umask(027);
	struct atomicfile f;
	struct stat st;

	needs_root();
	for (size_t i = 0; i < COUNT(modes); i++) {
		write_file("a", "old");
		assert_int_equal(chown("a", OTHER, OTHER), 0);
		assert_int_equal(chmod("a", modes[i][0]), 0);
		assert_true(atomicfile_open(&f, "a"));
		assert_true(atomicfile_commit(&f));
		assert_int_equal(mode_of("a"), modes[i][1]);
		unlink("a");
	}
	/* A group that the user may give the file to is kept. */
	write_file("a", "old");
	assert_int_equal(chown("a", 0, MINE), 0);
	assert_int_equal(chmod("a", 0660), 0);
	assert_true(atomicfile_open(&f, "a"));
	assert_true(atomicfile_commit(&f));
	assert_int_equal(stat("a", &st), 0);
	assert_int_equal(st.st_gid, MINE);
	assert_int_equal(mode_of("a"), 0660);
	unlink("a");
	umask(mask);
}

TEST(another_users_link_is_not_followed)
{
	struct atomicfile f;

	needs_root();
	assert_int_equal(mkdir("d", 0700), 0);
	write_file("a", "old");
	assert_int_equal(symlink("../a", "d/link"), 0);
	assert_int_equal(lchown("d/link", OTHER, OTHER), 0);
	assert_true(atomicfile_try("d/link"));
	assert_int_equal(chmod("d", 01777), 0);
	assert_false(atomicfile_open(&f, "d/link"));
	assert_int_equal(errno, EACCES);
	assert_int_equal(chmod("d", 0770), 0);
	assert_false(atomicfile_try("d/link"));
	assert_holds("a", "old");
	unlink("d/link");
	unlink("a");
	assert_int_equal(rmdir("d"), 0);
}

TEST(a_brief_file_replaces_a_link)
{
	struct atomicfile f;
	char draft[64];

	write_file("a", "old");
	snprintf(draft, sizeof draft, ".wf-%ld-0", (long)getpid());
	assert_int_equal(symlink("a", "link"), 0);
	assert_int_equal(symlink("a", draft), 0); /* the first temporary name */
	assert_true(atomicfile_open_brief(&f, "link"));
	assert_true(write(f.fd, "new", 3) == 3);
	assert_true(atomicfile_commit(&f));
	assert_holds("link", "new");
	assert_holds("a", "old");
	unlink("link");
	unlink(draft);
	unlink("a");
}

TEST(abandoned)
{
	struct atomicfile f;

	write_file("a", "old");
	assert_true(atomicfile_open(&f, "a"));
	assert_true(write(f.fd, "new", 3) == 3);
	assert_holds("a", "old");
	atomicfile_abandon(&f);
	assert_holds("a", "old");
	assert_true(atomicfile_try("a"));
	assert_holds("a", "old");
	assert_true(atomicfile_try("b"));
	assert_int_not_equal(access("b", F_OK), 0);
	unlink("a"); /* leave() fails if there is any other file */
}

TEST(a_link_stays_and_leads_to_the_new_file)
{
	assert_int_equal(mkdir("d", 0777), 0);
	write_file("d/a", "old");
	assert_int_equal(symlink("d/a", "link"), 0);
	write_file("link", "new");
	assert_holds("d/a", "new");
	char to[10] = "";
	assert_int_equal(readlink("link", to, sizeof to - 1), 3);
	unlink("link");
	unlink("d/a");
	assert_int_equal(rmdir("d"), 0);
}

TEST(what_is_no_file_is_written_to)
{
	struct atomicfile f;
	char got[4] = "";

	assert_int_equal(mkfifo("fifo", 0600), 0);
	int reader = open("fifo", O_RDONLY | O_NONBLOCK);
	assert_true(atomicfile_try("fifo"));
	assert_true(atomicfile_open(&f, "fifo"));
	assert_true(write(f.fd, "abc", 3) == 3);
	assert_true(atomicfile_commit(&f));
	assert_true(read(reader, got, 3) == 3);
	assert_string_equal(got, "abc");
	close(reader);
	unlink("fifo");
}

TEST(what_can_not_be)
{
	static const struct {
		const char *name;
		int why;
	} cases[] = {{"nowhere/a", ENOENT}, {"", ENOENT}, {"a/", EISDIR}, {".", EISDIR},
		{"/dev/null/a", ENOTDIR}};
	struct atomicfile f;

	for (size_t i = 0; i < COUNT(cases); i++) {
		errno = 0;
		assert_false(atomicfile_open(&f, cases[i].name));
		assert_int_equal(errno, cases[i].why);
		assert_false(atomicfile_try(cases[i].name));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(new_and_again),
		cmocka_unit_test(no_mode_but_permissions_is_kept),
		cmocka_unit_test(another_user_does_not_set_the_mode),
		cmocka_unit_test(another_users_link_is_not_followed),
		cmocka_unit_test(a_brief_file_replaces_a_link),
		cmocka_unit_test(abandoned),
		cmocka_unit_test(a_link_stays_and_leads_to_the_new_file),
		cmocka_unit_test(what_is_no_file_is_written_to),
		cmocka_unit_test(what_can_not_be),
	};

	return cmocka_run_group_tests_name("atomicfile", tests, enter, leave);
}
