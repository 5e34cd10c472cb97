"""terminal.py COMMAND... -- run it on a terminal, print what it writes there, exit as it does."""

import os
import pty
import sys

pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
written = bytearray()
while True:
    try:
        piece = os.read(terminal, 65536)
    except OSError:             # EIO: all have closed it
        break
    if not piece:
        break
    written += piece
_, status = os.waitpid(pid, 0)
sys.stdout.buffer.write(written.replace(b'\r\n', b'\n'))
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(status) & 0xff)
