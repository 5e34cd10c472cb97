#!/usr/bin/env bats
# -t: tables over time.

load helper

# A line of an access log: TIME STATUS URL BYTES
line() {
	printf '192.0.2.%s - - [17/Jun/2007:%s -0700] "GET %s HTTP/1.1" %s %s\n' "$((RANDOM % 9))" "$1" "$3" "$2" "$4"
}

make_files() {
	{
		line 12:07:00 200 /b 30 # out of order
		line 12:00:01 200 /a 10
		line 12:00:59 404 /a 20
		line 12:06:00 200 /a 3
		echo garbage
	} >log
}

# The log in seven parts, each with its own lines.
seven() {
	split -n r/7 "$1" part.
}

@test "a row for each interval, also for those without lines; a count" {
	wf -t 1m log 2>err | same - <(
		cat <<'END'
TIME               count
2007-06-17T12:00       2
2007-06-17T12:01       0
2007-06-17T12:02       0
2007-06-17T12:03       0
2007-06-17T12:04       0
2007-06-17T12:05       0
2007-06-17T12:06       1
2007-06-17T12:07       1
END
	)
	grep -q '1 of 5 lines do not fit' err
}

@test "-f: a column for each of the first keys, and one for the rest" {
	wf -t 5m -f status log 2>/dev/null | same - <(
		cat <<'END'
TIME                 200     404
2007-06-17T12:00       1       1
2007-06-17T12:05       2       0
END
	)
	wf -t 5m -f status,url -n 1 log 2>/dev/null | same - <(
		cat <<'END'
TIME              200 /a    rest
2007-06-17T12:00       1       1
2007-06-17T12:05       1       1
END
	)
	wf -t 5m -f status --order -count -n 1 log 2>/dev/null | same - <(
		cat <<'END'
TIME                 404    rest
2007-06-17T12:00       1       1
2007-06-17T12:05       0       2
END
	)
}

@test "-s: a column for each statistic, or the cells of -f; nothing is '-'" {
	wf -t 5m -s count -s sum,avg:bytes log 2>/dev/null | same - <(
		cat <<'END'
TIME               count sum_bytes avg_bytes
2007-06-17T12:00       2        30        15
2007-06-17T12:05       2        33      16.5
END
	)
	wf -t 5m -f status -s max:bytes log 2>/dev/null | same - <(
		cat <<'END'
TIME                 200     404
2007-06-17T12:00      10      20
2007-06-17T12:05      30       -
END
	)
	wf -t 5m -s rate log 2>/dev/null | same - <(
		cat <<'END'
TIME                rate
2007-06-17T12:00 0.006666667
2007-06-17T12:05 0.006666667
END
	)
}

@test "the rest is exact: values that several of its keys share are counted once" {
	for i in 1 2 3 4; do
		line 12:00:00 200 /top 1
		line 12:00:00 200 "/$i" 7
		line 12:00:00 200 "/$i" "$i"
	done >log
	wf -t 1h -f url -n 1 -s uniq:bytes log | same - <(
		cat <<'END'
TIME               /1    rest
2007-06-17T12       2       5
END
	)
}

@test "-e: a column for each match; -E: also for patterns without one" {
	wf -t 1h -e 'GET /(\w)' log | same - <(
		cat <<'END'
TIME                a       b
2007-06-17T12       3       1
END
	)
	printf '%s\n' '/a' 'nope' '/b' >patterns
	wf -t 1h -E patterns log | same - <(
		cat <<'END'
TIME               /a      /b    nope
2007-06-17T12       3       1       0
END
	)
	wf -t 1h -o -e '\d' -n 1 --sub 's/\d/N/' log >got
	[ "$(wc -l <got)" -eq 2 ]
	[[ "$(head -n 1 got)" == "TIME                N" ]]
}

