#!/usr/bin/python3
"""oracle.py -- what wf must answer, told slowly and plainly.

    oracle.py [-e RE [-k TEMPLATE] | -f LIST] [-d C] [-i] [-g RE]... [-v RE]... [-w COND]... [--since TIME] [--until TIME] [-s WHAT]...
              [--order ORDER] [--min N] [-n N] [-r NAME | --reports FILE] [--log-format FORMAT] [--tz ZONE] [--unmatched FILE]
              [--tsv | --csv | --json] [--account] [FILE]...

The tests hold wf against this program.  It reads everything into memory,
splits it at newlines, asks each line in turn, counts in a dict and sorts the
dict: no chunks, no workers, no tables, nothing that could go wrong the way it
goes wrong in wf.  It prints what wf prints into a pipe and exits as wf exits.

A line's way, and the files that tell it:

    oracle_formats.py   the line becomes a record, by its file's log format
    oracle_fields.py    the record has fields: url, hour, site
    oracle_query.py     filters, keys and numbers are functions of line and record
    oracle_statistics.py    numbers become sums, averages, percentiles
    oracle_reports.py   sets of rankings
    oracle_print.py     what was counted becomes text

RE is Python's dialect, on bytes.  Tests use only patterns that mean the same
to Python and to PCRE2, or hand each program its own spelling.  The JSON says
the same as wf's in other bytes: compare it parsed, and without "query".
With --account, the account alone is printed, as one JSON object.
"""

import dataclasses
import datetime
import getopt
import json
import os
import re
import sys

import zoneinfo

import oracle_fields
import oracle_formats
import oracle_over
import oracle_period
import oracle_print
import oracle_reports
from oracle_fields import table_name, table_value
from oracle_query import (NO_NUMBER, BadQuery, Expression, Question, Row, groups_of, is_column, is_too_large, line_filter, names_in,
                          number_of, parse_fields, ranking_of)


@dataclasses.dataclass(frozen=True)
class Query:
    """What the user asks: one question, or a set of them, and what holds for all."""
    question: Question = Question()     # its filters are unused: they are these:
    grep: tuple = ()
    vgrep: tuple = ()
    where: tuple = ()
    since: bytes = None                 # times as a log may have them
    until: bytes = None
    ignore_case: bool = False
    delimiter: str = None
    log_format: str = 'auto'
    tz: str = None
    report: str = None
    reports: bytes = None               # the text of a reports file
    top: int = None


ACCOUNT = ('bytes', 'lines', 'matched', 'unmatched', 'unparsed', 'filtered', 'given_up', 'not_numbers', 'keys')


class Result:
    """What was counted, and where every line went."""

    def __init__(self, rankings, top, totals=None, is_set=False):
        self.rankings = rankings
        self.top = top                  # of all rankings, or None
        self.tables = []                # of each ranking, if it is a table over time
        self.totals = totals
        self.is_set = is_set
        self.account = dict.fromkeys(ACCOUNT, 0)
        self.unmatched = []             # (number of the input, number of the line, the line)
        self.unknown = []               # (number of the input, number of its first line that is not blank)
        self.too_large = False          # a line was left out because of its number

    def top_of(self, ranking):
        return next(top for top in (self.top, ranking.top, 10) if top is not None)


# Lines

def lines_of(data):
    """The lines of one input, without their ends: \\n, or \\r\\n."""
    lines = data.removeprefix(b'\xef\xbb\xbf').split(b'\n')
    if lines[-1] == b'':
        lines.pop()                     # what follows the last \n is no line
    return [line.removesuffix(b'\r').lstrip(b'\0') for line in lines]    # a hole of NULs is skipped


# What is asked

def delimiter_byte(text):
    """What is told as a delimiter, as a byte."""
    return b'\t' if text == '\\t' else text and os.fsencode(text)


