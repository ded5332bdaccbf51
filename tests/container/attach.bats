#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# attach: watching a container that runs.
load ../lib/harness
load common

detached() { mydocker run -d --rootfs "$ROOTFS" "$@" >/dev/null; }

@test "attach shows both streams, and ends with the status" {
	detached --name x sh -c \
		'until [ -e /tmp/go ]; do sleep 0.1; done; echo out; echo err >&2; exit 5'
	(sleep 0.5; touch "$ROOTFS/tmp/go") 3>&- &
	run -5 --separate-stderr mydocker attach x
	rm "$ROOTFS/tmp/go"
	[ "$output" = out ]
	[ "$stderr" = err ]
	mydocker rm x
}

@test "attach passes stdin on, and its end does not end the container's" {
	detached --name x -i cat
	echo one | timeout -s KILL 1 "$MYDOCKER" attach x >out || :
	[ "$(cat out)" = one ]
	echo two | timeout -s KILL 1 "$MYDOCKER" attach x >out || :
	[ "$(cat out)" = two ]
	is_running x
	mydocker rm -f x
}

@test "--no-stdin keeps stdin to itself" {
	detached --name x -i cat
	echo one | timeout -s KILL 1 "$MYDOCKER" attach --no-stdin x >out || :
	[ "$(cat out)" = '' ]
	mydocker rm -f x
}

@test "attach on a terminal, and detach" {
	detached --name x -it sh -c 'read a; echo "got $a"; sleep 100'
	run -0 with_tty 'send=hello\n' expect='got hello' 'send=\x10\x11' -- \
		"$MYDOCKER" attach x
	is_running x
	run -0 with_tty 'send=\x01q' -- "$MYDOCKER" attach \
		--detach-keys ctrl-a,q x
	is_running x
	mydocker rm -f x
}

@test "two may watch one container" {
	detached --name x sh -c \
		'until [ -e /tmp/go ]; do sleep 0.1; done; echo both'
	mydocker attach x >one 3>&- &
	mydocker attach x >two 3>&- &
	sleep 0.5
	touch "$ROOTFS/tmp/go"
	wait
	rm "$ROOTFS/tmp/go"
	[ "$(cat one two)" = $'both\nboth' ]
	mydocker rm x
}

@test "signals go to the container, unless --sig-proxy=false" {
	detached --name x sh -c 'trap "exit 7" TERM; while :; do sleep 0.1; done'
	sleep 0.3
	"$MYDOCKER" attach --sig-proxy=false x 3>&- &
	sleep 0.3
	kill -TERM $!
	wait $! || :
	is_running x
	"$MYDOCKER" attach x 3>&- &
	sleep 0.3
	kill -TERM $!
	wait $! || status=$?
	[ "$status" = 7 ]
	mydocker rm x
}

@test "who attached and stopped reading holds nobody up" {
	local before

	detached --name x sh -c \
		'while :; do echo 0123456789; echo x >>/tmp/beat; done'
	"$MYDOCKER" attach x >out 3>&- &
	sleep 0.5
	kill -STOP $!
	sleep 2
	before=$(stat -c %s "$ROOTFS/tmp/beat")
	wait_for 5 eval '[ "$(stat -c %s "$ROOTFS/tmp/beat")" -gt $before ]'
	kill -KILL $!
	mydocker rm -f x
	rm "$ROOTFS/tmp/beat"
}

@test "one that does not run cannot be attached to" {
	mydocker create --name x --rootfs "$ROOTFS" true
	run -1 mydocker attach x
	[[ $output = *'stopped container'* ]]
	mydocker rm x
	detached --name x sleep 100
	mydocker pause x
	run -1 mydocker attach x
	[[ $output = *'paused container'* ]]
	mydocker rm -f x
}

@test "-a chooses what is shown" {
	run -0 --separate-stderr in_root -a stderr sh -c 'echo out; echo err >&2'
	[ "$output" = '' ]
	[ "$stderr" = err ]
	run -0 in_root -a stdin true
	[[ $output =~ ^[0-9a-f]{64}$ ]]
	wait_for 5 eval '[ -z "$(mydocker ps -aq)" ]'
	run -125 in_root -d -a stdout true
}

@test "the socket is ours alone, and goes with the container" {
	detached --name x sleep 100
	run -0 find "$STORE" -name attach -type s -perm 600
	[ -n "$output" ]
	mydocker rm -f x
	[ -z "$(find "$STORE" -name attach)" ]
}

@test "one too many hears why he cannot attach" {
	local i

	mydocker run -d --name x --rootfs "$ROOTFS" sleep 100
	for i in {1..16}; do
		mydocker attach --no-stdin --sig-proxy=false x </dev/null >/dev/null 2>&1 &
	done
	wait_for 10 eval '[ "$(mydocker events --since 10m --until 0s -f event=attach | wc -l)" = 16 ]'
	sleep 0.5
	run -1 mydocker attach --no-stdin x
	[[ $output = *'16 are attached already'* ]]
	[ ${#lines[@]} -eq 1 ]
	mydocker kill x
	wait
}
