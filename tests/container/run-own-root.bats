#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# run: what the other files ask of a directory holds on the host's own root,
# too, bare and below --overlay.
load ../lib/harness
load common

# says WANT ARG…: that is what the command prints, on either root.
says() {
	local overlay got

	for overlay in '' --overlay; do
		# shellcheck disable=SC2086 # a word or none
		got=$(mydocker run --rm $overlay "${@:2}")
		if [ "$got" != "$1" ]; then
			echo "run $overlay ${*:2}: '$got', not '$1'"
			return 1
		fi
	done
}

# status_of FIELD: a command that prints that line of its status.
status_of() { echo "sed -n 's/^$1:[[:space:]]*//p' /proc/self/status"; }

@test "the host's own root: mounts" {
	mkdir dir
	echo in >dir/file
	says in --mount "type=bind,src=$TMP/dir,dst=/mnt" /bin/cat /mnt/file
	says $'in\nro' -v "$TMP/dir:/mnt:ro" \
		/bin/sh -c 'cat /mnt/file; echo x 2>&- >/mnt/file || echo ro'
	says 1 --tmpfs /mnt:size=1m /bin/grep -c \
		' /mnt rw,nosuid,nodev,noexec.* - tmpfs .*size=1024k' \
		/proc/self/mountinfo
	says 1 --shm-size 3m /bin/grep -c ' /dev/shm .*size=3072k' \
		/proc/self/mountinfo
	says 1 --ipc none /bin/sh -c \
		'grep -q " /dev/shm " /proc/self/mountinfo; echo $?'
}

@test "the host's own root: variables, words and the working directory" {
	echo A=1 >file
	# shellcheck disable=SC2016 # for the shell inside
	says '1 2' --env-file file -e B=2 /bin/sh -c 'echo $A $B'
	says 'a  b' --entrypoint /bin/echo 'a  b'
	says / -w / /bin/pwd
}

@test "the host's own root: names" {
	says $'host\ndomain' -h host --domainname domain /bin/cat \
		/proc/sys/kernel/hostname /proc/sys/kernel/domainname
}

@test "the host's own root: who the command is, and what it may do" {
	says $'1234\n5678 77' -u 1234:5678 --group-add 77 \
		/bin/sh -c 'id -u; id -G'
	says 0000000000000021 --cap-drop ALL --cap-add CHOWN --cap-add KILL \
		/bin/sh -c "$(status_of CapEff)"
	says 0 --security-opt seccomp=unconfined \
		/bin/sh -c "$(status_of Seccomp)"
	says 0 --privileged /bin/sh -c "$(status_of Seccomp)"
	says 1 --security-opt no-new-privileges \
		/bin/sh -c "$(status_of NoNewPrivs)"
	says there --device /dev/null:/dev/other \
		/bin/sh -c '[ -c /dev/other ] && echo there'
}

@test "the host's own root: namespaces" {
	local kind name

	for kind in ipc pid uts net; do
		name=${kind/net/network}
		says "$(readlink /proc/self/ns/$kind)" --"$name" host \
			/bin/sh -c "readlink /proc/self/ns/$kind"
	done
	says 20 --sysctl net.ipv4.ip_default_ttl=20 \
		/bin/cat /proc/sys/net/ipv4/ip_default_ttl
}

@test "the host's own root: limits" {
	says $'50\n60' --ulimit nofile=50:60 /bin/sh -c 'ulimit -n; ulimit -Hn'
	skip_unless controller pids
	says 33 --pids-limit 33 /bin/sh -c \
		'cd /sys/fs/cgroup; cat pids/pids.max 2>/dev/null || cat pids.max'
	skip_unless controller memory
	says 33554432 -m 32m /bin/sh -c \
		'cd /sys/fs/cgroup
		cat memory/memory.limit_in_bytes 2>/dev/null || cat memory.max'
}

@test "the host's own root: --init, --cidfile" {
	says mydocker --init /bin/cat /proc/1/comm
	mydocker run --rm --cidfile id /bin/true
	[ "$(wc -c <id)" -ge 64 ]
}
