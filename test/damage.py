#!/usr/bin/python3
"""damage.py -- damaged archives: wf says what is wrong, or counts every line.

    damage.py WF_BINARY [--tries N] [--seed S] [--only KIND[:WAY],...] [--seconds N]

Logs are compressed in eleven ways (KINDS), and each archive is damaged in some way
(WAYS): a bit flips, the end is missing, a block, member or frame is lost, is there
twice, or has changed places with another one.  The tool of the format (gzip -t,
bzip2 -t, xz -t, zstd -t, lz4 -t) is the judge:

- If the tool reports an error or a warning, wf exits with 2 and a message.
- Else wf counts exactly what the tool decodes, exits with 0 and prints no message.
- BGZF and seekable zstd have means to verify the whole file that gzip -t and zstd -t
  do not look at: the end marker, and the seek table.  Where these do not fit, wf must
  report it, too.

wf reads each archive as a file, alone and with several workers, and through a pipe.
Which case is damaged how depends on the seed and the case's number only.  The last
line is "N passed, N failed".
"""

import argparse
import bz2
import collections
import functools
import gzip
import hashlib
import itertools
import os
import pathlib
import random
import struct
import subprocess
import sys
import tempfile
import time
import zlib

sys.dont_write_bytecode = True      # leave nothing in the source tree
from running import clipped, run_wf

MKLOG = pathlib.Path(__file__).resolve().parent.parent / 'data' / 'mklog'
MAX_SHOWN = 20
WAYS_TO_READ = (('file', ('-j', '1')), ('file', ('-j', '3', '--chunk-size', '3000')), ('pipe', ('-j', '2')))


# Archives

class Archive(collections.namedtuple('Archive', 'tool before pieces after')):
    """The bytes before the pieces, the pieces, and the bytes after them.  Pieces that do not begin at bytes are
    texts of '0' and '1', and so is the rest.
    """

    def in_bits(self):
        return isinstance(self.before, str)

    def join(self, pieces=None):
        pieces = self.pieces if pieces is None else pieces
        if self.in_bits():
            return bytes_of(self.before + ''.join(pieces) + self.after)
        return self.before + b''.join(pieces) + self.after


def bytes_of(bits):
    bits += '0' * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, 'big')


