#!/usr/bin/env bats
# Exit statuses and messages: 0 something was counted, 1 nothing, 2 an error.

load helper

@test "0: something was counted, and stderr is silent" {
	run -0 --separate-stderr wf "$SAMPLE"
	[ "$stderr" = "" ]
	[ "${#lines[@]}" -eq 10 ]
}

@test "1: nothing matched, an empty file, /dev/null; all silent" {
	: >empty
	: >nothing
	cp "$SAMPLE" log
	for args in "-e NEVER log" "-g NEVER log" "-v . log" "empty" "/dev/null" "empty /dev/null nothing"; do
		run -1 --separate-stderr wf $args
		[ "$output$stderr" = "" ]
	done
	run -1 --separate-stderr wf </dev/null
	[ "$output$stderr" = "" ]
	run -1 --separate-stderr wf <empty
	[ "$output$stderr" = "" ]
}

@test "an empty key is a key, so 0" {
	echo x >log
	run -0 wf -e '' log
	[ "$output" = '      1 ' ]
	run -0 wf -e '(y)?' log
	[ "$output" = '      1 ' ]
}

@test "2: what may have been meant is asked" {
	refused "wf: --jsn: unknown option (did you mean '--json'?); see wf --help" --jsn
	refused "wf: --feilds=url: unknown option (did you mean '--fields'?); see wf --help" --feilds=url
	refused 'wf: --nonsense: unknown option; see wf --help' --nonsense
	refused 'wf: --xy=a-long-value: unknown option; see wf --help' --xy=a-long-value
	refused "wf: --sort: unknown option (did you mean '--order'?); see wf --help" --sort
	refused "wf: --limit=5: unknown option (did you mean '--top'?); see wf --help" --limit=5
	refused "wf: --memory: '1' is too small: write a size such as 500M or 2G" --memory 1
	refused "wf: --format: must be table, plain, tsv, csv, json or html, not 'cvs' (did you mean 'csv'?)" --format cvs
	refused "wf: --format: must be table, plain, tsv, csv, json or html, not 'xml'*" --format xml
	refused "wf: -r: must be overview or wf2, not 'overveiw' (did you mean 'overview'?)" -r overveiw
	printf '[a]\nfield = url\n' >set
	refused "wf: set:2: unknown key 'field' (did you mean 'fields'?); the keys are *" --reports set
	refused "wf: --log-format: must be auto, *, not 'combnied' (did you mean 'combined'?)" --log-format combnied
}

@test "2: awk's columns, several fields without commas" {
	run -2 --separate-stderr wf -f '$7' "$SAMPLE"
	says "wf: $SAMPLE: its lines have no field '\$7' (did you mean '7'? A group such as \$1 needs -e RE); they have client *"
	wf -f 'url, status' "$SAMPLE" | same <(wf -f url,status "$SAMPLE") -
	run -2 --separate-stderr wf -f 'url status' "$SAMPLE"
	says "wf: $SAMPLE: its lines have no field 'url status' (separate fields with commas); they have client *"
	run -2 --separate-stderr wf -s bytes,status "$SAMPLE"
	says "wf: $SAMPLE: its lines have no field 'bytes,status' (only -f takes several fields); they have client *"
	run -1 --separate-stderr wf -f 'url status' "$TREE/data/odd/json.log"
	says "*wf: no line has a value for 'url status' (separate fields with commas)"
}

@test "2: a field that the lines do not have: what other tools call so, or a slip" {
	local theirs ours
	while read -r theirs ours; do
		run -2 --separate-stderr wf -f "$theirs" "$SAMPLE"
		says "wf: $SAMPLE: its lines have no field '$theirs' (did you mean '$ours'?); they have client *"
	done <<-'END'
		ip client
		IP client
		remote_addr client
		c-ip client
		uri url
		useragent agent
		ua agent
		code status
		stauts status
		byte bytes
		clinet client
		refferer referrer
	END
	run -2 --separate-stderr wf -w 'code=404' "$SAMPLE"
	says "wf: $SAMPLE: its lines have no field 'code' (did you mean 'status'?); they have client *"
	run -2 --separate-stderr wf -s duration "$SAMPLE"
	says "wf: $SAMPLE: its lines have no field 'duration'; they have client *"
	# Those of the Common Log Format have no agent.
	cut -d'"' -f1-3 "$SAMPLE" | sed 's/ $//' >common
	run -2 --separate-stderr wf -f ua common
	says "wf: common: its lines have no field 'ua'; they have client *"
	# JSON might have it.
	echo '{"remote_addr":"192.0.2.1"}' >json
	run -1 --separate-stderr wf --log-format json -f ip json
	says "wf: no line has a value for 'ip' (did you mean 'client'?)"
	# In JSON, the name may be the end or the beginning of another one.
	echo '{"http":{"path":"/"},"duration_ms":3}' >json
	while read -r name theirs; do
		run -1 --separate-stderr wf -f "$name" json
		says "wf: no line has a value for '$name' (did you mean '$theirs'?)"
	done <<-'END'
		path http.path
		path/fold http.path
		duration duration_ms
	END
	run -1 --separate-stderr wf -f other json
	says "wf: no line has a value for 'other' (1 line read); they have http.path duration_ms (see --explain)"
	run -0 --separate-stderr wf -f http.path -s p99:duration json
	says "wf: json: none of its first lines has a field 'duration' (did you mean 'duration_ms'?)"
}

