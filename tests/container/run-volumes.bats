#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# run: volumes.
load ../lib/harness
load common

# in_new ARG…: a container on a root that may be written to.
in_new() { mydocker run --rm --rootfs "$TMP/root" "$@"; }

data() { echo "$STORE/volumes/$1/_data"; }

@test "-v NAME:DIR makes a volume that stays" {
	in_root -v web:/mnt sh -c 'echo x >/mnt/file'
	run -0 in_root -v web:/home cat /home/file
	[ "$output" = x ]
	[ "$(cat "$(data web)/file")" = x ]
	[ "$(mydocker volume ls -q)" = web ]
}

@test "-v with ro is read-only" {
	run -1 in_root -v web:/mnt:ro touch /mnt/x
	[[ $output = *'Read-only file system'* ]]
	run -1 in_root --mount type=volume,src=web,dst=/mnt,readonly touch /mnt/x
	[[ $output = *'Read-only file system'* ]]
}

@test "-v DIR makes a volume without a name, gone with --rm" {
	run -0 in_root -v /mnt sh -c 'touch /mnt/x; ls /mnt'
	[ "$output" = x ]
	[ -z "$(mydocker volume ls -q)" ]
	run -0 in_root --mount dst=/mnt touch /mnt/x
	[ -z "$(mydocker volume ls -q)" ]
}

@test "a volume without a name stays with its container, and rm -v removes it" {
	mydocker run --name x --rootfs "$ROOTFS" -v /mnt true
	[[ $(mydocker volume ls -q) =~ ^[0-9a-f]{64}$ ]]
	mydocker rm -v x
	[ -z "$(mydocker volume ls -q)" ]
	mydocker run --name x --rootfs "$ROOTFS" -v /mnt -v web:/home true
	mydocker rm x
	[ "$(mydocker volume ls -q | wc -l)" = 2 ]
	mydocker run --name x --rootfs "$ROOTFS" -v web:/home true
	mydocker rm -v x
	[ "$(mydocker volume ls -q | wc -l)" = 2 ]
}

@test "rm -v leaves a volume without a name that another container has" {
	mydocker run --name x --rootfs "$ROOTFS" -v /mnt true
	mydocker run --name y --rootfs "$ROOTFS" --volumes-from x true
	mydocker rm -v x
	[ "$(mydocker volume ls -q | wc -l)" = 1 ]
	mydocker rm -v y
	[ -z "$(mydocker volume ls -q)" ]
}

@test "a run that is refused leaves no volume without a name" {
	run -127 mydocker run --name x --rootfs "$ROOTFS" -v /mnt /no/such
	[ -z "$(mydocker volume ls -q)" ]
	run -125 in_root -v /mnt --mount type=bind,src=/no/such,dst=/home true
	[ -z "$(mydocker volume ls -q)" ]
}

@test "run --rm -v DIR killed at any time leaves no volume" {
	skip_unless program strace
	local n

	for n in 20 60 100 {140..200..10} 260 320; do
		strace -f -o /dev/null -e inject=all:signal=KILL:when="$n" \
			"$MYDOCKER" run --rm --rootfs "$ROOTFS" -v /mnt true \
			>/dev/null 2>&1 || :
		wait_for 5 test -z "$(mydocker ps -aq)"
		[ -z "$(mydocker volume ls -q)" ]
	done
}

# ---- copies ----

# A root with something of every kind at /data.
make_data() {
	make_rootfs "$TMP/root"
	mkdir -p "$TMP/root/data/sub"
	echo x >"$TMP/root/data/file"
	ln "$TMP/root/data/file" "$TMP/root/data/sub/same"
	ln -s /etc/passwd "$TMP/root/data/link"
	mkfifo "$TMP/root/data/fifo"
	truncate -s 10M "$TMP/root/data/holes"
	chmod 4750 "$TMP/root/data/file"
	chown 1000:29 "$TMP/root/data/file" "$TMP/root/data"
	chown -h 7:8 "$TMP/root/data/link"
	chmod 2750 "$TMP/root/data"
	python3 -c 'import os, sys; os.setxattr(sys.argv[1], "user.colour", b"blue")' "$TMP/root/data/file"
	touch -d @1000000000 "$TMP/root/data/file" "$TMP/root/data/sub"
}

