# SPDX-License-Identifier: ISC
# shellcheck shell=bash disable=SC2154 # TMP is the harness's
# Loaded by tests of filters that ask somebody about system calls.

# An agent at $TMP/agent: prints the state that it gets, and lets every call
# that is asked about fail with errno 99. Its descriptor 3 is the listener.
agent() {
	/usr/bin/python3 -IS - "$TMP/agent" >"$TMP/agent.out" 2>&1 3>&- <<-'END' &
		import fcntl, json, socket, struct, sys
		s = socket.socket(socket.AF_UNIX)
		s.bind(sys.argv[1])
		s.listen()
		c, _ = s.accept()
		text, fds, _, _ = socket.recv_fds(c, 65536, 4)
		while part := c.recv(65536):
		    text += part
		print(text.decode(), len(fds), flush=True)
		# SECCOMP_IOCTL_NOTIF_RECV and _SEND, linux/seccomp.h
		asked = fcntl.ioctl(fds[0], 0xc0502100, bytes(80))
		id = struct.unpack_from("Q", asked)[0]
		fcntl.ioctl(fds[0], 0xc0182101, struct.pack("QqiI", id, 0, -99, 0))
	END
	AGENT=$!
	wait_for 5 test -S "$TMP/agent"
}

# notify NAME: a profile that asks the agent about a system call.
notify() {
	jq -n --arg path "$TMP/agent" --arg name "$1" '{
		defaultAction: "SCMP_ACT_ALLOW",
		architectures: ["SCMP_ARCH_X86_64", "SCMP_ARCH_AARCH64"],
		listenerPath: $path, listenerMetadata: "it is \"me\"",
		flags: ["SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"],
		syscalls: [{names: [$name], action: "SCMP_ACT_NOTIFY"}]}' \
		>"$TMP/notify.json"
}
