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
	[ "$stderr" = "wf: 3 of 6 lines do not fit 'common'; the first is line 2 of log; --unmatched - prints them
wf:   no such line
wf:           ^" ]
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

# A word before a text of several bytes could contain blanks: the client was "2025-06-17T08:00:00Z
# stdout F 192.0.2.10".  Now such a log is of no known format.
@test "a word contains no blanks" {
	for n in 1 2 3; do
		printf '192.0.2.%s - - [17/Jun/2025:10:00:00 +0200] "GET /a HTTP/1.1" 200 5 "-" "a" "-"\n' $n
	done >log
	while IFS= read -r before; do
		sed "s#^#$before#" log >enveloped
		run -2 --separate-stderr wf -f client --log-format nginx_main enveloped ||
			run -1 --separate-stderr wf -f client --log-format nginx_main enveloped
		[ "$output" = "" ]
		[[ $stderr = "wf: 3 of 3 lines do not fit 'nginx_main'; the first is line 1 of enveloped"* ]]
	done <<-'END'
	2025-06-17T08:00:00.123456789Z stdout F 
	Jun 17 10:00:00 web1 nginx[1302]: 
	web-1  | 
	shop.example.com 
	END
}

# The first of several fields between " | " was taken for the name of a container, and another address for the client.
@test "fields between bars are no output of docker compose" {
	for i in 1 2 3 4 5 6 7 8; do
		printf '192.0.2.%d | - | [17/Jun/2025:12:00:01 +0000] | "GET /a HTTP/1.1" | 200 | 512 | 198.51.100.5\n' $i
	done >log
	wf -n 0 -f client log >got
	[ "$(sort -u got | wc -l)" -eq 8 ]
	grep -q ' 192\.0\.2\.8$' got
}

# The first of two addresses after the request was taken for the client.
@test "of two addresses after the request, none is known to be the client" {
	for i in 1 2 3 4; do
		printf '[17/Jun/2025:12:00:01 +0000] "GET /a HTTP/1.1" 200 5 198.51.100.1 192.0.2.%d\n' $i
	done >log
	run -2 --separate-stderr wf -f client log
	says 'wf: log: it is not clear which of the addresses in its lines is the client (see --log-format)*'
}

# Behind an envelope, combined lines were taken for those of Python's http.server, which have no user and no agent.
@test "combined lines behind an envelope keep their users and agents" {
	for i in 1 2 3 4 5 6 7 8; do
		printf 'web-1  | 192.0.2.%d - - [17/Jun/2025:12:00:01 +0000] "GET /a HTTP/1.1" 200 5 "-" "curl/8"\n' $i
	done >log
	printf 'web-1  | 192.0.2.9 - bob [17/Jun/2025:12:00:01 +0000] "GET /a HTTP/1.1" 200 5 "-" "curl/8"\n' >>log
	wf -f agent log | same <(printf '      9 curl/8\n') -
}

# The second word of a line that is none of the Common Log Format, or of one after a blank, was taken for its user.
@test "only lines of the common log format tell whether their second word is an address" {
	printf '%s\n' 'x 192.0.2.1 y' 'h - - [17/Jun/2025:12:00:01 +0000] "GET /a HTTP/1.1" 200 5' >log
	wf -f url log 2>/dev/null | same <(printf '      1 /a\n') -
	printf ' 192.0.2.1 - - [17/Jun/2025:12:00:01 +0000] "GET /b HTTP/1.1" 200 5\n' | wf -f client | same <(printf '      1 192.0.2.1\n') -
}

# "status":"ok" hid status_code, and so did other values that a field cannot have; a client of which nothing was left hid the next.
@test "a value that a field cannot have does not hide the next one" {
	for i in 1 2 3; do
		echo '{"status":"ok","status_code":404,"size":"1 KB","bytes_sent":5,"remote_addr":"[]","ip":"192.0.2.1","time":0.5,"ts":"2025-06-17T08:00:00Z"}'
	done >log
	wf -f status,bytes,client,hour log | same <(printf '      3 404\t5\t192.0.2.1\t2025-06-17T08\n') -
	sed 's/[{}"]//g; s/,/ /g; s/:\(ok\|404\|1 KB\|5\|\[\]\|192[.0-9]*\|0.5\|2025.*\)/=\1/g; s/=1 KB/="1 KB"/' log >logfmt
	wf -f status,bytes,client,hour logfmt | same <(printf '      3 404\t5\t192.0.2.1\t2025-06-17T08\n') -
	printf '%s\n' status,status_code,url ok,404,/a fine,500,/b >log.csv
	wf -f status log.csv | same <(printf '      1 404\n      1 500\n') -
	# Where there is nothing better, it counts.
	echo '{"status":"ok","url":"/"}' | wf -f status | same <(printf '      1 ok\n') -
}

# The path of {"path":"/a?b"} had the query, the url of {"uri":"/a","args":"b"} did not have it.
@test "the url has the query and the path has not, whatever the names" {
	printf '{"%s":"/a?b=1","status":200}\n' path url >log
	printf '{"path":"/a","args":"b=1","status":200}\n{"uri":"/a","args":"b=1","status":200}\n{"path":"/a?b=1","args":"b=1","status":200}\n' >>log
	wf -f url,path,query log | same <(printf '      5 /a?b=1\t/a\tb=1\n') -
}

# Anything could follow the seconds of an ISO 8601 time, and 31 February was a day; nothing was said of other times.
@test "times that cannot be read are reported, in all ways to count" {
	local said="wf: log: line 2, byte 53: '2025-02-31T08:00:00Z' is not a time; 3 lines have no time that wf can read"
	for time in 2025-06-17T08:00:00Z 2025-02-31T08:00:00Z 2025-06-17T08:00:00Z 2025-06-17T08:00:00x 2025-06-17T24:00:00Z -; do
		printf '{"status":200,"url":"/","ts":"%s"}\n' $time
	done >log
	for ways in '' '-j 2 --chunk-size 64' '-s status' '-w status=200' "-w url=/"; do
		run -0 --separate-stderr wf -f hour $ways log
		says "$said"
		run -0 --separate-stderr wf -f hour,day $ways log
		says "$said"
	done
	run -1 --separate-stderr wf -w 'day>2026' log
	says "$said"
	run -0 --separate-stderr wf -r overview log
	says "*$said*"
	run -0 --separate-stderr wf -f url log
	says ''
	run -0 --separate-stderr wf -f hour <log
	says "wf: *: line 2, byte 53: '2025-02-31T08:00:00Z' is not a time; 3 lines *"
	wf -f hour log 2>/dev/null | same <(printf '      2 2025-06-17T08\n') -
	printf 'h - - [%s/2007:12:00:01 -0700] "GET / HTTP/1.1" 200 5\n' 17/Jun 31/Feb 30/Feb 28/Feb >log
	run -0 --separate-stderr wf -n 0 -f day log
	says "wf: log: line 2, *: '31/Feb/2007:12:00:01 -0700' is not a time; 2 lines have *"
	[ "$output" = $'      1 2007-02-28\n      1 2007-06-17' ]
}

# A condition on a field that no line has gave an empty answer without a word if the log came through a pipe.
@test "a field that no line of a stream has is reported" {
	printf '{"url":"/a","when":"x"}\n' >log
	gzip -k log
	for input in - log log.gz; do
		run -1 --separate-stderr wf -w 'status>=500' -f url $input <log
		says "wf: *: none of its first lines has a field 'status'; they have url when (see --explain)"
	done
	printf 'status:\turl:/a\n' | { run -1 --separate-stderr wf -w 'status>=500' -f url; says "wf: *: none of its first lines has a field 'status'; they have url (see --explain)"; }
	printf 'status,url\n,/a\n' >log
	run -1 --separate-stderr wf -w 'status>=500' -f url log
	says "wf: log: none of its first lines has a value for 'status'; they have url (see --explain)"
	run -1 --separate-stderr wf -f status <log
	says "wf: no line has a value for 'status' (1 line read); they have url (see --explain)"
}

# fields LINE...: the names in the format that wf makes from these lines, or its message.
fields() {
	printf '%s\n' "$@" >log
	wf --explain log 2>&1 | sed -n 's/^  format     //p; s/^wf: log: //p'
}

# "502, 200" ended at its blank, so that "200" became the next field, and so on.
@test "a list of two upstreams does not shift the fields after it" {
	local before='web-1  | 192.0.2.1 - - [17/Jun/2025:12:00:01 +0000] "GET /a HTTP/1.1" 200 5 "-" "curl/8"' n
	for n in 1 2 3 4 5 6 7 8 9; do echo "$before 10.0.0.1:80 200 0.200 end$n"; done >usual
	printf '%s\n' "$before 10.0.0.1:80, 10.0.0.2:80 502, 200 0.001, 0.200 end10" \
		"$before 10.0.0.1:80 : 10.0.0.2:80 502 : 200 0.001 : 0.200 end11" >lists
	# The format is the same whether or not its lines have lists.
	[ "$(fields "$(cat usual)")" = "$(fields "$(cat usual lists)")" ]
	wf -n 0 -f field_13 log | awk '{ print $2 }' | sort -V | same <(printf 'end%d\n' {1..11}) -
	# A value of two words that is no list makes the line unparsed.
	echo "$before 10.0.0.1:80 x y 200 end12" >>log
	wf -n 0 -f field_13 log 2>errors | awk '{ print $2 }' | sort -V | same <(printf 'end%d\n' {1..11}) -
	grep -q '1 of 12 lines do not fit' errors
}

# The first of several numbers after the request was the status or the number of bytes, whatever it was.
@test "of several numbers after the request, it must be clear which is which" {
	local request='192.0.2.1 - - [17/Jun/2025:12:00:01 +0000] "GET /a HTTP/1.1"' unclear='it is not clear which of the numbers in its lines is the status*'
	[[ "$(fields "$request 200 304 512" "$request 404 200 7777")" = $unclear ]]
	[[ "$(fields "$request 512 200" "$request 77 404")" = $unclear ]]
	[[ "$(fields "$request 200 0.012 1234 200")" = $unclear ]]
	[[ "$(fields "$request 200 1234 512")" = *'"$request" $status $field_7 $field_8$line_end' ]]
	run -2 --separate-stderr wf -s bytes log
	says "wf: log: its lines have no field 'bytes'*--log-format*"
	[[ "$(fields "$request 200 1234 0.012")" = common ]]
	[[ "$(fields "${request/- - /}  200 1234 0.012")" = *'"$request"  $status $body_bytes_sent $request_time$line_end' ]]
}

# The host after the client was its user.
@test "a host in the place of a user is not a user" {
	local rest='[17/Jun/2025:12:00:01 +0000] "GET /a HTTP/1.1" 200 5'
	[[ "$(fields "192.0.2.1 example.com:443 - $rest")" = '$remote_addr $host:$server_port $field_3 '* ]]
	[[ "$(fields "192.0.2.1 - example.com:443 $rest")" = '$remote_addr $ident $field_3 '* ]]
	[[ "$(fields "192.0.2.1 - www.example.com $rest")" = '$remote_addr $ident $field_3 '* ]]
	[[ "$(fields "192.0.2.1 - frank $rest")" = common ]]
}

# Of three texts in quotes, the first two were the referrer and the agent.
@test "the order of addresses, referrer and agent is told by their forms" {
	local before='192.0.2.1 - - [17/Jun/2025:12:00:01 +0000] "GET /a HTTP/1.1" 200 5' url='"https://example.org/"' agent='"curl/8"'
	[[ "$(fields "$before \"192.0.2.7, 192.0.2.8\" $url $agent" "$before \"192.0.2.7\" \"-\" $agent")" = *'"$http_x_forwarded_for" "$http_referer" "$http_user_agent"' ]]
	[[ "$(fields "$before \"-\" \"-\" $agent")" = *'"$quoted_8" "$quoted_9" "$http_user_agent"' ]]
	[[ "$(fields "$before $agent $url" "$before $agent \"-\"")" = *'"$http_user_agent" "$http_referer"' ]]
	[[ "$(fields "$before $url $agent \"shop.example.org\"")" = combined ]]
	[[ "$(fields "$before $url $agent \"192.0.2.7\"")" = nginx_main ]]
}

# A port after an IPv6 address belonged to the client; where only some clients had one, the last group of the others was cut off.
@test "a port after an IPv6 address" {
	local rest='- - [17/Jun/2025:12:00:01 +0000] "GET /a HTTP/1.1" 200 5 "-" "curl/8"'
	fields "2001:db8::1:51234 $rest" "2001:db8::1:8080 $rest" "192.0.2.1:80 $rest" "[2001:db8::2]:99 $rest" >format
	[[ "$(<format)" = '$remote_addr:$remote_port $ident '* ]]
	wf -f client log | same <(printf '      2 2001:db8::1\n      1 192.0.2.1\n      1 2001:db8::2\n') -
	[[ "$(fields "2001:db8::1:51234 $rest" "192.0.2.1 $rest")" = 'it is not clear whether a port follows the address of the client'* ]]
	[[ "$(fields "2001:db8::1:8080 $rest")" = combined ]]
	printf '[Sun Jun 17 12:00:01 2007] [error] [client %s] File does not exist: /x\n' 2001:db8::1 192.0.2.1 192.0.2.1:99 2001:db8::1:51234 |
		wf -f client | same <(printf '      2 192.0.2.1\n      2 2001:db8::1\n') -
}

# A line of an access log passed for one of HAProxy's, for one of Apache's ssl_request_log, or for one of its error log.
@test "an access log is not one of HAProxy or of Apache's other logs" {
	local t='[17/Jun/2025:12:00:01 +0000]' request='"GET /a HTTP/1.1" 200 5'
	[[ "$(fields "192.0.2.1:51234 $t $request \"-\" \"curl/8\"")" = '$remote_addr:$remote_port [$time_local] "$request" $status '* ]]
	[[ "$(fields "$t 192.0.2.1 - frank $request")" = '[$time_local] $remote_addr $ident $remote_user "$request" $status '* ]]
	[[ "$(fields "$t [192.0.2.1] $request")" = '[$time_local] [$remote_addr] "$request" $status '* ]]
}

# "blanks" was listed as a field.
@test "what only describes a line is no field" {
	fields "web-1  | 192.0.2.1 - - [17/Jun/2025:12:00:01 +0000] \"GET /a HTTP/1.1\" 200 5 \"-\" \"curl/8\" x"
	for name in blanks line_end; do
		run -2 --separate-stderr wf -f $name log
		says "wf: log: its lines have no field '$name'*"
		[[ ${stderr#*they have} != *blanks* && ${stderr#*they have} != *line_end* ]]
	done
}

# Each value that wf finds in logs of some fifty log_formats is the value that was written there.
@test "no field of a format that is made from lines has a wrong value" {
	"$PYTHON" "$TREE/test/made_formats.py" "$WF" --every 3
}

# "(only -f takes several fields)" was said to those who had used -f.
@test "no line has a value for several fields" {
	echo '{"url":"/a","when":"x"}' >log
	run -1 --separate-stderr wf -f url,status log
	says "*no line has a value for 'url,status' (1 line read); they have url when (see --explain)"
}

# The NULs before the lines of a stream counted as its bytes, even if it was not read.
@test "a stream in no known format has no bytes" {
	printf '\0\0a' | wf --json -n 0 >out || [ $? -eq 2 ]
	grep -q '"bytes":0,' out
}
