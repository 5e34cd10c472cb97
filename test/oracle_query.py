"""oracle_query.py -- what is asked of each line, for oracle.py.

A Question is one ranking as a user tells it; ranking_of() makes a Ranking of it,
whose functions take a line and its record (None where no format is needed).
"""

import dataclasses
import ipaddress
import os
import re
from fractions import Fraction

import oracle_parts
import oracle_statistics
import oracle_width
from oracle_fields import table_name, table_value
from oracle_formats import columns_of
from oracle_statistics import OF_CONDITIONS, OF_NUMBERS, OF_TIMES, OF_VALUES, UNIT, BadStatistic, Moment


class BadQuery(Exception):
    """The query itself is wrong: nothing is read."""


@dataclasses.dataclass(frozen=True)
class Question:
    """One ranking.  Neither regexp nor fields: the URL."""
    name: str = None
    regexp: tuple = None        # of bytes
    only_matching: bool = False
    patterns: tuple = None      # of a key and its regexp
    key: bytes = None
    subs: tuple = ()            # s/RE/REPL/flags
    ignore_case: bool = False
    fields: tuple = None
    where: tuple = ()
    grep: tuple = ()
    vgrep: tuple = ()
    sum: tuple = ()             # the values of -s
    over: str = None            # the width of -t
    order: str = None           # None: by the first statistic, or else by the count
    least: int = 0
    top: int = None


class Row:
    """What was counted with a key."""

    def __init__(self, statistics):
        self.count = 0
        self.taken = [[] for _ in statistics]   # what each statistic took of each line


@dataclasses.dataclass
class Ranking:
    """A Question in functions of (line, record), and what was counted: the Row of each key."""
    name: str
    columns: list
    keys_of: object             # a list of tuples of bytes
    keep: object = lambda line, record: True
    statistics: list = dataclasses.field(default_factory=list)
    order: object = None        # 'key', 'last', or the Statistic that ranks; None: the count
    ascending: bool = False     # with a Statistic, or the count
    least: int = 0              # rows with smaller counts are not shown
    top: int = None
    rows: dict = dataclasses.field(default_factory=dict)
    matched: int = 0
    over: object = None         # a Width; then the time of the line comes first in each key
    zeros: list = ()            # keys to be shown even if they are not found, for a table over time
    row_class: object = Row

    @property
    def has_keys(self):
        """Whether there is a key besides the time."""
        return bool(self.columns)


# Keys made by a template

TEMPLATE_PART = re.compile(rb'''
    \$ (?P<number> [0-9]+ ) | \$\{ (?P<name> [^}]* ) \} | (?P<dollar> \$\$ )
    | (?P<tab> \\t ) | (?P<backslash> \\\\ ) | (?P<text> [^$\\]+ )
''', re.VERBOSE | re.DOTALL)


def parse_key(template, regexp):
    parts = parse_template(template, regexp)
    if not any(isinstance(part, int) for part in parts):
        raise BadQuery('key: no group in it')
    return parts


def parse_template(template, regexp):
    """A template as a list of texts (bytes) and groups (int)."""
    parts = []
    at = 0
    while at < len(template):
        part = TEMPLATE_PART.match(template, at)
        if not part:
            raise BadQuery('key: neither a group nor an escape')
        at = part.end()
        if part['number'] or part['name'] is not None:
            parts.append(group_number((part['number'] or part['name']).decode(), regexp))
        else:
            parts.append({'dollar': b'$', 'tab': b'\t', 'backslash': b'\\'}.get(part.lastgroup, part[0]))
    return parts


def group_number(name, regexp):
    """The group called name, a number or a name."""
    number = int(name) if name.isdigit() else regexp.groupindex.get(name, -1)
    if not 0 <= number <= regexp.groups:
        raise BadQuery(f'key: no group {name}')
    return number


def fill_template(parts, match):
    """The key; a group that did not take part is empty."""
    return b''.join((match[part] or b'') if isinstance(part, int) else part for part in parts)


# Regular expressions

def compile_regexp(regexp, ignore_case):
    try:
        return re.compile(regexp, re.IGNORECASE if ignore_case else 0)
    except re.error as error:
        raise BadQuery(f'regexp: {error}') from None


