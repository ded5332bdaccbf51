#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# logs: what a container has written.
load ../lib/harness
load common

# The directory of a container.
dir_of() { echo "$STORE"/containers/"$(mydocker inspect -f '{{.Id}}' "$1")"; }

# record STREAM SECOND TEXT: as the monitor writes one, of 2026-01-01T00:00.
record() {
	printf '{"log":"%s\\n","stream":"%s","time":"2026-01-01T00:00:%02d.500000000Z"}\n' \
		"$3" "$1" "$2"
}

# A container that has ended, with a log of six lines.
make_log() {
	mydocker run --name x --rootfs "$ROOTFS" true
	LOG=$(dir_of x)/log.json
	for i in 1 2 3; do
		record stdout $i "out $i"
		record stderr $i "err $i"
	done >"$LOG"
}

@test "logs gives each stream its lines" {
	make_log
	run -0 --separate-stderr mydocker logs x
	[ "$output" = $'out 1\nout 2\nout 3' ]
	[ "$stderr" = $'err 1\nerr 2\nerr 3' ]
	[ "$(mydocker container logs x 2>&1)" = $'out 1\nerr 1\nout 2\nerr 2\nout 3\nerr 3' ]
	mydocker rm x
}

@test "logs --tail counts the lines of both streams" {
	make_log
	[ "$(mydocker logs -n 3 x 2>&1)" = $'err 2\nout 3\nerr 3' ]
	[ "$(mydocker logs --tail 0 x 2>&1)" = '' ]
	[ "$(mydocker logs --tail all x 2>&1 | wc -l)" = 6 ]
	[ "$(mydocker logs --tail=-1 x 2>&1 | wc -l)" = 6 ]
	run -125 mydocker logs --tail some x
	[[ $output = *"--tail: 'some' is neither a number of lines nor all"* ]]
	mydocker rm x
}

@test "logs --timestamps" {
	make_log
	run -0 mydocker logs -t -n 1 x
	[ "$output" = '2026-01-01T00:00:03.500000000Z err 3' ]
	mydocker rm x
}

@test "logs --since and --until" {
	make_log
	[ "$(mydocker logs --since 2026-01-01T00:00:02Z --until 2026-01-01T00:00:03Z x 2>&1)" = $'out 2\nerr 2' ]
	[ "$(mydocker logs --since 1767225602.5 --until 1767225602.500000000 x)" = 'out 2' ]
	[ "$(mydocker logs --since 10m x 2>&1)" = '' ]
	[ "$(mydocker logs --until 10m x | wc -l)" = 3 ]
	run -125 mydocker logs --since yesterday x
	[[ $output = *"--since: 'yesterday' is not a time"* ]]
	mydocker rm x
}

@test "logs --details shows attributes in front of lines" {
	make_log
	echo '{"log":"y\n","stream":"stdout","attrs":{"b c":"d","a":"é"},"time":"2026-01-01T00:00:09.000000000Z"}' >>"$LOG"
	[ "$(mydocker logs --details -n 2 x 2>&1)" = $' err 3\na=%C3%A9,b+c=d y' ]
	[ "$(mydocker logs --details -t -n 1 x)" = '2026-01-01T00:00:09.000000000Z a=%C3%A9,b+c=d y' ]
	mydocker rm x
}

@test "logs of a container that wrote nothing, and of none" {
	mydocker run --name x --rootfs "$ROOTFS" true
	run -0 mydocker logs x
	[ "$output" = '' ]
	run -0 mydocker logs -f x
	run -1 mydocker logs nosuch
	[[ $output = *"no such container: 'nosuch'" ]]
	run -125 mydocker logs
	mydocker rm x
}

@test "logs --follow shows what comes, and ends with the container" {
	background run --name x --rootfs "$ROOTFS" sleep 1.5
	wait_for 5 is_running x
	LOG=$(dir_of x)/log.json
	record stdout 1 one >>"$LOG"
	mydocker logs -f x >"$TMP/out" &
	wait_for 2 grep -q one "$TMP/out"
	record stdout 2 two >>"$LOG"
	wait_for 2 grep -q two "$TMP/out"
	mv "$LOG" "$LOG.1"
	record stdout 3 three >>"$LOG"
	wait_for 2 grep -q three "$TMP/out"
	mydocker wait x
	wait_for 2 is_gone $!
	wait $!
	[ "$(cat "$TMP/out")" = $'one\ntwo\nthree' ]
	mydocker rm x
}

@test "logs --follow ends when nobody reads it any more" {
	background run --name x --rootfs "$ROOTFS" sleep 30
	wait_for 5 is_running x
	record stdout 1 one >>"$(dir_of x)/log.json"
	[ "$(timeout 10 "$MYDOCKER" logs -f x | head -n 1)" = one ]
	mydocker rm -f x
}

@test "logs --tail does not read the whole file" {
	make_log
	record stdout 1 line >"$LOG.1"
	for i in {1..17}; do
		cat "$LOG.1" "$LOG.1" >"$TMP/twice"
		mv "$TMP/twice" "$LOG.1"
	done
	record stderr 1 last >"$LOG"
	run -0 strace -f -o "$TMP/trace" -e trace=read,pread64 "$MYDOCKER" logs -n 2 x
	[ "$output" = $'line\nlast' ]
	[ "$(awk '/log|pread/ && $NF > 0 { n += $NF } END { print n }' "$TMP/trace")" -lt 2000000 ]
	mydocker rm x
}
