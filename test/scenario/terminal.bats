#!/usr/bin/env bats
# What is written on a terminal: for people, and safe for them.

load helper

setup_file() {
	export TERM=xterm
}

# Every kind of byte in a log that could confuse a terminal, or a reader.
hostile_lines() {
	printf 'x%sy\n' $'\033[2J\033]0;title\007' $'\b\b\b' $'\r\r' $'\177' $'\f\v' $'\016\017' \
		$'\302\233' $'\302\205' $'\233' $'\220' $'\377' $'\300\233' $'\355\240\200' $'\360\237\230' \
		$'\342\200\256gnp' $'\342\200\253' $'\342\201\246' $'\342\201\251' $'\330\234' $'\342\200\217' \
		$'\342\200\213' $'\342\200\250' $'\342\200\251' $'\357\273\277' $'\302\255' $'\363\240\201\201' \
		$'"\033,\342\200\256"' $'\t\033' 'plain'
	printf 'nul\0nul\n'
}

# Is the text on stdin safe to show?  Argument: the terminal's charset.
is_safe() {
	"$PYTHON" -c '
import sys, unicodedata
text = sys.stdin.buffer.read().decode(sys.argv[1])      # raises what is not of the charset
text or sys.exit("there is nothing")
bad = {hex(ord(c)) for c in text
    if c not in "\n\t\r" and unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Cs", "Cn", "Co")}
sys.exit(f"unsafe: {sorted(bad)}" if bad else 0)' "$1"
}

@test "a table with a header, thousands separators, share and bar" {
	lines_of 2469134 A >log
	lines_of 1234567 B >>log
	LC_ALL=C.UTF-8 on_terminal "$WF" --progress=never --color=never -e . log >got
	cat >expected <<'END'
  COUNT   SHARE                    KEY
2,469,134  66.67%  ████████████████  A
1,234,567  33.33%  ████████          B
END
	# The blanks are a matter of taste: compare the words.
	tr -s ' ' <expected | sed 's/^ //' >expected.words
	tr -s ' ' <got | sed 's/^ //' | same expected.words -
}

@test "columns are in line, whatever the counts" {
	{ lines_of 12345678 A; echo B; } >log
	on_terminal "$WF" --progress=never --color=never -e . log >got
	# The key is in the same column in all three lines.
	"$PYTHON" -c '
lines = open("got").read().splitlines()
assert len(lines) == 3, lines
columns = {l.rindex(k) for l, k in zip(lines, ("KEY", "A", "B"))}
assert len(columns) == 1, lines'
}

@test "the header names the URL where that is counted; a bar without UTF-8 is ASCII" {
	LC_ALL=C on_terminal "$WF" --progress=never "$SAMPLE" >got
	head -1 got | grep -q 'COUNT.*SHARE.*URL'
	[ "$(wc -l <got)" -eq 11 ]
	sed -n 2p got | grep -q '%  .*################'
}

# Keys of every kind, short and long, each followed by a number.
wide_lines() {
	local kind
	for kind in /plain/ /日本語/漢字/ /é/cafe$'\314\201'/ /😀/😃/ $'/ctl\033[2J\342\200\256/' $'/bad\377\360\237/'; do
		printf '%s 1234567\n' "${kind}" "${kind}${kind}${kind}" \
			"${kind}$(printf 'x%.0s' {1..90})${kind}${kind}${kind}/end"
	done
}

@test "a table fits the terminal, whatever the width and the keys" {
	wide_lines >log
	"$PYTHON" "$TREE/test/scenario/fits.py" "$WF" log 20 21 27 33 40 41 57 60 79 80 81 132 1000
}

@test "a long key is cut in the middle, and keeps its ends" {
	echo "/first/$(printf 'x%.0s' {1..200})/last" >log
	LC_ALL=C.UTF-8 on_terminal --columns 60 "$WF" --progress=never --color=never -f 1 log | grep -E '  /first/x+…x+/last$'
	LC_ALL=C on_terminal --columns 60 "$WF" --progress=never --color=never -f 1 log | grep -E '  /first/x+\.\.\.x+/last$'
	# It takes all the room that there is.
	LC_ALL=C on_terminal --columns 60 "$WF" --progress=never --color=never -f 1 log | tail -1 | grep -E '^.{60}$'
}

@test "wide characters take two columns, combining marks none: the next column is in line" {
	{
		echo 'abcdefgh B'
		echo '日本語漢 B'
		printf 'e\314\201e\314\201e\314\201e\314\201efgh B\n'
		echo '😀😀ab B'
	} >log
	LC_ALL=C.UTF-8 on_terminal --columns 80 "$WF" --progress=never --color=never -f 1,2 log >got
	# The bytes before the last column are as many as it takes for the same column.
	"$PYTHON" -c '
rows = open("got", encoding="utf-8").read().splitlines()[1:]
keys = {"abcdefgh": 8, "日本語漢": 8, "e\u0301" * 4 + "efgh": 8, "😀😀ab": 6}
for row in rows:
    key, blanks = next((k, row.split(k)[1]) for k in keys if k in row)
    assert blanks == " " * (10 - keys[key]) + "B", row
assert len(rows) == 4, rows'
}

# bats test_tags=slow
@test "a combining mark is not cut off its letter" {
	for n in {1..12}; do
		printf 'x%.0s' $(seq "$n")
		printf 'e\314\201%.0s' {1..80}
		echo
	done >log
	for columns in {40..51}; do
		LC_ALL=C.UTF-8 on_terminal --columns "$columns" "$WF" --progress=never --color=never -n 0 -f 1 log >got
		grep -q '…' got
		lacks got -E $'…\314\201|e…'
	done
}

@test "on a narrow terminal the bar goes, then the share, then the count beside a sum; no number is cut" {
	lines_of 1234567 '/a/long/key/of/thirty/columns 100' >log
	shown() { LC_ALL=C on_terminal --columns "$1" "$WF" --progress=never --color=never "${@:2}" -f 1 log | tail -1 | tr -s ' '; }
	[[ "$(shown 80)" == '1,234,567 100.00% ################ /a/long/key/of/thirty/columns' ]]
	[[ "$(shown 54)" == '1,234,567 100.00% ######## /a/'*'...'*'columns' ]]
	[[ "$(shown 44)" == '1,234,567 100.00% /a/'*'...'*'columns' ]]
	[[ "$(shown 36)" == '1,234,567 /a/'*'...'*'columns' ]]
	[[ "$(shown 36 -s 2)" == '123,456,700 /a/'*'...'*'columns' ]]
	[[ "$(shown 5)" == '1,234,567 /...' ]]
}

@test "COLUMNS goes before what the terminal says, where it is a number" {
	printf 'x%.0s' {1..200} >log
	width() { on_terminal --columns 60 "$WF" --progress=never --color=never -f 1 log | tail -1 | tr -d '\n' | wc -c; }
	[ "$(width)" -eq 60 ]
	[ "$(COLUMNS=72 width)" -eq 72 ]
	for bad in '' 0 -1 72x 99999999999999999999 x; do
		[ "$(COLUMNS=$bad width)" -eq 60 ]
	done
}

@test "where the width is not known, and in a pipe, nothing is cut" {
	printf 'x%.0s' {1..2000} >log
	for how in 'on_terminal' 'env COLUMNS=40'; do
		$how "$WF" --color=never --format table -f 1 log | grep -qE 'x{2000}$'
	done
}

@test "hostile bytes are escaped on a UTF-8 terminal: table" {
	hostile_lines >log
	LC_ALL=C.UTF-8 on_terminal "$WF" --progress=never --color=never -n 0 -e '(?s).*' log >got
	[ "$(wc -l <got)" -eq 31 ]
	is_safe utf-8 <got
}

@test "hostile bytes are escaped on a UTF-8 terminal: plain" {
	hostile_lines >log
	LC_ALL=C.UTF-8 on_terminal "$WF" --progress=never --format plain -n 0 -e '(?s).*' log >got
	[ "$(wc -l <got)" -eq 30 ]
	is_safe utf-8 <got
	grep -qF 'x\x1b[2J\x1b]0;title\x07y' got
	grep -qF 'x\xc2\x9by' got
	grep -qF 'x\xffy' got
	grep -qF 'x\xe2\x80\xaegnpy' got
}

@test "hostile bytes are escaped on a UTF-8 terminal: tsv, csv" {
	hostile_lines >log
	for format in tsv csv; do
		LC_ALL=C.UTF-8 on_terminal "$WF" --progress=never "--$format" -n 0 -e '(?s).*' log >got
		[ "$(wc -l <got)" -eq 31 ]
		is_safe utf-8 <got
	done
}

@test "hostile bytes are escaped on a UTF-8 terminal: json, which stays json" {
	hostile_lines >log
	LC_ALL=C.UTF-8 on_terminal "$WF" --progress=never --json -n 0 -e '(?s).*' log >got
	"$PYTHON" -c 'import json; json.load(open("got", encoding="utf-8"))'
	is_safe utf-8 <got
}

@test "nothing but ASCII is written on a terminal that isn't UTF-8, in every format" {
	hostile_lines >log
	for format in table plain tsv csv json html; do
		echo "format: $format"
		LC_ALL=C on_terminal "$WF" --progress=never --color=never --format "$format" -n 0 -e '(?s).*' log >got
		is_safe ascii <got
	done
}

@test "what can be shown is shown: accents, Chinese, an emoji" {
	printf 'h\303\251llo \344\270\255 \360\237\230\200\n' >log
	for format in table plain tsv csv json html; do
		LC_ALL=C.UTF-8 on_terminal "$WF" --progress=never --format "$format" -e '.*' log | grep -F $'h\303\251llo \344\270\255 \360\237\230\200'
	done
}

@test "a table into a pipe is escaped as well: it is for eyes" {
	hostile_lines >log
	LC_ALL=C.UTF-8 wf --format table -n 0 -e '(?s).*' log >got
	is_safe utf-8 <got
}

@test "a table or an explanation into a pipe has the characters and the widths of the locale" {
	printf 'h\303\251\nhe\n' >log
	LC_ALL=C wf --format table -f 1 log >got
	grep -F 'h\xc3\xa9' got
	LC_ALL=C.UTF-8 wf --format table -f 1 log >got
	grep -E $'\342\226\210 +h\303\251$' got
	printf '{"h\303\251":1,"status":200}\n' >json
	LC_ALL=C.UTF-8 wf --explain -f status json >got
	grep -F $'  h\303\251         1' got
}

@test "in a pipe the same bytes are raw" {
	printf 'x\033\302\233\342\200\256\377\n' >log
	printf '      1 x\033\302\233\342\200\256\377\n' >expected
	LC_ALL=C.UTF-8 wf -e '.*' log | same expected -
}

@test "colour: on a terminal yes; NO_COLOR, TERM=dumb and --color=never no; --color=always in spite of them" {
	echo A >log
	on_terminal "$WF" --progress=never -e A log | grep $'\033\['
	NO_COLOR='' on_terminal "$WF" --progress=never -e A log | grep $'\033\[' # empty is not set
	NO_COLOR=1 on_terminal "$WF" --progress=never -e A log >got
	lacks got $'\033'
	TERM=dumb on_terminal "$WF" --progress=never -e A log >got
	lacks got $'\033'
	on_terminal "$WF" --progress=never --color=never -e A log >got
	lacks got $'\033'
	NO_COLOR=1 TERM=dumb on_terminal "$WF" --progress=never --color=always -e A log | grep $'\033\['
}

@test "messages: control bytes of a file's name don't reach the terminal" {
	name=$'no\033[2J\nsuch\177file'
	run -2 on_terminal "$WF" --progress=never "$name"
	[ "$output" = 'wf: no\x1b[2J\x0asuch\x7ffile: No such file or directory (a pattern needs -e)' ]
}

@test "statuses are the same on a terminal, and nothing matched prints nothing" {
	run -1 on_terminal "$WF" --progress=never -e NEVER "$SAMPLE"
	[ "$output" = "" ]
	run -2 on_terminal "$WF" --progress=never --no-such-option
}

# Make an 8-bit locale, which LOCPATH then has.  In such a locale, a terminal takes 0x9b for ESC [.
make_8_bit_locale() {
	! sanitized || skip "glibc leaks memory if LOCPATH is set"
	needs localedef
	localedef -i en_US -f ISO-8859-1 "$PWD/latin1" >made 2>&1 || skip "no sources of locales"
	export LOCPATH=$PWD
}

hostile_on_terminal() { # LOCALE [FIRST EACH]
	mkdir hostile
	cd hostile
	"$PYTHON" "$TREE/test/scenario/hostile_terminal.py" "$@"
	cd ..
	rm -r hostile
}

# bats test_tags=slow
@test "whatever the names, keys, fields and messages, a terminal gets only the sequences of wf itself" {
	hostile_on_terminal C 0 4
	hostile_on_terminal C.UTF-8 1 4
	hostile_on_terminal C.UTF-8 3 4
	make_8_bit_locale
	hostile_on_terminal latin1 2 4
}

# bats test_tags=slow
@test "the same, in all ways in which wf prints, in three locales" {
	! sanitized || skip "takes minutes"
	hostile_on_terminal C
	hostile_on_terminal C.UTF-8
	make_8_bit_locale
	hostile_on_terminal latin1
}

@test "only lib/terminal.c writes to stdout and stderr" {
	cd "$TREE"
	run -1 grep -nE '(^|[^a-z_])((printf|puts|putchar|perror)\(|(f?put[cs]|fwrite|write|[fd]printf)\([^;]*\b(std(out|err)|STD(OUT|ERR)_FILENO)\b)' \
		{cli,count,report,progress,query,save,mpi}/*.c
}
