"""oracle_fields.py -- the values of a line's fields, for oracle.py.

A record, as oracle_formats.py makes it, tells what stands in the line under one
of the BASE names (own) and under a name as the format itself writes it (element).
What users may ask for besides, hour or site or the path of a request, is made
here.  A value is bytes, perhaps empty; None is no value.
"""

import calendar
import datetime
import re

BASE = ('client', 'ident', 'user', 'request', 'method', 'url', 'path', 'query', 'proto', 'status', 'bytes',
        'referrer', 'agent', 'host', 'port', 'time')
DERIVED = ('class', 'hour', 'day', 'minute', 'ext', 'site')

# What a derived name can be made of: one of these is enough.
SOURCES = {'method': ('request',), 'proto': ('request',), 'url': ('request', 'path'), 'path': ('url', 'request'),
           'query': ('url', 'request', 'path'), 'class': ('status',), 'hour': ('time',), 'day': ('time',), 'minute': ('time',),
           'ext': ('path', 'url', 'request'), 'site': ('referrer',)}


def table_name(name):
    """The BASE or DERIVED name that name stands for, or None: it is the format's own."""
    name = {'referer': 'referrer'}.get(name, name)
    return name if name in BASE or name in DERIVED else None


def can_have(base_names, name):
    """Whether a format that has base_names can have the BASE or DERIVED name."""
    return name in base_names or any(source in base_names for source in SOURCES.get(name, ()))


# Requests

# With a protocol the target may hold blanks, without one it may not.  Neither
# branch can match what the other does: two blanks or more, and one blank.
REQUEST = re.compile(rb'''
    (?P<method> [A-Z_-]+ ) [ ] (?: (?! [ ]) (?P<http> .+ ) (?<! [ ]) [ ] (?P<proto> HTTP/ [^ ]* )
                                 | (?P<http09> [^ ]+ ) )
''', re.VERBOSE | re.DOTALL)


def request_part(request, part):
    """The method, url or proto of a request, or None if it is none."""
    match = REQUEST.fullmatch(request)
    if not match:
        return None
    if part == 'url':
        return match['http'] or match['http09']
    return match['proto'] or b'-' if part == 'proto' else match['method']


# Times

MONTHS = (b'Jan', b'Feb', b'Mar', b'Apr', b'May', b'Jun', b'Jul', b'Aug', b'Sep', b'Oct', b'Nov', b'Dec')
CLOCK = rb'(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)'
DAY = rb'(?:0[1-9]|[12][0-9]|3[01])'
LOCAL_TIME = DAY + rb'/(?:' + b'|'.join(MONTHS) + rb')/[0-9]{4}:' + CLOCK + rb'[ ][+-][0-9]{4}'
ISO_TIME = rb'[0-9]{4}-(?:0[1-9]|1[0-2])-' + DAY + rb'[T ]' + CLOCK
ZONE = rb'(?:[A-Z]{3,5}(?![A-Z])|[+-][0-9]{2}(?::?[0-9]{2})?|\[[^]]*\]|[Zz])'
ISO_REST = re.compile(rb'(?:[.,][0-9]+)?(?:[ ]?' + ZONE + rb')*(?:[ ]m=.+)?', re.DOTALL)
SINCE_1970 = re.compile(rb'(?:([0-9]{9,10})|([0-9]{10})[0-9]{3}(?:[0-9]{3}){0,2})(?:[.,][0-9]+)?')
MONTH = b'(?P<name>' + b'|'.join(MONTHS) + b')'
OTHER_TIMES = [re.compile(rb'(?:(?:Sun|Mon|Tue|Wed|Thu|Fri|Sat)(?:[ ]|,.))?' + form + rb'(?:Z|[ ]?(?:UTC|GMT|[+-][0-9]{2}:?[0-9]{2}))?', re.DOTALL)
               for form in (
    rb'(?P<year>[0-9]{4})[-/](?P<month>[0-9]{2})[-/](?P<day>[0-9]{2})(?:[T ]|[ ]-[ ])(?P<clock>%s)',
    rb'(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})[T ](?P<clock>%s)',
    rb'(?P<day>[0-9]{2})[- /]' + MONTH + rb'[- /](?P<year>[0-9]{4})[: T](?P<clock>%s)',
    MONTH + rb'[ ](?P<day>[0-9 ][0-9])[ ](?P<clock>%s)(?:[ ](?P<year>[0-9]{4})(?![0-9]))?')]
