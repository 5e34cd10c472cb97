#!/usr/bin/env bats
# What wf says of itself: --help, --version, the manual, the sample.

load helper

long_options() {
	grep -oE -- '--[a-z][a-z-]*' | sort -u
}

# What wf itself takes, as it tells a shell: but for what is hidden.
taken() {
	wf --completion bash | sed -nE "s/.*compgen -W '(--fields [^']*)'.*/\1/p" | tr ' ' '\n'
}

# The options of --help=all: "-f --fields", or "--tsv".
helped() {
	wf --help=all | sed -nE 's/^ +((-[a-zA-Z]), )?(--[a-z-]+).*/\2 \3/p' | sed 's/^ //'
}

@test "--help=all names every option that wf takes, on stdout; 0" {
	run -0 --separate-stderr wf --help=all
	[ "$stderr" = "" ]
	taken >taken
	[ "$(wc -l <taken)" -ge 30 ]
	helped | grep -o -e '--.*' | same taken -
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

# bats test_tags=slow
@test "each option that --help=all lists is one, and takes an argument if it says so" {
	wf --help=all | grep -E '^ +(-[a-zA-Z], )?--' >rows
	while read -r row; do
		[[ "$row" =~ ^((-[a-zA-Z]), )?(--[a-z-]+) ]]
		letter=${BASH_REMATCH[2]} name=${BASH_REMATCH[3]}
		echo "$name"
		if [[ "$row" =~ --[a-z-]+' '[A-Z]+ ]]; then
			run -2 --separate-stderr wf "$name"
			[[ "$stderr" == "wf: $name: needs an argument"* ]]
			[ -z "$letter" ] || run -2 --separate-stderr wf "$letter"
			[[ "$stderr" == "wf: ${letter:-$name}: needs an argument"* ]]
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
	run -0 wf -h --no-such-option does-not-exist
	run -0 wf -V -n x does-not-exist
}

@test "the manual and --help name the same long options" {
	# In mdoc's words "Fl -top" is --top; mpirun, and the pages that are named under SEE ALSO, have options of their own.
	sed -E '/^\.Sh SEE ALSO/,$d; s/--(hostfile|map-by|mca)//g; s/\\-/-/g; s/\\f[A-Z]//g; s/\<Fl -/--/g' "$TREE/wf.1" |
		long_options | grep -vx -- --chunk-size >manual
	wf --help=all | long_options >help
	diff manual help
}

@test "the manual describes each option under the letter that --help gives it" {
	sed -nE 's/^\.It (Fl ([a-zA-Z]) , )?Fl -([a-z-]+).*/\2 \3/p' "$TREE/wf.1" |
		sed -E 's/^(.?) (.*)/-\1 --\2/; s/^- //' | grep -vx -- --chunk-size | sort >manual
	helped | sort | same manual -
}

@test "data/sample.log is what data/mklog -n 2000 writes" {
	"$TREE/data/mklog" -n 2000 | cmp - "$SAMPLE"
}
