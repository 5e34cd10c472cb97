# What a regular expression matches does not depend on how PCRE2 matches it.

load helper

@test "behind an alternative that is empty: as perl has it, whatever PCRE2's JIT makes of it" {
	while IFS= read -r -d '' line && IFS= read -r -d '' pattern; do
		run -0 wf -q -e "$pattern" <<<"$line"
	done < <(printf '%s\0' 'GET /enn' 'GET /(en|)([a-z]+)n' aa '(a|)([^ ]+)a' 'GET aaa' \
		'GET (a|)([^ ]+)[^ .]+\S+' c '(?:\w|)\w*\S+?' aaabcca '((?:a[^ ]|a)(a*|b)).+[ab]b' \
		1 '(1|)b*1' CCC '(?i)(?:\w|)[a-c]+?c{2}')
}

# --unmatched has each line looked at by itself, by PCRE2.
@test "patterns without a literal: the same as line by line" {
	{
		"$TREE/data/mklog" -n 3000 --hostile | awk 'length($0) < 5000'
		printf 'aaaa\raaaaa\r\nbbbbbbbb\r\n1234\n12345678\r\nab12cd3456ef\n'
	} >log
	for re in '[A-Za-z]{30}' '\d{4}' '(\d{4,6})\D' '([a-z]{4,})-\d' '[^ ]{40}' '\w{5}\.(\w+)' '[A-Z]{4}.' \
		'[a-z]{4}[0-9]*(.)' '(\w{4}).?$' '[^/]{200}' '[\r\d]{5}' '\S{64,}'; do
		wf -n 0 -e "$re" --unmatched /dev/null log >expected || [ $? -eq 1 ]
		for chunk in 100 2M; do
			{ wf -n 0 -j 2 --chunk-size "$chunk" -e "$re" log || [ $? -eq 1 ]; } | same expected - || {
				echo "$re"
				false
			}
		done
	done
}

# PCRE2 begins anew at each of a million places, and reads on to the end.
@test "patterns without a literal: a long line of what they begin with" {
	{ head -c 1000000 /dev/zero | tr '\0' a; echo; echo aaaa-1; } >long
	[ "$(wf -e '([a-z]{4,})-\d' long)" = "      1 aaaa" ]
}

# Words, as tr, sort and uniq count them.
@test "-o: every match in a line, as grep -o counts them" {
	"$TREE/data/mklog" -n 3000 --hostile | tr -d '\000\r' >log
	printf 'aaa aa\n\n \nxaxbx\naaa' >>log
	for re in '\S+' '[a-z]+' '\d{2,3}' '^.' '.$' 'a*' '(?<=a)a' '"[^"]*"' 'x|ax' '/[^/ ]*/'; do
		grep -aoP -e "$re" log | sort | uniq -c | sort -k1,1nr -k2 >expected || true
		for chunk in 100 2M; do
			wf -n 0 -j 2 --chunk-size "$chunk" -o -e "$re" log | same expected -
		done
	done
	[ "$(printf 'a1b2\nc3\n' | wf -o -e '[a-z](\d)' -k '<$1>')" = "$(printf '      1 <%d>\n' 1 2 3)" ]
}

@test "-o: lines are counted as lines, and matches as counts; snapshots, sums, shares" {
	printf 'a a 5\nb\nb a a 2\n\n' >log
	wf -o -e '[ab]' --json log >json
	"$PYTHON" -c 'if True:
		import json
		answer = json.load(open("json"))
		(ranking,) = answer["reports"]
		assert answer["query"]["only_matching"] is True
		assert (answer["account"]["lines"], answer["account"]["matched"], ranking["matched"]) == (4, 3, 6)
		assert [(row["count"], row["key"]) for row in ranking["rows"]] == [(4, "a"), (2, "b")]'
	wf -o -e '[ab]' --save one.wfs log
	wf -o -e '[ab]' --save two.wfs - <log
	[ "$(wf --merge one.wfs two.wfs)" = "$(printf '      8 a\n      4 b')" ]
	wf -e '[ab]' --save first.wfs log
	run -2 --separate-stderr wf --merge one.wfs first.wfs
	says 'wf: one.wfs: counts every match in a line, but first.wfs does not'
	[ "$(wf -o -e 'a' -s 3 log)" = "$(wf -o -e 'a' -s 3 -j 1 --chunk-size 1 log)" ]
	[ "$(wf -o -e 'a' -s 3 log)" = "     10       4 a" ]
	printf '[A]\nregexp = a\nonly-matching = yes\n[B]\nregexp = a\n' >set
	[ "$(wf --reports set --tsv log | tail -n 2)" = "$(printf 'A\t4\t\ta\nB\t2\t\ta')" ]
	run -2 wf -o -f 1 log
	[ "$output" = 'wf: -o: counts matches, so it needs a pattern: -e RE' ]
}

