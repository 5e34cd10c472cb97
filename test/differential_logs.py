"""differential_logs.py -- wf against the oracle on real logs, and against what other programs said of them.
"""

import dataclasses
import gzip
import itertools
import os
import pathlib
import re
import shutil

import oracle
from differential_cases import Case
from differential_compare import json_answer, wf2_answer
from differential_patterns import WF1
from running import clipped, run_wf


def true_rankings(path):
    """{log: (matches, distinct, rows as COUNT: KEY, the WF2 report)} of a TRUTH.txt."""
    truth = {}
    for part in re.split(rb'(?m)^(?=== )', path.read_bytes()):
        head = re.match(rb'== (\S+) WF1 matches (\d+) distinct (\d+).*\n((?:\d+: .*\n)*)', part)
        if head:
            truth[head[1].decode()] = (int(head[2]), int(head[3]), head[4].splitlines(), part[head.end():])
    return truth


# What is asked of each log besides WF1 and the URL: that any field gives what the oracle says.
LOG_QUESTIONS = (
    *({'fields': name} for name in ('client', 'ident,user', 'request', 'method,proto', 'path', 'query', 'status', 'bytes', 'referrer', 'agent', 'time', 'class,hour',
                                    'day', 'minute', 'ext', 'site', '@host', '@host,status', '@host,7', '1', '0', '7,9', '99', '4,6', 'status,2')),
    {'fields': '2', 'delimiter': '"'}, {'fields': 'url', 'sum': 'bytes'}, {'fields': 'class', 'sum': 'bytes', 'where': (b'bytes>=1000',)},
    {'fields': 'hour', 'order': 'last'}, {'fields': 'status', 'order': 'key'}, {'fields': 'url', 'where': (b'status=404', b'agent!~(?i)bot')},
    {'where': (b'site ~ google', b'status < 400')}, {'regexp': WF1, 'where': (b'status=200',), 'sum': 'bytes'}, {'fields': 'client', 'sum': '10'},
    {'report': 'overview'}, {'report': 'wf2'})


def log_checks(tester, logs_directory):
    """The logs in a directory, packed by gzip: WF1, the URL, WF2 and fields, with several jobs and chunk sizes."""
    truth_file = pathlib.Path(logs_directory, 'TRUTH.txt')
    truth = true_rankings(truth_file) if truth_file.exists() else {}
    for packed in sorted(pathlib.Path(logs_directory).glob('*.gz')):
        path = os.path.join(tester.directory, packed.stem)
        with gzip.open(packed) as source, open(path, 'wb') as target:
            shutil.copyfileobj(source, target)
        data = pathlib.Path(path).read_bytes()
        ways = list(itertools.product((1, 2, 4), (None, '4K', '65537', '1M')))
        for asked in ({'regexp': WF1}, {}):
            check_log(tester, path, Case(files=(data,), **asked), ways)
        for number, asked in enumerate(LOG_QUESTIONS):
            check_log(tester, path, Case(files=(data,), **asked), ways[number % len(ways):][:1])
        if packed.stem in truth:
            check_truth(tester, path, truth[packed.stem])
        os.unlink(path)


def check_log(tester, path, case, ways):
    result = oracle.count(case.inputs(), case.query())
    name = f'log {os.path.basename(path)}'
    for (jobs, chunk), (top, form) in itertools.product(ways, ((0, 'plain'), (10, 'json'))):
        result.top = top
        told = dataclasses.replace(case, jobs=jobs, chunk=chunk, top=top, form=form)
        got = run_wf(tester.binary, told.options(), [path])
        expected = oracle.render(result, form, case.report == 'wf2')
        if form == 'json':
            read = wf2_answer if case.report == 'wf2' else json_answer
            same = read(got.stdout) == read(expected)
        else:
            same = got.stdout == expected
        same = same and got.status == oracle.exit_status(result)
        words = b' '.join(told.options()).decode()
        tester.verdict(name, same, f'wf {words}: exit status {got.status}, {got.stderr!r}, {clipped(got.stdout)}, expected {clipped(expected)}')


def check_truth(tester, path, truth):
    """The rankings that other programs agreed on."""
    matches, distinct, rows, wf2 = truth
    options = Case(files=(), regexp=WF1, top=len(rows)).options()
    got = run_wf(tester.binary, options, [path]).stdout
    got_rows = [re.sub(rb'^ *(\d+) ', rb'\1: ', line) for line in got.split(b'\n')[:-1]]
    tester.verdict(f'truth {path}', got_rows == rows, f'{got_rows}, expected {rows}')
    account = json_answer(run_wf(tester.binary, [*options, b'--json'], [path]).stdout)['account']
    tester.verdict(f'truth {path}', (account['matched'], account['keys']) == (matches, distinct), f'{account}')
    for jobs, chunk in itertools.product((1, 2, 4), (None, '4K', '65537')):
        case = Case(files=(), report='wf2', jobs=jobs, chunk=chunk)
        got = run_wf(tester.binary, case.options(), [path])
        tester.verdict(f'truth {path}', got.stdout == wf2, f'-r wf2 -j {jobs} --chunk-size {chunk}: {clipped(got.stdout)}, expected {clipped(wf2)}')
