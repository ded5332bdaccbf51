#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# run: limits, on cgroup v1 and on v2 alike. What a limit is, the command reads
# itself as the first thing that it does, so it was in force before.
load ../lib/harness
load common

# limit V1-FILE V2-FILE ARG…: what the file in the container's own cgroup says.
# V1-FILE has its controller's directory in front.
limit() {
	in_root "${@:3}" sh -c \
		"cd /sys/fs/cgroup; cat '$1' 2>/dev/null || cat '$2'"
}

is_v2() { [ -e /sys/fs/cgroup/cgroup.controllers ]; }

# either V1 V2: the one that goes with this machine.
either() { if is_v2; then echo "$2"; else echo "$1"; fi; }

# ---- memory ----

@test "-m caps memory" {
	skip_unless controller memory
	[ "$(limit memory/memory.limit_in_bytes memory.max -m 32m)" = 33554432 ]
	[ "$(limit memory/memory.limit_in_bytes memory.max --memory=1g)" = \
		1073741824 ]
}

@test "-mem is --memory" {
	skip_unless controller memory
	[ "$(limit memory/memory.limit_in_bytes memory.max -mem 32m)" = 33554432 ]
}

@test "-m is enforced: what takes more is killed" {
	skip_unless controller memory
	run -137 in_root -m 16m --memory-swap 16m sh -c \
		'exec tail -c 200m /dev/zero'
}

@test "-m without --memory-swap allows as much swap again" {
	skip_unless controller memory
	[ -e "$(either /sys/fs/cgroup/memory/memory.memsw.limit_in_bytes \
		/proc/self/cgroup)" ] || skip 'no swap accounting here'
	[ "$(limit memory/memory.memsw.limit_in_bytes memory.swap.max \
		-m 32m)" = "$(either 67108864 33554432)" ]
}

@test "--memory-swap caps both together" {
	skip_unless controller memory
	[ -e "$(either /sys/fs/cgroup/memory/memory.memsw.limit_in_bytes \
		/proc/self/cgroup)" ] || skip 'no swap accounting here'
	[ "$(limit memory/memory.memsw.limit_in_bytes memory.swap.max \
		-m 32m --memory-swap 48m)" = "$(either 50331648 16777216)" ]
}

@test "--memory-reservation is a soft limit" {
	skip_unless controller memory
	[ "$(limit memory/memory.soft_limit_in_bytes memory.low \
		-m 64m --memory-reservation 32m)" = 33554432 ]
}

@test "--memory-swappiness is set where there is such a thing" {
	skip_unless controller memory
	if is_v2; then
		run -125 in_root --memory-swappiness 7 true
		[[ $output = *swappiness* ]]
	else
		[ "$(limit memory/memory.swappiness none \
			--memory-swappiness 7)" = 7 ]
	fi
}

@test "--oom-kill-disable is set where there is such a thing" {
	skip_unless controller memory
	if is_v2; then
		run in_root -m 32m --oom-kill-disable true
		[ "$status" -ne 0 ] || [[ $output = *oom* ]]
	else
		[[ "$(limit memory/memory.oom_control none -m 32m \
			--oom-kill-disable)" = 'oom_kill_disable 1'* ]]
	fi
}

