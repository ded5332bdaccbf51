#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# volume ls: list volumes.
load ../lib/harness

@test "volume ls has docker's columns, sorted" {
	run -0 mydocker volume ls
	[ "$output" = 'DRIVER    VOLUME NAME' ]
	mydocker volume create web
	mydocker volume create data
	run -0 mydocker volume ls
	[ "$output" = $'DRIVER    VOLUME NAME\nlocal     data\nlocal     web' ]
}

@test "volume list and volume remove are ls and rm" {
	mydocker volume create web
	run -0 mydocker volume list -q
	[ "$output" = web ]
	run -0 mydocker volume remove web
	[ "$(mydocker volume ls -q)" = '' ]
}

@test "volume ls -q prints names" {
	mydocker volume create web
	run -0 mydocker volume ls -q
	[ "$output" = web ]
}

@test "volume ls --format" {
	mydocker volume create --label a=1 --label b=2 web
	run -0 mydocker volume ls --format '{{.Name}} {{.Driver}} {{.Scope}} {{.Labels}} {{.Label "b"}}'
	[ "$output" = 'web local local a=1,b=2 2' ]
	run -0 mydocker volume ls --format '{{.Mountpoint}}'
	[ "$output" = "$STORE/volumes/web/_data" ]
	run -0 mydocker volume ls --format json
	[ "$output" = '{"Availability":"N/A","Driver":"local","Group":"N/A","Labels":"a=1,b=2","Links":"N/A","Mountpoint":"'"$STORE"'/volumes/web/_data","Name":"web","Scope":"local","Size":"N/A","Status":"N/A"}' ]
}

@test "volume ls --filter" {
	mydocker volume create --label a=1 web
	mydocker volume create --label a=2 data
	mydocker run --name x --rootfs "$ROOTFS" -v data:/mnt true
	run -0 mydocker volume ls -q -f name=we
	[ "$output" = web ]
	run -0 mydocker volume ls -q -f label=a=2
	[ "$output" = data ]
	run -0 mydocker volume ls -q -f label=a -f driver=local
	[ "$output" = $'data\nweb' ]
	run -0 mydocker volume ls -q -f dangling=true
	[ "$output" = web ]
	run -0 mydocker volume ls -q -f dangling=false
	[ "$output" = data ]
	run -1 mydocker volume ls -f nonsense=1
	[[ $output = *"invalid filter 'nonsense'" ]]
	run -1 mydocker volume ls -f dangling=perhaps
	mydocker rm x
}

@test "volume ls tells of one that is damaged, and lists the others" {
	mydocker volume create web
	mydocker volume create data
	echo '{' >"$STORE/volumes/web/volume.json"
	run -0 --separate-stderr mydocker volume ls -q
	[ "$output" = data ]
	[[ $stderr = *web* ]]
	mydocker volume rm web
}
