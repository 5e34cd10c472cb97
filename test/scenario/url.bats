#!/usr/bin/env bats
# Without -e and -f: the URL of an access log's line, or nothing.  Nothing is guessed.

load helper

TIME='[01/Oct/2006:06:33:45 -0700]'

url() { # LINE URL; both with printf's escapes doubled by nobody: the bytes as they are
	printf '%s\n' "$1" >line
	printf '      1 %s\n' "$2" >expected
	echo "line: $1"
	wf --log-format common line | same expected -
	wf line | same expected -
}

# A line that is not of the format.
unparsed() { # LINE [FORMAT]
	printf '%s\n' "$1" >line
	echo "line: $1"
	accounted 'lines 1, unparsed 1' --log-format "${2:-common}" line
}

# One that is, but has no URL.
unmatched() { # LINE
	printf '%s\n' "$1" >line
	echo "line: $1"
	accounted 'lines 1, unmatched 1' --log-format common line
	run -1 --separate-stderr wf line
	[ "$output" = "" ]
}

request() { # REQUEST URL
	url "h - - $TIME \"$1\" 200 1059 \"-\" \"Mozilla\"" "$2"
}

no_request() { # REQUEST
	unmatched "h - - $TIME \"$1\" 200 1059 \"-\" \"Mozilla\""
}

@test "the common and combined formats, a vhost in front, anything behind" {
	url '1.2.3.4 - - [01/Oct/2006:06:33:45 -0700] "GET /a HTTP/1.1" 200 10' /a
	url '1.2.3.4 - - [01/Oct/2006:06:33:45 -0700] "GET /a HTTP/1.1" 200 10 "http://r/" "Mozilla (x; \"y\")"' /a
	url "  h - - $TIME \"GET /a HTTP/1.0\" 200 1" /a
	url "h - - $TIME \"GET /a HTTP/1.0\" - -" /a
	printf '%s\n' "www.example.org:80 1.2.3.4 - - $TIME \"GET /a HTTP/1.1\" 304 - \"-\" \"-\" rt=0.1 \"more\"" >line
	for format in auto vhost_combined; do
		ranks --log-format "$format" line <<<'      1 /a'
	done
}

@test "a user may hold blanks and quotes: it ends at the time's bracket" {
	url "h - a\\\"b $TIME \"GET /a HTTP/1.0\" 200 1" /a
	url "h - \\\"] \\\" $TIME \"GET /a HTTP/1.0\" 200 1" /a
	url "h - \"u v\" $TIME \"GET /a HTTP/1.0\" 200 1" /a
	url "\"h\" - - $TIME \"GET /a HTTP/1.0\" 200 1" /a
	unparsed "h - $TIME \"GET /a HTTP/1.0\" 200 1"
	unparsed "h -  $TIME \"GET /a HTTP/1.0\" 200 1"
	unparsed "h - u [v $TIME \"GET /a HTTP/1.0\" 200 1"
}

@test "before the quote: a time in brackets and one blank" {
	unparsed '"GET /a HTTP/1.0" 200 1'
	unparsed ' "GET /a HTTP/1.0" 200 1'
	unparsed '] "GET /a HTTP/1.0" 200 1'
	unparsed "h - - $TIME\"GET /a HTTP/1.0\" 200 1"
	unparsed "h - - $TIME  \"GET /a HTTP/1.0\" 200 1"
	unparsed "h - - $TIME"$'\t"GET /a HTTP/1.0" 200 1'
	unparsed "h - - $TIME \\\"GET /a HTTP/1.0\" 200 1"
	unparsed 'h - - t "GET /a HTTP/1.0" 200 1'
	unparsed 'h - - [t] "GET /a HTTP/1.0" 200 1'
	for bad in '1/Oct/2006:06:33:45 -0700' '00/Oct/2006:06:33:45 -0700' '32/Oct/2006:06:33:45 -0700' \
		'01/oct/2006:06:33:45 -0700' '01/Okt/2006:06:33:45 -0700' '01/Oct/06:06:33:45 -0700' \
		'01/Oct/2006 06:33:45 -0700' '01/Oct/2006:24:33:45 -0700' '01/Oct/2006:06:60:45 -0700' \
		'01/Oct/2006:06:33:61 -0700' '01/Oct/2006:06:33:45 0700' '01/Oct/2006:06:33:45 -070' \
		'01/Oct/2006:06:33:45 -07000' '01/Oct/2006:06:33:45-0700' '01/Oct/2006:06:33:45' ' 01/Oct/2006:06:33:45 -0700' \
		'01/Oct/2006:06:33:45 -0700 ' '2006-10-01T06:33:45-07:00' -; do
		unparsed "h - - [$bad] \"GET /a HTTP/1.0\" 200 1"
	done
	for good in '31/Dec/9999:23:59:60 +1400' '01/Jan/0000:00:00:00 -0000'; do
		url "h - - [$good] \"GET /a HTTP/1.0\" 200 1" /a
	done
}

