"""oracle_print.py -- how a result is printed, for oracle.py."""

import os
import re

from oracle_parts import order_of
from oracle_reports import WF2_TITLES
from oracle_statistics import UNIT, Moment


def rank(ranking, top):
    """(key, Row, texts of its statistics) of a ranking's first rows, in its order; all if top is 0."""
    rows = [(key, row) for key, row in ranking.rows.items() if row.count >= ranking.least]
    if ranking.order in ('key', 'last'):
        rows.sort(key=lambda pair: tuple(map(order_of, pair[0])))
        rows = rows[-top:] if ranking.order == 'last' else rows[:top or None]
    else:
        rows.sort(key=lambda pair: (*weight(ranking, pair[1]), pair[0]))
        rows = rows[:top or None]
    return [(key, row, [sum_text(value_of(ranking, row, statistic)) for statistic in ranking.statistics]) for key, row in rows]


def value_of(ranking, row, statistic):
    return statistic.value(row, next(i for i, one in enumerate(ranking.statistics) if one is statistic), ranking)


def weight(ranking, row):
    """What is less in rows that come first."""
    value = row.count if ranking.order is None else value_of(ranking, row, ranking.order)
    if value is None:
        return True, 0
    return False, value if ranking.ascending else -value


def has_only_sum(ranking):
    return any(statistic.only_sum for statistic in ranking.statistics)


def sum_text(total):
    """Billionths as a decimal number without trailing zeros; nothing for None."""
    if total is None:
        return b''
    if isinstance(total, Moment):
        return total.text
    whole, rest = divmod(abs(total), UNIT)
    text = f'{whole}.{rest:09}'.rstrip('0').rstrip('.')
    return ('-' + text if total < 0 else text).encode()


# One field of a key

def tsv_key(key):
    for byte, escape in ((b'\\', b'\\\\'), (b'\t', b'\\t'), (b'\n', b'\\n'), (b'\r', b'\\r')):
        key = key.replace(byte, escape)
    return key


def csv_key(key):
    if not re.search(rb'[,"\r\n]', key):
        return key
    return b'"' + key.replace(b'"', b'""') + b'"'


def text(key):
    return key.decode('utf-8', 'replace')


# Formats

def plain_rows(ranking, top, table):
    lines = []
    if table:
        return table.plain()
    for key, row, values in rank(ranking, top):
        numbers = [value or b'-' for value in values]
        if not numbers or has_only_sum(ranking):
            numbers.append(b'%d' % row.count)
        lines.append(b''.join(b'%7s ' % number for number in numbers) + b'\t'.join(key).replace(b'\n', b'\\n') + b'\n')
    return b''.join(lines)


def plain(result):
    if not result.is_set:
        (ranking,), (table,) = result.rankings, result.tables
        return plain_rows(ranking, result.top_of(ranking), table)
    parts = [ranking.name.encode() + b'\n' + plain_rows(ranking, result.top_of(ranking), table) for ranking, table in zip(result.rankings, result.tables)]
    return b'\n'.join(([totals_text(result.totals)] if result.totals else []) + parts)


def totals_text(totals):
    """The totals that there are: no time, no line."""
    return b''.join(b'%-10s %s\n' % (name.encode(), sum_text(total) if name == 'bytes' else str(total).encode())
                    for name, total in totals.items() if total is not None)


def total_lines(totals):
    """The numbers among the totals, as lines of a table of rankings."""
    return [[b'totals', b'', sum_text(total), name.encode()] if name == 'bytes' else [b'totals', b'%d' % total, b'', name.encode()]
            for name, total in totals.items() if isinstance(total, int)]


def separated(result, separator, end, escape):
    """TSV or CSV."""
    lines = set_lines(result, escape) if result.is_set else lines_of_one(result, escape)
    return b''.join(separator.join(line) + end for line in lines)


def set_lines(result, escape):
    """Count and sum have columns of their own; then come all other statistics of all rankings, each name once."""
    names = [statistic.name for ranking in result.rankings for statistic in ranking.statistics]
    names = [name for name in dict.fromkeys(names) if name not in ('count', 'sum')]
    lines = [[b'report', b'count', b'sum', *(escape(os.fsencode(name)) for name in names), b'key']]
    lines += [[*line[:3], *([b''] * len(names)), line[3]] for line in total_lines(result.totals or {})]
    for ranking, table in zip(result.rankings, result.tables):
        for key, row, values in table.set_rows() if table else rank(ranking, result.top_of(ranking)):
            by_name = dict(zip((statistic.name for statistic in ranking.statistics), values))
            numbers = [b'%d' % row.count, by_name.get('sum', b''), *(by_name.get(name, b'') for name in names)]
            lines.append([escape(ranking.name.encode()), *numbers, escape(b'\t'.join(key))])
    return lines


def lines_of_one(result, escape):
    (ranking,), (table,) = result.rankings, result.tables
    if table:
        return table.separated_lines(escape)
    names = [escape(os.fsencode(statistic.name)) for statistic in ranking.statistics]
    has_count = b'count' in names
    lines = [[*names, *([] if has_count else [b'count']), *(escape(name.encode()) for name in ranking.columns)]]
    for key, row, values in rank(ranking, result.top_of(ranking)):
        lines.append([*values, *([] if has_count else [b'%d' % row.count]), *map(escape, key)])
    return lines


def json_answer(result):
    """What the JSON says, without "query"; a sum is an int or, with decimals, a text that begins with JSON_DECIMAL."""
    answer = {'account': result.account, 'reports': [json_report(ranking, result.top_of(ranking), table) for ranking, table in zip(result.rankings, result.tables)]}
    if result.totals:
        answer['totals'] = result.totals | {'bytes': json_number(result.totals['bytes'])}
    return answer


JSON_DECIMAL = '\ue0ff'          # before a number with decimals, which json.dumps() would change


def json_number(total):
    if total is None:
        return None
    if isinstance(total, Moment):
        return total.text.decode()
    number = sum_text(total).decode()
    return JSON_DECIMAL + number if '.' in number else int(number)


def json_key(columns, key):
    return text(key[0]) if len(key) == 1 else {name: text(part) for name, part in zip(columns, key)}


def json_report(ranking, top, table):
    rows = []
    if table:
        return {'name': ranking.name, 'matched': ranking.matched, 'keys': table.keys, 'rows': table.json_rows()}
    for key, row, _ in rank(ranking, top):
        numbers = {statistic.name: json_number(value_of(ranking, row, statistic)) for statistic in ranking.statistics}
        rows.append({**numbers, 'count': row.count, 'key': json_key(ranking.columns, key)})
    return {'name': ranking.name, 'matched': ranking.matched, 'keys': len(ranking.rows), 'rows': rows}


def wf2(result):
    """As the Wide Finder 2 contest had it."""
    keys = {ranking.name: len(ranking.rows) for ranking in result.rankings}
    lines = [b'%d resources, %d 404s, %d clients' % (keys['hits'], keys['404s'], keys['clients']), b'']
    for ranking in result.rankings:
        lines.append(WF2_TITLES[ranking.name])
        for (key,), row, _ in rank(ranking, result.top_of(ranking)):
            short = key[:60] + b'...' if len(key) > 60 else key
            total = value_of(ranking, row, ranking.statistics[0]) if ranking.statistics else None
            number = b'%10d' % row.count if total is None else b'%9.1fM' % (total / UNIT / 2 ** 20)
            lines.append(b' ' + number + b': ' + short)
        lines.append(b'')
    return b'\n'.join(lines) + b'\n'
