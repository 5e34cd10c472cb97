#!/usr/bin/env bats
# Progress: one line on the terminal while a run lasts, and nothing of it afterwards.

load helper

export TERM=xterm

setup_file() {
	make_slow_log 6000
	cp "$BATS_FILE_TMPDIR/slow.log" "$BATS_FILE_TMPDIR/part.log"
	on_terminal --columns 80 "$WF" --color=never --progress=never "$BATS_FILE_TMPDIR/part.log" \
		>"$BATS_FILE_TMPDIR/part.table"
	preload held
}

# --- A run that goes on as its lines of progress are painted.  Each such line begins with a carriage return.

# Print the log in six pieces, each after another line was written to the file.
slowly() { # [FILE [TEXT_OF_A_LINE]]
	local log=$BATS_FILE_TMPDIR/part.log i
	for i in 0 1 2 3 4 5; do
		sed -n "$((i * 1000 + 1)),$(((i + 1) * 1000))p" "$log"
		until_true has_more "$i" "${2:-$'\r'}" "${1:-raw}"
	done
}

has_more() { # N TEXT FILE: is the text more than N times in the file?
	[ "$(grep -aoF -e "$2" "$3" | wc -l)" -gt "$1" ]
}

# Print the log, and end more than a second later: without --progress=always, lines of progress begin after a second.
for_a_while() {
	cat "$BATS_FILE_TMPDIR/part.log"
	sleep 1.3
}

# Run COMMAND, which runs wf, whose workers stop after every so many lines and go on after another line of progress was
# written to raw.  The result is in raw.
in_steps() { # LINES COMMAND...
	local step
	: >held
	HELD=$PWD/held HELD_AFTER=$1 LD_PRELOAD=$(preload held) "${@:2}" >raw &
	for step in 0 1 2 3 4; do
		until_true has_more $step $'\r' raw
		printf . >>held
	done
	rm held
	status=0
	wait $! || status=$?
}

screen() {
	"$PYTHON" "$TREE/test/scenario/screen.py" "$@"
}

# Run wf without colours on a terminal of 80 columns.
at_80() {
	on_terminal --columns 80 "$WF" --color=never "$@"
}

at_120() {
	on_terminal --columns 120 "$WF" --color=never "$@"
}

@test "a slow pipe: bytes, speeds and workers, no share; then only the table" {
	at_80 <(slowly) >raw
	screen 80 frames <raw | grep -v '^0 B  0 B/s' >frames
	[ "$(wc -l <frames)" -ge 3 ]
	lacks frames -vE '^([0-9.]+ [kM]?B)  ([0-9.]+ [kM]?B/s)  [0-9.]+[kM]? lines/s  [0-9]+ workers?$'
	screen 80 <raw | same "$BATS_FILE_TMPDIR/part.table" -
}

# bats test_tags=slow
@test "lines that are not counted have no speed" {
	mkfifo fifo
	for args in '-e Vancouver' '-e [A-Z]\w+-7'; do
		: >raw
		slowly >fifo &
		at_80 $args fifo >raw
		screen 80 frames <raw >frames
		grep -qE ' [kM]?B/s  [0-9]+ workers?$' frames
		run -1 grep lines/s frames
	done
}

@test "a pipe that is counted by one process has progress, too" {
	at_80 -j 1 <(slowly) >raw
	screen 80 frames <raw | grep -E '  1 worker$'
	screen 80 <raw | same "$BATS_FILE_TMPDIR/part.table" -
}

# bats test_tags=slow
@test "a file has a share, which grows, and a time to wait" {
	for jobs in 1 2; do
		in_steps 500 at_80 -j $jobs --progress=always --chunk-size 10K -e '^(\S+)' "$BATS_FILE_TMPDIR/slow.log"
		[ "$status" -eq 0 ]
		screen 80 frames <raw >frames
		[ "$(grep -cE '^[0-9.]+ [kM]?B  [0-9.]+%  .* ETA [0-9]+:[0-9][0-9]  ' frames)" -ge 3 ]
		grep -oE '[0-9.]+%' frames | tr -d % >shares
		sort -c -n shares
		[ "$(tail -1 shares | cut -d. -f1)" -gt "$(head -1 shares | cut -d. -f1)" ]
		screen 80 <raw | tail -n +2 | tr -d ',' | awk '{ print $1, $NF }' |
			same <(head "$BATS_FILE_TMPDIR/slow.expected" | awk '{ print $1, $2 }') -
	done
}

