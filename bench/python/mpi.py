#!/usr/bin/env python3
"""mpi -- mpi4py.futures: a pool of MPI ranks maps over the chunks.

There was no such program in 2007; this is the way of computing centres (mpi4py appeared in 2006,
its futures in 2017).  One rank is the master, so it needs one rank more than WORKERS:

    mpiexec -n $((WORKERS + 1)) python3 -m mpi4py.futures mpi.py WORKERS FILE

As root, Open MPI also needs --allow-run-as-root, and --oversubscribe if there are more ranks than
cores.  If a rank dies, mpiexec ends all others.
"""
import sys
from collections import Counter

try:
    from mpi4py.futures import MPIPoolExecutor
except ImportError:
    print("mpi: mpi4py is not installed", file=sys.stderr)
    sys.exit(127)

from common import add, arguments, chunks, find, print_top, read_chunk


def count(job):
    path, chunk = job
    return Counter(find(read_chunk(path, *chunk)))


def main():
    workers, path = arguments()
    jobs = [(path, chunk) for chunk in chunks(path)]
    counts = {}
    with MPIPoolExecutor(workers) as pool:
        for some in pool.map(count, jobs, unordered=True):
            add(counts, some)
    print_top(counts)


if __name__ == "__main__":
    main()
