#!/usr/bin/env bats
# wf-mpi on three hosts prints what one wf prints for all files, or a message and no ranking.

load helper

setup_file() {
	[ -n "$WF_MPI" ] || return 0
	load helper
	seed=0
	for host in $HOSTS_NAMES; do
		"$HOSTS_TREE/data/mklog" -n 100000 -s $((++seed)) --hostile >"$(log_on "$host")"
		# 3 million lines on each host.  Of 5 million different lines, each occurs one to three times.
		seq $((seed * 1000000)) $((seed * 1000000 + 2999999)) >"$HOSTS/$host/log/numbers"
		"$HOSTS_TREE/data/mklog" -n 150000 -s $seed >"$HOSTS/$host/log/slow"
		: >"$HOSTS/$host/log/empty"
	done
	cp "$(log_on web2)" "$HOSTS/web2/log/empty"
}

setup() {
	[ -n "$WF_MPI" ] || skip "no wf-mpi is built with $MPI"
	cd "$BATS_TEST_TMPDIR"
}

# Let one wf count the three files of that name; its output is what wf-mpi must print.
expect() { # NAME ARGUMENT...
	local host files=()
	for host in $HOSTS_NAMES; do
		files+=("$HOSTS/$host/log/$1")
	done
	"$WF" "${@:2}" "${files[@]}" >expected 2>expected.err
	# wf-mpi names neither the format nor the first line that does not fit: each rank knows only its share.
	sed -i -e "s/ do not fit '.*'; the first is line [^;]*;/ do not fit their log format;/" -e '/^wf:   /d' expected.err
}

# Check stdout and stderr.  They must not be those for a terminal, though Open MPI gives each rank a
# pseudo-terminal.
prints_it() { # N WF-MPI-ARGUMENT...
	local status=0
	mpirun "$1" "$WF_MPI" "${@:2}" </dev/null >out 2>err || status=$?
	# Open MPI prints this warning from time to time.
	sed -i '/plm:rsh: Warning: setpgid/d' err
	cat err
	[ "$status" -eq 0 ]
	cmp expected.err err
	cmp expected out
	nothing_runs_on $HOSTS_NAMES
}

# Let each host count its own file of that name.
answers_as_one() { # NAME ARGUMENT...
	expect "$@"
	prints_it 3 --local "${@:2}" "/var/log/$1"
}

@test "$MPI: --local: the Wide Finder's pattern" {
	answers_as_one access.log -n 0 -e "$WF1"
}

@test "$MPI: --local: -r wf2" {
	answers_as_one access.log -r wf2
}

@test "$MPI: --local: -r overview" {
	answers_as_one access.log -n 0 -r overview
}

@test "$MPI: --local: a sum of several fields' keys, as JSON" {
	answers_as_one access.log --json -n 100 -f status,client -s bytes
}

@test "$MPI: --local: five million keys" {
	answers_as_one numbers -n 0 -f 0
}

@test "$MPI: --local: files that are empty on all hosts but one" {
	answers_as_one empty -n 0 -f client
}

@test "$MPI: --local: two ranks on a host count its files once" {
	expect access.log -n 0 -f client
	prints_it 6 --local -n 0 -f client $LOG
}

@test "$MPI: any number of ranks shares files that all hosts see" {
	expect access.log -n 0 -e "$WF1"
	for ranks in 1 2 3 5 6; do
		prints_it $ranks -j 2 -n 0 -e "$WF1" $(all_logs)
	done
}

@test "$MPI: nothing matches on any host: status 1" {
	status=0
	mpirun 3 "$WF_MPI" --local -e 'is in no log' $LOG </dev/null >out || status=$?
	[ "$status" -eq 1 ]
	! grep -qE '^ *[0-9]+ ' out
}

@test "$MPI: an unknown option is reported once" {
	status=0
	mpirun 3 "$WF_MPI" --no-such-option $LOG </dev/null >out 2>err || status=$?
	cat err
	[ "$status" -eq 2 ]
	[ "$(grep -c 'no-such-option' err)" -eq 1 ]
}

@test "$MPI: a file is unreadable: status 2, the host is named" {
	make_unreadable web3
	status=0
	mpirun 3 "$WF_MPI" --local -f client $LOG </dev/null >out 2>err || status=$?
	failed_because_of web3
	[ "$status" -eq 2 ]
	grep -qF $LOG err
	nothing_runs_on $HOSTS_NAMES
}

@test "$MPI: a rank is killed: all end soon, the host is named" {
	for host in web2 web1; do
		start 3 "$WF_MPI" --local -j 1 -n 0 -e "$SLOW" /var/log/slow
		hosts_on $host pkill -KILL -o -x wf-mpi
		finish
		failed_because_of $host
		nothing_runs_on $HOSTS_NAMES
	done
}

@test "$MPI: a worker is killed: exact" {
	expect slow -n 0 -e "$SLOW"
	start 3 "$WF_MPI" --local -j 2 -n 0 -e "$SLOW" /var/log/slow
	kill_worker_on web2 wf-mpi
	SECONDS_MAX=300 finish
	[ "$status" -eq 0 ] || { cat err; false; }
	cmp expected out
}

@test "$MPI: a host is cut off: all others end soon, the host is named" {
	start 3 "$WF_MPI" --local -j 1 -n 0 -e "$SLOW" /var/log/slow
	hosts_cut web3
	finish
	failed_because_of web3
	grep -q "^wf: web1: web3: no heartbeat for 4 seconds" err
	if [ "$MPI" = openmpi ]; then
		nothing_runs_on web1 web2
	else # mpiexec leaves its ssh to web3 running until TCP gives up
		until_true eval '! hosts_on web2 pgrep -x wf-mpi'
	fi
}

@test "$MPI: the rank on a host that is cut off ends as well" {
	start 3 "$WF_MPI" --local -j 1 -n 0 -e "$SLOW" /var/log/slow
	hosts_cut web3
	until_true eval '! hosts_on web3 pgrep -x wf-mpi' # it gives rank 0 up after nine seconds
}
