"""oracle_lines.py -- logs made up for differential.py: of every format, good, odd and damaged.

A maker of a TEMPLATES' entry or of JSON, LTSV or W3C is a function (rnd, number, daring)
to a text of about that many lines; daring is how often a value is an odd one.
"""

import datetime
import json
import re

from oracle_fields import MONTHS


def pick_bytes(rnd, alphabet, length):
    return bytes(rnd.choices(alphabet, k=length))


# Values

def local_time(rnd):
    return b'%02d/%s/%d:%02d:%02d:%02d %s' % (rnd.randint(1, 31), rnd.choice(MONTHS), rnd.choice((1999, 2006, 2007, 2024)), rnd.randrange(24),
                                              rnd.randrange(60), rnd.randrange(61), rnd.choice((b'-0700', b'+0000', b'+0530')))


def iso_time(rnd):
    zone = rnd.choice((b'+02:00', b'Z', b'.123Z', b''))
    return b'%d-%02d-%02dT%02d:%02d:%02d%s' % (rnd.choice((1999, 2007, 2024)), rnd.randint(1, 12), rnd.randint(1, 31), rnd.randrange(24),
                                               rnd.randrange(60), rnd.randrange(60), zone)


def since_1970(rnd):
    seconds = rnd.choice((0, 99_999_999, 100_000_000, 999_999_999, 1_181_977_201, 1_700_000_000 + rnd.randrange(90_000), 9_999_999_999, 10 ** 10))
    return rnd.choice((b'%d', b'%d.123', b'%d000', b'%d000000', b'%d999999999', b'%d.0', b'%d.', b'%d00')) % seconds


ODD_TIMES = (b'00/Jun/2007:12:00:01 -0700', b'32/Jun/2007:12:00:01 -0700', b'17/jun/2007:12:00:01 -0700', b'17/Jux/2007:12:00:01 -0700',
             b'17/Jun/2007:24:00:01 -0700', b'17/Jun/2007:12:60:01 -0700', b'17/Jun/2007:12:00:60 -0700', b'17/Jun/2007:12:00:61 -0700',
             b'17/Jun/207:12:00:01 -0700', b'17/Jun/2007 12:00:01 -0700', b'17/Jun/2007:12:00:01', b'17/Jun/2007:12:00:01 0700',
             b'17/Jun/2007:12:00:01 -070', b'17/Jun/2007:12:00:01 -07000', b'7/Jun/2007:12:00:01 -0700', b'17/Jun/2007:12:00:01  -0700',
             b'2007-06-17T12:00:01', b'2007-06-17 12:00:01', b'2007-13-17T12:00:01', b'2007-00-17T12:00:01', b'2007-06-31T23:59:60.5+02:00',
             b'2007-06-32T12:00:01', b'2007-06-17T24:00:01', b'2007-06-17T12:00', b'2007-06-17', b'07-06-17T12:00:01', b'-', b'', b'x', b'yesterday')

# Zones, of which three have no rule but an offset, and instants at which clocks are put forward or back in one of them.
ZONES = ('utc', '+14:00', '-12:00', '+05:45', 'Europe/Berlin', 'America/New_York', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Apia',
         'America/Sao_Paulo', 'Africa/Casablanca', 'Pacific/Chatham', 'Asia/Tehran', 'Europe/Dublin', 'Antarctica/Troll')
CHANGES = (1_774_746_000, 1_792_890_000, 1_772_953_200, 1_793_512_800, 1_772_947_800, 1_775_314_800, 1_791_039_600, 1_325_239_200, 1_541_300_400, 1_771_122_000,
           1_774_148_400, 1_774_706_400, 1_663_788_600, 0, -1, 951_782_400)
CHANGE_ZONES = (b'+0000', b'+0000', b'-0700', b'+1400', b'-1200', b'+0545', b'+0200', b'-0330', b'+2359', b'+2400')


