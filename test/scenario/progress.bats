#!/usr/bin/env bats
# How far a run is: a line on the terminal while it lasts, and nothing of it afterwards.

load helper

export TERM=xterm

setup_file() {
	make_slow_log 60000
	head -c 1500000 "$BATS_FILE_TMPDIR/slow.log" | sed '$d' >"$BATS_FILE_TMPDIR/part.log"
	rank_part >"$BATS_FILE_TMPDIR/part.table"
}

# The table as it is without any progress.
rank_part() {
	LC_ALL=C timeout 20 "$PYTHON" "$TREE/test/scenario/terminal.py" --columns 80 "$WF" --color=never --progress=never "$BATS_FILE_TMPDIR/part.log"
}

# Written over a second and a half.
slowly() {
	local log=$BATS_FILE_TMPDIR/part.log i
	for i in 0 1 2 3 4 5; do
		head -c $(((i + 1) * 250000)) "$log" | tail -c +$((i * 250000 + 1))
		sleep 0.25
	done
}

screen() {
	"$PYTHON" "$TREE/test/scenario/screen.py" "$@"
}

# A command of wf's on a terminal of 80 columns, without colours.
at_80() {
	on_terminal --columns 80 "$WF" --color=never "$@"
}

at_120() {
	on_terminal --columns 120 "$WF" --color=never "$@"
}

@test "a slow pipe: bytes, speeds and workers, no share; then only the table" {
	at_80 <(slowly) >raw
	screen 80 frames <raw >frames
	[ "$(wc -l <frames)" -ge 3 ]
	lacks frames -vE '^([0-9.]+ [kM]?B)  ([0-9.]+ [kM]?B/s)  [0-9.]+[kM]? lines/s  [0-9]+ workers?$'
	screen 80 <raw | same "$BATS_FILE_TMPDIR/part.table" -
}

@test "of lines that are not counted it tells no number" {
	mkfifo fifo
	for args in '-e Vancouver' '-e [A-Z]\w+-7'; do
		slowly >fifo &
		at_80 $args fifo >raw
		screen 80 frames <raw >frames
		grep -qE ' [kM]?B/s  [0-9]+ workers?$' frames
		run -1 grep lines/s frames
	done
}

@test "a pipe that is counted by one alone has progress, too" {
	at_80 -j 1 <(slowly) >raw
	screen 80 frames <raw | grep -E ' MB  .*  1 worker$'
	screen 80 <raw | same "$BATS_FILE_TMPDIR/part.table" -
}

@test "a file has a share, which grows, and a time to wait" {
	for jobs in 1 2; do
		at_80 -j $jobs --progress=always --chunk-size 200K -e "$SLOW" "$BATS_FILE_TMPDIR/slow.log" >raw
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
	at_80 --progress=always --chunk-size 200K -e "$SLOW" small.log "$BATS_FILE_TMPDIR/slow.log" small.log >raw
	screen 80 frames <raw | grep -oE '[0-9]+(\.[0-9])?%' | tr -d % >shares
	sort -c -n shares
	# Each of the three would soon be at its end; all together are not.
	[ "$(head -1 shares | cut -d. -f1)" -lt 50 ]
}

@test "a compressed file: the share is that of its compressed bytes" {
	gzip -c "$BATS_FILE_TMPDIR/slow.log" >log.gz
	at_80 --progress=always -e "$SLOW" log.gz >raw
	screen 80 frames <raw >frames
	# Compressed to a sixth or so: what was decoded is more than what was taken.
	"$PYTHON" -c '
import os, re
size, packed = os.path.getsize(os.environ["BATS_FILE_TMPDIR"] + "/slow.log"), os.path.getsize("log.gz")
shares = []
for line in open("frames"):
    bytes, share = re.match(r"([0-9.]+ [kM]?B)  ([0-9.]+)%", line).groups()
    shares.append(float(share))
    bytes = bytes.replace(" kB", "e-3").replace(" MB", "").replace(" B", "e-6")
    assert abs(float(bytes) * 1e6 / size - float(share) / 100) < 0.25, line
assert len(shares) >= 3 and shares == sorted(shares) and shares[-1] <= 100, shares'
}

@test "what is spilled, and that it is ranked" {
	"$TREE/data/mklog" -n 400000 >log
	mkfifo fifo
	{
		cat log
		sleep 0.5 # all that is there has been counted, and told
		cat log
	} >fifo &
	at_120 -j 2 --progress=always --memory 2M -f 0 fifo >raw
	screen 120 frames <raw >frames
	grep -qE '^[0-9.]+ MB  .*  [0-9.]+ [kM]B spilled' frames
	grep -qE '^ranking  [0-9.]+%.*  [0-9.]+ MB spilled  2 workers$' frames
	grep -E ^ranking frames | grep -oE '[0-9.]+%' | tr -d % | sort -c -n
	at_120 --progress=never --memory 2M -f 0 log log | same - <(screen 120 <raw)
}

