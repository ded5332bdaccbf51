# SPDX-License-Identifier: ISC
# shellcheck shell=bash disable=SC2034 # some variables here are for the tests
# What every bats file loads: a store per test, a root file system, a look at
# the host before and after, and small tools.
#
#	load ../lib/harness
#
# A test has
#	MYDOCKER   the program; $MYDOCKER_THROUGH, if set, goes in front of it
#	STORE      its own store; $MYDOCKER_ROOT says so to the program
#	ROOTFS     a root file system of BusyBox, shared by the tests of a file
#	TMP        its own directory, removed after it
# A file with a setup or teardown of its own calls harness_setup first in the
# one and harness_teardown last in the other.

bats_require_minimum_version 1.5.0
shopt -s globstar nullglob

HARNESS=$(cd "${BASH_SOURCE[0]%/*}" && pwd)
TOP=${HARNESS%/tests/lib}
BUILT=${OUT:-build}
[[ $BUILT = /* ]] || BUILT=$TOP/$BUILT
: "${MYDOCKER:=$BUILT/mydocker}"
export MYDOCKER

# The program, on the store of this test.
mydocker() {
	# shellcheck disable=SC2086 # words: a program and its arguments
	${MYDOCKER_THROUGH-} "$MYDOCKER" "$@"
}

# ---- root file systems ------------------------------------------------------

# Fill DIR with a root file system: BusyBox, its links, a few files of /etc.
make_rootfs() {
	mkdir -p "$1"/{bin,dev,etc,home/web,mnt,proc,root,sys,tmp,usr/bin,var}
	chmod 1777 "$1/tmp"
	cp /bin/busybox "$1/bin/busybox"
	# the links have to name BusyBox as it is called in there
	chroot "$1" /bin/busybox --install -s /bin
	printf '%s\n' 'root:x:0:0:root:/root:/bin/sh' \
		'web:x:1000:1000:web:/home/web:/bin/sh' >"$1/etc/passwd"
	printf '%s\n' 'root:x:0:' 'web:x:1000:' 'audio:x:29:web' >"$1/etc/group"
}

# Make $ROOTFS: once for all tests of a file, which leave mount points in it.
shared_rootfs() {
	ROOTFS=$BATS_FILE_TMPDIR/rootfs
	[ ! -e "$ROOTFS" ] || return 0
	make_rootfs "$BATS_TEST_TMPDIR/rootfs"
	# another test may have been faster; theirs is as good
	mv -T "$BATS_TEST_TMPDIR/rootfs" "$ROOTFS" 2>/dev/null ||
		rm -rf "$BATS_TEST_TMPDIR/rootfs"
}

# ---- the host, before and after ---------------------------------------------
#
# A snapshot is a list of lines "kind what…". After the test the two lists have
# to be equal. Under `enclose` all that is seen is ours, and every difference
# counts. Without it other people's work goes on beside the test, other people's
# containers, too: only what is surely this test's counts (is_ours), and only
# that is ever taken away.

WATCHED_SYSCTLS=(kernel/{hostname,domainname,core_pattern}
	net/ipv4/{ip_forward,ping_group_range,ip_unprivileged_port_start})

see_mounts() {
	local lines

	mapfile -t lines </proc/self/mountinfo
	lines=("${lines[@]#* }") # without the ids, which
	lines=("${lines[@]#* }") # a remount changes
	SEEN+=("${lines[@]/#/mount }")
}

see_links() {
	local lines line

	mapfile -t -s 2 lines </proc/net/dev
	for line in "${lines[@]%%:*}"; do
		SEEN+=("link ${line// /}")
	done
	mapfile -t lines </proc/net/route
	SEEN+=("${lines[@]/#/route }")
	[ ! -r /proc/net/if_inet6 ] || mapfile -t lines </proc/net/if_inet6
	SEEN+=("${lines[@]/#/address }")
	mapfile -t lines </proc/net/fib_trie
	for line in "${lines[@]}"; do
		[[ $line != *'|-- '* ]] || SEEN+=("address ${line##*|-- }")
	done
}

see_cgroups() {
	local dirs=(/sys/fs/cgroup/**/) lines

	# the parent of all containers' stays, as docker's does
	dirs=("${dirs[@]/%\/mydocker\///}")
	SEEN+=("${dirs[@]/#/cgroup }")
	mapfile -t lines </proc/self/cgroup
	SEEN+=("${lines[@]/#/caller-in-cgroup }")
}

