"""The programs of the race.  Each runner has a function (jobs, file) -> command.

A runner's answer is of one of these kinds:
"rank"   ten lines `COUNT: KEY`, which must be wf's rows
"wf"     the same rows, in the form in which wf prints them
"count"  a single number, which must be the number of lines that wf counted
"other"  an answer that may differ from wf's, for the reason given in `why`
"limit"  a number of newlines
"""
import glob
import os
from dataclasses import dataclass
from typing import Callable, List

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WF = os.path.join(TREE, "wf")
WF_MPI = os.path.join(TREE, "wf-mpi")
SAMPLE = os.path.join(TREE, "data", "sample.log")
LIMIT = os.path.join(TREE, "bench", "limit")
MKLOG = os.path.join(TREE, "data", "mklog")
# Python modules from Debian packages work only with Debian's own Python.
PYTHON = "/usr/bin/python3" if os.path.exists("/usr/bin/python3") else "python3"
WF1 = r"GET /ongoing/When/\d\d\dx/(\d\d\d\d/\d\d/\d\d/[^ .]+) "
CLIENT = r"^(\S+)"


@dataclass
class Runner:
    name: str
    command: Callable[[int, str], List[str]]
    kind: str = "rank"
    fast: bool = False  # fast enough for gigabytes
    obeys: bool = False  # uses no more cores than it is told to
    why: str = ""  # for the kind "other": why the answer may differ


def wf(*options, name="wf", kind="wf", why=""):
    return Runner(name, lambda jobs, file: [WF, "-j", str(jobs), *options, file], fast=True,
                  kind=kind, why=why)


def wf_of_files(*options, name="wf"):
    """For a directory of files."""
    return Runner(name, lambda jobs, file: [WF, "-j", str(jobs), *options,
                                            *sorted(glob.glob(file + "/*"))], fast=True, kind="wf")


def decoder():
    """The fastest program that is installed decodes the gzip files of a directory, several at the
    same time."""
    return shell("only decoding", "printf '%s\\0' {file}/*.gz | xargs -0 -n 1 -P {jobs} "
                 "$(command -v igzip || echo gzip) -dc >/dev/null", kind="limit",
                 why="it decodes the files and prints nothing")


def limit(how="read"):
    name = "limit" if how == "read" else "limit, mapped"
    return Runner(name, lambda jobs, file: [LIMIT, str(jobs), file, how], kind="limit", fast=True)


def of_another_wf(runner, binary):
    """The same question, put to another binary of wf."""
    return Runner("the other wf", lambda jobs, file: [
        word.replace(WF, binary) for word in runner.command(jobs, file)], kind=runner.kind, fast=True,
                  why=runner.why)


def python(program, fast=False, name=None):
    path = os.path.join(TREE, "bench", "python", program + ".py")
    return Runner(name or program, lambda jobs, file: [PYTHON, "-B", path, str(jobs), file],
                  fast=fast)


MPIEXEC = ["mpiexec", "--allow-run-as-root", "--oversubscribe", "-n"]


def mpi(fast=False):
    path = os.path.join(TREE, "bench", "python", "mpi.py")
    return Runner("mpi4py.futures", lambda jobs, file: [
        *MPIEXEC, str(jobs + 1), PYTHON, "-B", "-m", "mpi4py.futures", path, str(jobs), file],
                  fast=fast)


def wf_mpi(*options):
    """As many ranks as jobs, with one worker each."""
    return Runner("wf-mpi", lambda jobs, file: [
        *MPIEXEC, str(jobs), WF_MPI, "-j", "1", *options, file], kind="wf", fast=True)


def wf_mpi_started():
    """The cost of starting wf-mpi."""
    return Runner("wf-mpi, started", lambda jobs, file: [
        *MPIEXEC, str(jobs), WF_MPI, "-j", "1", SAMPLE], kind="other", fast=True,
                  why="it counts 2,000 lines")


def other(program, workload, name, fast=False, kind="rank", obeys=False, why=""):
    path = os.path.join(TREE, "bench", "other", program)
    return Runner(name, lambda jobs, file: [path, str(jobs), file, workload], fast=fast, kind=kind,
                  obeys=obeys, why=why)


def count(name, *words):
    """A program that prints a number.  words is its command without the file."""
    return Runner(name, lambda jobs, file: [*words, file], kind="count", fast=True, obeys=True)


def shell(name, text, kind="rank", why="", needs=""):
    """A pipeline, in which {jobs} and {file} are replaced, and the programs that may be missing."""
    for program in needs.split():
        text = "command -v " + program + " >/dev/null || exit 127; " + text
    return Runner(name, lambda jobs, file: ["sh", "-c", text.format(jobs=jobs, file=file)],
                  kind=kind, fast=True, why=why)


def typed(workload):
    """The commands that people use today, for this workload."""
    return [
        other("rg.sh", workload, "rg -o | sort | uniq -c"),
        other("sort.sh", workload, "awk | sort | uniq -c"),
        other("grep.sh", workload, "grep -oP | sort | uniq -c"),
        other("mawk.sh", workload, "mawk"),
        other("gawk.sh", workload, "gawk"),
        other("wf.pl", workload, "perl"),
        other("mlr.sh", workload, "Miller"),
        other("duckdb.js", workload, "DuckDB"),
        other("topfew.sh", workload, "topfew", fast=True, obeys=True),
        other("rare.sh", workload, "rare"),
    ]


def of_format(name, question):
    """The commands that people use for a log in this format."""
    return [other("formats.sh", "%s %s %s" % (program, name, question), title, fast=True, obeys=True)
            for program, title in (("jq", "jq | sort | uniq -c"), ("mlr", "Miller"), ("mawk", "mawk"))
            ] + [other("duckdb.js", "%s-%s" % (name, question), "DuckDB", fast=True, obeys=True)]


GOACCESS = other("goaccess.sh", "url", "GoAccess", kind="other", why="it makes all its panels in "
                 "one run, decodes URLs, and considers only the 1,000 largest entries of each panel")

PYTHONS = [python("wf-1"), python("wf-2"),
           python("wf-3"), python("wf-4"), python("wf-5"),
           python("wf-6", fast=True), python("wf-4-processing"), python("pwf-4"),
           python("futures", name="concurrent.futures"), python("manager", name="manager")]
