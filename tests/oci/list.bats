#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# oci list: all containers.
load ../lib/harness
load common

@test "list prints a table, ids, or JSON" {
	run -0 oci list
	[[ $output = 'ID '*PID*STATUS*BUNDLE*CREATED*OWNER* ]]
	run -0 oci list -f json
	[ "$output" = null ]
	started x
	run -0 oci list -q
	[ "$output" = x ]
	run -0 oci list
	[[ ${lines[1]} = "x "*running*"$TMP/b"*root* ]]
	run -0 oci list -f json
	jq -e 'length == 1 and .[0].id == "x" and .[0].status == "running"' \
		<<<"$output"
	run -1 oci list -f xml
	oci delete -f x
}

@test "list: --root has containers of its own" {
	started x
	run -0 oci --root "$TMP/other" list -q
	[ "$output" = '' ]
	oci delete -f x
}
