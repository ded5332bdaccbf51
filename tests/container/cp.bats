#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# cp: files between a container and the host.
load ../lib/harness
load common

# made ARG…: the container "x", which has ended, with a layer of its own.
made() { mydocker run --name x --overlay --rootfs "$ROOTFS" "$@"; }

# running: the same, running.
running() {
	background run --name x --overlay --rootfs "$ROOTFS" sleep 100
	wait_for 10 is_running x
}

gone() { mydocker rm -f -v x; }

tree() {
	mkdir -p "$1/sub"
	echo a >"$1/a"
	echo b >"$1/sub/b"
	ln -s a "$1/link"
	ln "$1/a" "$1/same"
	mkfifo "$1/fifo"
	chown 7:8 "$1/a"
	chmod 4751 "$1/a"
	touch -d @1000000000 "$1/a"
}

# ---- docker's table of sources and destinations, both ways and both states ----

@test "cp to and from a container that has ended" {
	made true
	table
	gone
}

@test "cp to and from a container that runs" {
	running
	table
	gone
}

table() {
	tree t
	# a file: new name, existing file, existing directory
	mydocker cp -q t/a x:/tmp/new
	mydocker cp -q x:/tmp/new got
	[ "$(cat got)" = a ]
	[ "$(stat -c '%a %Y' got)" = '4751 1000000000' ]
	mydocker cp -q t/sub/b x:/tmp/new
	mydocker cp -q x:/tmp/new got
	[ "$(cat got)" = b ]
	mydocker cp -q t/a x:/tmp
	mydocker cp -q t/a x:/home/
	mydocker cp -q x:/tmp/a x:/home/a 2>/dev/null && return 1
	mkdir into
	mydocker cp -q x:/home/a into
	mydocker cp -q x:/home/a into/
	[ "$(cat into/a)" = a ]
	# a directory: new name, into an existing one, what is in it
	mydocker cp -q t x:/srv
	mydocker cp -q x:/srv out
	diff <(cd t && find . | sort) <(cd out && find . | sort)
	[ "$(readlink out/link)" = a ]
	[ -p out/fifo ]
	[ "$(stat -c %i out/a)" = "$(stat -c %i out/same)" ]
	mydocker cp -q t x:/srv
	mydocker cp -q x:/srv/t out
	[ -f out/t/sub/b ]
	mkdir content
	mydocker cp -q t/. x:/mnt
	mydocker cp -q x:/mnt/. content
	diff <(cd t && find . | sort) <(cd content && find . | sort)
	# what does not go
	run -1 mydocker cp t x:/tmp/new
	[[ $output = *'cannot copy directory' ]]
	run -1 mydocker cp x:/srv got
	[[ $output = *'cannot copy directory' ]]
	run -1 mydocker cp t/a x:/nosuch/
	[[ $output = *'no such directory' ]]
	run -1 mydocker cp t/a x:/nosuch/there
	[[ $output = *'Could not find the file /nosuch/there in container x' ]]
	run -1 mydocker cp x:/nosuch .
	[[ $output = *'Could not find the file /nosuch in container x' ]]
	run -1 mydocker cp x:/etc/passwd nosuch/there
	[[ $output = *'invalid output path: directory "nosuch" does not exist' ]]
	run -1 mydocker cp nosuch x:/tmp
	[[ $output = *'No such file or directory' ]]
	run -1 mydocker cp x:/etc/passwd/ .
	[[ $output = *'Not a directory' ]]
	mkdir -p clash/a
	run -1 mydocker cp clash/. x:/mnt
	[[ $output = *'cannot overwrite non-directory'*'with directory' ]]
	mkdir -p dir/sub
	rmdir dir/sub
	echo >dir/sub
	run -1 mydocker cp dir/. x:/mnt
	[[ $output = *'cannot overwrite directory'*'with non-directory' ]]
}

@test "cp tells how much it has copied, unless -q" {
	made true
	echo a >a
	run -0 --separate-stderr mydocker cp a x:/tmp/a
	[ "$stderr" = 'Successfully copied 2.05kB to x:/tmp/a' ]
	[ "$output" = '' ]
	run -0 --separate-stderr mydocker container cp x:/tmp/a b
	[ "$stderr" = 'Successfully copied 2.05kB to b' ]
	run -0 --separate-stderr mydocker cp -q x:/tmp/a b
	[ "$stderr" = '' ]
	gone
}

