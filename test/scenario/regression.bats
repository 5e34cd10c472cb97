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
