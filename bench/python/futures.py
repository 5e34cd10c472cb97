#!/usr/bin/env python3
"""futures -- concurrent.futures: a pool of processes maps over the chunks.

There was no such program in 2007.  This is the usual way in Python today (the module appeared in
2011), with the usual fallback: with one worker, or on a system that does not provide processes or
semaphores, the chunks are counted one after the other.

If a worker dies, the pool raises BrokenProcessPool, and the program ends.
"""
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

from common import add, arguments, chunks, find, print_top, read_chunk


def count(job):
    path, chunk = job
    return Counter(find(read_chunk(path, *chunk)))


def map_all(workers, jobs):
    if workers > 1:
        try:
            with ProcessPoolExecutor(workers) as pool:
                return list(pool.map(count, jobs))
        except (ImportError, NotImplementedError, OSError):
            pass
    return map(count, jobs)


def main():
    workers, path = arguments()
    counts = {}
    for some in map_all(workers, [(path, chunk) for chunk in chunks(path)]):
        add(counts, some)
    print_top(counts)


if __name__ == "__main__":
    main()
