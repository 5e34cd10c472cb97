# helper.bash -- what the scenarios share.
#
#	WF=build/address,undefined/wf bats test/scenario
#
# runs them on another binary than the tree's ./wf.  Files of a test go to
# $BATS_TEST_TMPDIR, where it starts; what a whole file of tests uses, to
# $BATS_FILE_TMPDIR.  Every wf is bounded by a timeout.
#
# A pipe fails if any of its commands does.  One that leaves before its input ends (head, grep -q)
# would kill what still writes to it: let it read a file.

bats_require_minimum_version 1.5.0

set -o pipefail

export LC_ALL=C PYTHONDONTWRITEBYTECODE=1
unset NO_COLOR WF_CPU LD_PRELOAD COLUMNS

# Of a sanitized wf: to end on an error without freeing is no leak, and libraries may be put before
# ASan's.
export ASAN_OPTIONS=detect_leaks=0:verify_asan_link_order=0:$ASAN_OPTIONS

TREE=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
WF=$(realpath -- "${WF:-$TREE/wf}")
SAMPLE=$TREE/data/sample.log
SECONDS_MAX=20

PYTHON=/usr/bin/python3 # pyenv's shim takes longer than most tests
[ -x "$PYTHON" ] || PYTHON=python3

WF1='GET /ongoing/When/\d\d\dx/(\d\d\d\d/\d\d/\d\d/[^ .]+) '

# Counts clients as ^(\S+) does, but takes some 20 microseconds a line: time to kill.
SLOW='^(?!.*?.*?\x01)(\S+)'

setup() {
	cd "$BATS_TEST_TMPDIR"
}

# End what a failed test may have left running.
teardown() {
	local pid
	for pid in $(jobs -p); do
		kill -KILL "$pid" 2>/dev/null || true
	done
}

wf() {
	timeout --foreground "$SECONDS_MAX" "$WF" "$@"
}

# wf with a library of test/preload in front of libc.  Not timeout's, only wf's.
wf_preload() {
	local library=$1
	shift
	timeout --foreground "$SECONDS_MAX" env LD_PRELOAD="$library" "$WF" "$@"
}

# Root, too, may then only read what its mode allows.
as_nobody_special() {
	if [ "$(id -u)" -eq 0 ]; then
		setpriv --bounding-set=-dac_override,-dac_read_search "$@"
	else
		"$@"
	fi
}

# Compile test/preload/NAME.c, once a file of tests; print where the library is.
preload() {
	local library=$BATS_FILE_TMPDIR/$1.so
	[ -e "$library" ] || "${CC:-gcc}" -std=c17 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 \
		-Wall -Wextra -O1 -shared -fPIC -o "$library" "$TREE/test/preload/$1.c" -ldl
	echo "$library"
}

sanitized() {
	grep -q __asan_init "$WF"
}
! sanitized || SECONDS_MAX=60

# ASan maps terabytes of shadow memory.
needs_ulimit_v() {
	! sanitized || skip "AddressSanitizer can't run under ulimit -v"
}

# A log that takes SLOW a second or so; and the right answer.
make_slow_log() {
	"$TREE/data/mklog" -n "${1:-60000}" >"$BATS_FILE_TMPDIR/slow.log"
	cut -d' ' -f1 "$BATS_FILE_TMPDIR/slow.log" | ranked >"$BATS_FILE_TMPDIR/slow.expected"
}

# Once a file: the ranking of the sample, which expected prints.
rank_sample() {
	wf -n 0 "$SAMPLE" >"$BATS_FILE_TMPDIR/expected"
	[ "$(wc -l <"$BATS_FILE_TMPDIR/expected")" -gt 100 ]
}

expected() {
	cat "$BATS_FILE_TMPDIR/expected"
}

# Does the command end with this status?  Unlike after run, what it writes goes where it goes.
ends() { # STATUS COMMAND...
	local expected=$1 status=0
	shift
	"$@" || status=$?
	[ "$status" -eq "$expected" ] && return
	echo "expected status $expected, there was $status: $*" >&2
	return 1
}