@test "-t auto: the width suits the period" {
	day() { # the numbers of the log's days
		for d; do
			printf 'h - - [%02d/Jun/2007:12:00:00 -0700] "GET / HTTP/1.1" 200 5\n' "$d"
		done
	}
	{ line 12:00:00 200 /a 1 && line 12:14:59 200 /a 1; } >log
	[ "$(wf -t auto log | wc -l)" -eq 91 ] # 10s
	{ line 12:00:00 200 /a 1 && line 12:15:01 200 /a 1; } >log
	[ "$(wf -t auto log | wc -l)" -eq 17 ] # 1m
	{ line 08:00:00 200 /a 1 && line 11:59:59 200 /a 1; } >log
	[ "$(wf -t auto log | wc -l)" -eq 49 ] # 5m
	{ line 00:00:00 200 /a 1 && line 23:59:59 200 /a 1; } >log
	[ "$(wf -t auto log | wc -l)" -eq 49 ] # 30m
	day 1 3 | wf -t auto | tail -n 1 | same - <(echo '2007-06-03T12       1')
	day 1 8 | wf -t auto | same - <(
		echo 'TIME         count'
		for d in 1 2 3 4 5 6 7 8; do
			printf '2007-06-%02d       %d\n' "$d" "$((d == 1 || d == 8))"
		done
	)
}

@test "weeks begin on Monday, months have their lengths" {
	line 12:00:00 200 /a 1 | wf -t 1w | tail -n 1 | same - <(echo '2007-06-11       1')
	{ line 12:00:00 200 /a 1 && line 12:00:00 200 /a 1 | sed 's/Jun/Feb/'; } | wf -t 1M -s rate | same - <(
		cat <<'END'
TIME       rate
2007-02 0.000000413
2007-03       0
2007-04       0
2007-05       0
2007-06 0.000000386
END
	)
}

@test "--tz: rows are intervals of that zone, also on the day on which clocks are put back" {
	line 12:00:00 200 /a 1 | wf -t 1h --tz utc | tail -n 1 | same - <(echo '2007-06-17T19       1')
	line 12:00:00 200 /a 1 | wf -t 1d --tz +09:00 -f status | tail -n 1 | same - <(echo '2007-06-18       1')
	printf 'h - - [04/Nov/2007:0%s:30:00 +0000] "GET / HTTP/1.1" 200 5\n' 5 6 8 >log
	wf -t 1h --tz America/New_York log | same - <(
		cat <<'END'
TIME            count
2007-11-04T01       2
2007-11-04T02       0
2007-11-04T03       1
END
	)
}

@test "csv, tsv, json" {
	wf -t 5m -f status --csv log 2>/dev/null | same - <(
		printf '%s\r\n' time,200,404 2007-06-17T12:00,1,1 2007-06-17T12:05,2,0
	)
	wf -t 5m -f status -s max:bytes --tsv log 2>/dev/null | same - <(
		printf 'time\t200\t404\n2007-06-17T12:00\t10\t20\n2007-06-17T12:05\t30\t\n'
	)
	wf -t 5m -f url -n 1 --json log 2>/dev/null | jq -c '.query.over, (.reports[0] | .name, .keys, .rows[])' | same - <(
		cat <<'END'
"5m"
"url"
2
{"time":"2007-06-17T12:00","count":2,"keys":[{"key":"/a","count":2}],"rest":0}
{"time":"2007-06-17T12:05","count":2,"keys":[{"key":"/a","count":1}],"rest":1}
END
	)
	wf -t 5m -s p50:bytes --json log 2>/dev/null | jq -c '.reports[0] | .name, .rows[0]' | same - <(
		cat <<'END'
"time"
{"time":"2007-06-17T12:00","count":2,"p50_bytes":10}
END
	)
}

@test "a reports file: over = WIDTH in a section" {
	printf '%s\n' '[load]' 'over = 5m' 'fields = class' '[urls]' 'fields = url' 'top = 1' >reports
	wf --reports reports log 2>/dev/null | same - <(
		cat <<'END'
load
TIME                 2xx     4xx
2007-06-17T12:00       1       1
2007-06-17T12:05       2       0

urls
      3 /a
END
	)
	wf --reports reports --csv log 2>/dev/null | same - <(
		printf '%s\r\n' report,count,sum,key 'load,1,,2007-06-17T12:00	2xx' 'load,1,,2007-06-17T12:00	4xx' \
			'load,2,,2007-06-17T12:05	2xx' 'load,0,,2007-06-17T12:05	4xx' 'urls,3,,/a'
	)
	printf 'over = 5m\n[a]\n' >reports
	run -2 --separate-stderr wf --reports reports log
	[[ "$stderr" == *"'over' belongs in a [section]"* ]]
}

