"""differential_families.py -- the inputs and questions of differential.py, in families.

Each family makes case number N from its own random numbers; those about fields are in oracle_questions.py.
"""

import dataclasses
import functools
import itertools
import os
import pathlib
import random
import subprocess

import oracle_questions
from differential_cases import Case
from differential_patterns import LOG_PATTERNS, LONG_PATTERNS, TINY_PATTERNS, Pattern, log_pattern, template_for, tiny_pattern
from oracle_lines import damaged, pick_bytes
from running import CPUS

HERE = pathlib.Path(__file__).resolve().parent
TINY_CHUNKS = ('1', '2', '3', '4', '5', '7', '8', '16', '1K', None)
SMALL_CHUNKS = ('1', '2', '3', '10', '63', '64', '65', '100', '256', '1000', '4K', '64K', '1M', None)
MEMORIES = (None, None, None, None, '64K', '1M')
LARGE_CHUNKS = ('1000', '4096', '16K', '65536', '65537', '1M', '1G', None)


def begins_alike(pattern):
    """True if Python's matches begin where those of PCRE2 do."""
    return pattern.groups and b'\\K' not in pattern.pcre


def substitutions(rnd, pattern):
    """Texts for --sub: of made up patterns, and of some that try the delimiters."""
    subs = [rnd.choice((rb's/a/b/', rb's/[ab]/<$0>/g', rb's/x*/-/g', rb's/\d+/{n}/g', rb's|/|\|\||g', rb's/(.)(.)/$2${1}/g', rb's/b*$//', rb's,A,\,,i',
                        rb's/\/[^\/]*/$$/', rb'sxaxbx', rb's!\w+!\t\\!g', rb's/(?<n>.)/${n}${n}/g', rb's/a/b', rb's/a/$1/', rb's$a$\$$g', rb's///', rb's//-/g'))]
    for _ in range(rnd.choice((0, 0, 1, 2))):
        made = pattern(rnd)
        if begins_alike(made) and made.python is None and not set(b'#\\') & set(made.pcre):
            subs.append(b's#%s#%s#%s' % (made.pcre, rnd.choice((b'', b'<$0>', b'c')), rnd.choice((b'', b'g', b'i', b'gi'))))
    return tuple(text for text in subs if b'\0' not in text)


def question(rnd, files, pattern, chunks, url=0.0):
    """A Case about files: a random query and a random way to work; url: how often without -e."""
    regexp = None if rnd.random() < url else pattern(rnd)
    more = tuple(pattern(rnd) for _ in range(rnd.choice((1, 1, 2)))) if regexp and rnd.random() < 0.15 else ()
    key = regexp and template_for(rnd, regexp)
    if key is not None:     # it may use a group, of each pattern
        more = tuple(filter(begins_alike, more))
    lines = ()
    if rnd.random() < 0.06:
        regexp, more, key = None, (), None
        lines = tuple(p for p in (pattern(rnd) for _ in range(rnd.choice((1, 2, 5, 20)))) if p.pcre.strip(b'\r') and not set(b'\n\0') & set(p.pcre) and p.pcre[-1:] != b'\r')
    filters = rnd.random() < 0.25
    how = rnd.choice(('file', 'file', 'file', 'stdin', 'pipe', 'fifo'))
    statistics = oracle_questions.statistics_of(rnd, ('0', '1', '2')) if rnd.random() < (0.5 if lines else 0.1) else {}
    if regexp and rnd.random() < 0.05:
        statistics = {'statistics': ('count,share',)}   # need nothing of the line
    return Case(
        files=tuple(files), regexp=regexp, more=more, patterns=lines,
        every=(regexp is not None or lines != ()) and rnd.random() < 0.3 and all(map(begins_alike, (*((regexp,) if regexp else lines), *more))),
        key=key, subs=substitutions(rnd, pattern) if not lines and rnd.random() < 0.15 else (),
        grep=tuple(pattern(rnd) for _ in range(rnd.choice((0, 1, 1, 2)))) if filters else (),
        vgrep=tuple(pattern(rnd) for _ in range(rnd.choice((0, 1, 1, 2)))) if filters else (),
        ignore_case=rnd.random() < 0.12, top=rnd.choice((None, 0, 0, 0, 1, 2, 3, 1000)),
        form=rnd.choice(('plain', 'plain', 'json', 'json', 'tsv', 'csv')), jobs=rnd.choice((None, 1, 2, 3, 4)),
        chunk=rnd.choice(chunks), how=how, cpu=rnd.choice((None, *CPUS)),
        memory=rnd.choice(MEMORIES), missing=how == 'file' and rnd.random() < 0.02, **statistics)


