"""oracle_period.py -- which lines --since and --until keep, for oracle.py.

A time without a zone is one of the zone of --tz, or of this machine's.
"""

import datetime
import re
import time

import oracle_fields

EPOCH = datetime.datetime(1970, 1, 1)
DAY = 86400


def clock_seconds(plain):
    """Seconds from 1970 to a plain time, if it were of UTC; 23:59:60 is the second after 23:59:59."""
    year, month, day, hour, minute, second = (int(part) for part in re.split(rb'[-T:]', plain))
    moment = datetime.datetime(year or 2000, month, day, hour, minute)
    return int((moment - EPOCH).total_seconds()) + second


def unzoned(seconds):
    """What a clock in the zone of --tz, or of this machine, shows, as seconds since 1970, UTC."""
    shown = EPOCH + datetime.timedelta(seconds=seconds)
    if oracle_fields.zone:
        return int(shown.replace(tzinfo=oracle_fields.zone).timestamp())
    return int(time.mktime((shown.year, shown.month, shown.day, shown.hour, shown.minute, shown.second, 0, 0, -1)))


def seconds_of(text):
    """A time as it is written in a line, in seconds since 1970; None if it is no time."""
    plain = oracle_fields.clock_time(text)
    if plain is None:
        return None
    seconds = clock_seconds(plain)
    offset = oracle_fields.offset_of(text)
    return unzoned(seconds) if offset is None else seconds - int(offset.total_seconds())


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
