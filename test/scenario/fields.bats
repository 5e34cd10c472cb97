#!/usr/bin/env bats
# -f: named fields, what is derived from them, columns; one or several to a key.

load helper

make_files() {
	cat >log <<'END'
192.0.2.1 - - [17/Jun/2007:12:00:01 -0700] "GET /a/b.html?x=1&y=2 HTTP/1.1" 200 100 "http://www.example.org/in" "Mozilla/5.0 (X11)"
192.0.2.1 - anna [17/Jun/2007:12:30:59 -0700] "GET /a/b.html HTTP/1.1" 200 100 "http://www.example.org/" "Mozilla/5.0 (X11)"
192.0.2.2 - - [17/Jun/2007:13:00:00 -0700] "POST /form HTTP/1.0" 302 - "-" "curl/7.16.2"
2001:db8::7 - - [18/Jun/2007:00:00:00 -0700] "-" 408 - "-" "-"
192.0.2.2 - - [18/Jun/2007:00:00:01 -0700] "GET /missing.png HTTP/1.1" 404 7 "https://example.net:8080/x" "curl/7.16.2"
END
}

@test "the default is -f url; --fields is -f" {
	wf log >expected
	[ "$(wc -l <expected)" -eq 4 ]
	wf -f url log | same expected -
	wf --fields=url --log-format combined log | same expected -
	wf -furl --log-format auto log | same expected -
}

@test "each name" {
	field() { # NAME VALUE-OF-LINE-1
		echo "field: $1"
		head -1 log | wf -f "$1" >got
		printf '      1 %s\n' "$2" | same - got
	}
	field client 192.0.2.1
	field ident -
	field user -
	field request 'GET /a/b.html?x=1&y=2 HTTP/1.1'
	field method GET
	field url '/a/b.html?x=1&y=2'
	field path /a/b.html
	field query 'x=1&y=2'
	field proto HTTP/1.1
	field status 200
	field class 2xx
	field bytes 100
	field referrer http://www.example.org/in
	field referer http://www.example.org/in
	field site www.example.org
	field agent 'Mozilla/5.0 (X11)'
	field time 2007-06-17T12:00:01
	field minute 2007-06-17T12:00
	field hour 2007-06-17T12
	field day 2007-06-17
	field ext html
	field 0 "$(head -1 log)"
	field 4 '17/Jun/2007:12:00:01 -0700'
}

@test "a request that is none: it has a request, a status, a time, but no url nor what is made of it" {
	grep -F '"-" 408' log >timeout
	for name in url path query method proto ext; do
		accounted 'lines 1, unmatched 1' -f "$name" timeout
		accounted 'lines 1, unmatched 1' -f "status,$name" timeout
	done
	ranks -f request,status,hour,client,class timeout <<<$'      1 -\t408\t2007-06-18T00\t2001:db8::7\t4xx'
}

@test "ext: behind the last point of the path's last segment" {
	ext() { # URL EXT
		echo "url: $1"
		printf 'h - - [17/Jun/2007:12:00:01 -0700] "GET %s HTTP/1.1" 200 1\n' "$1" >line
		ranks --log-format common -f ext line <<<"      1 $2"
	}
	ext / -
	ext /a -
	ext /a.html html
	ext /a.tar.gz gz
	ext /a.HTML HTML
	ext /.profile -
	ext /.profile.bak bak
	ext /a. -
	ext /a.. -
	ext /a..b b
	ext /... -
	ext /v1.2/a -
	ext /v1.2/a.b b
	ext /v1.2/ -
	ext '/a?b.c' -
	ext '/a.x?b/c.d' x
	ext '/a.x/b?c.d' -
	ext '/a b.c d' 'c d'
	ext http://example.org/a.x x
	ext '*' -
}

