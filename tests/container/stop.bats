#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# stop: a signal, a while, and then the end.
load ../lib/harness
load common

@test "stop sends SIGTERM and waits for the end" {
	start x sh -c 'trap "sleep 0.5; exit 9" TERM; while :; do sleep 0.05; done'
	sleep 0.2
	run -0 mydocker stop x
	[ "$output" = x ]
	run ! is_running x
	ended_with 9
}

@test "stop -s sends another signal first" {
	start x sh -c 'trap "exit 9" HUP; while :; do sleep 0.05; done'
	sleep 0.2
	mydocker stop -s HUP -t 5 x
	ended_with 9
}

@test "stop kills what does not end within -t seconds" {
	start x sleep 100
	SECONDS=0
	mydocker stop -t 1 x
	[ "$SECONDS" -ge 1 ]
	[ "$SECONDS" -le 3 ]
	ended_with 137
}

@test "stop -t 0 kills at once" {
	start x sleep 100
	SECONDS=0
	mydocker stop -t 0 x
	[ "$SECONDS" -le 1 ]
	ended_with 137
}

@test "stop of one that has ended is no error" {
	mydocker run --name x --rootfs "$ROOTFS" true
	run -0 mydocker stop x
	mydocker rm x
}

@test "after stop, a --rm container is gone" {
	start x sleep 100
	mydocker stop -t 0 x
	[ "$(mydocker ps -aq)" = '' ]
	ended_with 137
}

@test "after stop, ps has the status of a kept container" {
	background run --name x --rootfs "$ROOTFS" sh -c \
		'trap "exit 9" TERM; echo ready; while :; do sleep 0.05; done'
	wait_for 5 grep -q ready "$LAST_OUT"
	mydocker stop x
	mydocker ps -a | grep -q 'Exited (9)'
	mydocker rm x
	ended_with 9
}

@test "stop ends all of a container's processes" {
	local pid

	start x --pid host sh -c 'sleep 100 & trap : TERM; wait; wait; sleep 100'
	pid=$(pid_of x)
	wait_for 5 eval "[ -n \"\$(cat /proc/$pid/task/$pid/children)\" ]"
	pid=$(cat "/proc/$pid/task/$pid/children")
	mydocker stop -t 0 x
	is_gone $pid
	ended_with 137
}

@test "stop twice at once is harmless" {
	start x sleep 100
	mydocker stop -t 1 x 3>&- &
	mydocker stop -t 1 x
	wait $!
	ended_with 137
}

@test "stop refuses what is no signal and no time" {
	run -1 mydocker stop -s NONE x
	run -125 mydocker stop -t soon x
}

@test "stop works when the monitor has been killed" {
	local pid monitor

	start x sleep 100
	pid=$(pid_of x)
	monitor=$(jq .monitor "$STORE"/run/containers/*/record.json)
	kill -KILL "$monitor"
	wait_for 5 is_gone "$monitor"
	mydocker stop -t 0 x
	is_gone "$pid"
	[ "$(mydocker ps -aq)" = '' ]
	wait "$LAST" || :
}

@test "stop and restart refuse what is no signal, and stop nothing" {
	local verb

	start x sleep 100
	for verb in stop restart; do
		run -1 mydocker $verb -s SIGNONE -t 0 x
		[ "$output" = "mydocker $verb: -s: invalid signal: SIGNONE" ]
	done
	is_running x
	mydocker stop -t 0 x
	ended_with 137
}
