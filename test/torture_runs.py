"""torture_runs.py -- what the campaigns of torture.py share: logs, runs of wf, and the verdicts on them.
"""

import bz2
import collections
import contextlib
import dataclasses
import functools
import gzip
import os
import pathlib
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time

from running import Answer, clipped, environment

MKLOG = pathlib.Path(__file__).resolve().parent.parent / 'data' / 'mklog'
TIMEOUT = 60                    # seconds for one wf; longer is a hang
MAX_SHOWN = 20
MAX_HUNG = 2                    # then a campaign ends: each takes TIMEOUT
EACH = 60                       # seconds between two reports of how far a campaign is
FEWEST_HITS = 1 / 5             # of a campaign's tries: with fewer, it has tested nothing
FEW = 10                        # of so few tries, on a slow machine, all may come too early or too late


class Logs:
    """Generated logs: whole, in two halves, and these compressed."""

    SIZES = {'tiny': ('-n', '6000', '-u', '3000', '--hostile'), 'slow': ('-n', '8000'),
             'medium': ('-n', '50000', '--hostile'), 'large': ('-n', '100000', '-u', '100000', '--uniform')}

    def __init__(self, directory):
        self.directory = directory

    @functools.lru_cache(maxsize=None)
    def whole(self, size):
        path = os.path.join(self.directory, f'{size}.log')
        with open(path, 'wb') as log:
            subprocess.run([MKLOG, *self.SIZES[size]], stdout=log, check=True)
        return path

    @functools.lru_cache(maxsize=None)
    def halves(self, size):
        data = pathlib.Path(self.whole(size)).read_bytes()
        cut = data.find(b'\n', len(data) // 2) + 1
        paths = [os.path.join(self.directory, f'{size}.{number}') for number in (1, 2)]
        pathlib.Path(paths[0]).write_bytes(data[:cut])
        pathlib.Path(paths[1]).write_bytes(data[cut:])
        return paths

    @functools.lru_cache(maxsize=None)
    def compressed(self, size):
        packed = []
        for path in self.halves(size):
            packed.append(path + '.gz')
            pathlib.Path(packed[-1]).write_bytes(gzip.compress(pathlib.Path(path).read_bytes(), 1))
        return packed

    @functools.lru_cache(maxsize=None)
    def in_parts(self, size):
        """Of a kind that several workers decode at the same time, each some of it."""
        path = self.whole(size)
        pathlib.Path(path + '.bz2').write_bytes(bz2.compress(pathlib.Path(path).read_bytes(), 1))
        return [path + '.bz2']

    def given(self, kind, size):
        """The files of an input: wf forks no worker for one stream alone, so a pipe has a file beside it."""
        if kind == 'file':
            return [self.whole(size)]
        return {'gzip': self.compressed, 'bzip2': self.in_parts}.get(kind, self.halves)(size)


# Running wf

@dataclasses.dataclass
class Result(Answer):
    """What wf answered, and the file that its --save wrote."""
    saved: bytes = None


@dataclasses.dataclass
class Ask:
    """A command line of wf.  If piped, the first of its files comes through a pipe."""
    options: tuple
    paths: list
    piped: bool = False
    front: tuple = ()           # a command that runs wf
    out: str = 'file'           # what standard output is: file or pipe
    variables: dict = dataclasses.field(default_factory=dict)   # of the environment

    def command(self, binary):
        names = ['-', *self.paths[1:]] if self.piped else self.paths
        return [*self.front, binary, *self.options, *names]

    def shown(self, binary):
        before = f'cat {shlex.quote(self.paths[0])} | ' if self.piped else ''
        before += ''.join(f'{name}={value} ' for name, value in self.variables.items())
        return before + shlex.join(self.command(binary))


class Run:
    """A wf at work, alone with its workers in a session, so that processes that it leaves are found.  Its current
    directory is empty, and so is its $TMPDIR."""

    at_work = set()
    MAY_WRITE = {'unmatched', 'saved'}

    def __init__(self, binary, ask, directory):
        self.temporary = os.path.join(directory, 'tmp')
        self.current = os.path.join(directory, 'current')
        for path in (self.temporary, self.current):
            shutil.rmtree(path, ignore_errors=True)
            os.mkdir(path)
        self.out = open(os.path.join(directory, 'stdout'), 'w+b')
        self.err = open(os.path.join(directory, 'stderr'), 'w+b')
        self.feeder = subprocess.Popen(['cat', ask.paths[0]], stdout=subprocess.PIPE) if ask.piped else None
        self.process = subprocess.Popen(
            ask.command(binary), stdin=self.feeder.stdout if self.feeder else subprocess.DEVNULL,
            stdout=subprocess.PIPE if ask.out == 'pipe' else self.out, stderr=self.err, cwd=self.current,
            env={**environment(), 'TMPDIR': self.temporary, **ask.variables}, start_new_session=True)
        if self.feeder:
            self.feeder.stdout.close()      # or it would never hear that wf has gone
        self.pid = self.process.pid
        Run.at_work.add(self)

    def is_over(self):
        return self.process.poll() is not None

    def wait_for(self, condition):
        """Whether it came to be before wf was over."""
        patience = time.monotonic() + TIMEOUT
        while not condition():
            if self.is_over() or time.monotonic() > patience:
                return False
        return True

    def finish(self):
        """(Result, None or what is wrong with how it ended)"""
        stdout, status = None, 'timeout'
        try:
            stdout = self.process.communicate(timeout=TIMEOUT)[0]
            status = self.process.returncode
        except subprocess.TimeoutExpired:
            self.kill_group()
            self.process.communicate()
        wrong = self.ended_badly(status)
        Run.at_work.remove(self)
        if self.feeder:
            self.feeder.wait()
        texts = []
        for file in (self.out, self.err):
            file.seek(0)
            texts.append(file.read())
            file.close()
        written = {name: pathlib.Path(self.current, name).read_bytes()
                   for name in Run.MAY_WRITE & set(os.listdir(self.current))}
        return Result(texts[0] if stdout is None else stdout, texts[1], status, **written), wrong

    def ended_badly(self, status):
        wrong = None
        if status == 'timeout':
            wrong = f'hung for {TIMEOUT} s'
        elif status < 0:
            wrong = f'died of {signal.Signals(-status).name}'
        elif not self.group_is_gone():
            self.kill_group()
            wrong = 'left processes behind'
        left = os.listdir(self.temporary) + sorted(set(os.listdir(self.current)) - Run.MAY_WRITE)
        return wrong or (f'left the files {left}' if left else None)

    def kill_group(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    def group_is_gone(self):
        patience = time.monotonic() + 2
        while time.monotonic() < patience:
            try:
                os.killpg(self.pid, 0)
            except ProcessLookupError:
                return True
            time.sleep(0.001)
        return False


def children(pid):
    try:
        return [int(child) for child in pathlib.Path(f'/proc/{pid}/task/{pid}/children').read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def is_alive(pid):
    try:
        stat = pathlib.Path(f'/proc/{pid}/stat').read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(')')[2].split()[0] not in 'ZX'


def with_counts_of(binary, result, directory):
    """The result, with the counts in its snapshot instead of the snapshot, which also says how each log was read: a
    log that wf could only read as a stream looks different there."""
    if result.saved is None:
        return result
    path = os.path.join(directory, 'snapshot')
    pathlib.Path(path).write_bytes(result.saved)
    merged = subprocess.run([binary, '--merge', '-n0', '--tsv', path], env=environment(), stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL, check=False)
    return dataclasses.replace(result, saved=(merged.returncode, merged.stdout))


def same_answer(got, expected):
    return dataclasses.replace(got, stderr=b'') == dataclasses.replace(expected, stderr=b'')


# Campaigns

class Campaign:
    """What all campaigns share: time, the outcomes of the cases, and how a failure is shown."""

    def __init__(self, name, arguments, logs, directory):
        self.name = name
        self.binary = os.path.abspath(arguments.binary)
        self.seed = arguments.seed
        self.logs = logs
        self.directory = directory
        self.counts = collections.Counter()     # of exact, said, failed
        self.tried = self.hits = self.hung = self.left_out = 0
        self.undisturbed_of = {}

    def run(self, cases, deadline):
        told = time.monotonic()
        for number, case in enumerate(cases):
            if time.monotonic() > told + EACH:
                told = time.monotonic()
                print(f'{self.name}: {number} of {len(cases)}', flush=True)
            if time.monotonic() > deadline or self.hung >= MAX_HUNG:
                self.left_out = len(cases) - number
                break
            self.check(case)

    def undisturbed(self, ask, begins, ends):
        """(Result, seconds between two conditions) when nothing happens."""
        key = ask.shown('wf')
        if key not in self.undisturbed_of:
            run = Run(self.binary, ask, self.directory)
            run.wait_for(functools.partial(begins, run))
            start = time.monotonic()
            while not run.is_over() and not ends(run):
                time.sleep(0.0005)
            seconds = time.monotonic() - start
            answer, wrong = run.finish()
            if wrong or answer.status not in (0, 1):
                sys.exit(f'torture.py: undisturbed, {ask.shown(self.binary)}: {wrong or clipped(answer.stderr)}')
            self.undisturbed_of[key] = answer, seconds
        return self.undisturbed_of[key]

    def note(self, case, ask, outcome, got, expected, what):
        """outcome is exact, said (exit status 2 and a message), or what is wrong."""
        self.tried += 1
        if outcome in ('exact', 'said'):
            self.counts[outcome] += 1
            return
        self.counts['failed'] += 1
        self.hung += got.status == 'timeout'
        if self.counts['failed'] > MAX_SHOWN:
            return
        print(f'FAILED {self.name}/{case}: {outcome}')
        print(f'  command:  {ask.shown(self.binary)}')
        print(f'  what:     {what}')
        print(f'  expected: {clipped(expected.stdout)}, exit status {expected.status}')
        print(f'  got:      {clipped(got.stdout)}, exit status {got.status}, {clipped(got.stderr)}')
        print(f'  again:    {sys.argv[0]} {self.binary} --seed {self.seed} --only {self.name}/{case}', flush=True)

    def judge(self, got, wrong, expected, loss, silent=True):
        """loss is a pattern of the message that an exit status of 2 needs; None if wf must not fail."""
        if wrong:
            return wrong
        if got.saved != expected.saved:
            got, expected = (with_counts_of(self.binary, result, self.directory) for result in (got, expected))
        if same_answer(got, expected):
            return 'exact' if not silent or got.stderr == expected.stderr else 'the right answer, and a complaint'
        if got.status in (0, 1):
            return 'another answer, but an exit status as if it were right'
        if got.status != 2:
            return f'exit status {got.status}'
        if got.saved not in (None, expected.saved):
            return 'exit status 2, but it has saved other counts'
        if loss is None:
            return 'exit status 2, though wf can do without this'
        return 'said' if re.search(loss, got.stderr) else 'exit status 2, but no message says why'

    def has_tried(self):
        return self.tried < FEW or self.hits >= FEWEST_HITS * self.tried

    def why_left_out(self):
        return f'{self.hung} hung' if self.hung >= MAX_HUNG else 'the time is over'

    def tell(self):
        print(f'{self.name}: {self.tried} tries, {self.hits} with an effect, {self.counts["exact"]} exact, '
              f'{self.counts["said"]} with exit status 2 and a message, {self.counts["failed"]} bad'
              + (f'; {self.left_out} left out: {self.why_left_out()}' if self.left_out else ''))
        if not self.has_tried():
            print(f'FAILED {self.name}: of {self.tried} tries, only {self.hits} had an effect')
