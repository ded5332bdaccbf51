#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# --health-*: asking a container how it is.
load ../lib/harness
load common

detached() { mydocker run -d --rootfs "$ROOTFS" "$@" >/dev/null; }
health_of() { mydocker inspect -f '{{.State.Health.Status}}' "$1"; }
is() { [ "$(health_of "$1")" = "$2" ]; }

@test "a check that succeeds makes it healthy" {
	detached --name x --health-cmd 'echo fine' --health-interval 200ms sleep 100
	[[ $(mydocker ps --format '{{.Status}}') = *'(health: starting)' ]]
	wait_for 10 is x healthy
	[[ $(mydocker ps --format '{{.Status}}') = *'(healthy)' ]]
	[ "$(mydocker inspect -f '{{(index .State.Health.Log 0).Output}}' x)" = fine ]
	[ "$(mydocker inspect -f '{{(index .State.Health.Log 0).ExitCode}}' x)" = 0 ]
	[ "$(mydocker ps -q --filter health=healthy | wc -l)" = 1 ]
	[ "$(mydocker ps -q --filter health=none | wc -l)" = 0 ]
	mydocker rm -f x
}

@test "it is unhealthy after so many failures, and healthy again" {
	detached --name x --health-cmd 'test -e /tmp/good' \
		--health-interval 100ms --health-retries 2 sleep 100
	wait_for 10 is x unhealthy
	[ "$(mydocker inspect -f '{{.State.Health.FailingStreak}}' x)" -ge 2 ]
	touch "$ROOTFS/tmp/good"
	wait_for 10 is x healthy
	[ "$(mydocker inspect -f '{{.State.Health.FailingStreak}}' x)" = 0 ]
	rm "$ROOTFS/tmp/good"
	mydocker rm -f x
}

@test "who does not answer in time has failed" {
	detached --name x --health-cmd 'sleep 100' --health-timeout 200ms \
		--health-interval 100ms --health-retries 1 sleep 100
	wait_for 10 is x unhealthy
	[[ $(mydocker inspect -f '{{(index .State.Health.Log 0).Output}}' x) = \
		*'exceeded timeout (0.2s)' ]]
	mydocker rm -f x
}

@test "failures at the start do not count" {
	detached --name x --health-cmd false --health-interval 100ms \
		--health-retries 1 --health-start-period 1h \
		--health-start-interval 100ms sleep 100
	sleep 1
	is x starting
	mydocker rm -f x
}

@test "five answers are kept, of 4 KB each" {
	detached --name x --health-cmd 'yes | head -c 100000' \
		--health-interval 50ms sleep 100
	wait_for 10 eval '[ "$(mydocker inspect x | jq ".[0].State.Health.Log | length")" = 5 ]'
	sleep 0.5
	[ "$(mydocker inspect x | jq ".[0].State.Health.Log | length")" = 5 ]
	[ "$(mydocker inspect x | jq -r '.[0].State.Health.Log[0].Output' | wc -c)" -le 4096 ]
	mydocker rm -f x
}

@test "a check whose command is not there is a failure" {
	rm -rf small
	mkdir -p small/{bin,proc,dev,sys}
	cp /bin/busybox small/bin/sleep
	mydocker run -d --rootfs small --name x --health-cmd true \
		--health-interval 100ms --health-retries 1 /bin/sleep 100
	wait_for 10 is x unhealthy
	mydocker rm -f x
}

@test "a paused container is not asked" {
	detached --name x --health-cmd 'echo >>/tmp/asked' \
		--health-interval 100ms sleep 100
	wait_for 10 is x healthy
	mydocker pause x
	sleep 0.3
	before=$(stat -c %s "$ROOTFS/tmp/asked")
	sleep 0.5
	[ "$(stat -c %s "$ROOTFS/tmp/asked")" = "$before" ]
	mydocker unpause x
	mydocker rm -f x
	rm "$ROOTFS/tmp/asked"
}

@test "--no-healthcheck, and a container without a check" {
	detached --name x --no-healthcheck sleep 100
	[ "$(mydocker inspect -f '{{json .Config.Healthcheck.Test}}' x)" = '["NONE"]' ]
	[ "$(mydocker inspect x | jq '.[0].State.Health')" = null ]
	[ "$(mydocker ps -q --filter health=none | wc -l)" = 1 ]
	mydocker rm -f x
}

@test "who is asked when the container ends leaves no zombie" {
	detached --name x --restart always --health-cmd 'sleep 60' \
		--health-interval 50ms sh -c 'sleep 0.5'
	wait_for 15 eval '[ "$(mydocker inspect -f "{{.RestartCount}}" x)" -ge 3 ]'
	[ "$(ps -o stat= --ppid "$(pgrep -f '^mydocker: x$')" | grep -c Z)" -le 1 ]
	mydocker rm -f x
}
