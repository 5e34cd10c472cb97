#!/usr/bin/env bats
# Several rankings in one pass: the overview, Wide Finder 2, sets of one's own; what was left out, and why.

load helper

# Two days of a small log: eight lines fit, one is broken.
make_files() {
	cat >log <<'END'
192.0.2.1 - - [17/Jun/2007:12:00:01 -0700] "GET /a HTTP/1.1" 200 100 "http://example.net/x" "Mozilla/5.0"
192.0.2.1 - - [17/Jun/2007:12:00:02 -0700] "GET /b HTTP/1.1" 200 20 "http://example.net/y" "Mozilla/5.0"
192.0.2.2 - - [17/Jun/2007:13:00:00 -0700] "GET /a HTTP/1.1" 304 - "-" "curl/7.16.2"
192.0.2.2 - - [17/Jun/2007:11:59:59 -0700] "GET /gone HTTP/1.1" 404 7 "http://example.com/" "curl/7.16.2"
192.0.2.3 - - [17/Jun/2007:13:59:59 -0700] "GET /gone HTTP/1.1" 404 7 "-" "-"
broken
192.0.2.3 - - [18/Jun/2007:00:00:00 -0700] "-" 408 0 "-" "-"
192.0.2.1 - - [18/Jun/2007:00:00:01 -0700] "GET /a HTTP/1.1" 200 100 "-" "Mozilla/5.0"
192.0.2.4 - - [17/Jun/2007:13:30:00 -0700] "GET /wp.php HTTP/1.1" 404 7 "-" "scanner"
END
}

# Read the JSON file "got" as a; check what stands behind.
json() {
	"$PYTHON" -c '
import json
a = json.load(open("got", encoding="utf-8"))
rankings = {r["name"]: [(row["count"], row["key"]) for row in r["rows"]] for r in a["reports"]}
'"$1"
}

@test "-r overview, json: totals and seven rankings" {
	wf --json -r overview log >got
	json '
assert a["totals"] == {"requests": 8, "bytes": 241, "unparsed": 1, "from": "2007-06-17T11:59:59",
    "to": "2007-06-18T00:00:01"}, a["totals"]
assert list(rankings) == ["URLs", "Clients", "Status", "Referrer sites", "Agents", "Not found", "Hits per hour"], rankings
assert rankings["URLs"] == [(3, "/a"), (2, "/gone"), (1, "/b"), (1, "/wp.php")], rankings
assert rankings["Clients"] == [(3, "192.0.2.1"), (2, "192.0.2.2"), (2, "192.0.2.3"), (1, "192.0.2.4")], rankings
assert rankings["Status"] == [(3, "200"), (3, "404"), (1, "304"), (1, "408")], rankings
assert rankings["Referrer sites"] == [(2, "example.net"), (1, "example.com")], rankings
assert rankings["Agents"] == [(3, "Mozilla/5.0"), (2, "-"), (2, "curl/7.16.2"), (1, "scanner")], rankings
assert rankings["Not found"] == [(2, "/gone"), (1, "/wp.php")], rankings
assert rankings["Hits per hour"] == [(1, "2007-06-17T11"), (2, "2007-06-17T12"), (3, "2007-06-17T13"),
    (2, "2007-06-18T00")], rankings
assert [(r["matched"], r["keys"]) for r in a["reports"]] == [(7, 4), (8, 4), (8, 4), (3, 2), (8, 4), (3, 2), (8, 4)], a
del a["account"]["bytes"]
assert a["account"] == {"lines": 9, "matched": 8, "unmatched": 0, "unparsed": 1, "filtered": 0, "given_up": 0,
    "not_numbers": 0, "keys": 24}, a["account"]'
}

