"""oracle_formats.py -- what a log's lines are made of, for oracle.py.

A format knows which names it has (knows), and cuts the lines of one file, in
their order, with the function that its reader() returns: from a line to a
Record, to None if the line does not fit, or to COMMENT.  Templates become one
regular expression each; JSON is Python's; LTSV and W3C are split.
"""

import dataclasses
import csv
import itertools
import json
import re

from oracle_fields import BASE, DAY, ISO_TIME, LOCAL_TIME, MONTHS, can_have, is_time

COMMENT = object()              # a line that tells about the log, and is no record
AUTO_LINES = 100                # by so many lines a file's format is told
AUTO_BYTES = 256 * 1024         # which end in its first bytes


class BadFormat(Exception):
    """The format itself is wrong: nothing is read."""


@dataclasses.dataclass
class Record:
    """A line that fits: own(BASE name) and element(name as the format writes it) are values."""
    own: object
    element: object


# Columns, for which no format is needed

COLUMN = re.compile(rb'''
    [ \t]* (?: " (?P<quoted> (?: \\. | [^\\] )*? ) " (?= [ \t] | \Z )
             | \[ (?P<bracketed> .*? ) \] (?= [ \t] | \Z )
             | (?P<bare> [^ \t]+ ) )
''', re.VERBOSE | re.DOTALL)


def columns_of(line, delimiter=None):
    """A line's columns: cut at each delimiter or, without one, at blanks."""
    if delimiter is not None:
        return line.split(delimiter)
    return [match[match.lastgroup] for match in COLUMN.finditer(line)]


# Templates

@dataclasses.dataclass
class Element:
    """A field of a template: its name as written, its BASE name if it has one, and how it is matched."""
    name: str
    base: str = None
    form: bytes = None          # a regular expression for its only forms
    spaces: bool = False        # it may hold blanks itself
    empty: bool = False         # it may be empty though nothing quotes it
    is_list: bool = False       # 0.1, 0.2 : -
    slash: bool = False         # it begins with a slash: nothing need stand before it
    user: bool = False          # it may hold spaces, but a lone "-" among words is a column too many
    decoded: bool = False       # a path that may hold spaces, so that quotes must be around it
    token: bool = False         # it never holds a blank, and is not empty


STATUS, NUMBER = rb'[0-9]{3}|-', rb'[0-9]+|-'
ISO = rb'(?=' + ISO_TIME + rb')'

APACHE = {'h': 'client', 'a': 'client', 'l': 'ident', 'u': 'user', 'r': 'request', 'm': 'method', 'U': 'path', 'q': 'query',
          'H': 'proto', 's': 'status', 'b': 'bytes', 'B': 'bytes', 'O': 'bytes', 'v': 'host', 'V': 'host', 'p': 'port'}
APACHE_FORMS = {'s': STATUS, 'b': NUMBER, 'B': NUMBER, 'O': NUMBER, 'I': NUMBER, 'S': NUMBER, 'p': NUMBER}
APACHE_HEADERS = {'referer': 'referrer', 'user-agent': 'agent', 'host': 'host'}
APACHE_TOKEN = re.compile(r'''
    (?P<url> %U%q ) | (?P<time> %[<>]*t ) | (?P<percent> %% ) | (?P<escape> \\["\\t] )
    | % (?P<modifiers> (?: [<>] | !?[0-9]+(?:,[0-9]+)* )* ) (?: \{ (?P<argument> [^}]* ) \} )? (?P<letter> [A-Za-z] )
    | (?P<text> [^%\\]+ )
''', re.VERBOSE | re.DOTALL)

NGINX = {'remote_addr': 'client', 'remote_user': 'user', 'request': 'request', 'request_method': 'method', 'request_uri': 'url',
         'uri': 'path', 'document_uri': 'path', 'args': 'query', 'query_string': 'query', 'server_protocol': 'proto',
         'status': 'status', 'body_bytes_sent': 'bytes', 'bytes_sent': 'bytes', 'http_referer': 'referrer',
         'http_user_agent': 'agent', 'host': 'host', 'http_host': 'host', 'server_name': 'host', 'server_port': 'port',
         'time_local': 'time', 'time_iso8601': 'time', 'msec': 'time'}
NGINX_FORMS = {'status': STATUS, 'body_bytes_sent': NUMBER, 'bytes_sent': NUMBER, 'server_port': NUMBER, 'time_local': LOCAL_TIME}
NGINX_TOKEN = re.compile(r'\$ (?: \{ (?P<braced> \w+ ) \} | (?P<name> \w+ ) ) | (?P<text> [^$]+ )', re.VERBOSE | re.DOTALL)


