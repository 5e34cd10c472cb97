#!/usr/bin/python3
"""torture.py -- whatever happens, wf gives the exact answer, or exits with status 2 and a message.

    torture.py WF_BINARY [OPTION]...
    --kills N, --truncations N, --faults N, --allocations N, --calls N   how many tries of each campaign
    --seconds S     the time for everything; what it does not suffice for is left out, and the summary says so
    --seed N        the order of the tries, and what is random in them (default: 1)
    --only CASE     repeat one try 20 times; a failure prints its CASE

Five campaigns try to make wf break this promise:

kills           A worker is killed at any moment.  wf can read files again, so the answer is that of an undisturbed
                run, without a message.  For a pipe, wf may report lost bytes.
truncations     A log is truncated while wf reads it, and perhaps written to again, as logrotate's copytruncate does.
                wf reports that with the log's name, or it came too late, and the answer is that of the whole log.
faults          strace makes one system call fail, or all from this one on: each call in turn, also those of libc,
                with each error that it can meet.
allocations     The N-th allocation of memory fails, or all from this one on, in wf and in the libraries that it uses,
                for each N in each run of torture_scenes.py.
calls           Some call of wf fails, is interrupted, or reads and writes only half, once or from then on, in some
                run of torture_scenes.py.

After a fault, the answer is exact, or the exit status is 2 and there is a message; if wf can do without the call,
or repeat it, the answer must be exact.

wf may never hang, die of a signal, exit with status 0 or 1 after another answer, or leave processes or files.

The seed and the case determine each try, except for the moment of a kill and for what several workers do at the same
time.  The last line is "N passed, N failed".
"""

import argparse
import contextlib
import signal
import sys
import tempfile
import time

sys.dont_write_bytecode = True      # leave nothing in the source tree
from torture_kills import Kills, Truncations
from torture_preload import Allocations, Calls
from torture_runs import Logs, Run
from torture_strace import Faults

ONLY_TIMES = 20                 # how often --only repeats a case, since moments differ

# In this order, until this share of --seconds is over.
CAMPAIGNS = {'kills': (Kills, 0.15), 'truncations': (Truncations, 0.25), 'faults': (Faults, 0.4),
             'allocations': (Allocations, 0.75), 'calls': (Calls, 1)}


def ask_again(only, campaigns):
    name, _, case = only.partition('/')
    for _ in range(ONLY_TIMES):
        campaigns[name].check(case)


def torture(arguments, campaigns):
    start = time.monotonic()
    for name, campaign in campaigns.items():
        most = getattr(arguments, name)
        if most != 0:
            campaign.run(campaign.cases()[:most], start + arguments.seconds * CAMPAIGNS[name][1])


def parsed_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    parser.add_argument('binary', metavar='WF_BINARY')
    parser.add_argument('--kills', type=int, default=500)
    parser.add_argument('--truncations', type=int, default=200)
    parser.add_argument('--faults', type=int, help='default: all')
    parser.add_argument('--allocations', type=int, help='default: all')
    parser.add_argument('--calls', type=int, default=5000)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--seconds', type=float, default=float('inf'))
    parser.add_argument('--only', metavar='CASE', help='as a failure prints it')
    return parser.parse_args()


@contextlib.contextmanager
def nothing_left():
    """If this program is interrupted, it ends wf, too."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(2))
    try:
        yield
    finally:
        for run in Run.at_work:
            run.kill_group()


def main():
    arguments = parsed_arguments()
    with nothing_left(), tempfile.TemporaryDirectory(prefix='wf-torture-') as directory:
        logs = Logs(directory)
        campaigns = {name: campaign(name, arguments, logs, directory) for name, (campaign, _) in CAMPAIGNS.items()}
        if arguments.only:
            ask_again(arguments.only, campaigns)
        else:
            torture(arguments, campaigns)
    for campaign in campaigns.values():
        campaign.tell()
    passed = sum(campaign.counts['exact'] + campaign.counts['said'] for campaign in campaigns.values())
    failed = sum(campaign.counts['failed'] + (not campaign.has_tried()) for campaign in campaigns.values())
    print(f'{passed} passed, {failed} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
