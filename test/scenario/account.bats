#!/usr/bin/env bats
# Every line is accounted for; a pattern that explodes is said, not hidden.

load helper

# The number of that name in what --stats wrote.
stat() { # NAME FILE
	sed -nE "s/^wf: $1 +([0-9,]+)( .*)?$/\1/p" "$2" | tr -d ,
}

@test "--stats adds up: lines = matched + unmatched + unparsed + filtered + given up; all as grep counts them" {
	"$TREE/data/mklog" -n 3000 --hostile >hostile.log
	for log in "$SAMPLE" hostile.log; do
		for jobs in 1 3; do
			run -0 wf --stats -q -j "$jobs" --chunk-size 50K -g GET -v Mozilla -e 'ongoing/(\w+)' "$log"
			echo "$output" | tee stats
			kept=$(grep -a GET "$log" | grep -acv Mozilla)
			matched=$(grep -a GET "$log" | grep -av Mozilla | grep -acP 'ongoing/\w+')
			total=$(grep -ac '' "$log")
			[ "$(stat bytes stats)" -eq "$(wc -c <"$log")" ]
			[ "$(stat lines stats)" -eq "$total" ]
			[ "$(stat matched stats)" -eq "$matched" ]
			[ "$(stat unmatched stats)" -eq $((kept - matched)) ]
			[ "$(stat unparsed stats)" -eq 0 ]
			[ "$(stat filtered stats)" -eq $((total - kept)) ]
			[ "$(stat 'given up' stats)" -eq 0 ]
			[ "$(stat keys stats)" -eq "$(wf -n 0 -g GET -v Mozilla -e 'ongoing/(\w+)' "$log" | wc -l)" ]
		done
	done
}

@test "--stats goes to stderr, the ranking to stdout" {
	wf -n 0 "$SAMPLE" >expected
	run -0 --separate-stderr wf -n 0 --stats "$SAMPLE"
	printf '%s\n' "$output" | same expected -
	says '*wf: lines*2,000*'
}

@test "the counts printed add up to matched" {
	wf -n 0 --stats "$SAMPLE" >got 2>stats
	[ "$(awk '{ n += $1 } END { print n }' got)" -eq "$(stat matched stats)" ]
}

# Line 5, at byte 16, and line 8, at byte 68, are what '(a+)+$' takes ages for.
explosive() {
	printf '%s\n' aaa aa zzz aaa "$(printf 'a%.0s' {1..40})b" zzz aaa "$(printf 'a%.0s' {1..50})b" aa
}

@test "a pattern that explodes: 2, the first place named once, the other lines counted" {
	explosive >log
	for jobs in 1 2 8; do
		for size in 1 9 1M; do
			run -2 --separate-stderr wf -j "$jobs" --chunk-size "$size" -e '(a+)+$' log
			[ "$output" = $'      3 aaa\n      2 aa' ]
			says 'wf: log: line 5, byte 15: ?*'
			[ "$(grep -c '' <<<"$stderr")" -eq 1 ]
		done
	done
}

@test "a pattern that explodes: from a pipe, in the second file, with CR, behind a megabyte" {
	explosive >log
	run -2 --separate-stderr bash -c 'cat log | "$0" -e "(a+)+\$"' "$WF"
	says 'wf: standard input: line 5, byte 15: ?*'
	[ "$output" = $'      3 aaa\n      2 aa' ]
	cp log again
	run -2 --separate-stderr wf -j 3 --chunk-size 8 -e '(a+)+$' /dev/null <(echo aaa) log again
	says 'wf: log: line 5, byte 15: ?*'
	explosive | sed 's/$/\r/' >crlf
	run -2 --separate-stderr wf -e '(a+)+$' crlf
	says 'wf: crlf: line 5, byte 19: ?*'
	{ lines_of 300000 zzz; explosive; } >long
	run -2 --separate-stderr wf -j 2 --chunk-size 100K -e '(a+)+$' long
	says 'wf: long: line 300005, byte 1200015: ?*'
	run -2 --separate-stderr bash -c 'cat long | "$0" -j 2 -e "(a+)+\$" - long' "$WF"
	says 'wf: standard input: line 300005, byte 1200015: ?*'
	[ "$output" = $'      6 aaa\n      4 aa' ]
}

