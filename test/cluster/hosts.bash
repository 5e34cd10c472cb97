# hosts.bash -- three hosts made of namespaces, to test programs that run on several machines.
#
#	hosts_possible		can this machine have such hosts?  If not, print why
#	hosts_sandbox CMD...	run a command, or a function of this file, in a sandbox
#	hosts_up		in the sandbox: boot web1, web2 and web3
#	hosts_on HOST CMD...	run a command on a host
#	hosts_cut HOST		pull its network cable
#	hosts_mend HOST		plug the cable in again
#	hosts_running HOST...	list the programs that run on these hosts
#	hosts_clear		kill the programs that run on any host
#
# Each host has its own name, address, processes, /var/log, /tmp and /dev/shm, and an sshd that accepts
# root from the other hosts.  In the sandbox, $HOSTS/HOST/log is the /var/log of HOST.  All other files,
# including this tree, are shared, as if the hosts used one file server.
#
# The only network of the sandbox is the bridge between its hosts, and its mounts are invisible
# elsewhere.  When its first process ends, for whatever reason, the kernel kills all others, including
# the hosts, and removes the networks and mounts: nothing is left on the machine.  Two sandboxes do not
# see each other.

HOSTS=/run/hosts
HOSTS_NAMES='web1 web2 web3'
HOSTS_NET=10.77.0.0/24
HOSTS_TREE=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# Run a command as the first process of new namespaces.  They end with the command, and the command
# ends with unshare.
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
	echo 'can'\''t create namespaces, network devices or mounts here'
	return 1
}

# In a sandbox: try everything that hosts_up needs permission for.
hosts_tried() {
	mount -t tmpfs tmpfs /run && ip netns add web1 && ip link add bridge type bridge &&
		ip link add cable type veth peer name plug netns web1
}

# A signal that ends this process kills the sandbox, too; if it is SIGKILL, the kernel does that.
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

# Mount another /tmp.  If the tree is in /tmp, it stays visible.
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

# One key identifies every host, and root on every host.
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

# Hide the configuration of root.
hosts_own_home() {
	[ ! -d ~/.ssh ] || mount -t tmpfs tmpfs ~/.ssh
	[ ! -e ~/.bashrc ] || mount --bind /dev/null ~/.bashrc
}

hosts_address() {
	echo "${HOSTS_NET%0/*}${1#web}"
}

# The first process of a host is its sshd.
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

# Run on a host: set it up, and become its sshd.
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

# With the same boot id, UCX (and so MPICH) would take two hosts for one machine, and use shared memory.
hosts_own_boot() {
	cat /proc/sys/kernel/random/uuid >"$HOSTS/$1/boot"
	mount --bind "$HOSTS/$1/boot" /proc/sys/kernel/random/boot_id
}

# Wait until the sshd of a host accepts connections.
hosts_wait() {
	local i
	for ((i = 0; i < 600; i++)); do
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

# List the programs that run on these hosts, apart from sshd, as lines "HOST COMMAND".
hosts_running() {
	local host
	for host in "$@"; do
		hosts_on "$host" ps -e -o comm= | sed "/^sshd$/d; /^ps$/d; s/^/$host /"
	done
}

# Kill what programs have left on the hosts.
hosts_clear() {
	local host
	for host in $HOSTS_NAMES; do
		hosts_on "$host" bash -c 'kill -KILL $(pgrep -v -x "sshd|bash|pgrep")' 2>/dev/null || true
	done
}
