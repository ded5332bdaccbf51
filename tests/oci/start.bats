#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# oci start: let the command run.
load ../lib/harness
load common

@test "start runs the command, once" {
	bundle '.mounts += [{destination: "/tmp", source: "'"$TMP"'", type: "bind", options: ["rbind"]}]' \
		sh -c 'echo on >>/tmp/started; sleep 100'
	create x
	[ ! -e started ]
	oci start x
	wait_for 5 [ -s started ]
	is_status x running
	run -1 oci start x
	[ "$(cat started)" = on ]
	oci delete -f x
}

@test "start of what is not there, or has ended, is an error" {
	run -1 oci start x
	[[ $output = *'does not exist' ]]
	started x . true
	wait_for 5 is_status x stopped
	run -1 oci start x
	oci delete x
}

@test "start works for another user, and in a user namespace" {
	started x '.process.user = {uid: 1000, gid: 1000}' sleep 100
	is_status x running
	oci delete -f x
	started x '.linux.namespaces += [{type: "user"}] | .linux.uidMappings =
		[{containerID: 0, hostID: 0, size: 65536}] |
		.linux.gidMappings = .linux.uidMappings' true
	wait_for 5 is_status x stopped
	oci delete x
}

@test "start tells why the command does not run" {
	printf '#!/no/such\n' >script
	chmod +x script
	bundle '.mounts += [{destination: "/tmp", source: "'"$TMP"'",
		type: "bind", options: ["bind"]}]' /tmp/script
	create x
	run -1 oci start x
	[[ $output = *"/tmp/script"* ]]
	oci delete x
}