# Access log lines, good and damaged

TIME = b'[10/Oct/2000:13:55:36 -0700] '
LINE_PARTS = (
    (b'1.2.3.4 - - ' + TIME, b'::1 - bob smith ' + TIME, b'h - "u" ' + TIME, b'h - \\"u\\" ' + TIME, b'h - - [x] ', TIME, b'- ' + TIME, b' - - ' + TIME,
     b'h - ' + TIME, b'h -  ' + TIME, b'h - -' + TIME, b'h - - ' + TIME + b' ', b'h - - ' + TIME[:-1], b'h - - ' + TIME[:-1] + b'\t', b'', b'h - [ ' + TIME, b'h - a [b ' + TIME,
     b'h  - - ' + TIME, b'  h - - ' + TIME, b'\th - - ' + TIME, b'h\t- - ' + TIME, b'h - - [10/Oct/2000:13:55:60 -0700] ', b'h - - [40/Oct/2000:13:55:36 -0700] ',
     b'\xff - \0 ' + TIME, b'a b c ' + TIME, b'h - - ' + TIME[:-2] + b' ] ', b'v.h:80 h - - ' + TIME),
    (b'"', b'"', b'"', b'"', b'"', b'"', b'', b'\\"', b'""', b"'", b'\\\\"'),
    (b'GET', b'GET', b'GET', b'GET', b'POST', b'M-SEARCH', b'A_B', b'', b'get', b'Get', b'G', b'-', b'_', b'GE T', b'G3T', b'G\\T', b'HTTP/1.0', b'\\"'),
    (b' ', b' ', b' ', b' ', b' ', b'  ', b'', b'\t', b'\\ ', b'\0'),
    (b'/', b'/a', b'/a/b', b'/a b', b'/a\\"b', b'/a\\\\', b'/\\', b'', b' /a', b'/a ', b'/\xe9', b'/\0', b'/a HTTP/1.0', b'HTTP/1.0', b'HTTP/', b'*',
     b'/ HTTP/', b'/a\rb', b'/a"b', b'\\\\\\"', b'/\\x16\\x03', b'/a,b', b'/a\tb', b'/?q=a b c', b'\t/a', b'/' + b'x' * 70, b'http://h/ HTTP/ b'),
    (b' HTTP/1.0', b' HTTP/1.1', b' HTTP/1.1', b' HTTP/1.1', b' HTTP/1.1', b' HTTP/', b'', b' HTTP', b' http/1.0', b'HTTP/1.0', b'  HTTP/1.0', b' HTTP/1.0 ',
     b'\tHTTP/1.0', b' HTTP/1.0\\"', b' HTTP/1.0\\', b' HTTP/\\ 1', b' HTTP/1.0 HTTP/1.1', b' HTTP/1.0 x', b' xHTTP/1.0', b' HTTPS/1.0'),
    (b'"', b'"', b'"', b'"', b'"', b'"', b'', b'\\"', b'""', b'\\\\"', b"'"),
    (b' ', b' ', b' ', b' ', b' ', b'', b'  ', b'\t'),
    (b'200', b'404', b'200', b'304', b'-', b'000', b'', b'20', b'2000', b'--', b'2x0', b'-1', b'20-', b'\xb2\xb2\xb2', b'99a', b'/00', b':00', b'2:0'),
    (b' 5', b' 5 "-" "agent"', b' 5 "-" "a \\"b\\" c"', b' - "http://x/" "GET / HTTP/1.1"', b'', b' ', b'\t5', b'x', b'"', b'\r', b'\\', b'\0'))

