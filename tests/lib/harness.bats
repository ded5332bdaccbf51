#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The harness: that it sees what a test leaves behind, and its tools.
load harness

export PATIENCE=4

# Where others work, too, not every trace is taken for the test's.
enclosed() {
	[ -n "${MYDOCKER_ENCLOSED-}" ] || skip 'not under tests/lib/enclose'
}

# left KIND: the harness complains, names KIND, and takes it away.
left() {
	run leave_no_trace
	[ "$status" -eq 1 ]
	[[ $output = *"left behind: $1 "* ]] || {
		echo "no $1 in: $output"
		return 1
	}
	leave_no_trace
}

@test "a test that leaves nothing behind passes" {
	true >"$TMP/file"
	leave_no_trace
}

@test "a mount left behind is seen" {
	mkdir "$TMP/mydocker-mount"
	mount -t tmpfs tmpfs "$TMP/mydocker-mount"
	left mount
	! grep mydocker-mount /proc/self/mountinfo
}

@test "a mount over one of the host's is seen" {
	enclosed
	mount -t proc proc /proc
	run leave_no_trace
	[ "$status" -eq 1 ]
	[[ $output = *'left behind: mount '*' / /proc '* ]]
}

@test "a changed propagation is seen" {
	enclosed
	mount --make-private /dev
	run leave_no_trace
	mount --make-shared /dev
	[ "$status" -eq 1 ]
	[[ $output = *'gone: mount '*' / /dev '*shared* ]]
	BEFORE=("${SEEN[@]}")
	snapshot
	BEFORE=("${SEEN[@]}") # it is shared with another group now
}

@test "a network link left behind is seen" {
	enclosed
	ip link add mydocker9 type dummy ||
		ip link add mydocker9 type bridge || skip 'no links here'
	left link
}

@test "an address left behind is seen" {
	enclosed
	ip addr add 10.99.0.1/32 dev lo
	run leave_no_trace
	ip addr del 10.99.0.1/32 dev lo
	[ "$status" -eq 1 ]
	[[ $output = *'address 10.99.0.1'* ]]
}

