#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# init by hand: words or a configuration on descriptor 3, and hostile roots.
load ../lib/harness
load ../container/common

# init FILE: by hand, with FILE on descriptor 3 and nothing on 4.
init() { mydocker init 3<"$1" 4>&-; }

# words WORD…: a bare command as init reads it, in $TMP/words.
words() { printf '%s\0' "$@" >"$TMP/words"; }

# config ROOT JQ-FILTER WORD…: a configuration, in $TMP/config.json.
config() {
	local root=$1 filter=$2

	shift 2
	jq -n --arg root "$root" '{
		ociVersion: "1.2.0", hostname: "box",
		process: {user: {uid: 0, gid: 0}, cwd: "/",
			args: $ARGS.positional, env: ["PATH=/bin"]},
		root: {path: $root},
		mounts: [
			{destination: "/proc", type: "proc", source: "proc"},
			{destination: "/dev", type: "tmpfs", source: "tmpfs",
			 options: ["nosuid", "mode=755"]},
			{destination: "/sys", type: "sysfs", source: "sysfs",
			 options: ["ro", "nosuid", "nodev", "noexec"]}],
		linux: {namespaces: ["mount", "pid", "uts", "ipc", "network"]
			| map({type: .})}} |
		.linux.namespaces = (["mount", "pid", "uts", "ipc", "network"]
			| map({type: .})) |'"$filter" --args -- "$@" \
		>"$TMP/config.json"
}

# by_hand JQ-FILTER WORD…: a container on $ROOTFS without a parent.
by_hand() {
	config "$ROOTFS" "$@"
	init "$TMP/config.json"
}

# ---- words ----

@test "words on descriptor 3 are executed as they are" {
	words printf '<%s>' 'a b' '' 'c'
	run -0 init "$TMP/words"
	[ "$output" = '<a b><><c>' ]
}

@test "words may come down a pipe" {
	run -0 bash -c "printf 'echo\\0hi\\0' | $MYDOCKER init 3<&0 4>&-"
	[ "$output" = hi ]
}

@test "a file without a NUL is one word, its last newline aside" {
	echo /bin/true >"$TMP/line"
	run -0 init "$TMP/line"
	echo '/bin/true now' >"$TMP/line"
	run -127 init "$TMP/line"
	[[ $output = *"'/bin/true now'"* ]]
}

@test "a command that is not there is 127, one that cannot be run 126" {
	words no-such-command
	run -127 init "$TMP/words"
	[[ $output = *"'no-such-command': executable file not found in \$PATH" ]]
	words /etc
	run -126 init "$TMP/words"
	[[ $output = *"'/etc': is a directory" ]]
	words /etc/hostname
	run -126 init "$TMP/words"
}

@test "without descriptor 3 init says how it is called" {
	run -125 bash -c "$MYDOCKER init 3<&- 4>&-"
	[[ $output = *'mydocker init 3<config.json'* ]]
	[ "${#lines[@]}" -eq 1 ]
}

@test "nothing on descriptor 3 is an error" {
	run -125 init /dev/null
	[[ $output = *'descriptor 3 is empty' ]]
}

@test "at level info init narrates" {
	words true
	run -0 bash -c "$MYDOCKER --log-level info init 3<'$TMP/words' 4>&-"
	[[ $output = *'init come on'*'command: true'*'Find path '*/true* ]]
}

# ---- a configuration by hand ----

@test "by hand a configuration is a container of its own" {
	run -7 by_hand . sh -c 'echo $$; hostname; ls -d /usr/lib; exit 7'
	[ "${lines[0]}" = 1 ]
	[ "${lines[1]}" = box ]
	[ "$(hostname)" != box ]
}

@test "by hand a user namespace gets its maps" {
	# outside it is a user who may not pass a closed directory
	chmod go+x "$BATS_RUN_TMPDIR"
	run -0 by_hand '.linux.namespaces += [{type: "user"}] |
		.linux.uidMappings = [{containerID: 0, hostID: 100000, size: 9}] |
		.linux.gidMappings = .linux.uidMappings' cat /proc/self/uid_map
	[ "$(awk '{ print $1, $2, $3 }' <<<"$output")" = '0 100000 9' ]
}

