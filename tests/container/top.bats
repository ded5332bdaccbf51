#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# top: the processes of a container.
load ../lib/harness
load common

@test "top has the columns of ps -ef, and the host's pids" {
	start x sh -c 'sleep 101; :'
	wait_for 5 sh -c "[ \$($MYDOCKER top x | wc -l) = 3 ]"
	run -0 mydocker top x
	[ "${lines[0]}" = 'UID                 PID                 PPID                C                   STIME               TTY                 TIME                CMD' ]
	read -r user pid ppid c stime tty time cmd <<<"${lines[1]}"
	[ "$user $pid $c $tty $time $cmd" = "root $(pid_of x) $c ? 00:00:00 sh -c sleep 101; :" ]
	[[ $stime =~ ^[0-9][0-9]:[0-9][0-9]$ ]]
	read -r user pid ppid c stime tty time cmd <<<"${lines[2]}"
	[ "$ppid $cmd" = "$(pid_of x) sleep 101" ]
	run -0 mydocker container top x -ef
	[ "${#lines[@]}" = 3 ]
	mydocker kill x
}

@test "top shows what exec has started" {
	start x sleep 100
	background exec x sleep 102
	wait_for 5 sh -c "$MYDOCKER top x | grep -q 'sleep 102'"
	mydocker kill x
}

@test "top takes ps's columns and aux" {
	start x sleep 100
	run -0 mydocker top x -o pid,comm,ni,user=WHO
	read -r -a words <<<"${lines[0]}"
	[ "${words[*]}" = 'PID COMMAND NI WHO' ]
	read -r -a words <<<"${lines[1]}"
	[ "${words[*]}" = "$(pid_of x) sleep 0 root" ]
	run -0 mydocker top x -eo pid,args
	[[ ${lines[1]} = *'sleep 100' ]]
	run -0 mydocker top x aux
	read -r -a words <<<"${lines[0]}"
	[ "${words[*]}" = 'USER PID %CPU %MEM VSZ RSS TTY STAT START TIME COMMAND' ]
	[[ ${lines[1]} = *'sleep 100' ]]
	mydocker kill x
}

@test "top refuses what it does not know" {
	start x sleep 100
	run -1 mydocker top x -o pid,nonsense
	[[ $output = *"'nonsense' is not a column"* ]]
	run -1 mydocker top x -o comm
	[[ $output = *"Couldn't find PID field in ps output" ]]
	run -1 mydocker top x -Z
	run -1 mydocker top x -o
	mydocker kill x
}

@test "top of a container that does not run" {
	mydocker run --name x --rootfs "$ROOTFS" true
	run -1 mydocker top x
	[[ $output = *"container 'x' is not running" ]]
	mydocker rm x
	run -1 mydocker top nosuch
}

@test "top escapes what a process calls itself" {
	start x sh -c $'sleep 100; : \033[31mred\nUID'
	wait_for 5 sh -c "[ \$($MYDOCKER top x | wc -l) = 3 ]"
	run -0 mydocker top x
	[ "${#lines[@]}" = 3 ]
	run ! grep -q $'\033' <<<"$output"
	mydocker kill x
}
