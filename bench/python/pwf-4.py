#!/usr/bin/env python3
"""pwf-4 -- a fork and a channel for each part of the file.

Stands for the version of wf-4 with `pprocess`, of 2007: for each chunk a process is
forked, which sends its result through a channel of its own, and the chunks are as large
as the number of processes makes them: two processes take half of the file each.

Differs: pprocess is not in Debian 12; its channels, which carry pickled results, are made
by hand here, of pipes.  A process holds all of its part in memory.
"""
import os
import pickle
import sys
from collections import defaultdict

from common import add, arguments, chunks, find, print_top, read_chunk


def count(path, chunk):
    counts = defaultdict(int)
    for page in find(read_chunk(path, *chunk)):
        counts[page] += 1
    return dict(counts)


def start(function, *args):
    """Call a function in a child.  Returns the end of a channel its result comes from."""
    reader, writer = os.pipe()
    if os.fork() == 0:
        status = 1
        try:
            with open(writer, "wb") as channel:
                pickle.dump(function(*args), channel)
            status = 0
        finally:
            os._exit(status)
    os.close(writer)
    return open(reader, "rb")


workers, path = arguments()

size = os.path.getsize(path) // workers + 1
channels = [start(count, path, chunk) for chunk in chunks(path, size)]

counts = {}
for channel in channels:
    try:
        add(counts, pickle.load(channel))
    except (EOFError, pickle.UnpicklingError):
        sys.exit("pwf-4: a process failed")

print_top(counts)