@test "-r overview, plain: totals, then each ranking under its name" {
	wf -r overview log >got
	cat got
	blank=$(grep -n -m 1 '^$' got | cut -d: -f1)
	head -"$blank" got >totals
	grep -qi 'requests.* 8$' totals
	grep -qi 'bytes.* 241$' totals
	grep -qi 'unparsed.* 1$' totals
	grep -qi 'from.* 2007-06-17T11:59:59$' totals
	grep -qi 'to.* 2007-06-18T00:00:01$' totals
	tail -n +$((blank + 1)) got | same <(cat <<'END'
URLs
      3 /a
      2 /gone
      1 /b
      1 /wp.php

Clients
      3 192.0.2.1
      2 192.0.2.2
      2 192.0.2.3
      1 192.0.2.4

Status
      3 200
      3 404
      1 304
      1 408

Referrer sites
      2 example.net
      1 example.com

Agents
      3 Mozilla/5.0
      2 -
      2 curl/7.16.2
      1 scanner

Not found
      2 /gone
      1 /wp.php

Hits per hour
      1 2007-06-17T11
      2 2007-06-17T12
      3 2007-06-17T13
      2 2007-06-18T00
END
	) -
	wf --report overview log | same got -
}

@test "-r overview: tsv and csv of several rankings" {
	wf -r overview -n 1 --tsv log | grep -v '^totals' >got
	{
		printf 'report\tcount\tsum\tkey\nURLs\t3\t\t/a\nClients\t3\t\t192.0.2.1\nStatus\t3\t\t200\n'
		printf 'Referrer sites\t2\t\texample.net\nAgents\t3\t\tMozilla/5.0\nNot found\t2\t\t/gone\n'
		printf 'Hits per hour\t2\t\t2007-06-18T00\n'
	} | same - got
	wf -r overview -n 1 --csv log | grep -v '^totals' >got
	{
		printf 'report,count,sum,key\r\nURLs,3,,/a\r\nClients,3,,192.0.2.1\r\nStatus,3,,200\r\n'
		printf 'Referrer sites,2,,example.net\r\nAgents,3,,Mozilla/5.0\r\nNot found,2,,/gone\r\n'
		printf 'Hits per hour,2,,2007-06-18T00\r\n'
	} | same - got
}

@test "-r overview on a terminal: a table for each ranking" {
	export TERM=xterm
	LC_ALL=C.UTF-8 on_terminal "$WF" --progress=never --color=never -r overview log >got
	cat got
	for name in URLs Clients Status 'Referrer sites' Agents 'Not found' 'Hits per hour'; do
		grep -q "$name" got
	done
	grep -qE '^ +3 +42\.86% .* /a$' got # of seven with a URL
	grep -qE '^ +2 +66\.67% .* example\.net$' got
}

@test "-r overview: -w, -g, -v and -n are for all of it" {
	wf --json -r overview -w status=404 -v scanner -n 1 log >got
	json '
assert a["totals"] == {"requests": 2, "bytes": 14, "unparsed": 1, "from": "2007-06-17T11:59:59",
    "to": "2007-06-17T13:59:59"}, a["totals"]
assert rankings["URLs"] == rankings["Not found"] == [(2, "/gone")], rankings
assert rankings["Clients"] == [(1, "192.0.2.2")], rankings
assert rankings["Hits per hour"] == [(1, "2007-06-17T13")], rankings'
	wf --json -r overview -v broken log >got
	json 'assert a["totals"]["unparsed"] == 0 and a["account"]["filtered"] == 1, a'
	wf --json -r overview -g broken log >got || [ $? -eq 1 ]
	json '
assert a["totals"] == {"requests": 0, "bytes": 0, "unparsed": 1, "from": None, "to": None}, a["totals"]
assert not any(rankings.values()), rankings'
}

@test "-r overview: a format that lacks fields leaves those rankings empty; formats may be mixed" {
	cut -d' ' -f1-10 log >common
	sed -i 's/ "-"$//' common
	wf --json -r overview common >got
	json '
assert rankings["Agents"] == rankings["Referrer sites"] == [], rankings
assert rankings["URLs"] == [(3, "/a"), (2, "/gone"), (1, "/b"), (1, "/wp.php")], rankings
assert a["totals"]["bytes"] == 241, a'
	printf '{"url":"/a","status":200,"bytes":9,"time":"2007-06-19T01:00:00Z","user_agent":"json"}\n{"msg":"hi"}\n' >json
	wf --json -r overview log json >got
	json '
assert a["totals"] == {"requests": 10, "bytes": 250, "unparsed": 1, "from": "2007-06-17T11:59:59",
    "to": "2007-06-19T01:00:00"}, a["totals"]
assert rankings["URLs"][0] == (4, "/a"), rankings
assert rankings["Hits per hour"][-1] == (1, "2007-06-19T01"), rankings
assert a["account"]["unmatched"] == 1, a'
}

