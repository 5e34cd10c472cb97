/* address.h -- reads IP addresses, and writes the networks that they are in.
 */
#ifndef LIB_ADDRESS_H
#define LIB_ADDRESS_H

#include <stdint.h>

#include "lib/span.h"

struct address {
	unsigned bits; /* 32 for IPv4, 128 for IPv6 */
	unsigned char bytes[16];
};

/* Read an address: 192.0.2.1 or 2001:db8::1 (RFC 4291, 2.2).  False if the text is anything else.
 * A number in an IPv4 address has no leading zeros, because some programs would read an octal
 * number. */
bool address_read(struct span, struct address *);

/* Room for the longest network, "xxxx:...:255.255.255.255/128". */
enum { NETWORK_TEXT = 56 };

/* Write the network of an address that has the first `bits` bits in common with it, as in
 * "192.0.2.0/24", to `out`.  If the address has no more bits than that, write only the address.  The
 * form is that of RFC 5952.  Returns the number of bytes, without a NUL. */
size_t address_network(const struct address *, unsigned bits, char out[NETWORK_TEXT]);

#endif
