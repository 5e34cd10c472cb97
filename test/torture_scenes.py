"""torture_scenes.py -- the runs of wf in which allocations and calls fail: together, they use every module and format.
"""

import bz2
import dataclasses
import functools
import json
import os
import pathlib
import re
import shlex
import subprocess

import damage
from torture_runs import MKLOG, Ask

LINES = 400


# Inputs

def log_lines(lines, seed):
    return subprocess.run([MKLOG, '-n', str(lines), '-s', str(seed)], stdout=subprocess.PIPE, check=True).stdout


COMBINED = re.compile(r'(\S+) - (\S+) \[([^]]*)\] "([^"]*)" (\d+) (\S+) "([^"]*)" "([^"]*)"')


def as_json(field):
    client, user, time, request, status, size, referrer, agent = field
    return json.dumps({'remote_addr': client, 'remote_user': user, 'time_local': time, 'request': request, 'status': int(status),
                       'nested': {'a': ['\u00e9', 1.5]}, 'body_bytes_sent': size, 'http_referer': referrer, 'http_user_agent': agent})


def as_ltsv(field):
    return '\t'.join(f'{name}:{value}' for name, value in zip(('host', 'user', 'time', 'req', 'status', 'size', 'referer', 'ua'), field))


def as_w3c(field):
    day, month, year, time = re.match(r'(\d+)/(\w+)/(\d+):(\S+)', field[2]).groups()
    number = 1 + ('Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec').index(month)
    method, url = (field[3].split() + ['-', '-'])[:2]
    return f'{year}-{number:02}-{day} {time} {field[0]} {method} {url.partition("?")[0]} {field[4]} {field[5]}'


W3C_HEAD = ('#Version: 1.0', '#Fields: date time c-ip cs-method cs-uri-stem sc-status sc-bytes')


def as_csv(field):
    return ','.join((field[4], field[3].partition(' ')[0], field[5], field[0]))


REPORTS = r'''
top = 5
where = status!=408
[Pages]
fields = url
where = status=200
[Traffic]
fields = client,status
sum = bytes
[Letters]
regexp = "GET (/[a-z])
key = $1
'''

PROGRESS = '''wf-progress 1
host elsewhere
place other/pid
pid 1
born 1
seconds 12
state ended
status 0
done 12
total 12
'''


class Inputs:
    """Files for the scenes, each in one format and compressed in one way."""

    def __init__(self, binary, directory):
        self.binary = binary
        self.directory = os.path.join(directory, 'inputs')
        os.makedirs(os.path.join(self.directory, 'logs', 'deep', 'deeper'), exist_ok=True)

    def write(self, name, data):
        path = os.path.join(self.directory, name)
        pathlib.Path(path).write_bytes(data)
        return path

    @functools.lru_cache(maxsize=None)
    def file(self, name):
        return getattr(self, 'make_' + re.sub(r'\W', '_', name))(name)

    @staticmethod
    @functools.lru_cache(maxsize=None)
    def text(seed=1, lines=LINES):
        return log_lines(lines, seed)

    def converted(self, convert, head=()):
        fields = (match.groups() for match in map(COMBINED.fullmatch, self.text().decode().splitlines()) if match)
        return '\n'.join([*head, *map(convert, fields), '']).encode()

    def make_log(self, name):
        return self.write(name, self.text() + b'not a line of a log\n' * 3)

    def make_log_gz(self, name):
        return self.write(name, damage.bgzf(self.text()).join())

    def make_log_bz2(self, name):
        return self.write(name, bz2.compress(self.text(2, 1500), 1))

    def make_json_zst(self, name):
        return self.write(name, damage.zstd_seekable(self.converted(as_json)).join())

    def make_ltsv_xz(self, name):
        return self.write(name, damage.xz_multi_block(self.converted(as_ltsv)).join())

    def make_w3c(self, name):
        return self.write(name, self.converted(as_w3c, W3C_HEAD))

    def make_w3c_lz4(self, name):
        return self.write(name, damage.lz4(self.converted(as_w3c, W3C_HEAD)).join())

    def make_csv(self, name):
        return self.write(name, self.converted(as_csv))

    def make_keys(self, name):
        return self.write(name, b''.join(b'key%d %d\n' % (n * 7919 % 210011, n % 1000) for n in range(210000)))

    def make_few_keys(self, name):
        return self.write(name, b''.join(b'key%d %d\n' % (n * 7919 % 8009, n % 1000) for n in range(12000)))

    def make_reports(self, name):
        return self.write(name, REPORTS.encode())

    def make_logs(self, name):
        self.write('logs/a.log', self.text(3) + b'no\n')
        self.write('logs/deep/b.gz', damage.gzip_members(self.text(4)).join())
        self.write('logs/deep/deeper/c.log', self.text(5, 50))
        self.write('logs/deep/binary', bytes(range(256)) * 10)
        return os.path.join(self.directory, name)

    def make_saved(self, name):
        for number in (1, 2):
            log = self.write(f'{number}.log', self.text(number))
            subprocess.run([self.binary, '--save', os.path.join(self.directory, f'{name}{number}'), '-f', 'url,status', '-s', 'bytes', log],
                           check=True, stderr=subprocess.DEVNULL)
        return os.path.join(self.directory, name)

    def make_many(self, name):
        for number in (1, 2):
            subprocess.run([self.binary, '--save', os.path.join(self.directory, f'{name}{number}'), '-f', '1', '-s', '2',
                            self.file(('keys', 'few_keys')[number - 1])], check=True)
        return os.path.join(self.directory, name)

    def make_finished(self, name):
        self.write(name + '.progress', PROGRESS.encode())
        return os.path.join(self.directory, name)


