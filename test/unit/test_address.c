/* test_address.c -- reading IP addresses and writing their networks, compared with inet_pton() and
 * inet_ntop(). */
#include "unit.h"

#include <arpa/inet.h>
#include <stdio.h>

#include "lib/address.h"

/* Texts that are nearly addresses, and addresses of all forms. */
static const char *const texts[] = {"1.2.3.4", "0.0.0.0", "255.255.255.255", "10.20.30.40",
	"192.168.1.1", "1.22.133.4", "100.20.3.1", "1.2.3.256", "256.2.3.4", "1.2.3.999", "1.2.3",
	"1.2.3.", "1.2.3.4.", ".1.2.3.4", "1..2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.04", "1.2.3.00",
	"1.2.3.0000", "1.2.3.1234", "1234.2.3.4", "1.2.3.4:80", "1.2.3.4a", "a.2.3.4", "1.2.3.a",
	"1,2.3.4", "1.2.3/4", "/./././", "1.2.3.-4", "1.2.3.+4", " 1.2.3.4", "1.2.3.4 ", "......",
	".......", "........", "1.2.3.4567890", "12345678", "123456789012345", "::", "::1", "1::",
	":::", ":1", "1:", "1::2::3", "::1:", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
	"1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "1::3:4:5:6:7:8", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8",
	"1:2:3:4::5:6:7:8", "12345::", "1:2:3:4:5:6:7:12345", "g::", "::g", "2001:DB8::Ff",
	"2001:db8:0:0:1:0:0:1", "2001:db8:0:0:0:0:0:1", "0:0:0:0:0:0:0:0", "1:0:0:2:0:0:0:3",
	"1:0:2:0:3:0:4:0", "::ffff:1.2.3.4", "::1.2.3.4", "::ffff:1.2.3", "1.2.3.4::", "1::1.2.3.4",
	"1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:7:1.2.3.4", "::ffff:0:1", "::ffff:0:0", "::fffe:1:2",
	"::1:2", "::1:2:3", "fe80::1%eth0", "0001::", "00001::", "1: :2", "", ":", "1", "a", "ab",
	"abc", "abcd", "2001:0db8:85a3:0000:0000:8a2e:0370:7334",
	"ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.2551",
	"example.org", "c-24-1-2-3.example.net", "cafe", "dead::beef", "deadbeef::"};

static uint64_t seed = 1;
static struct guarded memory;

static unsigned any(unsigned n)
{
	return (unsigned)random_below(&seed, n);
}

/* Read what inet_pton() reads. */
static bool read_slowly(struct span s, struct address *a)
{
	char text[INET6_ADDRSTRLEN] = "";

	if (s.len >= sizeof text || span_first(s, '\0'))
		return false;
	if (s.len)
		memcpy(text, s.at, s.len);
	a->bits = 32;
	if (inet_pton(AF_INET, text, a->bytes) == 1)
		return true;
	a->bits = 128;
	return inet_pton(AF_INET6, text, a->bytes) == 1;
}

/* Write what inet_ntop() writes. */
static void write_slowly(const struct address *a, unsigned bits, char out[NETWORK_TEXT])
{
	unsigned char bytes[16] = {0};

	for (unsigned i = 0; i < a->bits && i < bits; i++)
		bytes[i / 8] |= a->bytes[i / 8] & (0x80 >> i % 8);
	assert_non_null(inet_ntop(a->bits == 32 ? AF_INET : AF_INET6, bytes, out, NETWORK_TEXT));
	if (bits < a->bits)
		sprintf(out + strlen(out), "/%u", bits);
}

/* Write the network of the address in both ways, and compare. */
static void check_network(const struct address *a, unsigned bits)
{
	char out[NETWORK_TEXT], expected[NETWORK_TEXT];

	write_slowly(a, bits, expected);
	assert_span_equal(span_of(out, address_network(a, bits, out)), span_text(expected));
}

/* The same from text to text. */
static void check_network_of(struct span text, const struct address *a, unsigned bits)
{
	char out[NETWORK_TEXT], expected[NETWORK_TEXT];
	unsigned v4 = a->bits == 32 ? bits : 1, v6 = a->bits == 128 ? bits : 1;
	size_t len = address_network_of(guarded_copy(&memory, text), v4, v6, out);

	if (!a->bits) {
		assert_int_equal(len, 0);
		return;
	}
	write_slowly(a, bits, expected);
	assert_span_equal(span_of(out, len), span_text(expected));
	check_network(a, bits);
}

/* Read a text in both ways, and compare.  Returns the address; its .bits is 0 if there is none. */
static struct address check(struct span text)
{
	struct address a = {0}, expected = {0};
	bool is = address_read(guarded_copy(&memory, text), &a);

	if (is != read_slowly(text, &expected))
		fail_msg("'%.*s': %d", (int)text.len, text.at, is);
	if (!is)
		return (struct address){0};
	assert_int_equal(a.bits, expected.bits);
	assert_memory_equal(a.bytes, expected.bytes, a.bits / 8);
	return a;
}

/* Change or remove a byte of the text now and then, read it, and write one of its networks. */
static void check_damaged(char *text)
{
	static const char bytes[] = "0123456789abcdefFg.:-/ \xff";
	size_t len = strlen(text);

	if (len && any(3) == 0)
		text[any((unsigned)len)] = bytes[any(sizeof bytes)];
	if (len && any(6) == 0) {
		len--;
		memmove(text + len / 2, text + len / 2 + 1, len - len / 2);
	}
	struct address a = check(span_of(text, len));
	check_network_of(span_of(text, len), &a, any(a.bits + 1));
}

TEST(forms)
{
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct address a = check(span_text(texts[i]));
		for (unsigned bits = 0; bits <= a.bits + 2; bits++)
			check_network_of(span_text(texts[i]), &a, bits);
	}
	check(span_of("1.2.3.4\0", 8));
	check(span_of("::1\0", 4));
	check(span_of("::\0ffff", 7));
}

/* An octet, or a number that is a little too large. */
static unsigned any_octet(void)
{
	return any(2) ? any(300) : any(20);
}

TEST(any_v4)
{
	char text[64];

	for (int i = 0; i < 200000; i++) {
		sprintf(text, "%u.%u.%u.%u", any_octet(), any_octet(), any_octet(), any_octet());
		check_damaged(text);
	}
}

TEST(any_v6)
{
	char text[64];

	for (int i = 0; i < 200000; i++) {
		char *to = text;
		for (unsigned k = 0, groups = 5 + any(4); k < groups; k++) {
			unsigned n = any(3) ? any(0x10000) >> any(16) : 0;
			to += sprintf(to, "%s%x", !k ? "" : any(8) ? ":" : "::", n);
		}
		check_damaged(text);
	}
}

TEST(any_network_of_v6)
{
	char text[64];

	for (int i = 0; i < 200000; i++) {
		struct address a = {.bits = 128};
		for (unsigned k = 0; k < 16; k++)
			a.bytes[k] = any(2) ? 0 : (unsigned char)any(256);
		check_network(&a, any(129));
		assert_non_null(inet_ntop(AF_INET6, a.bytes, text, sizeof text));
		check_damaged(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forms),
		cmocka_unit_test(any_v4),
		cmocka_unit_test(any_v6),
		cmocka_unit_test(any_network_of_v6),
	};

	memory = guarded_new(INET6_ADDRSTRLEN + 1);
	int failed = cmocka_run_group_tests_name("address", tests, NULL, NULL);
	guarded_free(&memory);
	return failed;
}
