#!/usr/bin/python3
"""made_formats.py -- formats that wf makes or chooses from the lines of a log: no field may have a wrong value.

    made_formats.py WF_BINARY [--seed S] [--rounds N] [--only LAYOUT] [--every N] [--verbose]

For each of the log_formats below, lines are made up, some of them hostile: lists of upstreams, missing and empty values,
requests that are none, texts chosen by clients that look like other fields.  Each value that wf finds under any name is
compared with the value that was written.  A layout is read (all of its main fields are found), read in part, or refused.
The last line says how many were what.  The exit status is 1 if any value was wrong.
"""

import argparse
import collections
import random
import re
import subprocess
import sys
import tempfile

TAIL = '"$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"'
MAIN = '$remote_addr - $remote_user [$time_local] ' + TAIL

LAYOUTS = [
    MAIN,
    MAIN + ' "$http_x_forwarded_for"',
    MAIN + ' "$request_id"',
    MAIN + ' "$gzip_ratio"',
    MAIN + ' "$host"',
    MAIN + ' $request_time',
    MAIN + ' $request_time $upstream_response_time $pipe',
    MAIN + ' $upstream_response_time $request_time',
    MAIN + ' $upstream_addr $upstream_status $upstream_response_time $request_id',
    MAIN + ' $request_length $request_time [$cache] [] $upstream_addr $request_length $upstream_response_time $upstream_status $request_id',
    MAIN + ' rt=$request_time uct=$upstream_connect_time urt=$upstream_response_time us=$upstream_status',
    MAIN + ' rt=$request_time uct="$upstream_connect_time" urt="$upstream_response_time" ua="$upstream_addr"',
    '$host ' + MAIN,
    '$host ' + MAIN + ' $upstream_status $upstream_response_time $request_time',
    '$host ' + MAIN + ' $request_time $upstream_addr $upstream_status $cache',
    '$host:$server_port ' + MAIN,
    '$remote_addr $host - $remote_user [$time_local] ' + TAIL,
    '$remote_addr $host:$server_port - [$time_local] ' + TAIL,
    '$remote_addr - $host [$time_local] ' + TAIL,
    '$remote_addr - $http_host [$time_local] ' + TAIL,
    '$remote_addr - $cache [$time_local] ' + TAIL,
    '$remote_addr - $remote_user $host [$time_local] ' + TAIL,
    '$remote_addr - $country [$time_local] $scheme ' + TAIL,
    '$remote_addr:$remote_port - $remote_user [$time_local] ' + TAIL,
    '$remote_addr $x_real_ip $remote_user [$time_local] ' + TAIL,
    '$http_x_forwarded_for - $remote_user [$time_local] ' + TAIL,
    '$http_x_forwarded_for $remote_addr - $remote_user [$time_local] ' + TAIL,
    '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_x_forwarded_for" "$http_referer" "$http_user_agent"',
    '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_user_agent" "$http_referer"',
    '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_x_forwarded_for" "$http_user_agent"',
    '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$host" "$http_referer" "$http_user_agent" "$cookie"',
    '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_x_forwarded_for" "$http_user_agent"',
    '$remote_addr - $remote_user [$time_local] "$request" $status $upstream_status $body_bytes_sent "$http_referer" "$http_user_agent"',
    '$remote_addr - $remote_user [$time_local] "$request" $status $request_length $body_bytes_sent',
    '$remote_addr - $remote_user [$time_local] "$request" $body_bytes_sent $status',
    '$remote_addr [$time_local] "$request" $status $request_time $body_bytes_sent $upstream_status',
    '$remote_addr [$time_local] "$request" $status $request_time $upstream_status $body_bytes_sent',
    '$remote_addr [$time_local] $upstream_status "$request" $body_bytes_sent $status',
    '[$time_local] $remote_addr - $remote_user ' + TAIL,
    '[$time_local] $remote_addr - $remote_user ' + TAIL + ' $upstream_status $upstream_addr',
    '[$time_local] $remote_addr $ssl_protocol $ssl_cipher "$request" $body_bytes_sent',
    '[$time_local] [$host] "$request" $status',
    '$time_iso8601 $remote_addr $request_id ' + TAIL + ' $request_time $upstream_response_time',
    '$msec $connection $remote_addr "$request" $status $body_bytes_sent $request_time',
    '$remote_addr:$remote_port [$time_local] ' + TAIL,
    '$remote_addr|$remote_user|$time_local|"$request"|$status|$body_bytes_sent|$upstream_status|$request_time',
    '$remote_addr - $remote_user [$time_local] "$http_user_agent" "$request" $status $body_bytes_sent',
    '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent $upstream_addr "$http_referer" "$http_user_agent"',
    '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent $upstream_response_time "$http_referer" "$http_user_agent"',
    '$server_addr $remote_addr - - [$time_local] ' + TAIL,
    '$remote_addr - - [$time_local] "$request" $status $body_bytes_sent "$origin" "$http_referer" "$http_user_agent"',
    'client=$remote_addr host=$host [$time_local] "$request" upstream_status=$upstream_status status=$status bytes=$body_bytes_sent',
]