@test "several files: the share is of all of them" {
	head -c 20000 "$BATS_FILE_TMPDIR/slow.log" >small.log
	in_steps 500 at_80 --progress=always --chunk-size 10K -e '^(\S+)' small.log "$BATS_FILE_TMPDIR/slow.log" small.log
	screen 80 frames <raw | grep -oE '[0-9]+(\.[0-9])?%' | tr -d % >shares
	sort -c -n shares
	# Each of the three would soon be at its end; all together are not.
	[ "$(head -1 shares | cut -d. -f1)" -lt 50 ]
}

@test "a compressed file: the share is that of its compressed bytes" {
	# Several times as large as what wf decodes before it counts: up to twelve blocks of 256 KB.
	"$TREE/data/mklog" -n 120000 >log
	gzip -1 -c log >log.gz
	in_steps 6000 at_80 --progress=always -e '^(\S+)' log.gz
	screen 80 frames <raw >frames
	# Compressed to a sixth or so: wf has counted more bytes than it has read.
	"$PYTHON" -c '
import os, re
size = os.path.getsize("log")
shares = []
for line in open("frames"):
    bytes, share = re.match(r"([0-9.]+ [kM]?B)  ([0-9.]+)%", line).groups()
    shares.append(float(share))
    bytes = bytes.replace(" kB", "e-3").replace(" MB", "").replace(" B", "e-6")
    assert abs(float(bytes) * 1e6 / size - float(share) / 100) < 0.25, line
assert len(shares) >= 3 and shares == sorted(shares) and shares[-1] <= 100, shares'
}

# bats test_tags=slow
@test "spilled bytes are shown, and that wf ranks" {
	"$TREE/data/mklog" -n 400000 >log
	mkfifo fifo
	{
		cat log
		until_true grep -qaE '[0-9] [kM]B spilled' raw
		cat log
	} >fifo &
	at_120 -j 2 --progress=always --memory 2M -f 0 fifo >raw
	screen 120 frames <raw >frames
	grep -qE '^[0-9.]+ MB  .*  [0-9.]+ [kM]B spilled' frames
	grep -qE '^ranking  [0-9.]+%.*  [0-9.]+ MB spilled  2 workers$' frames
	grep -E ^ranking frames | grep -oE '[0-9.]+%' | tr -d % | sort -c -n
	cat log log >twice
	at_120 --progress=never --memory 2M -f 0 twice | same - <(screen 120 <raw)
}

paints_nothing() { # HOW
	case $1 in
	never) at_80 --progress=never <(for_a_while) ;;
	dumb) TERM=dumb at_80 <(for_a_while) ;;
	no-term) TERM='' at_80 <(for_a_while) ;;
	esac | same "$BATS_FILE_TMPDIR/part.table" -
}

@test "nothing is painted with --progress=never, or on a terminal that cannot erase lines" {
	each_at_once paints_nothing never dumb no-term
}

@test "nothing is painted in less than a second" {
	local i begin
	for i in {1..20}; do # the machine may be too busy
		begin=${EPOCHREALTIME/./}
		at_80 "$BATS_FILE_TMPDIR/part.log" >raw
		[ $((${EPOCHREALTIME/./} - begin)) -ge 1000000 ] || break
	done
	[ $i -lt 20 ] || skip "the machine is too busy"
	same "$BATS_FILE_TMPDIR/part.table" raw
}

# bats test_tags=slow
@test "standard error elsewhere: nothing; with --progress=always lines" {
	into_file() {
		[ "$1" = auto ] && input=for_a_while || input='slowly lines wf:'
		wf --progress="$1" <($input) >got 2>lines
	}
	each_at_once into_file auto always
	same /dev/null auto/lines
	same auto/got always/got
	lacks always/lines -vE '^wf: [0-9.]+ [kM]?B  [0-9.]+ [kM]?B/s  '
}

@test "always: from the beginning" {
	in_steps 500 at_80 --progress=always --chunk-size 10K -e '^(\S+)' "$BATS_FILE_TMPDIR/slow.log"
	screen 80 frames <raw | sed -n 1p | grep -E '^[0-9.]+ [kM]?B  '
}

