#!/usr/bin/env bats
# -w: keep the lines whose field is, is not, is less, is more, or matches.

load helper

make_files() {
	cat >log <<'END'
192.0.2.1 - - [17/Jun/2007:12:00:01 -0700] "GET /a HTTP/1.1" 200 100 "http://www.example.org/" "Mozilla/5.0"
192.0.2.1 - anna [17/Jun/2007:12:30:00 -0700] "GET /b HTTP/1.1" 200 20 "http://www.example.org/" "Mozilla/5.0"
192.0.2.2 - - [17/Jun/2007:13:00:00 -0700] "POST /form HTTP/1.0" 302 - "-" "curl/7.16.2"
2001:db8::7 - - [18/Jun/2007:00:00:00 -0700] "-" 408 0 "-" "-"
192.0.2.2 - - [18/Jun/2007:00:00:01 -0700] "GET /missing.png HTTP/1.1" 404 7 "https://example.net/" "curl/7.16.2"
192.0.2.3 - - [18/Jun/2007:00:00:02 -0700] "GET /a HTTP/1.1" 500 1000 "" "Mozilla/5.0 bot"
END
	n=0
	while read -r value; do
		n=$((n + 1))
		printf '%d;%s\n' $n "$value"
	done >table <<'END'
5
05
5.0
10
9.99
-3
-
x
5x
1e1
END
	printf '11;\n12\n' >>table
}

# Are these the keys that are counted, in this order?  None is status 1: a condition that wf refuses is not it.
only() { # "KEY..." ARGUMENT...
	local expected=$1
	shift
	ends "$([ -n "$expected" ]; echo $?)" wf -n 0 "$@" >kept
	[ "$(awk '{ print $2 }' kept | paste -sd' ')" = "$expected" ]
}

# Which lines of the table are kept?  Line 11's value is empty, line 12 has none.
keeps() { # CONDITION "LINE..."
	echo "condition: $1"
	only "$(tr ' ' '\n' <<<"$2" | sort | paste -sd' ')" --order key -d ';' -f 1 -w "$1" table
}

# Which lines of the log, by their size or "-"?
keeps_bytes() { # "BYTES..." ARGUMENT...
	local expected=$1
	shift
	echo "conditions: $*"
	only "$expected" -f bytes --order key "$@" log
}

@test "= and != of a number: as numbers; what is no number is not equal" {
	keeps '2=5' '1 2 3'
	keeps '2=5.00' '1 2 3'
	keeps '2==5' '1 2 3'
	keeps '2!=5' '4 5 6 7 8 9 10 11 12'
	keeps '2=-3' 6
	keeps '2=-3.0' 6
	keeps '2=0' ''
	keeps '2!=0' '1 2 3 4 5 6 7 8 9 10 11 12'
	keeps '2=10' '4 10'
}

@test "< <= > >= of a number: only numbers are less or more" {
	keeps '2<10' '1 2 3 5 6'
	keeps '2<=10' '1 2 3 4 5 6 10'
	keeps '2>5' '4 5 10'
	keeps '2>=5' '1 2 3 4 5 10'
	keeps '2>9.989' '4 5 10'
	keeps '2>9.99' '4 10'
	keeps '2<0' 6
	keeps '2<-3' ''
	keeps '2<=-3' 6
	keeps '2>-4' '1 2 3 4 5 6 10'
}

@test "of a text: byte by byte; no value is as an empty one" {
	keeps '2=x' 8
	keeps '2=-' 7
	keeps '2!=x' '1 2 3 4 5 6 7 9 10 11 12'
	keeps '2=' '11 12'
	keeps '2!=' '1 2 3 4 5 6 7 8 9 10'
	keeps '2<X' '1 2 3 4 5 6 7 9 10 11 12'
	keeps '2>=X' 8
	keeps '2>' '1 2 3 4 5 6 7 8 9 10'
	keeps '2<=' '11 12'
	keeps '2=1e1' '4 10' # a number, as JSON writes it
	keeps '2=.1e2' ''
	keeps '2=+5' ''
	keeps '2=5.' ''
	keeps '2=.5' ''
}

