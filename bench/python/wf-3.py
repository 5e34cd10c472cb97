#!/usr/bin/env python3
"""wf-3 -- chunks in place of lines, one after the other.

Represents Lundh's third step in 2007: find chunks of a megabyte that end at a newline, read each of
them, and let a single `findall` loop over all its lines, in C.

Difference: the file is read as bytes.  WORKERS is ignored.
"""
from collections import defaultdict

from common import arguments, chunks, find, print_top

_, path = arguments()

counts = defaultdict(int)
with open(path, "rb") as file:
    for start, length in chunks(path):
        file.seek(start)
        for page in find(file.read(length)):
            counts[page] += 1

print_top(counts)
