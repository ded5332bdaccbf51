#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154,SC2016 # $… is for the container; stderr and the like are set by bats' run
# Under Debian's podman, which drives a runtime as others do; its storage is
# the test's own.
load ../lib/harness
load common

# before anybody looks at the host: it keeps notes about the kernel in /run
setup_file() { know_criu; }

setup() {
	harness_setup
	skip_unless root
	skip_unless program podman
	LOCK=/dev/shm/libpod_lock
	[ ! -e $LOCK ] || LOCK=
	# what podman starts to clean up does not know of --runtime-flag
	# nor has it much of an environment
	printf '#!/bin/bash\nCRIU_FAULT=%s exec -a crun "%s" --root "%s" "$@"\n' \
		"$CRIU_FAULT" "$MYDOCKER" "$TMP/oci" >crun
	chmod +x crun
	tar -C "$ROOTFS" -c . | podman import - box >/dev/null 2>&1
}

teardown() {
	podman rm -fat 0 >/dev/null 2>&1 || :
	podman pod rm -fat 0 >/dev/null 2>&1 || :
	# podman's own: it leaves those of conmon, and of a pod under v1
	wait_for 2 drop_cgroups || :
	rm -f "$LOCK"
	umount "$TMP"/{root,runroot}/*/ 2>/dev/null || :
	harness_teardown
}

drop_cgroups() {
	find /sys/fs/cgroup -depth -path '*/libpod_parent*' -type d \
		-exec rmdir {} + 2>/dev/null
}

podman() {
	command podman --root "$TMP/root" --runroot "$TMP/runroot" \
		--tmpdir "$TMP/libpod" --storage-driver vfs \
		--cgroup-manager cgroupfs --events-backend file \
		--runtime "$TMP/crun" "$@" 3>&- 4>&-
}

pod_run() { podman run --network none "$@"; }

@test "podman run: output, status, and nothing left" {
	run -3 pod_run --rm box sh -c 'echo on; exit 3'
	[ "$output" = on ]
	run -127 pod_run --rm box no-such-command
	run -126 pod_run --rm box /etc
	run -0 pod_run --rm --user 1000 --read-only --cap-drop all box \
		sh -c 'id -u; grep CapEff /proc/self/status'
	[ "$output" = $'1000\nCapEff:\t0000000000000000' ]
	run -0 pod_run --rm --privileged box ls /dev/ptmx
	[ "$(ls oci)" = '' ]
}

@test "podman run: a terminal" {
	run -0 with_tty -- "$BASH" -c "$(declare -f podman)
		TMP=$TMP; podman run --rm -it --network none box tty"
	[[ $output = */dev/pts/0* ]]
}

@test "podman exec, logs, top, stats, update, pause, stop" {
	pod_run -d --name a -m 64m box sh -c 'echo hello; exec sleep 1000'
	run -4 podman exec -e A=5 a sh -c 'echo $A; exit 4'
	[ "$output" = 5 ]
	run -127 podman exec a no-such-command
	run -0 podman logs a
	[ "$output" = hello ]
	run -0 podman top a args
	[[ $output = *'sleep 1000'* ]]
	run -0 podman stats --no-stream --format '{{.PIDs}} {{.MemUsage}}' a
	[[ $output = '1 '*67.11MB ]]
	podman update --memory 128m a
	podman pause a
	run -0 podman inspect -f '{{.State.Status}}' a
	[ "$output" = paused ]
	podman unpause a
	podman kill -s KILL a
	run -0 podman wait a
	[ "$output" = 137 ]
	podman start a
	podman stop -t 0 a
	podman rm a
}

