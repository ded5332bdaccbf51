#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154,SC2016 # $… is for the container; stderr and the like are set by bats' run
# Under Debian's Docker, as one runtime more and as the only one; and a swarm.
# The daemon of each test is its own, with all that it keeps in $TMP.
load ../lib/harness
load common

setup() {
	harness_setup
	skip_unless root
	skip_unless program dockerd
	skip_unless program docker
	[ -n "${MYDOCKER_ENCLOSED-}" ] || skip 'its networks would be among others'
	export DOCKER_HOST=unix://$TMP/sock DOCKER_CONFIG=$TMP/config
	ln -s "$MYDOCKER" mydocker-oci
}

teardown() {
	local link

	stop_daemon
	rm -rf /run/containerd /run/docker
	# what it leaves, whatever the runtime: links, and cgroups of its own
	for link in docker0 docker_gwbridge; do
		ip link del "$link" 2>/dev/null || :
	done
	sysctl -qw net.ipv4.ip_forward="$FORWARD" 2>/dev/null || :
	find /sys/fs/cgroup -mindepth 2 -depth \
		\( -path '*/docker*' -o -path '*/system.slice*' \) \
		-type d -exec rmdir {} + 2>/dev/null || :
	umount -l "$TMP"/exec/netns/* 2>/dev/null || :
	umount -l /run/docker/netns/* 2>/dev/null || :
	harness_teardown
}

# start_daemon ARG…: and an image called box.
start_daemon() {
	FORWARD=$(cat /proc/sys/net/ipv4/ip_forward)
	[ -e daemon.json ] || echo '{}' >daemon.json
	dockerd --data-root "$TMP/data" --exec-root "$TMP/exec" \
		--pidfile "$TMP/pid" --host "$DOCKER_HOST" \
		--storage-driver vfs --config-file "$TMP/daemon.json" \
		"$@" >log 2>&1 </dev/null 3>&- 4>&- &
	DAEMON=$!
	wait_for 30 docker version || {
		tail -n 5 log
		skip "dockerd does not run here: $(tail -n 1 log)"
	}
	tar c -C "$ROOTFS" . | docker import - box >/dev/null
}

stop_daemon() {
	[ -n "${DAEMON-}" ] || return 0
	docker ps -aq 2>/dev/null | xargs -r docker rm -f >/dev/null 2>&1 || :
	kill "$DAEMON" 2>/dev/null || :
	wait_for 30 is_gone "$DAEMON" || :
	wait "$DAEMON" 2>/dev/null || :
}

@test "dockerd --add-runtime: docker run --runtime mydocker" {
	start_daemon --add-runtime mydocker="$TMP/mydocker-oci"
	run -3 docker run --rm --runtime mydocker box sh -c 'echo on; exit 3'
	[ "$output" = on ]
	run -127 docker run --rm --runtime mydocker box no-such-command
	[[ $output = *"'no-such-command': executable file not found"* ]]
	run -0 docker run --rm --runtime mydocker --user web --read-only \
		--cap-drop all --memory 32m box sh -c \
		'id -u; grep CapEff /proc/self/status; cat /sys/fs/cgroup/memory.max \
		/sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null || :'
	[ "$output" = $'1000\nCapEff:\t0000000000000000\n33554432' ]
	# its network is Docker's: the runtime joins what it is shown
	run -0 docker run --rm --runtime mydocker box ip -o addr show eth0
	[[ $output = *'inet 172.'* ]]
}

@test "daemon.json as the README has it: run, exec, top, stats, update, pause, kill" {
	lines_for 'Docker, and a swarm' >daemon.json
	start_daemon
	docker run -d --name box -m 64m --memory-swap 64m box \
		sh -c 'echo hello; exec sleep 1000'
	[ "$(docker inspect -f '{{.HostConfig.Runtime}}' box)" = mydocker ]
	run -4 docker exec -e A=5 box sh -c 'echo $A; exit 4'
	[ "$output" = 5 ]
	run -0 docker logs box
	[ "$output" = hello ]
	run -0 docker top box
	[[ $output = *'sleep 1000'* ]]
	run -0 docker stats --no-stream --format '{{.MemUsage}} {{.PIDs}}' box
	[[ $output = *'/ 64MiB 1' ]]
	docker update -m 128m --memory-swap 128m box
	run -0 docker stats --no-stream --format '{{.MemUsage}}' box
	[[ $output = *'/ 128MiB' ]]
	docker pause box
	[ "$(docker inspect -f '{{.State.Status}}' box)" = paused ]
	docker unpause box
	docker kill box
	[ "$(docker wait box)" = 137 ]
	docker start box
	docker rm -f box
}

# replicas N: so many run now.
replicas() { [ "$(docker ps -q --filter name=web | wc -l)" = "$1" ]; }

# replaced ID: it is another one now.
replaced() {
	local now

	now=$(docker ps -q --filter name=web)
	[ -n "$now" ] && [ "$now" != "$1" ]
}

@test "docker swarm: a service of three replicas, scaled up and down" {
	lines_for 'Docker, and a swarm' >daemon.json
	start_daemon
	docker swarm init --advertise-addr 127.0.0.1
	docker service create --detach --name web --replicas 3 \
		--stop-signal KILL --network host box sleep 1000
	wait_for 60 replicas 3
	docker service scale --detach web=5
	wait_for 60 replicas 5
	docker service scale --detach web=1
	wait_for 60 replicas 1
	run -0 docker ps --filter name=web -q
	[ "$(docker inspect -f '{{.HostConfig.Runtime}}' "$output")" = mydocker ]
	# one that dies is replaced: their engine, our runtime
	docker kill "$output"
	wait_for 60 replaced "$output"
	docker service rm web
	wait_for 60 replicas 0
	docker swarm leave --force
}