class Groups:
    """The regexps of a question, and the match whose groups are fields."""

    def __init__(self, question):
        self.regexps = [compile_regexp(text, question.ignore_case) for text in question.regexp]
        self.every = question.only_matching
        self.current = None                 # for every match: the one that is looked at

    def has(self, name):
        if name[:1] == '$' and name[1:].isdigit():
            if not any(int(name[1:]) <= regexp.groups for regexp in self.regexps):
                raise BadQuery(f'no group {name}')
            return True
        return any(name in regexp.groupindex for regexp in self.regexps)

    def value(self, name, line):
        match = self.current or self.first(line)
        if not match:
            return None
        number = int(name[1:]) if name[:1] == '$' else match.re.groupindex.get(name, -1)
        return match[number] if 0 <= number <= match.re.groups else None

    def first(self, line):
        return next((match for regexp in self.regexps if (match := regexp.search(line))), None)

    def matches(self, line):
        """The first match of the line; or all matches that are not empty, each of them the current one for a while."""
        if not self.every:
            match = self.first(line)
            yield from (match,) if match else ()
            return
        at = 0
        while at < len(line):
            found = [match for regexp in self.regexps if (match := regexp.search(line, at))]
            if not found:
                break
            match = min(found, key=lambda one: one.start())     # the first of the first ones
            if match.end() > match.start():
                self.current = match
                yield match
                self.current = None
            at = match.end() + (match.end() == match.start())


def groups_of(question):
    return Groups(question) if question.regexp is not None else None


def capture_function(question, groups):
    """A function from a line to what the question's regexps make of it."""
    parts = {regexp: [min(1, regexp.groups)] if question.key is None else parse_key(question.key, regexp) for regexp in groups.regexps}

    def keys_of(line, record):
        for match in groups.matches(line):
            yield (fill_template(parts[match.re], match),)
    return keys_of


# Substitutions

def substitution(text):
    """A function from a key to the key as s/RE/REPL/flags makes it."""
    delimiter = re.escape(text[1:2])
    part = rb'((?:\\.|(?!%s)[^\\])*)' % delimiter
    match = re.fullmatch(rb's' + delimiter + part + delimiter + part + delimiter + rb'([gi]*)', text, re.DOTALL)
    if not match or text[1:2] in (b'\\', b''):
        raise BadQuery(f'sub: {text!r}')
    regexp, to, flags = match.groups()
    if text[1:2].isalnum():
        regexp = regexp.replace(b'\\' + text[1:2], text[1:2])
    regexp = compile_regexp(regexp.replace(b'(?<n>', b'(?P<n>'), b'i' in flags)
    parts = parse_template(to.replace(b'\\' + text[1:2], b'$$' if text[1:2] == b'$' else text[1:2]), regexp)
    return lambda key: regexp.sub(lambda found: fill_template(parts, found), key, 0 if b'g' in flags else 1)


def edited(keys_of, subs):
    """keys_of, and then each substitution for each part of each key."""
    functions = [substitution(text) for text in subs]

    def edit(part):
        for function in functions:
            part = function(part)
        return part
    return (lambda line, record: (tuple(map(edit, key)) for key in keys_of(line, record))) if subs else keys_of


def patterns_function(question):
    """A function from a line to the keys of the question's patterns, once for each line or match."""
    regexps = [(key, compile_regexp(text, question.ignore_case)) for key, text in dict(question.patterns).items()]

    def keys_of(line, record):
        if not question.only_matching:
            return [(key,) for key, regexp in regexps if regexp.search(line)]
        return [(key,) for key, regexp in regexps for at in full_matches(regexp, line)]
    return keys_of


def full_matches(regexp, line):
    """The places of the matches that are not empty."""
    at = 0
    while at < len(line) and (match := regexp.search(line, at)):
        if match.end() > match.start():
            yield match.start()
        at = match.end() + (match.end() == match.start())


def line_filter(grep, vgrep, ignore_case):
    """A function from a line to whether it is kept."""
    grep = [compile_regexp(regexp, ignore_case) for regexp in grep]
    vgrep = [compile_regexp(regexp, ignore_case) for regexp in vgrep]
    return lambda line: all(r.search(line) for r in grep) and not any(r.search(line) for r in vgrep)


# Fields

def own_name(name):
    """A format's own name: a dot before it says that it is one, a dollar that it is nginx's."""
    return name[1:] if name[:1] in ('.', '$') else name


def field_identity(name):
    """Two names of one field have the same."""
    if name[:1] == '$' and name[1:].isdigit():
        return 'group', name
    root, whats = oracle_parts.split(name)
    return (root, name) if whats else table_name(root) or ('own', own_name(root))


