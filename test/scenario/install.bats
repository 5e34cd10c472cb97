#!/usr/bin/env bats
# What make install puts where, and make uninstall takes away.

load helper

make_() {
	make -s -C "$TREE" PREFIX=/usr DESTDIR="$PWD/root" "$@" 2>&1
}

@test "make install: the program, the manual, what shells need, the documents; uninstall takes all" {
	[ "$WF" = "$TREE/wf" ] || skip "installs the tree's ./wf"
	make_ install
	[ "$(root/usr/bin/wf -n 1 "$SAMPLE")" = "    234 /ongoing/ongoing.atom" ]
	cmp root/usr/share/man/man1/wf.1 "$TREE/wf.1"
	wf --completion bash | cmp - root/usr/share/bash-completion/completions/wf
	wf --completion zsh | cmp - root/usr/share/zsh/site-functions/_wf
	wf --completion fish | cmp - root/usr/share/fish/vendor_completions.d/wf.fish
	cmp root/usr/share/doc/wf/README.md "$TREE/README.md"
	(cd root && find . ! -type d -printf '%m %p\n' | sort -k2) | same <(printf '%s\n' '755 ./usr/bin/wf' \
		'644 ./usr/share/bash-completion/completions/wf' '644 ./usr/share/doc/wf/LICENSE' \
		'644 ./usr/share/doc/wf/NEWS' '644 ./usr/share/doc/wf/README.md' \
		'644 ./usr/share/doc/wf/SECURITY.md' \
		'644 ./usr/share/doc/wf/doc/cluster.md' '644 ./usr/share/doc/wf/doc/formats.md' \
		'644 ./usr/share/doc/wf/doc/page-dark.png' \
		'644 ./usr/share/doc/wf/doc/page.png' '644 ./usr/share/doc/wf/doc/snapshots.md' \
		'644 ./usr/share/fish/vendor_completions.d/wf.fish' '644 ./usr/share/man/man1/wf.1' \
		'644 ./usr/share/zsh/site-functions/_wf') -
	: >root/usr/bin/another
	make_ uninstall
	[ "$(cd root && find . ! -type d)" = ./usr/bin/another ]
	[ ! -e root/usr/share/doc/wf ]
}

@test "make install under /usr/local, by default: fish reads completions in /etc" {
	[ "$WF" = "$TREE/wf" ] || skip "installs the tree's ./wf"
	make_ install PREFIX=/usr/local
	wf --completion fish | cmp - root/etc/fish/completions/wf.fish
	cmp root/usr/local/bin/wf "$WF"
	make_ uninstall PREFIX=/usr/local
	[ -z "$(find root ! -type d)" ]
}

@test "every file of the tree that README.md links to is installed beside it" {
	[ "$WF" = "$TREE/wf" ] || skip "installs the tree's ./wf"
	make_ install
	grep -oE '(\(|")doc/[^)"]*' root/usr/share/doc/wf/README.md | cut -c2- | sort -u >linked
	[ -s linked ]
	(cd root/usr/share/doc/wf && xargs ls -d) <linked
}

# wf-mpi is linked with the same flags.
@test "make builds a hardened program: PIE, full RELRO, stack protectors, checked library functions" {
	command -v readelf >/dev/null || skip "needs readelf"
	[ -z "$SANITIZED" ] || skip "sanitizers need a build without that"
	! file -L "$WF" 2>/dev/null | grep -q 'statically linked' || skip "is a static program"
	readelf -hdlW "$WF" >headers
	grep -q 'Type: *DYN' headers
	grep -q GNU_RELRO headers
	grep -q 'FLAGS_1.*NOW' headers
	readelf -sW --dyn-syms "$WF" >symbols
	grep -q __stack_chk_fail symbols
	! ldd "$WF" | grep -q 'libc\.so\.6' || grep -q '__[a-z]*printf_chk' symbols
}
