#!/usr/bin/python3
"""oracle.py -- what wf must answer, told slowly and plainly.

    oracle.py [-e RE] [-k TEMPLATE] [-i] [-g RE]... [-v RE]... [-n N]
              [--tsv | --csv | --json] [--account] [FILE]...

The tests hold wf against this program.  It reads everything into memory,
splits it at newlines, asks each line in turn, counts in a dict and sorts the
dict: no chunks, no workers, no tables, nothing that could go wrong the way it
goes wrong in wf.  It prints what wf prints into a pipe and exits as wf exits.

RE is Python's dialect, on bytes.  Tests use only patterns that mean the same
to Python and to PCRE2, or hand each program its own spelling.  The JSON says
the same as wf's in other bytes: compare it parsed, and without "query".
With --account, the account alone is printed, as one JSON object.
"""

import collections
import dataclasses
import getopt
import json
import os
import re
import sys


@dataclasses.dataclass(frozen=True)
class Query:
    """What the user asks of each line.  No regexp: the URL of an access log."""
    regexp: bytes = None
    key: bytes = None
    grep: tuple = ()
    vgrep: tuple = ()
    ignore_case: bool = False


@dataclasses.dataclass
class Result:
    """How often each key came, and where every line went."""
    keys: collections.Counter
    account: dict


class BadQuery(Exception):
    """The query itself is wrong: nothing is read."""


# Lines

def lines_of(data):
    """The lines of one input, without their ends: \\n, or \\r\\n."""
    lines = data.split(b'\n')
    if lines[-1] == b'':
        lines.pop()                     # what follows the last \n is no line
    return [line.removesuffix(b'\r') for line in lines]


# The default key

# The opening quote is the first that no backslash precedes: the quotes before it,
# if any, are all preceded by one.  Only "] " can stand before it.
QUOTED_REQUEST = re.compile(rb'''
    \A (?: [^"] | (?<=\\)" )* (?<=\]\ )
    " (?P<request> (?: [^"\\] | \\. )* ) "
    [ ] (?: [0-9]{3} | - ) (?: [ ] | \Z )
''', re.VERBOSE | re.DOTALL)

# With a protocol the target may hold blanks, without one it may not.  Neither
# branch can match what the other does: two blanks or more, and one blank.
REQUEST = re.compile(rb'''
    [A-Z_-]+ [ ] (?: (?! [ ]) (?P<http> .+ ) (?<! [ ]) [ ] HTTP/ [^ ]*
                   | (?P<http09> [^ ]+ ) )
''', re.VERBOSE | re.DOTALL)


def url_of(line):
    """The target of the request in an access log line, or None."""
    quoted = QUOTED_REQUEST.match(line)
    request = quoted and REQUEST.fullmatch(quoted['request'])
    if not request:
        return None
    return request['http'] or request['http09']


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


# Asking lines

def compile_regexp(regexp, ignore_case):
    try:
        return re.compile(regexp, re.IGNORECASE if ignore_case else 0)
    except re.error as error:
        raise BadQuery(f'regexp: {error}') from None


def key_function(query):
    """A function from a line to its key, or to None."""
    if query.regexp is None:
        if query.key is not None:
            raise BadQuery('--key needs --regexp')
        return url_of
    regexp = compile_regexp(query.regexp, query.ignore_case)
    if query.key is not None:
        parts = parse_template(query.key, regexp)
    else:
        parts = [min(1, regexp.groups)]

    def key_of(line):
        match = regexp.search(line)
        return fill_template(parts, match) if match else None
    return key_of


def filter_function(query):
    """A function from a line to whether it is kept."""
    grep = [compile_regexp(regexp, query.ignore_case) for regexp in query.grep]
    vgrep = [compile_regexp(regexp, query.ignore_case) for regexp in query.vgrep]

    def keep(line):
        return all(r.search(line) for r in grep) and not any(r.search(line) for r in vgrep)
    return keep


def count(inputs, query):
    """The Result for a list of inputs, each one's bytes."""
    key_of = key_function(query)
    keep = filter_function(query)
    keys = collections.Counter()
    account = dict.fromkeys(('bytes', 'lines', 'matched', 'unmatched', 'filtered', 'given_up', 'keys'), 0)
    for data in inputs:
        account['bytes'] += len(data)
        for line in lines_of(data):
            account['lines'] += 1
            if not keep(line):
                account['filtered'] += 1
                continue
            key = key_of(line)
            if key is None:
                account['unmatched'] += 1
                continue
            account['matched'] += 1
            keys[key] += 1
    account['keys'] = len(keys)
    return Result(keys, account)


