#!/usr/bin/env bats
# The formats of logs: what fits one and what does not, which one a file has, formats of one's own.

load helper

ODD=$TREE/data/odd
APACHE='%h %p %u %t %m "%U%q" %H %>s %b %D %T "%{X-Forwarded-For}i"'
NGINX='$remote_addr [$time_iso8601] $request_method $host$request_uri $status $body_bytes_sent $request_time '
NGINX+='"$http_user_agent" $upstream_addr $upstream_status $upstream_response_time'

# Exactly these lines of the file, the last argument, are what --unmatched writes.
leaves_out() { # "NUMBER..." ARGUMENT... FILE
	local number file=${*: -1}
	for number in $1; do
		printf '%s:%d:' "$file" "$number"
		awk -v number="$number" 'NR == number { sub(/\r$/, ""); print }' "$file"
	done >left-out
	shift
	wf -q --unmatched - "$@" 2>&1 | same left-out -
}

# Is the format string refused, by a message that names the option?
bad_format() { # STRING
	echo "format: $1"
	refused 'wf: --log-format: ?*' --log-format "$1"
}

# Lines of the common and the combined format: FIRST LAST; the URL tells the number.
common_lines() {
	seq -f '192.0.2.1 - - [17/Jun/2007:12:00:01 +0000] "GET /%g HTTP/1.1" 200 10' "$1" "$2"
}

combined_lines() {
	common_lines "$1" "$2" | sed 's/$/ "-" "agent"/'
}

@test "common.log: users with blanks, no request, one in lower case, more behind the size; broken in every field" {
	accounted 'lines 26, matched 14, unmatched 3, unparsed 9, keys 12' "$ODD/common.log"
	leaves_out '4 7 10 12 13 14 15 16 17 18 23 26' "$ODD/common.log"
	ranks -f url "$ODD/common.log" <<'END'
      2 /a
      2 /private/
      1 /
      1 /a?x=1
      1 /caf\xc3\xa9.html
      1 /form
      1 /form?ok
      1 /old
      1 /say\"hi\"
      1 /two words.txt
      1 /M-itM-i?
      1 http://example.org/p?q?r
END
	ranks -f client "$ODD/common.log" <<'END'
      5 192.0.2.1
      5 203.0.113.5
      3 198.51.100.4
      2 proxy.example.org
      1 192.0.2.9
      1 2001:db8::7
END
	ranks -f user "$ODD/common.log" <<'END'
     14 -
      1 ""
      1 frank
      1 frank n. furter
END
	ranks -f ident "$ODD/common.log" <<'END'
     16 -
      1 unknown
END
	ranks -f status "$ODD/common.log" <<'END'
      8 200
      2 400
      2 401
      1 -
      1 302
      1 304
      1 404
      1 408
END
	ranks -f bytes "$ODD/common.log" <<'END'
      3 40
      2 -
      2 0
      2 226
      2 512
      1 15
      1 209
      1 2326
      1 381
      1 77
      1 9
END
	ranks -f hour "$ODD/common.log" <<'END'
      6 2007-06-17T12
      6 2007-06-17T13
      5 2007-06-17T14
END
	ranks -f path "$ODD/common.log" <<'END'
      3 /a
      2 /form
      2 /private/
      1 /
      1 /caf\xc3\xa9.html
      1 /old
      1 /p
      1 /say\"hi\"
      1 /two words.txt
      1 /M-itM-i
END
	ranks -f query "$ODD/common.log" <<'END'
     11 -
      1 ok
      1 q?r
      1 x=1
END
	ranks -f method "$ODD/common.log" <<'END'
     13 GET
      1 POST
END
	ranks -f proto "$ODD/common.log" <<'END'
     12 HTTP/1.1
      1 -
      1 HTTP/1.0
END
}

@test "combined.log: escaped quotes, empty referrers and agents, what else stands in a referrer, lines of the common format" {
	accounted 'lines 27, matched 14, unmatched 1, unparsed 12, keys 11' "$ODD/combined.log"
	leaves_out '3 6 12 13 14 15 16 17 18 19 20 21 27' "$ODD/combined.log"
	ranks -f url "$ODD/combined.log" <<'END'
      3 /index.html
      2 /a.tar.gz
      1 *
      1 /
      1 /.well-known
      1 /a
      1 /a#top
      1 /a?next=/b.html
      1 /end.
      1 /logo.png?v=1.5
      1 /v1.2/list
END
	ranks -f client "$ODD/combined.log" <<'END'
      5 198.51.100.4
      5 203.0.113.5
      2 192.0.2.1
      2 2001:db8::7
      1 192.0.2.9
END
	ranks -f status "$ODD/combined.log" <<'END'
      6 200
      3 404
      2 500
      1 -
      1 206
      1 304
      1 408
END
	ranks -f class "$ODD/combined.log" <<'END'
      7 2xx
      4 4xx
      2 5xx
      1 -
      1 3xx
END
	ranks -f referrer "$ODD/combined.log" <<'END'
      4 -
      1 
      1 HTTPS://Example.ORG:443?q
      1 about:blank
      1 android-app://org.example.app/
      1 http:///index.html
      1 http://[2001:db8::7]:8080/
      1 http://anna@example.net:8080/x?y
      1 http://example.net
      1 http://www.example.org/
      1 http://www.example.org/index.html
      1 www.example.org/no-scheme
END
	ranks -f site "$ODD/combined.log" <<'END'
      8 -
      2 example.net
      2 www.example.org
      1 Example.ORG
      1 [2001:db8::7]
      1 org.example.app
END
	ranks -f agent "$ODD/combined.log" <<'END'
      4 -
      2 Mozilla/5.0 (X11; Linux x86_64)
      2 curl/7.16.2
      2 tab	here
      1 
      1 Fetch \"fast\" 1.0
      1 back\\
      1 say \x22hi\x22
      1 M-^?M-~ bot
END
	ranks -f ext "$ODD/combined.log" <<'END'
      8 -
      3 html
      2 gz
      1 png
END
}

@test "vhost_combined.log: a host and its port, or what should be there" {
	accounted 'lines 21, matched 9, unmatched 2, unparsed 10, keys 5' "$ODD/vhost_combined.log"
	leaves_out '4 5 7 8 9 10 11 12 13 14 20 21' "$ODD/vhost_combined.log"
	ranks -f url "$ODD/vhost_combined.log" <<'END'
      3 /a
      2 /
      2 /b
      1 /cart
      1 /say\"hi\"
END
	ranks -f host "$ODD/vhost_combined.log" <<'END'
      6 www.example.org
      3 shop.example.org
      1 192.0.2.80
      1 _default_
END
	ranks -f port "$ODD/vhost_combined.log" <<'END'
      5 443
      3 80
      1 -
      1 0
      1 8080
END
	ranks -f host,port "$ODD/vhost_combined.log" <<'END'
      3 shop.example.org	443
      3 www.example.org	80
      1 192.0.2.80	8080
      1 _default_	443
      1 www.example.org	-
      1 www.example.org	0
      1 www.example.org	443
END
	ranks -f client "$ODD/vhost_combined.log" <<'END'
      4 192.0.2.1
      4 198.51.100.4
      2 2001:db8::7
      1 192.0.2.9
END
	ranks -f user "$ODD/vhost_combined.log" <<'END'
     10 -
      1 carol c
END
	ranks -f status "$ODD/vhost_combined.log" <<'END'
      6 200
      1 301
      1 304
      1 400
      1 404
      1 408
END
}

