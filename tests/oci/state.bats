#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# oci state: JSON of one container.
load ../lib/harness
load common

@test "state has what the specification asks for" {
	started x '.annotations = {a: "b"}'
	run -0 oci state x
	jq -e --arg b "$TMP/b" '.ociVersion and .id == "x" and .status == "running" and
		.pid > 1 and .bundle == $b and .annotations.a == "b" and
		.rootfs and .created and .owner == "root"' <<<"$output"
	oci kill x KILL
	wait_for 5 is_status x stopped
	oci delete x
	run -1 oci state x
	[[ $output = *'does not exist' ]]
}

@test "state does not take another process for ours" {
	local file=$STORE/run/oci/x/state.json

	started x
	jq '.startTime += 1' "$file" >new
	cp "$file" old
	cp new "$file"
	is_status x stopped
	cp old "$file"
	jq '.bootId = "x"' old >"$file"
	is_status x stopped
	cp old "$file"
	is_status x running
	oci delete -f x
}
