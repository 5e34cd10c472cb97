#!/bin/sh
# deps.sh -- install what is missing to build wf.
#
#	./deps.sh		to build and run
#	./deps.sh test		and to run the tests
#	./deps.sh bench		and to measure
#	./deps.sh cluster	and to try wf-mpi on several hosts: with an ssh server, which
#				Debian starts on machines that have systemd
#	./deps.sh slurm		and to try it under Slurm
#	./deps.sh cross		and to build for other kinds of CPU
#	./deps.sh package	to make a Debian package
#
# With apt-get it installs, through sudo if need be; elsewhere it names the packages
# and stops.  Where nothing is missing it says nothing and asks for nothing.
set -eu

# What to look for, then the packages for apt, dnf, pacman, brew ("-" for none).
# cmd:NAME is a command, pkg:NAME a library that pkg-config knows, inc:NAME a header,
# py:NAME a module of the system's own Python.
build='
cmd:gcc			gcc,libc6-dev	gcc,glibc-devel		gcc		gcc
cmd:make		make		make			make		make
cmd:pkg-config		pkg-config	pkgconf-pkg-config	pkgconf		pkg-config
pkg:libpcre2-8		libpcre2-dev	pcre2-devel		pcre2		pcre2
pkg:libxxhash		libxxhash-dev	xxhash-devel		xxhash		xxhash
pkg:json-c		libjson-c-dev	json-c-devel		json-c		json-c
pkg:libisal		libisal-dev	isa-l-devel		isa-l		isa-l
pkg:zlib		zlib1g-dev	zlib-devel		zlib		zlib
pkg:libzstd		libzstd-dev	libzstd-devel		zstd		zstd
pkg:liblzma		liblzma-dev	xz-devel		xz		xz
inc:bzlib.h		libbz2-dev	bzip2-devel		bzip2		bzip2
pkg:liblz4		liblz4-dev	lz4-devel		lz4		lz4
'
tests='
pkg:cmocka		libcmocka-dev	libcmocka-devel		cmocka		cmocka
cmd:bats		bats		bats			bash-bats	bats-core
cmd:python3		python3		python3			python		python
cmd:clang		clang,libclang-rt-dev	clang,compiler-rt	clang,compiler-rt	llvm
cmd:clang-tidy		clang-tidy	clang-tools-extra	clang			llvm
cmd:cppcheck		cppcheck	cppcheck		cppcheck		cppcheck
cmd:pgrep		procps		procps-ng		procps-ng	proctools
cmd:script		bsdutils	util-linux-script	util-linux	util-linux
cmd:zsh			zsh		zsh			zsh		zsh
cmd:fish		fish		fish			fish		fish
cmd:mandoc		mandoc		mandoc			mandoc		mandoc
cmd:perl		perl		perl			perl		perl
cmd:jq			jq		jq			jq		jq
cmd:rg			ripgrep		ripgrep			ripgrep		ripgrep
cmd:goaccess		goaccess	goaccess		goaccess	goaccess
cmd:gzip		gzip		gzip			gzip		gzip
cmd:zstd		zstd		zstd			zstd		zstd
cmd:xz			xz-utils	xz			xz		xz
cmd:bzip2		bzip2		bzip2			bzip2		bzip2
cmd:lz4			lz4		lz4			lz4		lz4
cmd:strace		strace		strace			strace		-
cmd:chromium		chromium	chromium		chromium	-
cmd:node		nodejs		nodejs			nodejs		node
cmd:npm			npm		npm			npm		node
cmd:valgrind		valgrind	valgrind		valgrind	-
'
bench='
cmd:hyperfine		hyperfine	hyperfine		hyperfine	hyperfine
cmd:python3		python3		python3			python		python
cmd:tmux		tmux		tmux			tmux		tmux
cmd:gnuplot		gnuplot-nox	gnuplot			gnuplot		gnuplot
cmd:rg			ripgrep		ripgrep			ripgrep		ripgrep
cmd:perl		perl		perl			perl		perl
cmd:ruby		ruby		ruby			ruby		ruby
cmd:mawk		mawk		mawk			mawk		mawk
cmd:gawk		gawk		gawk			gawk		gawk
cmd:mlr			miller		miller			miller		miller
cmd:goaccess		goaccess	goaccess		goaccess	goaccess
cmd:mpiexec		openmpi-bin	openmpi			openmpi		open-mpi
cmd:mpicc		libopenmpi-dev	openmpi-devel		openmpi		open-mpi
py:mpi4py		python3-mpi4py	python3-mpi4py-openmpi	python-mpi4py	mpi4py
'
cluster='
cmd:mpicc.openmpi	openmpi-bin,libopenmpi-dev	openmpi-devel	openmpi		open-mpi
cmd:mpicc.mpich		mpich,libmpich-dev		mpich-devel	mpich		mpich
cmd:/usr/sbin/sshd	openssh-server	openssh-server		openssh		-
cmd:ssh			openssh-client	openssh-clients		openssh		-
cmd:ip			iproute2	iproute			iproute2	-
cmd:unshare		util-linux	util-linux		util-linux	-
cmd:pgrep		procps		procps-ng		procps-ng	proctools
cmd:hostname		hostname	hostname		inetutils	-
cmd:bats		bats		bats			bash-bats	bats-core
'
slurm='
cmd:mpicc.openmpi	openmpi-bin,libopenmpi-dev	openmpi-devel	openmpi		open-mpi
cmd:/usr/sbin/slurmctld	slurmctld,slurm-wlm-basic-plugins	slurm-slurmctld	slurm-llnl	-
cmd:/usr/sbin/slurmd	slurmd,slurm-wlm-basic-plugins	slurm-slurmd	slurm-llnl	-
cmd:sbatch		slurm-client	slurm			slurm-llnl	-
cmd:/usr/sbin/munged	munge		munge			munge		-
cmd:bats		bats		bats			bash-bats	bats-core
'
cross='
cmd:ld.lld		lld		lld			lld		lld
cmd:qemu-aarch64	qemu-user	qemu-user		qemu-user	qemu
'
# To make Debian's package, and to try it, as root, in a Debian of its own.
package='
cmd:dh			debhelper	-			-		-
cmd:lintian		lintian		-			-		-
cmd:debootstrap		debootstrap	debootstrap		debootstrap	-
'

