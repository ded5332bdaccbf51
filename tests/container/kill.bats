#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# kill: a signal for a container's first process.
load ../lib/harness
load common

@test "kill ends a container, and prints what it was called" {
	start x sleep 100
	run -0 mydocker kill x
	[ "$output" = x ]
	ended_with 137
}

@test "kill -s sends another signal, by name, short name or number" {
	local signal

	for signal in SIGUSR1 usr1 10; do
		start x sh -c 'trap "exit 9" USR1; while :; do sleep 0.05; done'
		sleep 0.2 # until the trap is set
		mydocker kill -s $signal x
		ended_with 9
	done
}

@test "kill refuses what is no signal" {
	local signal

	start x sleep 100
	for signal in 0 65 -1 SIGNONE; do
		run -1 mydocker kill --signal="$signal" x
		[ "$output" = "mydocker kill: --signal: invalid signal: $signal" ]
	done
	is_running x
	mydocker kill -s '' x
	ended_with 137
}

@test "kill names a container that is not there" {
	run -1 mydocker kill none
	[ "$output" = "mydocker kill: no such container: 'none'" ]
}

@test "kill refuses a container that does not run" {
	mydocker run --name x --rootfs "$ROOTFS" true
	run -1 mydocker kill x
	[[ $output = *"'x' is not running"* ]]
	mydocker rm x
}

@test "kill does the others when one fails" {
	start x sleep 100
	run -1 --separate-stderr mydocker kill none x
	[ "$output" = x ]
	[[ $stderr = *none* ]]
	ended_with 137
}

@test "kill takes the beginning of an id" {
	start x sleep 100
	mydocker kill "$(mydocker ps -q | cut -c 1-5)"
	ended_with 137
}

@test "kill never hits a process that took over the number" {
	local record stranger

	mydocker run --name x --rootfs "$ROOTFS" true
	sleep 100 3>&- &
	stranger=$!
	BACKGROUND+=("$stranger")
	record=$(echo "$STORE"/containers/*/record.json)
	jq --argjson pid $stranger '.state = "running" | .pid = $pid |
		.startTime = 1' "$record" >new
	cp new "$record"
	run -1 mydocker kill x
	mydocker stop -t 0 x
	mydocker rm -f x
	kill -0 $stranger
	kill $stranger
}
