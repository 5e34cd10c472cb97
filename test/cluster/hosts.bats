#!/usr/bin/env bats
# The hosts themselves: each is as separate as a machine, and mpirun can start programs on them.

load helper

HELLO=$HOSTS_TREE/build/cluster/hello.$MPI

setup_file() {
	load helper
	for host in $HOSTS_NAMES; do
		echo -n "log of $host" >"$(log_on "$host")"
	done
}

@test "$MPI: each host has its own name, log, /tmp and processes" {
	for host in $HOSTS_NAMES; do
		hosts_on "$host" touch "/tmp/of-$host"
		[ "$(hosts_on "$host" hostname)" = "$host" ]
		[ "$(hosts_on "$host" cat $LOG)" = "log of $host" ]
		[ "$(hosts_on "$host" bash -c 'echo /tmp/of-*')" = "/tmp/of-$host" ]
	done
	[ -z "$(hosts_running $HOSTS_NAMES)" ]
	[ "$(hosts_on web1 ssh web3 hostname)" = web3 ]
}

@test "$MPI: ranks read the files of their own hosts and exchange the contents" {
	mpirun 3 "$HELLO" $LOG >out
	diff out - <<<$'0 log of web1\n1 log of web2\n2 log of web3'
	mpirun 6 "$HELLO" $LOG >out
	[ "$(sort -k 2 out | cut -d' ' -f 2- | uniq -c | tr -s ' ')" = $' 2 log of web1\n 2 log of web2\n 2 log of web3' ]
	nothing_runs_on $HOSTS_NAMES
}

@test "$MPI: a rank is killed: all end, the host is named" {
	start 3 "$HELLO" $LOG 30
	hosts_on web2 pkill -KILL -o -x "hello.$MPI"
	finish
	failed_because_of web2
	nothing_runs_on $HOSTS_NAMES
}

@test "$MPI: a file is unreadable: status 2, the host is named" {
	make_unreadable web3
	mpirun 3 "$HELLO" $LOG </dev/null >out 2>err || status=$?
	failed_because_of web3
	[ "$status" -eq 2 ]
	nothing_runs_on $HOSTS_NAMES
}

@test "$MPI: a host is cut off, and comes back" {
	hosts_cut web3
	run ! hosts_on web1 ssh -o ConnectTimeout=1 web3 true
	hosts_mend web3
	[ "$(hosts_on web1 ssh web3 hostname)" = web3 ]
}

@test "$MPI: a host is cut off during a run: mpirun ends, the host is named" {
	[ "$MPI" = openmpi ] || skip "mpirun of MPICH does not notice"
	start 3 "$HELLO" $LOG 30
	hosts_cut web3
	finish
	failed_because_of web3
	nothing_runs_on web1 web2
}
