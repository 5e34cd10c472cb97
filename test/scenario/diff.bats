#!/usr/bin/env bats
# --diff: what rose, fell, is new or is gone between two sides of logs or snapshots.

load helper

make_files() {
	head -n 1000 "$SAMPLE" >monday.log
	tail -n 1000 "$SAMPLE" >tuesday.log
	printf '%s\n' a a a a b b b c d d >old
	printf '%s\n' a a a a a a a a b b b e e >new
}

@test "the counts of both sides, the change, and the least likely change first" {
	wf --diff old new -f 1 >got
	same - got <<'END'
      2       0    gone d
      0       2     new e
      1       0    gone c
      4       8    ×2.0 a
      3       3   ×1.00 b
END
}

@test "one URL was made to rise: it comes first, on logs of the same traffic" {
	head -n 1000 "$SAMPLE" >tuesday.log
	line=$(grep -m 1 'GET /tags/' tuesday.log)
	for _ in $(seq 40); do printf '%s\n' "$line"; done >>tuesday.log
	path=$(awk '{ print $7 }' <<<"$line")
	wf --diff monday.log -- tuesday.log -f url -n 1 >got
	grep -F " $path" got
	# The counts of all others are equal.
	wf --diff monday.log -- tuesday.log -f url -n 0 --csv >got
	awk -F, 'NR > 2 && $1 != $2' got | same - /dev/null
}

@test "a comparison and a program of its own, generated pairs, the same bytes in many ways" {
	"$PYTHON" "$TREE/test/compared.py" "$WF" 1 40
}

# bats test_tags=slow
@test "more of them" {
	"$PYTHON" "$TREE/test/compared.py" "$WF" 1000 300
}

@test "a table names the sides by their files; other sides are OLD and NEW" {
	wf --diff monday.log tuesday.log -f status -n 2 --format table >got
	same - got <<'END'
MONDAY  TUESDAY  CHANGE  STATUS
    95      120   x1.26  304
    40       26   x0.65  301
END
	header() {
		wf -f status -n 1 --format table --diff "$@" | head -n 1
	}
	mkdir one other
	cp monday.log one/access.log
	cp tuesday.log other/access.log
	cp monday.log access.log.1
	[ "$(header one/access.log other/access.log)" = 'OLD  NEW  CHANGE  STATUS' ]
	[ "$(header access.log.1 other/access.log)" = 'ACCESS.LOG.1  ACCESS  CHANGE  STATUS' ]
	[ "$(header monday.log -- tuesday.log old 2>errors)" = 'OLD  NEW  CHANGE  STATUS' ]
	[ "$(header monday.log - <tuesday.log)" = 'OLD  NEW  CHANGE  STATUS' ]
	[ "$(header -R one -- -R other)" = 'ONE  OTHER  CHANGE  STATUS' ]
	[ "$(header -R one -R other)" = 'ONE  OTHER  CHANGE  STATUS' ]
	gzip -k monday.log
	[ "$(header monday.log.gz tuesday.log)" = 'MONDAY  TUESDAY  CHANGE  STATUS' ]
	mv monday.log $'mon\e[1mday.log'
	[ "$(header $'mon\e[1mday.log' tuesday.log)" = 'MON\X1B[1MDAY  TUESDAY  CHANGE  STATUS' ] ||
		! header $'mon\e[1mday.log' tuesday.log | grep -q $'\e'
}

@test "other orders: change, new, gone, key, last" {
	keys() {
		wf --diff old new -f 1 --order "$@" | awk '{ printf $4 }'
	}
	[ "$(keys g2)" = decab ]
	[ "$(keys count)" = decab ]
	[ "$(keys change)" = adecb ]
	[ "$(keys new)" = edcab ]
	[ "$(keys gone)" = dceab ]
	[ "$(keys key)" = abcde ]
	[ "$(keys last -n 2)" = de ]
	[ "$(keys -count)" = baced ]
}

