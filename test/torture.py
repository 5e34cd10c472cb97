#!/usr/bin/python3
"""torture.py -- workers killed, logs cut short, system calls that fail: exact, or said.

    torture.py WF_BINARY [--kills N] [--truncations N] [--faults N] [--seed S] [--seconds N] [--only CASE]

wf promises that its numbers are exact or that it says what is missing and exits
with 2.  Three campaigns try to make it break that:

kills           a worker is killed at any moment of a run.  Files can be read again:
                the answer is that of an undisturbed run, and nothing is said.  Of a
                pipe it may be said that bytes are lost.
truncations     a log is truncated while it is counted, and perhaps written to again,
                as logrotate's copytruncate does.  That is said, with its name, or
                it came too late and the answer is that of the whole log.
faults          strace makes one system call fail, or all from that one on: each call
                of wf's own in turn, with each error that it can meet.  The answer is
                exact, or the exit status 2 and something is said; of what can be tried again
                or done otherwise, it is exact.

Never may wf hang, die of a signal, exit with 0 after another answer, or leave
processes, or files in $TMPDIR.

What a case is depends on the seed and its number only, but for the moment at
which it happens; --only asks a case again, several times.  --seconds bounds the
whole, and what was left out is said.  The last line is "N passed, N failed".
"""

import argparse
import bz2
import collections
import contextlib
import dataclasses
import functools
import gzip
import itertools
import os
import pathlib
import random
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True      # leave nothing in the source tree
from differential_patterns import WF1
from running import Answer, clipped, environment

MKLOG = pathlib.Path(__file__).resolve().parent.parent / 'data' / 'mklog'
TIMEOUT = 60                    # seconds for one wf; longer is a hang
ONLY_TIMES = 20                 # that --only asks a case: moments differ
MAX_SHOWN = 20
MAX_HUNG = 2                    # then a campaign is over: each takes TIMEOUT
FEWEST_HITS = 1 / 5             # of a campaign: fewer, and it has tried nothing
DEADLY = 3                      # workers that one chunk may kill, see workers.c
SITES = 40                      # calls of one kind that are made to fail, in one run of wf

# Counts clients, but takes some 20 microseconds a line: time to kill.
SLOW = r'^(?!.*?.*?\x01)(\S+)'


# Logs

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
class Ask:
    """A command line of wf; piped, the first of its files comes through a pipe."""
    options: tuple
    paths: list
    piped: bool = False
    front: tuple = ()           # a command that runs wf
    out: str = 'file'           # what standard output is: file or pipe

    def command(self, binary):
        names = ['-', *self.paths[1:]] if self.piped else self.paths
        return [*self.front, binary, *self.options, *names]

    def shown(self, binary):
        before = f'cat {shlex.quote(self.paths[0])} | ' if self.piped else ''
        return before + shlex.join(self.command(binary))


class Run:
    """A wf at work, alone with its workers in a session, so that what it leaves is found."""

    at_work = set()

    def __init__(self, binary, ask, directory):
        self.directory = directory
        self.temporary = os.path.join(directory, 'tmp')
        os.makedirs(self.temporary, exist_ok=True)
        self.remove('unmatched')
        self.out = open(os.path.join(directory, 'stdout'), 'w+b')
        self.err = open(os.path.join(directory, 'stderr'), 'w+b')
        self.feeder = subprocess.Popen(['cat', ask.paths[0]], stdout=subprocess.PIPE) if ask.piped else None
        self.process = subprocess.Popen(
            ask.command(binary), stdin=self.feeder.stdout if self.feeder else subprocess.DEVNULL,
            stdout=subprocess.PIPE if ask.out == 'pipe' else self.out, stderr=self.err, cwd=directory,
            env={**environment(), 'TMPDIR': self.temporary}, start_new_session=True)
        if self.feeder:
            self.feeder.stdout.close()      # or it would never hear that wf has gone
        self.pid = self.process.pid
        Run.at_work.add(self)

    def remove(self, name):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(os.path.join(self.directory, name))

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
        """(Answer, None or what is wrong with how it ended)"""
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
        unmatched = os.path.join(self.directory, 'unmatched')
        rejects = pathlib.Path(unmatched).read_bytes() if os.path.exists(unmatched) else None
        return Answer(texts[0] if stdout is None else stdout, texts[1], status, rejects), wrong

    def ended_badly(self, status):
        wrong = None
        if status == 'timeout':
            wrong = f'hung for {TIMEOUT} s'
        elif status < 0:
            wrong = f'died of {signal.Signals(-status).name}'
        elif not self.group_is_gone():
            self.kill_group()
            wrong = 'left processes behind'
        left = os.listdir(self.temporary)
        if left:
            shutil.rmtree(self.temporary)
        return wrong or (f'left {left} in $TMPDIR' if left else None)

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


