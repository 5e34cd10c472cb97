#!/usr/bin/env bats
# What the shells complete: each is asked itself.

load helper

# What bash would offer for the last WORD; it cuts words at "=", too.
in_bash() { # WORD...
	wf --completion bash >wf.bash
	bash --norc -c '
		compopt() { :; } # readline is not there
		source ./wf.bash
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		_wf
		printf "%s\n" "${COMPREPLY[@]}"' bash wf "$@"
}

in_fish() { # LINE
	wf --completion fish >wf.fish
	HOME=$PWD fish --no-config -c 'source wf.fish; complete -C "$argv[1]"' "$1" | cut -f1
}

# A zsh on a terminal of its own, which prints what it would offer instead of showing it.
in_zsh() { # LINE
	mkdir -p functions
	wf --completion zsh >functions/_wf
	cat >ask.zsh <<-'END'
		zmodload zsh/zpty
		zpty shell zsh -f -i
		zpty -w shell 'PS1= fpath=($PWD/functions $fpath); autoload -U compinit; compinit -u -D'
		zpty -w shell 'compadd() { local -a found; builtin compadd -O found "$@"; print -lr -- "<${^found[@]}>"; builtin compadd "$@" }'
		zpty -w shell 'show() { print BEGIN; _main_complete; print END; compstate[insert]= compstate[list]= }'
		zpty -w shell 'zle -C show complete-word show; bindkey "^X" show; print -r READY'
		zpty -r shell all $'*\nREADY*'
		zpty -w -n shell "$1"$'\x18'
		zpty -r shell all '*BEGIN*END*'
		print -r -- "$all"
	END
	zsh -f ask.zsh "$1" >answer
	grep -oE '<[^>]+>' answer | tr -d '<>' | sort -u
}

offers() { # EXPECTED, one a line
	[ "$output" = "$(printf '%s\n' "$@")" ] && return
	printf 'expected: %s\n' "$*"
	printf 'there was: %s\n' "$output"
	return 1
}

# Every long option of --help=all.
long_options() {
	wf --help=all | grep -o '^  ....--[a-z-]*' | grep -o -e '--.*' | sort
}

@test "bash: options, words, lists, files elsewhere" {
	run in_bash --log
	offers --log-format
	run in_bash --format ''
	offers table plain tsv csv json html
	run in_bash --format = js
	offers json
	run in_bash --color =
	offers auto always never
	run in_bash -r w
	offers wf2
	run in_bash -f url,cl
	offers url,client url,class
	run in_bash -f url,agent/b
	offers url,agent/browser url,agent/bot
	run in_bash -s bytes/
	offers bytes/log bytes/first bytes/last bytes/fold bytes/lower
	run in_bash -w client/c
	offers client/country client/city
	run in_bash --where stat
	offers status
	run in_bash --log-format v
	offers vhost_combined
	run in_bash -e x
	offers ''
	run in_bash acc
	offers ''
	mkdir -p data/deep
	: >data/file
	run in_bash -R data/
	offers data/deep
}

@test "bash: all options of --help=all" {
	in_bash -- | sort | same <(long_options) -
}

@test "bash: the words that an option may be are those that it names when it is given another" {
	for option in --format --report --color --progress --mmap --completion; do
		run -2 wf "$option" nonsense
		in_bash "$option" '' | sort | same <(sed -E 's/.* must be //; s/, not .*//; s/ or |, /\n/g' <<<"$output" | sort) -
	done
	in_bash --order '' | sort | same <(printf '%s\n' change count gone key last new) - # or a statistic
}

@test "bash: the fields are those that a line may have; every format is one" {
	run -2 wf -f nonsense "$SAMPLE"
	{
		sed 's/.*they have //; s/ /\n/g' <<<"$output"
		printf '%s\n' host port @host # of vhost_combined; of none
	} | sort >fields
	in_bash -s '' | sort | same fields -
	for format in $(in_bash --log-format ''); do
		run wf --log-format "$format" /dev/null
		[ "$status" -lt 2 ]
	done
}

@test "fish: options, words, lists, files elsewhere" {
	needs fish
	run in_fish 'wf --log'
	offers --log-format
	run in_fish 'wf --format js'
	offers json
	run in_fish 'wf --format=js'
	offers --format=json
	run in_fish 'wf -r w'
	offers wf2
	run in_fish 'wf -f url,cl'
	offers url,class url,client
	run in_fish 'wf -f url,agent/b'
	offers url,agent/bot url,agent/browser
	run in_fish 'wf --where client/ci'
	offers client/city
	run in_fish 'wf --where stat'
	offers status
	: >a-file
	run in_fish 'wf a-f'
	offers a-file
	run in_fish 'wf --reports a-f'
	offers a-file
	run in_fish 'wf -e a-f'
	offers ''
}

@test "fish: all options of --help=all" {
	needs fish
	in_fish 'wf --' | sort | same <(long_options) -
}

# bats test_tags=slow
@test "zsh: options, words, lists, files elsewhere" {
	needs zsh
	run in_zsh 'wf --log'
	offers --log-format
	run in_zsh 'wf --hel'
	offers --help
	run in_zsh 'wf --format js'
	offers json
	run in_zsh 'wf -r w'
	offers wf2
	run in_zsh 'wf -f url,cl'
	offers class client
	run in_zsh 'wf -f url,agent/b'
	offers agent/bot agent/browser
	run in_zsh 'wf --where client/ci'
	offers client/city
	run in_zsh 'wf --where stat'
	offers status
	: >a-file
	run in_zsh 'wf a-f'
	offers a-file
}

@test "2: --completion of another shell" {
	refused "wf: --completion: must be bash, zsh or fish, not 'csh' (did you mean 'zsh'?)" --completion csh
}