@test "--min: either side counted the key so often; -n; -q" {
	wf --diff old new -f 1 --min 3 | awk '{ print $1, $2, $4 }' >got
	printf '%s\n' '4 8 a' '3 3 b' | same - got
	[ "$(wf --diff old new -f 1 -n 1 | wc -l)" = 1 ]
	run -0 --separate-stderr wf --diff old new -f 1 -q
	[ -z "$output$stderr" ]
}

@test "statistics: both values and the change, ranked by its size; in CSV the counts and G^2, too" {
	printf '%s\n' 'a 10' 'a 20' 'b 1' 'c 5' >x
	printf '%s\n' 'a 100' 'b 3' 'b 5' 'd 7' >y
	wf --diff x y -f 1 -s avg:2 >got
	same - got <<'END'
     15     100    ×6.7 a
      1       4    ×4.0 b
      5       -    gone c
      -       7     new d
END
	wf --diff x y -f 1 -s 2 --csv | tr -d '\r' >got
	same - got <<'END'
old_sum,new_sum,change_sum,old_count,new_count,change_count,g2,1
30,100,3.333333333,2,1,0.5,0.541,a
1,8,8,1,2,2,0.541,b
0,7,,0,1,,1.53,d
5,0,0,1,0,0,1.53,c
END
	wf --diff x y -f 1 -s avg,max:2 -s uniq:2 --format table -n 1 >got
	same - got <<'END'
AVG X  AVG Y  CHANGE  MAX X  MAX Y  CHANGE  UNIQ 2 X  UNIQ 2 Y  CHANGE  1
   15    100   x6.7      20    100   x5.0          2         1   x0.50  a
END
}

@test "the change of a time is the seconds from the old one to the new one" {
	needs jq
	printf '{"time":"2026-03-%sZ","k":"%s"}\n' 30T20:00:00 a 30T20:00:00 b 30T21:00:00 c 01T00:00:00 d >x
	printf '{"time":"2026-03-%sZ","k":"%s"}\n' 31T03:00:00 a 30T19:59:59 b 30T21:00:00 c 01T00:00:00 e >y
	wf --diff x y -f k -s first --order first | awk '{ print $3, $4 }' >got
	printf '%s\n' '+25,200s a' '-1s b' '+0s c' 'gone d' 'new e' | same got -
	wf --diff x y -f k -s last --csv | tr -d '\r' | cut -d, -f 1-3,8 | sed 's/2026-03-//g' >got
	same - got <<'END'
old_last,new_last,change_last,k
30T20:00:00,31T03:00:00,25200,a
30T20:00:00,30T19:59:59,-1,b
30T21:00:00,30T21:00:00,0,c
01T00:00:00,,,d
,01T00:00:00,,e
END
	[ "$(wf --diff x y -f k -s first --json | jq -c '.reports[0].rows[:4][].change_first')" = \
		$'25200\n-1\n0\nnull' ]
	wf --diff x y -f k -s first --format table -n 1 >got
	grep -q ' +25,200s  a$' got
	wf --diff x y -f k -s first --html >got
	grep -q -F -e '+25,200s' got
}

@test "JSON: the accounts of the sides, and null for what is new" {
	needs jq
	wf --diff old new -f 1 --json >got
	[ "$(jq -c '[.old.name, .new.name, .old.lines, .new.lines, .account.lines, .old.keys, .new.keys]' got)" = \
		'["old","new",10,13,23,4,3]' ]
	jq -c '.reports[0] | .old_matched, .new_matched, .keys, .rows[1]' got >rows
	same - rows <<'END'
10
13
5
{"old_count":0,"new_count":2,"change_count":null,"g2":2.428,"key":"e"}
END
}