# The line is longer than a block, and has more matches than lines of a block could have.
@test "-o: a long line of short matches" {
	{ printf 'a b %.0s' {1..200000}; echo; echo a; } >long
	for re in '\S+' '\w' 'a|b' '[ab]\b'; do
		[ "$(wf -o -e "$re" long)" = "$(printf ' 200001 a\n 200000 b')" ]
	done
}

@test "-o: a line on which a pattern gives up counts for nothing" {
	{ printf 'b b '; printf 'a%.0s' {1..100}; echo -; echo 'b aaa'; } >log
	run -2 --separate-stderr wf -o -e 'b|(a+)+$' -k '$0' -n 0 log
	[ "$output" = "$(printf '      1 aaa\n      1 b')" ]
	says 'wf: log: line 1, byte 0:*'
}

@test "several -e: the first that matches a line; with -o, the leftmost match" {
	printf 'ab\nb\nc\nba\n' >log
	[ "$(wf -e '(a)' -e 'b' log)" = "$(printf '      2 a\n      1 b')" ]
	[ "$(wf -e 'b' -e '(a)' log)" = '      3 b' ]
	[ "$(wf -o -e 'ab' -e 'a' -e 'b' log)" = "$(printf '      2 b\n      1 a\n      1 ab')" ]
	[ "$(wf -o -e 'a' -e 'ab' -e 'b' log)" = "$(printf '      3 b\n      2 a')" ]
	wf -e a -e b --save ab.wfs log
	wf -e b -e a --save ba.wfs log
	run -2 --separate-stderr wf --merge ab.wfs ba.wfs
	says 'wf: ba.wfs: counts matches of b, but ab.wfs counts matches of a'
	run -2 --separate-stderr wf -e a -e '(b' log
	says 'wf: -e: missing closing parenthesis*'
}

@test "-E: how often each pattern of a file is found, with zeros; lines, or with -o matches" {
	printf '\xef\xbb\xbfa\r\nb+\n\na\nnever\n(?i)A$' >patterns
	printf 'aab b\nc\nbb\nba\n' >log
	printf '      3 b+\n      2 a\n      1 (?i)A$\n      0 never\n' >expected
	for options in '' '-j 2 --chunk-size 1' '-E patterns'; do
		# shellcheck disable=SC2086
		wf -E patterns $options log | same expected -
	done
	wf -E patterns --save one.wfs log
	rm patterns
	wf --merge one.wfs | same expected -
	printf 'a\nb+\nnever\n' >patterns
	[ "$(wf -E patterns -o log)" = "$(printf '      4 b+\n      3 a\n      0 never')" ]
	[ "$(wf -E patterns -n 1 --order last log)" = '      0 never' ]
	run -1 wf -E patterns /dev/null
	[ "$output" = "$(printf '      0 %s\n' a b+ never)" ]
	run -2 --separate-stderr wf -E patterns --save two.wfs log --merge
	wf -E patterns --save two.wfs log
	run -2 --separate-stderr wf --merge one.wfs two.wfs
	says 'wf: one.wfs: counts lines with (?i)A$, but two.wfs does not'
	printf '[A]\npatterns = patterns\n[B]\nfields = 1\n' >set
	[ "$(wf --reports set -n 1 log)" = "$(printf 'A\n      3 b+\n\nB\n      1 aab')" ]
}