# Scenes

@dataclasses.dataclass(frozen=True)
class Scene:
    """A run of wf.  In options and files, {NAME} is an input's path; piped, the first file comes through a pipe."""
    options: str
    files: str
    piped: bool = False

    def ask(self, inputs):
        def path(word):
            return re.sub(r'\{(\w[\w.]*)\}', lambda match: inputs.file(match[1]), word)
        return Ask(tuple(map(path, shlex.split(self.options))), list(map(path, self.files.split())), self.piped)


TWO = '-j2 --chunk-size 10K'
SCENES = {
    'text': Scene(f'-n0 -f url,client,time,class,ext,site,@host -w status>=200 -w agent~o -g GET -v bot {TWO}', '{log}'),
    'regex': Scene(rf"""-n0 --csv -i -e '(\S+).*"(\w+)\s(/\w)' -k '$2:$1' {TWO}""", '{log.gz} {log}'),
    'backtracking': Scene(r"-n0 -j1 -e '^(?!.*?.*?\x01)(\S+)'", '{log}'),
    'json': Scene(f'--json -f status,agent -s bytes {TWO}', '{json.zst}'),
    'ltsv': Scene(f'--tsv -f url,status --order key {TWO}', '{ltsv.xz}'),
    'w3c': Scene(f'-n0 -f path,status,hour -w bytes>100 {TWO}', '{w3c.lz4} {w3c}'),
    'csv': Scene(f'-n0 -d , -f 2,4 -s 3 -w 1>=200 --progress always {TWO}', '{csv} {csv}', piped=True),
    'html': Scene(f'--html -r overview {TWO}', '{log.bz2}'),
    'widefinder': Scene('-r wf2 -j1', '{log}'),
    'reports': Scene('--reports {reports} --format table --color always --stats -j1', '{log} {log.gz}'),
    'unmatched': Scene(f'--unmatched unmatched --log-format combined {TWO} -R', '{logs}'),
    'formats': Scene("""-n0 -f url --log-format '%h %l %u %t "%r" %>s %b' -j1 --mmap never""", '{log}'),
    'spill': Scene('-n0 -f 1 -s 2 --memory 64K -j2 --chunk-size 40K', '{few_keys}'),
    'rankers': Scene('-n5 -f 1 -j2', '{keys}'),
    'save': Scene(f'--save saved -f url,client --memory 64K {TWO}', '{log} {log.gz}'),
    'sort': Scene('--save saved -f 1 -s 2 --memory 64K -j2 --chunk-size 40K', '{few_keys}'),
    'merge': Scene('--merge --json -n0', '{saved}1 {saved}2'),
    'add': Scene('--merge --save saved', '{saved}1 {saved}2'),
    'merged': Scene('--merge --html', '{saved}2', piped=True),
    'many': Scene('--merge -n0 --tsv --memory 64K', '{many}1 {many}2'),
    'watch': Scene('--watch', '{finished}'),
    'explain': Scene('--explain -f url -w status=200', '{log.gz} {json.zst}'),
    'help': Scene('--help=all', ''),
    'completion': Scene('--completion zsh', ''),
}