@test "~ and !~: a pattern anywhere in the value" {
	keeps '2~5' '1 2 3 9'
	keeps '2=~5' '1 2 3 9'
	keeps '2!~5' '4 5 6 7 8 10 11 12'
	keeps '2~^5$' 1
	keeps '2~^$' '11 12'
	keeps '2~' '1 2 3 4 5 6 7 8 9 10 11 12'
	keeps '2!~^\d' '6 7 8 11 12'
	keeps '2~[x]$|^-$' '7 8 9'
}

@test "numbers are compared exactly, whatever their length" {
	printf '%s\n' 18446744073709551616 18446744073709551617 9007199254740993 9007199254740992 0.1 0.10000000000000000001 \
		-0 0 00 0.0 -0.0 >numbers
	same_as() { # CONDITION VALUE...
		echo "condition: $1"
		only "$2" -f 1 -w "$1" numbers
	}
	same_as '1=18446744073709551616' 18446744073709551616
	same_as '1>18446744073709551616' 18446744073709551617
	same_as '1=9007199254740993' 9007199254740993
	same_as '1=0.1' 0.1
	same_as '1=0.10000000000000000001' 0.10000000000000000001
	same_as '1=0.100000000000000000010' 0.10000000000000000001
	same_as '1=0' '-0 -0.0 0 0.0 00'
	same_as '1<0' ''
}

@test "fields by name: numbers, texts, times, derived ones" {
	keeps_bytes '100 20' -w status=200
	keeps_bytes '- 0 7' -w 'status>=300' -w 'status<500'
	keeps_bytes '100 1000' -w 'bytes>20'
	keeps_bytes '0 20 7' -w 'bytes<=20' # "-" is no number
	keeps_bytes '- 0' -w referrer=-
	keeps_bytes 1000 -w referrer=
	keeps_bytes '0 7' -w class=4xx
	keeps_bytes '- 0 1000 7' -w 'time>=2007-06-17T13'
	keeps_bytes '100 20' -w 'time<2007-06-17T13'
	keeps_bytes '0 1000 7' -w day=2007-06-18
	keeps_bytes '0 1000 7' -w 'day>2007-06-17'
	keeps_bytes '- 7' -w client=192.0.2.2
	keeps_bytes '100 1000' -w url=/a
	keeps_bytes 0 -w url= # a request that is none has no url
	keeps_bytes 7 -w ext=png
	keeps_bytes '100 20' -w site=www.example.org
	keeps_bytes '100 1000 20' -w 'agent~Mozilla'
	keeps_bytes 1000 -w 'agent~bot$'
	keeps_bytes '- 0 7' -w 'agent!~Mozilla'
	keeps_bytes 20 -w user!=-
}

@test "several: all must hold, and -g and -v too" {
	keeps_bytes 100 -w status=200 -w url=/a
	keeps_bytes '100 1000' --where url=/a --where 'status!=404'
	keeps_bytes '' -w status=200 -w status=404
	keeps_bytes 1000 -w url=/a -g bot
	keeps_bytes 100 -w url=/a -v bot
	accounted 'lines 6, filtered 6' -w status=200 -w status=404 log
}

@test "blanks around the field; before the value only if one is before the operator" {
	keeps_bytes '100 20' -w 'status = 200'
	keeps_bytes '100 20' -w ' status =200'
	keeps_bytes '100 20' -w 'status	>=	200' -w 'status < 300'
	printf '%s\n' 'a; b' 'a;b' 'a;b ' >spaces
	ranks -d ';' -f 2 -w '2=b' spaces <<<'      1 b'
	ranks -d ';' -f 2 -w '2= b' spaces <<<'      1  b'
	ranks -d ';' -f 2 -w '2 =  b' spaces <<<'      1 b'
	wf -d ';' -f 2 -w '2=b ' spaces >got
	printf '      1 b \n' | same - got
}