@test "sizes that are none are refused" {
	local size

	for size in 10gg 1x -5 0x10 1e3m 99999999999999999999 '' nan; do
		run -125 in_root --memory="$size" true
		[ ${#lines[@]} -eq 1 ]
	done
}

# ---- CPU ----

@test "--cpus caps CPU time" {
	skip_unless controller cpu
	[ "$(limit cpu/cpu.cfs_quota_us cpu.max --cpus 1.5)" = \
		"$(either 150000 '150000 100000')" ]
}

@test "-cpu N is N percent of one CPU" {
	skip_unless controller cpu
	[ "$(limit cpu/cpu.cfs_quota_us cpu.max -cpu 20)" = \
		"$(either 20000 '20000 100000')" ]
}

@test "--cpus is enforced" {
	skip_unless controller cpu
	run -0 in_root --cpus 0.02 sh -c '
		timeout 1 sh -c "while :; do :; done"
		cd /sys/fs/cgroup; cat cpu/cpu.stat 2>/dev/null || cat cpu.stat'
	[[ $output =~ nr_throttled\ [1-9] ]]
}

@test "--cpu-period and --cpu-quota" {
	skip_unless controller cpu
	[ "$(limit cpu/cpu.cfs_quota_us cpu.max --cpu-period 50000 \
		--cpu-quota 25000)" = "$(either 25000 '25000 50000')" ]
	is_v2 || [ "$(limit cpu/cpu.cfs_period_us none --cpu-period 50000 \
		--cpu-quota 25000)" = 50000 ]
}

@test "--cpu-shares weighs CPU time" {
	skip_unless controller cpu
	[ "$(limit cpu/cpu.shares none -c 512 2>/dev/null)" = 512 ] ||
		[ "$(limit none cpu.weight -c 512)" -lt 100 ]
}

@test "--cpuset-cpus says which CPUs" {
	skip_unless controller cpuset
	[ "$(limit cpuset/cpuset.cpus cpuset.cpus --cpuset-cpus 0)" = 0 ]
	run -0 in_root --cpuset-cpus 0 grep Cpus_allowed_list /proc/self/status
	[[ $output = *[[:space:]]0 ]]
}

@test "-cpuset is --cpuset-cpus" {
	skip_unless controller cpuset
	[ "$(limit cpuset/cpuset.cpus cpuset.cpus -cpuset 0)" = 0 ]
}

@test "--cpuset-mems says which nodes" {
	skip_unless controller cpuset
	[ "$(limit cpuset/cpuset.mems cpuset.mems --cpuset-mems 0)" = 0 ]
}

@test "CPU limits that are none are refused" {
	local option

	for option in --cpus=nan --cpus=-1 --cpus=x --cpuset-cpus=99999 \
		--cpuset-cpus=0-4294967295 --cpuset-mems=99 --cpu-quota=x; do
		run -125 in_root $option true
		[ ${#lines[@]} -eq 1 ]
	done
}

# ---- processes, block I/O ----

@test "--pids-limit caps the number of processes, 2048 if not given" {
	skip_unless controller pids
	[ "$(limit pids/pids.max pids.max --pids-limit 7)" = 7 ]
	[ "$(limit pids/pids.max pids.max)" = 2048 ]
	[ "$(limit pids/pids.max pids.max --pids-limit -1)" = max ]
}

@test "--pids-limit is enforced" {
	skip_unless controller pids
	run in_root --pids-limit 5 sh -c \
		'for i in 1 2 3 4 5 6 7 8; do sleep 1 & done; wait'
	[[ $output = *'fork'* ]]
}

@test "--blkio-weight weighs block I/O" {
	local file

	for file in blkio/blkio.bfq.weight blkio/blkio.weight; do
		[ -e "/sys/fs/cgroup/$file" ] || continue
		[ "$(limit $file none --blkio-weight 300)" = 300 ]
		return
	done
	has_controller io || skip 'no weights here'
	run -0 limit io.bfq.weight io.weight --blkio-weight 300
	# io.weight goes to 10000, docker's to 1000
	[[ $output = *default* ]]
	[[ $output != 'default 100' ]]
}

@test "--device-read-bps caps a disk" {
	local disk

	has_controller blkio || has_controller io || skip 'no such controller'
	disk=$(find /dev -maxdepth 1 -type b ! -name 'loop*' ! -name 'ram*' | head -n 1)
	[ -n "$disk" ] || skip 'no disk here'
	run -0 limit blkio/blkio.throttle.read_bps_device io.max \
		--device-read-bps "$disk:1m"
	[[ $output = *1048576* ]]
}

@test "--device-write-bps, --device-read-iops and --device-write-iops, too" {
	local disk row name v1 v2

	has_controller blkio || has_controller io || skip 'no such controller'
	disk=$(find /dev -maxdepth 1 -type b ! -name 'loop*' ! -name 'ram*' | head -n 1)
	[ -n "$disk" ] || skip 'no disk here'
	for row in 'write-bps write_bps wbps' 'read-iops read_iops riops' \
		'write-iops write_iops wiops'; do
		read -r name v1 v2 <<<"$row"
		run -0 limit "blkio/blkio.throttle.${v1}_device" io.max \
			"--device-$name" "$disk:123456"
		[[ $output =~ (^|$'\n')[0-9]+:[0-9]+\ 123456$ ||
			$output =~ \ $v2=123456( |$) ]]
	done
	run -125 in_root --device-write-bps "$TMP/none:1m" true
	[[ $output = *none* ]]
}

@test "--blkio-weight-device weighs a disk, or is refused by name" {
	local disk

	has_controller blkio || has_controller io || skip 'no such controller'
	disk=$(find /dev -maxdepth 1 -type b ! -name 'loop*' ! -name 'ram*' | head -n 1)
	[ -n "$disk" ] || skip 'no disk here'
	run in_root --blkio-weight-device "$disk:300" sh -c 'cd /sys/fs/cgroup
		cat blkio/blkio*weight_device io*weight 2>/dev/null || :'
	[[ $status = 0 && $output =~ [0-9]+:[0-9]+\ [0-9]+ ||
		$status = 125 && $output = *weight* ]]
}

@test "--cpu-rt-runtime and --cpu-rt-period are set, or refused by name" {
	local option

	skip_unless controller cpu
	for option in --cpu-rt-runtime=1000 --cpu-rt-period=500000; do
		run in_root $option sh -c 'cd /sys/fs/cgroup/cpu &&
			cat cpu.rt_runtime_us cpu.rt_period_us'
		[[ $status = 0 && $output = *"${option#*=}"* ||
			$status = 125 && $output = *@(rt[_-]|realtime)* ]]
	done
}

# hidden DIR ARG…: in_root ARG… where DIR of the cgroups is not mounted.
hidden() {
	unshare --mount sh -c '
		umount -l "$1" && shift && exec "$@"' sh "$1" \
		"$MYDOCKER" run --rm --rootfs "$ROOTFS" "${@:2}"
}

@test "without cgroups a container runs" {
	run -0 hidden /sys/fs/cgroup echo hello
	[[ $output = *hello ]]
}

@test "without cgroups a limit is an error that names its controller" {
	local row

	for row in 'memory -m 32m' 'cpu --cpus 1' 'pids --pids-limit 9' \
		'cpuset --cpuset-cpus 0'; do
		# shellcheck disable=SC2086
		run -125 hidden /sys/fs/cgroup ${row#* } true
		[[ $output = *"${row%% *}"* ]]
		[ ${#lines[@]} -eq 1 ]
	done
}

@test "without its controller a limit is an error that names it" {
	skip_unless cgroup1
	skip_unless controller memory
	run -125 hidden /sys/fs/cgroup/memory -m 32m true
	[[ $output = *memory* ]]
	run -0 hidden /sys/fs/cgroup/memory --cpus 1 echo hello
	[[ $output = *hello ]]
}

@test "--cgroup-parent is where the container's cgroup is" {
	start x --cgroup-parent /mydocker-parent sleep 100
	[[ "$(cat "/proc/$(pid_of x)/cgroup")" = */mydocker-parent/* ]]
	mydocker kill x
	wait "$LAST" || :
	find /sys/fs/cgroup -depth -type d -name mydocker-parent \
		-exec rmdir {} + 2>/dev/null || :
}

@test "--cgroup-parent does not climb" {
	run -125 in_root --cgroup-parent ../../x true
	run -125 in_root --cgroup-parent /a/../../x true
}

@test "the container's cgroup is gone afterwards" {
	in_root --cidfile id -m 32m true
	[ "$(find /sys/fs/cgroup -name "$(cat id)")" = '' ]
}

# ---- the process's own ----

@test "--ulimit sets soft and hard limits" {
	run -0 in_root --ulimit nofile=100:200 --ulimit core=0 sh -c \
		'ulimit -Sn; ulimit -Hn; ulimit -c'
	[ "$output" = $'100\n200\n0' ]
	run -0 in_root --ulimit nofile=100 sh -c 'ulimit -Sn; ulimit -Hn'
	[ "$output" = $'100\n100' ]
}

@test "--ulimit refuses what is none" {
	local text

	for text in nofile nonsense=1 nofile=2:1 nofile=x nofile=-2; do
		run -125 in_root --ulimit "$text" true
		[ ${#lines[@]} -eq 1 ]
	done
}

@test "without CAP_SYS_RESOURCE a limit that is too high is clamped, aloud" {
	! has_capability sys_resource || skip 'with CAP_SYS_RESOURCE'
	run -0 --separate-stderr in_root --ulimit nofile=9999999:9999999 \
		sh -c 'ulimit -Hn'
	[ "$output" = "$(ulimit -Hn)" ]
	[[ $stderr = *nofile* || $stderr = *NOFILE* ]]
}

@test "core dumps are off unless asked for" {
	[ "$(in_root sh -c 'ulimit -c')" = 0 ]
}

@test "--sysctl sets a parameter of the container's namespaces" {
	run -0 in_root --sysctl net.ipv4.ip_unprivileged_port_start=77 \
		--sysctl kernel.shm_rmid_forced=1 sh -c \
		'cat /proc/sys/net/ipv4/ip_unprivileged_port_start \
			/proc/sys/kernel/shm_rmid_forced'
	[ "$output" = $'77\n1' ]
}

@test "--sysctl refuses those of the host" {
	local text

	for text in kernel.core_pattern=x vm.swappiness=1 nonsense \
		'kernel.shm_rmid_forced=1+kernel.core_pattern=x' \
		$'net.ipv4.ip_forward=1\n2' net/../kernel/hostname=x; do
		run -125 in_root --sysctl "$text" true
		[ ${#lines[@]} -eq 1 ]
	done
	run -125 in_root --network host --sysctl net.ipv4.ip_forward=1 true
}

@test "--oom-score-adj makes the command be killed earlier" {
	run -0 in_root --oom-score-adj 500 cat /proc/self/oom_score_adj
	[ "$output" = 500 ]
	run -125 in_root --oom-score-adj 1001 true
}
