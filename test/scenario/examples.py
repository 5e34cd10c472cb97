"""examples.py WF manual|readme N -- run what the manual or the README says that one can type, and count the same otherwise.

In the current folder it makes the logs that they name.  Each example of wf.1 must have its entry here; fewer than N
examples are a failure.  What can't be compared, as the other program is not here, is told by a line "not here: ...".
"""

import argparse
import bisect
import collections
import datetime
import fractions
import gzip
import json
import os
import re
import shlex
import shutil
import subprocess
import sys

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LINE = re.compile(r'(\S+) \S+ \S+ \[(\d+)/(\w+)/(\d+):(\d+):(\d+):(\d+) [^]]*\] "(.*?)" (\d+) (\S+) "(.*?)" "(.*?)"')
MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split()
BOT = re.compile('bot|crawl|spider', re.I)
FORMAT = ('$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent '
          '"$http_referer" "$http_user_agent" $request_time $upstream_response_time')


# --- The logs ------------------------------------------------------------------------


def mklog(*arguments):
    return subprocess.run([f'{TREE}/data/mklog', *arguments], stdout=subprocess.PIPE, check=True).stdout.decode()


def times(i):
    """Of the i-th line: that of the request, and of the server behind it."""
    return f'{i * 7919 % 2500 / 1000:.3f}', f'{i * 7919 % 2500 * 0.9 / 1000:.3f}'


def make_logs(keep=lambda line: True):
    logs = {'access.log': mklog('-n', '3000', '-s', '5'), 'access.log.1': mklog('-n', '900', '-s', '6'),
            'access.log.2': mklog('-n', '700', '-s', '7')}
    logs = {name: ''.join(filter(keep, text.splitlines(True))) for name, text in logs.items()}
    with open('access.log', 'w') as log:
        log.write(logs['access.log'])
    os.makedirs('nginx/old')
    for name in ('access.log.1', 'access.log.2'):
        with gzip.open(f'{name}.gz', 'wt') as log:
            log.write(logs[name])
        shutil.copy(f'{name}.gz', 'nginx/old')
    shutil.copy('access.log', 'nginx')
    with open('timed.log', 'w') as log:
        for i, line in enumerate(logs['access.log'].splitlines()):
            log.write(f'{line} {times(i)[0]} {times(i)[1]}\n')
    with open('format', 'w') as file:
        file.write(FORMAT + '\n')
    os.mkdir('bin')
    with open('bin/date', 'w') as file:
        file.write('#!/bin/sh\necho 2006-10-01T07:00:00\n')
    os.chmod('bin/date', 0o755)
    os.symlink(os.path.abspath(sys.argv[1]), 'bin/wf')
    return {name: read(text) for name, text in logs.items()}


def read(text):
    rows = []
    for i, line in enumerate(text.splitlines()):
        client, d, month, year, h, m, s, request, status, size, referrer, agent = LINE.match(line).groups()
        time = f'{year}-{MONTHS.index(month) + 1:02}-{d}T{h}:{m}:{s}'
        row = dict(client=client, time=time, day=time[:10], hour=time[:13], minute=time[:16], status=status, line=line,
                   bytes=int(size) if size != '-' else 0, referrer=referrer, agent=agent, kind=status[0] + 'xx', at=i)
        row['class'] = row['kind']
        row['site'] = re.sub(r'^\w+://([^/:]*).*', r'\1', referrer) if '://' in referrer else '-'
        if ' ' in request:
            row['method'], row['url'] = request.split(' ')[:2]
            row['path'] = row['url'].split('?')[0]
            last = row['path'].rsplit('/', 1)[-1]
            row['ext'] = last.rsplit('.', 1)[1] if '.' in last else '-'
        rows.append(row)
    return rows


# --- Counting ------------------------------------------------------------------------


def rank(rows, fields='url', keep=lambda row: True, top=10, add=None, by_key=False):
    """What wf prints of it into a pipe."""
    counts, sums = collections.Counter(), collections.Counter()
    for row in rows:
        if all(name in row for name in fields.split(',')) and keep(row):
            key = '\t'.join(row[name] for name in fields.split(','))
            counts[key] += 1
            sums[key] += add(row) if add else 1
    order = sorted(counts, key=(lambda k: k.encode()) if by_key else (lambda k: (-sums[k], k.encode())))
    shown = (lambda k: f'{sums[k]:7} {counts[k]:7} {k}') if add else (lambda k: f'{counts[k]:7} {k}')
    return ''.join(shown(key) + '\n' for key in order[:top or None])


