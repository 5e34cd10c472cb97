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

# --watch opened its file while INT, TERM and HUP were blocked: a FIFO of that name kept it from ending.
@test "a FIFO in the place of a progress file is not waited for" {
	mkfifo saved.progress
	run -2 --separate-stderr timeout 30 "$WF" --watch saved
	says 'wf: saved.progress: is not a progress file of wf'
}

# The blocks of a bzip2 file were decoded by several workers, and nobody compared the CRC of the whole stream: a file in
# which a block was missing, or was there twice, was counted with exit status 0.  A BGZF file without its last members
# was taken for complete, zeros in place of a member of gzip were skipped, and the seek table of a zstd file was not
# compared with its frames.
@test "blocks and members that are lost, twice or overwritten are reported" {
	needs bzip2 zstd
	"$PYTHON" "$TREE/test/damage.py" "$WF" --tries 1 \
		--only bzip2:lose,bzip2:twice,bgzf:lose_last,gzip_members:hole_of_piece,zstd_seekable:lose 3>&-
}

# Parts of bzip2 were decoded as if the header had asked for the largest blocks.
@test "blocks that are larger than the header of bzip2 allows are corrupt" {
	needs bzip2
	cat "$SAMPLE" "$SAMPLE" "$SAMPLE" | bzip2 >log
	printf 1 | dd of=log bs=1 seek=3 conv=notrunc status=none
	run -2 --separate-stderr wf -q -f 1 log
	[[ $stderr = 'wf: log: corrupt bzip2 data'* ]]
}

# A seek table that did not list all frames before it was taken for damage, also if cat had put other files around its
# own; one before all frames was not looked at, even if the frames were lost.
@test "the seek table of zstd is compared with the frames that it lists, wherever it is" {
	needs zstd
	"$PYTHON" "$TREE/test/damage.py" "$WF" --tries 2 \
		--only zstd_mixed:intact,zstd_mixed:lose,zstd_table_first:intact,zstd_table_first:lose 3>&-
	"$PYTHON" -c "
import sys
sys.path.insert(0, '$TREE/test')
from damage import zstd_table_first
archive = zstd_table_first(open('$SAMPLE', 'rb').read())
sys.stdout.buffer.write(archive.before)" >table
	run -2 --separate-stderr wf -q table
	[ "$stderr" = 'wf: table: truncated zstd data; nothing was counted' ]
}

# Skippable frames may be at the beginning of both, but only zstd was tried.
@test "an lz4 file that begins with skippable frames is not corrupt zstd" {
	needs lz4
	lz4 -q -c "$SAMPLE" >log.lz4
	for size in 0 5 300000; do
		"$PYTHON" -c "
import struct, sys
data = open('log.lz4', 'rb').read()
frame = struct.pack('<II', 0x184d2a53, $size) + b'x' * $size
sys.stdout.buffer.write(frame + frame + data)" >log
		wf -n 0 "$SAMPLE" >expected
		wf -n 0 log | same expected -
		# shellcheck disable=SC2002
		cat log | wf -n 0 | same expected -
	done
	head -c 310000 log >cut
	run -2 --separate-stderr wf -q cut
	[ "$stderr" = 'wf: cut: truncated zstd data; nothing was counted' ]
	head -c 610000 log >cut
	run -2 --separate-stderr wf -q cut
	[[ $stderr = 'wf: cut: truncated lz4 data; '* ]]
}

# One flipped bit in its magic made an lz4 file a text with exit status 0, and an archive that wf cannot read was a text
# as well.
@test "damaged compressed data and archives are not counted as text" {
	needs lz4
	lz4 -q -c "$SAMPLE" >log.lz4
	{ printf '\x00'; tail -c +2 log.lz4; } >damaged
	{ printf 'PK\3\4\24\0\0\0'; cat log.lz4; } >zip
	while read -r file why; do
		for how in file pipe; do
			echo "$file from a $how"
			[ $how = file ] && run -2 --separate-stderr wf -f 0 "$file"
			[ $how = pipe ] && run -2 --separate-stderr wf -f 0 < <(cat "$file")
			[ "$output" = '' ]
			[[ $stderr = 'wf: '*": $why" ]]
		done
	done <<-'END'
		damaged is not a log: it looks like damaged or truncated lz4 data
		zip is a zip archive, not a log (try: unzip -p FILE | wf)
	END
}

