#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154,SC2016 # $… is for the container; stderr and the like are set by bats' run
# oci create: a container, whose command waits.
load ../lib/harness
load common

@test "create leaves the command waiting" {
	bundle . touch /tmp/ran
	create x
	is_status x created
	[ ! -e "$ROOTFS/tmp/ran" ]
	oci delete -f x
}

@test "create leaves no process of ours but init" {
	bundle
	create --pid-file pid x
	[ "$(cat pid)" = "$(pid_of x)" ]
	[ "$(pgrep -c -f "$TMP" || :)" = 0 ]
	oci delete -f x
}

@test "create: an id is taken once, and is a file's name" {
	bundle
	create x
	run ! create x
	[[ $output = *"already exists" ]]
	oci delete -f x
	for id in '' . .. a/b 'a b' "$(printf %300d 1)"; do
		run -1 oci create -b b "$id"
	done
}

@test "create writes nothing where the bundle is wrong" {
	bundle '.process.cwd = "relative"'
	run ! create x
	[[ $output = *process.cwd* ]]
	run -1 oci state x
	rm b/config.json
	run ! create x
	run -1 oci state x
}

@test "create reads another file with --config" {
	bundle '.hostname = "other"' hostname
	mv b/config.json other.json
	run -0 oci run -b b -f other.json x
	[ "$output" = other ]
}

@test "create refuses a terminal without a socket, and the reverse" {
	bundle '.process.terminal = true'
	run ! create x
	[[ $output = *--console-socket* ]]
	bundle
	run ! create --console-socket "$TMP/s" x
	[[ $output = *terminal* ]]
}

# receive SOCKET COMMAND…: take one descriptor while COMMAND runs; print the
# text beside it, and what it says to a line typed.
receive() {
	python3 - "$@" <<-'EOF'
		import array, os, socket, subprocess, sys
		s = socket.socket(socket.AF_UNIX)
		s.bind(sys.argv[1])
		s.listen(1)
		p = subprocess.Popen(sys.argv[2:], stdin=subprocess.DEVNULL)
		c, _ = s.accept()
		text, fds, _, _ = socket.recv_fds(c, 100, 1)
		assert p.wait() == 0
		print(text.decode(), os.isatty(fds[0]), flush=True)
		subprocess.run([os.environ["MYDOCKER"], "oci", "start", "x"], check=True)
		os.write(fds[0], b"echo a$((1+1))\nexit\n")
		said = b""
		try:
		    while more := os.read(fds[0], 1000):
		        said += more
		except OSError:
		    pass
		print(said.decode())
	EOF
}

@test "create sends the terminal over the console socket" {
	bundle '.process.terminal = true' sh
	run -0 receive "$TMP/s" "$MYDOCKER" oci create -b b \
		--console-socket "$TMP/s" x
	[[ $output = '/dev/ptmx True'*a2* ]]
	oci delete -f x
}

@test "create --preserve-fds keeps descriptors, and only those" {
	bundle . sh -c 'cat <&3; cat <&4; readlink /proc/self/fd/5'
	run -1 oci run -b b --preserve-fds 2 x 3<<<three 4<<<four 5<<<five
	[ "$output" = $'three\nfour' ]
	run -1 oci run -b b --preserve-fds 20 x
	[[ $output = *--preserve-fds* ]]
}

@test "create tells the command of LISTEN_FDS" {
	bundle . sh -c 'cat <&3; echo $LISTEN_FDS $LISTEN_PID'
	LISTEN_FDS=1 run -0 oci run -b b x 3<<<three
	[ "$output" = $'three\n1 1' ]
}

@test "create killed at any point leaves nothing that delete -f does not take" {
	local i

	bundle
	for i in {1..12}; do
		"$MYDOCKER" oci create -b b x </dev/null >/dev/null 2>&1 3>&- 4>&- &
		sleep "0.00$i"
		kill -9 $! || :
		wait $! || :
		oci delete -f x
		run -1 oci state x
	done
}

@test "create puts errors into the log" {
	bundle '.process.cwd = "relative"'
	run -1 oci --log log --log-format json create -b b x
	[[ $output = *process.cwd* ]]
	run -0 jq -r '.level + " " + .msg' log
	[[ $output = error*process.cwd* ]]
	jq -e '.time | fromdateiso8601? // (sub("\\.[0-9]+Z"; "Z") | fromdateiso8601)' log
}

@test "the log is a file, also in crun's words, and nothing else" {
	run -1 oci --log file:log state x
	[[ $(cat log) = *"'x': does not exist"* ]]
	for log in journald:x syslog:x; do
		run -1 oci --log "$log" list
		[[ $output = *"--log: '$log': only to a file"* ]]
		[ ! -e "$log" ]
	done
}

@test "a bundle may be its own root" {
	bundle '.root.path = "."' ls /
	cp -a "$ROOTFS/." b
	run -0 oci run -b b x
	[[ $output = *config.json* ]]
}

@test "without a mount namespace the caller's mounts stay as they are" {
	bundle '.linux.namespaces |= map(select(.type != "mount"))' \
		sh -c 'ls /proc/self/comm; echo >/dev/null; exec sleep 1000'
	mkdir own
	cp -a "$ROOTFS/." own
	jq --arg root "$TMP/own" '.root.path = $root' b/config.json >b/new
	mv b/new b/config.json
	cp /proc/self/mountinfo before
	create x
	oci start x
	wait_for 5 grep -q /proc/self/comm out
	[ "$(readlink "/proc/$(pid_of x)/ns/mnt")" = "$(readlink /proc/self/ns/mnt)" ]
	[ "$(readlink "/proc/$(pid_of x)/root")" = "$TMP/own" ]
	oci delete -f x
	diff before /proc/self/mountinfo
	# nor does one that fails half-way leave anything
	bundle '.linux.namespaces |= map(select(.type != "mount")) |
		.root.path = "'"$TMP/own"'"' /no-such-command
	run -1 oci create -b b x
	diff before /proc/self/mountinfo
}

