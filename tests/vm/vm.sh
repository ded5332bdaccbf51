#!/bin/bash
# SPDX-License-Identifier: ISC
# vm.sh [--alone|--systemd] [COMMAND…]: boot a Debian kernel in qemu, with mydocker as its
# /init, and run COMMAND in it; without one, a shell. Ends with its status.
#
# The root is an initramfs: the one file and a test root, which is what it takes
# of this machine's programs to run the tests there. --alone leaves that out:
# there is nothing but the file, and COMMAND is passed by the kernel. --systemd
# has this machine's systemd as the first process, which runs COMMAND as a
# service.
#
#	VM_MACHINE   of what kind it is, like this one; another is always alone
#	VM_MEMORY    MiB, 1024
#	VM_ADD       a directory that is copied to /added there
#	VM_TIMEOUT   seconds after which it is switched off, 900
set -euo pipefail
umask 022

# Of this machine, and not of the bats file that calls this.
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

TOP=$(cd "${0%/*}/../.." && pwd)
OUT=${OUT:-build}
[[ $OUT = /* ]] || OUT=$TOP/$OUT
MYDOCKER=${MYDOCKER:-$OUT/mydocker}
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/mydocker/vm
export OUT
readonly TOP OUT MYDOCKER CACHE

# Machines: Debian's name; qemu's program and its package; its options and the
# console that they make.
readonly MACHINES='
x86_64   amd64  qemu-system-x86_64   qemu-system-x86  pc    max         ttyS0
aarch64  arm64  qemu-system-aarch64  qemu-system-arm  virt  cortex-a57  ttyAMA0
'

# What the tests call. Libraries come along; a program that is not here is not
# there either.
readonly PROGRAMS='bash sh bats busybox env cat ls cp mv rm ln mkdir rmdir touch
	chmod chown stat readlink realpath dirname basename mktemp date sleep
	timeout head tail cut nl sort uniq tr wc tee seq od cmp paste comm id tty
	stty uname sync pwd printenv yes whoami id nohup sha256sum tar printf echo true false test expr nproc kill
	mkfifo mknod dd df du find xargs grep sed awk diff ps pgrep mount umount
	unshare nsenter setsid script flock hostname prlimit setpriv chroot
	ip nft jq'

# Modules that a container can make use of; those they need come along.
readonly MODULES='overlay veth bridge dummy macvlan ipvlan tun br_netfilter
	nf_tables nft_chain_nat nft_nat nft_masq nft_ct nft_fib_inet nft_compat
	nf_conntrack_netlink xt_MASQUERADE xt_conntrack xt_addrtype iptable_nat
	iptable_filter loop ext4 fuse squashfs'

die() {
	echo "vm: $*" >&2
	exit 125
}

# need COMMAND PACKAGE…
need() {
	command -v "$1" >/dev/null && return
	[ "$EUID" = 0 ] || die "$1 is missing; install ${*:2}"
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
		--no-install-recommends "${@:2}" >&2
}

# ---- the kernel: unpacked, not installed -------------------------------------

# An apt program that knows the packages of the machine to be booted; those of
# another one from lists of its own.
apt_of() {
	local program=$1 foreign=()

	shift
	[ -n "$NATIVE" ] || foreign=(
		-o "APT::Architecture=$DEBIAN" -o "APT::Architectures=$DEBIAN"
		-o "Dir::State::lists=$CACHE/apt-$DEBIAN/lists"
		-o "Dir::Cache=$CACHE/apt-$DEBIAN/cache"
	)
	[ -n "$NATIVE" ] ||
		mkdir -p "$CACHE/apt-$DEBIAN/"{lists,cache/archives}/partial
	# apt fetches as another user, who may not write here
	"$program" -o APT::Sandbox::User=root "${foreign[@]}" "$@"
}

# The package that the current kernel is in.
kernel_package() {
	apt_of apt-cache depends --important "linux-image-$DEBIAN" 2>/dev/null |
		awk '/Depends: linux-image-/ { print $2; exit }'
}

# The kernel without its compression: undoing that takes the emulated machine
# longer than the rest of its start.
decompress() {
	local at

	at=$(LC_ALL=C grep -abom1 $'\xfd7zXZ' "$1" | cut -d: -f1)
	if [ -n "$at" ] && tail -c "+$((at + 1))" "$1" |
		xz -dc --single-stream >"$2" 2>/dev/null ||
		file -b "$2" 2>/dev/null | grep -q '^ELF'; then
		return
	fi
	cp "$1" "$2"
}

# Leave only what MODULES names and what that needs.
choose_modules() {
	local tree=$1 version=$2 name

	depmod -b "$tree" "$version"
	for name in $MODULES; do
		modprobe -d "$tree" -S "$version" --show-depends "$name" \
			2>/dev/null | awk '/^insmod/ { print $2 }' || :
	done | sort -u >"$tree/keep"
	find "$tree/lib/modules" -name '*.ko' | sort | comm -23 - "$tree/keep" |
		xargs rm -f
	depmod -b "$tree" "$version"
	find "$tree/lib/modules" -type d -empty -delete
}

make_kernel() {
	local package=$1 to=$2 work version

	need depmod kmod
	need xz xz-utils
	work=$(mktemp -d "$CACHE/work.XXXXXX")
	(
		cd "$work"
		apt_of apt-get -qq download "$package" >&2
		dpkg-deb --fsys-tarfile ./*.deb | tar x ./boot ./lib/modules
	)
	version=$(basename "$work"/lib/modules/*)
	decompress "$work/boot/vmlinuz-$version" "$work/vmlinux"
	choose_modules "$work" "$version"
	rm -rf "${work:?}"/{boot,keep,*.deb}
	rm -f "$work/lib/modules/$version"/{build,source}
	mv -T "$work" "$to"
	rm -rf "$CACHE/apt-$DEBIAN"
}

# The directory with vmlinux and lib/modules. What is cached will do.
kernel() {
	local have=("$CACHE"/linux-*-"$DEBIAN"/vmlinux) package

	if [ ! -e "${have[-1]}" ]; then
		package=$(kernel_package)
		if [ -z "$package" ]; then
			apt_of apt-get update -qq >&2
			package=$(kernel_package)
		fi
		[ -n "$package" ] || die "apt knows no linux-image-$DEBIAN"
		make_kernel "$package" "$CACHE/linux-${package#linux-image-}"
		have=("$CACHE"/linux-*-"$DEBIAN"/vmlinux)
	fi
	echo "${have[-1]%/vmlinux}"
}

# ---- the initramfs -----------------------------------------------------------

# Copy files to the same places below a root.
copy() {
	local root=$1 file

	shift
	for file; do
		mkdir -p "$root${file%/*}"
		cp -L "$file" "$root$file"
	done
}

# A program, under its own name even where that is a link to another's.
copy_program() {
	local root=$1 path

	path=$(type -P "$2") || return 0
	[[ $path = /usr/* || ! -L ${path%/*} ]] || path=/usr$path
	copy "$root" "$path"
	ldd "$path" 2>/dev/null | grep -o '/[^ ]*' | while read -r path; do
		[ -e "$root$path" ] || copy "$root" "$path"
	done
}

# Python with what terminal.py imports.
copy_python() {
	local root=$1 path

	[ -x /usr/bin/python3 ] || return 0
	copy_program "$root" /usr/bin/python3
	/usr/bin/python3 -IS -c '
import fcntl, os, re, select, signal, struct, sys, termios, time
import encodings.ascii, encodings.latin_1, encodings.unicode_escape
for module in list(sys.modules.values()):
    path = getattr(module, "__file__", None)
    if path:
        print(path)' | while read -r path; do
		copy "$root" "$path"
	done
}

# Everything but what is under test.
make_root() {
	local root=$1 dir name

	mkdir -p "$root"/usr/{bin,sbin,lib,lib64} "$root"/{etc,root,tmp,var,vm}
	for dir in bin sbin lib lib64; do
		ln -s "usr/$dir" "$root/$dir"
	done
	for name in $PROGRAMS; do
		copy_program "$root" "$name"
	done
	copy_python "$root"
	cp -r --parents /usr/lib*/bats-core "$root" 2>/dev/null || :
	# the kernel calls this path when somebody wants a module
	ln -s /usr/bin/busybox "$root/sbin/modprobe"
	echo root:x:0:0:root:/root:/bin/bash >"$root/etc/passwd"
	echo root:x:0: >"$root/etc/group"
	cp -r "$KERNEL/lib/modules" "$root/usr/lib/modules"
	cat >"$root/vm/start" <<-'EOF'
		#!/bin/bash
		# What /init runs: the command, as the tests expect things to be.
		export HOME=/root MYDOCKER_VM=1 LANG=C.UTF-8
		export TOP=/mydocker MYDOCKER=/usr/bin/mydocker
		[ ! -e /vm/size ] || stty $(cat /vm/size)
		cd /mydocker && . /vm/command
	EOF
	chmod +x "$root/vm/start"
}

# systemd, its bus, and no unit but what is needed to run one command.
make_systemd() {
	local root=$1 name units

	for name in /lib/systemd/systemd /usr/lib/systemd/systemd-executor \
		dbus-daemon systemctl; do
		copy_program "$root" "$name"
	done
	units=$root/etc/systemd/system
	mkdir -p "$units" "$root"/usr/share "$root"/usr/lib/systemd/system
	cp -r /usr/share/dbus-1 "$root/usr/share/"
	cp /lib/systemd/system/dbus.{service,socket} "$root/usr/lib/systemd/system/"
	for name in sysinit basic sockets shutdown; do
		printf '[Unit]\nDefaultDependencies=no\n' >"$units/$name.target"
	done
	printf '%s\n' root:x:0:0:root:/root:/bin/bash \
		messagebus:x:100:100::/:/bin/false >"$root/etc/passwd"
	printf '%s\n' root:x:0: messagebus:x:100: >"$root/etc/group"
	: >"$root/etc/machine-id"
	cat >"$units/default.target" <<-'EOF'
		[Unit]
		DefaultDependencies=no
		Requires=dbus.socket vm.service
	EOF
	cat >"$units/vm.service" <<-'EOF'
		[Unit]
		DefaultDependencies=no
		After=dbus.socket
		[Service]
		Type=oneshot
		TimeoutStartSec=infinity
		StandardOutput=tty
		StandardError=tty
		TTYPath=/dev/console
		ExecStart=/bin/bash -c '/vm/start; echo "mydocker: init: status $?"; busybox poweroff -f'
	EOF
}

# A cpio archive of a directory. The kernel takes several, one after another.
pack() {
	(cd "$1" && find . -mindepth 1 -print0 | sort -z |
		cpio -0 -o -H newc -R 0:0 --quiet)
}

# The archive of the test root: its name says what it was made of.
test_root() {
	local key to work name paths=()

	for name in $PROGRAMS; do
		paths+=("$(type -P "$name" || echo /)")
	done
	key=$({
		cat "$0"
		echo "$KERNEL"
		stat -L -c '%n %s %Y' "${paths[@]}"
	} | sha256sum | cut -c1-16)
	to=$CACHE/root-$key.cpio
	if [ ! -e "$to" ]; then
		work=$(mktemp -d "$CACHE/work.XXXXXX")
		make_root "$work"
		pack "$work" >"$to.$$"
		rm -rf "$work"
		rm -f "$CACHE"/root-*.cpio
		mv "$to.$$" "$to"
	fi
	echo "$to"
}

# What systemd needs beside that.
systemd_root() {
	local work

	work=$(mktemp -d "$CACHE/work.XXXXXX")
	mkdir -p "$work"/usr/{bin,sbin,lib,lib64}
	make_systemd "$work"
	pack "$work"
	rm -rf "$work"
}

# What is under test, and the command: packed anew each time.
make_own() {
	local root=$1

	shift
	cp "$MYDOCKER" "$root/init"
	if [ -n "$ALONE" ]; then
		ln "$root/init" "$root/mydocker"
		return
	fi
	mkdir -p "$root"/{usr/bin,vm,mydocker/build/tests}
	ln "$root/init" "$root/usr/bin/mydocker"
	ln "$root/init" "$root/mydocker/build/mydocker"
	cp -r "$TOP/tests" "$root/mydocker/tests"
	cp "$("$TOP/tests/old-kernel/path.sh")" \
		"$root/mydocker/build/tests/"
	# so that it counts as built from what is there
	touch "$root/mydocker/build/tests/old-kernel"
	if [ -n "${VM_ADD-}" ]; then
		cp -rL "$VM_ADD" "$root/added"
	fi
	if [ $# -gt 0 ]; then
		printf '%q ' exec "$@" >"$root/vm/command"
	else
		stty -a 2>/dev/null | sed -n 's/.*rows \([0-9]*\); columns \([0-9]*\).*/rows \1 cols \2/p' \
			>"$root/vm/size"
		echo 'exec bash -i' >"$root/vm/command"
	fi
}

# ---- the machine -------------------------------------------------------------

# Words for the kernel to pass to /init: it takes apart what is not in "…".
quote() {
	local word

	for word; do
		[[ $word != *\"* ]] || die "the kernel cannot pass $word on"
		printf ' "%s"' "$word"
	done
}

boot() {
	local line="console=$CONSOLE quiet loglevel=1 panic=-1 rdinit=$INIT"

	# -no-reboot: a panic, which reboots, ends it, too
	exec timeout --foreground -k 5 "${VM_TIMEOUT:-900}" "$QEMU" \
		-M "$BOARD" -cpu "$CPU" -smp 2 -m "${VM_MEMORY:-1024}" -no-reboot \
		-display none -vga none -nic none -kernel "$KERNEL/vmlinux" \
		-initrd "$WORK/initramfs" -append "$line --$WORDS" \
		-chardev "stdio,id=tty,mux=on,signal=off,logfile=$WORK/log" \
		-serial chardev:tty -mon chardev=tty
}

# The console as a person would want to see it.
tidy() {
	sed -u -e 's/\r$//' -e '/^\[ *[0-9.]*\] reboot: Power down$/d' \
		-e '/^mydocker: init: status [0-9]*$/d' \
		-e 's/mydocker: init: status [0-9]*$//'
}

main() {
	local status own package row

	ALONE='' INIT=/init
	case ${1-} in
	--alone) ALONE=1 ;;
	--systemd)
		INIT=/lib/systemd/systemd
		need /lib/systemd/systemd systemd
		need dbus-daemon dbus
		;;
	esac
	[ -z "$ALONE" ] && [ "$INIT" = /init ] || shift
	NATIVE=
	[ "${VM_MACHINE:=$(uname -m)}" != "$(uname -m)" ] || NATIVE=1
	row=$(grep "^$VM_MACHINE " <<<"$MACHINES") ||
		die "no kernel for '$VM_MACHINE' is known"
	read -r _ DEBIAN QEMU package BOARD CPU CONSOLE <<<"$row"
	[ -n "$NATIVE$ALONE" ] ||
		die "a machine of another kind has none of our programs: --alone"
	need "$QEMU" "$package"
	need cpio cpio
	[ -n "$ALONE" ] || need bats bats
	[ -x "$MYDOCKER" ] || die "$MYDOCKER is missing; build it first"
	mkdir -p "$CACHE"
	exec 8>"$CACHE/lock"
	flock 8
	KERNEL=$(kernel)
	WORK=$(mktemp -d)
	trap 'rm -rf "$WORK"' EXIT
	own=$WORK/own
	mkdir "$own"
	make_own "$own" "$@"
	[ -n "$ALONE" ] || cat "$(test_root)" >"$WORK/initramfs"
	[ "$INIT" = /init ] || systemd_root >>"$WORK/initramfs"
	pack "$own" >>"$WORK/initramfs"
	exec 8>&-

	WORDS=
	if [ -z "$ALONE" ]; then
		WORDS=' /vm/start'
	elif [ $# -gt 0 ]; then
		WORDS=$(quote "$@")
	fi
	status=0
	if [ $# -gt 0 ] || [ ! -t 0 ]; then
		(boot) </dev/null | tidy || status=$?
	else
		echo 'vm: Ctrl-A X switches it off' >&2
		(boot) || status=$?
	fi
	[ "$status" != 124 ] || die "still running after ${VM_TIMEOUT:-900} s"
	status=$(tr -d '\r' <"$WORK/log" |
		sed -n 's/.*mydocker: init: status \([0-9]*\)$/\1/p' | tail -1)
	[ -n "$status" ] || die 'it ended without a word from its init'
	exit "$status"
}

main "$@"
