#!/usr/bin/env bats
# Another wf that follows a run.

load helper

export TERM=xterm

setup_file() {
	"$TREE/data/mklog" -n 6000 >"$BATS_FILE_TMPDIR/log"
}

# A log that does not end before the file "end" exists.
until_end() {
	cat "$BATS_FILE_TMPDIR/log"
	until_true test -e end
}

# A log that takes longer than a second: then a run writes how far it is.
for_a_while() {
	cat "$BATS_FILE_TMPDIR/log"
	sleep 1.3
}

# Start a run on until_end's log; its process is $run.  Return when it has written how far it is, which it does after
# a second.
begin() { # [ARGUMENT...]
	"$WF" --save saved "$@" <(until_end) >got 2>errors 3>&- &
	run=$!
	until_true test -e saved.progress
}

end() {
	: >end
}

# Start another wf that follows the run; when it does, run COMMAND, which should end the run.  The follower's status is $status,
# its message $stderr.
follow() { # COMMAND...
	"$WF" --watch saved >output 2>said 3>&- &
	wf=$!
	until_true is_asleep
	"$@"
	finish
	stderr=$(cat said)
	[ ! -s output ]
}

is_asleep() { # or has ended
	[[ "$(state_of "$wf")" != [RD] ]]
}

watch() {
	run --separate-stderr wf --watch saved
}

# Write what a run on another machine might have written.
told() { # NAME VALUE...
	{
		echo 'wf-progress 1'
		printf '%s %s\n' "$@"
	} >saved.progress
}

ends_as() { # STATUS
	local -a asks=([1]="-e NOWHERE" [2]=no-such-file) says=("everything was counted" "nothing matched"
		"an error occurred, or not everything was counted")
	# shellcheck disable=SC2086
	begin ${asks[$1]-}
	follow end
	[ "$status" -eq "$1" ]
	says "wf: saved: ended after 0:[0-9][0-9]: ${says[$1]}"
	ends "$1" wait $run
}

@test "it ends as the run does: all counted, nothing matched, an error" {
	each_at_once ends_as 0 1 2
	wf "$BATS_FILE_TMPDIR/log" >expected
	wf --merge 0/saved | same expected -
}

@test "a run that could not save in the end" {
	ulimit -f 8
	ends 2 wf --save saved -f 0 <(for_a_while) 2>errors
	watch
	[ "$status" -eq 2 ]
	says 'wf: saved: ended after 0:[0-9][0-9]: an error occurred, or not everything was counted'
	grep -qx 'wf: saved: File too large' errors
}

@test "a run that has ended long ago, too" {
	begin
	end
	wait $run
	watch
	[ "$status" -eq 0 ]
	says 'wf: saved: ended after 0:[0-9][0-9]: everything was counted'
	[ "$(echo saved.progress*)" = saved.progress ]
}

ended_by() { # SIGNAL
	"$PYTHON" -c 'import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])' \
		"$WF" --save saved <(until_end) 3>&- &
	run=$!
	until_true grep -q 'workers [1-9]' saved.progress
	follow kill "-$1" $run
	end
	[ "$status" -eq $((128 + $(kill -l "$1"))) ]
	says "wf: saved: ended by a signal after 0:[0-9][0-9]: *"
}

@test "a run that is ended by a signal" {
	each_at_once ended_by INT TERM
}

@test "a run that is killed" {
	begin
	follow kill -KILL $run
	end
	[ "$status" -eq 2 ]
	says "wf: saved: its run, process $run on this machine, died without reporting it"
}

@test "a process of the same number that began at another time is not the run" {
	begin
	sed "s/^born .*/born 1/" saved.progress >other.progress
	run -2 --separate-stderr wf --watch other
	says "wf: other: its run, process $run on this machine, died without reporting it"
	end
	wait $run
}

@test "a run on another machine: no news for longer than it promised" {
	told host elsewhere place other/pid pid 1 born 1 state counting again 1
	watch
	[ "$status" -eq 2 ]
	says 'wf: saved: no report for [0-9]* seconds from its run, process 1 on elsewhere: it may have died'
}

@test "on a terminal the line is that of the run, and gone in the end" {
	told host elsewhere place other/pid pid 1 born 1 state counting again 1 done 430000000 total 1000000000 \
		bytes 860000000 lines 4300000 workers 12 done_rate 57000000 bytes_rate 114000000 lines_rate 570000
	ends 2 on_terminal --columns 80 "$WF" --watch saved >raw
	"$PYTHON" "$TREE/test/scenario/screen.py" 80 frames <raw | sort -u |
		same <(echo '860 MB  43%  114 MB/s  570k lines/s  ETA 0:10  12 workers') -
	# The message is wider than 80.
	"$PYTHON" "$TREE/test/scenario/screen.py" 200 <raw | grep -x 'wf: saved: no report for .* may have died'
}

