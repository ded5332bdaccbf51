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
	[ "$(mydocker stats -a --no-stream --format '{{.Name}} {{.PIDs}}')" = 'x --' ]
	[ "$(mydocker stats --no-stream --format json x | jq -r .Name)" = x ]
	run -1 mydocker stats --no-stream nosuch
	mydocker rm x
}
