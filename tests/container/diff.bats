#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# diff: what a container has changed of its root.
load ../lib/harness
load common

@test "diff lists what was added, changed and deleted, sorted" {
	make_rootfs "$TMP/root"
	mkdir -p "$TMP/root/opt/old/deep"
	mydocker run --name x --overlay --rootfs "$TMP/root" sh -c \
		'echo x >/etc/passwd; rm /bin/true; mkdir -p /new/dir; touch /new/dir/f; rm -r /opt/old; mkdir /opt/old; touch /opt/old/f'
	run -0 mydocker diff x
	[ "$output" = "$(printf '%s\n' 'C /bin' 'D /bin/true' 'C /etc' 'C /etc/passwd' \
		'A /new' 'A /new/dir' 'A /new/dir/f' 'C /opt' 'C /opt/old' \
		'D /opt/old/deep' 'A /opt/old/f')" ]
	run -0 mydocker container diff x
	mydocker rm x
}

@test "diff of a container that has changed nothing is empty" {
	mydocker run --name x --overlay --rootfs "$ROOTFS" true
	run -0 mydocker diff x
	[ "$output" = '' ]
	mydocker rm x
}

@test "diff of a container that runs" {
	background run --name x --overlay --rootfs "$ROOTFS" sh -c 'touch /new; sleep 100'
	wait_for 10 is_running x
	wait_for 5 test "$(mydocker diff x)" = 'A /new'
	mydocker rm -f x
}

@test "diff escapes names" {
	mydocker run --name x --overlay --rootfs "$ROOTFS" sh -c 'touch "/a$(printf "\033[31m")"'
	run -0 mydocker diff x
	[ "$output" = 'A /a\x1b[31m' ]
	mydocker rm x
}

@test "diff without a layer is an error" {
	mydocker run --name x --rootfs "$ROOTFS" true
	run -1 mydocker diff x
	[[ $output = *'no layer of its own'* ]]
	mydocker rm x
	run -1 mydocker diff nosuch
}

@test "what is written above --overlay lives as long as the container" {
	mydocker run --name x --overlay --rootfs "$ROOTFS" touch /new
	[ ! -e "$ROOTFS/new" ]
	mydocker cp -q x:/new .
	mydocker rm x
	[ -z "$(ls -A "$STORE/containers")" ]
}
