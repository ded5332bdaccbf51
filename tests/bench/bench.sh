#!/bin/bash
# SPDX-License-Identifier: ISC
# bench.sh [--vm] [ROUNDS [PART…]]: what a container costs, beside the other runtimes.
# Parts: run, exec, oci, least, memory, life; all of them by default.
# --vm: in the virtual machine, where all cgroups are v2. What it emulates it
# does not emulate evenly: only the ratios mean something there.
#
# The commands of a part take turns in one run (A B C A B C…), and what is
# compared is the ratio within each round: a machine that is busy with something
# else slows all of them alike. The floor (floor.c) is a container of the same
# kind by the fewest system calls.
set -euo pipefail

TOP=$(cd "${0%/*}/../.." && pwd)
OUT=${OUT:-build}
[[ $OUT = /* ]] || OUT=$TOP/$OUT
MYDOCKER=${MYDOCKER:-$OUT/mydocker}
readonly TOP OUT MYDOCKER
readonly MEMORY=67108864

die() {
	echo "bench: $*" >&2
	exit 1
}

install_peers() {
	local missing=()

	command -v crun >/dev/null || missing+=(crun)
	command -v runc >/dev/null || missing+=(runc)
	command -v bwrap >/dev/null || missing+=(bubblewrap)
	command -v jq >/dev/null || missing+=(jq)
	[ -e /bin/busybox ] || missing+=(busybox-static)
	[ ${#missing[@]} = 0 ] || [ -n "${MYDOCKER_VM-}" ] || DEBIAN_FRONTEND=noninteractive apt-get \
		install -y -qq --no-install-recommends "${missing[@]}" >&2 || :
}

# The floor is built as mydocker is: against musl, where build.sh has put it. A
# static glibc's start costs more than all the mounts do.
compile() {
	local musl

	musl=$(grep -so '/[^ ]*/bin/mcc' "$OUT/build.ninja" | head -1 || :)
	mkdir -p "$OUT/bench"
	[ -z "${MYDOCKER_VM-}" ] || return 0
	"${musl:-cc}" -O2 -static -o "$OUT/bench/floor" "$TOP/tests/bench/floor.c"
	"${musl:-cc}" -O2 -static -o "$OUT/bench/cycle" "$TOP/tests/bench/cycle.c"
	"${musl:-cc}" -O2 -static -o "$OUT/bench/turns" "$TOP/tests/bench/turns.c"
	[ -n "$musl" ] || echo 'bench: no musl; the floor is higher than it could be'
}

# A bundle per runtime: its own default configuration, with the same command,
# root, limit and namespaces.
make_bundle() {
	local dir=$WORK/$1

	mkdir "$dir"
	(cd "$dir" && "$1" spec)
	jq --arg root "$WORK/rootfs" --argjson memory $MEMORY --argjson words "$2" '
		.process.terminal = false | .process.args = $words |
		.root.path = $root | .root.readonly = false | del(.process.rlimits) |
		.linux.resources.memory.limit = $memory |
		if any(.linux.namespaces[]; .type == "cgroup") then .
		else .linux.namespaces += [{ type: "cgroup" }] end' \
		"$dir/config.json" >"$dir/new"
	mv "$dir/new" "$dir/config.json"
}

# Whether a command works here at all; if not, say so.
works() {
	local said

	said=$("${@:2}" 2>&1 </dev/null) && return
	echo "bench: $1 does not run here: ${said##*$'\n'}" >&2
	return 1
}

# take NAME COMMAND…: one more that takes turns.
take() {
	works "$@" || return 0
	NAMES+=("$1")
	COMMANDS+=(-- "${@:2}")
}

# Time what was taken, and print a table; the last is what the others should be
# a half of.
race() {
	local i=0 first last median low high

	printf '%-10s %8s %9s %9s %12s\n' "$1" \
		"${NAMES[0]} = 1" "${NAMES[-1]} = 1" ms '10%..90%'
	"$OUT/bench/turns" "$ROUNDS" "${COMMANDS[@]}" |
		while read -r first last median low high; do
			printf '%-10s %8.2f %9.2f %9.2f %6.1f..%.1f\n' \
				"${NAMES[i++]}" "$first" "$last" "$median" "$low" "$high"
		done
	echo
}

part_run() {
	local root=$WORK/rootfs

	NAMES=() COMMANDS=()
	make_bundle crun '["/bin/true"]'
	make_bundle runc '["/bin/true"]'
	take floor "$OUT/bench/floor" "$root" /bin/true
	take mydocker "$MYDOCKER" run --rm -m $MEMORY --rootfs "$root" /bin/true
	take bwrap bwrap --unshare-all --bind "$root" / --proc /proc --dev /dev \
		--tmpfs /dev/shm /bin/true
	take runc runc --root "$WORK/state" run -b "$WORK/runc" bench
	take crun crun --root "$WORK/state" run -b "$WORK/crun" bench
	race run
	rm -rf "$WORK"/{crun,runc}
	echo 'goal: mydocker under 1.5 times the floor, and under half of crun'
	echo
}

# Start a container that stays, in the background.
start_mydocker() {
	"$MYDOCKER" run --rm --name bench -m $MEMORY --rootfs "$WORK/rootfs" \
		"$@" </dev/null >/dev/null 2>&1 &
	STARTED=$!
	for _ in {1..200}; do
		! "$MYDOCKER" exec bench /bin/true 2>/dev/null || return 0
		sleep 0.05
	done
	die 'the container does not start'
}

stop_mydocker() {
	kill "$STARTED" 2>/dev/null || :
	"$MYDOCKER" rm -f bench >/dev/null 2>&1 || :
	wait "$STARTED" 2>/dev/null || :
}

part_exec() {
	local name

	NAMES=() COMMANDS=()
	start_mydocker /bin/sleep 1000
	take mydocker "$MYDOCKER" exec bench /bin/true
	for name in runc crun; do
		make_bundle "$name" '["/bin/sleep", "1000"]'
		"$name" --root "$WORK/state-$name" run -d -b "$WORK/$name" \
			"bench-$name" </dev/null >/dev/null 2>&1 || :
		take "$name" "$name" --root "$WORK/state-$name" exec \
			"bench-$name" /bin/true
	done
	race exec
	for name in runc crun; do
		"$name" --root "$WORK/state-$name" delete --force \
			"bench-$name" 2>/dev/null || :
		rm -rf "${WORK:?}/$name"
	done
	stop_mydocker
	echo 'goal: mydocker under half of crun'
	echo
}

# One bundle for all, as crun writes it; without WORD a namespace is taken out.
make_common() {
	make_bundle crun '["/bin/true"]'
	mv "$WORK/crun" "$WORK/common"
	jq --arg without "${1-}" '.linux.namespaces |=
		map(select(.type != $without))' "$WORK/common/config.json" \
		>"$WORK/common/new"
	mv "$WORK/common/new" "$WORK/common/config.json"
}

# What an engine does: create, start, delete.
race_oci() {
	local name

	NAMES=() COMMANDS=()
	make_common "${2-}"
	take floor "$OUT/bench/floor" "$WORK/rootfs" /bin/true
	ln -sf "$MYDOCKER" "$WORK/mydocker-oci"
	take mydocker "$OUT/bench/cycle" "$WORK/mydocker-oci" "$WORK/state" \
		"$WORK/common"
	for name in runc crun; do
		take "$name" "$OUT/bench/cycle" "$name" "$WORK/state" "$WORK/common"
	done
	race "$1"
	rm -rf "$WORK/common"
}

part_oci() {
	race_oci oci
	race_oci 'host net' network
	echo 'create, start and delete; goal: under twice the floor, and under half of crun'
	echo
}

# Whether a runtime starts a container in KIB of memory.
starts_in() {
	local file=$WORK/common/config.json status=0

	jq --argjson n $(($2 * 1024)) '.linux.resources.memory.limit = $n |
		.linux.resources.memory.swap = $n' "$file" >"$file.small"
	mv "$file.small" "$file"
	timeout 10 "$1" --root "$WORK/state" run -b "$WORK/common" least \
		</dev/null >/dev/null 2>&1 || status=$?
	"$1" --root "$WORK/state" delete --force least >/dev/null 2>&1 || :
	return $status
}

# The smallest limit of memory at which `true` runs, in steps of 64 KiB.
part_least() {
	local name low high middle

	make_common
	ln -sf "$MYDOCKER" "$WORK/mydocker-oci"
	for name in "$WORK/mydocker-oci" crun runc; do
		low=0 high=512
		starts_in "$name" $((high * 64)) || {
			echo "least      ${name##*/} does not start in 32 MiB"
			continue
		}
		while ((high - low > 1)); do
			middle=$(((low + high) / 2))
			if starts_in "$name" $((middle * 64)); then
				high=$middle
			else
				low=$middle
			fi
		done
		printf '%-12s %8d KiB is the least memory that true runs in\n' \
			"${name##*/}" $((high * 64))
	done
	rm -rf "$WORK/common"
	echo
}

# Private memory in KB of each process that runs our file: now.
private() {
	local dir exe

	for dir in /proc/[0-9]*; do
		exe=$(readlink "$dir/exe" 2>/dev/null) || continue
		[ "$exe" = "$(realpath "$MYDOCKER")" ] || continue
		awk -v name="$(tr '\0' ' ' <"$dir/cmdline")" -v pid="${dir#/proc/}" '
		/^Private_/ { private += $2 }
		/^Pss:/ { pss = $2 }
		END { if (NR) print pid, private, pss, name }' \
			"$dir/smaps_rollup" 2>/dev/null || :
	done
}

# The most that was seen of each while a container has much to say.
part_memory() {
	start_mydocker /bin/sh -c \
		'while :; do dd if=/dev/zero bs=64k count=100 2>/dev/null; sleep 0.1; done'
	printf '%-8s %10s %10s\n' memory 'private KB' 'pss KB'
	for _ in {1..20}; do
		private
		sleep 0.1
	done | awk '{
		if ($2 > private[$1]) private[$1] = $2
		if ($3 > pss[$1]) pss[$1] = $3
		name[$1] = substr($0, index($0, $4))
	}
	END {
		for (pid in name)
			printf "%-8s %10d %10d  %.60s\n", "peak",
				private[pid], pss[pid], name[pid]
	}'
	stop_mydocker
	echo
	echo 'goal: under 300 KB for the monitor, the one that stays'
	echo
}