@test "-r overview: the last 24 hours that occur; -n overrides" {
	for day in 01 02; do
		for hour in {10..29}; do
			[ "$hour" -gt 23 ] ||
				echo "h - - [$day/Jun/2007:$hour:00:00 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"-\""
		done
	done >hours
	wf --json -r overview hours >got
	json '
keys = [k for n, k in rankings["Hits per hour"]]
assert len(keys) == 24 and keys[0] == "2007-06-01T14" and keys[-1] == "2007-06-02T23" and keys == sorted(keys), keys'
	wf --json -r overview -n 2 hours >got
	json 'assert [k for n, k in rankings["Hits per hour"]] == ["2007-06-02T22", "2007-06-02T23"], rankings'
	wf --json -r overview -n 0 hours >got
	json 'assert len(rankings["Hits per hour"]) == 28, rankings'
}

@test "-r overview: the same whatever the workers and chunks" {
	"$TREE/data/mklog" -n 3000 --hostile >hostile.log
	wf --json -r overview hostile.log >expected
	for jobs in 1 3; do
		for size in 500 10K 1M; do
			wf --json -r overview -j "$jobs" --chunk-size "$size" hostile.log | same expected -
		done
	done
}

# Wide Finder 2

wf2_log() {
	cat <<'END'
192.0.2.1 - - [17/Jun/2007:12:00:01 -0700] "GET /ongoing/When/200x/2007/06/17/Web HTTP/1.1" 200 1048576 "http://www.example.org/" "Mozilla"
192.0.2.1 - - [17/Jun/2007:12:00:02 -0700] "GET /ongoing/When/200x/2007/06/17/Web HTTP/1.1" 304 - "-" "Mozilla"
192.0.2.2 - - [17/Jun/2007:12:00:03 -0700] "GET /ongoing/When/200x/2007/06/18/Other HTTP/1.1" 200 524288 "http://www.tbray.org/ongoing/" "Mozilla"
192.0.2.2 - - [17/Jun/2007:12:00:04 -0700] "GET /ongoing/When/200x/2007/06/18/pic.png HTTP/1.1" 200 2097152 "http://www.example.org/" "Mozilla"
192.0.2.3 - - [17/Jun/2007:12:00:05 -0700] "GET /missing HTTP/1.1" 404 300 "-" "Mozilla"
192.0.2.3 - - [17/Jun/2007:12:00:06 -0700] "POST /ongoing/When/200x/2007/06/17/Web HTTP/1.1" 200 99 "-" "Mozilla"
192.0.2.3 - - [17/Jun/2007:12:00:07 -0700] "GET /ongoing/When/200x/2007/06/17/Web HTTP/1.1" 500 99 "-" "Mozilla"
192.0.2.3 - - [17/Jun/2007:12:00:08 -0700] "GET /ongoing/When/200x/2007/06/17/A-title-of-which-there-is-more-than-a-row-holds HTTP/1.1" 200 - "http://www.example.net/a" "Mozilla"
short "GET
END
}

@test "-r wf2: Wide Finder 2's five rankings, as it prints them" {
	wf2_log >log
	wf -r wf2 log >got
	cat >expected <<'END'
3 resources, 1 404s, 3 clients

Top URIs by hit:
          2: /ongoing/When/200x/2007/06/17/Web
          1: /ongoing/When/200x/2007/06/17/A-title-of-which-there-is-more...
          1: /ongoing/When/200x/2007/06/18/Other

Top URIs by bytes:
       2.0M: /ongoing/When/200x/2007/06/18/pic.png
       1.0M: /ongoing/When/200x/2007/06/17/Web
       0.5M: /ongoing/When/200x/2007/06/18/Other
       0.0M: /ongoing/When/200x/2007/06/17/A-title-of-which-there-is-more...

Top 404s:
          1: /missing

Top client addresses:
          2: 192.0.2.1
          1: 192.0.2.2
          1: 192.0.2.3

Top referrers:
          1: http://www.example.net/a
          1: http://www.example.org/

END
	same expected got
}

