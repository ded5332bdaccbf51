#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# run: what comes in, what comes out, and what is left.
load ../lib/harness
load common


# ---- words and status ----

@test "a command of the host runs on the host's own root" {
	run -0 mydocker run --rm /bin/echo hello
	[ "$output" = hello ]
}

@test "the working directory is kept on the host's own root" {
	run -0 mydocker run --rm /bin/pwd
	[ "$output" = "$TMP" ]
}

@test "a command without a slash is searched for in PATH" {
	run -0 in_root echo hello
	[ "$output" = hello ]
}

@test "the exit status is the command's" {
	run -7 in_root sh -c 'exit 7'
}

@test "a command that a signal ends has 128 and its number" {
	# process 1 of a PID namespace cannot kill itself
	run -137 in_root --pid host sh -c 'kill -9 $$'
	run -143 in_root --pid host sh -c 'kill -15 $$'
}

@test "a child ended by a signal does not disturb" {
	run -0 in_root sh -c 'sh -c "kill -9 \$\$"; [ $? = 137 ]'
}

@test "a command that is not there is 127 and one line" {
	run -127 in_root /no/such/command
	[ ${#lines[@]} -eq 1 ]
	[[ $output = 'mydocker run: '*/no/such/command* ]]
}

@test "a command that cannot be executed is 126" {
	run -126 in_root /etc/passwd
	[ ${#lines[@]} -eq 1 ]
	[[ $output = 'mydocker run: '*/etc/passwd* ]]
}

@test "an option that is not there is 125" {
	run -125 mydocker run --no-such-option /bin/true
	[ ${#lines[@]} -eq 1 ]
}

@test "an option that waits for images or networks is refused as such" {
	local option

	for option in --add-host=a:1.2.3.4 --dns=1.2.3.4 --dns-option=x --dns-opt=x --dns-search=x \
		--expose=80 --ip=1.2.3.4 --ip6=::1 --link-local-ip=1.2.3.4 \
		--mac-address=02:00:00:00:00:01 --network-alias=x --net-alias=x --platform=linux/amd64 \
		--publish=80:80 -p=80 --publish-all -P --pull=always --quiet -q --gpus=all \
		--storage-opt=size=1g; do
		run -125 mydocker run --rm "$option" --rootfs "$ROOTFS" true
		[ ${#lines[@]} -eq 1 ]
		[[ $output = "mydocker run: ${option%%=*}: not supported yet"* ]]
	done
	run -125 in_root --gidmap x true
	[[ $output = *"--gidmap: 'x' is not INSIDE:OUTSIDE:COUNT" ]]
}

@test "no command at all is 125" {
	run -125 mydocker run --rm
	[ ${#lines[@]} -eq 1 ]
	run -125 in_root
}

@test "words are never split or joined" {
	run -0 mydocker run --rm /usr/bin/printf '<%s>' 'a b' '' $'c\nd' '*'
	[ "$output" = $'<a b><><c\nd><*>' ]
}

@test "words behind the command are not options" {
	run -0 in_root echo --rm -it --name x
	[ "$output" = '--rm -it --name x' ]
}

@test "a very long word arrives whole" {
	local word

	word=$(head -c 100000 /dev/zero | tr '\0' x)
	run -0 in_root sh -c 'echo ${#1}' sh "$word"
	[ "$output" = 100000 ]
}

@test "a program with that name on the host is not run instead" {
	cat >"$TMP/only-here" <<<'#!/bin/sh'
	chmod +x "$TMP/only-here"
	PATH=$TMP:$PATH run -127 in_root only-here
}

# ---- what comes out ----

@test "a run that succeeds prints nothing of its own" {
	run -0 --separate-stderr in_root true
	[ "$output$stderr" = '' ]
}

@test "stdout and stderr stay apart" {
	run -0 --separate-stderr in_root sh -c 'echo out; echo err >&2'
	[ "$output" = out ]
	[ "$stderr" = err ]
}

@test "without a terminal bytes pass unchanged" {
	head -c 1000000 /dev/urandom >in
	in_root -i cat <in >out
	cmp in out
}

@test "stdin is empty without -i" {
	run -0 in_root cat <<<typed
	[ "$output" = '' ]
}

@test "-i passes stdin on" {
	run -0 in_root -i cat <<<typed
	[ "$output" = typed ]
}

@test "what a command of a millisecond prints is not lost" {
	local i

	for i in {1..30}; do
		run -7 in_root sh -c 'echo x; exit 7'
		[ "$output" = x ]
	done
}

@test "a reader that goes away ends the container" {
	timeout 10 bash -c '"$0" run --rm --rootfs "$1" yes | head -n 1' \
		"$MYDOCKER" "$ROOTFS"
}

@test "run works with stdin, stdout and stderr closed" {
	run -7 in_root sh -c 'exit 7' <&-
	run -7 in_root sh -c 'exit 7' >&-
	run -7 in_root sh -c 'exit 7' 2>&-
	run -7 in_root sh -c 'exit 7' <&- >&- 2>&-
}

@test "a full disk behind stdout does not hang the container" {
	run -0 timeout 10 "$MYDOCKER" run --rm --rootfs "$ROOTFS" \
		sh -c 'echo x; exit 0' >/dev/full
}

@test "level info tells what is done" {
	run -0 --separate-stderr mydocker --log-level info run --rm \
		--rootfs "$ROOTFS" echo 'a b'
	[ "$output" = 'a b' ]
	[[ $stderr = *'init come on'* ]]
	[[ $stderr = *'command: echo a b'* ]]
	[[ $stderr = *'Find path /bin/echo'* ]]
}

@test "the narration can be JSON" {
	local line

	mydocker --log-level info --log-format json run --rm \
		--rootfs "$ROOTFS" true 2>log
	[ -s log ]
	while read -r line; do
		jq -e '.level and .msg and
			(.time | test("^....-..-..T..:..:.."))' <<<"$line"
	done <log
	[ "$(jq -r 'select(.msg | startswith("command: ")) | .level' log)" \
		= info ]
}

# ---- environment ----

@test "the caller's environment does not leak" {
	SECRET=x run -0 in_root env
	[[ $output != *SECRET* ]]
	[[ $output = *PATH=* ]]
}

@test "-e sets a variable, with what it has of spaces and equal signs" {
	run -0 in_root -e 'A=b c=d' -e $'E=1\n2' sh -c 'echo "$A|$E"'
	[ "$output" = $'b c=d|1\n2' ]
}

@test "-e with a name alone takes the caller's value" {
	GIVEN=here run -0 in_root -e GIVEN -e ABSENT sh -c \
		'echo "$GIVEN ${ABSENT-unset}"'
	[ "$output" = 'here unset' ]
}

@test "--env-file sets variables, and -e overrules it" {
	printf '%s\n' '# a comment' A=1 'B=two words' '' C=3 >file
	run -0 in_root --env-file file -e C=4 sh -c 'echo "$A $B $C"'
	[ "$output" = '1 two words 4' ]
}

@test "--env-file that is not there is an error" {
	run -125 in_root --env-file none true
	[[ $output = *none* ]]
}

# ---- where and what ----

@test "-w is the working directory" {
	run -0 in_root -w /usr/bin pwd
	[ "$output" = /usr/bin ]
}

@test "--entrypoint runs, with the operands as its arguments" {
	run -0 in_root --entrypoint /bin/echo a b
	[ "$output" = 'a b' ]
}

@test "--entrypoint needs no operands" {
	run -0 in_root --entrypoint /bin/hostname
	[[ $output =~ ^[0-9a-f]{12}$ ]]
}

@test "--init makes our own reaper process 1" {
	run -0 in_root --init sh -c '[ $$ -ne 1 ]; echo $?; cat /proc/1/comm'
	[ "${lines[0]}" = 0 ]
	[[ ${lines[1]} != sh ]]
}

@test "without --init the command is process 1" {
	run -0 in_root sh -c 'echo $$'
	[ "$output" = 1 ]
}

@test "--init reaps orphans" {
	run -0 in_root --init sh -c '
		sh -c "sleep 0.05 & exit 0"
		sleep 0.3
		! grep -qs "^State:.Z" /proc/[0-9]*/status'
}

@test "--init ends with the command's status" {
	run -7 in_root --init sh -c 'exit 7'
	run -137 in_root --init sh -c 'kill -9 $$'
}

@test "--init passes signals on" {
	background run --rm --init --rootfs "$ROOTFS" sh -c \
		'trap "exit 9" TERM; echo ready; while :; do sleep 0.05; done'
	wait_for 5 grep -q ready "$LAST_OUT"
	kill -TERM "$LAST"
	ended_with 9
}

@test "signals to run reach the command" {
	background run --rm --rootfs "$ROOTFS" sh -c \
		'trap "exit 9" HUP; echo ready; while :; do sleep 0.05; done'
	wait_for 5 grep -q ready "$LAST_OUT"
	kill -HUP "$LAST"
	ended_with 9
}

@test "the command finds no descriptors but three" {
	run -0 mydocker run --rm --rootfs "$ROOTFS" sh -c \
		'ls /proc/self/fd' 5</ 6</etc/passwd 60</
	[ "$output" = $'0\n1\n2\n3' ] # 3 is ls's own
}

# ---- names and what is kept ----

@test "--name calls the container so" {
	mydocker run --name web --rootfs "$ROOTFS" true
	run -0 mydocker ps -a
	[[ ${lines[1]} = *' web' ]]
	mydocker rm web
}

@test "without --rm the container is kept with its status" {
	run -3 mydocker run --name web --rootfs "$ROOTFS" sh -c 'exit 3'
	run -0 mydocker ps -a
	[[ ${lines[1]} = *'Exited (3)'* ]]
	mydocker rm web
}

@test "--rm leaves nothing" {
	in_root true
	run -0 mydocker ps -aq
	[ "$output" = '' ]
	[ "$(find "$STORE" -mindepth 1 -name '*[0-9a-f]' -path '*containers/*')" = '' ]
}

@test "--rm keeps its record where a reboot forgets it" {
	background run --rm --rootfs "$ROOTFS" sleep 100
	wait_for 5 eval '[ -n "$(mydocker ps -q)" ]'
	[ -n "$(find "$STORE/run/containers" -name record.json)" ]
	[ ! -e "$STORE/containers" ]
	mydocker kill "$(mydocker ps -q)"
}

@test "a --rm container never waits for the disk" {
	skip_unless program strace
	strace -f -e trace=fsync,fdatasync,sync,syncfs -o trace \
		"$MYDOCKER" run --rm --rootfs "$ROOTFS" true
	run ! grep -E 'sync' trace
}

@test "a kept container's record is on the disk before the command runs" {
	skip_unless program strace
	strace -f -e trace=fsync -o trace \
		"$MYDOCKER" run --name x --rootfs "$ROOTFS" true
	grep -q 'fsync.*= 0' trace
	mydocker rm x
}

@test "a name in use is refused, and its holder named" {
	mydocker run --name web --rootfs "$ROOTFS" true
	run -125 mydocker run --name web --rootfs "$ROOTFS" true
	[[ $output = *"'web' is in use by $(mydocker ps -aq)"* ]]
	mydocker rm web
}

@test "of many runs with one name exactly one wins" {
	seq 20 | xargs -P 20 -I{} sh -c \
		'"$0" run --rm --name web --rootfs "$1" sleep 2 2>>err; echo $?' \
		"$MYDOCKER" "$ROOTFS" >status
	[ "$(grep -cx 0 status)" -eq 1 ]
	[ "$(grep -cx 125 status)" -eq 19 ]
}

@test "names that are none are refused" {
	local name

	for name in ../x /abs . -x a/b 'a b' $'a\nb' '' "$(printf 'x%.0s' {1..300})"; do
		run -125 mydocker run --rm --name="$name" --rootfs "$ROOTFS" true
	done
	[ ! -e "$STORE/../x" ]
}

@test "made-up names are an adjective and a surname" {
	mydocker run --rootfs "$ROOTFS" true
	run -0 mydocker ps -a
	[[ ${lines[1]} =~ ^[0-9a-f]{12}\ .*\ [a-z]+_[a-z]+$ ]]
	mydocker rm "$(mydocker ps -aq)"
}

@test "a start that fails leaves nothing" {
	run -127 mydocker run --name web --rootfs "$ROOTFS" /no/such/command
	run -0 mydocker ps -aq
	[ "$output" = '' ]
	mydocker run --rm --name web --rootfs "$ROOTFS" true
}

@test "--cidfile gets the whole id" {
	mydocker run --cidfile id --rootfs "$ROOTFS" true
	[ "$(cat id)" = "$(mydocker ps -aq --no-trunc)" ]
	[[ $(cat id) =~ ^[0-9a-f]{64}$ ]]
	mydocker rm "$(cat id)"
}

@test "--cidfile is written before the command runs" {
	background run --rm --cidfile id --rootfs "$ROOTFS" sleep 100
	wait_for 5 eval '[ -n "$(mydocker ps -q)" ]'
	[ -s id ]
	mydocker kill "$(cat id)"
}

@test "--cidfile that is there already is refused and not touched" {
	echo precious >id
	run -125 in_root --cidfile id true
	[ "$(cat id)" = precious ]
	[ "$(mydocker ps -aq)" = '' ]
}

@test "--cidfile of a container that did not start is removed" {
	run -127 in_root --cidfile id /no/such/command
	[ ! -e id ]
}

@test "--label is in the record" {
	mydocker run --label a=b --label c --name x --rootfs "$ROOTFS" true
	[ "$(jq -c .labels "$STORE"/containers/*/record.json)" \
		= '{"a":"b","c":""}' ]
	mydocker rm x
}

@test "--label-file has labels, and --label overrules it" {
	printf '%s\n' '# a comment' a=b c=d >labels
	mydocker run --label-file labels -l c=e --name x --rootfs "$ROOTFS" true
	[ "$(jq -c .labels "$STORE"/containers/*/record.json)" \
		= '{"a":"b","c":"e"}' ]
	mydocker rm x
	run -125 in_root --label-file none true
	[[ $output = *none* ]]
}

@test "long spellings are the same" {
	run -0 in_root --interactive --env A=1 --workdir /mnt \
		--volume "$TMP:/mnt:ro" sh -c 'cat; echo $A; pwd' <<<typed
	[ "$output" = $'typed\n1\n/mnt' ]
	run -125 in_root --tty --interactive true </dev/null
	[[ $output = *terminal* ]]
	start x sleep 100
	run -0 mydocker exec --interactive --env A=2 --workdir /mnt x \
		sh -c 'cat; echo $A; pwd' <<<typed
	[ "$output" = $'typed\n2\n/mnt' ]
	[ "$(mydocker ps --quiet)" = "$(mydocker ps --all --quiet)" ]
	run -0 mydocker stop --timeout 0 x
	run -0 mydocker rm --force x
	ended_with 137
}

@test "--annotation is in the OCI spec" {
	mydocker run --annotation a=b --name x --rootfs "$ROOTFS" true
	[ "$(jq -r .annotations.a "$STORE"/containers/*/config.json)" = b ]
	mydocker rm x
}

@test "--stop-signal is what stop sends" {
	background run --rm --name x --stop-signal USR1 --rootfs "$ROOTFS" \
		sh -c 'trap "exit 9" USR1; echo ready; while :; do sleep 0.05; done'
	wait_for 5 grep -q ready "$LAST_OUT"
	mydocker stop -t 5 x
	ended_with 9
}

@test "--stop-timeout is how long stop waits" {
	background run --rm --name x --stop-timeout 1 --rootfs "$ROOTFS" \
		sh -c 'trap : TERM; echo ready; while :; do sleep 0.05; done'
	wait_for 5 grep -q ready "$LAST_OUT"
	SECONDS=0
	mydocker stop x
	[ "$SECONDS" -le 4 ]
	ended_with 137
}

@test "a root that does not exist is an error" {
	run -125 mydocker run --rm --rootfs "$TMP/none" true
	[[ $output = *none* ]]
	[ ${#lines[@]} -eq 1 ]
}

@test "a store that is somebody else's is refused" {
	skip_unless root
	mkdir theirs
	chown 1000 theirs
	run -125 mydocker --root "$TMP/theirs" run --rm /bin/true
	[[ $output = *"belongs to user 1000"* ]]
}

@test "a store that all may write to is refused" {
	mkdir -m 777 open
	chmod 777 open
	run -125 mydocker --root "$TMP/open" run --rm /bin/true
	[[ $output = *'everybody may write'* ]]
}

@test "a store is open to nobody else, whatever the umask is" {
	(
		umask 0
		mydocker run --name x --rootfs "$ROOTFS" true
	)
	[ "$(find "$STORE" -perm /077 ! -type l)" = '' ]
	mydocker rm x
}

@test "a run that is killed leaves no container behind" {
	background run --rm --name x --rootfs "$ROOTFS" sleep 100
	wait_for 5 eval 'mydocker ps | grep -q "sleep 100"'
	kill -KILL "$LAST"
	wait "$LAST" || :
	wait_for 5 eval 'mydocker ps -a | grep -q " x$" && mydocker rm -f x ||
		[ -z "$(mydocker ps -aq)" ]'
	[ "$(mydocker ps -aq)" = '' ]
}

@test "whichever process is killed at whichever call, the next command mends" {
	local call n

	skip_unless program strace
	for call in openat write renameat mkdirat symlinkat fork clone3 flock \
		sendmsg recvmsg mount move_mount poll unlinkat rmdir; do
		for n in 1 4; do
			timeout 20 strace -f -qq -o /dev/null \
				-e inject=$call:signal=KILL:when=$n "$MYDOCKER" \
				run --rm --name x --rootfs "$ROOTFS" true \
				>/dev/null 2>&1 || :
			timeout 5 "$MYDOCKER" ps -a >/dev/null
			timeout 20 "$MYDOCKER" rm -f x 2>/dev/null
			in_root --name x true
			[ "$(mydocker ps -aq)" = '' ]
		done
	done
}
