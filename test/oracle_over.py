"""oracle_over.py -- tables over time (-t), for oracle.py.

A Ranking with a Width has the time of the line before the values of each key.
table_of() makes a Table of it: the Rows of all lines of a cell become one Row.
"""

import dataclasses
import re
from fractions import Fraction

from oracle_print import json_key, json_number, rank, sum_text, text
from oracle_statistics import UNIT, Moment, half_away
from oracle_width import AUTO_COUNTS, Width, auto_width

ROWS_MAX, COLUMNS_MAX = 1_000_000, 1000


class TooLong(Exception):
    """The table would have too many rows."""


@dataclasses.dataclass
class Table:
    shown: list                 # the keys of the columns, or None if there is no key
    keys: int                   # how many keys there are, with and without a column
    has_rest: bool
    rows: list                  # of a time, and the Rows of the columns
    ranking: object
    width: Width

    def value(self, time, row, statistic):
        """What a cell shows, as a number of billionths or a Moment."""
        which = self.ranking.statistics.index(statistic)
        if statistic.kind == 'rate':
            seconds = self.width.seconds(time)
            return half_away(Fraction(row.count * UNIT, seconds)) if seconds else None
        return statistic.value(row, which, self.ranking)

    def values_of(self, start, rows):
        """What is printed in a row: a count, or None, or the value of a statistic."""
        statistics = self.ranking.statistics
        if self.shown is not None:
            return [self.value(start, row, statistics[0]) if statistics else row.count * UNIT for row in rows]
        return [self.value(start, rows[0], statistic) for statistic in statistics] or [rows[0].count * UNIT]

    def names(self, between=b' '):
        """The headings of the columns."""
        if self.shown is not None:
            return [between.join(key) for key in self.shown] + [b'rest'] * self.has_rest
        return [statistic.name.encode('utf-8', 'surrogateescape') for statistic in self.ranking.statistics] or [b'count']

    def plain(self):
        widths = [max(7, characters(heading)) for heading in self.names()]
        lines = []
        for start, rows in self.rows:
            time = self.width.name(start)
            if not lines:
                padded = [b' ' * (width - characters(heading)) + heading.replace(b'\n', b'\\n') for heading, width in zip(self.names(), widths)]
                lines.append(b' '.join([b'TIME'.ljust(len(time)), *padded]))
            texts = [sum_text(value) or b'-' for value in self.values_of(start, rows)]
            lines.append(b' '.join([time, *(text.rjust(width) for text, width in zip(texts, widths))]))
        return b''.join(line + b'\n' for line in lines)

    def separated_lines(self, escape):
        """The lines of a TSV or CSV table."""
        lines = [[b'time', *map(escape, self.names(b'\t'))]]
        for start, rows in self.rows:
            lines.append([self.width.name(start), *map(sum_text, self.values_of(start, rows))])
        return lines

    def set_rows(self):
        """(key, Row, texts of its statistics) of each cell, as a row of a set of rankings."""
        names = self.names(b'\t')
        for start, rows in self.rows:
            for number, row in enumerate(rows):
                key = (self.width.name(start), *([names[number]] if self.shown is not None else []))
                yield key, row, [sum_text(self.value(start, row, statistic)) for statistic in self.ranking.statistics]

    def json_rows(self):
        rows = []
        for start, cells in self.rows:
            values = [json_number(value) for value in self.values_of(start, cells)]
            row = {'time': self.width.name(start).decode(), 'count': sum(cell.count for cell in cells)}
            if self.shown is None:
                row.update((text(name), value) for name, value in zip(self.names(), values) if name != 'count')
            else:
                row['keys'] = [self.json_cell(key, cell, value) for key, cell, value in zip(self.shown, cells, values)]
                if self.has_rest:
                    row['rest'] = values[-1]
            rows.append(row)
        return rows

    def json_cell(self, key, cell, value):
        statistics = {statistic.name: value for statistic in self.ranking.statistics}
        return {**statistics, 'count': cell.count, 'key': json_key(self.ranking.columns, key)}


def characters(text):
    return sum(byte & 0xc0 != 0x80 for byte in text)


def merged(rows, statistics, row_class):
    """The Rows of each key, given as pairs of a key and a Row, as one."""
    found = {}
    for key, row in rows:
        into = found.setdefault(key, row_class(statistics))
        into.count += row.count
        for values, more in zip(into.taken, row.taken):
            values.extend(more)
    return found


def table_of(ranking, top):
    """The Table of a Ranking whose keys begin with a time.  Raises TooLong."""
    row_class, statistics = ranking.row_class, ranking.statistics
    # A leap second belongs to the interval of the second before it.
    timed = [(Moment(re.sub(rb':60\Z', b':59', key[0])), key[1:], row) for key, row in ranking.rows.items()]
    keyed = merged([(key, row_class(statistics)) for key in ranking.zeros] +
                   [(key, row) for _, key, row in timed], statistics, row_class)
    columns = dataclasses.replace(ranking, rows=keyed, over=None)
    shown = [key for key, _, _ in rank(columns, min(top or COLUMNS_MAX, COLUMNS_MAX))] if ranking.has_keys else [()]
    width = ranking.over
    if width.text == 'auto':
        fine = Width(AUTO_COUNTS)
        width = auto_width([fine.start(time) for time, _, _ in timed]) if timed else fine
    numbers = {key: number for number, key in enumerate(shown)}
    has_rest = len(keyed) > len(shown)
    cells = merged([((width.start(time), numbers.get(key, len(shown))), row) for time, key, row in timed], statistics, row_class)
    starts = [start for start, _ in cells]
    rows = range(min(starts), max(starts) + 1, width.step) if cells else ()
    if len(rows) > ROWS_MAX:
        raise TooLong(width.text)
    empty = row_class(statistics)
    return Table(shown if ranking.has_keys else None, len(keyed) if ranking.has_keys else len(cells), has_rest,
                 [(start, [cells.get((start, number), empty) for number in range(len(shown) + has_rest)]) for start in rows], ranking, width)
