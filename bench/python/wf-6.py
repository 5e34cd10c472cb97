#!/usr/bin/env python3
"""wf-6 -- wf-5, but the child maps the file.

Represents Lundh's last and fastest version of 2007: threads, children and messages as in wf-5, but
each child maps the whole file once and searches the map between the start and the end of a chunk, so
that nothing is read or copied.

Difference: an empty file cannot be mapped, so an empty bytes object replaces the map.
"""
import marshal
import mmap
import os
import struct
import subprocess
import sys
from collections import defaultdict
from queue import SimpleQueue
from threading import Thread

from common import add, arguments, chunks, find, print_top

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


def map_file(path):
    with open(path, "rb") as file:
        if os.fstat(file.fileno()).st_size == 0:
            return b""
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def child():
    """Answer messages until there are no more."""
    maps = {}
    while message := receive(sys.stdin.buffer):
        path, (start, length) = message
        if path not in maps:
            maps[path] = map_file(path)
        counts = defaultdict(int)
        for page in find(maps[path], start, start + length):
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
            sys.exit("wf-6: a thread failed")
        add(counts, thread.counts)
    print_top(counts)


if sys.argv[1:] == ["--child"]:
    child()
else:
    main()
