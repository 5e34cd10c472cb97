#!/usr/bin/env python3
"""wf-1 -- line by line, as a lazy pipeline.

Represents Lundh's starting point in 2007: generators that search each line, keep the matches and
count them in a dict.

Difference: the file is read as bytes.  WORKERS is ignored.
"""
import re
from collections import defaultdict

from common import PATTERN, arguments, print_top

_, path = arguments()

with open(path, "rb") as lines:
    matches = (re.search(PATTERN, line) for line in lines)
    pages = (match.group(1) for match in matches if match)

    counts = defaultdict(int)
    for page in pages:
        counts[page] += 1

print_top(counts)
