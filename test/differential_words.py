"""differential_words.py -- command lines that wf must refuse, and those that mean the same as others.
"""

import os
import pathlib
import subprocess
import sys

from differential_compare import HINT
from running import environment, run_wf

HERE = pathlib.Path(__file__).resolve().parent
REFUSED = (
    '-e (', '-e [a', '-e *a', '-g (', '-v [', '-k $1', '-k x', '-e a -k $1', '-e (a) -k $2', '-e (a) -k ${2}',
    '-e (a) -k ${nope}', '-e (?<x>a) -k ${y}', '-n x', '-n -1', '-n', '-n 1x', '--top=', '-n 99999999999999999999', '-j 0', '-j 4097', '-j x', '-j -1',
    '--jobs', '--format nope', '--format=', '--nope', '-Z', '--chunk-size 0', '--chunk-size x', '--chunk-size 1Q', '--color sometimes', '--tsv=1',
    '-f nope', '-f url,url', '-f url,', '-f ,url', '-f url -e a -k $0', '-f url,$1 -e a', '-f 1 -w b=1 -o -e (?<b>a)', '-f url -f url', '-d , -f url', '-d ,, -f 1', '-d', '-s nope', '-w status', '-w', '-w =1', '-w nope=1',
    '-w status~(', '--order', '--order up', '-r nope', '-r', '-r overview -f url', '-r overview -e a', '-r overview -s bytes', '-r overview --order key', '-r overview -k $1',
    '-r overview --reports set', '-r wf2 -f url', '--reports', '--reports nowhere', '--reports set -e a', '--reports set -f url', '--reports bad1', '--reports bad2',
    '--reports bad3', '--reports bad4', '--log-format nope', '--log-format %h%l', '--log-format $status$status', '--log-format %r_%', '--log-format', '--log-format %l -f url',
    '--log-format $status -f url', '--log-format %s -f client', '--log-format %h -w status=200 -f 1', '--log-format %h -f client -s bytes', '--log-format %{X}i_%h -f %D')
ACCEPTED = (
    # the words of a command line, how the oracle is told the same
    ('-n3 f0', '-n 3 f0'), ('--top=3 f0', '-n 3 f0'), ('--top 3 f0', '-n 3 f0'), ('f0 -n 3', '-n 3 f0'), ('-e a f0', '-e a f0'), ('f0 -ea', '-e a f0'),
    ('--regexp=a f0', '-e a f0'), ('--regexp a f0', '-e a f0'), ('-ie A f0', '-i -e A f0'), ('-e A --ignore-case f0', '-i -e A f0'),
    ('-e a -g b f0', '-e a -g b f0'), ('-e a --grep b --vgrep=c f0', '-e a -g b -v c f0'), ('-e a -gb -gc -vd -v x f0', '-e a -g b -g c -v d -v x f0'),
    ('--key=$0$$ -e a f0', '-e a -k $0$$ f0'), ('-k $0 -e a f0', '-e a -k $0 f0'), ('--format tsv -e a f0', '--tsv -e a f0'),
    ('--format=csv -e a f0', '--csv -e a f0'), ('--format plain -e a f0', '-e a f0'), ('-e a --tsv --csv f0', '-e a --csv f0'), ('-e a -- f0', '-e a f0'),
    ('-e a f0 f0', '-e a f0 f0'), ('-e a f0 f1', '-e a f0 f1'), ('-e a f1 -', '-e a f1 f0'), ('-e a -', '-e a f0'), ('-e a', '-e a f0'),
    ('-e a - f1', '-e a f0 f1'), ('-e a -q f0', '-e a -q f0'), ('-e nope --quiet f0', '-e nope -q f0'), ('-e a -n0 f0', '-e a -n 0 f0'),
    ('-e a -j4096 f0', '-e a f0'), ('-e a --jobs=2 --chunk-size=1k f0', '-e a f0'), ('-e a --chunk-size 1G f0', '-e a f0'), ('-e a --color always f0', '-e a f0'),
    ('-e a --color=never f0', '-e a f0'), ('-e a /dev/null', '-e a /dev/null'), ('f0', 'f0'), ('-e a f0 nowhere', '-e a f0 nowhere'), ('-e a . f0', '-e a . f0'),
    ('-f status f0', '-f status f0'), ('--fields=status,url --sum=bytes f0', '-f status,url -s bytes f0'), ('-f1 -d, f0', '-f 1 -d , f0'), ('-f 1 -d\\t f0', '-f 1 -d \\t f0'),
    ('-f 1 --delimiter=b f0', '-f 1 -d b f0'), ('-w status=200 f0', '-w status=200 f0'), ('--where status>=300 f0', '-w status>=300 f0'), ('-w url~B -i f0', '-i -w url~B f0'),
    ('-e a -w 1~a f0 f1', '-e a -w 1~a f0 f1'), ('--order key -f 0 f0', '--order key -f 0 f0'), ('--order=last -n2 -f 0 f0', '--order last -n 2 -f 0 f0'),
    ('-f referer f0', '-f referer f0'), ('--log-format common f0', '--log-format common f0'), ('--log-format=%h f0 -f client', '--log-format %h f0 -f client'),
    ('-r wf2 f0', '-r wf2 f0'), ('--report=wf2 --csv f0', '-r wf2 --csv f0'), ('-r overview --tsv f0', '-r overview --tsv f0'), ('--reports set f0', '--reports set f0'),
    ('-f status nowhere f0', '-f status nowhere f0'), ('-f status f1', '-f status f1'), ('-f 0 f1', '-f 0 f1'), ('f1 f0', 'f1 f0'), ('-f nope f1', '-f nope f1'),
    ('-f path /dev/null', '-f path /dev/null'), ('--unmatched u -f 1 -q f0', '-f 1 -q f0'), ('-f 9 -d b f0 --tsv', '-f 9 -d b f0 --tsv'), ('-s 2 -f 1 f0', '-s 2 -f 1 f0'),
    ('-e a nowhere', '-e a nowhere'), ('-e a nowhere -q f0', '-e a -q nowhere f0'), ('-e a ./-e -- -e', '-e a -- ./-e -e'),
    ('-e (a)(b)?(c)?(d)?(e)?(f)?(g)?(h)?(i)?(j)?(k)? -k ${11}${1}${10} f0', '-e (a)(b)?(c)?(d)?(e)?(f)?(g)?(h)?(i)?(j)?(k)? -k ${11}${1}${10} f0'))


