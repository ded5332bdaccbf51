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

@test "events tells when memory runs out, and ends with the container" {
	skip_unless controller memory
	started x '.linux.resources.memory = { limit: 8388608, swap: 8388608 }' \
		sh -c 'sleep 3; tail /dev/zero; sleep 2'
	background oci events --interval 1 x
	wait_for 20 is_gone "$LAST"
	ended_with 0
	grep -qx '{"type":"oom","id":"x"}' "$LAST_OUT"
	[ "$(grep -c '"type":"stats"' "$LAST_OUT")" -gt 1 ]
	oci delete -f x
}
