#!/usr/bin/env bats
# Parts of times, and --tz: intervals, the calendar, time zones, and years that logs leave out.

load helper

make_files() {
	cat >log <<'END'
192.0.2.1 - - [25/Oct/2026:00:59:59 +0000] "GET /a HTTP/1.1" 200 1
192.0.2.1 - - [25/Oct/2026:01:00:00 +0000] "GET /b HTTP/1.1" 404 1
192.0.2.2 - - [25/Oct/2026:03:30:00 +0200] "GET /a HTTP/1.1" 200 1
192.0.2.2 - - [31/Dec/2016:23:59:60 +0000] "GET /a HTTP/1.1" 200 1
192.0.2.3 - - [31/Feb/2026:12:00:00 +0000] "GET /a HTTP/1.1" 200 1
END
}

need_zones() {
	[ -e "${TZDIR:-/usr/share/zoneinfo}/Europe/Berlin" ] || skip 'there are no time zones here'
}

bad() { # MESSAGE ARGUMENT...
	local message=$1
	shift
	run --separate-stderr wf "$@" log
	[ "$status" -eq 2 ] && [ -z "$output" ] && says "wf: $message"
}

@test "intervals and parts of the calendar" {
	# By awk: the minute is that of the interval's start.
	awk '{ split($4, t, ":"); print "2006-10-01T" t[2] ":" sprintf("%02d", int(t[3] / 5) * 5) }' "$SAMPLE" |
		sort | uniq -c >expected
	wf -n 0 -f time/5m --order key "$SAMPLE" | same expected -
	ranks -f time/dow,time/hod "$SAMPLE" <<'END'
   1592 7-Sun	06
    408 7-Sun	07
END
	for pair in day:1d hour:1h minute:1m; do
		wf -n 0 -f "${pair%:*}" "$SAMPLE" >expected
		wf -n 0 -f "time/${pair#*:}" "$SAMPLE" | same expected -
		wf -n 0 -f "time/${pair%:*}" -j 2 --chunk-size 1K "$SAMPLE" | same expected -
		# The same for the time in a column.
		awk '{ print "x;" substr($4, 2) " " substr($5, 1, 5) }' "$SAMPLE" >times
		wf -n 0 -d ';' -f "2/${pair%:*}" times | same expected -
	done
	ranks --order key -f time/1w log 2>errors <<'END'
      1 2016-12-26
      3 2026-10-19
END
	[[ "$(cat errors)" = "wf: log: line 5, byte "*": '31/Feb/2026:12:00:00 +0000' is not a time; 1 line has no time that wf can read" ]]
}

@test "an unknown part of a time" {
	bad "-f: 'time/hos': there is no 'hos' of time (did you mean 'hod'?); after the slash, write one of 15s 5m 1h 1d 1w 1M day hour *" -f time/hos
	bad "-f: 'time/50ms': there is no '50ms' of time; *" -f time/50ms
	bad "-f: 'bytes/5m': there is no '5m' of bytes; *" -f bytes/5m
}

@test "--tz converts fields, conditions and totals" {
	need_zones
	ranks --tz Europe/Berlin --order key -f time log 2>/dev/null <<'END'
      1 2017-01-01T00:59:60
      1 2026-10-25T02:00:00
      1 2026-10-25T02:30:00
      1 2026-10-25T02:59:59
END
	ranks --tz utc --order key -f time log 2>/dev/null <<'END'
      1 2016-12-31T23:59:60
      1 2026-10-25T00:59:59
      1 2026-10-25T01:00:00
      1 2026-10-25T01:30:00
END
	ranks --tz +05:45 -f hour -w 'time>=2026-10-25T06:45' log 2>/dev/null <<'END'
      1 2026-10-25T06
      1 2026-10-25T07
END
	TZ=America/New_York ranks --tz local -f minute -w status=404 log <<'END'
      1 2026-10-24T21:00
END
	wf -r overview --tz Asia/Tokyo "$SAMPLE" >page
	grep -q '2006-10-01T22:3' page
	wf -f url --tz Asia/Tokyo --html "$SAMPLE" | grep -q 'Times are in <code>Asia/Tokyo\|Times are in Asia/Tokyo'
}

@test "columns, JSON and groups have times in any zone" {
	need_zones
	printf '%s;x\n' 2026-03-29T00:59:59Z 2026-03-29T01:00:00Z '2026-03-29 06:00:00+05:00' 1774746000 -  word >times
	ranks --tz Europe/Berlin -d ';' --order key -f 1/minute times <<'END'
      2 -
      1 2026-03-29T01:59
      3 2026-03-29T03:00
END
	printf '{"ts":"2026-03-29T01:00:00Z","made":"2026-03-29T02:00:00Z"}\n' >log.json
	ranks --tz Europe/Berlin -f time/1h,made/hour log.json <<'END'
      1 2026-03-29T03	2026-03-29T04
END
	ranks --tz Europe/Berlin -e '^(?<t>[^;]+);' -f t/hod -w 't~Z' times <<'END'
      1 01
      1 03
END
}

