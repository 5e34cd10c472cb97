# hosts.bash -- three machines made of namespaces, for programs that run on many.
#
#	hosts_possible		can there be any here?  If not, prints why
#	hosts_sandbox CMD...	run a command, perhaps a function of this file, where there may be
#	hosts_up		in there: boot web1 web2 web3
#	hosts_on HOST CMD...	run a command on one of them
#	hosts_cut HOST		pull its network cable
#	hosts_mend HOST		plug it in again
#	hosts_running HOST...	what runs there
#	hosts_clear		end what runs on any of them
#
# Each host has a name, an address, processes, /var/log, /tmp and /dev/shm of its own, and an sshd
# that lets root of the others in.  $HOSTS/HOST/log is its /var/log, seen from the sandbox.  All
# else, the tree too, is the same file on each, as if they had one file server.
#
# The sandbox has no network but the bridge between the hosts, and what is mounted in it is mounted
# for nobody else.  Its first process takes all others with it, the hosts as well, and with
# the processes go the networks and mounts: however it ends, nothing is left on the machine, and
# two of them never meet.

HOSTS=/run/hosts
HOSTS_NAMES='web1 web2 web3'
HOSTS_NET=10.77.0.0/24
HOSTS_TREE=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# Runs a command as the first process of a world of its own, which ends with either of them.
HOSTS_APART=(unshare --mount --uts --ipc --pid --fork --kill-child --mount-proc)

hosts_possible() {
	local command
	if [ "$(id -u)" != 0 ]; then
		echo 'needs root'
		return 1
	fi
	for command in ip unshare nsenter setpriv pgrep ssh ssh-keygen /usr/sbin/sshd; do
		command -v $command >/dev/null && continue
		echo "needs ${command##*/}: ./deps.sh cluster"
		return 1
	done
	hosts_sandbox hosts_tried >/dev/null 2>&1 && return
	echo 'namespaces, network cards or mounts can'\''t be made here'
	return 1
}

# In a sandbox: is each kind of thing allowed that booting takes?
hosts_tried() {
	mount -t tmpfs tmpfs /run && ip netns add web1 && ip link add bridge type bridge &&
		ip link add cable type veth peer name plug netns web1
}

# A signal that asks this to end kills the sandbox; if this is killed itself, the kernel does.
hosts_sandbox() {
	local sandbox
	# shellcheck disable=SC2016
	setpriv --pdeathsig KILL "${HOSTS_APART[@]}" --net \
		bash -c '. "$0" && "$@"' "${BASH_SOURCE[0]}" "$@" <&0 &
	sandbox=$!
	trap 'kill -KILL $sandbox' EXIT
	trap exit HUP INT TERM
	wait $sandbox
	set -- $?
	trap - EXIT HUP INT TERM
	return "$1"
}

hosts_up() {
	local host
	mount -t tmpfs tmpfs /run
	mkdir -p /run/sshd $HOSTS/tmp
	hosts_own_tmp $HOSTS/tmp
	hosts_own_names
	hosts_own_keys
	hosts_own_home
	ip link set lo up
	ip link add bridge type bridge
	ip address add "$(hosts_address web254)/24" dev bridge
	ip link set bridge up
	for host in $HOSTS_NAMES; do
		hosts_boot "$host"
	done
	for host in $HOSTS_NAMES; do
		hosts_wait "$host"
	done
}

# Another /tmp; the tree, if it is in there, stays.
hosts_own_tmp() {
	mkdir -p $HOSTS/tree
	mount --bind "$HOSTS_TREE" $HOSTS/tree
	mount --bind "$1" /tmp
	mkdir -p "$HOSTS_TREE"
	mount --move $HOSTS/tree "$HOSTS_TREE"
	cd "$HOSTS_TREE" || exit
}

