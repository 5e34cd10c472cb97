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
