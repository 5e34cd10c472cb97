#!/usr/bin/python3
"""sameness.py -- one log, one answer, however wf goes about it.

    sameness.py WF_BINARY [--seconds N] LOG...

What wf prints must not depend on the number of workers, on where chunks are
cut, on how the bytes come in, or on the CPU.  For each log, the answer to each
of a few questions is first had in the plainest way, one worker on a file; then
every other way must print the same bytes and exit the same.

A small log, and the head of a large one, is asked in every way.  A large log is
asked in as few ways as hold every pair of two settings.  --seconds (50) bounds
all of it: what was left out is said.  The last line is "N passed, N failed".
"""

import argparse
import bz2
import dataclasses
import gzip
import itertools
import lzma
import os
import pathlib
import random
import re
import struct
import subprocess
import sys
import tempfile
import time
import zlib

sys.dont_write_bytecode = True      # leave nothing in the source tree
from differential_patterns import WF1
from running import DO_NOT_FIT, clipped, cpu_variants, run_wf

SMALL = 100_000                 # bytes; larger logs are not cut into chunks of a byte
HEAD = 8_000
MAX_SHOWN = 10

QUESTIONS = (
    (),
    (b'-n0', b'-e', WF1.pcre),
    (b'-n0', b'--tsv', b'-g', b'GET', b'-v', b'(?i)bot|png', b'-e', b'^(\\S+) .*" (\\d+)', b'-k', b'$2 $1'),
    (b'--json',),
    (b'-n0', b'--json', b'-f', b'status,ext', b'-w', b'url~^/', b'-s', b'bytes'),
    (b'-n0', b'--json', b'-f', b'client', b'-s', b'sd,share,std:bytes', b'-s', b'sum,p99.9:bytes,uniq,~uniq:url', b'-s', b'n,pct:method=GET',
     b'--order', b'-sd', b'--min', b'2'),
    (b'--tsv', b'-f', b'ext,class', b'-s', b'p50:bytes,uniq,~uniq:client', b'--order', b'uniq'),
    (b'-n0', b'-o', b'-e', b'[0-9]+', b'-s', b'uniq:client,avg,p90:bytes'),
    (b'--tsv', b'-r', b'overview'), (b'-n0', b'-r', b'wf2'))

PRINTING = (b'-n0', b'--json', b'--tsv')    # options that --merge takes

JOBS = (1, 2, 3, 4, 5, 6, 7, 8)
CHUNKS = (b'2', b'3', b'7', b'64', b'1000', b'4096', b'65536', b'1M', None)
INPUTS = ('file', 'mapped', 'read', 'stdin', 'pipe', 'fifo', 'two files', 'snapshots', 'seven snapshots', 'little memory', 'gzip', 'gzip from a pipe', 'bgzip', 'bzip2', 'xz', 'zstd')
MMAP = {'mapped': b'always', 'read': b'never'}
MEMORY = b'64K'                 # so little that a log with many keys or pairs is spilled
SNAPSHOTS = 7
PIECES = 9                      # members, frames or blocks of what is compressed


@dataclasses.dataclass(frozen=True)
class Way:
    """How wf goes about it: nothing that may change the answer."""
    jobs: int
    chunk: bytes
    kind: str
    cpu: str

    def __str__(self):
        chunk = self.chunk.decode() if self.chunk else 'default'
        return f'-j {self.jobs} --chunk-size {chunk}, {self.kind}, WF_CPU={self.cpu}'


PLAINEST = Way(1, None, 'file', None)


def every_way(chunks, cpus):
    return [Way(*settings) for settings in itertools.product(JOBS, chunks, INPUTS, (None, *cpus))]


def ways_for_pairs(chunks, cpus):
    """A few ways in which every pair of two settings comes at least once."""
    ways = every_way(chunks, cpus)
    random.Random(1).shuffle(ways)
    seen = set()
    chosen = []
    for way in ways:
        pairs = set(itertools.combinations(enumerate(dataclasses.astuple(way)), 2))
        # First those that bring two new pairs or more, then the rest: fewer ways in all.
        if len(pairs - seen) > 1:
            seen |= pairs
            chosen.append(way)
    for way in ways:
        pairs = set(itertools.combinations(enumerate(dataclasses.astuple(way)), 2))
        if pairs - seen:
            seen |= pairs
            chosen.append(way)
    return chosen


def bgzip(piece):
    """A member that tells its length, as bgzip makes them."""
    packer = zlib.compressobj(1, zlib.DEFLATED, -15)
    packed = packer.compress(piece) + packer.flush()
    extra = b'\x06\0BC\x02\0' + struct.pack('<H', len(packed) + 25)
    return (b'\x1f\x8b\x08\x04\0\0\0\0\0\xff' + extra + packed
            + struct.pack('<II', zlib.crc32(piece), len(piece)))


def zstd(piece):
    return subprocess.run(('zstd', '-q', '-1', '-c'), input=piece, stdout=subprocess.PIPE, check=True).stdout


PACK = {'bgzip': (bgzip, 60_000), 'bzip2': (lambda piece: bz2.compress(piece, 1), 500_000),
        'xz': (lambda piece: lzma.compress(piece, preset=0), 500_000), 'zstd': (zstd, 500_000)}


