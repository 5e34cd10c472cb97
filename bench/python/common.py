"""Code that the Python versions of the Wide Finder share: the pattern, the chunks, the output.

All versions work on bytes: the encoding of a log is unknown, and in 2007 a str consisted of bytes
anyway.
"""
import heapq
import re
import sys

PATTERN = rb"GET /ongoing/When/\d\d\dx/(\d\d\d\d/\d\d/\d\d/[^ .\n]+) "

# Searches many lines at once, but must count each line only once, however often it matches: the
# newline in the class above keeps a match from extending into the next line, and `.*` consumes the
# rest of the line.
find = re.compile(PATTERN + rb".*").findall

MEGABYTE = 1024 * 1024


def arguments():
    """WORKERS and FILE."""
    if len(sys.argv) != 3 or not sys.argv[1].isdigit() or int(sys.argv[1]) < 1:
        sys.exit("usage: %s WORKERS FILE" % sys.argv[0])
    return int(sys.argv[1]), sys.argv[2]


def chunks(path, size=MEGABYTE):
    """Split a file after newlines: (start, length) of each chunk.  The last chunk may extend
    beyond the end of the file, and it may be empty."""
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
    """Print the ten largest counts, equal counts in the order of their keys."""
    top = heapq.nsmallest(10, counts.items(), key=lambda item: (-item[1], item[0]))
    for key, count in top:
        sys.stdout.buffer.write(b"%d: %s\n" % (count, key))
