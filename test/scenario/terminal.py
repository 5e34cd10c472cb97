"""terminal.py [--columns N] COMMAND... -- run it on a terminal, print what it writes there, exit as it does.

Without --columns the terminal does not tell its width.
"""

import fcntl
import os
import select
import struct
import sys
import termios

command = sys.argv[1:]
columns = 0
if command[0] == '--columns':
    columns = int(command[1])
    command = command[2:]
# The command's side stays open here as well: what was written last can't get lost when it is closed.
terminal, theirs = os.openpty()
if columns:
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack('HHHH', 24, columns, 0, 0))
pid = os.fork()
if pid == 0:
    os.setsid()
    fcntl.ioctl(theirs, termios.TIOCSCTTY, 0)
    for fd in range(3):
        os.dup2(theirs, fd)
    os.execvp(command[0], command)
written = bytearray()
ended = 0
while True:
    if select.select([terminal], [], [], 0 if ended else 0.02)[0]:
        written += os.read(terminal, 65536)
    elif ended:
        break
    else:
        ended, status = os.waitpid(pid, os.WNOHANG)
sys.stdout.buffer.write(written.replace(b'\r\n', b'\n'))
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(status) & 0xff)