# Results

def rank(keys, top):
    """(count, key) of the top keys, all if top is 0: more first, ties bytewise."""
    ranked = sorted((-n, key) for key, n in keys.items())
    return [(-n, key) for n, key in (ranked[:top] if top else ranked)]


def tsv_key(key):
    for byte, escape in ((b'\\', b'\\\\'), (b'\t', b'\\t'), (b'\n', b'\\n'), (b'\r', b'\\r')):
        key = key.replace(byte, escape)
    return key


def csv_key(key):
    if not re.search(rb'[,"\r\n]', key):
        return key
    return b'"' + key.replace(b'"', b'""') + b'"'


def json_rows(rows):
    return [{'count': n, 'key': key.decode('utf-8', 'replace')} for n, key in rows]


def render(result, form='plain', top=10):
    """A result as wf prints it into a pipe; form is plain, tsv, csv or json."""
    rows = rank(result.keys, top)
    if form == 'plain':
        return b''.join(b'%7d %s\n' % row for row in rows)
    if form == 'tsv':
        return b'count\tkey\n' + b''.join(b'%d\t%s\n' % (n, tsv_key(key)) for n, key in rows)
    if form == 'csv':
        return b'count,key\r\n' + b''.join(b'%d,%s\r\n' % (n, csv_key(key)) for n, key in rows)
    answer = {'query': {}, 'account': result.account,
              'reports': [{'name': 'keys', 'rows': json_rows(rows)}]}
    return json.dumps(answer).encode() + b'\n'


def exit_status(result, lost=False):
    """What wf exits with; lost: some input could not be read."""
    if lost:
        return 2
    return 0 if result.account['matched'] else 1


# The program

def read_inputs(names):
    """The bytes of each readable input, and whether one was not readable."""
    inputs = []
    lost = False
    for name in names or ['-']:
        try:
            if name == '-':
                inputs.append(sys.stdin.buffer.read())
            else:
                with open(name, 'rb') as file:
                    inputs.append(file.read())
        except OSError as error:
            print(f'oracle: {name}: {error.strerror}', file=sys.stderr)
            lost = True
    return inputs, lost


LONG_OPTIONS = ['regexp=', 'key=', 'ignore-case', 'grep=', 'vgrep=', 'top=', 'tsv', 'csv', 'json',
                'format=', 'quiet', 'account',
                'jobs=', 'chunk-size=', 'stats', 'color=']     # change no answer: ignored


def parse_options(arguments):
    """(Query, form, top, names, account) of a command line."""
    options, names = getopt.gnu_getopt(arguments, 'e:k:ig:v:n:j:q', LONG_OPTIONS)
    fields = {'grep': (), 'vgrep': ()}
    form, top, account = 'plain', 10, False
    for option, value in options:
        raw = os.fsencode(value)
        if option in ('-e', '--regexp'):
            if 'regexp' in fields:
                raise BadQuery('regexp: given twice')
            fields['regexp'] = raw
        elif option in ('-k', '--key'):
            fields['key'] = raw
        elif option in ('-i', '--ignore-case'):
            fields['ignore_case'] = True
        elif option in ('-g', '--grep'):
            fields['grep'] += (raw,)
        elif option in ('-v', '--vgrep'):
            fields['vgrep'] += (raw,)
        elif option in ('-n', '--top'):
            if not re.fullmatch(r'[0-9]+', value):
                raise BadQuery('top: not a number')
            top = int(value)
        elif option in ('--tsv', '--csv', '--json'):
            form = option[2:]
        elif option == '--format':
            if value not in ('plain', 'tsv', 'csv', 'json'):
                raise BadQuery(f'format: no {value}')
            form = value
        elif option in ('-q', '--quiet'):
            form = 'quiet'
        elif option == '--account':
            account = True
    return Query(**fields), form, top, names, account


def main(arguments):
    try:
        query, form, top, names, account = parse_options(arguments)
        key_function(query), filter_function(query)    # a bad query is found before reading
    except (BadQuery, getopt.GetoptError) as error:
        print(f'oracle: {error}', file=sys.stderr)
        return 2
    inputs, lost = read_inputs(names)
    result = count(inputs, query)
    if account:
        print(json.dumps(result.account))
    elif form != 'quiet':
        sys.stdout.buffer.write(render(result, form, top))
    return exit_status(result, lost)


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
