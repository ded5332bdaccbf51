#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# ls (ps): which containers there are.
load ../lib/harness
load common

@test "ps without a container is a heading" {
	run -0 mydocker ps
	[[ $output =~ ^'CONTAINER ID'\ +IMAGE\ +COMMAND\ +CREATED\ +STATUS\ +PORTS\ +NAMES$ ]]
}

@test "ps has docker's columns" {
	start web sleep 100
	run -0 mydocker ps
	[ ${#lines[@]} -eq 2 ]
	[[ ${lines[1]} =~ ^[0-9a-f]{12}\ +/.*\ +'"sleep 100"'\ +.*\ ago\ +Up\ .*\ web$ ]]
	# not one of them, and there for who asks
	run -0 mydocker ps --format '{{.Names}} {{.Pid}}'
	[ "$output" = "web $(mydocker inspect -f '{{.State.Pid}}' web)" ]
	mydocker kill web
}

@test "ps shows only what runs, ps -a all" {
	run -3 mydocker run --name x --rootfs "$ROOTFS" sh -c 'exit 3'
	[ "$(mydocker ps | wc -l)" -eq 1 ]
	[[ "$(mydocker ps -a)" = *"\"sh -c 'exit 3'\""*'Exited (3) '*' ago'*' x' ]]
	mydocker rm x
}

@test "ps -n and -l take the newest, whether they run or not" {
	local i

	for i in a b c; do
		mydocker run --name $i --rootfs "$ROOTFS" true
	done
	[ "$(mydocker ps -n 2 --format '{{.Names}}')" = $'c\nb' ]
	[ "$(mydocker ps -l --format '{{.Names}}')" = c ]
	[ "$(mydocker ps -n -5)" = "$(mydocker ps)" ]
	run -0 --separate-stderr mydocker ps -lq --format '{{.Names}}'
	[[ $output =~ ^[0-9a-f]{12}$ ]]
	[[ $stderr = *'Ignoring custom format, because both --format and --quiet are set.' ]]
	mydocker rm a b c
}

@test "ps --format takes a template, a table of one, and json" {
	mydocker run --name x -l a.b-c=d --rootfs "$ROOTFS" true
	run -0 mydocker ps -a --format '{{.Names}} {{.Label "a.b-c"}} {{.State}}'
	[ "$output" = 'x d exited' ]
	run -0 mydocker ps -a --format 'table {{.Names}}\t{{.Label "a.b-c"}}\t{{upper .State}}'
	[[ ${lines[0]} =~ ^NAMES\ +b\ c\ +STATE$ ]]
	[[ ${lines[1]} =~ ^x\ +d\ +EXITED$ ]]
	run -0 mydocker ps -a --format json
	[ "$(jq -r '.Names + .Labels + .Networks' <<<"$output")" = xa.b-c=dnone ]
	run -1 mydocker ps -a --format '{{.Foo}}'
	[[ $output = *"can't evaluate field Foo in type *formatter.ContainerContext" ]]
	run -1 mydocker ps --format '{{.Names'
	[[ $output = *'unclosed action' ]]
	mydocker rm x
}

# chosen FILTER…: the names that are left.
chosen() {
	local words=() word

	for word; do words+=(--filter "$word"); done
	mydocker ps -a --format '{{.Names}}' "${words[@]}" | sort | tr '\n' ' '
}

@test "ps --filter" {
	mydocker run --name one -l a=1 -l b --rootfs "$ROOTFS" true
	run -3 mydocker run --name two -l a=2 -v "$TMP:/data" --rootfs "$ROOTFS" sh -c 'exit 3'
	start three sleep 100
	[ "$(chosen name=one)" = 'one ' ]
	[ "$(chosen name=^t)" = 'three two ' ]
	[ "$(chosen name=^/one$)" = 'one ' ]
	[ "$(chosen "id=$(mydocker inspect -f '{{.Id}}' two | cut -c 1-20)")" = 'two ' ]
	[ "$(chosen label=a)" = 'one two ' ]
	[ "$(chosen label=a=2)" = 'two ' ]
	[ "$(chosen label=a label=b)" = 'one ' ]
	[ "$(chosen exited=3)" = 'two ' ]
	[ "$(chosen status=running)" = 'three ' ]
	[ "$(chosen status=running status=exited)" = 'one three two ' ]
	[ "$(chosen "ancestor=$ROOTFS" name=one)" = 'one ' ]
	[ "$(chosen ancestor=other)" = '' ]
	[ "$(chosen before=two)" = 'one ' ]
	[ "$(chosen since=two)" = 'three ' ]
	[ "$(chosen volume=/data)" = 'two ' ]
	[ "$(chosen network=host)" = '' ]
	[ "$(chosen publish=80)" = '' ]
	[ "$(chosen health=healthy)" = '' ]
	[ "$(mydocker ps -q --filter status=exited | wc -l)" -eq 2 ]
	run -1 mydocker ps --filter foo=bar
	[[ $output = *"invalid filter 'foo'" ]]
	run -1 mydocker ps --filter 'name=we('
	[[ $output = *"--filter: name: 'we(': missing ')'" ]]
	[ "$(mydocker ps -q --filter ' STATUS = exited' --filter '' | wc -l)" -eq 2 ]
	run -125 mydocker ps --filter foo
	[[ $output = *"'foo' is not KEY=VALUE" ]]
	run -1 mydocker ps --filter status=foo
	run -1 mydocker ps --filter exited=foo
	run -1 mydocker ps --filter before=nosuch
	mydocker kill three
	mydocker rm one two
}

@test "ps -s tells how large the root is" {
	mydocker run --name x --rootfs "$ROOTFS" true
	[[ "$(mydocker ps -as)" = *'SIZE'*' (virtual '*'B)'* ]]
	mydocker rm x
}

@test "a table on a terminal keeps to its width and respects NO_COLOR" {
	mydocker run --name x --rootfs "$ROOTFS" true
	run -0 with_tty -- env COLUMNS=60 "$MYDOCKER" ps -a
	[[ $output = *$'\e[1mCONTAINER ID'* ]]
	run -0 with_tty -- env NO_COLOR=1 "$MYDOCKER" ps -a
	[[ $output != *$'\e['* ]]
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
	[[ $output = *' c'*' b'*' a'* ]]
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

	record=$(echo "$STORE"/run/containers/*/record.json)
	pid=$(jq .pid "$record")
	monitor=$(jq .monitor "$record")
	kill -KILL "$monitor" "$LAST"
	kill -KILL "$pid" 2>/dev/null || :
	wait_for 5 is_gone "$pid"
	wait "$LAST" || :
	rm -r "$STORE/run"
	mydocker ps -a | grep -q 'Exited (255).* x$'
	run -125 mydocker run --name x --rootfs "$ROOTFS" true
	mydocker rm x
}

@test "a container whose monitor and process are gone has exited" {
	background run --name x --rootfs "$ROOTFS" sleep 100
	wait_for 5 is_running x
	local record pid

	record=$(echo "$STORE"/run/containers/*/record.json)
	pid=$(jq .pid "$record")
	kill -KILL "$(jq .monitor "$record")"
	kill -KILL "$pid" 2>/dev/null || :
	wait_for 5 is_gone "$pid"
	mydocker ps -a | grep -q 'Exited (255).* x$'
	mydocker rm x
	wait "$LAST" || :
}

@test "a reader never waits for a lock" {
	start x sleep 100
	flock -F "$STORE"/run/containers/* sleep 100 3>&- &
	BACKGROUND+=($!)
	sleep 0.2
	timeout 2 "$MYDOCKER" ps -a | grep -q ' x$'
	kill $!
	wait $! || :
	mydocker kill x
}

@test "a writer that waits too long names the holder" {
	mydocker run --name x --rootfs "$ROOTFS" true
	flock -F "$STORE"/containers/* sleep 60 3>&- &
	BACKGROUND+=($!)
	sleep 0.2
	run -1 timeout 40 "$MYDOCKER" rm x
	[[ $output = *'locked by process '* ]]
	kill $!
	wait $! || :
	mydocker rm x
}

@test "ps --format json has docker's keys, and sizes only if asked for" {
	mydocker create --name x --rootfs "$ROOTFS" true
	run -0 mydocker ps -a --format json
	[ "$(jq -r 'keys_unsorted | join(" ")' <<<"$output")" = 'Command CreatedAt ID Image Labels LocalVolumes Mounts Names Networks Platform Ports RunningFor Size State Status' ]
	[ "$(jq -c '[.Platform, .Size, .Networks]' <<<"$output")" = '[null,"0B","none"]' ]
	[[ $(mydocker ps -as --format json | jq -r .Size) = '0B (virtual '*')' ]]
	[[ $(mydocker ps -a --format '{{json .}}' | jq -r .Size) = '0B (virtual '*')' ]]
	run -0 mydocker ps -a --format '{{.Pid}} {{.Platform}}'
	[ "$output" = '0 <nil>' ]
	run -0 mydocker ps -a --format 'table {{pad .Names 1 2}}|{{split .Names "x"}}'
	[ "${lines[0]}" = ' NAMES  |NAMES' ]
	mydocker rm x
}
