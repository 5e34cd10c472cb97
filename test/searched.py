#!/usr/bin/python3
"""searched.py -- is a log's period the same, whether wf searches for it or reads everything?

    searched.py WF_BINARY [FILES] [SEED]

Makes FILES (100) random logs with lines up to an hour out of order, and asks each for some periods: with
--slack 1h, which searches, and with --slack all.  The answers, their accounts and their exit statuses must
be the same.  Some logs are damaged: lines without a time, with a wrong one, with NULs, or as long as a sample.
Some are compressed in parts, if the programs are there.
"""

import datetime
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

HOUR = 3600
EPOCH = datetime.datetime(1970, 1, 1)
START = 1_795_000_000
COMPRESSORS = {'bgz': ('bgzip', '-c'), 'xz': ('xz', '-c', '-0', '--block-size=20000'), 'bz2': ('bzip2', '-c', '-1')}


def combined(rnd, seconds):
    offset = rnd.choice((0, 0, 0, 60, -420, 330))
    zone = f'{"-" if offset < 0 else "+"}{abs(offset) // 60:02}{abs(offset) % 60:02}'
    shown = EPOCH + datetime.timedelta(seconds=seconds, minutes=offset)
    return f'10.0.0.{rnd.randrange(256)} - - [{shown:%d/%b/%Y:%H:%M:%S} {zone}] "GET /{rnd.randrange(30)} HTTP/1.1" {rnd.choice((200, 404))} {rnd.randrange(9999)} "-" "x"'.encode()


def ndjson(rnd, seconds):
    time = rnd.choice((str(seconds), f'"{EPOCH + datetime.timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%S}.{rnd.randrange(1000):03}Z"'))
    return f'{{"time":{time},"status":{rnd.choice((200, 404))},"uri":"/{rnd.randrange(30)}","pad":"{"p" * rnd.randrange(120)}"}}'.encode()


def ltsv(rnd, seconds):
    return f'time:{EPOCH + datetime.timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%S}Z\tstatus:{rnd.choice((200, 404))}\turi:/{rnd.randrange(30)}\tua:{"a" * rnd.randrange(90)}'.encode()


def damage(rnd, line):
    return rnd.choice((b'', b'nonsense', b'\0' * 50 + line, line + b'\r', line.replace(b'Nov', b'Nox').replace(b'2026', b'20x6'), b'#' * rnd.choice((100, 5000, 70_000)), b'\xff' + line))


def make_log(rnd):
    """A log of 100 KB to 1 MB, over an hour to a month; lines are at most an hour older than one before them."""
    make = rnd.choice((combined, combined, ndjson, ltsv))
    number = rnd.choice((1000, 3000, 6000))
    step = rnd.choice((0, 5, 10, 10, 20, 60, 400, 900))
    disorder = rnd.choice((0, 5, 600, HOUR, HOUR))
    late = rnd.choice((0.5, 0.05, 0.01))
    daring = rnd.choice((0, 0, 0.01, 0.2))
    gap = rnd.randrange(number) if rnd.random() < 0.3 else None
    lines, time = [], START
    for i in range(number):
        time += rnd.randrange(2 * step + 1) + (rnd.randrange(10 ** 6) if i == gap else 0)
        line = make(rnd, time - (rnd.randrange(disorder + 1) if rnd.random() < late else 0))
        lines.append(damage(rnd, line) if i > 20 and rnd.random() < daring else line)
    return b'\n'.join(lines) + rnd.choice((b'\n', b'\n', b'')), time


def run(binary, *arguments):
    answer = subprocess.run([binary, '-n', '0', *arguments], capture_output=True, timeout=60)
    return answer.returncode, answer.stdout


def account(binary, *arguments):
    status, text = run(binary, '--json', *arguments)
    answer = json.loads(text)
    answer['query'] = None
    return status, answer


def skipped(binary, *arguments):
    text = subprocess.run([binary, '-q', '--stats', *arguments], capture_output=True, timeout=60).stderr.decode()
    return next(int(line.split()[2].replace(',', '')) for line in text.split('\n') if line.startswith('wf: skipped '))


def moments(rnd, latest):
    """--since, --until or both."""
    chosen = sorted(rnd.randrange(START - HOUR, latest + HOUR) for _ in range(2))
    if rnd.random() < 0.2:
        return ['--since', f'end-{rnd.randrange(1, latest - START + 2)}s']
    if rnd.random() < 0.5:
        chosen[1] = chosen[0] + rnd.choice((1, 60, HOUR, 5 * HOUR))
    options = [['--since', str(chosen[0])], ['--until', str(chosen[1])]]
    kept = rnd.choice((options, options, options[:1], options[1:]))
    return [word for option in kept for word in option]


class Tester:
    def __init__(self, binary, directory):
        self.binary, self.directory = binary, directory
        self.asked = self.failed = self.saved = 0
        self.compressors = {name: words for name, words in COMPRESSORS.items() if shutil.which(words[0])}

    def write(self, rnd, log):
        """The name of a file with the log, perhaps compressed."""
        name = os.path.join(self.directory, 'log')
        with open(name, 'wb') as file:
            file.write(log)
        if not self.compressors or rnd.random() < 0.6:
            return name
        end, words = rnd.choice(sorted(self.compressors.items()))
        with open(f'{name}.{end}', 'wb') as file:
            subprocess.run([*words, name], stdout=file, check=True)
        return f'{name}.{end}'

    def ask(self, rnd, number):
        log, latest = make_log(rnd)
        names = [self.write(rnd, log)]
        for _ in range(3):
            period = moments(rnd, latest)
            query = rnd.choice((['-f', 'status'], ['-f', 'url'], ['-f', 'time'], ['-e', '/([0-9]+)'], ['-g', '/7', '-f', 'url'], ['-w', 'status=404']))
            way = ['-j', rnd.choice('134'), *rnd.choice(([], ['--chunk-size', '1000'], ['--chunk-size', '70K'], ['--mmap', 'always']))]
            arguments = [*query, *period, *names]
            for ask in (run, account):
                self.asked += 1
                if ask(self.binary, '--slack', '1h', *way, *arguments) != ask(self.binary, '--slack', 'all', *arguments):
                    self.failed += 1
                    kept = f'{tempfile.mkdtemp(prefix="wf-searched-")}/{os.path.basename(names[0])}'
                    shutil.copy(names[0], kept)
                    print(f'FAILED {number}: {self.binary} -n 0 {" ".join([*way, *query, *period])} {kept} (and --slack all)')
                    return
            self.saved += skipped(self.binary, *arguments) > 0


def main():
    binary = os.path.abspath(sys.argv[1])
    files, seed = (int(word) for word in (sys.argv[2:] + ["100", "1"][len(sys.argv) - 2:])[:2])
    with tempfile.TemporaryDirectory(prefix='wf-searched-') as directory:
        tester = Tester(binary, directory)
        for number in range(files):
            tester.ask(random.Random(f'{seed}/{number}'), number)
    print(f'of {files} logs, parts were skipped for {tester.saved} periods')
    failed = tester.failed + (tester.saved < files / 2)
    print(f'{tester.asked - tester.failed} passed, {failed} failed')
    return failed > 0


if __name__ == '__main__':
    sys.exit(main())
