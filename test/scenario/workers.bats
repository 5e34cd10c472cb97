#!/usr/bin/env bats
# Workers: the same answer however many there are, and whatever they meet but death.

load helper

setup_file() {
	load helper
	make_slow_log 20000
}

slow_log() {
	echo "$BATS_FILE_TMPDIR/slow.log"
}

right() { # is stdin the answer?
	same "$BATS_FILE_TMPDIR/slow.expected" -
}

# bats test_tags=slow
@test "the same answer and account for -j 1 to 8 and any chunk size" {
	"$TREE/data/mklog" -n 400 --hostile >whole.log
	head -c 60000 whole.log >hostile.log
	wf -n 0 --json -j 1 hostile.log >expected
	for jobs in 1 2 3 4 5 6 7 8; do
		for size in 1 2 7 100 4096 10K 1M; do
			wf -n 0 --json -j "$jobs" --chunk-size "$size" hostile.log >got
			same expected got
		done
	done
	wf -n 0 --json -j 100 --chunk-size 10 hostile.log | same expected -
}

@test "the same answer on every CPU variant" {
	"$TREE/data/mklog" -n 3000 --hostile >hostile.log
	tried=0
	for args in "" "-e (\S+)$" "-e [Mm]ozilla/([\d.]+) -g GET -v bot" "-i -e ongoing/([a-z]+)"; do
		WF_CPU=plain wf -n 0 --json $args hostile.log >expected
		for cpu in sse2 avx2 avx512 neon; do
			WF_CPU=$cpu wf -n 0 --json $args hostile.log >got 2>errors || {
				grep -q '^wf: WF_CPU: ' errors
				continue
			}
			same expected got
			tried=$((tried + 1))
		done
	done
	[ "${WF_CROSS-}" != i386 ] || skip "i386 has one"
	[ "$tried" -ge 4 ]
}

@test "fork fails always: main does it all" {
	wf_fault fork:1+:EAGAIN -n 0 -j 4 --chunk-size 100K -e '^(\S+)' "$(slow_log)" | right
	cat "$(slow_log)" | wf_fault fork:1+:EAGAIN -n 0 -j 4 -e '^(\S+)' - /dev/null | right
}

@test "fork fails after the first, after the third: fewer do it" {
	for forks in 1 2 3; do
		wf_fault fork:$((forks + 1))+:EAGAIN -n 0 -j 8 --chunk-size 100K -e '^(\S+)' "$(slow_log)" | right
		wf_fault fork:$((forks + 1))+:EAGAIN -n 0 -j 8 --chunk-size 100K -e '^(\S+)' - /dev/null \
			<"$(slow_log)" | right
	done
}

@test "no memfd_create: the same through \$TMPDIR, where nothing is left" {
	mkdir tmp
	TMPDIR=$PWD/tmp wf_fault memfd_create:1+:ENOSYS -n 0 -j 3 --chunk-size 100K -e '^(\S+)' "$(slow_log)" | right
	[ "$(ls -A tmp)" = "" ]
}

@test "no memfd_create and no \$TMPDIR to write to: the same" {
	: >file
	for tmp in /nonexistent "$PWD/file" /proc "$(printf '/x%.0s' {1..3000})"; do
		TMPDIR=$tmp wf_fault memfd_create:1+:ENOSYS -n 0 -j 3 --chunk-size 100K -e '^(\S+)' "$(slow_log)" | right
	done
}

@test "no memfd_create: killed, it leaves nothing in \$TMPDIR" {
	mkdir tmp
	TMPDIR=$PWD/tmp env FAULT=memfd_create:1+:ENOSYS LD_PRELOAD="$(preload faults)" \
		"$WF" -j 3 --chunk-size 100K -e "$SLOW" "$(slow_log)" >/dev/null 3>&- &
	until_true has_children $! 2
	kill -KILL $!
	until_true gone $!
	[ "$(ls -A tmp)" = "" ]
}

@test "signals ignored or blocked by whoever started it: SIGCHLD, SIGINT, SIGPIPE" {
	for how in 'signal.signal(signal.SIGCHLD, signal.SIG_IGN)' \
		'signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))' \
		'[signal.signal(s, signal.SIG_IGN) for s in (1, 2, 3, 13, 15, 17)]'; do
		"$PYTHON" -c "
import os, signal, sys
$how
os.execv(sys.argv[1], sys.argv[1:])" "$WF" -n 0 -j 3 --chunk-size 100K -e '^(\S+)' "$(slow_log)" | right
	done
}

@test "children that it has from before its exec: neither mistaken for workers nor waited for" {
	bash -c 'true & false & sleep 0.05 & sleep 30 & echo $! >sleeper; exec "$0" "$@"' \
		"$WF" -n 0 -j 3 --chunk-size 100K -e "$SLOW" "$(slow_log)" >got 3>&-
	kill "$(cat sleeper)"
	right <got
}

