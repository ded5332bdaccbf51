#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# wait: until the end of containers.
load ../lib/harness
load common

@test "wait prints the exit statuses, in the order of the names" {
	run -3 mydocker run --name x --rootfs "$ROOTFS" sh -c 'exit 3'
	background run --name y --rootfs "$ROOTFS" sh -c 'sleep 0.5; exit 5'
	wait_for 5 is_running y
	[ "$(mydocker wait y x)" = $'5\n3' ]
	mydocker rm x y
}

@test "wait knows the status of a --rm container" {
	background run --rm --name x --rootfs "$ROOTFS" sh -c 'sleep 0.7; exit 6'
	wait_for 5 is_running x
	[ "$(mydocker wait x)" = 6 ]
	ended_with 6
}

@test "wait for what is not there fails, and waits for the others" {
	run -3 mydocker run --name x --rootfs "$ROOTFS" sh -c 'exit 3'
	run -1 --separate-stderr mydocker wait nosuch x
	[ "$output" = 3 ]
	[[ $stderr = *"no such container: 'nosuch'" ]]
	mydocker rm x
}
