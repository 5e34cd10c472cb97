"""fits.py WF LOG COLUMNS... -- does a table of LOG's keys fit a terminal of each width, and is it safe to show?

The widths of characters are Unicode's, not libc's.  Every line must be as wide as the terminal at most, and hold no control
character.  LOG has 18 keys in column 1, and numbers in column 2.
"""

import os
import sys
import unicodedata

from on_terminal import written_on_terminal

QUERIES = ('-f 1', '-f 1,2', '-f 1 -s 2', '-f 1,2,0 -s 2')
CHARSETS = {'C.UTF-8': 'utf-8', 'C': 'ascii'}
UNSAFE = ('Cc', 'Cf', 'Zl', 'Zp', 'Cs', 'Cn', 'Co')


def width(text):
    return sum(0 if unicodedata.category(c) in ('Mn', 'Me') else 2 if unicodedata.east_asian_width(c) in 'WF' else 1 for c in text)


def check(columns, query, locale):
    command = [wf, '--progress=never', '--color=never', '-n', '0', *query.split(), log]
    written, status = written_on_terminal(command, {**os.environ, 'LC_ALL': locale}, columns)
    assert status == 0, (columns, query, locale, written)
    text = written.replace(b'\r\n', b'\n').decode(CHARSETS[locale])
    lines = text.split('\n')
    assert len(lines) == 20 and not lines[-1], text
    assert all(width(line) <= columns for line in lines), (columns, query, locale, text)
    unsafe = {hex(ord(c)) for c in text if c != '\n' and unicodedata.category(c) in UNSAFE}
    assert not unsafe, (columns, query, locale, unsafe)


wf, log, *widths = sys.argv[1:]
for columns in map(int, widths):
    for query in QUERIES:
        # Numbers and the shortest piece of a key may need more than 24 columns.
        if columns > 24 or query == QUERIES[0]:
            for locale in CHARSETS:
                check(columns, query, locale)
