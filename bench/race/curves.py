"""Curves of wf and the limit: time by the number of workers, of bytes, and of distinct keys."""
import os

from . import measure, runners

WF1 = runners.wf("-e", runners.WF1)
URL = runners.wf()
LIMIT = runners.limit()

# Numbers of lines for mklog: logs of 10 MB to 4 GB, at about 206 bytes per line.
LINES = [48_000, 190_000, 770_000, 3_100_000, 12_400_000, 19_400_000]
KEYS = [10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000]
KEY_LINES = 10_000_000


def _points(commands, rounds):
    for command in commands:
        measure.observe(command)  # fills the page cache
    return measure.times(commands, [rounds] * len(commands))


def over_jobs(logs, cpus, rounds):
    file = logs.path("large")
    jobs = list(range(1, 2 * cpus + 1))
    series = {"limit": LIMIT, "the Wide Finder's pattern": WF1, "URL of every line": URL}
    commands = [runner.command(n, file) for runner in series.values() for n in jobs]
    samples = iter(_points(commands, rounds))
    return {"curve": "jobs", "x": jobs, "bytes": os.path.getsize(file),
            "series": {name: [next(samples) for _ in jobs] for name in series}}


def over_bytes(logs, cpus, rounds):
    sizes, series = [], {"limit": [], "the Wide Finder's pattern": [], "URL of every line": []}
    for lines in LINES:
        file = logs.make("size", ["-n", str(lines)])
        sizes.append(os.path.getsize(file))
        got = _points([r.command(cpus, file) for r in (LIMIT, WF1, URL)], rounds)
        for name, sample in zip(series, got):
            series[name].append(sample)
        logs.drop("size")
    return {"curve": "bytes", "x": sizes, "jobs": cpus, "series": series}


def over_keys(logs, cpus, rounds):
    series = {"1 worker": [], "%d workers" % cpus: []}
    for keys in KEYS:
        file = logs.make("distinct", ["-n", str(KEY_LINES), "-u", str(keys), "--uniform"])
        got = _points([URL.command(jobs, file) for jobs in (1, cpus)], rounds)
        for name, sample in zip(series, got):
            series[name].append(sample)
        logs.drop("distinct")
    return {"curve": "keys", "x": KEYS, "lines": KEY_LINES, "series": series}


def all_curves(logs, cpus, full, say):
    rounds = 11 if full else 5
    got = []
    for curve in (over_jobs, over_bytes, over_keys):
        say("curve: " + curve.__name__.replace("_", " "))
        got.append(curve(logs, cpus, rounds))
    return got
