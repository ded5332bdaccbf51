#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# run: the file alone, where there is nothing else, not even a /proc.
load ../lib/harness
load common

# bare ARG…: mydocker in a root that has it, busybox, and nothing mounted.
bare() {
	mkdir -p "$TMP/bare/bin"
	cp "$MYDOCKER" "$TMP/bare/mydocker"
	cp /bin/busybox "$TMP/bare/bin/busybox"
	run --separate-stderr chroot "$TMP/bare" /mydocker --root /store "$@"
}

@test "an empty chroot is enough" {
	bare run --rm /bin/busybox echo hello
	[ "$status" -eq 0 ]
	[ "$output" = hello ]
	[ -z "$stderr" ]
}

@test "in an empty chroot there is a /proc for the command" {
	bare run --rm /bin/busybox sed -n 's/^NSpid:[[:space:]]*//p' \
		/proc/self/status
	[ "$status" -eq 0 ]
	[ "$output" = 1 ]
}

@test "in an empty chroot there is an overlay" {
	bare run --rm --overlay /bin/busybox sh -c 'busybox mkdir /new && busybox ls -d /new'
	[ "$status" -eq 0 ]
	[ "$output" = /new ]
	[ ! -e "$TMP/bare/new" ]
}

@test "in an empty chroot a limit is refused, and says why" {
	bare run --rm -m 64m /bin/busybox true
	[ "$status" -eq 125 ]
	[[ $stderr == *memory*'no cgroup file system is mounted'* ]]
}

@test "in a chroot the file may be all that there is" {
	mkdir "$TMP/alone"
	cp "$MYDOCKER" "$TMP/alone/mydocker"
	run -0 env -u MYDOCKER_ROOT chroot "$TMP/alone" /mydocker run --rm \
		/mydocker --version
	[[ $output = 'mydocker version '* ]]
}
