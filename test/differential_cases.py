"""differential_cases.py -- one question of differential.py: its files, its command line, and how to say it to the oracle.
"""

import dataclasses
import os
import pathlib
import shlex

import oracle
import oracle_query
from differential_patterns import Pattern


@dataclasses.dataclass(frozen=True)
class Case:
    """One question: the input, the query, and how wf is told to work."""
    files: tuple
    regexp: Pattern = None
    more: tuple = ()            # patterns of more -e
    every: bool = False         # -o
    patterns: tuple = ()        # the lines of -E's file
    subs: tuple = ()            # --sub
    key: bytes = None
    grep: tuple = ()
    vgrep: tuple = ()
    ignore_case: bool = False
    fields: str = None
    over: str = None            # -t
    delimiter: str = None       # as on the command line: \\t is a tab
    where: tuple = ()
    since: bytes = None
    until: bytes = None
    sum: str = None
    statistics: tuple = ()      # more -s
    least: int = None           # --min
    order: str = None
    log_format: str = None
    tz: str = None
    report: str = None
    reports: bytes = None       # the text of a reports file
    unmatched: bool = False
    top: int = None
    form: str = 'plain'
    jobs: int = None
    chunk: str = None
    memory: str = None
    how: str = 'file'           # file, stdin, pipe, fifo
    cpu: str = None
    missing: bool = False       # one more file, which is not there
    parts: bool = False         # each file is counted and saved by itself, then all are merged

    def inputs(self):
        """What wf is given: the files, or all their bytes as one."""
        return self.files if self.how == 'file' else (b''.join(self.files),)

    def names(self):
        """What wf calls them; a FIFO as standard input."""
        return [b'f%d' % number for number in range(len(self.files))] if self.how == 'file' else [b'standard input']

    def regexps(self):
        return (self.regexp, *self.more) if self.regexp else ()

    def told_statistics(self):
        """The values of -s."""
        return (*([self.sum] if self.sum else []), *self.statistics)

    def query(self):
        question = oracle.Question(
            regexp=tuple(p.for_python() for p in self.regexps()) or None, only_matching=self.every,
            patterns=tuple((p.pcre, p.for_python()) for p in self.patterns) or None, key=self.key, subs=self.subs, ignore_case=self.ignore_case,
            fields=self.fields and oracle.parse_fields(self.fields), over=self.over, sum=self.told_statistics(), order=self.order, least=self.least or 0)
        return oracle.Query(
            question=question, grep=tuple(p.for_python() for p in self.grep), vgrep=tuple(p.for_python() for p in self.vgrep),
            where=self.where, since=self.since, until=self.until, ignore_case=self.ignore_case, delimiter=self.delimiter,
            log_format=self.log_format or 'auto', tz=self.tz, report=self.report, reports=self.reports, top=self.top)

    def options(self):
        """The options of the command line, bytes each."""
        return self.asking() + self.printing()

    def asking(self):
        """Those that change what is counted, and its order."""
        options = []
        for pattern in self.regexps():
            options += [b'-e', pattern.pcre]
        for text in self.subs:
            options += [b'--sub', text]
        if self.patterns:
            options += [b'-E', b'patterns']
        if self.every:
            options.append(b'-o')
        for pattern in self.grep:
            options += [b'-g', pattern.pcre]
        for pattern in self.vgrep:
            options += [b'-v', pattern.pcre]
        for condition in self.where:
            options += [b'-w', condition]
        if self.ignore_case:
            options.append(b'-i')
        for name, value in (('-k', self.key), ('-f', self.fields), ('-t', self.over), ('-d', self.delimiter), *(('-s', text) for text in self.told_statistics()), ('--order', self.order), ('--min', self.least), ('--since', self.since), ('--until', self.until),
                            ('--log-format', self.log_format), ('--tz', self.tz), ('-r', self.report), ('--reports', self.reports and 'reports'),
                            ('--unmatched', 'unmatched' if self.unmatched else None), ('--chunk-size', self.chunk)):
            if value is not None:
                options += [name.encode(), value if isinstance(value, bytes) else os.fsencode(str(value))]
        return options

    def printing(self):
        """And how many are printed, by how many, and how."""
        options = []
        for name, value in (('-n', self.top), ('-j', self.jobs), ('--memory', self.memory)):
            if value is not None:
                options += [name.encode(), str(value).encode()]
        if self.form != 'plain':
            options.append(b'--' + self.form.encode())
        return options


def write_files(case, directory):
    """Writes each input to a file in directory, and the reports file; the inputs' names."""
    names = []
    for number, data in enumerate(case.inputs()):
        names.append(f'f{number}')
        pathlib.Path(directory, names[-1]).write_bytes(data)
    for name, text in oracle_query.LIST_FILES.items():
        texts = (*case.where, *map(os.fsencode, case.told_statistics()), case.reports or b'')
        if any(name in text and b'@' in text for text in texts):
            pathlib.Path(directory, name.decode()).write_bytes(text)
    if case.patterns:
        pathlib.Path(directory, 'patterns').write_bytes(b''.join(pattern.pcre + b'\n' for pattern in case.patterns))
    if case.reports:
        pathlib.Path(directory, 'reports').write_bytes(case.reports)
    return names


def shell_word(word):
    """A word for bash, any byte but NUL in it."""
    text = word.decode('latin-1')
    if all(' ' <= c <= '~' for c in text):
        return shlex.quote(text)
    return "$'" + ''.join(c if ' ' <= c <= '~' and c not in "'\\" else f'\\x{ord(c):02x}' for c in text) + "'"


def command_line(binary, case, paths):
    if case.parts:
        words = [shlex.quote(binary), *map(shell_word, case.asking())]
        save = ' '.join(words) + ' --save $f.wfs $f'
        printing = ' '.join([shlex.quote(binary), '--merge', *map(shell_word, case.printing())])
        return f'for f in {" ".join(paths)}; do {save}; done; {printing} {" ".join(path + ".wfs" for path in paths)}'
    command = f'WF_CPU={case.cpu} ' if case.cpu else ''
    command += ' '.join([shlex.quote(binary), *map(shell_word, case.options())])
    if case.how == 'stdin':
        return f'{command} < {paths[0]}'
    if case.how == 'pipe':
        return f'cat {paths[0]} | {command}'
    if case.how == 'fifo':
        return f'{command} <(cat {paths[0]})'
    return ' '.join([command, *paths, *(['nowhere'] if case.missing else [])])
