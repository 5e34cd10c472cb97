"""torture_kills.py -- two campaigns of torture.py: workers are killed, and logs are truncated.
"""

import contextlib
import dataclasses
import functools
import os
import pathlib
import random
import re
import shutil
import signal
import time

from differential_patterns import WF1
from torture_runs import Ask, Campaign, Run, children, is_alive

DEADLY = 3                      # workers that one chunk may kill, see workers.c

# Counts clients, but takes some 20 microseconds a line: time to kill.
SLOW = r'^(?!.*?.*?\x01)(\S+)'

QUESTIONS = ((), ('-e', WF1.pcre.decode()), ('-f', 'client', '-s', 'bytes'), ('-r', 'overview'),
             ('-n0', '-f', 'url,client,time'), ('--unmatched', 'unmatched'), ('-n0', '--unmatched', 'unmatched', '-e', 'GET /(\\S+)\\.png'))


class Kills(Campaign):
    """Workers killed at any moment."""

    @staticmethod
    def cases():
        return range(1_000_000)

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
        # Bytes that a worker read from a pipe are lost; and wf gives up on a chunk that kills several workers.
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

    @staticmethod
    def cases():
        return range(1_000_000)

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
        # Less than what was cut off: wf cannot distinguish a log that is as large as before from one that grew.
        more = data[:random_.choice((0, 0, random_.randrange(len(data) - to)))]
        copy = self.copied(ask)
        path = copy.paths[victim]
        has_it = functools.partial(has_mapped, path)
        expected, seconds = self.undisturbed(copy, has_it, Run.is_over)
        run = Run(self.binary, copy, self.directory)
        # Before wf has mapped the log, it counts what is left of it, and rightly so.
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