# What has to be found for a layout to be "read", by its variable.
BASES = {'remote_addr': 'client', 'remote_user': 'user', 'time_local': 'time', 'time_iso8601': 'time', 'msec': 'time', 'request': 'request',
         'status': 'status', 'body_bytes_sent': 'bytes', 'http_referer': 'referrer', 'http_user_agent': 'agent', 'host': 'host', 'http_host': 'host',
         'server_port': 'port'}


class Maker:
    """Makes up the values of one log."""

    def __init__(self, rnd):
        self.rnd = rnd
        self.hostile = rnd.choice((0, 0.02, 0.1))
        self.lists = rnd.choice((0, 0.02, 0.2))         # how often a request went to several upstreams
        self.lists_from = rnd.choice((0, 0, 110))       # the first line with a list or hostile text
        self.users = rnd.choice((0, 0.1, 0.9))
        self.forwarded = rnd.choice((0, 0.1, 0.9))
        self.referred = rnd.choice((0, 0.3, 0.9))
        self.proxied = rnd.choice((0, 0.5, 1))
        self.ipv6 = rnd.choice((0, 0.3, 1))
        self.line = 0

    def chance(self, share):
        return self.rnd.random() < share

    def odd(self):
        return self.line >= self.lists_from and self.chance(self.hostile)

    def address(self):
        if self.chance(self.ipv6):
            return ':'.join(f'{self.rnd.choice((self.rnd.getrandbits(16), 1, 8080)):x}' for _ in range(8)) if self.chance(0.5) else \
                f'2001:db8::{self.rnd.choice(("1", "7f:a", "12:443", "::1"[2:]))}'
        return f'{self.rnd.choice((192, 10, 203))}.0.{self.rnd.randrange(256)}.{self.rnd.randrange(256)}'

    def per_upstream(self, value, nothing='-'):
        """A value for each upstream that was asked."""
        if not self.chance(self.proxied):
            return nothing
        many = self.line >= self.lists_from and self.chance(self.lists)
        values = [value() for _ in range(self.rnd.choice((2, 2, 3)) if many else 1)]
        return ''.join(v if not i else self.rnd.choice((', ', ', ', ' : ')) + v for i, v in enumerate(values))

    def seconds(self, most=3):
        return f'{self.rnd.random() ** 4 * most:.3f}'

    def value(self, name):
        return getattr(self, 'v_' + name)()

    def text(self, usual):
        """What clients send: mostly the usual."""
        return self.rnd.choice(('-', '', '192.0.2.7', '192.0.2.7, 10.0.0.1', 'GET / HTTP/1.1', 'x', '200', 'a b c', 'say \\"hi\\" now', 'http://e.org/ a',
                                'curl/8.0', '() { :; }; /bin/x', '0.123', 'www.example.org', 'a, b', '\\\\', 'it[s]', '- -')) if self.odd() else usual

    def v_remote_addr(self):
        return self.address()

    def v_remote_user(self):
        usual = self.rnd.choice(('frank', 'erin', 'bob.smith', 'a_b', '1234')) if self.chance(self.users) else '-'
        return self.rnd.choice(('www.example.org', '192.0.2.9', 'a:b', 'x,')) if self.odd() else usual

    def v_time_local(self):
        return f'17/Jun/2007:12:{self.line // 60 % 60:02}:{self.line % 60:02} -0700'

    def v_time_iso8601(self):
        return f'2007-06-17T12:{self.line // 60 % 60:02}:{self.line % 60:02}+02:00'

    def v_msec(self):
        return f'{1182106800 + self.line}.{self.rnd.randrange(1000):03}'

    def v_request(self):
        if self.odd():
            return self.rnd.choice(('-', '', '\\x16\\x03\\x01', 'GET /', 'GET /say\\"hi\\" HTTP/1.1', 'GET /a b HTTP/1.1', 'PRI * HTTP/2.0'))
        return f'{self.rnd.choice(("GET", "GET", "POST"))} /{self.rnd.randrange(20)}{self.rnd.choice(("", "?a=b&c=d", "/x.html"))} HTTP/1.1'

    def v_status(self):
        return '408' if self.odd() else self.rnd.choice(('200', '200', '304', '404', '500', '499'))

    def v_body_bytes_sent(self):
        return self.rnd.choice(('0', '200', '304', '512', str(self.rnd.randrange(100000)), str(self.rnd.randrange(1000))))

    def v_request_length(self):
        return str(self.rnd.choice((200, 404, self.rnd.randrange(90, 3000))))

    def v_http_referer(self):
        return self.text(f'https://{self.rnd.choice(("www", "shop"))}.example.org/{self.rnd.randrange(9)}' if self.chance(self.referred) else '-')

    def v_http_user_agent(self):
        return self.text(self.rnd.choice(('Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101', 'curl/8.0', 'Googlebot/2.1 (+http://www.google.com/bot.html)',
                                          'Go-http-client/1.1', '-')))

    def v_http_x_forwarded_for(self):
        if not self.chance(self.forwarded):
            return '-'
        return ', '.join(self.address() for _ in range(self.rnd.choice((1, 1, 1, 2, 3))))

    def v_x_real_ip(self):
        return self.address() if self.chance(self.forwarded) else '-'

    def v_host(self):
        return self.rnd.choice(('localhost', '192.0.2.9')) if self.odd() else self.rnd.choice(('www.example.org', 'shop.example.org'))

    def v_http_host(self):
        return self.rnd.choice(('-', '192.0.2.9', 'www.example.org:8080', 'x')) if self.odd() else self.v_host()

    def v_server_port(self):
        return self.rnd.choice(('80', '443'))

    def v_remote_port(self):
        return str(self.rnd.randrange(1024, 65536))

    def v_server_addr(self):
        return '10.0.0.1'

    def v_upstream_addr(self):
        return self.per_upstream(lambda: self.rnd.choice(('10.0.0.5:8080', '10.0.0.6:8080', 'unix:/run/x.sock', '[::1]:80')))

    def v_upstream_status(self):
        return self.per_upstream(lambda: self.rnd.choice(('200', '200', '502', '504', '-')))

    def v_upstream_response_time(self):
        return self.per_upstream(lambda: self.rnd.choice((self.request_seconds, f'{float(self.request_seconds) * self.rnd.random() ** 2:.3f}')))

    def v_upstream_connect_time(self):
        return self.per_upstream(self.seconds)

    def v_request_time(self):
        return self.request_seconds

    def v_request_id(self):
        return f'{self.rnd.getrandbits(128):032x}'

    def v_gzip_ratio(self):
        return f'{1 + 9 * self.rnd.random():.2f}' if self.chance(0.5) else '-'

    def v_ssl_protocol(self):
        return self.rnd.choice(('TLSv1.3', 'TLSv1.2', '-'))

    def v_ssl_cipher(self):
        return self.rnd.choice(('TLS_AES_256_GCM_SHA384', '-'))

    def v_scheme(self):
        return self.rnd.choice(('http', 'https'))

    def v_cache(self):
        return self.rnd.choice(('HIT', 'MISS', 'EXPIRED', '-'))

    def v_country(self):
        return self.rnd.choice(('US', 'DE', '-'))

    def v_connection(self):
        return str(100 + 3 * self.line)

    def v_pipe(self):
        return self.rnd.choice('.p')

    def v_origin(self):
        return self.text('https://www.example.org' if self.chance(0.3) else '-')

    def v_cookie(self):
        return self.text(self.rnd.choice(('-', 'id=17; a=b')))