@test "nginx_main.log: empty requests, users with a dash, an error log's line" {
	accounted 'lines 21, matched 9, unmatched 2, unparsed 10, keys 8' "$ODD/nginx_main.log"
	leaves_out '4 5 6 10 11 12 13 14 15 16 17 21' "$ODD/nginx_main.log"
	ranks -f url "$ODD/nginx_main.log" <<'END'
      2 /x
      1 *
      1 /
      1 /a%20b?q=%22
      1 /favicon.ico
      1 /slow
      1 /status
      1 /M-d
END
	ranks -f client "$ODD/nginx_main.log" <<'END'
      5 192.0.2.1
      4 198.51.100.4
      1 2001:db8::7
      1 unix:
END
	ranks -f user "$ODD/nginx_main.log" <<'END'
     10 -
      1 dave
END
	ranks -f status "$ODD/nginx_main.log" <<'END'
      4 200
      3 400
      1 000
      1 301
      1 404
      1 499
END
	ranks -f agent "$ODD/nginx_main.log" <<'END'
      5 Mozilla/5.0
      3 -
      1 
      1 say \x22hi\x22
      1 M-d
END
	ranks -f http_x_forwarded_for "$ODD/nginx_main.log" <<'END'
      8 -
      1 
      1 198.51.100.4, 203.0.113.5
      1 unknown
END
}

@test "apache.log: a LogFormat with %p, %m, %U%q, %H, %D, %T and a header" {
	accounted 'lines 17, matched 8, unparsed 9, keys 7' --log-format "$APACHE" "$ODD/apache.log"
	leaves_out '9 10 11 12 13 14 15 16 17' --log-format "$APACHE" "$ODD/apache.log"
	ranks --log-format "$APACHE" -f url "$ODD/apache.log" <<'END'
      2 /a?x=1&y=2
      1 -
      1 /
      1 /\xfc
      1 /a
      1 /say \"hi\".txt?
      1 /M-|
END
	ranks --log-format "$APACHE" -f path "$ODD/apache.log" <<'END'
      3 /a
      1 -
      1 /
      1 /\xfc
      1 /say \"hi\".txt
      1 /M-|
END
	ranks --log-format "$APACHE" -f query "$ODD/apache.log" <<'END'
      6 -
      2 x=1&y=2
END
	ranks --log-format "$APACHE" -f method "$ODD/apache.log" <<'END'
      6 GET
      1 -
      1 POST
END
	ranks --log-format "$APACHE" -f proto "$ODD/apache.log" <<'END'
      5 HTTP/1.1
      2 HTTP/2.0
      1 -
END
	ranks --log-format "$APACHE" -f client "$ODD/apache.log" <<'END'
      5 192.0.2.1
      2 2001:db8::7
      1 192.0.2.9
END
	ranks --log-format "$APACHE" -f port "$ODD/apache.log" <<'END'
      6 80
      2 443
END
	ranks --log-format "$APACHE" -f user "$ODD/apache.log" <<'END'
      7 -
      1 erin e
END
	ranks --log-format "$APACHE" -f status "$ODD/apache.log" <<'END'
      3 200
      1 -
      1 302
      1 404
      1 408
      1 500
END
	ranks --log-format "$APACHE" -f '%D' "$ODD/apache.log" <<'END'
      2 250
      1 -
      1 0
      1 1500
      1 2000100
      1 300
      1 900
END
	ranks --log-format "$APACHE" -f '%T' "$ODD/apache.log" <<'END'
      5 0
      1 -
      1 2
      1 fast
END
	ranks --log-format "$APACHE" -f '%{X-Forwarded-For}i' "$ODD/apache.log" <<'END'
      5 -
      1 
      1 203.0.113.5, 198.51.100.4
      1 a \" b
END
}

@test "nginx.log: a log_format with a host before the URL, and lists of upstreams" {
	accounted 'lines 18, matched 8, unparsed 10, keys 5' --log-format "$NGINX" "$ODD/nginx.log"
	leaves_out '9 10 11 12 13 14 15 16 17 18' --log-format "$NGINX" "$ODD/nginx.log"
	ranks --log-format "$NGINX" -f url "$ODD/nginx.log" <<'END'
      2 /
      2 /a
      2 /static.css
      1 /a?b=/c
      1 /M-|
END
	ranks --log-format "$NGINX" -f path "$ODD/nginx.log" <<'END'
      3 /a
      2 /
      2 /static.css
      1 /M-|
END
	ranks --log-format "$NGINX" -f query "$ODD/nginx.log" <<'END'
      7 -
      1 b=/c
END
	ranks --log-format "$NGINX" -f host "$ODD/nginx.log" <<'END'
      7 example.org
      1 [2001:db8::1]
END
	ranks --log-format "$NGINX" -f client "$ODD/nginx.log" <<'END'
      7 192.0.2.1
      1 2001:db8::7
END
	ranks --log-format "$NGINX" -f hour "$ODD/nginx.log" <<'END'
      7 2007-06-17T12
      1 2007-06-17T13
END
	ranks --log-format "$NGINX" -f status "$ODD/nginx.log" <<'END'
      5 200
      1 304
      1 413
      1 504
END
	ranks --log-format "$NGINX" -f request_time "$ODD/nginx.log" <<'END'
      3 0.000
      1 
      1 0.010
      1 0.030
      1 1.250
      1 60.000
END
	ranks --log-format "$NGINX" -f upstream_addr "$ODD/nginx.log" <<'END'
      3 -
      1 198.51.100.10:8080
      1 198.51.100.10:8080 : 198.51.100.12:8080
      1 198.51.100.10:8080, 198.51.100.11:8080
      1 198.51.100.10:8080, 198.51.100.11:8080 : 198.51.100.12:8080
      1 unix:/run/app.sock
END
	ranks --log-format "$NGINX" -f upstream_status "$ODD/nginx.log" <<'END'
      3 -
      1 200
      1 200 : 200
      1 413
      1 502, 200
      1 504, 504 : -
END
	ranks --log-format "$NGINX" -f upstream_response_time "$ODD/nginx.log" <<'END'
      3 -
      1 0.000
      1 0.009
      1 0.010 : 0.020
      1 1.000, 0.250
      1 30.000, 30.000 : -
END
	ranks --log-format "$NGINX" -f agent "$ODD/nginx.log" <<'END'
      4 Mozilla/5.0
      2 -
      1 
      1 Mozilla/5.0 (\x22)
END
}

