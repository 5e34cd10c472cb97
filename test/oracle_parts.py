"""oracle_parts.py -- FIELD/WHAT, for oracle.py: networks, segments of paths, and ranges of numbers.

The other WHATs are not told here; test/unit/test_part.c has examples of them.
"""

import re
import socket
from fractions import Fraction

from oracle_fields import part_of_url, table_name

KINDS = {'status': 'number', 'port': 'number', 'bytes': 'size', 'client': 'address', 'host': 'address', 'site': 'address', '@host': 'address',
         'url': 'url', 'path': 'url', 'referrer': 'url', 'user': 'any'}

NUMBER = re.compile(r'[0-9]+(?:\.[0-9]+)?')
COUNT = re.compile(r'[1-9][0-9]{0,2}')
WIDTH = re.compile(r'([0-9]+(?:\.[0-9]+)?)(ns|us|µs|ms|s|m|min|h|d|w|[kKMGT]|[KMGT]iB|k?B|[KMGT]B)?')


def is_what(text):
    return text == 'log' or WIDTH.fullmatch(text) is not None and Fraction(WIDTH.fullmatch(text)[1]) > 0


def is_pair(text):
    first, slash, second = text.partition('/')
    return bool(slash) and COUNT.fullmatch(first) is not None and re.fullmatch('0|' + COUNT.pattern, second) is not None


def split(name):
    """A name as (FIELD, [WHAT ...]); status/100 is the class."""
    whats = []
    while '/' in name:
        before, last = name.rsplit('/', 1)
        two = before.rsplit('/', 1)
        if len(two) == 2 and is_pair(two[1] + '/' + last):
            before, last = two[0], two[1] + '/' + last
        if not is_what(last) and not is_pair(last):
            break
        name = before
        whats.insert(0, last)
    if table_name(name) == 'status' and whats[:1] == ['100']:
        return 'class', whats[1:]
    return name, whats


def kind_of(field):
    if field.isdigit() or not table_name(field) and field != '@host':
        return 'any'
    return KINDS.get(table_name(field) or field, 'text')


def part_function(what, kind, quantity):
    """A function from a value to its part, and the kind of the part; None if values of that kind have no such part.

    quantity is a function to the number of a text in billionths and its unit's kind, as in oracle_query.py."""
    if is_pair(what):
        first, second = map(int, what.split('/'))
        return (lambda value: first_of(value, first, second), kind) if kind in ('any', 'address') else None
    unit = what != 'log' and WIDTH.fullmatch(what)[2]

    def in_range(value):
        return range_of(value, what, quantity)
    if unit:
        size = quantity(what.encode())[1] == 'size'
        return (in_range, 'text') if kind == 'any' or size and kind == 'size' else None
    if what == 'log' or kind in ('number', 'size'):
        return (in_range, 'text') if kind in ('any', 'number', 'size') else None
    number = int(what) if COUNT.fullmatch(what) else 0
    if kind in ('address', 'url'):
        return (lambda value: first_of(value, number, 64), kind) if number else None
    if kind != 'any':
        return None
    return lambda value: in_range(value) if is_number(value, quantity) else first_of(value, number, 64), 'any'


# Networks and segments

def first_of(value, number, other):
    if not number:
        return value
    for family, bits in ((socket.AF_INET, number), (socket.AF_INET6, other)):
        try:
            text = value.decode('ascii')
            if family == socket.AF_INET and not re.fullmatch(r'(?:(?:0|[1-9][0-9]*)(?:\.|\Z)){4}(?<!\.)', text):
                continue
            packed = socket.inet_pton(family, text)
        except (OSError, ValueError):
            continue
        size = 8 * len(packed)
        if bits >= size:
            return socket.inet_ntop(family, packed).encode()
        mask = ((1 << bits) - 1) << (size - bits)
        return b'%s/%d' % (socket.inet_ntop(family, (int.from_bytes(packed, 'big') & mask).to_bytes(size // 8, 'big')).encode(), bits)
    if b'/' not in value:
        return value
    path = part_of_url(value, 'path')
    if not path:
        return path
    segments = re.match(rb'(?s:.[^/]*)(?:/[^/]*){0,%d}' % (number - 1), path)[0]
    return segments[:1] + segments[1:].rstrip(b'/')


# Ranges

def is_number(value, quantity):
    found = quantity(value)
    return found is not None and abs(found[0]) < 2 ** 64 * 10 ** 9


def decimal(number):
    """A fraction that has a finite number of decimal places."""
    places = 0
    while number * 10 ** places % 1:
        places += 1
    digits = str(abs(number) * 10 ** places).rjust(places + 1, '0')
    return '-' * (number < 0) + (digits[:-places] + '.' + digits[-places:] if places else digits)


def steps():
    """0.000000001, 0.000000002, 0.000000005, 0.00000001 ..."""
    for exponent in range(-9, 22):
        for digit in (1, 2, 5):
            yield digit * Fraction(10) ** exponent


def log_range(number):
    """The bounds around a number: not above it, and above it."""
    bounds = [0, *steps()]
    bounds = [-bound for bound in bounds[:0:-1]] + bounds
    below = max(bound for bound in bounds if bound <= number)
    return (0, 0) if number == 0 else (below, min(bound for bound in bounds if bound > number))


def range_of(value, what, quantity):
    found = quantity(value)
    unit = WIDTH.fullmatch(what)[2] if what != 'log' else None
    kind = quantity(b'1' + unit.encode())[1] if unit else 'plain'
    if not is_number(value, quantity) or not (found[1] == 'plain' or kind == 'plain' or found[1] == kind):
        return b'-'
    number = Fraction(found[0], 10 ** 9)
    if what == 'log':
        bounds = log_range(number)
    else:
        factor = Fraction(quantity(b'1' + (unit or '').encode())[0], 10 ** 9)
        width = Fraction(WIDTH.fullmatch(what)[1])
        steps_below = number // (width * factor)
        bounds = steps_below * width, (steps_below + 1) * width
    return '..'.join(decimal(Fraction(bound)) + (unit or '') * (bound != 0) for bound in bounds).encode()


def order_of(value):
    """What ranges are sorted by: other values first, in the order of their bytes, and then ranges by their first number."""
    match = re.fullmatch(rb'(-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)[A-Za-z\x80-\xff]*\.\.-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?[A-Za-z\x80-\xff]*', value)
    return (1, Fraction(match[1].decode()), value) if match and len(value) <= 127 else (0, 0, value)
