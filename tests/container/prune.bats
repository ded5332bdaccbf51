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
	run -1 mydocker container prune -f --filter name=y
	mydocker rm y
}

@test "prune --filter label! and until" {
	mydocker run --name x -l a=1 --rootfs "$ROOTFS" true
	mydocker run --name y --rootfs "$ROOTFS" true
	mydocker container prune -f --filter until=1h
	[ "$(mydocker ps -aq | wc -l)" = 2 ]
	mydocker container prune -f --filter label!=a --filter until=1ms
	[ "$(mydocker ps -a --format '{{.Names}}')" = x ]
	run -1 mydocker container prune -f --filter until=nonsense
	[[ $output = *until* ]]
	mydocker rm x
}

@test "prune sums up what was written and what was logged" {
	mydocker run --name x --overlay --rootfs "$ROOTFS" \
		dd if=/dev/zero of=/big bs=1000 count=5000 2>/dev/null
	mydocker run -d --name y --rootfs "$ROOTFS" sh -c 'yes | head -c 100000'
	mydocker wait y
	run -0 mydocker container prune -f
	[[ ${lines[-1]} =~ ^'Total reclaimed space: '([5-9]|10)\.?[0-9]*MB$ ]]
	[ "${BASH_REMATCH[1]}" != 5 ] # a line has its time
	run -0 mydocker container prune -f
	[ "$output" = 'Total reclaimed space: 0B' ]
}
