#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# completion: the scripts for bash, zsh and fish.
load ../lib/harness
load ../container/common

# complete_bash WORD…: what bash offers for the last word, one a line.
complete_bash() {
	mydocker completion bash >script
	bash -c '
		. ./script
		COMP_WORDS=(mydocker "$@")
		COMP_CWORD=$#
		_mydocker
		printf "%s\n" "${COMPREPLY[@]}"' bash "$@" | sort
}

complete_zsh() {
	mydocker completion zsh >_mydocker
	zsh -f -c '
		words=(mydocker "$@")
		CURRENT=${#words}
		compdef() { :; }
		compadd() { shift; print -l -- "$@"; }
		_files() { echo FILES; }
		_describe() { print -l -- "${(@P)@[-1]}"; }
		. ./_mydocker
		_mydocker' zsh "$@" | sort
}

complete_fish() {
	mydocker completion fish >script
	HOME=$TMP fish -N -c "source script; complete -C 'mydocker $*'" |
		cut -f 1 | sort
}

@test "bash completes commands" {
	[ "$(complete_bash comple)" = completion ]
	complete_bash '' | grep -qx version
	complete_bash '' | grep -qx system
}

@test "bash completes the verbs of a group" {
	complete_bash system '' | grep -qx version
	[ -z "$(complete_bash system comple)" ]
}

@test "bash completes options, in front of the command and behind it" {
	complete_bash --inst | grep -qx -- --install
	[ "$(complete_bash help --m)" = --man ]
	[ "$(complete_bash self help --m)" = --man ]
	complete_bash help - | grep -qx -- --log-level
}

@test "bash completes the values that there are to choose from" {
	[ "$(complete_bash --log-format '')" = $'json\ntext' ]
	[ "$(complete_bash version --log-level in)" = info ]
	[ "$(complete_bash version --log-level = in)" = info ]
}

@test "bash looks for the command behind an option with a value" {
	[ "$(complete_bash --root run help --m)" = --man ]
	[ "$(complete_bash --root = run help --m)" = --man ]
}

@test "bash offers files where an option or an operand wants one" {
	[ -z "$(complete_bash --root '')" ]
	[ -z "$(complete_bash version '')" ]
	mydocker completion bash | tail -n 1 | grep -q -- '-o default'
}

@test "bash completes no options behind an operand of the command" {
	[ -z "$(complete_bash help run --m)" ]
}

@test "zsh reads its script" {
	skip_unless program zsh
	mydocker completion zsh >script
	zsh -n script
	[ "$(head -n 1 script)" = '#compdef mydocker' ]
}

@test "zsh completes commands, verbs, options and values" {
	skip_unless program zsh
	complete_zsh '' | grep -q '^version:print'
	complete_zsh system '' | grep -q '^version:print'
	complete_zsh help - | grep -q '^--man:as a manual'
	[ "$(complete_zsh --log-format '')" = $'json\ntext' ]
	[ "$(complete_zsh version '')" = FILES ]
}

@test "fish completes commands, verbs, options and values" {
	skip_unless program fish
	complete_fish vers | grep -qx version
	complete_fish 'system ' | grep -qx version
	complete_fish 'help --m' | grep -qx -- --man
	complete_fish 'version --log-format ' | grep -qx json
}

# Two containers: one runs, the other has ended.
containers() {
	start runs sleep 100
	mydocker run --name ended --rootfs "$ROOTFS" true
}

# offers SHELL: what each completes where a container's name stands.
offers() {
	local verb

	for verb in exec kill stop 'container stop'; do
		# shellcheck disable=SC2086 # words
		[ "$("complete_$1" $verb '')" = runs ]
	done
	[ "$("complete_$1" rm '')" = $'ended\nruns' ]
	[ "$("complete_$1" rm -f ended ru)" = runs ]
	[ "$("complete_$1" kill -s KILL '')" = runs ]
	[ "$("complete_$1" --root "$MYDOCKER_ROOT" stop '')" = runs ]
	[ "$("complete_$1" --root="$MYDOCKER_ROOT" stop '')" = runs ]
	mkdir -p "$TMP/no thing"
	[ -z "$("complete_$1" --root "$TMP/no thing" stop '')" ]
	[ -z "$("complete_$1" "--root=$TMP/no thing" stop '')" ]
	mydocker kill runs
	mydocker rm ended
}

@test "bash completes names of containers" {
	containers
	[ -z "$(complete_bash exec runs '')" ]
	# as readline takes it apart
	[ "$(complete_bash --root = "$MYDOCKER_ROOT" stop '')" = runs ]
	[ -z "$(complete_bash --root = "$TMP" stop '')" ]
	offers bash
}

@test "zsh completes names of containers" {
	skip_unless program zsh
	containers
	complete_zsh() {
		mydocker completion zsh >_mydocker
		zsh -f -c '
			words=(mydocker "$@")
			CURRENT=${#words}
			compadd() { shift; print -l -- "${(@M)@:#${words[-1]}*}"; }
			compdef() { :; }
			. ./_mydocker
			_mydocker' zsh "$@" | sort
	}
	offers zsh
}

@test "fish completes names of containers" {
	skip_unless program fish
	containers
	offers fish
}

# types_zsh SETUP TEXT EXPECT: what one sees who types TEXT in a zsh.
types_zsh() {
	TIMEOUT=60 with_tty sleep=0.5 \
		"send=autoload -Uz compinit; $1; print rea''dy\n" \
		expect=ready sleep=0.5 "send=$2" expect="$3" \
		'send=\x15exit\n' -- env TERM=dumb zsh -f -i
}

@test "zsh offers names of containers to one who types" {
	skip_unless program zsh
	mydocker run --name ended --rootfs "$ROOTFS" true
	mydocker run --name other --rootfs "$ROOTFS" true
	mydocker completion zsh >_mydocker
	local installed="fpath=($PWD \$fpath); compinit -u -D"

	run -0 types_zsh "$installed" 'mydocker rm \t' 'ended +other'
	run -0 types_zsh "$installed" 'mydocker rm -f en\t' 'rm -f ended '
	run -0 types_zsh "compinit -u -D; . ./_mydocker" \
		'mydocker container rm en\t' 'rm ended '
	mydocker rm ended other
}

@test "every script is good for its shell" {
	for shell in bash zsh fish; do
		command -v $shell >/dev/null || continue
		mydocker completion $shell >script
		run -0 $shell -n script
		[ -z "$output" ]
	done
}

@test "an unknown shell is an error" {
	run -125 --separate-stderr mydocker completion tcsh
	[ -z "$output" ]
	[ "$stderr" = "mydocker completion: 'tcsh' is not a shell that is known here: bash, zsh or fish" ]
	run -125 mydocker completion
	[ "$output" = "mydocker completion: SHELL is missing; see 'mydocker completion --help'" ]
}
