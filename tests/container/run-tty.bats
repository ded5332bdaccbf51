#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# run -t: a terminal in the container, and the caller's meanwhile.
load ../lib/harness
load common

# on_tty ACTION… -- ARG…: in_root ARG… on a terminal.
on_tty() {
	local actions=()

	while [ "$1" != -- ]; do
		actions+=("$1")
		shift
	done
	with_tty "${actions[@]}" -- "$MYDOCKER" run --rm --rootfs "$ROOTFS" "${@:2}"
}

@test "-t is a terminal of the container's own devpts" {
	run -0 on_tty -- -t sh -c \
		'test -t 0 && test -t 1 && test -t 2 && tty && ls /dev/pts'
	[[ $output = *'/dev/pts/0'* ]]
}

@test "-t makes /dev/console that terminal" {
	run -0 on_tty -- -t stat -c %t /dev/console
	[[ $output = 88* ]]
}

@test "-it passes what is typed" {
	run -0 on_tty expect=ready 'send=hello\n' expect='got hello' -- \
		-it sh -c 'echo ready; read word; echo got $word'
}

@test "-t carries the size, also when it changes" {
	run -0 on_tty size=33x101 expect=ready size=40x90 'send=\n' \
		expect='40 90' -- -it sh -c \
		'stty size; echo ready; read x; sleep 0.3; stty size'
	[[ $output = *'33 101'* ]]
}

@test "^C reaches the command and not us" {
	run -9 on_tty expect=ready 'send=\x03' -- -it sh -c \
		'trap "exit 9" INT; echo ready; while :; do sleep 0.05; done'
}

@test "the status comes through a terminal" {
	run -7 on_tty -- -t sh -c 'exit 7'
}

@test "the terminal is restored after a container that was killed" {
	# terminal.py ends with 123 where it is not
	background run --rm --name other --rootfs "$ROOTFS" sleep 100
	wait_for 5 is_running other
	mydocker kill other
	(sleep 1; mydocker kill x) >/dev/null 3>&- &
	run -137 with_tty expect=ready -- "$MYDOCKER" run --rm --name x -it \
		--rootfs "$ROOTFS" sh -c 'echo ready; sleep 100'
}

@test "the terminal is restored after a failed start" {
	run -127 on_tty -- -it /no/such/command
}

@test "^P^Q detaches and the container goes on" {
	run -0 with_tty expect=ready 'send=\x10\x11' -- "$MYDOCKER" run --rm \
		--name x -it --rootfs "$ROOTFS" sh -c 'echo ready; sleep 100'
	is_running x
	mydocker kill x
}

@test "--detach-keys are other keys" {
	run -0 with_tty expect=ready 'send=\x01d' -- "$MYDOCKER" run --rm \
		--name x -it --detach-keys ctrl-a,d --rootfs "$ROOTFS" \
		sh -c 'echo ready; sleep 100'
	is_running x
	mydocker kill x
	run -125 in_root --detach-keys nonsense true
}

@test "-t without a terminal says so" {
	run -125 in_root -it true </dev/null
	[[ $output = *terminal* || $output = *TTY* ]]
	[ ${#lines[@]} -eq 1 ]
}

@test "without -t there is no terminal, and no one's to push input to" {
	run -0 on_tty -- sh -c '! test -t 0; ! test -t 1; ! true </dev/tty'
}

@test "a hangup ends the run, and nothing stays" {
	start other sleep 100
	mydocker kill other
	on_tty expect=ready hangup -- -it sh -c 'echo ready; sleep 2' || :
	wait_for 10 eval '[ -z "$(mydocker ps -q)" ]'
}

@test "much output comes through a terminal whole" {
	run -0 on_tty -- -t sh -c 'seq 20000'
	[ "$(grep -c . <<<"$output")" -eq 20000 ]
}

@test "-t without -i needs no terminal, and leaves stdin alone" {
	exec 5<<<word
	[ "$(in_root -t tty <&5)" = $'/dev/pts/0\r' ]
	read -r word <&5
	[ "$word" = word ]
	run -7 in_root -t sh -c 'exit 7' </dev/null
}
