#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# version: of the program and of what is inside.
load ../lib/harness

@test "version and --version say the same" {
	run -0 mydocker version
	[[ ${lines[0]} =~ ^'mydocker version '[0-9]+(\.[0-9]+)+$ ]]
	[ "$(mydocker --version)" = "$output" ]
	[ "$(mydocker -v)" = "$output" ]
}

@test "version names each library and its version" {
	run -0 mydocker version
	[[ ${lines[1]} = 'libraries: '* ]]
	for library in musl libbsd libmd yyjson libseccomp; do
		[[ ${lines[1]} =~ $library\ [0-9]+\.[0-9] ]]
	done
}

@test "version takes no operands" {
	run -125 mydocker version x
	[ "$output" = "mydocker version: 'x' is one word too many; see 'mydocker version --help'" ]
}