for number, form in enumerate(OTHER_TIMES):
    OTHER_TIMES[number] = re.compile(form.pattern.replace(b'%s', rb'[0-9]{2}:[0-9]{2}:[0-9]{2}|[0-9]{6}')
                                     .replace(rb'[0-9]{6})', rb'[0-9]{6})(?:[.,][0-9]+)?'), re.DOTALL)


def other_time(text):
    """A time in one of the rarer notations as 2007-06-17T12:00:01, or None."""
    for form in OTHER_TIMES:
        match = form.fullmatch(text)
        if match:
            parts = match.groupdict()
            month = MONTHS.index(parts['name']) + 1 if 'name' in parts else int(parts['month'])
            day, clock = parts['day'].replace(b' ', b'0'), parts['clock'].replace(b':', b'')
            plain = b'%s-%02d-%sT%s:%s:%s' % (parts['year'] or b'0000', month, day, clock[:2], clock[2:4], clock[4:])
            return plain if re.fullmatch(ISO_TIME, plain) else None
    return None


LATEST = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=1)).strftime('%Y-%m-%dT%H:%M:%S').encode()
zone = None     # of --tz: a tzinfo


def month_days(year, month):
    return calendar.monthrange(year or 400, month)[1]


# Without a year, or with 0000 in the notation in which wf has times that are written without a year.
WITHOUT_YEAR = re.compile(rb'(?:(?:Sun|Mon|Tue|Wed|Thu|Fri|Sat)(?:[ ]|,.))?' + MONTH + rb'(?!.* 0000)|0000-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:', re.DOTALL)


def with_year(time):
    """A time of the year 0000, in the latest year in which it is before tomorrow; logs of tests are written just now."""
    year = int(LATEST[:4])
    if LATEST[4:] < time[4:]:
        year -= 1
    while int(time[8:10]) > month_days(year, int(time[5:7])):
        year -= 1
    return b'%04d' % year + time[4:]


def is_time(text):
    time = time_as_written(text)
    return time is not None and int(time[8:10]) <= month_days(int(time[:4]), int(time[5:7]))


def clock_time(text):
    """A time as 2007-06-17T12:00:01, whatever its notation, as a clock shows it, or None if it is not understood."""
    if not is_time(text):
        return None
    time = time_as_written(text)
    return with_year(time) if WITHOUT_YEAR.match(text) and not int(time[:4]) else time


def plain_time(text):
    """The same in the zone of --tz."""
    time = clock_time(text)
    if time is None:
        return None
    offset = offset_of(text) if zone else None
    if offset is None:
        return time
    # datetime ends with the year 9999, but 400 years later all days and changes of clocks are the same.
    cycle = 400 if time[:2] == b'99' else -400 if time[:2] == b'00' else 0
    is_leap = time[17:] == b'60'
    local = datetime.datetime(int(time[:4]) - cycle, *map(int, re.findall(b'[0-9]+', time[5:17])), 0 if is_leap else int(time[17:]))
    moment = local.replace(tzinfo=datetime.timezone(offset)).astimezone(zone)
    if not 0 <= moment.year + cycle <= 9999:
        return None
    return b'%04d' % (moment.year + cycle) + moment.strftime('-%m-%dT%H:%M:').encode() + (b'60' if is_leap else b'%02d' % moment.second)


NAMED_ZONES = {b'UTC': 0, b'GMT': 0, b'UT': 0, b'Z': 0, b'z': 0, b'EST': -5, b'EDT': -4, b'CDT': -5, b'MST': -7, b'MDT': -6, b'PST': -8,
               b'PDT': -7, b'WET': 0, b'WEST': 1, b'CET': 1, b'CEST': 2, b'EET': 2, b'EEST': 3, b'MSK': 3, b'JST': 9}


