#!/usr/bin/env bats
# Without -e: the URL of an access log's line, or nothing.  Nothing is guessed.

load helper

url() { # LINE URL; both with printf's escapes doubled by nobody: the bytes as they are
	printf '%s\n' "$1" >line
	printf '      1 %s\n' "$2" >expected
	echo "line: $1"
	wf line | same expected -
}

unmatched() { # LINE
	printf '%s\n' "$1" >line
	echo "line: $1"
	run -1 --separate-stderr wf line
	[ "$output" = "" ]
	[[ $stderr = 'wf: no access log line among '* ]]
}

request() { # REQUEST URL
	url "h - - [01/Oct/2006:06:33:45 -0700] \"$1\" 200 1059 \"-\" \"Mozilla\"" "$2"
}

no_request() { # REQUEST
	unmatched "h - - [01/Oct/2006:06:33:45 -0700] \"$1\" 200 1059 \"-\" \"Mozilla\""
}

@test "the common and combined formats, a vhost in front, anything behind" {
	url '1.2.3.4 - - [01/Oct/2006:06:33:45 -0700] "GET /a HTTP/1.1" 200 10' /a
	url '1.2.3.4 - - [01/Oct/2006:06:33:45 -0700] "GET /a HTTP/1.1" 200 10 "http://r/" "Mozilla (x; \"y\")"' /a
	url 'www.example.org:80 1.2.3.4 - - [t] "GET /a HTTP/1.1" 304 - "-" "-" rt=0.1 "more"' /a
	url '  ] "GET /a HTTP/1.0" 200' /a
	url '] "GET /a HTTP/1.0" -' /a
}

@test "the first quote decides; one behind a backslash is not one" {
	url 'h - a\"b [t] "GET /a HTTP/1.0" 200 1' /a
	url 'h - \"] \" [t] "GET /a HTTP/1.0" 200 1' /a
	url 'h - a\\" [t] "GET /a HTTP/1.0" 200 1' /a
	unmatched 'h - "u" [t] "GET /a HTTP/1.0" 200 1'
	unmatched '"h" - - [t] "GET /a HTTP/1.0" 200 1'
	unmatched 'h - - [t] \"GET /a HTTP/1.0" 200 1'
}

@test "before the quote: a bracket and one blank" {
	unmatched '"GET /a HTTP/1.0" 200 1'
	unmatched ' "GET /a HTTP/1.0" 200 1'
	unmatched 'h - - [t]"GET /a HTTP/1.0" 200 1'
	unmatched 'h - - [t]  "GET /a HTTP/1.0" 200 1'
	unmatched $'h - - [t]\t"GET /a HTTP/1.0" 200 1'
	unmatched 'h - - t "GET /a HTTP/1.0" 200 1'
}

@test "the request ends at the next quote that is not escaped" {
	request 'GET /a\"b HTTP/1.0' '/a\"b'
	request 'GET /a\\ HTTP/1.0' '/a\\'
	url 'h - - [t] "GET /a\\" 200 1' '/a\\'
	url 'h - - [t] "GET /a\x22\\\" HTTP/1.1" 200 1' '/a\x22\\\"'
	unmatched 'h - - [t] "GET /a\" 200 1'
	unmatched 'h - - [t] "GET /a\" 200 1 "-" "-"'
	unmatched 'h - - [t] "GET /a HTTP/1.0 200 1'
	unmatched 'h - - [t] "GET /a\'
	unmatched 'h - - [t] "'
	unmatched 'h - - [t] ""'
}

@test "a status follows: a blank, three digits or -, a blank or the end" {
	for ok in ' 200' ' 200 ' ' -' ' - ' ' 000' ' 999 x' ' 404 -'; do
		url "h - - [t] \"GET /a HTTP/1.0\"$ok" /a
	done
	for bad in '' ' ' '200' '  200' ' 20' ' 20 ' ' 2000' ' 2x0' ' 200x' ' --' ' -1' ' "200"' $'\t200 ' $' 200\t' '-' ' x'; do
		unmatched "h - - [t] \"GET /a HTTP/1.0\"$bad"
	done
	url $'h - - [t] "GET /a HTTP/1.0" 200\r' /a
	url $'h - - [t] "GET /a HTTP/1.0" -\r' /a
	unmatched $'h - - [t] "GET /a HTTP/1.0" 200\r\r'
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
	printf 'h - - [t] "GET /a\0b\tc\377\033%%41\\x41 HTTP/1.1" 200 1\n' >line
	printf '      1 /a\0b\tc\377\033%%41\\x41\n' >expected
	wf line | same expected -
}

@test "a target of 5 MB, and a line of 5 MB before and behind it" {
	{
		printf 'h - - [t] "GET /'
		head -c 5000000 /dev/zero | tr '\0' a
		printf ' HTTP/1.1" 200 1\n'
		head -c 5000000 /dev/zero | tr '\0' b
		printf '] "GET /c HTTP/1.1" 200 '
		head -c 5000000 /dev/zero | tr '\0' d
	} >log
	wf -j 3 --chunk-size 1M -n 0 log >got
	[ "$(wc -c <got)" -eq $((5000000 + 8 + 2 + 8 + 3)) ]
	grep -qx '      1 /c' got
}

@test "not access logs: nothing, 1" {
	unmatched ''
	unmatched '2006/10/01 12:00:00 [error] 123#0: *1 open() "/x" failed, request: "GET /a HTTP/1.1", host: "h"'
	unmatched '{"request":"GET /a HTTP/1.1","status":200}'
	run -1 wf "$WF"
	run -1 wf /usr/bin/env
}

@test "-g and -v filter whole lines of it" {
	wf -n 0 -g '" 404 ' -v 'HEAD' "$SAMPLE" >got
	grep -a '" 404 ' "$SAMPLE" | grep -av HEAD | wf -n 0 | same got -
	[ -s got ]
}
