#!/usr/bin/env bats
# regression.bats -- bugs that wf, or its ancestors, once had: a test for each, with its story.

load helper

# Two well-known mmap versions of the Wide Finder searched from the middle of a line at every split, and so lost
# a line for each: of 8,237 hits they found 8,236 with 8 workers, and 8,187 with 512 pieces.
@test "no line is lost where the log is split" {
	"$PYTHON" -c 'for i in range(3000): print("GET /%d x" % (i % 7))' >log
	wf -n 0 -j 1 -e 'GET (\S+) x' log >expected
	[ "$(awk '{ n += $1 } END { print n }' expected)" = 3000 ]
	for chunk in 1 7 64 1000 4096; do
		wf -n 0 -j 8 --chunk-size $chunk -e 'GET (\S+) x' log >got
		cmp got expected
	done
}

# "[^ .]" matches a newline.  Searched as one buffer, the log below has a match that begins in the first line and
# ends in the second.
@test "a match never crosses the end of a line" {
	printf 'GET /a\nb c\nGET /d e\n' >log
	wf -e 'GET (/[^ .]+) ' log >got
	[ "$(cat got)" = "      1 /d" ]
}

# Without the blank at the end of the pattern, pictures were counted as pages: 1,705 hits instead of 954.
@test "the blank at the end of the pattern counts" {
	printf 'GET /2006/x HTTP\nGET /2006/x.png HTTP\n' >log
	wf -e 'GET (/\d+/[^ .]+) ' log >got
	[ "$(cat got)" = "      1 /2006/x" ]
}

# ISA-L forgets a gzip member's header that is cut by the end of the input so far: members with an extra field, as
# bgzip writes them, were taken for corrupt once in a thousand reads from a pipe.
@test "a gzip member whose header arrives in two pieces is read" {
	needs gzip
	printf 'a\nb\n' | gzip -n >one.gz
	size=$(stat -c %s one.gz)
	for cut in 1 5 9 10 11; do
		{ cat one.gz; head -c $cut one.gz; sleep 0.1; tail -c $((size - cut)) one.gz; } |
			wf -n 0 -f 0 >got
		[ "$(cat got)" = "$(printf '      2 a\n      2 b')" ]
	done
}

# PCRE2 before 10.45 compares a reference to one of two groups of the same name without regard to case, if its JIT
# matches, and "abA" was counted.  Before 10.43 its interpreter keeps what a call has captured, here "b".
@test "a pattern is not given to an engine of PCRE2 that gets it wrong" {
	run -1 --separate-stderr wf -e '(?J)(?<n>a)(?<n>b)\k<n>' <<<abA
	[ "$output$stderr" = "" ]
	wf -e '(?J)(?<n>a)(?<n>b)\k<n>' <<<aba >got
	[ "$(cat got)" = "      1 a" ]
	wf -e '(?1)(a(b)|(c))' -k '$1,$2,$3' <<<abc >got
	[ "$(cat got)" = "      1 c,,c" ]
	# Both engines searched for two "a", because the lookahead has one and the end has one.
	wf -e '(?=a)b?a' <<<a >got
	[ "$(cat got)" = "      1 a" ]
}

# Half of the lines did not fit the format that was detected, no line matched, and nothing was said.
@test "lines that do not fit a detected format are reported even if nothing matches" {
	for i in 1 2 3; do
		printf '192.0.2.%s - - [17/Jun/2007:12:00:01 -0700] "GET /a HTTP/1.1" 200 5\nno such line\n' $i
	done >log
	run -1 --separate-stderr wf -f url -w status=404 log
	[ "$stderr" = 'wf: 3 of 6 lines do not match their log format; --unmatched - prints them' ]
	run -1 --separate-stderr wf -f url -v . log
	[ "$stderr" = "" ]
}