@test "cp wants one container and one path of the host" {
	run -1 mydocker cp a b
	[[ $output = *'must specify at least one container source' ]]
	run -1 mydocker cp x:/a y:/b
	[[ $output = *'copying between containers is not supported' ]]
	run -1 mydocker cp nosuch:/a .
	[[ $output = *"no such container: 'nosuch'" ]]
	# a path of the host may have a colon
	made true
	echo a >./a:b
	mydocker cp -q ./a:b x:/tmp
	mydocker cp -q x:/tmp/a:b ./c:d
	[ "$(cat c:d)" = a ]
	gone
}

@test "cp of a relative path begins at the container's root" {
	made -w /home true
	mydocker cp -q x:etc/passwd .
	cmp passwd "$ROOTFS/etc/passwd"
	mydocker cp -q passwd x:tmp
	mydocker cp -q x:/tmp/passwd again
	gone
}

@test "cp to a container keeps owners, from it they are the caller's, unless -a" {
	made true
	tree t
	mydocker cp -q t/a x:/tmp/a
	mydocker cp -q x:/tmp/a mine
	[ "$(stat -c %u:%g mine)" = "$EUID:$(id -g)" ]
	mydocker cp -q -a x:/tmp/a his
	[ "$(stat -c %u:%g his)" = 7:8 ]
	gone
}

@test "cp copies a link as a link, with -L what it leads to" {
	made ln -s /etc/passwd /tmp/link
	mydocker cp -q x:/tmp/link l
	[ "$(readlink l)" = /etc/passwd ]
	mydocker cp -q -L x:/tmp/link f
	cmp f "$ROOTFS/etc/passwd"
	ln -s "$ROOTFS/etc/group" host
	mydocker cp -q -L host x:/tmp/group
	mydocker cp -q x:/tmp/group g
	cmp g "$ROOTFS/etc/group"
	gone
}

@test "cp follows the links of the container in the container" {
	made sh -c 'ln -s /home /link; ln -s ../../../../home /up; mkdir /var/a'
	echo a >a
	mydocker cp -q a x:/link
	mydocker cp -q a x:/up/b
	mydocker cp -q x:/home/a got
	mydocker cp -q x:/home/b got
	gone
}

@test "cp sees volumes and binds, running or not" {
	mkdir dir
	echo bound >dir/file
	made -v web:/data -v "$TMP/dir:/mnt:ro" sh -c 'echo named >/data/file'
	mydocker cp -q x:/data/file named
	mydocker cp -q x:/mnt/file bound
	[ "$(cat named bound)" = $'named\nbound' ]
	echo new >new
	mydocker cp -q new x:/data
	[ "$(cat "$STORE/volumes/web/_data/new")" = new ]
	run -1 mydocker cp new x:/mnt
	[[ $output = *'Read-only file system' ]]
	gone
}

@test "cp to a root that is read-only" {
	made --read-only -v web:/data true
	echo a >a
	run -1 mydocker cp a x:/tmp
	[[ $output = *'container rootfs is marked read-only' ]]
	mydocker cp -q a x:/data
	gone
	background run --name x --rootfs "$ROOTFS" --read-only sleep 100
	wait_for 10 is_running x
	run -1 mydocker cp a x:/tmp
	[[ $output = *'Read-only file system' ]]
	gone
}

@test "cp without an overlay writes to the root itself" {
	make_rootfs "$TMP/root"
	mydocker run --name x --rootfs "$TMP/root" true
	echo a >a
	mydocker cp -q a x:/tmp
	[ "$(cat root/tmp/a)" = a ]
	gone
}

@test "cp / leaves out /proc, /sys and /dev" {
	running
	mydocker cp -q x:/ all
	[ -e all/etc/passwd ]
	[ -z "$(ls -A all/proc)$(ls -A all/sys)$(ls -A all/dev)" ]
	gone
}