GOOD_LINES = (
    b'1.2.3.4 - - [10/Oct/2000:13:55:36 -0700] "GET /a/b.html HTTP/1.1" 200 2326 "http://h/x" "Mozilla/5.0 (X11)"',
    b'::1 - bob [10/Oct/2000:13:55:36 -0700] "POST /p?q=1&r=a%20b HTTP/1.0" 404 -',
    b'h - \\"u\\" [10/Oct/2000:13:55:36 -0700] "GET /say\\"hi\\" there HTTP/1.1" 304 0 "-" "a \\"b\\" c"',
    b'h - - [31/Jan/1999:00:00:60 +0000] "GET /old" - 7', b'h - - [10/Oct/2000:13:55:36 -0700] "GET /a b c HTTP/2.0" 500 1',
    b'h - - [10/Oct/2000:13:55:36 -0700] "-" 408 -')


def line_of_parts(rnd):
    """A line put together; about half of its odd choices are damage."""
    daring = rnd.choice((0.05, 0.15, 0.4))
    return b''.join(rnd.choice(part) if rnd.random() < daring else part[0] for part in LINE_PARTS)


def damaged_line(rnd):
    line = rnd.choice(GOOD_LINES)
    return damaged(rnd, line) if rnd.random() < 0.85 else line


def padded(rnd, line):
    """The line moved by some bytes, so that what matters falls on any place of a SIMD register."""
    if rnd.random() < 0.3:
        return line
    return pick_bytes(rnd, rnd.choice((b'abc.-', b'abc.-', b'abc.- [')), rnd.randrange(140)) + line


def backslashes(rnd):
    """A request with runs of backslashes, short and long."""
    target = b''.join(rnd.choice((b'\\', b'\\\\', b'"', b'\\"', b' ', b'a')) * rnd.choice((1, 1, 2, 3, 62, 63, 64, 65))
                      for _ in range(rnd.randint(1, 4)))
    return b'h - - ' + TIME + b'"GET /' + target + rnd.choice((b' HTTP/1.0" 200 5', b' HTTP/1.0" 200', b'" 200 -', b'" - -'))


def url_line(rnd):
    make = rnd.choice((line_of_parts, damaged_line, line_of_parts, damaged_line, backslashes))
    return padded(rnd, make(rnd))


def line_end(rnd):
    return rnd.choice((b'\n', b'\n', b'\n', b'\n', b'\n', b'\r\n', b'\r\r\n', b'\n\n', b'\n\r\n'))


def lines(rnd, make, number):
    """Lines of make in one file, ended in all ways; the last one perhaps not ended."""
    text = b''.join(make(rnd) + line_end(rnd) for _ in range(number))
    return text.removesuffix(b'\n') if rnd.random() < 0.25 else text


# Generated logs

def log_line(rnd):
    """A line of a plausible access log."""
    day = f'{rnd.randint(1, 30):02}/{rnd.choice(("Jan", "Jun", "Oct"))}/2006:{rnd.randrange(24):02}:10:{rnd.randrange(60):02} -0700'
    page = int(rnd.paretovariate(0.8)) % 5000
    path = rnd.choice((f'/ongoing/When/{page % 3 + 200}x/200{page % 8}/{page % 12 + 1:02}/11/Page-{page}', f'/ongoing/When/200x/2006/09/29/Pic-{page}.png',
                       '/ongoing/ongoing.atom', f'/img/{page}.jpg', f'/search?q={page}&lang=en', f'/{page}.html', '/'))
    host = rnd.choice((f'10.0.{page % 256}.{page % 7}', f'crawl-{page}.example.com', '::1'))
    verb = rnd.choice(('GET',) * 8 + ('HEAD', 'POST'))
    agent = rnd.choice(('Mozilla/5.0 (X11; U)', 'msnbot/1.0', 'Googlebot/2.1 (+http://www.google.com/bot.html)', '-', 'say \\"hi\\"', 'caf\xe9'))
    referrer = rnd.choice(('-', 'http://www.example.org/', f'http://www.google.com/search?q={page}'))
    status = rnd.choice((200, 200, 200, 304, 404, 500))
    size = rnd.choice(('-', str(page * 7)))
    return f'{host} - - [{day}] "{verb} {path} HTTP/1.{page % 2}" {status} {size} "{referrer}" "{agent}"'.encode('latin-1')


def own_log(seed, number=4000):
    """A log made here, with a damaged line now and then."""
    rnd = random.Random(f'log/{seed}')
    return b''.join((url_line(rnd) if rnd.random() < 0.03 else log_line(rnd)) + b'\n' for _ in range(number))