def a_day(rows):
    """How many clients each day had, as uniq -c prints it."""
    clients = collections.Counter(day for day, _ in {(row['day'], row['client']) for row in rows})
    return ''.join(f'{clients[day]:7} {day}\n' for day in sorted(clients))


def captured(rows, pattern, template):
    found = [re.search(pattern, row['line']) for row in rows]
    return rank([{'url': m.expand(template)} for m in found if m])


def csv(ranking, header):
    lines = [f'{count},{key}' for count, key in (line.split(None, 1) for line in ranking.splitlines())]
    return ''.join(line.replace('\t', ',') + '\r\n' for line in [header, *lines])


def with_times(row):
    taken, behind = times(row['at'])
    return int(taken.replace('.', '')), float(behind)


def decimal(thousandths):
    return re.sub(r'\.?0+$', '', f'{thousandths / 1000:.3f}')


def time_by(rows, field):
    """Sums with a fraction, which rank does not write."""
    counts, sums = collections.Counter(), collections.Counter()
    for row in (row for row in rows if field in row):
        counts[row[field]] += 1
        sums[row[field]] += with_times(row)[0]
    return counts, sums


def slowest(rows):
    counts, sums = time_by(rows, 'path')
    order = sorted(counts, key=lambda k: (-sums[k], k.encode()))[:10]
    return ''.join(f'{decimal(sums[k]):>7} {counts[k]:7} {k}\n' for k in order)