@test "podman: containers.conf as the README has it" {
	lines_for podman >containers.conf
	printf '#!/bin/bash\nexec "%s" "$@"\n' "$TMP/crun" >mydocker-oci
	chmod +x mydocker-oci
	CONTAINERS_CONF=$TMP/containers.conf run -0 command podman \
		--root "$TMP/root" --runroot "$TMP/runroot" --tmpdir "$TMP/libpod" \
		--storage-driver vfs --cgroup-manager cgroupfs \
		--events-backend file run --rm --network none box hostname
	CONTAINERS_CONF=$TMP/containers.conf run -0 command podman \
		--root "$TMP/root" --runroot "$TMP/runroot" --tmpdir "$TMP/libpod" \
		--storage-driver vfs --cgroup-manager cgroupfs \
		info --format '{{.Host.OCIRuntime.Path}} {{.Host.OCIRuntime.Version}}'
	[[ $output = "$TMP/mydocker-oci "*mydocker* ]]
}

@test "podman: health checks run" {
	pod_run -d --name h --health-cmd true box sleep 1000
	run -0 podman healthcheck run h
	podman rm -f -t 0 h
}

@test "podman pods share namespaces" {
	podman pod create --name p --network none --infra-image box \
		--infra-command 'sleep 1000'
	run -0 podman run --rm --pod p box hostname
	[ "$output" = p ]
	podman pod pause p
	podman pod unpause p
	podman pod rm -f -t 0 p
}

@test "podman: a user namespace, sysctls, limits" {
	run -0 pod_run --rm --uidmap 0:100000:5000 box cat /proc/self/uid_map
	[[ $output = *0*100000*5000 ]]
	run -0 pod_run --rm --sysctl net.ipv4.ip_forward=1 --ulimit nofile=99:99 \
		box sh -c 'cat /proc/sys/net/ipv4/ip_forward; ulimit -n'
	[ "$output" = $'1\n99' ]
}

@test "podman kube play: a pod file as a Deployment has it" {
	[ -x /usr/libexec/podman/catatonit ] || command -v catatonit ||
		skip 'no catatonit, of which podman makes the first process of a pod'
	cat >pod.yaml <<-'END'
		apiVersion: apps/v1
		kind: Deployment
		metadata:
		  name: web
		  labels: {app: web}
		spec:
		  replicas: 1
		  selector: {matchLabels: {app: web}}
		  template:
		    metadata:
		      labels: {app: web}
		    spec:
		      containers:
		      - name: one
		        image: localhost/box
		        imagePullPolicy: Never
		        command: [sh, -c, "echo $SAID; hostname; exec sleep 1000"]
		        env: [{name: SAID, value: hello}]
		        resources: {limits: {memory: 64Mi}}
		        securityContext: {runAsUser: 1000, readOnlyRootFilesystem: true}
		      - name: two
		        image: localhost/box
		        imagePullPolicy: Never
		        command: [sleep, "1000"]
	END
	podman tag box localhost/box
	podman kube play --network none pod.yaml
	run -0 podman pod ps --format '{{.Name}} {{.Status}} {{.NumberOfContainers}}'
	[ "$output" = 'web-pod-0 Running 3' ]
	run -0 podman logs web-pod-0-one
	[ "$output" = $'hello\nweb-pod-0' ]
	run -0 podman exec web-pod-0-one id -u
	[ "$output" = 1000 ]
	run -1 podman exec web-pod-0-one touch /file
	# they share a network namespace, and each has its own root
	[ "$(podman exec web-pod-0-one readlink /proc/self/ns/net)" = \
		"$(podman exec web-pod-0-two readlink /proc/self/ns/net)" ]
	podman kube down pod.yaml
	run -0 podman pod ps -q
	[ -z "$output" ]
}

@test "podman container checkpoint and restore: it goes on, and says so to its log" {
	need_criu
	local last

	pod_run -d --name c box sh -c "$COUNT" >/dev/null
	wait_for 10 eval 'podman logs c | grep -qx 5'
	run -0 podman container checkpoint c
	run -0 podman ps -a --format '{{.Status}}'
	[[ $output = Exited* ]]
	last=$(podman logs c | tail -n 1)
	run -0 podman container restore c
	wait_for 10 eval "podman logs c | grep -qx $((last + 5))"
	run -0 podman exec c echo in
	[ "$output" = in ]
	podman rm -ft 0 c >/dev/null
	[ "$(ls oci)" = '' ]
}
