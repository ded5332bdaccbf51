#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154,SC2016 # $… is for the container; stderr and the like are set by bats' run
# Under Debian's containerd, which drives a runtime for Docker and Kubernetes.
# The daemon of each test is its own: root, state and socket are in $TMP.
load ../lib/harness
load common

# before anybody looks at the host: it keeps notes about the kernel in /run
setup_file() { know_criu; }

setup() {
	harness_setup
	skip_unless root
	skip_unless program containerd
	skip_unless program ctr
	[ -n "${MYDOCKER_ENCLOSED-}" ] || skip 'shims would be among others in /run'
	# called by this name, it is an OCI runtime
	ln -s "$MYDOCKER" runc
	ln -s "$MYDOCKER" mydocker-oci
	write_config
	start_daemon
	image_archive box.tar
	ctr images import --snapshotter native box.tar >/dev/null
}

teardown() {
	local id

	for id in $(ctr task ls -q 2>/dev/null); do
		ctr task rm -f "$id" >/dev/null 2>&1 || :
	done
	[ -z "${DAEMON-}" ] || kill "$DAEMON" 2>/dev/null || :
	[ -z "${DAEMON-}" ] || wait_for 10 is_gone "$DAEMON" || :
	rm -rf /run/containerd
	# the parent of its containers' cgroups, which it leaves, as with any runtime
	find /sys/fs/cgroup -mindepth 2 -depth -path '/sys/fs/cgroup/*default*' \
		-type d -exec rmdir {} + 2>/dev/null || :
	harness_teardown
}

# As Kubernetes' nodes have it: BinaryName says which file the runtime of a
# class is.
write_config() {
	cat >config.toml <<-EOF2
		version = 2
		root = "$TMP/root"
		state = "$TMP/state"
		[grpc]
		  address = "$TMP/sock"
		[ttrpc]
		  address = "$TMP/sock.ttrpc"
		[plugins."io.containerd.internal.v1.opt"]
		  path = "$TMP/opt"
		[plugins."io.containerd.grpc.v1.cri"]
		  disable_tcp_service = true
		  enable_selinux = false
		  restrict_oom_score_adj = true
		[plugins."io.containerd.grpc.v1.cri".containerd]
		  snapshotter = "native"
		  default_runtime_name = "mydocker"
	EOF2
	lines_for 'containerd and Kubernetes' >>config.toml
}

ctr() { command ctr -a "$TMP/sock" "$@" 3>&- 4>&-; }

start_daemon() {
	containerd -c config.toml >daemon.log 2>&1 </dev/null 3>&- 4>&- &
	DAEMON=$!
	wait_for 20 ctr version || {
		tail -n 5 daemon.log
		return 1
	}
}

# blob FILE: put it under its digest; print a descriptor's members.
blob() {
	local digest

	digest=$(sha256sum "$1")
	digest=${digest%% *}
	mkdir -p layout/blobs/sha256
	cp "$1" "layout/blobs/sha256/$digest"
	printf '"digest": "sha256:%s", "size": %d' "$digest" "$(stat -c %s "$1")"
}

# image_archive FILE: an OCI archive of the test's root, called box.
image_archive() {
	local layer diff config

	tar c -C "$ROOTFS" -f layer .
	layer=$(blob layer)
	diff=${layer#*\"digest\": }
	diff=${diff%%,*}
	printf '{"architecture": "amd64", "os": "linux", "config": {"Env":
		["PATH=/bin"], "Cmd": ["sh"]}, "rootfs": {"type": "layers",
		"diff_ids": [%s]}}' "$diff" >image
	config=$(blob image)
	printf '{"schemaVersion": 2,
		"mediaType": "application/vnd.oci.image.manifest.v1+json",
		"config": {"mediaType": "application/vnd.oci.image.config.v1+json", %s},
		"layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar", %s}]}' \
		"$config" "$layer" >manifest
	printf '{"schemaVersion": 2, "manifests": [{%s, "mediaType":
		"application/vnd.oci.image.manifest.v1+json", "annotations":
		{"io.containerd.image.name": "box"}}]}' "$(blob manifest)" \
		>layout/index.json
	echo '{"imageLayoutVersion": "1.0.0"}' >layout/oci-layout
	tar c -C layout -f "$1" .
	rm -r layer image manifest
}