def rounded(milliseconds):
    """As seconds, rounded to three digits."""
    step = 10 ** max(0, len(str(milliseconds)) - 3)
    return (milliseconds + step // 2) // step * step / 1000


def slow_on_the_average(rows):
    """The average of the times, and the 99th percentile of the rounded times, of URLs that have ten of them."""
    found = collections.defaultdict(list)
    for row in (row for row in rows if 'url' in row):
        found[row['url']].append(with_times(row)[0])
    means = {k: fractions.Fraction(sum(v), 1000 * len(v)) for k, v in found.items() if len(v) >= 10}
    order = sorted(means, key=lambda k: (-means[k], k.encode()))[:10]
    assert len(order) > 3
    slow = {k: min(rounded(sorted(found[k])[-(-99 * len(found[k]) // 100) - 1]), max(found[k]) / 1000) for k in order}
    return ''.join(f'{plain(round(means[k] * 10**9) / 10**9):>7} {plain(slow[k]):>7} {k}\n' for k in order)


def ranges_of_times(rows):
    """How many times, in milliseconds, are in each range between 1, 2, 5, 10 and so on; 0 is a range."""
    bounds = [0] + [step * 10 ** power for power in range(5) for step in (1, 2, 5)]
    counts = collections.Counter()
    for row in rows:
        at = bisect.bisect(bounds, with_times(row)[0])
        counts[(bounds[at - 1], bounds[at] if at > 1 else 0)] += 1
    return ''.join(f'{n:7} {plain(low / 1000)}..{plain(high / 1000)}\n' for (low, high), n in sorted(counts.items()))


def plain(number):
    return f'{number:.9f}'.rstrip('0').rstrip('.')


def clients_and_errors(rows):
    """Clients, requests and the percentage of errors of each path."""
    clients, all, errors = collections.defaultdict(set), collections.Counter(), collections.Counter()
    for row in (row for row in rows if 'path' in row):
        clients[row['path']].add(row['client'])
        all[row['path']] += 1
        errors[row['path']] += row['status'] >= '400'
    order = sorted(all, key=lambda k: (-len(clients[k]), k.encode()))[:10]
    return ''.join(f'{len(clients[k]):7} {all[k]:7} {plain(100 * errors[k] / all[k]):>7} {k}\n' for k in order)


def examples(logs):
    log, everything = logs['access.log'], logs['access.log'] + logs['access.log.1'] + logs['access.log.2']
    old = logs['access.log.1'] + logs['access.log.2']
    missing = lambda row: row['status'] == '404'
    newest = datetime.datetime.fromisoformat(max(row['time'] for row in log))
    last_hour = (newest - datetime.timedelta(hours=1)).isoformat()
    bot = lambda row: bool(BOT.search(row['agent']))
    passwd = [{'url': line.rstrip('\n').split(':')[6]} for line in open('/etc/passwd')]
    return {
        'wf access.log': rank(log),
        'wf -f client -n 20 access.log': rank(log, 'client', top=20),
        'wf -f client -s bytes access.log': rank(log, 'client', add=lambda r: r['bytes']),
        'wf -f ext -s bytes access.log': rank(log, 'ext', add=lambda r: r['bytes']),
        'wf -f path access.log': rank(log, 'path'),
        'wf -n 0 --tsv -f day,client access.log | sed 1d | cut -f 2 | sort | uniq -c': a_day(log),
        'wf -f url,referrer -w status=404 access.log': rank(log, 'url,referrer', missing),
        "wf -f site,url -w 'status=404 and site not in (-,www.example.org)' access.log":
            rank(log, 'site,url', lambda r: missing(r) and r['site'] not in ('-', 'www.example.org')),
        'wf -f client -w status=404 access.log': rank(log, 'client', missing),
        'wf -n 0 -f hour --order key -w url=/ongoing/ongoing.atom access.log':
            rank(log, 'hour', lambda r: r.get('url') == '/ongoing/ongoing.atom', 0, by_key=True),
        'wf -n 0 -f day -s bytes --order key access.log':
            rank(log, 'day', top=0, add=lambda r: r['bytes'], by_key=True),
        'wf -f minute access.log': rank(log, 'minute'),
        "wf -f status,url -w 'status>=500' -w 'time>=2006-10-01T07' access.log":
            rank(log, 'status,url', lambda r: r['status'] >= '500' and r['time'] >= '2006-10-01T07'),
        "wf -w 'status>=500' --since end-1h access.log":
            rank(log, 'url', lambda r: r['status'] >= '500' and r['time'] >= last_hour),
        'wf -f class access.log': rank(log, 'class'),
        "wf -f url -w 'status~^30[1278]$' access.log":
            rank(log, 'url', lambda r: r['status'] in ('301', '302', '307', '308')),
        'wf --csv -f method,status access.log': csv(rank(log, 'method,status'), 'count,method,status'),
        "wf -q --stats -i -w 'agent~bot|crawl|spider' access.log": (
            '', f'wf: matched {sum(bot(r) and "url" in r for r in log):>24,}'),
        "wf -i -f agent -w 'agent~bot|crawl|spider' access.log": rank(log, 'agent', bot),
        "wf -i -w 'agent!~bot|crawl|spider' access.log": rank(log, 'url', lambda r: not bot(r)),
        'wf -n 0 -f minute,status,url --order key -w client=192.0.2.1 access.log':
            rank(log, 'minute,status,url', lambda r: r['client'] == '192.0.2.1', 0, by_key=True),
        r"wf -w 'client~^192\.0\.2\.' access.log": rank(log, 'url', lambda r: r['client'].startswith('192.0.2.')),
        '''wf --log-format "$(cat format)" -w 'request_time>=1' timed.log''':
            rank(log, 'url', lambda r: with_times(r)[0] >= 1000),
        'wf --log-format "$(cat format)" -f path -s request_time timed.log': slowest(log),
        "wf -w 'request_time>=1' timed.log": rank(log, 'url', lambda r: with_times(r)[0] >= 1000),
        'wf -f path -s request_time timed.log': slowest(log),
        'wf --min 10 -s avg,p99:request_time timed.log': slow_on_the_average(log),
        'wf -n 0 -f request_time/log --order key timed.log': ranges_of_times(log),
        "wf -f path -s uniq:client,count -s 'pct:status>=400' access.log": clients_and_errors(log),
        'wf -w status=404 access.log access.log.*.gz': rank(everything, 'url', missing),
        'zcat access.log.*.gz | wf -f client': rank(old, 'client'),
        'wf -w status=404 -R /var/log/nginx': rank(everything, 'url', missing),
        r"wf -e 'GET /ongoing/When/(\d\d\dx)/' access.log": captured(log, r'GET /ongoing/When/(\d\d\dx)/', r'\1'),
        r'''wf -e '"([A-Z]+) [^"]*" (\d)\d\d ' -k '$1 $2xx' access.log''':
            captured(log, r'"([A-Z]+) [^"]*" (\d)\d\d ', r'\1 \2xx'),
        'wf -d : -f 7 /etc/passwd': rank(passwd),
        'wf -r overview access.log': lambda answer: all(
            rank(log, name, top=10) in answer for name in ('url', 'client', 'status')) or sys.exit(answer),
        'wf -r overview --html access.log > report.html': lambda answer: all(
            line.split()[1] in open('report.html').read() for line in rank(log, 'client').splitlines()) or sys.exit('no page'),
        "wf --json access.log | jq -r '.reports[0].rows[] | [.count, .key] | @tsv'":
            ''.join('{}\t{}\n'.format(*line.split()) for line in rank(log).splitlines()),
        "wf -q -e 'GET /ongoing/ongoing.atom' access.log && echo yes": 'yes\n',
        'wf -q --unmatched - access.log': (
            '', ''.join(f'access.log:{r["at"] + 1}:{r["line"]}\n' for r in log if 'url' not in r)),
    }


# --- What is printed -----------------------------------------------------------------


def in_manual():
    """The commands of EXAMPLES, which may have several lines."""
    text = open(f'{TREE}/wf.1').read()
    text = text[text.index('.Sh EXAMPLES'):text.index('.Sh SEE ALSO')]
    blocks = re.findall(r'^\.Bd -literal.*?\n(.*?)^\.Ed$', text, re.S | re.M)
    for block in blocks:
        for command in ('\n' + block.replace(r'\e', '\\')).split('\n$ ')[1:]:
            yield command.rstrip('\n')


def in_readme():
    """The commands that a table has beside those of others: (theirs, ours)."""
    text = open(f'{TREE}/README.md').read()
    for cells in re.findall(r'^\| `(.*?)` \| `(wf .*?)` \|$', text, re.M):
        yield [cell.replace(r'\|', '|') for cell in cells]


def run(command):
    command = command.replace('/var/log/nginx', 'nginx')
    got = subprocess.run(['bash', '-c', command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60,
                         env={**os.environ, 'PATH': f'{os.getcwd()}/bin:{os.environ["PATH"]}'})
    got.stdout, got.stderr = got.stdout.decode(), got.stderr.decode()
    return got


def agrees(got, expected):
    if callable(expected):
        expected(got.stdout)
        return True
    if isinstance(expected, tuple):
        return got.stdout == expected[0] and expected[1] and expected[1] in got.stderr
    return expected and got.stdout == expected


def check_manual():
    expected, bad = examples(make_logs()), 0
    commands = list(in_manual())
    for command in commands:
        got = run(command)
        if command not in expected:
            print(f'no other way to count: {command}')
        elif got.returncode != 0 or not agrees(got, expected[command]):
            print(f'{command}\n--- status {got.returncode}, got:\n{got.stdout}{got.stderr}--- expected:\n'
                  f'{expected[command]}')
        else:
            continue
        bad += 1
    for command in expected.keys() - set(commands):
        print(f'not in wf.1: {command}')
        bad += 1
    return len(commands), bad


def topfew(options):
    """What topfew counts, by tools that are everywhere: columns between blanks, of lines that match all of -g."""
    parser = argparse.ArgumentParser()
    parser.add_argument('-n', type=int, default=10)
    parser.add_argument('-f', required=True)
    parser.add_argument('-g', action='append', default=[])
    parser.add_argument('file')
    asked = parser.parse_args(options)
    kept = ''.join(f' | grep -E -e {shlex.quote(regexp)}' for regexp in asked.g)
    return (f"cat {shlex.quote(asked.file)}{kept} | awk '{{print ${asked.f}}}' | "
            f'sort | uniq -c | sort -rn | head -n {asked.n}')


def runnable(command):
    """The command, or another that counts the same; None if its program is not here."""
    program, *options = shlex.split(command)
    if shutil.which(program):
        return command
    return topfew(options) if program == 'topfew' else None


def rows_of(text):
    """Any program's rows as (count, key); of those of equal counts, which are first is a matter of taste."""
    rows = [line.split() for line in text.splitlines() if line.strip()]
    return sorted(((int(row[0]), ' '.join(row[1:])) for row in rows), key=lambda r: (-r[0], r[1]))


def same_rows(theirs, ours):
    """The same, but for which of equal counts come last."""
    a, b = rows_of(theirs), rows_of(ours)
    last = a[-1][0] if len(a) > 1 else 0
    return a and [r[0] for r in a] == [r[0] for r in b] and [r for r in a if r[0] > last] == [r for r in b if r[0] > last]


def check_readme():
    # GoAccess takes only addresses for clients, and awk no request without blanks.
    make_logs(lambda line: line[0].isdigit() and '"-" 408' not in line)
    pairs, bad = list(in_readme()), 0
    for theirs, ours in pairs:
        got = run(ours)
        if got.returncode != 0 or not got.stdout:
            print(f'{ours}\n--- status {got.returncode}:\n{got.stdout}{got.stderr}')
            bad += 1
        command = runnable(theirs)
        if not command:
            print(f'not here: {theirs}')
            continue
        other = run(command)
        if not same_rows(other.stdout, got.stdout):
            print(f'{command}\n--- got:\n{other.stdout}{other.stderr}{ours}\n--- got:\n{got.stdout}')
            bad += 1
    return len(pairs), bad


n, failures = {'manual': check_manual, 'readme': check_readme}[sys.argv[2]]()
print(f'{n} examples, {failures} bad')
sys.exit(failures > 0 or n < int(sys.argv[3]))
