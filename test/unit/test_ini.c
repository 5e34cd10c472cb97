/* test_ini.c -- sections and keys of a file, and what is neither. */
#include "unit.h"

#include <stdio.h>

#include "lib/ini.h"

/* All that was taken, "FILE:NUMBER [name]\n" or "FILE:NUMBER name=value\n". */
struct notes {
	char text[4000];
	size_t len;
};

static bool take(void *to, const struct ini_line *line, struct complaint *c)
{
	struct notes *n = to;
	size_t room = sizeof n->text - n->len;
	int len = line->value ? snprintf(n->text + n->len, room, "%s:%zu %s=%s\n", line->file,
					line->number, line->name, line->value)
			      : snprintf(n->text + n->len, room, "%s:%zu [%s]\n", line->file,
					line->number, line->name);

	(void)c;
	n->len += (size_t)len;
	return true;
}

TEST(what_is_taken)
{
	static const struct {
		const char *text, *taken;
	} cases[] = {
		{"", ""},
		{"\n\n", ""},
		{"# a = b\n; a = b\n  # [a\n\t;[\n", ""},
		{"a=b", "f:1 a=b\n"},
		{"a=b\n", "f:1 a=b\n"},
		{"a = b\r\n\r\nc = d\r\n", "f:1 a=b\nf:3 c=d\n"},
		{" \ta\t = \t b c \t\n", "f:1 a=b c\n"},
		{"a=", "f:1 a=\n"},
		{"a =  \n", "f:1 a=\n"},
		{"a = b = c\n", "f:1 a=b = c\n"},
		{"a==\n", "f:1 a==\n"},
		{"a b = c\n", "f:1 a b=c\n"},
		/* A comment is a line, nothing else. */
		{"a = b # c ; d\n", "f:1 a=b # c ; d\n"},
		{"a = \"b\"\n", "f:1 a=\"b\"\n"},
		{"a = [b]\n", "f:1 a=[b]\n"},
		{"[a]", "f:1 [a]\n"},
		{"\n  [ a b ]  \nc=d\n[e]\nf=g", "f:2 [a b]\nf:3 c=d\nf:4 [e]\nf:5 f=g\n"},
		{"[a]b]\n", "f:1 [a]b]\n"},
		{"[[a]]\n", "f:1 [[a]]\n"},
		{"[a=b]\n", "f:1 [a=b]\n"},
		{"[#]\n", "f:1 [#]\n"},
		{"regexp = ^\\[(.*)\\] \"=\n", "f:1 regexp=^\\[(.*)\\] \"=\n"},
		{"\xc3\xa4 = \xff\n", "f:1 \xc3\xa4=\xff\n"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct notes notes = {.len = 0};
		char text[200];
		strcpy(text, cases[i].text);
		struct complaint c;
		assert_true(ini_read("f", text, take, &notes, &c));
		notes.text[notes.len] = '\0';
		assert_string_equal(notes.text, cases[i].taken);
	}
}

/* Names and values point into the text. */
static bool keep(void *to, const struct ini_line *line, struct complaint *c)
{
	(void)c;
	*(struct ini_line *)to = *line;
	return true;
}

TEST(what_is_taken_stays)
{
	char text[] = "[a]\nb = c";
	struct ini_line last;
	struct complaint c;

	assert_true(ini_read("f", text, keep, &last, &c));
	assert_ptr_equal(last.name, text + 4);
	assert_ptr_equal(last.value, text + 8);
	assert_string_equal(last.value, "c");
}

TEST(mistakes)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{"a", "f:1: the line is neither"},
		{"\n\na=b\nc d\n", "f:4: the line is neither"},
		{"= b", "f:1: the line is neither"},
		{"  =", "f:1: the line is neither"},
		{"[", "f:1: write a section as [NAME]"},
		{"a=b\n[a", "f:2: write a section as [NAME]"},
		{"[a] b", "f:1: write a section as [NAME]"},
		{"[a] # b", "f:1: write a section as [NAME]"},
		{"[]", "f:1: a section needs a name"},
		{"[ \t]", "f:1: a section needs a name"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct notes notes = {.len = 0};
		struct complaint c;
		char text[200];
		strcpy(text, cases[i].text);
		assert_false(ini_read("f", text, take, &notes, &c));
		if (strncmp(c.text, cases[i].says, strlen(cases[i].says)) != 0)
			fail_msg("%s: %s", cases[i].text, c.text);
	}
}

/* What take() complains of ends the reading. */
static bool refuse_second(void *lines, const struct ini_line *line, struct complaint *c)
{
	return ++*(int *)lines < 2 || complain(c, "%s:%zu: no", line->file, line->number);
}

TEST(a_line_that_is_refused)
{
	char text[] = "a = b\nc = d\n[\n";
	struct complaint c;
	int lines = 0;

	assert_false(ini_read("f", text, refuse_second, &lines, &c));
	assert_int_equal(lines, 2);
	assert_string_equal(c.text, "f:2: no");
}

static char *file_with(const char *bytes, size_t len)
{
	static char name[40];

	strcpy(name, "/tmp/test_ini-XXXXXX");
	int fd = mkstemp(name);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	close(fd);
	return name;
}

TEST(files_of_all_sizes)
{
	static char bytes[20000];
	static const size_t sizes[] = {
		0, 1, 2, 4093, 4094, 4095, 4096, 4097, 8192, 12287, 12288, 12289, sizeof bytes};

	memset(bytes, 'x', sizeof bytes);
	for (size_t i = 0; i < COUNT(sizes); i++) {
		char *name = file_with(bytes, sizes[i]);
		struct complaint c;
		char *text = ini_load(name, &c);
		unlink(name);
		assert_int_equal(strlen(text), sizes[i]);
		assert_memory_equal(text, bytes, sizes[i]);
		free(text);
	}
}

static void assert_no_file(const char *name, const char *says)
{
	struct complaint c;

	assert_null(ini_load(name, &c));
	if (!strstr(c.text, says))
		fail_msg("%s: %s", name, c.text);
}

TEST(files_that_can_not_be_read)
{
	assert_no_file("/nonexistent/f", "/nonexistent/f: No such file");
	assert_no_file("/", "/: Is a directory");
	char *name = file_with("a=b\0c=d", 7);
	assert_no_file(name, "NUL");
	unlink(name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_taken),
		cmocka_unit_test(what_is_taken_stays),
		cmocka_unit_test(mistakes),
		cmocka_unit_test(a_line_that_is_refused),
		cmocka_unit_test(files_of_all_sizes),
		cmocka_unit_test(files_that_can_not_be_read),
	};

	return cmocka_run_group_tests_name("ini", tests, NULL, NULL);
}
