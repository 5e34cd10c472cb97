#!/usr/bin/env bats
# What several runs have saved is merged into what one run over all would have printed.

load helper

# The sample in three parts, one of them empty, one without a last newline.
cut_sample() {
	head -n 1200 "$SAMPLE" >a.log
	: >b.log
	tail -n +1201 "$SAMPLE" | head -c -1 >c.log
}

# Save the parts of the sample with these options, and compare what is printed of the merged parts with what one run over all
# prints.
merges() { # OPTION...
	options=("$@")
	for part in a b c; do
		run wf "$@" --save $part.wfs $part.log
		[ "$output" = "" ]
		[ "$status" -le 1 ]
	done
	wf --merge a.wfs b.wfs c.wfs --save all.wfs
	merges_as ''
	merges_as '-n 0 --json'
	wf --merge -n 0 --json c.wfs - a.wfs <b.wfs | same expected -
	wf --merge -n 0 --json <(cat a.wfs) <(cat b.wfs) <(cat c.wfs) | same expected -
	wf --merge -n 0 --json all.wfs | same expected -
	wf "$@" -q --stats a.log b.log c.log 2>&1 | grep -v ' GB/s' >expected
	wf --merge -q --stats a.wfs b.wfs c.wfs 2>&1 | grep -v ' 3 snapshots$' | same expected -
}

merges_as() { # HOW
	echo "wf ${options[*]} $1"
	wf "${options[@]}" $1 a.log b.log c.log >expected 2>/dev/null
	wf --merge $1 a.wfs b.wfs c.wfs | same expected -
}

@test "every kind of question: merged, it is what one run prints" {
	cut_sample
	merges
	merges -f status,url -s bytes
	merges -r wf2
	cat >set.ini <<-'INI'
		where = status>=300
		[Bad ones]
		fields = status,url
		top = 4
		[By hour]
		fields = hour
		sum = bytes
		order = last
		top = 2
		[Words]
		regexp = "([A-Z]+) /(\w+)
		key = $2 of $1
	INI
	merges --reports set.ini
	for how in '-n 3 --tsv' '-n 0 --csv' --format=table '-n 0 -j 5'; do
		merges_as "$how"
	done
}

# bats test_tags=slow
@test "more kinds of question: merged, it is what one run prints" {
	cut_sample
	merges -e "$WF1"
	merges -e '"([A-Z]+) [^"]*" (\d{3})' -k '$1 $2'
	merges -r overview
	merges -f hour --order key
	merges -f minute --order last
	merges -i -g get -v 'bot|spider' -w 'status<400' -f ext
	merges -d '"' -f 2
	merges -f 0 -w bytes\>1000
}

@test "-n, --order and the format are those of --merge, else those of --save" {
	wf -n 3 --save a.wfs "$SAMPLE"
	wf -n 3 "$SAMPLE" >expected
	wf --merge a.wfs | same expected -
	wf -n 4 --order key "$SAMPLE" >expected
	wf --merge -n 4 --order key a.wfs | same expected -
	wf -r overview --save o.wfs "$SAMPLE"
	wf -r overview -n 2 "$SAMPLE" >expected
	wf --merge -n 2 o.wfs | same expected -
	run -2 wf --merge --order key o.wfs
	[ "$output" = "wf: --order: cannot be used with several rankings: each has its own order" ]
}

@test "--merge --html: the page of one run, but for the names of what it was made from" {
	cp "$SAMPLE" same
	wf -r overview --html same >expected
	wf -r overview --save saved same
	mv saved same
	wf --merge --html same | same expected -
}

@test "the bytes do not depend on workers, memory, or how often it is merged" {
	cut_sample
	wf -f client -s bytes -j 1 --save one.wfs a.log b.log c.log
	wf -f client -s bytes -j 3 --chunk-size 3K --memory 64K --save two.wfs a.log b.log c.log
	same one.wfs two.wfs
	wf -f client -s bytes --save - a.log >a.wfs
	wf -f client -s bytes --save - b.log >b.wfs || [ $? -eq 1 ]
	wf -f client -s bytes --save - c.log >c.wfs
	wf --merge --save ab.wfs a.wfs b.wfs
	wf --merge --save - ab.wfs c.wfs | same one.wfs -
}