def filtered(command, data):
    return subprocess.run(command, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout


def cut(text, n):
    """n pieces of about the same size; lines run over their ends."""
    size = len(text) // n + 1
    return [text[at:at + size] for at in range(0, len(text), size)]


def gzip_single(text):
    packed = gzip.compress(text, 6, mtime=0)
    return Archive('gzip', packed[:10], cut(packed[10:-8], 6), packed[-8:])


def gzip_members(text):
    return Archive('gzip', b'', [gzip.compress(part, mtime=0) for part in cut(text, 6)], b'')


BGZF_END = bytes.fromhex('1f8b08040000000000ff0600424302001b0003000000000000000000')


def bgzf_member(part):
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed = packer.compress(part) + packer.flush()
    head = b'\x1f\x8b\x08\x04\0\0\0\0\0\xff\6\0BC\2\0' + struct.pack('<H', len(packed) + 25)
    return head + packed + struct.pack('<II', zlib.crc32(part), len(part))


def bgzf(text):
    return Archive('gzip', b'', [bgzf_member(part) for part in cut(text, 12)], BGZF_END)


def bzip2(text):
    """libbz2 begins a block after 100,000 bytes at the least, so the text is longer than for the others."""
    bits = ''.join(f'{byte:08b}' for byte in bz2.compress(text * 5, 1))
    end = bits.rindex(f'{0x177245385090:048b}')
    starts = [0]
    while (at := bits.find(f'{0x314159265359:048b}', starts[-1] + 1)) >= 0:
        starts.append(at)
    pieces = [bits[a:b] for a, b in itertools.pairwise([*starts[1:], end])]
    return Archive('bzip2', bits[:32], pieces, bits[end:])


def varints(data):
    """The numbers in an index of xz."""
    value = shift = 0
    for byte in data:
        value |= (byte & 0x7f) << shift
        shift += 7
        if byte < 0x80:
            yield value
            value = shift = 0


def xz_multi_block(text):
    packed = filtered(['xz', '-1', '--block-size', str(len(text) // 6 + 1), '-c'], text)
    index = (int.from_bytes(packed[-8:-4], 'little') + 1) * 4
    numbers = varints(packed[-12 - index + 1:-12])
    pieces, at = [], 12
    for _ in range(next(numbers)):
        size = (next(numbers) + 3) // 4 * 4
        next(numbers)           # the size of the text
        pieces.append(packed[at:at + size])
        at += size
    return Archive('xz', packed[:12], pieces, packed[at:])


def xz_streams(text):
    return Archive('xz', b'', [filtered(['xz', '-1', '-c'], part) for part in cut(text, 6)], b'')


def zstd_frames(text):
    return Archive('zstd', b'', [filtered(['zstd', '-q', '-c'], part) for part in cut(text, 6)], b'')


SEEK_TABLE_END = struct.pack('<I', 0x8f92eab1)


def seek_table(frames, texts):
    """As zstd's contrib/seekable_format describes it."""
    entries = b''.join(struct.pack('<II', len(frame), len(part)) for frame, part in zip(frames, texts))
    table = entries + struct.pack('<IB', len(frames), 0) + SEEK_TABLE_END
    return struct.pack('<II', 0x184d2a5e, len(table)) + table


def zstd_seekable(text):
    texts = cut(text, 6)
    frames = [filtered(['zstd', '-q', '-c'], part) for part in texts]
    return Archive('zstd', b'', frames, seek_table(frames, texts))


def zstd_table_first(text):
    archive = zstd_seekable(text)
    return archive._replace(before=archive.after, after=b'')


def zstd_mixed(text):
    """A seekable file between two others, as cat puts them together."""
    texts = cut(text, 6)
    frames = [filtered(['zstd', '-q', '-c'], part) for part in texts]
    return Archive('zstd', b'', [*frames[:5], seek_table(frames[2:5], texts[2:5]), frames[5]], b'')


def lz4(text):
    """Blocks of 64 KB, which do not depend on each other."""
    packed = filtered(['lz4', '-q', '-B4', '-BI', '-c'], text)
    pieces, at = [], 7
    while size := int.from_bytes(packed[at:at + 4], 'little') & 0x7fffffff:
        pieces.append(packed[at:at + 4 + size])
        at += 4 + size
    return Archive('lz4', packed[:7], pieces, packed[at:])


KINDS = {kind.__name__: kind for kind in (
    gzip_single, gzip_members, bgzf, bzip2, xz_multi_block, xz_streams, zstd_frames, zstd_seekable, zstd_table_first,
    zstd_mixed, lz4)}


# Damage.  Each function returns the bytes of the damaged archive.

def intact(_, archive):
    return archive.join()


def flip(rnd, archive):
    """One bit, often near one of the ends, where the headers and sums are."""
    data = bytearray(archive.join())
    bit = rnd.choice((rnd.randrange(8 * len(data)), rnd.randrange(8 * 32), 8 * len(data) - 1 - rnd.randrange(8 * 64)))
    data[bit // 8] ^= 0x80 >> bit % 8
    return bytes(data)


def garble(rnd, archive):
    """Some bytes in a row, after the first few: those tell what the file is."""
    data = bytearray(archive.join())
    at = rnd.randrange(20, len(data))
    for i in range(at, min(len(data), at + rnd.choice((2, 4, 30)))):
        data[i] = rnd.randrange(256)
    return bytes(data)


def hole(rnd, archive):
    """Zeros, as a file system leaves them for lost bytes."""
    data = archive.join()
    at = rnd.randrange(20, len(data))
    n = min(len(data) - at, rnd.choice((1, 16, 512, 4096)))
    return data[:at] + bytes(n) + data[at + n:]


def hole_of_piece(rnd, archive):
    """Zeros in place of a piece, but not the first one: its beginning tells what the file is."""
    pieces = list(archive.pieces)
    i = rnd.randrange(1, len(pieces))
    pieces[i] = ('0' if archive.in_bits() else b'\0') * len(pieces[i])
    return archive.join(pieces)


def truncate(rnd, archive):
    data = archive.join()
    return data[:rnd.choice((rnd.randrange(4, len(data)), len(data) - rnd.randrange(1, 30)))]


def lose_last(rnd, archive):
    """Everything from the beginning of a piece on."""
    n = rnd.randrange(1, len(archive.pieces))
    return archive._replace(after=archive.after[:0]).join(archive.pieces[:n])


def lose(rnd, archive):
    pieces = list(archive.pieces)
    del pieces[rnd.randrange(len(pieces))]
    return archive.join(pieces)


def twice(rnd, archive):
    pieces = list(archive.pieces)
    i = rnd.randrange(len(pieces))
    pieces.insert(rnd.choice((i, i, rnd.randrange(len(pieces) + 1))), pieces[i])
    return archive.join(pieces)


def swap(rnd, archive):
    pieces = list(archive.pieces)
    i, j = rnd.sample(range(len(pieces)), 2)
    pieces[i], pieces[j] = pieces[j], pieces[i]
    return archive.join(pieces)


def behind(rnd, archive):
    """Something follows the end: other bytes, zeros, or zeros and an archive."""
    data = archive.join()
    zeros = bytes(rnd.choice((4, 512, 3)))
    return data + rnd.choice((b'garbage', rnd.randbytes(40), zeros + data, data))


WAYS = {way.__name__: way for way in (
    intact, flip, garble, hole, hole_of_piece, truncate, lose, lose_last, twice, swap, behind)}


# Judging

def verified_as_a_whole(kind, data):
    """False if the end marker of BGZF is missing, or a seek table of zstd does not fit."""
    if kind == 'bgzf':
        return data.endswith(BGZF_END)
    return not kind.startswith('zstd') or tables_fit(list(zstd_split(data)))


def zstd_split(data):
    """The frames of a file that zstd -t has accepted: (bytes, True if something is decoded of it)."""
    at = 0
    while at < len(data):
        start, contents = at, 0
        if data[at + 1:at + 4] == b'\x2a\x4d\x18':
            at += 8 + int.from_bytes(data[at + 4:at + 8], 'little')
        else:
            flags = data[at + 4]
            single = flags >> 5 & 1
            at += 5 + 1 - single + (0, 1, 2, 4)[flags & 3] + (single, 2, 4, 8)[flags >> 6]
            block = 0
            while not block & 1:
                block = int.from_bytes(data[at:at + 3], 'little')
                size = 1 if block >> 1 & 3 == 1 else block >> 3
                at += 3 + size
                contents += block >> 3
            at += 4 * (flags >> 2 & 1)
        yield data[start:at], contents > 0


def entries_of(frame):
    """The compressed sizes in a seek table; None if the frame is something else, [-1] if the table is damaged."""
    if not frame.startswith(b'\x5e\x2a\x4d\x18') or len(frame) < 17 or not frame.endswith(SEEK_TABLE_END):
        return None
    width = 12 if frame[-5] & 0x80 else 8
    entries = frame[8:-9]
    if len(entries) != width * int.from_bytes(frame[-9:-5], 'little'):
        return [-1]
    pairs = [struct.unpack_from('<II', entries, at) for at in range(0, len(entries), width)]
    return [packed for packed, unpacked in pairs if unpacked]


def tables_fit(frames):
    """Each table lists the frames just before it, or those just after it."""
    sizes = [len(frame) for frame, full in frames if full]
    n = waits = 0
    for frame, full in frames:
        n += full
        entries = entries_of(frame)
        if not entries or (len(entries) <= n and sizes[n - len(entries):n] == entries):
            continue
        if waits > n or sizes[n:n + len(entries)] != entries:
            return False
        waits = n + len(entries)
    return True


def reference(tool, path):
    """The text that the tool decodes; None if it reports an error or a warning."""
    test = subprocess.run([tool, '-t', path], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    quiet = tool in ('zstd', 'lz4')         # these say more than errors
    if test.returncode or (test.stderr and not quiet):
        return None
    return subprocess.run([tool, '-d', '-c', path], capture_output=True, check=False).stdout


def counted(text):
    lines = text.split(b'\n')
    if not lines[-1]:
        lines.pop()
    return collections.Counter(lines)


def printed(output):
    rows = {}
    for row in output.splitlines():
        count, key = row.lstrip(b' ').split(b' ', 1)
        rows[key] = int(count)
    return rows


def judge(binary, path, truth, directory):
    """Why wf is wrong; None if it is right.  truth: None if wf must report something."""
    for how, options in WAYS_TO_READ:
        got = run_wf(binary, ['-n', '0', '-f', '0', *options], [path], how=how, cwd=directory)
        said = f'{how} {" ".join(options)}: exit status {got.status}, {clipped(got.stderr)}'
        if got.status not in (0, 1, 2):
            return said
        if truth is None and (got.status != 2 or not got.stderr):
            return f'silent, {said}'
        if truth is not None and (got.status != (0 if truth else 1) or got.stderr):
            return f'loud, {said}'
        if truth is not None and printed(got.stdout) != truth:
            return f'inexact, {said}'
    return None


class Campaign:
    def __init__(self, binary, seed, directory):
        self.binary, self.seed, self.directory = os.path.abspath(binary), seed, directory
        self.text = subprocess.run([MKLOG, '-n', '2000'], capture_output=True, check=True).stdout
        self.passed, self.failed, self.reported, self.seen = 0, 0, 0, set()

    @functools.lru_cache(maxsize=None)
    def archive(self, kind):
        return KINDS[kind](self.text)

    def try_one(self, kind, way, number):
        archive = self.archive(kind)
        data = WAYS[way](random.Random(f'{self.seed}/{kind}/{way}/{number}'), archive)
        digest = hashlib.sha256(data).digest()
        if digest in self.seen:
            return
        self.seen.add(digest)
        path = os.path.join(self.directory, 'archive')
        pathlib.Path(path).write_bytes(data)
        text = reference(archive.tool, path)
        if text is not None and not verified_as_a_whole(kind, data):
            text = None
        self.reported += text is None
        wrong = judge(self.binary, path, None if text is None else counted(text), self.directory)
        self.passed += not wrong
        self.failed += bool(wrong)
        if wrong and self.failed <= MAX_SHOWN:
            print(f'not ok - {kind}:{way}:{number}: {wrong}', flush=True)


def selected(only):
    """(kind, way) pairs; only: some of KIND, KIND:WAY and :WAY, with commas; or nothing."""
    chosen = [word.partition(':')[::2] for word in (only or '').split(',')]
    return [(k, w) for k in KINDS for w in WAYS if any(kind in ('', k) and way in ('', w) for kind, way in chosen)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('binary')
    parser.add_argument('--tries', type=int, default=7, help='of each kind and way')
    parser.add_argument('--seed', default='1')
    parser.add_argument('--seconds', type=float, default=0)
    parser.add_argument('--only')
    args = parser.parse_args()
    end = time.monotonic() + args.seconds if args.seconds else float('inf')
    with tempfile.TemporaryDirectory() as directory:
        campaign = Campaign(args.binary, args.seed, directory)
        for number in range(args.tries):
            for kind, way in selected(args.only):
                if time.monotonic() < end:
                    campaign.try_one(kind, way, number)
    print(f'{campaign.reported} of {campaign.passed + campaign.failed} archives are damaged for their tool')
    print(f'{campaign.passed} passed, {campaign.failed} failed')
    return campaign.failed > 0 or not campaign.passed


if __name__ == '__main__':
    sys.exit(main())
