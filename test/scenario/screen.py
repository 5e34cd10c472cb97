"""screen.py COLUMNS [frames] -- what is on a screen after stdin was written there: or each line that was painted
over, one a line.

Knows a carriage return, a newline and "erase to the end of the line", which is all that wf may write.  Fails if
what was painted over is as wide as the screen, where some terminals begin another line.
"""

import sys

columns = int(sys.argv[1])
lines, at, frames = [''], 0, []
for token in sys.stdin.read().replace('\033[K', '\0'):
    line = lines[-1]
    if token == '\r':
        if len(line) >= columns:
            sys.exit(f'too wide: {line}')
        frames.append(line)
        at = 0
    elif token == '\n':
        lines.append('')
        at = 0
    elif token == '\0':
        lines[-1] = line[:at]
    elif token == '\033':
        sys.exit('an unknown escape sequence')
    else:
        lines[-1] = line[:at] + token + line[at + 1:]
        at += 1
print('\n'.join(filter(None, frames)) if sys.argv[2:] else '\n'.join(lines), end='\n' if sys.argv[2:] else '')
