#!/usr/bin/python3
"""differential.py -- wf against oracle.py on many thousand small questions.

    differential.py WF_BINARY [--seconds N] [--seed S] [--logs DIR] [--only FAMILY/NUMBER]

Makes up inputs that are likely to break a program which cuts bytes into
chunks and lines into keys, asks wf and the oracle the same question, and
compares what they print, how they exit, and (with --json) their accounts of
the lines.  The inputs and questions come in families, one function each below:
tiny strings, many tiny files, access log lines damaged where it matters,
hostile bytes, generated logs, long lines and many keys; every field of every
log format, columns, conditions, sums, orders, sets of rankings, and files of
several formats at once.  Other families ask grep, sort and uniq instead of the
oracle, or ask what must be refused.

Case NUMBER of a family depends on the seed only; --only asks it again alone.
A difference is made smaller, its input is kept, and a command line that
shows it is printed.  The last line is "N passed, N failed".
"""

import argparse
import contextlib
import dataclasses
import functools
import gzip
import itertools
import json
import os
import pathlib
import random
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import warnings

sys.dont_write_bytecode = True      # leave nothing in the source tree
import oracle
import oracle_questions
from oracle_lines import damaged, pick_bytes

HERE = pathlib.Path(__file__).resolve().parent
MAX_FAILURES = 25               # then a run stops: the first ones tell enough
TIMEOUT = 30                    # seconds for one wf
CPUS = ('plain', 'sse2', 'avx2', 'avx512', 'neon')
MINIMIZE_SECONDS = 6

# sre warns of classes that a later Python may read otherwise.
warnings.simplefilter('ignore', FutureWarning)


# Cases

@dataclasses.dataclass(frozen=True)
class Pattern:
    """One regular expression, as PCRE2 and as Python spell it."""
    pcre: bytes
    python: bytes = None
    groups: bool = True         # False: the spellings number their groups differently

    def for_python(self):
        return self.pcre if self.python is None else self.python


@dataclasses.dataclass(frozen=True)
class Case:
    """One question: the input, the query, and how wf is told to work."""
    files: tuple
    regexp: Pattern = None
    key: bytes = None
    grep: tuple = ()
    vgrep: tuple = ()
    ignore_case: bool = False
    fields: str = None
    delimiter: str = None       # as on the command line: \\t is a tab
    where: tuple = ()
    sum: str = None
    order: str = None
    log_format: str = None
    report: str = None
    reports: bytes = None       # the text of a reports file
    unmatched: bool = False
    top: int = None
    form: str = 'plain'
    jobs: int = None
    chunk: str = None
    how: str = 'file'           # file, stdin, pipe, fifo
    cpu: str = None
    missing: bool = False       # one more file, which is not there
    parts: bool = False         # each file is counted and saved by itself, then all are merged

    def inputs(self):
        """What wf is given: the files, or all their bytes as one."""
        return self.files if self.how == 'file' else (b''.join(self.files),)

    def names(self):
        """What wf calls them; a FIFO as standard input."""
        return [b'f%d' % number for number in range(len(self.files))] if self.how == 'file' else [b'standard input']

    def query(self):
        question = oracle.Question(
            regexp=self.regexp and self.regexp.for_python(), key=self.key, ignore_case=self.ignore_case,
            fields=self.fields and oracle.parse_fields(self.fields), sum=self.sum, order=self.order or 'count')
        return oracle.Query(
            question=question, grep=tuple(p.for_python() for p in self.grep), vgrep=tuple(p.for_python() for p in self.vgrep),
            where=self.where, ignore_case=self.ignore_case, delimiter=self.delimiter,
            log_format=self.log_format or 'auto', report=self.report, reports=self.reports, top=self.top)

    def options(self):
        """The options of the command line, bytes each."""
        return self.asking() + self.printing()

    def asking(self):
        """Those that change what is counted, and its order."""
        options = []
        if self.regexp:
            options += [b'-e', self.regexp.pcre]
        for pattern in self.grep:
            options += [b'-g', pattern.pcre]
        for pattern in self.vgrep:
            options += [b'-v', pattern.pcre]
        for condition in self.where:
            options += [b'-w', condition]
        if self.ignore_case:
            options.append(b'-i')
        for name, value in (('-k', self.key), ('-f', self.fields), ('-d', self.delimiter), ('-s', self.sum), ('--order', self.order),
                            ('--log-format', self.log_format), ('-r', self.report), ('--reports', self.reports and 'reports'),
                            ('--unmatched', 'unmatched' if self.unmatched else None), ('--chunk-size', self.chunk)):
            if value is not None:
                options += [name.encode(), value if isinstance(value, bytes) else str(value).encode()]
        return options

    def printing(self):
        """And how many are printed, by how many, and how."""
        options = []
        for name, value in (('-n', self.top), ('-j', self.jobs)):
            if value is not None:
                options += [name.encode(), str(value).encode()]
        if self.form != 'plain':
            options.append(b'--' + self.form.encode())
        return options


# Running wf

@dataclasses.dataclass
class Answer:
    stdout: bytes
    stderr: bytes
    status: object              # an exit status, or 'timeout'
    unmatched: bytes = None     # what --unmatched wrote
    merged: bool = False        # of what was saved


def feed(open_end, data, piece):
    """Writes data to the pipe that open_end opens, piece bytes at a time."""
    try:
        with open(open_end(), 'wb', buffering=0) as pipe:
            for at in range(0, len(data), piece):
                pipe.write(data[at:at + piece])
    except BrokenPipeError:
        pass


