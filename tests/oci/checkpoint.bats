#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# oci checkpoint: what runs in a container, written to files by criu.
load ../lib/harness
load common

# before anybody looks at the host: it keeps notes about the kernel in /run
setup_file() { know_criu; }

# counter: container x, which counts into the file out.
counter() {
	bundle . sh -c "$COUNT"
	create x
	oci start x
	counting out
}

checkpoint() { oci checkpoint --image-path "$TMP/img" "$@"; }

@test "checkpoint without criu is refused in a line, and nothing is changed" {
	skip_unless root
	started x
	run -1 no_criu checkpoint --image-path "$TMP/img" x
	[ "$output" = "mydocker oci checkpoint: criu: executable file not found in \$PATH; it comes with Debian's package criu" ]
	is_status x running
	[ ! -e img ]
	oci delete -f x
}

@test "checkpoint writes images, and the container is gone" {
	need_criu
	counter
	run -0 checkpoint x
	[ -z "$output" ]
	[ -e img/inventory.img ]
	[ -e img/dump.log ]
	run -1 oci state x
	[[ $output = *'does not exist' ]]
}

@test "checkpoint --leave-running lets it go on; --work-path has the log" {
	need_criu
	counter
	run -0 checkpoint --leave-running --work-path "$TMP/work" x
	[ -e img/inventory.img ]
	[ -e work/dump.log ]
	[ ! -e img/dump.log ]
	is_status x running
	counting out
	oci delete -f x
}

@test "checkpoint of a paused container leaves it paused" {
	need_criu
	skip_unless controller freezer
	counter
	oci pause x
	run -0 checkpoint --leave-running x
	is_status x paused
	oci resume x
	counting out
	oci delete -f x
}

@test "checkpoint --pre-dump, and what it has written is not written again" {
	need_criu
	criu check --feature mem_dirty_track >/dev/null 2>&1 ||
		skip 'this kernel does not track dirty pages'
	counter
	run -0 oci checkpoint --pre-dump --image-path "$TMP/first" x
	is_status x running
	run -0 checkpoint --parent-path ../first x
	[ -L img/parent ]
	run -0 oci restore -d -b b --image-path "$TMP/img" x </dev/null >again 3>&- 4>&-
	oci delete -f x
}

@test "checkpoint that fails: a line with the reason and the log, and it runs" {
	need_criu
	started x . sh -c 'nc -l -p 99 -e sleep 1000 & sleep 0.1
		sleep 1000 | exec nc 127.0.0.1 99'
	wait_for 5 eval 'oci exec x netstat -tn | grep -q ESTABLISHED'
	run -1 checkpoint x
	[ "${#lines[@]}" = 1 ]
	[[ $output = 'mydocker oci checkpoint: criu: '*TCP*"; see $TMP/img/dump.log" ]]
	is_status x running
	oci delete -f x
}

@test "checkpoint: criu that ends at once is a line, too, and the container runs" {
	skip_unless root
	started x
	mkdir bad
	printf '#!/bin/sh\necho first >&2\necho "this machine will not do" >&2\nexit 1\n' >bad/criu
	chmod +x bad/criu
	PATH=$TMP/bad:$PATH run -1 checkpoint x
	[ "$output" = 'mydocker oci checkpoint: criu: this machine will not do' ]
	printf '#!/bin/sh\nexit 3\n' >bad/criu
	PATH=$TMP/bad:$PATH run -1 checkpoint x
	[ "$output" = 'mydocker oci checkpoint: criu: ended with status 3' ]
	is_status x running
	oci delete -f x
}

@test "checkpoint tells criu what it was told" {
	skip_unless root
	mkdir -p source img/before
	bundle '.mounts += [{destination: "/mnt", source: "'"$TMP/source"'", options: ["rbind"]}]'
	create x
	oci start x
	stand_in 'so it is'
	run -1 checkpoint --auto-dedup --empty-ns network --ext-unix-sk \
		--file-locks --lazy-pages --leave-running --link-remap \
		--manage-cgroups-mode full --page-server '[::1]:77' \
		--parent-path before --shell-job --tcp-established \
		--tcp-skip-in-flight x
	[ "$output" = 'mydocker oci checkpoint: criu: so it is' ]
	for line in 'type 1' "2 $(pid_of x)" '3 1' '4 1' '5 1' '7 1' '8 1' \
		'10 dump.log' '11 ::1 77' '12 1' "13 $ROOTFS" '14 before' '15 1' \
		'16 1' '18 1' '23 /mnt /mnt' '34 4' '38 1073741824' '46 1' \
		'48 1' '50 1' '51 /etc/criu/runc.conf'; do
		grep -qxF "$line" notes || {
			echo "lacks: $line"
			cat notes
			false
		}
	done
	: >notes
	run -1 checkpoint --pre-dump x
	grep -qx 'type 13' notes
	grep -qx '15 1' notes
	run ! grep -E '^(3|4|5|7|8|11|14|16|18|23|46|48|49) ' notes
	oci delete -f x
}

@test "checkpoint refuses what it cannot do" {
	skip_unless root
	bundle
	create x
	stand_in
	run -1 checkpoint x
	[[ $output = *'cannot checkpoint a container that is created' ]]
	oci start x
	run -1 checkpoint --manage-cgroups-mode some x
	[[ $output = *"--manage-cgroups-mode: 'some' is not a choice" ]]
	run -1 checkpoint --empty-ns mount x
	[[ $output = *"--empty-ns: namespace 'mount' is not supported" ]]
	run -1 checkpoint --parent-path /img x
	[[ $output = *'--parent-path must be relative'* ]]
	run -1 checkpoint --parent-path ../none x
	[[ $output = *"--parent-path: '../none': No such file"* ]]
	run -1 checkpoint --page-server 77 x
	[[ $output = *"--page-server: '77' is not ADDRESS:PORT" ]]
	run -1 checkpoint --page-server a:0 x
	[[ $output = *"--page-server: '0' is not a port" ]]
	run -1 checkpoint --status-fd 77 x
	[[ $output = *'--status-fd: 77: Bad file descriptor' ]]
	run -1 oci checkpoint --image-path "$TMP/a/b" x
	[[ $output = *"--image-path: '$TMP/a/b': No such file"* ]]
	[ ! -s notes ]
	oci delete -f x
	run -1 checkpoint x
	[[ $output = *'does not exist' ]]
}
