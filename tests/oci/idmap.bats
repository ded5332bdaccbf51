#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# Binds with mapped owners, beside and inside of a user namespace.
load ../lib/harness
load common

# In the namespace id 0 is 100000 of the host, which $TMP lets in.
own='.linux.namespaces += [{type: "user"}] | .linux.uidMappings =
	[{containerID: 0, hostID: 100000, size: 65536}] | .linux.gidMappings = .linux.uidMappings | '

sources() {
	skip_unless kernel 6.3
	# outside it is a user who may not pass a closed directory
	chmod go+x "$BATS_RUN_TMPDIR" "$TMP" "${TMP%/*}" "${TMP%/*/*}"
	mkdir src src/deep
	echo text >src/f
	chown 1000:1001 src/f
	chown 65534:7 src/deep
}

bound() { echo ".mounts += [{destination: \"/mnt\", source: \"$TMP/src\", options: [$1] $2}]"; }

@test "idmap without maps takes those of the container's own user namespace" {
	sources
	bundle "$own $(bound '"bind", "idmap"')" sh -c \
		'stat -c "%u %g" /mnt /mnt/f; echo new >/mnt/new; cat /proc/self/uid_map'
	run -0 oci run -b b x
	[[ $output = $'0 0\n1000 1001\n'*100000* ]]
	# what is written goes to the disk as it is in there
	[ "$(stat -c '%u %g' src/new)" = '0 0' ]
	# and without the word, the disk's owners are nobody
	bundle "$own $(bound '"bind"')" stat -c '%u %g' /mnt/f
	run -0 oci run -b b x
	[ "$output" = '65534 65534' ]
}

@test "a mount's own maps count, inside of a user namespace and outside" {
	sources
	maps=', uidMappings: [{containerID: 1000, hostID: HOST, size: 1}],
		gidMappings: [{containerID: 1001, hostID: HOST, size: 1}]'
	bundle "$(bound '"bind"' "${maps//HOST/33}")" stat -c '%u %g' /mnt/f
	run -0 oci run -b b x
	[ "$output" = '33 33' ]
	bundle "$own $(bound '"bind", "ro"' "${maps//HOST/100033}")" \
		sh -c 'stat -c "%u %g" /mnt/f /mnt; ! touch /mnt/f'
	run -0 oci run -b b x
	[[ $output = $'33 33\n65534 65534\n'*Read-only* ]]
}

@test "idmap maps the mount, ridmap what is below it, too" {
	sources
	mount -t tmpfs -o mode=755 below src/deep
	touch src/deep/g
	for kind in idmap ridmap; do
		bundle "$own $(bound "\"rbind\", \"$kind\"")" stat -c %u /mnt/f /mnt/deep/g
		oci run -b b x >>owners || :
	done
	umount src/deep
	[ "$(xargs <owners)" = '1000 65534 1000 0' ]
}

@test "idmap in a user namespace that was there before takes its maps" {
	sources
	unshare -Um sleep 60 </dev/null >/dev/null 2>&1 3>&- 4>&- &
	holder=$!
	is_apart() { [ "$(readlink /proc/self/ns/mnt)" != "$(readlink "/proc/$holder/ns/mnt")" ]; }
	wait_for 5 is_apart
	for kind in uid gid; do echo '0 100000 65536' >"/proc/$holder/${kind}_map"; done
	bundle ".linux.namespaces = [{type: \"user\", path: \"/proc/$holder/ns/user\"},
		{type: \"mount\", path: \"/proc/$holder/ns/mnt\"}] |
		.mounts |= map(select(.destination == \"/dev\")) | del(.hostname) |
		.linux.maskedPaths = [] | .linux.readonlyPaths = [] |
		$(bound '"bind", "idmap"')" stat -c '%u %g' /mnt/f
	run oci run -b b x
	kill "$holder"
	echo "$output"
	[ "$status" = 0 ]
	[ "$output" = '1000 1001' ]
}

@test "what cannot be mapped is an error, and leaves nothing" {
	sources
	bundle "$own "'.mounts += [{destination: "/mnt", type: "tmpfs", options: ["idmap"]}]' true
	run -1 oci run -b b x
	[[ $output = *"'/mnt': mapped owners are for binds" ]]
	bundle "$(bound '"bind", "idmap"')" true
	run -1 oci run -b b x
	[[ $output = *'neither the mount nor the container has id maps'* ]]
	bundle "$own "'.mounts += [{destination: "/mnt", source: "/no/such", options: ["bind", "idmap"]}]' true
	run -1 oci run -b b x
	[[ $output = *"'/mnt': source '/no/such'"* ]]
	run -0 oci list -q
	[ -z "$output" ]
	skip_unless program cc
	bundle "$own $(bound '"bind", "idmap"')" true
	run -1 in_old_kernel "$MYDOCKER" oci run -b b x
	[[ $output = *"'/mnt': mapped owners need Linux 5.12" ]]
}

@test "what is bound with mapped owners hears of the host, and is not heard" {
	sources
	mount --bind src src
	mount --make-shared src
	bundle "$own $(bound '"rbind", "idmap", "rshared"')"
	create x || (umount src && false)
	oci start x
	mount -t tmpfs later src/deep
	oci exec x grep ' /mnt' /proc/self/mountinfo >inside || :
	host=$(grep -o "$TMP/src .* shared:[0-9]*" /proc/self/mountinfo)
	umount src/deep src
	oci delete -f x
	grep ' /mnt/deep .* later ' inside
	[ "$(grep -c ' shared:.* master:' inside)" = 2 ]
	run -1 grep -w "shared:${host##*:}" inside
}

@test "mounts add maps owners in a container with a user namespace of its own" {
	sources
	started x "$own ."
	run -0 oci mounts add x - <<<'[{"destination": "/mnt", "source": "src", "options": ["bind", "idmap"]}]'
	run -0 oci exec x stat -c '%u %g' /mnt/f
	[ "$output" = '1000 1001' ]
	oci delete -f x
}