def apache_tokens(text):
    """An Apache LogFormat as texts and Elements."""
    at = 0
    while at < len(text):
        token = APACHE_TOKEN.match(text, at)
        if not token:
            raise BadFormat(f'not understood: {text[at:]}')
        at = token.end()
        if token['time']:
            yield from ('[', Element('%t', 'time', LOCAL_TIME), ']')
        elif token['url']:
            yield Element('%U%q', 'url', slash=True, decoded=True)
        elif token['letter']:
            yield apache_element(token['modifiers'], token['argument'], token['letter'])
        else:
            yield {'%%': '%', '\\t': '\t'}.get(token[0], token[0].removeprefix('\\') if token['escape'] else token[0])


def apache_element(modifiers, argument, letter):
    if argument is None:
        return Element(f'%{modifiers}{letter}', APACHE.get(letter), APACHE_FORMS.get(letter), spaces=letter == 'r',
                       empty=letter == 'q', slash=letter == 'U', decoded=letter == 'U', token=letter == 'H', user=letter == 'u')
    if letter == 't':
        form = NUMBER if argument == 'sec' else strftime_regexp(argument)
        return Element(f'%{modifiers}{{{argument}}}t', 'time', form)
    base = APACHE_HEADERS.get(argument.lower()) if letter == 'i' else None
    is_list = letter == 'i' and argument.lower() == 'x-forwarded-for'
    return Element(f'%{modifiers}{{{argument.lower()}}}{letter}', base, spaces=letter in 'ioC' and not is_list, is_list=is_list)


CONVERSIONS = {'Y': b'[0-9]{4}', 'm': b'(?:0[1-9]|1[0-2])', 'd': DAY, 'H': b'(?:[01][0-9]|2[0-3])', 'M': b'[0-5][0-9]',
               'S': b'(?:[0-5][0-9]|60)', 'b': b'(?:' + b'|'.join(MONTHS) + b')', 'z': b'[+-][0-9]{4}'}


def strftime_regexp(text):
    return b''.join(CONVERSIONS[piece[1]] if piece[0] == '%' else re.escape(piece.encode()) for piece in re.findall('%.|[^%]', text))


def nginx_tokens(text):
    """An nginx log_format as texts and Elements."""
    at = 0
    while at < len(text):
        token = NGINX_TOKEN.match(text, at)
        if not token:
            raise BadFormat(f'not understood: {text[at:]}')
        at = token.end()
        name = token['braced'] or token['name']
        if not name:
            yield token['text']
            continue
        if name in ('uri', 'document_uri') and text.startswith('$is_args$args', at):
            at += len('$is_args$args')
            yield Element(text[token.start():at], 'url', slash=True, decoded=True)
            continue
        form = ISO if name == 'time_iso8601' else NGINX_FORMS.get(name)
        is_list = name.startswith(('upstream_', 'http_x_forwarded_for'))
        spaces = name == 'request' or name.startswith(('http_', 'cookie_', 'sent_http_'))
        yield Element('$' + name, NGINX.get(name), form, spaces=spaces and not is_list,
                      empty=NGINX.get(name, 'query') == 'query' and not is_list, is_list=is_list,
                      slash=name in ('uri', 'request_uri', 'document_uri'), user=name == 'remote_user',
                      decoded=name in ('uri', 'document_uri'), token=name == 'server_protocol')


def joined(tokens):
    """The tokens, with no text beside another one; texts as bytes."""
    result = []
    for token in tokens:
        if isinstance(token, Element):
            result.append(token)
        elif result and isinstance(result[-1], bytes):
            result[-1] += token.encode()
        else:
            result.append(token.encode())
    return result


def possessive(group, regexp):
    """A group that matches as much as regexp can at first, whatever follows.  Python before 3.11 has no *+, and 3.11.2's is wrong."""
    return b'(?=(?P<%s> %s ))(?P=%s)' % (group, regexp, group)


def element_regexp(group, element, before, after, in_quotes):
    """The group for an element's value.  before and after are the tokens there, or b''."""
    before_slash = False
    if isinstance(after, Element):
        if not after.slash:
            raise BadFormat(f'nothing between {element.name} and {after.name}')
        before_slash = True
        after = b'/'
    before = before if isinstance(before, bytes) else b''
    quoted = before.endswith(b'"') and after.startswith(b'"')
    if element.form not in (None, ISO):
        return b'(?P<%s> %s )' % (group, element.form)
    check = element.form or b''
    if quoted:
        return b'(?P<%s> %s (?:[^"\\\\]|\\\\.)* )' % (group, check)
    spaces = element.spaces or element.decoded
    if spaces and after == b' ' and not (element.decoded and in_quotes):
        raise BadFormat(f'{element.name} may hold spaces, and only a space is behind it')
    end = re.escape(after) if after else rb'\Z' if spaces else rb'[ \t]'
    if element.is_list:         # a separator is between two values
        some = rb'(?! %s ) . (?: [ ]:[ ](?= . ) | ,[ ](?= . ) | (?! %s ) . )*' % (end, end)
        return possessive(group, b'(?: %s )?' % some if element.empty else some)
    # The first end of the value is its end, whatever follows; a word ends before a blank, too.
    blanks = spaces or element.user or element.base == 'time' or (element.empty and not after.startswith(b' '))
    some = rb'(?: (?! %s ) %s )' % (end, b'.' if blanks else b'[^ ]') + (b'*' if element.empty else b'+')
    return possessive(group, check + some) + (b'(?= / )' if before_slash else b'')