@test "-E: mistakes" {
	printf 'a\n(b\n' >patterns
	run -2 --separate-stderr wf -E patterns /dev/null
	says 'wf: patterns:2: missing closing parenthesis*'
	printf '\n\r\n' >empty
	printf 'a\0b\n' >nul
	says_of() {
		run -2 --separate-stderr wf "${@:2}" /dev/null
		says "$1"
	}
	says_of 'wf: -E: empty: the file has no patterns' -E empty
	says_of 'wf: -E: nul: not a text file: it contains a NUL byte' -E nul
	says_of 'wf: -E: nowhere: No such file or directory' -E nowhere
	says_of 'wf: -E: cannot be used together with -e' -E "$SAMPLE" -e a
	says_of 'wf: -E: cannot be used together with -f' -E "$SAMPLE" -f url
	printf '%s\n' {1..10001} >many
	says_of 'wf: -E: more than 10000 patterns' -E many
}

@test "--sub: edits keys of any kind, one substitution after the other" {
	printf '/a/12/b/7 x\n/a/3/b/44 x\n/c y\n' >log
	[ "$(wf -f 1 --sub 's/\d+/{n}/g' log)" = "$(printf '      2 /a/{n}/b/{n}\n      1 /c')" ]
	[ "$(wf -f 1 --sub 's/\d+/{n}/' --sub 's|/|:|g' -n 1 log)" = '      1 :a:{n}:b:44' ]
	[ "$(wf -f 2,1 --sub 's,/.*,$$,i' --sub 's/^x$/X/' log)" = "$(printf '      2 X\t$\n      1 y\t$')" ]
	[ "$(wf -e '[a-c]' -o --sub 's/(?<l>[ab])/<${l}>/' log)" = "$(printf '      2 <a>\n      2 <b>\n      1 c')" ]
	[ "$(wf -e '/(\w+)' -k '$1!' --sub 's/!/\//' log)" = "$(printf '      2 a/\n      1 c/')" ]
	[ "$(wf -f 2 -s 1 --sub 's/.*//' log 2>/dev/null)" = '      0       3 ' ]
	wf -f 1 --sub 's/\d+/{n}/g' --save n.wfs log
	wf -f 1 --save plain.wfs log
	run -2 --separate-stderr wf --merge n.wfs plain.wfs
	says 'wf: n.wfs: edits keys by s/*/{n}/g, but plain.wfs does not'
	[ "$(wf --merge n.wfs n.wfs -n 1 2>/dev/null)" = '      4 /a/{n}/b/{n}' ]
	printf '[A]\nfields = 1\nsub = s/\\d+//g\nsub = s,/,,g\n' >set
	[ "$(wf --reports set -n 1 log)" = "$(printf 'A\n      2 ab')" ]
}

@test "--sub: a line on which a substitution gives up, and mistakes" {
	# A key of more than 1 MB: the warning does not blame the pattern alone, nor the field.
	run -2 --separate-stderr wf -f path $(printf -- '--sub s/./$0$0$0$0$0$0$0$0$0$0/g %.0s' {1..7}) "$SAMPLE"
	says "wf: *data/sample.log: line 1, byte 0: matching here exceeds PCRE2's match limit, or --sub makes a key of more than 1 MB; ?* lines given up (see CAVEATS in wf(1))"
	{ printf 'a%.0s' {1..100}; echo -; echo b; } >log
	run -2 --separate-stderr wf -f 0 --sub 's/(a+)+$/x/' log
	[ "$output" = '      1 b' ]
	says 'wf: log: line 1, byte 0:*'
	grow=() # to 2^25 bytes
	for _ in {1..25}; do grow+=(--sub 's/b/bb/g'); done
	run -2 --separate-stderr wf -f 0 "${grow[@]}" log
	[ "$output" = '      1 '"$(printf 'a%.0s' {1..100})-" ]
	mistake() {
		run -2 --separate-stderr wf -f 0 --sub "$1" /dev/null
		says "wf: --sub: $2"'*'
		[ "$(tail -n 1 <<<"$stderr")" = "wf:   $(printf '%*s^' "$3" '')" ]
	}
	mistake 's/(/x/' 'missing closing parenthesis' 3
	mistake 'sxa\xb(xyx' 'missing closing parenthesis' 7
	mistake 's/a/$1/' "no group '1'" 4
	mistake 's/a/\n/' "'*' is not an escape" 4
	mistake 's/a/b' "expected '/' after the replacement" 5
	mistake 's/a' "expected '/' after the pattern" 3
	mistake 's/a/b/gx' 'the flags are g (every match) and i (ignore case)' 7
	mistake 'y/a/b/' 'write s/RE/REPL/' 0
	mistake '' 'write s/RE/REPL/' 0
	mistake 's\a\b\' 'write s/RE/REPL/' 1
}

