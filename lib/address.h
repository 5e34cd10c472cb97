/* address.h -- reads IP addresses, and writes the networks that they are in.
 */
#ifndef LIB_ADDRESS_H
#define LIB_ADDRESS_H

#include <stdint.h>

#include "lib/span.h"
#include "lib/swar.h"

struct address {
	unsigned bits; /* 32 for IPv4, 128 for IPv6 */
	unsigned char bytes[16];
};

/* False for most texts that are no addresses, such as names. */
static inline bool address_may_be(struct span s)
{
	enum { SHORTEST = 2, LONGEST = 45, V4_LONGEST = 15 };
	const uint64_t first_five = UINT64_C(0xffffffffff);

	if (s.len < SHORTEST || s.len > LONGEST)
		return false;
	if (s.len <= V4_LONGEST && s.at[0] >= '0' && s.at[0] <= '9')
		return true;
	/* In an IPv6 address, there are at most four bytes before the first colon. */
	return s.len < 8 || swar_equal(word_load(s.at), ':') & first_five;
}

/* Read an address: 192.0.2.1 or 2001:db8::1 (RFC 4291, 2.2).  False if the text is anything else.
 * A number in an IPv4 address has no leading zeros, because some programs would read an octal
 * number. */
bool address_read(struct span, struct address *);

/* Room for the longest network, "xxxx:...:255.255.255.255/128", and for a few more bytes. */
enum { NETWORK_TEXT = 56 };

/* Write the network of an address that has the first `bits` bits in common with it, as in
 * "192.0.2.0/24", to `out`.  If the address has no more bits than that, write only the address.  The
 * form is that of RFC 5952.  Returns the number of bytes, without a NUL. */
size_t address_network(const struct address *, unsigned bits, char out[NETWORK_TEXT]);

/* Do the same for an address that is given as text, with other numbers of bits for IPv4 and IPv6.
 * Returns 0 if the text is not an address. */
size_t address_network_of(
	struct span, unsigned v4_bits, unsigned v6_bits, char out[NETWORK_TEXT]);

#endif
