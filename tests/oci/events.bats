#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# oci events: what a container uses.
load ../lib/harness
load common

@test "events --stats prints numbers as JSON" {
	started x
	run -0 oci events --stats x
	jq -e '.type == "stats" and .id == "x" and .data.pids.current == 1 and
		.data.memory.usage.usage > 0 and .data.cpu.usage.total > 0' <<<"$output"
	oci delete -f x
	run -1 oci events --stats x
}