def befores(tokens):
    """The text before each element."""
    for before, token in zip([b'', *tokens], tokens):
        if isinstance(token, Element):
            yield before if isinstance(before, bytes) else b''


class Template:
    """An Apache LogFormat or nginx log_format."""

    def __init__(self, text):
        tokens = joined(apache_tokens(text) if '%' in text else nginx_tokens(text))
        self.elements = [token for token in tokens if isinstance(token, Element)]
        around = [b'', *tokens, b'']
        quotes = [b''.join(text for text in tokens[:n] if isinstance(text, bytes)).count(b'"') % 2 for n in range(len(tokens))]
        numbers = itertools.count(1)
        pieces = [element_regexp(b'e%d' % next(numbers), token, before, after, odd) if isinstance(token, Element) else re.escape(token)
                  for before, token, after, odd in zip(around, tokens, around[2:], quotes)]
        self.regexp = re.compile(possessive(b'blanks', rb'[ \t]*') + b''.join(pieces) + rb'(?= [ \t] | \Z )', re.VERBOSE | re.DOTALL)
        self.users = [f'e{number}' for number, (element, before) in enumerate(zip(self.elements, befores(tokens)), 1)
                      if element.user and not before.endswith(b'"')]
        self.tokens = [f'e{number}' for number, element in enumerate(self.elements, 1) if element.token]
        self.groups = {}        # {BASE name, or name as written: group}; the first one counts
        for number, element in enumerate(self.elements, 1):
            for name in (element.base, element.name, *nginx_names(element.name)):
                self.groups.setdefault(name, f'e{number}')

    def knows(self, name, table):
        if table:
            return can_have({element.base for element in self.elements}, table)
        return self.group_of(name) is not None

    def group_of(self, name):
        """The group of a field by its name as written; header names in any case."""
        return self.groups.get(name.lower()[:-1] + name[-1:] if re.search(r'\}[ioC]$', name) else name)

    def reader(self):
        return self.record

    def record(self, line):
        match = self.regexp.match(line)
        if not match or any(b'-' in match[user].split() and len(match[user].split()) > 1 for user in self.users):
            return None
        if any(not re.fullmatch(rb'[^ \t]+', match[token]) for token in self.tokens):
            return None

        def own(base):
            return match[self.groups[base]] if base in self.groups else None

        def element(name):
            return match[self.group_of(name)]
        return Record(own, element)


def nginx_names(name):
    """$request_time may be asked for as request_time; the BASE names are others."""
    bare = name.removeprefix('$')
    return (bare,) if bare != name and bare not in BASE else ()


# JSON

# A name is compared without regard to case, '_' and '-', except after '='.  After '+' it is one in
# LTSV only, after '!' in JSON and logfmt only, after '~' in logfmt only.
NAMES = {
    'client': 'remote_addr client_ip remote_ip client_addr client request.client_ip request.remote_ip request.remote_addr ClientHost '
              'sourceIPs.0 ip address realip remote_host source.ip client.ip httpRequest.remoteIp downstream_remote_address '
              'properties.clientIP remoteAddress req.remoteAddress network.client.ip http.request.remoteaddr +host c_ip '
              'x_forwarded_for fwd',
    'ident': 'ident',
    'user': 'remote_user user user_id user.username ClientUsername user.name',
    'time': 'time_iso8601 time_local @timestamp timestamp time ts StartUTC requestReceivedTimestamp msec date start_time =requestTime '
            'EdgeStartTimestamp started_at __REALTIME_TIMESTAMP time_micros ~t',
    'request': 'request req',
    'method': 'request_method method request.method verb http.request.method http.method httpRequest.requestMethod req.method '
              'httpMethod properties.httpMethod ClientRequestMethod cs_method',
    'url': 'request_uri url uri request.uri request_path requested_uri ClientRequestURI url.original httpRequest.requestUrl '
           'properties.requestUri req.url http.url x-envoy-original-path x-envoy-origin-path http.request.uri cs_uri',
    'path': 'path url.path resourcePath',
    'query': 'args query_string query request_query url.query properties.requestQuery',
    'proto': 'server_protocol proto protocol request.proto request_protocol request_proto httpRequest.protocol ClientRequestProtocol',
    'status': 'status status_code response_status DownstreamStatus responseStatus.code code response response_code '
              'http.response.status_code EdgeResponseStatus httpRequest.status res.statusCode response.status '
              'properties.httpStatus http.status_code http_status http.response.status sc_status',
    'bytes': 'body_bytes_sent bytes_sent bytes size DownstreamContentSize response_size resp_body_size body_bytes '
             'EdgeResponseBytes httpRequest.responseSize response.size response_length content_length http.response.body.bytes '
             'properties.sentBytes response_body_size http.response.written sc_bytes',
    'referrer': 'http_referer http_referrer referer referrer request.headers.Referer request_Referer http.request.referrer '
                'httpRequest.referer req.headers.referer requestHeaders.Referer ClientRequestReferer http.request.referer '
                'cs_referer',
    'agent': 'http_user_agent user_agent agent request.headers.User-Agent request_User-Agent ua ClientRequestUserAgent '
             'user_agent.original httpRequest.userAgent req.headers.user-agent requestHeaders.User-Agent http.request.useragent '
             'cs_user_agent',
    'host': 'http_host !host server_name vhost request.host RequestHost domain authority :authority ClientRequestHost url.domain '
            'properties.host request.headers.host req.headers.host http.request.host cs_host',
    'port': 'server_port port'}