@test "json.log: the names of five programs; what is JSON and what is not" {
	accounted "lines 28, matched 10, unmatched 4, unparsed 14, keys 10" "$ODD/json.log"
	leaves_out '2 6 9 12 14 15 16 17 18 19 20 21 22 23 24 25 26 28' "$ODD/json.log"
	ranks -f url "$ODD/json.log" <<'END'
      1 /a?x=1
      1 /api/v1/pods?limit=5
      1 /caddy
      1 /caddy?q=1
      1 /cafM-CM-)/M-pM-^_M-^XM-^@
      1 /crlf
      1 /deep
      1 /missing
      1 /spaces
      1 /M-^?M-~
END
	ranks -f path "$ODD/json.log" <<'END'
      2 /caddy
      1 /a
      1 /api/v1/pods
      1 /cafM-CM-)/M-pM-^_M-^XM-^@
      1 /crlf
      1 /missing
      1 /own
      1 /spaces
      1 /M-^?M-~
END
	ranks -f method "$ODD/json.log" <<'END'
      4 GET
      1 POST
      1 list
END
	ranks -f status "$ODD/json.log" <<'END'
      5 200
      2 404
      1 400
      1 502
      1 true
END
	ranks -f bytes "$ODD/json.log" <<'END'
      2 0
      1 100
      1 153
      1 19
      1 1e3
      1 512
END
	ranks -f client "$ODD/json.log" <<'END'
      3 192.0.2.1
      2 203.0.113.5
      1 198.51.100.4
      1 2001:db8::7
END
	ranks -f user "$ODD/json.log" <<'END'
      2 -
      1 grace h
END
	ranks -f host "$ODD/json.log" <<'END'
      2 example.org
      1 www.example.org
END
	ranks -f agent "$ODD/json.log" <<'END'
      1 Mozilla/5.0
      1 curl/7.16.2
      1 kubectl/v1.29
      1 say "hi"
END
	ranks -f site "$ODD/json.log" <<'END'
      1 -
      1 www.example.net
END
	ranks -f time "$ODD/json.log" <<'END'
      1 2007-06-17T12:00:01
      1 2007-06-17T12:00:02
      1 2007-06-17T12:00:03
      1 2007-06-17T13:00:00
      1 2007-06-17T13:00:01
      1 2007-06-17T13:00:02
      1 2007-06-17T13:00:04
      1 2007-06-17T14:00:00
      1 2007-06-17T14:00:01
END
}

@test "ltsv.log: labels twice, empty values, pieces without a label" {
	accounted 'lines 20, matched 9, unmatched 3, unparsed 8, keys 9' "$ODD/ltsv.log"
	leaves_out '3 8 9 13 14 15 16 17 18 19 20' "$ODD/ltsv.log"
	ranks -f url "$ODD/ltsv.log" <<'END'
      1 /a?x=1
      1 /crlf
      1 /first
      1 /form
      1 /leading
      1 /split?x=1
      1 /trailing
      1 /unchecked
      1 /M-i
END
	ranks -f method "$ODD/ltsv.log" <<'END'
      1 GET
      1 POST
END
	ranks -f status "$ODD/ltsv.log" <<'END'
      7 200
      1 302
      1 408
      1 abc
END
	ranks -f bytes "$ODD/ltsv.log" <<'END'
      1 -
      1 -1
      1 0
      1 512
END
	ranks -f client "$ODD/ltsv.log" <<'END'
      7 198.51.100.4
      3 192.0.2.1
      1 192.0.2.9
      1 2001:db8::7
END
	ranks -f agent "$ODD/ltsv.log" <<'END'
      1 Mozilla/5.0
      1 a:b "c"
      1 M-^?
END
	ranks -f time "$ODD/ltsv.log" <<'END'
      1 2007-06-17T12:00:01
      1 2007-06-17T12:00:02
      1 2007-06-17T12:00:03
END
	ranks -f reqtime "$ODD/ltsv.log" <<'END'
      1 -
      1 0.125
      1 1.5
END
}

@test "logfmt.log: quotes, escapes, keys alone, names of several programs; what is not logfmt" {
	accounted 'lines 15, matched 8, unmatched 1, unparsed 6, keys 8' "$ODD/logfmt.log"
	leaves_out '7 8 9 10 11 12 14' "$ODD/logfmt.log"
	ranks -f url "$ODD/logfmt.log" <<'END'
      1 /a?x=1
      1 /cafM-CM-)/M-^?
      1 /crlf
      1 /end
      1 /escaped\n
      1 /form?a=b
      1 /split
      1 /v2/
END
	ranks -f client "$ODD/logfmt.log" <<'END'
      2 192.0.2.1
      2 203.0.113.5
      1 192.0.2.9
      1 198.51.100.4
      1 2001:db8::7
END
	ranks -f status,bytes "$ODD/logfmt.log" <<'END'
      1 200	1
      1 200	2
      1 200	512
      1 302	0
      1 404	7
END
	ranks -f time "$ODD/logfmt.log" <<'END'
      1 2007-06-17T10:00:03
      1 2007-06-17T12:00:01
END
	ranks -f msg "$ODD/logfmt.log" <<'END'
      1 request served
      1 said "hi" a=b
END
	ranks -f debug "$ODD/logfmt.log" <<'END'
      1 true
END
	wf --explain "$ODD/logfmt.log" >got
	grep -Fx '  format     logfmt' got
	grep -Fx '  dur        12ms' got
	lacks got 'fwd  '
}

@test "w3c.log: directives, quotes, columns too many and too few, new #Fields in the middle" {
	accounted 'lines 25, matched 9, unparsed 10, filtered 6, keys 4' "$ODD/w3c.log"
	leaves_out '1 11 12 13 14 15 16 17 22 25' "$ODD/w3c.log"
	ranks -f url "$ODD/w3c.log" <<'END'
      4 /list.asp
      3 /default.htm
      1 /list.asp?id=1&s=a?b
      1 /M-i
END
	ranks -f query "$ODD/w3c.log" <<'END'
      8 -
      1 id=1&s=a?b
END
	ranks -f client "$ODD/w3c.log" <<'END'
      4 198.51.100.4
      3 192.0.2.1
      1 192.0.2.9
      1 2001:db8::7
END
	ranks -f status "$ODD/w3c.log" <<'END'
      5 200
      1 -
      1 304
      1 404
      1 500
END
	ranks -f user "$ODD/w3c.log" <<'END'
      3 -
      1 EXAMPLE\heidi
      1 heidi k
END
	ranks -f agent "$ODD/w3c.log" <<'END'
      2 -
      1 Mozilla 4 \
      1 Mozilla/4.0
      1 Mozilla/4.0+(compatible;+MSIE+6.0)
END
	ranks -f ext "$ODD/w3c.log" <<'END'
      5 asp
      3 htm
      1 -
END
	ranks -f hour "$ODD/w3c.log" <<'END'
      5 2007-06-17T12
      3 2007-06-17T13
END
	ranks -f port "$ODD/w3c.log" <<'END'
      5 80
END
}

