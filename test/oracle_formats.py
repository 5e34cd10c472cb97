"""oracle_formats.py -- what a log's lines are made of, for oracle.py.

A format knows which names it has (knows), and cuts the lines of one file, in
their order, with the function that its reader() returns: from a line to a
Record, to None if the line does not fit, or to COMMENT.  Templates become one
regular expression each; JSON is Python's; LTSV and W3C are split.
"""

import dataclasses
import itertools
import json
import re

from oracle_fields import BASE, ISO_TIME, LOCAL_TIME, can_have

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
        return Element(f'%{modifiers}{{{argument}}}t', 'time')
    base = APACHE_HEADERS.get(argument.lower()) if letter == 'i' else None
    is_list = letter == 'i' and argument.lower() == 'x-forwarded-for'
    return Element(f'%{modifiers}{{{argument.lower()}}}{letter}', base, spaces=letter in 'ioC' and not is_list, is_list=is_list)


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
    # The first end of the value is its end, whatever follows.
    some = rb'(?: (?! %s ) . )' % end + (b'*' if element.empty else b'+')
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

JSON_NAMES = {
    'client': 'remote_addr client_ip clientip remote_ip client_addr client request.client_ip request.remote_ip request.remote_addr '
              'ClientHost sourceIPs.0 ip',
    'user': 'remote_user user user_id user.username ClientUsername',
    'time': 'time_iso8601 time_local @timestamp timestamp time ts StartUTC requestReceivedTimestamp msec date',
    'request': 'request', 'method': 'request_method method request.method RequestMethod verb',
    'url': 'request_uri url uri request.uri RequestPath requestURI', 'path': 'path', 'query': 'args query_string query',
    'proto': 'server_protocol proto protocol request.proto RequestProtocol',
    'status': 'status status_code response_status DownstreamStatus responseStatus.code code',
    'bytes': 'body_bytes_sent bytes_sent bytes size DownstreamContentSize response_size',
    'referrer': 'http_referer http_referrer referer referrer request.headers.Referer request_Referer',
    'agent': 'http_user_agent user_agent agent request.headers.User-Agent request_User-Agent userAgent',
    'host': 'http_host host server_name vhost request.host RequestHost', 'port': 'server_port port', 'ident': 'ident'}


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


def json_member(value, name):
    """The member of an object by a name with dots, or None."""
    if name in value:
        return value[name]
    for step in name.split('.'):
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def json_text(value):
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], (str, bool)):
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
            for name in JSON_NAMES[base].split():
                member = json_member(value, name)
                if base == 'request' and (not isinstance(member, str) or isinstance(member, Number)):
                    continue
                if member is not None and not isinstance(member, dict):
                    return json_text(member)
            return None
        return Record(own, lambda name: json_text(json_member(value, name)))


# LTSV

LTSV_NAMES = {'client': 'host', 'request': 'req', 'url': 'uri', 'proto': 'protocol', 'bytes': 'size', 'referrer': 'referer',
              'agent': 'ua', 'host': 'vhost'}


class Ltsv:
    def __init__(self, least=1):
        self.least = least

    def knows(self, name, table):
        return True

    def reader(self):
        return self.record

    def record(self, line):
        pieces = line.lstrip(b' \t').rstrip(b'\t').split(b'\t')
        if len(pieces) < self.least or not all(re.match(rb'[A-Za-z0-9_.-]+:', piece) for piece in pieces):
            return None
        values = {}
        for piece in pieces:
            label, _, value = piece.partition(b':')
            values.setdefault(label, value)

        def own(base):
            value = values.get(LTSV_NAMES.get(base, base).encode())
            if base == 'time' and value and value.startswith(b'[') and value.endswith(b']'):
                return value[1:-1]
            return value
        return Record(own, lambda name: values.get(name.encode()))


# W3C

W3C_NAMES = {'client': 'c-ip', 'user': 'cs-username', 'method': 'cs-method', 'url': 'cs-uri', 'path': 'cs-uri-stem', 'query': 'cs-uri-query',
             'proto': 'cs-version', 'status': 'sc-status', 'bytes': 'sc-bytes', 'referrer': 'cs(Referer) cs(Referrer)',
             'agent': 'cs(User-Agent)', 'host': 'cs-host cs(Host)', 'port': 's-port'}
W3C_COLUMN = re.compile(rb'[ \t]* (?: " (?P<quoted> .*? ) " (?= [ \t] | \Z ) | (?P<bare> [^ \t]+ ) )', re.VERBOSE | re.DOTALL)
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


def w3c_record(columns, line):
    found = [match[match.lastgroup] for match in W3C_COLUMN.finditer(line)]
    values = dict(reversed(list(zip(columns, found))))
    if len(found) != len(columns) or not all(re.fullmatch(form, values.get(name, b'-')) for name, form in W3C_FORMS.items()):
        return None

    def own(base):
        if base == 'time':
            return values[b'date'] + b'T' + values[b'time'] if {b'date', b'time'} <= values.keys() else None
        names = W3C_NAMES.get(base, '').encode().split()
        return next((values[column] for column in columns if column in names), None)
    return Record(own, lambda name: values.get(name.encode()))


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
    if name in TEMPLATES:
        return Template(TEMPLATES[name])
    if name in ('json', 'ltsv', 'w3c'):
        return {'json': Json, 'ltsv': Ltsv, 'w3c': W3c}[name]()
    if '%' in name or '$' in name:
        return Template(name)
    raise BadFormat(f'log-format: no {name}')


def with_columns(log_format, lines):
    """The format; W3C's with the columns that the lines tell first."""
    if not isinstance(log_format, W3c):
        return log_format
    return W3c(next((names for names in map(fields_directive, lines) if names is not None), None))


CANDIDATES = [*map(Template, TEMPLATES.values()), Json(), Ltsv(2), W3c()]


def told_format(lines):
    """The format of a file by its first lines.  None: no line fits any, though one is not blank."""
    readers = [candidate.reader() for candidate in CANDIDATES]
    fits = [0] * len(CANDIDATES)
    fitting = size = read = 0
    for line in lines:
        size += len(line) + 1
        if size > AUTO_BYTES:
            break
        read += 1
        records = [read(line) for read in readers]
        fit = [record is not None and record is not COMMENT for record in records]
        fits = [sum(pair) for pair in zip(fits, fit)]
        fitting += any(fit)
        if fitting == AUTO_LINES:
            break
    for log_format, number in zip(CANDIDATES, fits):
        if number * 2 > fitting:
            return with_columns(Ltsv() if isinstance(log_format, Ltsv) else log_format, lines)
    if fitting:                 # of several kinds: the most frequent
        return with_columns(CANDIDATES[fits.index(max(fits))], lines)
    if any(fields_directive(line) is not None for line in lines[:read]):
        return with_columns(CANDIDATES[-1], lines)
    return None
