#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154,SC2016 # $… is for the container; stderr and the like are set by bats' run
# OCI containers and others who share something with them, and mean no good.
load ../lib/harness
load ../lib/agent
load ../lib/watch
load common

TRACER='.process.capabilities |= with_entries(.value += ["CAP_SYS_PTRACE"])'

# A filter, which whoever is seen without it has not got yet.
FILTER='.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW",
	syscalls: [{names: ["swapoff"], action: "SCMP_ACT_ERRNO"}]}'

# watcher [FILTER]: container a, in whose pid namespace somebody looks at all
# there is.
watcher() {
	bundle "$TRACER | ${1:-.}" sh -c "$(watch_processes)"
	oci create -b b a </dev/null >seen 2>&1 3>&- 4>&-
	oci start a
	wait_for 5 grep -q watching seen
	JOIN="$TRACER | (.linux.namespaces[] | select(.type == \"pid\")).path =
		\"/proc/$(pid_of a)/ns/pid\""
}

no_longer_init() { ! grep -q init "/proc/$(cat pid)/cmdline"; }

has_late_birth() { python3 - <<-'EOF'
	import ctypes, os
	libc = ctypes.CDLL(None, use_errno=True)
	fs = libc.syscall(430, b"proc", 1)
	raise SystemExit(libc.syscall(431, fs, 5, b"pidns", None, os.open("/proc/self/ns/pid", 0)) != 0)
	EOF
}