hosts_own_names() {
	local host
	{
		echo '127.0.0.1 localhost'
		for host in $HOSTS_NAMES; do
			echo "$(hosts_address "$host") $host"
		done
	} >$HOSTS/names
	mount --bind $HOSTS/names /etc/hosts
	mount --bind /dev/null /etc/resolv.conf
}

# One key, by which each host and its root are known to all.
hosts_own_keys() {
	mkdir $HOSTS/ssh
	ssh-keygen -q -t ed25519 -N '' -f $HOSTS/ssh/key
	cat >$HOSTS/ssh/ssh_config <<-END
		IdentityFile /etc/ssh/key
		StrictHostKeyChecking no
		UserKnownHostsFile /dev/null
		LogLevel ERROR
	END
	cat >$HOSTS/ssh/sshd_config <<-END
		HostKey /etc/ssh/key
		AuthorizedKeysFile /etc/ssh/key.pub
		UsePAM no
		UseDNS no
		MaxStartups 100
		PidFile none
	END
	mount --bind $HOSTS/ssh /etc/ssh
}

# What root has set up for itself does not matter.
hosts_own_home() {
	[ ! -d ~/.ssh ] || mount -t tmpfs tmpfs ~/.ssh
	[ ! -e ~/.bashrc ] || mount --bind /dev/null ~/.bashrc
}

hosts_address() {
	echo "${HOSTS_NET%0/*}${1#web}"
}

# A host's first process is its sshd.
hosts_boot() {
	mkdir -p "$HOSTS/$1/log" "$HOSTS/$1/tmp"
	ip netns add "$1"
	ip link add "$1" type veth peer name eth0 netns "$1"
	ip link set "$1" master bridge up
	# shellcheck disable=SC2016
	nsenter --net="/run/netns/$1" "${HOSTS_APART[@]}" \
		bash -c '. "$0" && "$@"' "${BASH_SOURCE[0]}" hosts_run "$1" </dev/null >"$HOSTS/$1/console" 2>&1 3>&- &
	echo $! >"$HOSTS/$1/unshare"
}

# What a host does from its start to its end.
hosts_run() {
	hostname "$1"
	ip link set lo up
	ip link set eth0 up
	ip address add "$(hosts_address "$1")/24" dev eth0
	mount --bind "$HOSTS/$1/log" /var/log
	mount -t tmpfs tmpfs /dev/shm
	hosts_own_boot "$1"
	hosts_own_tmp "$HOSTS/$1/tmp"
	exec /usr/sbin/sshd -D -e
}

# By the same id UCX, thus MPICH, would take two hosts for one, which have memory in common.
hosts_own_boot() {
	cat /proc/sys/kernel/random/uuid >"$HOSTS/$1/boot"
	mount --bind "$HOSTS/$1/boot" /proc/sys/kernel/random/boot_id
}

# Wait until a host lets others in.
hosts_wait() {
	local i
	for ((i = 0; i < 100; i++)); do
		: 2>/dev/null </dev/tcp/"$(hosts_address "$1")"/22 && return
		sleep 0.1
	done
	echo "$1 does not answer"
	cat "$HOSTS/$1/console"
	return 1
}

hosts_on() {
	nsenter --target "$(pgrep -P "$(cat "$HOSTS/$1/unshare")")" --all --wd="$HOSTS_TREE" "${@:2}"
}

hosts_cut() {
	ip link set "$1" down
}

hosts_mend() {
	ip link set "$1" up
	hosts_wait "$1"
}

# What runs on these hosts apart from sshd: HOST COMMAND, a line each.
hosts_running() {
	local host
	for host in "$@"; do
		hosts_on "$host" ps -e -o comm= | sed "/^sshd$/d; /^ps$/d; s/^/$host /"
	done
}

# End what programs have left on the hosts.
hosts_clear() {
	local host
	for host in $HOSTS_NAMES; do
		hosts_on "$host" bash -c 'kill -KILL $(pgrep -v -x "sshd|bash|pgrep")' 2>/dev/null || true
	done
}