@test "a new volume begins with what the root has there, as it is there" {
	make_data
	in_new -v web:/data true
	# the link's own time, and that of directories written to, as they are
	diff <(cd "$TMP/root/data" && find . ! -type l -printf '%p %y %m %U %G %n %T@\n' | sort) \
		<(cd "$(data web)" && find . ! -type l -printf '%p %y %m %U %G %n %T@\n' | sort)
	[ "$(stat -c '%U %G %N' "$(data web)/link")" = "$(stat -c '%U %G %N' "$TMP/root/data/link" | sed "s|$TMP/root/data|$(data web)|")" ]
	run -0 python3 -c 'import os, sys; print(os.getxattr(sys.argv[1], "user.colour").decode())' "$(data web)/file"
	[ "$output" = blue ]
	[ "$(stat -c %i "$(data web)/file")" = "$(stat -c %i "$(data web)/sub/same")" ]
	[ "$(stat -c %s "$(data web)/holes")" = 10485760 ]
	[ "$(stat -c %b "$(data web)/holes")" -lt 100 ]
}

@test "a volume that is not empty stays as it is" {
	make_data
	mydocker volume create web
	echo y >"$(data web)/other"
	run -0 in_new -v web:/data ls /data
	[ "$output" = other ]
}

@test "a volume that was emptied is filled by the next container, not with nocopy" {
	make_data
	run -0 in_new -v web:/data:nocopy ls -A /data
	[ "$output" = '' ]
	run -0 in_new --mount type=volume,src=web,dst=/data,volume-nocopy ls -A /data
	[ "$output" = '' ]
	run -0 in_new --overlay -v web:/data cat /data/file
	[ "$output" = x ]
}

@test "what the root has elsewhere is no part of the copy" {
	make_rootfs "$TMP/root"
	mkdir "$TMP/victim" "$TMP/root/data"
	echo secret >"$TMP/victim/file"
	# a link at the place leads to the root's own, never the host's
	ln -s "$TMP/victim" "$TMP/root/link"
	ln -s "$TMP/victim/file" "$TMP/root/data/file"
	run in_new -v one:/link -v two:/data true
	run ! grep -rs secret "$STORE/volumes"
	[ -L "$(data two)/file" ]
}

@test "a copy that was killed is ended by the next one" {
	make_data
	mydocker volume create web
	: >"$STORE/volumes/web/.filling"
	echo half >"$(data web)/file"
	echo mine >"$(data web)/mine"
	run -0 in_new -v web:/data cat /data/file /data/mine
	[ "$output" = $'x\nmine' ]
	[ ! -e "$STORE/volumes/web/.filling" ]
}

@test "a copy that fails is an error, and the container is none" {
	make_data
	chattr +i "$TMP/root/data/file" 2>/dev/null || skip 'no chattr here'
	chattr -i "$TMP/root/data/file"
	mydocker volume create web
	chattr +i "$(data web)"
	run -125 in_new -v web:/data true
	chattr -i "$(data web)"
	[[ $output = *"volume 'web': copy of"* ]]
	[ -z "$(mydocker ps -aq)" ]
}

# ---- --mount ----

@test "--mount type=volume takes a label and options for a new volume" {
	in_root --mount type=volume,src=web,dst=/mnt,volume-label=a=1,volume-driver=local true
	[ "$(mydocker volume inspect -f '{{.Labels.a}}' web)" = 1 ]
	run -0 in_root --mount 'type=volume,dst=/mnt,volume-opt=type=tmpfs,volume-opt=device=tmpfs,"volume-opt=o=size=1m,mode=700"' \
		sh -c 'stat -c %a /mnt; grep /mnt /proc/self/mountinfo'
	[[ $output = 700*tmpfs*size=1024k* ]]
}

