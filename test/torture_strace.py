"""torture_strace.py -- a campaign of torture.py: strace makes system calls fail, also those that libc makes.
"""

import collections
import contextlib
import dataclasses
import itertools
import os
import pathlib
import random
import re
import subprocess
import sys
import time

from running import clipped
from torture_runs import Ask, Campaign, Run, children

SITES = 40                      # calls of one kind that are made to fail, in one run of wf

# Not wait4, which does not sleep with WNOHANG, and so is not interrupted.
ERRORS = {
    'ENOSPC': ('write', 'pwrite64', 'fallocate', 'ftruncate'),
    'ENOMEM': ('mmap', 'mremap', 'brk', 'memfd_create', 'fallocate'),
    'EINTR': ('read', 'pread64', 'write', 'rt_sigtimedwait', 'openat', 'fallocate', 'poll', 'ppoll'),
    'EIO': ('read', 'pread64', 'lseek', 'fstat', 'newfstatat'),
    'EMFILE': ('openat', 'memfd_create', 'dup'),
    'EAGAIN': ('clone', 'clone3', 'fork', 'vfork', 'read'),
    'ENOSYS': ('memfd_create',)}

# wf can repeat these or do without them: exit status 2 would be too easy.
NO_EXCUSE = {('EINTR', 'read'), ('EINTR', 'fallocate'), ('EINTR', 'rt_sigtimedwait'), ('EAGAIN', 'read'),
             ('EAGAIN', 'clone'), ('EAGAIN', 'clone3'), ('ENOSYS', 'memfd_create')}

# wf repeats these for ever if they always fail; and if nothing can be written, there is no message.
ONCE_ONLY = {('EINTR', call) for call in ERRORS['EINTR']} | {('EAGAIN', 'read'), ('ENOSPC', 'write')}


def injection(call, error, when):
    """strace's expression.  If there is no more memory, brk returns the old break.  It never returns a negative
    number, which libc would take for a very high break."""
    how = 'retval=0' if call == 'brk' else f'error={error}'
    return f'inject={call}:{how}:when={when}'


@dataclasses.dataclass(frozen=True)
class Scene:
    """How wf is run while its calls fail.  If workers is true, only their calls fail.  strace counts the calls of each
    process separately, and those that the loader makes first in wf cannot fail in a worker unless strace comes later."""
    options: tuple
    kind: str = 'file'          # file, files, gzip, pipe; fifos: two, and a file
    out: str = 'file'
    workers: bool = False


FIELDS = ('-n0', '-f', 'url,client')
REJECTS = ('--unmatched', 'unmatched')         # few lines, so that each write is tried, also the last one
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
    """From strace's file: {call: (how many the loader makes, how many the process makes that makes the most)}"""
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
        """(Ask, Result, what is wrong, the trace)"""
        pathlib.Path(self.trace).write_text('')
        if scene.workers:
            ask = self.ask(scene)
            got, wrong = self.go_workers(ask, expressions)
        else:
            ask = dataclasses.replace(self.ask(scene), front=self.strace(*expressions) if expressions else ())
            got, wrong = Run(self.binary, ask, self.directory).finish()
        return ask, got, wrong, pathlib.Path(self.trace).read_text(errors='replace')

    def go_workers(self, ask, expressions):
        """The workers wait at two FIFOs until strace has attached to them; then they get data."""
        fifos, open_ends = ask.paths[:2], []
        for fifo in fifos:
            with contextlib.suppress(FileExistsError):
                os.mkfifo(fifo)
            # With a reader, neither this open() nor that of wf waits.
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
        """SCENE:CALL:ERROR:WHEN for all calls that can be made to fail."""
        if not self.can_trace():
            print('ok - faults # SKIP strace cannot trace here')
            return []
        cases = []
        for name, scene in SCENES.items():
            calls = calls_of(self.go(scene, 'trace=all')[3])
            for error, call in ((error, call) for error, names in ERRORS.items() for call in names if call in calls):
                loaders, most = calls[call]
                for when in range(loaders + 1, min(most, loaders + SITES) + 1):
                    cases.append(f'{name}:{call}:{error}:{when}')
                    if (error, call) not in ONCE_ONLY:
                        cases.append(f'{name}:{call}:{error}:{when}+')
        random.Random(self.seed).shuffle(cases)     # else the same cases would be left out whenever time is short
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
        # If the message itself cannot be written, the exit status suffices.
        mute = 'write(2, ' in trace
        loss = None if (error, call) in NO_EXCUSE else rb'' if mute else rb'.'
        outcome = self.judge(got, wrong, expected, loss, silent=False)
        # The dynamic linker reads libraries, and does not try again.
        if (got.status == 127 and b'error while loading shared libraries' in got.stderr
                or got.status == 2 and call == 'read' and b', which cannot be loaded' in got.stderr):
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
        return True             # it has ended: there is nothing to wait for
