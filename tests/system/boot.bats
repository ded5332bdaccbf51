#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# system boot: what runs again after a reboot.
load ../lib/harness
load ../container/common

detached() { mydocker run -d --rootfs "$ROOTFS" "$@" >/dev/null; }

# All processes are gone at once, and what lay under /run.
reboot() {
	local name pid pids=()

	for name in "$@"; do
		pids+=("$(pid_of "$name")")
	done
	pkill -KILL -f '^mydocker: ' || :
	for pid in "${pids[@]}"; do
		[ "$pid" = none ] || kill -KILL "$pid" 2>/dev/null || :
	done
	for pid in "${pids[@]}"; do
		wait_for 5 eval "[ $pid = none ] || ! kill -0 $pid 2>/dev/null"
	done
	rm -r "$STORE/run"
}

@test "always and unless-stopped run again, the others do not" {
	detached --name no sleep 100
	detached --name always --restart always sleep 100
	detached --name unless --restart unless-stopped sleep 100
	detached --name failure --restart on-failure sleep 100
	reboot no always unless failure
	[[ $(mydocker ps -a --filter name=no --format '{{.Status}}') = 'Exited (255)'* ]]
	run -0 mydocker system boot
	[ "$(sort <<<"$output")" = $'always\nfailure\nunless' ]
	[ "$(mydocker ps --format '{{.Names}}' | sort | tr '\n' ' ')" = \
		'always failure unless ' ]
	mydocker rm -f no always unless failure
}

@test "what was stopped by hand runs again only if always" {
	detached --name always --restart always sleep 100
	detached --name unless --restart unless-stopped sleep 100
	mydocker stop -t 0 always unless
	reboot
	run -0 mydocker system boot
	[ "$output" = always ]
	mydocker rm -f always unless
}

@test "one that cannot be started is told, and the others are" {
	cp -a "$ROOTFS" root
	mydocker run -d --name bad --restart always --rootfs root sleep 100
	detached --name good --restart always sleep 100
	reboot bad good
	rm -rf root
	run -1 --separate-stderr mydocker system boot
	[ "$output" = good ]
	[[ $stderr = *'bad: '* ]]
	[ "${#stderr_lines[@]}" = 1 ]
	mydocker rm -f bad good
}

@test "a monitor that is told to end stops its container, and kills it in the end" {
	local monitor

	detached --name x --stop-timeout 1 --restart always sleep 100
	monitor=$(jq .monitor "$STORE"/run/containers/*/record.json)
	kill -TERM "$monitor"
	wait_for 5 is_gone "$monitor"
	[ "$(mydocker inspect -f '{{.State.Status}} {{.State.ExitCode}}' x)" = 'exited 137' ]
	run -0 mydocker system boot
	[ "$output" = x ]
	mydocker rm -f x
}

@test "a monitor that is told to end lets a paused container go on, to its end" {
	local monitor

	detached --name x sh -c 'trap "exit 6" TERM; echo ready
		while sleep 0.1; do :; done'
	wait_for 5 eval '[ "$(mydocker logs x)" = ready ]'
	mydocker pause x
	monitor=$(jq .monitor "$STORE"/run/containers/*/record.json)
	kill -TERM "$monitor"
	wait_for 5 is_gone "$monitor"
	[ "$(mydocker inspect -f '{{.State.Status}} {{.State.ExitCode}}' x)" = 'exited 6' ]
	mydocker rm x
}

@test "boot twice starts nothing twice" {
	detached --name x --restart always sleep 100
	reboot x
	mydocker system boot
	run -0 mydocker system boot
	[ "$output" = '' ]
	[ "$(pgrep -c -f '^mydocker: x$')" = 1 ]
	mydocker rm -f x
}

@test "the unit and the script name this very file" {
	run -0 mydocker system boot --print-unit
	[[ $output = *"ExecStart=$(realpath "$MYDOCKER") system boot"* ]]
	mydocker system boot --print-script >script
	sh -n script
	grep -q "^mydocker=$(realpath "$MYDOCKER")\$" script
	run -2 sh script
	run -125 mydocker system boot --print-unit --print-script
}
