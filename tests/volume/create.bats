#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# volume create: make volumes.
load ../lib/harness

@test "volume create makes one, and prints its name" {
	run -0 mydocker volume create web
	[ "$output" = web ]
	[ -d "$STORE/volumes/web/_data" ]
	[ "$(stat -c '%a %u' "$STORE/volumes/web/_data")" = "755 $EUID" ]
	run -0 mydocker volume create --name other
	[ -d "$STORE/volumes/other/_data" ]
}

@test "volume create makes up a name of 64 digits" {
	run -0 mydocker volume create
	[[ $output =~ ^[0-9a-f]{64}$ ]]
	run -0 mydocker volume inspect -f '{{json .Labels}}' "$output"
	[ "$output" = '{"com.docker.volume.anonymous":""}' ]
}

@test "volume create of one that is there leaves it as it is" {
	mydocker volume create --label a=1 web
	echo x >"$STORE/volumes/web/_data/file"
	run -0 mydocker volume create --label a=2 web
	[ "$output" = web ]
	[ "$(mydocker volume inspect -f '{{.Labels.a}}' web)" = 1 ]
	[ -e "$STORE/volumes/web/_data/file" ]
}

@test "volume create refuses names that are none" {
	local name

	for name in a/b ../x .x -x 'a b' $'a\nb' "$(printf 'a%.0s' {1..300})"; do
		run -1 mydocker volume create -- "$name"
		[[ $output = *'includes invalid characters for a local volume name'* ]]
	done
	run -1 mydocker volume create a
	[[ $output = *'names should be at least two alphanumeric characters' ]]
	run -1 mydocker volume create --name web web
	[[ $output = *'conflicting options'* ]]
	[ ! -e "$STORE/volumes" ] || [ -z "$(ls -A "$STORE/volumes")" ]
}

@test "volume create takes labels and options" {
	mydocker volume create -d local --label a=1 --label b \
		-o type=tmpfs -o device=tmpfs --opt o=size=1m web
	run -0 mydocker volume inspect -f '{{json .Options}} {{json .Labels}}' web
	[ "$output" = '{"device":"tmpfs","o":"size=1m","type":"tmpfs"} {"a":"1","b":""}' ]
}

@test "volume create refuses options in docker's words" {
	run -1 mydocker volume create -o nonsense=1 web
	[[ $output = *'invalid option: "nonsense"' ]]
	run -1 mydocker volume create -o type=tmpfs web
	[[ $output = *'missing required option: "device"' ]]
	run -1 mydocker volume create -o size=1g web
	[[ $output = *'no quota support' ]]
	run -1 mydocker volume create -d nfs web
	[[ $output = *"--driver: there is only 'local'" ]]
	[ -z "$(mydocker volume ls -q)" ]
}

@test "volume create at once, fifty times: one volume" {
	local pids=() i

	for i in {1..50}; do
		"$MYDOCKER" volume create web >/dev/null 3>&- 4>&- &
		pids+=($!)
	done
	for i in "${pids[@]}"; do wait "$i"; done
	[ "$(ls -A "$STORE/volumes")" = web ]
}

@test "volume create that is killed leaves nothing, or a volume" {
	skip_unless program strace
	local n left

	for n in {1..60}; do
		strace -f -o /dev/null -e inject=all:signal=KILL:when="$n" \
			"$MYDOCKER" volume create web >/dev/null 2>&1 || :
		mydocker volume ls -q >left
		# what was begun is swept out by who lists
		left=$(ls -A "$STORE/volumes" 2>/dev/null) || :
		[ "$left" = '' ] || [ "$left" = web ]
		[ ! -s left ] || mydocker volume inspect web >/dev/null
		mydocker volume rm -f web
	done
}
