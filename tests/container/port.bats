#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# port: what the host passes on.
load ../lib/harness
load common

@test "a container without ports has none" {
	mydocker run --name x --rootfs "$ROOTFS" true
	[ "$(mydocker port x)" = '' ]
	run -1 mydocker port x 80
	[[ $output = *"no public port '80/tcp' published for x" ]]
	run -1 mydocker port x 99999
	run -1 mydocker port nosuch
	mydocker rm x
}
