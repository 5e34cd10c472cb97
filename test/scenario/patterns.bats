# What a regular expression matches does not depend on how PCRE2 matches it.

load helper

@test "behind an alternative that is empty: as perl has it, whatever PCRE2's JIT makes of it" {
	while IFS= read -r -d '' line && IFS= read -r -d '' pattern; do
		run -0 wf -q -e "$pattern" <<<"$line"
	done < <(printf '%s\0' 'GET /enn' 'GET /(en|)([a-z]+)n' aa '(a|)([^ ]+)a' 'GET aaa' \
		'GET (a|)([^ ]+)[^ .]+\S+' c '(?:\w|)\w*\S+?' aaabcca '((?:a[^ ]|a)(a*|b)).+[ab]b' \
		1 '(1|)b*1' CCC '(?i)(?:\w|)[a-c]+?c{2}')
}
