#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# rename: another name for a container.
load ../lib/harness
load common

@test "rename gives the name, and frees the old one" {
	mydocker run --name x --rootfs "$ROOTFS" true
	[ "$(mydocker rename x y)" = '' ]
	[ "$(mydocker ps -a --format '{{.Names}}')" = y ]
	mydocker run --name x --rootfs "$ROOTFS" true
	run -1 mydocker rename x y
	[[ $output = *"'y' is in use by "* ]]
	run -1 mydocker rename x x
	run -1 mydocker rename x 'not/a name'
	run -1 mydocker rename nosuch z
	mydocker rm x y
}

@test "one that is renamed while it runs keeps the name when it ends" {
	background run --name x --rootfs "$ROOTFS" sleep 100
	wait_for 5 is_running x
	mydocker rename x y
	mydocker kill y
	ended_with 137
	[[ "$(mydocker ps -a)" = *'Exited (137)'*' y' ]]
	mydocker rm y
	[ -z "$(ls "$STORE/run/names")" ]
}

@test "a --rm container that is renamed leaves no name" {
	start x sleep 100
	mydocker rename x y
	mydocker kill y
	wait_for 5 eval '[ -z "$(ls "$STORE/run/names")" ]'
}
