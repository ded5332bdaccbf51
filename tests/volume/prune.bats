#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# volume prune: remove volumes that no container has.
load ../lib/harness

@test "volume prune removes those without a name, -a all" {
	local id

	mydocker volume create web
	id=$(mydocker volume create)
	head -c 1500 /dev/zero >"$STORE/volumes/$id/_data/file"
	run -0 mydocker volume prune -f
	[ "$output" = $'Deleted Volumes:\n'"$id"$'\n\nTotal reclaimed space: 1.5kB' ]
	run -0 mydocker volume prune -f
	[ "$output" = 'Total reclaimed space: 0B' ]
	run -0 mydocker volume prune -a -f
	[[ $output = *web* ]]
	[ -z "$(mydocker volume ls -q)" ]
}

@test "volume prune leaves what a container has" {
	mydocker run --name x --rootfs "$ROOTFS" -v web:/mnt -v /home true
	run -0 mydocker volume prune -a -f
	[ "$output" = 'Total reclaimed space: 0B' ]
	mydocker rm x
	mydocker volume prune -a -f
	[ -z "$(mydocker volume ls -q)" ]
}

@test "volume prune asks" {
	mydocker volume create
	run -1 mydocker volume prune </dev/null
	[[ $output = *'remove anonymous local volumes not used by at least one container.'*'[y/N]'*'volume prune has been cancelled' ]]
	run -1 mydocker volume prune -a <<<n
	[[ $output = *'remove all local volumes not used by at least one container.'* ]]
	run -0 mydocker volume prune <<<y
	[ -z "$(mydocker volume ls -q)" ]
}

@test "volume prune --filter" {
	mydocker volume create --label keep web
	mydocker volume create --label a=1 data
	mydocker volume prune -a -f --filter label=a=1
	[ "$(mydocker volume ls -q)" = web ]
	mydocker volume create data
	mydocker volume prune -a -f --filter label!=keep
	[ "$(mydocker volume ls -q)" = web ]
	run -1 mydocker volume prune -f --filter until=1h
}