def clock_change(rnd, notation=None):
    """A time near a change of clocks, in any notation; now and then a leap second, or one of the ends of time."""
    zone = rnd.choice(CHANGE_ZONES)
    moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=rnd.choice(CHANGES) + rnd.choice((-1, 0, 1, -3600, 3600, 60 * rnd.randint(-300, 300), rnd.randint(-9000, 9000))))
    if rnd.random() < 0.05:
        moment = rnd.choice((datetime.datetime(9999, 12, 31, 23, 59, 59), datetime.datetime(9999, 12, 31, 1), datetime.datetime(1970, 1, 1), datetime.datetime(2, 1, 1)))
    clock = b'%02d:%02d:%02d' % (moment.hour, moment.minute, rnd.choice((moment.second, moment.second, 60)) if moment.second == 59 else moment.second)
    if (notation or rnd.choice(('local', 'iso', 'epoch', 'syslog'))) == 'local':
        return b'%02d/%s/%04d:%s %s' % (moment.day, MONTHS[moment.month - 1], moment.year, clock, zone)
    form = rnd.random()
    if form < 0.2:
        return b'%d' % max((moment - datetime.datetime(1970, 1, 1)).total_seconds(), 0)
    if form < 0.35:
        return b'%s %2d %s' % (MONTHS[moment.month - 1], moment.day, clock)
    return b'%04d-%02d-%02d%s%s%s' % (moment.year, moment.month, moment.day, rnd.choice((b'T', b' ')), clock,
                                      rnd.choice((b'', b'Z', zone, b'.5' + zone, zone[:3], b' ' + zone + b' CEST', b' CEST', b' IST', b'[Europe/Berlin]', b'+01:00[Europe/Berlin]')))


TARGETS = (b'/', b'/a', b'/a/b.html', b'/a/b.HTML?x=1', b'/?q', b'/?', b'/a?b?c', b'/a??', b'/img/p.tar.gz', b'/.htaccess', b'/a.', b'/a.b/', b'/a.b/c', b'*',
           b'http://h/a.php?u=/x.y', b'/%20x', b'/caf\xe9', b'/caf\xc3\xa9.png', b'/\\x16\\x03', b'/a\\"b.js', b'//', b'/x;y.z', b'/..', b'/' + b'u' * 70, b'/a#b.c', b'/a?-', b'?x')
ODD_TARGETS = (b'', b'/a b', b' /a', b'/a ', b'/a\tb', b'/\0.gif', b'/a HTTP/1.0', b'HTTP/1.0', b'/a"b', b'\\', b'\\\\', b'/\\\\\\"', b'?', b'-')
METHODS = (b'GET', b'GET', b'GET', b'POST', b'HEAD', b'M-SEARCH', b'A_B')
ODD_METHODS = (b'', b'get', b'-', b'G3T', b'\\x16')
PROTOCOLS = (b' HTTP/1.1', b' HTTP/1.1', b' HTTP/1.0', b' HTTP/2.0', b' HTTP/')
ODD_PROTOCOLS = (b'', b' HTTP', b' http/1.0', b'  HTTP/1.0', b' HTTP/1.0 ', b' HTTP/1.0 x', b' HTTPS/1')


def request(rnd, daring):
    if rnd.random() < daring:
        return rnd.choice((b'-', b'', b'\\x16\\x03\\x01', b'GET', b'GET ', b' ', b'\\n', b'a b c d', b'\\"', b'GET\\', b'\\\\'))

    def part(good, odd):
        return rnd.choice(odd if rnd.random() < daring / 3 else good)
    return part(METHODS, ODD_METHODS) + b' ' + part(TARGETS, ODD_TARGETS) + part(PROTOCOLS, ODD_PROTOCOLS)


