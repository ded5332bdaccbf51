#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154,SC2016 # $… is for the container; stderr and the like are set by bats' run
# What OCI containers have to do with cgroups, v1 and v2 alike.
load ../lib/harness
load common

is_v2() { [ -e /sys/fs/cgroup/cgroup.controllers ]; }

# groups: the directories of container x, a line each.
groups() {
	if is_v2; then
		echo /sys/fs/cgroup/mydocker/x
	else
		printf '%s\n' /sys/fs/cgroup/*/mydocker/x
	fi
}

# group_of PID CONTROLLER: as the kernel names it.
group_of() {
	if is_v2; then
		sed -n 's/^0:://p' "/proc/$1/cgroup"
	else
		sed -n "s/^[0-9]*:\\([a-z,]*,\\)\\?$2\\(,[a-z,]*\\)\\?://p" "/proc/$1/cgroup"
	fi
}

# in_group ARG…: one more process of x, and then its pid in $PID.
in_group() {
	oci exec -d --pid-file pid "$@" x sleep 1007 </dev/null >out 2>&1 3>&- 4>&- || return
	PID=$(cat pid)
}

@test "exec --cgroup PATH is a group below the container's, in all hierarchies" {
	skip_unless controller pids
	started x
	groups | sed 's#$#/sub/deep#' | xargs mkdir -p
	in_group --cgroup /sub/deep
	[ "$(group_of "$PID" pids)" = /mydocker/x/sub/deep ]
	in_group --cgroup /
	[ "$(group_of "$PID" pids)" = /mydocker/x ]
	in_group --cgroup sub/deep/..
	[ "$(group_of "$PID" pids)" = /mydocker/x/sub ]
	run -255 oci exec --cgroup none x true
	[[ $output = *"no group 'none' in "* ]]
	run -255 oci exec --cgroup ../y x true
	[[ $output = *'leads out of'* ]]
	run -255 oci exec --cgroup sub/../../y x true
	oci delete -f x
}

@test "exec --cgroup CONTROLLER:PATH is for some hierarchies" {
	skip_unless cgroup1
	skip_unless controller pids
	skip_unless controller memory
	started x
	groups | sed 's#$#/sub#' | xargs mkdir -p
	in_group --cgroup pids,memory:sub --cgroup freezer:/
	[ "$(group_of "$PID" pids)" = /mydocker/x/sub ]
	[ "$(group_of "$PID" memory)" = /mydocker/x/sub ]
	[ "$(group_of "$PID" freezer)" = /mydocker/x ]
	[ "$(group_of "$PID" cpu)" = /mydocker/x ]
	in_group --cgroup systemd:sub
	[ "$(group_of "$PID" name=systemd)" = /mydocker/x/sub ]
	run -255 oci exec --cgroup nothing:sub x true
	[[ $output = *"in no hierarchy of 'nothing'"* ]]
	run -255 oci exec --cgroup :sub x true
	run -255 oci exec --cgroup pids:sub --cgroup sub x true
	run -255 oci exec --cgroup pids:sub --cgroup pids:/ x true
	run -255 oci exec --cgroup pids:../../y x true
	[[ $output = *'leads out of'* ]]
	oci delete -f x
}

@test "exec --cgroup refuses controllers under v2" {
	skip_unless cgroup2
	started x
	run -255 oci exec --cgroup pids:sub x true
	[[ $output = *'the path alone will do'* ]]
	oci delete -f x
}

@test "exec goes where the first process is, once its group has been divided" {
	skip_unless cgroup2
	started x
	mkdir /sys/fs/cgroup/mydocker/x/init
	pid_of x >/sys/fs/cgroup/mydocker/x/init/cgroup.procs
	echo +memory >/sys/fs/cgroup/mydocker/x/cgroup.subtree_control
	in_group
	[ "$(group_of "$PID" pids)" = /mydocker/x/init ]
	# a name is no CONTROLLER:PATH
	mkdir /sys/fs/cgroup/mydocker/x/a:b
	pid_of x >/sys/fs/cgroup/mydocker/x/a:b/cgroup.procs
	in_group
	[ "$(group_of "$PID" pids)" = /mydocker/x/a:b ]
	oci delete -f x
}

@test "pids.limit: -1 is none, and under 0 nobody is born" {
	skip_unless controller pids
	started x '.linux.resources.pids = {limit: -1}'
	file=$(groups | grep -e pids -e cgroup/mydocker)/pids.max
	[ "$(cat "$file")" = max ]
	oci update --pids-limit 7 x
	[ "$(cat "$file")" = 7 ]
	oci update --pids-limit -1 x
	[ "$(cat "$file")" = max ]
	oci delete -f x
	bundle '.linux.resources.pids = {limit: 0}' sh -c 'true & wait; (echo born); echo only'
	run oci run -b b x
	[[ $output = *fork* && $output != *born* ]]
}

@test "--rootless=false wants all cgroups, true does without those that are refused" {
	skip_unless controller pids
	bundle . sh -c 'echo ran'
	first=/sys/fs/cgroup
	is_v2 || first+=/pids
	cat >inside <<-'EOF'
		mount --make-rprivate /
		mount --bind "$FIRST" "$FIRST" && mount -o remount,bind,ro "$FIRST"
		exec "$MYDOCKER" oci "$@"
	EOF
	readonly_too() { FIRST=$first unshare -m sh inside "$@"; }
	run -0 readonly_too --rootless true run -b b x
	[ "$output" = ran ]
	run -1 readonly_too --rootless false run -b b x
	[[ $output = *"cgroup: $first/mydocker/x: cannot be made there"* ]]
	# auto: as root of the machine, who has all of it
	run -1 readonly_too run -b b x
	run -0 oci --rootless false run -b b x
	# a path that was asked for is to be had
	bundle '.linux.cgroupsPath = "/mydocker/x"' true
	run -1 readonly_too --rootless true run -b b x
	run -1 oci --rootless perhaps run -b b x
	rmdir "$first/mydocker" 2>/dev/null || :
}

@test "the root of a user namespace owns its group, if it may write to it" {
	skip_unless cgroup2
	mkdir -p r
	make_rootfs "$TMP/r"
	chmod 711 "$TMP" "${TMP%/*}" "${TMP%/*/*}" "$BATS_RUN_TMPDIR"
	# shellcheck disable=SC2034 # for bundle
	ROOTFS=$TMP/r
	users='.linux.namespaces += [{type: "user"}] |
		.linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}] |
		.linux.gidMappings = [{containerID: 0, hostID: 200000, size: 65536}]'
	own() { stat -c %u:%g "/sys/fs/cgroup/mydocker/x/$1"; }
	started x "$users | (.mounts[] | select(.type == \"cgroup\")).options -= [\"ro\"]"
	for file in . cgroup.procs cgroup.threads cgroup.subtree_control; do
		[ "$(own "$file")" = 100000:200000 ]
	done
	[ "$(own memory.max)" = 0:0 ]
	run -0 oci exec x sh -c 'mkdir /sys/fs/cgroup/sub && echo $$ >/sys/fs/cgroup/sub/cgroup.procs'
	oci delete -f x
	started x "$users"
	[ "$(own .)" = 0:0 ]
	oci delete -f x
}

@test "a container that may use hardly any processor can be taken away at once" {
	skip_unless controller cpu
	# the quota is given once they are there, or they would never be
	started x . sh -c 'for i in 1 2 3 4 5 6 7 8 9; do while :; do :; done & done; wait'
	has_all() { [ "$(oci ps -f json x | jq length)" = 10 ]; }
	wait_for 20 has_all
	oci update --cpu-period 1000000 --cpu-quota 1000 x
	sleep 2
	run -0 oci delete -f x
	[ -z "$output" ]
}