@test "the first operator cuts: the value may hold others" {
	printf '%s\n' 'a;b=c' 'a;b' 'a;=b' 'a;<b' 'a;~b' >signs
	ranks -d ';' -f 2 -w '2=b=c' signs <<<'      1 b=c'
	ranks -d ';' -f 2 -w '2 = =b' signs <<<'      1 =b'
	ranks -d ';' -f 2 -w '2 = <b' signs <<<'      1 <b'
	[ "$(wf -d ';' -f 2 -w '2~=' signs | wc -l)" -eq 2 ]
	printf '{"url":"/a","x":"1"}\n{"url":"/b","x":"2"}\n' >json
	ranks -w 'x=1' json <<<'      1 /a'
}

@test "-i: patterns ignore case, = does not" {
	keeps_bytes '100 1000 20' -i -w 'agent~mozilla'
	keeps_bytes '' -w 'agent~mozilla'
	keeps_bytes '' -i -w method=get
	keeps_bytes '- 0 7' -i -w 'agent!~MOZILLA'
}

@test "conditions with -e: on the line's fields, whatever -e captures" {
	ranks -e '^(\S+)' -w status=200 log <<<'      2 192.0.2.1'
	ranks -e '"([A-Z]+) ' -w 'class!=2xx' log <<<$'      2 GET\n      1 POST'
	ranks -e '(\d+)$' -w 2=x -d ';' <(printf '1;x;10\n2;y;20\n3;x;30\n') <<<$'      1 10\n      1 30'
	accounted 'lines 6, matched 2, filtered 4, keys 1' -e '^(\S+)' -w status=200 log
	accounted 'lines 6, matched 3, unmatched 1, filtered 2, keys 2' -e '"([A-Z]+) ' -w 'class!=2xx' log
}

@test "a line that does not fit is unparsed, not filtered; -g and -v come first" {
	printf 'broken\n' >>log
	accounted 'lines 7, matched 2, unparsed 1, filtered 4, keys 2' -w status=200 log
	accounted 'lines 7, matched 5, unparsed 1, filtered 1, keys 4' -w 'url!=' log
	accounted 'lines 7, matched 2, unparsed 1, filtered 4, keys 1' -e '^(\S+)' -w status=200 log
	accounted 'lines 7, matched 2, filtered 5, keys 2' -v broken -w status=200 log
	accounted 'lines 7, matched 3, unmatched 1, filtered 3, keys 3' -v broken -w status!=200 log
}

@test "a condition on a column needs no format: nothing is unparsed" {
	printf 'broken line\n' >>log
	accounted 'lines 7, matched 2, filtered 5, keys 1' -f 1 -w 6=200 log
	accounted 'lines 7, matched 1, filtered 6, keys 1' -f 1 -w 2=line log
	accounted 'lines 7, matched 2, filtered 5, keys 2' -f 0 -w '0~\.png|broken' log
}

@test "a pattern that explodes in a condition: the line is given up, loudly" {
	printf '%s;x\n' aaa "$(printf 'a%.0s' {1..40})b" zzz >explosive
	run -2 --separate-stderr wf -d ';' -f 1 -w '1~(a+)+$' explosive
	[ "$output" = '      1 aaa' ]
	says 'wf: explosive: line 2, byte 6: ?*'
}

# Mistakes

bad_condition() { # CONDITION; the message has it
	echo "condition: $1"
	refused "wf: -w: *$1*" --log-format combined -w "$1"
}

@test "2: conditions that are none are named" {
	bad_condition status
	bad_condition '=200'
	bad_condition '  = 200'
	bad_condition 'status!200'
	bad_condition 'status 200'
	refused 'wf: -w: ?*' --log-format combined -w ''
	refused 'wf: --where: *status*' --log-format combined --where status
	refused 'wf: -w: *nonsense*' --log-format combined -w status=200 -w nonsense
}

