#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154,SC2016 # $… is for the container; stderr and the like are set by bats' run
# oci restore: a container again, whose processes criu makes from files.
load ../lib/harness
load common

# before anybody looks at the host: it keeps notes about the kernel in /run
setup_file() { know_criu; }

# checkpointed [FILTER]: x, counting into the file out, is in $TMP/img.
checkpointed() {
	bundle "${1:-.}" sh -c "$COUNT"
	create x
	oci start x
	counting out
	oci checkpoint --image-path "$TMP/img" x
}

# restore ARG…: into the file more.
restore() {
	oci restore -d -b b --image-path "$TMP/img" "$@" </dev/null >again 2>&1 3>&- 4>&- ||
		(cat again && false)
}

@test "restore: it goes on where it was, with the new caller's output" {
	need_criu
	checkpointed
	local last

	last=$(tail -n 1 out)
	restore --pid-file pid x
	counting again
	[ "$(head -n 1 again)" = $((last + 1)) ]
	[ "$(tail -n 1 out)" = "$last" ]
	is_status x running
	[ "$(cat pid)" = "$(pid_of x)" ]
	run -0 oci exec x sh -c 'echo in; ip address show lo'
	[[ $output = in*127.0.0.1* ]]
	run -0 oci ps x
	[[ $output = *"$(cat pid)"* ]]
	run -0 oci events --stats x
	jq -e '.data.pids.current >= 1' <<<"$output"
	run -0 cat "/proc/$(pid_of x)/cgroup"
	[[ $output = *:/mydocker/x* ]]
	oci kill x KILL
	wait_for 5 is_status x stopped
	oci delete x
}

@test "restore: twice, under another id, beside the first" {
	need_criu
	checkpointed
	restore x
	oci checkpoint --image-path "$TMP/img2" --leave-running x
	mv again first
	oci restore -d -b b --image-path "$TMP/img2" y </dev/null >again 2>&1 3>&- 4>&-
	counting first
	counting again
	run -0 cat "/proc/$(pid_of y)/cgroup"
	[[ $output = *:/mydocker/y* && $output != *:/mydocker/x* ]]
	oci delete -f x
	counting again
	oci delete -f y
}