@test "the same table of a pipe, for each number of workers, chunk size and memory, and of seven merged parts" {
	for query in '-t 10s -f url' '-t 1m -f class -s uniq:client' '-t auto -s p90,sd:bytes' '-t auto -f status,method -s p50:bytes'; do
		wf $query "$SAMPLE" >expected
		[ "$(wc -l <expected)" -gt 30 ]
		cat "$SAMPLE" | wf $query -j 3 | same expected -
		wf $query -j 4 --chunk-size 1K "$SAMPLE" | same expected -
		wf $query --memory 64K --chunk-size 10K "$SAMPLE" | same expected -
		seven "$SAMPLE"
		for part in part.a?; do
			wf $query --save "$part.wfs" "$part"
		done
		wf --merge part.*.wfs | same expected -
		wf --merge --save all.wfs part.*.wfs
		cat all.wfs | wf --merge | same expected -
		wf --merge -j 1 - <all.wfs | same expected -
	done
	wf --merge -n 1 all.wfs >got
	[[ "$(head -n 1 got)" == "TIME "*" 206 POST    rest" ]]
}

@test "snapshots of tables with other rows do not merge" {
	wf -t 1m --save a.wfs log 2>/dev/null
	wf -t 5m --save b.wfs log 2>/dev/null
	wf --save c.wfs -f minute log 2>/dev/null
	run -2 --separate-stderr wf --merge a.wfs b.wfs
	[[ "$stderr" == *"b.wfs: makes a table over time, with rows of 5m, but a.wfs makes a table over time, with rows of 1m"* ]]
	run -2 --separate-stderr wf --merge a.wfs c.wfs
	[ "$output" = "" ]
}

@test "a wrong year: no table, and a way out; auto makes longer rows" {
	{ line 12:00:00 200 /a 1 && line 12:00:00 200 /a 1 | sed s/2007/9999/; } >log
	run -2 --separate-stderr wf -t 1m log
	[ "$output" = "" ]
	says "wf: -t 1m: from 2007-06-17T12:00 to 9999-06-17T12:00, the table would have more than 1,000,000 rows; choose a longer width, or leave out lines with wrong times by --since and --until"
	wf -t 1m --until 2008-01-01Z log | tail -n 1 | same - <(echo '2007-06-17T12:00       1')
	wf -t auto log >got
	[ "$(wc -l <got)" -eq 95906 ]
	[ "$(tail -n 1 got)" = "9999-06       1" ]
}

@test "one line, no line, no time" {
	line 12:00:00 200 /a 1 | wf -t 1d | same - <(printf 'TIME         count\n2007-06-17       1\n')
	run -1 --separate-stderr wf -t 1d -w status=999 log
	[ "$output" = "" ]
	run -1 wf -t 1d -f url /dev/null
	[ "$output" = "" ]
	printf '{"status":200,"url":"/a"}\n{"status":404,"url":"/b"}\n' >log
	run -1 --separate-stderr wf -t 1d log
	[ "$output" = "" ]
	[[ "$stderr" == "wf: no line has a value for 'time' (2 lines read); they have "* ]]
	run -1 --separate-stderr wf -t 1d -f nope log
	[[ "$stderr" == *"wf: no line has a value for 'time,nope' (2 lines read); they have "* ]]
	printf '{"status":200,"time":"x"}\n{"status":404,"time":"y"}\n' >log
	run -1 --separate-stderr wf -t 1d log
	[ "$output" = "" ]
	[[ "$stderr" == *"is not a time"* ]]
}

@test "many keys: -n 0 makes at most 1000 columns, and says what is in the rest" {
	for i in {1..1200}; do
		line 12:00:00 200 "/$i" 1
	done >log
	wf -t 1d -f url -n 0 --tsv log >got 2>err
	[ "$(head -n 1 got | tr '\t' '\n' | wc -l)" -eq 1002 ]
	[ "$(tail -n 1 got | cut -f 1002)" -eq 200 ]
	same err - <<<"wf: -t: a table has at most 1000 columns; 200 more keys are in its rest"
}

@test "keys with any bytes are headings" {
	printf '{"time":"2007-06-17T12:00:00Z","k":"a\\nb\\u001b\\u0000c"}\n{"time":"2007-06-17T12:00:00Z","k":"rest"}\n' >log
	wf -t 1d -f k log | same - <(printf 'TIME        a\\nb\x1b\x00c    rest\n2007-06-17       1       1\n')
	wf -t 1d -f k --csv log | same - <(printf 'time,"a\nb\x1b\x00c",rest\r\n2007-06-17,1,1\r\n')
	wf -t 1d -f k --json log | jq -c '.reports[0].rows[]' | same - <(
		echo '{"time":"2007-06-17","count":2,"keys":[{"key":"a\nb\u001b\u0000c","count":1},{"key":"rest","count":1}]}'
	)
}

