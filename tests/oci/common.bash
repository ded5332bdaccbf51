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
