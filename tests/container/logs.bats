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

# has_logged NAME TEXT: on either stream.
has_logged() { mydocker logs "$1" 2>&1 | grep -q -- "$2"; }

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

@test "logs of a real container, while it runs and afterwards" {
	mydocker run -d --name x --rootfs "$ROOTFS" sh -c '
		echo one; echo two >&2; printf three; sleep 0.6; echo; echo four'
	wait_for 5 has_logged x two
	mydocker wait x
	run -0 --separate-stderr mydocker logs x
	[ "$output" = $'one\nthree\nfour' ]
	[ "$stderr" = two ]
	mydocker start -a x
	[ "$(mydocker logs x 2>&1 | wc -l)" = 8 ]
	[ "$(mydocker logs -n 1 x)" = four ]
	mydocker rm x
}

@test "logs has every byte, in order" {
	mydocker run --name x --rootfs "$ROOTFS" sh -c '
		dd if=/dev/urandom bs=1000 count=3000 2>/dev/null; printf "a\000b\r\n\nend"' >"$TMP/out"
	mydocker logs x >"$TMP/logs"
	cmp "$TMP/out" "$TMP/logs"
	mydocker rm x
}

@test "logs of a terminal" {
	mydocker run -dt --name x --rootfs "$ROOTFS" sh -c 'echo out; echo err >&2'
	mydocker wait x
	run -0 --separate-stderr mydocker logs x
	[ "$output" = $'out\r\nerr\r' ]
	[ "$stderr" = '' ]
	mydocker rm x
}

@test "logs of a --rm container, which lie with it" {
	mydocker run -d --rm --name x --rootfs "$ROOTFS" sh -c 'echo hello; sleep 30'
	wait_for 5 has_logged x hello
	[ -s "$(echo "$STORE"/run/containers/*/log.json)" ]
	mydocker rm -f x
}

@test "--log-opt max-size and max-file bound the files" {
	mydocker run -d --name x --log-opt max-size=10k --log-opt max-file=2 \
		--rootfs "$ROOTFS" sh -c 'i=0; while [ $((i += 1)) -le 1000 ]; do echo "line $i"; done'
	mydocker wait x
	dir=$(dir_of x)
	[ "$(stat -c %a "$dir/log.json")" = 600 ]
	[ "$(stat -c %s "$dir/log.json")" -le 10000 ]
	[ "$(stat -c %s "$dir/log.json.1")" -le 10000 ]
	[ ! -e "$dir/log.json.2" ]
	[ "$(mydocker logs -n 2 x)" = $'line 999\nline 1000' ]
	mydocker rm x
}

@test "a log is bounded if nothing is said" {
	mydocker run -d --name x --rootfs "$ROOTFS" sh -c 'yes | head -c 2000000'
	mydocker wait x
	dir=$(dir_of x)
	[ "$(cat "$dir"/log.json* | wc -c)" -le 30000000 ]
	[ "$(stat -c %s "$dir/log.json.1")" -gt 9000000 ]
	[ ! -e "$dir/log.json.3" ]
	mydocker rm x
}

@test "labels and variables go along with lines" {
	mydocker run --name x --label tier=db --log-opt labels=tier --log-opt env=WHO \
		-e WHO=me --rootfs "$ROOTFS" echo hello
	[ "$(mydocker logs --details x)" = 'WHO=me,tier=db hello' ]
	mydocker rm x
}

@test "what no file has kept cannot be read" {
	mydocker run -d --name x --log-driver none --rootfs "$ROOTFS" echo hello
	mydocker wait x
	run -1 mydocker logs x
	[ "$output" = 'mydocker logs: configured logging driver does not support reading' ]
	[ ! -e "$(dir_of x)/log.json" ]
	mydocker rm x
}

@test "a log driver that cannot be had is refused, and nothing is made" {
	run -125 mydocker run --log-driver fluentd --rootfs "$ROOTFS" true
	[[ $output = *"log driver 'fluentd' is not supported; choose json-file"* ]]
	run -125 mydocker create --log-opt max-size=x --rootfs "$ROOTFS" true
	[[ $output = *"log option max-size: 'x' is not a size"* ]]
	[ "$(mydocker ps -aq)" = '' ]
}

@test "syslog gets the lines, or the container is not started" {
	run -125 mydocker run --name x --log-driver syslog \
		--log-opt syslog-address=unixgram://"$TMP/log" --rootfs "$ROOTFS" true
	[[ $output = *"log driver syslog: unixgram://$TMP/log: connect: No such file or directory" ]]
	mydocker rm -f x 2>/dev/null || :
	python3 -c 'import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
for _ in range(2):
	print(s.recv(1000).decode(), end="", flush=True)' "$TMP/log" >"$TMP/got" 3>&- 4>&- &
	wait_for 5 test -S "$TMP/log"
	mydocker run -d --name y --log-driver syslog --log-opt tag='{{.Name}}' \
		--log-opt syslog-address=unixgram://"$TMP/log" --rootfs "$ROOTFS" \
		sh -c 'echo out; echo err >&2'
	mydocker wait y
	wait $!
	sort "$TMP/got" >"$TMP/sorted"
	run -1 mydocker logs y
	grep -Eq '^<27>.* y\[[0-9]+\]: err$' "$TMP/sorted"
	grep -Eq '^<30>.* y\[[0-9]+\]: out$' "$TMP/sorted"
	mydocker rm y
}

@test "a full disk harms no container, and the log says that it was full" {
	mkdir -p "$STORE"
	mount -t tmpfs -o size=300k,mode=700 none "$STORE" 2>/dev/null || skip 'no mounts here'
	ok=0
	mydocker run -d --name x -v "$TMP:/t" --rootfs "$ROOTFS" sh -c \
		'i=0; while [ $((i += 1)) -le 20000 ]; do echo "line $i"; done; : >/t/done; while [ ! -e /t/go ]; do sleep 0.05; done; echo after; sleep 30' || ok=5
	wait_for 20 test -e "$TMP/done" || ok=1
	dir=$(echo "$STORE"/containers/*)
	mydocker logs x | head -n 1 | grep -qx 'line 1' || ok=2
	mount -o remount,size=2m "$STORE"
	: >"$TMP/go"
	wait_for 5 grep -q after "$dir/log.json" || ok=3
	mydocker logs x 2>&1 >/dev/null | grep -Eqx 'mydocker: [0-9]+ lines are missing here: No space left on device' || ok=4
	mydocker rm -f x || ok=6
	umount "$STORE" || umount -l "$STORE"
	[ $ok = 0 ] || echo "failed at $ok"
	[ $ok = 0 ]
}

@test "logs --follow goes on over a restart by the policy" {
	mydocker run -d --name x --restart on-failure:2 --rootfs "$ROOTFS" \
		sh -c 'echo life; sleep 0.2; exit 1'
	[ "$(timeout 20 "$MYDOCKER" logs -f x)" = $'life\nlife\nlife' ]
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
