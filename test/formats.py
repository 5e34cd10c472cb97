"""formats.py WF [--write] -- does wf read each kind of log in test/formats/ as it should, and does doc/formats.md list it?

A file of test/formats/ describes a kind of log:

	kind: Apache, common
	see: https://...		where the format is documented
	format: common			the name that --explain prints: "made" if it is a string that wf made from the lines
	options: --log-format F		needed only if the format cannot be detected
	fields: client,status		the fields that are asked for
	= 192.0.2.10 | 200		their values, for each line
	---
	lines, of which the last one does not fit

Each line but the last is written REPEATS times, as one line of few that does not fit is a reason to reject a format.
What --explain prints as the format must give the same answers as --log-format.

The table of doc/formats.md is made from these files and from what wf says about them: --write replaces it, else it is
compared.
"""

import collections
import glob
import json
import os
import subprocess
import sys
import tempfile

TREE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PAGE = f'{TREE}/doc/formats.md'
HEADING = '| kind of log | format | fields | example |\n'
LEAST = 45
REPEATS = 4
WRITTEN = 1182168000    # 2007-06-18T12:00:00Z, which gives times without a year their year
BASE_FIELDS = 'client ident user time request method url path query proto status bytes referrer agent host port'.split()


class Kind:
    def __init__(self, path):
        with open(path) as file:
            head, lines = file.read().split('\n---\n', 1)
        self.name = os.path.basename(path)[:-len('.txt')]
        self.rows = []
        values = {'options': ''}
        for line in head.splitlines():
            if line.startswith('= '):
                self.rows.append(line[2:].split(' | '))
            else:
                name, values[name] = line.split(': ', 1)[0], line.split(': ', 1)[1]
        self.title, self.see, self.format = values['kind'], values['see'], values['format']
        self.fields = values['fields'].split(',')
        self.options = values['options'].split(' ', 1) if values['options'] else []
        *fitting, self.misfit = lines.splitlines()
        self.headers, self.lines = fitting[:-len(self.rows)], fitting[-len(self.rows):]
        self.log = f'{self.name}.log'

    def write_log(self):
        lines = self.headers + REPEATS * self.lines + [self.misfit]
        with open(self.log, 'w') as file:
            file.write('\n'.join(lines) + '\n')
        os.utime(self.log, (WRITTEN, WRITTEN))
        self.n = len(lines)


def run(*arguments):
    done = subprocess.run([wf, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
    return done.stdout.decode(), done.stderr.decode(), done.returncode


def explain(some):
    """For each of some kinds with the same options: the format that --explain names, and the base fields that it shows
    for the first line that fits.  The field @host needs a format, but no field of the lines."""
    out, err, _ = run('--explain', *some[0].options, '-f', '@host', *(kind.log for kind in some))
    format, block, of_log = '', '', {}
    for line in out.splitlines():
        if line.startswith('  format '):
            format, block = line.split(None, 1)[1], ''
        elif not line.startswith('  '):
            block = ':'.join(line.split(':', 2)[:2])
            of_log[block] = (format, set())
        elif block:
            of_log[block][1].add(line.split()[0])
    for kind in some:
        kind.explained = of_log.get(f'{kind.log}:{len(kind.headers) + 1}', (err, set()))


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def answer(kind, options):
    return run('--json', '-n', '0', '-f', ','.join(kind.fields), *options, kind.log)


def check_kind(kind):
    """Returns the format, and its base fields."""
    check(len(kind.rows) >= 5, 'fewer than five lines')
    format, names = kind.explained
    check(format == kind.format or (kind.format == 'made' and '$' in format), f'the format is {format}')
    out, err, status = answer(kind, kind.options)
    check(status == 0, err)
    said = json.loads(out)
    account = said['account']
    got = collections.Counter({tuple(row['key'].values()): row['count'] for row in said['reports'][0]['rows']})
    expected = collections.Counter(REPEATS * [tuple(row) for row in kind.rows])
    check(got == expected, f'not {sorted((expected - got).items())}, but {sorted((got - expected).items())}; {err}')
    check(account['unparsed'] == 1 and account['lines'] == kind.n, f'{account}')
    check(f'1 of {kind.n} lines do not fit' in err and f'the first is line {kind.n} of {kind.log}' in err, err)
    out, err, status = answer(kind, ['--log-format', format])
    check(status == 0, f'--log-format {format}: {err}')
    again = json.loads(out)
    check(again['reports'] == said['reports'] and again['account'] == account, f'--log-format {format} gives {out}')
    return format, [name for name in BASE_FIELDS if name in names or name in kind.fields]


def code(text):
    """Text as code in a table of Markdown."""
    text = text.replace('\t', '\\t').replace('|', '\\|')
    return f'`` {text} ``' if '`' in text else f'`{text}`'


def row_of(kind, format, base):
    fields = [*base, *(name for name in kind.fields if name not in base)]
    note = ' (not detected)' if kind.options else ''
    return f'| [{kind.title}]({kind.see}) | {code(format)}{note} | {" ".join(map(code, fields))} | {code(kind.lines[0])} |\n'


def check_page(table):
    with open(PAGE) as file:
        before, heading, after = file.read().partition(HEADING)
    if '--write' in sys.argv:
        with open(PAGE, 'w') as file:
            file.write(before + table)
        return True
    there, here = (heading + after).splitlines(), table.splitlines()
    for line in collections.Counter(there) - collections.Counter(here):
        print(f'doc/formats.md has a line that test/formats/ does not give: {line}')
    for line in collections.Counter(here) - collections.Counter(there):
        print(f'doc/formats.md lacks this line: {line}')
    if there != here:
        print('to write it again: python3 test/formats.py ./wf --write')
    return there == here


wf = os.path.abspath(sys.argv[1])
kinds = sorted((Kind(path) for path in glob.glob(f'{TREE}/test/formats/*.txt')), key=lambda kind: kind.title.lower())
assert len(kinds) >= LEAST, len(kinds)
assert len({kind.title for kind in kinds}) == len(kinds)
bad, table = [], HEADING + '| --- | --- | --- | --- |\n'
with tempfile.TemporaryDirectory() as directory:
    os.chdir(directory)
    for kind in kinds:
        kind.write_log()
    explain([kind for kind in kinds if not kind.options])
    for kind in kinds:
        if kind.options:
            explain([kind])
    for kind in kinds:
        try:
            table += row_of(kind, *check_kind(kind))
        except AssertionError as error:
            bad.append(kind.name)
            print(f'{kind.name}: {error}')
print(f'{len(kinds) - len(bad)} kinds of logs are read correctly, {len(bad)} are not')
sys.exit(bool(bad) or not check_page(table))