def folded(name):
    return re.sub('[A-Z]', lambda letter: letter[0].lower(), name.replace('_', '').replace('-', ''))


def names_of(base, dialect):
    """The names of a base field in their order, each with the function that makes names comparable."""
    for name in NAMES[base].split():
        if dialect in {'+': ('json', 'logfmt'), '!': ('ltsv',), '~': ('json', 'ltsv')}.get(name[0], ()):
            continue
        yield (name[1:], str) if name[0] == '=' else (folded(name.lstrip('+!~')), folded)


def plain_value(base, value):
    """A base field's value without what is around it, or None if nothing is left."""
    if base == 'time' and value[:1] == b'[' and value[-1:] == b']' and len(value) > 1:
        value = value[1:-1]
    if base == 'client':
        value = value.split(b',')[0]
        bracketed = re.match(rb'\[([^]]*)\]', value)
        port = re.fullmatch(rb'([^:]+):[0-9]+', value, re.DOTALL)
        value = bracketed[1] if bracketed else port[1] if port else value
    return value or None


def is_suitable(base, value):
    """Whether a base field can have the value; others count only if there is nothing better."""
    if base == 'time':
        return is_time(value)
    form = {'status': rb'[0-9]{1,3}', 'bytes': rb'[0-9]+', 'port': rb'[0-9]+'}.get(base)
    return form is None or re.fullmatch(form, value) is not None


class Number(str):
    """A JSON number as written."""


# Half of a surrogate pair becomes U+FFFD; bytes that are not UTF-8 stay what they are.
ESCAPE = re.compile(r'''
    \\ (?: u [Dd][89ABab][0-9A-Fa-f]{2} \\u [Dd][C-Fc-f][0-9A-Fa-f]{2} | (?P<half> u [Dd][89A-Fa-f][0-9A-Fa-f]{2} ) | . )
''', re.VERBOSE | re.DOTALL)