# Many at once, and what people do, beside podman.
part_life() {
	"$TOP/tests/bench/life.sh"
}

# In the machine, on a root that can be left, as that of an initramfs cannot.
in_vm() {
	local name path added

	install_peers
	compile
	added=$(mktemp -d)
	# shellcheck disable=SC2064
	trap "rm -rf '$added'" EXIT
	for name in crun runc; do
		path=$(command -v "$name") || continue
		{
			echo "$path"
			ldd "$path" | grep -o '/[^ ]*' || :
		} | while read -r path; do
			mkdir -p "$added/usr/$(dirname "${path#/usr}")"
			cp -L "$path" "$added/usr/${path#/usr}"
		done
	done
	cp -r "$OUT/bench" "$added/"
	VM_ADD=$added VM_MEMORY=2048 "$TOP/tests/vm/vm.sh" unshare --mount \
		bash -c 'cp -rn /added/usr/. /usr/ &&
		cp -r /added/bench build/ && mkdir /new &&
		mount --rbind / /new && cd /new && mount --move . / &&
		exec chroot . bash /mydocker/tests/bench/bench.sh "$@"' vm "$@"
}

main() {
	local part

	if [ "${1-}" = --vm ]; then
		shift
		in_vm "$@"
		return
	fi

	# a mount namespace of our own, in which crun finds no v2 beside the v1
	# that it can use: it refuses the mixture
	if [ -z "${BENCH_INSIDE-}" ]; then
		BENCH_INSIDE=1 exec unshare --mount -- "$0" "$@"
	fi
	[ ! -d /sys/fs/cgroup/unified ] || umount /sys/fs/cgroup/unified
	# the floor makes a group and nothing above it
	[ ! -e /sys/fs/cgroup/cgroup.subtree_control ] ||
		echo +memory >/sys/fs/cgroup/cgroup.subtree_control 2>/dev/null || :
	[ -x "$MYDOCKER" ] || die "$MYDOCKER is missing; build it first"
	install_peers
	compile
	ROUNDS=${1:-50}
	[ $# = 0 ] || shift
	[ $# -gt 0 ] || set -- run exec oci least memory life
	# in memory: a disk's moods are no part of the comparison
	WORK=$(mktemp -d /dev/shm/mydocker-bench.XXXXXX)
	trap 'rm -rf "$WORK"' EXIT
	export MYDOCKER_ROOT=$WORK/store
	mkdir -p "$WORK"/rootfs/{bin,dev,proc,sys,tmp,etc}
	cp /bin/busybox "$WORK/rootfs/bin/"
	chroot "$WORK/rootfs" /bin/busybox --install -s /bin
	for part; do
		"part_$part"
	done
}

main "$@"
