#!/usr/bin/env bats
# What wf says of itself: --help, --version, the manual, the sample.

load helper

long_options() {
	grep -oE -- '--[a-z][a-z-]*' | sort -u
}

@test "--help=all lists every option, short and long, on stdout; 0" {
	run -0 --separate-stderr wf --help=all
	[ "$stderr" = "" ]
	for option in '-e, --regexp' '-k, --key' '-f, --fields' '-d, --delimiter' '-s, --sum' '-i, --ignore-case' \
		'-g, --grep' '-v, --vgrep' '-w, --where' '-n, --top' --order '-r, --report' --reports --log-format \
		'-R, --recursive' '-j, --jobs' --tsv --csv --json --html --format --stats --unmatched --save --merge --explain --color --progress --watch '-q, --quiet' '-h, --help\[=all\]' '-V, --version'; do
		echo "$option"
		grep -qE -- "^ +$option( |$)" <<<"$output"
	done
}

@test "-h and --help fit one screen, and name options as --help=all does" {
	run -0 --separate-stderr wf -h
	[ "$stderr" = "" ]
	[ "${#lines[@]}" -le 23 ] # and the prompt
	wf --help | same <(printf '%s\n' "$output") -
	wf -h >short
	lacks short -E '.{80}'
	# Each of its options is a row of the other's.
	wf --help=all >all
	grep -E '^ +(-[a-zA-Z], )?--' short >rows
	[ "$(wc -l <rows)" -ge 10 ]
	while IFS= read -r row; do
		grep -qxF -- "$row" all
	done <rows
	run -2 --separate-stderr wf --help=most
	says "wf: --help: takes no argument but 'all'; see wf --help"
}

@test "--help=all: no line is wider than a terminal" {
	wf --help=all >all
	lacks all -E '.{81}'
}

@test "each option that --help=all lists is one, and takes an argument if it says so" {
	wf --help=all | grep -E '^ +(-[a-zA-Z], )?--' >rows
	while read -r row; do
		name=$(grep -oE -- '--[a-z-]+' <<<"$row" | head -1)
		echo "$name"
		if [[ "$row" =~ --[a-z-]+' '[A-Z]+ ]]; then
			run -2 --separate-stderr wf "$name"
			[[ "$stderr" == "wf: $name: needs an argument"* ]]
		else
			run -2 --separate-stderr wf "$name=x"
			[[ "$stderr" == "wf: $name: takes no argument"* ]]
		fi
	done <rows
	[ "$(wc -l <rows)" -ge 25 ]
}

@test "-V: a name and a version, 0" {
	run -0 --separate-stderr wf -V
	[[ "$output" =~ ^'wf '[0-9]+\.[0-9] ]]
	[ "${#lines[@]}" -eq 1 ]
	[ "$stderr" = "" ]
	wf --version | same <(printf '%s\n' "$output") -
}

@test "-h and -V win over what comes behind them, and read nothing" {
	mkfifo nobody-writes
	run -0 timeout 5 "$WF" -h --no-such-option nobody-writes
	run -0 timeout 5 "$WF" -V -n x nobody-writes
}

@test "the manual and --help name the same long options" {
	[ -e "$TREE/wf.1" ] || skip "there is no wf.1 yet"
	# In mdoc's words "Fl -top" is --top; mpirun, and the pages that are named under SEE ALSO, have options of their own.
	sed -E '/^\.Sh SEE ALSO/,$d; s/--(hostfile|map-by|mca)//g; s/\\-/-/g; s/\\f[A-Z]//g; s/\<Fl -/--/g' "$TREE/wf.1" |
		long_options | grep -vx -- --chunk-size >manual
	wf --help=all | long_options >help
	diff manual help
}

@test "data/sample.log is what data/mklog -n 2000 writes" {
	"$TREE/data/mklog" -n 2000 | cmp - "$SAMPLE"
}