@test "a volume of a file system is mounted in the container only" {
	mydocker volume create -o type=tmpfs -o device=tmpfs -o o=size=1m web
	run -0 in_root -v web:/etc grep -c web /etc/passwd
	[ "$output" = 1 ]
	[ -z "$(ls -A "$(data web)")" ]
	run ! grep "$STORE" /proc/self/mountinfo
}

@test "a volume of a directory shows that" {
	mkdir there
	mydocker volume create -o type=none -o "device=$TMP/there" -o o=bind web
	in_root -v web:/home true
	[ -d there/web ]
	in_root -v web:/mnt touch /mnt/x
	[ -e there/x ]
}

@test "volume-subpath shows a part of a volume" {
	mydocker volume create web
	mkdir -p "$(data web)/a/b"
	echo x >"$(data web)/a/b/file"
	ln -s a/b "$(data web)/link"
	run -0 in_root --mount type=volume,src=web,dst=/mnt,volume-subpath=a/b ls /mnt
	[ "$output" = file ]
	run -0 in_root --mount type=volume,src=web,dst=/mnt,volume-subpath=link ls /mnt
	[ "$output" = file ]
	run -125 in_root --mount type=volume,src=web,dst=/mnt,volume-subpath=none true
	run -125 in_root --mount type=volume,src=web,dst=/mnt,volume-subpath=../x true
	run -125 in_root --mount type=volume,src=web,dst=/mnt,volume-subpath=/a true
	[[ $output = *'must be a relative path within the volume' ]]
}

@test "volume-subpath does not lead out of the volume" {
	mydocker volume create web
	ln -s / "$(data web)/root"
	ln -s ../../.. "$(data web)/up"
	ln -s "$TMP" "$(data web)/tmp"
	for sub in root up tmp root/etc up/volumes; do
		run -125 in_root --mount "type=volume,src=web,dst=/mnt,volume-subpath=$sub" ls /mnt
	done
}

@test "volume-subpath against a container that swaps it for a link: never the host" {
	local i seen=0

	mydocker volume create web
	mkdir -p "$(data web)/d/etc"
	ln -s / "$(data web)/l"
	start swapper -v web:/v sh -c 'cd /v; while :; do mv d t; mv l d; mv t l; mv d t; mv l d; mv t l; done'
	for i in {1..40}; do
		run in_root --mount type=volume,src=web,dst=/mnt,volume-subpath=d/etc ls /mnt
		[[ $output != *hostname* && $output != *passwd* ]]
		[ "$status" -ne 0 ] || seen=1
	done
	mydocker kill swapper
	[ "$seen" = 1 ]
}

@test "--mount refuses what does not go together, in docker's words" {
	run -125 in_root --mount type=bind,src=/tmp,dst=/mnt,volume-nocopy true
	[[ $output = *"cannot mix 'volume-*' options with mount type 'bind'" ]]
	run -125 in_root --mount type=volume,dst=/mnt,bind-propagation=shared true
	[[ $output = *"cannot mix 'bind-*' options with mount type 'volume'" ]]
	run -125 in_root --mount type=nonsense,dst=/mnt true
	run -125 in_root --mount type=volume,src=web,dst=/mnt,volume-driver=nfs true
	run -125 in_root -v web:/mnt:rshared true
	run -125 in_root -v /tmp:/mnt:nocopy true
	run -125 in_root -v /mnt -v web:/mnt true
	[[ $output = *"'/mnt' is given twice" ]]
	run -125 in_root -v ../x:/mnt:zz true
}

@test "bind-create-src makes the source" {
	in_root --mount "type=bind,src=$TMP/made,dst=/mnt,bind-create-src" touch /mnt/x
	[ -e made/x ]
}