@test "2: a bad pattern in one" {
	refused 'wf: -w: *a(b*' --log-format combined -w 'agent~a(b'
	refused 'wf: -w: *x\[y*' --log-format combined -w 'status=200' -w 'agent!~x[y'
}

@test "2: a field that the format has not" {
	refused 'wf: *colour*' --log-format combined -w colour=red
	run -2 --separate-stderr wf -w colour=red log
	[ "$output" = "" ]
	says 'wf: *colour*'
	run -2 --separate-stderr wf -e . -w colour=red log
	[ "$output" = "" ]
}

@test "of a time only as much counts as the value has" {
	wf -n 0 --order key -f minute -w 'time=2007-06-18' log >got
	diff got - <<'END'
      3 2007-06-18T00:00
END
	[ "$(wf -f day -w 'time<=2007-06-17T13' --stats log 2>&1 | sed -n 's/^wf: matched *\([0-9]*\).*/\1/p')" = 3 ]
	[ "$(wf -f day -w 'time>2007-06-17T12' --stats log 2>&1 | sed -n 's/^wf: matched *\([0-9]*\).*/\1/p')" = 4 ]
}

@test "a name with an operator in it: %>s" {
	wf --log-format '%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-agent}i"' -f '%>s' -w '%>s=404' log >got
	[ "$(cat got)" = '      1 404' ]
}