@test "cp keeps holes and attributes" {
	made true
	truncate -s 20M holes
	echo end >>holes
	python3 -c 'import os; os.setxattr("holes", "user.colour", b"blue\0")'
	mydocker cp -q holes x:/tmp
	mydocker cp -q x:/tmp/holes back
	cmp holes back
	[ "$(stat -c %b back)" -lt 100 ]
	python3 -c 'import os; assert os.getxattr("back", "user.colour") == b"blue\0"'
	gone
}

# ---- archives ----

@test "cp - writes an archive, and reads one" {
	made true
	tree t
	tar cf - t | mydocker cp - x:/home
	mydocker cp x:/home/t - >t.tar
	[ "$(tar tf t.tar | sort)" = $'t/\nt/a\nt/fifo\nt/link\nt/same\nt/sub/\nt/sub/b' ]
	mkdir out
	tar xpf t.tar -C out
	[ "$(stat -c '%a %u %g %Y' out/t/a)" = '4751 7 8 1000000000' ]
	[ "$(stat -c %i out/t/a)" = "$(stat -c %i out/t/same)" ]
	mydocker cp x:/home/t/. - | tar tf - >names
	grep -qx ./sub/b names
	mydocker cp x:/home/t/sub/b - | tar xOf - | grep -qx b
	gone
}

@test "cp - wants a directory that is there" {
	made true
	tar cf t.tar -C "$ROOTFS" etc
	run -1 mydocker cp - x:/etc/passwd <t.tar
	[[ $output = *'must be a directory' ]]
	run -1 mydocker cp - x:/nosuch <t.tar
	[[ $output = *'must be a directory' ]]
	run -1 mydocker cp - x:/home <"$ROOTFS/etc/passwd"
	[[ $output = *'cut off' || $output = *'not an archive'* ]]
	gone
}

@test "cp - takes what tar and python write: long names, owners, attributes" {
	made true
	python3 - <<-'EOF'
		import io, tarfile
		for name, format in (('gnu', tarfile.GNU_FORMAT), ('pax', tarfile.PAX_FORMAT)):
		    t = tarfile.open(name + '.tar', 'w', format=format)
		    n = tarfile.TarInfo(name + '/' + 'd' * 90 + '/' + 'f' * 200)
		    n.size, n.uid, n.gid, n.mtime = 5, 3000000, 3000001, 1000000000
		    if name == 'pax':
		        n.pax_headers = {'SCHILY.xattr.user.colour': 'blue', 'mtime': '1000000000.5'}
		    t.addfile(n, io.BytesIO(b'hello'))
		    l = tarfile.TarInfo(name + '/link')
		    l.type, l.linkname = tarfile.SYMTYPE, 'x' * 150
		    t.addfile(l)
		    t.close()
	EOF
	mydocker cp - x:/home <gnu.tar
	mydocker cp - x:/home <pax.tar
	mydocker cp -q -a x:/home out
	for f in out/gnu out/pax; do
		[ "$(readlink $f/link | wc -c)" = 151 ]
		[ "$(cat $f/d*/f*)" = hello ]
		[ "$(stat -c '%u %g %Y' $f/d*/f*)" = '3000000 3000001 1000000000' ]
	done
	python3 -c 'import glob, os; assert os.getxattr(glob.glob("out/pax/d*/f*")[0], "user.colour") == b"blue"'
	mydocker cp x:/home - | tar tf - | grep -q 'f\{200\}'
	gone
}

@test "cp - lets no archive out of its place" {
	made true
	mkdir victim
	echo safe >victim/file
	V=$TMP/victim python3 - <<-'EOF'
		import io, os, tarfile
		v = os.environ['V']
		def make(name, *entries):
		    t = tarfile.open(name, 'w')
		    for kind, path, target in entries:
		        n = tarfile.TarInfo(path)
		        n.type, n.linkname = kind, target or ''
		        if kind == tarfile.REGTYPE:
		            n.size = 4
		            t.addfile(n, io.BytesIO(b'evil'))
		        else:
		            t.addfile(n)
		    t.close()
		f, s, h, d = tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE
		make('1.tar', (f, '../../../../../../../..' + v + '/file', None))
		make('2.tar', (f, v + '/file', None))
		make('3.tar', (s, 'l', v), (f, 'l/file', None))
		make('4.tar', (s, 'l', '../../../../../../../../..' + v), (f, 'l/new', None))
		make('5.tar', (h, 'l', v + '/file'), (f, 'l', None))
		make('6.tar', (h, 'l', '../../../../../../..' + v + '/file'))
		make('7.tar', (s, 'l', v), (d, 'l', None), (f, 'l/new', None))
		make('8.tar', (s, 'l', v + '/file'), (f, 'l', None))
		make('9.tar', (d, 'a/../../../..' + v + '/new', None))
	EOF
	for n in {1..9}; do
		run mydocker cp - x:/home <$n.tar
	done
	[ "$(ls victim)" = file ]
	[ "$(cat victim/file)" = safe ]
	[ "$(stat -c %h victim/file)" = 1 ]
	gone
}

