#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# oci delete: what is left of a container.
load ../lib/harness
load common

@test "delete takes away a stopped container, and no other" {
	bundle
	create x
	run -1 oci delete x
	is_status x created
	oci start x
	run -1 oci delete x
	[[ $output = *running* ]]
	is_status x running
	oci kill x KILL
	wait_for 5 is_status x stopped
	oci delete x
	run -1 oci delete x
	[ ! -e "$STORE/run/oci/x" ]
}

@test "delete -f takes away any, and one that is not there" {
	started x
	oci delete -f x
	oci delete -f x
	bundle
	create x
	oci delete -f x
	run -1 oci state x
}

@test "delete -f takes away one whose state is damaged" {
	local pid

	started x
	pid=$(pid_of x)
	echo '{' >"$STORE/run/oci/x/state.json"
	run -1 oci delete x
	oci delete -f x
	run -1 oci state x
	kill -9 "$pid"
	rmdir /sys/fs/cgroup/{,*/}mydocker/x 2>/dev/null || :
}

@test "delete kills what is left without a pid namespace" {
	started x '.linux.namespaces |= map(select(.type != "pid"))' \
		sh -c 'sleep 1003 & exec sleep 1004'
	wait_for 5 pgrep -f '^sleep 1003'
	oci kill x KILL
	wait_for 5 is_status x stopped
	oci delete x
	run ! pgrep -f '^sleep 1003'
}

@test "delete runs poststop hooks" {
	started x '.hooks.poststop = [{path: "/bin/sh", args: ["sh", "-c",
		"cat >'"$TMP"'/said"]}]' true
	wait_for 5 is_status x stopped
	[ ! -e said ]
	oci delete x
	jq -e '.status == "stopped" and .id == "x"' said
}

@test "delete --regex takes away all that match" {
	started x1 . true
	started x2 . true
	wait_for 5 is_status x1 stopped
	wait_for 5 is_status x2 stopped
	oci delete -r '^x[0-9]$'
	run -0 oci list -q
	[ "$output" = '' ]
	run -1 oci delete --regex 'x('
	[[ $output = *"'x(': missing ')'"* ]]
}