class Plan:
    """A Query in functions.  Raises BadQuery."""

    def __init__(self, query):
        oracle_fields.zone = zone_of(query.tz)
        common, questions = self.questions(query)
        self.delimiter = delimiter_byte(query.delimiter or common.get('delimiter'))
        ignore_case = query.ignore_case or common.get('ignore_case', False)
        keep = [line_filter(query.grep, query.vgrep, query.ignore_case),
                line_filter(common.get('grep', ()), common.get('vgrep', ()), ignore_case)]
        self.keep = lambda line: all(function(line) for function in keep)
        groups = groups_of(questions[0]) if len(questions) == 1 else None
        self.conditions = [Expression(text, query.ignore_case, self.delimiter, groups) for text in query.where]
        self.conditions += [Expression(text, ignore_case, self.delimiter, groups) for text in common.get('where', ())]
        self.period = oracle_period.Period(query.since, query.until) if query.since or query.until else None
        if self.period and self.period.is_empty():
            raise BadQuery('since: not before until')
        self.top = query.top
        self.is_set = query.report is not None or query.reports is not None
        self.has_totals = query.report == 'overview'
        self.make_rankings = lambda: [ranking_of(question, self.delimiter) for question in questions]
        if query.report == 'wf2':
            self.make_rankings = oracle_reports.wf2
        self.make_rankings()
        # A format that lacks what the overview asks for is no mistake.
        names = names_in(questions, self.conditions)
        self.names = {name for name in names_in(() if self.has_totals else questions, self.conditions)
                      if not is_column(name) and name != '@host'}
        if self.period:
            names.add('time')
            self.names.add('time')
        # @host alone, as any name, asks for lines of a format; with a column or a pattern, it is of any text.
        of_text = any(map(is_column, names)) or any(question.regexp is not None or question.patterns is not None for question in questions)
        self.needs_format = not all(is_column(name) or name == '@host' for name in names) or ('@host' in names and not of_text)
        if self.delimiter is not None and (len(self.delimiter) != 1 or not any(is_column(name) and name != '0' for name in names)):
            raise BadQuery('delimiter: one byte, and a column to cut')
        try:
            self.log_format = oracle_formats.format_of(common.get('log_format', query.log_format))
        except oracle_formats.BadFormat as error:
            raise BadQuery(error) from None

    @staticmethod
    def questions(query):
        """(what a reports file says of all rankings, the Questions)"""
        if query.report is None and query.reports is None:
            return {}, [query.question]
        if query.question != Question(ignore_case=query.question.ignore_case) or None not in (query.report, query.reports):
            raise BadQuery('a report and a ranking')
        if query.reports is not None:
            return oracle_reports.own(query.reports)
        if query.report not in ('overview', 'wf2'):
            raise BadQuery(f'report: no {query.report}')
        return {}, oracle_reports.overview() if query.report == 'overview' else []

    def formats(self, inputs):
        """The format of each input: None where none is needed, 'unknown' where none fits."""
        return [self.format_of(lines) if self.needs_format else None for lines in inputs]

    def format_of(self, lines):
        is_blank = not any(line.strip(b' \t') for line in lines)
        log_format = oracle_formats.with_columns(self.log_format, lines) or oracle_formats.told_format(lines)
        if not log_format:
            return oracle_formats.Template(oracle_formats.COMMON) if is_blank else 'unknown'
        # What W3C's lines have is told by the file, if anything is in it.
        for name in () if is_blank and isinstance(log_format, oracle_formats.W3c) else self.names:
            if not log_format.knows(name.removeprefix('.'), table_name(name)):
                raise BadQuery(f'no field {name}')
        return log_format


