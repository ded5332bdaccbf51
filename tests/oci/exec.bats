#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154,SC2016 # $… is for the container; stderr and the like are set by bats' run
# oci exec: one more process.
load ../lib/harness
load common

@test "exec runs a command in the container, and its status is ours" {
	started x '.hostname = "inside"'
	run -0 oci exec x hostname
	[ "$output" = inside ]
	run -9 oci exec x sh -c 'exit 9'
	run -255 oci exec x /no/such
	oci delete -f x
}

@test "exec's options change the process" {
	started x '.process.env += ["A=1"]'
	run -0 oci exec -e A=2 -e B=3 --cwd /etc -u 1000:1000 -g 29 x \
		sh -c 'echo $A $B $PWD $(id -u) $(id -g) $(id -G)'
	[ "$output" = '2 3 /etc 1000 1000 1000 29' ]
	run -0 oci exec -c CAP_CHOWN x grep CapEff /proc/self/status
	[[ $output = *0000000020000421 ]]
	run -255 oci exec -c CAP_NO_SUCH x true
	run -255 oci exec -u root x true
	oci delete -f x
}

@test "exec --process has it from a file" {
	started x
	jq '.process | .args = ["sh", "-c", "echo $B; exit 4"] | .env += ["B=5"]' \
		b/config.json >process
	run -4 oci exec --process process x
	[ "$output" = 5 ]
	oci delete -f x
}

@test "exec -d leaves it running, with its pid in a file" {
	started x
	oci exec -d --pid-file pid x sleep 1005 </dev/null >out 2>&1 3>&- 4>&-
	[ "$(tr '\0' ' ' <"/proc/$(cat pid)/cmdline")" = 'sleep 1005 ' ]
	oci delete -f x
	[ ! -e "/proc/$(cat pid)" ]
}

@test "exec -t has a terminal" {
	started x
	run -0 with_tty -- "$MYDOCKER" oci exec -t x test -t 0
	run -255 oci exec -d -t x true
	[[ $output = *--console-socket* ]]
	oci delete -f x
}

@test "exec into what is stopped or paused is an error" {
	started x . true
	wait_for 5 is_status x stopped
	run -255 oci exec x true
	oci delete x
	skip_unless controller freezer
	started x
	oci pause x
	run -255 oci exec x true
	oci delete -f x
}

@test "exec --pidfd-socket sends a pidfd of the process" {
	started x
	run -0 python3 - "$TMP/s" "$MYDOCKER" oci exec -d --pid-file pid \
		--pidfd-socket "$TMP/s" x sleep 1006 <<-'EOF'
		import socket, subprocess, sys
		s = socket.socket(socket.AF_UNIX)
		s.bind(sys.argv[1])
		s.listen(1)
		p = subprocess.Popen(sys.argv[2:], stdin=subprocess.DEVNULL,
		    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
		c, _ = s.accept()
		_, fds, _, _ = socket.recv_fds(c, 100, 1)
		assert p.wait() == 0
		print([l.split()[1] for l in open(f"/proc/self/fdinfo/{fds[0]}") if l.startswith("Pid:")][0])
	EOF
	[ "$output" = "$(cat pid)" ]
	oci delete -f x
}

@test "exec refuses labels that the kernel knows nothing of" {
	started x
	[ "$(cat /sys/module/apparmor/parameters/enabled 2>/dev/null)" = Y ] || {
		run -255 oci exec --apparmor some x true
		[[ $output = *AppArmor* ]]
	}
	grep -q selinuxfs /proc/filesystems || {
		run -255 oci exec --process-label some x true
		[[ $output = *SELinux* ]]
	}
	oci delete -f x
}

@test "exec --ignore-paused waits until the container goes on" {
	skip_unless controller freezer
	started x
	oci pause x
	background oci exec --ignore-paused x echo late
	sleep 0.3
	[ ! -s "$LAST_OUT" ]
	oci resume x
	ended_with 0
	[ "$(cat "$LAST_OUT")" = late ]
	oci delete -f x
}

@test "exec obeys process.scheduler, which no fork would hand on" {
	started x
	jq '.process | .args = ["sh", "-c", "cut -d\" \" -f41 /proc/$$/stat"] |
		.scheduler = { policy: "SCHED_BATCH", flags: ["SCHED_FLAG_RESET_ON_FORK"] }' \
		b/config.json >process
	run -0 oci exec --process process x
	[ "$output" = 3 ]
	oci delete -f x
}
