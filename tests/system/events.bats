#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# events: what happens, and what has happened.
load ../lib/harness

# event SECOND TYPE ACTION ID [ATTRIBUTE…]: one of 2026-01-01T00:00, as it is
# kept; attributes are in JSON.
event() {
	local old=

	[ "$2" != container ] ||
		old="\"status\":\"$3\",\"id\":\"$4\",\"from\":\"img:1\","
	mkdir -p "$STORE/run"
	chmod 700 "$STORE/run"
	printf '{%s"Type":"%s","Action":"%s","Actor":{"ID":"%s","Attributes":{%s}},"scope":"local","time":%d,"timeNano":%d}\n' \
		"$old" "$2" "$3" "$4" "${*:5}" $((1767225600 + $1)) \
		$(((1767225600 + $1) * 1000000000 + 5)) >>"$STORE/run/events"
}

some_events() {
	export TZ=UTC
	event 1 container create abc1 '"image":"img:1","name":"web","tier":"1"'
	event 2 container 'exec_create: sh -c date' abc1 '"image":"img:1","name":"web"'
	event 3 container die def2 '"exitCode":"3","image":"other","name":"db"'
	event 4 volume create data '"driver":"local"'
}

past() { mydocker events --since 2026-01-01Z --until 2026-01-02Z "$@"; }

# actions ARG…: what past prints, as one line of actions.
actions() { past --format '{{.Action}}' "$@" | tr '\n' ','; }

