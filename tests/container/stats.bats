#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# stats: what containers use.
load ../lib/harness
load common

@test "stats --no-stream has docker's columns" {
	start x sleep 100
	run -0 mydocker stats --no-stream
	[[ ${lines[0]} =~ ^'CONTAINER ID'\ +NAME\ +'CPU %'\ +'MEM USAGE / LIMIT'\ +'MEM %'\ +'NET I/O'\ +'BLOCK I/O'\ +PIDS$ ]]
	[[ ${lines[1]} =~ ^[0-9a-f]{12}\ +x\ + ]]
	mydocker kill x
}

@test "stats sees who is busy, and lists him first" {
	skip_unless controller cpuacct
	start idle sleep 100
	start busy sh -c 'while :; do :; done'
	run -0 mydocker stats --no-stream --format '{{.Name}} {{.CPUPerc}} {{.PIDs}}'
	[[ ${lines[0]} =~ ^busy\ [1-9][0-9.]*%\ [1-9] ]]
	[[ ${lines[1]} = 'idle '* ]]
	mydocker kill busy idle
}

@test "stats takes names, and -a shows those that do not run" {
	mydocker run --name x --rootfs "$ROOTFS" true
	[ -z "$(mydocker stats --no-stream --format '{{.Name}}')" ]
	[ "$(mydocker stats -a --no-stream --format '{{.Name}} {{.PIDs}} {{.CPUPerc}} {{.MemUsage}} {{.MemPerc}} {{.BlockIO}}')" = \
		'x 0 0.00% 0B / 0B 0.00% 0B / 0B' ]
	[ "$(mydocker stats --no-stream --format '{{.NetIO}}' x)" = '0B / 0B' ]
	[ "$(mydocker stats --no-stream --format json x | jq -r .Name)" = x ]
	run -1 mydocker stats --no-stream nosuch
	mydocker rm x
}

@test "stats on a terminal has bars and colours, without NO_COLOR" {
	skip_unless controller cpuacct
	start x sh -c 'while :; do :; done'
	run -0 with_tty size=24x140 -- "$MYDOCKER" stats --no-stream
	[[ $output = *$'\033[1m'*'CPU %'* ]]
	[[ $output = *$'\033[3'[123]m'|||'* ]]
	run -0 with_tty size=24x140 -- env NO_COLOR=1 "$MYDOCKER" stats --no-stream
	[[ $output = *'|||'* ]]
	[[ $output != *$'\033'* ]]
	# no room, no bars; and a pipe has neither
	run -0 with_tty size=24x90 -- "$MYDOCKER" stats --no-stream
	[[ $output != *'|||'* ]]
	run -0 mydocker stats --no-stream
	[[ $output != *'|||'* && $output != *$'\033'* ]]
	mydocker kill x
}

@test "stats on a terminal is one table that changes, no longer than the terminal" {
	start x sleep 100
	start y sleep 100
	start z sleep 100
	run with_tty size=3x140 'expect=\x1b\[H[\s\S]*CPU %[\s\S]*\x1b\[J' \
		'expect=\x1b\[H[\s\S]*CPU %[\s\S]*\x1b\[J' signal=TERM -- "$MYDOCKER" stats
	[ "$status" -eq 143 ]
	[ "$(tr -cd '\n' <<<"${output##*$'\033[H'}" | wc -c)" -le 3 ]
	mydocker kill x y z
}

@test "stats in a pipe goes on, a table a second" {
	start x sleep 100
	timeout 4 "$MYDOCKER" stats --format '{{.Name}}' >out || :
	[ "$(grep -c '^x$' out)" -ge 2 ]
	mydocker kill x
}

@test "stats counts what goes through interfaces in the network of a container" {
	local pid received sent

	skip_unless root
	start x sleep 100
	start y --network container:x sleep 100
	start z --network host sleep 100
	[ "$(mydocker stats --no-stream --format '{{.NetIO}}' x)" = '0B / 0B' ]
	pid=$(pid_of x)
	nsenter -t "$pid" -n ip link set lo up
	nsenter -t "$pid" -n busybox ping -qc 2 127.0.0.1
	[ "$(mydocker stats --no-stream --format '{{.NetIO}}' x)" = '0B / 0B' ]
	ip link add stats0 type veth peer name eth0 netns "$pid"
	ip addr add 10.254.253.1/30 dev stats0
	ip link set stats0 up
	nsenter -t "$pid" -n ip addr add 10.254.253.2/30 dev eth0
	nsenter -t "$pid" -n ip link set eth0 up
	busybox ping -qc 1 -s 20000 10.254.253.2
	run -0 mydocker stats --no-stream --format '{{.Name}} {{.NetIO}}' x y z
	for line in "${lines[@]}"; do
		case $line in
		z*) [ "$line" = 'z 0B / 0B' ] ;;
		*) [[ $line =~ ^[xy]\ 2[0-9.]+kB\ /\ 2[0-9.]+kB$ ]] ;;
		esac
	done
	[[ $(mydocker stats --no-stream --format json x | jq -r .NetIO) =~ ^2.*kB ]]
	mydocker kill x y z
	ip link del stats0 2>/dev/null || :
}

@test "stats: .Container is what was typed, and the id of all of them" {
	start name1 sleep 100
	id=$(mydocker inspect -f '{{.Id}}' name1)
	[ "$(mydocker stats --no-stream --format '{{.Container}} {{.Name}}')" = "${id:0:12} name1" ]
	[ "$(mydocker stats --no-stream --format '{{.Container}} {{.Name}}' name1)" = 'name1 name1' ]
	[ "$(mydocker stats --no-stream --format '{{.Container}} {{.ID}}' "${id:0:20}")" = "${id:0:20} ${id:0:12}" ]
	mydocker kill name1
}

@test "stats counts what is read from and written to disks" {
	skip_unless controller blkio
	mkdir here
	start x -v "$TMP/here:/here" sleep 100
	mydocker exec x sh -c 'dd if=/dev/zero of=/here/f bs=1M count=3 conv=fsync' 2>&1
	run -0 mydocker stats --no-stream --format '{{.BlockIO}}' x
	[[ $(stat -f -c %T here) = tmpfs || $output =~ ^.*\ /\ [3-9][0-9.]*MB$ ]]
	mydocker kill x
	rm here/f
}