@test "json: names by their path, an array's index, as one literal name; a dot before: the format's own" {
	log=$ODD/json.log
	ranks -f a.b.1.c "$log" <<<'      1 found'
	ranks -f a.b.0 "$log" <<<'      1 x'
	ranks -f a.b "$log" <<<'      1 dotted'
	ranks -f n "$log" <<<'      1 -0.5'
	ranks -f sourceIPs.1 "$log" <<<'      1 198.51.100.9'
	ranks -f 'request.headers.User-Agent' "$log" <<<'      1 Mozilla/5.0'
	ranks -f .level,.request.host "$log" <<'END'
      1 error	example.org
      1 info	example.org
END
	ranks -f level "$log" <<'END'
      3 info
      1 Metadata
      1 error
END
	ranks -f .time "$log" <<'END'
      1 2007-06-17T13:00:04Z
      1 2007-06-17T14:00:01.123456789Z
      1 yesterday
END
	ranks -f .status "$log" <<'END'
      4 200
      1 400
      1 404
      1 502
      1 true
END
}

@test "json and ltsv: a name that no line has is no error, the lines are unmatched" {
	accounted 'lines 28, unmatched 14, unparsed 14' -f nowhere "$ODD/json.log"
	accounted 'lines 20, unmatched 12, unparsed 8' -f nowhere "$ODD/ltsv.log"
	run -1 --separate-stderr wf -f nowhere.2 "$ODD/json.log"
	[ "$output" = "" ]
}

@test "ltsv: labels of one's own; host is the vhost, .host what is labelled so" {
	log=$ODD/ltsv.log
	ranks -f x-a.b_C "$log" <<<'      1 odd label'
	ranks -f host "$log" <<<'      1 example.org'
	ranks -f .host "$log" <<'END'
      7 198.51.100.4
      3 192.0.2.1
      1 192.0.2.9
      1 2001:db8::7
END
	ranks -f .time "$log" <<'END'
      1 1182081603
      1 2007-06-17T12:00:02+09:00
      1 [17/Jun/2007:12:00:01 +0900]
      1 noon
END
	ranks -f .status,.uri "$log" <<'END'
      1 	
      1 200	/crlf
      1 200	/first
      1 200	/leading
      1 200	/trailing
      1 200	/M-i
      1 302	/form
      1 abc	/unchecked
END
}

@test "csv: what Python's csv reads, in files and pipes, whatever the chunks; headers in the middle are none" {
	"$PYTHON" - <<-'PY'
		import collections, csv, io, random
		rnd = random.Random(1)
		words = ['a', 'b c', '', ' ', 'say "hi"', '"', '""', "'", 'x,y', ',', 'tab\t', ';', 'é', '[', '\\', '1.5', 'a"b']
		for name, delimiter in (('csv', ','), ('tsv', '\t'), ('semicolons', ';')):
		    out = io.StringIO()
		    csv.writer(out, delimiter=delimiter, lineterminator='\n').writerow(['time', 'note', 'Client IP', 'last one'])
		    header = out.getvalue()
		    for _ in range(3000):
		        row = ['2025-06-17T%02d:00:00Z' % rnd.randrange(24)] + [rnd.choice(words) for _ in range(3)]
		        quoting = rnd.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
		        csv.writer(out, delimiter=delimiter, lineterminator=rnd.choice(('\n', '\r\n')), quoting=quoting).writerow(row)
		        if rnd.random() < .01:
		            out.write(header)
		    open(name, 'w', newline='').write(out.getvalue())
		    found = collections.Counter()
		    for row in csv.reader(io.StringIO(out.getvalue(), newline=''), delimiter=delimiter):
		        if row[0] != 'time':
		            found[row[1], row[3]] += 1
		    rows = sorted(found.items(), key=lambda item: (-item[1], '\0'.join(item[0]).encode()))
		    with open(name + '.expected', 'w', newline='') as file:
		        file.write('count\tnote\tlast one\n')
		        for (note, last), n in rows:
		            file.write(f'{n}|{note}|{last}\n')
	PY
	local name size
	for name in csv tsv semicolons; do
		{
			head -1 $name.expected
			tail -n +2 $name.expected | LC_ALL=C sort
		} >expected
		wf -n 0 --json -f note,'last one' $name >json
		"$PYTHON" - >got <<-'PY'
			import json
			answer = json.load(open('json'))
			print('count\tnote\tlast one')
			for row in answer['reports'][0]['rows']:
			    print('%d|%s|%s' % (row['count'], *row['key'].values()))
		PY
		{
			head -1 got
			tail -n +2 got | LC_ALL=C sort
		} | same expected -
		wf -n 0 -f hour,client $name >expected
		for size in 1 1000 2M; do
			wf -n 0 -j 3 --chunk-size $size -f hour,client $name | same expected -
			cat $name | wf -n 0 -j 3 --chunk-size $size -f hour,client | same expected -
		done
	done
}

@test "csv: files of different headers, a header alone, nothing, no header, a column too many, a quote that goes on" {
	printf 'time,c-ip,url\n1,192.0.2.1,/a\n2,192.0.2.2,/b,/c\n3,192.0.2.1,/b\n' >a
	printf '"Request URI";"Status Code";"Remote IP"\r\n"/a";200;192.0.2.1\r\n' >b
	head -1 a >header
	: >empty
	run -0 --separate-stderr wf -f client,url a b header empty
	[ "$output" = "$(printf '      2 192.0.2.1\t/a\n      1 192.0.2.1\t/b')" ]
	[[ "$stderr" == *"do not fit"*"line 3 of a"* ]]
	run -1 --separate-stderr wf -f url header
	[ "$output" = '' ]
	run -1 --separate-stderr wf --log-format csv -f url empty
	[ "$output$stderr" = '' ]
	run -2 --separate-stderr wf -f nobody a
	[[ "$stderr" == "wf: a: its lines have no field 'nobody'; they have "*c-ip* ]]
	run -2 --separate-stderr wf --log-format csv -f url <(tail -n +2 a)
	[[ "$stderr" == *'its first line does not name the columns, as time,client,url does'* ]]
	printf 'time,url\n1,"/a\n/b"\n' >open
	for format in auto csv; do
		run -2 --separate-stderr wf --log-format $format -f url open
		[ "$output" = '' ]
		[[ "$stderr" == 'wf: open: line 2 of this CSV: a quoted value goes on in the next line, which wf cannot read (try: mlr --icsv --ojsonl cat FILE | wf)'* ]]
	done
	wf --explain -f url b >explained
	format=$(sed -n 's/^  format *//p' explained)
	[ "$(wf --log-format "$format" -f url b)" = '      1 /a' ]
}

