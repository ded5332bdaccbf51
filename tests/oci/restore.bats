#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# oci restore: there is none.
load ../lib/harness
load common

@test "restore is refused, and named by nobody" {
	run -1 oci restore -b b --image-path /tmp x
	[[ $output = 'mydocker oci restore: not supported: '* ]]
	[ ! -e "$STORE/run/oci/x" ]
	run -0 oci --help
	[[ $output != *restore* ]]
}
