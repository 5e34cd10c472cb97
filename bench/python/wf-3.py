#!/usr/bin/env python3
"""wf-3 -- chunks in place of lines, one after the other.

Stands for Lundh's third step of 2007: find chunks of a megabyte that end at a newline,
read each and let one `findall` loop over all its lines, in C.

Differs: the file is read as bytes.  WORKERS is ignored.
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
