"""oracle_parts.py -- FIELD/WHAT, for oracle.py: networks, segments of paths, ranges of numbers, and parts of times.

The other WHATs are not told here; test/unit/test_part.c has examples of them.
"""

import datetime
import re
import socket
from fractions import Fraction

from oracle_fields import month_days, part_of_url, plain_time, table_name

KINDS = {'status': 'number', 'port': 'number', 'bytes': 'size', 'client': 'address', 'host': 'address', 'site': 'address', '@host': 'address',
         'url': 'url', 'path': 'url', 'referrer': 'url', 'user': 'any', 'time': 'time', 'day': 'time', 'hour': 'time', 'minute': 'time'}

NUMBER = re.compile(r'[0-9]+(?:\.[0-9]+)?')
COUNT = re.compile(r'[1-9][0-9]{0,2}')
WIDTH = re.compile(r'([0-9]+(?:\.[0-9]+)?)(ns|us|µs|ms|s|m|min|h|d|w|[kKMGT]|[KMGT]iB|k?B|[KMGT]B)?')


INTERVAL = re.compile(r'([1-9][0-9]{0,8})([smhdwM])')
NAMED_INTERVALS = {'day': '1d', 'hour': '1h', 'minute': '1m'}
CALENDAR = ('hod', 'dow', 'dom', 'month', 'year')


def is_what(text):
    return text in ('log', *NAMED_INTERVALS, *CALENDAR) or WIDTH.fullmatch(text) is not None and Fraction(WIDTH.fullmatch(text)[1]) > 0


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
        if kind == 'address' and (first > 32 or second > 128):
            return None
        return (lambda value: first_of(value, first, second), kind) if kind in ('any', 'address') else None
    if what in CALENDAR or what in NAMED_INTERVALS:
        made = 'text' if what in CALENDAR else 'time'
        return (lambda value: part_of_time(value, what), made) if kind in ('any', 'time') else None
    if kind == 'time':
        return (lambda value: part_of_time(value, what), 'time') if INTERVAL.fullmatch(what) else None
    unit = what != 'log' and WIDTH.fullmatch(what)[2]

    def in_range(value):
        return range_of(value, what, quantity)

    def in_interval(value):
        return in_range(value) if is_number(value, quantity) else part_of_time(value, what)
    if unit and kind == 'any' and INTERVAL.fullmatch(what):
        return in_interval, 'text'
    if unit:
        size = quantity(what.encode())[1] == 'size'
        return (in_range, 'text') if kind == 'any' or size and kind == 'size' else None
    if what == 'log' or kind in ('number', 'size'):
        return (in_range, 'text') if kind in ('any', 'number', 'size') else None
    number = int(what) if COUNT.fullmatch(what) else 0
    if kind == 'address' and number > 32:
        return None
    if kind in ('address', 'url'):
        return (lambda value: first_of(value, number, 64), kind) if number else None
    if kind != 'any':
        return None
    return lambda value: in_range(value) if is_number(value, quantity) else first_of(value, number, 64), 'any'


# Times

def read_time(value):
    """A time, or the first part of one, as 2007-06-17T12:00:01, or None."""
    time = plain_time(value)
    if time is not None:
        return time.decode()
    part = re.fullmatch(rb'([0-9]{4}-(?:0[1-9]|1[0-2]))(?:-([0-9]{2})(?:[T ]([0-9]{2})(?::([0-9]{2})(?::([0-9]{2}))?)?)?)?', value)
    if not part or not int(part[2] or 1) or int(part[2] or 1) > month_days(int(value[:4]), int(value[5:7])):
        return None
    if int(part[3] or 0) > 23 or int(part[4] or 0) > 59 or int(part[5] or 0) > 60:
        return None
    return f'{part[1].decode()}-' + '{}T{}:{}:{}'.format(*(text.decode() if text else least for text, least in zip(part.groups()[1:], ('01', '00', '00', '00'))))


EPOCH = datetime.date(2000, 1, 3).toordinal()   # a Monday
CYCLE = 146_097                                 # the days of 400 years


def days_to(year, month, day):
    """The days from the epoch; there may be a year 0."""
    return datetime.date(year + 400, month, day).toordinal() - CYCLE - EPOCH if year < 400 else datetime.date(year, month, day).toordinal() - EPOCH


def date_of(days):
    """The opposite; no date is before the year 0."""
    number = days + EPOCH
    date = datetime.date.fromordinal(number + CYCLE if number < 1 else number)
    return max((date.year - 400 * (number < 1), date.month, date.day), (0, 1, 1)) if number > -366 else (0, 1, 1)


def part_of_time(value, what):
    time = read_time(value)
    if time is None:
        return b'-'
    year, month, day, hour, minute, second = map(int, re.findall('[0-9]+', time))
    if what in CALENDAR:
        weekday = (days_to(year, month, day)) % 7
        return {'hod': f'{hour:02}', 'dow': f'{weekday + 1}-{"Mon Tue Wed Thu Fri Sat Sun".split()[weekday]}', 'dom': f'{day:02}', 'year': f'{year:04}',
                'month': f'{month:02}-{"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()[month - 1]}'}[what].encode()
    number, unit = INTERVAL.fullmatch(NAMED_INTERVALS.get(what, what)).groups()
    if unit == 'M':
        months = 12 * (year - 2000) + month - 1
        months = max(months // int(number) * int(number) + 24_000, 0)
        return b'%04d-%02d' % (months // 12, months % 12 + 1)
    seconds = 86_400 * days_to(year, month, day) + 3600 * hour + 60 * minute + min(second, 59)
    width = int(number) * {'s': 1, 'm': 60, 'h': 3600, 'd': 86_400, 'w': 604_800}[unit]
    days, rest = divmod(seconds // width * width, 86_400)
    if days < days_to(0, 1, 1):
        days, rest = days_to(0, 1, 1), 0
    name = '{:04}-{:02}-{:02}'.format(*date_of(days)) + f'T{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}'
    return name[:{'s': 19, 'm': 16, 'h': 13, 'd': 10, 'w': 10}[unit]].encode()


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
