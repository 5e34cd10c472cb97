"""oracle_width.py -- the WIDTH of -t, for oracle.py: to which row of a table over time a time belongs.
"""

import dataclasses
import re

from oracle_statistics import Moment

WIDTH = re.compile(r'([1-9][0-9]{0,8})([smhdwM])')
SECONDS = {'s': 1, 'm': 60, 'h': 3600, 'd': 86_400, 'w': 7 * 86_400}
LENGTHS = {'s': 19, 'm': 16, 'h': 13, 'd': 10, 'w': 10, 'M': 7}
ORIGIN = Moment(b'2000-01-03T00:00:00')

# Of -t auto: the width of the rows of a period up to so many seconds.
AUTO = ((900, '10s'), (3600, '1m'), (4 * 3600, '5m'), (86_400, '30m'), (3 * 86_400, '1h'), (100 * 86_400, '1d'), (730 * 86_400, '1w'), (None, '1M'))
AUTO_COUNTS = '10s'


class BadWidth(Exception):
    """-t is wrong."""


@dataclasses.dataclass(frozen=True)
class Width:
    """How much time a row stands for."""
    text: str

    def __post_init__(self):
        if self.text != 'auto' and not WIDTH.fullmatch(self.text):
            raise BadWidth(f'-t: {self.text}')

    @property
    def number(self):
        return int(self.text[:-1])

    @property
    def unit(self):
        return self.text[-1]

    def start(self, time):
        """The start of the row of a time, a Moment: in seconds, or in months."""
        if self.unit == 'M':
            year, month = int(time.text[:4]), int(time.text[5:7])
            months = (year - 2000) * 12 + month - 1
            return months - months % self.number
        seconds = int(time) - time.text.endswith(b':60')
        origin = 0 if 86_400 % self.step == 0 else int(ORIGIN)
        return seconds - (seconds - origin) % self.step

    @property
    def step(self):
        return self.number * SECONDS.get(self.unit, 1)

    def name(self, start):
        """The start as wf writes it."""
        if self.unit == 'M':
            return b'%04d-%02d' % (2000 + start // 12, start % 12 + 1)
        return text_of(start)[:LENGTHS[self.unit]]

    def seconds(self, start):
        """How long a row is; None if it ends after the year 9999."""
        if (self.name if self.unit == 'M' else text_of)(start + self.step)[4:5] != b'-':
            return None
        if self.unit != 'M':
            return self.step
        return int(Moment(self.name(start + self.step) + b'-01T00:00:00')) - int(Moment(self.name(start) + b'-01T00:00:00'))


def text_of(seconds):
    """Seconds of a Moment as a time."""
    days, rest = divmod(seconds, 86_400)
    low, high = -400, 11_000                # the last year that begins at or before this day
    while high - low > 1:
        year = (low + high) // 2
        if first_day(year, 1) <= days:
            low = year
        else:
            high = year
    month = max(month for month in range(1, 13) if first_day(low, month) <= days)
    return b'%04d-%02d-%02dT%02d:%02d:%02d' % (low, month, days - first_day(low, month) + 1, rest // 3600, rest // 60 % 60, rest % 60)


def first_day(year, month):
    """The number of the month's first day, as Moment counts days."""
    cycles, rest = divmod(year, 400)
    return int(Moment(b'%04d-%02d-01T00:00:00' % (rest + 400, month))) // 86_400 + 146_097 * (cycles - 1)


def auto_width(starts):
    period = max(starts) - min(starts) + Width(AUTO_COUNTS).step
    return Width(next(text for most, text in AUTO if most is None or period <= most))
