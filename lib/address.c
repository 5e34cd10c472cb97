#include "lib/address.h"

#include <arpa/inet.h>
#include <stdio.h>

/* Read a number up to 255, without leading zeros.  Returns its end; NULL if there is none. */
static const char *read_octet(const char *p, const char *end, unsigned char *octet)
{
	const char *first = p;
	unsigned n = 0;

	while (p < end && p - first < 3 && *p >= '0' && *p <= '9')
		n = 10 * n + (unsigned)(*p++ - '0');
	*octet = (unsigned char)n;
	return p == first || n > 255 || (*first == '0' && p - first > 1) ? NULL : p;
}

static bool read_v4(struct span s, struct address *a)
{
	const char *p = s.at, *end = span_end(s);

	for (unsigned i = 0; i < 4; i++) {
		if (i && (p == end || *p++ != '.'))
			return false;
		p = read_octet(p, end, &a->bytes[i]);
		if (!p)
			return false;
	}
	a->bits = 32;
	return p == end;
}

bool address_read(struct span s, struct address *a)
{
	char text[INET6_ADDRSTRLEN];

	/* Most other values are names. */
	if (s.len < 2 || s.len >= sizeof text || (s.at[0] | 0x20) > 'f')
		return false;
	if (read_v4(s, a))
		return true;
	if (!span_first(s, ':') || span_first(s, '\0'))
		return false;
	memcpy(text, s.at, s.len);
	text[s.len] = '\0';
	a->bits = 128;
	return inet_pton(AF_INET6, text, a->bytes) == 1;
}

static char *put_number(char *out, unsigned n)
{
	if (n >= 100)
		*out++ = (char)('0' + n / 100);
	if (n >= 10)
		*out++ = (char)('0' + n / 10 % 10);
	*out++ = (char)('0' + n % 10);
	return out;
}

size_t address_network(const struct address *a, unsigned bits, char out[NETWORK_TEXT])
{
	struct address network = *a;
	char *to = out;

	for (unsigned i = 0; i < a->bits / 8; i++) {
		unsigned kept = bits > 8 * i ? bits - 8 * i : 0;
		if (kept < 8)
			network.bytes[i] &= (unsigned char)(0xff00 >> kept);
	}
	if (a->bits == 32) {
		for (unsigned i = 0; i < 4; i++) {
			if (i)
				*to++ = '.';
			to = put_number(to, network.bytes[i]);
		}
	} else {
		inet_ntop(AF_INET6, network.bytes, out, NETWORK_TEXT);
		to += strlen(out);
	}
	if (bits >= a->bits)
		return (size_t)(to - out);
	*to++ = '/';
	return (size_t)(put_number(to, bits) - out);
}
