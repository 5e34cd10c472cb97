#!/bin/sh
# deps.sh -- install the missing packages that wf's build or tests need.
#
#	./deps.sh		to build wf
#	./deps.sh test		also for ./test.sh
#	./deps.sh all		also for make check-all: two compilers, a browser, MPI, Slurm ...
#	./deps.sh bench		to build wf, and for make bench
#	./deps.sh cross		to build wf, and for make check-arm64, check-armhf and check-i386
#	./deps.sh package	to build wf, and for make deb, check-deb and check-debian
#
# On Debian and its relatives deps.sh installs the packages with apt-get, by sudo if necessary.  On other
# systems it lists the packages and stops.  If nothing is missing, it does nothing and prints nothing.
set -eu

# Each line names a thing to look for, then the packages that have it for apt, dnf, pacman, zypper and
# apk; "-" means none.  cmd:NAME is a command, pkg:NAME a library that pkg-config knows, inc:NAME a header,
# py:NAME a module of the system's Python, deb:NAME a Debian package, san:NAME a compiler with libFuzzer.
build='
cmd:gcc			gcc,libc6-dev	gcc,glibc-devel		gcc		gcc,glibc-devel	gcc,musl-dev
cmd:make		make		make			make		make		make
cmd:pkg-config		pkg-config	pkgconf-pkg-config	pkgconf		pkgconf-pkg-config	pkgconf
pkg:libpcre2-8		libpcre2-dev	pcre2-devel		pcre2		pcre2-devel	pcre2-dev
pkg:libxxhash		libxxhash-dev	xxhash-devel		xxhash		xxhash-devel	xxhash-dev
pkg:libisal		libisal-dev	isa-l-devel		isa-l		-		isa-l-dev
pkg:zlib		zlib1g-dev	zlib-devel		zlib		zlib-devel	zlib-dev
pkg:libzstd		libzstd-dev	libzstd-devel		zstd		libzstd-devel	zstd-dev
pkg:liblzma		liblzma-dev	xz-devel		xz		xz-devel	xz-dev
inc:bzlib.h		libbz2-dev	bzip2-devel		bzip2		libbz2-devel	bzip2-dev
pkg:liblz4		liblz4-dev	lz4-devel		lz4		liblz4-devel	lz4-dev
pkg:libmaxminddb	libmaxminddb-dev	libmaxminddb-devel	libmaxminddb	libmaxminddb-devel	libmaxminddb-dev
'
test='
cmd:bash		bash		bash			bash		bash		bash
cmd:bats		bats		bats			bats		bats		bats
pkg:cmocka		libcmocka-dev	libcmocka-devel		cmocka		libcmocka-devel	cmocka-dev
cmd:mandoc		mandoc		mandoc			mandoc		mandoc		mandoc
cmd:python3		python3		python3			python		python3		python3
cmd:gzip		gzip		gzip			gzip		gzip		gzip
cmd:zstd		zstd		zstd			zstd		zstd		zstd
cmd:xz			xz-utils	xz			xz		xz		xz
cmd:bzip2		bzip2		bzip2			bzip2		bzip2		bzip2
cmd:lz4			lz4		lz4			lz4		lz4		lz4
'
all='
cmd:clang		clang		clang			clang		clang		clang
san:clang		libclang-rt-dev	compiler-rt		compiler-rt	clang-devel	compiler-rt
cmd:clang-tidy		clang-tidy	clang-tools-extra	clang		clang-tools	clang-extra-tools
cmd:cppcheck		cppcheck	cppcheck		cppcheck	cppcheck	cppcheck
cmd:ld.lld		lld		lld			lld		lld		lld
cmd:valgrind		valgrind	valgrind		valgrind	valgrind	valgrind
cmd:strace		strace		strace			strace		strace		strace
cmd:pgrep		procps		procps-ng		procps-ng	procps		procps-ng
cmd:git			git		git			git		git		git
cmd:zsh			zsh		zsh			zsh		zsh		zsh
cmd:fish		fish		fish			fish		fish		fish
cmd:perl		perl		perl			perl		perl		perl
cmd:jq			jq		jq			jq		jq		jq
cmd:rg			ripgrep		ripgrep			ripgrep		ripgrep		ripgrep
cmd:goaccess		goaccess	goaccess		goaccess	goaccess	goaccess
cmd:chromium		chromium	chromium		chromium	chromium	chromium
cmd:node		nodejs		nodejs			nodejs		nodejs-default	nodejs
cmd:npm			npm		npm			npm		npm-default	npm
cmd:mpicc.openmpi	openmpi-bin,libopenmpi-dev	openmpi-devel	openmpi		openmpi-devel	openmpi-dev
cmd:mpicc.mpich		mpich,libmpich-dev	mpich-devel	mpich		mpich-devel	mpich-dev
cmd:/usr/sbin/sshd	openssh-server	openssh-server		openssh		openssh-server	openssh-server
cmd:ssh			openssh-client	openssh-clients		openssh		openssh-clients	openssh-client
cmd:ip			iproute2	iproute			iproute2	iproute2	iproute2
cmd:unshare		util-linux	util-linux		util-linux	util-linux	util-linux-misc
cmd:hostname		hostname	hostname		inetutils	hostname	-
cmd:/usr/sbin/slurmctld	slurmctld,slurm-wlm-basic-plugins	slurm-slurmctld	slurm-llnl	slurm	-
cmd:/usr/sbin/slurmd	slurmd,slurm-wlm-basic-plugins	slurm-slurmd	slurm-llnl	slurm-node	-
cmd:sbatch		slurm-client	slurm			slurm-llnl	slurm		-
cmd:/usr/sbin/munged	munge		munge			munge		munge		munge
'
bench='
cmd:hyperfine		hyperfine	hyperfine		hyperfine	hyperfine	hyperfine
cmd:python3		python3		python3			python		python3		python3
cmd:tmux		tmux		tmux			tmux		tmux		tmux
cmd:gnuplot		gnuplot-nox	gnuplot			gnuplot		gnuplot		gnuplot
cmd:rg			ripgrep		ripgrep			ripgrep		ripgrep		ripgrep
cmd:perl		perl		perl			perl		perl		perl
cmd:ruby		ruby		ruby			ruby		ruby		ruby
cmd:mawk		mawk		mawk			mawk		mawk		mawk
cmd:gawk		gawk		gawk			gawk		gawk		gawk
cmd:igzip		isal		isa-l-tools		isa-l		-		-
cmd:mlr			miller		miller			miller		miller		miller
cmd:goaccess		goaccess	goaccess		goaccess	goaccess	goaccess
cmd:mpiexec		openmpi-bin	openmpi			openmpi		openmpi		openmpi
cmd:mpicc		libopenmpi-dev	openmpi-devel		openmpi		openmpi-devel	openmpi-dev
py:mpi4py		python3-mpi4py	python3-mpi4py-openmpi	python-mpi4py	python3-mpi4py	py3-mpi4py
'
cross='
cmd:clang		clang		clang			clang		clang		clang
cmd:ld.lld		lld		lld			lld		lld		lld
cmd:qemu-aarch64	qemu-user	qemu-user		qemu-user	qemu-linux-user	qemu-aarch64
'
package='
deb:build-essential	build-essential	-			-		-		-
cmd:dh			debhelper	-			-		-		-
cmd:lintian		lintian		-			-		-		-
cmd:git			git		-			-		-		-
cmd:debootstrap		debootstrap	debootstrap		debootstrap	debootstrap	debootstrap
'