def same_answer(got, expected):
    return (got.stdout, got.status, got.unmatched) == (expected.stdout, expected.status, expected.unmatched)


# Campaigns

class Campaign:
    """What all three share: time, what became of the cases, and how a failure is shown."""

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
        for number, case in enumerate(cases):
            if time.monotonic() > deadline or self.hung >= MAX_HUNG:
                self.left_out = len(cases) - number
                break
            self.check(case)

    def undisturbed(self, ask, begins, ends):
        """(Answer, seconds between two conditions) when nothing happens."""
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
        """outcome is exact, said, or how wf is wrong."""
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
        """loss is what must be on standard error where the exit status is 2; None where that may not be."""
        if wrong:
            return wrong
        if same_answer(got, expected):
            return 'exact' if not silent or got.stderr == expected.stderr else 'the right answer, and a complaint'
        if got.status in (0, 1):
            return 'another answer, with an exit status as if it were right'
        if got.status != 2:
            return f'exit status {got.status}'
        if loss is None:
            return 'gave up, though it could have gone on'
        return 'said' if re.search(loss, got.stderr) else 'exit status 2, but the loss is not told'

    def has_tried(self):
        return self.tried == 0 or self.hits >= FEWEST_HITS * self.tried

    def why_left_out(self):
        return f'{self.hung} hung' if self.hung >= MAX_HUNG else 'the time is over'

    def tell(self):
        print(f'{self.name}: {self.tried} tried, {self.hits} hit, {self.counts["exact"]} exact, '
              f'{self.counts["said"]} exit status 2 and said, {self.counts["failed"]} failed'
              + (f'; {self.left_out} left out: {self.why_left_out()}' if self.left_out else ''))
        if not self.has_tried():
            print(f'FAILED {self.name}: of {self.tried} only {self.hits} hit a wf at work')


QUESTIONS = ((), ('-e', WF1.pcre.decode()), ('-f', 'client', '-s', 'bytes'), ('-r', 'overview'),
             ('-n0', '-f', 'url,client,time'), ('--unmatched', 'unmatched'), ('-n0', '--unmatched', 'unmatched', '-e', 'GET /(\\S+)\\.png'))


class Kills(Campaign):
    """Workers killed at any moment."""

    def ask(self, random_):
        kind = random_.choice(('file', 'file', 'files', 'gzip', 'bzip2', 'pipe'))
        question, size = random_.choice(QUESTIONS), random_.choice(('medium', 'large'))
        if random_.random() < 0.2:
            question, size = ('-n0', '-e', SLOW), 'slow'
        options = [*question, '-j', str(random_.randint(2, 4))]
        if random_.random() < 0.4 or size == 'slow':
            options += ['--chunk-size', random_.choice(('10K', '100K', '1M'))]
        return Ask(tuple(options), self.logs.given(kind, size), kind == 'pipe')

    def kill_one(self, run, random_):
        """Whether there was a worker to kill."""
        alive = [child for child in children(run.pid) if is_alive(child)]
        if not alive:
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(random_.choice(alive), signal.SIGKILL)
            return True
        return False

    def check(self, case):
        random_ = random.Random(f'{self.seed}/kill/{case}')
        ask = self.ask(random_)
        times = random_.choice((1, 1, 1, 1, 2, 4))
        expected, seconds = self.undisturbed(ask, has_workers, has_no_workers)
        moments = sorted(random_.uniform(0, seconds) for _ in range(times))
        run = Run(self.binary, ask, self.directory)
        run.wait_for(functools.partial(has_workers, run))
        start = time.monotonic()
        killed = 0
        for moment in moments:
            time.sleep(max(0, start + moment - time.monotonic()))
            killed += self.kill_one(run, random_)
        got, wrong = run.finish()
        # What a pipe gave is gone; and who kills at one place again and again is believed.
        loss = rb'died' if ask.piped or killed >= DEADLY else None
        self.hits += killed > 0
        when = ', '.join(f'{moment * 1000:.1f}' for moment in moments)
        what = f'{killed} of {times} kills, {when} of {seconds * 1000:.1f} ms after the first fork'
        self.note(case, ask, self.judge(got, wrong, expected, loss), got, expected, what)


def has_workers(run):
    return bool(children(run.pid))


def has_no_workers(run):
    return not has_workers(run)


