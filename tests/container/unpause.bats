#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# unpause: let go on what was frozen.
load ../lib/harness
load common

@test "what is not paused cannot be unpaused" {
	start x sleep 100
	run -1 mydocker unpause x
	[[ $output = *"container 'x' is not paused" ]]
	mydocker kill x
	run -1 mydocker unpause nosuch
}

@test "an unpaused container goes on to its own end" {
	skip_unless controller freezer
	mydocker run --name x --rootfs "$ROOTFS" sh -c 'sleep 1; exit 4' &
	wait_for 5 is_running x
	mydocker pause x
	sleep 1.2
	is_running x
	mydocker unpause x
	[ "$(mydocker wait x)" = 4 ]
	wait $! || :
	mydocker rm x
}
