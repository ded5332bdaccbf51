#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# oci spec: a config.json.
load ../lib/harness
load common

@test "spec writes a config.json, and not over another" {
	mkdir b
	oci spec -b b
	jq -e '.ociVersion and .process.args == ["sh"]' b/config.json
	run -1 oci spec -b b
	cd b
	rm config.json
	oci spec
	[ -s config.json ]
}

@test "spec --rootless maps our own ids" {
	oci spec --rootless
	jq -e '.linux.uidMappings == [{containerID: 0, hostID: 0, size: 1}] and
		(.linux.namespaces | map(.type) | index("user")) and
		.linux.resources == null' config.json
}

@test "spec --file writes there" {
	mkdir b
	oci spec -f b/other
	jq -e .process b/other
	oci spec --file third
	jq -e .process third
	run -1 oci spec -f third
	[[ $output = *'third is there already'* ]]
	[ ! -e config.json ] && [ ! -e b/config.json ]
	run -1 oci spec -f no/such
	[[ $output = *"--file: 'no/'"* ]]
}