@test "w3c: the columns' own names; what one part of the file has not is no value there" {
	log=$ODD/w3c.log
	ranks -f s-ip "$log" <<<'      5 192.0.2.80'
	ranks -f time-taken "$log" <<'END'
      1 -
      1 0
      1 15
      1 31
      1 78
END
	ranks -f 'cs(User-Agent),cs-username' "$log" <<'END'
      2 -	-
      1 Mozilla 4 \	heidi k
      1 Mozilla/4.0	EXAMPLE\heidi
      1 Mozilla/4.0+(compatible;+MSIE+6.0)	-
END
	ranks -f .date "$log" <<'END'
      8 2007-06-17
      1 nonsense
END
	ranks -f .time -g /default "$log" <<'END'
      1 12:00:01
      1 12:00:03
      1 13:00:01
END
	accounted 'lines 25, matched 5, unmatched 4, unparsed 10, filtered 6, keys 1' -f s-ip "$log"
}

@test "w3c: a name that no #Fields of the file has is an error, before anything is counted" {
	run -2 --separate-stderr wf -f colour "$ODD/w3c.log"
	[ "$output" = "" ]
	says 'wf: *colour*'
}

@test "data/odd: its README has the formats that are no names; all addresses are for documentation" {
	grep -qF "\`$APACHE\`" "$ODD/README.md"
	grep -qF "\`$NGINX\`" "$ODD/README.md"
	grep -aohE '\b[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+\b' "$ODD"/*.log | sort -u >addresses
	[ -s addresses ]
	lacks addresses -vE '^(192\.0\.2|198\.51\.100|203\.0\.113)\.'
}

@test "a line fits or not whatever is asked of it" {
	for file in common combined vhost_combined nginx_main json ltsv logfmt w3c; do
		for asked in '-f url' '-f client,time' '-e . -w client!=x' '-f 0 -s bytes'; do
			account --log-format "$file" $asked "$ODD/$file.log" | grep -o 'unparsed [0-9]*' >>unparsed
		done
		[ "$(sort -u unparsed | wc -l)" -eq 1 ]
		rm unparsed
	done
}

# bats test_tags=slow
@test "the same whatever the workers and chunks, from files and pipes; w3c's #Fields hold across chunks" {
	for file in common combined vhost_combined nginx_main json ltsv logfmt w3c; do
		for asked in '-f client,status -s bytes' '-r overview'; do
			wf --json -n 0 $asked "$ODD/$file.log" "$ODD/w3c.log" >expected
			for size in 1 40 300; do
				echo "$file, $asked, chunks of $size"
				wf --json -n 0 $asked -j 3 --chunk-size "$size" "$ODD/$file.log" "$ODD/w3c.log" | same expected -
			done
			wf --json -n 0 $asked -j 2 <(cat "$ODD/$file.log") - <"$ODD/w3c.log" | same expected -
		done
	done
}

@test "w3c: -g and -v ask directives too, but don't keep #Fields from saying what the columns are" {
	ranks -f url,status -g '/default' "$ODD/w3c.log" <<'END'
      2 /default.htm	200
      1 /default.htm	304
END
	ranks -f url,status -v '^#' -v list "$ODD/w3c.log" <<'END'
      2 /default.htm	200
      1 /default.htm	304
      1 /M-i	-
END
	accounted 'lines 25, matched 3, filtered 22, keys 2' -f url,status -g '/default' "$ODD/w3c.log"
}

@test "columns, patterns and whole lines need no format: nothing is unparsed" {
	for file in common combined json ltsv w3c nginx; do
		n=$(awk 'END { print NR }' "$ODD/$file.log")
		account -f 0 "$ODD/$file.log" | grep -E "^lines $n, matched $n, keys "
		account -e '^' "$ODD/$file.log" | grep -E "^lines $n, matched $n, keys 1$"
		account -f 2 "$ODD/$file.log" >got
		lacks got unparsed
	done
}

# Auto

@test "auto: each file is recognised by itself" {
	for format in common combined vhost_combined nginx_main json ltsv logfmt w3c; do
		echo "format: $format"
		for asked in '-f url' '-f client,status,time'; do
			wf -n 0 --log-format "$format" $asked "$ODD/$format.log" >expected
			wf -n 0 $asked "$ODD/$format.log" | same expected -
			wf -n 0 --log-format auto $asked <"$ODD/$format.log" | same expected -
			cat "$ODD/$format.log" | wf -n 0 $asked | same expected -
		done
		account --log-format "$format" "$ODD/$format.log" >expected.account
		account "$ODD/$format.log" | same expected.account -
	done
}

@test "auto: files of several formats in one run, each by its own" {
	cat >common <<'END'
192.0.2.1 - - [17/Jun/2007:12:00:01 +0000] "GET /a HTTP/1.1" 200 10
192.0.2.2 - - [17/Jun/2007:12:00:02 +0000] "GET /b HTTP/1.1" 404 20
END
	cat >json <<'END'
{"remote_addr":"192.0.2.1","request_uri":"/a","status":200,"body_bytes_sent":30}
{"remote_addr":"192.0.2.3","request_uri":"/c","status":500,"body_bytes_sent":40}
END
	printf 'host:192.0.2.1\turi:/a\tstatus:200\tsize:50\n' >ltsv
	cat >w3c <<'END'
#Fields: c-ip cs-uri-stem sc-status sc-bytes
192.0.2.2 /a 200 60
192.0.2.2 /b 404 70
END
	ranks -s bytes -f url,status common json ltsv w3c <<'END'
    150       4 /a	200
     90       2 /b	404
     40       1 /c	500
END
	wf -n 0 -f client w3c - json common <ltsv >got
	printf '%7d %s\n' 3 192.0.2.1 3 192.0.2.2 1 192.0.2.3 | same - got
	accounted 'lines 8, matched 7, filtered 1, keys 3' common json ltsv w3c
	wf -n 0 -j 3 --chunk-size 50 -f client common json ltsv w3c | same got -
}

@test "auto: what fits nothing does not vote; the first hundred lines that fit something do" {
	{ seq -f 'garbage %g' 1000; common_lines 1 3; seq -f 'garbage %g' 1000; } >log
	accounted 'lines 2003, matched 3, unparsed 2000, keys 3' log
	# 51 of 100 decide for combined, whatever comes later; 50 don't.
	{ common_lines 1 49; combined_lines 50 100; common_lines 101 500; } >log
	accounted 'lines 500, matched 51, unparsed 449, keys 51' log
	{ common_lines 1 50; combined_lines 51 100; combined_lines 101 500; } >log
	accounted 'lines 500, matched 500, keys 500' log
	run -2 --separate-stderr wf -f agent log # common has no agent
	says 'wf: *agent*'
	{ seq -f 'garbage %g' 500; common_lines 1 49; combined_lines 50 100; common_lines 101 500; } >log
	accounted 'lines 1000, matched 51, unparsed 949, keys 51' log
}

@test "auto: a file in which nothing fits is an error that says what to try; the others are counted" {
	common_lines 1 3 >good
	printf '\n  \nnonsense "1"\nmore nonsense\n' >bad
	run -2 --separate-stderr wf good bad good
	[ "$output" = $'      2 /1\n      2 /2\n      2 /3' ]
	says '*wf: bad: line 3 fits no known log format: *nonsense*'
	for word in '-f 0' '-f N' '-e RE' --log-format; do
		says "*$word*"
	done
	run -2 --separate-stderr wf -j 4 --chunk-size 10 bad bad good
	[ "$(grep -c 'wf: bad: line 3 ' <<<"$stderr")" -eq 2 ]
	[ "$output" = $'      1 /1\n      1 /2\n      1 /3' ]
	run -2 --separate-stderr wf bad
	[ "$output" = "" ]
	run -2 --separate-stderr wf <bad
	says 'wf: standard input: line 3 fits no known log format: *'
	run -2 --separate-stderr bash -c 'cat bad | "$0"' "$WF"
	says 'wf: standard input: line 3 fits no known log format: *'
}

@test "auto: what is shown of a line of no known format is safe on a terminal, and not endless" {
	{ printf 'x\033[2J\377\0'; head -c 1000000 /dev/zero | tr '\0' y; } >bad
	run -2 --separate-stderr wf bad
	[[ "$stderr" != *$'\033'* ]]
	says 'wf: bad: line 1 fits no known log format: *x\\x1b*'
	[ "${#stderr}" -lt 2000 ]
}

@test "auto: a log that begins behind 300 KB of something else is of no known format" {
	{ lines_of 20000 'something else'; common_lines 1 1000; } >log
	run -2 --separate-stderr wf log
	says 'wf: log: line 1 fits no known log format: *'
}

@test "auto: empty files, and those of blank lines only, are no reason to complain" {
	: >empty
	printf '\n \n\t\n\r\n' >blank
	run -1 --separate-stderr wf empty blank /dev/null
	[ "$output$stderr" = "" ]
	accounted 'lines 4, unparsed 4' empty blank
	common_lines 1 1 >good
	run -0 --separate-stderr wf blank good empty
	[ "$output" = '      1 /1' ]
	[[ $stderr = "wf: 4 of 5 lines do not fit their log format; --unmatched - prints them" ]]
}

@test "auto: without a named field nobody asks for the format" {
	echo nonsense >bad
	for asked in '-f 0' '-f 1' '-e ^' '-f 1 -w 1=nonsense' '-e . -g non'; do
		run -0 --separate-stderr wf $asked bad
		[ "$stderr" = "" ]
	done
	for asked in '-f url' '-f 1 -w url=x' '-f 0 -s bytes' '-e . -w status=200' '-e . -s bytes'; do
		run -2 --separate-stderr wf $asked bad
		says 'wf: bad: line 1 fits no known log format: *'
	done
}

@test "a format that is named is not doubted: all lines are unparsed, 1" {
	for format in common combined vhost_combined nginx_main json ltsv '%h %s' '$remote_addr $status'; do
		printf 'nonsense\n\n{"a":1\n' >bad
		run -1 wf --log-format "$format" -f status bad
		accounted 'lines 3, unparsed 3' --log-format "$format" -f status bad
	done
}

# bats test_tags=slow
@test "a broken line in 20,000: it is unparsed, all else is as without it" {
	lines=20000
	"$TREE/data/mklog" -n "$lines" >whole.log
	n=$(grep -anE '" 200 [0-9]+ "-" "[^"]+"$' whole.log | awk -F: -v lines="$lines" '$1 > lines / 2 && !n { print n = $1 }')
	sed "${n}d" whole.log >without.log
	wf -n 0 without.log >expected
	wf -n 0 -f status,hour -s bytes without.log >expected.sums
	account without.log >expected.account
	for broken in 's/" 200 /" 2x0 /' 's/" 200 /" 2000 /' 's/" 200 /" /' 's/" 200 \([0-9]*\)/" 200 \1k/' \
		's/" 200 [0-9]* /" 200 /' 's/\[[^]]*\]/[yesterday]/' 's/:[0-9][0-9] \([-+]\)/:61 \1/' 's/\[//' 's/"//' \
		's/" 200/ 200/' 's/"-" "/- "/' 's/"$//' 's/" "/"  "/' 's/ - - / - /' 's/.*//' 's/" 200 .*/"/'; do
		echo "broken: $broken"
		sed "$n$broken" whole.log >broken.log
		ends 1 cmp -s whole.log broken.log
		wf -n 0 --unmatched left-out broken.log | same expected -
		[ "$(grep -ac "^broken.log:$n:" left-out)" -eq 1 ]
		wf -n 0 -f status,hour -s bytes broken.log | same expected.sums -
		account broken.log | tee got.account
		grep -q ', unparsed 1,' got.account
		sed "s/lines $lines,/lines $((lines - 1)),/; s/ unparsed 1,//" got.account | same expected.account -
	done
}