@test "-r wf2: -n changes the rows; ten otherwise" {
	wf2_log >log
	wf -r wf2 -n 1 log >got
	cat >expected <<'END'
3 resources, 1 404s, 3 clients

Top URIs by hit:
          2: /ongoing/When/200x/2007/06/17/Web

Top URIs by bytes:
       2.0M: /ongoing/When/200x/2007/06/18/pic.png

Top 404s:
          1: /missing

Top client addresses:
          2: 192.0.2.1

Top referrers:
          1: http://www.example.net/a

END
	same expected got
	wf -r wf2 "$SAMPLE" >got
	[ "$(awk '/Top URIs by hit/,/^$/' got | wc -l)" -eq 12 ]
}

@test "-r wf2: json as other sets" {
	wf2_log >log
	wf --json -r wf2 log >got
	json '
assert list(rankings) == ["hits", "bytes", "404s", "clients", "referrers"], rankings
assert [r["keys"] for r in a["reports"]] == [3, 4, 1, 3, 2], a
assert rankings["hits"][0] == (2, "/ongoing/When/200x/2007/06/17/Web"), rankings
assert a["reports"][1]["rows"][0] == {"sum": 2097152, "count": 1, "key": "/ongoing/When/200x/2007/06/18/pic.png"}, a
assert rankings["hits"][1] == (1, "/ongoing/When/200x/2007/06/17/A-title-of-which-there-is-more-than-a-row-holds")'
	wf --tsv -r wf2 -n 1 log | sed -n 1,3p >got
	printf 'report\tcount\tsum\tkey\nhits\t2\t\t/ongoing/When/200x/2007/06/17/Web\n%s\n' \
		$'bytes\t1\t2097152\t/ongoing/When/200x/2007/06/18/pic.png' | same - got
}

# Sets of one's own

@test "--reports: sections are rankings, with long options" {
	cat >set <<'END'
# what is asked for
top = 5
where = status!=408

[Pages]
fields = url
where = status=200

; the rest
[Traffic]
fields = client,status
sum = bytes
top = 2
[Letters]
regexp = "GET /([a-z])
[Methods and URLs]
regexp = "(get) (\S+)
key = $2 by $1
ignore-case = yes
vgrep = gone|wp
[By hour]
fields = hour
order = last
top = 2
END
	wf --json --reports set log >got
	json '
assert rankings == {
    "Pages": [(2, "/a"), (1, "/b")],
    "Traffic": [(3, {"client": "192.0.2.1", "status": "200"}), (1, {"client": "192.0.2.2", "status": "404"})],
    "Letters": [(3, "a"), (2, "g"), (1, "b"), (1, "w")],
    "Methods and URLs": [(3, "/a by GET"), (1, "/b by GET")],
    "By hour": [(3, "2007-06-17T13"), (1, "2007-06-18T00")]}, rankings
assert [r["name"] for r in a["reports"]] == list(rankings)
assert [r["matched"] for r in a["reports"]] == [3, 7, 7, 4, 7], a
assert a["reports"][1]["rows"][0]["sum"] == 220, a
assert "sum" not in a["reports"][0]["rows"][0], a
del a["account"]["bytes"]
assert a["account"] == {"lines": 9, "matched": 7, "unmatched": 0, "unparsed": 1, "filtered": 1, "given_up": 0,
    "not_numbers": 0, "keys": 17}, a["account"]'
	wf --reports set log >got
	cat >expected <<'END'
Pages
      2 /a
      1 /b

Traffic
    220       3 192.0.2.1	200
      7       1 192.0.2.2	404

Letters
      3 a
      2 g
      1 b
      1 w

Methods and URLs
      3 /a by GET
      1 /b by GET

By hour
      3 2007-06-17T13
      1 2007-06-18T00
END
	same expected got
	wf --tsv -n 1 --reports set log >got
	printf '%s\n' $'report\tcount\tsum\tkey' $'Pages\t2\t\t/a' $'Traffic\t3\t220\t192.0.2.1\\t200' $'Letters\t3\t\ta' \
		$'Methods and URLs\t3\t\t/a by GET' $'By hour\t1\t\t2007-06-18T00' >expected
	same expected got
}

