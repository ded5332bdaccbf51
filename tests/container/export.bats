#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# export: a container's root as an archive.
load ../lib/harness
load common

@test "export writes the root, with what was changed of it" {
	mydocker run --name x --overlay --rootfs "$ROOTFS" sh -c 'echo new >/new; rm /etc/group; chmod 2750 /home'
	mydocker export x >x.tar
	mkdir out
	tar xpf x.tar -C out
	[ "$(cat out/new)" = new ]
	[ ! -e out/etc/group ]
	[ "$(stat -c %a out/home)" = 2750 ]
	[ "$(stat -c '%a %Y' out/bin/busybox)" = "$(stat -c '%a %Y' "$ROOTFS/bin/busybox")" ]
	run -0 mydocker container export -o o.tar x
	cmp x.tar o.tar
	mydocker rm x
}

@test "export leaves out what is mounted, running or not" {
	mkdir dir
	echo bound >dir/bound
	background run --name x --overlay --rootfs "$ROOTFS" -v web:/home -v "$TMP/dir:/mnt" \
		sh -c 'touch /home/named; sleep 100'
	wait_for 10 is_running x
	mydocker export x | tar tf - >names
	run ! grep -E 'named|bound|^proc/.|^dev/.|^sys/.' names
	grep -qx mnt/ names
	grep -qx proc/ names
	mydocker kill x
	mydocker export x | tar tf - >after
	run ! grep -E 'named|bound' after
	mydocker rm -f x
}

@test "export refuses a terminal" {
	mydocker run --name x --rootfs "$ROOTFS" true
	run with_tty -- "$MYDOCKER" export x
	[[ $output = *'cowardly refusing to save to a terminal. Use the -o flag or redirect'* ]]
	mydocker rm x
}

@test "export that fails leaves no file" {
	run -1 mydocker export -o x.tar nosuch
	[ ! -e x.tar ]
	mydocker run --name x --rootfs "$ROOTFS" true
	run -1 mydocker export -o nosuch/x.tar x
	run -1 bash -c '"$MYDOCKER" export x >/dev/full'
	mydocker rm x
}

@test "an attribute of a capability comes through" {
	make_rootfs "$TMP/root"
	python3 - <<-'EOF' || skip 'no attributes here'
		import os, struct
		os.setxattr('root/etc/group', 'security.capability',
			struct.pack('<IIIII', 0x02000001, 1 << 13, 0, 0, 0))
	EOF
	mydocker run --name x --rootfs "$TMP/root" true
	mydocker export x | python3 -c '
import sys, tarfile
t = tarfile.open(fileobj=sys.stdin.buffer, mode="r|")
for n in t:
    if n.name == "etc/group":
        assert "SCHILY.xattr.security.capability" in n.pax_headers
        sys.exit(0)
sys.exit(1)'
	mydocker rm x
}
