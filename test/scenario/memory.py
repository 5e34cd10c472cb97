"""memory.py WF ARGUMENT... -- run it, print the most memory that it and its workers held.

Counted are, in KB, anonymous pages and those of shared memory (memfd, unlinked files, shared anonymous mappings),
each once however many processes map it (Pss); of files, as of the log, only pages written to.  Output is read a piece
for each look, so that there is time to look while it is written.  Prints "PEAK LOOKS ROWS".
"""

import os
import subprocess
import sys


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


child = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE)
os.set_blocking(child.stdout.fileno(), False)
peak = looks = rows = 0
while True:
    now = sum(held(pid) for pid in tree(child.pid))
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
