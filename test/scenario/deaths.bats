#!/usr/bin/env bats
# Deaths: of workers, whose work is done again by others; of wf, which ends all its processes.

load helper

setup_file() {
	load helper
	make_slow_log 8000
	preload held
}

# Start wf; its process is $wf, its output is in got and errors.  Its workers stop once each has
# counted $AFTER lines, until go is called.  Chunks have some 50 lines, so that no chunk is likely to be
# counted by three workers that a test kills.
start() {
	mkdir -p tmp
	: >held
	rm -f held.stopped
	TMPDIR=$PWD/tmp HELD=$PWD/held HELD_AFTER=${AFTER-120} LD_PRELOAD="$(preload held) ${LD_ALSO-}" env --default-signal \
		"$WF" -n 0 --chunk-size 10K -e '^(\S+)' "$@" <&0 >got 2>errors 3>&- &
	wf=$!
	until_true has_children "$wf" "${CHILDREN:-2}"
}

start_log() { # [JOBS]
	CHILDREN=${1:-2} start -j "${1:-2}" "$BATS_FILE_TMPDIR/slow.log"
}

go() {
	rm held
}

# The workers that have stopped, at least so many; all of them, or one.
stopped() { # NUMBER
	local pid pids=()
	for pid in $(children_of "$wf"); do
		! grep -qx "$pid" held.stopped || pids+=("$pid")
	done
	[ ${#pids[@]} -ge "$1" ] && echo "${pids[@]}"
}

stopped_one() { # [NUMBER]: after so many have stopped
	until_true stopped "${1:-1}" >stopped
	cut -d' ' -f1 stopped
}

is_exact() {
	finish
	cat errors
	[ "$status" -eq 0 ]
	[ ! -s errors ]
	same "$BATS_FILE_TMPDIR/slow.expected" got
}

nothing_left() { # PID...
	until_true gone "$@"
	[ "$(ls -A tmp)" = "" ]
}

@test "a worker is killed: exact, 0, silent" {
	start_log
	kill -KILL "$(stopped_one)"
	go
	is_exact
}

@test "a worker is killed before it has counted anything" {
	for i in 1 2; do
		AFTER=0 start_log 4
		kill -KILL "$(stopped_one)"
		go
		is_exact
	done
}

# bats test_tags=slow
@test "twenty workers are killed, one after the other" {
	start_log 3
	for i in {1..20}; do
		worker=$(stopped_one 3)
		kill -KILL "$worker"
		until_true gone "$worker"
	done
	go
	is_exact
}

@test "all workers are killed at the same moment, twice" {
	start_log 4
	for i in 1 2; do
		until_true stopped 4 >stopped
		kill -KILL $(cat stopped)
	done
	go
	is_exact
}

@test "a worker ends by SIGTERM, SIGSEGV, SIGBUS or SIGABRT: exact; SIGINT and SIGHUP do not end it" {
	ulimit -c 0
	ASAN_OPTIONS+=:handle_segv=0:handle_sigbus=0:handle_abort=0 # ASan would write a report
	start_log 3
	for signal in TERM SEGV BUS ABRT; do
		worker=$(stopped_one 3)
		kill -$signal "$worker"
		until_true gone "$worker"
	done
	worker=$(stopped_one 3)
	kill -INT "$worker"
	kill -HUP "$worker"
	go
	is_exact
	[ "$(sort -u held.stopped | wc -l)" -eq 7 ] # three workers, and one for each that ended
}

@test "a worker is killed and no other can be forked: the remaining workers do its work, in the end the main process" {
	for n in 1 2; do
		CHILDREN=2 FAULT=fork:3+:EAGAIN AFTER=20 LD_ALSO=$(preload faults) start -j 2 "$BATS_FILE_TMPDIR/slow.log"
		until_true stopped 2 >stopped
		kill -KILL $(cut -d' ' -f"1-$n" stopped)
		go
		is_exact
	done
}

@test "a worker is killed whose decoder has reserved all the memory, and no other can be forked: the memory is free again" {
	needs zstd
	for file in 1.zst 2.zst; do
		head -n 200 "$BATS_FILE_TMPDIR/slow.log" | zstd -q -c --long=25 >$file
	done
	head -n 200 "$BATS_FILE_TMPDIR/slow.log" | sed 'p' | cut -d' ' -f1 | ranked >expected
	FAULT=fork:3+:EAGAIN AFTER=20 LD_ALSO=$(preload faults) start -j 2 --memory 64M 1.zst 2.zst
	kill -KILL "$(stopped_one)"
	go
	finish
	cat errors
	[ "$status" -eq 0 ]
	same expected got
}

# 2,000 lines, 20 of which kill.
deadly_log() {
	awk '{ if (NR % 100 == 50) $1 = sprintf("DEADLY%02d", NR / 100); print }' "$SAMPLE" >deadly.log
	cut -d' ' -f1 deadly.log | ranked >deadly.expected
}

@test "twenty chunks each kill a worker once, or twice: exact" {
	deadly_log
	for times in 1 2; do
		for jobs in 2 5; do
			DEADLY_TIMES=$times wf_preload "$(preload deadly)" -n 0 -j "$jobs" --chunk-size 10K -e '^(\S+)' \
				deadly.log >got
			same deadly.expected got
		done
	done
}

@test "a chunk that kills three workers: 2, nothing printed, file and byte range named" {
	deadly_log
	sed -i '/DEADLY0[0-8]/d; /DEADLY1/d' deadly.log
	at=$(grep -ob DEADLY09 deadly.log | cut -d: -f1)
	for jobs in 2 5; do
		run -2 --separate-stderr wf_preload "$(preload deadly)" -j "$jobs" --chunk-size 10K -e '^(\S+)' "$SAMPLE" deadly.log
		[ "$output" = "" ]
		echo "$stderr"
		[[ "$stderr" =~ ^'wf: deadly.log: bytes '([0-9]+)' to '([0-9]+)': '.*[Kk]illed ]]
		[ "${BASH_REMATCH[1]}" -le "$at" ]
		[ "${BASH_REMATCH[2]}" -gt "$at" ]
		[ $((BASH_REMATCH[2] - BASH_REMATCH[1])) -lt 20000 ]
		[ "$(grep -c '' <<<"$stderr")" -eq 1 ]
	done
}

# The worker that waits in a read of standard input; with the argument "other", one that waits in a read of anything
# else, as a worker that waits for lines does.
reader() {
	local pid number fd rest
	for pid in $(children_of "$wf"); do
		read -r number fd rest <"/proc/$pid/syscall" || continue
		[ "$number" = 0 ] || continue
		[ "${1:-reader}" = "$([ "$fd" = 0x0 ] && echo reader || echo other)" ] || continue
		echo "$pid"
		return
	done
	return 1
}

is_named() {
	finish
	cat errors
	[ "$status" -eq 2 ]
	[ ! -s got ]
	grep -q '^wf: standard input: .*[Kk]illed' errors
	[ "$(wc -l <errors)" -eq 1 ]
}

# Start wf on a standard input that has the sample's lines, but does not end before its process has.
start_on_pipe() {
	mkfifo pipe
	exec 4<>pipe
	cat "$SAMPLE" >pipe 3>&- 4>&- &
	AFTER=100000 start "$@" <pipe 4>&-
}

@test "the reader of standard input is killed: 2, named, nothing printed" {
	[ "$(uname -m)${WF_CROSS-}" = x86_64 ] || skip "knows the number of read only for x86-64"
	start_on_pipe -j 2 - "$SAMPLE"
	until_true reader
	kill -KILL "$(reader)"
	is_named
}

@test "a worker that counts lines of standard input, which another has read, is killed: 2, named, nothing printed" {
	[ "$(uname -m)${WF_CROSS-}" = x86_64 ] || skip "knows the number of read only for x86-64"
	start_on_pipe -j 2
	until_true reader
	until_true reader other
	# It waits, so the reader passes lines on to it, in blocks of 256 KB, several at a time.
	for _ in {1..12}; do cat "$SAMPLE"; done >pipe 3>&- 4>&-
	until_true reader
	until_true reader other
	kill -KILL "$(reader other)"
	is_named
}

# bats test_tags=slow
@test "a worker is killed over a compressed file that two workers decode and count: exact, 0, silent" {
	gzip -1 <"$BATS_FILE_TMPDIR/slow.log" >slow.gz
	bzip2 -1 <"$BATS_FILE_TMPDIR/slow.log" >slow.bz2
	for file in slow.gz slow.bz2; do
		for after in 0 20 2000; do
			AFTER=$after start -j 2 "$file"
			kill -KILL "$(stopped_one)"
			go
			is_exact
		done
	done
}

@test "the reader of a FIFO dies over a line of it: 2, named" {
	deadly_log
	run -2 --separate-stderr wf_preload "$(preload deadly)" -j 2 -e '^(\S+)' <(cat deadly.log) "$SAMPLE"
	[ "$output" = "" ]
	says 'wf: /dev/fd/*: ?*[Kk]illed*'
}

# A program for Python: run wf, whose workers stop, with its own process group, and end the group by SIGINT.
@test "Ctrl-C, to the whole group: 130 to a shell, no child, no file left, nothing printed" {
	mkdir tmp
	: >held
	: >held.stopped
	TMPDIR=$PWD/tmp HELD=$PWD/held "$PYTHON" - "$(preload held)" "$WF" -j 3 --chunk-size 10K \
		-e '^(\S+)' "$BATS_FILE_TMPDIR/slow.log" >got 3>&- <<-'PY'
		import os, signal, subprocess, sys, time
		p = subprocess.Popen(sys.argv[2:], start_new_session=True, stdin=subprocess.DEVNULL,
		                     env={**os.environ, 'LD_PRELOAD': sys.argv[1]})
		children = []
		while not (len(children) == 3 and all(str(c) in open('held.stopped').read().split() for c in children)):
		    assert p.poll() is None
		    time.sleep(0.02)
		    children = open(f'/proc/{p.pid}/task/{p.pid}/children').read().split()
		os.killpg(p.pid, signal.SIGINT)
		assert p.wait(60) == -signal.SIGINT, p.returncode
		assert not any(os.path.exists(f'/proc/{c}') for c in children), 'a worker is left'
	PY
	[ ! -s got ]
	[ "$(ls -A tmp)" = "" ]
}

@test "Ctrl-C typed on a terminal" {
	: >held
	: >held.stopped
	HELD=$PWD/held "$PYTHON" - "$(preload held)" "$WF" -j 2 --chunk-size 10K -e '^(\S+)' \
		"$BATS_FILE_TMPDIR/slow.log" 3>&- <<-'PY'
		import os, pty, signal, sys, time
		pid, terminal = pty.fork()
		if pid == 0:
		    os.environ['LD_PRELOAD'] = sys.argv[1]
		    os.execv(sys.argv[2], sys.argv[2:])
		while len(set(open('held.stopped').read().split())) < 2:
		    time.sleep(0.02)
		os.write(terminal, b'\x03')
		done, status = os.waitpid(pid, 0)
		assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGINT, status
	PY
}

ended_by() { # SIGNAL STATUS JOBS
	start_log "$3"
	until_true stopped "$3" >workers
	kill "-$1" "$wf"
	finish
	[ "$status" -eq "$2" ]
	[ ! -s got ]
	[ ! -s errors ]
	nothing_left $(cat workers)
}

@test "SIGINT to wf alone: 130, no worker, no file left" {
	ended_by INT 130 2
}

@test "SIGTERM: 143, no worker, no file left" {
	ended_by TERM 143 3
}

@test "SIGHUP: 129, no worker, no file left" {
	ended_by HUP 129 3
}

@test "SIGQUIT: dies of it, no worker, no file left" {
	ulimit -c 0
	ended_by QUIT 131 3
}

@test "wf is killed by SIGKILL: no worker lives on, no file left" {
	ended_by KILL 137 4
}

@test "SIGINT, SIGTERM, SIGKILL while the workers wait for a stream: none lives on" {
	mkfifo fifo other
	exec 4<>fifo 5<>other # writers that never write
	for signal in INT TERM KILL; do
		start -j 2 fifo - <other 4>&- 5>&-
		workers=$(children_of "$wf")
		kill "-$signal" "$wf"
		finish
		[ "$status" -gt 128 ]
		nothing_left $workers
	done
	exec 4>&- 5>&-
}

@test "SIGINT ignored on entry, as under nohup or in a background job: goes on, exact" {
	: >held
	(
		trap '' INT HUP
		HELD=$PWD/held LD_PRELOAD=$(preload held) exec "$WF" -n 0 -j 2 --chunk-size 10K -e '^(\S+)' \
			"$BATS_FILE_TMPDIR/slow.log" >got 2>errors 3>&-
	) &
	wf=$!
	until_true stopped 2
	kill -INT "$wf"
	kill -HUP "$wf"
	go
	is_exact
}
