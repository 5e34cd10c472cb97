"""differential_patterns.py -- regular expressions for differential.py: well-known ones, odd ones, and made up ones.
"""

import dataclasses
import re
import warnings

# sre warns of classes that a later Python may read otherwise.
warnings.simplefilter('ignore', FutureWarning)


@dataclasses.dataclass(frozen=True)
class Pattern:
    """One regular expression, as PCRE2 and as Python spell it."""
    pcre: bytes
    python: bytes = None
    groups: bool = True         # False: the spellings number their groups differently

    def for_python(self):
        return self.pcre if self.python is None else self.python


def patterns(*pairs):
    return [Pattern(*pair) if isinstance(pair, tuple) else Pattern(pair) for pair in pairs]


WF1 = Pattern(rb'GET /ongoing/When/\d\d\dx/(\d\d\d\d/\d\d/\d\d/[^ .]+) ')

# For lines over a, b, c and little else.  Many are here because a program that
# looks for a literal which every match must hold can get that literal wrong.
TINY_PATTERNS = patterns(
    rb'', rb'^', rb'$', rb'^$', rb'a', rb'ab', rb'ab*c', rb'a?bc', rb'(?:ab)?c', rb'[ab]c+', rb'x{0}b',
    rb'ab{0}c', rb'ab{0,1}c', rb'ab{2}', rb'ab{1,2}', rb'(?:ab){2}', rb'(ab){0}c', rb'a|b', rb'ab|cb', rb'(a|b)c',
    rb'(?:a|b)c', rb'(a)|b', rb'a|(b)', rb'(a)|(b)', rb'(a)?b', rb'(a)?(b)?', rb'(a*)', rb'(a*)(b*)', rb'(a*?)b',
    rb'a*', rb'|a', rb'a|', rb'(|a)b', rb'(a|)b', rb'(?:|a)b', rb'()', rb'()b', rb'a()b', rb'^a', rb'a$', rb'^(a+)$',
    rb'^a*$', rb'(^a|b)', rb'(a$|b)', rb'^|a', rb'.', rb'.*', rb'(.*)', rb'(.+)', rb'^(.*)$', rb'.a', rb'a.', rb'a.b',
    rb'[^a]', rb'[^a]+', rb'([^a]*)', rb'[^ab]c', rb'[]a]', rb'[^]a]', rb'[]a]b', rb'[a\]]b', rb'[a-c]b', rb'[a\-c]b',
    rb'[-a]b', rb'[a-]b', rb'[.]', rb'a[.]b', rb'\.', rb'a\.b', rb'[\\]', rb'\\', rb'\\"', rb'"', rb'"([^"]*)"',
    rb'"((?:[^"\\]|\\.)*)"', rb'[^"\\]+', rb'\d', rb'\D', rb'\w+', rb'\W', rb'\s', rb'\S+', rb'a\s', rb'\ba', rb'a\b',
    rb'\x61b', rb'a\x62', rb'\x2e', rb'\x00', rb'a\x00b', rb'[\x00-\x1f]', rb'[\x80-\xff]+', b'\x80', b'\xff+',
    b'a\xe9', b'[\xc0-\xff]', rb'\r', rb'\r$', rb'a\r', rb'\r(.)', rb'[^\r]+', rb'\n', rb'a\nb', b'a\nb', b'\na', b'a\n', b'b|a\n', b'a(?:\nb)?', b'b\r', b'\ra', rb'[^x]*b', rb'a[^x]b',
    rb'\t', rb'\141b', rb'a{', rb'a{2', rb'a{b}', rb'{a', rb'a+?b', rb'a??b', rb'a*?b',
    rb'(?i)ab', rb'(?i:a)b', rb'a(?i:b)', rb'(?i:ab)|c', rb'(?s).b', rb'(?s)a.*', rb'(?m)^b', rb'(?m)a$', rb'(?m)$',
    rb'(?x) a b # c', rb'(?x) a [ ] b', rb'(?#ab)c', rb'a(?#b)c', rb'(?=a)a', rb'(?=ab)', rb'a(?=b)', rb'(?!a).',
    rb'a(?!b)', rb'(?<=a)b', rb'(?<!a)b', rb'(?<!a)b+', rb'(?=.*b)a', rb'(?!.*b)a', rb'(?:a(?!b)|c)',
    rb'(a)\1', rb'(a|b)\1', rb'(?P<x>a)(?P=x)', rb'(a)?(?(1)b|c)', (rb'(?>a|ab)c', rb'ac'), (rb'(?>a*)b', rb'a*b'),
    (rb'a++b', rb'a+b'), (rb'a*+b', rb'a*b'), (rb'a?+ab', rb'aab'), rb'(?:a(b)?c|b)', rb'(?:a|b(c)?)', rb'((a)(b))', rb'((a)|b)c', rb'((a|b)c)?b', rb'(?:(a)b)?c',
    (rb'(?<x>a)b', rb'(?P<x>a)b'), (rb"(?'x'b)", rb'(?P<x>b)'), (rb'(?<x>a)|(?<y>b)', rb'(?P<x>a)|(?P<y>b)'),
    (rb'\Qa.b\E', rb'a\.b'), (rb'\Qa\Eb', rb'ab'), (rb'\Qab', rb'ab'), (rb'\Q\E', rb''), (rb'a\Q\Eb', rb'ab'),
    (rb'[\Qa]\E]b', rb'[a\]]b'), (rb'\Q(a\E(b)?', rb'\(a(b)?'), (rb'\Qab\E*', rb'ab*'), (rb'\Qa\\Eb', rb'a\\b'),
    (rb'\x{61}b', rb'ab'), (rb'\o{141}b', rb'ab'), (rb'\ea', rb'\x1ba'), (rb'\cIa', rb'\ta'),
    (rb'[[:alpha:]]b', rb'[A-Za-z]b'), (rb'[[:^alpha:]]', rb'[^A-Za-z]'), (rb'[a[:digit:]]b', rb'[a0-9]b'),
    (rb'[[:space:]]', rb'[\t-\r ]'), (rb'\hb', rb'[\t \xa0]b'), (rb'\Hb', rb'[^\t \xa0]b'),
    (rb'\va', rb'[\n-\r\x85]a'), (rb'\Nb', rb'[^\n]b'), (rb'\Ra', rb'(?:\r\n|[\n-\r\x85])a'), (rb'a\z', rb'a\Z'),
    (rb'a\Z', rb'a\Z'), rb'\Aa', (rb'\Ga', rb'\Aa'), (rb'\G(.)', rb'\A(.)'),
    (rb'a\Kb', rb'a(b)', False), (rb'ab\K', rb'ab()', False), (rb'(a)\Kb', rb'(a)b', False), (rb'a\Kb|c', rb'(?<=a)b|c', False),
    (rb'a(*ACCEPT)b', rb'a'), (rb'(?:a(*ACCEPT)|b)c', rb'a|bc'), (rb'a(*FAIL)|b', rb'b'), (rb'a(*F)', rb'(?!)'),
    (rb'(?:a(*SKIP)(*F)|.)', rb'[^a\n]'), (rb'a+(*COMMIT)b', rb'^[^a]*(a+b)', False), (rb'(*NO_START_OPT)ab', rb'ab'),
    (rb'(*NO_JIT)a(b)', rb'a(b)'), (rb'(*LF)a.', rb'a.'), (rb'(*CR)a.', rb'a[^\r]'), (rb'(*CRLF)a.', rb'a(?!\r\n)[\x00-\xff]'),
    (rb'(*ANYCRLF)a.', rb'a[^\r\n]'), (rb'(*NUL)a.', rb'a[^\x00]'), (rb'(*NUL)a$', rb'a(?=\x00\Z|\Z)'),
    (rb'(*CR)a$', rb'a(?=\r?\Z)'), (rb'(*ANYCRLF)a$', rb'a(?=\r?\Z)'), (rb'(?m)(*F)|a', rb'a'),
    (rb'a(?i)b', rb'a(?i:b)'), (rb'(?:a(?i)b|c)', rb'(?:a(?i:b)|(?i:c))'), (rb'(?i)a(?-i)b', rb'(?i:a)(?-i:b)'),
    (rb'(?i)a(?-i:b)c', rb'(?i:a)(?-i:b)(?i:c)'), (rb'(?^)ab', rb'(?-i:ab)'), (rb'(?n)(a)b', rb'(?:a)b'), (rb'(?xx)[a b]c', rb'[ab]c'),
    (rb'(?U)a+', rb'a+?'), (rb'(?U)a+b', rb'a+?b'), (rb'(?|(a)|(b))c', rb'(a|b)c'), (rb'(?|(a)|b)(c)?', rb'(?:(a)|b)(c)?'),
    (rb'(?(DEFINE)(?<d>a))(?&d)b', rb'(?P<d>a){0}ab'), (rb'(a|b)(?1)', rb'(a|b)(?:a|b)'),
    rb'(?<!x>ab)b', rb'(?<!b>ac)c', (rb'(?<!a|b)c', rb'(?<![ab])c'), rb'(a)?\1b', (rb'\Cb', rb'[\x00-\xff]b'),
    rb'(?:a|ab)(?:c|bc)', (rb'a(?C)b', rb'ab'), (rb'a(?C1)b', rb'ab'),
    rb'(?=a)', rb'(?<=a)', rb'\b', rb'(?<=a)(?=b)', rb'(b)(?<=ab)')