@test "what is no such file" {
	watch
	[ "$status" -eq 2 ]
	says 'wf: saved.progress: No such file or directory: a run with --save saved writes it, *'
	for text in '' 'wf-progres' $'\n\n\n' $'\377\033[2J\n'; do
		printf '%s' "$text" >saved.progress
		watch
		[ "$status" -eq 2 ]
		says 'wf: saved.progress: is not a progress file of wf'
	done
}

@test "a file of which only the first line is right: 2, and nothing of it reaches the terminal" {
	for seed in 1 2 3; do
		"$PYTHON" -c 'import random, sys
sys.stdout.buffer.write(b"wf-progress 1\n" + random.Random(int(sys.argv[1])).randbytes(100000))' $seed >saved.progress
		watch
		[ "$status" -eq 2 ]
		says 'wf: saved.progress: is not a progress file of wf'
		[[ "$stderr" != *[[:cntrl:]]* ]]
	done
	told pid 7 state ended status 99999999999999999999999 seconds 18446744073709551615 host $'\033[2J' x
	watch
	[ "$status" -eq 2 ]
	says 'wf: saved: *'
	[[ "$stderr" != *[[:cntrl:]]* ]]
}

# bats test_tags=slow
@test "the file is whole whenever it is read" {
	begin
	rounds=0
	until grep -q '^seconds [3-9]' saved.progress; do # the run writes it each second
		[ "$(head -1 saved.progress)" = 'wf-progress 1' ]
		grep -q '^lines_rate ' saved.progress
		rounds=$((rounds + 1))
	done
	end
	wait $run
	echo "looked $rounds times"
	[ "$rounds" -gt 0 ]
}

@test "a run of less than a second leaves no file, and takes an old one away" {
	local i begin
	head -10 "$BATS_FILE_TMPDIR/log" >log
	for i in {1..20}; do # the machine may be too busy
		told state ended status 0
		begin=${EPOCHREALTIME/./}
		wf --save saved log >got
		[ $((${EPOCHREALTIME/./} - begin)) -ge 1000000 ] || break
	done
	[ $i -lt 20 ] || skip "the machine is too busy"
	[ ! -e saved.progress ]
}

@test "what is of that name and no run has written stays, and is said; an input is counted" {
	cp "$BATS_FILE_TMPDIR/log" saved.progress
	wf "$BATS_FILE_TMPDIR/log" >expected
	run -0 --separate-stderr wf --save saved saved.progress
	[ "$stderr" = "" ]
	same "$BATS_FILE_TMPDIR/log" saved.progress
	wf --merge saved | same expected -
	wf --save saved <(for_a_while) 2>errors
	grep -qx 'wf: saved.progress: File exists' errors
	same "$BATS_FILE_TMPDIR/log" saved.progress
	wf --merge saved | same expected -
}

# The report was written to saved.progress.PID, wherever a symbolic link of that name led.
@test "a report is not written through a symbolic link that was put in its way" {
	echo mine >victim
	"$BASH" -c 'ln -s victim "saved.progress.$$" && exec "$@"' - "$WF" --save saved <(for_a_while)
	[ "$(cat victim)" = mine ]
	head -1 saved.progress | grep -qx 'wf-progress 1'
	rm saved.progress.*
	[ "$(echo .wf-*)" = '.wf-*' ]
}

@test "who begins to follow before the run has written anything waits for that" {
	"$WF" --save saved <(until_end) >got 3>&- &
	has_written() { until_true test -e saved.progress && end; }
	follow has_written
	[ "$status" -eq 0 ]
	says 'wf: saved: ended after *'
}

@test "a run whose file can't be written says so, and counts" {
	mkdir -p saved.progress
	wf --save saved <(for_a_while) 2>errors
	grep -qx 'wf: saved.progress: Is a directory' errors
	wf "$BATS_FILE_TMPDIR/log" >expected
	wf --merge saved | same expected -
}

@test "it counts nothing itself" {
	refused 'wf: --watch: follows another run, and takes no other arguments' --watch saved
	run -2 --separate-stderr wf --watch saved -n 3
	says 'wf: --watch: follows another run, and takes no other arguments'
}

@test "what an earlier run has told is gone when the next one begins" {
	told state ended status 0
	mkfifo fifo
	exec 9<>fifo
	"$WF" --save saved fifo 3>&- 9>&- &
	run=$!
	until_true eval '! grep -q "state ended" saved.progress 2>/dev/null'
	exec 9>&-
	wait $run || true
}
