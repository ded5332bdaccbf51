#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# update: other limits and another policy.
load ../lib/harness
load common

detached() { mydocker run -d --rootfs "$ROOTFS" "$@" >/dev/null; }

@test "update changes the limits of one that runs, and what inspect says" {
	detached --name x -m 64m sleep 100
	run -0 mydocker update -m 32m --pids-limit 50 --cpu-shares 512 x
	[ "$output" = x ]
	id=$(mydocker inspect -f '{{.Id}}' x)
	[ "$(cat /sys/fs/cgroup/memory/mydocker/"$id"/memory.limit_in_bytes \
		/sys/fs/cgroup/mydocker/"$id"/memory.max 2>/dev/null)" = 33554432 ]
	[ "$(cat /sys/fs/cgroup/pids/mydocker/"$id"/pids.max \
		/sys/fs/cgroup/mydocker/"$id"/pids.max 2>/dev/null)" = 50 ]
	[ "$(mydocker inspect -f \
		'{{.HostConfig.Memory}} {{.HostConfig.PidsLimit}} {{.HostConfig.CpuShares}}' x)" \
		= '33554432 50 512' ]
	mydocker rm -f x
}

@test "update of one that has ended counts at its next start" {
	mydocker create --name x --rootfs "$ROOTFS" sleep 100
	mydocker update --memory 48m x
	mydocker start x
	id=$(mydocker inspect -f '{{.Id}}' x)
	[ "$(cat /sys/fs/cgroup/memory/mydocker/"$id"/memory.limit_in_bytes \
		/sys/fs/cgroup/mydocker/"$id"/memory.max 2>/dev/null)" = 50331648 ]
	mydocker rm -f x
}

@test "update --restart is heeded by the monitor that there is" {
	detached --name x sleep 100
	mydocker update --restart always x
	kill -KILL "$(pid_of x)"
	wait_for 10 eval '[ "$(mydocker inspect -f "{{.RestartCount}}" x)" = 1 ]'
	wait_for 10 is_running x
	mydocker update --restart no x
	kill -KILL "$(pid_of x)"
	wait_for 10 eval '[ "$(mydocker inspect -f "{{.State.Status}}" x)" = exited ]'
	mydocker rm x
}

@test "what is wrong changes nothing" {
	detached --name x sleep 100
	run -1 mydocker update x
	[[ $output = *'you must provide one or more flags'* ]]
	[ "$(mydocker update --memory 0 --cpu-shares 0 --cpus 0 x)" = x ]
	run -125 mydocker update --restart sometimes x
	run -125 mydocker update --cpus nine x
	run -125 mydocker update --cpus 9999 x
	[[ $output = *'range of CPUs is from 0.01 to '*' CPUs available' ]]
	[ "$(mydocker inspect -f '{{.HostConfig.Memory}}' x)" = 0 ]
	run -1 mydocker update -m 64m nobody
	mydocker rm -f x
	detached --rm --name x sleep 100
	run -1 mydocker update --restart always x
	[[ $output = *'--rm'* ]]
	mydocker rm -f x
}

@test "update --restart no is heeded by one that waits to be started again" {
	detached --name x --restart always sh -c 'exit 3'
	wait_for 20 eval '[ "$(mydocker inspect -f "{{.RestartCount}}" x)" -ge 4 ]'
	wait_for 10 eval '[ "$(mydocker inspect -f "{{.State.Status}}" x)" = restarting ]'
	mydocker update --restart no x
	count=$(mydocker inspect -f '{{.RestartCount}}' x)
	wait_for 1 eval '[ "$(mydocker inspect -f "{{.State.Status}}" x)" = exited ]'
	[ "$(mydocker inspect -f '{{.State.ExitCode}} {{.RestartCount}}' x)" = "3 $count" ]
	mydocker rm x
}

# told NAME: what inspect says of its memory and of its time.
told() {
	mydocker inspect -f '{{with .HostConfig}}{{.Memory}} {{.MemorySwap}} {{.NanoCpus}} {{.CpuPeriod}} {{.CpuQuota}}{{end}}' "$1"
}

@test "update of memory leaves the limit with swap alone" {
	detached --name x -m 64m sleep 100
	[ "$(told x)" = '67108864 134217728 0 0 0' ]
	mydocker update -m 32m x
	[ "$(told x)" = '33554432 134217728 0 0 0' ]
	run -1 mydocker update -m 256m x
	[[ $output = *'Memory limit should be smaller than already set memoryswap limit'* ]]
	mydocker update --memory-swap 96m x
	[ "$(told x)" = '33554432 100663296 0 0 0' ]
	run -1 mydocker update --memory-swap 16m x
	[[ $output = *'should be larger than memory limit'* ]]
	mydocker update -m 256m --memory-swap -1 x
	[ "$(told x)" = '268435456 -1 0 0 0' ]
	mydocker update -m 64m x
	[ "$(told x)" = '67108864 -1 0 0 0' ]
	mydocker rm -f x
	detached --name x sleep 100
	run -1 mydocker update --memory-swap 96m x
	[[ $output = *'needs --memory' ]]
	mydocker rm -f x
}

@test "update --cpus is told as such, and not mixed with quota and period" {
	detached --name x --cpus 1.5 sleep 100
	detached --name y --cpu-quota 20000 sleep 100
	mydocker update --cpus 0.5 x
	[ "$(told x)" = '0 0 500000000 0 0' ]
	run -1 mydocker update --cpu-period 50000 x
	[[ $output = *'CPU Period cannot be updated as NanoCPUs has already been set' ]]
	run -1 mydocker update --cpus 1 y
	[[ $output = *'Nano CPUs cannot be updated as CPU Quota has already been set' ]]
	[ "$(told y)" = '0 0 0 0 20000' ]
	# the monitor has the record from before, and writes it again
	mydocker stop -t 0 x
	[ "$(told x)" = '0 0 500000000 0 0' ]
	mydocker update --cpus 1 x
	[ "$(told x)" = '0 0 1000000000 0 0' ]
	mydocker rm -f x y
}