# Formats of one's own

@test "a LogFormat that says what a name says gives the same" {
	for form in '%h %l %u %t "%r" %>s %b' '%h %l %u %t \"%r\" %s %b' '%a %l %u %t "%r" %<s %B'; do
		wf -n 0 --log-format common -f client,user,time,url,status,bytes "$ODD/common.log" >expected
		wf -n 0 --log-format "$form" -f client,user,time,url,status,bytes "$ODD/common.log" | same expected -
		account --log-format common "$ODD/common.log" >expected
		account --log-format "$form" "$ODD/common.log" | same expected -
	done
	wf -n 0 --log-format combined -f referrer,agent "$ODD/combined.log" >expected
	for form in '%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-agent}i\"' \
		'%h %l %u %t "%r" %>s %O "%{REFERER}i" "%{user-agent}i"'; do
		wf -n 0 --log-format "$form" -f referrer,agent "$ODD/combined.log" | same expected -
	done
	wf -n 0 --log-format vhost_combined -f host,port,client,url "$ODD/vhost_combined.log" >expected
	wf -n 0 --log-format '%v:%p %h %l %u %t "%r" %>s %O "%{Referer}i" "%{User-Agent}i"' -f host,port,client,url \
		"$ODD/vhost_combined.log" | same expected -
}

@test "a log_format that says what a name says gives the same" {
	wf -n 0 --log-format nginx_main -f client,user,time,url,status,bytes,agent "$ODD/nginx_main.log" >expected
	form='$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" '
	form+='"$http_user_agent" "$http_x_forwarded_for"'
	wf -n 0 --log-format "$form" -f client,user,time,url,status,bytes,agent "$ODD/nginx_main.log" | same expected -
}

