#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# run: who the command is, and what it may do.
load ../lib/harness
load common

# caps KIND ARG…: that set of capabilities in a container with these options.
caps() {
	in_root "${@:2}" grep "^Cap$1" /proc/self/status | cut -f 2
}

# groups_of ARG…: all groups, sorted.
groups_of() {
	in_root "$@" sed -n 's/^Groups:[[:space:]]*//p' /proc/self/status |
		tr ' ' '\n' | sort -n | xargs
}

# ---- users ----

@test "the default user is root, in root's group alone" {
	run -0 in_root id
	[ "$output" = 'uid=0(root) gid=0(root) groups=0(root)' ]
	[ "$(groups_of)" = 0 ]
}

@test "-u takes a name, with the groups that list it" {
	[ "$(in_root -u web id -u)" = 1000 ]
	[ "$(groups_of -u web)" = '29 1000' ]
}

@test "-u takes numbers, also of nobody's" {
	[ "$(in_root -u 5:6 id -u)" = 5 ]
	[ "$(in_root -u 5:6 id -g)" = 6 ]
	[ "$(groups_of -u 5:6)" = 6 ]
	[ "$(in_root -u 5 id -g)" = 0 ]
	[ "$(in_root -u 1000 id -g)" = 1000 ]
}

@test "-u USER:GROUP has that group alone" {
	[ "$(in_root -u web:audio id -g)" = 29 ]
	[ "$(groups_of -u web:audio)" = 29 ]
}

