#!/usr/bin/env bats
# Where bytes can come from.

load helper

setup_file() {
	load helper
	rank_sample
}

@test "standard input: none named, -, a pipe, a file, /dev/stdin" {
	expected >expected
	wf -n 0 <"$SAMPLE" | same expected -
	wf -n 0 - <"$SAMPLE" | same expected -
	cat "$SAMPLE" | wf -n 0 | same expected -
	cat "$SAMPLE" | wf -n 0 - | same expected -
	wf -n 0 /dev/stdin <"$SAMPLE" | same expected -
	cat "$SAMPLE" | wf -n 0 /dev/stdin | same expected -
}

@test "standard input of which another has read a part: the rest counts" {
	tail -c +10241 "$SAMPLE" >rest
	wf -n 0 --json rest >expected
	for jobs in 1 3; do
		{
			dd bs=1024 count=10 of=/dev/null status=none
			wf -n 0 --json -j "$jobs" --chunk-size 5000
		} <"$SAMPLE" | same expected -
	done
}

@test "standard input that was read to its end, or beyond it: nothing, 1" {
	run -1 --separate-stderr bash -c '{ cat >/dev/null; "$0"; } <"$1"' "$WF" "$SAMPLE"
	[ "$output$stderr" = "" ]
	"$PYTHON" - "$WF" "$SAMPLE" <<-'PY'
		import os, subprocess, sys
		fd = os.open(sys.argv[2], os.O_RDONLY)
		os.lseek(fd, 1 << 40, os.SEEK_SET)
		p = subprocess.run([sys.argv[1]], stdin=fd, capture_output=True, timeout=120)
		assert (p.returncode, p.stdout, p.stderr) == (1, b'', b''), p
	PY
}

@test "wf leaves standard input at its end, as any reader does" {
	{
		wf -q
		cat
	} <"$SAMPLE" >rest
	same /dev/null rest
}

@test "- twice counts what there is once, from a file and from a pipe" {
	expected >expected
	for jobs in 1 2 4; do
		wf -n 0 -j "$jobs" --chunk-size 9999 - - <"$SAMPLE" | same expected -
	done
	# A large one: two readers of one pipe would tear its lines.
	for i in {1..40}; do cat "$SAMPLE"; done >large
	wf -n 0 large >expected
	for jobs in 1 2 4; do
		cat large | wf -n 0 -j "$jobs" - - | same expected -
	done
}

@test "a FIFO, process substitutions, several of them" {
	expected >expected
	mkfifo fifo
	cat "$SAMPLE" >fifo 3>&- &
	wf -n 0 fifo | same expected -
	wf -n 0 <(head -700 "$SAMPLE") <(tail -n +701 "$SAMPLE") | same expected -
	wf -n 0 -j 4 <(head -700 "$SAMPLE") - <(tail -n +1301 "$SAMPLE") < <(sed -n 701,1300p "$SAMPLE") | same expected -
}

@test "a slow writer that pauses in mid-line" {
	{ printf 'a'; sleep 0.2; printf 'a\nb'; sleep 0.2; printf 'b'; } | wf -e '.*' >got
	printf '      1 aa\n      1 bb\n' | same - got
}

@test "files of /proc, which do not tell their size" {
	run -0 wf -e '^(processor)' /proc/cpuinfo
	[ "$output" = "$(printf '%7d processor' "$(grep -c ^processor /proc/cpuinfo)")" ]
	run -0 wf -e '^Name:\s+(\w+)' /proc/self/status
	[ "$output" = '      1 wf' ]
}

@test "an endless stream takes no endless memory" {
	run -124 timeout 1 bash -c 'ulimit -v '"$(sanitized && echo unlimited || echo 400000)"'; exec "$0" -e a <(yes)' "$WF"
}

