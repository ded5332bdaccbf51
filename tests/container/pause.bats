#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# pause: freeze what runs.
load ../lib/harness
load common

state() { mydocker inspect -f '{{.State.Status}} {{.State.Paused}}' "$1"; }

@test "pause stops all processes, and unpause lets them go on" {
	skip_unless controller freezer
	start y sleep 100
	[ "$(mydocker pause y)" = y ]
	[ "$(state y)" = 'paused true' ]
	[[ "$(mydocker ps)" = *' (Paused) '* ]]
	run -1 mydocker pause y
	[[ $output = *'is already paused' ]]
	[ "$(mydocker unpause y)" = y ]
	[ "$(state y)" = 'running false' ]
	mydocker kill y
}

@test "a paused container can be killed and stopped" {
	skip_unless controller freezer
	start x sleep 100
	mydocker pause x
	mydocker kill x
	start x sleep 100
	mydocker pause x
	mydocker stop -t 1 x
}

@test "what does not run cannot be paused" {
	mydocker run --name x --rootfs "$ROOTFS" true
	run -1 mydocker pause x
	[[ $output = *"container 'x' is not running" ]]
	run -1 mydocker pause nosuch
	mydocker rm x
}
