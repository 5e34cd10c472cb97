"""oracle_questions.py -- questions about fields, made up for differential.py.

Each family is a function (rnd, number) to the attributes of a Case: the files
and what is asked of them.  How wf is to go about it is not told here.
"""

import datetime
import os

import oracle
import oracle_formats
import oracle_lines
import oracle_parts
import oracle_period
import oracle_statistics
from oracle_fields import BASE, DERIVED, table_name
from oracle_lines import TEMPLATES, VALUES, pick_bytes, text_of
from oracle_query import field_identity, own_name

NAMES = (*BASE, *DERIVED, 'referer')

# (what may be given as --log-format, the maker of a text, names as the format itself writes them)
FORMATS = [((name, template, None) if name else (template,), oracle_lines.template_maker(template, kinds), ())
           for name, template, kinds in TEMPLATES]
FORMATS += [(('json', None), oracle_lines.json_text, oracle_lines.JSON_FIELDS), (('ltsv', None), oracle_lines.ltsv_text, oracle_lines.LTSV_FIELDS),
            (('logfmt', None), oracle_lines.logfmt_text, oracle_lines.LOGFMT_FIELDS),
            (('w3c', None), oracle_lines.w3c_text, oracle_lines.W3C_FIELDS)]

FORMATS += [(('csv:' + oracle_lines.csv_header(*log),), oracle_lines.csv_maker(*log), oracle_lines.CSV_FIELDS) for log in oracle_lines.CSV_LOGS]

COMBINED_MAKER = next(make for told, make, _ in FORMATS if told[0] == 'combined')
ENVELOPE_FIELDS = ('envelope.time', 'envelope.stream', 'stream', 'log', 'envelope.log')
FORMATS += [(('docker:combined',), oracle_lines.docker_maker(COMBINED_MAKER), ENVELOPE_FIELDS),
            (('docker:json',), oracle_lines.docker_maker(oracle_lines.json_text), (*ENVELOPE_FIELDS, *oracle_lines.JSON_FIELDS)),
            (('docker:logfmt',), oracle_lines.docker_maker(oracle_lines.logfmt_text), ENVELOPE_FIELDS)]

KINDS = {'url': 'target', 'ident': 'ident', 'site': 'host', 'request_time': 'seconds', 'latency': 'seconds', 'reqtime': 'seconds', 'time-taken': 'seconds'}
ORDERED = {'class': (b'2xx', b'4xx', b'-'), 'hour': (b'2007-06-17T12', b'2024'), 'day': (b'2007-01-01', b'2007-06-17', b'2'), 'minute': (b'2007-06-17T12:00',),
           'time': (b'2007-06-17T12:00:01', b'2007', b'-'), 'ext': (b'html', b'-', b'gz', b'h'), 'request': (b'GET / HTTP/1.1', b'-', b'GET')}
OPERATORS = (b'=', b'==', b'!=', b'<', b'<=', b'>', b'>=', b'~', b'=~', b'!~', b'<>')
PATTERNS = (b'^$', b'^-$', b'.', b'^[0-9]+$', b'a', b'A', b'^/a', b'\\?', b'html$', b'^4', b'[.]', b'(?i:MOZ)', b'0|5', b'\\\\', b'"', b' ', b'^.{3}$', b'x*', b'\\d\\d')


def known_names(text, log_format, more):
    """The names that text's format has, by the oracle, and those that it has not."""
    lines = text.split(b'\n')
    told = oracle_formats.with_columns(oracle_formats.format_of(log_format), lines)
    names = [*NAMES, *more]
    if isinstance(told, oracle_formats.Template):
        names += [element.name for element in told.elements if not set('<>=!,') & set(element.name)]
        names += [element.name.removeprefix('$') for element in told.elements if element.name.startswith('$')]
    known = [name for name in dict.fromkeys(names) if told.knows(own_name(name), table_name(name))]
    return known, [name for name in (*NAMES, '%D', '$request_time', 'nope') if name not in known]


def pieces_of(rnd, name):
    """Values that a field may be compared with."""
    table = table_name(name) or name
    kind = KINDS.get(name, table)
    if table in ORDERED:
        return ORDERED[table]
    return VALUES[kind][rnd.random() < 0.2] if kind in VALUES else (b'-', b'', b'1', b'200', b'x', b'0.5')


def condition(rnd, name):
    operator = rnd.choice(OPERATORS)
    if b'~' in operator:
        text = rnd.choice(PATTERNS)
    else:
        text = rnd.choice((rnd.choice(pieces_of(rnd, name)), rnd.choice((b'0', b'200', b'400', b'404.0', b'-1', b'9', b'10', b'2e2', b'', b'-', b'/a', b'a', b'ABC'))))
    text = text.replace(b'\0', b'').replace(b'\n', b'')
    blank = rnd.choice((b'', b'', b'', b' '))
    return rnd.choice((b'', b'', b' ')) + name.encode() + blank + operator + blank + text


