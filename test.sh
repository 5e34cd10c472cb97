#!/usr/bin/env bash
# test.sh -- run every test, and end with "N passed, N failed".
#
#	WF_LOGS=DIR	check real logs too: DIR/*.gz against DIR/TRUTH.txt
#	SECONDS_EACH=N	how long the random tests and the fuzzers take each (8)
#
# What a group printed is in build/test/NAME.log, and is shown where it failed.
set -u
cd "$(dirname "$0")" || exit 2
./deps.sh test || exit 2

seconds=${SECONDS_EACH:-8}
logs=build/test
sanitized=build/address,undefined
export ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1 UBSAN_OPTIONS=print_stacktrace=1
jobs=$(nproc)
passed=0
failed=0
skipped=0
mkdir -p $logs

# run NAME COMMAND... -- run tests, and count what passed and failed.  A command that fails without
# saying of what is one failure; so is one that says nothing.
run() {
	local name=$1 start=$SECONDS status good bad skips
	shift
	"$@" >"$logs/$name.log" 2>&1
	status=$?
	test/count <"$logs/$name.log" >"$logs/$name.count"
	read -r good _ bad _ < <(tail -n 1 "$logs/$name.count")
	skips=$(sed -nE 's/^([0-9]+) skipped$/\1/p' "$logs/$name.count" | tail -n 1)
	[ "$status" -eq 0 ] || [ "$bad" -gt 0 ] || bad=1
	[ $((good + bad + ${skips:-0})) -gt 0 ] || bad=1
	passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + ${skips:-0}))
	printf '%-28s %5d passed, %d failed%s  (%d s)\n' "$name" "$good" "$bad" \
		"${skips:+, $skips skipped}" $((SECONDS - start))
	if [ "$bad" -ne 0 ]; then
		grep '^not ok ' "$logs/$name.log" | sed 's/^/    /'
		tail -n 60 "$logs/$name.count" | sed 's/^/    /'
	fi
}

# start NAME COMMAND... -- let it go on by itself; finish NAME waits for it, and is as if it ran then.
declare -A started
start() {
	local name=$1
	shift
	"$@" >"$logs/$name.out" 2>&1 &
	started[$name]=$!
}

finish() { # NAME
	local status=0
	wait "${started[$1]}" || status=$?
	cat "$logs/$1.out"
	return $status
}

# What prints no tests, but is one.
once() { # COMMAND...
	if "$@"; then
		echo "ok - $*"
	else
		echo "not ok - $* left with status $?"
	fi
}

# The log on which the answer must be the same however it is cut and read.
small_logs() {
	data/mklog -n 300 --hostile -s 7 | head -c 90000 >$logs/small.log
	data/mklog -n 9000 --hostile -s 3 >$logs/large.log
	data/mklog -n 1 | head -c -1 >$logs/tiny.log
	: >$logs/empty.log
}

# tests COMMAND... -- what COMMAND FILE prints for each FILE on stdin, one for each core at a time,
# those first that are named first.
tests() {
	local files

	files=$(cat)
	xargs -P "$jobs" -I{} sh -c \
		'file=$1; shift; "$@" "$file" >"$0/$(basename "$file").tap" 2>&1 ||
			echo "not ok - $file left with status $?" >>"$0/$(basename "$file").tap"' \
		"$logs" {} "$@" <<<"$files"
	sed -E "s,.*/(.*),$logs/\\1.tap," <<<"$files" | xargs cat
}

units() { # FOLDER
	find "$1/unit" -name 'test_*' ! -name '*.*' | sort |
		tests env CMOCKA_MESSAGE_OUTPUT=TAP
}

# The last of them mostly wait, so they go first.
scenarios() { # FILE...
	printf '%s\n' "$@" | sort -r | tests bats --formatter tap
}

# From the same seed each time: the search for what is new is "make fuzz".
fuzz() {
	test/fuzz/run "build/fuzzer-no-link,address,undefined/fuzz/$1" "$seconds" 1
}

run build once make -j"$jobs" all units data/mklog
run layers once make -s layers
run lint make -s lint
run manual once mandoc -T lint -W warning wf.1
run units units build/plain
run scenarios scenarios test/scenario/*.bats
run page make -s check-page
small_logs
run instructions make -s bench-check
# Where Open MPI is; make check-mpi and make check-cluster try MPICH, too.
if command -v mpicc.openmpi >/dev/null; then
	run mpi-build once make -j"$jobs" build/openmpi/wf-mpi build/openmpi/peers
fi
run mpi test/mpi/run openmpi --short
# It does one thing at a time.
start differential python3 test/differential.py ./wf --seconds "$seconds" \
	${WF_LOGS:+--logs "$WF_LOGS"}
run sameness python3 test/sameness.py ./wf $logs/small.log $logs/large.log $logs/tiny.log \
	$logs/empty.log
run torture python3 test/torture.py ./wf --kills 25 --truncations 15 --seconds 25
# Where ./deps.sh cross has been; make check-i386 tries all.
if command -v ld.lld >/dev/null && [ "$(uname -m)" = x86_64 ]; then
	run i386 test/cross i386 --short
fi
run differential finish differential
run cluster test/cluster/run openmpi

run sanitized-build once make -j"$jobs" SAN=address,undefined all units
run sanitized-units units $sanitized
# Not what is the shells' and make's, nor what mostly waits.
WF=$PWD/$sanitized/wf run sanitized-scenarios scenarios $(ls test/scenario/*.bats |
	grep -v -e completion -e install -e docs -e progress -e watch)
run sanitized-differential python3 test/differential.py "$sanitized/wf" --seconds "$seconds" --seed 2

run fuzz-build once make -j"$jobs" fuzzers
for target in test/fuzz/*.c; do
	target=$(basename "$target" .c)
	run "fuzz-$target" once fuzz "$target"
done

echo
[ $skipped -eq 0 ] || echo "$skipped skipped: grep -i '# skip' $logs/*.log"
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