# A monitor and what it runs have no word of ours in their environment.
see_containers() {
	local dirs=("$STORE"/{,run/}containers/*/) id

	[ ${#dirs[@]} -gt 0 ] || return 0
	for id in $("$MYDOCKER" ps -q 2>/dev/null); do
		SEEN+=("container $id")
	done
}

see_processes() {
	local dir name

	for dir in /proc/[0-9]*; do
		# not the test itself, nor a subshell of it that looks
		[[ $dir != /proc/$BASHPID && $dir != /proc/$$ ]] || continue
		read -r name 2>/dev/null <"$dir/comm" || continue
		SEEN+=("process ${dir#/proc/} $name")
	done
}

see_files() {
	local found=(/* /dev/* /dev/shm/* /run/* /run/netns/* /run/mydocker/*
		/var/lib/mydocker/* /tmp/*mydocker* /tmp/.mydocker*
		"$TMPDIR"/* /sys/class/block/loop*/loop/backing_file)

	SEEN+=("${found[@]/#/file }")
}

see_sockets() {
	local lines line

	mapfile -t -s 1 lines </proc/net/unix
	for line in "${lines[@]}"; do
		[[ $line != *mydocker* && $line != *"$BATS_TEST_TMPDIR"* ]] ||
			SEEN+=("socket ${line##* }")
	done
	mapfile -t -s 1 lines </proc/sysvipc/shm
	SEEN+=("${lines[@]/#/shared-memory }")
}

see_sysctls() {
	local name value

	for name in "${WATCHED_SYSCTLS[@]}"; do
		value=
		read -r value 2>/dev/null <"/proc/sys/$name" || :
		SEEN+=("sysctl $name $value")
	done
}

# Look at the host: SEEN.
snapshot() {
	local -

	set +T # bats traces each command of functions; not of those called here
	SEEN=()
	see_mounts
	see_links
	see_cgroups
	see_containers
	see_processes
	see_files
	see_sockets
	see_sysctls
}

# Whether a process that was not there before comes from this test.
is_our_process() {
	local words

	mapfile -d '' -t words 2>/dev/null <"/proc/$1/environ" || return 1
	[[ " ${words[*]} " != *" MYDOCKER_ROOT=$STORE"* ]] || return 0
	mapfile -d '' -t words 2>/dev/null <"/proc/$1/cmdline" || return 1
	[[ "${words[*]}" = *"$BATS_TEST_TMPDIR"* ]]
}

# Whether a difference can be this test's work only.
is_ours() {
	local kind what rest

	read -r kind what rest <<<"$1"
	case $kind in
	mount) [[ $rest = *" $BATS_TEST_TMPDIR"* ]] ;;
	file | socket) [[ $what = *"$BATS_TEST_TMPDIR"* ]] ;;
	process) is_our_process "$what" ;;
	container) ;;
	*) return 1 ;;
	esac
}

# Compare $BEFORE with a new look: LEAKS gets a line for each difference.
compare() {
	local line
	local -A before=() after=()

	snapshot
	LEAKS=()
	for line in "${BEFORE[@]}"; do before[$line]=1; done
	for line in "${SEEN[@]}"; do
		after[$line]=1
		[ -n "${before[$line]-}" ] || LEAKS+=("left behind: $line")
	done
	for line in "${BEFORE[@]}"; do
		# processes come and go; it is the staying that counts
		[[ -n ${after[$line]-} || $line = process* ]] ||
			LEAKS+=("gone: $line")
	done
	[ -n "${MYDOCKER_ENCLOSED-}" ] || only_ours
}

only_ours() {
	local all=("${LEAKS[@]}") line

	LEAKS=()
	for line in "${all[@]}"; do
		! is_ours "${line#*: }" || LEAKS+=("$line")
	done
}

# End the containers of this test's store.
end_containers() {
	local id

	for id in $("$MYDOCKER" ps -q 2>/dev/null); do
		timeout 20 "$MYDOCKER" rm -f "$id" >/dev/null 2>&1 || :
	done
}