# kind: (good values, odd ones)
VALUES = {
    'client': ((b'1.2.3.4', b'10.0.0.1', b'::1', b'2001:db8::a', b'h.example.org', b'fe80::1%eth0'),
               (b'-', b'', b'a b', b'"q"', b'[::1]', b'\xe9', b'\0', b'x' * 70, b'1.2.3.4,', b' ', b'a"b')),
    'ident': ((b'-',), (b'', b'id', b'a b', b'"', b'- -')),
    'user': ((b'-', b'-', b'bob', b'Alice'), (b'', b'bob smith', b'a [b', b'a " b', b'"u"', b' ', b'- -', b'a[b', b'a\\', b'x [17/Jun/2007:12:00:01 -0700] ')),
    'status': ((b'200', b'200', b'304', b'404', b'404', b'500', b'-', b'000'), (b'', b'20', b'2000', b'2x0', b'--', b'-1', b'+20', b'4 4', b'200.0')),
    'bytes': ((b'0', b'5', b'2326', b'10', b'9', b'-', b'007', b'123456789012'),
              (b'', b'-1', b'1.5', b'12x', b'--', b'18446744073709551615', b'99999999999999999999', b'1e3')),
    'port': ((b'80', b'443', b'8080', b'-'), (b'', b'x', b'-1', b'80 ', b'8:0')),
    'host': ((b'example.org', b'www.Example.org', b'10.0.0.9', b'_'), (b'', b'-', b'[::1]', b'a b', b'h:8', b'/')),
    'referrer': ((b'-', b'http://a.org/', b'http://a.org/x?y=http://b.org', b'https://u:p@b.org:8080/z', b'http://c.org?q', b'android-app://com.x', b'HTTP://A.org#f',
                  b'http://d.org:80', b'http://[::1]:80/x', b'http://e.org\\\\x'),
                 (b'', b'http://', b'http://:80/', b'://x', b'1http://x/', b'http:/x', b'http://a@', b'http://h:/x', b'http://h:8x/', b'http://a@b@c/', b'say \\"hi\\"', b'\\',
                  b'http://\xe9/', b'a b', b'"', b'h+.-1://q', b'http://a/@b:1', b'http://:', b'http:///x')),
    'agent': ((b'-', b'Mozilla/5.0 (X11; U)', b'curl/8.0', b'say \\"hi\\" x', b'\\x22\\xe9', b'bot'),
              (b'', b'\\', b'\\\\', b'\\\\\\"', b'a"b', b'" "', b'\xff', b'\0', b'a\tb', b'x' * 200, b'{"a":1}', b' ')),
    'forwarded': ((b'-', b'10.1.1.1', b'10.1.1.1, 10.2.2.2'), (b'', b'a b', b'\\"', b'unknown')),
    'seconds': ((b'0.000', b'0.123', b'12.5', b'-', b'1.25'), (b'', b'x', b'0,1', b'-0.5', b'1e2', b'0.0000000019', b'.5')),
    'seconds_list': ((b'0.1', b'-', b'0.1, 0.2', b'0.1, 0.2 : 0.3', b'- : 0.5', b'10.0.0.1:80, 10.0.0.2:80', b'unix:/tmp/s'),
                     (b'', b'0.1,', b'0.1 0.2', b'0.1 :', b'0.1 :0.2', b'0.1: 0.2', b'0.1,  0.2', b'0.1 :  0.2')),
    'micros': ((b'0', b'77', b'123456'), (b'', b'-', b'x', b'1 2')),
    'method': (METHODS, ODD_METHODS), 'target': (TARGETS, ODD_TARGETS), 'proto': ((b'HTTP/1.1', b'HTTP/1.0'), (b'', b'-', b'a b')),
    'path': ((b'/', b'/a', b'/a/b.html', b'/x.tar.gz', b'/\xe9'), (b'', b'/a b', b'a', b'/"')),
    'query': ((b'?x=1', b'', b'?'), (b'x', b'?a b', b'?"', b'-')),
    'args': ((b'x=1', b'-', b'a=b&c=d'), (b'', b'?x', b'a b', b'"')),
    'cookie': ((b'-', b'id=5', b'a=1; b=2'), (b'', b'\\"', b'x y', b'"'))}

TIMES = {'local': local_time, 'iso': iso_time, 'epoch': since_1970}


def value(rnd, kind, daring):
    if kind == 'request':
        return request(rnd, daring)
    odd = rnd.random() < daring
    if kind in TIMES:
        return rnd.choice(ODD_TIMES) if odd else TIMES[kind](rnd)
    return rnd.choice(VALUES[kind][odd])


# Templates: what is given as --log-format (None: a name), and the kinds of its fields in their order

COMMON_KINDS = ('client', 'ident', 'user', 'local', 'request', 'status', 'bytes')
NGINX_MAIN = ('$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" '
              '"$http_x_forwarded_for"')