@test "stopped and continued, wf or a worker: the same answer" {
	"$WF" -n 0 -j 2 --chunk-size 100K -e "$SLOW" "$(slow_log)" >got 3>&- &
	until_true has_children $! 2
	worker=$(pgrep -P $! | head -1)
	kill -STOP "$worker"
	sleep 0.05
	kill -STOP $!
	sleep 0.05
	kill -CONT $!
	kill -CONT "$worker"
	until_true gone $!
	wait $!
	right <got
}

# bats test_tags=slow
@test "little address space: the right answer, or 2 and a message" {
	needs_ulimit_v
	"$TREE/data/mklog" -n 30000 -u 30000 --uniform >urls.log
	wf -n 0 urls.log >expected
	answers=0
	for kb in 8000 12000 16000 20000 24000 28000 32000 40000 50000 60000 80000 120000 400000; do
		(ulimit -v $kb; "$WF" -V) >/dev/null 2>&1 || continue # too little to load libraries
		for jobs in 1 2 8; do
			status=0
			(ulimit -v $kb; wf -n 0 -j $jobs --chunk-size 300K urls.log) >got 2>errors || status=$?
			echo "$kb KB, $jobs jobs: $status"
			if [ "$status" -eq 0 ]; then
				same expected got
				answers=$((answers + 1))
			else
				[ "$status" -eq 2 ]
				[ ! -s got ]
				grep -q '^wf: ..*: ..*' errors
			fi
		done
	done
	[ "$answers" -gt 5 ]
}

# bats test_tags=slow
@test "few open files: the right answer, or, below eight, 2 and a message" {
	log=$(slow_log)
	for n in 4 5 6 7 8 9 10 12 16 20; do
		for jobs in 1 2 8; do
			status=0
			(
				exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- # bats has some open
				ulimit -n $n
				exec "$WF" -n 0 -j $jobs --chunk-size 100K -e '^(\S+)' "$log"
			) >got 2>errors || status=$?
			cat errors
			echo "$n files, $jobs jobs: $status"
			if [ "$status" -eq 0 ]; then
				right <got
			else
				[ "$n" -lt 8 ]
				[ "$status" -eq 2 ]
				grep -q '^wf: ..*: ..*' errors
			fi
		done
	done
}

@test "files may not grow (ulimit -f): the right answer, or 2 and a message" {
	for kb in 0 10 100 1000; do
		for jobs in 1 2; do
			status=0
			(ulimit -f $kb; wf -n 0 -j $jobs --chunk-size 100K -e '^(\S+)' "$(slow_log)" 2>&1) | cat >got || status=$?
			echo "$kb KB, $jobs jobs, status $status"
			if [ "$status" -eq 0 ]; then
				right <got
			else
				[ "$status" -eq 2 ]
				grep -q '^wf: ..*: ..*' got
			fi
		done
	done
}

# How many filters of system calls a process has (Linux 5.9), or else how it uses them.
filters_of() { # PID
	sed -n 's/^Seccomp_filters:\t//p; s/^Seccomp:\t//p' "/proc/$1/status" | tail -1
}

has_more_filters() { # PID NUMBER
	[ "$(filters_of "$1")" -gt "$2" ]
}

@test "workers are in a sandbox, and can read what they need to" {
	! sanitized || skip "a sanitizer needs files"
	[ -z "${WF_CROSS-}" ] || skip "qemu has no filters of system calls"
	[ -n "$(filters_of $$)" ] || skip "the system has no filters of system calls"
	local worker
	mkfifo fifo
	exec 9<>fifo
	touch {1..300}
	ulimit -n 1000 # a quarter of these are kept open
	"$WF" -j 2 -n 0 -e '^(\S+)' fifo {1..300} "$(slow_log)" >got 2>errors 9>&- 3>&- &
	wf=$!
	until_true has_children $wf 2
	for worker in $(children_of $wf); do
		until_true has_more_filters "$worker" "$(filters_of $wf)"
	done
	exec 9>&-
	finish
	[ "$status" -eq 0 ]
	right <got
}

# A run on a small log is as short as a run can be: nothing is looked up, made or mapped that is not needed.
@test "a small log is counted without a fork, a look at the machine, a locale, and libraries for compressed ones" {
	needs strace
	! sanitized || skip "a sanitizer needs files"
	[ -z "${WF_CROSS-}" ] || skip "qemu makes system calls of its own"
	head -300 "$SAMPLE" >log # 60 KB
	LC_ALL=C.UTF-8 traced -f "$WF" -n 1 log log log >got
	"$WF" -n 1 -j 3 log log log | same - got
	lacks calls -E '/proc/|/sys/fs|/locale|clone|fork|seccomp|lib(isal|z|zstd|lzma|lz4|bz2)\.so'
	traced -f "$WF" -n 1 "$SAMPLE" >got # 400 KB
	grep -q /proc/meminfo calls
}