@test "--reports: log-format and delimiter before the first section; grep and where repeat; CR LF" {
	printf 'a;1\nab;2\nb;3\nabc;4\n' >table
	printf 'delimiter = ;\r\n\r\n[One]\r\nfields = 1\r\ngrep = a\r\ngrep = b\r\nwhere = 2>1\r\nwhere = 2<4\r\n' >set
	printf '[Two]\n  fields=2  \n\torder\t=\tkey\ntop=0' >>set
	wf --reports set table >got
	printf 'One\n      1 ab\n\nTwo\n      1 1\n      1 2\n      1 3\n      1 4\n' | same - got
	printf 'log-format = %%h|%%s\n[Status]\nfields = status\n' >set
	printf '192.0.2.1|200\n192.0.2.2|200\n' >own
	wf --reports set own >got
	printf 'Status\n      2 200\n' | same - got
	printf 'log-format = common\n[Clients]\nfields = client\nwhere = method = GET\n' >set
	wf --reports set -w status=404 log >got
	printf 'Clients\n      1 192.0.2.2\n      1 192.0.2.3\n      1 192.0.2.4\n' | same - got
}

@test "--json: what each ranking of a set asks, and of which lines" {
	printf '%s\n' 'delimiter = ;' '[Some]' 'regexp = (A)' 'grep = b' 'vgrep = c' 'ignore-case = yes' '[All]' 'fields = 2' >set
	printf 'a;b\n' >log
	wf --json --reports set log >got
	json '
assert a["query"]["delimiter"] == ";" and not a["query"]["ignore_case"], a
some, all = a["reports"]
assert (some["regexp"], some["grep"], some["vgrep"], some["ignore_case"]) == ("(A)", ["b"], ["c"], True), some
assert (all["fields"], all["grep"], all["vgrep"], all["ignore_case"]) == (["2"], [], [], False), all'
}

@test "--reports: a line is matched if it has a key in one ranking at least, unmatched if in none" {
	cat >set <<'END'
[Not found]
fields = url
where = status=404
[Sites]
fields = site
where = site!=-
END
	accounted 'lines 9, matched 5, unmatched 3, unparsed 1, keys 4' --reports set log
	wf -q --unmatched - --reports set log 2>&1 | cut -d: -f2 | paste -sd' ' >got
	[ "$(cat got)" = '3 6 7 8' ]
	run -1 wf --reports set <(sed -n 3p log)
}

@test "--reports: totals and missing, as -r overview has them" {
	printf '%s\n' 'totals = yes' '[URLs]' 'fields = url' >set
	wf --json --reports set log >got
	json '
assert a["totals"] == {"requests": 8, "bytes": 241, "unparsed": 1, "from": "2007-06-17T11:59:59",
    "to": "2007-06-18T00:00:01"}, a["totals"]
assert rankings["URLs"][0] == (3, "/a"), rankings'
	wf --reports set log | grep -q '^requests *8$'
	sed -i 's/yes/no/' set
	wf --json --reports set log >got
	json 'assert "totals" not in a, a'
	cut -d' ' -f1-10 log >common
	printf '%s\n' '[Agents]' 'fields = agent' '[URLs]' 'fields = url' >set
	run -2 wf --reports set common
	sed -i '1i missing = ok' set
	wf --json --reports set common >got
	json 'assert rankings["Agents"] == [] and rankings["URLs"][0] == (3, "/a"), rankings'
	wf --save with.wfs --reports set log
	sed -i 1d set
	wf --save without.wfs --reports set log
	refused 'wf: with.wfs: accepts missing fields, but without.wfs does not' --merge with.wfs without.wfs
}