@test "bind-propagation=rshared: what is mounted inside is seen outside, and the other way" {
	[ -n "${MYDOCKER_ENCLOSED-}" ] || skip 'only in an enclosed test'
	mkdir shared
	mount --bind shared shared
	mount --make-shared shared
	in_root --cap-add SYS_ADMIN --security-opt seccomp=unconfined \
		--mount "type=bind,src=$TMP/shared,dst=/mnt,bind-propagation=rshared" \
		sh -c 'mkdir /mnt/in; mount -t tmpfs inside /mnt/in'
	grep -q " $TMP/shared/in .* inside " /proc/self/mountinfo
	umount shared/in
	start x --mount "type=bind,src=$TMP/shared,dst=/mnt,bind-propagation=rslave" sleep 100
	mkdir shared/out
	mount -t tmpfs outside shared/out
	grep -q ' /mnt/out .* outside ' "/proc/$(pid_of x)/mountinfo"
	mydocker kill x
	umount shared/out
	umount shared
}

# ---- --volumes-from ----

@test "--volumes-from mounts what another container has" {
	mkdir dir
	echo bound >dir/file
	mydocker run --name x --rootfs "$ROOTFS" -v web:/mnt -v "$TMP/dir:/home:ro" \
		-v /var sh -c 'echo named >/mnt/file; echo nameless >/var/file'
	run -0 in_root --volumes-from x cat /mnt/file /home/file /var/file
	[ "$output" = $'named\nbound\nnameless' ]
	run -1 in_root --volumes-from x touch /home/x
	[[ $output = *'Read-only file system'* ]]
	run -1 in_root --volumes-from x:ro touch /mnt/x
	[[ $output = *'Read-only file system'* ]]
	# what is said here itself counts
	run -0 in_root --volumes-from x -v other:/mnt ls -A /mnt
	[ "$output" = '' ]
	mydocker rm x
}

@test "--volumes-from of nobody, and with a mode that is none" {
	run -125 in_root --volumes-from nosuch true
	[[ $output = *"--volumes-from: no such container: 'nosuch'" ]]
	mydocker run --name x --rootfs "$ROOTFS" true
	run -125 in_root --volumes-from x:zz true
	[[ $output = *'invalid mode: zz' ]]
	mydocker rm x
}

# ---- what is told of them ----

@test "inspect lists mounts as docker does" {
	mkdir dir
	mydocker run --name x --rootfs "$ROOTFS" -v web:/mnt -v "$TMP/dir:/home:ro" \
		--mount type=tmpfs,dst=/var --tmpfs /tmp true
	run -0 mydocker inspect -f '{{json .Mounts}}' x
	[ "$output" = '[{"Type":"volume","Name":"web","Source":"'"$(data web)"'","Destination":"/mnt","Driver":"local","Mode":"z","RW":true,"Propagation":""},{"Type":"bind","Source":"'"$TMP"'/dir","Destination":"/home","Mode":"ro","RW":false,"Propagation":"rprivate"},{"Type":"tmpfs","Source":"","Destination":"/var","Mode":"","RW":true,"Propagation":""}]' ]
	run -0 mydocker ps -a --format '{{.Mounts}} {{.LocalVolumes}}'
	[[ $output = web,*,/var' 1' ]]
	run -0 mydocker ps -aq --filter volume=web
	[ -n "$output" ]
	mydocker rm x
}

@test "fifty at once with one new volume: each has it, and it is whole" {
	local i pids=()

	make_data
	for i in {1..50}; do
		"$MYDOCKER" run --rm --rootfs "$TMP/root" -v web:/data \
			cat /data/file /data/sub/same >out.$i 3>&- 4>&- &
		pids+=($!)
	done
	for i in "${pids[@]}"; do wait "$i"; done
	for i in {1..50}; do [ "$(cat out.$i)" = $'x\nx' ]; done
}