def zone_of(name):
    """The zone of --tz, or None."""
    offset = re.fullmatch('([+-])([0-9]{2})(?::?([0-9]{2}))?', name or '')
    if offset and int(offset[2]) < 24 and int(offset[3] or 0) < 60:
        minutes = 60 * int(offset[2]) + int(offset[3] or 0)
        return datetime.timezone(datetime.timedelta(minutes=-minutes if offset[1] == '-' else minutes))
    try:
        return name and zoneinfo.ZoneInfo(name.upper() if name == 'utc' else name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        raise BadQuery(f'tz: {name}') from None


# Counting

def count(inputs, query):
    """The Result for a list of inputs, each one's bytes.  Raises BadQuery."""
    plan = Plan(query)
    totals = {'requests': 0, 'bytes': 0, 'unparsed': 0, 'from': None, 'to': None} if plan.has_totals else None
    result = Result(plan.make_rankings(), plan.top, totals, plan.is_set)
    inputs_lines = [lines_of(data) for data in inputs]
    for number, (log_format, lines, data) in enumerate(zip(plan.formats(inputs_lines), inputs_lines, inputs)):
        if log_format == 'unknown':
            result.unknown.append((number, next(n for n, line in enumerate(lines, 1) if line.strip(b' \t'))))
            continue
        result.account['bytes'] += 0 if plan.period else len(data)
        lengths = oracle_period.raw_lengths(data)
        read = log_format.reader() if log_format else lambda line: True
        for line_number, line in enumerate(lines, 1):
            record = read(line)
            if plan.period:
                if record is None or record is oracle_formats.COMMENT or not plan.period.has(record):
                    continue
                result.account['bytes'] += lengths[line_number - 1]
            verdict = ask(plan, result, line, record)
            result.account['lines'] += 1
            result.account[verdict] += 1
            if verdict in ('unmatched', 'unparsed', 'given_up'):
                result.unmatched.append((number, line_number, line))
    result.tables = [oracle_over.table_of(ranking, result.top_of(ranking)) if ranking.over else None for ranking in result.rankings]
    result.account['keys'] = sum(table.keys if table else len(ranking.rows) for ranking, table in zip(result.rankings, result.tables))
    if totals:
        totals['unparsed'] = result.account['unparsed']
    result.too_large = result.account['given_up'] > 0
    return result


def ask(plan, result, line, record):
    """Counts a line; its verdict."""
    if not plan.keep(line) or record is oracle_formats.COMMENT:
        return 'filtered'
    if record is None:
        return 'unparsed'
    if not all(condition.holds(line, record) for condition in plan.conditions):
        return 'filtered'
    size = number_of(table_value(record, 'bytes'), 'bytes') if result.totals else 0
    found = [(ranking, key, taken) for ranking in result.rankings for key, taken in entries_of(ranking, line, record)]
    if is_too_large(size) or any(is_too_large(number) for _, _, taken in found for number in taken):
        return 'given_up'
    if result.totals:
        add_to_totals(result.totals, record, size)
    for ranking, key, taken in found:
        row = ranking.rows.setdefault(key, Row(ranking.statistics))
        row.count += 1
        for values, value in zip(row.taken, taken):
            if value is not None and value is not NO_NUMBER:
                values.append(value)
        ranking.matched += 1
    result.account['not_numbers'] += any(value is NO_NUMBER for _, _, taken in found for value in taken)
    return 'matched' if found else 'unmatched'


def entries_of(ranking, line, record):
    """Each (key, what each statistic takes) of a line in one ranking."""
    for key in ranking.keys_of(line, record) if ranking.keep(line, record) else ():
        yield key, [statistic.read(line, record) for statistic in ranking.statistics]


def add_to_totals(totals, record, size):
    totals['requests'] += 1
    totals['bytes'] += size if isinstance(size, int) else 0
    time = table_value(record, 'time')
    if time is not None:
        time = time.decode()
        totals['from'] = min(totals['from'] or time, time)
        totals['to'] = max(totals['to'] or time, time)


# Results

def render(result, form='plain', wf2=False):
    """A result as wf prints it into a pipe; form is plain, tsv, csv or json."""
    if form == 'plain':
        return oracle_print.wf2(result) if wf2 else oracle_print.plain(result)
    if form == 'tsv':
        return oracle_print.separated(result, b'\t', b'\n', oracle_print.tsv_key)
    if form == 'csv':
        return oracle_print.separated(result, b',', b'\r\n', oracle_print.csv_key)
    answer = json.dumps({'query': {}} | oracle_print.json_answer(result))
    mark = json.dumps(oracle_print.JSON_DECIMAL).strip('"')
    return re.sub(rf'"{re.escape(mark)}([0-9.-]+)"', r'\1', answer).encode() + b'\n'


def unmatched_text(result, names):
    """What --unmatched writes; names: of the inputs."""
    return b''.join(b'%s:%d:%s\n' % (names[number], line_number, line) for number, line_number, line in result.unmatched)


def exit_status(result, lost=False):
    """What wf exits with; lost: some input could not be read."""
    if lost or result.unknown or result.too_large:
        return 2
    return 0 if result.account['matched'] else 1


# The program

def read_inputs(names):
    """The bytes of each readable input and its name, and whether one was not readable."""
    inputs = []
    lost = False
    for name in names or ['-']:
        try:
            if name == '-':
                inputs.append((sys.stdin.buffer.read(), b'standard input'))
            else:
                with open(name, 'rb') as file:
                    inputs.append((file.read(), os.fsencode(name)))
        except OSError as error:
            print(f'oracle: {name}: {error.strerror}', file=sys.stderr)
            lost = True
    return inputs, lost


LONG_OPTIONS = ['regexp=', 'only-matching', 'patterns=', 'sub=', 'key=', 'ignore-case', 'fields=', 'over=', 'delimiter=', 'where=', 'sum=', 'order=', 'min=', 'grep=', 'vgrep=', 'top=', 'since=', 'until=',
                'report=', 'reports=', 'log-format=', 'tz=', 'unmatched=', 'tsv', 'csv', 'json', 'format=', 'quiet', 'account',
                'jobs=', 'chunk-size=', 'stats', 'color=']     # change no answer: ignored
LONG = {'-e': 'regexp', '-o': 'only-matching', '-E': 'patterns', '-k': 'key', '-i': 'ignore-case', '-f': 'fields', '-t': 'over', '-d': 'delimiter', '-w': 'where', '-s': 'sum', '-g': 'grep',
        '-v': 'vgrep', '-n': 'top', '-r': 'report', '-q': 'quiet', '-j': 'jobs'}
ONCE = ('fields', 'over')


def parse_options(arguments):
    """(Query, options of the output as a dict, FILEs) of a command line."""
    options, names = getopt.gnu_getopt(arguments, 'e:oE:k:if:t:d:w:s:g:v:n:r:j:q', LONG_OPTIONS)
    question, query, output = {}, {}, {'form': 'plain'}
    for option, value in options:
        option = LONG.get(option, option.removeprefix('--'))
        raw = os.fsencode(value)
        if option in ONCE and option in question:
            raise BadQuery(f'{option}: given twice')
        if option == 'regexp':
            question[option] = question.get(option, ()) + (raw,)
        elif option == 'only-matching':
            question['only_matching'] = True
        elif option == 'patterns':
            with open(value, 'rb') as file:
                lines = [line.removesuffix(b'\r') for line in file.read().split(b'\n')]
            question[option] = question.get(option, ()) + tuple((line, line) for line in lines if line)
        elif option == 'sub':
            question['subs'] = question.get('subs', ()) + (raw,)
        elif option == 'key':
            question[option] = raw
        elif option == 'sum':
            question[option] = question.get(option, ()) + (value,)
        elif option in ('order', 'over'):
            question[option] = value
        elif option == 'min':
            question['least'] = int(value)
        elif option == 'fields':
            question[option] = parse_fields(value)
        elif option == 'ignore-case':
            query['ignore_case'] = question['ignore_case'] = True
        elif option in ('grep', 'vgrep', 'where'):
            query[option] = query.get(option, ()) + (raw,)
        elif option == 'delimiter':
            query['delimiter'] = value
        elif option in ('since', 'until'):
            query[option] = raw
        elif option == 'top':
            if not re.fullmatch(r'[0-9]+', value):
                raise BadQuery('top: not a number')
            query['top'] = int(value)
        elif option in ('report', 'log-format', 'tz'):
            query[option.replace('-', '_')] = value
        elif option == 'reports':
            with open(value, 'rb') as file:
                query['reports'] = file.read()
        else:
            set_output(output, option, value)
    return Query(question=Question(**question), **query), output, names


def set_output(output, option, value):
    if option == 'format' and value not in ('plain', 'tsv', 'csv', 'json'):
        raise BadQuery(f'format: no {value}')
    if option in ('tsv', 'csv', 'json', 'quiet', 'format'):
        output['form'] = value or option
    elif option in ('account', 'unmatched'):
        output[option] = value or True


def main(arguments):
    try:
        query, output, names = parse_options(arguments)
        Plan(query)                     # a bad query is found before reading
        inputs, lost = read_inputs(names)
        result = count([data for data, _ in inputs], query)
    except (BadQuery, getopt.GetoptError, OSError) as error:
        print(f'oracle: {error}', file=sys.stderr)
        return 2
    for number, line in result.unknown:
        print(f'oracle: {inputs[number][1]}: line {line} fits no known log format', file=sys.stderr)
    if 'unmatched' in output:
        with open('/dev/stderr' if output['unmatched'] == '-' else output['unmatched'], 'wb') as file:
            file.write(unmatched_text(result, [name for _, name in inputs]))
    if 'account' in output:
        print(json.dumps(result.account))
    elif output['form'] != 'quiet':
        sys.stdout.buffer.write(render(result, output['form'], query.report == 'wf2'))
    return exit_status(result, lost)


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
