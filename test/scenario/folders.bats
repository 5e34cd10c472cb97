#!/usr/bin/env bats
# -R DIR: the files of a folder, of all depths.

load helper

setup_file() {
	load helper
	rank_sample
}

# Which files are read, in which order?  Each has one line, its name; blanks as they are.
order() { # ARGUMENT...
	ends 1 wf -q -e NEVER --unmatched - "$@" 2>&1 | sed -E 's/^(.*):1:.*/\1/'
}

fill() { # FILE...: each with a line
	local file
	for file; do
		mkdir -p -- "$(dirname -- "$file")"
		echo line >"$file"
	done
}

@test "files of all depths, hidden ones, compressed ones: as if they had been named" {
	mkdir -p logs/a/b/c logs/.hidden/d logs/empty
	head -300 "$SAMPLE" >logs/1
	sed -n 301,700p "$SAMPLE" >logs/a/2
	sed -n 701,900p "$SAMPLE" | gzip >logs/a/b/3.gz
	sed -n 901,1200p "$SAMPLE" | zstd -q >logs/a/b/c/4
	sed -n 1201,1500p "$SAMPLE" | xz >logs/a/b/c/5.log
	sed -n 1501,1700p "$SAMPLE" | bzip2 >logs/.hidden/d/.6
	sed -n 1701,2000p "$SAMPLE" | lz4 -q >logs/.7
	: >logs/a/nothing
	expected >expected
	for jobs in 1 3; do
		for args in '-R logs' '-R logs/' '-Rlogs' '--recursive logs' '--recursive=./logs//'; do
			echo "$args"
			run -0 --separate-stderr wf -n 0 -j "$jobs" --chunk-size 10K $args
			[ "$stderr" = "" ]
			printf '%s\n' "$output" | same expected -
		done
	done
	(cd logs && wf -n 0 -R . | same ../expected -)
}

@test "the order is that of the paths' bytes, whatever the order of their making" {
	fill d/b/2 d/b.log d/a0 d/a/z/1 d/a/z.log d/b0 d/a.log d/Z d/a-/1 d/$'\377' d/$'\303\251' d/.x d/b/1
	order -R d >got
	printf '%s\n' d/.x d/Z d/a-/1 d/a.log d/a/z.log d/a/z/1 d/a0 d/b.log d/b/1 d/b/2 d/b0 \
		d/$'\303\251' d/$'\377' >expected
	same expected got
	find d -type f | sort | same got -
}

@test "several -R, and FILEs, which go first" {
	fill a/1 a/2 b/1 f g
	order -R b f -R a g >got
	printf '%s\n' f g b/1 a/1 a/2 | same - got
}

@test "what is reached twice is counted twice" {
	fill a/1 a/b/2
	order -R a -R a/b a/1 >got
	{
		echo 'wf: a/1: is given twice, so each of its lines counts twice'
		echo 'wf: a/b/2: is given twice, so each of its lines counts twice'
		printf '%s\n' a/1 a/1 a/b/2 a/b/2
	} | same - got
	run -0 --separate-stderr wf -e line -R a -R a
	[ "$output" = '      4 line' ]
}

@test "standard input is read only where - says so" {
	fill d/1
	mkdir empty
	run -0 wf -e '.*' -R d <<<input
	[ "$output" = '      1 line' ]
	run -0 wf -e '.*' -R d - <<<input
	[ "$output" = $'      1 input\n      1 line' ]
	run -1 --separate-stderr wf -e '.*' -R empty <<<input
	[ "$output" = "" ]
	run -0 --separate-stderr wf -e '.*' -R empty - <<<input
	[ "$output" = '      1 input' ]
	fill ./-/-
	run -0 wf -e '.*' -R - <<<input
	[ "$output" = '      1 line' ]
}

@test "no files: said, an answer of no lines, 1; where others are counted, 0" {
	mkdir -p empty deep/er/still
	fill d/1
	run -1 --separate-stderr wf -R empty
	[ "$output" = "" ]
	says 'wf: empty: contains no file to count'
	run -1 --separate-stderr wf -R empty/ -R deep
	says $'wf: empty: contains no file to count\nwf: deep: contains no file to count'
	run -0 --separate-stderr wf -e line -R empty -R d
	[ "$output" = '      1 line' ]
	says 'wf: empty: contains no file to count'
	run -1 --separate-stderr wf --json -R empty
	"$PYTHON" -c 'import json, sys; assert json.loads(sys.argv[1])["account"]["lines"] == 0' "$output"
	run -0 --separate-stderr wf --explain -e line -R empty
	[ "$output" = "" ]
}

@test "symbolic links in it are not followed, so there are no loops; DIR may be one" {
	fill d/1 elsewhere/2
	ln -s . d/loop
	ln -s ../elsewhere d/folder
	ln -s ../elsewhere/2 d/file
	ln -s missing d/dangling
	ln -s d link
	run -0 --separate-stderr wf -e line -R d
	[ "$output$stderr" = '      1 line' ]
	[ "$(order -R link)" = link/1 ]
	[ "$(order -R link/)" = link/1 ]
	run -0 wf -e line d/file
	[ "$output" = '      1 line' ]
}

