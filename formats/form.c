#include "formats/form.h"

#include <string.h>

#include "formats/port.h"
#include "formats/timestamp.h"
#include "lib/ascii.h"
#include "lib/decimal.h"
#include "lib/swar.h"

/* --- Addresses ------------------------------------------------------------------------ */

static bool is_ipv4(struct span s)
{
	size_t parts = 0, i = 0;

	while (i < s.len && parts < 4) {
		unsigned n = 0;
		size_t digits = 0;
		for (; i < s.len && decimal_is_digit(s.at[i]) && digits < 4; i++, digits++)
			n = 10 * n + (unsigned)(s.at[i] - '0');
		if (!digits || n > 255)
			return false;
		parts++;
		if (i < s.len && (s.at[i++] != '.' || i == s.len))
			return false;
	}
	return parts == 4 && i == s.len;
}

/* True for an address as in RFC 4291, 2.2: eight groups of up to four hexadecimal digits, or fewer
 * groups and one "::"; an IPv4 address may take the place of the last two groups. */
static bool is_ipv6(struct span s)
{
	bool gap = s.len >= 2 && s.at[0] == ':' && s.at[1] == ':';
	size_t groups = 0, i = gap ? 2 : 0;

	while (i < s.len) {
		size_t start = i;
		while (i < s.len && ascii_hex(s.at[i]) >= 0 && i - start < 5)
			i++;
		if (i < s.len && s.at[i] == '.')
			return (gap ? groups <= 5 : groups == 6) && is_ipv4(span_from(s, start));
		if (i == start || i - start > 4)
			return false;
		groups++;
		if (i == s.len)
			break;
		if (s.at[i++] != ':' || i == s.len)
			return false;
		if (s.at[i] == ':') {
			if (gap)
				return false;
			gap = true;
			i++;
		}
	}
	return gap ? groups < 8 : groups == 8;
}

static bool is_address(struct span s)
{
	return is_ipv4(s) || is_ipv6(s);
}

static bool is_in_brackets(struct span s)
{
	return s.len > 2 && s.at[0] == '[' && s.at[s.len - 1] == ']' &&
	       is_ipv6(span_of(s.at + 1, s.len - 2));
}

/* True for addresses that are separated by ", " or ",". */
static bool are_addresses(struct span s)
{
	size_t n = 0;

	while (s.len) {
		const char *comma = swar_find(s.at, span_end(s), ',');
		struct span one = span_between(s.at, comma ? comma : span_end(s));
		if (!is_address(one) && !span_equal(one, span_text("unknown")))
			return false;
		n++;
		s = span_from(s, one.len + (comma != NULL));
		while (s.len && s.at[0] == ' ')
			s = span_from(s, 1);
	}
	return n > 1;
}

/* --- Names ---------------------------------------------------------------------------- */

/* True for letters, digits, '-', '_' and dots, of which one is a letter, or there is a dot within if
 * `has_dot`. */
static bool is_name(struct span s, bool has_dot)
{
	bool dot = false, letter = false;

	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];
		if (!ascii_is_letter(c) && !decimal_is_digit(c) && c != '-' && c != '.' && c != '_')
			return false;
		dot |= c == '.' && i && i + 1 < s.len;
		letter |= ascii_is_letter(c);
	}
	return letter && (dot || !has_dot);
}

static bool is_host(struct span s)
{
	return is_name(s, true) || span_equal(s, span_text("localhost"));
}

/* The form of "NAME:PORT"; 0 if that is not the form. */
static unsigned form_with_port(struct span s)
{
	enum { PORT_DIGITS = 5 };
	struct span host = port_host(s);

	if (!host.len || s.len - host.len - 1 > PORT_DIGITS)
		return 0;
	if (is_address(host) || is_in_brackets(host))
		return FORM_ADDRESS_PORT;
	if (is_host(host))
		return FORM_HOST_PORT;
	return is_name(host, false) ? FORM_KEYWORD : 0;
}

/* True for what servers log in the place where others log a user: the status of a cache, the scheme,
 * the version of TLS, the code of a country, the identifier of a request. */
static bool is_keyword(struct span s)
{
	static const char *const words[] = {"HIT", "MISS", "BYPASS", "EXPIRED", "STALE", "UPDATING",
		"REVALIDATED", "SCARCE", "http", "https", "GET", "POST", "HEAD", "_"};
	enum { ID_DIGITS = 16 };
	size_t digits = 0;

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (span_equal(s, span_text(words[i])))
			return true;
	if (span_begins_with(s, "TLSv") || span_begins_with(s, "SSLv"))
		return true;
	if (s.len == 2 && s.at[0] >= 'A' && s.at[0] <= 'Z' && s.at[1] >= 'A' && s.at[1] <= 'Z')
		return true;
	while (digits < s.len && (ascii_hex(s.at[digits]) >= 0 || s.at[digits] == '-'))
		digits++;
	return digits == s.len && digits >= ID_DIGITS;
}