@test "site: the referrer's host, without user and port" {
	site() { # REFERRER SITE
		echo "referrer: $1"
		printf 'h - - [17/Jun/2007:12:00:01 -0700] "GET / HTTP/1.1" 200 1 "%s" "-"\n' "$1" >line
		ranks --log-format combined -f site line <<<"      1 $2"
	}
	site http://example.org example.org
	site https://www.example.org/ www.example.org
	site https://www.example.org:8443/ www.example.org
	site https://www.example.org:/ www.example.org:
	site https://www.example.org:x1/ www.example.org:x1
	site 'http://example.org?q' example.org
	site 'http://example.org#f' example.org
	site 'http://example.org\x' example.org
	site http://anna:secret@example.org/ example.org
	site http://a@b@example.org:1/c@d example.org
	site http://:80/ :80
	site http://[2001:db8::1]:80/ '[2001:db8::1]'
	site http://Example.ORG/ Example.ORG
	site android-app://org.example/ org.example
	site x+y-z.1://h/ h
	site http:///x -
	site http:// -
	site http://anna@/ -
	site - -
	site '' -
	site http:/example.org/ -
	site //example.org/ -
	site ://example.org/ -
	site 1http://example.org/ -
	site example.org/http://example.net/ -
	site about:blank -
	site ' http://example.org/' -
}

@test "query: behind the first question mark; - if there is nothing" {
	printf 'h - - [17/Jun/2007:12:00:01 -0700] "GET %s HTTP/1.1" 200 1\n' /a '/a?' '/a?b' '/a?b?c' '?d' '/a??' >lines
	ranks -f url,path,query lines <<'END'
      1 /a	/a	-
      1 /a?	/a	-
      1 /a??	/a	?
      1 /a?b	/a	b
      1 /a?b?c	/a	b?c
      1 ?d		d
END
}

@test "class: three digits and x; - for a status that is none" {
	printf 'h - - [17/Jun/2007:12:00:01 -0700] "GET / HTTP/1.1" %s 1\n' 200 204 404 999 000 - >lines
	ranks -f class lines <<'END'
      2 2xx
      1 -
      1 0xx
      1 4xx
      1 9xx
END
	printf '{"url":"/","status":"%s"}\n' ok 20 2000 '' 200 >json
	ranks -f class json <<'END'
      3 -
      1 2xx
END
	printf '{"url":"/"}\n' >json
	accounted 'lines 1, unmatched 1' -f class json
}

@test "several fields: one key; plain is tab-separated" {
	ranks -f status,client log <<'END'
      2 200	192.0.2.1
      1 302	192.0.2.2
      1 404	192.0.2.2
      1 408	2001:db8::7
END
	ranks -f client,status log <<'END'
      2 192.0.2.1	200
      1 192.0.2.2	302
      1 192.0.2.2	404
      1 2001:db8::7	408
END
}

@test "several fields: ties are compared field by field, so that a shorter first field comes first" {
	printf '%s,%s\n' ab 1 $'a\001' 2 a 3 a 10 a 1 '' 4 >table
	ranks -d , -f 1,2 table <<'END'
      1 	4
      1 a	1
      1 a	10
      1 a	3
      1 a^A	2
      1 ab	1
END
}

@test "several fields: no two pairs run together" {
	printf '%s;%s\n' ab c a bc '' abc abc '' 'a	b' c a 'b	c' >table
	accounted 'lines 6, matched 6, keys 6' -d ';' -f 1,2 table
	wf -d ';' -f 1,2 table >got
	printf '      1 %s\n' $'\tabc' $'a\tb\tc' $'a\tbc' $'a\tb\tc' $'ab\tc' $'abc\t' | same - got
	wf --tsv -d ';' -f 1,2 table | grep -xF $'1\ta\\tb\tc'
}

@test "one field in tsv, csv and json: the header has its name as given" {
	wf --tsv -n 1 -f path log >got
	printf 'count\tpath\n2\t/a/b.html\n' | same - got
	wf --csv -n 1 -f referer log >got
	printf 'count,referer\r\n2,-\r\n' | same - got
	wf --tsv -n 1 log >got
	printf 'count\turl\n1\t/a/b.html\n' | same - got
	wf --json -n 1 -f status log >got
	"$PYTHON" -c '
import json
r = json.load(open("got"))["reports"]
assert r == [{"name": "status", "matched": 5, "keys": 4, "rows": [{"count": 2, "key": "200"}]}], r'
	wf --json -n 1 log >got
	"$PYTHON" -c '
import json
r = json.load(open("got"))["reports"]
assert (r[0]["name"], r[0]["rows"]) == ("url", [{"count": 1, "key": "/a/b.html"}]), r'
	wf --json -n 1 -e 'GET (\S+)' log >got
	"$PYTHON" -c '
import json
r = json.load(open("got"))["reports"]
assert (r[0]["name"], r[0]["rows"]) == ("match", [{"count": 1, "key": "/a/b.html"}]), r'
}