@test "a hook that fails after the start is a warning, and the others run" {
	bundle '.hooks = {poststart: [{path: "/bin/false"},
		{path: "/bin/touch", args: ["touch", "'"$TMP/after"'"]}],
		poststop: [{path: "/bin/false"},
		{path: "/bin/touch", args: ["touch", "'"$TMP/last"'"]}]}'
	create x
	run -0 --separate-stderr oci start x
	[[ $stderr = *"hook '/bin/false': exit status 1"* ]]
	[ -e after ]
	oci delete -f x
	[ -e last ]
}

@test "systemd's cgroups need systemd, and a path in its form" {
	[ ! -e /run/systemd/private ] || skip 'systemd is here'
	export DBUS_SYSTEM_BUS_ADDRESS=unix:path=$TMP/none
	bundle
	run -1 oci --systemd-cgroup create -b b x
	[[ $output = *'systemd cannot be reached: '*/none* ]]
	run -1 oci --cgroup-manager=systemd run -b b x
	bundle '.linux.cgroupsPath = "/a/b"'
	run -1 oci --systemd-cgroup create -b b x
	[[ $output = *SLICE:PREFIX:NAME* ]]
	run -0 oci list -q
	[ "$output" = '' ]
}

@test "poststop hooks run when create fails, once all of it is undone" {
	hooks='def hook($text): {path: "/bin/sh", args: ["sh", "-c", $text]}; .hooks = '
	for fails in prestart createRuntime createContainer; do
		bundle "$hooks {$fails: [hook(\"exit 1\")],
			poststop: [hook(\"cat >$TMP/state; exit 1\"), hook(\"echo second >>$TMP/second\")]}"
		run -1 oci create -b b x
		[[ $output = *"hook '/bin/sh'"* ]]
		[ "$(jq -r .status state)" = stopped ]
		[ "$(jq -r .id state)" = x ]
		[ "$(jq '.pid // 0' state)" = 0 ]
		rm state
	done
	[ "$(grep -c second second)" = 3 ]
	run -1 oci state x
	# a command that is not there
	bundle "$hooks {poststop: [hook(\"echo third >>$TMP/second\")]}" /no/such
	run -127 oci run -b b x || run -1 oci run -b b x
	grep -q third second
	# one that is refused has made nothing
	rm second
	bundle "$hooks {poststop: [hook(\"echo third >>$TMP/second\")]} | .ociVersion = \"2.0.0\""
	run -1 oci create -b b x
	[ ! -e second ]
	# it stays, and so does its hook, until it is deleted
	bundle "$hooks {startContainer: [hook(\"exit 1\")], poststop: [hook(\"echo last >>$TMP/second\")]}"
	create x
	run -1 oci start x
	[ ! -e second ]
	oci delete x
	[ "$(cat second)" = last ]
}

# The classic way out of a chroot: a further one, with the working directory
# left outside of it.
escape() {
	command -v gcc >/dev/null || skip 'no compiler here'
	cat >escape.c <<-'EOF'
		#include <stdio.h>
		#include <sys/stat.h>
		#include <unistd.h>

		int
		main(void)
		{
			mkdir("/dev/shm/d", 0700);
			if (chroot("/dev/shm/d") < 0)
				return 9;
			for (int i = 0; i < 64; i++)
				(void)!chdir("..");
			if (chroot(".") < 0)
				return 9;
			return access(CANARY, F_OK) == 0 ? 8 : 7;
		}
	EOF
	gcc -static -DCANARY="\"$TMP/escape.c\"" -o escape escape.c
}

@test "--no-pivot hides the host's files all the same" {
	escape
	bundle '.process.capabilities.bounding += ["CAP_SYS_CHROOT"] |
		.process.capabilities.effective = .process.capabilities.bounding |
		.process.capabilities.permitted = .process.capabilities.bounding |
		.mounts += [{destination: "/tmp/escape", source: "'"$TMP/escape"'", options: ["bind", "ro"]}]' sleep 1000
	host=$(wc -l </proc/self/mountinfo)
	create --no-pivot --no-subreaper x
	oci start x
	run -0 oci exec x ls /
	[[ $output = *etc* && $output != *build.sh* ]]
	run -0 oci exec x sh -c 'ls /../../..; cat /proc/self/mountinfo'
	[[ $output != *"$TOP"* ]]
	run -7 oci exec x /tmp/escape
	run -0 oci exec x sh -c 'ls /proc/1/root/tmp'
	[[ $output != *bats* ]]
	[ "$(wc -l </proc/self/mountinfo)" = "$host" ]
	oci delete -f x
	rm -f "$ROOTFS/tmp/escape"
}

@test "--no-pivot does without pivot_root, and nothing else does" {
	skip_unless program strace
	bundle . true
	run -0 strace -f -qq -e trace=pivot_root -o calls "$MYDOCKER" oci run -b b x
	[ "$(grep -c pivot_root calls)" = 1 ]
	run -0 strace -f -qq -e trace=pivot_root -o calls "$MYDOCKER" oci run --no-pivot -b b x
	[ ! -s calls ]
}

@test "--no-new-keyring stays in the caller's" {
	[ -e /proc/keys ] || skip 'a kernel without keys'
	bundle '.linux.maskedPaths = []' cat /proc/keys
	run -0 oci run -b b x
	[[ $output = *_mydocker.x* ]]
	# another name: the kernel takes its time with the keyring of x
	run -0 oci run --no-new-keyring -b b y
	[[ $output != *_mydocker.y* ]]
	[ -n "$output" ]
}
