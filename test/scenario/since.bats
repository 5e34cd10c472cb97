#!/usr/bin/env bats
# --since and --until: the lines of a period.

load helper

# Six lines, of 12:00:00 to 17:00:00 UTC, in zones from -07:00 to +05:30.
make_files() {
	cat >log <<'END'
192.0.2.1 - - [17/Jun/2026:12:00:00 +0000] "GET /a HTTP/1.1" 200 100 "-" "Mozilla/5.0"
192.0.2.1 - - [17/Jun/2026:06:00:00 -0700] "GET /b HTTP/1.1" 200 20 "-" "Mozilla/5.0"
192.0.2.2 - - [17/Jun/2026:19:30:00 +0530] "GET /c HTTP/1.0" 302 - "-" "curl/7.16.2"
192.0.2.3 - - [17/Jun/2026:15:00:00 +0000] "GET /d HTTP/1.1" 408 0 "-" "-"
192.0.2.2 - - [17/Jun/2026:18:00:00 +0200] "GET /e HTTP/1.1" 404 7 "-" "curl/7.16.2"
192.0.2.3 - - [17/Jun/2026:17:00:00 +0000] "GET /f HTTP/1.1" 500 1000 "-" "Mozilla/5.0"
END
	export TZ=UTC
}

# Are these the URLs that are counted?
only() { # "URL..." ARGUMENT...
	local expected=$1
	shift
	ends "$([ -n "$expected" ]; echo $?)" wf -n 0 --order key "$@" >kept
	[ "$(awk '{ print $2 }' kept | paste -sd' ')" = "$expected" ]
}

@test "a period begins with --since, and ends before --until, in any zone" {
	make_files
	only "/a /b /c /d /e /f" --since 2026-06-17 log
	only "" --since 2026-06-18 log
	only "/d /e /f" --since 2026-06-17T15:00 log
	only "/e /f" --since 2026-06-17T15:00:01 log
	only "/a /b /c" --until 2026-06-17T15:00 log
	only "/a /b /c /d" --until '2026-06-17 15:00:01' log
	only "/b /c" --since 2026-06-17T13 --until 2026-06-17T15 log
	only "/d" --since 2026-06-17T17:00+02:00 --until 2026-06-17T09:00:00.000-07:00 log
	only "/c /d" --since '17/Jun/2026:14:00:00 +0000' --until 1781712000 log
	TZ=Asia/Kolkata only "/d /e /f" --since 2026-06-17T20:30 log
	cat log | only "/d /e /f" --since 2026-06-17T15:00Z
	gzip -k log
	only "/d /e /f" --since 2026-06-17T15:00Z log.gz
}

@test "the same minute of other zones is another time" {
	export TZ=UTC
	for zone in +0000 +0200 -0700 +0000 +0530; do
		for second in 00 59 60; do
			echo "h - - [17/Jun/2026:12:00:$second $zone] \"GET /$second$zone HTTP/1.1\" 200 1 \"-\" \"-\""
		done
	done >log
	only "/00+0000 /59+0000" -g GET --since 2026-06-17T10:30Z --until 2026-06-17T12:01Z log
	only "/00+0000 /59+0000" --since 2026-06-17T10:30Z --until 2026-06-17T12:01Z log
	only "/60+0000" --since 2026-06-17T12:01:00Z --until 2026-06-17T12:01:01Z log
	only "/59+0000" --since 2026-06-17T12:00:59Z --until 2026-06-17T12:01Z log
}

@test "times before now, of today and of yesterday" {
	export TZ=UTC
	for ago in 0 50 3500 7100 90000 180000; do
		echo "h - - [$(date -d "-$ago sec" '+%d/%b/%Y:%H:%M:%S %z')] \"GET /$ago HTTP/1.1\" 200 1"
	done >log
	only "/0 /50" --since 90s log
	only "/0 /3500 /50" --since 60m log
	only "/0 /3500 /50 /7100" --since 2h log
	only "/0 /3500 /50 /7100" --since now-1d log
	only "/90000" --since 2d --until 1d log
	only "/180000 /90000" --until 24h log
	only "" --until 1w log
	# The day may have begun a moment ago.
	wf --since today -n 0 log | awk '{ n += $1 } END { print n + 0 }' >today
	wf -n 0 -w "day=$(date +%F)" log | awk '{ n += $1 } END { print n + 0 }' | same today -
	wf --since yesterday --until today -n 0 log | awk '{ n += $1 } END { print n + 0 }' >yesterday
	wf -n 0 -w "day=$(date -d yesterday +%F)" log | awk '{ n += $1 } END { print n + 0 }' | same yesterday -
}

