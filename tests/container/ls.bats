#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# ls (ps): which containers there are.
load ../lib/harness
load common

@test "ps without a container is a heading" {
	run -0 mydocker ps
	[[ $output =~ ^'CONTAINER ID'\ +NAME\ +PID\ +STATUS\ +COMMAND\ +CREATED$ ]]
}

@test "ps has id, name, pid, status, command and creation" {
	start web sleep 100
	run -0 mydocker ps
	[ ${#lines[@]} -eq 2 ]
	[[ ${lines[1]} =~ ^[0-9a-f]{12}\ +web\ +[0-9]+\ +Up\ .*\ sleep\ 100\ +.*\ ago$ ]]
	mydocker kill web
}

@test "the pid is that of the first process" {
	start web sleep 100
	[ "$(tr '\0' ' ' <"/proc/$(pid_of web)/cmdline")" = 'sleep 100 ' ]
	mydocker kill web
}

@test "ps shows only what runs, ps -a all" {
	run -3 mydocker run --name x --rootfs "$ROOTFS" sh -c 'exit 3'
	[ "$(mydocker ps | wc -l)" -eq 1 ]
	[[ "$(mydocker ps -a)" = *' x '*'Exited (3) '*' ago'*'sh -c exit 3'* ]]
	mydocker rm x
}

@test "ps -q prints ids only" {
	start web sleep 100
	[[ "$(mydocker ps -q)" =~ ^[0-9a-f]{12}$ ]]
	mydocker kill web
}

@test "ps --no-trunc shortens nothing" {
	start web sleep 100 200 300 400 500 600 700 800
	[[ "$(mydocker ps -q --no-trunc)" =~ ^[0-9a-f]{64}$ ]]
	[[ "$(mydocker ps --no-trunc)" = *'300 400 500 600 700 800'* ]]
	[[ "$(mydocker ps)" != *'700 800'* ]]
	mydocker kill web
}

@test "the newest comes first" {
	local i

	for i in a b c; do
		mydocker run --name $i --rootfs "$ROOTFS" true
	done
	run -0 mydocker ps -a
	[[ $output = *' c '*' b '*' a '* ]]
	mydocker rm a b c
}

@test "ls in the group is the same" {
	[ "$(mydocker container ls)" = "$(mydocker ps)" ]
}

@test "what a command is called cannot move the cursor" {
	mydocker run --name x --rootfs "$ROOTFS" echo $'\e[31mred\a\n' >/dev/null
	[ "$(mydocker ps -a --no-trunc | LC_ALL=C tr -dc '\033\007' | wc -c)" -eq 0 ]
	[ "$(mydocker ps -a --no-trunc | wc -l)" -eq 2 ]
	mydocker rm x
}

@test "after a reboot a container has exited, and its name is still its own" {
	background run --name x --rootfs "$ROOTFS" sleep 100
	wait_for 5 is_running x
	# the record as another boot would find it
	local record pid monitor

	record=$(echo "$STORE"/containers/*/record.json)
	pid=$(jq .pid "$record")
	monitor=$(jq .monitor "$record")
	kill -KILL "$monitor" "$LAST"
	kill -KILL "$pid" 2>/dev/null || :
	wait_for 5 is_gone "$pid"
	wait "$LAST" || :
	jq '.bootId = "00000000-0000-0000-0000-000000000000"' "$record" >new
	cp new "$record"
	rm -r "$STORE/run"
	mydocker ps -a | grep -q ' x .*Exited (255)'
	run -125 mydocker run --name x --rootfs "$ROOTFS" true
	mydocker rm x
}

@test "a container whose monitor and process are gone has exited" {
	background run --name x --rootfs "$ROOTFS" sleep 100
	wait_for 5 is_running x
	local record pid

	record=$(echo "$STORE"/containers/*/record.json)
	pid=$(jq .pid "$record")
	kill -KILL "$(jq .monitor "$record")"
	kill -KILL "$pid" 2>/dev/null || :
	wait_for 5 is_gone "$pid"
	mydocker ps -a | grep -q ' x .*Exited (255)'
	mydocker rm x
	wait "$LAST" || :
}

@test "a reader never waits for a lock" {
	start x sleep 100
	flock -F "$STORE"/run/containers/* sleep 100 3>&- &
	BACKGROUND+=($!)
	sleep 0.2
	timeout 2 "$MYDOCKER" ps -a | grep -q ' x '
	kill $!
	wait $! || :
	mydocker kill x
}

@test "a writer that waits too long names the holder" {
	mydocker run --name x --rootfs "$ROOTFS" true
	flock -F "$STORE"/containers/* sleep 60 3>&- &
	BACKGROUND+=($!)
	sleep 0.2
	run -125 timeout 40 "$MYDOCKER" rm x
	[[ $output = *'locked by process '* ]]
	kill $!
	wait $! || :
	mydocker rm x
}