@test "a cgroup left behind is seen, and its processes end" {
	local dir

	enclosed
	for dir in /sys/fs/cgroup /sys/fs/cgroup/*; do
		[ ! -e "$dir/cgroup.procs" ] || break
	done
	mkdir -p "$dir/mydocker-left/deep"
	[ ! -e "$dir/cpuset.cpus" ] || skip 'cpuset is another story'
	sleep 99 3>&- &
	echo $! >"$dir/mydocker-left/deep/cgroup.procs" || skip 'no cgroups here'
	left cgroup
	[ ! -e "$dir/mydocker-left" ]
	run ! kill -0 $!
}

@test "a process left behind is seen" {
	# wherever it goes, and whatever it is called
	(cd / && exec setsid sleep 99) 3>&- 4>&- &
	left process
}

@test "a container left behind is seen, and ended" {
	local pid

	background run --rm --rootfs "$ROOTFS" sleep 100
	wait_for 10 eval '[ -n "$(mydocker ps -q)" ]'
	pid=$(mydocker ps | awk 'NR == 2 { print $3 }')
	left container
	is_gone "$pid"
}

@test "a test that fails leaves no container" {
	local t=@test

	cat >"$TMP/inner.bats" <<-EOF
	load $HARNESS/harness
	$t fails {
		background run --name x --rootfs "\$ROOTFS" sleep 100
		wait_for 10 eval '[ -n "\$(mydocker ps -q)" ]'
		mydocker ps | awk 'NR == 2 { print \$3 }' >$TMP/pid
		false
	}
	EOF
	run -1 env -u MYDOCKER_ENCLOSED bats --tap "$TMP/inner.bats"
	[[ $output != *'left behind'* && $output != *'in vain'* ]]
	is_gone "$(cat pid)"
}

@test "files left behind are seen in /tmp, /run and /dev/shm" {
	local file

	enclosed
	for file in {/tmp,/run,/dev/shm}/mydocker-left; do
		true >"$file"
		left file
		[ ! -e "$file" ]
	done
}

@test "a socket left behind is seen" {
	skip_unless program python3
	python3 -c 'import socket, sys, time
s = socket.socket(socket.AF_UNIX)
s.bind("\0" + sys.argv[1])
time.sleep(99)' "$TMP/left" 3>&- 4>&- &
	wait_for 30 grep -q "$TMP/left" /proc/net/unix
	run leave_no_trace
	[ "$status" -eq 1 ]
	[[ $output = *"left behind: socket @$TMP/left"* ]]
}

@test "a changed sysctl is seen and set back" {
	local old

	enclosed
	read -r old </proc/sys/kernel/hostname
	echo other >/proc/sys/kernel/hostname
	run leave_no_trace
	[ "$status" -eq 1 ]
	[[ $output = *"gone: sysctl kernel/hostname $old"* ]]
	leave_no_trace
	[ "$(cat /proc/sys/kernel/hostname)" = "$old" ]
}

@test "a test in another cgroup than before is seen" {
	local dir

	for dir in /sys/fs/cgroup /sys/fs/cgroup/{pids,freezer}; do
		[ ! -e "$dir/cgroup.procs" ] || break
	done
	mkdir "$dir/mydocker-other"
	echo $$ >"$dir/mydocker-other/cgroup.procs"
	snapshot
	echo $$ >"$dir/cgroup.procs" || echo $$ >"$dir/tests/cgroup.procs"
	rmdir "$dir/mydocker-other"
	[[ ${SEEN[*]} = *caller-in-cgroup*mydocker-other* ]]
}

@test "a file of tests fails for what one of them leaves" {
	# bats takes lines that begin so for tests of this file
	local t=@test

	cat >"$TMP/leaky.bats" <<-EOF
		load "$HARNESS/harness"
		$t "tidy" { true; }
		$t "leaky" { mktemp; }
		$t "next" { true; }
	EOF
	run -1 bats --formatter tap "$TMP/leaky.bats"
	[[ $output = *'ok 1 tidy'*'not ok 2 leaky'*'ok 3 next'* ]]
	[[ $output = *'left behind: file '*/temporary/tmp.* ]]
}

@test "looking at the host takes no programs, and so no time" {
	run -0 strace -f -e trace=execve,clone,vfork,fork bash -c '
		bats_require_minimum_version() { :; }
		. "$1"
		BATS_TEST_TMPDIR=/tmp/none
		echo looking
		snapshot' - "$HARNESS/harness.bash"
	[[ ${output#*looking} != *@(exec|clone|fork)* ]] || {
		echo "${output#*looking}"
		return 1
	}
}

@test "with_tty types, reads, resizes and gives the status" {
	skip_unless program python3
	run -7 with_tty size=10x20 expect='10 20' size=30x40 send='x\n' \
		expect='30 40' -- sh -c 'stty size; read x; stty size; exit 7'
}

@test "with_tty sees a terminal that was not set back" {
	skip_unless program python3
	run -123 with_tty -- stty raw
	run -0 with_tty -- sh -c 'old=$(stty -g); stty raw; stty "$old"'
}

@test "with_tty gives up on what does not come" {
	skip_unless program python3
	TIMEOUT=0.3 run -124 with_tty expect=never -- sleep 9
	[[ $output = *"'never' did not come"* ]]
}

@test "with_tty hangs up" {
	skip_unless program python3
	run -129 with_tty expect=ready hangup -- sh -c 'echo ready; sleep 9'
}

@test "in_old_kernel hides what Linux 5.4 had not" {
	skip_unless program python3
	run -0 in_old_kernel python3 -c '
import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
for number in range(428, 438):
    assert libc.syscall(number, -1, 0, 0, 0, 0) == -1
    assert ctypes.get_errno() == errno.ENOSYS, number'
	run -0 in_old_kernel unshare true
}

@test "wait_for waits, and not for ever" {
	(sleep 0.2; true >"$TMP/there") 3>&- &
	wait_for 5 test -e "$TMP/there"
	run -1 wait_for 0.1 false
}