def json_object(line):
    """The object that a line is, or None.  Its numbers are Numbers."""
    def refuse(constant):
        raise ValueError(constant)

    def integer(digits):        # of 64 bits; more are not read right
        if not -2**63 <= int(digits) < 2**64:
            raise ValueError(digits)
        return Number('0' if digits == '-0' else digits)
    text = ESCAPE.sub(lambda escape: '\\ufffd' if escape['half'] else escape[0], line.strip(b' \t\r').decode('utf-8', 'surrogateescape'))
    try:
        value = json.loads(text, parse_int=integer, parse_float=Number, parse_constant=refuse)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def json_members(value, name, fold=str, depth=1):
    """The members of an object by a name with dots, each with its depth, in their order."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for own, member in members:
        own = fold(str(own))
        if own == name:
            yield depth, member
        elif name.startswith(own + '.'):
            yield from json_members(member, name[len(own) + 1:], fold, depth + 1)


def json_member(value, name):
    """The member of the least depth, the last one of these, that is not null; or None."""
    found = [(depth, member) for depth, member in json_members(value, name) if json_text(member) is not None]
    return next((member for depth, member in reversed(found) if depth == min(depth for depth, _ in found)), None) if found else None


def json_text(value):
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], (str, bool, type(None))):
        value = value[0]
    if value is None or isinstance(value, str):
        return value if value is None else value.encode('utf-8', 'surrogateescape')
    return json_compact(value).encode('utf-8', 'surrogateescape')


def json_compact(value):
    """JSON without blanks; its numbers as they were."""
    if isinstance(value, dict):
        return '{' + ','.join(f'{json_compact(name)}:{json_compact(member)}' for name, member in value.items()) + '}'
    if isinstance(value, list):
        return '[' + ','.join(map(json_compact, value)) + ']'
    return str(value) if isinstance(value, Number) else json.dumps(value, ensure_ascii=False)


class Json:
    def knows(self, name, table):
        return True

    def reader(self):
        return self.record

    def record(self, line):
        value = json_object(line)
        if value is None:
            return None

        def own(base):
            def plain(member):
                if isinstance(member, dict) or json_text(member) is None:
                    return None
                is_text = isinstance(member, str) and not isinstance(member, Number)
                return plain_value(base, json_text(member)) if is_text or base != 'request' else None
            found = [(not is_suitable(base, plain(member)), rank, depth, -place, plain(member))
                     for rank, (name, fold) in enumerate(names_of(base, 'json'))
                     for place, (depth, member) in enumerate(json_members(value, name, fold)) if plain(member) is not None]
            return min(found)[-1] if found else None
        return Record(own, lambda name: json_text(json_member(value, name)))


# LTSV and logfmt

def first_named(base, pairs, dialect):
    """The value of a base field in pairs of a name and a value: the first one of the first name that has a value, a suitable one first."""
    found = [plain_value(base, value) for name, fold in names_of(base, dialect) for own, value in pairs if fold(own) == name and plain_value(base, value)]
    return next((value for value in found if is_suitable(base, value)), found[0] if found else None)


class Named:
    """Lines that name their fields, of which at least `least` must have a value."""

    def __init__(self, least=1):
        self.least = least

    def knows(self, name, table):
        return True

    def reader(self):
        return self.record


class Ltsv(Named):
    def record(self, line):
        pieces = line.lstrip(b' \t').rstrip(b'\t').split(b'\t')
        if len(pieces) < self.least or not all(re.match(rb'[A-Za-z0-9_.-]+:', piece) for piece in pieces):
            return None
        pairs = [(label.decode(), value) for label, _, value in (piece.partition(b':') for piece in pieces)]
        values = dict(reversed(pairs))

        return Record(lambda base: first_named(base, pairs, 'ltsv'), values.get)


LOGFMT_WORD = re.compile(rb'''
    [ \t]* (?P<key> (?: [A-Za-z0-9_.@/:[\]-] | [\x80-\xff] )+ )
    (?: (?P<equals> = ) (?: " (?P<quoted> (?: \\. | [^"\\] )* ) " | (?! " ) (?P<bare> [^ \t]* ) ) )? (?= [ \t] | \Z )
''', re.VERBOSE | re.DOTALL)
LOGFMT_ESCAPE = re.compile(rb'''
    \\ (?: u (?P<high> [Dd][89ABab][0-9A-Fa-f]{2} ) \\u (?P<low> [Dd][C-Fc-f][0-9A-Fa-f]{2} )
       | x (?P<byte> [0-9A-Fa-f]{2} ) | (?: u (?P<short> [0-9A-Fa-f]{4} ) | U (?P<long> [0-9A-Fa-f]{8} ) ) | (?P<other> . ) )
''', re.VERBOSE | re.DOTALL)
LOGFMT_LETTERS = dict(zip(b'abfnrtv', b'\a\b\f\n\r\t\v'))


def logfmt_unescaped(escape):
    """What an escape sequence stands for."""
    if escape['other']:
        return bytes([LOGFMT_LETTERS.get(escape['other'][0], escape['other'][0])])
    if escape['byte']:
        return bytes([int(escape['byte'], 16)])
    code = int(escape['short'] or escape['long'] or b'0', 16)
    if escape['high']:
        code = 0x10000 + ((int(escape['high'], 16) & 0x3ff) << 10) + (int(escape['low'], 16) & 0x3ff)
    return (chr(code) if code < 0x110000 and not 0xd800 <= code < 0xe000 else '\ufffd').encode()


class Logfmt(Named):
    def record(self, line):
        words, at = [], 0
        while line[at:].strip(b' \t'):
            word = LOGFMT_WORD.match(line, at)
            if not word:
                return None
            at = word.end()
            words.append(word)
        pairs = [word for word in words if word['equals']]
        if len(pairs) < self.least or 2 * len(pairs) < len(words):
            return None

        def value_of(word):
            if word['quoted'] is not None:
                return LOGFMT_ESCAPE.sub(logfmt_unescaped, word['quoted'])
            return word['bare'] if word['equals'] else b'true'
        values = {word['key'].decode('utf-8', 'surrogateescape'): value_of(word) for word in reversed(words)}
        bases = [(word['key'].decode('utf-8', 'surrogateescape'), value_of(word)) for word in pairs]
        return Record(lambda base: first_named(base, bases, 'logfmt'), values.get)


# CSV

# What the csv module takes for the end of a line, or refuses, and what stands for it there.
CSV_STANDS_FOR = {'\r': '\ue000', '\0': '\ue001'}


def csv_values(line, delimiter):
    """The values of a line, or None if it is no line of CSV (RFC 4180)."""
    text = line.decode('latin-1')
    for byte, other in CSV_STANDS_FOR.items():
        text = text.replace(byte, other)
    try:
        row = next(csv.reader([text], delimiter=delimiter, strict=True), None)
    except csv.Error:
        return None
    text = '\n'.join(row or [])
    for byte, other in CSV_STANDS_FOR.items():
        text = text.replace(other, byte)
    return text.encode('latin-1').split(b'\n') if row else None


class Csv:
    """Lines whose columns the header names.  No two columns may be the same base field."""

    def __init__(self, header):
        self.header = header
        self.delimiter = max(',\t;|', key=header.decode('latin-1').count)
        self.names = csv_values(header, self.delimiter)
        plain = [folded(name.decode('latin-1').replace(' ', '')) for name in self.names]
        self.bases = {base: plain.index(name) for base in NAMES for name, _ in reversed(list(names_of(base, 'json'))) if name in plain}

    def knows(self, name, table):
        return can_have(self.bases, table) if table else name.encode() in self.names

    def reader(self):
        return self.record

    def is_other_header(self, values):
        return values[0] in self.names and all(re.match(rb'[A-Za-z_@#\x80-\xff]', value) and not re.search(rb'[\x00-\x1f"=\x7f]', value) for value in values)

    def record(self, line):
        if line == self.header:
            return COMMENT
        values = csv_values(line, self.delimiter)
        if values is None or len(values) != len(self.names) or self.is_other_header(values):
            return None
        if any(re.match(rb'[A-Za-z]', values[self.bases[base]]) for base in ('status', 'bytes') if base in self.bases):
            return None
        own = dict(reversed(list(zip(self.names, values))))
        return Record(lambda base: plain_value(base, values[self.bases[base]]) if base in self.bases else None, lambda name: own.get(name.encode()))


# W3C

W3C_NAMES = {'client': 'c-ip', 'user': 'cs-username', 'method': 'cs-method', 'url': 'cs-uri', 'path': 'cs-uri-stem', 'query': 'cs-uri-query',
             'proto': 'cs-version', 'status': 'sc-status', 'bytes': 'sc-bytes', 'referrer': 'cs(Referer) cs(Referrer)',
             'agent': 'cs(User-Agent)', 'host': 'cs-host cs(Host)', 'port': 's-port'}
W3C_BLANKS = re.compile(rb'[ \t]*')
W3C_BARE = re.compile(rb'[^ \t]+')
W3C_QUOTE = re.compile(rb'""|"(?=[ \t]|\Z)')
W3C_FORMS = {b'sc-status': STATUS, b'sc-bytes': NUMBER}


class W3c:
    """Lines below a line #Fields:, which may come again and name others."""

    def __init__(self, columns=None):
        self.columns = columns          # of the first #Fields: in the file; None: there is none

    def knows(self, name, table):
        if not self.columns:
            return False
        if not table:
            return name.encode() in self.columns
        bases = {base for base, names in W3C_NAMES.items() if any(n.encode() in self.columns for n in names.split())}
        if {b'date', b'time'} <= set(self.columns):
            bases.add('time')
        return can_have(bases, table)

    def reader(self):
        columns = None

        def read(line):
            nonlocal columns
            if line.startswith(b'#'):
                names = fields_directive(line)
                columns = columns if names is None else names
                return COMMENT
            return columns and w3c_record(columns, line)
        return read


