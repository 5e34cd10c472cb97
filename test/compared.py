#!/usr/bin/env python3
"""compared.py -- --diff, next to a program of its own.

	compared.py WF [SEED [ROUNDS]]

Each round makes two sides of lines and asks wf for their differences.  Counts, changes, G^2 and the order of rows are
computed here from the lines, the statistics are those that wf prints for each side alone.  Then the same question is
asked in other ways, with other workers, chunks, memory, files and pipes, and from snapshots: the bytes must be the same.
"""
import csv
import io
import json
import math
import random
import subprocess
import sys
import tempfile
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal, getcontext
from pathlib import Path

getcontext().prec = 60

STATISTICS = ('2', 'sum:2', 'avg,max:2', 'p50,p99:2', 'uniq:3', 'count,p90:2', 'share,min:2', '~uniq:3', 'pct:2>=50')
OF_NOTHING = ('count', 'share', 'rate', 'sum', 'uniq', '~uniq', 'n')


class Wrong(Exception):
    """wf prints something else than is expected."""


def ask(arguments, stdin=b''):
    done = subprocess.run([str(a) for a in arguments], input=stdin, capture_output=True, check=False)
    if done.returncode not in (0, 1):
        raise Wrong(f'exit status {done.returncode}: {done.stderr.decode()}')
    return done.stdout


def g2(a, b, old, new):
    """The log-likelihood ratio of two counts (Dunning 1993), from the entropies of a table of two by two."""

    def x_log_x(*numbers):
        return sum((Decimal(n) * Decimal(n).ln() for n in numbers if n), Decimal(0))

    cells = x_log_x(a, b, old - a, new - b)
    return 2 * (cells - x_log_x(a + b, old + new - a - b) - x_log_x(old, new) + x_log_x(old + new))


def fast_g2(a, b, old, new):
    """The same by its usual definition, of observed and expected counts, in floating-point numbers."""
    total, both = old + new, a + b
    cells = ((a, old * both), (b, new * both), (old - a, old * (total - both)), (new - b, new * (total - both)))
    return 2 * sum(n * math.log(n * total / expected) for n, expected in cells if n)


def side_of(rnd):
    """Lines of a key, a number and a name."""
    keys = [f'k{i}' for i in range(rnd.choice((1, 3, 30, 400)))] + ['ä', ',q', 'x' * 300, '×']
    weights = [rnd.random() ** 4 for _ in keys]
    number = rnd.choice((0, 1, 5, 300, 3000))
    return [f'{key} {rnd.choice(("-", rnd.randrange(100), rnd.randrange(10**6), -3))} {rnd.randrange(20)}'.encode()
            for key in rnd.choices(keys, weights, k=number)]


def write(folder, name, lines):
    path = folder / name
    path.write_bytes(b''.join(line + b'\n' for line in lines))
    return path


def counts_of(lines):
    return Counter(line.split(b' ')[0] for line in lines)


def quotient(new, old):
    if old in ('', None) or new in ('', None) or Decimal(old) <= 0 or Decimal(new) < 0:
        return None
    return (Decimal(new) / Decimal(old)).quantize(Decimal('1e-9'), ROUND_HALF_UP)


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text.decode('utf-8', 'surrogateescape'), newline='')))


def check_counts(row, counts, totals):
    key = row['1'].encode('utf-8', 'surrogateescape')
    old, new = (c[key] for c in counts)
    if (int(row['old_count']), int(row['new_count'])) != (old, new):
        raise Wrong(f'{row}: {old} and {new} are expected')
    check_change(row, 'count')
    expected = g2(old, new, *totals)
    if abs(Decimal(row['g2']) - expected) > Decimal('0.00051'):
        raise Wrong(f'{row}: G^2 is {expected}')
    if abs(fast_g2(old, new, *totals) - float(expected)) > 1e-6:
        raise Wrong(f'this test computes two different G^2 of {row}')
    return key, old, new, expected


def check_change(row, name):
    expected = quotient(row[f'new_{name}'], row[f'old_{name}'])
    found = row[f'change_{name}']
    if (expected is None) != (found == '') or (expected is not None and Decimal(found) != expected):
        raise Wrong(f'{row}: the change of {name} is {expected}')


def check_order(rows, order, by):
    """Rows with larger weights come first; of equal ones the larger count, then the smaller key.  The G^2 that wf
    compares are rounded to about a millionth."""

    def weight(row):
        only_old, only_new = not row[2], not row[1]
        first = (order == 'new' and only_new) or (order == 'gone' and only_old)
        if first:
            return (1, max(row[1], row[2]))
        if by is not None:
            return (0, by(row)) if by(row) is not None else (-1, 0)
        return (0, abs(row[1] - row[2]) if order == 'change' else row[3])

    for one, two in zip(rows, rows[1:]):
        a, b = weight(one), weight(two)
        near = a[0] == b[0] and abs(Decimal(a[1]) - Decimal(b[1])) < Decimal('3e-6')
        if near and max(one[1:3]) == max(two[1:3]) and (one[1:3] == two[1:3] or a == b) and one[0] > two[0]:
            raise Wrong(f'{one[0]} is before {two[0]}')
        if near and a == b and max(one[1:3]) < max(two[1:3]):
            raise Wrong(f'{one[:3]} is before {two[:3]}')
        if not near and a < b:
            raise Wrong(f'{one} is before {two}')


