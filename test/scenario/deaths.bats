#!/usr/bin/env bats
# Death: of workers, whose work is done again; of wf, which takes all with it.

load helper

setup_file() {
	load helper
	make_slow_log 30000
}

# Start wf on a second's work; its process is $wf, its output goes to got and errors.  Chunks are
# of some milliseconds, so that none is likely to be killed three times.
start() {
	mkdir -p tmp
	TMPDIR=$PWD/tmp env --default-signal "$WF" -n 0 --chunk-size 10K -e "$SLOW" "$@" <&0 >got 2>errors 3>&- &
	wf=$!
	until_true has_children "$wf" "${CHILDREN:-2}"
}

start_log() {
	start -j "${1:-2}" "$BATS_FILE_TMPDIR/slow.log"
}

# Wait for its end; the status is $status.
finish() {
	until_true gone "$wf"
	status=0
	wait "$wf" || status=$?
}

is_exact() {
	finish
	cat errors
	[ "$status" -eq 0 ]
	[ ! -s errors ]
	same "$BATS_FILE_TMPDIR/slow.expected" got
}

worker() {
	pgrep -P "$wf" | shuf -n 1
}

nothing_left() { # PID...
	until_true gone "$@"
	[ "$(ls -A tmp)" = "" ]
}

@test "a worker is killed: exact, 0, silent" {
	start_log
	sleep 0.2
	kill -KILL "$(worker)"
	is_exact
}

@test "a worker is killed at once, before it has counted anything" {
	for i in 1 2; do
		start_log 4
		kill -KILL "$(worker)"
		is_exact
	done
}

@test "workers are killed twenty times, every 20 ms" {
	start -j 3 --chunk-size 2K "$BATS_FILE_TMPDIR/slow.log" # of which few take that long, on a busy machine too
	for i in {1..20}; do
		sleep 0.02
		kill -KILL "$(worker)" 2>/dev/null || true
	done
	is_exact
}

@test "all workers are killed at the same moment, twice" {
	start_log 4
	for i in 1 2; do
		sleep 0.05
		kill -KILL $(pgrep -P "$wf") 2>/dev/null || true
	done
	is_exact
}

@test "a worker ends of SIGTERM, SIGSEGV, SIGBUS, SIGABRT or SIGHUP: the same; SIGINT is not its business" {
	ulimit -c 0
	ASAN_OPTIONS+=:handle_segv=0:handle_sigbus=0:handle_abort=0 # it has words to say
	start_log 3
	for signal in TERM SEGV BUS ABRT HUP INT; do
		sleep 0.03
		kill -$signal "$(worker)" 2>/dev/null || true
	done
	is_exact
}

@test "a worker is killed and no other can be forked: those left do it, in the end main" {
	library=$(preload few_forks)
	for n in 1 2; do
		LD_PRELOAD=$library FORKS=2 "$WF" -n 0 -j 2 --chunk-size 10K \
			-e "$SLOW" "$BATS_FILE_TMPDIR/slow.log" >got 2>errors 3>&- &
		wf=$!
		until_true has_children "$wf" 2
		sleep 0.1
		kill -KILL $(pgrep -P "$wf" | head -"$n")
		is_exact
	done
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

# The worker that waits in a read of standard input; with another argument, one that does not.
reader() {
	local pid number fd rest
	for pid in $(pgrep -P "$wf"); do
		read -r number fd rest <"/proc/$pid/syscall" || continue
		[ "${1:-reader}" = "$([ "$number $fd" = "0 0x0" ] && echo reader || echo other)" ] || continue
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

@test "the reader of standard input is killed: 2, named, nothing printed" {
	[ "$(uname -m)${WF_CROSS-}" = x86_64 ] || skip "knows read's number there"
	start -j 2 - "$SAMPLE" < <(cat "$SAMPLE"; exec sleep 4 3>&-)
	until_true reader
	kill -KILL "$(reader)"
	is_named
}

@test "who counts what another has read of standard input is killed: 2, named, nothing printed" {
	[ "$(uname -m)${WF_CROSS-}" = x86_64 ] || skip "knows read's number there"
	start -j 2 < <(cat "$BATS_FILE_TMPDIR/slow.log" "$BATS_FILE_TMPDIR/slow.log"; exec sleep 4 3>&-)
	until_true reader
	kill -KILL "$(reader other)"
	is_named
}

@test "a worker is killed over a compressed file that two decode and count: exact, 0, silent" {
	gzip -1 <"$BATS_FILE_TMPDIR/slow.log" >slow.gz
	bzip2 -1 <"$BATS_FILE_TMPDIR/slow.log" >slow.bz2
	for file in slow.gz slow.bz2; do
		for delay in 0 0.02 0.1; do
			start -j 2 "$file"
			sleep "$delay"
			kill -KILL "$(worker)"
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

@test "Ctrl-C, to the whole group: 130 to a shell, no child, no file left, nothing printed" {
	mkdir tmp
	TMPDIR=$PWD/tmp timeout 20 "$PYTHON" - "$WF" -j 3 --chunk-size 100K -e "$SLOW" "$BATS_FILE_TMPDIR/slow.log" >got 3>&- <<-'PY'
		import os, signal, subprocess, sys, time
		p = subprocess.Popen(sys.argv[1:], start_new_session=True, stdin=subprocess.DEVNULL)
		for _ in range(500):
		    children = open(f'/proc/{p.pid}/task/{p.pid}/children').read().split()
		    if len(children) == 3:
		        break
		    time.sleep(0.01)
		assert len(children) == 3
		time.sleep(0.1)
		os.killpg(p.pid, signal.SIGINT)
		assert p.wait(5) == -signal.SIGINT, p.returncode
		assert not any(os.path.exists(f'/proc/{c}') for c in children), 'a worker is left'
	PY
	[ ! -s got ]
	[ "$(ls -A tmp)" = "" ]
}

@test "Ctrl-C typed on a terminal" {
	timeout 20 "$PYTHON" - "$WF" -j 2 --chunk-size 100K -e "$SLOW" "$BATS_FILE_TMPDIR/slow.log" 3>&- <<-'PY'
		import os, pty, signal, sys, time
		pid, terminal = pty.fork()
		if pid == 0:
		    os.execv(sys.argv[1], sys.argv[1:])
		time.sleep(0.3)
		os.write(terminal, b'\x03')
		for _ in range(500):
		    done, status = os.waitpid(pid, os.WNOHANG)
		    if done:
		        break
		    time.sleep(0.01)
		assert done and os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGINT, status
	PY
}

# SIGNAL STATUS -j N
ended_by() {
	start -j "$3" "$BATS_FILE_TMPDIR/slow.log"
	workers=$(pgrep -P "$wf")
	sleep 0.1
	kill "-$1" "$wf"
	finish
	[ "$status" -eq "$2" ]
	[ ! -s got ]
	[ ! -s errors ]
	nothing_left $workers
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
		workers=$(pgrep -P "$wf")
		kill "-$signal" "$wf"
		finish
		[ "$status" -gt 128 ]
		nothing_left $workers
	done
	exec 4>&- 5>&-
}

@test "SIGINT ignored on entry, as under nohup or in a background job: goes on, exact" {
	(
		trap '' INT HUP
		exec "$WF" -n 0 -j 2 --chunk-size 100K -e "$SLOW" "$BATS_FILE_TMPDIR/slow.log" >got 2>errors 3>&-
	) &
	wf=$!
	until_true has_children "$wf" 2
	kill -INT "$wf"
	kill -HUP "$wf"
	is_exact
}