@test "2: unknown options, told before a byte is read" {
	refused 'wf: -x: ?*' -x
	refused 'wf: -x: ?*' -qx
	refused 'wf: --nonsense: ?*' --nonsense
	refused 'wf: --nonsense=3: ?*' --nonsense=3
	refused 'wf: --c: ?*' --c # chunk-size, color, csv
	refused 'wf: --csv: ?*' --csv=yes
}

@test "2: an option without its argument" {
	for option in -e -k -f -d -s -g -v -w -n -r -R -j; do
		run -2 --separate-stderr wf "$option"
		[ "$output" = "" ]
		says "wf: $option: ?*"
	done
	for option in regexp key fields delimiter sum grep vgrep where top order report reports log-format recursive \
		jobs format unmatched color chunk-size; do
		run -2 --separate-stderr wf "--$option"
		[ "$output" = "" ]
		says "wf: --$option: ?*"
	done
}

@test "2: numbers that are none, for -n" {
	for bad in '' x 5x -1 +5 ' 5' '5 ' 1.5 1e3 0x10 9223372036854775808 99999999999999999999; do
		refused "wf: -n: '$bad'?*" -n "$bad"
		refused "wf: --top: '$bad'?*" --top="$bad"
	done
}

@test "2: numbers that are none, or out of 1 to 4096, for -j" {
	for bad in '' x 2x -1 +2 ' 2' 0 4097 1.5 4294967297 99999999999999999999; do
		refused "wf: -j: '$bad'?*" -j "$bad"
		refused "wf: --jobs: '$bad'?*" --jobs="$bad"
	done
	run -0 wf -q -j 4096 --chunk-size 50K "$SAMPLE"
	run -0 wf -q -j 0002 "$SAMPLE"
}

@test "2: sizes that are none, for --chunk-size" {
	for bad in '' 0 0K x 1KK K -1 1P 1.5M 9223372036854775808 99999999999G; do
		refused "wf: --chunk-size: '$bad'?*" --chunk-size "$bad"
	done
}

@test "2: words that are none, for --format and --color" {
	refused 'wf: --format:*xml*' --format xml
	refused 'wf: --format:*' --format ''
	refused 'wf: --format:*' --format TSV
	refused 'wf: --color:*sometimes*' --color=sometimes
	refused 'wf: --color:*' --color=
}

@test "2: -k without -e, groups that the pattern hasn't" {
	refused 'wf: -k: ?*-e*' -k '$1'
	refused "wf: -k: ?*2*" -e '(a)' -k '$2'
	refused "wf: -k: ?*2*" -e '(a)' -k '${2}'
	refused "wf: -k: ?*name*" -e '(?<other>a)' -k '${name}'
	refused "wf: -k: ?*1*" -e 'a' -k '$1'
	refused "wf: -k: ?*" -e '(a)' -k '$1 $99999999999999999999'
	refused "wf: -k: ?*" -e '(a)' -k '$1 $18446744073709551617'
	refused "wf: -k: ?*" -e '(a)' -k '$1 $4294967297'
	for bad in '$' '$x' '${' '${}' '${1' '$1$' '${-1}' '${ 1}'; do
		refused "wf: -k: ?*" -e '(a)' -k "$bad"
	done
}

# OPTION PATTERN SHOWN COLUMN: the pattern as it is shown, and the column of the caret below, from 0.
refused_pattern() {
	refused "wf: $1: ?*" "$1" "$2"
	printf '%s\n' "$stderr" >errors
	printf 'wf:   %s\nwf:   %*s^\n' "$3" "$4" '' >expected
	tail -n +2 errors | same expected -
}

