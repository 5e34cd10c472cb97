#!/usr/bin/python3
"""bombs.py -- files that demand much memory: wf stays near --memory, or refuses them with a message.

    bombs.py WF_BINARY [--only NAME,...]

Each bomb is read with --memory 64M and four workers, as a file or through a pipe.
wf may print the exact result with exit status 0, or, if the bomb demands too much,
exit with 2 and a message.  The peak of all its processes together, in anonymous and
shared memory (Pss_Anon and Pss_Shmem of /proc/PID/smaps_rollup), may be 128 MB.  Mapped
files do not count: the kernel takes that memory back when it needs it.  The last line
is "N passed, N failed".
"""

import argparse
import bz2
import gzip
import lzma
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import time
import zlib

sys.dont_write_bytecode = True      # leave nothing in the source tree
from damage import BGZF_END, bgzf_member, filtered
from running import clipped, environment

MEMORY = '64M'
PEAK = 128 << 20
TIMEOUT = 120                   # seconds
MEGABYTE = 1 << 20


# Bombs.  Each returns (options, [bytes of a file, ...], expected standard output or None: wf may refuse the bomb).

def a_window():
    """200 MB of lines under a header that demands a window of 2 GB."""
    packed = bytearray(filtered(['zstd', '-q', '-1', '-c'], b'a\n' * (100 << 20)))
    packed[5] = 21 << 3         # RFC 8878, 3.1.1.1.2: 2 to the power of 10 + 21
    return bytes(packed)


def zstd_window():
    return ('-f', '0'), [a_window()], None


def zstd_windows():
    return ('-f', '0'), [a_window()] * 4, None


def zstd_window_8m():
    """What may be used: four frames at a time, each with a window of 8 MB."""
    frame = bytearray(filtered(['zstd', '-q', '-1', '-c'], b'a\n' * (20 << 20)))
    frame[5] = 13 << 3
    return ('-f', '0'), [bytes(frame) * 8], f'{160 << 20:7d} a\n'


def xz_dictionary():
    """A dictionary of 1.5 GB, in the header of the first block."""
    packed = bytearray(lzma.compress(b'a\n' * (100 << 20), preset=1))
    size = (packed[12] + 1) * 4
    at = packed.index(b'\x21\x01', 12, 12 + size) + 2       # LZMA2, one byte of properties
    packed[at] = 37
    packed[12 + size - 4:12 + size] = struct.pack('<I', zlib.crc32(packed[12:12 + size - 4]))
    return ('-f', '0'), [bytes(packed)], None


def xz_streams():
    """An index for each of 600,000 empty streams."""
    return ('-f', '0'), [lzma.compress(b'') * 600000 + lzma.compress(b'a\n')], f'{1:7d} a\n'


def bgzf_members():
    return ('-f', '0'), [bgzf_member(b'a\n') + BGZF_END * 1500000], f'{1:7d} a\n'


def bzip2_streams():
    return ('-f', '0'), [bz2.compress(b'a\n') + bz2.compress(b'') * 1000000], f'{1:7d} a\n'


def bzip2_blocks():
    """Blocks of 45 bytes that are decoded to 45 MB."""
    return ('-e', '^'), [bz2.compress(b'a' * (45 << 20) + b'\n', 9) * 40], f'{40:7d} \n'


def zstd_frames():
    return ('-f', '0'), [filtered(['zstd', '-q', '-c'], b'a\n') * 700000], f'{700000:7d} a\n'


def zstd_files():
    """Windows of 8 MB in more files than there are workers.  Each is valid, so it must be counted."""
    frame = bytearray(filtered(['zstd', '-q', '-1', '-c'], b'a\n' * (20 << 20)))
    frame[5] = 13 << 3
    return ('-f', '0'), [bytes(frame)] * 9, f'{180 << 20:7d} a\n'


def xz_files():
    packed = filtered(['xz', '-0', '--lzma2=preset=0,dict=14MiB', '-c'], b'a\n' * (10 << 20))
    return ('-f', '0'), [packed] * 9, f'{90 << 20:7d} a\n'


