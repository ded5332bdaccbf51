#!/bin/bash
# SPDX-License-Identifier: ISC
# life.sh [COUNT [SOAK]]: many containers at once, and beside podman.
#
# COUNT detached containers live at once (500): time per start at the first and
# at the last ones, private memory of an idle monitor, `ps` over all of them.
# SOAK times `run --rm` (2000): nothing may be left. Then the two engines take
# turns at what people do.
set -euo pipefail

TOP=$(cd "${0%/*}/../.." && pwd)
OUT=${OUT:-build}
[[ $OUT = /* ]] || OUT=$TOP/$OUT
MYDOCKER=${MYDOCKER:-$OUT/mydocker}
COUNT=${1:-500}
SOAK=${2:-2000}
readonly TOP OUT MYDOCKER COUNT SOAK

WORK=$(mktemp -d /dev/shm/life.XXXXXX)
export MYDOCKER_ROOT=$WORK/store

finish() {
	"$MYDOCKER" ps -aq 2>/dev/null | xargs -r "$MYDOCKER" rm -f \
		>/dev/null 2>&1 || :
	[ -z "${PODMAN-}" ] || podman "${PODMAN[@]}" rm -af -t 0 >/dev/null 2>&1 || :
	rm -rf "$WORK"
}
trap finish EXIT

now() { date +%s%N; }

# took COMMAND…: milliseconds, into $TOOK.
took() {
	local from

	from=$(now)
	"$@" >/dev/null 2>&1 </dev/null
	TOOK=$((($(now) - from) / 10000))
	TOOK=$((TOOK / 100)).$(printf %02d $((TOOK % 100)))
}

make_root() {
	mkdir -p "$WORK/rootfs"/{bin,dev,etc,proc,sys,tmp}
	cp /bin/busybox "$WORK/rootfs/bin/"
	chroot "$WORK/rootfs" /bin/busybox --install -s /bin
}

# What would stay if something leaked.
leftovers() {
	{
		find "$MYDOCKER_ROOT" -mindepth 3 2>/dev/null
		find /sys/fs/cgroup -path '*/mydocker/*' -type d 2>/dev/null
		grep -F "$WORK" /proc/self/mountinfo || :
	} | wc -l
}

soak() {
	local before i

	before=$(leftovers)
	took soak_runs
	echo "$SOAK run --rm: $TOOK ms, $(($(leftovers) - before)) things left"
}

soak_runs() {
	local i

	for ((i = 0; i < SOAK; i++)); do
		"$MYDOCKER" run --rm --rootfs "$WORK/rootfs" /bin/true
	done
}

crowd() {
	local i first='' private=0 n=0 pid

	for ((i = 1; i <= COUNT; i++)); do
		took "$MYDOCKER" run -d --rootfs "$WORK/rootfs" /bin/sleep 10000
		[ $i != 10 ] || first=$TOOK
	done
	echo "run -d: $first ms with 10 containers, $TOOK ms with $COUNT"
	for pid in $(pgrep -f '^mydocker: '); do
		i=$(awk '/^Private/ { n += $2 } END { print n }' \
			"/proc/$pid/smaps_rollup") || continue
		private=$((private + i))
		n=$((n + 1))
	done
	[ $n = 0 ] || echo "monitor: $((private / n)) KB private each, of $n"
	took "$MYDOCKER" ps
	echo "ps of $COUNT: $TOOK ms"
	"$MYDOCKER" ps -q | xargs "$MYDOCKER" rm -f >/dev/null
	echo "afterwards $(leftovers) things left"
}

podman_works() {
	command -v podman >/dev/null || return 1
	PODMAN=(--root "$WORK/podman" --runroot "$WORK/podman-run"
		--cgroup-manager cgroupfs --storage-driver vfs
		--runtime "$WORK/mydocker-oci" --events-backend file)
	ln -s "$MYDOCKER" "$WORK/mydocker-oci"
	podman "${PODMAN[@]}" run --rm --network none --rootfs \
		"$WORK/rootfs" /bin/true >/dev/null 2>&1
}

# turns NAME ROUNDS OURS -- THEIRS: medians, and the ratio of them.
turns() {
	local name=$1 rounds=$2 ours=() theirs=() i a=() b=()

	shift 2
	while [ "$1" != -- ]; do
		ours+=("$1")
		shift
	done
	theirs=("${@:2}")
	for ((i = 0; i < rounds; i++)); do
		took "${ours[@]}"
		a+=("$TOOK")
		took "${theirs[@]}"
		b+=("$TOOK")
	done
	paste <(printf '%s\n' "${a[@]}" | sort -n) \
		<(printf '%s\n' "${b[@]}" | sort -n) |
		awk -v name="$name" -v half=$((rounds / 2 + 1)) 'NR == half {
			printf "%-16s %9.2f ms %9.2f ms   podman takes %.1f times as long\n",
				name, $1, $2, $2 / $1 }'
}

beside_podman() {
	local root=$WORK/rootfs p=(podman "${PODMAN[@]}") i
	local run=(run --rm --network none --rootfs "$root")

	turns 'run --rm true' 11 "$MYDOCKER" run --rm --rootfs "$root" /bin/true \
		-- "${p[@]}" "${run[@]}" /bin/true
	turns 'run -d' 5 "$MYDOCKER" run -d --rootfs "$root" /bin/sleep 1000 \
		-- "${p[@]}" run -d --network none --rootfs "$root" /bin/sleep 1000
	"$MYDOCKER" run -d --name bench --rootfs "$root" /bin/sleep 1000 >/dev/null
	"${p[@]}" run -d --name bench --network none --rootfs "$root" \
		/bin/sleep 1000 >/dev/null
	turns 'exec true' 11 "$MYDOCKER" exec bench /bin/true \
		-- "${p[@]}" exec bench /bin/true
	turns ps 11 "$MYDOCKER" ps -- "${p[@]}" ps
	for i in ours theirs; do
		local c=("$MYDOCKER" run --name log --rootfs "$root")

		[ $i = ours ] || c=("${p[@]}" run --log-driver k8s-file --name log
			--network none --rootfs "$root")
		"${c[@]}" -d /bin/sh -c \
			'yes 0123456789012345678901234567890123456789 | head -c 8000000' \
			>/dev/null 2>&1 || :
	done
	turns 'cat 100 MB' 3 \
		"$MYDOCKER" run --rm --rootfs "$root" /bin/head -c 100000000 /dev/zero \
		-- "${p[@]}" "${run[@]}" /bin/head -c 100000000 /dev/zero
}

make_root
soak
crowd
if podman_works; then
	beside_podman
else
	echo 'podman is not here, or does not run here'
fi