def start_feeder(open_end, data, piece):
    feeder = threading.Thread(target=feed, args=(open_end, data, piece or max(1, len(data) // 3)), daemon=True)
    feeder.start()
    return feeder


@contextlib.contextmanager
def pipe_of(data, piece):
    """The end of a pipe from which data can be read."""
    read_end, write_end = os.pipe()
    feeder = start_feeder(lambda: write_end, data, piece)
    try:
        yield read_end
    finally:
        os.close(read_end)      # lets go a feeder whose bytes were not all read
        feeder.join()


@contextlib.contextmanager
def fifo_of(data, piece, directory):
    """The name of a FIFO from which data can be read."""
    fifo = os.path.join(directory, f'fifo{time.monotonic_ns()}')
    os.mkfifo(fifo)
    feeder = start_feeder(lambda: os.open(fifo, os.O_WRONLY), data, piece)
    try:
        yield fifo
    finally:
        feeder.join(0.5)
        while feeder.is_alive():        # it waits for one who never opened the FIFO, or left
            os.close(os.open(fifo, os.O_RDONLY | os.O_NONBLOCK))
            feeder.join(0.1)
        os.unlink(fifo)


@contextlib.contextmanager
def given(how, paths, directory, piece):
    """(standard input, FILEs) that give wf the files at paths; pipe and fifo give all their bytes in a row."""
    if how == 'file':
        yield subprocess.DEVNULL, paths
    elif how == 'stdin':
        with open(paths[0], 'rb') as file:
            yield file, []
    else:
        data = b''.join(pathlib.Path(path).read_bytes() for path in paths)
        if how == 'pipe':
            with pipe_of(data, piece) as read_end:
                yield read_end, ['-'] if len(data) % 2 else []
        else:
            with fifo_of(data, piece, directory) as fifo:
                yield subprocess.DEVNULL, [fifo]


def environment(cpu=None):
    env = {'PATH': os.environ.get('PATH', '/usr/bin:/bin'), 'LC_ALL': 'C'}
    # A sanitized wf is told what to do by these.
    env.update((name, value) for name, value in os.environ.items() if name.endswith('SAN_OPTIONS'))
    if cpu:
        env['WF_CPU'] = cpu
    return env


def cpu_variants(binary):
    """What WF_CPU may be here: wf refuses what this machine has not."""
    return [name for name in CPUS if run_wf(binary, [], ['/dev/null'], cpu=name).status == 1]


def run_wf(binary, options, paths, how='file', cpu=None, cwd=None, piece=None):
    """Runs wf on the files at paths, which are given to it as how says: file, stdin, pipe or fifo."""
    with given(how, paths, cwd, piece) as (stdin, names):
        process = subprocess.Popen([binary, *options, *names], stdin=stdin, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, env=environment(cpu), cwd=cwd)
        try:
            stdout, stderr = process.communicate(timeout=TIMEOUT)
            return Answer(stdout, stderr, process.returncode)
        except subprocess.TimeoutExpired:
            process.kill()
            stdout, stderr = process.communicate()
            return Answer(stdout, stderr, 'timeout')


# Comparing

def json_answer(text):
    """What a JSON answer says, but for what was asked; a sum with decimals as text.  A ValueError if it is no JSON."""
    answer = json.loads(text.decode('utf-8', 'strict'), parse_float=str)
    del answer['query']
    answer['reports'] = [{name: report[name] for name in ('name', 'matched', 'keys', 'rows')} for report in answer['reports']]
    return answer


def wf2_answer(text):
    """A JSON answer to -r wf2: for what reason a line is in no ranking does not matter."""
    answer = json_answer(text)
    answer['account']['in none'] = sum(answer['account'].pop(name) for name in ('unmatched', 'unparsed', 'filtered'))
    return answer


def difference(got, case):
    """None, or how wf's Answer differs from the oracle's and what stdout should be."""
    try:
        result = oracle.count(case.inputs(), case.query())
    except oracle.BadQuery as error:
        if (got.status, got.stdout) == (2, b'') and got.stderr.startswith(b'wf: '):
            return None
        return f'not refused, though {error}', b''
    status = oracle.exit_status(result, case.missing)
    stdout = b'' if result.too_large else oracle.render(result, case.form, case.report == 'wf2')
    if got.status != status:
        return f'exit status {got.status}, not {status}', stdout
    if case.form == 'json' and not result.too_large:
        try:
            read = wf2_answer if case.report == 'wf2' else json_answer
            if read(got.stdout) != read(stdout):
                return 'JSON says something else', stdout
        except (ValueError, KeyError, TypeError) as error:
            return f'JSON cannot be read: {error!r}', stdout
    elif got.stdout != stdout:
        return 'stdout', stdout
    if case.unmatched and not case.missing and not result.too_large and got.unmatched != oracle.unmatched_text(result, case.names()):
        return f'--unmatched, not {oracle.unmatched_text(result, case.names())!r}', stdout
    complaint = wrong_complaint(got, case, result)
    return (complaint, stdout) if complaint else None


# What is said of a result that is right, but perhaps not meant.
TWICE = re.compile(rb'(?m)^wf: (?:.*: is counted in .* and in .*, so it counts twice|[.]{3} and [0-9]+ more .*|none of [0-9]+ lines .*|.*: none of its first lines .*|the sum of .*)\n')
HINT = re.compile(rb"(?m)^wf: (?:[0-9]+ of [0-9]+ lines do not fit their format: .*|the sum of '.*' is 0: .*|.*: none of its first lines has a field .*)\n")


def wrong_complaint(got, case, result):
    """None, or what is wrong with standard error."""
    if got.merged:
        return 'stderr is not empty' if got.status != 2 and TWICE.sub(b'', got.stderr) else None
    for number, line in result.unknown:
        name = case.names()[number] if case.how == 'file' else b''
        if not re.search(rb'(?m)^wf: .*%s: line %d is of no known format' % (re.escape(name), line), got.stderr):
            return f'stderr does not tell that line {line} of {name!r} is of no known format'
    if case.missing and b'nowhere' not in got.stderr:
        return 'stderr does not tell what is missing'
    if result.too_large and not got.stderr.startswith(b'wf: '):
        return 'stderr does not tell that a sum is too large'
    told = re.search(rb'(?m)^wf: ([0-9]+) of ([0-9]+) lines do not fit their format', got.stderr)
    unparsed, lines = result.account['unparsed'], result.account['lines']
    if told and (int(told[1]), int(told[2])) != (unparsed, lines):
        return f'stderr tells of other lines than {unparsed} of {lines}'
    due = unparsed > lines // 100 and result.account['matched'] and not result.too_large and case.report != 'wf2'
    if due and not told:
        return 'stderr does not tell that lines do not fit'
    # Where nothing was found, wf may say what to try.
    if HINT.sub(b'', got.stderr) and not (result.unknown or case.missing or result.too_large or not result.account['matched']):
        return 'stderr is not empty'
    return None


def write_files(case, directory):
    """Writes each input to a file in directory, and the reports file; the inputs' names."""
    names = []
    for number, data in enumerate(case.inputs()):
        names.append(f'f{number}')
        pathlib.Path(directory, names[-1]).write_bytes(data)
    if case.reports:
        pathlib.Path(directory, 'reports').write_bytes(case.reports)
    return names


class Tester:
    """Asks wf, counts what passed and failed, and shows the failures."""

    def __init__(self, binary, seed, directory):
        self.binary = os.path.abspath(binary)
        self.seed = seed
        self.directory = directory
        self.cpus = cpu_variants(self.binary)
        self.kept = None
        self.passed = self.failed = 0

    def ask(self, case):
        """wf's Answer to a case."""
        paths = write_files(case, self.directory)
        if case.parts:
            answer = self.ask_in_parts(case, paths)
            if answer:
                return answer
        if case.how != 'file':
            paths = [os.path.join(self.directory, path) for path in paths]
        if case.missing:
            paths.insert(len(paths) // 2, 'nowhere')
        cpu = case.cpu if case.cpu in self.cpus else None
        unmatched = pathlib.Path(self.directory, 'unmatched')
        unmatched.unlink(missing_ok=True)
        answer = run_wf(self.binary, case.options(), paths, case.how, cpu, self.directory)
        if unmatched.exists():          # a FIFO's name is another one each time
            fifo = rb'(?m)^' + re.escape(os.path.join(self.directory, 'fifo')).encode() + rb'\d+:'
            answer.unmatched = re.sub(fifo, b'standard input:', unmatched.read_bytes())
        return answer

    def ask_in_parts(self, case, paths):
        """wf's Answer from snapshots of the files; None if one can't be counted as a whole."""
        cpu = case.cpu if case.cpu in self.cpus else None
        saved = []
        for path in paths:
            answer = run_wf(self.binary, [*case.asking(), b'--save', path + '.wfs'], [path], 'file', cpu, self.directory)
            if answer.status == 2 and not answer.stdout:
                return None
            if answer.status not in (0, 1) or answer.stdout:
                return answer
            saved.append(path + '.wfs')
        saved = saved[1:] + saved[:1]
        if len(saved) > 2:      # some of them by way of another
            answer = run_wf(self.binary, [b'--merge', b'--save', b'some.wfs'], saved[:2], 'file', cpu, self.directory)
            if answer.status not in (0, 1) or answer.stdout:
                return answer
            saved[:2] = ['some.wfs']
        answer = run_wf(self.binary, [b'--merge', *case.printing()], saved, 'file', cpu, self.directory)
        answer.merged = True
        return answer

    def differs(self, case):
        return difference(self.ask(case), case)

    def check(self, name, case):
        found = self.differs(case)
        if not found:
            self.passed += 1
            return
        self.failed += 1
        small = Minimizer(lambda c: self.differs(c) is not None).minimize(case)
        self.show(name, small)

    def verdict(self, name, ok, text):
        """Counts a check that is not a Case; text tells what went wrong."""
        if ok:
            self.passed += 1
        else:
            self.failed += 1
            print(f'FAILED {name}: {text}', flush=True)

    def show(self, name, case):
        got = self.ask(case)
        what, stdout = difference(got, case) or ('not always: it passed when asked again', got.stdout)
        if not self.kept:
            self.kept = tempfile.mkdtemp(prefix='wf-differential-')
        directory = os.path.join(self.kept, str(self.failed))
        os.mkdir(directory)
        paths = write_files(case, directory)
        print(f'FAILED {name} (seed {self.seed}): {what}')
        print(f'  cd {directory} && {command_line(self.binary, case, paths)}')
        for path, data in zip(paths[:4], case.inputs()):
            print(f'  {path}: {clipped(data)}')
        if case.regexp and case.regexp.python is not None:
            print(f'  the oracle was asked {case.regexp.python!r}')
        print(f'  expected: {clipped(stdout)}')
        print(f'  got:      {clipped(got.stdout)}, exit status {got.status}')
        if case.reports:
            print(f'  reports:  {clipped(case.reports)}')
        if case.unmatched:
            print(f'  unmatched: {got.unmatched!r}')
        if got.stderr:
            print(f'  stderr:   {clipped(got.stderr)}')
        sys.stdout.flush()


def clipped(data, size=500):
    return repr(data) if len(data) <= size else f'{data[:size]!r}... ({len(data)} bytes)'


def shell_word(word):
    """A word for bash, any byte but NUL in it."""
    text = word.decode('latin-1')
    if all(' ' <= c <= '~' for c in text):
        return shlex.quote(text)
    return "$'" + ''.join(c if ' ' <= c <= '~' and c not in "'\\" else f'\\x{ord(c):02x}' for c in text) + "'"


def command_line(binary, case, paths):
    if case.parts:
        words = [shlex.quote(binary), *map(shell_word, case.asking())]
        save = ' '.join(words) + ' --save $f.wfs $f'
        printing = ' '.join([shlex.quote(binary), '--merge', *map(shell_word, case.printing())])
        return f'for f in {" ".join(paths)}; do {save}; done; {printing} {" ".join(path + ".wfs" for path in paths)}'
    command = f'WF_CPU={case.cpu} ' if case.cpu else ''
    command += ' '.join([shlex.quote(binary), *map(shell_word, case.options())])
    if case.how == 'stdin':
        return f'{command} < {paths[0]}'
    if case.how == 'pipe':
        return f'cat {paths[0]} | {command}'
    if case.how == 'fifo':
        return f'{command} <(cat {paths[0]})'
    return ' '.join([command, *paths, *(['nowhere'] if case.missing else [])])


class Minimizer:
    """Makes a failing case smaller for as long as it fails and time allows."""

    SIMPLER = ({'jobs': 1}, {'jobs': None}, {'chunk': None}, {'cpu': None}, {'how': 'file'},
               {'missing': False}, {'parts': False}, {'grep': ()}, {'vgrep': ()}, {'key': None}, {'ignore_case': False},
               {'where': ()}, {'sum': None}, {'order': None}, {'unmatched': False}, {'delimiter': None},
               {'top': None}, {'top': 0}, {'form': 'plain'}, {'regexp': None, 'key': None})

    def __init__(self, fails):
        self.fails = fails

    def minimize(self, case):
        self.deadline = time.monotonic() + MINIMIZE_SECONDS
        for _ in range(2):
            case = self.simplify(case)
            case = self.shrink(case, list(case.files), lambda files: {'files': tuple(files) or (b'',)})
            if case.reports:
                case = self.shrink(case, re.findall(rb'[^\n]*\n', case.reports), lambda lines: {'reports': b''.join(lines) or b'\n'})
            case = self.shrink(case, list(case.where), lambda where: {'where': tuple(where)})
            case = self.shrink(case, (case.fields or '').split(','), lambda fields: {'fields': ','.join(fields) or None})
            for number in range(len(case.files)):
                case = self.shrink_file(case, number)
        return case

    def still_fails(self, case):
        return time.monotonic() < self.deadline and self.fails(case)

    def simplify(self, case):
        for changes in self.SIMPLER:
            simpler = dataclasses.replace(case, **changes)
            if simpler != case and self.still_fails(simpler):
                case = simpler
        return case

    def shrink_file(self, case, number):
        """Drops lines, then bytes, of one file."""
        def files_with(pieces):
            return {'files': (*case.files[:number], b''.join(pieces), *case.files[number + 1:])}
        case = self.shrink(case, re.findall(rb'[^\n]*\n|[^\n]+', case.files[number]), files_with)
        data = case.files[number]
        return self.shrink(case, [data[i:i + 1] for i in range(len(data))], files_with)

    def shrink(self, case, pieces, changes_for):
        """Drops runs of pieces, long ones first, while the case still fails."""
        run = len(pieces) // 2 or 1
        while run and pieces:
            at = 0
            while at < len(pieces) and time.monotonic() < self.deadline:
                fewer = pieces[:at] + pieces[at + run:]
                smaller = dataclasses.replace(case, **changes_for(fewer))
                if self.still_fails(smaller):
                    case, pieces = smaller, fewer
                else:
                    at += run
            run //= 2
        return case


# Patterns

def patterns(*pairs):
    return [Pattern(*pair) if isinstance(pair, tuple) else Pattern(pair) for pair in pairs]


WF1 = Pattern(rb'GET /ongoing/When/\d\d\dx/(\d\d\d\d/\d\d/\d\d/[^ .]+) ')

# For lines over a, b, c and little else.  Many are here because a program that
# looks for a literal which every match must hold can get that literal wrong.
TINY_PATTERNS = patterns(
    rb'', rb'^', rb'$', rb'^$', rb'a', rb'ab', rb'ab*c', rb'a?bc', rb'(?:ab)?c', rb'[ab]c+', rb'x{0}b',
    rb'ab{0}c', rb'ab{0,1}c', rb'ab{2}', rb'ab{1,2}', rb'(?:ab){2}', rb'(ab){0}c', rb'a|b', rb'ab|cb', rb'(a|b)c',
    rb'(?:a|b)c', rb'(a)|b', rb'a|(b)', rb'(a)|(b)', rb'(a)?b', rb'(a)?(b)?', rb'(a*)', rb'(a*)(b*)', rb'(a*?)b',
    rb'a*', rb'|a', rb'a|', rb'(|a)b', rb'(a|)b', rb'(?:|a)b', rb'()', rb'()b', rb'a()b', rb'^a', rb'a$', rb'^(a+)$',
    rb'^a*$', rb'(^a|b)', rb'(a$|b)', rb'^|a', rb'.', rb'.*', rb'(.*)', rb'(.+)', rb'^(.*)$', rb'.a', rb'a.', rb'a.b',
    rb'[^a]', rb'[^a]+', rb'([^a]*)', rb'[^ab]c', rb'[]a]', rb'[^]a]', rb'[]a]b', rb'[a\]]b', rb'[a-c]b', rb'[a\-c]b',
    rb'[-a]b', rb'[a-]b', rb'[.]', rb'a[.]b', rb'\.', rb'a\.b', rb'[\\]', rb'\\', rb'\\"', rb'"', rb'"([^"]*)"',
    rb'"((?:[^"\\]|\\.)*)"', rb'[^"\\]+', rb'\d', rb'\D', rb'\w+', rb'\W', rb'\s', rb'\S+', rb'a\s', rb'\ba', rb'a\b',
    rb'\x61b', rb'a\x62', rb'\x2e', rb'\x00', rb'a\x00b', rb'[\x00-\x1f]', rb'[\x80-\xff]+', b'\x80', b'\xff+',
    b'a\xe9', b'[\xc0-\xff]', rb'\r', rb'\r$', rb'a\r', rb'\r(.)', rb'[^\r]+', rb'\n', rb'a\nb', b'a\nb', b'\na', b'a\n', b'b|a\n', b'a(?:\nb)?', b'b\r', b'\ra', rb'[^x]*b', rb'a[^x]b',
    rb'\t', rb'\141b', rb'a{', rb'a{2', rb'a{b}', rb'{a', rb'a+?b', rb'a??b', rb'a*?b',
    rb'(?i)ab', rb'(?i:a)b', rb'a(?i:b)', rb'(?i:ab)|c', rb'(?s).b', rb'(?s)a.*', rb'(?m)^b', rb'(?m)a$', rb'(?m)$',
    rb'(?x) a b # c', rb'(?x) a [ ] b', rb'(?#ab)c', rb'a(?#b)c', rb'(?=a)a', rb'(?=ab)', rb'a(?=b)', rb'(?!a).',
    rb'a(?!b)', rb'(?<=a)b', rb'(?<!a)b', rb'(?<!a)b+', rb'(?=.*b)a', rb'(?!.*b)a', rb'(?:a(?!b)|c)',
    rb'(a)\1', rb'(a|b)\1', rb'(?P<x>a)(?P=x)', rb'(a)?(?(1)b|c)', rb'(?>a|ab)c', rb'(?>a*)b', rb'a++b', rb'a*+b',
    rb'a?+ab', rb'(?:a(b)?c|b)', rb'(?:a|b(c)?)', rb'((a)(b))', rb'((a)|b)c', rb'((a|b)c)?b', rb'(?:(a)b)?c',
    (rb'(?<x>a)b', rb'(?P<x>a)b'), (rb"(?'x'b)", rb'(?P<x>b)'), (rb'(?<x>a)|(?<y>b)', rb'(?P<x>a)|(?P<y>b)'),
    (rb'\Qa.b\E', rb'a\.b'), (rb'\Qa\Eb', rb'ab'), (rb'\Qab', rb'ab'), (rb'\Q\E', rb''), (rb'a\Q\Eb', rb'ab'),
    (rb'[\Qa]\E]b', rb'[a\]]b'), (rb'\Q(a\E(b)?', rb'\(a(b)?'), (rb'\Qab\E*', rb'ab*'), (rb'\Qa\\Eb', rb'a\\b'),
    (rb'\x{61}b', rb'ab'), (rb'\o{141}b', rb'ab'), (rb'\ea', rb'\x1ba'), (rb'\cIa', rb'\ta'),
    (rb'[[:alpha:]]b', rb'[A-Za-z]b'), (rb'[[:^alpha:]]', rb'[^A-Za-z]'), (rb'[a[:digit:]]b', rb'[a0-9]b'),
    (rb'[[:space:]]', rb'[\t-\r ]'), (rb'\hb', rb'[\t \xa0]b'), (rb'\Hb', rb'[^\t \xa0]b'),
    (rb'\va', rb'[\n-\r\x85]a'), (rb'\Nb', rb'[^\n]b'), (rb'\Ra', rb'(?>\r\n|[\n-\r\x85])a'), (rb'a\z', rb'a\Z'),
    (rb'a\Z', rb'a\Z'), rb'\Aa', (rb'\Ga', rb'\Aa'), (rb'\G(.)', rb'\A(.)'),
    (rb'a\Kb', rb'a(b)', False), (rb'ab\K', rb'ab()', False), (rb'(a)\Kb', rb'(a)b', False), (rb'a\Kb|c', rb'(?<=a)b|c', False),
    (rb'a(*ACCEPT)b', rb'a'), (rb'(?:a(*ACCEPT)|b)c', rb'a|bc'), (rb'a(*FAIL)|b', rb'b'), (rb'a(*F)', rb'(?!)'),
    (rb'(?:a(*SKIP)(*F)|.)', rb'[^a\n]'), (rb'a+(*COMMIT)b', rb'^[^a]*(a+b)', False), (rb'(*NO_START_OPT)ab', rb'ab'),
    (rb'(*NO_JIT)a(b)', rb'a(b)'), (rb'(*LF)a.', rb'a.'), (rb'(*CR)a.', rb'a[^\r]'), (rb'(*CRLF)a.', rb'a(?!\r\n)[\x00-\xff]'),
    (rb'(*ANYCRLF)a.', rb'a[^\r\n]'), (rb'(*NUL)a.', rb'a[^\x00]'), (rb'(*NUL)a$', rb'a(?=\x00\Z|\Z)'),
    (rb'(*CR)a$', rb'a(?=\r?\Z)'), (rb'(*ANYCRLF)a$', rb'a(?=\r?\Z)'), (rb'(?m)(*F)|a', rb'a'),
    (rb'a(?i)b', rb'a(?i:b)'), (rb'(?:a(?i)b|c)', rb'(?:a(?i:b)|(?i:c))'), (rb'(?i)a(?-i)b', rb'(?i:a)(?-i:b)'),
    (rb'(?i)a(?-i:b)c', rb'(?i:a)(?-i:b)(?i:c)'), (rb'(?^)ab', rb'(?-i:ab)'), (rb'(?n)(a)b', rb'(?:a)b'), (rb'(?xx)[a b]c', rb'[ab]c'),
    (rb'(?U)a+', rb'a+?'), (rb'(?U)a+b', rb'a+?b'), (rb'(?|(a)|(b))c', rb'(a|b)c'), (rb'(?|(a)|b)(c)?', rb'(?:(a)|b)(c)?'),
    (rb'(?(DEFINE)(?<d>a))(?&d)b', rb'(?P<d>a){0}ab'), (rb'(a|b)(?1)', rb'(a|b)(?:a|b)'),
    rb'(?<!x>ab)b', rb'(?<!b>ac)c', (rb'(?<!a|b)c', rb'(?<![ab])c'), rb'(a)?\1b', (rb'\Cb', rb'[\x00-\xff]b'),
    rb'(?:a|ab)(?:c|bc)', (rb'a(?C)b', rb'ab'), (rb'a(?C1)b', rb'ab'),
    rb'(?=a)', rb'(?<=a)', rb'\b', rb'(?<=a)(?=b)', rb'(b)(?<=ab)')

# For access logs.
LOG_PATTERNS = [WF1] + patterns(
    rb'^(\S+) ', rb'^([^ ]+)', rb'^\S+', rb'" (\d\d\d) ', rb'" 404 ', rb'" (4\d\d|5\d\d) ', rb'"GET ([^ ]+) HTTP',
    rb'"(GET|POST|HEAD) (\S+)', rb'"(?:GET|HEAD) ([^? ]+)(\?[^ ]*)? ', rb'"([A-Z]+) ', rb'\[(\d\d)/(\w+)/(\d{4})',
    rb'\[([^]:]+)', rb'\[([^\]]*)\]', rb'"([^"]*)"$', rb'" "([^"]*)"', rb'Mozilla/(\d)', rb'(?i)mozilla', rb'(?i)GOOGLEBOT|msnbot',
    rb'\.(png|jpg|gif|css)', rb'\.(?:png|jpg) ', rb'/([^/ ]+\.html)', rb'\.html?', rb'HTTP/1\.[01]', rb'HTTP/1\.(0|1)',
    rb'http://([^/"]+)', rb'https?://', rb'(\d+)\.(\d+)\.\d+\.\d+', rb'^\d+\.\d+', rb' (\d+) "', rb' - - ', rb'\\"', rb'\\x..',
    rb'GET /ongoing', rb'/When/\d\d\dx/', rb'GET /(?:ongoing/)?(\w+)', rb'(?:GET|POST) /', rb'x{0}GET', rb'GETT? /', rb'GE?T /',
    rb'/200[0-9]x?/', rb'[GP]E?T ', rb' 200 (\d+|-) ', rb'(-|\d+) "-"', rb'(?:[^"]*"){3}', rb'^(?:\S+ ){6}(\S+)', rb'[^ ]+$',
    rb'(.)$', rb'^(.{20})', rb'^.{0,40}', rb'(\w)\1', rb'\bcss\b', rb'/\d{4}/\d\d/\d\d/', rb'q=([^& "]*)', rb'[?&](\w+)=',
    rb'\d\d:\d\d:\d\d (?=[-+])', rb' (?!200)\d\d\d ', rb'(?<=GET )\S+', rb'(?<!GET) /', rb'^', rb'', rb'(?:x|y)?z', rb'zzz',
    (rb'"GET \K\S+', rb'"GET (\S+)', False), (rb'(?<verb>[A-Z]+) (?<path>/\S*)', rb'(?P<verb>[A-Z]+) (?P<path>/\S*)'),
    (rb'\Q[2\E(\d)', rb'\[2(\d)'), (rb'[[:upper:]]{3,} (\S+)', rb'[A-Z]{3,} (\S+)'), (rb'(?|"GET (\S)|"POST (\S))', rb'"(?:GET|POST) (\S)'),
    (rb'^\H+', rb'^[^\t \xa0]+'), (rb'"\S++ \K[^ ?"]++', rb'"\S++ ([^ ?"]++)', False))

# Without groups, one match at most on a line, never empty: what grep -o counts as wf does.
GREP_PATTERNS = [
    rb'GET .*', rb'^\S+', rb'^[^"]+"[A-Z]+ [^ ]*', rb'" 404 .*', rb'(?i)MOZILLA.*', rb'HTTP/1\.[01].*', rb'/When/.*',
    rb'[^"]+"$', rb'a.*', rb'b+c?.*', rb'[^a].*', rb'(?:ab|ca)+.*', rb'\\.*', rb'".*"', rb'^.+$', rb'(?<=a)b.*', rb'\.png .*',
    rb'[\x80-\xff].*']


def template_for(rnd, pattern):
    """A key template of the groups that a pattern has, or None for the default key."""
    if not pattern.groups or rnd.random() < 0.6:
        return None
    regexp = re.compile(pattern.for_python())
    names = [str(number) for number in range(regexp.groups + 1)]
    pieces = [f'${number}' for number in names if len(number) == 1] + [f'${{{number}}}' for number in names]
    pieces += [f'${{{name}}}' for name in regexp.groupindex] * 3
    pieces += ['$$', '\\t', '\\\\', ' ', 'x', ',', '"', 'key: ', '{', '}', '\xe9']
    chosen = rnd.choices(pieces, k=rnd.randint(0, 4))
    chosen.insert(rnd.randint(0, len(chosen)), f'${{{rnd.choice(names)}}}') # one at least names a group
    # "$1" before a digit would be another group; no piece begins with a digit.
    return ''.join(chosen).encode('latin-1')


class PatternMaker:
    """Random patterns over a small alphabet that mean the same to Python and PCRE2.

    What is left out: repeats of what can match nothing, groups in repeats (the two
    remember different turns of the loop), and anything that takes long on a short line.
    """

    ATOMS = (b'a', b'b', b'c', b'a', b'b', b'ab', b'bc', b' ', b'"', b'.', b'[ab]', b'[^a]', b'[]a]', b'[^]b]', b'[a-c]',
             b'\\.', b'\\w', b'\\s', b'\\d', b'\\"', b'\\x61', b'[\\]a]', b'A')
    REPEATS = (b'', b'', b'', b'', b'?', b'*', b'+', b'??', b'*?', b'+?', b'{0}', b'{1}', b'{2}', b'{0,1}', b'{1,}', b'{0,2}')
    ANCHORS = (b'^', b'$', b'\\b')

    def __init__(self, rnd):
        self.rnd = rnd

    def make(self):
        while True:
            text, _ = self.alternation(2)
            if text.count(b'*') + text.count(b'+') + text.count(b',}') <= 4:
                return Pattern(text)

    def alternation(self, depth):
        """(text, whether it holds a group that captures)"""
        branches = [self.sequence(depth) for _ in range(self.rnd.choice((1, 1, 1, 2, 3)))]
        return b'|'.join(text for text, _ in branches), any(captures for _, captures in branches)

    def sequence(self, depth):
        pieces = [self.piece(depth) for _ in range(self.rnd.choice((0, 1, 1, 2, 2, 3, 4)))]
        return b''.join(text for text, _ in pieces), any(captures for _, captures in pieces)

    def piece(self, depth):
        kind = self.rnd.random()
        if kind < 0.08:
            return self.rnd.choice(self.ANCHORS), False
        if kind < 0.35 and depth:
            return self.group(depth)
        return self.rnd.choice(self.ATOMS) + self.rnd.choice(self.REPEATS), False

    def group(self, depth):
        text, captures = self.alternation(depth - 1)
        if self.rnd.random() < 0.5:
            return b'(' + text + b')' + self.rnd.choice((b'', b'', b'?')), True
        if captures or re.match(text, b''):
            return b'(?:' + text + b')' + self.rnd.choice((b'', b'?')), captures
        # A '^a' in a repeat cannot match nothing but '$' or '\b' can, elsewhere.
        if any(anchor in text for anchor in self.ANCHORS) or re.search(rb'[*?]|\{0|\|\||\|$|^\||\(\)', text):
            return b'(?:' + text + b')', False
        return b'(?:' + text + b')' + self.rnd.choice(self.REPEATS), False


# Making questions

TINY_CHUNKS = ('1', '2', '3', '4', '5', '7', '8', '16', '1K', None)
SMALL_CHUNKS = ('1', '2', '3', '10', '63', '64', '65', '100', '256', '1000', '4K', '64K', '1M', None)
LARGE_CHUNKS = ('1000', '4096', '16K', '65536', '65537', '1M', '1G', None)


def tiny_pattern(rnd):
    return rnd.choice(TINY_PATTERNS) if rnd.random() < 0.6 else PatternMaker(rnd).make()


def log_pattern(rnd):
    return rnd.choice(LOG_PATTERNS)


def question(rnd, files, pattern, chunks, url=0.0):
    """A Case about files: a random query and a random way to work; url: how often without -e."""
    regexp = None if rnd.random() < url else pattern(rnd)
    filters = rnd.random() < 0.25
    how = rnd.choice(('file', 'file', 'file', 'stdin', 'pipe', 'fifo'))
    return Case(
        files=tuple(files), regexp=regexp, key=regexp and template_for(rnd, regexp),
        grep=tuple(pattern(rnd) for _ in range(rnd.choice((0, 1, 1, 2)))) if filters else (),
        vgrep=tuple(pattern(rnd) for _ in range(rnd.choice((0, 1, 1, 2)))) if filters else (),
        ignore_case=rnd.random() < 0.12, top=rnd.choice((None, 0, 0, 0, 1, 2, 3, 1000)),
        form=rnd.choice(('plain', 'plain', 'json', 'json', 'tsv', 'csv')), jobs=rnd.choice((None, 1, 2, 3, 4)),
        chunk=rnd.choice(chunks), how=how, cpu=rnd.choice((None, *CPUS)),
        missing=how == 'file' and rnd.random() < 0.02)


# Access log lines, good and damaged

TIME = b'[10/Oct/2000:13:55:36 -0700] '
LINE_PARTS = (
    (b'1.2.3.4 - - ' + TIME, b'::1 - bob smith ' + TIME, b'h - "u" ' + TIME, b'h - \\"u\\" ' + TIME, b'h - - [x] ', TIME, b'- ' + TIME, b' - - ' + TIME,
     b'h - ' + TIME, b'h -  ' + TIME, b'h - -' + TIME, b'h - - ' + TIME + b' ', b'h - - ' + TIME[:-1], b'h - - ' + TIME[:-1] + b'\t', b'', b'h - [ ' + TIME, b'h - a [b ' + TIME,
     b'h  - - ' + TIME, b'  h - - ' + TIME, b'\th - - ' + TIME, b'h\t- - ' + TIME, b'h - - [10/Oct/2000:13:55:60 -0700] ', b'h - - [40/Oct/2000:13:55:36 -0700] ',
     b'\xff - \0 ' + TIME, b'a b c ' + TIME, b'h - - ' + TIME[:-2] + b' ] ', b'v.h:80 h - - ' + TIME),
    (b'"', b'"', b'"', b'"', b'"', b'"', b'', b'\\"', b'""', b"'", b'\\\\"'),
    (b'GET', b'GET', b'GET', b'GET', b'POST', b'M-SEARCH', b'A_B', b'', b'get', b'Get', b'G', b'-', b'_', b'GE T', b'G3T', b'G\\T', b'HTTP/1.0', b'\\"'),
    (b' ', b' ', b' ', b' ', b' ', b'  ', b'', b'\t', b'\\ ', b'\0'),
    (b'/', b'/a', b'/a/b', b'/a b', b'/a\\"b', b'/a\\\\', b'/\\', b'', b' /a', b'/a ', b'/\xe9', b'/\0', b'/a HTTP/1.0', b'HTTP/1.0', b'HTTP/', b'*',
     b'/ HTTP/', b'/a\rb', b'/a"b', b'\\\\\\"', b'/\\x16\\x03', b'/a,b', b'/a\tb', b'/?q=a b c', b'\t/a', b'/' + b'x' * 70, b'http://h/ HTTP/ b'),
    (b' HTTP/1.0', b' HTTP/1.1', b' HTTP/1.1', b' HTTP/1.1', b' HTTP/1.1', b' HTTP/', b'', b' HTTP', b' http/1.0', b'HTTP/1.0', b'  HTTP/1.0', b' HTTP/1.0 ',
     b'\tHTTP/1.0', b' HTTP/1.0\\"', b' HTTP/1.0\\', b' HTTP/\\ 1', b' HTTP/1.0 HTTP/1.1', b' HTTP/1.0 x', b' xHTTP/1.0', b' HTTPS/1.0'),
    (b'"', b'"', b'"', b'"', b'"', b'"', b'', b'\\"', b'""', b'\\\\"', b"'"),
    (b' ', b' ', b' ', b' ', b' ', b'', b'  ', b'\t'),
    (b'200', b'404', b'200', b'304', b'-', b'000', b'', b'20', b'2000', b'--', b'2x0', b'-1', b'20-', b'\xb2\xb2\xb2', b'99a', b'/00', b':00', b'2:0'),
    (b' 5', b' 5 "-" "agent"', b' 5 "-" "a \\"b\\" c"', b' - "http://x/" "GET / HTTP/1.1"', b'', b' ', b'\t5', b'x', b'"', b'\r', b'\\', b'\0'))

GOOD_LINES = (
    b'1.2.3.4 - - [10/Oct/2000:13:55:36 -0700] "GET /a/b.html HTTP/1.1" 200 2326 "http://h/x" "Mozilla/5.0 (X11)"',
    b'::1 - bob [10/Oct/2000:13:55:36 -0700] "POST /p?q=1&r=a%20b HTTP/1.0" 404 -',
    b'h - \\"u\\" [10/Oct/2000:13:55:36 -0700] "GET /say\\"hi\\" there HTTP/1.1" 304 0 "-" "a \\"b\\" c"',
    b'h - - [31/Jan/1999:00:00:60 +0000] "GET /old" - 7', b'h - - [10/Oct/2000:13:55:36 -0700] "GET /a b c HTTP/2.0" 500 1',
    b'h - - [10/Oct/2000:13:55:36 -0700] "-" 408 -')


def line_of_parts(rnd):
    """A line put together; about half of its odd choices are damage."""
    daring = rnd.choice((0.05, 0.15, 0.4))
    return b''.join(rnd.choice(part) if rnd.random() < daring else part[0] for part in LINE_PARTS)


def damaged_line(rnd):
    line = rnd.choice(GOOD_LINES)
    return damaged(rnd, line) if rnd.random() < 0.85 else line


def padded(rnd, line):
    """The line moved by some bytes, so that what matters falls on any place of a SIMD register."""
    if rnd.random() < 0.3:
        return line
    return pick_bytes(rnd, rnd.choice((b'abc.-', b'abc.-', b'abc.- [')), rnd.randrange(140)) + line


def backslashes(rnd):
    """A request with runs of backslashes, short and long."""
    target = b''.join(rnd.choice((b'\\', b'\\\\', b'"', b'\\"', b' ', b'a')) * rnd.choice((1, 1, 2, 3, 62, 63, 64, 65))
                      for _ in range(rnd.randint(1, 4)))
    return b'h - - ' + TIME + b'"GET /' + target + rnd.choice((b' HTTP/1.0" 200 5', b' HTTP/1.0" 200', b'" 200 -', b'" - -'))


def url_line(rnd):
    make = rnd.choice((line_of_parts, damaged_line, line_of_parts, damaged_line, backslashes))
    return padded(rnd, make(rnd))


def line_end(rnd):
    return rnd.choice((b'\n', b'\n', b'\n', b'\n', b'\n', b'\r\n', b'\r\r\n', b'\n\n', b'\n\r\n'))


def lines(rnd, make, number):
    """Lines of make in one file, ended in all ways; the last one perhaps not ended."""
    text = b''.join(make(rnd) + line_end(rnd) for _ in range(number))
    return text.removesuffix(b'\n') if rnd.random() < 0.25 else text


# Generated logs

def log_line(rnd):
    """A line of a plausible access log."""
    day = f'{rnd.randint(1, 30):02}/{rnd.choice(("Jan", "Jun", "Oct"))}/2006:{rnd.randrange(24):02}:10:{rnd.randrange(60):02} -0700'
    page = int(rnd.paretovariate(0.8)) % 5000
    path = rnd.choice((f'/ongoing/When/{page % 3 + 200}x/200{page % 8}/{page % 12 + 1:02}/11/Page-{page}', f'/ongoing/When/200x/2006/09/29/Pic-{page}.png',
                       '/ongoing/ongoing.atom', f'/img/{page}.jpg', f'/search?q={page}&lang=en', f'/{page}.html', '/'))
    host = rnd.choice((f'10.0.{page % 256}.{page % 7}', f'crawl-{page}.example.com', '::1'))
    verb = rnd.choice(('GET',) * 8 + ('HEAD', 'POST'))
    agent = rnd.choice(('Mozilla/5.0 (X11; U)', 'msnbot/1.0', 'Googlebot/2.1 (+http://www.google.com/bot.html)', '-', 'say \\"hi\\"', 'caf\xe9'))
    referrer = rnd.choice(('-', 'http://www.example.org/', f'http://www.google.com/search?q={page}'))
    status = rnd.choice((200, 200, 200, 304, 404, 500))
    size = rnd.choice(('-', str(page * 7)))
    return f'{host} - - [{day}] "{verb} {path} HTTP/1.{page % 2}" {status} {size} "{referrer}" "{agent}"'.encode('latin-1')


def own_log(seed, number=4000):
    """A log made here, with a damaged line now and then."""
    rnd = random.Random(f'log/{seed}')
    return b''.join((url_line(rnd) if rnd.random() < 0.03 else log_line(rnd)) + b'\n' for _ in range(number))


@functools.cache
def generated_log(seed):
    """About 1 MB of log: data/mklog's if that is built, or our own."""
    mklog = HERE.parent / 'data' / 'mklog'
    if not os.access(mklog, os.X_OK):
        return own_log(seed)
    made = subprocess.run([mklog, '-n', '5000', '-s', str(seed), '--hostile'], stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    if made.returncode or len(made.stdout) < 10_000:
        print(f'{mklog} made no log: {made.stderr!r}; using our own', flush=True)
        return own_log(seed)
    # Long lines have a family of their own: some patterns take the square of a line's length.
    return b'\n'.join(line for line in made.stdout.split(b'\n') if len(line) < 2000)


# The families: each makes case number N from its own random numbers

TINY_ALPHABET = b'ab\n\r" '


def tiny(rnd, seed):
    """One short string over a handful of bytes."""
    alphabet = rnd.choice((TINY_ALPHABET, b'a\n', b'ab\n\r', b'abc\n', b'ab"\\ ]\n', b'a\r\n', b'aAbB.\n\0', b'ab\xe9\xff\x80\n\x0b'))
    files = [pick_bytes(rnd, alphabet, rnd.randint(0, rnd.choice((3, 6, 12, 30)))) for _ in range(rnd.choice((1, 1, 1, 2, 3)))]
    return question(rnd, files, tiny_pattern, TINY_CHUNKS)


@functools.cache
def tiny_strings():
    return [bytes(s) for length in range(7) for s in itertools.product(TINY_ALPHABET, repeat=length)]


def many_files(rnd, seed):
    """Hundreds of the 56,000 strings of up to six bytes over TINY_ALPHABET, a file each."""
    case = question(rnd, rnd.sample(tiny_strings(), rnd.choice((2, 10, 100, 300))), tiny_pattern, TINY_CHUNKS)
    return dataclasses.replace(case, how='file')


def urls(rnd, seed):
    """Odd access log lines, asked for their URL."""
    case = question(rnd, [lines(rnd, url_line, rnd.choice((1, 1, 3, 20, 60)))], log_pattern, SMALL_CHUNKS, url=1)
    return dataclasses.replace(case, top=0, log_format=rnd.choice((None, 'auto', 'common', 'common', 'combined')), unmatched=rnd.random() < 0.2)


def hostile(rnd, seed):
    """Bytes that no log should hold: NUL, ESC, lone CR, half of a UTF-8 character."""
    alphabet = rnd.choice((bytes(range(256)) + b'\n' * 12, b'\0a\n', b'\x80\xff\n\r', b'\r\n', b'\n', b'\0', b'\x1b[31ma\n',
                           b'\xe2\x82\xac\xf0\x9f\x98\x80\xc3\xa9\xed\xa0\x80\xf4\x90\xc0\xc1\xe0\n', b'a,b"\t\\\r\n', b'\0\1\2\x7f\x80\xc2\xa0\n'))
    files = [pick_bytes(rnd, alphabet, rnd.choice((0, 1, 2, 10, 63, 64, 65, 100, 400, 4096))) for _ in range(rnd.choice((1, 1, 2, 4)))]
    everything = Pattern(rb'(?s)(.*)')
    case = question(rnd, files, tiny_pattern, SMALL_CHUNKS, url=0.05)
    return dataclasses.replace(case, regexp=everything, key=None) if rnd.random() < 0.5 else case


def logs(rnd, seed):
    """A piece of a generated log, cut anywhere."""
    log = generated_log(seed)
    size = rnd.choice((300, 3000, 3000, 20_000, 20_000, 80_000))
    start = rnd.randrange(max(1, len(log) - size))
    piece = log[start:start + size]
    cut = rnd.randrange(len(piece))
    files = [piece] if rnd.random() < 0.6 else [piece[:cut], piece[cut:]]
    return question(rnd, files, log_pattern, SMALL_CHUNKS if size <= 20_000 else LARGE_CHUNKS, url=0.4)


def places(rnd, seed):
    """A literal at and near multiples of 64 from either end, among others that are nearly it."""
    literal = pick_bytes(rnd, rnd.choice((b'ab', b'abcdefgh', b'/ eo0')), rnd.choice((1, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31)))
    at = rnd.randrange(len(literal))
    nearly = literal[:at] + b'_' + literal[at + 1:]

    def line(rnd):
        def filler():
            size = max(0, 64 * rnd.choice((0, 1, 1, 2, 3)) + rnd.choice((-2, -1, 0, 0, 0, 1, 2)) - rnd.choice((0, 0, len(literal))))
            text = b'.' * size
            at = rnd.randrange(size + 1)
            decoy = rnd.choice((b'', nearly, nearly[1:], nearly[:-1]))
            return text[:at] + decoy + text[at + len(decoy):]
        return filler() + rnd.choice((b'', literal, literal, nearly)) + rnd.choice((b'', b'', filler()))

    text = lines(rnd, line, rnd.choice((1, 1, 2, 10)))
    key, wanted = Pattern(rb'(?s)(.*)'), Pattern(literal)
    uses = ({'regexp': wanted}, {'regexp': Pattern(literal + rb'(.*)')}, {'regexp': Pattern(rb'(.?)' + literal)},
            {'regexp': key, 'grep': (wanted,)}, {'regexp': key, 'vgrep': (wanted,)}, {'regexp': wanted, 'vgrep': (Pattern(rb'x'),)},
            {'regexp': key, 'grep': (Pattern(rb'[^x]|^$'), wanted)})
    case = question(rnd, [text], lambda _: key, SMALL_CHUNKS)
    return dataclasses.replace(case, **{'key': None, 'grep': (), 'vgrep': (), 'ignore_case': False, **rnd.choice(uses)})


# Patterns that take time in proportion to a line's length.  Some would show a line's end.
LONG_PATTERNS = patterns(rb'(?s)(.*)', rb'^([^x]*)', rb'^(a+)', rb'^.+$', rb'^(.)(?s:.*)\Z', rb'GET (\S+)')


def large(rnd, seed):
    """Lines longer than blocks and chunks, more keys than a first table holds, keys of any length."""
    kind = rnd.randrange(4)
    if kind == 0:
        text = b'\n'.join(b'%x' % rnd.getrandbits(rnd.choice((8, 20, 64))) for _ in range(30_000))
    elif kind == 1:
        text = b'\n'.join(pick_bytes(rnd, b'klm', 1) * rnd.choice((0, 1, 8, 63, 64, 65, 1000, 5000)) + pick_bytes(rnd, b'ab', rnd.randrange(3))
                          for _ in range(400))
    elif kind == 2:
        text = b''.join(b'h - - ' + TIME + b'"GET /' + b'u' * rnd.choice((1, 10, 16_300, 16_384, 65_500, 200_000)) + rnd.choice((b' HTTP/1.0" 200 1', b''))
                        + line_end(rnd) + log_line(rnd) + b'\n' for _ in range(12))
    else:
        text = b''.join(pick_bytes(rnd, b'ab', 5) * rnd.choice((0, 1, 3000, 3277, 13_107, 60_000)) + line_end(rnd) for _ in range(20))
    case = question(rnd, [text], lambda rnd: rnd.choice(LONG_PATTERNS), LARGE_CHUNKS, url=0.6 if kind == 2 else 0)
    return dataclasses.replace(case, ignore_case=False)


def each_pattern(rnd, number):
    """Case number of some that ask every listed pattern as -e, as -g and as -v, with and without -i."""
    which, use = divmod(number, 4)
    if which < len(TINY_PATTERNS):
        pattern = TINY_PATTERNS[which]
        alphabets = (b'ab', b'abc', b'aAbBcCxX', b'abc\r" .\\', b'abc[](){}-^', b'abc\0\xff\xe9\x80\xa0\x85\x0b\t\x1b19_')
        text = b''.join(pick_bytes(rnd, rnd.choice(alphabets), rnd.randrange(9)) + b'\n' for _ in range(250))
    else:
        pattern = LOG_PATTERNS[which - len(TINY_PATTERNS)]
        text = lines(rnd, lambda r: r.choice((log_line, log_line, url_line))(r), 40)
    everything = Pattern(rb'.*')
    uses = ({'regexp': pattern}, {'regexp': pattern, 'ignore_case': True},
            {'regexp': everything, 'grep': (pattern,)}, {'regexp': everything, 'vgrep': (pattern,), 'ignore_case': True})
    return Case(files=(text,), top=0, chunk=rnd.choice(SMALL_CHUNKS), jobs=rnd.choice((1, 2)),
                cpu=rnd.choice((None, *CPUS)), **uses[use])


def worked(rnd, asked):
    """A Case of oracle_questions, and a random way to work."""
    how = rnd.choice(('file', 'file', 'file', 'stdin', 'pipe', 'fifo')) if len(asked['files']) == 1 else 'file'
    filters = {name: (log_pattern(rnd),) for name in ('grep', 'vgrep') if rnd.random() < 0.04}
    way = {'form': rnd.choice(('plain', 'plain', 'json', 'json', 'tsv', 'csv')), 'jobs': rnd.choice((None, 1, 2, 3, 4)), 'chunk': rnd.choice(SMALL_CHUNKS),
           'how': how, 'cpu': rnd.choice((None, *CPUS)), 'top': rnd.choice((None, None, 0, 0, 0, 1, 2, 1000)),
           'missing': how == 'file' and rnd.random() < 0.01}
    return Case(**{**way, **filters, **asked})


def where_with_regexp(rnd, seed):
    """A regular expression, and conditions and a sum by fields."""
    case = logs(rnd, seed)
    if not case.regexp:
        return case
    names = ('status', 'client', 'url', 'bytes', 'ext', 'hour', '1', '7')
    asked = oracle_questions.asked_more(rnd, names)
    return dataclasses.replace(case, **asked)


FAMILIES = {tiny: 6, many_files: 1, urls: 6, hostile: 4, logs: 4, places: 3, large: 1, where_with_regexp: 2}


def in_parts(rnd, case):
    """Sometimes the same case of files that are counted one by one, and merged."""
    if case.how != 'file' or case.missing or case.unmatched or len(case.files) > 12 or rnd.random() > 0.15:
        return case
    files = case.files
    if len(files) == 1:
        data = files[0]
        cuts = sorted(data.find(b'\n', rnd.randrange(len(data) + 1)) + 1 for _ in range(rnd.choice((1, 2, 3))))
        files = tuple(data[a:b] for a, b in zip([0, *cuts], [*cuts, len(data)]))
    return dataclasses.replace(case, files=files, parts=True)


# Checks that need no oracle

def grep_check(tester, name, rnd):
    """wf against grep, sort and uniq, on bytes that mean the same to all: no NUL, no CR."""
    source = rnd.choice((generated_log(tester.seed), None))
    if source:
        start = rnd.randrange(len(source))
        data = source[start:start + 30_000]
    else:
        data = pick_bytes(rnd, b'abc\\".\xe9\n\n', rnd.choice((5, 50, 500)))
    data = re.sub(rb'[\0\r]', b'', data)
    pattern = rnd.choice(GREP_PATTERNS)
    path = os.path.join(tester.directory, 'grep')
    pathlib.Path(path).write_bytes(data)
    pipeline = 'grep -aoP -e "$1" "$2" | sort | uniq -c | sort -k1,1nr -k2; exec grep -acP -e "$1" "$2" >&2'
    real = subprocess.run(['sh', '-c', pipeline, 'sh', pattern, path], capture_output=True, env=environment())
    options = [b'-n0', b'-e', pattern, b'-j', str(rnd.randint(1, 4)).encode(), b'--chunk-size', rnd.choice((b'100', b'1000', b'64K'))]
    rows = run_wf(tester.binary, options, [path])
    account = run_wf(tester.binary, [*options, b'--json'], [path])
    try:
        matched = json_answer(account.stdout)['account']['matched']
    except (ValueError, KeyError, TypeError) as error:
        matched = error
    ok = rows.stdout == real.stdout and str(matched) == real.stderr.decode().strip()
    tester.verdict(name, ok, f'seed {tester.seed}, pattern {pattern!r}, wf {clipped(rows.stdout)} matched {matched}, '
                             f'grep {clipped(real.stdout)} matched {real.stderr!r}, input {clipped(data)}')


REFUSED = (
    '-e (', '-e [a', '-e *a', '-e a -e b', '-e a --regexp b', '-g (', '-v [', '-k $1', '-k x', '-e a -k $1', '-e (a) -k $2', '-e (a) -k ${2}',
    '-e (a) -k ${nope}', '-e (?<x>a) -k ${y}', '-n x', '-n -1', '-n', '-n 1x', '--top=', '-n 99999999999999999999', '-j 0', '-j 4097', '-j x', '-j -1',
    '--jobs', '--format nope', '--format=', '--nope', '-Z', '--chunk-size 0', '--chunk-size x', '--chunk-size 1Q', '--color sometimes', '--tsv=1',
    '-f nope', '-f url,url', '-f url,', '-f ,url', '-f url -e a', '-f url -f url', '-d , -f url', '-d ,, -f 1', '-d', '-s nope', '-w status', '-w', '-w =1', '-w nope=1',
    '-w status~(', '--order', '--order up', '-r nope', '-r', '-r overview -f url', '-r overview -e a', '-r overview -s bytes', '-r overview --order key', '-r overview -k $1',
    '-r overview --reports set', '-r wf2 -f url', '--reports', '--reports nowhere', '--reports set -e a', '--reports set -f url', '--reports bad1', '--reports bad2',
    '--reports bad3', '--reports bad4', '--log-format nope', '--log-format %h%l', '--log-format $status$status', '--log-format %r_%', '--log-format', '--log-format %l -f url',
    '--log-format $status -f url', '--log-format %s -f client', '--log-format %h -w status=200 -f 1', '--log-format %h -f client -s bytes', '--log-format %{X}i_%h -f %D')
ACCEPTED = (
    # the words of a command line, how the oracle is told the same
    ('-n3 f0', '-n 3 f0'), ('--top=3 f0', '-n 3 f0'), ('--top 3 f0', '-n 3 f0'), ('f0 -n 3', '-n 3 f0'), ('-e a f0', '-e a f0'), ('f0 -ea', '-e a f0'),
    ('--regexp=a f0', '-e a f0'), ('--regexp a f0', '-e a f0'), ('-ie A f0', '-i -e A f0'), ('-e A --ignore-case f0', '-i -e A f0'),
    ('-e a -g b f0', '-e a -g b f0'), ('-e a --grep b --vgrep=c f0', '-e a -g b -v c f0'), ('-e a -gb -gc -vd -v x f0', '-e a -g b -g c -v d -v x f0'),
    ('--key=$0$$ -e a f0', '-e a -k $0$$ f0'), ('-k $0 -e a f0', '-e a -k $0 f0'), ('--format tsv -e a f0', '--tsv -e a f0'),
    ('--format=csv -e a f0', '--csv -e a f0'), ('--format plain -e a f0', '-e a f0'), ('-e a --tsv --csv f0', '-e a --csv f0'), ('-e a -- f0', '-e a f0'),
    ('-e a f0 f0', '-e a f0 f0'), ('-e a f0 f1', '-e a f0 f1'), ('-e a f1 -', '-e a f1 f0'), ('-e a -', '-e a f0'), ('-e a', '-e a f0'),
    ('-e a - f1', '-e a f0 f1'), ('-e a -q f0', '-e a -q f0'), ('-e nope --quiet f0', '-e nope -q f0'), ('-e a -n0 f0', '-e a -n 0 f0'),
    ('-e a -j4096 f0', '-e a f0'), ('-e a --jobs=2 --chunk-size=1k f0', '-e a f0'), ('-e a --chunk-size 1G f0', '-e a f0'), ('-e a --color always f0', '-e a f0'),
    ('-e a --color=never f0', '-e a f0'), ('-e a /dev/null', '-e a /dev/null'), ('f0', 'f0'), ('-e a f0 nowhere', '-e a f0 nowhere'), ('-e a . f0', '-e a . f0'),
    ('-f status f0', '-f status f0'), ('--fields=status,url --sum=bytes f0', '-f status,url -s bytes f0'), ('-f1 -d, f0', '-f 1 -d , f0'), ('-f 1 -d\\t f0', '-f 1 -d \\t f0'),
    ('-f 1 --delimiter=b f0', '-f 1 -d b f0'), ('-w status=200 f0', '-w status=200 f0'), ('--where status>=300 f0', '-w status>=300 f0'), ('-w url~B -i f0', '-i -w url~B f0'),
    ('-e a -w 1~a f0 f1', '-e a -w 1~a f0 f1'), ('--order key -f 0 f0', '--order key -f 0 f0'), ('--order=last -n2 -f 0 f0', '--order last -n 2 -f 0 f0'),
    ('-f referer f0', '-f referer f0'), ('--log-format common f0', '--log-format common f0'), ('--log-format=%h f0 -f client', '--log-format %h f0 -f client'),
    ('-r wf2 f0', '-r wf2 f0'), ('--report=wf2 --csv f0', '-r wf2 --csv f0'), ('-r overview --tsv f0', '-r overview --tsv f0'), ('--reports set f0', '--reports set f0'),
    ('-f status nowhere f0', '-f status nowhere f0'), ('-f status f1', '-f status f1'), ('-f 0 f1', '-f 0 f1'), ('f1 f0', 'f1 f0'), ('-f nope f1', '-f nope f1'),
    ('-f path /dev/null', '-f path /dev/null'), ('--unmatched u -f 1 -q f0', '-f 1 -q f0'), ('-f 9 -d b f0 --tsv', '-f 9 -d b f0 --tsv'), ('-s 2 -f 1 f0', '-s 2 -f 1 f0'),
    ('-e a nowhere', '-e a nowhere'), ('-e a nowhere -q f0', '-e a -q nowhere f0'), ('-e a ./-e -- -e', '-e a -- ./-e -e'),
    ('-e (a)(b)?(c)?(d)?(e)?(f)?(g)?(h)?(i)?(j)?(k)? -k ${11}${1}${10} f0', '-e (a)(b)?(c)?(d)?(e)?(f)?(g)?(h)?(i)?(j)?(k)? -k ${11}${1}${10} f0'))


def command_line_checks(tester):
    """Command lines that must be refused before a byte is read, and those that must not."""
    files = {'f0': b'a\nab\nc\nabc\nabcdefghijk\nh - - [10/Oct/2000:13:55:36 -0700] "GET /a HTTP/1.0" 200 5\n', 'f1': b'xa', '-e': b'aa\n'}
    files |= {'set': b'[A]\nfields=url\n', 'bad1': b'[A]\nfield=url\n', 'bad2': b'[A]\nfields=url\ntop=x\n', 'bad3': b'fields=url\n[A]\n', 'bad4': b'[A\nfields=url\n'}
    for name, data in files.items():
        pathlib.Path(tester.directory, name).write_bytes(data)
    for words in REFUSED:
        got = run_wf(tester.binary, words.split(' '), ['f0'], cwd=tester.directory)
        ok = got.status == 2 and got.stdout == b'' and got.stderr.startswith(b'wf: ')
        tester.verdict('refused', ok, f'wf {words} f0: exit status {got.status}, stdout {got.stdout!r}, stderr {got.stderr!r}')
    tester.verdict('accepted', 'plain' in tester.cpus, 'WF_CPU=plain was refused')
    tester.verdict('refused', run_wf(tester.binary, [], ['/dev/null'], cpu='nope').status == 2, 'WF_CPU=nope was not refused')
    for words, same in ACCEPTED:
        # subprocess redirects f0; no FILE among the words means that it is read
        with open(os.path.join(tester.directory, 'f0'), 'rb') as stdin:
            got = subprocess.run([tester.binary, *words.split()], stdin=stdin, capture_output=True, cwd=tester.directory, env=environment())
        told = subprocess.run([sys.executable, HERE / 'oracle.py', *same.split()], capture_output=True, cwd=tester.directory)
        ok = (got.returncode, got.stdout) == (told.returncode, told.stdout)
        # Where nothing was found, wf may say what to try.
        ok = ok and (told.returncode == 1 or bool(HINT.sub(b'', got.stderr)) == bool(told.stderr))
        tester.verdict('accepted', ok, f'wf {words}: exit status {got.returncode}, stdout {got.stdout!r}, stderr {got.stderr!r}; '
                                       f'expected {told.returncode}, {told.stdout!r}, {told.stderr!r}')


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
                                    'day', 'minute', 'ext', 'site', '1', '0', '7,9', '99', '4,6', 'status,2')),
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


# The program

def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('binary', metavar='WF_BINARY')
    parser.add_argument('--seconds', type=float, default=20)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--logs', metavar='DIR')
    parser.add_argument('--only', metavar='FAMILY/NUMBER')
    return parser.parse_args()


QUESTIONS = {make.__name__: make for make in oracle_questions.FAMILIES}


def ask_one(tester, name):
    """Asks case FAMILY/NUMBER."""
    family, number = name.split('/')
    rnd = random.Random(f'{tester.seed}/{family}/{number}')
    if family == 'grep':
        grep_check(tester, name, rnd)
    elif family == 'each_pattern':
        tester.check(name, each_pattern(rnd, int(number)))
    elif family in QUESTIONS:
        tester.check(name, in_parts(rnd, worked(rnd, QUESTIONS[family](rnd, int(number)))))
    else:
        maker = next(make for make in FAMILIES if make.__name__ == family)
        tester.check(name, in_parts(rnd, maker(rnd, tester.seed)))


def ask_each_pattern(tester):
    for number in range(4 * len(TINY_PATTERNS + LOG_PATTERNS)):
        if tester.failed < MAX_FAILURES:
            ask_one(tester, f'each_pattern/{number}')


def ask_until(tester, deadline):
    """Asks cases of all families, some more often than others, until the time is over."""
    choose = random.Random(tester.seed)
    weights = {make.__name__: weight for make, weight in (FAMILIES | oracle_questions.FAMILIES).items()}
    if shutil.which('grep') and subprocess.run(['grep', '-qP', 'a'], input=b'a').returncode == 0:
        weights['grep'] = 0.5
    else:
        print('no grep -P here: wf is not held against it')
    asked = dict.fromkeys(weights, 0)
    while time.monotonic() < deadline and tester.failed < MAX_FAILURES:
        (family,) = choose.choices(list(weights), list(weights.values()))
        ask_one(tester, f'{family}/{asked[family]}')
        asked[family] += 1
    if tester.failed >= MAX_FAILURES:
        print(f'stopped at {tester.failed} failures')
    print('CPU variants: ' + ', '.join(tester.cpus))
    print('asked ' + ', '.join(f'{number} {family}' for family, number in asked.items()) + f' with seed {tester.seed}')


def main():
    arguments = parse_arguments()
    with tempfile.TemporaryDirectory(prefix='wf-differential-') as directory:
        tester = Tester(arguments.binary, arguments.seed, directory)
        if arguments.only:
            ask_one(tester, arguments.only)
        else:
            deadline = time.monotonic() + arguments.seconds
            command_line_checks(tester)
            ask_each_pattern(tester)
            if arguments.logs:
                log_checks(tester, arguments.logs)
            ask_until(tester, max(deadline, time.monotonic() + arguments.seconds / 2))
    print(f'{tester.passed} passed, {tester.failed} failed')
    return 1 if tester.failed else 0


if __name__ == '__main__':
    sys.exit(main())