@test "run into a pid namespace has nothing for who may trace all in it" {
	skip_unless program strace
	has_late_birth || skip 'a kernel before 6.17'
	watcher
	bundle "$JOIN" sh -c 'cat /proc/1/cmdline | grep -c watching; readlink /proc/self/ns/pid'
	run -0 slowly "$MYDOCKER" oci run -b b b
	[ "$output" = "1
$(readlink "/proc/$(pid_of a)/ns/pid")" ]
	oci delete -f a
	cat seen
	grep -q seen: seen
	run ! grep hit: seen
}

@test "create and start, too, but for the fifo that they wait on" {
	skip_unless program strace
	has_late_birth || skip 'a kernel before 6.17'
	watcher
	bundle "$JOIN" sleep 1000
	# it stays with what it has started
	slowly "$MYDOCKER" oci create --pid-file pid -b b b </dev/null >out 2>&1 3>&- 4>&- &
	tracer=$!
	wait_for 20 test -s pid
	wait_for 20 is_status b created
	# the one that is waited for is the one that will run the command
	[ "$(cat pid)" = "$(pid_of b)" ]
	is_status b created
	[ "$(readlink "/proc/$(pid_of b)/ns/pid")" = "$(readlink "/proc/$(pid_of a)/ns/pid")" ]
	oci start b
	wait_for 5 no_longer_init
	is_status b running
	[ "$(cat pid)" = "$(pid_of b)" ]
	[ "$(tr '\0' ' ' <"/proc/$(cat pid)/cmdline")" = 'sleep 1000 ' ]
	run -0 oci exec b ls /proc/self/fd
	[ "$output" = $'0\n1\n2\n3' ]
	# nothing of it is left in the command
	ls "/proc/$(cat pid)/fd" >fds
	[ "$(tr '\n' ' ' <fds)" = '0 1 2 ' ]
	oci delete -f b
	wait "$tracer" || :
	oci delete -f a
	cat seen
	grep -q seen: seen
	run ! grep -v -e exec.fifo -e ' -> /$' <(grep hit: seen)
}

@test "nor has it without its filter, if it keeps descriptors, has hooks or somebody answers" {
	skip_unless program strace
	has_late_birth || skip 'a kernel before 6.17'
	watcher "$FILTER"
	echo kept >file
	hook='{path: "/bin/sh", args: ["sh", "-c", "cat >/tmp/said; grep Seccomp: /proc/self/status >>/tmp/said"]}'
	bundle "$JOIN | $FILTER | .hooks.startContainer = [$hook] | .mounts += [{destination: \"/tmp\",
		type: \"tmpfs\"}]" sh -c 'cat <&3; cat /tmp/said; ls /proc/self/fd | xargs; echo $$'
	run -0 slowly "$MYDOCKER" oci run --preserve-fds 1 -b b b 3<file
	[ "${lines[0]}" = kept ]
	[[ ${lines[1]} = *"\"pid\":${lines[3]},"*Seccomp:*2 ]]
	[ "${lines[2]}" = '0 1 2 3 4' ]
	agent
	notify chroot
	bundle "$JOIN | .linux.seccomp = $(cat notify.json)" sh -c 'chroot / true; echo $$; sleep 1'
	slowly "$MYDOCKER" oci run --pid-file pid -b b b >out 2>&1 </dev/null 3>&- 4>&-
	wait "$AGENT"
	oci delete -f a
	grep 'assign requested address' out
	# the agent hears of who runs the command
	[ "$(head -1 agent.out | sed 's/.*"fds":\["seccompFd"\],"pid":\([0-9]*\).*/\1/')" = "$(cat pid)" ]
	cat seen
	[ "$(grep -c seen: seen)" -gt 1 ]
	# but for what is kept, and the hook's
	run ! grep -v -e '/file$' -e 'pipe:' -e '\[pidfd\]$' <(grep hit: seen)
}

@test "exec into a container whose filter asks somebody has nothing without it" {
	skip_unless program strace
	agent
	notify chroot
	bundle "$TRACER | .linux.seccomp = $(cat notify.json)" sh -c "$(watch_processes)"
	oci create -b b a </dev/null >seen 2>&1 3>&- 4>&-
	oci start a
	wait_for 5 grep -q watching seen
	kill "$AGENT"
	rm agent
	agent
	run -1 slowly "$MYDOCKER" oci exec --pid-file pid a chroot / true
	wait "$AGENT"
	oci delete -f a
	[[ $output = *'assign requested address'* ]]
	[[ "$(head -1 agent.out)" = *"\"fds\":[\"seccompFd\"],\"pid\":$(cat pid),"* ]]
	cat seen
	grep -q seen: seen
	run ! grep hit: seen
}

@test "a filter that forbids what the wait for start needs does not forbid the start" {
	bundle . sleep 1000
	create a
	oci start a
	JOIN="(.linux.namespaces[] | select(.type == \"pid\")).path = \"/proc/$(pid_of a)/ns/pid\""
	# O_WRONLY, and writing to what is not stdout
	bundle "$JOIN | .linux.seccomp = {defaultAction: \"SCMP_ACT_ALLOW\", syscalls: [
		{names: [\"openat\"], action: \"SCMP_ACT_ERRNO\",
		args: [{index: 2, value: 3, valueTwo: 1, op: \"SCMP_CMP_MASKED_EQ\"}]},
		{names: [\"write\"], action: \"SCMP_ACT_ERRNO\",
		args: [{index: 0, value: 2, op: \"SCMP_CMP_GT\"}]}]}" echo there
	create b
	oci start b
	oci delete -f b
	oci delete -f a
	grep there out
}

@test "a start into a pid namespace works with a terminal, hooks, filters and failures" {
	bundle . sleep 1000
	create a
	oci start a
	JOIN="(.linux.namespaces[] | select(.type == \"pid\")).path = \"/proc/$(pid_of a)/ns/pid\""
	bundle "$JOIN | .process.terminal = true" sh -c 'test -t 0 && tty && echo >/dev/tty'
	run -0 with_tty -- "$MYDOCKER" oci run -b b b
	hook="{path: \"/bin/sh\", args: [\"sh\", \"-c\", \"echo ran >>$TMP/ran\"]}"
	bundle "$JOIN | .hooks = {createContainer: [$hook], startContainer: [$hook], poststart: [$hook]} |
		.mounts += [{destination: \"$TMP\", source: \"$TMP\", options: [\"bind\"]}]" true
	run -0 oci run -b b b
	[ "$(wc -l <ran)" = 3 ]
	for call in clone openat setsid dup3; do
		bundle "$JOIN | .linux.seccomp = {defaultAction: \"SCMP_ACT_ALLOW\",
			syscalls: [{names: [\"$call\"], action: \"SCMP_ACT_ERRNO\"}]}" /bin/busybox true
		run -0 oci run -b b b
	done
	bundle "$JOIN" /no/such
	run oci run -b b b
	[ "$status" -ne 0 ]
	[[ $output = *"'/no/such'"* ]]
	run -1 oci state b
	bundle "$JOIN" sh -c 'exit 7'
	run -7 oci run -b b b
	oci delete -f a
}

@test "a user namespace of one's own and another's pid namespace go together" {
	bundle . sleep 1000
	create a
	oci start a
	# what is there of /proc is not his to mount
	bundle "(.linux.namespaces[] | select(.type == \"pid\")).path = \"/proc/$(pid_of a)/ns/pid\" |
		.linux.namespaces += [{type: \"user\"}] | .mounts = [] |
		.linux.maskedPaths = [] | .linux.readonlyPaths = [] |
		.linux.uidMappings = [{containerID: 0, hostID: 0, size: 65536}] |
		.linux.gidMappings = .linux.uidMappings" sh -c 'echo $$'
	run -0 oci run -b b b
	[ "$output" -gt 1 ]
	oci delete -f a
}

@test "what is mounted stays in the root while somebody exchanges its parent" {
	mkdir -p b victim vol/real src
	cp -r "$ROOTFS" r
	mkdir -p r/v # left by other tests, perhaps
	echo canary >victim/canary
	mkdir victim/etc
	ln -s "$TMP/victim" vol/link
	bundle ".root.path = \"$TMP/r\" | .mounts += [
		{destination: \"/v\", source: \"$TMP/vol\", options: [\"rbind\"]},
		{destination: \"/v/real/etc/a/b\", source: \"$TMP/src\", options: [\"bind\"]},
		{destination: \"/v/real/tmp\", type: \"tmpfs\", source: \"tmpfs\"}]" \
		grep -c ' /v/\| /tmp/.*/victim/' /proc/mounts
	find victim -printf '%p %y %m %U %l\n' | sort >before
	cut -d ' ' -f 5- /proc/self/mountinfo >mounts
	python3 - vol/real vol/link <<-'EOF' 3>&- 4>&- &
		import ctypes, os, sys
		libc = ctypes.CDLL(None)
		a, b = (w.encode() for w in sys.argv[1:])
		parent = os.getppid()
		while os.getppid() == parent:
		    libc.renameat2(-100, a, -100, b, 2)
	EOF
	racer=$!
	won=0
	for ((i = 0; i < 200; i++)); do
		# what it says is not the point, but where it did it
		! oci run -b b "x$i" >>said 2>&1 </dev/null || won=$((won + 1))
	done
	kill "$racer"
	find victim -printf '%p %y %m %U %l\n' | sort | diff before -
	cut -d ' ' -f 5- /proc/self/mountinfo | cmp mounts
	[ "$won" -gt 0 ]
	[ "$(sort -u said | wc -l)" -gt 1 ] # the race was one
}