@test "--save prints nothing; the exit status is as without it" {
	run -0 --separate-stderr wf --save a.wfs "$SAMPLE"
	[ "$output$stderr" = "" ]
	run -1 --separate-stderr wf -e 'no such thing' --save b.wfs "$SAMPLE"
	[ "$output$stderr" = "" ]
	run -1 wf --merge b.wfs
	[ "$output" = "" ]
	run -0 --separate-stderr wf --merge a.wfs --save c.wfs
	[ "$output$stderr" = "" ]
	same a.wfs c.wfs
}

@test "what is not all is not saved: 2, and the old file stays" {
	echo old >a.wfs
	run -2 --separate-stderr wf --save a.wfs "$SAMPLE" missing
	[ "$output" = "" ]
	says 'wf: missing: No such file or directory
wf: a.wfs: not saved, because not everything was counted'
	[ "$(cat a.wfs)" = old ]
	gzip -c "$SAMPLE" >cut.gz
	truncate -s 3000 cut.gz
	run -2 --separate-stderr wf --save - cut.gz
	[ "$output" = "" ]
	wf --save b.wfs "$SAMPLE"
	head -c 2000 b.wfs >cut.wfs
	run -2 --separate-stderr wf --merge b.wfs cut.wfs --save a.wfs
	[ "$(cat a.wfs)" = old ]
	[ "$(echo *.* .wf*)" = "a.wfs b.wfs cut.gz cut.wfs .wf*" ]
}

@test "a file that can't be written is told before anything is counted; a full disk after" {
	refused 'wf: /nowhere/a.wfs: No such file or directory' --save /nowhere/a.wfs
	refused 'wf: .: Is a directory' --save .
	cp "$SAMPLE" log
	run -2 --separate-stderr wf --save log log
	says 'wf: log: is an input, which --save would replace'
	same log "$SAMPLE"
	for other in both ./both; do
		run -2 --separate-stderr wf --save both --unmatched $other "$SAMPLE"
		says "wf: $other: is also the file of --save"
		[ ! -e both ]
	done
	ln -s both link
	: >both
	run -2 --separate-stderr wf --save both --unmatched link "$SAMPLE"
	says 'wf: link: is also the file of --save'
	run -2 --separate-stderr wf --save both --unmatched both.progress "$SAMPLE"
	says 'wf: both.progress: is also the file of --save'
	[ ! -e both.progress ]
	run -2 --separate-stderr wf --save - --unmatched /dev/stdout "$SAMPLE"
	says 'wf: /dev/stdout: is also standard output'
	run -2 --separate-stderr bash -c "ulimit -f 4; '$WF' --save a.wfs '$SAMPLE'"
	says 'wf: a.wfs: File too large'
	[ ! -e a.wfs ]
	[ -e /dev/full ] || skip "no /dev/full"
	run -2 --separate-stderr wf --save /dev/full "$SAMPLE"
	says 'wf: /dev/full: No space left on device'
	[ -c /dev/full ]
	run -2 --separate-stderr bash -c "'$WF' --save - '$SAMPLE' >/dev/full"
	says 'wf: standard output: No space left on device'
}

@test "options that --merge and --save can't go with" {
	for option in '-f url' '-e x' '-k x' -i '-w status=1' '-g x' '-v x' '-s bytes' '-r overview' '--reports x' \
		'-d ,' '--log-format json' '-R .' '--unmatched x' --explain --mmap=never; do
		run -2 --separate-stderr wf --merge $option a.wfs
		says 'wf: --*: cannot be used with --merge: snapshots already say what was counted'
	done
	for option in --json --csv --tsv --html '--format table'; do
		run -2 --separate-stderr wf --save a.wfs $option "$SAMPLE"
		says 'wf: --*: cannot be used with --save, which prints nothing; use wf --merge a.wfs --* afterwards'
		[ ! -e a.wfs ]
	done
	run -2 --separate-stderr wf --save a.wfs --explain "$SAMPLE"
	says 'wf: --save: cannot be used with --explain, which counts nothing'
}

