#!/usr/bin/env python3
"""wf-3 -- chunks in place of lines, one after the other.

Stands for Lundh's third step of 2007: read chunks of a megabyte that end at a newline
and let one `findall` loop over all lines of each, in C.

Differs: the file is read as bytes.  WORKERS is ignored.
"""
from collections import defaultdict

from common import MEGABYTE, arguments, find, print_top

_, path = arguments()

counts = defaultdict(int)
with open(path, "rb") as file:
    while chunk := file.read(MEGABYTE) + file.readline():
        for page in find(chunk):
            counts[page] += 1

print_top(counts)
