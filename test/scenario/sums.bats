#!/usr/bin/env bats
# -s: add up a field, exactly.

load helper

# KEY;NUMBER lines, from the arguments.
table() {
	printf '%s\n' "$@" >table
}

sums() { # the expected rows on stdin
	ranks -d ';' -f 1 -s 2 "$@" table
}

@test "ranked by the sum; sum, count and key; ties by key" {
	table 'a;10' 'b;5' 'b;7' 'c;1' 'd;12' 'c;2' 'c;3'
	sums <<'END'
     12       2 b
     12       1 d
     10       1 a
      6       3 c
END
	wf -d ';' -f 1 --sum 2 -n 1 table >got
	printf '     12       2 b\n' | same - got
}

@test "bytes of an access log, by client" {
	cat >log <<'END'
192.0.2.1 - - [17/Jun/2007:12:00:01 -0700] "GET /a HTTP/1.1" 200 100
192.0.2.2 - - [17/Jun/2007:12:00:02 -0700] "GET /b HTTP/1.1" 304 -
192.0.2.2 - - [17/Jun/2007:12:00:03 -0700] "GET /a HTTP/1.1" 200 0
192.0.2.1 - - [17/Jun/2007:12:00:04 -0700] "GET /b HTTP/1.1" 200 9999999
END
	ranks -f client -s bytes log <<'END'
10000099       2 192.0.2.1
      0       2 192.0.2.2
END
	ranks -f url -s bytes -w status=200 log <<'END'
9999999       1 /b
    100       2 /a
END
	accounted 'lines 4, matched 4, keys 2' -f client -s bytes log
}

@test "-, nothing and a field that is not there are 0; what else is no number is 0 and counted" {
	table 'a;-' 'b;' c 'd;x' 'e;1' 'e;1x' 'e;0x10' 'e;1,5' 'e; 1' 'e;+1' 'e;1.' 'e;.5' 'e;--1' 'e;1e' 'e;1e+' 'e;nan' 'e;inf'
	sums <<'END'
      1      13 e
      0       1 a
      0       1 b
      0       1 c
      0       1 d
END
	accounted 'lines 17, matched 17, not_numbers 13, keys 5' -d ';' -f 1 -s 2 table
}

@test "not_numbers is in --stats, and is no error" {
	table 'a;1' 'a;x' 'a;y'
	run -0 --separate-stderr wf --stats -d ';' -f 1 -s 2 table
	[ "$output" = '      1       3 a' ]
	grep -qiE '^wf: not.numbers? +2( |$)' <<<"$stderr"
}

@test "only lines that are ranked are asked for a number" {
	table 'a;1' 'b;x' ';y' 'c;z'
	printf '\n' >>table
	accounted 'lines 5, matched 2, filtered 3, not_numbers 1, keys 2' -d ';' -f 1 -s 2 -g '^[ab]' table
	printf '%s\n' 'a 1' 'a x' '' >words
	accounted 'lines 3, matched 1, unmatched 2, keys 1' -e '^(\S+) \d' -s 2 words
}

@test "decimals: exact to nine places, what is behind is cut off, no zeros at the end" {
	table 'a;0.1' 'a;0.2' 'b;1.50' 'b;1.500' 'c;0.000000001' 'd;0.0000000019' 'd;0.0000000019' 'e;1.000' 'f;000.250' 'g;0.0'
	sums <<'END'
      3       2 b
      1       1 e
    0.3       2 a
   0.25       1 f
0.000000002       2 d
0.000000001       1 c
      0       1 g
END
	for i in {1..1000}; do echo 'k;0.001'; done >table
	sums <<<'      1    1000 k'
}

@test "exponents" {
	table 'a;1e3' 'b;1.5e2' 'c;2e1' 'd;25e-1' 'e;1e+1' 'f;1e-9' 'g;1.5e-9' 'h;-1e2' 'i;0e99999999999' 'j;1e-99999999999'
	sums <<'END'
   1000       1 a
    150       1 b
     20       1 c
     10       1 e
    2.5       1 d
0.000000001       1 f
0.000000001       1 g
      0       1 i
      0       1 j
   -100       1 h
END
}