@test "--reports: layout, as -r wf2 has it, also for snapshots" {
	wf2_log >log
	{
		printf '%s\n' 'log-format = widefinder' 'layout = widefinder'
		printf '[%s]\nfields = %s\n' Hits url Bytes url Missing url Clients client Referrers referrer
	} >set
	wf --reports set log >got
	head -5 got | same <(printf '%s\n' '5 resources, 5 404s, 3 clients' '' 'Top URIs by hit:' \
		'          3: /ongoing/When/200x/2007/06/17/Web' '          1: /missing') -
	grep -qx 'Top referrers:' got
	wf --json --reports set log | grep -q '"name":"Referrers"'
	wf --save saved.wfs --reports set log
	wf --merge saved.wfs | same got -
	wf -r wf2 log >expected
	wf -r wf2 --save saved.wfs log
	wf --merge saved.wfs | same expected -
	refused 'wf: --log-format: cannot be used with layout = widefinder, which set has' --reports set --log-format combined log
	refused 'wf: --log-format: cannot be used with layout = widefinder, which wf2 has' -r wf2 --log-format combined log
	printf '[More]\nfields = status\n' >>set
	refused 'wf: set: layout = widefinder needs 5 rankings, in the order of -r wf2' --reports set log
}

mistake() { # LINE WORD SET...
	local line=$1 word=$2
	shift 2
	printf '%s\n' "$@" >set
	echo "set:" "$@"
	refused "wf: set:$line: *$word*" --reports set
}

@test "2: --reports: mistakes are named by file and line" {
	mistake 2 colour '[A]' 'colour = red'
	mistake 2 '' '[A]' fields
	mistake 1 '' nonsense
	mistake 3 '' '[A]' 'fields = url' '[B'
	mistake 1 '' '[]' 'fields = url'
	mistake 1 fields 'fields = url' '[A]'
	mistake 3 fields '[A]' 'fields = url' 'fields = status'
	mistake 2 '' '[A]' 'regexp = a(b'
	mistake '?' '' '[A]' 'regexp = (a)' 'key = $2'
	mistake 2 '' '[A]' 'fields = url,,url'
	mistake 3 status '[A]' 'fields = url' 'where = status'
	mistake 3 '' '[A]' 'fields = url' 'grep = ['
	mistake 3 '' '[A]' 'fields = url' 'top = many'
	mistake 3 '' '[A]' 'fields = url' 'order = size'
	mistake 3 '' '[A]' 'fields = url' 'ignore-case = maybe'
	mistake 3 log-format '[A]' 'fields = url' 'log-format = common'
	mistake 3 totals '[A]' 'fields = url' 'totals = yes'
	mistake 1 'must be no or yes' 'totals = maybe' '[A]' 'fields = url'
	mistake 1 'must be error or ok' 'missing = yes' '[A]' 'fields = url'
	mistake 1 'must be widefinder' 'layout = wide' '[A]' 'fields = url'
	mistake 3 '' '# comment' '' 'log-format = nonsense' '[A]' 'fields = url'
	mistake '?' '' '[A]' 'regexp = (a)' 'fields = url' 'key = $1'
	mistake '?' '' '[A]' 'fields = url' 'key = $1'
}

@test "2: --reports: a file that is not there, is empty, or has no section" {
	refused 'wf: missing: No such file or directory*' --reports missing
	: >set
	refused 'wf: set: ?*' --reports set
	echo '# nothing' >set
	refused 'wf: set: ?*' --reports set
	refused 'wf: .: ?*' --reports .
}

@test "2: what excludes what" {
	printf '[A]\nfields = url\n' >set
	for option in '-e x' '-f url' '-s bytes' '--order key'; do
		refused 'wf: ?*' --log-format combined -r overview $option
		refused 'wf: ?*' --log-format combined $option -r wf2
		refused 'wf: ?*' --log-format combined $option --reports set
	done
	refused 'wf: ?*' -r overview --reports set
	refused 'wf: -r: *nonsense*' -r nonsense
	refused 'wf: --report: *nonsense*' --report nonsense
	refused 'wf: --order: *size*' --order size
}

# Order