@test "FIFOs, sockets and devices in it are passed over" {
	fill d/1
	mkfifo d/fifo
	"$PYTHON" -c 'import socket; socket.socket(socket.AF_UNIX).bind("d/socket")'
	[ -S d/socket ]
	mknod d/zero c 1 5 2>/dev/null || echo "no device: only root can make one"
	run -0 --separate-stderr wf -e line -R d
	[ "$output$stderr" = '      1 line' ]
	rm d/1
	run -1 --separate-stderr wf -e line -R d
	says 'wf: d: contains no file to count'
}

@test "files of no known format: each is named on a line, and in the end what can be done; 2" {
	fill d/a.err d/b.err
	cp "$SAMPLE" d/access.log
	run -2 --separate-stderr wf -n 0 -R d
	says $'wf: d/a.err: line 1 fits no known log format: "line"\nwf: d/b.err: line 1 fits no known log format: "line"\nwf:   -f 0 counts *\nwf:   --log-format *'
	[ "${#stderr_lines[@]}" -eq 4 ]
	printf '%s\n' "$output" | same "$BATS_FILE_TMPDIR/expected" -
}

@test "what a run with --save writes beside is left out and named, as is what it saves" {
	fill d/log
	printf 'wf-progress 1\nhost here\n' >d/old.wfs.progress
	run -0 --separate-stderr wf -e '.*' -R d
	[ "$output" = '      1 line' ]
	says 'wf: d/old.wfs.progress: is a progress file of wf, skipped'
	wf -e '.*' --save d/new.wfs -R d
	run -0 --separate-stderr wf -e '.*' -R d
	[ "$output" = '      1 line' ]
}

@test "binary files are left out and named; by itself such a file is counted" {
	fill d/text
	printf 'line\0\n' >d/binary
	{ head -c 32766 /dev/zero | tr '\0' x; printf '\n\0line\n'; } >d/early
	{ head -c 32767 /dev/zero | tr '\0' x; printf '\n\0line\n'; } >d/late
	printf '\377\376\001\033line\n' >d/odd
	run -0 --separate-stderr wf -e line -R d
	[ "$output" = '      3 line' ]
	says $'wf: d/binary: binary file, skipped\nwf: d/early: binary file, skipped'
	run -0 --separate-stderr wf -e line d/binary -R d
	[ "$output" = '      4 line' ]
	says $'wf: d/binary: binary file, skipped\nwf: d/early: binary file, skipped'
	rm d/text d/late d/odd
	run -1 --separate-stderr wf -e line -R d
	says $'wf: d/binary: *\nwf: d/early: *\nwf: d: contains no file to count'
}

