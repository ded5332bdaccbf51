#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# oci pause: the freezer.
load ../lib/harness
load common


@test "pause: a paused container can be killed and deleted" {
	skip_unless controller freezer
	started x
	oci pause x
	oci kill x KILL
	wait_for 5 is_status x stopped
	oci delete x
	started x
	oci pause x
	oci delete -f x
}
