#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Old kernels: the tests of run and exec again, without the younger system calls.
load lib/harness

# again FILE…: the tests pass when the program is run through `old-kernel`.
again() {
	skip_unless program cc
	MYDOCKER_THROUGH=$(OUT=$BUILT "$TOP/tests/old-kernel/path.sh") \
		bats --formatter tap "${@/#/$TOP/tests/}" >"$TMP/tap" 2>&1 || {
		cat "$TMP/tap"
		return 1
	}
	# a run of nothing is no pass
	grep -q '^ok ' "$TMP/tap"
}

@test "run works on a kernel of the time of Linux 5.4" {
	again container/run.bats container/run-mounts.bats
}

@test "exec works on a kernel of the time of Linux 5.4" {
	again container/exec.bats
}