VARIABLE = re.compile(r'\$([a-z0-9_]+)')


def make_line(layout, maker):
    """A line, its values by variable, and its values by the number of their token, as in wf's $field_N."""
    values, tokens = {}, []
    maker.request_seconds = maker.seconds()

    def put(match):
        if match[1] not in values:
            values[match[1]] = maker.value(match[1])
        return values[match[1]]
    pieces = re.split(r'([ |\t]+)', layout)
    text = ''
    for piece in pieces:
        written = VARIABLE.sub(put, piece)
        text += written
        if piece.strip(' |\t'):
            key = re.match(r'[a-z_]+=', piece)
            tokens.append(written[len(key[0]) if key else 0:].strip('"') if '"' in piece else written[len(key[0]) if key else 0:])
    return text, values, tokens


def run(wf, log, *options):
    return subprocess.run([wf, '-j', '1', *options, log], capture_output=True, text=True, encoding='latin-1', check=False)


def iso(value):
    """A time in wf's notation."""
    if re.match(r'\d\d/Jun/', value):
        return f'{value[7:11]}-06-{value[:2]}T{value[12:20]}'
    if re.fullmatch(r'[0-9.]+', value):
        second = int(float(value)) - 1182106800
        return f'2007-06-17T{19 + second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}'
    return value[:19]


