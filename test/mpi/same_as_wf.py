#!/usr/bin/python3
"""same_as_wf.py -- wf-mpi prints what wf prints, for every number of ranks.

    test/mpi/same_as_wf.py [--short] WF WF_MPI MPIRUN... -- LOG...

Each query is run by wf, and by 1, 2, 3 and 5 ranks of wf-mpi, with one worker each and with two. Some
chunks are so small that every rank gets several. Prints TAP.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

FORMATS = ('--json', '--csv', '--tsv')
NO_MATCH = ['-e', 'no such thing']
QUERIES = [
    [],
    ['-n', '0'],
    ['-f', 'client', '--json'],
    ['-f', 'status,method', '-s', 'bytes', '--csv'],
    ['-e', r'GET /ongoing/When/\d\d\dx/(\d\d\d\d/\d\d/\d\d/[^ .]+) '],
    NO_MATCH,
    ['-r', 'overview', '--tsv'],
    ['-r', 'wf2'],
    ['-f', 'hour', '--order', 'last', '-n', '5'],
    ['-t', '1m', '-f', 'class', '-s', 'uniq:client', '--csv'],
    ['-t', 'auto', '-s', 'p90:bytes', '--json'],
    ['-f', '0', '-n', '3'],
    ['-w', 'status>=400', '-f', 'url'],
    ['--since', '2006-10-01T06:40-07:00', '--until', '2006-10-01T07:10-07:00', '-g', 'GET', '-n', '0'],
    ['-f', 'agent', '--memory', '3M', '-n', '20'],
]


def run(command):
    return subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=300, check=False)


def variants():
    for jobs in ('1', '2'):
        for chunk in ('3000', '1M'):
            yield ['-j', jobs, '--chunk-size', chunk]


def save_and_merge(start, query, logs, wf):
    """Several ranks save a snapshot, and wf prints it: that must be what the ranks would have printed."""
    with tempfile.TemporaryDirectory() as directory:
        name = str(Path(directory) / 'all.wfs')
        counted = [o for o in query if o not in FORMATS]
        saved = run(start + ['-j', '1', '--save', name] + counted + logs)
        if saved.returncode not in (0, 1):
            return saved
        options = [o for o in query if o in FORMATS]
        return run([wf, '--merge', name] + options)


def resume(start, start_again, query, logs, lose=True):
    """The first start fails before the results are merged, and one rank's snapshot gets lost. The
    second start, perhaps with fewer ranks, counts that part again, and reads the other snapshots. The
    directory must be empty afterwards."""
    with tempfile.TemporaryDirectory() as directory:
        checkpoint = Path(directory) / 'checkpoint'
        command = start + ['-j', '1', '--chunk-size', '3000', '--resume', str(checkpoint)] + query + logs
        where = len(start) - 1
        first = run(command[:where] + ['env', 'TMPDIR=/nowhere'] + command[where:])
        names = sorted(f.stem for f in checkpoint.glob('*.wfs'))
        if first.returncode == 0 or first.stdout or not names:
            first.stderr += b'the first start: status %d, %d snapshots' % (first.returncode, len(names))
            return first
        if lose:
            (checkpoint / f'{names[0]}.wfs').unlink()
        second = run(start_again + command[len(start):])
        if list(checkpoint.iterdir()):
            second.returncode = 99
        return second


def refusals(start, logs):
    """Snapshots of something else are rejected: no ranking, status 2, and the directory is unchanged."""
    where = len(start) - 1
    broken = start[:where] + ['env', 'TMPDIR=/nowhere', start[where], '-j', '1', '--chunk-size', '3000']
    for name, first, then in (
            ('another query', ['-f', 'client', *logs], ['-f', 'status', *logs]),
            ('other files', ['-f', 'client', logs[0]], ['-f', 'client', logs[-1]]),
            ('other files of a host', ['--local', '-f', 'client', logs[0]], ['--local', '-f', 'client', logs[-1]]),
            ('--local before', ['--local', '-f', 'client', *logs], ['-f', 'client', *logs])):
        with tempfile.TemporaryDirectory() as directory:
            run(broken + ['--resume', directory] + first)
            before = sorted(f.name for f in Path(directory).iterdir())
            got = run(start + ['-j', '1', '--chunk-size', '3000', '--resume', directory] + then)
            after = sorted(f.name for f in Path(directory).iterdir())
            ok = bool(before) and before == after and got.returncode == 2 and not got.stdout
            yield ok, f'--resume: {name}: rejected', got


def main():
    args = sys.argv[1:]
    short = args[0] == '--short'
    args = args[short:]
    split = args.index('--')
    (wf, mpi, *mpirun), logs = args[:split], args[split + 1:]
    n = bad = 0
    for query in QUERIES[::3] if short else QUERIES:
        want = run([wf, '-j', '2'] + query + logs)
        # If wf itself failed, a failure of wf-mpi would prove nothing.
        matched = query != NO_MATCH
        if want.returncode != (0 if matched else 1) or (matched and not want.stdout):
            sys.exit(f'same_as_wf.py: wf {" ".join(query)}: status {want.returncode}: {want.stderr[:500]}')
        for ranks in ('2', '3') if short else ('1', '2', '3', '5'):
            start = mpirun + ['-n', ranks, mpi]
            got = [(v, run(start + v + query + logs)) for v in variants() if not short or v[3] == '3000'] if ranks != '5' else [
                (['-j', '1'], run(start + ['-j', '1', '--chunk-size', '3000'] + query + logs))]
            if ranks == '3' and query[:1] != ['-r']:
                got.append((['--save'], save_and_merge(start, query, logs, wf)))
            one = mpirun + ['-n', '1', mpi]
            if ranks in ('1', '2'):
                got.append((['--resume'], resume(start, start, query, logs)))
            if ranks == '3':
                got.append((['--resume, then one'], resume(start, one, query, logs)))
                # Each host saves one snapshot, so here nothing would be left if one got lost.
                got.append((['--local --resume, then one'],
                            resume(start, one, ['--local'] + query, logs, lose=False)))
            for variant, answer in got:
                n += 1
                same = answer.stdout == want.stdout and answer.returncode == want.returncode
                print(f'{"ok" if same else "not ok"} {n} - {ranks} ranks: {" ".join(variant + query)}')
                if same:
                    continue
                bad += 1
                print(f'# status {answer.returncode}, not {want.returncode}')
                for line in answer.stderr.decode(errors='replace').splitlines()[:8]:
                    print('#', line)
                for line in answer.stdout.decode(errors='replace').splitlines()[:4]:
                    print('# got', line)
    for ok, name, answer in refusals(mpirun + ['-n', '2', mpi], logs):
        n += 1
        bad += not ok
        print(f'{"ok" if ok else "not ok"} {n} - {name}')
        if not ok:
            print(f'# status {answer.returncode}', answer.stdout[:200], answer.stderr[:500])
    print(f'1..{n}')
    return bad != 0


if __name__ == '__main__':
    sys.exit(main())
