"""differential_minimize.py -- make a case smaller on which wf and the oracle differ.
"""

import dataclasses
import re
import time

MINIMIZE_SECONDS = 6


class Minimizer:
    """Makes a failing case smaller for as long as it fails and time allows."""

    SIMPLER = ({'jobs': 1}, {'jobs': None}, {'chunk': None}, {'memory': None}, {'cpu': None}, {'how': 'file'},
               {'missing': False}, {'parts': False}, {'grep': ()}, {'vgrep': ()}, {'key': None}, {'ignore_case': False},
               {'where': ()}, {'sum': None}, {'order': None}, {'over': None}, {'least': None}, {'statistics': ()}, {'unmatched': False}, {'delimiter': None}, {'tz': None},
               {'top': None}, {'top': 0}, {'form': 'plain'}, {'more': ()}, {'every': False}, {'patterns': ()}, {'subs': ()}, {'regexp': None, 'key': None, 'more': (), 'every': False})

    def __init__(self, fails):
        self.fails = fails

    def minimize(self, case):
        self.deadline = time.monotonic() + MINIMIZE_SECONDS
        for _ in range(2):
            case = self.simplify(case)
            case = self.shrink(case, list(case.files), lambda files: {'files': tuple(files) or (b'',)})
            if case.reports:
                case = self.shrink(case, re.findall(rb'[^\n]*\n', case.reports), lambda lines: {'reports': b''.join(lines) or b'\n'})
            case = self.shrink(case, list(case.patterns), lambda patterns: {'patterns': tuple(patterns)})
            case = self.shrink(case, list(case.statistics), lambda texts: {'statistics': tuple(texts)})
            case = self.shrink(case, list(case.where), lambda where: {'where': tuple(where)})
            case = self.shrink(case, (case.fields or '').split(','), lambda fields: {'fields': ','.join(fields) or None})
            for number in range(len(case.files)):
                case = self.shrink_file(case, number)
        return case

    def still_fails(self, case):
        return time.monotonic() < self.deadline and self.fails(case)

    def simplify(self, case):
        for changes in self.SIMPLER:
            simpler = dataclasses.replace(case, **changes)
            if simpler != case and self.still_fails(simpler):
                case = simpler
        return case

    def shrink_file(self, case, number):
        """Drops lines, then bytes, of one file."""
        def files_with(pieces):
            return {'files': (*case.files[:number], b''.join(pieces), *case.files[number + 1:])}
        case = self.shrink(case, re.findall(rb'[^\n]*\n|[^\n]+', case.files[number]), files_with)
        data = case.files[number]
        return self.shrink(case, [data[i:i + 1] for i in range(len(data))], files_with)

    def shrink(self, case, pieces, changes_for):
        """Drops runs of pieces, long ones first, while the case still fails."""
        run = len(pieces) // 2 or 1
        while run and pieces:
            at = 0
            while at < len(pieces) and time.monotonic() < self.deadline:
                fewer = pieces[:at] + pieces[at + run:]
                smaller = dataclasses.replace(case, **changes_for(fewer))
                if self.still_fails(smaller):
                    case, pieces = smaller, fewer
                else:
                    at += run
            run //= 2
        return case
