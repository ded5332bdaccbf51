#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# create: a container that does not run yet.
load ../lib/harness
load common

create() { mydocker create --rootfs "$ROOTFS" "$@"; }

@test "create prints an id and starts nothing" {
	run -0 create --name x touch /tmp/ran
	[[ $output =~ ^[0-9a-f]{64}$ ]]
	[ "$(mydocker ps -q)" = '' ]
	[ "$(mydocker ps -a --format '{{.Names}} {{.Status}}')" = 'x Created' ]
	[ ! -e "$ROOTFS/tmp/ran" ]
	mydocker rm x
}

@test "what was created is removed without -f" {
	create --name x true
	run -0 mydocker rm x
	[ "$(mydocker ps -aq)" = '' ]
}

@test "create --rm is there until it has run" {
	create --rm --name x true
	[ "$(mydocker ps -aq | wc -l)" = 1 ]
	mydocker start -a x
	[ "$(mydocker ps -aq)" = '' ]
}

@test "create -d, and options that are wrong, are 125 and leave nothing" {
	local option

	for option in -d --restart=sometimes --restart=always:3 \
		--log-driver=paper '--log-opt=max-size=many' --attach=stdwhat \
		--health-interval=1s --health-cmd=x\ --no-healthcheck \
		--health-cmd=x\ --health-timeout=soon; do
		# shellcheck disable=SC2086 # two words
		run -125 create --name x $option true
		[ ${#lines[@]} -eq 1 ]
	done
	run -125 create --rm --restart always true
	[ "$(mydocker ps -aq)" = '' ]
}

@test "--cidfile has the id of what was created" {
	run -0 create --cidfile id --name x true
	[ "$(cat id)" = "$output" ]
	mydocker rm x
}