@test "empty files among others change nothing" {
	expected >expected
	: >empty
	head -1 "$SAMPLE" >one
	tail -n +2 "$SAMPLE" >others
	wf -n 0 empty one empty empty others empty | same expected -
	wf -n 0 -j 5 --chunk-size 77 empty one empty /dev/null empty others empty | same expected -
}

@test "the same file twice counts twice, a hard link and ./ too" {
	ln -s "$SAMPLE" link
	expected | awk '{ printf "%7d %s\n", 2 * $1, substr($0, 9) }' >expected
	wf -n 0 "$SAMPLE" "$SAMPLE" | same expected -
	wf -n 0 -j 3 --chunk-size 10K "$SAMPLE" link | same expected -
	wf -n 0 - "$SAMPLE" <"$SAMPLE" | same expected -
	cat "$SAMPLE" | wf -n 0 -j 2 - "$SAMPLE" | same expected -
}

@test "lines do not join across files: a last line without its newline is a line" {
	printf 'a\nb' >1
	printf 'c\nd' >2
	printf 'e' >3
	: >4
	printf 'f\r' >5
	printf '\n' >6
	for jobs in 1 2 8; do
		for size in 1 2 3 1M; do
			wf -n 0 -j "$jobs" --chunk-size "$size" -e '.*' 1 2 3 4 5 6 | tr -d '\n' >got
			[ "$(cat got)" = '      1       1 a      1 b      1 c      1 d      1 e      1 f' ]
			wf -n 0 -j "$jobs" --chunk-size "$size" -e '.*' 1 - 3 4 5 6 < <(cat 2) | tr -d '\n' | same got -
		done
	done
}

@test "line ends: \\n and \\r\\n; a \\r elsewhere is a byte as others" {
	printf 'a\r\na\na\r\r\n\r\n\n\ra\n' >log
	wf -n 0 -e '(?s)^(.*)$' log | od -c >got
	printf '%s' $'      2 \n      2 a\n      1 \ra\n      1 a\r\n' | od -c | same - got
}

# bats test_tags=slow
@test "a line of 40 MB, and one of 3 MB without an end, from a file and a pipe" {
	{ head -c 40000000 /dev/zero | tr '\0' x; printf 'Y\nz\n'; head -c 3000000 /dev/zero | tr '\0' w; } >log
	printf '      1 Y\n      1 w\n      1 z\n' >expected
	wf -e '.$' log | same expected -
	wf -j 4 --chunk-size 100K -e '.$' log | same expected -
	wf -e '.$' <log | same expected -
	cat log | wf -e '.$' | same expected -
}

