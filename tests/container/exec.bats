#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# exec: one more command in a running container.
load ../lib/harness
load common
load ../lib/watch

@test "exec runs a command in the container" {
	start x -h inside sleep 100
	run -0 mydocker exec x hostname
	[ "$output" = inside ]
	mydocker kill x
}

@test "exec's status is the command's" {
	start x sleep 100
	run -9 mydocker exec x sh -c 'exit 9'
	run -137 mydocker exec x sh -c 'kill -9 $$'
	run -127 mydocker exec x /no/such/command
	run -126 mydocker exec x /etc/passwd
	mydocker kill x
}

@test "exec joins all namespaces" {
	local pid

	start x sleep 100
	pid=$(pid_of x)
	for kind in mnt pid uts ipc net cgroup user; do
		[ "$(mydocker exec x readlink /proc/self/ns/$kind)" = \
			"$(readlink "/proc/$pid/ns/$kind")" ]
	done
	mydocker kill x
}

@test "exec is in the container's cgroups" {
	start x -m 64m sleep 100
	background exec x sleep 123
	wait_for 5 pgrep -f '^sleep 123'
	[ "$(cat "/proc/$(pgrep -f '^sleep 123')/cgroup")" = \
		"$(cat "/proc/$(pid_of x)/cgroup")" ]
	mydocker kill x
}

@test "exec has the capabilities, filter and limits of the container" {
	start x --cap-drop ALL --cap-add KILL --security-opt no-new-privileges \
		--ulimit nofile=99:99 --group-add 29 sh -c \
		'grep -E "^(Cap|Seccomp|NoNewPrivs|Groups|Uid|Gid)" /proc/self/status >/tmp/a
		cat /proc/self/limits >/tmp/b; sleep 100' --
	run -0 mydocker exec x grep -E \
		'^(Cap|Seccomp|NoNewPrivs|Groups|Uid|Gid)' /proc/self/status
	[ "$output" = "$(mydocker exec x grep -E \
		'^(Cap|Seccomp|NoNewPrivs|Groups|Uid|Gid)' /proc/1/status)" ]
	[[ $output = *'NoNewPrivs:'?1* ]]
	run -0 mydocker exec x cat /proc/self/limits
	[ "$output" = "$(mydocker exec x cat /proc/1/limits)" ]
	[[ $output = *'open files '*' 99 '* ]]
	mydocker kill x
}

@test "exec passes words as they are" {
	start x sleep 100
	run -0 mydocker exec x printf '<%s>' 'a b' '' -it
	[ "$output" = '<a b><><-it>' ]
	mydocker kill x
}

@test "exec -e sets a variable, and has those of the container" {
	start x -e A=1 -e B=2 sleep 100
	run -0 mydocker exec -e B=3 x sh -c 'echo $A $B'
	[ "$output" = '1 3' ]
	mydocker kill x
}

@test "exec --env-file sets variables" {
	echo A=4 >file
	start x sleep 100
	run -0 mydocker exec --env-file file x sh -c 'echo $A'
	[ "$output" = 4 ]
	mydocker kill x
}

@test "exec -w is the working directory, else the container's" {
	start x -w /usr sleep 100
	[ "$(mydocker exec x pwd)" = /usr ]
	[ "$(mydocker exec -w /bin x pwd)" = /bin ]
	mydocker kill x
}

@test "exec -w does not lead out through a descriptor" {
	local n

	start x sleep 100
	for n in {3..12}; do
		run ! mydocker exec -w /proc/self/fd/$n x cat ../../../../etc/hostname 5</ 7</
	done
	mydocker kill x
}

@test "exec -u is a user of the container" {
	start x sleep 100
	[ "$(mydocker exec -u web x id -u)" = 1000 ]
	[ "$(mydocker exec -u web x id -G | tr ' ' '\n' | sort -n | paste -sd ' ')" = '29 1000' ]
	[ "$(mydocker exec -u 5:6 x id -u)" = 5 ]
	[ "$(mydocker exec -u 5:6 x id -g)" = 6 ]
	run -126 mydocker exec -u none x true
	[ "$output" = 'mydocker exec: --user: unable to find user none: no matching entries in passwd file' ]
	run -126 mydocker exec -u :none x true
	[ "$output" = 'mydocker exec: --user: unable to find group none: no matching entries in group file' ]
	mydocker kill x
}

@test "exec -u of another than root has no capabilities" {
	start x sleep 100
	run -0 mydocker exec -u web x grep CapEff /proc/self/status
	[[ $output = *0000000000000000 ]]
	mydocker kill x
}

@test "exec --privileged has all capabilities" {
	start x sleep 100
	[ "$(mydocker exec --privileged x grep CapEff /proc/self/status)" = \
		"$(grep CapBnd /proc/self/status | sed s/Bnd/Eff/)" ]
	mydocker kill x
}

@test "exec -i passes stdin on, else it is empty" {
	start x sleep 100
	[ "$(echo typed | mydocker exec -i x cat)" = typed ]
	[ "$(echo typed | mydocker exec x cat)" = '' ]
	mydocker kill x
}

@test "exec passes bytes unchanged" {
	head -c 3000000 /dev/urandom >in
	start x sleep 100
	mydocker exec -i x cat <in >out
	cmp in out
	mydocker kill x
}

