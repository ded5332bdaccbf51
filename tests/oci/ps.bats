#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# oci ps: the processes of a container.
load ../lib/harness
load common

@test "ps prints a table, or pids as JSON" {
	started x
	run -0 oci ps -f json x
	jq -e --argjson pid "$(pid_of x)" '. == [$pid]' <<<"$output"
	run -0 oci ps x
	[ ${#lines[@]} = 2 ]
	[[ ${lines[1]} = *'sleep 1000'* ]]
	run -0 oci ps x -eo pid,args
	[[ ${lines[1]} = *"$(pid_of x) sleep 1000" ]]
	oci delete -f x
}
