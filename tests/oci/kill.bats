#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# oci kill: signals.
load ../lib/harness
load common

@test "kill sends a signal by name or number, SIGTERM if none" {
	for signal in KILL SIGKILL 9 kill; do
		started x
		oci kill x $signal
		wait_for 5 is_status x stopped
		oci delete x
	done
	started x . sh -c 'trap "exit 0" TERM; while :; do sleep 0.1; done'
	oci kill x
	wait_for 5 is_status x stopped
	oci delete x
}

@test "kill of what is not running, or with no signal, is an error" {
	run -1 oci kill x
	started x
	run -1 oci kill x NOSUCH
	# 0 is none, and asks whether it is there
	oci kill x 0
	is_status x running
	oci kill x KILL
	wait_for 5 is_status x stopped
	run -1 oci kill x 0
	run -1 oci kill x KILL
	[[ $output = *'container not running' ]]
	oci kill -a x KILL
	oci delete x
}

@test "kill reaches a created container" {
	bundle
	create x
	oci kill x KILL
	wait_for 5 is_status x stopped
	oci delete x
}

@test "kill -a reaches all processes" {
	started x '.linux.namespaces |= map(select(.type != "pid"))' \
		sh -c 'sleep 1001 & sleep 1002'
	wait_for 5 pgrep -f '^sleep 1001'
	oci kill -a x KILL
	wait_for 5 is_status x stopped
	run ! pgrep -f '^sleep 1001'
	oci delete x
}

@test "kill --regex signals all that match" {
	started x1
	started x2
	started y
	oci kill -r '^x' KILL
	wait_for 5 is_status x1 stopped
	wait_for 5 is_status x2 stopped
	is_status y running
	oci delete x1 x2
	oci delete -f y
}