@test "negative numbers: least last; -0 is 0" {
	table 'a;-1' 'a;-2.5' 'b;3' 'b;-3' 'c;-0' 'd;-0.5' 'd;0.25' 'e;-0.0000000001' 'f;0.5'
	sums <<'END'
    0.5       1 f
      0       2 b
      0       1 c
      0       1 e
  -0.25       2 d
   -3.5       2 a
END
}

@test "the largest sum is 2^64 - 1, its fraction too; the sign does not matter" {
	table 'a;18446744073709551615' 'b;9223372036854775808' 'b;9223372036854775807.999999999' 'c;-18446744073709551615.5'
	sums <<'END'
18446744073709551615.999999999       2 b
18446744073709551615       1 a
-18446744073709551615.5       1 c
END
	table 'a;18446744073709551615' 'a;-18446744073709551615' 'a;18446744073709551615'
	sums <<<'18446744073709551615       3 a'
}

@test "what is no number is told, and so is a sum of nothing" {
	printf '%s\n' 'a 0.1' 'a x' 'c 1,00' 'c -5' 'd 0x10' 'd -' >log
	run -0 --separate-stderr wf -f 1 -s 2 log
	says "wf: in 3 of 6 lines '2' is not a number, and counts as 0"
	wf -f 1 -s 2 --save saved log 2>errors
	run -0 --separate-stderr wf --merge saved
	says "wf: in 3 of 6 lines '2' is not a number, and counts as 0"
	run -0 --separate-stderr wf -f 1 -s 3 log
	says "wf: the sum of '3' is 0"
	run -0 --separate-stderr wf -q -f 1 -s 3 log
	[ "$stderr" = "" ]
}

@test "2: a number of 2^64 or more: its line is named and left out, the rest is printed" {
	too_large() { # NUMBER
		table 'a;1' "b;$1" 'a;2'
		for jobs in 1 3; do
			run -2 --separate-stderr wf -j $jobs --chunk-size 4 -d ';' -f 1 -s 2 table
			[ "$output" = '      3       2 a' ]
			[ "$stderr" = 'wf: table: line 2, byte 4: a number to add up does not fit in 64 bits; 1 line left out' ]
		done
	}
	for number in 18446744073709551616 -18446744073709551616 1e20 -1e400 99999999999999999999999999999999999999999999; do
		too_large $number
	done
	table 'a;1e99' 'a;5' 'b;1e99'
	run -2 --separate-stderr wf --json -d ';' -f 1 -s 2 <table
	[[ "$output" = *'"given_up":2'*'"sum":5,"count":1'* ]]
	says 'wf: standard input: line 1, byte 0: *; 2 lines left out'
	run -2 --separate-stderr wf -q -d ';' -f 1 -s 2 --unmatched - table
	[[ "$stderr" = *$'table:1:a;1e99\ntable:3:b;1e99'* ]]
	run -2 --separate-stderr wf --save saved -d ';' -f 1 -s 2 table
	[ ! -e saved ]
}

# A count of bytes that no machine can have sent: in a field of a ranking, and in the totals.
@test "2: one absurd number does not end an overview" {
	line() { printf '192.0.2.1 - - [17/Jun/2007:12:00:%s -0700] "GET /%s HTTP/1.1" 200 %s\n' "$@"; }
	{ line 01 a 5; line 02 b 99999999999999999999; line 03 a 6; } >log
	grep -v ' 99999' log | wf -r overview >expected
	run -2 --separate-stderr wf -r overview log
	same expected - <<<"$output"
	says 'wf: log: line 2, byte 67: *; 1 line left out'
	wf -q -w 'bytes>99999999999999999998' log # conditions compare numbers of any length
}

@test "sums of more than 64 bits are exact" {
	table 'a;18446744073709551615' 'a;1' 'b;1'
	sums <<<'18446744073709551616       2 a
      1       1 b'
	table 'b;1' 'a;-18446744073709551615.5' 'a;-1.5'
	sums <<<'      1       1 b
-18446744073709551617       2 a'
	printf '192.0.2.1 - - [17/Jun/2007:12:00:01 -0700] "GET /%s HTTP/1.1" 200 18446744073709551615\n' a b a >log
	wf --tsv -r overview log | grep -F $'totals\t\t55340232221128654845\tbytes'
	wf -s bytes --save saved log
	wf -s bytes log >expected
	wf --merge saved | same expected -
	for i in {1..1000}; do echo 'a;18446744073709551615'; echo 'b;1'; done >table
	sums -j 3 --chunk-size 500 <<'END'
18446744073709551615000    1000 a
   1000    1000 b
END
}

