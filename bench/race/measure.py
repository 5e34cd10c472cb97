"""Time commands with hyperfine, interleaved, and sample their memory."""
import json
import os
import subprocess
import tempfile
import time


def quote(words):
    """As hyperfine's own parser wants it: there is no shell."""
    return " ".join("'" + word.replace("'", "'\\''") + "'" for word in words)


def times(commands, rounds):
    """Seconds of each command (a list of words), one list of samples a command.

    Each round runs all commands once, one after the other, so that a machine that is busy
    for a while slows all of them and not just one.  A round before warms the caches.
    """
    samples = [[] for _ in commands]
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        hyperfine = ["hyperfine", "--shell=none", "--ignore-failure", "--style=none", "--runs=1",
                     "--export-json", out.name] + [quote(c) for c in commands]
        for done in range(-1, rounds):
            subprocess.run(hyperfine, check=True, stdin=subprocess.DEVNULL,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            with open(out.name, encoding="utf-8") as file:
                results = json.load(file)["results"]
            for sample, result in zip(samples, results):
                if done >= 0:
                    sample.extend(result["times"])
    return samples


def _own_memory(pid):
    """Bytes of a process that are not pages of a file: anonymous and shared memory, the
    latter divided by the number of those who share it."""
    total = 0
    try:
        with open("/proc/%d/smaps_rollup" % pid, encoding="ascii") as file:
            for line in file:
                name, _, rest = line.partition(":")
                if name in ("Pss_Anon", "Pss_Shmem"):
                    total += 1024 * int(rest.split()[0])
    except (OSError, ValueError):
        pass  # it has ended
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


def peak_memory(command):
    """The largest sum over a command's processes that was seen while it ran, in bytes."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(_own_memory(pid) for pid in _tree(process.pid)))
        time.sleep(0.002)
    return peak


def answer(command):
    """(exit status, the first ten rows as {key: count} in order) of a runner."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=False)
    return done.returncode, done.stdout
