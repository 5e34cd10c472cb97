#!/usr/bin/env python3
"""wf-4-processing -- wf-4 with processes instead of threads.

Represents Seibert's version of 2007 with the module `processing`, which became multiprocessing in
Python 2.6: the positions of the chunks go to WORKERS processes through one queue, and dicts of counts
come back through another.  His first version deadlocked: a queue over a pipe accepts nothing more when
the pipe is full, and it stayed full because the children waited for the parent to read their
results, while the parent was still adding work.

Differences: multiprocessing instead of `processing`.  The program would still deadlock if the parent
waited for a child to end before reading its result; so it reads all results first.  And because
a queue does not report that the process that should fill it has died, a thread watches the processes.
"""
import os
import sys
from collections import defaultdict
from multiprocessing import Process, Queue
from multiprocessing.connection import wait
from threading import Thread

from common import add, arguments, chunks, find, print_top, read_chunk


def work(path, jobs, results):
    counts = defaultdict(int)
    while chunk := jobs.get():
        for page in find(read_chunk(path, *chunk)):
            counts[page] += 1
    results.put(dict(counts))


def watch(processes):
    """End the program when a process fails, whatever the other processes are waiting for."""
    running = {process.sentinel: process for process in processes}
    while running:
        for sentinel in wait(running):
            process = running.pop(sentinel)
            process.join()
            if process.exitcode != 0:
                for other in processes:
                    other.kill()
                print("wf-4-processing: a process failed", file=sys.stderr)
                os._exit(1)


def main():
    workers, path = arguments()
    parts = list(chunks(path))
    jobs, results = Queue(), Queue()
    processes = [Process(target=work, args=(path, jobs, results)) for _ in range(workers)]
    for process in processes:
        process.start()
    watcher = Thread(target=watch, args=(processes,))
    watcher.start()

    for chunk in parts:
        jobs.put(chunk)  # never blocks: the queue's own thread writes to the pipe
    for _ in processes:
        jobs.put(None)
    counts = {}
    for _ in processes:
        add(counts, results.get())
    watcher.join()
    print_top(counts)


if __name__ == "__main__":
    main()
