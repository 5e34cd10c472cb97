# helper.bash -- what every file of scenarios loads.
#
#	bats test/scenario/url.bats			run one file, slow tests included
#	bats --filter-tags '!slow' test/scenario	run what ./test.sh runs
#	WF=build/address,undefined/wf bats ...		test another binary than ./wf
#
# Each test runs in its own directory, $BATS_TEST_TMPDIR.  Files that all tests of a file share are in
# $BATS_FILE_TMPDIR.  A test of more than about three seconds has "# bats test_tags=slow" before it:
# ./test.sh leaves it out, make check-all runs it.
#
# No test may hang: test/limited ends each after five minutes.  In the test's own shell, open FIFOs with "<>", which
# does not wait for the other side.  No test may depend on how fast the machine is: wait for a state with until_true, not
# for a period.
#
# A pipeline fails if any of its commands fails.  A command that exits before the end of its input
# (head, grep -q) would make the command before it fail with SIGPIPE, so let it read a file.

bats_require_minimum_version 1.5.0

set -o pipefail

# Bats runs this file again for each test.  What takes a new process is done once for all of them.
if [ "${HELPER_OF-}" != "$BATS_RUN_TMPDIR" ]; then
	export HELPER_OF=$BATS_RUN_TMPDIR
	export LC_ALL=C PYTHONDONTWRITEBYTECODE=1
	unset NO_COLOR WF_CPU LD_PRELOAD COLUMNS

	# A sanitized wf may end on an error without freeing its memory, and the libraries of test/preload
	# may come before ASan's.
	export ASAN_OPTIONS=detect_leaks=0:verify_asan_link_order=0:${ASAN_OPTIONS-}

	TREE=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	WF=$(realpath -- "${WF:-$TREE/wf}")
	SAMPLE=$TREE/data/sample.log
	PYTHON=/usr/bin/python3 # a version manager's python3 may take a second to start
	[ -x "$PYTHON" ] || PYTHON=python3
	SANITIZED=
	SECONDS_MAX=60
	if grep -q __asan_init "$WF"; then
		SANITIZED=yes
		SECONDS_MAX=120
	fi
	export TREE WF SAMPLE PYTHON SANITIZED SECONDS_MAX
fi

WF1='GET /ongoing/When/\d\d\dx/(\d\d\d\d/\d\d/\d\d/[^ .]+) '

# Counts clients as ^(\S+) does, but takes some 20 microseconds a line.
SLOW='^(?!.*?.*?\x01)(\S+)'

# A file of tests may define make_files, which writes files that each of its tests needs.
setup() {
	TIMER=${!-} # the process of bats that watches BATS_TEST_TIMEOUT, if that is set
	cd "$BATS_TEST_TMPDIR"
	if declare -F make_files >/dev/null; then
		make_files
	fi
}

# A failed test may leave processes behind.
teardown() {
	local pid
	for pid in $(jobs -p); do
		[ "$pid" = "$TIMER" ] || kill -KILL "$pid" 2>/dev/null || true
	done
}

# Without 3>&-, a wf that hangs would also keep bats from ending.
wf() {
	"$WF" "$@" 3>&-
}

# Run wf with a library of test/preload before libc.
wf_preload() {
	local library=$1
	shift
	LD_PRELOAD=$library "$WF" "$@" 3>&-
}

# Run a command and write its system calls to the file "calls".  A sanitizer can't look for leaks of a process that is
# traced.
traced() {
	ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 strace -qq -o calls "$@"
}

# Run wf, and let some of its calls fail (see test/preload/faults.c).
wf_fault() { # FAULT ARGUMENT...
	FAULT=$1 wf_preload "$(preload faults)" "${@:2}"
}

# Run a command without root's right to read and search everything.
without_privileges() {
	if [ "$(id -u)" -eq 0 ]; then
		setpriv --bounding-set=-dac_override,-dac_read_search "$@"
	else
		"$@"
	fi
}