def check_statistics(wf, folder, question, rows, sides):
    """The values of each side are those that wf prints without --diff."""
    alone = []
    for path in sides:
        found = rows_of(ask([wf, '-n', 0, '--csv', *question, path]))
        alone.append({row['1']: row for row in found})
    names = [name[4:] for name in rows[0] if name.startswith('old_') and name != 'old_count'] if rows else []
    for row in rows:
        for name in names:
            for side, values in zip(('old', 'new'), alone):
                expected = values.get(row['1'], {}).get(name)
                if expected is None:
                    expected = '0' if name.split('_')[0] in OF_NOTHING else ''
                if row[f'{side}_{name}'] != expected:
                    raise Wrong(f'{row}: {side}_{name} is {expected}')
            check_change(row, name)
    if not names:
        return None
    first = names[0]

    def by(row):
        found = rows_by_key[row[0]]
        values = found[f'old_{first}'], found[f'new_{first}']
        return None if '' in values else abs(Decimal(values[0]) - Decimal(values[1]))

    rows_by_key = {row['1'].encode('utf-8', 'surrogateescape'): row for row in rows}
    return None if question[-1].startswith(('count', 'share')) else by  # these are ranked as counts are


def question_of(rnd):
    question = ['-f', '1']
    if rnd.random() < 0.5:
        question += ['-s', rnd.choice(STATISTICS)]
    return question


def check_round(wf, rnd, folder):
    lines = [side_of(rnd), side_of(rnd)]
    sides = [write(folder, f'{name}.log', one) for name, one in zip(('before', 'after'), lines)]
    counts = [counts_of(one) for one in lines]
    totals = [sum(c.values()) for c in counts]
    question = question_of(rnd)
    least = rnd.choice((0, 0, 2, 10))
    order = rnd.choice(('g2', None, 'change', 'new', 'gone'))
    printed = ['--min', least] + (['--order', order] if order else [])
    base = [wf, *question, *printed, '--diff']

    rows = rows_of(ask([*base, '-n', 0, '--csv', *sides]))
    wanted = {k for k in counts[0] | counts[1] if max(counts[0][k], counts[1][k]) >= least}
    checked = [check_counts(row, counts, totals) for row in rows]
    if len(rows) != len(wanted) or {row[0] for row in checked} != wanted:
        raise Wrong('other keys than expected')
    check_order(checked, order, check_statistics(wf, folder, question, rows, sides))
    check_json(ask([*base, '-n', 0, '--json', *sides]), rows, counts, totals)
    check_ways(wf, rnd, folder, question, printed, lines, sides)


def check_json(text, rows, counts, totals):
    answer = json.loads(text)
    found = answer['reports'][0]
    if [found['old_matched'], found['new_matched']] != totals or found['keys'] != len(counts[0] | counts[1]):
        raise Wrong('other totals in JSON')
    for one, row in zip(found['rows'], rows, strict=True):
        for name, value in one.items():
            text = '' if value is None else str(value)
            if name != 'key' and text != row[name] and Decimal(text) != Decimal(row[name]):
                raise Wrong(f'{one} in JSON, but {row} in CSV')


def check_ways(wf, rnd, folder, question, printed, lines, sides):
    form = rnd.choice(('plain', 'csv', 'table', 'html'))
    output = [*printed, '-n', rnd.choice((0, 1, 3, 10)), '--format', form]
    expected = ask([wf, *question, *output, '--diff', *sides])
    ways = {
        'workers and chunks': ['-j', rnd.choice((1, 2, 5)), '--chunk-size', rnd.choice((1, 7, 100, 4096))],
        'memory': ['--memory', '8M', '-j', 3, '--chunk-size', 1000],
    }
    for name, way in ways.items():
        same(name, expected, ask([wf, *question, *output, *way, '--diff', *sides]))
    if form != 'html' and form != 'table':
        parts = [write(folder, f'{n}.part', lines[0][n::3]) for n in range(3)]
        same('parts', expected, ask([wf, *question, *output, '--diff', *parts, '--', sides[1]]))
        same('a pipe', expected, ask([wf, *question, *output, '--diff', sides[0], '-'], sides[1].read_bytes()))
    snapshots = []
    for side in sides:
        snapshots.append(side.with_suffix('.wfs'))
        ask([wf, *question, '--save', snapshots[-1], side])
    if form != 'html':
        same('snapshots', expected, ask([wf, *output, '--diff', *snapshots]))


def same(name, expected, found):
    if expected != found:
        raise Wrong(f'other bytes with {name}:\n{expected.decode(errors="replace")}\n{found.decode(errors="replace")}')


def main(wf, seed=1, rounds=20):
    for number in range(int(seed), int(seed) + int(rounds)):
        with tempfile.TemporaryDirectory() as folder:
            try:
                check_round(wf, random.Random(number), Path(folder))
            except Wrong as wrong:
                print(f'seed {number}: {wrong}')
                return 1
    return 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