COMBINED = '%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"'
NGINX_KINDS = ('client', 'user', 'local', 'request', 'status', 'bytes', 'referrer', 'agent', 'forwarded')
TEMPLATES = (
    ('common', '%h %l %u %t "%r" %>s %b', COMMON_KINDS),
    ('combined', COMBINED, (*COMMON_KINDS, 'referrer', 'agent')),
    ('vhost_combined', '%v:%p ' + COMBINED, ('host', 'port', *COMMON_KINDS, 'referrer', 'agent')),
    ('nginx_main', NGINX_MAIN, NGINX_KINDS),
    (None, COMBINED + ' %D %T', (*COMMON_KINDS, 'referrer', 'agent', 'micros', 'seconds')),
    (None, COMBINED.replace('"', '\\"') + ' %{X-Forwarded-For}i', (*COMMON_KINDS, 'referrer', 'agent', 'forwarded')),
    (None, '%a %t %m "%U%q" %H %s %O %I %D', ('client', 'local', 'method', 'target', 'proto', 'status', 'bytes', 'bytes', 'micros')),
    (None, '%V "%U" "%q" %>s %B %u', ('host', 'path', 'query', 'status', 'bytes', 'user')),
    (None, '%{%Y-%m-%dT%H:%M:%S}t|%h|%r|%<s|%b|%{Cookie}i|%{id}C', ('iso', 'client', 'request', 'status', 'bytes', 'cookie', 'cookie')),
    (None, '%{sec}t\\t%h\\t%r\\t%s\\t%!200,304{X}i\\t%{Host}i', ('epoch', 'client', 'request', 'status', 'cookie', 'host')),
    (None, '%h %l %u [%{%d/%b/%Y:%H:%M:%S %z}t] "%r" %s %b 100%% "%{Referer}i"', (*COMMON_KINDS, 'referrer')),
    (None, '"%v%U%q" %m %s', ('host', 'target', 'method', 'status')),
    (None, NGINX_MAIN + ' $request_time $upstream_response_time', (*NGINX_KINDS, 'seconds', 'seconds_list')),
    (None, '$remote_addr [$time_iso8601] $host "$request_method $request_uri $server_protocol" $status $bytes_sent $upstream_addr '
           '$upstream_response_time $request_time $server_port', ('client', 'iso', 'host', 'method', 'target', 'proto', 'status', 'bytes', 'seconds_list',
                                                                  'seconds_list', 'seconds', 'port')),
    (None, '$msec $remote_addr "$http_host" $request_method "$uri" $args $status ${body_bytes_sent}b rt=$request_time ua="$http_user_agent" us="$upstream_status"',
     ('epoch', 'client', 'host', 'method', 'path', 'args', 'status', 'bytes', 'seconds', 'agent', 'seconds_list')),
    (None, '$scheme://$host$request_uri $status $gzip_ratio $remote_user', ('method', 'host', 'target', 'status', 'seconds', 'user')),
    (None, '"$time_local" "$remote_addr" "$request" "$status" "$body_bytes_sent" $http_referer', ('local', 'client', 'request', 'status', 'bytes', 'referrer')),
    (None, '$remote_addr - $remote_user [$time_local] $status "$request" $body_bytes_sent $upstream_response_time',
     ('client', 'user', 'local', 'status', 'request', 'bytes', 'seconds_list')),
    (None, '$time_local $status $foo $request_uri', ('local', 'status', 'seconds', 'target')))

FIELD = re.compile(rb'%U%q|%[<>!0-9,]*(?:\{[^}]*\})?[A-Za-z]|\$\{\w+\}|\$\w+')
TAILS = (b'', b'', b'', b'', b' "-"', b' 0.123', b' ', b'\t', b' "x y" z', b'"', b'x', b' "')
LEADS = (b'', b' ', b'\t', b'  \t')


def template_line(rnd, template, kinds, daring):
    """A line of a template, some of its values odd."""
    rest = iter(kinds)
    text = template.encode()
    if b'%' in text:
        text = text.replace(b'\\"', b'"').replace(b'\\t', b'\t').replace(b'%t', b'[%t]').replace(b'%%', b'\1')

    def fill(_):
        return value(rnd, next(rest), daring)
    line = FIELD.sub(fill, text).replace(b'\1', b'%')
    if rnd.random() < daring:
        line = rnd.choice(LEADS) + line + rnd.choice(TAILS)
    return line


# Damage

WHERE_IT_MATTERS = re.compile(rb'["\\\[\] \-|\t:{},=]|HTTP/|\b[0-9]{3}\b|\Z|\A')
INSERTS = (b'"', b'"', b'\\', b'\\', b' ', b' ', b']', b'[', b'-', b'\t', b'\0', b'\xff', b'\r', b'/', b'0', b'\\"', b'] "', b'\\\\', b'\\\\\\"', b'" 200',
           b' - ', b'\x1b', b':', b',', b'{', b'}', b'#', b' : ', b', ')


