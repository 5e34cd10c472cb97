"""Describe the machine, and the version of every program."""
import os
import platform
import subprocess

VERSIONS = {
    "python3": ["/usr/bin/python3", "--version"],
    "gcc": ["gcc", "--version"],
    "hyperfine": ["hyperfine", "--version"],
    "rg": ["rg", "--version"],
    "grep": ["grep", "--version"],
    "sort": ["sort", "--version"],
    "perl": ["perl", "-e", "print $^V"],
    "ruby": ["ruby", "--version"],
    "mawk": ["mawk", "-W", "version"],
    "gawk": ["gawk", "--version"],
    "mlr": ["mlr", "--version"],
    "goaccess": ["goaccess", "--version"],
    "mpiexec": ["mpiexec", "--version"],
    "node": ["node", "--version"],
    "topfew": ["topfew", "--version"],
    "gzip": ["gzip", "--version"],
    "igzip": ["igzip", "--version"],
    "rare": ["rare", "--version"],
}


def _first_line(command):
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return None
    lines = done.stdout.decode("utf-8", "replace").strip().splitlines()
    return lines[0] if lines else None


def _cpu():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            name, _, value = line.partition(":")
            if name.strip() in ("model name", "Model"):
                return value.strip()
    return platform.machine()


def describe(wf):
    """A dict for the results: the machine, and the versions; None for a program that is not installed."""
    with open("/proc/meminfo", encoding="utf-8") as file:
        memory = int(file.readline().split()[1]) * 1024
    versions = {name: _first_line(command) for name, command in VERSIONS.items()}
    versions["wf"] = _first_line([wf, "--version"])
    return {
        "cpu": _cpu(),
        "cpus": len(os.sched_getaffinity(0)),
        "memory_bytes": memory,
        "kernel": platform.release(),
        "versions": versions,
    }