@functools.cache
def generated_log(seed):
    """About 1 MB of log: data/mklog's if that is built, or our own."""
    mklog = HERE.parent / 'data' / 'mklog'
    if not os.access(mklog, os.X_OK):
        return own_log(seed)
    made = subprocess.run([mklog, '-n', '5000', '-s', str(seed), '--hostile'], stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    if made.returncode or len(made.stdout) < 10_000:
        print(f'{mklog} made no log: {made.stderr!r}; using our own', flush=True)
        return own_log(seed)
    # Long lines have a family of their own: some patterns take the square of a line's length.
    return b'\n'.join(line for line in made.stdout.split(b'\n') if len(line) < 2000)


# The families

TINY_ALPHABET = b'ab\n\r" '


def tiny(rnd, seed):
    """One short string over a handful of bytes."""
    alphabet = rnd.choice((TINY_ALPHABET, b'a\n', b'ab\n\r', b'abc\n', b'ab"\\ ]\n', b'a\r\n', b'aAbB.\n\0', b'ab\xe9\xff\x80\n\x0b'))
    files = [pick_bytes(rnd, alphabet, rnd.randint(0, rnd.choice((3, 6, 12, 30)))) for _ in range(rnd.choice((1, 1, 1, 2, 3)))]
    return question(rnd, files, tiny_pattern, TINY_CHUNKS)


@functools.cache
def tiny_strings():
    return [bytes(s) for length in range(7) for s in itertools.product(TINY_ALPHABET, repeat=length)]


def many_files(rnd, seed):
    """Hundreds of the 56,000 strings of up to six bytes over TINY_ALPHABET, a file each."""
    case = question(rnd, rnd.sample(tiny_strings(), rnd.choice((2, 10, 100, 300))), tiny_pattern, TINY_CHUNKS)
    return dataclasses.replace(case, how='file')


def urls(rnd, seed):
    """Odd access log lines, asked for their URL."""
    case = question(rnd, [lines(rnd, url_line, rnd.choice((1, 1, 3, 20, 60)))], log_pattern, SMALL_CHUNKS, url=1)
    return dataclasses.replace(case, top=0, log_format=rnd.choice((None, 'auto', 'common', 'common', 'combined')), unmatched=rnd.random() < 0.2)


def hostile(rnd, seed):
    """Bytes that no log should hold: NUL, ESC, lone CR, half of a UTF-8 character."""
    alphabet = rnd.choice((bytes(range(256)) + b'\n' * 12, b'\0a\n', b'\x80\xff\n\r', b'\r\n', b'\n', b'\0', b'\x1b[31ma\n',
                           b'\xe2\x82\xac\xf0\x9f\x98\x80\xc3\xa9\xed\xa0\x80\xf4\x90\xc0\xc1\xe0\n', b'a,b"\t\\\r\n', b'\0\1\2\x7f\x80\xc2\xa0\n'))
    files = [pick_bytes(rnd, alphabet, rnd.choice((0, 1, 2, 10, 63, 64, 65, 100, 400, 4096))) for _ in range(rnd.choice((1, 1, 2, 4)))]
    everything = Pattern(rb'(?s)(.*)')
    case = question(rnd, files, tiny_pattern, SMALL_CHUNKS, url=0.05)
    return dataclasses.replace(case, regexp=everything, key=None) if rnd.random() < 0.5 else case


def logs(rnd, seed):
    """A piece of a generated log, cut anywhere."""
    log = generated_log(seed)
    size = rnd.choice((300, 3000, 3000, 20_000, 20_000, 80_000))
    start = rnd.randrange(max(1, len(log) - size))
    piece = log[start:start + size]
    cut = rnd.randrange(len(piece))
    files = [piece] if rnd.random() < 0.6 else [piece[:cut], piece[cut:]]
    return question(rnd, files, log_pattern, SMALL_CHUNKS if size <= 20_000 else LARGE_CHUNKS, url=0.4)


def places(rnd, seed):
    """A literal at and near multiples of 64 from either end, among others that are nearly it."""
    literal = pick_bytes(rnd, rnd.choice((b'ab', b'abcdefgh', b'/ eo0')), rnd.choice((1, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31)))
    at = rnd.randrange(len(literal))
    nearly = literal[:at] + b'_' + literal[at + 1:]

    def line(rnd):
        def filler():
            size = max(0, 64 * rnd.choice((0, 1, 1, 2, 3)) + rnd.choice((-2, -1, 0, 0, 0, 1, 2)) - rnd.choice((0, 0, len(literal))))
            text = b'.' * size
            at = rnd.randrange(size + 1)
            decoy = rnd.choice((b'', nearly, nearly[1:], nearly[:-1]))
            return text[:at] + decoy + text[at + len(decoy):]
        return filler() + rnd.choice((b'', literal, literal, nearly)) + rnd.choice((b'', b'', filler()))

    text = lines(rnd, line, rnd.choice((1, 1, 2, 10)))
    key, wanted = Pattern(rb'(?s)(.*)'), Pattern(literal)
    uses = ({'regexp': wanted}, {'regexp': Pattern(literal + rb'(.*)')}, {'regexp': Pattern(rb'(.?)' + literal)},
            {'regexp': key, 'grep': (wanted,)}, {'regexp': key, 'vgrep': (wanted,)}, {'regexp': wanted, 'vgrep': (Pattern(rb'x'),)},
            {'regexp': key, 'grep': (Pattern(rb'[^x]|^$'), wanted)})
    case = question(rnd, [text], lambda _: key, SMALL_CHUNKS)
    return dataclasses.replace(case, **{'key': None, 'grep': (), 'vgrep': (), 'ignore_case': False, **rnd.choice(uses)})


def large(rnd, seed):
    """Lines longer than blocks and chunks, more keys than a first table holds, keys of any length."""
    kind = rnd.randrange(4)
    if kind == 0:
        text = b'\n'.join(b'%x' % rnd.getrandbits(rnd.choice((8, 20, 64))) for _ in range(30_000))
    elif kind == 1:
        text = b'\n'.join(pick_bytes(rnd, b'klm', 1) * rnd.choice((0, 1, 8, 63, 64, 65, 1000, 5000)) + pick_bytes(rnd, b'ab', rnd.randrange(3))
                          for _ in range(400))
    elif kind == 2:
        text = b''.join(b'h - - ' + TIME + b'"GET /' + b'u' * rnd.choice((1, 10, 16_300, 16_384, 65_500, 200_000)) + rnd.choice((b' HTTP/1.0" 200 1', b''))
                        + line_end(rnd) + log_line(rnd) + b'\n' for _ in range(12))
    else:
        text = b''.join(pick_bytes(rnd, b'ab', 5) * rnd.choice((0, 1, 3000, 3277, 13_107, 60_000)) + line_end(rnd) for _ in range(20))
    case = question(rnd, [text], lambda rnd: rnd.choice(LONG_PATTERNS), LARGE_CHUNKS, url=0.6 if kind == 2 else 0)
    return dataclasses.replace(case, ignore_case=False, memory=case.memory and '8M')    # lines must fit


def each_pattern(rnd, number):
    """Case number of some that ask every listed pattern as -e, as -g and as -v, with and without -i."""
    which, use = divmod(number, 4)
    if which < len(TINY_PATTERNS):
        pattern = TINY_PATTERNS[which]
        alphabets = (b'ab', b'abc', b'aAbBcCxX', b'abc\r" .\\', b'abc[](){}-^', b'abc\0\xff\xe9\x80\xa0\x85\x0b\t\x1b19_')
        text = b''.join(pick_bytes(rnd, rnd.choice(alphabets), rnd.randrange(9)) + b'\n' for _ in range(250))
    else:
        pattern = LOG_PATTERNS[which - len(TINY_PATTERNS)]
        text = lines(rnd, lambda r: r.choice((log_line, log_line, url_line))(r), 40)
    everything = Pattern(rb'.*')
    uses = ({'regexp': pattern}, {'regexp': pattern, 'ignore_case': True},
            {'regexp': everything, 'grep': (pattern,)}, {'regexp': everything, 'vgrep': (pattern,), 'ignore_case': True})
    return Case(files=(text,), top=0, chunk=rnd.choice(SMALL_CHUNKS), jobs=rnd.choice((1, 2)),
                cpu=rnd.choice((None, *CPUS)), **uses[use])


def worked(rnd, asked):
    """A Case of oracle_questions, and a random way to work."""
    how = rnd.choice(('file', 'file', 'file', 'stdin', 'pipe', 'fifo')) if len(asked['files']) == 1 else 'file'
    filters = {name: (log_pattern(rnd),) for name in ('grep', 'vgrep') if rnd.random() < 0.04}
    way = {'form': rnd.choice(('plain', 'plain', 'json', 'json', 'tsv', 'csv')), 'jobs': rnd.choice((None, 1, 2, 3, 4)), 'chunk': rnd.choice(SMALL_CHUNKS),
           'memory': rnd.choice(MEMORIES), 'how': how, 'cpu': rnd.choice((None, *CPUS)), 'top': rnd.choice((None, None, 0, 0, 0, 1, 2, 1000)),
           'missing': how == 'file' and rnd.random() < 0.01}
    return Case(**{**way, **filters, **asked})


def where_with_regexp(rnd, seed):
    """A regular expression, and conditions and a sum by fields."""
    case = logs(rnd, seed)
    if not case.regexp:
        return case
    names = ('status', 'client', 'url', 'bytes', 'ext', 'hour', '1', '7')
    asked = oracle_questions.asked_more(rnd, names)
    if rnd.random() < 0.15 and case.log_format is None:
        asked['over'] = rnd.choice(('1h', '1d', 'auto'))
    return dataclasses.replace(case, **asked)


GROUPS = tuple(Pattern(pcre, pcre.replace(b'(?<', b'(?P<')) for pcre in (
    rb'" (?<code>\d\d\d) (?<size>\d+|-)', rb'"(?<verb>[A-Z]+) (?<path>[^ ]+)', rb'(?<n>\d+)', rb'(?<word>\w+)(?<client>[.])?', rb'^(?<word>\S+) (\S+)',
    rb'(?<path>/\w+)(/?)', rb'(?<n>\d{1,2})(?<x>x)?'))
GROUP_NAMES = ('code', 'size', 'verb', 'path', 'n', 'word', 'x', '$0', '$1', '$2', 'client', 'status', '1', '7', 'bytes', 'path/1', 'n/10', 'size/1K', '$1/100')


def groups_as_fields(rnd, seed):
    """Groups of a regular expression as fields, next to those of the format."""
    names = GROUP_NAMES
    regexp = rnd.choice(GROUPS)
    if rnd.random() < 0.9:      # mostly those that there are
        names = [f'${number}' for number in (0, 1)] + [name for name in GROUP_NAMES if b'(?<%s>' % name.split('/')[0].encode() in regexp.pcre] * 2
        names += ['client', '1', 'status'] if rnd.random() < 0.5 else ['1', '7']
    asked = {'fields': oracle_questions.joined(rnd.sample(names, rnd.choice((1, 2, 2, 3)))) if rnd.random() < 0.8 else None}
    if rnd.random() < 0.3:
        asked['where'] = (oracle_questions.expression(rnd, names),)
    if rnd.random() < 0.3:
        asked['sum'] = rnd.choice(names)
    more = (rnd.choice(GROUPS),) if rnd.random() < 0.2 else ()
    return dataclasses.replace(logs(rnd, seed), regexp=regexp, more=more, every=rnd.random() < 0.3, patterns=(), key=None, **asked)


FAMILIES = {groups_as_fields: 4, tiny: 6, many_files: 1, urls: 6, hostile: 4, logs: 4, places: 3, large: 1, where_with_regexp: 2}


def in_parts(rnd, case):
    """Sometimes the same case of files that are counted one by one, and merged."""
    if case.how != 'file' or case.missing or case.unmatched or len(case.files) > 12 or rnd.random() > 0.15:
        return case
    files = case.files
    if len(files) == 1:
        data = files[0]
        cuts = sorted(data.find(b'\n', rnd.randrange(len(data) + 1)) + 1 for _ in range(rnd.choice((1, 2, 3))))
        files = tuple(data[a:b] for a, b in zip([0, *cuts], [*cuts, len(data)]))
    return dataclasses.replace(case, files=files, parts=True)