def listed(rnd, name):
    """A condition with a list, or with a network or a unit."""
    choice = rnd.random()
    if choice < 0.2:
        return name.encode() + rnd.choice((b' in ', b' not in ')) + rnd.choice((b'@list', b'@list', b'@numbers', b'@"numbers"', b'@nowhere', b'@'))
    if choice < 0.55:
        values = [rnd.choice((*pieces_of(rnd, name), b'404', b'-', b'192.0.2.0/24', b'2001:db8::/32', b'192.0.2', b'[a')) for _ in range(rnd.choice((1, 2, 3)))]
        values = [value.replace(b'\0', b'').replace(b'\n', b'') for value in values]
        return name.encode() + rnd.choice((b' in ', b' not in ')) + rnd.choice((b'(%s)', b'(%s)', b'(%s)', b'%s', b'%s', b'(%s', b'[%s]')) % rnd.choice((b',', b', ')).join(values)
    if choice < 0.75:
        return name.encode() + rnd.choice((b'=', b'!=', b' = ')) + rnd.choice((b'192.0.2.0/24', b'10.0.0.0/8', b'192.0.*', b'10.', b'10.1.2', b'192.168/16', b'::/0', b'2001:db8::/33', b'0.0.0.0/0', b'10.0.0.0/33'))
    return name.encode() + rnd.choice(OPERATORS[:7]) + rnd.choice((b'1K', b'0.1M', b'100ms', b'1s', b'1,000', b'1,00', b'5x', b'0.2kB', b'1m'))


def expression(rnd, names, depth=0):
    """A condition, now and then several."""
    if rnd.random() < (0.75, 0.5, 0.8, 1)[depth]:
        name = rnd.choice(names)
        return listed(rnd, name) if rnd.random() < 0.1 else condition(rnd, name)
    parts = [expression(rnd, names, depth + 1) for _ in range(rnd.choice((1, 2, 2, 3)))]
    text = rnd.choice((b' and ', b' or ', b' && ', b' || ', b' OR ')).join(parts)
    return rnd.choice((b'%s', b'(%s)', b'not (%s)', b'!(%s)', b' ( %s )', b'not %s')) % text


def asked_more(rnd, names):
    """Filters, a sum and an order, each now and then; names: what they may be about."""
    asked = {}
    if rnd.random() < 0.35:
        asked['where'] = tuple(expression(rnd, names) for _ in range(rnd.choice((1, 1, 2))))
    if rnd.random() < 0.2:
        asked['sum'] = rnd.choice([name for name in ('bytes', 'bytes', 'status', 'request_time', '%D', 'url') if name in names] or names)
    elif rnd.random() < 0.2:
        asked |= statistics_of(rnd, names)
    if rnd.random() < 0.25 and 'order' not in asked:
        asked['order'] = rnd.choice(('count', 'key', 'last'))
    return asked


# Statistics

FUNCTIONS = ('sum', 'avg', 'min', 'max', 'sd', 'p50', 'p99', 'p99.9', 'p0.1', 'p100', 'p33.333333333', 'p50.000000001', 'uniq', 'uniq', 'uniq')
WRONG = ('p0:bytes', 'p101:1', 'median:1', 'avg', 'avg:', 'n:', 'count,uniq', 'p:1', 'pct:1', 'n:status>>', 'std', 'avg,avg:1', 'count,,share', 'p50:nope/nope', 'avg:1,', 'p50E0:1', 'p5e1:1', 'p-1:1', 'p100.000000001:1')


def statistic_of(rnd, names):
    """The value of one -s."""
    # A comma ends a name, and a colon ends the functions.
    names = [name for name in names if not set(',:') & set(name) and name.strip(' ') == name] or ['1']
    numbers = [name for name in names if name in ('bytes', 'status', 'port', 'request_time', '%D', 'time-taken', '2')]
    parts = []
    for _ in range(rnd.choice((1, 1, 2, 3))):
        functions = list(dict.fromkeys(rnd.sample(FUNCTIONS, rnd.choice((1, 1, 2, 4)))))
        parts.append(','.join(functions) + rnd.choice((':', ':', ' : ')) + rnd.choice(numbers if numbers and rnd.random() < 0.5 else names))
    if rnd.random() < 0.25:
        parts.append(rnd.choice(('count', 'share', 'count,share', 'rate', 'first', 'last,rate', 'first,last')))
    rnd.shuffle(parts)
    if rnd.random() < 0.3:
        kinds = rnd.choice((('n',), ('pct',), ('n', 'pct')))
        parts.append(','.join(kinds) + ':' + text_of_condition(expression(rnd, names)))
    return ','.join(parts)


def text_of_condition(condition):
    """As a word of the command line and of the oracle's query."""
    return condition.strip(b' ').decode('utf-8', 'surrogateescape')


def names_of_columns(texts):
    """What --order may be told: all names of statistics, by the oracle."""
    try:
        found = oracle_statistics.parse(texts)
    except oracle_statistics.BadStatistic:
        return []
    return [name for statistic in found for name in (statistic.name, statistic.name, statistic.title) if not statistic.only_sum]