# For access logs.
LOG_PATTERNS = [WF1] + patterns(
    rb'^(\S+) ', rb'^([^ ]+)', rb'^\S+', rb'" (\d\d\d) ', rb'" 404 ', rb'" (4\d\d|5\d\d) ', rb'"GET ([^ ]+) HTTP',
    rb'"(GET|POST|HEAD) (\S+)', rb'"(?:GET|HEAD) ([^? ]+)(\?[^ ]*)? ', rb'"([A-Z]+) ', rb'\[(\d\d)/(\w+)/(\d{4})',
    rb'\[([^]:]+)', rb'\[([^\]]*)\]', rb'"([^"]*)"$', rb'" "([^"]*)"', rb'Mozilla/(\d)', rb'(?i)mozilla', rb'(?i)GOOGLEBOT|msnbot',
    rb'\.(png|jpg|gif|css)', rb'\.(?:png|jpg) ', rb'/([^/ ]+\.html)', rb'\.html?', rb'HTTP/1\.[01]', rb'HTTP/1\.(0|1)',
    rb'http://([^/"]+)', rb'https?://', rb'(\d+)\.(\d+)\.\d+\.\d+', rb'^\d+\.\d+', rb' (\d+) "', rb' - - ', rb'\\"', rb'\\x..',
    rb'GET /ongoing', rb'/When/\d\d\dx/', rb'GET /(?:ongoing/)?(\w+)', rb'(?:GET|POST) /', rb'x{0}GET', rb'GETT? /', rb'GE?T /',
    rb'/200[0-9]x?/', rb'[GP]E?T ', rb' 200 (\d+|-) ', rb'(-|\d+) "-"', rb'(?:[^"]*"){3}', rb'^(?:\S+ ){6}(\S+)', rb'[^ ]+$',
    rb'(.)$', rb'^(.{20})', rb'^.{0,40}', rb'(\w)\1', rb'\bcss\b', rb'/\d{4}/\d\d/\d\d/', rb'q=([^& "]*)', rb'[?&](\w+)=',
    rb'\d\d:\d\d:\d\d (?=[-+])', rb' (?!200)\d\d\d ', rb'(?<=GET )\S+', rb'(?<!GET) /', rb'^', rb'', rb'(?:x|y)?z', rb'zzz',
    (rb'"GET \K\S+', rb'"GET (\S+)', False), (rb'(?<verb>[A-Z]+) (?<path>/\S*)', rb'(?P<verb>[A-Z]+) (?P<path>/\S*)'),
    (rb'\Q[2\E(\d)', rb'\[2(\d)'), (rb'[[:upper:]]{3,} (\S+)', rb'[A-Z]{3,} (\S+)'), (rb'(?|"GET (\S)|"POST (\S))', rb'"(?:GET|POST) (\S)'),
    (rb'^\H+', rb'^[^\t \xa0]+'), (rb'"\S++ \K[^ ?"]++', rb'"\S+ ([^ ?"]+)', False))

