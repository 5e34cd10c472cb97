"""torture_preload.py -- two campaigns of torture.py: allocations and calls fail, by means of test/preload/faults.c.
"""

import collections
import dataclasses
import functools
import itertools
import os
import pathlib
import random
import re
import struct
import subprocess
import sys

from running import clipped
from torture_runs import Campaign, Run
from torture_scenes import SCENES, Inputs

SOURCE = pathlib.Path(__file__).resolve().parent / 'preload' / 'faults.c'
SITES = 40                      # calls of one function that are made to fail, in one run of wf
ALL_UP_TO = 200                 # allocations of one run of wf; of later ones, about as many fail

# How each call can fail.
CALLS = {
    'mmap': ('ENOMEM',),
    'map_input': ('ENODEV', 'ENOMEM'),
    'mremap': ('ENOMEM',),
    'fallocate': ('ENOSPC', 'ENOMEM', 'EINTR', 'EOPNOTSUPP'),
    'ftruncate': ('ENOSPC', 'EIO'),
    'memfd_create': ('ENOSYS', 'EMFILE', 'ENOMEM'),
    'mkostemp': ('EACCES', 'EMFILE'),
    'open': ('EMFILE', 'EACCES', 'EINTR', 'ENOENT'),
    'fopen': ('EMFILE', 'ENOENT', 'ENOMEM'),
    'fdopen': ('ENOMEM',),
    'opendir': ('EMFILE', 'EACCES'),
    'readdir': ('EIO',),
    'read': ('EINTR', 'EIO', 'short'),
    'pread': ('EINTR', 'EIO', 'short'),
    'write': ('EINTR', 'ENOSPC', 'EIO', 'short'),
    'pwrite': ('EINTR', 'ENOSPC', 'EIO', 'short'),
    'close': ('EIO', 'EINTR'),
    'fclose': ('EIO',),
    'lseek': ('EIO',),
    'fstat': ('EIO',),
    'stat': ('EIO', 'EACCES'),
    'access': ('EACCES',),
    'fork': ('EAGAIN', 'ENOMEM'),
    'pipe': ('EMFILE',),
    'dup': ('EMFILE',),
    'fcntl': ('EMFILE', 'EPERM'),
    'poll': ('EINTR', 'ENOMEM'),
    'nanosleep': ('EINTR',),
    'sigaction': ('EINVAL',),
    'sigtimedwait': ('EINTR',),
    'waitpid': ('EINTR',),
    'prctl': ('EPERM',),
    'syscall': ('ENOSYS', 'EPERM'),
    'getentropy': ('ENOSYS', 'EIO'),
    'sched_getaffinity': ('ENOSYS',),
    'fsync': ('EIO', 'EINVAL', 'ENOSPC'),
    'fchmod': ('EPERM',),
    'rename': ('EACCES', 'EIO', 'ENOSPC'),
    'link': ('EPERM', 'ENOENT', 'ENOSPC'),
    'unlink': ('EACCES',),
    'readlink': ('EACCES',),
    'realpath': ('EACCES',),
    'dlopen': ('ENOENT',)}

# wf can repeat these or do without them: exit status 2 would be too easy.
NO_EXCUSE = {('read', 'EINTR'), ('pread', 'EINTR'), ('write', 'EINTR'), ('pwrite', 'EINTR'), ('read', 'short'), ('pread', 'short'),
             ('write', 'short'), ('pwrite', 'short'), ('fallocate', 'EINTR'), ('fallocate', 'EOPNOTSUPP'), ('fork', 'EAGAIN'),
             ('fork', 'ENOMEM'), ('memfd_create', 'ENOSYS'), ('poll', 'EINTR'), ('nanosleep', 'EINTR'), ('sigtimedwait', 'EINTR'),
             ('waitpid', 'EINTR'), ('syscall', 'ENOSYS'), ('sched_getaffinity', 'ENOSYS')}

# wf repeats these for ever if they always fail.
ONCE_ONLY = {(call, 'EINTR') for call in CALLS}


inputs_of = functools.lru_cache(maxsize=None)(Inputs)