@test "the same sums whatever the workers and chunks" {
	"$TREE/data/mklog" -n 5000 >log
	wf -n 0 --json -f status,hour -s bytes log >expected
	for jobs in 1 2 5; do
		for size in 1000 77777 1M; do
			wf -n 0 --json -f status,hour -s bytes -j "$jobs" --chunk-size "$size" log | same expected -
		done
	done
	awk 'match($0, /" [0-9]+ [0-9]+ "/) { split(substr($0, RSTART), f, " "); sum[f[2]] += f[3] }
		END { for (status in sum) printf "%.0f %s\n", sum[status], status }' log | sort -rn >by-awk
	wf -n 0 -f status -s bytes -w 'bytes!=-' log | awk '{ print $1, $3 }' | same by-awk -
}

@test "with -e: what -e captures, what the field adds" {
	cat >log <<'END'
192.0.2.1 - - [17/Jun/2007:12:00:01 -0700] "GET /a HTTP/1.1" 200 100
192.0.2.2 - - [17/Jun/2007:12:00:02 -0700] "POST /b HTTP/1.1" 200 50
192.0.2.3 - - [17/Jun/2007:12:00:03 -0700] "GET /c HTTP/1.1" 200 1
END
	wf -e '"([A-Z]+) ' -s bytes log >got
	printf '    101       2 GET\n     50       1 POST\n' | same - got
	printf 'a 1\nb 2\na 3\n' >words
	wf -e '^(.)' -s 2 words >got
	printf '      4       2 a\n      2       1 b\n' | same - got
}

@test "tsv, csv, json: sum and count before the key" {
	table 'a;1.25' 'b;4' 'a;1.25' 'c;x'
	wf --tsv -d ';' -f 1 -s 2 table >got
	printf 'sum\tcount\t1\n4\t1\tb\n2.5\t2\ta\n0\t1\tc\n' | same - got
	wf --csv -d ';' -f 1,2 -s 2 -n 1 table >got
	printf 'sum,count,1,2\r\n4,1,b,4\r\n' | same - got
	wf --csv -e . -s 1 -d ';' -n 1 <(echo 7) >got
	printf 'sum,count,key\r\n7,1,7\r\n' | same - got
	wf --json -d ';' -f 1 -s 2 table >got
	"$PYTHON" -c '
import decimal, json
a = json.load(open("got"), parse_float=decimal.Decimal)
r = a["reports"][0]["rows"]
assert r == [{"sum": 4, "count": 1, "key": "b"}, {"sum": decimal.Decimal("2.5"), "count": 2, "key": "a"},
    {"sum": 0, "count": 1, "key": "c"}], r
assert a["account"]["not_numbers"] == 1, a'
	table 'a;18446744073709551615.000000001'
	wf --json -d ';' -f 1 -s 2 table | grep -E '"sum": ?18446744073709551615\.000000001[,}]'
}

@test "on a terminal: a column for the sum, with thousands separators" {
	export TERM=xterm
	table 'a;1234567' 'b;10'
	LC_ALL=C.UTF-8 on_terminal "$WF" --progress=never --color=never -d ';' -f 1 -s 2 table >got
	cat got
	[ "$(wc -l <got)" -eq 3 ]
	grep -qE 'SUM.*COUNT' got
	grep -qE '1,234,567 .* a$' got
}

@test "--order with sums: by the sum, by count, the least first" {
	table 'a;1' 'b;3' 'c;1' 'c;1'
	sums <<'END'
      3       1 b
      2       2 c
      1       1 a
END
	sums --order sum <<'END'
      3       1 b
      2       2 c
      1       1 a
END
	sums --order -sum <<'END'
      1       1 a
      2       2 c
      3       1 b
END
	sums --order count <<'END'
      2       2 c
      1       1 a
      3       1 b
END
	sums --order key <<'END'
      1       1 a
      3       1 b
      2       2 c
END
	wf -d ';' -f 1 -s 2 --order last -n 2 table >got
	printf '      3       1 b\n      2       2 c\n' | same - got
}

@test "2: -s of what is no field" {
	refused 'wf: -s: ?*' --log-format combined -s ''
	refused 'wf: *colour*' --log-format combined -s colour
	refused 'wf: *bytes,status*' --log-format combined -s bytes,status
}