def damaged(rnd, line):
    """A line with a few bytes deleted, doubled, replaced or put in, where it matters, or cut off."""
    for _ in range(rnd.choice((1, 1, 1, 2, 3))):
        places = list(WHERE_IT_MATTERS.finditer(line))
        place = rnd.choice(places)
        at = rnd.choice((place.start(), place.end()))
        kind = rnd.randrange(6)
        if kind == 0:
            line = line[:at] + line[at + 1:]
        elif kind == 1:
            line = line[:at] + line[at:at + 1] + line[at:]
        elif kind == 2:
            line = line[:at] + rnd.choice(INSERTS) + line[at + 1:]
        elif kind == 3:
            line = line[:at] + rnd.choice(INSERTS) + line[at:]
        elif kind == 4:
            line = line[:rnd.randrange(len(line) + 1)]
        else:
            line = line[:at] + line[rnd.choice(places).start():]
    return line


ODD_LINES = (b'', b'', b' ', b'\t', b'-', b'#', b'# x', b'\0', b'garbage', b'a b c', b'{}', b'[]', b'x:1', b'"', b'\xff\xfe')
LINE_ENDS = (b'\n',) * 6 + (b'\r\n', b'\r\n', b'\n\n', b'\r\r\n')


def text_of(rnd, make_line, number, daring):
    """Lines of make_line, with odd and damaged ones among them, ended in all ways."""
    pieces = []
    for _ in range(number):
        line = make_line(rnd, daring)
        if rnd.random() < daring:
            line = damaged(rnd, line)
        if rnd.random() < daring / 3:
            line = rnd.choice(ODD_LINES)
        pieces += [line, b'\n' if rnd.random() > daring else rnd.choice(LINE_ENDS)]
    text = b''.join(pieces)
    return text[:-1] if rnd.random() < 0.2 else text


def template_maker(template, kinds):
    return lambda rnd, number, daring: text_of(rnd, lambda r, d: template_line(r, template, kinds, d), number, daring)


# JSON

JSON_MEMBERS = (
    ('remote_addr', 'client'), ('client_ip', 'client'), ('request.remote_ip', 'client'), ('ip', 'client'), ('sourceIPs', 'list'),
    ('remote_user', 'user'), ('user_id', 'user'), ('time_iso8601', 'iso'), ('time_local', 'local'), ('@timestamp', 'iso'), ('ts', 'epoch'), ('msec', 'epoch'),
    ('request', 'request'), ('request_method', 'method'), ('method', 'method'), ('request.method', 'method'), ('request_uri', 'target'), ('url', 'target'),
    ('request.uri', 'target'), ('uri', 'target'), ('path', 'path'), ('args', 'args'), ('query', 'query'), ('proto', 'proto'), ('request.proto', 'proto'),
    ('status', 'status'), ('code', 'status'), ('responseStatus.code', 'status'), ('body_bytes_sent', 'bytes'), ('bytes', 'bytes'), ('size', 'bytes'),
    ('http_referer', 'referrer'), ('referrer', 'referrer'), ('request.headers.Referer', 'list'), ('http_user_agent', 'agent'), ('agent', 'agent'),
    ('host', 'host'), ('request.host', 'host'), ('port', 'port'), ('ident', 'ident'), ('request_time', 'seconds'), ('latency', 'seconds'), ('a.b', 'args'), ('a', 'deep'))