@test "a snapshot of another query, or none, is refused by name, and what differs is told" {
	wf --save url.wfs "$SAMPLE"
	differs() { # EXPECTED OPTION...
		local expected=$1
		shift
		wf "$@" --save b.wfs "$SAMPLE"
		run -2 --separate-stderr wf --merge url.wfs b.wfs
		[ "$output" = "" ]
		says "wf: $expected"
	}
	differs 'b.wfs: counts status, but url.wfs counts url' -f status
	differs 'b.wfs: counts matches of GET, but url.wfs counts url' -e GET
	differs 'b.wfs: computes -s bytes, but url.wfs does not' -s bytes
	differs 'b.wfs: keeps only lines where status=404, but url.wfs does not' -w status=404
	differs 'b.wfs: uses the report overview, but url.wfs does not' -r overview
	differs 'b.wfs: reads lines as combined, but url.wfs does not' --log-format combined

	run -2 --separate-stderr wf --merge url.wfs "$SAMPLE"
	says "wf: $SAMPLE: is not a snapshot written by wf --save"
	run -2 --separate-stderr wf --merge url.wfs missing.wfs
	says 'wf: missing.wfs: No such file or directory'
	run -2 --separate-stderr wf --merge /dev/null
	says 'wf: /dev/null: is empty, and therefore not a snapshot'
	run -2 --separate-stderr wf --merge .
	says 'wf: .: Is a directory'
	printf '\x89wfs\r\n\x1a\n\3\0\0\0\0\0\0\0' >new.wfs
	run -2 --separate-stderr wf --merge new.wfs
	says 'wf: new.wfs: is a snapshot of version 3; this wf reads version 2'
	gzip -c url.wfs >url.gz
	run -2 --separate-stderr wf --merge url.gz
	says 'wf: url.gz: is compressed with gzip: decompress it and pipe it to wf --merge -'
}

@test "a damaged snapshot, or one that is cut off, is refused before anything is printed" {
	wf --save a.wfs "$SAMPLE"
	head -n 100 "$SAMPLE" >log
	wf --save other.wfs log
	local size
	size=$(stat -c %s a.wfs)
	for at in 20 200 3000 20000 $((size - 3000)) $((size - 1)); do
		cp a.wfs b.wfs
		printf '\x5a' | dd of=b.wfs bs=1 seek=$at conv=notrunc status=none
		head -c $at a.wfs >cut.wfs
		for file in b.wfs cut.wfs; do
			run -2 --separate-stderr wf --merge other.wfs $file
			[ "$output" = "" ]
			says "wf: $file: the snapshot is *"
			run -2 --separate-stderr bash -c "cat $file | '$WF' --merge other.wfs - --save c.wfs"
			says 'wf: standard input: the snapshot is *'
			[ ! -e c.wfs ]
		done
	done
	run -2 --separate-stderr bash -c "cat a.wfs a.wfs | '$WF' --merge"
	[ "$output" = "" ]
	says 'wf: standard input: more bytes follow the snapshot; *'
}

@test "an input that is in two snapshots is warned of, and counted twice" {
	cp "$SAMPLE" log
	wf --save a.wfs log
	run -0 --separate-stderr wf --merge -n 1 a.wfs a.wfs
	says "wf: $PWD/log: is counted twice, in a.wfs and in a.wfs"
	[ "$output" = "    468 /ongoing/ongoing.atom" ]
	# It has grown since.
	cat "$SAMPLE" >>log
	wf --save b.wfs log
	run -0 --separate-stderr wf --merge -n 1 a.wfs b.wfs
	says "wf: $PWD/log: is counted twice, in * and in *"
	# What came through a pipe: once more it may be anything, but the same snapshot it is not.
	wf --save c.wfs <(cat log)
	wf --save d.wfs <(cat log)
	run -0 --separate-stderr wf --merge c.wfs d.wfs
	[ "$stderr" = "" ]
	wf --merge --save e.wfs c.wfs d.wfs
	run -0 --separate-stderr wf --merge e.wfs c.wfs
	says 'wf: /dev/fd/*: is counted twice, in * and in *'
	# Many at once.
	for i in 1 2 3 4 5 6 7; do (echo $i; cat "$SAMPLE") >log$i; done
	wf --save f.wfs log[1-7]
	run -0 --separate-stderr wf --merge f.wfs f.wfs
	[ "$(grep -c 'is counted twice, in ' <<<"$stderr")" -eq 5 ]
	grep -qx 'wf: ... and 2 more inputs are counted twice' <<<"$stderr"
}

