#!/usr/bin/python3
"""messages.py -- which message wf-mpi prints if it can't do something; it prints each message once.

    test/mpi/messages.py WF_MPI MPIRUN... -- LOG

Prints TAP.
"""

import os
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
    """wf-mpi, started by that mpirun."""

    def __init__(self, mpirun, wf_mpi, log):
        self.mpirun, self.wf_mpi, self.log = mpirun, wf_mpi, log

    def run(self, ranks, *args, before=()):
        command = self.mpirun + ['-n', str(ranks), *before, self.wf_mpi, *args]
        return subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=300, check=False)


def refused(got, *texts):
    """Status 2, no ranking, each of these texts in a message, and no message twice."""
    messages = [line for line in got.stderr.decode(errors='replace').splitlines() if line.startswith('wf: ')]
    assert got.returncode == 2, f'status {got.returncode}'
    assert not got.stdout, got.stdout[:200]
    assert len(set(messages)) == len(messages) and all(text in ' '.join(messages) for text in texts), messages


@case
def a_mistake_is_reported_once(wf, directory):
    for mistake in (['--no-such-option'], ['-f', 'clien'], ['-e', '('], ['-w', 'status=x'], ['--log-format', '%']):
        refused(wf.run(3, *mistake, wf.log), *mistake[-1:])
    refused(wf.run(3, '-f', 'client', wf.log, str(directory / 'missing')), 'missing: No such file')
    refused(wf.run(3, wf.log, before=['env', 'WF_CPU=none']), 'WF_CPU')
    refused(wf.run(3, '--save', str(directory / 'no' / 'such'), wf.log), 'such: No such file')
    refused(wf.run(3, '--merge', wf.log), 'is not a snapshot')


@case
def checkpoints_stay_if_no_answer_was_printed(wf, directory):
    checkpoint = directory / 'checkpoint'
    for ranks in (1, 3):
        checkpoint.mkdir()
        refused(wf.run(ranks, '--resume', str(checkpoint), '--save', '/dev/full', wf.log), '/dev/full: No space left')
        assert list(checkpoint.glob('*.wfs')), list(checkpoint.iterdir())
        got = wf.run(ranks, '--resume', str(checkpoint), '-q', wf.log)
        assert got.returncode == 0 and not list(checkpoint.glob('*.wfs')), (got, list(checkpoint.iterdir()))
        shutil.rmtree(checkpoint)


@case
def ranks_with_different_options(wf, directory):
    del directory
    for options, text in ((['--local'], "--local: differs from rank 0's"), (['--explain'], "--explain: differs from rank 0's"), (['-g', 'x'], 'lines that match x')):
        for first, other in ((options, []), ([], options)):
            if '--explain' in first:
                continue  # then rank 0 does everything alone, and the others exit
            refused(wf.run(1, '-f', 'client', *first, wf.log, ':', '-n', '1', wf.wf_mpi, '-f', 'client', *other, wf.log), text)


@case
def rank_0_alone_does_what_needs_one_process(wf, directory):
    saved = directory / 'saved'
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
def progress_with_several_ranks(wf, directory):
    del directory
    refused(wf.run(3, '--progress', 'always', wf.log), '--progress: not available here')


@case
def the_progress_file_of_an_earlier_run_is_removed(wf, directory):
    (directory / 'all.wfs.progress').write_text('wf-progress 1\nhost another\n')
    assert wf.run(3, '--save', str(directory / 'all.wfs'), wf.log).returncode == 0
    assert [f.name for f in directory.iterdir()] == ['all.wfs']


def fail_after_saving(wf, directory, *before):
    """Start one rank that counts, saves its counts, and then fails, because it can't write to TMPDIR."""
    got = wf.run(1, '--resume', str(directory), '-f', 'client', '--chunk-size', '3000', wf.log,
                 before=[*before, 'env', 'TMPDIR=/nowhere'])
    assert got.returncode == 2 and not got.stdout
    return got


def resume(wf, directory, ranks):
    return wf.run(ranks, '--resume', str(directory), '-f', 'client', '--chunk-size', '3000', wf.log)


def damage(file, at):
    whole = bytearray(file.read_bytes())
    whole[at] ^= 1
    file.write_bytes(whole)


@case
def a_saved_snapshot_is_damaged(wf, directory):
    fail_after_saving(wf, directory)
    snapshot, = directory.glob('*.wfs')
    damage(snapshot, snapshot.stat().st_size // 2)
    refused(resume(wf, directory, 1), f'{snapshot}: the snapshot is damaged')


@case
def the_leases_of_a_saved_snapshot_are_damaged(wf, directory):
    fail_after_saving(wf, directory)
    done, = directory.glob('*.done')
    damage(done, 0)
    refused(resume(wf, directory, 3), f'{done}: is damaged')
    done.write_bytes(done.read_bytes()[:-1])
    refused(resume(wf, directory, 3), f'{done}: is damaged')


@case
def the_plan_is_damaged(wf, directory):
    fail_after_saving(wf, directory)
    plan = directory / 'plan'
    # Here is a number, such as a file's size, that only the hash shows to be wrong.
    damage(plan, plan.stat().st_size - 20)
    refused(resume(wf, directory, 3), f'{plan}: is damaged')
    plan.unlink()
    os.mkfifo(plan)     # no writer is waited for
    refused(resume(wf, directory, 1), f'{plan}: is damaged')


@case
def two_saved_snapshots_contain_the_same_leases(wf, directory):
    fail_after_saving(wf, directory)
    for file in [*directory.glob('*.wfs'), *directory.glob('*.done')]:
        shutil.copy(file, file.with_stem(f'{file.stem}-copy'))
    refused(resume(wf, directory, 3), f'{directory}: two snapshots contain the same lines (lease ')


@case
def the_writing_process_is_killed(wf, directory):
    # Injected faults are counted by process: the second rename of the writing process is that of the
    # snapshot.  The parent renames only once, the plan.
    if shutil.which('strace'):
        refused(fail_after_saving(wf, directory, 'strace', '-f', '-o', '/dev/null', '-e', 'inject=rename:signal=KILL:when=2'),
                f'{directory}: the writing process died: Killed')


def main():
    split = sys.argv.index('--')
    wf_mpi, *mpirun = sys.argv[1:split]
    wf = Wf(mpirun, str(Path(wf_mpi).resolve()), sys.argv[split + 1])
    bad = 0
    for n, test in enumerate(CASES, 1):
        name = test.__name__.replace('_', ' ')
        with tempfile.TemporaryDirectory() as directory:
            try:
                test(wf, Path(directory))
                print(f'ok {n} - {name}')
            except (AssertionError, subprocess.TimeoutExpired) as why:
                bad += 1
                print(f'not ok {n} - {name}\n# {why!r}')
    print(f'1..{len(CASES)}')
    return bad != 0


if __name__ == '__main__':
    sys.exit(main())
