#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# oci mounts: what is mounted in a container that runs.
load ../lib/harness
load common

# mounts JSON: a file with a list.
mounts() { printf '%s\n' "$1" >list; }
host_mounts() { cut -d ' ' -f 5- /proc/self/mountinfo; }

@test "mounts add binds a directory and a file, and remove takes them away" {
	started x '.root.readonly = false'
	mkdir src
	echo there >src/f
	mounts '[{"destination": "/mnt", "source": "'"$TMP"'/src", "options": ["bind", "ro", "nosuid"]},
		{"destination": "/tmp/one", "source": "src/f", "type": "bind"}]'
	host_mounts >before
	run -0 oci mounts add x list
	run -0 oci exec x cat /mnt/f /tmp/one
	[ "$output" = $'there\nthere' ]
	run -1 oci exec x touch /mnt/g
	run -0 oci exec x grep ' /mnt ' /proc/self/mountinfo
	[[ $output = *' ro,nosuid'* ]]
	[[ $output != *shared:* ]]
	host_mounts | cmp before
	run -0 oci mounts remove x list
	run -0 oci exec x ls /mnt
	[ -z "$output" ]
	run -1 oci mounts remove x list
	[[ $output = *"'/mnt': nothing is mounted there"* ]]
	oci delete -f x
	rm -f "$ROOTFS/tmp/one"
}

@test "mounts add makes a file system, with options, read from stdin" {
	started x
	run -0 oci mounts add x - <<<'[{"destination": "/mnt", "type": "tmpfs",
		"source": "fresh", "options": ["nodev", "size=64k", "mode=0711"]}]'
	run -0 oci exec x sh -c 'grep " /mnt " /proc/mounts; stat -c %a /mnt'
	[[ $output = "fresh /mnt tmpfs rw,nodev,"*size=64k*711 ]]
	oci delete -f x
}

@test "mounts add reaches a container in a user namespace, as its root" {
	started x '.linux.namespaces += [{type: "user"}] |
		.linux.uidMappings = [{containerID: 0, hostID: 0, size: 65536}] |
		.linux.gidMappings = .linux.uidMappings'
	mkdir src
	mounts '[{"destination": "/mnt", "type": "tmpfs"},
		{"destination": "/mnt/deep", "source": "'"$TMP"'/src", "options": ["rbind"]}]'
	run -0 oci mounts add x list
	run -0 oci exec x stat -c '%u %g' /mnt
	[ "$output" = '0 0' ]
	run -0 oci exec x grep -c ' /mnt' /proc/mounts
	[ "$output" = 2 ]
	mounts '[{"destination": "/mnt/deep"}, {"destination": "/mnt"}]'
	run -0 oci mounts remove x list
	oci delete -f x
}

@test "mounts add does all or nothing, and refuses what it cannot do" {
	started x
	mounts '[{"destination": "/mnt", "type": "tmpfs"},
		{"destination": "/tmp", "type": "no-such-fs"}]'
	run -1 oci mounts add x list
	[[ $output = *"'/tmp': "*no-such-fs* ]]
	run -1 oci exec x grep ' /mnt ' /proc/mounts
	# what is mounted already when it fails goes, too
	mounts '[{"destination": "/mnt", "type": "tmpfs"}, {"destination": "/bin",
		"type": "tmpfs", "options": ["tmpcopyup", "size=64k"]}]'
	run -1 oci mounts add x list
	[[ $output = *"'/bin': copy of what it covers"* ]]
	run -1 oci exec x grep -e ' /mnt ' -e ' /bin ' /proc/mounts
	mounts '[{"destination": "/mnt", "type": "proc", "source": "proc"}]'
	run -1 oci mounts add x list
	[[ $output = *'only when a container is made'* ]]
	mounts '[{"destination": "/proc/sys", "type": "tmpfs"}]'
	run -1 oci mounts add x list
	mounts '[{"destination": "/mnt", "source": "/no/such", "options": ["bind"]}]'
	run -1 oci mounts add x list
	[[ $output = *"'/mnt': source '/no/such'"* ]]
	mounts '[{"type": "tmpfs"}]'
	run -1 oci mounts add x list
	[[ $output = *destination* ]]
	run -1 oci mounts remove x - <<<'[{"destination": "/"}]'
	run -1 oci mounts change x list
	[[ $output = *'neither add nor remove'* ]]
	oci delete -f x
	run -1 oci mounts add x list
}

@test "mounts add stays in the root, where a link leads out" {
	started x '.root.readonly = false | .mounts += [{destination: "/tmp", type: "tmpfs"}]'
	mkdir src
	host_mounts >before
	oci exec x ln -s /usr/bin /tmp/absolute
	oci exec x ln -s ../../../../../../.. /tmp/up
	mounts '[{"destination": "/tmp/absolute", "source": "src", "options": ["bind"]},
		{"destination": "/tmp/up/tmp/below", "source": "src", "options": ["bind"]}]'
	run -0 oci mounts add x list
	run -0 oci exec x cut -d ' ' -f 2 /proc/mounts
	[[ $output = *$'\n/usr/bin\n/tmp/below'* ]]
	host_mounts | cmp before
	oci delete -f x
}
