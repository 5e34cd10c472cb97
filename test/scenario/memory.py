"""memory.py WF ARGUMENT... -- run it, print the most memory that it and its workers held.

Counted are, in KB, anonymous pages and those of shared memory (memfd, unlinked files, shared anonymous mappings),
each once however many processes map it (Pss); of files, as of the log, only pages written to.  Output is read a piece
for each look, so that there is time to look while it is written.  All processes are stopped during a look: otherwise a
page would count once for the parent, and again for a child that has begun to share it.  Prints "PEAK LOOKS ROWS".
"""

import os
import signal
import subprocess
import sys
import time


def held(pid):
    total = 0
    name = ''
    try:
        with open(f'/proc/{pid}/smaps') as smaps:
            for line in smaps:
                words = line.split()
                if not words[0].endswith(':'):  # a mapping: range, flags, offset, device, inode, name
                    name = ' '.join(words[5:])
                    tables = name.startswith(('/memfd:', '/dev/zero')) or name.endswith(' (deleted)')
                    own = tables or not name.startswith('/')
                elif words[0] == ('Pss:' if own else 'Anonymous:'):
                    total += int(words[1])
    except (FileNotFoundError, ProcessLookupError):     # it has ended
        pass
    return total


def tree(pid):
    try:
        with open(f'/proc/{pid}/task/{pid}/children') as children:
            return [pid, *map(int, children.read().split())]
    except (FileNotFoundError, ProcessLookupError):
        return [pid]


def is_running(pid):
    try:
        with open(f'/proc/{pid}/stat') as stat:
            return stat.read().rpartition(')')[2].split()[0] not in 'TZX'
    except (FileNotFoundError, ProcessLookupError):
        return False


def send(pid, signum):
    try:
        os.kill(pid, signum)
    except ProcessLookupError:
        pass


def held_by_all(pid):
    """A process that is stopped starts no other, so it is stopped before its children are listed."""
    send(pid, signal.SIGSTOP)
    while is_running(pid):
        pass
    pids = tree(pid)
    for other in pids[1:]:
        send(other, signal.SIGSTOP)
    while any(map(is_running, pids)):
        pass
    total = sum(map(held, pids))
    for other in reversed(pids):
        send(other, signal.SIGCONT)
    time.sleep(0.002)  # else they would hardly get on
    return total


child = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE)
os.set_blocking(child.stdout.fileno(), False)
peak = looks = rows = 0
while True:
    now = held_by_all(child.pid)
    peak = max(peak, now)
    looks += now > 0
    try:
        piece = os.read(child.stdout.fileno(), 1 << 18)
    except BlockingIOError:
        continue
    if not piece:
        break
    rows += piece.count(b'\n')
if child.wait() != 0:
    sys.exit(f'status {child.returncode}')
print(peak, looks, rows)