# Patterns that take time in proportion to a line's length.  Some would show a line's end.
LONG_PATTERNS = patterns(rb'(?s)(.*)', rb'^([^x]*)', rb'^(a+)', rb'^.+$', rb'^(.)(?s:.*)\Z', rb'GET (\S+)')

# Without groups, one match at most on a line, never empty: what grep -o counts as wf does.
GREP_PATTERNS = [
    rb'GET .*', rb'^\S+', rb'^[^"]+"[A-Z]+ [^ ]*', rb'" 404 .*', rb'(?i)MOZILLA.*', rb'HTTP/1\.[01].*', rb'/When/.*',
    rb'[^"]+"$', rb'a.*', rb'b+c?.*', rb'[^a].*', rb'(?:ab|ca)+.*', rb'\\.*', rb'".*"', rb'^.+$', rb'(?<=a)b.*', rb'\.png .*',
    rb'[\x80-\xff].*']

# Patterns that may match several times on a line, or match nothing.
EVERY_GREP_PATTERNS = [rb'\S+', rb'\w+', rb'[^ ]+', rb'a|bc', rb'\d*', rb'\d{2,3}', rb'ab?', rb'(?<=a)b', rb'\b\w', rb'^a|b', rb'b$|a', rb'/[^/ ]*', rb'x*|b',
                       rb'"[^"]*"', rb'\.\d+', rb'[a-c]{2}', rb'(?=a)', rb'..?']


