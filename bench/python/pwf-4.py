#!/usr/bin/env python3
"""pwf-4 -- a fork and a channel for each part of the file.

Represents the version of wf-4 of 2007 that used `pprocess`: for each chunk it forks a process,
which sends its result through its own channel.  There are as many chunks as processes: with two
processes, each takes half of the file.

Differences: pprocess is not in Debian 12, so its channels, which carry pickled results, are made
from pipes here.  A process holds its whole part of the file in memory.
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
    """Call a function in a child process.  Returns the end of the channel that delivers its result."""
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