/* --- Numbers -------------------------------------------------------------------------- */

/* True for a status that is registered, or that a well-known server sends; nginx logs 000 if it sends
 * none.
 * https://www.iana.org/assignments/http-status-codes */
static bool is_status(struct span s)
{
	static const short ranges[][2] = {{0, 0}, {100, 103}, {200, 208}, {226, 226}, {300, 308},
		{400, 431}, {444, 444}, {449, 451}, {460, 464}, {494, 499}, {500, 511}, {520, 530},
		{561, 561}, {598, 599}, {999, 999}};
	int n = 0;

	if (s.len != 3)
		return false;
	for (size_t i = 0; i < s.len; i++)
		n = 10 * n + (s.at[i] - '0');
	for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
		if (n >= ranges[i][0] && n <= ranges[i][1])
			return true;
	return false;
}

/* The form of a number that begins with a digit; 0 if the value is not a number. */
static unsigned form_of_number(struct span s)
{
	char time[TIMESTAMP_SECOND];
	struct span rest = span_between(swar_digits_end(s.at, span_end(s)), span_end(s));
	bool is_decimal =
		rest.len > 1 && rest.at[0] == '.' && decimal_is_digits(span_from(rest, 1));

	if (rest.len && !is_decimal)
		return 0;
	unsigned more = s.len >= 10 && timestamp_read(s, time) ? FORM_EPOCH : 0;
	if (is_decimal)
		return FORM_DECIMAL | more | (rest.len > 3 ? FORM_SECONDS : 0);
	return is_status(s) ? FORM_STATUS : FORM_NUMBER | more;
}

/* --- Texts in quotes ------------------------------------------------------------------ */

/* True for "GET /a HTTP/1.1".  The URL is not empty, as in query/record.c. */
static bool is_request(struct span s)
{
	size_t i = 0;

	while (i < s.len &&
		((s.at[i] >= 'A' && s.at[i] <= 'Z') || s.at[i] == '-' || s.at[i] == '_'))
		i++;
	if (!i || i == s.len || s.at[i] != ' ')
		return false;
	const char *url = s.at + i + 1, *last = span_last(s, ' ');
	return last > url && *url != ' ' && last[-1] != ' ' && span_end(s) - last > 6 &&
	       memcmp(last, " HTTP/", 6) == 0;
}

/* True if the text begins with a scheme, as a URL does (RFC 3986, 3.1). */
static bool is_url(struct span s)
{
	size_t i = 0;

	while (i < s.len &&
		(ascii_is_letter(s.at[i]) ||
			(i && (decimal_is_digit(s.at[i]) || strchr("+-.", s.at[i])) && s.at[i])))
		i++;
	return i && s.len - i >= 3 && memcmp(s.at + i, "://", 3) == 0;
}

/* True if the text begins with a product and its version (RFC 9110, 10.1.5). */
static bool is_product(struct span s)
{
	size_t i = 0;

	while (i < s.len &&
		(ascii_is_letter(s.at[i]) ||
			(i && (decimal_is_digit(s.at[i]) || span_is_one_of(s.at[i], " -_.")))))
		i++;
	return i && i + 1 < s.len && s.at[i] == '/' && decimal_is_digit(s.at[i + 1]) &&
	       s.at[i - 1] != ' ' && !is_host(span_of(s.at, i));
}

/* True if a text that is no product has a comment, as many agents have. */
static bool has_comment(struct span s)
{
	const char *open = memmem(s.at, s.len, " (", 2);

	return open && open > s.at && swar_find(open, span_end(s), ')');
}

/* --- All ------------------------------------------------------------------------------ */

static unsigned form_of_text(struct span s)
{
	if (is_request(s))
		return FORM_REQUEST;
	if (is_url(s))
		return FORM_URL;
	return has_comment(s) ? FORM_AGENT : FORM_TEXT;
}

unsigned form_of(struct span s)
{
	if (!s.len)
		return FORM_EMPTY;
	if (s.len == 1 && s.at[0] == '-')
		return FORM_DASH;
	/* The most frequent texts need no further look. */
	if (span_begins_with(s, "http://") || span_begins_with(s, "https://"))
		return FORM_URL;
	if (span_begins_with(s, "Mozilla/") || is_product(s))
		return FORM_AGENT;
	unsigned form = decimal_is_digit(s.at[0]) ? form_of_number(s) : 0;
	if (form)
		return form;
	if (is_address(s))
		return is_ipv6(port_host(s)) ? FORM_EITHER : FORM_ADDRESS;
	if (are_addresses(s))
		return FORM_ADDRESSES;
	form = form_with_port(s);
	if (form)
		return form;
	if (is_keyword(s))
		return FORM_KEYWORD;
	return is_host(s) ? FORM_HOST : form_of_text(s);
}
