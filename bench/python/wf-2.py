#!/usr/bin/env python3
"""wf-2 -- wf-1 with less work for each line.

Represents Lundh's first optimisation in 2007: the pattern is compiled only once, its `search` method is
bound to a name, and a substring test, which is much faster than a regular expression, precedes
the search.

Difference: the file is read as bytes.  WORKERS is ignored.
"""
import re
from collections import defaultdict

from common import PATTERN, arguments, print_top

_, path = arguments()
search = re.compile(PATTERN).search

counts = defaultdict(int)
with open(path, "rb") as lines:
    for line in lines:
        if b"GET /ongoing/When" in line:
            match = search(line)
            if match:
                counts[match.group(1)] += 1

print_top(counts)
