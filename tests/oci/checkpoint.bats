#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# oci checkpoint and restore: there are none.
load ../lib/harness
load common

@test "checkpoint and restore are refused in a line that says so" {
	local line='not supported: this runtime neither checkpoints containers nor restores them'

	for verb in checkpoint restore; do
		# podman asks for --help, and looks at nothing but the status
		for more in '--image-path /tmp --leave-running x' --help x ''; do
			# shellcheck disable=SC2086 # words
			run -1 oci --root "$TMP" "$verb" $more
			[ "$output" = "mydocker oci $verb: $line" ]
		done
	done
	run -0 oci --help
	[[ $output != *checkpoint* && $output != *restore* ]]
}
