"""oracle_period.py -- which lines --since and --until keep, for oracle.py.

A time without a zone is one of this machine's zone; a time without a year is of the last year in which it
is not later than tomorrow.
"""

import datetime
import re
import time

from oracle_fields import SINCE_1970, plain_time

ABBREVIATIONS = {b'UTC': 0, b'GMT': 0, b'UT': 0, b'Z': 0, b'z': 0, b'EST': -5, b'EDT': -4, b'CDT': -5, b'MST': -7, b'MDT': -6, b'PST': -8, b'PDT': -7, b'WET': 0,
                 b'WEST': 1, b'CET': 1, b'CEST': 2, b'EET': 2, b'EEST': 3, b'MSK': 3, b'JST': 9}
ISO_START = re.compile(rb'[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]+)?')
ZONES = re.compile(rb'([A-Z]{3,5}(?![A-Z])|[Zz])|([+-])([0-9]{2})(?::?([0-9]{2}))?|\[[^]]*\]|[ ](m=)')
LAST_ZONE = re.compile(rb'(?:(Z)|[ ]?(?:(UTC|GMT)|([+-])([0-9]{2}):?([0-9]{2})))\Z')
EPOCH = datetime.datetime(1970, 1, 1)
DAY = 86400


def offset_of(sign, hours, minutes):
    """Seconds east of UTC, or None: no zone is a day from it."""
    if int(hours) > 23 or int(minutes or 0) > 59:
        return None
    return (-1 if sign == b'-' else 1) * (3600 * int(hours) + 60 * int(minutes or 0))


def zone_of(text):
    """The seconds east of UTC that a time tells, or None."""
    start = ISO_START.match(text)
    if not start:
        zone = LAST_ZONE.search(text)
        if not zone:
            return None
        return 0 if zone[1] or zone[2] else offset_of(zone[3], zone[4], zone[5])
    for zone in ZONES.finditer(text, start.end()):
        if zone[5]:
            break
        offset = ABBREVIATIONS.get(zone[1]) if zone[1] else offset_of(zone[2], zone[3], zone[4]) if zone[2] else None
        if offset is not None:
            return 3600 * offset if zone[1] else offset
    return None


def clock_seconds(plain):
    """Seconds from 1970 to a plain time, if it were of UTC; 23:59:60 is the second after 23:59:59."""
    year, month, day, hour, minute, second = (int(part) for part in re.split(rb'[-T:]', plain))
    moment = datetime.datetime(year or 2000, month, day, hour, minute)
    return int((moment - EPOCH).total_seconds()) + second


def of_machine(seconds):
    """What a clock of this machine's zone shows, as seconds since 1970, UTC."""
    shown = EPOCH + datetime.timedelta(seconds=seconds)
    return int(time.mktime((shown.year, shown.month, shown.day, shown.hour, shown.minute, shown.second, 0, 0, -1)))


def seconds_of(text):
    """A time as it is written in a line, in seconds since 1970; None if it is no time."""
    plain = plain_time(text)
    if plain is None:
        return None
    if plain[:4] == b'0000':
        return of_last_year(plain)
    seconds = clock_seconds(plain)
    if SINCE_1970.fullmatch(text):
        return seconds
    offset = zone_of(text)
    return of_machine(seconds) if offset is None else seconds - offset


def of_last_year(plain):
    latest = time.time() + DAY
    for year in range(time.gmtime(latest).tm_year, 0, -1):
        try:
            seconds = of_machine(clock_seconds(b'%04d' % year + plain[4:]))
        except ValueError:              # a 29th of February
            continue
        if seconds <= latest:
            return seconds
    return None


class Period:
    """Whether a record has a time in the period."""

    def __init__(self, since, until):
        self.since = None if since is None else seconds_of(since)
        self.until = None if until is None else seconds_of(until)

    def is_empty(self):
        return None not in (self.since, self.until) and self.since >= self.until

    def has(self, record):
        text = record.own('time')
        seconds = None if text is None else seconds_of(text)
        if seconds is None:
            return False
        return (self.since is None or self.since <= seconds) and (self.until is None or seconds < self.until)


def raw_lengths(data):
    """The length of each line with its end.  A byte-order mark, and NULs but the last one at the start of the file, belong to none."""
    data = data.removeprefix(b'\xef\xbb\xbf')
    rest = data.lstrip(b'\0')
    if rest and len(data) - len(rest) > 1:
        data = b'\0' + rest
    lines = data.split(b'\n')
    last = lines.pop()
    return [len(line) + 1 for line in lines] + [len(last)] * (last != b'')
