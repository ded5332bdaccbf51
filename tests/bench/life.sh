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

# In a mount namespace of our own.
[ "${LIFE_INSIDE-}" ] || LIFE_INSIDE=1 exec unshare -m --propagation private \
	bash "$0" "$@"

WORK=$(mktemp -d /dev/shm/life.XXXXXX)
export MYDOCKER_ROOT=$WORK/store

finish() {
	"$MYDOCKER" ps -aq 2>/dev/null | xargs -r "$MYDOCKER" rm -f \
		>/dev/null 2>&1 || :
	[ -z "${PODMAN-}" ] || "${PODMAN[@]}" rm -af -t 0 >/dev/null 2>&1 || :
	umount -R "$WORK/podman" 2>/dev/null || :
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
	head -c 100000000 /dev/zero >"$WORK/rootfs/big"
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
	local before

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
	local i first='' before

	before=$(leftovers)
	for ((i = 1; i <= COUNT; i++)); do
		took "$MYDOCKER" run -d --rootfs "$WORK/rootfs" /bin/sleep 10000
		[ $i != 10 ] || first=$TOOK
	done
	echo "run -d: $first ms with 10 containers, $TOOK ms with $COUNT"
	echo "a monitor: $(memory_of '^mydocker: ')"
	took "$MYDOCKER" ps
	echo "ps of $COUNT: $TOOK ms"
	"$MYDOCKER" ps -q | xargs "$MYDOCKER" rm -f >/dev/null
	echo "afterwards $(($(leftovers) - before)) things left"
}

# podman as Debian has it, over crun, which does not take the layout of v1 with
# v2 beside it, and may not raise limits where we may not.
podman_works() {
	command -v podman crun >/dev/null || return 1
	umount /sys/fs/cgroup/unified 2>/dev/null || :
	PODMAN=(podman --root "$WORK/podman" --runroot "$WORK/podman-run"
		--cgroup-manager cgroupfs --storage-driver vfs --runtime crun
		--events-backend file)
	THEIRS=(--network none --log-driver k8s-file --ulimit nofile=1024:1024
		--ulimit nproc=1024:1024 --rootfs "$WORK/rootfs")
	OURS=(--rootfs "$WORK/rootfs")
	"${PODMAN[@]}" run --rm "${THEIRS[@]}" /bin/true >/dev/null 2>&1
}

# turns NAME ROUNDS OURS… -- THEIRS…: how many times as long theirs take.
turns() {
	local name=$1 rounds=$2

	shift 2
	"$OUT/bench/turns" "$rounds" -- "$@" >"$WORK/turns" ||
		{ cat "$WORK/turns" >&2; return 1; }
	awk -v name="$name" 'NR == 1 { ours = $3 } NR == 2 {
		printf "%-22s %9.2f ms %9.2f ms %8.1f times as long\n",
			name, ours, $3, $1 }' "$WORK/turns"
}

# Both engines' commands that are the same but for the container's options.
both() {
	local name=$1 rounds=$2 verb=$3

	shift 3
	# shellcheck disable=SC2086 # a verb with its options
	turns "$name" "$rounds" "$MYDOCKER" $verb "${OURS[@]}" "$@" \
		-- "${PODMAN[@]}" $verb "${THEIRS[@]}" "$@"
}

# Mean memory of the processes with that command line, in KB: private and
# proportional.
memory_of() {
	local pid

	for pid in $(pgrep -f "$1"); do
		awk '/^Private/ { n += $2 } /^Pss:/ { pss = $2 }
			END { print n, pss }' "/proc/$pid/smaps_rollup" \
			2>/dev/null || :
	done | awk '{ n += $1; pss += $2 } END { if (NR)
		printf "%d KB private, %d with its share\n", n / NR, pss / NR }'
}

# A container of each engine that has written 100 MB of lines.
write_logs() {
	local write='yes 01234567890123456789012345678901234567890123456789 |
		head -c 100000000'

	"$MYDOCKER" run -d --log-opt max-size=1g --name log "${OURS[@]}" \
		/bin/sh -c "$write" >/dev/null
	"${PODMAN[@]}" run -d --name log "${THEIRS[@]}" \
		/bin/sh -c "$write" >/dev/null
	"$MYDOCKER" wait log >/dev/null
	"${PODMAN[@]}" wait log >/dev/null
}

beside_podman() {
	local i

	"$MYDOCKER" run -d --name bench "${OURS[@]}" /bin/sleep 10000 >/dev/null
	"${PODMAN[@]}" run -d --name bench "${THEIRS[@]}" /bin/sleep 10000 \
		>/dev/null
	printf '%-22s %12s %12s\n' '' mydocker podman
	both 'run --rm true' 15 'run --rm' /bin/true
	turns 'exec true' 15 "$MYDOCKER" exec bench /bin/true \
		-- "${PODMAN[@]}" exec bench /bin/true
	both 'run -d' 50 'run -d' /bin/sleep 10000
	for ((i = 51; i < 100; i++)); do
		"$MYDOCKER" run -d "${OURS[@]}" /bin/sleep 10000 >/dev/null
		"${PODMAN[@]}" run -d "${THEIRS[@]}" /bin/sleep 10000 >/dev/null
	done
	turns 'ps of 100' 15 "$MYDOCKER" ps -- "${PODMAN[@]}" ps
	echo "a monitor: $(memory_of '^mydocker: ')"
	echo "a conmon: $(memory_of 'conmon.*--api-version')"
	write_logs
	turns 'logs of 100 MB' 3 "$MYDOCKER" logs log -- "${PODMAN[@]}" logs log
	both 'run … cat 100 MB' 5 'run --rm' /bin/cat /big
}

make_root
soak
crowd
if podman_works; then
	beside_podman
else
	echo 'podman is not here, or does not run here'
fi
