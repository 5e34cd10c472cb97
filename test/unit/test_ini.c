/* test_ini.c -- sections and keys of a file, and what is neither. */
#include "unit.h"

#include <stdio.h>

#include "lib/ini.h"

/* All that was taken, "FILE:NUMBER [name]\n" or "FILE:NUMBER name=value\n". */
struct notes {
	char text[4000];
	size_t len;
};

static void take(void *to, const struct ini_line *line)
{
	struct notes *n = to;
	size_t room = sizeof n->text - n->len;
	int len = line->value ? snprintf(n->text + n->len, room, "%s:%zu %s=%s\n", line->file,
					line->number, line->name, line->value)
			      : snprintf(n->text + n->len, room, "%s:%zu [%s]\n", line->file,
					line->number, line->name);

	n->len += (size_t)len;
}

static void read_text(const void *text)
{
	struct notes notes = {.len = 0};

	ini_read("f", strdup(text), take, &notes);
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
		ini_read("f", text, take, &notes);
		notes.text[notes.len] = '\0';
		assert_string_equal(notes.text, cases[i].taken);
	}
}

/* Names and values point into the text. */
static void keep(void *to, const struct ini_line *line)
{
	*(struct ini_line *)to = *line;
}

TEST(what_is_taken_stays)
{
	char text[] = "[a]\nb = c";
	struct ini_line last;

	ini_read("f", text, keep, &last);
	assert_ptr_equal(last.name, text + 4);
	assert_ptr_equal(last.value, text + 8);
	assert_string_equal(last.value, "c");
}

TEST(mistakes)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{"a", "f:1: neither"},
		{"\n\na=b\nc d\n", "f:4: neither"},
		{"= b", "f:1: neither"},
		{"  =", "f:1: neither"},
		{"[", "f:1: a section is [NAME]"},
		{"a=b\n[a", "f:2: a section is [NAME]"},
		{"[a] b", "f:1: a section is [NAME]"},
		{"[a] # b", "f:1: a section is [NAME]"},
		{"[]", "f:1: a section needs a name"},
		{"[ \t]", "f:1: a section needs a name"},
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		assert_dies(read_text, cases[i].text, cases[i].text, cases[i].says);
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
		char *text = ini_load(name);
		unlink(name);
		assert_int_equal(strlen(text), sizes[i]);
		assert_memory_equal(text, bytes, sizes[i]);
		free(text);
	}
}

static void load(const void *name)
{
	ini_load(name);
}

TEST(files_that_can_not_be_read)
{
	assert_dies(load, "/nonexistent/f", "a file", "/nonexistent/f: No such file");
	assert_dies(load, "/", "a folder", "/: Is a directory");
	char *name = file_with("a=b\0c=d", 7);
	assert_dies(load, name, "a NUL", "NUL");
	unlink(name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_taken),
		cmocka_unit_test(what_is_taken_stays),
		cmocka_unit_test(mistakes),
		cmocka_unit_test(files_of_all_sizes),
		cmocka_unit_test(files_that_can_not_be_read),
	};

	return cmocka_run_group_tests_name("ini", tests, NULL, NULL);
}
