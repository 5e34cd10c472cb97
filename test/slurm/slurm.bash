# slurm.bash -- a Slurm of one host, with four CPUs whatever the machine has, in a sandbox of hosts.bash.
#
#	slurm_up	start munged, slurmctld and slurmd, and wait until they accept jobs

SLURM=/run/slurm
SLURM_ADDRESS=10.77.0.1
export SLURM_CONF=$SLURM/slurm.conf

slurm_up() {
	mount -t tmpfs tmpfs /run
	mkdir -p $SLURM/state $SLURM/spool $SLURM/tmp $HOSTS /run/munge
	hosts_own_tmp $SLURM/tmp
	hosts_own_home
	ip link set lo up
	# Slurm needs an address besides 127.0.0.1.
	ip link add eth0 type bridge
	ip link set eth0 up
	ip address add $SLURM_ADDRESS/24 dev eth0
	hostname node1
	printf '127.0.0.1 localhost\n%s node1\n' $SLURM_ADDRESS >$SLURM/names
	mount --bind $SLURM/names /etc/hosts
	slurm_munge
	slurm_configure
	/usr/sbin/slurmctld -D >$SLURM/slurmctld.log 2>&1 3>&- &
	/usr/sbin/slurmd -D -N node1 >$SLURM/slurmd.log 2>&1 3>&- &
	slurm_wait
}

slurm_munge() {
	head -c 1024 /dev/urandom >$SLURM/munge.key
	chmod 400 $SLURM/munge.key
	/usr/sbin/munged --force --key-file=$SLURM/munge.key --pid-file=$SLURM/munged.pid \
		--seed-file=$SLURM/munge.seed --log-file=$SLURM/munged.log
}

slurm_configure() {
	cat >$SLURM_CONF <<-END
		ClusterName=test
		SlurmctldHost=node1($SLURM_ADDRESS)
		SlurmUser=root
		SlurmdUser=root
		AuthType=auth/munge
		CredType=cred/munge
		StateSaveLocation=$SLURM/state
		SlurmdSpoolDir=$SLURM/spool
		SlurmctldPidFile=$SLURM/slurmctld.pid
		SlurmdPidFile=$SLURM/slurmd.pid
		ProctrackType=proctrack/linuxproc
		TaskPlugin=task/none
		JobAcctGatherType=jobacct_gather/none
		SelectType=select/cons_tres
		SelectTypeParameters=CR_Core
		SlurmdParameters=config_overrides
		SchedulerParameters=sched_interval=1
		MinJobAge=60
		NodeName=node1 NodeAddr=$SLURM_ADDRESS CPUs=4 State=UNKNOWN
		PartitionName=all Nodes=node1 Default=YES OverSubscribe=YES State=UP
	END
}

slurm_wait() {
	local i
	for ((i = 0; i < 600; i++)); do
		timeout 2 sinfo -h -o %T 2>/dev/null | grep -q idle && return
		sleep 0.1
	done
	echo "Slurm does not start"
	tail -n 20 $SLURM/*.log
	return 1
}