def parse_fields(text):
    fields = tuple(text.split(','))
    if '' in fields or len(set(map(field_identity, fields))) < len(fields):
        raise BadQuery('fields: empty, or twice the same')
    return fields


def is_column(name):
    return name.isdigit()


def field_function(name, delimiter, groups=None):
    """A function to the field's value, or to None."""
    root, whats = oracle_parts.split(name)
    if groups and groups.has(root):
        function, kind = lambda line, record: groups.value(root, line), oracle_parts.kind_of('.group')
    else:
        function, kind = whole_field_function(root, delimiter), oracle_parts.kind_of(root)
    for what in whats:
        part = oracle_parts.part_function(what, kind, quantity)
        if not part:
            raise BadQuery(f'{name}: no {what}')
        function, kind = part_of(function, part[0]), part[1]
    return function


def kind_of_field(name):
    """The kind of a field's values, if it has parts."""
    root, whats = oracle_parts.split(name)
    kind = None
    for number, what in enumerate(whats):
        part = oracle_parts.part_function(what, kind if number else oracle_parts.kind_of(root), quantity)
        kind = part and part[1]
    return kind


def part_of(function, part):
    def value_of(line, record):
        value = function(line, record)
        return value if value is None else part(value)
    return value_of


def whole_field_function(name, delimiter):
    before, slash, _ = name.partition('/')
    if slash and (is_column(before) or before == '@host' or table_name(before)):
        raise BadQuery(f'{name}: no such part')
    if name == '0':
        return lambda line, record: line
    if name == '@host':
        return lambda line, record: os.fsencode(os.uname().nodename)
    if is_column(name):
        def column(line, record):
            columns = columns_of(line, delimiter)
            return columns[int(name) - 1] if int(name) <= len(columns) else None
        return column
    table = table_name(name)
    if table:
        return lambda line, record: table_value(record, table)
    return lambda line, record: record.element(own_name(name))


def key_function(fields, delimiter, groups):
    """A function to the tuple of the fields' values, for each match; to none if a field has none."""
    functions = [field_function(name, delimiter, groups) for name in fields]

    def keys_of(line, record):
        for match in groups.matches(line) if groups else (True,):
            key = tuple(function(line, record) for function in functions)
            if None not in key:
                yield key
    return keys_of


# Conditions

OPERATOR = rb'==|=~|!=|!~|<>|<=|>=|=|<|>|~|(?<=[ \t])(?:not[ ])?in(?=[ \t(])'
CONDITION = re.compile(rb'[ \t]*((?:%[<>].|.)+?)([ \t]*)(' + OPERATOR + rb')(.*)', re.DOTALL)
DECIMAL = re.compile(rb'-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?')



def fraction(text):
    """What a DECIMAL is; an exponent beyond 5000 counts as 5000."""
    digits, _, exponent = text.decode().lower().partition('e')
    return Fraction(digits) * Fraction(10) ** max(-5000, min(int(exponent or 0), 5000))


TIME = re.compile(rb'[0-9]{4}(-[0-9]{2}(-[0-9]{2}([T ][0-9]{2}(:[0-9]{2}(:[0-9]{2})?)?)?)?)?')
NUMBERS = ('status', 'bytes', 'port')
TIMES = ('time', 'day', 'hour', 'minute')


def check_value(field, operator, value):
    """Refuse what can't be meant, and would keep or drop all lines."""
    table = table_name(field)
    order = operator not in (b'=', b'!=')
    odd = order or value not in (b'', b'-')
    if (table in NUMBERS and odd and not DECIMAL.fullmatch(value)
            or table in TIMES and odd and not TIME.fullmatch(value)
            or table not in NUMBERS + TIMES and order and value[:1].isdigit() and not DECIMAL.fullmatch(value) and not TIME.fullmatch(value)):
        raise BadQuery(f'where: {field} {operator!r} {value!r}')


# A number with a unit: its value in seconds or bytes, and what it is a number of.
UNITS = {b'ns': (Fraction(1, 10 ** 9), 'time'), b'us': (Fraction(1, 10 ** 6), 'time'), b'\xc2\xb5s': (Fraction(1, 10 ** 6), 'time'),
         b'ms': (Fraction(1, 1000), 'time'), b's': (1, 'time'), b'm': (60, 'time'), b'min': (60, 'time'), b'h': (3600, 'time'),
         b'd': (86400, 'time'), b'w': (7 * 86400, 'time'), b'B': (1, 'size'), b'k': (1024, 'size'), b'kB': (1000, 'size'),
         **{letter + end: (base ** power, 'size') for power, letter in enumerate((b'K', b'M', b'G', b'T'), 1)
            for end, base in ((b'', 1024), (b'iB', 1024), (b'B', 1000))}}