@test "events prints docker's lines" {
	some_events
	run -0 past
	[ "${lines[0]}" = '2026-01-01T00:00:01.000000005Z container create abc1 (image=img:1, name=web, tier=1)' ]
	[ "${lines[3]}" = '2026-01-01T00:00:04.000000005Z volume create data (driver=local)' ]
	[ ${#lines[@]} = 4 ]
	TZ=UTC-2 run -0 past
	[ "${lines[0]%% *}" = '2026-01-01T02:00:01.000000005+02:00' ]
	TZ=UTC run -0 mydocker system events --since 2026-01-01T00:00:03 --until 2026-01-01T00:00:03.5
	[ "$output" = '2026-01-01T00:00:03.000000005Z container die def2 (exitCode=3, image=other, name=db)' ]
}

@test "events --format json prints what docker does" {
	some_events
	[ "$(past --format json)" = "$(cat "$STORE/run/events")" ]
	[ "$(past --format '{{json .}}' | jq -r .Actor.Attributes.name | head -n 1)" = web ]
}

@test "events --format takes a template" {
	some_events
	run -0 past --format '{{.Time}} {{.Type}} {{.ID}} {{.Status}} {{.From}} {{.Scope}} {{.Actor.ID}} {{index .Actor.Attributes "name"}} {{json .Actor.Attributes}}'
	[ "${lines[2]}" = '1767225603 container def2 die img:1 local def2 db {"exitCode":"3","image":"other","name":"db"}' ]
	run -1 past --format '{{.Nothing}'
	[[ $output = *'--format: template'* ]]
}

@test "events --filter" {
	some_events
	[ "$(actions)" = 'create,exec_create: sh -c date,die,create,' ]
	[ "$(actions -f event=die -f event=exec_create)" = 'exec_create: sh -c date,die,' ]
	[ "$(actions -f event=create)" = 'create,create,' ]
	[ "$(actions -f type=volume)" = 'create,' ]
	[ "$(actions -f container=web -f type=container)" = 'create,exec_create: sh -c date,' ]
	[ "$(actions -f container=def)" = 'die,' ]
	[ "$(actions -f image=img)" = 'create,exec_create: sh -c date,' ]
	[ "$(actions -f image=img:1 -f event=create)" = 'create,' ]
	[ "$(actions -f label=tier)" = 'create,' ]
	[ "$(actions -f label=tier=2)" = '' ]
	[ "$(actions -f label=tier -f label=driver)" = '' ]
	[ "$(actions -f volume=data)" = 'create,' ]
	[ "$(actions -f scope=local | tr , '\n' | wc -l)" = 4 ]
	run -1 past -f colour=red
	[[ $output = *"--filter: there is no key 'colour'" ]]
	run -125 past -f red
	[[ $output = *"'red' is not KEY=VALUE" ]]
}

@test "events without --since waits for what is to come" {
	some_events
	"$MYDOCKER" events --format '{{.Action}}' >"$TMP/out" 3>&- 4>&- &
	pid=$!
	sleep 0.3
	event 9 container start abc1
	wait_for 2 grep -q start "$TMP/out"
	event 9 container stop abc1
	wait_for 2 grep -q stop "$TMP/out"
	kill $pid
	[ "$(cat "$TMP/out")" = $'start\nstop' ]
}

# did: the actions so far, with commas between them.
did() { mydocker events --since 10m --until 0s --format '{{.Action}}' "$@" | paste -sd ,; }

has_done() { [[ ,$(did), = *,"$1",* ]]; }

@test "what is done to a container becomes events" {
	mydocker run -d --name x --label tier=db --rootfs "$ROOTFS" sleep 30
	mydocker exec x sh -c 'exit 3' || :
	mydocker pause x
	mydocker unpause x
	mydocker rename x y
	mydocker kill -s CONT y
	mydocker restart -t 0 y
	mydocker rm -f y
	[ "$(did)" = 'create,start,exec_create: sh -c exit 3,exec_start: sh -c exit 3,exec_die,pause,unpause,rename,kill,kill,kill,die,stop,start,restart,kill,die,destroy' ]
	run -0 mydocker events --since 10m --until 0s -f event=die --format '{{.Type}} {{.Status}} {{.From}} {{json .Actor.Attributes}}'
	[[ ${lines[0]} = 'container die '*' {"execDuration":"'*'","exitCode":"137","image":"'*'","name":"y","tier":"db"}' ]]
	[ "$(mydocker events --since 10m --until 0s -f event=rename --format '{{.Actor.Attributes.oldName}}')" = /x ]
	[ "$(mydocker events --since 10m --until 0s -f event=exec_die --format '{{.Actor.Attributes.exitCode}}')" = 3 ]
	[ "$(mydocker events --since 10m --until 0s -f event=kill --format '{{.Actor.Attributes.signal}}' | paste -sd ,)" = 18,15,9,9 ]
}

@test "a --rm container comes and goes, and a restart policy is seen" {
	mydocker run --rm --rootfs "$ROOTFS" true
	[ "$(did)" = 'create,attach,start,die,destroy' ]
	mydocker run -d --name x --restart on-failure:1 --rootfs "$ROOTFS" false
	mydocker wait x
	wait_for 5 test "$(mydocker inspect -f '{{.State.Status}}' x)" = exited
	[ "$(did -f container=x)" = 'create,start,die,start,die' ]
	mydocker rm x
}

@test "a container whose monitor was killed has died, too" {
	mydocker run -d --name x --rootfs "$ROOTFS" sleep 30
	pid=$(mydocker inspect -f '{{.State.Pid}}' x)
	kill -9 "$(awk '{ print $4 }' "/proc/$pid/stat")" "$pid"
	wait_for 5 is_gone "$pid"
	mydocker ps -a >/dev/null
	[ "$(did -f container=x)" = 'create,start,die' ]
	mydocker rm x
}

@test "health is told when it changes" {
	mydocker run -d --name x --health-cmd 'test ! -e /tmp/bad' --health-interval 100ms \
		--health-retries 1 --tmpfs /tmp --rootfs "$ROOTFS" sleep 30
	wait_for 10 has_done 'health_status: healthy'
	mydocker exec x touch /tmp/bad
	wait_for 10 has_done 'health_status: unhealthy'
	[ "$(did -f event=health_status)" = 'health_status: healthy,health_status: unhealthy' ]
	# and each question is a command, as for docker
	[[ $(did) = 'create,start,exec_create: /bin/sh -c test ! -e /tmp/bad,exec_start: /bin/sh -c test ! -e /tmp/bad,exec_die,health_status: healthy,'* ]]
	[ "$(mydocker events --since 10m --until 0s -f event=exec_die --format '{{.Actor.Attributes.exitCode}}' | sort -u)" = $'0\n1' ]
	mydocker rm -f x
}

@test "volumes are made and destroyed" {
	mydocker volume create data
	mydocker volume create data
	mydocker volume rm data
	[ "$(did -f type=volume -f volume=data)" = 'create,destroy' ]
}

@test "events ends with its reader, and with --until" {
	[ "$(timeout 10 "$MYDOCKER" events --until 0s)" = '' ]
	timeout 10 "$MYDOCKER" events --until=-1s
	timeout 10 "$MYDOCKER" events | true
}

@test "events escapes what others wrote" {
	event 1 container create abc1 '"name":"a\u001b[31m\nb"'
	[ "$(past | wc -l)" = 1 ]
	[[ $(past) = *'name=a\x1b[31m\x0ab)' ]]
}

@test "events has colours on a terminal only, and not with NO_COLOR" {
	some_events
	[[ $(past) != *$'\033'* ]]
	run -0 with_tty -- "$MYDOCKER" events --since 2026-01-01Z --until 2026-01-02Z
	[[ $output = *$'\033[32mcreate\033[0m'* ]]
	NO_COLOR=1 run -0 with_tty -- "$MYDOCKER" events --since 2026-01-01Z --until 2026-01-02Z
	[[ $output != *$'\033['* ]]
}

@test "events tell of who looks into a container" {
	mydocker run -d --name x --rootfs "$ROOTFS" sleep 100
	mydocker top x
	mydocker cp -q x:/etc/passwd "$TMP/passwd"
	mydocker cp -q "$TMP/passwd" x:/tmp
	mydocker export -o "$TMP/x.tar" x
	mydocker update --restart no x
	[ "$(mydocker events --since 10m --until 0s --format '{{.Action}}' | tail -n +3)" = \
		$'top\narchive-path\nextract-to-dir\nexport\nupdate' ]
	mydocker rm -f x
}

@test "who is killed for want of memory is told before he dies" {
	skip_unless controller memory
	mydocker run -d --name x -m 8m --memory-swap 8m --rootfs "$ROOTFS" \
		sh -c 'tail /dev/zero'
	mydocker wait x
	[ "$(did)" = create,start,oom,die ]
	[ "$(mydocker inspect -f '{{.State.OOMKilled}}' x)" = true ]
	mydocker rm x
}

@test "a health check that ends with its container has ended, too" {
	mydocker run -d --name x --health-cmd 'sleep 50' --health-interval 200ms --rootfs "$ROOTFS" sleep 100
	wait_for 10 eval '[[ $(mydocker events --since 10m --until 0s --format "{{.Action}}") = *exec_start* ]]'
	mydocker kill x
	wait_for 10 eval '[[ $(mydocker events --since 10m --until 0s --format "{{.Action}}") = *die* ]]'
	run -0 mydocker events --since 10m --until 0s --filter event=exec_die --format '{{.Actor.Attributes.exitCode}}'
	[ "$output" = 137 ]
	[[ $(mydocker events --since 10m --until 0s --format '{{.Action}}' | tr '\n' ,) = *,exec_die,die, ]]
	mydocker rm x
}
