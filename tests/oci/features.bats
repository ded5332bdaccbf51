#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154,SC2016 # $… is for the container; stderr and the like are set by bats' run
# oci features: what is claimed is tried.
load ../lib/harness
load common

# words PATH: a list of the features, a word a line.
words() { oci features | jq -r "$1[]"; }
list() { oci features | jq -c "$1"; }

@test "features are JSON in the form of the specification" {
	run -0 oci features
	jq -e '.ociVersionMin == "1.0.0" and (.hooks | length) == 6 and
		(.linux.namespaces | index("time")) and .linux.cgroup.v2 and
		.linux.seccomp.enabled and .linux.netDevices.enabled and
		(.linux.seccomp.actions | index("SCMP_ACT_NOTIFY")) and (.mountOptions | index("rro")) and
		.potentiallyUnsafeConfigAnnotations == []' <<<"$output"
	# from the first to the last version
	for version in $(jq -r '.ociVersionMin, .ociVersionMax' <<<"$output"); do
		bundle ".ociVersion = \"$version\"" true
		run -0 oci run -b b x
	done
}

@test "features claim checkpoints where criu is installed" {
	local annotation='.annotations["org.opencontainers.runc.checkpoint.enabled"]'

	run -0 no_criu features
	[ "$(jq -r "$annotation" <<<"$output")" = false ]
	stand_in
	run -0 oci features
	[ "$(jq -r "$annotation" <<<"$output")" = true ]
}

@test "features: every mount option is taken, and there are no others" {
	bundle ".mounts += [{destination: \"/mnt\", type: \"tmpfs\"}] +
		[$(list .mountOptions)[] | {destination: \"/mnt/\\(.)\"} +
		if . == \"bind\" or . == \"rbind\" then {source: \"/etc\", options: [.]}
		elif . == \"idmap\" or . == \"ridmap\" then
			{source: \"$TMP/mapped\", options: [\"bind\", .],
			uidMappings: [{containerID: 0, hostID: 1000, size: 1}],
			gidMappings: [{containerID: 0, hostID: 1000, size: 1}]}
		else {type: \"tmpfs\", source: \"tmpfs\", options: [.]} end]" ls /mnt
	mkdir mapped
	skip_unless kernel 6.3
	run -0 oci run -b b x
	[ "$output" = "$(words .mountOptions | LC_ALL=C sort)" ]
	# what is not known is the file system's to refuse
	bundle '.mounts += [{destination: "/mnt", type: "tmpfs", options: ["frobnicate"]}]' true
	run -1 oci run -b b x
	# remount is taken for what other runtimes know, and does nothing
	sed -n 's/^\t{ "\([a-z]*\)",.*/\1/p' "$TOP/core/init/mount_options.c" |
		grep -vx remount | cat - <(printf '%s\n' bind rbind idmap ridmap tmpcopyup) |
		LC_ALL=C sort | diff - <(words .mountOptions | LC_ALL=C sort)
}

@test "features: every namespace can be had" {
	bundle ".linux.namespaces = [$(list .linux.namespaces)[] | {type: .}] |
		.linux.uidMappings = [{containerID: 0, hostID: 0, size: 65536}] |
		.linux.gidMappings = .linux.uidMappings" \
		sh -c 'cd /proc/self/ns; for ns in *; do readlink $ns; done'
	run -0 oci run -b b x
	for link in $output; do
		[[ $link = *_for_children* ]] ||
			[ "$(readlink "/proc/self/ns/${link%%:*}")" != "$link" ]
	done
	[ "$(words .linux.namespaces | wc -l)" = 8 ]
}

@test "features: every capability has a name for the kernel" {
	started x
	for cap in $(words .linux.capabilities); do
		run oci exec -c "$cap" x true
		[[ $output != *'is called'* ]]
	done
	[ "$(words .linux.capabilities | wc -l)" -gt "$(cat /proc/sys/kernel/cap_last_cap)" ]
	oci delete -f x
}

@test "features: every hook is run" {
	bundle ".hooks = ([$(list .hooks)[] | {key: .,
		value: [{path: \"/bin/sh\", args: [\"sh\", \"-c\", \"echo \\(.) >>$TMP/ran\"]}]}] | from_entries) |
		.mounts += [{destination: \"$TMP\", source: \"$TMP\", options: [\"bind\"]}]" true
	run -0 oci run -b b x
	[ "$(sort ran)" = "$(words .hooks | sort)" ]
}

@test "features: every word of a seccomp profile is taken, and there are no others" {
	# names that no command calls; those who answer for one are tested elsewhere
	bundle "($(list .linux.seccomp)) as \$f | .process.noNewPrivileges = true | .linux.seccomp = {
		defaultAction: \"SCMP_ACT_ALLOW\", architectures: \$f.archs,
		flags: [\$f.supportedFlags[] | select(endswith(\"RECV\") | not)],
		syscalls: ([\$f.actions[] | select(. != \"SCMP_ACT_NOTIFY\") |
			{names: [\"swapoff\"], action: ., args: [{index: 0, value: 77, op: \"SCMP_CMP_EQ\"}]}] +
			[\$f.operators[] | {names: [\"swapon\"], action: \"SCMP_ACT_ERRNO\",
			args: [{index: 0, value: 1, valueTwo: 1, op: .}]}])}" grep Seccomp: /proc/self/status
	run -0 oci run -b b x
	[[ $output = *2 ]]
	for change in '.architectures = ["SCMP_ARCH_ABACUS"]' '.flags = ["SECCOMP_FILTER_FLAG_OTHER"]' \
		'.defaultAction = "SCMP_ACT_SMILE"'; do
		bundle ".linux.seccomp = ({defaultAction: \"SCMP_ACT_ALLOW\", syscalls: []} | $change)" true
		run -1 oci run -b b x
	done
	oci features | jq -e '.linux.seccomp | .supportedFlags - .knownFlags == []'
}

@test "features: what is only there or not is there" {
	[ "$(oci features | jq -c '.linux | [.cgroup[], .seccomp.enabled, .apparmor.enabled,
		.selinux.enabled, .mountExtensions.idmap.enabled, .netDevices.enabled,
		.intelRdt[]] | unique')" = '[true]' ]
}

@test "features: every memory policy has a name" {
	for mode in $(words .linux.memoryPolicy.modes); do
		for flag in $(words .linux.memoryPolicy.flags); do
			bundle ".linux.memoryPolicy = {mode: \"$mode\", nodes: \"0\", flags: [\"$flag\"]}" true
			# some go together, which is the kernel's to say
			run oci run -b b x
			[[ $status = 0 || $output = *"memoryPolicy $mode: Invalid argument" ]]
			echo "$status" >>ends
		done
	done
	grep -q 0 ends
	[ "$(wc -l <ends)" = 21 ]
}
