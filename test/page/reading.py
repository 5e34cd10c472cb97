"""Reads an HTML report as a parser sees it, which knows nothing of how it was written."""
import html.parser
import re
import unicodedata

VOID = {'meta', 'link', 'input', 'br'}
EMPTY = {'line', 'rect'}  # of SVG, closed by />
TAGS = VOID - {'link'} | EMPTY | set(
    'html head title style script body header p h1 h2 ul li code dl div dt dd small time nav a label main section figure '
    'span svg g text figcaption details summary table caption thead tbody tr th td i footer'.split())


class Table:
    def __init__(self, name):
        self.name, self.caption, self.columns, self.rows, self.sorted = name, '', [], [], {}


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.text, self.open, self.mistakes, self.tags = text, [], [], set()
        self.tables, self.figures, self.asked, self.bars, self.heights, self.ids, self.refs = [], {}, [], [], [], [], []
        self.title = self.h1 = self.script = self.style = self.h2 = self.dt = ''
        self.policy = None
        self.feed(text)
        self.close()
        self.figures = {name: ' '.join(text.split()) for name, text in self.figures.items()}
        self.rankings = self.tables[:-1]
        self.account = self.tables[-1]

    def check(self):
        assert self.text.startswith('<!DOCTYPE html>\n<html lang="en">')
        assert not self.open, ('not closed', self.open)
        assert not self.mistakes, self.mistakes[:5]
        assert len(set(self.ids)) == len(self.ids), self.ids
        assert set(self.refs) <= set(self.ids), (self.refs, self.ids)
        for table in self.tables:
            assert table.caption and table.columns, table.name
            assert all(len(row) == len(table.columns) for row in table.rows), table.name
        unsafe = {hex(ord(c)) for c in self.text if c not in '\n\t' and unicodedata.category(c) in ('Cc', 'Cf', 'Zl', 'Zp')}
        assert not unsafe, unsafe

    def inside(self, *tags):
        return [tag for tag, _ in self.open if tag in tags]

    def handle_starttag(self, tag, pairs):
        at = dict(pairs)
        self.tags.add(tag)
        if len(at) != len(pairs):
            self.mistakes.append(('twice', tag, pairs))
        if 'id' in at:
            self.ids.append(at['id'])
        self.refs += [at[name] for name in ('aria-labelledby', 'for') if name in at]
        if at.get('href', '').startswith('#'):
            self.refs.append(at['href'][1:])
        if at.get('http-equiv'):
            self.policy = {words[0]: words[1:] for words in map(str.split, at['content'].split(';'))}
        if tag == 'table':
            self.tables.append(Table(self.h2))
        if tag == 'h2':
            self.h2 = ''
        if tag == 'tr' and self.inside('tbody'):
            self.tables[-1].rows.append([])
        if tag in ('td', 'th'):
            self.begin_cell(tag, at)
        if tag == 'code':
            self.asked.append('')
        if tag == 'rect' and 'class' not in at:
            self.heights.append(at['height'].rstrip('%'))
        if tag == 'title' and self.inside('svg'):
            self.bars.append('')
        if tag not in VOID:
            self.open.append((tag, at))

    def begin_cell(self, tag, at):
        if self.inside('thead'):
            self.tables[-1].columns.append('')
        else:
            self.tables[-1].rows[-1].append('')
        if tag == 'th' and at.get('scope') != ('col' if self.inside('thead') else 'row'):
            self.mistakes.append(('scope', at))

    def handle_startendtag(self, tag, pairs):
        self.handle_starttag(tag, pairs)
        if tag not in EMPTY:
            self.mistakes.append(('not empty', tag))
        else:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open[-1][0] != tag:
            self.mistakes.append(('closed', tag, self.open))
            return
        _, at = self.open.pop()
        if tag == 'th' and 'aria-sort' in at:
            self.tables[-1].sorted[self.tables[-1].columns[-1]] = at['aria-sort']

    def handle_data(self, data):
        if not self.open:
            if data.strip():
                self.mistakes.append(('outside', data))
            return
        tag, at = self.open[-1]
        if tag == 'title' and self.inside('svg'):
            self.bars[-1] += data
        elif tag in ('title', 'script', 'style'):
            setattr(self, tag, getattr(self, tag) + data)
        for name in self.inside('h1', 'h2', 'dt'):
            setattr(self, name, data if name == 'dt' else getattr(self, name) + data)
        if self.inside('dd') and 'note' not in [a.get('class') for _, a in self.open]:
            self.figures[self.dt] = self.figures.get(self.dt, '') + data
        if self.inside('code'):
            self.asked[-1] += data
        if self.inside('caption'):
            self.tables[-1].caption += data
        if self.inside('th', 'td'):
            cells = self.tables[-1].columns if self.inside('thead') else self.tables[-1].rows[-1]
            cells[-1] += data

    def handle_comment(self, data):
        self.mistakes.append(('comment', data))

    def handle_decl(self, decl):
        if decl != 'DOCTYPE html':
            self.mistakes.append(('declaration', decl))

    unknown_decl = handle_pi = handle_comment


def read(name):
    return Page(open(name, encoding='utf-8', newline='').read())


def spelled(character):
    """As lib/html does it: what is no character to be seen."""
    code = ord(character)
    if character == '\t':
        return '\\t'
    if code < 0x80:
        return '\\x%02x' % code
    return '\\u{%x}' % code if code > 0xffff else '\\u%04x' % code


def shown(key):
    """The text that a key is in the page."""
    return re.sub('[\0-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]',
                  lambda m: spelled(m[0]), key.decode('utf-8', 'replace'))
