"""Compare every runner's answer with wf's before the runner is timed.

The answer of the limit is a number of newlines, or nothing if a reason is given.  For runners of
the kind "other", whose answer may differ for the reason given with them, only the existence of an
answer is checked.
"""
import functools
import json
import subprocess

ABSENT, NOT_ITS_JOB = 127, 64


class Differs(Exception):
    """A runner's answer is not wf's."""


def _as_others_write(answer):
    """The rows that wf prints, rewritten as `COUNT: KEY`."""
    rows = [line.lstrip(b" ").replace(b" ", b": ", 1) for line in answer.splitlines()]
    return b"".join(row + b"\n" for row in rows)


@functools.lru_cache
def _wf_says(command):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False)
    if done.returncode not in (0, 1):
        raise Differs("wf exited with status %d" % done.returncode)
    return _as_others_write(done.stdout)


@functools.lru_cache
def _lines_of_wf(command, which):
    done = subprocess.run(command[:1] + ("--json",) + command[1:], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, check=False)
    return json.loads(done.stdout)["account"][which]


@functools.lru_cache
def _newlines(file):
    return int(subprocess.run(["wc", "-l", file], stdout=subprocess.PIPE, check=True).stdout.split()[0])


def _excerpt(answer):
    return answer[:200].decode("utf-8", "replace")


def check(workload, runner, jobs, file, status, answer):
    """None if the runner's answer is right, "absent" if its program is not installed, "not its job"
    if it cannot run this workload.  Raises Differs if the answer is wrong."""
    if status == ABSENT:
        return "absent"
    if status == NOT_ITS_JOB:
        return "not its job"
    if runner.kind == "other" and status == 0 and answer:
        return None
    if runner.kind == "limit" and runner.why and status == 0:
        return None
    command = tuple(workload.wf.command(jobs, file))
    if runner.kind == "limit":
        expected = b"%d\n" % _newlines(file)
    elif runner.kind == "count":
        expected = b"%d\n" % _lines_of_wf(command, "matched")
    else:
        expected = _wf_says(command)
    if runner.kind == "wf":
        answer = _as_others_write(answer)
    if answer != expected:
        raise Differs("%s, on %s with %d workers, exited with status %d and printed\n%s\nbut wf printed\n%s"
                      % (runner.name, workload.name, jobs, status, _excerpt(answer),
                         _excerpt(expected)))
    return None