QUANTITY = re.compile(rb'(-?(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?|' + DECIMAL.pattern[2:] + rb'))([ ]*)(\D*)', re.DOTALL)


def quantity(text):
    """The number and its kind, to nine decimals; None if the text is no number that fits in 64 bits, perhaps with a unit."""
    match = QUANTITY.fullmatch(text)
    if not match or (match[3] or match[2]) and match[3] not in UNITS:
        return None
    number = addend(match[1].replace(b',', b''))
    if number is None or abs(number) >= TOO_LARGE:
        return None
    factor, kind = UNITS.get(match[3], (1, 'plain'))
    return int(number * factor), kind       # towards zero


def is_network(text):
    return b'/' in text and network(text) is not None


def network(text):
    """The network of an address or of ADDRESS/BITS, or None."""
    address, slash, bits = text.rpartition(b'/')
    if not slash:
        address = text
    try:
        if b'%' in address or slash and not re.fullmatch(rb'0|[1-9][0-9]{0,2}', bits):
            return None
        parsed = ipaddress.ip_address(address.decode('ascii'))
        if slash and int(bits) > parsed.max_prefixlen:
            raise BadQuery(f'where: bits of {text!r}')
        return ipaddress.ip_network((parsed, int(bits) if slash else parsed.max_prefixlen), strict=False)
    except (ValueError, UnicodeDecodeError):
        return None


# The files that "in @FILE" may name, besides those that there are.
LIST_FILES = {
    b'list': b'\xef\xbb\xbf# a comment\n404\n 200 # OK\n\n192.0.2.0/24\r\n2001:db8::/32\t#\n-\n/a\nGET\na#b\n1.0\n10.1.2.3\n192.0.0.0/8',
    b'numbers': b'404\r\n200.0 # x\n#5\n 1e1 \n'}


def lines_of_list(name):
    if name in LIST_FILES:
        text = LIST_FILES[name]
    else:
        try:
            with open(name, 'rb') as file:
                text = file.read()
        except OSError as error:
            raise BadQuery(error) from None
    for line in text.removeprefix(b'\xef\xbb\xbf').split(b'\n'):
        value = re.sub(rb'(^|(?<=[ \t]))#.*', b'', line.removesuffix(b'\r')).strip(b' \t')
        if value:
            yield value


class Values:
    """The list after "in"."""

    def __init__(self, text, is_number):
        text = text.strip(b' \t')
        self.values = list(lines_of_list(unquoted(text[1:]))) if text[:1] == b'@' else self.listed(text)
        if b'' in self.values or is_number and not all(map(DECIMAL.fullmatch, self.values)):
            raise BadQuery(f'where: in {text!r}')
        self.networks = [net for net in map(network, self.values) if net]
        self.numbers = [fraction(value) for value in self.values if DECIMAL.fullmatch(value)]

    @staticmethod
    def listed(text):
        if len(text) > 1 and text[:1] == b'(' and text[-1:] == b')':
            text = text[1:-1]
        elif text[:1] == b'(' or text[:1] + text[-1:] in (b'[]', b'{}') and b',' in text:
            raise BadQuery(f'where: in {text!r}')
        parts = text.split(b',')
        if len(parts) > 1 and not parts[-1]:
            parts.pop()                     # a comma may end the list
        return [part.strip(b' \t') for part in parts]

    def __contains__(self, value):
        if value in self.values or self.numbers and DECIMAL.fullmatch(value) and fraction(value) in self.numbers:
            return True
        one = network(value) if self.networks and b'/' not in value else None
        return one is not None and any(one.version == net.version and one.subnet_of(net) for net in self.networks)


def unquoted(text):
    quote = text[:1]
    return text[1:-1] if len(text) > 1 and quote in (b'"', b"'") and text[-1:] == quote and quote not in text[1:-1] else text


