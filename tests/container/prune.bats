#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# prune: remove what does not run.
load ../lib/harness
load common

@test "prune removes what does not run, and names it" {
	mydocker run --name x --rootfs "$ROOTFS" true
	start y sleep 100
	local id

	id=$(mydocker inspect -f '{{.Id}}' x)
	run -0 mydocker container prune -f
	[ "$output" = $'Deleted Containers:\n'"$id"$'\n\nTotal reclaimed space: 0B' ] ||
		[[ $output = *"$id"* ]]
	[ "$(mydocker ps -a --format '{{.Names}}')" = y ]
	mydocker kill y
}

@test "prune asks, and no is the answer without one" {
	mydocker run --name x --rootfs "$ROOTFS" true
	run -1 mydocker container prune </dev/null
	[[ $output = *'remove all stopped containers'*'[y/N]'* ]]
	run -0 mydocker container prune <<<y
	[ -z "$(mydocker ps -aq)" ]
}

@test "prune --filter label" {
	mydocker run --name x -l a=1 --rootfs "$ROOTFS" true
	mydocker run --name y --rootfs "$ROOTFS" true
	mydocker container prune -f --filter label=a
	[ "$(mydocker ps -a --format '{{.Names}}')" = y ]
	run -1 mydocker container prune -f --filter until=1h
	mydocker rm y
}