@test "patterns, conditions, -w, FIELD/WHAT and sets of rankings" {
	wf --diff monday.log tuesday.log -e 'GET /(\w+)' -n 0 --csv >got
	for side in monday tuesday; do
		wf -e 'GET /(\w+)' -n 0 --csv $side.log | tr -d '\r' | awk -F, 'NR > 1 { print $2, $1 }' | sort >$side
	done
	tr -d '\r' <got | awk -F, 'NR > 1 && $1 > 0 { print $5, $1 }' | sort | same - monday
	tr -d '\r' <got | awk -F, 'NR > 1 && $2 > 0 { print $5, $2 }' | sort | same - tuesday
	wf --diff monday.log tuesday.log -f path/1,class -w 'status>=400' -n 3 >got
	[ "$(wc -l <got)" = 3 ]
	wf --diff -r overview monday.log tuesday.log -n 2 >got
	grep -x URLs got
	wf --diff -r overview monday.log tuesday.log --csv >got
	[ "$(head -n 1 got | tr -d '\r')" = 'report,old_count,new_count,change_count,g2,key' ]
}

@test "each side has formats of its own" {
	printf '%s\n' '{"status":"200","request_uri":"/a"}' '{"status":"404","request_uri":"/b"}' >json.log
	wf --diff monday.log json.log -f status --order new -n 1 2>errors | awk '{ print $2 }' >got
	wf --diff monday.log json.log -f status -n 0 --csv | tr -d '\r' | awk -F, '$5 == 404' >got
	grep -E '^[0-9]+,1,' got
}

@test "snapshots: the same rows, whatever is merged on a side; other queries are refused" {
	wf --save all.wfs monday.log
	wf --save one.wfs <(head -n 400 monday.log)
	wf --save two.wfs <(tail -n +401 monday.log)
	wf --save new.wfs tuesday.log
	wf --diff monday.log tuesday.log >logs
	wf --diff all.wfs new.wfs | same - logs
	wf --diff one.wfs two.wfs -- new.wfs | same - logs
	wf --diff all.wfs -- new.wfs --order change -n 3 >got
	wf --diff monday.log tuesday.log --order change -n 3 | same - got
	wf --save other.wfs -f status tuesday.log
	run -2 --separate-stderr wf --diff all.wfs other.wfs
	[ "$stderr" = 'wf: other.wfs: counts status, but all.wfs counts url' ]
	run -2 --separate-stderr wf --merge all.wfs other.wfs
	[ "$stderr" = 'wf: other.wfs: counts status, but all.wfs counts url' ]
	run -2 --separate-stderr wf --diff all.wfs tuesday.log
	[ "$stderr" = 'wf: --diff: all.wfs is a snapshot, but tuesday.log is not: save it with --save first, with the same query' ]
	run -2 --separate-stderr wf --diff all.wfs new.wfs -f url
	[ "$stderr" = 'wf: --fields: cannot be used with snapshots: they already say what was counted' ]
	head -c 300 new.wfs >cut.wfs
	run -2 --separate-stderr wf --diff all.wfs cut.wfs
	[ "$stderr" = 'wf: cut.wfs: the snapshot is truncated: its end is missing' ]
	[ -z "$output" ]
}

@test "what a side needs: two files, or -- between them" {
	refused() {
		run -2 --separate-stderr wf --diff "$@"
		[ -z "$output" ]
		echo "$stderr"
	}
	[[ $(refused) == *'wf --diff OLD... -- NEW...' ]]
	[[ $(refused old) == *'wf --diff OLD... -- NEW...' ]]
	[[ $(refused old new old) == *'wf --diff OLD... -- NEW...' ]]
	[[ $(refused old -R .) == *'wf --diff OLD... -- NEW...' ]]
	[ "$(refused old --)" = 'wf: --diff: no FILE after --' ]
	[ "$(refused -- new)" = 'wf: --diff: no FILE before --' ]
	[ "$(refused - -)" = 'wf: standard input: is on both sides, but can be read only once' ]
	for option in --merge --explain '--save x' '--unmatched -' '--over 1h'; do
		[ "$(refused old new $option)" = "wf: ${option%% *}: cannot be used with --diff" ]
	done
	for order in change new gone g2; do
		[ "$(refused old new --order -$order)" = "wf: --order: '$order' cannot be reversed; write $order" ]
	done
	run -2 --separate-stderr wf --order new old
	[[ $stderr == *"'new' is no column"* ]]
}

