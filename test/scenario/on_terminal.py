"""on_terminal.py -- run a command on a terminal, and get what it writes there."""

import fcntl
import os
import select
import struct
import subprocess
import termios


def written_on_terminal(command, environment, columns=None):
    """What the command writes, and its exit status.  Without columns, the width of the terminal is not known.

    The command's side of the terminal stays open here, too: when the last process closes it, output that has not
    been read yet can get lost.
    """
    terminal, theirs = os.openpty()
    if columns:
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack('HHHH', 24, columns, 0, 0))
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment)
    written = b''
    ended = False
    while True:
        if select.select([terminal], [], [], 0 if ended else 0.01)[0]:
            written += os.read(terminal, 65536)
        elif ended:
            break
        else:
            ended = process.poll() is not None
    os.close(terminal)
    os.close(theirs)
    return written, process.returncode