case ${1-} in
'') wanted=$build ;;
test) wanted=$build$tests ;;
bench) wanted=$build$bench ;;
cluster) wanted=$build$cluster ;;
slurm) wanted=$build$slurm ;;
cross) wanted=$build$tests$cross ;;
package) wanted=$build$package ;;
*)
	echo "usage: ./deps.sh [test|bench|cluster|slurm|cross|package]" >&2
	exit 2
	;;
esac

is_there() {
	case $1 in
	inc:*) echo "#include <${1#inc:}>" | ${CC:-gcc} -E - >/dev/null 2>&1 ;;
	cmd:*) command -v "${1#cmd:}" >/dev/null 2>&1 ;;
	py:*) /usr/bin/python3 -c "import ${1#py:}" >/dev/null 2>&1 ;;
	pkg:*) command -v pkg-config >/dev/null 2>&1 && pkg-config --exists "${1#pkg:}" ;;
	esac
}

apt='' dnf='' pacman='' brew=''
while read -r what a d p b; do
	[ -n "$what" ] || continue
	is_there "$what" && continue
	apt="$apt $a" dnf="$dnf $d" pacman="$pacman $p" brew="$brew $b"
done <<END
$wanted
END
[ -n "$apt" ] || exit 0

list() {
	echo "$*" | tr ',' ' ' | tr -s ' ' '\n' | grep -v '^-\{0,1\}$' | sort -u | tr '\n' ' '
}

if ! command -v apt-get >/dev/null 2>&1; then
	{
		echo "deps.sh: no apt-get here; please install, whichever fits:"
		# shellcheck disable=SC2086
		{
			echo "  dnf install $(list $dnf)"
			echo "  pacman -S $(list $pacman)"
			echo "  brew install $(list $brew)"
		}
	} >&2
	exit 1
fi

sudo=''
if [ "$(id -u)" != 0 ]; then
	command -v sudo >/dev/null 2>&1 || {
		# shellcheck disable=SC2086
		echo "deps.sh: neither root nor sudo; as root: apt-get install $(list $apt)" >&2
		exit 1
	}
	sudo=sudo
fi
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2046,SC2086
$sudo apt-get -qq update && $sudo apt-get -qq -y --no-install-recommends install $(list $apt)
