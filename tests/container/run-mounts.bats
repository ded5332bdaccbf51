#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# run: the root, what is mounted into it, and devices.
load ../lib/harness
load common

# mounted PATH: type and options of what is mounted there last, in a table of
# mounts on stdin.
mounted() { awk -v at="$1" '$5 == at { for (i = 7; $i != "-"; i++); type = $(i + 1); options = $6 "," $(i + 3) } END { print type, options }'; }

# ---- the root ----

@test "--rootfs is all that there is" {
	run -0 in_root ls /
	[ "$output" = "$(ls "$ROOTFS")" ]
}

@test "--rootfs may be a relative path" {
	cp -a "$ROOTFS" here
	run -0 mydocker run --rm --rootfs here cat /etc/group
	[ "$output" = "$(cat "$ROOTFS/etc/group")" ]
}

@test "--rootfs through a link is its target" {
	ln -s "$ROOTFS" link
	run -0 mydocker run --rm --rootfs link true
}

@test "writes to --rootfs stay" {
	make_rootfs "$TMP/root"
	mydocker run --rm --rootfs "$TMP/root" touch /new
	[ -e "$TMP/root/new" ]
}

@test "--read-only refuses writes" {
	make_rootfs "$TMP/root"
	run -1 mydocker run --rm --read-only --rootfs "$TMP/root" touch /new
	[[ $output = *'Read-only file system'* ]]
	[ ! -e "$TMP/root/new" ]
	run -0 in_root --read-only touch /dev/shm/x
}

@test "--read-only holds on the host's own root" {
	local file=/mydocker-test.$$.$RANDOM

	run mydocker run --rm --read-only /bin/sh -c "echo x >$file"
	[ "$status" -ne 0 ]
	[ ! -e $file ]
}

@test "--overlay makes writes vanish" {
	run -0 in_root --overlay sh -c \
		'echo x >/etc/passwd; rm /bin/true; mkdir /n; cat /etc/passwd'
	[ "$output" = x ]
	grep -q web "$ROOTFS/etc/passwd"
	[ -e "$ROOTFS/bin/true" ]
	[ ! -e "$ROOTFS/n" ]
}

@test "--overlay makes writes to the host's own root vanish" {
	local file=/mydocker-test.$$.$RANDOM

	run -0 mydocker run --rm --overlay /bin/sh -c "echo x >$file; cat $file"
	[ "$output" = x ]
	[ ! -e $file ]
}

@test "the container sees no mount of the host" {
	run -0 in_root cat /proc/self/mountinfo
	run ! grep -v -E '^[^ ]+ [^ ]+ [^ ]+ [^ ]+ /(proc|sys|dev)?(/| )' <<<"$output"
}

@test "no path leads back to the host's own root, and exec does not go there" {
	local args look='cd -P /.. && cat proc/1/comm
		awk "\$5 == \"/\"" /proc/self/mountinfo | wc -l'

	for args in '' --overlay "--overlay --rootfs $ROOTFS"; do
		# shellcheck disable=SC2086 # words
		background run --rm --name x $args /bin/sh -c 'sleep 100; :'
		wait_for 10 is_running x
		run -0 mydocker exec x /bin/sh -c "$look"
		[ "$output" = $'sh\n1' ]
		mydocker rm -f x
	done
}

@test "mounts made inside are not seen outside, nor those of the host inside" {
	start x --cap-add SYS_ADMIN --security-opt seccomp=unconfined \
		sh -c 'mount -t tmpfs inside /mnt; sleep 100'
	wait_for 5 grep -q inside "/proc/$(pid_of x)/mountinfo"
	run ! grep -q ' inside ' /proc/self/mountinfo
	mydocker kill x
}

@test "a host's own root is mounted privately" {
	mydocker run --rm --cap-add SYS_ADMIN --security-opt seccomp=unconfined \
		/bin/sh -c 'mount -t tmpfs mydocker-inside /mnt'
	run ! grep -q mydocker-inside /proc/self/mountinfo
}

# ---- what every container has ----

@test "/proc is the container's own" {
	run -0 in_root sh -c 'ls -d /proc/[0-9]* | wc -l'
	[ "$output" -le 3 ]
}

@test "/proc, /sys and /dev have docker's options" {
	in_root cat /proc/self/mountinfo >mounts
	[[ "$(mounted /proc <mounts)" = 'proc rw,nosuid,nodev,noexec'* ]]
	[[ "$(mounted /sys <mounts)" = 'sysfs ro,nosuid,nodev,noexec'* ]]
	[[ "$(mounted /dev <mounts)" = 'tmpfs rw,nosuid,noexec'* ]]
	[[ "$(mounted /dev/pts <mounts)" = 'devpts rw,nosuid,noexec'*gid=5* ]]
	[[ "$(mounted /dev/shm <mounts)" = 'tmpfs rw,nosuid,nodev,noexec'* ]]
	[[ "$(mounted /dev/mqueue <mounts)" = 'mqueue rw,nosuid,nodev,noexec'* ]]
}