@test "lines outside the period are in no account, and filters see only the others" {
	needs jq
	make_files
	printf '\nnonsense\n192.0.2.9 - - [31/Jun/2026:12:00:00 +0000] "GET / HTTP/1.1" 200 1 "-" "-"\r\n' >>log
	for more in "" "-g a" "-w status<500" "-g curl -e (GET)"; do
		for jobs in 1 3; do
			# shellcheck disable=SC2086
			wf --since 2026-06-17T15:00Z $more --json -j $jobs --chunk-size 50 log 2>/dev/null | jq -c .account >some
			# shellcheck disable=SC2086
			sed -n 4,6p log | wf $more --log-format combined --json | jq -c .account | same some -
		done
	done
	ends 1 wf --since 2026-06-17T15:00Z --unmatched rest -e nowhere log
	cut -d: -f1,2 rest | same <(printf 'log:4\nlog:5\nlog:6\n') -
}

@test "what is left out because it has no time is told" {
	make_files
	printf 'nonsense\n192.0.2.9 - - [31/Jun/2026:12:00:00 +0000] "GET / HTTP/1.1" 200 1 "-" "-"\n' >>log
	run -0 --separate-stderr wf --since 2026-06-17T17:00Z log
	says "wf: log: line 8, byte $(head -7 log | wc -c): '31/Jun/2026:12:00:00 +0000' is not a time; 1 line has no time that wf can read, and is left out
wf: 2 of 8 lines have no time that wf can read, and are left out; lines do not fit 'combined'; the first is line 7 of log
wf:   nonsense
wf:   ^"
	echo '{"a":1}' >none
	run -1 --separate-stderr wf --since 1h -f a none
	[[ "$stderr" == *"wf: no line has a time that wf can read: --since and --until leave out all of 1 line" ]]
	echo 'a b' >unknown
	run -2 --separate-stderr wf --since 1h -f 1 unknown
	[[ "$stderr" == *"fits no known log format"* ]]
	run -2 --separate-stderr wf --since 1h --log-format '%h %u' -f client unknown
	[[ "$stderr" == *"have no field 'time'"* ]]
}

@test "if no line is in the period, the period of the log is told" {
	make_files
	for more in "-f status" "-g curl --json" "--json" "-j 3 --chunk-size 100"; do
		# shellcheck disable=SC2086
		run -1 --separate-stderr wf --since 2026-07-01Z $more log
		says "wf: no line is in the period: the times in the log are from 2026-06-17T12:00Z to 2026-06-17T17:00Z"
	done
	run -1 --separate-stderr wf --until 2026-06-17Z log
	says "wf: no line is in the period: the times in the log are from 2026-06-17T12:00Z to 2026-06-17T17:00Z"
	run -1 --separate-stderr wf --since 2026-06-17T15:30Z --until 2026-06-17T15:40Z log
	says "wf: no line is in the period: the times in the log are from 2026-06-17T12:00Z to 2026-06-17T17:00Z"
	run -1 --separate-stderr wf -q --since 2026-07-01Z log
	says ""
	run -1 --separate-stderr wf --since 2026-06-17T15:00Z -g nowhere log
	says ""
}

