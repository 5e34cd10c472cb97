"""terminal.py [OPTION]... COMMAND... -- run it on a terminal, print what it writes there, exit as it does.

    --columns N             the terminal's width; without, it does not tell it
    --resize SECONDS N      make it that wide then
    --type SECONDS TEXT     type that then
"""

import fcntl
import os
import select
import struct
import sys
import termios
import time



def resize(columns):
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack('HHHH', 24, int(columns), 0, 0))


# The command's side stays open here as well: what was written last can't get lost when it is closed.
terminal, theirs = os.openpty()
command = sys.argv[1:]
events = []
while command[0].startswith('--'):
    if command[0] == '--columns':
        resize(command[1])
        command = command[2:]
    else:
        events.append((float(command[1]), command[0], command[2]))
        command = command[3:]
events.sort()
pid = os.fork()
if pid == 0:
    os.setsid()
    fcntl.ioctl(theirs, termios.TIOCSCTTY, 0)
    for fd in range(3):
        os.dup2(theirs, fd)
    os.execvp(command[0], command)
written = bytearray()
ended = 0
start = time.monotonic()
while True:
    if events and time.monotonic() - start >= events[0][0]:
        _, what, argument = events.pop(0)
        if what == '--resize':
            resize(argument)
        else:
            os.write(terminal, argument.encode())
    if select.select([terminal], [], [], 0 if ended else 0.02)[0]:
        written += os.read(terminal, 65536)
    elif ended:
        break
    else:
        ended, status = os.waitpid(pid, os.WNOHANG)
sys.stdout.buffer.write(written.replace(b'\r\n', b'\n'))
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(status) & 0xff)