OCTET = rb'(?:25[0-5]|2[0-4][0-9]|[01]?[0-9]?[0-9])'
BITS = rb'/(?:[0-2]?[0-9]|0?[0-2][0-9]|0?3[0-2])'
BEGINNING = re.compile(rb'(?!OCTET\Z)OCTET(?:[.]OCTET){0,2}[.]?(?:[*.]*|BITS)'.replace(b'OCTET', OCTET).replace(b'BITS', BITS))


class Condition:
    """FIELD OP VALUE."""

    def __init__(self, text, ignore_case, delimiter, groups=None):
        match = CONDITION.fullmatch(text)
        if not match:
            raise BadQuery(f'where: not understood: {text!r}')
        self.fields = {match[1].decode()}
        field = match[1].decode()
        self.operator = {b'==': b'=', b'=~': b'~', b'<>': b'!='}.get(match[3], match[3])
        self.value = match[4].lstrip(b' \t') if match[2] else match[4]
        self.value_of = field_function(field, delimiter, groups)
        table = table_name(field)
        if groups and groups.has(oracle_parts.split(field)[0]):
            table = None
            self.fields = set()
            if groups.every:
                raise BadQuery('where: which match?')
        self.is_time = table in TIMES or kind_of_field(field) == 'time'
        self.regexp = compile_regexp(self.value, ignore_case) if b'~' in self.operator else None
        self.values = self.quantity = None
        if self.regexp:
            return
        self.value = unquoted(self.value)
        if b'in' in self.operator or self.operator in (b'=', b'!=') and is_network(self.value):
            if self.is_time:
                raise BadQuery('where: a list of times')
            self.values = Values(self.value, table in NUMBERS)
            if self.value[:1] != b'@':
                self.check_addresses(table, self.values.values)
            return
        if self.operator in (b'=', b'!='):
            self.check_addresses(table, [self.value])
        if not DECIMAL.fullmatch(self.value) and not self.is_time:
            self.quantity = quantity(self.value)
        if not self.quantity:
            check_value('time' if self.is_time else field if table else '.' + field, self.operator, self.value)
        elif table in NUMBERS and (self.quantity[1] != 'size' or table != 'bytes'):
            raise BadQuery(f'where: unit of {field}')
        if self.is_time:
            self.value = self.value.replace(b' ', b'T')

    @staticmethod
    def check_addresses(table, values):
        """The beginning of an IPv4 address is not compared with clients."""
        if table == 'client' and any(map(BEGINNING.fullmatch, values)):
            raise BadQuery('where: the beginning of an address')

    def holds(self, line, record):
        value = self.value_of(line, record) or b''
        if self.regexp:
            return bool(self.regexp.search(value)) == (self.operator == b'~')
        if self.values:
            return (value in self.values) == (self.operator in (b'in', b'='))
        left, right = value, self.value
        if self.is_time and len(right) > 1:
            left = left[:len(right)]
        if self.quantity:
            found = quantity(left)
            if not found or found[1] not in ('plain', self.quantity[1]):
                return self.operator == b'!='
            left, right = found[0], self.quantity[0]
        elif DECIMAL.fullmatch(right) and not self.is_time:
            if not DECIMAL.fullmatch(left):
                return self.operator == b'!='
            left, right = fraction(left), fraction(right)
        return {b'=': left == right, b'!=': left != right, b'<': left < right, b'<=': left <= right,
                b'>': left > right, b'>=': left >= right}[self.operator]


# Expressions

AND_OR = re.compile(rb'[ \t]*(?:(?P<and>(?:and|AND)(?=[ \t(])|&&)|(?P<or>(?:or|OR)(?=[ \t(])|[|][|]))')
NOT = re.compile(rb'(?:not|NOT)(?=[ \t(])|!(?=\()')
OPENING = re.compile(rb'(?:[ \t]|\(|(?:not|NOT)(?=[ \t(])|!(?=\())*')
NAME = re.compile(rb'[ \t]*((?:%[<>].|.)+?)[ \t]*(' + OPERATOR + rb')[ \t]*', re.DOTALL)
BETWEEN = re.compile(rb' (?:and|or|AND|OR) |&&|[|][|]')