@test "cp - of archives that are damaged or cut off is an error, and no crash" {
	made true
	tree t
	tar cf whole.tar t
	for n in 1 511 513 1000 1537 3000; do
		head -c "$n" whole.tar | run -1 mydocker cp - x:/home
	done
	python3 - <<-'EOF'
		import random
		whole = open('whole.tar', 'rb').read()
		random.seed(1)
		for i in range(30):
		    bad = bytearray(whole)
		    for _ in range(3):
		        bad[random.randrange(4096)] = random.randrange(256)
		    open('bad%d.tar' % i, 'wb').write(bad)
	EOF
	for n in bad*.tar; do
		run mydocker cp - x:/home <"$n"
		[ "$status" -le 1 ]
	done
	gone
}

# ---- somebody hostile inside ----

@test "cp against a container that swaps directories for links: never the host" {
	local i ok=0

	mkdir victim
	echo safe >victim/f
	make_rootfs "$TMP/root"
	mkdir -p "$TMP/root/x/d/etc"
	echo inside >"$TMP/root/x/d/etc/hostname"
	ln -s "$TMP/victim" "$TMP/root/x/v"
	background run --name x --rootfs "$TMP/root" sh -c \
		'cd /x; ln -s / l; while :; do mv d t; mv l d; mv d l; mv v d; mv d v; mv t d; done'
	wait_for 10 is_running x
	echo mine >f
	for i in {1..100}; do
		run mydocker cp -q f x:/x/d/f
		[ "$status" -ne 0 ] || ok=1
		run mydocker cp -q "x:/x/d/etc/hostname" -
		[[ $output != *"$(cat /etc/hostname)"* || $output = *inside* ]]
		mydocker cp -q x:/x/d out 2>/dev/null || :
		[ -L out ] || [ ! -e out/f ] || [ "$(cat out/f)" != safe ]
		rm -rf out
	done
	[ "$ok" = 1 ]
	[ "$(cat victim/f)" = safe ]
	[ ! -e /f ]
	gone
}

@test "cp from a container opens no FIFO and no device, and writes only below its target" {
	mkdir victim
	made --cap-add MKNOD sh -c "mkdir /d /d/sub; mkfifo /d/fifo; mknod /d/tty c 5 0
		ln -s $TMP/victim /d/link; ln -s $TMP/victim/new /d/file; echo x >/d/sub/f"
	timeout 10 "$MYDOCKER" cp -q x:/d out
	timeout 10 "$MYDOCKER" cp x:/d - | tar tf - >/dev/null
	[ -p out/fifo ]
	[ -L out/link ]
	[ -z "$(ls -A victim)" ]
	# what was there before is not written through
	ln -sfn "$TMP/victim" out/sub2
	rm -r out/sub
	ln -s "$TMP/victim" out/sub
	run -1 mydocker cp -q x:/d/. out
	[ -z "$(ls -A victim)" ]
	gone
}

@test "cp of a directory into itself ends" {
	make_rootfs "$TMP/root"
	mydocker run --name x --rootfs "$TMP/root" mkdir -p /a/b
	timeout 20 "$MYDOCKER" cp -q "x:/a" "$TMP/root/a/b"
	[ -d root/a/b/a ]
	gone
}

@test "what the command line lacks has one status, whatever the verb" {
	for verb in top cp diff export rm inspect 'volume rm'; do
		run -125 mydocker $verb
		[ ${#lines[@]} -eq 1 ]
	done
}
