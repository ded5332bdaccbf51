#!/bin/bash
# SPDX-License-Identifier: ISC
# conformance.sh [--vm] [PROGRAM…]: run the OCI validation suite against
# mydocker, print what came of each of its programs, and the sum. Fails if a
# program fails that tests/conformance/known does not name.
#
#	--vm      in the virtual machine, where all cgroups are v2
#	RUNTIME   another runtime, for comparison: then nothing is expected of it
#	SUITE     the suite, built: what build.sh makes
#
# A program passes when it ends well, keeps its plan, and says neither "not ok"
# nor that it skips everything; one without results of its own must not tell of
# an error.
set -euo pipefail

TOP=$(cd "${0%/*}/../.." && pwd)
HERE=$TOP/tests/conformance
: "${MYDOCKER:=$TOP/build/mydocker}"
: "${RUNTIME=}"
readonly TOP HERE

die() {
	echo "conformance: $*" >&2
	exit 125
}

# ---- a world of its own -----------------------------------------------------

# The devices of a usual machine, where no program changes ours.
private_dev() {
	local name

	mkdir "$WORK/dev"
	mount -t tmpfs -o mode=755 dev "$WORK/dev"
	for name in null zero full random urandom tty; do
		cp -a "/dev/$name" "$WORK/dev/"
	done
	ln -s /proc/self/fd "$WORK/dev/fd"
	ln -s pts/ptmx "$WORK/dev/ptmx"
	mkdir "$WORK"/dev/{pts,shm,mqueue}
	mount -t devpts -o newinstance,ptmxmode=666,mode=620 devpts "$WORK/dev/pts"
	mount -t tmpfs -o mode=1777 shm "$WORK/dev/shm"
	mount --rbind "$WORK/dev" /dev
}

# The suite knows either v1 or v2. One program panics with a single link.
private_world() {
	[ ! -d /sys/fs/cgroup/unified ] || umount /sys/fs/cgroup/unified
	private_dev
	ip link add suite0 type veth peer name suite1 2>/dev/null ||
		ip link add suite0 type dummy
	mkdir "$WORK/bin" "$WORK/tmp"
	export TMPDIR=$WORK/tmp
	if [ -z "$RUNTIME" ]; then
		ln -s "$MYDOCKER" "$WORK/bin/mydocker-oci"
		export RUNTIME=$WORK/bin/mydocker-oci
	fi
}

# The cgroups that are there now.
cgroups() { find /sys/fs/cgroup -mindepth 1 -depth -type d | grep -vxFf "$WORK/cgroups" || :; }

# End what a program left behind: a process in a frozen cgroup is not killed.
sweep() {
	local dir pid

	cgroups | while read -r dir; do
		echo THAWED 2>/dev/null >"$dir/freezer.state" || :
		echo 0 2>/dev/null >"$dir/cgroup.freeze" || :
		while read -r pid; do
			kill -KILL "$pid" 2>/dev/null || :
		done <"$dir/cgroup.procs"
	done
	for _ in {1..20}; do
		cgroups | xargs -r rmdir 2>/dev/null && break
		sleep 0.05
	done
	rm -rf /run/{runc,crun,mydocker}* "$WORK"/tmp/*
} 2>/dev/null

# ---- judging ----------------------------------------------------------------

# Why the output of a program, in FILE, with its exit STATUS is none of a
# program that passes; nothing for one that does.
fault() {
	awk -v status="$2" '
	/^(not )?ok / { results++ }
	/^ok .*# SKIP/ { skipped++; if (!skip) skip = $0 }
	/^not ok / && !/# TODO/ { if (!bad) bad = $0 }
	/^1\.\.[0-9]+/ { planned += substr($0, 4) }
	/"error": / { if (!error) error = $0 }
	/[^ ]/ { last = $0 }
	END {
		if (bad) print bad
		else if (status == 124) print "still runs after 60 s"
		else if (status) print "status " status ": " last
		else if (results < planned) print results " of " planned " results: " last
		else if (results && results == skipped) print skip
		else if (!results && error) print error
	}' "$1" | cut -c 1-200
}

# The row of PROGRAM that counts here: known FIELD… PROGRAM.
reason() {
	awk -v program="$1" -v here="$VERSION" '
	$1 == program && ($2 == here || $2 == "both") {
		$1 = $2 = ""
		print substr($0, 3)
	}' "$HERE/known"
}

# Run PROGRAM, and say what its fault is.
try() {
	local status=0

	unshare --mount timeout -k 5 60 "$SUITE/bin/$1" >"$WORK/out" 2>&1 </dev/null ||
		status=$?
	[ -z "${VERBOSE-}" ] || sed 's/^/    /' "$WORK/out" >&2
	fault "$WORK/out" $status
	sweep
}

# Some have races of their own: they send a signal before the shell that they
# have started can know what to do with it. So each has ten tries.
judge() {
	local program=$1 fault why

	why=$(reason "$program")
	for _ in {1..10}; do
		fault=$(try "$program")
		[ -n "$fault" ] && [ -z "$why$PEER" ] || break
	done
	if [ -z "$fault" ]; then
		PASSED=$((PASSED + 1))
		printf '%-34s passed%s\n' "$program" \
			"${why:+, though it is known to fail}"
	elif [ -n "$why" ] && [ -z "$PEER" ]; then
		printf '%-34s failed  %s\n' "$program" "$why"
	else
		UNKNOWN+=("$program")
		printf '%-34s failed  %s\n' "$program" "unexpected: $fault"
	fi
}

inside() {
	local program

	WORK=$(mktemp -d /tmp/conformance.XXXXXX)
	chmod 755 "$WORK" # a mapped user passes through
	PEER=$RUNTIME
	VERSION=v1
	[ ! -e /sys/fs/cgroup/cgroup.controllers ] || VERSION=v2
	private_world
	find /sys/fs/cgroup -mindepth 1 -type d >"$WORK/cgroups"
	UNKNOWN=()
	PASSED=0
	cd "$SUITE"
	[ $# -gt 0 ] || set -- bin/*
	for program; do
		judge "${program##*/}"
	done
	echo "conformance under $VERSION: $PASSED of $# programs pass"
	cd /
	umount -R "$WORK/dev" /dev
	rm -rf "$WORK"
	[ ${#UNKNOWN[@]} = 0 ] || [ -n "$PEER" ] || {
		echo "conformance: not known to fail: ${UNKNOWN[*]}"
		exit 1
	}
}

main() {
	case ${1-} in
	--inside)
		shift
		inside "$@"
		;;
	--vm)
		shift
		[ -z "$RUNTIME" ] || die '--vm has no other runtime than ours'
		VM_ADD=$SUITE VM_MEMORY=2048 VM_TIMEOUT=2400 exec \
			"$TOP/tests/vm/vm.sh" env SUITE="/added" \
			bash tests/conformance/conformance.sh --inside "$@"
		;;
	*)
		[ -z "$RUNTIME" ] || RUNTIME=$(command -v "$RUNTIME") ||
			die 'no such runtime'
		export RUNTIME MYDOCKER SUITE
		exec "$TOP/tests/lib/enclose" "$0" --inside "$@"
		;;
	esac
}

main "$@"