class Expression:
    """Conditions that are combined by and, or, not and parentheses."""

    def __init__(self, text, ignore_case, delimiter, groups=None):
        self.groups = groups
        self.text, self.at, self.open = text, 0, 0
        self.ignore_case, self.delimiter, self.fields = ignore_case, delimiter, set()
        self.holds = self.either()
        self.skip()
        if self.at < len(text):
            raise BadQuery(f'where: {text[self.at:]!r} follows a condition')

    def skip(self):
        self.at += len(self.text) - self.at - len(self.text[self.at:].lstrip(b' \t'))

    def joined(self, word, part, function):
        parts = [part()]
        while (match := AND_OR.match(self.text, self.at)) and match[word]:
            self.at = match.end()
            parts.append(part())
        return parts[0] if len(parts) == 1 else lambda line, record: function(part(line, record) for part in parts)

    def either(self):
        return self.joined('or', self.both, any)

    def both(self):
        return self.joined('and', self.one, all)

    def one(self):
        self.skip()
        match = NOT.match(self.text, self.at)
        if match:
            self.at = match.end()
            inner = self.one()
            return lambda line, record: not inner(line, record)
        if self.text[self.at:self.at + 1] != b'(':
            return self.condition()
        self.at += 1
        self.open += 1
        inner = self.either()
        self.open -= 1
        self.skip()
        if self.text[self.at:self.at + 1] != b')':
            raise BadQuery('where: a parenthesis')
        self.at += 1
        return inner

    def begins(self, at):
        """True if a condition begins at a place, perhaps after parentheses."""
        match = NAME.match(self.text, OPENING.match(self.text, at).end())
        return match is not None and not BETWEEN.search(self.text[match.start():match.start(2)])

    def end(self):
        """Where the condition at this place ends."""
        match, at, depth = NAME.match(self.text, self.at), self.at, 0
        if match and b'~' not in match[2]:
            at = match.end()
            quoted = re.match(rb'"[^"]*"|\'[^\']*\'', self.text[at:])
            if quoted and self.text[at + quoted.end():at + quoted.end() + 1] in (b'', b' ', b'\t', b')'):
                return at + quoted.end()
        while at < len(self.text):
            byte = self.text[at:at + 1]
            if byte == b'\\':
                at += 1
            elif byte == b'(':
                depth += 1
            elif byte == b')':
                if not depth and self.open:
                    return at
                depth -= depth > 0
            elif byte in b' \t':
                word = AND_OR.match(self.text, at)
                if word and self.begins(word.end()):
                    return at
            at += 1
        return len(self.text)

    def condition(self):
        start = 0 if not self.text[:self.at].strip(b' \t') else self.at
        end = self.end()
        text = self.text[start:end]
        self.at = end
        condition = Condition(text.rstrip(b' \t') if self.open else text, self.ignore_case, self.delimiter, self.groups)
        self.fields |= condition.fields
        return condition.holds


# Numbers

ADDEND = re.compile(rb'(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?')
TOO_LARGE = 2 ** 64 * UNIT


def addend(text):
    """A number in billionths, what is smaller cut off; None if it is no number."""
    if text in (None, b'', b'-'):
        return 0
    match = ADDEND.fullmatch(text)
    if not match:
        return None
    digits = match[2] + (match[3] or b'')
    shift = 9 + int(match[4] or 0) - len(match[3] or b'')
    if int(digits) == 0 or shift <= -len(digits):
        return 0
    number = int(digits) * 10 ** min(shift, 100) if shift >= 0 else int(digits) // 10 ** -shift
    return -number if match[1] else number


NO_NUMBER = 'no number'         # what number_of() says of a text


def number_of(text, name):
    """The number that the value of a field is, in billionths: None for no value."""
    if text in (None, b'', b'-'):
        return 0 if text == b'-' and table_name(name) == 'bytes' else None
    number = addend(text)
    if number is None:
        number, _ = quantity(text) or (NO_NUMBER, None)
    return number


def is_too_large(number):
    return isinstance(number, int) and abs(number) >= TOO_LARGE


# Statistics

def statistics_of(question, delimiter, groups):
    try:
        found = oracle_statistics.parse(question.sum)
    except BadStatistic as error:
        raise BadQuery(error) from None
    for statistic in found:
        if statistic.kind in OF_NUMBERS and (table_name(statistic.operand) in TIMES or kind_of_field(statistic.operand) == 'time') and not (groups and groups.has(statistic.operand)):
            raise BadQuery(f'-s: {statistic.operand} is a time')
        statistic.read = reader_of(statistic, question, delimiter, groups)
    return found