@test "a time without a zone is of --tz, or of this machine, which is told if the other times are not" {
	make_files
	other="wf: --since and --until are taken for times in this machine's zone, UTC, but the log has other zones (see --tz, or write a zone: 14:05+02:00)"
	run -0 --separate-stderr wf --since 2026-06-17T15:00 -f class log
	says "$other"
	for more in "--since 2026-06-17T15:00Z" "--since end-1h" "--since 2026-06-17T15:00 --tz UTC"; do
		# shellcheck disable=SC2086
		run -0 --separate-stderr wf $more -f class log
		says ""
	done
	only "/d /e /f" --since 2026-06-17T17:00 --tz +02:00 log
	only "/d /e /f" --since 2026-06-17T17:00 --until 2026-06-18 --tz Europe/Berlin log
	only "/c /d" --since 19:30 --until 21:00 --tz Asia/Kolkata <(sed "s,17/Jun/2026,$(TZ=Asia/Kolkata date +%d/%b/%Y)," log)
	for i in 10 11 12 13; do
		printf 'time:2026-06-17T%d:00:00\turi:/%d\tstatus:200\n' $i $i
	done >zoneless
	only "/12 /13" --since 2026-06-17T12:00 zoneless
	TZ=Europe/Berlin only "/12 /13" --since 2026-06-17T12:00 zoneless
	TZ=Europe/Berlin only "/12 /13" -j 3 --chunk-size 10 --since 2026-06-17T10:00Z zoneless
	only "/12 /13" --since 2026-06-17T10:00Z --tz Europe/Berlin zoneless
	run -0 --separate-stderr wf --since 2026-06-17T12:00 zoneless
	says ""
	run -0 --separate-stderr wf --since 2026-06-17T12:00Z zoneless
	says "wf: times without a zone are taken for times in this machine's zone, UTC (see --tz)"
	# W3C has no zones, because all times are in UTC.
	printf '#Fields: date time cs-uri-stem\n2026-06-17 10:00:00 /10\n2026-06-17 11:00:00 /11\n' >w3c
	TZ=Europe/Berlin only "/11" --since 2026-06-17T13:00 w3c
	TZ=Europe/Berlin run -0 --separate-stderr wf --since 2026-06-17T11:00Z w3c
	says ""
}

@test "a wrong time is answered with the forms; so is an empty period" {
	make_files
	for time in 1x 2026-02-30 25:00 "" soon 2026-06; do
		run -2 --separate-stderr wf --since "$time" log
		[[ "$stderr" == "wf: --since: '$time' is not a time that wf can read; write 2026-11-20, 2026-11-20T14:05, "* ]]
	done
	for time in 2026-06-17T15:00:00.5Z 1781712000500 12:00:00,001; do
		run -2 --separate-stderr wf --until "$time" log
		[[ "$stderr" == "wf: --until: '$time' is not a whole second; write 2026-11-20, 2026-11-20T14:05, "* ]]
	done
	run -2 --separate-stderr wf --since 2026-06-17 --until 2026-06-16 log
	says "wf: --since: 2026-06-17T00:00:00Z is not before --until, 2026-06-16T00:00:00Z"
	run -2 --separate-stderr wf --since 2026-06-17 --until 2026-06-17 log
	says "wf: --since: 2026-06-17T00:00:00Z is not before --until, 2026-06-17T00:00:00Z"
}

@test "the period belongs to the query: in JSON, on pages, in snapshots and reports files" {
	needs jq
	make_files
	wf --since 2026-06-17T17:00+02:00 --json log | jq -c '[.query.since, .query.until]' | same <(echo '["2026-06-17T15:00:00Z",null]') -
	wf --until 2026-06-17T15 --html log | grep 'until <code>2026-06-17T15:00:00Z</code>'
	wf --since 2026-06-17T15 --save one.wfs log
	wf --since 2026-06-17T17:00+02 --save same.wfs log
	wf --since 2026-06-17T16 --save other.wfs log
	wf --since 2026-06-17T15 --save some.wfs <(head -4 log)
	wf --merge one.wfs some.wfs | same <(printf '      2 /d\n      1 /e\n      1 /f\n') -
	run -2 --separate-stderr wf --merge one.wfs other.wfs
	[[ "$stderr" == *"keeps only lines since 2026-06-17T16:00:00Z, but one.wfs keeps only lines since 2026-06-17T15:00:00Z"* ]]
	printf 'since = 2026-06-17T15\n[URLs]\nfields = url\n[Codes]\nfields = status\n' >set
	wf --reports set log | same <(printf 'URLs\n      1 /d\n      1 /e\n      1 /f\n\nCodes\n      1 404\n      1 408\n      1 500\n') -
	wf --reports set --since 2026-06-17T17 log | same <(printf 'URLs\n      1 /f\n\nCodes\n      1 500\n') -
	printf 'until = never\n[URLs]\nfields = url\n' >set
	run -2 --separate-stderr wf --reports set log
	[[ "$stderr" == "wf: set:1: until: 'never' is not a time"* ]]
	run -2 --separate-stderr wf --merge --since 1h one.wfs
	[[ "$stderr" == "wf: --since: cannot be used with --merge"* ]]
}