# Compile test/preload/NAME.c, once for each file of tests, and print the library's path.
preload() {
	local library=$BATS_FILE_TMPDIR/$1.so
	[ -e "$library" ] || "${CC:-gcc}" ${SANITIZED:+-DSANITIZED} -std=c17 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 \
		-Wall -Wextra -O1 -shared -fPIC -o "$library" "$TREE/test/preload/$1.c" -ldl
	echo "$library"
}

# Skip the test if a command is missing.
needs() { # COMMAND...
	local command
	for command; do
		command -v "$command" >/dev/null || skip "needs $command"
	done
}

sanitized() {
	[ -n "$SANITIZED" ]
}

# ASan maps terabytes of shadow memory.
needs_ulimit_v() {
	! sanitized || skip "AddressSanitizer can't run under ulimit -v"
}

# Once for each file of tests: a log, and the ranking of its clients.
make_slow_log() { # [LINES]
	"$TREE/data/mklog" -n "${1:-60000}" >"$BATS_FILE_TMPDIR/slow.log"
	cut -d' ' -f1 "$BATS_FILE_TMPDIR/slow.log" | ranked >"$BATS_FILE_TMPDIR/slow.expected"
}

# Once for each file of tests: the ranking of the sample, which expected prints.
rank_sample() {
	wf -n 0 "$SAMPLE" >"$BATS_FILE_TMPDIR/expected"
	[ "$(wc -l <"$BATS_FILE_TMPDIR/expected")" -gt 100 ]
}

expected() {
	cat "$BATS_FILE_TMPDIR/expected"
}

# Does the command exit with this status?  Unlike with bats' run, its output goes where it would go.
ends() { # STATUS COMMAND...
	local expected=$1 status=0
	shift
	"$@" || status=$?
	[ "$status" -eq "$expected" ] && return
	echo "expected status $expected, got $status: $*" >&2
	return 1
}

# Run a command once for each argument, all at the same time, each in a directory with that name.
each_at_once() { # COMMAND ARGUMENT...
	local command=$1 argument pid pids=()
	shift
	for argument; do
		mkdir -- "$argument"
		(
			cd -- "$argument"
			"$command" "$argument"
		) &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		wait "$pid"
	done
}

# Is the file not empty, and does grep find no line in it?
lacks() { # FILE GREP_ARGUMENT...
	local file=$1 status=0
	shift
	if [ ! -s "$file" ]; then
		echo "$file is empty"
		return 1
	fi
	grep -a -n "$@" <"$file" || status=$?
	[ "$status" -eq 1 ]
}

# Print the text N times, as lines.
lines_of() { # N TEXT
	(set +o pipefail; yes -- "$2" | head -n "$1")
}

# Rank the keys on stdin as wf -n 0 does.
ranked() {
	sort | uniq -c | sort -k1,1nr -k2
}

# Do two files have the same bytes?  Shows where they differ.
same() {
	cmp "$1" "$2" && return
	diff --text "$1" "$2" | cat -v | head -20
	return 1
}

# After run --separate-stderr: does stderr match this glob?
says() {
	[[ "$stderr" == $1 ]] && return
	echo "expected on stderr: $1"
	echo "got: $stderr"
	return 1
}

# Is every line of stderr "wf: WHAT: WHY"?
says_all_properly() {
	local line
	while IFS= read -r line; do
		[[ "$line" =~ ^'wf: '[^:].*': '. ]] && continue
		echo "not a proper message: $line"
		return 1
	done <<<"$stderr"
}

# Does wf print nothing on stdout and this on stderr, and exit with status 2?  The FILE does not exist: if wf opened it
# before it checked the options, the message would be another one.
refused() { # EXPECTED ARGUMENT...
	local expected=$1
	shift
	run -2 --separate-stderr wf "$@" does-not-exist
	[ "$output" = "" ]
	says "$expected"
}