@test "an element as the format spells it is a field: %D, %{Header}i in any case, with \$ or without" {
	ranks --log-format '%h %D "%{X-Forwarded-For}i" %{ms}T' -f '%D,%{x-forwarded-for}i,%{ms}T' <(
		printf '%s\n' '192.0.2.1 1500 "a, b" 1' '192.0.2.1 7 "" 2'
	) <<'END'
      1 1500	a, b	1
      1 7		2
END
	printf '192.0.2.1 0.5 gzip\n' >log
	ranks --log-format '$remote_addr $request_time $my_own' -f '$request_time,my_own,remote_addr,client' log <<'END'
      1 0.5	gzip	192.0.2.1	192.0.2.1
END
	refused 'wf: *%I*' --log-format '%h %D' -f '%I'
	refused 'wf: *upstream_addr*' --log-format '$remote_addr $status' -f upstream_addr
}

@test "LogFormat: percent signs, tabs, backslashes; modifiers" {
	printf '100%%\t192.0.2.1\t200\t\\x\n100%%\t192.0.2.2\t200\t\\y\n100 192.0.2.3\t200\t\\z\n' >log
	ranks --log-format '100%%\t%h\t%>s\t\\%D' -f 'client,status,%D' log <<'END'
      1 192.0.2.1	200	x
      1 192.0.2.2	200	y
END
	printf '192.0.2.1 "-" 200\n192.0.2.1 "http://example.org/" 404\n' >log
	ranks --log-format '%h "%!200,304{Referer}i" %<s' -f referrer,status log <<'END'
      1 -	200
      1 http://example.org/	404
END
	ranks --log-format '%400,501h "%{Referer}i" %>s' -f client log <<<'      2 192.0.2.1'
}

@test "LogFormat: path and query apart are the URL together; %U%q is one" {
	printf '/a|?x=1|200\n/a||200\n/b|x=1|404\n/c|-|404\n' >log
	ranks --log-format '%U|%q|%s' -f url,path,query log <<'END'
      1 /a	/a	-
      1 /a?x=1	/a	x=1
      1 /b?x=1	/b	x=1
      1 /c	/c	-
END
	printf '"GET /a?x=1 HTTP/1.1"\n"GET /a HTTP/1.1"\n"GET /a b?x=1 HTTP/1.1"\n' >log
	ranks --log-format '"%m %U%q %H"' -f method,url,path,query,proto log <<'END'
      1 GET	/a	/a	-	HTTP/1.1
      1 GET	/a?x=1	/a	x=1	HTTP/1.1
END
}

@test "LogFormat: a request without quotes may be the last" {
	printf '192.0.2.1 GET /a b HTTP/1.1\n192.0.2.1 GET /a b HTTP/1.1 \n192.0.2.1 -\n' >log
	ranks --log-format '%h %r' -f url log <<<'      1 /a b'
	ranks --log-format '%h %r' -f '%r' log <<'END'
      1 -
      1 GET /a b HTTP/1.1
      1 GET /a b HTTP/1.1 
END
	printf 'GET /a b HTTP/1.1 | 200\nGET /c HTTP/1.1 | 404\n' >log
	ranks --log-format '%r | %s' -f status,url log <<'END'
      1 200	/a b
      1 404	/c
END
}

@test "LogFormat: the first of two elements for the same field wins; the other has its own name" {
	printf '192.0.2.1 host.example.org 301 200\n' >log
	ranks --log-format '%a %h %s %>s' -f 'client,status,%h,%>s' log <<<$'      1 192.0.2.1\t301\thost.example.org\t200'
}

@test "times: of every notation, in the log's own zone; one that is not understood is no value" {
	when() { # TIME EXPECTED
		printf '192.0.2.1|%s|x\n' "$1" >log
		echo "time: $1"
		ranks --log-format '%h|%{x}t|%D' -f time log <<<"      1 $2"
	}
	when '17/Jun/2007:12:00:01 -0700' 2007-06-17T12:00:01
	when '2007-06-17T12:00:01' 2007-06-17T12:00:01
	when '2007-06-17T12:00:01.123456Z' 2007-06-17T12:00:01
	when '2007-06-17 12:00:01 +0200' 2007-06-17T12:00:01
	when '2007-12-31T23:59:60+14:00' 2007-12-31T23:59:60
	when 1182081603 2007-06-17T12:00:03
	when 1182081603.999 2007-06-17T12:00:03
	when 1182081603999 2007-06-17T12:00:03
	when 1182081603999999 2007-06-17T12:00:03
	when 1182081603999999999 2007-06-17T12:00:03
	when 951782400 2000-02-29T00:00:00
	when 0951868799 2000-02-29T23:59:59
	for none in '17/Jux/2007:12:00:01 -0700' '32/Jun/2007:12:00:01 -0700' '00/Jun/2007:12:00:01 -0700' \
		'17/Jun/2007:24:00:01 -0700' '17/Jun/2007:12:60:01 -0700' '17/Jun/2007:12:00:61 -0700' \
		'2007-13-17T12:00:01' '2007-00-17T12:00:01' '2007-06-17' '12:00:01' '2007-06-17T12:00' now - 12345678 \
		118208160399 '-1182081603' 1182081603x; do
		printf '192.0.2.1|%s|x\n' "$none" >log
		echo "time: $none"
		accounted 'lines 1, unmatched 1' --log-format '%h|%{x}t|%D' -f time log
	done
}

@test "times: day, hour and minute of one" {
	printf '192.0.2.1 [17/Jun/2007:12:34:56 -0700] 200\n' >log
	ranks --log-format '%h %t %s' -f time,day,hour,minute log \
		<<<$'      1 2007-06-17T12:34:56\t2007-06-17\t2007-06-17T12\t2007-06-17T12:34'
}

@test "formats as they are in a server's configuration" {
	printf '192.0.2.1\t"GET /a HTTP/1.1"\t200\n192.0.2.1\t"GET /b HTTP/1.1"\t404\n' >log
	for format in '$remote_addr\t"$request"\t$status' '$remote_addr\t\"$request\"\t$status' \
		$'log_format main \'$remote_addr\\t"$request"\'\n\t\'\\t$status\';' \
		'$remote_addr\x09\x22$request\x22\x09$status' \
		'LogFormat "%h\t\"%r\"\t%>s" tabs' 'CustomLog logs/access_log "%h\t\"%r\"\t%>s"' '"%h\t\"%r\"\t%>s"'; do
		ranks --log-format "$format" -f client,status log <<<$'      1 192.0.2.1\t200\n      1 192.0.2.1\t404'
	done
	echo '{"remote_addr":"192.0.2.1","status":"200"}' >log
	ranks --log-format "log_format j escape=json '{\"remote_addr\":\"\$remote_addr\",\"status\":\"\$status\"}';" -f status log \
		<<<'      1 200'
}

