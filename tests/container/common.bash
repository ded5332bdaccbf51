# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# Loaded by the tests of containers, behind the harness.

# in_root ARG…: a container on the test's root file system, gone afterwards.
in_root() { mydocker run --rm --rootfs "$ROOTFS" "$@"; }

is_running() {
	[ -n "$(mydocker ps -q --filter "name=^$1$" --filter status=running \
		--filter status=paused)" ]
}

# start NAME ARG…: the same beside the test, and wait until it runs.
start() {
	background run --rm --name "$1" --rootfs "$ROOTFS" "${@:2}"
	wait_for 10 is_running "$1" || {
		cat "$LAST_OUT"
		return 1
	}
}

# pid_of NAME: its first process; never 0, which to kill(1) is our own group.
pid_of() {
	local pid

	pid=$(mydocker inspect -f '{{.State.Pid}}' "$1") || return
	[ "$pid" != 0 ] || pid=none
	echo "$pid"
}
