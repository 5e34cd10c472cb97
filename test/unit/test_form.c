/* test_form.c -- the forms of values. */
#include "unit.h"

#include "formats/form.h"

static const struct {
	const char *value;
	unsigned form;
} forms[] = {
	{"", FORM_EMPTY},
	{"-", FORM_DASH},
	{"--", FORM_TEXT},
	/* Addresses. */
	{"192.0.2.1", FORM_ADDRESS},
	{"192.0.2.256", FORM_TEXT},
	{"192.0.2", FORM_TEXT},
	{"192.0.2.1.5", FORM_TEXT},
	{"192.0.2.1.", FORM_TEXT},
	{"::1", FORM_ADDRESS},
	{"2001:db8::7", FORM_ADDRESS},
	{"2001:db8:1:2:3:4:5:6", FORM_ADDRESS},
	{"::ffff:192.0.2.1", FORM_ADDRESS},
	{"2001:db8::1::2", FORM_TEXT},
	{"2001:db8::12345", FORM_TEXT},
	{"2001:db8::1:8080", FORM_EITHER},
	{"2001:db8:1:2:3:4:5:6:443", FORM_ADDRESS_PORT},
	{"192.0.2.1:80", FORM_ADDRESS_PORT},
	{"[::1]:80", FORM_ADDRESS_PORT},
	{"192.0.2.1:123456", FORM_TEXT},
	{"192.0.2.1, 198.51.100.7", FORM_ADDRESSES},
	{"192.0.2.1,::1", FORM_ADDRESSES},
	{"192.0.2.1, unknown", FORM_ADDRESSES},
	{"192.0.2.1, x", FORM_TEXT},
	/* Names. */
	{"www.example.org", FORM_HOST},
	{"localhost", FORM_HOST},
	{"www.example.org:443", FORM_HOST_PORT},
	{"web1:80", FORM_KEYWORD},
	{"frank", FORM_TEXT},
	{"HIT", FORM_KEYWORD},
	{"https", FORM_KEYWORD},
	{"TLSv1.3", FORM_KEYWORD},
	{"US", FORM_KEYWORD},
	{"us", FORM_TEXT},
	{"0123456789abcdef", FORM_KEYWORD},
	{"550e8400-e29b-41d4-a716-446655440000", FORM_KEYWORD},
	{"0123456789abcde", FORM_TEXT},
	/* Numbers. */
	{"200", FORM_STATUS},
	{"000", FORM_STATUS},
	{"499", FORM_STATUS},
	{"999", FORM_STATUS},
	{"209", FORM_NUMBER},
	{"600", FORM_NUMBER},
	{"12", FORM_NUMBER},
	{"0.5", FORM_DECIMAL},
	{"0.123", FORM_DECIMAL | FORM_SECONDS},
	{"1750147201", FORM_NUMBER | FORM_EPOCH},
	{"1750147201.123", FORM_DECIMAL | FORM_SECONDS | FORM_EPOCH},
	{"12a", FORM_TEXT},
	{"1.", FORM_TEXT},
	{".5", FORM_TEXT},
	/* Texts in quotes. */
	{"GET /a HTTP/1.1", FORM_REQUEST},
	{"GET /a b HTTP/1.1", FORM_REQUEST},
	{"GET /a", FORM_TEXT},
	{"get /a HTTP/1.1", FORM_TEXT},
	{"http://www.example.org/", FORM_URL},
	{"android-app://com.example", FORM_URL},
	{"://x", FORM_TEXT},
	{"Mozilla/5.0 (X11)", FORM_AGENT},
	{"curl/8.5.0", FORM_AGENT},
	{"Go-http-client/2.0", FORM_AGENT},
	{"Some Robot (+http://e.org/)", FORM_AGENT},
	{"a/b", FORM_TEXT},
	{"a b", FORM_TEXT},
};

TEST(each_form)
{
	for (size_t i = 0; i < COUNT(forms); i++)
		if (form_of(span_text(forms[i].value)) != forms[i].form)
			fail_msg("'%s' has the form %#x, not %#x", forms[i].value,
				form_of(span_text(forms[i].value)), forms[i].form);
}

/* A value is read up to its end, and no further. */
TEST(nothing_after_a_value_is_read)
{
	struct guarded g = guarded_new(1);

	for (size_t i = 0; i < COUNT(forms); i++) {
		size_t len = strlen(forms[i].value);
		char *at = g.at + g.size - len;
		memcpy(at, forms[i].value, len);
		assert_int_equal(form_of(span_of(at, len)), forms[i].form);
	}
	guarded_free(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_form),
		cmocka_unit_test(nothing_after_a_value_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
