#!/usr/bin/env python3
"""wf-4 -- the chunks of wf-3, shared out to threads.

Represents Lundh's thread pool of 2007: the positions of the chunks go through a queue to WORKERS
threads; each thread opens the file, seeks, reads and calls `findall`.

There is no difference in substance.  As in 2007, the threads share the global interpreter lock: one
thread can read while another searches, but two threads cannot search at the same time.
"""
import sys
from collections import defaultdict
from queue import SimpleQueue
from threading import Thread

from common import add, arguments, chunks, find, print_top, read_chunk


class Worker(Thread):
    def __init__(self, path, queue):
        super().__init__()
        self.path = path
        self.queue = queue
        self.counts = None

    def run(self):
        counts = defaultdict(int)
        while chunk := self.queue.get():
            for page in find(read_chunk(self.path, *chunk)):
                counts[page] += 1
        self.counts = counts


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
        sys.exit("wf-4: a thread failed")
    add(counts, thread.counts)

print_top(counts)