def fields_directive(line):
    """The names in a line #Fields:, or None."""
    return line.removeprefix(b'#Fields:').split() if line.startswith(b'#Fields:') else None


def w3c_columns(line):
    """The values of a line between blanks, and where each of them ends, after its quote if it has quotes."""
    at, columns, unclosed = 0, [], False
    while (at := W3C_BLANKS.match(line, at).end()) < len(line):
        close = None
        if line[at:at + 1] == b'"' and not unclosed:
            close = next((match for match in W3C_QUOTE.finditer(line, at + 1) if match[0] == b'"'), None)
            unclosed = not close
        end = (close or W3C_BARE.match(line, at)).end()
        columns.append((line[at + 1:end - 1].replace(b'""', b'"') if close else line[at:end], end))
        at = end
    return columns


def w3c_tabbed(piece):
    """The value of a column between tabs."""
    piece = piece.strip(b' ')
    columns = w3c_columns(piece)
    return columns[0][0] if piece.startswith(b'"') and columns[0][1] == len(piece) else piece


def w3c_found(columns, line):
    """The values of a line: between single tabs, if there is one fewer than columns and none in quotes, or between blanks."""
    found = [value for value, _ in w3c_columns(line)]
    if line.count(b'\t') == len(columns) - 1 > 0 and b'\t' not in b''.join(found):
        found = [w3c_tabbed(piece) for piece in line.split(b'\t')]
    return found


