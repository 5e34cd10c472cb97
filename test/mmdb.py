#!/usr/bin/env python3
"""mmdb.py -- writes a small database in the MaxMind DB format, version 2.0.

    mmdb.py FILE TYPE VERSION [RECORD_SIZE] <NETWORKS

VERSION is 4 or 6, for the addresses; a line of NETWORKS is a network, a blank, and a JSON object.  In
a database for IPv6, 192.0.2.0/24 is ::192.0.2.0/120.  (https://maxmind.github.io/MaxMind-DB/)
"""

import ipaddress
import json
import sys

UTF8, DOUBLE, UINT16, UINT32, MAP, INT32, UINT64, ARRAY, BOOLEAN = 2, 3, 5, 6, 7, 8, 9, 11, 14


def control(kind, size):
    """The bytes before a value: its kind and its size."""
    after = b''
    if size >= 285:
        size, after = 30, (size - 285).to_bytes(2, 'big')
    elif size >= 29:
        size, after = 29, bytes([size - 29])
    return (bytes([kind << 5 | size]) if kind < 8 else bytes([size, kind - 7])) + after


def number(kind, value):
    digits = value.to_bytes((value.bit_length() + 7) // 8, 'big')
    return control(kind, len(digits)) + digits


def encoded(value):
    if isinstance(value, bool):
        return control(BOOLEAN, value)
    if isinstance(value, int):
        return number(UINT32 if value < 2 ** 32 else UINT64, value)
    if isinstance(value, str):
        return control(UTF8, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return control(ARRAY, len(value)) + b''.join(map(encoded, value))
    return control(MAP, len(value)) + b''.join(encoded(name) + encoded(member) for name, member in value.items())


def bits_of(network, version):
    if version == 6 and network.version == 4:
        return '0' * 96 + f'{int(network.network_address):032b}'[:network.prefixlen]
    return f'{int(network.network_address):0{network.max_prefixlen}b}'[:network.prefixlen]


def tree_of(networks, version):
    """Nodes as lists of two: each the number of a node, an object's text, or None."""
    nodes = [[None, None]]
    for network, text in networks:
        bits, node = bits_of(network, version), 0
        for bit in map(int, bits[:-1]):
            if not isinstance(nodes[node][bit], int):
                nodes.append([nodes[node][bit]] * 2)
                nodes[node][bit] = len(nodes) - 1
            node = nodes[node][bit]
        nodes[node][int(bits[-1])] = text
    return nodes


def node_bytes(left, right, size):
    if size == 28:
        middle = (left >> 24) << 4 | right >> 24
        return (left & 0xffffff).to_bytes(3, 'big') + bytes([middle]) + (right & 0xffffff).to_bytes(3, 'big')
    return left.to_bytes(size // 8, 'big') + right.to_bytes(size // 8, 'big')


def database(networks, kind, version, size=24, built=1700000000):
    """The bytes of a database; networks: (ip_network, JSON) with larger networks first."""
    nodes = tree_of(networks, version)
    data, places = b'', {}
    for _, text in networks:
        if text not in places:
            places[text] = len(data)
            data += encoded(json.loads(text))

    def record(to):
        if to is None:
            return len(nodes)
        return to if isinstance(to, int) else len(nodes) + 16 + places[to]
    tree = b''.join(node_bytes(record(left), record(right), size) for left, right in nodes)
    meta = {'binary_format_major_version': (UINT16, 2), 'binary_format_minor_version': (UINT16, 0), 'build_epoch': (UINT64, built),
            'database_type': kind, 'description': {'en': 'a test'}, 'ip_version': (UINT16, version), 'languages': ['en'],
            'node_count': len(nodes), 'record_size': (UINT16, size)}
    metadata = control(MAP, len(meta)) + b''.join(
        encoded(name) + (number(*value) if isinstance(value, tuple) else encoded(value)) for name, value in meta.items())
    return tree + b'\0' * 16 + data + b'\xab\xcd\xefMaxMind.com' + metadata


def main():
    name, kind, version, *size = sys.argv[1:]
    networks = []
    for line in sys.stdin:
        network, text = line.split(' ', 1)
        networks.append((ipaddress.ip_network(network), text.strip()))
    networks.sort(key=lambda entry: entry[0].prefixlen + (96 if entry[0].version == 4 and version == '6' else 0))
    with open(name, 'wb') as file:
        file.write(database(networks, kind, int(version), *map(int, size)))


if __name__ == '__main__':
    main()
