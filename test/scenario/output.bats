#!/usr/bin/env bats
# What is written into a pipe or file.  Keys are an attacker's text; scripts read it.

load helper

# Keys that break a careless format, each a line of its own; one key comes twice.
hostile_keys() {
	"$PYTHON" - <<'PY' >keys
import sys
keys = [b'plain', b'', b' ', b'  two blanks', b'trailing ', b'a,b', b'"', b'""', b'say "hi", she said', b'\t',
    b'a\tb', b'a\\tb', b'a\\', b'\\n', b'a\rb', b'\r\rx', b'x\r\r', b'a\x00', b'a\x00b', b'\x1b[31mred', b'\x7f',
    b'\xff', b'\xfe\xff', b'\xc3', b'\xc3\xa9', b'\xc0\xaf', b'\xed\xa0\x80', b'\xf4\x90\x80\x80', b'\xf0\x9f\x98',
    b'\xf0\x9f\x98\x80', b'\xe2\x80\xaegnp.exe', b'\xc2\x9b31m', b'\x9b31m', b'\xef\xbb\xbfbom', b'=1+1', b"'",
    b'{"a":1}', b'</script>', b'%s%n', b'count,key', b'\xe1\x80\xc3\xa9\xf1\x80\x80', b'A' * 70000]
sys.stdout.buffer.write(b'\n'.join(keys + [b'plain']) + b'\n')
PY
}

@test "into a pipe: byte for byte what grep | sort | uniq -c | sort -nr gives (Wide Finder 1)" {
	grep -oP "$WF1" "$SAMPLE" | sed -E 's/^.*x\///; s/ $//' | ranked >expected
	[ "$(wc -l <expected)" -gt 50 ]
	wf -n 0 -e "$WF1" "$SAMPLE" | cat >got
	same expected got
}

@test "ten rows unless asked otherwise, and -n N is the head of -n 0" {
	wf -n 0 "$SAMPLE" >all
	wf "$SAMPLE" >ten
	wf -n 37 "$SAMPLE" >some
	wf -n 99999999 "$SAMPLE" >more
	head -10 all | same - ten
	head -37 all | same - some
	same all more
}

@test "counts of more than seven digits push the key to the right and are not cut" {
	lines_of 12345678 y | wf -e y >got
	printf '12345678 y\n' | same - got
}

@test "ties: bytewise by key as unsigned bytes, a prefix before what extends it" {
	printf '%s\n' b $'\377' a ab 'a ' $'a\001' '' Z $'\303\251' >keys
	wf -n 0 -e '.*' keys >got
	printf '      1 %s\n' '' Z a $'a\001' 'a ' ab b $'\303\251' $'\377' | same - got
}

@test "into a file: the same as into a pipe" {
	wf "$SAMPLE" >in-file
	wf "$SAMPLE" | cat >in-pipe
	same in-file in-pipe
}

@test "hostile keys: plain is raw; tsv, csv and json say the same to their readers" {
	hostile_keys
	for format in plain tsv csv json; do
		wf -n 0 -e '(?s).*' --format "$format" keys >"got.$format"
	done
	"$PYTHON" - <<'PY'
import collections, csv, io, json, re
lines = open('keys', 'rb').read().split(b'\n')[:-1]
lines = [l[:-1] if l.endswith(b'\r') else l for l in lines]
count = collections.Counter(lines)
expected = sorted(((n, k) for k, n in count.items()), key=lambda row: (-row[0], row[1]))
assert len(expected) > 38

read = lambda name: open(name, 'rb').read()
assert read('got.plain') == b''.join(b'%7d %s\n' % row for row in expected), 'plain'

rows = read('got.tsv').split(b'\n')
assert rows.pop() == b'' and rows.pop(0) == b'count\tkey', 'tsv header'
unescape = {b'\\\\': b'\\', b'\\t': b'\t', b'\\n': b'\n', b'\\r': b'\r'}
tsv = []
for row in rows:
    n, key = row.split(b'\t')
    assert b'\r' not in key
    tsv.append((int(n), re.sub(rb'\\(.)', lambda m: unescape[m[0]], key, flags=re.S)))
assert tsv == expected, 'tsv'

# NULs are no business of RFC 4180, and Python 3.10 can't read them.
text = read('got.csv').replace(b'\x00', b'NUL').decode('latin-1')
rows = list(csv.reader(io.StringIO(text, newline=''), strict=True))
assert rows.pop(0) == ['count', 'key'], 'csv header'
assert [(int(n), key.encode('latin-1')) for n, key in rows] == \
    [(n, k.replace(b'\x00', b'NUL')) for n, k in expected], 'csv'
assert read('got.csv').startswith(b'count,key\r\n2,plain\r\n'), 'csv line ends'

got = json.loads(read('got.json').decode('utf-8'))
assert [(r['count'], r['key']) for r in got['reports'][0]['rows']] == \
    [(n, k.decode('utf-8', 'replace')) for n, k in expected], 'json'
assert got['account'] == {'bytes': len(read('keys')), 'lines': len(lines), 'matched': len(lines), 'unmatched': 0,
    'unparsed': 0, 'filtered': 0, 'given_up': 0, 'not_numbers': 0, 'keys': len(expected)}, got['account']
PY
}

