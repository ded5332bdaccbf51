#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# oci features: what is supported.
load ../lib/harness
load common

@test "features are JSON in the form of the specification" {
	run -0 oci features
	jq -e '.ociVersionMin == "1.0.0" and (.hooks | length) == 6 and
		(.linux.namespaces | index("time")) and .linux.cgroup.v2 and
		.linux.seccomp.enabled and .linux.netDevices.enabled and
		(.linux.seccomp.actions | index("SCMP_ACT_NOTIFY")) and (.mountOptions | index("rro"))' <<<"$output"
}