# A zstd frame whose header asks for a window of 2 GB was given 2 GB in every worker, whatever --memory said.
@test "a window that does not fit --memory is refused, with the option that helps" {
	needs zstd
	head -c 100000 "$SAMPLE" | zstd -q -c --long=31 >window.zst
	head -c 100000 "$SAMPLE" | xz -c --lzma2=preset=1,dict=40MiB >window.xz
	while read -r file codec need enough; do
		for how in file pipe; do
			echo "$file from a $how"
			[ $how = file ] && run -2 --separate-stderr wf -q --memory 64M "$file"
			[ $how = pipe ] && run -2 --separate-stderr wf -q --memory 64M < <(cat "$file")
			[[ $stderr = "wf: "*": decoding this $codec data needs $need MB of memory, more than --memory allows"* ]]
			[[ $stderr = *"(try --memory ${enough}M); nothing was counted" ]]
		done
		sanitized || wf -q --memory "${enough}M" -j 1 "$file"
	done <<-'END'
		window.zst zstd 2048 4096
		window.xz xz 49 97
	END
}

# The memory of decoders was divided by the number of workers, which made all eight files too large for it.
@test "what one worker can decode, any number of workers can" {
	needs xz
	files=()
	for i in 1 2 3 4 5 6 7 8; do
		files+=("log$i.xz")
		head -c $((1000 * i)) "$SAMPLE" | xz -c --lzma2=preset=0,dict=12MiB >"log$i.xz"
	done
	wf -f 0 -n 0 --memory 64M -j 1 "${files[@]}" >expected
	for jobs in 8 40; do
		wf -f 0 -n 0 --memory 64M -j $jobs "${files[@]}" | same expected -
		wf -f 0 -n 0 --memory 64M -j $jobs <(cat log1.xz) <(cat log2.xz) "${files[@]:2}" | same expected -
	done
	wf --explain --memory 64M -j 8 "${files[@]}" >explained
}

# Each worker decoded all parts after its own, up to the first newline: for two million empty members that took days.
@test "empty members between two lines are decoded twice at the most" {
	"$PYTHON" - "$TREE/test" <<-'PY' >log.gz
		import sys
		sys.path.insert(0, sys.argv[1])
		from damage import BGZF_END, bgzf_member
		sys.stdout.buffer.write(bgzf_member(b'a\nb') + BGZF_END * 150000 + bgzf_member(b'c\na\n') + BGZF_END)
	PY
	for jobs in 1 2; do
		timeout 20 "$WF" -f 0 -j "$jobs" --chunk-size 4K log.gz >got
		printf '      2 a\n      1 bc\n' | same - got
	done
}

# json-c, which read JSON then, did not check all of its allocations: a failed one killed wf or made it take a line for
# another one.  It also kept half a pair of surrogates of one line for a later one.
# bats test_tags=slow
@test "JSON without memory: the exact answer, or status 2 and a message" {
	! sanitized || skip "the sanitizer has its own allocator"
	local i n
	for i in {1..9}; do
		echo '{"ip":"a'$i'","o":[1,{"k":"\u00e9'$i'","k":-0, "l":[]}],"status":200,"x":"'$i'"}'
	done >log
	count() { # FAULT
		wf_fault "$1" -j 1 --format plain -f o log >got 2>errors
	}
	wf -j 1 --format plain -f o log >expected
	for n in {1..180..2}; do
		if count memory:$n:ENOMEM; then
			cmp expected got
		else
			[ $? -eq 2 ]
			[ -s errors ]
		fi
	done
	count memory:$n+:ENOMEM # no allocation is left to fail
}

@test "half a pair of surrogates in a line that is not JSON has no effect on the next line" {
	printf '{"a":"%s"}\n' x '\ud83d\u12' '\ude00' >log
	printf '      1 x\n      1 \357\277\275\n' >expected
	wf -j 1 -f a log | same expected -
}

# A worker reads each chunk of a W3C log by the heading before it.  If there was no memory for a copy of that heading, no
# line of the chunk fitted the format, and wf exited with status 0.
# bats test_tags=slow
@test "W3C without memory: the exact answer, or status 2 and a message" {
	! sanitized || skip "the sanitizer has its own allocator"
	local n said=0
	{
		echo '#Fields: date time c-ip cs-uri-stem'
		for n in {1..300}; do
			echo "2009-07-05 00:00:01 192.0.2.1 /$((n % 7))"
		done
	} >log
	wf -j 1 --chunk-size 4K --format plain -f path log >expected
	for n in {60..130}; do
		if wf_fault memory:$n:ENOMEM -j 1 --chunk-size 4K --format plain -f path log >got 2>errors; then
			cmp expected got
		else
			[ $? -eq 2 ]
			[ -s errors ]
			said=$((said + 1))
		fi
	done
	[ $said -ge 10 ]
}

# A worker whose first part is not the first one of the file added 0 to a null pointer; a sanitized wf ends there.
@test "workers that begin in the middle of a compressed file" {
	needs xz
	xz -1 -c --block-size 20000 "$SAMPLE" >log.xz
	wf -n 0 "$SAMPLE" >expected
	wf -n 0 -j 3 --chunk-size 4K log.xz | same expected -
}
