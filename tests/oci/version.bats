#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# oci version, and the options before the verb.
load ../lib/harness
load common

@test "version is what an engine reads" {
	run -0 oci --version
	[[ ${lines[0]} = 'runc version '* && ${lines[1]} = 'spec: 1.3.'* ]]
	ln -s "$MYDOCKER" runc
	run -0 ./runc --version
	[[ ${lines[1]} = 'spec: 1.3.'* ]]
	ln -s "$MYDOCKER" crun
	run -0 ./crun -v
}

@test "options before the verb are checked" {
	run -1 oci --cgroup-manager=other list
	run -1 oci --log-format xml list
	run -1 oci --no-such list
	run -0 oci --cgroup-manager cgroupfs --rootless auto --debug list
	run -0 oci --systemd-cgroup --cgroup-manager=disabled list
}

@test "a container without a cgroup" {
	bundle
	oci --cgroup-manager=disabled create -b b x </dev/null >out 2>&1 3>&- 4>&-
	oci start x
	[[ $(cat "/proc/$(pid_of x)/cgroup") != *mydocker* ]]
	run -1 oci pause x
	oci delete -f x
}