@test "restore: pipes are the new caller's" {
	need_criu
	bundle . sh -c 'while read -r line; do echo "said $line"; echo "and $line" >&2; done'
	run -0 python3 - "$MYDOCKER" "$TMP" <<-'EOF2'
		import subprocess, sys
		mydocker, tmp = sys.argv[1:]
		def piped(*words):
		    p = subprocess.Popen([mydocker, "oci", *words, "-d", "-b", tmp + "/b", "x"],
		        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
		    assert p.wait() == 0
		    return p
		def say(p, word):
		    p.stdin.write(word + b"\n")
		    p.stdin.flush()
		    assert p.stdout.readline() == b"said " + word + b"\n"
		    assert p.stderr.readline() == b"and " + word + b"\n"
		p = piped("run")
		say(p, b"one")
		subprocess.run([mydocker, "oci", "checkpoint", "--image-path", tmp + "/img", "x"], check=True)
		assert p.stdout.read() == b""
		say(piped("restore", "--image-path", tmp + "/img"), b"two")
	EOF2
	oci delete -f x
}

@test "restore in the foreground ends with the container's status" {
	need_criu
	bundle . sh -c 'while [ ! -e /tmp/go ]; do sleep 0.05; done; rm /tmp/go; exit 7'
	jq '.root.readonly = false' b/config.json >b/new && mv b/new b/config.json
	create x
	oci start x
	oci checkpoint --image-path "$TMP/img" x
	touch "$ROOTFS/tmp/go"
	run -7 oci restore -b b --image-path "$TMP/img" x
	run -1 oci state x
}

@test "restore gives a terminal back over the console socket" {
	need_criu
	bundle '.process.terminal = true' sh -c 'while read -r line; do echo "said $line"; done'
	run -0 python3 - "$MYDOCKER" "$TMP" <<-'EOF2'
		import os, socket, subprocess, sys, time
		mydocker, tmp = sys.argv[1:]
		s = socket.socket(socket.AF_UNIX)
		s.bind(tmp + "/s")
		s.listen(1)
		def terminal(*words):
		    p = subprocess.Popen([mydocker, "oci", *words, "-b", tmp + "/b", "-d",
		        "--console-socket", tmp + "/s", "x"], stdin=subprocess.DEVNULL)
		    c, _ = s.accept()
		    _, fds, _, _ = socket.recv_fds(c, 100, 1)
		    assert p.wait() == 0
		    return fds[0]
		def say(fd, word):
		    os.write(fd, word.encode() + b"\n")
		    heard = b""
		    while b"said " + word.encode() not in heard:
		        heard += os.read(fd, 1000)
		fd = terminal("run")
		say(fd, "one")
		subprocess.run([mydocker, "oci", "checkpoint", "--image-path", tmp + "/img", "x"], check=True)
		os.close(fd)
		fd = terminal("restore", "--image-path", tmp + "/img")
		assert os.isatty(fd)
		say(fd, "two")
		os.close(fd)
	EOF2
	oci delete -f x
}

@test "restore runs the hooks that set a container up, and those behind it" {
	need_criu
	local hook='def hook($name): {path: "/bin/sh", args: ["sh", "-c",
		"jq -r .status >'"$TMP"'/\($name)"], env: ["PATH=/usr/bin:/bin"]};'

	checkpointed
	bundle "$hook .hooks = {prestart: [hook(\"prestart\")],
		createRuntime: [hook(\"runtime\")], createContainer: [hook(\"container\")],
		startContainer: [hook(\"start\")], poststart: [hook(\"after\")],
		poststop: [hook(\"last\")]}" sh -c "$COUNT"
	restore x
	[ "$(cat prestart)" = created ]
	[ "$(cat runtime)" = created ]
	[ "$(cat after)" = running ]
	[ ! -e container ]
	[ ! -e start ]
	[ ! -e last ]
	oci delete -f x
	[ "$(cat last)" = stopped ]
	# one that fails ends it
	rm last
	bundle "$hook .hooks = {prestart: [{path: \"/bin/false\"}], poststop: [hook(\"last\")]}" \
		sh -c "$COUNT"
	run -1 restore x
	[[ $output = *"hook '/bin/false': exit status 1"* ]]
	run -1 oci state x
	[ "$(cat last)" = stopped ]
}

@test "restore: mounts of the host, limits, and a network that is there" {
	need_criu
	mkdir source
	echo from the host >source/file
	ip netns add criu-test
	ip -n criu-test link set lo up
	checkpointed '.mounts += [{destination: "/mnt", source: "'"$TMP/source"'", options: ["rbind"]},
		{destination: "/tmp/one", source: "'"$TMP/source/file"'", options: ["bind"]}] |
		(.linux.namespaces[] | select(.type == "network")).path = "/run/netns/criu-test" |
		.linux.resources.pids.limit = 77'
	restore x
	counting again
	run -0 oci exec x cat /mnt/file /tmp/one
	[ "$output" = $'from the host\nfrom the host' ]
	[ "$(stat -L -c %i "/proc/$(pid_of x)/ns/net")" = "$(stat -L -c %i /run/netns/criu-test)" ]
	grep -qx 77 "$(find /sys/fs/cgroup -path '*/mydocker/x/pids.max' | head -n 1)"
	oci delete -f x
	ip netns del criu-test
	rmdir /run/netns 2>/dev/null || umount /run/netns 2>/dev/null && rmdir /run/netns || :
}

@test "restore of an id that is taken, and of no images" {
	skip_unless root
	stand_in
	started x
	pid=$(pid_of x)
	run -1 restore x
	[[ $output = *"container 'x': already exists" ]]
	[ "$(pid_of x)" = "$pid" ]
	oci delete -f x
	run -1 restore x
	[[ $output = *"--image-path: '$TMP/img': No such file"* ]]
	mkdir img
	run -1 restore x
	[[ $output = *descriptors.json* ]]
	run -1 oci state x
	[ ! -s notes ]
}

@test "restore without criu is refused in a line" {
	skip_unless root
	bundle
	run -1 no_criu restore -b b --image-path "$TMP" x
	[ "$output" = "mydocker oci restore: criu: executable file not found in \$PATH; it comes with Debian's package criu" ]
	[ ! -e "$STORE/run/oci/x" ]
}

@test "restore that fails leaves nothing, and says why" {
	skip_unless root
	bundle '.hooks.poststop = [{path: "/bin/touch", args: ["touch", "'"$TMP/last"'"]}]'
	mkdir img
	echo '["pipe:[7]", "file[1a:2b]", "/dev/pts/0"]' >img/descriptors.json
	stand_in 'so it is'
	run -1 restore --empty-ns network --no-subreaper --no-pivot \
		--lsm-profile apparmor:a --lsm-mount-context b x
	[ "$output" = 'mydocker oci restore: criu: so it is' ]
	run -1 oci state x
	[ ! -e "$STORE/run/oci/x" ]
	[ -e last ]
	[ -z "$(find /sys/fs/cgroup -path '*/mydocker/x')" ]
	for line in 'type 2' '6 1' '10 restore.log' '12 1' \
		"13 $STORE/run/oci/x/criu-root" '25 /mydocker/x' '26 1' \
		'27 pipe:[7] 4' '27 ile[1a:2b] 8' '27 file[1a:2b] 5' '34 6' \
		'53 apparmor:a' '63 b'; do
		grep -qxF "$line" notes || {
			echo "lacks: $line"
			cat notes
			false
		}
	done
}

@test "restore of a terminal needs somebody to have it, before anything is made" {
	skip_unless root
	bundle '.process.terminal = true'
	mkdir img
	echo '["pipe:[7]"]' >img/descriptors.json
	stand_in
	run -1 restore x
	[[ $output = *'--console-socket is needed'* ]]
	bundle
	run -1 restore --console-socket "$TMP/none" x
	[[ $output = *'--console-socket: the process has no terminal' ]]
	[ ! -s notes ]
	[ ! -e "$STORE/run/oci/x" ]
}

@test "restore: a source that begins in the bundle is there for criu, too" {
	skip_unless root
	bundle '.mounts += [{destination: "/mnt", source: "data", options: ["bind"]}]'
	mkdir -p img b/data
	echo '[]' >img/descriptors.json
	stand_in
	run -1 restore x
	grep -qxF "23 /mnt $TMP/b/data" notes
}

@test "restore in the foreground hears a signal while criu waits" {
	skip_unless root
	bundle
	mkdir img stand-in
	echo '[]' >img/descriptors.json
	printf '#!/bin/sh\necho $$ >"%s/pid"\nexec sleep 1000\n' "$TMP" >stand-in/criu
	chmod +x stand-in/criu
	PATH=$TMP/stand-in:$PATH background oci restore -b b --image-path "$TMP/img" x
	wait_for 5 test -s pid
	sleep 0.3
	kill -TERM "$LAST"
	ended_with 1
	grep -q 'criu: ended by signal 15' "$LAST_OUT"
	is_gone "$(cat pid)"
	[ ! -e "$STORE/run/oci/x" ]
	[ -z "$(find /sys/fs/cgroup -path '*/mydocker/x')" ]
}

@test "restore makes the mount points that a root lacks" {
	need_criu
	checkpointed '.mounts += [{destination: "/srv/deep", type: "tmpfs", source: "tmpfs"}]'
	make_rootfs "$TMP/fresh"
	rm -r "$TMP"/fresh/{dev,proc,sys}
	jq --arg root "$TMP/fresh" '.root.path = $root' b/config.json >b/new
	mv b/new b/config.json
	restore x
	counting again
	[ -d fresh/srv/deep ]
	oci delete -f x
}