def statistics_of(rnd, names):
    """Some -s, --order and --min."""
    texts = tuple(statistic_of(rnd, names) for _ in range(rnd.choice((1, 1, 2))))
    if rnd.random() < 0.1:
        texts = (rnd.choice(('std:', 'std,uniq:', 'max,count,std:')) + rnd.choice([name for name in names if not set(',:') & set(name)] or ['1']),)
    if rnd.random() < 0.1:
        texts += (rnd.choice((*names, 'count', 'share')),)
    if rnd.random() < 0.02:
        texts += (rnd.choice(WRONG),)
    asked = {'statistics': texts}
    told = names_of_columns(texts)
    if rnd.random() < 0.4:
        asked['order'] = rnd.choice(('', '-')) + rnd.choice((*told, *told, 'count', 'count', 'nope' if rnd.random() < 0.1 else 'count'))
    elif rnd.random() < 0.1:
        asked['order'] = rnd.choice(('key', 'last', '-key'))
    if rnd.random() < 0.2:
        asked['least'] = rnd.choice((0, 1, 2, 2, 3, 10, 1000))
    return asked


def joined(names):
    """The names as -f has them, none of them twice."""
    return ','.join({field_identity(name): name for name in names}.values())


def good_start(rnd, make):
    """Some lines as they should be, before others: for a format that is told by them."""
    return make(rnd, rnd.choice((1, 3, 10)), 0.0) if rnd.random() < 0.6 else b''


def text_for(rnd, make, number=None):
    head = good_start(rnd, make)
    text = head + (b'\n' if head and not head.endswith(b'\n') else b'') + make(rnd, number or rnd.choice((1, 3, 20, 60)), rnd.choice((0, 0.03, 0.1, 0.25)))
    if rnd.random() < 0.1:
        text = text_of(rnd, lambda r, d: r.choice(oracle_lines.ODD_LINES + (b'x' * 300,)), rnd.choice((1, 5, 150)), 0.1) + b'\n' + text
    return text