@test "paths that tell of the host are masked" {
	local path

	for path in /proc/kcore /proc/keys /proc/timer_list /proc/interrupts; do
		[ -e "$path" ] || continue
		run -0 in_root sh -c "cat $path | wc -c"
		[ "$output" = 0 ]
	done
	for path in /sys/firmware /proc/acpi /proc/scsi; do
		[ -e "$path" ] || continue
		run -0 in_root ls -A "$path"
		[ "$output" = '' ]
	done
}

@test "kernel parameters cannot be written" {
	local path

	for path in /proc/sys/kernel/hostname /proc/sys/vm/swappiness \
		/proc/sysrq-trigger; do
		run in_root sh -c "echo 0 >$path"
		[ "$status" -ne 0 ]
	done
}

@test "/dev has docker's devices and no other" {
	run -0 in_root sh -c 'cd /dev; find . -type c -o -type b | sort | xargs'
	[ "$output" = './full ./null ./pts/ptmx ./random ./tty ./urandom ./zero' ]
	run -0 in_root sh -c 'head -c 3 /dev/zero | wc -c; echo x >/dev/null'
	[ "$output" = 3 ]
}

@test "a root's hostile /dev does not lead out" {
	make_rootfs "$TMP/root"
	mkdir victim
	rmdir "$TMP/root/dev"
	ln -s "$TMP/victim" "$TMP/root/dev"
	run mydocker run --rm --rootfs "$TMP/root" true
	[ "$(ls -A victim)" = '' ]
}

@test "a root's /proc that is a link is refused" {
	make_rootfs "$TMP/root"
	rmdir "$TMP/root/proc"
	ln -s /tmp "$TMP/root/proc"
	run -125 mydocker run --rm --rootfs "$TMP/root" true
}

# ---- -v, --mount, --tmpfs ----

@test "-v shows a directory, writable" {
	mkdir data
	echo in >data/file
	run -0 in_root -v "$TMP/data:/mnt" sh -c \
		'cat /mnt/file; echo out >/mnt/new'
	[ "$output" = in ]
	[ "$(cat data/new)" = out ]
}

@test "-v with ro is read-only" {
	mkdir data
	run -1 in_root -v "$TMP/data:/mnt:ro" touch /mnt/new
	[ ! -e data/new ]
}

@test "-v shows a file" {
	echo hello >file
	run -0 in_root -v "$TMP/file:/tmp/hello-file:ro" cat /tmp/hello-file
	[ "$output" = hello ]
	rm -f "$ROOTFS/tmp/hello-file"
}

@test "-v works on the host's own root" {
	mkdir data
	echo in >data/file
	run -0 mydocker run --rm -v "$TMP/data:/mnt" /bin/cat /mnt/file
	[ "$output" = in ]
}

@test "-v makes the target where it is missing" {
	make_rootfs "$TMP/root"
	mkdir data
	mydocker run --rm --rootfs "$TMP/root" -v "$TMP/data:/a/b/c" \
		touch /a/b/c/new
	[ -e data/new ]
}

@test "-v makes the source where it is missing, as docker does" {
	run -0 in_root -v "$TMP/not/there:/mnt" touch /mnt/new
	[ -e not/there/new ]
	[ "$(stat -c '%a %u' not/there)" = "755 $EUID" ]
	run -0 in_root -v ./beside:/mnt:ro ls -A /mnt
	[ "$output" = '' ]
	[ -d beside ]
}

@test "-v of a run that is refused makes nothing" {
	mydocker run --name x --rootfs "$ROOTFS" true
	run -125 in_root --name x -v "$TMP/not/there:/mnt" true
	run -125 in_root -v "$TMP/not/there:/mnt" --cpus x true
	[ ! -e not ]
	mydocker rm x
}

@test "-v of a source that cannot be made is an error" {
	echo >file
	run -125 in_root -v "$TMP/file/below:/mnt" true
	[[ $output = *file/below*'Not a directory'* ]]
	[ "$(mydocker ps -aq)" = '' ]
}

@test "-v does not follow a link of the root out of it" {
	make_rootfs "$TMP/root"
	mkdir data victim
	ln -s "$TMP/victim" "$TMP/root/link"
	run mydocker run --rm --rootfs "$TMP/root" -v "$TMP/data:/link/sub" true
	[ "$(ls -A victim)" = '' ]
}

