# helper.bash -- functions for the tests on several hosts.  Run these by test/cluster/run.
#
# $MPI is openmpi or mpich; mpirun is the one of that MPI.  A test starts a program on web1, web2 and
# web3, may disturb it while it runs, and checks $status and the files out and err.

bats_require_minimum_version 1.5.0

. "$BATS_TEST_DIRNAME/hosts.bash"
export LC_ALL=C OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
WF=$HOSTS_TREE/wf
LOG=/var/log/access.log
SECONDS_MAX=60 # within which all must end after a disturbance; about 10 on an idle machine
WF1='GET /ongoing/When/\d\d\dx/(\d\d\d\d/\d\d/\d\d/[^ .]+) '

# Counts clients, but takes about 20 microseconds per line, so there is time to disturb it.
SLOW='^(?!.*?.*?\x01)(\S+)'

setup() {
	cd "$BATS_TEST_TMPDIR"
}

teardown() {
	local host
	for host in $HOSTS_NAMES; do
		hosts_mend "$host"
		if [ -e "$host.log" ]; then
			rm -f "$(log_on "$host")"
			mv "$host.log" "$(log_on "$host")"
		fi
	done
	hosts_clear
}

# The path, outside of the host, of the file that is $LOG on it.
log_on() { # HOST
	echo "$HOSTS/$1/log/access.log"
}

all_logs() {
	local host
	for host in $HOSTS_NAMES; do
		log_on "$host"
	done
}

# Run "mpirun N PROGRAM..." on web1, with one rank on each host, or two.
#
# Open MPI's mpirun notices by the keepalive of its TCP connections that a host is cut off, by default
# after five minutes; then it ends with status 205.  If a rank calls MPI_Abort before that, mpirun never
# ends: it sends data to the lost host, and TCP tests a connection only if no data is under way.
# MPICH's mpirun never notices, but ends immediately when a rank calls MPI_Abort.
mpirun() {
	local n=$1
	shift
	case $MPI in
	openmpi)
		printf '%s slots=2\n' $HOSTS_NAMES >$HOSTS/hostfile
		set -- --hostfile $HOSTS/hostfile --map-by node -n "$n" --mca oob_tcp_keepalive_time 2 \
			--mca oob_tcp_keepalive_intvl 1 --mca oob_tcp_keepalive_probes 3 "$@"
		;;
	mpich)
		printf '%s:2\n' $HOSTS_NAMES >$HOSTS/hostfile
		[ "$n" -gt 3 ] || set -- -ppn 1 "$@"
		set -- -f $HOSTS/hostfile -n "$n" "$@"
		;;
	esac
	hosts_on web1 timeout --foreground -k 1 600 "mpirun.$MPI" "$@"
}

# Start it in the background, and wait until it works on each host.
start() { # N PROGRAM...
	local host
	mpirun "$@" </dev/null >out 2>err 3>&- &
	started=$!
	for host in $HOSTS_NAMES; do
		until_true works_on "$host" "$(basename "$2")"
	done
	sleep 0.5
}

# Has a rank of that name forked?
works_on() { # HOST NAME
	local rank
	rank=$(hosts_on "$1" pgrep -o -x "${2:0:15}") && hosts_on "$1" pgrep --parent "$rank" >/dev/null
}

# Kill a worker, but never the rank: all workers may have finished by now.
kill_worker_on() { # HOST NAME
	hosts_on "$1" pkill -KILL -n --parent "$(hosts_on "$1" pgrep -o -x "${2:0:15}")" || :
}

# Wait for the end, which must come soon, and set $status.
finish() {
	local i
	for ((i = 0; i < SECONDS_MAX * 10; i++)); do
		kill -0 "$started" 2>/dev/null || break
		sleep 0.1
	done
	if kill -0 "$started" 2>/dev/null; then
		echo "still running after $SECONDS_MAX s"
		cat out err
		return 1
	fi
	status=0
	wait "$started" || status=$?
}

# It failed, printed no ranking, and some message names the host: it may be mpirun's, which MPICH prints
# to stdout.
failed_because_of() { # HOST
	cat out err
	[ "$status" -ne 0 ]
	grep -q "$1" out err
	! grep -qE '^ *[0-9]+ ' out
}

nothing_runs_on() { # HOST...
	until_true eval '[ -z "$(hosts_running '"$*"')" ]' || {
		hosts_running "$@"
		return 1
	}
}

# Root can read any file that exists, so replace the file with a dangling link.
make_unreadable() { # HOST
	mv "$(log_on "$1")" "$1.log"
	ln -s gone "$(log_on "$1")"
}

until_true() {
	local i
	for ((i = 0; i < 600; i++)); do
		"$@" && return
		sleep 0.1
	done
	echo "this did not become true: $*"
	return 1
}
