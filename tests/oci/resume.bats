#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# oci resume: the freezer.
load ../lib/harness
load common

@test "resume: frozen processes do not run, and go on" {
	skip_unless controller freezer
	started x
	oci pause x
	is_status x paused
	run -1 oci pause x
	oci resume x
	is_status x running
	run -1 oci resume x
	oci delete -f x
}