@test "and, or, not, parentheses" {
	cat >log <<'END'
192.0.2.1 - - [17/Jun/2007:12:00:01 -0700] "GET /a HTTP/1.1" 200 100 "-" "rock and roll"
192.0.2.9 - - [17/Jun/2007:12:00:01 -0700] "GET /b HTTP/1.1" 404 2000 "-" "x"
10.1.2.3 - - [17/Jun/2007:12:00:01 -0700] "GET /c HTTP/1.1" 500 2000000 "-" "y"
END
	kept() { # CONDITION PATH...
		echo "condition: $1"
		wf --tsv -n 0 -f path -w "$1" log | sed 1d | cut -f 2 | sort | tr '\n' ' ' >got || true
		printf '%s ' "${@:2}" | same - got
	}
	kept 'status=404 or path=/a' /a /b
	kept 'status=404 or path=/a and client=10.1.2.3' /b
	kept '(status=404 or path=/a) and not client=192.0.2.1' /b
	kept 'not (status=404 or path=/a)' /c
	kept 'agent=rock and roll' /a
	kept 'agent="rock and roll" || status>=500' /a /c
	kept 'status in (404, 500)' /b /c
	kept 'client not in (10.0.0.0/8, 192.0.2.8/29)' /a
	kept 'client=192.0.2.0/24' /a /b
	kept 'bytes>=1M' /c
	kept 'bytes>1k and bytes<1M' /b
	run --separate-stderr wf -w '(status=404' log
	[ "$status" -eq 2 ]
	[ "$stderr" = "wf: -w: this parenthesis is not closed
wf:   (status=404
wf:   ^" ]
}

@test "in @FILE: values and networks from a file; snapshots remember its content, not the file" {
	printf '10.1.1.1 a\n1.2.3.4 b\nfoo#x c\n2001:db8::1 d\n2.2.2.2 e\n' >log
	printf '\xef\xbb\xbf# bots\n10.0.0.0/8 # a network\n\n\t1.2.3.4\r\nfoo#x\n2001:db8::/32' >'the bots'
	[ "$(wf -f 2 -w '1 in @the bots' log)" = "$(printf '      1 %s\n' a b c d)" ]
	[ "$(wf -f 2 -w '1 not in @"the bots"' log)" = '      1 e' ]
	[ "$(wf -f 2 -w '1 in @the bots and not (2=a or 2=c)' log)" = "$(printf '      1 %s\n' b d)" ]
	printf '@x y\n' >at
	[ "$(wf -f 2 -w '1 in (@x)' at)" = '      1 y' ]
	: >empty
	[ "$(wf -q -f 2 -w '1 in @empty' log 2>/dev/null || echo none)" = none ]
	cp 'the bots' list
	wf -f 2 -w '1 in @list' --save one.wfs log
	wf -f 2 -w '1 in @list' --save two.wfs log
	echo 2.2.2.2 >>list
	wf -f 2 -w '1 in @list' --save three.wfs log
	rm list
	[ "$(wf --merge one.wfs two.wfs -n 1 2>/dev/null)" = '      2 a' ]
	run -2 --separate-stderr wf --merge one.wfs three.wfs
	says 'wf: three.wfs: reads the list list *, but one.wfs reads the list list *'
}

@test "a mistake in a condition has a caret below its place" {
	printf '1.2.3.4/40\n' >bad
	mistake() {
		run -2 --separate-stderr wf -f 1 -w "$2" /dev/null
		says "wf: -w: $1"'*'
		[ "$(tail -n 1 <<<"$stderr")" = "wf:   $(printf '%*s^' "$3" '')" ]
	}
	mistake "'status<x': 'x' is not a number" '1=2 and status<x or 1=3' 15
	mistake 'missing closing parenthesis' '1=2 and 1 ~ a(b' 15
	mistake "*is not a condition*" '  1 equals 2' 2
	mistake "*has no field name*" '=2' 0
	mistake "*a value is empty*" 'not (1 in (4,,5))' 10
	mistake "*'in' does not compare times*" 'time in 2007' 8
	mistake 'nowhere: No such file or directory' '1=2 or 2 in @nowhere' 12
	mistake "bad: line 1: '1.2.3.4/40': an IPv4 address has 32 bits" '1 in @bad' 5
	mistake "*line 1: '1.2.3.4/40' is not a number" 'status in @bad' 10
	mistake 'this parenthesis is not closed' '1=2 and (1=3' 8
	mistake "*'time/nope'*" '1=2 and time/nope=3' 8
	mistake "a condition is missing before 'and 1=3'" '1=2 and and 1=3' 8
	mistake "*the list is not closed; write FIELD in (A,B)" '1=2 and 1 in (3' 13
	mistake "*'10.0.0' is not an address; for a network, write client in 10.0.0.0/24; *" '1=2 and client=10.0.0' 15
}

@test "on a terminal: why a condition perhaps holds for no line" {
	on_terminal() {
		"$PYTHON" - "$WF" "$@" <<-'END'
			import os, sys
			sys.path.insert(0, f"{os.environ['TREE']}/test/scenario")
			from on_terminal import written_on_terminal
			sys.stdout.write(written_on_terminal(sys.argv[1:], os.environ)[0].decode().replace('\r', ''))
		END
	}
	all='wf: all 6 lines were filtered out by -w, -g or -v'
	[ "$(on_terminal -w 'path=/x' log)" = "$all" ]
	[ "$(on_terminal -w 'path=/x*' log)" = "$all (a '*' means itself: write ~ and a regular expression)" ]
	[ "$(on_terminal -w 'status>1' -w 'path ~ "^/a"' log)" = "$all (the quotes belong to the regular expression)" ]
	run -1 --separate-stderr wf -w 'path=/x*' log
	[ "$stderr" = "" ]
}

# Each " and " may begin a condition; to find that out must not take a search of the rest of the text.
@test "a long text of words that are no operators takes no quadratic time" {
	{ printf 'where = 1=a'; printf ' and b%.0s' {1..150000}; printf '\n[A]\nfields = 1\n'; } >set
	echo 'a b' >log
	timeout 20 "$WF" --reports set log || [ $? -eq 1 ]
}