@test "what is compressed is not binary, though it has NULs, and though what it holds may have" {
	mkdir d
	for codec in gzip bzip2 zstd xz lz4; do
		printf 'line\0\n' | "$codec" -q -c >"d/$codec"
	done
	for file in d/*; do
		[ "$(tr -cd '\0' <"$file" | wc -c)" -gt 0 ]
	done
	run -0 --separate-stderr wf -e line -R d
	[ "$output$stderr" = '      5 line' ]
}

@test "five binary files are named, of more the number" {
	fill d/text
	for i in 1 2 3 4 5; do printf '\0' >"d/b$i"; done
	printf 'wf: d/b%d: binary file, skipped\n' 1 2 3 4 5 >five
	wf -q -e line -R d 2>&1 | same five -
	fill e/text
	for i in 1 2; do printf '\0' >"e/c$i"; done
	wf -q -e line -R d -R e 2>&1 | same <(cat five; echo 'wf: 2 more binary files skipped') -
}

@test "2: a DIR that isn't there, is none, has no name, is a loop; the others are counted" {
	fill d/1 file
	ln -s loop loop
	ln -s missing dangling
	run -2 --separate-stderr wf -e line -R missing -R d -R file -R '' -R loop -R dangling/
	[ "$output" = '      1 line' ]
	says $'wf: missing: No such file or directory\nwf: file: Not a directory\nwf: \'\': No such*
wf: loop: Too many*\nwf: dangling: No such*'
	says_all_properly
	run -2 --separate-stderr wf --explain -e line -R missing
	says 'wf: missing: No such file or directory'
	run -2 --separate-stderr wf -q -R '' <"$SAMPLE"
	says "wf: '': No such file or directory"
}

@test "2: folders and files that may not be read are named, the rest is counted" {
	without_privileges true || skip "no setpriv"
	fill d/0 d/no/1 d/no/2 d/secret d/z/3 d/list/4
	chmod 0 d/no d/secret
	chmod 400 d/list
	run -2 --separate-stderr without_privileges "$WF" -e line -R d
	chmod 700 d/no d/list
	[ "$output" = '      2 line' ]
	says $'wf: d/list/4: Permission denied\nwf: d/no: Permission denied\nwf: d/secret: Permission denied'
}

@test "2: a file that vanishes behind the listing is named, the others are counted" {
	fill d/1 d/2 d/3
	VANISHING=d/2 run -2 --separate-stderr wf_preload "$(preload vanishing)" -e line -R d
	[ "$output" = '      2 line' ]
	says 'wf: d/2: No such file or directory'
}

@test "2: a folder that can't be read to its end is named, what was read is counted" {
	fill d/1 d/2 d/3
	run -2 --separate-stderr wf_fault readdir:5+:EIO -e line -R d
	[[ "$output" =~ ^' '+[23]' line'$ ]]
	says 'wf: d: Input/output error'
	run -2 --separate-stderr wf_fault readdir:1+:EIO -e line -R d
	[ "$output" = "" ]
	says 'wf: d: Input/output error'
}

# bats test_tags=slow
@test "10,000 files in one folder, 2,000 in another, where 16 may be open" {
	mkdir -p many/more
	seq 1 10000 | split -l 1 -a 4 - many/
	split -l 1 -a 4 "$SAMPLE" many/more/
	wf -n 0 -e '^\d+$|^\S+' <(seq 1 10000) "$SAMPLE" >expected
	(ulimit -n 16; wf -n 0 -j 2 -e '^\d+$|^\S+' -R many) >got 2>errors || { head -3 errors; false; }
	same expected got
}

@test "names of odd bytes: blanks, newline, escapes, invalid UTF-8, -, a dash before, 255 bytes" {
	names=(' ' $'a\nb' $'\377\376' $'\033[2J' '*' '$(x)' '%s%n' 'a:b' - -n -- '\' "$(printf 'x%.0s' {1..255})")
	for name in "${names[@]}"; do
		fill "d/$name/$name"
	done
	run -0 --separate-stderr wf -e line -R d
	[ "$output$stderr" = "     ${#names[@]} line" ]
	for name in "${names[@]}"; do
		run -0 --separate-stderr bash -c 'cd d && exec "$0" -e line -R "$1"' "$WF" "$name"
		[ "$output$stderr" = '      1 line' ]
	done
	printf '\0' >$'d/\033[2J\n%s%n\377'
	run -0 --separate-stderr wf -q -e line -R d
	says 'wf: d/\\x1b[[]2J\\x0a%s%n\\xff: binary file, skipped'
}

# DIR/dd.../dd.../..., each of 255 bytes, so many folders; and a file in each.
make_deep() { # DIR DEPTH NAME
	"$PYTHON" - "$@" <<-'PY'
		import os, sys
		folder, depth, name = sys.argv[1:]
		os.mkdir(folder)
		fd = os.open(folder, os.O_RDONLY)
		for i in range(int(depth)):
		    with os.fdopen(os.open("f", os.O_CREAT | os.O_WRONLY, 0o600, dir_fd=fd), "w") as f:
		        f.write("line\n")
		    os.mkdir(name, dir_fd=fd)
		    below = os.open(name, os.O_RDONLY, dir_fd=fd)
		    os.close(fd)
		    fd = below
	PY
}

@test "2: paths longer than PATH_MAX are named, what is before them is counted" {
	make_deep deep 40 "$(printf 'd%.0s' {1..255})"
	run -2 --separate-stderr wf -e line -R deep
	rm -rf deep
	# deep/ and sixteen times ddd.../ are 4,101 bytes: too long for the sixteenth folder.
	[ "$output" = '     16 line' ]
	says 'wf: deep/ddd*...*ddd: File name too long'
	[ "${#stderr}" -lt 1000 ]
}

@test "2: a file's path longer than PATH_MAX is named" {
	make_deep deep 15 "$(printf 'd%.0s' {1..255})"
	(cd deep && for _ in {1..15}; do cd ddd*; done && echo line >"$(printf 'x%.0s' {1..251})" &&
		echo line >"$(printf 'y%.0s' {1..240})")
	run -2 --separate-stderr wf -e line -R deep
	rm -rf deep
	[ "$output" = '     16 line' ]
	says 'wf: deep/ddd*...*xxx: File name too long'
}

# bats test_tags=slow
@test "2: a folder 5,000 deep" {
	make_deep deep 5000 d
	run -2 --separate-stderr wf -e line -R deep
	rm -rf deep
	# deep/ and 2,045 times d/ are 4,095 bytes: a folder that can be opened, but not what is in it.
	[ "$output" = '   2045 line' ]
	says 'wf: deep/d/d*...*d/d: File name too long?wf: deep/d/d*...*d/d/f: File name too long'
}

@test "a bad option is refused before a folder is read" {
	printf '\0' >binary
	mkdir d && mv binary d
	run -2 --separate-stderr wf -R d -R missing -e '('
	says 'wf: -e: *'
	run -2 --separate-stderr wf -R d -R missing --nonsense
	says 'wf: --nonsense: *'
}
