"""oracle_print.py -- how a result is printed, for oracle.py."""

import re

from oracle_reports import WF2_TITLES
from oracle_parts import order_of
from oracle_query import UNIT


def rank(ranking, top):
    """(count, sum, key) of a ranking's first rows, in its order; all if top is 0."""
    rows = [(count, total, key) for key, (count, total) in ranking.rows.items()]
    if ranking.order == 'count':
        rows.sort(key=lambda row: (-(row[1] if ranking.sum_of else row[0]), row[2]))
        return rows[:top] if top else rows
    rows.sort(key=lambda row: tuple(map(order_of, row[2])))
    if ranking.order == 'last':
        return rows[-top:]
    return rows[:top] if top else rows


def sum_text(total):
    """Billionths as a decimal number without trailing zeros."""
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

def plain_rows(ranking, top):
    lines = []
    for count, total, key in rank(ranking, top):
        numbers = b'%7s %7d' % (sum_text(total), count) if ranking.sum_of else b'%7d' % count
        lines.append(numbers + b' ' + b'\t'.join(key).replace(b'\n', b'\\n') + b'\n')
    return b''.join(lines)


def plain(result):
    if not result.is_set:
        (ranking,) = result.rankings
        return plain_rows(ranking, result.top_of(ranking))
    parts = [ranking.name.encode() + b'\n' + plain_rows(ranking, result.top_of(ranking)) for ranking in result.rankings]
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
    if result.is_set:
        lines = [[b'report', b'count', b'sum', b'key'], *total_lines(result.totals or {})]
        for ranking in result.rankings:
            for count, total, key in rank(ranking, result.top_of(ranking)):
                numbers = [b'%d' % count, sum_text(total) if ranking.sum_of else b'']
                lines.append([escape(ranking.name.encode()), *numbers, escape(b'\t'.join(key))])
    else:
        (ranking,) = result.rankings
        lines = [[*([b'sum'] if ranking.sum_of else []), b'count', *(escape(name.encode()) for name in ranking.columns)]]
        for count, total, key in rank(ranking, result.top_of(ranking)):
            lines.append([*([sum_text(total)] if ranking.sum_of else []), b'%d' % count, *map(escape, key)])
    return b''.join(separator.join(line) + end for line in lines)


def json_answer(result):
    """What the JSON says, without "query"; a sum is an int or, with decimals, text."""
    answer = {'account': result.account, 'reports': [json_report(ranking, result.top_of(ranking)) for ranking in result.rankings]}
    if result.totals:
        answer['totals'] = result.totals | {'bytes': json_sum(result.totals['bytes'])}
    return answer


def json_sum(total):
    number = sum_text(total).decode()
    return number if '.' in number else int(number)


def json_report(ranking, top):
    rows = []
    for count, total, key in rank(ranking, top):
        sums = {'sum': json_sum(total)} if ranking.sum_of else {}
        told = text(key[0]) if len(key) == 1 else {name: text(part) for name, part in zip(ranking.columns, key)}
        rows.append({**sums, 'count': count, 'key': told})
    return {'name': ranking.name, 'matched': ranking.matched, 'keys': len(ranking.rows), 'rows': rows}


def wf2(result):
    """As the Wide Finder 2 contest had it."""
    keys = {ranking.name: len(ranking.rows) for ranking in result.rankings}
    lines = [b'%d resources, %d 404s, %d clients' % (keys['hits'], keys['404s'], keys['clients']), b'']
    for ranking in result.rankings:
        lines.append(WF2_TITLES[ranking.name])
        for count, total, (key,) in rank(ranking, result.top_of(ranking)):
            short = key[:60] + b'...' if len(key) > 60 else key
            number = b'%9.1fM' % (total / UNIT / 2 ** 20) if ranking.sum_of else b'%10d' % count
            lines.append(b' ' + number + b': ' + short)
        lines.append(b'')
    return b'\n'.join(lines) + b'\n'
