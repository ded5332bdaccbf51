#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# rm: containers go, whatever state they are in.
load ../lib/harness
load common

kept() { mydocker run --name "$1" --rootfs "$ROOTFS" true; }

@test "rm removes a container and prints what it was called" {
	kept x
	run -0 mydocker rm x
	[ "$output" = x ]
	[ "$(mydocker ps -aq)" = '' ]
	[ "$(find "$STORE" -name config.json)" = '' ]
}

@test "rm frees the name" {
	kept x
	mydocker rm x
	kept x
	mydocker rm x
}

@test "rm takes several, by name, id and beginning of an id" {
	kept x
	mydocker rm "$(mydocker ps -aq)"
	kept x
	mydocker rm "$(mydocker ps -aq --no-trunc)"
	kept x
	kept y
	mydocker rm x y
	[ "$(mydocker ps -aq)" = '' ]
}

@test "rm refuses a running container, and says what helps" {
	start x sleep 100
	run -1 mydocker rm x
	[[ $output = *"'x' is running"*'rm -f'* ]]
	is_running x
	mydocker rm -f x
	ended_with 137
}

@test "rm -f kills a running container" {
	background run --name x --rootfs "$ROOTFS" sleep 100
	wait_for 5 is_running x
	run -0 mydocker rm -f x
	[ "$(mydocker ps -aq)" = '' ]
	ended_with 137
}

@test "rm names a container that is not there" {
	run -1 mydocker rm none
	[ "$output" = "mydocker rm: no such container: 'none'" ]
}

@test "rm -f of a container that is not there is no error" {
	run -0 --separate-stderr mydocker rm -f none
	[ -z "$output" ]
	[[ $stderr = *"no such container: 'none'" ]]
}

@test "rm of nonsense touches nothing" {
	local name

	kept x
	for name in ../.. . .. / '' ../containers "$STORE"; do
		run -1 mydocker rm "$name"
	done
	mydocker rm x
}

@test "an ambiguous beginning of an id lists the candidates" {
	local i id first

	for i in {1..17}; do
		kept x$i
	done
	first=$(mydocker ps -aq | cut -c 1 | sort | uniq -d | head -n 1)
	run -1 mydocker rm "$first"
	for id in $(mydocker ps -aq | grep "^$first"); do
		[[ $output = *"$id"* ]]
	done
	# shellcheck disable=SC2046
	mydocker rm $(mydocker ps -aq)
}

# broken NAME HOW: damage the record of a container, and remove it.
damaged() {
	local record

	kept x
	kept y
	record=$(grep -l '"name": *"x"' "$STORE"/containers/*/record.json)
	rm "$record"
	eval "$1"
	mydocker ps -a | grep -q 'Dead.* x$'
	mydocker ps -a | grep -q 'Exited (0).* y$'
	run -1 mydocker rm x
	timeout 5 "$MYDOCKER" rm -f x
	mydocker rm y
	[ "$(mydocker ps -aq)" = '' ]
}

@test "a container without a record is dead, and removable" {
	damaged :
}

@test "a container with an empty record is dead, and removable" {
	damaged ': >"$record"'
}

@test "a container with half a record is dead, and removable" {
	damaged 'echo "{\"version\":1,\"id\":" >"$record"'
}

@test "a container whose record is a FIFO is dead, and removable" {
	damaged 'mkfifo "$record"'
}

@test "a container whose record is a link is dead, and its target safe" {
	echo precious >victim
	damaged 'ln -s "$TMP/victim" "$record"'
	[ "$(cat victim)" = precious ]
}

@test "a container whose record is a directory is dead, and removable" {
	damaged 'mkdir "$record"'
}

@test "a container whose record is of a newer version is left to it" {
	damaged 'echo "{\"version\":99,\"id\":\"x\",\"state\":\"exited\"}" >"$record"'
}

@test "rm -f removes a running container whose record is damaged" {
	local pid

	start x sleep 100
	pid=$(pid_of x)
	: >"$(echo "$STORE"/run/containers/*/record.json)"
	mydocker rm -f x
	wait_for 5 is_gone "$pid"
	[ "$(mydocker ps -aq)" = '' ]
	wait "$LAST" || :
}

@test "rm -f works when the monitor is stopped" {
	local monitor

	start x sleep 100
	monitor=$(jq .monitor "$STORE"/run/containers/*/record.json)
	kill -STOP "$monitor"
	timeout 20 "$MYDOCKER" rm -f x
	[ "$(mydocker ps -aq)" = '' ]
	kill -CONT "$monitor"
	wait "$LAST" || :
}

@test "what a container left in its directory goes, links are not followed" {
	local dir

	mkdir victim
	touch victim/file
	kept x
	dir=$(echo "$STORE"/containers/*)
	mkdir -p "$dir/a/b/c"
	ln -s "$TMP/victim" "$dir/a/link"
	mydocker rm x
	[ ! -e "$dir" ]
	[ -e victim/file ]
}

@test "rm does not enter a mount, and says so" {
	local dir

	skip_unless root
	kept x
	dir=$(echo "$STORE"/containers/*)
	mkdir "$dir/mnt" victim
	touch victim/file
	mount --bind victim "$dir/mnt"
	run -1 mydocker rm x
	[[ $output = *mnt* ]]
	[ -e victim/file ]
	umount "$(awk -v top="$STORE" 'index($5, top) == 1 { print $5 }' \
		/proc/self/mountinfo)"
	mydocker ps -a >/dev/null
	[ -e victim/file ]
	mydocker rm -f x || :
}

@test "rm --link says that there are no links" {
	kept x
	run -125 mydocker rm --link x
	[[ $output = *--link* ]]
	[ ${#lines[@]} -eq 1 ]
	mydocker rm x
}