@test "keys that look alike: JSON has each on its own, and CSV separates the values of a key" {
	printf '%s - - [17/Jun/2007:12:00:00 -0700] "GET /a HTTP/1.1" 200 1 "%s" "%s"\n' \
		h a 'b c' h 'a b' c h 'a b' c >log
	wf -t 1d -f referrer,agent --json log | jq -c '.reports[0].rows[]' | same - <(
		cat <<'END'
{"time":"2007-06-17","count":3,"keys":[{"key":{"referrer":"a b","agent":"c"},"count":2},{"key":{"referrer":"a","agent":"b c"},"count":1}]}
END
	)
	wf -t 1d -f referrer,agent -n 1 -s avg:bytes --json log | jq -c '.reports[0].rows[]' | same - <(
		cat <<'END'
{"time":"2007-06-17","count":3,"keys":[{"key":{"referrer":"a","agent":"b c"},"count":1,"avg_bytes":1}],"rest":1}
END
	)
	wf -t 1d -f referrer,agent --csv log | same - <(
		printf '%s\r\n' $'time,a b\tc,a\tb c' 2007-06-17,2,1
	)
	wf -t 1d -f referrer,agent --tsv log | same - <(
		printf '%s\n' $'time\ta b\\tc\ta\\tb c' $'2007-06-17\t2\t1'
	)
	{
		line 12:00:00 200 $'/\xfe' 1
		line 12:00:00 200 $'/\xff' 1
	} >log
	wf -t 1d -f url --json log | jq -c '.reports[0].rows[].keys[].key' >got
	same got <(printf '"/\xef\xbf\xbd"\n%.0s' 1 2)
	printf 'h - - [17/Jun/2007:12:00:00 -0700] "GET %s HTTP/1.1" 200 1\n' rest rest b >log
	wf -t 1d -f url -n 1 --csv log | same - <(printf '%s\r\n' time,rest,rest 2007-06-17,2,1)
}

@test "mistakes are explained" {
	run -2 --separate-stderr wf -t 7x log
	says "wf: -t: '7x' is not a width of time: write 10s, 5m, 1h, 1d, 1w, 1M or auto"
	run -2 --separate-stderr wf -t 0m log
	run -2 --separate-stderr wf -t 1m -t 5m log
	says "wf: -t: given twice; a table has rows of one width"
	run -2 --separate-stderr wf -t 1m -f status -s avg,max:bytes log
	says "wf: -t: a table with a column for each key can show one statistic, and -s asks for 2"
	run -2 --separate-stderr wf -t 1m --sub s/a/b/ log
	says "wf: --sub: with -t, it needs -f or -e, whose keys it can edit"
	run -2 --separate-stderr wf -t 1m --merge log
}

@test "time/dow,time/hod: a map of the week, if all rows are there" {
	{ line 12:00:00 200 /a 1 && line 12:00:01 200 /a 1 && line 09:00:00 200 /a 1; } >log # a Sunday
	wf -f time/dow,time/hod -n 0 --format table log >got
	tail -n 9 got | same - <(
		printf '\n       00    03    06    09    12    15    18    21    \n'
		for day in 1-Mon 2-Tue 3-Wed 4-Thu 5-Fri 6-Sat; do
			printf '%s  %48s\n' "$day" ''
		done
		printf '7-Sun  %18s--%4s##%22s\n' '' '' ''
	)
	wf -f time/hod,time/dow -n 0 --format table log | tail -n 7 | same - <(tail -n 7 got)
	wf -f time/dow,time/hod -n 0 --html log >page
	[ "$(grep -c '<rect class="h0"' page)" -eq 166 ]
	grep -qF '<title>7-Sun 12: 2</title>' page
	grep -qF '<title>7-Sun 09: 1</title>' page
	grep -qF 'The darkest hour has 2' page
	# Nothing is drawn of rows that are not all, or of other fields.
	wf -f time/dow,time/hod -n 1 --html log >page
	lacks page '<rect class="h0"'
	wf -f time/dow,status -n 0 --html log >page
	lacks page '<rect class="h0"'
}