@test "a pattern that explodes: a warning after a hundred lines, once" {
	for i in {1..103}; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaab; done >log
	for jobs in 1 2; do
		run -2 --separate-stderr wf -j $jobs --chunk-size 1000 -e '(a+)+$' log
		[ "$stderr" = "wf: patterns exceed PCRE2's match limit on more than 100 lines so far, which takes long (see CAVEATS in wf(1))
wf: log: line 1, byte 0: matching here exceeds PCRE2's match limit; 103 lines given up (see CAVEATS in wf(1))" ]
	done
	run -2 --separate-stderr wf -e '(a+)+$' <(head -n 90 log)
	[ "$(wc -l <<<"$stderr")" -eq 1 ]
}

# 900 KB of such lines kept a worker busy for seven minutes.
@test "a pattern that explodes on thousands of lines: the run is stopped" {
	[ -n "${WF_LONG-}" ] || skip "takes 7 s; set WF_LONG=1"
	yes aaaaaaaaaaaaaaaaaaaaaaaaaaaab | head -n 30000 >log
	for jobs in 1 2; do
		run -2 --separate-stderr wf -j $jobs -e '(a+)+$' log
		[ "$output" = "" ]
		says 'wf: log: stopped, because matching exceeds *; nothing is printed (see CAVEATS in wf(1))'
	done
}

@test "a pattern that explodes in -g or -v: the line is given up, not kept nor dropped" {
	explosive >log
	run -2 --separate-stderr wf -g '(a+)+$' -e '.*' log
	[ "$output" = $'      3 aaa\n      2 aa' ]
	says 'wf: log: line 5, byte 15: ?*'
	run -2 --separate-stderr wf -v '(a+)+$' -e '.*' log
	[ "$output" = '      2 zzz' ]
	says 'wf: log: line 5, byte 15: ?*'
}

@test "a pattern that explodes: the account knows it, in --stats and --json" {
	explosive >log
	run -2 wf --stats -q -e '(a+)+$' log
	echo "$output" | tee stats
	[ "$(stat 'given up' stats)" -eq 2 ]
	[ "$(stat matched stats)" -eq 5 ]
	[ "$(stat unmatched stats)" -eq 2 ]
	[ "$(stat lines stats)" -eq 9 ]
	run -2 --separate-stderr wf --json -g . -v nothing -e '(a+)+$' log
	"$PYTHON" -c '
import json, sys
a = json.loads(sys.argv[1])["account"]
assert a == dict(bytes=120, lines=9, matched=5, unmatched=2, unparsed=0, filtered=0, given_up=2, not_numbers=0,
    keys=2), a' "$output"
}

@test "a line that exhausts the matcher's stack is matched or given up, loudly" {
	{ echo ab; head -c 3000000 /dev/zero | tr '\0' a; echo; echo ba; } >log
	wf --json -e '^(?:(a)|b)*$' log >got 2>errors || [ $? -eq 2 ]
	"$PYTHON" - "$(wc -l <errors)" <<-'PY'
		import json, sys
		a = json.load(open('got'))['account']
		assert a['lines'] == 3 == a['matched'] + a['given_up'], a
		assert a['given_up'] == int(sys.argv[1]) <= 1, a
	PY
}

@test "--unmatched: a file that is an input is not overwritten, nor one of a run that fails" {
	printf 'GET /a HTTP/1.1\nx\n' >log
	cp log copy
	ln log other-name
	for file in log other-name ./log; do
		run -2 --separate-stderr wf -e zzz --unmatched "$file" log
		says "wf: $file: is an input, *"
		run -2 --separate-stderr wf -e zzz --unmatched "$file" <log
		says "wf: $file: is an input, *"
		cmp log copy
	done
	run -2 wf -e zzz --unmatched copy nosuchfile
	cmp log copy
	run -0 wf -e GET --unmatched copy log
	[ "$(cat copy)" = log:2:x ]
}
