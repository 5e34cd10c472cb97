"""The workloads of the race: each is a log, a query, and the programs that can answer it."""
import os
import subprocess
from dataclasses import dataclass, field
from typing import List

from . import runners
from .runners import CLIENT, MKLOG, WF, WF1, Runner


@dataclass
class Workload:
    name: str
    title: str
    wf: Runner
    rivals: List[Runner] = field(default_factory=list)
    log: str = "log"  # one of the logs below


# Arguments of mklog.  "log" is about as large as o1000k.ap, the log of the Wide Finder.
LOGS = {
    "log": ["-n", "1000000"],
    "large": ["-n", "10000000"],
    "keys": ["-n", "10000000", "-u", "5000000", "--uniform"],
    "tiny": ["-n", "5"],
}

NO_HIT = "no line holds this 8c1f"
EVERY = r'HTTP/1\.[01]" (\d+)'
NO_LITERAL = "[A-Za-z]{30}"
URL = r'"[A-Z]+ ([^ "]+)'
STATUS = r'" (\d\d\d) '
SEVEN = "".join(WF + " -j {jobs} " + question + " {file};" for question in (
    "-f url", "-f client", "-f status", "-f site -w site!=-", "-f agent",
    "-f url -w status=404", "-f hour --order last"))


def all_workloads():
    return [
        Workload("wf1", "the Wide Finder's pattern", runners.wf("-e", WF1),
                 runners.PYTHONS + [runners.mpi(), runners.other("wf.rb", "wf1", "ruby")]
                 + runners.typed("wf1")
                 + [runners.count("rg -c", "rg", "-c", "-a", WF1)]),
        Workload("url", "the URL of every line", runners.wf(),
                 [runners.wf("-e", URL, name="wf -e")] + runners.typed("url")
                 + [runners.GOACCESS]),
        Workload("client", "the client of every line, -f client", runners.wf("-f", "client"),
                 [runners.wf("-e", CLIENT, name="wf -e")] + runners.typed("client")),
        Workload("status", "the status of every line, -f status", runners.wf("-f", "status"),
                 [runners.wf("-e", STATUS, name="wf -e")]),
        Workload("column", "a column of every line, -f 7", runners.wf("-f", "7"),
                 [runners.wf("-f", "bytes", name="wf -f bytes")]),
        Workload("overview", "seven rankings, -r overview",
                 runners.wf("-r", "overview", kind="other", why="it consists of seven rankings"),
                 [runners.wf(name="wf, one ranking", kind="other", why="it is a single ranking"),
                  runners.shell("wf, seven times", SEVEN, kind="other",
                                why="it comes from seven runs of one ranking each")]),
        Workload("none", "a pattern that matches no line", runners.wf("-e", NO_HIT),
                 [runners.count("rg -c", "rg", "-c", "-a", "--include-zero", NO_HIT),
                  runners.count("grep -c", "grep", "-c", "-a", NO_HIT)]),
        Workload("every", "a pattern that matches every line", runners.wf("-e", EVERY),
                 [runners.count("rg -c", "rg", "-c", "-a", EVERY)]),
        Workload("no-literal", "a pattern without a literal, " + NO_LITERAL,
                 runners.wf("-e", NO_LITERAL),
                 [runners.count("rg -c", "rg", "-c", "-a", "--no-unicode", "--include-zero",
                                NO_LITERAL)]),
        Workload("pipe", "the Wide Finder's pattern, from a pipe",
                 runners.shell("wf", "cat {file} | " + WF + " -j {jobs} -e '" + WF1 + "'", "wf"),
                 [runners.shell("cat | wc -l", "cat {file} | wc -l", kind="other",
                                why="it counts lines")]),
        Workload("mpi", "the Wide Finder's pattern, with MPI", runners.wf("-e", WF1),
                 [runners.wf_mpi("-e", WF1), runners.wf_mpi_started(), runners.mpi(fast=True)]),
        Workload("keys", "5 million distinct URLs in 10 million lines", runners.wf(),
                 [runners.other("mawk.sh", "url", "mawk", fast=True)], log="keys"),
        Workload("tiny", "a file of 1 KB", runners.wf(),
                 [runners.Runner("wc -l", lambda jobs, file: ["wc", "-l", file], kind="other",
                                 fast=True, why="it counts lines")], log="tiny"),
    ]


class Logs:
    """The logs, each generated when it is first used."""

    def __init__(self, directory, real=None):
        self.directory = directory
        self.real = real  # the user's own log, used instead of "log" and "large"
        os.makedirs(directory, exist_ok=True)

    def path(self, name):
        if self.real and name in ("log", "large"):
            return self.real
        return self.make(name, LOGS[name])

    def make(self, name, arguments):
        path = os.path.join(self.directory, name + ".log")
        if not os.path.exists(path):
            with open(path + ".new", "wb") as file:
                subprocess.run([MKLOG, *arguments], stdout=file, check=True)
            os.rename(path + ".new", path)
        return path

    def drop(self, name):
        try:
            os.remove(os.path.join(self.directory, name + ".log"))
        except FileNotFoundError:
            pass