@test "the request ends at the next quote that is not escaped" {
	request 'GET /a\"b HTTP/1.0' '/a\"b'
	request 'GET /a\\ HTTP/1.0' '/a\\'
	url "h - - $TIME \"GET /a\\\\\" 200 1" '/a\\'
	url "h - - $TIME"' "GET /a\x22\\\" HTTP/1.1" 200 1' '/a\x22\\\"'
	unparsed "h - - $TIME"' "GET /a\" 200 1'
	unparsed "h - - $TIME"' "GET /a\" 200 1 "-" "-"'
	unparsed "h - - $TIME"' "GET /a HTTP/1.0 200 1'
	unparsed "h - - $TIME"' "GET /a\'
	unparsed "h - - $TIME"' "'
	unparsed "h - - $TIME"' ""'
}

@test "a status and a size follow: three digits or -, digits or -, a blank or the end" {
	for ok in '200 1' '200 1 ' '- -' '- - ' '000 0' '999 00 x' '404 -' '200 18446744073709551616' '200 1  "' $'200 1\r' $'- -\r'; do
		url "h - - $TIME \"GET /a HTTP/1.0\" $ok" /a
	done
	for bad in '' '200' '200 ' '-' '20 1' '2000 1' '2x0 1' '200x 1' '-- 1' '-1 1' '"200" 1' '200  1' '200 -1' '200 1x' '200 +1' \
		'200 1.5' '200 --' '200 1"' $'200\t1' $'\t200 1' $'200 1\r\r' ' 200 1' 'x 1'; do
		unparsed "h - - $TIME \"GET /a HTTP/1.0\" $bad"
	done
	unparsed "h - - $TIME \"GET /a HTTP/1.0\"200 1"
	unparsed "h - - $TIME \"GET /a HTTP/1.0\""
}

@test "methods: A-Z, - and _, one or more" {
	for method in GET G M-SEARCH VERSION_CONTROL - _ A-_Z; do
		request "$method /a HTTP/1.1" /a
	done
	for method in get Get GET1 '' 'GET:' $'\303\211'; do
		no_request "$method /a HTTP/1.1"
	done
	no_request GET
	no_request -
	no_request ''
	no_request $'GET\t/a HTTP/1.1'
	no_request '\x16\x03\x01\x02'
	no_request $'\026\003\001'
}

@test "the target: all between the method's blank and the last one, if a protocol follows that" {
	request 'GET /a b  c HTTP/1.1' '/a b  c'
	request 'GET /a HTTP/1.1 HTTP/1.0' '/a HTTP/1.1'
	request 'GET /HTTP/1.1 HTTP/1.1' '/HTTP/1.1'
	request 'GET /a HTTP/' /a
	request 'GET /a HTTP/nonsense' /a
	request 'OPTIONS * HTTP/1.1' '*'
	request 'CONNECT h:443 HTTP/1.1' h:443
	request 'GET http://h/a?b=c#d HTTP/1.1' 'http://h/a?b=c#d'
	request 'PRI * HTTP/2.0' '*'
	request 'GET - HTTP/1.1' -
	no_request 'GET /a b'
	no_request 'GET /a http/1.1'
	no_request 'GET /a HTTPS/1.1'
	no_request 'GET /a HTTP'
	no_request 'GET /a HTTP/1.1 '
	no_request 'GET /a HTTP/1.1 x'
}

