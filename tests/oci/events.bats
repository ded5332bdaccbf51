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

@test "events --stats has runc's keys, and numbers that the kernel has" {
	skip_unless controller memory
	started x '.linux.resources = {memory: {limit: 67108864, swap: 67108864},
		cpu: {quota: 2000, period: 100000}, pids: {limit: 9}}' \
		sh -c 'dd if=/dev/zero of=/dev/null bs=1k count=20000; sleep 1000'
	wait_for 30 throttled
	run -0 oci events --stats x
	jq -e '.data | (.memory.usage | .limit == 67108864 and .usage > 0 and .failcnt >= 0) and
		(.memory | has("kernel") and has("kernelTCP")) and
		(.memory.swap.limit >= 67108864) and
		(.memory.raw | .pgfault > 0 and length > 10) and
		(.cpu.usage | .total > 0 and has("kernel") and has("user")) and
		(.cpu.throttling | .periods > 0 and .throttledPeriods > 0 and .throttledTime > 1000) and
		.pids.limit == 9 and .pids.current > 0 and
		(.hugetlb | type == "object") and .intel_rdt == {} and
		has("network_interfaces") and .network_interfaces == null' <<<"$output"
	[ -e /sys/fs/cgroup/cgroup.controllers ] ||
		jq -e '.data.cpu.usage | (.percpu | length > 0) and
			(.percpu_user | length > 0)' <<<"$output"
	oci delete -f x
	started x
	run -0 oci events --stats x
	jq -e '.data | .memory.usage.limit > 9223372036854770000 and (.pids | has("limit") | not)' <<<"$output"
	oci delete -f x
}

@test "events --stats tells how long somebody waits, and what cpuset says" {
	[ -e /proc/pressure/cpu ] || skip 'a kernel without pressure stall information'
	v2=/sys/fs/cgroup
	[ -e $v2/cgroup.controllers ] || v2=$v2/unified
	[ -e $v2/cpu.pressure ] || skip 'no cgroup v2 is mounted'
	started x "" sh -c 'while :; do :; done & while :; do :; done & while :; do :; done'
	waited() { grep -q '^some .* total=[0-9]\{5,\}' $v2/mydocker/x/cpu.pressure; }
	wait_for 20 waited
	run -0 oci events --stats x
	jq -e '.data | (.cpu.psi | .some.total >= 10000 and .some.avg10 < 101 and
			(.full | keys == ["avg10", "avg300", "avg60", "total"])) and
		(.memory.psi.some | has("avg300")) and (.blkio.psi.full | has("total")) and
		(.cpuset | has("memory_migrate") and has("sched_relax_domain_level"))' <<<"$output"
	! has_controller cpuset || [ -e /sys/fs/cgroup/cgroup.controllers ] ||
		jq -e '.data.cpuset | .cpus[0] == 0 and .mems == [0] and .sched_load_balance == 1' <<<"$output"
	oci delete -f x
}

throttled() { oci events --stats x | jq -e '.data.cpu.throttling.throttledTime > 1000'; }

@test "events --stats names devices that were read from" {
	skip_unless cgroup1
	skip_unless controller blkio
	device=$(df --output=source /var/tmp 2>/dev/null | tail -1)
	[ -b "$device" ] || skip 'no disk here'
	started x
	dd if=/dev/zero of="/var/tmp/mydocker-io-$$" bs=64k count=16 conv=fsync 2>/dev/null
	(
		echo "$BASHPID" >/sys/fs/cgroup/blkio/mydocker/x/cgroup.procs
		exec dd if="/var/tmp/mydocker-io-$$" of=/dev/null bs=64k iflag=direct 2>/dev/null
	) || skip 'no direct input here'
	rm -f "/var/tmp/mydocker-io-$$"
	run -0 oci events --stats x
	jq -e '.data.blkio | ([.ioServiceBytesRecursive[] | select(.op == "Read").value] | add) >= 1048576 and
		([.ioServicedRecursive[] | select(.op == "Read").value] | add) > 0 and
		(.ioServiceBytesRecursive[0].major > 0)' <<<"$output"
	oci delete -f x
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
