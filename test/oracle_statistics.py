"""oracle_statistics.py -- the statistics of a key, for oracle.py.

A Statistic takes something of each line with a key, and keeps all of it in a
list; its value is computed from that list, when the ranking is printed.
Numbers and values are whole numbers of billionths.  None is "no value".
"""

import dataclasses
import datetime
import decimal
import math
import re
import statistics
from fractions import Fraction

UNIT = 10 ** 9                  # sums are exact to nine decimals
PLAIN = ('count', 'share')
OF_TIMES = ('first', 'last', 'rate')
TIME = re.compile(rb'(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)')
OF_NUMBERS = ('sum', 'avg', 'min', 'max', 'sd', 'percentile')
OF_VALUES = ('uniq', '~uniq')
OF_CONDITIONS = ('n', 'pct')
PERCENTILE = re.compile(r'p([0-9]+(?:\.[0-9]+)?)')
MOST = 50
STANDARD = [('count', None, None), *(('n', f'{n}xx', f'status>={n}00 and status<{n + 1}00') for n in (2, 3, 4, 5)),
            *((name, None, None) for name in ('min', 'avg', 'p50', 'p90', 'p99', 'max'))]


class Moment(int):
    """A time, as seconds from some time on; .text is how wf writes it."""

    def __new__(cls, text):
        match = TIME.fullmatch(text or b'')
        try:
            year, month, day, hour, minute, second = map(int, match.groups())
            days = datetime.date(year or 400, month, day).toordinal() - (0 if year else 146_097)
        except (AttributeError, ValueError):
            return None
        moment = super().__new__(cls, 86_400 * days + 3600 * hour + 60 * minute + second)
        moment.text = text
        if second == 60:        # the same as the second after it
            after = datetime.datetime(year if year < 9999 else 9599, month, day, hour, minute) + datetime.timedelta(minutes=1)
            moment.text = b'%04d' % (after.year + 400 * (year == 9999)) + after.strftime('-%m-%dT%H:%M:%S').encode()
        return moment


class BadStatistic(Exception):
    """-s is wrong."""


@dataclasses.dataclass
class Statistic:
    kind: str
    title: str                  # the function as it was told
    operand: str = ''           # a field or a condition
    percent: Fraction = None
    is_std: bool = False        # a column that -s std:F has under a name of its own
    only_sum: bool = False      # told as -s FIELD
    read: object = None         # what a line has, by (line, record); see oracle_query

    @property
    def name(self):
        if self.only_sum:
            return 'sum'
        return self.title if self.is_std or not self.operand else f'{self.title}_{self.operand}'

    def value(self, row, which, ranking):
        """In billionths: of a row whose which-th list is of this statistic."""
        taken = row.taken[which]
        if self.kind == 'rate':
            times = [time for other in ranking.rows.values() for time in other.taken[which]]
            period = max(times) - min(times) if times else 0
            return half_away(Fraction(row.count * UNIT, period)) if period else None
        if self.kind in OF_TIMES:
            return (min if self.kind == 'first' else max)(taken, default=None)
        if self.kind == 'share':
            return percentage(row.count, ranking.matched)
        if self.kind == 'pct':
            return percentage(len(taken), row.count)
        counts = {'count': row.count, 'n': len(taken)}
        if self.kind in counts:
            return counts[self.kind] * UNIT
        if self.kind in OF_VALUES:
            return len(set(taken)) * UNIT
        return self.of_numbers([number for number in taken if number is not None])

    def of_numbers(self, numbers):
        if self.kind == 'sum':
            return sum(numbers)
        if not numbers:
            return None
        if self.kind == 'percentile':
            rounded = sorted(map(three_digits, numbers))
            value = rounded[math.ceil(self.percent * len(rounded) / 100) - 1]
            return max(min(numbers), min(value, max(numbers)))
        if self.kind == 'sd':
            return deviation(numbers)
        return {'avg': lambda: half_away(Fraction(sum(numbers), len(numbers))), 'min': lambda: min(numbers), 'max': lambda: max(numbers)}[self.kind]()


def half_away(number):
    """The nearest whole number of a Fraction; a half is rounded away from 0."""
    nearest = int(abs(number) + Fraction(1, 2))
    return nearest if number >= 0 else -nearest


def percentage(part, whole):
    return half_away(Fraction(100 * part * UNIT, whole)) if whole else None


def three_digits(number):
    return int(decimal.Context(prec=3, rounding=decimal.ROUND_HALF_UP).create_decimal(number))


def deviation(numbers):
    """Of a sample."""
    if len(numbers) < 2:
        return None
    square = statistics.variance(map(Fraction, numbers))
    root = math.isqrt(int(square))
    return root + ((root + Fraction(1, 2)) ** 2 <= square)


# What is told

def parse(texts):
    """The Statistics that the values of some -s stand for."""
    found = []
    for text in texts:
        if ':' not in text and not all(name in PLAIN + OF_TIMES for name in names_of(text)):
            found.append(Statistic('sum', 'sum', text))
        else:
            for functions, operand in parts_of(text):
                for function in functions:
                    there = {statistic.name for statistic in found}
                    found += [more for more in standard(operand) if more.name not in there] if function == 'std' else [one(function, operand)]
    names = [statistic.name for statistic in found]
    if len(set(names)) < len(names) or len(names) > MOST:
        raise BadStatistic('-s: twice the same, or too many')
    if len(texts) == 1 and len(found) == 1 and ':' not in texts[0] and found[0].kind == 'sum':
        found[0].only_sum = True
    return found


def names_of(text):
    return [name.strip(' ') for name in text.split(',')]


def parts_of(text):
    """(functions, their operand) of the parts of a text."""
    while text:
        functions, _, rest = text.partition(':')
        functions = names_of(functions)
        if any(function in OF_CONDITIONS for function in functions):
            operand, text = rest, ''
        else:
            operand, comma, text = rest.partition(',')
            if comma and not text:
                raise BadStatistic('-s: a comma at the end')
        yield functions, operand.strip(' ')


def one(function, operand):
    match = PERCENTILE.fullmatch(function)
    percent = Fraction(int(Fraction(match[1]) * UNIT), UNIT) if match else None
    if function in PLAIN + OF_TIMES:
        return Statistic(function, function)
    if function not in OF_NUMBERS[:-1] + OF_VALUES + OF_CONDITIONS and not (match and 0 < percent <= 100):
        raise BadStatistic(f'-s: no {function}')
    if not operand:
        raise BadStatistic(f'-s: {function} of what?')
    return Statistic('percentile' if match else function, function, operand, percent)


def standard(operand):
    """What std:operand stands for."""
    if not operand:
        raise BadStatistic('-s: std of what?')
    found = []
    for function, title, condition in STANDARD:
        statistic = one(function, condition or operand)
        statistic.title, statistic.is_std = title or function, title is not None
        found.append(statistic)
    return found


def find(name, found):
    """The one of these Statistics that --order calls so."""
    # The only sum of -s FIELD has its long name here.
    for statistic in found:
        if name == dataclasses.replace(statistic, only_sum=False).name:
            return statistic
    titled = [statistic for statistic in found if statistic.title == name]
    if len(titled) != 1:
        raise BadStatistic(f'--order: no {name}')
    return titled[0]