@test "2,000 files" {
	mkdir many
	split -l 1 -a 4 "$SAMPLE" many/
	[ "$(ls many | wc -l)" -eq 2000 ]
	expected >expected
	wf -n 0 many/* | same expected -
	wf -n 0 -j 8 many/* | same expected -
}

@test "300 files stay open, although only 100 may be open at first" {
	needs strace
	[ -z "${WF_CROSS-}" ] || skip "qemu opens files itself"
	[ "$(ulimit -Hn)" = unlimited ] || [ "$(ulimit -Hn)" -ge 2000 ] || skip "the limit of open files can't be raised"
	mkdir many
	split -l 7 -a 3 "$SAMPLE" many/
	(ulimit -Sn 100; traced -f -e trace=openat,open "$WF" -n 0 -j 2 many/*) >got
	expected | same - got
	[ "$(grep -c '"many/' calls)" -eq "$(ls many | wc -l)" ]
}

# bats test_tags=slow
@test "2,000 files, half of them empty, where 64 may be open" {
	mkdir many
	split -l 2 -a 4 "$SAMPLE" many/
	(cd many && for i in {1..1000}; do : >"empty$i"; done)
	expected >expected
	(ulimit -n 64; wf -n 0 -j 2 many/*) >got 2>errors || { head -3 errors; false; }
	same expected got
}

@test "names of odd bytes: blanks, newline, invalid UTF-8, -, a dash before, 255 bytes" {
	for name in ' ' $'a\nb' $'\377\376' '*' '$(x)' '%s%n' 'a:b' "$(printf 'x%.0s' {1..255})"; do
		cp "$SAMPLE" "$name"
		wf -n 0 "$name" >got
		expected | same - got
	done
	cp "$SAMPLE" ./-
	: | wf -n 0 ./- >got
	expected | same - got
	cp "$SAMPLE" -- -n
	wf -n 0 -- -n >got
	expected | same - got
	run -2 --separate-stderr wf '%s%n%d'
	says 'wf: %s%n%d: No such file or directory'
}

# bats test_tags=slow
@test "standard input that is typed: one Ctrl-D ends it, and nothing is painted in between" {
	for jobs in 1 2; do
		# A second is the time after which a line of progress would be painted.
		on_terminal --wait --help --type $'a\nb\n' --sleep 1.3 --type $'a\n\x04' \
			env TERM=xterm "$WF" -j $jobs -f 0 --format plain >typed
		printf '%s\n' 'wf: standard input: reading from the terminal until Ctrl-D (see wf --help)' \
			a b a '      2 a' '      1 b' | same - typed
	done
}

@test "non-blocking standard input: wf waits" {
	"$PYTHON" - "$WF" "$SAMPLE" "$BATS_FILE_TMPDIR/expected" <<-'PY'
		import os, subprocess, sys, threading, time
		r, w = os.pipe()
		os.set_blocking(r, False)
		def feed(data=open(sys.argv[2], 'rb').read()):
		    for i in range(0, len(data), 50000):
		        time.sleep(0.02)
		        os.write(w, data[i:i + 50000])
		    os.close(w)
		threading.Thread(target=feed, daemon=True).start()
		p = subprocess.run([sys.argv[1], '-n0', '-j2'], stdin=r, capture_output=True, timeout=120)
		assert (p.returncode, p.stderr) == (0, b''), p
		assert p.stdout == open(sys.argv[3], 'rb').read()
	PY
}

@test "standard input closed: an error that names it; without need of it, no matter" {
	run -2 --separate-stderr bash -c '"$0" <&-' "$WF"
	says 'wf: standard input: ?*'
	[ "$output" = "" ]
	run -2 --separate-stderr bash -c '"$0" -n 0 - "$1" <&-' "$WF" "$SAMPLE"
	says 'wf: standard input: ?*'
	printf '%s\n' "$output" | same "$BATS_FILE_TMPDIR/expected" -
	run -0 --separate-stderr bash -c '"$0" -n 0 "$1" <&-' "$WF" "$SAMPLE"
	printf '%s\n' "$output" | same "$BATS_FILE_TMPDIR/expected" -
}

@test "standard input closed: another file does not take its place" {
	mkfifo fifo
	cat "$SAMPLE" >fifo 3>&- &
	run -2 --separate-stderr bash -c '"$0" -n 0 fifo - <&-' "$WF"
	says 'wf: standard input: ?*'
	printf '%s\n' "$output" | same "$BATS_FILE_TMPDIR/expected" -
}

@test "standard error closed: messages do not go into a table that took its place" {
	printf '%s\n' aaa aa "$(printf 'a%.0s' {1..40})b" aaa >log
	for closed in '2>&-' '<&- 2>&-'; do
		for size in 1 1M; do
			run -2 bash -c '"$0" -j 2 --chunk-size '"$size"' -e "(a+)+\$" log '"$closed" "$WF"
			[ "$output" = $'      2 aaa\n      1 aa' ]
		done
	done
}

@test "standard output closed: an error, but not with -q" {
	run -2 --separate-stderr bash -c '"$0" "$1" >&-' "$WF" "$SAMPLE"
	says 'wf: standard output: ?*'
	run -0 --separate-stderr bash -c '"$0" -q -j 2 --chunk-size 10K "$1" >&-' "$WF" "$SAMPLE"
	[ "$stderr" = "" ]
}

@test "standard error closed: nothing of it gets into stdout or a file" {
	cp "$SAMPLE" log
	run -0 bash -c '"$0" -n 0 --stats log 2>&-' "$WF"
	printf '%s\n' "$output" | same "$BATS_FILE_TMPDIR/expected" -
	run -2 bash -c '"$0" -n 0 missing log 2>&-' "$WF"
	printf '%s\n' "$output" | same "$BATS_FILE_TMPDIR/expected" -
	same "$SAMPLE" log
}

@test "all three closed: the statuses stay, the log is not written to" {
	cp "$SAMPLE" log
	run -0 bash -c '"$0" -q log <&- >&- 2>&-' "$WF"
	run -2 bash -c '"$0" log <&- >&- 2>&-' "$WF"
	run -2 bash -c '"$0" -q missing log <&- >&- 2>&-' "$WF"
	run -1 bash -c '"$0" -q -j 4 --chunk-size 1K -e NEVER log <&- >&- 2>&-' "$WF"
	same "$SAMPLE" log
}

# wf exited with status 2, but without a message.
@test "standard input closed and no /dev/null: a message" {
	run -2 --separate-stderr bash -c 'FAULT=open:1:ENOENT LD_PRELOAD=$0 "$@" <&-' "$(preload faults)" "$WF" -q "$SAMPLE"
	says "wf: /dev/null: No such file or directory; needed because standard input is closed"
}

@test "reads in pieces of 1 to 7 bytes, interrupted between: the same answer" {
	expected >expected
	cat "$SAMPLE" | wf_preload "$(preload short_reads)" -n 0 | same expected -
	wf_preload "$(preload short_reads)" -n 0 -j 3 <(head -99 "$SAMPLE") <(tail -n +100 "$SAMPLE") | same expected -
}

@test "files that can't be mapped are read: the same answer and account" {
	for i in {1..10}; do cat "$SAMPLE"; done >large
	wf -n 0 --json large >expected
	for jobs in 1 4; do
		wf_fault map_input:1+:ENODEV -j "$jobs" -n 0 --json large | same expected -
		wf_fault map_input:1+:ENODEV -j "$jobs" -n 0 --json - <large | same expected -
	done
}

@test "a file that grows while it is counted: what it had when it was opened" {
	for jobs in 1 4; do
		cp "$SAMPLE" log
		hold_after log -- -n 0 -j "$jobs" --chunk-size 10K
		cat "$SAMPLE" >>log
		let_go
		[ "$status" -eq 0 ]
		expected | same - got
	done
}

# "Exact, or loud": a result counts every byte that the inputs had when they were opened, or wf
# exits 2 and says what is missing.  Logs shrink when they are rotated by copytruncate.
# What is left is counted, but a mapped file's last page may have ended in zeros for a while.
shrinks() { # JOBS BYTES [FILE]: the file, or the sample, is truncated to so many bytes while it is counted
	cp "${3:-$SAMPLE}" log
	ASAN_OPTIONS+=:handle_sigbus=0
	hold_after log -- -n 0 -j "$1" --chunk-size 64K
	truncate -s "$2" log
	let_go
	cat errors
	[ "$status" -eq 2 ]
	[ "$(grep -v ' do not fit \|^wf:  ' errors)" = 'wf: log: was truncated while being read: the bytes it lost may not be counted' ]
	wf -n 0 log | same - got || [ $? -eq 1 ]
}

# So large that it is mapped.
large() {
	cat "$SAMPLE"{,,,,,,,,,} >large
	[ "$(stat -c %s large)" -gt 3000000 ]
}

# bats test_tags=slow
@test "a mapped file cut short, or emptied, while it is counted: what is left counts; 2, named" {
	large
	for jobs in 1 4; do
		for size in 0 5000 131072 2000000 2000001 3000000; do
			shrinks $jobs $size large
		done
	done
}

@test "a file cut short and grown again while it is counted: 2, named" {
	large
	for name in "$SAMPLE" large; do
		cp "$name" log
		hold_after log -- -j 2
		{ : >log; echo other; cat "$name"; } >>log
		let_go
		[ "$status" -eq 2 ]
		[ "$(cat errors)" = 'wf: log: was overwritten while being read' ]
	done
}

@test "a byte-order mark is no part of the first line: in a file, a pipe and compressed, with every size of chunks" {
	{
		printf '\xef\xbb\xbf'
		cat "$SAMPLE"
	} >log
	gzip -c log >log.gz
	wf -n 0 -f client "$SAMPLE" >expected
	wf -n 0 -e '^(\S+)' "$SAMPLE" >patterns
	local size file
	for size in 1 1000 2M; do
		for file in log log.gz; do
			wf -n 0 -j 3 --chunk-size $size -f client $file | same expected -
			wf -n 0 -j 3 --chunk-size $size -e '^(\S+)' $file | same patterns -
			wf -n 0 -j 3 --chunk-size $size -f client - <$file | same expected -
			cat $file | wf -n 0 -j 3 --chunk-size $size -f client | same expected -
		done
	done
	if wf -V | grep -q '\bxz\b' && command -v xz >/dev/null; then
		xz -1 -c --block-size 20000 log >log.xz
		wf -n 0 -j 3 --chunk-size 1K -f client log.xz | same expected -
	fi
	printf '\xef\xbb\xbf' >mark
	run -1 --separate-stderr wf -f 0 mark
	[ "$output$stderr" = "" ]
}

@test "a hole of NULs before a line is skipped, at the start of a log and later, and counted by --stats" {
	{
		head -c 70000 /dev/zero
		head -700 "$SAMPLE"
		head -c 20000 /dev/zero
		sed -n 701,800p "$SAMPLE"
		head -c 3 /dev/zero
		tail -n +801 "$SAMPLE"
	} >log
	gzip -c log >log.gz
	local size file question
	for question in '-f client' '-f status,url' '-f 1' "-e ^(\\S+)" '-e ([^\x20]+)\x20-\x20-' '-e (.)\x20' '-e \x00' '-f 0 -g GET'; do
		# shellcheck disable=SC2086
		wf -n 0 $question "$SAMPLE" >expected || [ "$question" = '-e \x00' ]
		for size in 1 4K 2M; do
			for file in log log.gz; do
				# shellcheck disable=SC2086
				{ wf -n 0 -j 3 --chunk-size $size $question $file || [ ! -s expected ]; } | same expected -
				# shellcheck disable=SC2086
				{ wf -n 0 -j 3 --chunk-size $size $question <$file || [ ! -s expected ]; } | same expected -
				# shellcheck disable=SC2086
				{ cat $file | wf -n 0 -j 3 --chunk-size $size $question || [ ! -s expected ]; } | same expected -
			done
		done
	done
	mkdir folder
	printf '\0\0a\0b\n' >folder/binary
	{ head -c 300 /dev/zero; cat "$SAMPLE"; } >folder/log
	run -0 --separate-stderr wf -f 1 -n 1 -R folder
	says 'wf: folder/binary: binary file, skipped'
	for question in '-f client' '-e GET'; do
		for file in log log.gz; do
			# shellcheck disable=SC2086
			run -0 --separate-stderr wf --stats $question $file
			grep -qE '^wf: NULs before +3 ' <<<"$stderr"
			grep -qE "^wf: bytes +$(wc -c <log | sed ':a; s/\([0-9]\)\([0-9]\{3\}\)\($\|,\)/\1,\2\3/; ta')\$" <<<"$stderr"
		done
	done
	{ printf '#Fields: c-ip date\n1.1.1.1 a\n\0\0#Fields: date c-ip\n\0b 2.2.2.2\nb 2.2.2.2\n'; } >w3c
	for size in 1 9 100; do
		wf --chunk-size $size -f client w3c >got
		printf '      2 2.2.2.2\n      1 1.1.1.1\n' | same - got
	done
}

@test "UTF-16 and tar are named, also compressed and in pipes, and never counted: 2" {
	head -20 "$SAMPLE" | iconv -t UTF-16 >utf16
	head -20 "$SAMPLE" | iconv -t UTF-16BE >utf16be
	cp "$SAMPLE" log
	tar cf tar log
	local file question
	for file in utf16 utf16be tar; do
		gzip -c $file >$file.gz
		for question in '-f client' '-e GET' '-f 0'; do
			# shellcheck disable=SC2086
			for name in $file $file.gz; do
				run -2 --separate-stderr wf $question $name
				[ "$output" = "" ]
				grep -qE "^wf: $name: is a (text in UTF-16.*iconv|tar archive.*tar xOf)" <<<"$stderr"
				run -2 --separate-stderr bash -c 'cat "$2" | "$0" $1' "$WF" "$question" $name
				[ "$output" = "" ]
				grep -qE "^wf: standard input: is a (text in UTF-16|tar archive)" <<<"$stderr"
			done
		done
	done
	if wf -V | grep -q '\bxz\b' && command -v xz >/dev/null; then
		xz -1 -c --block-size 20000 tar >tar.xz
		run -2 --separate-stderr wf -j 2 --chunk-size 4K -e GET tar.xz
		[ "$output" = "" ]
		says 'wf: tar.xz: is a tar archive, not a log (try: tar xOf FILE | wf)'
	fi
	tar xOf tar.gz | wf -n 0 >got
	wf -n 0 "$SAMPLE" | same got -
}

@test "a log that is given twice counts twice, and is named, also under two names; a pipe is not" {
	printf 'a\nb\n' >log
	ln log other
	run -0 --separate-stderr wf -f 1 log log
	[ "$output" = "$(printf '      2 a\n      2 b')" ]
	says 'wf: log: is given twice, so each of its lines counts twice'
	run -0 --separate-stderr wf -f 1 log ./other log
	says 'wf: log: is given 3 times (also as ./other), so each of its lines counts 3 times'
	run -0 --separate-stderr wf -f 1 <(cat log) <(cat log)
	[ "$stderr" = "" ]
}

# bats test_tags=slow
@test "--mmap: the same answers, mapped or read; other words are errors" {
	large
	wf -n 0 --json large "$SAMPLE" >expected
	for jobs in 1 3; do
		for size in 1000 64K 2M 100M; do
			for mmap in auto always never; do
				wf -n 0 --json --mmap=$mmap -j $jobs --chunk-size $size large "$SAMPLE" | same expected -
				wf -n 0 --json --mmap $mmap -j $jobs --chunk-size $size - "$SAMPLE" <large | same expected -
			done
		done
	done
	run -2 --separate-stderr wf --mmap=on log
	says "wf: --mmap: must be auto, always or never, not 'on'"
}

@test "a file cut short while it is counted, by workers: 2, named" {
	shrinks 4 131072
}

@test "a file cut short while it is counted, in the middle of a page and a chunk: 2, named" {
	shrinks 4 100000
}

@test "a file emptied while it is counted, by workers (copytruncate): 2, named" {
	shrinks 4 0
}

@test "a file cut short while it is counted, by one process: 2, named" {
	shrinks 1 131072
}

@test "a small file cut short within its page while it is counted: 2, named" {
	head -10 "$SAMPLE" >small
	shrinks 1 400 small
}

@test "a file emptied while it is counted, by one process: 2, named" {
	shrinks 1 0
}

@test "the second of two files emptied while they are counted: it is named, not the first" {
	ASAN_OPTIONS+=:handle_sigbus=0
	for jobs in 1 4; do
		cp "$SAMPLE" log
		hold_after "$SAMPLE" log -- -n 0 -j "$jobs" --chunk-size 64K
		truncate -s 0 log
		let_go
		cat errors
		[ "$status" -eq 2 ]
		lacks errors -v '^wf: log: '
	done
}
