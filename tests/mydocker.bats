#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# The multicall file: which applet a name or a word means, links, errors.
load lib/harness

# as NAME ARG…: the file called NAME.
as() { (exec -a "$1" "$MYDOCKER" "${@:2}"); }

@test "a word names an applet, also behind its group" {
	run -0 mydocker version
	[[ $output = 'mydocker version '* ]]
	run -0 mydocker system version
	[[ $output = 'mydocker version '* ]]
}

@test "a link named after an applet is that applet" {
	ln -s "$MYDOCKER" version
	run -0 ./version
	[[ $output = 'mydocker version '* ]]
}

@test "a copy named after an applet is that applet" {
	cp "$MYDOCKER" version
	run -0 ./version
	[[ $output = 'mydocker version '* ]]
}

@test "the dash of a login shell is no part of the name" {
	run -0 as -version
	[[ $output = 'mydocker version '* ]]
	run -0 as -mydocker version
	[[ $output = 'mydocker version '* ]]
}

@test "a link mydocker-GROUP implies the group" {
	ln -s "$MYDOCKER" mydocker-system
	run -0 ./mydocker-system version
	[[ $output = 'mydocker version '* ]]
	run -125 ./mydocker-system run
	[[ $output = "mydocker system: unknown command 'run'"* ]]
}

@test "another name changes nothing" {
	run -0 as anything version
	[[ $output = 'mydocker version '* ]]
	run -0 as '' version
	[[ $output = 'mydocker version '* ]]
}

@test "without argv[0] it still runs" {
	run -0 python3 - "$MYDOCKER" <<-'END'
	import ctypes, os, sys
	libc = ctypes.CDLL(None, use_errno=True)
	argv = (ctypes.c_char_p * 1)(None)
	libc.execv(sys.argv[1].encode(), argv)
	END
	[[ $output = 'Usage:  mydocker '* ]]
}

@test "without words it prints the overview" {
	run -0 mydocker
	[[ $output = 'Usage:  mydocker [OPTIONS] COMMAND [ARG...]'* ]]
}

@test "an unknown command is suggested the nearest, and nothing else is said" {
	run -125 --separate-stderr mydocker verzion
	[ -z "$output" ]
	[ "$stderr" = "mydocker: unknown command 'verzion'; did you mean 'version'?" ]
}

@test "an unknown command like no other is pointed to the help" {
	run -125 --separate-stderr mydocker xyzzyxyzzy
	[ -z "$output" ]
	[ "$stderr" = "mydocker: unknown command 'xyzzyxyzzy'; see 'mydocker --help'" ]
}

@test "an unknown option is suggested the nearest" {
	run -125 --separate-stderr mydocker version --hlep
	[ -z "$output" ]
	[ "$stderr" = "mydocker version: unknown option '--hlep'; did you mean '--help'?" ]
}

@test "an error is one line, whatever is in it" {
	run -125 --separate-stderr mydocker $'a\nb\e[31m\x9bc\xe2\x80\xaed'
	[ "${#stderr_lines[@]}" -eq 1 ]
	[[ $stderr = *'a\x0ab\x1b[31m\x9bc\u{202e}d'* ]]
}

@test "with --log-format json an error is JSON" {
	run -125 --separate-stderr mydocker --log-format json version 'a "b"'
	[ -z "$output" ]
	[ "$(jq -r .level <<<"$stderr")" = error ]
	[[ $(jq -r .msg <<<"$stderr") = "mydocker version: 'a \"b\"' is one word too many"* ]]
	[[ $(jq -r .time <<<"$stderr") =~ ^20[0-9-]+T[0-9:.]+Z$ ]]
}

@test "global options stand in front of the command and behind it" {
	run -0 mydocker --log-level info version
	run -0 mydocker version --log-level info
	run -0 mydocker system --log-level info version
	run -125 mydocker --log-level loud version
	[ "$output" = "mydocker: --log-level: 'loud' is not a level: error, warn, info or debug" ]
}

@test "--list prints the names of links, one a line, sorted" {
	run -0 mydocker --list
	[[ $'\n'$output$'\n' = *$'\nversion\n'* ]]
	run -125 mydocker --list none
	[ "$output" = "mydocker: --list takes no 'none'" ]
	run -0 mydocker --list
	[ "$output" = "$(sort -u <<<"$output")" ]
	run ! grep -q ' ' <<<"$output"
}

@test "--install makes a hard link for each name of --list" {
	cp "$MYDOCKER" mydocker
	mkdir bin
	run -0 ./mydocker --install bin
	[ -z "$output" ]
	[ "$(ls bin)" = "$(./mydocker --list)" ]
	for link in bin/*; do
		[ "$link" -ef mydocker ]
		[ ! -L "$link" ]
	done
	run -0 bin/version
	[[ $output = 'mydocker version '* ]]
}

@test "--install -s makes symbolic links" {
	mkdir bin
	run -0 mydocker --install -s bin
	[ "$(ls bin)" = "$(mydocker --list)" ]
	for link in bin/*; do
		[ -L "$link" ]
		[ "$(readlink "$link")" = "$(realpath "$MYDOCKER")" ]
	done
	run -0 bin/version
}

@test "--install leaves a file that is not ours and names it" {
	mkdir bin
	echo mine >bin/version
	run -125 mydocker --install -s bin
	[ "$output" = "mydocker: --install: 'bin': left alone, as they are not ours: version" ]
	[ "$(cat bin/version)" = mine ]
	[ "$(ls bin)" = "$(mydocker --list)" ]
}

@test "--install does not write through a link that leads elsewhere" {
	mkdir bin
	ln -s "$TMP/victim" bin/version
	run -125 mydocker --install -s bin
	[ ! -e victim ]
	[ "$(readlink bin/version)" = "$TMP/victim" ]
}

@test "--install twice is no error" {
	mkdir bin
	mydocker --install -s bin
	run -0 mydocker --install -s bin
	[ -z "$output" ]
}

@test "--install says which directory is missing" {
	run -125 mydocker --install -s nowhere
	[ "$output" = "mydocker: --install: 'nowhere': No such file or directory" ]
}

@test "a full disk is noticed" {
	run -125 bash -c '"$MYDOCKER" --list >/dev/full'
	[ "$output" = 'mydocker: standard output: No space left on device' ]
	run -125 bash -c '"$MYDOCKER" completion bash >/dev/full'
	[[ $output = 'mydocker completion: standard output: '* ]]
}

@test "a reader that goes away is no reason to talk" {
	run bash -c '{ sleep 0.1; "$MYDOCKER" --help; echo $? >status; } | true'
	[ -z "$output" ]
	[ "$(cat status)" -eq 141 ]
}

@test "closed descriptors do no harm" {
	run -0 bash -c '"$MYDOCKER" version <&- 2>&-'
	[[ $output = 'mydocker version '* ]]
	run -125 bash -c '"$MYDOCKER" verzion <&- >&-'
	[[ $output = "mydocker: unknown command 'verzion'"* ]]
	run bash -c '"$MYDOCKER" version >&-'
	[ -z "$output" ]
}

@test "set-user-id it refuses to run" {
	skip_unless root
	cp "$MYDOCKER" mydocker
	chown 65534 mydocker
	chmod 4755 mydocker
	chmod 711 .
	mount_is_nosuid=$(findmnt -no OPTIONS -T . | grep -cw nosuid) || :
	[ "$mount_is_nosuid" = 0 ] || skip 'set-user-id has no effect here'
	run -125 ./mydocker version
	[ "$output" = 'mydocker: this file must not be set-user-id nor have capabilities of its own' ]
}
