#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154,SC2016 # $… is for the container; stderr and the like are set by bats' run
# sd_notify(3) through an OCI container.
load ../lib/harness
load common

# hear FILE: be systemd: write what is said to $TMP/systemd into FILE, and close
# what comes along with it.
hear() {
	python3 - "$TMP/systemd" "$1" <<-'EOF' 3>&- 4>&- &
		import os, socket, sys
		s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
		s.bind(sys.argv[1])
		s.settimeout(30)
		with open(sys.argv[2], "w", buffering=1) as out:
		    while True:
		        text, fds, _, _ = socket.recv_fds(s, 4096, 4)
		        out.write(text.decode().rstrip("\n") + "\n")
		        for fd in fds:
		            os.close(fd)
		        if text.startswith(b"BARRIER"):
		            break
	EOF
	HEARER=$!
	wait_for 10 test -S "$TMP/systemd"
}

# A container that says that it is ready, after a while, and then stays.
ready() {
	bundle "$RUN" /run/say 'STATUS=soon' 'READY=1
STATUS=now'
	jq --arg say "$TMP/say" '.mounts += [{destination: "/run/say", type: "bind",
		source: $say, options: ["bind", "ro"]}]' b/config.json >b/new
	mv b/new b/config.json
}

# The shared root file system stays as it is.
RUN='.mounts += [{destination: "/run", type: "tmpfs"}]'

setup() {
	harness_setup
	cat >say.c <<-'EOF'
		#include <stdlib.h>
		#include <string.h>
		#include <sys/socket.h>
		#include <sys/un.h>
		#include <unistd.h>

		int
		main(int argc, char **argv)
		{
			struct sockaddr_un to = { .sun_family = AF_UNIX };
			int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

			strcpy(to.sun_path, getenv("NOTIFY_SOCKET"));
			for (int i = 1; i < argc; i++) {
				usleep(300000);
				if (sendto(fd, argv[i], strlen(argv[i]), 0,
				           (struct sockaddr *)&to, sizeof(to)) < 0)
					return 9;
			}
			sleep(argc > 1 ? 1000 : 0);
			return 0;
		}
	EOF
	command -v gcc >/dev/null || skip 'no compiler here'
	gcc -static -o say say.c
}

@test "start waits for READY=1, and passes it on with the container's pid" {
	ready
	NOTIFY_SOCKET=$TMP/systemd create x
	hear heard
	NOTIFY_SOCKET=$TMP/systemd oci start x
	wait "$HEARER"
	[ "$(cat heard)" = "READY=1
MAINPID=$(pid_of x)
BARRIER=1" ]
	oci delete -f x
}

@test "run -d and run pass it on, too, also to a socket without a path" {
	ready
	hear heard
	NOTIFY_SOCKET=$TMP/systemd oci run -d -b b x </dev/null >out 2>&1 3>&- 4>&-
	wait "$HEARER"
	grep -qx "MAINPID=$(pid_of x)" heard
	oci delete -f x
	rm systemd
	hear heard
	NOTIFY_SOCKET=$TMP/systemd background oci run -b b x
	wait "$HEARER"
	grep -qx 'READY=1' heard
	is_status x running
	oci kill x KILL
	ended_with 137
}

@test "run passes READY=1 on once, and hears no more" {
	bundle "$RUN" /run/say 'READY=1' 'READY=1'
	jq --arg say "$TMP/say" '.mounts += [{destination: "/run/say", type: "bind",
		source: $say, options: ["bind", "ro"]}]' b/config.json >b/new
	mv b/new b/config.json
	hear heard
	# 9: nobody listened
	NOTIFY_SOCKET=$TMP/systemd run -9 timeout -k 1 20 "$MYDOCKER" oci run -b b x
	wait "$HEARER"
	[ "$(grep -c READY=1 heard)" = 1 ]
}

@test "start does not wait for one that has ended, nor without NOTIFY_SOCKET" {
	bundle "$RUN" sh -c 'echo $NOTIFY_SOCKET >/dev/null; exit 3'
	hear heard
	NOTIFY_SOCKET=$TMP/systemd create x
	NOTIFY_SOCKET=$TMP/systemd oci start x
	wait_for 5 is_status x stopped
	oci delete x
	kill "$HEARER"
	[ ! -s heard ]
	bundle "$RUN" sh -c 'echo "<$NOTIFY_SOCKET>"; ls /run/notify'
	run -1 oci run -b b x
	[[ $output = '<>'* ]]
}

@test "a NOTIFY_SOCKET that cannot be reached: run warns, start starts nothing" {
	bundle "$RUN" sleep 1000
	export NOTIFY_SOCKET=$TMP/nobody
	timeout -k 1 20 "$MYDOCKER" oci run -d -b b x </dev/null >out 2>&1 3>&- 4>&-
	grep -q "NOTIFY_SOCKET '$TMP/nobody': No such file" out
	is_status x running
	oci delete -f x
	create x
	run -1 oci start x
	[[ $output = *"NOTIFY_SOCKET '$TMP/nobody'"* ]]
	is_status x created
	unset NOTIFY_SOCKET
	oci start x
	is_status x running
	oci delete -f x
}
