#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# run: which namespaces are the container's own, and names in them.
load ../lib/harness
load common

# ns KIND ARG…: that namespace in a container with these options.
ns() { in_root "${@:2}" readlink "/proc/self/ns/$1"; }

@test "mount, PID, UTS, IPC, network and cgroup namespaces are new" {
	local kind

	for kind in mnt pid uts ipc net cgroup; do
		[ "$(ns $kind)" != "$(readlink /proc/self/ns/$kind)" ]
	done
}

@test "user and time namespaces are the host's unless asked for" {
	[ "$(ns user)" = "$(readlink /proc/self/ns/user)" ]
	[ ! -e /proc/self/ns/time ] ||
		[ "$(ns time)" = "$(readlink /proc/self/ns/time)" ]
}

@test "host shares the host's" {
	local kind option

	for kind in pid:pid uts:uts ipc:ipc net:network cgroup:cgroupns; do
		option=${kind#*:}
		kind=${kind%:*}
		[ "$(ns $kind --$option host)" = "$(readlink /proc/self/ns/$kind)" ]
	done
}

@test "container:NAME shares another's" {
	local kind option pid

	start other sleep 100
	pid=$(pid_of other)
	for kind in pid:pid uts:uts ipc:ipc net:network; do
		option=${kind#*:}
		kind=${kind%:*}
		[ "$(ns $kind --$option container:other)" = \
			"$(readlink /proc/$pid/ns/$kind)" ]
	done
	mydocker kill other
}

@test "container:NAME needs a running one" {
	run -125 in_root --network container:none true
	[[ $output = *none* ]]
	mydocker run --name ended --rootfs "$ROOTFS" true
	run -125 in_root --pid container:ended true
	[[ $output = *'not running'* ]]
	mydocker rm ended
}

@test "ns:PATH joins that namespace" {
	local kind option

	start other sleep 100
	for kind in pid:pid uts:uts ipc:ipc net:network; do
		option=${kind#*:}
		kind=${kind%:*}
		[ "$(ns $kind --$option "ns:/proc/$(pid_of other)/ns/$kind")" = \
			"$(readlink "/proc/$(pid_of other)/ns/$kind")" ]
	done
	mydocker kill other
}

@test "ns:PATH of another kind is an error" {
	run -125 in_root --network ns:/proc/self/ns/uts true
	run -125 in_root --network ns:/etc/passwd true
	run -125 in_root --network ns:/none true
}

@test "what is no namespace is an error" {
	local option

	for option in pid uts ipc network cgroupns userns time; do
		run -125 in_root --$option nonsense true
		[[ $output = *nonsense* ]]
	done
}

@test "-net is --network, of the tutorials" {
	run -0 in_root -net host readlink /proc/self/ns/net
	[ "$output" = "$(readlink /proc/self/ns/net)" ]
}

@test "--network none has loopback alone, and it is up" {
	run -0 in_root --network none sh -c \
		'sed 1,2d /proc/net/dev | cut -d : -f 1 | xargs
		ping -c 1 -W 1 127.0.0.1 >/dev/null || ip addr show lo'
	[ "${lines[0]}" = lo ]
	run -0 in_root cat /sys/class/net/lo/flags
	[ $((output & 1)) -eq 1 ]
}

@test "--network host has the host's links" {
	run -0 in_root --network host cat /proc/net/dev
	[ "$(sed 1,2d <<<"$output" | cut -d : -f 1 | sort | xargs)" = \
		"$(sed 1,2d /proc/net/dev | cut -d : -f 1 | sort | xargs)" ]
}

@test "--ipc none has no /dev/shm" {
	run -0 in_root --ipc none cat /proc/self/mountinfo
	[[ $output != *' /dev/shm '* ]]
}

@test "--pid host sees the host's processes" {
	run -0 in_root --pid host sh -c "cat /proc/$$/comm"
	[ "$output" = "$(cat /proc/$$/comm)" ]
}

# ---- names ----

@test "the host name is the beginning of the id, and HOSTNAME says so" {
	run -0 in_root --cidfile id sh -c 'hostname; echo $HOSTNAME'
	[ "${lines[0]}" = "$(cut -c 1-12 id)" ]
	[ "${lines[1]}" = "$(cut -c 1-12 id)" ]
}

@test "-h is the host name, and the host's own stays" {
	local before

	before=$(hostname)
	run -0 in_root -h inside sh -c 'hostname; echo $HOSTNAME'
	[ "$output" = $'inside\ninside' ]
	[ "$(hostname)" = "$before" ]
}

@test "--hostname refuses what is no name" {
	local name

	for name in $'a\n6.6.6.6 bank' 'a b' "$(printf 'x%.0s' {1..70})"; do
		run -125 in_root --hostname="$name" true
	done
}

@test "--hostname with the host's UTS namespace is refused" {
	run -125 in_root --uts host -h inside true
}

@test "--domainname is the domain's" {
	run -0 in_root --domainname example.org cat /proc/sys/kernel/domainname
	[ "$output" = example.org ]
}

# ---- user and time ----

@test "--userns private maps as told" {
	# outside it is a user who may not pass a closed directory
	chmod go+x "$BATS_RUN_TMPDIR"
	run -0 in_root --userns private --uidmap 0:100000:1000 \
		--gidmap 0:200000:1000 sh -c \
		'cat /proc/self/uid_map /proc/self/gid_map | xargs; id -u'
	[ "${lines[0]}" = '0 100000 1000 0 200000 1000' ]
	[ "${lines[1]}" = 0 ]
}

@test "--userns and an overlay of the host's own root are refused in words" {
	run -125 mydocker run --rm --overlay --userns private \
		--uidmap 0:100000:65536 --gidmap 0:100000:65536 true
	[[ $output = *'in a user namespace nothing can be put above such a one' ]]
}

@test "--userns private needs a map, and a map a namespace" {
	run -125 in_root --userns private true
	[[ $output = *--uidmap* ]]
	run -125 in_root --userns host --uidmap 0:100000:1000 true
	[[ $output = *--userns* ]]
}

@test "--time private shifts the clocks as told" {
	[ -e /proc/self/ns/time ] || skip 'no time namespaces here'
	[ "$(ns time --time private)" != "$(readlink /proc/self/ns/time)" ]
	run -0 in_root --time private --time-offset boottime=1000000 \
		cut -d . -f 1 /proc/uptime
	[ "$output" -ge 1000000 ]
}