paints_nothing() { # HOW
	case $1 in
	never) at_80 --progress=never <(slowly) ;;
	dumb) TERM=dumb at_80 <(slowly) ;;
	no-term) TERM='' at_80 <(slowly) ;;
	esac | same "$BATS_FILE_TMPDIR/part.table" -
}

@test "nothing is painted in less than a second, with --progress=never, or without a terminal to erase lines on" {
	at_80 "$BATS_FILE_TMPDIR/part.log" | same "$BATS_FILE_TMPDIR/part.table" -
	each_at_once paints_nothing never dumb no-term
}

@test "standard error elsewhere: nothing; with --progress=always lines" {
	into_file() { wf --progress="$1" <(slowly) >got 2>lines; }
	each_at_once into_file auto always
	same /dev/null auto/lines
	same auto/got always/got
	lacks always/lines -vE '^wf: [0-9.]+ [kM]?B  [0-9.]+ [kM]?B/s  '
}

@test "always: at once" {
	head -c 3000000 "$BATS_FILE_TMPDIR/slow.log" >log
	at_80 --progress=always --chunk-size 100K -e "$SLOW" log | screen 80 frames | grep -E '^[0-9.]+ [kM]?B  '
}

fits() { # COLUMNS
	on_terminal --columns "$1" "$WF" -q --progress=always <(slowly) >raw
	if [ "$1" -ge 20 ]; then
		screen "$1" frames <raw | grep -E '^[0-9.]+ [kM]?B'
	fi
	screen "$1" <raw >left
	[ "$(cat left)" = "" ]
}

@test "narrow terminals: what is less important goes, and no line is as wide as the terminal" {
	each_at_once fits 1 9 20 33
}

follows() { # COLUMNS,COLUMNS
	on_terminal --columns "${1%,*}" --resize 0.8 "${1#*,}" "$WF" -q --progress=always <(slowly) >raw
	screen 80 frames <raw | awk '{ print length($0) }' | sort -n -u >widths
	# In either order.
	[ "$(head -1 widths)" -lt 30 ]
	[ "$(tail -1 widths)" -gt 33 ]
}

@test "a terminal that is made narrower, or wider" {
	each_at_once follows 80,30 30,80
}

@test "Ctrl-C: the line is gone, the status is the signal's" {
	ends 130 on_terminal --columns 80 --type 0.8 $'\003' bash -c 'trap : INT; "$@"; exit' - \
		"$WF" --progress=always <(slowly) >raw
	screen 80 frames <raw | grep ' B/s\| kB/s\| MB/s'
	# Where the terminal shows what is typed, ^C gets into the line.
	[ "$(screen 80 <raw | tr -d '^C\n')" = "" ]
}

@test "a message is not mixed with it, and comes on a line of its own" {
	cat "$BATS_FILE_TMPDIR/slow.log" >log
	# All workers are killed over it, again and again: in the end a message.
	ends 2 on_terminal --columns 80 bash -c '
		"$@" & pid=$!
		sleep 0.5
		while pkill -KILL -P $pid; do sleep 0.02; done
		wait $pid' - "$WF" --progress=always --color=never --chunk-size 200K -e "$SLOW" log >raw
	screen 200 <raw >left
	[ "$(wc -l <left)" -eq 1 ]
	grep -qE '^wf: [^ ].*workers died while they counted them \(Killed\)$|^wf: workers: 128 of them died \(the last: Killed\)$' left
}

@test "a worker that is killed: its share is taken back, and the answer is right" {
	on_terminal --columns 80 bash -c '
		"$@" & pid=$!
		sleep 0.5
		pkill -KILL -o -P $pid
		wait $pid' - "$WF" --progress=always --format=plain -n 0 --chunk-size 200K -e "$SLOW" "$BATS_FILE_TMPDIR/slow.log" >raw
	screen 80 frames <raw | grep '%'
	screen 80 <raw | same "$BATS_FILE_TMPDIR/slow.expected" -
}

@test "in the background of a shell nothing is painted" {
	head -c 6000000 "$BATS_FILE_TMPDIR/slow.log" >log
	on_terminal --columns 80 bash -c 'set -m; "$@" & wait $!' - "$WF" -q --progress=always -e "$SLOW" log >raw
	run -1 grep $'\r' raw
}

@test "without progress the parent does not wake up while it waits" {
	[ "$(uname)" = Linux ] || skip "needs strace"
	# A sanitizer can't look for leaks of a process that is traced.
	ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 strace -qq -o calls "$WF" -j 2 -q <(slowly)
	lacks calls -E 'rt_sigtimedwait.*(EAGAIN|tv_nsec)'
	grep -q rt_sigtimedwait calls
}

@test "progress is auto, always or never" {
	refused "wf: --progress: must be auto, always or never, not 'yes'" --progress=yes
}