# Run the command once for each argument, all at the same time, each in a folder of that name.
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

# Is something in the file, but no line that grep finds?
lacks() { # FILE GREP_ARGUMENT...
	local file=$1 status=0
	shift
	if [ ! -s "$file" ]; then
		echo "nothing is in $file"
		return 1
	fi
	grep -a -n "$@" <"$file" || status=$?
	[ "$status" -eq 1 ]
}

# So many lines of that text.
lines_of() { # N TEXT
	(set +o pipefail; yes -- "$2" | head -n "$1")
}

# Keys -> what wf -n 0 prints of them.
ranked() {
	sort | uniq -c | sort -k1,1nr -k2
}

# Are two files the same bytes?  Shows where not.
same() {
	cmp "$1" "$2" && return
	diff --text "$1" "$2" | cat -v | head -20
	return 1
}

# Was there exactly this, or (glob) a line like this, on stderr?  After run --separate-stderr.
says() {
	[[ "$stderr" == $1 ]] && return
	echo "expected on stderr: $1"
	echo "there was: $stderr"
	return 1
}

# Every line of stderr is "wf: WHAT: WHY".
says_all_properly() {
	local line
	while IFS= read -r line; do
		[[ "$line" =~ ^'wf: '[^:].*': '. ]] && continue
		echo "not a proper message: $line"
		return 1
	done <<<"$stderr"
}

# Nothing on stdout, this on stderr, status 2.  The FILE is a FIFO that nobody writes to: an option
# that is found bad only after that was opened is a timeout.
refused() {
	local expected=$1
	shift
	[ -p nobody-writes ] || mkfifo nobody-writes
	run -2 --separate-stderr timeout 5 "$WF" "$@" nobody-writes
	[ "$output" = "" ]
	says "$expected"
}

# Wait until a command succeeds, half a minute at most: the machine may be busy.
until_true() {
	local end=$((SECONDS + 30))
	until "$@"; do
		if [ $SECONDS -gt $end ]; then
			echo "waited in vain for: $*"
			return 1
		fi
		sleep 0.01
	done
}

has_children() { # PID NUMBER
	[ "$(pgrep -P "$1" | wc -l)" -ge "$2" ]
}

gone() { # PID...: not there, or dead and only not waited for
	local pid state
	for pid in "$@"; do
		state=$(ps -o state= -p "$pid") || continue
		[[ "$state" == Z* ]] || return 1
	done
}

# Run a program with stdin, stdout and stderr on a terminal, which tells its width with --columns N;
# print what it wrote there, with the terminal's CR LF as LF.
on_terminal() {
	timeout "$SECONDS_MAX" "$PYTHON" "$TREE/test/scenario/terminal.py" "$@"
}

# What became of the lines: wf --json's account without bytes and what is 0.  For wf ARGUMENT..., which
# may match nothing.
account() {
	wf --json "$@" >account.json || [ $? -eq 1 ]
	"$PYTHON" -c '
import json
a = json.load(open("account.json", encoding="utf-8"))["account"]
assert a["lines"] == sum(a[v] for v in ("matched", "unmatched", "unparsed", "filtered", "given_up")), a
names = ("lines", "matched", "unmatched", "unparsed", "filtered", "given_up", "not_numbers", "keys")
print(", ".join(f"{name} {a[name]}" for name in names if a[name]))'
}

accounted() { # EXPECTED ARGUMENT...
	local expected=$1
	shift
	account "$@" >accounted
	[ "$(cat accounted)" = "$expected" ] && return
	echo "expected account: $expected"
	echo "there was: $(cat accounted)"
	return 1
}

# Does wf -n 0 print the rows on stdin?  Bytes above 127 are there as cat -v shows them.
ranks() { # ARGUMENT...
	cat >ranks.expected
	echo "wf -n 0 $*"
	wf -n 0 "$@" | cat -v | same ranks.expected -
}