def reader_of(statistic, question, delimiter, groups):
    """What a statistic takes of a line: a number, a value, True; None if it takes nothing."""
    if statistic.kind in OF_CONDITIONS:
        condition = Expression(os.fsencode(statistic.operand), question.ignore_case, delimiter, groups)
        return lambda line, record: condition.holds(line, record) or None
    if statistic.kind in OF_TIMES:
        return lambda line, record: Moment(table_value(record, 'time'))
    if statistic.kind in OF_VALUES:
        return field_function(statistic.operand, delimiter, groups)
    if statistic.kind in OF_NUMBERS:
        function = field_function(statistic.operand, delimiter, groups)
        return lambda line, record: number_of(function(line, record), statistic.operand)
    return lambda line, record: None


def by_statistic(statistic):
    """A rate is in the order of counts."""
    return None if statistic.kind == 'rate' else statistic


def order_of(text, found):
    """(order, ascending) of a Ranking, as --order tells it; found: its Statistics."""
    if text in ('key', 'last'):
        return text, False
    if text is None:
        return by_statistic(found[0]) if found else None, False
    ascending, name = text.startswith('-'), text.removeprefix('-')
    try:
        return None if name == 'count' else by_statistic(oracle_statistics.find(name, found)), ascending
    except BadStatistic as error:
        raise BadQuery(error) from None


# Rankings

def ranking_of(question, delimiter):
    """The Ranking that a Question asks for."""
    keep_line = line_filter(question.grep, question.vgrep, question.ignore_case)
    groups = groups_of(question)
    conditions = [Expression(text, question.ignore_case, delimiter, groups) for text in question.where]
    keys, zeros = [], []
    if question.patterns is not None:
        if question.fields or question.regexp is not None or question.key is not None or question.subs:
            raise BadQuery('patterns and something else')
        columns, keys_of, name = ['key'], patterns_function(question), 'match'
        keys = [(key,) for key, text in question.patterns]
        if question.over:
            keys, zeros = [], keys
    elif question.regexp is not None and not question.fields:
        columns, keys_of, name = ['key'], capture_function(question, groups), 'match'
    elif question.over and not question.fields:
        if question.key is not None or question.only_matching or question.subs:
            raise BadQuery('there is no key')
        columns, keys_of, name = [], lambda line, record: [()], 'time'
    else:
        if question.key is not None:
            raise BadQuery('--key needs --regexp, and no fields')
        if question.only_matching and not groups:
            raise BadQuery('--only-matching needs --regexp')
        columns = list(question.fields or ('url',))
        keys_of, name = key_function(columns, delimiter, groups), ','.join(columns)
    statistics = statistics_of(question, delimiter, groups)
    order, ascending = order_of(question.order, statistics)
    keys_of = edited(keys_of, question.subs)
    over = None
    if question.over:
        try:
            over = oracle_width.Width(question.over)
        except oracle_width.BadWidth as error:
            raise BadQuery(error) from None
        if columns and len(statistics) > 1:
            raise BadQuery('-t: several statistics')
        keys_of = timed(keys_of)
    return Ranking(name=name if question.name is None else question.name, columns=columns, keys_of=keys_of, over=over, zeros=zeros,
                   keep=lambda line, record: keep_line(line) and all(c.holds(line, record) for c in conditions),
                   statistics=statistics, order=order, ascending=ascending, least=question.least, top=question.top,
                   rows={key: Row(statistics) for key in keys})


def timed(keys_of):
    """keys_of, with the time before each key."""
    def with_time(line, record):
        time = table_value(record, 'time')
        return [] if time is None else ((time, *key) for key in keys_of(line, record))
    return with_time


def names_in(questions, conditions):
    """Every name and column number that is asked for, without its WHATs."""
    names = {name for condition in conditions for name in condition.fields}
    for question in questions:
        groups = groups_of(question)
        fields = [*(question.fields or (() if question.regexp is not None or question.patterns is not None or question.over else ('url',)))]
        if question.over:
            names.add('time')
        names.update(*(Expression(text, False, None, groups).fields for text in question.where))
        for statistic in oracle_statistics.parse(question.sum):
            if statistic.kind in OF_TIMES:
                names.add('time')
            elif statistic.kind in OF_CONDITIONS:
                names.update(Expression(os.fsencode(statistic.operand), False, None, groups).fields)
            elif statistic.operand:
                fields.append(statistic.operand)
        names.update(name for name in fields if not (groups and groups.has(oracle_parts.split(name)[0])))
    return {oracle_parts.split(name)[0] for name in names}
