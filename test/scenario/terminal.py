"""terminal.py [OPTION]... COMMAND... -- run COMMAND on a terminal, print what it writes there, and exit with its status.

    --columns N     the terminal is N columns wide; else its width is not known

These are done one after the other while COMMAND runs:

    --wait TEXT     wait until COMMAND has written TEXT
    --sleep SECONDS
    --resize N      make the terminal N columns wide
    --type TEXT     type TEXT

What COMMAND writes is printed as soon as it is written.
"""

import fcntl
import os
import select
import struct
import sys
import termios
import threading
import time

written = bytearray()       # since the last --wait
news = threading.Condition()


def resize(columns):
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack('HHHH', 24, int(columns), 0, 0))


def wait_for(text):
    with news:
        news.wait_for(lambda: text.encode() in written)
        written.clear()


ACTIONS = {'--wait': wait_for, '--sleep': lambda seconds: time.sleep(float(seconds)), '--resize': resize,
           '--type': lambda text: os.write(terminal, text.encode())}


def act(options):
    for option, argument in options:
        ACTIONS[option](argument)


def print_newlines_as_they_are():
    attributes = termios.tcgetattr(theirs)
    attributes[1] &= ~termios.ONLCR
    termios.tcsetattr(theirs, termios.TCSANOW, attributes)


def start(command):
    pid = os.fork()
    if pid == 0:
        os.setsid()
        fcntl.ioctl(theirs, termios.TIOCSCTTY, 0)
        for fd in range(3):
            os.dup2(theirs, fd)
        os.execvp(command[0], command)
    return pid


def pass_on():
    text = os.read(terminal, 65536)
    sys.stdout.buffer.write(text)
    sys.stdout.flush()
    with news:
        written.extend(text)
        news.notify()


# The command's side of the terminal stays open here, too, so that its last output cannot get lost.
terminal, theirs = os.openpty()
print_newlines_as_they_are()
command = sys.argv[1:]
options = []
while command[0].startswith('--'):
    options.append(command[:2])
    command = command[2:]
if options and options[0][0] == '--columns':
    resize(options.pop(0)[1])
pid = start(command)
threading.Thread(target=act, args=[options], daemon=True).start()
ended = 0
while True:
    if select.select([terminal], [], [], 0 if ended else 0.05)[0]:
        pass_on()
    elif ended:
        break
    else:
        ended, status = os.waitpid(pid, os.WNOHANG)
sys.stdout.flush()
os._exit(os.waitstatus_to_exitcode(status) & 0xff)