@test "nothing of a side can be read: no table; lines that fit no format: no advice that --diff refuses" {
	for sides in 'old nonexistent' 'nonexistent old'; do
		run -2 --separate-stderr wf -f 1 --diff $sides
		[ -z "$output" ]
		[ "$stderr" = 'wf: nonexistent: No such file or directory' ]
	done
	run -2 --separate-stderr wf -f 1 --diff old nonexistent -- new
	[ "${#lines[@]}" -eq 5 ]
	cp tuesday.log mixed.log
	sed -n '1,100s/"GET/GET/p' monday.log >>mixed.log
	run -0 --separate-stderr wf -f status --diff monday.log mixed.log
	[[ $stderr == *" lines do not fit "*"line 1001 of mixed.log"* ]]
	[[ $stderr != *--unmatched* ]]
}

@test "options after --, names that begin with -, and -- without --diff" {
	wf --diff old -- new -f 1 -n 1 >got
	wf -f 1 -n 1 --diff old new | same - got
	cp new ./-n
	wf --diff -f 1 -n 1 old -- -- -n | same - got
	cp new ./--
	wf --diff -f 1 -n 1 old -- -- -- | same - got
	wf -f 1 -- -n >plain
	wf -f 1 new | same - plain
	wf -f 1 -- -- | same - plain
	POSIXLY_CORRECT=1 wf --diff -f 1 -n 1 old -- new | same - got
	POSIXLY_CORRECT=1 wf -f 1 new | same - plain
}

@test "an empty side, the same file on both sides, a file that cannot be read" {
	run -0 --separate-stderr wf --diff /dev/null new -f 1 -n 1
	[ "$output" = '      0       8     new a' ]
	[ "$stderr" = 'wf: /dev/null: no line was counted, so every key is new' ]
	run -0 --separate-stderr wf --diff old /dev/null -f 1 -n 1
	[ "$output" = '      4       0    gone a' ]
	[ "$stderr" = 'wf: /dev/null: no line was counted, so every key is gone' ]
	run -1 --separate-stderr wf --diff /dev/null /dev/null
	[ -z "$output$stderr" ]
	run -0 --separate-stderr wf --diff old old -f 1 -n 1
	[ "$output" = '      4       4   ×1.00 a' ]
	[ "$stderr" = "wf: $PWD/old: is on both sides" ]
	run -2 --separate-stderr wf --diff old -- new nope -f 1 -n 1
	[ "$output" = '      2       0    gone d' ]
	[ "$stderr" = 'wf: nope: No such file or directory' ]
	TMPDIR=/nowhere run -2 --separate-stderr wf --diff old new -f 1
	[ "$stderr" = 'wf: /nowhere: No such file or directory' ]
	[ -z "$output" ]
}

@test "hints are about a side; --stats is about both" {
	{ cat tuesday.log; for _ in $(seq 20); do echo nonsense; done; } >worse.log
	run -0 --separate-stderr wf --diff monday.log worse.log -n 1
	[[ $stderr == 'wf: worse.log: 20 of 1,020 lines do not fit '* ]]
	run -0 --separate-stderr wf --diff old new -f 1 --stats
	[[ $stderr == *'lines                         23'* ]]
}

@test "keys of any bytes: NULs, high bytes, long ones" {
	"$PYTHON" -c 'import sys; sys.stdout.buffer.write(b"a\0b\nx\xff\n\n" + b"k" * 70000 + b"\r\nlast")' >x
	"$PYTHON" -c 'import sys; sys.stdout.buffer.write(b"a\0b\na\0c\n" + b"k" * 70000 + b"\nlast")' >y
	wf --diff x y -f 0 -n 0 --order key | cut -c 1-40 >got
	wf --diff x y -f 0 -n 0 --order key --memory 8M -j 3 --chunk-size 3 | cut -c 1-40 | same - got
	[ "$(grep -c new got)" = 1 ]
	[ "$(grep -c gone got)" = 2 ]
}
