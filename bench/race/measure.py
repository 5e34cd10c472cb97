"""Time commands with hyperfine, interleaved, and sample their memory."""
import json
import os
import subprocess
import tempfile
import threading
import time


def quote(words):
    """Quote a command for hyperfine's own parser; no shell is involved."""
    return " ".join("'" + word.replace("'", "'\\''") + "'" for word in words)


def times(commands, rounds, cpu=False):
    """The seconds of each command (a list of words): one list of samples per command.  With cpu,
    these are seconds of CPU time.

    Each round runs every command once, one after the other, so that a machine that is busy for a
    while slows down all of them and not only one.  rounds has a number for each command: slow
    commands take part in fewer rounds.  The caller has run each command before, so the caches are
    warm.
    """
    samples = [[] for _ in commands]
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        for done in range(max(rounds)):
            running = [i for i, n in enumerate(rounds) if n > done]
            hyperfine = ["hyperfine", "--shell=none", "--ignore-failure", "--style=none",
                         "--runs=1", "--export-json", out.name]
            subprocess.run(hyperfine + [quote(commands[i]) for i in running], check=True,
                           stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL)
            with open(out.name, encoding="utf-8") as file:
                results = json.load(file)["results"]
            for i, result in zip(running, results):
                samples[i].extend([result["user"] + result["system"]] if cpu else result["times"])
    return samples


def _own_memory(pid):
    """The anonymous and shared memory of a process, in bytes, without pages of files.  Shared
    memory is divided by the number of processes that share it."""
    total = 0
    try:
        with open("/proc/%d/smaps_rollup" % pid, encoding="ascii") as file:
            for line in file:
                name, _, rest = line.partition(":")
                if name in ("Pss_Anon", "Pss_Shmem"):
                    total += 1024 * int(rest.split()[0])
    except (OSError, ValueError):
        pass  # the process has ended
    return total


def _tree(pid):
    """The process and its descendants."""
    pids = [pid]
    try:
        for task in os.listdir("/proc/%d/task" % pid):
            with open("/proc/%d/task/%s/children" % (pid, task), encoding="ascii") as file:
                for child in file.read().split():
                    pids += _tree(int(child))
    except OSError:
        pass
    return pids


def _sample_memory(process, most):
    while process.poll() is None:
        most[0] = max(most[0], sum(_own_memory(pid) for pid in _tree(process.pid)))
        time.sleep(0.002)


def observe(command):
    """Run a command once.  Returns its exit status, its output, its seconds, and the largest
    memory of its processes together that was sampled, in bytes."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL)
    most = [0]
    sampler = threading.Thread(target=_sample_memory, args=(process, most))
    sampler.start()
    output = process.stdout.read()
    process.wait()
    sampler.join()
    return process.returncode, output, time.monotonic() - start, most[0]
