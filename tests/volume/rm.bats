#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# volume rm: remove volumes.
load ../lib/harness

@test "volume rm removes, and names what it has removed" {
	mydocker volume create web
	mydocker volume create data
	echo x >"$STORE/volumes/web/_data/file"
	run -0 mydocker volume rm web data
	[ "$output" = $'web\ndata' ]
	[ -z "$(ls -A "$STORE/volumes")" ]
}

@test "volume rm of one that is not there" {
	mydocker volume create web
	run -1 --separate-stderr mydocker volume rm nosuch web ../web
	[ "$output" = web ]
	[[ $stderr = *'get nosuch: no such volume'* ]]
	run -0 mydocker volume rm -f nosuch
	[ "$output" = nosuch ]
}

@test "volume rm refuses one that a container has, which it names" {
	local id

	mydocker run --name x --rootfs "$ROOTFS" -v web:/mnt true
	id=$(mydocker inspect -f '{{.Id}}' x)
	run -1 mydocker volume rm web
	[[ $output = *"remove web: volume is in use - [$id]" ]]
	run -1 mydocker volume rm -f web
	[ -d "$STORE/volumes/web" ]
	mydocker rm x
	mydocker volume rm web
}

@test "volume rm refuses one of a container whose record is damaged" {
	local id

	mydocker run --name x --rootfs "$ROOTFS" -v web:/mnt true
	id=$(mydocker inspect -f '{{.Id}}' x)
	echo '{' >"$STORE/containers/$id/record.json"
	run -1 mydocker volume rm web
	[[ $output = *'volume is in use'* ]]
	mydocker rm -f "$id"
	mydocker volume rm web
}

@test "volume rm against run: the container has its volume, or the volume is gone" {
	local i pid

	for i in {1..20}; do
		mydocker volume create web >/dev/null
		"$MYDOCKER" run --rm --rootfs "$ROOTFS" -v web:/mnt \
			touch /mnt/x 3>&- 4>&- &
		pid=$!
		mydocker volume rm web >/dev/null 2>&1 || :
		wait "$pid"
	done
	mydocker volume rm -f web
}