@test "groups of -e are fields: in -f, -s and -w, with -o, in sections and with their parts" {
	printf 'GET /a/x 12ms\nGET /b 3ms\nGET /a 5ms\nPUT /c\n' >log
	[ "$(wf -e '(?<ms>\d+)ms$' -f 2 -s ms log)" = "$(printf '     12       1 /a/x\n      5       1 /a\n      3       1 /b')" ]
	[ "$(wf -e '(\d+)ms$' -f '1,$1' log)" = "$(printf '      1 GET\t12\n      1 GET\t3\n      1 GET\t5')" ]
	[ "$(wf -e '(?<ms>\d+)ms$' -f 1 -w 'ms>4 and not $1=5' log)" = '      1 GET' ]
	[ "$(wf -e '(?<ms>\d+)ms$' -w 'ms>4' log)" = "$(printf '      1 12\n      1 5')" ]
	[ "$(wf -e ' (?<p>/\S+)' -f p/path/1 log)" = "$(printf '      2 /a\n      1 /b\n      1 /c')" ]
	[ "$(wf -o -e '(?<letter>[A-Z])' -f '1,letter/lower' -n 2 log)" = "$(printf '      3 GET\te\n      3 GET\tg')" ]
	[ "$(wf -o -e '(?<n>[1-9])' -f 1 -s n log)" = '     11       4 GET' ]
	# Of two patterns, the one that matches has the value.
	[ "$(wf -e '(?<v>G)E' -e '(?<v>P)(?<u>U)' -f v log)" = "$(printf '      3 G\n      1 P')" ]
	[ "$(wf -e '(?<v>G)E' -e '(?<v>P)(?<u>U)' -f v,u log)" = "$(printf '      1 P\tU')" ]
	wf -e '(?<ms>\d+)ms$' -f 2,ms --save one.wfs log
	wf -e '(?<ms>\d+)ms' -f 2,ms --save two.wfs log
	run -2 --separate-stderr wf --merge one.wfs two.wfs
	says 'wf: two.wfs: counts matches of (?<ms>*'
	printf '[A]\nregexp = (?<x>\\d+)ms\nfields = x\nwhere = x>4\n[B]\nregexp = (?<x>[A-Z])\nfields = x\n' >set
	[ "$(wf --reports set --csv log | tr -d '\r')" = "$(printf 'report,count,sum,key\nA,1,,12\nA,1,,5\nB,3,,G\nB,1,,P')" ]
}

@test "groups of -e are fields: a group comes before a field of that name; mistakes" {
	[ "$(wf -e '" (?<client>404)' -f client "$SAMPLE" -n 1)" = "$(wf -e '" (404)' "$SAMPLE")" ]
	[ "$(wf -e '"(?<client>GET)' -f .client "$SAMPLE" -n 1 2>/dev/null || echo none)" != '' ]
	mistake() {
		run -2 --separate-stderr wf "${@:2}" "$SAMPLE"
		[ "$output" = '' ]
		says "$1"
	}
	mistake "wf: -f: '\$2': the pattern has no such group" -e '(a)' -f '$2'
	mistake "wf: -f: several groups are named 'n': use their numbers" -e '(?J)(?<n>a)(?<n>b)' -f n
	mistake "wf: -w: 'n' is a group, and with -o every match has its own value" -o -e '(?<n>a)' -f 1 -w 'n=a'
	mistake "wf: -k: cannot be used together with -f; write groups in it, as in -f 'client,\$1'" -e '(a)' -f 1 -k '$1'
	{ printf 'a%.0s' {1..100}; echo -; echo aab; } >log
	for options in '-w g=aa' '-s g -f 1' '-f g,1'; do
		# shellcheck disable=SC2086
		run -2 --separate-stderr wf -e '(?<g>(a+)+)(b|$)' $options log
		[ "$(wc -l <<<"$output")" = 1 ]
		says 'wf: log: line 1, byte 0:*'
	done
}