def packed(kind, data):
    """In several pieces, which begin anywhere in a line."""
    pack, most = PACK[kind]
    size = min(most, max(1, len(data) // PIECES))
    end = pack(b'') if kind == 'bgzip' else b''     # an empty member marks the end
    return (b''.join(pack(data[at:at + size]) for at in range(0, len(data), size)) or pack(b'')) + end


class Sameness:
    def __init__(self, binary, directory, deadline):
        self.binary = os.path.abspath(binary)
        self.directory = directory
        self.deadline = deadline
        self.cpus = cpu_variants(self.binary)
        self.passed = self.failed = self.left_out = 0

    def write_log(self, data):
        """{kind of input: paths}, with the log whole, and cut in two or more at newlines."""
        cut = data.find(b'\n', len(data) // 2) + 1
        ends = [0, *((data.find(b'\n', len(data) * part // SNAPSHOTS) + 1 or len(data)) for part in range(1, SNAPSHOTS)), len(data)]
        parts = {f'part {part}': data[start:end] for part, (start, end) in enumerate(itertools.pairwise(ends))}
        paths = {}
        for name, piece in {'whole': data, 'first': data[:cut], 'second': data[cut:], **parts}.items():
            paths[name] = os.path.join(self.directory, name)
            pathlib.Path(paths[name]).write_bytes(piece)
        kinds = {'gzip': gzip.compress(data, 1)} | {kind: packed(kind, data) for kind in PACK}
        for kind, piece in kinds.items():
            paths[kind] = os.path.join(self.directory, kind)
            pathlib.Path(paths[kind]).write_bytes(piece)
        return (dict.fromkeys(INPUTS, [paths['whole']]) | {kind: [paths[kind]] for kind in kinds}
                | {'gzip from a pipe': [paths['gzip']], 'two files': [paths['first'], paths['second']],
                   'snapshots': [paths['first'], paths['second']], 'seven snapshots': [paths[name] for name in parts]})

    def ask(self, question, way, paths):
        options = [*question, b'-j', str(way.jobs).encode()]
        if way.chunk:
            options += [b'--chunk-size', way.chunk]
        if way.kind in MMAP:
            options += [b'--mmap', MMAP[way.kind]]
        if way.kind == 'little memory':
            options += [b'--memory', MEMORY]
        if 'snapshots' in way.kind:
            return self.ask_snapshots(question, options[len(question):], way.cpu, paths[way.kind])
        how = {'gzip from a pipe': 'pipe'}.get(way.kind, way.kind)
        how = how if how in ('stdin', 'pipe', 'fifo') else 'file'
        return run_wf(self.binary, options, paths[way.kind], how, way.cpu, self.directory, piece=30_011)

    def ask_snapshots(self, question, options, cpu, paths):
        """Each file is counted by itself, and the last one's snapshot comes through a pipe."""
        printing = [option for option in question if option in PRINTING]
        asking = [option for option in question if option not in PRINTING]
        for path in paths:
            answer = run_wf(self.binary, [*asking, *options, b'--save', path + '.wfs'], [path], 'file', cpu, self.directory)
            if answer.status not in (0, 1) or answer.stdout:
                return answer
        jobs = options[:2]
        saved = [path + '.wfs' for path in paths]
        return run_wf(self.binary, [b'--merge', *jobs, *printing, *saved[:-1]], saved[-1:], 'fifo', cpu, self.directory, piece=30_011)

    def check(self, name, data, ways):
        paths = self.write_log(data)
        plainest = [self.ask(question, PLAINEST, paths) for question in QUESTIONS]
        for question, expected in zip(QUESTIONS, plainest):
            if expected.status not in (0, 1) or not re.fullmatch(b'(?:%s)?' % DO_NOT_FIT, expected.stderr):
                self.fail(name, question, PLAINEST, expected, expected)
        for number, way in enumerate(ways):
            for question, expected in zip(QUESTIONS, plainest):
                # However slow the machine is, each question is asked in one way.
                if number and time.monotonic() > self.deadline:
                    self.left_out += 1
                    continue
                got = self.ask(question, way, paths)
                if got.without_first() == expected.without_first():
                    self.passed += 1
                else:
                    self.fail(name, question, way, got, expected)

    def fail(self, name, question, way, got, expected):
        self.failed += 1
        if self.failed > MAX_SHOWN:
            return
        words = b' '.join(question).decode()
        print(f'FAILED {name}: wf {words}, {way}')
        print(f'  expected: {clipped(expected.stdout)}, exit status {expected.status}')
        print(f'  got:      {clipped(got.stdout)}, exit status {got.status}, {clipped(got.stderr)}', flush=True)


def head_of(data):
    """The first lines, and half of one more: a log without a last newline."""
    return data[:HEAD]


def check_log(sameness, path):
    data = pathlib.Path(path).read_bytes()
    name = os.path.basename(path)
    chunks = CHUNKS if len(data) > SMALL else (b'1', *CHUNKS)
    sameness.check(name, data, ways_for_pairs(chunks, sameness.cpus))
    if len(data) <= HEAD:
        return
    ways = every_way((b'1', *CHUNKS), sameness.cpus)
    random.Random(2).shuffle(ways)      # so that no setting is left out when time is short
    sameness.check(f'head of {name}', head_of(data), ways)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('binary', metavar='WF_BINARY')
    parser.add_argument('--seconds', type=float, default=50)
    parser.add_argument('logs', metavar='LOG', nargs='+')
    arguments = parser.parse_args()
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix='wf-sameness-') as directory:
        sameness = Sameness(arguments.binary, directory, start)
        for number, path in enumerate(arguments.logs, 1):
            sameness.deadline = start + arguments.seconds * number / len(arguments.logs)
            check_log(sameness, path)
    if sameness.left_out:
        print(f'{sameness.left_out} left out: {arguments.seconds:g} seconds are over')
    print(f'{sameness.passed} passed, {sameness.failed} failed')
    return 1 if sameness.failed else 0


if __name__ == '__main__':
    sys.exit(main())
