#!/usr/bin/python3
"""different_files.py -- if one rank sees other files than the others, wf-mpi says so, prints no ranking, and ends.

    test/mpi/different_files.py WF_MPI MPIRUN...

Each rank runs in a directory of its own. Prints TAP.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

RANKS = 3
LINE = b'10.0.0.%d - - [17/Jun/2007:12:00:01 -0700] "GET /a HTTP/1.1" 200 %d\n'
LOG = b''.join(LINE % (i % 250, i) for i in range(2000))
IN_ITS_DIRECTORY = 'cd "$0/${OMPI_COMM_WORLD_RANK:-$PMI_RANK}" && exec "$@"'


def missing(log):
    log.unlink()


def unknown(log):
    log.write_bytes(b'this is no log\n' * 1000)


def other(log):
    log.write_bytes(b'%s%s' % (LINE % (251, 1), LOG[len(LINE % (251, 1)):]))


def shorter(log):
    log.write_bytes(LOG[:50000])


def fifo(log):
    log.unlink()
    os.mkfifo(log)


CASES = [
    (missing, [], 'y.log: No such file or directory'),
    (unknown, [], 'y.log: line 1 fits no known log format'),
    (other, [], 'y.log: is not the same file as in the plan of rank 0'),
    (shorter, [], 'y.log: is not the same file as in the plan of rank 0'),
    (fifo, [], 'y.log: is not a regular file: ranks can\'t share it'),
    (missing, ['--local', '-j', '1'], 'y.log: No such file or directory'),
    (missing, ['--resume', 'checkpoint'], 'y.log: No such file or directory'),
]


def run(command):
    """Return the status, stdout and stderr; the status is None if the command did not end."""
    try:
        got = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=120, check=False)
        return got.returncode, got.stdout, got.stderr.decode(errors='replace')
    except subprocess.TimeoutExpired as late:
        return None, late.stdout or b'', (late.stderr or b'').decode(errors='replace')


def try_case(start, where, spoil, options):
    with tempfile.TemporaryDirectory() as directory:
        for rank in range(RANKS):
            (Path(directory) / str(rank)).mkdir()
            (Path(directory) / str(rank) / 'y.log').write_bytes(LOG)
        spoil(Path(directory) / str(where) / 'y.log')
        return run(start[:-1] + ['sh', '-c', IN_ITS_DIRECTORY, directory, start[-1], '-f', 'client'] + options + ['y.log'])


def main():
    wf_mpi, *mpirun = sys.argv[1:]
    start = mpirun + ['-n', str(RANKS), str(Path(wf_mpi).resolve())]
    n = bad = 0
    for spoil, options, expected in CASES:
        for where in (0, RANKS - 1):
            # With --local only the first rank of a host counts, and here all ranks are on one host.
            # All ranks count as many bytes as rank 0 sees: if its file is shorter than the others',
            # they have grown, which is allowed.
            if (options[:1] == ['--local'] and where) or (spoil is shorter and not where):
                continue
            status, out, err = try_case(start, where, spoil, options)
            messages = [line for line in err.splitlines() if line.startswith('wf: ')]
            ok = status == 2 and not out and bool(messages) and expected in messages[0]
            n += 1
            bad += not ok
            print(f'{"ok" if ok else "not ok"} {n} - {spoil.__name__} for rank {where} alone', *options)
            if not ok:
                print(f'# status {status}, stdout {out[:200]}')
                print(*('# ' + line for line in err.splitlines()[:10]), sep='\n')
    print(f'1..{n}')
    return bad != 0


if __name__ == '__main__':
    sys.exit(main())
