# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# Loaded by the tests of the OCI runtime, behind the harness.

oci() { mydocker oci "$@"; }

# bundle [FILTER] [WORD…]: $TMP/b, which runs WORD… (else sleeps), its
# config.json changed by a filter of jq.
bundle() {
	local filter=${1:-.}

	shift || :
	[ $# -gt 0 ] || set -- sleep 1000
	mkdir -p b
	rm -f b/config.json
	oci spec -b b
	jq --arg root "$ROOTFS" '.root.path = $root | .process.args = $ARGS.positional |
		.process.terminal = false | '"$filter" b/config.json --args -- "$@" >b/new
	mv b/new b/config.json
}

# Everything that bats has open would stay open in what stays behind.
create() { oci create -b b "$@" </dev/null >out 2>&1 3>&- 4>&- || (cat out && false); }

# started ID [FILTER] [WORD…]: a container that runs.
started() {
	local id=$1

	shift
	bundle "$@"
	create "$id"
	oci start "$id"
}

status_of() { oci state "$1" | jq -r .status; }
is_status() { [ "$(status_of "$1")" = "$2" ]; }
pid_of() { oci state "$1" | jq -r .pid; }

# lines_for HEADING: what core/oci/README.md tells to configure there, of the
# file as it is called in $TMP.
lines_for() {
	awk -v heading="## $1" '
		$0 == heading { on = 1 }
		on && /^```/ { if (inside) exit; inside = 1; next }
		inside' "$TOP/core/oci/README.md" |
		sed "s#/usr/local/bin/mydocker-oci#$TMP/mydocker-oci#"
}

# Find a criu that runs on this kernel, the machine's or the one that build.sh
# has fetched: CRIU_RUNS.
know_criu() {
	# a slower way that needs no debug registers, which a virtual machine may
	# lack: criu before 4.2 waits for ever there
	export CRIU_FAULT=130 CRIU_RUNS=
	criu check >/dev/null 2>&1 || PATH=${TEST_CRIU-/nonexistent}:$PATH
	export PATH
	! criu check >/dev/null 2>&1 || CRIU_RUNS=1
}

need_criu() {
	skip_unless root
	[ -n "$CRIU_RUNS" ] || skip 'no criu here that runs on this kernel'
}

# stand_in [REASON]: a criu that notes what it is told in $TMP/notes and fails.
stand_in() {
	mkdir -p stand-in
	cp "$TOP/tests/oci/criu.py" stand-in/criu
	export CRIU_NOTES=$TMP/notes CRIU_SAYS=${1-no}
	: >"$CRIU_NOTES"
	PATH=$TMP/stand-in:$PATH
}

# no_criu ARG…: `oci ARG…` where there is no criu.
no_criu() { PATH=$TMP "$MYDOCKER" oci "$@"; }

# A command that counts, quickly.
COUNT='i=0; while :; do i=$((i+1)); echo $i; sleep 0.05; done'

# counting FILE [N]: FILE has at least N more lines.
counting() {
	local before

	before=$(wc -l <"$1")
	wait_for 10 eval "[ \$(wc -l <'$1') -ge $((before + ${2:-3})) ]"
}