@test "--tsv, --csv, --json, --html are --format tsv, csv, json, html; the last one counts" {
	for format in tsv csv json html; do
		wf "--$format" "$SAMPLE" >short
		wf --format "$format" "$SAMPLE" >long
		wf --csv --tsv --format plain "--$format" "$SAMPLE" >last
		same short long
		same short last
	done
}

@test "--json repeats the query, also a hostile one" {
	wf --json -i -e $'("\\\\|\377)|GET' -k $'<$0>\t' -g 'a"b|.' -g G -v $'\001' "$SAMPLE" >got
	"$PYTHON" - <<'PY'
import json
q = json.loads(open('got', 'rb').read().decode())['query']
expected = {'regexp': '("\\\\|\ufffd)|GET', 'only_matching': False, 'patterns': [], 'sub': [], 'key': '<$0>\t', 'ignore_case': True, 'grep': ['a"b|.', 'G'],
    'vgrep': ['\x01']}
assert expected.items() <= q.items(), q
PY
}

@test "nothing matched: machine formats are whole nevertheless" {
	run -1 wf --json -e NEVER "$SAMPLE"
	"$PYTHON" -c 'import json,sys; assert json.loads(sys.argv[1])["reports"][0]["rows"] == []' "$output"
	run -1 wf --tsv -e NEVER "$SAMPLE"
	[ "$output" = $'count\tkey' ]
	run -1 wf --csv -e NEVER "$SAMPLE"
	[ "$output" = $'count,key\r' ]
	run -1 wf -e NEVER "$SAMPLE"
	[ "$output" = "" ]
}

@test "-q: nothing on stdout, in every format; the status tells" {
	for format in plain table tsv csv json html; do
		run -0 --separate-stderr wf -q --format "$format" "$SAMPLE"
		[ "$output$stderr" = "" ]
		run -1 --separate-stderr wf -q --format "$format" -e NEVER "$SAMPLE"
		[ "$output$stderr" = "" ]
	done
}

@test "no colour goes into a pipe unless it is asked for" {
	wf --format table "$SAMPLE" >plain
	lacks plain $'\033'
	NO_COLOR=1 wf --format table --color=always "$SAMPLE" >color
	grep -q $'\033\[' color
	sed 's/\x1b\[[0-9;]*m//g' color | same - plain
	for format in plain tsv csv json html; do
		wf --color=always --format "$format" "$SAMPLE" >got
		lacks got $'\033'
	done
}

@test "a closed pipe ends it quietly, whether SIGPIPE kills or is ignored" {
	"$TREE/data/mklog" -n 60000 -u 60000 --uniform >many.log
	for ignored in '' 'trap "" PIPE;'; do
		bash -c "$ignored"' "$0" -n 0 many.log 2>errors; echo $? >status' "$WF" | head -1 >got
		[ "$(wc -l <got)" -eq 1 ]
		same /dev/null errors
		until_true test -s status
		[[ "$(cat status)" =~ ^(0|141)$ ]]
	done
}

@test "a full disk is an error, in every format" {
	for format in plain table tsv csv json html; do
		run -2 --separate-stderr bash -c '"$0" --format "$1" "$2" >/dev/full' "$WF" "$format" "$SAMPLE"
		says 'wf: standard output: No space left on device'
	done
}

@test "a full disk is an error for --help and --version too, and said" {
	for option in --help --version; do
		run -2 --separate-stderr bash -c '"$0" "$1" >/dev/full' "$WF" "$option"
		says 'wf: standard output: No space left on device'
	done
}