def lz4_files():
    return ('-f', '0'), [filtered(['lz4', '-q', '-B7', '-BD', '-c'], b'a\n' * (10 << 20))] * 9, f'{90 << 20:7d} a\n'


def gzip_line():
    """A line of 300 MB."""
    return ('-f', '0'), [gzip.compress(b'a' * (300 << 20) + b'\n', 1)], None


def gzip_keys():
    """More keys than fit."""
    lines = b''.join(b'%d-%040d\n' % (i, i) for i in range(1500000))
    return ('-f', '0', '-n', '1', '--order', 'key'), [gzip.compress(lines, 1)], f'{1:7d} 0-{0:040d}\n'


BOMBS = (zstd_window, zstd_windows, zstd_window_8m, xz_dictionary, xz_streams, bgzf_members, bzip2_streams,
         bzip2_blocks, zstd_frames, zstd_files, xz_files, lz4_files, gzip_line, gzip_keys)


# Measuring

def session(leader):
    """The processes of a session."""
    for name in os.listdir('/proc'):
        try:
            if name.isdigit() and os.getsid(int(name)) == leader:
                yield int(name)
        except OSError:
            pass


def memory_of(pid):
    try:
        text = pathlib.Path(f'/proc/{pid}/smaps_rollup').read_text()
    except OSError:
        return 0
    sizes = {line.split(':')[0]: int(line.split()[1]) for line in text.splitlines()[1:]}
    return 1024 * (sizes.get('Pss_Anon', 0) + sizes.get('Pss_Shmem', 0))


def run(command, stdin, directory):
    """(standard output, standard error, exit status or 'timeout', peak in bytes)."""
    out, err = (open(os.path.join(directory, name), 'w+b') for name in ('out', 'err'))
    end, peak, status = time.monotonic() + TIMEOUT, 0, 'timeout'
    with out, err, subprocess.Popen(command, stdin=stdin, stdout=out, stderr=err, env=environment(),
                                    start_new_session=True) as process:
        while time.monotonic() < end and (status := process.poll()) is None:
            peak = max(peak, sum(memory_of(pid) for pid in session(process.pid)))
            time.sleep(0.01)
        if status is None:
            os.killpg(process.pid, 9)
            status = 'timeout'
        out.seek(0)
        err.seek(0)
        return out.read(), err.read(), status, peak


def judge(binary, bomb, piped, directory):
    options, files, expected = bomb()
    paths = []
    for number, data in enumerate(files):
        paths.append(os.path.join(directory, f'bomb{number}'))
        pathlib.Path(paths[-1]).write_bytes(data)
    command = [binary, '--memory', MEMORY, '-j', '4', *options]
    feeder = subprocess.Popen(['cat', *paths], stdout=subprocess.PIPE) if piped else None
    out, err, status, peak = run(command if piped else command + paths, feeder.stdout if piped else subprocess.DEVNULL,
                                 directory)
    if feeder:
        feeder.stdout.close()
        feeder.wait()
    refused = status == 2 and err.startswith(b'wf: ') and expected is None
    exact = status == 0 and not err and (expected is None or out == expected.encode())
    said = 'refused' if refused else 'exact' if exact else f'exit status {status}, {clipped(out, 80)}'
    return (refused or exact) and peak <= PEAK, f'{said}, peak {peak // MEGABYTE} MB, {clipped(err)}'


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('binary')
    parser.add_argument('--only', default='')
    args = parser.parse_args()
    results = []
    for bomb in BOMBS:
        if args.only and bomb.__name__ not in args.only.split(','):
            continue
        for piped in (False, True):
            with tempfile.TemporaryDirectory() as directory:
                good, said = judge(os.path.abspath(args.binary), bomb, piped, directory)
            results.append(good)
            print(f'{bomb.__name__}, {"pipe" if piped else "file"}: {"" if good else "FAILED: "}{said}', flush=True)
    print(f'{results.count(True)} passed, {results.count(False)} failed')
    return not results or not all(results)


if __name__ == '__main__':
    sys.exit(main())
