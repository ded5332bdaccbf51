#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# oci update: limits of what runs.
load ../lib/harness
load common

@test "update changes limits, by option or file" {
	skip_unless controller memory
	started x
	oci update --memory 64m x
	[ "$(cgroup_value memory "$(pid_of x)" memory.limit_in_bytes memory.max)" = 67108864 ]
	oci update --pids-limit 99 x
	[ "$(cgroup_value pids "$(pid_of x)" pids.max pids.max)" = 99 ]
	oci update -r - x <<<'{"memory": {"limit": 134217728}}'
	[ "$(cgroup_value memory "$(pid_of x)" memory.limit_in_bytes memory.max)" = 134217728 ]
	[ "$(jq .linux.resources.memory.limit "$STORE/run/oci/x/config.json")" = 134217728 ]
	[ "$(jq .linux.resources.pids.limit "$STORE/run/oci/x/config.json")" = 99 ]
	if [ ! -e /sys/fs/resctrl ]; then
		run -1 oci update --l3-cache-schema L3:0=f --pids-limit 55 x
		[[ $output = *'linux.intelRdt: this kernel has no resctrl'* ]]
		[ "$(cgroup_value pids "$(pid_of x)" pids.max pids.max)" = 99 ]
	fi
	for bad in 'L3:0=f' $'MB:0=10\nL3:0=f'; do
		run -1 oci update --mem-bw-schema "$bad" x
		[[ $output = *'linux.intelRdt.memBwSchema: not one line'* ]]
	done
	run -1 oci update -r /no/such x
	oci delete -f x
}