def offset_of(text):
    """The offset of the time's zone, or None if it has none."""
    if SINCE_1970.fullmatch(text):
        return datetime.timedelta()
    rest = re.search(rb'(?:[0-9]{2}:[0-9]{2}:[0-9]{2}|[0-9]{6})(?:[.,][0-9]+)?((?:(?!(?<=[ ])m=).)*)', text, re.DOTALL)[1]
    for found in re.finditer(ZONE, rest):
        sign, digits = found[0][:1], re.sub(rb'[^0-9]', b'', found[0]).ljust(4, b'0')
        if found[0] in NAMED_ZONES:
            return datetime.timedelta(hours=NAMED_ZONES[found[0]])
        if sign in b'+-' and int(digits[:2]) < 24 and int(digits[2:]) < 60:
            return (1 if sign == b'+' else -1) * datetime.timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return None


def time_as_written(text):
    """The same, whether or not the month has the day."""
    if re.fullmatch(LOCAL_TIME, text):
        month = MONTHS.index(text[3:6]) + 1
        return b'%s-%02d-%sT%s' % (text[7:11], month, text[:2], text[12:20])
    if re.match(ISO_TIME, text):
        return text[:10] + b'T' + text[11:19] if ISO_REST.fullmatch(text, 19) else None
    since = SINCE_1970.fullmatch(text)
    if since:
        moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=int(since[1] or since[2]))
        return moment.isoformat().encode()
    return other_time(text)


# What is made of one value

def class_of(status):
    return status[:1] + b'xx' if re.fullmatch(rb'[0-9]{3}', status) else b'-'


def extension_of(path):
    segment = path.rpartition(b'/')[2]
    stem, dot, extension = segment.rpartition(b'.')
    return extension if stem and extension else b'-'


REFERRER = re.compile(rb'[A-Za-z][A-Za-z0-9+.-]*://([^/?#\\]*)', re.DOTALL)


def site_of(referrer):
    match = REFERRER.match(referrer)
    host = match[1].rpartition(b'@')[2] if match else b''
    return re.sub(rb'(?s)(?<=.):[0-9]+\Z', b'', host) or b'-'


TIME_LENGTHS = {'time': 19, 'day': 10, 'hour': 13, 'minute': 16}


def table_value(record, name):
    """The value of a BASE or DERIVED name in a record."""
    if name in TIME_LENGTHS:
        text = record.own('time')
        time = None if text is None else plain_time(text)
        return None if time is None else time[:TIME_LENGTHS[name]]
    if name in DERIVED:
        make, source = {'class': (class_of, 'status'), 'ext': (extension_of, 'path'), 'site': (site_of, 'referrer')}[name]
        value = table_value(record, source)
        return None if value is None else make(value)
    value = path_of(record)[0] if name == 'path' else record.own(name)
    if value is not None and name == 'url':
        query = record.own('query')
        return value if query is None or b' ' in query or b'?' in value else url_of_parts(value, query)
    if value is not None:
        return value.removeprefix(b'?') or b'-' if name == 'query' else value
    if name in ('method', 'url', 'proto') and record.own('request') is not None:
        return request_part(record.own('request'), name)
    if name == 'url':
        path, query = path_of(record)
        return url_of_parts(path, record.own('query')) if query is None else path + b'?' + query
    if name in ('path', 'query'):
        return part_of_url(table_value(record, 'url'), name)
    return None


def path_of(record):
    """The path that a record has as such; and the query that follows it, if it does."""
    path, query = record.own('path'), record.own('query')
    if path is None or b'?' not in path:
        return path, None
    before, _, rest = path.partition(b'?')
    return (before, rest) if query is None or query in (rest, b'?' + rest) else (path, None)


def url_of_parts(path, query):
    if path is None or query in (None, b'', b'-'):
        return path
    return path + (b'' if query.startswith(b'?') else b'?') + query


def part_of_url(url, name):
    if url is None:
        return None
    path, _, query = url.partition(b'?')
    path = re.sub(rb'\A[A-Za-z][A-Za-z0-9+.-]*://[^/?#\\]*', b'', path) or b'/' if REFERRER.match(path) else path
    return path if name == 'path' else query or b'-'