@test "the target: HTTP/0.9 has no protocol" {
	request 'GET /a' /a
	request 'GET HTTP/1.1' HTTP/1.1
	request 'GET /aHTTP/1.1' /aHTTP/1.1
	no_request 'GET '
	no_request 'GET  '
	no_request 'GET  /a'
	no_request 'GET /a '
}

@test "the target: neither empty nor with a blank at an end" {
	no_request 'GET  HTTP/1.1'
	no_request 'GET   HTTP/1.1'
	no_request 'GET  /a HTTP/1.1'
	no_request 'GET /a  HTTP/1.1'
}

@test "the target's bytes are raw: NUL, tabs, high bytes, percent signs" {
	printf 'h - - %s "GET /a\0b\tc\377\033%%41\\x41 HTTP/1.1" 200 1\n' "$TIME" >line
	printf '      1 /a\0b\tc\377\033%%41\\x41\n' >expected
	wf line | same expected -
}

@test "a target of 5 MB, and a line of 5 MB before and behind it" {
	{
		printf 'h - - %s "GET /b HTTP/1.1" 200 1\n' "$TIME"
		printf 'h - - %s "GET /' "$TIME"
		head -c 5000000 /dev/zero | tr '\0' a
		printf ' HTTP/1.1" 200 1\nh - '
		head -c 5000000 /dev/zero | tr '\0' b
		printf ' %s "GET /c HTTP/1.1" 200 1 ' "$TIME"
		head -c 5000000 /dev/zero | tr '\0' d
	} >log
	wf -j 3 --chunk-size 1M -n 0 log >got
	[ "$(wc -c <got)" -eq $((5000000 + 8 + 2 + 2 * (8 + 3))) ]
	grep -qx '      1 /c' got
}

@test "the first line is of 5 MB: its format is not guessed, and that is said" {
	{
		printf 'h - - %s "GET /' "$TIME"
		head -c 5000000 /dev/zero | tr '\0' a
		printf ' HTTP/1.1" 200 1\n'
	} >log
	[ "$(wf --log-format common log | wc -c)" -eq $((5000000 + 8 + 2)) ]
	run -2 --separate-stderr wf log
	[ "$output" = "" ]
	says 'wf: log: line 1 fits no known log format: *'
}

@test "not access logs: 2, and what to try; in a run with an access log they are named" {
	for line in '<html>' 'a word' '#'; do
		printf '%s\n' "$line" >other
		run -2 --separate-stderr wf other
		[ "$output" = "" ]
		says 'wf: other: line 1 fits no known log format: ?*'
		run -2 --separate-stderr wf "$SAMPLE" other
		[ "${#lines[@]}" -eq 10 ]
		says 'wf: other: line 1 fits no known log format: ?*'
	done
	for line in '2006/10/01 12:00:00 [error] 123#0: *1 open() "/x" failed, request: "GET /a HTTP/1.1", host: "h"' 'a,b,c'; do
		printf '%s\n' "$line" >other
		run -2 --separate-stderr wf other
		[ "$output" = "" ]
		says "wf: other: its lines have no field 'url'; they have ?*"
	done
	run -2 --separate-stderr wf "$WF"
	[ "$output" = "" ]
	run -2 wf /usr/bin/env
}

@test "-g and -v filter whole lines of it" {
	wf -n 0 -g '" 404 ' -v 'HEAD' "$SAMPLE" >got
	grep -a '" 404 ' "$SAMPLE" | grep -av HEAD | wf -n 0 | same got -
	[ -s got ]
}
