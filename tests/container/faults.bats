#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# What is killed anywhere, a disk that is full, no descriptors, the power cut:
# the next command tells the truth, and nothing stays.
#
# $FAULT_STEP: kill at every so manieth system call; 1 is every one.
load ../lib/harness
load common

: "${FAULT_STEP:=23}"

detached() { mydocker run -d --rootfs "$ROOTFS" "$@" >/dev/null; }
status_of() { mydocker inspect -f '{{.State.Status}}' "$1"; }

# injected N ARG…: strace with ARG…, and everybody that it traces killed at his
# Nth system call. Returns 1 when nobody has made so many: then no call but
# exit has no result. ("killed by SIGKILL" is not printed on every kernel.)
injected() {
	timeout -k 5 30 strace -f -qq -e signal=none -o strace.out \
		-e inject=all:signal=KILL:when="$1" "${@:2}" \
		>/dev/null 2>&1 </dev/null || :
	grep '= ?$' strace.out | grep -qv ' exit\(_group\)\?('
}

# killed_at N ARG…: that of the program and all that it starts.
killed_at() { injected "$1" "$MYDOCKER" "${@:2}"; }

# The name can be had, whoever had it, and nothing is left afterwards.
name_is_free() {
	timeout 10 "$MYDOCKER" ps -a >/dev/null &&
		timeout 30 "$MYDOCKER" rm -f "$1" >/dev/null 2>&1 &&
		[ "$(mydocker ps -aq)" = '' ] &&
		mydocker run --rm --name "$1" --rootfs "$ROOTFS" true &&
		[ -z "$(find "$STORE"/{containers,run/containers,run/names} \
			-mindepth 1 2>/dev/null)" ]
}

# One of several.
is_status() { [[ $(status_of "$1") =~ ^($2)$ ]]; }

# steps TEST FAULT [BEFORE]: for N = 1, 1+$FAULT_STEP, … call BEFORE, FAULT N,
# which returns 1 when nobody makes so many calls, and TEST.
steps() {
	local n killed=0

	for ((n = 1; n < 5000 && killed == 0; n += FAULT_STEP)); do
		${3-}
		"$2" "$n" || killed=1
		if ! "$1"; then
			echo "after a kill at call $n"
			return 1
		fi
	done
	# the tests of this file have been vacuous once
	[ "$n" -gt $((1 + FAULT_STEP)) ]
}

@test "run -d killed at any call leaves a container or none" {
	skip_unless program strace
	fault() { killed_at "$1" run -d --name x --rootfs "$ROOTFS" sleep 0.2; }
	check() { name_is_free x; }
	steps check fault
}

@test "start killed at any call leaves what it was, or what it is to be" {
	skip_unless program strace
	before() { mydocker create --name x --rootfs "$ROOTFS" sleep 0.2; }
	fault() { killed_at "$1" start x; }
	check() {
		is_status x 'created|running|exited' &&
			mydocker start x && name_is_free x
	}
	steps check fault before
}

@test "stop killed at any call leaves it running or ended" {
	skip_unless program strace
	before() { detached --name x sleep 100; }
	fault() { killed_at "$1" stop -t 0 x; }
	check() {
		is_status x 'running|exited' && mydocker stop -t 0 x &&
			is_status x exited && name_is_free x
	}
	steps check fault before
}

@test "rm -f killed at any call can be done again" {
	skip_unless program strace
	before() { detached --name x sleep 100; }
	fault() { killed_at "$1" rm -f x; }
	check() { name_is_free x; }
	steps check fault before
}

@test "a monitor killed at any of its calls leaves the truth" {
	skip_unless program strace
	before() { detached --name x sh -c 'sleep 0.3; exit 3'; }
	fault() { injected "$1" -p "$(pgrep -f '^mydocker: x$')"; }
	check() {
		wait_for 10 eval '! pgrep -f "^mydocker: x\$" >/dev/null' &&
			wait_for 10 is_status x exited &&
			[[ $(mydocker inspect -f '{{.State.ExitCode}}' x) =~ ^(3|255)$ ]] &&
			name_is_free x
	}
	steps check fault before
}

@test "the command, its monitor and the first process, killed at once" {
	detached --name x --restart always sleep 100
	kill -KILL "$(pgrep -f '^mydocker: x$')" "$(pid_of x)"
	wait_for 5 eval '[ "$(status_of x)" = exited ]'
	[ "$(mydocker inspect -f '{{.State.ExitCode}}' x)" = 255 ]
	name_is_free x
}

# ---- disks ------------------------------------------------------------------

# A file system of SIZE MB at $PWD/disk, with the store on it.
small_disk() {
	skip_unless program mkfs.ext4
	truncate -s "$1M" image
	mkfs.ext4 -q -F image
	mkdir -p disk
	mount -o loop image disk
	export MYDOCKER_ROOT=$PWD/disk/store
}