@test "-u refuses what is no user" {
	local text

	for text in none -1 +1 1x 4294967295 99999999999 '1 ' 0x0 web:none 1:2:3; do
		run -125 in_root --user="$text" id
		[ ${#lines[@]} -eq 1 ]
	done
}

@test "-u is looked up in the container's files, not the host's" {
	run -125 in_root -u daemon id
	[[ $output = *"unable to find user daemon: no matching entries in passwd file"* ]]
}

@test "a user whose name is a number does not take over that number" {
	make_rootfs "$TMP/root"
	echo '5:x:0:0::/:/bin/sh' >>"$TMP/root/etc/passwd"
	[ "$(mydocker run --rm --rootfs "$TMP/root" -u 5 id -u)" = 5 ]
}

@test "a passwd that is a FIFO does not hang" {
	make_rootfs "$TMP/root"
	rm "$TMP/root/etc/passwd"
	mkfifo "$TMP/root/etc/passwd"
	run -125 timeout 5 "$MYDOCKER" run --rm --rootfs "$TMP/root" -u web id
}

@test "a passwd that links out of the root is not followed" {
	make_rootfs "$TMP/root"
	echo 'planted:x:7:7::/:/bin/sh' >outside
	ln -sf "$TMP/outside" "$TMP/root/etc/passwd"
	run -125 mydocker run --rm --rootfs "$TMP/root" -u planted id
}

@test "HOME is that of the user" {
	[ "$(in_root -u web sh -c 'echo $HOME')" = /home/web ]
	[ "$(in_root sh -c 'echo $HOME')" = /root ]
	[ "$(in_root -e HOME=/x sh -c 'echo $HOME')" = /x ]
}

@test "--group-add takes names and numbers" {
	[ "$(groups_of --group-add audio --group-add 77)" = '0 29 77' ]
	[ "$(groups_of -u web --group-add 77)" = '29 77 1000' ]
	run -125 in_root --group-add none id
}

@test "--umask is the command's umask, else 0022" {
	(
		umask 077
		[ "$(in_root sh -c umask)" = 0022 ]
	)
	[ "$(in_root --umask 0027 sh -c umask)" = 0027 ]
}

@test "the caller's groups do not leak" {
	skip_unless root
	run -0 setpriv --groups 4,27 "$MYDOCKER" run --rm --rootfs "$ROOTFS" id -G
	[ "$output" = 0 ]
}

# ---- capabilities ----

@test "the default capabilities are podman's eleven" {
	local kind

	for kind in Bnd Prm Eff; do
		[ "$(caps $kind)" = 00000000800405fb ]
	done
	[ "$(caps Inh)" = 0000000000000000 ]
	[ "$(caps Amb)" = 0000000000000000 ]
}

@test "another user than root has no capabilities, only a bound" {
	[ "$(caps Eff -u web)" = 0000000000000000 ]
	[ "$(caps Prm -u web)" = 0000000000000000 ]
	[ "$(caps Bnd -u web)" = 00000000800405fb ]
}

@test "--cap-add adds, with or without CAP_, in either case" {
	[ "$(caps Eff --cap-add NET_RAW)" = 00000000800425fb ]
	[ "$(caps Eff --cap-add cap_net_raw)" = 00000000800425fb ]
	[ "$(caps Bnd --cap-add NET_RAW)" = 00000000800425fb ]
}

@test "--cap-add ALL is all that we have" {
	[ "$(caps Eff --cap-add ALL)" = "$(awk '/^CapBnd/ { print $2 }' \
		/proc/self/status)" ]
}

@test "--cap-drop drops, and ALL leaves none" {
	[ "$(caps Bnd --cap-drop CHOWN)" = 00000000800405fa ]
	[ "$(caps Eff --cap-drop ALL)" = 0000000000000000 ]
	[ "$(caps Bnd --cap-drop ALL --cap-add KILL)" = 0000000000000020 ]
	run -1 in_root --cap-drop CHOWN chown web /tmp
}

@test "a capability that is none is an error" {
	run -125 in_root --cap-add BOGUS true
	[[ $output = *BOGUS* ]]
	run -125 in_root --cap-drop BOGUS true
}

# ---- --privileged, --security-opt ----

@test "--privileged has all capabilities, devices and no filter" {
	[ "$(caps Eff --privileged)" = "$(awk '/^CapBnd/ { print $2 }' \
		/proc/self/status)" ]
	[ "$(in_root --privileged awk '/^Seccomp:/ { print $2 }' \
		/proc/self/status)" = 0 ]
	run -0 --separate-stderr in_root --privileged sh -c 'exec 3</dev/kmsg && echo opened'
	[ "$output" = opened ]
	run -0 --separate-stderr in_root --privileged sh -c \
		'mount -t tmpfs x /mnt && grep -c " /sys sysfs rw" /proc/mounts'
	[ "$output" = 1 ]
}

@test "the default has a filter, seccomp=unconfined none" {
	[ "$(in_root awk '/^Seccomp:/ { print $2 }' /proc/self/status)" = 2 ]
	[ "$(in_root --security-opt seccomp=unconfined awk \
		'/^Seccomp:/ { print $2 }' /proc/self/status)" = 0 ]
}

@test "the default filter refuses new user namespaces" {
	run -1 in_root unshare -U true
	[[ $output = *'not permitted'* ]]
}

@test "seccomp=FILE is the filter" {
	cat >profile <<-'END'
	{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
		{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO",
		 "errnoRet": 28}]}
	END
	run -1 in_root --security-opt seccomp=profile mkdir /tmp/x
	[[ $output = *'No space left'* ]]
}

@test "a seccomp profile that is missing or broken is an error" {
	run -125 in_root --security-opt seccomp=none.json true
	echo '{' >broken
	run -125 in_root --security-opt seccomp=broken true
	run -125 in_root --security-opt nonsense true
}

@test "mask=PATH hides one more, unmask=PATH shows what is hidden" {
	run -0 in_root --security-opt mask=/etc/passwd cat /etc/passwd
	[ "$output" = '' ]
	[ -n "$(in_root --security-opt unmask=/proc/keys cat /proc/keys)" ]
	run -0 in_root --security-opt unmask=ALL cat /proc/self/mountinfo
	[[ $output != *' /proc/'* ]]
}

@test "apparmor=PROFILE that cannot be had is an error" {
	[ ! -e /sys/kernel/security/apparmor ] || skip 'with AppArmor'
	run -125 in_root --security-opt apparmor=mine true
	[[ $output = *mine*AppArmor* ]]
	run -0 in_root --security-opt apparmor=unconfined true
}

@test "the session keyring is the container's own" {
	run -0 in_root --cidfile id --security-opt unmask=/proc/keys \
		cat /proc/keys
	[[ $output = *"_mydocker.$(cut -c 1-12 id)"* ]]
}

@test "no-new-privileges is an option" {
	[ "$(in_root awk '/^NoNewPrivs/ { print $2 }' /proc/self/status)" = 0 ]
	[ "$(in_root --security-opt no-new-privileges awk \
		'/^NoNewPrivs/ { print $2 }' /proc/self/status)" = 1 ]
}

@test "systempaths=unconfined masks nothing" {
	run -0 in_root --security-opt systempaths=unconfined cat \
		/proc/self/mountinfo
	[[ $output != *' /proc/'* ]]
}