@test "several fields in tsv, csv and json: each is a column, or a member" {
	printf 'a,b;say "hi"\na,b;say "hi"\nc	d;e\\f\n' >table
	wf --tsv -d ';' -f 1,2 table >got
	printf 'count\t1\t2\n2\ta,b\tsay "hi"\n1\tc\\td\te\\\\f\n' | same - got
	wf --csv -d ';' -f 2,1 table >got
	printf 'count,2,1\r\n2,"say ""hi""","a,b"\r\n1,e\\f,c\td\r\n' | same - got
	wf --json -d ';' -f 1,2 table >got
	"$PYTHON" -c '
import json
r = json.load(open("got"))["reports"]
assert r == [{"name": "1,2", "matched": 3, "keys": 2, "rows": [
    {"count": 2, "key": {"1": "a,b", "2": "say \"hi\""}}, {"count": 1, "key": {"1": "c\td", "2": "e\\f"}}]}], r'
	wf --tsv -n 1 -f status,url log >got
	printf 'count\tstatus\turl\n1\t200\t/a/b.html\n' | same - got
	wf --json -n 1 -f status,url log >got
	"$PYTHON" -c '
import json
r = json.load(open("got"))["reports"][0]
assert (r["name"], r["rows"]) == ("status,url", [{"count": 1, "key": {"status": "200", "url": "/a/b.html"}}]), r'
}

@test "on a terminal: a header with the fields' names, safe keys" {
	export TERM=xterm
	LC_ALL=C.UTF-8 on_terminal "$WF" --progress=never --color=never -f status log >got
	cat got
	grep -q 'COUNT.*SHARE.*STATUS' got
	grep -qE '^ +2 +40\.00% .* 200$' got
	printf 'a\033[2J;b\302\233\nplain;c\n' >table
	LC_ALL=C.UTF-8 on_terminal "$WF" --progress=never --color=never -d ';' -f 1,2 table >got
	cat -v got
	[ "$(wc -l <got)" -eq 3 ]
	grep -qE 'a\\x1b\[2J.*b\\xc2\\x9b$' got
	grep -qE 'plain.*c$' got
	LC_ALL=C.UTF-8 on_terminal "$WF" --progress=never --color=never -f status,url log >got
	grep -qE 'COUNT.*SHARE.*STATUS.*URL' got
	for format in plain tsv csv json; do
		LC_ALL=C.UTF-8 on_terminal "$WF" --progress=never --format "$format" -d ';' -f 1,2 table >got
		lacks got $'\033'
	done
}

# Columns

@test "columns: runs of blanks, none before the first; what is not there is no value" {
	printf '%s\n' 'a b c' $'  a\t \tb  c  ' 'a b' a '' ' ' >table
	ranks -f 1 table <<<'      4 a'
	ranks -f 2 table <<<'      3 b'
	ranks -f 3,1 table <<<$'      2 c\ta'
	accounted 'lines 6, unmatched 6' -f 4 table
	accounted 'lines 6, matched 4, unmatched 2, keys 1' -f 1 table
	accounted 'lines 6, matched 2, unmatched 4, keys 1' -f 1,3 table
}

@test "columns: 0 is the whole line, empty too" {
	printf ' a  b \r\n\n a  b ' >table
	wf -n 0 -f 0 table >got
	printf '      2  a  b \n      1 \n' | same - got
	wf -n 0 -f 0,2 table >got
	printf '      2  a  b \tb\n' | same - got
	printf 'a;b\n' | wf -d ';' -f 0,2 >got
	printf '      1 a;b\tb\n' | same - got
}

@test "columns: quotes and brackets keep blanks, and are not part of it" {
	printf '%s\n' '"a b" [c d] e' '"a b"  [c d]	e' '"a"b c" [c]d e] e' '"" [] e' '"x\" y" [c] e' '"x\\" y z' >table
	ranks -f 1,2,3 table <<'END'
      2 a b	c d	e
      1 		e
      1 a"b c	c]d e	e
      1 x\" y	c	e
      1 x\\	y	z
END
}

