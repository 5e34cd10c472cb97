"""oracle_query.py -- what is asked of each line, for oracle.py.

A Question is one ranking as a user tells it; ranking_of() makes a Ranking of it,
whose functions take a line and its record (None where no format is needed).
"""

import dataclasses
import os
import re
from fractions import Fraction

from oracle_fields import table_name, table_value
from oracle_formats import columns_of


class BadQuery(Exception):
    """The query itself is wrong: nothing is read."""


@dataclasses.dataclass(frozen=True)
class Question:
    """One ranking.  Neither regexp nor fields: the URL."""
    name: str = None
    regexp: bytes = None
    key: bytes = None
    ignore_case: bool = False
    fields: tuple = None
    where: tuple = ()
    grep: tuple = ()
    vgrep: tuple = ()
    sum: str = None
    order: str = 'count'
    top: int = None


@dataclasses.dataclass
class Ranking:
    """A Question in functions of (line, record), and what was counted: [count, sum] of each key."""
    name: str
    columns: list
    key_of: object              # a tuple of bytes, or None
    keep: object = lambda line, record: True
    sum_of: object = None       # the text to be added up, or None for no value
    order: str = 'count'
    top: int = None
    rows: dict = dataclasses.field(default_factory=dict)
    matched: int = 0


# Keys made by a template

TEMPLATE_PART = re.compile(rb'''
    \$ (?P<number> [0-9]+ ) | \$\{ (?P<name> [^}]* ) \} | (?P<dollar> \$\$ )
    | (?P<tab> \\t ) | (?P<backslash> \\\\ ) | (?P<text> [^$\\]+ )
''', re.VERBOSE | re.DOTALL)


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
    if not any(isinstance(part, int) for part in parts):
        raise BadQuery('key: no group in it')
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


def capture_function(question):
    """A function from a line to what the question's regexp makes of it."""
    regexp = compile_regexp(question.regexp, question.ignore_case)
    parts = [min(1, regexp.groups)] if question.key is None else parse_template(question.key, regexp)

    def key_of(line, record):
        match = regexp.search(line)
        return (fill_template(parts, match),) if match else None
    return key_of


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
    return table_name(name) or ('own', own_name(name))


def parse_fields(text):
    fields = tuple(text.split(','))
    if '' in fields or len(set(map(field_identity, fields))) < len(fields):
        raise BadQuery('fields: empty, or twice the same')
    return fields


def is_column(name):
    return name.isdigit()


def field_function(name, delimiter):
    """A function to the field's value, or to None."""
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


def key_function(fields, delimiter):
    """A function to the tuple of the fields' values, or to None if one has none."""
    functions = [field_function(name, delimiter) for name in fields]

    def key_of(line, record):
        key = tuple(function(line, record) for function in functions)
        return None if None in key else key
    return key_of


# Conditions

CONDITION = re.compile(rb'[ \t]*((?:%[<>].|.)+?)([ \t]*)(==|=~|!=|!~|<>|<=|>=|=|<|>|~)(.*)', re.DOTALL)
DECIMAL = re.compile(rb'-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?')
TIME = re.compile(rb'[0-9]{4}(-[0-9]{2}(-[0-9]{2}([T ][0-9]{2}(:[0-9]{2}(:[0-9]{2})?)?)?)?)?')
NUMBERS = ('status', 'bytes', 'port')
TIMES = ('time', 'day', 'hour', 'minute')


def check_value(field, operator, value):
    """Refuse what can't be meant, and would keep or drop all lines."""
    table = table_name(field)
    order = operator not in (b'=', b'!=')
    odd = order or value not in (b'', b'-')
    if (b' && ' in value or b' || ' in value
            or table in NUMBERS and odd and not DECIMAL.fullmatch(value)
            or table in TIMES and odd and not TIME.fullmatch(value)
            or table not in NUMBERS + TIMES and order and value[:1].isdigit() and not DECIMAL.fullmatch(value) and not TIME.fullmatch(value)):
        raise BadQuery(f'where: {field} {operator!r} {value!r}')


class Condition:
    """FIELD OP VALUE."""

    def __init__(self, text, ignore_case, delimiter):
        match = CONDITION.fullmatch(text)
        if not match:
            raise BadQuery(f'where: not understood: {text!r}')
        self.field = match[1].decode()
        self.operator = {b'==': b'=', b'=~': b'~', b'<>': b'!='}.get(match[3], match[3])
        self.value = match[4].lstrip(b' \t') if match[2] else match[4]
        self.value_of = field_function(self.field, delimiter)
        self.is_time = table_name(self.field) in TIMES
        if b'~' not in self.operator:
            check_value(self.field, self.operator, self.value)
            if self.is_time:
                self.value = self.value.replace(b' ', b'T')
        self.regexp = compile_regexp(self.value, ignore_case) if b'~' in self.operator else None

    def holds(self, line, record):
        value = self.value_of(line, record) or b''
        if self.regexp:
            return bool(self.regexp.search(value)) == (self.operator == b'~')
        left, right = value, self.value
        if self.is_time and len(right) > 1:
            left = left[:len(right)]
        if DECIMAL.fullmatch(right) and not self.is_time:
            if not DECIMAL.fullmatch(left):
                return self.operator == b'!='
            left, right = Fraction(left.decode()), Fraction(right.decode())
        return {b'=': left == right, b'!=': left != right, b'<': left < right, b'<=': left <= right,
                b'>': left > right, b'>=': left >= right}[self.operator]


# Sums

ADDEND = re.compile(rb'(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?')
UNIT = 10 ** 9                  # sums are exact to nine decimals
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


# Rankings

def ranking_of(question, delimiter):
    """The Ranking that a Question asks for."""
    keep_line = line_filter(question.grep, question.vgrep, question.ignore_case)
    conditions = [Condition(text, question.ignore_case, delimiter) for text in question.where]
    if question.regexp is not None:
        if question.fields:
            raise BadQuery('fields and regexp')
        columns, key_of, name = ['key'], capture_function(question), 'match'
    else:
        if question.key is not None:
            raise BadQuery('--key needs --regexp')
        columns = list(question.fields or ('url',))
        key_of, name = key_function(columns, delimiter), ','.join(columns)
    if question.order not in ('count', 'key', 'last'):
        raise BadQuery(f'order: no {question.order}')
    return Ranking(name=name if question.name is None else question.name, columns=columns, key_of=key_of,
                   keep=lambda line, record: keep_line(line) and all(c.holds(line, record) for c in conditions),
                   sum_of=question.sum and field_function(question.sum, delimiter), order=question.order, top=question.top)


def names_in(questions, conditions):
    """Every name and column number that is asked for."""
    names = {condition.field for condition in conditions}
    for question in questions:
        names.update(question.fields or (() if question.regexp is not None else ('url',)))
        names.update(Condition(text, False, None).field for text in question.where)
        names.update((question.sum,) if question.sum else ())
    return names
