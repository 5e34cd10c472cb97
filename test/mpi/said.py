#!/usr/bin/python3
"""said.py -- what wf-mpi says where it can't do something, and that it says it once.

    test/mpi/said.py WF_MPI MPIRUN... -- LOG

Prints TAP.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

CASES = []


def case(test):
    CASES.append(test)
    return test


class Wf:
    """wf-mpi by that mpirun."""

    def __init__(self, mpirun, wf_mpi, log):
        self.mpirun, self.wf_mpi, self.log = mpirun, wf_mpi, log

    def run(self, ranks, *args, before=()):
        command = self.mpirun + ['-n', str(ranks), *before, self.wf_mpi, *args]
        return subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=60, check=False)


def refused(got, *texts):
    """Status 2, no ranking, each of these texts in what wf says, and nothing is said twice."""
    said = [line for line in got.stderr.decode(errors='replace').splitlines() if line.startswith('wf: ')]
    assert got.returncode == 2, f'status {got.returncode}'
    assert not got.stdout, got.stdout[:200]
    assert len(set(said)) == len(said) and all(text in ' '.join(said) for text in texts), said


@case
def a_mistake_is_told_once(wf, folder):
    for mistake in (['--no-such-option'], ['-f', 'clien'], ['-e', '('], ['-w', 'status=x'], ['--log-format', '%']):
        refused(wf.run(3, *mistake, wf.log), *mistake[-1:])
    refused(wf.run(3, '-f', 'client', wf.log, str(folder / 'missing')), 'missing: No such file')
    refused(wf.run(3, wf.log, before=['env', 'WF_CPU=none']), 'WF_CPU')
    refused(wf.run(3, '--save', str(folder / 'no' / 'such'), wf.log), 'such: No such file')
    refused(wf.run(3, '--merge', wf.log), 'is no snapshot')


@case
def what_is_kept_stays_where_no_answer_was_given(wf, folder):
    kept = folder / 'kept'
    for ranks in (1, 3):
        kept.mkdir()
        refused(wf.run(ranks, '--resume', str(kept), '--save', '/dev/full', wf.log), '/dev/full: No space left')
        assert list(kept.glob('*.wfs')), list(kept.iterdir())
        got = wf.run(ranks, '--resume', str(kept), '-q', wf.log)
        assert got.returncode == 0 and not list(kept.glob('*.wfs')), (got, list(kept.iterdir()))
        shutil.rmtree(kept)


@case
def ranks_of_different_minds(wf, folder):
    del folder
    for options, text in ((['--local'], "--local: differs from rank 0's"), (['--explain'], "--explain: differs from rank 0's"), (['-g', 'x'], 'lines that match x')):
        for first, other in ((options, []), ([], options)):
            if '--explain' in first:
                continue  # which is for the first alone
            refused(wf.run(1, '-f', 'client', *first, wf.log, ':', '-n', '1', wf.wf_mpi, '-f', 'client', *other, wf.log), text)


@case
def what_is_for_one_process_the_first_does_alone(wf, folder):
    saved = folder / 'saved'
    assert wf.run(3, '--save', str(saved), '-f', 'client', wf.log).returncode == 0
    expected = wf.run(1, '-f', 'client', wf.log).stdout
    for ranks in (1, 3):
        got = wf.run(ranks, '--merge', str(saved))
        assert got.returncode == 0 and got.stdout == expected and expected, got
        got = wf.run(ranks, '--explain', '-f', 'client', wf.log)
        assert got.returncode == 0 and b'client' in got.stdout, got
        got = wf.run(ranks, '--help')
        assert got.returncode == 0 and got.stdout.count(b'--top') == 1, got


@case
def progress_of_several_ranks(wf, folder):
    del folder
    refused(wf.run(3, '--progress', 'always', wf.log), '--progress: not available here')


@case
def what_an_earlier_run_told_beside_the_same_file_is_gone(wf, folder):
    (folder / 'all.wfs.progress').write_text('wf-progress 1\nhost another\n')
    assert wf.run(3, '--save', str(folder / 'all.wfs'), wf.log).returncode == 0
    assert [f.name for f in folder.iterdir()] == ['all.wfs']


def keep(wf, folder, *before):
    """Start one rank that counts, keeps, and then can't go on."""
    got = wf.run(1, '--resume', str(folder), '-f', 'client', '--chunk-size', '3000', wf.log,
                 before=[*before, 'env', 'TMPDIR=/nowhere'])
    assert got.returncode == 2 and not got.stdout
    return got


def again(wf, folder, ranks):
    return wf.run(ranks, '--resume', str(folder), '-f', 'client', '--chunk-size', '3000', wf.log)


def damage(file, at):
    whole = bytearray(file.read_bytes())
    whole[at] ^= 1
    file.write_bytes(whole)


@case
def a_kept_snapshot_is_damaged(wf, folder):
    keep(wf, folder)
    snapshot, = folder.glob('*.wfs')
    damage(snapshot, snapshot.stat().st_size // 2)
    refused(again(wf, folder, 1), f'{snapshot}: the snapshot is damaged')


@case
def what_a_kept_snapshot_holds_is_damaged(wf, folder):
    keep(wf, folder)
    done, = folder.glob('*.done')
    damage(done, 0)
    refused(again(wf, folder, 3), f'{done}: is damaged')
    done.write_bytes(done.read_bytes()[:-1])
    refused(again(wf, folder, 3), f'{done}: is damaged')


@case
def what_is_kept_of_the_plan_is_damaged(wf, folder):
    keep(wf, folder)
    plan = folder / 'plan'
    # Of a file's size, or of how it is cut, any number would do.
    damage(plan, plan.stat().st_size - 20)
    refused(again(wf, folder, 3), f'{plan}: is damaged')


@case
def two_kept_snapshots_hold_the_same(wf, folder):
    keep(wf, folder)
    for file in [*folder.glob('*.wfs'), *folder.glob('*.done')]:
        shutil.copy(file, file.with_stem(f'{file.stem}-copy'))
    refused(again(wf, folder, 3), f'{folder}: two snapshots contain the same lines (lease ')


@case
def who_keeps_is_killed(wf, folder):
    # The plan's is the first rename of the one, that of the snapshot the second of the other.
    if shutil.which('strace'):
        refused(keep(wf, folder, 'strace', '-f', '-o', '/dev/null', '-e', 'inject=rename:signal=KILL:when=2'),
                f'{folder}: the writing process died: Killed')


def main():
    split = sys.argv.index('--')
    wf_mpi, *mpirun = sys.argv[1:split]
    wf = Wf(mpirun, str(Path(wf_mpi).resolve()), sys.argv[split + 1])
    bad = 0
    for n, test in enumerate(CASES, 1):
        name = test.__name__.replace('_', ' ')
        with tempfile.TemporaryDirectory() as folder:
            try:
                test(wf, Path(folder))
                print(f'ok {n} - {name}')
            except (AssertionError, subprocess.TimeoutExpired) as why:
                bad += 1
                print(f'not ok {n} - {name}\n# {why!r}')
    print(f'1..{len(CASES)}')
    return bad != 0


if __name__ == '__main__':
    sys.exit(main())
