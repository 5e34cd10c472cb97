#!/usr/bin/env bats
# The HTML report as a text: whole, well-formed, the same numbers as the other formats, and nothing in it that a log
# has made.  What it does in a browser is tried by test/page/check.js.

load helper

setup_file() {
	"$PYTHON" "$BATS_TEST_DIRNAME/../page/hostile.py" >"$BATS_FILE_TMPDIR/keys"
}

# Run Python code that reads the page "got" as page; see test/page/reading.py.
reading() {
	PYTHONPATH=$TREE/test/page "$PYTHON" -c 'import json, reading
page = reading.read("got")
'"$1"
}

@test "every query gives a well-formed page that is whole by itself" {
	queries=('' '-f status,url' '-f client -s bytes' '-e GET.(\S+)' "-e (\S+).*(GET) -k \$1=\$2" '-n 0 -f hour --order key'
		'-r overview' '-r wf2' '-w status=404' '-e NEVER' '-n 0' '-f day')
	for query in "${queries[@]}"; do
		# shellcheck disable=SC2086
		ends $([[ $query != *NEVER* ]]; echo $?) wf $query --html "$SAMPLE" >got
		reading 'page.check()'
		[ "$(grep -cE '(src|href|action)="[^#]|url\(|@import|style="| on[a-z]+="' got)" -eq 0 ]
	done
	wf --format html <"$SAMPLE" >got
	reading 'page.check(); assert page.h1 == "standard input", page.h1'
}

@test "-r overview: the same names, numbers and keys as in JSON, each ranking a table with a caption" {
	wf --json -r overview "$SAMPLE" >json
	wf --html -r overview "$SAMPLE" >got
	reading '
expected = json.load(open("json"))
tables = {t.name: t for t in page.rankings}
assert len(tables) == 7
for r in expected["reports"]:
    table = tables[r["name"]]
    assert [(int(count.replace(",", "")), key) for key, count, share in table.rows] == \
        [(row["count"], row["key"]) for row in r["rows"]], r["name"]
    assert [share for _, _, share in table.rows] == \
        ["%.2f%%" % (100 * row["count"] / r["matched"]) for row in r["rows"]], r["name"]
    assert table.columns == [r["fields"][0], "count", "share"], table.columns
    shown = "{:,} of {:,}".format(len(r["rows"]), r["keys"]) if len(r["rows"]) < r["keys"] else "{:,} row{}".format(r["keys"], "" if r["keys"] == 1 else "s")
    assert shown + "; percentages of {:,}".format(r["matched"]) in table.caption, table.caption
assert page.figures["Requests"] == "2,000" and page.figures["Unparsed"] == "0", page.figures
assert page.figures["Sent"] == "32.8 MB" and page.figures["Time"] == "32 min 57 s", page.figures
assert page.figures["Rate"] == "1.01 a second", page.figures
assert dict(row[:2] for row in page.account.rows) == {"matched": "2,000", "unmatched": "0", "unparsed": "0",
    "filtered": "0", "given up": "0"}, page.account.rows'
}

@test "several fields and a sum: a column each, in the order of the sum" {
	printf '%s\n' 'a x 1.5' 'a x 2' 'b y -7' 'c z 1234567' >log
	wf -f 1,2 -s 3 --html log >got
	reading '
[table] = page.rankings
assert table.columns == ["1", "2", "sum of 3", "count", "share"], table.columns
assert table.rows == [["c", "z", "1,234,567", "1", "100.00%"], ["a", "x", "3.5", "2", "0.00%"],
    ["b", "y", "-7", "1", "-0.00%"]], table.rows
assert table.sorted == {"sum of 3": "descending"}, table.sorted'
	wf -f 1 --order key --html log >got
	reading 'assert page.rankings[0].sorted == {"1": "ascending"}'
}

@test "the account is that of all lines, also where those without the pattern's literal are passed over" {
	wf -e 'GET /wiki/(\S+)' --json "$SAMPLE" >json
	wf -e 'GET /wiki/(\S+)' --html "$SAMPLE" >got
	reading '
account = json.load(open("json"))["account"]
got = {name: int(n.replace(",", "")) for name, n, *_ in page.account.rows}
assert got["unmatched"] == account["unmatched"] > 0 and account["lines"] == 2000, got
assert sum(got.values()) == 2000'
}

@test "hostile keys: nothing but text gets into the page, and all of it can be read" {
	wf -n 0 -e '(?s).*' --html "$BATS_FILE_TMPDIR/keys" >got
	reading '
import collections
page.check()
keys = open("'"$BATS_FILE_TMPDIR"'/keys", "rb").read().split(b"\n")[:-1]
expected = collections.Counter(map(reading.shown, (k[:-1] if k.endswith(b"\r") else k for k in keys)))
got = collections.Counter()
for key, count, share in page.rankings[0].rows:
    got[key] += int(count.replace(",", ""))
assert got == expected, (got - expected, expected - got)
assert len(got) > 60
assert page.tags <= reading.TAGS, page.tags - reading.TAGS'
}

@test "hostile names of files, sets and sections, conditions and patterns are text, too" {
	name=$'<script>"\'&\e.log'
	cp "$SAMPLE" "$name"
	printf '[<b onclick="x">]\nfields = url\nwhere = url!=<i>"\n[</script><script>]\nregexp = (<s>|GET)\n' >'<set>&"'
	wf --reports '<set>&"' --html -w $'agent!=<u a="\e">' -g 'GET|"<u>' "$name" >got
	reading '
page.check()
assert page.tags <= reading.TAGS, page.tags - reading.TAGS
assert page.h1 == r"""<script>"'"'"'&\x1b.log""", page.h1
assert page.title == r"""<set>&" of <script>"'"'"'&\x1b.log""", page.title
assert [t.name for t in page.rankings] == ["<b onclick=\"x\">", "</script><script>"], page.rankings
for asked in (r"""agent!=<u a="\x1b">""", "GET|\"<u>", "url!=<i>\"", "(<s>|GET)"):
    assert asked in page.asked, (asked, page.asked)'
}

@test "the policy lets run what is in the page, and nothing else" {
	wf -r overview --html "$SAMPLE" >got
	reading '
import base64, hashlib
sha = lambda text: "\x27sha256-%s\x27" % base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
assert page.policy == {"default-src": ["\x27none\x27"], "script-src": [sha(page.script)],
    "style-src": [sha(page.style)], "base-uri": ["\x27none\x27"], "form-action": ["\x27none\x27"],
    "require-trusted-types-for": ["\x27script\x27"]}, page.policy
assert page.script == open("'"$TREE"'/report/page/page.js").read()
assert page.style == open("'"$TREE"'/report/page/page.css").read()
# The policy stands before all that it is about.
assert page.text.index("Content-Security-Policy") < min(page.text.index("<title"), page.text.index("<style"))'
}

@test "hits over time: a bar for each hour, those without hits too" {
	for line in '01:05 a' '01:59 b' '02:00 c' '05:30 d' '05:31 e' '05:32 f' '05:33 g'; do
		echo "192.0.2.1 - - [17/Jun/2007:${line% *}:00 -0700] \"GET /${line#* } HTTP/1.1\" 200 ${line:0:2}"
	done >log
	wf -r overview --html log >got
	reading '
assert page.bars == ["2007-06-17T01: 2", "2007-06-17T02: 1", "2007-06-17T03: 0", "2007-06-17T04: 0",
    "2007-06-17T05: 4"], page.bars
assert [float(h) for h in page.heights] == [50, 25, 0, 0, 100], page.heights'
	wf -f hour -s bytes --order key --html log >got
	reading 'assert page.bars[0] == "2007-06-17T01: 2" and page.bars[4] == "2007-06-17T05: 20", page.bars'
	# All in the order of their counts are all; the first three are not what lies between them.
	wf -f hour --html log >got
	reading 'assert len(page.bars) == 5'
	wf -f hour -n 2 --html log >got
	reading 'assert page.bars == []'
	wf -f hour -n 2 --order last --html log >got
	reading 'assert len(page.bars) == 4 and "The last 2 of 3, from 2007-06-17T02 to 2007-06-17T05" in page.text'
	# Years apart: fewer bars, and the counts still add up.
	sed '1s/2007/1999/' log >far
	wf -f hour -n 0 --html far >got
	reading 'assert len(page.bars) <= 240 and sum(int(b.split(": ")[1]) for b in page.bars) == 7, page.bars'
}

@test "on a terminal without UTF-8 the page is ASCII, and has no byte that could do anything there" {
	LC_ALL=C on_terminal "$WF" -n 0 -e '(?s).*' --html "$BATS_FILE_TMPDIR/keys" >got
	lacks got -P '[^\t\r\x20-\x7e]'
	grep -q '^</html>' got
}

@test "the page without its data is small" {
	ends 1 wf -e NEVER --html "$SAMPLE" >got
	reading 'page.check()'
	[ "$(wc -c <got)" -lt 60000 ]
}