# Wait until a command succeeds, at most two minutes: the machine may be busy.
until_true() {
	local end=$((SECONDS + 120))
	until "$@"; do
		if [ $SECONDS -gt $end ]; then
			echo "waited in vain for: $*"
			return 1
		fi
		sleep 0.02
	done
}

children_of() { # PID
	cat "/proc/$1/task/$1/children" 2>/dev/null
}

has_children() { # PID NUMBER
	local pids
	read -ra pids <"/proc/$1/task/$1/children" || true
	[ ${#pids[@]} -ge "$2" ]
}

# The state of a process as one letter, as in ps; nothing if the process does not exist.
state_of() { # PID
	local stat=
	read -r stat 2>/dev/null <"/proc/$1/stat" || true
	stat=${stat##*) }
	echo "${stat%% *}"
}

# Has each of the processes ended?  Its parent need not have waited for it.
gone() { # PID...
	local pid
	for pid; do
		[[ "$(state_of "$pid")" == [!ZX] ]] && return 1
	done
	return 0
}

# Start wf in the background with FILE... and the FIFO "later", and return when wf has opened all of FILE...
# and waits in the opening of "later".  Its process is $wf, its output is in got and errors.
hold_after() { # FILE... -- ARGUMENT...
	local files=()
	while [ "$1" != -- ]; do
		files+=("$1")
		shift
	done
	shift
	[ -p later ] || mkfifo later
	"$WF" "$@" "${files[@]}" later >got 2>errors 3>&- &
	wf=$!
	until_true waits_after_opening "$(realpath "${files[@]: -1}")"
}

waits_after_opening() { # FILE
	if ! grep -qF " $1" "/proc/$wf/maps"; then
		ls -l "/proc/$wf/fd" >opened
		grep -qF " $1" opened || return
	fi
	[ "$(state_of "$wf")" = S ]
}

# Let the wf that hold_after has started read an empty "later", and wait for its end.  Its status is $status.
let_go() {
	: <>later
	finish
}

# Wait for the end of $wf; its status is $status.
finish() {
	until_true gone "$wf"
	status=0
	wait "$wf" || status=$?
}

# Run a program with stdin, stdout and stderr on a terminal, which has a width if --columns N is given.
# Print what the program wrote, with LF instead of the terminal's CR LF.
on_terminal() {
	"$PYTHON" "$TREE/test/scenario/terminal.py" "$@"
}

# Print the account of the lines from wf --json, without the bytes and the zeros.  wf may match nothing.
account() { # ARGUMENT...
	local line='' name found='' verdicts=0 lines=0
	wf --json "$@" >account.json || [ $? -eq 1 ]
	while IFS= read -r line && [[ "$line" != '"account":'* ]]; do :; done <account.json
	for name in lines matched unmatched unparsed filtered given_up not_numbers keys; do
		[[ "$line" =~ \"$name\":([0-9]+) ]]
		case $name in
		lines) lines=${BASH_REMATCH[1]} ;;
		not_numbers | keys) ;;
		*) verdicts=$((verdicts + BASH_REMATCH[1])) ;;
		esac
		[ "${BASH_REMATCH[1]}" = 0 ] || found+=", $name ${BASH_REMATCH[1]}"
	done
	[ "$verdicts" -eq "$lines" ]
	echo "${found#, }"
}

accounted() { # EXPECTED ARGUMENT...
	local expected=$1 got
	shift
	account "$@" >accounted
	read -r got <accounted
	[ "$got" = "$expected" ] && return
	echo "expected account: $expected"
	echo "got: $got"
	return 1
}

# Does wf -n 0 print the rows on stdin?  There, bytes above 127 are as cat -v shows them.
ranks() { # ARGUMENT...
	local expected='' got=''
	IFS= read -rd '' expected || true
	wf -n 0 "$@" | cat -v >ranked
	IFS= read -rd '' got <ranked || true
	[ "$got" = "$expected" ] && return
	echo "wf -n 0 $* prints:"
	diff <(printf %s "$expected") ranked
	return 1
}