class Truncations(Campaign):
    """A log that becomes smaller while it is counted."""

    def ask(self, random_):
        kind = random_.choice(('file', 'file', 'files', 'gzip', 'bzip2'))
        question, size = random_.choice(QUESTIONS), random_.choice(('medium', 'large'))
        if random_.random() < 0.2:
            question, size = ('-n0', '-e', SLOW), 'slow'
        options = [*question, '-j', str(random_.randint(1, 4))]
        if random_.random() < 0.4:
            options += ['--chunk-size', random_.choice(('10K', '100K', '1M'))]
        return Ask(tuple(options), self.logs.given(kind, size))

    def copied(self, ask):
        copies = [path + '.cut' for path in ask.paths]
        for path, copy in zip(ask.paths, copies):
            shutil.copyfile(path, copy)
        return dataclasses.replace(ask, paths=copies)

    @staticmethod
    def regrow(path, more):
        with open(path, 'ab') as log:
            log.write(more)

    def check(self, case):
        random_ = random.Random(f'{self.seed}/truncation/{case}')
        ask = self.ask(random_)
        victim = random_.randrange(len(ask.paths))
        data = pathlib.Path(ask.paths[victim]).read_bytes()
        to = random_.choice((0, 0, random_.randrange(len(data)), random_.randrange(len(data)), len(data) - 1))
        # Less than what was cut off: a log that is as large as before can't be told from one that grew.
        more = data[:random_.choice((0, 0, random_.randrange(len(data) - to)))]
        copy = self.copied(ask)
        path = copy.paths[victim]
        has_it = functools.partial(has_mapped, path)
        expected, seconds = self.undisturbed(copy, has_it, Run.is_over)
        run = Run(self.binary, copy, self.directory)
        # Before it has the log it would count what is left, and rightly so.
        in_time = run.wait_for(functools.partial(has_it, run))
        moment = random_.uniform(0, seconds)
        time.sleep(moment)
        self.hits += in_time and not run.is_over()
        os.truncate(path, to)
        self.regrow(path, more)
        got, wrong = run.finish()
        what = (f'{path}: {len(data)} bytes to {to}, then {len(more)} more, '
                f'{moment * 1000:.1f} of {seconds * 1000:.1f} ms after it was mapped')
        self.note(case, copy, self.judge(got, wrong, expected, re.escape(path.encode())), got, expected, what)


def has_mapped(path, run):
    try:
        return path in pathlib.Path(f'/proc/{run.pid}/maps').read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


# Faults

# Not wait4, which does not sleep with WNOHANG, and so is not interrupted.
ERRORS = {
    'ENOSPC': ('write', 'pwrite64', 'fallocate', 'ftruncate'),
    'ENOMEM': ('mmap', 'mremap', 'brk', 'memfd_create', 'fallocate'),
    'EINTR': ('read', 'pread64', 'write', 'rt_sigtimedwait', 'openat', 'fallocate', 'poll', 'ppoll'),
    'EIO': ('read', 'pread64', 'lseek', 'fstat', 'newfstatat'),
    'EMFILE': ('openat', 'memfd_create', 'dup'),
    'EAGAIN': ('clone', 'clone3', 'fork', 'vfork', 'read'),
    'ENOSYS': ('memfd_create',)}

# What wf can do again, or otherwise: exit status 2 would be too easy.
NO_EXCUSE = {('EINTR', 'read'), ('EINTR', 'fallocate'), ('EINTR', 'rt_sigtimedwait'), ('EAGAIN', 'read'),
             ('EAGAIN', 'clone'), ('EAGAIN', 'clone3'), ('ENOSYS', 'memfd_create')}

# What must be tried again is tried for ever where it always fails; and if nothing can be written,
# nothing can be said.
ONCE_ONLY = {('EINTR', call) for call in ERRORS['EINTR']} | {('EAGAIN', 'read'), ('ENOSPC', 'write')}


def injection(call, error, when):
    """strace's expression.  brk tells by the old break that there is no more memory, never by a negative
    number, which libc would take for a very high break."""
    how = 'retval=0' if call == 'brk' else f'error={error}'
    return f'inject={call}:{how}:when={when}'


@dataclasses.dataclass(frozen=True)
class Scene:
    """How wf is run while its calls fail.  Of the workers alone: strace counts calls of each process by
    itself, so what the loader did first in wf can't fail in a worker unless strace comes later."""
    options: tuple
    kind: str = 'file'          # file, files, gzip, pipe; fifos: two, and a file
    out: str = 'file'
    workers: bool = False


