#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Machines whose first process is mydocker; each test boots one.
load ../lib/harness

setup() {
	harness_setup
	skip_unless host
	[ "$(uname -m)" = x86_64 ] || skip 'the kernel is one for x86_64'
}

# vm SECONDS WORD…
vm() { VM_TIMEOUT=$1 "$HARNESS/../vm/vm.sh" "${@:2}"; }

@test "a machine ends with its command's status, whoever goes on" {
	run -7 vm 300 sh -c '
		printenv PATH
		(trap "" TERM; sleep 1000) &
		exit 7'
	[[ $output = *:/usr/bin:* ]]
}

@test "an initramfs with this one file in it runs a container" {
	run -0 vm 300 --alone /mydocker run --rm /mydocker --version
	[ "${lines[0]}" = "$("$MYDOCKER" --version | head -1)" ]
}

@test "an initramfs for aarch64 with this one file in it runs a container" {
	# emulated, with modules to be unpacked the first time
	VM_MACHINE=aarch64 VM_TIMEOUT=600 run "$TOP/build.sh" vm --alone \
		/mydocker run --rm -m 64m --pids-limit 9 /mydocker --version
	[[ $output != *'vm: apt knows no'* ]] || skip 'no kernel to be had'
	[[ $output != *'Unable to locate package qemu'* ]] ||
		skip 'no qemu to be had'
	[ "$status" = 0 ]
	[[ $'\n'$output$'\n' = *$'\n'"$("$MYDOCKER" --version | head -1)"$'\n'* ]]
}

@test "a machine without the command that it was told to run says so" {
	run -127 vm 300 --alone /none
	# a busy machine's kernel may have something to say before
	[[ $output = *"mydocker: init: '/none': No such file"* ]] || {
		printf '%s\n' "$output"
		false
	}
}

@test "the tests of tests/vm/list pass on a machine of ours" {
	local file files=()

	while read -r file; do
		[[ $file != \#* && -e $TOP/tests/$file ]] || continue
		files+=("tests/$file")
	done <"$TOP/tests/vm/list"
	# what is printed is shown if it fails
	vm 2400 bats --formatter tap --timing "${files[@]}" | tee "$TMP/tap"
	[ "${PIPESTATUS[0]}" -eq 0 ]
	grep -q '^ok ' "$TMP/tap"
}

@test "containers are scopes of a real systemd" {
	[ -e /lib/systemd/systemd ] || skip 'no systemd here'
	vm 1200 --systemd bats --formatter tap tests/vm/systemd.inside | tee "$TMP/tap"
	[ "${PIPESTATUS[0]}" -eq 0 ]
	grep -q '^ok ' "$TMP/tap"
}
