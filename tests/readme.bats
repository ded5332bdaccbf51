#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The README's list of commands is the program's.
load lib/harness

# The table as it has to be: all commands with what --help says of them.
table() {
	printf '| command | what it does |\n|---|---|\n'
	COLUMNS=500 mydocker --help | awk '
		$0 == "Commands:" { on = 1; next }
		!NF { on = 0 }
		on {
			command = $1
			sub(/^ *[^ ]+ +/, "")
			printf "| `mydocker %s` | %s |\n", command, $0
		}'
}

@test "the README has the commands that --help has" {
	sed -n '/^<!-- commands -->$/,/^<!-- \/commands -->$/p' \
		"$TOP/README.md" | sed '1d;$d' >readme
	table >wanted
	diff -u readme wanted || {
		echo 'between <!-- commands --> and <!-- /commands --> must stand:'
		cat wanted
		return 1
	}
}

@test "what the OCI suite is known to fail is in the README of core/oci" {
	sed -n '/^<!-- known -->$/,/^<!-- \/known -->$/p' \
		"$TOP/core/oci/README.md" | sed '1,3d;$d' >readme
	sed -n -E 's/^([a-z]\w*) (\w+) (.*)/| `\1` | \2 | \3 |/p' \
		"$TOP/tests/conformance/known" >wanted
	diff -u readme wanted
}