FIELDS = ('-n0', '-f', 'url,client')
REJECTS = ('--unmatched', 'unmatched')         # few enough lines that each write is tried, the last too
TWO = ('-j', '2', '--chunk-size', '100K')
SCENES = {
    'file-j1': Scene((*FIELDS, '-j', '1')),
    'file-j2': Scene((*FIELDS, *TWO), out='pipe'),
    'overview-j2': Scene(('-r', 'overview', *TWO), 'files'),
    'json-j1': Scene(('--json', '-j', '1'), 'files', out='pipe'),
    'unmatched-j1': Scene((*REJECTS, '-j', '1')),
    'unmatched-j2': Scene((*REJECTS, *TWO), 'files'),
    'gzip-j1': Scene((*FIELDS, '-j', '1'), 'gzip'),
    'bzip2-j2': Scene((*FIELDS, *TWO), 'bzip2'),
    'gzip-j2': Scene((*FIELDS, *TWO), 'gzip', out='pipe'),
    'pipe-j1': Scene((*FIELDS, '-j', '1'), 'pipe', out='pipe'),
    'pipe-j2': Scene((*REJECTS, *TWO), 'pipe'),
    'workers-j2': Scene((*FIELDS, *TWO), 'fifos', workers=True),
    'workers-unmatched-j2': Scene((*REJECTS, *TWO), 'fifos', workers=True)}


def calls_of(trace):
    """{call: (how many are the loader's, how many there are in the process that has most)} of strace's file."""
    counts = collections.defaultdict(collections.Counter)
    loader = None
    for line in trace.splitlines():
        match = re.match(r'(\d+) +(\w+)\(', line)
        if not match:
            continue
        # The first thing that main does.
        if loader is None and 'fcntl(0, F_GETFD' in line:
            loader = dict(counts[match[1]])
        counts[match[1]][match[2]] += 1
    loader = loader or {}
    names = set().union(*counts.values()) if counts else set()
    return {name: (loader.get(name, 0), max(count[name] for count in counts.values())) for name in names}