class Preloaded(Campaign):
    """Runs of wf with faults.c.  The cases come from listed(), which a campaign defines."""

    undisturbed_runs = {}       # {(scene, prefix of the fault): (Result, how many of each call)}

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.library = os.path.join(self.directory, 'faults.so')
        self.counts_file = os.path.join(self.directory, 'counts')
        self.inputs = inputs_of(self.binary, self.directory)

    def is_compiled(self):
        if os.path.exists(self.library):
            return True
        command = [os.environ.get('CC', 'gcc'), '-std=c17', '-D_GNU_SOURCE', '-D_FILE_OFFSET_BITS=64', '-O1', '-shared', '-fPIC',
                   '-o', self.library, SOURCE, '-ldl']
        try:
            return subprocess.run(command, check=False).returncode == 0
        except FileNotFoundError:
            return False

    def cases(self):
        if not self.is_compiled():
            print(f'ok - {self.name} # SKIP needs a C compiler and glibc')
            return []
        return self.listed()

    def in_turn(self, groups):
        """The cases of all groups, in random order, but one of each group before the second one of any."""
        rnd = random.Random(self.seed)
        for cases in groups:
            rnd.shuffle(cases)
        return [case for row in itertools.zip_longest(*groups) for case in row if case]

    def go(self, scene, fault):
        """(Ask, Result, what is wrong, {call: how many the process made that made the most})"""
        pathlib.Path(self.counts_file).write_bytes(b'')
        ask = SCENES[scene].ask(self.inputs)
        # Freed and new memory is filled with other bytes, so that its use has consequences.
        variables = {'LD_PRELOAD': self.library, 'FAULT': fault, 'FAULT_COUNTS': self.counts_file, 'MALLOC_PERTURB_': '165'}
        ask = dataclasses.replace(ask, variables=variables)
        got, wrong = Run(self.binary, ask, self.directory).finish()
        entries = struct.iter_unpack('24sQ', pathlib.Path(self.counts_file).read_bytes())
        return ask, got, wrong, {name.rstrip(b'\0').decode(): n for name, n in entries}

    def run_undisturbed(self, scene, prefix=''):
        """(Result, {call: how many}); with the prefix worker., only the workers' calls are counted."""
        if (scene, prefix) not in self.undisturbed_runs and self.is_compiled():
            _, answer, wrong, counts = self.go(scene, prefix + 'memory:0:ENOMEM')
            if wrong or answer.status not in (0, 1):
                sys.exit(f'torture.py: undisturbed, {scene}: {wrong or clipped(answer.stderr)}')
            self.undisturbed_runs[scene, prefix] = answer, counts
        return self.undisturbed_runs[scene, prefix]

    def check(self, case):
        scene, _, fault = case.partition(':')
        expected, _ = self.run_undisturbed(scene)
        ask, got, wrong, counts = self.go(scene, fault)
        if not counts.get('failed'):
            self.counts['not met'] += 1
            return
        self.hits += 1
        call, _, how = re.fullmatch(r'(?:worker\.)?(\w+):(\d+\+?):(\w+)', fault).groups()
        loss = None if (call, how) in NO_EXCUSE else rb'wf: .'
        self.note(case, ask, self.judge(got, wrong, expected, loss, silent=False), got, expected, fault)

    def tell(self):
        super().tell()
        if self.counts['not met']:
            print(f'{self.name}: {self.counts["not met"]} more tries had no effect')


class Allocations(Preloaded):
    """Memory that runs out."""

    def listed(self):
        """SCENE:memory:N:ENOMEM for each allocation; if there are many, for the first ones and then for each N-th."""
        groups = []
        for scene in SCENES:
            most = self.run_undisturbed(scene)[1]['memory']
            rest = range(ALL_UP_TO + 1, most + 1, max(1, (most - ALL_UP_TO) // ALL_UP_TO))
            groups.append([f'{scene}:memory:{n}{on}:ENOMEM' for n in (*range(1, min(most, ALL_UP_TO) + 1), *rest) for on in ('', '+')])
        return self.in_turn(groups)


class Calls(Preloaded):
    """Calls that fail, are interrupted or are short."""

    def listed(self):
        """SCENE:CALL:N:HOW for each call."""
        groups = collections.defaultdict(list)
        for scene, prefix in itertools.product(SCENES, ('', 'worker.')):
            _, counts = self.run_undisturbed(scene, prefix)
            for call, n, how in ((call, n, how) for call in CALLS for n in range(1, min(counts[call], SITES) + 1) for how in CALLS[call]):
                ways = ('',) if (call, how) in ONCE_ONLY else ('', '+')
                groups[prefix + call] += [f'{scene}:{prefix}{call}:{n}{on}:{how}' for on in ways]
        return self.in_turn(groups.values())
