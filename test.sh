#!/usr/bin/env bash
# test.sh -- run every test, and end with "N passed, N failed".
#
#	WF_LOGS=DIR	check real logs too: DIR/*.gz against DIR/TRUTH.txt
#	SECONDS_EACH=N	how long the random tests and the fuzzers take each (10)
#
# What a group printed is in build/test/NAME.log, and is shown where it failed.
set -u
cd "$(dirname "$0")" || exit 2
./deps.sh test || exit 2

seconds=${SECONDS_EACH:-10}
logs=build/test
sanitized=build/address,undefined
export ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1 UBSAN_OPTIONS=print_stacktrace=1
jobs=$(nproc)
passed=0
failed=0
skipped=0
mkdir -p $logs

# run NAME COMMAND... -- count what it says has passed and failed: TAP ("ok", "not ok"),
# or "N passed, N failed".  A command that fails without saying of what is one failure; one
# that says nothing is one test.  What is skipped is neither.
run() {
	local name=$1 start=$SECONDS good bad left
	shift
	"$@" >"$logs/$name.log" 2>&1
	local status=$?
	good=$(grep '^ok ' "$logs/$name.log" | grep -vc -i '# skip')
	# cmocka writes "not ok" before "# SKIP" too.
	bad=$(grep '^not ok ' "$logs/$name.log" | grep -vc '# SKIP')
	left=$(grep -c -i '^\(not \)\?ok .*# skip' "$logs/$name.log")
	while read -r p f; do
		good=$((good + p)) bad=$((bad + f))
	done < <(sed -nE 's/^([0-9]+) passed, ([0-9]+) failed$/\1 \2/p' "$logs/$name.log")
	[ "$status" -eq 0 ] || [ "$bad" -gt 0 ] || bad=1
	[ $((good + bad + left)) -gt 0 ] || good=1
	passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + left))
	printf '%-28s %5d passed, %d failed%s  (%d s)\n' "$name" "$good" "$bad" \
		"$([ "$left" -eq 0 ] || echo ", $left skipped")" $((SECONDS - start))
	if [ "$bad" -ne 0 ]; then
		grep '^not ok ' "$logs/$name.log" | sed 's/^/    /'
		grep -v '^ok ' "$logs/$name.log" | tail -n 60 | sed 's/^/    /'
	fi
}

# The log on which the answer must be the same however it is cut and read.
small_logs() {
	data/mklog -n 300 --hostile -s 7 | head -c 90000 >$logs/small.log
	data/mklog -n 9000 --hostile -s 3 >$logs/large.log
	data/mklog -n 1 | head -c -1 >$logs/tiny.log
	: >$logs/empty.log
}

# One for each core at a time.
units() {
	find "$1/unit" -name 'test_*' ! -name '*.*' | sort >$logs/units
	xargs -P "$jobs" -I{} sh -c \
		'CMOCKA_MESSAGE_OUTPUT=TAP "$1" >"$1.tap" 2>&1 || echo "not ok - $1 left with status $?" >>"$1.tap"' \
		sh {} <$logs/units
	sed 's/$/.tap/' $logs/units | xargs cat
}

manual() {
	mandoc -T lint -W warning wf.1
}

# From the same seed each time: the search for what is new is "make fuzz".
fuzz() {
	test/fuzz/run "build/fuzzer-no-link,address,undefined/fuzz/$1" "$seconds" 1
}

run build make -j"$jobs" all units data/mklog
run layers make -s layers
run lint make -s lint
run manual manual
run units units build/plain
run scenarios bats --formatter tap test/scenario
run page make -s check-page
small_logs
run instructions make -s bench-check
run differential python3 test/differential.py ./wf --seconds "$seconds" \
	${WF_LOGS:+--logs "$WF_LOGS"}
run sameness python3 test/sameness.py ./wf $logs/small.log $logs/large.log $logs/tiny.log \
	$logs/empty.log
# Where Open MPI is; make check-mpi and make check-cluster try MPICH, too.
if command -v mpicc.openmpi >/dev/null; then
	run mpi-build make -j"$jobs" build/openmpi/wf-mpi build/openmpi/peers
fi
run mpi test/mpi/run openmpi --short
run cluster test/cluster/run openmpi
run torture python3 test/torture.py ./wf --kills 25 --truncations 15 --seconds 25

run sanitized-build make -j"$jobs" SAN=address,undefined all units
run sanitized-units units $sanitized
# Not what is the shells' and make's, nor what mostly waits.
run sanitized-scenarios env WF="$PWD/$sanitized/wf" bats --formatter tap \
	$(ls test/scenario/*.bats | grep -v -e completion -e install -e docs -e progress -e watch)
run sanitized-differential python3 test/differential.py "$sanitized/wf" --seconds "$seconds" --seed 2

run fuzz-build make -j"$jobs" fuzzers
run fuzz-pattern fuzz pattern
run fuzz-chunker fuzz chunker
run fuzz-logformat fuzz logformat
run fuzz-decompress fuzz decompress
run fuzz-snapshot fuzz snapshot

echo
[ $skipped -eq 0 ] || echo "$skipped skipped: grep -i '# skip' $logs/*.log"
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
