"""The workloads of the race: each is a log, a query, and the programs that can answer it."""
import glob
import os
import shutil
import subprocess
from dataclasses import dataclass, field
from typing import List

from . import formats, runners
from .runners import CLIENT, MKLOG, WF, WF1, Runner


@dataclass
class Workload:
    name: str
    title: str
    wf: Runner
    rivals: List[Runner] = field(default_factory=list)
    log: str = "log"  # one of the logs below
    limits: List[Runner] = field(default_factory=lambda: [runners.limit(), runners.limit("map")])


# Arguments of mklog.  "log" is about as large as o1000k.ap, the log of the Wide Finder.
LOGS = {
    "log": ["-n", "1000000"],
    "large": ["-n", "10000000"],
    "keys": ["-n", "10000000", "-u", "5000000", "--uniform"],
    "tiny": ["-n", "5"],
    "small": ["-n", "300000"],
}
# Logs in other formats, made from this one.
CONVERTED = {name: "small" for name in formats.FORMATS}
# Copies of another log that are written as a server writes them, a few lines at a time.  Then the
# page cache consists of small pages; of a file that is written in large pieces, it has large ones.
APPENDED = {"appended": "large"}
APPEND = 4096
# Directories of files that gzip has compressed: the number of files, and of lines in each.
GZIPS = {"gzips": (8, 400_000)}

NO_HIT = "no line holds this 8c1f"
EVERY = r'HTTP/1\.[01]" (\d+)'
NO_LITERAL = "[A-Za-z]{30}"
URL = r'"[A-Z]+ ([^ "]+)'
STATUS = r'" (\d\d\d) '
TOP = " | sort -k1,1nr -k2"
COUNTED = " | sort | uniq -c" + TOP + " | sed 's/^ *\\([0-9]*\\) /\\1: /'"
BY_AWK = """ | mawk -F'"' '{{ n[substr($3, 2, 3)]++ }} END {{ for (s in n) print n[s] ": " s }}'""" + TOP
SEVEN = "".join(WF + " -j {jobs} " + question + " {file};" for question in (
    "-f url", "-f client", "-f status", "-f site -w site!=-", "-f agent",
    "-f url -w status=404", "-f hour --order last"))


TITLES = {"json": "JSON, nine members", "shuffled": "JSON, in another order in each line",
          "ltsv": "LTSV", "logfmt": "logfmt", "csv": "CSV", "w3c": "W3C, as IIS writes it"}


def of_formats():
    return [Workload("%s-%s" % (name, question), "the %s of every line, %s" % (question, title),
                     runners.wf("-f", question), runners.of_format(name, question), log=name)
            for name, title in TITLES.items()
            for question in (("url",) if name == "shuffled" else ("url", "status"))]


FIVE = ("status>=200", "bytes>100", "method=GET", "url~/", "client!=192.0.2.255")


