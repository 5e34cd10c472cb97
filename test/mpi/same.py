#!/usr/bin/python3
"""same.py -- wf-mpi prints what wf prints, for every number of ranks.

    test/mpi/same.py [--short] WF WF_MPI MPIRUN... -- LOG...

Each question is asked of wf, and of 1, 2, 3 and 5 ranks, with one worker each and with two,
by chunks so small that all ranks get some. Prints TAP.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

FORMATS = ('--json', '--csv', '--tsv')
NOTHING = ['-e', 'no such thing']
QUESTIONS = [
    [],
    ['-n', '0'],
    ['-f', 'client', '--json'],
    ['-f', 'status,method', '-s', 'bytes', '--csv'],
    ['-e', r'GET /ongoing/When/\d\d\dx/(\d\d\d\d/\d\d/\d\d/[^ .]+) '],
    NOTHING,
    ['-r', 'overview', '--tsv'],
    ['-r', 'wf2'],
    ['-f', 'hour', '--order', 'last', '-n', '5'],
    ['-f', '0', '-n', '3'],
    ['-w', 'status>=400', '-f', 'url'],
    ['-f', 'agent', '--memory', '3M', '-n', '20'],
]


def run(command):
    return subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=120, check=False)


def variants():
    for jobs in ('1', '2'):
        for chunk in ('3000', '1M'):
            yield ['-j', jobs, '--chunk-size', chunk]


def save_and_merge(start, question, logs, wf):
    """What --save of several ranks holds is what they would have printed."""
    with tempfile.TemporaryDirectory() as folder:
        name = str(Path(folder) / 'all.wfs')
        asked = [o for o in question if o not in FORMATS]
        saved = run(start + ['-j', '1', '--save', name] + asked + logs)
        if saved.returncode not in (0, 1):
            return saved
        options = [o for o in question if o in FORMATS]
        return run([wf, '--merge', name] + options)


def resume(start, again, question, logs, lose=True):
    """The first start ends before anything is put together, one rank's part of it gets lost, the
    second start, maybe of fewer ranks, counts that again, and takes the rest. Nothing is left behind."""
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / 'kept'
        command = start + ['-j', '1', '--chunk-size', '3000', '--resume', str(kept)] + question + logs
        where = len(start) - 1
        first = run(command[:where] + ['env', 'TMPDIR=/nowhere'] + command[where:])
        names = sorted(f.stem for f in kept.glob('*.wfs'))
        if first.returncode == 0 or first.stdout or not names:
            first.stderr += b'the first start: %d, kept %d' % (first.returncode, len(names))
            return first
        if lose:
            (kept / f'{names[0]}.wfs').unlink()
        second = run(again + command[len(start):])
        if list(kept.iterdir()):
            second.returncode = 99
        return second


def refusals(start, logs):
    """What was kept of something else is not taken: no ranking, status 2, and the folder as it was."""
    where = len(start) - 1
    broken = start[:where] + ['env', 'TMPDIR=/nowhere', start[where], '-j', '1', '--chunk-size', '3000']
    for name, first, then in (
            ('another query', ['-f', 'client', *logs], ['-f', 'status', *logs]),
            ('other files', ['-f', 'client', logs[0]], ['-f', 'client', logs[-1]]),
            ('other files of a host', ['--local', '-f', 'client', logs[0]], ['--local', '-f', 'client', logs[-1]]),
            ('--local before', ['--local', '-f', 'client', *logs], ['-f', 'client', *logs])):
        with tempfile.TemporaryDirectory() as folder:
            run(broken + ['--resume', folder] + first)
            before = sorted(f.name for f in Path(folder).iterdir())
            got = run(start + ['-j', '1', '--chunk-size', '3000', '--resume', folder] + then)
            after = sorted(f.name for f in Path(folder).iterdir())
            ok = bool(before) and before == after and got.returncode == 2 and not got.stdout
            yield ok, f'--resume: {name} is refused', got


def main():
    args = sys.argv[1:]
    short = args[0] == '--short'
    args = args[short:]
    split = args.index('--')
    (wf, mpi, *mpirun), logs = args[:split], args[split + 1:]
    n = bad = 0
    for question in QUESTIONS[::3] if short else QUESTIONS:
        want = run([wf, '-j', '2'] + question + logs)
        # Where wf itself fails, to fail likewise proves nothing.
        matched = question != NOTHING
        if want.returncode != (0 if matched else 1) or (matched and not want.stdout):
            sys.exit(f'same.py: wf {" ".join(question)}: status {want.returncode}: {want.stderr[:500]}')
        for ranks in ('2', '3') if short else ('1', '2', '3', '5'):
            start = mpirun + ['-n', ranks, mpi]
            got = [(v, run(start + v + question + logs)) for v in variants() if not short or v[3] == '3000'] if ranks != '5' else [
                (['-j', '1'], run(start + ['-j', '1', '--chunk-size', '3000'] + question + logs))]
            if ranks == '3' and question[:1] != ['-r']:
                got.append((['--save'], save_and_merge(start, question, logs, wf)))
            one = mpirun + ['-n', '1', mpi]
            if ranks in ('1', '2'):
                got.append((['--resume'], resume(start, start, question, logs)))
            if ranks == '3':
                got.append((['--resume, then one'], resume(start, one, question, logs)))
                # What each host has counted is one part, which nobody must lose here.
                got.append((['--local --resume, then one'],
                            resume(start, one, ['--local'] + question, logs, lose=False)))
            for variant, answer in got:
                n += 1
                same = answer.stdout == want.stdout and answer.returncode == want.returncode
                print(f'{"ok" if same else "not ok"} {n} - {ranks} ranks: {" ".join(variant + question)}')
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
