"""What the Python versions of the Wide Finder share: the pattern, the chunks, the print.

All work on bytes: a log is in no encoding that one could rely on, and in 2007 a str was
bytes anyway.
"""
import heapq
import re
import sys

PATTERN = rb"GET /ongoing/When/\d\d\dx/(\d\d\d\d/\d\d/\d\d/[^ .\n]+) "

# For many lines at once.  Each line is to be counted once, however often it matches, as
# if searched alone: the newline in the class above keeps a match from running into the
# next line, and `.*` eats the rest of its own.
find = re.compile(PATTERN + rb".*").findall

MEGABYTE = 1024 * 1024


def arguments():
    """WORKERS and FILE."""
    if len(sys.argv) != 3 or not sys.argv[1].isdigit() or int(sys.argv[1]) < 1:
        sys.exit("usage: %s WORKERS FILE" % sys.argv[0])
    return int(sys.argv[1]), sys.argv[2]


def chunks(path, size=MEGABYTE):
    """Cut a file behind newlines: (start, length) of each chunk.  The last one's length
    may reach beyond the end, and it may be empty."""
    with open(path, "rb") as file:
        more = True
        while more:
            start = file.tell()
            file.seek(size, 1)
            more = file.readline()
            yield start, file.tell() - start


def read_chunk(path, start, length):
    with open(path, "rb") as file:
        file.seek(start)
        return file.read(length)


def add(counts, more):
    """Add one dict of counts to another."""
    for key, count in more.items():
        counts[key] = counts.get(key, 0) + count


def print_top(counts):
    """The ten largest, equal ones by key."""
    top = heapq.nsmallest(10, counts.items(), key=lambda item: (-item[1], item[0]))
    for key, count in top:
        sys.stdout.buffer.write(b"%d: %s\n" % (count, key))