@test "exec keeps stdout and stderr apart" {
	start x sleep 100
	run -0 --separate-stderr mydocker exec x sh -c 'echo out; echo err >&2'
	[ "$output" = out ]
	[ "$stderr" = err ]
	mydocker kill x
}

@test "exec -t gives the command a terminal" {
	start x sleep 100
	run -0 with_tty -- "$MYDOCKER" exec -it x sh -c 'test -t 0 && tty'
	[[ $output = *'/dev/pts/'* ]]
	mydocker kill x
}

@test "exec's detach keys leave the command running" {
	start x sleep 100
	with_tty 'expect=ready' 'send=\x01x' -- "$MYDOCKER" exec -it \
		--detach-keys ctrl-a,x x sh -c 'echo ready; exec sleep 321'
	pgrep -f '^sleep 321'
	mydocker kill x
}

@test "exec has nothing for who may trace all processes of a container" {
	skip_unless program strace
	start x --cap-add SYS_PTRACE sh -c "$(watch_processes)"
	wait_for 5 grep -q watching "$LAST_OUT"
	run -0 slowly "$MYDOCKER" exec x echo hi
	[ "$output" = hi ]
	slowly "$MYDOCKER" exec -u 1000 x true
	mydocker kill x
	cat "$LAST_OUT"
	grep -q seen: "$LAST_OUT"
	run ! grep hit: "$LAST_OUT"
}

@test "exec works under a filter that lets nobody be born" {
	local call

	for call in clone setsid sendmsg; do
		jq -n --arg call "$call" '{ defaultAction: "SCMP_ACT_ALLOW",
			syscalls: [{ names: [$call], action: "SCMP_ACT_KILL_PROCESS" }] }' \
			>profile
		start x --security-opt seccomp=profile sleep 100
		[ "$(mydocker exec x /bin/busybox readlink /proc/self/ns/pid)" = \
			"$(readlink "/proc/$(pid_of x)/ns/pid")" ]
		run -127 mydocker exec x /no/such
		mydocker kill x
		ended_with 137
	done
}

@test "exec's command leads its session" {
	start x sleep 100
	run -0 mydocker exec x sh -c '
		read -r pid _ _ parent group session _ </proc/$$/stat
		[ "$parent $group $session" = "0 $pid $pid" ]'
	mydocker kill x
}

@test "exec finds no descriptors but three" {
	start x sleep 100
	run -0 mydocker exec x sh -c 'ls /proc/self/fd' 5</ 6</etc/passwd
	[ "$output" = $'0\n1\n2\n3' ] # 3 is ls's own
	mydocker kill x
}

@test "exec refuses a container that does not run" {
	mydocker run --name x --rootfs "$ROOTFS" true
	run -1 mydocker exec x true
	[[ $output = *"'x' is not running"* ]]
	mydocker rm x
	run -1 mydocker exec x true
	[[ $output = *'no such container'* ]]
}

@test "exec needs a command" {
	run -125 mydocker exec x
}

@test "exec works when the monitor has been killed" {
	local monitor

	start x sleep 100
	monitor=$(jq .monitor "$STORE"/run/containers/*/record.json)
	kill -KILL "$monitor"
	wait_for 5 is_gone "$monitor"
	if is_running x; then
		[ "$(mydocker exec x echo hi)" = hi ]
		mydocker rm -f x
	fi
	wait "$LAST" || :
}

@test "an exec that is killed leaves the container alone" {
	start x sleep 100
	background exec x sleep 77
	wait_for 5 pgrep -f '^sleep 77'
	kill -KILL "$LAST"
	wait "$LAST" || :
	is_running x
	mydocker kill x
}

@test "many at once all end with their own status" {
	start x sleep 100
	seq 20 | xargs -P 20 -I{} sh -c \
		'"$0" exec x sh -c "exit {}"; [ $? = {} ] || echo bad {}' \
		"$MYDOCKER" >out
	[ ! -s out ]
	mydocker kill x
}

@test "exec into a container that is just being started never sees the host" {
	local i said

	for i in {1..10}; do
		background run --rm --name x --rootfs "$ROOTFS" sleep 100
		until said=$("$MYDOCKER" exec x ls -d /home/web 2>&1); do
			[[ $said = *'no such container'* || $said = *'not running'* ]]
		done
		[ "$said" = /home/web ]
		mydocker kill x
		ended_with 137
	done
}

@test "exec refuses a paused container" {
	start x sleep 100
	mydocker pause x
	run -1 mydocker exec x true
	[[ $output = *"'x' is paused"* ]]
	mydocker rm -f x
}

@test "exec -t without -i needs no terminal" {
	start x sleep 100
	[ "$(mydocker exec -t x tty </dev/null)" = $'/dev/pts/0\r' ]
	run -125 mydocker exec -it x tty </dev/null
	[[ $output = *'not a TTY'* ]]
	mydocker kill x
}

@test "exec in a directory that is not there ends as for docker" {
	start x sleep 100
	run -127 mydocker exec -w /nosuch x true
	[[ $output = *"'/nosuch'"* ]]
	run -126 mydocker exec -w /etc/passwd x true
	mydocker kill x
}
