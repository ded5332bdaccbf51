#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# help, --help and manual pages.
load ../lib/harness

# commands: the words of the overview's list of commands, or of another list.
commands() {
	COLUMNS=500 mydocker --help |
		awk -v list="${1:-Commands}:" '
			$0 == list { on = 1; next }
			!NF { on = 0 }
			on { print $1 }'
}

@test "help, --help and no word say the same" {
	run -0 mydocker help
	help=$output
	run -0 mydocker --help
	[ "$output" = "$help" ]
	run -0 mydocker
	[ "$output" = "$help" ]
}

@test "the overview has every name of --list" {
	[ "$(commands)" = "$(mydocker --list)" ]
}

@test "help VERB and VERB --help say the same, for every command" {
	for verb in $(mydocker --list); do
		run -0 --separate-stderr mydocker help "$verb"
		[ -z "$stderr" ]
		help=$output
		[[ $help = "Usage:  mydocker $verb"* ]]
		run -0 mydocker "$verb" --help
		[ "$output" = "$help" ]
	done
}

@test "GROUP --help lists the group's verbs" {
	run -0 mydocker system --help
	[[ $output = *$'\nCommands:\n'* && $output = *$'\n  version '* ]]
	[ "$(mydocker help system)" = "$output" ]
	[ "$(mydocker system)" = "$output" ]
}

@test "every group has a help" {
	for group in $(commands 'Groups of commands'); do
		run -0 mydocker "$group" --help
		[[ $output = "Usage:  mydocker $group COMMAND"* ]]
	done
}

@test "help names the options, one line each, with their explanation" {
	run -0 mydocker help help
	[[ $output = *$'\nOptions:\n      --man   as a manual page, for man -l\n'* ]]
}

@test "-h is help where it is nothing else" {
	run -0 mydocker version -h
	[ "$output" = "$(mydocker help version)" ]
}

@test "help is no wider than the screen" {
	for width in 60 80 100; do
		run -0 env COLUMNS=$width "$MYDOCKER" --help
		for line in "${lines[@]}"; do
			[ ${#line} -le $width ]
		done
	done
}

@test "help with an unknown word fails as the word itself does" {
	run -125 --separate-stderr mydocker help verzion
	[ -z "$output" ]
	[ "$stderr" = "mydocker help: unknown command 'verzion'; did you mean 'version'?" ]
	run -125 mydocker help system verzion
	run -125 mydocker help version version
}

@test "every manual page is flawless" {
	skip_unless program groff
	for verb in $(mydocker --list); do
		mydocker help --man "$verb" >page
		run -0 --separate-stderr groff -man -Tutf8 -ww -P-c page
		[ -z "$stderr" ]
		# lines are filled with spaces
		[[ $(tr -s ' ' <<<"$output") = *"mydocker-$verb - "* ]]
	done
}

@test "a manual page has all options and their values" {
	skip_unless program groff
	mydocker help --man version >page
	run -0 groff -man -Tascii -P-cbou page
	[[ $output = *'--root DIR'* ]]
	[[ $output = *'EXIT STATUS'* ]]
}

@test "--man wants a command" {
	run -125 mydocker help --man
	[ "$output" = 'mydocker help: --man: which command?' ]
	run -125 mydocker help --man system
}