JSON_FIELDS = ('request_time', 'latency', 'a.b', 'a.c.0', 'a.c.1', 'a.c.2', 'sourceIPs', 'sourceIPs.1', '.status', '.time', 'uri', 'nope', 'request.headers.Referer')
NUMBER_TEXT = re.compile(r'-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?')
ODD_JSON = (b'[]', b'1', b'"x"', b'null', b'{', b'}', b'{}', b'{} ', b' \t{}', b'{}x', b'{} {}', b'{"status":200,}', b'{"status":0200}', b'{"status":NaN}',
            b'{"status":-Infinity}', b'{"status":+1}', b'{"status":"\\x41"}', b'{"status":"a\tb"}', b'{"status":"\xff"}',
            b'{"status":"\xc3\xa9"}', b'{"status":"\xed\xa0\x80"}', b'{status:200}', b'{"status" : 200 , "bytes" :\t5}', b'{"status":200}//x', b'{"status":200/**/}',
            b'{"status":tru}', b'{"status":"\\u0041\\ud83d\\ude00\\u0000\\/\\b\\f\\n\\r\\t"}', b'{"status":"\\u00g0"}', b'{"status":"a\\"}', b'\xef\xbb\xbf{}',
            b'{"status":1e3}', b'{"status":1E+3}', b'{"status":-0}', b'{"status":-0.0}', b'{"status":123456789012345678901234567890.5}', b'{"":200}', b'{"status":{}}x',
            b'{"status":"\\"}', b'{"stat\\u0075s":200}', b'{"status":[[[[[[1]]]]]]}', b'{"status":""}', b'{"status":"-"}', b'{"status" 200}', b'{"status":200 "a":1}', b'{"status":2 00}')


def json_value(rnd, kind, daring):
    if kind == 'list':
        return rnd.choice((['1.2.3.4'], [Raw('5')], ['http://a.org/x']))
    if kind == 'deep':
        return rnd.choice(({'b': 'inner', 'c': ['x', Raw('7')]}, {'c': ['y']}, {'c': {'0': 'z'}}))
    text = value(rnd, kind, daring).decode('latin-1')
    if rnd.random() < daring:
        return rnd.choice((None, True, False, Raw('0'), Raw('-1.50'), '\u20ac\U0001f600', 'a\nb\t\0\x7f', '\\', '"', ['-']))
    return Raw(text) if NUMBER_TEXT.fullmatch(text) and rnd.random() < 0.7 else text


class Raw(str):
    """A number that is written as it is."""


def json_written(rnd, value, ascii_only):
    """JSON with blanks here and there."""
    blank = rnd.choice(('', '', '', ' ', ' \t')) if rnd.random() < 0.1 else ''
    if isinstance(value, dict):
        members = [json_written(rnd, name, ascii_only) + ':' + blank + json_written(rnd, member, ascii_only) for name, member in value.items()]
        return '{' + blank + ','.join(members) + blank + '}'
    if isinstance(value, list):
        return '[' + (',' + blank).join(json_written(rnd, member, ascii_only) for member in value) + blank + ']'
    return str(value) if isinstance(value, Raw) else json.dumps(value, ensure_ascii=ascii_only)


def json_line(rnd, members, daring):
    if rnd.random() < daring:
        return rnd.choice(ODD_JSON)
    told = {}
    for name, kind in members:
        if rnd.random() < daring:
            continue
        member = json_value(rnd, kind, daring)
        *way, last = name.split('.') if rnd.random() < 0.8 else [name]
        place = told
        for step in way:
            inner = place.setdefault(step, {})
            if not isinstance(inner, dict):
                break
            place = inner
        else:
            place.setdefault(last, member)
    lead = rnd.choice(LEADS) if rnd.random() < daring else b''
    return lead + json_written(rnd, told, rnd.random() < 0.5).encode()


def json_text(rnd, number, daring):
    members = rnd.sample(JSON_MEMBERS, rnd.randint(3, 12))
    return text_of(rnd, lambda r, d: json_line(r, members, d), number, daring)


# Lines in docker's JSON

def docker_maker(make):
    """A maker of another maker's lines, each in the JSON that docker writes."""
    def wrapped(rnd, line):
        if rnd.random() < 0.02:
            return rnd.choice((b'{"log":"x","stream":"stdout"', b'{"stream":"stdout"}', b'{"log":null}', b'{"log":["x"]}', b'x', b'{"log":"\\u000a"}', b'{"log":5}'))
        text = line.decode('utf-8', 'surrogateescape') + rnd.choice(('\n', '\n', '\n', '', '\r\n', '\r', '\n\n'))
        members = [('log', text), ('stream', rnd.choice(('stdout', 'stderr'))), ('time', '2025-06-17T08:00:00.1Z')]
        if rnd.random() < 0.1:
            rnd.shuffle(members)
        return json.dumps(dict(members), ensure_ascii=rnd.random() < 0.2 and text.isascii()).encode('utf-8', 'surrogateescape')
    return lambda rnd, number, daring: b'\n'.join(wrapped(rnd, line) if line else line for line in make(rnd, number, daring).split(b'\n'))