def command_line_checks(tester):
    """Command lines that must be refused before a byte is read, and those that must not."""
    files = {'f0': b'a\nab\nc\nabc\nabcdefghijk\nh - - [10/Oct/2000:13:55:36 -0700] "GET /a HTTP/1.0" 200 5\n', 'f1': b'xa', '-e': b'aa\n'}
    files |= {'set': b'[A]\nfields=url\n', 'bad1': b'[A]\nfield=url\n', 'bad2': b'[A]\nfields=url\ntop=x\n', 'bad3': b'fields=url\n[A]\n', 'bad4': b'[A\nfields=url\n'}
    for name, data in files.items():
        pathlib.Path(tester.directory, name).write_bytes(data)
    for words in REFUSED:
        got = run_wf(tester.binary, words.split(' '), ['f0'], cwd=tester.directory)
        ok = got.status == 2 and got.stdout == b'' and got.stderr.startswith(b'wf: ')
        tester.verdict('refused', ok, f'wf {words} f0: exit status {got.status}, stdout {got.stdout!r}, stderr {got.stderr!r}')
    tester.verdict('accepted', 'plain' in tester.cpus, 'WF_CPU=plain was refused')
    tester.verdict('refused', run_wf(tester.binary, [], ['/dev/null'], cpu='nope').status == 2, 'WF_CPU=nope was not refused')
    for words, same in ACCEPTED:
        # subprocess redirects f0; no FILE among the words means that it is read
        with open(os.path.join(tester.directory, 'f0'), 'rb') as stdin:
            got = subprocess.run([tester.binary, *words.split()], stdin=stdin, capture_output=True, cwd=tester.directory, env=environment())
        told = subprocess.run([sys.executable, HERE / 'oracle.py', *same.split()], capture_output=True, cwd=tester.directory)
        ok = (got.returncode, got.stdout) == (told.returncode, told.stdout)
        # Where nothing was found, wf may say what to try.
        ok = ok and (told.returncode == 1 or bool(HINT.sub(b'', got.stderr)) == bool(told.stderr))
        tester.verdict('accepted', ok, f'wf {words}: exit status {got.returncode}, stdout {got.stdout!r}, stderr {got.stderr!r}; '
                                       f'expected {told.returncode}, {told.stdout!r}, {told.stderr!r}')