# A line each minute of the eleven days from 2026-06-01T00:00:00Z: a megabyte.
make_long() {
	export TZ=UTC
	seq 1780272000 60 1781222400 | awk '{
		print "10.0.0.1 - - [" strftime("%d/%b/%Y:%H:%M:%S +0000", $1) "] \"GET /" $1 " HTTP/1.1\" 200 1 \"-\" \"-\""
	}' >long
}

skipped() {
	wf -q --stats "$@" 2>&1 | awk '$2 == "skipped" { gsub(",", ""); print $3 }'
}

@test "parts of files outside the period are skipped; --stats says how many bytes; the answer is the same" {
	make_long
	size=$(wc -c <long)
	for period in "--since 2026-06-05T12 --until 2026-06-05T13" "--since 2026-06-11" "--until 2026-06-01T02" "--since end-1h" "--since end-3d --until end-2d"; do
		# shellcheck disable=SC2086
		[ "$(skipped $period long)" -gt $((size / 2)) ]
		# shellcheck disable=SC2086
		[ "$(skipped $period --slack all long)" -eq 0 ]
		for way in "" "-j 1" "-j 3 --chunk-size 1000" "--slack 0s" "--slack all"; do
			# shellcheck disable=SC2086
			wf -n 0 --order key --json $period $way long >got
			# shellcheck disable=SC2086
			wf -n 0 --order key --json $period < <(cat long) 2>/dev/null >piped || [[ "$period" == *end* ]]
			[[ "$period" == *end* ]] || same got piped
			[ -z "$way" ] && cp got first
			same first got
		done
	done
	wf -n 0 --since end-1h --slack all long | wc -l | same <(echo 61) -
	# Files outside the period are skipped as a whole.
	split -n l/10 long part.
	[ "$(skipped --since 2026-06-05T12 --until 2026-06-05T13 part.*)" -gt $((size * 8 / 10)) ]
	wf -n 0 --since 2026-06-05T12 --until 2026-06-05T13 part.* | wc -l | same <(echo 60) -
	# A pipe is read.
	cat long | wf -n 0 --since 2026-06-05T12 --until 2026-06-05T13 | wc -l | same <(echo 60) -
}

@test "a file that is out of order is read as a whole" {
	make_long
	for command in "tac long" "tail -n +8000 long; head -n 8000 long"; do
		eval "$command" >disordered
		[ "$(skipped --since 2026-06-05T12 --until 2026-06-05T13 disordered)" -eq 0 ]
		wf -n 0 --since 2026-06-05T12 --until 2026-06-05T13 disordered | wc -l | same <(echo 60) -
	done
	run -2 --separate-stderr wf --slack 1x long
	says "wf: --slack: must be a time, such as 10m or 1h, or all, not '1x'"
}

@test "compressed files: parts outside the period are skipped, others are read to their end" {
	make_long
	period="--since 2026-06-05T12 --until 2026-06-05T13"
	for how in "xz -c --block-size=50000" "bzip2 -c -1" "gzip -c"; do
		# shellcheck disable=SC2086
		$how long >packed
		# shellcheck disable=SC2086
		wf -n 0 $period packed | wc -l | same <(echo 60) -
		# shellcheck disable=SC2086
		wf -n 0 --since end-1h packed | wc -l | same <(echo 61) -
		[[ "$how" != xz* ]] || [ "$(skipped $period packed)" -gt 20000 ]
	done
}

@test "end: not of a pipe, and not of a log without times" {
	make_long
	run -2 --separate-stderr wf --since end-1h < <(cat long)
	says "wf: standard input: its newest time, which --since end-1h needs, is not known before it is read: *"
	: >empty
	run -2 --separate-stderr wf --since end-1h empty
	says "wf: end: no line has a time that wf can read"
	wf --since end-1h empty long -n 0 | wc -l | same <(echo 61) -
	wf --since end-1h --json long | jq -r .query.since | same <(echo 2026-06-11T23:00:00Z) -
	run -2 --separate-stderr wf --since end-1h --until end-2h long
	says "wf: --since: end-3600s is not before --until, end-7200s"
	run -2 --separate-stderr wf --since end-1h --until 2026-06-01 long
	says "wf: --since: 2026-06-11T23:00:00Z is not before --until, 2026-06-01T00:00:00Z"
}