def w3c_record(columns, line):
    found = w3c_found(columns, line)
    values = dict(reversed(list(zip(columns, found))))
    if len(found) != len(columns) or not all(re.fullmatch(form, values.get(name, b'-')) for name, form in W3C_FORMS.items()):
        return None

    def own(base):
        if base == 'time':
            return values[b'date'] + b'T' + values[b'time'] + b'Z' if {b'date', b'time'} <= values.keys() else None
        names = W3C_NAMES.get(base, '').encode().split()
        return next((values[column] for column in columns if column in names), None)
    return Record(own, lambda name: values.get(name.encode()))


# Lines in docker's JSON

class Docker:
    """The member "log" of each line is a line of another format."""

    NAMES = {'envelope.time': 'time', 'envelope.stream': 'stream'}

    def __init__(self, inner):
        self.inner = inner

    def knows(self, name, table):
        return table is None or self.inner.knows(name, table)

    def reader(self):
        read = self.inner.reader()

        def record(line):
            outer = json_object(line)
            inside = self.inside(line)
            inner = None if inside is None else read(inside)
            if inner is None or inner is COMMENT:
                return inner

            def element(name):
                mine = name.startswith('envelope.')
                value = inner.element(name) if not mine and self.inner.knows(name, None) else None
                return json_text(json_member(outer, self.NAMES.get(name, name.removeprefix('envelope.')))) if value is None else value
            return Record(inner.own, element)
        return record

    @staticmethod
    def inside(line):
        """The line inside, if it is all there."""
        text = json_text(json_member(json_object(line) or {}, 'log'))
        if text is None or not text.endswith(b'\n') and len(text.removesuffix(b'\r')) >= 1 << 14:
            return None
        text = text.removesuffix(b'\n').removesuffix(b'\r')
        return None if b'\n' in text else text


# All formats

COMMON = '%h %l %u %t "%r" %>s %b'
COMBINED = COMMON + ' "%{Referer}i" "%{User-Agent}i"'
TEMPLATES = {
    'nginx_main': '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" '
                  '"$http_x_forwarded_for"',
    'vhost_combined': '%v:%p ' + COMBINED.replace('%b', '%O'), 'combined': COMBINED, 'common': COMMON}


def format_of(name):
    """The format called name, or that a template tells; None for auto."""
    if name == 'auto':
        return None
    if name.startswith('csv:'):
        return Csv(name.removeprefix('csv:').encode())
    if name.startswith('docker:'):
        return Docker(format_of(name.removeprefix('docker:')))
    if name in TEMPLATES:
        return Template(TEMPLATES[name])
    if name in ('json', 'ltsv', 'logfmt', 'w3c'):
        return {'json': Json, 'ltsv': Ltsv, 'logfmt': Logfmt, 'w3c': W3c}[name]()
    if '%' in name or '$' in name:
        return Template(name)
    raise BadFormat(f'log-format: no {name}')


def with_columns(log_format, lines):
    """The format; W3C's with the columns that the lines tell first."""
    if not isinstance(log_format, W3c):
        return log_format
    return W3c(next((names for names in map(fields_directive, lines) if names is not None), None))


CANDIDATES = [*map(Template, TEMPLATES.values()), Json(), Ltsv(2), Logfmt(2), W3c()]
COMMON_AT = list(TEMPLATES).index('common')
# Each text in quotes ends before a blank, or at the end of the line.
WHOLE_QUOTES = re.compile(rb'(?: [^"] | " (?: \\. | [^"\\] )* " (?= [ \t\r] | \Z ) )*', re.VERBOSE | re.DOTALL)


class Unmodelled(Exception):
    """wf may make a format from these lines, of which this program knows nothing."""


# A request in quotes, and later a status: what such a format is made from.  Nearly all lines fit it: they have a text in
# quotes, and later a status, too.
STATUS_AFTER = rb'.*[ \t|][0-9-]{1,3}(?:[ \t|]|\Z)'
CORE = re.compile(rb'"[A-Z_-]+ (?![ "])(?:[^"\\]|\\.)+ HTTP/[^"]*"' + STATUS_AFTER, re.DOTALL)
CSV_NAME = rb'(?: [A-Za-z_@#\x80-\xff] [^\x00-\x1f"=\x7f,;|]* | " [^"]+ " )'
CSV_HEADER = re.compile(CSV_NAME + rb'(?: [,;\t|] ' + CSV_NAME + rb')+', re.VERBOSE)
LIKE_CORE = re.compile(rb'"[^"]*"' + STATUS_AFTER, re.DOTALL)