def expected(name, layout, values, tokens):
    """The values that a field of this name may have."""
    numbered = re.fullmatch(r'\$?(?:field|quoted)_([0-9]+)', name)
    if numbered:
        return [tokens[int(numbered[1]) - 1].strip('[]'), tokens[int(numbered[1]) - 1]]
    keyed = re.search(r'(?<!\S)' + name.lstrip('.$') + r'="?\$([a-z0-9_]+)', layout)
    if keyed:
        return [values[keyed[1]]]
    for variable, base in BASES.items():
        if base == name and variable in values:
            return [iso(values[variable])] if base == 'time' else [values[variable]]
    if name == 'client' and 'http_x_forwarded_for' in values:
        return [values['http_x_forwarded_for']]
    if name == 'client' and 'server_addr' in values:
        return []
    if name == '$request_time' and 'request_time' not in values:
        # The only number of seconds is taken for that of the request: see wf(1).
        return [values.get('upstream_response_time')]
    if name == 'ident':
        return ['-'] if ' - ' in layout else []
    return [values[name.lstrip('$')]] if name.lstrip('$') in values else []


DERIVED = {'method', 'proto', 'url', 'path', 'query', 'class', 'day', 'hour', 'minute', 'ext', 'site', 'ident'}


def unescape(text):
    return re.sub(r'\\(.)', lambda m: {'t': '\t', 'n': '\n', 'r': '\r', '0': '\0'}.get(m[1], m[1]), text)


def check(wf, layout, lines, log, verbose):
    """Returns 'read', 'in part' or 'refused', and a list of wrong values."""
    names = run(wf, log, '-f', 'no_such_field').stderr
    have = re.search(r'they have ([^(;\n]*)', names)
    if not have:
        return 'refused', []
    fields = [name for name in have[1].split() if name not in DERIVED and not re.match(r'\$?other_time', name)]
    truth = {text: (values, tokens) for text, values, tokens in lines}
    wrong = []
    for row in run(wf, log, '-n', '0', '--tsv', '-f', ','.join(['0', *fields])).stdout.split('\n')[1:-1]:
        _, line, *found = map(unescape, row.split('\t'))
        for name, value in zip(fields, found):
            may = expected(name, layout, *truth[line]) or ['-']
            if value not in may:
                wrong.append((name, value, may, line))
    wanted = {base for variable, base in BASES.items() if variable in VARIABLE.findall(layout)}
    missing = wanted - set(fields)
    if verbose:
        shown = run(wf, log, '--explain').stdout.split('\n')[0]
        print(f'  {layout}\n    {shown.strip()}' + (f'\n    missing: {" ".join(sorted(missing))}' if missing else ''))
    return ('in part' if missing else 'read'), wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('binary')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--rounds', type=int, default=1)
    parser.add_argument('--only', type=int)
    parser.add_argument('--every', type=int, default=1, help='take only every N-th layout')
    parser.add_argument('--verbose', action='store_true')
    options = parser.parse_args()
    results, failures = collections.Counter(), 0
    with tempfile.NamedTemporaryFile(suffix='.log') as log:
        for number, layout in enumerate(LAYOUTS):
            for turn in range(options.rounds):
                if options.only not in (None, number) or (number + options.seed) % options.every:
                    continue
                rnd = random.Random(f'{options.seed}/{number}/{turn}')
                maker = Maker(rnd)
                lines = []
                # A single number may be a status or a size, or a part of an address or a port: several lines show which.
                usual = '$status $body_bytes_sent' in layout and ':$remote_port' not in layout
                for maker.line in range(rnd.choice((1 if usual else 5, 5, 40, 150))):
                    lines.append(make_line(layout, maker))
                log.seek(0)
                log.truncate()
                log.write(''.join(text + '\n' for text, _, _ in lines).encode('latin-1'))
                log.flush()
                result, wrong = check(options.binary, layout, lines, log.name, options.verbose)
                results[result] += 1
                failures += bool(wrong)
                for name, value, may, line in wrong[:3]:
                    print(f'WRONG in layout {number}, round {turn}, seed {options.seed}: {layout}\n  {name} is {value!r}, not {may}, in {line}\n'
                          f'  {run(options.binary, log.name, "--explain").stdout.split(chr(10))[0].strip()} ({len(lines)} lines)')
    print(f'{results["read"]} read, {results["in part"]} read in part, {results["refused"]} refused, {failures} wrong')
    return 1 if failures else 0


if __name__ == '__main__':
    sys.exit(main())