@test "a wrong configuration is named by its property" {
	run -125 by_hand '.process.cwd = "tmp"' true
	[[ $output = *'config: process.cwd: '* ]]
}

@test "hooks of the runtime's namespace are refused by hand" {
	for hook in prestart createRuntime poststart poststop; do
		run -125 by_hand ".hooks.$hook = [{path: \"/bin/true\"}]" true
		[[ $output = *'hooks: not by hand' ]]
	done
}

@test "createContainer hooks run in the container's namespaces, before pivot" {
	cat >"$TMP/hook" <<-'END'
		#!/bin/sh
		echo "$1 $ONLY $(hostname) $$ $(cat)"
		ls -d /proc/self/cwd/.. /usr/lib
	END
	chmod +x "$TMP/hook"
	run -0 by_hand ".annotations = {a: \"b\"} |
		.hooks.createContainer = [{path: \"$TMP/hook\", args:
		[\"x\", \"first\"], env: [\"ONLY=this\", \"PATH=$PATH\"]}]" \
		echo after
	[[ ${lines[0]} = 'first this box '[2-9]' {"ociVersion":"1.2.0"'* ]]
	[[ ${lines[0]} = *'"status":"created","pid":1,'* ]]
	[[ ${lines[0]} = *'"annotations":{"a":"b"}}' ]]
	[[ $output = *'/usr/lib'$'\nafter' ]]
}

@test "startContainer hooks run inside, as the user, before the command" {
	run -0 by_hand '.process.user = {uid: 1000, gid: 1000} |
		.hooks.startContainer = [{path: "/bin/sh", args: ["sh", "-c",
		"/bin/cat; /bin/echo; /bin/id -u; /bin/ls -d /usr/lib || :"]}]' \
		echo after
	[[ ${lines[0]} = *'"status":"created","pid":1,'* ]]
	[ "${lines[1]}" = 1000 ]
	[[ ${lines[2]} = *'/usr/lib'*'No such file'* ]]
	[ "${lines[3]}" = after ]
}

@test "a hook that fails, or takes too long, ends the start" {
	for hook in createContainer startContainer; do
		run -125 by_hand ".hooks.$hook = [{path: \"/bin/sh\",
			args: [\"sh\", \"-c\", \"exit 3\"]}]" echo no
		[[ $output = *"$hook: hook '/bin/sh': exit status 3" ]]
		run -125 by_hand ".hooks.$hook = [{path: \"/bin/sh\", timeout: 1,
			args: [\"sh\", \"-c\", \"exec /bin/sleep 9\"]}]" echo no
		[[ $output = *"$hook: hook '/bin/sh': still running after 1 s" ]]
	done
}

@test "what only a parent can do is refused by hand" {
	run -125 by_hand '.linux.resources.memory.limit = 9999999' true
	[[ $output = *'linux.resources: not by hand'* ]]
	run -125 by_hand '.linux.intelRdt = {closID: "x"}' true
	[[ $output = *'linux.intelRdt: not by hand' ]]
	run -125 by_hand '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW",
		listenerPath: "/x", syscalls: [{names: ["mkdir"],
		action: "SCMP_ACT_NOTIFY"}]}' true
	[[ $output = *'listenerPath: not by hand' ]]
	run -0 by_hand '.linux.resources.pids.limit = 99' true
	[[ $output = *'by hand there is no cgroup'* ]]
}

@test "a memory policy holds for the command" {
	[ -e /proc/self/numa_maps ] || skip 'a kernel without NUMA'
	run -0 by_hand '.linux.memoryPolicy = {mode: "MPOL_BIND", nodes: "0",
		flags: ["MPOL_F_STATIC_NODES"]}' head -1 /proc/self/numa_maps
	[[ $output = *' bind=static:0 '* ]]
	run -125 by_hand '.linux.memoryPolicy = {mode: "MPOL_MAYBE"}' true
	[[ $output = *"memoryPolicy.mode: no mode is called 'MPOL_MAYBE'"* ]]
	run -125 by_hand '.linux.memoryPolicy = {mode: "MPOL_BIND"}' true
	[[ $output = *'memoryPolicy MPOL_BIND: Invalid argument' ]]
}

# An interface of this machine, until it or its namespace goes.
make_interface() {
	ip link add "$1" type veth peer name "$1-peer" ||
		skip 'no virtual interfaces here'
	ip link set "$1-peer" up
	ip address add 192.0.2.7/24 dev "$1"
	ip -6 address add 2001:db8::7/64 dev "$1" nodad 2>/dev/null || :
	ip link set "$1" mtu 1412
}

@test "an interface moves into the container, with its addresses, and is up" {
	skip_unless program ip
	make_interface md-a
	run -0 by_hand '.linux.netDevices = {"md-a": {name: "eth%d"}}' \
		sh -c 'ip addr show eth0 && ip route'
	[[ $output = *UP*'mtu 1412'*'inet 192.0.2.7/24'*'192.0.2.0/24 dev eth0'* ]]
	[[ $output = *'2001:db8::7/64'* || ! -e /proc/net/if_inet6 ]]
	run -1 ip link show md-a
}

@test "an interface whose name is taken in the container stays" {
	skip_unless program ip
	make_interface md-b
	run -125 by_hand '.linux.netDevices = {"md-b": {name: "lo"}}' true
	[[ $output = *"netDevices: 'lo': the container has one"* ]]
	ip link show md-b
	ip link del md-b
	run -125 by_hand '.linux.netDevices = {"md-b": {}}' true
	[[ $output = *"netDevices: 'md-b': no such interface" ]]
}

@test "a mount option of every kind is applied" {
	run -0 by_hand '.mounts += [{destination: "/mnt", type: "tmpfs",
		source: "tmpfs", options: ["ro", "nosuid", "nodev", "noexec",
		"noatime", "size=64k", "mode=711"]}]' grep ' /mnt ' /proc/mounts
	for option in ro nosuid nodev noexec noatime size=64k mode=711; do
		[[ ,${output// /,}, = *,$option,* ]]
	done
}

@test "rro makes mounts below read-only, too" {
	skip_unless kernel 5.12
	[ -z "${MYDOCKER_THROUGH-}" ] || skip 'needs mount_setattr'
	mkdir -p "$TMP/v"
	run -0 by_hand ".mounts += [{destination: \"/mnt\", source: \"/sys\",
		type: \"bind\", options: [\"rbind\", \"rro\"]}]" \
		awk '$2 ~ "^/mnt" && $4 !~ "^ro" { print; bad = 1 }
			END { exit bad }' /proc/mounts
}

@test "tmpcopyup begins with what it covers" {
	run -0 by_hand '.mounts += [{destination: "/etc", type: "tmpfs",
		source: "tmpfs", options: ["tmpcopyup"]}]' sh -c \
		'cat /etc/group; echo >/etc/new && stat -f -c %T /etc'
	[ "$output" = "$(cat "$ROOTFS/etc/group")"$'\ntmpfs' ]
	[ ! -e "$ROOTFS/etc/new" ]
}

@test "an asterisk in a masked path stands for names" {
	run -0 by_hand '.linux.maskedPaths = ["/proc/*info"]' sh -c \
		'stat -c "%t:%T" /proc/cpuinfo /proc/meminfo; test -s /proc/stat
		 cat /proc/uptime >/dev/null'
	[ "$output" = $'1:3\n1:3' ]
}

@test "a profile's unknown system calls are left out, and its rest holds" {
	run -0 by_hand '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW",
		syscalls: [{names: ["mkdir", "mkdirat", "no_such_call"],
		action: "SCMP_ACT_ERRNO", errnoRet: 28}]}' sh -c \
		'mkdir /tmp/x 2>&1 || grep Seccomp: /proc/self/status'
	[[ $output = *no_such_call*'No space left'*Seccomp:*2 ]]
}

@test "a profile with an action that does not exist is refused" {
	run -125 by_hand '.linux.seccomp = {defaultAction: "SCMP_ACT_MAYBE"}' true
	[[ $output = *SCMP_ACT_MAYBE* ]]
}

# ---- hostile roots ----

# A root whose PATH is a link to the victim's directory.
evil_root() {
	cp -a "$ROOTFS" "$TMP/evil"
	mkdir "$TMP/victim"
	rm -rf "$TMP/evil$1"
	ln -s "$TMP/victim" "$TMP/evil$1"
}

# evil JQ-FILTER WORD…
evil() {
	config "$TMP/evil" "$@"
	init "$TMP/config.json"
}

victim_is_untouched() {
	[ -z "$(ls -A "$TMP/victim")" ]
}

@test "a link at /proc is refused" {
	evil_root /proc
	run -125 evil . true
	[[ $output = *"'/proc': is a symbolic link"* ]]
	victim_is_untouched
}

@test "a link at /proc is refused by an old kernel" {
	evil_root /proc
	config "$TMP/evil" . true
	run -125 in_old_kernel "$MYDOCKER" init 3<"$TMP/config.json" 4>&-
	[[ $output = *"'/proc': is a symbolic link"* ]]
	victim_is_untouched
}

@test "a link at /sys is refused" {
	evil_root /sys
	run -125 evil . true
	[[ $output = *"'/sys': is a symbolic link"* ]]
	victim_is_untouched
}

@test "a link at /dev leads to nothing outside" {
	evil_root /dev
	run evil '.mounts = [.mounts[0]]' true
	victim_is_untouched
	run evil . true
	victim_is_untouched
}

@test "a mount's target stays in the root, whatever links it has" {
	cp -a "$ROOTFS" "$TMP/evil"
	mkdir "$TMP/victim"
	ln -s ../../../../../../../.. "$TMP/evil/up"
	run -0 evil ".mounts += [{destination: \"/up$TMP/victim/x\",
		type: \"tmpfs\", source: \"tmpfs\"}]" true
	victim_is_untouched
	[ -d "$TMP/evil$TMP/victim/x" ]
}

@test "nothing but procfs may be mounted at or in /proc" {
	for target in /proc /proc/self /proc/self/attr; do
		run -125 by_hand ".mounts += [{destination: \"$target\",
			type: \"bind\", source: \"/etc\", options: [\"bind\"]}]" \
			true
		[[ $output = *'/proc'* ]]
	done
}

@test "a volume at /dev cannot choose what masks are made of" {
	mkdir "$TMP/dev"
	ln -s /proc/sys/kernel/core_pattern "$TMP/dev/null"
	run -0 by_hand ".mounts += [{destination: \"/dev\", type: \"bind\",
		source: \"$TMP/dev\", options: [\"bind\"]}] |
		.linux.maskedPaths = [\"/proc/timer_list\"]" \
		sh -c 'stat -c "%t:%T" /proc/timer_list; cat /proc/timer_list'
	[ "$output" = 1:3 ]
}

@test "the working directory cannot be one of our descriptors" {
	for fd in 3 4 5 6 7 8 9 10; do
		run -125 by_hand ".process.cwd = \"/proc/self/fd/$fd\"" pwd
	done
}

@test "descriptors of the caller do not reach the command" {
	config "$ROOTFS" . ls /proc/self/fd
	run -0 bash -c "exec 33</etc 44</; $MYDOCKER init 3<'$TMP/config.json' 4>&-"
	[ "$output" = $'0\n1\n2\n3' ] # 3 is what ls reads
}

@test "the host's own root comes without its /proc, /sys and /dev" {
	config / '.mounts = [.mounts[0]] | .process.args = ["/bin/cat",
		"/proc/self/mountinfo"]' x
	run -0 init "$TMP/config.json"
	[ -z "$(awk '$5 ~ "^/(proc|sys|dev)/"' <<<"$output")" ]
	[ "$(awk '$5 == "/proc"' <<<"$output" | wc -l)" -eq 1 ]
}

@test "a source below another process's root is what that process has there" {
	[ -z "${MYDOCKER_THROUGH-}" ] || skip 'needs open_tree, of Linux 5.2'
	start other sh -c 'echo shared >/dev/shm/note; exec sleep 100'
	run -0 by_hand ".mounts += [{destination: \"/mnt\", type: \"bind\",
		source: \"/proc/$(pid_of other)/root/dev/shm\",
		options: [\"rbind\", \"ro\"]}]" \
		sh -c 'cat /mnt/note; echo x 2>&1 >/mnt/note || :'
	[ "${lines[0]}" = shared ]
	[[ ${lines[1]} = *'Read-only file system'* ]]
	mydocker kill other
}