def template_for(rnd, pattern):
    """A key template of the groups that a pattern has, or None for the default key."""
    if not pattern.groups or rnd.random() < 0.6:
        return None
    regexp = re.compile(pattern.for_python())
    names = [str(number) for number in range(regexp.groups + 1)]
    pieces = [f'${number}' for number in names if len(number) == 1] + [f'${{{number}}}' for number in names]
    pieces += [f'${{{name}}}' for name in regexp.groupindex] * 3
    pieces += ['$$', '\\t', '\\\\', ' ', 'x', ',', '"', 'key: ', '{', '}', '\xe9']
    chosen = rnd.choices(pieces, k=rnd.randint(0, 4))
    chosen.insert(rnd.randint(0, len(chosen)), f'${{{rnd.choice(names)}}}') # one at least names a group
    # "$1" before a digit would be another group; no piece begins with a digit.
    return ''.join(chosen).encode('latin-1')


class PatternMaker:
    """Random patterns over a small alphabet that mean the same to Python and PCRE2.

    What is left out: repeats of what can match nothing, groups in repeats (the two
    remember different turns of the loop), and anything that takes long on a short line.
    """

    ATOMS = (b'a', b'b', b'c', b'a', b'b', b'ab', b'bc', b' ', b'"', b'.', b'[ab]', b'[^a]', b'[]a]', b'[^]b]', b'[a-c]',
             b'\\.', b'\\w', b'\\s', b'\\d', b'\\"', b'\\x61', b'[\\]a]', b'A')
    REPEATS = (b'', b'', b'', b'', b'?', b'*', b'+', b'??', b'*?', b'+?', b'{0}', b'{1}', b'{2}', b'{0,1}', b'{1,}', b'{0,2}')
    ANCHORS = (b'^', b'$', b'\\b')

    def __init__(self, rnd):
        self.rnd = rnd

    def make(self):
        while True:
            text, _ = self.alternation(2)
            if text.count(b'*') + text.count(b'+') + text.count(b',}') <= 4:
                return Pattern(text)

    def alternation(self, depth):
        """(text, whether it holds a group that captures)"""
        branches = [self.sequence(depth) for _ in range(self.rnd.choice((1, 1, 1, 2, 3)))]
        return b'|'.join(text for text, _ in branches), any(captures for _, captures in branches)

    def sequence(self, depth):
        pieces = [self.piece(depth) for _ in range(self.rnd.choice((0, 1, 1, 2, 2, 3, 4)))]
        return b''.join(text for text, _ in pieces), any(captures for _, captures in pieces)

    def piece(self, depth):
        kind = self.rnd.random()
        if kind < 0.08:
            return self.rnd.choice(self.ANCHORS), False
        if kind < 0.35 and depth:
            return self.group(depth)
        return self.rnd.choice(self.ATOMS) + self.rnd.choice(self.REPEATS), False

    def group(self, depth):
        text, captures = self.alternation(depth - 1)
        if self.rnd.random() < 0.5:
            return b'(' + text + b')' + self.rnd.choice((b'', b'', b'?')), True
        if captures or re.match(text, b''):
            return b'(?:' + text + b')' + self.rnd.choice((b'', b'?')), captures
        # A '^a' in a repeat cannot match nothing but '$' or '\b' can, elsewhere.
        if any(anchor in text for anchor in self.ANCHORS) or re.search(rb'[*?]|\{0|\|\||\|$|^\||\(\)', text):
            return b'(?:' + text + b')', False
        return b'(?:' + text + b')' + self.rnd.choice(self.REPEATS), False


def tiny_pattern(rnd):
    return rnd.choice(TINY_PATTERNS) if rnd.random() < 0.6 else PatternMaker(rnd).make()


def log_pattern(rnd):
    return rnd.choice(LOG_PATTERNS)