@test "2: a bad pattern: why, the pattern, a caret under the place" {
	refused_pattern -e 'a(b' 'a(b' 3
	refused_pattern -g 'a[b' 'a[b' 3
	refused_pattern -v '*a' '*a' 0
	refused_pattern -e 'abc(?<1x>)' 'abc(?<1x>)' 6
	refused_pattern -e '\' '\' 1
	refused_pattern -e '%s%n)' '%s%n)' 4
	refused "wf: --regexp: ?*" -i --regexp 'a(b'
}

@test "2: the caret is in its column behind UTF-8 and control bytes, too" {
	refused_pattern -e $'\303\251\303\251+(b' $'\303\251\303\251+(b' 5
	refused_pattern -e $'\t\033(b' '\x09\x1b(b' 10
	refused_pattern -e $'a\n(b' 'a\x0a(b' 7
}

@test "2: a bad pattern of 20,000 bytes is refused, too" {
	refused "wf: -e: ?*" -e "$(printf 'x%.0s' {1..20000})("
}

@test "2: a second bad pattern is found as the first is, and -q does not hide it" {
	refused 'wf: -g: ?*' -q -g GET -g '('
	refused 'wf: -v: ?*' -q -v GET -v '('
}

@test "2: WF_CPU is nonsense" {
	WF_CPU=nonsense refused 'wf: WF_CPU: ?*'
	WF_CPU=AVX2 refused 'wf: WF_CPU: ?*'
	WF_CPU='plain ' refused 'wf: WF_CPU: ?*'
}

@test "2: a FILE that isn't there, is a folder, can't be followed, has a part that is no folder" {
	ln -s loop loop
	mkdir folder
	: >file
	run -2 --separate-stderr wf missing
	says 'wf: missing: No such file or directory'
	[ "$output" = "" ]
	run -2 --separate-stderr wf folder
	says 'wf: folder: Is a directory (use -R to read the files in it)'
	[ "$output" = "" ]
	run -2 --separate-stderr wf loop
	says 'wf: loop: Too many levels of symbolic links'
	run -2 --separate-stderr wf file/log
	says 'wf: file/log: Not a directory'
	run -2 --separate-stderr wf ''
	says "wf: '': No such file or directory"
	run -2 --separate-stderr wf . <"$SAMPLE"
	says 'wf: .: Is a directory*'
	run -2 --separate-stderr wf </
	says 'wf: standard input: ?s a directory'
}

@test "2: a file that may not be read" {
	cp "$SAMPLE" log
	chmod 0 log
	run -2 --separate-stderr without_privileges "$WF" log
	says 'wf: log: Permission denied'
}

@test "2: unreadable files are named, each on a line; the others are counted and printed" {
	ln -s loop loop
	head -1000 "$SAMPLE" >a
	tail -n +1001 "$SAMPLE" >b
	wf -n 0 "$SAMPLE" >expected
	for jobs in 1 2 4; do
		run -2 --separate-stderr wf -j "$jobs" --chunk-size 10K -n 0 missing a / loop b missing
		printf '%s\n' "$output" | same expected -
		says $'wf: missing: No*\nwf: /: Is a directory*\nwf: loop: Too*\nwf: missing: No*'
		says_all_properly
	done
}

@test "2: an unreadable file and nothing counted, also with -q" {
	run -2 --separate-stderr wf -q missing "$SAMPLE"
	[ "$output" = "" ]
	run -2 --separate-stderr wf -e NEVER missing "$SAMPLE"
	[ "$output" = "" ]
	run -2 --separate-stderr wf --json missing
	says 'wf: missing: *'
}

@test "2: a file that opens but can't be read to its end names file and place" {
	run -2 --separate-stderr wf "$SAMPLE" /proc/self/mem
	[ "${#lines[@]}" -eq 10 ]
	says 'wf: /proc/self/mem: Input/output error; nothing was counted'
}

@test "options and FILEs may be mixed, -- ends options, short options may be joined" {
	cp "$SAMPLE" ./-q
	wf -n 3 "$SAMPLE" >expected
	wf "$SAMPLE" -n 3 | same expected -
	wf -n3 -- "$SAMPLE" | same expected -
	wf -n3 -- -q | same expected -
	wf -in3 "$SAMPLE" | same expected -
	wf --to=3 "$SAMPLE" | same expected -
}

@test "what only wf-mpi can do" {
	run -2 --separate-stderr wf --local "$SAMPLE"
	[ "$stderr" = 'wf: --local: needs wf-mpi, which "make mpi" builds' ]
	run -2 --separate-stderr wf --resume dir "$SAMPLE"
	[ "$stderr" = 'wf: --resume: needs wf-mpi, which "make mpi" builds' ]
	[ ! -e dir ]
}