def fields(rnd, number):
    """Each field of each format."""
    told, make, more = FORMATS[number % len(FORMATS)]
    text = text_for(rnd, make)
    known, unknown = known_names(text, told[0], more)
    names = [known[number // len(FORMATS) % len(known)]] if known else [unknown[0]]
    names += rnd.sample(known, min(len(known), rnd.choice((0, 0, 0, 1, 2))))
    if rnd.random() < 0.05:
        names.append(rnd.choice(unknown))
    if rnd.random() < 0.08:
        names.append(rnd.choice(('0', '1', '2', '7', '99')))
    if rnd.random() < 0.15:
        names.append(rnd.choice(names) + '/' + rnd.choice(WHATS))
    asked = {'fields': joined(names), **asked_more(rnd, [*known, names[-1]] if known else unknown)}
    if rnd.random() < 0.1:
        asked['tz'] = rnd.choice(oracle_lines.ZONES)
    log_format = rnd.choice(told) if rnd.random() < 0.97 else None
    if rnd.random() < 0.05:
        width = rnd.choice(OVER_WIDTHS)
        if not any(oracle_parts.split(name)[0] in ('day', 'hour', 'minute', 'time') for name in names):    # a table has one of them already
            asked['over'] = width
    return {'files': (text,), 'log_format': log_format, 'unmatched': rnd.random() < 0.25, **asked}


# Columns

COLUMN_ALPHABETS = (b'ab  "', b'ab "[]', b'ab "\\', b'ab\t ,', b'a,b', b'a",b', b'ab \t"\\[]-', b'a \xe9\0"', b'a;|: ')


def columns(rnd, number):
    """Columns by number, cut at blanks with quotes and brackets, or at a delimiter."""
    alphabet = rnd.choice(COLUMN_ALPHABETS)
    text = text_of(rnd, lambda r, d: pick_bytes(r, alphabet, r.choice((0, 1, 3, 8, 20, 70))), rnd.choice((1, 5, 40)), rnd.choice((0, 0.1)))
    numbers = rnd.sample(('0', '1', '2', '3', '4', '9'), rnd.choice((1, 1, 2, 3)))
    asked = {'fields': ','.join(numbers), 'delimiter': rnd.choice((None, None, ',', '\\t', ' ', '"', 'a', ';', '\\', '-'))}
    if rnd.random() < 0.3:
        asked['where'] = tuple(rnd.choice(numbers).encode() + rnd.choice(OPERATORS[:7]) + rnd.choice((b'a', b'b', b'', b'ab')) for _ in range(rnd.choice((1, 2))))
    return {'files': (text,), **asked, 'unmatched': rnd.random() < 0.3}


# Conditions

NUMBERS = (b'1', b'1.0', b'1.00', b'01', b'-1', b'-0', b'0', b'0.0', b'-0.0', b'00', b'10', b'9', b'9.99', b'1.', b'.5', b'0.5', b'-.5', b'-0.5', b'1e3', b'+1', b'--1', b'1 ', b' 1',
           b'1.5.5', b'1,5', b'-', b'', b'abc', b'ABC', b'ab', b'a', b'0x1', b'18446744073709551616', b'18446744073709551615', b'18446744073709551615.0', b'123456789012345678901234567890',
           b'123456789012345678901234567890.000000000000000000000001', b'123456789012345678901234567890.0', b'-123456789012345678901234567890', b'0.1', b'0.10000000000000000001',
           b'0.1000000000', b'000000000000000000000000000000000001', b'\xe9', b'1\0', b'-10', b'-9', b'99999999999999999999', b'4', b'404')


def conditions(rnd, number):
    """Numbers against numbers, text against text, and one against the other."""
    rows = [b','.join(rnd.choice(NUMBERS) for _ in range(rnd.choice((0, 1, 2, 3)))) for _ in range(rnd.choice((10, 100)))]
    text = b'\n'.join(row.replace(b'1,5', b'1;5') for row in rows)
    conditions = []
    for _ in range(rnd.choice((1, 1, 1, 2, 3))):
        operator, blank = rnd.choice(OPERATORS), rnd.choice((b'', b'', b' ', b'\t'))
        told = rnd.choice(PATTERNS) if b'~' in operator else rnd.choice(NUMBERS).replace(b'\0', b'')
        conditions.append(rnd.choice((b'', b' ')) + rnd.choice((b'0', b'1', b'1', b'2', b'3')) + blank + operator + rnd.choice((b'', b'', b' ')) + told)
    return {'files': (text,), 'fields': rnd.choice(('0', '1', '2,1')), 'delimiter': rnd.choice((',', ',', None)), 'where': tuple(conditions),
            'ignore_case': rnd.random() < 0.2, 'unmatched': rnd.random() < 0.2}


# Sums

ADDENDS = (b'1', b'5', b'0', b'-1', b'2.5', b'-2.5', b'0.1', b'0.000000001', b'0.0000000019', b'-0.0000000019', b'1e3', b'1e+3', b'1.5e2', b'15e-1', b'1e-9', b'9e-10', b'-1e-9',
           b'123456789.987654321', b'0.5', b'-', b'', b'x', b'1.', b'.5', b'1e', b'1e+', b'e5', b'--1', b'+1', b'1 2', b'0e99999999999', b'1e-99999999999', b'00012', b'-0', b'-0.0', b'1_0',
           b'0.' + b'3' * 40, b'1' + b'0' * 15, b'000000000000000000000000000000007.50', b'1.5e1', b'1500000000000000000000e-20', b'0.000000000000000000015e20', b'NaN', b'inf', b'0x10')
LARGE_ADDENDS = (b'1', b'18446744073709551615', b'18446744073709551614', b'9223372036854775808', b'9223372036854775807', b'18446744073709551615.999999999', b'0.000000001', b'-',
                 b'18446744073709551616', b'1e19', b'1e20', b'99999999999999999999999999', b'1e400', b'4611686018427387904', b'1.8446744073709551615e19', b'1e99999999999')


def sums(rnd, number):
    """Sums of odd numbers; near 2^64 with few of them, so that some stay below it."""
    large = rnd.random() < 0.25
    pool = rnd.sample(LARGE_ADDENDS, 3) + [b'1'] if large else rnd.sample(ADDENDS, rnd.choice((3, 10, len(ADDENDS))))
    minus = b'-' if large and rnd.random() < 0.3 else b''

    def row(rnd, daring):
        number = rnd.choice(pool)
        return rnd.choice((b'a', b'b', b'', b'cc')) + b',' + (minus + number if number != b'-' else number) if rnd.random() < 0.95 else b'd'
    text = text_of(rnd, row, rnd.choice((2, 4, 8)) if large else rnd.choice((3, 30, 200)), 0.02)
    asked = rnd.choice(({'fields': '1'}, {'fields': '1'}, {'fields': '1,2'}))
    return {'files': (text,), 'delimiter': ',', 'sum': '2', 'order': rnd.choice((None, None, 'count', 'key', 'last')), **asked}


# Ranges of numbers

WHATS = ('100', '1K', '50ms', 'log', '0.5', '24', '1', '2', '24/48', '1000', '3', 'log', '5m', '1M', 'hod', 'day', '1.5K', '0.1s', '1MB', '7', '0.000000001', '2us', '1d', '1.7GiB', '0', '1x', '1/0', '100/24')
QUANTITIES = (b'12ms', b'3.2KB', b'1.5s', b'1,024', b'1,02', b'0,123', b'0.123,456', b'5 ms', b'5  K', b'1e3ms', b'-12ms', b'-1.5K', b'0.1ns', b'18446744073709551615K', b'1w', b'2d', b'1m', b'3T', b'5x', b'ms', b'1K1', b'99', b'100',
              b'101', b'-100', b'-99', b'-101', b'-0.000000001', b'0.000000001', b'2', b'5', b'-2', b'-5', b'20', b'50', b'1023', b'1024', b'1025', b'192.0.2.17', b'2001:db8:1:2::3', b'/a/b/c', b'a/b', b'1/2',
              b'/', b'1..2', b'1K..2K', b'192.0.2.0/24', b'20000000000', b'18446744072', b'18446744074', b'-18446744074', b'0.05', b'0.049999999', b'12\xc2\xb5s')


def ranges(rnd, number):
    """Columns with numbers and with all else, in ranges."""
    pool = rnd.sample((*NUMBERS, *ADDENDS, *LARGE_ADDENDS, *QUANTITIES), rnd.choice((3, 10, 60)))
    text = b'\n'.join(b';'.join(rnd.choice(pool).replace(b';', b'') for _ in range(rnd.choice((1, 2, 2)))) for _ in range(rnd.choice((3, 30, 200))))
    names = [rnd.choice(('1', '1', '2', '0')) + '/' + rnd.choice(WHATS) for _ in range(rnd.choice((1, 1, 2)))] + rnd.choice(([], [], ['1']))
    asked = {'fields': joined(names), 'order': rnd.choice((None, 'key', 'key', 'last'))}
    if rnd.random() < 0.2:
        asked['where'] = (rnd.choice(names).encode() + rnd.choice((b'=', b'!=', b'<', b'~')) + rnd.choice((b'0..100', b'-', b'1K..2K', b'1..2', b'0..0')),)
    return {'files': (text,), 'delimiter': ';', **asked}


# Times

TIME_WHATS = ('1s', '15s', '7s', '3600s', '1m', '5m', '7m', '90m', '1h', '5h', '6h', '24h', '1d', '2d', '31d', '1w', '2w', '1M', '3M', '5M', '12M', '999999999M', '999999999w',
              'day', 'hour', 'minute', 'hod', 'dow', 'dom', 'month', 'year', '0m', '5ms', '1K', '05m', 'log')


def times(rnd, number):
    """Parts of times, in a column or a log, some in a zone: around changes of clocks, and odd ones."""
    zone = rnd.choice((None, *oracle_lines.ZONES))
    if rnd.random() < 0.4:
        text = oracle_lines.text_of(rnd, lambda r, d: b'1.2.3.4 - - [%s] "GET / HTTP/1.1" %d 0' % (oracle_lines.clock_change(r, 'local'), r.choice((200, 404))),
                                    rnd.choice((3, 30, 300)), rnd.choice((0, 0.02)))
        names, asked = ['time', 'time', 'time', 'day', 'hour', 'minute'], {'log_format': 'common'}
    else:
        pool = [oracle_lines.clock_change(rnd) for _ in range(rnd.choice((1, 3, 20)))] + rnd.sample(oracle_lines.ODD_TIMES, 3) + rnd.sample(QUANTITIES, 1)
        text = b'\n'.join(rnd.choice(pool).replace(b';', b'') + b';x' for _ in range(rnd.choice((3, 30))))
        names, asked = ['1', '1', '0', '2'], {'delimiter': ';'}
    fields = [rnd.choice(names) + '/' + rnd.choice(TIME_WHATS) for _ in range(rnd.choice((1, 1, 2)))] + rnd.choice(([], [], ['status' if 'time' in names else '1']))
    if rnd.random() < 0.1:
        fields[0] += '/' + rnd.choice(TIME_WHATS)
    if 'time' in names and rnd.random() < 0.3:
        fields.append(rnd.choice(names))
    if rnd.random() < 0.3:
        asked['where'] = (rnd.choice(fields).encode() + rnd.choice((b'=', b'!=', b'<', b'>=', b'~')) + rnd.choice(
            (b'2026-10-25T02', b'2026-03-29', b'-', b'2026', b'02', b'7-Sun', b'2026-10-25T02:30:00', b'10-Oct', b'2026-10')),)
    return {'files': (text,), 'fields': joined(fields), 'order': rnd.choice((None, 'key', 'key', 'last')), 'tz': zone, **asked}


# Statistics of odd numbers

HALVES = (b'1005', b'1015', b'9995', b'99949', b'99950', b'-1005', b'-1004.999999999', b'0.001005', b'0.000001005', b'0.000000999', b'0.000000001', b'-0.000000001', b'0.3333', b'0.6666',
          b'-9995', b'1.0049999999', b'12345', b'123456789', b'0.0009995')
LARGE_QUANTITIES = (b'16777215T', b'16777216T', b'-16777216T', b'16777217T', b'18446744073709551615B', b'18446744073s', b'5124095576030430h', b'5124095576030432h', b'-9999999999h', b'1T')


def statistics(rnd, number):
    """All functions of all kinds of numbers; now and then few values with many lines, or many keys."""
    kind = rnd.random()
    if kind < 0.15:
        pool = [b'%d' % rnd.randrange(10 ** rnd.choice((1, 3, 6, 12))) for _ in range(rnd.choice((1, 5, 1000)))]
    elif kind < 0.25:
        pool = [b'%.*f' % (rnd.choice((1, 3, 9)), rnd.expovariate(10)) for _ in range(300)]
    elif kind < 0.35:
        pool = rnd.sample((*LARGE_ADDENDS, *LARGE_QUANTITIES), 3) + [b'1']
    else:
        pool = rnd.sample((*NUMBERS, *ADDENDS, *QUANTITIES, *HALVES), rnd.choice((2, 5, 20, 100)))
    pool = [value.replace(b';', b'') for value in pool]
    keys = rnd.choice(((b'a',), (b'a', b'b', b'', b'cc'), (b'a', b'A'), [b'k%d' % n for n in range(rnd.choice((10, 300)))]))

    def row(rnd, daring):
        return b';'.join((rnd.choice(keys), rnd.choice(pool), *(rnd.choice(pool) for _ in range(rnd.randrange(2))))) if rnd.random() < 0.97 else rnd.choice(keys)
    text = text_of(rnd, row, rnd.choice((1, 3, 30, 30, 300, 1500)), 0.02)
    asked = {'ignore_case': rnd.random() < 0.15} | statistics_of(rnd, rnd.choice((['2'], ['2', '3'], ['2', '3', '9'], ['1', '2', '3', '0'], ['2', '2/100', '2/log'])))
    if asked['ignore_case'] or rnd.random() < 0.05:
        asked['statistics'] += (rnd.choice(('n,pct:1~A', 'n:1!~a', 'pct:1=A', 'n:0~A;')),)
    if rnd.random() < 0.1:
        asked['where'] = (expression(rnd, ['1', '2']),)
    return {'files': (text,), 'delimiter': ';', 'fields': rnd.choice(('1', '1', '1', '2', '1,2', '3,1', '2/log')), **asked}


def sketches(rnd, number):
    """The estimate next to the exact number, of few to many values."""
    keys = [b'k%d' % n for n in range(rnd.choice((1, 2, 10)))]
    spread = rnd.choice((2, 30, 1000, 100_000, 10 ** 12))
    length = rnd.choice((0, 0, 3, 20, 300))
    lines = [b'%s;%d%s' % (rnd.choice(keys), rnd.randrange(spread), b'x' * length) for _ in range(rnd.choice((1, 10, 1000, 20_000)))]
    lines += [rnd.choice((b'k0;', b'k0', b'k1;\xff\0', b';-'))] * rnd.randrange(3)
    rnd.shuffle(lines)
    texts = rnd.choice((('uniq,~uniq:2',), ('count,~uniq:2',), ('uniq:2', '~uniq:2', '~uniq:1', 'p50:2')))
    return {'files': (b'\n'.join(lines),), 'delimiter': ';', 'fields': '1', 'statistics': texts, 'form': 'json', 'order': rnd.choice((None, 'key', '-uniq' if 'uniq' in texts[0].split(',') else 'count'))}


# Tables over time

OVER_WIDTHS = ('1s', '10s', '7s', '1m', '5m', '7m', '90m', '1h', '5h', '6h', '1d', '3d', '1w', '2w', '1M', '3M', '5M', '12M', *['auto'] * 9)
MONTHS = ('Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec')
OVER_KEYS = (b'/', b'/a', b'/a', b'/a', b'/b', b'/rest', b'/time', b'/\xc3\xa9', b'/\xff', b'/\t', b'/\x1b[1m', b'/,', b'/' + b'x' * 60, b'/\0', b'/a\0\1b', b'/\0\2')


def clf_time(seconds):
    time = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)
    second = 60 if time.second == 59 and seconds % 7 == 0 else time.second
    return f'{time.day:02}/{MONTHS[time.month - 1]}/{time.year:04}:{time.hour:02}:{time.minute:02}:{second:02} -0700'.encode()


def over(rnd, number):
    """Logs of any length, in any order, with gaps; a column for each key and statistics of all kinds."""
    spread = rnd.choice((0, 20, 1000, 1000, 20_000, 20_000, 200_000, 200_000, rnd.choice((3_000_000, 10 ** 8, 10 ** 9))))
    start = rnd.choice((0, 951_782_400, 1_159_684_425, 1_767_225_590, -62_135_596_800 + spread, 253_402_300_799 - spread))
    keys = rnd.sample(OVER_KEYS, rnd.choice((1, 2, 5, len(OVER_KEYS)))) + [b'/p%d' % n for n in range(rnd.choice((0, 0, 0, 30, 1100)))]

    def row(rnd, daring):
        time = clf_time(start + rnd.choice((rnd.randrange(spread + 1), rnd.choice((0, 0, spread // 2, spread)))))
        if rnd.random() < daring:
            time = rnd.choice((b'x', b'', time[:-6], b'31/Feb/2006:00:00:00 -0700'))
        return b'%s - - [%s] "GET %s HTTP/1.1" %s %s' % (rnd.choice((b'h', b'i', b'j')), time, rnd.choice(keys),
                                                        rnd.choice((b'200', b'200', b'304', b'404', b'-')), rnd.choice((b'-', b'%d' % rnd.randrange(9), b'%d' % rnd.randrange(10 ** 6))))
    text = text_of(rnd, row, rnd.choice((0, 1, 3, 30, 300, 1500)), rnd.choice((0, 0, 0.05)))
    fields = rnd.choice((None, 'url', 'url', 'status', 'class', 'class,client', 'url,status', 'bytes'))
    asked = {'over': rnd.choice(OVER_WIDTHS), 'fields': fields, 'top': rnd.choice((None, None, 0, 1, 2, 3, 20))}
    if rnd.random() < 0.5:
        asked |= statistics_of(rnd, ('bytes', 'client', 'url'))
        if fields is not None and rnd.random() < 0.95:
            asked['statistics'] = rnd.choice((('rate',), ('share',), ('count',), ('last',), ('avg:bytes',), ('p50:bytes',), ('p99.9:bytes',), ('uniq:client',), ('sd:bytes',), ('n:status=200',),
                                              ('pct:status=200',), ('bytes',), ('min:bytes',)))
            asked['order'] = rnd.choice((None, None, 'count', '-count', 'key', 'last'))
    if rnd.random() < 0.15:
        asked['least'] = rnd.choice((1, 2, 10, 10 ** 6))
    if rnd.random() < 0.15:
        asked['where'] = (expression(rnd, ('status', 'bytes', 'url', 'hour')),)
    return {'files': (text,), 'log_format': 'common', **asked}


# Sets of rankings

SECTION_NAMES = (b'A', b'Top URLs', b'x, "y"', b'caf\xc3\xa9', b'a\\b', b'404')
SECTION_PATTERNS = (rb'^(\S+)', rb'" (\d\d\d) ', rb'"([^"]*)"$', rb'GET', rb'(\d+)\.(\d+)', rb'^$', rb'a(b)?', rb'nothing at all')


def section(rnd, names):
    lines = [b'[' + rnd.choice(SECTION_NAMES) + b']']
    if rnd.random() < 0.3:
        pattern = rnd.choice(SECTION_PATTERNS)
        lines.append(b'regexp = ' + pattern)
        if pattern.count(b'(') == 2 and rnd.random() < 0.5:
            lines.append(b'key = $2-$1')
        asked = asked_more(rnd, names)
    else:
        lines.append(b'fields = ' + joined(rnd.choices([*names, '0', '1', '2'], k=rnd.choice((1, 1, 2)))).encode())
        asked = asked_more(rnd, names)
    lines += [b'where = ' + text.strip() for text in asked.get('where', ())]
    lines += [b'sum = ' + os.fsencode(text) for text in asked.get('statistics', ())]
    lines += [name.encode() + b' = ' + asked[name].encode('utf-8', 'surrogateescape') for name in ('sum', 'order') if name in asked]
    lines += [b'min = %d' % asked['least']] if 'least' in asked else []
    lines += [b'over = ' + rnd.choice((b'1h', b'1d', b'auto'))] * (rnd.random() < 0.1)
    for option in (b'grep', b'vgrep'):
        lines += [option + b'=' + rnd.choice(SECTION_PATTERNS)] * (rnd.random() < 0.12)
    lines += [b'top = %d' % rnd.choice((0, 1, 2, 5))] * (rnd.random() < 0.4)
    lines += [b'ignore-case = ' + rnd.choice((b'yes', b'no'))] * (rnd.random() < 0.15)
    return lines


def sets(rnd, number):
    """Several rankings, as a user's own file has them."""
    told, make, more = rnd.choice(FORMATS)
    text = text_for(rnd, make)
    names, _ = known_names(text, told[0], more)
    lines = [b'# a set', b'']
    if told[-1] is not None:
        lines.append(b'log-format = ' + told[-1].encode())
    lines += [b'top = %d' % rnd.choice((0, 1, 3))] * (rnd.random() < 0.3)
    lines += [b'ignore-case = yes'] * (rnd.random() < 0.1)
    lines += [b'where = ' + condition(rnd, rnd.choice(names)).strip()] * (rnd.random() < 0.2)
    lines += [b'vgrep = ' + rnd.choice(SECTION_PATTERNS[1:])] * (rnd.random() < 0.1)
    names_left = list(SECTION_NAMES)
    for _ in range(rnd.choice((1, 2, 3, 4))):
        lines += [rnd.choice((b'', b'; ---')), *section(rnd, names)]
        head = next(i for i in range(len(lines) - 1, -1, -1) if lines[i].startswith(b'['))
        lines[head] = b'[' + names_left.pop(rnd.randrange(len(names_left))) + b']'
    return {'files': (text,), 'reports': b'\n'.join(lines) + b'\n', 'unmatched': rnd.random() < 0.2}


def overview(rnd, number):
    told, make, more = FORMATS[number % len(FORMATS)]
    text = text_for(rnd, make)
    known, _ = known_names(text, told[0], more)
    asked = {'where': (condition(rnd, rnd.choice(known)),)} if rnd.random() < 0.2 else {}
    return {'files': (text,), 'log_format': rnd.choice(told), 'report': 'overview', 'unmatched': rnd.random() < 0.1, **asked}


WF2_PARTS = (
    (b'1.2.3.4', b'h.example.org', b'::1'), (b'-', b'-', b''), (b'-', b'bob', b'a b'), (b'[01/Oct/2006:06:33:45', b'x'), (b'-0700]', b''),
    (b'"GET', b'"GET', b'"GET', b'"GET', b'"POST', b'GET', b'"GETS', b'"get'),
    (b'/ongoing/When/200x/2006/09/29/Dynamic-IDE', b'/ongoing/When/200x/2006/09/28/B', b'/ongoing/When/200x/2006/09/28/B.png', b'/ongoing/When/200x/2006/09/28/', b'/a', b'/ongoing/ongoing.atom',
     b'/ongoing/When/200y/2006/09/28/B', b'x/ongoing/When/200x/2006/09/28/B', b'/ongoing/When/200x/2006/09/29/' + b'z' * 40, b'/' + b'u' * 59, b'/' + b'u' * 60, b'/\xe9' * 40),
    (b'HTTP/1.1"', b'HTTP/1.0"', b'x'), (b'200', b'200', b'200', b'304', b'404', b'500', b'2000', b'-', b''),
    (b'2326', b'0', b'1048576', b'-', b'123456789', b'x', b'52429', b'104857'),
    (b'"-"', b'"http://a.org/x"', b'"http://b.org/' + b'y' * 60 + b'"', b'"http://www.tbray.org/ongoing/"', b'"http://www.tbray.org/ongoing"', b'"x'),
    (b'"Mozilla/5.0', b''), (b'(X11)"', b''))


def wf2_line(rnd, daring):
    parts = [rnd.choice(part if rnd.random() < daring else part[:2]) if len(part) < 5 or rnd.random() < 0.3 else rnd.choice(part) for part in WF2_PARTS]
    if rnd.random() < daring:
        parts = parts[:rnd.randrange(len(parts) + 1)]
    blanks = (b' ',) if rnd.random() > daring else (b' ', b'\t', b'  ', b' \t ')
    return rnd.choice((b'', b'', b' ')) * (rnd.random() < daring) + b''.join(part + rnd.choice(blanks) for part in parts).rstrip(b' \t')


def wf2(rnd, number):
    text = text_of(rnd, wf2_line, rnd.choice((1, 10, 100, 400)), rnd.choice((0, 0.05, 0.2)))
    return {'files': (text,), 'report': 'wf2', 'where': (b'1!=::1',) if rnd.random() < 0.1 else ()}


# Files of several formats

COMMON_NAMES = ('@host', 'status', 'class', 'client', 'url', 'method', 'bytes', 'time', 'hour', 'ext', 'query', 'path', '0', '1')
NOISE = (b'', b'\n', b' \n\t\n', b'garbage\n', b'\n\nnot a log\nat all\n', b'\r\n', b'x', b'#\n')


def mixed(rnd, number):
    """Several files, each of a format of its own, or of none; some of two formats."""
    files = []
    for _ in range(rnd.choice((1, 2, 2, 3, 5))):
        if rnd.random() < 0.12:
            files.append(rnd.choice(NOISE))
            continue
        told, make, _ = rnd.choice([entry for entry in FORMATS if entry[0][-1] is None])
        text = text_for(rnd, make, rnd.choice((1, 2, 10, 30)))
        if rnd.random() < 0.2:
            _, other, _ = rnd.choice(FORMATS)
            text += (b'' if text.endswith(b'\n') else b'\n') + other(rnd, rnd.choice((1, 5, 200)), 0.02)
        files.append(text)
    names = rnd.sample(COMMON_NAMES, rnd.choice((1, 1, 2)))
    asked = rnd.choice(({}, {}, {'fields': ','.join(names)}, {'fields': ','.join(names)}, {'fields': ','.join(names), 'sum': 'bytes'}, {'report': 'overview'}))
    if rnd.random() < 0.15:
        asked = {**asked, 'where': (condition(rnd, rnd.choice(names)),)}
    return {'files': tuple(files), 'log_format': rnd.choice((None, None, None, 'auto')), 'unmatched': rnd.random() < 0.3, **asked}


# Periods

def moments_in(text, log_format):
    """The times in a text, by the oracle."""
    lines = oracle.lines_of(text)
    try:
        told = oracle_formats.with_columns(oracle_formats.format_of(log_format), lines) or oracle_formats.told_format(lines)
    except oracle_formats.BadFormat:
        return []
    records = list(map(told.reader(), lines)) if told else []
    found = [record.own('time') for record in records if record is not None and record is not oracle_formats.COMMENT]
    return [seconds for seconds in (oracle_period.seconds_of(time) for time in found if time is not None) if seconds is not None]


def moment(rnd, seconds):
    """A time at or near these seconds, in one of the forms."""
    seconds += rnd.choice((0, 0, 0, 1, -1, 60, -60, 3600, -86400, rnd.randrange(-10 ** 7, 10 ** 7)))
    offset = rnd.choice((0, 0, 0, 7200, -12600))
    shown = oracle_period.EPOCH + datetime.timedelta(seconds=seconds + offset)
    if offset:
        zone = b'%s%02d%s%02d' % (b'-' if offset < 0 else b'+', abs(offset) // 3600, rnd.choice((b':', b'')), abs(offset) % 3600 // 60)
    else:
        zone = b'Z'
    if rnd.random() < 0.1:
        return shown.strftime('%d/%b/%Y:%H:%M:%S ').encode() + zone.replace(b':', b'').replace(b'Z', b'+0000')
    return shown.isoformat(rnd.choice(('T', ' '))).encode() + zone


def periods(rnd, number):
    """Any question, of the lines in a period."""
    asked = rnd.choice((fields, fields, fields, sets, overview))(rnd, number)
    told = oracle_period_format(asked)
    try:
        found = moments_in(asked['files'][0], told) or [1_181_977_201]
    except oracle_formats.Unmodelled:
        found = [1_181_977_201]
    sides = rnd.choice((('since',), ('until',), ('since', 'until')))
    limits = sorted(rnd.choice(found) for _ in sides)
    return {**asked, **{side: moment(rnd, seconds) for side, seconds in zip(sides, limits)}}


def oracle_period_format(asked):
    if asked.get('reports'):
        told = [line.removeprefix(b'log-format = ') for line in asked['reports'].split(b'\n') if line.startswith(b'log-format = ')]
        return told[0].decode() if told else 'auto'
    return asked.get('log_format') or 'auto'


FAMILIES = {fields: 10, columns: 3, conditions: 3, sums: 3, statistics: 8, sketches: 0.5, ranges: 3, times: 6, over: 5, sets: 4, overview: 2, wf2: 2, mixed: 4, periods: 6}