# LTSV

LTSV_MEMBERS = (('host', 'client'), ('user', 'user'), ('ident', 'ident'), ('time', 'bracketed'), ('req', 'request'), ('method', 'method'), ('uri', 'target'),
                ('protocol', 'proto'), ('status', 'status'), ('size', 'bytes'), ('referer', 'referrer'), ('ua', 'agent'), ('vhost', 'host'), ('path', 'path'),
                ('query', 'query'), ('port', 'port'), ('reqtime', 'seconds'), ('x-y.z_1', 'args'))
LTSV_FIELDS = ('reqtime', 'x-y.z_1', '.host', '.time', '.status', 'nope', 'ua')


def ltsv_line(rnd, members, daring):
    pieces = []
    for name, kind in members:
        if rnd.random() < daring:
            continue
        if kind == 'bracketed':
            time = value(rnd, rnd.choice(('local', 'iso', 'epoch')), daring)
            text = rnd.choice((b'[%s]', b'[%s]', b'%s', b'[%s')) % time
        else:
            text = value(rnd, kind, daring).replace(b'\t', b' ')
        pieces.append(name.encode() + b':' + text)
    if pieces and rnd.random() < daring:
        pieces.insert(rnd.randrange(len(pieces) + 1), rnd.choice((b'', b'x', b':', b':x', b'a b:c', b'\xe9:1', rnd.choice(pieces), b'status:999', b'a:', b'a::b', b' s:1', b'a=1:2')))
    return b'\t'.join(pieces) + (rnd.choice((b'\t', b'\t\t', b' ')) if rnd.random() < daring / 3 else b'')


def ltsv_text(rnd, number, daring):
    members = rnd.sample(LTSV_MEMBERS, rnd.randint(2, 12))
    return text_of(rnd, lambda r, d: ltsv_line(r, members, d), number, daring)


# logfmt

LOGFMT_MEMBERS = (('ip', 'client'), ('remote_addr', 'client'), ('fwd', 'client'), ('user', 'user'), ('time', 'bracketed'), ('t', 'iso'), ('request', 'request'),
                  ('method', 'method'), ('uri', 'target'), ('proto', 'proto'), ('status', 'status'), ('Status_Code', 'status'), ('bytes', 'bytes'),
                  ('referer', 'referrer'), ('ua', 'agent'), ('http.host', 'host'), ('host', 'host'), ('path', 'path'), ('query', 'query'), ('port', 'port'),
                  ('dur', 'seconds'), ('x-y.z_1', 'args'))
LOGFMT_FIELDS = ('dur', 'x-y.z_1', '.ip', '.time', '.status', 'nope', 'ua', 'debug')


def logfmt_quoted(rnd, text):
    """The text in quotes; what must be escaped is, and some of the rest."""
    def one(byte):
        if byte in b'"\\':
            return b'\\' + bytes([byte])
        return b'\\x%02x' % byte if byte < 32 or rnd.random() < 0.02 else bytes([byte])
    return b'"' + b''.join(map(one, text)) + b'"'


def logfmt_line(rnd, members, daring):
    words = []
    for name, kind in members:
        if rnd.random() < daring:
            continue
        text = value(rnd, rnd.choice(('local', 'iso', 'epoch')) if kind == 'bracketed' else kind, daring)
        if re.search(rb'^"|[ \t]', text) or rnd.random() < 0.2:
            text = logfmt_quoted(rnd, text)
        words.append(name.encode() + b'=' + text)
    if words and rnd.random() < daring:
        odd = (b'debug', b'=x', b'a="b', b'a="b"c', b'a=\\n', b'a="\\q\\u00e9\\ud83d\\ude00\\ud83d"', b'"x"', b'a?b=1', b'a= b=', b'ip=', b'\xe9=1', rnd.choice(words))
        words.insert(rnd.randrange(len(words) + 1), rnd.choice(odd))
    return rnd.choice((b' ', b' ', b' ', b'  ', b'\t')).join(words) + (rnd.choice((b'\t', b' ')) if rnd.random() < daring / 3 else b'')


def logfmt_text(rnd, number, daring):
    members = rnd.sample(LOGFMT_MEMBERS, rnd.randint(2, 12))
    return text_of(rnd, lambda r, d: logfmt_line(r, members, d), number, daring)


