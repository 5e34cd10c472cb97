"""hostile_terminal.py LOCALE [FIRST EACH] -- run wf ($WF) on a terminal with hostile names, keys, fields and messages.

wf runs once for each way in which it prints, in this LOCALE and in the current directory, which must be empty.  What it
writes may hold nothing on which a terminal acts, except the sequences of wf itself.  Prints each run that breaks this.
With FIRST and EACH, only runs FIRST, FIRST + EACH and so on are done.
"""

import os
import re
import sys
import unicodedata

from on_terminal import written_on_terminal

WF = os.environ['WF']
LOCALE = sys.argv[1]
FIRST, EACH = map(int, sys.argv[2:] or (0, 1))
UTF8 = LOCALE.upper().endswith('UTF-8')

# Ways to move the cursor, to set the title, to recolour, to reorder; C1 controls alone, as UTF-8, and as the second byte
# of a letter (\u011b); a line feed, after which another program's line could be forged; not a character at all.
LINE = b'x\x1b[2Jy\x1b]0;t\x07\xc2\x9b31m\x9b31m\xe2\x80\xae\xc4\x9b\xff\r\x1b[36mforged\x7f\x08\x0e'
TEXT = LINE + b'\nforged'

COLOURS = re.compile(rb'\x1b\[(0|1|36|1;4)m')
PROGRESS = re.compile(rb'\r([^\x1b\r\n]*)\x1b\[K')


def why_unsafe(written, coloured):
    text = PROGRESS.sub(rb'\1', written)
    if coloured:
        text = COLOURS.sub(b'', text)
    text = re.sub(rb'\r?\r\n', b'\n', text)     # the first \r is CSV's, the second the terminal's
    if b'\nforged' in text:
        return 'a line was forged'
    try:
        text = text.decode('utf-8' if UTF8 else 'ascii')
    except UnicodeDecodeError as e:
        return str(e)
    bad = {hex(ord(c)) for c in text
           if c not in '\n\t' and unicodedata.category(c) in ('Cc', 'Cf', 'Zl', 'Zp', 'Cs')}
    return f'unsafe: {sorted(bad)}' if bad else ''


def run(arguments, environment):
    """What wf writes on a terminal."""
    return written_on_terminal(
        [WF, *arguments],
        {**os.environb, b'LC_ALL': LOCALE.encode(), b'TERM': b'xterm', b'COLUMNS': b'200', **environment})[0]


def write(name, text):
    with open(name, 'wb') as f:
        f.write(text)


COMBINED = b'1.2.3.4 - %s [01/Jan/2026:00:00:00 +0000] "GET /%s HTTP/1.1" 200 7 "%s" "%s"\n' % (LINE, LINE, LINE, LINE)
GOOD = b'1.2.3.4 - - [01/Jan/2026:00:00:00 +0000] "GET /a HTTP/1.1" 200 7 "-" "-"\n'
ESCAPED = b'x\\u001b[2J\\nforged\\u009b31m\\u202e\\u011b'
JSON = b'{"url":"/%s","status":200,"%s":"%s","o":{"%s":[1,"%s"]}}\n' % ((ESCAPED,) * 5)
LTSV = b'host:1.2.3.4\ttime:[01/Jan/2026:00:00:00 +0000]\treq:GET /%s HTTP/1.1\tstatus:200\tsize:7\tx:%s\n' % ((LINE,) * 2)

write(TEXT, 9 * GOOD + COMBINED + b'bad ' + LINE + b'\n')
write('json', JSON * 3)
write('ltsv', LTSV * 3)
write('none', LINE + b'\n')
write('snapshot', b'wf snapshot')
write('ini', b'totals = yes\n\n[%s]\nfields = url\n\n[b]\nfields = url,client\n' % LINE)
write('bad.ini', b'[a]\n%s = %s\n' % (LINE, LINE))
os.mkdir(b'd' + TEXT)
write(b'd' + TEXT + b'/' + TEXT, GOOD)
write(b'd' + TEXT + b'/0' + TEXT, b'\0binary')
write(b'd' + TEXT + b'/1' + TEXT + b'.progress', b'wf-progress 1\n')
write(TEXT + b'.progress', b'wf-progress 1\nhost %s\nplace %s\npid 999999999\nborn 1\nstate counting\nagain 0\n' % (LINE, LINE))
write(TEXT + b'.gz', b'\x1f\x8b\x08' + LINE)

