#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# start, and run -d: containers that nobody waits for.
load ../lib/harness
load common

create() { mydocker create --rootfs "$ROOTFS" "$@" >/dev/null; }
detached() { mydocker run -d --rootfs "$ROOTFS" "$@" >/dev/null; }
status_of() { mydocker inspect -f '{{.State.Status}}' "$1"; }
has_status() { [ "$(status_of "$1")" = "$2" ]; }

@test "run -d prints an id and leaves it running" {
	run -0 --separate-stderr mydocker run -d --name x --rootfs "$ROOTFS" \
		sleep 100
	[[ $output =~ ^[0-9a-f]{64}$ ]]
	[ "$stderr" = '' ]
	is_running x
	mydocker rm -f x
}

@test "run -d holds nothing of its caller" {
	local fd

	mkfifo pipe
	exec {fd}<>pipe
	detached --name x sleep 100 3>pipe
	# whoever reads what we write comes to its end
	run -0 timeout 5 bash -c '"$@" | cat' _ "$MYDOCKER" run -d --name y \
		--rootfs "$ROOTFS" sleep 100
	exec {fd}>&-
	mydocker rm -f x y
}

@test "run -d of what is not there says so, and nothing is left" {
	run -127 mydocker run -d --name x --rootfs "$ROOTFS" /no/such
	[ ${#lines[@]} -eq 1 ]
	[ "$(mydocker ps -aq)" = '' ]
}

@test "run -d --rm is gone when it has ended" {
	detached --rm --name x sleep 0.2
	wait_for 10 eval '[ -z "$(mydocker ps -aq)" ]'
}

@test "start runs what was created, and again what has ended" {
	create --name x sh -c 'exit 3'
	run -0 mydocker start x
	[ "$output" = x ]
	[ "$(mydocker wait x)" = 3 ]
	[ "$(status_of x)" = exited ]
	mydocker start x
	[ "$(mydocker wait x)" = 3 ]
	mydocker rm x
}

@test "start of one that runs is no error" {
	detached --name x sleep 100
	pid=$(pid_of x)
	run -0 mydocker start x
	[ "$(pid_of x)" = "$pid" ]
	mydocker rm -f x
}

@test "start -a shows what it writes, and ends with its status" {
	create --name x sh -c 'echo out; echo err >&2; exit 4'
	run -4 --separate-stderr mydocker start -a x
	[ "$output" = out ]
	[ "$stderr" = err ]
	mydocker rm x
}

@test "start -ai passes stdin on" {
	create --name x -i cat
	run -0 mydocker start -ai x <<<typed
	[ "$output" = typed ]
	mydocker rm x
}

@test "start of a command that is not there is told, and kept" {
	create --name x /no/such
	run -1 mydocker start x
	[[ $output = *'/no/such'* ]]
	[ "$(status_of x)" = created ]
	[[ $(mydocker inspect -f '{{.State.Error}}' x) = *'/no/such'* ]]
	[ "$(mydocker inspect -f '{{.State.ExitCode}}' x)" = 127 ]
	mydocker rm x
}

@test "start of several starts those that it can" {
	create --name x sleep 100
	run -1 mydocker start nobody x
	[[ $output = *nobody* ]]
	is_running x
	mydocker rm -f x
}

@test "of fifty starts one starts it, and the others agree" {
	local i

	create --name x sleep 100
	for i in {1..50}; do
		mydocker start x >"out.$i" 2>&1 &
	done
	wait
	[ "$(cat out.* | sort | uniq -c | tr -s ' ')" = ' 50 x' ] || {
		cat out.*
		false
	}
	[ "$(pgrep -c -f "^mydocker: x\$")" = 1 ]
	mydocker rm -f x
}

@test "stop, start and rm -f against each other leave nothing" {
	local i

	for i in {1..8}; do
		create --name x sleep 100
		mydocker start x >/dev/null 2>&1 &
		mydocker stop -t 0 x >/dev/null 2>&1 &
		mydocker start x >/dev/null 2>&1 &
		mydocker rm -f x >/dev/null 2>&1 &
		wait
		mydocker rm -f x >/dev/null 2>&1
		[ "$(mydocker ps -aq)" = '' ]
	done
}

@test "a monitor that was killed leaves the container running" {
	detached --name x sleep 100
	pkill -KILL -f '^mydocker: x$'
	wait_for 5 eval '! pgrep -f "^mydocker: x\$" >/dev/null'
	[[ $(mydocker ps --format '{{.Status}}') = *'(no monitor)' ]]
	run -0 mydocker exec --user 0 x true
	run -0 mydocker stop -t 1 x
	[ "$(status_of x)" = exited ]
	mydocker rm x
}

# Its record is in two places while it runs, and in one before and afterwards.
@test "who reads a record while the container ends does not find an old end" {
	local call

	skip_unless program strace
	echo 3 >"$ROOTFS/tmp/go"
	detached --name x sh -c 'while [ ! -e /tmp/go ]; do sleep 0.05; done; exit $(cat /tmp/go)'
	id=$(mydocker inspect -f '{{.Id}}' x)
	[ "$(mydocker wait x)" = 3 ]
	for call in 1 2 3 4; do
		rm "$ROOTFS/tmp/go"
		mydocker start x
		# where the directories with the two copies are opened
		strace -qq -o /dev/null -P "$id" -e inject=openat:delay_enter=1500000:when=$call \
			"$MYDOCKER" inspect -f '{{.State.Status}} {{.State.ExitCode}}' x >out 2>&1 3>&- 4>&- &
		sleep 0.5
		echo 9 >"$ROOTFS/tmp/go.new"
		mv "$ROOTFS/tmp/go.new" "$ROOTFS/tmp/go"
		wait $!
		[[ $(cat out) = 'running '* || $(cat out) = 'exited 9' ]] || {
			echo "$call: $(cat out)"
			false
		}
		mydocker wait x
		echo 3 >"$ROOTFS/tmp/go"
		mydocker start x
		mydocker wait x
	done
	rm "$ROOTFS/tmp/go"
	mydocker rm x
}

@test "the status of a command survives in its record" {
	detached --name x sh -c 'exit 9'
	[ "$(mydocker wait x)" = 9 ]
	[[ $(mydocker ps -a --format '{{.Status}}') = 'Exited (9)'* ]]
	mydocker rm x
}

# ---- restart policies -------------------------------------------------------

@test "--restart on-failure:2 starts it twice more" {
	detached --name x --restart on-failure:2 sh -c 'exit 5'
	wait_for 10 has_status x exited
	[ "$(mydocker inspect -f '{{.RestartCount}}' x)" = 2 ]
	[ "$(mydocker inspect -f '{{.State.ExitCode}}' x)" = 5 ]
	mydocker rm x
}

@test "--restart on-failure leaves a success alone" {
	detached --name x --restart on-failure true
	wait_for 10 has_status x exited
	[ "$(mydocker inspect -f '{{.RestartCount}}' x)" = 0 ]
	mydocker rm x
}

@test "--restart always goes on until it is stopped" {
	detached --name x --restart always sh -c 'exit 0'
	wait_for 10 eval '[[ $(mydocker ps --format "{{.Status}}") = "Restarting (0)"* ]]'
	mydocker stop x
	[ "$(status_of x)" = exited ]
	sleep 0.5
	[ "$(status_of x)" = exited ]
	mydocker rm x
}

@test "stop of one that runs under a policy is heeded" {
	detached --name x --restart unless-stopped sleep 100
	mydocker stop -t 0 x
	sleep 0.4
	[ "$(status_of x)" = exited ]
	mydocker rm x
}

@test "a killed first process is started again" {
	detached --name x --restart always sleep 100
	kill -KILL "$(pid_of x)"
	wait_for 10 eval '[ "$(mydocker inspect -f "{{.RestartCount}}" x)" = 1 ]'
	wait_for 10 has_status x running
	mydocker rm -f x
}

@test "rm -f ends one that waits to be started again" {
	detached --name x --restart always false
	wait_for 10 has_status x restarting
	mydocker rm -f x
	[ "$(mydocker ps -aq)" = '' ]
}

@test "inspect tells policy and log" {
	create --name x --restart on-failure:7 --log-opt max-size=1m true
	[ "$(mydocker inspect -f \
		'{{.HostConfig.RestartPolicy.Name}} {{.HostConfig.RestartPolicy.MaximumRetryCount}}' x)" = 'on-failure 7' ]
	[ "$(mydocker inspect -f '{{json .HostConfig.LogConfig}}' x)" = \
		'{"Type":"json-file","Config":{"max-size":"1m"}}' ]
	mydocker rm x
}

@test "a monitor that is told to end stops its container" {
	detached --name x --restart always sh -c 'trap "exit 6" TERM; while :; do sleep 0.1; done'
	sleep 0.3
	pkill -TERM -f '^mydocker: x$'
	wait_for 10 has_status x exited
	[ "$(mydocker inspect -f '{{.State.ExitCode}}' x)" = 6 ]
	mydocker rm x
}

@test "a monitor holds no more after many lives than after one" {
	local monitor before

	detached --name x -i --restart always sh -c 'exit 1'
	monitor=$(pgrep -f '^mydocker: x$')
	wait_for 10 eval '[ "$(mydocker inspect -f "{{.RestartCount}}" x)" -ge 1 ]'
	wait_for 10 eval '[ "$(mydocker inspect -f "{{.State.Status}}" x)" = restarting ]'
	before=$(ls "/proc/$monitor/fd" | wc -l)
	wait_for 10 eval '[ "$(mydocker inspect -f "{{.RestartCount}}" x)" -ge 4 ]'
	wait_for 10 eval '[ "$(mydocker inspect -f "{{.State.Status}}" x)" = restarting ]'
	[ "$(ls "/proc/$monitor/fd" | wc -l)" -le "$before" ]
	mydocker rm -f x
}

@test "the end of a command is seen at once, whoever gets its output" {
	local from

	from=$(date +%s%3N)
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		mydocker run --name x --rootfs "$ROOTFS" true
		mydocker rm x >/dev/null
	done
	# not the tenth of a second that is waited for those who still write
	[ $(($(date +%s%3N) - from)) -lt 3000 ]
}

# ---- where the output goes --------------------------------------------------

@test "passthrough: the descriptors are the starter's, also of run -d and start" {
	mydocker run -d --name x --log-driver passthrough --rootfs "$ROOTFS" \
		sh -c 'echo from within' >out
	mydocker wait x
	grep -qx 'from within' out
	mydocker start x >out
	mydocker wait x
	grep -qx 'from within' out
	run -1 mydocker logs x
	mydocker rm x
	run -125 mydocker run --log-driver passthrough --restart always \
		--rootfs "$ROOTFS" true
	run -125 mydocker run --log-driver passthrough --log-opt max-size=1m \
		--rootfs "$ROOTFS" true
	[ "$(mydocker ps -aq)" = '' ]
}

@test "what create makes is logged when it is started, --rm or not" {
	local option

	for option in --rm --label=a; do
		create --name x "$option" sh -c 'echo kept; sleep 100'
		mydocker start x
		wait_for 5 eval '[ "$(mydocker logs x)" = kept ]'
		mydocker rm -f x
	done
}

@test "one that is started again under a policy keeps the log of all its lives" {
	mydocker run --name x --rootfs "$ROOTFS" --restart on-failure:1 \
		sh -c 'echo life; exit 1' || :
	wait_for 10 has_status x exited
	[ "$(mydocker logs x)" = $'life\nlife' ]
	mydocker rm x
}

@test "a later life has the caller's oom_score_adj, not the monitor's" {
	detached --name x --restart always sh -c \
		'cat /proc/self/oom_score_adj; sleep 0.3; exit 1'
	[ "$(cat "/proc/$(pgrep -f '^mydocker: x$')/oom_score_adj")" = -999 ] || {
		mydocker rm -f x
		skip 'this root may not lower its oom_score_adj'
	}
	wait_for 10 eval '[ "$(mydocker logs x | wc -l)" -ge 2 ]'
	[ "$(mydocker logs x | uniq | wc -l)" = 1 ]
	mydocker rm -f x
}
