"""oracle_reports.py -- several rankings at once, for oracle.py.

overview() and wf2() and own() make what the options -r overview, -r wf2 and
--reports FILE stand for: Questions, and what is asked of every line.
"""

import os
import re

from oracle_query import BadQuery, Question, Ranking, number_of, parse_fields
from oracle_statistics import Statistic

GLOBAL_OPTIONS = ('log-format', 'delimiter', 'where', 'grep', 'vgrep', 'top', 'ignore-case')
SECTION_OPTIONS = ('regexp', 'only-matching', 'key', 'ignore-case', 'fields', 'where', 'grep', 'vgrep', 'sum', 'top', 'order', 'min', 'over')
REPEATED = ('regexp', 'where', 'grep', 'vgrep', 'sum')


def overview():
    def question(name, field, **more):
        return Question(name=name, fields=(field,), **more)
    return [question('URLs', 'url'), question('Clients', 'client'), question('Status', 'status'),
            question('Referrer sites', 'site', where=(b'site!=-',)), question('Agents', 'agent'),
            question('Not found', 'url', where=(b'status=404',)), question('Hits per hour', 'hour', order='last', top=24)]


# A user's own set

def own(text):
    """(what is said before the first section, as a dict, and the Questions) of a reports file."""
    common, sections = {}, []
    for number, line in enumerate(text.split(b'\n'), 1):
        line = line.strip()
        try:
            if line.startswith(b'[') and line.endswith(b']') and len(line) > 2:
                sections.append({'name': line[1:-1].decode()})
            elif line and line[:1] not in b'#;':
                set_option(sections[-1] if sections else common, line, SECTION_OPTIONS if sections else GLOBAL_OPTIONS)
        except BadQuery as error:
            raise BadQuery(f'FILE:{number}: {error}') from None
    if not sections:
        raise BadQuery('FILE: no section')
    for section in sections:
        section.setdefault('ignore_case', common.get('ignore_case', False))
        section.setdefault('top', common.get('top'))
    return common, [Question(**section) for section in sections]


def set_option(section, line, allowed):
    name, equals, value = (part.strip() for part in line.partition(b'='))
    option = name.decode()
    if not equals or option not in allowed:
        raise BadQuery(f'no option {option}')
    attribute = option.replace('-', '_')
    if option in REPEATED:
        section[attribute] = section.get(attribute, ()) + (os.fsdecode(value) if option == 'sum' else value,)
        return
    attribute = 'least' if option == 'min' else attribute
    if attribute in section:
        raise BadQuery(f'{option}: given twice')
    if option in ('ignore-case', 'only-matching'):
        if value not in (b'yes', b'no'):
            raise BadQuery(f'{option}: yes or no')
        section[attribute] = value == b'yes'
    elif option in ('top', 'min'):
        if not re.fullmatch(rb'[0-9]+', value):
            raise BadQuery(f'{option}: not a number')
        section[attribute] = int(value)
    elif option == 'fields':
        section[attribute] = parse_fields(value.decode())
    else:
        section[attribute] = value if option == 'key' else value.decode()


# Wide Finder 2

WF2_PAGE = re.compile(rb'/ongoing/When/\d\d\dx/\d\d\d\d/\d\d/\d\d/[^ .]+')
WF2_TITLES = {'hits': b'Top URIs by hit:', 'bytes': b'Top URIs by bytes:', '404s': b'Top 404s:',
              'clients': b'Top client addresses:', 'referrers': b'Top referrers:'}


def wf2():
    """The five rankings.  Each key function returns None where its ranking has nothing of the line."""
    def part(line, number):
        parts = line.split()
        return parts[number] if len(parts) > number else None

    def uri_of(line, *statuses):
        return part(line, 6) if part(line, 5) == b'"GET' and part(line, 8) in statuses else None

    def size_of(line):
        size = part(line, 9)
        return size if part(line, 8) == b'200' and size and re.fullmatch(rb'[0-9]+', size) else b'0'

    def page(line):
        uri = uri_of(line, b'200', b'304')
        return uri if uri is not None and WF2_PAGE.fullmatch(uri) else None

    def referrer(line):
        referrer = (part(line, 10) or b'-').removeprefix(b'"').removesuffix(b'"')
        if page(line) is None or referrer == b'-' or referrer.startswith(b'http://www.tbray.org/ongoing/'):
            return None
        return referrer

    def ranking(name, key_of, size_of=None):
        sums = [Statistic('sum', 'sum', only_sum=True, read=lambda line, record: number_of(size_of(line), 'bytes'))] if size_of else []
        return Ranking(name, [name], lambda line, record: [] if key_of(line) is None else [(key_of(line),)],
                       statistics=sums, order=sums[0] if sums else None)
    return [ranking('hits', page), ranking('bytes', lambda line: uri_of(line, b'200', b'304'), size_of),
            ranking('404s', lambda line: uri_of(line, b'404')), ranking('clients', lambda line: page(line) and part(line, 0)),
            ranking('referrers', referrer)]