end_disk() {
	mydocker ps -aq | xargs -r "$MYDOCKER" rm -f >/dev/null 2>&1 || :
	umount -l disk
}

@test "a full disk: one clear error, and the others are unharmed" {
	small_disk 16
	detached --name other sleep 100
	dd if=/dev/zero of=disk/fill bs=64k status=none 2>/dev/null || :
	dd if=/dev/zero of=disk/fill2 bs=1k status=none 2>/dev/null || :
	run -125 mydocker run -d --name x --rootfs "$ROOTFS" sleep 100
	[ ${#lines[@]} -eq 1 ]
	[[ $output = *'No space left'* ]]
	is_running other
	mydocker exec other true
	[ "$(mydocker ps -aq | wc -l)" = 1 ]
	rm disk/fill disk/fill2
	detached --name x sleep 100
	mydocker rm -f x other
	end_disk
}

@test "a container that writes on a full disk is not held up by its log" {
	small_disk 16
	mydocker run -d --name x --rootfs "$ROOTFS" sh -c \
		'until [ -e /tmp/full ]; do sleep 0.1; done; seq 300000; echo >/tmp/done; sleep 100' >/dev/null
	dd if=/dev/zero of=disk/fill bs=64k status=none 2>/dev/null || :
	touch "$ROOTFS/tmp/full"
	wait_for 20 test -e "$ROOTFS/tmp/done"
	is_running x
	rm disk/fill "$ROOTFS/tmp/full" "$ROOTFS/tmp/done"
	mydocker rm -f x
	end_disk
}

# What godown does: FS_IOC_SHUTDOWN, 2 is without flushing anything.
cut_power() {
	python3 -c 'import fcntl, os, struct, sys
fd = os.open(sys.argv[1], os.O_RDONLY)
fcntl.ioctl(fd, 0x8004587d, struct.pack("I", 2))' "$1"
}

@test "what was promised survives a power cut, and the rest can be removed" {
	local id

	small_disk 32
	id=$(mydocker create --name kept --rootfs "$ROOTFS" true)
	mydocker run --name ended --rootfs "$ROOTFS" sh -c 'exit 7' || :
	mydocker volume create data
	detached --name running sleep 100
	mydocker kill running
	cut_power disk
	umount -l disk
	mount -o loop image disk
	[ "$(mydocker inspect -f '{{.Id}}' kept)" = "$id" ]
	[ "$(mydocker inspect -f '{{.State.ExitCode}}' ended)" = 7 ]
	[ "$(mydocker volume ls -q)" = data ]
	mydocker start -a kept
	mydocker rm -f kept ended running
	[ "$(mydocker ps -aq)" = '' ]
	end_disk
}

# ---- no descriptors, no directory -------------------------------------------

@test "without descriptors: one clear error, and nothing is made" {
	local n

	for n in 3 4 5 6 7 8 9 10 12 14 17 20 24 30; do
		run bash -c 'ulimit -n $1; shift; "$@"' _ "$n" "$MYDOCKER" \
			run --rm --name x --rootfs "$ROOTFS" true
		[ "$status" -eq 125 ] || [ "$status" -eq 0 ]
		# what could not be taken back at once is told, too
		[ "$(grep -c '^mydocker run: ' <<<"$output")" -le 1 ]
		[ "$(mydocker ps -aq)" = '' ]
	done
}

@test "a state directory that cannot be written: one clear error" {
	mkdir ro
	mount -t tmpfs -o ro,mode=700 none ro
	run -125 mydocker --root "$PWD/ro" run --rm --rootfs "$ROOTFS" true
	[ ${#lines[@]} -eq 1 ]
	[[ $output = *'Read-only file system'* ]]
	umount ro
}

# ---- many at once -----------------------------------------------------------

@test "a hundred run --rm at once" {
	local i

	for i in {1..100}; do
		mydocker run --rm --rootfs "$ROOTFS" echo "$i" >>out 2>>err &
	done
	wait
	[ "$(sort -n out)" = "$(seq 100)" ]
	[ ! -s err ]
	[ "$(mydocker ps -aq)" = '' ]
}

@test "of fifty with one name exactly one wins" {
	local i

	for i in {1..50}; do
		mydocker run -d --name x --rootfs "$ROOTFS" sleep 100 \
			>>out 2>>err &
	done
	wait
	[ "$(wc -l <out)" = 1 ]
	[ "$(grep -c "the name 'x' is in use" err)" = 49 ]
	[ "$(mydocker ps -aq | wc -l)" = 1 ]
	mydocker rm -f x
}
