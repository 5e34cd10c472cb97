/* test_find_files.c -- which files are found in directories, in what order; which are skipped. */
#include "unit.h"
#include "warnings.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "input/find_files.h"

/* Each test works in a new directory, which is removed afterwards. */
static char home[40];

static int go_to_folder(void **state)
{
	(void)state;
	strcpy(home, "/tmp/test_walk-XXXXXX");
	return mkdtemp(home) && chdir(home) == 0 ? 0 : -1;
}

static int remove_folder(void **state)
{
	char command[60];

	(void)state;
	snprintf(command, sizeof command, "rm -rf %s", home);
	return chdir("/") == 0 && system(command) == 0 ? 0 : -1;
}

static void make_file(const char *path, const char *bytes, size_t len)
{
	int fd = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	close(fd);
}

static void make_folder(const char *path)
{
	assert_int_equal(mkdir(path, 0700), 0);
}

static struct strlist strlist_of(const char *const *at, size_t n)
{
	struct strlist w = {0};

	for (size_t i = 0; i < n; i++)
		assert_true(strlist_add(&w, at[i]));
	return w;
}

static struct found_files find_all(
	const struct strlist *named, const struct strlist *folders, struct warnings *w)
{
	struct complaint why;
	struct found_files f;

	warnings_open(w);
	assert_true(find_files(&f, named, folders, &w->warner, &why));
	return f;
}

static struct found_files find_warned(const char *folder, struct warnings *w)
{
	struct strlist none = {0}, folders = strlist_of(&folder, 1);
	struct found_files f = find_all(&none, &folders, w);

	strlist_free(&folders);
	return f;
}

static struct found_files find(const char *folder)
{
	struct warnings w;
	struct found_files f = find_warned(folder, &w);

	assert_string_equal(w.text, "");
	return f;
}

static void assert_names(const struct found_files *f, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n && i < f->names.n; i++)
		assert_string_equal(f->names.at[i], names[i]);
	assert_int_equal(f->names.n, n);
	assert_int_equal(f->unreadable, 0);
}

TEST(nothing_was_named)
{
	struct strlist none = {0};
	struct warnings w;
	struct found_files f = find_all(&none, &none, &w);

	assert_names(&f, NULL, 0);
	found_files_free(&f);
}

/* Named files are not examined: they need not exist. */
TEST(named_files_go_first_and_stay_what_they_are)
{
	static const char *const named[] = {"missing", "-", "d"}, *const folders[] = {"d", "d/"};
	static const char *const all[] = {"missing", "-", "d", "d/1", "d/1"};
	struct strlist files = strlist_of(named, COUNT(named)),
		       in = strlist_of(folders, COUNT(folders));

	make_folder("d");
	make_file("d/1", "x", 1);
	struct warnings w;
	struct found_files f = find_all(&files, &in, &w);
	assert_names(&f, all, COUNT(all));
	assert_int_equal(f.named, COUNT(named));
	for (size_t i = 0; i < COUNT(named); i++)
		assert_ptr_equal(f.names.at[i], named[i]);
	found_files_free(&f);
	strlist_free(&files);
	strlist_free(&in);
}

TEST(the_order_is_of_the_bytes_of_paths)
{
	static const char *const names[] = {"d/\x01", "d/A", "d/a-/1", "d/a.log", "d/a/1.log",
		"d/a/1/2", "d/a/10", "d/a0", "d/b", "d/\xc3\xa4", "d/\xff"};

	make_folder("d");
	make_folder("d/a-");
	make_folder("d/a");
	make_folder("d/a/1");
	make_folder("d/empty");
	for (size_t i = COUNT(names); i-- > 0;)
		make_file(names[(i + 5) % COUNT(names)], "x", 1);
	struct found_files f = find("d");
	assert_names(&f, names, COUNT(names));
	found_files_free(&f);
}

TEST(only_files_are_taken)
{
	static const char *const names[] = {"d/a"};

	make_folder("d");
	make_file("d/a", "x", 1);
	assert_int_equal(symlink("a", "d/link"), 0);
	assert_int_equal(symlink(".", "d/loop"), 0);
	assert_int_equal(symlink("missing", "d/dangling"), 0);
	assert_int_equal(mkfifo("d/fifo", 0600), 0);
	struct found_files f = find("d");
	assert_names(&f, names, COUNT(names));
	found_files_free(&f);
}

static void assert_says(const char *says, size_t unreadable)
{
	struct warnings w;
	struct found_files f = find_warned("d", &w);

	assert_string_equal(w.text, says);
	assert_int_equal(f.unreadable, unreadable);
	found_files_free(&f);
}