[ "$(uname -s)" = Linux ] || {
	echo "deps.sh: wf is for Linux, and this is $(uname -s)" >&2
	exit 1
}

case ${1-build} in
build) wanted=$build ;;
test) wanted=$build$test ;;
all) wanted=$build$test$all ;;
bench) wanted=$build$bench ;;
cross) wanted=$build$test$cross ;;
package) wanted=$build$package ;;
*)
	echo "usage: ./deps.sh [build|test|all|bench|cross|package]" >&2
	exit 2
	;;
esac

is_there() {
	case $1 in
	cmd:*) command -v "${1#cmd:}" ;;
	pkg:*) command -v pkg-config && pkg-config --exists "${1#pkg:}" ;;
	inc:*) echo "#include <${1#inc:}>" | ${CC:-gcc} -E - ;;
	py:*) /usr/bin/python3 -c "import ${1#py:}" ;;
	deb:*) ! command -v dpkg || dpkg -s "${1#deb:}" ;;
	san:*) echo 'int main(void) { return 0; }' | "${1#san:}" -fsanitize=address -x c -o /dev/null - ;;
	esac >/dev/null 2>&1
}

apt='' dnf='' pacman='' zypper='' apk=''
while read -r thing a d p z k; do
	[ -n "$thing" ] || continue
	is_there "$thing" && continue
	apt="$apt $a" dnf="$dnf $d" pacman="$pacman $p" zypper="$zypper $z" apk="$apk $k"
done <<END
$wanted
END
[ -n "$apt" ] || exit 0

# The packages as one line, each once.
list() {
	echo "$*" | tr ',' ' ' | tr -s ' ' '\n' | grep -v '^-\{0,1\}$' | sort -u | tr '\n' ' '
}

# Print the command for a system's package manager.
# shellcheck disable=SC2086
command_of() {
	case $1 in
	apt-get) echo "apt-get install $(list $apt)" ;;
	dnf) echo "dnf install $(list $dnf)" ;;
	pacman) echo "pacman -S $(list $pacman)" ;;
	zypper) echo "zypper install $(list $zypper)" ;;
	apk) echo "apk add $(list $apk)" ;;
	esac
}

if ! command -v apt-get >/dev/null 2>&1; then
	echo "deps.sh: installs packages only with apt-get; please run, as root:" >&2
	for manager in dnf pacman zypper apk; do
		command -v $manager >/dev/null 2>&1 && {
			echo "  $(command_of $manager)" >&2
			exit 1
		}
	done
	for manager in apt-get dnf pacman zypper apk; do
		echo "  $(command_of $manager)" >&2
	done
	exit 1
fi

sudo=''
if [ "$(id -u)" != 0 ]; then
	command -v sudo >/dev/null 2>&1 || {
		echo "deps.sh: needs root or sudo; as root, run: $(command_of apt-get)" >&2
		exit 1
	}
	sudo=sudo
fi
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2046,SC2086
$sudo apt-get -qq update && $sudo apt-get -qq -y --no-install-recommends install $(list $apt)