# Take away what was left behind, so that the next test starts clean.
sweep() {
	local line kind what rest point i

	[[ "${LEAKS[*]}" != *'left behind: container '* ]] || end_containers
	for line in "${LEAKS[@]}"; do
		[[ $line = 'left behind: process '* ]] || continue
		read -r _ _ _ what _ <<<"$line"
		kill -CONT "$what" 2>/dev/null || :
		kill -KILL "$what" 2>/dev/null || :
	done
	for ((i = ${#LEAKS[@]} - 1; i >= 0; i--)); do
		line=${LEAKS[i]}
		[[ $line = 'left behind: '* ]] || continue
		read -r _ _ kind what rest <<<"$line"
		case $kind in
		mount)
			read -r _ point _ <<<"$rest" # device, root, this
			sweep_mount "$point"
			;;
		link) ip link del "$what" ;;
		cgroup) sweep_cgroup "$what" ;;
		file | socket) [[ $what != *mydocker* ]] || rm -rf "$what" ;;
		esac 2>/dev/null || :
	done
	for line in "${LEAKS[@]}"; do
		[[ $line != 'gone: sysctl '* ]] || {
			read -r _ _ what rest <<<"$line"
			echo "$rest" >"/proc/sys/$what" || :
		} 2>/dev/null
	done
}

# Unmount what is new at this point; not what was there, and only changed.
sweep_mount() {
	local line was=0 is=0

	for line in "${BEFORE[@]}"; do
		[[ $line != "mount "*" "*" $1 "* ]] || ((++was))
	done
	while read -r _ _ _ _ line _; do
		[ "$line" != "$1" ] || ((++is))
	done </proc/self/mountinfo
	# blanks in a mount point are written as \040
	((is <= was)) || umount -l "$(printf %b "$1")"
}

sweep_cgroup() {
	local pid i

	[ ! -e "$1/freezer.state" ] || echo THAWED >"$1/freezer.state"
	[ ! -e "$1/cgroup.freeze" ] || echo 0 >"$1/cgroup.freeze"
	for i in {1..50}; do
		! rmdir "$1" 2>/dev/null || return 0
		while read -r pid; do
			# only ever what sits in a cgroup that this test made
			[ "$pid" = $$ ] || kill -KILL "$pid"
		done <"$1/cgroup.procs"
		sleep 0.02
	done
}