# A line of the Common Log Format, perhaps after a host, and what in it may belong to another format: wf looks at the forms of
# such values in all of the first lines (formats/convention.h).
CLF_PARTS = re.compile(rb'''
    [ \t]* (?: [^ ]+:[0-9]+ [ ] (?= [^ ]+ [ ] [^ ]+ [ ] [^\[]+ \[ ) )? (?P<client> [^ ]+ ) [ ] (?P<second> [^ ]+ ) [ ] (?P<user> [^\[]+ ) [ ] \[ [^]]+ \] [ ]
    " (?: [^"\\] | \\. )* " [ ] (?P<status> [^ ]+ ) [ ] (?P<bytes> [^ \t"]* ) (?P<rest> .* )
''', re.VERBOSE | re.DOTALL)
A_STATUS = re.compile(rb'-|000|[1-5][0-9][0-9]')


def is_odd(line, quoted):
    """True if a value in a line of the Common Log Format may belong to another field."""
    parts = CLF_PARTS.match(line)
    if not parts:
        return False
    return (b':' in parts['client'] or parts['second'] != b'-' or re.search(rb'[.:, ]', parts['user']) or not A_STATUS.fullmatch(parts['status'])
            or re.match(rb'[ \t][0-9]', parts['rest']) or (quoted and not has_usual_texts(parts['rest'])))


def has_usual_texts(rest):
    """True if the texts in quotes are a referrer and an agent."""
    texts = re.findall(rb'"((?:[^"\\]|\\.)*)"', rest)
    return len(texts) == 2 and re.fullmatch(rb'-|https?://.*', texts[0], re.DOTALL) and not re.match(rb'[a-z]+://', texts[1])


def told_format(lines):
    """The format of a file by its first lines.  None: no line fits any, though one is not blank.  Raises Unmodelled."""
    log_format = voted_format(lines)
    whole = itertools.takewhile(lambda end: end <= AUTO_BYTES, itertools.accumulate(len(line) + 1 for line in lines))
    first = [line for line, _ in zip(lines, whole) if line.strip(b' \t')][:AUTO_LINES]
    enveloped = told_envelope(first)
    if enveloped:
        return enveloped
    read = log_format.reader() if log_format else lambda line: None
    if log_format in CANDIDATES[:COMMON_AT + 1] and any(is_odd(line, log_format is not CANDIDATES[COMMON_AT]) for line in first):
        raise Unmodelled
    if not first or 2 * sum(read(line) is not None for line in first) > len(first):
        return log_format
    unlike = sum(not LIKE_CORE.search(line) for line in first)
    if (10 * unlike < len(first) and any(map(CORE.search, first))) or CSV_HEADER.fullmatch(first[0]):
        raise Unmodelled
    return log_format


def told_envelope(first):
    """The format of lines in docker's JSON, if the first line is one, and the lines inside have a known format; else None."""
    outer = json_object(first[0]) if first else None
    if not outer or not {'log', 'stream'} <= outer.keys():
        return None
    inner = told_format([line for line in map(Docker.inside, first) if line is not None])
    read = Docker(inner).reader() if inner and not isinstance(inner, W3c) else lambda line: None
    return Docker(inner) if 2 * sum(read(line) is not None for line in first) > len(first) else None


def voted_format(lines):
    """The format that most of the first lines fit; None if there is none."""
    readers = [candidate.reader() for candidate in CANDIDATES]
    fits = [0] * len(CANDIDATES)
    fitting = size = read = 0
    broken = False
    for line in lines:
        size += len(line) + 1
        if size > AUTO_BYTES:
            break
        read += 1
        records = [read(line) for read in readers]
        fit = [record is not None and record is not COMMENT for record in records]
        if fit[COMMON_AT] and not WHOLE_QUOTES.fullmatch(line):
            fit[COMMON_AT], broken = False, True
        fits = [sum(pair) for pair in zip(fits, fit)]
        fitting += any(fit)
        if fitting == AUTO_LINES:
            break
    for log_format, number in zip(CANDIDATES, fits):
        if number * 2 > fitting:
            return with_columns(type(log_format)() if isinstance(log_format, (Ltsv, Logfmt)) else log_format, lines)
    if fitting:                 # of several kinds: the most frequent
        return with_columns(CANDIDATES[fits.index(max(fits))], lines)
    if broken:
        return CANDIDATES[COMMON_AT]
    if any(fields_directive(line) is not None for line in lines[:read]):
        return with_columns(CANDIDATES[-1], lines)
    return None