def asked(*options, name=None):
    """Another question than the workload's."""
    return runners.wf(*options, name="wf " + (name or " ".join(options)), kind="other",
                      why="it is the answer to another question")


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
                 [runners.wf("-e", STATUS, name="wf -e"),
                  runners.wf("-f", "status", "--since", "1990-01-01", name="wf --since"),
                  asked("-t", "5m"), asked("-f", "time/5m,status"), asked("-t", "5m", "-f", "status")]),
        Workload("column", "a column of every line, -f 7", runners.wf("-f", "7"),
                 [runners.wf("-f", "bytes", name="wf -f bytes")]),
        Workload("conditions", "the status and URL of errors, -f status,url -w 'status>=400'",
                 runners.wf("-f", "status,url", "-w", "status>=400")),
        Workload("sum", "bytes for each client, -f client -s bytes",
                 runners.wf("-f", "client", "-s", "bytes")),
        Workload("statistics", "the URL of every line, with statistics, parts and conditions",
                 runners.wf(),
                 [asked("-s", "avg:bytes"), asked("-s", "min,avg,max:bytes"),
                  asked("-s", "p50,p99:bytes"), asked("-s", "pct:status>=500"),
                  asked("-f", "url,client"), asked("-s", "uniq:client"), asked("-s", "~uniq:client"),
                  asked("-f", "path"), asked("-f", "path/fold"),
                  asked("-f", "client"), asked("-f", "client/24"),
                  asked(*(word for condition in FIVE for word in ("-w", condition)),
                        name="with five -w")]),
        Workload("hour", "the hour of every line, -f hour", runners.wf("-f", "hour")),
        Workload("appended", "the URL of every line, in a log that was written by appends of 4 KB",
                 runners.wf(), runners.typed("url"), log="appended"),
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
        # The race that the documentation of rare publishes, with its pattern.
        Workload("gzips", "the status in eight files of gzip", runners.wf_of_files("-e", '" (\\d{3})'),
                 [runners.wf_of_files("-f", "status", name="wf -f status"),
                  runners.shell("zcat | mawk", "zcat {file}/*.gz" + BY_AWK, needs="mawk"),
                  runners.shell("igzip | mawk", "igzip -dc {file}/*.gz" + BY_AWK, needs="igzip mawk"),
                  runners.shell("zcat | grep -oP | sort | uniq -c",
                                """zcat {file}/*.gz | LC_ALL=C grep -Poa '" \\d{{3}}' | cut -c 3-"""
                                + COUNTED),
                  runners.shell("rg -z -o | sort | uniq -c",
                                "rg --no-config -z -j {jobs} -a -o -N -I --no-unicode "
                                """--encoding none -e '" \\d{{3}}' {file}/*.gz | cut -c 3-"""
                                + COUNTED, needs="rg"),
                  runners.other("rare.sh", "status", "rare", fast=True)],
                 log="gzips", limits=[runners.decoder()]),
        Workload("tiny", "a file of 1 KB", runners.wf(),
                 [runners.Runner("wc -l", lambda jobs, file: ["wc", "-l", file], kind="other",
                                 fast=True, why="it counts lines")], log="tiny"),
    ] + of_formats()


class Logs:
    """The logs, each generated when it is first used."""

    def __init__(self, directory, real=None):
        self.directory = directory
        self.real = real  # the user's own log, used instead of "log" and "large"
        os.makedirs(directory, exist_ok=True)

    def path(self, name):
        if self.real and name in ("log", "large"):
            return self.real
        if name in APPENDED:
            return self.append(name, self.make(APPENDED[name], LOGS[APPENDED[name]]))
        if name in CONVERTED:
            return self.convert(name, self.make(CONVERTED[name], LOGS[CONVERTED[name]]))
        return self.make_gzips(name, *GZIPS[name]) if name in GZIPS else self.make(name, LOGS[name])

    def make(self, name, arguments):
        path = os.path.join(self.directory, name + ".log")
        if not os.path.exists(path):
            with open(path + ".new", "wb") as file:
                subprocess.run([MKLOG, *arguments], stdout=file, check=True)
            os.rename(path + ".new", path)
        return path

    def append(self, name, original):
        path = os.path.join(self.directory, name + ".log")
        if not os.path.exists(path):
            with open(original, "rb") as log, open(path + ".new", "ab", buffering=0) as copy:
                while piece := log.read(APPEND):
                    copy.write(piece)
            os.rename(path + ".new", path)
        return path

    def convert(self, name, original):
        path = os.path.join(self.directory, name + ".log")
        if not os.path.exists(path):
            formats.write(name, original, path + ".new")
            os.rename(path + ".new", path)
        return path

    def make_gzips(self, name, files, lines):
        path = os.path.join(self.directory, name)
        if not os.path.exists(path):
            os.makedirs(path + ".new", exist_ok=True)
            for i in range(files):
                with open("%s.new/%d.gz" % (path, i), "wb") as file:
                    log = subprocess.Popen([MKLOG, "-n", str(lines), "-s", str(i + 1)],
                                           stdout=subprocess.PIPE)
                    subprocess.run(["gzip"], stdin=log.stdout, stdout=file, check=True)
                    if log.wait():
                        raise OSError("mklog failed")
            os.rename(path + ".new", path)
        return path

    def drop(self, name):
        shutil.rmtree(os.path.join(self.directory, name), ignore_errors=True)
        try:
            os.remove(os.path.join(self.directory, name + ".log"))
        except FileNotFoundError:
            pass


def decoded_size(path):
    """The number of bytes of a log, or of the decoded contents of a directory of gzip files, each
    of which ends with its size (RFC 1952)."""
    if not os.path.isdir(path):
        return os.path.getsize(path)
    size = 0
    for name in glob.glob(path + "/*.gz"):
        with open(name, "rb") as file:
            file.seek(-4, os.SEEK_END)
            size += int.from_bytes(file.read(4), "little")
    return size