# Fail if the host is not what it was. What is still going away gets a second.
leave_no_trace() {
	local - i

	set +T # as in snapshot
	for ((i = 0; i < ${PATIENCE:-40}; i++)); do
		compare
		[ ${#LEAKS[@]} -gt 0 ] || return 0
		sleep 0.025
	done
	echo 'the test changed the host:'
	printf '  %s\n' "${LEAKS[@]}"
	sweep
	return 1
}

# ---- around each test -------------------------------------------------------

harness_setup() {
	STORE=$BATS_TEST_TMPDIR/store
	TMP=$BATS_TEST_TMPDIR/tmp
	# bats' own directories lie in the old $TMPDIR
	export MYDOCKER_ROOT=$STORE TMPDIR=$BATS_TEST_TMPDIR/temporary
	mkdir -p "$TMP" "$TMPDIR"
	shared_rootfs
	BACKGROUND=()
	snapshot
	BEFORE=("${SEEN[@]}")
	cd "$TMP" || return
}

harness_teardown() {
	local pid

	# an assertion that failed left the rest of its test undone
	[ -n "${BATS_TEST_COMPLETED-}" ] || end_containers
	for pid in "${BACKGROUND[@]}"; do
		kill -TERM "$pid" 2>/dev/null || continue
		wait_for 2 is_gone "$pid" || kill -KILL "$pid" 2>/dev/null || :
	done
	cd / || return
	leave_no_trace
}

setup() { harness_setup; }
teardown() { harness_teardown; }

# ---- tools ------------------------------------------------------------------

# wait_for SECONDS COMMAND…: until COMMAND succeeds, or fail.
wait_for() {
	local until=$((${EPOCHREALTIME/[.,]/} + $1 * 1000000))

	shift
	until "$@" >/dev/null 2>&1; do
		if ((${EPOCHREALTIME/[.,]/} > until)); then
			echo "waited in vain for: $*"
			return 1
		fi
		sleep 0.02
	done
}

# A zombie is gone, too: it is its parent's to bury.
is_gone() {
	local stat

	# no other process for this: it would be what $! is then
	read -r stat 2>/dev/null <"/proc/$1/stat" || return 0
	[[ ${stat##*) } = Z* ]]
}

# background ARG…: `mydocker ARG…` beside the test. LAST is its pid; what it
# prints is in $TMP/LAST.out. A test ends it; if it fails, teardown does.
background() {
	local out=$TMP/out.$RANDOM

	# 3 and 4 are bats': it waits until nobody has them open. A function
	# would run in a shell, and $! be that shell's.
	# shellcheck disable=SC2086
	${MYDOCKER_THROUGH-} "$MYDOCKER" "$@" \
		</dev/null >"$out" 2>&1 3>&- 4>&- &
	LAST=$!
	LAST_OUT=$out
	BACKGROUND+=("$LAST")
}

# ended_with STATUS: wait for what runs in the background, and for that. (`run`
# is a shell of its own, and cannot wait for a child of ours.)
ended_with() {
	local status=0

	wait "$LAST" || status=$?
	[ "$status" -eq "$1" ] || {
		echo "ended with status $status, not $1: $(cat "$LAST_OUT")"
		return 1
	}
}

# with_tty ACTION… -- COMMAND…: COMMAND on a terminal; see terminal.py.
with_tty() {
	local python=/usr/bin/python3

	# what comes first in the path may be a slow wrapper
	[ -x "$python" ] || python=python3
	"$python" -IS "$HARNESS/terminal.py" "$@"
}

# in_old_kernel COMMAND…: without the system calls that Linux 5.4 did not have.
in_old_kernel() { "$(OUT=$BUILT "$TOP/tests/old-kernel/path.sh")" "$@"; }

# cgroup_dir CONTROLLER PID: the directory of the cgroup that PID is in.
cgroup_dir() {
	local id names path v2=

	while IFS=: read -r id names path; do
		[[ ,$names, != *",$1,"* ]] || {
			echo "/sys/fs/cgroup/$1$path"
			return
		}
		[ "$id" != 0 ] || v2=$path
	done <"/proc/$2/cgroup"
	if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
		echo "/sys/fs/cgroup$v2"
	else
		echo "/sys/fs/cgroup/unified$v2"
	fi
}

# cgroup_value CONTROLLER PID V1-FILE V2-FILE: what the file says, in one of
# the two worlds.
cgroup_value() {
	local dir

	dir=$(cgroup_dir "$1" "$2")
	if [ -e "$dir/$3" ]; then cat "$dir/$3"; else cat "$dir/$4"; fi
}

has_controller() {
	[ -e "/sys/fs/cgroup/$1/tasks" ] ||
		grep -qsw "$1" /sys/fs/cgroup/cgroup.controllers
}

has_capability() {
	local bit line caps

	case $1 in
	sys_admin) bit=21 ;;
	sys_resource) bit=24 ;;
	mknod) bit=27 ;;
	*) return 1 ;;
	esac
	while read -r line caps; do
		[ "$line" != CapEff: ] || break
	done <"/proc/$$/status"
	((0x$caps >> bit & 1))
}

has_kernel() {
	[ "$(printf '%s\n' "$1" "$(uname -r)" | sort -V | head -1)" = "$1" ]
}

# skip_unless WHAT [NAME]: skip the test, saying why.
skip_unless() {
	case $1 in
	root) ((EUID == 0)) || skip 'not root' ;;
	program) command -v "$2" >/dev/null || skip "no $2 here" ;;
	controller) has_controller "$2" || skip "no $2 controller here" ;;
	capability) has_capability "$2" || skip "without CAP_${2^^} here" ;;
	kernel) has_kernel "$2" || skip "the kernel is older than $2" ;;
	cgroup2)
		[ -e /sys/fs/cgroup/cgroup.controllers ] ||
			skip 'no pure cgroup v2 here'
		;;
	cgroup1)
		[ ! -e /sys/fs/cgroup/cgroup.controllers ] ||
			skip 'no cgroup v1 here'
		;;
	vm) [ -n "${MYDOCKER_VM-}" ] || skip 'only in the VM' ;;
	host) [ -z "${MYDOCKER_VM-}" ] || skip 'not in the VM' ;;
	*)
		echo "skip_unless: unknown word '$1'"
		return 1
		;;
	esac
}