fits() { # COLUMNS
	on_terminal --columns "$1" "$WF" -q --progress=always <(slowly) >raw
	if [ "$1" -ge 20 ]; then
		screen "$1" frames <raw | grep -E '^[0-9.]+ [kM]?B'
	fi
	screen "$1" <raw >left
	[ "$(cat left)" = "" ]
}

# bats test_tags=slow
@test "narrow terminals: less important parts are left out, and no line is as wide as the terminal" {
	each_at_once fits 1 9 20 33
}

# At 80 columns a line of progress has "lines/s", at 30 it has not.
follows() { # COLUMNS,COLUMNS
	local wait=$'\r'
	[ "$1" = 30,80 ] || wait=' lines/s'
	until_other() {
		cat "$BATS_FILE_TMPDIR/part.log"
		until_true grep -qa ' lines/s' raw
		[ "$1" = 30,80 ] || until_true eval '! tail -c 200 raw | grep -a " lines/s"'
	}
	on_terminal --columns "${1%,*}" --wait "$wait" --resize "${1#*,}" "$WF" -q --progress=always <(until_other "$1") >raw
	screen 80 frames <raw | awk '{ print length($0) }' | sort -n -u >widths
	# In either order.
	[ "$(head -1 widths)" -lt 30 ]
	[ "$(tail -1 widths)" -gt 33 ]
}

@test "a terminal that is made narrower, or wider" {
	each_at_once follows 80,30 30,80
}

@test "Ctrl-C: the line is erased, the status is the signal's" {
	mkfifo fifo
	exec 4<>fifo # a writer that never ends
	ends 130 on_terminal --columns 80 --wait $'\r' --type $'\003' bash -c 'trap : INT; "$@"; exit' - \
		"$WF" --progress=always fifo >raw 4>&-
	screen 80 frames <raw | grep ' B/s\| kB/s\| MB/s'
	# Where the terminal shows what is typed, ^C gets into the line.
	[ "$(screen 80 <raw | tr -d '^C\n')" = "" ]
}

@test "a message is not mixed with it, and comes on a line of its own" {
	cat "$BATS_FILE_TMPDIR/slow.log" >log
	: >held
	# Its workers are killed again and again: in the end wf gives up, with a message.
	HELD=$PWD/held ends 2 on_terminal --columns 80 bash -c '
		LD_PRELOAD=$0 "$@" & pid=$!
		while ! grep -qa $'"'\\r'"' raw; do sleep 0.02; done
		while [ "$(jobs -r)" ]; do
			kill -KILL $(cat /proc/$pid/task/$pid/children 2>/dev/null) 2>/dev/null
			sleep 0.01
		done
		wait $pid' "$(preload held)" "$WF" --progress=always --color=never --chunk-size 200K -e '^(\S+)' log >raw
	screen 200 <raw | tee left
	[ "$(wc -l <left)" -eq 1 ]
	grep -qE '^wf: [^ ].*workers died while they counted them \(Killed\)$|^wf: workers: 128 of them died \(the last: Killed\)$' left
}

@test "a worker that is killed: its share is taken back, and the answer is right" {
	: >held
	HELD=$PWD/held HELD_AFTER=500 on_terminal --columns 80 bash -c '
		LD_PRELOAD=$0 "$@" & pid=$!
		while ! grep -qa % raw; do sleep 0.02; done
		kill -KILL $(cut -d" " -f1 /proc/$pid/task/$pid/children)
		rm held
		wait $pid' "$(preload held)" "$WF" --progress=always --format=plain -n 0 --chunk-size 10K -e '^(\S+)' \
		"$BATS_FILE_TMPDIR/slow.log" >raw
	screen 80 frames <raw | grep '%'
	screen 80 <raw | same "$BATS_FILE_TMPDIR/slow.expected" -
}

@test "in the background of a shell nothing is painted" {
	on_terminal --columns 80 bash -c 'set -m; "$@" & wait $!' - "$WF" -q --progress=always <(for_a_while) >raw
	run -1 grep $'\r' raw
}

@test "without progress the parent does not wake up while it waits" {
	needs strace
	traced "$WF" -j 2 -q <(for_a_while)
	lacks calls -E 'rt_sigtimedwait.*(EAGAIN|tv_nsec)'
	grep -q rt_sigtimedwait calls
}

@test "progress is auto, always or never" {
	refused "wf: --progress: must be auto, always or never, not 'yes'" --progress=yes
}