@test "-v refuses targets that are none" {
	local target

	for target in /proc relative /proc/self/fd /mnt/../../x:zz ''; do
		run -125 in_root -v "$TMP:$target" true
	done
}

@test "--mount binds, read-only if told" {
	mkdir data
	echo in >data/file
	run -0 in_root --mount "type=bind,src=$TMP/data,dst=/mnt" sh -c \
		'cat /mnt/file; touch /mnt/new'
	[ -e data/new ]
	run -1 in_root --mount "type=bind,source=$TMP/data,target=/mnt,readonly" \
		touch /mnt/other
	[ ! -e data/other ]
}

@test "--mount of what is not there is an error" {
	run -125 in_root --mount "type=bind,src=$TMP/none,dst=/mnt" true
	[[ $output = *none* ]]
	[ ! -e none ]
}

@test "--mount makes a tmpfs" {
	run -0 in_root --mount type=tmpfs,dst=/mnt,tmpfs-size=1m cat \
		/proc/self/mountinfo
	[[ "$(mounted /mnt <<<"$output")" = *size=1024k* ]]
}

@test "--mount refuses keys that it does not know" {
	run -125 in_root --mount type=tmpfs,dst=/mnt,nonsense=1 true
	[[ $output = *nonsense* ]]
}

@test "--tmpfs is empty, writable and gone afterwards" {
	run -0 in_root --tmpfs /etc sh -c 'ls -A /etc; touch /etc/x'
	[ "$output" = '' ]
	[ ! -e "$ROOTFS/etc/x" ]
}

@test "--tmpfs takes options" {
	in_root --tmpfs /mnt:size=2m,mode=0700,exec cat /proc/self/mountinfo >out
	[[ "$(mounted /mnt <out)" = tmpfs*size=2048k*mode=700* ]]
	[[ "$(mounted /mnt <out)" != *noexec* ]]
}

@test "--shm-size is the size of /dev/shm, 64m if not given" {
	in_root --shm-size 3m cat /proc/self/mountinfo >out
	[[ "$(mounted /dev/shm <out)" = *size=3072k* ]]
	in_root cat /proc/self/mountinfo >out
	[[ "$(mounted /dev/shm <out)" = *size=65536k* ]]
	run -1 in_root --shm-size 1m sh -c \
		'head -c 2000000 /dev/zero >/dev/shm/x'
}

# ---- devices ----

@test "a device that was not given cannot be made or opened" {
	run -0 in_root --cap-add MKNOD --cap-add SYSLOG sh -c \
		'mknod /dev/k c 1 11; cat /dev/k 2>&1 || :'
	[[ $output = *'not permitted'* ]]
}

@test "devices of the root are none, unless --cap-add MKNOD" {
	make_rootfs "$TMP/root"
	mknod -m 666 "$TMP/root/nought" c 1 5
	run -1 mydocker run --rm --rootfs "$TMP/root" head -c 1 /nought
	[[ $output = *'Permission denied'* ]]
	run -1 mydocker run --rm --overlay --read-only --rootfs "$TMP/root" \
		head -c 1 /nought
	[[ $output = *'Permission denied'* ]]
	mydocker run --rm --cap-add MKNOD --rootfs "$TMP/root" \
		head -c 1 /nought
	mydocker run --rm --device /dev/zero:/other --rootfs "$TMP/root" \
		head -c 1 /other
}

@test "--device gives a device" {
	run -0 in_root --cap-add SYSLOG --device /dev/kmsg sh -c \
		'[ -c /dev/kmsg ] && exec 3</dev/kmsg && echo opened'
	[ "$output" = opened ]
}

@test "--device takes a name inside and permissions" {
	run -0 in_root --device /dev/zero:/dev/nought:r sh -c \
		'head -c 2 /dev/nought | wc -c'
	[ "$output" = 2 ]
	run -0 in_root --device /dev/kmsg:/dev/log-only:r sh -c \
		'true >/dev/log-only || echo refused'
	[[ $output = *'not permitted'*refused ]]
}

@test "--device that is not there is an error" {
	run -125 in_root --device /dev/none true
	[[ $output = *none* ]]
}

@test "--device-cgroup-rule lets a device be opened" {
	run -0 in_root --cap-add MKNOD --cap-add SYSLOG \
		--device-cgroup-rule 'c 1:11 rwm' sh -c 'mknod /dev/k c 1 11 && exec 3</dev/k && echo opened'
	[ "$output" = opened ]
}
