#!/usr/bin/env bats
# Compressed logs are told by their first bytes and counted as what they hold; what can't be
# decoded is named, and what was decoded before it is counted.

load helper

# In the order of the alphabet, as -V names them.
CODECS='bzip2 gzip lz4 xz zstd'

pack() { # CODEC, from stdin to stdout
	"$1" -q -c
}

lines_in() { # JSON
	"$PYTHON" -c 'import json, sys; print(json.load(open(sys.argv[1]))["account"]["lines"])' "$1"
}

setup_file() {
	load helper
	cd "$BATS_FILE_TMPDIR"
	cat "$SAMPLE" "$SAMPLE" >plain
	wf -n 0 -f url,status plain >expected
	wf -n 0 -f url,status plain plain >twice
}

make_files() {
	ln -s "$BATS_FILE_TMPDIR"/{plain,expected,twice} .
}

@test "each kind, from a file of any name, from a pipe, by any number of workers" {
	for codec in $CODECS; do
		echo "$codec"
		pack "$codec" <plain >log.txt
		wf -n 0 -f url,status log.txt | same expected -
		wf -n 0 -f url,status -j 8 --chunk-size 1 log.txt | same expected -
		wf -n 0 -f url,status <log.txt | same expected -
		# shellcheck disable=SC2002
		cat log.txt | wf -n 0 -f url,status | same expected -
	done
}

@test "several members, as cat makes them, and zeros after the last where the format allows them" {
	for codec in $CODECS; do
		echo "$codec"
		pack "$codec" <plain >one
		cat one one >two
		case $codec in gzip | xz) head -c 4096 /dev/zero >>two ;; esac
		wf -n 0 -f url,status two | same twice -
		# shellcheck disable=SC2002
		cat two | wf -n 0 -f url,status | same twice -
	done
}

@test "a line may run over the end of a member" {
	for codec in $CODECS; do
		{ head -c 100001 plain | pack "$codec"; tail -c +100002 plain | pack "$codec"; } >log
		wf -n 0 -f url,status log | same expected -
	done
}

@test "compressed and plain ones in one run, each counted once" {
	for codec in $CODECS; do
		pack "$codec" <plain >"log.$codec"
	done
	cat plain plain plain plain plain plain >all
	wf -n 0 -f client all >six
	for jobs in 1 2 7; do
		wf -n 0 -f client -j $jobs log.* plain | same six -
	done
}

@test "empty ones are empty" {
	for codec in $CODECS; do
		pack "$codec" </dev/null >empty
		run -1 --separate-stderr wf -e . empty
		[ "$output" = '' ]
		[ "$stderr" = '' ]
	done
}

# bats test_tags=slow
@test "cut off: what is there is counted, the file named, exit 2" {
	for codec in $CODECS; do
		echo "$codec"
		pack "$codec" <plain >one
		{ cat one; head -c 2000 one; } >cut
		run -2 --separate-stderr wf -q cut
		[[ $stderr = "wf: cut: truncated $codec data; only the first "*' bytes were counted' ]]
		ends 2 wf --json cut >json 2>errors
		[ "$(lines_in json)" -ge 4000 ]
	done
}

# bats test_tags=slow
@test "corrupt, or with something else behind: named, exit 2, what comes before it is counted" {
	for codec in $CODECS; do
		echo "$codec"
		pack "$codec" <plain >one
		{ cat one; echo 'something else'; } >behind
		run -2 --separate-stderr wf -q behind
		[[ $stderr = "wf: behind: corrupt $codec data; only the first $(wc -c <plain) bytes were counted" ]]
		ends 2 wf -n 0 -f url,status behind >got 2>errors
		same expected got
		"$PYTHON" - one >corrupt <<'END'
import sys
data = bytearray(open(sys.argv[1], 'rb').read())
for at in range(len(data) // 2, len(data) // 2 + 50):
    data[at] ^= 0x55
sys.stdout.buffer.write(data)
END
		run -2 --separate-stderr wf -q corrupt plain
		[[ $stderr = "wf: corrupt: "*" $codec data"* ]]
		ends 2 wf --json corrupt plain >json 2>errors
		[ "$(lines_in json)" -ge 2000 ]
	done
}

@test "a corrupt part behind parts that are not: named, exit 2, the other parts are counted" {
	for pack in 'bzip2 -1' 'xz --block-size=100000'; do
		echo "$pack"
		codec=${pack%% *}
		$pack -q -c <plain >corrupt
		size=$(wc -c <corrupt)
		head -c 50 /dev/zero | dd of=corrupt bs=1 seek=$((size * 9 / 10)) conv=notrunc status=none
		for jobs in 1 2; do
			ends 2 wf --json -j $jobs --chunk-size 10K corrupt >json 2>errors
			[ "$(cat errors)" = "wf: corrupt: corrupt $codec data in one of its parts, which is not completely counted" ]
			[ "$(lines_in json)" -gt 2000 ]
			[ "$(lines_in json)" -lt 4000 ]
		done
	done
}

# bats test_tags=slow
@test "what unpacks to much takes little memory" {
	! sanitized || skip "AddressSanitizer's own memory is many times that"
	head -c 60000000 /dev/zero | tr '\0' '\n' | gzip -1 >bomb
	ulimit -v 100000
	wf --json -e '^$' bomb >json
	[ "$(lines_in json)" -eq 60000000 ]
}

@test "what needs more memory than there is, is not called corrupt" {
	needs_ulimit_v
	head -c 1000 plain | zstd -q -c --long=31 >log
	ulimit -v 300000
	run -2 --separate-stderr wf -q log
	says 'wf: log: Cannot allocate memory; nothing was counted'
}

@test "a library is loaded when it is needed, and one that is missing is named" {
	grep -q dlopen "$WF" || skip "this wf is linked with the libraries"
	local codec how
	wf_fault dlopen:1+:ENOENT -n 0 -f url,status plain | same expected -
	wf_fault dlopen:1+:ENOENT -n 0 -f url,status -j 2 - <plain | same expected -
	for codec in $CODECS; do
		pack "$codec" <plain >log
		for how in 1 2; do
			run -2 --separate-stderr wf_fault dlopen:1+:ENOENT -q -j "$how" log
			[[ $stderr = "wf: log: reading $codec data needs "*', which cannot be loaded (is it installed?)' ]]
		done
	done
	run -2 --separate-stderr wf_fault dlopen:1+:ENOENT -q -j 2 - < <(cat log)
	[[ $stderr = 'wf: standard input: reading zstd data needs libzstd, which cannot be loaded (is it installed?)' ]]
}

@test "-V names them" {
	run wf -V
	[[ $output = *'gzip by '*'zstd by libzstd, xz by liblzma, bzip2 by libbz2, lz4 by liblz4)' ]]
}

@test "a log's format is told by what it holds" {
	pack gzip <"$TREE/data/odd/json.log" >log
	wf -n 0 -f url "$TREE/data/odd/json.log" >json
	wf -n 0 -f url log | same json -
	printf 'nothing that is known\n' | gzip >log
	run -2 --separate-stderr wf log
	[[ $stderr = 'wf: log: line 1 fits no known log format: "nothing that is known"'* ]]
}