@test "--order: by count, by key, or the last keys" {
	printf '%s\n' b b c a c c d >words
	ranks -f 1 --order count words <<'END'
      3 c
      2 b
      1 a
      1 d
END
	ranks -f 1 --order key words <<'END'
      1 a
      2 b
      3 c
      1 d
END
	ranks -f 1 --order last words <<'END'
      1 a
      2 b
      3 c
      1 d
END
	wf -f 1 --order key -n 2 words >got
	printf '      1 a\n      2 b\n' | same - got
	wf -f 1 --order last -n 2 words >got
	printf '      3 c\n      1 d\n' | same - got
	wf -e '^(.)' --order last -n 1 words >got
	printf '      1 d\n' | same - got
	wf --tsv -f 1 --order key -n 1 words >got
	printf 'count\t1\n1\ta\n' | same - got
}

@test "--order key: tuples field by field, bytes unsigned" {
	printf '%s;%s\n' b 2 b 10 a 3 $'\377' 1 '' 9 >table
	ranks -d ';' -f 1,2 --order key table <<'END'
      1 	9
      1 a	3
      1 b	10
      1 b	2
      1 M-^?	1
END
}

# What was left out

@test "--unmatched: each line that is unmatched, unparsed or given up, with its place" {
	printf 'also broken\r\n\n' >>log
	{
		echo 'log:6:broken'
		printf 'log:7:%s\n' "$(sed -n 7p log)"
		printf 'log:10:also broken\nlog:11:\n'
	} >expected
	wf --unmatched left-out log >got
	same expected left-out
	wf log | same got -
	wf -q --unmatched - log 2>&1 | same expected -
	wf -q --unmatched left-out -j 4 --chunk-size 30 log
	same expected left-out
	wf -q --unmatched - <log 2>&1 | same <(sed 's/^log:/standard input:/' expected) -
	cat log | wf -q --unmatched - 2>&1 | same <(sed 's/^log:/standard input:/' expected) -
	wf -q --unmatched - -v broken log 2>&1 | same <(sed -n '2p;4p' expected) -
}

