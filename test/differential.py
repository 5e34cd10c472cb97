#!/usr/bin/python3
"""differential.py -- wf against oracle.py on many thousand small questions.

    differential.py WF_BINARY [--seconds N] [--seed S] [--logs DIR] [--rounds N] [--only FAMILY/NUMBER]

Makes up inputs that are likely to break a program which cuts bytes into
chunks and lines into keys, asks wf and the oracle the same question, and
compares what they print, how they exit, and (with --json) their accounts of
the lines.  The inputs and questions come in families, one function each in
differential_families.py and oracle_questions.py: tiny strings, many tiny files,
access log lines damaged where it matters, hostile bytes, generated logs, long
lines and many keys; every field of every log format, columns, conditions, sums,
orders, sets of rankings, and files of several formats at once.  Besides, it asks
grep, sort and uniq instead of the oracle, and asks what must be refused.

Case NUMBER of a family depends on the seed only; --only asks it again alone.
A difference is made smaller, its input is kept, and a command line that
shows it is printed.  The last line is "N passed, N failed".
"""

import argparse
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True      # leave nothing in the source tree
import oracle_questions
from differential_cases import command_line, write_files
from differential_compare import difference, json_answer
from differential_families import FAMILIES, each_pattern, generated_log, in_parts, worked
from differential_logs import log_checks
from differential_minimize import Minimizer
from differential_patterns import EVERY_GREP_PATTERNS, GREP_PATTERNS, LOG_PATTERNS, TINY_PATTERNS
from differential_words import command_line_checks
from oracle_formats import Unmodelled
from oracle_lines import pick_bytes
from running import clipped, cpu_variants, environment, run_wf

MAX_FAILURES = 25               # then a run stops: the first ones tell enough


class Tester:
    """Asks wf, counts what passed and failed, and shows the failures."""

    def __init__(self, binary, seed, directory):
        self.binary = os.path.abspath(binary)
        self.seed = seed
        self.directory = directory
        self.cpus = cpu_variants(self.binary)
        self.kept = None
        self.passed = self.failed = self.left_out = 0

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
        try:
            return difference(self.ask(case), case)
        except Unmodelled:
            return None

    def check(self, name, case):
        try:
            found = difference(self.ask(case), case)
        except Unmodelled:
            self.left_out += 1
            return
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
        for pattern in case.regexps():
            if pattern.python is not None:
                print(f'  the oracle was asked {pattern.python!r}')
        print(f'  expected: {clipped(stdout)}')
        print(f'  got:      {clipped(got.stdout)}, exit status {got.status}')
        if case.reports:
            print(f'  reports:  {clipped(case.reports)}')
        if case.unmatched:
            print(f'  unmatched: {got.unmatched!r}')
        if got.stderr:
            print(f'  stderr:   {clipped(got.stderr)}')
        sys.stdout.flush()


def grep_check(tester, name, rnd):
    """wf against grep, sort and uniq, on bytes that mean the same to all: no NUL, no CR."""
    source = rnd.choice((generated_log(tester.seed), None))
    if source:
        start = rnd.randrange(len(source))
        data = source[start:start + 30_000]
    else:
        data = pick_bytes(rnd, b'abc\\".\xe9\n\n', rnd.choice((5, 50, 500)))
    data = re.sub(rb'[\0\r]', b'', data)
    every = rnd.random() < 0.5
    pattern = rnd.choice(GREP_PATTERNS + EVERY_GREP_PATTERNS if every else GREP_PATTERNS)
    path = os.path.join(tester.directory, 'grep')
    pathlib.Path(path).write_bytes(data)
    pipeline = 'grep -aoP -e "$1" "$2" | sort | uniq -c | sort -k1,1nr -k2; '
    # With -o, an empty match does not make a line match.
    pipeline += 'grep -aonP -e "$1" "$2" | cut -d: -f1 | uniq | wc -l >&2' if every else 'exec grep -acP -e "$1" "$2" >&2'
    real = subprocess.run(['sh', '-c', pipeline, 'sh', pattern, path], capture_output=True, env=environment())
    options = [b'-n0', *([b'-o'] if every else []), b'-e', pattern, b'-j', str(rnd.randint(1, 4)).encode(), b'--chunk-size', rnd.choice((b'100', b'1000', b'64K'))]
    rows = run_wf(tester.binary, options, [path])
    account = run_wf(tester.binary, [*options, b'--json'], [path])
    try:
        matched = json_answer(account.stdout)['account']['matched']
    except (ValueError, KeyError, TypeError) as error:
        matched = error
    ok = rows.stdout == real.stdout and str(matched) == real.stderr.decode().strip()
    tester.verdict(name, ok, f'seed {tester.seed}, pattern {pattern!r}, wf {clipped(rows.stdout)} matched {matched}, '
                             f'grep {clipped(real.stdout)} matched {real.stderr!r}, input {clipped(data)}')


# The program

def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('binary', metavar='WF_BINARY')
    parser.add_argument('--seconds', type=float, default=20)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--logs', metavar='DIR')
    parser.add_argument('--rounds', type=int, default=4, help='how often each pattern is asked, each time of other lines')
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


def ask_each_pattern(tester, rounds):
    for number in range(rounds * len(TINY_PATTERNS + LOG_PATTERNS)):
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
            ask_each_pattern(tester, arguments.rounds)
            if arguments.logs:
                log_checks(tester, arguments.logs)
            ask_until(tester, max(deadline, time.monotonic() + arguments.seconds / 2))
    if tester.left_out:
        print(f'{tester.left_out} left out: wf may make a format from their lines')
    print(f'{tester.passed} passed, {tester.failed} failed')
    return 1 if tester.failed else 0


if __name__ == '__main__':
    sys.exit(main())