class Faults(Campaign):
    """System calls that fail."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.trace = os.path.join(self.directory, 'trace')

    def strace(self, *expressions):
        expressions = itertools.chain.from_iterable(('-e', expression) for expression in expressions)
        return ('strace', '-f', '-qq', '-o', self.trace, *expressions)

    def can_trace(self):
        try:
            return subprocess.run([*self.strace('trace=write'), 'true'], stderr=subprocess.DEVNULL, check=False).returncode == 0
        except FileNotFoundError:
            return False

    def ask(self, scene):
        kind = scene.kind if scene.kind != 'fifos' else 'files'
        paths = self.logs.given(kind, 'tiny')
        if scene.workers:
            fifos = [os.path.join(self.directory, f'fifo{number}') for number in (1, 2)]
            paths = [*fifos, self.logs.whole('tiny')]
        return Ask(scene.options, paths, kind == 'pipe', out=scene.out)

    def go(self, scene, *expressions):
        """(Ask, Answer, what is wrong, the trace)"""
        pathlib.Path(self.trace).write_text('')
        if scene.workers:
            ask = self.ask(scene)
            got, wrong = self.go_workers(ask, expressions)
        else:
            ask = dataclasses.replace(self.ask(scene), front=self.strace(*expressions) if expressions else ())
            got, wrong = Run(self.binary, ask, self.directory).finish()
        return ask, got, wrong, pathlib.Path(self.trace).read_text(errors='replace')

    def go_workers(self, ask, expressions):
        """The workers wait at two FIFOs until strace has them, then they are fed."""
        fifos, open_ends = ask.paths[:2], []
        for fifo in fifos:
            with contextlib.suppress(FileExistsError):
                os.mkfifo(fifo)
            # With a reader there, neither this nor wf waits at open().
            reader = os.open(fifo, os.O_RDWR)
            open_ends.append((reader, os.open(fifo, os.O_WRONLY)))
        run = Run(self.binary, ask, self.directory)
        run.wait_for(lambda: len(children(run.pid)) == 2)
        tracer = self.attach(children(run.pid), expressions) if expressions else None
        feeders = []
        for (reader, writer), path in zip(open_ends, self.logs.halves('tiny')):
            feeders.append(subprocess.Popen(['cat', path], stdout=writer, stderr=subprocess.DEVNULL))
            os.close(writer)
            os.close(reader)
        answer = run.finish()
        for process in (*feeders, *([tracer] if tracer else [])):
            process.wait()
        return answer

    def attach(self, workers, expressions):
        tracer = subprocess.Popen([*self.strace(*expressions), *itertools.chain.from_iterable(('-p', str(pid)) for pid in workers)],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while tracer.poll() is None and not all(is_traced(pid) for pid in workers):
            time.sleep(0.001)
        return tracer

    def cases(self):
        """SCENE:CALL:ERROR:WHEN of all that can be made to fail."""
        cases = []
        for name, scene in SCENES.items():
            calls = calls_of(self.go(scene, 'trace=all')[3])
            for error, call in ((error, call) for error, names in ERRORS.items() for call in names if call in calls):
                loaders, most = calls[call]
                for when in range(loaders + 1, min(most, loaders + SITES) + 1):
                    cases.append(f'{name}:{call}:{error}:{when}')
                    if (error, call) not in ONCE_ONLY:
                        cases.append(f'{name}:{call}:{error}:{when}+')
        random.Random(self.seed).shuffle(cases)     # so that nothing is left out always when time is short
        return cases

    def expected(self, name):
        if name not in self.undisturbed_of:
            _, answer, wrong, _ = self.go(SCENES[name])
            if wrong or answer.status not in (0, 1):
                sys.exit(f'torture.py: undisturbed, {name}: {wrong or clipped(answer.stderr)}')
            self.undisturbed_of[name] = answer
        return self.undisturbed_of[name]

    def check(self, case):
        name, call, error, when = case.split(':')
        expected = self.expected(name)
        expressions = f'trace={call}', injection(call, error, when)
        ask, got, wrong, trace = self.go(SCENES[name], *expressions)
        if '(INJECTED)' not in trace:
            self.counts['not met'] += 1
            return
        self.hits += 1
        # Where the message itself can't be written, the exit status says it alone.
        mute = 'write(2, ' in trace
        loss = None if (error, call) in NO_EXCUSE else rb'' if mute else rb'.'
        outcome = self.judge(got, wrong, expected, loss, silent=False)
        if got.status == 127 and b'error while loading shared libraries' in got.stderr:
            outcome = 'said'
        what = ' '.join(expressions) + (', in the workers only' if SCENES[name].workers else '')
        self.note(case, ask, outcome, got, expected, what)

    def tell(self):
        super().tell()
        if self.counts['not met']:
            print(f'{self.name}: {self.counts["not met"]} more calls were not made this time')


def is_traced(pid):
    try:
        return 'TracerPid:\t0\n' not in pathlib.Path(f'/proc/{pid}/status').read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True             # it is over: nothing to wait for


# All

def fault_cases(faults, most):
    if not faults.can_trace():
        print('ok - faults # SKIP strace can\'t trace here')
        return []
    cases = faults.cases()
    if most is not None and most < len(cases):
        print(f'faults: {most} of {len(cases)}')
    return cases[:most]


def ask_again(only, campaigns):
    name, _, case = only.partition('/')
    for _ in range(ONLY_TIMES):
        campaigns[name].check(int(case) if case.isdecimal() else case)


def torture(arguments, campaigns):
    """Each campaign has a share of the seconds."""
    kills, truncations, faults = campaigns.values()
    start = time.monotonic()
    kills.run(range(arguments.kills), start + arguments.seconds / 3)
    truncations.run(range(arguments.truncations), start + arguments.seconds / 2)
    if arguments.faults != 0:
        faults.run(fault_cases(faults, arguments.faults), start + arguments.seconds)


def parsed_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('binary', metavar='WF_BINARY')
    parser.add_argument('--kills', type=int, default=500)
    parser.add_argument('--truncations', type=int, default=200)
    parser.add_argument('--faults', type=int, help='all, if not given')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--seconds', type=float, default=float('inf'))
    parser.add_argument('--only', metavar='CASE', help='as a failure tells it')
    return parser.parse_args()


@contextlib.contextmanager
def nothing_left():
    """Interrupted, we take wf with us."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(2))
    try:
        yield
    finally:
        for run in Run.at_work:
            run.kill_group()


def main():
    arguments = parsed_arguments()
    with nothing_left(), tempfile.TemporaryDirectory(prefix='wf-torture-') as directory:
        logs = Logs(directory)
        campaigns = {name: campaign(name, arguments, logs, directory)
                     for name, campaign in (('kills', Kills), ('truncations', Truncations), ('faults', Faults))}
        if arguments.only:
            ask_again(arguments.only, campaigns)
        else:
            torture(arguments, campaigns)
    for campaign in campaigns.values():
        campaign.tell()
    passed = sum(campaign.counts['exact'] + campaign.counts['said'] for campaign in campaigns.values())
    failed = sum(campaign.counts['failed'] + (not campaign.has_tried()) for campaign in campaigns.values())
    print(f'{passed} passed, {failed} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