@test "end: the newest time may be far before the end of a file, and far after the names of its fields" {
	export TZ=UTC
	awk 'BEGIN {
		for (i = 0; i < 4000; i++)
			print "h - - [" strftime("%d/%b/%Y:%H:%M:%S +0000", 1780272000 + (i < 2000 ? i : 1000)) "] \"GET /" (i < 2000 ? "new" : "late") " HTTP/1.1\" 200 1 \"-\" \"-\""
	}' >late
	awk 'NR <= 2000 { print } NR > 2000 { print "\tat java.lang.Something(Foo.java:0) and so on and on" }' late >traced
	for file in late traced; do
		gzip -k $file
		xz -k --block-size=20000 $file
		for kind in $file $file.gz $file.xz; do
			wf --since end-60s $kind 2>/dev/null | same <(echo "     61 /new") -
			wf --since end-60s --slack all $kind 2>/dev/null | same <(echo "     61 /new") -
		done
	done
	awk 'BEGIN {
		print "#Fields: date time cs-uri-stem"
		for (i = 0; i < 3000; i++)
			print strftime("%Y-%m-%d %H:%M:%S", 1780272000 + i), "/a/rather/long/address/of/a/page/" i % 100
	}' >w3c
	printf '#Fields: date time cs-uri-stem\n2026-05-01 10:00:00 /old\n' >old
	gzip -k w3c
	for way in "" "-j 1" "--slack all"; do
		# shellcheck disable=SC2086
		wf $way --since end-1m -f day w3c.gz old | same <(echo "     61 2026-06-01") -
	done
}

@test "end: a file whose newest time is not found is named, unless it has no lines" {
	make_files
	for i in 1 2 3; do echo '{"time":"never","url":"/a","status":200}'; done >never
	gzip -k never
	for file in never never.gz; do
		run -2 --separate-stderr wf --since end-1h $file log
		says "*wf: $file: no line has a time that wf can read, so its newest time, which --since end-1h needs, is not known"
	done
	printf '#Version: 1.0\n#Fields: date time cs-uri-stem\n' >heading
	printf '\n \n' >blank
	for file in heading blank; do
		gzip -k $file
		wf --since end-1h $file log | same <(printf '      1 /e\n      1 /f\n') -
		wf --since end-1h $file.gz log | same <(printf '      1 /e\n      1 /f\n') -
	done
	echo 'a b' | gzip >unknown.gz
	run -2 --separate-stderr wf --since end-1h unknown.gz
	[[ "$stderr" == "wf: unknown.gz: "*"fits no known log format"* ]]
	run --separate-stderr wf --since end-1h unknown.gz log
	[[ "$stderr" == *"wf: unknown.gz: "*"fits no known log format"* ]]
	same <(printf '      1 /e\n      1 /f\n') - <<<"$output"
}

@test "if the period is in no line of a file that was searched, its times are told all the same" {
	make_long
	for more in "" "-g nowhere" "-e (x)"; do
		# shellcheck disable=SC2086
		run -1 --separate-stderr wf --since 2026-07-01 $more long
		says "wf: no line is in the period: the times in the log are from 2026-06-01T00:00Z to 2026-06-12T00:00Z"
		# shellcheck disable=SC2086
		run -1 --separate-stderr wf --until 2026-05-01 $more long
		says "wf: no line is in the period: the times in the log are from 2026-06-01T00:00Z to 2026-06-12T00:00Z"
	done
	sed -i '8000s/1 "-" "-"$/1 "-" "-/; 8001s/Jun/Xun/' long
	run -0 --separate-stderr wf --since 2026-06-06T12 --until 2026-06-06T14 -f class long
	says "wf: 2 of * lines have no time that wf can read, and are left out; lines do not fit 'combined'; the first is in long
wf:   *" || [ -z "$stderr" ]
}
