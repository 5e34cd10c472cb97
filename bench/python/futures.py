#!/usr/bin/env python3
"""futures -- concurrent.futures: a pool of processes maps over the chunks.

Stands for no program of 2007.  It is what one writes in Python today (the module is of
2011), in the common form with a fallback: where one worker is asked for, or the system
gives no processes or semaphores, the chunks are counted one after the other.

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