FORMATS = (b'table', b'plain', b'tsv', b'csv', b'json', b'html')
PRINTING = [
    [TEXT], [b'json'], [b'ltsv'],
    [b'-f', b'url,agent,user', TEXT],
    [b'-f', b'url,' + LINE, b'json'],
    [b'-e', b'(.*)', TEXT],
    [b'-e', b'GET (\\S+)', b'-k', LINE + b'$1', TEXT],
    [b'--reports', b'ini', TEXT],
    [b'--merge', b'saved'],
]
RUNS = [
    *([b'--color=never', b'-j', b'1', b'--format', format, *what] for what in PRINTING for format in FORMATS),
    *([b'--color=always', *what] for what in PRINTING),
    *([b'--explain', *what] for what in PRINTING[:-1]),
    [b'--explain', b'-w', b'url!~' + LINE, b'-w', b'agent=' + LINE, TEXT],
    [b'--explain', b'-g', LINE, TEXT],
    [b'--explain', b'-w', LINE + b'=1', b'json'],
    [b'--unmatched', b'-', b'--format', b'plain', TEXT], [b'--unmatched', b'-', TEXT, TEXT],
    [b'--unmatched', b'no' + TEXT + b'/x', TEXT], [b'--unmatched', TEXT, TEXT],
    [b'--stats', TEXT], [b'--stats', b'--merge', b'saved'],
    [b'--progress=always', TEXT],
    [b'--save', b'no' + TEXT + b'/x', TEXT], [b'--save', TEXT, TEXT], [b'--save', b'-', TEXT],
    [b'--merge', TEXT], [b'--merge', b'no' + TEXT], [b'--merge', b'saved', b'saved'],
    [b'--watch', TEXT], [b'--watch', b'no' + TEXT],
    [b'-R', b'd' + TEXT], [b'-R', b'no' + TEXT],
    [TEXT + b'.gz'], [b'no' + TEXT], [b'none'], [b'snapshot'], [b'd' + TEXT],
    [b'-e', b'(' + TEXT], [b'-e', b'GET', b'-k', b'${' + TEXT + b'}', TEXT],
    [b'-f', TEXT, TEXT], [b'-f', b'client,,' + TEXT, TEXT], [b'-f', b'.' + LINE, b'json'],
    [b'-w', TEXT, TEXT], [b'-w', b'status>' + TEXT, TEXT], [b'-w', b'time=' + TEXT, TEXT],
    [b'-w', b'url~(' + TEXT, TEXT], [b'-g', b'(' + TEXT, TEXT], [b'-g', b'nothing', TEXT],
    [b'-s', LINE, TEXT], [b'-s', b'agent', TEXT], [b'-n', TEXT, TEXT], [b'-j', TEXT], [b'--memory', TEXT],
    [b'--chunk-size', TEXT], [b'--color', TEXT], [b'--format', TEXT], [b'--log-format', TEXT], [b'--' + TEXT],
    [b'-' + TEXT], [b'-r', TEXT], [b'--reports', TEXT, TEXT], [b'--reports', b'bad.ini', TEXT], [b'--reports', b'no' + TEXT, TEXT],
    [b'--completion', TEXT], [b'--help=' + TEXT],
    [b'--help'], [b'--help=all'], [b'--version'],
    *([b'--completion', shell] for shell in (b'bash', b'zsh', b'fish')),
]
ENVIRONMENTS = [({b'WF_CPU': TEXT}, [TEXT]), ({b'TMPDIR': b'no' + TEXT}, [b'--unmatched', b'-', TEXT])]

os.system(f"LC_ALL=C '{WF}' --reports ini --save saved x*forged")
bad = 0
chosen = [*(({}, r) for r in RUNS), *ENVIRONMENTS][FIRST::EACH]
for environment, arguments in chosen:
    written = run(arguments, environment)
    why = why_unsafe(written, b'--color=never' not in arguments)
    if not written:
        why = 'nothing was printed'
    if why:
        bad += 1
        print(f'{LOCALE}: {arguments}: {why}: {written[:2000]}')
print(f'{LOCALE}: {len(chosen)} runs, {bad} bad')
sys.exit(bad > 0)
