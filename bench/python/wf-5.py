#!/usr/bin/env python3
"""wf-5 -- wf-4 with a child process for each thread.

Represents Lundh's way around the interpreter lock in 2007, before Python had multiprocessing: each
thread of wf-4 starts a child process and talks to it over pipes.  A message is a length of 4 bytes and
that many bytes of marshal data: (file, chunk) goes to the child, and a dict of counts comes back.

Difference: `subprocess` starts the child.  marshal accepts dicts of bytes, as it accepted dicts of str.
"""
import marshal
import struct
import subprocess
import sys
from collections import defaultdict
from queue import SimpleQueue
from threading import Thread

from common import add, arguments, chunks, find, print_top, read_chunk

LENGTH = struct.Struct("!I")


def send(pipe, message):
    data = marshal.dumps(message)
    pipe.write(LENGTH.pack(len(data)) + data)
    pipe.flush()


def receive(pipe):
    """A message; None at the end of the file.  A truncated message is an error."""
    head = pipe.read(LENGTH.size)
    if not head:
        return None
    return marshal.loads(pipe.read(*LENGTH.unpack(head)))


def child():
    """Answer messages until there are no more."""
    while message := receive(sys.stdin.buffer):
        path, chunk = message
        counts = defaultdict(int)
        for page in find(read_chunk(path, *chunk)):
            counts[page] += 1
        send(sys.stdout.buffer, dict(counts))


class Worker(Thread):
    def __init__(self, path, queue):
        super().__init__()
        self.path = path
        self.queue = queue
        self.counts = None

    def run(self):
        command = [sys.executable, __file__, "--child"]
        counts = {}
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            while chunk := self.queue.get():
                send(process.stdin, (self.path, chunk))
                answer = receive(process.stdout)
                if answer is None:
                    raise EOFError("a child has died")
                add(counts, answer)
        self.counts = counts


def main():
    workers, path = arguments()
    queue = SimpleQueue()
    for chunk in chunks(path):
        queue.put(chunk)
    threads = [Worker(path, queue) for _ in range(workers)]
    for thread in threads:
        queue.put(None)
        thread.start()

    counts = {}
    for thread in threads:
        thread.join()
        if thread.counts is None:
            sys.exit("wf-5: a thread failed")
        add(counts, thread.counts)
    print_top(counts)


if sys.argv[1:] == ["--child"]:
    child()
else:
    main()
