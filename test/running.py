"""running.py -- run wf as the tests do: on files, standard input, pipes and FIFOs, and never for long.
"""

import contextlib
import dataclasses
import os
import pathlib
import re
import subprocess
import threading
import time

TIMEOUT = 30                    # seconds for one wf
CPUS = ('plain', 'sse2', 'avx2', 'avx512', 'neon')

# What wf says of a log of which more than a few lines are none of its format; how many, of how many.
DO_NOT_FIT = rb'wf: ([0-9,]+) of ([0-9,]+) lines do not fit [^\n]*\n(?:wf:   .*\n)*'
# And of one of which more than a few lines have no time, if there is a period.
NO_TIME = rb'wf: ([0-9,]+) of ([0-9,]+) lines have no time that wf can read, and are left out[^\n]*\n(?:wf:   .*\n)*'
FIRST = rb'(wf: [0-9,]+ of [0-9,]+ lines do not fit) [^\n]*\n(?:wf:   .*\n)*'


@dataclasses.dataclass
class Answer:
    stdout: bytes
    stderr: bytes
    status: object              # an exit status, or 'timeout'
    unmatched: bytes = None     # what --unmatched wrote
    merged: bool = False        # of what was saved

    def without_first(self):
        """The answer without the first line that does not fit: where it is depends on how wf gets the log."""
        return dataclasses.replace(self, stderr=re.sub(FIRST, rb'\1\n', self.stderr))


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


def clipped(data, size=500):
    return repr(data) if len(data) <= size else f'{data[:size]!r}... ({len(data)} bytes)'