ctr_run() {
	ctr run --runc-binary "$TMP/runc" --snapshotter native "$@"
}

@test "ctr run: output, status, and nothing left" {
	run -3 ctr_run --rm box a sh -c 'echo on; exit 3'
	[ "$output" = on ]
	run ctr_run --rm box a no-such-command
	[ "$status" -ne 0 ]
	[[ $output = *"'no-such-command': executable file not found"* ]]
	[ -z "$(ctr task ls -q)$(ctr container ls -q)" ]
}

@test "ctr run: a terminal" {
	run -0 with_tty -- ctr -a "$TMP/sock" run --runc-binary "$TMP/runc" \
		--snapshotter native --rm -t box a tty
	[[ $output = */dev/pts/0* ]]
}

@test "ctr task: ls, exec, ps, pause, resume, metrics, kill" {
	ctr_run -d box a sleep 1000
	run -0 ctr task ls
	[[ $output = *a*RUNNING* ]]
	run -4 ctr task exec --exec-id e a sh -c 'echo in; exit 4'
	[ "$output" = in ]
	run -0 ctr task ps a
	[[ $output = *[0-9]* ]]
	ctr task pause a
	run -0 ctr task ls
	[[ $output = *a*PAUSED* ]]
	ctr task resume a
	run -0 ctr task metrics a
	[[ $output = *memory* ]]
	ctr task kill -s KILL a
	wait_for 5 eval 'ctr task ls | grep -q STOPPED'
	run ctr task rm a
	[[ $output = *'exit code 137'* ]]
	ctr container rm a
}

# What a counts in its memory.
count() { ctr task exec --exec-id "e$RANDOM" a cat /dev/shm/count; }
is_beyond() { [ "$(count)" -gt "$1" ]; }

@test "ctr task checkpoint; ctr containers checkpoint and restore: it goes on" {
	need_criu
	local last

	ctr_run -d box a sh -c 'i=0; while :; do i=$((i+1))
		echo $i >/dev/shm/new; mv /dev/shm/new /dev/shm/count; sleep 0.05; done' \
		</dev/null
	wait_for 10 is_beyond 20
	run -0 ctr task checkpoint --image-path "$TMP/img" a
	[ -e img/inventory.img ]
	run -0 ctr task ls
	[[ $output = *a*RUNNING* ]]
	ctr containers checkpoint --task --rw --image a stored
	ctr task kill -s KILL a
	wait_for 5 eval 'ctr task ls | grep -q STOPPED'
	ctr task rm a || :
	ctr container rm a
	ctr containers restore --live --rw a stored </dev/null >restored 2>&1
	last=$(count)
	[ "$last" -gt 20 ]
	wait_for 10 is_beyond "$last"
	ctr task kill -s KILL a
	wait_for 5 eval 'ctr task ls | grep -q STOPPED'
	ctr task rm a || :
	ctr container rm a
	# ctr's own, of a checkpoint
	rm -rf "$TMPDIR"/ctrd-checkpoint*
}

@test "ctr task checkpoint without criu: is refused, in a line that says so" {
	mkdir without
	printf '#!/bin/sh\nPATH=/nonexistent exec %s "$@"\n' "$TMP/mydocker-oci" >without/wrapped
	chmod +x without/wrapped
	ctr run --runc-binary "$TMP/without/wrapped" --snapshotter native -d box a sleep 1000
	run ctr task checkpoint a
	[ "$status" -ne 0 ]
	[[ $output = *'criu: executable file not found'* ]]
	run -0 ctr task ls
	[[ $output = *a*RUNNING* ]]
}

@test "containerd: the runtime of a Kubernetes class is this file" {
	run -0 containerd -c config.toml config dump
	[[ $output = *'runtimes.mydocker.options]'*"BinaryName = \"$TMP/mydocker-oci\""* ]]
	grep cri daemon.log
	run -0 ctr plugins ls
	[[ $output = *io.containerd.grpc.v1*cri*ok* ]]
}