@test "a snapshot without --merge: wf says what it is, and what to type" {
	wf --save a.wfs "$SAMPLE"
	for options in '' '-e x' '-f 1'; do
		run -2 --separate-stderr wf $options a.wfs
		[ "$output" = "" ]
		says 'wf: a.wfs: is a wf snapshot, not a log (use wf --merge a.wfs)'
		run -2 --separate-stderr wf $options <(cat a.wfs)
		[ "$output" = "" ]
		grep -qx 'wf: /dev/fd/.*: is a wf snapshot, not a log (use wf --merge)' <<<"$stderr"
	done
}

@test "standard input is one snapshot" {
	wf --save a.wfs "$SAMPLE"
	run -2 --separate-stderr wf --merge - - <a.wfs
	says 'wf: standard input: is named twice, but holds one snapshot'
}

@test "--save over a link, a FIFO, a file of certain rights; and month.wfs over itself" {
	cut_sample
	wf --save month.wfs a.log
	chmod 640 month.wfs
	wf --save day.wfs c.log
	ln -s month.wfs link
	wf --merge link day.wfs --save link
	[ -L link ]
	[ "$(stat -c %a month.wfs)" = 640 ]
	wf a.log c.log | same <(wf --merge month.wfs) -
	mkfifo fifo
	wf --save fifo a.log &
	wf --merge fifo | same <(wf a.log) -
	wait
	[ -p fifo ]
	run -2 on_terminal "$WF" --save - "$SAMPLE"
	[[ "$output" == *"wf: --save -: a snapshot is not text, and standard output is a terminal"* ]]
}

# Files that can't be linked to a name, as on NFS: a draft has a name then.
@test "--save where there is no /proc leaves one file, too" {
	! sanitized || skip "LeakSanitizer needs /proc"
	mkdir there
	unshare -rm mount -t tmpfs none /proc || skip "no namespaces"
	unshare -rm bash -c 'mount -t tmpfs none /proc && "$0" --save there/a.wfs "$1"' "$WF" "$SAMPLE"
	[ "$(ls -A there)" = a.wfs ]
	wf --merge there/a.wfs | same <(wf "$SAMPLE") -
}

# bats test_tags=slow
@test "millions of keys in little memory: saved, merged, and merged into one more" {
	! sanitized || skip "AddressSanitizer's own memory is many times that"
	seq -f 'GET /some/path/to/number/%.0f' 1 1500000 >a
	seq -f 'GET /some/path/to/number/%.0f' 1000000 2500000 >b
	held() { # WF_ARGUMENT...
		"$PYTHON" "$TREE/test/scenario/memory.py" "$WF" "$@" >peak
		read -r peak _ <peak
		echo "wf $*: $peak KB"
		[ "$peak" -lt 20000 ]
	}
	for part in a b; do held -j 2 -f 0 --memory 16M --save $part.wfs $part; done
	held -j 2 --memory 16M --merge a.wfs b.wfs --save c.wfs
	held -j 2 --memory 16M --merge a.wfs b.wfs
	wf -f 0 a b >expected
	wf --merge c.wfs | same expected -
	wf --merge a.wfs b.wfs | same expected -
	[ "$(wf --json --merge c.wfs | grep -o '"keys":[0-9]*' | sed -n 1p)" = '"keys":2500000' ]
}

@test "--save: TMPDIR that is missing, where it is needed: 2, and its name" {
	seq 300000 >keys
	TMPDIR=/nowhere wf -f 0 --memory 500M --save a.wfs keys
	TMPDIR=/nowhere run -2 --separate-stderr wf -f 0 -j 1 --memory 24M --save b.wfs keys
	says 'wf: /nowhere: No such file or directory'
	[ ! -e b.wfs ]
}

# bats test_tags=slow
@test "more snapshots than files may be open at first" {
	ulimit -Sn 20
	for i in {1..40}; do echo "$i"; done | split -l 1 - part
	for part in part??; do wf -f 0 -j 1 --save $part.wfs $part; done
	[ "$(wf -n 0 --merge part??.wfs | wc -l)" -eq 40 ]
}

# bats test_tags=slow
@test "a key of megabytes, in each of several" {
	head -c 5000000 /dev/zero | tr '\0' x >x
	for i in 1 2 3; do
		(cat x; echo; echo $i; cat x; echo $i) >log$i
		wf -f 0 --memory 1M --save $i.wfs log$i
	done
	wf -n 0 -f 0 log1 log2 log3 >expected
	wf -n 0 --memory 1M --merge 1.wfs 2.wfs 3.wfs | same expected -
}