TEST(what_is_binary)
{
	static const struct {
		const char *bytes;
		size_t len;
		bool binary;
	} cases[] = {
		{"", 0, false},
		{"\0", 1, true},
		{"a", 1, false},
		{"a\n\0", 3, true},
		{"\377\376\001\033\177", 5, false},
		{"\x1f\x8b\0", 3, false},
		{"BZh9\0\0", 6, false},
		{"(\xb5/\xfd\0", 5, false},
		{"\xfd"
		 "7zXZ\0",
			6, false},
		{"\x04\"M\x18\0", 5, false},
		{"\x1f\x8c\0", 3, true},
		{"\xfd"
		 "7zXY\0",
			6, true},
	};

	make_folder("d");
	for (size_t i = 0; i < COUNT(cases); i++) {
		make_file("d/f", cases[i].bytes, cases[i].len);
		assert_says(cases[i].binary ? "d/f: binary file, skipped\n"
					      "d: contains no file to count\n"
					    : "",
			0);
	}
}

/* A NUL just before and just after the end of the bytes that are examined. */
TEST(how_far_a_nul_is_looked_for)
{
	static char bytes[FOUND_FILES_HEAD + 10];

	make_folder("d");
	make_file("d/a", "x", 1);
	for (size_t at = FOUND_FILES_HEAD - 2; at < FOUND_FILES_HEAD + 2; at++) {
		memset(bytes, 'x', sizeof bytes);
		bytes[at] = '\0';
		make_file("d/f", bytes, sizeof bytes);
		assert_says(at < FOUND_FILES_HEAD ? "d/f: binary file, skipped\n" : "", 0);
	}
}

TEST(few_binary_files_are_named)
{
	char name[] = "d/0", says[400] = "";

	make_folder("d");
	make_file("d/z", "x", 1);
	for (int i = 1; i <= 7; i++) {
		name[2] = (char)('0' + i);
		make_file(name, "\0", 1);
		if (i <= 5)
			snprintf(says + strlen(says), sizeof says - strlen(says),
				"%s: binary file, skipped\n", name);
		if (i == 5)
			assert_says(says, 0);
	}
	strcat(says, "2 more binary files skipped\n");
	assert_says(says, 0);
}

TEST(what_can_not_be_read)
{
	assert_says("d: No such file or directory\n", 1);
	make_file("d", "x", 1);
	assert_says("d: Not a directory\n", 1);
}

/* The name in a message is shortened, and the reason is not. */
TEST(a_directory_whose_name_is_too_long)
{
	static char name[5000];
	struct warnings w;

	memset(name, 'x', sizeof name - 1);
	struct found_files f = find_warned(name, &w);
	assert_non_null(strstr(w.text, "x...x"));
	assert_non_null(strstr(w.text, "x: File name too long\n"));
	assert_int_equal(f.unreadable, 1);
	found_files_free(&f);
}

/* In a child: nothing can be opened while anything else is open. */
static void find_with_one_descriptor(const void *unused)
{
	int next = dup(STDERR_FILENO);
	struct rlimit limit = {(rlim_t)next + 1, (rlim_t)next + 1};
	struct warnings w;

	(void)unused;
	close(next);
	if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
		_exit(101);
	struct found_files f = find_warned("d", &w);
	fputs(w.text, stderr);
	found_files_free(&f);
}

TEST(one_descriptor_at_a_time)
{
	make_folder("d");
	make_folder("d/a");
	make_folder("d/a/b");
	make_file("d/a/b/1", "x", 1);
	make_file("d/a/c", "x", 1);
	struct death death = death_of(find_with_one_descriptor, NULL);
	assert_string_equal(death.text, "");
	assert_int_equal(death.status, 0);
}

/* In a child. */
TEST(no_memory)
{
	if (!addresses_have_bounds())
		skip();
	make_folder("d");
	make_file("d/a", "x", 1);
	pid_t child = fork_child();
	if (child == 0) {
		const char *folder = "d";
		struct strlist none = {0}, folders = strlist_of(&folder, 1);
		struct warnings w;
		struct complaint why;
		struct found_files f;
		warnings_open(&w);
		use_up_memory();
		bool ok = find_files(&f, &none, &folders, &w.warner, &why);
		/* opendir may be the first that lacks memory. */
		bool said = ok ? f.unreadable && strstr(w.text, ": Cannot allocate memory")
			       : strcmp(why.text, "files: out of memory") == 0;
		_exit(said ? 0 : 1);
	}
	assert_int_equal(status_of(child), 0);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, go_to_folder, remove_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_was_named),
		IN_FOLDER(named_files_go_first_and_stay_what_they_are),
		IN_FOLDER(the_order_is_of_the_bytes_of_paths),
		IN_FOLDER(only_files_are_taken),
		IN_FOLDER(what_is_binary),
		IN_FOLDER(how_far_a_nul_is_looked_for),
		IN_FOLDER(few_binary_files_are_named),
		IN_FOLDER(what_can_not_be_read),
		IN_FOLDER(a_directory_whose_name_is_too_long),
		IN_FOLDER(one_descriptor_at_a_time),
		IN_FOLDER(no_memory),
	};

	return cmocka_run_group_tests_name("find_files", tests, NULL, NULL);
}
