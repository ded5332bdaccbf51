#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# build.sh: what the one file is made of, and how it is made.

load lib/harness

# A copy of the tree as it stands, without what was built; built once for all
# tests of this file.
setup_file() {
	export COPY=$BATS_FILE_TMPDIR/copy
	local top=${BATS_TEST_FILENAME%/tests/*}

	mkdir "$COPY"
	git -C "$top" ls-files -coz --exclude-standard |
		tar -C "$top" --null -T - --ignore-failed-read -cf - |
		tar -C "$COPY" -xf -
	# seconds of work, and not of waiting for others on a busy machine
	TIMEFORMAT='%U %S'
	{ time env -u OUT -u APPLETS -u DEPS "$COPY/build.sh" \
		>"$COPY.log" 2>&1; } 2>"$COPY.seconds"
}

# build.sh in the copy, with nothing inherited that would change what it does.
build() { env -u OUT -u APPLETS -u DEPS -u CC "$@"; }

debug() { echo "${MYDOCKER}.debug"; }

# The folder of the libraries that the file was linked with.
prefix() { sed -n 's#.*-isystem \(.*\)/include/bsd.*#\1#p' "$BUILT/build.ninja"; }

# ---- the file ---------------------------------------------------------------

@test "the file asks for no interpreter and no library" {
	run -0 readelf -lWd "$MYDOCKER"
	[[ $output != *INTERP* ]]
	[[ $output != *'(NEEDED)'* ]]
}

@test "the file is position independent" {
	run -0 readelf -hWd "$MYDOCKER"
	[[ $output =~ Type:\ +DYN ]]
	[[ $output =~ FLAGS_1.*PIE ]]
	[[ $output != *TEXTREL* ]]
}

@test "what relocation has written is read-only afterwards" {
	run -0 readelf -lWd "$MYDOCKER"
	[[ $output == *GNU_RELRO* ]]
	[[ $output == *BIND_NOW* ]]
}

@test "no part of the file is writable and executable, the stack neither" {
	run -0 readelf -lW "$MYDOCKER"
	[[ $output =~ GNU_STACK.*RW\ + ]]
	[[ $output != *RWE* ]]
}

@test "the file is stripped" {
	run -0 readelf -SW "$MYDOCKER"
	[[ $output != *.symtab* ]]
	[[ $output != *.debug_* ]]
}

@test "our functions watch their stack" {
	run -0 nm "$(debug)"
	[[ $output == *__stack_chk_fail* ]]
}

@test "nothing in the file was compiled for glibc" {
	run -0 nm "$(debug)"
	[[ ! $output =~ __[a-z0-9_]+_chk$'\n' ]]
	[[ $output != *__libc_csu* ]]
	[[ $output != *_IO_2_1_stdout_* ]]
}

@test "the version names the libraries" {
	run -0 mydocker --version
	[[ $output == *'musl 1.2.5'* ]]
	[[ $output == *'libseccomp 2.'* ]]
}

# ---- how it is made ---------------------------------------------------------

@test "a second checkout builds no library, and is done in seconds" {
	run ! grep -E 'fetching|building' "$COPY.log"
	run -0 awk '{ printf "%d", ($1 + $2) / 2 }' "$COPY.seconds"
	echo "# $output s on two cores" >&3
	((output < 40))
}

@test "one tree built in two folders is the same file" {
	if ! diff -rq --exclude=build --exclude=.git "$TOP" "$COPY"; then
		skip 'somebody changed the tree meanwhile'
	fi
	run -0 sha256sum <"$MYDOCKER"
	local here=$output
	run -0 sha256sum <"$COPY/build/mydocker"
	[ "$output" = "$here" ]
}

@test "a second build has nothing to do" {
	run -0 build VERBOSE=1 "$COPY/build.sh"
	[[ $output != *' -c '* ]]
	[[ $output != *strip* ]]
}

@test "a change of one file compiles that file and links" {
	echo '/* changed */' >>"$COPY/core/base/err.c"
	run -0 build VERBOSE=1 "$COPY/build.sh"
	[ "$(grep -c ' -c ' <<<"$output")" -eq 1 ]
	[[ $output == *' -c core/base/err.c '* ]]
}

@test "a changed header compiles what includes it" {
	echo '/* changed */' >>"$COPY/core/store/store.h"
	run -0 build VERBOSE=1 "$COPY/build.sh"
	[[ $output == *' -c core/store/store.c '* ]]
	[[ $output != *' -c core/base/err.c '* ]]
}

@test "the commands of the compiler are there for editors" {
	run -0 jq -r '.[].file' "$BUILT/compile_commands.json"
	[[ $output == *core/base/err.c* ]]
}

@test "four commands make a file under 450 KB" {
	run -0 build APPLETS='run init ps exec' OUT=build/small "$COPY/build.sh"
	run -0 stat -c %s "$COPY/build/small/mydocker"
	echo "# $((output / 1024)) KB" >&3
	((output < 450 * 1024))
}

@test "commands that were not chosen are not in the file" {
	run -0 build APPLETS='run init ps exec' OUT=build/small "$COPY/build.sh"
	run -0 "$COPY/build/small/mydocker" --list
	[[ $'\n'$output$'\n' == *$'\nrun\n'* ]]
	[[ $'\n'$output$'\n' != *$'\nrm\n'* ]]
}

@test "a command that does not exist is named" {
	run -1 build APPLETS='run fly' OUT=build/small "$COPY/build.sh"
	[[ $output == *"APPLETS: no applet 'fly'"* ]]
}

@test "DEPS takes libraries that are there, whoever built them" {
	run -0 build DEPS="$(prefix)" OUT=build "$COPY/build.sh"
	[[ $output != *fetching* ]]
}

@test "DEPS names the libraries that are not there" {
	mkdir -p "$TMP/prefix"
	cp -rs "$(prefix)/." "$TMP/prefix"
	rm "$TMP/prefix/lib/libyyjson.a" "$TMP/prefix/include/seccomp.h"
	run -1 build DEPS="$TMP/prefix" OUT=build/deps "$COPY/build.sh"
	[[ $output == *'lacks yyjson libseccomp'* ]]
}

@test "DEPS refuses a compiler for glibc" {
	mkdir -p "$TMP/prefix"
	cp -rs "$(prefix)/." "$TMP/prefix"
	rm "$TMP/prefix/bin/mcc"
	run -1 build DEPS="$TMP/prefix" CC=gcc OUT=build/deps "$COPY/build.sh"
	[[ $output == *'compiles for glibc'* ]]
}

@test "run is a shell in a container, on a terminal where there is one" {
	run -5 build "$COPY/build.sh" run <<<'echo $$; tty; exit 5'
	[ "$output" = $'1\nnot a tty' ]
	run -3 with_tty expect='[#$] ' 'send=tty; exit 3\n' -- \
		env -u OUT "$COPY/build.sh" run
	[[ $output = */dev/pts/0* ]]
}

@test "run with words is mydocker run, where it was called" {
	run -0 build "$COPY/build.sh" run --rm /bin/sh -c 'echo "$$ $PWD"'
	[ "$output" = "1 $TMP" ]
}

@test "clean removes what was built, where it was built" {
	mkdir -p "$COPY/build/other"
	run -0 build OUT=build/other "$COPY/build.sh" clean
	[ ! -e "$COPY/build/other" ]
	[ -e "$COPY/build/mydocker" ]
}

@test "an unknown word is refused" {
	run -1 build "$COPY/build.sh" frobnicate
	[[ $output == *"unknown word 'frobnicate'"* ]]
}

@test "the help names every word" {
	local word

	run -0 build "$COPY/build.sh" help
	for word in $(sed -n 's/^word_\([a-z]*\)().*/\1/p' "$TOP/build.sh"); do
		[[ $output == *"$word"* ]]
	done
}

@test "install puts the file where it is told" {
	run -0 build "$COPY/build.sh" install "$TMP/bin"
	cmp "$TMP/bin/mydocker" "$COPY/build/mydocker"
}

# ---- other machines ---------------------------------------------------------

# cross MACHINE QEMU: it tells its version and its commands, and is an init
# where there are no namespaces to be had.
cross() {
	run -0 build "$COPY/build.sh" cross "$1"
	run -0 "qemu-$2-static" "$COPY/build/$1/mydocker" --version
	[[ $output == *'musl 1.2.5'* ]]
	run -0 "qemu-$2-static" "$COPY/build/$1/mydocker" --list
	[ "$output" = "$("$COPY/build/mydocker" --list)" ]
	printf '/bin/echo\0a b\0' >"$TMP/words"
	run -0 "qemu-$2-static" "$COPY/build/$1/mydocker" init 3<"$TMP/words"
	[ "$output" = 'a b' ]
}

# The libraries for the rarer machines take minutes to build the first time.
has_set() { compgen -G "${XDG_CACHE_HOME:-$HOME/.cache}/mydocker/$1-*" >/dev/null; }

@test "the file for aarch64 runs there" {
	cross aarch64 aarch64
}

@test "the file for armv7 runs there" {
	has_set armv7 || skip "'./build.sh cross armv7' was never run here"
	cross armv7 arm
}

@test "the file for riscv64 runs there" {
	has_set riscv64 || skip "'./build.sh cross riscv64' was never run here"
	cross riscv64 riscv64
}
