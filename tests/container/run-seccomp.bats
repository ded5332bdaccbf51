#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# run: what the default filter answers, asked by raw system calls.

load ../lib/harness
load ../lib/agent
load common

# The names of the errors that each call (its number and arguments, separated
# by commas) gives in a container on the host's root, where there is a python.
calls() {
	run -0 mydocker run --rm "$(command -v python3)" -c '
import ctypes, errno, sys
libc = ctypes.CDLL(None, use_errno=True)
for words in sys.argv[1:]:
    done = libc.syscall(*[ctypes.c_long(int(w, 0)) for w in words.split(",")])
    print("ok" if done >= 0 else errno.errorcode[ctypes.get_errno()])
' "$@"
}

setup() {
	[ "$(uname -m)" = x86_64 ] || skip 'the numbers are those of x86_64'
	harness_setup
}

@test "sockets are of the usual families only" {
	calls 41,1,1,0 41,2,1,0 41,10,1,0 41,16,2,0
	[ "$output" = $'ok\nok\nok\nok' ]
	calls 41,40,1,0 41,38,5,0 41,21,5,0
	[ "$output" = $'EPERM\nEPERM\nEPERM' ]
}

@test "bits that the kernel does not read make no family another one" {
	calls 41,0x100000028,1,0 41,0x100000026,5,0
	[ "$output" = $'EPERM\nEPERM' ]
}

@test "nobody types on a terminal for its user" {
	calls 16,0,0x5412,0 16,0,0x100005412,0 16,0,0x541c,0
	[ "$output" = $'EPERM\nEPERM\nEPERM' ]
	calls 16,0,0x5401,0
	[ "$output" = ENOTTY ]
}

@test "unknown calls are not there, known ones that are denied say so" {
	calls 9999 435,0,0
	[ "$output" = $'ENOSYS\nENOSYS' ]
	calls 250,0,0 321,0,0 165,0,0,0,0,0 272,0x10000000
	[ "$output" = $'EPERM\nEPERM\nEPERM\nEPERM' ]
}

@test "SCMP_ACT_NOTIFY asks whoever listens at listenerPath" {
	skip_unless kernel 5.19
	notify chroot
	agent
	run -1 in_root --name asked --security-opt seccomp="$TMP/notify.json" \
		chroot / true
	wait "$AGENT"
	[[ $output = *'assign requested address'* ]]
	run -0 cat "$TMP/agent.out"
	[[ $output = '{"ociVersion":"'*'"fds":["seccompFd"],"pid":'* ]]
	[[ $output = *',"metadata":"it is \"me\"","state":{'*'"creating"'*'}} 1' ]]
}

@test "a listener that nobody is at ends the start" {
	notify chroot
	run -125 in_root --security-opt seccomp="$TMP/notify.json" echo no
	[[ $output = *"listenerPath: '$TMP/agent': No such file"* ]]
	notify sendmsg
	run -125 in_root --security-opt seccomp="$TMP/notify.json" echo no
	[[ $output = *'SCMP_ACT_NOTIFY for sendmsg'* ]]
}

@test "a profile may name machines whose calls cannot come here" {
	jq -n '{
		defaultAction: "SCMP_ACT_ALLOW",
		architectures: ["SCMP_ARCH_MIPS64N32", "SCMP_ARCH_S390X",
			"SCMP_ARCH_PPC64LE", "SCMP_ARCH_LOONGARCH64"],
		syscalls: [{names: ["chroot"], action: "SCMP_ACT_ERRNO",
			errnoRet: 99}]}' >"$TMP/far.json"
	run -1 in_root --security-opt seccomp="$TMP/far.json" chroot / true
	[[ $output = *'assign requested address'* ]]
	jq '.architectures = ["SCMP_ARCH_VAX"]' "$TMP/far.json" >"$TMP/vax.json"
	run -125 in_root --security-opt seccomp="$TMP/vax.json" true
	[[ $output = *'SCMP_ARCH_VAX'* ]]
}
