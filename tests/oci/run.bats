#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154,SC2016 # $… is for the container; stderr and the like are set by bats' run
# oci run: create and start, in the foreground or not.
load ../lib/harness
load common

@test "run's status is the command's, and nothing is left" {
	bundle . sh -c 'exit 7'
	run -7 oci run -b b x
	run -1 oci state x
	bundle
	background oci run -b b x
	wait_for 5 is_status x running
	oci kill x KILL
	ended_with 137
}

@test "run passes signals on" {
	bundle . sh -c 'trap "exit 5" USR1; echo on; while :; do sleep 0.1; done'
	background oci run -b b x
	wait_for 5 grep -q on "$LAST_OUT"
	kill -USR1 "$LAST"
	ended_with 5
}

@test "run --keep leaves the state" {
	bundle . true
	oci run -b b --keep x
	is_status x stopped
	oci delete x
}

@test "run -d does not wait" {
	bundle
	oci run -d -b b x </dev/null >out 2>&1 3>&- 4>&-
	is_status x running
	oci delete -f x
}

@test "run has a terminal" {
	bundle '.process.terminal = true' sh -c 'test -t 0 && stty size && echo on'
	run -0 with_tty -- "$MYDOCKER" oci run -b b x
	[[ $output = *on* ]]
}

@test "run's hooks are told what the specification says" {
	local hook='{path: "/bin/sh", args: ["sh", "-c", "cat >>'$TMP'/\($n)"]}' n

	bundle 'def h($n): ['"$hook"']; .hooks = {prestart: h("prestart"),
		createRuntime: h("createRuntime"), poststart: h("poststart"),
		poststop: h("poststop")}' true
	oci run -b b x
	for n in prestart:created createRuntime:created poststart:running \
		poststop:stopped; do
		[ "$(jq -r .status "${n%:*}")" = "${n#*:}" ]
	done
}

@test "run allows the usual devices, whatever the bundle says" {
	bundle 'del(.linux.resources)' \
		sh -c 'echo >/dev/null && head -c 1 /dev/zero | wc -c'
	run -0 oci run -b b x
	[ "$output" = 1 ]
}

@test "all six hooks run in their order, each told of the right state" {
	cat >hook <<-'END'
		#!/bin/sh
		exec /usr/bin/jq -r --arg name "$1" \
			'"\($name) \(.status) \(.id) \(.pid // "-")"' >>"$2"
	END
	chmod +x hook
	bundle "[\"prestart\", \"createRuntime\", \"createContainer\",
		\"poststart\", \"poststop\"] as \$names | .hooks = (\$names | map({
		(.): [{path: \"$TMP/hook\", args: [\"x\", ., \"$TMP/said\"]}]})
		| add) | .hooks.startContainer = [{path: \"/bin/sh\", args:
		[\"sh\", \"-c\", \"/bin/cat >&2\"]}]" true
	oci run -b b web 2>errors
	grep -q '"id":"web","status":"created","pid":1,' errors
	run -0 cut -d ' ' -f 1-3 said
	[ "$output" = "prestart created web
createRuntime created web
createContainer created web
poststart running web
poststop stopped web" ]
	[ "$(awk '/createC|poststop/ { printf $4 }' said)" = 1- ]
}

@test "what is for other platforms is passed over with a warning" {
	bundle '.windows = {layerFolders: ["x"]} | .vm = {kernel: {path: "/x"}} | .zos = {}' true
	run -0 oci run -b b web
	[ "$(grep -c 'for another platform' <<<"$output")" = 3 ]
	[[ $output = *'vm: for another platform'* ]]
}

@test "intelRdt without resctrl is an error that names it" {
	[ ! -e /sys/fs/resctrl ] || skip 'this kernel has resctrl'
	bundle '.linux.intelRdt = {closID: "x"}' true
	run -1 oci run -b b web
	[[ $output = *'linux.intelRdt: this kernel has no resctrl'* ]]
}

@test "at /proc is procfs and nothing else, and nothing in it is replaced" {
	local where

	for where in '{destination: "/proc", type: "tmpfs"}' \
		'{destination: "/proc", source: "/tmp", options: ["bind"]}'; do
		bundle ".mounts = [$where]" true
		run -1 oci run -b b x
		[[ $output = *"'/proc': only procfs may be there"* ]]
	done
	for where in '{destination: "/proc/sys", type: "tmpfs"}' \
		'{destination: "/proc/self", source: "/tmp", options: ["bind"]}'; do
		bundle ".mounts += [$where]" true
		run -1 oci run -b b x
		[[ $output = *"nothing may be mounted inside of /proc"* ]]
	done
	touch stat
	bundle ".mounts += [{destination: \"/proc/stat\", source: \"$TMP/stat\",
		options: [\"bind\"]}]" cat /proc/stat
	run -0 oci run -b b x
	[ -z "$output" ]
}

@test "who joins a container's mounts and pids can have its root" {
	local pid

	started x
	pid=$(pid_of x)
	bundle "del(.hostname) | .root = {path: \"/\"} | .linux.namespaces = [
		{type: \"mount\", path: \"/proc/$pid/ns/mnt\"},
		{type: \"pid\", path: \"/proc/$pid/ns/pid\"}]" cat /proc/1/cmdline
	run -0 oci run -b b y
	[[ $output = sleep* ]]
	oci delete -f x
}
