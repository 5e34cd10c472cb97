#!/usr/bin/env python3
"""manager -- workers that could be on other machines, served by a manager.

Represents the managers of `processing` and Parallel Python in 2007: a server owns the queues, and
workers log in over an authenticated socket, take jobs and send back results.  Here the socket is on
127.0.0.1, and the workers open the file by its name.

Differences: Parallel Python sent the source of a function with each job, and is not in Debian 12;
`processing` became multiprocessing, whose managers are used here.  The key is random; the workers
read it from their standard input, so that `ps` does not show it.

The queues are in the server's memory and are never full, so the parent can first wait for all
workers, see which of them failed, and then read the results.  Half a second is lost in any case:
for each connection the module writes twice before it reads, so that Nagle's algorithm and TCP's
delayed acknowledgement wait 40 ms for each other, and a login takes about a dozen such
exchanges.
"""
import secrets
import subprocess
import sys
from collections import Counter
from multiprocessing.managers import BaseManager
from queue import Queue

from common import add, arguments, chunks, find, print_top, read_chunk

jobs, results = Queue(), Queue()


class Manager(BaseManager):
    pass


Manager.register("jobs", lambda: jobs)
Manager.register("results", lambda: results)


def worker(port):
    manager = Manager(("127.0.0.1", port), sys.stdin.buffer.read())
    manager.connect()
    jobs, results = manager.jobs(), manager.results()
    while job := jobs.get():
        path, chunk = job
        results.put(dict(Counter(find(read_chunk(path, *chunk)))))


def start_worker(port, key):
    command = [sys.executable, __file__, "--worker", str(port)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE)
    process.stdin.write(key)
    process.stdin.close()
    return process


def main():
    workers, path = arguments()
    parts = list(chunks(path))
    key = secrets.token_bytes(32)
    with Manager(("127.0.0.1", 0), key) as manager:
        _, port = manager.address
        processes = [start_worker(port, key) for _ in range(workers)]
        jobs, results = manager.jobs(), manager.results()
        for chunk in parts:
            jobs.put((path, chunk))
        for _ in processes:
            jobs.put(None)

        if any([process.wait() for process in processes]):
            sys.exit("manager: a worker failed")
        counts = {}
        for _ in parts:
            add(counts, results.get())
    print_top(counts)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--worker"]:
        worker(int(sys.argv[2]))
    else:
        main()
