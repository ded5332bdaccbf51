#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# restart: stopped and started again.
load ../lib/harness
load common

detached() { mydocker run -d --rootfs "$ROOTFS" "$@" >/dev/null; }

@test "restart gives it a new process" {
	detached --name x sleep 100
	pid=$(pid_of x)
	run -0 mydocker restart -t 0 x
	[ "$output" = x ]
	is_running x
	[ "$(pid_of x)" != "$pid" ]
	mydocker rm -f x
}

@test "restart starts one that has ended" {
	detached --name x true
	mydocker wait x
	mydocker restart x
	[ "$(mydocker wait x)" = 0 ]
	mydocker rm x
}

@test "restart keeps one that is --rm" {
	detached --rm --name x sleep 100
	mydocker restart -t 0 x
	is_running x
	mydocker stop -t 0 x
	[ "$(mydocker ps -aq)" = '' ]
}

@test "restart sends the signal that was asked for" {
	detached --name x sh -c \
		'trap "echo got >/tmp/got-$$; exit 0" USR1; while :; do sleep 0.1; done'
	sleep 0.3
	mydocker restart -s USR1 x
	[ -n "$(ls "$ROOTFS"/tmp/got-*)" ]
	rm "$ROOTFS"/tmp/got-*
	is_running x
	mydocker rm -f x
	run -1 mydocker restart -s NONSENSE x
}

@test "restart with a policy does not count as one of its restarts" {
	detached --name x --restart always sleep 100
	mydocker restart -t 0 x
	is_running x
	[ "$(mydocker inspect -f '{{.RestartCount}}' x)" = 0 ]
	mydocker rm -f x
}

@test "restart of nobody is an error" {
	run -1 mydocker restart nobody
	[[ $output = *'no such container'* ]]
}
