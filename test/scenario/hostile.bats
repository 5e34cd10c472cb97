#!/usr/bin/env bats
# What nobody means, and somebody does: the right answer, or 2 and why; never a crash, nor a hang.
#
#	WF_LONG=1 bats test/scenario/hostile.bats	also what takes a minute and gigabytes

load helper

long() {
	[ -n "${WF_LONG-}" ] || skip "takes long: WF_LONG=1"
}

# Is this the answer, however it is asked?  The input is a file, and comes mapped, read and through a pipe.
answers() { # EXPECTED FILE ARGUMENT...
	local file=$2 jobs
	printf '%s\n' "$1" >expected
	shift 2
	for jobs in 1 2; do
		wf -j "$jobs" "$@" "$file" | same expected -
		wf -j "$jobs" --mmap=never "$@" "$file" | same expected -
	done
	# shellcheck disable=SC2002
	cat "$file" | wf "$@" | same expected -
}

@test "a log of 4.5 GB, more than 32 bits can count, and --memory of more" {
	long
	"$TREE/data/mklog" -n 100000 >part
	wf -n 0 --tsv part | tail -n +2 >once
	local i times=$((4500000000 / $(stat -c %s part)))
	for ((i = 0; i < times; i++)); do cat part; done >large
	awk -F'\t' -v OFS='\t' -v times=$times '{ $1 *= times } 1' once >expected
	for args in "" --mmap=never "--memory 5G"; do
		# shellcheck disable=SC2086
		wf -n 0 --tsv $args large | tail -n +2 | same expected -
	done
}

# bats test_tags=slow
@test "a line of 10 MB of NULs after a byte, with its newline and without" {
	{ printf a; head -c 10000000 /dev/zero; } >nuls
	for end in '' '\n'; do
		# shellcheck disable=SC2059
		printf "$end" >>nuls
		answers '      1 x' nuls -e '^a(?:.)(x|)' -k 'x$1'
	done
	printf 'b\n' >>nuls
	answers '      1 b' nuls -e '[b-z]'
	printf '      1 a' >expected
	wf -f 0 -n 1 nuls >got
	head -c 9 got | same expected -
	[ "$(wf -f 0 -n 2 nuls | wc -c)" -eq 10000020 ]
}

# bats test_tags=slow
@test "10 MB of NULs before a line are skipped; nothing but NULs is an empty line" {
	truncate -s 10000000 nuls
	answers '      1 ' nuls -f 0
	printf 'GET x\nGET y' >>nuls
	answers $'      1 x\n      1 y' nuls -e '^GET (.)'
	answers $'      1 GET x\n      1 GET y' nuls -f 0
}

@test "5 GB of NULs before a line are skipped" {
	long
	truncate -s 5G nuls
	printf 'GET x\nGET y' >>nuls
	answers $'      1 x\n      1 y' nuls -e 'GET (.)'
	[ "$(wf -f 0 -n 1 --order last nuls | wc -c)" -eq 14 ]
	[ "$(wf -f 0 -n 2 nuls | wc -c)" -eq 28 ]
}

empty_lines() { # NUMBER
	head -c "$1" /dev/zero | tr '\0' '\n' >empty
	answers "$(printf '%7d ' "$1")" empty -f 0
	accounted "lines $1, unmatched $1" -e x empty
	accounted "lines $1, unparsed $1" empty
}

@test "three million empty lines" {
	empty_lines 3000000
}

@test "a billion empty lines" {
	long
	empty_lines 1000000000
}

@test "a FIFO that is named twice is read once, also when its writer has gone" {
	mkfifo fifo
	for names in 'fifo fifo' 'fifo ./fifo fifo'; do
		printf 'a\nb\na' >fifo 3>&- &
		# shellcheck disable=SC2086
		wf -f 0 $names >got
		printf '      2 a\n      1 b\n' | same - got
	done
	printf 'a\nb\na' >fifo 3>&- &
	wf -f 0 - fifo <fifo >got
	printf '      2 a\n      1 b\n' | same - got
}

# wf must not open a FIFO that has taken the log's place: nobody writes to it.
@test "a file in whose place there is a FIFO, a folder or nothing while it is counted" {
	lines_of 20000 "$(head -1 "$SAMPLE")" >large
	for log in "$SAMPLE" large; do
		wf -n 0 "$log" >expected
		for other in mkfifo mkdir true; do
			rm -rf log
			cp "$log" log
			hold_after log -- -n 0
			rm log
			"$other" log
			let_go
			[ "$status" -eq 0 ]
			same expected got
		done
	done
}

@test "70,000 files" {
	long
	mkdir many
	"$PYTHON" -c '
for i in range(70000):
    open(f"many/{i}", "w").write(f"{i % 7}\n")'
	for jobs in 1 2; do
		wf -f 0 -j "$jobs" -R many >got
		printf '  10000 %d\n' {0..6} | same - got
	done
}

@test "patterns that are too large, too deep, or have too many groups are refused" {
	repeated() { # N TEXT
		printf '[x]\nregexp = '
		head -c "$1" /dev/zero | sed "s/\\x00/$2/g"
		echo
	}
	while read -r times text why; do
		repeated "$times" "$text" >reports
		run -2 --separate-stderr wf --reports reports "$SAMPLE"
		[ "$output" = '' ]
		says "wf: reports:2: regexp: $why*"
	done <<-'END'
		1000000 a regular expression is too large
		500000 () too many capturing groups
		1000000 ( parentheses are too deeply nested
		300000 (?: parentheses are too deeply nested
		300000 a| regular expression is too large
	END
	{ echo '[x]'; echo "regexp = $(printf '(?<n%d>)' {1..65536})"; } >reports
	run -2 --separate-stderr wf --reports reports "$SAMPLE"
	says 'wf: reports:2: regexp: too many named subpatterns*'
}

@test "JSON that is nested a million deep is no line of a log" {
	{
		printf '{"a":%s}\n' "$(head -c 1000000 /dev/zero | tr '\0' '[')"
		echo '{"a":1}'
	} >log
	accounted 'lines 2, matched 1, unparsed 1, keys 1' --log-format json -f a log
}

@test "standard input is a socket, whose other end goes away" {
	"$PYTHON" - "$WF" 3>&- <<-'PY'
		import socket, struct, subprocess, sys
		def answer(end):
		    listening = socket.create_server(('127.0.0.1', 0))
		    client = socket.create_connection(listening.getsockname())
		    wf = subprocess.Popen([sys.argv[1], '-f', '0'], stdin=listening.accept()[0],
		                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
		    client.sendall(b'x\ny\nx')
		    end(client)
		    return *wf.communicate(timeout=120), wf.returncode
		def reset(client):
		    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
		    client.close()
		got = answer(socket.socket.close)
		assert got == (b'      2 x\n      1 y\n', b'', 0), got
		out, err, status = answer(reset)
		assert status == 2 and err.startswith(b'wf: standard input: Connection reset by peer; only the first '), (err, status)
	PY
}

@test "standard input is no file to read: a folder, a descriptor for writing, a socket that listens" {
	"$PYTHON" - "$WF" 3>&- <<-'PY'
		import os, socket, subprocess, sys
		listening = socket.create_server(('127.0.0.1', 0))
		for fd in (os.open('.', os.O_RDONLY), os.open('written', os.O_WRONLY | os.O_CREAT),
		           os.open('written', os.O_PATH), listening.fileno()):
		    p = subprocess.run([sys.argv[1], '-f', '0'], stdin=fd, capture_output=True, timeout=120)
		    assert (p.returncode, p.stdout) == (2, b'') and p.stderr.startswith(b'wf: standard input: '), p
	PY
}