@test "--unmatched: in the order of the inputs and their lines, whoever was first" {
	for name in one two three; do
		"$TREE/data/mklog" -n 500 --hostile >"$name"
	done
	wf -q -j 1 --unmatched expected one two three two
	[ "$(wc -l <expected)" -gt 20 ]
	for jobs in 2 5; do
		wf -q -j "$jobs" --chunk-size 3000 --unmatched got one two three two
		same expected got
	done
	cut -d: -f1 expected | uniq | paste -sd' ' >order
	[ "$(cat order)" = 'one two three two' ]
	n=$(wf --json one two three two | "$PYTHON" -c '
import json, sys
a = json.load(sys.stdin)["account"]
print(a["unmatched"] + a["unparsed"])')
	[ "$(wc -l <expected)" -eq "$n" ]
}

@test "--unmatched: raw bytes, whole lines; nothing to write is an empty file" {
	printf 'a\n.\0b\033\377\r\r\n' >bytes
	run -1 wf -q -e NEVER --unmatched left-out bytes
	printf 'bytes:1:a\nbytes:2:.\0b\033\377\r\n' | same - left-out
	run -0 wf -q -e . --unmatched left-out <(echo a)
	[ -e left-out ]
	[ ! -s left-out ]
	{ head -c 3000000 /dev/zero | tr '\0' x; echo; } >long
	run -1 wf -q -e NEVER --unmatched left-out long
	[ "$(wc -c <left-out)" -eq $((3000001 + 7)) ]
}

@test "--unmatched: lines that are given up" {
	printf '%s\n' aaa "$(printf 'a%.0s' {1..40})b" zzz >explosive
	run -2 wf -q -e '(a+)+$' --unmatched left-out explosive
	[ "$(cut -d: -f1,2 left-out | paste -sd' ')" = 'explosive:2 explosive:3' ]
}

@test "2: --unmatched FILE can't be written" {
	run -2 --separate-stderr wf --unmatched missing/file log
	says 'wf: missing/file: No such file or directory'
	run -2 --separate-stderr wf --unmatched . log
	says 'wf: .: ?s a directory'
	run -2 --separate-stderr wf --unmatched /dev/full log
	says $'wf: /dev/full: No space left on device\n*'
	[ "$output" = "$(wf log)" ]
	run -2 --separate-stderr bash -c "'$WF' --unmatched printed log >printed"
	says 'wf: printed: is also standard output'
	wf -q --unmatched /dev/stdout log | same <(wf -q --unmatched - log 2>&1) -
}

# Why a line counts as it does

@test "--explain: what can't be read, or has no lines" {
	: >empty
	run -0 --separate-stderr wf --explain empty
	[ "$output$stderr" = "" ]
	gzip -c "$SAMPLE" | head -c 20000 >cut.gz
	run -2 --separate-stderr wf --explain cut.gz
	says 'wf: cut.gz: truncated gzip data'
	printf '\x1f\x8bno gzip at all' >corrupt.gz
	run -2 --separate-stderr wf --explain corrupt.gz
	says 'wf: corrupt.gz: corrupt gzip data'
	echo 'a 1e99' >large
	run -0 --separate-stderr wf --explain -f 1 -s 2 large
	[[ "$output" = *'given up   a number does not fit in 64 bits'* ]]
	wf --save saved log
	run -2 --separate-stderr bash -c "cat saved | '$WF' --explain"
	says 'wf: standard input: is a wf snapshot, not a log (use wf --merge)'
}

@test "--explain: the fields, and the key, of the first ten lines of each input; no ranking; 0" {
	{ cat log; sed 's/192.0.2/198.51.100/' log; } >long
	run -0 --separate-stderr wf --explain long log
	[ "$stderr" = "" ]
	echo "$output"
	for word in combined client 192.0.2.1 url /a status 200 bytes 100 2007-06-17T12:00:01 example.net Mozilla/5.0; do
		grep -qF -- "$word" <<<"$output"
	done
	grep -q 198.51.100.1 <<<"$output"     # line 10
	[[ "$output" != *198.51.100.2* ]]      # line 12
}

@test "--explain: which condition drops a line, which lines do not fit, where no key is" {
	run -0 wf --explain -w status=404 -w client!=192.0.2.4 log
	echo "$output"
	grep -qF 'status=404' <<<"$output"
	grep -qF 'client!=192.0.2.4' <<<"$output"
	grep -qi unparsed <<<"$output"
	run -0 wf --explain -v 'GET /w[p]' log
	grep -qF 'GET /w[p]' <<<"$output"
	run -0 wf --explain log
	grep -qE 'key +.?(none|no value)' <<<"$output" # line 7
}

@test "--explain: with columns, patterns and several rankings; where nothing fits" {
	printf 'a "b c" d\n' >words
	run -0 wf --explain -f 2 words
	grep -qF 'b c' <<<"$output"
	run -0 wf --explain -e '(b) (c)' -k '$2 $1' words
	grep -qF 'c b' <<<"$output"
	run -0 wf --explain -r overview log
	grep -qF 'Not found' <<<"$output"
	printf '[My own]\nfields = url\nwhere = status=404\n' >set
	run -0 wf --explain --reports set log
	grep -qF 'My own' <<<"$output"
	: >empty
	run -0 wf --explain empty log
	[[ "$output" == *192.0.2.1* ]]
}

@test "--explain: control bytes don't reach a terminal" {
	export TERM=xterm
	printf '{"url":"/\\u001b[2J","status":200}\n' >json
	LC_ALL=C.UTF-8 on_terminal "$WF" --progress=never --color=never --explain json >got
	grep -qF '/\x1b[2J' got
	lacks got $'\033'
}

@test "--reports: what the command line says goes before what the file says for all" {
	echo '{"url":"/x"}' >json
	printf 'log-format = common\n[A]\nfields = url\n' >set
	wf --reports set --log-format json json | grep '1 /x'
	printf 'delimiter = ,\n[A]\nfields = 1\n' >set
	printf 'a;b,c\n' >log
	wf --reports set -d ';' log | grep '1 a$'
	printf 'ignore-case = no\ngrep = A\n[A]\nfields = 0\n' >set
	wf --reports set -i -g B log | grep '1 a;b,c$'
}

@test "--reports: a byte order mark is not part of the file" {
	printf '\xef\xbb\xbf[A]\r\nfields = 1\r\n' >set
	echo x >log
	wf --reports set log | grep '1 x$'
}
