# groups.bash -- run groups of tests at the same time, and add up their results.
#
# ./test.sh and test/check-all load this file.  They call
#
#	group NAME COMMAND...	to start a group, as soon as fewer than $slots groups are running
#	finish			to wait until all groups have ended
#	end			to print the totals, and exit
#
# A group prints TAP or "N passed, N failed"; test/count adds up both.  A group fails if it prints no result, or if
# its status is not 0 although no test of it failed.  Its output is in build/test/NAME.log.
#
# Every command needs a time limit: use once or each.

. test/processes.bash
set -u
set -m # else the groups would ignore SIGINT, and so would each wf in them
exec </dev/null
export LC_ALL=C PYTHONDONTWRITEBYTECODE=1

logs=build/test
jobs=$(nproc)
slots=2 # a group may use all processors, but most use one, and scenarios often wait
passed=0 failed=0 skipped=0
declare -A started=() # the running groups, and when each was started

# "make CC=clang test" and "CC=clang ./test.sh" test with that compiler.
make=(make ${CC:+CC="$CC"})

PYTHON=/usr/bin/python3 # a version manager's python3 may take a second to start
[ -x "$PYTHON" ] || PYTHON=python3

rm -rf "$logs"
mkdir -p "$logs"

trap 'kill_tree $$; echo "interrupted"; exit 130' INT TERM HUP

group() { # NAME COMMAND...
	local name=$1
	shift
	while [ ${#started[@]} -ge $slots ]; do
		wait_for_one
	done
	printf '%-24s running\n' "$name"
	started[$name]=$SECONDS
	(
		GROUP=$name
		"$@" >"$logs/$name.log" 2>&1
		echo $? >"$logs/$name.status"
	) &
}

# Wait until a group has ended, and report all that have.
wait_for_one() {
	local name
	wait -n
	for name in "${!started[@]}"; do
		[ ! -e "$logs/$name.status" ] || report "$name"
	done
}

finish() {
	while [ ${#started[@]} -gt 0 ]; do
		wait_for_one
	done
}

# Add a group's results to the totals, and print them; of a failed group also the end of its output.
report() { # NAME
	local good bad skips status log=$logs/$1.log
	status=$(cat "$logs/$1.status")
	test/count <"$log" >"$log.count"
	read -r good _ bad _ skips _ < <(tail -n 1 "$log.count")
	skips=${skips:-0}
	[ "$status" -eq 0 ] || [ "$bad" -gt 0 ] || bad=1
	[ $((good + bad + skips)) -gt 0 ] || bad=1
	passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + skips))
	printf '%-24s %d passed, %d failed, %d skipped in %d s\n' "$1" "$good" "$bad" "$skips" \
		$((SECONDS - started[$1]))
	unset "started[$1]"
	if [ "$bad" -ne 0 ]; then
		grep '^not ok ' "$log" | sed 's/^/    /'
		tail -n 60 "$log.count" | sed 's/^/    /'
	fi
}

end() {
	finish
	if [ $skipped -gt 0 ]; then
		echo
		echo "Skipped, and how many tests of each kind:"
		cat "$logs"/*.log | sed -nE 's/^(not )?ok .*# *[Ss][Kk][Ii][Pp]:? */    /p' | sort | uniq -c
		printf '\n%d passed, %d failed, %d skipped\n' $passed $failed $skipped
	else
		printf '\n%d passed, %d failed\n' $passed $failed
	fi
	[ $failed -eq 0 ]
	exit
}

# --- What groups are made of.

# Skip the group if a command is missing.
needs() { # COMMAND PACKAGE
	command -v "$1" >/dev/null && return
	echo "ok - $GROUP # SKIP needs $1 (Debian's package $2)"
	exit_group
}

exit_group() {
	echo 0 >"$logs/$GROUP.status"
	exit
}

# A command that prints no results is one test.  It may take half an hour.
once() { # COMMAND...
	local status
	timeout -k 10 1800 "$@"
	status=$?
	case $status in
	0) echo "ok - $*" ;;
	124 | 137) echo "not ok - $* took longer than half an hour" ;;
	*) echo "not ok - $* failed with status $status" ;;
	esac
}

# A command that prints its results.
limited() { # SECONDS COMMAND...
	local status seconds=$1
	shift
	timeout -k 10 "$seconds" "$@"
	status=$?
	[ $status -ne 124 ] && [ $status -ne 137 ] || echo "not ok - $* took longer than $seconds seconds"
	return $status
}

# Run COMMAND FILE for each FILE on stdin, one for each processor at a time; print what they print.
each() { # SECONDS COMMAND...
	mkdir -p "$logs/$GROUP"
	tr '\n' '\0' | xargs -0 -P "$jobs" -I{} test/limited "$logs/$GROUP" {} "$@"
	cat "$logs/$GROUP"/*
}

# All unit tests of a build.
units() { # DIRECTORY
	pkg-config --exists cmocka || {
		echo "ok - $GROUP # SKIP needs cmocka (Debian's package libcmocka-dev)"
		exit_group
	}
	find "$1/unit" -name 'test_*' ! -name '*.*' | sort | CMOCKA_MESSAGE_OUTPUT=TAP each 300
}

# The files are run with the large ones first, since these take longest.
scenarios() { # FILE...
	local fast=()
	needs bats bats
	needs python3 python3
	# Bats before 1.8 knows no tags, and runs the slow tests, too.
	if [ -z "${WF_ALL-}" ] && bats --count --filter-tags '!slow' "$1" >/dev/null 2>&1; then
		fast=(--filter-tags '!slow')
	fi
	ls -S "$@" | each 1200 bats --formatter tap "${fast[@]}"
}

# The logs of which sameness asks.
sameness() { # SECONDS
	needs python3 python3
	data/mklog -n 300 --hostile -s 7 | head -c 90000 >"$logs/small.txt"
	data/mklog -n 9000 --hostile -s 3 >"$logs/large.txt"
	data/mklog -n 1 | head -c -1 >"$logs/tiny.txt"
	: >"$logs/empty.txt"
	limited $(($1 + 300)) "$PYTHON" test/sameness.py ./wf --seconds "$1" "$logs"/{small,large,tiny,empty}.txt
}

# Is a period the same if it is searched for?
searched() { # FILES
	needs python3 python3
	limited $((60 + 3 * $1)) "$PYTHON" test/searched.py ./wf "$1"
}

differential() { # WF SECONDS SEED [OPTION...]
	needs python3 python3
	limited $(($2 + 900)) "$PYTHON" test/differential.py "$1" --seconds "$2" --seed "$3" "${@:4}"
}

layers() {
	once "${make[@]}" -s layers
}

manual() {
	needs mandoc mandoc
	once mandoc -T lint -W warning wf.1
}

# Without cmocka there are no unit tests.
build() {
	local units=units
	pkg-config --exists cmocka || units=
	once "${make[@]}" -j"$jobs" all $units data/mklog
}
