#!/usr/bin/env bash
# test.sh -- the short test: about five minutes on two processors, and no root.
#
#	./test.sh		build wf and test it; "make test" and "make check" do the same
#	CC=clang ./test.sh	with another compiler
#
# "make check-all" runs every test.
#
# The tests need bats, python3, cmocka, mandoc and the compressors, which ./deps.sh test installs.  A group of
# tests whose tool is missing is skipped.  The output of a group is in build/test/NAME.log.
cd "$(dirname "$0")" || exit 2
. test/groups.bash

group build build
finish
[ $failed -eq 0 ] || end
group layers layers
group manual manual
group scenarios scenarios test/scenario/*.bats
group units units build/plain
group sameness sameness 8
group searched searched 15
group differential differential ./wf 60 1 --rounds 2
end