@test "2: an error in a line of a server's configuration is shown there" {
	run -2 --separate-stderr wf --log-format "log_format main '\$remote_addr' '\$ \$status';" log
	[ "$stderr" = "wf: --log-format: '\$' without the name of a variable
wf:   log_format main '\$remote_addr' '\$ \$status';
wf:                                   ^" ]
	run -2 --separate-stderr wf --log-format "log_format main '\$remote_addr" log
	says "wf: --log-format: this quote is not closed*"
}

@test "2: a name with something behind it" {
	refused 'wf: --log-format: nothing can follow the name of a format; *' --log-format 'combined %D'
}

@test "2: format strings that can't be read, told before a byte is read" {
	bad_format ''
	bad_format nonsense
	bad_format COMMON
	bad_format '%'
	bad_format '%h %'
	bad_format '%h %>'
	bad_format '%h "%{Referer"'
	bad_format '%h%u %s'
	bad_format '%h %r %s'
	bad_format '%h %{Referer}i %s'
	bad_format '%h %{session}C %s'
	bad_format '$'
	bad_format '$remote_addr $ $status'
	bad_format '$remote_addr$status'
	bad_format '$http_user_agent $status'
	bad_format '$request $status'
}

@test "LogFormat, log_format: a decoded path may hold blanks, so it needs quotes" {
	for format in '%h %U %>s' '%h %m %U%q %H' '$status $uri $host' '$document_uri $status'; do
		run -2 --separate-stderr wf --log-format "$format" /dev/null
		says 'wf: --log-format: * may contain blanks: *'
	done
}

@test "a time of NUL bytes is none, also where no time was seen before" {
	bad='1.1.1.1 - - [@@@@@@@@@@@@@@@@0:00 +0000] "GET /bad HTTP/1.1" 200 5'
	common_lines 1 1 >good
	{ echo "$bad" | tr @ '\0'; cat good; } >log
	ranks --log-format common log <<<'      1 /1'
}

@test "json: a name with a NUL in it is not another's; such a line does not fit" {
	printf '%s\n' '{"status":200,"status\u0000x":500,"url":"/a"}' '{"url":"/b\u0000","status":201}' >log
	ranks -f status --log-format json log <<<'      1 201'
}

@test "quotes and brackets that nothing closes are sought once a line" {
	awk 'BEGIN { for (i = 0; i < 400000; i++) printf "\"a [b "; print "" }' >log
	wf -f 799999 log >got
	[ "$(cat got)" = '      1 "a' ]
	{ awk 'BEGIN { printf "#Fields: cs-uri"; for (i = 0; i < 200000; i++) printf " \"a%d", i; print "" }'; echo x; } >log
	wf --log-format w3c -f cs-uri log || [ $? -eq 1 ]
}

@test "--explain: a W3C line's time is as the field has it" {
	wf --explain -f time "$TREE/data/odd/w3c.log" | sed -nE 's/^  (time|key) +(.*)/\2/p' | uniq -c | awk '$1 != 2' >odd
	same odd /dev/null
}

@test "--explain: names that only the line knows, each as it can be asked for" {
	printf '%s\n' '{"status":200,"a":{"b c":[1,2],"none":null,"d":{"e":true}},"class":"x","1":"y","evil\u001b[31m":"z"}' >json
	printf 'status:200\tx.y:1\tclass:2\tuser:\tx.y:3\tempty:\n' >ltsv
	wf --explain -f status json >got
	printf '%s\n' '  format     json' "json:1: $(<json)" '  status     200' '  a.b c      [1,2]' '  a.d.e      true' \
		'  .class     x' '  .1         y' $'  evil\e[31m z' '  key        200' | same - got
	wf --tsv -f 'a.b c,a.d.e,.class,.1' json | tail -1 | same <(printf '1\t[1,2]\ttrue\tx\ty\n') -
	on_terminal "$WF" --explain json >raw
	lacks raw $'\e'
	wf --explain -f user ltsv >got
	printf '%s\n' '  format     ltsv' "ltsv:1: $(<ltsv)" '  status     200' '  x.y        1' '  .class     2' '  x.y        3' \
		'  empty      ' '  user       (no value)' '  key        (none)' | same - got
	wf --tsv -f x.y,.class,empty ltsv | tail -1 | same <(printf '1\t1\t2\t\n') -
	printf 'status:200\t%s:x\n' "$(head -c 100000 /dev/zero | tr '\0' n)" | wf --explain >got
	[ "$(wc -l <got)" -eq 5 ]
}

# made LINE...: the format that --explain prints for these lines reads them as automatic detection does.
made() {
	printf '%s\n' "$@" >log
	local format
	format=$(wf --explain log | sed -n 's/^  format     //p')
	[[ $format == *'$'* ]]
	for field in client url status hour -; do
		[ $field != - ] || field=0
		wf --tsv -n 0 -f $field log >detected
		wf --tsv -n 0 -f $field --log-format "$format" log | same detected -
	done
}

@test "auto: a format is made from the core of the lines; --explain prints it as a string" {
	local request='"GET /a HTTP/1.1" 200 5' time='[17/Jun/2007:12:00:01 -0700]'
	for before in 'www.example.org 192.0.2.1 - -' '192.0.2.1 -' 'www.example.org:80 192.0.2.1 - erin' \
		'2025-06-17T08:00:00.1Z stdout F 192.0.2.1 - -' 'Jun  7 10:00:00 web1 nginx[1]: 192.0.2.1 - -' \
		'web-1  | 192.0.2.1 - -' '[pod/a/b] 192.0.2.1 - -'; do
		made "$before $time $request" "$before $time $request 0.1" "$before $time $request" \
			"$before $time $request" "$before $time $request"
		ranks -f client,url,status,bytes log <<<$'      5 192.0.2.1\t/a\t200\t5'
		zstd -qf log
		ranks -j 2 -f client,url,status,bytes log.zst <<<$'      5 192.0.2.1\t/a\t200\t5'
		wf -f client,url,status,bytes <log >got
		same got - <<<$'      5 192.0.2.1\t/a\t200\t5'
		{ cat log log log; echo 'no such line'; } >longer
		wf -f client longer >got 2>errors
		grep -q '^wf: 1 of 16 lines do not fit .* the first is line 16' errors
	done
	for n in 1 2 3; do echo "Jun  7 10:00:0$n web$n nginx[$n]: 192.0.2.1 - - $time $request"; done >log
	ranks -f envelope.host,envelope.tag,envelope.pid log <<END
      1 web1	nginx	1
      1 web2	nginx	2
      1 web3	nginx	3
END
}

@test "auto: it is not clear which value is the client" {
	echo 'www.example.org 192.0.2.1 erin [17/Jun/2007:12:00:01 -0700] "GET /a HTTP/1.1" 200 5' >log
	ranks -f client,host log <<<$'      1 192.0.2.1\twww.example.org'
	echo '192.0.2.2 192.0.2.1 erin [17/Jun/2007:12:00:01 -0700] "GET /a HTTP/1.1" 200 5' >log
	run -2 --separate-stderr wf log
	says 'wf: log: it is not clear which *'
}