# CSV

CSV_LOGS = (
    (',', (('time', 'iso'), ('client', 'client'), ('method', 'method'), ('url', 'target'), ('status', 'status'), ('bytes', 'bytes'), ('duration', 'seconds'))),
    (';', (('remote_addr', 'client'), ('request', 'request'), ('note', 'agent'), ('user agent', 'agent'), ('Referer', 'referrer'))),
    ('\t', (('ip', 'client'), ('path', 'path'), ('query', 'args'), ('host', 'host'), ('x', 'agent'))),
    ('|', (('note', 'referrer'), ('status', 'status'))))
CSV_FIELDS = ('duration', 'note', 'x', '.time', '.status', 'user agent')
CSV_ODD = (b'"', b'"a', b'a"b', b'"a"b', b'""', b'""' b'""', b'"a""b"', b' "a"', b'', b'status')


def csv_header(delimiter, members):
    return delimiter.join(name for name, _ in members)


def csv_line(rnd, delimiter, members, daring):
    values = []
    for _, kind in members:
        text = value(rnd, kind, daring)
        if delimiter.encode() in text or text.startswith(b'"') or rnd.random() < 0.15:
            text = b'"' + text.replace(b'"', b'""') + b'"'
        values.append(text if rnd.random() > daring / 5 else rnd.choice((*CSV_ODD, delimiter.encode())))
    if rnd.random() < daring / 5:
        return csv_header(delimiter, members).encode()
    return delimiter.encode().join(values)


def csv_maker(delimiter, members):
    return lambda rnd, number, daring: text_of(rnd, lambda r, d: csv_line(r, delimiter, members, d), number, daring)


# W3C

W3C_MEMBERS = (('date', 'date'), ('time', 'clock'), ('c-ip', 'client'), ('cs-username', 'user'), ('cs-method', 'method'), ('cs-uri', 'target'), ('cs-uri-stem', 'path'),
               ('cs-uri-query', 'args'), ('cs-version', 'proto'), ('sc-status', 'status'), ('sc-bytes', 'bytes'), ('cs(Referer)', 'referrer'), ('cs(User-Agent)', 'agent'),
               ('cs-host', 'host'), ('cs(Host)', 'host'), ('s-port', 'port'), ('time-taken', 'seconds'), ('s-computername', 'host'), ('cs(Cookie)', 'cookie'))
W3C_FIELDS = ('time-taken', 'cs(Cookie)', 'cs(User-Agent)', '.time', '.date', 'c-ip', 's-computername')


def w3c_value(rnd, kind, daring):
    if kind in ('date', 'clock'):
        time = rnd.choice(ODD_TIMES) if rnd.random() < daring else iso_time(rnd)
        text = time[:10] if kind == 'date' else time[11:19]
    else:
        text = value(rnd, kind, daring)
    if rnd.random() < daring:
        return b'"' + text + b'"'
    return text.replace(b' ', b'+') if kind == 'agent' else text or b'-'


def w3c_text(rnd, number, daring):
    """All columns that are ever named are so from the first #Fields: on, perhaps in another order later."""
    members = rnd.sample(W3C_MEMBERS, rnd.randint(2, 12))
    text = rnd.choice((b'', b'#Software: x\n#Version: 1.0\n')) + w3c_head(members)
    while number > 0:
        run = min(number, rnd.choice((1, 3, 10, 50)))
        text += text_of(rnd, lambda r, d: rnd.choice((b' ', b' ', b' ', b'\t', b'  ')).join(w3c_value(r, kind, d) for _, kind in members), run, daring)
        number -= run
        if number > 0:
            text += (b'' if text.endswith(b'\n') else b'\n') + rnd.choice((b'#Date: 2007-06-17 12:00:01\n', b'', w3c_head(rnd.sample(members, rnd.randint(1, len(members))))))
            members = last_members(text)
    return text


def w3c_head(members):
    return b'#Fields: ' + b' '.join(name.encode() for name, _ in members) + b'\n'


def last_members(text):
    kinds = dict(W3C_MEMBERS)
    names = re.findall(rb'^#Fields: ([^\r\n]*)', text, re.MULTILINE)[-1].decode().split()
    return [(name, kinds[name]) for name in names if name in kinds] or [('c-ip', 'client')]