@test "times without a zone, and those of W3C" {
	need_zones
	printf '2026-03-29T01:00:00 x\n' >plain
	run --separate-stderr wf --tz Europe/Berlin --log-format '$any_time $x' -f time/1h plain
	[ "$status" -eq 0 ] && [ "$output" = '      1 2026-03-29T01' ]
	says 'wf: --tz: times without a zone are taken for times in Europe/Berlin'
	run --separate-stderr wf --tz Europe/Berlin -d ' ' -f 1/hour plain
	[ "$output" = '      1 2026-03-29T01' ] && says 'wf: --tz: times without a zone are taken for times in Europe/Berlin'
	run --separate-stderr wf --log-format '$any_time $x' -f time plain
	[ "$output" = '      1 2026-03-29T01:00:00' ] && says ''
	printf '%s\n' '#Fields: date time c-ip' '2026-03-29 01:00:00 192.0.2.1' >w3c
	run --separate-stderr wf --tz Europe/Berlin -f time w3c
	[ "$output" = '      1 2026-03-29T03:00:00' ] && says ''
}

@test "zones that there are not" {
	need_zones
	bad "--tz: there is no time zone 'Europe/Berln' (did you mean 'Europe/Berlin'?); write a name such as Europe/Berlin, an offset such as +05:30, utc or local" --tz Europe/Berln
	bad "--tz: there is no time zone 'berlin' (did you mean 'Europe/Berlin'?)*" --tz berlin
	bad "--tz: there is no time zone ''; *" --tz ''
	bad "--tz: there is no time zone '+25'*" --tz +25
	bad "--tz: there is no time zone '../../etc/passwd'*" --tz ../../etc/passwd
	bad "--tz: given twice" --tz utc --tz utc
	TZDIR=$PWD/none bad "--tz: 'Europe/Berlin': this system has no database of time zones (tzdata)" --tz Europe/Berlin
	TZ=Nowhere bad "--tz: TZ is 'Nowhere', which is not a time zone" --tz local
}

@test "snapshots of different zones are not merged" {
	need_zones
	wf --tz Europe/Berlin -f hour --save a.wfs "$SAMPLE"
	TZ=Europe/Berlin wf --tz local -f hour --save b.wfs "$SAMPLE"
	wf --merge a.wfs b.wfs 2>/dev/null | head -1 | grep -q '3184 2006-10-01T15'
	wf -f hour --save c.wfs "$SAMPLE"
	run --separate-stderr wf --merge a.wfs c.wfs
	[ "$status" -eq 2 ] && says 'wf: a.wfs: converts times to Europe/Berlin, but c.wfs does not'
	wf --tz +02:00 -f hour --save d.wfs "$SAMPLE"
	run --separate-stderr wf --merge a.wfs d.wfs
	[ "$status" -eq 2 ] && says 'wf: d.wfs: converts times to +02:00, but a.wfs converts times to Europe/Berlin'
	run wf --merge --tz utc a.wfs
	[ "$status" -eq 2 ]
	printf 'tz = Europe/Berlin\n[h]\nfields = hour\n' >reports
	wf --reports reports "$SAMPLE" | grep -q '1592 2006-10-01T15'
}

@test "every zone, as date has it" {
	need_zones
	[ "$(date -u -d @0 +%s 2>/dev/null)" = 0 ] || skip 'date is not that of GNU'
	for zone in Europe/Berlin America/New_York America/St_Johns Australia/Lord_Howe Asia/Kathmandu Pacific/Apia America/Sao_Paulo \
		Africa/Casablanca Pacific/Chatham Asia/Tehran Europe/Dublin Antarctica/Troll; do
		for start in 1774746000 1792890000 1325239200 1541300400 1775314800; do
			for i in -5400 -3600 -1801 -1 0 1 1799 3600 7200 86400; do echo "@$((start + i))"; done
		done >instants
		TZ=$zone date -f instants +'      1 %Y-%m-%dT%H:%M:%S%z' | sort | uniq -f1 >dates
		sed 's/@//' instants >log
		wf -n 0 --tz "$zone" --order key --log-format '$any_time' -f time log | tr -d '\n' >got
		TZ=$zone date -f instants +%Y-%m-%dT%H:%M:%S | sort | uniq -c | tr -d '\n' | same - got
	done
}

@test "times without a year get that of the file" {
	printf '%s web1 sshd[1]: x\n' 'Jun 17 12:00:00' 'Jun 18 12:00:00' 'Jun 18 12:00:01' 'Feb 29 01:00:00' 'Dec 31 23:59:59' >syslog
	touch -d 2007-06-17T12:00:00Z syslog
	for chunk in 1 2M; do
		ranks --order key -f time -j 2 --chunk-size $chunk syslog <<'END'
      1 2004-02-29T01:00:00
      1 2006-06-18T12:00:01
      1 2006-12-31T23:59:59
      1 2007-06-17T12:00:00
      1 2007-06-18T12:00:00
END
	done
	gzip -n -k syslog
	touch -d 2009-06-17T12:00:00Z syslog.gz
	wf -f time/year syslog.gz | grep -q '2 2009'
	cp -p syslog old
	cp -p syslog new
	touch -d 2012-06-17T12:00:00Z new
	wf -f time/year --order key old new >counted
	grep -q '1 2004' counted && grep -q '1 2011' counted && grep -q ' 2012' counted
	year=$(wf -f time/year -w 'time~-02-29' <syslog | sed 's/.* //')
	[ "$year" = 2004 ]
	year=$(cat syslog | wf -f time/year -w 'time~-02-29' | sed 's/.* //')
	[ $((year % 4)) -eq 0 ] && [ "$year" -ge 2024 ]
}

@test "a year 0000 that is written stays; syslog's time gets one" {
	printf 'h - - [0%d/Jan/000%d:00:00:00 +0000] "GET /a HTTP/1.1" 200 1\n' 1 0 2 0 2 1 >log
	wf -f time -n 0 log | awk '{ print $2 }' | same - <(
		printf '%sT00:00:00\n' 0000-01-01 0000-01-02 0001-01-02
	)
}