@test "columns: a quote or bracket without an end is a letter as others" {
	printf '%s\n' '"a b c' '[a b c' '"a b"c d' '[a b]c d' 'a"b c" d' 'a[b c] d' '" b c' '"a b\" c' >table
	ranks -f 1,2 table <<'END'
      1 "	b
      1 "a	b
      1 "a	b"c
      1 "a	b\"
      1 [a	b
      1 [a	b]c
      1 a"b	c"
      1 a[b	c]
END
}

@test "columns: of an access log, the request and the agent are one each" {
	ranks -f 5,6 log <<'END'
      1 -	408
      1 GET /a/b.html HTTP/1.1	200
      1 GET /a/b.html?x=1&y=2 HTTP/1.1	200
      1 GET /missing.png HTTP/1.1	404
      1 POST /form HTTP/1.0	302
END
	ranks -f 9 log <<'END'
      2 Mozilla/5.0 (X11)
      2 curl/7.16.2
      1 -
END
}

@test "columns: cut at -d: each one counts, quotes mean nothing" {
	printf '%s\n' 'a,,b,' 'a,,b' '' ',' '"x,y",z' ' a , b ' >table
	ranks -d , -f 1 table <<'END'
      2 
      2 a
      1  a 
      1 "x
END
	ranks -d , -f 2 table <<'END'
      3 
      1  b 
      1 y"
END
	ranks -d, -f 4 table <<<'      1 '
	accounted 'lines 6, matched 1, unmatched 5, keys 1' --delimiter=, -f 4 table
}

@test "columns: any byte cuts, \\t too, and one above 127" {
	printf 'a b\tc\n' >table
	ranks -d '\t' -f 2 table <<<'      1 c'
	ranks -d $'\t' -f 1 table <<<'      1 a b'
	ranks -d ' ' -f 2 table <<<$'      1 b\tc'
	printf 'a\377b\r\n' >table
	ranks -d $'\377' -f 2,1 table <<<$'      1 b\ta'
	printf '1\\2\n' >table
	ranks -d '\' -f 2 table <<<'      1 2'
	printf 'a  b\n' >table
	ranks -d ' ' -f 3,2 table <<<$'      1 b\t'
}

@test "columns and names together" {
	ranks -f 1,url -g /form log <<<$'      1 192.0.2.2\t/form'
	printf '%s\n' 'not parsed' >>log
	accounted 'lines 6, matched 4, unmatched 1, unparsed 1, keys 4' -f 1,url log
	accounted 'lines 6, matched 6, keys 4' -f 1 log
}

@test "the account: unparsed does not fit, unmatched fits and has no such field" {
	printf '%s\n' 'not parsed' '' >>log
	accounted 'lines 7, matched 4, unmatched 1, unparsed 2, keys 4' log
	accounted 'lines 7, matched 5, unparsed 2, keys 4' -f status log
	accounted 'lines 7, matched 1, unparsed 1, filtered 5, keys 1' -g form -f url <(sed '1s/"//; 1s/$/ form/' log)
	wf -q --stats log 2>stats
	grep -qE '^wf: unparsed +2 ' stats
	grep -qE '^wf: unmatched +1 ' stats
}

@test "keys of 1 MB from a field" {
	{ printf 'h - - [17/Jun/2007:12:00:01 -0700] "GET /'; head -c 1000000 /dev/zero | tr '\0' a; printf ' HTTP/1.1" 200 1\n'; } >line
	[ "$(wf --log-format common -f status,url line | wc -c)" -eq $((1000001 + 8 + 4 + 1)) ]
	[ "$(wf -f 0 line | wc -c)" -eq $(($(wc -c <line) + 8)) ]
}

# Mistakes

@test "2: a name that the format has not, before anything is counted" {
	refused 'wf: *colour*' --log-format combined -f colour
	refused 'wf: *colour*' --log-format combined -f url,colour
	refused 'wf: *agent*' --log-format common -f agent
	refused 'wf: *host*' --log-format combined -w host=x
	refused 'wf: *colour*' --log-format nginx_main -s colour
	run -2 --separate-stderr wf -f colour log
	[ "$output" = "" ]
	says 'wf: *colour*'
	run -2 --separate-stderr bash -c 'cat log | "$0" -f colour' "$WF"
	[ "$output" = "" ]
	says 'wf: *colour*'
	cut -d' ' -f1-10 log >common
	run -2 --separate-stderr wf -f agent log common
	[ "$output" = "" ]
	says 'wf: *agent*'
	run -2 --separate-stderr wf -f .url log
	[ "$output" = "" ]
}

@test "2: lists that are none" {
	for bad in '' , 'url,' ',url' 'url,,status' 'url,url' 'status,url,status' '1,1' '0,0'; do
		refused 'wf: -f: ?*' --log-format combined -f "$bad"
		refused 'wf: --fields: ?*' --log-format combined --fields="$bad"
	done
	refused 'wf: -f: ?*' -f 99999999999999999999
	refused 'wf: -f: *' -f url -f status
}

@test "2: -k and -f, -k without -e" {
	refused 'wf: -k: ?*' -f url -e '(x)' -k '$1'
	refused 'wf: -k: ?*-e*' -f url -k '$1'
}

@test "2: delimiters that are none, or are for nothing" {
	refused 'wf: -d: ?*' -d '' -f 1
	refused 'wf: -d: ?*' -d ab -f 1
	refused 'wf: -d: ?*' -d '\x' -f 1
	refused 'wf: -d: ?*' -d $'\303\251' -f 1
	refused 'wf: -d: ?*' -d ,
	refused 'wf: -d: ?*' -d , -f url
	refused 'wf: *-d*: ?*' -e x --delimiter ,
	printf 'a,b\n' >table
	run -0 wf -d , -e . -w 2=b table
	run -0 wf -d , -f 1 table
	run -0 wf -d , -e . -s 1 table
}

@test "blanks before a line are no part of its first field" {
	head -n 3 "$SAMPLE" | cut -d' ' -f1 >expected
	for before in '' ' ' '\t' ' \t ' '\t\t'; do
		head -n 3 "$SAMPLE" | sed "s/^/$before/" >blanks.log
		for fields in client client,status; do
			wf -n 0 --tsv -f $fields blanks.log | tail -n +2 | cut -f2 | sort | same <(sort expected) -
		done
	done
}

@test "@host: of lines of a format, as other names; with columns and patterns of any text" {
	printf 'one\ntwo\none\n' >log
	wf --tsv -f @host,0 log | same <(printf 'count\t@host\t0\n2\t%s\tone\n1\t%s\ttwo\n' "$(uname -n)" "$(uname -n)") -
	printf '192.0.2.1 - - [17/Jun/2007:12:00:01 -0700] "GET /a HTTP/1.1" %s 5\n' 200 200 404 >access.log
	echo 'not such a line' >>access.log
	for fields in @host @host,client client,@host; do
		wf --json -f $fields access.log 2>/dev/null | grep -F '"matched":3,"unmatched":0,"unparsed":1,'
	done
	wf -f @host access.log 2>/dev/null | same <(printf '      3 %s\n' "$(uname -n)") -
	wf -e . -w "@host=$(uname -n)" log | same <(wf -e . log) -
	run -2 wf -f @host log
}

@test "a name that no line of JSON has is told: it changes the numbers" {
	printf '{"status":200,"url":"/a"}\n{"status":404,"url":"/b","rare":1}\n' >log
	wf --tsv -w 'stauts!=200' log 2>errors
	[ "$(cat errors)" = "wf: log: none of its first lines has a field 'stauts' (did you mean 'status'?)" ]
	wf -s byts log 2>errors
	[ "$(cat errors)" = "wf: log: none of its first lines has a field 'byts' (did you mean 'bytes'?)
wf: the sum of 'byts' is 0" ]
	run --separate-stderr wf -f clinet log
	[ "$stderr" = "wf: no line has a value for 'clinet' (did you mean 'client'?)" ]
	# Without a similar name, the names that lines have are listed.
	run --separate-stderr wf -w 'port>80' log
	[ "$stderr" = "wf: log: none of its first lines has a field 'port'; they have url status (see --explain)" ]
	run -1 --separate-stderr wf -f client log
	[ "$stderr" = "wf: no line has a value for 'client' (2 lines read); they have url status (see --explain)" ]
	printf 'status:200\tx.y:1\n' >ltsv
	run -1 --separate-stderr wf ltsv
	[ "$stderr" = "wf: no line has a value for 'url' (1 line read); they have status x.y (see --explain)" ]
	# One of them is enough.
	run --separate-stderr wf -w 'rare=1' -f status log
	[ "$output$stderr" = '      1 404' ]
}

@test "FIELD/WHAT: a value that is made from the value of a field" {
	ranks -f path/1 log <<'END'
      2 /a
      1 /form
      1 /missing.png
END
	ranks -f client/24 log <<'END'
      4 192.0.2.0/24
      1 2001:db8::/64
END
	ranks -f 'url/?y,referrer/host/lower' -w status=200 log <<'END'
      1 -	www.example.org
      1 2	www.example.org
END
	printf 'user 17 logged in\nuser 18 logged in\nuser eve logged in\n' >lines
	ranks -f 0/fold lines <<'END'
      2 user {n} logged in
      1 user eve logged in
END
	ranks -d ' ' -f 2/fold -w '3~^logged' lines <<'END'
      2 {n}
      1 eve
END
	for i in 1 2; do
		echo '{"status":200,"app":"http://H/","app/name":"a","app/ext":"b"}'
	done >json
	ranks -f app/host/lower,app/name,app/ext json <<'END'
      2 h	a	b
END
	run --separate-stderr wf -f url/pth log
	[ "$status" -eq 2 ]
	[[ $stderr == "wf: -f: 'url/pth': there is no 'pth' of url (did you mean 'path'?); after the slash, write one of path query "* ]]
	run --separate-stderr wf -f bytes/host log
	[ "$status" -eq 2 ]
	[ "$stderr" = "wf: -f: 'bytes/host': there is no 'host' of bytes; after the slash, write one of N 1K log first last fold lower" ]
}

@test "FIELD/WHAT: ranges of numbers, in the order of the numbers" {
	printf '%s\n' 12ms 0.049 0.05 1.5s - 0 x 100us >times
	ranks --order key -n 0 -f 1/50ms times <<'END'
      2 -
      4 0..50ms
      1 50ms..100ms
      1 1500ms..1550ms
END
	ranks --order last -n 2 -f 1/log times <<'END'
      1 0.05..0.1
      1 1..2
END
	wf -f class log >expected
	wf -f status/100 log | same expected -
	# A snapshot is of the same ranges, or of others.
	wf -f 1/50ms --save a.wfs times
	wf -f 1/0.05s --save b.wfs times
	run --separate-stderr wf --merge a.wfs b.wfs
	[ "$status" -eq 2 ]
	[ "$stderr" = "wf: b.wfs: counts 1/0.05s, but a.wfs counts 1/50ms" ]
}

@test "FIELD/WHAT: what a bare number means without a known kind depends on the value" {
	printf '%s\n' 1234 192.0.2.17 /a/b/c word - >mixed
	ranks --order key -f 1/24 mixed <<'END'
      1 -
      1 /a/b/c
      1 192.0.2.0/24
      1 word
      1 1224..1248
END
}

@test "FIELD/WHAT: browsers, systems, devices and bots" {
	printf '%s\n' 'Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0' \
		'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)' \
		curl/7.88.1 curl/8.0 - >agents
	ranks -f 0/browser,0/os,0/device agents <<'END'
      3 -	-	bot
      1 -	-	-
      1 Firefox	Linux	desktop
END
	ranks -f 0/bot -w 0/bot!=- agents <<'END'
      2 curl
      1 Googlebot
END
	ranks -f agent/browser -w agent/device=desktop log <<'END'
      2 -
END
	ranks -f agent/bot log <<'END'
      3 -
      2 curl
END
}

@test "a column of a number that no line has, with -d and without: none, at once" {
	for number in 99 999999999; do
		run -1 timeout 10 "$WF" -q -d ';' -f "$number" "$SAMPLE"
		[ "$output" = "" ]
		run -1 timeout 10 "$WF" -q -f "$number" "$SAMPLE"
		[ "$output" = "" ]
	done
	printf 'a;b\nc\n' >log
	timeout 10 "$WF" -n 0 -d ';' -f 1 -w '999999999!=x' log >got
	printf '      1 a\n      1 c\n' | same - got
}
